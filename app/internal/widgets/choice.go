package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/skin"
)

// Option is one of several to choose from.
type Option struct {
	Title  string
	Detail string // what more there is to say of it, in a low voice; may be empty
}

// Choice is one of several, all of them to be seen: a column, in which long texts
// take the lines they need, or a row, for short ones. It is one stop of the focus.
// Arrow keys move and choose at once, Home and End choose the first and the last,
// the digits 1 to 9 choose by number, a click chooses; Space chooses the first
// where nothing is chosen yet, and Enter goes on to the next field. What is chosen
// has a full disc, the others a ring.
type Choice struct {
	stand
	vertical bool
	chosen   func(i int)
	options  []Option
	current  int
	hovered  int
	items    []*choiceItem
}

// NewChoice gives a choice among nothing, as a column or as a row. chosen is called
// with the index when the user chooses another option than the present one.
func NewChoice(vertical bool, chosen func(i int)) *Choice {
	c := &Choice{vertical: vertical, chosen: chosen, current: -1, hovered: -1}
	c.extend(c)
	return c
}

// Set shows the options with one of them chosen; −1 is none. It calls nothing.
func (c *Choice) Set(options []Option, current int) {
	if current < 0 || current >= len(options) {
		current = -1
	}
	if !slices.Equal(c.options, options) {
		c.options, c.items, c.hovered = slices.Clone(options), nil, -1
		for range options {
			c.items = append(c.items, newChoiceItem(c.vertical))
		}
	}
	c.current = current
	c.Refresh()
}

// Current gives the index of what is chosen, −1 for none.
func (c *Choice) Current() int { return c.current }

// choose is the user's choice.
func (c *Choice) choose(i int) {
	if i < 0 || i >= len(c.options) || i == c.current {
		return
	}
	c.current = i
	c.Refresh()
	reveal(c.items[i].ground)
	c.chosen(i)
}

// TypedKey chooses, goes on, or gives the key to the canvas.
func (c *Choice) TypedKey(ev *fyne.KeyEvent) {
	last := len(c.options) - 1
	switch ev.Name {
	case fyne.KeyDown, fyne.KeyRight:
		c.choose(min(c.current+1, last))
	case fyne.KeyUp, fyne.KeyLeft:
		if c.current < 0 {
			c.choose(last)
			return
		}
		c.choose(max(c.current-1, 0))
	case fyne.KeyHome:
		c.choose(0)
	case fyne.KeyEnd:
		c.choose(last)
	case fyne.KeySpace:
		if c.current < 0 {
			c.choose(0)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if on := CanvasOf(c); on != nil {
			on.FocusNext()
		}
	default:
		passKey(c, ev)
	}
}

// TypedRune chooses by number. It is the character that counts and not the key:
// without NumLock the number pad's keys are called by digits too.
func (c *Choice) TypedRune(r rune) {
	if r = narrow(r); r >= '1' && r <= '9' {
		c.choose(int(r - '1'))
	}
}

// narrow gives the ASCII form of a character that an input method has made wide.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' { // the full-width forms stand in the order of ASCII
		return r - '！' + '!'
	}
	return r
}

// Tapped takes the focus and chooses what was clicked.
func (c *Choice) Tapped(ev *fyne.PointEvent) {
	c.focus()
	c.choose(c.at(ev.Position))
}

// at gives the index of the option at a place, −1 between them.
func (c *Choice) at(p fyne.Position) int {
	return slices.IndexFunc(c.items, func(it *choiceItem) bool {
		q := p.Subtract(it.ground.Position())
		return q.X >= 0 && q.Y >= 0 && q.X < it.ground.Size().Width && q.Y < it.ground.Size().Height
	})
}

// MouseIn shows what the pointer is over.
func (c *Choice) MouseIn(ev *desktop.MouseEvent) { c.MouseMoved(ev) }

// MouseMoved shows what the pointer is over.
func (c *Choice) MouseMoved(ev *desktop.MouseEvent) {
	if i := c.at(ev.Position); i != c.hovered {
		c.hovered = i
		c.Refresh()
	}
}

// MouseOut shows that the pointer has gone.
func (c *Choice) MouseOut() { c.hovered = -1; c.Refresh() }

// FocusGained shows the focus and what is chosen.
func (c *Choice) FocusGained() {
	c.focused = true
	c.Refresh()
	if c.current >= 0 {
		reveal(c.items[c.current].ground)
	} else {
		reveal(c)
	}
}

// held lets reveal find the option that is chosen: a long column may not fit.
func (c *Choice) held() []fyne.CanvasObject {
	var grounds []fyne.CanvasObject
	for _, it := range c.items {
		grounds = append(grounds, it.ground)
	}
	return grounds
}

