package layout

import (
	"slices"
	"strings"
)

// The measures of GB/T 9704-2012, 5.2 and 7, in points. 28 characters of 三号
// (16 pt) are wider than the text area that the standard gives them; 15.79 pt
// is the size at which they fit.
const (
	mm = 72 / 25.4

	PageWidth  = 210 * mm // of A4
	PageHeight = 297 * mm

	areaLeft   = 28 * mm
	areaTop    = 37 * mm
	areaWidth  = 156 * mm
	areaHeight = 225 * mm
	pitch      = areaHeight / 22 // from line to line

	bodySize   = 15.79 // 三号
	titleSize  = 22    // 二号
	tableSize  = 14    // 四号
	pageSize   = 14    // 四号: page numbers
	smallSize  = 12    // 小四
	fineSize   = 10.5  // 五号
	noteSize   = 9     // 小五
	indent     = 2000  // of a paragraph's first line, in thousandths of an em
	footerDrop = 7*mm + 5
	outerEdge  = 4 * mm // of the paper that printers leave white
)

// sheet is a way of using A4, in points.
type sheet struct {
	landscape            bool
	left, top            float64 // of the text area
	areaWidth, areaDepth float64 // of the text area
}

// A turned page is the upright page turned, so that bound sheets fit: its head
// is at the binding side (GB/T 9704-2012, 8).
var (
	upright = &sheet{false, areaLeft, areaTop, areaWidth, areaHeight}
	turned  = &sheet{true, 36 * mm, areaLeft, areaHeight, areaWidth}
)

func (sh *sheet) area() column { return column{0, sh.areaWidth} }

// The measures that the standard leaves open, in points.
const (
	titlePitch = 1.25 * pitch
	tablePitch = 1.5 * tableSize
	smallPitch = 1.5 * smallSize
	finePitch  = 1.5 * fineSize
	notePitch  = 1.5 * noteSize
	cellInset  = 6 // between a rule and text
	fieldInset = 2 // between a rule and a signature field
	labelWidth = 40 * mm
	dateWidth  = 44 * mm
	signHeight = 2 * pitch
	signLeast  = 13 * mm // a cell to sign in is at least that high
	signWidth  = 30 * mm // and that wide
	hairline   = 0.5
)

// maxRowLines bounds a row of a table: a longer one is divided.
const maxRowLines = 24

// Set divides a document into pages. The error is a *MissingError if there are
// characters that no font has; nothing is set then.
func (f *Fonts) Set(d Document) ([]Page, error) {
	s := &setter{fonts: f, sheet: upright}
	s.prepare(d.Blocks)
	s.begin(d)
	for i, b := range d.Blocks {
		s.sheet = s.sheets[i]
		b.set(s)
	}
	p := s.paginate()
	s.number(p)
	for i := range p.pages {
		page := &p.pages[i]
		if !p.bare[i] {
			s.footer(page, d, i+1, len(p.pages))
		}
		s.mark(page, d.Mark)
		f.tick(page)
		if !d.Outline {
			page.Bookmarks = nil
		}
	}
	for _, name := range d.Hidden {
		p.pages[0].Fields = append(p.pages[0].Fields, Field{Name: name})
	}
	if len(s.missing) > 0 {
		return nil, &MissingError{Runes: s.missing}
	}
	return p.pages, nil
}

// item is a slice of the text area that no page break divides, or a table. What
// is on it is placed relative to its top left corner.
type item struct {
	Page
	sheet  *sheet
	height float64 // of a table: what of it must stand on its first page
	keep   bool    // on the same page as the next item
	space  bool    // nothing, and dropped at the top of a page
	fresh  bool    // at the top of a page
	bare   bool    // a page without a footer
	entry  float64 // of the last line of an entry of the contents: where its text ends
	table  *grid
}

// setter turns a document into items.
type setter struct {
	fonts    *Fonts
	sheet    *sheet
	fresh    bool      // the next item begins a page
	above    [][]Span  // 份号 and 密级, until they are set
	headings []Heading // that the contents list
	sheets   []*sheet  // by block
	grids    [][]*grid // of the tables that are not set yet, by table
	items    []item
	missing  []rune
}

