package meeting

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/seal"
)

// Evidence is what is known of a meeting that does not verify: what is wrong, and
// from which copy it could go on.
type Evidence struct {
	Meeting  review.MeetingID
	Title    string           // as the copy says; "" without one
	Findings []review.Finding // why it does not verify; none if it does
	Seen     string           // the last checkpoint that this machine's user has seen; "" if none
	Copy     journal.Copy     // the newest copy that verifies; Path "" if there is none
	Lost     int64            // entries that were seen and that the copy does not have; 0 if not known
	Officers []review.SeatID  // who must act together to go on: the copy's, and who is asked besides
}

// Evidence looks at a meeting that cannot be entered, without changing anything.
// Codes: CodeMeetingMissing.
func (s *Services) Evidence(id review.MeetingID) (Evidence, error) {
	e := Evidence{Meeting: id, Findings: s.Verify(id, nil).Findings}
	if len(e.Findings) > 0 && e.Findings[0].Code == review.CodeMeetingMissing {
		return e, review.E(review.CodeMeetingMissing, "meeting.Services.Evidence", string(id), nil)
	}
	seen := s.lastSeen(id)
	if seen != nil {
		e.Seen = seen.String()
	}
	copies, err := s.store.Backups(id)
	if err != nil {
		return e, err
	}
	for _, c := range copies {
		state, tree, err := s.sound(id, c.Path)
		if err != nil {
			continue
		}
		e.Officers = officersOf(state)
		if chair, ok := s.askedBeside(id, c.Path, tree); ok && !slices.Contains(e.Officers, chair) {
			e.Officers = append(e.Officers, chair)
		}
		if seen != nil && seen.Size > tree.Checkpoint().Size {
			e.Lost = seen.Size - tree.Checkpoint().Size
		}
		e.Copy, e.Title = c, state.Title
		break
	}
	return e, nil
}

// lastSeen gives the checkpoint of the user's mark, nil if there is none to be read.
func (s *Services) lastSeen(id review.MeetingID) *journal.Checkpoint {
	text, err := s.mark(id)
	if err != nil || text == "" {
		return nil
	}
	m, err := parseMark(text)
	if err != nil || m.checkpoint.Size == 0 { // a mark of tries alone
		return nil
	}
	return &m.checkpoint
}

// sound makes the full verification of a copy, but for papers.
func (s *Services) sound(id review.MeetingID, path string) (*review.State, *journal.Tree, error) {
	r, err := s.store.OpenCopy(id, path)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	_, state, tree, findings := verifyRecord(r, id)
	if len(findings) > 0 {
		return nil, nil, review.E(findings[0].Code, "meeting.Services.sound", findings[0].Entry, nil)
	}
	return state, tree, nil
}

func officersOf(state *review.State) []review.SeatID {
	officers := []review.SeatID{review.FirstSeat}
	if state.Chair != "" {
		officers = append(officers, state.Chair)
	}
	return officers
}

// Officer is an officer with the secret that he types to act on a meeting that cannot
// be entered.
type Officer struct {
	Seat   review.SeatID
	Secret string
}

