package storage_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	scripted "heyi/review/reviewtest/script"
	"heyi/review/seal"
	"heyi/storage"
)

var update = flag.Bool("update", false, "write testdata/v2.db anew: only while version 2 has not landed")

// fixtures were each written by the first version of the program that landed with
// this version of the schema. They open for ever, so they are never written again;
// their digests stand here to say so.
var fixtures = []struct{ path, digest string }{
	{"testdata/v1.db", "70726c2f66cdb643c0c88fea86d4106f1a0f007674d8757fa6f6a5b4546b4e89"},
	{"testdata/v2.db", "f6f8022e053d0488bb065c609ce5471f25301290058335b58e9e7004da2b9201"},
}

// What every fixture holds.
const (
	fixtureID         = review.MeetingID("vi2fixture3opens4for5ever5")
	fixturePassphrase = "一把用于测试的钥匙v1"
	fixtureTitle      = "第一版数据库样本会议"
	fixtureSecretary  = "龚䶮"
	fixtureMinutes    = "专家㛃、𫖮到会，会议开始。"
	fixtureDraft      = "还没有记入的一段"
)

// writeFixture makes the newest fixture anew, with fresh keys.
func writeFixture(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.FixedZone("", 8*3600))
	who, err := seal.NewIdentity()
	must(t, err)
	keyFile, err := who.Lock(fixturePassphrase, seal.WorkFactor)
	must(t, err)
	ca, err := seal.NewAuthority(fixtureTitle, at)
	must(t, err)
	certificate, err := ca.Issue(who.Signer().Public(), seal.Subject{Name: fixtureSecretary, Role: "秘书", Meeting: fixtureTitle}, at)
	must(t, err)
	caKey, err := seal.SealTo(ca.Key(), who.Public().Seal)
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
	gone := []byte("a key file that is to be no more")
	must(t, s.Create(fixtureID, batch([][]byte{keyFile, gone, caKey},
		review.MeetingCreated{Title: fixtureTitle, Secretary: fixtureSecretary, Keys: who.Public(), KeyFile: review.DigestOf(keyFile)},
		review.PanelConfirmed{
			Authority: ca.Certificate(), AuthorityKey: review.DigestOf(caKey),
			Certificates: []review.SeatCertificate{{Seat: review.FirstSeat, DER: certificate}},
		},
	)))
	b := batch(nil, review.MinutesRecorded{Paragraphs: []string{fixtureMinutes}})
	d := journal.Draft{Key: "minutes", Owner: review.FirstSeat, Version: 1}
	d.Cipher, err = seal.SealTo([]byte(fixtureDraft), who.Public().Seal)
	must(t, err)
	d.Signature, err = who.Sign(journal.DraftDomain, d.Message(fixtureID))
	must(t, err)
	b.SaveDrafts = []journal.Draft{d}
	b.DropBlobs = []review.Digest{review.DigestOf(gone)}
	must(t, s.Commit(fixtureID, 2, b))
	must(t, s.Close())
	written, err := os.ReadFile(databaseOf(root))
	must(t, err)
	must(t, os.WriteFile(fixtures[len(fixtures)-1].path, written, 0o644))
}

func databaseOf(root string) string {
	return filepath.Join(root, "meetings", string(fixtureID), "heyi.db")
}

// putFixture gives a data directory whose one meeting is a fixture.
func putFixture(t *testing.T, fixture string) (root string) {
	t.Helper()
	content, err := os.ReadFile(fixture)
	must(t, err)
	root = t.TempDir()
	must(t, os.MkdirAll(filepath.Dir(databaseOf(root)), 0o700))
	must(t, os.WriteFile(databaseOf(root), content, 0o600))
	return root
}

// recordNext records one more paragraph in a fixture's meeting.
func recordNext(s *storage.Store, who *seal.Identity, tree *journal.Tree) error {
	size := tree.Checkpoint().Size
	e, err := journal.Sign(tree, review.Event{
		Version: review.EventVersion, Meeting: fixtureID, Index: size, At: time.Unix(1_800_000_000, 0).UTC(),
		Actor: review.FirstSeat, Body: review.MinutesRecorded{Paragraphs: []string{"后来的版本记下的一段"}},
	}, who)
	if err != nil {
		return err
	}
	next := tree.Clone()
	next.Append(e)
	if err := s.Commit(fixtureID, size, journal.Batch{Entries: []journal.Entry{e}, Checkpoint: next.Checkpoint()}); err != nil {
		return err
	}
	*tree = *next
	return nil
}

// versionIn gives the version that a database's header states.
func versionIn(t *testing.T, path string) uint32 {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return binary.BigEndian.Uint32(b[60:])
}

