package meeting

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/seal"
)

// live is a meeting in use: what it is, and the one road by which it changes. All
// sessions of a meeting share it.
type live struct {
	services *Services
	id       review.MeetingID
	gone     atomic.Bool // another database has taken its place: nobody acts on this one any more

	// What the meeting is, for readers who must not wait for the disk. A state is
	// never changed once it stands here.
	now atomic.Pointer[review.State]

	judge judge

	mu     sync.Mutex // held while an act is made and stored
	tree   *journal.Tree
	drafts map[journal.DraftKey]journal.Draft // as stored

	entering  sync.Mutex // held from a try of a secret to what comes of it: nobody tries two at once
	importing sync.Mutex // held while a package is taken in: one at a time, for each looks for files that no entry names

	doors    sync.Mutex                  // guards what follows
	tried    map[review.SeatID]time.Time // last try of a code in this run, by the clock that is never set
	quick    map[review.SeatID]*quick    // who can come back by four digits
	unmarked error                       // of the last mark; nil if it was written
	keeper   struct {                    // of the copies, see keep
		busy, due bool
		err       error
		work      sync.WaitGroup
	}
}

// author is who makes an entry: a person with his keys, or the program without any.
type author struct {
	seat review.SeatID
	who  *seal.Identity // nil for review.Program
}

var program = author{seat: review.Program}

// step is one event to be, with the content that it names.
type step struct {
	by    author // zero for whoever does the whole act
	with  author // the second person of an act of two; zero if there is none
	at    time.Time
	body  review.Body
	blobs [][]byte
	drop  []review.Digest
}

// outcome is what the meeting would be after some steps, not yet stored.
type outcome struct {
	state *review.State
	tree  *journal.Tree
	batch journal.Batch
}

// outcome begins one on copies. The caller holds the lock, or alone knows l.
func (l *live) outcome() outcome {
	o := outcome{state: l.now.Load().Clone(), tree: l.tree.Clone()}
	o.batch.Checkpoint = o.tree.Checkpoint()
	return o
}

// then tries one more step on the same copies.
func (l *live) then(o *outcome, st step) error {
	if st.at.IsZero() {
		st.at = l.services.clock()
	}
	if o.state.Size > 0 && st.at.Before(o.state.At.Add(-review.ClockSlack)) {
		moved := review.ClockMoved{From: o.state.At, To: st.at}
		if err := l.append(o, step{by: program, at: st.at, body: moved}); err != nil {
			return err
		}
	}
	return l.append(o, st)
}

func (l *live) append(o *outcome, st step) error {
	if st.with.who != nil {
		body, err := l.consented(o, st)
		if err != nil {
			return err
		}
		st.body = body
	}
	e := review.Event{
		Version: review.EventVersion, Meeting: l.id, Index: o.state.Size,
		At: st.at, Actor: st.by.seat, Body: st.body,
	}
	var entry journal.Entry
	var err error
	if st.by.who == nil {
		entry, err = journal.Note(o.tree, e)
	} else {
		entry, err = journal.Sign(o.tree, e, st.by.who)
	}
	if err != nil {
		return err
	}
	if err := journal.Admit(o.state, o.tree, entry); err != nil {
		return err
	}
	if key := o.state.Ends(st.body); key != "" {
		o.batch.DropDrafts = append(o.batch.DropDrafts, journal.DraftKey{Key: key, Owner: owner(e)})
	}
	if err := l.services.printable(reasonOf(st.body)); err != nil { // what else is wrong was said first
		return err
	}
	o.batch.Entries = append(o.batch.Entries, entry)
	o.batch.Blobs = append(o.batch.Blobs, st.blobs...)
	o.batch.DropBlobs = append(o.batch.DropBlobs, st.drop...)
	o.batch.Checkpoint = o.tree.Checkpoint()
	return nil
}

