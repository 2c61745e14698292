package cli

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/bag"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/scoring"
)

// findingView is a finding of a rule as --json gives it.
type findingView struct {
	Rule     string             `json:"rule"`
	Title    string             `json:"title"`
	Cite     string             `json:"cite"`
	Class    regulation.Class   `json:"class"`
	Origin   regulation.Origin  `json:"origin"`
	Limit    regulation.Limit   `json:"limit"`
	After    bool               `json:"after"`
	Outcome  string             `json:"outcome"`
	Result   *regulation.Result `json:"result"`
	Sentence string             `json:"sentence"`
	Missing  []string           `json:"missing"`
}

func findingViews(list []regulation.Finding) []findingView {
	out := []findingView{}
	for _, f := range list {
		out = append(out, findingView{
			f.Rule, f.Title, f.Cite, f.Class, f.Origin, f.Limit(), f.After, f.Outcome, &f.Result, f.Sentence, append([]string{}, f.Missing...),
		})
	}
	return out
}

// findingLines writes findings for people: first what a passing conclusion has to answer,
// then the rest, then what follows from the conclusion.
func (w *World) findingLines(list []regulation.Finding) []string {
	groups := map[string][]regulation.Finding{}
	for _, f := range list {
		group := "other"
		switch {
		case f.After:
			group = "after"
		case f.Limit() != regulation.LimitNone:
			group = "limits"
		}
		groups[group] = append(groups[group], f)
	}
	var out []string
	for _, group := range []string{"limits", "other", "after"} {
		if len(groups[group]) == 0 {
			continue
		}
		key := "findings." + group
		if group == "other" && len(groups["limits"]) == 0 {
			key = "findings.all"
		}
		out = append(out, w.sentence(key, said{"count": len(groups[group])}))
		for _, f := range groups[group] {
			head := "  " + pad(w.Words.T("outcome."+f.Outcome, nil), 10) + f.Rule + "　" + f.Title
			for _, key := range []string{"finding.origin." + string(f.Origin), "finding.limit." + string(f.Limit())} {
				if w.Words.Has(key) {
					head += w.Words.T(key, nil)
				}
			}
			out = append(out, fold(head)...)
			if f.Sentence != "" {
				out = append(out, wrap(strings.Repeat(" ", 12), f.Sentence)...)
			}
		}
	}
	return out
}

// materialView is a material that a scheme asks for, as --json gives it.
type materialView struct {
	Code    string         `json:"code"`
	Title   string         `json:"title"`
	Article string         `json:"article"`
	When    string         `json:"when"`
	Due     regulation.Due `json:"due"`
	Present bool           `json:"present"`
	Missing []string       `json:"missing"` // facts for want of which it is not known whether it is due
}

func materialViews(list []regulation.MaterialState) []materialView {
	out := []materialView{}
	for _, m := range list {
		out = append(out, materialView{m.Code, m.Title, m.Article, m.When, m.Due, m.Present, append([]string{}, m.Missing...)})
	}
	return out
}

// materialLines writes for people which materials are there and which lack.
func (w *World) materialLines(list []regulation.MaterialState) []string {
	var out []string
	for _, m := range list {
		state := "present"
		if !m.Present {
			state = string(m.Due)
		}
		line := m.Title + "（" + m.Code + "）"
		if m.When != "" {
			line += "　" + m.When
		}
		if len(m.Missing) > 0 {
			line += "　" + w.sentence("material.unknown.why", said{"facts": strings.Join(m.Missing, "、")})
		}
		out = append(out, wrap("  "+pad(w.Words.T("material."+state, nil), 8), line)...)
	}
	return out
}

