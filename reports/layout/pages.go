package layout

import (
	"fmt"
	"math"
	"slices"
)

// rounding is what sums of lengths may be off by, in points.
const rounding = 0.01

// pager puts items on pages.
type pager struct {
	sheet   *sheet // of the present page
	pages   []Page
	bare    []bool // by page: without a footer
	y       float64
	entries []place // of the contents
}

// place is where an entry of the contents ends.
type place struct {
	page int
	x, y float64
}

// turn begins a page.
func (p *pager) turn(sh *sheet) {
	p.sheet, p.y = sh, 0
	p.pages, p.bare = append(p.pages, Page{Landscape: sh.landscape}), append(p.bare, false)
}

// room gives the height that is left on the present page.
func (p *pager) room() float64 {
	if len(p.pages) == 0 {
		return 0
	}
	return p.sheet.areaDepth - p.y + rounding
}

// put adds what is on a slice of the text area to the present page.
func (p *pager) put(slice Page, height float64) {
	p.pages[len(p.pages)-1].put(slice, p.sheet.left, p.sheet.top+p.y)
	p.y += height
}

// paginate puts the items on pages, one at least.
func (s *setter) paginate() *pager {
	p := new(pager)
	for from := 0; from < len(s.items); {
		first := s.items[from]
		to := from + 1
		chain := first.height
		for ; to < len(s.items) && s.items[to-1].keep && !s.items[to].fresh && s.items[to].sheet == first.sheet; to++ {
			chain += s.items[to].height
		}
		apart := first.sheet != p.sheet || first.fresh && p.y > 0 || chain <= first.sheet.areaDepth && chain > p.room()
		for i, it := range s.items[from:to] {
			if apart || it.height > p.room() {
				if it.space {
					continue
				}
				p.turn(it.sheet)
				apart = false
			}
			if it.table != nil {
				after := 0.0
				for _, it := range s.items[from+i+1 : to] {
					after += it.height
				}
				it.table.flow(p, after)
				continue
			}
			last := len(p.pages) - 1
			p.bare[last] = p.bare[last] || it.bare
			if it.entry > 0 {
				p.entries = append(p.entries, place{last, it.entry, p.y + it.Spans[0].Y})
			}
			p.put(it.Page, it.height)
		}
		from = to
	}
	if len(p.pages) == 0 {
		p.turn(upright)
	}
	return p
}

// put adds what is on another page, moved.
func (p *Page) put(q Page, dx, dy float64) {
	for _, s := range q.Spans {
		s.X, s.Y = s.X+dx, s.Y+dy
		p.Spans = append(p.Spans, s)
	}
	for _, f := range q.Fills {
		p.Fills = append(p.Fills, Fill{f.X + dx, f.Y + dy, f.W, f.H})
	}
	for _, r := range q.Rules {
		p.Rules = append(p.Rules, Rule{r.X1 + dx, r.Y1 + dy, r.X2 + dx, r.Y2 + dy, r.Width})
	}
	for _, f := range q.Fields {
		f.X, f.Y = f.X+dx, f.Y+dy
		p.Fields = append(p.Fields, f)
	}
	for _, b := range q.Bookmarks {
		b.Y += dy
		p.Bookmarks = append(p.Bookmarks, b)
	}
}

// footer sets the page number on the outer side, one character from the edge
// of the text area (GB/T 9704-2012, 7.5), and what identifies the paper on the
// inner side.
func (s *setter) footer(p *Page, d Document, n, of int) {
	sh := upright
	if p.Landscape {
		sh = turned
	}
	number := s.glyphs(Song, fmt.Sprintf("— %d —", n))
	var about [][]glyph
	for _, part := range []struct{ label, text string }{
		{"", d.Mark}, {"", d.Running}, {"编号 ", d.Number}, {"校验码 ", d.Check}, {"", fmt.Sprintf("第 %d 页，共 %d 页", n, of)},
	} {
		if part.text != "" {
			about = append(about, s.glyphs(Song, part.label+part.text))
		}
	}
	numberAt, aboutAt := flushRight, flushLeft
	inner := column{pageSize, sh.areaWidth - 2*pageSize}
	taken := max(5*pageSize, 2*pageSize+float64(width(number))*pageSize/1000)
	rest := column{0, sh.areaWidth - taken}
	if n%2 == 0 {
		numberAt, aboutAt = flushLeft, flushRight
		rest.x = taken
	}
	y := sh.top + sh.areaDepth + footerDrop
	for _, line := range setLines(number, pageSize, inner, numberAt) {
		p.put(Page{Spans: line}, sh.left, y)
	}
	room := p.height() - outerEdge - y
	for size := float64(noteSize); ; size-- {
		var lines [][]Span
		for _, line := range pack(about, rest.width*1000/size, s.glyphs(Song, "　")) {
			lines = append(lines, setLines(line, size, rest, aboutAt)...)
		}
		if leading := notePitch / noteSize * size; float64(len(lines)-1)*leading <= room || size <= leastFooter {
			for i, line := range lines {
				p.put(Page{Spans: line}, sh.left, y+float64(i)*leading)
			}
			return
		}
	}
}

// leastFooter is the least size of type in a footer, in points.
const leastFooter = 5

// pack puts parts of text on as few lines as it takes, parted by a gap. Only what
// is wider than measure itself may have to be divided.
func pack(parts [][]glyph, measure float64, gap []glyph) [][]glyph {
	var lines [][]glyph
	for _, part := range parts {
		if n := len(lines) - 1; n >= 0 && float64(width(lines[n])+width(gap)+width(part)) <= measure {
			lines[n] = slices.Concat(lines[n], gap, part)
		} else {
			lines = append(lines, part)
		}
	}
	return lines
}

// width and height give the measures of a page.
func (p *Page) width() float64 {
	if p.Landscape {
		return PageHeight
	}
	return PageWidth
}

func (p *Page) height() float64 { return PageWidth + PageHeight - p.width() }

// mark puts text across a page.
func (s *setter) mark(p *Page, text string) {
	const (
		largest = 150
		edge    = 20 * mm // that stays free all around
	)
	glyphs := s.glyphs(Hei, text)
	if len(glyphs) == 0 {
		return
	}
	angle := 45.0
	if p.Landscape {
		angle = 30
	}
	sin, cos := math.Sincos(angle * math.Pi / 180)
	ems := float64(width(glyphs)) / 1000
	size := min(largest, (p.width()-2*edge)/(ems*cos+sin), (p.height()-2*edge)/(ems*sin+cos))
	along, up := -ems*size/2, -0.38*size // from the middle of the page to the baseline's beginning
	for _, sp := range spans(glyphs, size, along, gaps{}) {
		p.Marks = append(p.Marks, Mark{
			Face: sp.Face, Size: size, Angle: angle, Text: sp.Text,
			X: p.width()/2 + sp.X*cos - up*sin, Y: p.height()/2 - sp.X*sin - up*cos,
		})
	}
}
