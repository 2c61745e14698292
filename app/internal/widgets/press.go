package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/skin"
)

// pressable is what can be pressed by mouse and keyboard: Enter and Space press
// it, and a click takes the focus, so that a field loses it before the action
// begins (in Fyne 2.7.1 it would not).
type pressable struct {
	widget.BaseWidget
	self             fyne.Widget // what embeds this
	tapped           func()
	walks            bool // Up and Down go to the neighbours
	hovered, focused bool
}

// Tapped takes the focus and presses.
func (p *pressable) Tapped(*fyne.PointEvent) {
	if c := CanvasOf(p.self); c != nil {
		c.Focus(p.self.(fyne.Focusable))
	}
	p.tapped()
}

// TypedKey presses, walks, or gives the key to the canvas.
func (p *pressable) TypedKey(ev *fyne.KeyEvent) {
	c := CanvasOf(p.self)
	switch {
	case ev.Name == fyne.KeyReturn, ev.Name == fyne.KeyEnter, ev.Name == fyne.KeySpace:
		p.tapped()
	case ev.Name == fyne.KeyUp && p.walks && c != nil:
		c.FocusPrevious()
	case ev.Name == fyne.KeyDown && p.walks && c != nil:
		c.FocusNext()
	default:
		passKey(p.self, ev)
	}
}

// TypedRune has nothing to do.
func (p *pressable) TypedRune(rune) {}

// FocusGained shows the focus.
func (p *pressable) FocusGained() {
	p.focused = true
	p.Refresh()
	reveal(p.self)
}

// FocusLost hides the focus.
func (p *pressable) FocusLost() { p.focused = false; p.Refresh() }

// MouseIn shows that the pointer is over it.
func (p *pressable) MouseIn(*desktop.MouseEvent) { p.hovered = true; p.Refresh() }

// MouseMoved has nothing to do.
func (p *pressable) MouseMoved(*desktop.MouseEvent) {}

// MouseOut shows that the pointer has gone.
func (p *pressable) MouseOut() { p.hovered = false; p.Refresh() }

// pressed draws what all pressables share: a ground, what the pointer lays over
// it, the content, the focus ring.
type pressed struct {
	of                  *pressable
	ground, hover, ring *canvas.Rectangle
	content             []fyne.CanvasObject
}

func newPressed(of *pressable, content ...fyne.CanvasObject) pressed {
	return pressed{of: of, ground: canvas.NewRectangle(nil), hover: canvas.NewRectangle(nil), ring: newRing(), content: content}
}

func (r *pressed) layout(size fyne.Size) {
	r.ground.Move(fyne.Position{})
	r.ground.Resize(size)
	r.hover.Resize(size)
	layoutRing(r.ring, size)
}

func (r *pressed) refresh() {
	r.hover.FillColor = nil
	if r.of.hovered {
		r.hover.FillColor = theme.Color(theme.ColorNameHover)
	}
	refreshRing(r.ring, r.of.focused)
	canvas.Refresh(r.of.self)
}

// Objects gives what is drawn, lowest first.
func (r *pressed) Objects() []fyne.CanvasObject {
	return append(append([]fyne.CanvasObject{r.ground, r.hover}, r.content...), r.ring)
}

// Destroy has nothing to release.
func (r *pressed) Destroy() {}

// Button is a button.
type Button struct {
	pressable
	text    string
	primary bool
}

// NewButton gives a button; tapped is called when it is pressed.
func NewButton(text string, tapped func()) *Button { return newButton(text, false, tapped) }

// NewPrimary gives the button of a page's one primary action.
func NewPrimary(text string, tapped func()) *Button { return newButton(text, true, tapped) }

func newButton(text string, primary bool, tapped func()) *Button {
	b := &Button{text: text, primary: primary}
	b.tapped, b.self = tapped, b
	b.ExtendBaseWidget(b)
	return b
}

// SetText changes what stands on the button.
func (b *Button) SetText(text string) {
	if b.text != text {
		b.text = text
		b.Refresh()
	}
}

// Name is what the button is called where it cannot be seen.
func (b *Button) Name() string { return b.text }

// CreateRenderer is for Fyne.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	text := canvas.NewText("", nil)
	text.Alignment, text.TextStyle.Bold = fyne.TextAlignCenter, b.primary
	r := &buttonRenderer{newPressed(&b.pressable, text), b, text}
	r.Refresh()
	return r
}

type buttonRenderer struct {
	pressed
	button *Button
	text   *canvas.Text
}

func (r *buttonRenderer) MinSize() fyne.Size {
	text, pad := r.text.MinSize(), theme.InnerPadding()
	return fyne.NewSize(text.Width+4*pad, max(text.Height+2*pad, theme.Size(skin.SizeControl)))
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.layout(size)
	r.text.Resize(size)
	if r.button.primary && r.button.focused { // a gap, for the ring to stand out from the full ground
		gap := 2 * theme.Size(skin.SizeRing)
		r.ground.Move(fyne.NewSquareOffsetPos(gap))
		r.ground.Resize(size.SubtractWidthHeight(2*gap, 2*gap))
	}
}

func (r *buttonRenderer) Refresh() {
	ground, edge, text := theme.ColorNameButton, theme.ColorNameInputBorder, theme.ColorNameForeground
	if r.button.primary {
		ground, edge, text = theme.ColorNamePrimary, theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary
	}
	r.ground.FillColor, r.ground.StrokeColor, r.ground.StrokeWidth = theme.Color(ground), theme.Color(edge), 1
	r.ground.CornerRadius = theme.Size(theme.SizeNameInputRadius)
	r.text.Text, r.text.Color, r.text.TextSize = r.button.text, theme.Color(text), theme.TextSize()
	r.Layout(r.button.Size())
	r.refresh()
}

