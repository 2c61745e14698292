package storage_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest/crash"
	"heyi/storage"
)

// The test binary, started with these, does one act of the table below.
const (
	actName = "HEYI_TEST_ACT"
	actRoot = "HEYI_TEST_ACT_ROOT"
)

// act is something that changes more files than the database, and what has to be
// true of them wherever it is cut off.
type act struct {
	prepare func(t *testing.T, root string) // before anything is recorded
	do      func(s *storage.Store, root string) error
	judge   func(s *storage.Store, root string, done bool) error
}

// The meeting of the acts has so many batches, and a copy of its first three.
const actBatches = 6

var key = []byte(strings.Repeat("the key file of a seat ", 40))

var acts = map[string]act{
	"backup": {
		prepare: prepared,
		do:      func(s *storage.Store, root string) error { return s.Backup(testID) },
		judge: func(s *storage.Store, root string, done bool) error {
			if err := holds(s, actBatches-1); err != nil {
				return err
			}
			return copiesHold(s, done, map[int]int{1: 2, 2: actBatches - 1})
		},
	},
	"restore": {
		// The old database is one whose last write was cut off: its journal must
		// neither be lost to it nor come to the new one.
		prepare: func(t *testing.T, root string) {
			prepared(t, root)
			cutOff(t, filepath.Join(root, "meetings", string(testID), "heyi.db"))
		},
		do: restoreFirst,
		judge: func(s *storage.Store, root string, done bool) error {
			old, restored := holds(s, actBatches-1), holds(s, 2)
			if done && restored != nil {
				return restored
			}
			if old != nil && restored != nil {
				return errors.Join(old, restored)
			}
			return copiesHold(s, true, map[int]int{1: 2})
		},
	},
	"restore what is lost": {
		prepare: func(t *testing.T, root string) {
			prepared(t, root)
			must(t, os.RemoveAll(filepath.Join(root, "meetings")))
		},
		do: restoreFirst,
		judge: func(s *storage.Store, root string, done bool) error {
			if _, err := s.Load(testID); review.CodeOf(err) == review.CodeMeetingMissing && !done {
				return nil
			}
			return holds(s, 2)
		},
	},
	"set aside": {
		prepare: prepared,
		do: func(s *storage.Store, root string) error {
			_, _, err := s.SetAside(testID, map[string][]byte{"findings.txt": []byte("what was found\n")})
			return err
		},
		judge: func(s *storage.Store, root string, done bool) error {
			if err := holds(s, actBatches-1); err != nil {
				return err
			}
			sets, err := filepath.Glob(filepath.Join(root, "evidence", string(testID)+"-*"))
			if err != nil || done && len(sets) != 1 {
				return fmt.Errorf("set aside: %q, %w", sets, err)
			}
			for _, set := range sets {
				if err := sumsHold(set, "card.json", "findings.txt", "heyi.db", "heyi.db-journal"); err != nil {
					return err
				}
			}
			return nil
		},
	},
	"drop": {
		prepare: func(t *testing.T, root string) {
			prepared(t, root)
			s := storage.Open(root)
			must(t, commit(s, journal.Batch{Blobs: [][]byte{key}}))
			must(t, s.Close())
		},
		do: func(s *storage.Store, root string) error {
			return commit(s, journal.Batch{DropBlobs: []review.Digest{review.DigestOf(key)}})
		},
		judge: func(s *storage.Store, root string, done bool) error {
			if err := s.Audit(testID); err != nil {
				return err
			}
			_, err := s.Blob(testID, review.DigestOf(key))
			if err == nil && !done {
				return nil
			}
			if review.CodeOf(err) != review.CodeBlobMissing {
				return fmt.Errorf("the key: %v", err)
			}
			if err := holds(s, actBatches-1); err != nil {
				return err
			}
			for _, name := range []string{"heyi.db", "heyi.db-journal"} {
				b, err := os.ReadFile(filepath.Join(root, "meetings", string(testID), name))
				if err != nil || strings.Contains(string(b), string(key[:100])) {
					return fmt.Errorf("the key is still in %s: %v", name, err)
				}
			}
			return nil
		},
	},
	"upgrade": {
		prepare: func(t *testing.T, root string) {
			b, err := os.ReadFile(fixtures[0].path)
			must(t, err)
			must(t, os.MkdirAll(filepath.Dir(databaseOf(root)), 0o700))
			must(t, os.WriteFile(databaseOf(root), b, 0o600))
		},
		do: func(s *storage.Store, root string) error {
			r, err := s.Load(fixtureID)
			if err != nil {
				return err
			}
			b := journal.Batch{Entries: []journal.Entry{{Event: []byte("next"), Signature: []byte("s")}}}
			b.Checkpoint = after(r.Entries, b.Entries)
			return s.Commit(fixtureID, int64(len(r.Entries)), b)
		},
		judge: func(s *storage.Store, root string, done bool) error {
			if err := s.Audit(fixtureID); err != nil {
				return err
			}
			r, err := s.Load(fixtureID)
			if err != nil || r.Checkpoint != after(r.Entries, nil).String() || len(r.Entries) != 3 && len(r.Entries) != 4 || done && len(r.Entries) == 3 {
				return fmt.Errorf("%d entries: %w", len(r.Entries), err)
			}
			header, err := os.ReadFile(databaseOf(root))
			if err != nil || header[63] == 1 {
				return err
			}
			copies, err := s.Backups(fixtureID)
			if err != nil || len(copies) != 1 || !strings.HasSuffix(copies[0].Path, "-v1.db") {
				return fmt.Errorf("upgraded without a copy: %+v, %w", copies, err)
			}
			c, err := s.OpenCopy(fixtureID, copies[0].Path)
			if err != nil {
				return err
			}
			return errors.Join(c.Audit(fixtureID), c.Close())
		},
	},
	"card": {
		prepare: prepared,
		do: func(s *storage.Store, root string) error {
			for range 3 {
				r, err := s.Load(testID)
				if err != nil {
					return err
				}
				b := journal.Batch{SaveDrafts: r.Drafts}
				b.SaveDrafts[0].Version++
				if err := commit(s, b); err != nil {
					return err
				}
				s.SetCard(testID, cardOf(b.SaveDrafts[0]))
			}
			return nil
		},
		judge: func(s *storage.Store, root string, done bool) error {
			// As if the database's time told nothing, which is another matter for
			// the disk than its content.
			dir := filepath.Join(root, "meetings", string(testID))
			var c struct{ Of struct{ Modified int64 } }
			if b, err := os.ReadFile(filepath.Join(dir, "card.json")); err == nil && json.Unmarshal(b, &c) == nil {
				at := time.Unix(0, c.Of.Modified)
				if err := os.Chtimes(filepath.Join(dir, "heyi.db"), at, at); err != nil {
					return err
				}
			}
			card := string(s.Card(testID))
			r, err := s.Load(testID)
			if err != nil {
				return err
			}
			if card != "" && card != string(cardOf(r.Drafts[0])) {
				return fmt.Errorf("the card is %q, the draft %+v", card, r.Drafts[0])
			}
			return nil
		},
	},
}

