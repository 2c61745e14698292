package meeting

import (
	"crypto/subtle"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/seal"
)

// The delay after wrong codes (decisions 3): every five of them cost half a minute.
const (
	triesTogether = 5
	triesWait     = 30 * time.Second
)

// quick is somebody who can come back by four digits in this run. The digits protect
// nothing but the place at the laptop.
type quick struct {
	digits string
	who    *seal.Identity
	wrong  int
}

// Enter signs a person in by passphrase (secretary, observer) or code. The try is on
// the record before the secret is looked at.
// Codes: CodeMeetingMissing, CodeSeatUnknown, CodeSeatUnclaimed, CodeSeatElsewhere,
// CodeActPhase (the meeting is sealed), CodeSecretForm, CodeSecretWait (Item: seconds),
// CodeSecretWrong, CodeKeyForm, those of Store.Load, Store.Blob and Store.Commit, and of
// a start: CodeJournalEntry, CodeJournalRoot, CodeJournalRollback, CodeMetaAltered,
// CodeDraftAltered, CodeDraftMissing, CodeEventNewer.
func (s *Services) Enter(id review.MeetingID, seat review.SeatID, secret string) (*Session, error) {
	l, x, err := s.door(id, seat)
	if err != nil {
		return nil, err
	}
	if !passphrased(x) {
		if secret, err = seal.ReadCode(secret); err != nil {
			return nil, err
		}
	}
	keyFile, err := s.store.Blob(id, x.KeyFile)
	if err != nil {
		return nil, err
	}
	l.entering.Lock()
	defer l.entering.Unlock()
	if err := l.try(seat); err != nil {
		return nil, err
	}
	who, err := seal.Unlock(keyFile, secret)
	if err != nil {
		return nil, err
	}
	return l.enter(author{seat, who}, false)
}

// EnterQuick signs a person in by the four digits that he chose in this run.
// Codes: those of Enter; CodeSessionClosed (no digits were chosen in this run, or five
// wrong ones have ended them: the code is needed).
func (s *Services) EnterQuick(id review.MeetingID, seat review.SeatID, digits string) (*Session, error) {
	const op = "meeting.Services.EnterQuick"
	l, _, err := s.door(id, seat)
	if err != nil {
		return nil, err
	}
	if digits, err = seal.ReadQuick(digits); err != nil {
		return nil, err
	}
	if !l.hasQuick(seat) {
		return nil, review.E(review.CodeSessionClosed, op, string(seat), nil)
	}
	l.entering.Lock()
	defer l.entering.Unlock()
	if err := l.try(seat); err != nil {
		return nil, err
	}
	who := l.byQuick(seat, digits)
	if who == nil {
		return nil, review.E(review.CodeSecretWrong, op, "", nil)
	}
	return l.enter(author{seat, who}, true)
}

// HasQuick tells whether the person can come back by four digits.
func (s *Services) HasQuick(id review.MeetingID, seat review.SeatID) bool {
	l, err := s.live(id)
	return err == nil && l.hasQuick(seat)
}

func (l *live) hasQuick(seat review.SeatID) bool {
	l.doors.Lock()
	defer l.doors.Unlock()
	return l.quick[seat] != nil
}

// byQuick gives the keys of a person for his digits, nil if they are wrong.
func (l *live) byQuick(seat review.SeatID, digits string) *seal.Identity {
	l.doors.Lock()
	defer l.doors.Unlock()
	q := l.quick[seat]
	if q == nil {
		return nil
	}
	if subtle.ConstantTimeCompare([]byte(q.digits), []byte(digits)) == 1 {
		q.wrong = 0
		return q.who
	}
	if q.wrong++; q.wrong == triesTogether {
		delete(l.quick, seat)
	}
	return nil
}

// door gives a meeting and the seat at whose door a person stands.
func (s *Services) door(id review.MeetingID, seat review.SeatID) (*live, review.Seat, error) {
	const op = "meeting.Services.door"
	l, err := s.live(id)
	if err != nil {
		return nil, review.Seat{}, err
	}
	state := l.now.Load()
	x, ok := state.Seat(seat)
	switch {
	case !ok:
		err = review.E(review.CodeSeatUnknown, op, string(seat), nil)
	case state.Phase == review.PhaseSealed:
		err = review.E(review.CodeActPhase, op, string(state.Phase), nil)
	case !x.Claimed():
		err = review.E(review.CodeSeatUnclaimed, op, string(seat), nil)
	case x.KeyFile == "":
		err = review.E(review.CodeSeatElsewhere, op, string(seat), nil)
	}
	return l, x, err
}

