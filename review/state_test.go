package review_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// fold applies events from the beginning.
func fold(t testing.TB, events []review.Event) *review.State {
	t.Helper()
	s := &review.State{}
	for _, e := range events {
		if err := s.Apply(e); err != nil {
			t.Fatalf("event %d, %s: %v", e.Index, e.Body.Kind(), err)
		}
	}
	return s
}

// whole holds a meeting of two projects from its first entry to its last.
func whole(t testing.TB) *reviewtest.Room {
	t.Helper()
	m := newRoom(t)
	m.Join(review.RoleExpert)
	m.Join(review.RoleExpert)
	m.Join(review.RoleExpert, review.RoleMember)
	m.Join(review.RoleMember)
	m.Do(secretary, review.ChairNamed{Seat: chair})
	m.Confirm()
	m.Do(secretary, review.MinutesRecorded{Paragraphs: []string{"会议开始。", "宣布纪律。"}})
	p, q := m.Project(3), m.Project(2)
	m.Declare(q, chair, "现任职于项目单位")
	m.Do(secretary, review.ChairNamed{Project: q, Seat: expert})
	m.To(p, review.StageDeliberating)
	m.To(q, review.StageOpening)
	m.Do(secretary, review.RoundBegun{Project: p, Number: 2, Nonce: m.Nonce()})
	m.To(p, review.StageConcluded)
	m.Do("s04", m.Vote(p, "s04", review.ChoiceReserve, "投资偏高。"))
	m.Do(secretary, review.PaperIssued{Form: review.FormMinutes, Number: 1, Base: review.DigestOf([]byte("b")), Signed: review.DigestOf([]byte("s"))})
	m.File()
	return m
}

// TestWhole holds what a meeting amounts to in the end.
func TestWhole(t *testing.T) {
	m := whole(t)
	s := fold(t, m.Events)
	if !reflect.DeepEqual(s, m.State) {
		t.Error("the events fold to another state")
	}
	p, q := s.Project("p01"), s.Project("p02")
	switch {
	case s.Phase != review.PhaseSealed || s.Size != int64(len(m.Events)) || !s.At.Equal(m.Events[len(m.Events)-1].At):
		t.Errorf("phase %s, size %d, at %v", s.Phase, s.Size, s.At)
	case p.Stage != review.StageFinal || q.Stage != review.StageFinal:
		t.Errorf("stages %s, %s", p.Stage, q.Stage)
	case len(p.Rounds) != 2 || len(p.Rounds[0].Ballots) != 3 || len(p.Rounds[1].Ballots) != 3 || len(q.Rounds[0].Ballots) != 2:
		t.Errorf("rounds %+v, %+v", p.Rounds, q.Rounds)
	case p.Rounds[0].Nonce == p.Rounds[1].Nonce || p.Rounds[0].Nonce == q.Rounds[0].Nonce:
		t.Error("two rounds have one nonce")
	case s.Presiding(p) != chair || s.Presiding(q) != expert:
		t.Errorf("%s and %s preside", s.Presiding(p), s.Presiding(q))
	case fmt.Sprint(s.Signatories(p)) != "[s03 s04 s05 s02]" || fmt.Sprint(s.Signatories(q)) != "[s04 s05 s03]":
		t.Errorf("signatories %v, %v", s.Signatories(p), s.Signatories(q))
	case p.Signatures[3].Seat != chair || q.Signatures[2].Seat != expert:
		t.Error("the chair did not sign last")
	case len(s.KeyBlobs()) != 0:
		t.Errorf("keys are left: %v", s.KeyBlobs())
	case s.Papers[0].NumberName() != "minutes-01" || s.Issued(review.FormMinutes) != 1:
		t.Errorf("papers %+v", s.Papers)
	}
	for i, x := range s.Minutes {
		if x.Number != i+1 || x.By != secretary {
			t.Errorf("paragraph %d is %+v", i, x)
		}
	}
	if err := s.May(secretary, review.KindMinutesRecorded, "", ""); err == nil {
		t.Error("something may still happen after the end")
	}
	if seat, ok := s.Seat("s99"); ok || s.Project("p99") != nil {
		t.Errorf("there are %+v, %v", seat, s.Project("p99"))
	}
	for _, id := range []review.SeatID{"", "s", "s1", "s001", "S01", "t01", "s-1", "s99999999999999999999"} {
		if seat, ok := s.Seat(id); ok {
			t.Errorf("%q is the seat %s", id, seat.ID)
		}
	}
}

