package review_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/reviewtest"
)

// game is a meeting in which people do at random what they should and what they
// should not.
type game struct {
	t     *testing.T
	r     *rand.Rand
	m     *reviewtest.Room
	again *review.State // the same events, applied one after another without any copy
	past  []review.Event
	kinds []review.Kind
}

// tally counts over all games what was tried and what became of it.
type tally struct {
	done, refused map[review.Kind]int
	stages        map[review.Stage]int
	codes         map[review.Code]int
	windUps       int
}

// TestRandom holds random meetings of six seats and two projects, and after every act:
// what is refused changes nothing; what is done on a copy does not touch the original;
// applying the events without copies gives the same state; stages move along edges
// alone; what is recorded stays; earlier rounds never change; whatever Apply takes, May
// allows; and while the meeting runs there is always a way to its end.
func TestRandom(t *testing.T) {
	n := tally{map[review.Kind]int{}, map[review.Kind]int{}, map[review.Stage]int{}, map[review.Code]int{}, 0}
	all := kinds(t)[1:] // but the first, which begins a meeting
	for i := range *games {
		from := *seed + uint64(i)
		t.Run(fmt.Sprint(from), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("repeat: go test ./review -run '^TestRandom$' -games 1 -seed %d", from)
				}
			}()
			g := &game{t: t, r: rand.New(rand.NewPCG(from, 3)), kinds: all}
			g.begin()
			for range 400 {
				g.step(&n)
			}
			g.end(&n)
		})
	}
	acts := 0
	for _, k := range all {
		acts += n.done[k] + n.refused[k]
		if *games >= 40 && (n.done[k] == 0 || n.refused[k] == 0) {
			t.Errorf("%s was done %d times and refused %d times: the games do not reach it", k, n.done[k], n.refused[k])
		}
	}
	for _, s := range review.Stages {
		if *games >= 25 && n.stages[s] == 0 {
			t.Errorf("no review came to %s", s)
		}
	}
	t.Logf("%d acts, %d of them done; %d codes; wound up %d times; seed %d", acts, sum(n.done), len(n.codes), n.windUps, *seed)
}

func sum(counts map[review.Kind]int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}

// begin seats six people and adds two projects, with and without a confirmed panel.
func (g *game) begin() {
	g.m = newRoom(g.t)
	for _, roles := range [][]review.Role{{review.RoleExpert}, {review.RoleExpert}, {review.RoleExpert, review.RoleMember}, {review.RoleMember}, {review.RoleObserver}} {
		g.m.Join(roles...)
	}
	if g.odds(90) {
		g.m.Do(secretary, review.ChairNamed{Seat: chair})
		if g.odds(90) {
			g.m.Confirm()
		}
	}
	g.m.Project(1 + g.r.IntN(3))
	g.m.Project(1 + g.r.IntN(3))
	g.again = fold(g.t, g.m.Events)
}

// odds is true in so many of a hundred cases.
func (g *game) odds(of100 int) bool { return g.r.IntN(100) < of100 }

func pick[T any](g *game, list ...T) T { return list[g.r.IntN(len(list))] }

// step tries one act and looks at what became of it.
func (g *game) step(n *tally) {
	g.t.Helper()
	by, body := g.act()
	if body == nil {
		return
	}
	if g.odds(3) { // the clock goes wrong
		g.m.At = g.m.At.Add(time.Duration(g.r.IntN(7200)-3600) * time.Second)
	}
	e := g.m.Event(by, body)
	if g.odds(1) {
		e.Index += int64(g.r.IntN(3)) - 1
	}
	if g.odds(1) {
		e.Meeting = "zbcdefghijklmnopqrstuvwxyz"
	}
	e, err := review.DecodeEvent(encode(g.t, e)) // as the journal would have it
	if err != nil {
		g.t.Fatal(err)
	}
	before, after, k := g.m.State, g.m.State.Clone(), body.Kind()
	err = after.Apply(e)
	same := func(a, b *review.State, why string) {
		if !reflect.DeepEqual(a, b) {
			g.t.Fatalf("%s by %s at index %d (%v): %s", k, by, e.Index, err, why)
		}
	}
	same(before, g.again, "what was tried on a copy changed the original")
	if err != nil {
		n.refused[k]++
		n.codes[review.CodeOf(err)]++
		if c := review.CodeOf(err); !slices.Contains(review.Codes, c) || c == review.CodeInternal {
			g.t.Fatalf("%s is refused without a code: %v", k, err)
		}
		same(after, before, "it was refused and changed the state")
		if g.odds(25) {
			if twice := g.again.Apply(e); review.CodeOf(twice) != review.CodeOf(err) {
				g.t.Fatalf("%s is refused with %v, then with %v", k, err, twice)
			}
			same(g.again, before, "it was refused and changed the state")
		}
		return
	}
	n.done[k]++
	project, author := review.ProjectOf(body), review.SeatID("")
	if st := carries(g.t, body); st != nil {
		author = st.Seat
	}
	if err := before.May(by, k, project, author); err != nil {
		g.t.Fatalf("%s by %s is done though May says %v", k, by, err)
	}
	if err := g.again.Apply(e); err != nil {
		g.t.Fatalf("%s is done, and then refused: %v", k, err)
	}
	for range 3 { // the like done on other copies of the original
		if by, body := g.any(k); body != nil {
			_ = before.Clone().Apply(g.m.Event(by, body))
		}
	}
	same(after, g.again, "a copy comes to another state, or what was done on another copy shows")
	g.look(before, after, k)
	for _, p := range after.Projects {
		n.stages[p.Stage]++
	}
	g.m.State, g.m.Events, g.m.At = after, append(g.m.Events, e), e.At.Add(time.Second)
	g.past = append(g.past, e)
	if after.Phase == review.PhaseRunning && g.odds(20) {
		g.m.Fork().WindUp()
		n.windUps++
	}
}