// factLines writes facts for people, and which that the scheme asks about are not known.
// scheme is nil for one that no regulation gives.
func (w *World) factLines(scheme *regulation.Scheme, facts []review.Fact) []string {
	type row struct{ title, value string }
	var rows []row
	width := 0
	for _, f := range facts {
		r := row{f.Key, f.Value}
		if in := scheme.Input(f.Key); in != nil {
			r = row{in.Title, in.Say(f.Value) + "　[" + f.Key + "]"}
		}
		rows = append(rows, r)
		width = max(width, min(columns(r.title), 36))
	}
	var out []string
	for _, r := range rows {
		out = append(out, wrap("  "+pad(review.Legible(r.title), width)+"  ", r.value)...)
	}
	if scheme == nil {
		return out
	}
	var unknown []string
	for _, in := range scheme.Inputs() {
		known := slices.ContainsFunc(facts, func(f review.Fact) bool { return f.Key == in.Fact })
		if !known && !in.HasDefault && !slices.Contains(unknown, in.Title) {
			unknown = append(unknown, in.Title)
		}
	}
	if len(unknown) > 0 {
		out = append(out, wrap("  "+w.Words.T("facts.unknown", nil), strings.Join(unknown, "、"))...)
	}
	return out
}

// unitLines writes the units for people.
func (w *World) unitLines(units []review.Unit) []string {
	var out []string
	for _, u := range units {
		out = append(out, w.row("  ", w.partName(u.Part), u.Name)...)
	}
	return out
}

// partName gives the Chinese name of what a unit is in a project.
func (w *World) partName(part string) string {
	if w.Words.Has("part." + part) {
		return w.Words.T("part."+part, nil)
	}
	return part
}

// row writes a label and, in one column under each other, what it is.
func (w *World) row(indent, label, text string) []string {
	return wrap(indent+pad(review.Legible(label), 12)+"  ", text)
}

// documentLines writes documents for people: each with what it is called below, and what
// is to be known of it.
func (w *World) documentLines(list []review.Document) []string {
	var out []string
	for _, d := range list {
		first := "  " + pad(d.File, 10) + "  "
		indent := strings.Repeat(" ", columns(first))
		out = append(out, wrap(first, d.Title)...)
		about := d.Type
		if w.Words.Has("document." + d.Type) {
			about = w.Words.T("document."+d.Type, nil)
		}
		about += "，" + words.Size(d.Size)
		if d.Material != "" {
			about += "，" + d.Material
		}
		if !bag.Kind(d.Type).Shown() {
			about += "，" + w.Words.T("document.outside", nil)
		}
		out = append(out, wrap(indent, about+"；"+w.sentence("document.name", said{"name": d.Name}))...)
		for _, x := range d.Warnings {
			out = append(out, wrap(indent, w.sentence("document.warning", said{"warning": w.Words.T("warning."+x, nil)}))...)
		}
	}
	return out
}

// documents lists the documents of a project.
func (a *acting) documents() (told, error) {
	p, err := a.x.Project(a.project())
	if err != nil {
		return told{}, err
	}
	out := told{
		lines:  a.documentLines(p.Documents),
		object: said{"project": p.Project, "documents": append([]review.Document{}, p.Documents...)},
	}
	if len(p.Documents) == 0 {
		out.lines = []string{a.Words.T("meeting.documents.none", nil)}
	}
	return out, nil
}

// findings says what the rules find in a project's facts, and which materials lack.
func (a *acting) findings() (told, error) {
	list, err := a.x.Findings(a.project())
	if err != nil {
		return told{}, err
	}
	materials, err := a.x.Materials(a.project())
	if err != nil {
		return told{}, err
	}
	out := told{
		lines:  a.findingLines(list),
		object: said{"project": a.project(), "findings": findingViews(list), "materials": materialViews(materials)},
	}
	if len(list) == 0 {
		out.lines = []string{a.Words.T("findings.none", nil)}
	}
	if len(materials) > 0 {
		out.lines = append(append(out.lines, a.Words.T("materials", nil)), a.materialLines(materials)...)
	}
	return out, nil
}

// conflictView is somebody who may have to stand aside, as --json gives it.
type conflictView struct {
	Seat     review.SeatID      `json:"seat"`
	Name     string             `json:"name"`
	Parts    []string           `json:"parts"`
	Result   *regulation.Result `json:"result"`
	Sentence string             `json:"sentence"`
}