// Format hides the secret from logs, whatever the verb.
func (Officer) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// Continue goes on from a copy, by secretary and chair together (by the secretary alone
// while there is no chair): what is there is set aside as evidence, the copy takes its
// place, and an entry says so, as every later paper will. path is the copy's, "" for the
// newest that verifies. Nothing is changed before all secrets were right. It gives where
// the evidence lies.
//
// The officers are the copy's, whose keys sign. So that nobody gets rid of a chair by
// going back to before he was named, the chair of what is there (as far as it verifies)
// is among others as well, unless the copy has all of it, or his key file lies neither
// there nor in the copy: then nobody can ask him. One who has had a new code since the
// copy stands among others twice, once with each.
//
// Every try is counted before the secret is looked at, as in Enter: on record where what
// is there can be entered, else in the user's mark.
// Codes: CodeNoCopy, CodeSecretWrong, CodeSecretForm, CodeSecretWait (Item: seconds),
// CodeActConsent (Item: the chair who is not among them, or who has no part in it),
// CodeSeatUnknown, CodeSeatElsewhere, CodeActRole, CodeActPhase (the meeting is sealed, there or in the
// copy), those of the text checks, Store.SetAside and Store.Restore.
func (s *Services) Continue(id review.MeetingID, path, reason string, secretary Officer, others ...Officer) (string, error) {
	const op = "meeting.Services.Continue"
	if err := s.line("reason", reason, review.MaxReason); err != nil {
		return "", err
	}
	if path == "" {
		e, err := s.Evidence(id)
		if err != nil {
			return "", err
		}
		if path = e.Copy.Path; path == "" {
			return "", review.E(review.CodeNoCopy, op, string(id), nil)
		}
	}
	s.continuing.Lock()
	defer s.continuing.Unlock()
	state, tree, err := s.sound(id, path)
	if err != nil {
		return "", err
	}
	if err := state.May(secretary.Seat, review.KindMeetingRestored, "", ""); err != nil {
		return "", err
	}
	r, err := s.store.OpenCopy(id, path)
	if err != nil {
		return "", err
	}
	defer r.Close()
	rec, err := r.Load(id)
	if err != nil {
		return "", err
	}
	locks, err := s.locks(id, r, state, tree)
	if err != nil {
		return "", err
	}
	if err := s.open(id, locks, append([]Officer{secretary}, others...)); err != nil {
		return "", err
	}
	st := step{by: author{locks[0].seat.ID, locks[0].who}}
	if state.Chair != "" {
		st.with = author{locks[1].seat.ID, locks[1].who}
	}
	body := review.MeetingRestored{Reason: reason, Evidence: review.DigestOf(nil)}
	if c := s.lastSeen(id); c != nil {
		body.Seen = c.String()
	}
	l := newLive(s, id, state, tree, draftsOf(rec))
	st.body = body
	o := l.outcome()
	if err := l.then(&o, st); err != nil { // as it will be, but for the digest of the evidence
		return "", err
	}
	notes, err := s.notes(id, body.Seen)
	if err != nil {
		return "", err
	}
	return s.replace(l, path, notes, st, body)
}

// replace sets a meeting aside and puts a copy in its place, with one entry on top that
// names the evidence. Nothing else is done to the meeting meanwhile, and whoever was in
// it is out.
func (s *Services) replace(l *live, path string, notes map[string][]byte, st step, body review.MeetingRestored) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.lives[l.id]
	if old != nil {
		old.mu.Lock()
		defer old.mu.Unlock()
	}
	aside, sums, err := s.store.SetAside(l.id, notes)
	if err != nil {
		return "", err
	}
	body.Evidence = sums
	st.body = body
	o := l.outcome()
	if err := l.then(&o, st); err != nil {
		return aside, err
	}
	if err := s.store.Restore(l.id, path, l.now.Load().Size, o.batch); err != nil {
		// It may have been done all the same; the disk is asked.
		if rec, failed := s.store.Load(l.id); failed != nil || rec.Checkpoint != o.batch.Checkpoint.String() {
			return aside, err
		}
	}
	if old != nil {
		old.gone.Store(true)
	}
	l.now.Store(o.state)
	l.tree = o.tree
	s.lives[l.id] = l
	s.setMark(l, markOf(l.tree, l.drafts))
	s.keep(l)
	return aside, nil
}

// lock is a key file that must be opened before a meeting goes on.
type lock struct {
	seat review.Seat
	file []byte
	who  *seal.Identity // once it is open
}

// locks gives the key files of all who must act: the copy's secretary, its chair if it
// has one, and who is asked besides. c reads the copy, of which state and tree are.
// Codes: CodeActPhase, CodeSeatElsewhere, those of Reader.Blob.
func (s *Services) locks(id review.MeetingID, c journal.Reader, state *review.State, tree *journal.Tree) ([]lock, error) {
	const op = "meeting.Services.locks"
	var out []lock
	for _, officer := range officersOf(state) {
		x, _ := state.Seat(officer)
		if x.KeyFile == "" {
			return nil, review.E(review.CodeSeatElsewhere, op, string(officer), nil)
		}
		file, err := c.Blob(id, x.KeyFile)
		if err != nil {
			return nil, err
		}
		out = append(out, lock{seat: x, file: file})
	}
	there := s.beyond(id, tree)
	if there.Phase == review.PhaseSealed {
		return nil, review.E(review.CodeActPhase, op, string(there.Phase), nil)
	}
	if asked, ok := s.asked(id, c, there); ok && !slices.ContainsFunc(out, func(k lock) bool { return bytes.Equal(k.file, asked.file) }) {
		out = append(out, asked)
	}
	return out, nil
}

