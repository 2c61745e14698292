package widgets

import (
	"fmt"
	"image"
	"math"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"heyi/app/internal/skin"
)

// pen draws on a pad as Fyne's driver does, in pad units.
type pen struct{ *Pad }

func (p pen) at(x, y float32) fyne.Position {
	return p.sheet.AddXY(x*p.paper.Width/PadWidth, y*p.paper.Height/PadHeight)
}

func (p pen) button(x, y float32) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p.at(x, y)}, Button: desktop.MouseButtonPrimary}
}

func (p pen) move(x, y float32) {
	p.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p.at(x, y)}})
}

// line draws from the first point to the last. The driver tells of the last one
// twice.
func (p pen) line(points ...[2]float32) {
	p.MouseDown(p.button(points[0][0], points[0][1]))
	for _, at := range points[1:] {
		p.move(at[0], at[1])
	}
	last := points[len(points)-1]
	p.MouseUp(p.button(last[0], last[1]))
	p.DragEnd()
}

// padShown gives a canvas with a pad whose paper is 900 units wide.
func padShown(t *testing.T, p *Pad) keyboard {
	t.Helper()
	return keyboard{shown(t, skin.Normal, false, 908, 400, func() fyne.CanvasObject { return p })}
}

// darkest gives how dark the ink is around a point, from 0 to 255.
func darkest(p *Pad, x, y int) (dark uint8) {
	img := p.picture(900, 300).(*image.RGBA)
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			dark = max(dark, img.RGBAAt(x+dx, y+dy).A)
		}
	}
	return dark
}

func TestPadDraws(t *testing.T) {
	changed := 0
	p := NewPad(func() { changed++ })
	k := padShown(t, p)
	if !p.Empty() || p.paper.Width != 900 || p.paper.Height != 300 {
		t.Fatalf("paper %v", p.paper)
	}
	draw := pen{p}
	draw.line([2]float32{100, 200}, [2]float32{150, 100}, [2]float32{200, 200})
	draw.line([2]float32{400, 150}) // a dot
	want := [][]image.Point{{{100, 200}, {150, 100}, {200, 200}}, {{400, 150}}}
	if got := p.Lines(); !reflect.DeepEqual(got, want) || changed != 2 || p.Empty() {
		t.Errorf("recorded %v, changed %d times", got, changed)
	}
	if k.Focused() != p || p.Cursor() != desktop.CrosshairCursor {
		t.Errorf("focus on %T", k.Focused())
	}
	for _, at := range []image.Point{{100, 200}, {200, 200}, {400, 150}} { // both ends, and the dot
		if darkest(p, at.X, at.Y) < 250 {
			t.Errorf("no ink at %v", at)
		}
	}
	if darkest(p, 300, 150) > 0 || darkest(p, 150, 95) > 0 { // the curve rounds the corner
		t.Error("ink where nothing was drawn")
	}
	p.Lines()[0][0] = image.Pt(0, 0)
	if p.Lines()[0][0] != want[0][0] {
		t.Error("what was recorded can be changed from outside")
	}
}

// What is drawn while the line grows is what is drawn of it later.
func TestPadDrawsAlike(t *testing.T) {
	grown, later := NewPad(nil), NewPad(nil)
	padShown(t, grown)
	grown.picture(900, 300)
	draw := pen{grown}
	draw.MouseDown(draw.button(50, 150))
	for i := range 60 {
		draw.move(50+float32(i)*10, 150+80*float32(math.Sin(float64(i)/3)))
	}
	draw.MouseUp(draw.button(700, 150))
	padShown(t, later)
	later.SetLines(grown.Lines())
	if a, b := grown.picture(900, 300).(*image.RGBA), later.picture(900, 300).(*image.RGBA); !reflect.DeepEqual(a.Pix, b.Pix) {
		t.Error("the two differ")
	}
	if a := later.picture(450, 150); a.Bounds().Dx() != 450 || darkest(later, 50, 150) < 250 {
		t.Error("of another size it is not drawn")
	}
}

// The ink stays on the paper, also where the pointer leaves it.
func TestPadEdges(t *testing.T) {
	p := NewPad(nil)
	padShown(t, p)
	pen{p}.line([2]float32{10, 10}, [2]float32{-50, -50}, [2]float32{2000, 900})
	if got, want := p.Lines(), [][]image.Point{{{10, 10}, {0, 0}, {900, 300}}}; !reflect.DeepEqual(got, want) {
		t.Errorf("recorded %v", got)
	}
}

func TestPadKeys(t *testing.T) {
	changed := 0
	p := NewPad(func() { changed++ })
	p.SetName("签名")
	k := padShown(t, p)
	calls := bound(k.Canvas)
	k.FocusNext()
	k.play("BackSpace Delete " + everyKey)
	if changed != 0 || strings.Join(*calls, " ") != "primary primary back help region" || p.Name() != "签名" {
		t.Errorf("changed %d times, called %v", changed, *calls)
	}
	for range 4 {
		pen{p}.line([2]float32{10, 10}, [2]float32{50, 50})
	}
	k.play("BackSpace")
	if len(p.Lines()) != 3 || changed != 5 {
		t.Errorf("%d lines, changed %d times", len(p.Lines()), changed)
	}
	k.play("Delete")
	if !p.Empty() || changed != 6 || darkest(p, 10, 10) != 0 {
		t.Errorf("%d lines, changed %d times", len(p.Lines()), changed)
	}
}

