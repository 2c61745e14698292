package review

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// MeetingID identifies one meeting: 26 characters of lower-case base32 without
// padding, from 16 random bytes. It is also the name of the meeting's directory.
type MeetingID string

var meetingID = regexp.MustCompile(`^[a-z2-7]{26}$`)

// Valid tells whether the id has the form of one. Nothing else may become part of
// a path.
func (id MeetingID) Valid() bool { return meetingID.MatchString(string(id)) }

// SeatID identifies a person's seat in one meeting: "s" and two digits or more,
// given in order of entry. It never passes to another person.
type SeatID string

// Digest is a SHA-256 in lower-case hex, 64 characters.
type Digest string

// DigestOf gives the digest of b.
func DigestOf(b []byte) Digest {
	s := sha256.Sum256(b)
	return Digest(hex.EncodeToString(s[:]))
}

// decimals is the number of digits that Decimal gives, and modulus one more than the
// largest number that they can say.
const decimals = 40

var modulus = new(big.Int).Exp(big.NewInt(10), big.NewInt(decimals), nil)

// Decimal gives the digest of a certificate as people compare it: 40 decimal digits, the
// number modulo 10^40; "" for what is no digest.
func (d Digest) Decimal() string {
	n, ok := new(big.Int).SetString(string(d), 16)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%0*d", decimals, n.Mod(n, modulus))
}

// Role is what a person may be in a meeting. A seat holds a set of roles.
type Role string

// The roles of decisions 1. 组长 is not a role but an office held by an
// expert's seat.
const (
	RoleSecretary Role = "secretary" // 秘书: compiles, never scores
	RoleExpert    Role = "expert"    // 专家: scores and signs
	RoleMember    Role = "member"    // 成员: signs, does not score
	RoleObserver  Role = "observer"  // 监督: sees the record, changes nothing
)

// Name gives the role as certificates, papers and screens name it, in the language
// of the rules.
func (r Role) Name() string {
	switch r {
	case RoleSecretary:
		return "秘书"
	case RoleExpert:
		return "专家"
	case RoleMember:
		return "成员"
	case RoleObserver:
		return "监督"
	case ArchiveRole:
		return "归档专用"
	}
	return string(r)
}

// PublicKeys are what a seat is known by.
type PublicKeys struct {
	Sign []byte `json:"sign"` // P-256 public key, PKIX DER
	Seal string `json:"seal"` // age recipient
}

// Kind names an event. Kinds are stable: they stand in signed journals.
type Kind string

// Body is what one kind of event says.
type Body interface {
	// Kind names the event that carries this body.
	Kind() Kind
}

// EventVersion is the version of the form below that this program writes.
const EventVersion = 1

// Event is one thing that happened in a meeting, in the order of Index. Its
// canonical bytes (Encode) are what the actor signs and what the journal keeps.
type Event struct {
	Version int
	Meeting MeetingID
	Index   int64     // place in the journal, from 0
	At      time.Time // the machine's clock, whole seconds with zone: a claim, never an order
	Actor   SeatID
	Body    Body
}

type wireEvent struct {
	Version int             `json:"v"`
	Meeting MeetingID       `json:"meeting"`
	Index   int64           `json:"index"`
	At      string          `json:"at"`
	Actor   SeatID          `json:"actor"`
	Kind    Kind            `json:"kind"`
	Body    json.RawMessage `json:"body"`
}

// Encode gives the canonical bytes: one JSON object without white space, keys in
// fixed order, no HTML escapes, time as RFC 3339 with zone.
func (e Event) Encode() ([]byte, error) {
	body, err := encodeJSON(e.Body)
	if err != nil {
		return nil, E(CodeEventForm, "review.Event.Encode", string(e.Body.Kind()), err)
	}
	return encodeJSON(wireEvent{e.Version, e.Meeting, e.Index, e.At.Format(time.RFC3339), e.Actor, e.Body.Kind(), body})
}

// DecodeEvent reads canonical bytes. Anything that would not encode to the very
// same bytes is refused.
// Codes: CodeEventForm, CodeEventNewer.
func DecodeEvent(b []byte) (Event, error) {
	const op = "review.DecodeEvent"
	var probe struct {
		Version int `json:"v"`
	}
	if err := json.Unmarshal(b, &probe); err != nil {
		return Event{}, E(CodeEventForm, op, "", err)
	}
	if probe.Version > EventVersion {
		return Event{}, E(CodeEventNewer, op, strconv.Itoa(probe.Version), nil)
	}
	var w wireEvent
	if err := decodeJSON(b, &w); err != nil {
		return Event{}, E(CodeEventForm, op, "", err)
	}
	at, err := time.Parse(time.RFC3339, w.At)
	if err != nil {
		return Event{}, E(CodeEventForm, op, "at", err)
	}
	body, err := decodeBody(w.Kind, w.Body)
	if err != nil {
		return Event{}, err
	}
	e := Event{Version: w.Version, Meeting: w.Meeting, Index: w.Index, At: at, Actor: w.Actor, Body: body}
	again, err := e.Encode()
	if err != nil {
		return Event{}, err
	}
	if w.Version != EventVersion || !bytes.Equal(again, b) {
		return Event{}, E(CodeEventForm, op, string(w.Kind), nil)
	}
	return e, nil
}

