package layout

import (
	"math"
	"strings"
)

// What columns are asked for, in thousandths of an em.
const (
	shortText = 8000  // text up to this is set in one line, if that can be had
	terseText = 5000  // text up to this always is
	longWord  = 12000 // words above this are divided
	leastText = 4000  // no column of longer text is narrower
	leastHead = 4000  // nor one of a longer head
)

// columnPlan is how the body of a column stands. The widest digits before and
// behind the decimal point are whole and rest wide.
type columnPlan struct {
	how         alignment
	weight      float64
	figures     bool
	whole, rest int
}

// demand is what a column asks for, in thousandths of an em.
type demand struct {
	least, most float64
	claim       float64 // to what there is beyond the least
}

// way is a way to set a table. Text up to keep thousandths of an em is not divided;
// long heads may be set in so many lines.
type way struct {
	sheet *sheet
	size  float64
	keep  float64
	heads float64
}

// ways are the ways to set a table in one part, the best first.
var ways = []way{
	{upright, 12, shortText, 3}, {upright, 10.5, shortText, 3}, {upright, 10.5, terseText, 3},
	{turned, 10.5, terseText, 3}, {turned, 10.5, terseText, 5}, {turned, 9, terseText, 3}, {turned, 9, terseText, 5},
}

// divided is the way to set the parts of a table that is too wide for all of them.
var divided = way{turned, 10.5, terseText, 5}

// worthSmaller is how much of its height a table must be at most, in smaller
// type, for that to be taken. From 小四 to 五号, running text goes down to 0.77.
const worthSmaller = 0.7

// fit finds the best way to set a table, in type of at most a size. If none is
// wide enough, it gives false.
func (g *grid) fit(size float64) bool {
	var best way
	lowest := 0.0
	for _, w := range ways {
		if best.sheet != nil && w.sheet != best.sheet {
			break
		}
		if w.size > min(size, g.largest) || g.follows && w.sheet == upright || !g.take(w) {
			continue
		}
		if height := g.estimate(); best.sheet == nil || height < worthSmaller*lowest {
			best, lowest = w, height
		}
	}
	return best.sheet != nil && g.take(best)
}

// take sets sheet, size and widths of columns as a way has them; false if that is
// not wide enough.
func (g *grid) take(w way) bool {
	demands := g.demands(w)
	room := w.sheet.areaWidth * 1000 / w.size
	g.sheet, g.size, g.widths = w.sheet, w.size, allot(room, demands)
	return sum(demands, func(d demand) float64 { return d.least }) <= room
}

// estimate says about how high a table is, in points of type.
func (g *grid) estimate() float64 {
	total := 0.0
	for r, places := range g.places {
		lines := 1.0
		for at, c := range places {
			if c.row == r && c.col == at && c.rows == 1 && c.cols == 1 {
				lines = max(lines, math.Ceil(float64(c.natural())/max(g.widths[at]-2*sideInset*1000, 1)))
			}
		}
		total += lines
	}
	return total * g.size
}

// plan finds how the columns of the body stand.
func (g *grid) plan(columns []Column) {
	g.columns = make([]columnPlan, len(g.places[0]))
	for at := range g.columns {
		p := &g.columns[at]
		p.weight = 1
		align := Auto
		if at < len(columns) {
			align = columns[at].Align
			if columns[at].Weight > 0 {
				p.weight = columns[at].Weight
			}
		}
		p.figures = align == Auto || align == Right
		figures, widest := 0, 0
		for r := g.head; r < len(g.places); r++ {
			c := g.places[r][at]
			if c.cols > 1 || c.row != r || c.given.Align != Auto {
				continue
			}
			widest = max(widest, c.natural())
			if len(c.text) != 1 {
				continue
			}
			if whole, rest, ok := figureWidths(c.text[0]); ok {
				figures++
				p.whole, p.rest = max(p.whole, whole), max(p.rest, rest)
			} else if !isBlank(c.given.Text) {
				p.figures = false
			}
		}
		p.figures = p.figures && figures > 0
		switch {
		case align == Centre || align == Auto && (p.figures || widest <= shortText):
			p.how = centred
		case align == Right:
			p.how = flushRight
		default:
			p.how = justified
		}
	}
}

// isBlank finds what stands in columns of figures where there is none.
func isBlank(text string) bool {
	switch text {
	case "", "—", "——", "-", "－", "/", "／", "无":
		return true
	}
	return false
}

