package meeting

import (
	"slices"
	"strings"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/scoring"
)

// library gives the rules that a project is under: those of the packs as they were when it
// came in, whatever the program has now. A project that rests on no pack is under the common
// rules alone.
// Codes: those of Store.Blob and regulation.Open.
func (l *live) library(p *review.Project) (*regulation.Library, error) {
	s := l.services
	if len(s.packs(p.Scheme)) == len(p.Scheme.Packs) {
		return s.rules, nil
	}
	key := p.SchemeDigest
	if lib, ok := l.libraries.Load(key); ok {
		return lib.(*regulation.Library), nil
	}
	files := make([][]byte, len(p.Scheme.Packs))
	for i, d := range p.Scheme.Packs {
		var err error
		if files[i], err = s.store.Blob(l.id, d); err != nil {
			return nil, err
		}
	}
	lib, err := regulation.Open(files...)
	if err != nil {
		return nil, err
	}
	l.libraries.Store(key, lib)
	return lib, nil
}

// Rules gives the rules that a project is under, as they were when it came in.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, those of Store.Blob.
func (x *Session) Rules(project review.ProjectID) (*regulation.Library, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return nil, err
	}
	return x.l.library(p)
}

// Findings says what the rules of a project's scheme find in its facts as they now stand:
// until the conclusion those that bear on it, and then also those that follow from it.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, CodeFactType, those of Store.Blob.
func (x *Session) Findings(project review.ProjectID) ([]regulation.Finding, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return nil, err
	}
	return x.findings(p)
}

func (x *Session) findings(p *review.Project) ([]regulation.Finding, error) {
	lib, err := x.l.library(p)
	if err != nil {
		return nil, err
	}
	concluded := ""
	if p.Conclusion != nil && x.State().Look(x.by.seat, review.ThingConclusion, p.ID).Allowed {
		concluded = p.Conclusion.Outcome
	}
	return lib.Findings(p.Scheme, p.Facts, concluded)
}

// Materials tells which materials the scheme asks of a project, and which are there.
// Codes: as for Findings.
func (x *Session) Materials(project review.ProjectID) ([]regulation.MaterialState, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil || len(p.Scheme.Packs) == 0 {
		return nil, err
	}
	lib, err := x.l.library(p)
	if err != nil {
		return nil, err
	}
	return lib.Materials(p.Scheme.ID, p.Facts, materials(p.Documents))
}

// Conflict is an expert who, by CM-07, may have to stand aside for a project.
type Conflict struct {
	Seat   review.SeatID
	Result regulation.Result // block, or needs_decision
	Parts  []string          // of the units that he is employed by, as in owner
}

// Conflicts tells whose unit has a part in a project and who has not declared yet; those
// who stand aside already are not listed.
// Codes: as for Findings.
func (x *Session) Conflicts(project review.ProjectID) ([]Conflict, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return nil, err
	}
	lib, err := x.l.library(p)
	if err != nil {
		return nil, err
	}
	var out []Conflict
	for _, seat := range x.State().Seats {
		if !seat.Has(review.RoleExpert) || seat.ReplacedBy != "" || p.Recused(seat.ID) {
			continue
		}
		_, declared := p.Declaration(seat.ID)
		in := map[string]any{"expert_employer": seat.Unit, "declaration_signed": declared}
		for _, u := range p.Units {
			in[u.Part] = u.Name
		}
		r, err := lib.Eval("CM-07", in)
		if err != nil {
			return nil, err
		}
		if r.Outcome != regulation.OutcomePass {
			c := Conflict{Seat: seat.ID, Result: r}
			for _, k := range r.Keys {
				if parts, ok := k.Value.([]string); ok && k.Name == "reasons" {
					c.Parts = parts
				}
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// Count is what the opened ballots of a round come to.
type Count struct {
	scoring.Tally
	Suggestion regulation.Suggestion
	Err        error // why there is no official figure: CodeScoreNone, CodeScoreFew; else nil
}

// Tally counts the opened ballots of a round; round 0 is the latest that was opened. Who
// may not see the ballots themselves gets scoring.Tally.Unnamed.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, CodeFactType, those of Store.Blob and
// scoring.Count.
func (x *Session) Tally(project review.ProjectID, round int) (Count, error) {
	if p := x.State().Project(project); p != nil && round == 0 {
		for i := range p.Rounds {
			if !p.Rounds[i].Opened.IsZero() {
				round = i + 1
			}
		}
	}
	p, err := x.look(review.ThingTally, project, round)
	if err != nil {
		return Count{}, err
	}
	c, err := x.count(p, round)
	if !x.State().LookRound(x.by.seat, review.ThingOtherBallot, project, round).Allowed {
		c.Tally = c.Unnamed()
	}
	return c, err
}

// count counts a round that is open.
func (x *Session) count(p *review.Project, round int) (Count, error) {
	var ballots []scoring.Ballot
	for _, b := range p.Counted(&p.Rounds[round-1]) {
		if b.Sheet != nil {
			ballots = append(ballots, scoring.Ballot{Seat: b.Seat, Sheet: *b.Sheet})
		}
	}
	t, err := scoring.Count(p.Scheme, ballots)
	c := Count{Tally: t, Err: err}
	if code := review.CodeOf(err); err != nil && code != review.CodeScoreNone && code != review.CodeScoreFew {
		return Count{}, err
	}
	lib, err := x.l.library(p)
	if err != nil {
		return Count{}, err
	}
	findings, err := lib.Findings(p.Scheme, p.Facts, "")
	if err != nil {
		return Count{}, err
	}
	c.Suggestion, err = lib.Suggest(t, findings, nil)
	return c, err
}

// weigh fills in what the rules suggest for a conclusion, and tells whether it gives a
// reason for each finding that stands in its way.
// Codes: CodeAgainstMissing, CodeAgainstUnknown and those of Tally.
func (x *Session) weigh(p *review.Project, b review.ConclusionReached) (review.ConclusionReached, error) {
	const op = "meeting.Session.weigh"
	c, err := x.count(p, len(p.Rounds))
	if err != nil {
		return b, err
	}
	b.Suggested = c.Suggestion.Outcome
	findings, err := x.findings(p)
	if err != nil {
		return b, err
	}
	limits := map[string]bool{}
	for _, f := range findings {
		if f.Limit() != regulation.LimitNone {
			limits[f.Rule] = true
		}
	}
	for _, a := range b.Against {
		if !limits[a.Rule] {
			return b, review.E(review.CodeAgainstUnknown, op, a.Rule, nil)
		}
		delete(limits, a.Rule)
	}
	if len(limits) > 0 && b.Outcome != review.OutcomeNotPassed {
		var rules []string
		for _, f := range findings {
			if limits[f.Rule] {
				rules = append(rules, f.Rule)
			}
		}
		return b, review.E(review.CodeAgainstMissing, op, strings.Join(slices.Compact(rules), "、"), nil)
	}
	return b, nil
}
