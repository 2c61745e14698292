package layout

import (
	"slices"
	"strings"
)

// The measures of tables, in ems of their type.
const (
	rowPitch  = 1.45 // from line to line
	rowInset  = 0.35 // above and below the lines of a cell
	sideInset = 0.35 // between a rule and text
	frame     = 1.0  // points: the rule around a table
)

// grid is a table being set: every place of it has a cell. The head's rows come
// first.
type grid struct {
	places  [][]*gridCell // by row and column
	head    int           // rows that stand on every page
	cont    []Span        // what stands above the table where it goes on, as 表1（续）
	columns []columnPlan
	sheet   *sheet
	size    float64
	widths  []float64 // of the columns, in thousandths of an em
	x       []float64 // of the rules between columns, and of the outer ones
	height  []float64 // by row: undivided
	joined  []int     // by row: the last of those that cells join it with
	signed  []int     // by row: the last of those that cells to be signed join it with; -1 if it has none
	strike  bool      // empty cells are struck through
	follows bool      // a table on a turned page, and stays there
	largest float64   // size of type
}

// gridCell is a cell, over all places that it covers.
type gridCell struct {
	row, col, rows, cols int
	label                bool // of the head
	given                Cell
	part                 bool      // of a table divided by columns, one has it already
	text                 [][]glyph // by paragraph
	lines                [][]Span
	next                 int // the line to be printed next
}

func (c *gridCell) lastRow() int { return c.row + c.rows - 1 }

// signs tells whether the cell is to be signed.
func (c *gridCell) signs() bool { return !c.label && (c.given.Field != "" || c.given.Sign) }

// least gives the least height of the cell, in points.
func (c *gridCell) least() float64 {
	if c.signs() {
		return signLeast
	}
	return 0
}

// natural gives the width of the widest paragraph.
func (c *gridCell) natural() int {
	w := 0
	for _, p := range c.text {
		w = max(w, width(trimLine(p)))
	}
	return w
}

func (t Table) set(s *setter) {
	parts := s.grids[0]
	s.grids = s.grids[1:]
	number := continued(t.Title)
	if t.Whole {
		s.keep(s.before(wholeLines))
	}
	for i, g := range parts {
		s.space(pitch / 2)
		from := len(s.items)
		s.items[from-1].keep = from > 1 && s.items[from-2].keep
		title := t.Title
		switch {
		case i > 0 && number != "":
			title = number
		case i > 0 && title != "":
			title += "（续）"
		}
		s.text(smallPitch, s.lines(Hei, smallSize, g.sheet.area(), centred, title))
		s.text(finePitch, s.lines(Song, fineSize, g.sheet.area(), flushRight, t.Unit))
		g.set()
		if number != "" {
			g.cont = s.lines(Hei, smallSize, g.sheet.area(), centred, number)[0]
		}
		least := g.least()
		if all := g.total(0, len(g.height)-1); t.Whole && all <= g.sheet.areaDepth-(wholeLines+1)*pitch {
			least = all
		}
		s.add(item{height: least, table: g})
		if i == len(parts)-1 {
			s.text(finePitch, s.lines(Song, fineSize, g.sheet.area(), justified, t.Note))
		}
		s.bind(from)
		s.space(pitch / 2)
	}
}

// divide gives the parts of a table that is too wide for a page.
func (t Table) divide(s *setter, g *grid) []*grid {
	demands := g.demands(divided)
	room := divided.sheet.areaWidth * 1000 / divided.size
	stub := min(max(t.Stub, 0), len(demands)-1)
	least := func(from, to int) float64 {
		return sum(demands[from:to], func(d demand) float64 { return d.least })
	}
	if least(0, stub) > room/2 {
		stub = 0
	}
	cut := func(most int) (parts [][2]int) {
		for from := stub; from < len(demands); {
			to := from + 1
			for to < len(demands) && to-from < most && least(0, stub)+least(from, to+1) <= room {
				to++
			}
			parts = append(parts, [2]int{from, to})
			from = to
		}
		return parts
	}
	ranges := cut(len(demands))
	even := (len(demands) - stub + len(ranges) - 1) / len(ranges)
	var parts []*grid
	for _, r := range cut(even) {
		part := t.columns(g, stub, r[0], r[1]).grid(s)
		part.take(divided)
		parts = append(parts, part)
	}
	return parts
}

