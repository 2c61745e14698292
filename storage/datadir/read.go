package datadir

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"syscall"

	"heyi/review"
)

// ReadFile reads a regular file of at most limit bytes, through symbolic links
// if need be. It never waits and never reads on without end: a directory, FIFO,
// socket or device is refused without being opened.
// Codes: CodeFileMissing, CodeFileUnknown (not a regular file),
// CodeFileTooLarge, CodeDirFailed (Item: the path).
func ReadFile(path string, limit int64) ([]byte, error) {
	const op = "datadir.ReadFile"
	f, _, err := openRegular(op, path, limit)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// The size is no promise: files grow, and those of /proc say 0.
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, review.E(review.CodeDirFailed, op, path, err)
	case int64(len(content)) > limit:
		return nil, review.E(review.CodeFileTooLarge, op, path, nil)
	}
	return content, nil
}

// OpenFile opens a regular file of any size as ReadFile does.
// Codes: CodeFileMissing, CodeFileUnknown (not a regular file), CodeDirFailed (Item:
// the path).
func OpenFile(path string) (Kept, error) {
	f, size, err := openRegular("datadir.OpenFile", path, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	return kept{f, size}, nil
}

// openRegular opens a file for reading as ReadFile does, and gives its size.
// Codes: those of ReadFile.
func openRegular(op, path string, limit int64) (f *os.File, size int64, err error) {
	fail := func(code review.Code, err error) (*os.File, int64, error) {
		if errors.Is(err, fs.ErrNotExist) {
			code = review.CodeFileMissing
		}
		if f != nil {
			f.Close()
		}
		return nil, 0, review.E(code, op, path, err)
	}
	// Opening alone can rewind a tape, so what is there is asked first; and
	// again of what was opened, in case another took its place.
	info, err := os.Stat(path)
	if err != nil {
		return fail(review.CodeDirFailed, err)
	}
	if !info.Mode().IsRegular() {
		return fail(review.CodeFileUnknown, nil)
	}
	f, err = os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return fail(review.CodeDirFailed, err)
	}
	info, err = f.Stat()
	switch {
	case err != nil:
		return fail(review.CodeDirFailed, err)
	case !info.Mode().IsRegular():
		return fail(review.CodeFileUnknown, nil)
	case info.Size() > limit:
		return fail(review.CodeFileTooLarge, nil)
	}
	return f, info.Size(), nil
}