// Other buttons draw nothing, and a second one during a line does not end it.
func TestPadButtons(t *testing.T) {
	p := NewPad(nil)
	padShown(t, p)
	draw := pen{p}
	other := draw.button(5, 5)
	other.Button = desktop.MouseButtonSecondary
	p.MouseDown(other)
	draw.move(9, 9)
	p.MouseUp(other)
	if !p.Empty() {
		t.Errorf("recorded %v", p.Lines())
	}
	p.MouseDown(draw.button(10, 10))
	p.MouseDown(other)
	p.MouseUp(other)
	draw.move(20, 20)
	p.MouseUp(draw.button(30, 30))
	if got := p.Lines(); len(got) != 1 || len(got[0]) != 3 {
		t.Errorf("recorded %v", got)
	}
}

// A line that ends beside the pad is a line, and the pad keeps the focus, which the
// driver takes away before it tells.
func TestPadEndsOutside(t *testing.T) {
	changed := 0
	p := NewPad(func() { changed++ })
	k := padShown(t, p)
	draw := pen{p}
	p.MouseDown(draw.button(10, 10))
	draw.move(20, 400)
	k.Unfocus()
	p.DragEnd()
	if got := p.Lines(); !reflect.DeepEqual(got, [][]image.Point{{{10, 10}, {20, 300}}}) || changed != 1 || k.Focused() != p {
		t.Errorf("recorded %v, changed %d times, focus on %T", got, changed, k.Focused())
	}
	p.MouseDown(draw.button(899, 10)) // let go beside the pad at once: nothing tells of it
	draw.line([2]float32{30, 30}, [2]float32{40, 40})
	if got := p.Lines(); len(got) != 3 || len(got[1]) != 1 || changed != 3 {
		t.Errorf("recorded %v, changed %d times", got, changed)
	}
}

// Whatever is drawn, or set, no bound is passed and no line loses its ends.
func TestPadBounds(t *testing.T) {
	p := NewPad(nil)
	padShown(t, p)
	long := func(n, y int) []image.Point {
		var out []image.Point
		for i := range n {
			out = append(out, image.Pt(i%PadWidth, (y+i/PadWidth)%PadHeight))
		}
		return out
	}
	check := func(name string, firsts ...image.Point) {
		t.Helper()
		total := 0
		for i, l := range p.Lines() {
			if total += len(l); i < len(firsts) && l[0] != firsts[i] {
				t.Errorf("%s: line %d begins at %v", name, i, l[0])
			}
		}
		if total > padPoints || len(p.lines) > padLines {
			t.Errorf("%s: %d lines, %d points", name, len(p.lines), total)
		}
	}
	p.SetLines([][]image.Point{long(4000, 0), nil, long(4000, 100), {{-5, 4000}}})
	check("set", image.Pt(0, 0), image.Pt(0, 100), image.Pt(0, PadHeight))
	if got := p.Lines(); len(got) != 3 || got[1][len(got[1])-1] != long(4000, 100)[3999] {
		t.Errorf("%d lines, or one without its end", len(got))
	}
	p.MouseDown(pen{p}.button(1, 1))
	for i := range 12000 {
		pen{p}.move(float32(i%900), float32(i/900*10))
	}
	p.MouseUp(pen{p}.button(877, 299))
	check("drawn")
	if last := p.lines[3]; last[len(last)-1] != image.Pt(877, 299) || last[0] != image.Pt(1, 1) {
		t.Errorf("from %v to %v", last[0], last[len(last)-1])
	}
	many := make([][]image.Point, 300)
	for i := range many {
		many[i] = long(40, i%PadHeight)
	}
	p.SetLines(many)
	check("many", many[0][0], many[1][0])
	pen{p}.line([2]float32{10, 10}, [2]float32{50, 50})
	check("one more")
}

func TestPadLooks(t *testing.T) {
	for name, contrast := range map[string]bool{"pad": false, "pad-contrast": true} {
		p := NewPad(nil)
		c := shown(t, skin.Normal, contrast, 400, 150, func() fyne.CanvasObject {
			p.SetHint("请在横线上签名")
			return container.NewBorder(nil, nil, nil, nil, p)
		})
		c.Focus(p)
		golden(t, c, name)
		pen{p}.line([2]float32{10, 10}, [2]float32{50, 50})
		if m := test.RenderToMarkup(c); strings.Contains(m, "签名") {
			t.Errorf("the hint stands over the ink:\n%s", m)
		}
	}
}

// What a movement of the pen takes, without the driver's part.
func BenchmarkPad(b *testing.B) {
	p := NewPad(nil)
	w := test.NewWindow(p)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(908, 400))
	p.picture(900, 300)
	draw := pen{p}
	p.MouseDown(draw.button(0, 0))
	i := 0
	for b.Loop() {
		i++
		draw.move(float32(i*7%900), float32(150+100*math.Sin(float64(i)/9)))
		p.picture(900, 300)
		if i%4000 == 0 {
			p.SetLines(nil)
			p.MouseDown(draw.button(0, 0))
		}
	}
	if len(p.Lines()) == 0 {
		b.Fatal(fmt.Sprint("nothing drawn after ", i))
	}
	w.Close()
}