// TestBlobs holds that the state names exactly the content that events name, and after
// the sealing no key.
func TestBlobs(t *testing.T) {
	m := whole(t)
	s := m.State
	if got := s.Blobs(); !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Errorf("blobs %v are not sorted, each once", got)
	}
	var ciphers []review.Digest
	for _, p := range s.Projects {
		for _, r := range p.Rounds {
			for _, b := range r.Ballots {
				ciphers = append(ciphers, b.Cipher)
			}
		}
	}
	ciphers = append(ciphers, s.Papers[0].Base, s.Papers[0].Signed)
	slices.Sort(ciphers)
	if got := s.Blobs(); !slices.Equal(got, ciphers) {
		t.Errorf("blobs %v, want %v", got, ciphers)
	}
	before := fold(t, m.Events[:len(m.Events)-1])
	keys := []review.Digest{before.AuthorityKey}
	for _, x := range before.Seats {
		keys = append(keys, x.KeyFile)
	}
	slices.Sort(keys)
	if got := before.KeyBlobs(); !slices.Equal(got, keys) {
		t.Errorf("keys %v, want %v", got, keys)
	}
	// The keys of a seat that was freed are still there, until the sealing.
	n := newRoom(t)
	n.Join(review.RoleExpert)
	old := n.State.Seats[1].KeyFile
	n.Do(secretary, review.SeatFreed{Seat: "s02", Reason: "忘记了口令"})
	n.Claim("s02")
	if got := n.State.KeyBlobs(); len(got) != 3 || !slices.Contains(got, old) {
		t.Errorf("keys %v", got)
	}
}

// TestClone holds that a copy has everything that can still change for itself.
func TestClone(t *testing.T) {
	for _, m := range []*reviewtest.Room{whole(t), signed(t)} {
		for n := range m.Events {
			s, again := fold(t, m.Events[:n]), fold(t, m.Events[:n])
			c := s.Clone()
			if !reflect.DeepEqual(c, s) {
				t.Fatalf("after %d events the copy differs", n)
			}
			for _, e := range m.Events[n:] {
				if err := c.Apply(e); err != nil {
					t.Fatal(err)
				}
			}
			if !reflect.DeepEqual(s, again) {
				t.Fatalf("what followed on the copy changed the original of %d events", n)
			}
		}
	}
}

// TestDrill holds that a meeting says from its first entry whether it is in earnest, and
// that one that is in earnest says so in the bytes of the versions before there were drills.
func TestDrill(t *testing.T) {
	first := newRoom(t).Events[0]
	earnest := encode(t, first)
	body := first.Body.(review.MeetingCreated)
	body.Drill = true
	first.Body = body
	drill, err := review.DecodeEvent(encode(t, first))
	if err != nil {
		t.Fatal(err)
	}
	if !fold(t, []review.Event{drill}).Drill || newRoom(t).State.Drill || bytes.Contains(earnest, []byte("drill")) {
		t.Errorf("%s begins a drill", earnest)
	}
}

// TestDrafts holds which act ends which draft, and that Ends says so beforehand.
func TestDrafts(t *testing.T) {
	m := panel(t, 3, review.StageScoring)
	has := func(seat review.SeatID, key string) bool {
		x, _ := m.State.Seat(seat)
		return slices.Contains(x.Drafts, key)
	}
	ends := func(by review.SeatID, key string, body func() review.Body) {
		t.Helper()
		m.Do(by, review.DraftBegun{Key: key})
		b := body()
		if got := m.State.Ends(b); got != key {
			t.Errorf("%s ends %q, want %q", b.Kind(), got, key)
		}
		m.Do(by, b)
		if has(by, key) {
			t.Errorf("the draft %s is still there after %s", key, b.Kind())
		}
	}
	ends(secretary, review.MinutesDraft, func() review.Body { return review.MinutesRecorded{Paragraphs: []string{"开始。"}} })
	ends(expert, review.OpinionDraft(p01), func() review.Body { return review.DraftDropped{Key: review.OpinionDraft(p01)} })
	ends(expert, review.ScoreDraft(p01, 1), func() review.Body {
		return review.BallotSubmitted{Ballot: m.BallotOf(p01, expert, reviewtest.RoomSheet())}
	})
	m.To(p01, review.StageDeliberating)
	ends(chair, review.OpinionDraft(p01), func() review.Body {
		return review.OpinionDrafted{Project: p01, Revision: 1, Paragraphs: []review.OpinionParagraph{{Text: "方案可行。"}}}
	})
	m.To(p01, review.StageConcluded)
	ends(expert, review.VoteDraft(p01), func() review.Body { return m.Vote(p01, expert, review.ChoiceReserve, "投资偏高。") })
	for _, b := range []review.Body{review.SheetPrinted{}, review.VoteCast{Vote: review.Signed{Statement: []byte("x")}}} {
		if got := m.State.Ends(b); got != "" {
			t.Errorf("%s ends %q", b.Kind(), got)
		}
	}
	for _, key := range []string{"", "minutes/p01", "score/p01", "score/p01/0", "score/p1/1", "opinion/s01", "x"} {
		reviewtest.WantCode(t, m.Try(expert, review.DraftBegun{Key: key}), review.CodeEventIllegal)
	}
	// Before there were entries of drafts there could be one of the minutes.
	if m.State.Undeclared(secretary, review.MinutesDraft) || m.State.Undeclared("s09", review.MinutesDraft) || m.State.Undeclared("s04", review.VoteDraft(p01)) {
		t.Error("a draft is taken for one of the first form")
	}
	if !m.State.Undeclared("s04", review.MinutesDraft) {
		t.Error("a draft of the first form is not known")
	}
}