// choiceItem is what is drawn of an option.
type choiceItem struct {
	ground, hover *canvas.Rectangle
	mark          fyne.CanvasObject
	title, detail lines
}

// lines are one or more lines of text.
type lines interface {
	fyne.CanvasObject
	SetText(string)
}

func newChoiceItem(vertical bool) *choiceItem {
	it := &choiceItem{ground: canvas.NewRectangle(nil), hover: canvas.NewRectangle(nil)}
	if vertical {
		detail := NewProse("")
		detail.Importance, detail.SizeName = widget.LowImportance, theme.SizeNameCaptionText
		it.title, it.detail = NewProse(""), detail
	} else {
		detail := widget.NewLabel("")
		detail.Importance, detail.SizeName = widget.LowImportance, theme.SizeNameCaptionText
		it.title, it.detail = widget.NewLabel(""), detail
	}
	return it
}

// markIndent is where the text beside a mark begins.
func markIndent() float32 { return shapeSize() + 2*theme.InnerPadding() - theme.Padding() }

// between is how far what can be clicked is from its neighbour.
func between() float32 { return 2 * theme.Padding() }

func (it *choiceItem) minSize() fyne.Size {
	size := it.title.MinSize()
	if it.detail.Visible() {
		below := it.detail.MinSize()
		size = fyne.NewSize(max(size.Width, below.Width), size.Height+below.Height-overlap())
	}
	return fyne.NewSize(size.Width+markIndent()+theme.InnerPadding(), max(size.Height, theme.Size(skin.SizeControl)))
}

func (it *choiceItem) layout(at fyne.Position, size fyne.Size) {
	for _, o := range []fyne.CanvasObject{it.ground, it.hover} {
		o.Move(at)
		o.Resize(size)
	}
	line := fyne.MeasureText("合", theme.TextSize(), fyne.TextStyle{}).Height
	width := size.Width - markIndent()
	it.title.Resize(fyne.NewSize(width, it.title.MinSize().Height))
	title, long := it.title.MinSize().Height, float32(0)
	it.title.Resize(fyne.NewSize(width, title))
	if it.detail.Visible() {
		it.detail.Resize(fyne.NewSize(width, it.detail.MinSize().Height))
		long = it.detail.MinSize().Height - overlap()
	}
	top := max(0, (size.Height-title-long)/2)
	side := shapeSize()
	it.mark.Resize(fyne.NewSquareSize(side))
	it.mark.Move(at.AddXY(theme.InnerPadding(), top+theme.InnerPadding()+(line-side)/2))
	it.title.Move(at.AddXY(markIndent(), top))
	it.detail.Move(at.AddXY(markIndent(), top+title-overlap()))
}

// CreateRenderer is for Fyne.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	r := &choiceRenderer{c, newRing()}
	r.Refresh()
	return r
}

type choiceRenderer struct {
	choice *Choice
	ring   *canvas.Rectangle
}

func (r *choiceRenderer) MinSize() fyne.Size {
	var size fyne.Size
	for i, it := range r.choice.items {
		one, gap := it.minSize(), between()
		if i == 0 {
			gap = 0
		}
		if r.choice.vertical {
			size.Width, size.Height = max(size.Width, one.Width), size.Height+gap+one.Height
		} else {
			size.Width, size.Height = size.Width+gap+one.Width, max(size.Height, one.Height)
		}
	}
	return size
}

func (r *choiceRenderer) Layout(size fyne.Size) {
	var at fyne.Position
	around, where := size, fyne.Position{}
	for i, it := range r.choice.items {
		one := it.minSize()
		if r.choice.vertical {
			it.layout(at, fyne.NewSize(size.Width, one.Height)) // the lines of this width give the height
			one = fyne.NewSize(size.Width, it.minSize().Height)
		} else {
			one.Height = size.Height
		}
		it.layout(at, one)
		if i == r.choice.current {
			around, where = one, at
		}
		if r.choice.vertical {
			at.Y += one.Height + between()
		} else {
			at.X += one.Width + between()
		}
	}
	layoutRing(r.ring, around)
	r.ring.Move(r.ring.Position().Add(where))
}

func (r *choiceRenderer) Refresh() {
	c := r.choice
	for i, it := range c.items {
		figure, ground := ring, skin.ColorSheet
		if i == c.current {
			figure, ground = disc, theme.ColorNameSelection
		}
		it.mark = newShape(figure, theme.ColorNamePrimary)
		it.ground.FillColor, it.ground.StrokeColor, it.ground.StrokeWidth = theme.Color(ground), theme.Color(theme.ColorNameInputBorder), 1
		it.ground.CornerRadius = theme.Size(theme.SizeNameInputRadius)
		it.hover.FillColor, it.hover.Hidden = theme.Color(theme.ColorNameHover), i != c.hovered
		it.title.SetText(c.options[i].Title)
		if it.detail.SetText(c.options[i].Detail); c.options[i].Detail == "" {
			it.detail.Hide()
		} else {
			it.detail.Show()
		}
	}
	refreshRing(r.ring, c.focused)
	r.Layout(c.Size())
	canvas.Refresh(c)
}

