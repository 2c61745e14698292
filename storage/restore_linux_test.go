package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
	"heyi/storage"
)

// copied gives a data directory with a meeting of five batches and a copy of its
// first three.
func copied(t *testing.T, root string) (path, copy string, at journal.Checkpoint) {
	t.Helper()
	w, path := written(t, root, 3)
	at = w.tree.Checkpoint()
	s := storage.Open(root)
	must(t, s.Backup(testID))
	must(t, store(s, w, 3))
	must(t, store(s, w, 4))
	must(t, s.Close())
	return path, filepath.Join(root, "backups", string(testID), nameOf(1, at)), at
}

// Whatever became of the old database, the copy takes its place, and nothing that
// lay beside it comes to it.
func TestRestoreOver(t *testing.T) {
	for name, harm := range map[string]func(path string) error{
		"nothing":         func(string) error { return nil },
		"a cut-off write": func(path string) error { cutOff(t, path); return nil },
		"text":            func(path string) error { return os.WriteFile(path, []byte("no database"), 0o600) },
		"no file":         os.Remove,
		"no directory":    func(path string) error { return os.RemoveAll(filepath.Dir(path)) },
		"no meetings":     func(path string) error { return os.RemoveAll(filepath.Dir(filepath.Dir(path))) },
		"a directory": func(path string) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o700), os.WriteFile(filepath.Join(path, "x"), nil, 0o600))
		},
		"fifos": func(path string) error {
			return errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600), syscall.Mkfifo(path+"-wal", 0o600), os.Mkdir(path+"-shm", 0o700))
		},
		"links": func(path string) error {
			return errors.Join(os.Remove(path), os.Symlink("/dev/zero", path), os.Remove(path+"-journal"), os.Symlink("/dev/zero", path+"-journal"))
		},
		"a hostile card":  func(path string) error { return os.Mkdir(filepath.Join(filepath.Dir(path), "card.json"), 0o700) },
		"a newer version": func(path string) error { alter(t, path, `PRAGMA user_version = 99`); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			path, copy, at := copied(t, root)
			must(t, harm(path))
			s := storage.Open(root)
			within(t, func() { must(t, s.Restore(testID, copy, at.Size, journal.Batch{Checkpoint: at})) })
			must(t, holds(s, 2))
			must(t, s.Close())
			s = storage.OpenReadOnly(root)
			must(t, holds(s, 2))
			list, err := s.List()
			must(t, err)
			must(t, s.Close())
			if want := ".\nheyi.db"; len(list) != 1 || reviewtest.Tree(t, filepath.Dir(path)) != want {
				t.Errorf("list %q, left\n%s", list, reviewtest.Tree(t, filepath.Dir(path)))
			}
		})
	}
}

// A copy that does not hold is not put in the place of anything.
func TestRestoreOfAltered(t *testing.T) {
	digest := string(review.DigestOf([]byte("blob 1")))
	for name, x := range map[string]struct {
		harm func(*testing.T, string)
		code review.Code
	}{
		"a blob":       {without("blob_stands", `UPDATE blob SET body = x'00' WHERE digest = '`+digest+`'`), review.CodeBlobAltered},
		"an entry":     {without("journal_stands", `UPDATE journal SET signature = x'00' WHERE idx = 1`), review.CodeJournalRoot},
		"an entry out": {without("journal_stays", `DELETE FROM journal WHERE idx = 1`), review.CodeStoreDamaged},
		"the last out": {without("journal_stays", `DELETE FROM journal WHERE idx = 3`), review.CodeStoreMoved},
		"a row more":   {func(t *testing.T, path string) { alter(t, path, `INSERT INTO meta VALUES ('note', 'x')`) }, review.CodeMetaAltered},
		"a table more": {func(t *testing.T, path string) { alter(t, path, `CREATE TABLE note (text TEXT)`) }, review.CodeStoreDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			path, copy, at := copied(t, root)
			x.harm(t, copy)
			before := reviewtest.Snapshot(t, filepath.Dir(path))
			s := storage.Open(root)
			defer s.Close()
			if err := s.Restore(testID, copy, at.Size, journal.Batch{Checkpoint: at}); review.CodeOf(err) != x.code {
				t.Errorf("%v, want %s", err, x.code)
			}
			if after := reviewtest.Snapshot(t, filepath.Dir(path)); after != before {
				t.Errorf("it changed:\n%s\nwas\n%s", after, before)
			}
			if tree := reviewtest.Tree(t, filepath.Dir(filepath.Dir(path))); tree != ".\n"+string(testID)+"\n"+string(testID)+"/heyi.db\n"+string(testID)+"/heyi.db-journal" {
				t.Errorf("left:\n%s", tree)
			}
			must(t, holds(s, 4))
		})
	}
}

