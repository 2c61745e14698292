package review

import (
	"slices"
	"time"
)

// The kinds of event by which the papers of a review are signed.
const (
	KindFulfilmentRecorded Kind = "fulfilment.recorded"
	KindPapersCertified    Kind = "papers.certified"
	KindPapersSigned       Kind = "papers.signed"
	KindScanLinked         Kind = "scan.linked"
	KindPapersArchived     Kind = "papers.archived"
	KindPapersWithdrawn    Kind = "papers.withdrawn"
	KindDissentVoided      Kind = "dissent.voided"
)

// FulfilmentRecorded is a version of what a 验收 finds of a contract, term by term, and
// of its changes: what the 履约情况表 and the 变更认可表 say. A later one follows it and
// makes signatures on papers of an earlier one void.
type FulfilmentRecorded struct {
	Project  ProjectID `json:"project"`
	Revision int       `json:"revision"` // from 1
	Terms    []Term    `json:"terms"`
	Changes  []Change  `json:"changes"` // empty where nothing was changed
}

// Kind is KindFulfilmentRecorded.
func (FulfilmentRecorded) Kind() Kind { return KindFulfilmentRecorded }

// Term is one requirement of the contract or the tender and what became of it.
type Term struct {
	Part        string `json:"part"`        // 类别, as 应用软件; may be empty
	Requirement string `json:"requirement"` // 合同、标书要求
	Actual      string `json:"actual"`      // 实际情况
	Evidence    string `json:"evidence"`    // 证明材料; may be empty
	Met         Met    `json:"met"`
}

// Met tells whether a term was met.
type Met string

// What may be said of a term.
const (
	MetYes     Met = "yes"     // 符合
	MetDeviate Met = "deviate" // 偏离
	MetNo      Met = "no"      // 不符合
)

// Change is one change to the scheme that was reviewed, for the group to acknowledge.
type Change struct {
	Number   string `json:"number"`   // 编号, as BG-01
	Content  string `json:"content"`  // 变更内容
	Approval string `json:"approval"` // 批准文件和日期; may be empty
	Effect   string `json:"effect"`   // 对投资、工期的影响; may be empty
	Reported bool   `json:"reported"` // 如实报告
}

// The bounds of a FulfilmentRecorded.
const (
	MaxTerms   = 300
	MaxChanges = 100
)

// FulfilmentVersion is one version of what a 验收 finds.
type FulfilmentVersion struct {
	FulfilmentRecorded
	Digest Digest // of the body; sets of papers name it
	At     time.Time
	By     SeatID
}

// Purpose is what a set of papers is signed for.
type Purpose string

// The purposes.
const (
	PurposeTables     Purpose = "tables"     // 履约情况表 and 变更认可表, before the conclusion
	PurposeConclusion Purpose = "conclusion" // the papers of a conclusion
)

// PapersCertified lays a set of papers before those who are to sign them: the secretary
// has certified each, so that from here on nothing but signatures can be added.
// Of a conclusion, the position of every signer who is in the room is on record before; who
// has left may have said nothing.
type PapersCertified struct {
	Project  ProjectID   `json:"project"`
	Set      int         `json:"set"` // of the project's sets, from 1
	Purpose  Purpose     `json:"purpose"`
	Subject  Digest      `json:"subject"`            // of the conclusion, as votes name it; of a FulfilmentRecorded, by its body
	Papers   []Certified `json:"papers"`             // at least one, no form twice; of a conclusion at least the opinion
	Signers  []Signer    `json:"signers"`            // State.Signatories, in their order
	Software string      `json:"software,omitempty"` // version of the program that composed the papers, at most MaxName; "" if it has none
}

// Kind is KindPapersCertified.
func (PapersCertified) Kind() Kind { return KindPapersCertified }

// Certified is one paper of a set.
type Certified struct {
	Form   Form   `json:"form"`
	Number int    `json:"number"` // of this form in this meeting
	Check  string `json:"check"`  // 校验码, as printed on it
	Base   Digest `json:"base"`   // blob: before any signature
	Signed Digest `json:"signed"` // blob: as the secretary certified it
}