func cardOf(d journal.Draft) []byte { return fmt.Appendf(nil, "draft %d", d.Version) }

// prepared makes the meeting, a copy of its first three batches, and its card.
func prepared(t *testing.T, root string) {
	w, _ := written(t, root, 3)
	s := storage.Open(root)
	must(t, s.Backup(testID))
	for n := 3; n < actBatches; n++ {
		must(t, store(s, w, n))
	}
	r, err := s.Load(testID)
	must(t, err)
	s.SetCard(testID, cardOf(r.Drafts[0]))
	must(t, s.Close())
}

// commit adds to the meeting what is no entry.
func commit(s *storage.Store, b journal.Batch) error {
	r, err := s.Load(testID)
	if err != nil {
		return err
	}
	b.Checkpoint = after(r.Entries, nil)
	return s.Commit(testID, int64(len(r.Entries)), b)
}

func after(entries, more []journal.Entry) journal.Checkpoint {
	var tree journal.Tree
	for _, e := range entries {
		tree.Append(e)
	}
	for _, e := range more {
		tree.Append(e)
	}
	return tree.Checkpoint()
}

// restoreFirst restores the oldest copy with nothing added.
func restoreFirst(s *storage.Store, root string) error {
	copies, err := s.Backups(testID)
	if err != nil {
		return err
	}
	oldest := copies[len(copies)-1]
	c, err := s.OpenCopy(testID, oldest.Path)
	if err != nil {
		return err
	}
	r, err := c.Load(testID)
	if err := errors.Join(err, c.Close()); err != nil {
		return err
	}
	return s.Restore(testID, oldest.Path, oldest.Size, journal.Batch{Checkpoint: after(r.Entries, nil)})
}

