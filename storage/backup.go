package storage

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"heyi/review"
	"heyi/review/journal"
)

const backupsName = "backups"

// copyName is the form of a copy's name: its number, the entries of its journal,
// the first digits of their root; and the database's version, if the copy was made
// before that was left behind.
var copyName = regexp.MustCompile(`^([0-9]{6,12})-([0-9]{8,12})-[0-9a-f]{12}(-v[1-9][0-9]*)?\.db$`)

// copyFound is a copy as it lies in a ring.
type copyFound struct {
	journal.Copy
	older bool // made before an upgrade
}

// Backup writes a copy of the meeting's database into the ring of each place. The
// database is locked while SQLite writes the first copy (VACUUM INTO) and no
// longer: further places get that file, and every copy is read back, in full,
// beside the running meeting. The number is one above the highest in all places.
// Codes: those of Load, CodeDirReadOnly, CodeBackupFailed (Item: the places that
// failed; the others have their copy).
func (s *Store) Backup(id review.MeetingID) error {
	s.copying.Lock()
	defer s.copying.Unlock()
	return s.backup("storage.Store.Backup", id, s.places, false)
}

// backup is Backup to some places. The caller holds copying.
func (s *Store) backup(op string, id review.MeetingID, places []string, older bool) error {
	s.mu.Lock()
	err := s.writable(op, id)
	s.mu.Unlock()
	if err == nil { // nothing is made for copies of what cannot be read
		err = s.use(op, id, func(*handle) error { return nil })
	}
	if err != nil {
		return err
	}
	j := &job{op: op, id: id, number: 1, older: older}
	if all, _ := s.copies(id); len(all) > 0 { // see copyTo for what could not be read
		j.number += all[0].Number
	}
	var failed []string
	var causes []error
	for _, place := range places {
		if err := s.copyTo(place, j); err != nil {
			failed, causes = append(failed, place), append(causes, err)
		}
	}
	if len(failed) > 0 {
		return review.E(review.CodeBackupFailed, op, strings.Join(failed, ", "), errors.Join(causes...))
	}
	return nil
}

// job is one Backup.
type job struct {
	op     string
	id     review.MeetingID
	number int64
	older  bool
	held   summary // what the database held when it was copied
	first  string  // the first good copy of it; "" so far
}

// copyTo makes the copy in one place. On failure nothing of it is left there.
func (s *Store) copyTo(place string, j *job) error {
	dir := filepath.Join(place, string(j.id))
	fresh := filepath.Join(dir, freshPrefix+databaseName)
	made, err := s.makeRing(place, dir)
	if err == nil {
		var all []copyFound
		if all, err = copiesIn(dir); err == nil && len(all) > 0 && all[0].Number >= j.number {
			err = errors.New("the ring could not be read before and can now")
		}
	}
	if err == nil {
		if j.first == "" {
			j.held, err = s.snapshot(j.op, j.id, fresh)
		} else {
			err = copyDatabase(j.op, fresh, j.first)
		}
	}
	var path string
	if err == nil {
		path, err = s.name(fresh, j)
	}
	if err != nil {
		sweepRing(dir)
		for _, d := range slices.Backward(made) {
			os.Remove(d)
		}
		return err
	}
	if j.first == "" {
		j.first = path
	}
	prune(dir)
	return nil
}

// makeRing makes a ring's directory, unless it is there, and removes what was cut
// off in it. A place that a person chose must be there: where a disk is not plugged
// in no directory is made in its stead. It gives what it made, outermost first.
func (s *Store) makeRing(place, dir string) (made []string, err error) {
	dirs := []string{dir}
	if place == s.places[0] {
		dirs = []string{place, dir}
	}
	for _, d := range dirs {
		fresh, err := makeDir(d)
		if fresh {
			made = append(made, d)
		}
		if err != nil {
			return made, err
		}
	}
	return made, sweepRing(dir)
}

// sweepRing removes copies that did not get a name.
func sweepRing(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), freshPrefix) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// summary is what a database must hold to be a copy of another. The checkpoint
// stands for the entries, each digest for its content.
type summary struct {
	rest  journal.Record // without entries
	blobs []review.Digest
}

// snapshot writes the database to a new file and tells what it holds.
func (s *Store) snapshot(op string, id review.MeetingID, to string) (held summary, err error) {
	// SQLite takes an empty file as it is, and would make one by the umask.
	if err := writeFile(to, nil); err != nil {
		return held, err
	}
	err = s.use(op, id, func(h *handle) error {
		if err := loadRest(h.db, &held.rest); err != nil {
			return err
		}
		if held.blobs, err = digests(h.db); err != nil {
			return err
		}
		_, err := h.db.Exec(`VACUUM INTO ?`, uri(to))
		return err
	})
	return held, err
}

