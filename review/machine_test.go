package review_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// timetable says who may do what, in which phases of the meeting and at which stages
// of the review it names. It is both machines, written down a second time from
// decisions 1 and the comments of the events.
const timetable = `
seat.added           secretary preparing,running
seat.edited          secretary preparing,running
seat.claimed         author    preparing,running,filing
seat.freed           officer   preparing,running,filing
seat.entered         seat      preparing,running,filing
seat.replaced        secretary running
code.tried           program   preparing,running,filing
sheet.printed        seat      preparing,running
panel.confirmed      secretary preparing
seats.certified      secretary running,filing
chair.named          secretary preparing,running
attendance.recorded  secretary preparing,running
promise.given        author    preparing,running
clock.moved          program   preparing,running,filing
draft.begun          seat      preparing,running
draft.dropped        seat      preparing,running,filing
minutes.recorded     secretary running
paper.issued         secretary running,filing
statement.refused    secretary preparing,running,filing
filing.begun         secretary running
meeting.sealed       secretary filing
meeting.restored     secretary preparing,running,filing
package.imported        secretary preparing,running
project.added        secretary preparing,running
scheme.set              secretary preparing,running waiting
project.suspended    secretary running           waiting,scoring,opening,deliberating,concluded,signing
declaration.given    author    preparing,running waiting,scoring,opening,deliberating
recusal.decided      secretary running           waiting,scoring,opening,deliberating
quorum.waived        secretary running           waiting,scoring,opening,deliberating
fact.corrected       officer   running           waiting,scoring,opening,deliberating
round.begun          officer   running           waiting,deliberating
ballot.submitted     author    running           scoring
ballot.returned      secretary running           scoring
ballot.voided        officer   running           scoring,opening
round.closed         officer   running           scoring
round.reopened       secretary running           opening
ballots.opened       secretary running           opening
opinion.drafted      officer   running           deliberating
item.settled         chair     running           deliberating
conclusion.reached   chair     running           deliberating
conclusion.withdrawn officer   running           concluded,signing
vote.cast            author    running           concluded,signing,final
votes.counted        officer   running           deliberating,concluded
signing.begun        officer   running           concluded
signature.given      author    running           signing
signature.refused    secretary running           waiting,scoring,opening,deliberating,signing
project.finalised    officer   running           signing
fulfilment.recorded  secretary running           waiting,scoring,opening,deliberating
papers.certified     secretary running           waiting,scoring,opening,deliberating,signing
papers.signed        author    running           waiting,scoring,opening,deliberating,signing
scan.linked          secretary running           waiting,scoring,opening,deliberating,signing
papers.archived      secretary running           waiting,scoring,opening,deliberating,signing
papers.withdrawn     officer   running           waiting,scoring,opening,deliberating
dissent.voided       officer   running,filing    concluded,signing,final,suspended
`

// edges are the ways from one stage of a review to another.
var edges = map[review.Stage][]review.Stage{
	review.StageWaiting:      {review.StageScoring, review.StageSuspended},
	review.StageScoring:      {review.StageOpening, review.StageSuspended},
	review.StageOpening:      {review.StageDeliberating, review.StageScoring, review.StageSuspended}, // back: an expert was replaced
	review.StageDeliberating: {review.StageScoring, review.StageConcluded, review.StageSuspended},
	review.StageConcluded:    {review.StageSigning, review.StageDeliberating, review.StageSuspended},
	review.StageSigning:      {review.StageFinal, review.StageDeliberating, review.StageSuspended},
}

// line is one line of timetable.
type line struct {
	kind           review.Kind
	who            string
	phases, stages []string
}

func lines() []line {
	var out []line
	for s := range strings.Lines(strings.TrimSpace(timetable)) {
		f := append(strings.Fields(s), "")
		l := line{kind: review.Kind(f[0]), who: f[1], phases: strings.Split(f[2], ",")}
		if f[3] != "" {
			l.stages = strings.Split(f[3], ",")
		}
		out = append(out, l)
	}
	return out
}

// anybody stands in the rooms of TestMay for every way of being there.
const (
	member    review.SeatID = "s04"
	observer  review.SeatID = "s05"
	unclaimed review.SeatID = "s06"
)

// moments gives a room for every phase and every stage of p01 in it.
func moments(t *testing.T) map[string]*reviewtest.Room {
	m := newRoom(t)
	m.Join(review.RoleExpert)
	m.Join(review.RoleExpert)
	m.Join(review.RoleMember)
	m.Join(review.RoleObserver)
	m.Add(review.RoleExpert)
	m.Do(secretary, review.ChairNamed{Seat: chair})
	m.Project(1)
	out := map[string]*reviewtest.Room{"preparing": m.Fork()}
	m.Confirm()
	for _, stage := range review.Stages {
		at := m.Fork()
		at.To(p01, stage)
		out["running "+string(stage)] = at
		if at.State.Project(p01).Ended() {
			filing := at.Fork()
			filing.Do(secretary, filing.With(chair, review.FilingBegun{}))
			out["filing "+string(stage)] = filing.Fork()
			filing.Do(secretary, review.MeetingSealed{Deleted: filing.State.KeyBlobs()})
			out["sealed "+string(stage)] = filing
		}
	}
	return out
}

