package filing

import (
	"bytes"
	"encoding/json"
	"time"

	"heyi/review"
)

// DataVersion is the version of Data, which 会议数据.json carries.
const DataVersion = 1

// Data is all that the record of a meeting says, for other programs to read. Times are as
// the machine's clock had them, RFC 3339; marks and figures are decimals as text; what is
// open has the empty value of its type.
type Data struct {
	Version     int           `json:"version"` // DataVersion
	Meeting     Meeting       `json:"meeting"`
	Seats       []Seat        `json:"seats"`
	Packages    []Package     `json:"packages"`
	Projects    []Project     `json:"projects"`
	Minutes     []Paragraph   `json:"minutes"`
	Papers      []Issued      `json:"papers"`
	ClockMoves  []ClockMove   `json:"clock_moves"`
	Restored    []Restoration `json:"restored"`
	NotAccepted []NotAccepted `json:"not_accepted"`
}

// Meeting is what is said of the meeting as a whole.
type Meeting struct {
	ID         review.MeetingID `json:"id"`
	Title      string           `json:"title"`
	Drill      bool             `json:"drill"`
	Scheme     string           `json:"scheme"` // the only one that it reviews by; "" for any
	Created    time.Time        `json:"created"`
	Phase      review.Phase     `json:"phase"`
	Chair      review.SeatID    `json:"chair"`
	Entries    int64            `json:"entries"` // of the journal
	Until      time.Time        `json:"until"`   // of the last of them
	Checkpoint string           `json:"checkpoint"`
	Authority  review.Digest    `json:"authority"` // of the panel's certificate
}

// Seat is a person's place.
type Seat struct {
	ID          review.SeatID   `json:"id"`
	Name        string          `json:"name"`
	Unit        string          `json:"unit"`
	Title       string          `json:"title"`
	Roles       []review.Role   `json:"roles"`
	Presence    review.Presence `json:"presence"`
	Arrived     *time.Time      `json:"arrived"`
	Left        *time.Time      `json:"left"`
	Promise     review.Digest   `json:"promise"`
	Certificate review.Digest   `json:"certificate"`
	ReplacedBy  review.SeatID   `json:"replaced_by"`
}

// Package is a 评审包 that was imported.
type Package struct {
	review.PackageImported
	Entry int64 `json:"entry"` // of the journal
}

// Project is a project and its review.
type Project struct {
	ID           review.ProjectID            `json:"id"`
	Title        string                      `json:"title"`
	Code         string                      `json:"code"`
	Place        string                      `json:"place"`
	Time         string                      `json:"time"` // as people wrote it
	Package      review.Digest               `json:"package"`
	Entry        string                      `json:"entry"` // inside the package
	Scheme       review.Scheme               `json:"scheme"`
	SchemeDigest review.Digest               `json:"scheme_digest"`
	Came         *review.Scheme              `json:"came,omitempty"`     // the scheme as it came, where anything was ever set of it
	Settings     []Setting                   `json:"settings,omitempty"` // each time that it was set, oldest first
	Units        []review.Unit               `json:"units"`
	Facts        []review.Fact               `json:"facts"` // as corrected
	Documents    []review.Document           `json:"documents"`
	Quorum       int                         `json:"quorum"`
	Waived       string                      `json:"waived"`
	Stage        review.Stage                `json:"stage"`
	Suspended    string                      `json:"suspended"`
	Chair        review.SeatID               `json:"chair"` // who presides
	Declarations []Declaration               `json:"declarations"`
	Recusals     []Recusal                   `json:"recusals"`
	Corrections  []Correction                `json:"corrections"`
	Rounds       []Round                     `json:"rounds"`
	Settled      []Settlement                `json:"settled"`
	Opinion      []Opinion                   `json:"opinion"` // every version
	Conclusion   *Conclusion                 `json:"conclusion"`
	Withdrawn    []Conclusion                `json:"withdrawn"`
	Votes        []Vote                      `json:"votes"`
	Counts       []Count                     `json:"counts"`
	Signatures   []Signature                 `json:"signatures"`
	Refusals     []Refusal                   `json:"refusals"`
	Fulfilment   []review.FulfilmentRecorded `json:"fulfilment"` // every version
	Sets         []Set                       `json:"sets"`
}

