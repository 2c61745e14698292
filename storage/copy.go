package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"heyi/review"
	"heyi/review/journal"
)

// OpenCopy reads a copy, or any database file of this meeting but one that this
// store has open. The file and the directory are not changed; one whose last write
// was cut off is refused as it is by OpenReadOnly.
// Codes: those of Load, CodeFileMissing, CodeBackupForeign (Item: path).
func (s *Store) OpenCopy(id review.MeetingID, path string) (journal.CopyReader, error) {
	const op = "storage.Store.OpenCopy"
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(op, id); err != nil {
		return nil, err
	}
	return s.given(op, id, path)
}

// given opens a file that somebody named. The caller holds mu.
func (s *Store) given(op string, id review.MeetingID, path string) (*Store, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, review.E(review.CodeFileMissing, op, path, nil)
	}
	for open := range s.open {
		// To open and close it here would drop the locks that SQLite has on it.
		if own, failed := os.Stat(s.path(open)); err == nil && failed == nil && os.SameFile(info, own) {
			return nil, review.E(review.CodeStoreFailed, op, path, errors.New("a database in use is no copy"))
		}
	}
	return s.copyOf(op, id, path)
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
