package meeting

import (
	"crypto/x509"
	"sync"
	"sync/atomic"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/seal"
)

// minutesDraft is the key of the one draft of this version.
const minutesDraft = "minutes"

// Session is one person signed in to one meeting. It is safe for use by several
// goroutines; every act is stored and synced when its method returns.
type Session struct {
	services *Services
	id       review.MeetingID
	seat     review.SeatID

	// What the meeting is, for readers who must not wait for the disk. A state is
	// never changed once it stands here.
	now atomic.Pointer[review.State]

	mu    sync.Mutex     // held while an act is made and stored
	who   *seal.Identity // nil once closed
	tree  *journal.Tree
	draft *journal.Draft // as stored; nil if there is none
}

// newSession gives a session whose meeting is at the given state.
func newSession(s *Services, id review.MeetingID, seat review.SeatID, who *seal.Identity, state *review.State, tree *journal.Tree) *Session {
	x := &Session{services: s, id: id, seat: seat, who: who, tree: tree}
	x.now.Store(state)
	return x
}

// Meeting gives the meeting's id.
func (x *Session) Meeting() review.MeetingID { return x.id }

// Seat gives the seat that is signed in.
func (x *Session) Seat() review.Seat {
	seat, _ := x.State().Seat(x.seat)
	return seat
}

// State gives the meeting's state after the last act that is stored. It never
// waits, is never changed, and must not be.
func (x *Session) State() *review.State { return x.now.Load() }

// Close forgets the person's keys. Later acts fail with CodeSecretWrong.
func (x *Session) Close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.who = nil
}

// step is one event to be, with the content that it names.
type step struct {
	at    time.Time // zero for now
	body  review.Body
	blobs [][]byte
}

// outcome is what the meeting would be after some steps, not yet stored.
type outcome struct {
	state *review.State
	tree  *journal.Tree
	batch journal.Batch
}

// prepare tries a step on copies. The caller holds the lock, or alone knows x.
func (x *Session) prepare(st step) (outcome, error) {
	return outcome{state: x.State().Clone(), tree: x.tree.Clone()}.then(x, st)
}

// then tries one more step on the same copies.
func (o outcome) then(x *Session, st step) (outcome, error) {
	if x.who == nil {
		return o, review.E(review.CodeSecretWrong, "meeting.outcome.then", "", nil)
	}
	if st.at.IsZero() {
		st.at = x.services.clock()
	}
	e := review.Event{
		Version: review.EventVersion, Meeting: x.id, Index: o.state.Size,
		At: st.at, Actor: x.seat, Body: st.body,
	}
	entry, err := journal.Sign(o.tree, e, x.who)
	if err != nil {
		return o, err
	}
	if err := o.state.Apply(e); err != nil {
		return o, err
	}
	o.tree.Append(entry)
	o.batch.Entries = append(o.batch.Entries, entry)
	o.batch.Blobs = append(o.batch.Blobs, st.blobs...)
	o.batch.Checkpoint = o.tree.Checkpoint()
	return o, nil
}

// commit stores an outcome and only then makes it the session's own. A store that
// fails may all the same have stored it, and one that has moved has more than the
// session knows: both times the disk is asked.
func (x *Session) commit(o outcome) error {
	if err := x.services.store.Commit(x.id, x.State().Size, o.batch); err != nil {
		if state, tree, rec, failed := x.services.load(x.id); failed == nil {
			x.now.Store(state)
			x.tree, x.draft = tree, draftOf(rec, x.seat)
		}
		return err
	}
	x.now.Store(o.state)
	x.tree = o.tree
	if len(o.batch.Entries) > 0 {
		x.services.mark(x.id, x.tree)
	}
	switch {
	case len(o.batch.SaveDrafts) > 0:
		x.draft = &o.batch.SaveDrafts[0]
	case len(o.batch.DropDrafts) > 0:
		x.draft = nil
	}
	return nil
}

// SaveDraft keeps unfinished text of the 会议记录, sealed to its owner. It takes
// any text up to MaxText characters, so that nothing typed is lost for its
// form; "" removes the draft. When it returns nil the draft is on the disk.
// Codes: CodeTextLong and those of Store.Commit.
func (x *Session) SaveDraft(text string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.who == nil {
		return review.E(review.CodeSecretWrong, "meeting.Session.SaveDraft", "", nil)
	}
	if err := review.CheckLength(text, review.MaxText); err != nil {
		return err
	}
	o := outcome{state: x.State(), tree: x.tree, batch: journal.Batch{Checkpoint: x.tree.Checkpoint()}}
	if text == "" {
		o.batch.DropDrafts = []journal.DraftKey{{Key: minutesDraft, Owner: x.seat}}
		return x.commit(o)
	}
	d := journal.Draft{Key: minutesDraft, Owner: x.seat, Version: 1}
	if x.draft != nil {
		d.Version = x.draft.Version + 1
	}
	var err error
	if d.Cipher, err = seal.SealTo([]byte(text), x.who.Public()); err != nil {
		return err
	}
	if d.Signature, err = x.who.Sign(journal.DraftDomain, d.Message(x.id)); err != nil {
		return err
	}
	o.batch.SaveDrafts = []journal.Draft{d}
	return x.commit(o)
}

