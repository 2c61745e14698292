package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"heyi/app/internal/skin"
)

// matrix fills a grid with so many rows and columns; a cell says where it stands.
func matrix(g *Grid, rows, columns int) {
	head := make([]GridCell, columns)
	for i := range head {
		head[i] = GridCell{Text: fmt.Sprint("列", i)}
	}
	g.Set(head, rows, func(row, col int) GridCell { return GridCell{Text: fmt.Sprintf("%d/%d", row, col)} })
}

// gridShown gives a canvas with a grid of so many rows and columns.
func gridShown(t *testing.T, g *Grid, rows, columns int) keyboard {
	t.Helper()
	return keyboard{shown(t, skin.Normal, false, 600, 400, func() fyne.CanvasObject {
		matrix(g, rows, columns)
		return g
	})}
}

// textsOf gives what a pane shows.
func textsOf(p *gridPane) map[string]*canvas.Text {
	out := map[string]*canvas.Text{}
	for _, o := range p.objects {
		if t, ok := o.(*canvas.Text); ok {
			out[t.Text] = t
		}
	}
	return out
}

func TestGridKeys(t *testing.T) {
	g := NewGrid(nil)
	g.SetName("总表")
	k := gridShown(t, g, 200, 27)
	k.FocusNext()
	if k.Focused() != g || g.Name() != "总表" {
		t.Fatalf("focus on %T", k.Focused())
	}
	page := int(g.scroll.Size().Height/g.rowHigh()) - 1
	for _, step := range []struct {
		keys     string
		row, col int
	}{
		{"Up Left", 0, 0},
		{"Down Down Right", 2, 1},
		{"End", 2, 26},
		{"Right", 2, 26},
		{"Home", 2, 0},
		{"Next", 2 + page, 0},
		{"Prior", 2, 0},
		{"Prior", 0, 0},
		{"Ctrl+End", 199, 26},
		{"Down Next", 199, 26},
		{"Left Up", 198, 25},
		{"Ctrl+Home", 0, 0},
	} {
		k.play(step.keys)
		if row, col := g.At(); row != step.row || col != step.col {
			t.Errorf("after %s at %d, %d, want %d, %d", step.keys, row, col, step.row, step.col)
		}
		pane, at := g.body, g.scroll.Offset
		if step.col == 0 {
			pane, at = g.side, fyne.Position{}
		}
		p := pane.ring.Position().Subtract(at)
		if !slices.Contains(pane.objects, fyne.CanvasObject(pane.ring)) || p.Y < 0 || p.Y+pane.ring.Size().Height > g.scroll.Size().Height ||
			p.X < 0 || step.col > 0 && p.X+pane.ring.Size().Width > g.scroll.Size().Width {
			t.Errorf("after %s the ring stands at %v", step.keys, p)
		}
	}
	k.Unfocus()
	for _, p := range []*gridPane{g.body, g.side} {
		if slices.Contains(p.objects, fyne.CanvasObject(p.ring)) {
			t.Error("a ring without the focus")
		}
	}
}

func TestGridChooses(t *testing.T) {
	var got [][2]int
	g := NewGrid(func(row, col int) { got = append(got, [2]int{row, col}) })
	k := gridShown(t, g, 200, 27)
	k.Focus(g)
	k.play("Down Right Return Space KP_Enter")
	k.Unfocus()
	// The cell in the third row and column from the left of what is scrolled.
	scrollTo(&g.scroll.Scroll, fyne.NewPos(g.columns[5].at, 50*g.rowHigh()))
	mouse := func(x, y float32, button desktop.MouseButton) *desktop.MouseEvent {
		return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Button: button}
	}
	x, y := g.firstWide()+g.columns[5].width+3, g.headHigh()+2*g.rowHigh()+3
	g.MouseDown(mouse(x, y, desktop.MouseButtonPrimary))
	g.MouseUp(mouse(x+3, y+3, desktop.MouseButtonPrimary))
	g.MouseDown(mouse(5, y, desktop.MouseButtonPrimary)) // in the first column
	g.MouseUp(mouse(5, y, desktop.MouseButtonPrimary))
	want := [][2]int{{1, 1}, {1, 1}, {1, 1}, {52, 6}, {52, 0}}
	if !slices.Equal(got, want) || k.Focused() != g {
		t.Errorf("chose %v, want %v, focus on %T", got, want, k.Focused())
	}
	for _, away := range [][2]float32{{x + 200, y}, {x, 5}} { // let go elsewhere, or on the head
		g.MouseDown(mouse(x, y, desktop.MouseButtonPrimary))
		g.MouseUp(mouse(away[0], away[1], desktop.MouseButtonPrimary))
	}
	g.MouseDown(mouse(x, 5, desktop.MouseButtonPrimary))
	g.MouseUp(mouse(x, 5, desktop.MouseButtonPrimary))
	g.MouseDown(mouse(x, y, desktop.MouseButtonSecondary))
	g.MouseUp(mouse(x, y, desktop.MouseButtonSecondary))
	if len(got) != len(want) {
		t.Errorf("chose %v", got[len(want):])
	}
}

