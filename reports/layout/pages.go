package layout

import (
	"fmt"
	"strings"
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

// paginate puts the items on pages.
func (s *setter) paginate() *pager {
	p := new(pager)
	for from := 0; from < len(s.items); {
		first := s.items[from]
		to := from + 1
		chain := first.height
		for ; to < len(s.items) && s.items[to-1].keep && s.items[to].sheet == first.sheet; to++ {
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
	return p
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
	number := fmt.Sprintf("— %d —", n)
	var about strings.Builder
	for _, part := range []struct{ label, text string }{{"", d.Running}, {"编号 ", d.Number}, {"校验码 ", d.Check}} {
		if part.text != "" {
			about.WriteString(part.label + part.text + "　")
		}
	}
	fmt.Fprintf(&about, "第 %d 页，共 %d 页", n, of)
	numberAt, aboutAt := flushRight, flushLeft
	inner := column{pageSize, sh.areaWidth - 2*pageSize}
	rest := column{0, sh.areaWidth - 5*pageSize}
	if n%2 == 0 {
		numberAt, aboutAt = flushLeft, flushRight
		rest.x = 5 * pageSize
	}
	y := sh.top + sh.areaDepth + footerDrop
	for _, line := range s.lines(Song, pageSize, inner, numberAt, number) {
		p.put(Page{Spans: line}, sh.left, y)
	}
	for i, line := range s.lines(Song, noteSize, rest, aboutAt, about.String()) {
		p.put(Page{Spans: line}, sh.left, y+float64(i)*notePitch)
	}
}
