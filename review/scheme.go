package review

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
)

// Scheme is a 评审方案 as it stands frozen in a meeting's record: what the experts
// are asked and which conclusions there are. It is made from a regulation's pack, and does
// not change from the first round on; what may be set of it before that is Settings.
type Scheme struct {
	ID         string    `json:"id"`
	Title      string    `json:"title"`
	Regulation string    `json:"regulation"`       // id of the regulation; "" for none
	Mode       Mode      `json:"mode,omitempty"`   // "" where nothing is counted and nothing suggested
	Method     Method    `json:"method,omitempty"` // of ModeWeighted: which figure is the official one; "" is MethodMean
	Least      int       `json:"least,omitempty"`  // of MethodTrimmed: least number of experts; 0 is LeastTrimmed
	Items      []Item    `json:"items"`            // empty for 不评分，只形成意见
	Outcomes   []Outcome `json:"outcomes"`
	Rules      []RuleRef `json:"rules,omitempty"` // evaluated beside the experts' answers, in the pack's order
	Packs      []Digest  `json:"packs,omitempty"` // blobs: the files of the packs that the scheme and its rules are from
	Own        *Settings `json:"own,omitempty"`   // what this meeting has set of it; nil for nothing
}

// Mode says how a scheme comes to a suggestion (regulations.md B.0).
type Mode string

// The modes of schemes.
const (
	ModeWeighted   Mode = "weighted"   // by weights: CM-03, CM-04
	ModeCompliance Mode = "compliance" // by answers alone: CM-09
)

// Method says how the experts' marks make one figure.
type Method string

// The methods of ModeWeighted.
const (
	MethodMean    Method = "mean"    // CM-03: the mean of each item, weighted
	MethodTrimmed Method = "trimmed" // 去掉一个最高分和一个最低分: the mean of the experts' totals without one highest and one lowest
	MethodMedian  Method = "median"  // the median of the experts' totals
)

// LeastTrimmed is how many experts' totals trimming takes where the scheme does not
// say (系统默认).
const LeastTrimmed = 5

// RuleRef names a rule that a scheme calls for.
type RuleRef struct {
	ID    string `json:"id"`
	After bool   `json:"after,omitempty"` // evaluated after the conclusion; limits nothing (regulations.md 0.3)
}

// ItemKind says how an item is answered.
type ItemKind string

// The kinds of item (regulations.md 0.3, B).
const (
	ItemScore ItemKind = "score" // a mark out of Full, in steps
	ItemYesNo ItemKind = "yesno" // 符合性检查
	ItemGate  ItemKind = "gate"  // 否决项, judged by the experts
)

// Item is one 评审项.
type Item struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Question string   `json:"question,omitempty"` // 提问, worded so that 符合 is the good answer
	Kind     ItemKind `json:"kind"`
	Article  string   `json:"article,omitempty"` // 条款, as papers cite it
	Full     string   `json:"full,omitempty"`    // 满分, a decimal; of ItemScore alone
	Step     string   `json:"step,omitempty"`    // "0.5" or "1"; of ItemScore alone
	Weight   string   `json:"weight,omitempty"`  // 权重, a decimal; of ItemScore in ModeWeighted, where they sum to 100
	Rule     string   `json:"rule,omitempty"`    // of ItemGate: the rule that is computed before the experts confirm
	NA       bool     `json:"na,omitempty"`      // 不适用 is an answer
}

// Outcome is one 结论 that the panel may reach.
type Outcome struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Fails bool   `json:"fails,omitempty"` // the project does not pass by it: 不通过, 整改后复验
}

// The bounds of a scheme.
const (
	MaxItems    = 200
	MaxOutcomes = 8
	MaxPacks    = 16 // files of two regulations: the scheme's own and the common rules
	maxItemText = 300
)

