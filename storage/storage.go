// Package storage keeps each meeting in an SQLite database of its own, as the
// store that review/meeting asks for. An action is one transaction, synced before
// the call returns. The package knows nothing of what entries say: it keeps them
// whole, in order, or not at all.
//
//	ROOT/meetings/ID/heyi.db    the database
//	ROOT/meetings/ID/card.json  what a list shows of the meeting: a cache
//	ROOT/backups/ID/            the ring of its copies; PLACE/ID/ for a further place
//	ROOT/evidence/ID-001/       its files as they were set aside, with digests
//
// Only one process may use a data directory for writing; storage/datadir holds
// the lock.
package storage

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"heyi/review"
	"heyi/review/journal"
)

const (
	meetingsName = "meetings"
	databaseName = "heyi.db"
	// freshPrefix marks what is being made and has no name yet. No meeting id
	// starts with it.
	freshPrefix = ".new-"
)

// maxOpen is how many databases stay open; a list of a thousand meetings must not
// hold a thousand.
const maxOpen = 8

// Store keeps the meetings under one directory. Its methods are those of
// review/meeting's port Store, whose comments are their contract; here stands
// what is particular to SQLite. It is safe for use by several goroutines.
//
// Each database is opened at its first use and stays open, exclusively locked,
// until Close or until maxOpen others were used since. After a failure of SQLite
// or the disk it is closed at once, never written again over the same handle, and
// opened anew at the next use: a failed fsync may have lost pages that a second
// one would call safe.
//
// A database of an older version is read as it is. Before the first Commit to it
// a copy goes into the ring of ROOT, where the newest such copy stays whatever
// comes after it, until DropBackups; then it is taken to the newest version in one
// transaction.
type Store struct {
	root     string
	places   []string // of copies: ROOT/backups, then those given
	readOnly bool
	file     string           // of a store that reads one copy: its path; "" otherwise
	of       review.MeetingID // whose copy it is

	// copying is held while copies are made, listed, removed or restored. Whoever
	// takes both takes it before mu.
	copying sync.Mutex

	mu     sync.Mutex
	open   map[review.MeetingID]*handle
	uses   int64
	closed bool
}

// Open gives the store under root, a data directory's path. It touches nothing.
// A process has one Store of a root: on Unix a second would undo the first's
// locks. places are existing directories, on other disks, that each get a ring of
// copies of their own.
func Open(root string, places ...string) *Store {
	return &Store{
		root: root, places: append([]string{filepath.Join(root, backupsName)}, places...),
		open: map[review.MeetingID]*handle{},
	}
}

// OpenReadOnly gives a store that only reads, for verification: nothing under
// root is created, changed or removed, no lock file is made, and a read-only
// medium will do. Databases are opened with SQLite's mode=ro rather than
// immutable=1, so one that another process is writing is refused
// (CodeStoreFailed) instead of read half-changed, and one whose last write was
// cut off is refused with CodeStoreUnfinished instead of read as it lies.
// Whatever would write fails with CodeDirReadOnly; SetCard does nothing.
func OpenReadOnly(root string, places ...string) *Store {
	s := Open(root, places...)
	s.readOnly = true
	return s
}

// Close closes all databases, after a copy that is being made is done. Later calls fail with CodeStoreFailed (List with
// CodeDirFailed); closing again does nothing.
func (s *Store) Close() error {
	s.copying.Lock()
	defer s.copying.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	var failed error
	for id := range s.open {
		if err := s.letGo(id); err != nil {
			failed = review.E(review.CodeStoreFailed, "storage.Store.Close", s.path(id), err)
		}
	}
	return failed
}

