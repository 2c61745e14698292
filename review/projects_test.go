package review_test

import (
	"fmt"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// TestProjectAdded holds what a project must bring.
func TestProjectAdded(t *testing.T) {
	add := func(f func(*review.ProjectAdded)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			_, body := due[review.KindProjectAdded](m)
			b := body.(review.ProjectAdded)
			f(&b)
			return m.Try(secretary, b)
		}
	}
	for _, c := range []refusal{
		{"good", add(func(*review.ProjectAdded) {}), "", ""},
		{"no units and facts", add(func(b *review.ProjectAdded) { b.Units, b.Facts = nil, nil }), "", ""},
		{"out of order", add(func(b *review.ProjectAdded) { b.Project = "p02" }), review.CodeEventIllegal, "project.added"},
		{"of no package", add(func(b *review.ProjectAdded) { b.Package = "x" }), review.CodeEventIllegal, "project.added"},
		{"for nobody", add(func(b *review.ProjectAdded) { b.Quorum = 0 }), review.CodeEventIllegal, "project.added"},
		{"no title", add(func(b *review.ProjectAdded) { b.Title = "" }), review.CodeTextEmpty, "title"},
		{"title too long", add(func(b *review.ProjectAdded) { b.Title = long(review.MaxTitle) }), review.CodeTextLong, "100"},
		{"a scheme without conclusions", add(func(b *review.ProjectAdded) { b.Scheme.Outcomes = nil }), review.CodeSchemeForm, "outcomes"},
		{"too many units", add(func(b *review.ProjectAdded) { b.Units = make([]review.Unit, review.MaxUnits+1) }), review.CodeFactForm, "平台一期"},
		{"too many facts", add(func(b *review.ProjectAdded) { b.Facts = make([]review.Fact, review.MaxFacts+1) }), review.CodeFactForm, "平台一期"},
		{"a unit without a name", add(func(b *review.ProjectAdded) { b.Units[0].Name = "" }), review.CodeTextEmpty, "unit"},
		{"a unit without a part", add(func(b *review.ProjectAdded) { b.Units[0].Part = "业主" }), review.CodeFactForm, "业主"},
		{"a fact without a key", add(func(b *review.ProjectAdded) { b.Facts[0].Key = "" }), review.CodeFactForm, ""},
		{"a fact without a value", add(func(b *review.ProjectAdded) { b.Facts[0].Value = " " }), review.CodeFactForm, "budget"},
		{"facts out of order", add(func(b *review.ProjectAdded) {
			b.Facts = []review.Fact{{Key: "b", Value: "1"}, {Key: "a", Value: "2"}}
		}), review.CodeFactForm, "a"},
		{"a fact twice", add(func(b *review.ProjectAdded) {
			b.Facts = []review.Fact{{Key: "a", Value: "1"}, {Key: "a", Value: "2"}}
		}), review.CodeFactForm, "a"},
		{"the same package", func(m *reviewtest.Room) error {
			_, body := due[review.KindProjectAdded](m)
			m.Do(secretary, body)
			b := body.(review.ProjectAdded)
			b.Project = "p02"
			return m.Try(secretary, b)
		}, review.CodeProjectExists, "p01"},
		{"the same package after the first review was suspended", func(m *reviewtest.Room) error {
			_, body := due[review.KindProjectAdded](m)
			m.Do(secretary, body)
			m.Panel(1)
			m.To(p01, review.StageSuspended)
			b := body.(review.ProjectAdded)
			b.Project = "p02"
			return m.Try(secretary, b)
		}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestBelongs holds for every act with a statement that it must be made for this
// meeting, this package, this scheme, this project and this act, by who still sits
// here: nothing replayed from elsewhere is taken.
func TestBelongs(t *testing.T) {
	const elsewhere = "zbcdefghijklmnopqrstuvwxyz"
	found := 0
	for _, k := range kinds(t) {
		if k == review.KindMeetingCreated {
			continue
		}
		_, body := due[k](newRoom(t))
		if carries(t, body) == nil {
			continue
		}
		found++
		t.Run(string(k), func(t *testing.T) {
			m := newRoom(t)
			by, body := due[k](m)
			st := *carries(t, body)
			ofProject := st.Project != ""
			replaced := m.Fork()
			for name, c := range map[string]struct {
				change func(*review.Statement)
				code   review.Code
				item   string
			}{
				"another meeting":  {func(st *review.Statement) { st.Meeting = elsewhere }, review.CodeStatementMeeting, elsewhere},
				"nobody's":         {func(st *review.Statement) { st.Seat = "s99" }, review.CodeStatementSeat, "s99"},
				"revision 0":       {func(st *review.Statement) { st.Revision = 0 }, review.CodeStatementForm, string(st.Kind)},
				"another package":  {func(st *review.Statement) { st.Package = review.DigestOf(nil) }, review.CodeStatementPackage, "p01"},
				"another scheme":   {func(st *review.Statement) { st.Scheme = review.DigestOf(nil) }, review.CodeStatementScheme, "p01"},
				"another round":    {func(st *review.Statement) { st.Round = m.Nonce() }, review.CodeStatementForm, string(st.Kind)},
				"no such project":  {func(st *review.Statement) { st.Project = "p09" }, review.CodeProjectUnknown, "p09"},
				"a later version":  {func(st *review.Statement) { st.Version++ }, review.CodeStatementNewer, "2"},
				"for another kind": {func(st *review.Statement) { st.Kind, st.Body = review.StatementConsent, review.ConsentBody{} }, review.CodeStatementForm, "consent"},
			} {
				if !ofProject && (c.code == review.CodeStatementPackage || c.code == review.CodeStatementScheme || c.code == review.CodeProjectUnknown) {
					c.code, c.item = review.CodeStatementForm, string(st.Kind) // it is about the whole meeting
				}
				if name == "another round" && k == review.KindBallotSubmitted {
					c.code, c.item = review.CodeStatementRound, string(expert) // a ballot is of one
				}
				changed := st
				c.change(&changed)
				err := m.Try(by, carried(t, k, m.Sign(changed)))
				if review.CodeOf(err) != c.code || review.ItemOf(err) != c.item {
					t.Errorf("%s: %v, want %q (%s)", name, err, c.code, c.item)
				}
			}
			err := m.Try(by, carried(t, k, review.Signed{Statement: []byte("x")}))
			reviewtest.WantCode(t, err, review.CodeStatementForm)

			if k != review.KindSeatClaimed && k != review.KindPromiseGiven {
				p := replaced.State.Project(p01)
				if p.Conclusion != nil {
					replaced.Do(secretary, replaced.With(chair, review.ConclusionWithdrawn{Project: p01, Reason: "更换专家"}))
				}
				replaced.Do(secretary, replaced.With(chair, review.SeatReplaced{Seat: expert, By: "s04", Reason: "突发疾病"}))
				err = replaced.Try(by, body)
				reviewtest.WantCode(t, err, review.CodeStatementSeat)
				wantItem(t, err, string(expert))
			}
			m.Do(by, body)
		})
	}
	if want := 7; found != want {
		t.Errorf("%d acts with statements, want %d", found, want)
	}
}

// carries gives the statement that an act brings, nil if it brings none.
func carries(t *testing.T, b review.Body) *review.Statement {
	t.Helper()
	g := review.Signed{}
	switch b := b.(type) {
	case review.SeatClaimed:
		g = b.Claim
	case review.PromiseGiven:
		g = b.Promise
	case review.DeclarationGiven:
		g = b.Declaration
	case review.BallotSubmitted:
		g = b.Ballot
	case review.VoteCast:
		g = b.Vote
	case review.SignatureGiven:
		g = b.Signature
	case review.PapersSigned:
		g = b.Signature
	default:
		return nil
	}
	st, err := review.DecodeStatement(g.Statement)
	if err != nil {
		t.Fatal(err)
	}
	return &st
}

// carried gives an act of a kind that brings a statement.
func carried(t *testing.T, k review.Kind, g review.Signed) review.Body {
	t.Helper()
	switch k {
	case review.KindSeatClaimed:
		return review.SeatClaimed{Claim: g, KeyFile: review.DigestOf([]byte("keys"))}
	case review.KindPromiseGiven:
		return review.PromiseGiven{Promise: g}
	case review.KindDeclarationGiven:
		return review.DeclarationGiven{Declaration: g}
	case review.KindBallotSubmitted:
		return review.BallotSubmitted{Ballot: g}
	case review.KindVoteCast:
		return review.VoteCast{Vote: g}
	case review.KindSignatureGiven:
		return review.SignatureGiven{Signature: g}
	case review.KindPapersSigned:
		return review.PapersSigned{Signature: g}
	}
	t.Fatalf("%s brings no statement", k)
	return nil
}

// TestFollows holds for the statements of which there can be several that they come
// one after another: known, old, forked and torn ones are told apart.
func TestFollows(t *testing.T) {
	again := map[review.Kind]func(m *reviewtest.Room){ // what must happen before a second one may come
		review.KindDeclarationGiven: func(*reviewtest.Room) {},
		review.KindVoteCast:         func(*reviewtest.Room) {},
		review.KindBallotSubmitted: func(m *reviewtest.Room) {
			m.Do(secretary, review.BallotReturned{Project: p01, Seat: expert, Reason: "本人要求修改"})
		},
	}
	for k, between := range again {
		t.Run(string(k), func(t *testing.T) {
			m := newRoom(t)
			by, body := due[k](m)
			if k == review.KindDeclarationGiven { // without a conflict, so that he may go on
				body = m.DeclarationOf(p01, expert, "")
			}
			first := *carries(t, body)
			torn := first
			torn.Prev = review.DigestOf([]byte("x"))
			err := m.Try(by, carried(t, k, m.Sign(torn)))
			reviewtest.WantCode(t, err, review.CodeStatementFork)
			torn = first
			torn.Revision++
			err = m.Try(by, carried(t, k, m.Sign(torn)))
			reviewtest.WantCode(t, err, review.CodeStatementGap)
			wantItem(t, err, string(expert))

			m.Do(by, body)
			between(m)
			second := first
			second.Revision, second.Prev, second.At = first.Revision+1, m.Sign(first).Digest(), m.At
			for name, c := range map[string]struct {
				change func(*review.Statement)
				code   review.Code
			}{
				"the first once more":         {func(st *review.Statement) { *st = first }, review.CodeStatementKnown},
				"another first":               {func(st *review.Statement) { *st = first; st.At = m.At }, review.CodeStatementFork},
				"one that follows another":    {func(st *review.Statement) { st.Prev = review.DigestOf([]byte("x")) }, review.CodeStatementFork},
				"one that follows nothing":    {func(st *review.Statement) { st.Prev = "" }, review.CodeStatementFork},
				"one revision too many":       {func(st *review.Statement) { st.Revision++ }, review.CodeStatementGap},
				"a revision of long ago":      {func(st *review.Statement) { st.Revision = first.Revision - 1 }, review.CodeStatementOld},
				"a revision out of all sense": {func(st *review.Statement) { st.Revision = 1 << 40 }, review.CodeStatementGap},
			} {
				if c.code == review.CodeStatementOld && first.Revision == 1 {
					continue // there is none before; see below
				}
				st := second
				c.change(&st)
				err := m.Try(by, carried(t, k, m.Sign(st)))
				reviewtest.WantCode(t, err, c.code)
				if review.ItemOf(err) != string(expert) {
					t.Errorf("%s: item %q", name, review.ItemOf(err))
				}
			}
			m.Do(by, carried(t, k, m.Sign(second)))
			between(m)
			err = m.Try(by, carried(t, k, m.Sign(first)))
			reviewtest.WantCode(t, err, review.CodeStatementOld)
			wantItem(t, err, string(expert))
			err = m.Try(by, carried(t, k, m.Sign(second)))
			reviewtest.WantCode(t, err, review.CodeStatementKnown)
		})
	}
}

// TestDeclared holds who declares, and that what was declared stands.
func TestDeclared(t *testing.T) {
	declare := func(seat review.SeatID, conflict bool, why string) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			body := review.DeclarationBody{Conflict: conflict, Reason: why}
			return m.Try(seat, review.DeclarationGiven{Declaration: m.Say(seat, review.StatementDeclaration, p01, body)})
		}
	}
	for _, c := range []refusal{
		{"no conflict", declare(expert, false, ""), "", ""},
		{"no conflict, explained", declare(expert, false, "曾任顾问，两年前已结束"), "", ""},
		{"conflict", declare(expert, true, "现任职于项目单位"), "", ""},
		{"conflict without a reason", declare(expert, true, ""), review.CodeTextEmpty, "reason"},
		{"a blank reason", declare(expert, false, " "), review.CodeTextEmpty, "reason"},
		{"a reason too long", declare(expert, true, long(review.MaxReason)), review.CodeTextLong, "500"},
		{"a member", declare("s05", false, ""), review.CodeActRole, "s05"},
		{"without a promise", func(m *reviewtest.Room) error {
			m.Claim(m.Add(review.RoleExpert))
			m.Certify()
			return declare("s06", false, "")(m)
		}, review.CodePromiseMissing, "s06"},
		{"without a certificate", func(m *reviewtest.Room) error {
			m.Claim(m.Add(review.RoleExpert))
			return declare("s06", false, "")(m)
		}, review.CodeSeatUnclaimed, "s06"},
		{"without a claim, brought", func(m *reviewtest.Room) error {
			m.Add(review.RoleExpert)
			body := m.Say("s06", review.StatementDeclaration, p01, review.DeclarationBody{})
			return m.Try(secretary, review.DeclarationGiven{Declaration: body})
		}, review.CodeSeatUnclaimed, "s06"},
		{"brought", func(m *reviewtest.Room) error {
			return m.Try(secretary, m.DeclarationOf(p01, expert, ""))
		}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Join(review.RoleMember)
			m.Project(1)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
			if p := m.State.Project(p01); p.Recused(expert) != (c.name == "conflict") {
				t.Errorf("recusals %+v", p.Recusals)
			}
		})
	}
	// Who takes his declaration back stands aside until the officers decide.
	m := panel(t, 3, review.StageWaiting)
	m.Declare(p01, expert, "现任职于项目单位")
	m.Declare(p01, expert, "")
	if !m.State.Project(p01).Recused(expert) {
		t.Error("a later declaration undid the recusal")
	}
	m.Do(secretary, m.With(chair, review.RecusalDecided{Project: p01, Seat: expert, Reason: "同名单位，并无关联"}))
	if p := m.State.Project(p01); p.Recused(expert) || len(p.Declared) != 5 {
		t.Errorf("recusals %+v, %d declarations", p.Recusals, len(p.Declared))
	}
}

