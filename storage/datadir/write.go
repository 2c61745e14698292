package datadir

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"heyi/review"
)

// partSuffix marks a file that is being written.
const partSuffix = ".heyi.part"

// fileName is what a file or directory that the program names may be called:
// the same on every system, hidden on none, short enough for the suffix.
var fileName = regexp.MustCompile(`^[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9_-])?$`)

// Export writes a finished paper to papers/ID/name under the root and gives its
// path. It is complete and synced, or not there. An existing file with the same
// content is left; with other content it is replaced.
// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed (Item: the path, or the
// name if it has other characters than a-z, 0-9, dot, hyphen and underscore).
func (d *Dir) Export(id review.MeetingID, name string, content []byte) (string, error) {
	const op = "datadir.Dir.Export"
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range []string{string(id), name} {
		if !fileName.MatchString(n) {
			return "", review.E(review.CodeDirFailed, op, n, errors.New("not a name of ours"))
		}
	}
	path := filepath.Join(d.root, papersName, string(id), name)
	if d.lock == nil {
		return "", review.E(review.CodeDirFailed, op, path, fs.ErrClosed)
	}
	if holds(path, content) {
		return path, nil
	}
	if err := put(op, path, content); err != nil {
		return "", err
	}
	return path, nil
}

// WriteOut writes a file to a path that a person chose, with the directories
// that lead to it, readable by this user alone. It is complete and synced, or
// what was there before is unchanged (or replaced, if the disk failed only after
// that). An existing file is replaced.
// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed (Item: the path).
func WriteOut(path string, content []byte) error {
	return put("datadir.WriteOut", filepath.Clean(path), content)
}

// WriteOutBy is WriteOut for a file that content writes piece by piece, of any size.
// Codes: those of WriteOut. What content itself fails with is given as it is.
func WriteOutBy(path string, content func(io.Writer) error) error {
	var own error // what content failed with though all that it wrote was taken
	err := putBy("datadir.WriteOutBy", filepath.Clean(path), func(w io.Writer) error {
		out := &sink{Writer: w}
		err := content(out)
		if out.err != nil {
			return out.err
		}
		own = err
		return err
	})
	if own != nil {
		return own
	}
	return err
}

// sink remembers what writing failed with, to tell it from other failures.
type sink struct {
	io.Writer
	err error
}

// Write is as in io.Writer.
func (s *sink) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	if err != nil {
		s.err = err
	}
	return n, err
}

// TakeBack removes what a command wrote out before it failed, a file or a directory
// with all that is in it. It is for paths where nothing stood before.
// Codes: CodeDirFailed (Item: the path).
func TakeBack(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return review.E(review.CodeDirFailed, "datadir.TakeBack", path, err)
	}
	return nil
}

// put writes a file and the directories that lead to it, or neither.
func put(op, path string, content []byte) error { return putBy(op, path, all(content)) }

// all writes content in one piece.
func all(content []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}

// putBy is put for what content writes.
func putBy(op, path string, content func(io.Writer) error) error {
	made, err := makeDirs(filepath.Dir(path))
	if err != nil {
		return failure(op, path, err)
	}
	if err := write(path, content); err != nil {
		removeDirs(made)
		return failure(op, path, err)
	}
	return nil
}

// write puts a file in its place by way of a neighbour, which is synced and
// read back from the disk before it takes the name. A failed sync is never
// tried again: the kernel may have dropped what it could not write.
func write(path string, content func(io.Writer) error) (err error) {
	part := path + partSuffix
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(part)
		}
	}()
	if err := writeNew(part, content); err != nil {
		return err
	}
	_, absent := os.Lstat(path)
	if err := replace(part, path); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		if absent != nil { // where something stood, either of the two is better than none
			os.Remove(path)
		}
		return err
	}
	return nil
}

// writeNew writes a file where none is, syncs it and reads it back from the disk. On
// failure it may leave a piece of it.
func writeNew(path string, content func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	written := sha256.New()
	err = content(io.MultiWriter(f, written))
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return readBack(path, written.Sum(nil))
}

// readBack compares what the disk gives with the SHA-256 of what was written.
func readBack(path string, want []byte) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	dropCache(f)
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if !bytes.Equal(h.Sum(nil), want) {
		return errors.New("the disk gives back other bytes than were written")
	}
	return nil
}

// holds tells whether a regular file has this content already.
func holds(path string, content []byte) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(content)) {
		return false
	}
	stored, err := os.ReadFile(path)
	return err == nil && bytes.Equal(stored, content)
}

// makeDirs makes dir and what is missing above it, for this user alone, and
// gives what it made, outermost first. On failure it leaves nothing.
func makeDirs(dir string) (made []string, err error) {
	var missing []string
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); err == nil {
			break
		} else if !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			return nil, err
		}
		missing = append(missing, at)
	}
	for i := len(missing) - 1; i >= 0; i-- {
		err := os.Mkdir(missing[i], 0o700)
		if err == nil {
			made = append(made, missing[i])
			err = syncDir(filepath.Dir(missing[i]))
		} else if errors.Is(err, fs.ErrExist) {
			err = nil // another process was faster
		}
		if err != nil {
			removeDirs(made)
			return nil, err
		}
	}
	return made, nil
}

// removeDirs removes what makeDirs made, as far as it is empty.
func removeDirs(made []string) {
	for i := len(made) - 1; i >= 0; i-- {
		os.Remove(made[i])
	}
}

// failure gives what the operating system said its code.
func failure(op, path string, err error) error {
	code := review.CodeDirFailed
	switch {
	case isFull(err):
		code = review.CodeDirFull
	case isReadOnly(err):
		code = review.CodeDirReadOnly
	}
	return review.E(code, op, path, err)
}