// showProject shows what the panel knows of a project: its units and facts, who may have to
// stand aside, what lacks, and what is asked of the experts.
func (a *acting) showProject() (told, error) {
	p, err := a.x.Project(a.project())
	if err != nil {
		return told{}, err
	}
	lib, err := a.x.Rules(p.Project)
	if err != nil {
		return told{}, err
	}
	conflicts, err := a.x.Conflicts(p.Project)
	if err != nil {
		return told{}, err
	}
	materials, err := a.x.Materials(p.Project)
	if err != nil {
		return told{}, err
	}
	out := told{}
	part := func(key string, lines []string) {
		if len(lines) > 0 {
			out.lines = append(append(out.lines, a.Words.T(key, nil)), lines...)
		}
	}
	for _, line := range []string{
		a.sentence("meeting.project.title", said{"project": p.Project, "title": p.Title}),
		a.sentence("meeting.project.scheme", said{"scheme": p.Scheme.Title, "quorum": p.Quorum}),
		a.sentence("meeting.project.package", said{"package": words.ShortDigest(p.Package)}),
	} {
		out.lines = append(out.lines, fold(line)...)
	}
	part("project.units", a.unitLines(p.Units))
	scheme, _ := lib.Scheme(p.Scheme.ID)
	part("project.facts", a.factLines(scheme, p.Facts))
	part("project.documents", a.documentLines(p.Documents))
	part("materials", a.materialLines(materials))
	part("project.conflicts", a.conflictLines(conflicts))
	items := "project.items"
	if p.Scheme.Mode == review.ModeWeighted {
		items += ".weighted"
	}
	part(items, a.itemLines(p.Scheme))
	part("project.outcomes", a.outcomeLines(p.Scheme))

	views := []conflictView{}
	for _, c := range conflicts {
		views = append(views, conflictView{c.Seat, a.nameOf(c.Seat), append([]string{}, c.Parts...), &c.Result, c.Result.Sentence})
	}
	out.object = struct {
		review.ProjectAdded
		Materials []materialView `json:"materials"`
		Conflicts []conflictView `json:"conflicts"`
	}{p, materialViews(materials), views}
	return out, nil
}

// conflictLines writes for people who may have to stand aside; those of whom the same is
// to be said, together.
func (a *acting) conflictLines(list []meeting.Conflict) []string {
	type group struct {
		regulation.Result
		who []string
	}
	var groups []*group
	for _, c := range list {
		i := slices.IndexFunc(groups, func(g *group) bool { return g.Outcome == c.Result.Outcome && g.Sentence == c.Result.Sentence })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &group{Result: c.Result})
		}
		groups[i].who = append(groups[i].who, string(c.Seat)+" "+a.nameOf(c.Seat))
	}
	var out []string
	for _, g := range groups {
		out = append(out, wrap("  "+pad(a.Words.T("conflict."+g.Outcome, nil), 10), strings.Join(g.who, "、"))...)
		out = append(out, wrap(strings.Repeat(" ", 12), g.Sentence)...)
	}
	return out
}

// itemLines writes for people what a scheme asks.
func (w *World) itemLines(c review.Scheme) []string {
	var out []string
	for _, it := range c.Items {
		out = append(out, wrap("  "+it.ID+"　", w.sentence("meeting.project.item", said{
			"title": it.Title, "kind": w.Words.T("item."+string(it.Kind), nil), "full": it.Full, "step": it.Step,
			"weight": it.Weight, "article": it.Article,
		}))...)
		if it.Question != "" && it.Question != it.Title {
			out = append(out, wrap("        ", it.Question)...)
		}
	}
	return out
}

func (w *World) outcomeLines(c review.Scheme) []string {
	var out []string
	for _, o := range c.Outcomes {
		out = append(out, wrap("  "+o.ID+"　", o.Title)...)
	}
	return out
}

