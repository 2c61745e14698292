package storage_test

import (
	"os"
	"path/filepath"
	"testing"

	"heyi/review/journal"
	"heyi/storage"
)

// BenchmarkCommit stores one signed entry with its blob and a change of the draft.
// Signing is in it, about a tenth of a millisecond.
func BenchmarkCommit(b *testing.B) {
	s := storage.Open(b.TempDir())
	defer s.Close()
	w, err := newScribe(testID)
	must(b, err)
	must(b, store(s, w, 0))
	for n := 1; b.Loop(); n++ {
		must(b, store(s, w, n))
	}
}

// BenchmarkFsync is the yardstick: 4 KiB written over and synced in a directory
// on the same disk.
func BenchmarkFsync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "page"))
	must(b, err)
	defer f.Close()
	page := make([]byte, 4096)
	for b.Loop() {
		_, err := f.WriteAt(page, 0)
		must(b, err)
		must(b, f.Sync())
	}
}

// BenchmarkLoad1000 reads a meeting of a thousand entries from an open database.
func BenchmarkLoad1000(b *testing.B) {
	s := storage.Open(b.TempDir())
	defer s.Close()
	w, err := newScribe(testID)
	must(b, err)
	must(b, store(s, w, 0))
	var all journal.Batch
	size := w.size()
	for n := 1; n <= 998; n++ {
		next, err := w.batch(n)
		must(b, err)
		all.Entries = append(all.Entries, next.Entries...)
		all.Checkpoint = next.Checkpoint
	}
	must(b, s.Commit(testID, size, all))
	for b.Loop() {
		r, err := s.Load(testID)
		must(b, err)
		if len(r.Entries) != 1000 {
			b.Fatalf("%d entries", len(r.Entries))
		}
	}
}