// prepare looks ahead: the contents stand before the headings, all tables on upright
// pages are to be set in the same size, and a table that turns its page takes along
// what belongs to it.
func (s *setter) prepare(blocks []Block) {
	size := ways[0].size
	now := upright
	for _, b := range blocks {
		switch b := b.(type) {
		case Rows, Signatures, Closing, Picture, Fine:
		case Table:
			g := b.grid(s)
			g.follows = now == turned
			parts := []*grid{g}
			if !g.fit(size) {
				parts = b.divide(s, g)
			}
			s.grids = append(s.grids, parts)
			if now = parts[0].sheet; now == upright && !b.Small {
				size = g.size
			}
		case Heading:
			if b.Level <= maxListed && b.Text != "" {
				s.headings = append(s.headings, b)
			}
			now = upright
		default:
			now = upright
		}
		s.sheets = append(s.sheets, now)
	}
	for i := len(blocks) - 2; i >= 0; i-- {
		switch blocks[i].(type) {
		case Heading, Line, Rows:
			if s.sheets[i+1] == turned {
				s.sheets[i] = turned
			}
		}
	}
	for _, parts := range s.grids {
		if len(parts) == 1 {
			parts[0].fit(size)
		}
	}
}

// begin sets what stands above the first block.
func (s *setter) begin(d Document) {
	if len(s.sheets) > 0 {
		s.sheet = s.sheets[0]
	}
	s.above = slices.Concat(
		s.lines(Song, bodySize, s.sheet.area(), flushLeft, d.Copy),
		s.lines(Hei, bodySize, s.sheet.area(), flushLeft, d.Secrecy))
	if len(d.Blocks) > 0 {
		if _, ok := d.Blocks[0].(Cover); ok {
			return // which has a title of its own
		}
	}
	if len(s.above) > 0 {
		s.text(pitch, s.above)
		s.space(pitch)
	}
	if lines := s.lines(Title, titleSize, s.sheet.area(), balanced, d.Title); len(lines) > 0 {
		s.text(titlePitch, lines)
		s.space(pitch / 2)
	}
}

// add adds an item.
func (s *setter) add(it item) {
	it.sheet = s.sheet
	it.fresh, s.fresh = it.fresh || s.fresh, false
	s.items = append(s.items, it)
}

// text adds lines, each an item of the given height.
func (s *setter) text(height float64, lines [][]Span) {
	for _, line := range lines {
		s.add(item{height: height, Page: Page{Spans: lower(line, middle(height, line))}})
	}
}

func (s *setter) space(height float64) {
	s.add(item{height: height, space: true})
}

// keep binds the last n items that hold something to what follows.
func (s *setter) keep(n int) {
	for i := len(s.items) - 1; i >= 0 && n > 0; i-- {
		s.items[i].keep = true
		if !s.items[i].space {
			n--
		}
	}
}

// before gives how many of the last n items that hold something stand since the last table,
// which is not to be taken along; n where it stands right before.
func (s *setter) before(n int) int {
	text := 0
	for i := len(s.items) - 1; i >= 0 && text < n && s.items[i].table == nil; i-- {
		if !s.items[i].space {
			text++
		}
	}
	if text == 0 {
		return n
	}
	return text
}

// bind binds the items from an index on to one another.
func (s *setter) bind(from int) {
	for i := from; i < len(s.items)-1; i++ {
		s.items[i].keep = true
	}
}

func (h Heading) set(s *setter) {
	face, how := Song, indented
	switch h.Level {
	case 1:
		face = Hei
	case 2:
		face = Kai
	}
	if h.Centre {
		how = centred
		s.space(pitch / 2)
		s.items[len(s.items)-1].keep = true
	}
	from := len(s.items)
	lines := s.lines(face, bodySize, s.sheet.area(), how, h.Text)
	s.text(pitch, lines)
	s.keep(len(lines))
	if len(lines) > 0 {
		s.items[from].Bookmarks = []Bookmark{{Level: h.Level, Title: h.Text}}
	}
}

func (p Paragraph) set(s *setter) {
	text := slices.Concat(s.glyphs(Song, p.Number), s.glyphs(Hei, p.Label), s.glyphs(Song, p.Text))
	s.text(pitch, setLines(text, bodySize, s.sheet.area(), indented))
}

func (l Line) set(s *setter) {
	size, height := bodySize, pitch
	switch l.Size {
	case Large:
		size, height = titleSize, titlePitch
		s.space(pitch)
	case Small:
		size, height = smallSize, smallPitch
	}
	how := justified
	if l.Align == Centre {
		how = balanced
	}
	lines := s.lines(l.Face, size, s.sheet.area(), how, l.Text)
	s.text(height, lines)
	switch l.Size {
	case Large:
		s.keep(len(lines))
		s.space(pitch / 2)
		s.items[len(s.items)-1].keep = true
	case Small:
		s.space(pitch / 2)
	}
}

