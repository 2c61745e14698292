package pages

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

// scoring draws the score sheet beside the documents: one item at a time, or all of them.
func scoring(d *present.Desk, p *present.Scoring) View {
	s := &scoreSheet{d: d, p: p, wish: -1}
	s.build()
	return View{
		Object: s.split, First: s.first, Wide: s.wide, Find: s.find, Refresh: s.refresh,
	}
}

// scoreSheet is the score sheet as it is drawn.
type scoreSheet struct {
	d       *present.Desk
	p       *present.Scoring
	split   *widgets.Split
	scroll  fyne.CanvasObject
	place   func(left bool)
	wide    func()
	docs    *papers
	back    *widgets.Status
	forms   *widgets.Choice
	state   *fyne.Container // how far the sheet is
	content *fyne.Container
	buttons []boundButton
	rows    []*fyne.Container // of buttons
	items   []*itemView       // of the form that is drawn
	opinion *opinionView

	form present.Form // that is drawn
	wish int          // that was followed
}

// boundButton is a button that is there while its action is.
type boundButton struct {
	button *widgets.Button
	of     func() present.Action
}

func (s *scoreSheet) button(of func() present.Action) *widgets.Button {
	b := widgets.NewButton("", press(of))
	s.buttons = append(s.buttons, boundButton{b, of})
	return b
}

func (s *scoreSheet) build() {
	d, p := s.d, s.p
	toSheet := widgets.NewButton(d.T("sheet.tosheet", nil), func() { s.split.Only(false) })
	s.docs = newPapers(d, p.Documents(), s.button(p.Cite), toSheet)
	s.back = widgets.NewStatus()
	title := widget.NewLabel(p.Heading() + " · " + p.Round())
	title.TextStyle.Bold, title.Truncation = true, fyne.TextTruncateEllipsis
	s.forms = widgets.NewChoice(false, p.SetForm)
	s.forms.SetName(d.T("sheet.form", nil))
	rows, at := p.Forms()
	s.forms.Set(options(rows), at)
	toReading := widgets.NewButton(d.T("sheet.toreading", nil), func() { s.split.Only(true) })
	s.state = container.New(layout.NewCustomPaddedVBoxLayout(0))
	s.content = container.New(layout.NewCustomPaddedVBoxLayout(8))
	s.opinion = newOpinionView(d, p)
	s.rows = []*fyne.Container{
		container.NewHBox(s.step(-1, "sheet.backward"), s.step(1, "sheet.forward"), s.button(p.Missing)),
		container.NewHBox(s.button(p.Undo), s.button(p.Explain), s.button(p.TakeOver)),
	}
	below := container.New(layout.NewCustomPaddedVBoxLayout(8), s.rows[0], s.rows[1])
	head := container.NewBorder(nil, nil, nil, container.NewHBox(toReading, s.forms), title)
	s.scroll = form(s.back, s.content, below, s.state)
	right := container.NewBorder(head, nil, nil, nil, s.scroll)
	s.split, s.place, s.wide = aside(d.T("sheet.divider", nil), s.docs.object, right)
	if len(p.Documents().Rows()) == 0 {
		s.split.Only(false)
	}
}

// step gives the button that goes on or back by an item.
func (s *scoreSheet) step(by int, key string) *widgets.Button {
	return s.button(func() present.Action {
		to := s.p.Step() + by
		if s.p.Form() != present.FormOne || to < 0 || to > s.p.Items() {
			return present.Action{}
		}
		return present.Action{Label: s.d.T(key, nil), Do: func() { s.p.Go(to) }}
	})
}

// lay puts what the form shows on the sheet.
func (s *scoreSheet) lay() {
	p := s.p
	s.form, s.items = p.Form(), nil
	s.content.RemoveAll()
	if s.form == present.FormOne {
		if p.Items() > 0 {
			v := newItemView(s.d, p, true)
			v.figure.OnMove = p.Onward
			s.items = append(s.items, v)
			s.content.Add(v.object)
		}
		s.content.Add(s.opinion.object)
		return
	}
	for i := range p.Items() {
		v := newItemView(s.d, p, false)
		v.figure.OnMove = func(by int) { s.walk(i, by) }
		s.items = append(s.items, v)
		s.content.Add(v.object)
	}
	s.content.Add(s.opinion.object)
}