// Draft gives the text kept by SaveDraft, or "".
// Codes: CodeDraftAltered (the row is not as its owner left it), CodeKeyForm.
func (x *Session) Draft() (string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.who == nil {
		return "", review.E(review.CodeSecretWrong, "meeting.Session.Draft", "", nil)
	}
	if x.draft == nil {
		return "", nil
	}
	if err := verifyDraft(x.id, x.State(), *x.draft); err != nil {
		return "", err
	}
	text, err := x.who.Open(x.draft.Cipher)
	return string(text), err
}

// draftOf finds a person's draft among a meeting's rows; nil if there is none.
func draftOf(rec journal.Record, owner review.SeatID) *journal.Draft {
	for _, d := range rec.Drafts {
		if d.Key == minutesDraft && d.Owner == owner {
			return &d
		}
	}
	return nil
}

func verifyDraft(id review.MeetingID, state *review.State, d journal.Draft) error {
	seat, ok := state.Seat(d.Owner)
	if ok && seal.Verify(seat.Keys, journal.DraftDomain, d.Message(id), d.Signature) {
		return nil
	}
	return review.E(review.CodeDraftAltered, "meeting.verifyDraft", d.Key, nil)
}

// Record adds the paragraphs of text (one a line) to the 会议记录 and removes the
// draft, in one transaction.
// Codes: those of review.CheckLine, CodeTextGlyph, CodeEventIllegal and those
// of Store.Commit. On failure the draft stays.
func (x *Session) Record(text string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	paragraphs := review.Paragraphs(text)
	if len(paragraphs) == 0 {
		return review.E(review.CodeTextEmpty, "meeting.Session.Record", "minutes", nil)
	}
	if err := x.services.printable(text); err != nil {
		return err
	}
	o, err := x.prepare(step{body: review.MinutesRecorded{Paragraphs: paragraphs}})
	if err != nil {
		return err
	}
	o.batch.DropDrafts = []journal.DraftKey{{Key: minutesDraft, Owner: x.seat}}
	return x.commit(o)
}

// IssueMinutes composes the 会议记录, signs it as the person signed in, records
// it and puts the file among the data directory's papers. If only the last
// fails, the paper is given beside the error: it is recorded, and Export gives the
// file later.
// Codes: CodeTextEmpty (nothing recorded yet), those of Papers, Store.Commit
// and Files.Export.
func (x *Session) IssueMinutes() (review.Paper, string, error) {
	const op = "meeting.Session.IssueMinutes"
	x.mu.Lock()
	defer x.mu.Unlock()
	fail := func(err error) (review.Paper, string, error) { return review.Paper{}, "", err }
	if x.who == nil {
		return fail(review.E(review.CodeSecretWrong, op, "", nil))
	}
	state := x.State()
	if len(state.Minutes) == 0 {
		return fail(review.E(review.CodeTextEmpty, op, "minutes", nil))
	}
	seat := x.Seat()
	cert, err := x509.ParseCertificate(seat.Certificate)
	if err != nil {
		return fail(review.E(review.CodeCertForm, op, string(seat.ID), err))
	}
	at := x.services.clock()
	number := state.Issued(review.FormMinutes) + 1
	base, err := x.services.papers.Minutes(review.MinutesPaper{
		Meeting: x.id, Number: number, Title: state.Title, Secretary: seat.Name, At: at,
		Paragraphs: state.Minutes, Checkpoint: x.tree.Checkpoint().String(),
	})
	if err != nil {
		return fail(err)
	}
	signed, err := x.services.papers.Sign(base, review.Signing{
		Field: review.SignatureField, Name: seat.Name, Reason: "记录人签名", At: at,
		Key: x.who.Signer(), Certificate: cert,
	})
	if err != nil {
		return fail(err)
	}
	o, err := x.prepare(step{
		at: at, // the signature says the same time
		body: review.PaperIssued{
			Form: review.FormMinutes, Number: number,
			Base: review.DigestOf(base), Signed: review.DigestOf(signed),
		},
		blobs: [][]byte{base, signed},
	})
	if err != nil {
		return fail(err)
	}
	if err := x.commit(o); err != nil {
		return fail(err)
	}
	paper := o.state.Papers[len(o.state.Papers)-1]
	path, err := x.services.files.Export(x.id, paper.NumberName()+".pdf", signed)
	return paper, path, err
}

// Paper gives the signed bytes of an issued paper.
// Codes: those of Store.Blob.
func (x *Session) Paper(p review.Paper) ([]byte, error) {
	return x.services.store.Blob(x.id, p.Signed)
}

// Export puts an issued paper among the data directory's papers, again if need
// be, and gives its path.
// Codes: those of Store.Blob and Files.Export.
func (x *Session) Export(p review.Paper) (string, error) {
	signed, err := x.Paper(p)
	if err != nil {
		return "", err
	}
	return x.services.files.Export(x.id, p.NumberName()+".pdf", signed)
}
