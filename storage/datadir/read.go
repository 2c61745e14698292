package datadir

import (
	"errors"
	"io"
	"io/fs"
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
	fail := func(code review.Code, err error) ([]byte, error) {
		if errors.Is(err, fs.ErrNotExist) {
			code = review.CodeFileMissing
		}
		return nil, review.E(code, "datadir.ReadFile", path, err)
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
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return fail(review.CodeDirFailed, err)
	}
	defer f.Close()
	info, err = f.Stat()
	switch {
	case err != nil:
		return fail(review.CodeDirFailed, err)
	case !info.Mode().IsRegular():
		return fail(review.CodeFileUnknown, nil)
	case info.Size() > limit:
		return fail(review.CodeFileTooLarge, nil)
	}
	// The size is no promise: files grow, and those of /proc say 0.
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return fail(review.CodeDirFailed, err)
	case int64(len(content)) > limit:
		return fail(review.CodeFileTooLarge, nil)
	}
	return content, nil
}