func (r *choiceRenderer) Objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, it := range r.choice.items {
		out = append(out, it.ground, it.hover, it.mark, it.title, it.detail)
	}
	return append(out, r.ring)
}

func (r *choiceRenderer) Destroy() {}

// Tick is a box to tick, with a text beside it over as many lines as that takes.
// Space, Enter and a click turn it over.
type Tick struct {
	pressable
	text    string
	on      bool
	changed func(bool)
}

// NewTick gives a box that is not ticked. changed is called when the user turns it
// over.
func NewTick(text string, changed func(bool)) *Tick {
	t := &Tick{text: text, changed: changed}
	t.self, t.tapped = t, t.turn
	t.ExtendBaseWidget(t)
	return t
}

func (t *Tick) turn() {
	t.Set(!t.on)
	t.changed(t.on)
}

// TypedKey turns the box at Space; Enter goes to the next field, as in all fields, and ticks
// nothing on the way.
func (t *Tick) TypedKey(ev *fyne.KeyEvent) {
	if ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter {
		if c := CanvasOf(t); c != nil {
			c.FocusNext()
		}
		return
	}
	t.pressable.TypedKey(ev)
}

// Set ticks the box or not. It calls nothing.
func (t *Tick) Set(on bool) {
	if t.on != on {
		t.on = on
		t.Refresh()
	}
}

// On tells whether the box is ticked.
func (t *Tick) On() bool { return t.on }

// SetText changes what stands beside the box.
func (t *Tick) SetText(text string) {
	if t.text != text {
		t.text = text
		t.Refresh()
	}
}

// Name is what the box is called where it cannot be seen.
func (t *Tick) Name() string { return t.text }

// CreateRenderer is for Fyne.
func (t *Tick) CreateRenderer() fyne.WidgetRenderer {
	box, text := canvas.NewRectangle(nil), NewProse(t.text)
	short, long := canvas.NewLine(nil), canvas.NewLine(nil)
	r := &tickRenderer{newPressed(&t.pressable, box, short, long, text), t, box, short, long, text}
	r.Refresh()
	return r
}

type tickRenderer struct {
	pressed
	tick        *Tick
	box         *canvas.Rectangle
	short, long *canvas.Line // the two strokes of the tick
	text        *Prose
}

// side is the side of the box, somewhat larger than a figure: it is to be hit.
func (r *tickRenderer) side() float32 { return theme.TextSize() * 1.1 }

func (r *tickRenderer) indent() float32 { return r.side() + 2*theme.InnerPadding() - theme.Padding() }

func (r *tickRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.indent(), max(r.text.MinSize().Height, theme.Size(skin.SizeControl)))
}

func (r *tickRenderer) Layout(size fyne.Size) {
	r.layout(size)
	side, line := r.side(), fyne.MeasureText("合", theme.TextSize(), fyne.TextStyle{}).Height
	r.text.Resize(fyne.NewSize(size.Width-r.indent(), r.text.MinSize().Height))
	top := max(0, (size.Height-r.text.MinSize().Height)/2)
	r.text.Resize(fyne.NewSize(size.Width-r.indent(), r.text.MinSize().Height))
	r.text.Move(fyne.NewPos(r.indent(), top))
	at := fyne.NewPos(theme.InnerPadding(), top+theme.InnerPadding()+(line-side)/2)
	r.box.Resize(fyne.NewSquareSize(side))
	r.box.Move(at)
	r.short.Position1, r.short.Position2 = at.AddXY(side*0.22, side*0.52), at.AddXY(side*0.42, side*0.74)
	r.long.Position1, r.long.Position2 = at.AddXY(side*0.42, side*0.74), at.AddXY(side*0.8, side*0.26)
}

func (r *tickRenderer) Refresh() {
	edge, ground := theme.ColorNameInputBorder, skin.ColorSheet
	if r.tick.on {
		edge, ground = theme.ColorNamePrimary, theme.ColorNamePrimary
	}
	r.box.FillColor, r.box.StrokeColor, r.box.StrokeWidth = theme.Color(ground), theme.Color(edge), 2
	r.box.CornerRadius = theme.Size(theme.SizeNameInputRadius)
	for _, l := range []*canvas.Line{r.short, r.long} {
		l.StrokeColor, l.StrokeWidth, l.Hidden = theme.Color(theme.ColorNameForegroundOnPrimary), r.side()/8, !r.tick.on
	}
	r.text.SetText(r.tick.text)
	r.Layout(r.tick.Size())
	r.refresh()
}
