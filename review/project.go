package review

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// ProjectID identifies a project in one meeting: "p" and two digits or more, given
// in the order in which projects were added.
type ProjectID string

// NumberedProject gives the id of the n-th project, from 1.
func NumberedProject(n int) ProjectID { return ProjectID(fmt.Sprintf("p%02d", n)) }

// NumberedSeat gives the id of the n-th seat, from 1.
func NumberedSeat(n int) SeatID { return SeatID(fmt.Sprintf("s%02d", n)) }

// Project is a project and its review.
type Project struct {
	ID           ProjectID
	Title        string
	Package      Digest
	Scheme       Scheme
	SchemeDigest Digest
	Units        []Unit
	Facts        []Fact // as corrected
	Quorum       int
	Entry        string // inside the package
	Record       Digest
	Documents    []Document
	Settings     []SchemeSetting // oldest first; of the scheme, see Came
	Waived       string          // why the quorum need not be had; "" if it must

	Stage       Stage
	Chair       SeatID // 组长 of this project alone; "" for the meeting's
	Suspended   string // why
	Declared    []Declaration
	Recusals    []Recusal
	Corrections []Correction
	Rounds      []Round
	Voids       []Void
	Signers     []SeatID // who signs the present conclusion; nil until the signing has begun
	Redo        bool     // an expert was replaced after the opening: a new round must be held
	Settled     []Settlement
	Opinion     []OpinionVersion
	Conclusion  *Conclusion  // nil until reached
	Withdrawn   []Conclusion // conclusions taken back, oldest first
	Votes       []Vote
	Counts      []Count
	Signatures  []Signature
	Refusals    []Refusal
	Fulfilment  []FulfilmentVersion // oldest first; of a 验收
	Sets        []PaperSet          // by their numbers; at most one of a purpose stands
}

// Declaration is one expert's 回避声明.
type Declaration struct {
	Seat      SeatID
	Revision  int
	Statement Digest
	Conflict  bool
	Reason    string
	At        time.Time
}

// Recusal is one expert standing aside.
type Recusal struct {
	Seat   SeatID
	Own    bool // by his own declaration
	Reason string
	At     time.Time
}

// Correction is one 更正单.
type Correction struct {
	Number             int // from 1
	Key, Old, New      string
	Evidence           string
	At                 time.Time
	Officer, Consenter SeatID
}

// Round is one round of scoring. Once the next has begun it never changes.
type Round struct {
	Number  int // from 1
	Nonce   string
	Begun   time.Time
	Closed  time.Time // zero until closed
	Opened  time.Time // zero until opened
	Ballots []Ballot  // every revision, in order of arrival
}

// Ballot is one revision of one expert's ballot.
type Ballot struct {
	Seat      SeatID
	Revision  int
	At        time.Time
	Statement Digest
	BallotBody
	Keys     PublicKeys // of the seat when it was given; they verify the score inside
	Returned string     // why it was returned; "" if it was not
	Sheet    *Sheet     // nil until opened; never changed
	Paper    Digest     // the individual opinion's PDF; "" if there is none
}

// Void says that a ballot of a round does not count. The ballot is kept.
type Void struct {
	Round    int
	Seat     SeatID
	Revision int // of the ballot; a later one counts
	Reason   string
	At       time.Time
}

// Settlement is what the panel made, after 合议, of an item that was left open.
type Settlement struct {
	Round  int
	Item   string
	Answer string // AnswerYes or AnswerNo
	Reason string
	At     time.Time
	By     SeatID
}

// Settlements gives what items were settled as in the latest round: AnswerYes or AnswerNo by
// the item's id.
func (p *Project) Settlements() map[string]string {
	out := map[string]string{}
	for _, s := range p.Settled {
		if s.Round == len(p.Rounds) {
			out[s.Item] = s.Answer
		}
	}
	return out
}

// OpinionVersion is one version of the 专家组意见.
type OpinionVersion struct {
	Revision   int
	Round      int // the latest when it was drafted
	By         SeatID
	At         time.Time
	Paragraphs []OpinionParagraph
}

// Conclusion is what the panel concluded.
type Conclusion struct {
	ConclusionReached
	Digest Digest // of the body without the consent and, if there is one, the conclusion withdrawn before; votes and signatures name it
	At     time.Time
	By     SeatID
}

// Vote is one person's position on a conclusion.
type Vote struct {
	Seat      SeatID
	Revision  int
	Statement Digest
	VoteBody
	Annex     bool   // given after the papers were certified, or the review was final
	VoidPaper string // why its 不同意见书 does not count; "" if it does, or there is none
	At        time.Time
}

// Count is the count of a vote on paper or by hand.
type Count struct {
	Number           int // from 1
	Motion           string
	Yes, No, Abstain int
	At               time.Time
}

// Signature is one person's signature on a conclusion.
type Signature struct {
	Seat      SeatID
	Statement Digest // "" in ink
	Subject   Digest
	Ink       bool // on prints of the papers, of which the scans are on record
	At        time.Time
}

// Refusal is 拒签 or a person who cannot sign.
type Refusal struct {
	Seat    SeatID
	Reason  string
	Witness SeatID
	Subject Digest // of the conclusion, or of the tables
	At      time.Time
}

// Round gives the latest round, nil if none has begun.
func (p *Project) Round() *Round {
	if len(p.Rounds) == 0 {
		return nil
	}
	return &p.Rounds[len(p.Rounds)-1]
}