// reasonOf gives the reason that an act gives, which papers show; "" where it has none.
func reasonOf(body review.Body) string {
	switch b := body.(type) {
	case review.ChairNamed:
		return b.Reason
	case review.AttendanceRecorded:
		return b.Reason
	case review.SeatFreed:
		return b.Reason
	case review.SeatReplaced:
		return b.Reason
	case review.MeetingRestored:
		return b.Reason
	case review.ProjectSuspended:
		return b.Reason
	case review.RecusalDecided:
		return b.Reason
	case review.QuorumWaived:
		return b.Reason
	case review.BallotReturned:
		return b.Reason
	case review.BallotVoided:
		return b.Reason
	case review.RoundReopened:
		return b.Reason
	case review.ConclusionWithdrawn:
		return b.Reason
	case review.SignatureRefused:
		return b.Reason
	case review.PapersWithdrawn:
		return b.Reason
	case review.DissentVoided:
		return b.Reason
	case review.DeclarationGiven:
		st, _ := review.DecodeStatement(b.Declaration.Statement) // admitted a moment ago
		return st.Body.(review.DeclarationBody).Reason
	}
	return ""
}

// owner gives whose draft an event ends: its actor's, or that of the statement in it.
func owner(e review.Event) review.SeatID {
	var g review.Signed
	switch b := e.Body.(type) {
	case review.BallotSubmitted:
		g = b.Ballot
	case review.VoteCast:
		g = b.Vote
	default:
		return e.Actor
	}
	st, _ := review.DecodeStatement(g.Statement) // admitted a moment ago
	return st.Seat
}

// consented adds the second person's consent to the body of a step.
func (l *live) consented(o *outcome, st step) (review.Body, error) {
	body, ok := st.body.(review.Consented)
	if !ok {
		return nil, review.E(review.CodeInternal, "meeting.live.consented", string(st.body.Kind()), nil)
	}
	given, err := journal.State(review.Statement{
		Version: review.StatementVersion, Kind: review.StatementConsent, Meeting: l.id, Seat: st.with.seat,
		Revision: 1, Prev: o.tree.RootDigest(), At: st.at, Body: review.ConsentTo(body),
	}, st.with.who)
	if err != nil {
		return nil, err
	}
	return body.With(&given), nil
}

// act makes one transaction of some steps.
func (l *live) act(by author, steps ...step) error {
	return l.actAfter(by, func() error { return nil }, steps...)
}

// actAfter makes one transaction of some steps, after ready has done what must be done
// first; it is only called when nothing but the store can refuse any more.
func (l *live) actAfter(by author, ready func() error, steps ...step) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.outcome()
	for _, st := range steps {
		if st.by.seat == "" {
			st.by = by
		}
		if err := l.then(&o, st); err != nil {
			return err
		}
	}
	if err := ready(); err != nil {
		return err
	}
	return l.commit(o)
}

// commit stores an outcome and has a copy made of the meeting.
func (l *live) commit(o outcome) error {
	if err := l.store(o); err != nil {
		return err
	}
	if len(o.batch.Entries) > 0 {
		l.services.keep(l)
	}
	return nil
}

// store stores an outcome and only then makes it the meeting. A store that fails
// may all the same have stored it, and one that has moved has more than is known
// here: both times the disk is asked.
func (l *live) store(o outcome) error {
	if l.gone.Load() {
		return review.E(review.CodeSessionClosed, "meeting.live.store", string(l.id), nil)
	}
	if err := l.services.store.Commit(l.id, l.now.Load().Size, o.batch); err != nil {
		if state, tree, rec, failed := l.services.load(l.id); failed == nil {
			l.now.Store(state)
			l.tree, l.drafts = tree, draftsOf(rec)
		}
		return err
	}
	for _, k := range o.batch.DropDrafts {
		delete(l.drafts, k)
	}
	for _, d := range o.batch.SaveDrafts {
		l.drafts[journal.DraftKey{Key: d.Key, Owner: d.Owner}] = d
	}
	l.now.Store(o.state)
	l.tree = o.tree
	l.services.setMark(l, markOf(l.tree, l.drafts))
	return nil
}