// look compares two states, of which the second follows the first by one act.
func (g *game) look(a, b *review.State, k review.Kind) {
	g.t.Helper()
	bad := func(format string, args ...any) {
		g.t.Helper()
		g.t.Fatalf("%s: %s", k, fmt.Sprintf(format, args...))
	}
	grows := func(what string, a, b any) {
		g.t.Helper()
		x, y := reflect.ValueOf(a), reflect.ValueOf(b)
		if y.Len() < x.Len() || !reflect.DeepEqual(a, y.Slice(0, x.Len()).Interface()) && x.Len() > 0 {
			bad("%s was %v, is %v", what, a, b)
		}
	}
	if i, j := slices.Index(review.Phases, a.Phase), slices.Index(review.Phases, b.Phase); j != i && j != i+1 {
		bad("from %s to %s", a.Phase, b.Phase)
	}
	if b.Size != a.Size+1 {
		bad("size %d after %d", b.Size, a.Size)
	}
	grows("minutes", a.Minutes, b.Minutes)
	grows("papers", a.Papers, b.Papers)
	grows("clock moves", a.ClockMoves, b.ClockMoves)
	grows("restorations", a.Restorations, b.Restorations)
	grows("refused", a.Refused, b.Refused)
	for _, d := range a.Blobs() {
		if b.Phase != review.PhaseSealed && !slices.Contains(b.Blobs(), d) {
			bad("the content %s is forgotten", d)
		}
	}
	if len(b.Seats) < len(a.Seats) || len(b.Projects) < len(a.Projects) {
		bad("somebody or something is gone")
	}
	for i, x := range a.Seats {
		if y := b.Seats[i]; y.ID != x.ID || x.Claims > 0 && !reflect.DeepEqual(x.Person, y.Person) || x.ReplacedBy != "" && y.ReplacedBy != x.ReplacedBy {
			bad("seat %+v became %+v", x, y)
		}
	}
	for i, p := range b.Projects {
		if i >= len(a.Projects) {
			if p.Stage != review.StageWaiting {
				bad("%s begins at %s", p.ID, p.Stage)
			}
			continue
		}
		g.lookAt(a, b, a.Projects[i], p, bad, grows)
	}
}

