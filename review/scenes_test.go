package review_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/reviewtest"
)

// The scenes below are what goes wrong in meetings. Each shows with which code it
// comes to light, and how the meeting is brought to its end all the same.

func leave(m *reviewtest.Room, seat review.SeatID) {
	m.Do(secretary, review.AttendanceRecorded{Seat: seat, Presence: review.PresenceLeft, Reason: "突发疾病"})
}

// TestSameNames: two experts have one name; their units tell them apart.
func TestSameNames(t *testing.T) {
	m := newRoom(t)
	m.Join(review.RoleExpert)
	twin := review.SeatAdded{Seat: "s03", Person: review.Person{Name: "第s02人", Roles: []review.Role{review.RoleExpert}}}
	err := m.Try(secretary, twin)
	reviewtest.WantCode(t, err, review.CodeSeatTwin)
	wantItem(t, err, "s02")
	twin.Unit = "规划院"
	m.Do(secretary, twin)
	m.Claim("s03")
	m.Do("s03", m.PromiseOf("s03"))
	m.Do(secretary, review.ChairNamed{Seat: chair})
	m.Confirm()
	m.Project(2)
	m.File()
}

// TestChairRecused: the chair stands aside for one project; the panel names another
// for it alone. Before scoring nothing begins without one; in the middle of scoring
// the ballots are sealed anew.
func TestChairRecused(t *testing.T) {
	m := newRoom(t).Panel(3)
	q, r := m.Project(2), m.Project(2)
	m.Declare(q, chair, "现任职于项目单位")
	by, begin := m.Next(q)
	err := m.Try(by, begin)
	reviewtest.WantCode(t, err, review.CodeChairMissing)
	wantItem(t, err, string(q))
	m.Do(secretary, review.ChairNamed{Project: q, Seat: expert})
	m.To(q, review.StageFinal)
	if sig := m.State.Project(q).Signatures; sig[len(sig)-1].Seat != expert || len(sig) != 2 {
		t.Errorf("signatures %+v", sig)
	}

	m.To(r, review.StageScoring)
	m.Submit(r, chair)
	m.Submit(r, expert)
	m.Declare(r, chair, "想起曾任顾问")
	err = m.Try("s04", review.BallotSubmitted{Ballot: m.BallotOf(r, "s04", reviewtest.RoomSheet())})
	reviewtest.WantCode(t, err, review.CodeBallotSeal)
	m.Do(secretary, review.ChairNamed{Project: r, Seat: expert})
	if got := fmt.Sprint(m.State.Waiting(m.State.Project(r))); got != "[s03 s04]" {
		t.Errorf("waiting for %s", got)
	}
	m.To(r, review.StageFinal)
	p := m.State.Project(r)
	if b := p.Rounds[0].Ballots; len(b) != 4 || b[2].Revision != 2 || len(p.Counted(&p.Rounds[0])) != 2 {
		t.Errorf("ballots %+v", b)
	}
	m.File()
}

// TestProjectChairRecused: the 组长 of one project alone stands aside. The meeting's
// presides over it again, if he can.
func TestProjectChairRecused(t *testing.T) {
	m := panel(t, 3, review.StageWaiting)
	m.Do(secretary, review.ChairNamed{Project: p01, Seat: expert, Reason: "专业更相近"})
	m.Declare(p01, expert, "现任职于项目单位")
	if got := m.State.Presiding(m.State.Project(p01)); got != chair {
		t.Errorf("%q presides", got)
	}
	m.Declare(p01, chair, "现任职于项目单位")
	if got := m.State.Presiding(m.State.Project(p01)); got != "" {
		t.Errorf("%q presides", got)
	}
	m.Do(secretary, review.ChairNamed{Project: p01, Seat: "s04"})
	m.File()
}