// Recused tells whether the seat stands aside for this project.
func (p *Project) Recused(seat SeatID) bool {
	return slices.ContainsFunc(p.Recusals, func(r Recusal) bool { return r.Seat == seat })
}

// Declaration gives a seat's last declaration.
func (p *Project) Declaration(seat SeatID) (Declaration, bool) {
	return last(p.Declared, func(d Declaration) bool { return d.Seat == seat })
}

// Ballot gives a seat's last ballot of a round, returned or not, void or not.
func (r *Round) Ballot(seat SeatID) (Ballot, bool) {
	return last(r.Ballots, func(b Ballot) bool { return b.Seat == seat })
}

// Void tells whether a seat's last ballot of a round does not count, and why.
func (p *Project) Void(round int, seat SeatID) (Void, bool) {
	if round < 1 || round > len(p.Rounds) {
		return Void{}, false
	}
	b, _ := p.Rounds[round-1].Ballot(seat)
	return last(p.Voids, func(v Void) bool { return v.Round == round && v.Seat == seat && v.Revision == b.Revision })
}

// Counted gives the ballots of a round that count, in the order of seats: each
// seat's last, unless it was returned or is void.
func (p *Project) Counted(r *Round) []Ballot {
	var out []Ballot
	for i := range r.Ballots {
		b := r.Ballots[i]
		latest, _ := r.Ballot(b.Seat)
		if _, void := p.Void(r.Number, b.Seat); void || b.Returned != "" || b.Revision != latest.Revision {
			continue
		}
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b Ballot) int { return CompareSeats(a.Seat, b.Seat) })
	return out
}

// Vote gives a seat's last vote on a conclusion.
func (p *Project) Vote(seat SeatID, conclusion Digest) (Vote, bool) {
	return last(p.Votes, func(v Vote) bool { return v.Seat == seat && v.Conclusion == conclusion })
}

// signed tells whether a seat has signed, or is on record as not signing, the
// present conclusion.
func (p *Project) signed(seat SeatID) bool {
	return p.signature(seat) || p.refused(seat, p.Conclusion.Digest)
}

// refused tells whether a seat is on record as not signing a subject.
func (p *Project) refused(seat SeatID, subject Digest) bool {
	return slices.ContainsFunc(p.Refusals, func(r Refusal) bool { return r.Seat == seat && r.Subject == subject })
}

// Standing gives the set of papers of a purpose that counts, archived or not; nil if
// there is none.
func (p *Project) Standing(purpose Purpose) *PaperSet {
	return p.set(func(s *PaperSet) bool { return s.Purpose == purpose && s.Void == "" })
}

// Signing gives the set of papers that lies before those who are to sign it; nil if there
// is none. Before the conclusion it is one of tables, and after it one of the conclusion.
func (p *Project) Signing() *PaperSet {
	return p.set(func(s *PaperSet) bool { return s.Void == "" && s.Archive == nil })
}

// alters tells whether a correction makes another record of what stands under an id in a list
// of records.
func (x Correction) alters(id string) bool {
	record := func(value string) (any, bool) {
		var list []map[string]any
		if json.Unmarshal([]byte(value), &list) != nil {
			return nil, false
		}
		for _, r := range list {
			if r["id"] == id {
				return r, true
			}
		}
		return nil, false
	}
	before, had := record(x.Old)
	after, has := record(x.New)
	return had != has || !reflect.DeepEqual(before, after)
}

// Acknowledged gives the numbers of the changes that the group has signed: those that the
// 变更认可表 of a closed set of tables has as reported, if the set stands and all who were to
// sign it have. To what is not reported the table itself denies the acknowledgement; what was
// corrected since is no longer what was signed.
func (p *Project) Acknowledged() []string {
	set := p.Standing(PurposeTables)
	if set == nil || set.Archive == nil || set.Paper(FormChanges) == nil ||
		slices.ContainsFunc(set.Signers, func(g Signer) bool { return !set.Signed(g.Seat) }) {
		return nil
	}
	var numbers []string
	for _, v := range p.Fulfilment {
		if v.Digest != set.Subject {
			continue
		}
		for _, c := range v.Changes {
			corrected := slices.ContainsFunc(p.Corrections[set.Corrected:], func(x Correction) bool { return x.alters(c.Number) })
			if c.Reported && !corrected {
				numbers = append(numbers, c.Number)
			}
		}
	}
	return numbers
}

// set gives the last set of papers that is as wanted, nil if there is none.
func (p *Project) set(is func(*PaperSet) bool) *PaperSet {
	for i := len(p.Sets) - 1; i >= 0; i-- {
		if is(&p.Sets[i]) {
			return &p.Sets[i]
		}
	}
	return nil
}

// signature tells whether a seat has signed the present conclusion.
func (p *Project) signature(seat SeatID) bool {
	return slices.ContainsFunc(p.Signatures, func(g Signature) bool { return g.Seat == seat && g.Subject == p.Conclusion.Digest })
}

// Ended tells whether the review has come to its end, with or without a conclusion.
func (p *Project) Ended() bool { return p.Stage == StageFinal || p.Stage == StageSuspended }

func last[T any](list []T, is func(T) bool) (T, bool) {
	for i := len(list) - 1; i >= 0; i-- {
		if is(list[i]) {
			return list[i], true
		}
	}
	var none T
	return none, false
}

// CompareSeats orders seats by their number, for slices.SortFunc: s99 stands before
// s100.
func CompareSeats(a, b SeatID) int {
	return cmp.Or(len(a)-len(b), strings.Compare(string(a), string(b)))
}
