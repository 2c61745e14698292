package meeting

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

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
	Officers []review.SeatID  // who must act together to go on, as the copy says
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
		if seen != nil && seen.Size > tree.Checkpoint().Size {
			e.Lost = seen.Size - tree.Checkpoint().Size
		}
		e.Copy, e.Title, e.Officers = c, state.Title, officersOf(state)
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
	if err != nil {
		return nil
	}
	return &m.checkpoint
}

// CheckCopy makes the full verification of a copy.
// Codes: those of Store.OpenCopy, and of what is wrong with it.
func (s *Services) CheckCopy(id review.MeetingID, path string) error {
	_, _, err := s.sound(id, path)
	return err
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
// newest that verifies. Nothing is changed before both secrets were right. It gives
// where the evidence lies.
// Codes: CodeNoCopy, CodeSecretWrong, CodeSecretForm, CodeActConsent (the copy has a chair,
// who is not among them), CodeActPhase (the copy is of a sealed meeting), those of the text
// checks, Store.SetAside and Store.Restore.
func (s *Services) Continue(id review.MeetingID, path, reason string, secretary Officer, chair *Officer) (string, error) {
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
	l := newLive(s, id, state, tree, draftsOf(rec))
	st := step{}
	if st.by, err = officer(r, state, secretary); err != nil {
		return "", err
	}
	if chair != nil {
		if st.with, err = officer(r, state, *chair); err != nil {
			return "", err
		}
	}
	body := review.MeetingRestored{Reason: reason}
	if c := s.lastSeen(id); c != nil {
		body.Seen = c.String()
	}
	notes, sums, err := s.notes(id, body.Seen)
	if err != nil {
		return "", err
	}
	body.Evidence = sums
	st.body = body
	o := l.outcome()
	if err := l.then(&o, st); err != nil {
		return "", err
	}
	return s.replace(l, path, notes, o)
}

// replace sets a meeting aside and puts a copy in its place, with an outcome on top.
// Nothing else is done to the meeting meanwhile, and whoever was in it is out.
func (s *Services) replace(l *live, path string, notes map[string][]byte, o outcome) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.lives[l.id]
	if old != nil {
		old.mu.Lock()
		defer old.mu.Unlock()
	}
	aside, err := s.store.SetAside(l.id, notes)
	if err != nil {
		return "", err
	}
	if err := s.store.Restore(l.id, path, l.now.Load().Size, o.batch); err != nil {
		return aside, err
	}
	if old != nil {
		old.gone.Store(true)
	}
	l.now.Store(o.state)
	l.tree = o.tree
	s.lives[l.id] = l
	s.setMark(l.id, markOf(l.tree, l.drafts))
	s.keep(l)
	return aside, nil
}

// officer opens an officer's keys as a copy has them.
func officer(r journal.Reader, state *review.State, o Officer) (author, error) {
	const op = "meeting.officer"
	x, ok := state.Seat(o.Seat)
	if !ok || x.KeyFile == "" {
		return author{}, review.E(review.CodeSeatUnknown, op, string(o.Seat), nil)
	}
	secret := o.Secret
	if !passphrased(x) {
		var err error
		if secret, err = seal.ReadCode(secret); err != nil {
			return author{}, err
		}
	}
	keyFile, err := r.Blob(state.Meeting, x.KeyFile)
	if err != nil {
		return author{}, err
	}
	who, err := seal.Unlock(keyFile, secret)
	return author{o.Seat, who}, err
}

// notes are what is laid beside the evidence: what does not verify, and what was seen.
// The digest of their text stands in the record.
func (s *Services) notes(id review.MeetingID, seen string) (map[string][]byte, review.Digest, error) {
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
		return nil, "", review.E(review.CodeInternal, "meeting.Services.notes", "", err)
	}
	raw = append(raw, '\n')
	return map[string][]byte{"findings.json": raw}, review.DigestOf(raw), nil
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
	if err := s.store.Backup(id); err != nil || l.now.Load().Phase != review.PhaseSealed {
		return err
	}
	return s.store.DropBackups(id)
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
			return review.E(review.CodeRestored, op, itoa(int(state.Restorations[n-1].Index)), nil)
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
				return review.E(review.CodeRestored, op, itoa(int(r.Index)), err)
			}
		}
		return err
	}
	return nil
}
