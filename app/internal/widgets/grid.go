package widgets

import (
	"math"
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/skin"
	"heyi/reports/layout"
)

// Align is where the text of a cell stands.
type Align int

// The places. AlignDecimal is for figures: their decimal points stand one under
// another, at the right; what is no figure stands at the right edge.
const (
	AlignLeft Align = iota
	AlignCentre
	AlignRight
	AlignDecimal
)

// GridCell is what stands in a cell. A tone draws its figure before the text, which
// must say the same in words. A text with a line break has its second line in a low
// voice, where rows have two lines.
type GridCell struct {
	Text  string
	Tone  Tone
	Bold  bool
	Align Align
}

// Grid is a table that is only read, of hundreds of rows or columns: it builds what
// can be seen. The head and the first column stay where they are while the rest
// scrolls.
//
// One cell is the current one; it has the ring while the grid has the focus. The
// arrow keys move it, PageUp and PageDown by what can be seen, Home and End to the
// ends of the row, Ctrl+Home and Ctrl+End to the first and the last cell. Enter,
// Space and a click choose it.
//
// The fields are set before the first Set.
type Grid struct {
	stand
	Lines  int       // lines of a row: 1, or 2 for texts that wrap once; 0 is 1
	Scale  float32   // how much larger than usual the type is, for reading from afar; 0 is 1
	Bound  float32   // what a column is wide at most, in characters; 0 is 16
	Widths []float32 // what columns are wide, in characters; 0 or none: as wide as their texts, within Bound
	Least  int       // how many rows are shown at least, where there are so many; 0 is 3

	chosen   func(row, col int)
	head     []GridCell
	rows     int
	cell     func(row, col int) GridCell
	row, col int

	plain, bold *ruler
	columns     []gridColumn
	headLines   int
	lineHigh    float32
	scroll      *gridScroll
	place       *canvas.Rectangle // where the current cell is, for reveal; it is not drawn
	body        *gridPane         // in scroll
	top         *gridPane         // the head
	side        *gridPane         // the first column
	corner      *gridPane         // the head of the first column
	pressed     bool
}

// gridColumn is where a column stands, in the body or, the first one, alone.
type gridColumn struct {
	at, width float32
	fraction  float32 // what the longest decimal fraction takes, point included
	natural   float32 // the width before it was bounded by the room there is
}

// NewGrid gives an empty grid. chosen is called with a cell that the user chooses;
// with nil the grid is only read.
func NewGrid(chosen func(row, col int)) *Grid {
	g := &Grid{chosen: chosen}
	g.body, g.top, g.side, g.corner = newGridPane(g), newGridPane(g), newGridPane(g), newGridPane(g)
	g.scroll, g.place = &gridScroll{grid: g}, canvas.NewRectangle(nil)
	g.scroll.Content = g.body
	g.scroll.OnScrolled = func(fyne.Position) { g.draw() }
	g.scroll.ExtendBaseWidget(g.scroll)
	g.extend(g)
	return g
}

// gridScroll is the scroll of a grid. A grid that shows all it has leaves the wheel
// to the scroll that it stands in, from which Fyne would take it.
type gridScroll struct {
	container.Scroll
	grid *Grid
}

// Scrolled scrolls what can be scrolled.
func (s *gridScroll) Scrolled(ev *fyne.ScrollEvent) {
	size, view := s.grid.whole(), s.Size()
	c := CanvasOf(s)
	if size.Width <= view.Width && size.Height <= view.Height && c != nil && c.Content() != nil {
		if around, _ := scrollAround(c.Content(), s.grid); around != nil {
			around.Scrolled(ev)
		}
		return
	}
	s.Scroll.Scrolled(ev)
}

// Set shows a table: a head, and so many rows of cells, which cell gives by row and
// column, often and at once. What can be seen and the current cell stay where they
// are, as far as the table reaches.
func (g *Grid) Set(head []GridCell, rows int, cell func(row, col int) GridCell) {
	g.head, g.rows, g.cell = head, rows, cell
	g.row, g.col = within(g.row, rows), within(g.col, len(head))
	g.plain = nil // measure anew
	g.Refresh()
}

// At gives the current cell.
func (g *Grid) At() (row, col int) { return g.row, g.col }

