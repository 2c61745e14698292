package pages

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

// paging draws a document: its pages, or what stands in their place, under a line with the
// page's number and the field for a text to look for.
type paging struct {
	d       *present.Desk
	v       *present.Paging
	object  fyne.CanvasObject
	pages   *widgets.PageView
	say     *widgets.Status
	facts   drawn
	again   *widgets.Button
	instead fyne.CanvasObject
	bar     fyne.CanvasObject
	row     *fyne.Container
	where   *widget.Label // the page, or what was found
	field   *widgets.TextField
	steps   []*widgets.Button

	edition, jump, hit int
	text               string
}

// newPaging draws a document. about gives what is said of one that cannot be shown; it may
// be nil.
func newPaging(d *present.Desk, v *present.Paging) *paging {
	p := &paging{
		d: d, v: v, pages: widgets.NewPageView(), say: widgets.NewStatus(), facts: drawPairs(),
		where: widget.NewLabel(""), field: widgets.NewLine(), edition: -1, hit: -1,
	}
	p.pages.SetName(d.T("place.preview", nil))
	p.pages.OnWant, p.pages.OnPage = v.Want, v.Turned
	v.OnPicture(func(page, width int, picture image.Image) { p.pages.SetPicture(page, width, picture) })
	p.field.SetPlaceHolder(d.T("view.find", nil))
	p.field.OnChanged = func(text string) {
		p.text = text
		p.refreshSteps()
	}
	next := widgets.NewButton(d.T("view.next", nil), func() { p.look(1) })
	previous := widgets.NewButton(d.T("view.previous", nil), func() { p.look(-1) })
	p.steps = []*widgets.Button{next, previous}
	p.where.SizeName = theme.SizeNameCaptionText
	p.row = container.NewHBox(next, previous, p.where)
	p.bar = container.NewBorder(nil, nil, nil, p.row, p.field)
	p.again = widgets.NewButton("", func() {
		if a := v.Again(); a.Do != nil {
			a.Do()
		}
	})
	p.instead = form(p.say, p.facts.object, container.NewHBox(p.again))
	p.object = container.NewBorder(p.bar, nil, nil, nil, container.NewStack(p.pages, p.instead))
	return p
}

// look looks for what stands in the field, or goes on by so many places.
func (p *paging) look(by int) {
	if hits, _ := p.v.Hits(); by < 0 && len(hits) > 0 {
		p.v.NextHit(by)
		return
	}
	p.v.Find(p.text)
}

// find gives the field in which a text is looked for.
func (p *paging) find() { focus(p.field) }

// first gives what takes the focus.
func (p *paging) first() fyne.Focusable {
	switch {
	case len(p.v.Sizes()) > 0:
		return p.pages
	case p.again.Visible():
		return p.again
	}
	return nil
}

// refresh draws what has changed; facts are said of a document that is not shown.
func (p *paging) refresh(facts [][2]string) {
	v := p.v
	if v.Edition() != p.edition || len(v.Sizes()) > 0 != p.pages.Visible() {
		p.edition, p.hit = v.Edition(), -1
		sizes := make([]widgets.PageSize, len(v.Sizes()))
		for i, s := range v.Sizes() {
			sizes[i] = widgets.PageSize{Width: float32(s.Width), Height: float32(s.Height)}
		}
		p.pages.Set(sizes)
		p.jump = -1
	}
	shown := len(v.Sizes()) > 0
	visible(p.pages, shown)
	visible(p.bar, shown)
	visible(p.instead, !shown)
	if !shown {
		m := v.Say()
		p.say.Set(tones[m.Tone], m.Text)
		if m.Tone == present.ToneBusy {
			facts = nil
		}
		p.facts.update(present.Pairs{Pairs: facts})
		bindButton(p.again, v.Again())
		return
	}
	where := v.Found()
	if where == "" {
		where = v.Where()
	}
	p.where.SetText(where)
	p.refreshSteps()
	hits, at := v.Hits()
	if page, wish := v.Jump(); wish != p.jump {
		p.jump = wish
		if page != p.pages.Page() {
			p.pages.Go(page)
		}
		p.mark(hits, at)
	}
}

// refreshSteps shows the buttons that go on and back as soon as there is what to look for.
func (p *paging) refreshSteps() {
	for _, b := range p.steps {
		visible(b, p.text != "")
	}
	p.row.Refresh()
}

// mark marks the places on the page of the present one.
func (p *paging) mark(hits []present.Hit, at int) {
	if len(hits) == 0 {
		p.pages.SetHits(-1, nil, -1)
		return
	}
	page, current := hits[at].Page, -1
	var boxes []widgets.Box
	for i, h := range hits {
		if h.Page != page {
			continue
		}
		if i == at {
			current = len(boxes)
		}
		for _, b := range h.Boxes {
			boxes = append(boxes, widgets.Box{X: float32(b.X), Y: float32(b.Y), Width: float32(b.Width), Height: float32(b.Height)})
		}
	}
	p.pages.SetHits(page, boxes, current)
}

