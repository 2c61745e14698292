package review_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// viewers are the kinds of people who look, as the golden table names them.
var viewers = []struct {
	name string
	review.Viewer
}{
	{"nobody", review.Viewer{}},
	{"secretary", review.Viewer{Roles: []review.Role{review.RoleSecretary}}},
	{"chair", review.Viewer{Roles: []review.Role{review.RoleExpert}, Chair: true, Declared: true}},
	{"chair undeclared", review.Viewer{Roles: []review.Role{review.RoleExpert}, Chair: true}},
	{"chair recused", review.Viewer{Roles: []review.Role{review.RoleExpert}, Chair: true, Recused: true, Declared: true}},
	{"expert", review.Viewer{Roles: []review.Role{review.RoleExpert}, Declared: true}},
	{"expert undeclared", review.Viewer{Roles: []review.Role{review.RoleExpert}}},
	{"expert recused", review.Viewer{Roles: []review.Role{review.RoleExpert}, Recused: true, Declared: true}},
	{"expert replaced", review.Viewer{Roles: []review.Role{review.RoleExpert}, Replaced: true, Declared: true}},
	{"member", review.Viewer{Roles: []review.Role{review.RoleMember}}},
	{"expert+member", review.Viewer{Roles: []review.Role{review.RoleExpert, review.RoleMember}, Declared: true}},
	{"expert+member undeclared", review.Viewer{Roles: []review.Role{review.RoleExpert, review.RoleMember}}},
	{"expert+member recused", review.Viewer{Roles: []review.Role{review.RoleExpert, review.RoleMember}, Recused: true, Declared: true}},
	{"observer", review.Viewer{Roles: []review.Role{review.RoleObserver}}},
}

// places are all stages, sealed and opened, and the place of what is of no project.
func places() []review.Place {
	out := []review.Place{{}}
	for _, s := range review.Stages {
		out = append(out, review.Place{Stage: s}, review.Place{Stage: s, Opened: true})
	}
	return out
}

// TestGate compares the gate's whole matrix with testdata/gate.txt, both ways.
func TestGate(t *testing.T) {
	const golden = "testdata/gate.txt"
	var b strings.Builder
	b.WriteString(`What each viewer may see of each thing: "yes", or the reason why not.
Columns: what is of no project (-); then each stage of a review, cut to nine letters,
with the round that the thing is of still sealed, and opened (+).
`)
	for _, thing := range review.Things {
		fmt.Fprintf(&b, "\n%-26s", thing)
		for _, at := range places() {
			name := fmt.Sprintf("%.9s", at.Stage)
			if at.Stage == "" {
				name = "-"
			}
			if at.Opened {
				name += "+"
			}
			fmt.Fprintf(&b, " %-10s", name)
		}
		b.WriteString("\n")
		for _, v := range viewers {
			fmt.Fprintf(&b, "  %-24s", v.name)
			for _, at := range places() {
				sight := review.Gate(v.Viewer, thing, at)
				cell := "yes"
				if !sight.Allowed {
					cell = string(sight.Why)
				}
				if sight.Allowed == (sight.Why != "") {
					t.Errorf("%s, %s, %+v: %+v says two things", thing, v.name, at, sight)
				}
				fmt.Fprintf(&b, " %-10s", cell)
			}
			b.WriteString("\n")
		}
	}
	var lines []string
	for line := range strings.Lines(b.String()) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(old) || old[i] != line {
			t.Fatalf("%s differs from line %d on; if that is meant, go test ./review -run TestGate -update, and read the change\n got %s", golden, i+1, line)
		}
	}
	if len(old) != strings.Count(got, "\n")+1 {
		t.Errorf("%s has lines that the gate does not have", golden)
	}
}

// TestGateHolds holds what no table may change: see each case.
func TestGateHolds(t *testing.T) {
	open := []review.Thing{review.ThingPanel, review.ThingBoard}
	own := []review.Thing{review.ThingOwnDraft, review.ThingOwnBallot}
	whys := constants(t, "Why")
	roles := [][]review.Role{
		nil, {review.RoleSecretary}, {review.RoleExpert}, {review.RoleMember}, {review.RoleObserver}, {review.RoleExpert, review.RoleMember},
	}
	looks := 0
	for _, thing := range review.Things {
		for _, at := range places() {
			for _, r := range roles {
				for bits := range 16 {
					v := review.Viewer{Roles: r, Chair: bits&1 != 0, Recused: bits&2 != 0, Declared: bits&4 != 0, Replaced: bits&8 != 0}
					s := review.Gate(v, thing, at)
					looks++
					refuse := func(why string) {
						if s.Allowed {
							t.Errorf("%s: %+v sees %s at %+v", why, v, thing, at)
						}
					}
					if thing == review.ThingOtherDraft {
						refuse("an unfinished text is its owner's")
					}
					if !at.Opened && (thing == review.ThingOtherBallot || thing == review.ThingTally) {
						refuse("under seal nobody sees what another submitted, or anything computed from it")
					}
					if (v.Recused || v.Replaced) && !slices.Contains(open, thing) && !slices.Contains(own, thing) {
						refuse("who stands aside or was replaced sees nothing of the review")
					}
					if len(v.Roles) == 0 && !slices.Contains(open, thing) {
						refuse("nobody has signed in")
					}
					if slices.Contains(open, thing) && !s.Allowed {
						t.Errorf("%+v does not see %s", v, thing)
					}
					if !s.Allowed && !slices.Contains(whys, string(s.Why)) {
						t.Errorf("%+v is told %q of %s", v, s.Why, thing)
					}
					if s != review.Gate(v, thing, at) {
						t.Errorf("%+v sees %s differently the second time", v, thing)
					}
				}
			}
		}
	}
	if want := len(review.Things) * len(places()) * len(roles) * 16; looks != want {
		t.Errorf("%d looks, want %d", looks, want)
	}
}

