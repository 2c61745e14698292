package review_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/reviewtest"
)

// jury gives a running meeting of three experts, a member and an observer, with a project
// that is at a stage.
func jury(t *testing.T, stage review.Stage) *reviewtest.Room {
	t.Helper()
	m := newRoom(t).Panel(3)
	m.Join(review.RoleMember)
	m.Join(review.RoleObserver)
	m.Project(1)
	m.To(p01, stage)
	return m
}

// laid is a jury with papers of a purpose laid before it.
func laid(t *testing.T, purpose review.Purpose, ink ...review.SeatID) *reviewtest.Room {
	t.Helper()
	m := jury(t, review.StageDeliberating)
	m.Lay(p01, purpose, ink...)
	return m
}

func signs(seat review.SeatID) func(*reviewtest.Room) error {
	return func(m *reviewtest.Room) error { return m.Try(seat, m.Signed(p01, seat)) }
}

func scans(form review.Form, seats ...review.SeatID) func(*reviewtest.Room) error {
	return func(m *reviewtest.Room) error { return m.Try(secretary, m.With(chair, m.Scan(p01, form, seats...))) }
}

func archives(m *reviewtest.Room) error { return m.Try(secretary, m.With(chair, m.Archive(p01))) }

func finalises(m *reviewtest.Room) error {
	return m.Try(secretary, review.ProjectFinalised{Project: p01})
}

func withdraws(set int) func(*reviewtest.Room) error {
	return func(m *reviewtest.Room) error {
		return m.Try(secretary, m.With(chair, review.PapersWithdrawn{Project: p01, Set: set, Reason: "变更编号有误"}))
	}
}

func takesBack(m *reviewtest.Room) error {
	return m.Try(secretary, m.With(chair, review.ConclusionWithdrawn{Project: p01, Reason: "事实有误"}))
}

func refuses(seat, witness review.SeatID) func(*reviewtest.Room) error {
	return func(m *reviewtest.Room) error {
		return m.Try(secretary, m.With(witness, review.SignatureRefused{Project: p01, Seat: seat, Reason: "不同意", Witness: witness}))
	}
}

// then does one act after another; all but the last must be allowed.
func then(acts ...func(*reviewtest.Room) error) func(*reviewtest.Room) error {
	return func(m *reviewtest.Room) error {
		for i, act := range acts[:len(acts)-1] {
			if err := act(m); err != nil {
				return fmt.Errorf("act %d: %w", i, err)
			}
		}
		return acts[len(acts)-1](m)
	}
}

