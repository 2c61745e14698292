package storage_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/gob"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest/crash"
	"heyi/review/reviewtest/storetest"
	"heyi/storage"
)

// The test binary, started with these, is another process at the store under a
// root. What it does is "play FILE", a script; "hold", a meeting through the
// services; "import WAY FILE", an agenda; "look"; or else a mode of SQLite.
const (
	childRoot = "HEYI_TEST_ROOT"
	childDoes = "HEYI_TEST_DOES"
)

func TestMain(m *testing.M) {
	flag.Parse()
	root, does := os.Getenv(childRoot), os.Getenv(childDoes)
	if root == "" {
		os.Exit(m.Run())
	}
	// One thread makes all system calls, so that strace can count them.
	runtime.LockOSThread()
	var err error
	if path, ok := strings.CutPrefix(does, "play "); ok {
		err = player(root, path)
	} else if how, ok := strings.CutPrefix(does, "import "); ok {
		err = importing(root, how)
	} else if does == "hold" {
		err = holdMeeting(root)
	} else if does == "look" {
		_, err = lookOnce(root)
	} else {
		err = transact(root, does)
	}
	if err != nil {
		fmt.Println("END", err)
		os.Exit(1)
	}
}

// childIn gives the command of such a process.
func childIn(root, does string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childRoot+"="+root, childDoes+"="+does,
		"GORACE=atexit_sleep_ms=0") // the race detector would wait a second at each end
	return cmd
}

// step is one act on the store. Its fields are those of the store's
// methods; Does says which.
type step struct {
	Does   string
	Expect int64
	Batch  journal.Batch
}

// The second place for copies lies in the root as well, so that it is watched too.
const secondPlace = "second"

func openStore(root string) meeting.Store {
	return storage.Open(root, filepath.Join(root, secondPlace))
}

// do does an act. Its number makes cards and notes of different acts differ.
func (a step) do(s meeting.Store, number int) error {
	switch a.Does {
	case "create":
		return s.Create(testID, a.Batch)
	case "commit":
		return s.Commit(testID, a.Expect, a.Batch)
	case "card":
		s.SetCard(testID, cardAt(number))
		return nil
	case "backup":
		return s.Backup(testID)
	case "drop":
		return s.DropBackups(testID)
	case "aside":
		_, _, err := s.SetAside(testID, map[string][]byte{"why.txt": cardAt(number)})
		return err
	case "restore":
		copies, err := s.Backups(testID)
		if err != nil {
			return err
		}
		newest := ""
		if len(copies) > 0 {
			newest = copies[0].Path
		}
		return s.Restore(testID, newest, a.Expect, a.Batch)
	}
	return nil // reopen
}

func cardAt(number int) []byte { return fmt.Appendf(nil, "card of act %d", number) }

// held is what a store holds of the meeting.
type held struct {
	there  bool
	record journal.Record
	blobs  []review.Digest
}

// look reads all of it, and fails if any of it does not hold.
func look(s journal.Reader) (h held, err error) {
	err = s.Audit(testID)
	if review.CodeOf(err) == review.CodeMeetingMissing {
		return held{}, nil
	}
	h.there = true
	if err == nil {
		h.record, err = s.Load(testID)
	}
	if err == nil {
		h.blobs, err = s.Blobs(testID)
	}
	for _, d := range h.blobs {
		if err == nil {
			_, err = s.Blob(testID, d)
		}
	}
	return h, err
}

// outcome is what there is to be after an act.
type outcome struct {
	held
	card   []byte
	copies int // in each place
	newest held
	asides int
}

// script is acts and what comes of them, as a store without a disk says.
type script struct {
	unread bool // a file may be missing or short in what is set aside, if that is said there
	steps  []step
	after  []outcome
}

func newScript(steps []step) (script, error) {
	x := script{steps: steps}
	m := storetest.NewMemory()
	asides := 0
	for n, a := range steps {
		if err := a.do(m, n); err != nil {
			return x, err
		}
		if a.Does == "aside" {
			asides++
		}
		state := outcome{card: m.Card(testID), asides: asides}
		copies, err := m.Backups(testID)
		if err == nil {
			state.held, err = look(m)
		}
		if state.copies = len(copies); err == nil && len(copies) > 0 {
			var c journal.CopyReader
			if c, err = m.OpenCopy(testID, copies[0].Path); err == nil {
				state.newest, err = look(c)
			}
		}
		if err != nil {
			return x, err
		}
		x.after = append(x.after, state)
	}
	return x, nil
}