func TestGridPassesKeys(t *testing.T) {
	g := NewGrid(nil)
	k := gridShown(t, g, 3, 3)
	calls := bound(k.Canvas)
	k.Focus(g)
	k.play("Return Space " + everyKey)
	if got := strings.Join(*calls, " "); got != "primary primary back help region" {
		t.Error(got)
	}
}

// Of a large table no more is built than can be seen, wherever one is in it.
func TestGridBuildsWhatIsSeen(t *testing.T) {
	for _, size := range [][2]int{{200, 27}, {25, 200}} {
		g := NewGrid(nil)
		k := gridShown(t, g, size[0], size[1])
		k.Focus(g)
		for _, keys := range []string{"Home", "Ctrl+End", "Prior Left"} {
			k.play(keys)
			if n := len(g.body.objects) + len(g.side.objects) + len(g.top.objects); n > 300 {
				t.Errorf("%v, after %s: %d objects", size, keys, n)
			}
			row, col := g.At()
			if col > 0 && textsOf(g.body)[fmt.Sprintf("%d/%d", row, col)] == nil {
				t.Errorf("%v, after %s: the current cell is not drawn", size, keys)
			}
		}
	}
}

// Head and first column stay, in line with what is scrolled.
func TestGridStays(t *testing.T) {
	g := NewGrid(nil)
	k := gridShown(t, g, 200, 27)
	k.Focus(g)
	g.GoTo(100, 13)
	body, side, top := textsOf(g.body), textsOf(g.side), textsOf(g.top)
	cell, row, col := body["100/13"], side["100/0"], top["列13"]
	if cell == nil || row == nil || col == nil || textsOf(g.corner)["列0"] == nil {
		t.Fatalf("cell %v, its row %v, its column %v", cell, row, col)
	}
	at := cell.Position().Subtract(g.scroll.Offset)
	if row.Position().Y != at.Y || col.Position().X != at.X {
		t.Errorf("cell at %v, its row at %v, its column at %v", at, row.Position().Y, col.Position().X)
	}
}

// Set again, a grid keeps its place, as far as it still reaches.
func TestGridSetAgain(t *testing.T) {
	g := NewGrid(nil)
	gridShown(t, g, 200, 27)
	g.GoTo(150, 20)
	was := g.scroll.Offset
	matrix(g, 200, 27)
	if row, col := g.At(); row != 150 || col != 20 || g.scroll.Offset != was {
		t.Errorf("at %d, %d, scrolled by %v", row, col, g.scroll.Offset)
	}
	matrix(g, 20, 3)
	if row, col := g.At(); row != 19 || col != 2 || textsOf(g.body)["19/2"] == nil {
		t.Errorf("of less at %d, %d, shown %v", row, col, textsOf(g.body))
	}
}