// TestOfficersActs holds what the officers decide together on a project.
func TestOfficersActs(t *testing.T) {
	with := func(b review.Consented) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error { return m.Try(secretary, m.With(chair, b)) }
	}
	fact := func(key, old, now, evidence string) func(*reviewtest.Room) error {
		return with(review.FactCorrected{Project: p01, Key: key, Old: old, New: now, Evidence: evidence})
	}
	recusal := func(seat review.SeatID, aside bool, why string) func(*reviewtest.Room) error {
		return with(review.RecusalDecided{Project: p01, Seat: seat, Recused: aside, Reason: why})
	}
	for _, c := range []refusal{
		{"recused", recusal(expert, true, "与项目单位有合作"), "", ""},
		{"recused without a reason", recusal(expert, true, ""), review.CodeTextEmpty, "reason"},
		{"recused: nobody", recusal("s09", true, "有合作"), review.CodeSeatUnknown, "s09"},
		{"recused: a member", recusal("s05", true, "有合作"), review.CodeActRole, "s05"},
		{"let in though he never stood aside", recusal(expert, false, "并无关联"), review.CodeRecused, "s03"},
		{"recused twice", func(m *reviewtest.Room) error {
			m.Declare(p01, expert, "现任职于项目单位")
			return recusal(expert, true, "与项目单位有合作")(m)
		}, review.CodeRecused, "s03"},
		{"nobody presides", func(m *reviewtest.Room) error {
			m.Declare(p01, chair, "现任职于项目单位")
			return recusal(expert, true, "与项目单位有合作")(m)
		}, review.CodeChairMissing, "p01"},
		{"quorum waived without a reason", with(review.QuorumWaived{Project: p01}), review.CodeTextEmpty, "reason"},
		{"suspended without a reason", with(review.ProjectSuspended{Project: p01}), review.CodeTextEmpty, "reason"},
		{"suspended alone", func(m *reviewtest.Room) error {
			return m.Try(secretary, review.ProjectSuspended{Project: p01, Reason: "材料不齐"})
		}, review.CodeActConsent, "s02"},
		{"corrected", fact("budget", "236", "263", "概算书第3页"), "", ""},
		{"corrected by the chair", func(m *reviewtest.Room) error {
			return m.Try(chair, m.With(secretary, review.FactCorrected{Project: p01, Key: "budget", Old: "236", New: "263", Evidence: "概算书"}))
		}, "", ""},
		{"corrected: what was not known", fact("height", "", "12.00", "现场测量记录"), "", ""},
		{"corrected: what was not known, under no name", fact("高度", "", "12.00", "现场测量记录"), review.CodeFactUnknown, "高度"},
		{"corrected: what was known", fact("budget", "", "263", "概算书第3页"), review.CodeFactOld, "budget"},
		{"corrected: no such fact", fact("height", "236", "263", "概算书第3页"), review.CodeFactUnknown, "height"},
		{"corrected: not what it was", fact("budget", "235", "263", "概算书第3页"), review.CodeFactOld, "budget"},
		{"corrected into the same", fact("budget", "236", "236", "概算书第3页"), review.CodeFactOld, "budget"},
		{"corrected into nothing", fact("budget", "236", "", "概算书第3页"), review.CodeTextEmpty, "fact"},
		{"corrected without evidence", fact("budget", "236", "263", ""), review.CodeTextEmpty, "evidence"},
		{"corrected twice", func(m *reviewtest.Room) error {
			if err := fact("budget", "236", "263", "概算书第3页")(m); err != nil {
				return err
			}
			return fact("budget", "263", "236", "概算书第4页")(m)
		}, "", ""},
		{"corrected from before the correction", func(m *reviewtest.Room) error {
			if err := fact("budget", "236", "263", "概算书第3页")(m); err != nil {
				return err
			}
			return fact("budget", "236", "236.5", "概算书第4页")(m)
		}, review.CodeFactOld, "budget"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Join(review.RoleMember)
			m.Project(1)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
	m := panel(t, 3, review.StageScoring)
	m.Do(chair, m.With(secretary, review.FactCorrected{Project: p01, Key: "budget", Old: "236", New: "263", Evidence: "概算书"}))
	p := m.State.Project(p01)
	want := review.Correction{Number: 1, Key: "budget", Old: "236", New: "263", Evidence: "概算书", At: m.State.At, Officer: chair, Consenter: secretary}
	if p.Corrections[0] != want || p.Facts[0].Value != "263" || p.Facts[1].Value != "12" {
		t.Errorf("corrections %+v, facts %+v", p.Corrections, p.Facts)
	}
}

// TestRoundBegun holds what a round needs.
func TestRoundBegun(t *testing.T) {
	begin := func(number int, nonce string) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			return m.Try(secretary, review.RoundBegun{Project: p01, Number: number, Nonce: nonce})
		}
	}
	nonce := newRoom(t).Nonce()
	gone := func(m *reviewtest.Room, seat review.SeatID) {
		m.Do(secretary, review.AttendanceRecorded{Seat: seat, Presence: review.PresenceLeft, Reason: "有急事"})
	}
	for _, c := range []refusal{
		{"good", begin(1, nonce), "", ""},
		{"not the next", begin(2, nonce), review.CodeEventIllegal, "round.begun"},
		{"no nonce", begin(1, ""), review.CodeEventIllegal, "round.begun"},
		{"the nonce of another round", func(m *reviewtest.Room) error {
			m.Project(1)
			m.Do(secretary, review.RoundBegun{Project: "p02", Number: 1, Nonce: nonce})
			return begin(1, nonce)(m)
		}, review.CodeEventIllegal, "round.begun"},
		{"nobody presides", func(m *reviewtest.Room) error {
			m.Declare(p01, chair, "现任职于项目单位")
			return begin(1, nonce)(m)
		}, review.CodeChairMissing, "p01"},
		{"the chair has left", func(m *reviewtest.Room) error {
			gone(m, chair)
			return begin(1, nonce)(m)
		}, review.CodeChairUnfit, "s02"},
		{"the chair has no certificate", func(m *reviewtest.Room) error {
			m.Do(secretary, m.With(expert, review.SeatFreed{Seat: chair, Reason: "忘记了口令"}))
			m.Claim(chair)
			return begin(1, nonce)(m)
		}, review.CodeChairUnfit, "s02"},
		{"too few", func(m *reviewtest.Room) error {
			gone(m, expert)
			return begin(1, nonce)(m)
		}, review.CodeQuorum, "p01"},
		{"too few, waived", func(m *reviewtest.Room) error {
			gone(m, expert)
			m.Do(secretary, m.With(chair, review.QuorumWaived{Project: p01, Reason: "到会专家一致同意继续"}))
			return begin(1, nonce)(m)
		}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Project(3)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestBallots holds who submits what, and what the officers do with it.
func TestBallots(t *testing.T) {
	submit := func(seat review.SeatID) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			return m.Try(seat, review.BallotSubmitted{Ballot: m.BallotOf(p01, seat, reviewtest.RoomSheet())})
		}
	}
	changed := func(f func(m *reviewtest.Room, st *review.Statement, b *review.BallotBody)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			st, err := review.DecodeStatement(m.BallotOf(p01, expert, reviewtest.RoomSheet()).Statement)
			if err != nil {
				return err
			}
			body := st.Body.(review.BallotBody)
			f(m, &st, &body)
			st.Body = body
			return m.Try(expert, review.BallotSubmitted{Ballot: m.Sign(st)})
		}
	}
	body := func(f func(m *reviewtest.Room, b *review.BallotBody)) func(*reviewtest.Room) error {
		return changed(func(m *reviewtest.Room, _ *review.Statement, b *review.BallotBody) { f(m, b) })
	}
	do := func(by review.SeatID, b review.Body) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error { return m.Try(by, b) }
	}
	first := func(acts ...func(*reviewtest.Room) error) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			for _, act := range acts[:len(acts)-1] {
				if err := act(m); err != nil {
					t.Fatal(err)
				}
			}
			return acts[len(acts)-1](m)
		}
	}
	void := func(m *reviewtest.Room) error {
		return m.Try(secretary, m.With(chair, review.BallotVoided{Project: p01, Seat: expert, Reason: "评分无法开封"}))
	}
	back := do(secretary, review.BallotReturned{Project: p01, Seat: expert, Reason: "本人要求修改"})
	closed := do(secretary, review.RoundClosed{Project: p01, Number: 1})
	free := func(seat, with review.SeatID) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := review.Consented(review.SeatFreed{Seat: seat, Reason: "忘记了口令"})
			if with != "" {
				b = m.With(with, b)
			}
			by := secretary
			if seat == secretary {
				by = chair
			}
			return m.Try(by, b)
		}
	}
	newcomer := func(promised bool) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			if promised {
				m.Join(review.RoleExpert)
			} else {
				m.Claim(m.Add(review.RoleExpert))
				m.Certify()
			}
			return submit("s06")(m)
		}
	}
	for _, c := range []refusal{
		{"good", submit(expert), "", ""},
		{"brought", func(m *reviewtest.Room) error {
			return m.Try(secretary, review.BallotSubmitted{Ballot: m.BallotOf(p01, expert, reviewtest.RoomSheet())})
		}, "", ""},
		{"of another round", changed(func(m *reviewtest.Room, st *review.Statement, _ *review.BallotBody) { st.Round = m.Nonce() }), review.CodeStatementRound, "s03"},
		{"of no round", changed(func(_ *reviewtest.Room, st *review.Statement, _ *review.BallotBody) { st.Round = "" }), review.CodeStatementRound, "s03"},
		{"a member", submit("s05"), review.CodeActRole, "s05"},
		{"the secretary", submit(secretary), review.CodeActRole, "s01"},
		{"who stands aside", func(m *reviewtest.Room) error {
			m.Declare(p01, expert, "现任职于项目单位")
			return submit(expert)(m)
		}, review.CodeRecused, "s03"},
		{"who has left", func(m *reviewtest.Room) error {
			m.Do(secretary, review.AttendanceRecorded{Seat: expert, Presence: review.PresenceLeft, Reason: "有急事"})
			return submit(expert)(m)
		}, review.CodeSeatPresence, "s03"},
		{"without a certificate", func(m *reviewtest.Room) error {
			m.Claim(m.Add(review.RoleExpert))
			return submit("s06")(m)
		}, review.CodeSeatUnclaimed, "s06"},
		{"without a promise", newcomer(false), review.CodePromiseMissing, "s06"},
		{"without a declaration", newcomer(true), review.CodeDeclarationMissing, "s06"},
		{"sealed to another chair", body(func(_ *reviewtest.Room, b *review.BallotBody) { b.Chair = "age1" }), review.CodeBallotSeal, "s03"},
		{"sealed to another secretary", body(func(_ *reviewtest.Room, b *review.BallotBody) { b.Secretary = "age1" }), review.CodeBallotSeal, "s03"},
		{"sealed to nobody", body(func(_ *reviewtest.Room, b *review.BallotBody) { b.Chair, b.Secretary = "", "" }), review.CodeBallotSeal, "s03"},
		{"sealed to nobody while the chair has no keys", first(free(chair, "s04"), submit(expert)), review.CodeChairUnfit, "s02"},
		{"sealed to nobody while the secretary has no keys", first(free(secretary, "s04"), submit(expert)), review.CodeBallotSeal, "s03"},
		{"while nobody presides", func(m *reviewtest.Room) error {
			m.Declare(p01, chair, "现任职于项目单位")
			return submit(expert)(m)
		}, review.CodeBallotSeal, "s03"},
		{"no ciphertext", body(func(_ *reviewtest.Room, b *review.BallotBody) { b.Cipher = "x" }), review.CodeStatementForm, "s03"},
		{"no content", body(func(_ *reviewtest.Room, b *review.BallotBody) { b.Content = "x" }), review.CodeStatementForm, "s03"},
		{"twice", first(submit(expert), submit(expert)), review.CodeBallotGiven, "s03"},
		{"again after it was returned", first(submit(expert), back, submit(expert)), "", ""},
		{"again after it was made void", first(submit(expert), void, submit(expert)), "", ""},

		{"returned without a reason", first(submit(expert), do(secretary, review.BallotReturned{Project: p01, Seat: expert})), review.CodeTextEmpty, "reason"},
		{"returned though none is in", back, review.CodeBallotMissing, "s03"},
		{"returned twice", first(submit(expert), back, back), review.CodeBallotMissing, "s03"},
		{"returned to nobody", do(secretary, review.BallotReturned{Project: p01, Seat: "s09", Reason: "要求修改"}), review.CodeBallotMissing, "s09"},
		{"void without a reason", func(m *reviewtest.Room) error {
			m.Submit(p01, expert)
			return m.Try(secretary, m.With(chair, review.BallotVoided{Project: p01, Seat: expert}))
		}, review.CodeTextEmpty, "reason"},
		{"void though none is in", void, review.CodeBallotMissing, "s03"},
		{"void twice", first(submit(expert), void, void), review.CodeBallotMissing, "s03"},

		{"closed", first(submit(chair), submit(expert), submit("s04"), closed), "", ""},
		{"closed with one missing", first(submit(chair), submit(expert), closed), review.CodeBallotMissing, "s04"},
		{"closed with all missing", closed, review.CodeBallotMissing, "s02、s03、s04"},
		{"closed with one returned", first(submit(chair), submit(expert), submit("s04"), back, closed), review.CodeBallotMissing, "s03"},
		{"closed without one made void", first(submit(chair), submit(expert), submit("s04"), void, closed), review.CodeQuorum, "p01"},
		{"closed: another round", first(submit(chair), submit(expert), submit("s04"), do(secretary, review.RoundClosed{Project: p01, Number: 2})), review.CodeEventIllegal, "round.closed"},
		{"closed with too few", func(m *reviewtest.Room) error {
			for _, seat := range []review.SeatID{expert, "s04"} {
				m.Do(secretary, review.AttendanceRecorded{Seat: seat, Presence: review.PresenceLeft, Reason: "有急事"})
			}
			m.Submit(p01, chair)
			return closed(m)
		}, review.CodeQuorum, "p01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Join(review.RoleMember)
			m.Project(3)
			m.To(p01, review.StageScoring)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestOpened holds that nothing but what was submitted can be opened, all of it, and
// that a ballot that cannot be read names its seat, so that it can be made void.
func TestOpened(t *testing.T) {
	open := func(f func(m *reviewtest.Room, b *review.BallotsOpened)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := m.Opened(p01)
			f(m, &b)
			return m.Try(secretary, m.With(chair, b))
		}
	}
	for _, c := range []refusal{
		{"good", open(func(*reviewtest.Room, *review.BallotsOpened) {}), "", ""},
		{"another round", open(func(_ *reviewtest.Room, b *review.BallotsOpened) { b.Number = 2 }), review.CodeEventIllegal, "ballots.opened"},
		{"one too few", open(func(_ *reviewtest.Room, b *review.BallotsOpened) { b.Ballots = b.Ballots[:2] }), review.CodeEventIllegal, "ballots.opened"},
		{"none", open(func(_ *reviewtest.Room, b *review.BallotsOpened) { b.Ballots = nil }), review.CodeEventIllegal, "ballots.opened"},
		{"out of order", open(func(_ *reviewtest.Room, b *review.BallotsOpened) {
			b.Ballots[0], b.Ballots[1] = b.Ballots[1], b.Ballots[0]
		}), review.CodeBallotForm, "s02"},
		{"another's content", open(func(_ *reviewtest.Room, b *review.BallotsOpened) { b.Ballots[1].Content = b.Ballots[0].Content }), review.CodeBallotForm, "s03"},
		{"content that was changed", open(func(_ *reviewtest.Room, b *review.BallotsOpened) {
			b.Ballots[1].Content.Score.Signature = []byte("other")
		}), review.CodeBallotForm, "s03"},
		{"content of a later version", open(func(_ *reviewtest.Room, b *review.BallotsOpened) { b.Ballots[1].Content.Version = 2 }), review.CodeBallotForm, "s03"},
		{"all made void", func(m *reviewtest.Room) error {
			for _, seat := range []review.SeatID{chair, expert, "s04"} {
				m.Do(secretary, m.With(chair, review.BallotVoided{Project: p01, Seat: seat, Reason: "评分无法开封"}))
			}
			m.Do(secretary, m.With(chair, review.QuorumWaived{Project: p01, Reason: "继续"}))
			return open(func(*reviewtest.Room, *review.BallotsOpened) {})(m)
		}, review.CodeQuorum, "p01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := panel(t, 3, review.StageOpening)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
			for _, b := range m.State.Project(p01).Rounds[0].Ballots {
				if (b.Sheet != nil) != (err == nil) {
					t.Errorf("%s: %v, and the sheet of %s is %v", c.name, err, b.Seat, b.Sheet)
				}
			}
		})
	}

	// What a program that means no good put under the seal comes to light at the
	// opening. The officers make that ballot void and open the others.
	good := reviewtest.RoomSheet()
	score := func(m *reviewtest.Room, f func(*review.Statement)) review.Signed {
		st := m.Statement(expert, review.StatementScore, p01, good)
		f(&st)
		return m.Sign(st)
	}
	for name, content := range map[string]func(m *reviewtest.Room) review.Content{
		"no statement": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: review.Signed{Statement: []byte("x")}}
		},
		"not a score": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: m.Say(expert, review.StatementPromise, p01, review.PromiseBody{})}
		},
		"a later version": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 2, Score: m.Say(expert, review.StatementScore, p01, good)}
		},
		"another's": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: m.Say("s04", review.StatementScore, p01, good)}
		},
		"of another meeting": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: score(m, func(st *review.Statement) { st.Meeting = "zbcdefghijklmnopqrstuvwxyz" })}
		},
		"of another project": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: score(m, func(st *review.Statement) { st.Project = "p02" })}
		},
		"of another package": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: score(m, func(st *review.Statement) { st.Package = "x" })}
		},
		"of another scheme": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: score(m, func(st *review.Statement) { st.Scheme = "x" })}
		},
		"of another round": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: score(m, func(st *review.Statement) { st.Round = "x" })}
		},
		"of another revision": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: score(m, func(st *review.Statement) { st.Revision = 2 })}
		},
		"a mark above 满分": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: score(m, func(st *review.Statement) {
				sheet := reviewtest.RoomSheet()
				sheet.Marks[0].Value = "10.5"
				st.Body = sheet
			})}
		},
		"a paper that cannot be": func(m *reviewtest.Room) review.Content {
			return review.Content{Version: 1, Score: m.Say(expert, review.StatementScore, p01, good), Paper: "../x"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := panel(t, 3, review.StageScoring)
			c := content(m)
			body := review.BallotBody{
				Cipher: review.DigestOf([]byte(name)), Content: review.DigestOf(c.Encode()),
				Chair: m.State.Seats[1].Keys.Seal, Secretary: m.State.Seats[0].Keys.Seal,
			}
			m.Do(expert, review.BallotSubmitted{Ballot: m.Say(expert, review.StatementBallot, p01, body)})
			m.To(p01, review.StageOpening)
			b := m.Opened(p01)
			b.Ballots[1].Content = c
			err := m.Try(secretary, m.With(chair, b))
			reviewtest.WantCode(t, err, review.CodeBallotForm)
			wantItem(t, err, string(expert))
			m.Do(secretary, m.With(chair, review.BallotVoided{Project: p01, Seat: expert, Reason: "评分不符合格式"}))
			m.File()
		})
	}
}

