package layout

import (
	"slices"
	"strings"
)

// quietZone is the white around a picture, in modules (ISO/IEC 18004, 9.1 asks for
// four).
const quietZone = 4

// pictureGap is between a picture and the text beside it, in points.
const pictureGap = 6

func (p Picture) set(s *setter) {
	n := len(p.Modules)
	module := p.Side * mm / float64(max(n, 1))
	whole := float64(n+2*quietZone) * module
	if n == 0 {
		whole = 0
	}
	in := column{whole, s.sheet.areaWidth - whole}
	if n > 0 {
		in.x, in.width = in.x+pictureGap, in.width-pictureGap
	}
	var lines [][]Span
	for paragraph := range strings.SplitSeq(p.Text, "\n") {
		lines = append(lines, s.lines(Song, fineSize, in, justified, paragraph)...)
	}
	beside := min(int(whole/finePitch), len(lines))
	it := item{height: whole, Page: Page{Spans: stack(lines[:beside], finePitch, whole)}}
	for _, f := range runs(p.Modules) {
		it.Fills = append(it.Fills, Fill{
			X: (quietZone + f.X) * module, Y: (quietZone + f.Y) * module,
			W: f.W * module, H: f.H * module,
		})
	}
	if n > 0 {
		s.add(it)
	}
	s.text(finePitch, lines[beside:])
}

// runs covers the dark modules with rectangles, in modules: as wide as can be, and
// those under one another made one.
func runs(modules [][]bool) []Fill {
	var out, open []Fill // open: down to the row above
	for y, row := range modules {
		var here []Fill
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x == from {
				continue
			}
			f := Fill{float64(from), float64(y), float64(x - from), 1}
			if i := slices.IndexFunc(open, func(o Fill) bool { return o.X == f.X && o.W == f.W }); i >= 0 {
				f.Y, f.H = open[i].Y, open[i].H+1
				open = slices.Delete(open, i, i+1)
			}
			here = append(here, f)
		}
		out, open = append(out, open...), here
	}
	return append(out, open...)
}
