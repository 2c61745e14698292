package pages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

// leaf draws a page of plain parts.
func leaf(p *present.Leaf) View {
	box := container.New(layout.NewCustomPaddedVBoxLayout(2))
	parts := &parts{page: p, box: box, fields: map[*present.Field]*input{}}
	reading := widgets.NewReading(sheet(box))
	reading.SetName(p.Heading())
	return View{
		Object: page(p.Heading(), reading),
		Find: func() {
			if p.Look() {
				focus(box, parts.field())
			}
		},
		First: func() fyne.Focusable {
			if f := parts.left(); f != nil {
				return f
			}
			if p.Read() {
				return reading
			}
			// What cannot be undone is read first: no key that goes on does it. What is to be
			// filled in does nothing yet.
			if f := parts.first(); f != nil && (!p.Caution() || parts.fillable()) {
				return f
			}
			return reading
		},
		Refresh: parts.refresh,
	}
}

// parts draws the parts of a page again and again, and leaves what stands already: with it
// stay the focus and the caret.
type parts struct {
	page    *present.Leaf
	box     *fyne.Container
	fields  map[*present.Field]*input
	drawn   []drawn
	emptied fyne.Focusable // the first secret that turned out wrong: it is typed again
}

// drawn is a part as it stands on the page.
type drawn struct {
	object fyne.CanvasObject
	update func(present.Part) bool    // false if the part is another kind of thing now
	row    func(i int) fyne.Focusable // of a list: what takes the focus for a row; nil of others
}

func (x *parts) refresh() {
	content := x.page.Content()
	changed := len(content) != len(x.drawn)
	for i, c := range content {
		if i < len(x.drawn) && x.drawn[i].update(c) {
			continue
		}
		changed = true
		d := x.draw(c)
		d.update(c)
		if i < len(x.drawn) {
			x.drawn[i] = d
		} else {
			x.drawn = append(x.drawn, d)
		}
	}
	x.drawn = x.drawn[:len(content)]
	if changed {
		x.box.Objects = nil
		for _, d := range x.drawn {
			x.box.Objects = append(x.box.Objects, d.object)
		}
		x.box.Refresh()
	}
	if x.emptied != nil {
		if c := widgets.CanvasOf(x.box); c != nil {
			c.Focus(x.emptied)
		}
		x.emptied = nil
	}
}

// first gives what takes the focus when the page comes up: what stands highest of what can
// be filled in or chosen.
func (x *parts) first() fyne.Focusable {
	for i, c := range x.page.Content() {
		if f, ok := c.(*present.Field); ok && x.fields[f] != nil {
			return x.fields[f].focus
		}
		if i < len(x.drawn) {
			if f := firstRow(x.drawn[i].object); f != nil {
				return f
			}
		}
	}
	return nil
}

// left gives the row that led away from the page last; nil for none.
func (x *parts) left() fyne.Focusable {
	part, row, ok := x.page.Left()
	if !ok || part >= len(x.drawn) || x.drawn[part].row == nil {
		return nil
	}
	return x.drawn[part].row(row)
}

// field gives what is filled in first; nil for nothing.
func (x *parts) field() fyne.Focusable {
	for _, c := range x.page.Content() {
		if f, ok := c.(*present.Field); ok && x.fields[f] != nil {
			return x.fields[f].focus
		}
	}
	return nil
}

// fillable tells whether there is anything to fill in.
func (x *parts) fillable() bool { return len(x.fields) > 0 }

// firstRow finds the first row that can be chosen below an object.
func firstRow(o fyne.CanvasObject) fyne.Focusable {
	switch o := o.(type) {
	case *widgets.Row:
		return o
	case *widgets.Grid:
		return o
	case *fyne.Container:
		for _, child := range o.Objects {
			if f := firstRow(child); f != nil {
				return f
			}
		}
	}
	return nil
}