// List gives the ids of all meetings, sorted. What a Create that was cut off
// left behind is removed. Read-only it is passed over, and anything else in the
// place of a meeting is refused: what verification does not look at must not
// pass for verified.
// Codes: CodeDirFailed, CodeStoreForeign (Item: the path).
func (s *Store) List() ([]review.MeetingID, error) {
	const op = "storage.Store.List"
	s.mu.Lock()
	defer s.mu.Unlock()
	dir := filepath.Join(s.root, meetingsName)
	if s.closed {
		return nil, review.E(review.CodeDirFailed, op, dir, fs.ErrClosed)
	}
	if info, err := os.Lstat(dir); err == nil && s.readOnly && !info.IsDir() {
		return nil, review.E(review.CodeStoreForeign, op, dir, nil)
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, review.E(review.CodeDirFailed, op, dir, err)
	}
	var ids []review.MeetingID
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		fresh, isFresh := strings.CutPrefix(e.Name(), freshPrefix)
		switch {
		case e.IsDir() && review.MeetingID(e.Name()).Valid():
			ids = append(ids, review.MeetingID(e.Name()))
		case s.readOnly && !(e.IsDir() && isFresh):
			return nil, review.E(review.CodeStoreForeign, op, path, nil)
		case !s.readOnly && e.IsDir() && isFresh && review.MeetingID(fresh).Valid():
			if err := os.RemoveAll(path); err != nil {
				return nil, review.E(review.CodeDirFailed, op, path, err)
			}
		}
	}
	return ids, nil
}

// Create makes the meeting's database with a first batch, in a directory that
// takes its name only when everything in it is on the disk.
// Codes: CodeStoreExists, CodeStoreMoved (the batch's checkpoint does not count
// its entries), CodeDirFull, CodeDirReadOnly, CodeStoreFailed.
func (s *Store) Create(id review.MeetingID, first journal.Batch) error {
	const op = "storage.Store.Create"
	s.mu.Lock()
	defer s.mu.Unlock()
	dir := filepath.Join(s.root, meetingsName)
	place, fresh := filepath.Join(dir, string(id)), filepath.Join(dir, freshPrefix+string(id))
	switch {
	case s.closed:
		return review.E(review.CodeStoreFailed, op, place, fs.ErrClosed)
	case s.readOnly:
		return review.E(review.CodeDirReadOnly, op, s.root, nil)
	case !id.Valid():
		return review.E(review.CodeStoreFailed, op, string(id), errors.New("not a meeting id"))
	case first.Checkpoint.Size != int64(len(first.Entries)):
		return review.E(review.CodeStoreMoved, op, string(id), nil)
	}
	if _, err := os.Lstat(place); err == nil {
		return review.E(review.CodeStoreExists, op, string(id), nil)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return s.failure(op, s.path(id), err)
	}
	err := create(id, first, s.root, fresh, place)
	if err == nil {
		return nil
	}
	failure := s.failure(op, s.path(id), err)
	// Both names are ours: nothing had them above, and the lock is held.
	os.RemoveAll(fresh)
	os.RemoveAll(place)
	os.Remove(dir) // if this was to be the first meeting; otherwise it is not empty
	return failure
}