// hold runs refusals on rooms of their own.
func hold(t *testing.T, room func(*testing.T) *reviewtest.Room, cases []refusal) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := c.try(room(t))
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestFulfilment holds what a version of the tables must say.
func TestFulfilment(t *testing.T) {
	record := func(f func(*review.FulfilmentRecorded)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := m.Fulfilment(p01)
			f(&b)
			return m.Try(secretary, b)
		}
	}
	term := func(f func(*review.Term)) func(*reviewtest.Room) error {
		return record(func(b *review.FulfilmentRecorded) { f(&b.Terms[0]) })
	}
	change := func(f func(*review.Change)) func(*reviewtest.Room) error {
		return record(func(b *review.FulfilmentRecorded) { f(&b.Changes[0]) })
	}
	illegal, form, empty, tooLong := review.CodeEventIllegal, review.CodeFulfilmentForm, review.CodeTextEmpty, review.CodeTextLong
	for _, c := range []refusal{
		{"good", record(func(*review.FulfilmentRecorded) {}), "", ""},
		{"no changes", record(func(b *review.FulfilmentRecorded) { b.Changes = nil }), "", ""},
		{"no terms", record(func(b *review.FulfilmentRecorded) { b.Terms = nil }), "", ""},
		{"nothing", record(func(b *review.FulfilmentRecorded) { b.Terms, b.Changes = nil, nil }), form, "terms"},
		{"out of order", record(func(b *review.FulfilmentRecorded) { b.Revision = 2 }), illegal, "fulfilment.recorded"},
		{"too many terms", record(func(b *review.FulfilmentRecorded) { b.Terms = make([]review.Term, review.MaxTerms+1) }), form, "terms"},
		{"too many changes", record(func(b *review.FulfilmentRecorded) { b.Changes = make([]review.Change, review.MaxChanges+1) }), form, "changes"},
		{"without a requirement", term(func(x *review.Term) { x.Requirement = "" }), empty, "requirement"},
		{"without what became of it", term(func(x *review.Term) { x.Actual = " " }), empty, "actual"},
		{"without part and evidence", term(func(x *review.Term) { x.Part, x.Evidence = "", "" }), "", ""},
		{"a part too long", term(func(x *review.Term) { x.Part = long(review.MaxName) }), tooLong, "40"},
		{"evidence too long", term(func(x *review.Term) { x.Evidence = long(review.MaxParagraph) }), tooLong, "200"},
		{"neither met nor not", term(func(x *review.Term) { x.Met = "" }), form, "统一身份认证"},
		{"deviating", term(func(x *review.Term) { x.Met = review.MetDeviate }), "", ""},
		{"not met", term(func(x *review.Term) { x.Met = review.MetNo }), "", ""},
		{"a change without a number", change(func(x *review.Change) { x.Number = "" }), empty, "number"},
		{"a change of nothing", change(func(x *review.Change) { x.Content = "" }), empty, "content"},
		{"a change of too much", change(func(x *review.Change) { x.Content = long(review.MaxReason) }), tooLong, "500"},
		{"approved at length", change(func(x *review.Change) { x.Approval = long(review.MaxParagraph) }), tooLong, "200"},
		{"an effect that steers", change(func(x *review.Change) { x.Effect = "a\u202eb" }), review.CodeTextControl, "effect"},
		{"one number twice", record(func(b *review.FulfilmentRecorded) { b.Changes = append(b.Changes, b.Changes[0]) }), form, "BG-01"},
		{"the same again", func(m *reviewtest.Room) error {
			b := m.Fulfilment(p01)
			m.Do(secretary, b)
			b.Revision = 2
			return m.Try(secretary, b)
		}, review.CodeFulfilmentSame, "p01"},
		{"another one", func(m *reviewtest.Room) error {
			m.Do(secretary, m.Fulfilment(p01))
			return m.Try(secretary, m.Fulfilment(p01))
		}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.try(jury(t, review.StageWaiting))
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestPapersCertified holds when papers may be laid before the panel, and which.
func TestPapersCertified(t *testing.T) {
	certify := func(purpose review.Purpose, f func(*review.PapersCertified)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := m.Set(p01, purpose)
			f(&b)
			return m.Try(secretary, b)
		}
	}
	asIs := func(*review.PapersCertified) {}
	illegal := func(name string, f func(*review.PapersCertified)) refusal {
		return refusal{name, certify(review.PurposeTables, f), review.CodeEventIllegal, "papers.certified"}
	}
	recorded := func(t *testing.T) *reviewtest.Room {
		m := jury(t, review.StageScoring)
		m.Do(secretary, m.Fulfilment(p01))
		return m
	}
	t.Run("tables", func(t *testing.T) {
		hold(t, recorded, []refusal{
			{"good", certify(review.PurposeTables, asIs), "", ""},
			{"in ink", certify(review.PurposeTables, func(b *review.PapersCertified) { b.Signers[0].Ink = true }), "", ""},
			{"one table", certify(review.PurposeTables, func(b *review.PapersCertified) { b.Papers = b.Papers[:1] }), "", ""},
			{"before anything is recorded", func(m *reviewtest.Room) error {
				p := m.Project(1)
				return m.Try(secretary, m.Set(p, review.PurposeTables))
			}, review.CodeFulfilmentMissing, "p02"},
			{"of an earlier version", func(m *reviewtest.Room) error {
				b := m.Set(p01, review.PurposeTables)
				m.Do(secretary, m.Fulfilment(p01))
				return m.Try(secretary, b)
			}, review.CodeEventIllegal, "papers.certified"},
			{"of a conclusion", certify(review.PurposeConclusion, asIs), review.CodeActStage, "scoring"},
			{"without a chair", func(m *reviewtest.Room) error {
				m.Declare(p01, chair, "曾任职于项目单位")
				return certify(review.PurposeTables, asIs)(m)
			}, review.CodeChairMissing, "p01"},
			{"twice", then(certify(review.PurposeTables, asIs), certify(review.PurposeTables, asIs)), review.CodeSetStands, "p01"},
			{"again after they were taken back", then(certify(review.PurposeTables, asIs), withdraws(1), certify(review.PurposeTables, asIs)), "", ""},
			{"by a named version", certify(review.PurposeTables, func(b *review.PapersCertified) { b.Software = "0.1.0" }), "", ""},
			{"by a version of two lines", certify(review.PurposeTables, func(b *review.PapersCertified) { b.Software = "0.1\n0" }), review.CodeTextControl, "software"},
			{"by a version too long", certify(review.PurposeTables, func(b *review.PapersCertified) { b.Software = long(review.MaxName) }), review.CodeTextLong, "40"},
			illegal("for nothing", func(b *review.PapersCertified) { b.Purpose = "fun" }),
			illegal("out of order", func(b *review.PapersCertified) { b.Set = 2 }),
			illegal("on something else", func(b *review.PapersCertified) { b.Subject = review.DigestOf(nil) }),
			illegal("no papers", func(b *review.PapersCertified) { b.Papers = nil }),
			illegal("one paper twice", func(b *review.PapersCertified) { b.Papers[1] = b.Papers[0] }),
			illegal("one code twice", func(b *review.PapersCertified) { b.Papers[1].Check = b.Papers[0].Check }),
			illegal("a paper of something else", func(b *review.PapersCertified) { b.Papers[0].Form = review.FormOpinion }),
			illegal("a number left out", func(b *review.PapersCertified) { b.Papers[0].Number = 2 }),
			illegal("no code", func(b *review.PapersCertified) { b.Papers[0].Check = "0F0F-0F0F-0F0F" }),
			illegal("a code in small letters", func(b *review.PapersCertified) { b.Papers[0].Check = "0f0f-0f0f-0f0f-0f0f" }),
			illegal("no bytes", func(b *review.PapersCertified) { b.Papers[0].Base = "" }),
			illegal("certified bytes that are none", func(b *review.PapersCertified) { b.Papers[0].Signed = "x" }),
			illegal("not certified", func(b *review.PapersCertified) { b.Papers[0].Signed = b.Papers[0].Base }),
			illegal("one left out", func(b *review.PapersCertified) { b.Signers = b.Signers[1:] }),
			illegal("one who does not sign", func(b *review.PapersCertified) { b.Signers[0].Seat = "s06" }),
			illegal("the chair first", func(b *review.PapersCertified) { slices.Reverse(b.Signers) }),
		})
	})
	voted := func(t *testing.T) *reviewtest.Room {
		m := jury(t, review.StageConcluded)
		for _, seat := range []review.SeatID{chair, expert, "s04", "s05"} {
			m.Do(seat, m.Vote(p01, seat, review.ChoiceAbstain, ""))
		}
		m.To(p01, review.StageSigning)
		return m
	}
	t.Run("conclusion", func(t *testing.T) {
		hold(t, voted, []refusal{
			{"good", certify(review.PurposeConclusion, asIs), "", ""},
			{"the opinion alone", certify(review.PurposeConclusion, func(b *review.PapersCertified) { b.Papers = b.Papers[:1] }), "", ""},
			{"no opinion", certify(review.PurposeConclusion, func(b *review.PapersCertified) { b.Papers = b.Papers[1:] }), review.CodeEventIllegal, "papers.certified"},
			{"tables", certify(review.PurposeTables, asIs), review.CodeActStage, "signing"},
			{"with a signature that is on no paper", func(m *reviewtest.Room) error {
				m.Do(expert, m.Signature(p01, expert))
				return certify(review.PurposeConclusion, asIs)(m)
			}, review.CodeSignatureGiven, "s03"},
			{"after a refusal", then(refuses(expert, "s05"), certify(review.PurposeConclusion, asIs)), "", ""},
			{"before the signing", func(m *reviewtest.Room) error {
				b := m.Set(p01, review.PurposeConclusion)
				return then(takesBack, func(m *reviewtest.Room) error { return m.Try(secretary, b) })(m)
			}, review.CodeActStage, "deliberating"},
		})
	})
	t.Run("positions", func(t *testing.T) {
		m := jury(t, review.StageSigning)
		err := certify(review.PurposeConclusion, asIs)(m)
		reviewtest.WantCode(t, err, review.CodePositionMissing)
		wantItem(t, err, "s03、s04、s05、s02")
		for _, seat := range []review.SeatID{chair, "s05"} {
			m.Do(seat, m.Vote(p01, seat, review.ChoiceAgree, ""))
		}
		leave(m, "s04") // who has left need not
		err = certify(review.PurposeConclusion, asIs)(m)
		reviewtest.WantCode(t, err, review.CodePositionMissing)
		wantItem(t, err, "s03")
		m.Do(expert, m.Vote(p01, expert, review.ChoiceDisagree, "投资偏高。"))
		if err := certify(review.PurposeConclusion, asIs)(m); err != nil {
			t.Fatal(err)
		}
		m.File()
	})
}

// TestPapersSigned holds who signs a set by key, in which order, and which bytes.
func TestPapersSigned(t *testing.T) {
	body := func(f func(*review.PapersBody)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			st := *carries(t, m.Signed(p01, expert))
			b := st.Body.(review.PapersBody)
			f(&b)
			st.Body = b
			return m.Try(expert, review.PapersSigned{Signature: m.Sign(st)})
		}
	}
	said := func(f func(*review.Statement)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			st := *carries(t, m.Signed(p01, expert))
			f(&st)
			return m.Try(expert, review.PapersSigned{Signature: m.Sign(st)})
		}
	}
	stale := review.CodeSetStale
	for _, purpose := range []review.Purpose{review.PurposeTables, review.PurposeConclusion} {
		t.Run(string(purpose), func(t *testing.T) {
			hold(t, func(t *testing.T) *reviewtest.Room { return laid(t, purpose, "s04") }, []refusal{
				{"an expert", signs(expert), "", ""},
				{"a member", signs("s05"), "", ""},
				{"an observer", signs("s06"), review.CodeActRole, "s06"},
				{"brought by the secretary", func(m *reviewtest.Room) error { return m.Try(secretary, m.Signed(p01, expert)) }, "", ""},
				{"brought by somebody else", func(m *reviewtest.Room) error { return m.Try("s05", m.Signed(p01, expert)) }, review.CodeActRole, "s05"},
				{"who is put down for ink", signs("s04"), review.CodeSignatureWay, "s04"},
				{"without keys", func(m *reviewtest.Room) error {
					b := m.Signed(p01, expert)
					m.Do(secretary, m.With(chair, review.SeatFreed{Seat: expert, Reason: "忘记了口令"}))
					return m.Try(secretary, b)
				}, review.CodeSeatUnclaimed, "s03"},
				{"with new keys", func(m *reviewtest.Room) error {
					m.Do(secretary, m.With(chair, review.SeatFreed{Seat: expert, Reason: "忘记了口令"}))
					m.Claim(expert)
					m.Certify()
					return signs(expert)(m)
				}, "", ""},
				{"twice", then(signs(expert), signs(expert)), review.CodeSignatureGiven, "s03"},
				{"the same twice", func(m *reviewtest.Room) error {
					b := m.Signed(p01, expert)
					m.Do(expert, b)
					return m.Try(secretary, b)
				}, review.CodeStatementKnown, "s03"},
				{"a second before the first", said(func(st *review.Statement) { st.Revision = 2 }), review.CodeStatementGap, "s03"},
				{"one that follows another", said(func(st *review.Statement) { st.Prev = review.DigestOf(nil) }), review.CodeStatementFork, "s03"},
				{"another set", body(func(b *review.PapersBody) { b.Set = 2 }), stale, "s03"},
				{"another subject", body(func(b *review.PapersBody) { b.Subject = review.DigestOf(nil) }), stale, "s03"},
				{"not all papers", body(func(b *review.PapersBody) { b.Papers = b.Papers[1:] }), review.CodeStatementForm, "papers"},
				{"no bytes", body(func(b *review.PapersBody) { b.Papers[0].After = "" }), review.CodeStatementForm, "papers"},
				{"nothing added", body(func(b *review.PapersBody) { b.Papers[0].After = b.Papers[0].Before }), review.CodeStatementForm, "papers"},
				{"somebody signed in between", func(m *reviewtest.Room) error {
					b := m.Signed(p01, expert)
					return then(signs("s05"), func(m *reviewtest.Room) error { return m.Try(expert, b) })(m)
				}, review.CodePaperMoved, "s03"},
				{"the chair too early", then(signs(expert), signs(chair)), review.CodeSignatureOrder, "s04、s05"},
				{"the chair before the scans", then(signs(expert), signs("s05"), signs(chair)), review.CodeSignatureOrder, "s04"},
				{"the chair after refusals", then(signs(expert), refuses("s04", "s06"), refuses("s05", expert), signs(chair)), "", ""},
				{"signed after refusing", then(refuses(expert, "s05"), signs(expert)), "", ""},
				{"the chair himself refusing", refuses(chair, "s05"), "", ""},
				{"refused after signing", then(signs(expert), refuses(expert, "s05")), review.CodeSignatureGiven, "s03"},
				{"refused twice", then(refuses(expert, "s05"), refuses(expert, "s05")), review.CodeSignatureGiven, "s03"},
				{"refused by who does not sign", refuses("s06", "s05"), review.CodeActRole, "s06"},
			})
		})
	}
	t.Run("at its own time", func(t *testing.T) {
		m := laid(t, review.PurposeConclusion)
		b := m.Signed(p01, expert)
		m.At = m.At.Add(time.Minute) // he signed before it was brought
		m.Do(secretary, b)
		p := m.State.Project(p01)
		if r := p.Sets[0].Papers[2].Revisions[1]; !r.At.Equal(carries(t, b).At) || r.At.Equal(m.State.At) || !p.Signatures[0].At.Equal(m.State.At) {
			t.Errorf("signed at %v, on record at %v", r.At, p.Signatures[0].At)
		}
	})
	t.Run("on copies", func(t *testing.T) {
		m := laid(t, review.PurposeConclusion)
		for _, seat := range []review.SeatID{expert, "s04"} {
			m.Do(seat, m.Signed(p01, seat))
		}
		one, other := m.Fork(), m.Fork()
		one.Do("s05", one.Signed(p01, "s05"))
		want := fmt.Sprint(one.State.Project(p01).Sets)
		other.At = other.At.Add(time.Minute)
		other.Do("s05", other.Signed(p01, "s05"))
		if got := fmt.Sprint(one.State.Project(p01).Sets); got != want {
			t.Errorf("what was signed on a copy shows on another: %s, was %s", got, want)
		}
	})
	t.Run("nothing to sign", func(t *testing.T) {
		m := jury(t, review.StageSigning)
		err := signs(expert)(m)
		reviewtest.WantCode(t, err, stale)
		wantItem(t, err, "s03")
		m = jury(t, review.StageScoring)
		err = refuses(expert, "s05")(m)
		reviewtest.WantCode(t, err, review.CodeActStage)
		wantItem(t, err, "scoring")
	})
	t.Run("beside the papers", func(t *testing.T) {
		m := laid(t, review.PurposeConclusion)
		err := m.Try(expert, m.Signature(p01, expert))
		reviewtest.WantCode(t, err, review.CodeSetDue)
		wantItem(t, err, "s03")
	})
}