// walk goes from the mark of an item to the next one or the one before.
func (s *scoreSheet) walk(i, by int) {
	if i += by; i >= 0 && i < len(s.items) {
		focus(s.split, s.items[i].answer())
	} else if i >= len(s.items) {
		focus(s.split, s.opinion.first())
	}
}

// first gives what takes the focus.
func (s *scoreSheet) first() fyne.Focusable {
	if left, right := s.split.Shown(); left && !right {
		return s.docs.first()
	}
	spot, _ := s.p.Focus()
	return s.at(spot)
}

// at gives what is filled in at a spot.
func (s *scoreSheet) at(spot present.Spot) fyne.Focusable {
	switch spot.Part {
	case present.SpotParagraph:
		return s.opinion.at(spot.At)
	case present.SpotOutcome:
		return s.opinion.outcome
	}
	for _, v := range s.items {
		if v.i != spot.At {
			continue
		}
		if spot.Part == present.SpotReason {
			return v.reason
		}
		return v.answer()
	}
	return s.opinion.first()
}

func (s *scoreSheet) find() {
	if left, _ := s.split.Shown(); !left {
		s.split.Only(true)
	}
	s.docs.paging.find()
}

func (s *scoreSheet) refresh() {
	p := s.p
	s.place(false)
	s.docs.refresh()
	s.back.Set(widgets.ToneDecide, p.Returned())
	rows, at := p.Forms()
	s.forms.Set(options(rows), at)
	if s.form != p.Form() {
		s.lay()
	}
	one := p.Form() == present.FormOne
	for i, v := range s.items {
		if one {
			i = p.Step()
			visible(v.object, i < p.Items())
		}
		if i < p.Items() {
			v.refresh(i)
		}
	}
	visible(s.opinion.object, !one || p.Step() >= p.Items())
	s.opinion.refresh()
	for _, b := range s.buttons {
		bindButton(b.button, b.of())
	}
	for _, r := range s.rows {
		r.Refresh()
	}
	s.docs.buttons.Refresh()
	standing := p.Standing()
	for len(s.state.Objects) < len(standing) {
		s.state.Add(caption(""))
	}
	for i, o := range s.state.Objects {
		if visible(o, i < len(standing)); i < len(standing) {
			o.(*widgets.Prose).SetText(standing[i])
		}
	}
	if spot, wish := p.Focus(); wish != s.wish {
		follow := s.wish >= 0
		s.wish = wish
		if follow {
			if _, right := s.split.Shown(); !right {
				s.split.Only(false)
			}
			// What takes the focus scrolls into view, so it must stand where it belongs, and
			// texts know their height only once they have a width.
			for range 2 {
				s.content.Refresh()
				s.scroll.Refresh()
			}
			focus(s.split, s.at(spot))
		}
	}
}

// itemView is an item as it is drawn.
type itemView struct {
	p       *present.Scoring
	full    bool // with everything that is said of it; else as one line of many
	i       int  // which item it shows; -1 before the first
	edition int

	object   fyne.CanvasObject
	number   *widgets.Prose
	title    *widgets.Prose
	question *widgets.Prose
	notes    *widgets.Prose
	before   *widgets.Prose
	bounds   *widgets.Prose
	figure   *widgets.Figure
	mark     fyne.CanvasObject
	na       *widgets.Tick
	nas      fyne.CanvasObject // the tick with room for its text
	choice   *widgets.Choice
	wrong    *widgets.Status
	needed   *widgets.Status
	reason   *widgets.TextField
	count    *widget.Label
	why      fyne.CanvasObject
	figured  bool
}

