// Package paper says what the papers of a meeting say, before anybody sets them: values
// made from the record, the rules and the package alone, so that the same meeting gives the
// same papers. How they look is the business of reports.
package paper

import (
	"time"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/scoring"
)

// Paper is what one paper says: one of the types of this package.
type Paper interface {
	// Form is the kind of paper.
	Form() review.Form
	// Top gives what every paper begins and ends with.
	Top() *Head
}

// Head is what every paper has: whose it is, and how it is told from others.
type Head struct {
	Meeting review.MeetingID
	Event   string // 会议名称
	Number  string // 文件编号, see Number; "" of a draft
	Check   string `json:"-"` // 校验码, see CheckCode; "" of a draft
	Mark    Mark
	Secrecy string    // 密级 as it is printed; "" for none
	Copy    string    // 份号; "" for none
	At      time.Time // of composing, by the machine's clock
	Author  string    // 责任者, for the file's properties

	// Of papers of a project; empty of the minutes.
	Project  string // 项目名称
	Code     string // 项目编号; may be empty
	Owner    string // 建设单位; may be empty
	Type     string // 评审类型: the scheme's title
	Basis    string // 评审依据: 文号 and clauses; may be empty
	Convener string // 组织单位; may be empty
	Held     string // 评审时间, as people write it
	Place    string // 评审地点; may be empty
}

// Mark says that a paper is not to be taken for a final one. It stands across each page.
type Mark string

// The marks.
const (
	MarkNone  Mark = ""
	MarkDraft Mark = "草稿" // a preview: it has no number, no 校验码 and no place to sign by key
	MarkDrill Mark = "演练" // of a meeting that is not in earnest
)

// MarkOf gives the mark of every paper of a meeting that is no draft.
func MarkOf(state *review.State) Mark {
	if state.Drill {
		return MarkDrill
	}
	return MarkNone
}

// Person is somebody on a paper.
type Person struct {
	Seat   review.SeatID
	Name   string
	Unit   string // may be empty
	Title  string // 职务、职称; may be empty
	Office string // 组长, 专家, 成员, 秘书, 监督
}

// Signer is a person in a table of signatures.
type Signer struct {
	Person
	Field string // of the signature field; "" where there is none to be filled by key
	Blank bool   // an empty place: of who signs in ink, and of everybody in a draft
	Note  string // 备注, as 回避、缺席、持不同意见; may be empty
}

// Minutes is the 评审会议记录.
type Minutes struct {
	Head
	Secretary  string // 记录人
	Paragraphs []review.Paragraph
	Restored   []review.Restoration // each is said on the paper; empty as a rule
}

// Individual is the 专家个人评审意见（含评分）: one expert's ballot of one round.
type Individual struct {
	Head
	Expert   Person
	Round    int
	Declared string // what he declared: 无须回避的情形, or what he disclosed
	Answers  []Answer
	Weighted bool   // Total is in percent, by weights
	Total    string // two decimals; "" where nothing is marked
	Opinion  []string
	Outcomes []string // all conclusions of the scheme
	Outcome  string   // the one that he proposes; "" if he leaves it open
	Field    string   // of his signature
}

// Answer is an expert's answer to one item.
type Answer struct {
	Item   review.Item
	Value  string // a decimal, or one of review.Answer…
	Before string // that of the round before; "" if there was none
	Reason string
}

// Tally is the 评分汇总表 with its calculation and the 校验页.
type Tally struct {
	Head
	Rounds     []Round // those that were opened; the last one counts
	Suggestion string  // what the rules suggest, as a sentence; may be empty
	Signers    []Signer
	Secretary  string // 计分人
	Proof      Proof
}

// Round is one opened round.
type Round struct {
	Number int
	Opened time.Time
	Count  scoring.Tally
	Names  map[review.SeatID]string // of its experts, see NameOf
	Steps  []string                 // the calculation, line by line
}

// Proof is the 校验页: by what these papers can be compared with the record.
type Proof struct {
	Checkpoint string // of the journal that the papers were made from
	Authority  string // fingerprint of the panel's authority, as people compare it
	Lines      []Named
	People     []Named // fingerprints of the certificates by name
	Ballots    []BallotProof
	QR         string `json:"-"` // what the code says; it names the 校验码, which is therefore not of it
}

// Named is a digest or fingerprint with what it is of.
type Named struct{ Name, Value string }

// BallotProof names one ballot that counted.
type BallotProof struct {
	Round   int
	Name    string
	Receipt string        // 收据码
	Ballot  review.Digest // of the statement
	Paper   review.Digest // of the individual opinion as signed; "" if there is none
}

// Opinion is the 专家组评审意见, under the title and the headings of its scheme.
type Opinion struct {
	Head
	Title     string // of the document, verbatim from the pack
	Panel     Panel
	Sections  []Section
	Invested  int64   // 项目投资 in fen; 0 where it is not known
	Profile   []Named // what the project says of itself: label and text
	Materials []Material
	Items     []Item
	Checks    []Checked
	Changes   []review.Change
	Result    Result
	Signers   []Signer
}