// passphrased tells whether the person chose a passphrase; everybody else has a code.
func passphrased(x review.Seat) bool {
	return x.Has(review.RoleSecretary) || x.Has(review.RoleObserver)
}

// try records that a secret is about to be tried. No copy is made of a try alone: wrong
// ones must not push what was copied before out of the ring.
// Codes: CodeSecretWait, those of Store.Commit.
func (l *live) try(seat review.SeatID) error {
	if err := l.wait(seat); err != nil {
		return err
	}
	if err := l.note(review.CodeTried{Seat: seat}); err != nil {
		return err
	}
	l.doors.Lock()
	defer l.doors.Unlock()
	l.tried[seat] = l.services.now()
	return nil
}

// note stores an entry of the program's own, without a copy.
func (l *live) note(body review.Body) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.outcome()
	if err := l.then(&o, step{by: program, body: body}); err != nil {
		return err
	}
	return l.store(o)
}

// wait tells whether a person has to wait before the next try. Within a run it
// goes by the clock that nobody sets, where the machine has one; after a start by the
// last entry's time, and never longer than the whole delay from now, so that a clock
// that was moved locks nobody out.
// Codes: CodeSecretWait.
func (l *live) wait(seat review.SeatID) error {
	x, _ := l.now.Load().Seat(seat)
	l.doors.Lock()
	defer l.doors.Unlock()
	now := l.services.now()
	last, here := l.tried[seat]
	if !here {
		last = x.LastTry
	}
	if last.After(now) {
		last = now
		l.tried[seat] = now
	}
	return waiting(tries{x.Tries, last}, now)
}

// waiting tells whether the next try after some has to wait.
// Codes: CodeSecretWait (Item: seconds).
func waiting(t tries, now time.Time) error {
	wait := triesWait - now.Sub(t.last)
	if t.n == 0 || t.n%triesTogether != 0 || wait <= 0 {
		return nil
	}
	return review.E(review.CodeSecretWait, "meeting.waiting", strconv.Itoa(int(math.Ceil(wait.Seconds()))), nil)
}

// enter records the signing in and gives the session.
func (l *live) enter(by author, quick bool) (*Session, error) {
	if err := l.act(by, step{body: review.SeatEntered{Quick: quick}}); err != nil {
		return nil, err
	}
	return l.session(by), nil
}

// Seating is a person about to take a seat at this machine: keys have been made,
// nothing is on record yet.
type Seating struct {
	l       *live
	who     *seal.Identity
	seat    review.Seat
	code    string
	freed   *step     // the act that gives the seat free first; nil if it is free
	rescued []rescued // drafts that go over to the new keys
	claimed bool
	unsure  bool // see Unsure
}

// Format hides the code from logs, whatever the verb.
func (*Seating) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// rescued is a draft that was opened with others' keys, to be sealed anew.
type rescued struct {
	key  string
	text []byte
}

// Seating prepares a seat that nobody has claimed for its person: the secretary turns
// the laptop, the person takes over.
// Codes: CodeMeetingMissing, CodeSeatUnknown, CodeSeatClaimed, CodeActPhase and those of
// Enter's start.
func (s *Services) Seating(id review.MeetingID, seat review.SeatID) (*Seating, error) {
	const op = "meeting.Services.Seating"
	l, err := s.live(id)
	if err != nil {
		return nil, err
	}
	state := l.now.Load()
	x, ok := state.Seat(seat)
	if !ok {
		return nil, review.E(review.CodeSeatUnknown, op, string(seat), nil)
	}
	if err := state.May(seat, review.KindSeatClaimed, "", seat); err != nil {
		return nil, err
	}
	if x.Claimed() {
		return nil, review.E(review.CodeSeatClaimed, op, string(seat), nil)
	}
	return l.seating(x)
}

