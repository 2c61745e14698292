package pdf

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"heyi/reports/layout"
	"heyi/review"
)

// maxDot bounds the coordinates of an appearance: six times those of a pad, or of a
// font's design, and what curves reach beyond.
const maxDot = 300_000

// maxLook bounds the operators of one appearance, in bytes. The longest that there can
// be, of 5000 points, has a third of it.
const maxLook = 1 << 20

// The measures of an appearance, in points.
const (
	lookInset   = 2.0  // free at all sides
	lookPen     = 1.1  // width of the ink
	lookName    = 20.0 // size of a name in type, if there is room
	lookCaption = 7.0  // size of a caption, if there is room
	lookPitch   = 1.15 // of the lines of a long name, in its size
	lookDescent = 0.14 // what of a character is below the baseline, in its size
	lookEnlarge = 3.0  // ink is drawn this much larger than the pad would be, at most
)

// appearance gives the operators that show a signature on w by h points: the strokes,
// or else the name in type, and the caption under them. It has no text, fonts or
// pictures: only paths, which every reader draws alike.
// Codes: CodeTextGlyph (the item names the characters), CodeFont.
func appearance(l review.Look, person string, w, h float64, fonts *layout.Fonts) ([]byte, error) {
	box := area{lookInset, lookInset, w - 2*lookInset, h - 2*lookInset}
	if box.w <= 0 || box.h <= 0 {
		box = area{0, 0, w, h}
	}
	var b []byte
	if l.Caption != "" {
		line, err := outlines(fonts, layout.Song, l.Caption)
		if err != nil {
			return nil, err
		}
		size := min(lookCaption, box.h/4, box.w/line.width())
		b = line.draw(b, box.x+(box.w-size*line.width())/2, box.y+size*lookDescent, size)
		box.y, box.h = box.y+size*lookPitch, box.h-size*lookPitch
	}
	if len(l.Strokes.Lines) > 0 {
		return appendStrokes(b, l.Strokes, box), nil
	}
	name, err := outlines(fonts, layout.Kai, strings.TrimSpace(person))
	if err != nil {
		return nil, err
	}
	return name.fill(b, box), nil
}

// area is a rectangle with its lower left corner.
type area struct{ x, y, w, h float64 }

// run is text as outlines.
type run []layout.Glyph

// outlines gives text as outlines.
// Codes: CodeTextGlyph, CodeFont.
func outlines(fonts *layout.Fonts, face layout.Face, s string) (run, error) {
	const op = "pdf.outlines"
	glyphs, err := fonts.Outlines(face, s)
	if missing, ok := errors.AsType[*layout.MissingError](err); ok {
		return nil, review.E(review.CodeTextGlyph, op, review.NameRunes(missing.Runes), err)
	}
	if err != nil {
		return nil, review.E(review.CodeFont, op, "", err)
	}
	return glyphs, nil
}

// width gives the length of a line of the run, in its size.
func (r run) width() float64 {
	sum := 0
	for _, g := range r {
		sum += g.Advance
	}
	return float64(max(sum, 1)) / 1000
}

// draw appends the run as one line whose baseline begins at a place.
func (r run) draw(b []byte, x, y, size float64) []byte {
	for _, g := range r {
		if len(g.Contours) > 0 {
			b = appendScale(b, size/float64(g.Em), x, y)
			for _, c := range g.Contours {
				b = appendDots(b, "m", c.Start)
				for _, k := range c.Curves {
					if k.Straight {
						b = appendDots(b, "l", k.End)
					} else {
						b = appendDots(b, "c", k.A, k.B, k.End)
					}
				}
				b = append(b, "h\n"...)
			}
			b = append(b, "f\nQ\n"...)
		}
		x += size * float64(g.Advance) / 1000
	}
	return b
}

// lines breaks the run into lines of at most width, in its size. None begins with the
// dot within a name, if that can be helped.
func (r run) lines(width float64) []run {
	var out []run
	from, sum := 0, 0
	for i, g := range r {
		if sum += g.Advance; i == from || float64(sum) <= 1000*width {
			continue
		}
		cut := i
		if g.Rune == '·' && i > from+1 {
			cut--
		}
		out = append(out, r[from:cut])
		from, sum = cut, 0
		for _, g := range r[cut : i+1] {
			sum += g.Advance
		}
	}
	return append(out, r[from:])
}

// fill appends the run in the middle of an area, as large as it can be there in as many
// lines as that takes.
func (r run) fill(b []byte, in area) []byte {
	size := min(lookName, in.h/lookPitch)
	fits := func(lines []run) bool {
		for _, l := range lines {
			if l.width()*size > in.w+rounding {
				return false
			}
		}
		return float64(len(lines))*size*lookPitch <= in.h+rounding
	}
	lines := r.lines(in.w / size)
	for !fits(lines) {
		size *= 0.97
		lines = r.lines(in.w / size)
	}
	lines = r.lines(r.balance(len(lines), in.w/size))
	y := in.y + (in.h+float64(len(lines))*size*lookPitch)/2 - size*(1+(lookPitch-1)/2-lookDescent)
	for _, l := range lines {
		b = l.draw(b, in.x+(in.w-size*l.width())/2, y, size)
		y -= size * lookPitch
	}
	return b
}

