package meeting

import (
	"crypto/x509"
	"time"

	"heyi/review"
	"heyi/review/journal"
)

// Store keeps one database a meeting. An implementation is safe for use by
// several goroutines; reviewtest/storetest holds the suite that every one must
// pass. An id that is not Valid names no meeting. After Close every method fails
// with CodeStoreFailed (List with CodeDirFailed).
type Store interface {
	// Create makes the meeting's database with a first batch. On failure
	// nothing of the meeting exists.
	// Codes: CodeStoreExists, CodeStoreMoved (the checkpoint does not count the
	// entries), CodeDirFull, CodeDirReadOnly, CodeStoreFailed.
	Create(id review.MeetingID, first journal.Batch) error
	// List gives the ids of all meetings, sorted. A store that only reads does not
	// pass over what it cannot explain.
	// Codes: CodeDirFailed, CodeStoreForeign.
	List() ([]review.MeetingID, error)
	// Load reads everything but blobs.
	// Codes: CodeMeetingMissing, CodeStoreNewer, CodeStoreForeign, CodeStoreDamaged,
	// CodeStoreUnfinished, CodeStoreFailed.
	Load(id review.MeetingID) (journal.Record, error)
	// Commit stores a batch in one transaction, synced to the disk before it
	// returns. expect is the number of entries that the caller has seen; if the
	// database has another, or the batch's checkpoint does not count the entries,
	// nothing is written. After any other failure the batch is stored whole or
	// not at all, and only Load tells which: the last sync of all may have failed.
	// Codes: those of Load, CodeStoreMoved, CodeDirFull, CodeDirReadOnly.
	Commit(id review.MeetingID, expect int64, b journal.Batch) error
	// Blob gives stored content, checked against its digest.
	// Codes: those of Load, CodeBlobMissing, CodeBlobAltered.
	Blob(id review.MeetingID, d review.Digest) ([]byte, error)
	// Blobs lists the digests under which content is stored, sorted.
	// Codes: those of Load.
	Blobs(id review.MeetingID) ([]review.Digest, error)
	// Audit runs SQLite's own checks and reports every value of the database
	// that is not at its default and not in Record or Blobs.
	// Codes: those of Load, CodeMetaAltered.
	Audit(id review.MeetingID) error
	// Close closes all databases.
	Close() error
}

// Papers composes, signs and verifies papers.
type Papers interface {
	// Missing gives the distinct characters of text that no font of the program
	// has, in order of appearance. They cannot be printed.
	Missing(text string) []rune
	// Minutes composes the 会议记录 with one open signature field. The same
	// input gives the same bytes.
	// Codes: CodeTextGlyph, CodeFont.
	Minutes(m review.MinutesPaper) ([]byte, error)
	// Sign fills an open signature field by an appended revision.
	// Codes: CodePDFForm, CodePDFUnsigned (no such open field), CodePDFTime (the
	// time is outside the certificate's validity), CodeKeyForm (not its key).
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

// Marks remembers, outside the data directory, the last checkpoint that this
// machine's user has seen of each meeting, as Checkpoint.String writes it. It
// finds a data directory that was put back to an older state, which nothing in
// the directory itself could tell.
type Marks interface {
	// Mark gives what was set last, "" if nothing was.
	// Codes: CodeDirFailed.
	Mark(id review.MeetingID) (string, error)
	// SetMark remembers a checkpoint in place of the one before.
	// Codes: CodeDirFull, CodeDirReadOnly, CodeDirFailed.
	SetMark(id review.MeetingID, checkpoint string) error
}

// Clock tells the machine's time with its zone.
type Clock func() time.Time