// demands finds what the columns ask for.
func (g *grid) demands(w way) []demand {
	const inset = 2 * sideInset * 1000
	demands := make([]demand, len(g.columns))
	var spanning []*gridCell
	for r, places := range g.places {
		for at, c := range places {
			if c.row != r || c.col != at {
				continue
			}
			if c.cols > 1 {
				spanning = append(spanning, c)
				continue
			}
			least, most := c.demand(w)
			if p := g.columns[at]; p.figures && !c.label {
				most = max(most, float64(p.whole+p.rest))
				least = most
			}
			d := &demands[at]
			d.least, d.most = max(d.least, least+inset), max(d.most, most+inset)
			for _, p := range c.text {
				d.claim += float64(width(p))
			}
		}
	}
	for at := range demands {
		d := &demands[at]
		d.most = max(d.most, inset+1000)
		d.least = max(d.least, inset+1000)
		d.claim = math.Sqrt(d.claim) * g.columns[at].weight
	}
	for _, c := range spanning {
		least, most := c.demand(w)
		under := demands[c.col : c.col+c.cols]
		share(under, least+inset, func(d *demand) *float64 { return &d.least })
		if !c.label {
			most = least
		}
		share(under, most+inset, func(d *demand) *float64 { return &d.most })
		for i := range under {
			under[i].most = max(under[i].most, under[i].least)
		}
	}
	return demands
}

// demand gives how wide a cell wants to be at least and at most.
func (c *gridCell) demand(in way) (least, most float64) {
	for _, p := range c.text {
		w := float64(width(trimLine(p)))
		most = max(most, w)
		switch {
		case c.label && w > leastHead:
			if i := unitAt(p); i > 0 {
				least = max(least, min(float64(max(width(p[:i]), width(p[i:]))), shortText), chunk(p))
			} else {
				least = max(least, leastHead*3/in.heads, min(w/in.heads, shortText), chunk(p))
			}
		case w <= in.keep || c.label:
			least = max(least, w)
		default:
			least = max(least, leastText, chunk(p))
		}
	}
	if c.signs() {
		least = max(least, signWidth*1000/in.size)
		most = max(most, least)
	}
	return least, most
}

// chunk gives the width of the widest piece of text that no line divides, but
// longWord at most.
func chunk(text []glyph) float64 {
	widest, w := 0, 0
	for i, g := range text {
		if i > 0 && mayEnd(text, i, mayBreak) {
			w = 0
		}
		if w += g.width; !isSpace(g.r) {
			widest = max(widest, w)
		}
	}
	return min(float64(widest), longWord)
}

// share raises what columns ask for so that it adds up to what a cell over all of
// them asks for.
func share(under []demand, whole float64, part func(*demand) *float64) {
	lacking := whole
	for i := range under {
		lacking -= *part(&under[i])
	}
	for i := range under {
		if lacking > 0 {
			*part(&under[i]) += lacking / float64(len(under))
		}
	}
}

func sum(demands []demand, part func(demand) float64) float64 {
	total := 0.0
	for _, d := range demands {
		total += part(d)
	}
	return total
}

// allot divides room among columns. Where there is enough, all get what they ask
// for and the rest in proportion; where there is too little, all get less in
// proportion. Otherwise they get, between least and most, in proportion to the
// root of how much text they have, which makes all columns together lowest.
func allot(room float64, demands []demand) []float64 {
	widths := make([]float64, len(demands))
	least := sum(demands, func(d demand) float64 { return d.least })
	most := sum(demands, func(d demand) float64 { return d.most })
	width := func(d demand, factor float64) float64 { return min(max(factor*d.claim, d.least), d.most) }
	switch {
	case most <= room:
		for i, d := range demands {
			widths[i] = d.most * room / most
		}
	case least >= room:
		for i, d := range demands {
			widths[i] = d.least * room / least
		}
	default:
		low, high := 0.0, 1.0
		total := func(factor float64) float64 {
			return sum(demands, func(d demand) float64 { return width(d, factor) })
		}
		for total(high) < room && high < 1e12 {
			high *= 2
		}
		for range 60 {
			if middle := (low + high) / 2; total(middle) < room {
				low = middle
			} else {
				high = middle
			}
		}
		for i, d := range demands {
			widths[i] = width(d, low)
		}
		rest := room - sum(demands, func(d demand) float64 { return width(d, low) })
		for i := range widths {
			widths[i] += rest / float64(len(widths))
		}
	}
	return widths
}

// figureWidths gives how wide a figure is before its decimal point and from there
// on, with what follows it, as in 12.5％ or 30台.
func figureWidths(text []glyph) (whole, rest int, ok bool) {
	i := 0
	if len(text) > 0 && strings.ContainsRune("+-−±≥≤＞＜><≈", text[0].r) {
		i++
	}
	from := i
	for i < len(text) && (isDigit(text[i].r) || text[i].r == ',' && i > from) {
		i++
	}
	if i == from {
		return 0, 0, false
	}
	whole = width(text[:i])
	point := i
	if i+1 < len(text) && text[i].r == '.' && isDigit(text[i+1].r) {
		for i++; i < len(text) && isDigit(text[i].r); i++ {
		}
	}
	if len(text)-i > 2 {
		return 0, 0, false
	}
	for _, g := range text[i:] {
		if isDigit(g.r) || isSpace(g.r) || strings.ContainsRune(".,-—~～/", g.r) {
			return 0, 0, false
		}
	}
	return whole, width(text[point:]), true
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