// beyond gives what is there of a meeting, as far as it verifies, if that is anything
// that the tree of a copy does not have; else an empty state.
func (s *Services) beyond(id review.MeetingID, tree *journal.Tree) *review.State {
	rec, err := s.store.Load(id)
	if err != nil {
		return &review.State{}
	}
	there, held, _ := journal.Replay(rec.Entries)
	if there.Meeting != id || tree.Extends(held.Checkpoint()) == nil {
		return &review.State{}
	}
	return there
}

// asked gives the chair of what is there, if he can be asked.
func (s *Services) asked(id review.MeetingID, c journal.Reader, there *review.State) (lock, bool) {
	x, ok := there.Seat(there.Chair)
	if !ok || x.KeyFile == "" {
		return lock{}, false
	}
	for _, r := range []journal.Reader{s.store, c} {
		if file, err := r.Blob(id, x.KeyFile); err == nil {
			return lock{seat: x, file: file}, true
		}
	}
	return lock{}, false
}

// askedBeside is asked for a copy by its path.
func (s *Services) askedBeside(id review.MeetingID, path string, tree *journal.Tree) (review.SeatID, bool) {
	c, err := s.store.OpenCopy(id, path)
	if err != nil {
		return "", false
	}
	defer c.Close()
	asked, ok := s.asked(id, c, s.beyond(id, tree))
	return asked.seat.ID, ok
}

// open opens all locks with the officers' secrets. Nobody's is tried unless all are
// there who must.
// Codes: CodeActConsent, CodeSecretForm, CodeSecretWait, CodeSecretWrong, CodeKeyForm.
func (s *Services) open(id review.MeetingID, locks []lock, officers []Officer) error {
	const op = "meeting.Services.open"
	for _, k := range locks {
		if !slices.ContainsFunc(officers, func(o Officer) bool { return o.Seat == k.seat.ID }) {
			return review.E(review.CodeActConsent, op, string(k.seat.ID), nil)
		}
	}
	for _, o := range officers {
		if err := s.openBy(id, locks, o); err != nil {
			return err
		}
	}
	for _, k := range locks {
		if k.who == nil { // his old code is right, his new one is not there, or the other way round
			return review.E(review.CodeActConsent, op, string(k.seat.ID), nil)
		}
	}
	return nil
}

// openBy opens what one officer can open with his secret, which must be something.
func (s *Services) openBy(id review.MeetingID, locks []lock, o Officer) error {
	const op = "meeting.Services.openBy"
	at := slices.IndexFunc(locks, func(k lock) bool { return k.seat.ID == o.Seat })
	if at < 0 {
		return review.E(review.CodeActConsent, op, string(o.Seat), nil)
	}
	secret := o.Secret
	if !passphrased(locks[at].seat) {
		var err error
		if secret, err = seal.ReadCode(secret); err != nil {
			return err
		}
	}
	if err := s.tried(id, o.Seat); err != nil {
		return err
	}
	var wrong error
	opened := false
	for i := range locks {
		if k := &locks[i]; k.seat.ID == o.Seat && k.who == nil {
			who, err := seal.Unlock(k.file, secret)
			if err == nil {
				k.who, opened = who, true
			} else if wrong == nil {
				wrong = err
			}
		}
	}
	if !opened {
		return wrong
	}
	s.forget(id, o.Seat)
	return nil
}

// seatOf names who tries a secret, in which meeting.
type seatOf struct {
	meeting review.MeetingID
	seat    review.SeatID
}

// tries are how often a secret was tried since it was right, and when last.
type tries struct {
	n    int
	last time.Time
}

// tried counts a try of a secret: on record where the record can be entered and knows
// the seat, else in the user's mark, and in this run in any case.
// Codes: CodeSecretWait.
func (s *Services) tried(id review.MeetingID, seat review.SeatID) error {
	if counted, err := s.triedOnRecord(id, seat); counted {
		return err
	}
	key, now := seatOf{id, seat}, s.now()
	t := s.tries[key]
	m, marked := s.markOfTries(id)
	if before := m.tries[seat]; before.n > t.n {
		t = before
	}
	if t.last.After(now) { // a clock that was moved locks nobody out
		t.last = now
	}
	s.tries[key] = t
	if err := waiting(t, now); err != nil {
		return err
	}
	t = tries{t.n + 1, now}
	s.tries[key] = t
	if marked {
		m.tries[seat] = t
		_ = s.marks.SetMark(id, m.String()) // then this run alone remembers
	}
	return nil
}

