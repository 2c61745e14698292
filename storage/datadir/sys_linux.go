package datadir

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// dropCache asks the kernel to read the file from the disk again.
func dropCache(f *os.File) {
	// Advice: if it is not taken, the bytes come from the cache.
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}

// onFixedDisk tells whether path lies neither on a network nor on a medium that
// can be pulled out. What the kernel does not tell counts as fixed.
func onFixedDisk(path string) bool {
	var fs unix.Statfs_t
	var st unix.Stat_t
	if unix.Statfs(path, &fs) != nil || unix.Stat(path, &st) != nil {
		return true
	}
	switch uint32(fs.Type) {
	case unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.V9FS_MAGIC:
		return false
	}
	return !removable("/sys/dev/block", unix.Major(st.Dev), unix.Minor(st.Dev))
}

var usb = regexp.MustCompile(`/usb[0-9]+/`)

// removable looks a block device up in sysfs: USB disks that say they are fixed
// are known by where they hang; a partition's disk is the directory above it.
func removable(sysfs string, major, minor uint32) bool {
	device, err := filepath.EvalSymlinks(filepath.Join(sysfs, strconv.Itoa(int(major))+":"+strconv.Itoa(int(minor))))
	if err != nil {
		return false
	}
	if usb.MatchString(device) {
		return true
	}
	for _, dir := range []string{device, filepath.Dir(device)} {
		if flag, err := os.ReadFile(filepath.Join(dir, "removable")); err == nil {
			return strings.TrimSpace(string(flag)) == "1"
		}
	}
	return false
}