func (g *game) lookAt(a, b *review.State, p, q *review.Project, bad func(string, ...any), grows func(string, any, any)) {
	g.t.Helper()
	if p.Stage != q.Stage && !slices.Contains(edges[p.Stage], q.Stage) {
		bad("%s went from %s to %s", p.ID, p.Stage, q.Stage)
	}
	if p.Ended() {
		c := *q
		c.Votes = p.Votes // a dissent may still be annexed, and its paper made void
		if !reflect.DeepEqual(&c, p) {
			bad("%s has ended and changed", p.ID)
		}
	}
	if !reflect.DeepEqual(p.Came(), q.Came()) || p.Package != q.Package || p.Quorum != q.Quorum {
		bad("%s is another project", p.ID)
	}
	grows("settings", p.Settings, q.Settings)
	if !reflect.DeepEqual(p.Scheme, q.Scheme) && (p.Stage != review.StageWaiting || len(q.Settings) == len(p.Settings)) {
		bad("%s has another scheme", p.ID)
	}
	grows("declarations", p.Declared, q.Declared)
	grows("corrections", p.Corrections, q.Corrections)
	grows("opinions", p.Opinion, q.Opinion)
	grows("withdrawn", p.Withdrawn, q.Withdrawn)
	grows("votes", cast(p), cast(q))
	for i, v := range p.Votes {
		if now := q.Votes[i].VoidPaper; v.VoidPaper != "" && now != v.VoidPaper || now != "" && v.Paper == "" {
			bad("the paper of %+v is void: %q", v, now)
		}
	}
	grows("counts", p.Counts, q.Counts)
	grows("signatures", p.Signatures, q.Signatures)
	grows("refusals", p.Refusals, q.Refusals)
	grows("fulfilment", p.Fulfilment, q.Fulfilment)
	g.lookAtSets(a, p, q, bad, grows)
	if q.Stage == review.StageConcluded || q.Stage == review.StageSigning || q.Stage == review.StageFinal {
		if q.Conclusion == nil {
			bad("%s is at %s without a conclusion", q.ID, q.Stage)
		}
		for _, w := range q.Withdrawn {
			if w.Digest == q.Conclusion.Digest {
				bad("%s has a conclusion that was withdrawn", q.ID)
			}
		}
	}
	if q.Stage == review.StageFinal && p.Stage == review.StageSigning && len(a.Unsigned(p)) > 0 {
		bad("%s is final without %v", q.ID, a.Unsigned(p))
	}
	if chair := b.Presiding(q); chair != "" {
		if x, ok := b.Seat(chair); !ok || !x.Has(review.RoleExpert) || x.ReplacedBy != "" || q.Recused(chair) {
			bad("%s presides over %s", chair, q.ID)
		}
	}
	last := len(q.Rounds) - 1
	for i, r := range p.Rounds {
		if i < last && !reflect.DeepEqual(r, q.Rounds[i]) {
			bad("round %d of %s was %+v, is %+v", r.Number, q.ID, r, q.Rounds[i])
		}
		grows("ballots", statementsOf(r), statementsOf(q.Rounds[i]))
		for j, x := range r.Ballots {
			if y := q.Rounds[i].Ballots[j]; x.Sheet != nil && y.Sheet != x.Sheet && !reflect.DeepEqual(x.Sheet, y.Sheet) {
				bad("an opened sheet changed: %+v, %+v", x.Sheet, y.Sheet)
			}
		}
	}
	for i, r := range q.Rounds {
		if i < last {
			for _, x := range b.Seats {
				before, had := p.Void(r.Number, x.ID)
				if now, has := q.Void(r.Number, x.ID); now != before || has != had {
					bad("what counts in round %d of %s changed", r.Number, q.ID)
				}
			}
		}
		for _, x := range r.Ballots {
			if x.Sheet != nil && r.Opened.IsZero() {
				bad("a sheet of %s is open before its round", x.Seat)
			}
		}
	}
}

// lookAtSets holds that sets of papers only grow, that one of a purpose stands at most and
// one lies there to be signed, and that a set that is void or archived is left alone.
func (g *game) lookAtSets(a *review.State, p, q *review.Project, bad func(string, ...any), grows func(string, any, any)) {
	g.t.Helper()
	standing, open := map[review.Purpose]int{}, 0
	for i, y := range q.Sets {
		if y.Void == "" {
			standing[y.Purpose]++
			if y.Archive == nil {
				open++
			}
		}
		if i >= len(p.Sets) {
			continue
		}
		x := p.Sets[i]
		if x.Void != "" || x.Archive != nil {
			void := y
			void.Void = x.Void // archived, and void since
			if x.Void != "" && y.Void != x.Void || !reflect.DeepEqual(void, x) {
				bad("set %d of %s was closed and changed: %+v, %+v", y.Number, q.ID, x, y)
			}
		}
		grows("scans", x.Scans, y.Scans)
		for j := range x.Papers {
			grows("revisions", x.Papers[j].Revisions, y.Papers[j].Revisions)
			if len(y.Papers[j].Revisions) != len(y.Papers[0].Revisions) {
				bad("not all papers of set %d of %s have the same signatures", y.Number, q.ID)
			}
		}
		if x.Archive == nil && y.Archive != nil && len(a.UnsignedSet(p, &x)) > 0 {
			bad("set %d of %s is closed without %v", y.Number, q.ID, a.UnsignedSet(p, &x))
		}
	}
	if standing[review.PurposeTables] > 1 || standing[review.PurposeConclusion] > 1 || open > 1 {
		bad("of the sets of %s %v stand, %d are open", q.ID, standing, open)
	}
	if q.Stage == review.StageFinal && q.Signing() != nil || q.Stage == review.StageConcluded && open > 0 {
		bad("%s is at %s while papers are signed", q.ID, q.Stage)
	}
}

// cast gives the positions of a project but for what became of their papers.
func cast(p *review.Project) []review.Vote {
	out := slices.Clone(p.Votes)
	for i := range out {
		out[i].VoidPaper = ""
	}
	return out
}

