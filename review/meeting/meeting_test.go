package meeting_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/storetest"
	"heyi/review/seal"
)

const passphrase = "口令口令口令口令口令"

// disk is a store whose disk can fail and whose stored values can be changed
// behind the program's back.
type disk struct {
	meeting.Store
	full bool
	lost bool // the batch is stored, but the disk says it failed
	edit func(*journal.Record)
	gone review.Digest // a blob that was deleted
	bad  review.Digest // a blob that was edited
	more review.Digest // a blob that was added
	swap map[review.Digest][]byte
}

func (d *disk) Commit(id review.MeetingID, expect int64, b journal.Batch) error {
	if d.full {
		return review.E(review.CodeDirFull, "test", "", nil)
	}
	err := d.Store.Commit(id, expect, b)
	if err == nil && d.lost {
		return review.E(review.CodeStoreFailed, "test", "", nil)
	}
	return err
}

func (d *disk) Load(id review.MeetingID) (journal.Record, error) {
	rec, err := d.Store.Load(id)
	if d.edit != nil {
		d.edit(&rec)
	}
	return rec, err
}

func (d *disk) Blob(id review.MeetingID, digest review.Digest) ([]byte, error) {
	switch digest {
	case d.gone:
		return nil, review.E(review.CodeBlobMissing, "test", string(digest), nil)
	case d.bad:
		return nil, review.E(review.CodeBlobAltered, "test", string(digest), nil)
	}
	if body, ok := d.swap[digest]; ok {
		return body, nil
	}
	return d.Store.Blob(id, digest)
}

func (d *disk) Blobs(id review.MeetingID) ([]review.Digest, error) {
	list, err := d.Store.Blobs(id)
	if d.more != "" {
		list = append(list, d.more)
	}
	return list, err
}

// room is a data directory in memory with services on it.
type room struct {
	*meeting.Services
	store *disk
	files *fakes.Files
	marks *fakes.Marks
}

func newRoom() *room {
	store, files, marks := &disk{Store: storetest.NewMemory()}, &fakes.Files{}, &fakes.Marks{}
	return &room{fakes.Services(store, files, marks), store, files, marks}
}

func valid() meeting.NewMeeting {
	return meeting.NewMeeting{Title: " 评审会 ", Secretary: "龚䶮", Passphrase: passphrase, Repeated: passphrase, Alone: true}
}

