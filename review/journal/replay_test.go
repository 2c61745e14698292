package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

// pens are the hands of people with real keys, and the journal that they write.
type pens struct {
	tb       testing.TB
	who      map[review.SeatID]*seal.Identity
	stranger *seal.Identity
	tree     journal.Tree
	entries  []journal.Entry

	forge    func(review.Statement) bool // statements that a stranger signs, nil for none
	staleAt  int64                       // the size of the journal at which a consent names another root, 0 for never
	mistaken bool                        // it has
}

func newPens(tb testing.TB) *pens {
	tb.Helper()
	h := &pens{tb: tb, who: map[review.SeatID]*seal.Identity{}}
	h.stranger = h.identity()
	return h
}

func (h *pens) identity() *seal.Identity {
	h.tb.Helper()
	who, err := seal.NewIdentity()
	if err != nil {
		h.tb.Fatal(err)
	}
	return who
}

func (h *pens) Keys(seat review.SeatID) review.PublicKeys {
	h.who[seat] = h.identity()
	return h.who[seat].Public()
}

func (h *pens) Sign(seat review.SeatID, statement []byte) []byte {
	h.tb.Helper()
	who := h.who[seat]
	if st, err := review.DecodeStatement(statement); err != nil {
		h.tb.Fatal(err)
	} else if h.forge != nil && h.forge(st) {
		who = h.stranger
	}
	sig, err := who.Sign(review.StatementDomain, statement)
	if err != nil {
		h.tb.Fatal(err)
	}
	return sig
}

func (h *pens) Root() review.Digest {
	if h.staleAt != 0 && h.tree.Checkpoint().Size == h.staleAt {
		h.mistaken = true
		return review.DigestOf(nil)
	}
	return h.tree.RootDigest()
}

func (h *pens) Write(e review.Event) {
	h.tb.Helper()
	entry, err := journal.Note(&h.tree, e)
	if e.Actor != review.Program {
		entry, err = journal.Sign(&h.tree, e, h.who[e.Actor])
	}
	if err != nil {
		h.tb.Fatal(err)
	}
	h.tree.Append(entry)
	h.entries = append(h.entries, entry)
}

// mixed holds a meeting with entries of every sort: of the program, with statements,
// with consents, with opened ballots, with papers, and with keys taken anew.
func mixed(h *pens) *reviewtest.Room {
	const s01, s02, s03 = review.FirstSeat, review.SeatID("s02"), review.SeatID("s03")
	m := reviewtest.NewRoom(h.tb, h)
	m.Join(review.RoleExpert)
	m.Join(review.RoleExpert)
	m.Join(review.RoleMember)
	m.Do(s01, review.ChairNamed{Seat: s02})
	m.Confirm()
	m.Do(s02, review.SheetPrinted{})
	m.Do(s01, review.AttendanceRecorded{Seat: s03, Presence: review.PresenceLeft, Reason: "接电话"})
	m.Do(s01, review.AttendanceRecorded{Seat: s03, Presence: review.PresencePresent})
	m.Do(review.Program, review.CodeTried{Seat: s03})
	m.Do(s03, review.SeatEntered{})
	m.Do(s01, review.MinutesRecorded{Paragraphs: []string{"会议开始。"}})
	p := m.Project(2)
	m.To(p, review.StageScoring)
	m.Do(s03, review.DraftBegun{Key: review.ScoreDraft(p, 1)})
	m.Submit(p, s03)
	m.Do(s01, m.With(s02, review.SeatFreed{Seat: s03, Reason: "忘记了口令"})) // his score stays signed with the old keys
	m.Claim(s03)
	m.Certify()
	m.Lay(p, review.PurposeTables, "s04") // signed and archived on the way
	m.To(p, review.StageConcluded)
	m.Do(s03, m.Vote(p, s03, review.ChoiceReserve, "投资偏高。"))
	from := m.State.At
	m.At = from.Add(-2 * review.ClockSlack)
	m.Do(review.Program, review.ClockMoved{From: from, To: m.At})
	m.To(p, review.StageFinal)
	m.Do(s01, review.MinutesRecorded{Paragraphs: []string{"会议结束。"}})
	m.Do(review.Program, review.CodeTried{Seat: s03})
	m.Do(s01, m.With(s02, review.FilingBegun{}))
	return m
}

