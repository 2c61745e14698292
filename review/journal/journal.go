// Package journal keeps the record of a meeting in a form that proves itself:
// events signed by their actors, chained through a Merkle tree (RFC 6962, as
// implemented by x/mod/sumdb/tlog) and verifiable by anyone who has the bytes.
package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"heyi/review"
	"heyi/review/seal"
)

// Entry is one row of the journal: the event's canonical bytes and the actor's
// signature over them and the root of all entries before.
type Entry struct {
	Event     []byte
	Signature []byte // ECDSA P-256, ASN.1
}

// leaf gives the bytes that the tree hashes: a length-prefixed event, then the
// signature, so that no other split gives the same bytes.
func (e Entry) leaf() []byte {
	b := []byte("heyi.leaf.v1\n")
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.Event)))
	b = append(b, e.Event...)
	return append(b, e.Signature...)
}

// Checkpoint says what a journal amounts to: any other journal of this size, or
// a longer one that does not contain it, has another root.
type Checkpoint struct {
	Size int64
	Root [32]byte
}

// String gives the stored and printed form, "v1 SIZE HEX".
func (c Checkpoint) String() string {
	return "v1 " + strconv.FormatInt(c.Size, 10) + " " + c.hex()
}

func (c Checkpoint) hex() string { return hex.EncodeToString(c.Root[:]) }

// Draft is unfinished text of one person. Nobody but its owner can read it;
// anybody can see whether the row is as its owner left it.
type Draft struct {
	Key       string // what the draft is of, as in "minutes"
	Owner     review.SeatID
	Version   int64 // grows with each save, also after the draft was gone for a while
	Cipher    []byte
	Signature []byte
}

// Message gives the bytes that the owner signs, under domain DraftDomain.
func (d Draft) Message(m review.MeetingID) []byte {
	var b []byte
	for _, s := range []string{string(m), d.Key, string(d.Owner), strconv.FormatInt(d.Version, 10)} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return append(b, d.Cipher...)
}

// The domains under which a seat's key signs; they keep one kind of statement
// from passing for another.
const (
	EventDomain = "heyi.event.v1"
	DraftDomain = "heyi.draft.v1"

	// programDomain is of what nobody signs; see Note.
	programDomain = "heyi.program.v1"
)

// Batch is what one action changes. It is stored whole or not at all.
type Batch struct {
	Entries    []Entry
	Blobs      [][]byte        // stored under their digests; one that exists already is left as it is
	DropBlobs  []review.Digest // removed for ever: keys that are to be no more
	SaveDrafts []Draft         // each replaces the draft of its key and owner
	DropDrafts []DraftKey      // removed if present, before SaveDrafts are stored
	Checkpoint Checkpoint      // after the entries
}

// DraftKey names a draft row.
type DraftKey struct {
	Key   string
	Owner review.SeatID
}

// Record is everything that a meeting's database holds but the content of blobs.
type Record struct {
	Meeting    review.MeetingID // as the database says
	Checkpoint string           // as the database says, in the form of Checkpoint.String
	Entries    []Entry
	Drafts     []Draft // in the order of key, owner
}

// Tree accumulates entries. The zero value is an empty journal.
type Tree struct {
	hashes []tlog.Hash
	size   int64
}

// Append adds an entry.
func (t *Tree) Append(e Entry) {
	h, err := tlog.StoredHashes(t.size, e.leaf(), t.reader())
	if err != nil {
		// The reader serves every hash from memory, so this cannot happen.
		panic("journal: " + err.Error())
	}
	t.hashes = append(t.hashes, h...)
	t.size++
}

// Checkpoint gives the present size and root.
func (t *Tree) Checkpoint() Checkpoint {
	root, err := tlog.TreeHash(t.size, t.reader())
	if err != nil {
		panic("journal: " + err.Error())
	}
	return Checkpoint{Size: t.size, Root: root}
}

func (t *Tree) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, x := range at {
			out[i] = t.hashes[x]
		}
		return out, nil
	})
}

// Clone gives an independent copy, for trying a batch before it is stored.
func (t *Tree) Clone() *Tree {
	return &Tree{hashes: t.hashes[:len(t.hashes):len(t.hashes)], size: t.size}
}

// Sign makes the entry of an event that follows the entries of t.
// Codes: CodeEventForm.
func Sign(t *Tree, e review.Event, by *seal.Identity) (Entry, error) {
	b, err := e.Encode()
	if err != nil {
		return Entry{}, err
	}
	sig, err := by.Sign(EventDomain, signed(t.Checkpoint().Root, b))
	if err != nil {
		return Entry{}, err
	}
	return Entry{Event: b, Signature: sig}, nil
}

// Note makes the entry of what the program itself records (actor review.Program).
// Nobody's key can sign it: in place of a signature stands a digest that anybody can
// make and that ties it to its place.
// Codes: CodeEventForm.
func Note(t *Tree, e review.Event) (Entry, error) {
	b, err := e.Encode()
	if err != nil {
		return Entry{}, err
	}
	return Entry{Event: b, Signature: noted(t.Checkpoint().Root, b)}, nil
}

func noted(root [32]byte, event []byte) []byte {
	d := sha256.Sum256(slices.Concat([]byte(programDomain+"\n"), signed(root, event)))
	return d[:]
}

// signed is the message under an entry's signature: the root before it, then the event.
func signed(root [32]byte, event []byte) []byte { return append(root[:], event...) }

// State signs a statement.
// Codes: CodeStatementForm.
func State(st review.Statement, by *seal.Identity) (review.Signed, error) {
	b, err := st.Encode()
	if err != nil {
		return review.Signed{}, err
	}
	sig, err := by.Sign(review.StatementDomain, b)
	return review.Signed{Statement: b, Signature: sig}, err
}
