package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"heyi/review"
)

// failure gives an error of SQLite or the operating system its code. path is
// the database that it concerns.
func (s *Store) failure(op, path string, err error) error {
	code := codeOf(err)
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		code = sqliteCode(e.Code())
		if unclear := e.Code() & 0xff; !s.readOnly && (unclear == sqlite3.SQLITE_CANTOPEN || unclear == sqlite3.SQLITE_IOERR) {
			code = codeOf(probe(filepath.Join(s.root, meetingsName)))
		}
	}
	item := path
	if code == review.CodeDirReadOnly {
		item = s.root
	}
	return review.E(code, op, item, err)
}

func sqliteCode(rc int) review.Code {
	if rc == sqlite3.SQLITE_READONLY_ROLLBACK {
		return review.CodeStoreUnfinished
	}
	switch rc & 0xff {
	case sqlite3.SQLITE_FULL:
		return review.CodeDirFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return review.CodeDirReadOnly
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return review.CodeStoreDamaged
	}
	return review.CodeStoreFailed
}

// errValue: a stored value is not of its column's type.
var errValue = errors.New("a value of another type")

// codeOf gives the code of what the operating system or a row said.
func codeOf(err error) review.Code {
	switch {
	case errors.Is(err, errValue), errors.Is(err, errForm):
		return review.CodeStoreDamaged
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return review.CodeDirFull
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return review.CodeDirReadOnly
	}
	return review.CodeStoreFailed
}

// exhausted tells whether the machine had nothing left to open a file with, which says
// nothing of the file.
func exhausted(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ENOMEM)
}

// probe asks the operating system itself why nothing can be written in dir:
// when a file cannot be opened or an I/O call fails, SQLite does not say.
func probe(dir string) error {
	path := filepath.Join(dir, freshPrefix+"probe")
	if err := os.Mkdir(path, 0o700); err != nil {
		return err
	}
	return os.Remove(path)
}