// TestStakes holds what hangs on a seat's keys.
func TestStakes(t *testing.T) {
	m := panel(t, 3, review.StageScoring)
	stakes := func(want bool, why string) {
		t.Helper()
		if got := m.State.Stakes(expert); got != want {
			t.Errorf("%s: %v", why, got)
		}
	}
	stakes(false, "nothing yet")
	m.Do(expert, review.DraftBegun{Key: review.ScoreDraft(p01, 1)})
	stakes(true, "a draft")
	m.Do(expert, review.DraftDropped{Key: review.ScoreDraft(p01, 1)})
	stakes(false, "the draft was dropped")
	m.Submit(p01, expert)
	stakes(true, "a ballot")
	m.To(p01, review.StageFinal)
	stakes(true, "a ballot of a review that is final")
	if m.State.Stakes("s09") {
		t.Error("something hangs on nobody's keys")
	}
}

// TestAttested holds which signatures stand in an event and whose keys must verify
// them: the present ones, but for a score those of when it was given.
func TestAttested(t *testing.T) {
	m := panel(t, 3, review.StageScoring)
	m.Submit(p01, expert)
	old := m.State.Seats[2].Keys
	keys := func(seat review.SeatID) review.PublicKeys { x, _ := m.State.Seat(seat); return x.Keys }
	check := func(body review.Body, want ...review.Attest) {
		t.Helper()
		got, err := m.State.Attested(m.Event(secretary, body))
		if err != nil || len(got) != len(want) {
			t.Fatalf("%s: %d signatures, want %d; %v", body.Kind(), len(got), len(want), err)
		}
		for i := range got {
			if got[i].Root != want[i].Root || !reflect.DeepEqual(got[i].Keys, want[i].Keys) {
				t.Errorf("%s, signature %d: root %v, keys %v; want %v, %v", body.Kind(), i, got[i].Root, got[i].Keys, want[i].Root, want[i].Keys)
			}
		}
	}
	check(review.MinutesRecorded{})
	check(m.DeclarationOf(p01, expert, ""), review.Attest{Keys: old})
	check(review.QuorumWaived{})
	check(m.With(chair, review.QuorumWaived{}), review.Attest{Keys: keys(chair), Root: true})
	check(review.BallotsOpened{Project: "p09"})

	m.Do(secretary, m.With(chair, review.SeatFreed{Seat: expert, Reason: "忘记了口令"}))
	claim := m.ClaimOf(expert)
	st, err := review.DecodeStatement(claim.Claim.Statement)
	if err != nil {
		t.Fatal(err)
	}
	fresh := st.Body.(review.ClaimBody).Keys
	check(claim, review.Attest{Keys: fresh})
	if got := m.State.ActorKeys(m.Event(expert, claim)); !reflect.DeepEqual(got, fresh) {
		t.Errorf("the claim is signed with %v", got)
	}
	if got := m.State.ActorKeys(m.Event(secretary, claim)); !reflect.DeepEqual(got, keys(secretary)) {
		t.Errorf("the claim that the secretary brings is signed with %v", got)
	}
	m.Do(expert, claim)
	m.Certify()
	m.To(p01, review.StageOpening)
	opened := m.With(chair, m.Opened(p01))
	check(opened, review.Attest{Keys: keys(chair), Root: true}, review.Attest{Keys: keys(chair)}, review.Attest{Keys: old}, review.Attest{Keys: keys("s04")})

	for _, e := range []review.Event{m.Event(review.Program, review.CodeTried{Seat: expert}), m.Event("s09", review.SheetPrinted{})} {
		if got := m.State.ActorKeys(e); got.Sign != nil || got.Seal != "" {
			t.Errorf("%s has keys %v", e.Actor, got)
		}
	}
	_, err = m.State.Attested(m.Event(secretary, m.With("s09", review.QuorumWaived{})))
	reviewtest.WantCode(t, err, review.CodeStatementSeat)
	wantItem(t, err, "s09")
	elsewhere := *carries(t, m.DeclarationOf(p01, expert, ""))
	elsewhere.Meeting = "zbcdefghijklmnopqrstuvwxyz"
	_, err = m.State.Attested(m.Event(secretary, review.DeclarationGiven{Declaration: m.Sign(elsewhere)}))
	reviewtest.WantCode(t, err, review.CodeStatementMeeting)
	wantItem(t, err, string(elsewhere.Meeting))
	_, err = m.State.Attested(m.Event(secretary, review.VoteCast{Vote: review.Signed{Statement: []byte("x")}}))
	reviewtest.WantCode(t, err, review.CodeStatementForm)
	_, err = m.State.Attested(m.Event(secretary, review.QuorumWaived{}.With(&review.Signed{Statement: []byte(`{"v":2}`)})))
	reviewtest.WantCode(t, err, review.CodeStatementNewer)
}