// TestChairIllAfterSubmission: the chair, to whom all ballots are sealed, is taken ill.
// Without a recovery sheet nobody can open them: who is there seals again, and the
// chair's own ballot is made void. With the sheet everything counts as it is.
func TestChairIllAfterSubmission(t *testing.T) {
	for _, sheet := range []bool{false, true} {
		t.Run(fmt.Sprintf("recovery sheet %v", sheet), func(t *testing.T) {
			m := newRoom(t).Panel(3)
			if sheet {
				m.Do(chair, review.SheetPrinted{})
			}
			m.Project(2)
			m.To(p01, review.StageScoring)
			for _, seat := range []review.SeatID{chair, expert, "s04"} {
				m.Submit(p01, seat)
			}
			leave(m, chair)
			m.Do(secretary, review.ChairNamed{Seat: expert, Reason: "组长突发疾病"})
			closing := review.RoundClosed{Project: p01, Number: 1}
			if !sheet {
				err := m.Try(secretary, closing)
				reviewtest.WantCode(t, err, review.CodeBallotMissing)
				wantItem(t, err, "s03、s04")
				m.Submit(p01, expert)
				m.Submit(p01, "s04")
				err = m.Try(secretary, closing)
				reviewtest.WantCode(t, err, review.CodeBallotStale)
				wantItem(t, err, "s02")
				m.Do(secretary, m.With(expert, review.BallotVoided{Project: p01, Seat: chair, Reason: "组长离会，评分无法开封"}))
			}
			m.Do(secretary, closing)
			m.To(p01, review.StageSigning)
			// He took part, so he signs or is on record as not signing.
			m.Do(secretary, review.SignatureRefused{Project: p01, Seat: chair, Reason: "因病离会，不能签字", Witness: "s04"})
			m.File()
			p := m.State.Project(p01)
			if got, want := len(p.Counted(&p.Rounds[0])), map[bool]int{false: 2, true: 3}[sheet]; got != want {
				t.Errorf("%d ballots count, want %d", got, want)
			}
			if len(p.Signatures) != 2 || p.Signatures[1].Seat != expert {
				t.Errorf("signatures %+v", p.Signatures)
			}
		})
	}
}

// TestChairIllAfterClosing: the ballots are closed when the chair is taken ill, and
// there is no sheet. Nothing can be opened; the project is suspended and, as the same
// package, reviewed anew.
func TestChairIllAfterClosing(t *testing.T) {
	m := newRoom(t).Panel(3)
	m.Project(2)
	m.To(p01, review.StageOpening)
	leave(m, chair)
	m.Do(secretary, review.ChairNamed{Seat: expert, Reason: "组长突发疾病"})
	p := m.State.Project(p01)
	for _, b := range p.Counted(p.Round()) {
		if m.State.Openable(p, b) {
			t.Errorf("somebody can open the ballot of %s", b.Seat)
		}
	}
	m.To(p01, review.StageSuspended)
	again := m.Events[len(m.Events)-1]
	for _, e := range m.Events {
		if _, ok := e.Body.(review.ProjectAdded); ok {
			again = e
		}
	}
	b := again.Body.(review.ProjectAdded)
	b.Project = "p02"
	m.Do(secretary, b)
	m.Declare("p02", expert, "")
	m.Declare("p02", "s04", "")
	m.File()
	if m.State.Project("p02").Stage != review.StageFinal {
		t.Error("the package was not reviewed")
	}
}

// TestChairLeaves: a chair who left cannot begin a round, and until another is named
// nothing that takes both officers can be done without him.
func TestChairLeaves(t *testing.T) {
	m := panel(t, 3, review.StageWaiting)
	leave(m, chair)
	by, begin := m.Next(p01)
	err := m.Try(by, begin)
	reviewtest.WantCode(t, err, review.CodeChairUnfit)
	wantItem(t, err, "s02")
	err = m.Try(secretary, m.With(expert, review.QuorumWaived{Project: p01, Reason: "继续"}))
	reviewtest.WantCode(t, err, review.CodeActConsent)
	wantItem(t, err, "s02")
	m.Do(secretary, review.ChairNamed{Seat: expert, Reason: "组长离会"})
	m.To(p01, review.StageSigning)
	m.Do(secretary, review.SignatureRefused{Project: p01, Seat: chair, Reason: "离会", Witness: "s04"})
	m.File()
}

