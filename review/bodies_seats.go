package review

import "time"

// SeatAdded gives a person a seat.
type SeatAdded struct {
	Seat SeatID `json:"seat"` // the next in order
	Person
}

// Kind is KindSeatAdded.
func (SeatAdded) Kind() Kind { return KindSeatAdded }

// Person is who takes a seat.
type Person struct {
	Name  string `json:"name"`
	Unit  string `json:"unit"`  // 工作单位; may be empty unless two persons share a name
	Title string `json:"title"` // 职称或职务; may be empty
	Roles []Role `json:"roles"` // in the order of the constants
}

// SeatEdited corrects who takes a seat that nobody has claimed yet.
type SeatEdited struct {
	Seat SeatID `json:"seat"`
	Person
}

// Kind is KindSeatEdited.
func (SeatEdited) Kind() Kind { return KindSeatEdited }

// SeatClaimed is the person taking the seat: a StatementClaim, given here by the
// seat itself or brought by the secretary from another machine.
type SeatClaimed struct {
	Claim   Signed `json:"claim"`
	KeyFile Digest `json:"key_file,omitempty"` // blob: the private keys under the code; "" if they are on another machine
}

// Kind is KindSeatClaimed.
func (SeatClaimed) Kind() Kind { return KindSeatClaimed }

// SeatFreed takes a seat's keys out of use, for its person to claim it anew: a code
// was forgotten. What was signed with them stands.
type SeatFreed struct {
	Seat   SeatID `json:"seat"`
	Reason string `json:"reason"`
	Consent
}

// Kind is KindSeatFreed.
func (SeatFreed) Kind() Kind { return KindSeatFreed }

// With is as in Consented.
func (b SeatFreed) With(s *Signed) Consented { b.Given = s; return b }

// SeatEntered is a person signing in, after a CodeTried.
type SeatEntered struct {
	Quick bool `json:"quick"` // by the four digits of this run
}

// Kind is KindSeatEntered.
func (SeatEntered) Kind() Kind { return KindSeatEntered }

// SeatReplaced puts another expert in the place of one. The ballots of the one in
// projects that are not final are void and kept (招标投标法实施条例第四十八条: the new
// member reviews anew).
type SeatReplaced struct {
	Seat   SeatID `json:"seat"`
	By     SeatID `json:"by"` // an expert's seat
	Reason string `json:"reason"`
	Consent
}

// Kind is KindSeatReplaced.
func (SeatReplaced) Kind() Kind { return KindSeatReplaced }

// With is as in Consented.
func (b SeatReplaced) With(s *Signed) Consented { b.Given = s; return b }

// CodeTried is recorded by the program before a code is checked, so that to end
// the program does not take the try back.
type CodeTried struct {
	Seat SeatID `json:"seat"`
}

// Kind is KindCodeTried.
func (CodeTried) Kind() Kind { return KindCodeTried }

// SheetPrinted records that the seat's own person took a recovery sheet: the key
// that opens what is sealed to him, on paper, for a sealed envelope.
type SheetPrinted struct{}

// Kind is KindSheetPrinted.
func (SheetPrinted) Kind() Kind { return KindSheetPrinted }

// SeatsCertified gives certificates of the panel's authority to those who came
// after the confirmation or claimed their seats anew. Where nobody can open the
// authority's key any more, there is a new authority, and everybody gets a certificate of it.
type SeatsCertified struct {
	Authority    []byte            `json:"authority,omitempty"` // certificate of a new authority, DER
	Certificates []SeatCertificate `json:"certificates"`        // of all claimed seats without one (with a new authority: of all claimed seats), in their order
	AuthorityKey Digest            `json:"authority_key"`       // blob: the authority's private key sealed to the present officers
	Consent
}

// Kind is KindSeatsCertified.
func (SeatsCertified) Kind() Kind { return KindSeatsCertified }

// With is as in Consented.
func (b SeatsCertified) With(s *Signed) Consented { b.Given = s; return b }