// GoTo makes a cell the current one, or the nearest there is, and scrolls to it.
func (g *Grid) GoTo(row, col int) {
	g.row, g.col = within(row, g.rows), within(col, len(g.head))
	if g.plain == nil || g.rows == 0 || len(g.head) == 0 {
		return
	}
	high, offset, view := g.rowHigh(), g.scroll.Offset, g.scroll.Size()
	view = view.Subtract(g.full(view).Subtract(g.whole()))
	offset.Y = show(offset.Y, view.Height, float32(g.row)*high, high)
	if g.col > 0 {
		c := g.columns[g.col]
		offset.X = show(offset.X, view.Width, c.at, c.width)
	}
	scrollTo(&g.scroll.Scroll, offset)
	g.draw()
	if g.focused {
		reveal(g.place)
	}
}

// FocusGained shows the focus. The grid itself does not scroll: it may have been
// scrolled by the wheel, and the focus may only be back from another window.
func (g *Grid) FocusGained() {
	g.focused = true
	g.Refresh()
	if at := g.place.Position(); at.Y >= g.headHigh() && at.Y+g.place.Size().Height <= g.Size().Height {
		reveal(g.place)
	} else {
		reveal(g)
	}
}

// held lets reveal find the current cell: a grid may be larger than what it stands
// in.
func (g *Grid) held() []fyne.CanvasObject { return []fyne.CanvasObject{g.place} }

// within gives the nearest of n indexes.
func within(i, n int) int { return max(0, min(i, n-1)) }

// TypedKey moves, chooses, or gives the key to the canvas.
func (g *Grid) TypedKey(ev *fyne.KeyEvent) {
	page := max(1, int(g.scroll.Size().Height/g.rowHigh())-1)
	switch ev.Name {
	case fyne.KeyUp:
		g.GoTo(g.row-1, g.col)
	case fyne.KeyDown:
		g.GoTo(g.row+1, g.col)
	case fyne.KeyLeft:
		g.GoTo(g.row, g.col-1)
	case fyne.KeyRight:
		g.GoTo(g.row, g.col+1)
	case fyne.KeyPageUp:
		g.GoTo(g.row-page, g.col)
	case fyne.KeyPageDown:
		g.GoTo(g.row+page, g.col)
	case fyne.KeyHome:
		g.GoTo(g.row, 0)
	case fyne.KeyEnd:
		g.GoTo(g.row, len(g.head))
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		g.choose()
	default:
		passKey(g, ev)
	}
}

// TypedShortcut goes to the ends, or gives the shortcut to the canvas.
func (g *Grid) TypedShortcut(s fyne.Shortcut) {
	if custom, ok := s.(*desktop.CustomShortcut); ok && custom.Modifier == fyne.KeyModifierShortcutDefault {
		switch custom.KeyName {
		case fyne.KeyHome:
			g.GoTo(0, 0)
			return
		case fyne.KeyEnd:
			g.GoTo(g.rows, len(g.head))
			return
		}
	}
	shortcutOn(g, s)
}

func (g *Grid) choose() {
	if g.chosen != nil && g.rows > 0 && len(g.head) > 0 {
		g.chosen(g.row, g.col)
	}
}

// MouseDown takes the focus and makes the cell under the pointer the current one. In
// Fyne 2.7.1 a click inside a scroll is lost when the pointer moves a little; the
// button's going down and up never is.
func (g *Grid) MouseDown(ev *desktop.MouseEvent) {
	row, col, ok := g.under(ev.Position) // before the focus comes, which may scroll what is around
	g.focus()
	if g.pressed = ok && ev.Button == desktop.MouseButtonPrimary; g.pressed {
		g.GoTo(row, col)
	}
}

// MouseUp chooses the cell that the button went down on, if the pointer is there
// still.
func (g *Grid) MouseUp(ev *desktop.MouseEvent) {
	row, col, ok := g.under(ev.Position)
	if was := g.pressed; was && ok && row == g.row && col == g.col {
		g.pressed = false
		g.choose()
	}
}

// under gives the cell at a place of the grid.
func (g *Grid) under(p fyne.Position) (row, col int, ok bool) {
	p = p.Subtract(g.scroll.Position())
	if g.plain == nil || p.Y < 0 || len(g.head) == 0 {
		return 0, 0, false
	}
	row = int((p.Y + g.scroll.Offset.Y) / g.rowHigh())
	if p.X >= 0 {
		x := p.X + g.scroll.Offset.X
		col = 1 + sort.Search(len(g.columns)-1, func(i int) bool { return g.columns[i+1].at+g.columns[i+1].width > x })
	}
	return row, col, row < g.rows && col < len(g.head)
}