// TestQuorumLost: experts leave in the middle. The officers go on with fewer, or
// somebody comes, or the project is suspended.
func TestQuorumLost(t *testing.T) {
	start := func(t *testing.T) *reviewtest.Room {
		m := newRoom(t).Panel(3)
		m.Project(3)
		m.To(p01, review.StageScoring)
		m.Submit(p01, chair)
		m.Submit(p01, expert)
		leave(m, "s04")
		err := m.Try(secretary, review.RoundClosed{Project: p01, Number: 1})
		reviewtest.WantCode(t, err, review.CodeQuorum)
		wantItem(t, err, "p01")
		return m
	}
	t.Run("waived", func(t *testing.T) {
		m := start(t)
		m.Do(secretary, m.With(chair, review.QuorumWaived{Project: p01, Reason: "到会专家一致同意继续"}))
		m.To(p01, review.StageSigning)
		m.Do(secretary, review.SignatureRefused{Project: p01, Seat: "s04", Reason: "离会", Witness: expert})
		m.File()
	})
	t.Run("a late arrival", func(t *testing.T) {
		m := start(t)
		late := m.Join(review.RoleExpert)
		err := m.Try(late, review.BallotSubmitted{Ballot: m.BallotOf(p01, late, reviewtest.RoomSheet())})
		reviewtest.WantCode(t, err, review.CodeDeclarationMissing)
		m.Declare(p01, late, "")
		m.To(p01, review.StageSigning)
		m.Do(secretary, review.SignatureRefused{Project: p01, Seat: "s04", Reason: "离会", Witness: expert})
		m.File()
		if p := m.State.Project(p01); len(p.Counted(&p.Rounds[0])) != 3 {
			t.Errorf("%d ballots count", len(p.Counted(&p.Rounds[0])))
		}
	})
	t.Run("he comes back", func(t *testing.T) {
		m := start(t)
		m.Do(secretary, review.AttendanceRecorded{Seat: "s04", Presence: review.PresencePresent})
		m.File()
	})
	t.Run("suspended", func(t *testing.T) {
		m := start(t)
		m.To(p01, review.StageSuspended)
		m.File()
	})
	t.Run("after the opening", func(t *testing.T) {
		m := newRoom(t).Panel(3)
		m.Project(3)
		m.To(p01, review.StageDeliberating)
		m.Declare(p01, "s04", "想起曾任顾问")
		m.Do(secretary, review.OpinionDrafted{Project: p01, Revision: 1, Paragraphs: []review.OpinionParagraph{{Text: "方案可行。"}}})
		err := m.Try(chair, review.ConclusionReached{Project: p01, Outcome: "pass", Opinion: 1})
		reviewtest.WantCode(t, err, review.CodeRoundNeeded)
		by, round := m.Next(p01)
		reviewtest.WantCode(t, m.Try(by, round), review.CodeQuorum)
		m.Do(secretary, m.With(chair, review.QuorumWaived{Project: p01, Reason: "到会专家一致同意继续"}))
		m.File()
	})
}