// TestScans holds that a scan names a paper, the bytes that were printed, and people who
// sign in ink.
func TestScans(t *testing.T) {
	scan := func(f func(*review.ScanLinked), seats ...review.SeatID) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := m.Scan(p01, review.FormOpinion, seats...)
			f(&b)
			return m.Try(secretary, m.With(chair, b))
		}
	}
	asIs := func(*review.ScanLinked) {}
	base := func(m *reviewtest.Room) review.Digest { return m.State.Project(p01).Sets[0].Papers[0].Base }
	for _, c := range []refusal{
		{"one person", scan(asIs, "s04"), "", ""},
		{"both", scan(asIs, "s04", "s05"), "", ""},
		{"a picture", scan(func(b *review.ScanLinked) { b.Type = "png" }, "s04"), "", ""},
		{"a film", scan(func(b *review.ScanLinked) { b.Type = "gif" }, "s04"), review.CodeScanForm, review.CheckCode("p01 opinion 1")},
		{"nobody", scan(asIs), review.CodeEventIllegal, "scan.linked"},
		{"no bytes", scan(func(b *review.ScanLinked) { b.Scan = "" }, "s04"), review.CodeEventIllegal, "scan.linked"},
		{"out of order", scan(asIs, "s05", "s04"), review.CodeEventIllegal, "scan.linked"},
		{"twice named", scan(asIs, "s04", "s04"), review.CodeEventIllegal, "scan.linked"},
		{"who signs by key", scan(asIs, expert, "s04"), review.CodeSignatureWay, "s03"},
		{"who does not sign", scan(asIs, "s04", "s06"), review.CodeActRole, "s06"},
		{"no such paper", scan(func(b *review.ScanLinked) { b.Check = "0000-0000-0000-0000" }, "s04"), review.CodeScanCheck, "0000-0000-0000-0000"},
		{"a print of what was not certified", func(m *reviewtest.Room) error {
			return scan(func(b *review.ScanLinked) { b.Printed = base(m) }, "s04")(m)
		}, review.CodeScanCheck, review.CheckCode("p01 opinion 1")},
		{"a print of another paper", func(m *reviewtest.Room) error {
			return scan(func(b *review.ScanLinked) { b.Printed = m.State.Project(p01).Sets[0].Papers[1].Latest() }, "s04")(m)
		}, review.CodeScanCheck, review.CheckCode("p01 opinion 1")},
		{"a print of what somebody has signed since", then(signs(expert), func(m *reviewtest.Room) error {
			return scan(func(b *review.ScanLinked) { b.Printed = m.State.Project(p01).Sets[0].Papers[0].Latest() }, "s04")(m)
		}), "", ""},
		{"the same people again", then(scan(asIs, "s04", "s05"), scan(asIs, "s04", "s05")), "", ""},
		{"one of them again", then(scan(asIs, "s04", "s05"), scan(asIs, "s04")), "", ""},
		{"who signs by key, the second time", then(scan(asIs, "s04"), scan(asIs, expert, "s04")), review.CodeSignatureWay, "s03"},
		{"one person more", then(scan(asIs, "s04"), scan(asIs, "s04", "s05")), "", ""},
		{"of another set", scan(func(b *review.ScanLinked) { b.Set = 2 }, "s04"), review.CodeSetMissing, "p01"},
		{"of papers that were taken back", func(m *reviewtest.Room) error {
			b := m.Scan(p01, review.FormOpinion, "s04")
			return then(takesBack, func(m *reviewtest.Room) error { return m.Try(secretary, m.With(chair, b)) })(m)
		}, review.CodeSetMissing, "p01"},
		{"by the secretary alone", func(m *reviewtest.Room) error {
			return m.Try(secretary, m.Scan(p01, review.FormOpinion, "s04"))
		}, review.CodeActConsent, "s02"},
		{"with who has signed on it", func(m *reviewtest.Room) error {
			return m.Try(secretary, m.With("s04", m.Scan(p01, review.FormOpinion, "s04")))
		}, review.CodeActConsent, "s02"},
		{"by the chair", func(m *reviewtest.Room) error {
			return m.Try(chair, m.With(secretary, m.Scan(p01, review.FormOpinion, "s04")))
		}, review.CodeActRole, "s02"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.try(laid(t, review.PurposeConclusion, "s04", "s05"))
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestInk holds that who signs in ink has signed when a scan of every paper names him, that
// the chair's ink comes in any order, and that better scans are kept beside the earlier ones
// and sign nothing twice, until the set is closed.
func TestInk(t *testing.T) {
	m := laid(t, review.PurposeConclusion, chair, "s04")
	unsigned := func(want string) {
		t.Helper()
		p := m.State.Project(p01)
		if got := fmt.Sprint(m.State.UnsignedSet(p, p.Standing(review.PurposeConclusion)), m.State.Unsigned(p)); got != want+" "+want {
			t.Errorf("unsigned %s, want %s twice", got, want)
		}
	}
	must := func(acts ...func(*reviewtest.Room) error) {
		t.Helper()
		if err := then(acts...)(m); err != nil {
			t.Fatal(err)
		}
	}
	must(scans(review.FormOpinion, chair, "s04"), scans(review.FormTally, chair, "s04"))
	unsigned("[s03 s04 s05 s02]")
	must(scans(review.FormPanel, chair))
	unsigned("[s03 s04 s05]")
	must(signs(expert), signs("s05"))
	reviewtest.WantCode(t, archives(m), review.CodeSignatureMissing)
	must(scans(review.FormPanel, chair, "s04"))
	unsigned("[]")
	must(scans(review.FormPanel, chair, "s04"), scans(review.FormPanel, "s04"))
	unsigned("[]")
	p := m.State.Project(p01)
	var got []string
	for _, g := range p.Signatures {
		if g.Subject != p.Conclusion.Digest || g.Ink != (g.Statement == "") || g.At.IsZero() {
			t.Errorf("signature %+v", g)
		}
		got = append(got, fmt.Sprint(g.Seat, g.Ink))
	}
	if want := "[s02true s03false s05false s04true]"; fmt.Sprint(got) != want {
		t.Errorf("signatures %v, want %s", got, want)
	}
	var kept []string
	files := map[review.Digest]bool{}
	for _, x := range p.Sets[0].Scans {
		kept, files[x.Scan] = append(kept, fmt.Sprint(x.Form, x.Number, x.Seats)), true
	}
	if want := "[opinion1 [s02 s04] tally1 [s02 s04] panel1 [s02] panel1 [s02 s04] panel1 [s02 s04] panel1 [s04]]"; fmt.Sprint(kept) != want || len(files) != len(kept) {
		t.Errorf("scans %v of %d files, want %s", kept, len(files), want)
	}
	must(archives)
	reviewtest.WantCode(t, scans(review.FormPanel, "s04")(m), review.CodeSetMissing)
	must(finalises)
	m.File()
}

// TestArchived holds that papers are closed when everybody has signed, with the consent of
// the meeting's chair, and then never change.
func TestArchived(t *testing.T) {
	archive := func(f func(*review.PapersArchived)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := m.Archive(p01)
			f(&b)
			return m.Try(secretary, m.With(chair, b))
		}
	}
	complete := func(purpose review.Purpose) func(t *testing.T) *reviewtest.Room {
		return func(t *testing.T) *reviewtest.Room {
			m := laid(t, purpose)
			for _, seat := range []review.SeatID{expert, "s04", "s05", chair} {
				m.Do(seat, m.Signed(p01, seat))
			}
			return m
		}
	}
	illegal := func(name string, f func(*review.PapersArchived)) refusal {
		return refusal{name, archive(f), review.CodeEventIllegal, "papers.archived"}
	}
	for _, purpose := range []review.Purpose{review.PurposeTables, review.PurposeConclusion} {
		t.Run(string(purpose), func(t *testing.T) {
			hold(t, complete(purpose), []refusal{
				{"good", archives, "", ""},
				illegal("no certificate", func(b *review.PapersArchived) { b.Certificate = nil }),
				illegal("not all papers", func(b *review.PapersArchived) { b.Papers = b.Papers[1:] }),
				illegal("no bytes", func(b *review.PapersArchived) { b.Papers[0] = "" }),
				{"nothing added", func(m *reviewtest.Room) error {
					return archive(func(b *review.PapersArchived) { b.Papers[0] = m.State.Project(p01).Sets[0].Papers[0].Latest() })(m)
				}, review.CodeEventIllegal, "papers.archived"},
				{"another set", archive(func(b *review.PapersArchived) { b.Set = 2 }), review.CodeSetMissing, "p01"},
				{"twice", then(archives, archive(func(b *review.PapersArchived) { b.Set = 1 })), review.CodeSetMissing, "p01"},
				{"alone", func(m *reviewtest.Room) error { return m.Try(secretary, m.Archive(p01)) }, review.CodeActConsent, "s02"},
				{"signed after it", then(archives, func(m *reviewtest.Room) error {
					return m.Try(expert, review.PapersSigned{Signature: m.Say(expert, review.StatementPapers, p01, review.PapersBody{Set: 1})})
				}), review.CodeSetStale, "s03"},
				{"scanned after it", then(archives, func(m *reviewtest.Room) error {
					b := m.Scan(p01, review.FormOpinion, expert)
					b.Set = 1
					return m.Try(secretary, m.With(chair, b))
				}), review.CodeSetMissing, "p01"},
				{"certified anew", then(archives, func(m *reviewtest.Room) error { return m.Try(secretary, m.Set(p01, purpose)) }), review.CodeSetStands, "p01"},
			})
		})
	}
	t.Run("too early", func(t *testing.T) {
		m := laid(t, review.PurposeConclusion)
		err := then(signs(expert), archives)(m)
		reviewtest.WantCode(t, err, review.CodeSignatureMissing)
		wantItem(t, err, "s04、s05、s02")
		err = finalises(m)
		reviewtest.WantCode(t, err, review.CodeSignatureMissing)
		wantItem(t, err, "s04、s05、s02")
	})
	t.Run("never", func(t *testing.T) {
		err := finalises(complete(review.PurposeConclusion)(t))
		reviewtest.WantCode(t, err, review.CodePapersOpen)
		wantItem(t, err, "p01")
	})
	t.Run("refused after it", func(t *testing.T) {
		err := then(archives, refuses(expert, "s05"))(complete(review.PurposeConclusion)(t))
		reviewtest.WantCode(t, err, review.CodeSignatureGiven)
		wantItem(t, err, "s03")
	})
	t.Run("by the meeting's chair", func(t *testing.T) {
		m := jury(t, review.StageScoring)
		m.Do(secretary, review.ChairNamed{Project: p01, Seat: expert, Reason: "组长与项目单位有合作"})
		m.Lay(p01, review.PurposeTables)
		for _, seat := range []review.SeatID{chair, "s04", "s05", expert} {
			m.Do(seat, m.Signed(p01, seat))
		}
		err := m.Try(secretary, m.With(expert, m.Archive(p01)))
		reviewtest.WantCode(t, err, review.CodeActConsent)
		wantItem(t, err, "s02")
		m.Do(secretary, m.With(chair, m.Archive(p01)))
		if got := m.State.Project(p01).Sets[0].Consenter; got != chair {
			t.Errorf("closed with %s", got)
		}
	})
	t.Run("without a chair of the meeting", func(t *testing.T) {
		m := complete(review.PurposeTables)(t)
		m.State.Chair = "" // no act leads there; if one ever does, nobody closes papers alone
		err := m.Try(secretary, m.Archive(p01))
		reviewtest.WantCode(t, err, review.CodeChairMissing)
		wantItem(t, err, "")
	})
}

// TestTables holds the round of signing before the conclusion: what takes tables out of
// count, and that the panel does not conclude while they are out.
func TestTables(t *testing.T) {
	conclude := func(m *reviewtest.Room) error {
		p := m.State.Project(p01)
		if len(p.Opinion) == 0 {
			m.Do(secretary, review.OpinionDrafted{Project: p01, Revision: 1, Paragraphs: []review.OpinionParagraph{{Text: "可行。", Section: "总体评价"}}})
		}
		return m.Try(chair, review.ConclusionReached{Project: p01, Outcome: "pass", Opinion: 1})
	}
	record := func(m *reviewtest.Room) error { return m.Try(secretary, m.Fulfilment(p01)) }
	hold(t, func(t *testing.T) *reviewtest.Room { return laid(t, review.PurposeTables) }, []refusal{
		{"concluded meanwhile", conclude, review.CodePapersOpen, "p01"},
		{"concluded after they were taken back", then(withdraws(1), conclude), "", ""},
		{"concluded after what they say has changed", then(record, conclude), "", ""},
		{"taken back without a reason", func(m *reviewtest.Room) error {
			return m.Try(secretary, m.With(chair, review.PapersWithdrawn{Project: p01, Set: 1}))
		}, review.CodeTextEmpty, "reason"},
		{"taken back twice", then(withdraws(1), withdraws(1)), review.CodeSetMissing, "p01"},
		{"another taken back", withdraws(2), review.CodeSetMissing, "p01"},
		{"signed after they were taken back", func(m *reviewtest.Room) error {
			b := m.Signed(p01, expert)
			return then(withdraws(1), func(m *reviewtest.Room) error { return m.Try(expert, b) })(m)
		}, review.CodeSetStale, "s03"},
		{"signed after what they say has changed", func(m *reviewtest.Room) error {
			b := m.Signed(p01, expert)
			return then(record, func(m *reviewtest.Room) error { return m.Try(expert, b) })(m)
		}, review.CodeSetStale, "s03"},
	})
	t.Run("all the way", func(t *testing.T) {
		m := laid(t, review.PurposeTables, "s04")
		set := func(n int) review.PaperSet { return m.State.Project(p01).Sets[n-1] }
		m.Do(expert, m.Signed(p01, expert))
		if err := record(m); err != nil {
			t.Fatal(err)
		}
		if x := set(1); x.Void != "履约情况另有更正" || len(x.Papers[0].Revisions) != 2 || m.State.Project(p01).Signing() != nil {
			t.Errorf("the first is %+v", x)
		}
		m.Do(secretary, m.Set(p01, review.PurposeTables))
		m.Lay(p01, review.PurposeConclusion) // signs and archives the tables on the way
		if x := set(2); x.Void != "" || x.Archive == nil || x.Papers[0].Number != 2 || x.Papers[0].Latest() == "" {
			t.Errorf("the second is %+v", x)
		}
		if err := takesBack(m); err != nil {
			t.Fatal(err)
		}
		if set(2).Void != "" || set(3).Void != "事实有误" {
			t.Errorf("void are %q, %q", set(2).Void, set(3).Void)
		}
		if err := record(m); err != nil { // archived or not, they say what is no longer so
			t.Fatal(err)
		}
		if set(2).Void == "" || m.State.Issued(review.FormChanges) != 2 || m.State.Issued(review.FormOpinion) != 1 {
			t.Errorf("the second is %+v", set(2))
		}
		m.Lay(p01, review.PurposeConclusion)
		m.File()
		p := m.State.Project(p01)
		if x := p.Standing(review.PurposeConclusion); x == nil || x.Number != 4 || x.Archive == nil || p.Standing(review.PurposeTables) != nil {
			t.Errorf("standing %+v", x)
		}
	})
	t.Run("what hangs on it", func(t *testing.T) {
		m := laid(t, review.PurposeTables, "s05")
		member := m.Join(review.RoleMember) // comes too late to sign
		m.Do("s04", m.Signed(p01, "s04"))
		m.Do(secretary, m.With(chair, m.Scan(p01, review.FormChanges, "s05")))
		for seat, want := range map[review.SeatID]bool{"s04": true, "s05": true, "s06": false, member: false} {
			if got := m.State.Stakes(seat); got != want {
				t.Errorf("%s: something hangs on the keys: %v, want %v", seat, got, want)
			}
		}
	})
	t.Run("suspended", func(t *testing.T) {
		m := laid(t, review.PurposeTables)
		m.To(p01, review.StageSuspended)
		if p := m.State.Project(p01); p.Signing() != nil || p.Sets[0].Void != "材料不齐" {
			t.Errorf("the set is %+v", p.Sets[0])
		}
		m.File()
	})
}

// replaces puts a new expert in a seat's place.
func replaces(seat review.SeatID) func(*reviewtest.Room) error {
	return func(m *reviewtest.Room) error {
		by := m.Join(review.RoleExpert)
		for _, p := range m.State.Projects {
			if m.State.May(by, review.KindDeclarationGiven, p.ID, by) == nil {
				m.Declare(p.ID, by, "")
			}
		}
		return m.Try(secretary, m.With(chair, review.SeatReplaced{Seat: seat, By: by, Reason: "突发疾病"}))
	}
}

// TestSignersGone holds that tables which are being signed are void once one of those who
// are to sign them stands aside or is replaced, and that the way on is to certify anew.
func TestSignersGone(t *testing.T) {
	declares := func(seat review.SeatID) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error { return m.Try(seat, m.DeclarationOf(p01, seat, "想起曾任顾问")) }
	}
	recuses := func(seat review.SeatID, recused bool) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			return m.Try(secretary, m.With(chair, review.RecusalDecided{Project: p01, Seat: seat, Recused: recused, Reason: "与项目单位有合作"}))
		}
	}
	joins := func(m *reviewtest.Room) error {
		m.Declare(p01, m.Join(review.RoleExpert), "")
		return nil
	}
	const aside, replaced = "签署人中有人回避", "签署人中有人更换"
	for _, c := range []struct {
		name string
		does func(*reviewtest.Room) error
		void string
		left string // the signers of the tables that are certified next
	}{
		{"by his own declaration", declares(expert), aside, "[s04 s05 s02]"},
		{"by the officers", recuses(expert, true), aside, "[s04 s05 s02]"},
		{"and back", then(recuses(expert, true), recuses(expert, false)), aside, "[s03 s04 s05 s02]"},
		{"who has signed", then(signs(expert), recuses(expert, true)), aside, "[s04 s05 s02]"},
		{"replaced", replaces(expert), replaced, "[s04 s05 s07 s02]"},
		{"who does not sign stands aside", then(joins, declares("s07")), "", "[s03 s04 s05 s02]"},
		{"who does not sign is replaced", then(joins, replaces("s07")), "", "[s03 s04 s05 s02]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := laid(t, review.PurposeTables)
			if err := c.does(m); err != nil {
				t.Fatal(err)
			}
			if set := m.State.Project(p01).Sets[0]; set.Void != c.void {
				t.Fatalf("void is %q, want %q", set.Void, c.void)
			}
			if c.void != "" {
				m.Do(secretary, m.Set(p01, review.PurposeTables))
			}
			var left []review.SeatID
			for _, x := range m.State.Project(p01).Signing().Signers {
				left = append(left, x.Seat)
			}
			if got := fmt.Sprint(left); got != c.left {
				t.Errorf("signers %s, want %s", got, c.left)
			}
			m.File()
			if set := m.State.Project(p01).Standing(review.PurposeTables); set.Archive == nil {
				t.Errorf("the tables are %+v", set)
			}
		})
	}
	t.Run("archived", func(t *testing.T) {
		m := laid(t, review.PurposeTables)
		if err := then(signs(expert), signs("s04"), signs("s05"), signs(chair), archives, declares(expert))(m); err != nil {
			t.Fatal(err)
		}
		if set := m.State.Project(p01).Sets[0]; set.Void != "" {
			t.Errorf("void is %q", set.Void)
		}
		m.File()
	})
	t.Run("of another project", func(t *testing.T) {
		m := laid(t, review.PurposeTables)
		q := m.Project(1)
		m.Declare(q, expert, "曾任顾问")
		if m.State.Project(p01).Signing() == nil {
			t.Error("the tables are void")
		}
		if err := replaces(expert)(m); err != nil {
			t.Fatal(err)
		}
		if set := m.State.Project(p01).Sets[0]; set.Void != replaced {
			t.Errorf("void is %q", set.Void)
		}
		m.File()
	})
	t.Run("neither by key nor in ink", func(t *testing.T) {
		m := laid(t, review.PurposeTables, "s04")
		p := m.State.Project(p01)
		// No act leads there; if one ever does, who stands aside signs in neither way.
		p.Recusals = append(p.Recusals, review.Recusal{Seat: expert}, review.Recusal{Seat: "s04"})
		err := signs(expert)(m)
		reviewtest.WantCode(t, err, review.CodeRecused)
		wantItem(t, err, "s03")
		err = scans(review.FormChanges, "s04")(m)
		reviewtest.WantCode(t, err, review.CodeRecused)
		wantItem(t, err, "s04")
	})
}

