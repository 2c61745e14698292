package present

import (
	"slices"
	"strings"
	"unicode/utf8"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/scoring"
)

// Form says how the score sheet is laid out.
type Form string

// The forms.
const (
	FormOne   Form = "one"   // 逐项: one item at a time
	FormQuick Form = "quick" // 快填: all marks and the opinion on one screen
)

var forms = []Form{FormOne, FormQuick}

// Spot is a place of the score sheet where something is filled in.
type Spot struct {
	Part SpotPart
	At   int // index of the item; of a paragraph its id
}

// SpotPart says what is filled in at a spot.
type SpotPart string

// The parts.
const (
	SpotMark      SpotPart = "mark"
	SpotReason    SpotPart = "reason"
	SpotParagraph SpotPart = "paragraph"
	SpotOutcome   SpotPart = "outcome"
)

// ownMemory is what the desk remembers of the person at the machine until he gives it back:
// nothing of it is on the disk.
type ownMemory struct {
	of      *meeting.Session
	form    Form
	strokes review.Strokes // his signature as he drew it last
}

// remember gives what is remembered of the person at the machine.
func (d *Desk) remember() *ownMemory {
	if d.own.of != d.session {
		d.own = ownMemory{of: d.session}
	}
	return &d.own
}

// score goes to the score sheet of a project; where nothing can be submitted to the receipt
// of what was, or it says why there is neither.
func (d *Desk) score(id review.ProjectID) {
	if err := d.state().May(d.me(), review.KindBallotSubmitted, id, d.me()); err != nil {
		if r, missing := d.session.Receipt(id); missing == nil {
			d.turn(func() Page { return newReceipt(d, id, r) })
			return
		}
		d.Log(err)
		d.tell(ToneError, d.words.Explain(err))
		return
	}
	d.turn(func() Page { return newScoring(d, id) })
}

// Scoring is the score sheet of an expert, with the project's documents beside it.
// Everything on it is kept as his draft, right or wrong, complete or not.
type Scoring struct {
	sheet
	session   *meeting.Session
	project   review.ProjectID
	title     string
	scheme    review.Scheme
	round     int
	before    *review.Sheet // of the round before; nil for none
	returned  string        // why the ballot came back; "" if it did not
	notes     map[string][]string
	answers   answers
	explained map[int]bool // items whose field for a reason was asked for
	ids       []int        // of answers.Opinion, one a paragraph
	nextID    int
	documents *Documents
	keeper    *keeper

	edition int // grows whenever the program and not the person has changed what is filled in
	undo    []filled
	last    Spot // of the last change; changes of one spot are undone together
	target  Spot // the text that a citation goes to
	focus   Spot
	wish    int // grows whenever the focus has to go to a spot
}

// filled is what was filled in before a change.
type filled struct {
	marks   []review.Mark
	opinion []string
	ids     []int
	outcome string
	spot    Spot
}

// maxUndo is how many changes can be taken back.
const maxUndo = 100

// newScoring begins or goes on with the score sheet of the present round of a project.
func newScoring(d *Desk, id review.ProjectID) *Scoring {
	st, me := d.session.State(), d.session.Seat().ID
	x := st.Project(id)
	p := &Scoring{
		sheet: newSheet(d, PlaceSheet), session: d.session, project: id, title: x.Title, scheme: x.Scheme, round: len(x.Rounds),
		before: sheetBefore(x, me), notes: map[string][]string{}, explained: map[int]bool{},
	}
	p.back = func() { d.toProject(id) }
	p.documents = newDocuments(d, id, func() { p.changed() })
	p.answers = noAnswers(p.scheme)
	var kept string
	p.keeper, kept = newKeeper(&p.sheet, review.ScoreDraft(id, p.round), p.draft)
	b, given := x.Round().Ballot(me)
	if given {
		p.returned = b.Returned
	}
	switch {
	case kept != "":
		p.answers = readAnswers(p.scheme, kept)
	case given:
		h, _, err := p.session.OwnSheet(id)
		if err != nil {
			p.explain(err)
			break
		}
		p.answers = answersOf(p.scheme, h)
	}
	form := p.answers.Form
	if f := d.remember().form; f != "" {
		form = f
	}
	if !slices.Contains(forms, form) {
		form = FormOne
	}
	p.answers.Version, p.answers.Form = answersVersion, form
	p.answers.Step = max(0, min(p.answers.Step, len(p.scheme.Items)))
	for range p.answers.Opinion {
		p.ids = append(p.ids, p.id())
	}
	if len(p.ids) == 0 {
		p.add(0, "")
	}
	p.focus, p.target = p.spotOf(p.answers.Step), Spot{SpotParagraph, p.ids[0]}
	p.documents.resume(p.answers.File, p.answers.Page)
	p.keeper.saved = p.draft() // what came back, or is kept in an older form, is not written until it is changed
	p.consult()
	return p
}