// TestFixture: a database of each version opens, holds, gives back what was put
// into it, and takes what comes next. To look at it changes nothing.
func TestFixture(t *testing.T) {
	if *update {
		writeFixture(t)
	}
	for i, x := range fixtures {
		t.Run(x.path, func(t *testing.T) {
			content, err := os.ReadFile(x.path)
			must(t, err)
			if got := review.DigestOf(content); string(got) != x.digest {
				t.Fatalf("the fixture is not what landed: %s", got)
			}
			root := putFixture(t, x.path)
			if v := versionIn(t, databaseOf(root)); v != uint32(i+1) {
				t.Fatalf("version %d", v)
			}
			before := reviewtest.Snapshot(t, root)
			var who *seal.Identity
			var tree *journal.Tree
			for _, open := range []func(string, ...string) *storage.Store{storage.OpenReadOnly, storage.Open} {
				s := open(root)
				who, tree = checkFixture(t, s, 3)
				must(t, s.Close())
				if after := reviewtest.Snapshot(t, root); after != before {
					t.Errorf("reading changed it:\n%s\nwas\n%s", after, before)
				}
			}
			s := storage.Open(root)
			must(t, recordNext(s, who, tree))
			must(t, s.Close())
			s = storage.Open(root)
			checkFixture(t, s, 4)
			must(t, s.Close())
			if v := versionIn(t, databaseOf(root)); v != uint32(len(fixtures)) {
				t.Errorf("version %d after a commit", v)
			}

			// The same from a copy of it.
			s = storage.Open(root)
			defer s.Close()
			again := tree.Clone()
			must(t, s.Restore(fixtureID, x.path, 3, journal.Batch{Checkpoint: firstOf(t, s, 3)}))
			if v := versionIn(t, databaseOf(root)); v != uint32(len(fixtures)) {
				t.Errorf("version %d after being restored", v)
			}
			who, tree = checkFixture(t, s, 3)
			must(t, recordNext(s, who, tree))
			if tree.Checkpoint().Size != again.Checkpoint().Size {
				t.Errorf("size %d", tree.Checkpoint().Size)
			}
		})
	}
}

// firstOf gives the checkpoint of the fixture's meeting after its first entries.
func firstOf(t *testing.T, s *storage.Store, entries int) journal.Checkpoint {
	t.Helper()
	r, err := s.Load(fixtureID)
	must(t, err)
	var tree journal.Tree
	for _, e := range r.Entries[:entries] {
		tree.Append(e)
	}
	return tree.Checkpoint()
}

// checkFixture makes the full verification of the fixture's meeting.
func checkFixture(t *testing.T, s journal.Reader, entries int) (*seal.Identity, *journal.Tree) {
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

// upgraded gives the copies that were made before an upgrade.
func upgraded(t *testing.T, s *storage.Store) (paths []string) {
	t.Helper()
	copies, err := s.Backups(fixtureID)
	must(t, err)
	for _, c := range copies {
		if strings.HasSuffix(c.Path, "-v1.db") {
			paths = append(paths, c.Path)
		}
	}
	return paths
}

// TestUpgrade: the first commit to a database of an older version leaves a copy of
// it as it was, which outlives every copy made after it but not DropBackups.
func TestUpgrade(t *testing.T) {
	root := putFixture(t, fixtures[0].path)
	s := storage.Open(root)
	defer s.Close()
	who, tree := checkFixture(t, s, 3)
	must(t, s.Backup(fixtureID)) // an ordinary copy of what is still version 1
	reviewtest.WantCode(t, s.Commit(fixtureID, 2, journal.Batch{}), review.CodeStoreMoved)
	if paths := upgraded(t, s); len(paths) != 0 || versionIn(t, databaseOf(root)) != 1 {
		t.Fatalf("a batch that does not fit made it version %d: %q", versionIn(t, databaseOf(root)), paths)
	}
	must(t, recordNext(s, who, tree))
	paths := upgraded(t, s)
	if len(paths) != 1 || versionIn(t, paths[0]) != 1 {
		t.Fatalf("copies of version 1: %q", paths)
	}
	c, err := s.OpenCopy(fixtureID, paths[0])
	must(t, err)
	checkFixture(t, c, 3)
	must(t, c.Close())
	for range journal.RingSize + 2 {
		must(t, s.Backup(fixtureID))
	}
	must(t, recordNext(s, who, tree)) // there is nothing left to upgrade
	copies, err := s.Backups(fixtureID)
	must(t, err)
	if got := upgraded(t, s); !slices.Equal(got, paths) || len(copies) != journal.RingSize+1 {
		t.Errorf("%d copies, of version 1 %q", len(copies), got)
	}
	must(t, s.DropBackups(fixtureID))
	copies, err = s.Backups(fixtureID)
	must(t, err)
	if len(copies) != 1 || len(upgraded(t, s)) != 0 {
		t.Errorf("left: %+v", copies)
	}
}

// TestUpgradeRefused: without a copy there is no upgrade, and nothing is changed.
func TestUpgradeRefused(t *testing.T) {
	root := putFixture(t, fixtures[0].path)
	must(t, os.WriteFile(filepath.Join(root, "backups"), nil, 0o600))
	before := reviewtest.Snapshot(t, root)
	for name, code := range map[string]review.Code{"Open": review.CodeStoreFailed, "OpenReadOnly": review.CodeDirReadOnly} {
		open := storage.Open
		if name == "OpenReadOnly" {
			open = storage.OpenReadOnly
		}
		s := open(root)
		who, tree := checkFixture(t, s, 3)
		if err := recordNext(s, who, tree); review.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", name, err, code)
		}
		checkFixture(t, s, 3)
		must(t, s.Close())
		if after := reviewtest.Snapshot(t, root); after != before {
			t.Errorf("%s changed it:\n%s\nwas\n%s", name, after, before)
		}
	}
}

