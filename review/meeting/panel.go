package meeting

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"heyi/review"
	"heyi/review/seal"
)

// AddSeat gives a person a seat, before the meeting or while it runs.
// Codes: those of the text checks, CodeTextGlyph, CodeSeatTwin, CodeSeatRoles,
// CodeActRole, CodeActPhase, CodeSessionClosed and those of Store.Commit.
func (x *Session) AddSeat(p review.Person) (review.SeatID, error) {
	p = trimmed(p)
	if err := x.l.services.printable(p.Name, p.Unit, p.Title); err != nil {
		return "", err
	}
	id := review.NumberedSeat(len(x.State().Seats) + 1)
	return id, x.do(review.SeatAdded{Seat: id, Person: p})
}

// EditSeat corrects who takes a seat that nobody has claimed yet.
// Codes: those of AddSeat, CodeSeatUnknown, CodeSeatClaimed, CodeChairUnfit.
func (x *Session) EditSeat(id review.SeatID, p review.Person) error {
	p = trimmed(p)
	if err := x.l.services.printable(p.Name, p.Unit, p.Title); err != nil {
		return err
	}
	return x.do(review.SeatEdited{Seat: id, Person: p})
}

func trimmed(p review.Person) review.Person {
	p.Name, p.Unit, p.Title = strings.TrimSpace(p.Name), strings.TrimSpace(p.Unit), strings.TrimSpace(p.Title)
	return p
}

// NameChair records whom the panel has made 组长: of the meeting, or of one project
// whose chair stands aside. reason is needed where another was named before, and the
// consent of one of review.State.ChairConsenters; else with is nil.
// Codes: CodeActConsent, CodeSeatUnknown, CodeChairUnfit, CodeProjectUnknown, CodeActStage, those of
// the text checks, CodeActRole, CodeActPhase and those of Store.Commit.
func (x *Session) NameChair(with *Session, project review.ProjectID, seat review.SeatID, reason string) error {
	return x.doWith(with, review.ChairNamed{Project: project, Seat: seat, Reason: reason})
}

// Attend records that a person came back, left or did not come.
// Codes: CodeSeatUnknown, CodeSeatPresence, CodeSeatUnclaimed, those of the text
// checks, CodeActRole, CodeActPhase and those of Store.Commit.
func (x *Session) Attend(seat review.SeatID, p review.Presence, reason string) error {
	return x.do(review.AttendanceRecorded{Seat: seat, Presence: p, Reason: reason})
}

// Promise gives the person's 承诺 on a text that he has read.
// Codes: CodeStatementFork (it was given), CodeActPhase, CodeSessionClosed and those of
// Store.Commit.
func (x *Session) Promise(text string) error {
	return x.state(review.Statement{
		Kind: review.StatementPromise, Revision: 1, Body: review.PromiseBody{Text: review.DigestOf([]byte(text))},
	})
}

// Replace puts another expert in one's place.
// Codes: CodeActConsent, CodeSeatUnknown, CodeChairUnfit, CodeSeatRoles, CodeActStage,
// those of the text checks, CodeActRole, CodeActPhase and those of Store.Commit.
func (x *Session) Replace(with *Session, seat, by review.SeatID, reason string) error {
	return x.doWith(with, review.SeatReplaced{Seat: seat, By: by, Reason: reason})
}

// ConfirmPanel is 确认专家组, by secretary and chair together: the panel's authority comes
// into being and certifies all who have claimed their seats. with is nil while no
// expert has a seat.
// Codes: CodeActConsent, CodeChairMissing, CodeActPhase, CodeActRole, CodeSessionClosed
// and those of Store.Commit.
func (x *Session) ConfirmPanel(with *Session) error {
	if err := x.may(review.KindPanelConfirmed, ""); err != nil {
		return err
	}
	body, sealed, err := x.l.services.confirmation(x.State())
	if err != nil {
		return err
	}
	return x.doWith(with, body, sealed)
}

// confirmation makes the panel CA and the certificates of all claimed seats, and
// seals the CA's key to the officers.
func (s *Services) confirmation(state *review.State) (review.PanelConfirmed, []byte, error) {
	fail := func(err error) (review.PanelConfirmed, []byte, error) { return review.PanelConfirmed{}, nil, err }
	at := s.clock()
	ca, err := seal.NewAuthority(state.Title, at)
	if err != nil {
		return fail(err)
	}
	certificates, err := issue(ca, state, at, func(x review.Seat) bool { return x.Claimed() })
	if err != nil {
		return fail(err)
	}
	sealed, err := sealAuthority(ca, state)
	if err != nil {
		return fail(err)
	}
	return review.PanelConfirmed{
		Authority: ca.Certificate(), AuthorityKey: review.DigestOf(sealed), Certificates: certificates,
	}, sealed, nil
}

