package journal

import (
	"bytes"
	"errors"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"heyi/review"
	"heyi/review/seal"
)

// Admit verifies one entry that is to follow those of t, applies its event to s and
// appends it. On failure both are as they were.
// Codes: those of review.DecodeEvent and review.State.Apply, CodeJournalEntry (a
// signature does not hold), CodeStatementSignature (that of a statement in it does
// not; Item: its seat).
func Admit(s *review.State, t *Tree, entry Entry) error {
	e, err := review.DecodeEvent(entry.Event)
	if err != nil {
		return err
	}
	for _, c := range checks(s, t, e, entry, true) {
		if err := c.run(); err != nil {
			return err
		}
	}
	if err := s.Apply(e); err != nil {
		return err
	}
	t.Append(entry)
	return nil
}

// check is one signature to be verified.
type check struct {
	index  int64
	keys   review.PublicKeys
	domain string
	msg    []byte
	sig    []byte
	err    error // if it does not hold
}

func (c check) run() error {
	switch {
	case c.domain == programDomain:
		if bytes.Equal(c.msg, c.sig) {
			return nil
		}
	case c.domain != "" && seal.Verify(c.keys, c.domain, c.msg, c.sig):
		return nil
	}
	return c.err
}

var errSignature = errors.New("signature")

// checks lists the signatures of an entry that follows those of t, by the keys of the
// state before it: those inside it, and its own if that is wanted.
func checks(s *review.State, t *Tree, e review.Event, entry Entry, own bool) []check {
	const op = "journal.checks"
	index := t.size
	var out []check
	if own {
		c := check{index: index, domain: EventDomain, sig: entry.Signature}
		root := t.Checkpoint().Root
		if e.Actor == review.Program {
			c.domain, c.msg = programDomain, noted(root, entry.Event)
		} else {
			c.keys, c.msg = s.ActorKeys(e), signed(root, entry.Event)
		}
		c.err = review.E(review.CodeJournalEntry, op, strconv.FormatInt(index, 10), errSignature)
		out = append(out, c)
	}
	attested, err := s.Attested(e)
	if err != nil {
		return append(out, check{index: index, err: err})
	}
	for _, a := range attested {
		st, err := review.DecodeStatement(a.Statement)
		if err != nil {
			return append(out, check{index: index, err: err})
		}
		wrong := review.E(review.CodeStatementSignature, op, string(st.Seat), nil)
		if a.Root && st.Prev != t.RootDigest() {
			return append(out, check{index: index, err: wrong})
		}
		out = append(out, check{index, a.Keys, review.StatementDomain, a.Statement, a.Signature, wrong})
	}
	return out
}

// RootDigest gives the present root as a consent has it in Prev.
func (t *Tree) RootDigest() review.Digest { return review.Digest(t.Checkpoint().hex()) }

// Replay verifies and folds all entries in order: each event's form, that the
// state allows it, and every signature: the actor's over it and the root before,
// and those of the statements in it. It uses all processors.
// On failure it returns the state and tree before the first bad entry, whose
// index is the error's item.
// Codes: CodeJournalEntry (wrapping the cause), CodeEventNewer (an entry of a newer
// program, signed by its actor).
func Replay(entries []Entry) (*review.State, *Tree, error) {
	return fold(decode(entries), func(int) bool { return true })
}

// Fold makes the checks of a start: each event's form, that the state allows it,
// the leaves, the statements in the events, and the last signature of each actor. As
// every such signature is over the root before it, what an actor signed last covers
// all that came before; nothing that was changed since can pass. Which entry it was,
// Replay tells.
// Codes: those of Replay.
func Fold(entries []Entry) (*review.State, *Tree, error) {
	list := decode(entries)
	last := map[review.SeatID]int{}
	for i, d := range list {
		last[d.event.Actor] = i
	}
	return fold(list, func(i int) bool { return last[list[i].event.Actor] == i })
}

// decoded is an entry with what it says.
type decoded struct {
	Entry
	event review.Event
	err   error
}

// decode reads the events of all entries, which depend on nothing but themselves,
// on all processors.
func decode(entries []Entry) []decoded {
	list := make([]decoded, len(entries))
	const chunk = 256
	var workers sync.WaitGroup
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				from := int(next.Add(chunk)) - chunk
				if from >= len(entries) {
					return
				}
				for i := from; i < min(from+chunk, len(entries)); i++ {
					e, err := review.DecodeEvent(entries[i].Event)
					list[i] = decoded{entries[i], e, err}
				}
			}
		})
	}
	workers.Wait()
	return list
}

// fold folds all entries and verifies the signatures of those whose own are wanted,
// and all that stand inside events.
func fold(entries []decoded, wanted func(int) bool) (*review.State, *Tree, error) {
	s, t, queue, first := &review.State{}, &Tree{}, make(chan []check, 64), &failure{}
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for list := range queue {
				for _, c := range list {
					if err := c.run(); err != nil {
						first.note(c.index, err)
					}
				}
			}
		})
	}
	for i, d := range entries {
		err := d.err
		if err == nil {
			if list := checks(s, t, d.event, d.Entry, wanted(i)); len(list) > 0 {
				queue <- list
			}
		}
		if err == nil {
			err = s.Apply(d.event)
		}
		if review.CodeOf(err) == review.CodeEventNewer && !newer(s, t, d.Entry) {
			err = errSignature
		}
		if err != nil {
			first.note(int64(i), err)
			break
		}
		t.Append(d.Entry)
	}
	close(queue)
	workers.Wait()
	index, err := first.get()
	if err == nil {
		return s, t, nil
	}
	if index < t.size { // the fold went on while the signature was looked at
		s, t = refold(entries[:index])
	}
	if review.CodeOf(err) == review.CodeEventNewer {
		return s, t, err
	}
	return s, t, review.E(review.CodeJournalEntry, "journal.fold", strconv.FormatInt(index, 10), err)
}

// newer tells whether an entry that this program does not know was signed by its
// actor all the same: then a newer program wrote it, and nobody altered it.
func newer(s *review.State, t *Tree, entry Entry) bool {
	seat, ok := s.Seat(review.ActorOf(entry.Event))
	return ok && seal.Verify(seat.Keys, EventDomain, signed(t.Checkpoint().Root, entry.Event), entry.Signature)
}

// refold folds entries that were folded before.
func refold(entries []decoded) (*review.State, *Tree) {
	s, t := &review.State{}, &Tree{}
	for _, d := range entries {
		if s.Apply(d.event) == nil {
			t.Append(d.Entry)
		}
	}
	return s, t
}

// failure keeps the error of the lowest index.
type failure struct {
	mu    sync.Mutex
	index int64
	err   error
}

func (f *failure) note(index int64, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || index < f.index {
		f.index, f.err = index, err
	}
}

func (f *failure) get() (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.index, f.err
}