// TestCodeForgotten: without a draft the secretary alone takes the keys out of use;
// with a draft or a ballot it takes the chair. Who comes back claims his seat anew and
// gets a certificate; what he gave before stands.
func TestCodeForgotten(t *testing.T) {
	freed := review.SeatFreed{Seat: "s04", Reason: "忘记了口令"}
	t.Run("without a draft", func(t *testing.T) {
		m := panel(t, 3, review.StageScoring)
		m.Do(secretary, freed)
		err := m.Try("s04", review.DraftBegun{Key: review.ScoreDraft(p01, 1)})
		reviewtest.WantCode(t, err, review.CodeSeatUnclaimed)
		m.Claim("s04")
		err = m.Try("s04", review.BallotSubmitted{Ballot: m.BallotOf(p01, "s04", reviewtest.RoomSheet())})
		reviewtest.WantCode(t, err, review.CodeSeatUnclaimed) // no certificate yet
		m.Certify()
		m.File()
	})
	t.Run("with a draft", func(t *testing.T) {
		m := panel(t, 3, review.StageScoring)
		key := review.ScoreDraft(p01, 1)
		m.Do("s04", review.DraftBegun{Key: key})
		err := m.Try(secretary, freed)
		reviewtest.WantCode(t, err, review.CodeActConsent)
		wantItem(t, err, "s02")
		m.Do(secretary, m.With(chair, freed))
		m.Claim("s04")
		m.Certify()
		m.Do("s04", review.DraftDropped{Key: key}) // nobody can read it any more
		m.File()
	})
	t.Run("with a ballot", func(t *testing.T) {
		m := panel(t, 3, review.StageScoring)
		m.Submit(p01, "s04")
		m.Do(secretary, m.With(chair, freed))
		m.Claim("s04")
		m.Certify()
		err := m.Try("s04", review.BallotSubmitted{Ballot: m.BallotOf(p01, "s04", reviewtest.RoomSheet())})
		reviewtest.WantCode(t, err, review.CodeBallotGiven)
		m.File()
		if b := m.State.Project(p01).Rounds[0].Ballots; len(b) != 3 {
			t.Errorf("%d ballots", len(b))
		}
	})
	t.Run("the chair's", func(t *testing.T) {
		m := panel(t, 3, review.StageScoring)
		m.Submit(p01, "s04")
		m.Do(secretary, m.With(expert, review.SeatFreed{Seat: chair, Reason: "忘记了口令"}))
		m.Claim(chair)
		m.Certify()
		m.File()
		if b, _ := m.State.Project(p01).Rounds[0].Ballot("s04"); b.Revision != 2 {
			t.Errorf("the ballot was not sealed to the chair's new key: %+v", b)
		}
	})
	t.Run("the chair's, who has the former keys", func(t *testing.T) {
		m := panel(t, 3, review.StageScoring)
		m.Submit(p01, "s04")
		m.Do(secretary, m.With(expert, review.SeatFreed{Seat: chair, Reason: "更换设备"}))
		claim := m.ClaimOf(chair)
		st := *carries(t, claim)
		body := st.Body.(review.ClaimBody)
		body.Former = []string{m.State.Seats[1].Former[0].Seal}
		st.Body = body
		claim.Claim = m.Sign(st)
		m.Do(chair, claim)
		m.Certify()
		m.File()
		if b, _ := m.State.Project(p01).Rounds[0].Ballot("s04"); b.Revision != 1 {
			t.Errorf("the ballot was sealed again: %+v", b)
		}
	})
	t.Run("the secretary's", func(t *testing.T) {
		m := panel(t, 3, review.StageScoring)
		m.Submit(p01, "s04")
		m.Do(chair, m.With(expert, review.SeatFreed{Seat: secretary, Reason: "忘记了口令"}))
		err := m.Try(secretary, review.MinutesRecorded{Paragraphs: []string{"继续。"}})
		reviewtest.WantCode(t, err, review.CodeSeatUnclaimed)
		m.Claim(secretary)
		m.Certify()
		m.File()
	})
}

// TestClockBack: the machine's clock is set back. The program says so on record; the
// order of entries is in no doubt.
func TestClockBack(t *testing.T) {
	m := panel(t, 1, review.StageWaiting)
	from := m.State.At
	m.At = from.Add(-time.Hour)
	m.Do(review.Program, review.ClockMoved{From: from, To: m.At.Truncate(0)})
	want := review.ClockMove{Index: m.State.Size - 1, From: from, To: from.Add(-time.Hour)}
	if got := m.State.ClockMoves; len(got) != 1 || got[0] != want {
		t.Errorf("moves %+v, want %+v", got, want)
	}
	err := m.Try(review.Program, review.ClockMoved{From: from, To: from.Add(-time.Hour)})
	reviewtest.WantCode(t, err, review.CodeEventIllegal)
	m.File()
}