// visible shows or hides an object, and redraws nothing that is so already.
func visible(o fyne.CanvasObject, on bool) {
	switch {
	case on && !o.Visible():
		o.Show()
	case !on && o.Visible():
		o.Hide()
	}
}

// bindButton has a button say what an action is called; without one it is not there.
func bindButton(b *widgets.Button, a present.Action) {
	if a.Label != "" {
		b.SetText(a.Label)
	}
	visible(b, a.Label != "")
}

// bold is running text that names something.
func bold(text string) fyne.CanvasObject {
	p := widgets.NewProse(text)
	p.TextStyle.Bold = true
	return p
}

// press does an action as it is now.
func press(of func() present.Action) func() {
	return func() {
		if a := of(); a.Do != nil {
			a.Do()
		}
	}
}

// focus gives a widget the focus, if it is on the screen, and anew if it has it, so that it
// scrolls into view.
func focus(f fyne.Focusable) {
	o, ok := f.(fyne.CanvasObject)
	if !ok {
		return
	}
	if c := widgets.CanvasOf(o); c != nil {
		if c.Focused() == f {
			c.Unfocus()
		}
		c.Focus(f)
	}
}

// papers draws a project's documents: their list, or the one that is open.
type papers struct {
	docs   *present.Documents
	object fyne.CanvasObject
	paging *paging
	above  *fyne.Container // what stands over the list
	list   *fyne.Container
	listed fyne.CanvasObject
	open   fyne.CanvasObject
	title  *widget.Label
	back   *widgets.Button
	status *widgets.Status

	buttons *fyne.Container
	wish    int  // that was followed
	due     bool // the focus has still to go there
}

// newPapers draws documents; more are buttons that stand beside the open one.
func newPapers(d *present.Desk, docs *present.Documents, more ...fyne.CanvasObject) *papers {
	p := &papers{
		docs: docs, paging: newPaging(d, docs.Paging()), list: container.New(layout.NewCustomPaddedVBoxLayout(0)),
		title: widget.NewLabel(""), status: widgets.NewStatus(),
	}
	p.title.TextStyle.Bold, p.title.Truncation = true, fyne.TextTruncateEllipsis
	p.back = widgets.NewButton(d.T("reading.open", nil), func() { docs.List(false) })
	p.above = container.New(layout.NewCustomPaddedVBoxLayout(0))
	p.listed = container.NewVScroll(sheet(container.New(layout.NewCustomPaddedVBoxLayout(8), p.above, p.status, p.list, container.NewHBox(p.back))))
	buttons := container.NewHBox(append([]fyne.CanvasObject{widgets.NewButton(d.T("reading.list", nil), func() { docs.List(true) })}, more...)...)
	p.buttons = buttons
	p.open = container.NewBorder(container.NewBorder(nil, nil, nil, buttons, p.title), nil, nil, nil, p.paging.object)
	p.object = container.NewStack(p.listed, p.open)
	return p
}

// first gives what takes the focus.
func (p *papers) first() fyne.Focusable {
	if !p.docs.Listed() {
		return p.paging.first()
	}
	return firstRow(p.list)
}

func (p *papers) refresh() {
	listed := p.docs.Listed()
	visible(p.listed, listed)
	visible(p.open, !listed)
	m := p.docs.Message()
	p.status.Set(tones[m.Tone], m.Text)
	none := p.docs.None()
	if m.Text != "" {
		none = ""
	}
	fill(p.list, p.docs.Rows(), none)
	visible(p.back, p.docs.Current() >= 0)
	p.title.SetText(p.docs.Title())
	p.paging.refresh(p.docs.Facts())
	if wish := p.docs.Wish(); wish != p.wish {
		p.wish, p.due = wish, true
	}
	if f := p.first(); p.due && f != nil {
		p.due = false
		focus(f)
	}
}

// reading draws the page of a project's documents.
func reading(d *present.Desk, p *present.Reading) View {
	docs := newPapers(d, p.Documents())
	docs.above.Add(bold(p.Heading()))
	// No heading: at the largest text size the document would have no room left.
	return View{Object: docs.object, First: docs.first, Find: docs.paging.find, Refresh: docs.refresh}
}

// aside divides a page into a document and what is said of it.
func aside(name string, left, right fyne.CanvasObject) (*widgets.Split, func(prefer bool)) {
	split := widgets.NewSplit(left, right)
	split.SetName(name)
	placed := false
	// Two sides that are too narrow to work in are one: the one that is preferred.
	return split, func(left bool) {
		if w := split.Size().Width; !placed && w > 0 {
			placed = true
			if w < widgets.SplitLeast*theme.TextSize()/usualText {
				split.Only(left)
			}
		}
	}
}

// usualText is the size of text by which widths are measured.
const usualText = 15
