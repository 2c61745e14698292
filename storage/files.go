package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"heyi/review"
)

// makeDir makes a directory, for this user alone, unless there is something.
func makeDir(dir string) (made bool, err error) {
	err = os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, syncDir(filepath.Dir(dir))
}

// writeFile makes a new file, for this user alone, and syncs it.
func writeFile(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// copyFile makes a new file, for this user alone, of what can be read from
// another, syncs it and gives its digest. unread says why that is not all.
func copyFile(to string, from io.Reader) (sum review.Digest, unread, err error) {
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", nil, err
	}
	h := sha256.New()
	r := &untilFailure{r: from}
	_, err = io.Copy(io.MultiWriter(f, h), r)
	if err == nil {
		err = f.Sync()
	}
	return review.Digest(hex.EncodeToString(h.Sum(nil))), r.failed, errors.Join(err, f.Close())
}

// untilFailure ends where reading fails, and keeps why.
type untilFailure struct {
	r      io.Reader
	failed error
}

func (u *untilFailure) Read(b []byte) (int, error) {
	n, err := u.r.Read(b)
	if err != nil && err != io.EOF {
		u.failed, err = err, io.EOF
	}
	return n, err
}

// copyDatabase makes a new file of a whole database that nobody writes.
func copyDatabase(op, to, from string) error {
	f, err := openRegular(op, from)
	if err != nil {
		return err
	}
	defer f.Close()
	_, unread, err := copyFile(to, f)
	return errors.Join(unread, err)
}

// syncName makes a file's name durable, and all names given in its directory
// before. NTFS has no sync of directories: it keeps names in a log, in order, and
// the sync of any file keeps the log up to then.
func syncName(path string) error {
	return errors.Join(syncFile(path), syncDir(filepath.Dir(path)))
}

// syncFile brings a file to the disk.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncDir makes the names in a directory durable. Windows has no such call; see
// syncName.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