func (c Closing) set(s *setter) {
	const edge = 2 * bodySize
	em := bodySize / 1000
	name, date := 0.0, float64(width(s.glyphs(Song, c.Date)))*em
	for _, n := range c.Names {
		name = max(name, float64(width(s.glyphs(Song, n)))*em)
	}
	if len(c.Names) == 0 {
		name = date
	}
	right := s.sheet.areaWidth - edge
	at := max(min(right-name, right-date-edge), 0) // where the names begin
	s.keep(1)
	s.space(pitch)
	from := len(s.items)
	for _, n := range c.Names {
		s.text(pitch, s.lines(Song, bodySize, column{at, right - at + rounding}, flushLeft, n))
	}
	if len(c.Names) > 0 {
		at += edge
	}
	s.text(pitch, s.lines(Song, bodySize, column{at, right - at + rounding}, flushLeft, c.Date))
	s.bind(from - 1)
	s.space(pitch)
}

func (t Fine) set(s *setter) {
	s.text(finePitch, s.lines(Song, fineSize, s.sheet.area(), justified, t.Text))
}

func (NewPage) set(s *setter) { s.fresh = true }

func (rows Rows) set(s *setter) {
	for len(rows) > 0 {
		n := 1
		if s.sheet.landscape && len(rows) > 1 && s.short(rows[0]) && s.short(rows[1]) {
			n = 2 // side by side
		}
		s.row(rows[:n])
		rows = rows[n:]
	}
	s.space(pitch / 2)
}

// short tells whether both parts of a row take one line in half of the width.
func (s *setter) short(r Row) bool {
	fits := func(face Face, text string, room float64) bool {
		return float64(width(s.glyphs(face, text)))*tableSize/1000 <= room-2*cellInset
	}
	return fits(Hei, r.Label, labelWidth) && fits(Song, r.Value, s.sheet.areaWidth/2-labelWidth)
}

// row sets rows of a table of labels and values side by side.
func (s *setter) row(rows []Row) {
	wide := s.sheet.areaWidth / float64(len(rows))
	var cells [][][]Span
	var rules []float64
	for i, r := range rows {
		x := float64(i) * wide
		if i > 0 {
			rules = append(rules, x)
		}
		rules = append(rules, x+labelWidth)
		cells = append(cells,
			s.lines(Hei, tableSize, column{x + cellInset, labelWidth - 2*cellInset}, centred, r.Label),
			s.lines(Song, tableSize, column{x + labelWidth + cellInset, wide - labelWidth - 2*cellInset}, flushLeft, r.Value))
	}
	for {
		most := 0
		for _, lines := range cells {
			most = max(most, min(len(lines), maxRowLines))
		}
		if most == 0 {
			return
		}
		it := s.box(pitch-tablePitch+float64(most)*tablePitch, rules...)
		for i, lines := range cells {
			n := min(len(lines), maxRowLines)
			it.Spans = append(it.Spans, stack(lines[:n], tablePitch, it.height)...)
			cells[i] = lines[n:]
		}
		s.add(it)
	}
}

func (g Signatures) set(s *setter) {
	s.keep(2)
	s.space(pitch / 2)
	from := len(s.items)
	for _, p := range g.Places {
		dateLeft := s.sheet.areaWidth - dateWidth
		it := s.box(signHeight, labelWidth, dateLeft)
		label := s.lines(Hei, tableSize, column{cellInset, labelWidth - 2*cellInset}, centred, p.Label)
		date := s.lines(Song, tableSize, column{dateLeft + cellInset, dateWidth - 2*cellInset}, centred, p.Date)
		it.Spans = slices.Concat(stack(label, tablePitch, signHeight), stack(date, tablePitch, signHeight))
		it.Fields = []Field{{
			Name: p.Field,
			X:    labelWidth + fieldInset, Y: fieldInset,
			W: dateLeft - labelWidth - 2*fieldInset, H: signHeight - 2*fieldInset,
		}}
		s.add(it)
	}
	s.space(notePitch / 2)
	s.text(notePitch, s.lines(Song, noteSize, s.sheet.area(), justified, g.Note))
	s.bind(from - 1)
}

