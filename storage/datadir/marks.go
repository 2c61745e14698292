package datadir

import (
	"errors"
	"path/filepath"
	"runtime"

	"heyi/review"
)

// maxSeen bounds a mark, in bytes: a checkpoint and some thousand drafts.
const maxSeen = 64 << 10

// Marks keeps the user's marks of meetings, one small file each, in the user's
// own directory and not in the data directory: who puts an older data directory
// in place does not put these back. It implements meeting.Marks.
type Marks struct{ dir string }

// NewMarks gives the marks of the present user. env is os.Getenv. Nothing is made
// before the first mark is set.
// Codes: CodeDirFailed (Item: the variable that is missing).
func NewMarks(env func(string) string) (*Marks, error) { return newMarks(runtime.GOOS, env) }

func newMarks(system string, env func(string) string) (*Marks, error) {
	base, below := "HOME", []string{".local", "state", "heyi", "seen"}
	switch system {
	case "windows":
		base, below = "LOCALAPPDATA", []string{"heyi-seen"}
	case "darwin":
		below = []string{"Library", "Application Support", "heyi-seen"}
	default:
		// XDG Base Directory Specification: a relative path is to be ignored.
		if filepath.IsAbs(env("XDG_STATE_HOME")) {
			base, below = "XDG_STATE_HOME", []string{"heyi", "seen"}
		}
	}
	root := env(base)
	if root == "" {
		return nil, review.E(review.CodeDirFailed, "datadir.NewMarks", base, nil)
	}
	return &Marks{dir: filepath.Join(append([]string{root}, below...)...)}, nil
}

// path gives the file of a meeting's mark.
func (m *Marks) path(id review.MeetingID) string { return filepath.Join(m.dir, string(id)) }

// Mark gives what was set last, "" if none was.
// Codes: CodeDirFailed.
func (m *Marks) Mark(id review.MeetingID) (string, error) {
	if !id.Valid() {
		return "", nil
	}
	content, err := ReadFile(m.path(id), maxSeen)
	switch {
	case review.CodeOf(err) == review.CodeFileMissing:
		return "", nil
	case err != nil:
		return "", review.E(review.CodeDirFailed, "datadir.Marks.Mark", m.path(id), err)
	}
	return string(content), nil
}

// SetMark remembers how far a meeting is; what was remembered before stays until the new one is on
// the disk.
// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed.
func (m *Marks) SetMark(id review.MeetingID, mark string) error {
	const op = "datadir.Marks.SetMark"
	if !id.Valid() {
		return review.E(review.CodeDirFailed, op, string(id), errors.New("not a meeting id"))
	}
	return put(op, m.path(id), []byte(mark))
}