// TestLook holds that the gate is asked with what the state knows of seat and project.
func TestLook(t *testing.T) {
	m := newRoom(t).Panel(4)
	m.Join(review.RoleObserver)
	late := m.Add(review.RoleExpert)
	p, q := m.Project(2), m.Project(2)
	m.Declare(q, chair, "现任职于项目单位")
	m.Do(secretary, review.ChairNamed{Project: q, Seat: expert})
	m.Declare(p, "s04", "曾任顾问")
	m.To(p, review.StageDeliberating)
	m.To(q, review.StageOpening)
	m.Do(secretary, m.With(chair, review.SeatReplaced{Seat: "s05", By: m.Join(review.RoleExpert), Reason: "突发疾病"}))
	for _, c := range []struct {
		by    review.SeatID
		thing review.Thing
		of    review.ProjectID
		why   review.Why
	}{
		{"", review.ThingPanel, "", ""},
		{"", review.ThingMaterials, p, review.WhyNobody},
		{"s99", review.ThingJournal, "", review.WhyNobody},
		{review.Program, review.ThingJournal, "", review.WhyNobody},
		{secretary, review.ThingOtherBallot, p, ""},
		{secretary, review.ThingOtherBallot, q, review.WhySealed},
		{secretary, review.ThingTally, q, review.WhySealed},
		{secretary, review.ThingTally, "p99", review.WhySealed},
		{secretary, review.ThingTally, "", review.WhySealed},
		{chair, review.ThingOtherBallot, p, ""},
		{chair, review.ThingOtherBallot, q, review.WhyRecused},
		{chair, review.ThingMaterials, q, review.WhyRecused},
		{chair, review.ThingMinutes, "", ""},
		{expert, review.ThingOtherBallot, p, review.WhyRole},
		{expert, review.ThingReceipts, p, review.WhyRole},
		{expert, review.ThingReceipts, q, ""}, // he presides over this one
		{expert, review.ThingTally, p, ""},
		{expert, review.ThingMinutes, "", review.WhyRole},
		{"s04", review.ThingTally, p, review.WhyRecused},
		{"s04", review.ThingOwnBallot, p, ""},
		{"s05", review.ThingTally, p, review.WhyReplaced},
		{"s06", review.ThingOtherBallot, p, ""},
		{late, review.ThingMaterials, p, review.WhyUndeclared},
	} {
		if got := m.State.Look(c.by, c.thing, c.of); got.Why != c.why || got.Allowed != (c.why == "") {
			t.Errorf("%q and %s of %q: %+v, want %q", c.by, c.thing, c.of, got, c.why)
		}
	}

	// A second round is sealed; the first stays open, and no other round there is.
	m.Do(secretary, review.RoundBegun{Project: p, Number: 2, Nonce: m.Nonce()})
	for round, open := range map[int]bool{-1: false, 0: false, 1: true, 2: false, 3: false} {
		if got := m.State.LookRound(expert, review.ThingTally, p, round); got.Allowed != open {
			t.Errorf("round %d: %+v", round, got)
		}
	}
	if m.State.Look(expert, review.ThingTally, p).Allowed {
		t.Error("the tally of a round under way is seen")
	}
}

// TestSealedState holds in a whole meeting, event by event, that nobody at all sees
// another's ballot or a tally before its round was opened.
func TestSealedState(t *testing.T) {
	m := whole(t)
	s := &review.State{}
	for _, e := range m.Events {
		if err := s.Apply(e); err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Projects {
			for i, r := range p.Rounds {
				for _, b := range r.Ballots {
					if b.Sheet != nil && r.Opened.IsZero() {
						t.Fatalf("after event %d there is a sheet of round %d, which is sealed", e.Index, r.Number)
					}
				}
				for _, x := range people(&reviewtest.Room{State: s}) {
					for _, thing := range []review.Thing{review.ThingOtherBallot, review.ThingTally} {
						if s.LookRound(x, thing, p.ID, i+1).Allowed && r.Opened.IsZero() {
							t.Fatalf("after event %d, %s sees %s of round %d", e.Index, x, thing, r.Number)
						}
					}
				}
			}
		}
	}
}