func (l *live) seating(x review.Seat) (*Seating, error) {
	who, err := seal.NewIdentity()
	if err != nil {
		return nil, err
	}
	g := &Seating{l: l, who: who, seat: x}
	if !passphrased(x) {
		g.code = seal.NewCode()
	}
	return g, nil
}

// Seat gives the seat to be taken.
func (g *Seating) Seat() review.Seat { return g.seat }

// Code gives the person's code as it is to be shown to him alone and copied to his
// card, once; "" where he chooses a passphrase instead.
func (g *Seating) Code() string {
	if g.code == "" {
		return ""
	}
	return seal.ShowCode(g.code)
}

// Claim takes the seat and signs the person in. He gives the code once more, read
// from his card, or chooses a passphrase and repeats it. Drafts that were rescued
// are his again; those that nobody could open are given up.
// Codes: CodeSecretForm, CodeSecretDiffers (it is not the code that was shown, or not the
// passphrase repeated), CodeSecretShort, CodeSeatClaimed, CodeActPhase, those of
// review.State.Apply for SeatFreed, and of Store.Commit. On failure the seat is as it
// was, unless Unsure says otherwise. A store that fails and has stored the claim all the
// same is no failure: it was read back.
func (g *Seating) Claim(secret, repeated string) (*Session, error) {
	const op = "meeting.Seating.Claim"
	if g.claimed {
		return nil, review.E(review.CodeSeatClaimed, op, string(g.seat.ID), nil)
	}
	if g.code == "" {
		if err := checkPassphrase(secret, repeated); err != nil {
			return nil, err
		}
	} else {
		typed, err := seal.ReadCode(secret)
		if err != nil {
			return nil, err
		}
		if typed != g.code {
			return nil, review.E(review.CodeSecretDiffers, op, "", nil)
		}
		secret = g.code
	}
	keyFile, err := g.who.Lock(secret, g.l.services.factor)
	if err != nil {
		return nil, err
	}
	by := author{g.seat.ID, g.who}
	if err := g.commit(by, keyFile); err != nil {
		return nil, err
	}
	g.claimed, g.code = true, ""
	return g.l.session(by), nil
}

// Unsure tells whether a claim failed and it could not be read back whether the seat has
// been taken: then the code may be in force at the next start, and its person keeps it.
func (g *Seating) Unsure() bool { return g.unsure }

// commit stores the claim, with what goes before and after it, in one transaction.
func (g *Seating) commit(by author, keyFile []byte) error {
	l := g.l
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.outcome()
	if g.freed != nil {
		if err := l.then(&o, *g.freed); err != nil {
			return err
		}
	}
	x, _ := o.state.Seat(g.seat.ID)
	claim, err := journal.State(review.Statement{
		Version: review.StatementVersion, Kind: review.StatementClaim, Meeting: l.id, Seat: x.ID,
		Revision: x.Claims + 1, Prev: x.Claim, At: l.services.clock(),
		Body: review.ClaimBody{Name: x.Name, Keys: g.who.Public(), Former: g.who.Holds()},
	}, g.who)
	if err != nil {
		return err
	}
	body := review.SeatClaimed{Claim: claim, KeyFile: review.DigestOf(keyFile)}
	if err := l.then(&o, step{by: by, body: body, blobs: [][]byte{keyFile}}); err != nil {
		return err
	}
	for _, r := range g.rescued {
		d, err := l.draft(o.state, by, r.key, r.text)
		if err != nil {
			return err
		}
		o.batch.SaveDrafts = append(o.batch.SaveDrafts, d)
	}
	for _, key := range slices.Clone(x.Drafts) { // which dropping changes
		if slices.ContainsFunc(g.rescued, func(r rescued) bool { return r.key == key }) {
			continue
		}
		if err := l.then(&o, step{by: by, body: review.DraftDropped{Key: key}}); err != nil {
			return err
		}
	}
	before := l.now.Load()
	if err := l.commit(o); err != nil {
		g.unsure = l.now.Load() == before && !l.gone.Load()
		if taken, _ := l.now.Load().Seat(x.ID); taken.Keys.Seal != g.who.Public().Seal {
			return err
		}
	}
	l.doors.Lock()
	defer l.doors.Unlock()
	delete(l.quick, x.ID) // the old keys bring nobody back
	return nil
}
