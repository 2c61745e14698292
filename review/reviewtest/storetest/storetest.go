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
		{"DropBlobs", testDropBlobs},
		{"Drafts", testDrafts},
		{"SeveralDrafts", testSeveralDrafts},
		{"Card", testCard},
		{"Backup", testBackup},
		{"Ring", testRing},
		{"CopyRefused", testCopyRefused},
		{"SetAside", testSetAside},
		{"Restore", testRestore},
		{"RestoreRefused", testRestoreRefused},
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

// everyMethod calls what takes an existing meeting's id. The store must not have
// the meeting, or be closed.
func everyMethod(s meeting.Store, id review.MeetingID) map[string]error {
	errs := map[string]error{}
	_, errs["Load"] = s.Load(id)
	errs["Commit"] = s.Commit(id, 0, (&writer{}).batch(1))
	_, errs["Blob"] = s.Blob(id, review.DigestOf(nil))
	_, errs["Blobs"] = s.Blobs(id)
	errs["Audit"] = s.Audit(id)
	errs["Backup"] = s.Backup(id)
	_, _, errs["SetAside"] = s.SetAside(id, nil)
	s.SetCard(id, []byte("card"))
	if card := s.Card(id); card != nil {
		errs["Card"] = fmt.Errorf("there is one: %q", card)
	}
	return errs
}

