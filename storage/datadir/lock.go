package datadir

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"heyi/review"
)

// lockName is the file whose first byte is locked. The pid of the holder stands
// behind that byte: Windows lets nobody read what is locked.
const (
	lockName = "lock"
	pidAt    = 1
	pidForm  = "%-20d\n"
)

// lock is the operating system's lock on a data directory: it ends with the
// process, however that ends.
type lock struct {
	flock *flock.Flock
	made  bool // the file is ours
}

// takeLock locks root, or says who has it.
// Codes: CodeDirLocked, CodeDirReadOnly, CodeDirFull, CodeDirFailed.
func takeLock(op, root string) (*lock, error) {
	path := filepath.Join(root, lockName)
	_, err := os.Lstat(path)
	l := &lock{flock: flock.New(path), made: errors.Is(err, fs.ErrNotExist)}
	free, err := l.flock.TryLock()
	if err != nil {
		return nil, failure(op, root, err)
	}
	if !free {
		return nil, review.E(review.CodeDirLocked, op, holder(path), nil)
	}
	if err := l.sign(path); err != nil {
		l.abandon()
		return nil, failure(op, root, err)
	}
	return l, nil
}

// sign puts the pid of this process into the file.
func (l *lock) sign(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(fmt.Appendf(nil, pidForm, os.Getpid()), pidAt)
	return errors.Join(err, f.Close())
}

// release lets the lock go. The file stays: who removed it could take it from
// under a process that has just locked it.
func (l *lock) release() error { return l.flock.Close() }

// abandon lets the lock of a failed Open go, and leaves no file that it made.
func (l *lock) abandon() {
	path := l.flock.Path()
	gone := !l.made || os.Remove(path) == nil
	l.flock.Close()
	if !gone {
		os.Remove(path) // Windows removes no open file
	}
}

// lookLock tells whether a process has root, without writing.
// Codes: CodeDirLocked, CodeDirFailed.
func lookLock(op, root string) error {
	path := filepath.Join(root, lockName)
	l := flock.New(path, flock.SetFlag(os.O_RDONLY))
	free, err := l.TryRLock()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return review.E(review.CodeDirFailed, op, path, err)
	case !free:
		return review.E(review.CodeDirLocked, op, holder(path), nil)
	}
	if err := l.Close(); err != nil {
		return review.E(review.CodeDirFailed, op, path, err)
	}
	return nil
}

// holder reads the pid in a lock file, "?" if none can be read.
func holder(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return "?"
	}
	defer f.Close()
	b := make([]byte, len(fmt.Sprintf(pidForm, 0)))
	n, _ := f.ReadAt(b, pidAt)
	if pid := string(bytes.TrimSpace(b[:n])); pid != "" {
		return pid
	}
	return "?"
}