func newItemView(d *present.Desk, p *present.Scoring, full bool) *itemView {
	small := func() *widgets.Prose { return caption("").(*widgets.Prose) }
	v := &itemView{
		p: p, full: full, i: -1, edition: -1, number: small(), title: widgets.NewProse(""), question: widgets.NewProse(""),
		notes: small(), before: small(), bounds: small(), figure: widgets.NewFigure(),
		wrong: widgets.NewStatus(), needed: widgets.NewStatus(), reason: widgets.NewText(2), count: widget.NewLabel(""),
	}
	v.title.TextStyle.Bold = true
	if full {
		v.title.SizeName = theme.SizeNameSubHeadingText
	}
	v.figure.SetPlaceHolder(d.T("sheet.unmarked", nil))
	v.figure.OnForeign = p.Foreign
	v.na = widgets.NewTick(d.T("answer.na", nil), func(on bool) { p.NotApplicable(v.i, on) })
	v.choice = widgets.NewChoice(full, func(at int) { p.Choose(v.i, at) })
	v.reason.SetPlaceHolder(d.T("sheet.reason.hint", nil))
	v.count.SizeName = theme.SizeNameCaptionText
	v.why = container.New(layout.NewCustomPaddedVBoxLayout(0), v.needed,
		container.NewBorder(nil, nil, nil, v.count, caption(d.T("sheet.reason", nil))), v.reason)
	// A tick takes as many lines as it has to; this one has its text beside it.
	room := canvas.NewRectangle(nil)
	room.SetMinSize(fyne.NewSize(fyne.MeasureText(d.T("answer.na", nil), theme.TextSize(), fyne.TextStyle{}).Width+3*theme.TextSize(), 0))
	v.nas = container.NewStack(room, v.na)
	v.mark = container.NewHBox(v.figure, v.nas)
	if full {
		v.object = container.New(layout.NewCustomPaddedVBoxLayout(0),
			v.number, v.title, v.question, v.notes, v.before, v.bounds, v.mark, v.choice, v.wrong, v.why)
		return v
	}
	v.object = container.New(layout.NewCustomPaddedVBoxLayout(0),
		container.NewBorder(nil, nil, nil, container.NewVBox(v.mark), v.title),
		v.choice, v.before, v.wrong, v.why)
	return v
}

// answer gives what the answer is filled in with.
func (v *itemView) answer() fyne.Focusable {
	if v.figured {
		return v.figure
	}
	return v.choice
}

// say shows a text, or nothing and no room for it.
func say(p *widgets.Prose, text string) {
	if visible(p, text != ""); text != "" {
		p.SetText(text)
	}
}

func (v *itemView) refresh(i int) {
	x := v.p.Item(i)
	v.figured = x.Figure
	number := x.Number + " · " + x.Kind
	if x.Article != "" {
		number += " · " + x.Article
	}
	say(v.number, number)
	if title := x.Title; v.full || x.Short == "" {
		v.title.SetText(title)
	} else {
		v.title.SetText(title + x.Short)
	}
	say(v.question, x.Question)
	notes := ""
	for n, t := range x.Notes {
		if n > 0 {
			notes += "\n"
		}
		notes += t
	}
	say(v.notes, notes)
	say(v.before, x.Before)
	say(v.bounds, x.Bounds)
	visible(v.mark, x.Figure)
	visible(v.figure, !x.IsNA)
	visible(v.nas, x.NA != "")
	visible(v.choice, !x.Figure)
	v.na.Set(x.IsNA)
	v.choice.SetName(x.Title)
	v.figure.SetName(x.Title)
	v.choice.Set(options2(x.Options), x.Chosen)
	v.wrong.Set(widgets.ToneError, x.Wrong)
	v.needed.Set(widgets.ToneDecide, x.NeedReason)
	visible(v.why, x.Explains)
	v.count.SetText(x.Count)
	v.count.Importance = importance(x.Over)
	if now := v.p.Edition(); now != v.edition || i != v.i {
		v.i, v.edition = i, now
		v.figure.OnChanged = nil
		v.figure.SetText(x.Value)
		v.figure.OnChanged = func(text string) { v.p.SetMark(v.i, text) }
		set(v.reason, x.Reason, func(text string) { v.p.SetReason(v.i, text) })
	}
}