// TestSignerReplaced holds that who signs a conclusion without having scored may be replaced
// while it is signed: he signs no more, in neither way, and is put on record as not signing,
// or the conclusion is taken back; nobody signs in his place.
func TestSignerReplaced(t *testing.T) {
	room := func(t *testing.T) *reviewtest.Room {
		m := jury(t, review.StageDeliberating)
		late := m.Join(review.RoleExpert) // s07: there for the conclusion, not for the scoring
		m.Lay(p01, review.PurposeConclusion, late)
		return m
	}
	gone := then(scans(review.FormOpinion, "s07"), replaces("s07"))
	hold(t, room, []refusal{
		{"whose ballot counts", replaces(expert), review.CodeActStage, "signing"},
		{"his ink", then(gone, scans(review.FormTally, "s07")), review.CodeActRole, "s07"},
		{"the other's ink", then(gone, scans(review.FormTally, "s08")), review.CodeActRole, "s08"},
		{"the other's key", then(gone, signs("s08")), review.CodeActRole, "s08"},
		{"not without him", then(gone, signs(expert), signs("s04"), signs("s05"), signs(chair)), review.CodeSignatureOrder, "s07"},
		{"taken back", then(gone, takesBack), "", ""},
	})
	t.Run("by key", func(t *testing.T) {
		m := jury(t, review.StageDeliberating)
		m.Join(review.RoleExpert)
		m.Lay(p01, review.PurposeConclusion)
		err := then(replaces("s07"), signs("s07"))(m)
		reviewtest.WantCode(t, err, review.CodeStatementSeat)
		wantItem(t, err, "s07")
	})
	m := room(t)
	if err := then(gone, refuses("s07", "s04"), signs(expert), signs("s04"), signs("s05"), signs(chair), archives, finalises)(m); err != nil {
		t.Fatal(err)
	}
	m.File()
	m = room(t)
	if err := gone(m); err != nil {
		t.Fatal(err)
	}
	m.File() // a room finds the way by itself
}