// Stop is one entry of a rail: a place to go to. Where one is, is marked by a bar
// and bold type.
type Stop struct {
	pressable
	text    string
	current bool
}

// NewStop gives a stop; tapped is called when it is pressed.
func NewStop(text string, current bool, tapped func()) *Stop {
	s := &Stop{text: text, current: current}
	s.tapped, s.self, s.walks = tapped, s, true
	s.ExtendBaseWidget(s)
	return s
}

// Name is what the stop is called where it cannot be seen.
func (s *Stop) Name() string { return s.text }

// CreateRenderer is for Fyne.
func (s *Stop) CreateRenderer() fyne.WidgetRenderer {
	bar, text := canvas.NewRectangle(nil), widget.NewLabel(s.text)
	text.Truncation, text.TextStyle.Bold = fyne.TextTruncateEllipsis, s.current
	r := &stopRenderer{newPressed(&s.pressable, bar, text), s, bar, text}
	r.Refresh()
	return r
}

type stopRenderer struct {
	pressed
	stop *Stop
	bar  *canvas.Rectangle
	text *widget.Label
}

func (r *stopRenderer) MinSize() fyne.Size {
	text := r.text.MinSize()
	return fyne.NewSize(text.Width+theme.Padding(), max(text.Height, theme.Size(skin.SizeControl)))
}

func (r *stopRenderer) Layout(size fyne.Size) {
	r.layout(size)
	bar, height := theme.Padding(), r.text.MinSize().Height
	r.bar.Resize(fyne.NewSize(bar, size.Height))
	r.text.Resize(fyne.NewSize(size.Width-bar, height))
	r.text.Move(fyne.NewPos(bar, (size.Height-height)/2))
}

func (r *stopRenderer) Refresh() {
	if r.stop.current {
		r.ground.FillColor, r.bar.FillColor = theme.Color(theme.ColorNameSelection), theme.Color(theme.ColorNamePrimary)
	}
	r.refresh()
}

// Row is one entry of a list to choose from: a title, what more there is to
// say of it in a low voice, each over as many lines as it takes, and a sign of how it stands.
type Row struct {
	pressable
	title, detail string
	tone          Tone
}

// NewRow gives a row; tapped is called when it is pressed.
func NewRow(title, detail string, tapped func()) *Row {
	r := &Row{title: title, detail: detail}
	r.tapped, r.self, r.walks = tapped, r, true
	r.ExtendBaseWidget(r)
	return r
}

// SetText changes what the row says.
func (r *Row) SetText(title, detail string) {
	if r.title != title || r.detail != detail {
		r.title, r.detail = title, detail
		r.Refresh()
	}
}

// OnTapped sets what is called when the row is pressed.
func (r *Row) OnTapped(tapped func()) { r.tapped = tapped }

// SetTone changes the sign before the title; ToneNone takes it away.
func (r *Row) SetTone(t Tone) {
	if r.tone != t {
		r.tone = t
		r.Refresh()
	}
}

// Name is what the row is called where it cannot be seen.
func (r *Row) Name() string { return r.title }

// CreateRenderer is for Fyne.
func (r *Row) CreateRenderer() fyne.WidgetRenderer {
	title, detail := NewProse(""), NewProse("")
	detail.Importance, detail.SizeName = widget.LowImportance, theme.SizeNameCaptionText
	v := &rowRenderer{pressed: newPressed(&r.pressable, title, detail), row: r, title: title, detail: detail}
	v.Refresh()
	return v
}

type rowRenderer struct {
	pressed
	row    *Row
	title  *Prose
	detail *Prose
	mark   fyne.CanvasObject // nil without a sign
}

// indent is the room of the sign.
func (r *rowRenderer) indent() float32 {
	if r.mark == nil {
		return 0
	}
	return shapeSize() + theme.InnerPadding()
}

// overlap is how far two labels, one under another, stand into each other's padding.
func overlap() float32 { return 1.5 * theme.InnerPadding() }

func (r *rowRenderer) MinSize() fyne.Size {
	size := r.title.MinSize()
	if !r.detail.Hidden {
		size.Height += r.detail.MinSize().Height - overlap()
	}
	size.Height = max(size.Height, theme.Size(skin.SizeRow))
	return size
}

func (r *rowRenderer) Layout(size fyne.Size) {
	r.layout(size)
	in := r.indent()
	r.title.Resize(fyne.NewSize(size.Width-in, r.title.MinSize().Height))
	title := r.title.MinSize().Height // wrapped to its width now
	r.title.Resize(fyne.NewSize(size.Width-in, title))
	r.title.Move(fyne.NewPos(in, 0))
	r.detail.Resize(fyne.NewSize(size.Width-in, size.Height-title+overlap()))
	r.detail.Move(fyne.NewPos(in, title-overlap()))
	if r.mark != nil {
		side, line := shapeSize(), lineHeight()
		r.mark.Resize(fyne.NewSquareSize(side))
		r.mark.Move(fyne.NewPos(theme.InnerPadding(), theme.InnerPadding()+(line-side)/2))
	}
}

func (r *rowRenderer) Refresh() {
	r.title.SetText(r.row.title)
	r.detail.Hidden = r.row.detail == ""
	r.detail.SetText(r.row.detail)
	r.mark, r.content = nil, []fyne.CanvasObject{r.title, r.detail}
	if shape, name, _ := r.row.tone.looks(); shape != noShape {
		r.mark = newShape(shape, name)
		r.content = append(r.content, r.mark)
	}
	r.Layout(r.row.Size())
	r.ground.FillColor = theme.Color(skin.ColorSheet)
	r.refresh()
}