// Panel is who judged.
type Panel struct {
	Experts int    // whose ballots counted
	Chair   string // 组长
	Names   []string
}

// Shows says what a section of an opinion has beside the paragraphs that the panel wrote for
// it (Section.Shows), as packs name it.
const (
	ShowsProfile      = string(regulation.ShowsProfile)
	ShowsOrganisation = string(regulation.ShowsOrganisation)
	ShowsMaterials    = string(regulation.ShowsMaterials)
	ShowsItems        = string(regulation.ShowsItems)
	ShowsChecks       = string(regulation.ShowsChecks)
	ShowsChanges      = string(regulation.ShowsChanges)
	ShowsConclusion   = string(regulation.ShowsConclusion)
	ShowsSignatures   = string(regulation.ShowsSignatures)
)

// Section is one heading of an opinion with what the panel wrote for it.
type Section struct {
	Title      string // verbatim
	Article    string // "" where the heading is 系统默认
	Shows      string
	Paragraphs []string
}

// Material is one line of the 审阅材料清单.
type Material struct {
	Code  string // of the scheme's material; "" for others
	Title string
	File  string // name before it was packed; "" where it is not there
	State string // 齐备, 缺, 不适用 …
}

// Item is what the experts made of one item.
type Item struct {
	review.Item
	Percent string   // 折合百分制, two decimals; "" where it is not scored
	Mean    string   // of the marks, two decimals; "" as before
	Reasons []string // what experts gave as reasons, without names
}

// Checked is one 否决项 or 符合性检查 and what came of it.
type Checked struct {
	Title   string
	Cite    string // 条款; may be empty
	Votes   scoring.Votes
	Result  string // 符合, 不符合, 不适用, 待定
	Reason  string // of the rule, or of the chair who settled it; may be empty
	Settled bool   // by the chair after 合议
}

// Result is the conclusion with everybody's position on it.
type Result struct {
	Outcome   string
	Fails     bool
	Score     string // the official figure, two decimals; "" where nothing is counted
	Suggested string // title; "" for nothing
	Reason    string // of a departure from Suggested; may be empty
	Against   []Against
	Agree     int
	Reserve   int
	Disagree  int
	Abstain   int
	Silent    int // of those who sign: no position on record
	Experts   Stand
	Members   Stand    // 成员, who sign and do not score
	Unheard   []string // their names
	Dissents  []Position
	Counts    []review.Count // votes on paper or by hand
	Detailed  bool           // a 评审细则 came with the signed package: the organiser confirmed it
	Unscored  bool           // of what was set for this meeting: nothing is scored
	Own       string         // 编号 of the 评审细则确认单 of a scheme that was set for this meeting; "" where nothing was
}

// Stand is where people of one kind who sign stand.
type Stand struct{ People, Agree, Reserve, Disagree, Abstain, Silent int }

// Unanimous tells whether 一致同意 may be printed: everybody who signs agreed, and nobody
// dissents who does not sign.
func (r Result) Unanimous() bool {
	return r.Agree > 0 && r.Reserve+r.Disagree+r.Abstain+r.Silent == 0 && len(r.Dissents) == 0
}

// Against is one finding that the conclusion does not follow.
type Against struct {
	Title  string
	Cite   string // 文号 and clause
	Reason string
}

// Position is one person's dissent.
type Position struct {
	Name   string
	Choice review.Choice
	Text   string
}

// Dissent is the 不同意见书: one person's reservation or dissent, before or after the
// papers of the conclusion were certified.
type Dissent struct {
	Head
	Person  Person
	Outcome string // of the conclusion that it is about
	Choice  review.Choice
	Text    string
	Annex   bool // given after the papers were certified
	Field   string
}

// PanelList is the 专家组成员名单及签字表.
type PanelList struct {
	Head
	Signers []Signer // also who stands aside or did not come, with a note
	Due     int      // 应到
	Present int      // 实到
	Signing int      // 签字
}

// Fulfilment is the 履约情况表.
type Fulfilment struct {
	Head
	Terms   []review.Term
	Signers []Signer
}

// Changes is the 变更认可表.
type Changes struct {
	Head
	Cite    string // 文号 and clause that asks for the acknowledgement; "" where none does
	Changes []review.Change
	Signers []Signer
}

// Form is as in Paper.
func (*Minutes) Form() review.Form { return review.FormMinutes }

// Form is as in Paper.
func (*Individual) Form() review.Form { return review.FormIndividual }

// Form is as in Paper.
func (*Tally) Form() review.Form { return review.FormTally }

// Form is as in Paper.
func (*Opinion) Form() review.Form { return review.FormOpinion }

// Form is as in Paper.
func (*Dissent) Form() review.Form { return review.FormDissent }

// Form is as in Paper.
func (*PanelList) Form() review.Form { return review.FormPanel }

// Form is as in Paper.
func (*Fulfilment) Form() review.Form { return review.FormFulfilment }

// Form is as in Paper.
func (*Changes) Form() review.Form { return review.FormChanges }

// Top gives what every paper has; to change it changes the paper.
func (h *Head) Top() *Head { return h }
