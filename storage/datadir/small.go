package datadir

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strconv"

	"heyi/review"
)

const (
	lookName = "look.json"
	maxLook  = 4 << 10 // bytes

	trustName = "trust.json"
	maxTrust  = 4 << 20 // bytes
)

// Look gives what SetLook kept last, nil if it kept nothing.
// Codes: CodeDirFailed.
func (d *Dir) Look() ([]byte, error) { return small("datadir.Dir.Look", d.root, lookName, maxLook) }

// SetLook keeps how the user likes to see the window, at most 4 KiB, whole or not at
// all: see WriteOut.
// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed.
func (d *Dir) SetLook(content []byte) error {
	return d.setSmall("datadir.Dir.SetLook", lookName, maxLook, content)
}

// TrustOf gives what SetTrust kept last below root, nil if it kept nothing. It writes
// nothing and needs no lock.
// Codes: CodeDirFailed.
func TrustOf(root string) ([]byte, error) {
	return small("datadir.TrustOf", root, trustName, maxTrust)
}

// Trust is TrustOf for the directory.
func (d *Dir) Trust() ([]byte, error) { return TrustOf(d.root) }

// SetTrust keeps what is known of those who issue packages, at most 4 MiB, whole or not
// at all: see WriteOut.
// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed.
func (d *Dir) SetTrust(content []byte) error {
	return d.setSmall("datadir.Dir.SetTrust", trustName, maxTrust, content)
}

// small reads a file of the root, nil if there is none.
func small(op, root, name string, limit int64) ([]byte, error) {
	path := filepath.Join(root, name)
	content, err := ReadFile(path, limit)
	switch {
	case review.CodeOf(err) == review.CodeFileMissing:
		return nil, nil
	case err != nil:
		return nil, review.E(review.CodeDirFailed, op, path, err)
	}
	return content, nil
}

// setSmall writes a file of the root that small will read.
func (d *Dir) setSmall(op, name string, limit int, content []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	path := filepath.Join(d.root, name)
	if d.lock == nil {
		return review.E(review.CodeDirFailed, op, path, fs.ErrClosed)
	}
	if len(content) > limit {
		return review.E(review.CodeDirFailed, op, path, errors.New(strconv.Itoa(len(content))+" bytes"))
	}
	return put(op, path, content)
}
