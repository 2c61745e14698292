package pdf

import (
	"errors"
	"fmt"
	"math"

	"heyi/reports/layout"
)

// mode is where in a content stream an operator may stand (ISO 32000-1, 8.2).
type mode int

const (
	onPage mode = iota // nothing was drawn but marks
	inHead
	onMark
	onTurned
	onPale
	onGrey
	inMark
	afterMark
	afterPale
	onDrawn
	inText
	atText
	afterText
	onPath
	onArea

	onLook // nothing was drawn
	onPlace
	onScaled
	onPen
	onLine
	onShape
	onShaped
	onInk
	onShown
)

// step is an operator where it stands.
type step struct {
	in   mode
	word string
}

// operator says where an operator leads and what it wants of its operands.
type operator struct {
	to       mode
	operands rule
}

// maxOperands is the longest list of operands below.
const maxOperands = 6

// pageSteps lists what the content stream of a page may do: pale marks before anything
// else; then black lines, black rectangles, and black text in embedded fonts, each string
// at a place of its own. None of these reaches into a widget.
var pageSteps = func() map[step]operator {
	none := tuple()
	black := tuple(is(decimal("0.000")))
	x, y := (*conformer).isAcross, (*conformer).isUpward
	place := tuple(x, y)
	font := all(tuple((*conformer).isPrinted, number(1, 500)), (*conformer).takesFont)
	text := all(tuple(isCodes), (*conformer).isTextBeside)
	goes := all(place, (*conformer).goes)
	long := number(-layout.PageHeight, layout.PageHeight)
	steps := map[step]operator{
		{inHead, "Tf"}: {inHead, font},
		{inHead, "ET"}: {onPage, none},
		{inHead, "Td"}: {atText, goes},

		{onPage, "q"}:    {onMark, none},
		{onMark, "cm"}:   {onTurned, isTurn},
		{onTurned, "q"}:  {onPale, none},
		{onPale, "g"}:    {onGrey, tuple(is(markGrey))},
		{onGrey, "BT"}:   {inMark, none},
		{inMark, "Td"}:   {inMark, place},
		{inMark, "Tj"}:   {inMark, tuple(isCodes)},
		{inMark, "ET"}:   {afterMark, none},
		{afterMark, "Q"}: {afterPale, none},
		{afterPale, "Q"}: {onPage, none},

		{inText, "Tf"}:    {inText, font},
		{inText, "ET"}:    {onDrawn, none},
		{inText, "Td"}:    {atText, goes},
		{atText, "Tj"}:    {afterText, text},
		{afterText, "ET"}: {onDrawn, none},
		{onPath, "l"}:     {onPath, all(place, (*conformer).isLineBeside)},
		{onPath, "S"}:     {onDrawn, none},
		{onArea, "f"}:     {onDrawn, none},
	}
	for _, in := range []mode{onPage, onDrawn} {
		steps[step{in, "J"}] = operator{in, tuple(is(0))}
		steps[step{in, "j"}] = operator{in, tuple(is(0))}
		steps[step{in, "w"}] = operator{in, tuple(number(0, 10))}
		steps[step{in, "G"}] = operator{in, black}
		steps[step{in, "g"}] = operator{in, black}
		steps[step{in, "Tc"}] = operator{in, all(tuple(number(-layout.PageWidth, layout.PageWidth)), (*conformer).takesSpacing)}
		steps[step{in, "m"}] = operator{onPath, goes}
		steps[step{in, "re"}] = operator{onArea, all(tuple(x, y, long, long), (*conformer).isAreaBeside)}
	}
	steps[step{onPage, "BT"}] = operator{inHead, none}
	steps[step{onDrawn, "BT"}] = operator{inText, none}
	return steps
}()