// Signer is one who is to sign, and how.
type Signer struct {
	Seat SeatID `json:"seat"`
	Ink  bool   `json:"ink,omitempty"` // 亲笔: on a print of the certified paper, which comes back as a scan
}

// PapersSigned is a person signing a set of papers by key: a StatementPapers. The papers
// as this signature leaves them are blobs.
type PapersSigned struct {
	Signature Signed `json:"signature"`
}

// Kind is KindPapersSigned.
func (PapersSigned) Kind() Kind { return KindPapersSigned }

// ScanLinked puts on record a scan of a paper that people have signed in ink, with the
// exact bytes that were printed, by both officers: it speaks for others, who put no key to
// it. Ink has no order: a scan may come before signatures by key, the chair's ink before
// everybody's. Signatures by key have one, and the chair's waits for all, ink too.
// As long as the set is open, a better scan may follow: all are kept, and of each paper the
// last that names a person counts for him.
type ScanLinked struct {
	Project ProjectID `json:"project"`
	Set     int       `json:"set"`
	Check   string    `json:"check"`   // 校验码 read off the scan: it names the paper
	Printed Digest    `json:"printed"` // the revision of the paper that was printed
	Scan    Digest    `json:"scan"`    // blob
	Type    string    `json:"type"`    // one of ScanTypes
	Seats   []SeatID  `json:"seats"`   // who has signed on it, in the order of seats
	Consent
}

// ScanTypes are what a scan may be, by its content.
var ScanTypes = []string{"pdf", "jpeg", "png"}

// Kind is KindScanLinked.
func (ScanLinked) Kind() Kind { return KindScanLinked }

// With is as in Consented.
func (b ScanLinked) With(s *Signed) Consented { b.Given = s; return b }

// PapersArchived closes a set that everybody has signed, by both officers: each paper gets
// the archive's signature, by a key that is made for this one act and kept nowhere, and
// can never be signed again.
type PapersArchived struct {
	Project     ProjectID `json:"project"`
	Set         int       `json:"set"`
	Certificate []byte    `json:"certificate"` // of the archive's key, DER, by the panel's authority
	Papers      []Digest  `json:"papers"`      // blobs: as archived, in the set's order
	Consent               // of the meeting's chair, whoever presides over the project
}

// Kind is KindPapersArchived.
func (PapersArchived) Kind() Kind { return KindPapersArchived }

// With is as in Consented.
func (b PapersArchived) With(s *Signed) Consented { b.Given = s; return b }

// PapersWithdrawn takes back a set before it is archived: all signatures on it are void
// and kept. Papers of a conclusion are taken back with it (ConclusionWithdrawn).
type PapersWithdrawn struct {
	Project ProjectID `json:"project"`
	Set     int       `json:"set"`
	Reason  string    `json:"reason"`
	Consent
}

// Kind is KindPapersWithdrawn.
func (PapersWithdrawn) Kind() Kind { return KindPapersWithdrawn }

// With is as in Consented.
func (b PapersWithdrawn) With(s *Signed) Consented { b.Given = s; return b }

// DissentVoided is the officers recording that a 不同意见书 cannot count, as where its file is
// no paper at all. The position that it was made of stands, and the file is kept.
type DissentVoided struct {
	Project   ProjectID `json:"project"`
	Seat      SeatID    `json:"seat"`
	Statement Digest    `json:"statement"` // the vote that names the paper, on whichever conclusion
	Reason    string    `json:"reason"`
	Consent
}

// Kind is KindDissentVoided.
func (DissentVoided) Kind() Kind { return KindDissentVoided }

// With is as in Consented.
func (b DissentVoided) With(s *Signed) Consented { b.Given = s; return b }

