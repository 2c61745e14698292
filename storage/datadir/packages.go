package datadir

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"heyi/review"
)

const (
	packageSuffix = ".rpk"
	maxPackage    = 2 << 30 // bytes, as in review/bag
)

// Staged is meeting.Staged: a copy of a package on the disk, under no name yet. It is
// safe for use by several goroutines.
type Staged = interface {
	io.ReaderAt
	// Size is the copy's length in bytes.
	Size() int64
	// Keep gives the copy its name, in place of a file that has it, makes that durable
	// and closes the copy. What fails leaves no copy and no new file.
	// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed.
	Keep(digest review.Digest) error
	// Drop removes the copy; after Keep, or a second time, it does nothing.
	// Codes: CodeDirReadOnly, CodeDirFailed.
	Drop() error
}

// Kept is meeting.Kept: an open file.
type Kept = interface {
	io.ReaderAt
	io.Closer
	// Size is the file's length in bytes.
	Size() int64
}

// StagePackage copies what src gives, at most 2 GiB, below packages/ID, where it has
// no name yet and a later Open would remove it. The copy is synced, and what is read
// of it comes from the disk and not from memory, as far as the system allows: who
// verifies it verifies what the disk has. Of what fails nothing is left.
// Codes: CodePackageRead (src failed), CodePackageLimit (it is longer), CodeDirFull,
// CodeDirReadOnly, CodeDirFailed (Item: the path, or the id if it is none).
func (d *Dir) StagePackage(id review.MeetingID, src io.Reader) (Staged, error) {
	s, err := d.stage(id, src, maxPackage)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Package opens a package that lies with a meeting below root. It writes nothing and
// needs no lock.
// Codes: those of ReadFile; CodeDirFailed (Item: the id or digest that is none).
func Package(root string, id review.MeetingID, digest review.Digest) (Kept, error) {
	const op = "datadir.Package"
	path, err := packagePath(op, root, id, digest)
	if err != nil {
		return nil, err
	}
	f, size, err := openRegular(op, path, maxPackage)
	if err != nil {
		return nil, err
	}
	return kept{f, size}, nil
}

// Package is the function of this name for the directory.
func (d *Dir) Package(id review.MeetingID, digest review.Digest) (Kept, error) {
	return Package(d.root, id, digest)
}

// Packages lists the packages that lie with a meeting below root, sorted. It writes
// nothing and needs no lock.
// Codes: CodeDirFailed.
func Packages(root string, id review.MeetingID) ([]review.Digest, error) {
	const op = "datadir.Packages"
	dir, err := packagesDir(op, root, id)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, review.E(review.CodeDirFailed, op, dir, err)
	}
	var out []review.Digest
	for _, e := range entries {
		name, ours := strings.CutSuffix(e.Name(), packageSuffix)
		if digest := review.Digest(name); ours && digest.Valid() && e.Type().IsRegular() {
			out = append(out, digest)
		}
	}
	return out, nil
}

// Packages is the function of this name for the directory.
func (d *Dir) Packages(id review.MeetingID) ([]review.Digest, error) { return Packages(d.root, id) }

// DropPackage removes a package from a meeting. One that does not lie there is removed.
// Codes: CodeDirReadOnly, CodeDirFailed.
func (d *Dir) DropPackage(id review.MeetingID, digest review.Digest) error {
	const op = "datadir.Dir.DropPackage"
	d.mu.Lock()
	defer d.mu.Unlock()
	path, err := packagePath(op, d.root, id, digest)
	if err != nil {
		return err
	}
	if d.lock == nil {
		return review.E(review.CodeDirFailed, op, path, fs.ErrClosed)
	}
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return failure(op, path, err)
	}
	d.tidy(filepath.Dir(path))
	return nil
}

// packagesDir is where a meeting's packages lie.
// Codes: CodeDirFailed.
func packagesDir(op, root string, id review.MeetingID) (string, error) {
	if !id.Valid() {
		return "", review.E(review.CodeDirFailed, op, string(id), errors.New("not a meeting id"))
	}
	return filepath.Join(root, packagesName, string(id)), nil
}

// packagePath is where a package lies.
// Codes: CodeDirFailed.
func packagePath(op, root string, id review.MeetingID, digest review.Digest) (string, error) {
	dir, err := packagesDir(op, root, id)
	if err != nil {
		return "", err
	}
	if !digest.Valid() {
		return "", review.E(review.CodeDirFailed, op, string(digest), errors.New("not a digest"))
	}
	return filepath.Join(dir, string(digest)+packageSuffix), nil
}