// Setting is one time that a scheme was set for this meeting.
type Setting struct {
	Settings review.Settings `json:"settings"` // empty where it was put back
	Reason   string          `json:"reason"`
	By       review.SeatID   `json:"by"`
	At       time.Time       `json:"at"`
}

// Declaration is one 回避声明.
type Declaration struct {
	Seat     review.SeatID `json:"seat"`
	Revision int           `json:"revision"`
	Conflict bool          `json:"conflict"`
	Reason   string        `json:"reason"`
	At       time.Time     `json:"at"`
}

// Recusal is one expert standing aside.
type Recusal struct {
	Seat   review.SeatID `json:"seat"`
	Own    bool          `json:"own"`
	Reason string        `json:"reason"`
	At     time.Time     `json:"at"`
}

// Correction is one 更正单.
type Correction struct {
	Number    int           `json:"number"`
	Key       string        `json:"key"`
	Old       string        `json:"old"`
	New       string        `json:"new"`
	Evidence  string        `json:"evidence"`
	Officer   review.SeatID `json:"officer"`
	Consenter review.SeatID `json:"consenter"`
	At        time.Time     `json:"at"`
}

// Round is one round of scoring.
type Round struct {
	Number  int        `json:"number"`
	Begun   time.Time  `json:"begun"`
	Closed  *time.Time `json:"closed"`
	Opened  *time.Time `json:"opened"`
	Ballots []Ballot   `json:"ballots"` // every revision, in order of arrival
	Result  *Result    `json:"result"`  // null until opened
}

// Ballot is one revision of one expert's ballot.
type Ballot struct {
	Seat      review.SeatID `json:"seat"`
	Revision  int           `json:"revision"`
	At        time.Time     `json:"at"`
	Statement review.Digest `json:"statement"`
	Receipt   string        `json:"receipt"` // 回执码
	Counts    bool          `json:"counts"`
	Why       string        `json:"why"` // why it does not count
	Sheet     *review.Sheet `json:"sheet"`
	Paper     review.Digest `json:"paper"` // the individual opinion as signed
}

// Result is what the ballots of a round come to, with two decimals; "" where there is none.
type Result struct {
	Official  string        `json:"official"`
	Mean      string        `json:"mean"`
	Trimmed   string        `json:"trimmed"`
	Median    string        `json:"median"`
	Suggested string        `json:"suggested"` // id of the conclusion that the rules suggest
	Experts   []ExpertTotal `json:"experts"`
	Items     []ItemResult  `json:"items"`
}

// ExpertTotal is what one expert's ballot comes to.
type ExpertTotal struct {
	Seat  review.SeatID `json:"seat"`
	Total string        `json:"total"`
}

// ItemResult is what the answers to one item come to.
type ItemResult struct {
	Item    string `json:"item"`
	Mean    string `json:"mean"`
	Percent string `json:"percent"`
	Yes     int    `json:"yes"`
	No      int    `json:"no"`
	Abstain int    `json:"abstain"`
	NA      int    `json:"na"`
}

// Settlement is an item that the chair settled after 合议.
type Settlement struct {
	Round  int           `json:"round"`
	Item   string        `json:"item"`
	Answer string        `json:"answer"`
	Reason string        `json:"reason"`
	By     review.SeatID `json:"by"`
	At     time.Time     `json:"at"`
}

// Opinion is one version of the 专家组意见.
type Opinion struct {
	Revision   int                       `json:"revision"`
	Round      int                       `json:"round"`
	By         review.SeatID             `json:"by"`
	At         time.Time                 `json:"at"`
	Paragraphs []review.OpinionParagraph `json:"paragraphs"`
}

// Conclusion is what the panel concluded.
type Conclusion struct {
	Digest    review.Digest    `json:"digest"` // by which votes and papers name it
	Outcome   string           `json:"outcome"`
	Title     string           `json:"title"` // of the outcome
	Opinion   int              `json:"opinion"`
	Suggested string           `json:"suggested"`
	Against   []review.Against `json:"against"`
	Reason    string           `json:"reason"`
	By        review.SeatID    `json:"by"`
	At        time.Time        `json:"at"`
}

