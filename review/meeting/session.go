package meeting

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/paper"
	"heyi/review/seal"
)

// Session is one person signed in to one meeting. It is safe for use by several
// goroutines; every act is stored and synced when its method returns. Acts of two
// persons take the other's session; on this laptop both sit before it.
type Session struct {
	l *live

	mu   sync.Mutex
	by   author // without keys once closed
	used time.Time
}

// Format tells whose session it is and nothing else, whatever the verb.
func (x *Session) Format(f fmt.State, _ rune) { io.WriteString(f, string(x.by.seat)) }

// session gives a session of a person who has shown who he is.
func (l *live) session(by author) *Session {
	return &Session{l: l, by: by, used: l.services.now()}
}

// Meeting gives the meeting's id.
func (x *Session) Meeting() review.MeetingID { return x.l.id }

// Seat gives the seat that is signed in.
func (x *Session) Seat() review.Seat {
	seat, _ := x.State().Seat(x.by.seat)
	return seat
}

// State gives the meeting's state after the last act that is stored. It never
// waits, is never changed, and must not be. What of it may be shown to the person is
// for the gate to say: review.State.Look.
func (x *Session) State() *review.State { return x.l.now.Load() }

// Close hands the seat back: the session's keys are forgotten. Later acts fail with
// CodeSessionClosed.
func (x *Session) Close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.by.who = nil
}

// author gives who acts, and counts as use of the session.
// Codes: CodeSessionClosed (closed, idle for too long, the seat has new keys, or the
// meeting was sealed or continued from a copy).
func (x *Session) author() (author, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	state := x.State()
	if x.expired() || x.l.gone.Load() || state.Phase == review.PhaseSealed {
		x.by.who = nil
	}
	seat, _ := state.Seat(x.by.seat)
	if x.by.who == nil || x.by.who.Public().Seal != seat.Keys.Seal {
		return author{}, review.E(review.CodeSessionClosed, "meeting.Session.author", string(x.by.seat), nil)
	}
	x.used = x.l.services.now()
	return x.by, nil
}

func (x *Session) expired() bool {
	idle := x.l.services.idle
	return idle > 0 && x.l.services.now().Sub(x.used) > idle
}

// Touch counts as use of the session, as when its person types or reads on.
// Codes: CodeSessionClosed.
func (x *Session) Touch() error {
	_, err := x.author()
	return err
}

// SetQuick lets the person come back by four digits for the rest of this run.
// Codes: CodeSecretForm, CodeSessionClosed.
func (x *Session) SetQuick(digits string) error {
	by, err := x.author()
	if err != nil {
		return err
	}
	if digits, err = seal.ReadQuick(digits); err != nil {
		return err
	}
	x.l.doors.Lock()
	defer x.l.doors.Unlock()
	// New keys are on record before the digits of the old ones are forgotten.
	if seat, _ := x.State().Seat(by.seat); seat.Keys.Seal != by.who.Public().Seal {
		return review.E(review.CodeSessionClosed, "meeting.Session.SetQuick", string(by.seat), nil)
	}
	x.l.quick[by.seat] = &quick{digits: digits, who: by.who}
	return nil
}

// do makes one act of one event.
func (x *Session) do(body review.Body, blobs ...[]byte) error {
	return x.doWith(nil, body, blobs...)
}

// doWith makes one act of one event, with the consent of another person where there
// is one.
func (x *Session) doWith(with *Session, body review.Body, blobs ...[]byte) error {
	by, err := x.author()
	if err != nil {
		return err
	}
	st := step{body: body, blobs: blobs}
	if with != nil {
		if st.with, err = with.author(); err != nil {
			return err
		}
	}
	return x.l.act(by, st)
}

// may asks before a costly preparation whether the act can be done at all.
// Codes: CodeSessionClosed, those of review.State.May.
func (x *Session) may(k review.Kind, project review.ProjectID) error {
	by, err := x.author()
	if err != nil {
		return err
	}
	return x.State().May(by.seat, k, project, by.seat)
}

// state signs a statement of the person's and makes the act of it.
func (x *Session) state(st review.Statement) error {
	g, err := x.signed(st)
	if err != nil {
		return err
	}
	body, err := review.Carry(g)
	if err != nil {
		return err
	}
	return x.do(body)
}

// signed fills in what every statement of the person says, the time too unless it has one,
// and signs it.
func (x *Session) signed(st review.Statement) (review.Signed, error) {
	by, err := x.author()
	if err != nil {
		return review.Signed{}, err
	}
	st.Version, st.Meeting, st.Seat = review.StatementVersion, x.l.id, by.seat
	if st.At.IsZero() {
		st.At = x.l.services.clock()
	}
	if p := x.State().Project(st.Project); p != nil {
		st.Package, st.Scheme = p.Package, p.SchemeDigest
	}
	return journal.State(st, by.who)
}

