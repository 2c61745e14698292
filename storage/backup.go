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
	if err != nil {
		return err
	}
	number := int64(1)
	if all := s.copies(id); len(all) > 0 {
		number += all[0].Number
	}
	var (
		first  string   // the first good copy
		want   *summary // what it holds
		failed []string
		causes []error
	)
	for _, place := range places {
		dir := filepath.Join(place, string(id))
		fresh := filepath.Join(dir, freshPrefix+databaseName)
		err := s.makeRing(place, dir)
		switch {
		case err != nil:
		case first != "":
			err = copyDatabase(op, fresh, first)
		default:
			want, err = s.snapshot(op, id, fresh)
			if want == nil || review.CodeOf(err) == review.CodeStoreDamaged {
				sweepRing(dir)
				return err
			}
		}
		if err == nil {
			var made string
			if made, err = s.name(op, id, fresh, want, number, older); first == "" {
				first = made
			}
		}
		if err != nil {
			sweepRing(dir)
			failed, causes = append(failed, place), append(causes, err)
		}
	}
	if len(failed) > 0 {
		return review.E(review.CodeBackupFailed, op, strings.Join(failed, ", "), errors.Join(causes...))
	}
	return nil
}

// makeRing makes a ring's directory and removes what was cut off in it. A place
// that a person chose must be there: in the place of a disk that is not plugged in
// no directory is made.
func (s *Store) makeRing(place, dir string) error {
	if place == s.places[0] {
		if err := makeDir(place); err != nil {
			return err
		}
	}
	if err := makeDir(dir); err != nil {
		return err
	}
	return sweepRing(dir)
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

// snapshot writes the database to a new file and tells what it holds; nil if that
// could not be read.
func (s *Store) snapshot(op string, id review.MeetingID, to string) (*summary, error) {
	// SQLite takes an empty file as it is, and would make one by the umask.
	if err := writeFile(to, nil); err != nil {
		return &summary{}, err
	}
	var held *summary
	err := s.use(op, id, func(h *handle) error {
		var now summary
		err := loadRest(h.db, &now.rest)
		if err != nil {
			return err
		}
		if now.blobs, err = digests(h.db); err != nil {
			return err
		}
		held = &now
		_, err = h.db.Exec(`VACUUM INTO ?`, uri(to))
		return err
	})
	return held, err
}

// name gives a fresh copy its name, after it was read back and found to be what
// was copied, and lets the oldest of its ring go.
func (s *Store) name(op string, id review.MeetingID, fresh string, want *summary, number int64, older bool) (string, error) {
	if err := syncFile(fresh); err != nil {
		return "", err
	}
	c, err := s.copyOf(op, id, fresh)
	if err != nil {
		return "", err
	}
	version := c.open[id].version
	rec, blobs, err := c.whole(op, id)
	if err := errors.Join(err, c.Close()); err != nil {
		return "", err
	}
	rec.Entries = nil
	if !reflect.DeepEqual(summary{rec, blobs}, *want) {
		return "", errors.New("the copy does not hold what was copied")
	}
	at, err := journal.ParseCheckpoint(rec.Checkpoint)
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("%06d-%08d-%x", number, at.Size, at.Root[:6])
	if older {
		name += "-v" + strconv.Itoa(version)
	}
	dir := filepath.Dir(fresh)
	path := filepath.Join(dir, name+".db")
	if err := os.Rename(fresh, path); err != nil {
		return "", err
	}
	if err := syncName(path); err != nil {
		os.Remove(path)
		return "", err
	}
	turn(dir)
	return path, nil
}

// turn removes the copies of a ring that are beyond RingSize, but the newest of
// those that were made before an upgrade. What cannot be removed now is tried
// again with the next copy.
func turn(dir string) {
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

// copies lists the copies of a meeting in all places, newest first. A place that
// cannot be read is as one that is not there.
func (s *Store) copies(id review.MeetingID) []copyFound {
	var out []copyFound
	for _, place := range s.places {
		found, _ := copiesIn(filepath.Join(place, string(id)))
		out = append(out, found...)
	}
	slices.SortStableFunc(out, newestFirst)
	return out
}

// Backups lists the copies of a meeting in all places, newest first; those of one
// number are the same. The meeting itself need not be there. Places that cannot be
// read and files that are no copies of ours are passed over.
// Codes: CodeStoreFailed (closed), CodeMeetingMissing (not Valid).
func (s *Store) Backups(id review.MeetingID) ([]journal.Copy, error) {
	s.mu.Lock()
	err := s.usable("storage.Store.Backups", id)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var out []journal.Copy
	for _, c := range s.copies(id) {
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

// makeDir makes a directory, for this user alone, unless it is there.
func makeDir(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}