// Vote is one person's position on a conclusion.
type Vote struct {
	Seat       review.SeatID `json:"seat"`
	Revision   int           `json:"revision"`
	Conclusion review.Digest `json:"conclusion"`
	Choice     review.Choice `json:"choice"`
	Text       string        `json:"text"`
	Paper      review.Digest `json:"paper"` // the 不同意见书 as signed
	Annex      bool          `json:"annex"`
	At         time.Time     `json:"at"`
}

// Count is the count of a vote on paper or by hand.
type Count struct {
	Number  int       `json:"number"`
	Motion  string    `json:"motion"`
	Yes     int       `json:"yes"`
	No      int       `json:"no"`
	Abstain int       `json:"abstain"`
	At      time.Time `json:"at"`
}

// Signature is one person's signature on a conclusion or on tables.
type Signature struct {
	Seat      review.SeatID `json:"seat"`
	Statement review.Digest `json:"statement"`
	Ink       bool          `json:"ink"`
	Subject   review.Digest `json:"subject"`
	At        time.Time     `json:"at"`
}

// Refusal is a person who does not sign.
type Refusal struct {
	Seat    review.SeatID `json:"seat"`
	Reason  string        `json:"reason"`
	Witness review.SeatID `json:"witness"`
	Subject review.Digest `json:"subject"`
	At      time.Time     `json:"at"`
}

// Set is a set of papers that were signed together.
type Set struct {
	Number    int             `json:"number"`
	Purpose   review.Purpose  `json:"purpose"`
	Subject   review.Digest   `json:"subject"`
	At        time.Time       `json:"at"`
	Void      string          `json:"void"`
	Archive   review.Digest   `json:"archive"` // of the archive's certificate; "" until archived
	Consenter review.SeatID   `json:"consenter"`
	Signers   []review.Signer `json:"signers"`
	Papers    []SetPaper      `json:"papers"`
	Scans     []Scan          `json:"scans"`
}

// SetPaper is one paper of a set.
type SetPaper struct {
	Form      review.Form   `json:"form"`
	Number    int           `json:"number"`
	Check     string        `json:"check"` // 校验码
	Base      review.Digest `json:"base"`  // before any signature
	Revisions []Revision    `json:"revisions"`
}

// Revision is a paper as one signature left it.
type Revision struct {
	Seat   review.SeatID `json:"seat"` // "" for the archive
	Signed review.Digest `json:"signed"`
	At     time.Time     `json:"at"`
}

// Scan is a scan of a paper that was signed in ink.
type Scan struct {
	Check   string          `json:"check"`
	Printed review.Digest   `json:"printed"`
	Scan    review.Digest   `json:"scan"`
	Type    string          `json:"type"`
	Seats   []review.SeatID `json:"seats"`
}

// Paragraph is one recorded paragraph of the 会议记录.
type Paragraph struct {
	Number int           `json:"number"`
	At     time.Time     `json:"at"`
	By     review.SeatID `json:"by"`
	Text   string        `json:"text"`
}

// Issued is a paper of the meeting as a whole that was issued.
type Issued struct {
	Form   review.Form   `json:"form"`
	Number int           `json:"number"`
	At     time.Time     `json:"at"`
	By     review.SeatID `json:"by"`
	Base   review.Digest `json:"base"`
	Signed review.Digest `json:"signed"`
}

// ClockMove is one time at which the machine's clock was set back.
type ClockMove struct {
	Entry int64     `json:"entry"`
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
}

// Restoration is one time at which the record was continued from a copy.
type Restoration struct {
	Entry    int64         `json:"entry"`
	Seen     string        `json:"seen"`
	Evidence review.Digest `json:"evidence"`
	Reason   string        `json:"reason"`
	At       time.Time     `json:"at"`
}

// NotAccepted is something that was brought and could not be accepted.
type NotAccepted struct {
	Statement review.Digest `json:"statement"`
	Seat      review.SeatID `json:"seat"`
	Code      review.Code   `json:"code"`
	At        time.Time     `json:"at"`
}

// Encode gives the canonical bytes: members in the order above, two blanks for each step
// inwards, no HTML escapes.
func (d *Data) Encode() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(d); err != nil {
		panic("filing: " + err.Error()) // texts, numbers and times always encode
	}
	return b.Bytes()
}
