package layout

import (
	"strconv"
	"strings"
)

// maxListed is the lowest level of headings that the contents list.
const maxListed = 2

func (c Cover) set(s *setter) {
	const (
		bigSize   = 26 // 一号
		bigPitch  = 1.5 * bigSize
		rowIndent = 5 * bodySize
		rowLabel  = 6 * bodySize
	)
	it := item{height: s.sheet.areaDepth, fresh: true, bare: true}
	y := 0.0
	put := func(pitch float64, lines [][]Span) {
		for _, line := range lines {
			it.put(Page{Spans: lower(line, middle(pitch, line))}, 0, y)
			y += pitch
		}
	}
	put(pitch, s.above)
	y = max(it.height*0.16, y+pitch)
	put(bigPitch, s.lines(Title, bigSize, column{bodySize, areaWidth - 2*bodySize}, balanced, c.Title))
	y += pitch
	put(titlePitch, s.lines(Title, titleSize, area, balanced, c.Subtitle))
	y = max(y+pitch, it.height*0.58)
	for _, r := range c.Rows {
		from := y
		label := s.lines(Hei, bodySize, column{rowIndent, rowLabel}, flushLeft, r.Label)
		put(pitch, label)
		end := y
		y = from
		put(pitch, s.lines(Song, bodySize, column{rowIndent + rowLabel, areaWidth - rowIndent - rowLabel - bodySize}, flushLeft, r.Value))
		y = max(y, end)
	}
	date := s.lines(Song, bodySize, area, centred, c.Date)
	note := s.lines(Kai, smallSize, area, balanced, c.Note)
	y = max(y, it.height-pitch*float64(len(date))-smallPitch*float64(len(note))-pitch/2)
	put(pitch, date)
	y += pitch / 2
	put(smallPitch, note)
	s.add(it)
}

func (c Contents) set(s *setter) {
	s.fresh = true
	s.text(titlePitch, s.lines(Hei, titleSize, area, centred, c.Title))
	s.space(pitch / 2)
	for _, h := range s.headings {
		in := column{indent * bodySize / 1000 * float64(h.Level-1), 0}
		in.width = areaWidth - in.x - 4*bodySize
		text := s.glyphs(Song, h.Text)
		lines := setLines(text, bodySize, in, flushLeft)
		from := len(s.items)
		s.text(pitch, lines)
		s.bind(from)
		if n := len(lines); n > 0 {
			ends := breakLines(text, 0, int(in.width*1000/bodySize))
			s.items[len(s.items)-1].entry = in.x + float64(width(trimLine(text[append([]int{0}, ends...)[n-1]:])))*bodySize/1000
		}
	}
	s.fresh = true
}

// number puts the pages of the headings behind the entries of the contents.
func (s *setter) number(p *pager) {
	n := 0
	for i, page := range p.pages {
		for _, b := range page.Bookmarks {
			if b.Level > maxListed || n == len(p.entries) {
				continue
			}
			at := p.entries[n]
			n++
			number := s.lines(Song, bodySize, area, flushRight, strconv.Itoa(i+1))[0]
			from, to := at.x+bodySize/2, number[0].X-bodySize/2
			dots := int((to - from) / bodySize)
			leader := s.lines(Song, bodySize, column{to - float64(dots)*bodySize, float64(dots+1) * bodySize}, flushLeft, strings.Repeat("…", dots))
			for _, line := range append(leader, number) {
				p.pages[at.page].put(Page{Spans: lower(line, at.y)}, areaLeft, areaTop)
			}
		}
	}
}