// TestEarlierSigning holds that a review which the version before papers left in 签署 goes
// on: to papers where nobody has signed yet, else to the end by signatures on none.
func TestEarlierSigning(t *testing.T) {
	begun := func(t *testing.T, signed ...review.SeatID) *reviewtest.Room {
		m := jury(t, review.StageSigning)
		for _, seat := range signed {
			m.Do(seat, m.Signature(p01, seat))
		}
		m.State = fold(t, m.Events) // as a new version opens it
		return m
	}
	for _, refused := range []bool{false, true} {
		t.Run(fmt.Sprintf("nobody has signed, one refused %v", refused), func(t *testing.T) {
			m := begun(t)
			if refused {
				m.Do(secretary, review.SignatureRefused{Project: p01, Seat: "s04", Reason: "不同意", Witness: expert})
			}
			reviewtest.WantCode(t, m.Try(secretary, m.Set(p01, review.PurposeConclusion)), review.CodePositionMissing)
			for _, seat := range m.State.Signatories(m.State.Project(p01)) {
				m.Do(seat, m.Vote(p01, seat, review.ChoiceAgree, ""))
			}
			m.Do(secretary, m.Set(p01, review.PurposeConclusion))
			m.File()
			if set := m.State.Project(p01).Standing(review.PurposeConclusion); set == nil || set.Archive == nil {
				t.Errorf("the papers are %+v", set)
			}
		})
	}
	for _, signed := range [][]review.SeatID{{expert}, {expert, "s04", "s05", chair}} {
		t.Run(fmt.Sprintf("%d have signed", len(signed)), func(t *testing.T) {
			m := begun(t, signed...)
			err := m.Try(secretary, m.Set(p01, review.PurposeConclusion))
			reviewtest.WantCode(t, err, review.CodeSignatureGiven)
			wantItem(t, err, "s03")
			m.File()
			p := m.State.Project(p01)
			if len(p.Sets) != 0 || len(p.Signatures) != 4 || p.Stage != review.StageFinal {
				t.Errorf("%s, %d sets, signatures %+v", p.Stage, len(p.Sets), p.Signatures)
			}
			if !reflect.DeepEqual(fold(t, m.Events), m.State) {
				t.Error("the events fold to another state")
			}
		})
	}
	t.Run("to papers by way of another conclusion", func(t *testing.T) {
		m := begun(t, expert)
		if err := takesBack(m); err != nil {
			t.Fatal(err)
		}
		m.Lay(p01, review.PurposeConclusion)
		m.File()
	})
}