// TestReplayed: a ballot from another meeting, round, package, project, scheme or
// revision is refused, is kept on record as refused, and changes nothing.
func TestReplayed(t *testing.T) {
	m := newRoom(t).Panel(3)
	m.Project(2)
	m.Project(2)
	m.To(p01, review.StageScoring)
	first := m.BallotOf(p01, expert, reviewtest.RoomSheet())
	m.Do(expert, review.BallotSubmitted{Ballot: first})
	m.To(p01, review.StageDeliberating)
	m.Do(secretary, review.RoundBegun{Project: p01, Number: 2, Nonce: m.Nonce()})
	m.To("p02", review.StageScoring)
	good := m.Statement(expert, review.StatementBallot, p01, carries(t, review.BallotSubmitted{Ballot: first}).Body)
	for name, c := range map[string]struct {
		change func(*review.Statement)
		code   review.Code
	}{
		"another meeting":  {func(st *review.Statement) { st.Meeting = "zbcdefghijklmnopqrstuvwxyz" }, review.CodeStatementMeeting},
		"another round":    {func(st *review.Statement) { *st = *carries(t, review.BallotSubmitted{Ballot: first}) }, review.CodeStatementRound},
		"another package":  {func(st *review.Statement) { st.Package = review.DigestOf(nil) }, review.CodeStatementPackage},
		"another project":  {func(st *review.Statement) { st.Project = "p02" }, review.CodeStatementPackage},
		"another scheme":   {func(st *review.Statement) { st.Scheme = review.DigestOf(nil) }, review.CodeStatementScheme},
		"another revision": {func(st *review.Statement) { st.Revision = 2 }, review.CodeStatementGap},
	} {
		t.Run(name, func(t *testing.T) {
			st := good
			c.change(&st)
			g := m.Sign(st)
			err := m.Try(secretary, review.BallotSubmitted{Ballot: g})
			reviewtest.WantCode(t, err, c.code)
			m.Do(secretary, review.StatementRefused{Statement: g.Digest(), Seat: st.Seat, Code: c.code})
			if r := m.State.Refused[len(m.State.Refused)-1]; r.Code != c.code || r.Statement != g.Digest() {
				t.Errorf("on record is %+v", r)
			}
		})
	}
	m.File()
}

// TestTwoBallots: two different ballots of one revision. The second is refused and
// kept on record; the first stands.
func TestTwoBallots(t *testing.T) {
	m := panel(t, 3, review.StageScoring)
	other := reviewtest.RoomSheet()
	other.Marks[0].Value = "2"
	one, two := m.BallotOf(p01, expert, reviewtest.RoomSheet()), m.BallotOf(p01, expert, other)
	m.Do(secretary, review.BallotSubmitted{Ballot: one})
	err := m.Try(secretary, review.BallotSubmitted{Ballot: two})
	reviewtest.WantCode(t, err, review.CodeStatementFork)
	wantItem(t, err, "s03")
	m.Do(secretary, review.StatementRefused{Statement: two.Digest(), Seat: expert, Code: review.CodeOf(err)})
	reviewtest.WantCode(t, m.Try(secretary, review.BallotSubmitted{Ballot: one}), review.CodeStatementKnown)
	m.File()
	if b := m.State.Project(p01).Rounds[0].Ballots[0]; b.Statement != one.Digest() || b.Sheet.Marks[0].Value != "8.5" {
		t.Errorf("what counts is %+v", b)
	}
}

