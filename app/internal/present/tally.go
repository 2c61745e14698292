package present

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/scoring"
)

// Tally is what the opened ballots of a round come to: a table of all answers, what it all
// amounts to, how that was reckoned, what the experts wrote and what the rules find. Each is
// a view of its own, so that the table has the room. It shows only what its person may see.
type Tally struct {
	*Leaf
	matter
	round    int // which is shown
	view     int // index of views
	item     int // of the scheme, to which the view of opinions is narrowed; -1 for none
	loaded   bool
	count    meeting.Count
	ballots  []meeting.OpenedBallot // none where he may not see them; then own is his, if he has one
	own      bool
	names    map[review.SeatID]string
	findings []regulation.Finding
	reckoned []scoring.Step // none where he may not see whose is what
	head     []Cell
	cells    [][]Cell
	of       []int // which item of the scheme a row is of; -1 for the totals
}

// The views of a tally.
const (
	viewTable = iota
	viewResult
	viewTrace
	viewOpinions
	viewFindings
)

func newTally(d *Desk, id review.ProjectID) Page { return newTallyOf(d, id, 0) }

// newTallyOf shows a round; 0 is the latest that was opened.
func newTallyOf(d *Desk, id review.ProjectID, round int) *Tally {
	p := &Tally{Leaf: d.leaf(PlaceTally), matter: d.matter(id), round: round, item: -1, names: map[review.SeatID]string{}}
	p.Leaf.content = p.parts
	p.Leaf.back = p.toProject
	if round == 0 {
		p.round = p.latest()
	}
	p.run("busy.tally", p.load, func(err error) {
		if err != nil {
			p.explain(err)
			return
		}
		p.build()
		p.loaded = true
		p.changed()
	})
	return p
}

// latest gives the number of the latest round that was opened.
func (p *Tally) latest() int {
	rounds := p.rounds()
	if len(rounds) == 0 {
		return 1
	}
	return rounds[len(rounds)-1]
}

// rounds lists the rounds that were opened.
func (p *Tally) rounds() []int {
	var out []int
	for _, r := range p.project().Rounds {
		if !r.Opened.IsZero() {
			out = append(out, r.Number)
		}
	}
	return out
}

// load asks the services; not on the screen's goroutine.
func (p *Tally) load() (err error) {
	if p.count, err = p.x.Tally(p.id, p.round); err != nil {
		return err
	}
	for _, e := range p.count.Experts {
		p.names[e.Seat] = p.who(e.Seat)
	}
	if len(p.count.Experts) > 0 {
		p.reckoned = p.count.Trace(func(seat review.SeatID) string { return p.names[seat] })
	}
	switch p.ballots, err = p.x.Ballots(p.id, p.round); {
	case review.CodeOf(err) == review.CodeHidden:
		p.ballots = p.mine()
		p.own = len(p.ballots) > 0
	case err != nil:
		return err
	}
	for _, b := range p.ballots {
		p.names[b.Seat] = p.who(b.Seat)
	}
	if p.findings, err = p.x.Findings(p.id); review.CodeOf(err) == review.CodeHidden {
		err = nil
	}
	return err
}

// mine is the ballot of one who may see no others.
func (p *Tally) mine() []meeting.OpenedBallot {
	x := p.project()
	if !p.state().LookRound(p.me(), review.ThingOwnBallot, p.id, p.round).Allowed || p.round > len(x.Rounds) {
		return nil
	}
	b, ok := x.Rounds[p.round-1].Ballot(p.me())
	if !ok || b.Sheet == nil {
		return nil
	}
	_, void := x.Void(p.round, p.me())
	return []meeting.OpenedBallot{{Seat: b.Seat, Name: p.who(b.Seat), At: b.At, Sheet: *b.Sheet, Paper: b.Paper, Counts: !void}}
}

// counted are the ballots that stand in the table.
func (p *Tally) counted() []meeting.OpenedBallot {
	return slices.DeleteFunc(slices.Clone(p.ballots), func(b meeting.OpenedBallot) bool { return !b.Counts })
}

// called is what the column of a person is called.
func (p *Tally) called(seat review.SeatID) string {
	if p.own {
		return p.desk.T("tally.own", nil)
	}
	return p.names[seat]
}