// issue gives the seats that want one their certificates.
func issue(ca *seal.Authority, state *review.State, at time.Time, wants func(review.Seat) bool) ([]review.SeatCertificate, error) {
	var out []review.SeatCertificate
	for _, x := range state.Seats {
		if !wants(x) {
			continue
		}
		key, err := seal.SigningKey(x.Keys)
		if err != nil {
			return nil, err
		}
		der, err := ca.Issue(key, seal.Subject{Name: x.Name, Role: x.Roles[0].Name(), Meeting: state.Title}, at)
		if err != nil {
			return nil, err
		}
		out = append(out, review.SeatCertificate{Seat: x.ID, DER: der})
	}
	return out, nil
}

// sealAuthority seals the CA's key to the present officers: to both together once
// there is a chair.
func sealAuthority(ca *seal.Authority, state *review.State) ([]byte, error) {
	secretary := state.Seats[0].Keys.Seal
	chair, ok := state.Seat(state.Chair)
	if !ok || !chair.Claimed() {
		return seal.SealTo(ca.Key(), secretary)
	}
	return seal.SealTwice(ca.Key(), []string{chair.Keys.Seal}, []string{secretary})
}

// ageMark begins what age has sealed.
const ageMark = "age-encryption.org/"

// openAuthority opens the CA's key with what the officers hold.
// Codes: CodeKeyForm (they do not hold what it takes), CodeCertForm.
func (s *Services) openAuthority(state *review.State, inner, outer seal.Opener) (*seal.Authority, error) {
	sealed, err := s.store.Blob(state.Meeting, state.AuthorityKey)
	if err != nil {
		return nil, err
	}
	key, err := outer.Open(sealed)
	if err == nil && bytes.HasPrefix(key, []byte(ageMark)) {
		key, err = inner.Open(key)
	}
	if err != nil {
		return nil, err
	}
	return seal.ParseAuthority(state.Authority, key)
}

// Certify gives certificates to those who came late or claimed their seats anew, by
// secretary and chair together. If the officers can no longer open the authority's
// key, or its certificate is none, there is a new authority, whose certificates everybody gets; recovery sheets
// may be given to avoid that.
// Codes: CodeActConsent, CodeActPhase, CodeActRole, CodeSheetForm, CodeEventIllegal
// (nobody waits for one), CodeSessionClosed and those of Store.Blob and Store.Commit.
func (x *Session) Certify(with *Session, sheets ...string) error {
	if err := x.may(review.KindSeatsCertified, ""); err != nil {
		return err
	}
	if err := with.is(x.State().Chair); err != nil {
		return err
	}
	outer, inner, err := x.openers(with, sheets)
	if err != nil {
		return err
	}
	s, state := x.l.services, x.State()
	at := s.clock()
	ca, err := s.openAuthority(state, inner, outer)
	var body review.SeatsCertified
	wants := func(x review.Seat) bool { return x.Claimed() && x.Certificate == nil }
	switch review.CodeOf(err) {
	case "":
	case review.CodeKeyForm, review.CodeCertForm:
		if ca, err = seal.NewAuthority(state.Title, at); err != nil {
			return err
		}
		body.Authority = ca.Certificate()
		wants = review.Seat.Claimed
	default:
		return err
	}
	if body.Certificates, err = issue(ca, state, at, wants); err != nil {
		return err
	}
	sealed, err := sealAuthority(ca, state)
	if err != nil {
		return err
	}
	body.AuthorityKey = review.DigestOf(sealed)
	return x.doWith(with, body, sealed)
}

// is asks whether the second person of an act is the one at a seat, before anything is
// tried with his keys. It asks nothing where the act needs nobody ("").
// Codes: CodeActConsent.
func (x *Session) is(seat review.SeatID) error {
	if seat != "" && (x == nil || x.by.seat != seat) {
		return review.E(review.CodeActConsent, "meeting.Session.is", string(seat), nil)
	}
	return nil
}

