package pdf

import (
	"errors"
	"fmt"
	"slices"
)

// What an appearance shows is laid over the page by whoever signs last. So it must not
// come where it could change what others have signed: a widget that shows is a place of its
// own, in which the page says nothing.

// The largest place to sign, in points. The minutes' field is the widest of ours, 71 mm. The
// cell of a signature is as high as its row: beside a unit of review.MaxTitle characters, a
// name and a title of review.MaxName each 71 mm, so that less would refuse papers of ours.
const (
	maxPlaceWidth  = 120 * 72 / 25.4
	maxPlaceHeight = 90 * 72 / 25.4
)

// slack is what the sides of a rectangle, each written to the hundredth of a point, may
// be off its size.
const slack = 0.011

// rect is a rectangle of a page, from its bottom left corner.
type rect struct{ left, bottom, right, top float64 }

// meets tells whether two rectangles have more than an edge in common.
func (r rect) meets(o rect) bool {
	return r.left < o.right-slack && o.left < r.right-slack && r.bottom < o.top-slack && o.bottom < r.top-slack
}

// isPlaced wants a widget of a size that layout gives, an appearance of the same, and no
// other widget there.
func (c *conformer) isPlaced(v any) error {
	d := v.(dict)
	sides := floats(d["Rect"])
	r := rect{sides[0], sides[1], sides[2], sides[3]}
	wide, high := r.right-r.left, r.top-r.bottom
	if wide <= 0 || high <= 0 || wide > maxPlaceWidth+slack || high > maxPlaceHeight+slack {
		return fmt.Errorf("a place of %.2f by %.2f", wide, high)
	}
	box := floats(c.file.base(d["AP"].(dict)["N"].(ref)).(stream).dict["BBox"])
	if max(box[2]-wide, wide-box[2], box[3]-high, high-box[3]) > slack {
		return fmt.Errorf("an appearance of %v in a place of %.2f by %.2f", box, wide, high)
	}
	if err := c.isBeside(r); err != nil {
		return err
	}
	c.places = append(c.places, r)
	return nil
}

// isBeside wants a rectangle that no widget of the page reaches into.
func (c *conformer) isBeside(r rect) error {
	if slices.ContainsFunc(c.places, r.meets) {
		return fmt.Errorf("%.2f lies in a widget", r)
	}
	return nil
}

// pen is the state in which the content of a page is drawn.
type pen struct {
	x, y    float64
	font    advances
	size    float64
	spacing float64
}

func (c *conformer) goes(v any) error {
	a := floats(v)
	c.pen.x, c.pen.y = a[0], a[1]
	return nil
}

func (c *conformer) takesFont(v any) error {
	a := v.(array)
	c.pen.font = c.fonts[a[0].(name)]
	c.pen.size, _ = float(a[1])
	return nil
}

func (c *conformer) takesSpacing(v any) error {
	c.pen.spacing = floats(v)[0]
	return nil
}

// isLineBeside wants a line to v that reaches into no widget; rules around one may touch
// it.
func (c *conformer) isLineBeside(v any) error {
	from := c.pen
	if err := c.goes(v); err != nil {
		return err
	}
	return c.isBeside(rect{min(from.x, c.pen.x), min(from.y, c.pen.y), max(from.x, c.pen.x), max(from.y, c.pen.y)})
}

func (c *conformer) isAreaBeside(v any) error {
	a := floats(v)
	return c.isBeside(rect{min(a[0], a[0]+a[2]), min(a[1], a[1]+a[3]), max(a[0], a[0]+a[2]), max(a[1], a[1]+a[3])})
}

// The em box of the ideographic script, from the baseline in ems.
const (
	emFoot = -0.12
	emHead = 0.88
)

// isTextBeside wants text whose em boxes reach into no widget.
func (c *conformer) isTextBeside(v any) error {
	p := c.pen
	if p.size == 0 {
		return errors.New("text without a font")
	}
	if len(c.places) == 0 {
		return nil
	}
	codes := v.(array)[0].(text)
	r := rect{p.x, p.y + emFoot*p.size, p.x, p.y + emHead*p.size}
	at := p.x
	for i := 0; i+1 < len(codes); i += 2 {
		at += p.font.of(int(codes[i])<<8|int(codes[i+1]))*p.size/1000 + p.spacing
		r.left, r.right = min(r.left, at), max(r.right, at)
	}
	return c.isBeside(r)
}

// advances are what /W and /DW of a font say of its codes, by rising codes; the last entry,
// from noCode on, stands for all others.
type advances []advance

// advance is that of the codes from first to last, in thousandths of an em: of each its
// own, or of all the same.
type advance struct {
	first, last int
	own         []float64
	same        float64
}

const noCode = 1 << 16

// of gives the advance of a code.
func (a advances) of(code int) float64 {
	i, found := slices.BinarySearchFunc(a, code, func(e advance, code int) int {
		switch {
		case e.last < code:
			return -1
		case e.first > code:
			return 1
		}
		return 0
	})
	switch {
	case !found && len(a) == 0:
		return 0
	case !found:
		return a[len(a)-1].same
	case a[i].own != nil:
		return a[i].own[code-a[i].first]
	}
	return a[i].same
}

// advances reads those of a font that is as the grammar wants it.
func (f *file) advances(font ref) advances {
	d := f.base(f.base(font).(dict)["DescendantFonts"].(array)[0].(ref)).(dict)
	out, _ := readAdvances(d["W"])
	other, _ := float(d["DW"])
	return append(out, advance{first: noCode, last: noCode, same: other})
}

// isAdvances wants the advances of a font, by rising codes, as readers of PDF take the one
// or the other of two for one code.
func isAdvances(_ *conformer, v any) error {
	_, err := readAdvances(v)
	return err
}

// readAdvances reads /W: a code with the advances from there on, or two with the one of all
// between (ISO 32000-1, 9.7.4.3).
func readAdvances(v any) (advances, error) {
	bad := errors.New("no advances")
	const most = 10_000 // thousandths of an em
	w, ok := v.(array)
	if !ok {
		return nil, bad
	}
	var out advances
	next := 0
	for len(w) > 1 {
		first, ok := w[0].(int)
		if !ok || first < next {
			return nil, bad
		}
		e := advance{first: first}
		if list, ok := w[1].(array); ok {
			e.own, e.last, w = floats(list), first+len(list)-1, w[2:]
			if len(e.own) == 0 || slices.Min(e.own) < -most || slices.Max(e.own) > most {
				return nil, bad
			}
		} else {
			last, ok := w[1].(int)
			if !ok || len(w) < 3 || number(-most, most)(nil, w[2]) != nil {
				return nil, bad
			}
			e.last = last
			e.same, _ = float(w[2])
			w = w[3:]
		}
		if e.last < first || e.last >= noCode {
			return nil, bad
		}
		out = append(out, e)
		next = e.last + 1
	}
	if len(w) > 0 {
		return nil, bad
	}
	return out, nil
}