// sheetBefore gives what a person submitted in the round before, nil for nothing.
func sheetBefore(x *review.Project, seat review.SeatID) *review.Sheet {
	if len(x.Rounds) < 2 {
		return nil
	}
	b, _ := x.Rounds[len(x.Rounds)-2].Ballot(seat)
	return b.Sheet
}

// consult has the regulation asked what it says of the items: what follows where one is not
// met, and what its rules find in the facts.
func (p *Scoring) consult() {
	if len(p.scheme.Packs) == 0 {
		return
	}
	notes := map[string][]string{}
	p.desk.jobs.Run(func() error {
		lib, err := p.session.Rules(p.project)
		if err != nil {
			return err
		}
		findings, err := p.session.Findings(p.project)
		if err != nil {
			return err
		}
		said := map[string]string{}
		for _, f := range findings {
			said[f.Rule] = f.Sentence
		}
		if s, ok := lib.Scheme(p.scheme.ID); ok {
			for _, it := range s.Items {
				if it.Consequence != "" {
					notes[it.ID] = append(notes[it.ID], p.desk.say("sheet.consequence", "Text", it.Consequence))
				}
				if text := said[it.Rule]; text != "" && it.Rule != "" {
					notes[it.ID] = append(notes[it.ID], p.desk.say("sheet.rule", "Text", text))
				}
			}
		}
		return nil
	}, func(err error) {
		if err != nil { // the sheet can be filled in all the same
			p.desk.Log(err)
			return
		}
		p.notes = notes
		p.changed()
	})
}

// draft gives what is kept of the sheet.
func (p *Scoring) draft() string {
	a := p.answers
	if file, page := p.documents.where(); file != "" {
		a.File, a.Page = file, page
	}
	return a.draft()
}

func (p *Scoring) id() int {
	p.nextID++
	return p.nextID
}

// Heading stands over the page.
func (p *Scoring) Heading() string { return review.Legible(p.title) }

// Round says which round it is.
func (p *Scoring) Round() string { return p.desk.T("sheet.round", map[string]int{"Round": p.round}) }

// Returned says why the ballot came back; "" if it did not.
func (p *Scoring) Returned() string {
	if p.returned == "" {
		return ""
	}
	return p.desk.say("sheet.returned", "Reason", p.returned)
}

// Documents are what stands beside the sheet.
func (p *Scoring) Documents() *Documents { return p.documents }

// Foreign says why the field of a mark does not take what was typed.
func (p *Scoring) Foreign() { p.say(ToneError, p.desk.T("sheet.foreign", nil)) }

// Form gives how the sheet is laid out.
func (p *Scoring) Form() Form { return p.answers.Form }

// Forms names the forms, and gives the index of the present one.
func (p *Scoring) Forms() ([]Row, int) {
	var out []Row
	for _, f := range forms {
		out = append(out, Row{Title: p.desk.T("sheet.form."+string(f), nil)})
	}
	return out, slices.Index(forms, p.answers.Form)
}

// SetForm lays the sheet out in another form; i is an index of Forms.
func (p *Scoring) SetForm(i int) {
	p.answers.Form = forms[i]
	p.desk.remember().form = forms[i]
	p.moved()
	p.focusOn(p.spotOf(p.answers.Step))
}

// Step gives the index of the item at which the person is in FormOne; as many as there are
// items for the opinion and the conclusion behind them.
func (p *Scoring) Step() int { return p.answers.Step }

