package journal

import "heyi/review"

// Reader reads meetings: the databases in use, or one copy of one meeting.
type Reader interface {
	// Load reads everything but blobs.
	// Codes: CodeMeetingMissing, CodeStoreNewer, CodeStoreForeign, CodeStoreDamaged,
	// CodeStoreUnfinished, CodeStoreFailed.
	Load(id review.MeetingID) (Record, error)
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
}

// RingSize is the number of copies that are kept of a meeting in each place.
const RingSize = 10

// Copy is a copy of a meeting's database.
type Copy struct {
	Path   string
	Number int64 // of the copy, from 1; copies of one number, in several places, are the same
	Size   int64 // entries of its journal, as its name says
}

// CopyReader reads a copy until it is closed.
type CopyReader interface {
	Reader
	// Close lets the copy go.
	Close() error
}
