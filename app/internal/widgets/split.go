package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/skin"
)

// SplitLeast is the width, in Fyne's units, below which two parts side by side are
// too narrow to work in, and a page had better show one: see Split.Only.
const SplitLeast = 760

// Split shows two parts side by side, or one of them alone. The divider between
// them is dragged, or moved with Left and Right when it has the focus; both parts
// keep their least width where there is room for both.
type Split struct {
	widget.BaseWidget
	left, right fyne.CanvasObject
	divider     *divider
	ratio       float32 // of the width without the divider, what the left part has
}

// NewSplit gives a split that shows both parts, equally wide.
func NewSplit(left, right fyne.CanvasObject) *Split {
	s := &Split{left: left, right: right, ratio: 0.5}
	s.divider = &divider{split: s}
	s.divider.extend(s.divider)
	s.ExtendBaseWidget(s)
	return s
}

// SetName names the divider, which takes the focus.
func (s *Split) SetName(name string) { s.divider.SetName(name) }

// Ratio gives what the left part has of the width, from 0 to 1.
func (s *Split) Ratio() float32 { return s.ratio }

// SetRatio moves the divider.
func (s *Split) SetRatio(ratio float32) {
	s.ratio = max(0, min(ratio, 1))
	s.Refresh()
}

// Only shows one part alone, the left or the right one.
func (s *Split) Only(left bool) { s.show(left, !left) }

// Both shows both parts.
func (s *Split) Both() { s.show(true, true) }

// Shown tells which parts are shown.
func (s *Split) Shown() (left, right bool) { return s.left.Visible(), s.right.Visible() }

// Cycle goes on from the left part alone to both, to the right part alone, and
// round again.
func (s *Split) Cycle() {
	switch left, right := s.Shown(); {
	case left && right:
		s.Only(false)
	case left:
		s.Both()
	default:
		s.Only(true)
	}
}

// show hides and shows. The focus must not stay where nobody sees it.
func (s *Split) show(left, right bool) {
	if l, r := s.Shown(); l == left && r == right {
		return
	}
	c := CanvasOf(s)
	lost := false
	if c != nil && c.Focused() != nil {
		focused := c.Focused().(fyne.CanvasObject)
		in := func(part fyne.CanvasObject) bool { _, ok := revealIn(part, focused); return ok }
		lost = !left && in(s.left) || !right && in(s.right) || !(left && right) && focused == s.divider
	}
	if lost {
		c.Unfocus()
	}
	for part, visible := range map[fyne.CanvasObject]bool{s.left: left, s.right: right, s.divider: left && right} {
		if visible {
			part.Show()
		} else {
			part.Hide()
		}
	}
	s.Refresh()
	if lost {
		part := s.left
		if !left {
			part = s.right
		}
		if f := firstFocus(part); f != nil {
			c.Focus(f)
		}
	}
}

// firstFocus gives what is first in an object of what can take the focus, or nil.
func firstFocus(o fyne.CanvasObject) fyne.Focusable {
	if !o.Visible() {
		return nil
	}
	if f, ok := o.(fyne.Focusable); ok {
		if off, ok := o.(fyne.Disableable); !ok || !off.Disabled() {
			return f
		}
	}
	for _, child := range childrenOf(o) {
		if f := firstFocus(child); f != nil {
			return f
		}
	}
	return nil
}

func (s *Split) held() []fyne.CanvasObject { return []fyne.CanvasObject{s.left, s.divider, s.right} }

// reach gives the widths that the left part may have, of a split so wide.
func (s *Split) reach(width float32) (least, most float32) {
	room := width - dividerWidth
	least, most = s.left.MinSize().Width, room-s.right.MinSize().Width
	if least > most {
		return 0, max(0, room)
	}
	return least, most
}

// leftWidth is the width of the left part beside the right one, in whole units, so
// that what stands in the parts stays sharp.
func (s *Split) leftWidth(width float32) float32 {
	least, most := s.reach(width)
	return max(least, min(float32(math.Round(float64((width-dividerWidth)*s.ratio))), most))
}

// move gives the left part a width, as far as the parts allow.
func (s *Split) move(to float32) {
	width := s.Size().Width
	if room := width - dividerWidth; room > 0 {
		least, most := s.reach(width)
		s.SetRatio(max(least, min(to, most)) / room)
	}
}

// CreateRenderer is for Fyne.
func (s *Split) CreateRenderer() fyne.WidgetRenderer { return &splitRenderer{s} }