// The meeting's directory is not ours to replace if it is a link.
func TestRestoreForeign(t *testing.T) {
	root := t.TempDir()
	path, copy, at := copied(t, root)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	must(t, os.Rename(filepath.Dir(path), elsewhere))
	must(t, os.Symlink(elsewhere, filepath.Dir(path)))
	before := reviewtest.Snapshot(t, elsewhere)
	s := storage.Open(root)
	defer s.Close()
	reviewtest.WantCode(t, s.Restore(testID, copy, at.Size, journal.Batch{Checkpoint: at}), review.CodeStoreForeign)
	if after := reviewtest.Snapshot(t, elsewhere); after != before {
		t.Errorf("it changed:\n%s\nwas\n%s", after, before)
	}
}

// A restore that was cut off after it was decided is brought to its end by whoever
// writes, and by nobody else.
func TestRestoreCutOff(t *testing.T) {
	root := t.TempDir()
	path, copy, _ := copied(t, root)
	s := storage.Open(root)
	s.SetCard(testID, []byte("card"))
	must(t, s.Close())
	cutOff(t, path)
	content, err := os.ReadFile(copy)
	must(t, err)
	must(t, os.WriteFile(path+"-restored", content, 0o600))
	before := reviewtest.Snapshot(t, root)
	s = storage.OpenReadOnly(root)
	_, err = s.Load(testID)
	reviewtest.WantCode(t, err, review.CodeStoreUnfinished)
	if review.ItemOf(err) != path+"-restored" {
		t.Errorf("item %q", review.ItemOf(err))
	}
	if card := s.Card(testID); card != nil {
		t.Errorf("card %q", card)
	}
	must(t, s.Close())
	if after := reviewtest.Snapshot(t, root); after != before {
		t.Errorf("reading changed it:\n%s\nwas\n%s", after, before)
	}
	s = storage.Open(root)
	defer s.Close()
	if card := s.Card(testID); card != nil {
		t.Errorf("card %q", card)
	}
	must(t, holds(s, 2))
	if left := reviewtest.Tree(t, filepath.Dir(path)); left != ".\nheyi.db" {
		t.Errorf("left:\n%s", left)
	}
	must(t, s.Close())

	// What somebody put there is not taken for one.
	for name, plant := range map[string]func(string) error{
		"text": func(path string) error { return os.WriteFile(path, []byte("no database"), 0o600) },
		"fifo": func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"link": func(at string) error { return os.Symlink(path, at) },
	} {
		must(t, plant(path+"-restored"))
		before := reviewtest.Snapshot(t, filepath.Dir(path))
		s := storage.Open(root)
		within(t, func() {
			if _, err := s.Load(testID); review.CodeOf(err) != review.CodeStoreForeign {
				t.Errorf("%s: %v", name, err)
			}
		})
		must(t, s.Close())
		if after := reviewtest.Snapshot(t, filepath.Dir(path)); after != before {
			t.Errorf("%s: it changed:\n%s\nwas\n%s", name, after, before)
		}
		must(t, os.Remove(path+"-restored"))
	}
}

// On a full disk the meeting stays as it is.
func TestRestoreFullDisk(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	disk := reviewtest.NewTmpfs(t, "size=2m")
	path, copy, at := copied(t, disk.Path)
	info, err := os.Stat(copy)
	must(t, err)
	meetings := filepath.Dir(filepath.Dir(path))
	s := storage.Open(disk.Path)
	defer s.Close()
	refused := 0
	for free := int64(0); ; free += 4096 {
		disk.Leave(t, free)
		err := s.Restore(testID, copy, at.Size, journal.Batch{Checkpoint: at, Blobs: [][]byte{make([]byte, 30_000)}})
		if err == nil {
			break
		}
		refused++
		reviewtest.WantCode(t, err, review.CodeDirFull)
		must(t, holds(s, 4))
		if left, err := os.ReadDir(meetings); err != nil || len(left) != 1 || free > info.Size()+200_000 {
			t.Fatalf("%d bytes free: left %v, %v", free, left, err)
		}
	}
	if refused < 3 {
		t.Errorf("the disk was full %d times", refused)
	}
	r, err := s.Load(testID)
	must(t, err)
	if int64(len(r.Entries)) != at.Size {
		t.Errorf("%d entries", len(r.Entries))
	}
}