// idMethods calls what takes the id of a meeting of which copies alone may be
// left.
func idMethods(s meeting.Store, id review.MeetingID) map[string]error {
	errs := map[string]error{}
	_, errs["Backups"] = s.Backups(id)
	errs["DropBackups"] = s.DropBackups(id)
	_, errs["OpenCopy"] = s.OpenCopy(id, "no such copy")
	errs["Restore"] = s.Restore(id, "no such copy", 0, (&writer{}).batch(1))
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
	for _, id := range badIDs {
		for method, err := range idMethods(s, id) {
			if review.CodeOf(err) != review.CodeMeetingMissing {
				t.Fatalf("%s(%q): %v", method, id, err)
			}
		}
	}
	_, err := s.Load(idB)
	reviewtest.WantCode(t, err, review.CodeMeetingMissing)
	copies, err := s.Backups(idB)
	ok(t, err)
	same(t, "copies", len(copies), 0)
	ok(t, s.DropBackups(idB))
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

func testDropBlobs(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var w writer
	key, other, late := []byte("key file"), []byte("content"), []byte("never to be")
	b := w.batch(1)
	b.Blobs = [][]byte{key, other}
	ok(t, s.Create(idA, b))
	b = w.batch(1)
	// What is not there is no more, as was wanted; nor is what the batch itself brings.
	b.Blobs = [][]byte{late}
	b.DropBlobs = []review.Digest{review.DigestOf(key), review.DigestOf(late), review.DigestOf([]byte("absent")), ""}
	ok(t, s.Commit(idA, 1, b))
	for _, body := range [][]byte{key, late} {
		_, err := s.Blob(idA, review.DigestOf(body))
		reviewtest.WantCode(t, err, review.CodeBlobMissing)
	}
	list, err := s.Blobs(idA)
	ok(t, err)
	same(t, "blobs", list, []review.Digest{review.DigestOf(other)})
	body, err := s.Blob(idA, review.DigestOf(other))
	ok(t, err)
	same(t, "blob", string(body), string(other))

	b = w.batch(1) // it can come back, as in a restored meeting
	b.Blobs = [][]byte{key}
	ok(t, s.Commit(idA, 2, b))
	_, err = s.Blob(idA, review.DigestOf(key))
	ok(t, err)
	ok(t, s.Audit(idA))

	broken := w.batch(1)
	broken.DropBlobs = []review.Digest{review.DigestOf(key)}
	broken.Blobs = [][]byte{nil}
	reviewtest.WantCode(t, s.Commit(idA, 3, broken), review.CodeStoreFailed)
	_, err = s.Blob(idA, review.DigestOf(key))
	ok(t, err)
}

func draft(key string, owner review.SeatID, version int64) journal.Draft {
	text := fmt.Appendf(nil, "%s %s %d", key, owner, version)
	return journal.Draft{Key: key, Owner: owner, Version: version, Cipher: text, Signature: append([]byte("signed "), text...)}
}

// testSeveralDrafts: one batch replaces and removes drafts; those to be removed go
// first.
func testSeveralDrafts(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var w writer
	b := w.batch(1)
	b.SaveDrafts = []journal.Draft{draft("score/p01", "s02", 1), draft("minutes", "s01", 1), draft("minutes", "s01", 2)}
	ok(t, s.Create(idA, b))
	same(t, "drafts", loaded(t, s, idA).Drafts, []journal.Draft{draft("minutes", "s01", 2), draft("score/p01", "s02", 1)})
	b = w.batch(0)
	b.DropDrafts = []journal.DraftKey{{Key: "minutes", Owner: "s01"}, {Key: "score/p01", Owner: "s02"}, {Key: "none", Owner: "s01"}}
	b.SaveDrafts = []journal.Draft{draft("score/p01", "s02", 7), draft("score/p02", "s02", 1)}
	ok(t, s.Commit(idA, 1, b))
	same(t, "drafts", loaded(t, s, idA).Drafts, []journal.Draft{draft("score/p01", "s02", 7), draft("score/p02", "s02", 1)})
}

func testCard(t *testing.T, open func() meeting.Store) {
	s := open()
	var w writer
	ok(t, s.Create(idA, w.batch(1)))
	ok(t, s.Create(idB, (&writer{}).batch(1)))
	want := func(id review.MeetingID, card string) {
		t.Helper()
		if got := s.Card(id); string(got) != card || (got == nil) != (card == "") {
			t.Fatalf("the card of %s is %q, want %q", id, got, card)
		}
	}
	reopen := func() {
		t.Helper()
		ok(t, s.Close())
		s = open()
	}
	want(idA, "")
	card := []byte("one")
	s.SetCard(idA, card)
	card[0]++ // the caller's to change, here and below
	want(idA, "one")
	s.Card(idA)[0]++
	want(idA, "one")
	want(idB, "")
	loaded(t, s, idA) // reading changes nothing
	want(idA, "one")
	reopen()
	want(idA, "one")
	loaded(t, s, idA)
	want(idA, "one")
	s.SetCard(idA, []byte("two"))
	s.SetCard(idA, nil) // no card is none to keep
	want(idA, "two")
	reopen()
	want(idA, "two")

	// Every commit makes it old, also one of those under one lock, before and
	// after the store is opened anew.
	draw := func(version int64) { // a draft alone, as most commits bring
		t.Helper()
		b := w.batch(0)
		b.SaveDrafts = []journal.Draft{draft("minutes", "s01", version)}
		ok(t, s.Commit(idA, 1, b))
		want(idA, "")
	}
	for n := range 3 {
		draw(int64(2*n + 1))
		if n == 1 {
			reopen()
			want(idA, "")
		}
		s.SetCard(idA, []byte("three"))
		want(idA, "three")
		draw(int64(2*n + 2))
		if n == 2 {
			reopen()
			want(idA, "")
		}
	}
	s.SetCard(idA, []byte("four"))
	ok(t, s.Backup(idA))
	want(idA, "four")
	ok(t, s.Close())
	if card := s.Card(idA); card != nil {
		t.Fatalf("a closed store gives the card %q", card)
	}
}

// filled creates a meeting with something of everything.
func filled(t *testing.T, s meeting.Store, id review.MeetingID) *writer {
	t.Helper()
	var w writer
	b := w.batch(2)
	b.Blobs = [][]byte{[]byte("content of " + id), {}}
	b.SaveDrafts = []journal.Draft{draft("minutes", "s01", 1)}
	ok(t, s.Create(id, b))
	return &w
}

// read gives everything that a reader gives of a meeting, and makes sure that it
// has no other.
func read(t *testing.T, r journal.Reader, id review.MeetingID) (journal.Record, map[review.Digest]string) {
	t.Helper()
	ok(t, r.Audit(id))
	rec, err := r.Load(id)
	ok(t, err)
	list, err := r.Blobs(id)
	ok(t, err)
	blobs := map[review.Digest]string{}
	for _, d := range list {
		body, err := r.Blob(id, d)
		ok(t, err)
		blobs[d] = string(body)
	}
	_, err = r.Blob(id, review.DigestOf([]byte("never stored")))
	reviewtest.WantCode(t, err, review.CodeBlobMissing)
	_, err = r.Load(idC)
	reviewtest.WantCode(t, err, review.CodeMeetingMissing)
	return rec, blobs
}

// readCopy is read of a copy.
func readCopy(t *testing.T, s meeting.Store, id review.MeetingID, path string) (journal.Record, map[review.Digest]string) {
	t.Helper()
	c, err := s.OpenCopy(id, path)
	ok(t, err)
	rec, blobs := read(t, c, id)
	ok(t, c.Close())
	_, err = c.Load(id)
	reviewtest.WantCode(t, err, review.CodeStoreFailed)
	return rec, blobs
}

// testBackup: a copy is the meeting as it was then, whatever becomes of it.
func testBackup(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	w := filled(t, s, idA)
	copies, err := s.Backups(idA)
	ok(t, err)
	same(t, "copies", len(copies), 0)
	wantRecord, wantBlobs := read(t, s, idA)
	ok(t, s.Backup(idA))
	b := w.batch(3)
	b.DropBlobs = []review.Digest{review.DigestOf(nil)}
	b.DropDrafts = []journal.DraftKey{{Key: "minutes", Owner: "s01"}}
	ok(t, s.Commit(idA, 2, b))
	ok(t, s.Backup(idA))
	copies, err = s.Backups(idA)
	ok(t, err)
	if len(copies) != 2 || copies[0].Number != 2 || copies[1].Number != 1 || copies[0].Size != 5 || copies[1].Size != 2 {
		t.Fatalf("copies %+v", copies)
	}
	rec, blobs := readCopy(t, s, idA, copies[1].Path)
	same(t, "record of the first copy", rec, wantRecord)
	same(t, "blobs of the first copy", blobs, wantBlobs)
	wantRecord, wantBlobs = read(t, s, idA)
	rec, blobs = readCopy(t, s, idA, copies[0].Path)
	same(t, "record of the second copy", rec, wantRecord)
	same(t, "blobs of the second copy", blobs, wantBlobs)

	other, err := s.Backups(idB)
	ok(t, err)
	same(t, "copies of another meeting", len(other), 0)
}

func testRing(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	w := filled(t, s, idA)
	filled(t, s, idB)
	ok(t, s.Backup(idB))
	const made = journal.RingSize + 3
	for range made {
		ok(t, s.Backup(idA))
		size := w.tree.Checkpoint().Size
		ok(t, s.Commit(idA, size, w.batch(1)))
	}
	copies, err := s.Backups(idA)
	ok(t, err)
	same(t, "copies", len(copies), journal.RingSize)
	paths := map[string]bool{}
	for i, c := range copies {
		same(t, "number", c.Number, int64(made-i))
		same(t, "size", c.Size, int64(made-i+1))
		rec, _ := readCopy(t, s, idA, c.Path)
		same(t, "entries", int64(len(rec.Entries)), c.Size)
		paths[c.Path] = true
	}
	same(t, "paths", len(paths), journal.RingSize)
	before := copies
	for range 2 {
		ok(t, s.DropBackups(idA))
		copies, err = s.Backups(idA)
		ok(t, err)
		same(t, "the copy that is left", copies, before[:1])
	}
	for _, c := range before[1:] {
		_, err := s.OpenCopy(idA, c.Path)
		reviewtest.WantCode(t, err, review.CodeFileMissing)
	}
	ok(t, s.Backup(idA))
	copies, err = s.Backups(idA)
	ok(t, err)
	same(t, "copies", len(copies), 2)
	same(t, "number", copies[0].Number, int64(made+1))
	others, err := s.Backups(idB)
	ok(t, err)
	same(t, "copies of another meeting", len(others), 1)
}

func testCopyRefused(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	w := filled(t, s, idA)
	filled(t, s, idB)
	ok(t, s.Backup(idA))
	copies, err := s.Backups(idA)
	ok(t, err)
	path := copies[0].Path
	before := loaded(t, s, idB)
	_, err = s.OpenCopy(idB, path)
	reviewtest.WantCode(t, err, review.CodeBackupForeign)
	same(t, "item", review.ItemOf(err), path)
	reviewtest.WantCode(t, s.Restore(idB, path, 2, w.batch(1)), review.CodeBackupForeign)
	_, err = s.OpenCopy(idB, path+"x")
	reviewtest.WantCode(t, err, review.CodeFileMissing)
	reviewtest.WantCode(t, s.Restore(idB, path+"x", 2, w.batch(1)), review.CodeFileMissing)
	same(t, "record", loaded(t, s, idB), before)
}

func testSetAside(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	w := filled(t, s, idA)
	s.SetCard(idA, []byte("card"))
	before := loaded(t, s, idA)
	first, sums, err := s.SetAside(idA, map[string][]byte{"findings.txt": []byte("what was found")})
	ok(t, err)
	second, others, err := s.SetAside(idA, map[string][]byte{"findings.txt": []byte("what else was found")})
	ok(t, err)
	if first == "" || first == second {
		t.Fatalf("paths %q and %q", first, second)
	}
	if len(sums) != len(review.DigestOf(nil)) || sums == others {
		t.Fatalf("digests %q and %q", sums, others)
	}
	same(t, "record", loaded(t, s, idA), before)
	same(t, "card", string(s.Card(idA)), "card")
	ok(t, s.Commit(idA, 2, w.batch(1)))
}

// testRestore: the meeting is as the copy with the batch, and goes on from there.
func testRestore(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	w := filled(t, s, idA)
	ok(t, s.Backup(idA))
	copies, err := s.Backups(idA)
	ok(t, err)
	want, wantBlobs := readCopy(t, s, idA, copies[0].Path)

	then := writer{tree: *w.tree.Clone()}
	b := w.batch(3)
	b.Blobs = [][]byte{[]byte("added since")}
	b.SaveDrafts = []journal.Draft{draft("minutes", "s01", 9), draft("score/p01", "s02", 1)}
	ok(t, s.Commit(idA, 2, b))
	s.SetCard(idA, []byte("card"))

	b = then.batch(1)
	b.Entries[0].Event = []byte("restored")
	then = writer{}
	for _, e := range append(slices.Clone(want.Entries), b.Entries...) {
		then.tree.Append(e)
	}
	b.Checkpoint = then.tree.Checkpoint()
	b.Blobs = [][]byte{[]byte("with it")}
	b.DropBlobs = []review.Digest{review.DigestOf(nil)}
	b.SaveDrafts = []journal.Draft{draft("minutes", "s02", 1)}
	ok(t, s.Restore(idA, copies[0].Path, 2, b))

	want.Entries = append(want.Entries, b.Entries...)
	want.Checkpoint = b.Checkpoint.String()
	want.Drafts = append(want.Drafts, b.SaveDrafts...)
	wantBlobs[review.DigestOf([]byte("with it"))] = "with it"
	delete(wantBlobs, review.DigestOf(nil))
	for range 2 {
		rec, blobs := read(t, s, idA)
		same(t, "record", rec, want)
		same(t, "blobs", blobs, wantBlobs)
		if card := s.Card(idA); card != nil {
			t.Fatalf("the card of before is there: %q", card)
		}
		ok(t, s.Close())
		s = opened(t, open)
	}
	ok(t, s.Commit(idA, 3, then.batch(1)))
	ok(t, s.Backup(idA))
	copies, err = s.Backups(idA)
	ok(t, err)
	same(t, "copies", len(copies), 2)
	same(t, "size of the newest", copies[0].Size, int64(4))

	// A copy with nothing added is the copy.
	rec, _ := readCopy(t, s, idA, copies[1].Path)
	var plain writer
	ok(t, s.Restore(idA, copies[1].Path, 2, journal.Batch{Checkpoint: plain.batch(2).Checkpoint}))
	same(t, "record", loaded(t, s, idA), rec)
}

// testRestoreRefused: what cannot be restored leaves the meeting as it is.
func testRestoreRefused(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	w := filled(t, s, idA)
	ok(t, s.Backup(idA))
	copies, err := s.Backups(idA)
	ok(t, err)
	path := copies[0].Path
	then := writer{tree: *w.tree.Clone()}
	ok(t, s.Commit(idA, 2, w.batch(3)))
	s.SetCard(idA, []byte("card"))
	record, blobs := read(t, s, idA)
	unchanged := func(name string) {
		t.Helper()
		r, b := read(t, s, idA)
		same(t, name, r, record)
		same(t, name, b, blobs)
		same(t, name, string(s.Card(idA)), "card")
	}
	good := writer{tree: *then.tree.Clone()}
	for _, expect := range []int64{-1, 0, 1, 3, 5} {
		reviewtest.WantCode(t, s.Restore(idA, path, expect, good.batch(0)), review.CodeStoreMoved)
		unchanged("moved")
	}
	uncounted := good.batch(0)
	uncounted.Checkpoint.Size++
	reviewtest.WantCode(t, s.Restore(idA, path, 2, uncounted), review.CodeStoreMoved)
	unchanged("uncounted")
	for name, b := range brokenBatches(&then) {
		if err := s.Restore(idA, path, 2, b); review.CodeOf(err) != review.CodeStoreFailed {
			t.Fatalf("%s: %v", name, err)
		}
		unchanged(name)
	}
	untrue := good.batch(1)
	untrue.Checkpoint.Root[0] ^= 1
	reviewtest.WantCode(t, s.Restore(idA, path, 2, untrue), review.CodeJournalRoot)
	unchanged("untrue")
	ok(t, s.Commit(idA, 5, w.batch(1)))
}

func testDrafts(t *testing.T, open func() meeting.Store) {
	s := opened(t, open)
	var w writer
	ok(t, s.Create(idA, w.batch(1)))
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
	for _, methods := range []func(meeting.Store, review.MeetingID) map[string]error{everyMethod, idMethods} {
		for method, err := range methods(s, idA) {
			if review.CodeOf(err) != review.CodeStoreFailed {
				t.Fatalf("%s after Close: %v", method, err)
			}
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