// openers gives what secretary and chair can open together: the outer layer by the
// one who acts, the inner by the other, both with the help of recovery sheets.
// Codes: CodeSheetForm, CodeSessionClosed.
func (x *Session) openers(with *Session, sheets []string) (outer, inner seal.Opener, err error) {
	by, err := x.author()
	if err != nil {
		return outer, inner, err
	}
	outer = by.who.Opener()
	if with != nil {
		other, err := with.author()
		if err != nil {
			return outer, inner, err
		}
		inner = other.who.Opener()
	}
	for _, secret := range sheets {
		o, err := seal.OpenerOf(strings.TrimSpace(secret))
		if err != nil {
			return outer, inner, err
		}
		outer, inner = outer.And(o), inner.And(o)
	}
	return outer, inner, nil
}

// RecoverySheet is what an officer puts on paper, into a sealed envelope: with it,
// what is sealed to him can be opened if he cannot be there. It signs nothing.
type RecoverySheet struct {
	Meeting   review.MeetingID
	Title     string // 会议名称
	Seat      review.SeatID
	Name      string
	Recipient string // to tell sheets apart; no secret
	Secret    string
	At        time.Time
}

// Format hides the secret from logs, whatever the verb.
func (RecoverySheet) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// RecoverySheet records that the person takes his recovery sheet, and gives it.
// Codes: CodeActRole (neither secretary nor expert), CodeActPhase, CodeSessionClosed
// and those of Store.Commit.
func (x *Session) RecoverySheet() (RecoverySheet, error) {
	by, err := x.author()
	if err != nil {
		return RecoverySheet{}, err
	}
	if err := x.do(review.SheetPrinted{}); err != nil {
		return RecoverySheet{}, err
	}
	state, seat := x.State(), x.Seat()
	return RecoverySheet{
		Meeting: x.l.id, Title: state.Title, Seat: seat.ID, Name: seat.Name,
		Recipient: seat.Keys.Seal, Secret: by.who.SheetSecret(), At: state.At,
	}, nil
}

// NewCode gives a seat free whose person has forgotten his code, and prepares it for
// him to claim anew; all that happens is on record only when he does (Seating.Claim).
// The secretary does it alone while the seat has no draft or ballot, else with the
// chair, who together rescue the draft of a ballot; for the chair's seat, and by the
// chair for the secretary's, with another expert. sheet is the person's recovery
// sheet, "" if he has none: with it he can open what was sealed to him.
// Codes: CodeSeatUnknown, CodeSeatUnclaimed, CodeSheetForm, CodeActRole, CodeActConsent,
// CodeActPhase, CodeSessionClosed; those of the text checks.
func (x *Session) NewCode(with *Session, seat review.SeatID, reason, sheet string) (*Seating, error) {
	const op = "meeting.Session.NewCode"
	by, err := x.author()
	if err != nil {
		return nil, err
	}
	state := x.State()
	before, ok := state.Seat(seat)
	if !ok {
		return nil, review.E(review.CodeSeatUnknown, op, string(seat), nil)
	}
	free := step{by: by, body: review.SeatFreed{Seat: seat, Reason: reason}}
	if with != nil {
		if free.with, err = with.author(); err != nil {
			return nil, err
		}
	}
	// Tried now, so that nobody copies a code for nothing.
	x.l.mu.Lock()
	o := x.l.outcome()
	err = x.l.then(&o, free)
	x.l.mu.Unlock()
	if err != nil {
		return nil, err
	}
	g, err := x.l.seating(before)
	if err != nil {
		return nil, err
	}
	g.freed = &free
	own := seal.Opener{}
	if sheet = strings.TrimSpace(sheet); sheet != "" {
		if own, err = seal.OpenerOf(sheet); err != nil {
			return nil, err
		}
		if own.Recipients()[0] != before.Keys.Seal {
			return nil, review.E(review.CodeSheetForm, op, string(seat), nil)
		}
		if err := g.who.Recover(sheet); err != nil {
			return nil, err
		}
	}
	outer, inner, err := x.openers(with, nil)
	if err != nil {
		return nil, err
	}
	g.rescue(before, own.And(outer).And(inner)) // the chair may be the one who acts
	return g, nil
}

// rescue opens what drafts of the seat can be opened with some keys.
func (g *Seating) rescue(before review.Seat, by seal.Opener) {
	g.l.mu.Lock()
	defer g.l.mu.Unlock()
	for k, d := range g.l.drafts {
		if k.Owner != before.ID {
			continue
		}
		if text, err := openDraft(d, by, by); err == nil {
			g.rescued = append(g.rescued, rescued{k.Key, text})
		}
	}
}