// columns gives a table of nothing but the stub and the columns of a range.
func (t Table) columns(g *grid, stub, from, to int) Table {
	out := Table{Strike: t.Strike, Small: t.Small}
	chosen := func(at int) bool { return at < stub || at >= from && at < to }
	for at := range g.columns {
		if chosen(at) && at < len(t.Columns) {
			out.Columns = append(out.Columns, t.Columns[at])
		}
	}
	for r, places := range g.places {
		var row []Cell
		for at, c := range places {
			switch {
			case !chosen(at) || c.row != r:
			case at > 0 && chosen(at-1) && places[at-1] == c:
				row[len(row)-1].Cols++
			default:
				cell := c.given
				cell.Cols, cell.Rows = 1, c.rows
				if c.part && c.signs() { // one signature is enough
					cell.Field, cell.Sign, cell.Blank = "", false, true
				}
				c.part = true
				row = append(row, cell)
			}
		}
		if r < len(t.Head) {
			out.Head = append(out.Head, row)
		} else {
			out.Body = append(out.Body, row)
		}
	}
	return out
}

// continued gives what stands above a table where it goes on on another page:
// its number (GB/T 1.1-2020, 9.9). Tables without a number have nothing.
func continued(title string) string {
	if number, _, _ := strings.Cut(strings.ReplaceAll(title, "\u3000", " "), " "); strings.HasPrefix(number, "表") {
		return number + "（续）"
	}
	return ""
}

// grid places the cells.
func (t Table) grid(s *setter) *grid {
	g := &grid{head: len(t.Head), strike: t.Strike, largest: ways[0].size}
	if t.Small {
		g.largest = fineSize
	}
	rows := slices.Concat(t.Head, t.Body)
	if len(rows) == 0 {
		rows = make([][]Cell, 1)
	}
	g.places = make([][]*gridCell, len(rows))
	columns := 1
	for r, cells := range rows {
		end, face := len(rows), Song
		if r < g.head {
			end, face = g.head, Hei
		}
		at := 0
		for _, c := range cells {
			for at < len(g.places[r]) && g.places[r][at] != nil {
				at++
			}
			face := face
			if c.Bold {
				face = Hei
			}
			cell := &gridCell{row: r, col: at, rows: min(max(c.Rows, 1), end-r), label: r < g.head, given: c}
			for p := range strings.SplitSeq(c.Text, "\n") {
				cell.text = append(cell.text, s.glyphs(face, p))
			}
			for cell.cols < max(c.Cols, 1) && (at >= len(g.places[r]) || g.places[r][at] == nil) {
				for below := r; below <= cell.lastRow(); below++ {
					for len(g.places[below]) <= at {
						g.places[below] = append(g.places[below], nil)
					}
					g.places[below][at] = cell
				}
				cell.cols++
				at++
			}
		}
		columns = max(columns, len(g.places[r]))
	}
	g.joined = make([]int, len(rows))
	for r := range rows {
		for at := range columns {
			if at == len(g.places[r]) {
				g.places[r] = append(g.places[r], nil)
			}
			if g.places[r][at] == nil {
				g.places[r][at] = &gridCell{row: r, col: at, rows: 1, cols: 1, label: r < g.head}
			}
		}
	}
	g.signed = make([]int, len(rows))
	for r := len(rows) - 1; r >= 0; r-- {
		g.joined[r], g.signed[r] = r, -1
		for _, c := range g.places[r] {
			for last := c.lastRow(); g.joined[r] < last; {
				g.joined[r] = g.joined[min(last, g.joined[r]+1)]
			}
			if c.signs() {
				g.signed[r] = max(g.signed[r], r, c.lastRow())
			}
		}
		for below := r + 1; below <= g.signed[r]; below++ {
			g.signed[r] = max(g.signed[r], g.signed[below])
		}
	}
	g.plan(t.Columns)
	return g
}