// ActorOf gives the actor that an event names, whatever its kind and version, "" if
// it names none.
func ActorOf(b []byte) SeatID {
	var w struct {
		Actor SeatID `json:"actor"`
	}
	_ = json.Unmarshal(b, &w) // of what is no event at all the actor is ""
	return w.Actor
}

// decoders knows the type of every kind's body. To add an event: its body type in
// a bodies file, a line here, its rule in machine.go, its case in State.Apply.
var decoders = map[Kind]func(raw []byte) (Body, error){
	KindMeetingCreated:      bodyOf[MeetingCreated],
	KindPanelConfirmed:      bodyOf[PanelConfirmed],
	KindMinutesRecorded:     bodyOf[MinutesRecorded],
	KindPaperIssued:         bodyOf[PaperIssued],
	KindSeatAdded:           bodyOf[SeatAdded],
	KindSeatEdited:          bodyOf[SeatEdited],
	KindSeatClaimed:         bodyOf[SeatClaimed],
	KindSeatFreed:           bodyOf[SeatFreed],
	KindSeatEntered:         bodyOf[SeatEntered],
	KindSeatReplaced:        bodyOf[SeatReplaced],
	KindCodeTried:           bodyOf[CodeTried],
	KindSheetPrinted:        bodyOf[SheetPrinted],
	KindSeatsCertified:      bodyOf[SeatsCertified],
	KindChairNamed:          bodyOf[ChairNamed],
	KindAttendanceRecorded:  bodyOf[AttendanceRecorded],
	KindPromiseGiven:        bodyOf[PromiseGiven],
	KindClockMoved:          bodyOf[ClockMoved],
	KindDraftBegun:          bodyOf[DraftBegun],
	KindDraftDropped:        bodyOf[DraftDropped],
	KindStatementRefused:    bodyOf[StatementRefused],
	KindFilingBegun:         bodyOf[FilingBegun],
	KindMeetingSealed:       bodyOf[MeetingSealed],
	KindMeetingRestored:     bodyOf[MeetingRestored],
	KindPackageImported:     bodyOf[PackageImported],
	KindProjectAdded:        bodyOf[ProjectAdded],
	KindProjectSuspended:    bodyOf[ProjectSuspended],
	KindDeclarationGiven:    bodyOf[DeclarationGiven],
	KindRecusalDecided:      bodyOf[RecusalDecided],
	KindQuorumWaived:        bodyOf[QuorumWaived],
	KindFactCorrected:       bodyOf[FactCorrected],
	KindSchemeSet:           bodyOf[SchemeSet],
	KindRoundBegun:          bodyOf[RoundBegun],
	KindBallotSubmitted:     bodyOf[BallotSubmitted],
	KindBallotReturned:      bodyOf[BallotReturned],
	KindBallotVoided:        bodyOf[BallotVoided],
	KindRoundClosed:         bodyOf[RoundClosed],
	KindRoundReopened:       bodyOf[RoundReopened],
	KindBallotsOpened:       bodyOf[BallotsOpened],
	KindOpinionDrafted:      bodyOf[OpinionDrafted],
	KindItemSettled:         bodyOf[ItemSettled],
	KindConclusionReached:   bodyOf[ConclusionReached],
	KindConclusionWithdrawn: bodyOf[ConclusionWithdrawn],
	KindVoteCast:            bodyOf[VoteCast],
	KindVotesCounted:        bodyOf[VotesCounted],
	KindSigningBegun:        bodyOf[SigningBegun],
	KindSignatureGiven:      bodyOf[SignatureGiven],
	KindSignatureRefused:    bodyOf[SignatureRefused],
	KindProjectFinalised:    bodyOf[ProjectFinalised],
	KindFulfilmentRecorded:  bodyOf[FulfilmentRecorded],
	KindPapersCertified:     bodyOf[PapersCertified],
	KindPapersSigned:        bodyOf[PapersSigned],
	KindScanLinked:          bodyOf[ScanLinked],
	KindPapersArchived:      bodyOf[PapersArchived],
	KindPapersWithdrawn:     bodyOf[PapersWithdrawn],
	KindDissentVoided:       bodyOf[DissentVoided],
}

func decodeBody(k Kind, raw []byte) (Body, error) {
	decode, ok := decoders[k]
	if !ok {
		return nil, E(CodeEventNewer, "review.decodeBody", string(k), nil)
	}
	return decode(raw)
}

func bodyOf[T Body](raw []byte) (Body, error) {
	var b T
	if err := decodeJSON(raw, &b); err != nil {
		return nil, E(CodeEventForm, "review.bodyOf", string(b.Kind()), err)
	}
	return b, nil
}

func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func decodeJSON(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// Valid tells whether the digest has the form of one: 64 lower-case hexadecimal digits.
func (d Digest) Valid() bool {
	return len(d) == 2*sha256.Size && strings.Trim(string(d), "0123456789abcdef") == ""
}

// crockford is the alphabet of receipts: digits and capitals without I L O U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Receipt gives the first 50 bits of the digest for a person to copy and compare, in
// Crockford's base 32: XXXXX-XXXXX. Of what is no digest it is "".
func (d Digest) Receipt() string {
	raw, err := hex.DecodeString(string(d))
	if err != nil || len(raw) != sha256.Size {
		return ""
	}
	bits := binary.BigEndian.Uint64(raw)
	out := make([]byte, 0, 11)
	for i := range 10 {
		if i == 5 {
			out = append(out, '-')
		}
		out = append(out, crockford[bits>>59])
		bits <<= 5
	}
	return string(out)
}
