package storage_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
	"heyi/storage"
)

// On a full disk a commit changes nothing, what was stored stays readable, and
// the next commit after room was made goes through.
func TestFullDiskCommit(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	disk := reviewtest.NewTmpfs(t, "size=512k")
	w, _ := written(t, disk.Path, 2)
	s := storage.Open(disk.Path)
	defer s.Close()
	large, size := make([]byte, 64<<10), w.size()
	for keep := int64(0); keep <= 64<<10; keep += 4 << 10 {
		disk.Leave(t, keep)
		b := journal.Batch{Blobs: [][]byte{large}, Checkpoint: w.tree.Checkpoint()}
		reviewtest.WantCode(t, s.Commit(testID, size, b), review.CodeDirFull)
		last, err := verify(s, testID)
		must(t, err)
		if last != 1 {
			t.Fatalf("%d bytes free: last batch %d", keep, last)
		}
	}
	disk.Leave(t, 256<<10)
	must(t, store(s, w, 2))
	last, err := verify(s, testID)
	must(t, err)
	if last != 2 {
		t.Fatalf("last batch %d", last)
	}
}

// A meeting is created whole or leaves nothing, however small the disk, whether
// bytes or names run out.
func TestFullDiskCreate(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	var options []string
	for pages := 1; pages <= 40; pages++ {
		options = append(options, fmt.Sprintf("size=%dk", 4*pages))
	}
	for inodes := 1; inodes <= 8; inodes++ {
		options = append(options, fmt.Sprintf("size=1m,nr_inodes=%d", inodes))
	}
	created := 0
	for _, o := range options {
		disk := reviewtest.NewTmpfs(t, o)
		s := storage.Open(disk.Path)
		w, err := newScribe(testID)
		must(t, err)
		if err := store(s, w, 0); err == nil {
			created++
			_, err := verify(s, testID)
			must(t, err)
		} else {
			reviewtest.WantCode(t, err, review.CodeDirFull)
			if tree := reviewtest.Tree(t, disk.Path); tree != "." {
				t.Errorf("%s left\n%s", o, tree)
			}
		}
		must(t, s.Close())
	}
	if created == 0 || created == len(options) {
		t.Errorf("created %d of %d", created, len(options))
	}
}

func TestReadOnlyDisk(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	disk := reviewtest.NewTmpfs(t, "size=8m")
	w, path := written(t, disk.Path, 3)
	must(t, os.Mkdir(filepath.Join(disk.Path, "meetings", "unfinished2storage3testing"), 0o700))
	other := filepath.Join(disk.Path, "meetings", "unfinished2storage3testing", "heyi.db")
	copied, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(other, copied, 0o600))
	cutOff(t, other)
	disk.ReadOnly(t)
	for name, s := range map[string]*storage.Store{"Open": storage.Open(disk.Path), "OpenReadOnly": storage.OpenReadOnly(disk.Path)} {
		list, err := s.List()
		must(t, err)
		if len(list) != 2 {
			t.Errorf("%s: list %q", name, list)
		}
		last, err := verify(s, testID)
		must(t, err)
		if last != 2 {
			t.Errorf("%s: last batch %d", name, last)
		}
		_, err = s.Load("unfinished2storage3testing")
		reviewtest.WantCode(t, err, review.CodeStoreUnfinished)
		b := journal.Batch{Checkpoint: w.tree.Checkpoint()}
		reviewtest.WantCode(t, s.Commit(testID, w.size(), b), review.CodeDirReadOnly)
		fresh, err := newScribe("another2meeting3for4test55")
		must(t, err)
		reviewtest.WantCode(t, store(s, fresh, 0), review.CodeDirReadOnly)
		must(t, s.Close())
	}
}