func TestGridOfNothing(t *testing.T) {
	g := NewGrid(func(int, int) { t.Error("chosen") })
	k := keyboard{shown(t, skin.Normal, false, 600, 400, func() fyne.CanvasObject { return g })}
	k.Focus(g)
	const every = "Down Up Left Right Home End Next Prior Ctrl+Home Ctrl+End Return Space"
	k.play(every)
	g.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	g.MouseUp(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	matrix(g, 0, 3)
	k.play(every)
	if m := test.RenderToMarkup(k.Canvas); !strings.Contains(m, "列2") || !strings.Contains(m, `strokeWidth="2"`) {
		t.Errorf("no head, or no ring:\n%s", m)
	}
	matrix(g, 5, 1)
	k.play("Down Right")
	if row, col := g.At(); row != 1 || col != 0 {
		t.Errorf("at %d, %d", row, col)
	}
}

// A grid that shows all it has, in something that scrolls: the wheel scrolls that,
// and the current cell can be seen.
func TestGridInReading(t *testing.T) {
	whole, part := NewGrid(nil), NewGrid(nil)
	whole.Least = 100
	r := NewReading(container.NewVBox(NewLine(), whole, part))
	k := keyboard{shown(t, skin.Normal, false, 600, 400, func() fyne.CanvasObject {
		matrix(whole, 60, 3)
		matrix(part, 60, 3)
		return r
	})}
	wheel := func(g *Grid) { g.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -50)}) }
	wheel(whole)
	wheel(part)
	if r.scroll.Offset.Y != 50 || part.scroll.Offset.Y != 50 || whole.scroll.Offset.Y != 0 {
		t.Errorf("scrolled by %v, %v, %v", r.scroll.Offset, whole.scroll.Offset, part.scroll.Offset)
	}
	k.Focus(whole)
	for _, keys := range []string{"Home", "Ctrl+End", "Up", "Ctrl+Home", "Next Next Right"} {
		k.play(keys)
		top := whole.Position().Y + whole.place.Position().Y - r.scroll.Offset.Y
		if top < 0 || top+whole.place.Size().Height > r.scroll.Size().Height {
			t.Errorf("after %s the current cell stands at %v of %v", keys, top, r.scroll.Size().Height)
		}
	}
	k.Unfocus()
	was := r.scroll.Offset
	if k.Focus(whole); r.scroll.Offset != was {
		t.Errorf("the focus comes back and %v becomes %v", was, r.scroll.Offset)
	}
	part.scroll.ScrollToOffset(fyne.NewPos(0, 900))
	if k.Focus(part); part.scroll.Offset.Y != 900 {
		t.Errorf("the focus comes and scrolls to %v", part.scroll.Offset.Y)
	}
	alone := NewGrid(nil)
	gridShown(t, alone, 2, 2)
	wheel(alone) // with nothing around it
}

// Decimal points stand one under another; what is no figure stands at the edge.
func TestGridDecimals(t *testing.T) {
	figures := []string{"92.5", "100", "8.25", "未评", "-3.125"}
	g := NewGrid(nil)
	shown(t, skin.Normal, false, 600, 400, func() fyne.CanvasObject {
		g.Set([]GridCell{{Text: "指标"}, {Text: "得分", Align: AlignRight}}, len(figures), func(row, col int) GridCell {
			if col == 0 {
				return GridCell{Text: "甲"}
			}
			return GridCell{Text: figures[row], Align: AlignDecimal}
		})
		return g
	})
	var points []float32
	for _, s := range figures {
		o := textsOf(g.body)[s]
		whole, _, ok := figureAt(s)
		if ok {
			points = append(points, o.Position().X+g.plain.width(whole))
		} else if right := o.Position().X + g.plain.width(s); right > g.columns[1].width-g.pad()+0.1 || right < g.columns[1].width-g.pad()-0.1 {
			t.Errorf("%s ends at %v of %v", s, right, g.columns[1].width)
		}
	}
	for _, p := range points {
		if p < points[0]-0.1 || p > points[0]+0.1 {
			t.Errorf("points at %v", points)
		}
	}
}