// set gives the cells their lines and the rows their heights.
func (g *grid) set() {
	g.x = []float64{0}
	for _, w := range g.widths {
		g.x = append(g.x, g.x[len(g.x)-1]+w*g.size/1000)
	}
	g.x[len(g.x)-1] = g.sheet.areaWidth
	g.height = make([]float64, len(g.places))
	for r, places := range g.places {
		for at, c := range places {
			if c.row == r && c.col == at {
				g.lines(c)
			}
		}
	}
	for r, places := range g.places {
		for at, c := range places {
			if c.lastRow() != r || c.col != at {
				continue
			}
			need := max(g.depth(max(len(c.lines), 1)), c.least())
			for above := c.row; above < r; above++ {
				need -= g.height[above]
			}
			g.height[r] = max(g.height[r], need, g.depth(1))
		}
		if g.height[r] == 0 {
			g.height[r] = g.depth(1)
		}
	}
	depth := 0.0
	for _, h := range g.height[:g.head] {
		depth += h
	}
	if depth > g.sheet.areaDepth/3 { // it would leave too little room
		g.head = 0
	}
}

// depth gives the height of a cell of n lines.
func (g *grid) depth(n int) float64 { return (float64(n)*rowPitch + 2*rowInset) * g.size }

// capacity gives how many lines a cell of a height holds.
func (g *grid) capacity(height float64) int {
	return int((height + rounding - 2*rowInset*g.size) / (rowPitch * g.size))
}

// lines breaks the text of a cell.
func (g *grid) lines(c *gridCell) {
	col := g.columns[c.col]
	left, right := g.x[c.col]+sideInset*g.size, g.x[c.col+c.cols]-sideInset*g.size
	in := column{left, right - left + rounding}
	how := col.how
	switch {
	case c.given.Align != Auto:
		how = map[Align]alignment{Left: justified, Centre: centred, Right: flushRight}[c.given.Align]
	case c.label:
		how = centred
	case c.cols > 1:
		how = justified
		if float64(c.natural())*g.size/1000 <= in.width {
			how = centred
		}
	case col.figures && len(c.text) == 1:
		if whole, rest, ok := figureWidths(c.text[0]); ok && float64(col.whole+col.rest)*g.size/1000 <= in.width {
			block := float64(col.whole+col.rest) * g.size / 1000
			from := in.x + (in.width-block)/2
			if col.how == flushRight {
				from = right - block
			}
			in.x = from + float64(col.whole-whole)*g.size/1000
			in.width = float64(whole+rest+1) * g.size / 1000
			how = flushLeft
		} else {
			how = centred
		}
	}
	for _, p := range c.head(in.width * 1000 / g.size) {
		c.lines = append(c.lines, setLines(p, g.size, in, how)...)
	}
}

// head gives the paragraphs of a cell. That of a head that has to be divided is
// divided before its unit, as in 金额｜（万元）.
func (c *gridCell) head(measure float64) [][]glyph {
	if !c.label || len(c.text) != 1 || float64(c.natural()) <= measure {
		return c.text
	}
	if i := unitAt(c.text[0]); i > 0 {
		return [][]glyph{c.text[0][:i], c.text[0][i:]}
	}
	return c.text
}

// unitAt finds the bracket that begins the last part of a text; 0 if none does.
func unitAt(text []glyph) int {
	if n := len(text); n > 0 && text[n-1].r == '）' {
		for i := n - 1; i > 0; i-- {
			if text[i].r == '（' {
				return i
			}
		}
	}
	return 0
}

// total gives the height of the rows from one to another.
func (g *grid) total(from, to int) float64 {
	h := 0.0
	for ; from <= to; from++ {
		h += g.height[from]
	}
	return h
}

