package storage_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
	"heyi/review/seal"
	"heyi/storage"
)

var update = flag.Bool("update", false, "write testdata/v1.db anew: only while version 1 has not landed")

// testdata/v1.db was written by the first version that landed. It opens for
// ever, so it is never written again; its digest stands here to say so.
const (
	fixture       = "testdata/v1.db"
	fixtureDigest = "70726c2f66cdb643c0c88fea86d4106f1a0f007674d8757fa6f6a5b4546b4e89"
)

// What the fixture holds.
const (
	fixtureID         = review.MeetingID("vi2fixture3opens4for5ever5")
	fixturePassphrase = "一把用于测试的钥匙v1"
	fixtureTitle      = "第一版数据库样本会议"
	fixtureSecretary  = "龚䶮"
	fixtureMinutes    = "专家㛃、𫖮到会，会议开始。"
	fixtureDraft      = "还没有记入的一段"
)

// writeFixture makes the fixture anew, with fresh keys.
func writeFixture(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.FixedZone("", 8*3600))
	who, err := seal.NewIdentity()
	must(t, err)
	keyFile, err := who.Lock(fixturePassphrase)
	must(t, err)
	ca, err := seal.NewAuthority(fixtureTitle, at)
	must(t, err)
	certificate, err := ca.Issue(who.Signer().Public(), seal.Subject{Name: fixtureSecretary, Role: "秘书", Meeting: fixtureTitle}, at)
	must(t, err)
	caKey, err := seal.SealTo(ca.Key(), who.Public())
	must(t, err)

	var tree journal.Tree
	batch := func(blobs [][]byte, bodies ...review.Body) journal.Batch {
		b := journal.Batch{Blobs: blobs}
		for _, body := range bodies {
			e, err := journal.Sign(&tree, review.Event{
				Version: review.EventVersion, Meeting: fixtureID, Index: tree.Checkpoint().Size, At: at, Actor: review.FirstSeat, Body: body,
			}, who)
			must(t, err)
			tree.Append(e)
			b.Entries = append(b.Entries, e)
		}
		b.Checkpoint = tree.Checkpoint()
		return b
	}
	root := t.TempDir()
	s := storage.Open(root)
	must(t, s.Create(fixtureID, batch([][]byte{keyFile, caKey},
		review.MeetingCreated{Title: fixtureTitle, Secretary: fixtureSecretary, Keys: who.Public(), KeyFile: review.DigestOf(keyFile)},
		review.PanelConfirmed{
			Authority: ca.Certificate(), AuthorityKey: review.DigestOf(caKey),
			Certificates: []review.SeatCertificate{{Seat: review.FirstSeat, DER: certificate}},
		},
	)))
	b := batch(nil, review.MinutesRecorded{Paragraphs: []string{fixtureMinutes}})
	d := journal.Draft{Key: "minutes", Owner: review.FirstSeat, Version: 1}
	d.Cipher, err = seal.SealTo([]byte(fixtureDraft), who.Public())
	must(t, err)
	d.Signature, err = who.Sign(journal.DraftDomain, d.Message(fixtureID))
	must(t, err)
	b.SaveDrafts = []journal.Draft{d}
	must(t, s.Commit(fixtureID, 2, b))
	must(t, s.Close())
	written, err := os.ReadFile(filepath.Join(root, "meetings", string(fixtureID), "heyi.db"))
	must(t, err)
	must(t, os.WriteFile(fixture, written, 0o644))
}

// TestFixture: a database of version 1 opens, holds, gives back what was put
// into it, and takes what comes next.
func TestFixture(t *testing.T) {
	if *update {
		writeFixture(t)
	}
	content, err := os.ReadFile(fixture)
	must(t, err)
	if got := review.DigestOf(content); got != fixtureDigest {
		t.Fatalf("the fixture is not what landed: %s", got)
	}
	root := t.TempDir()
	path := filepath.Join(root, "meetings", string(fixtureID), "heyi.db")
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, content, 0o600))
	before := reviewtest.Snapshot(t, root)

	s := storage.OpenReadOnly(root)
	who, tree := checkFixture(t, s, 3)
	must(t, s.Close())
	if after := reviewtest.Snapshot(t, root); after != before {
		t.Errorf("reading changed it:\n%s\nwas\n%s", after, before)
	}

	s = storage.Open(root)
	e, err := journal.Sign(tree, review.Event{
		Version: review.EventVersion, Meeting: fixtureID, Index: 3, At: time.Unix(1_800_000_000, 0).UTC(),
		Actor: review.FirstSeat, Body: review.MinutesRecorded{Paragraphs: []string{"后来的版本记下的一段"}},
	}, who)
	must(t, err)
	tree.Append(e)
	must(t, s.Commit(fixtureID, 3, journal.Batch{Entries: []journal.Entry{e}, Checkpoint: tree.Checkpoint()}))
	must(t, s.Close())
	s = storage.Open(root)
	checkFixture(t, s, 4)
	must(t, s.Close())
}

// checkFixture makes the full verification of the fixture's meeting.
func checkFixture(t *testing.T, s *storage.Store, entries int) (*seal.Identity, *journal.Tree) {
	t.Helper()
	must(t, s.Audit(fixtureID))
	r, err := s.Load(fixtureID)
	must(t, err)
	state, tree, err := journal.Replay(r.Entries)
	must(t, err)
	if r.Meeting != fixtureID || r.Checkpoint != tree.Checkpoint().String() || len(r.Entries) != entries || len(r.Drafts) != 1 {
		t.Fatalf("meeting %s, checkpoint %s, %d entries, %d drafts", r.Meeting, r.Checkpoint, len(r.Entries), len(r.Drafts))
	}
	if state.Title != fixtureTitle || state.Seats[0].Name != fixtureSecretary || state.Minutes[0].Text != fixtureMinutes {
		t.Fatalf("state %+v", state)
	}
	blobs, err := s.Blobs(fixtureID)
	must(t, err)
	named := state.Blobs()
	slices.Sort(named)
	if !slices.Equal(blobs, named) {
		t.Fatalf("blobs %q, named %q", blobs, named)
	}
	keyFile, err := s.Blob(fixtureID, state.Seats[0].KeyFile)
	must(t, err)
	who, err := seal.Unlock(keyFile, fixturePassphrase)
	must(t, err)
	d := r.Drafts[0]
	if !seal.Verify(state.Seats[0].Keys, journal.DraftDomain, d.Message(fixtureID), d.Signature) {
		t.Error("the draft is not signed by its owner")
	}
	text, err := who.Open(d.Cipher)
	must(t, err)
	sealedKey, err := s.Blob(fixtureID, state.AuthorityKey)
	must(t, err)
	caKey, err := who.Open(sealedKey)
	must(t, err)
	_, err = seal.ParseAuthority(state.Authority, caKey)
	must(t, err)
	if string(text) != fixtureDraft {
		t.Fatalf("draft %q", text)
	}
	return who, tree
}