func TestGridCuts(t *testing.T) {
	shown(t, skin.Normal, false, 100, 100, column(NewLine()))
	r := newRuler(15, false)
	long := "系统总体架构与安全等级保护要求的符合程度"
	for width := float32(20); width < r.width(long)+20; width += 7 {
		got := r.cut(long, width)
		if r.width(got) > width || got != long && !strings.HasSuffix(got, "…") {
			t.Errorf("%v: %q is %v wide", width, got, r.width(got))
		}
		lines := r.lines(long, max(width, 40), 2)
		for _, l := range lines {
			if w := fyne.MeasureText(l, 15, fyne.TextStyle{}).Width; w > max(width, 40)+2 {
				t.Errorf("%v: %q is %v wide", width, l, w)
			}
		}
		if joined := strings.Join(lines, ""); len(lines) > 2 || !strings.HasSuffix(joined, "…") && joined != long {
			t.Errorf("%v: %q", width, lines)
		}
	}
}

// Columns are as wide as given, or as their texts, within a bound.
func TestGridWidths(t *testing.T) {
	g := NewGrid(nil)
	g.Bound, g.Widths = 10, []float32{0, 0, 20, 0}
	texts := []string{"甲", strings.Repeat("长", 30), "乙", "丙丁戊己"}
	shown(t, skin.Normal, false, 900, 400, func() fyne.CanvasObject {
		g.Set(make([]GridCell, 4), 1, func(_, col int) GridCell { return GridCell{Text: texts[col]} })
		return g
	})
	for i, ems := range []float32{2, 10, 20, 4} {
		if got, want := g.columns[i].width, ems*15+2*g.pad(); got < want || got > want+2 {
			t.Errorf("column %d is %v wide, want %v", i, got, want)
		}
	}
}

// The picture at the usual size and the largest, with every tone.
func TestGridLooks(t *testing.T) {
	for name, contrast := range map[string]bool{"grid": false, "grid-contrast": true} {
		g := NewGrid(nil)
		g.Lines = 2
		c := shown(t, skin.Normal, contrast, 420, 260, func() fyne.CanvasObject {
			g.Set([]GridCell{{Text: "席位"}, {Text: "状态"}, {Text: "得分", Align: AlignRight}, {Text: "技术方案合理性与可行性", Align: AlignCentre}}, 4, func(row, col int) GridCell {
				switch col {
				case 0:
					return GridCell{Text: "专家 " + fmt.Sprint(row+1) + "\n在场"}
				case 1:
					tones := []Tone{ToneNone, ToneBusy, ToneDone, ToneError}
					return GridCell{Text: []string{"缺席", "未提交", "已提交", "有异议"}[row], Tone: tones[row]}
				case 2:
					return GridCell{Text: []string{"92.5", "8", "", "100"}[row], Align: AlignDecimal, Bold: row == 0}
				}
				return GridCell{Text: "是", Align: AlignCentre}
			})
			return g
		})
		c.Focus(g)
		g.GoTo(1, 1)
		golden(t, c, name)
	}
}

// What a board takes to be there, and to be scrolled by a page. The budget of the
// window is 200 ms for the first.
func BenchmarkGrid(b *testing.B) {
	for _, size := range [][2]int{{200, 27}, {25, 200}, {200, 25}} {
		build := func() (*Grid, fyne.Window) {
			g := NewGrid(nil)
			g.Set(make([]GridCell, size[1]), size[0], func(row, col int) GridCell {
				return GridCell{Text: fmt.Sprintf("%d.%d", 60+(row*7+col*13)%40, (row+col)%100), Align: AlignDecimal}
			})
			w := test.NewWindow(g)
			w.SetPadded(false)
			w.Resize(fyne.NewSize(1180, 600))
			return g, w
		}
		b.Run(fmt.Sprintf("%dx%d/build", size[0], size[1]), func(b *testing.B) {
			for b.Loop() {
				_, w := build()
				w.Close()
			}
		})
		b.Run(fmt.Sprintf("%dx%d/paint", size[0], size[1]), func(b *testing.B) {
			for b.Loop() {
				_, w := build()
				w.Canvas().Capture()
				w.Close()
			}
		})
		b.Run(fmt.Sprintf("%dx%d/page", size[0], size[1]), func(b *testing.B) {
			g, w := build()
			for b.Loop() {
				if row, _ := g.At(); row == size[0]-1 {
					g.GoTo(0, 0)
				}
				g.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
			}
			w.Close()
		})
	}
}