// tidy removes the directory of a meeting's packages, and that of all, if nothing lies
// there. d.mu is held.
func (d *Dir) tidy(dir string) { removeDirs([]string{filepath.Dir(dir), dir}) }

// kept is an open file.
type kept struct {
	*os.File
	size int64
}

// Size is as in Kept.
func (k kept) Size() int64 { return k.size }

// staged is a copy without a name.
type staged struct {
	file *os.File
	dir  *Dir
	id   review.MeetingID
	size int64
	over bool // kept or dropped; dir.mu guards it
}

// stage is StagePackage with another limit.
func (d *Dir) stage(id review.MeetingID, src io.Reader, limit int64) (*staged, error) {
	const op = "datadir.Dir.StagePackage"
	s, err := d.newStaged(op, id)
	if err != nil {
		return nil, err
	}
	in := &source{Reader: src}
	s.size, err = io.Copy(s.file, io.LimitReader(in, limit+1))
	switch {
	case in.err != nil:
		err = review.E(review.CodePackageRead, op, "", in.err)
	case err == nil && s.size > limit:
		err = review.E(review.CodePackageLimit, op, "", nil)
	default:
		if err == nil {
			err = s.file.Sync() // if it fails, never again: see write
		}
		if err != nil {
			err = failure(op, s.file.Name(), err)
		}
	}
	if err != nil {
		return nil, errors.Join(err, s.Drop())
	}
	dropCache(s.file)
	return s, nil
}

// newStaged makes an empty copy.
// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed.
func (d *Dir) newStaged(op string, id review.MeetingID) (*staged, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dir, err := packagesDir(op, d.root, id)
	if err != nil {
		return nil, err
	}
	if d.lock == nil {
		return nil, review.E(review.CodeDirFailed, op, dir, fs.ErrClosed)
	}
	made, err := makeDirs(dir)
	if err != nil {
		return nil, failure(op, dir, err)
	}
	d.stagings++
	path := filepath.Join(dir, fmt.Sprint(d.stagings)+packageSuffix+partSuffix)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		removeDirs(made)
		return nil, failure(op, path, err)
	}
	return &staged{file: f, dir: d, id: id}, nil
}

// ReadAt is as in io.ReaderAt.
func (s *staged) ReadAt(p []byte, at int64) (int, error) { return s.file.ReadAt(p, at) }

// Size is as in Staged.
func (s *staged) Size() int64 { return s.size }

// Keep is as in Staged.
func (s *staged) Keep(digest review.Digest) error {
	const op = "datadir.Staged.Keep"
	s.dir.mu.Lock()
	defer s.dir.mu.Unlock()
	if s.over || s.dir.lock == nil {
		return review.E(review.CodeDirFailed, op, s.file.Name(), errors.Join(fs.ErrClosed, s.drop()))
	}
	path, err := packagePath(op, s.dir.root, s.id, digest)
	if err != nil {
		return errors.Join(err, s.drop())
	}
	if err := s.file.Close(); err != nil { // Windows renames no open file
		return errors.Join(failure(op, path, err), s.drop())
	}
	if err := replace(s.file.Name(), path); err != nil {
		return errors.Join(failure(op, path, err), s.drop())
	}
	s.over = true
	if err := syncDir(filepath.Dir(path)); err != nil {
		os.Remove(path)
		s.dir.tidy(filepath.Dir(path))
		return failure(op, path, err)
	}
	return nil
}

// Drop is as in Staged.
func (s *staged) Drop() error {
	s.dir.mu.Lock()
	defer s.dir.mu.Unlock()
	return s.drop()
}

// drop is Drop; s.dir.mu is held. Once the directory has been let go, what lies there
// is another's: the copy is left to the next Open.
func (s *staged) drop() error {
	if s.over {
		return nil
	}
	s.over = true
	s.file.Close()
	if s.dir.lock == nil {
		return nil
	}
	if err := os.Remove(s.file.Name()); err != nil {
		return failure("datadir.Staged.Drop", s.file.Name(), err)
	}
	s.dir.tidy(filepath.Dir(s.file.Name()))
	return nil
}

// source remembers what reading failed with, to tell it from what writing fails with.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
