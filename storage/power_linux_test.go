package storage_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"heyi/review/reviewtest/crash"
)

// R2 of the test plan: power fails before and after every operation on the disk.
func TestPower(t *testing.T) {
	x := rehearse(t, 60)
	root := t.TempDir()
	crash.Record(t, root, x.child(t)(root)).Power(t, x.judge, crash.POSIX, crash.NTFS)
}

// R2 of the test plan, with all that a whole meeting stores.
func TestPowerMeeting(t *testing.T) {
	x := wholeMeeting(t)
	root := t.TempDir()
	crash.Record(t, root, x.child(t)(root)).Power(t, x.judge, crash.POSIX)
}

// Power fails, and again while the next start takes back what was cut off, or
// carries it through. What is there then is what would have been there.
func TestPowerAgain(t *testing.T) {
	x := rehearse(t, 31)
	root, kept := t.TempDir(), t.TempDir()
	var mu sync.Mutex
	found := 0
	cuts := map[string]held{} // some of those found, by directory
	recording := crash.Record(t, root, x.child(t)(root))
	first := recording.Survey(t, crash.POSIX, 2*(recording.Operations()+1), func(r crash.Remains) error {
		if !unfinished(r.Dir) {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		if found++; found%8 != 0 {
			return nil
		}
		dir := filepath.Join(kept, fmt.Sprint(found))
		err := os.CopyFS(dir, os.DirFS(r.Dir))
		if err == nil {
			cuts[dir], err = lookOnce(r.Dir)
		}
		return err
	})
	for _, l := range first.Losses {
		t.Errorf("state %s: %v", l.State(), l.Err)
	}
	states := 0
	for dir, want := range cuts {
		s := crash.Record(t, dir, childIn(dir, "look")).Survey(t, crash.POSIX, 200, func(r crash.Remains) error {
			now, err := lookOnce(r.Dir)
			if err == nil && !reflect.DeepEqual(now, want) {
				err = fmt.Errorf("there were %d entries, there are %d", len(want.record.Entries), len(now.record.Entries))
			}
			return err
		})
		states += s.Distinct
		for _, l := range s.Losses {
			t.Errorf("%s, state %s, after %q: %v", filepath.Base(dir), l.State(), l.After, l.Err)
		}
	}
	t.Logf("%d of %d states that have to be taken back or carried through, %d distinct states on the way", len(cuts), found, states)
	if len(cuts) < 8 || states < 4*len(cuts) {
		t.Error("too few to tell")
	}
}

// unfinished tells whether the next start has something to take back or to carry
// through.
func unfinished(root string) bool {
	dir := filepath.Join(root, "meetings", string(testID))
	if _, err := os.Stat(filepath.Join(dir, "heyi.db-restored")); err == nil {
		return true
	}
	content, err := os.ReadFile(filepath.Join(dir, "heyi.db-journal"))
	return err == nil && len(content) > 0 && content[0] != 0
}

// Durable settings of SQLite are told from others: those of this program lose
// nothing, and those that are known to lose something are found to. DELETE with
// FULL, SQLite's own choice, does not sync the removal of a rollback journal, which
// can come back and undo what was acknowledged.
func TestPowerModes(t *testing.T) {
	for _, x := range []struct {
		mode string
		safe bool
	}{
		{"TRUNCATE EXTRA", true},
		{"DELETE EXTRA", true},
		{"DELETE FULL", false},
		{"DELETE OFF", false},
	} {
		t.Run(x.mode, func(t *testing.T) {
			root := t.TempDir()
			s := crash.Record(t, root, childIn(root, x.mode)).Survey(t, crash.POSIX, 1000, func(r crash.Remains) error {
				rows, err := countRows(r.Dir)
				if err == nil && (rows < len(r.Acks) || rows > len(r.Acks)+1) {
					err = fmt.Errorf("%d transactions acknowledged, %d are there", len(r.Acks), rows)
				}
				return err
			})
			t.Logf("%d states, %d distinct, %d lost", s.States, s.Distinct, len(s.Losses))
			if (len(s.Losses) == 0) != x.safe {
				t.Errorf("%d of %d states lost: %+v", len(s.Losses), s.States, s.Losses[:min(3, len(s.Losses))])
			}
		})
	}
}

// A disk that lies loses what this program was told is stored.
func TestPowerLying(t *testing.T) {
	x := rehearse(t, 12)
	root := t.TempDir()
	s := crash.Record(t, root, x.child(t)(root)).Survey(t, crash.Lying, 500, x.judge)
	t.Logf("%d states, %d distinct, %d lost", s.States, s.Distinct, len(s.Losses))
	if len(s.Losses) < s.Distinct/10 {
		t.Errorf("only %d of %d states lost", len(s.Losses), s.Distinct)
	}
}

// countRows counts what transact wrote, after making sure that it holds.
func countRows(root string) (rows int, err error) {
	path := filepath.Join(root, "rows.db")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	var tables int
	if err := db.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	var verdict string
	if err := db.QueryRow("PRAGMA integrity_check(1)").Scan(&verdict); err != nil || verdict != "ok" {
		return 0, fmt.Errorf("%s: %w", verdict, err)
	}
	err = db.QueryRow("SELECT count(*) FROM rows").Scan(&rows)
	return rows, err
}
