package layout

import "errors"

// Glyph is what one character looks like: filled by the nonzero winding rule.
type Glyph struct {
	Rune     rune      // the character
	Contours []Contour // none for a blank
	Em       int       // how many units of the contours make an em
	Advance  int       // to the next character, in thousandths of an em
}

// Contour is a closed line. What is left open from its last curve to Start is a
// straight line.
type Contour struct {
	Start  Dot
	Curves []Curve
}

// Curve leads from where the one before it ends: a straight line or a cubic Bézier
// curve.
type Curve struct {
	Straight bool
	A, B     Dot // control points of what is not straight
	End      Dot
}

// Dot is a place in the design of a glyph: to the right of where it begins, and above
// the baseline.
type Dot struct{ X, Y int }

// Outlines gives what text looks like, character by character, each in face or, where
// that has it not, in the face that prints it. The error is a *MissingError, or says
// how the outlines of a font contradict each other.
func (f *Fonts) Outlines(face Face, text string) ([]Glyph, error) {
	if missing := f.Missing(text); len(missing) > 0 {
		return nil, &MissingError{missing}
	}
	var out []Glyph
	for _, r := range text {
		in, code, _ := f.find(face, r)
		font := f.of[in]
		contours, err := font.Contours(code)
		if err != nil {
			return nil, err
		}
		out = append(out, Glyph{r, contours, font.Em(), font.Advance(code)})
	}
	return out, nil
}

// fine is how many of the units of our outlines make one of a font's. TrueType has
// quadratic curves, some of whose ends lie halfway between control points: in sixths,
// both those and the control points of the same curve as a cubic are whole numbers.
const fine = 6

// Em tells how many units of Contours make an em.
func (f *Font) Em() int { return fine * view(f.tables["head"]).u16(18) }

// Contours gives the outline of what is printed under code. The error says how the
// outlines contradict each other.
func (f *Font) Contours(code uint16) ([]Contour, error) {
	o := outliner{font: f}
	err := o.glyph(int(f.glyphs[code]), placement{a: one, d: one}, 0)
	return o.contours, err
}

// The bounds of composite glyphs: those of our fonts have two levels and five parts.
const (
	maxLevels = 8
	maxParts  = 64
)

// outliner collects the contours of a glyph.
type outliner struct {
	font     *Font
	contours []Contour
	parts    int
}

// one is 1 in the numbers of a placement.
const one = 1 << 14

// placement moves and turns a part of a composite glyph: x' = a·x + c·y + dx, y' = b·x +
// d·y + dy, of which a to d are in units of 1/one.
type placement struct{ a, b, c, d, dx, dy int }

func (p placement) of(x, y int) (int, int) {
	return divide(p.a*x+p.c*y, one) + p.dx, divide(p.b*x+p.d*y, one) + p.dy
}

// divide rounds to the nearest.
func divide(n, by int) int {
	if n < 0 {
		return -((-n + by/2) / by)
	}
	return (n + by/2) / by
}

// within gives the placement of what p places and outer places again.
func (p placement) within(outer placement) placement {
	product := func(m, n, k, l int) int { return divide(m*n+k*l, one) }
	q := placement{
		a: product(outer.a, p.a, outer.c, p.b), b: product(outer.b, p.a, outer.d, p.b),
		c: product(outer.a, p.c, outer.c, p.d), d: product(outer.b, p.c, outer.d, p.d),
	}
	q.dx, q.dy = outer.of(p.dx, p.dy)
	return q
}

var errOutline = errors.New("an outline contradicts itself")

// glyph adds a glyph, the level'th within composite ones.
func (o *outliner) glyph(g int, at placement, level int) error {
	b, err := o.font.outline(g)
	if err != nil || len(b) == 0 {
		return err
	}
	if o.parts++; level > maxLevels || o.parts > maxParts {
		return errOutline
	}
	t := view(b)
	if n := t.u16(0); n < 0x8000 {
		return o.simple(t, n, at)
	}
	return o.composite(t, at, level)
}

// The flags of a part of a composite glyph.
const (
	partWords  = 1 << 0 // its place is two words, else two bytes
	partPlaced = 1 << 1 // it has a place, else two points are laid on each other
	partScale  = 1 << 3
	partMore   = 1 << 5 // another part follows
	partScales = 1 << 6
	partMatrix = 1 << 7
	partApple  = 1 << 11 // its place is scaled, too
)

