// Package meeting holds the services of the program: every use case once, for
// the window and the command line alike. It declares what it needs of the world
// as ports and gets them from main.
package meeting

import (
	"encoding/base32"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/seal"
)

// Services are the use cases on one data directory. They are safe for use by
// several goroutines.
type Services struct {
	store  Store
	papers Papers
	files  Files
	marks  Marks
	now    Clock
	random io.Reader
}

// New wires the services. marks may be nil where there is no place for them:
// a journal put back to an older state then goes unnoticed. random gives meeting
// ids and nothing else; keys come from the crypto libraries' own source.
func New(store Store, papers Papers, files Files, marks Marks, now Clock, random io.Reader) *Services {
	return &Services{store: store, papers: papers, files: files, marks: marks, now: now, random: random}
}

// Summary is a meeting as it stands in the list of meetings.
type Summary struct {
	ID      review.MeetingID
	Title   string
	Created time.Time
	Phase   review.Phase
	Err     error // why the meeting cannot be opened; then only ID is set
}

// List gives all meetings, newest first; those that cannot be read stand last.
// Codes: CodeDirFailed.
func (s *Services) List() ([]Summary, error) {
	ids, err := s.store.List()
	if err != nil {
		return nil, err
	}
	out := make([]Summary, 0, len(ids))
	for _, id := range ids {
		state, _, _, err := s.load(id)
		if err != nil {
			out = append(out, Summary{ID: id, Err: err})
			continue
		}
		out = append(out, Summary{ID: id, Title: state.Title, Created: state.Created, Phase: state.Phase})
	}
	slices.SortStableFunc(out, func(a, b Summary) int { return b.Created.Compare(a.Created) })
	return out, nil
}

// load reads a meeting and makes the checks of every start: each entry, the
// root, the values of the meta table.
func (s *Services) load(id review.MeetingID) (*review.State, *journal.Tree, journal.Record, error) {
	rec, err := s.store.Load(id)
	if err != nil {
		return nil, nil, rec, err
	}
	state, tree, err := check(id, rec)
	if err == nil {
		err = s.seen(id, tree)
	}
	return state, tree, rec, err
}

// seen compares a journal with the mark that this machine's user has of it.
func (s *Services) seen(id review.MeetingID, tree *journal.Tree) error {
	if s.marks == nil {
		return nil
	}
	mark, err := s.marks.Mark(id)
	if err != nil || mark == "" {
		return err
	}
	c, err := journal.ParseCheckpoint(mark)
	if err != nil {
		return review.E(review.CodeJournalRollback, "meeting.Services.seen", "?", err)
	}
	return tree.Extends(c)
}

// mark remembers how far a journal is. A mark that cannot be written is missed
// later; it must not stop a meeting now, whose act is on the disk already.
func (s *Services) mark(id review.MeetingID, tree *journal.Tree) {
	if s.marks != nil {
		_ = s.marks.SetMark(id, tree.Checkpoint().String())
	}
}

func check(id review.MeetingID, rec journal.Record) (*review.State, *journal.Tree, error) {
	const op = "meeting.check"
	state, tree, err := journal.Replay(rec.Entries)
	switch {
	case err != nil:
		return nil, nil, err
	case tree.Checkpoint().String() != rec.Checkpoint:
		return nil, nil, review.E(review.CodeJournalRoot, op, rec.Checkpoint, nil)
	case rec.Meeting != id || state.Meeting != id:
		return nil, nil, review.E(review.CodeMetaAltered, op, "meeting", nil)
	}
	return state, tree, nil
}

// NewMeeting is what a secretary gives to create a meeting.
type NewMeeting struct {
	Title      string // 会议名称, at most MaxTitle characters
	Secretary  string // her name, at most MaxName characters
	Passphrase string // at least MinPassphrase characters
	Repeated   string // the passphrase once more
}

