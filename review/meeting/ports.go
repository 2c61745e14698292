package meeting

import (
	"crypto/x509"
	"io"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/paper"
)

// Store keeps one database a meeting. An implementation is safe for use by
// several goroutines; reviewtest/storetest holds the suite that every one must
// pass. An id that is not Valid names no meeting. After Close every method fails
// with CodeStoreFailed (List with CodeDirFailed).
type Store interface {
	journal.Reader
	// Create makes the meeting's database with a first batch. On failure
	// nothing of the meeting exists.
	// Codes: CodeStoreExists, CodeStoreMoved (the checkpoint does not count the
	// entries), CodeDirFull, CodeDirReadOnly, CodeStoreFailed.
	Create(id review.MeetingID, first journal.Batch) error
	// List gives the ids of all meetings, sorted. A store that only reads does not
	// pass over what it cannot explain.
	// Codes: CodeDirFailed, CodeStoreForeign.
	List() ([]review.MeetingID, error)
	// Commit stores a batch in one transaction, synced to the disk before it
	// returns. expect is the number of entries that the caller has seen; if the
	// database has another, or the batch's checkpoint does not count the entries,
	// nothing is written. After any other failure the batch is stored whole or
	// not at all, and only Load tells which: the last sync of all may have failed.
	// Codes: those of Load, CodeStoreMoved, CodeDirFull, CodeDirReadOnly.
	Commit(id review.MeetingID, expect int64, b journal.Batch) error
	// Card gives the small summary that SetCard kept of a meeting, without
	// opening its database; nil if there is none or the database has been changed
	// since, by whomever. It serves lists and is trusted for nothing else.
	Card(id review.MeetingID) []byte
	// SetCard keeps a summary of the meeting as its database now is. It is no part
	// of the record: what fails is only missed.
	SetCard(id review.MeetingID, card []byte)

	// Backup writes a copy of the meeting's database into the ring of its copies,
	// in every place for copies that there is, reads it back and gives it its name
	// only when it is whole and synced. Each ring keeps the newest RingSize copies.
	// The database is as it was on any failure.
	// Codes: those of Load, CodeBackupFailed (a copy could not be written or read
	// back the same; Item: its place).
	Backup(id review.MeetingID) error
	// Backups lists the copies of a meeting in all places, newest first. Files that
	// are no copies of ours are passed over. The meeting itself need not be there.
	// Codes: CodeDirFailed (nothing was found, and a place could not be read).
	Backups(id review.MeetingID) ([]journal.Copy, error)
	// DropBackups removes all copies but the newest in each place: those before
	// hold keys that are to be no more.
	// Codes: CodeDirFailed (Item: what remains).
	DropBackups(id review.MeetingID) error
	// OpenCopy reads a copy, or any database file of this meeting (Copy.Path
	// alone counts). Nothing at path is changed.
	// Codes: those of Load, CodeFileMissing, CodeBackupForeign.
	OpenCopy(id review.MeetingID, path string) (journal.CopyReader, error)
	// SetAside copies the meeting's files as they are, sound or not, and notes
	// given by name, into a directory of its own with a list of digests
	// (sha256sum.txt), and gives its path and the digest of that list as it was
	// written. It is complete and synced, or not there. The database is closed first
	// and not changed.
	// Codes: CodeMeetingMissing (there are no files), CodeDirFull, CodeDirReadOnly,
	// CodeDirFailed.
	SetAside(id review.MeetingID, notes map[string][]byte) (path string, sums review.Digest, err error)
	// Restore puts the copy at path in the place of the meeting's database, with b
	// added to it, in one step: the meeting is as it was, or as the copy with b.
	// What was there before must have been set aside by the caller. expect is the
	// number of entries of the copy. The meeting itself need not be there.
	// Codes: those of OpenCopy, CodeStoreMoved, CodeDirFull, CodeDirReadOnly; and
	// CodeMetaAltered, CodeJournalRoot, CodeBlobAltered if the copy with b does not
	// hold.
	Restore(id review.MeetingID, path string, expect int64, b journal.Batch) error
	// Close closes all databases.
	Close() error
}