func create(id review.MeetingID, first journal.Batch, root, fresh, dir string) error {
	if err := os.RemoveAll(fresh); err != nil { // of a Create that was cut off
		return err
	}
	if err := os.MkdirAll(fresh, 0o700); err != nil {
		return err
	}
	db, err := connect(filepath.Join(fresh, databaseName), "rwc")
	if err != nil {
		return err
	}
	// SQLite makes it by the umask, and its journal after its likeness.
	if err := errors.Join(db.Ping(), os.Chmod(filepath.Join(fresh, databaseName), 0o600)); err != nil {
		return errors.Join(err, db.Close())
	}
	err = transact(db, func(tx *sql.Tx) error {
		if err := migrate(tx, 0); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO meta (key, value) VALUES ('meeting', ?)`, string(id)); err != nil {
			return err
		}
		return write(tx, 0, first)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	return place(fresh, dir, root)
}

// place gives a meeting's directory its name when everything in it is on the disk.
func place(fresh, dir, root string) error {
	if err := syncDir(fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return err
	}
	return errors.Join(syncFile(filepath.Join(dir, databaseName)), syncDir(filepath.Dir(dir)), syncDir(root))
}

// Load reads everything but blobs. The values are as the database says; whether
// they hold is for the caller to verify.
// Codes: CodeMeetingMissing, CodeStoreNewer, CodeStoreForeign, CodeStoreDamaged,
// CodeStoreUnfinished, CodeStoreFailed.
func (s *Store) Load(id review.MeetingID) (journal.Record, error) {
	var rec journal.Record
	err := s.use("storage.Store.Load", id, func(h *handle) error {
		var err error
		rec, err = load(h.db)
		return err
	})
	if err != nil {
		return journal.Record{}, err
	}
	return rec, nil
}

func load(db *sql.DB) (journal.Record, error) {
	var rec journal.Record
	tx, err := db.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return rec, err
	}
	defer tx.Rollback()
	if err := loadRest(tx, &rec); err != nil {
		return rec, err
	}
	err = each(tx, `SELECT event, signature FROM journal ORDER BY idx`, func(row *sql.Rows) error {
		var e journal.Entry
		err := row.Scan(&e.Event, &e.Signature)
		rec.Entries = append(rec.Entries, e)
		return err
	})
	return rec, err
}

// loadRest reads what a record holds beside the entries.
func loadRest(q queryer, rec *journal.Record) error {
	err := each(q, `SELECT key, value FROM meta`, func(row *sql.Rows) error {
		var key, value string
		err := row.Scan(&key, &value)
		switch key {
		case metaMeeting:
			rec.Meeting = review.MeetingID(value)
		case metaCheckpoint:
			rec.Checkpoint = value
		}
		return err
	})
	if err != nil {
		return err
	}
	return each(q, `SELECT key, owner, version, cipher, signature FROM draft ORDER BY key, owner`, func(row *sql.Rows) error {
		var d journal.Draft
		err := row.Scan(&d.Key, &d.Owner, &d.Version, &d.Cipher, &d.Signature)
		rec.Drafts = append(rec.Drafts, d)
		return err
	})
}

// Commit stores a batch in one transaction, synced to the disk before it
// returns. If expect, or the size in the batch's checkpoint, does not fit the
// entries that the database has, nothing is written (CodeStoreMoved).
//
// After any other error the batch is stored whole or not at all. It is not
// stored, except when the disk failed in the very last sync of all; so a caller
// that goes on after CodeStoreFailed loads the meeting again first.
// Codes: those of Load, CodeStoreMoved, CodeDirFull, CodeDirReadOnly.
func (s *Store) Commit(id review.MeetingID, expect int64, b journal.Batch) error {
	const op = "storage.Store.Commit"
	var older bool
	err := s.use(op, id, func(h *handle) error {
		return transact(h.db, func(tx *sql.Tx) error {
			if err := fits(op, tx, expect, b); err != nil {
				return err
			}
			if older = h.version < len(migrations); older {
				return nil
			}
			h.card = nil
			return write(tx, expect, b)
		})
	})
	if err != nil || !older {
		return err
	}
	if err := s.upgrade(op, id); err != nil {
		return err
	}
	return s.Commit(id, expect, b)
}

// fits tells whether a batch follows what the database has.
// Codes: CodeStoreMoved.
func fits(op string, tx *sql.Tx, expect int64, b journal.Batch) error {
	var size int64
	if err := tx.QueryRow(`SELECT ifnull(max(idx) + 1, 0) FROM journal`).Scan(&size); err != nil {
		return err
	}
	if size != expect || b.Checkpoint.Size != expect+int64(len(b.Entries)) {
		return review.E(review.CodeStoreMoved, op, strconv.FormatInt(size, 10), nil)
	}
	return nil
}

// upgrade takes a database to the newest version, after a copy of it as it is.
// Codes: those of Load, CodeDirFull, CodeDirReadOnly.
func (s *Store) upgrade(op string, id review.MeetingID) error {
	s.copying.Lock()
	defer s.copying.Unlock()
	if s.readOnly {
		return review.E(review.CodeDirReadOnly, op, s.root, nil)
	}
	if err := s.backup(op, id, s.places[:1], true); err != nil {
		// What counts is why the database cannot be written, not where copies go.
		if cause := errors.Unwrap(err); review.CodeOf(err) == review.CodeBackupFailed {
			err = s.failure(op, s.path(id), cause)
		}
		return err
	}
	return s.use(op, id, func(h *handle) error {
		h.card = nil
		err := transact(h.db, func(tx *sql.Tx) error { return migrate(tx, h.version) })
		if err == nil {
			h.version = len(migrations)
		}
		return err
	})
}

// write stores a batch whose first entry takes index at. What a part of the batch
// stores and another drops is dropped, but for drafts, which are dropped first.
func write(tx *sql.Tx, at int64, b journal.Batch) error {
	for i, e := range b.Entries {
		if _, err := tx.Exec(`INSERT INTO journal (idx, event, signature) VALUES (?, ?, ?)`,
			at+int64(i), e.Event, e.Signature); err != nil {
			return err
		}
	}
	for _, body := range b.Blobs {
		if _, err := tx.Exec(`INSERT INTO blob (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING`,
			string(review.DigestOf(body)), body); err != nil {
			return err
		}
	}
	if err := dropBlobs(tx, b.DropBlobs); err != nil {
		return err
	}
	for _, k := range b.DropDrafts {
		if _, err := tx.Exec(`DELETE FROM draft WHERE key = ? AND owner = ?`, k.Key, string(k.Owner)); err != nil {
			return err
		}
	}
	for _, d := range b.SaveDrafts {
		if _, err := tx.Exec(`INSERT INTO draft (key, owner, version, cipher, signature) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET version = excluded.version, cipher = excluded.cipher, signature = excluded.signature`,
			d.Key, string(d.Owner), d.Version, d.Cipher, d.Signature); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO meta (key, value) VALUES ('checkpoint', ?)
		ON CONFLICT DO UPDATE SET value = excluded.value`, b.Checkpoint.String())
	return err
}

// dropBlobs removes content so that none of its bytes is left in the file. A
// digest under which nothing is stored is no error: what is to be no more is not.
//
// secure_delete zeroes what is freed, but where SQLite moves rows from page to
// page, as it does after deletions, it may leave their old bytes in the gaps. So
// the table is emptied, which zeroes whole pages, and what remains is written
// anew, in memory until then. That costs as much as the content of the meeting;
// it happens when a meeting is filed.
func dropBlobs(tx *sql.Tx, digests []review.Digest) error {
	if len(digests) == 0 {
		return nil
	}
	for _, d := range digests {
		if _, err := tx.Exec(`DELETE FROM blob WHERE digest = ?`, string(d)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`
		CREATE TEMP TABLE kept AS SELECT digest, body FROM blob ORDER BY rowid;
		DELETE FROM blob;
		INSERT INTO blob (digest, body) SELECT digest, body FROM kept ORDER BY rowid;
		DROP TABLE kept`)
	return err
}

// Blob gives stored content, checked against its digest.
// Codes: those of Load, CodeBlobMissing, CodeBlobAltered.
func (s *Store) Blob(id review.MeetingID, d review.Digest) ([]byte, error) {
	const op = "storage.Store.Blob"
	var body []byte
	err := s.use(op, id, func(h *handle) error {
		err := h.db.QueryRow(`SELECT body FROM blob WHERE digest = ?`, string(d)).Scan(&body)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return review.E(review.CodeBlobMissing, op, string(d), nil)
		case err == nil && review.DigestOf(body) != d:
			return review.E(review.CodeBlobAltered, op, string(d), nil)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return body, nil
}

// Blobs lists the digests under which content is stored, sorted.
// Codes: those of Load.
func (s *Store) Blobs(id review.MeetingID) ([]review.Digest, error) {
	var list []review.Digest
	err := s.use("storage.Store.Blobs", id, func(h *handle) error {
		var err error
		list, err = digests(h.db)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func digests(q queryer) (list []review.Digest, err error) {
	err = each(q, `SELECT digest FROM blob ORDER BY digest`, func(row *sql.Rows) error {
		var d review.Digest
		err := row.Scan(&d)
		list = append(list, d)
		return err
	})
	return list, err
}

// Audit runs SQLite's own checks and looks at every value that neither Load nor
// Blobs gives: the index column and foreign rows of meta. The file's header and
// schema were compared when the database was opened. SQLite's checks alone would
// miss most altered values; entries, blobs and drafts prove themselves. After
// CodeStoreDamaged nothing else that the database says is worth a look: the
// verification of the meeting ends. It takes no longer than the file is large,
// since a file whose pages are used twice was refused when it was opened.
// Codes: those of Load, CodeMetaAltered (Item: the key).
func (s *Store) Audit(id review.MeetingID) error {
	const op = "storage.Store.Audit"
	return s.use(op, id, func(h *handle) error {
		var verdict string
		if err := h.db.QueryRow(`PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
			return err
		}
		if verdict != "ok" {
			return review.E(review.CodeStoreDamaged, op, s.path(id), errors.New(verdict))
		}
		var next int64
		err := each(h.db, `SELECT idx FROM journal ORDER BY idx`, func(row *sql.Rows) error {
			var idx int64
			err := row.Scan(&idx)
			if err == nil && idx != next {
				return review.E(review.CodeStoreDamaged, op, s.path(id), errors.New("journal: the index has gaps"))
			}
			next++
			return err
		})
		if err != nil {
			return err
		}
		var keys []string
		err = each(h.db, `SELECT key FROM meta ORDER BY key`, func(row *sql.Rows) error {
			var key string
			err := row.Scan(&key)
			keys = append(keys, key)
			return err
		})
		if err != nil {
			return err
		}
		want := []string{metaCheckpoint, metaMeeting}
		for _, key := range append(want, keys...) {
			if !slices.Contains(keys, key) || !slices.Contains(want, key) {
				return review.E(review.CodeMetaAltered, op, key, nil)
			}
		}
		return nil
	})
}

// The keys of meta.
const (
	metaMeeting    = "meeting"
	metaCheckpoint = "checkpoint"
)

// use runs f on the meeting's database, alone. An error of f that is no
// review.Error comes from SQLite or the disk: the database is closed and the
// error gets its code.
func (s *Store) use(op string, id review.MeetingID, f func(*handle) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(op, id); err != nil {
		return err
	}
	h := s.open[id]
	if h == nil {
		s.letLeastUsedGo()
		var err error
		if h, err = s.database(op, id); err != nil {
			return err
		}
		s.open[id] = h
	}
	s.uses++
	h.used = s.uses
	err := f(h)
	if err == nil {
		return nil
	}
	if _, ours := errors.AsType[*review.Error](err); ours {
		return err
	}
	delete(s.open, id)
	return s.failure(op, s.path(id), errors.Join(err, h.db.Close()))
}

// usable tells whether a meeting can be asked for at all. The caller holds mu.
// Codes: CodeStoreFailed, CodeMeetingMissing.
func (s *Store) usable(op string, id review.MeetingID) error {
	switch {
	case s.closed:
		return review.E(review.CodeStoreFailed, op, string(id), fs.ErrClosed)
	case !id.Valid(), s.file != "" && id != s.of:
		return review.E(review.CodeMeetingMissing, op, string(id), nil)
	}
	return nil
}

// writable tells whether a meeting's files may be written. The caller holds mu.
// Codes: those of usable, CodeDirReadOnly.
func (s *Store) writable(op string, id review.MeetingID) error {
	if err := s.usable(op, id); err != nil || !s.readOnly {
		return err
	}
	return review.E(review.CodeDirReadOnly, op, s.root, nil)
}

// letGo closes a meeting's database if it is open, and keeps its card.
func (s *Store) letGo(id review.MeetingID) error {
	h := s.open[id]
	if h == nil {
		return nil
	}
	delete(s.open, id)
	err := h.db.Close()
	if err == nil && h.newCard && h.card != nil {
		writeCard(s.path(id), h.card)
	}
	return err
}

// letLeastUsedGo makes room for one more open database.
func (s *Store) letLeastUsedGo() {
	if len(s.open) < maxOpen {
		return
	}
	var least review.MeetingID
	for id, h := range s.open {
		if least == "" || h.used < s.open[least].used {
			least = id
		}
	}
	_ = s.letGo(least) // whatever was stored in it was synced then
}

// path is where a meeting's database lies.
func (s *Store) path(id review.MeetingID) string {
	if s.file != "" {
		return s.file
	}
	return filepath.Join(s.root, meetingsName, string(id), databaseName)
}

// transact runs f in a transaction that holds the write lock from its start.
func transact(db *sql.DB, f func(*sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// queryer is a database or a transaction.
type queryer interface {
	Query(query string, args ...any) (*sql.Rows, error)
}

// each runs f for every row of a query. What f cannot scan is a value that this
// program never wrote.
func each(q queryer, query string, f func(*sql.Rows) error) error {
	rows, err := q.Query(query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			if _, ours := errors.AsType[*review.Error](err); ours {
				return err
			}
			return errors.Join(errValue, err)
		}
	}
	return rows.Err()
}
