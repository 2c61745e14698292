package bag

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"heyi/review"
)

// Tree is a directory of files in memory: the content of each by its path, slashes
// between the parts. It is an fs.FS, so that BuildDir makes a package of it; what is
// under a path that fs.ValidPath does not take is not in it.
type Tree map[string][]byte

// Open gives a file or directory.
func (t Tree) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if content, ok := t[name]; ok {
		return &treeFile{Reader: bytes.NewReader(content), treeInfo: treeInfo{path.Base(name), int64(len(content)), false}}, nil
	}
	below := map[string]fs.DirEntry{}
	for p, content := range t {
		rest, ok := strings.CutPrefix(p, name+"/")
		if name == "." {
			rest, ok = p, true
		}
		ok = ok && fs.ValidPath(p)
		if first, _, deeper := strings.Cut(rest, "/"); ok && deeper {
			below[first] = treeInfo{first, 0, true}
		} else if ok {
			below[first] = treeInfo{first, int64(len(content)), false}
		}
	}
	if len(below) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	d := &treeDir{treeInfo: treeInfo{path.Base(name), 0, true}}
	for _, e := range below {
		d.entries = append(d.entries, e)
	}
	slices.SortFunc(d.entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return d, nil
}

type treeFile struct {
	*bytes.Reader
	treeInfo
}

func (f *treeFile) Stat() (fs.FileInfo, error) { return f.treeInfo, nil }
func (f *treeFile) Close() error               { return nil }
func (f *treeFile) Size() int64                { return f.treeInfo.size }

type treeDir struct {
	treeInfo
	entries []fs.DirEntry
}

func (d *treeDir) Stat() (fs.FileInfo, error) { return d.treeInfo, nil }
func (d *treeDir) Close() error               { return nil }
func (d *treeDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: fs.ErrInvalid}
}

func (d *treeDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(d.entries) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(d.entries) {
		n = len(d.entries)
	}
	out := d.entries[:n]
	d.entries = d.entries[n:]
	return out, nil
}

// treeInfo says of a file or directory what package fs asks.
type treeInfo struct {
	name string
	size int64
	dir  bool
}

func (i treeInfo) Name() string               { return i.name }
func (i treeInfo) Size() int64                { return i.size }
func (i treeInfo) IsDir() bool                { return i.dir }
func (i treeInfo) ModTime() time.Time         { return time.Time{} }
func (i treeInfo) Sys() any                   { return nil }
func (i treeInfo) Type() fs.FileMode          { return i.Mode().Type() }
func (i treeInfo) Info() (fs.FileInfo, error) { return i, nil }
func (i treeInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// fsFile reads one file of a file system at places. It opens the file anew each time,
// since a package has more files than a process may have open.
type fsFile struct {
	fsys fs.FS
	name string
}

// ReadAt is as io.ReaderAt has it.
func (f fsFile) ReadAt(b []byte, at int64) (int, error) {
	file, err := f.fsys.Open(f.name)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	r, ok := file.(io.ReaderAt)
	if !ok {
		return 0, fmt.Errorf("%s cannot be read at a place", f.name)
	}
	return r.ReadAt(b, at)
}

// size gives the size of a regular file.
func (f fsFile) size() (int64, error) {
	i, err := fs.Stat(f.fsys, f.name)
	if err != nil {
		return 0, err
	}
	if !i.Mode().IsRegular() {
		return 0, fmt.Errorf("%s is no regular file", f.name)
	}
	return i.Size(), nil
}

// readSource reads a small file of a source or bag.
// Codes: CodePackageSource (Item: name), CodePackageLimit.
func readSource(fsys fs.FS, name string, max int64) ([]byte, error) {
	const op = "bag.readSource"
	f := fsFile{fsys, name}
	n, err := f.size()
	switch {
	case err != nil:
		return nil, review.E(review.CodePackageSource, op, name, err)
	case n > max:
		return nil, review.E(review.CodePackageLimit, op, name, fmt.Errorf("%d bytes", n))
	}
	b := make([]byte, n)
	if err := readAt(f, b, 0); err != nil {
		return nil, review.E(review.CodePackageSource, op, name, err)
	}
	return b, nil
}