// signed holds a meeting to its end in which papers are signed by key and in ink, taken
// back, void, and archived.
func signed(t *testing.T) *reviewtest.Room {
	m := laid(t, review.PurposeTables, "s04")
	m.Do(expert, m.Signed(p01, expert))
	m.Do(secretary, m.With(chair, m.Scan(p01, review.FormChanges, "s04")))
	m.Do(secretary, m.Fulfilment(p01))
	m.Do(secretary, m.Set(p01, review.PurposeTables))
	m.Do(secretary, m.With(chair, review.PapersWithdrawn{Project: p01, Set: 2, Reason: "变更编号有误"}))
	m.Do(secretary, m.Set(p01, review.PurposeTables, "s05"))
	m.Lay(p01, review.PurposeConclusion, expert)
	m.Do(secretary, m.With(chair, m.Scan(p01, review.FormTally, expert)))
	m.Do("s04", m.Signed(p01, "s04"))
	m.Do(secretary, m.With(chair, review.ConclusionWithdrawn{Project: p01, Reason: "事实有误"}))
	m.Lay(p01, review.PurposeConclusion)
	m.Do("s04", m.Vote(p01, "s04", review.ChoiceDisagree, "投资偏高。"))
	m.File()
	return m
}

// TestSets holds what is on record of a set at its end, and that a withdrawn conclusion
// takes its papers with it.
func TestSets(t *testing.T) {
	m := laid(t, review.PurposeConclusion, "s05")
	m.Do(expert, m.Signed(p01, expert))
	if err := takesBack(m); err != nil {
		t.Fatal(err)
	}
	p := m.State.Project(p01)
	if p.Signing() != nil || p.Standing(review.PurposeConclusion) != nil || p.Sets[0].Void != "事实有误" {
		t.Errorf("sets %+v", p.Sets)
	}
	m.Lay(p01, review.PurposeConclusion, "s05")
	before := m.State.At
	m.File()
	p = m.State.Project(p01)
	set := p.Standing(review.PurposeConclusion)
	if set.Number != 2 || set.Subject != p.Conclusion.Digest || string(set.Archive) != "archive" || set.Consenter != chair || !set.At.Equal(before) {
		t.Errorf("the set is %+v", set)
	}
	blobs := m.State.Blobs()
	named := func(d review.Digest) {
		t.Helper()
		if !slices.Contains(blobs, d) {
			t.Errorf("%s is not among the blobs", d)
		}
	}
	for _, s := range p.Sets {
		for _, x := range s.Papers {
			named(x.Base)
			for _, r := range x.Revisions {
				named(r.Signed)
			}
		}
		for _, x := range s.Scans {
			named(x.Scan)
		}
	}
	for i, form := range []review.Form{review.FormOpinion, review.FormTally, review.FormPanel} {
		x := set.Paper(form)
		var seats []review.SeatID
		for j, r := range x.Revisions {
			seats = append(seats, r.Seat)
			if (r.Statement == "") != (r.Seat == secretary || r.Seat == "") || r.At.IsZero() || j > 0 && r.Signed == x.Revisions[j-1].Signed {
				t.Errorf("revision %d of %s: %+v", j, form, r)
			}
		}
		if x != &set.Papers[i] || x.Number != 2 || fmt.Sprint(seats) != "[s01 s03 s04 s02 ]" || x.Latest() != x.Revisions[4].Signed {
			t.Errorf("%s: %+v", form, x)
		}
	}
	if set.Paper(review.FormMinutes) != nil || !set.Signed("s05") || !set.Signed(expert) || set.Signed(secretary) || set.Signed("s06") {
		t.Error("others have signed than should")
	}
	if n := len(set.Scans); n != 3 || len(p.Signatures) != 5 {
		t.Errorf("%d scans, %d signatures", n, len(p.Signatures))
	}
	if !reflect.DeepEqual(fold(t, m.Events), m.State) {
		t.Error("the events fold to another state")
	}
}

