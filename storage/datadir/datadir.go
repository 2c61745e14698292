// Package datadir keeps the directory in which the program's data lie: where it
// is, that it is ours, that one process at a time has it, and that a file is
// written whole or not at all. All files that the program makes, but databases,
// are made here.
//
//	heyi-data       the mark of a data directory and its version
//	lock            held for life by the process that has the directory
//	crash.txt       what the Go runtime said when the program last broke down
//	look.json       how the user likes to see the window
//	trust.json      whose packages are trusted, and which have been seen
//	meetings/       databases, see package storage, as for the next two
//	backups/ID/     copies of a meeting's database
//	evidence/       what was set aside because it did not verify
//	packages/ID/    the packages of a meeting, DIGEST.rpk
//	papers/ID/      finished papers of a meeting
//	temp/           private, emptied at start and end
package datadir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"heyi/review"
)

const (
	markName     = "heyi-data"
	mark         = "heyi data directory 1\n"
	maxMark      = 64 // bytes, of any version
	crashName    = "crash.txt"
	packagesName = "packages"
	papersName   = "papers"
	tempName     = "temp"
	// databasesName is storage's; nothing in it is swept here.
	databasesName = "meetings"
)

// version is the number in the mark that this program writes.
const version = 1

var markForm = regexp.MustCompile(`^heyi data directory ([1-9][0-9]{0,8})\n$`)

// Dir is a data directory that this process alone has. It is safe for use by
// several goroutines and implements meeting.Files and meeting.Packages.
type Dir struct {
	root string

	mu       sync.Mutex
	lock     *lock // nil once closed
	stagings int   // copies of packages begun
}

// Open takes the data directory at root, making it if there is none there or an
// empty one, and removes what an earlier run left half done. What fails leaves
// nothing that was not there; a directory that is not ours, or of a newer
// version, is not touched.
// Codes: CodeDirForeign, CodeDirNewer, CodeDirLocked (Item: pid of the holder,
// "?" if it does not say), CodeDirReadOnly, CodeDirFull, CodeDirFailed.
func Open(root string) (*Dir, error) {
	const op = "datadir.Open"
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, failure(op, root, err)
	}
	if _, err := look(op, root); err != nil {
		return nil, err
	}
	made, err := makeDirs(root)
	if err != nil {
		return nil, failure(op, root, err)
	}
	l, err := takeLock(op, root)
	if err == nil {
		if err = settle(op, root); err == nil {
			return &Dir{root: root, lock: l}, nil
		}
		l.abandon()
	}
	removeDirs(made)
	return nil, err
}

// settle makes the directory ready; the caller has the lock. On failure a
// directory that was empty is empty but for the lock.
func settle(op, root string) error {
	state, err := look(op, root)
	if err != nil {
		return err
	}
	if err := sweep(root); err != nil {
		return failure(op, root, err)
	}
	temp := filepath.Join(root, tempName)
	if err := os.Mkdir(temp, 0o700); err != nil {
		return failure(op, root, err)
	}
	if state == ours {
		return nil
	}
	if err := write(filepath.Join(root, markName), all([]byte(mark))); err != nil {
		os.Remove(temp)
		return failure(op, root, err)
	}
	return nil
}

// Check tells whether root is a data directory that can be read now, for
// verification. It writes nothing and takes no lock, so a read-only medium will
// do.
// Codes: CodeFileMissing, CodeDirForeign, CodeDirNewer, CodeDirLocked (as in
// Open), CodeDirFailed.
func Check(root string) error {
	const op = "datadir.Check"
	state, err := look(op, root)
	switch {
	case err != nil:
		return err
	case state == absent:
		return review.E(review.CodeFileMissing, op, root, nil)
	case state == empty:
		return review.E(review.CodeDirForeign, op, root, nil)
	}
	return lookLock(op, root)
}

// Root is the directory's absolute path.
func (d *Dir) Root() string { return d.root }

// Temp is the path of a directory for files that must not outlive the run. No
// one else can read it.
func (d *Dir) Temp() string { return filepath.Join(d.root, tempName) }

// CrashFile is where the Go runtime is to write when the program breaks down
// (debug.SetCrashOutput). It stays until it is removed.
func (d *Dir) CrashFile() string { return filepath.Join(d.root, crashName) }

// Close empties the temporary directory and lets the data directory go. Later
// calls that would write fail; closing again does nothing.
// Codes: CodeDirFailed.
func (d *Dir) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lock == nil {
		return nil
	}
	err := errors.Join(os.RemoveAll(d.Temp()), d.lock.release())
	d.lock = nil
	if err != nil {
		return review.E(review.CodeDirFailed, "datadir.Dir.Close", d.root, err)
	}
	return nil
}

// What a path can be.
type state int

const (
	absent state = iota
	empty        // or left so by an Open that was cut off
	ours
)

// look tells what is at root without touching it.
// Codes: CodeDirForeign, CodeDirNewer, CodeDirFailed.
func look(op, root string) (state, error) {
	foreign := func(err error) (state, error) { return 0, review.E(review.CodeDirForeign, op, root, err) }
	if info, err := os.Stat(root); errors.Is(err, fs.ErrNotExist) {
		return absent, nil
	} else if err != nil {
		return 0, review.E(review.CodeDirFailed, op, root, err)
	} else if !info.IsDir() {
		return foreign(nil)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return 0, review.E(review.CodeDirFailed, op, root, err)
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
		if slices.Contains([]string{markName, lockName, crashName}, e.Name()) && !e.Type().IsRegular() {
			return foreign(errors.New(e.Name() + " is not a regular file"))
		}
	}
	if !slices.Contains(names, markName) {
		// What Open makes before the mark stands.
		names = slices.DeleteFunc(names, func(n string) bool { return n == lockName || n == tempName || n == markName+partSuffix })
		if len(names) > 0 {
			return foreign(nil)
		}
		return empty, nil
	}
	content, err := ReadFile(filepath.Join(root, markName), maxMark)
	if err != nil {
		return foreign(err)
	}
	m := markForm.FindSubmatch(content)
	if m == nil {
		return foreign(nil)
	}
	if v, _ := strconv.Atoi(string(m[1])); v > version {
		return 0, review.E(review.CodeDirNewer, op, root, nil)
	}
	return ours, nil
}

// sweep removes files that were being written and the temporary directory of an
// earlier run.
func sweep(root string) error {
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == filepath.Join(root, databasesName) || path == filepath.Join(root, tempName):
			return fs.SkipDir
		case e.Type().IsRegular() && strings.HasSuffix(path, partSuffix):
			return os.Remove(path)
		}
		return nil
	})
	return errors.Join(err, os.RemoveAll(filepath.Join(root, tempName)))
}
