package datadir_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/storage/datadir"
)

// However small the disk, a data directory is made whole or not at all, whether
// bytes or names run out.
func TestFullDiskOpen(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	var options []string
	for pages := 1; pages <= 6; pages++ {
		options = append(options, fmt.Sprintf("size=%dk", 4*pages))
	}
	for inodes := 1; inodes <= 9; inodes++ {
		options = append(options, fmt.Sprintf("size=1m,nr_inodes=%d", inodes))
	}
	made := 0
	for _, o := range options {
		disk := reviewtest.NewTmpfs(t, o)
		d, err := datadir.Open(filepath.Join(disk.Path, "a", "b"))
		if err == nil {
			made++
			must(t, d.Close())
			continue
		}
		reviewtest.WantCode(t, err, review.CodeDirFull)
		if tree := reviewtest.Tree(t, disk.Path); tree != "." {
			t.Errorf("%s left\n%s", o, tree)
		}
	}
	if made == 0 || made == len(options) {
		t.Errorf("made %d of %d", made, len(options))
	}
}

// A paper is there whole or not at all, and an older one stays.
func TestFullDiskExport(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	disk := reviewtest.NewTmpfs(t, "size=1m")
	d := opened(t, disk.Path)
	old, err := d.Export(testID, "old.pdf", []byte("old"))
	must(t, err)
	before := reviewtest.Tree(t, disk.Path)
	large := make([]byte, 64<<10)
	for free := int64(0); free < 64<<10; free += 4 << 10 {
		disk.Leave(t, free)
		for _, name := range []string{"old.pdf", "new.pdf"} {
			_, err := d.Export(testID, name, large)
			reviewtest.WantCode(t, err, review.CodeDirFull)
		}
		reviewtest.WantCode(t, datadir.WriteOut(filepath.Join(disk.Path, "out", "x"), large), review.CodeDirFull)
		if after := reviewtest.Tree(t, disk.Path); after != before || read(t, old) != "old" {
			t.Fatalf("%d bytes free: left\n%s\nwas\n%s", free, after, before)
		}
	}
	disk.Leave(t, 64<<10)
	path, err := d.Export(testID, "old.pdf", large)
	must(t, err)
	if read(t, path) != string(large) {
		t.Error("other content")
	}
}

func TestReadOnlyDisk(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	disk := reviewtest.NewTmpfs(t, "size=1m")
	root := filepath.Join(disk.Path, "data")
	d, err := datadir.Open(root)
	must(t, err)
	must(t, d.Close())
	put(t, filepath.Join(disk.Path, "unlocked", "heyi-data"), "heyi data directory 1\n")
	disk.ReadOnly(t)
	before := reviewtest.Snapshot(t, disk.Path)
	for _, at := range []string{root, filepath.Join(disk.Path, "unlocked"), filepath.Join(disk.Path, "new", "data")} {
		_, err := datadir.Open(at)
		reviewtest.WantCode(t, err, review.CodeDirReadOnly)
		if item := review.ItemOf(err); item != at {
			t.Errorf("item %q, want %q", item, at)
		}
	}
	must(t, datadir.Check(root))
	must(t, datadir.Check(filepath.Join(disk.Path, "unlocked")))
	reviewtest.WantCode(t, datadir.WriteOut(filepath.Join(disk.Path, "ca.pem"), []byte("x")), review.CodeDirReadOnly)
	if after := reviewtest.Snapshot(t, disk.Path); after != before {
		t.Errorf("touched:\n%s\nwas\n%s", after, before)
	}
}

// One system call of another process fails while it makes a directory and
// exports a paper. It is told so unless it need not care, and the paper is there
// whole if it was not told, and not at all if it was.
func TestSyscallFaults(t *testing.T) {
	for _, x := range []struct {
		call, fault string
		times       int
		code        review.Code
	}{
		{"write", "ENOSPC", 3, review.CodeDirFull},
		{"pwrite64", "EIO", 1, review.CodeDirFailed},
		{"fsync", "EIO", 9, review.CodeDirFailed},
		{"renameat", "EIO", 2, review.CodeDirFailed},
		{"mkdirat", "EROFS", 3, review.CodeDirReadOnly},
		{"flock", "ENOLCK", 1, review.CodeDirFailed},
	} {
		t.Run(x.call, func(t *testing.T) {
			t.Parallel()
			told := 0
			for at := 1; at <= x.times; at++ {
				inject := fmt.Sprintf("inject=%s:error=%s:when=%d", x.call, x.fault, at)
				root := filepath.Join(t.TempDir(), "data")
				code := exportUnder(t, root, "-e", "trace="+x.call, "-e", inject)
				if code == "" {
					if read(t, exported(root)) != string(paper) {
						t.Errorf("%s: other content", inject)
					}
					continue
				}
				told++
				if code != x.code {
					t.Errorf("%s: told %q, want %q", inject, code, x.code)
				}
				if tree := reviewtest.Tree(t, filepath.Dir(root)); strings.Contains(tree, ".pdf") || strings.Contains(tree, "part") {
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
func TestReadBack(t *testing.T) {
	root := filepath.Join(t.TempDir(), "data")
	code := exportUnder(t, root, "-P", exported(root)+".heyi.part", "-e", "inject=read:poke_exit=@arg2=00:when=1")
	if code != review.CodeDirFailed {
		t.Errorf("told %q", code)
	}
	if tree := reviewtest.Tree(t, root); strings.Contains(tree, ".pdf") {
		t.Errorf("left\n%s", tree)
	}
}

// exportUnder lets another process export a paper under strace and gives the
// code that it was told.
func exportUnder(t *testing.T, root string, options ...string) review.Code {
	t.Helper()
	cmd := another(root, "export", append([]string{"strace", "-f", "-qq", "-o", "/dev/null"}, options...)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", options, err, &out)
	}
	return review.Code(strings.TrimSpace(out.String()))
}

// exported is where the other process's paper is to be.
func exported(root string) string {
	return filepath.Join(root, "papers", string(testID), "minutes-01.pdf")
}
