package review

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// StatementVersion is the version of the form below that this program writes.
const StatementVersion = 1

// StatementKind names what a person states. Kinds are stable.
type StatementKind string

// The statements of version 1.
const (
	StatementClaim       StatementKind = "claim"       // 领席: these are my keys
	StatementPromise     StatementKind = "promise"     // 承诺: I have read and promise
	StatementDeclaration StatementKind = "declaration" // 回避声明
	StatementScore       StatementKind = "score"       // 评分: what a ballot says, under seal until the opening
	StatementBallot      StatementKind = "ballot"      // 提交: this sealed ballot is mine
	StatementVote        StatementKind = "vote"        // 表决: my position on a conclusion
	StatementSignature   StatementKind = "signature"   // 签署
	StatementConsent     StatementKind = "consent"     // the other officer's half of an act of two
)

// Statement is what one person gives, complete in itself: it says where it belongs,
// so that it can be carried from another machine and be of use nowhere else.
type Statement struct {
	Version  int
	Kind     StatementKind
	Meeting  MeetingID
	Package  Digest    // of the package the project came in; "" where no project is meant
	Scheme   Digest    // of the review scheme; "" where no project is meant
	Project  ProjectID // "" where the whole meeting is meant
	Round    string    // nonce of the round; "" where none is meant
	Seat     SeatID
	Revision int    // of this statement by this seat, from 1
	Prev     Digest // of the statement that this one follows; "" for the first. A consent has the journal's root here
	At       time.Time
	Body     any // one of the ...Body types below, by Kind
}

type wireStatement struct {
	Version  int             `json:"v"`
	Kind     StatementKind   `json:"kind"`
	Meeting  MeetingID       `json:"meeting"`
	Package  Digest          `json:"package"`
	Scheme   Digest          `json:"scheme"`
	Project  ProjectID       `json:"project"`
	Round    string          `json:"round"`
	Seat     SeatID          `json:"seat"`
	Revision int             `json:"revision"`
	Prev     Digest          `json:"prev"`
	At       string          `json:"at"`
	Body     json.RawMessage `json:"body"`
}

// Signed is a statement's canonical bytes and its author's signature over them,
// under StatementDomain.
type Signed struct {
	Statement []byte `json:"statement"`
	Signature []byte `json:"signature"` // ECDSA P-256, ASN.1
}

// StatementDomain is the domain under which statements are signed.
const StatementDomain = "heyi.statement.v1"

// Digest names the statement by its canonical bytes.
func (s Signed) Digest() Digest { return DigestOf(s.Statement) }

// ClaimBody binds a person's keys to a seat. The statement is signed with the very
// key that it names.
type ClaimBody struct {
	Name   string     `json:"name"`
	Keys   PublicKeys `json:"keys"`
	Former []string   `json:"former,omitempty"` // age recipients of earlier claims whose keys the person still holds
}

// PromiseBody names the text of the 承诺书 that was read.
type PromiseBody struct {
	Text Digest `json:"text"`
}

// DeclarationBody says whether the person must stand aside for the project.
type DeclarationBody struct {
	Conflict bool   `json:"conflict"`
	Reason   string `json:"reason"` // required with Conflict; at most MaxReason characters
}

// BallotBody is what is open to all of a sealed ballot.
type BallotBody struct {
	Cipher    Digest `json:"cipher"`    // of the sealed bytes, a blob
	Content   Digest `json:"content"`   // of Content, so that nothing else can be opened in its place
	Chair     string `json:"chair"`     // age recipient of the presiding chair
	Secretary string `json:"secretary"` // age recipient of the secretary
}

// VoteBody is a person's position on a conclusion.
type VoteBody struct {
	Conclusion Digest `json:"conclusion"` // of Conclusion
	Choice     Choice `json:"choice"`
	Text       string `json:"text"`            // 不同意见 or 保留意见 in full; required with ChoiceReserve and ChoiceDisagree
	Paper      Digest `json:"paper,omitempty"` // blob: the 不同意见书 as he signed it; "" if there is none
}

// Choice is a position on a conclusion.
type Choice string

// The positions.
const (
	ChoiceAgree    Choice = "agree"    // 同意
	ChoiceReserve  Choice = "reserve"  // 同意，附保留意见
	ChoiceDisagree Choice = "disagree" // 不同意
	ChoiceAbstain  Choice = "abstain"  // 弃权
)

// SignatureBody says what was signed.
type SignatureBody struct {
	Subject Digest `json:"subject"` // of Conclusion
}