// ruler measures text character by character: Fyne's own measure takes longer than
// a page of a large table has.
type ruler struct {
	size   float32
	style  fyne.TextStyle
	widths map[rune]float32
}

func newRuler(size float32, bold bool) *ruler {
	return &ruler{size, fyne.TextStyle{Bold: bold}, map[rune]float32{}}
}

func (r *ruler) rune(c rune) float32 {
	w, ok := r.widths[c]
	if !ok {
		w = fyne.MeasureText(string(c), r.size, r.style).Width
		r.widths[c] = w
	}
	return w
}

func (r *ruler) width(s string) float32 {
	var w float32
	for _, c := range s {
		w += r.rune(c)
	}
	return w
}

// cut gives a text that is no wider than so much, with an ellipsis where something
// is missing.
func (r *ruler) cut(s string, width float32) string {
	if r.width(s) <= width {
		return s
	}
	left := width - r.rune('…')
	for i, c := range s {
		if left -= r.rune(c); left < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// lines divides a text into at most so many lines, the last with an ellipsis where
// something is missing.
func (r *ruler) lines(s string, width float32, most int) []string {
	if r.width(s) <= width && !strings.Contains(s, "\n") {
		return []string{s}
	}
	var out []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		out = append(out, layout.Lines(paragraph, units(width), func(c rune) int { return units(r.rune(c)) })...)
	}
	if len(out) > most {
		out = append(out[:most-1], r.cut(strings.Join(out[most-1:], ""), width))
	}
	return out
}

func (g *Grid) ruler(bold bool) *ruler {
	if bold {
		return g.bold
	}
	return g.plain
}

func (g *Grid) scale() float32 {
	if g.Scale > 0 {
		return g.Scale
	}
	return 1
}

func (g *Grid) lines() int { return max(1, min(g.Lines, 2)) }

// pad is what stands free at either side of a cell.
func (g *Grid) pad() float32 { return theme.InnerPadding() * g.scale() }

// figure is what the figure of a tone takes, with the space after it.
func (g *Grid) figure() float32 { return shapeSize()*g.scale() + theme.Padding()*g.scale() }

func (g *Grid) rowHigh() float32 {
	return max(theme.Size(skin.SizeRow)*g.scale(), float32(g.lines())*g.lineHigh+2*theme.Padding())
}

func (g *Grid) headHigh() float32 {
	return max(theme.Size(skin.SizeRow)*g.scale(), float32(g.headLines)*g.lineHigh+2*theme.Padding())
}

// figureAt divides a figure before its decimal point, if it is one.
func figureAt(s string) (whole, fraction string, ok bool) {
	if s == "" || !strings.ContainsRune("+-−0123456789", []rune(s)[0]) {
		return s, "", false
	}
	i := strings.IndexByte(s, '.')
	if i < 0 {
		i = len(s)
	}
	return s[:i], s[i:], true
}

// measure finds the widths of the columns and the height of lines and head, unless
// they are known for this size of type.
func (g *Grid) measure() {
	size := theme.TextSize() * g.scale()
	if g.plain != nil && g.plain.size == size {
		return
	}
	g.plain, g.bold = newRuler(size, false), newRuler(size, true)
	em := g.plain.rune('合')
	g.lineHigh = fyne.MeasureText("合", size, fyne.TextStyle{}).Height
	bound := g.Bound
	if bound <= 0 {
		bound = 16
	}
	g.columns, g.headLines = make([]gridColumn, len(g.head)), 1
	for i, head := range g.head {
		c := &g.columns[i]
		var most, whole float32
		for row := range g.rows {
			cell := g.cell(row, i)
			r, extra := g.ruler(cell.Bold), float32(0)
			if cell.Tone != ToneNone {
				extra = g.figure()
			}
			if w, f, ok := figureAt(cell.Text); ok && cell.Align == AlignDecimal {
				whole, c.fraction = max(whole, r.width(w)+extra), max(c.fraction, r.width(f))
				continue
			}
			for line := range strings.SplitSeq(cell.Text, "\n") {
				most = max(most, r.width(line)+extra)
			}
		}
		most = max(most, whole+c.fraction, 2*em)
		// A head may stand on two lines, but a name is not torn apart.
		h := g.bold.width(head.Text)
		most = max(most, min(h, max(h/2+em, 6*em)))
		width := min(most, bound*em)
		if i < len(g.Widths) && g.Widths[i] > 0 {
			width = g.Widths[i] * em
		}
		c.natural = float32(math.Ceil(float64(width + 2*g.pad())))
	}
}

// arrange places the columns. The first one, which stays, leaves at least half of
// the room to the others.
func (g *Grid) arrange(width float32) {
	g.measure()
	var at float32
	g.headLines = 1
	for i := range g.columns {
		c := &g.columns[i]
		c.width = c.natural
		if i == 0 {
			if len(g.columns) > 1 && width > 0 {
				c.width = min(c.natural, width/2)
			}
		} else {
			c.at = at
			at += c.width
		}
		g.headLines = max(g.headLines, len(g.bold.lines(g.head[i].Text, c.width-2*g.pad()+1, 3)))
	}
}

// firstWide is the width of the first column.
func (g *Grid) firstWide() float32 {
	if len(g.columns) == 0 {
		return 0
	}
	return g.columns[0].width
}

// full is the size of the body with the room that the bars of the scroll take, which
// Fyne lays over what is scrolled.
func (g *Grid) full(view fyne.Size) fyne.Size {
	size, bar := g.whole(), 2*theme.Size(theme.SizeNameScrollBarSmall)
	wide, high := size.Width > view.Width, size.Height > view.Height
	if wide {
		size.Height += bar
	}
	if high {
		size.Width += bar
	}
	return size
}

// whole is the size of the body, all of it.
func (g *Grid) whole() fyne.Size {
	size := fyne.NewSize(0, float32(g.rows)*g.rowHigh())
	if n := len(g.columns); n > 1 {
		size.Width = g.columns[n-1].at + g.columns[n-1].width
	}
	return size
}

// draw puts into the panes what can be seen now.
func (g *Grid) draw() {
	if g.plain == nil {
		return
	}
	offset, view, high := g.scroll.Offset, g.scroll.Size(), g.rowHigh()
	from := max(0, int(offset.Y/high))
	to := min(g.rows, int(math.Ceil(float64((offset.Y+view.Height)/high))))
	n := len(g.columns)
	left := 1 + sort.Search(max(0, n-1), func(i int) bool { return g.columns[i+1].at+g.columns[i+1].width > offset.X })
	right := 1 + sort.Search(max(0, n-1), func(i int) bool { return g.columns[i+1].at >= offset.X+view.Width })
	wide := max(view.Width, g.full(view).Width)

	for _, p := range []*gridPane{g.body, g.side, g.top, g.corner} {
		p.begin()
	}
	if n > 0 && g.rows > 0 {
		at := fyne.NewPos(0, g.headHigh()+float32(g.row)*high-offset.Y)
		if g.col > 0 {
			at.X = g.firstWide() + g.columns[g.col].at - offset.X
		}
		g.place.Move(at)
		g.place.Resize(fyne.NewSize(g.columns[g.col].width, high))
	}
	current := g.focused && g.row >= from && g.row < to
	if current {
		y := float32(g.row) * high
		g.body.rectangle(fyne.NewPos(0, y), fyne.NewSize(wide, high), theme.ColorNameSelection)
		g.side.rectangle(fyne.NewPos(0, y-offset.Y), fyne.NewSize(g.firstWide(), high), theme.ColorNameSelection)
	}
	for row := from; row < to; row++ {
		y := float32(row) * high
		for col := left; col < right; col++ {
			g.body.cell(g.cell(row, col), g.columns[col], g.columns[col].at, y, high, g.lines())
		}
		g.body.rectangle(fyne.NewPos(0, y+high-1), fyne.NewSize(wide, 1), skin.Hairline)
		if n > 0 {
			g.side.cell(g.cell(row, 0), g.columns[0], 0, y-offset.Y, high, g.lines())
			g.side.rectangle(fyne.NewPos(0, y-offset.Y+high-1), fyne.NewSize(g.firstWide(), 1), skin.Hairline)
		}
	}
	for col := range n {
		pane, x := g.corner, float32(0)
		if col > 0 {
			if pane, x = g.top, g.columns[col].at-offset.X; col < left || col >= right {
				continue
			}
		}
		head := g.head[col]
		head.Bold = true
		pane.cell(head, g.columns[col], x, 0, g.headHigh(), g.headLines)
	}
	if current && n > 0 {
		pane, at := g.body, fyne.NewPos(g.columns[g.col].at, float32(g.row)*high)
		if g.col == 0 {
			pane, at = g.side, fyne.NewPos(0, at.Y-offset.Y)
		}
		pane.ringed(at, fyne.NewSize(g.columns[g.col].width, high))
	}
	for _, p := range []*gridPane{g.body, g.side, g.top, g.corner} {
		canvas.Refresh(p)
	}
}

// gridPane draws cells. What it draws is used again for the next.
type gridPane struct {
	widget.BaseWidget
	grid       *Grid
	objects    []fyne.CanvasObject
	texts      []*canvas.Text
	rectangles []*canvas.Rectangle
	usedTexts  int
	usedRects  int
	ring       *canvas.Rectangle
}

func newGridPane(g *Grid) *gridPane {
	p := &gridPane{grid: g, ring: newRing()}
	p.ExtendBaseWidget(p)
	return p
}

func (p *gridPane) begin() { p.objects, p.usedTexts, p.usedRects = p.objects[:0], 0, 0 }

func (p *gridPane) rectangle(at fyne.Position, size fyne.Size, color fyne.ThemeColorName) {
	if p.usedRects == len(p.rectangles) {
		p.rectangles = append(p.rectangles, canvas.NewRectangle(nil))
	}
	r := p.rectangles[p.usedRects]
	p.usedRects++
	r.FillColor = theme.Color(color)
	r.Move(at)
	r.Resize(size)
	p.objects = append(p.objects, r)
}

func (p *gridPane) ringed(at fyne.Position, size fyne.Size) {
	refreshRing(p.ring, true)
	layoutRing(p.ring, size)
	p.ring.Move(p.ring.Position().Add(at))
	p.objects = append(p.objects, p.ring)
}

func (p *gridPane) text(s string, r *ruler, color fyne.ThemeColorName, at fyne.Position) {
	if p.usedTexts == len(p.texts) {
		p.texts = append(p.texts, canvas.NewText("", nil))
	}
	t := p.texts[p.usedTexts]
	p.usedTexts++
	t.Text, t.TextSize, t.TextStyle, t.Color = s, r.size, r.style, theme.Color(color)
	t.Move(at)
	t.Resize(fyne.NewSize(r.width(s), p.grid.lineHigh))
	p.objects = append(p.objects, t)
}

// cell draws a cell at a place of the pane, on at most so many lines.
func (p *gridPane) cell(cell GridCell, c gridColumn, x, y, high float32, most int) {
	g := p.grid
	if cell.Text == "" && cell.Tone == ToneNone {
		return
	}
	r := g.ruler(cell.Bold)
	room, extra := c.width-2*g.pad(), float32(0)
	if cell.Tone != ToneNone {
		extra = g.figure()
	}
	var lines []string
	if most == 1 {
		lines = []string{r.cut(strings.ReplaceAll(cell.Text, "\n", " "), room-extra+1)}
	} else {
		lines = r.lines(cell.Text, room-extra+1, most)
	}
	_, low, broken := strings.Cut(cell.Text, "\n")
	top := y + (high-float32(len(lines))*g.lineHigh)/2
	for i, line := range lines {
		width := r.width(line) + extra
		at := x + g.pad()
		switch cell.Align {
		case AlignCentre:
			at += (room - width) / 2
		case AlignRight:
			at += room - width
		case AlignDecimal:
			at += room - width
			if whole, _, ok := figureAt(line); ok {
				at = x + g.pad() + room - c.fraction - r.width(whole) - extra
			}
		}
		if i == 0 && extra > 0 {
			figure, color, _ := cell.Tone.looks()
			side := shapeSize() * g.scale()
			o := newShape(figure, color)
			o.Resize(fyne.NewSquareSize(side))
			o.Move(fyne.NewPos(at, top+(g.lineHigh-side)/2))
			p.objects = append(p.objects, o)
		}
		color := theme.ColorNameForeground
		if i > 0 && broken && low != "" {
			color = skin.TextMuted
		}
		p.text(line, r, color, fyne.NewPos(at+extra, top+float32(i)*g.lineHigh))
	}
}

// CreateRenderer is for Fyne.
func (p *gridPane) CreateRenderer() fyne.WidgetRenderer {
	if p == p.grid.body {
		return &gridPaneRenderer{p}
	}
	return &clippedPaneRenderer{gridPaneRenderer{p}}
}

type gridPaneRenderer struct{ pane *gridPane }

func (r *gridPaneRenderer) MinSize() fyne.Size {
	if r.pane == r.pane.grid.body {
		return r.pane.grid.full(r.pane.grid.scroll.Size())
	}
	return fyne.Size{}
}

func (r *gridPaneRenderer) Layout(fyne.Size) {}

func (r *gridPaneRenderer) Refresh() {}

func (r *gridPaneRenderer) Objects() []fyne.CanvasObject { return r.pane.objects }

func (r *gridPaneRenderer) Destroy() {}

// clippedPaneRenderer tells Fyne to draw nothing outside the pane. (The body is in a
// scroll, which does that.)
type clippedPaneRenderer struct{ gridPaneRenderer }

// IsClip is for Fyne.
func (r *clippedPaneRenderer) IsClip() {}

// CreateRenderer is for Fyne.
func (g *Grid) CreateRenderer() fyne.WidgetRenderer {
	r := &gridRenderer{
		grid: g, ground: canvas.NewRectangle(nil), head: canvas.NewRectangle(nil),
		under: canvas.NewRectangle(nil), beside: canvas.NewRectangle(nil), ring: newRing(),
	}
	r.Refresh()
	return r
}

type gridRenderer struct {
	grid          *Grid
	ground, head  *canvas.Rectangle
	under, beside *canvas.Rectangle // lines under the head and beside the first column
	ring          *canvas.Rectangle // where there is no cell to have one
}

func (r *gridRenderer) MinSize() fyne.Size {
	g := r.grid
	g.measure()
	if len(g.columns) > 0 && g.columns[0].width == 0 {
		g.arrange(g.Size().Width)
	}
	least := g.Least
	if least <= 0 {
		least = 3
	}
	whole := g.whole()
	bar := 2 * theme.Size(theme.SizeNameScrollBarSmall)
	return fyne.NewSize(
		g.firstWide()+min(whole.Width, 8*theme.TextSize()*g.scale()),
		g.headHigh()+float32(max(1, min(least, g.rows)))*g.rowHigh()+bar)
}

func (r *gridRenderer) Layout(size fyne.Size) {
	g := r.grid
	g.arrange(size.Width)
	first, head := g.firstWide(), g.headHigh()
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(max(0, w), max(0, h)))
	}
	put(r.ground, 0, 0, size.Width, size.Height)
	put(r.head, 0, 0, size.Width, head)
	put(r.under, 0, head-1, size.Width, 1)
	put(r.beside, first-1, 0, 1, size.Height)
	put(g.corner, 0, 0, first, head)
	put(g.top, first, 0, size.Width-first, head)
	put(g.side, 0, head, first, size.Height-head)
	put(g.scroll, first, head, size.Width-first, size.Height-head)
	layoutRing(r.ring, size)
	g.draw()
}

func (r *gridRenderer) Refresh() {
	g := r.grid
	r.ground.FillColor, r.head.FillColor = theme.Color(skin.ColorSheet), theme.Color(theme.ColorNameHeaderBackground)
	r.under.FillColor, r.beside.FillColor = theme.Color(theme.ColorNameInputBorder), theme.Color(skin.Hairline)
	r.beside.Hidden = len(g.head) < 2
	r.Layout(g.Size())
	g.scroll.Refresh() // the body may have another size now
	refreshRing(r.ring, g.focused && (g.rows == 0 || len(g.head) == 0))
	canvas.Refresh(g)
}

func (r *gridRenderer) Objects() []fyne.CanvasObject {
	g := r.grid
	return []fyne.CanvasObject{r.ground, r.head, g.side, g.scroll, g.corner, g.top, r.under, r.beside, r.ring}
}

func (r *gridRenderer) Destroy() {}
