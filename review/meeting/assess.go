package meeting

import (
	"slices"
	"strings"
	"sync"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/scoring"
)

// judge is what the rules have to say in one meeting.
type judge struct {
	services *Services
	id       review.MeetingID
	told     sync.Map // what packages say of projects: paper.About by project
	old      sync.Map // rules of projects that came in under other packs than the program's: by scheme digest
}

// library gives the rules that a project is under: those of the packs as they were when it
// came in, whatever the program has now, be they the program's of that time or brought by the
// project's own package. A project that rests on no pack is under the common rules alone.
// Codes: those of Store.Blob and regulation.Open.
func (j *judge) library(p *review.Project) (*regulation.Library, error) {
	s := j.services
	if len(p.Scheme.Packs) == 0 || s.offers(p.Scheme) {
		return s.rules, nil
	}
	key := p.SchemeDigest
	if lib, ok := j.old.Load(key); ok {
		return lib.(*regulation.Library), nil
	}
	files := make([][]byte, len(p.Scheme.Packs))
	for i, d := range p.Scheme.Packs {
		var err error
		if files[i], err = s.store.Blob(j.id, d); err != nil {
			return nil, err
		}
	}
	lib, err := regulation.Open(files...)
	if err != nil {
		return nil, err
	}
	j.old.Store(key, lib)
	return lib, nil
}

// offers tells whether the program has the very packs that a scheme rests on, and no more of
// them: a regulation that has got another file is another.
func (s *Services) offers(c review.Scheme) bool {
	x, ok := s.rules.Scheme(c.ID)
	return ok && slices.Equal(x.Freeze().Packs, c.Packs)
}

// sight is what whoever asks for findings may know besides the facts.
type sight struct {
	panel     int    // what the ballots of this opened round come to; 0 for nothing
	concluded string // the conclusion's id; "" for none
}

// findings says what the rules find in a project: before a conclusion, and where there is
// one in sight also after it. A project under no pack has none.
func (j *judge) findings(state *review.State, p *review.Project, in sight) ([]regulation.Finding, error) {
	if len(p.Scheme.Packs) == 0 {
		return nil, nil
	}
	lib, err := j.library(p)
	if err != nil {
		return nil, err
	}
	known := regulation.Known{Facts: p.Facts, Signed: p.Acknowledged(), Conclusion: in.concluded}
	if round := in.panel; round > 0 {
		t, _, err := j.tally(p, round)
		if err != nil {
			return nil, err
		}
		if known.Panel, err = lib.Panel(t, settled(p, round)); err != nil {
			return nil, err
		}
	}
	findings, err := lib.Findings(p.Scheme, known)
	if err != nil {
		return nil, err
	}
	size, err := lib.Find(rulePanelSize, map[string]any{"voting_experts": panelSize(state, p)})
	return append(findings, size), err
}

// The common rules that are asked about what only the meeting knows.
const (
	rulePanelSize = "CM-06"
	ruleRecusal   = "CM-07"
)

// panelSize is how many experts judge a project: those whose ballots counted in the latest
// opened round, before it those who are to score.
func panelSize(state *review.State, p *review.Project) int {
	if round := latestOpened(p); round > 0 {
		return len(p.Counted(&p.Rounds[round-1]))
	}
	return len(state.Voters(p))
}

// settled gives what the chair has made of items that a round leaves open.
func settled(p *review.Project, round int) map[string]string {
	if round == len(p.Rounds) {
		return p.Settlements()
	}
	return map[string]string{}
}

// tally counts the ballots of a round that is open; none says why there is no official
// figure: CodeScoreNone, CodeScoreFew.
func (j *judge) tally(p *review.Project, round int) (t scoring.Tally, none, err error) {
	var ballots []scoring.Ballot
	for _, b := range p.Counted(&p.Rounds[round-1]) {
		if b.Sheet != nil {
			ballots = append(ballots, scoring.Ballot{Seat: b.Seat, Sheet: *b.Sheet})
		}
	}
	t, err = scoring.Count(p.Scheme, ballots)
	if code := review.CodeOf(err); code == review.CodeScoreNone || code == review.CodeScoreFew {
		return t, err, nil
	}
	return t, nil, err
}

