package pages

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

// opinionRows is how many lines of a paragraph show at least.
const opinionRows = 3

// writing draws the 专家组意见 while it is written: the sources left, the text right.
type writing struct {
	desk    *present.Desk
	page    *present.Opinion
	split   *widgets.Split
	sources *parts
	text    *fyne.Container
	fields  map[*present.Written]*written
	adders  map[string]*widgets.Button
	shown   []any // what stands in text: headings and paragraphs
	wish    int   // that was granted
	placed  bool
}

// written is a paragraph as it stands on the page.
type written struct {
	object  fyne.CanvasObject
	number  *widget.Label
	count   *widget.Label
	field   *widgets.TextField
	edition int
	credit  *widgets.Prose
	drop    *widgets.Button
	from    *fyne.Container // credit and drop
}

func opinion(d *present.Desk, p *present.Opinion) View {
	x := &writing{desk: d, page: p, fields: map[*present.Written]*written{}, adders: map[string]*widgets.Button{}}
	box := container.New(layout.NewCustomPaddedVBoxLayout(2))
	x.sources = &parts{page: p.Leaf, box: box, fields: map[*present.Field]*input{}}
	left := widgets.NewReading(sheet(box))
	left.SetName(p.Heading())
	x.text = container.New(layout.NewCustomPaddedVBoxLayout(4))
	x.split = widgets.NewSplit(left, container.NewVScroll(sheet(x.text)))
	x.split.SetName(d.T("opinion.divider", nil))
	turn := widgets.NewButton(d.T("opinion.turn", nil), x.turn)
	return View{
		Object:  container.NewBorder(container.NewBorder(nil, nil, nil, turn, heading(p.Heading())), nil, nil, nil, x.split),
		First:   x.first,
		Refresh: x.refresh,
		Wide:    x.turn,
	}
}

// narrow tells whether the page is too narrow for both sides at once.
func (x *writing) narrow() bool {
	w := x.split.Size().Width
	return w > 0 && w < widgets.SplitLeast*theme.TextSize()/15
}

// turn goes on to the other side, or through both together where there is room.
func (x *writing) turn() {
	if left, _ := x.split.Shown(); x.narrow() {
		x.split.Only(!left)
		return
	}
	x.split.Cycle()
}

// first gives the first paragraph, or what there is to begin with.
func (x *writing) first() fyne.Focusable {
	_, right := x.split.Shown()
	if w, _ := x.page.Focus(); right && x.fields[w] != nil {
		return x.fields[w].field
	}
	for _, o := range x.shown {
		if w, ok := o.(*present.Written); ok && right {
			return x.fields[w].field
		}
	}
	if f := firstRow(x.sources.box); f != nil {
		return f
	}
	return nil
}

func (x *writing) refresh() {
	x.sources.refresh()
	var now []any
	number := 0
	for _, s := range x.page.Sections() {
		now = append(now, s.Title)
		for i, w := range s.Paragraphs {
			now = append(now, w)
			number++
			x.paragraph(w, i+1)
		}
	}
	if !slices.Equal(now, x.shown) {
		x.shown = now
		x.lay()
	}
	// Two sides that are too narrow to work in are one: the sources while nothing is written.
	if !x.placed && x.narrow() {
		x.placed = true
		x.split.Only(number == 0)
	}
	if w, wish := x.page.Focus(); wish != x.wish {
		x.wish = wish
		if x.narrow() && w != nil {
			x.split.Only(false)
		}
		if _, right := x.split.Shown(); right && x.fields[w] != nil {
			if c := widgets.CanvasOf(x.fields[w].field); c != nil {
				c.Focus(x.fields[w].field)
			}
		}
	}
}

// lay puts headings and paragraphs in their order. What stands already is kept, and with it
// the caret.
func (x *writing) lay() {
	var objects []fyne.CanvasObject
	kept := map[*present.Written]*written{}
	for _, o := range x.shown {
		switch o := o.(type) {
		case string:
			objects = append(objects, x.section(o))
		case *present.Written:
			kept[o] = x.fields[o]
			objects = append(objects, x.fields[o].object)
		}
	}
	x.fields, x.text.Objects = kept, objects
	x.text.Refresh()
}

// section is a heading with the button that adds a paragraph below it.
func (x *writing) section(title string) fyne.CanvasObject {
	if title == "" {
		return caption(x.desk.T("opinion.loose", nil))
	}
	head := widgets.NewProse(title)
	head.TextStyle.Bold = true
	add := x.adders[title]
	if add == nil {
		add = widgets.NewButton(x.desk.T("opinion.add", nil), func() { x.page.Add(title) })
		x.adders[title] = add
	}
	return container.NewBorder(nil, nil, nil, centred(add), head)
}

// centred keeps an object at its own height beside something higher.
func centred(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedVBoxLayout(0), layout.NewSpacer(), o, layout.NewSpacer())
}

// paragraph shows a paragraph as it is now.
func (x *writing) paragraph(w *present.Written, number int) {
	f := x.fields[w]
	if f == nil {
		f = x.newParagraph(w)
		x.fields[w] = f
	}
	if text, edition := w.Text(); edition != f.edition {
		f.edition = edition
		f.field.OnChanged = nil
		f.field.SetText(text)
		f.field.OnChanged = func(text string) { x.page.Set(w, text) }
	}
	key := "opinion.number"
	if x.page.Current(w) {
		key = "opinion.current"
	}
	f.number.TextStyle.Bold = x.page.Current(w)
	f.number.SetText(x.desk.T(key, map[string]string{"Number": strconv.Itoa(number)}))
	count, over := x.page.Count(w)
	f.count.Importance = widget.LowImportance
	if over {
		f.count.Importance = widget.DangerImportance
	}
	f.count.SetText(count)
	credit := x.page.Credit(w)
	f.credit.SetText(credit)
	if hide := credit == ""; hide == f.from.Visible() {
		if hide {
			f.from.Hide()
		} else {
			f.from.Show()
		}
	}
}

func (x *writing) newParagraph(w *present.Written) *written {
	d, p := x.desk, x.page
	f := &written{
		number: widget.NewLabel(""), count: widget.NewLabel(""), field: widgets.NewText(opinionRows), edition: -1,
		credit: widgets.NewProse(""), drop: widgets.NewButton(d.T("opinion.drop", nil), func() { p.DropSources(w) }),
	}
	f.count.SizeName, f.credit.SizeName, f.credit.Importance = theme.SizeNameCaptionText, theme.SizeNameCaptionText, widget.LowImportance
	f.field.SetPlaceHolder(d.T("opinion.hint", nil))
	f.field.OnFocus = func() { p.Touch(w) }
	f.from = container.NewBorder(nil, nil, nil, centred(f.drop), f.credit)
	buttons := container.NewHBox(
		widgets.NewButton(d.T("opinion.up", nil), func() { p.Up(w) }),
		widgets.NewButton(d.T("opinion.down", nil), func() { p.Down(w) }),
		widgets.NewButton(d.T("opinion.remove", nil), func() { p.Remove(w) }),
	)
	f.object = container.New(layout.NewCustomPaddedVBoxLayout(0),
		container.NewBorder(nil, nil, f.number, f.count), f.field, f.from, buttons)
	return f
}