func (o *outliner) composite(t table, at placement, level int) error {
	signed := func(at int) int { return int(int16(t.u16(at))) }
	for pos, flags := 10, partMore; flags&partMore != 0; {
		flags = t.u16(pos)
		glyph := t.u16(pos + 2)
		pos += 4
		if flags&partPlaced == 0 || flags&partApple != 0 {
			return errors.New("an outline is composed in a way that is not supported")
		}
		p := placement{a: one, d: one}
		if flags&partWords != 0 {
			p.dx, p.dy = signed(pos), signed(pos+2)
			pos += 4
		} else {
			both := t.u16(pos)
			p.dx, p.dy = int(int8(both>>8)), int(int8(both))
			pos += 2
		}
		p.dx, p.dy = fine*p.dx, fine*p.dy
		switch {
		case flags&partScale != 0:
			p.a, p.d = signed(pos), signed(pos)
			pos += 2
		case flags&partScales != 0:
			p.a, p.d = signed(pos), signed(pos+2)
			pos += 4
		case flags&partMatrix != 0:
			p.a, p.b, p.c, p.d = signed(pos), signed(pos+2), signed(pos+4), signed(pos+6)
			pos += 8
		}
		if *t.short {
			return errOutline
		}
		if err := o.glyph(glyph, p.within(at), level+1); err != nil {
			return err
		}
	}
	return nil
}

// The flags of a point of a simple glyph.
const (
	pointOn     = 1 << 0 // on the contour, else a control point
	pointXByte  = 1 << 1
	pointYByte  = 1 << 2
	pointRepeat = 1 << 3 // a count of further points of these flags follows
	pointXSame  = 1 << 4 // or, of a byte: it is positive
	pointYSame  = 1 << 5
)

// point is a point of a simple glyph, placed.
type point struct {
	Dot
	on bool
}

// simple adds a glyph of n contours.
func (o *outliner) simple(t table, n int, at placement) error {
	ends := make([]int, 0, min(n, len(t.b)))
	count := 0
	for i := range n {
		end := t.u16(10+2*i) + 1
		if *t.short || end < count {
			return errOutline
		}
		count, ends = end, append(ends, end)
	}
	pos := 10 + 2*n
	pos += 2 + t.u16(pos) // instructions
	next := func() int {
		if pos >= len(t.b) {
			*t.short = true
			return 0
		}
		pos++
		return int(t.b[pos-1])
	}
	flags := make([]int, 0, count)
	for len(flags) < count && !*t.short {
		f := next()
		flags = append(flags, f)
		if f&pointRepeat != 0 {
			for range min(next(), count-len(flags)) {
				flags = append(flags, f)
			}
		}
	}
	// Of either axis all steps stand together: first those to the right.
	axis := func(byteFlag, sameFlag int) []int {
		out := make([]int, count)
		v := 0
		for i, f := range flags {
			switch {
			case f&byteFlag != 0 && f&sameFlag != 0:
				v += next()
			case f&byteFlag != 0:
				v -= next()
			case f&sameFlag == 0:
				v += int(int16(next()<<8 | next()))
			}
			out[i] = fine * v
		}
		return out
	}
	xs := axis(pointXByte, pointXSame)
	ys := axis(pointYByte, pointYSame)
	if *t.short {
		return errOutline
	}
	from := 0
	for _, end := range ends {
		points := make([]point, 0, end-from)
		for i := from; i < end; i++ {
			x, y := at.of(xs[i], ys[i])
			points = append(points, point{Dot{x, y}, flags[i]&pointOn != 0})
		}
		if from = end; len(points) > 1 {
			o.contours = append(o.contours, contour(points))
		}
	}
	return nil
}

// contour joins points: between two control points lies one of the contour.
func contour(points []point) Contour {
	first := points[0]
	switch last := points[len(points)-1]; {
	case first.on:
		points = points[1:]
	case last.on:
		first, points = last, points[:len(points)-1]
	default:
		first = between(first, last)
	}
	c := Contour{Start: first.Dot}
	at := first.Dot
	var control *point
	for _, p := range append(points, first) {
		switch {
		case control == nil && p.on:
			c.Curves = append(c.Curves, Curve{Straight: true, End: p.Dot})
			at = p.Dot
		case control == nil:
			control = &p
		default:
			end := p
			if !p.on {
				end = between(*control, p)
			}
			c.Curves = append(c.Curves, cubic(at, control.Dot, end.Dot))
			at = end.Dot
			if control = nil; !p.on {
				control = &p
			}
		}
	}
	return c
}

// between gives the point of the contour between two control points.
func between(a, b point) point {
	return point{Dot{divide(a.X+b.X, 2), divide(a.Y+b.Y, 2)}, true}
}

// cubic gives the quadratic curve from a to b as a cubic one.
func cubic(a, control, b Dot) Curve {
	third := func(p Dot) Dot { return Dot{divide(p.X+2*control.X, 3), divide(p.Y+2*control.Y, 3)} }
	return Curve{A: third(a), B: third(b), End: b}
}