// build lays the table out once: at 25 experts and 20 items it is asked for at every stroke.
func (p *Tally) build() {
	t := func(key string) string { return p.desk.T(key, nil) }
	bold := func(text string, figure bool) Cell { return Cell{Text: text, Bold: true, Figure: figure} }
	scored, asked, weighted := false, false, p.count.Scheme.Mode == review.ModeWeighted
	for _, it := range p.count.Items {
		scored = scored || it.Kind == review.ItemScore
		asked = asked || it.Kind != review.ItemScore
	}
	p.head, p.cells, p.of = []Cell{bold(t("meeting.tally.head.item"), false)}, nil, nil
	if scored {
		p.head = append(p.head, bold(t("meeting.tally.head.full"), true))
		if weighted {
			p.head = append(p.head, bold(t("meeting.tally.head.weight"), true))
		}
		p.head = append(p.head, bold(t("meeting.tally.head.mean"), true), bold(t("meeting.tally.head.median"), true))
	}
	counted := p.counted()
	for _, b := range counted {
		p.head = append(p.head, bold(p.called(b.Seat), true))
	}
	if asked {
		p.head = append(p.head, bold(t("tally.answers"), false))
	}
	for i, it := range p.count.Items {
		row := []Cell{{Text: review.Legible(it.Title)}}
		if scored {
			row = append(row, Cell{Text: it.Full, Figure: true})
			if weighted {
				row = append(row, Cell{Text: it.Weight, Figure: true})
			}
			row = append(row, Cell{Text: two(it.Figures.Mean), Figure: true}, Cell{Text: two(it.Figures.Median), Figure: true})
		}
		for _, b := range counted {
			row = append(row, p.answer(i, b))
		}
		if asked {
			row = append(row, p.answers(it))
		}
		p.cells, p.of = append(p.cells, row), append(p.of, i)
	}
	if weighted {
		row := []Cell{bold(t("meeting.tally.head.total"), false)}
		if scored {
			row = append(row, Cell{}, Cell{}, bold(two(p.count.Mean), true), bold(two(p.count.Median), true))
		}
		for _, b := range counted {
			c := bold(two(p.totalOf(b)), true)
			p.sign(&c, b.Seat, "")
			row = append(row, c)
		}
		if asked {
			row = append(row, Cell{})
		}
		p.cells, p.of = append(p.cells, row), append(p.of, -1)
	}
}

// two writes a figure as papers print it; nothing for none.
func two(x *big.Rat) string {
	if x == nil {
		return ""
	}
	return scoring.Round2(x)
}

// totalOf gives the total of a ballot, nil if it has none.
func (p *Tally) totalOf(b meeting.OpenedBallot) *big.Rat {
	for _, e := range p.count.Experts {
		if e.Seat == b.Seat {
			return e.Total
		}
	}
	if !p.own {
		return nil
	}
	alone, _ := scoring.Count(p.count.Scheme, []scoring.Ballot{{Seat: b.Seat, Sheet: b.Sheet}})
	if len(alone.Experts) == 0 {
		return nil
	}
	return alone.Experts[0].Total
}

// answers says how the answers to an item that is not scored divide.
func (p *Tally) answers(it scoring.Item) Cell {
	if it.Kind == review.ItemScore {
		return Cell{}
	}
	var parts []string
	for _, x := range []struct {
		key string
		n   int
	}{{review.AnswerYes, it.Votes.Yes}, {review.AnswerNo, it.Votes.No}, {review.AnswerAbstain, it.Votes.Abstain}, {review.AnswerNA, it.Votes.NA}} {
		if x.n > 0 {
			parts = append(parts, p.desk.T("answer."+x.key, nil)+" "+strconv.Itoa(x.n))
		}
	}
	c := Cell{Text: strings.Join(parts, "，")}
	switch {
	case slices.Contains(p.count.Suggestion.Undecided, it.ID):
		c.Tone, c.Text = ToneDecide, c.Text+"："+p.desk.T("tally.open", nil)
	case slices.Contains(p.count.Suggestion.GatesFailed, it.ID), slices.Contains(p.count.Suggestion.Noncompliant, it.ID):
		c.Tone = ToneError
	}
	return c
}

// answer is what somebody answered to an item.
func (p *Tally) answer(item int, b meeting.OpenedBallot) Cell {
	value := b.Sheet.Marks[item].Value
	it := p.count.Items[item]
	if p.desk.words.Has("answer." + value) {
		return Cell{Text: p.desk.T("answer."+value, nil), Figure: it.Kind == review.ItemScore}
	}
	c := Cell{Text: value, Figure: true}
	p.sign(&c, b.Seat, it.ID)
	return c
}