// TestReplacement: an expert is replaced at each stage. His ballot is void and kept;
// the one who took his place reviews anew (招标投标法实施条例第四十八条).
func TestReplacement(t *testing.T) {
	for _, stage := range []review.Stage{review.StageWaiting, review.StageScoring, review.StageOpening, review.StageDeliberating, review.StageConcluded, review.StageSigning, review.StageFinal} {
		t.Run(string(stage), func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Project(3)
			m.To(p01, stage)
			if stage == review.StageScoring {
				m.Submit(p01, "s04")
			}
			came := m.Join(review.RoleExpert)
			replace := func() error {
				return m.Try(secretary, m.With(chair, review.SeatReplaced{Seat: "s04", By: came, Reason: "突发疾病"}))
			}
			leave(m, "s04")
			if stage == review.StageConcluded || stage == review.StageSigning {
				err := replace()
				reviewtest.WantCode(t, err, review.CodeActStage)
				wantItem(t, err, string(stage))
				m.Do(secretary, m.With(chair, review.ConclusionWithdrawn{Project: p01, Reason: "更换专家"}))
			}
			before := m.State.Project(p01).Stage
			if err := replace(); err != nil {
				t.Fatal(err)
			}
			p := m.State.Project(p01)
			after := map[review.Stage]review.Stage{review.StageOpening: review.StageScoring}[before]
			if after == "" {
				after = before
			}
			if p.Stage != after || p.Redo != (before == review.StageDeliberating) {
				t.Errorf("from %s to %s, a new round %v", before, p.Stage, p.Redo)
			}
			if before == review.StageScoring || before == review.StageOpening || before == review.StageDeliberating {
				b, given := p.Rounds[0].Ballot("s04")
				if _, void := p.Void(1, "s04"); !void || !given || b.Sheet != nil != (before == review.StageDeliberating) {
					t.Errorf("the ballot %+v is void: %v", b, void)
				}
			} else if len(p.Voids) > 0 {
				t.Errorf("void: %+v", p.Voids)
			}
			if p.Ended() {
				m.File()
				return
			}
			if p.Redo {
				m.Do(secretary, review.OpinionDrafted{Project: p01, Revision: len(p.Opinion) + 1, Paragraphs: []review.OpinionParagraph{{Text: "方案可行。"}}})
				err := m.Try(chair, review.ConclusionReached{Project: p01, Outcome: "pass", Opinion: len(p.Opinion) + 1})
				reviewtest.WantCode(t, err, review.CodeRoundNeeded)
			}
			m.Declare(p01, came, "")
			m.File()
			p = m.State.Project(p01)
			if _, ok := p.Round().Ballot(came); !ok || len(p.Counted(p.Round())) != 3 {
				t.Errorf("the last round has %d ballots that count", len(p.Counted(p.Round())))
			}
			for _, g := range p.Signatures {
				if g.Seat == "s04" {
					t.Error("who was replaced signed")
				}
			}
		})
	}
}

// TestLateRecusal: an expert stands aside after he submitted, or after the opening.
// His ballot is void and kept, whatever stage the review is at; and if the officers
// let him in again, he scores anew.
func TestLateRecusal(t *testing.T) {
	for _, stage := range []review.Stage{review.StageScoring, review.StageOpening, review.StageDeliberating} {
		t.Run(string(stage), func(t *testing.T) {
			m := newRoom(t).Panel(4)
			m.Project(3)
			m.To(p01, review.StageScoring)
			m.Submit(p01, expert)
			m.To(p01, stage)
			m.Declare(p01, expert, "想起曾任顾问")
			p := m.State.Project(p01)
			_, kept := p.Rounds[0].Ballot(expert)
			// Who has seen all scores does not choose by leaving what the conclusion rests on.
			seen := stage == review.StageDeliberating
			if _, void := p.Void(1, expert); !void || !kept || p.Stage != stage || p.Redo != seen {
				t.Errorf("void %v, kept %v, stage %s, a new round %v", void, kept, p.Stage, p.Redo)
			}
			m.File()
			p = m.State.Project(p01)
			if n := len(p.Counted(p.Round())); n != 3 || len(p.Signatures) != 3 {
				t.Errorf("%d ballots count, %d signatures", n, len(p.Signatures))
			}
		})
	}
	t.Run("too late", func(t *testing.T) {
		m := panel(t, 3, review.StageConcluded)
		err := m.Try(expert, m.DeclarationOf(p01, expert, "想起曾任顾问"))
		reviewtest.WantCode(t, err, review.CodeActStage)
		wantItem(t, err, "concluded")
		m.Do(secretary, m.With(chair, review.ConclusionWithdrawn{Project: p01, Reason: "有专家应当回避"}))
		m.Declare(p01, expert, "想起曾任顾问")
		m.File()
	})
	t.Run("and back", func(t *testing.T) {
		m := panel(t, 3, review.StageScoring)
		m.Submit(p01, expert)
		m.Declare(p01, expert, "与项目单位同名")
		m.Do(secretary, m.With(chair, review.RecusalDecided{Project: p01, Seat: expert, Reason: "同名单位，并无关联"}))
		m.Submit(p01, expert)
		m.File()
		p := m.State.Project(p01)
		if b, _ := p.Rounds[0].Ballot(expert); b.Revision != 2 || b.Sheet == nil || len(p.Counted(&p.Rounds[0])) != 3 {
			t.Errorf("his ballot is %+v", b)
		}
	})
}