func statementsOf(r review.Round) []review.Digest {
	var out []review.Digest
	for _, b := range r.Ballots {
		out = append(out, b.Statement)
	}
	return out
}

// end holds that every earlier state is what its events fold to, whatever was done
// on copies of it since, and winds the meeting up.
func (g *game) end(n *tally) {
	g.t.Helper()
	if !reflect.DeepEqual(fold(g.t, g.m.Events), g.m.State) {
		g.t.Fatal("the events fold to another state")
	}
	if g.m.State.Phase == review.PhaseRunning {
		g.m.WindUp()
		n.windUps++
		if g.m.State.Phase != review.PhaseSealed {
			g.t.Fatalf("wound up, and in %s", g.m.State.Phase)
		}
	}
}

// act makes up the next thing that somebody does: often what is due, sometimes what
// was done before, else anything.
func (g *game) act() (review.SeatID, review.Body) {
	s, m := g.m.State, g.m
	switch {
	case s.Phase == review.PhasePreparing && g.odds(10) && s.Chair != "":
		return secretary, m.Chaired("", m.Confirmation())
	case s.Phase == review.PhaseRunning && g.odds(35):
		p := g.project()
		if chair := s.Presiding(p); chair == "" || p.Stage == review.StageWaiting && !slices.Contains(s.Voters(p), chair) {
			named := review.ChairNamed{Project: p.ID, Seat: g.seat(), Reason: "原组长不能继续"}
			if others := s.ChairConsenters(p.ID, named.Seat); len(others) > 0 {
				return secretary, g.agreed(others[0], named)
			}
			return secretary, named
		}
		if p.Ended() {
			return "", nil
		}
		// What comes up seldom by itself.
		seldom := map[review.Stage]review.Kind{
			review.StageOpening: review.KindRoundReopened, review.StageDeliberating: review.KindItemSettled,
			review.StageSigning: review.KindDissentVoided,
		}
		if k := seldom[p.Stage]; k != "" && g.odds(10) {
			return g.any(k)
		}
		if by, body := g.lay(p); body != nil {
			return by, body
		}
		return m.Next(p.ID)
	case len(g.past) > 0 && g.odds(8):
		e := pick(g, g.past...)
		return e.Actor, e.Body
	}
	by, body := g.any(pick(g, g.kinds...))
	if g.odds(6) {
		by = g.seat()
	}
	return by, body
}

// lay leads on to papers, where the review may have some and has none yet: by positions on
// the conclusion, or by what the tables are to say.
func (g *game) lay(p *review.Project) (review.SeatID, review.Body) {
	s, m := g.m.State, g.m
	switch {
	case p.Stage == review.StageConcluded || p.Stage == review.StageSigning && p.Signing() == nil && len(p.Signatures) == 0:
		for _, seat := range s.Signatories(p) {
			x, _ := s.Seat(seat)
			if _, voted := p.Vote(seat, p.Conclusion.Digest); !voted && x.Certificate != nil && g.odds(90) {
				if g.odds(20) {
					v := review.VoteBody{Conclusion: p.Conclusion.Digest, Choice: review.ChoiceDisagree, Text: "投资偏高。", Paper: g.digest()}
					return seat, review.VoteCast{Vote: g.state(seat, review.StatementVote, p.ID, v)}
				}
				return seat, m.Vote(p.ID, seat, review.ChoiceAgree, "")
			}
		}
		if p.Stage == review.StageSigning && g.odds(80) {
			return g.any(review.KindPapersCertified)
		}
	case p.Stage == review.StageScoring && p.Signing() == nil && p.Standing(review.PurposeTables) == nil && g.odds(30):
		if len(p.Fulfilment) == 0 {
			return secretary, m.Fulfilment(p.ID)
		}
		return secretary, m.Set(p.ID, review.PurposeTables)
	}
	return "", nil
}

func (g *game) seat() review.SeatID {
	if g.odds(4) {
		return pick[review.SeatID](g, "", "s99", review.Program)
	}
	return g.m.State.Seats[g.r.IntN(len(g.m.State.Seats))].ID
}

func (g *game) project() *review.Project { return pick(g, g.m.State.Projects...) }

// other gives the id as it is, seldom another.
func (g *game) other(id review.ProjectID) review.ProjectID {
	if g.odds(4) {
		return pick[review.ProjectID](g, "", "p99", "p01", "p02")
	}
	return id
}

func (g *game) reason() string {
	if g.odds(6) {
		return pick(g, "", " ", "a\u202eb", long(review.MaxReason))
	}
	return "有必要"
}

// number gives n as it is, seldom one beside it.
func (g *game) number(n int) int {
	if g.odds(5) {
		return n + g.r.IntN(3) - 1
	}
	return n
}

func (g *game) digest() review.Digest {
	if g.odds(4) {
		return "x"
	}
	return review.DigestOf([]byte{byte(g.r.IntN(256))})
}

