package review

import (
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Seat is a person's place in a meeting.
type Seat struct {
	ID SeatID
	Person
	Keys        PublicKeys // empty until claimed
	Former      []PublicKeys
	Holds       []string // age recipients of earlier claims whose keys the person still has
	KeyFile     Digest   // blob with the private keys under the person's code; "" if they are on another machine
	Certificate []byte   // DER; nil until certified
	Claims      int      // how often the seat was claimed
	Claim       Digest   // the last claim
	Promise     Digest   // the 承诺; "" until given
	Presence    Presence
	Arrived     time.Time
	Left        time.Time
	Sheets      []string // age recipients whose keys were printed as recovery sheets
	Tries       int      // codes tried since the person last signed in
	LastTry     time.Time
	ReplacedBy  SeatID   // "" if not replaced
	Drafts      []string // keys of the drafts that there are, sorted

	drafted   bool // has ever begun a draft
	certified bool // has ever had a certificate
}

// Has tells whether the seat holds the role.
func (s Seat) Has(r Role) bool { return slices.Contains(s.Roles, r) }

// Claimed tells whether a person has taken the seat with keys of his own.
func (s Seat) Claimed() bool { return s.Keys.Seal != "" }

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

// ClockMove is one time at which the machine's clock stood before the last entry.
type ClockMove struct {
	Index    int64 // of the entry that says so
	From, To time.Time
}

// Restoration is one time at which the record was continued from a copy.
type Restoration struct {
	Index    int64 // of the entry that says so: what is from here on follows the copy
	Seen     string
	Evidence Digest
	Reason   string
	At       time.Time
}

// Refused is something that was brought and could not be accepted.
type Refused struct {
	Statement Digest
	Seat      SeatID
	Code      Code
	At        time.Time
}

// State is what a meeting's events amount to. It is only ever made by Apply.
type State struct {
	Meeting           MeetingID
	Title             string
	Scheme            string // id of the only scheme that the meeting reviews by; "" for any
	Drill             bool   // 演练: not in earnest
	Created           time.Time
	Phase             Phase
	Size              int64     // events applied
	At                time.Time // of the last event
	Chair             SeatID    // 组长; "" until named
	Seats             []Seat
	Authority         []byte // panel CA certificate, DER; nil until confirmed
	AuthorityKey      Digest
	FormerAuthorities [][]byte   // of papers signed before the key was lost
	Packages          []Package  // imported, oldest first
	Projects          []*Project // a Clone has projects of its own
	Minutes           []Paragraph
	Papers            []Paper
	ClockMoves        []ClockMove
	Restorations      []Restoration
	Refused           []Refused

	keyBlobs []Digest // every key file there ever was, until deleted
	content  []Digest // all other content that events name
}

// Program is the actor of what the program itself records: no person's seat, and
// no person's signature.
const Program SeatID = "program"

// FirstSeat is the seat of whoever creates a meeting: the secretary.
const FirstSeat SeatID = "s01"

// Seat finds a seat by its id.
func (s *State) Seat(id SeatID) (Seat, bool) {
	if seat := s.seat(id); seat != nil {
		return *seat, true
	}
	return Seat{}, false
}

func (s *State) seat(id SeatID) *Seat {
	if i := number("s", string(id)); i > 0 && i <= len(s.Seats) && s.Seats[i-1].ID == id {
		return &s.Seats[i-1]
	}
	return nil
}

// Package finds a package that was imported by its digest.
func (s *State) Package(d Digest) (Package, bool) {
	return last(s.Packages, func(p Package) bool { return p.Package == d })
}

// Project finds a project by its id, nil if there is none.
func (s *State) Project(id ProjectID) *Project { return s.project(id) }

func (s *State) project(id ProjectID) *Project {
	if i := number("p", string(id)); i > 0 && i <= len(s.Projects) && s.Projects[i-1].ID == id {
		return s.Projects[i-1]
	}
	return nil
}

// number reads the number of an id such as "p01"; 0 if it has none.
func number(prefix, id string) int {
	if len(id) < 3 || id[:1] != prefix {
		return 0
	}
	n, err := strconv.Atoi(id[1:])
	if err != nil {
		return 0
	}
	return n
}

// Presiding gives the seat that presides over a project: its own 组长 if one was
// named, else the meeting's, unless he stands aside or was replaced; "" if nobody.
func (s *State) Presiding(p *Project) SeatID {
	id := s.Chair
	if p.Chair != "" {
		id = p.Chair
	}
	if seat := s.seat(id); seat == nil || seat.ReplacedBy != "" || p.Recused(id) {
		return ""
	}
	return id
}

// Voters gives the seats that are to score a project, in order: experts with
// certificates, in the room, neither replaced nor standing aside.
func (s *State) Voters(p *Project) []SeatID {
	var out []SeatID
	for i := range s.Seats {
		if x := &s.Seats[i]; x.votes() && x.Presence == PresencePresent && !p.Recused(x.ID) {
			out = append(out, x.ID)
		}
	}
	return out
}

// votes tells whether the seat is an expert's with all that it takes to score.
func (s *Seat) votes() bool {
	return s.Has(RoleExpert) && s.Claimed() && s.Certificate != nil && s.ReplacedBy == ""
}

// Signatories gives the seats that are to sign a project's conclusion, in order, the
// presiding chair last: experts and members who took part, neither replaced nor
// standing aside; also one whose keys were taken out of use since. Who comes when the
// signing has begun does not sign.
func (s *State) Signatories(p *Project) []SeatID {
	var out []SeatID
	chair := s.Presiding(p)
	for i := range s.Seats {
		x := &s.Seats[i]
		took := x.Presence == PresencePresent || x.Presence == PresenceLeft
		if p.Signers != nil {
			took = slices.Contains(p.Signers, x.ID)
		}
		if x.ID != chair && (x.Has(RoleExpert) || x.Has(RoleMember)) && x.certified && took && x.ReplacedBy == "" && !p.Recused(x.ID) {
			out = append(out, x.ID)
		}
	}
	if chair != "" {
		out = append(out, chair)
	}
	return out
}

// Waiting gives the experts of a project in scoring for whom the closing waits: who is
// expected and not on record as absent, who has no keys or certificate yet, and
// voters whose ballot is not in: none yet, or returned, or one that can no longer be
// opened because the officers' keys have changed.
func (s *State) Waiting(p *Project) []SeatID {
	r := p.Round()
	if p.Stage != StageScoring || r == nil {
		return nil
	}
	var out []SeatID
	for i := range s.Seats {
		x := &s.Seats[i]
		gone := x.Presence == PresenceLeft || x.Presence == PresenceAbsent
		b, ok := r.Ballot(x.ID)
		_, void := p.Void(r.Number, x.ID)
		// Whose ballot was returned is not left out by sending him away.
		if !x.Has(RoleExpert) || x.ReplacedBy != "" || p.Recused(x.ID) || gone && (b.Returned == "" || void) {
			continue
		}
		if !x.votes() && !ok || !void && (!ok || b.Returned != "" || !s.Openable(p, b)) {
			out = append(out, x.ID)
		}
	}
	return out
}

// Openable tells whether the officers of a project can open a ballot, with a
// recovery sheet if need be.
func (s *State) Openable(p *Project, b Ballot) bool {
	return s.reaches(s.Presiding(p), b.Chair) && s.reaches(FirstSeat, b.Secretary)
}

// reaches tells whether what is sealed to recipient can be opened by the person
// at a seat or with somebody's recovery sheet.
func (s *State) reaches(by SeatID, recipient string) bool {
	seat := s.seat(by)
	if seat != nil && (seat.Keys.Seal == recipient || slices.Contains(seat.Holds, recipient)) {
		return true
	}
	return slices.ContainsFunc(s.Seats, func(x Seat) bool { return slices.Contains(x.Sheets, recipient) })
}

// quorate tells whether n experts are enough for a project.
func (p *Project) quorate(n int) bool { return n >= p.Quorum || p.Waived != "" }

// Issued counts the papers of a form, void ones too.
func (s *State) Issued(f Form) int {
	n := 0
	for _, p := range s.Papers {
		if p.Form == f {
			n++
		}
	}
	for _, p := range s.Projects {
		for i := range p.Sets {
			if p.Sets[i].Paper(f) != nil {
				n++
			}
		}
	}
	return n
}

// Blobs lists the digests of all content that the events name and that is to be
// there, each once.
func (s *State) Blobs() []Digest {
	d := slices.Concat(s.keyBlobs, s.content)
	slices.Sort(d)
	return slices.Compact(d)
}

// KeyBlobs lists the digests of all private keys under codes that there are,
// sorted: what the sealing of the meeting deletes.
func (s *State) KeyBlobs() []Digest {
	d := slices.Clone(s.keyBlobs)
	slices.Sort(d)
	return slices.Compact(d)
}

// Clone gives an independent copy, for trying an event before it is stored. What
// never changes once it is there, such as an opened sheet, is shared.
func (s *State) Clone() *State {
	c := *s
	c.Seats = slices.Clone(s.Seats)
	for i := range c.Seats {
		x := &c.Seats[i]
		x.Former, x.Holds = slices.Clone(x.Former), slices.Clone(x.Holds)
		x.Sheets, x.Drafts = slices.Clone(x.Sheets), slices.Clone(x.Drafts)
	}
	c.Projects = slices.Clone(s.Projects)
	for i, p := range c.Projects {
		c.Projects[i] = p.clone()
	}
	// Only ever appended to: the copy grows into memory of its own.
	c.FormerAuthorities = slices.Clip(s.FormerAuthorities)
	c.Minutes, c.Papers, c.Packages = slices.Clip(s.Minutes), slices.Clip(s.Papers), slices.Clip(s.Packages)
	c.ClockMoves, c.Restorations, c.Refused = slices.Clip(s.ClockMoves), slices.Clip(s.Restorations), slices.Clip(s.Refused)
	c.keyBlobs, c.content = slices.Clip(s.keyBlobs), slices.Clip(s.content)
	return &c
}

func (p *Project) clone() *Project {
	c := *p
	c.Facts, c.Recusals = slices.Clone(p.Facts), slices.Clone(p.Recusals)
	c.Rounds = slices.Clone(p.Rounds)
	if n := len(c.Rounds); n > 0 {
		c.Rounds[n-1].Ballots = slices.Clone(c.Rounds[n-1].Ballots) // no earlier round changes
	}
	c.Declared, c.Corrections, c.Voids = slices.Clip(p.Declared), slices.Clip(p.Corrections), slices.Clip(p.Voids)
	c.Settled, c.Settings = slices.Clip(p.Settled), slices.Clip(p.Settings)
	c.Opinion, c.Withdrawn, c.Votes = slices.Clip(p.Opinion), slices.Clip(p.Withdrawn), slices.Clone(p.Votes)
	c.Counts, c.Signatures, c.Refusals = slices.Clip(p.Counts), slices.Clip(p.Signatures), slices.Clip(p.Refusals)
	c.Fulfilment, c.Sets = slices.Clip(p.Fulfilment), slices.Clone(p.Sets)
	for i := range c.Sets {
		set := &c.Sets[i]
		set.Papers, set.Scans = slices.Clone(set.Papers), slices.Clip(set.Scans)
		for j := range set.Papers {
			set.Papers[j].Revisions = slices.Clip(set.Papers[j].Revisions)
		}
	}
	return &c
}

// NumberName gives the stable short name of a paper, as in "minutes-01".
func (p Paper) NumberName() string {
	n := strconv.Itoa(p.Number)
	if p.Number < 10 {
		n = "0" + n
	}
	return string(p.Form) + "-" + n
}

// MinutesDraft is the key of the draft of the 会议记录.
const MinutesDraft = "minutes"

// ScoreDraft is the key of the draft of a ballot.
func ScoreDraft(p ProjectID, round int) string {
	return "score/" + string(p) + "/" + strconv.Itoa(round)
}

// OpinionDraft is the key of the draft of a project's 专家组意见.
func OpinionDraft(p ProjectID) string { return "opinion/" + string(p) }

// VoteDraft is the key of the draft of a dissent on a project's conclusion.
func VoteDraft(p ProjectID) string { return "vote/" + string(p) }

// Undeclared tells whether a draft may be there though no entry says that it was
// begun: the first form of the record had no such entries, and one kind of draft.
func (s *State) Undeclared(owner SeatID, key string) bool {
	seat := s.seat(owner)
	return seat != nil && !seat.drafted && key == MinutesDraft
}

var draftKey = regexp.MustCompile(`^(minutes|opinion/p[0-9]{2,}|vote/p[0-9]{2,}|score/p[0-9]{2,}/[1-9][0-9]*)$`)