// ConsentBody is the second officer's half of an act: of which act, and the digest
// of its body without the consent.
type ConsentBody struct {
	Kind Kind   `json:"kind"`
	Body Digest `json:"body"`
}

// Encode gives the canonical bytes, in the manner of Event.Encode.
func (s Statement) Encode() ([]byte, error) {
	const op = "review.Statement.Encode"
	body, err := encodeJSON(s.Body)
	if err != nil {
		return nil, E(CodeStatementForm, op, string(s.Kind), err)
	}
	b, err := encodeJSON(wireStatement{
		s.Version, s.Kind, s.Meeting, s.Package, s.Scheme, s.Project, s.Round, s.Seat, s.Revision, s.Prev,
		s.At.Format(time.RFC3339), body,
	})
	if err != nil {
		return nil, E(CodeStatementForm, op, string(s.Kind), err)
	}
	return b, nil
}

// DecodeStatement reads canonical bytes. Anything that would not encode to the very
// same bytes is refused.
// Codes: CodeStatementForm, CodeStatementNewer.
func DecodeStatement(b []byte) (Statement, error) {
	const op = "review.DecodeStatement"
	var probe struct {
		Version int `json:"v"`
	}
	if err := json.Unmarshal(b, &probe); err != nil {
		return Statement{}, E(CodeStatementForm, op, "", err)
	}
	if probe.Version > StatementVersion {
		return Statement{}, E(CodeStatementNewer, op, strconv.Itoa(probe.Version), nil)
	}
	var w wireStatement
	if err := decodeJSON(b, &w); err != nil {
		return Statement{}, E(CodeStatementForm, op, "", err)
	}
	at, err := time.Parse(time.RFC3339, w.At)
	if err != nil {
		return Statement{}, E(CodeStatementForm, op, "at", err)
	}
	body, err := decodeStatementBody(w.Kind, w.Body)
	if err != nil {
		return Statement{}, err
	}
	s := Statement{w.Version, w.Kind, w.Meeting, w.Package, w.Scheme, w.Project, w.Round, w.Seat, w.Revision, w.Prev, at, body}
	again, err := s.Encode()
	if err != nil {
		return Statement{}, err
	}
	if w.Version != StatementVersion || !bytes.Equal(again, b) {
		return Statement{}, E(CodeStatementForm, op, string(w.Kind), nil)
	}
	return s, nil
}

func decodeStatementBody(k StatementKind, raw []byte) (any, error) {
	switch k {
	case StatementClaim:
		return decodeAs[ClaimBody](k, raw)
	case StatementPromise:
		return decodeAs[PromiseBody](k, raw)
	case StatementDeclaration:
		return decodeAs[DeclarationBody](k, raw)
	case StatementScore:
		return decodeAs[Sheet](k, raw)
	case StatementBallot:
		return decodeAs[BallotBody](k, raw)
	case StatementVote:
		return decodeAs[VoteBody](k, raw)
	case StatementSignature:
		return decodeAs[SignatureBody](k, raw)
	case StatementPapers:
		return decodeAs[PapersBody](k, raw)
	case StatementConsent:
		return decodeAs[ConsentBody](k, raw)
	}
	return nil, E(CodeStatementNewer, "review.decodeStatementBody", string(k), nil)
}

func decodeAs[T any](k StatementKind, raw []byte) (any, error) {
	var b T
	if err := decodeJSON(raw, &b); err != nil {
		return nil, E(CodeStatementForm, "review.decodeAs", string(k), err)
	}
	return b, nil
}

// Carry gives the event's body that carries a signed statement into the record: for
// one given here and one brought from another machine alike.
// Codes: CodeStatementForm (also of a kind that no event carries by itself),
// CodeStatementNewer.
func Carry(g Signed) (Body, error) {
	st, err := DecodeStatement(g.Statement)
	if err != nil {
		return nil, err
	}
	switch st.Kind {
	case StatementClaim:
		return SeatClaimed{Claim: g}, nil
	case StatementPromise:
		return PromiseGiven{Promise: g}, nil
	case StatementDeclaration:
		return DeclarationGiven{Declaration: g}, nil
	case StatementBallot:
		return BallotSubmitted{Ballot: g}, nil
	case StatementVote:
		return VoteCast{Vote: g}, nil
	case StatementSignature:
		return SignatureGiven{Signature: g}, nil
	case StatementPapers:
		return PapersSigned{Signature: g}, nil
	}
	return nil, E(CodeStatementForm, "review.Carry", string(st.Kind), nil)
}