// meetingFixture is a whole meeting up to its filing, with nearly every kind of entry,
// statement, sealed ballot and draft: the first that landed. Beside it lie the codes of
// those who sat there. It opens for ever and is never written again.
const (
	meetingFixture       = "testdata/meeting-v2.db"
	meetingFixtureCodes  = "testdata/meeting-v2.json"
	ballotFixture        = "testdata/ballot-v1.rbal" // one of its ballots as a 评分件
	meetingFixtureDigest = "bd563add9a420ce58035c0a6a180115b6f8af48aa1d66759331f453a640c1366"
)

// writeMeetingFixture holds a meeting anew.
func writeMeetingFixture(t *testing.T) {
	root := t.TempDir()
	h := openHall(t, root, t.TempDir())
	acts := scripted.Whole(2)
	must(t, h.Hold(acts[:len(acts)-2], nil))
	must(t, h.Sessions[scripted.Secretary].SaveDraft(review.MinutesDraft, fixtureDraft))
	h.close(t)
	writeCodes(t, h, meetingFixture, meetingFixtureCodes)
}

// writeCodes writes the database of a meeting that was closed, and its people's codes beside it.
func writeCodes(t *testing.T, h *hall, fixture, codes string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(h.root, "meetings", string(h.ID), "heyi.db"))
	must(t, err)
	must(t, os.WriteFile(fixture, content, 0o644))
	list, err := json.MarshalIndent(map[string]any{"meeting": h.ID, "codes": h.Codes}, "", "  ")
	must(t, err)
	must(t, os.WriteFile(codes, append(list, '\n'), 0o644))
	t.Logf("%s has digest %s", fixture, review.DigestOf(content))
}

// enterFixture puts a meeting that landed into a data directory of its own, tries that it
// is the one that landed and verifies, and signs everybody in with his code.
func enterFixture(t *testing.T, fixture, codes string, digest review.Digest) *hall {
	t.Helper()
	content, err := os.ReadFile(fixture)
	must(t, err)
	if got := review.DigestOf(content); got != digest {
		t.Errorf("%s has digest %s", fixture, got)
	}
	raw, err := os.ReadFile(codes)
	must(t, err)
	var known struct {
		Meeting review.MeetingID
		Codes   map[review.SeatID]string
	}
	must(t, json.Unmarshal(raw, &known))
	root := t.TempDir()
	dir := filepath.Join(root, "meetings", string(known.Meeting))
	must(t, os.MkdirAll(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "heyi.db"), content, 0o600))
	h := openHall(t, root, t.TempDir())
	h.ID, h.Codes = known.Meeting, known.Codes
	if found := h.Verify(known.Meeting, nil).Findings; len(found) != 0 {
		t.Fatal(found)
	}
	for seat, code := range known.Codes {
		if h.Sessions[seat], err = h.Enter(known.Meeting, seat, code); err != nil {
			t.Fatalf("%s: %v", seat, err)
		}
	}
	return h
}

// TestMeetingFixture: the meeting verifies, everybody enters with his code, reads what
// is his and what he may see, and the meeting goes on to its end.
func TestMeetingFixture(t *testing.T) {
	if *update {
		writeMeetingFixture(t)
	}
	h := enterFixture(t, meetingFixture, meetingFixtureCodes, meetingFixtureDigest)
	defer h.close(t)
	x := h.Sessions[scripted.Secretary]
	if text, err := x.Draft(review.MinutesDraft); err != nil || text != fixtureDraft {
		t.Errorf("the draft is %q, %v", text, err)
	}
	for round := 1; round <= 2; round++ {
		if list, err := x.Ballots(scripted.First, round); err != nil || len(list) != 4 || !strings.Contains(list[0].Sheet.Opinion[0], scripted.Marker) {
			t.Errorf("round %d: %d ballots, %v", round, len(list), err)
		}
	}
	if sheet, _, err := h.Sessions[scripted.Second].OwnSheet(scripted.First); err != nil || len(sheet.Marks) != 4 {
		t.Errorf("own sheet %+v, %v", sheet, err)
	}
	ballot, err := h.Sessions[scripted.Second].BallotFile(scripted.First)
	must(t, err)
	if *update {
		must(t, os.WriteFile(ballotFixture, ballot, 0o644))
	}
	landed, err := os.ReadFile(ballotFixture)
	must(t, err)
	if _, _, err := meeting.ReadBallotFile(landed); err != nil || !bytes.Equal(landed, ballot) {
		t.Errorf("%s: %v", ballotFixture, err)
	}
	must(t, h.Hold(scripted.File()[1:], nil))
}
