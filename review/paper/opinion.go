package paper

import (
	"math/big"
	"slices"
	"strings"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/scoring"
)

// skeleton is what an opinion says where no pack says it. All of it is 系统默认.
var skeleton = []Section{
	{Title: "项目概况", Shows: ShowsProfile},
	{Title: "评审组织情况（时间、地点、组织单位、专家组成）", Shows: ShowsOrganisation},
	{Title: "审阅材料清单", Shows: ShowsMaterials},
	{Title: "逐项评审意见", Shows: ShowsItems},
	{Title: "否决项与符合性核查结果", Shows: ShowsChecks},
	{Title: "变更项目及签字认可", Shows: ShowsChanges},
	{Title: "主要问题"},
	{Title: "修改建议"},
	{Title: "评审结论", Shows: ShowsConclusion},
	{Title: "专家签名", Shows: ShowsSignatures},
}

// defaultTitle is what the opinion is called where no pack says it.
const defaultTitle = "专家组评审意见"

// Opinion gives the 专家组评审意见 of the present conclusion; before there is one, as it
// stands. number is as for Fulfilment.
func (c *Case) Opinion(number int) *Opinion {
	x := &Opinion{
		Head: c.group(review.FormOpinion, number), Title: defaultTitle, Panel: c.panel(), Sections: c.sections(),
		Invested: c.invested(), Profile: slices.Clone(c.About.Profile), Materials: c.materials(), Items: c.items(), Checks: c.checks(),
		Changes: c.changes(), Result: c.result(), Signers: c.positioned(),
	}
	if c.Scheme != nil && c.Scheme.Document.Title != "" {
		x.Title = c.Scheme.Document.Title
	}
	return checked(c, x)
}

// invested gives the 项目投资 that the rules go by, as corrected, in fen; 0 where it is not
// known or is no amount.
func (c *Case) invested() int64 {
	for _, f := range c.Project.Facts {
		if f.Key != "investment_cny" {
			continue
		}
		yuan, ok := new(big.Rat).SetString(f.Value)
		if !ok {
			return 0
		}
		if fen := yuan.Mul(yuan, big.NewRat(100, 1)); fen.IsInt() && fen.Sign() > 0 && fen.Num().IsInt64() {
			return fen.Num().Int64()
		}
	}
	return 0
}

// Headings gives the headings of the opinion, in their order.
func (c *Case) Headings() []string {
	var out []string
	for _, s := range c.sections() {
		out = append(out, s.Title)
	}
	return out
}

// panel says who judged: whose ballots counted, before the opening who is to score.
func (c *Case) panel() Panel {
	seats := c.State.Voters(c.Project)
	if r := c.last(); r != nil {
		seats = nil
		for _, e := range r.Count.Experts {
			seats = append(seats, e.Seat)
		}
	}
	x := Panel{Experts: len(seats)}
	if chair := c.State.Presiding(c.Project); chair != "" {
		x.Chair = c.name(chair)
	}
	for _, id := range c.chairFirst(seats) {
		x.Names = append(x.Names, c.name(id))
	}
	return x
}

// sections gives the headings with what the panel wrote for each.
func (c *Case) sections() []Section {
	out := c.headings()
	at := 0 // of what was written for no heading
	for _, what := range []string{ShowsItems, ShowsChecks} {
		if i := shows(out, what); i >= 0 {
			at = i
			break
		}
	}
	for _, q := range c.written() {
		i := slices.IndexFunc(out, func(s Section) bool { return s.Title == q.Section })
		if i < 0 {
			i = at
		}
		out[i].Paragraphs = append(out[i].Paragraphs, q.Text)
	}
	return out
}

// headings gives the headings of the pack, else those of the skeleton for which there is
// something. Packs from before they said what a heading shows have the titles of the
// skeleton, and are understood by them. No opinion is without a conclusion, without
// signatures, and without what the experts answered to gates and yes/no items.
func (c *Case) headings() []Section {
	if c.Scheme == nil || len(c.Scheme.Sections) == 0 {
		return slices.DeleteFunc(slices.Clone(skeleton), func(s Section) bool {
			return s.Shows == ShowsChanges && len(c.changes()) == 0 || s.Shows == ShowsItems && c.Scheme != nil && !c.asks(review.ItemScore)
		})
	}
	var out []Section
	for _, s := range c.Scheme.Sections {
		out = append(out, Section{Title: s.Title, Article: s.Article, Shows: string(s.Shows)})
	}
	for _, known := range skeleton {
		i := slices.IndexFunc(out, func(s Section) bool { return s.Title == known.Title && s.Shows == "" })
		if i >= 0 && shows(out, known.Shows) < 0 {
			out[i].Shows = known.Shows
		}
		if shows(out, known.Shows) >= 0 {
			continue
		}
		switch known.Shows {
		case ShowsChecks:
			if c.asks(review.ItemGate, review.ItemYesNo) {
				at := shows(out, ShowsConclusion)
				if at < 0 {
					at = len(out)
				}
				out = slices.Insert(out, at, known)
			}
		case ShowsConclusion:
			out = append(out, known)
		case ShowsSignatures:
			if last := out[len(out)-1]; last.Shows != ShowsConclusion || !strings.Contains(last.Title, known.Title) {
				out = append(out, known) // else they sign below the conclusion: 验收结论、专家签名
			}
		}
	}
	return out
}

