package storage

import (
	"bytes"
	"database/sql"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
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
var schema1 string

//go:embed schema/0002.sql
var schema2 string

// migrations lead from an empty file to version 1, from there to version 2, and
// so on. A version that has landed stands here unchanged for ever.
var migrations = []string{schema1, schema2}

// applicationID is what schema/0001.sql writes into the file's header.
const applicationID = 0x48655969 // "HeYi"

// migrate takes a database to the newest version.
func migrate(tx *sql.Tx, from int) error {
	for _, m := range migrations[from:] {
		if _, err := tx.Exec(m); err != nil {
			return err
		}
	}
	return nil
}

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
	"max_page_count(" + strconv.Itoa(maxPages) + ")", // more would not be opened again
}

// A writer keeps every other process out from its first write on, and waits
// some milliseconds for one that is reading to end. A reader has no time to
// wait for a writer that never lets go, and holds nobody up between two calls.
const (
	writerWaits = "busy_timeout(2000)"
	readerWaits = "busy_timeout(0)"
)

var (
	writerPragmas = []string{"locking_mode(EXCLUSIVE)", writerWaits}
	readerPragmas = []string{"locking_mode(NORMAL)", readerWaits}
)

// connect opens a database file. mode is SQLite's: ro, rw or rwc. The file is
// not touched before the first statement.
func connect(path, mode string) (*sql.DB, error) {
	own := writerPragmas
	if mode == "ro" {
		own = readerPragmas
	}
	return dial(path, mode, slices.Concat(pragmas, own))
}

func dial(path, mode string, pragmas []string) (*sql.DB, error) {
	sqlite.StrictPragmas(true)
	query := url.Values{
		"mode":       {mode},
		"_txlock":    {"immediate"},
		"_defensive": {"1"},
		"_error_rc":  {"1"},
		"_pragma":    pragmas,
	}
	connector, err := sqlite.NewConnector(uri(path) + "?" + query.Encode())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	return db, nil
}

// uri names a file so that SQLite reads nothing else into its path.
func uri(path string) string {
	p := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		p = "/" + p // file:/C:/…
	}
	return "file:" + (&url.URL{Path: p}).EscapedPath()
}

// handle is an open database.
type handle struct {
	db      *sql.DB
	version int
	used    int64 // when, in calls of Store.use

	card    []byte // the summary of the database as it is; nil: none
	newCard bool   // the card's file does not have it
}

// database opens a meeting's database after making sure that it is one, of a
// version this program knows, with nothing in it that acts on its own or has no
// end.
func (s *Store) database(op string, id review.MeetingID) (*handle, error) {
	path, mode := s.path(id), "rw"
	if s.readOnly {
		mode = "ro"
	}
	if s.file == "" {
		if err := s.settled(op, id); err != nil {
			return nil, err
		}
	}
	h := &handle{}
	var err error
	if h.version, err = examine(op, path, mode); err == nil {
		if s.file == "" {
			h.card = readCard(path) // now: see SetCard
		}
		h.db, err = connect(path, mode)
	}
	if _, ours := errors.AsType[*review.Error](err); ours {
		return nil, err
	} else if err != nil {
		return nil, s.failure(op, path, err)
	}
	return h, nil
}

// settled makes sure that a meeting's directory is one and that no Restore was
// cut off in it.
// Codes: CodeMeetingMissing, CodeStoreForeign, CodeStoreUnfinished and those of
// settle.
func (s *Store) settled(op string, id review.MeetingID) error {
	dir := filepath.Dir(s.path(id))
	info, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return review.E(review.CodeMeetingMissing, op, string(id), nil)
	case err == nil && !info.IsDir():
		return review.E(review.CodeStoreForeign, op, dir, nil)
	}
	restored := filepath.Join(dir, restoredName)
	if _, err := os.Lstat(restored); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if s.readOnly {
		return review.E(review.CodeStoreUnfinished, op, restored, nil)
	}
	c, err := s.copyOf(op, id, restored)
	if err != nil {
		return err
	}
	if err := errors.Join(c.Close(), settle(dir)); err != nil {
		return s.failure(op, s.path(id), err)
	}
	return nil
}

