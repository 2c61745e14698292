package bag

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"heyi/review"
)

// maxValues is the number of values in one JSON file, so that what is held in memory
// stays in proportion: some 20 MB.
const maxValues = 100_000

// kind is what a JSON value is.
type kind byte

const (
	isNull kind = iota
	isBool
	isInteger
	isString
	isArray
	isObject
)

// node is one value of strict JSON.
type node struct {
	kind    kind
	yes     bool   // of isBool
	text    string // of isString; of isInteger as it stands
	members []member
	list    []node
}

// member is one member of an object.
type member struct {
	name  string
	value node
}

// parser reads strict JSON: RFC 8259 in UTF-8, less numbers that are no integers of 53
// bits, lone surrogates, members that stand twice or differ in case alone.
type parser struct {
	file   string
	text   string
	at     int
	values int
}

// parseJSON reads one value that is the whole of text. It takes no more than MaxJSON
// bytes, MaxNesting levels and maxValues values.
// Codes: CodePackageJSON (Item: file:line:column), CodePackageField (a member twice),
// CodePackageLimit.
func parseJSON(file string, text []byte) (node, error) {
	const op = "bag.parseJSON"
	if len(text) > MaxJSON {
		return node{}, review.E(review.CodePackageLimit, op, file, fmt.Errorf("%d bytes", len(text)))
	}
	if !utf8.Valid(text) {
		return node{}, review.E(review.CodePackageJSON, op, file, errors.New("not UTF-8"))
	}
	p := &parser{file: file, text: string(text)}
	n, err := p.value(1)
	if err != nil {
		return node{}, err
	}
	if p.space(); p.at < len(p.text) {
		return node{}, p.bad("something behind the value")
	}
	return n, nil
}

// bad says where the text is not strict JSON.
func (p *parser) bad(why string) error {
	before := p.text[:p.at]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return review.E(review.CodePackageJSON, "bag.parseJSON", fmt.Sprintf("%s:%d:%d", p.file, line, column), errors.New(why))
}

func (p *parser) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// take moves over s if it stands here.
func (p *parser) take(s string) bool {
	if !strings.HasPrefix(p.text[p.at:], s) {
		return false
	}
	p.at += len(s)
	return true
}

func (p *parser) value(depth int) (node, error) {
	p.values++
	if depth > MaxNesting || p.values > maxValues {
		return node{}, review.E(review.CodePackageLimit, "bag.parseJSON", p.file, fmt.Errorf("depth %d, %d values", depth, p.values))
	}
	p.space()
	switch {
	case p.take("null"):
		return node{kind: isNull}, nil
	case p.take("true"):
		return node{kind: isBool, yes: true}, nil
	case p.take("false"):
		return node{kind: isBool}, nil
	case p.take("{"):
		return p.object(depth)
	case p.take("["):
		return p.array(depth)
	case p.take(`"`):
		s, err := p.str()
		return node{kind: isString, text: s}, err
	}
	return p.integer()
}

func (p *parser) object(depth int) (node, error) {
	n := node{kind: isObject}
	seen := map[string]bool{}
	if p.space(); p.take("}") {
		return n, nil
	}
	for {
		if p.space(); !p.take(`"`) {
			return n, p.bad("no name of a member")
		}
		name, err := p.str()
		if err != nil {
			return n, err
		}
		if f := folded(name); seen[f] {
			return n, review.E(review.CodePackageField, "bag.parseJSON", p.file+" "+escape(name), errors.New("twice"))
		} else {
			seen[f] = true
		}
		if p.space(); !p.take(":") {
			return n, p.bad("no colon")
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return n, err
		}
		n.members = append(n.members, member{name, v})
		if p.space(); p.take("}") {
			return n, nil
		}
		if !p.take(",") {
			return n, p.bad("no comma")
		}
	}
}

func (p *parser) array(depth int) (node, error) {
	n := node{kind: isArray}
	if p.space(); p.take("]") {
		return n, nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return n, err
		}
		n.list = append(n.list, v)
		if p.space(); p.take("]") {
			return n, nil
		}
		if !p.take(",") {
			return n, p.bad("no comma")
		}
	}
}

// maxInteger is the largest integer that every reader of JSON keeps (RFC 8259, 6).
const maxInteger = 1<<53 - 1

func (p *parser) integer() (node, error) {
	digits := p.text[p.at:]
	if i := strings.IndexFunc(digits, func(r rune) bool { return (r < '0' || r > '9') && r != '-' }); i >= 0 {
		digits = digits[:i]
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > maxInteger || n < -maxInteger || strconv.FormatInt(n, 10) != digits {
		return node{}, p.bad("no value, or a number that is no integer of 53 bits")
	}
	p.at += len(digits)
	return node{kind: isInteger, text: digits}, nil
}

// str reads a string from behind its first quotation mark.
func (p *parser) str() (string, error) {
	start := p.at
	for p.at < len(p.text) && p.text[p.at] >= ' ' && p.text[p.at] != '"' && p.text[p.at] != '\\' {
		p.at++
	}
	if p.take(`"`) {
		return p.text[start : p.at-1], nil
	}
	var b strings.Builder
	b.WriteString(p.text[start:p.at])
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case c == '"':
			p.at++
			return b.String(), nil
		case c < ' ':
			return "", p.bad("a control character in a string")
		case c != '\\':
			b.WriteByte(c)
			p.at++
			continue
		}
		r, ok := p.escaped()
		if !ok {
			return "", p.bad("an escape that is none")
		}
		b.WriteRune(r)
	}
	return "", p.bad("a string without an end")
}

// escaped reads the character that an escape stands for; a pair of surrogates is one.
func (p *parser) escaped() (rune, bool) {
	p.at++ // the backslash
	if p.at == len(p.text) {
		return 0, false
	}
	c := p.text[p.at]
	p.at++
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), true
	}
	if c != 'u' {
		return 0, false
	}
	r, ok := p.hex()
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	if !p.take(`\u`) {
		return 0, false
	}
	low, ok := p.hex()
	r = utf16.DecodeRune(r, low)
	return r, ok && r != utf8.RuneError
}

func (p *parser) hex() (rune, bool) {
	if len(p.text)-p.at < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(p.text[p.at:p.at+4], 16, 16)
	p.at += 4
	return rune(n), err == nil
}
