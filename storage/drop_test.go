package storage_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/storage"
)

var dropSeed = flag.Uint64("dropseed", 1, "of the content that TestDroppedBytes stores and drops")

// found lists the files under dir that hold a piece of some content.
func found(t *testing.T, dir string, content []byte) (paths []string) {
	t.Helper()
	const piece = 16
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for at := 0; at+piece <= len(content); at += piece {
			if bytes.Contains(b, content[at:at+piece]) {
				paths = append(paths, path)
				break
			}
		}
		return err
	}))
	return paths
}

// Of what was dropped no byte is left in the meeting's directory, whatever SQLite
// moved about before; and nothing else is lost.
func TestDroppedBytes(t *testing.T) {
	const meetings = 4
	random := rand.New(rand.NewPCG(*dropSeed, 0))
	wrong := func(format string, args ...any) {
		t.Helper()
		t.Fatalf("%s\nrepeat: go test ./storage -run '^TestDroppedBytes$' -dropseed %d", fmt.Sprintf(format, args...), *dropSeed)
	}
	for range meetings {
		root := t.TempDir()
		w, path := written(t, root, 1)
		s := storage.Open(root)
		var live [][]byte
		for range 12 {
			b := journal.Batch{Checkpoint: w.tree.Checkpoint()}
			random.Shuffle(len(live), func(i, j int) { live[i], live[j] = live[j], live[i] })
			dropped := live[:len(live)/3]
			live = live[len(dropped):]
			for _, body := range dropped {
				b.DropBlobs = append(b.DropBlobs, review.DigestOf(body))
			}
			for range 1 + random.IntN(8) {
				body := make([]byte, []int{100, 400, 700, 1200, 2000, 4500, 30_000}[random.IntN(7)]+random.IntN(50))
				for i := range body {
					body[i] = byte(random.Uint32())
				}
				b.Blobs = append(b.Blobs, body)
				live = append(live, body)
			}
			must(t, s.Commit(testID, w.size(), b))
			for _, body := range dropped {
				for _, file := range found(t, filepath.Dir(path), body) {
					wrong("%d bytes that were dropped are still in %s", len(body), file)
				}
			}
		}
		for _, body := range live {
			if got, err := s.Blob(testID, review.DigestOf(body)); err != nil || !bytes.Equal(got, body) {
				wrong("a blob that stays: %v", err)
			}
		}
		must(t, s.Audit(testID))
		must(t, s.Close())
	}
}

// Once the older copies are dropped too, nothing of it is left in the data
// directory.
func TestDroppedEverywhere(t *testing.T) {
	root, place := t.TempDir(), t.TempDir()
	w, _ := written(t, root, 1)
	s := storage.Open(root, place)
	defer s.Close()
	key := bytes.Repeat([]byte("the key file of a seat "), 40)
	must(t, s.Commit(testID, w.size(), journal.Batch{Blobs: [][]byte{key}, Checkpoint: w.tree.Checkpoint()}))
	must(t, s.Backup(testID))
	must(t, store(s, w, 1))
	must(t, s.Backup(testID))
	for dir, want := range map[string]int{root: 3, place: 2} {
		if n := len(found(t, dir, key)); n != want {
			t.Fatalf("the key is in %d files of %s, want %d", n, dir, want)
		}
	}
	must(t, s.Commit(testID, w.size(), journal.Batch{DropBlobs: []review.Digest{review.DigestOf(key)}, Checkpoint: w.tree.Checkpoint()}))
	must(t, s.Backup(testID))
	must(t, s.DropBackups(testID))
	for _, dir := range []string{root, place} {
		for _, file := range found(t, dir, key) {
			t.Errorf("the key is still in %s", file)
		}
	}
	last, err := verify(s, testID)
	must(t, err)
	if last != 1 {
		t.Errorf("last batch %d", last)
	}
}
