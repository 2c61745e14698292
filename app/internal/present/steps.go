package present

import (
	"slices"

	"heyi/review"
)

// step is what a person does next in a project, or in the meeting.
type step struct {
	key  string // "step.KEY" says it, "step.KEY.do" stands on its button
	data map[string]string
	do   func() // nil where there is nothing to do but to wait
}

// say gives the step in one sentence.
func (d *Desk) sayStep(s step) string { return d.T("step."+s.key, s.data) }

// action gives the button of a step; none where there is only to wait.
func (d *Desk) action(s step) Action {
	if s.do == nil {
		return Action{}
	}
	return Action{d.T("step."+s.key+".do", s.data), s.do}
}

// wait is a step of waiting for people.
func (d *Desk) wait(key string, whom []review.SeatID) step {
	return step{key: key, data: map[string]string{"Names": d.names(whom)}}
}

// next gives what the person at the machine does next in the meeting before any project,
// and whether there is such a thing.
func (d *Desk) next() (step, bool) {
	st, seat := d.state(), d.session.Seat()
	if seat.Has(review.RoleSecretary) {
		return d.nextOfSecretary(st)
	}
	if seat.Promise == "" && !seat.Has(review.RoleObserver) && d.may(review.KindPromiseGiven, "") {
		return step{key: "promise", do: func() { d.turn(func() Page { return newPromise(d) }) }}, true
	}
	if st.Phase == review.PhasePreparing {
		return step{key: "confirm.wait"}, true
	}
	if seat.Certificate == nil && !seat.Has(review.RoleObserver) && st.Phase == review.PhaseRunning {
		return step{key: "certify.wait"}, true
	}
	return step{}, false
}

func (d *Desk) nextOfSecretary(st *review.State) (step, bool) {
	panel := func() { d.Go(PlacePanel) }
	switch st.Phase {
	case review.PhasePreparing:
		experts := slices.ContainsFunc(st.Seats, func(s review.Seat) bool { return s.Has(review.RoleExpert) })
		var unclaimed []review.SeatID
		for _, s := range st.Seats {
			if !s.Claimed() && s.ReplacedBy == "" && s.Presence == review.PresenceExpected {
				unclaimed = append(unclaimed, s.ID)
			}
		}
		switch {
		case len(st.Projects) == 0:
			return step{key: "import", do: func() { d.turn(func() Page { return newImport(d) }) }}, true
		case !experts:
			return step{key: "panel", do: panel}, true
		case len(unclaimed) > 0:
			return step{key: "seat", data: map[string]string{"Names": d.names(unclaimed)}, do: panel}, true
		case st.Chair == "":
			return step{key: "chair", do: panel}, true
		}
		return step{key: "confirm", do: func() { d.turn(func() Page { return d.confirmPanel() }) }}, true
	case review.PhaseRunning:
		var late []review.SeatID
		for _, s := range st.Seats {
			if s.Claimed() && s.Certificate == nil && s.ReplacedBy == "" && !s.Has(review.RoleObserver) {
				late = append(late, s.ID)
			}
		}
		if len(late) > 0 {
			return step{key: "certify", data: map[string]string{"Names": d.names(late)}, do: func() { d.turn(func() Page { return d.certify() }) }}, true
		}
		if len(st.Projects) == 0 {
			return step{key: "import", do: func() { d.turn(func() Page { return newImport(d) }) }}, true
		}
		if !slices.ContainsFunc(st.Projects, func(p *review.Project) bool { return !p.Ended() }) {
			return step{key: "filing", do: func() { d.Go(PlaceFiling) }}, true
		}
	case review.PhaseFiling:
		return step{key: "file", do: func() { d.Go(PlaceFiling) }}, true
	}
	return step{}, false
}