// count counts a round that is open.
func (j *judge) count(state *review.State, p *review.Project, round int) (Count, error) {
	t, none, err := j.tally(p, round)
	if err != nil {
		return Count{}, err
	}
	c := Count{Tally: t, Err: none}
	if j.services.rules == nil { // nothing that could suggest
		return c, nil
	}
	lib, err := j.library(p)
	if err != nil {
		return Count{}, err
	}
	findings, err := j.findings(state, p, sight{panel: round})
	if err != nil {
		return Count{}, err
	}
	c.Suggestion, err = lib.Suggest(t, findings, settled(p, round))
	return c, err
}

// weigh gives what the rules suggest for a conclusion, and tells whether it gives a
// reason for each finding that stands in its way.
// Codes: CodeItemOpen, CodeAgainstMissing, CodeAgainstUnknown and those of Tally.
func (j *judge) weigh(state *review.State, p *review.Project, b review.ConclusionReached) (suggested string, err error) {
	const op = "meeting.judge.weigh"
	c, err := j.count(state, p, len(p.Rounds))
	if err != nil {
		return "", err
	}
	if open := c.Suggestion.Undecided; len(open) > 0 {
		return "", review.E(review.CodeItemOpen, op, strings.Join(open, "、"), nil)
	}
	findings, err := j.findings(state, p, sight{panel: latestOpened(p)})
	if err != nil {
		return "", err
	}
	limits := map[string]bool{}
	for _, f := range findings {
		// An even panel is for the secretary to see when the round begins.
		if f.Limit() != regulation.LimitNone && !(f.Rule == rulePanelSize && f.Outcome == regulation.OutcomeNeedsDecision) {
			limits[f.Rule] = true
		}
	}
	for _, a := range b.Against {
		if !limits[a.Rule] {
			return "", review.E(review.CodeAgainstUnknown, op, a.Rule, nil)
		}
		delete(limits, a.Rule)
	}
	if o, _ := p.Scheme.Outcome(b.Outcome); len(limits) > 0 && !o.Fails {
		var rules []string
		for _, f := range findings {
			if limits[f.Rule] {
				rules = append(rules, f.Rule)
			}
		}
		return "", review.E(review.CodeAgainstMissing, op, strings.Join(slices.Compact(rules), "、"), nil)
	}
	return c.Suggestion.Outcome, nil
}

// judged tells whether the rules have anything to say of a project's conclusion.
func judged(p *review.Project) bool { return p.Scheme.Mode != "" || len(p.Scheme.Packs) > 0 }

// checkConclusion tells whether the conclusion on record is one that weigh lets through,
// with what it suggests: the record is signed, but whoever signs need not have used this
// program.
// Codes: CodeConclusionDiffers; those of weigh but for those of conclusions.
func (j *judge) checkConclusion(state *review.State, p *review.Project) error {
	if p.Conclusion == nil || !judged(p) {
		return nil
	}
	suggested, err := j.weigh(state, p, p.Conclusion.ConclusionReached)
	if err != nil || suggested != p.Conclusion.Suggested {
		return review.E(review.CodeConclusionDiffers, "meeting.judge.checkConclusion", string(p.ID), err)
	}
	return nil
}

// Rules gives the rules that a project is under, as they were when it came in.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, those of Store.Blob.
func (x *Session) Rules(project review.ProjectID) (*regulation.Library, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return nil, err
	}
	return x.l.judge.library(p)
}

// Findings says what the rules of a project's scheme find in its facts as they now stand:
// until the conclusion those that bear on it, and then also those that follow from it. The
// last is what the common rules say of the panel's size.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, CodeFactType, those of Store.Blob.
func (x *Session) Findings(project review.ProjectID) ([]regulation.Finding, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return nil, err
	}
	return x.findings(p)
}