// importance is that of a count, which may be too high.
func importance(over bool) widget.Importance {
	if over {
		return widget.DangerImportance
	}
	return widget.LowImportance
}

// set fills a field in, unless it stands there so, and tells nobody.
func set(f *widgets.TextField, text string, changed func(string)) {
	f.OnChanged = nil
	if f.Text != text {
		f.SetText(text)
		f.CursorRow, f.CursorColumn = end(text)
	}
	f.OnChanged = changed
}

// opinionView is the individual opinion and the proposed conclusion as they are drawn.
type opinionView struct {
	d       *present.Desk
	p       *present.Scoring
	object  fyne.CanvasObject
	list    *fyne.Container
	fields  map[int]*writtenView
	ids     []int
	outcome *widgets.Choice
	edition int
}

// writtenView is a paragraph as it is drawn.
type writtenView struct {
	object fyne.CanvasObject
	number *widget.Label
	count  *widget.Label
	field  *widgets.TextField
}

func newOpinionView(d *present.Desk, p *present.Scoring) *opinionView {
	v := &opinionView{d: d, p: p, list: container.New(layout.NewCustomPaddedVBoxLayout(8)), fields: map[int]*writtenView{}, edition: -1}
	v.outcome = widgets.NewChoice(true, p.Propose)
	v.outcome.SetName(d.T("sheet.outcome", nil))
	v.object = container.New(layout.NewCustomPaddedVBoxLayout(8),
		labelled(d.T("sheet.opinion", nil), v.list), labelled(d.T("sheet.outcome", nil), v.outcome))
	return v
}

// first gives the first paragraph.
func (v *opinionView) first() fyne.Focusable {
	if len(v.ids) == 0 {
		return v.outcome
	}
	return v.fields[v.ids[0]].field
}

// at gives the field of a paragraph, or the first.
func (v *opinionView) at(id int) fyne.Focusable {
	if w := v.fields[id]; w != nil {
		return w.field
	}
	return v.first()
}

func (v *opinionView) written(id int) *writtenView {
	p := v.p
	w := &writtenView{number: widget.NewLabel(""), count: widget.NewLabel(""), field: widgets.NewText(2)}
	w.number.SizeName, w.count.SizeName = theme.SizeNameCaptionText, theme.SizeNameCaptionText
	w.field.SetPlaceHolder(v.d.T("sheet.opinion.hint", nil))
	button := func(key string, do func()) fyne.CanvasObject { return widgets.NewButton(v.d.T(key, nil), do) }
	w.object = container.New(layout.NewCustomPaddedVBoxLayout(0),
		container.NewBorder(nil, nil, w.number, w.count), w.field,
		container.NewHBox(
			button("sheet.add", func() { p.Add(id) }), button("sheet.remove", func() { p.Remove(id) }),
			button("sheet.up", func() { p.Move(id, -1) }), button("sheet.down", func() { p.Move(id, 1) }),
		))
	return w
}

func (v *opinionView) refresh() {
	all := v.p.Opinion()
	var ids []int
	for _, x := range all {
		ids = append(ids, x.ID)
		if v.fields[x.ID] == nil {
			v.fields[x.ID] = v.written(x.ID)
			v.edition = -1
		}
	}
	fresh := v.edition != v.p.Edition()
	v.edition = v.p.Edition()
	for _, x := range all {
		w := v.fields[x.ID]
		w.number.SetText(x.Number)
		w.count.Importance = importance(x.Over)
		w.count.SetText(x.Count)
		if fresh {
			set(w.field, x.Text, func(text string) { v.p.Write(x.ID, text) })
		}
	}
	if !slices.Equal(ids, v.ids) {
		v.ids = ids
		v.list.Objects = nil
		for _, id := range ids {
			v.list.Objects = append(v.list.Objects, v.fields[id].object)
		}
		v.list.Refresh()
	}
	rows, at := v.p.Outcomes()
	v.outcome.Set(options2(rows), at)
}
