package journal

import (
	"encoding/hex"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"heyi/review"
)

// ParseCheckpoint reads the form of Checkpoint.String. No other writing of the
// same checkpoint passes.
// Codes: CodeEventForm.
func ParseCheckpoint(s string) (Checkpoint, error) {
	var c Checkpoint
	fields := strings.Split(s, " ")
	if len(fields) == 3 && fields[0] == "v1" && len(fields[2]) == 2*len(c.Root) {
		size, err := strconv.ParseInt(fields[1], 10, 64)
		if _, bad := hex.Decode(c.Root[:], []byte(fields[2])); err == nil && bad == nil {
			c.Size = size
		}
	}
	if c.Size < 0 || c.String() != s {
		return Checkpoint{}, review.E(review.CodeEventForm, "journal.ParseCheckpoint", s, nil)
	}
	return c, nil
}

// At gives the checkpoint of the journal's first size entries, 0 to its present size.
func (t *Tree) At(size int64) Checkpoint {
	root, err := tlog.TreeHash(size, t.reader())
	if err != nil {
		panic("journal: " + err.Error()) // every hash is in memory
	}
	return Checkpoint{Size: size, Root: root}
}

// Find gives the checkpoint for which a paper shows code, the newest if there were
// several, and whether there is one.
func (t *Tree) Find(code string) (Checkpoint, bool) {
	for size := t.size; size >= 0; size-- {
		if c := t.At(size); review.CheckCode(c.String()) == code {
			return c, true
		}
	}
	return Checkpoint{}, false
}

// Extends tells whether the journal of t is the one that c was taken of, as it
// was then or with entries added since. c comes from outside the database (the
// user's own directory, a paper, an export), where whoever puts an older or
// rewritten database in place cannot change it.
// Codes: CodeJournalRollback; the item is the size that c speaks of.
func (t *Tree) Extends(c Checkpoint) error {
	if c.Size <= t.size {
		root, err := tlog.TreeHash(c.Size, t.reader())
		if err != nil {
			panic("journal: " + err.Error()) // every hash is in memory
		}
		if root == tlog.Hash(c.Root) {
			return nil
		}
	}
	return review.E(review.CodeJournalRollback, "journal.Tree.Extends", strconv.FormatInt(c.Size, 10), nil)
}

// Proof shows that one entry stands in the journal of a checkpoint without
// showing any other (RFC 6962, 2.1.1).
type Proof struct {
	Index int64
	Path  [][32]byte
}

// Prove gives the proof of the entry at index for the present checkpoint. An
// index outside the journal is a mistake in the program and panics.
func (t *Tree) Prove(index int64) Proof {
	path, err := tlog.ProveRecord(t.size, index, t.reader())
	if err != nil {
		panic("journal: " + err.Error())
	}
	p := Proof{Index: index}
	for _, h := range path {
		p.Path = append(p.Path, h)
	}
	return p
}

// Holds tells whether entry stands at p.Index in the journal of c.
// Codes: CodeJournalEntry; the item is the index.
func (p Proof) Holds(c Checkpoint, entry Entry) error {
	path := make(tlog.RecordProof, len(p.Path))
	for i, h := range p.Path {
		path[i] = h
	}
	if err := tlog.CheckRecord(path, c.Size, c.Root, p.Index, tlog.RecordHash(entry.leaf())); err != nil {
		return review.E(review.CodeJournalEntry, "journal.Proof.Holds", strconv.FormatInt(p.Index, 10), err)
	}
	return nil
}
