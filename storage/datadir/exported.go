package datadir

import (
	"path/filepath"

	"heyi/review"
)

// maxPaper bounds a paper that is read back, in bytes.
const maxPaper = 64 << 20

// Exported gives a paper as it now lies where Export puts it below root. It writes
// nothing and needs no lock.
// Codes: those of ReadFile.
func Exported(root string, id review.MeetingID, name string) ([]byte, error) {
	return ReadFile(filepath.Join(root, papersName, string(id), name), maxPaper)
}

// Exported is the function of this name for the directory.
func (d *Dir) Exported(id review.MeetingID, name string) ([]byte, error) {
	return Exported(d.root, id, name)
}
