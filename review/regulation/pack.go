package regulation

import "heyi/review"

// Pack is one regulation, or the common rules that belong to none. It is read-only
// once loaded and safe for concurrent use.
type Pack struct {
	ID      string // "yueqing-2015"; "common" for what no regulation gives
	Title   string
	Short   string // as people call it: 乐清通知
	Number  string // 文号; "" if the source has none
	Issuer  string // 发文机关
	Date    string // YYYY-MM-DD or ""
	Scope   string // which projects it is for
	Note    string
	Stages  []Word   // of the common pack: the stages of review that regulations are compared by, in order
	Inputs  []*Input // in the pack's order
	Rules   []*Rule
	Schemes []*Scheme

	Lifecycle []Step    // of a project, in order
	Cross     []Cell    // its column of the table stage × regulation
	Gaps      []Gap     // where the text leaves room
	Articles  []Article // its text, in order; none where the pack brings none

	byID         map[string]int  // Articles by their ids
	byChapter    map[string]span // and by the clause that is their chapter
	citing       func() [][]Spot // by article: what cites it; made when it is first asked for
	terms        map[string]string
	unknown      string // what is said where an input is missing
	uncomputable string // what is said where nothing can be computed from what is there; "" for as if it were missing
	files        [][]byte
}

// Common is the id of the pack that holds what no regulation gives: counting,
// suggesting, panel size, recusal, secrecy (CM-01 to CM-10). All of it is 系统默认.
const Common = "common"

// Class is the effect of a rule that is not fulfilled (regulations.md 0.3).
type Class string

// The classes of rules.
const (
	ClassVeto      Class = "veto"      // the text says 不予, 不得, 方可, 严禁, 须, 必须 …
	ClassPrinciple Class = "principle" // the text says 原则上
	ClassAdvice    Class = "advice"    // everything else
)

// Origin says whether something stands in the text of a regulation.
type Origin string

// The origins.
const (
	OriginText    Origin = "text"    // 条文规定
	OriginMixed   Origin = "mixed"   // in the text, read or scored by our default
	OriginDefault Origin = "default" // 系统默认，非条文规定
)

// Rule is one rule of a regulation.
type Rule struct {
	ID      string
	Title   string
	Article string // 条款: 三（四）第1款
	Class   Class
	Origin  Origin
	Reading string // how we read the text where it leaves room; shown as 系统默认
	Inputs  []*Input

	pack     *Pack
	fields   map[*typ]uint64 // of records: the fields that the rule asks about
	values   []compiled
	branches []branch
	cases    []caseOf
}

// Way is one way in which a rule can end. The first whose condition holds is taken.
type Way struct {
	When    string // the condition as the pack has it; "" where none of those before holds
	Outcome string
	Reason  string
	// Says is the sentence that is said then, as people read it beforehand: what a project
	// answers stands in it as 〔项目投资〕, what is only found then, or named before it already, as ……
	Says string
}

// Ways gives the ways in which the rule can end, in their order. Beside them every rule
// that asks for inputs can end in OutcomeNeedsDecision for ReasonMissingInput, and one
// that computes for ReasonNotComputable.
func (r *Rule) Ways() []Way {
	ways := make([]Way, len(r.branches))
	for i, b := range r.branches {
		ways[i] = Way{b.source, b.outcome, b.reason, r.foretell(b)}
	}
	return ways
}

// Pack gives the regulation that the rule is of.
func (r *Rule) Pack() *Pack { return r.pack }

// Cite gives the rule's place as papers cite it: 文号 and clause, without quoting.
func (r *Rule) Cite() string { return r.pack.CiteArticle(r.Article) }

// Cases is the number of cases that the pack brings for the rule.
func (r *Rule) Cases() int { return len(r.cases) }

// Step is one step of a project's lifecycle.
type Step struct {
	Title   string
	Article string
	Who     string   // "" where the text does not say
	Schemes []string // full ids of the schemes that review it
}

// Cell is what a regulation has for one stage of review, of Pack.Stages of the common pack.
type Cell struct {
	Stage   string   // its id
	Says    string   // clause, and what there is if it is no review: 第十二条（适时）
	Schemes []string // full ids
	Origin  Origin   // OriginDefault where its form as an expert review is ours
}

// Gap is a place where the text is lost or leaves room, and what we make of it.
type Gap struct {
	Article string // "" for the text as a whole
	Problem string
	Reading string // 系统默认
}

// Article is one 条, or one item of a chapter, of a regulation's text.
type Article struct {
	ID      string   // as clauses are cited: 第九条, 三（四）
	Chapter string   // title of its chapter; "" for none, or the same as before
	Text    []string // paragraphs, without the id
}

// Input is one thing that rules ask about.
type Input struct {
	Name    string
	Title   string // as people read it
	Fact    string // the key of the project's fact that answers it
	Type    string // money, points, number, int, bool, date, text, word, list, records
	Values  []Word // of word, and of list of word: in their order
	Default string // what stands in for a missing answer, as a fact's value; see HasDefault

	HasDefault bool
	signed     bool // of a field: the signatures of this review's own group answer it
	typ        *typ
	fallback   value
}

