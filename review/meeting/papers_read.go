package meeting

import (
	"fmt"
	"slices"
	"strings"

	"heyi/review"
	"heyi/review/paper"
)

// FileName gives the stable short name of a paper of a project, as in
// "p01-opinion-01.pdf".
func FileName(project review.ProjectID, form review.Form, number int) string {
	return fmt.Sprintf("%s-%s-%02d.pdf", project, form, number)
}

// PaperOf gives a paper of a project as its last signature left it: of the standing set
// that has one of this form, or else of the last one.
// Codes: CodeSetMissing (there is none), CodeHidden, CodeProjectUnknown, CodeSessionClosed and
// those of Store.Blob.
func (x *Session) PaperOf(project review.ProjectID, form review.Form) (review.SetPaper, []byte, error) {
	const op = "meeting.Session.PaperOf"
	thing := review.ThingPapers
	if form == review.FormFulfilment || form == review.FormChanges {
		thing = review.ThingMaterials
	}
	p, err := x.look(thing, project, 0)
	if err != nil {
		return review.SetPaper{}, nil, err
	}
	var found *review.SetPaper
	standing := false
	for _, set := range p.Sets {
		for i, q := range set.Papers {
			if q.Form == form && (!standing || set.Void == "") {
				found, standing = &set.Papers[i], set.Void == ""
			}
		}
	}
	if found == nil {
		return review.SetPaper{}, nil, review.E(review.CodeSetMissing, op, string(project), nil)
	}
	file, err := x.l.services.store.Blob(x.l.id, found.Latest())
	return *found, file, err
}

// Headings gives the headings of the 专家组意见, under which its paragraphs stand.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, those of Store.Blob.
func (x *Session) Headings(project review.ProjectID) ([]string, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return nil, err
	}
	c, err := x.l.judge.caseOf(x.State(), p, x.l.services.clock())
	if err != nil {
		return nil, err
	}
	return c.Headings(), nil
}

// CertifiedOf gives a paper of the set that lies before the panel as the secretary certified
// it: what is printed for those who sign in ink.
// Codes: as for PaperOf.
func (x *Session) CertifiedOf(project review.ProjectID, form review.Form) (review.SetPaper, []byte, error) {
	q, _, err := x.PaperOf(project, form)
	if err != nil {
		return q, nil, err
	}
	set := x.State().Project(project).Signing()
	if set == nil || set.Paper(form) == nil {
		return q, nil, review.E(review.CodeSetMissing, "meeting.Session.CertifiedOf", string(project), nil)
	}
	file, err := x.l.services.store.Blob(x.l.id, q.Revisions[0].Signed)
	return q, file, err
}

// Sets gives the sets of a project's papers, as far as the person may see them.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed.
func (x *Session) Sets(project review.ProjectID) ([]review.PaperSet, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return nil, err
	}
	var out []review.PaperSet
	for _, set := range p.Sets {
		if set.Purpose == review.PurposeTables || x.State().Look(x.by.seat, review.ThingPapers, project).Allowed {
			out = append(out, set)
		}
	}
	return out, nil
}

// IndividualOf gives an expert's individual opinion of an opened round as he signed it;
// round 0 is the latest that was opened.
// Codes: CodeFileMissing (there is none), CodeHidden, CodeProjectUnknown, CodeSessionClosed and
// those of Store.Blob.
func (x *Session) IndividualOf(project review.ProjectID, round int, seat review.SeatID) ([]byte, error) {
	const op = "meeting.Session.IndividualOf"
	if round == 0 {
		round = latestOpened(x.State().Project(project))
	}
	thing := review.ThingOtherBallot
	if seat == x.by.seat {
		thing = review.ThingOwnBallot
	}
	p, err := x.look(thing, project, round)
	if err != nil {
		return nil, err
	}
	if round >= 1 && round <= len(p.Rounds) {
		if b, ok := p.Rounds[round-1].Ballot(seat); ok && b.Paper != "" {
			return x.l.services.store.Blob(x.l.id, b.Paper)
		}
	}
	return nil, review.E(review.CodeFileMissing, op, string(seat), nil)
}

