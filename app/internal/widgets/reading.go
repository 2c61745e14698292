package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"heyi/app/internal/skin"
)

// Reading shows what is only read and may be longer than the room for it. It takes
// the focus, so that it can be read by the keyboard: Up and Down scroll by a line,
// PageUp and PageDown by a page less a line, Home and End go to the ends. What
// stands in it may take the focus too.
type Reading struct {
	stand
	scroll *container.Scroll
}

// NewReading gives a reading of the content.
func NewReading(content fyne.CanvasObject) *Reading {
	r := &Reading{scroll: container.NewVScroll(content)}
	r.extend(r)
	return r
}

// SetContent shows something else, from its beginning.
func (r *Reading) SetContent(content fyne.CanvasObject) {
	r.scroll.Content = content
	r.scroll.Offset = fyne.Position{}
	r.scroll.Refresh()
}

// Tapped takes the focus.
func (r *Reading) Tapped(*fyne.PointEvent) { r.focus() }

// TypedKey scrolls or gives the key to the canvas.
func (r *Reading) TypedKey(ev *fyne.KeyEvent) {
	if by, ok := scrollKey(ev.Name, r.scroll.Size().Height, r.scroll.Content.Size().Height); ok {
		scrollTo(r.scroll, r.scroll.Offset.AddXY(0, by))
		return
	}
	passKey(r, ev)
}

// lineHeight is how far a line is from the next.
func lineHeight() float32 {
	return fyne.MeasureText("合", theme.TextSize(), fyne.TextStyle{}).Height
}

// scrollKey tells how far a key scrolls a view so high with a content so high;
// false for a key that does not scroll.
func scrollKey(key fyne.KeyName, view, content float32) (by float32, ok bool) {
	line := lineHeight()
	page := max(line, view-line)
	switch key {
	case fyne.KeyUp:
		return -line, true
	case fyne.KeyDown:
		return line, true
	case fyne.KeyPageUp:
		return -page, true
	case fyne.KeyPageDown:
		return page, true
	case fyne.KeyHome:
		return -content, true
	case fyne.KeyEnd:
		return content, true
	}
	return 0, false
}

// scrollTo scrolls to an offset, as far as there is anything.
func scrollTo(s *container.Scroll, to fyne.Position) {
	room := s.Content.Size().Subtract(s.Size())
	s.ScrollToOffset(fyne.NewPos(
		max(0, min(to.X, room.Width)),
		max(0, min(to.Y, room.Height))))
}

func (r *Reading) held() []fyne.CanvasObject { return []fyne.CanvasObject{r.scroll} }

// CreateRenderer is for Fyne.
func (r *Reading) CreateRenderer() fyne.WidgetRenderer {
	v := &readingRenderer{r, newRing()}
	refreshRing(v.ring, r.focused)
	return v
}

type readingRenderer struct {
	reading *Reading
	ring    *canvas.Rectangle
}

// MinSize leaves room for the ring beside the content, so that it covers nothing.
func (v *readingRenderer) MinSize() fyne.Size {
	w := 2 * theme.Size(skin.SizeRing)
	return v.reading.scroll.MinSize().AddWidthHeight(w, w)
}

func (v *readingRenderer) Layout(size fyne.Size) {
	w := theme.Size(skin.SizeRing)
	v.reading.scroll.Move(fyne.NewSquareOffsetPos(w))
	v.reading.scroll.Resize(size.SubtractWidthHeight(2*w, 2*w))
	layoutRing(v.ring, size)
}

func (v *readingRenderer) Refresh() {
	refreshRing(v.ring, v.reading.focused)
	v.reading.scroll.Refresh()
}

func (v *readingRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.reading.scroll, v.ring}
}

func (v *readingRenderer) Destroy() {}