func draftsOf(rec journal.Record) map[journal.DraftKey]journal.Draft {
	drafts := map[journal.DraftKey]journal.Draft{}
	for _, d := range rec.Drafts {
		drafts[journal.DraftKey{Key: d.Key, Owner: d.Owner}] = d
	}
	return drafts
}

// live gives a meeting in use, after the checks of a start if it was not in use.
func (s *Services) live(id review.MeetingID) (*live, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.lives[id]; l != nil {
		return l, nil
	}
	state, tree, rec, err := s.load(id)
	if err != nil {
		return nil, err
	}
	l := newLive(s, id, state, tree, draftsOf(rec))
	s.lives[id] = l
	return l, nil
}

func newLive(s *Services, id review.MeetingID, state *review.State, tree *journal.Tree, drafts map[journal.DraftKey]journal.Draft) *live {
	l := &live{
		services: s, id: id, tree: tree, drafts: drafts, judge: judge{services: s, id: id},
		tried: map[review.SeatID]time.Time{}, quick: map[review.SeatID]*quick{},
	}
	l.now.Store(state)
	return l
}

// load reads a meeting and makes the checks of every start: each event, the leaves
// and the root, the last signature of everybody, the values of the meta table, which
// drafts there are, and the mark that this machine's user has of it.
func (s *Services) load(id review.MeetingID) (*review.State, *journal.Tree, journal.Record, error) {
	mark, marked := s.mark(id)
	rec, err := s.store.Load(id)
	if err != nil {
		return nil, nil, rec, err
	}
	state, tree, err := check(id, rec)
	if err == nil {
		err = marked
	}
	if err == nil {
		err = seen(mark, state, tree, rec)
	}
	return state, tree, rec, err
}

func check(id review.MeetingID, rec journal.Record) (*review.State, *journal.Tree, error) {
	const op = "meeting.check"
	state, tree, err := journal.Fold(rec.Entries)
	if err != nil {
		if _, _, exact := journal.Replay(rec.Entries); exact != nil {
			err = exact // names the first bad entry
		}
		return nil, nil, err
	}
	switch {
	case tree.Checkpoint().String() != rec.Checkpoint:
		return nil, nil, review.E(review.CodeJournalRoot, op, rec.Checkpoint, nil)
	case rec.Meeting != id || state.Meeting != id:
		return nil, nil, review.E(review.CodeMetaAltered, op, "meeting", nil)
	}
	return state, tree, checkDrafts(id, state, rec)
}

// checkDrafts holds the draft rows to the journal: each that was begun and has not
// ended is there, and no other, each as its owner left it. Drafts of a record that
// does not know of beginnings (the first form) need only be signed.
// Codes: CodeDraftMissing, CodeDraftAltered.
func checkDrafts(id review.MeetingID, state *review.State, rec journal.Record) error {
	const op = "meeting.checkDrafts"
	for _, d := range rec.Drafts {
		seat, ok := state.Seat(d.Owner)
		keys := append([]review.PublicKeys{seat.Keys}, seat.Former...)
		signed := ok && slices.ContainsFunc(keys, func(k review.PublicKeys) bool {
			return seal.Verify(k, journal.DraftDomain, d.Message(id), d.Signature)
		})
		if !signed || !slices.Contains(seat.Drafts, d.Key) && !state.Undeclared(d.Owner, d.Key) {
			return review.E(review.CodeDraftAltered, op, d.Key, nil)
		}
	}
	for _, seat := range state.Seats {
		for _, key := range seat.Drafts {
			if !slices.ContainsFunc(rec.Drafts, func(d journal.Draft) bool { return d.Key == key && d.Owner == seat.ID }) {
				return review.E(review.CodeDraftMissing, op, key, nil)
			}
		}
	}
	return nil
}

// mark is what the user's own directory remembers of a meeting: a checkpoint, the
// versions of the drafts that there were, since no entry tells them, and the tries of
// secrets that no entry could tell.
type mark struct {
	checkpoint journal.Checkpoint
	versions   map[journal.DraftKey]int64
	tries      map[review.SeatID]tries
}

