package meeting

import (
	"slices"

	"heyi/review"
	"heyi/review/regulation"
)

// SetScheme sets of a project's scheme what no regulation gives, before anybody marks; see
// review.SchemeSet. Settings without anything in them put it back as it came.
// Codes: CodeSchemeForm (Item: where; "bounds" also of a project under packs that know no
// bounds but their own), CodeSchemeWeights, CodeProjectUnknown, CodeActStage, those of the
// text checks, CodeTextGlyph, CodeActRole, CodeActPhase, CodeSessionClosed and those of
// Store.Commit.
func (x *Session) SetScheme(project review.ProjectID, s review.Settings, reason string) error {
	if err := x.may(review.KindSchemeSet, project); err != nil {
		return err
	}
	if err := x.l.services.printable(reason); err != nil {
		return err
	}
	if p := x.State().Project(project); len(s.Bounds) > 0 && len(p.Scheme.Packs) > 0 {
		lib, err := x.l.judge.library(p)
		if err != nil {
			return err
		}
		if lib.Bounds(p.Came()) == nil {
			return review.E(review.CodeSchemeForm, "meeting.Session.SetScheme", "bounds", nil)
		}
	}
	return x.do(review.SchemeSet{Project: project, Settings: s, Reason: reason})
}

// defaults are the common rules that a 评审细则确认单 tells of: by what answers become a
// suggestion, how many judge, who stands aside.
var defaults = []string{"CM-03", "CM-04", "CM-05", rulePanelSize, ruleRecusal, "CM-09", "CM-10"}

// Details composes the 评审细则确认单 of a project's scheme as it stands.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, CodeTextGlyph, those of Store.Blob.
func (x *Session) Details(project review.ProjectID) ([]byte, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return nil, err
	}
	s := x.l.services
	c, err := x.l.judge.caseOf(x.State(), p, s.clock())
	if err != nil {
		return nil, err
	}
	var rules []*regulation.Rule
	came, now, err := x.Bounds(project)
	if err != nil {
		return nil, err
	}
	if len(p.Scheme.Packs) > 0 {
		lib, err := x.l.judge.library(p)
		if err != nil {
			return nil, err
		}
		for _, id := range defaults {
			if r, ok := lib.Rule(id); ok && bears(id, p.Scheme) {
				rules = append(rules, r)
			}
		}
	}
	return s.papers.Compose(c.Details(rules, came, now))
}

// Bounds gives from which totals on the conclusions of a project's scheme are suggested: as
// the scheme came, and now. None where no total is counted or there are no rules.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, those of Store.Blob.
func (x *Session) Bounds(project review.ProjectID) (came, now []review.Bound, err error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return nil, nil, err
	}
	lib, err := x.l.judge.library(p)
	if err != nil || lib == nil {
		return nil, nil, err
	}
	return lib.Bounds(p.Came()), lib.Bounds(p.Scheme), nil
}

// bears tells whether a common rule has anything to say of a scheme.
func bears(rule string, c review.Scheme) bool {
	weighted := c.Mode == review.ModeWeighted
	if c.Own != nil && len(c.Own.Bounds) > 0 && rule == "CM-10" {
		return false // it is all figures, and not those that hold here; the table of conclusions has them
	}
	switch rule {
	case "CM-03":
		return weighted && (c.Method == "" || c.Method == review.MethodMean)
	case "CM-04":
		return weighted && !c.Banded()
	case "CM-05":
		return slices.ContainsFunc(c.Items, func(it review.Item) bool { return it.Kind != review.ItemScore })
	case "CM-09":
		return c.Mode == review.ModeCompliance
	case "CM-10":
		return weighted && c.Banded()
	}
	return true
}

// Notice composes the 后续事项提示单 of a project's conclusion.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, CodeTextGlyph, those of Store.Blob.
func (x *Session) Notice(project review.ProjectID) ([]byte, error) {
	p, err := x.look(review.ThingConclusion, project, 0)
	if err != nil {
		return nil, err
	}
	if p.Conclusion == nil {
		return nil, review.E(review.CodeActStage, "meeting.Session.Notice", string(p.Stage), nil)
	}
	c, err := x.l.judge.caseOf(x.State(), p, x.l.services.clock())
	if err != nil {
		return nil, err
	}
	findings, err := x.findings(p)
	if err != nil {
		return nil, err
	}
	return x.l.services.papers.Compose(c.Notice(findings))
}

// ExportDetails puts the 评审细则确认单 among the data directory's papers and gives its path.
// Codes: those of Details and Files.Export.
func (x *Session) ExportDetails(project review.ProjectID) (string, error) {
	b, err := x.Details(project)
	if err != nil {
		return "", err
	}
	number := len(x.State().Project(project).Settings) + 1
	return x.l.services.files.Export(x.l.id, FileName(project, review.FormDetails, number), b)
}

// ExportNotice puts the 后续事项提示单 among the data directory's papers and gives its path.
// Codes: those of Notice and Files.Export.
func (x *Session) ExportNotice(project review.ProjectID) (string, error) {
	b, err := x.Notice(project)
	if err != nil {
		return "", err
	}
	number := len(x.State().Project(project).Withdrawn) + 1
	return x.l.services.files.Export(x.l.id, FileName(project, review.FormNotice, number), b)
}