// whole gives how high rows to be signed are at most that stand on one page. It
// leaves room for the table's title.
func (g *grid) whole() float64 {
	return g.sheet.areaDepth - g.total(0, g.head-1) - 3*pitch
}

// least gives the height of what must stand on the table's first page: all of it
// if that is a quarter of a page, else the head and what belongs to the first
// rows or, where these are higher than half a page, the beginning of the first.
func (g *grid) least() float64 {
	last := len(g.height) - 1
	head, all := g.total(0, g.head-1), g.total(0, last)
	if last < g.head || all <= g.sheet.areaDepth/4 {
		return all
	}
	first, signed := g.total(g.head, g.joined[min(g.head+minRows-1, last)]), g.total(g.head, g.signed[g.head])
	switch {
	case first <= g.sheet.areaDepth/2:
		return head + first
	case signed > 0 && signed <= g.whole():
		return head + signed
	}
	return head + min(g.height[g.head], g.depth(minLines))
}

// wholeLines is how many lines of text stand on the page of a table that is whole.
const wholeLines = 4

// minRows is how many rows a table that goes on on other pages has at least on
// the first and on the last.
const minRows = 2

// minLines is how many lines of a row that is divided a page has at least.
const minLines = 3

// stretch is the rows of a table on one page.
type stretch struct {
	*grid
	p     *pager
	parts []int     // the rows, or parts of rows
	top   []float64 // by row of the table, from the top of the stretch
	depth float64   // so far
	first int       // of the body
	open  bool      // the last row goes on on the next page
}

// flow puts a table on pages, the last row so that on its page there is room for
// what must follow.
func (g *grid) flow(p *pager, after float64) {
	s := &stretch{grid: g, p: p, top: make([]float64, len(g.height)+1)}
	s.begin(g.head)
	half, whole := g.sheet.areaDepth/2, g.whole()
	apart := func(r, last int, most float64) bool { // these rows go to the next page together
		unit := g.total(r, last)
		return unit <= most && unit+s.below(last, unit, after) > s.room()
	}
	for r := g.head; r < len(g.height); {
		need := s.need(r)
		alone := len(s.parts) == g.head // nothing of the body is on this page
		if !alone && (g.begins(g.joined, r) && apart(r, g.joined[r], half) || g.begins(g.signed, r) && apart(r, g.signed[r], whole)) {
			s.turn(r)
			continue
		}
		below := s.below(r, need, after)
		if g.signed[r] >= 0 && !g.begins(g.signed, r) {
			below = 0 // it stays with the row above, whatever follows
		}
		if need+below <= s.room() {
			s.add(r, need)
			r++
			continue
		}
		lines := g.capacity(s.room())
		if !alone && (need <= half || lines < minLines) {
			s.turn(r)
			continue
		}
		s.add(r, min(g.depth(max(lines, 1)), need-rowPitch*g.size))
		s.open = true
		s.turn(r)
	}
	s.end()
}

// begins tells whether a row is the first of those that ends, by row, has together.
func (g *grid) begins(ends []int, r int) bool {
	return ends[r] >= r && (r == g.head || ends[r-1] < r)
}

// below gives the height of what has to stand below row r, which needs height
// itself: if it is one of the last, those after it and what must follow the table.
// Together they are no higher than half a page.
func (s *stretch) below(r int, height, after float64) float64 {
	if len(s.height)-r > minRows {
		return 0
	}
	for _, h := range s.height[r+1:] {
		after += h
	}
	if height+after > s.sheet.areaDepth/2 {
		return 0
	}
	return after
}

// room gives the height that is left on the page.
func (s *stretch) room() float64 { return s.p.room() - s.depth }

// begin begins a stretch whose first row of the body is r.
func (s *stretch) begin(r int) {
	s.parts, s.depth, s.first, s.open = s.parts[:0], 0, r, false
	for i := range s.head {
		for _, c := range s.places[i] {
			c.next = 0
		}
		s.add(i, s.height[i])
	}
}