func (x *Session) findings(p *review.Project) ([]regulation.Finding, error) {
	var in sight
	if p.Conclusion != nil && x.State().Look(x.by.seat, review.ThingConclusion, p.ID).Allowed {
		in.concluded = p.Conclusion.Outcome
	}
	if round := latestOpened(p); round > 0 && x.State().LookRound(x.by.seat, review.ThingTally, p.ID, round).Allowed {
		in.panel = round
	}
	return x.l.judge.findings(x.State(), p, in)
}

// Materials tells which materials the scheme asks of a project, and which are there.
// Codes: as for Findings.
func (x *Session) Materials(project review.ProjectID) ([]regulation.MaterialState, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil || len(p.Scheme.Packs) == 0 {
		return nil, err
	}
	lib, err := x.l.judge.library(p)
	if err != nil {
		return nil, err
	}
	return lib.Materials(p.Scheme.ID, p.Facts, materials(p.Documents))
}

// Settle records what the panel makes, after 合议, of an item that the experts' answers
// leave open, by the presiding chair. answer is review.AnswerYes or AnswerNo. What was
// settled may be settled anew until the conclusion.
// Codes: CodeItemClosed, CodeSheetItem (no such item, or no such answer), those of the text checks,
// CodeTextGlyph, CodeProjectUnknown, CodeActStage, CodeChairMissing, CodeActRole, CodeSessionClosed, those of
// Tally and of Store.Commit.
func (x *Session) Settle(project review.ProjectID, item, answer, reason string) error {
	if err := x.may(review.KindItemSettled, project); err != nil {
		return err
	}
	if err := x.l.services.printable(reason); err != nil {
		return err
	}
	p := x.State().Project(project)
	c, err := x.l.judge.count(x.State(), p, len(p.Rounds))
	if err != nil {
		return err
	}
	known := slices.ContainsFunc(p.Scheme.Items, func(it review.Item) bool { return it.ID == item && it.Kind != review.ItemScore })
	_, before := p.Settlements()[item]
	if known && !before && !slices.Contains(c.Suggestion.Undecided, item) {
		return review.E(review.CodeItemClosed, "meeting.Session.Settle", item, nil)
	}
	return x.do(review.ItemSettled{Project: project, Item: item, Answer: answer, Reason: reason})
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
	lib, err := x.l.judge.library(p)
	if err != nil {
		return nil, err
	}
	var out []Conflict
	for _, seat := range x.State().Seats {
		if !seat.Has(review.RoleExpert) || seat.ReplacedBy != "" || p.Recused(seat.ID) {
			continue
		}
		_, declared := p.Declaration(seat.ID)
		if c, err := conflict(lib, seat, declared, p.Units); err != nil {
			return nil, err
		} else if c.Result.Outcome != regulation.OutcomePass {
			out = append(out, c)
		}
	}
	return out, nil
}

// conflict asks CM-07 about one expert, once for each unit: several may have the same part.
func conflict(lib *regulation.Library, seat review.Seat, declared bool, units []review.Unit) (Conflict, error) {
	ask := func(u review.Unit) (regulation.Result, error) {
		return lib.Eval(ruleRecusal, map[string]any{"expert_employer": seat.Unit, "declaration_signed": declared, u.Part: u.Name})
	}
	c := Conflict{Seat: seat.ID}
	for _, u := range append([]review.Unit{{Part: "owner"}}, units...) { // asked also where no unit is known
		r, err := ask(u)
		if err != nil {
			return c, err
		}
		if c.Result.Outcome == regulation.OutcomeBlock && r.Outcome != regulation.OutcomeBlock {
			continue
		}
		c.Result = r
		if parts, ok := r.Get("reasons").([]string); ok && r.Outcome == regulation.OutcomeBlock {
			c.Parts = append(c.Parts, parts...)
		}
	}
	return c, nil
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
		round = latestOpened(p)
	}
	p, err := x.look(review.ThingTally, project, round)
	if err != nil {
		return Count{}, err
	}
	c, err := x.l.judge.count(x.State(), p, round)
	if !x.State().LookRound(x.by.seat, review.ThingOtherBallot, project, round).Allowed {
		c.Tally = c.Unnamed()
	}
	return c, err
}
