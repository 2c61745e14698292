package pdf

import (
	"errors"
	"fmt"

	"heyi/reports/layout"
)

// mode is where in a content stream an operator may stand (ISO 32000-1, 8.2).
type mode int

const (
	onPage mode = iota
	inText
	onPath
)

// operator is one that draw uses, with what it wants of its operands.
type operator struct {
	in, to   mode
	operands []rule
}

// maxOperands is the longest list of operands below.
const maxOperands = 2

// operators lists what a content stream may do: black lines, and black text in
// embedded fonts.
var operators = func() map[string]operator {
	black := is(decimal("0.000"))
	x, y := (*conformer).isAcross, (*conformer).isUpward
	return map[string]operator{
		"J":  {onPage, onPage, []rule{is(0)}},
		"j":  {onPage, onPage, []rule{is(0)}},
		"w":  {onPage, onPage, []rule{number(0, 10)}},
		"G":  {onPage, onPage, []rule{black}},
		"g":  {onPage, onPage, []rule{black}},
		"Tc": {onPage, onPage, []rule{number(-layout.PageWidth, layout.PageWidth)}},
		"BT": {onPage, inText, nil},
		"Tf": {inText, inText, []rule{(*conformer).isPrinted, number(1, 100)}},
		"Td": {inText, inText, []rule{x, y}},
		"Tj": {inText, inText, []rule{isCodes}},
		"ET": {inText, onPage, nil},
		"m":  {onPage, onPath, []rule{x, y}},
		"l":  {onPath, onPath, []rule{x, y}},
		"S":  {onPath, onPage, nil},
	}
}()

// isContent wants what draw draws.
func (c *conformer) isContent(s stream) error {
	p := &parser{b: s.data}
	var operands array
	at := onPage
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
		op, ok := operators[word]
		if !ok || op.in != at {
			return fmt.Errorf("operator %q", word)
		}
		if err := tuple(op.operands...)(c, operands); err != nil {
			return fmt.Errorf("operator %q: %w", word, err)
		}
		operands, at = operands[:0], op.to
	}
	if at != onPage || len(operands) > 0 {
		return errors.New("ends in the middle")
	}
	return nil
}

// isPrinted notes the name of a font.
func (c *conformer) isPrinted(v any) error {
	n, ok := v.(name)
	if !ok {
		return errors.New("no font")
	}
	c.printed[n] = true
	return nil
}

// isCodes wants codes of two bytes.
func isCodes(_ *conformer, v any) error {
	if t, ok := v.(text); !ok || len(t)%2 != 0 {
		return errors.New("no codes")
	}
	return nil
}