func markOf(tree *journal.Tree, drafts map[journal.DraftKey]journal.Draft) mark {
	m := mark{tree.Checkpoint(), map[journal.DraftKey]int64{}, map[review.SeatID]tries{}}
	for k, d := range drafts {
		m.versions[k] = d.Version
	}
	return m
}

// String writes the checkpoint, then a line for each draft, then one for each seat whose
// secret was tried in vain.
func (m mark) String() string {
	var b strings.Builder
	b.WriteString(m.checkpoint.String())
	keys := slices.SortedFunc(maps.Keys(m.versions), func(a, b journal.DraftKey) int {
		return strings.Compare(a.Key+" "+string(a.Owner), b.Key+" "+string(b.Owner))
	})
	for _, k := range keys {
		b.WriteString("\ndraft " + k.Key + " " + string(k.Owner) + " " + strconv.FormatInt(m.versions[k], 10))
	}
	for _, seat := range slices.Sorted(maps.Keys(m.tries)) {
		fmt.Fprintf(&b, "\ntries %s %d %d", seat, m.tries[seat].n, m.tries[seat].last.Unix())
	}
	return b.String()
}

// parseMark reads the form of mark.String.
// Codes: CodeEventForm.
func parseMark(s string) (mark, error) {
	lines := strings.Split(s, "\n")
	m := markOf(&journal.Tree{}, nil)
	var err error
	if m.checkpoint, err = journal.ParseCheckpoint(lines[0]); err != nil {
		return m, err
	}
	for _, line := range lines[1:] {
		var f [4]string
		copy(f[:], strings.Split(line, " "))
		v, bad := strconv.ParseInt(f[3], 10, 64)
		switch {
		case bad == nil && f[0] == "draft":
			m.versions[journal.DraftKey{Key: f[1], Owner: review.SeatID(f[2])}] = v
			continue
		case bad == nil && f[0] == "tries":
			var n int
			n, bad = strconv.Atoi(f[2])
			m.tries[review.SeatID(f[1])] = tries{n, time.Unix(v, 0)}
		case bad == nil:
			bad = errors.New("no such line")
		}
		if bad != nil {
			return m, review.E(review.CodeEventForm, "meeting.parseMark", "", bad)
		}
	}
	return m, nil
}

// mark gives the mark that this machine's user has of a meeting, "" if there is none. It
// is read before the record, which may grow meanwhile: the mark must never be the newer.
// Codes: those of Marks.Mark.
func (s *Services) mark(id review.MeetingID) (string, error) {
	if s.marks == nil {
		return "", nil
	}
	return s.marks.Mark(id)
}

// seen compares a meeting with the mark of it, "" for none.
// Codes: CodeJournalRollback, CodeDraftMissing (a draft older than was seen).
func seen(text string, state *review.State, tree *journal.Tree, rec journal.Record) error {
	const op = "meeting.seen"
	if text == "" {
		return nil
	}
	m, err := parseMark(text)
	if err != nil {
		return review.E(review.CodeJournalRollback, op, "?", err)
	}
	if err := tree.Extends(m.checkpoint); err != nil {
		return err
	}
	// A row that is there is never older than it was. One that is not, checkDrafts misses
	// where an entry says that it was begun; else it is missed here, unless what has been
	// recorded since may have ended it.
	same, drafts := m.checkpoint.Size == tree.Checkpoint().Size, draftsOf(rec)
	for k, v := range m.versions {
		if d, there := drafts[k]; there && d.Version < v || !there && same {
			return review.E(review.CodeDraftMissing, op, k.Key, nil)
		}
	}
	return nil
}

// setMark remembers how far a meeting is. A mark that cannot be written is missed
// later; it must not stop a meeting now, whose act is on the disk already. The board
// says so.
func (s *Services) setMark(l *live, m mark) {
	if s.marks == nil {
		return
	}
	err := s.marks.SetMark(l.id, m.String())
	l.doors.Lock()
	defer l.doors.Unlock()
	l.unmarked = err
}