// TestMemberSigns: a member signs and does not score.
func TestMemberSigns(t *testing.T) {
	m := newRoom(t).Panel(2)
	m.Join(review.RoleMember)
	m.Project(2)
	m.To(p01, review.StageScoring)
	err := m.Try("s04", review.BallotSubmitted{Ballot: m.BallotOf(p01, "s04", reviewtest.RoomSheet())})
	reviewtest.WantCode(t, err, review.CodeActRole)
	wantItem(t, err, "s04")
	m.To(p01, review.StageSigning)
	for _, seat := range []review.SeatID{expert, chair} {
		if err = m.Try(seat, m.Signature(p01, seat)); err != nil {
			break
		}
	}
	reviewtest.WantCode(t, err, review.CodeSignatureOrder)
	wantItem(t, err, "s04")
	m.Do("s04", m.Signature(p01, "s04"))
	m.File()
}

// TestRefusal: one will not sign. The secretary and a witness put it on record, and
// the review becomes final without his signature.
func TestRefusal(t *testing.T) {
	m := panel(t, 3, review.StageSigning)
	m.Do("s04", m.Signature(p01, "s04"))
	finalise := review.ProjectFinalised{Project: p01}
	err := m.Try(secretary, finalise)
	reviewtest.WantCode(t, err, review.CodeSignatureMissing)
	wantItem(t, err, "s03、s02")
	refused := review.SignatureRefused{Project: p01, Seat: expert, Reason: "不同意结论，拒绝签字且不陈述理由", Witness: secretary}
	reviewtest.WantCode(t, m.Try(secretary, refused), review.CodeSignatureWitness)
	refused.Witness = "s04"
	m.Do(secretary, refused)
	m.File()
	p := m.State.Project(p01)
	want := review.Refusal{Seat: expert, Reason: refused.Reason, Witness: "s04", Subject: p.Conclusion.Digest, At: p.Refusals[0].At}
	if len(p.Refusals) != 1 || p.Refusals[0] != want || len(p.Signatures) != 2 {
		t.Errorf("refusals %+v, %d signatures", p.Refusals, len(p.Signatures))
	}
}

// TestDissent: a dissent is recorded in full before the signatures, can be changed by
// a later one, and after the end is an annex that voids nothing.
func TestDissent(t *testing.T) {
	m := panel(t, 3, review.StageConcluded)
	m.Do(expert, m.Vote(p01, expert, review.ChoiceDisagree, "投资测算依据不足。"))
	m.Do(expert, m.Vote(p01, expert, review.ChoiceReserve, "投资测算依据应当补充。"))
	m.To(p01, review.StageFinal)
	signed := m.State.Project(p01).Signatures
	m.Do("s04", m.Vote(p01, "s04", review.ChoiceDisagree, "会后发现测算有误。"))
	p := m.State.Project(p01)
	if p.Stage != review.StageFinal || len(p.Signatures) != len(signed) || !p.Votes[2].Annex || p.Votes[0].Annex {
		t.Errorf("stage %s, votes %+v", p.Stage, p.Votes)
	}
	if v, ok := p.Vote(expert, p.Conclusion.Digest); !ok || v.Revision != 2 || v.Choice != review.ChoiceReserve || len(p.Votes) != 3 {
		t.Errorf("his position is %+v of %d", v, len(p.Votes))
	}
	m.File()
	err := m.Try("s04", m.Vote(p01, "s04", review.ChoiceDisagree, "再说一次。"))
	reviewtest.WantCode(t, err, review.CodeActPhase)
}