// TestLateDissent holds that a dissent after the papers were certified is an annex with a
// paper of its own and voids nothing, and that no other position comes too late.
func TestLateDissent(t *testing.T) {
	vote := func(c review.Choice, text string, paper review.Digest) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			body := review.VoteBody{Conclusion: m.State.Project(p01).Conclusion.Digest, Choice: c, Text: text, Paper: paper}
			return m.Try(expert, review.VoteCast{Vote: m.Say(expert, review.StatementVote, p01, body)})
		}
	}
	own := review.DigestOf([]byte("不同意见书"))
	dissent := vote(review.ChoiceDisagree, "投资偏高。", own)
	hold(t, func(t *testing.T) *reviewtest.Room { return laid(t, review.PurposeConclusion) }, []refusal{
		{"a dissent", dissent, "", ""},
		{"a dissent after signing", then(signs(expert), dissent), "", ""},
		{"a reservation without a paper", vote(review.ChoiceReserve, "投资偏高。", ""), "", ""},
		{"of no bytes", vote(review.ChoiceReserve, "投资偏高。", "x"), review.CodeStatementForm, "vote"},
		{"agreeing", vote(review.ChoiceAgree, "", ""), review.CodeActStage, "signing"},
	})
	hold(t, func(t *testing.T) *reviewtest.Room { return jury(t, review.StageSigning) }, []refusal{
		{"agreeing before there are papers", vote(review.ChoiceAgree, "", ""), "", ""},
		{"agreeing at length", vote(review.ChoiceAgree, "", own), review.CodeEventIllegal, "vote.cast"},
		{"dissenting", dissent, "", ""},
	})
	m := laid(t, review.PurposeConclusion)
	if err := then(signs(expert), dissent)(m); err != nil {
		t.Fatal(err)
	}
	p := m.State.Project(p01)
	v, _ := p.Vote(expert, p.Conclusion.Digest)
	if !v.Annex || v.Paper != own || !slices.Contains(m.State.Blobs(), own) || !p.Signing().Signed(expert) || v.Revision != 2 {
		t.Errorf("his position is %+v", v)
	}
	m.File()
}