// The papers of a review.
const (
	FormIndividual Form = "individual" // 专家个人评审意见
	FormDissent    Form = "dissent"    // 不同意见书
	FormTally      Form = "tally"      // 评分汇总表
	FormOpinion    Form = "opinion"    // 专家组评审意见, under the title that its scheme gives it
	FormPanel      Form = "panel"      // 专家组成员名单及签字表
	FormFulfilment Form = "fulfilment" // 履约情况表
	FormChanges    Form = "changes"    // 变更认可表
)

// The papers that nobody signs by key and that are not on record: they say again what the
// record says, for people who act on it.
const (
	FormDetails Form = "details" // 评审细则确认单
	FormNotice  Form = "notice"  // 后续事项提示单
)

// StatementPapers is 签署文件: a person signing a set of papers.
const StatementPapers StatementKind = "papers"

// PapersBody says which papers a person signs: the exact bytes before and after.
type PapersBody struct {
	Set     int           `json:"set"`
	Subject Digest        `json:"subject"` // of the set
	Papers  []SignedPaper `json:"papers"`  // in the set's order
}

// SignedPaper is one paper before and after a signature.
type SignedPaper struct {
	Before Digest `json:"before"`
	After  Digest `json:"after"`
}

// PaperSet is a set of papers and what has become of it.
type PaperSet struct {
	Number    int // of the project, from 1
	Purpose   Purpose
	Subject   Digest
	At        time.Time // of the certification
	Papers    []SetPaper
	Signers   []Signer
	Scans     []Scan // in the order in which they came
	Void      string // why it counts no more; "" if it stands
	Archive   []byte // certificate, DER; nil until archived
	Consenter SeatID // who closed it beside the secretary; "" until archived
	Software  string // as in PapersCertified
	Corrected int    // how many corrections of the project's facts came before it
}

// Signed tells whether a seat has signed every paper of the set: by key, or in ink as far as
// scans are on record.
func (s *PaperSet) Signed(seat SeatID) bool {
	return !slices.ContainsFunc(s.Papers, func(x SetPaper) bool {
		return !slices.ContainsFunc(x.Revisions[1:], func(r Revision) bool { return r.Seat == seat }) && !s.scanned(x.Check, seat)
	})
}

// scanned tells whether a scan of a paper names a seat.
func (s *PaperSet) scanned(check string, seat SeatID) bool {
	return slices.ContainsFunc(s.Scans, func(x Scan) bool { return x.Check == check && slices.Contains(x.Seats, seat) })
}

// names tells whether anything that was signed of the set is the seat's: a revision of a
// paper, or a scan.
func (s *PaperSet) names(seat SeatID) bool {
	return slices.ContainsFunc(s.Papers, func(x SetPaper) bool {
		return slices.ContainsFunc(x.Revisions, func(r Revision) bool { return r.Seat == seat }) || s.scanned(x.Check, seat)
	})
}

// signer gives how a seat is to sign the set, nil if it is not.
func (s *PaperSet) signer(seat SeatID) *Signer {
	if i := slices.IndexFunc(s.Signers, func(x Signer) bool { return x.Seat == seat }); i >= 0 {
		return &s.Signers[i]
	}
	return nil
}

// Paper gives the paper of a form, nil if the set has none.
func (s *PaperSet) Paper(form Form) *SetPaper {
	if i := slices.IndexFunc(s.Papers, func(x SetPaper) bool { return x.Form == form }); i >= 0 {
		return &s.Papers[i]
	}
	return nil
}

// SetPaper is one paper of a set with every form it has had.
type SetPaper struct {
	Form      Form
	Number    int
	Check     string
	Base      Digest
	Revisions []Revision // the secretary's first, the archive's last; never empty
}

// Revision is a paper as one signature left it.
type Revision struct {
	Seat      SeatID    // who signed; "" for the archive
	Statement Digest    // by which he did; "" for the secretary and the archive
	Signed    Digest    // blob
	At        time.Time // claimed time of the signature
}

// Latest gives the paper as its last signature left it: a blob.
func (x SetPaper) Latest() Digest { return x.Revisions[len(x.Revisions)-1].Signed }

// Scan is a scan on record.
type Scan struct {
	ScanLinked
	Form   Form
	Number int
}
