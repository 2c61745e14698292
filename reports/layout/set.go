package layout

import (
	"fmt"
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
	noteSize   = 9     // 小五
	indent     = 2000  // of a paragraph's first line, in thousandths of an em
	footerDrop = 7*mm + 5
)

// The measures that the standard leaves open, in points.
const (
	titlePitch = 1.25 * pitch
	tablePitch = 1.5 * tableSize
	notePitch  = 1.5 * noteSize
	cellInset  = 6 // between a rule and text
	fieldInset = 2 // between a rule and a signature field
	labelWidth = 40 * mm
	dateWidth  = 44 * mm
	signHeight = 2 * pitch
	hairline   = 0.5
)

// maxRowLines bounds a row of a table: a longer one is divided.
const maxRowLines = 24

// Set divides a document into pages. The error is a *MissingError if there are
// characters that no font has; nothing is set then.
func (f *Fonts) Set(d Document) ([]Page, error) {
	s := &setter{fonts: f}
	if d.Secrecy != "" {
		s.text(pitch, s.lines(Hei, bodySize, area, flushLeft, d.Secrecy))
		s.space(pitch)
	}
	s.text(titlePitch, s.lines(Title, titleSize, area, centred, d.Title))
	s.space(pitch / 2)
	for _, b := range d.Blocks {
		b.set(s)
	}
	pages := s.paginate()
	for i := range pages {
		s.footer(&pages[i], d, i+1, len(pages))
	}
	if len(s.missing) > 0 {
		return nil, &MissingError{Runes: s.missing}
	}
	return pages, nil
}

// item is a slice of the text area that no page break divides. What is on it is
// placed relative to its top left corner.
type item struct {
	Page
	height float64
	keep   bool // on the same page as the next item
	space  bool // nothing, and dropped at the top of a page
}

// setter turns a document into items.
type setter struct {
	fonts   *Fonts
	items   []item
	missing []rune
}

// text adds lines, each an item of the given height.
func (s *setter) text(height float64, lines [][]Span) {
	for _, line := range lines {
		s.items = append(s.items, item{height: height, Page: Page{Spans: lower(line, middle(height, line))}})
	}
}