// maxDraft bounds what a draft of any kind may hold, in bytes.
const maxDraft = 256 << 10

// SaveDraft keeps unfinished text, so sealed that only its owner can read it; the
// draft of a ballot can be opened by both officers together as well, for one who
// forgets his code. key is one of review's draft keys. Text of the 会议记录 may have
// MaxText characters, whatever its form, so that nothing typed is lost for it. ""
// removes the draft. When it returns nil the draft is on the disk.
// Codes: CodeTextLong, CodeProjectUnknown, CodeEventIllegal (no such
// key), CodeSessionClosed and those of Store.Commit.
func (x *Session) SaveDraft(key, text string) error {
	by, err := x.author()
	if err != nil {
		return err
	}
	if key == review.MinutesDraft {
		if err := review.CheckLength(text, review.MaxText); err != nil {
			return err
		}
	}
	if len(text) > maxDraft {
		return review.E(review.CodeTextLong, "meeting.Session.SaveDraft", strconv.Itoa(maxDraft/3), nil)
	}
	l := x.l
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.outcome()
	id := journal.DraftKey{Key: key, Owner: by.seat}
	_, there := l.drafts[id]
	declared := !o.state.Undeclared(by.seat, key)
	switch {
	case text == "" && !there:
		return nil
	case text == "" && declared:
		if err := l.then(&o, step{by: by, body: review.DraftDropped{Key: key}}); err != nil {
			return err
		}
	case text == "":
		o.batch.DropDrafts = []journal.DraftKey{id}
	default:
		if !there || !declared {
			if err := l.then(&o, step{by: by, body: review.DraftBegun{Key: key}}); err != nil {
				return err
			}
		}
		d, err := l.draft(o.state, by, key, []byte(text))
		if err != nil {
			return err
		}
		o.batch.SaveDrafts = []journal.Draft{d}
	}
	return l.commit(o)
}

// generation is more than anybody saves one draft without an entry.
const generation = 1 << 20

// draft seals and signs the next version of a draft. Versions of one key and owner only
// grow: of what was begun anew, since that took an entry, the first is beyond the last
// of what was there before.
func (l *live) draft(state *review.State, by author, key string, text []byte) (journal.Draft, error) {
	d := journal.Draft{Key: key, Owner: by.seat}
	d.Version = max(l.drafts[journal.DraftKey{Key: key, Owner: by.seat}].Version+1, state.Size*generation)
	var err error
	own := by.who.Public().Seal
	if isScore(key) {
		// Where there is no round, or nobody fit to open it, the text is kept all the
		// same, for its owner alone.
		to := recipients{own, own, own}
		if p := scoreDraftOf(state, key); p != nil {
			if present, err := recipientsOf(state, p, own); err == nil {
				to = present
			}
		}
		d.Cipher, err = seal.SealTwice(seal.PackBallot(text, nil), to.inner(), to.outer())
	} else {
		d.Cipher, err = seal.SealTo(text, own)
	}
	if err != nil {
		return d, err
	}
	d.Signature, err = by.who.Sign(journal.DraftDomain, d.Message(l.id))
	return d, err
}

// scoreDraftOf gives the project in whose latest round a draft is a ballot's, else nil.
func scoreDraftOf(state *review.State, key string) *review.Project {
	for _, p := range state.Projects {
		if key == review.ScoreDraft(p.ID, len(p.Rounds)) {
			return p
		}
	}
	return nil
}

// Draft gives the text kept by SaveDraft, or "".
// Codes: CodeKeyForm, CodeSessionClosed.
func (x *Session) Draft(key string) (string, error) {
	by, err := x.author()
	if err != nil {
		return "", err
	}
	x.l.mu.Lock()
	d, ok := x.l.drafts[journal.DraftKey{Key: key, Owner: by.seat}]
	x.l.mu.Unlock()
	if !ok {
		return "", nil
	}
	text, err := openDraft(d, by.who.Opener(), by.who.Opener())
	return string(text), err
}

// isScore tells whether a draft is a ballot's, of whatever round: those are sealed twice.
func isScore(key string) bool { return strings.HasPrefix(key, "score/") }

// openDraft opens a draft of either sealing.
func openDraft(d journal.Draft, inner, outer seal.Opener) ([]byte, error) {
	if isScore(d.Key) {
		packed, err := seal.OpenTwice(d.Cipher, inner, outer)
		if err != nil {
			return nil, err
		}
		text, _, err := seal.UnpackBallot(packed)
		return text, err
	}
	return outer.Open(d.Cipher)
}

// Record adds the paragraphs of text (one a line) to the 会议记录 and removes the
// draft, in one transaction.
// Codes: those of review.CheckLine, CodeTextGlyph, CodeActPhase, CodeActRole,
// CodeSessionClosed and those of Store.Commit. On failure the draft stays.
func (x *Session) Record(text string) error {
	paragraphs := review.Paragraphs(text)
	if len(paragraphs) == 0 {
		return review.E(review.CodeTextEmpty, "meeting.Session.Record", "minutes", nil)
	}
	if err := x.l.services.printable(paragraphs...); err != nil {
		return err
	}
	return x.do(review.MinutesRecorded{Paragraphs: paragraphs})
}