// examine looks at a database before SQLite reads anything of its content, and
// gives its version.
func examine(op, path, mode string) (version int, err error) {
	if err := checkNeighbours(op, path); err != nil {
		return 0, err
	}
	f, err := openRegular(op, path)
	if err != nil {
		return 0, err
	}
	// Closed last: on Unix, to close a file drops all locks of the process on it.
	defer f.Close()
	if _, err := checkHeader(op, f); err != nil {
		return 0, err
	}
	// A transaction keeps writers away, and to begin it takes a write that was
	// cut off back, but reads nothing of the schema; the pragmas of connect do.
	waits := writerWaits
	if mode == "ro" {
		waits = readerWaits
	}
	guard, err := dial(path, mode, []string{waits})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, guard.Close()) }()
	tx, err := guard.Begin()
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	header, err := checkHeader(op, f)
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	got, err := walk(f, header, info.Size())
	if err != nil {
		return 0, err
	}
	want, err := schemaRows()
	if err != nil {
		return 0, review.E(review.CodeInternal, op, "", err)
	}
	version = versionOf(header)
	if !slices.Equal(got, want[version-1]) {
		return 0, fmt.Errorf("%w: schema altered", errForm)
	}
	return version, nil
}

// journalMagic begins a rollback journal and ends one that names another file,
// which SQLite would open, and might remove. This program writes no such name.
var journalMagic = []byte{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7}

// checkNeighbours looks at the files beside a database that SQLite would open.
func checkNeighbours(op, path string) error {
	for _, name := range []string{path + "-wal", path + "-shm"} {
		if _, err := os.Lstat(name); err == nil {
			return review.E(review.CodeStoreForeign, op, name, nil)
		}
	}
	name := path + "-journal"
	if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	f, err := openRegular(op, name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	end := make([]byte, len(journalMagic))
	if info.Size() <= int64(len(end)) {
		return nil // too short to name anything
	}
	if _, err := f.ReadAt(end, info.Size()-int64(len(end))); err != nil {
		return err
	}
	if bytes.Equal(end, journalMagic) {
		return review.E(review.CodeStoreForeign, op, name, nil)
	}
	return nil
}

// openRegular opens a file that is one, in its own place: what is a link, FIFO
// or device is refused and not waited for.
// Codes: CodeStoreForeign, CodeStoreDamaged, CodeStoreFailed.
func openRegular(op, path string) (*os.File, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, review.E(review.CodeStoreDamaged, op, path, err)
	case err != nil:
		return nil, review.E(review.CodeStoreFailed, op, path, err)
	case !info.Mode().IsRegular():
		return nil, review.E(review.CodeStoreForeign, op, path, nil)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, review.E(review.CodeStoreFailed, op, path, err)
	}
	return f, nil
}

// checkHeader reads the first 100 bytes of the file (SQLite file format, 1.3)
// without SQLite, which on opening might roll back, convert or truncate what it
// finds.
func checkHeader(op string, f *os.File) (h [100]byte, err error) {
	refuse := func(code review.Code, err error) ([100]byte, error) {
		return h, review.E(code, op, f.Name(), err)
	}
	if _, err := f.ReadAt(h[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return refuse(review.CodeStoreFailed, err)
	}
	if !bytes.Equal(h[:16], []byte("SQLite format 3\x00")) || binary.BigEndian.Uint32(h[68:]) != applicationID {
		return refuse(review.CodeStoreForeign, nil)
	}
	v := versionOf(h)
	if v > len(migrations) {
		return refuse(review.CodeStoreNewer, errors.New("version "+strconv.Itoa(v)))
	}
	if v < 1 || fixed(h) != headerOf(v) {
		return refuse(review.CodeStoreDamaged, errors.New("header altered"))
	}
	return h, nil
}

// versionOf gives the version that a header states.
func versionOf(h [100]byte) int { return int(binary.BigEndian.Uint32(h[60:])) }

// headerOf is what the header of every database of a version says, but for page
// size and counters.
func headerOf(version int) (h [100]byte) {
	copy(h[:], "SQLite format 3\x00")
	h[18], h[19] = 1, 1                   // rollback journal; 2 would be WAL
	h[21], h[22], h[23] = 64, 32, 32      // payload fractions
	binary.BigEndian.PutUint32(h[44:], 4) // schema format
	binary.BigEndian.PutUint32(h[56:], 1) // UTF-8
	binary.BigEndian.PutUint32(h[60:], uint32(version))
	binary.BigEndian.PutUint32(h[68:], applicationID)
	return h
}

// fixed blanks what may differ between two sound headers: page size (SQLite
// chooses by the disk's sectors), counters, schema cookie, library version.
func fixed(h [100]byte) [100]byte {
	for _, r := range [][2]int{{16, 18}, {24, 44}, {92, 100}} {
		clear(h[r[0]:r[1]])
	}
	return h
}

// schemaRows gives what sqlite_schema holds in a database of version 1, of version
// 2 and so on.
var schemaRows = sync.OnceValues(func() ([][]string, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var out [][]string
	for _, m := range migrations {
		if _, err := db.Exec(m); err != nil {
			return nil, err
		}
		rows, err := readSchema(db)
		if err != nil {
			return nil, err
		}
		out = append(out, rows)
	}
	return out, nil
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
