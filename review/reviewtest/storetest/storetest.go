// Package storetest holds the suite that every meeting.Store must pass, and a
// store in memory that passes it. Nothing but tests imports it.
package storetest

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
)

// Place gives a fresh, empty place to store in, as a function that opens a store
// there, time and again: what one handle committed and closed, the next finds.
type Place func(t *testing.T) (open func() meeting.Store)

// Meetings whose names sort in this order.
const (
	idA review.MeetingID = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	idB review.MeetingID = "bbbbbbbbbbbbbbbbbbbbbbbbb2"
	idC review.MeetingID = "c7777777777777777777777777"
)

// Run runs the contract of meeting.Store on what place opens.
func Run(t *testing.T, place Place) {
	tests := []struct {
		name string
		run  func(t *testing.T, open func() meeting.Store)
	}{
		{"CreateLoad", testCreateLoad},
		{"CreateTwice", testCreateTwice},
		{"CreateRefused", testCreateRefused},
		{"List", testList},
		{"Missing", testMissing},
		{"Commit", testCommit},
		{"Moved", testMoved},
		{"WholeOrNotAtAll", testWhole},
		{"Blobs", testBlobs},
		{"Drafts", testDrafts},
		{"Apart", testApart},
		{"NothingShared", testNothingShared},
		{"Reopen", testReopen},
		{"Closed", testClosed},
		{"Concurrent", testConcurrent},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) { x.run(t, place(t)) })
	}
}

// writer makes batches that follow one another.
type writer struct{ tree journal.Tree }

// batch gives n entries with the checkpoint after them.
func (w *writer) batch(n int) journal.Batch {
	var b journal.Batch
	for range n {
		size := w.tree.Checkpoint().Size
		e := journal.Entry{Event: fmt.Appendf(nil, "event %d", size), Signature: fmt.Appendf(nil, "signature %d", size)}
		w.tree.Append(e)
		b.Entries = append(b.Entries, e)
	}
	b.Checkpoint = w.tree.Checkpoint()
	return b
}

func opened(t *testing.T, open func() meeting.Store) meeting.Store {
	t.Helper()
	s := open()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func loaded(t *testing.T, s meeting.Store, id review.MeetingID) journal.Record {
	t.Helper()
	r, err := s.Load(id)
	ok(t, err)
	return r
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %v\nwant %v", what, got, want)
	}
}

func testCreateLoad(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var w writer
	b := w.batch(2)
	b.Blobs = [][]byte{[]byte("content")}
	b.SaveDrafts = []journal.Draft{{Key: "minutes", Owner: "s01", Version: 1, Cipher: []byte("c"), Signature: []byte("s")}}
	ok(t, s.Create(idA, b))
	same(t, "record", loaded(t, s, idA), journal.Record{
		Meeting: idA, Checkpoint: b.Checkpoint.String(), Entries: b.Entries, Drafts: b.SaveDrafts,
	})
	ok(t, s.Audit(idA))
}

func testCreateTwice(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var first, second writer
	ok(t, s.Create(idA, first.batch(1)))
	before := loaded(t, s, idA)
	reviewtest.WantCode(t, s.Create(idA, second.batch(3)), review.CodeStoreExists)
	same(t, "record", loaded(t, s, idA), before)
}