// sign puts the sign of 畸高 or 畸低 on a cell.
func (p *Tally) sign(c *Cell, seat review.SeatID, item string) {
	for _, f := range p.count.Flags {
		if f.Seat == seat && f.Item == item {
			key := "tally.low"
			if f.High {
				key = "tally.high"
			}
			c.Tone, c.Text = ToneDecide, p.desk.T(key, map[string]string{"Value": c.Text})
		}
	}
}

// Heading says which round of which project it is.
func (p *Tally) Heading() string {
	return p.fill("tally.head", "Title", p.project().Title, "Round", strconv.Itoa(p.round))
}

// Views names the views that there are for the person.
func (p *Tally) Views() []Row {
	var out []Row
	for _, v := range p.there() {
		out = append(out, Row{Title: p.desk.T([]string{"tally.view.table", "tally.view.result", "tally.view.trace", "tally.view.opinions", "tally.view.findings"}[v], nil)})
	}
	return out
}

// there lists the views that there are.
func (p *Tally) there() []int {
	out := []int{viewTable, viewResult}
	if len(p.reckoned) > 0 {
		out = append(out, viewTrace)
	}
	if len(p.ballots) > 0 {
		out = append(out, viewOpinions)
	}
	if len(p.findings) > 0 {
		out = append(out, viewFindings)
	}
	return out
}

// View gives the index in Views of what is shown.
func (p *Tally) View() int { return slices.Index(p.there(), p.view) }

// SetView shows another view; i is an index of Views.
func (p *Tally) SetView(i int) {
	p.view, p.item = p.there()[i], -1
	p.changed()
}

// Tabled tells whether the table is shown; else, what Content gives.
func (p *Tally) Tabled() bool { return p.view == viewTable }

// Official is the figure that counts, in a few large characters; "" where there is none.
func (p *Tally) Official() string {
	if p.count.Official == nil {
		return ""
	}
	return p.fill("tally.official", "Score", scoring.Round2(p.count.Official))
}

// Method says what Official is, or why there is none; and what the rules suggest.
func (p *Tally) Method() string {
	if !p.loaded {
		return ""
	}
	said := p.method()
	if o := p.outcome(p.count.Suggestion.Outcome); o != "" {
		said += p.fill("tally.suggested", "Outcome", o)
	}
	return said
}

func (p *Tally) method() string {
	c := p.count
	if c.Scheme.Mode != review.ModeWeighted {
		return p.desk.T("tally.unweighted", map[string]int{"Ballots": c.Ballots})
	}
	if c.Official == nil {
		return p.desk.T("trace.official.none", nil)
	}
	m := c.Scheme.Method
	if m == "" {
		m = review.MethodMean
	}
	return p.desk.T("tally.method."+string(m), map[string]int{"Ballots": c.Ballots})
}

// Head gives the head of the table: items, what they are out of, means and medians, then one
// column an expert; last, where there are such, how the answers divide that are no marks.
func (p *Tally) Head() []Cell { return p.head }

// Rows gives how many rows the table has: the items, and the totals where there are any.
func (p *Tally) Rows() int { return len(p.cells) }

// Cell gives a place of the table.
func (p *Tally) Cell(row, col int) Cell { return p.cells[row][col] }

// Choose is the choosing of a place in the table: of an item that is open the chair settles
// it, of any other what was written about it is shown.
func (p *Tally) Choose(row, _ int) {
	item := p.of[row]
	if item < 0 {
		return
	}
	if p.settleable(p.count.Items[item].ID) {
		p.settle(item)
		return
	}
	if len(p.ballots) > 0 {
		p.view, p.item = viewOpinions, item
		p.changed()
	}
}

// settleable tells whether the person may settle an item now, for the first time or anew.
func (p *Tally) settleable(item string) bool {
	if !p.may(review.KindItemSettled) || p.round != len(p.project().Rounds) {
		return false
	}
	_, before := p.project().Settlements()[item]
	return before || slices.Contains(p.count.Suggestion.Undecided, item)
}

func (p *Tally) settle(item int) {
	p.desk.turn(func() Page { return newSettle(p.desk, p.id, p.count.Items[item].Item, nil) })
}

