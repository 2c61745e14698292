package widgets

import (
	"image"
	"image/color"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"heyi/app/internal/skin"
)

// PadWidth and PadHeight are the size of a Pad in its own units, in which lines are
// recorded, however large it is on the screen.
const (
	PadWidth  = 900
	PadHeight = 300
)

// What a pad records at most. A name takes some twenty lines and some hundred points.
const (
	padLines  = 200
	padPoints = 5000
	padPen    = 4 // thickness of the ink, in pad units
)

// Pad is a sheet of paper to sign on with mouse, finger or pen, three times as wide
// as high, with a line to write on. A line is recorded from the button's going down
// to its going up, with the first point at once; a click leaves a dot. Of more than
// 5,000 points every other one of the longest line is dropped, never its first or
// last; a 201st line is not taken.
//
// Backspace takes the last line back, Delete takes all; other keys go on. It must not
// stand inside a scroll, which would take the movement for its own.
type Pad struct {
	stand
	changed func()
	hint    string
	lines   [][]image.Point
	drawing bool // the last line is still growing

	raster *canvas.Raster // shows img
	sheet  fyne.Position  // top left corner of the paper on the widget
	paper  fyne.Size
	img    *image.RGBA // the ink, in pixels of the screen
	ink    color.NRGBA // what it is drawn in
	stale  bool        // the ink is to be drawn anew
}

// NewPad gives an empty pad. changed is called when the user has drawn a line or
// taken some back; it may be nil.
func NewPad(changed func()) *Pad {
	p := &Pad{changed: changed}
	p.raster = canvas.NewRaster(p.picture)
	p.extend(p)
	return p
}

// SetHint says what the empty pad is for.
func (p *Pad) SetHint(text string) { p.hint = text; p.Refresh() }

// Lines gives what was drawn, in pad units from the top left corner: the lines one
// after another, each with at least one point.
func (p *Pad) Lines() [][]image.Point {
	out := make([][]image.Point, len(p.lines))
	for i, l := range p.lines {
		out[i] = slices.Clone(l)
	}
	return out
}

// SetLines shows lines in place of what is there, as far as the bounds of a pad
// allow. It calls nothing.
func (p *Pad) SetLines(lines [][]image.Point) {
	p.lines, p.drawing = nil, false
	for _, l := range lines {
		if len(l) == 0 || len(p.lines) == padLines {
			continue
		}
		p.lines = append(p.lines, nil)
		for _, at := range l {
			p.add(at)
		}
	}
	p.redraw()
}

// Empty tells whether nothing has been drawn.
func (p *Pad) Empty() bool { return len(p.lines) == 0 }

// Undo takes the last line back.
func (p *Pad) Undo() {
	if n := len(p.lines); n > 0 {
		p.lines, p.drawing = p.lines[:n-1], false
		p.redraw()
		call(p.changed)
	}
}

// Clear takes all lines back.
func (p *Pad) Clear() {
	if len(p.lines) > 0 {
		p.lines, p.drawing = nil, false
		p.redraw()
		call(p.changed)
	}
}

func (p *Pad) redraw() {
	p.stale = true
	p.Refresh()
}

// TypedKey takes lines back, or gives the key to the canvas.
func (p *Pad) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyBackspace:
		p.Undo()
	case fyne.KeyDelete:
		p.Clear()
	default:
		passKey(p, ev)
	}
}

// MouseDown takes the focus and begins a line.
func (p *Pad) MouseDown(ev *desktop.MouseEvent) {
	p.focus()
	if ev.Button != desktop.MouseButtonPrimary {
		return
	}
	p.end() // of a button that went up beside the pad before it was a drag, nothing is told
	if len(p.lines) == padLines || p.paper.Width <= 0 {
		return
	}
	first := p.Empty()
	p.lines, p.drawing = append(p.lines, nil), true
	p.draw(ev.Position)
	if first {
		p.Refresh() // the hint goes
	}
}

// Dragged goes on with the line.
func (p *Pad) Dragged(ev *fyne.DragEvent) { p.draw(ev.Position) }

// DragEnd ends a line outside the pad, where Fyne tells of no MouseUp and takes the
// focus away.
func (p *Pad) DragEnd() {
	if p.drawing {
		p.end()
		p.focus()
	}
}

// MouseUp ends the line.
func (p *Pad) MouseUp(ev *desktop.MouseEvent) {
	if ev.Button == desktop.MouseButtonPrimary {
		p.draw(ev.Position)
		p.end()
	}
}

