package meeting_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/fakes"
	"heyi/review/seal"
)

// TestVerifyFinds holds that the full verification finds whatever is done to
// the stored values, each by its code.
func TestVerifyFinds(t *testing.T) {
	stranger, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	type do func(*disk, *review.State, *seal.Identity)
	record := func(f func(*journal.Record)) do {
		return func(d *disk, _ *review.State, _ *seal.Identity) { d.edit = f }
	}
	cases := []struct {
		name string
		do   do
		want review.Code
	}{
		{"event", record(func(m *journal.Record) { m.Entries[4].Event[9] ^= 1 }), review.CodeJournalEntry},
		{"tail", record(func(m *journal.Record) { m.Entries = m.Entries[:5] }), review.CodeJournalRoot},
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
			m.Entries[4].Event = bytes.Replace(m.Entries[4].Event, []byte(`"v":1`), []byte(`"v":7`), 1)
		}), review.CodeJournalEntry},
		{"newer event, signed", func(d *disk, _ *review.State, who *seal.Identity) {
			d.edit = func(m *journal.Record) {
				e := &m.Entries[4]
				e.Event = bytes.Replace(e.Event, []byte(`"v":1`), []byte(`"v":7`), 1)
				root := rootOf(m.Entries[:4])
				e.Signature, _ = who.Sign(journal.EventDomain, append(root[:], e.Event...))
			}
		}, review.CodeEventNewer},
		{"key file gone", func(d *disk, s *review.State, _ *seal.Identity) { d.gone = s.Seats[0].KeyFile }, review.CodeBlobMissing},
		{"authority's key edited", func(d *disk, s *review.State, _ *seal.Identity) { d.bad = s.AuthorityKey }, review.CodeBlobAltered},
		{"paper gone", func(d *disk, s *review.State, _ *seal.Identity) { d.gone = s.Papers[0].Signed }, review.CodeBlobMissing},
		{"blob added", func(d *disk, _ *review.State, _ *seal.Identity) { d.more = review.DigestOf([]byte("x")) }, review.CodeBlobUnknown},
	}
	r := newRoom(t)
	x := r.created(t)
	if err := errors.Join(x.Record("一"), x.SaveDraft(review.MinutesDraft, "二")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.IssueMinutes(); err != nil {
		t.Fatal(err)
	}
	who := r.identity(t, review.FirstSeat)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r.store.mend()
			if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 0 {
				t.Fatalf("before: %v", found)
			}
			c.do(r.store, x.State(), who)
			found := r.Verify(x.Meeting(), nil).Findings
			if !slices.ContainsFunc(found, func(f review.Finding) bool { return f.Code == c.want }) {
				t.Errorf("findings %v, want %s", found, c.want)
			}
		})
	}
}

// rootOf gives the root of a journal.
func rootOf(entries []journal.Entry) [32]byte {
	var t journal.Tree
	for _, e := range entries {
		t.Append(e)
	}
	return t.Checkpoint().Root
}

// TestVerifyPapers holds that a paper must be what its event says, and that the
// panel CA must be the one that the verifier trusts.
func TestVerifyPapers(t *testing.T) {
	r := newRoom(t)
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
	if len(v.Findings) != 0 || v.Title != "评审会" || v.Authority != review.DigestOf(ca.Raw) || !strings.HasPrefix(v.Checkpoint, "v1 6 ") {
		t.Errorf("verdict %+v", v)
	}
	stranger, err := newRoom(t).Create(valid())
	if err != nil {
		t.Fatal(err)
	}
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
	base := signed[:bytes.IndexByte(signed, '\n')+1]
	line := fakes.Line{
		Field: review.SignatureField, At: paper.At, Issuer: ca.Subject.SerialNumber,
		Fingerprint: review.DigestOf(x.State().Seats[0].Certificate),
	}
	for name, c := range map[string]struct {
		change func(*fakes.Line)
		want   review.Code
	}{
		"another certificate": {func(l *fakes.Line) { l.Fingerprint = review.DigestOf(nil) }, review.CodeCertRole},
		"another time":        {func(l *fakes.Line) { l.At = l.At.Add(-time.Hour) }, review.CodePDFTime},
	} {
		forged := line
		c.change(&forged)
		r.store.swap = map[review.Digest][]byte{paper.Signed: forged.On(base)}
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
	r := newRoom(t)
	x := r.created(t)
	old, err := r.store.Load(x.Meeting())
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Record("一"); err != nil {
		t.Fatal(err)
	}
	r.start()
	r.store.edit = func(rec *journal.Record) { *rec = old }
	_, err = r.Enter(x.Meeting(), review.FirstSeat, passphrase)
	reviewtest.WantCode(t, err, review.CodeJournalRollback)
	if got := review.ItemOf(err); got != "5" {
		t.Errorf("seen %s entries, want 5", got)
	}
	if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 1 || found[0].Code != review.CodeJournalRollback {
		t.Errorf("findings %v", found)
	}
	elsewhere := fakes.Services(r.store, r.files, nil)
	if v := elsewhere.Verify(x.Meeting(), nil); len(v.Findings) != 0 {
		t.Errorf("without a mark: %v", v.Findings)
	}
	r.store.mend()
	for _, mark := range []string{
		"spoiled", "v1 3", "v1 3 " + strings.Repeat("0", 63), "\n", old.Checkpoint + "\n", old.Checkpoint + "\ndraft minutes s01",
		old.Checkpoint + "\ndraft minutes s01 x", old.Checkpoint + "\nmark minutes s01 1",
	} {
		r.marks.SetMark(x.Meeting(), mark)
		_, err = r.Enter(x.Meeting(), review.FirstSeat, passphrase)
		reviewtest.WantCode(t, err, review.CodeJournalRollback)
	}
	r.marks.SetMark(x.Meeting(), old.Checkpoint)
	if _, err = r.Enter(x.Meeting(), review.FirstSeat, passphrase); err != nil {
		t.Errorf("with an older mark: %v", err)
	}
}
