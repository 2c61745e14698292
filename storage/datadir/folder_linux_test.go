package datadir_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/crash"
	"heyi/storage/datadir"
)

// A folder is there whole or not at all, whether bytes or names run out.
func TestFullDiskFolder(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	var options []string
	for pages := 1; pages <= 30; pages++ {
		options = append(options, fmt.Sprintf("size=%dk", 4*pages))
	}
	for inodes := 1; inodes <= 12; inodes++ {
		options = append(options, fmt.Sprintf("size=1m,nr_inodes=%d", inodes))
	}
	made := 0
	for _, o := range options {
		disk := reviewtest.NewTmpfs(t, o)
		at := folderAt(disk.Path)
		if err := datadir.WriteFolder(at, leafNames, leaf); err == nil {
			made++
			must(t, wholeFolder(at))
			continue
		} else {
			reviewtest.WantCode(t, err, review.CodeDirFull)
		}
		if tree := reviewtest.Tree(t, disk.Path); tree != "." {
			t.Errorf("%s left\n%s", o, tree)
		}
	}
	if made == 0 || made == len(options) {
		t.Errorf("made %d of %d", made, len(options))
	}
	disk := reviewtest.NewTmpfs(t, "size=1m")
	disk.ReadOnly(t)
	reviewtest.WantCode(t, datadir.WriteFolder(folderAt(disk.Path), leafNames, leaf), review.CodeDirReadOnly)
}

// One system call of another process fails while it writes the folder. It is told so
// unless it need not care, and the folder is there whole if it was not told, and nothing
// of it is if it was.
func TestFolderFaults(t *testing.T) {
	for _, x := range []struct {
		call, fault string
		times       int
		code        review.Code
	}{
		{"write", "ENOSPC", 12, review.CodeDirFull},
		{"fsync", "EIO", 12, review.CodeDirFailed},
		{"renameat", "EIO", 1, review.CodeDirFailed},
		{"mkdirat", "EROFS", 6, review.CodeDirReadOnly},
	} {
		t.Run(x.call, func(t *testing.T) {
			t.Parallel()
			told := 0
			for n := 1; n <= x.times; n++ {
				inject := fmt.Sprintf("inject=%s:error=%s:when=%d", x.call, x.fault, n)
				root := t.TempDir()
				code := under(t, "folder", root, "-e", "trace="+x.call, "-e", inject)
				if code == "" {
					if err := wholeFolder(folderAt(root)); err != nil {
						t.Errorf("%s: %v", inject, err)
					}
					continue
				}
				told++
				if code != x.code {
					t.Errorf("%s: told %q, want %q", inject, code, x.code)
				}
				if tree := reviewtest.Tree(t, root); tree != "." {
					t.Errorf("%s left\n%s", inject, tree)
				}
			}
			if told == 0 {
				t.Error("no fault was told")
			}
		})
	}
}

// A disk that says yes and gives back something else.
func TestFolderReadBack(t *testing.T) {
	root := t.TempDir()
	name := filepath.Join(folderAt(root)+".heyi.part", filepath.FromSlash(leafNames[1]))
	code := under(t, "folder", root, "-P", name, "-e", "inject=read:poke_exit=@arg2=00:when=1")
	if code != review.CodeDirFailed {
		t.Errorf("told %q", code)
	}
	if tree := reviewtest.Tree(t, root); tree != "." {
		t.Errorf("left\n%s", tree)
	}
}

// Power fails before and after every operation on the disk: the folder is there whole or not
// there, and there if it was acknowledged. A piece under another name goes with the next try.
func TestFolderPower(t *testing.T) {
	judge := func(r crash.Remains) error {
		at := folderAt(r.Dir)
		if len(r.Complaints) > 0 {
			return fmt.Errorf("said %q", r.Complaints)
		}
		if _, err := os.Stat(at); errors.Is(err, fs.ErrNotExist) {
			if len(r.Acks) > 0 {
				return errors.New("acknowledged, and not there")
			}
			if err := datadir.WriteFolder(at, leafNames, leaf); err != nil {
				return err
			}
		}
		if _, err := os.Stat(at + ".heyi.part"); err == nil {
			return errors.New("a piece is left")
		}
		return wholeFolder(at)
	}
	root := t.TempDir()
	recording := crash.Record(t, root, another(root, "folders"))
	s := recording.Survey(t, crash.POSIX, 1000, judge)
	t.Logf("%d operations, %d states, %d distinct", recording.Operations(), s.States, s.Distinct)
	recording.Report(t, s)
}