// latestOpened gives the number of the latest round that was opened; 0 if none was.
func latestOpened(p *review.Project) int {
	if p == nil {
		return 0
	}
	for i := len(p.Rounds); i > 0; i-- {
		if !p.Rounds[i-1].Opened.IsZero() {
			return i
		}
	}
	return 0
}

// DissentOf gives the 不同意见书 that a person signed on the present conclusion.
// Codes: as for IndividualOf.
func (x *Session) DissentOf(project review.ProjectID, seat review.SeatID) ([]byte, error) {
	p, err := x.look(review.ThingVotes, project, 0)
	if err != nil {
		return nil, err
	}
	if p.Conclusion != nil {
		if v, ok := p.Vote(seat, p.Conclusion.Digest); ok && v.Paper != "" {
			return x.l.services.store.Blob(x.l.id, v.Paper)
		}
	}
	return nil, review.E(review.CodeFileMissing, "meeting.Session.DissentOf", string(seat), nil)
}

// PreviewPaper gives a paper of the group as it would be composed now, marked as a draft,
// and what it leaves open.
// Codes: CodeHidden, CodeProjectUnknown, CodeFulfilmentMissing and CodeOpinionMissing (there is
// nothing to put into it yet), CodeTextGlyph, CodeSessionClosed, those of Store.Blob.
func (x *Session) PreviewPaper(project review.ProjectID, form review.Form) ([]byte, []paper.Lack, error) {
	const op = "meeting.Session.PreviewPaper"
	thing := review.ThingMaterials
	switch form {
	case review.FormTally:
		thing = review.ThingOtherBallot
	case review.FormOpinion:
		thing = review.ThingOpinion
	}
	p, err := x.look(thing, project, latestOpened(x.State().Project(project)))
	if err == nil && p.Conclusion != nil && (form == review.FormOpinion || form == review.FormPanel) {
		p, err = x.look(review.ThingVotes, project, 0) // both say where everybody stands
	}
	if err != nil {
		return nil, nil, err
	}
	switch form {
	case review.FormFulfilment, review.FormChanges:
		if !slices.Contains(formsOf(p, review.PurposeTables), form) {
			return nil, nil, review.E(review.CodeFulfilmentMissing, op, string(project), nil)
		}
	case review.FormTally, review.FormOpinion:
		if latestOpened(p) == 0 {
			return nil, nil, review.E(review.CodeOpinionMissing, op, string(project), nil)
		}
	}
	l := x.l
	l.mu.Lock()
	checkpoint := l.tree.Checkpoint().String()
	l.mu.Unlock()
	c, err := l.judge.groupCase(x.State(), p, checkpoint, l.services.clock())
	if err != nil {
		return nil, nil, err
	}
	c.Draft = true
	said := of(c, form, 0)
	file, err := l.services.papers.Compose(said)
	return file, paper.Missing(said), err
}

// ExportCertified puts a paper of the set that lies before the panel, as the secretary
// certified it, among the data directory's papers and gives its path: what is printed for
// those who sign in ink.
// Codes: as for CertifiedOf, and those of Files.Export.
func (x *Session) ExportCertified(project review.ProjectID, form review.Form) (string, error) {
	q, file, err := x.CertifiedOf(project, form)
	if err != nil {
		return "", err
	}
	name := strings.TrimSuffix(FileName(project, form, q.Number), ".pdf") + "-certified.pdf"
	return x.l.services.export(x.l.id, x.State(), name, file)
}

// ExportPapers puts what a project has of signed papers among the data directory's papers
// and gives the paths: those of standing sets that the archive has closed.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, those of Store.Blob and
// Files.Export.
func (x *Session) ExportPapers(project review.ProjectID) ([]string, error) {
	p, err := x.look(review.ThingPapers, project, 0)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, set := range p.Sets {
		if set.Void != "" || set.Archive == nil {
			continue
		}
		for _, q := range set.Papers {
			file, err := x.l.services.store.Blob(x.l.id, q.Latest())
			if err != nil {
				return paths, err
			}
			path, err := x.l.services.export(x.l.id, x.State(), FileName(project, q.Form, q.Number), file)
			if err != nil {
				return paths, err
			}
			paths = append(paths, path)
		}
	}
	return paths, nil
}