// prefixes gives the state and the checkpoint before every entry, and after the last.
func prefixes(t *testing.T, m *reviewtest.Room, entries []journal.Entry) ([]*review.State, []journal.Checkpoint) {
	t.Helper()
	s, tree := &review.State{}, &journal.Tree{}
	states, at := []*review.State{s.Clone()}, []journal.Checkpoint{tree.Checkpoint()}
	for _, entry := range entries {
		if err := journal.Admit(s, tree, entry); err != nil {
			t.Fatal(err)
		}
		states, at = append(states, s.Clone()), append(at, tree.Checkpoint())
	}
	if got, want := fmt.Sprint(s.Size, s.Phase, s.Blobs()), fmt.Sprint(m.State.Size, m.State.Phase, m.State.Blobs()); got != want {
		t.Fatalf("the journal gives %s, want %s", got, want)
	}
	return states, at
}

// cause gives the code and item behind the entry that does not verify.
func cause(err error) (review.Code, string) {
	var e *review.Error
	if !errors.As(err, &e) || e.Err == nil {
		return "", ""
	}
	return review.CodeOf(e.Err), review.ItemOf(e.Err)
}

// TestEveryEntry alters every entry of a mixed meeting in every way. Replay names the
// first bad one and gives the state before it; Fold refuses the journal, too.
func TestEveryEntry(t *testing.T) {
	h := newPens(t)
	m := mixed(h)
	entries := h.entries
	states, at := prefixes(t, m, entries)
	if n := len(entries); n < 40 {
		t.Fatalf("a meeting of %d entries", n)
	}
	kinds := map[review.Kind]bool{}
	for _, e := range m.Events {
		kinds[e.Body.Kind()] = true
	}

	edit := func(i int, f func(*journal.Entry)) []journal.Entry {
		c := slices.Clone(entries)
		c[i] = journal.Entry{Event: bytes.Clone(c[i].Event), Signature: bytes.Clone(c[i].Signature)}
		f(&c[i])
		return c
	}
	signed := func(i int, by *seal.Identity) journal.Entry {
		_, tree, err := journal.Replay(entries[:i])
		if err != nil {
			t.Fatal(err)
		}
		e, err := journal.Sign(tree, review.Event{
			Version: 1, Meeting: reviewtest.RoomMeeting, Index: int64(i), At: m.At, Actor: review.FirstSeat,
			Body: review.MinutesRecorded{Paragraphs: []string{"另外一段。"}},
		}, by)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	note := func(i int) journal.Entry {
		_, tree, err := journal.Replay(entries[:i])
		if err != nil {
			t.Fatal(err)
		}
		e, err := journal.Note(tree, review.Event{
			Version: 1, Meeting: reviewtest.RoomMeeting, Index: int64(i), At: m.At, Actor: review.Program, Body: review.CodeTried{Seat: review.FirstSeat},
		})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for i := range entries {
		kind := m.Events[i].Body.Kind()
		type altered struct {
			entries []journal.Entry
			first   int // bad one
		}
		cases := map[string]altered{
			"event edited": {edit(i, func(e *journal.Entry) {
				e.Event = bytes.Replace(e.Event, []byte(`"at":"2026-11-21T0`), []byte(`"at":"2026-11-21T1`), 1)
			}), i},
			"event cut":         {edit(i, func(e *journal.Entry) { e.Event = e.Event[:len(e.Event)-1] }), i},
			"event gone":        {edit(i, func(e *journal.Entry) { e.Event = nil }), i},
			"signature edited":  {edit(i, func(e *journal.Entry) { e.Signature[len(e.Signature)-1] ^= 1 }), i},
			"signature gone":    {edit(i, func(e *journal.Entry) { e.Signature = nil }), i},
			"signature further": {edit(i, func(e *journal.Entry) { e.Signature = append(e.Signature, 0) }), i},
			"twice":             {slices.Insert(slices.Clone(entries), i, entries[i]), i + 1},
		}
		if i+1 < len(entries) {
			c := slices.Clone(entries)
			c[i], c[i+1] = c[i+1], c[i]
			cases["swapped with the next"] = altered{c, i}
			cases["removed"] = altered{slices.Delete(slices.Clone(entries), i, i+1), i}
		}
		if i > 0 {
			cases["another inserted"] = altered{slices.Insert(slices.Clone(entries), i, signed(i, h.stranger)), i}
			cases["a note inserted"] = altered{slices.Insert(slices.Clone(entries), i, note(i)), i + 1}
			cases["an earlier one in its place"] = altered{edit(i, func(e *journal.Entry) { *e = entries[i-1] }), i}
		}
		for name, c := range cases {
			t.Run(fmt.Sprintf("%d %s %s", i, kind, name), func(t *testing.T) {
				if reflect.DeepEqual(c.entries, entries) {
					t.Fatal("the case changes nothing")
				}
				s, tree, err := journal.Replay(c.entries)
				reviewtest.WantCode(t, err, review.CodeJournalEntry)
				if got := review.ItemOf(err); got != strconv.Itoa(c.first) {
					t.Fatalf("the first bad entry is said to be %s, is %d (%v)", got, c.first, err)
				}
				// A note that anybody can make is good in itself; what follows it is not.
				if name != "a note inserted" && (!reflect.DeepEqual(s, states[c.first]) || tree.Checkpoint() != at[c.first]) {
					t.Errorf("what is given is not the state before entry %d", c.first)
				}
				if tree.Checkpoint().Size != int64(c.first) || s.Size != int64(c.first) {
					t.Errorf("the state of %d entries and the tree of %d, want %d", s.Size, tree.Checkpoint().Size, c.first)
				}
				_, _, err = journal.Fold(c.entries)
				reviewtest.WantCode(t, err, review.CodeJournalEntry)
			})
		}
	}
	for _, k := range []review.Kind{review.KindCodeTried, review.KindClockMoved, review.KindSeatClaimed, review.KindSeatFreed, review.KindBallotsOpened, review.KindVoteCast, review.KindSignatureGiven, review.KindFilingBegun} {
		if !kinds[k] {
			t.Errorf("no %s among the entries", k)
		}
	}
	for n := range entries {
		s, tree, err := journal.Replay(entries[:n])
		if err != nil || !reflect.DeepEqual(s, states[n]) || tree.Checkpoint() != at[n] {
			t.Errorf("the first %d entries: %v", n, err)
		}
		s, tree, err = journal.Fold(entries[:n])
		if err != nil || !reflect.DeepEqual(s, states[n]) || tree.Checkpoint() != at[n] {
			t.Errorf("the first %d entries, folded: %v", n, err)
		}
	}
}

// TestForged holds that a statement in an entry that somebody else signed is found,
// though the entry itself is signed as it must be and the meeting went on.
func TestForged(t *testing.T) {
	for kind, seat := range map[review.StatementKind]review.SeatID{
		review.StatementClaim: "s03", review.StatementPromise: "s03", review.StatementDeclaration: "s03", review.StatementScore: "s03",
		review.StatementBallot: "s03", review.StatementVote: "s03", review.StatementSignature: "s03",
		review.StatementPapers: "s03", review.StatementConsent: "s02",
	} {
		t.Run(string(kind), func(t *testing.T) {
			h := newPens(t)
			done := false
			h.forge = func(st review.Statement) bool {
				forge := !done && st.Kind == kind && st.Seat == seat
				done = done || forge
				return forge
			}
			m := mixed(h)
			first := slices.IndexFunc(m.Events, func(e review.Event) bool {
				switch e.Body.(type) {
				case review.BallotsOpened:
					return kind == review.StatementScore
				case review.PanelConfirmed:
					return kind == review.StatementConsent
				case review.SeatClaimed:
					return kind == review.StatementClaim && e.Actor == seat
				case review.PromiseGiven:
					return kind == review.StatementPromise && e.Actor == seat
				case review.DeclarationGiven:
					return kind == review.StatementDeclaration && e.Actor == seat
				case review.BallotSubmitted:
					return kind == review.StatementBallot && e.Actor == seat
				case review.VoteCast:
					return kind == review.StatementVote
				case review.SignatureGiven:
					return kind == review.StatementSignature && e.Actor == seat
				case review.PapersSigned:
					return kind == review.StatementPapers && e.Actor == seat
				}
				return false
			})
			found(t, h, first, review.CodeStatementSignature, string(seat))
		})
	}
}

// found asserts that both ways of reading a journal, and Admit, refuse it at an entry
// for what stands inside it.
func found(t *testing.T, h *pens, first int, code review.Code, item string) {
	t.Helper()
	s, tree, err := journal.Replay(h.entries)
	reviewtest.WantCode(t, err, review.CodeJournalEntry)
	if got := review.ItemOf(err); got != strconv.Itoa(first) {
		t.Fatalf("the first bad entry is said to be %s, is %d (%v)", got, first, err)
	}
	if c, i := cause(err); c != code || i != item {
		t.Errorf("the cause is %s (%s), want %s (%s)", c, i, code, item)
	}
	if s.Size != int64(first) || tree.Checkpoint().Size != int64(first) {
		t.Errorf("the state of %d entries, the tree of %d", s.Size, tree.Checkpoint().Size)
	}
	before, at := s.Clone(), tree.Checkpoint()
	err = journal.Admit(s, tree, h.entries[first])
	reviewtest.WantCode(t, err, review.CodeStatementSignature)
	if review.ItemOf(err) != item || !reflect.DeepEqual(s, before) || tree.Checkpoint() != at {
		t.Errorf("%v; what was refused is taken into the state", err)
	}
	_, _, err = journal.Fold(h.entries)
	reviewtest.WantCode(t, err, review.CodeJournalEntry)
}

// TestConsentElsewhere holds that a consent counts at one place of the journal only.
func TestConsentElsewhere(t *testing.T) {
	plain := newPens(t)
	m := mixed(plain)
	consents := 0
	for i, e := range m.Events {
		c, ok := e.Body.(review.Consented)
		if !ok || c.Second() == nil {
			continue
		}
		consents++
		t.Run(string(e.Body.Kind()), func(t *testing.T) {
			h := newPens(t)
			h.staleAt = int64(i)
			mixed(h)
			if !h.mistaken {
				t.Fatal("no consent names another root")
			}
			found(t, h, i, review.CodeStatementSignature, "s02")
		})
	}
	if consents < 5 {
		t.Errorf("%d acts with consents", consents)
	}
}

// TestNote holds that what the program notes is tied to its place, and that nobody can
// do a person's act in the program's name, nor the program's in a person's.
func TestNote(t *testing.T) {
	h := newPens(t)
	m := reviewtest.NewRoom(t, h).Panel(1)
	s, tree, err := journal.Replay(h.entries)
	if err != nil {
		t.Fatal(err)
	}
	admit := func(entry journal.Entry, err error) error {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		before, at := s.Clone(), tree.Checkpoint()
		err = journal.Admit(s, tree, entry)
		if err != nil && (!reflect.DeepEqual(s, before) || tree.Checkpoint() != at) {
			t.Error("what was refused is taken into the state")
		}
		return err
	}
	minutes := m.Event(review.FirstSeat, review.MinutesRecorded{Paragraphs: []string{"一"}})
	tried := m.Event(review.Program, review.CodeTried{Seat: review.FirstSeat})

	err = admit(journal.Note(tree, minutes))
	reviewtest.WantCode(t, err, review.CodeJournalEntry)
	if want := strconv.FormatInt(tree.Checkpoint().Size, 10); review.ItemOf(err) != want {
		t.Errorf("item %q, want %q", review.ItemOf(err), want)
	}
	err = admit(journal.Sign(tree, tried, h.who[review.FirstSeat]))
	reviewtest.WantCode(t, err, review.CodeJournalEntry)
	minutes.Actor = review.Program
	err = admit(journal.Note(tree, minutes))
	reviewtest.WantCode(t, err, review.CodeSeatUnknown)
	err = admit(journal.Note(&journal.Tree{}, tried))
	reviewtest.WantCode(t, err, review.CodeJournalEntry)
	err = admit(journal.Entry{Event: []byte("x")}, nil)
	reviewtest.WantCode(t, err, review.CodeEventForm)
	reviewtest.WantCode(t, admit(journal.Note(tree, tried)), "")
	if s.Seats[0].Tries != 1 || tree.Checkpoint().Size != s.Size {
		t.Errorf("%d tries, %d entries, %d leaves", s.Seats[0].Tries, s.Size, tree.Checkpoint().Size)
	}
}

// TestFind holds that a code on paper leads back to the journal of its time.
func TestFind(t *testing.T) {
	h := newPens(t)
	reviewtest.NewRoom(t, h).Panel(1)
	_, tree, err := journal.Replay(h.entries)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(h.entries) + 1 {
		_, then, err := journal.Replay(h.entries[:n])
		if err != nil {
			t.Fatal(err)
		}
		if got := tree.At(int64(n)); got != then.Checkpoint() {
			t.Errorf("after %d entries %v, want %v", n, got, then.Checkpoint())
		}
		if got, ok := tree.Find(review.CheckCode(then.Checkpoint().String())); !ok || got != then.Checkpoint() {
			t.Errorf("the code after %d entries finds %v, %v", n, got, ok)
		}
	}
	if got, ok := tree.Find("0000-0000-0000-0000"); ok {
		t.Errorf("a code of no journal finds %v", got)
	}
}

// long gives a journal of n entries as a long day leaves them: minutes, drafts begun
// and dropped, tries and entrances.
func long(tb testing.TB, n int) []journal.Entry {
	tb.Helper()
	h := newPens(tb)
	m := reviewtest.NewRoom(tb, h).Panel(3)
	tree, entries := &h.tree, h.entries
	add := func(by review.SeatID, b review.Body) {
		e := review.Event{Version: 1, Meeting: reviewtest.RoomMeeting, Index: int64(len(entries)), At: m.At, Actor: by, Body: b}
		entry, err := journal.Note(tree, e)
		if by != review.Program {
			entry, err = journal.Sign(tree, e, h.who[by])
		}
		if err != nil {
			tb.Fatal(err)
		}
		tree.Append(entry)
		entries = append(entries, entry)
	}
	for i := 0; len(entries) < n; i++ {
		seat := review.NumberedSeat(2 + i%3)
		switch i % 2 {
		case 0:
			add(review.Program, review.CodeTried{Seat: seat})
			add(seat, review.SeatEntered{Quick: true})
			add(seat, review.DraftBegun{Key: review.OpinionDraft("p01")})
			add(seat, review.DraftDropped{Key: review.OpinionDraft("p01")})
		case 1:
			add(review.FirstSeat, review.MinutesRecorded{Paragraphs: []string{"第" + strconv.Itoa(i) + "段，专家就数据共享的口径提出问题，项目单位作了说明。"}})
		}
	}
	return entries[:n]
}

// BenchmarkFold folds a journal of 100,000 mixed entries, as at a start.
func BenchmarkFold(b *testing.B) { benchmark(b, journal.Fold) }

// BenchmarkReplay verifies every signature of the same journal.
func BenchmarkReplay(b *testing.B) { benchmark(b, journal.Replay) }

func benchmark(b *testing.B, read func([]journal.Entry) (*review.State, *journal.Tree, error)) {
	const n = 100_000
	entries := long(b, n)
	for b.Loop() {
		if s, _, err := read(entries); err != nil || s.Size != n {
			b.Fatalf("%d entries: %v", s.Size, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/entry")
}