// officer gives who may do an act of officers, and who must consent to it.
func (g *game) officer(p *review.Project) (by, with review.SeatID) {
	chair := g.m.State.Presiding(p)
	if chair != "" && g.odds(50) {
		return chair, secretary
	}
	return secretary, chair
}

// agreed gives the body with the consent of a seat, "" for none; seldom with another,
// or a wrong one.
func (g *game) agreed(with review.SeatID, b review.Consented) review.Body {
	switch {
	case g.odds(4):
		return b
	case g.odds(4):
		return g.m.With(g.seat(), b)
	case g.odds(4):
		return b.With(g.m.With(g.seat(), review.QuorumWaived{Project: p01, Reason: "继续"}).Second())
	case g.odds(2):
		return b.With(&review.Signed{Statement: []byte("x")})
	case with == "":
		return b
	}
	return g.m.With(with, b)
}

// said gives a statement signed; seldom one that was made for something else.
func (g *game) said(st review.Statement) review.Signed {
	if g.odds(12) {
		switch g.r.IntN(10) {
		case 0:
			st.Meeting = "zbcdefghijklmnopqrstuvwxyz"
		case 1:
			st.Package = review.DigestOf(nil)
		case 2:
			st.Scheme = ""
		case 3:
			st.Project = pick[review.ProjectID](g, "", "p99", "p01", "p02")
		case 4:
			st.Round = g.m.Nonce()
		case 5:
			st.Seat = g.seat()
		case 6:
			st.Revision += g.r.IntN(4) - 2
		case 7:
			st.Prev = pick[review.Digest](g, "", review.DigestOf(nil))
		case 8:
			st.Version++
		case 9:
			st.Kind, st.Body = review.StatementPromise, review.PromiseBody{}
		}
	}
	return g.m.Sign(st)
}

func (g *game) state(seat review.SeatID, k review.StatementKind, p review.ProjectID, body any) review.Signed {
	return g.said(g.m.Statement(seat, k, p, body))
}

// giver gives who brings a person's statement.
func (g *game) giver(seat review.SeatID) review.SeatID {
	if g.odds(20) {
		return secretary
	}
	return seat
}