// end ends the line that is growing.
func (p *Pad) end() {
	if !p.drawing {
		return
	}
	p.drawing = false
	if p.img != nil && !p.stale {
		p.finish(p.lines[len(p.lines)-1])
	}
	p.raster.Refresh()
	call(p.changed)
}

// Cursor is a cross: the point that draws can be seen.
func (p *Pad) Cursor() desktop.Cursor { return desktop.CrosshairCursor }

// draw goes on with the last line to a place of the widget, and draws what that adds.
func (p *Pad) draw(to fyne.Position) {
	if !p.drawing {
		return
	}
	at := to.Subtract(p.sheet)
	units := func(v, of float32, n int) int { return int(math.Round(float64(v / of * float32(n)))) }
	if !p.add(image.Pt(units(at.X, p.paper.Width, PadWidth), units(at.Y, p.paper.Height, PadHeight))) {
		return
	}
	if line := p.lines[len(p.lines)-1]; p.img != nil && !p.stale {
		p.piece(line, len(line))
	}
	p.raster.Refresh()
}

// add adds a point to the last line, and tells whether it did.
func (p *Pad) add(at image.Point) bool {
	at.X, at.Y = max(0, min(at.X, PadWidth)), max(0, min(at.Y, PadHeight))
	line := &p.lines[len(p.lines)-1]
	if n := len(*line); n > 0 && (*line)[n-1] == at {
		return false
	}
	*line = append(*line, at)
	total, longest := 0, 0
	for i, l := range p.lines {
		if total += len(l); len(l) > len(p.lines[longest]) {
			longest = i
		}
	}
	if total > padPoints {
		l := p.lines[longest]
		var kept []image.Point
		for i, at := range l {
			if i%2 == 0 || i == len(l)-1 {
				kept = append(kept, at)
			}
		}
		p.lines[longest], p.stale = kept, true
	}
	return true
}

// picture gives the ink in so many pixels.
func (p *Pad) picture(w, h int) image.Image {
	ink := color.NRGBAModel.Convert(theme.Color(theme.ColorNameForeground)).(color.NRGBA)
	if p.img == nil || p.img.Rect.Dx() != w || p.img.Rect.Dy() != h {
		p.img, p.stale = image.NewRGBA(image.Rect(0, 0, w, h)), true
	} else if p.stale || p.ink != ink {
		clear(p.img.Pix)
		p.stale = true
	}
	if p.stale {
		p.stale, p.ink = false, ink
		for i, l := range p.lines {
			for n := range l {
				p.piece(l, n+1)
			}
			if !p.drawing || i < len(p.lines)-1 {
				p.finish(l)
			}
		}
	}
	return p.img
}

// A line is a curve through the middles between its points, with the points as what
// pulls it: a spline of the second order, which can be drawn while it grows, and to
// which nothing changes any more when it has been.

// piece draws what the first n points of a line add to what the first n−1 drew.
func (p *Pad) piece(line []image.Point, n int) {
	last := p.pixel(line[n-1])
	switch n {
	case 1:
		p.segment(last, last)
	case 2:
		first := p.pixel(line[0])
		p.segment(first, middle(first, last))
	default:
		before, pull := p.pixel(line[n-3]), p.pixel(line[n-2])
		from, to := middle(before, pull), middle(pull, last)
		steps := max(1, math.Ceil((from.to(pull)+pull.to(to))/3)) // of three pixels, so that no corner is seen
		at := from
		for i := 1.0; i <= steps; i++ {
			next := middleAt(middleAt(from, pull, i/steps), middleAt(pull, to, i/steps), i/steps)
			p.segment(at, next)
			at = next
		}
	}
}

// finish draws the rest of a line, to its last point.
func (p *Pad) finish(line []image.Point) {
	if n := len(line); n > 1 {
		from, to := p.pixel(line[n-2]), p.pixel(line[n-1])
		p.segment(middle(from, to), to)
	}
}

// dot is a place in pixels.
type dot struct{ x, y float64 }

func (d dot) to(o dot) float64 { return math.Hypot(o.x-d.x, o.y-d.y) }

