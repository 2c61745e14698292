package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"heyi/review"
)

const (
	evidenceName = "evidence"
	sumsName     = "sha256sum.txt"
)

// meetingFiles are the files of a meeting, and those that SQLite would take for
// its own.
var meetingFiles = []string{
	databaseName, databaseName + "-journal", databaseName + "-wal", databaseName + "-shm", restoredName, cardName,
}

// noteName is what a note may be called: the same on every system, hidden on none.
var noteName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]$`)

// SetAside copies the meeting's files as they are, with the notes, to
// ROOT/evidence/ID-NNN, without SQLite looking at them. sha256sum.txt there lists
// the digests as sha256sum -c reads them, and in lines that begin with # what is
// not there or not whole: what is no regular file, what the disk does not give,
// and files that are none of ours. sums is the digest of that file: it binds all of
// the set. The meeting's database is closed first.
// Codes: CodeStoreFailed (closed), CodeMeetingMissing, CodeDirFull,
// CodeDirReadOnly, CodeDirFailed (Item: the path, or a note's name that is not
// lower-case letters, digits, dot, hyphen and underscore).
func (s *Store) SetAside(id review.MeetingID, notes map[string][]byte) (path string, sums review.Digest, err error) {
	const op = "storage.Store.SetAside"
	s.copying.Lock()
	defer s.copying.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.writable(op, id); err != nil {
		return "", "", err
	}
	for name := range notes {
		if !noteName.MatchString(name) || name == sumsName || slices.Contains(meetingFiles, name) {
			return "", "", review.E(review.CodeDirFailed, op, name, errors.New("not the name of a note"))
		}
	}
	from := filepath.Dir(s.path(id))
	if _, err := os.Lstat(from); errors.Is(err, fs.ErrNotExist) {
		return "", "", review.E(review.CodeMeetingMissing, op, string(id), nil)
	}
	if path, sums, err = s.setAside(id, from, notes); err == nil {
		return path, sums, nil
	}
	code := codeOf(err)
	if code != review.CodeDirFull && code != review.CodeDirReadOnly {
		code = review.CodeDirFailed
	}
	return "", "", review.E(code, op, filepath.Join(s.root, evidenceName), err)
}

// setAside makes a set of evidence under a name of its own and gives it its place
// when everything in it is on the disk. On failure nothing of it is left.
func (s *Store) setAside(id review.MeetingID, from string, notes map[string][]byte) (path string, sums review.Digest, err error) {
	if err := s.letGo(id); err != nil {
		return "", "", err
	}
	dir := filepath.Join(s.root, evidenceName)
	fresh := filepath.Join(dir, freshPrefix+string(id))
	made, err := makeDir(dir)
	defer func() {
		if err != nil {
			os.RemoveAll(fresh)
		}
		if err != nil && made {
			os.Remove(dir)
		}
	}()
	if err != nil {
		return "", "", err
	}
	if path, err = nextEvidence(dir, id); err != nil {
		return "", "", err
	}
	if err := os.RemoveAll(fresh); err != nil { // of a SetAside that was cut off
		return "", "", err
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return "", "", err
	}
	if sums, err = fill(fresh, from, notes); err != nil {
		return "", "", err
	}
	if err := os.Rename(fresh, path); err != nil {
		return "", "", err
	}
	if err := errors.Join(syncFile(filepath.Join(path, sumsName)), syncDir(dir)); err != nil {
		os.RemoveAll(path)
		return "", "", err
	}
	return path, sums, nil
}

// nextEvidence gives a path that is free.
func nextEvidence(dir string, id review.MeetingID) (string, error) {
	entries, err := os.ReadDir(dir)
	last := 0
	for _, e := range entries {
		if number, ok := strings.CutPrefix(e.Name(), string(id)+"-"); ok {
			n, _ := strconv.Atoi(number)
			last = max(last, n)
		}
	}
	return filepath.Join(dir, fmt.Sprintf("%s-%03d", id, last+1)), err
}

// fill copies a meeting's files and the notes to a directory, syncs it and gives the
// digest of the list of digests.
func fill(to, from string, notes map[string][]byte) (review.Digest, error) {
	const op = "storage.fill"
	if info, err := os.Lstat(from); err != nil || !info.IsDir() {
		return "", errors.Join(err, errors.New("the meeting's directory is none"))
	}
	there, err := os.ReadDir(from)
	if err != nil {
		return "", err
	}
	var sums []string
	remark := func(name, why string) { sums = append(sums, fmt.Sprintf("# %q: %s", name, why)) }
	found := false
	for _, e := range there {
		found = found || e.Name() == databaseName
		if !slices.Contains(meetingFiles, e.Name()) {
			remark(e.Name(), "not a file of the meeting, not copied")
			continue
		}
		if !e.Type().IsRegular() {
			remark(e.Name(), "no regular file, not copied")
			continue
		}
		f, err := openRegular(op, filepath.Join(from, e.Name()))
		if err != nil && exhausted(err) {
			return "", err // it is not the file that is at fault
		}
		if err != nil {
			remark(e.Name(), "not copied: "+err.Error())
			continue
		}
		sum, unread, err := copyFile(filepath.Join(to, e.Name()), f)
		if err := errors.Join(err, f.Close()); err != nil {
			return "", err
		}
		if unread != nil {
			remark(e.Name(), "copied as far as it could be read: "+unread.Error())
		}
		sums = append(sums, string(sum)+"  "+e.Name())
	}
	if !found {
		remark(databaseName, "missing")
	}
	for name, content := range notes {
		if err := writeFile(filepath.Join(to, name), content); err != nil {
			return "", err
		}
		sums = append(sums, string(review.DigestOf(content))+"  "+name)
	}
	slices.Sort(sums)
	list := []byte(strings.Join(sums, "\n") + "\n")
	if err := writeFile(filepath.Join(to, sumsName), list); err != nil {
		return "", err
	}
	return review.DigestOf(list), syncDir(to)
}