// Papers composes, signs and verifies papers.
type Papers interface {
	// Missing gives the distinct characters of text that no font of the program
	// has, in order of appearance. They cannot be printed.
	Missing(text string) []rune
	// Compose sets a paper, with an open signature field for each signer by key. The
	// same input gives the same bytes.
	// Codes: CodeTextGlyph, CodeFont.
	Compose(p paper.Paper) ([]byte, error)
	// Sign fills an open signature field by an appended revision.
	// Codes: CodePDFForm, CodePDFUnsigned (no such open field), CodePDFTime (the
	// time is outside the certificate's validity), CodeKeyForm (not its key),
	// CodeStrokes, CodePDFOrder (a certification that is not the first signature, or
	// anything after the archive's).
	Sign(pdf []byte, s review.Signing) ([]byte, error)
	// Verify tells who signed what and whether it holds.
	Verify(pdf []byte, anchors []*x509.Certificate) review.PaperVerdict
}

// Files is the data directory beside the databases.
type Files interface {
	// Root is the data directory's path.
	Root() string
	// Export writes a finished paper where people find it and gives its path.
	// It is complete and synced, or not there. An existing file with the same
	// content is left; with other content it is replaced.
	// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed.
	Export(id review.MeetingID, name string, content []byte) (string, error)
	// Exported gives a paper as it now lies where Export put it.
	// Codes: CodeFileMissing (it is not there), CodeFileTooLarge, CodeFileUnknown
	// (no regular file), CodeDirFailed.
	Exported(id review.MeetingID, name string) ([]byte, error)
}

// Packages keeps the project packages of meetings, each as the one file it is, and
// what this data directory knows of those who issue packages. It is safe for use by
// several goroutines.
type Packages interface {
	// StagePackage copies what src gives to the disk, synced, where it has no name
	// yet. The caller ends the copy by Keep or Drop; a copy that neither ended is
	// removed at the next start.
	// Codes: CodePackageLimit, CodePackageRead (src failed), CodeDirFull, CodeDirReadOnly,
	// CodeDirFailed; nothing is left then.
	StagePackage(id review.MeetingID, src io.Reader) (Staged, error)
	// Package opens a package that a meeting has.
	// Codes: CodeFileMissing, CodeDirFailed.
	Package(id review.MeetingID, d review.Digest) (Kept, error)
	// Packages lists the packages that lie with a meeting, sorted.
	// Codes: CodeDirFailed.
	Packages(id review.MeetingID) ([]review.Digest, error)
	// DropPackage removes a package from a meeting; one that is not there is removed.
	// Codes: CodeDirReadOnly, CodeDirFailed.
	DropPackage(id review.MeetingID, d review.Digest) error
	// Trust gives what SetTrust kept last, nil if nothing was.
	// Codes: CodeDirFailed.
	Trust() ([]byte, error)
	// SetTrust keeps what the services know of issuers, at most 4 MiB, whole or not at
	// all.
	// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed.
	SetTrust(b []byte) error
}

// Staged is a copy on the disk that has no name yet.
type Staged = interface {
	io.ReaderAt
	// Size is the copy's length in bytes.
	Size() int64
	// Keep gives the copy its name among the meeting's packages, synced, and closes
	// it. A file of that name is replaced.
	// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed; the copy is gone then.
	Keep(d review.Digest) error
	// Drop removes the copy; after Keep it does nothing.
	Drop() error
}

// Kept is an open package.
type Kept = interface {
	io.ReaderAt
	io.Closer
	// Size is the package's length in bytes.
	Size() int64
}

// Marks remembers, outside the data directory, how far each meeting was when this
// machine's user last saw it: a text of at most 64 KiB, which is the services'. It
// finds a data directory that was put back to an older state, which nothing in
// the directory itself could tell.
type Marks interface {
	// Mark gives what was set last, "" if nothing was.
	// Codes: CodeDirFailed.
	Mark(id review.MeetingID) (string, error)
	// SetMark remembers how far a meeting is in place of what was set before.
	// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed.
	SetMark(id review.MeetingID, mark string) error
}

// Clock tells the machine's time with its zone.
type Clock func() time.Time