// Go goes to a step.
func (p *Scoring) Go(step int) {
	p.answers.Step = max(0, min(step, len(p.scheme.Items)))
	p.moved()
	p.focusOn(p.spotOf(p.answers.Step))
}

// Onward goes on from the mark of an item, or back; not on from one that cannot stand, which
// would be out of sight then.
func (p *Scoring) Onward(by int) {
	if by > 0 && p.Step() < p.Items() && p.Item(p.Step()).Wrong != "" {
		p.changed()
		return
	}
	p.Go(p.Step() + by)
}

// spotOf gives where a step begins.
func (p *Scoring) spotOf(step int) Spot {
	if step < len(p.scheme.Items) {
		return Spot{SpotMark, step}
	}
	return Spot{SpotParagraph, p.ids[0]}
}

// moved keeps where the person is; it says nothing of it.
func (p *Scoring) moved() {
	if !p.answers.blank() {
		p.keeper.delay.Poke()
	}
}

// To goes to a spot, in whichever form.
func (p *Scoring) To(s Spot) {
	switch s.Part {
	case SpotMark, SpotReason:
		p.answers.Step = s.At
		if s.Part == SpotReason {
			p.explained[s.At] = true
		}
	default:
		p.answers.Step = len(p.scheme.Items)
	}
	p.moved()
	p.focusOn(s)
}

// Missing leads to the first thing that is still to be filled in or put right; without
// label where there is none.
func (p *Scoring) Missing() Action {
	lacks := p.lacks()
	if len(lacks) == 0 {
		return Action{}
	}
	return Action{p.desk.T("sheet.missing", nil), func() { p.To(lacks[0].spot) }}
}

func (p *Scoring) lacks() []lack { return p.answers.lacks(p.scheme, p.before, p.ids) }

// focusOn has the page put the focus on a spot.
func (p *Scoring) focusOn(s Spot) {
	p.focus = s
	p.wish++
	p.changed()
}

// Focus gives the spot where the focus belongs, and a number that grows whenever it has to
// go there.
func (p *Scoring) Focus() (Spot, int) { return p.focus, p.wish }

// Edition grows whenever what is filled in was changed by the program: fields take it over
// then.
func (p *Scoring) Edition() int { return p.edition }

// Items gives how many items there are.
func (p *Scoring) Items() int { return len(p.scheme.Items) }

// Asked is an item as the sheet shows it.
type Asked struct {
	Number   string // 第 3 项，共 12 项
	Title    string
	Question string // may be empty
	Kind     string
	Article  string   // may be empty
	Bounds   string   // 满分 and step; "" where no mark is given
	Short    string   // 满分, to stand behind the title; "" where no mark is given
	Notes    []string // what the regulation says of it
	Before   string   // the round before; "" for none

	Figure  bool     // the answer is a mark, else one of Options
	Options []Option // how it can be answered
	Chosen  int      // index of Options, -1 for none
	NA      string   // the name of 不适用, of a mark that may be that; "" for others
	IsNA    bool
	Value   string // the mark as typed
	Wrong   string // why it cannot stand; "" if it can

	Reason     string
	NeedReason string // why there must be one; "" if there need not
	Count      string // of the reason's characters; "" for none
	Over       bool   // they are too many
	Explains   bool   // there is a field for the reason
}

// Option is one of several answers.
type Option struct{ Title, Detail string }

var answersOfKind = []string{review.AnswerYes, review.AnswerNo, review.AnswerAbstain, review.AnswerNA}

// options gives how an item that takes no mark can be answered.
func options(it review.Item) []string {
	if it.NA {
		return answersOfKind
	}
	return answersOfKind[:3]
}