// any makes up an act of a kind, as a person would who sees the state and does not
// always understand it.
func (g *game) any(k review.Kind) (review.SeatID, review.Body) {
	m, s := g.m, g.m.State
	seat, p := g.seat(), g.project()
	id := g.other(p.ID)
	x, _ := s.Seat(seat)
	conclusion := review.DigestOf(nil)
	if p.Conclusion != nil && g.odds(95) {
		conclusion = p.Conclusion.Digest
	}
	by, with := g.officer(p)
	switch k {
	case review.KindSeatAdded:
		if len(s.Seats) >= 9 {
			return "", nil
		}
		roles := pick(g, []review.Role{review.RoleExpert}, []review.Role{review.RoleExpert}, []review.Role{review.RoleMember}, []review.Role{review.RoleExpert, review.RoleObserver}, nil)
		return secretary, review.SeatAdded{Seat: review.NumberedSeat(g.number(len(s.Seats) + 1)), Person: review.Person{Name: fmt.Sprintf("人%d", g.r.IntN(20)), Unit: pick(g, "", "设计院"), Roles: roles}}
	case review.KindSeatEdited:
		return secretary, review.SeatEdited{Seat: seat, Person: review.Person{Name: fmt.Sprintf("人%d", g.r.IntN(20)), Roles: pick(g, []review.Role{review.RoleExpert}, []review.Role{review.RoleSecretary})}}
	case review.KindSeatClaimed:
		for _, free := range s.Seats {
			if !free.Claimed() && g.odds(80) {
				x = free
			}
		}
		body := review.ClaimBody{Name: x.Name}
		st, err := review.DecodeStatement(m.ClaimOf(x.ID).Claim.Statement)
		if err != nil {
			g.t.Fatal(err)
		}
		body.Keys = st.Body.(review.ClaimBody).Keys
		if g.odds(4) {
			body.Keys = pick(g, s.Seats...).Keys
		}
		if len(x.Former) > 0 && g.odds(30) {
			body.Former = []string{x.Former[g.r.IntN(len(x.Former))].Seal}
		}
		b := review.SeatClaimed{Claim: g.state(x.ID, review.StatementClaim, "", body)}
		by := g.giver(x.ID)
		if (by == x.ID) != g.odds(4) {
			b.KeyFile = g.digest()
		}
		return by, b
	case review.KindSeatFreed:
		by, with := secretary, review.SeatID("")
		switch {
		case seat == secretary:
			by, with = s.Chair, g.seat()
		case seat == s.Chair:
			with = g.seat()
		case s.Stakes(seat):
			with = s.Chair
		}
		return by, g.agreed(with, review.SeatFreed{Seat: seat, Reason: g.reason()})
	case review.KindSeatEntered:
		return seat, review.SeatEntered{Quick: g.odds(50)}
	case review.KindSeatReplaced:
		return secretary, g.agreed(s.Chair, review.SeatReplaced{Seat: seat, By: g.seat(), Reason: g.reason()})
	case review.KindCodeTried:
		return review.Program, review.CodeTried{Seat: seat}
	case review.KindSheetPrinted:
		return seat, review.SheetPrinted{}
	case review.KindPanelConfirmed:
		return secretary, g.agreed(s.Chair, m.Confirmation())
	case review.KindSeatsCertified:
		b := m.Certification()
		if g.odds(10) {
			b.Authority, b.Certificates = []byte("another"), m.Certificates(review.Seat.Claimed)
		}
		if g.odds(4) {
			b.Certificates = append(b.Certificates, review.SeatCertificate{Seat: seat, DER: []byte("x")})
		}
		return secretary, g.agreed(s.Chair, b)
	case review.KindChairNamed:
		b := review.ChairNamed{Project: pick[review.ProjectID](g, "", id), Seat: seat, Reason: g.reason()}
		other := review.SeatID("")
		if others := s.ChairConsenters(b.Project, seat); len(others) > 0 {
			other = others[0]
		}
		return secretary, g.agreed(other, b)
	case review.KindAttendanceRecorded:
		presence := pick(g, review.PresencePresent, review.PresencePresent, review.PresencePresent, review.PresenceLeft, review.PresenceAbsent, review.PresenceExpected)
		return secretary, review.AttendanceRecorded{Seat: seat, Presence: presence, Reason: g.reason()}
	case review.KindPromiseGiven:
		for _, owes := range s.Seats {
			if owes.Claimed() && owes.Promise == "" && g.odds(60) {
				seat = owes.ID
			}
		}
		return g.giver(seat), review.PromiseGiven{Promise: g.state(seat, review.StatementPromise, "", review.PromiseBody{Text: g.digest()})}
	case review.KindClockMoved:
		if g.odds(80) {
			m.At = s.At.Add(-time.Hour)
		}
		return review.Program, review.ClockMoved{From: s.At, To: m.At}
	case review.KindDraftBegun:
		return seat, review.DraftBegun{Key: pick(g, review.MinutesDraft, review.ScoreDraft(id, 1+g.r.IntN(2)), review.OpinionDraft(id), review.VoteDraft(id), "x")}
	case review.KindDraftDropped:
		return seat, review.DraftDropped{Key: pick(g, append(x.Drafts, review.MinutesDraft)...)}
	case review.KindMinutesRecorded:
		return secretary, review.MinutesRecorded{Paragraphs: pick(g, []string{"一", "二"}, nil, []string{g.reason()})}
	case review.KindPaperIssued:
		return secretary, review.PaperIssued{Form: review.FormMinutes, Number: g.number(s.Issued(review.FormMinutes) + 1), Base: g.digest(), Signed: g.digest()}
	case review.KindStatementRefused:
		return secretary, review.StatementRefused{Statement: g.digest(), Seat: seat, Code: pick[review.Code](g, review.CodeStatementFork, "bored")}
	case review.KindFilingBegun:
		if g.odds(60) {
			return "", nil // or no meeting would last
		}
		return secretary, g.agreed(s.Chair, review.FilingBegun{})
	case review.KindMeetingSealed:
		deleted := s.KeyBlobs()
		if len(deleted) > 0 && g.odds(50) {
			deleted = deleted[1:]
		}
		return secretary, review.MeetingSealed{Deleted: deleted}
	case review.KindMeetingRestored:
		return secretary, g.agreed(s.Chair, review.MeetingRestored{Evidence: g.digest(), Reason: g.reason()})

	case review.KindPackageImported:
		if len(s.Packages) >= 3 {
			return "", nil
		}
		b := review.PackageImported{
			Package: g.digest(), ID: "YQ-" + strconv.Itoa(g.r.IntN(2)), Seq: g.r.IntN(3), Title: g.reason(), Issuer: "市电子政务中心",
			Cert: review.DigestOf([]byte("issuer")), Secrecy: "none", Size: 9000,
		}
		if n := len(s.Packages); n > 0 && g.odds(20) {
			b.Package = s.Packages[n-1].Package
		}
		return secretary, b
	case review.KindProjectAdded:
		if len(s.Projects) >= 4 {
			return "", nil
		}
		n := g.number(len(s.Projects) + 1)
		b := review.ProjectAdded{Project: review.NumberedProject(n), Title: g.reason(), Package: g.digest(), Scheme: reviewtest.RoomScheme(), Quorum: g.r.IntN(3)}
		if g.odds(30) {
			b.Package = p.Package
		}
		if n := len(s.Packages); n > 0 && g.odds(50) {
			b.Package, b.Entry, b.Record = s.Packages[g.r.IntN(n)].Package, "gxpt", g.digest()
		}
		return secretary, b
	case review.KindProjectSuspended:
		if g.odds(70) {
			return "", nil
		}
		with := s.Presiding(p)
		if with == "" {
			with = s.Chair
		}
		return secretary, g.agreed(with, review.ProjectSuspended{Project: id, Reason: g.reason()})
	case review.KindDeclarationGiven:
		body := review.DeclarationBody{Conflict: g.odds(15), Reason: pick(g, "", "曾任顾问", g.reason())}
		return g.giver(seat), review.DeclarationGiven{Declaration: g.state(seat, review.StatementDeclaration, p.ID, body)}
	case review.KindRecusalDecided:
		for _, r := range p.Recusals {
			if g.odds(60) {
				seat = r.Seat
			}
		}
		return secretary, g.agreed(s.Presiding(p), review.RecusalDecided{Project: id, Seat: seat, Recused: p.Recused(seat) == g.odds(20), Reason: g.reason()})
	case review.KindQuorumWaived:
		return secretary, g.agreed(s.Presiding(p), review.QuorumWaived{Project: id, Reason: g.reason()})
	case review.KindFactCorrected:
		f := review.Fact{Key: "x", Value: "1"}
		if len(p.Facts) > 0 && g.odds(90) {
			f = pick(g, p.Facts...)
		}
		return by, g.agreed(with, review.FactCorrected{Project: id, Key: f.Key, Old: pick(g, f.Value, f.Value, "0"), New: fmt.Sprint(g.r.IntN(9)), Evidence: g.reason()})
	case review.KindSchemeSet:
		return secretary, review.SchemeSet{
			Project: id, Reason: g.reason(),
			Settings: pick(g, review.Settings{}, review.Settings{Items: []review.Weigh{{Item: pick(g, "A1", "A1", "B1"), Full: "20"}}}, review.Settings{Items: []review.Weigh{{Item: "A1", Full: "x"}}}),
		}
	case review.KindRoundBegun:
		return by, review.RoundBegun{Project: id, Number: g.number(len(p.Rounds) + 1), Nonce: pick(g, m.Nonce(), m.Nonce(), m.Nonce(), strings.Repeat("a", 26), "x")}
	case review.KindBallotSubmitted:
		st, err := review.DecodeStatement(m.BallotOf(p.ID, seat, reviewtest.RoomSheet()).Statement)
		if err != nil {
			g.t.Fatal(err)
		}
		return g.giver(seat), review.BallotSubmitted{Ballot: g.said(st)}
	case review.KindBallotReturned:
		return secretary, review.BallotReturned{Project: id, Seat: seat, Reason: g.reason()}
	case review.KindBallotVoided:
		return by, g.agreed(with, review.BallotVoided{Project: id, Seat: seat, Reason: g.reason()})
	case review.KindRoundClosed:
		return by, review.RoundClosed{Project: id, Number: g.number(len(p.Rounds))}
	case review.KindRoundReopened:
		return by, g.agreed(with, review.RoundReopened{Project: id, Reason: g.reason()})
	case review.KindBallotsOpened:
		b := review.BallotsOpened{Project: id, Number: len(p.Rounds)}
		if len(p.Rounds) > 0 {
			b = m.Opened(p.ID)
		}
		if g.odds(10) && len(b.Ballots) > 0 {
			b.Ballots = b.Ballots[1:]
		}
		b.Project, b.Number = id, g.number(b.Number)
		return secretary, g.agreed(s.Presiding(p), b)
	case review.KindOpinionDrafted:
		return by, review.OpinionDrafted{Project: id, Revision: g.number(len(p.Opinion) + 1), Paragraphs: []review.OpinionParagraph{{Text: g.reason(), Sources: pick(g, nil, []review.SeatID{seat}, []review.SeatID{chair})}}}
	case review.KindConclusionReached:
		b := review.ConclusionReached{Project: id, Outcome: pick(g, "pass", "fail", "maybe"), Opinion: g.number(len(p.Opinion)), Suggested: pick(g, "", "pass", "fail"), Reason: g.reason()}
		if g.odds(30) {
			b.Against = []review.Against{{Rule: pick(g, "NDRC-G03", "第三条"), Reason: g.reason()}}
		}
		with := review.SeatID("")
		if len(b.Against) > 0 || b.Suggested != "" && b.Suggested != b.Outcome {
			with = secretary
		}
		return s.Presiding(p), g.agreed(with, b)
	case review.KindConclusionWithdrawn:
		return by, g.agreed(with, review.ConclusionWithdrawn{Project: id, Reason: g.reason()})
	case review.KindVoteCast:
		v := review.VoteBody{Conclusion: conclusion, Choice: pick[review.Choice](g, review.ChoiceAgree, review.ChoiceReserve, review.ChoiceDisagree, review.ChoiceAbstain, "maybe"), Text: pick(g, "", "", g.reason())}
		if v.Text != "" && g.odds(70) {
			v.Choice, v.Paper = pick(g, review.ChoiceReserve, review.ChoiceDisagree), g.digest()
		}
		return g.giver(seat), review.VoteCast{Vote: g.state(seat, review.StatementVote, p.ID, v)}
	case review.KindItemSettled:
		return s.Presiding(p), review.ItemSettled{
			Project: id, Item: pick(g, "A1", "B1", "C1", "D1"), Answer: pick(g, review.AnswerYes, review.AnswerNo, "perhaps"), Reason: g.reason(),
		}
	case review.KindVotesCounted:
		n := g.number(len(s.Voters(p)))
		yes := 0
		if n > 0 {
			yes = g.r.IntN(n + 1)
		}
		return by, g.agreed(with, review.VotesCounted{Project: id, Motion: g.reason(), Yes: yes, No: n - yes})
	case review.KindSigningBegun:
		return by, review.SigningBegun{Project: id}
	case review.KindSignatureGiven:
		return g.giver(seat), review.SignatureGiven{Signature: g.state(seat, review.StatementSignature, p.ID, review.SignatureBody{Subject: conclusion})}
	case review.KindSignatureRefused:
		witness := g.seat()
		return secretary, g.agreed(witness, review.SignatureRefused{Project: id, Seat: seat, Reason: g.reason(), Witness: witness})
	case review.KindProjectFinalised:
		return by, review.ProjectFinalised{Project: id}

	case review.KindFulfilmentRecorded:
		if len(p.Fulfilment) >= 3 && g.odds(80) {
			return "", nil // or no tables would be signed
		}
		b := m.Fulfilment(p.ID)
		b.Project, b.Revision = id, g.number(b.Revision)
		b.Terms[0].Actual = g.reason()
		if n := len(p.Fulfilment); n > 0 && g.odds(10) {
			b.Terms = p.Fulfilment[n-1].Terms
		}
		return secretary, b
	case review.KindPapersCertified:
		purpose := review.PurposeTables
		if (p.Stage == review.StageSigning) != g.odds(4) {
			purpose = review.PurposeConclusion
		}
		b := m.Set(p.ID, purpose)
		for i := range b.Signers {
			b.Signers[i].Ink = g.odds(25)
		}
		b.Project, b.Set = id, g.number(b.Set)
		if g.odds(8) {
			b.Papers[0].Number = g.number(b.Papers[0].Number)
			b.Papers[0].Signed = g.digest()
		}
		return secretary, b
	case review.KindPapersSigned:
		return g.giver(seat), review.PapersSigned{Signature: g.said(*carries(g.t, m.Signed(p.ID, seat)))}
	case review.KindScanLinked:
		b := m.Scan(p.ID, pick(g, review.FormFulfilment, review.FormChanges, review.FormOpinion, review.FormTally, review.FormPanel), seat)
		if set := p.Signing(); set != nil && g.odds(80) {
			b = m.Scan(p.ID, pick(g, set.Papers...).Form)
			for _, x := range set.Signers {
				if x.Ink && g.odds(80) {
					b.Seats = append(b.Seats, x.Seat)
				}
			}
			slices.SortFunc(b.Seats, review.CompareSeats)
		}
		b.Project, b.Set = id, g.number(b.Set)
		return secretary, g.agreed(s.Presiding(p), b)
	case review.KindPapersArchived:
		b := m.Archive(p.ID)
		b.Project, b.Set = id, g.number(b.Set)
		return secretary, g.agreed(s.Chair, b)
	case review.KindPapersWithdrawn:
		set := 1
		if x := p.Signing(); x != nil {
			set = g.number(x.Number)
			if g.odds(60) {
				return "", nil // or nothing would be signed to the end
			}
		}
		return by, g.agreed(with, review.PapersWithdrawn{Project: id, Set: set, Reason: g.reason()})
	case review.KindDissentVoided:
		b := review.DissentVoided{Project: id, Seat: seat, Statement: g.digest(), Reason: g.reason()}
		for _, v := range p.Votes {
			if v.Paper != "" && g.odds(60) {
				b.Seat, b.Statement = v.Seat, v.Statement
			}
		}
		return by, g.agreed(with, b)
	}
	g.t.Fatalf("nobody knows how to do %s", k)
	return "", nil
}