func (x *parts) draw(c present.Part) drawn {
	switch c := c.(type) {
	case present.Text:
		return drawText(c)
	case present.Rows:
		return drawRows(c)
	case present.Pairs:
		return drawPairs()
	case *present.Field:
		return x.drawField(c)
	}
	panic("pages: a part that there is not")
}

func drawText(t present.Text) drawn {
	prose := widgets.NewProse("")
	look := t.Look
	switch look {
	case present.LookCaption:
		prose.SizeName, prose.Importance = theme.SizeNameCaptionText, widget.LowImportance
	case present.LookHead:
		prose.TextStyle.Bold, prose.SizeName = true, theme.SizeNameSubHeadingText
	case present.LookLarge:
		prose.TextStyle.Bold, prose.SizeName = true, theme.SizeNameHeadingText
	}
	status := widgets.NewStatus()
	object := fyne.CanvasObject(prose)
	if t.Tone != present.ToneNone {
		object = status
	}
	return drawn{object: object, update: func(now present.Part) bool {
		n, ok := now.(present.Text)
		if !ok || n.Look != look || (n.Tone == present.ToneNone) != (object == fyne.CanvasObject(prose)) {
			return false
		}
		prose.SetText(n.Text)
		status.Set(tones[n.Tone], n.Text)
		return true
	}}
}

// many is from how many rows on a list is drawn as a table, which builds what can be seen.
const many = 60

// drawMany draws a long list.
func drawMany(first present.Rows) drawn {
	rows := first.Rows
	grid := widgets.NewGrid(func(row, _ int) {
		if do := rows[row].Do; do != nil {
			do()
		}
	})
	grid.Least, grid.Bound = 8, 40
	grid.SetName(first.Head)
	row := func(i int) fyne.Focusable {
		grid.GoTo(i, 0)
		return grid
	}
	return drawn{row: row, object: grid, update: func(now present.Part) bool {
		n, ok := now.(present.Rows)
		if !ok || n.Head != first.Head || len(n.Rows) < many {
			return false
		}
		rows = n.Rows
		grid.Set([]widgets.GridCell{{Text: n.Head, Bold: true}, {}}, len(rows), func(row, col int) widgets.GridCell {
			if col == 0 {
				return widgets.GridCell{Text: rows[row].Title, Tone: tones[rows[row].Tone]}
			}
			return widgets.GridCell{Text: rows[row].Detail}
		})
		return true
	}}
}

func drawRows(first present.Rows) drawn {
	if len(first.Rows) >= many {
		return drawMany(first)
	}
	list := container.New(layout.NewCustomPaddedVBoxLayout(0))
	object := fyne.CanvasObject(list)
	if first.Head != "" {
		object = labelled(first.Head, list)
	}
	row := func(i int) fyne.Focusable {
		f, _ := list.Objects[i].(fyne.Focusable)
		return f
	}
	return drawn{row: row, object: object, update: func(now present.Part) bool {
		n, ok := now.(present.Rows)
		if !ok || n.Head != first.Head || len(n.Rows) >= many {
			return false
		}
		fill(list, n.Rows, n.None)
		return true
	}}
}

func drawPairs() drawn {
	columns := &twoColumns{}
	grid := container.New(columns)
	var shown [][2]string
	return drawn{object: grid, update: func(now present.Part) bool {
		n, ok := now.(present.Pairs)
		if !ok {
			return false
		}
		same := len(shown) == len(n.Pairs)
		for i := 0; same && i < len(shown); i++ {
			same = shown[i] == n.Pairs[i]
		}
		if same {
			return true
		}
		shown = n.Pairs
		columns.natural = 0
		grid.RemoveAll()
		for _, p := range n.Pairs {
			name := widgets.NewProse(p[0])
			name.Importance = widget.LowImportance
			columns.natural = max(columns.natural, fyne.MeasureText(p[0], theme.TextSize(), fyne.TextStyle{}).Width+2*theme.InnerPadding())
			grid.Add(name)
			grid.Add(body(p[1]))
		}
		return true
	}}
}

// twoColumns stands names beside what belongs to each, the lines as close as lines of text.
type twoColumns struct{ natural float32 } // the width of the longest name

