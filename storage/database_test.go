package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"heyi/review"
	"heyi/review/journal"
)

// The values are asked of the connections themselves, so that a pragma that
// SQLite ignores cannot pass for one that works.
func TestPragmas(t *testing.T) {
	const id review.MeetingID = "heyi2storage3test4meeting5"
	root := t.TempDir()
	writer, reader := Open(root), OpenReadOnly(root)
	defer writer.Close()
	defer reader.Close()
	if err := writer.Create(id, journal.Batch{}); err != nil {
		t.Fatal(err)
	}
	common := map[string]string{
		"journal_mode": "truncate", "synchronous": "3", "fullfsync": "1", "checkpoint_fullfsync": "1",
		"temp_store": "2", "secure_delete": "1", "mmap_size": "0", "foreign_keys": "1", "trusted_schema": "0",
		"cell_size_check": "1", "max_page_count": "2097152", "application_id": "1214601577", "user_version": "2", "encoding": "UTF-8",
	}
	for _, x := range []struct {
		store *Store
		own   map[string]string
	}{
		{reader, map[string]string{"locking_mode": "normal", "busy_timeout": "0"}},
		{writer, map[string]string{"locking_mode": "exclusive", "busy_timeout": "2000"}},
	} {
		if _, err := x.store.Load(id); err != nil {
			t.Fatal(err)
		}
		db := x.store.open[id].db
		for _, values := range []map[string]string{common, x.own} {
			for pragma, want := range values {
				var got string
				if err := db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil {
					t.Fatalf("%s: %v", pragma, err)
				}
				if got != want {
					t.Errorf("PRAGMA %s is %s, want %s", pragma, got, want)
				}
			}
		}
		if got := db.Stats().MaxOpenConnections; got != 1 {
			t.Errorf("%d connections", got)
		}
		// _defensive is no pragma; it shows in what it forbids.
		var writable string
		if _, err := db.Exec("PRAGMA writable_schema = ON"); err != nil {
			t.Fatal(err)
		}
		if err := db.QueryRow("PRAGMA writable_schema").Scan(&writable); err != nil || writable != "0" {
			t.Errorf("writable_schema is %s: %v", writable, err)
		}
		var strict, tables int
		if err := db.QueryRow("SELECT sum(strict), count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'").
			Scan(&strict, &tables); err != nil || strict != 4 || tables != 4 {
			t.Errorf("%d of %d tables are strict: %v", strict, tables, err)
		}
	}
	// _txlock=immediate: a transaction holds the write lock before it writes.
	tx, err := writer.open[id].db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	second, err := connect(filepath.Join(root, meetingsName, string(id), databaseName), "rw")
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if _, err := second.Exec("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE"); err == nil {
		t.Error("two transactions at once")
	}
}

// What a disk does not give is told apart from what a disk does not take.
func TestCopyFileUnread(t *testing.T) {
	dir := t.TempDir()
	broken := errors.New("a bad sector")
	sum, unread, err := copyFile(filepath.Join(dir, "a"), io.MultiReader(strings.NewReader("what is read"), iotest.ErrReader(broken)))
	if sum != review.DigestOf([]byte("what is read")) || unread != broken || err != nil {
		t.Errorf("%s, unread: %v, %v", sum, unread, err)
	}
	if content, err := os.ReadFile(filepath.Join(dir, "a")); err != nil || string(content) != "what is read" {
		t.Errorf("%q, %v", content, err)
	}
	if _, _, err := copyFile(filepath.Join(dir, "a"), strings.NewReader("x")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over another file: %v", err)
	}
	if _, unread, err := copyFile("/dev/full/none", strings.NewReader("x")); unread != nil || err == nil {
		t.Errorf("%v, %v", unread, err)
	}
}

// BenchmarkBackup makes a copy and reads it back; held-ms is how long the meeting
// has to wait for it.
func BenchmarkBackup(b *testing.B) {
	const id review.MeetingID = "heyi2storage3test4meeting5"
	for _, mb := range []int{1, 50} {
		b.Run(fmt.Sprintf("%dMB", mb), func(b *testing.B) {
			s := Open(b.TempDir())
			defer s.Close()
			var batch journal.Batch
			for i := range mb * 50 {
				body := make([]byte, 20_000)
				for at := 0; at < len(body); at += 8 {
					binary.BigEndian.PutUint64(body[at:], uint64(i)*0x9e3779b97f4a7c15+uint64(at))
				}
				batch.Blobs = append(batch.Blobs, body)
			}
			batch.Checkpoint = (&journal.Tree{}).Checkpoint()
			if err := s.Create(id, batch); err != nil {
				b.Fatal(err)
			}
			var held time.Duration
			for b.Loop() {
				if err := s.Backup(id); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				to := filepath.Join(b.TempDir(), "copy")
				begun := time.Now()
				if _, err := s.snapshot("", id, to); err != nil {
					b.Fatal(err)
				}
				held += time.Since(begun)
				b.StartTimer()
			}
			b.ReportMetric(held.Seconds()*1000/float64(b.N), "held-ms")
		})
	}
}
