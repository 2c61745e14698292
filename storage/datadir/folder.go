package datadir

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"heyi/review"
)

// WriteFolder writes a directory of files to a path that a person chose and where nothing
// stands, with the directories that lead to it, readable by this user alone. names are the
// files in it, with slashes between the parts of a name; write gives the content of each, of
// any size, in the order of names. The whole of it is synced and read back before it takes
// the path: it is complete there, or nothing is. What an earlier call for this path left when
// it was cut off is removed.
// Codes: CodeFileExists (something stands there; it is not touched), CodeDirFull,
// CodeDirReadOnly, CodeDirFailed (Item: the path, or the name if it leads elsewhere). What
// write itself fails with is given as it is.
func WriteFolder(path string, names []string, write func(name string, w io.Writer) error) error {
	const op = "datadir.WriteFolder"
	path = filepath.Clean(path)
	for _, name := range names {
		if _, err := filepath.Localize(name); err != nil {
			return review.E(review.CodeDirFailed, op, name, err)
		}
	}
	if err := vacant(op, path); err != nil {
		return err
	}
	made, err := makeDirs(filepath.Dir(path))
	if err != nil {
		return failure(op, path, err)
	}
	var own error // what write failed with though all that it wrote was taken
	err = writeTree(path, names, func(name string, w io.Writer) error {
		out := &sink{Writer: w}
		err := write(name, out)
		if out.err != nil {
			return out.err
		}
		own = err
		return err
	})
	switch {
	case own != nil:
		removeDirs(made)
		return own
	case review.CodeOf(err) == review.CodeFileExists:
		removeDirs(made)
		return err
	case err != nil:
		removeDirs(made)
		return failure(op, path, err)
	}
	return nil
}

// vacant tells whether nothing stands at a path.
// Codes: CodeFileExists, CodeDirReadOnly, CodeDirFailed.
func vacant(op, path string) error {
	switch _, err := os.Lstat(path); {
	case err == nil:
		return review.E(review.CodeFileExists, op, path, nil)
	case !errors.Is(err, fs.ErrNotExist):
		return failure(op, path, err)
	}
	return nil
}

// writeTree makes a directory by way of a neighbour, as write makes a file. On failure
// it leaves nothing.
func writeTree(path string, names []string, write func(name string, w io.Writer) error) (err error) {
	part := path + partSuffix
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(part)
		}
	}()
	dirs := dirsOf(names)
	for _, dir := range dirs {
		if err := os.Mkdir(filepath.Join(part, filepath.FromSlash(dir)), 0o700); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := writeNew(filepath.Join(part, filepath.FromSlash(name)), func(w io.Writer) error { return write(name, w) }); err != nil {
			return err
		}
	}
	for _, dir := range slices.Backward(dirs) {
		if err := syncDir(filepath.Join(part, filepath.FromSlash(dir))); err != nil {
			return err
		}
	}
	if err := vacant("datadir.writeTree", path); err != nil {
		return err
	}
	if err := replace(part, path); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		os.RemoveAll(path)
		return err
	}
	return nil
}

// dirsOf lists the directories that files are in, each after the one that it is in; the
// first is the root.
func dirsOf(names []string) []string {
	dirs := []string{"."}
	for _, name := range names {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs[1:])
	return slices.Compact(dirs)
}
