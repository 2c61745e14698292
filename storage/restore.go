package storage

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"heyi/review"
	"heyi/review/journal"
)

// restoredName is what a restored database is called until it takes the place of
// the meeting's own. From the moment the name stands, the meeting is this one.
const restoredName = databaseName + "-restored"

// Restore puts the copy at path, brought to the newest version and with b added,
// in the place of the meeting's database. The new file is made and read back apart
// from the old one. A single rename within the meeting's directory then decides;
// what is left to do after it (see settle) is done again at the next use if it was
// cut off. So the old database keeps its rollback journal as long as it counts,
// and the new one never meets it. A meeting of which nothing is left is made anew.
//
// A failure after the rename leaves the meeting restored; only Load tells.
// Codes: those of OpenCopy, CodeStoreMoved, CodeDirFull, CodeDirReadOnly; and
// CodeMetaAltered, CodeJournalRoot, CodeBlobAltered if the copy with b does not
// hold.
func (s *Store) Restore(id review.MeetingID, path string, expect int64, b journal.Batch) error {
	const op = "storage.Store.Restore"
	s.copying.Lock()
	defer s.copying.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.writable(op, id); err != nil {
		return err
	}
	fresh := filepath.Join(s.root, meetingsName, freshPrefix+string(id))
	err := s.prepare(op, id, fresh, path, expect, b)
	if err == nil {
		err = s.replace(op, id, fresh)
	}
	os.RemoveAll(fresh)
	if _, ours := errors.AsType[*review.Error](err); ours || err == nil {
		return err
	}
	return s.failure(op, s.path(id), err)
}

// prepare makes the restored database in a directory of its own.
func (s *Store) prepare(op string, id review.MeetingID, fresh, path string, expect int64, b journal.Batch) error {
	if err := s.copyable(op, id, path); err != nil {
		return err
	}
	c, err := s.copyOf(op, id, path)
	if err != nil {
		return err
	}
	version := c.open[id].version
	if err := c.Close(); err != nil {
		return err
	}
	prepared := filepath.Join(fresh, databaseName)
	if err := os.RemoveAll(fresh); err != nil { // of a Create or Restore that was cut off
		return err
	}
	if err := os.MkdirAll(fresh, 0o700); err != nil {
		return err
	}
	if err := copyDatabase(op, prepared, path); err != nil {
		return err
	}
	db, err := connect(prepared, "rw")
	if err != nil {
		return err
	}
	err = transact(db, func(tx *sql.Tx) error {
		if err := fits(op, tx, expect, b); err != nil {
			return err
		}
		if err := migrate(tx, version); err != nil {
			return err
		}
		return write(tx, expect, b)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if c, err = s.copyOf(op, id, prepared); err != nil {
		return err
	}
	_, _, err = c.whole(op, id)
	return errors.Join(err, c.Close())
}

// replace lets a prepared database take the meeting's place.
func (s *Store) replace(op string, id review.MeetingID, fresh string) error {
	dir := filepath.Dir(s.path(id))
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return place(fresh, dir, s.root)
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return review.E(review.CodeStoreForeign, op, dir, nil)
	}
	if err := s.letGo(id); err != nil {
		return err
	}
	restored := filepath.Join(dir, restoredName)
	if err := os.Rename(filepath.Join(fresh, databaseName), restored); err != nil {
		return err
	}
	if err := syncName(restored); err != nil {
		os.Remove(restored)
		return err
	}
	return settle(dir)
}

// settle puts a restored database in its place. It can be cut off anywhere and
// done again. The old rollback journal is off the disk before the new database has
// the name to which it would belong.
func settle(dir string) error {
	var stale []string
	for _, suffix := range []string{"-journal", "-wal", "-shm"} {
		stale = append(stale, databaseName+suffix)
	}
	stale = append(stale, cardName)
	path := filepath.Join(dir, databaseName)
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		stale = append(stale, databaseName) // a file cannot take its name
	}
	for _, name := range stale {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	if err := syncDir(dir); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, restoredName), path); err != nil {
		return err
	}
	return syncName(path)
}