func middleAt(a, b dot, t float64) dot { return dot{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }

func middle(a, b dot) dot { return middleAt(a, b, 0.5) }

// pixel gives where a point lies on the picture.
func (p *Pad) pixel(at image.Point) dot {
	return dot{float64(at.X) * float64(p.img.Rect.Dx()) / PadWidth, float64(at.Y) * float64(p.img.Rect.Dy()) / PadHeight}
}

// segment draws a straight stroke with round ends. A pixel is as dark as the darkest
// stroke over it, so that strokes that meet leave no seam.
func (p *Pad) segment(a, b dot) {
	radius := max(0.8, padPen/2*float64(p.img.Rect.Dx())/PadWidth)
	reach := radius + 1
	box := image.Rect(
		int(math.Floor(min(a.x, b.x)-reach)), int(math.Floor(min(a.y, b.y)-reach)),
		int(math.Ceil(max(a.x, b.x)+reach)), int(math.Ceil(max(a.y, b.y)+reach)),
	).Intersect(p.img.Rect)
	dx, dy := b.x-a.x, b.y-a.y
	long := dx*dx + dy*dy
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			px, py := float64(x)+0.5-a.x, float64(y)+0.5-a.y
			t := 0.0
			if long > 0 {
				t = max(0, min(1, (px*dx+py*dy)/long))
			}
			dark := min(1, radius+0.5-math.Hypot(px-t*dx, py-t*dy))
			if dark <= 0 {
				continue
			}
			pix := p.img.Pix[p.img.PixOffset(x, y):][:4]
			if alpha := uint8(dark * 255); alpha > pix[3] {
				pix[0], pix[1], pix[2] = faded(p.ink.R, alpha), faded(p.ink.G, alpha), faded(p.ink.B, alpha)
				pix[3] = alpha
			}
		}
	}
}

// faded gives a part of a colour as a picture keeps it, multiplied by its opacity.
func faded(v, alpha uint8) uint8 { return uint8(uint16(v) * uint16(alpha) / 255) }

// CreateRenderer is for Fyne.
func (p *Pad) CreateRenderer() fyne.WidgetRenderer {
	r := &padRenderer{
		pad: p, paper: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil),
		hint: canvas.NewText("", nil), ring: newRing(),
	}
	r.hint.Alignment = fyne.TextAlignCenter
	r.Refresh()
	return r
}

type padRenderer struct {
	pad         *Pad
	paper, line *canvas.Rectangle
	hint        *canvas.Text
	ring        *canvas.Rectangle
}

// padMargin is what the ring takes around the paper, with a gap.
func padMargin() float32 { return 2 * theme.Size(skin.SizeRing) }

func (r *padRenderer) MinSize() fyne.Size {
	m := 2 * padMargin()
	return fyne.NewSize(PadWidth*0.4+m, PadHeight*0.4+m)
}

func (r *padRenderer) Layout(size fyne.Size) {
	p, m := r.pad, padMargin()
	room := size.SubtractWidthHeight(2*m, 2*m)
	wide := float32(math.Floor(float64(max(0, min(room.Width, room.Height*PadWidth/PadHeight)))))
	p.paper = fyne.NewSize(wide, wide*PadHeight/PadWidth)
	p.sheet = fyne.NewPos(float32(math.Floor(float64(size.Width-wide)/2)), m)
	for _, o := range []fyne.CanvasObject{r.paper, r.pad.raster} {
		o.Move(p.sheet)
		o.Resize(p.paper)
	}
	r.line.Move(p.sheet.AddXY(wide*0.06, p.paper.Height*0.76))
	r.line.Resize(fyne.NewSize(wide*0.88, 1))
	r.hint.Move(p.sheet)
	r.hint.Resize(p.paper)
	layoutRing(r.ring, p.paper.AddWidthHeight(2*m, 2*m))
	r.ring.Move(r.ring.Position().Add(p.sheet).SubtractXY(m, m))
}

func (r *padRenderer) Refresh() {
	p := r.pad
	r.paper.FillColor, r.paper.StrokeColor, r.paper.StrokeWidth = theme.Color(skin.ColorSheet), theme.Color(theme.ColorNameInputBorder), 1
	r.line.FillColor = theme.Color(theme.ColorNameInputBorder)
	r.hint.Text, r.hint.Color, r.hint.TextSize, r.hint.Hidden = p.hint, theme.Color(skin.TextMuted), theme.TextSize(), !p.Empty()
	r.Layout(p.Size())
	r.pad.raster.Refresh()
	refreshRing(r.ring, p.focused)
	canvas.Refresh(p)
}

func (r *padRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.paper, r.line, r.hint, r.pad.raster, r.ring}
}

func (r *padRenderer) Destroy() {}