// asks tells whether the scheme asks the experts anything of these kinds.
func (c *Case) asks(kinds ...review.ItemKind) bool {
	return slices.ContainsFunc(c.Project.Scheme.Items, func(it review.Item) bool { return slices.Contains(kinds, it.Kind) })
}

// shows finds the heading that shows something, -1 if none does.
func shows(list []Section, what string) int {
	return slices.IndexFunc(list, func(s Section) bool { return s.Shows == what })
}

// written gives the paragraphs that the conclusion rests on, before it the latest.
func (c *Case) written() []review.OpinionParagraph {
	p := c.Project
	n := len(p.Opinion)
	if p.Conclusion != nil {
		n = p.Conclusion.Opinion
	}
	if n == 0 {
		return nil
	}
	return p.Opinion[n-1].Paragraphs
}

// materials lists what the scheme asks for, as far as it is there, and then what else came.
func (c *Case) materials() []Material {
	var out []Material
	listed := map[string]bool{}
	for _, m := range c.Materials {
		listed[m.Code] = true
		docs := slices.DeleteFunc(slices.Clone(c.Project.Documents), func(d review.Document) bool { return d.Material != m.Code })
		for _, d := range docs {
			out = append(out, Material{Code: m.Code, Title: d.Title, File: d.Name, State: "齐备"})
		}
		if len(docs) == 0 {
			out = append(out, Material{Code: m.Code, Title: m.Title, State: dueNames[m.Due]})
		}
	}
	for _, d := range c.Project.Documents {
		if !listed[d.Material] {
			out = append(out, Material{Title: d.Title, File: d.Name, State: "其他材料"})
		}
	}
	return out
}

// dueNames say of a material that is not there whether it should be.
var dueNames = map[regulation.Due]string{
	regulation.DueYes: "缺", regulation.DueNo: "不适用", regulation.DueIfAny: "无", regulation.DueUnsure: "待核",
}

// items says what the experts made of the items that are scored.
func (c *Case) items() []Item {
	r := c.last()
	if r == nil {
		return nil
	}
	var out []Item
	for _, it := range r.Count.Items {
		if it.Kind == review.ItemScore {
			out = append(out, Item{Item: it.Item, Percent: rounded(it.Percent), Mean: rounded(it.Figures.Mean), Reasons: c.reasons(it.ID)})
		}
	}
	return out
}