var (
	itemID  = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,40}$`)
	decimal = regexp.MustCompile(`^(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?$`)
)

// Digest names the scheme by its canonical bytes.
func (c Scheme) Digest() Digest {
	b, err := encodeJSON(c)
	if err != nil {
		panic("review: " + err.Error()) // strings and booleans always encode
	}
	return DigestOf(b)
}

// Outcome finds a conclusion by its id.
func (c Scheme) Outcome(id string) (Outcome, bool) {
	i := slices.IndexFunc(c.Outcomes, func(o Outcome) bool { return o.ID == id })
	if i < 0 {
		return Outcome{}, false
	}
	return c.Outcomes[i], true
}

// Check tells whether the scheme can be used.
// Codes: CodeSchemeForm (Item: where), CodeSchemeWeights (Item: what the weights sum to).
func (c Scheme) Check() error {
	const op = "review.Scheme.Check"
	bad := func(where string) error { return E(CodeSchemeForm, op, where, nil) }
	if !itemID.MatchString(c.ID) || CheckLine("title", c.Title, MaxTitle) != nil || len(c.Items) > MaxItems {
		return bad("id")
	}
	if !c.counted() {
		return bad("mode")
	}
	weights := new(big.Rat)
	seen := map[string]bool{}
	for _, it := range c.Items {
		if !itemID.MatchString(it.ID) || seen[it.ID] || CheckLine("title", it.Title, maxItemText) != nil || len(it.Article) > maxItemText {
			return bad(it.ID)
		}
		if it.Question != "" && CheckLine("question", it.Question, maxItemText) != nil || it.Rule != "" && (it.Kind != ItemGate || !itemID.MatchString(it.Rule)) {
			return bad(it.ID)
		}
		if (it.Weight != "") != (c.Mode == ModeWeighted && it.Kind == ItemScore) {
			return bad(it.ID)
		}
		if it.Weight != "" {
			w, ok := decimalOf(it.Weight)
			if !ok || w.Sign() <= 0 {
				return bad(it.ID)
			}
			weights.Add(weights, w)
		}
		seen[it.ID] = true
		switch it.Kind {
		case ItemScore:
			full, ok := decimalOf(it.Full)
			if !ok || full.Sign() <= 0 || it.Step != "0.5" && it.Step != "1" {
				return bad(it.ID)
			}
		case ItemYesNo, ItemGate:
			if it.Full != "" || it.Step != "" {
				return bad(it.ID)
			}
		default:
			return bad(it.ID)
		}
	}
	if c.Mode == ModeWeighted && weights.Cmp(big.NewRat(100, 1)) != 0 {
		return E(CodeSchemeWeights, op, weights.FloatString(2), nil)
	}
	if len(c.Outcomes) == 0 || len(c.Outcomes) > MaxOutcomes {
		return bad("outcomes")
	}
	for _, o := range c.Outcomes {
		if !itemID.MatchString(o.ID) || seen["\x00"+o.ID] || CheckLine("title", o.Title, MaxName) != nil {
			return bad(o.ID)
		}
		seen["\x00"+o.ID] = true
	}
	return nil
}

// counted tells whether mode, method and rules fit together.
func (c Scheme) counted() bool {
	switch c.Method {
	case "", MethodMean, MethodTrimmed, MethodMedian:
	default:
		return false
	}
	switch c.Mode {
	case "", ModeCompliance:
		if c.Method != "" {
			return false
		}
	case ModeWeighted:
	default:
		return false
	}
	if c.Least < 0 || c.Least > 0 && (c.Method != MethodTrimmed || c.Least < 3) || len(c.Rules) > MaxItems || len(c.Packs) > MaxPacks {
		return false
	}
	seen := map[RuleRef]bool{} // a rule may stand both before and after the conclusion
	for _, r := range c.Rules {
		if !itemID.MatchString(r.ID) || seen[r] {
			return false
		}
		seen[r] = true
	}
	for _, d := range c.Packs {
		if !d.Valid() {
			return false
		}
	}
	return true
}

func decimalOf(s string) (*big.Rat, bool) {
	if !decimal.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// Answers of yes/no items and gates, and the two that every kind of item may have.
const (
	AnswerYes     = "yes"     // 符合
	AnswerNo      = "no"      // 不符合
	AnswerNA      = "na"      // 不适用
	AnswerAbstain = "abstain" // 弃权, of ItemYesNo and ItemGate
)

// Sheet is what an expert's ballot says: the body of a StatementScore.
type Sheet struct {
	Marks   []Mark   `json:"marks"`   // one for each item, in the scheme's order
	Opinion []string `json:"opinion"` // 个人意见 by paragraphs, each 1 to MaxParagraph characters
	Outcome string   `json:"outcome"` // the conclusion that the expert proposes; "" if he leaves it open
}

// Mark is the answer to one item.
type Mark struct {
	Item   string `json:"item"`
	Value  string `json:"value"`            // a decimal out of Full in steps, or an Answer
	Reason string `json:"reason,omitempty"` // at most MaxReason characters
}

// MaxOpinion is the number of paragraphs of an individual or group opinion.
const MaxOpinion = 150

// Check tells whether the sheet answers the scheme completely. before is the
// person's sheet of the round before, nil if there was none: what differs from it
// needs a reason.
// Codes: CodeSheetItem (an answer is missing or to no item of the scheme; Item: the
// item's id), CodeSheetMark (not within 满分, not in steps, no such answer), CodeSheetReason
// (changed from the round before without a reason), CodeTextLong and the codes of
// CheckLine, CodeTextEmpty (no opinion where nothing is marked), CodeOutcome.
func (h Sheet) Check(c Scheme, before *Sheet) error {
	const op = "review.Sheet.Check"
	for i, it := range c.Items {
		if i >= len(h.Marks) || h.Marks[i].Item != it.ID {
			return E(CodeSheetItem, op, it.ID, nil)
		}
		m := h.Marks[i]
		if !it.takes(m.Value) {
			return E(CodeSheetMark, op, it.ID, nil)
		}
		if m.Reason != "" {
			if err := CheckLine("reason", m.Reason, MaxReason); err != nil {
				return err
			}
		}
		if before != nil && m.Reason == "" && i < len(before.Marks) && before.Marks[i].Value != m.Value {
			return E(CodeSheetReason, op, it.ID, nil)
		}
	}
	if len(h.Marks) > len(c.Items) {
		return E(CodeSheetItem, op, h.Marks[len(c.Items)].Item, nil)
	}
	if len(h.Opinion) == 0 && len(c.Items) == 0 {
		return E(CodeTextEmpty, op, "opinion", nil)
	}
	if err := checkParagraphs("opinion", h.Opinion); err != nil {
		return err
	}
	if _, ok := c.Outcome(h.Outcome); h.Outcome != "" && !ok {
		return E(CodeOutcome, op, h.Outcome, nil)
	}
	return nil
}

// takes tells whether value answers the item.
func (it Item) takes(value string) bool {
	if value == AnswerNA {
		return it.NA
	}
	if it.Kind != ItemScore {
		return value == AnswerYes || value == AnswerNo || value == AnswerAbstain
	}
	v, ok := decimalOf(value)
	full, _ := decimalOf(it.Full)
	step, _ := decimalOf(it.Step)
	return ok && v.Cmp(full) <= 0 && new(big.Rat).Quo(v, step).IsInt()
}

func checkParagraphs(field string, paragraphs []string) error {
	if len(paragraphs) > MaxOpinion {
		return E(CodeTextLong, "review.checkParagraphs", strconv.Itoa(MaxOpinion*MaxParagraph), nil)
	}
	for _, p := range paragraphs {
		if err := CheckLine(field, p, MaxParagraph); err != nil {
			return err
		}
	}
	return nil
}

// Content is what is under a ballot's seal, but for the paper's bytes: the signed
// score and, once there are papers, the digest of the individual opinion's PDF.
type Content struct {
	Version int    `json:"v"` // 1
	Score   Signed `json:"score"`
	Paper   Digest `json:"paper,omitempty"`
}

// ContentVersion is the version of Content that this program writes.
const ContentVersion = 1

// Encode gives the canonical bytes, whose digest is BallotBody.Content.
func (c Content) Encode() []byte {
	b, err := encodeJSON(c)
	if err != nil {
		panic("review: " + err.Error()) // byte slices always encode
	}
	return b
}

// DecodeContent reads canonical bytes.
// Codes: CodeBallotForm.
func DecodeContent(b []byte) (Content, error) {
	var c Content
	if err := decodeJSON(b, &c); err != nil || c.Version != ContentVersion || string(c.Encode()) != string(b) {
		return Content{}, E(CodeBallotForm, "review.DecodeContent", "", err)
	}
	return c, nil
}