// dissents is the expert dissenting with a 不同意见书; it gives the file.
func dissents(m *reviewtest.Room) review.Digest {
	p := m.State.Project(p01)
	v := review.VoteBody{Conclusion: p.Conclusion.Digest, Choice: review.ChoiceDisagree, Text: "投资偏高。"}
	v.Paper = review.DigestOf(fmt.Appendf(nil, "不同意见书%d", len(p.Votes)))
	m.Do(expert, review.VoteCast{Vote: m.Say(expert, review.StatementVote, p01, v)})
	return v.Paper
}

// voidsDissent gives the act that makes the paper of the n-th vote void, without the consent.
func voidsDissent(m *reviewtest.Room, n int) review.DissentVoided {
	v := m.State.Project(p01).Votes[n-1]
	return review.DissentVoided{Project: p01, Seat: v.Seat, Statement: v.Statement, Reason: "文件无法打开"}
}

// TestDissentVoided holds that the officers can take a 不同意见书 out of count, once, at any
// time until the meeting is sealed: the position stands and the file is kept.
func TestDissentVoided(t *testing.T) {
	voids := func(n int, f func(*review.DissentVoided)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := voidsDissent(m, n)
			f(&b)
			return m.Try(secretary, m.With(chair, b))
		}
	}
	asIs := func(*review.DissentVoided) {}
	hold(t, func(t *testing.T) *reviewtest.Room {
		m := jury(t, review.StageConcluded)
		m.Do("s04", m.Vote(p01, "s04", review.ChoiceReserve, "投资偏高。"))
		dissents(m)
		dissents(m)
		return m
	}, []refusal{
		{"good", voids(3, asIs), "", ""},
		{"one that another has followed", voids(2, asIs), "", ""},
		{"both", then(voids(2, asIs), voids(3, asIs)), "", ""},
		{"twice", then(voids(3, asIs), voids(3, asIs)), review.CodeDissentMissing, "s03"},
		{"where there is no paper", voids(1, asIs), review.CodeDissentMissing, "s04"},
		{"of somebody else", voids(3, func(b *review.DissentVoided) { b.Seat = "s04" }), review.CodeDissentMissing, "s04"},
		{"of no vote", voids(3, func(b *review.DissentVoided) { b.Statement = review.DigestOf(nil) }), review.CodeDissentMissing, "s03"},
		{"without a reason", voids(3, func(b *review.DissentVoided) { b.Reason = " " }), review.CodeTextEmpty, "reason"},
		{"alone", func(m *reviewtest.Room) error { return m.Try(secretary, voidsDissent(m, 3)) }, review.CodeActConsent, "s02"},
		{"by himself", func(m *reviewtest.Room) error { return m.Try(expert, m.With(chair, voidsDissent(m, 3))) }, review.CodeActRole, "s03"},
	})
	ends := func(stage review.Stage) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			m.To(p01, stage)
			return m.Try(secretary, m.With(chair, review.FilingBegun{}))
		}
	}
	nothing := func(*reviewtest.Room) error { return nil }
	for _, c := range []struct {
		name  string
		first func(*reviewtest.Room) error
	}{
		{"while it is signed", nothing},
		{"when it is final", func(m *reviewtest.Room) error { m.To(p01, review.StageFinal); return nil }},
		{"while it is filed", ends(review.StageFinal)},
		{"suspended", ends(review.StageSuspended)},
		{"suspended after the conclusion was taken back", then(takesBack, ends(review.StageSuspended))},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := laid(t, review.PurposeConclusion)
			file := dissents(m)
			if err := c.first(m); err != nil {
				t.Fatal(err)
			}
			n := len(m.State.Project(p01).Votes)
			before, copied := m.State.Project(p01).Votes[n-1], m.State.Clone()
			m.Do(secretary, m.With(chair, voidsDissent(m, n)))
			want := before
			want.VoidPaper = "文件无法打开"
			if got := m.State.Project(p01).Votes[n-1]; got != want || got.Paper != file || !slices.Contains(m.State.Blobs(), file) {
				t.Errorf("the position is %+v, want %+v", got, want)
			}
			if got := copied.Project(p01).Votes[n-1]; got != before {
				t.Errorf("on a copy made before it is %+v", got)
			}
			if !reflect.DeepEqual(fold(t, m.Events), m.State) {
				t.Error("the events fold to another state")
			}
		})
	}
	t.Run("and anew", func(t *testing.T) {
		m := laid(t, review.PurposeConclusion)
		dissents(m)
		if err := voids(5, asIs)(m); err != nil {
			t.Fatal(err)
		}
		file := dissents(m)
		reviewtest.WantCode(t, voids(5, asIs)(m), review.CodeDissentMissing) // the earlier is void, whatever followed
		p := m.State.Project(p01)
		if v, _ := p.Vote(expert, p.Conclusion.Digest); v.Paper != file || v.VoidPaper != "" || p.Votes[4].VoidPaper == "" {
			t.Errorf("his positions are %+v", p.Votes[4:])
		}
		m.File()
	})
}