// allows tells from timetable what May must say: a code and an item.
func (l line) allows(s *review.State, by, author review.SeatID) (review.Code, string) {
	p := s.Project(p01)
	switch {
	case !slices.Contains(l.phases, string(s.Phase)):
		return review.CodeActPhase, string(s.Phase)
	case l.stages != nil && !slices.Contains(l.stages, string(p.Stage)):
		return review.CodeActStage, string(p.Stage)
	case l.who == "program" && by == review.Program:
		return "", ""
	case l.who == "program":
		return review.CodeActRole, string(by)
	}
	seat, ok := s.Seat(by)
	switch {
	case !ok:
		return review.CodeSeatUnknown, string(by)
	case !seat.Claimed() && !(l.kind == review.KindSeatClaimed && by == author):
		return review.CodeSeatUnclaimed, string(by)
	}
	may := map[string]bool{
		"secretary": by == secretary, "chair": by == chair, "officer": by == secretary || by == chair,
		"seat": true, "author": by == author || by == secretary,
	}
	if !may[l.who] {
		return review.CodeActRole, string(by)
	}
	return "", ""
}

// TestMay holds timetable for every act in every phase, at every stage, by
// everybody; and that Apply refuses whatever May refuses, in the same words.
func TestMay(t *testing.T) {
	rooms, all := moments(t), lines()
	if got := len(kinds(t)); got != len(all)+1 {
		t.Errorf("%d kinds, %d lines", got, len(all))
	}
	refusals := 0
	for _, l := range all {
		t.Run(string(l.kind), func(t *testing.T) {
			_, body := due[l.kind](newRoom(t))
			for when, m := range rooms {
				project := review.ProjectID("")
				if l.stages != nil {
					project = p01
				}
				for _, by := range people(m) {
					for _, author := range []review.SeatID{expert, unclaimed} {
						want, item := l.allows(m.State, by, author)
						err := m.State.May(by, l.kind, project, author)
						if review.CodeOf(err) != want || review.ItemOf(err) != item {
							t.Errorf("%s, by %s for %s: %v, want %q (%s)", when, by, author, err, want, item)
						}
					}
					if want, item := l.allows(m.State, by, expert); want != "" {
						refusals++
						if err := m.Try(by, body); review.CodeOf(err) != want || review.ItemOf(err) != item {
							t.Errorf("%s, done by %s: %v, want %q (%s)", when, by, err, want, item)
						}
					}
				}
			}
		})
	}
	if want := len(all) * len(rooms); refusals < want {
		t.Errorf("%d refusals, fewer than %d: some acts are never refused", refusals, want)
	}
}

// TestMayNot holds what May says besides.
func TestMayNot(t *testing.T) {
	m := panel(t, 3, review.StageDeliberating)
	err := m.State.May(secretary, "meeting.sung", "", "")
	reviewtest.WantCode(t, err, review.CodeEventIllegal)
	err = m.State.May(secretary, review.KindRoundBegun, "p09", "")
	reviewtest.WantCode(t, err, review.CodeProjectUnknown)
	wantItem(t, err, "p09")
	reviewtest.WantCode(t, m.State.May(secretary, review.KindConclusionReached, p01, ""), review.CodeActRole)
	m.Declare(p01, chair, "曾任职于项目单位")
	for _, by := range []review.SeatID{secretary, chair, expert} {
		err = m.State.May(by, review.KindConclusionReached, p01, "")
		reviewtest.WantCode(t, err, review.CodeChairMissing)
		wantItem(t, err, "p01")
	}
	err = m.State.May(expert, review.KindSeatAdded, "", "")
	reviewtest.WantCode(t, err, review.CodeActRole)
	err = m.State.May("", review.KindSeatAdded, "", "")
	reviewtest.WantCode(t, err, review.CodeSeatUnknown)
	late := m.Add(review.RoleExpert)
	err = m.State.May(late, review.KindDraftBegun, "", "")
	reviewtest.WantCode(t, err, review.CodeSeatUnclaimed)
	wantItem(t, err, string(late))
}

// TestStages holds that a review comes to each stage by the edges alone: whatever
// act is tried at whatever stage.
func TestStages(t *testing.T) {
	for when, m := range moments(t) {
		for k := range due {
			_, body := due[k](newRoom(t))
			for _, by := range []review.SeatID{secretary, chair, expert, review.Program} {
				after := m.Fork()
				from := after.State.Project(p01).Stage
				if after.Try(by, body) != nil {
					continue
				}
				if to := after.State.Project(p01).Stage; to != from && !slices.Contains(edges[from], to) {
					t.Errorf("%s: %s leads from %s to %s", when, k, from, to)
				}
			}
		}
	}
}

// TestLists holds that Phases and Stages name each phase and stage once, in the
// order of their declaration.
func TestLists(t *testing.T) {
	if got, want := fmt.Sprint(review.Phases), fmt.Sprint(constants(t, "Phase")); got != want {
		t.Errorf("phases %s, declared %s", got, want)
	}
	if got, want := fmt.Sprint(review.Stages), fmt.Sprint(constants(t, "Stage")); got != want {
		t.Errorf("stages %s, declared %s", got, want)
	}
	if got, want := fmt.Sprint(review.Things), fmt.Sprint(constants(t, "Thing")); got != want {
		t.Errorf("things %s, declared %s", got, want)
	}
}