// reasons gives what experts gave as reasons in the round that counts, in an order that
// does not tell whose they are.
func (c *Case) reasons(item string) []string {
	var out []string
	for _, b := range c.Project.Counted(&c.Project.Rounds[c.last().Number-1]) {
		if m, ok := markOf(b.Sheet, item); ok && m.Reason != "" {
			out = append(out, m.Reason)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// checks says what came of gates and yes/no items, and of the rules of the scheme that
// bear on the conclusion and belong to none of them.
func (c *Case) checks() []Checked {
	var out []Checked
	asked := map[string]bool{}
	for _, it := range c.answered() {
		x := Checked{Title: it.Title, Cite: c.cite(it.Article), Votes: it.Votes, Result: c.answer(it)}
		if f, ok := c.finding(it.Rule); ok {
			asked[it.Rule] = true
			x.Reason = f.Sentence
		}
		if s, ok := c.settled(it.ID); ok && results[s.Answer] == x.Result { // a rule that is not fulfilled is not settled
			x.Settled, x.Reason = true, s.Reason
		}
		out = append(out, x)
	}
	for _, ref := range c.Project.Scheme.Rules {
		f, ok := c.finding(ref.ID)
		if !ok || ref.After || asked[ref.ID] || slices.Contains(c.Project.Scheme.Rules, review.RuleRef{ID: ref.ID, After: true}) {
			continue // what is only fulfilled after the conclusion is no check of it
		}
		asked[ref.ID] = true
		if result, ok := found[f.Outcome]; ok {
			out = append(out, Checked{Title: f.Title, Cite: f.Cite, Result: result, Reason: f.Sentence})
		}
	}
	return out
}

// answered gives the gates and yes/no items with the answers to them, without any before
// the first opening.
func (c *Case) answered() []scoring.Item {
	var out []scoring.Item
	if r := c.last(); r != nil {
		out = slices.Clone(r.Count.Items)
	} else {
		for _, it := range c.Project.Scheme.Items {
			out = append(out, scoring.Item{Item: it})
		}
	}
	return slices.DeleteFunc(out, func(it scoring.Item) bool { return it.Kind == review.ItemScore })
}

// The results of a check.
const (
	resultYes  = "符合"
	resultNo   = "不符合"
	resultNA   = "不适用"
	resultOpen = "待定"
)

var results = map[string]string{review.AnswerYes: resultYes, review.AnswerNo: resultNo, review.AnswerNA: resultNA}

// found says what outcomes of rules mean that no item asks about. What only calls for
// something, places the project or computes is no check of it.
var found = map[string]string{
	regulation.OutcomePass: resultYes, regulation.OutcomeOnTime: resultYes, regulation.OutcomeEligible: resultYes,
	regulation.OutcomeBlock: resultNo, regulation.OutcomeMissing: resultNo, regulation.OutcomeOverdue: resultNo,
	regulation.OutcomeNotApplicable: resultNA, regulation.OutcomeNeedsDecision: resultOpen,
}

// answer says what an item came to, as the suggestion took it.
func (c *Case) answer(it scoring.Item) string {
	s := c.Suggestion
	settled, closed := c.settled(it.ID)
	switch {
	case slices.Contains(s.GatesFailed, it.ID) || slices.Contains(s.Noncompliant, it.ID):
		return resultNo
	case slices.Contains(s.Undecided, it.ID) || it.Votes == scoring.Votes{}:
		return resultOpen
	case closed:
		return results[settled.Answer]
	case it.Votes.NA > 0 && it.Votes.Yes+it.Votes.No == 0:
		return resultNA
	}
	return resultYes
}

// settled gives what the chair made of an item after 合议 of the latest round.
func (c *Case) settled(item string) (review.Settlement, bool) {
	p := c.Project
	for i := len(p.Settled) - 1; i >= 0; i-- {
		if s := p.Settled[i]; s.Item == item && s.Round == len(p.Rounds) {
			return s, true
		}
	}
	return review.Settlement{}, false
}

// finding gives what a rule found before the conclusion.
func (c *Case) finding(rule string) (regulation.Finding, bool) {
	i := slices.IndexFunc(c.Findings, func(f regulation.Finding) bool { return rule != "" && f.Rule == rule && !f.After })
	if i < 0 {
		return regulation.Finding{}, false
	}
	return c.Findings[i], true
}

// cite gives a clause as papers cite it, "" for none.
func (c *Case) cite(article string) string {
	if article == "" || c.Scheme == nil {
		return article
	}
	return c.Scheme.Pack().CiteArticle(article)
}

// result gives the conclusion with everybody's position on it.
func (c *Case) result() Result {
	p := c.Project
	x := Result{Counts: slices.Clone(p.Counts), Detailed: slices.ContainsFunc(p.Documents, func(d review.Document) bool { return strings.Contains(d.Title, "评审细则") })}
	if p.Scheme.Own != nil {
		x.Unscored = p.Scheme.Own.Unscored
		x.Detailed, x.Own = false, DetailsNumber(c.State.Meeting, p.ID, len(p.Settings)+1)
	}
	if r := c.last(); r != nil {
		x.Score = rounded(r.Count.Official)
	}
	if p.Conclusion != nil {
		o, _ := p.Scheme.Outcome(p.Conclusion.Outcome)
		x.Outcome, x.Fails, x.Suggested, x.Reason = o.Title, o.Fails, c.outcome(p.Conclusion.Suggested), p.Conclusion.Reason
		for _, a := range p.Conclusion.Against {
			against := Against{Title: a.Rule, Reason: a.Reason}
			if f, ok := c.finding(a.Rule); ok {
				against.Title, against.Cite = f.Title, f.Cite
			}
			x.Against = append(x.Against, against)
		}
	}
	signing := c.chairFirst(c.State.Signatories(p))
	for _, id := range signing {
		stand := &x.Members
		if seat, _ := c.State.Seat(id); seat.Has(review.RoleExpert) {
			stand = &x.Experts
		}
		stand.People++
		v, ok := c.position(id)
		switch {
		case !ok:
			stand.Silent++
			x.Unheard = append(x.Unheard, c.name(id))
		case v.Choice == review.ChoiceAgree:
			stand.Agree++
		case v.Choice == review.ChoiceReserve:
			stand.Reserve++
		case v.Choice == review.ChoiceDisagree:
			stand.Disagree++
		case v.Choice == review.ChoiceAbstain:
			stand.Abstain++
		}
	}
	x.Agree, x.Reserve, x.Disagree = x.Experts.Agree+x.Members.Agree, x.Experts.Reserve+x.Members.Reserve, x.Experts.Disagree+x.Members.Disagree
	x.Abstain, x.Silent = x.Experts.Abstain+x.Members.Abstain, x.Experts.Silent+x.Members.Silent
	for _, id := range signing {
		x.dissent(c, id)
	}
	for _, seat := range c.State.Seats { // who dissents and does not sign is not passed over
		if !slices.Contains(signing, seat.ID) {
			x.dissent(c, seat.ID)
		}
	}
	return x
}

// dissent adds a person's dissent, if he has one.
func (r *Result) dissent(c *Case, seat review.SeatID) {
	if v, ok := c.position(seat); ok && v.Text != "" {
		r.Dissents = append(r.Dissents, Position{Name: c.name(seat), Choice: v.Choice, Text: v.Text})
	}
}
