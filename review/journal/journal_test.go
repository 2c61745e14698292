package journal_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

const meetingID = "abcdefghijklmnopqrstuvwxyz"

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// meeting gives a journal of n entries (n ≥ 2) and the secretary who signed it.
func meeting(tb testing.TB, n int) ([]journal.Entry, *seal.Identity) {
	tb.Helper()
	who, err := seal.NewIdentity()
	if err != nil {
		tb.Fatal(err)
	}
	tree := &journal.Tree{}
	var entries []journal.Entry
	add := func(b review.Body) {
		e, err := journal.Sign(tree, review.Event{Version: 1, Meeting: meetingID, Index: int64(len(entries)), At: noon, Actor: review.FirstSeat, Body: b}, who)
		if err != nil {
			tb.Fatal(err)
		}
		tree.Append(e)
		entries = append(entries, e)
	}
	add(review.MeetingCreated{Title: "评审会", Secretary: "甲", Keys: who.Public(), KeyFile: "k"})
	add(review.PanelConfirmed{Authority: []byte{1}, AuthorityKey: "a", Certificates: []review.SeatCertificate{{Seat: review.FirstSeat, DER: []byte{1}}}})
	for i := 2; i < n; i++ {
		add(review.MinutesRecorded{Paragraphs: []string{"第" + strconv.Itoa(i) + "段"}})
	}
	return entries, who
}

func TestReplay(t *testing.T) {
	entries, _ := meeting(t, 9)
	s, tree, err := journal.Replay(entries)
	if err != nil {
		t.Fatal(err)
	}
	if s.Size != 9 || len(s.Minutes) != 7 || tree.Checkpoint().Size != 9 {
		t.Errorf("size %d, %d paragraphs, checkpoint %v", s.Size, len(s.Minutes), tree.Checkpoint())
	}
	if _, empty, err := journal.Replay(nil); err != nil || empty.Checkpoint().Size != 0 {
		t.Errorf("an empty journal: %v, %v", empty.Checkpoint(), err)
	}
}

// TestAltered holds that whatever is done to the entries, Replay names the first
// bad one, or the checkpoint differs.
func TestAltered(t *testing.T) {
	entries, who := meeting(t, 6)
	_, tree, err := journal.Replay(entries)
	if err != nil {
		t.Fatal(err)
	}
	want := tree.Checkpoint().String()
	edit := func(i int, f func(*journal.Entry)) []journal.Entry {
		c := slices.Clone(entries)
		c[i] = journal.Entry{Event: bytes.Clone(c[i].Event), Signature: bytes.Clone(c[i].Signature)}
		f(&c[i])
		return c
	}
	bad := func(t *testing.T, es []journal.Entry, first int) {
		t.Helper()
		_, tree, err := journal.Replay(es)
		if first < 0 {
			if err != nil || tree.Checkpoint().String() == want {
				t.Fatalf("checkpoint %v, %v; it must differ from %s", tree.Checkpoint(), err, want)
			}
			return
		}
		reviewtest.WantCode(t, err, review.CodeJournalEntry)
		if got := review.ItemOf(err); got != strconv.Itoa(first) {
			t.Fatalf("first bad entry is said to be %s, is %d (%v)", got, first, err)
		}
	}
	for i := range entries {
		t.Run(fmt.Sprintf("event %d edited", i), func(t *testing.T) {
			bad(t, edit(i, func(e *journal.Entry) { e.Event = bytes.Replace(e.Event, []byte("12:00:00"), []byte("12:00:01"), 1) }), i)
		})
		t.Run(fmt.Sprintf("signature %d edited", i), func(t *testing.T) {
			bad(t, edit(i, func(e *journal.Entry) { e.Signature[len(e.Signature)-1] ^= 1 }), i)
		})
		t.Run(fmt.Sprintf("tail cut at %d", i), func(t *testing.T) { bad(t, entries[:i], -1) })
		if i+1 < len(entries) {
			t.Run(fmt.Sprintf("entry %d deleted", i), func(t *testing.T) {
				bad(t, slices.Delete(slices.Clone(entries), i, i+1), i)
			})
			t.Run(fmt.Sprintf("entries %d and %d swapped", i, i+1), func(t *testing.T) {
				c := slices.Clone(entries)
				c[i], c[i+1] = c[i+1], c[i]
				bad(t, c, i)
			})
		}
		t.Run(fmt.Sprintf("entry %d twice", i), func(t *testing.T) {
			bad(t, slices.Insert(slices.Clone(entries), i, entries[i]), i+1)
		})
	}
	t.Run("entry of another journal", func(t *testing.T) {
		other, _ := meeting(t, 6)
		bad(t, append(slices.Clone(entries[:3]), other[3:]...), 3)
	})
	t.Run("signed by another person", func(t *testing.T) {
		_, tree, err := journal.Replay(entries[:5])
		if err != nil {
			t.Fatal(err)
		}
		stranger, err := seal.NewIdentity()
		if err != nil {
			t.Fatal(err)
		}
		e, err := review.DecodeEvent(entries[5].Event)
		if err != nil {
			t.Fatal(err)
		}
		forged, err := journal.Sign(tree, e, stranger)
		if err != nil {
			t.Fatal(err)
		}
		bad(t, append(slices.Clone(entries[:5]), forged), 5)
	})
	t.Run("rewritten by its own author", func(t *testing.T) {
		// Whoever holds the key can rewrite the tail; only a checkpoint kept
		// elsewhere tells.
		_, tree, err := journal.Replay(entries[:5])
		if err != nil {
			t.Fatal(err)
		}
		e, err := journal.Sign(tree, review.Event{Version: 1, Meeting: meetingID, Index: 5, At: noon, Actor: review.FirstSeat, Body: review.MinutesRecorded{Paragraphs: []string{"改写"}}}, who)
		if err != nil {
			t.Fatal(err)
		}
		bad(t, append(slices.Clone(entries[:5]), e), -1)
	})
}

// TestNewer holds that an event of a later version is not called a forgery, if its
// actor signed it.
func TestNewer(t *testing.T) {
	entries, who := meeting(t, 3)
	entries[2].Event = bytes.Replace(entries[2].Event, []byte(`"v":1`), []byte(`"v":2`), 1)
	_, _, err := journal.Replay(entries)
	reviewtest.WantCode(t, err, review.CodeJournalEntry)

	_, tree, err := journal.Replay(entries[:2])
	if err != nil {
		t.Fatal(err)
	}
	root := tree.Checkpoint().Root
	if entries[2].Signature, err = who.Sign(journal.EventDomain, append(root[:], entries[2].Event...)); err != nil {
		t.Fatal(err)
	}
	_, _, err = journal.Replay(entries)
	reviewtest.WantCode(t, err, review.CodeEventNewer)
}

// TestTreeClone holds that a tried batch leaves the tree as it was.
func TestTreeClone(t *testing.T) {
	entries, _ := meeting(t, 5)
	_, tree, err := journal.Replay(entries[:3])
	if err != nil {
		t.Fatal(err)
	}
	before := tree.Checkpoint()
	a, b := tree.Clone(), tree.Clone()
	a.Append(entries[3])
	b.Append(entries[4])
	a.Append(entries[4])
	if !reflect.DeepEqual(tree.Checkpoint(), before) {
		t.Error("a clone changed its original")
	}
	_, want, err := journal.Replay(entries)
	if err != nil {
		t.Fatal(err)
	}
	if a.Checkpoint() != want.Checkpoint() {
		t.Error("two clones share what they append")
	}
}
