package storage

import (
	"bytes"
	"database/sql"
	_ "embed"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"modernc.org/sqlite"

	"heyi/review"
)

//go:embed schema/0001.sql
var schema string

// What schema/0001.sql writes into the file's header.
const (
	applicationID = 0x48655969 // "HeYi"
	schemaVersion = 1
)

// pragmas are run on every connection. TRUNCATE with EXTRA lost no acknowledged
// transaction in any simulated loss of power, needs no sync of directories and
// leaves a database that opens on a full or read-only disk; the rest keeps
// plaintext off the disk and a hostile file harmless.
var pragmas = []string{
	"journal_mode(TRUNCATE)",
	"synchronous(EXTRA)",
	"fullfsync(1)",
	"checkpoint_fullfsync(1)",
	"temp_store(MEMORY)",
	"secure_delete(1)",
	"mmap_size(0)",
	"foreign_keys(1)",
	"trusted_schema(0)",
	"cell_size_check(1)",
}

// A writer keeps every other process out from its first write on, and waits
// some milliseconds for one that is reading to end. A reader has no time to
// wait for a writer that never lets go, and holds nobody up between two calls.
var (
	writerPragmas = []string{"locking_mode(EXCLUSIVE)", "busy_timeout(2000)"}
	readerPragmas = []string{"locking_mode(NORMAL)", "busy_timeout(0)"}
)

// connect opens a database file. mode is SQLite's: ro, rw or rwc. The file is
// not touched before the first statement.
func connect(path, mode string) (*sql.DB, error) {
	sqlite.StrictPragmas(true)
	own := writerPragmas
	if mode == "ro" {
		own = readerPragmas
	}
	query := url.Values{
		"mode":       {mode},
		"_txlock":    {"immediate"},
		"_defensive": {"1"},
		"_error_rc":  {"1"},
		"_pragma":    slices.Concat(pragmas, own),
	}
	p := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		p = "/" + p // file:/C:/…
	}
	connector, err := sqlite.NewConnector("file:" + (&url.URL{Path: p}).EscapedPath() + "?" + query.Encode())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	return db, nil
}

// database opens a meeting's database after making sure that it is one, of a
// version this program knows, with nothing in it that acts on its own.
func (s *Store) database(op string, id review.MeetingID) (*sql.DB, error) {
	path, mode := s.path(id), "rw"
	if s.readOnly {
		mode = "ro"
	}
	if code, err := checkHeader(path); code != "" {
		item := path
		if code == review.CodeMeetingMissing {
			item = string(id)
		}
		return nil, review.E(code, op, item, err)
	}
	db, err := connect(path, mode)
	if err != nil {
		return nil, s.failure(op, path, err)
	}
	want, err := schemaRows()
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", errors.Join(err, db.Close()))
	}
	got, err := readSchema(db)
	switch {
	case err != nil:
		return nil, s.failure(op, path, errors.Join(err, db.Close()))
	case !slices.Equal(got, want):
		return nil, review.E(review.CodeStoreDamaged, op, path, errors.Join(errors.New("schema altered"), db.Close()))
	}
	return db, nil
}

// checkHeader reads the first 100 bytes of the file (SQLite file format, 1.3)
// without SQLite, which on opening might roll back, convert or truncate what it
// finds. It gives "" if the file is a database of ours.
func checkHeader(path string) (review.Code, error) {
	f, err := os.Open(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			return review.CodeStoreFailed, err
		}
		if _, none := os.Lstat(filepath.Dir(path)); errors.Is(none, fs.ErrNotExist) {
			return review.CodeMeetingMissing, nil
		}
		return review.CodeStoreDamaged, err
	}
	defer f.Close()
	var h [100]byte
	if _, err := io.ReadFull(f, h[:]); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return review.CodeStoreFailed, err
	}
	if !bytes.Equal(h[:16], []byte("SQLite format 3\x00")) || binary.BigEndian.Uint32(h[68:]) != applicationID {
		return review.CodeStoreForeign, nil
	}
	if v := binary.BigEndian.Uint32(h[60:]); v > schemaVersion {
		return review.CodeStoreNewer, errors.New("version " + strconv.Itoa(int(v)))
	}
	if got := fixed(h); got != headerV1 {
		return review.CodeStoreDamaged, errors.New("header altered")
	}
	return "", nil
}

// headerV1 is what the header of every database of version 1 says, but for
// page size and counters.
var headerV1 = func() (h [100]byte) {
	copy(h[:], "SQLite format 3\x00")
	h[18], h[19] = 1, 1                   // rollback journal; 2 would be WAL
	h[21], h[22], h[23] = 64, 32, 32      // payload fractions
	binary.BigEndian.PutUint32(h[44:], 4) // schema format
	binary.BigEndian.PutUint32(h[56:], 1) // UTF-8
	binary.BigEndian.PutUint32(h[60:], schemaVersion)
	binary.BigEndian.PutUint32(h[68:], applicationID)
	return h
}()

// fixed blanks what may differ between two sound headers: page size (SQLite
// chooses by the disk's sectors), counters, schema cookie, library version.
func fixed(h [100]byte) [100]byte {
	for _, r := range [][2]int{{16, 18}, {24, 44}, {92, 100}} {
		clear(h[r[0]:r[1]])
	}
	return h
}

// schemaRows gives what sqlite_schema holds in a database of this version.
var schemaRows = sync.OnceValues(func() ([]string, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		return nil, err
	}
	return readSchema(db)
})

func readSchema(db *sql.DB) ([]string, error) {
	var out []string
	err := each(db, `SELECT type || '|' || name || '|' || tbl_name || '|' || ifnull(sql, '') FROM sqlite_schema ORDER BY 1`,
		func(row *sql.Rows) error {
			var line string
			err := row.Scan(&line)
			out = append(out, line)
			return err
		})
	return out, err
}