// lookSteps lists what the appearance of a signature may do, in black, and at least
// once: lines of a round pen, and filled shapes.
var lookSteps = func() map[step]operator {
	none := tuple()
	at := integer(-maxDot, maxDot)
	dot, curve := tuple(at, at), tuple(at, at, at, at, at, at)
	steps := map[step]operator{
		{onPlace, "cm"}: {onScaled, isScale},
		{onScaled, "w"}: {onPen, tuple(number(0, maxDot))},
		{onPen, "J"}:    {onPen, tuple(is(1))},
		{onPen, "j"}:    {onPen, tuple(is(1))},
		{onPen, "m"}:    {onLine, dot},
		{onLine, "m"}:   {onLine, dot},
		{onLine, "l"}:   {onLine, dot},
		{onLine, "c"}:   {onLine, curve},
		{onLine, "S"}:   {onInk, none},
		{onScaled, "m"}: {onShape, dot},
		{onShape, "l"}:  {onShape, dot},
		{onShape, "c"}:  {onShape, curve},
		{onShape, "h"}:  {onShaped, none},
		{onShaped, "m"}: {onShape, dot},
		{onShaped, "f"}: {onInk, none},
		{onInk, "Q"}:    {onShown, none},
		{onLook, "q"}:   {onPlace, none},
		{onShown, "q"}:  {onPlace, none},
	}
	return steps
}()

// isContent wants what draw draws.
func (c *conformer) isContent(s stream) error { return c.follows(pageSteps, s.data, onPage, onDrawn) }

// isLook wants what appearance draws.
func (c *conformer) isLook(data []byte) error { return c.follows(lookSteps, data, onLook, onShown) }

// follows wants operators that lead step by step from where a stream begins to where it
// may end, or back to where it began on a page that shows nothing.
func (c *conformer) follows(steps map[step]operator, data []byte, from, to mode) error {
	p := &parser{b: data}
	var operands array
	at := from
	for p.skip(); p.at < len(p.b); p.skip() {
		if b := p.b[p.at]; b < 'A' || b > 'z' || b == '[' {
			v, err := p.value(0)
			if err != nil {
				return err
			}
			if operands = append(operands, v); len(operands) > maxOperands {
				return errors.New("too many operands")
			}
			continue
		}
		word := p.word()
		op, ok := steps[step{at, word}]
		if !ok {
			return fmt.Errorf("operator %q", word)
		}
		if err := op.operands(c, operands); err != nil {
			return fmt.Errorf("operator %q: %w", word, err)
		}
		operands, at = operands[:0], op.to
	}
	if at != to && (at != onPage || from != onPage) || len(operands) > 0 {
		return errors.New("ends in the middle")
	}
	return nil
}

// isPrinted wants the name of a font that there is.
func (c *conformer) isPrinted(v any) error {
	n, ok := v.(name)
	if !ok {
		return errors.New("no font")
	}
	if _, ok := c.fonts[n]; !ok {
		return fmt.Errorf("font /%s is not in the resources", n)
	}
	return nil
}

// isCodes wants codes of two bytes.
func isCodes(_ *conformer, v any) error {
	if t, ok := v.(text); !ok || len(t)%2 != 0 {
		return errors.New("no codes")
	}
	return nil
}

// matrix reads the operands of cm.
func matrix(v any) (m [6]float64, ok bool) {
	a := floats(v)
	return m, copy(m[:], a) == len(m) && len(a) == len(m)
}

// isTurn wants a matrix that turns, and moves by no more than turning about a place on
// a page does.
func isTurn(_ *conformer, v any) error {
	const far = 4 * layout.PageHeight
	m, ok := matrix(v)
	if !ok || m[0] != m[3] || m[1] != -m[2] || math.Abs(m[0]*m[0]+m[1]*m[1]-1) > 1e-4 || max(math.Abs(m[4]), math.Abs(m[5])) > far {
		return errors.New("does not turn")
	}
	return nil
}

// isScale wants a matrix that makes larger or smaller, and moves within a page.
func isScale(_ *conformer, v any) error {
	m, ok := matrix(v)
	if !ok || m[0] != m[3] || m[0] <= 0 || m[0] > 1 || m[1] != 0 || m[2] != 0 || max(math.Abs(m[4]), math.Abs(m[5])) > layout.PageHeight {
		return errors.New("does not scale")
	}
	return nil
}