// Word is a code and what people read for it.
type Word struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Scheme is one 评审方案 of a regulation.
type Scheme struct {
	ID          string // with the regulation's: yueqing-2015.technical_review
	Title       string
	Basis       string // 依据: clauses
	Mode        review.Mode
	Method      review.Method
	Least       int
	Convener    string // 组织单位
	Reviewers   string // 评审者
	Trigger     string // 触发
	Filing      string // 报送、备案
	LaterUse    string // 结果运用
	Concludes   string // the input that the conclusion answers; "" for none
	Items       []Item
	Materials   []Material
	Checks      []review.RuleRef // the rules evaluated, in the pack's order
	Conclusions []Conclusion
	Document    Section   // title of the opinion or report
	Sections    []Section // its headings

	pack      *Pack
	packs     []review.Digest
	sets      []setting
	concludes *Input // of Concludes
}

// setting is what the scheme itself answers of what its rules ask: an expression of facts.
type setting struct {
	fact string
	compiled
	used []*Input
}

// Pack gives the regulation that the scheme is of.
func (s *Scheme) Pack() *Pack { return s.pack }

// Cite gives the scheme's basis as papers cite it.
func (s *Scheme) Cite() string { return s.pack.CiteArticle(s.Basis) }

// KindText is the kind of an item that asks for words alone. Such items are not in a
// frozen scheme: the record has 意见 of its own for them.
const KindText review.ItemKind = "text"

// Item is one 评审项.
type Item struct {
	review.Item
	Origin      Origin
	Consequence string // what the text or our default says of a gate that is not met

	answers *Input // what the panel's answer to this item answers; nil for nothing
}

// Material is something that the applicant submits.
type Material struct {
	Code     string
	Title    string
	Article  string
	Origin   Origin
	When     string // when it is due, for people: 投资100万元（含）以上; "" for always
	Optional bool   // due where it exists

	due  *compiled // nil for always
	used []*Input
}

// Conclusion is one 结论 that the panel may reach.
type Conclusion struct {
	review.Outcome
	Origin  Origin
	Article string
	Gives   string // the value of the input that Scheme.Concludes names
}

// Section is one heading of the opinion or report.
type Section struct {
	Title   string
	Article string // "" where the heading is 系统默认
	Origin  Origin
	Shows   Shows
}

// Shows says what stands under a heading beside what the panel writes there.
type Shows string

// What headings show.
const (
	ShowsNothing      Shows = ""
	ShowsProfile      Shows = "profile"      // 项目概况, as the package has it
	ShowsOrganisation Shows = "organisation" // 时间、地点、组织单位、专家组成
	ShowsMaterials    Shows = "materials"    // 审阅材料清单
	ShowsItems        Shows = "items"        // what the experts made of the scored items
	ShowsChecks       Shows = "checks"       // 否决项与符合性核查结果
	ShowsChanges      Shows = "changes"      // 变更项目
	ShowsConclusion   Shows = "conclusion"
	ShowsSignatures   Shows = "signatures"
)

// Freeze gives the scheme as a meeting's record keeps it. Of the same pack it gives the same
// for ever, since records are verified against it: what is new stands in new packs. It carries the digests of
// the files that it and the common rules are from, if the scheme is a Library's.
// It passes review.Scheme.Check.
func (s *Scheme) Freeze() review.Scheme {
	f := review.Scheme{
		ID: s.ID, Title: s.Title, Regulation: s.pack.ID, Mode: s.Mode, Method: s.Method, Least: s.Least,
		Items: []review.Item{}, Rules: append([]review.RuleRef(nil), s.Checks...), Packs: append([]review.Digest(nil), s.packs...),
	}
	for _, it := range s.Items {
		if it.Kind != KindText {
			f.Items = append(f.Items, it.Item)
		}
	}
	for _, c := range s.Conclusions {
		f.Outcomes = append(f.Outcomes, c.Outcome)
	}
	return f
}

// Files gives the bytes that the pack was loaded from; nobody writes to them.
func (p *Pack) Files() [][]byte { return p.files }

// Texts gives every text that the files have, but for comments: what of them is printed
// need not be known to find out whether it can be.
func (p *Pack) Texts() []string {
	var all []string
	for _, f := range p.files {
		root, bad := readYAML(f)
		if bad != nil {
			panic("regulation: " + bad.Err().Error()) // it was read before
		}
		all = root.scalars(all)
	}
	return all
}

// Digests names Files.
func (p *Pack) Digests() []review.Digest {
	d := make([]review.Digest, len(p.files))
	for i, f := range p.files {
		d[i] = review.DigestOf(f)
	}
	return d
}

// Term gives the Chinese name of a code that results carry, or the code itself.
func (p *Pack) Term(code string) string {
	if t, ok := p.terms[code]; ok {
		return t
	}
	return code
}

// CiteArticle gives a clause of the regulation as papers cite it: after its 文号, or after
// its short title if it has none.
func (p *Pack) CiteArticle(article string) string {
	if p.Number != "" {
		return p.Number + article
	}
	return p.Short + article
}
