package storage

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"heyi/review"
	"heyi/review/journal"
)

// OpenCopy reads a copy, or any database file of this meeting but its own. The file
// and its directory are not changed; one whose last write was cut off is refused
// as by OpenReadOnly.
// Codes: those of Load, CodeFileMissing, CodeBackupForeign (Item: path).
func (s *Store) OpenCopy(id review.MeetingID, path string) (journal.CopyReader, error) {
	const op = "storage.Store.OpenCopy"
	s.mu.Lock()
	err := s.usable(op, id)
	if err == nil {
		err = s.copyable(op, id, path)
	}
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return s.copyOf(op, id, path)
}

// copyable tells whether there is a file at a path that somebody named, and that
// it is no database in use: to open and close that would drop the locks that
// SQLite has on it. The caller holds mu.
// Codes: CodeFileMissing, CodeStoreFailed.
func (s *Store) copyable(op string, id review.MeetingID, path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return review.E(review.CodeFileMissing, op, path, nil)
	}
	if err != nil {
		return review.E(review.CodeStoreFailed, op, path, err)
	}
	for _, id := range slices.AppendSeq([]review.MeetingID{id}, maps.Keys(s.open)) {
		if own, err := os.Stat(s.path(id)); err == nil && os.SameFile(info, own) {
			return review.E(review.CodeStoreFailed, op, path, errors.New("a database in use is no copy"))
		}
	}
	return nil
}

// copyOf gives a store that reads one file, after making sure that it is a sound
// database of the meeting. Its database is open.
// Codes: those of Load, CodeBackupForeign (Item: path).
func (s *Store) copyOf(op string, id review.MeetingID, path string) (*Store, error) {
	c := OpenReadOnly(filepath.Dir(path))
	c.file, c.of = path, id
	var rest journal.Record
	err := c.use(op, id, func(h *handle) error { return loadRest(h.db, &rest) })
	if err == nil && rest.Meeting != id {
		err = review.E(review.CodeBackupForeign, op, path, nil)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// whole reads all of a database and makes sure that it is sound, that its
// checkpoint is that of its entries, and each blob what its digest says.
// Codes: those of Load, CodeMetaAltered, CodeJournalRoot, CodeBlobAltered.
func (s *Store) whole(op string, id review.MeetingID) (journal.Record, []review.Digest, error) {
	if err := s.Audit(id); err != nil {
		return journal.Record{}, nil, err
	}
	rec, err := s.Load(id)
	if err != nil {
		return journal.Record{}, nil, err
	}
	var tree journal.Tree
	for _, e := range rec.Entries {
		tree.Append(e)
	}
	if tree.Checkpoint().String() != rec.Checkpoint {
		return journal.Record{}, nil, review.E(review.CodeJournalRoot, op, rec.Checkpoint, nil)
	}
	blobs, err := s.Blobs(id)
	if err != nil {
		return journal.Record{}, nil, err
	}
	for _, d := range blobs {
		if _, err := s.Blob(id, d); err != nil {
			return journal.Record{}, nil, err
		}
	}
	return rec, blobs, nil
}
