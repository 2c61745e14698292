package reviewtest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// inNamespace tells the test binary that it was started by OwnMounts.
const inNamespace = "HEYI_TEST_OWN_MOUNTS"

// OwnMounts lets a test mount file systems: full and read-only disks cannot be
// had otherwise when tests run as root. The first call runs the calling test
// again, alone, in a mount namespace of its own, fails if that run fails, and
// gives false: the caller returns. In that run it gives true.
func OwnMounts(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inNamespace) != "" {
		return true
	}
	flags := "-m"
	if os.Geteuid() != 0 {
		flags = "-rm"
	}
	cmd := exec.Command("unshare", flags, os.Args[0], "-test.v", "-test.count=1", "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), inNamespace+"=1", "GORACE=atexit_sleep_ms=0")
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name()+" ")) {
		t.Fatalf("in a mount namespace: %v\n%s", err, out)
	}
	return false
}

// Tmpfs is a small file system in memory, gone after the test.
type Tmpfs struct{ Path string }

// NewTmpfs mounts one with options of mount(8), as in "size=64k,nr_inodes=8".
// The test must have asked OwnMounts.
func NewTmpfs(t *testing.T, options string) Tmpfs {
	t.Helper()
	f := Tmpfs{Path: t.TempDir()}
	f.mount(t, 0, options)
	t.Cleanup(func() {
		if err := syscall.Unmount(f.Path, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return f
}

// ReadOnly makes it a read-only medium. No file on it may be open for writing.
func (f Tmpfs) ReadOnly(t *testing.T) {
	t.Helper()
	f.mount(t, syscall.MS_REMOUNT|syscall.MS_RDONLY, "")
}

// Leave makes it as small as what it holds and so many free bytes, rounded down
// to whole pages.
func (f Tmpfs) Leave(t *testing.T, free int64) {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(f.Path, &s); err != nil {
		t.Fatal(err)
	}
	pages := int64(s.Blocks-s.Bfree) + free/int64(s.Bsize)
	f.mount(t, syscall.MS_REMOUNT, fmt.Sprintf("size=%d", pages*int64(s.Bsize)))
}

func (f Tmpfs) mount(t *testing.T, flags uintptr, options string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", f.Path, "tmpfs", flags, options); err != nil {
		t.Fatalf("mount tmpfs %s: %v", options, err)
	}
}
