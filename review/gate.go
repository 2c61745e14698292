package review

import "slices"

// Thing is something that may be shown: on a screen, in a list or its order, in a
// chart, an export, a log or an answer of the command line.
type Thing string

// The things. "Other" means another person's than the viewer's.
const (
	ThingPanel        Thing = "panel"        // who sits here, in which role, and whether in the room
	ThingBoard        Thing = "board"        // stage of each project, and who has submitted; never what
	ThingMaterials    Thing = "materials"    // documents and facts of a project
	ThingDeclarations Thing = "declarations" // reasons of other people's 回避
	ThingOwnDraft     Thing = "draft.own"    // unfinished text of the viewer
	ThingOtherDraft   Thing = "draft.other"  // unfinished text of another
	ThingOwnBallot    Thing = "ballot.own"   // marks and opinion that the viewer submitted
	ThingOtherBallot  Thing = "ballot.other" // marks and opinion that another submitted
	ThingReceipts     Thing = "receipts"     // digests and revisions of ballots
	ThingTally        Thing = "tally"        // totals, means, spread, order, anything computed from marks
	ThingOpinion      Thing = "opinion"      // the 专家组意见 under way
	ThingConclusion   Thing = "conclusion"   // the conclusion and its reasons
	ThingVotes        Thing = "votes"        // positions by name, dissents
	ThingPapers       Thing = "papers"       // the papers of a conclusion while they are signed, and after
	ThingMinutes      Thing = "minutes"      // the 会议记录
	ThingJournal      Thing = "journal"      // what entries say; that they are there is no secret
)

// Things lists all things in the order above.
var Things = []Thing{
	ThingPanel, ThingBoard, ThingMaterials, ThingDeclarations, ThingOwnDraft, ThingOtherDraft, ThingOwnBallot,
	ThingOtherBallot, ThingReceipts, ThingTally, ThingOpinion, ThingConclusion, ThingVotes, ThingPapers,
	ThingMinutes, ThingJournal,
}

// Viewer is who looks, with what decides whether he may see.
type Viewer struct {
	Roles    []Role // none for a person who has not signed in
	Chair    bool   // presides over the project; over the meeting where none is meant
	Recused  bool   // stands aside for the project
	Declared bool   // has given the 承诺 and declared on the project
	Replaced bool   // another sits in his place
}

// Place is where a thing stands in its life.
type Place struct {
	Stage  Stage // of the project; "" where none is meant
	Opened bool  // the round that the thing is of has been opened
}

// Sight is whether a viewer may see a thing, and if not, why not.
type Sight struct {
	Allowed bool
	Why     Why // "" if allowed
}

// Why is the reason for which something is hidden. It is always said.
type Why string

// The reasons.
const (
	WhyNobody     Why = "nobody"     // nobody has signed in
	WhyRole       Why = "role"       // not for this role
	WhyRecused    Why = "recused"    // he stands aside
	WhyReplaced   Why = "replaced"   // another sits in his place
	WhyUndeclared Why = "undeclared" // he has not promised and declared yet
	WhySealed     Why = "sealed"     // it is under seal until the officers open it
	WhyOwner      Why = "owner"      // only its owner may see it
	WhyEarly      Why = "early"      // it is for him at a later stage
	WhyEnded      Why = "ended"      // the review was suspended, so that stage never comes
)

// Gate is the one decision on who may see what, and when. Whatever is shown goes
// through it. It depends on nothing but its arguments; testdata/gate.txt has its
// whole matrix.
func Gate(v Viewer, t Thing, at Place) Sight {
	hidden := func(why Why) Sight { return Sight{Why: why} }
	shown := Sight{Allowed: true}
	has := func(r Role) bool { return slices.Contains(v.Roles, r) }
	secretary, expert, member, observer := has(RoleSecretary), has(RoleExpert), has(RoleMember), has(RoleObserver)
	officer := secretary || v.Chair && !v.Recused

	// What is for everybody says nothing of what anybody thinks.
	if t == ThingPanel || t == ThingBoard {
		return shown
	}
	switch {
	case len(v.Roles) == 0:
		return hidden(WhyNobody)
	case t == ThingOwnDraft:
		return shown
	case t == ThingOtherDraft:
		return hidden(WhyOwner)
	case t == ThingOwnBallot:
		if expert {
			return shown // also of one who stands aside or was replaced: it is his own
		}
		return hidden(WhyRole)
	case v.Replaced:
		return hidden(WhyReplaced)
	case v.Recused:
		return hidden(WhyRecused)
	case t == ThingMinutes, t == ThingJournal:
		if officer || observer {
			return shown
		}
		return hidden(WhyRole)
	}

	switch t {
	case ThingDeclarations, ThingReceipts:
		if officer || observer {
			return shown
		}
		return hidden(WhyRole)
	}
	if expert && !v.Declared {
		return hidden(WhyUndeclared)
	}
	early := WhyEarly
	if at.Stage == StageSuspended {
		early = WhyEnded
	}
	switch t {
	case ThingMaterials:
		return shown
	case ThingOtherBallot:
		switch {
		case !officer && !observer:
			return hidden(WhyRole) // experts and members work with the tally
		case !at.Opened:
			return hidden(WhySealed)
		}
		return shown
	case ThingTally:
		switch {
		case !at.Opened:
			return hidden(WhySealed)
		case officer || observer || expert || after(at.Stage, StageConcluded):
			return shown
		}
		return hidden(early)
	case ThingOpinion, ThingConclusion:
		from := StageDeliberating
		if t == ThingConclusion || member && !expert {
			from = StageConcluded
		}
		if officer || observer || after(at.Stage, from) {
			return shown
		}
		return hidden(early)
	case ThingVotes, ThingPapers:
		switch {
		case officer || observer:
			return shown
		case after(at.Stage, StageSigning): // they stand above the signatures, and people see what they sign
			return shown
		}
		return hidden(early)
	}
	return hidden(WhyRole)
}

// after tells whether a review has come as far as a stage. A suspended one has come
// nowhere.
func after(s, from Stage) bool {
	at, want := -1, 0
	for i, x := range Stages {
		if x == s {
			at = i
		}
		if x == from {
			want = i
		}
	}
	return at >= want && s != StageSuspended
}

// Look asks the gate for a seat, "" for nobody, about a thing of a project, "" for
// none. Of things made of ballots it asks about the latest round; LookRound
// about an earlier one.
func (s *State) Look(by SeatID, t Thing, project ProjectID) Sight {
	round := 0
	if p := s.project(project); p != nil {
		round = len(p.Rounds)
	}
	return s.LookRound(by, t, project, round)
}

// LookRound is Look about one round of a project, by its number.
func (s *State) LookRound(by SeatID, t Thing, project ProjectID, round int) Sight {
	var v Viewer
	var at Place
	p := s.project(project)
	if seat := s.seat(by); seat != nil {
		v = Viewer{Roles: seat.Roles, Chair: s.chairOf(p) == by, Replaced: seat.ReplacedBy != ""}
		if p != nil {
			_, declared := p.Declaration(by)
			v.Recused, v.Declared = p.Recused(by), declared && seat.Promise != ""
		}
	}
	if p != nil {
		at.Stage = p.Stage
		at.Opened = round >= 1 && round <= len(p.Rounds) && !p.Rounds[round-1].Opened.IsZero()
	}
	return Gate(v, t, at)
}