// Item gives an item as it stands.
func (p *Scoring) Item(i int) Asked {
	d, it, m := p.desk, p.scheme.Items[i], p.answers.Marks[i]
	about := map[string]any{"Number": i + 1, "All": len(p.scheme.Items), "Full": it.Full, "Step": it.Step}
	x := Asked{
		Number: d.T("sheet.item", about), Title: it.Title, Question: it.Question, Kind: d.T("item."+string(it.Kind), nil),
		Article: it.Article, Notes: p.notes[it.ID], Value: m.Value, Reason: m.Reason, Chosen: -1, Before: p.beforeOf(i),
	}
	if n := utf8.RuneCountInString(m.Reason); n > 0 {
		x.Count, x.Over = d.T("sheet.count", map[string]int{"Count": n, "Limit": review.MaxReason}), n > review.MaxReason
	}
	if p.answers.differs(i, p.before) {
		x.NeedReason = d.T("sheet.reason.need", nil)
	}
	x.Explains = p.answers.Form == FormOne || x.NeedReason != "" || m.Reason != "" || p.explained[i]
	if why := wrong(it, m.Value); why != "" {
		x.Wrong = d.T("sheet.wrong."+why, about)
	}
	if it.Kind == review.ItemScore {
		x.Figure, x.Bounds, x.Short = true, d.T("sheet.bounds", about), d.T("sheet.full", about)
		if it.NA {
			x.NA, x.IsNA = d.T("answer.na", nil), m.Value == review.AnswerNA
		}
		if x.IsNA {
			x.Value = ""
		}
		return x
	}
	for _, a := range options(it) {
		x.Options = append(x.Options, Option{Title: d.T("answer."+a, nil)})
	}
	x.Chosen = slices.Index(options(it), m.Value)
	return x
}

// beforeOf says how an item was answered in the round before.
func (p *Scoring) beforeOf(i int) string {
	if p.before == nil || i >= len(p.before.Marks) {
		return ""
	}
	m := p.before.Marks[i]
	return p.desk.T("sheet.before", map[string]string{"Value": p.answer(p.scheme.Items[i], m.Value), "Reason": m.Reason})
}

// answer says an answer in words.
func (p *Scoring) answer(it review.Item, value string) string {
	if number(value) != nil {
		return p.desk.say("sheet.mark", "Value", value)
	}
	return p.desk.T("answer."+value, nil)
}

// SetMark takes a mark as it is typed.
func (p *Scoring) SetMark(i int, value string) {
	if m := &p.answers.Marks[i]; m.Value != value && !(value == "" && m.Value == review.AnswerNA) {
		p.change(Spot{SpotMark, i}, false)
		m.Value = value
		p.keeper.changed()
	}
}

// Choose takes the answer to an item that takes no mark; at is an index of Asked.Options.
func (p *Scoring) Choose(i, at int) {
	o := options(p.scheme.Items[i])
	if at >= 0 && at < len(o) {
		p.SetMark(i, o[at])
	}
}

// NotApplicable says whether an item that takes a mark is 不适用.
func (p *Scoring) NotApplicable(i int, on bool) {
	value := ""
	if on {
		value = review.AnswerNA
	}
	if m := &p.answers.Marks[i]; m.Value != value && (on || m.Value == review.AnswerNA) {
		p.change(Spot{SpotMark, i}, true)
		m.Value = value
		p.edition++ // the field of the mark is emptied
		p.keeper.changed()
	}
}

// SetReason takes the reason of an item.
func (p *Scoring) SetReason(i int, text string) {
	p.target = Spot{SpotReason, i}
	if m := &p.answers.Marks[i]; m.Reason != text {
		p.change(Spot{SpotReason, i}, false)
		m.Reason = text
		p.keeper.changed()
	}
}

// Explain leads to the reason of the item that was answered last; without label where it is
// there to be seen.
func (p *Scoring) Explain() Action {
	if s := p.last; p.answers.Form == FormQuick && s.Part == SpotMark && !p.Item(s.At).Explains {
		return Action{p.desk.T("sheet.explain", nil), func() { p.To(Spot{SpotReason, s.At}) }}
	}
	return Action{}
}

// OwnParagraph is a paragraph of the individual opinion.
type OwnParagraph struct {
	ID     int // stays with the paragraph
	Number string
	Text   string
	Count  string // how long it is
	Over   bool   // it is too long
}