// nameOf gives who sits in a seat.
func (a *acting) nameOf(seat review.SeatID) string {
	s, _ := a.x.State().Seat(seat)
	return s.Name
}

// tallyView is what the ballots of a round come to, as --json gives it. Numbers are exact:
// a decimal, or a fraction where none is; "" for what there is not.
//
// Experts, Answers, Flags and Trace are empty for who may not see who answered what.
type tallyView struct {
	Project    review.ProjectID `json:"project"`
	Round      int              `json:"round"`
	Experts    []expertView     `json:"experts"`
	Items      []countView      `json:"items"`
	Method     review.Method    `json:"method"`
	Mean       string           `json:"mean"`
	Trimmed    string           `json:"trimmed"`
	Median     string           `json:"median"`
	Official   string           `json:"official"`
	Score      string           `json:"score"`   // Official rounded to two decimals
	Problem    *finding         `json:"problem"` // why there is no official figure
	Flags      []flagView       `json:"flags"`
	Suggestion suggestionView   `json:"suggestion"`
	Trace      []string         `json:"trace"`
	steps      []scoring.Step   // of Trace
}

type expertView struct {
	Seat  review.SeatID `json:"seat"`
	Name  string        `json:"name"`
	Total string        `json:"total"`
	Apart string        `json:"apart"` // from the median of the totals
}

type countView struct {
	ID        string          `json:"id"`
	Title     string          `json:"title"`
	Kind      review.ItemKind `json:"kind"`
	Full      string          `json:"full"`
	Weight    string          `json:"weight"`
	Answers   []string        `json:"answers"` // by experts, as they gave them
	Yes       int             `json:"yes"`
	No        int             `json:"no"`
	Abstain   int             `json:"abstain"`
	NA        int             `json:"na"`
	Mean      string          `json:"mean"`
	Median    string          `json:"median"`
	Highest   string          `json:"highest"`
	Lowest    string          `json:"lowest"`
	Range     string          `json:"range"`
	Deviation string          `json:"deviation"` // rounded to two decimals
	Percent   string          `json:"percent"`
}

type flagView struct {
	Seat  review.SeatID `json:"seat"`
	Item  string        `json:"item"` // "" for the total
	High  bool          `json:"high"`
	Apart string        `json:"apart"`
}

type suggestionView struct {
	Outcome      string   `json:"outcome"`
	Title        string   `json:"title"`
	Rule         string   `json:"rule"`
	GatesFailed  []string `json:"gates_failed"`
	Noncompliant []string `json:"noncompliant"`
	Undecided    []string `json:"undecided"`
	Sentence     string   `json:"sentence"`
}

// settle records what the panel makes of an item that was left open.
func (a *acting) settle() (told, error) {
	item, answer := a.text("item"), a.text("answer")
	if err := a.x.Settle(a.project(), item, answer, a.text("reason")); err != nil {
		return told{}, err
	}
	out, err := a.done(said{"project": a.project(), "item": item, "answer": answer, "as": a.name("answer", answer)})
	if c, left := a.x.Tally(a.project(), 0); left == nil {
		out.lines = append(out.lines, a.openLines(0, c.Suggestion.Undecided)...)
		if len(c.Suggestion.Undecided) == 0 {
			out.lines = append(out.lines, a.sentence("meeting.settle.none", said{"project": a.project()}))
		}
	}
	return out, err
}

// openLines says which items of a round wait for the chair, and how he closes them if it
// is time; nothing if none waits. Round 0 is the latest.
func (a *acting) openLines(round int, open []string) []string {
	if len(open) == 0 {
		return nil
	}
	p := a.x.State().Project(a.project())
	var titles []string
	for _, it := range p.Scheme.Items {
		if slices.Contains(open, it.ID) {
			titles = append(titles, it.Title+"（"+it.ID+"）")
		}
	}
	out := wrap("  "+a.Words.T("meeting.tally.undecided", nil), strings.Join(titles, "；"))
	if p.Stage == review.StageDeliberating && (round == 0 || round == len(p.Rounds)) {
		out = append(out, a.sentence("meeting.settle.next", said{
			"project": p.ID, "item": open[0], "answers": review.AnswerYes + "|" + review.AnswerNo,
		}))
	}
	return out
}