func (r *room) created(t *testing.T) *meeting.Session {
	t.Helper()
	x, err := r.Create(valid())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestThread is the whole of a thin meeting: created, recorded, closed, opened
// again, its paper issued, everything verified.
func TestThread(t *testing.T) {
	r := newRoom()
	x := r.created(t)
	if err := x.SaveDraft(review.MinutesDraft, "第一段\n没写完"); err != nil {
		t.Fatal(err)
	}
	if err := x.Record("第一段\n\n　第二段 "); err != nil {
		t.Fatal(err)
	}
	if text, err := x.Draft(review.MinutesDraft); err != nil || text != "" {
		t.Errorf("after recording the draft is %q, %v", text, err)
	}
	if err := x.SaveDraft(review.MinutesDraft, "还没记"); err != nil {
		t.Fatal(err)
	}
	x.Close()

	list, err := r.List()
	if err != nil || len(list) != 1 || list[0].Title != "评审会" || list[0].Phase != review.PhaseRunning {
		t.Fatalf("list %+v, %v", list, err)
	}
	y, err := r.Enter(list[0].ID, review.FirstSeat, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	st := y.State()
	if len(st.Minutes) != 2 || st.Minutes[1].Text != "第二段" || y.Seat().Name != "龚䶮" {
		t.Errorf("state %+v", st)
	}
	if text, err := y.Draft(review.MinutesDraft); err != nil || text != "还没记" {
		t.Errorf("draft %q, %v", text, err)
	}
	paper, path, err := y.IssueMinutes()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := y.Paper(paper)
	if err != nil || r.files.Kept(path) != string(pdf) || !strings.HasPrefix(string(pdf), "评审会 1 龚䶮 2段 v1 3 ") {
		t.Errorf("paper %s is %q, %v", path, pdf, err)
	}
	if found := r.Verify(list[0].ID, nil).Findings; len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}

// TestCreateRefuses holds that a bad form is refused and leaves nothing.
func TestCreateRefuses(t *testing.T) {
	cases := []struct {
		name string
		edit func(*meeting.NewMeeting)
		want review.Code
	}{
		{"no title", func(m *meeting.NewMeeting) { m.Title = "　" }, review.CodeTextEmpty},
		{"no name", func(m *meeting.NewMeeting) { m.Secretary = "" }, review.CodeTextEmpty},
		{"long title", func(m *meeting.NewMeeting) { m.Title = strings.Repeat("会", review.MaxTitle+1) }, review.CodeTextLong},
		{"control", func(m *meeting.NewMeeting) { m.Secretary = "甲\u202e乙" }, review.CodeTextControl},
		{"no glyph", func(m *meeting.NewMeeting) { m.Secretary = "甲𡋤" }, review.CodeTextGlyph},
		{"short", func(m *meeting.NewMeeting) { m.Passphrase, m.Repeated = "123456789", "123456789" }, review.CodeSecretShort},
		{"short and differs", func(m *meeting.NewMeeting) { m.Passphrase, m.Repeated = "1", "2" }, review.CodeSecretShort},
		{"differs", func(m *meeting.NewMeeting) { m.Repeated += "。" }, review.CodeSecretDiffers},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom()
			in := valid()
			c.edit(&in)
			_, err := r.Create(in)
			reviewtest.WantCode(t, err, c.want)
			if list, err := r.List(); err != nil || len(list) != 0 {
				t.Errorf("left behind: %v, %v", list, err)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	r := newRoom()
	x := r.created(t)
	_, err := r.Enter(x.Meeting(), review.FirstSeat, passphrase+"x")
	reviewtest.WantCode(t, err, review.CodeSecretWrong)
	_, err = r.Enter("aaaaaaaaaaaaaaaaaaaaaaaaaa", review.FirstSeat, passphrase)
	reviewtest.WantCode(t, err, review.CodeMeetingMissing)
}

// TestRecordRefuses holds that what cannot be recorded stays as a draft, with
// nothing added to the journal.
func TestRecordRefuses(t *testing.T) {
	r := newRoom()
	x := r.created(t)
	for text, want := range map[string]review.Code{
		" \n　": review.CodeTextEmpty,
		"好\n" + strings.Repeat("字", review.MaxParagraph+1): review.CodeTextLong,
		"第一段\n有𡋤字":                                         review.CodeTextGlyph,
		"a\u200fb":                                         review.CodeTextControl,
	} {
		if err := x.SaveDraft(review.MinutesDraft, text); err != nil {
			t.Fatal(err)
		}
		reviewtest.WantCode(t, x.Record(text), want)
		if got, err := x.Draft(review.MinutesDraft); err != nil || got != text {
			t.Errorf("the draft became %q, %v", got, err)
		}
		if n := len(x.State().Minutes); n != 0 {
			t.Errorf("%d paragraphs were recorded", n)
		}
	}
	reviewtest.WantCode(t, x.SaveDraft(review.MinutesDraft, strings.Repeat("字", review.MaxText+1)), review.CodeTextLong)
	_, _, err := x.IssueMinutes()
	reviewtest.WantCode(t, err, review.CodeTextEmpty)
	if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}

// TestStoreFails holds that an act that the store refuses changes nothing in
// the session, so that it can be tried again.
func TestStoreFails(t *testing.T) {
	r := newRoom()
	x := r.created(t)
	r.store.full = true
	reviewtest.WantCode(t, x.Record("一"), review.CodeDirFull)
	reviewtest.WantCode(t, x.SaveDraft(review.MinutesDraft, "一"), review.CodeDirFull)
	if len(x.State().Minutes) != 0 {
		t.Error("the session believes what was not stored")
	}
	r.store.full = false
	if err := x.Record("一"); err != nil {
		t.Fatal(err)
	}
	r.files.Err = review.E(review.CodeDirFull, "test", "", nil)
	paper, _, err := x.IssueMinutes()
	reviewtest.WantCode(t, err, review.CodeDirFull)
	r.files.Err = nil
	if path, err := x.Export(paper); err != nil || r.files.Kept(path) == "" {
		t.Errorf("the recorded paper cannot be exported later: %v", err)
	}
	if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}

// TestStoreUncertain holds that a session goes on with what is on the disk where
// the store could not say.
func TestStoreUncertain(t *testing.T) {
	r := newRoom()
	x := r.created(t)
	r.store.lost = true
	reviewtest.WantCode(t, x.Record("一"), review.CodeStoreFailed)
	reviewtest.WantCode(t, x.SaveDraft(review.MinutesDraft, "二"), review.CodeStoreFailed)
	r.store.lost = false
	if n := len(x.State().Minutes); n != 1 {
		t.Errorf("the session knows %d paragraphs, the disk has 1", n)
	}
	if text, err := x.Draft(review.MinutesDraft); err != nil || text != "二" {
		t.Errorf("the session knows draft %q, %v", text, err)
	}
	if err := x.Record("三"); err != nil {
		t.Errorf("the next act: %v", err)
	}
}

// TestMoved holds that of two sessions on one meeting the one that has not seen
// the other's act is refused.
func TestMoved(t *testing.T) {
	r := newRoom()
	x := r.created(t)
	y, err := r.Enter(x.Meeting(), review.FirstSeat, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Record("一"); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, y.Record("二"), review.CodeStoreMoved)
}

func TestClosed(t *testing.T) {
	r := newRoom()
	x := r.created(t)
	x.Close()
	reviewtest.WantCode(t, x.Record("一"), review.CodeSecretWrong)
	reviewtest.WantCode(t, x.SaveDraft(review.MinutesDraft, "一"), review.CodeSecretWrong)
	_, err := x.Draft(review.MinutesDraft)
	reviewtest.WantCode(t, err, review.CodeSecretWrong)
	_, _, err = x.IssueMinutes()
	reviewtest.WantCode(t, err, review.CodeSecretWrong)
}

// TestVerifyFinds holds that the full verification finds whatever is done to
// the stored values, each by its code.
func TestVerifyFinds(t *testing.T) {
	stranger, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	record := func(f func(*journal.Record)) func(*disk, *review.State) {
		return func(d *disk, _ *review.State) { d.edit = f }
	}
	cases := []struct {
		name string
		do   func(*disk, *review.State)
		want review.Code
	}{
		{"event", record(func(m *journal.Record) { m.Entries[2].Event[9] ^= 1 }), review.CodeJournalEntry},
		{"tail", record(func(m *journal.Record) { m.Entries = m.Entries[:3] }), review.CodeJournalRoot},
		{"checkpoint", record(func(m *journal.Record) { m.Checkpoint = journal.Checkpoint{}.String() }), review.CodeJournalRoot},
		{"meeting", record(func(m *journal.Record) { m.Meeting = "bbbbbbbbbbbbbbbbbbbbbbbbbb" }), review.CodeMetaAltered},
		{"draft edited", record(func(m *journal.Record) { m.Drafts[0].Cipher[30] ^= 1 }), review.CodeDraftAltered},
		{"draft version", record(func(m *journal.Record) { m.Drafts[0].Version++ }), review.CodeDraftAltered},
		{"draft of a stranger", record(func(m *journal.Record) {
			d := m.Drafts[0]
			d.Owner = "s02"
			d.Signature, _ = stranger.Sign(journal.DraftDomain, d.Message(m.Meeting))
			m.Drafts = append(m.Drafts, d)
		}), review.CodeDraftAltered},
		{"newer event", record(func(m *journal.Record) {
			m.Entries[2].Event = bytes.Replace(m.Entries[2].Event, []byte(`"v":1`), []byte(`"v":7`), 1)
		}), review.CodeEventNewer},
		{"key file gone", func(d *disk, s *review.State) { d.gone = s.Seats[0].KeyFile }, review.CodeBlobMissing},
		{"authority's key edited", func(d *disk, s *review.State) { d.bad = s.AuthorityKey }, review.CodeBlobAltered},
		{"paper gone", func(d *disk, s *review.State) { d.gone = s.Papers[0].Signed }, review.CodeBlobMissing},
		{"blob added", func(d *disk, _ *review.State) { d.more = review.DigestOf([]byte("x")) }, review.CodeBlobUnknown},
	}
	r := newRoom()
	x := r.created(t)
	if err := errors.Join(x.Record("一"), x.SaveDraft(review.MinutesDraft, "二")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.IssueMinutes(); err != nil {
		t.Fatal(err)
	}
	clean := *r.store
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			*r.store = clean
			if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 0 {
				t.Fatalf("before: %v", found)
			}
			c.do(r.store, x.State())
			found := r.Verify(x.Meeting(), nil).Findings
			if !slices.ContainsFunc(found, func(f review.Finding) bool { return f.Code == c.want }) {
				t.Errorf("findings %v, want %s", found, c.want)
			}
		})
	}
}

// TestVerifyPapers holds that a paper must be what its event says, and that the
// panel CA must be the one that the verifier trusts.
func TestVerifyPapers(t *testing.T) {
	r := newRoom()
	x := r.created(t)
	if err := x.Record("一"); err != nil {
		t.Fatal(err)
	}
	paper, path, err := x.IssueMinutes()
	if err != nil {
		t.Fatal(err)
	}
	ca, err := x509.ParseCertificate(x.State().Authority)
	if err != nil {
		t.Fatal(err)
	}
	v := r.Verify(x.Meeting(), []*x509.Certificate{ca})
	if len(v.Findings) != 0 || v.Title != "评审会" || v.Authority != review.DigestOf(ca.Raw) || !strings.HasPrefix(v.Checkpoint, "v1 4 ") {
		t.Errorf("verdict %+v", v)
	}
	stranger := newRoom().created(t)
	other, err := x509.ParseCertificate(stranger.State().Authority)
	if err != nil {
		t.Fatal(err)
	}
	if v := r.Verify(x.Meeting(), []*x509.Certificate{other}); len(v.Findings) != 1 || v.Findings[0].Code != review.CodeChain {
		t.Errorf("another panel's CA: %+v", v.Findings)
	}

	signed, err := x.Paper(paper)
	if err != nil {
		t.Fatal(err)
	}
	head, tail, _ := bytes.Cut(signed, []byte("\n"))
	fields := strings.Fields(string(tail))
	for name, c := range map[string]struct {
		line []string
		want review.Code
	}{
		"another certificate": {[]string{fields[0], string(review.DigestOf(nil)), fields[2], fields[3]}, review.CodeCertRole},
		"another time":        {[]string{fields[0], fields[1], "1", fields[3]}, review.CodePDFTime},
	} {
		r.store.swap = map[review.Digest][]byte{paper.Signed: fmt.Appendf(nil, "%s\n%s", head, strings.Join(c.line, " "))}
		r.files.Export(x.Meeting(), "minutes-01.pdf", r.store.swap[paper.Signed])
		if v := r.Verify(x.Meeting(), nil); len(v.Findings) != 1 || v.Findings[0].Code != c.want {
			t.Errorf("%s: %+v", name, v.Findings)
		}
	}
	r.store.swap = map[review.Digest][]byte{paper.Base: []byte("另一份")}
	r.files.Export(x.Meeting(), "minutes-01.pdf", signed)
	if v := r.Verify(x.Meeting(), nil); len(v.Findings) != 1 || v.Findings[0].Code != review.CodePDFAltered {
		t.Errorf("another base: %+v", v.Findings)
	}
	r.store.swap = nil
	r.files.Export(x.Meeting(), "minutes-01.pdf", append(signed, 'X'))
	if v := r.Verify(x.Meeting(), nil); len(v.Findings) != 1 || v.Findings[0].Code != review.CodePDFAltered {
		t.Errorf("the exported file %s altered: %+v", path, v.Findings)
	}
}

// TestRollback holds that a data directory that was put back to an older state
// is found by the mark left outside of it, and only by that.
func TestRollback(t *testing.T) {
	r := newRoom()
	x := r.created(t)
	old, err := r.store.Load(x.Meeting())
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Record("一"); err != nil {
		t.Fatal(err)
	}
	x.Close()
	r.store.edit = func(rec *journal.Record) { *rec = old }
	_, err = r.Enter(x.Meeting(), review.FirstSeat, passphrase)
	reviewtest.WantCode(t, err, review.CodeJournalRollback)
	if got := review.ItemOf(err); got != "3" {
		t.Errorf("seen %s entries, want 3", got)
	}
	if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 1 || found[0].Code != review.CodeJournalRollback {
		t.Errorf("findings %v", found)
	}
	elsewhere := fakes.Services(r.store, r.files, nil)
	if _, err := elsewhere.Enter(x.Meeting(), review.FirstSeat, passphrase); err != nil {
		t.Errorf("without a mark: %v", err)
	}
	r.store.edit = nil
	r.marks.SetMark(x.Meeting(), "spoiled")
	_, err = r.Enter(x.Meeting(), review.FirstSeat, passphrase)
	reviewtest.WantCode(t, err, review.CodeJournalRollback)
}

// TestTogether holds that drafts and records of one session may come from
// several goroutines.
func TestTogether(t *testing.T) {
	r := newRoom()
	x := r.created(t)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := x.SaveDraft(review.MinutesDraft, fmt.Sprint("草稿", i)); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := x.Record(fmt.Sprint("第", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(x.State().Minutes); n != 20 {
		t.Errorf("%d paragraphs", n)
	}
	if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}

func TestSelfCheck(t *testing.T) {
	r := newRoom()
	r.created(t)
	for _, c := range r.SelfCheck() {
		if c.Err != nil {
			t.Errorf("%s: %v", c.Key, c.Err)
		}
	}
}
