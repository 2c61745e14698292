package datadir_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/storage/datadir"
)

// What a directory can hold in the place of a file.
var imposters = map[string]func(path string) error{
	"fifo":             func(path string) error { return syscall.Mkfifo(path, 0o600) },
	"link to a device": func(path string) error { return os.Symlink("/dev/zero", path) },
	"link to nothing":  func(path string) error { return os.Symlink("nothing", path) },
	"directory":        func(path string) error { return os.Mkdir(path, 0o700) },
}

// The files that Open and Check open themselves are regular, or the directory
// is not ours; what else they are is never waited for.
func TestImposters(t *testing.T) {
	for _, name := range []string{"heyi-data", "lock", "crash.txt"} {
		for kind, make := range imposters {
			t.Run(name+" a "+kind, func(t *testing.T) {
				root := t.TempDir()
				put(t, filepath.Join(root, "heyi-data"), "heyi data directory 1\n")
				must(t, os.RemoveAll(filepath.Join(root, name)))
				must(t, make(filepath.Join(root, name)))
				before := reviewtest.Snapshot(t, root)
				_, err := datadir.Open(root)
				reviewtest.WantCode(t, err, review.CodeDirForeign)
				reviewtest.WantCode(t, datadir.Check(root), review.CodeDirForeign)
				if after := reviewtest.Snapshot(t, root); after != before {
					t.Errorf("touched:\n%s\nwas\n%s", after, before)
				}
			})
		}
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	put(t, at("ten"), "0123456789")
	must(t, os.Symlink("ten", at("link to ten")))
	must(t, os.WriteFile(at("sparse"), nil, 0o600))
	must(t, os.Truncate(at("sparse"), 3<<30))
	for kind, make := range imposters {
		must(t, make(at(kind)))
	}
	for _, x := range []struct {
		name  string
		limit int64
		want  review.Code
	}{
		{"ten", 10, ""},
		{"link to ten", 10, ""},
		{"ten", 9, review.CodeFileTooLarge},
		{"sparse", 64, review.CodeFileTooLarge},
		{"none", 64, review.CodeFileMissing},
		{"link to nothing", 64, review.CodeFileMissing},
		{"fifo", 64, review.CodeFileUnknown},
		{"link to a device", 64, review.CodeFileUnknown},
		{"directory", 64, review.CodeFileUnknown},
		{"ten/below", 64, review.CodeDirFailed},
	} {
		content, err := datadir.ReadFile(at(x.name), x.limit)
		if review.CodeOf(err) != x.want || (err == nil) != (string(content) == "0123456789") {
			t.Errorf("%s to %d: %q, %v, want %q", x.name, x.limit, content, err, x.want)
		}
		if err != nil && review.ItemOf(err) != at(x.name) {
			t.Errorf("%s: item %q", x.name, review.ItemOf(err))
		}
	}
}

// A file without a size, as a kernel makes them, is bounded all the same.
func TestReadFileUnsized(t *testing.T) {
	info, err := os.Stat("/proc/meminfo")
	must(t, err)
	if info.Size() != 0 {
		t.Fatalf("%d bytes", info.Size())
	}
	_, err = datadir.ReadFile("/proc/meminfo", 16)
	reviewtest.WantCode(t, err, review.CodeFileTooLarge)
}

// A file of any size is opened; what is no file is neither opened nor waited for.
func TestOpenFile(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	put(t, at("ten"), "0123456789")
	must(t, os.WriteFile(at("sparse"), nil, 0o600))
	must(t, os.Truncate(at("sparse"), 3<<30))
	for kind, make := range imposters {
		must(t, make(at(kind)))
	}
	for name, size := range map[string]int64{"ten": 10, "sparse": 3 << 30} {
		f, err := datadir.OpenFile(at(name))
		must(t, err)
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, size-1); err != nil || f.Size() != size {
			t.Errorf("%s: %d bytes, %v", name, f.Size(), err)
		}
		must(t, f.Close())
	}
	for name, want := range map[string]review.Code{
		"none": review.CodeFileMissing, "link to nothing": review.CodeFileMissing, "fifo": review.CodeFileUnknown,
		"link to a device": review.CodeFileUnknown, "directory": review.CodeFileUnknown,
	} {
		_, err := datadir.OpenFile(at(name))
		reviewtest.WantCode(t, err, want)
	}
}