// tally shows what the opened ballots of a round come to, how it was reckoned, and what
// follows from it.
func (a *acting) tally() (told, error) {
	round := 0
	if a.given("round") {
		round = a.number("round")
	} else if p := a.x.State().Project(a.project()); p != nil {
		for _, r := range p.Rounds {
			if !r.Opened.IsZero() {
				round = r.Number
			}
		}
	}
	c, err := a.x.Tally(a.project(), round)
	if err != nil {
		return told{}, err
	}
	// Who may not see who answered what is shown what the answers come to, and no more.
	ballots, err := a.x.Ballots(a.project(), round)
	if err != nil && review.CodeOf(err) != review.CodeHidden {
		return told{}, err
	}
	v := a.tallyView(c, round)
	if err == nil {
		a.addExperts(&v, c, ballots)
	}
	return told{lines: a.tallyLines(v, c), object: v}, nil
}

// tallyView says what the answers come to, whoever gave them.
func (a *acting) tallyView(c meeting.Count, round int) tallyView {
	v := tallyView{
		Project: a.project(), Round: round, Experts: []expertView{}, Items: []countView{}, Flags: []flagView{}, Trace: []string{},
		Mean: exact(c.Mean), Trimmed: exact(c.Trimmed), Median: exact(c.Median), Official: exact(c.Official), Method: c.Scheme.Method,
	}
	if c.Scheme.Mode == review.ModeWeighted && v.Method == "" {
		v.Method = review.MethodMean
	}
	if c.Official != nil {
		v.Score = scoring.Round2(c.Official)
	}
	if c.Err != nil {
		f := a.finding(review.Finding{Code: review.CodeOf(c.Err), Entry: review.ItemOf(c.Err)})
		v.Problem = &f
	}
	for _, it := range c.Items {
		f := it.Figures
		v.Items = append(v.Items, countView{
			ID: it.ID, Title: it.Title, Kind: it.Kind, Full: it.Full, Weight: it.Weight, Answers: []string{},
			Yes: it.Votes.Yes, No: it.Votes.No, Abstain: it.Votes.Abstain, NA: it.Votes.NA,
			Mean: exact(f.Mean), Median: exact(f.Median), Highest: exact(f.Highest), Lowest: exact(f.Lowest), Range: exact(f.Range),
			Deviation: f.Deviation, Percent: exact(it.Percent),
		})
	}
	o, _ := c.Scheme.Outcome(c.Suggestion.Outcome)
	v.Suggestion = suggestionView{
		c.Suggestion.Outcome, o.Title, c.Suggestion.Rule, append([]string{}, c.Suggestion.GatesFailed...),
		append([]string{}, c.Suggestion.Noncompliant...), append([]string{}, c.Suggestion.Undecided...), c.Suggestion.Sentence,
	}
	return v
}

// addExperts says who answered what, and how it was reckoned from there.
func (a *acting) addExperts(v *tallyView, c meeting.Count, ballots []meeting.OpenedBallot) {
	sheets := map[review.SeatID]review.Sheet{}
	for _, b := range ballots {
		if b.Counts {
			sheets[b.Seat] = b.Sheet
		}
	}
	for _, e := range c.Experts {
		v.Experts = append(v.Experts, expertView{e.Seat, a.nameOf(e.Seat), exact(e.Total), exact(e.Apart)})
		for i := range v.Items {
			v.Items[i].Answers = append(v.Items[i].Answers, sheets[e.Seat].Marks[i].Value)
		}
	}
	for _, f := range c.Flags {
		v.Flags = append(v.Flags, flagView{f.Seat, f.Item, f.High, exact(f.Apart)})
	}
	v.steps = c.Trace(a.nameOf)
	for _, s := range v.steps {
		v.Trace = append(v.Trace, a.Words.T(s.Key, s.Args))
	}
}