// TestWithdrawn: a conclusion is taken back with signatures on it. They are kept and
// count for nothing, even where the panel comes to the very same conclusion again.
func TestWithdrawn(t *testing.T) {
	m := panel(t, 3, review.StageSigning)
	given := m.Signature(p01, "s04")
	m.Do("s04", given)
	m.Do(secretary, review.SignatureRefused{Project: p01, Seat: expert, Reason: "不同意结论", Witness: "s04"})
	first := *m.State.Project(p01).Conclusion
	for range 2 { // and once more
		m.Do(secretary, m.With(chair, review.ConclusionWithdrawn{Project: p01, Reason: "事实有误"}))
		m.Do(chair, review.ConclusionReached{Project: p01, Outcome: "pass", Opinion: 1})
		m.Do(secretary, review.SigningBegun{Project: p01})
	}
	p := m.State.Project(p01)
	if p.Conclusion.Digest == first.Digest || p.Conclusion.Digest == p.Withdrawn[1].Digest || len(p.Withdrawn) != 2 || !reflect.DeepEqual(p.Withdrawn[0], first) {
		t.Errorf("the conclusion %s is that of before, %s", p.Conclusion.Digest, first.Digest)
	}
	if got := fmt.Sprint(m.State.Unsigned(p)); got != "[s03 s04 s02]" || len(p.Signatures) != 1 || len(p.Refusals) != 1 {
		t.Errorf("unsigned %s", got)
	}
	err := m.Try("s04", given)
	reviewtest.WantCode(t, err, review.CodeVoteConclusion)
	wantItem(t, err, "s04")
	m.File()
	p = m.State.Project(p01)
	if len(p.Signatures) != 4 || len(p.Refusals) != 1 {
		t.Errorf("%d signatures, %d refusals", len(p.Signatures), len(p.Refusals))
	}
}

// TestFactWrong: a fact is found wrong in the room; after the conclusion it is taken
// back first.
func TestFactWrong(t *testing.T) {
	m := panel(t, 3, review.StageConcluded)
	correction := m.With(chair, review.FactCorrected{Project: p01, Key: "budget", Old: "236", New: "263", Evidence: "概算书第3页"})
	err := m.Try(secretary, correction)
	reviewtest.WantCode(t, err, review.CodeActStage)
	m.Do(secretary, m.With(chair, review.ConclusionWithdrawn{Project: p01, Reason: "投资额有误"}))
	m.Do(secretary, correction)
	m.File()
	if c := m.State.Project(p01).Corrections; len(c) != 1 || c[0].Old != "236" || c[0].New != "263" {
		t.Errorf("corrections %+v", c)
	}
}

// TestFilingTooEarly: the filing waits for every project.
func TestFilingTooEarly(t *testing.T) {
	m := newRoom(t).Panel(1)
	m.Project(1)
	m.Project(1)
	m.To(p01, review.StageFinal)
	err := m.Try(secretary, m.With(chair, review.FilingBegun{}))
	reviewtest.WantCode(t, err, review.CodeProjectOpen)
	wantItem(t, err, "p02")
	m.To("p02", review.StageSuspended)
	m.File()
}

// TestChairReplacedWhileScoring: another is named in the middle of the scoring while
// the first stays; everybody seals his ballot to the new one.
func TestChairReplacedWhileScoring(t *testing.T) {
	m := panel(t, 3, review.StageScoring)
	for _, seat := range []review.SeatID{chair, expert, "s04"} {
		m.Submit(p01, seat)
	}
	m.Do(secretary, review.ChairNamed{Seat: expert, Reason: "组长另有公务"})
	err := m.Try(expert, review.RoundClosed{Project: p01, Number: 1})
	reviewtest.WantCode(t, err, review.CodeBallotMissing)
	wantItem(t, err, "s02、s03、s04")
	m.File()
	for _, b := range m.State.Project(p01).Rounds[0].Ballots {
		if (b.Revision == 2) != (b.Sheet != nil) {
			t.Errorf("revision %d of %s is open: %v", b.Revision, b.Seat, b.Sheet != nil)
		}
	}
}