// badIDs are names that must never reach a file system.
var badIDs = []review.MeetingID{
	"", ".", "..", "../" + idA[3:], idA[1:], idA + "a", "/" + idA[1:], idA[:13] + "/" + idA[14:], idA[:13] + `\` + idA[14:],
	review.MeetingID(strings.ToUpper(string(idA))), idA[:25] + "1", idA[:25] + "\n", idA[:25] + "\x00", idA + "\n", ".new-" + idA,
}

func testCreateRefused(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	for _, id := range badIDs {
		var w writer
		reviewtest.WantCode(t, s.Create(id, w.batch(1)), review.CodeStoreFailed)
	}
	var w writer
	uncounted := w.batch(2)
	uncounted.Checkpoint.Size = 1
	reviewtest.WantCode(t, s.Create(idA, uncounted), review.CodeStoreMoved)
	for name, b := range brokenBatches(&writer{}) {
		if err := s.Create(idA, b); review.CodeOf(err) != review.CodeStoreFailed {
			t.Fatalf("%s: %v", name, err)
		}
	}
	list, err := s.List()
	ok(t, err)
	if len(list) != 0 {
		t.Fatalf("refused creations left %q", list)
	}
	ok(t, s.Create(idA, (&writer{}).batch(1)))
}

func testList(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	list, err := s.List()
	ok(t, err)
	if len(list) != 0 {
		t.Fatalf("an empty place lists %q", list)
	}
	for _, id := range []review.MeetingID{idC, idA, idB} {
		ok(t, s.Create(id, (&writer{}).batch(1)))
	}
	list, err = s.List()
	ok(t, err)
	same(t, "list", list, []review.MeetingID{idA, idB, idC})
}

// everyMethod calls what takes an existing meeting's id.
func everyMethod(s meeting.Store, id review.MeetingID) map[string]error {
	errs := map[string]error{}
	_, errs["Load"] = s.Load(id)
	errs["Commit"] = s.Commit(id, 0, (&writer{}).batch(1))
	_, errs["Blob"] = s.Blob(id, review.DigestOf(nil))
	_, errs["Blobs"] = s.Blobs(id)
	errs["Audit"] = s.Audit(id)
	return errs
}

func testMissing(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	ok(t, s.Create(idA, (&writer{}).batch(1)))
	for _, id := range append([]review.MeetingID{idB}, badIDs...) {
		for method, err := range everyMethod(s, id) {
			if review.CodeOf(err) != review.CodeMeetingMissing {
				t.Fatalf("%s(%q): %v", method, id, err)
			}
		}
	}
	_, err := s.Load(idB)
	reviewtest.WantCode(t, err, review.CodeMeetingMissing)
	list, err := s.List()
	ok(t, err)
	same(t, "list", list, []review.MeetingID{idA})
}

func testCommit(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var w writer
	b := w.batch(1)
	entries := b.Entries
	ok(t, s.Create(idA, b))
	for _, n := range []int{1, 0, 3, 7} {
		b := w.batch(n)
		ok(t, s.Commit(idA, int64(len(entries)), b))
		entries = append(entries, b.Entries...)
		r := loaded(t, s, idA)
		same(t, "entries", r.Entries, entries)
		same(t, "checkpoint", r.Checkpoint, b.Checkpoint.String())
	}
	ok(t, s.Audit(idA))
}

func testMoved(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var w writer
	ok(t, s.Create(idA, w.batch(2)))
	before := loaded(t, s, idA)
	b := w.batch(1)
	b.Blobs = [][]byte{[]byte("content")}
	b.SaveDrafts = []journal.Draft{{Key: "minutes", Owner: "s01", Version: 1, Cipher: []byte("c"), Signature: []byte("s")}}
	for _, expect := range []int64{-1, 0, 1, 3} {
		reviewtest.WantCode(t, s.Commit(idA, expect, b), review.CodeStoreMoved)
	}
	uncounted := b
	uncounted.Checkpoint.Size++
	reviewtest.WantCode(t, s.Commit(idA, 2, uncounted), review.CodeStoreMoved)
	same(t, "record", loaded(t, s, idA), before)
	blobs, err := s.Blobs(idA)
	ok(t, err)
	same(t, "blobs", len(blobs), 0)
	ok(t, s.Commit(idA, 2, b))
}

// brokenBatches gives batches that fit the journal and begin well, but have one
// part that no store can keep.
func brokenBatches(w *writer) map[string]journal.Batch {
	good := func() journal.Batch {
		v := writer{tree: *w.tree.Clone()}
		b := v.batch(2)
		b.Blobs = [][]byte{[]byte("new content")}
		b.SaveDrafts = []journal.Draft{{Key: "minutes", Owner: "s01", Version: 9, Cipher: []byte("c9"), Signature: []byte("s9")}}
		return b
	}
	out := map[string]journal.Batch{}
	add := func(name string, harm func(*journal.Batch)) {
		b := good()
		harm(&b)
		out[name] = b
	}
	add("no event", func(b *journal.Batch) { b.Entries[1].Event = nil })
	add("empty event", func(b *journal.Batch) { b.Entries[1].Event = []byte{} })
	add("no signature", func(b *journal.Batch) { b.Entries[1].Signature = nil })
	add("no blob", func(b *journal.Batch) { b.Blobs = append(b.Blobs, nil) })
	add("no cipher", func(b *journal.Batch) { b.SaveDrafts[0].Cipher = nil })
	add("no draft signature", func(b *journal.Batch) { b.SaveDrafts[0].Signature = nil })
	add("no draft version", func(b *journal.Batch) { b.SaveDrafts[0].Version = 0 })
	return out
}

func testWhole(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var w writer
	first := w.batch(2)
	first.Blobs = [][]byte{[]byte("content")}
	first.SaveDrafts = []journal.Draft{{Key: "minutes", Owner: "s01", Version: 1, Cipher: []byte("c"), Signature: []byte("s")}}
	ok(t, s.Create(idA, first))
	before := loaded(t, s, idA)
	for name, b := range brokenBatches(&w) {
		if err := s.Commit(idA, 2, b); review.CodeOf(err) != review.CodeStoreFailed {
			t.Fatalf("%s: %v", name, err)
		}
		same(t, name, loaded(t, s, idA), before)
		blobs, err := s.Blobs(idA)
		ok(t, err)
		same(t, name, blobs, []review.Digest{review.DigestOf([]byte("content"))})
	}
	ok(t, s.Commit(idA, 2, w.batch(1)))
	ok(t, s.Audit(idA))
}

func testBlobs(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var w writer
	large := bytes.Repeat([]byte("评审材料 "), 100_000)
	bodies := [][]byte{[]byte("a"), {}, {0, 0, 0}, large}
	b := w.batch(1)
	b.Blobs = bodies[:2]
	ok(t, s.Create(idA, b))
	b = w.batch(1)
	b.Blobs = bodies // the first two again
	ok(t, s.Commit(idA, 1, b))
	var want []review.Digest
	for _, body := range bodies {
		want = append(want, review.DigestOf(body))
		got, err := s.Blob(idA, review.DigestOf(body))
		ok(t, err)
		if !bytes.Equal(got, body) {
			t.Fatalf("a blob of %d bytes came back as another of %d", len(body), len(got))
		}
	}
	slices.Sort(want)
	got, err := s.Blobs(idA)
	ok(t, err)
	same(t, "blobs", got, want)
	for _, d := range []review.Digest{review.DigestOf([]byte("never stored")), "", "'; DROP TABLE blob; --"} {
		_, err := s.Blob(idA, d)
		reviewtest.WantCode(t, err, review.CodeBlobMissing)
	}
}

func testDrafts(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var w writer
	ok(t, s.Create(idA, w.batch(1)))
	draft := func(key string, owner review.SeatID, version int64) journal.Draft {
		text := fmt.Appendf(nil, "%s %s %d", key, owner, version)
		return journal.Draft{Key: key, Owner: owner, Version: version, Cipher: text, Signature: append([]byte("signed "), text...)}
	}
	save := func(d journal.Draft) {
		t.Helper()
		b := w.batch(0)
		b.SaveDrafts = []journal.Draft{d}
		ok(t, s.Commit(idA, w.tree.Checkpoint().Size, b))
	}
	for _, d := range []journal.Draft{
		draft("score/p02", "s02", 1), draft("minutes", "s10", 1), draft("minutes", "s02", 1), draft("minutes", "s02", 2),
		draft("score/p01", "s02", 5), draft("minutes", "s02", 3),
	} {
		save(d)
	}
	same(t, "drafts", loaded(t, s, idA).Drafts, []journal.Draft{
		draft("minutes", "s02", 3), draft("minutes", "s10", 1), draft("score/p01", "s02", 5), draft("score/p02", "s02", 1),
	})

	b := w.batch(1) // submitted: the event in, the draft out
	b.DropDrafts = []journal.DraftKey{{Key: "score/p01", Owner: "s02"}}
	ok(t, s.Commit(idA, 1, b))
	b = w.batch(0) // there is none
	b.DropDrafts = []journal.DraftKey{{Key: "score/p01", Owner: "s02"}}
	ok(t, s.Commit(idA, 2, b))
	r := loaded(t, s, idA)
	same(t, "drafts", r.Drafts, []journal.Draft{
		draft("minutes", "s02", 3), draft("minutes", "s10", 1), draft("score/p02", "s02", 1),
	})
	same(t, "entries", len(r.Entries), 2)
}

func testApart(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var a, b writer
	first := a.batch(1)
	first.Blobs = [][]byte{[]byte("content")}
	ok(t, s.Create(idA, first))
	ok(t, s.Create(idB, b.batch(2)))
	ok(t, s.Commit(idA, 1, a.batch(3)))
	same(t, "entries of the one", len(loaded(t, s, idA).Entries), 4)
	r := loaded(t, s, idB)
	same(t, "entries of the other", len(r.Entries), 2)
	same(t, "meeting", r.Meeting, idB)
	_, err := s.Blob(idB, review.DigestOf([]byte("content")))
	reviewtest.WantCode(t, err, review.CodeBlobMissing)
}

// testNothingShared: what goes in and comes out is the caller's to change.
func testNothingShared(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var w writer
	b := w.batch(1)
	b.Blobs = [][]byte{[]byte("content")}
	b.SaveDrafts = []journal.Draft{{Key: "minutes", Owner: "s01", Version: 1, Cipher: []byte("c"), Signature: []byte("s")}}
	digest := review.DigestOf([]byte("content"))
	ok(t, s.Create(idA, b))
	before := loaded(t, s, idA)
	for range 2 {
		b.Entries[0].Event[0] ^= 1
		b.Blobs[0][0] ^= 1
		b.SaveDrafts[0].Cipher[0] ^= 1
		same(t, "record", loaded(t, s, idA), before)
		body, err := s.Blob(idA, digest)
		ok(t, err)
		same(t, "blob", string(body), "content")
		r := loaded(t, s, idA)
		b = journal.Batch{Entries: r.Entries, Blobs: [][]byte{body}, SaveDrafts: r.Drafts}
	}
}

func testReopen(t *testing.T, open func() meeting.Store) {
	var w writer
	b := w.batch(2)
	b.Blobs = [][]byte{[]byte("content")}
	s := open()
	ok(t, s.Create(idA, b))
	ok(t, s.Create(idB, (&writer{}).batch(1)))
	for i := range 3 {
		b := w.batch(1)
		b.SaveDrafts = []journal.Draft{{Key: "minutes", Owner: "s01", Version: int64(i + 1), Cipher: []byte("c"), Signature: []byte("s")}}
		ok(t, s.Commit(idA, int64(2+i), b))
		want := loaded(t, s, idA)
		ok(t, s.Close())
		s = open()
		same(t, "record", loaded(t, s, idA), want)
		body, err := s.Blob(idA, review.DigestOf([]byte("content")))
		ok(t, err)
		same(t, "blob", string(body), "content")
		ok(t, s.Audit(idA))
	}
	list, err := s.List()
	ok(t, err)
	same(t, "list", list, []review.MeetingID{idA, idB})
	reviewtest.WantCode(t, s.Create(idA, (&writer{}).batch(1)), review.CodeStoreExists)
	ok(t, s.Close())
}

func testClosed(t *testing.T, open func() meeting.Store) {
	s := open()
	ok(t, s.Create(idA, (&writer{}).batch(1)))
	ok(t, s.Close())
	ok(t, s.Close())
	for method, err := range everyMethod(s, idA) {
		if review.CodeOf(err) != review.CodeStoreFailed {
			t.Fatalf("%s after Close: %v", method, err)
		}
	}
	reviewtest.WantCode(t, s.Create(idB, (&writer{}).batch(1)), review.CodeStoreFailed)
	_, err := s.List()
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	list, err := opened(t, open).List()
	ok(t, err)
	same(t, "list", list, []review.MeetingID{idA})
}

// testConcurrent: goroutines race for the next place in the journal. Each entry
// gets in once, and no reader sees half a batch.
func testConcurrent(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	ok(t, s.Create(idA, (&writer{}).batch(2)))
	const writers, turns = 8, 5
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			for i := range turns {
				if err := race(s, n, i); err != nil {
					t.Errorf("writer %d: %v", n, err)
					return
				}
			}
		})
		wg.Go(func() {
			for range turns {
				if err := whole(s); err != nil {
					t.Errorf("reader %d: %v", n, err)
					return
				}
			}
		})
	}
	wg.Wait()
	r := loaded(t, s, idA)
	seen := map[string]int{}
	for _, e := range r.Entries[2:] {
		seen[string(e.Event)]++
	}
	same(t, "distinct entries", len(seen), 2*writers*turns)
	same(t, "entries", len(r.Entries), 2+2*writers*turns)
	blobs, err := s.Blobs(idA)
	ok(t, err)
	same(t, "blobs", len(blobs), writers*turns)
	ok(t, s.Audit(idA))
}

// race commits two entries and a blob at the end of the journal, wherever that
// is when the others have had their turn.
func race(s meeting.Store, writer, turn int) error {
	for {
		r, err := s.Load(idA)
		if err != nil {
			return err
		}
		var t journal.Tree
		for _, e := range r.Entries {
			t.Append(e)
		}
		b := journal.Batch{Blobs: [][]byte{fmt.Appendf(nil, "blob %d %d", writer, turn)}}
		for part := range 2 {
			e := journal.Entry{Event: fmt.Appendf(nil, "event %d %d %d", writer, turn, part), Signature: []byte("s")}
			t.Append(e)
			b.Entries = append(b.Entries, e)
		}
		b.Checkpoint = t.Checkpoint()
		err = s.Commit(idA, int64(len(r.Entries)), b)
		if review.CodeOf(err) != review.CodeStoreMoved {
			return err
		}
	}
}

// whole tells whether a record is one that a commit left.
func whole(s meeting.Store) error {
	r, err := s.Load(idA)
	if err != nil {
		return err
	}
	var t journal.Tree
	for _, e := range r.Entries {
		t.Append(e)
	}
	if len(r.Entries)%2 != 0 || t.Checkpoint().String() != r.Checkpoint {
		return fmt.Errorf("%d entries under checkpoint %s", len(r.Entries), r.Checkpoint)
	}
	return nil
}