// name gives a fresh copy its name, after it was read back and found to be what
// was copied.
func (s *Store) name(fresh string, j *job) (string, error) {
	if err := syncFile(fresh); err != nil {
		return "", err
	}
	c, err := s.copyOf(j.op, j.id, fresh)
	if err != nil {
		return "", err
	}
	version := c.open[j.id].version
	rec, blobs, err := c.whole(j.op, j.id)
	if err := errors.Join(err, c.Close()); err != nil {
		return "", err
	}
	rec.Entries = nil
	if !reflect.DeepEqual(summary{rec, blobs}, j.held) {
		return "", errors.New("the copy does not hold what was copied")
	}
	at, err := journal.ParseCheckpoint(rec.Checkpoint)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("%06d-%08d-%x", j.number, at.Size, at.Root[:6])
	if j.older {
		name += "-v" + strconv.Itoa(version)
	}
	path := filepath.Join(filepath.Dir(fresh), name+".db")
	if err := os.Rename(fresh, path); err != nil {
		return "", err
	}
	if err := syncName(path); err != nil {
		os.Remove(path)
		return "", err
	}
	return path, nil
}

// prune removes the copies of a ring that are beyond RingSize, but the newest of
// those that were made before an upgrade. What cannot be removed now is tried
// again with the next copy.
func prune(dir string) {
	all, _ := copiesIn(dir)
	kept := false
	for i, c := range all {
		if i >= journal.RingSize && (!c.older || kept) {
			os.Remove(c.Path)
		}
		kept = kept || c.older
	}
}

// copiesIn lists the copies in a ring, newest first.
func copiesIn(dir string) ([]copyFound, error) {
	entries, err := os.ReadDir(dir)
	var out []copyFound
	for _, e := range entries {
		m := copyName.FindStringSubmatch(e.Name())
		if m == nil || !e.Type().IsRegular() {
			continue
		}
		c := copyFound{Copy: journal.Copy{Path: filepath.Join(dir, e.Name())}, older: m[3] != ""}
		c.Number, _ = strconv.ParseInt(m[1], 10, 64)
		c.Size, _ = strconv.ParseInt(m[2], 10, 64)
		out = append(out, c)
	}
	slices.SortStableFunc(out, newestFirst)
	return out, err
}

func newestFirst(a, b copyFound) int { return cmp.Compare(b.Number, a.Number) }

// copies lists the copies of a meeting in all places that can be read, newest
// first, and says why others that are there cannot.
func (s *Store) copies(id review.MeetingID) (out []copyFound, unread error) {
	for _, place := range s.places {
		found, err := copiesIn(filepath.Join(place, string(id)))
		if !errors.Is(err, fs.ErrNotExist) {
			unread = errors.Join(unread, err)
		}
		out = append(out, found...)
	}
	slices.SortStableFunc(out, newestFirst)
	return out, unread
}

// Backups lists the copies of a meeting in all places, newest first; those of one
// number are the same. The meeting itself need not be there. Files that are no
// copies of ours are passed over; so are places that cannot be read, as long as a
// copy was found in another.
// Codes: CodeStoreFailed (closed), CodeMeetingMissing (not Valid), CodeDirFailed
// (nothing was found, and not everything could be read).
func (s *Store) Backups(id review.MeetingID) ([]journal.Copy, error) {
	const op = "storage.Store.Backups"
	s.mu.Lock()
	err := s.usable(op, id)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	all, unread := s.copies(id)
	if len(all) == 0 && unread != nil {
		return nil, review.E(review.CodeDirFailed, op, s.places[0], unread)
	}
	var out []journal.Copy
	for _, c := range all {
		out = append(out, c.Copy)
	}
	return out, nil
}

// DropBackups removes all copies but the newest in each place, those made before an
// upgrade too. A place that is not there cannot be cleared, which is said.
// Codes: CodeStoreFailed (closed), CodeMeetingMissing (not Valid),
// CodeDirReadOnly, CodeDirFailed (Item: what remains, files or places).
func (s *Store) DropBackups(id review.MeetingID) error {
	const op = "storage.Store.DropBackups"
	s.copying.Lock()
	defer s.copying.Unlock()
	s.mu.Lock()
	err := s.writable(op, id)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	var remain []string
	var causes []error
	keep := func(path string, err error) {
		if err != nil {
			remain, causes = append(remain, path), append(causes, err)
		}
	}
	for i, place := range s.places {
		if _, err := os.Stat(place); err != nil {
			if i > 0 || !errors.Is(err, fs.ErrNotExist) {
				keep(place, err)
			}
			continue
		}
		dir := filepath.Join(place, string(id))
		all, err := copiesIn(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		keep(dir, err)
		keep(dir, sweepRing(dir))
		for i, c := range all {
			if i > 0 {
				keep(c.Path, os.Remove(c.Path))
			}
		}
		if len(all) > 0 {
			keep(dir, syncName(all[0].Path))
		}
	}
	if len(remain) > 0 {
		return review.E(review.CodeDirFailed, op, strings.Join(remain, ", "), errors.Join(causes...))
	}
	return nil
}
