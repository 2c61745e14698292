// Package journal keeps the record of a meeting in a form that proves itself:
// events signed by their actors, chained through a Merkle tree (RFC 6962, as
// implemented by x/mod/sumdb/tlog) and verifiable by anyone who has the bytes.
package journal

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
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
	return "v1 " + strconv.FormatInt(c.Size, 10) + " " + hex.EncodeToString(c.Root[:])
}

// Draft is unfinished text of one person. Nobody but its owner can read it;
// anybody can see whether the row is as its owner left it.
type Draft struct {
	Key       string // what the draft is of, as in "minutes"
	Owner     review.SeatID
	Version   int64 // grows by one with each save
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
)

// Batch is what one action changes. It is stored whole or not at all.
type Batch struct {
	Entries    []Entry
	Blobs      [][]byte   // stored under their digests; one that exists already is left as it is
	SaveDraft  *Draft     // replaces the draft of its key and owner
	DropDraft  *DraftKey  // removed if present
	Checkpoint Checkpoint // after the entries
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
	sig, err := by.Sign(EventDomain, signed(t, b))
	if err != nil {
		return Entry{}, err
	}
	return Entry{Event: b, Signature: sig}, nil
}

// signed is the message under an entry's signature: the root before it, then the event.
func signed(t *Tree, event []byte) []byte {
	root := t.Checkpoint().Root
	return append(root[:], event...)
}

// Replay verifies and folds all entries in order: each event's form, that the
// state allows it, and the actor's signature over it and the root before.
// On failure it returns the state and tree before the first bad entry, whose
// index is the error's item.
// Codes: CodeJournalEntry (wrapping the cause), CodeEventNewer.
func Replay(entries []Entry) (*review.State, *Tree, error) {
	const op = "journal.Replay"
	s, t := &review.State{}, &Tree{}
	for i, entry := range entries {
		item := strconv.Itoa(i)
		e, err := review.DecodeEvent(entry.Event)
		if err != nil {
			if review.CodeOf(err) == review.CodeEventNewer {
				return s, t, err
			}
			return s, t, review.E(review.CodeJournalEntry, op, item, err)
		}
		keys := review.PublicKeys{}
		if b, ok := e.Body.(review.MeetingCreated); ok {
			keys = b.Keys
		} else if seat, ok := s.Seat(e.Actor); ok {
			keys = seat.Keys
		}
		if !seal.Verify(keys, EventDomain, signed(t, entry.Event), entry.Signature) {
			return s, t, review.E(review.CodeJournalEntry, op, item, errors.New("signature"))
		}
		if err := s.Apply(e); err != nil {
			return s, t, review.E(review.CodeJournalEntry, op, item, err)
		}
		t.Append(entry)
	}
	return s, t, nil
}
