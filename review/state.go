package review

import (
	"slices"
	"strconv"
	"time"
)

// Phase is the meeting's place in its life: 筹备 → 进行 → 归档 → 封存.
type Phase string

// The phases, in order.
const (
	PhasePreparing Phase = "preparing" // 筹备
	PhaseRunning   Phase = "running"   // 进行
	PhaseFiling    Phase = "filing"    // 归档
	PhaseSealed    Phase = "sealed"    // 封存
)

// Phases lists the phases in their order.
var Phases = []Phase{PhasePreparing, PhaseRunning, PhaseFiling, PhaseSealed}

// Seat is a person's place in a meeting.
type Seat struct {
	ID          SeatID
	Name        string
	Roles       []Role // a set
	Keys        PublicKeys
	KeyFile     Digest // blob with the private keys under the person's passphrase
	Certificate []byte // DER; nil until the panel is confirmed
}

// Has tells whether the seat holds the role.
func (s Seat) Has(r Role) bool { return slices.Contains(s.Roles, r) }

// Paragraph is one recorded paragraph of the 会议记录.
type Paragraph struct {
	Number int // from 1
	At     time.Time
	By     SeatID
	Text   string
}

// Paper is a paper that was issued.
type Paper struct {
	Form         Form
	Number       int
	At           time.Time
	By           SeatID
	Base, Signed Digest
}

// State is what a meeting's events amount to. It is only ever made by Apply.
type State struct {
	Meeting      MeetingID
	Title        string
	Created      time.Time
	Phase        Phase
	Size         int64 // events applied
	Seats        []Seat
	Authority    []byte // panel CA certificate, DER; nil until confirmed
	AuthorityKey Digest
	Minutes      []Paragraph
	Papers       []Paper
}

// Seat finds a seat by its id.
func (s *State) Seat(id SeatID) (Seat, bool) {
	i := slices.IndexFunc(s.Seats, func(x Seat) bool { return x.ID == id })
	if i < 0 {
		return Seat{}, false
	}
	return s.Seats[i], true
}

// Issued counts the papers of a form.
func (s *State) Issued(f Form) int {
	n := 0
	for _, p := range s.Papers {
		if p.Form == f {
			n++
		}
	}
	return n
}

// Blobs lists the digests of all content that the events name, in their order.
func (s *State) Blobs() []Digest {
	var d []Digest
	for _, seat := range s.Seats {
		d = append(d, seat.KeyFile)
	}
	if s.AuthorityKey != "" {
		d = append(d, s.AuthorityKey)
	}
	for _, p := range s.Papers {
		d = append(d, p.Base, p.Signed)
	}
	return d
}

// Apply folds one event into the state. It depends on nothing but its
// arguments. An event that the state does not allow is refused and the state is
// untouched.
// Codes: CodeEventIllegal, and those of the text checks.
func (s *State) Apply(e Event) error {
	const op = "review.State.Apply"
	illegal := func() error { return E(CodeEventIllegal, op, string(e.Body.Kind()), nil) }
	if e.Index != s.Size || (s.Size > 0 && e.Meeting != s.Meeting) {
		return illegal()
	}
	if b, ok := e.Body.(MeetingCreated); ok {
		if s.Size != 0 || !e.Meeting.Valid() || e.Actor != FirstSeat || len(b.Keys.Sign) == 0 || b.Keys.Seal == "" || b.KeyFile == "" {
			return illegal()
		}
		if err := CheckLine("title", b.Title, MaxTitle); err != nil {
			return err
		}
		if err := CheckLine("name", b.Secretary, MaxName); err != nil {
			return err
		}
		*s = State{
			Meeting: e.Meeting, Title: b.Title, Created: e.At, Phase: PhasePreparing, Size: 1,
			Seats: []Seat{{ID: FirstSeat, Name: b.Secretary, Roles: []Role{RoleSecretary}, Keys: b.Keys, KeyFile: b.KeyFile}},
		}
		return nil
	}
	actor, ok := s.Seat(e.Actor)
	if !ok {
		return illegal()
	}
	switch b := e.Body.(type) {
	case PanelConfirmed:
		if s.Phase != PhasePreparing || !actor.Has(RoleSecretary) || len(b.Certificates) != len(s.Seats) || len(b.Authority) == 0 || b.AuthorityKey == "" {
			return illegal()
		}
		for i, c := range b.Certificates {
			if c.Seat != s.Seats[i].ID || len(c.DER) == 0 {
				return illegal()
			}
		}
		for i, c := range b.Certificates {
			s.Seats[i].Certificate = c.DER
		}
		s.Authority, s.AuthorityKey, s.Phase = b.Authority, b.AuthorityKey, PhaseRunning
	case MinutesRecorded:
		if s.Phase != PhaseRunning || !actor.Has(RoleSecretary) || len(b.Paragraphs) == 0 {
			return illegal()
		}
		for _, p := range b.Paragraphs {
			if err := CheckLine("minutes", p, MaxParagraph); err != nil {
				return err
			}
		}
		for _, p := range b.Paragraphs {
			s.Minutes = append(s.Minutes, Paragraph{Number: len(s.Minutes) + 1, At: e.At, By: e.Actor, Text: p})
		}
	case PaperIssued:
		if s.Phase != PhaseRunning || !actor.Has(RoleSecretary) || b.Form != FormMinutes || b.Number != s.Issued(b.Form)+1 || b.Base == "" || b.Signed == "" {
			return illegal()
		}
		s.Papers = append(s.Papers, Paper{Form: b.Form, Number: b.Number, At: e.At, By: e.Actor, Base: b.Base, Signed: b.Signed})
	default:
		return illegal()
	}
	s.Size++
	return nil
}

// FirstSeat is the seat of whoever creates a meeting: the secretary.
const FirstSeat SeatID = "s01"

// NumberName gives the stable short name of a paper, as in "minutes-01".
func (p Paper) NumberName() string {
	n := strconv.Itoa(p.Number)
	if p.Number < 10 {
		n = "0" + n
	}
	return string(p.Form) + "-" + n
}

// Clone gives an independent copy, for trying an event before it is stored.
func (s *State) Clone() *State {
	c := *s
	c.Seats = slices.Clone(s.Seats)
	c.Minutes = slices.Clone(s.Minutes)
	c.Papers = slices.Clone(s.Papers)
	return &c
}