// Opinion gives the paragraphs of the individual opinion, at least one.
func (p *Scoring) Opinion() []OwnParagraph {
	var out []OwnParagraph
	for i, t := range p.answers.Opinion {
		n := utf8.RuneCountInString(strings.TrimSpace(t))
		out = append(out, OwnParagraph{
			ID: p.ids[i], Number: p.desk.T("sheet.paragraph", map[string]int{"Number": i + 1}), Text: t,
			Count: p.desk.T("sheet.count", map[string]int{"Count": n, "Limit": review.MaxParagraph}), Over: n > review.MaxParagraph,
		})
	}
	return out
}

// Write takes a paragraph as it is typed. A new line in it, by Enter or by pasting, begins
// the next paragraph, and the focus goes there.
func (p *Scoring) Write(id int, text string) {
	i := slices.Index(p.ids, id)
	if i < 0 {
		return
	}
	p.target = Spot{SpotParagraph, id}
	if p.answers.Opinion[i] == text {
		return
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	p.change(Spot{SpotParagraph, id}, len(lines) > 1)
	p.answers.Opinion[i] = lines[0]
	if len(lines) > 1 {
		for n, t := range lines[1:] {
			p.add(i+1+n, t)
		}
		p.edition++
		p.focusOn(Spot{SpotParagraph, p.ids[i+len(lines)-1]})
	}
	p.keeper.changed()
}

// add puts a paragraph at an index.
func (p *Scoring) add(at int, text string) {
	p.answers.Opinion = slices.Insert(p.answers.Opinion, at, text)
	p.ids = slices.Insert(p.ids, at, p.id())
}

// Add begins a paragraph behind one.
func (p *Scoring) Add(behind int) {
	i := slices.Index(p.ids, behind)
	p.change(Spot{SpotParagraph, behind}, true)
	p.add(i+1, "")
	p.focusOn(Spot{SpotParagraph, p.ids[i+1]})
}

// Remove takes a paragraph away; the last that there is becomes empty.
func (p *Scoring) Remove(id int) {
	i := slices.Index(p.ids, id)
	if i < 0 {
		return
	}
	p.change(Spot{SpotParagraph, id}, true)
	p.answers.Opinion, p.ids = slices.Delete(p.answers.Opinion, i, i+1), slices.Delete(p.ids, i, i+1)
	if len(p.ids) == 0 {
		p.add(0, "")
	}
	p.edition++
	p.focusOn(Spot{SpotParagraph, p.ids[min(i, len(p.ids)-1)]})
	p.keeper.changed()
}

// Move puts a paragraph one place up (-1) or down (1).
func (p *Scoring) Move(id, by int) {
	i := slices.Index(p.ids, id)
	if j := i + by; i >= 0 && j >= 0 && j < len(p.ids) {
		p.change(Spot{SpotParagraph, id}, true)
		o := p.answers.Opinion
		o[i], o[j], p.ids[i], p.ids[j] = o[j], o[i], p.ids[j], p.ids[i]
		p.edition++
		p.keeper.changed()
	}
}

// Outcomes gives the conclusions that can be proposed, the last being none, and the index
// of what is chosen.
func (p *Scoring) Outcomes() ([]Option, int) {
	var out []Option
	for _, o := range p.scheme.Outcomes {
		out = append(out, Option{Title: o.Title})
	}
	at := slices.IndexFunc(p.scheme.Outcomes, func(o review.Outcome) bool { return o.ID == p.answers.Outcome })
	if at < 0 {
		at = len(out)
	}
	return append(out, Option{Title: p.desk.T("sheet.outcome.none", nil)}), at
}

// Propose takes the conclusion that is proposed; at is an index of Outcomes.
func (p *Scoring) Propose(at int) {
	id := ""
	if at < len(p.scheme.Outcomes) {
		id = p.scheme.Outcomes[at].ID
	}
	if id != p.answers.Outcome {
		p.change(Spot{Part: SpotOutcome}, true)
		p.answers.Outcome = id
		p.keeper.changed()
	}
}

// change keeps what is filled in before a change of a spot, unless it goes on with the one
// before.
func (p *Scoring) change(s Spot, alone bool) {
	if alone || s != p.last || len(p.undo) == 0 {
		p.undo = append(p.undo, filled{
			slices.Clone(p.answers.Marks), slices.Clone(p.answers.Opinion), slices.Clone(p.ids), p.answers.Outcome, s,
		})
		if len(p.undo) > maxUndo {
			p.undo = p.undo[1:]
		}
	}
	if p.last = s; alone {
		p.last = Spot{}
	}
}

// Undo takes back the last change; without label where there is none.
func (p *Scoring) Undo() Action {
	if len(p.undo) == 0 {
		return Action{}
	}
	return Action{p.desk.T("sheet.undo", nil), func() {
		u := p.undo[len(p.undo)-1]
		p.undo, p.last = p.undo[:len(p.undo)-1], Spot{}
		p.answers.Marks, p.answers.Opinion, p.ids, p.answers.Outcome = u.marks, u.opinion, u.ids, u.outcome
		p.edition++
		if u.spot.Part == SpotParagraph && !slices.Contains(p.ids, u.spot.At) {
			u.spot.At = p.ids[0]
		}
		p.To(u.spot)
		p.keeper.changed()
	}}
}

// TakeOver fills in what is not answered yet as it was answered in the round before;
// without label where there was none, or where nothing is open.
func (p *Scoring) TakeOver() Action {
	open := slices.ContainsFunc(p.answers.Marks, func(m review.Mark) bool { return m.Value == "" })
	if p.before == nil || !open {
		return Action{}
	}
	return Action{p.desk.T("sheet.takeover", nil), func() {
		p.change(Spot{SpotMark, p.answers.Step}, true)
		for i := range p.answers.Marks {
			if m := &p.answers.Marks[i]; m.Value == "" && i < len(p.before.Marks) {
				m.Value = p.before.Marks[i].Value
			}
		}
		p.edition++
		p.keeper.changed()
	}}
}

// Touch has citations go to a text from now on.
func (p *Scoring) Touch(s Spot) { p.target = s }

// Cite puts a reference to the present page of the open document into the text that was
// worked on last; without label where no page is open.
func (p *Scoring) Cite() Action {
	if p.documents.cite() == "" {
		return Action{}
	}
	return Action{p.desk.T("sheet.cite", nil), func() {
		text, s := p.documents.cite(), p.target
		if i := slices.Index(p.ids, s.At); s.Part == SpotParagraph && i >= 0 {
			p.change(s, true)
			p.answers.Opinion[i] += text
		} else if s.Part == SpotReason && s.At < len(p.answers.Marks) {
			p.change(s, true)
			p.answers.Marks[s.At].Reason += text
		} else {
			return
		}
		p.edition++
		p.To(s)
		p.keeper.changed()
	}}
}

// Standing says in a few lines how far the sheet is and what it comes to.
func (p *Scoring) Standing() []string {
	d := p.desk
	var out []string
	done, all := 0, 0
	for _, g := range p.answers.groups(p.scheme) {
		done, all = done+g.done, all+g.all
		key := "sheet.group"
		if g.kind == review.ItemScore {
			key = "sheet.group.score"
		}
		out = append(out, d.T(key, map[string]any{
			"Kind": d.T("item."+string(g.kind), nil), "Done": g.done, "All": g.all,
			"Sum": scoring.Number(g.sum), "Full": scoring.Number(g.outOf),
		}))
	}
	if total := p.answers.total(p.scheme); total != nil {
		key := "sheet.total"
		if done < all {
			key = "sheet.total.sofar"
		}
		out = append(out, d.say(key, "Total", scoring.Round2(total)))
	}
	return out
}

// Next says how much is still to be done.
func (p *Scoring) Next() string {
	if n := len(p.lacks()); n > 0 {
		return p.desk.T("next.sheet.open", map[string]int{"Count": n})
	}
	return p.sheet.Next()
}

// Primary leads to checking and submitting, once what is typed is kept.
func (p *Scoring) Primary() Action {
	return Action{p.desk.T("sheet.check", nil), func() { p.desk.turn(func() Page { return newSubmit(p) }) }}
}

func (p *Scoring) leave(then, stay func()) {
	p.keeper.leave(func() {
		p.documents.close()
		then()
	}, stay)
}