func (p *Tally) parts() []Part {
	if !p.loaded {
		return nil
	}
	switch p.view {
	case viewResult:
		return p.result()
	case viewTrace:
		return p.trace()
	case viewOpinions:
		return p.opinions()
	case viewFindings:
		return []Part{p.desk.findingRows(p.findings)}
	}
	return nil
}

// result says what it all comes to.
func (p *Tally) result() []Part {
	c, t := p.count, func(key string) string { return p.desk.T(key, nil) }
	var out []Part
	if o := p.Official(); o != "" {
		out = append(out, Text{Look: LookLarge, Text: o})
	}
	out = append(out, Text{Look: LookCaption, Text: p.method()})
	if c.Err != nil && c.Scheme.Mode == review.ModeWeighted {
		out = append(out, Text{Tone: ToneDecide, Text: p.desk.words.Explain(c.Err)})
	}
	if c.Scheme.Mode == review.ModeWeighted {
		figures := Pairs{}
		for _, x := range []struct {
			key   string
			value *big.Rat
		}{{"tally.figure.mean", c.Mean}, {"tally.figure.trimmed", c.Trimmed}, {"tally.figure.median", c.Median}} {
			value := t("meeting.tally.none")
			if x.value != nil {
				value = p.fill("tally.official", "Score", scoring.Round2(x.value))
			}
			figures.Pairs = append(figures.Pairs, [2]string{t(x.key), value})
		}
		if f := c.Totals; f.N > 0 && len(c.Experts) > 0 {
			figures.Pairs = append(figures.Pairs, [2]string{t("tally.figure.spread"), p.fill("tally.spread",
				"Highest", scoring.Round2(f.Highest), "Lowest", scoring.Round2(f.Lowest), "Range", scoring.Round2(f.Range), "Deviation", f.Deviation)})
		}
		out = append(out, figures)
	}
	out = append(out, p.suggestion()...)
	var votes []Row
	for i, it := range c.Items {
		if it.Kind != review.ItemScore {
			votes = append(votes, p.voted(i, it))
		}
	}
	if len(votes) > 0 {
		out = append(out, Rows{Head: t("meeting.tally.votes"), Rows: votes})
	}
	flags := p.steps(true)
	if len(flags) > 0 {
		out = append(out, Text{Look: LookHead, Text: t("meeting.tally.flags")})
		out = append(out, flags...)
	}
	if rounds := p.rounds(); len(rounds) > 1 {
		other := Rows{Head: t("tally.rounds")}
		for _, n := range rounds {
			r := Row{Title: p.desk.T("tally.round", map[string]int{"Round": n}), Do: func() { p.desk.turn(func() Page { return newTallyOf(p.desk, p.id, n) }) }}
			if n == p.round {
				r.Detail = t("tally.round.shown")
			}
			other.Rows = append(other.Rows, r)
		}
		out = append(out, other)
	}
	return out
}

// suggestion says what the rules make of it; nothing where they say nothing.
func (p *Tally) suggestion() []Part {
	s := p.count.Suggestion
	if s.Sentence == "" {
		return nil
	}
	out := []Part{Text{Look: LookHead, Text: p.desk.T("meeting.tally.suggestion", nil)}}
	if o := p.outcome(s.Outcome); o != "" {
		out = append(out, Text{Look: LookLarge, Text: o})
	}
	return append(out, Text{Text: review.Legible(s.Sentence)})
}

// voted says how an item that is not scored was answered, and what the chair made of it.
func (p *Tally) voted(i int, it scoring.Item) Row {
	c := p.answers(it)
	r := Row{Title: review.Legible(it.Title), Detail: c.Text, Tone: c.Tone}
	if answer, ok := p.project().Settlements()[it.ID]; ok && p.round == len(p.project().Rounds) {
		r.Detail += "；" + p.fill("tally.settled", "Answer", p.desk.T("answer."+answer, nil))
		if r.Tone == ToneNone {
			r.Tone = ToneDone
		}
	}
	if p.settleable(it.ID) {
		r.Do = func() { p.settle(i) }
	}
	return r
}