// exact writes a number without loss: as a decimal, or as a fraction where none is.
func exact(x *big.Rat) string {
	if x == nil {
		return ""
	}
	if n, ok := x.FloatPrec(); ok {
		return x.FloatString(n)
	}
	return x.RatString()
}

// maxItem is how many columns the title of an item takes in a table.
const maxItem = 26

func (a *acting) tallyLines(v tallyView, c meeting.Count) []string {
	p := a.x.State().Project(v.Project)
	out := fold(a.sentence("meeting.tally", said{"title": p.Title, "project": p.ID, "round": v.Round, "experts": c.Ballots}))
	part := func(key string, lines []string) {
		if len(lines) > 0 {
			out = append(append(out, "", a.Words.T("meeting.tally."+key, nil)), lines...)
		}
	}
	if len(v.Experts) > 0 {
		part("answers", a.answerTable(v))
	}
	part("items", a.itemTable(c))
	part("votes", a.voteTable(c))
	part("figures", a.figureLines(v, c))
	var calculation, flags []string
	number := 0
	for i, s := range v.steps {
		switch {
		case strings.HasPrefix(s.Key, "trace.flag."):
			flags = append(flags, wrap("  · ", v.Trace[i])...)
		case s.Key == "trace.rule": // how to read the steps is none of them
			calculation = append(calculation, wrap("  ", v.Trace[i])...)
		default:
			number++
			calculation = append(calculation, wrap(fmt.Sprintf("%4d. ", number), v.Trace[i])...)
		}
	}
	part("trace", calculation)
	part("flags", flags)
	part("suggestion", a.suggestionLines(v))
	return out
}

// heads are the heads of columns.
func (a *acting) heads(keys ...string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = a.Words.T("meeting.tally.head."+k, nil)
	}
	return out
}

// answerTable has what each expert answered to each item. Experts for whom no room is left
// in a line have a table of their own below.
func (a *acting) answerTable(v tallyView) []string {
	var out []string
	for from, to := 0, 0; from < len(v.Experts); from = to {
		to = len(v.Experts)
		lines := a.answersOf(v, from, to)
		for to > from+1 && slices.ContainsFunc(lines, func(l string) bool { return columns(l) > lineWidth }) {
			to--
			lines = a.answersOf(v, from, to)
		}
		if from > 0 {
			out = append(out, "")
		}
		out = append(out, lines...)
	}
	return out
}

// answersOf is answerTable for the experts from one up to another.
func (a *acting) answersOf(v tallyView, from, to int) []string {
	head := a.heads("item", "full", "weight")
	for _, e := range v.Experts[from:to] {
		head = append(head, short(e.Name))
	}
	rows := [][]string{head}
	total := append(a.heads("total"), "", "")
	totals := false
	right := []int{1, 2}
	for i, e := range v.Experts[from:to] {
		right = append(right, 3+i)
		totals = totals || c2(e.Total) != ""
		total = append(total, c2(e.Total))
	}
	for _, it := range v.Items {
		row := []string{short(it.Title), it.Full, it.Weight}
		for _, answer := range it.Answers[from:to] {
			if a.Words.Has("answer." + answer) {
				answer = a.name("answer", answer)
			}
			row = append(row, answer)
		}
		rows = append(rows, row)
	}
	if totals {
		rows = append(rows, total)
	}
	return table("  ", rows, right...)
}

// c2 writes an exact number with two decimals, as it is printed.
func c2(s string) string {
	x, ok := new(big.Rat).SetString(s)
	if !ok {
		return ""
	}
	return scoring.Round2(x)
}

// short cuts a title to what a table has room for.
func short(s string) string {
	s = review.Legible(s)
	if columns(s) <= maxItem {
		return s
	}
	cut := ""
	for _, r := range s {
		if columns(cut+string(r)) > maxItem-2 {
			break
		}
		cut += string(r)
	}
	return cut + "……"
}