// at is what there is to be after act n; -1 is before the first.
func (x script) at(n int) outcome {
	if n < 0 {
		return outcome{}
	}
	return x.after[n]
}

// numberOf reads the number of the act that was acknowledged last; -1 for none.
func numberOf(acks []string) int {
	if len(acks) == 0 {
		return -1
	}
	n, _, _ := strings.Cut(acks[len(acks)-1], " ")
	number, err := strconv.Atoi(n)
	if err != nil {
		panic(acks)
	}
	return number
}

// rehearse writes a script of so many steps, the same one each time: entries with
// blobs and drafts; drafts alone; blobs and drafts that go; cards; copies, fewer
// copies, and the meeting restored from one after its files were set aside.
func rehearse(t *testing.T, length int) script {
	t.Helper()
	cryptotest.SetGlobalRandom(t, 1)
	w, err := newScribe(testID)
	must(t, err)
	steps := []step{{Does: "place"}}
	saved := w.tree
	for n := 0; len(steps) < length; n++ {
		size := w.size()
		b, err := w.batch(n)
		must(t, err)
		if n == 0 {
			steps = append(steps, step{Does: "create", Batch: b})
			continue
		}
		if n%3 == 0 {
			b.DropBlobs = []review.Digest{review.DigestOf(fmt.Appendf(nil, "blob %d", n-1))}
		}
		steps = append(steps, step{Does: "commit", Expect: size, Batch: b})
		d := b.SaveDrafts[0]
		for _, alone := range []journal.Batch{
			{SaveDrafts: []journal.Draft{{Key: "other", Owner: d.Owner, Version: d.Version, Cipher: []byte("text"), Signature: d.Signature}}},
			{DropDrafts: []journal.DraftKey{{Key: d.Key, Owner: d.Owner}}},
		} {
			alone.Checkpoint = w.tree.Checkpoint()
			steps = append(steps, step{Does: "commit", Expect: w.size(), Batch: alone})
		}
		switch n % 8 {
		case 2, 6:
			steps, saved = append(steps, step{Does: "backup"}), *w.tree.Clone()
		case 3, 7:
			steps = append(steps, step{Does: "card"}, step{Does: "reopen"})
		case 4:
			steps = append(steps, step{Does: "aside"})
			w.tree = *saved.Clone()
			size := w.size()
			b, err := w.batch(1000 + n)
			must(t, err)
			steps = append(steps, step{Does: "restore", Expect: size, Batch: b})
		case 0:
			steps = append(steps, step{Does: "drop"})
		}
	}
	x, err := newScript(steps[:length])
	must(t, err)
	return x
}

// child gives what makes the command of a process that plays the script.
func (x script) child(t *testing.T) func(root string) *exec.Cmd {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script")
	f, err := os.Create(path)
	must(t, err)
	must(t, gob.NewEncoder(f).Encode(x.steps))
	must(t, f.Close())
	return func(root string) *exec.Cmd { return childIn(root, "play "+path) }
}

// player plays a script from where the store under root stands, and says ACK after
// each act. After a failure it says ERR, the act and the code, looks at what is
// there and goes on from that.
func player(root, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var steps []step
	if err := gob.NewDecoder(f).Decode(&steps); err != nil {
		return err
	}
	x, err := newScript(steps)
	if err != nil {
		return err
	}
	fmt.Println("READY")
	s := openStore(root)
	defer func() { s.Close() }()
	now, err := look(s)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(x.after, func(a outcome) bool { return now.there && reflect.DeepEqual(a.held, now) })
	if now.there && n < 0 {
		return fmt.Errorf("what is there is no part of the script: %d entries", len(now.record.Entries))
	}
	if n >= 0 {
		if err := x.acknowledge(n); err != nil {
			return err
		}
	}
	failures := 0
	for n++; n < len(steps); n++ {
		err := x.play(&s, root, n)
		if err == nil {
			if err := x.acknowledge(n); err != nil {
				return err // nobody hears it
			}
			continue
		}
		fmt.Println("ERR", steps[n].Does, review.CodeOf(err), err)
		if failures++; failures > 2 {
			return fmt.Errorf("act %d: %w", n, err)
		}
		if now, err = look(s); err != nil {
			return fmt.Errorf("after a failure at act %d: %w", n, err)
		}
		switch {
		case reflect.DeepEqual(now, x.at(n-1).held):
			n-- // once more
		case !reflect.DeepEqual(now, x.at(n).held):
			return fmt.Errorf("half of act %d is there", n)
		}
	}
	return s.Close()
}