// holds tells whether the meeting has so many batches, whole.
func holds(r journal.Reader, last int) error {
	got, err := verify(r, testID)
	if err == nil && got != last {
		err = fmt.Errorf("batch %d is the last", got)
	}
	return err
}

// copiesHold tells whether the copies that have a name, by their numbers, have so
// many batches each. All are there if the act is done; the newest may be missing
// if it is not.
func copiesHold(s *storage.Store, done bool, last map[int]int) error {
	copies, err := s.Backups(testID)
	if err != nil || len(copies) != len(last) && (done || len(copies) != len(last)-1) {
		return fmt.Errorf("copies %+v: %w", copies, err)
	}
	for _, c := range copies {
		r, err := s.OpenCopy(testID, c.Path)
		if err != nil {
			return err
		}
		if err := errors.Join(holds(r, last[int(c.Number)]), r.Close()); err != nil {
			return err
		}
	}
	return nil
}

// TestActsCutOff lets the power fail at every point of each act. Afterwards the
// meeting is as it was or as it was to be, what has a name is whole, and the act
// can be done again and leaves nothing of the first attempt.
func TestActsCutOff(t *testing.T) {
	if name := os.Getenv(actName); name != "" {
		runtime.LockOSThread()
		os.Exit(actChild(name, os.Getenv(actRoot)))
	}
	for name, a := range acts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			a.prepare(t, root)
			cmd := exec.Command(os.Args[0], "-test.run=^TestActsCutOff$")
			cmd.Env = append(os.Environ(), actName+"="+name, actRoot+"="+root, "GORACE=atexit_sleep_ms=0")
			recording := crash.Record(t, root, cmd)
			for _, disk := range []crash.Disk{crash.POSIX, crash.NTFS} {
				survey := recording.Survey(t, disk, 300, func(r crash.Remains) error {
					return judgeAct(a, r.Dir, len(r.Acks) > 0, r.Number%4 == 0)
				})
				t.Logf("%v: %d states, %d distinct", disk, survey.States, survey.Distinct)
				for _, l := range survey.Losses {
					t.Errorf("%v, state %s, after %q, %d acts acknowledged: %v", disk, l.State(), l.After, l.Acks, l.Err)
				}
			}
		})
	}
}

func actChild(name, root string) int {
	fmt.Println("READY")
	s := storage.Open(root)
	if err := acts[name].do(s, root); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("ACK", name)
	if err := s.Close(); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// judgeAct looks at what is left, and some of the time does the act again.
func judgeAct(a act, root string, done, again bool) error {
	s := storage.Open(root)
	err := a.judge(s, root, done)
	if err == nil && again {
		if _, err = s.List(); err == nil { // as every start does
			err = a.do(s, root)
		}
	}
	if err := errors.Join(err, s.Close()); err != nil || !again {
		return err
	}
	for _, pattern := range []string{"*/.new-*", "*/*/.new-*", "*/*/*-restored"} {
		if left, err := filepath.Glob(filepath.Join(root, pattern)); err != nil || len(left) > 0 {
			return fmt.Errorf("left behind: %q, %w", left, err)
		}
	}
	return nil
}