// itemTable has the figures of the scored items.
func (a *acting) itemTable(c meeting.Count) []string {
	rows := [][]string{a.heads("item", "mean", "median", "highest", "lowest", "range", "deviation", "percent")}
	for _, it := range c.Items {
		if f := it.Figures; f.N > 0 {
			rows = append(rows, []string{
				short(it.Title), scoring.Round2(f.Mean), scoring.Round2(f.Median), scoring.Number(f.Highest), scoring.Number(f.Lowest),
				scoring.Number(f.Range), f.Deviation, scoring.Round2(it.Percent),
			})
		}
	}
	if f := c.Totals; f.N > 0 {
		rows = append(rows, append(a.heads("total"), scoring.Round2(f.Mean), scoring.Round2(f.Median), scoring.Round2(f.Highest),
			scoring.Round2(f.Lowest), scoring.Round2(f.Range), f.Deviation))
	}
	if len(rows) == 1 {
		return nil
	}
	return table("  ", rows, 1, 2, 3, 4, 5, 6, 7)
}

// voteTable has how the answers to yes/no items and gates divide.
func (a *acting) voteTable(c meeting.Count) []string {
	rows := [][]string{append(a.heads("item"), "", a.name("answer", "yes"), a.name("answer", "no"), a.name("answer", "abstain"), a.name("answer", "na"))}
	for _, it := range c.Items {
		if it.Kind != review.ItemScore {
			rows = append(rows, []string{
				short(it.Title), a.name("item", string(it.Kind)), strconv.Itoa(it.Votes.Yes), strconv.Itoa(it.Votes.No),
				strconv.Itoa(it.Votes.Abstain), strconv.Itoa(it.Votes.NA),
			})
		}
	}
	if len(rows) == 1 {
		return nil
	}
	return table("  ", rows, 2, 3, 4, 5)
}

// figureLines has the three figures, and which of them counts.
func (a *acting) figureLines(v tallyView, c meeting.Count) []string {
	var out []string
	if c.Scheme.Mode == review.ModeWeighted {
		for _, f := range []struct {
			method review.Method
			value  *big.Rat
		}{{review.MethodMean, c.Mean}, {review.MethodTrimmed, c.Trimmed}, {review.MethodMedian, c.Median}} {
			text := a.Words.T("meeting.tally.none", nil)
			if f.value != nil {
				text = padLeft(scoring.Round2(f.value), 6)
			}
			if f.method == v.Method {
				text += "　" + a.Words.T("meeting.tally.official", nil)
			}
			out = append(out, a.row("  ", a.name("method", string(f.method)), text)...)
		}
	}
	if v.Problem != nil {
		out = append(out, wrap("  ", v.Problem.Message)...)
	}
	return out
}

// suggestionLines says what the rules suggest, as a suggestion.
func (a *acting) suggestionLines(v tallyView) []string {
	g := v.Suggestion
	if g.Rule == "" {
		return nil
	}
	how := "meeting.tally.suggested"
	if g.Outcome == "" {
		how = "meeting.tally.open"
	}
	out := fold(a.sentence(how, said{"title": g.Title, "rule": g.Rule}))
	if g.Sentence != "" {
		out = append(out, wrap("  ", g.Sentence)...)
	}
	titles := map[string]string{}
	for _, it := range v.Items {
		titles[it.ID] = it.Title
	}
	for _, x := range []struct {
		key string
		ids []string
	}{{"gates", g.GatesFailed}, {"noncompliant", g.Noncompliant}} {
		var of []string
		for _, id := range x.ids {
			of = append(of, titles[id])
		}
		if len(of) > 0 {
			out = append(out, wrap("  "+a.Words.T("meeting.tally."+x.key, nil), strings.Join(of, "；"))...)
		}
	}
	return append(out, a.openLines(v.Round, g.Undecided)...)
}
