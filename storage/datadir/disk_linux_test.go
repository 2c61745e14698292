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

// A package is there whole or not at all, whether bytes or names run out; what was
// there before stays.
func TestFullDiskPackage(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	disk := reviewtest.NewTmpfs(t, "size=1m")
	d := opened(t, disk.Path)
	must(t, staged(t, d, []byte("old")).Keep(digest))
	must(t, d.SetTrust([]byte("old")))
	must(t, d.SetLook([]byte("old")))
	before := reviewtest.Tree(t, disk.Path)
	large := make([]byte, 64<<10)
	for free := int64(0); free < 64<<10; free += 4 << 10 {
		disk.Leave(t, free)
		_, err := d.StagePackage(testID, bytes.NewReader(large))
		reviewtest.WantCode(t, err, review.CodeDirFull)
		reviewtest.WantCode(t, d.SetTrust(large), review.CodeDirFull)
		if free == 0 {
			reviewtest.WantCode(t, d.SetLook(large[:4<<10]), review.CodeDirFull)
		}
		if after := reviewtest.Tree(t, disk.Path); after != before || read(t, parcelAt(disk.Path)) != "old" {
			t.Fatalf("%d bytes free: left\n%s\nwas\n%s", free, after, before)
		}
		for _, get := range []func() ([]byte, error){d.Trust, d.Look} {
			if got, err := get(); string(got) != "old" || err != nil {
				t.Fatalf("%d bytes free: %q, %v", free, got, err)
			}
		}
	}
	disk.Leave(t, 64<<10)
	must(t, staged(t, d, large).Keep(digest))
	if read(t, parcelAt(disk.Path)) != string(large) {
		t.Error("other content")
	}

	for inodes := 1; inodes <= 9; inodes++ {
		disk := reviewtest.NewTmpfs(t, fmt.Sprintf("size=1m,nr_inodes=%d", inodes))
		d, err := datadir.Open(disk.Path)
		if err != nil {
			continue // see TestFullDiskOpen
		}
		s, err := d.StagePackage(testID, bytes.NewReader(parcel))
		if err == nil {
			must(t, s.Keep(digest))
			wantPackages(t, disk.Path, digest)
		} else {
			reviewtest.WantCode(t, err, review.CodeDirFull)
			if tree := reviewtest.Tree(t, disk.Path); tree != ".\nheyi-data\nlock\ntemp" {
				t.Errorf("%d names left\n%s", inodes, tree)
			}
		}
		must(t, d.Close())
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
	must(t, staged(t, d, parcel).Keep(digest))
	must(t, d.SetTrust([]byte("trusted")))
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
	wantPackages(t, root, digest)
	if got, err := datadir.TrustOf(root); string(got) != "trusted" || err != nil {
		t.Errorf("trust %q, %v", got, err)
	}
	reviewtest.WantCode(t, datadir.WriteOut(filepath.Join(disk.Path, "ca.pem"), []byte("x")), review.CodeDirReadOnly)
	if after := reviewtest.Snapshot(t, disk.Path); after != before {
		t.Errorf("touched:\n%s\nwas\n%s", after, before)
	}
}

// A disk that becomes read-only under a running program.
func TestReadOnlyLater(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	disk := reviewtest.NewTmpfs(t, "size=1m")
	d, err := datadir.Open(disk.Path)
	must(t, err)
	must(t, staged(t, d, parcel).Keep(digest))
	disk.ReadOnly(t)
	before := reviewtest.Snapshot(t, disk.Path)
	_, err = d.StagePackage(testID, bytes.NewReader(parcel))
	reviewtest.WantCode(t, err, review.CodeDirReadOnly)
	reviewtest.WantCode(t, d.DropPackage(testID, digest), review.CodeDirReadOnly)
	reviewtest.WantCode(t, d.SetTrust(parcel), review.CodeDirReadOnly)
	reviewtest.WantCode(t, d.SetLook([]byte("{}")), review.CodeDirReadOnly)
	if after := reviewtest.Snapshot(t, disk.Path); after != before {
		t.Errorf("touched:\n%s\nwas\n%s", after, before)
	}
	reviewtest.WantCode(t, d.Close(), review.CodeDirFailed) // temp cannot be removed
}

// One system call of another process fails while it makes a directory and writes
// into it. It is told so unless it need not care, and the file is there whole if it was
// not told, and not at all if it was.
func TestSyscallFaults(t *testing.T) {
	for _, x := range []struct {
		does, call, fault string
		times             int
		code              review.Code
	}{
		{"export", "write", "ENOSPC", 3, review.CodeDirFull},
		{"export", "pwrite64", "EIO", 1, review.CodeDirFailed},
		{"export", "fsync", "EIO", 9, review.CodeDirFailed},
		{"export", "renameat", "EIO", 2, review.CodeDirFailed},
		{"export", "mkdirat", "EROFS", 3, review.CodeDirReadOnly},
		{"export", "flock", "ENOLCK", 1, review.CodeDirFailed},
		{"keep", "write", "ENOSPC", 3, review.CodeDirFull},
		{"keep", "fsync", "EIO", 9, review.CodeDirFailed},
		{"keep", "renameat", "EIO", 2, review.CodeDirFailed},
		{"keep", "mkdirat", "EROFS", 3, review.CodeDirReadOnly},
		{"trust", "write", "ENOSPC", 2, review.CodeDirFull},
		{"trust", "fsync", "EIO", 5, review.CodeDirFailed},
		{"trust", "renameat", "EIO", 2, review.CodeDirFailed},
	} {
		t.Run(x.does+" "+x.call, func(t *testing.T) {
			t.Parallel()
			told := 0
			for at := 1; at <= x.times; at++ {
				inject := fmt.Sprintf("inject=%s:error=%s:when=%d", x.call, x.fault, at)
				root := filepath.Join(t.TempDir(), "data")
				w := written[x.does]
				code := under(t, x.does, root, "-e", "trace="+x.call, "-e", inject)
				if code == "" {
					if read(t, w.at(root)) != string(w.content) {
						t.Errorf("%s: other content", inject)
					}
					continue
				}
				told++
				if code != x.code {
					t.Errorf("%s: told %q, want %q", inject, code, x.code)
				}
				tree := reviewtest.Tree(t, filepath.Dir(root))
				if strings.Contains(tree, filepath.Base(w.at(root))) || strings.Contains(tree, "part") {
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
	code := under(t, "export", root, "-P", exported(root)+".heyi.part", "-e", "inject=read:poke_exit=@arg2=00:when=1")
	if code != review.CodeDirFailed {
		t.Errorf("told %q", code)
	}
	if tree := reviewtest.Tree(t, root); strings.Contains(tree, ".pdf") {
		t.Errorf("left\n%s", tree)
	}
}

// under lets another process do something under strace and gives the code that it
// was told.
func under(t *testing.T, does, root string, options ...string) review.Code {
	t.Helper()
	cmd := another(root, does, append([]string{"strace", "-f", "-qq", "-o", "/dev/null"}, options...)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", options, err, &out)
	}
	return review.Code(strings.TrimSpace(out.String()))
}

// written is where what the other process writes is to be, and what it is.
var written = map[string]struct {
	at      func(root string) string
	content []byte
}{
	"export": {exported, paper},
	"keep":   {parcelAt, parcel},
	"trust":  {func(root string) string { return filepath.Join(root, "trust.json") }, parcel},
}

// exported is where the other process's paper is to be.
func exported(root string) string {
	return filepath.Join(root, "papers", string(testID), "minutes-01.pdf")
}