// steps gives the sentences of the calculation, or of what lies far apart.
func (p *Tally) steps(flags bool) []Part {
	var out []Part
	n := 0
	for _, s := range p.reckoned {
		text := p.desk.T(s.Key, s.Args)
		switch flag := strings.HasPrefix(s.Key, "trace.flag."); {
		case flag != flags:
		case flag:
			out = append(out, Text{Tone: ToneDecide, Text: text})
		case s.Key == "trace.rule": // how to read the steps is none of them
			out = append(out, Text{Look: LookCaption, Text: text})
		default:
			n++
			out = append(out, Text{Text: strconv.Itoa(n) + ". " + text})
		}
	}
	return out
}

func (p *Tally) trace() []Part { return append(p.steps(false), p.steps(true)...) }

// opinions shows what the experts wrote, to one item or all of it.
func (p *Tally) opinions() []Part {
	if p.item >= 0 {
		return p.reasons(p.item)
	}
	var out []Part
	for _, b := range p.ballots {
		head := p.called(b.Seat)
		if !b.Counts {
			head = p.fill("tally.void", "Name", head, "Why", b.Why)
		}
		out = append(out, Text{Look: LookHead, Text: head})
		if o := p.outcome(b.Sheet.Outcome); o != "" {
			out = append(out, Text{Look: LookCaption, Text: p.fill("tally.proposes", "Outcome", o)})
		}
		for _, par := range b.Sheet.Opinion {
			out = append(out, Text{Text: par})
		}
		var reasons Pairs
		for i, m := range b.Sheet.Marks {
			if m.Reason != "" {
				reasons.Pairs = append(reasons.Pairs, [2]string{review.Legible(p.count.Items[i].Title), p.answer(i, b).Text + "　" + m.Reason})
			}
		}
		if len(reasons.Pairs) > 0 {
			out = append(out, reasons)
		}
	}
	return out
}

// reasons shows what was answered to one item, by whom and why.
func (p *Tally) reasons(item int) []Part {
	it := p.count.Items[item]
	out := []Part{Text{Look: LookHead, Text: review.Legible(it.Title)}}
	if it.Question != "" && it.Question != it.Title {
		out = append(out, Text{Look: LookCaption, Text: review.Legible(it.Question)})
	}
	rows := Rows{}
	for _, b := range p.counted() {
		c := p.answer(item, b)
		rows.Rows = append(rows.Rows, Row{Title: p.called(b.Seat) + "　" + c.Text, Detail: b.Sheet.Marks[item].Reason, Tone: c.Tone})
	}
	all := Row{Title: p.desk.T("tally.all", nil), Do: func() {
		p.item = -1
		p.changed()
	}}
	return append(out, rows, Rows{Rows: []Row{all}})
}

// Next says what to do.
func (p *Tally) Next() string {
	if open := p.count.Suggestion.Undecided; len(open) > 0 && p.settleable(open[0]) {
		return p.desk.T("next.tally.open", nil)
	}
	if p.may(review.KindOpinionDrafted) {
		return p.sheet.Next()
	}
	return p.desk.T("next.tally.read", nil)
}

// Primary goes on to the 专家组意见, or back where the person has no part in that.
func (p *Tally) Primary() Action {
	if p.may(review.KindOpinionDrafted) {
		return Action{p.desk.T("action.opinion", nil), p.turn(newOpinion)}
	}
	return Action{p.desk.T("action.back", nil), p.Back}
}

// newSettle is the form by which the chair settles an item that the experts leave open; back
// is where it leads, nil for the tally.
func newSettle(d *Desk, id review.ProjectID, it review.Item, back func()) *Leaf {
	m := d.matter(id)
	if back == nil {
		back = m.turn(newTally)
	}
	answer, why := d.field(FieldChoice, "settled"), d.reason()
	answer.At = -1
	given := []string{review.AnswerYes, review.AnswerNo}
	for _, a := range given {
		answer.Options = append(answer.Options, Row{Title: d.T("answer."+a, nil)})
	}
	return d.form(form{
		key: "settle", data: map[string]string{"Title": it.Title}, fields: []*Field{answer, why}, back: back,
		more: func() []Part {
			var out []Part
			if it.Question != "" {
				out = append(out, Text{Look: LookHead, Text: review.Legible(it.Question)})
			}
			return out
		},
		act: func() error {
			if answer.At < 0 {
				return review.E(review.CodeTextEmpty, "present.newSettle", "settled", nil)
			}
			return m.x.Settle(id, it.ID, given[answer.At], strings.TrimSpace(why.Value))
		},
		done: back,
	})
}