func (s *setter) space(height float64) {
	s.items = append(s.items, item{height: height, space: true})
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

func (h Heading) set(s *setter) {
	face := Song
	switch h.Level {
	case 1:
		face = Hei
	case 2:
		face = Kai
	}
	lines := s.lines(face, bodySize, area, indented, h.Text)
	s.text(pitch, lines)
	s.keep(len(lines))
}

func (p Paragraph) set(s *setter) {
	s.text(pitch, s.lines(Song, bodySize, area, indented, p.Number+p.Text))
}

func (rows Rows) set(s *setter) {
	for _, r := range rows {
		labels := s.lines(Hei, tableSize, column{cellInset, labelWidth - 2*cellInset}, centred, r.Label)
		values := s.lines(Song, tableSize, column{labelWidth + cellInset, areaWidth - labelWidth - 2*cellInset}, flushLeft, r.Value)
		for len(labels)+len(values) > 0 {
			l, v := min(len(labels), maxRowLines), min(len(values), maxRowLines)
			height := pitch - tablePitch + float64(max(l, v))*tablePitch
			it := box(height, labelWidth)
			it.Spans = slices.Concat(stack(labels[:l], height), stack(values[:v], height))
			s.items = append(s.items, it)
			labels, values = labels[l:], values[v:]
		}
	}
	s.space(pitch / 2)
}

func (g Signatures) set(s *setter) {
	s.keep(2)
	s.space(pitch / 2)
	from := len(s.items)
	for _, p := range g.Places {
		dateLeft := areaWidth - dateWidth
		it := box(signHeight, labelWidth, dateLeft)
		label := s.lines(Hei, tableSize, column{cellInset, labelWidth - 2*cellInset}, centred, p.Label)
		date := s.lines(Song, tableSize, column{dateLeft + cellInset, dateWidth - 2*cellInset}, centred, p.Date)
		it.Spans = slices.Concat(stack(label, signHeight), stack(date, signHeight))
		it.Fields = []Field{{
			Name: p.Field,
			X:    labelWidth + fieldInset, Y: fieldInset,
			W: dateLeft - labelWidth - 2*fieldInset, H: signHeight - 2*fieldInset,
		}}
		s.items = append(s.items, it)
	}
	s.space(notePitch / 2)
	s.text(notePitch, s.lines(Song, noteSize, area, justified, g.Note))
	for i := from - 1; i < len(s.items)-1; i++ {
		s.items[i].keep = true
	}
}

// box gives an item with a rule around it and at every given distance from its
// left side.
func box(height float64, parts ...float64) item {
	it := item{height: height}
	for _, y := range []float64{0, height} {
		it.Rules = append(it.Rules, Rule{0, y, areaWidth, y, hairline})
	}
	for _, x := range slices.Concat([]float64{0}, parts, []float64{areaWidth}) {
		it.Rules = append(it.Rules, Rule{x, 0, x, height, hairline})
	}
	return it
}

// stack puts lines of a table under one another, in the middle of a height.
func stack(lines [][]Span, height float64) []Span {
	var out []Span
	y := (height - float64(len(lines))*tablePitch) / 2
	for _, line := range lines {
		out = append(out, lower(line, y+middle(tablePitch, line))...)
		y += tablePitch
	}
	return out
}

// paginate puts the items on pages.
func (s *setter) paginate() []Page {
	var pages []Page
	y := areaHeight // of the present page; at first there is none
	const rounding = 0.01
	for from := 0; from < len(s.items); {
		to := from + 1
		chain := s.items[from].height
		for ; to < len(s.items) && s.items[to-1].keep; to++ {
			chain += s.items[to].height
		}
		apart := chain <= areaHeight && y+chain > areaHeight+rounding
		for _, it := range s.items[from:to] {
			if apart || y+it.height > areaHeight+rounding {
				if it.space {
					continue
				}
				pages, y, apart = append(pages, Page{}), 0, false
			}
			pages[len(pages)-1].put(it.Page, areaLeft, areaTop+y)
			y += it.height
		}
		from = to
	}
	return pages
}

// put adds what is on another page, moved.
func (p *Page) put(q Page, dx, dy float64) {
	for _, s := range q.Spans {
		s.X, s.Y = s.X+dx, s.Y+dy
		p.Spans = append(p.Spans, s)
	}
	for _, r := range q.Rules {
		p.Rules = append(p.Rules, Rule{r.X1 + dx, r.Y1 + dy, r.X2 + dx, r.Y2 + dy, r.Width})
	}
	for _, f := range q.Fields {
		f.X, f.Y = f.X+dx, f.Y+dy
		p.Fields = append(p.Fields, f)
	}
}

// footer sets the page number on the outer side, one character from the edge
// of the text area (GB/T 9704-2012, 7.5), and what identifies the paper on the
// inner side.
func (s *setter) footer(p *Page, d Document, n, of int) {
	number := fmt.Sprintf("— %d —", n)
	about := fmt.Sprintf("编号 %s　校验码 %s　第 %d 页，共 %d 页", d.Number, d.Check, n, of)
	numberAt, aboutAt := flushRight, flushLeft
	if n%2 == 0 {
		numberAt, aboutAt = flushLeft, flushRight
	}
	inner := column{pageSize, areaWidth - 2*pageSize}
	for _, line := range slices.Concat(s.lines(Song, pageSize, inner, numberAt, number), s.lines(Song, noteSize, area, aboutAt, about)) {
		p.put(Page{Spans: line}, areaLeft, areaTop+areaHeight+footerDrop)
	}
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
	justified // the last line flush left
	indented  // justified, after an indent
)

// lines breaks text into lines, their baseline at 0. Empty text has none.
func (s *setter) lines(face Face, size float64, in column, how alignment, text string) [][]Span {
	glyphs := s.glyphs(face, text)
	em := size / 1000
	measure, shift := int(in.width/em), 0
	if how == indented {
		shift = indent
	}
	var out [][]Span
	from := 0
	for _, to := range breakLines(glyphs, shift, measure) {
		line := trimLine(glyphs[from:to])
		var g gaps
		switch rest := measure - width(line); {
		case how == flushRight:
			shift = rest
		case how == centred:
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
			out = append(out, glyph{r, in, s.fonts.of[in].Advance(code)})
		} else if !slices.Contains(s.missing, r) {
			s.missing = append(s.missing, r)
		}
	}
	return out
}

// spans places a line. A new span begins where the face or the gap changes and,
// in a spaced line, where words begin and end.
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
			if a.face != b.face || gap > 0 && isWord(a.r) != isWord(b.r) || to > from+1 && gap != span.Spacing {
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