// Layout gives the names what the longest needs, and at most a third of the width.
func (t *twoColumns) Layout(o []fyne.CanvasObject, size fyne.Size) {
	first := min(t.natural, size.Width/3)
	var y float32
	for i := 0; i+1 < len(o); i += 2 {
		for k, w := range [2]float32{first, size.Width - first} {
			o[i+k].Resize(fyne.NewSize(w, o[i+k].MinSize().Height))
			o[i+k].Resize(fyne.NewSize(w, o[i+k].MinSize().Height)) // wrapped to its width now
			o[i+k].Move(fyne.NewPos(float32(k)*first, y))
		}
		y += max(o[i].Size().Height, o[i+1].Size().Height) - theme.InnerPadding()
	}
}

// MinSize is the height of the lines at their present width.
func (*twoColumns) MinSize(o []fyne.CanvasObject) fyne.Size {
	var high float32
	for i := 0; i+1 < len(o); i += 2 {
		high += max(o[i].MinSize().Height, o[i+1].MinSize().Height) - theme.InnerPadding()
	}
	return fyne.NewSize(0, high+theme.InnerPadding())
}

// input is a field as it stands on the page.
type input struct {
	object  fyne.CanvasObject
	focus   fyne.Focusable
	refresh func()
}

func (x *parts) drawField(f *present.Field) drawn {
	in := x.fields[f]
	if in == nil {
		in = x.newInput(f)
		x.fields[f] = in
	}
	return drawn{object: in.object, update: func(now present.Part) bool {
		if n, ok := now.(*present.Field); !ok || n != f {
			return false
		}
		in.refresh()
		return true
	}}
}

func (x *parts) newInput(f *present.Field) *input {
	switch f.Kind {
	case present.FieldTick:
		tick := widgets.NewTick(f.Label, func(on bool) { x.page.Tick(f, on) })
		return &input{tick, tick, func() { tick.Set(f.On) }}
	case present.FieldChoice:
		choice := widgets.NewChoice(true, func(i int) { x.page.Choose(f, i) })
		choice.SetName(f.Label)
		object := fyne.CanvasObject(choice)
		if f.Hint != "" {
			object = container.New(layout.NewCustomPaddedVBoxLayout(0), caption(f.Hint), choice)
		}
		return &input{labelled(f.Label, object), choice, func() { choice.Set(options(f.Options), f.At) }}
	}
	field := newField(f.Kind)
	field.SetPlaceHolder(f.Hint)
	field.OnForeign = x.page.Foreign
	edition := -1
	label := widget.NewLabel(f.Label)
	label.TextStyle.Bold = true
	return &input{container.New(layout.NewCustomPaddedVBoxLayout(0), label, field), field, func() {
		label.SetText(f.Label)
		field.SetPlaceHolder(f.Hint)
		if f.Edition != edition {
			if f.Kind == present.FieldSecret && edition >= 0 && x.emptied == nil {
				x.emptied = field
			}
			edition = f.Edition
			field.OnChanged = nil
			field.SetText(f.Value)
			field.OnChanged = func(text string) { x.page.Type(f, text) }
		}
	}}
}

func newField(kind present.FieldKind) *widgets.TextField {
	switch kind {
	case present.FieldSecret:
		return widgets.NewSecret()
	case present.FieldCode:
		return widgets.NewCode()
	case present.FieldText:
		return widgets.NewText(4)
	}
	return widgets.NewLine()
}

func options(rows []present.Row) []widgets.Option {
	out := make([]widgets.Option, len(rows))
	for i, r := range rows {
		out[i] = widgets.Option{Title: r.Title, Detail: r.Detail}
	}
	return out
}

var tones = map[present.Tone]widgets.Tone{
	present.ToneNone: widgets.ToneNone, present.ToneBusy: widgets.ToneBusy, present.ToneDone: widgets.ToneDone,
	present.ToneError: widgets.ToneError, present.ToneDecide: widgets.ToneDecide,
}