// ChairNamed records whom the panel has made 组长.
type ChairNamed struct {
	Project ProjectID `json:"project"` // "" for the meeting; else of the one project whose chair stands aside
	Seat    SeatID    `json:"seat"`
	Reason  string    `json:"reason"` // required where another was named before
	Consent           // of a third expert in the room, where another was named before and there is such an expert
}

// With is as in Consented.
func (b ChairNamed) With(s *Signed) Consented { b.Given = s; return b }

// Kind is KindChairNamed.
func (ChairNamed) Kind() Kind { return KindChairNamed }

// AttendanceRecorded says where a person is.
type AttendanceRecorded struct {
	Seat     SeatID   `json:"seat"`
	Presence Presence `json:"presence"`
	Reason   string   `json:"reason"` // required with PresenceLeft and PresenceAbsent
}

// Kind is KindAttendanceRecorded.
func (AttendanceRecorded) Kind() Kind { return KindAttendanceRecorded }

// Presence is where a person is.
type Presence string

// The presences.
const (
	PresenceExpected Presence = "expected" // 未到
	PresencePresent  Presence = "present"  // 在场
	PresenceLeft     Presence = "left"     // 离场
	PresenceAbsent   Presence = "absent"   // 缺席
)

// PromiseGiven is a person's 承诺: a StatementPromise.
type PromiseGiven struct {
	Promise Signed `json:"promise"`
}

// Kind is KindPromiseGiven.
func (PromiseGiven) Kind() Kind { return KindPromiseGiven }

// ClockMoved is recorded by the program when the machine's clock stands before the
// last entry by more than ClockSlack. The order of entries is never in doubt.
type ClockMoved struct {
	From time.Time `json:"from"` // of the entry before
	To   time.Time `json:"to"`
}

// Kind is KindClockMoved.
func (ClockMoved) Kind() Kind { return KindClockMoved }

// ClockSlack is how far the clock may go back without a word.
const ClockSlack = 2 * time.Minute

// DraftBegun says that from here on there is a draft of that key, until what ends
// it: DraftDropped, or the act that the draft was for.
type DraftBegun struct {
	Key string `json:"key"`
}

// Kind is KindDraftBegun.
func (DraftBegun) Kind() Kind { return KindDraftBegun }

// DraftDropped says that the person gave a draft up.
type DraftDropped struct {
	Key string `json:"key"`
}

// Kind is KindDraftDropped.
func (DraftDropped) Kind() Kind { return KindDraftDropped }

// StatementRefused keeps on record that something was brought which could not be
// accepted, such as a second ballot of one revision.
type StatementRefused struct {
	Statement Digest `json:"statement"`
	Seat      SeatID `json:"seat"` // as it says
	Code      Code   `json:"code"`
}

// Kind is KindStatementRefused.
func (StatementRefused) Kind() Kind { return KindStatementRefused }

// FilingBegun ends the meeting in the room: 归档.
type FilingBegun struct {
	Consent
}

// Kind is KindFilingBegun.
func (FilingBegun) Kind() Kind { return KindFilingBegun }

// With is as in Consented.
func (b FilingBegun) With(s *Signed) Consented { b.Given = s; return b }

// MeetingSealed is 封存: the last entry. The private keys of the authority and of all
// seats are deleted with it.
type MeetingSealed struct {
	Deleted []Digest `json:"deleted"` // the blobs of State.KeyBlobs
}

// Kind is KindMeetingSealed.
func (MeetingSealed) Kind() Kind { return KindMeetingSealed }

// MeetingRestored says that the record was continued from a copy because what was
// there did not verify. Every later paper says so.
type MeetingRestored struct {
	Seen     string `json:"seen"`     // the last checkpoint known of what was there; "" if none
	Evidence Digest `json:"evidence"` // of findings.json, which lies with what was set aside and says what did not verify
	Reason   string `json:"reason"`
	Consent
}

// Kind is KindMeetingRestored.
func (MeetingRestored) Kind() Kind { return KindMeetingRestored }

// With is as in Consented.
func (b MeetingRestored) With(s *Signed) Consented { b.Given = s; return b }
