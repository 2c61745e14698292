package storage_test

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// Power fails, and again while the next start takes back what was cut off. What
// is there then is what was there after the first time.
func TestPowerAgain(t *testing.T) {
	x := rehearse(t, 31)
	root := t.TempDir()
	first := crash.Record(t, root, x.child(t)(root))
	type cut struct {
		dir  string
		acks []string
	}
	var mu sync.Mutex
	var cuts []cut
	kept := t.TempDir()
	first.Survey(t, crash.POSIX, 0, func(r crash.Remains) error {
		if !unfinished(r.Dir) || r.Number%8 != 0 {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		c := cut{filepath.Join(kept, fmt.Sprint(len(cuts))), r.Acks}
		cuts = append(cuts, c)
		return os.CopyFS(c.dir, os.DirFS(r.Dir))
	})
	if len(cuts) < 10 {
		t.Errorf("only %d states that have to be taken back", len(cuts))
	}
	_ = cuts
	_ = kept
}

func unfinished(root string) bool { return false }

// Durable settings of SQLite are told from others: those of this program lose
// nothing, and what security reviews found unsafe is found unsafe.
func TestPowerModes(t *testing.T) {
	for _, x := range []struct {
		mode string
		safe bool
	}{
		{"TRUNCATE EXTRA", true},
		{"DELETE EXTRA", true},
		{"DELETE FULL", false}, // the journal's removal is not synced: it comes back
		{"DELETE OFF", false},
		{"WAL NORMAL", false}, // synced now and then
	} {
		t.Run(x.mode, func(t *testing.T) {
			root := t.TempDir()
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childRoot+"="+root, childMode+"="+x.mode, "GORACE=atexit_sleep_ms=0")
			s := crash.Record(t, root, cmd).Survey(t, crash.POSIX, 1000, func(r crash.Remains) error {
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

// transact writes rows in a mode, each in a transaction of its own.
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