// rounding is what sums of lengths may be off by, in points.
const rounding = 0.001

// balance gives the least width, of at most max, at which there are no more than n lines.
func (r run) balance(n int, max float64) float64 {
	for w := r.width() / float64(n); w < max; w *= 1.02 {
		if len(r.lines(w)) <= n {
			return w
		}
	}
	return max
}

// appendStrokes appends a drawn signature in the middle of an area: its proportions are
// kept, it is as large as it can be there, but what covers a corner of the pad only does
// not grow without bound. All coordinates are whole numbers, so that the same strokes
// give the same bytes.
func appendStrokes(b []byte, s review.Strokes, in area) []byte {
	lines := smooth(s)
	low, high := lines[0].start, lines[0].start
	for _, l := range lines {
		for _, d := range l.dots() {
			low = layout.Dot{X: min(low.X, d.X), Y: min(low.Y, d.Y)}
			high = layout.Dot{X: max(high.X, d.X), Y: max(high.Y, d.Y)}
		}
	}
	room := area{in.x + lookPen/2, in.y + lookPen/2, max(in.w-lookPen, lookPen), max(in.h-lookPen, lookPen)}
	fit := func(w, h int) float64 { return min(room.w/float64(max(w, 1)), room.h/float64(max(h, 1))) }
	scale := min(fit(high.X-low.X, high.Y-low.Y), lookEnlarge*fit(fine*s.Width, fine*s.Height), 1)
	x := room.x + (room.w-scale*float64(low.X+high.X))/2
	y := room.y + (room.h-scale*float64(low.Y+high.Y))/2
	b = appendScale(b, scale, x, y)
	b = append(strconv.AppendFloat(b, lookPen/scale, 'f', 2, 64), " w 1 J 1 j\n"...)
	for _, l := range lines {
		b = appendDots(b, "m", l.start)
		for _, c := range l.curves {
			if c.Straight {
				b = appendDots(b, "l", c.End)
			} else {
				b = appendDots(b, "c", c.A, c.B, c.End)
			}
		}
	}
	return append(b, "S\nQ\n"...)
}

// fine is how many of our units make one of a pad: in sixths, the control points of a
// spline through whole numbers are whole numbers.
const fine = 6

// ink is one line of a drawn signature, smoothed.
type ink struct {
	start  layout.Dot
	curves []layout.Curve
}

// dots gives all places of the line, and between which its curves stay.
func (l ink) dots() []layout.Dot {
	out := []layout.Dot{l.start}
	for _, c := range l.curves {
		if !c.Straight {
			out = append(out, c.A, c.B)
		}
		out = append(out, c.End)
	}
	return out
}

// smooth lays a curve through the points of each line, upward as on a page: the spline of
// Catmull and Rom, whose tangent at each point is that from the one before it to the one
// behind it. A point alone becomes a dot.
func smooth(s review.Strokes) []ink {
	var out []ink
	for _, line := range s.Lines {
		points := thin(line, max(s.Width, s.Height)/thinning)
		dot := func(i int) layout.Dot {
			p := points[max(0, min(i, len(points)-1))]
			return layout.Dot{X: fine * p.X, Y: fine * (s.Height - p.Y)}
		}
		// control gives the control point beside the point i in the direction of its tangent.
		control := func(i, direction int) layout.Dot {
			d, before, behind := dot(i), dot(i-1), dot(i+1)
			return layout.Dot{X: d.X + direction*(behind.X-before.X)/fine, Y: d.Y + direction*(behind.Y-before.Y)/fine}
		}
		l := ink{start: dot(0)}
		for i := 1; i < len(points); i++ {
			l.curves = append(l.curves, layout.Curve{A: control(i-1, 1), B: control(i, -1), End: dot(i)})
		}
		if len(points) < 3 {
			l.curves = []layout.Curve{{Straight: true, End: dot(len(points) - 1)}}
		}
		out = append(out, l)
	}
	return out
}

// thinning is how many steps of a line there are room for along a pad: points that are
// closer show how the pad counts, not how the hand moved.
const thinning = 250

// thin leaves out points that are closer than least to the one before, but neither the
// first nor the last.
func thin(line []review.Point, least int) []review.Point {
	out := line[:1:1]
	for _, p := range line[1:] {
		if at := out[len(out)-1]; max(p.X-at.X, at.X-p.X, p.Y-at.Y, at.Y-p.Y) > least {
			out = append(out, p)
		}
	}
	if last := line[len(line)-1]; out[len(out)-1] != last {
		out = append(out, last)
	}
	return out
}

// appendScale begins something that is drawn in units of its own.
func appendScale(b []byte, scale, x, y float64) []byte {
	return fmt.Appendf(b, "q %.7f 0 0 %.7f %.3f %.3f cm\n", scale, scale, x, y)
}

// appendDots appends an operator with the places that it wants.
func appendDots(b []byte, operator string, dots ...layout.Dot) []byte {
	for _, d := range dots {
		b = append(strconv.AppendInt(b, int64(d.X), 10), ' ')
		b = append(strconv.AppendInt(b, int64(d.Y), 10), ' ')
	}
	return append(append(b, operator...), '\n')
}