// box gives an item as wide as the text area with a rule around it and at every
// given distance from its left side.
func (s *setter) box(height float64, parts ...float64) item {
	it := item{height: height}
	for _, y := range []float64{0, height} {
		it.Rules = append(it.Rules, Rule{0, y, s.sheet.areaWidth, y, hairline})
	}
	for _, x := range slices.Concat([]float64{0}, parts, []float64{s.sheet.areaWidth}) {
		it.Rules = append(it.Rules, Rule{x, 0, x, height, hairline})
	}
	return it
}

// stack puts lines under one another, in the middle of a height.
func stack(lines [][]Span, pitch, height float64) []Span {
	var out []Span
	y := (height - float64(len(lines))*pitch) / 2
	for _, line := range lines {
		out = append(out, lower(line, y+middle(pitch, line))...)
		y += pitch
	}
	return out
}

// column is a part of the width of the text area, in points from its left side.
type column struct{ x, width float64 }

var area = column{0, areaWidth}

// alignment says how lines stand in their column.
type alignment int

const (
	flushLeft alignment = iota
	flushRight
	centred
	balanced  // centred, divided as titles are
	justified // the last line flush left
	indented  // justified, after an indent
)

// lines breaks text into lines, their baseline at 0. Empty text has none.
func (s *setter) lines(face Face, size float64, in column, how alignment, text string) [][]Span {
	return setLines(s.glyphs(face, text), size, in, how)
}

// setLines breaks text into lines, their baseline at 0.
func setLines(glyphs []glyph, size float64, in column, how alignment) [][]Span {
	em := size / 1000
	measure, shift := int(in.width/em), 0
	if how == indented {
		shift = indent
	}
	breaks := func() []int { return breakLines(glyphs, shift, measure) }
	if how == balanced {
		breaks = func() []int { return breakTitle(glyphs, measure) }
	}
	var out [][]Span
	from := 0
	for _, to := range breaks() {
		line := trimLine(glyphs[from:to])
		var g gaps
		switch rest := measure - width(line); {
		case how == flushRight:
			shift = rest
		case how == centred, how == balanced:
			shift = rest / 2
		case how != flushLeft && to < len(glyphs):
			g = justify(line, measure-shift)
		}
		out = append(out, spans(line, size, in.x+float64(shift)*em, g))
		from, shift = to, 0
	}
	return out
}

// glyphs finds face and width of every character and notes those that no font has.
func (s *setter) glyphs(face Face, text string) []glyph {
	out := make([]glyph, 0, len(text)/3)
	for _, r := range text {
		in, code, ok := s.fonts.find(face, r)
		if ok {
			if r == openBox {
				r = square
			}
			out = append(out, glyph{r, in, s.fonts.of[in].Advance(code)})
		} else if !slices.Contains(s.missing, r) {
			s.missing = append(s.missing, r)
		}
	}
	return out
}

// spans places a line. A new span begins where the face or the gap changes, before
// and behind a ticked box and, in a spaced line, where words begin and end.
func spans(line []glyph, size, x float64, g gaps) []Span {
	var out []Span
	em := size / 1000
	for from := 0; from < len(line); {
		span := Span{Face: line[from].face, Size: size, X: x}
		var text strings.Builder
		to := from
		for {
			text.WriteRune(line[to].r)
			x += float64(line[to].width) * em
			to++
			if to == len(line) {
				break
			}
			a, b := line[to-1], line[to]
			gap := g.after(a.r, b.r) * em
			x += gap
			if a.face != b.face || a.r == tickedBox || b.r == tickedBox || gap > 0 && isWord(a.r) != isWord(b.r) || to > from+1 && gap != span.Spacing {
				break
			}
			span.Spacing = gap
		}
		span.Text = text.String()
		out = append(out, span)
		from = to
	}
	return out
}

// lower moves the spans of a line down, in place.
func lower(line []Span, dy float64) []Span {
	for i := range line {
		line[i].Y += dy
	}
	return line
}

// middle gives the baseline that puts a line's ideographs in the middle of a
// height. Half an ideograph is above 0.38 em.
func middle(height float64, line []Span) float64 {
	if len(line) == 0 {
		return 0
	}
	return height/2 + 0.38*line[0].Size
}

// width gives the width of a line without gaps, in thousandths of an em.
func width(line []glyph) int {
	w := 0
	for _, g := range line {
		w += g.width
	}
	return w
}
