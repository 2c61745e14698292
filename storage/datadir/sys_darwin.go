package datadir

import (
	"os"

	"golang.org/x/sys/unix"
)

// dropCache asks the kernel to read the file from the disk again.
func dropCache(f *os.File) {
	// Advice: if it is not taken, the bytes come from the cache.
	_, _ = unix.FcntlInt(f.Fd(), unix.F_NOCACHE, 1)
}

// onFixedDisk tells whether path lies neither on a network nor on a medium that
// can be pulled out. What the kernel does not tell counts as fixed.
func onFixedDisk(path string) bool {
	var fs unix.Statfs_t
	if unix.Statfs(path, &fs) != nil {
		return true
	}
	return fs.Flags&unix.MNT_LOCAL != 0 && fs.Flags&unix.MNT_REMOVABLE == 0
}