// add adds a row, or what of it has this height.
func (s *stretch) add(r int, height float64) {
	s.parts = append(s.parts, r)
	s.top[r] = s.depth
	s.depth += height
	s.top[r+1] = s.depth
}

// turn goes on with row r on a new page.
func (s *stretch) turn(r int) {
	s.end()
	s.p.turn(s.sheet)
	if s.cont != nil {
		height := smallPitch
		s.p.put(Page{Spans: lower(slices.Clone(s.cont), middle(height, s.cont))}, height)
	}
	s.begin(r)
}

// need gives the height of what is left of row r.
func (s *stretch) need(r int) float64 {
	need := s.grid.depth(1)
	for at, c := range s.places[r] {
		if c.lastRow() == r && c.col == at {
			above := s.depth - s.from(c)
			if c.row >= r {
				above = 0
			}
			need = max(need, max(s.grid.depth(max(len(c.lines)-c.next, 1)), c.least())-above)
		}
	}
	return need
}

// from gives where a cell begins in the stretch.
func (s *stretch) from(c *gridCell) float64 {
	if c.row < s.head {
		return s.top[c.row]
	}
	return s.top[max(c.row, s.first)]
}

// end puts the stretch on the page.
func (s *stretch) end() {
	var page Page
	bottom := s.parts[len(s.parts)-1]
	for _, r := range s.parts {
		for at, c := range s.places[r] {
			if c.col != at || r != c.row && r != s.first {
				continue
			}
			from := s.from(c)
			height := s.top[min(c.lastRow(), bottom)+1] - from
			n := min(s.capacity(height), len(c.lines)-c.next)
			lines := make([][]Span, n)
			for i := range lines {
				lines[i] = slices.Clone(c.lines[c.next+i])
			}
			c.next += n
			for _, sp := range stack(lines, rowPitch*s.size, height) {
				sp.Y += from
				page.Spans = append(page.Spans, sp)
			}
			left, right := s.x[c.col], s.x[c.col+c.cols]
			goesOn := c.lastRow() > bottom || c.lastRow() == bottom && s.open
			switch {
			case c.signs() && !goesOn: // one signs where a cell ends
				if c.given.Field != "" {
					page.Fields = append(page.Fields, Field{
						Name: c.given.Field,
						X:    left + fieldInset, Y: from + fieldInset,
						W: right - left - 2*fieldInset, H: height - 2*fieldInset,
					})
				}
			case s.strike && !c.label && !c.given.Blank && strings.TrimSpace(c.given.Text) == "":
				page.Rules = append(page.Rules, Rule{left, from + height, right, from, hairline})
			}
		}
	}
	page.Rules = append(page.Rules, s.rules()...)
	s.p.put(page, s.depth)
}

// rules gives the rules between the cells and the frame.
func (s *stretch) rules() []Rule {
	var rules []Rule
	columns := len(s.x) - 1
	for i := range s.parts[1:] {
		above, below := s.places[s.parts[i]], s.places[s.parts[i+1]]
		y := s.top[s.parts[i+1]]
		for at := 0; at < columns; at++ {
			from := at
			for at < columns && above[at] != below[at] {
				at++
			}
			if at > from {
				rules = append(rules, Rule{s.x[from], y, s.x[at], y, hairline})
			}
		}
	}
	for at := 1; at < columns; at++ {
		for i := 0; i < len(s.parts); i++ {
			from := i
			for i < len(s.parts) && s.places[s.parts[i]][at-1] != s.places[s.parts[i]][at] {
				i++
			}
			if i > from {
				rules = append(rules, Rule{s.x[at], s.top[s.parts[from]], s.x[at], s.top[s.parts[i-1]+1], hairline})
			}
		}
	}
	right := s.x[columns]
	const corner = frame / 2
	return append(rules,
		Rule{-corner, 0, right + corner, 0, frame}, Rule{-corner, s.depth, right + corner, s.depth, frame},
		Rule{0, 0, 0, s.depth, frame}, Rule{right, 0, right, s.depth, frame})
}