func (x script) acknowledge(n int) error {
	_, err := fmt.Println("ACK", n, x.steps[n].Does)
	return err
}

// play plays one act.
func (x script) play(s *meeting.Store, root string, n int) error {
	switch x.steps[n].Does {
	case "place":
		if err := os.Mkdir(filepath.Join(root, secondPlace), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return syncPath(root)
	case "reopen":
		err := (*s).Close()
		*s = openStore(root)
		return err
	}
	return x.steps[n].do(*s, n)
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// lookOnce is what a start finds that does nothing else.
func lookOnce(root string) (held, error) {
	s := openStore(root)
	now, err := look(s)
	return now, errors.Join(err, s.Close())
}

// transact writes rows in a mode of SQLite, each in a transaction of its own.
func transact(root, mode string) error {
	journal, synchronous, _ := strings.Cut(mode, " ")
	db, err := sql.Open("sqlite", "file:"+filepath.Join(root, "rows.db")+"?_pragma=journal_mode("+journal+")&_pragma=synchronous("+synchronous+")")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	fmt.Println("READY")
	if _, err := db.Exec("CREATE TABLE rows (n INTEGER PRIMARY KEY, body BLOB)"); err != nil {
		return err
	}
	for n := range 12 {
		if _, err := db.Exec("INSERT INTO rows VALUES (?, randomblob(3000))", n); err != nil {
			return err
		}
		fmt.Println("ACK", n)
	}
	return db.Close()
}

// judge looks at what a player left: everything acknowledged is there, at most one
// act more, whole, and nothing else; and now and then that the store can go on.
func (x script) judge(r crash.Remains) error {
	last := numberOf(r.Acks)
	s := openStore(r.Dir)
	defer func() { s.Close() }()
	list, err := s.List()
	if err != nil {
		return err
	}
	card := s.Card(testID)
	now, err := look(s)
	if err != nil {
		return err
	}
	if (len(list) == 1) != now.there || len(list) > 1 {
		return fmt.Errorf("listed: %q", list)
	}
	n := last
	if !reflect.DeepEqual(now, x.at(n).held) {
		if n++; n == len(x.steps) || !reflect.DeepEqual(now, x.at(n).held) {
			return fmt.Errorf("act %d was acknowledged last; what is there is act %d: %d entries, %d blobs, %d drafts", last,
				slices.IndexFunc(x.after, func(a outcome) bool { return reflect.DeepEqual(a.held, now) }),
				len(now.record.Entries), len(now.blobs), len(now.record.Drafts))
		}
	}
	next := min(last+1, len(x.steps)-1)
	if len(card) > 0 && string(card) != string(x.at(n).card) && string(card) != string(x.at(next).card) {
		return fmt.Errorf("a card of another state: %q", card)
	}
	if err := x.judgeCopies(r.Dir, last, next); err != nil {
		return err
	}
	if err := x.judgeAsides(r.Dir, x.at(last).asides); err != nil {
		return err
	}
	if r.Number%16 == 0 {
		if err := x.goOn(&s, r.Dir, n); err != nil {
			return fmt.Errorf("going on: %w", err)
		}
	}
	if err := s.Close(); err != nil {
		return err
	}
	return leftovers(r.Dir)
}

// goOn plays the acts that follow act n.
func (x script) goOn(s *meeting.Store, root string, n int) error {
	for n, last := n+1, min(n+4, len(x.steps)-1); n <= last; n++ {
		if err := x.play(s, root, n); err != nil {
			return fmt.Errorf("act %d: %w", n, err)
		}
		now, err := look(*s)
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(now, x.at(n).held) {
			return fmt.Errorf("act %d was done, but is not there", n)
		}
	}
	return nil
}

// sound remembers by their digests the copies that were found to hold, and what
// they hold.
var sound sync.Map

// judgeCopies looks at every file in the rings that has the name of a copy.
func (x script) judgeCopies(root string, last, next int) error {
	for _, ring := range []string{filepath.Join("backups", string(testID)), filepath.Join(secondPlace, string(testID))} {
		names, err := filepath.Glob(filepath.Join(root, ring, "[0-9]*"))
		if err != nil {
			return err
		}
		slices.Sort(names)
		var newest held
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(content)
			known, ok := sound.Load(sum)
			if !ok {
				c, err := storage.Open(root).OpenCopy(testID, name)
				if err != nil {
					return err
				}
				if known, err = look(c); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				if err := c.Close(); err != nil {
					return err
				}
				sound.Store(sum, known)
			}
			newest = known.(held)
		}
		if !reflect.DeepEqual(newest, x.at(last).newest) && !reflect.DeepEqual(newest, x.at(next).newest) {
			return fmt.Errorf("%s: act %d was acknowledged last, but the newest of %d copies has %d entries", ring, last, len(names), len(newest.record.Entries))
		}
		if most := max(x.at(last).copies, x.at(next).copies); x.steps[max(last, 0)].Does == "drop" && len(names) > most {
			return fmt.Errorf("%s: %d copies after all but the newest were dropped", ring, len(names))
		}
	}
	return nil
}

// judgeAsides compares what was set aside with the digests beside it.
func (x script) judgeAsides(root string, atLeast int) error {
	dirs, err := filepath.Glob(filepath.Join(root, "evidence", string(testID)+"-*"))
	if err != nil || len(dirs) < atLeast {
		return fmt.Errorf("%d of %d sets of evidence: %v", len(dirs), atLeast, err)
	}
	for _, dir := range dirs {
		sums, err := os.ReadFile(filepath.Join(dir, "sha256sum.txt"))
		if err != nil {
			return err
		}
		files := 0
		for line := range strings.Lines(string(sums)) {
			if strings.HasPrefix(line, "# ") && x.unread {
				continue // what could not be read
			}
			sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
			content, err := os.ReadFile(filepath.Join(dir, name))
			if !ok || err != nil || string(review.DigestOf(content)) != sum {
				return fmt.Errorf("%s in %s: %v", line, dir, err)
			}
			files++
		}
		if files < 2 && !x.unread {
			return fmt.Errorf("%d files in %s", files, dir)
		}
	}
	return nil
}

// leftovers finds files that belong to nothing.
func leftovers(root string) error {
	return filepath.WalkDir(filepath.Join(root, "meetings"), func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e.Name() {
		case "meetings", string(testID), "heyi.db", "card.json", ".new-card.json": // the next card takes its place
			return nil
		case "heyi.db-journal":
			// One that does not begin with SQLite's magic was never finished, and says
			// nothing; the next transaction writes over it.
			if content, err := os.ReadFile(path); err != nil || len(content) == 0 || content[0] == 0 {
				return err
			}
		}
		return fmt.Errorf("left over: %s", path)
	})
}

// R1 of the test plan: a process is killed at random times, the next goes on where
// it was, and is killed too. Every acknowledged act is there afterwards, at most
// one more, whole; and nothing else is.
func TestKilled(t *testing.T) {
	x := rehearse(t, 160)
	acks := crash.Killing{
		Child: x.child(t),
		After: func(r *rand.Rand) time.Duration {
			within := 100 * time.Millisecond
			if r.IntN(3) == 0 {
				within = 8 * time.Millisecond // about what creating takes
			}
			return time.Duration(r.Int64N(int64(within)))
		},
		Lives: 4,
		Judge: x.judge,
	}.Run(t)
	if acks == 0 {
		t.Error("nothing was acknowledged: that tells nothing")
	}
}