type splitRenderer struct{ split *Split }

func (r *splitRenderer) MinSize() fyne.Size {
	s := r.split
	left, right := s.Shown()
	switch {
	case !right:
		return s.left.MinSize()
	case !left:
		return s.right.MinSize()
	}
	l, m := s.left.MinSize(), s.right.MinSize()
	return fyne.NewSize(l.Width+dividerWidth+m.Width, max(l.Height, m.Height))
}

func (r *splitRenderer) Layout(size fyne.Size) {
	s := r.split
	place := func(o fyne.CanvasObject, x, width float32) {
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(width, size.Height))
	}
	left, right := s.Shown()
	switch {
	case !right:
		place(s.left, 0, size.Width)
	case !left:
		place(s.right, 0, size.Width)
	default:
		at := s.leftWidth(size.Width)
		place(s.left, 0, at)
		place(s.divider, at, dividerWidth)
		place(s.right, at+dividerWidth, size.Width-dividerWidth-at)
	}
}

func (r *splitRenderer) Refresh() {
	r.Layout(r.split.Size())
	canvas.Refresh(r.split)
}

func (r *splitRenderer) Objects() []fyne.CanvasObject { return r.split.held() }

func (r *splitRenderer) Destroy() {}

// dividerWidth is wide enough to be hit, and dividerStep is how far a key moves it.
const (
	dividerWidth = 12
	dividerStep  = 24
)

// divider stands between the two parts of a Split.
type divider struct {
	stand
	split   *Split
	hovered bool
	dragged bool
	grip    float32 // where in the divider the pointer took it
}

// TypedKey moves the divider or gives the key to the canvas.
func (d *divider) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyLeft:
		d.split.move(d.Position().X - dividerStep)
	case fyne.KeyRight:
		d.split.move(d.Position().X + dividerStep)
	default:
		passKey(d, ev)
	}
}

// Tapped takes the focus.
func (d *divider) Tapped(*fyne.PointEvent) { d.focus() }

// Dragged moves the divider with the pointer. Positions are taken from the divider
// as it stands now; adding up distances would lose the pointer at the ends.
func (d *divider) Dragged(ev *fyne.DragEvent) {
	if !d.dragged {
		d.dragged, d.grip = true, ev.Position.X-ev.Dragged.DX
	}
	d.split.move(d.Position().X + ev.Position.X - d.grip)
}

// DragEnd lets the divider go.
func (d *divider) DragEnd() { d.dragged = false }

// Cursor says that it can be moved sideways.
func (d *divider) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// MouseIn shows that the pointer is over it.
func (d *divider) MouseIn(*desktop.MouseEvent) { d.hovered = true; d.Refresh() }

// MouseMoved has nothing to do.
func (d *divider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut shows that the pointer has gone.
func (d *divider) MouseOut() { d.hovered = false; d.Refresh() }

// CreateRenderer is for Fyne.
func (d *divider) CreateRenderer() fyne.WidgetRenderer {
	r := &dividerRenderer{d, canvas.NewRectangle(nil), canvas.NewRectangle(nil), canvas.NewRectangle(nil), newRing()}
	r.Refresh()
	return r
}

type dividerRenderer struct {
	divider                   *divider
	hover, line, handle, ring *canvas.Rectangle
}

func (r *dividerRenderer) MinSize() fyne.Size {
	return fyne.NewSize(dividerWidth, theme.Size(skin.SizeControl))
}

func (r *dividerRenderer) Layout(size fyne.Size) {
	r.hover.Resize(size)
	r.line.Resize(fyne.NewSize(1, size.Height))
	r.line.Move(fyne.NewPos((size.Width-1)/2, 0))
	high := min(theme.Size(skin.SizeControl), size.Height)
	r.handle.Resize(fyne.NewSize(4, high))
	r.handle.Move(fyne.NewPos((size.Width-4)/2, (size.Height-high)/2))
	layoutRing(r.ring, size)
}

func (r *dividerRenderer) Refresh() {
	r.hover.FillColor, r.hover.Hidden = theme.Color(theme.ColorNameHover), !r.divider.hovered
	r.line.FillColor = theme.Color(skin.Hairline)
	r.handle.FillColor, r.handle.CornerRadius = theme.Color(theme.ColorNameInputBorder), 2
	refreshRing(r.ring, r.divider.focused)
	canvas.Refresh(r.divider)
}

func (r *dividerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.hover, r.line, r.handle, r.ring}
}

func (r *dividerRenderer) Destroy() {}