// Create makes a meeting with its secretary, confirms the panel as it then is
// (the secretary alone) and signs her in. On failure nothing of it is left.
// Codes: those of review.CheckLine, CodeTextGlyph, CodeSecretShort,
// CodeSecretDiffers and those of Store.Create.
func (s *Services) Create(in NewMeeting) (*Session, error) {
	const op = "meeting.Services.Create"
	in.Title, in.Secretary = strings.TrimSpace(in.Title), strings.TrimSpace(in.Secretary)
	if err := s.line("title", in.Title, review.MaxTitle); err != nil {
		return nil, err
	}
	if err := s.line("name", in.Secretary, review.MaxName); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(in.Passphrase) >= review.MinPassphrase && in.Passphrase != in.Repeated {
		return nil, review.E(review.CodeSecretDiffers, op, "", nil)
	}
	who, err := seal.NewIdentity()
	if err != nil {
		return nil, err
	}
	keyFile, err := who.Lock(in.Passphrase)
	if err != nil {
		return nil, err
	}
	var raw [16]byte
	if _, err := io.ReadFull(s.random, raw[:]); err != nil {
		return nil, review.E(review.CodeInternal, op, "random", err)
	}
	id := review.MeetingID(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:])))

	x := newSession(s, id, review.FirstSeat, who, &review.State{}, &journal.Tree{})
	created := review.MeetingCreated{Title: in.Title, Secretary: in.Secretary, Keys: who.Public(), KeyFile: review.DigestOf(keyFile)}
	next, err := x.prepare(step{body: created, blobs: [][]byte{keyFile}})
	if err != nil {
		return nil, err
	}
	confirmed, sealedKey, err := s.confirmPanel(next.state)
	if err != nil {
		return nil, err
	}
	next, err = next.then(x, step{body: confirmed, blobs: [][]byte{sealedKey}})
	if err != nil {
		return nil, err
	}
	if err := s.store.Create(id, next.batch); err != nil {
		return nil, err
	}
	x.now.Store(next.state)
	x.tree = next.tree
	s.mark(id, x.tree)
	return x, nil
}

// confirmPanel makes the panel CA and the seats' certificates, and seals the
// CA's key to the officers.
func (s *Services) confirmPanel(state *review.State) (review.PanelConfirmed, []byte, error) {
	at := s.clock()
	ca, err := seal.NewAuthority(state.Title, at)
	if err != nil {
		return review.PanelConfirmed{}, nil, err
	}
	var officers []review.PublicKeys
	body := review.PanelConfirmed{Authority: ca.Certificate()}
	for _, seat := range state.Seats {
		key, err := seal.SigningKey(seat.Keys)
		if err != nil {
			return review.PanelConfirmed{}, nil, err
		}
		der, err := ca.Issue(key, seal.Subject{Name: seat.Name, Role: seat.Roles[0].Name(), Meeting: state.Title}, at)
		if err != nil {
			return review.PanelConfirmed{}, nil, err
		}
		body.Certificates = append(body.Certificates, review.SeatCertificate{Seat: seat.ID, DER: der})
		if seat.Has(review.RoleSecretary) {
			officers = append(officers, seat.Keys)
		}
	}
	sealed, err := seal.SealTo(ca.Key(), officers...)
	body.AuthorityKey = review.DigestOf(sealed)
	return body, sealed, err
}

// Open signs the secretary in to a meeting that passes the checks of a start.
// Codes: CodeSecretWrong, CodeKeyForm, CodeMeetingMissing, CodeJournalEntry,
// CodeJournalRoot, CodeJournalRollback, CodeMetaAltered, CodeEventNewer and those
// of Store.Load, Store.Blob and Marks.Mark.
func (s *Services) Open(id review.MeetingID, passphrase string) (*Session, error) {
	state, tree, rec, err := s.load(id)
	if err != nil {
		return nil, err
	}
	keyFile, err := s.store.Blob(id, state.Seats[0].KeyFile)
	if err != nil {
		return nil, err
	}
	who, err := seal.Unlock(keyFile, passphrase)
	if err != nil {
		return nil, err
	}
	s.mark(id, tree)
	seat := state.Seats[0].ID
	x := newSession(s, id, seat, who, state, tree)
	x.draft = draftOf(rec, seat)
	return x, nil
}

// line checks a short text that a person gave: its form, and that it can be
// printed.
func (s *Services) line(field, text string, max int) error {
	if err := review.CheckLine(field, text, max); err != nil {
		return err
	}
	return s.printable(text)
}

func (s *Services) printable(text string) error {
	if missing := s.papers.Missing(text); len(missing) > 0 {
		return review.E(review.CodeTextGlyph, "meeting.printable", review.NameRunes(missing), nil)
	}
	return nil
}

// clock gives the time as events carry it: whole seconds.
func (s *Services) clock() time.Time { return s.now().Truncate(time.Second) }