// triedOnRecord counts a try in the record that is there, if that can be.
func (s *Services) triedOnRecord(id review.MeetingID, seat review.SeatID) (bool, error) {
	if _, _, _, err := s.load(id); err != nil {
		return false, nil
	}
	l, err := s.live(id)
	if err != nil {
		return false, nil
	}
	if x, _ := l.now.Load().Seat(seat); !x.Claimed() {
		return false, nil
	}
	l.entering.Lock()
	defer l.entering.Unlock()
	err = l.try(seat)
	return err == nil || review.CodeOf(err) == review.CodeSecretWait, err
}

// forget takes back the tries of a secret that was right.
func (s *Services) forget(id review.MeetingID, seat review.SeatID) {
	delete(s.tries, seatOf{id, seat})
	if m, marked := s.markOfTries(id); marked && m.tries[seat].n > 0 {
		delete(m.tries, seat)
		_ = s.marks.SetMark(id, m.String())
	}
}

// markOfTries gives the user's mark to count tries in, and whether there is a place for
// it. One that cannot be read is left as it is.
func (s *Services) markOfTries(id review.MeetingID) (mark, bool) {
	text, err := s.mark(id)
	if err != nil || s.marks == nil {
		return mark{}, false
	}
	if text == "" {
		return markOf(&journal.Tree{}, nil), true
	}
	m, err := parseMark(text)
	return m, err == nil
}

// notes are what is laid beside the evidence: what does not verify, and what was seen.
func (s *Services) notes(id review.MeetingID, seen string) (map[string][]byte, error) {
	var lines []string
	for _, f := range s.Verify(id, nil).Findings {
		lines = append(lines, string(f.Code)+" "+f.Entry)
	}
	raw, err := json.MarshalIndent(struct {
		Version  int              `json:"v"`
		Meeting  review.MeetingID `json:"meeting"`
		Seen     string           `json:"seen"`
		Findings []string         `json:"findings"`
	}{1, id, seen, slices.Clip(lines)}, "", "  ")
	if err != nil {
		return nil, review.E(review.CodeInternal, "meeting.Services.notes", "", err)
	}
	return map[string][]byte{"findings.json": append(raw, '\n')}, nil
}

// Backup makes a copy of a meeting now and waits for it. Of a sealed meeting it also
// removes the copies from before, as the sealing does: should that have failed, this
// makes up for it.
// Codes: those of Enter's start, Store.Backup and Store.DropBackups.
func (s *Services) Backup(id review.MeetingID) error {
	l, err := s.live(id)
	if err != nil {
		return err
	}
	err = s.store.Backup(id)
	if l.now.Load().Phase != review.PhaseSealed {
		return err
	}
	return errors.Join(err, s.store.DropBackups(id)) // one place that is away keeps its keys; the others need not
}

// Backups lists the copies of a meeting, newest first.
// Codes: those of Store.Backups.
func (s *Services) Backups(id review.MeetingID) ([]journal.Copy, error) { return s.store.Backups(id) }

// checkCode is the form in which papers show a checkpoint.
var checkCode = regexp.MustCompile(`^[0-9A-Fa-f]{4}(-[0-9A-Fa-f]{4}){3}$`)

// Compare holds a meeting against a checkpoint kept elsewhere, in full or as the check
// code at the foot of a paper: it is the journal that the checkpoint was taken of, as it was then or longer. Where the
// record was continued from a copy since, the checkpoint may be of what was lost.
// Codes: CodeEventForm (no checkpoint), CodeJournalRollback, CodeRestored (it does not
// hold, and the record says that it was continued from a copy; Item: the index of that
// entry), those of Enter's start.
func (s *Services) Compare(id review.MeetingID, checkpoint string) error {
	const op = "meeting.Services.Compare"
	state, tree, _, err := s.load(id)
	if err != nil {
		return err
	}
	if checkCode.MatchString(checkpoint) {
		_, ok := tree.Find(strings.ToUpper(checkpoint))
		switch n := len(state.Restorations); {
		case ok:
			return nil
		case n > 0:
			return review.E(review.CodeRestored, op, strconv.FormatInt(state.Restorations[n-1].Index, 10), nil)
		}
		return review.E(review.CodeJournalRollback, op, checkpoint, nil)
	}
	c, err := journal.ParseCheckpoint(checkpoint)
	if err != nil {
		return err
	}
	if err := tree.Extends(c); err != nil {
		for _, r := range slices.Backward(state.Restorations) {
			if r.Index < c.Size {
				return review.E(review.CodeRestored, op, strconv.FormatInt(r.Index, 10), err)
			}
		}
		return err
	}
	return nil
}
