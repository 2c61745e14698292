package storage_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/seal"
	"heyi/storage"
)

const testID review.MeetingID = "heyi2storage3test4meeting4"

// scribe makes signed batches of one meeting, in order: batch 0 creates it, and
// batch n records paragraph n with a blob "blob n", and draft n.
type scribe struct {
	id   review.MeetingID
	who  *seal.Identity
	tree journal.Tree
}

func newScribe(id review.MeetingID) (*scribe, error) {
	who, err := seal.NewIdentity()
	return &scribe{id: id, who: who}, err
}

func (s *scribe) batch(n int) (journal.Batch, error) {
	var bodies []review.Body
	var b journal.Batch
	if n == 0 {
		keyFile := []byte("key file")
		bodies = []review.Body{
			review.MeetingCreated{Title: "存储测试会议", Secretary: "秘书", Keys: s.who.Public(), KeyFile: review.DigestOf(keyFile)},
			review.PanelConfirmed{
				Authority: []byte("authority"), AuthorityKey: review.DigestOf(keyFile),
				Certificates: []review.SeatCertificate{{Seat: review.FirstSeat, DER: []byte("certificate")}},
			},
		}
		b.Blobs = [][]byte{keyFile}
	} else {
		bodies = []review.Body{review.MinutesRecorded{Paragraphs: []string{fmt.Sprintf("第 %d 段", n)}}}
		b.Blobs = [][]byte{fmt.Appendf(nil, "blob %d", n)}
		d := journal.Draft{Key: "minutes", Owner: review.FirstSeat, Version: int64(n), Cipher: fmt.Appendf(nil, "draft %d", n)}
		var err error
		if d.Signature, err = s.who.Sign(journal.DraftDomain, d.Message(s.id)); err != nil {
			return b, err
		}
		b.SaveDrafts = []journal.Draft{d}
	}
	for _, body := range bodies {
		e, err := journal.Sign(&s.tree, review.Event{
			Version: review.EventVersion, Meeting: s.id, Index: s.size(),
			At: time.Unix(1_800_000_000, 0).UTC(), Actor: review.FirstSeat, Body: body,
		}, s.who)
		if err != nil {
			return b, err
		}
		s.tree.Append(e)
		b.Entries = append(b.Entries, e)
	}
	b.Checkpoint = s.tree.Checkpoint()
	return b, nil
}

func (s *scribe) size() int64 { return s.tree.Checkpoint().Size }

// verify makes the full verification of a meeting written by a scribe and gives
// the number of its last batch.
func verify(s journal.Reader, id review.MeetingID) (last int, err error) {
	if err := s.Audit(id); err != nil {
		return 0, err
	}
	r, err := s.Load(id)
	if err != nil {
		return 0, err
	}
	state, tree, err := journal.Replay(r.Entries)
	if err != nil {
		return 0, err
	}
	last = len(r.Entries) - 2
	if r.Meeting != id || r.Checkpoint != tree.Checkpoint().String() || last != len(state.Minutes) {
		return 0, fmt.Errorf("meta says %s at %s, the journal %d entries at %s", r.Meeting, r.Checkpoint, len(r.Entries), tree.Checkpoint())
	}
	want := []review.Digest{review.DigestOf([]byte("key file"))}
	for n := 1; n <= last; n++ {
		want = append(want, review.DigestOf(fmt.Appendf(nil, "blob %d", n)))
	}
	got, err := s.Blobs(id)
	if err != nil {
		return 0, err
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return 0, fmt.Errorf("batch %d is the last, but there are %d blobs", last, len(got))
	}
	for _, d := range got {
		if _, err := s.Blob(id, d); err != nil {
			return 0, err
		}
	}
	if last == 0 {
		return 0, nil
	}
	if len(r.Drafts) != 1 || r.Drafts[0].Version != int64(last) {
		return 0, fmt.Errorf("batch %d is the last, but the drafts are %v", last, r.Drafts)
	}
	d := r.Drafts[0]
	if !seal.Verify(state.Seats[0].Keys, journal.DraftDomain, d.Message(id), d.Signature) {
		return 0, fmt.Errorf("batch %d is the last, but its draft is not signed", last)
	}
	return last, nil
}

// written gives a data directory with one closed meeting of some batches, and
// the path of its database.
func written(t testing.TB, root string, batches int) (*scribe, string) {
	t.Helper()
	w, err := newScribe(testID)
	must(t, err)
	s := storage.Open(root)
	for n := range batches {
		must(t, store(s, w, n))
	}
	must(t, s.Close())
	return w, filepath.Join(root, "meetings", string(testID), "heyi.db")
}

// store stores batch n.
func store(s meeting.Store, w *scribe, n int) error {
	size := w.size()
	b, err := w.batch(n)
	if err != nil {
		return err
	}
	if n == 0 {
		return s.Create(w.id, b)
	}
	return s.Commit(w.id, size, b)
}

// alter runs SQL on a database as any other program could.
func alter(t testing.TB, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	db.SetMaxOpenConns(1)
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", strings.SplitN(s, "\n", 2)[0], err)
		}
	}
	must(t, db.Close())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