// nextOf gives what the person at the machine does next in a project.
func (d *Desk) nextOf(p *review.Project) step {
	st, seat := d.state(), d.session.Seat()
	if st.Phase != review.PhaseRunning {
		return step{key: "phase." + string(st.Phase)}
	}
	if p.Recused(seat.ID) {
		return step{key: "recused"}
	}
	if p.Stage == review.StageFinal || p.Stage == review.StageSuspended {
		return step{key: string(p.Stage), do: nil}
	}
	id := p.ID
	to := func(make func(*Desk, review.ProjectID) *Leaf) func() {
		return func() { d.turn(func() Page { return make(d, id) }) }
	}
	if seat.Has(review.RoleExpert) {
		if _, given := p.Declaration(seat.ID); !given && d.may(review.KindDeclarationGiven, id) {
			return step{key: "declare", do: to(newDeclare)}
		}
	}
	if set := p.Signing(); set != nil && !seat.Has(review.RoleSecretary) {
		if slices.Contains(st.UnsignedSet(p, set), seat.ID) {
			return d.toSign(p, set, seat.ID)
		}
	}
	if seat.Has(review.RoleSecretary) {
		return d.nextOfProject(st, p)
	}
	presides := st.Presiding(p) == seat.ID
	switch p.Stage {
	case review.StageWaiting:
		return step{key: "begin.wait"}
	case review.StageScoring:
		if !seat.Has(review.RoleExpert) {
			return step{key: "scoring.watch"}
		}
		if !slices.Contains(st.Voters(p), seat.ID) {
			return step{key: "score.not"}
		}
		if slices.Contains(st.Waiting(p), seat.ID) {
			key := "score"
			if b, ok := p.Round().Ballot(seat.ID); ok {
				if key = "score.again"; b.Returned == "" {
					return step{key: "reseal", do: to(newReseal)}
				}
			}
			return step{key: key, do: func() { d.score(id) }}
		}
		return d.wait("submitted", st.Waiting(p)).or(len(st.Waiting(p)) == 0, "closing.wait")
	case review.StageOpening:
		return step{key: "opening.wait"}
	case review.StageDeliberating:
		switch {
		case p.Redo:
			return step{key: "redo.wait"}
		case presides && len(p.Opinion) > 0:
			return step{key: "conclude", do: func() { d.turn(func() Page { return newConclude(d, id) }) }}
		case presides:
			return step{key: "opinion.chair", do: func() { d.turn(func() Page { return newOpinion(d, id) }) }}
		}
		return step{key: "deliberate.wait"}
	case review.StageConcluded, review.StageSigning:
		if !positioned(p, seat.ID) && slices.Contains(st.Signatories(p), seat.ID) && d.may(review.KindVoteCast, id) {
			return step{key: "position", do: func() { d.turn(func() Page { return newPosition(d, id) }) }}
		}
		return step{key: "signing.wait"}
	}
	return step{key: string(p.Stage)}
}

// or puts another sentence in the step's place where there is nobody to name.
func (s step) or(instead bool, key string) step {
	if instead {
		return step{key: key}
	}
	return s
}

// toSign is signing a set of papers, as far as it is the person's turn and way.
func (d *Desk) toSign(p *review.Project, set *review.PaperSet, seat review.SeatID) step {
	due := d.state().UnsignedSet(p, set)
	for _, g := range set.Signers {
		if g.Seat == seat && g.Ink {
			return step{key: "sign.ink"}
		}
	}
	if last := set.Signers[len(set.Signers)-1].Seat; last == seat && len(due) > 1 {
		return d.wait("sign.last", due[:len(due)-1])
	}
	return step{key: "sign", do: func() { d.turn(func() Page { return newSign(d, p.ID) }) }}
}

// positioned tells whether a person has said where he stands on the present conclusion.
func positioned(p *review.Project, seat review.SeatID) bool {
	if p.Conclusion == nil {
		return false
	}
	_, given := p.Vote(seat, p.Conclusion.Digest)
	return given
}

// nextOfProject gives what the secretary does next in a project.
func (d *Desk) nextOfProject(st *review.State, p *review.Project) step {
	id := p.ID
	act := func(make func(*Desk, review.ProjectID) *Leaf) func() {
		return func() { d.turn(func() Page { return make(d, id) }) }
	}
	if set := p.Signing(); set != nil {
		if due := st.UnsignedSet(p, set); len(due) > 0 {
			s := d.wait("sign.wait", due)
			for _, g := range set.Signers {
				if g.Ink && slices.Contains(due, g.Seat) {
					s.key, s.do = "scan", func() { d.turn(func() Page { return newScan(d, id) }) }
				}
			}
			return s
		}
		if set.Purpose == review.PurposeTables {
			return step{key: "tables.close", do: act(closeTables)}
		}
		return step{key: "finalise", do: act(finalise)}
	}
	switch p.Stage {
	case review.StageWaiting:
		var undeclared []review.SeatID
		for _, s := range st.Seats {
			if _, given := p.Declaration(s.ID); s.Has(review.RoleExpert) && s.ReplacedBy == "" && s.Presence == review.PresencePresent && !given {
				undeclared = append(undeclared, s.ID)
			}
		}
		switch {
		case st.Presiding(p) == "":
			return step{key: "presiding", do: act(nameChairOf)}
		case len(undeclared) > 0:
			return d.wait("declare.wait", undeclared)
		}
		return step{key: "begin", do: act(beginRound)}
	case review.StageScoring:
		if w := st.Waiting(p); len(w) > 0 {
			return d.wait("ballots.wait", w)
		}
		return step{key: "close", do: act(closeRound)}
	case review.StageOpening:
		return step{key: "open", do: func() { d.turn(func() Page { return newOpening(d, id) }) }}
	case review.StageDeliberating:
		switch {
		case p.Redo:
			return step{key: "redo", do: act(beginRound)}
		case len(p.Opinion) == 0:
			return step{key: "opinion", do: func() { d.turn(func() Page { return newOpinion(d, id) }) }}
		}
		return d.wait("conclude.wait", []review.SeatID{st.Presiding(p)})
	case review.StageConcluded:
		var due []review.SeatID
		for _, s := range st.Signatories(p) {
			if seat, _ := st.Seat(s); seat.Presence == review.PresencePresent && !positioned(p, s) {
				due = append(due, s)
			}
		}
		if len(due) > 0 {
			return d.wait("position.wait", due)
		}
		return step{key: "papers", do: func() { d.turn(func() Page { return newBeginSigning(d, id) }) }}
	}
	return step{key: string(p.Stage)}
}
