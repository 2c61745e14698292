package datadir

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

func isFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

func isReadOnly(err error) bool {
	return errors.Is(err, windows.ERROR_WRITE_PROTECT) || errors.Is(err, fs.ErrPermission)
}

// replace gives a file its name, in place of what had it, and returns when the
// disk has both: a directory cannot be synced on Windows.
func replace(from, to string) error {
	f, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	t, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	return windows.MoveFileEx(f, t, windows.MOVEFILE_REPLACE_EXISTING|windows.MOVEFILE_WRITE_THROUGH)
}

// syncDir has nothing to do on Windows; see replace.
func syncDir(string) error { return nil }

// dropCache has nothing to do: Windows reads past its cache only through a
// handle opened so from the start, in whole sectors.
func dropCache(*os.File) {}

// onFixedDisk tells whether path lies neither on a network nor on a medium that
// can be pulled out.
func onFixedDisk(path string) bool {
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return false
	}
	var volume [windows.MAX_PATH]uint16
	if windows.GetVolumePathName(p, &volume[0], uint32(len(volume))) != nil {
		return false
	}
	return windows.GetDriveType(&volume[0]) == windows.DRIVE_FIXED
}