// IssueMinutes composes the 会议记录, signs it as the person signed in, records
// it and puts the file among the data directory's papers. If only the last
// fails, the paper is given beside the error: it is recorded, and Export gives the
// file later.
// Codes: CodeTextEmpty (nothing recorded yet), CodeSeatUnclaimed (no certificate yet),
// those of Papers, Store.Commit and Files.Export.
func (x *Session) IssueMinutes() (review.Paper, string, error) {
	const op = "meeting.Session.IssueMinutes"
	fail := func(err error) (review.Paper, string, error) { return review.Paper{}, "", err }
	by, err := x.author()
	if err != nil {
		return fail(err)
	}
	l := x.l
	l.mu.Lock()
	defer l.mu.Unlock()
	state := x.State()
	if len(state.Minutes) == 0 {
		return fail(review.E(review.CodeTextEmpty, op, "minutes", nil))
	}
	seat := x.Seat()
	if seat.Certificate == nil {
		return fail(review.E(review.CodeSeatUnclaimed, op, string(seat.ID), nil))
	}
	cert, err := x509.ParseCertificate(seat.Certificate)
	if err != nil {
		return fail(review.E(review.CodeCertForm, op, string(seat.ID), err))
	}
	at := l.moment(seat.Certificate)
	number := state.Issued(review.FormMinutes) + 1
	base, err := l.services.papers.Compose(&paper.Minutes{
		Head: paper.Head{
			Meeting: l.id, Event: state.Title, Number: paper.Number(review.FormMinutes, l.id, number),
			Check: review.CheckCode(l.tree.Checkpoint().String()), At: at, Author: seat.Name,
			Mark: paper.MarkOf(state),
		},
		Secretary: seat.Name, Paragraphs: state.Minutes, Restored: state.Restorations,
	})
	if err != nil {
		return fail(err)
	}
	signed, err := l.services.papers.Sign(base, review.Signing{
		Field: review.SignatureField, Name: seat.Name, Reason: "记录人签名", At: at,
		Key: by.who.Signer(), Certificate: cert,
	})
	if err != nil {
		return fail(err)
	}
	o := l.outcome()
	issued := review.PaperIssued{Form: review.FormMinutes, Number: number, Base: review.DigestOf(base), Signed: review.DigestOf(signed)}
	// The signature says the same time as the entry.
	if err := l.then(&o, step{by: by, at: at, body: issued, blobs: [][]byte{base, signed}}); err != nil {
		return fail(err)
	}
	if err := l.commit(o); err != nil {
		return fail(err)
	}
	paper := o.state.Papers[len(o.state.Papers)-1]
	path, err := l.services.export(l.id, o.state, paper.NumberName()+".pdf", signed)
	return paper, path, err
}

// export puts a signed paper among the data directory's papers, and beside it the panel's
// certificate, without which nobody can verify it.
// Codes: those of Files.Export.
func (s *Services) export(id review.MeetingID, state *review.State, name string, signed []byte) (string, error) {
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: state.Authority})
	if _, err := s.files.Export(id, "ca.pem", ca); err != nil {
		return "", err
	}
	return s.files.Export(id, name, signed)
}

// Paper gives the signed bytes of the issued paper of p's form and number.
// Codes: CodeFileMissing (none was issued; Item: its name), CodeHidden, CodeSessionClosed
// and those of Store.Blob.
func (x *Session) Paper(p review.Paper) ([]byte, error) {
	const op = "meeting.Session.Paper"
	by, err := x.author()
	if err != nil {
		return nil, err
	}
	state := x.State()
	i := slices.IndexFunc(state.Papers, func(q review.Paper) bool { return q.Form == p.Form && q.Number == p.Number })
	if i < 0 {
		return nil, review.E(review.CodeFileMissing, op, p.NumberName(), nil)
	}
	if sight := state.Look(by.seat, things[p.Form], ""); !sight.Allowed {
		return nil, review.E(review.CodeHidden, op, string(sight.Why), nil)
	}
	return x.l.services.store.Blob(x.l.id, state.Papers[i].Signed)
}

// things are what papers show, for the gate to say who may have them.
var things = map[review.Form]review.Thing{review.FormMinutes: review.ThingMinutes}

// Export puts an issued paper among the data directory's papers, again if need
// be, and gives its path.
// Codes: those of Paper and Files.Export.
func (x *Session) Export(p review.Paper) (string, error) {
	signed, err := x.Paper(p)
	if err != nil {
		return "", err
	}
	return x.l.services.export(x.l.id, x.State(), p.NumberName()+".pdf", signed)
}