// TestConcluded holds what a conclusion rests on.
func TestConcluded(t *testing.T) {
	conclude := func(f func(*review.ConclusionReached)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := review.ConclusionReached{Project: p01, Outcome: "pass", Opinion: 1}
			f(&b)
			if len(b.Against) > 0 || b.Suggested == "fail" {
				return m.Try(chair, m.With(secretary, b))
			}
			return m.Try(chair, b)
		}
	}
	opinion := func(revision int, paragraphs ...review.OpinionParagraph) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			return m.Try(secretary, review.OpinionDrafted{Project: p01, Revision: revision, Paragraphs: paragraphs})
		}
	}
	text := review.OpinionParagraph{Text: "方案可行。"}
	for _, c := range []refusal{
		{"good", conclude(func(*review.ConclusionReached) {}), "", ""},
		{"as suggested", conclude(func(b *review.ConclusionReached) { b.Suggested = "pass" }), "", ""},
		{"no such conclusion", conclude(func(b *review.ConclusionReached) { b.Outcome = "maybe" }), review.CodeOutcome, "maybe"},
		{"no such conclusion suggested", conclude(func(b *review.ConclusionReached) { b.Suggested = "maybe" }), review.CodeOutcome, "maybe"},
		{"on no opinion", conclude(func(b *review.ConclusionReached) { b.Opinion = 0 }), review.CodeOpinionMissing, "p01"},
		{"on an opinion to come", conclude(func(b *review.ConclusionReached) { b.Opinion = 2 }), review.CodeOpinionMissing, "p01"},
		{"on an earlier opinion", func(m *reviewtest.Room) error {
			if err := opinion(2, text)(m); err != nil {
				return err
			}
			return conclude(func(*review.ConclusionReached) {})(m)
		}, review.CodeOpinionMissing, "p01"},
		{"not as suggested", conclude(func(b *review.ConclusionReached) { b.Suggested, b.Reason = "fail", "可在实施中解决" }), "", ""},
		{"not as suggested, no reason", conclude(func(b *review.ConclusionReached) { b.Suggested = "fail" }), review.CodeTextEmpty, "reason"},
		{"not as suggested, the chair alone", func(m *reviewtest.Room) error {
			return m.Try(chair, review.ConclusionReached{Project: p01, Outcome: "pass", Opinion: 1, Suggested: "fail", Reason: "可在实施中解决"})
		}, review.CodeActConsent, "s01"},
		{"against a finding", conclude(func(b *review.ConclusionReached) {
			b.Against = []review.Against{{Rule: "NDRC-G03", Reason: "利用既有网络"}}
		}), "", ""},
		{"against a finding, no reason", conclude(func(b *review.ConclusionReached) {
			b.Against = []review.Against{{Rule: "NDRC-G03"}}
		}), review.CodeTextEmpty, "reason"},
		{"against no finding", conclude(func(b *review.ConclusionReached) {
			b.Against = []review.Against{{Rule: "第三条", Reason: "利用既有网络"}}
		}), review.CodeEventIllegal, "conclusion.reached"},
		{"against a finding, the chair alone", func(m *reviewtest.Room) error {
			return m.Try(chair, review.ConclusionReached{Project: p01, Outcome: "pass", Opinion: 1, Against: []review.Against{{Rule: "NDRC-G03", Reason: "利用既有网络"}}})
		}, review.CodeActConsent, "s01"},
		{"a reason too long", conclude(func(b *review.ConclusionReached) { b.Reason = long(review.MaxReason) }), review.CodeTextLong, "500"},
		{"a consent that nobody asked for", func(m *reviewtest.Room) error {
			return m.Try(chair, m.With(secretary, review.ConclusionReached{Project: p01, Outcome: "pass", Opinion: 1}))
		}, review.CodeActConsent, ""},
		{"a new round is due", func(m *reviewtest.Room) error {
			m.Do(secretary, m.With(chair, review.SeatReplaced{Seat: expert, By: m.Join(review.RoleExpert), Reason: "突发疾病"}))
			return conclude(func(*review.ConclusionReached) {})(m)
		}, review.CodeRoundNeeded, "p01"},
		{"too few", func(m *reviewtest.Room) error {
			m.Declare(p01, expert, "现任职于项目单位")
			return conclude(func(*review.ConclusionReached) {})(m)
		}, review.CodeRoundNeeded, "p01"},
		{"nobody's ballot counts", func(m *reviewtest.Room) error {
			m.Do(secretary, m.With(chair, review.QuorumWaived{Project: p01, Reason: "继续"}))
			came := m.Join(review.RoleExpert)
			m.Declare(p01, "s04", "现任职于项目单位")
			m.Declare(p01, expert, "现任职于项目单位")
			m.Do(secretary, review.ChairNamed{Project: p01, Seat: came, Reason: "原组长回避"})
			m.Declare(p01, chair, "现任职于项目单位")
			return m.Try(came, review.ConclusionReached{Project: p01, Outcome: "pass", Opinion: 1})
		}, review.CodeRoundNeeded, "p01"},

		{"opinion", opinion(2, text, review.OpinionParagraph{Text: "投资偏高。", Sources: []review.SeatID{chair, expert}}), "", ""},
		{"under a heading", opinion(2, review.OpinionParagraph{Text: "可行。", Section: "总体评价"}), "", ""},
		{"under a heading too long", opinion(2, review.OpinionParagraph{Text: "可行。", Section: long(review.MaxTitle)}), review.CodeTextLong, "100"},
		{"opinion out of order", opinion(3, text), review.CodeEventIllegal, "opinion.drafted"},
		{"opinion of nothing", opinion(2), review.CodeTextEmpty, "opinion"},
		{"an empty paragraph", opinion(2, text, review.OpinionParagraph{}), review.CodeTextEmpty, "opinion"},
		{"a paragraph too long", opinion(2, review.OpinionParagraph{Text: long(review.MaxParagraph)}), review.CodeTextLong, "200"},
		{"too many paragraphs", opinion(2, make([]review.OpinionParagraph, review.MaxOpinion+1)...), review.CodeTextLong, "30000"},
		{"from who gave no opinion", opinion(2, review.OpinionParagraph{Text: "方案可行。", Sources: []review.SeatID{"s05"}}), review.CodeSeatUnknown, "s05"},

		{"withdrawn without a reason", func(m *reviewtest.Room) error {
			m.To(p01, review.StageConcluded)
			return m.Try(secretary, m.With(chair, review.ConclusionWithdrawn{Project: p01}))
		}, review.CodeTextEmpty, "reason"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Join(review.RoleMember)
			m.Project(3)
			m.To(p01, review.StageDeliberating)
			if err := opinion(1, text)(m); err != nil {
				t.Fatal(err)
			}
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestVotes holds who takes a position, and what a count is.
func TestVotes(t *testing.T) {
	vote := func(seat review.SeatID, choice review.Choice, text string) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error { return m.Try(seat, m.Vote(p01, seat, choice, text)) }
	}
	final := func(f func(*reviewtest.Room) error) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			m.To(p01, review.StageFinal)
			return f(m)
		}
	}
	count := func(yes, no, abstain int, motion string) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			return m.Try(secretary, m.With(chair, review.VotesCounted{Project: p01, Motion: motion, Yes: yes, No: no, Abstain: abstain}))
		}
	}
	for _, c := range []refusal{
		{"agrees", vote(expert, review.ChoiceAgree, ""), "", ""},
		{"abstains", vote(expert, review.ChoiceAbstain, ""), "", ""},
		{"a member agrees", vote("s05", review.ChoiceAgree, ""), "", ""},
		{"disagrees", vote(expert, review.ChoiceDisagree, "投资偏高。"), "", ""},
		{"disagrees and does not say why", vote(expert, review.ChoiceDisagree, ""), review.CodeTextEmpty, "dissent"},
		{"reserves at too great length", vote(expert, review.ChoiceReserve, long(review.MaxReason)), review.CodeTextLong, "500"},
		{"agrees and says why", vote(expert, review.ChoiceAgree, "很好。"), review.CodeEventIllegal, "vote.cast"},
		{"no such position", vote(expert, "maybe", ""), review.CodeEventIllegal, "vote.cast"},
		{"an observer", vote("s06", review.ChoiceAgree, ""), review.CodeActRole, "s06"},
		{"the secretary", vote(secretary, review.ChoiceAgree, ""), review.CodeActRole, "s01"},
		{"without keys", func(m *reviewtest.Room) error {
			v := m.Vote(p01, expert, review.ChoiceAgree, "")
			m.Do(secretary, m.With(chair, review.SeatFreed{Seat: expert, Reason: "忘记了口令"}))
			return m.Try(secretary, v)
		}, review.CodeSeatUnclaimed, "s03"},
		{"who stands aside", vote("s07", review.ChoiceAgree, ""), review.CodeRecused, "s07"},
		{"on another conclusion", func(m *reviewtest.Room) error {
			return m.Try(expert, review.VoteCast{Vote: m.Say(expert, review.StatementVote, p01, review.VoteBody{Conclusion: review.DigestOf(nil), Choice: review.ChoiceAgree})})
		}, review.CodeVoteConclusion, "s03"},
		{"dissents after the end", final(vote(expert, review.ChoiceReserve, "投资偏高。")), "", ""},
		{"agrees after the end", final(vote(expert, review.ChoiceAgree, "")), review.CodeActStage, "final"},

		{"counted", count(2, 1, 1, "是否通过"), "", ""},
		{"counted without a motion", count(2, 1, 1, ""), review.CodeTextEmpty, "motion"},
		{"counted: too few", count(2, 1, 0, "是否通过"), review.CodeVoteCount, "p01"},
		{"counted: too many", count(2, 2, 1, "是否通过"), review.CodeVoteCount, "p01"},
		{"counted: less than nothing", count(5, -1, 0, "是否通过"), review.CodeVoteCount, "p01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Join(review.RoleMember)
			m.Join(review.RoleObserver)
			m.Join(review.RoleExpert)
			m.Project(1)
			late := m.Join(review.RoleExpert)
			m.Declare(p01, "s07", "现任职于项目单位")
			m.Declare(p01, late, "")
			m.To(p01, review.StageConcluded)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestSignatures holds who signs, in which order, and who is on record as not signing.
func TestSignatures(t *testing.T) {
	sign := func(seat review.SeatID) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error { return m.Try(seat, m.Signature(p01, seat)) }
	}
	refuse := func(seat, witness review.SeatID, why string) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := review.SignatureRefused{Project: p01, Seat: seat, Reason: why, Witness: witness}
			if x, ok := m.State.Seat(witness); ok && x.Claimed() {
				return m.Try(secretary, m.With(witness, b))
			}
			return m.Try(secretary, b)
		}
	}
	first := func(acts ...func(*reviewtest.Room) error) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			for i, act := range acts[:len(acts)-1] {
				if err := act(m); err != nil {
					return fmt.Errorf("act %d: %w", i, err)
				}
			}
			return acts[len(acts)-1](m)
		}
	}
	finalise := func(m *reviewtest.Room) error { return m.Try(secretary, review.ProjectFinalised{Project: p01}) }
	changed := func(f func(*review.Statement)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			st := *carries(t, m.Signature(p01, expert))
			f(&st)
			return m.Try(expert, review.SignatureGiven{Signature: m.Sign(st)})
		}
	}
	for _, c := range []refusal{
		{"an expert", sign(expert), "", ""},
		{"a member", sign("s05"), "", ""},
		{"an observer", sign("s06"), review.CodeActRole, "s06"},
		{"the secretary", sign(secretary), review.CodeActRole, "s01"},
		{"another conclusion", func(m *reviewtest.Room) error {
			return m.Try(expert, review.SignatureGiven{Signature: m.Say(expert, review.StatementSignature, p01, review.SignatureBody{Subject: review.DigestOf(nil)})})
		}, review.CodeVoteConclusion, "s03"},
		{"the same twice", func(m *reviewtest.Room) error {
			b := m.Signature(p01, expert)
			m.Do(expert, b)
			return m.Try(expert, b)
		}, review.CodeStatementKnown, "s03"},
		{"another time", first(sign(expert), sign(expert)), review.CodeSignatureGiven, "s03"},
		{"one that follows another", changed(func(st *review.Statement) { st.Prev = review.DigestOf(nil) }), review.CodeStatementFork, "s03"},
		{"a second one before the first", changed(func(st *review.Statement) { st.Revision = 2 }), review.CodeStatementGap, "s03"},
		{"the chair too early", first(sign(expert), sign(chair)), review.CodeSignatureOrder, "s04、s05"},
		{"the chair last", first(sign(expert), sign("s04"), sign("s05"), sign(chair)), "", ""},
		{"the chair after a refusal", first(sign(expert), refuse("s04", "s05", "不同意结论"), sign("s05"), sign(chair), finalise), "", ""},
		{"finalised", first(sign(expert), sign("s04"), sign("s05"), sign(chair), finalise), "", ""},
		{"finalised too early", first(sign(expert), sign("s04"), finalise), review.CodeSignatureMissing, "s05、s02"},
		{"finalised while one has no keys", func(m *reviewtest.Room) error {
			m.Do(secretary, m.With(chair, review.SeatFreed{Seat: expert, Reason: "忘记了口令"}))
			return first(sign("s04"), sign("s05"), sign(chair), finalise)(m)
		}, review.CodeSignatureOrder, "s03"},

		{"without keys", func(m *reviewtest.Room) error {
			b := m.Signature(p01, expert)
			m.Do(secretary, m.With(chair, review.SeatFreed{Seat: expert, Reason: "忘记了口令"}))
			return m.Try(secretary, b)
		}, review.CodeSeatUnclaimed, "s03"},

		{"refused", refuse(expert, "s06", "不同意结论"), "", ""},
		{"refused without a reason", refuse(expert, "s06", ""), review.CodeTextEmpty, "reason"},
		{"refused by who need not sign", refuse("s06", "s05", "不同意结论"), review.CodeActRole, "s06"},
		{"refused by nobody", refuse("s09", "s05", "不同意结论"), review.CodeActRole, "s09"},
		{"refused after signing", first(sign(expert), refuse(expert, "s06", "不同意结论")), review.CodeSignatureGiven, "s03"},
		{"refused twice", first(refuse(expert, "s06", "不同意结论"), refuse(expert, "s06", "不同意结论")), review.CodeSignatureGiven, "s03"},
		{"signed after refusing", first(refuse(expert, "s06", "不同意结论"), sign(expert)), "", ""},
		{"refused without the witness's word", func(m *reviewtest.Room) error {
			return m.Try(secretary, review.SignatureRefused{Project: p01, Seat: expert, Reason: "不同意结论", Witness: "s04"})
		}, review.CodeActConsent, "s04"},
		{"no witness", refuse(expert, "s09", "不同意结论"), review.CodeSeatUnknown, "s09"},
		{"witnessed by himself", refuse(expert, expert, "不同意结论"), review.CodeSignatureWitness, "s03"},
		{"witnessed by the secretary", refuse(expert, secretary, "不同意结论"), review.CodeSignatureWitness, "s01"},
		{"witnessed by who has left", func(m *reviewtest.Room) error {
			m.Do(secretary, review.AttendanceRecorded{Seat: "s06", Presence: review.PresenceLeft, Reason: "有急事"})
			return refuse(expert, "s06", "不同意结论")(m)
		}, review.CodeSignatureWitness, "s06"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Join(review.RoleMember)
			m.Join(review.RoleObserver)
			m.Project(1)
			m.To(p01, review.StageSigning)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}
