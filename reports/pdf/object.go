package pdf

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// The values of PDF (ISO 32000-1, 7.3). Beside them stand Go's bool and int,
// and nil for null.
type (
	name    string // as written, without the slash
	ref     int    // object number; the generation is always 0
	decimal string // a number with a point, as written
	text    string // the bytes of a string
	array   []any
	dict    map[name]any
	stream  struct {
		dict
		data []byte
	}
)

// object is a numbered value.
type object struct {
	num   ref
	value any
}

// appendValue writes v in the one form that this package writes: keys sorted,
// one blank between tokens, strings of printable ASCII literal and all others
// in lower-case hex.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case decimal:
		return append(b, v...)
	case name:
		return append(append(b, '/'), v...)
	case ref:
		return append(strconv.AppendInt(b, int64(v), 10), " 0 R"...)
	case text:
		return appendString(b, string(v))
	case array:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendValue(b, e)
		}
		return append(b, ']')
	case dict:
		b = append(b, "<<"...)
		for _, k := range slices.Sorted(maps.Keys(v)) {
			b = append(append(append(b, " /"...), k...), ' ')
			b = appendValue(b, v[k])
		}
		return append(b, " >>"...)
	case stream:
		b = appendValue(b, v.dict)
		b = append(b, "\nstream\n"...)
		b = append(b, v.data...)
		return append(b, "\nendstream"...)
	}
	panic(fmt.Sprintf("pdf: no value of PDF: %T", v))
}

func appendString(b []byte, s string) []byte {
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		b = append(b, '<')
		b = hex.AppendEncode(b, []byte(s))
		return append(b, '>')
	}
	b = append(b, '(')
	for _, c := range []byte(s) {
		if c == '(' || c == ')' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return append(b, ')')
}

// newStream gives a stream whose dictionary has its length.
func newStream(d dict, data []byte) stream {
	d["Length"] = len(data)
	return stream{d, data}
}

// point gives a length in points as it is written.
func point(x float64) decimal { return decimal(strconv.FormatFloat(x, 'f', 2, 64)) }

// float reads a number, with a point or without.
func float(v any) (x float64, ok bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case decimal:
		x, _ = strconv.ParseFloat(string(v), 64)
		return x, true
	}
	return 0, false
}

// floats reads the numbers of an array; nil if it has anything else.
func floats(v any) []float64 {
	a, _ := v.(array)
	var out []float64
	for _, e := range a {
		x, ok := float(e)
		if !ok {
			return nil
		}
		out = append(out, x)
	}
	return out
}

// textString gives a string for people: UTF-16 unless it is ASCII.
func textString(s string) text {
	if !strings.ContainsFunc(s, func(r rune) bool { return r > '~' }) {
		return text(s)
	}
	b := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return text(b)
}

// people reads what textString wrote.
func (t text) people() string {
	rest, ok := strings.CutPrefix(string(t), "\xFE\xFF")
	if !ok {
		return string(t)
	}
	var units []uint16
	for i := 0; i+1 < len(rest); i += 2 {
		units = append(units, uint16(rest[i])<<8|uint16(rest[i+1]))
	}
	return string(utf16.Decode(units))
}

const dateForm = "D:20060102150405-0700"

// dateString gives a time with its zone, as in D:20261121150405+08'00'.
func dateString(t time.Time) text {
	s := t.Format(dateForm)
	return text(s[:len(s)-2] + "'" + s[len(s)-2:] + "'")
}

// date reads what dateString wrote.
func (t text) date() (at time.Time, ok bool) {
	at, err := time.Parse(dateForm, strings.ReplaceAll(string(t), "'", ""))
	return at, err == nil && dateString(at) == t
}

// What a parser reads at most. A value takes a hundred times the memory of the
// two bytes that can ask for it.
const (
	maxDepth  = 32      // nesting of arrays and dictionaries; ours nest four deep
	maxValues = 200_000 // values in all; one of our files has some ten thousand
	maxString = 1 << 16 // bytes of a string; a signature has 8192
	maxWord   = 127     // bytes of a name or number (ISO 32000-1, annex C)
)

// parser reads values. It accepts every layout of white space, for it reads the
// composer's drafts as well as our files; what must be in our own form is
// compared with what appendValue makes of it.
type parser struct {
	b      []byte
	at     int
	values int // read so far
}

var errSyntax = errors.New("not the syntax of PDF")

func isBlank(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0 || c == '\f'
}

// isRegular finds the characters of names, numbers and keywords.
func isRegular(c byte) bool { return !isBlank(c) && !strings.ContainsRune("()<>[]{}/%", rune(c)) }

func (p *parser) skip() {
	for p.at < len(p.b) && isBlank(p.b[p.at]) {
		p.at++
	}
}

// literal moves over s if it comes next.
func (p *parser) literal(s string) bool {
	if !bytes.HasPrefix(p.b[p.at:], []byte(s)) {
		return false
	}
	p.at += len(s)
	return true
}

// word reads the characters up to the next blank or delimiter, at most maxWord.
func (p *parser) word() string {
	from := p.at
	for p.at < len(p.b) && p.at-from < maxWord && isRegular(p.b[p.at]) {
		p.at++
	}
	return string(p.b[from:p.at])
}

// object reads "n 0 obj value endobj" and the line's end.
func (p *parser) object() (object, error) {
	num, err := strconv.Atoi(p.word())
	if err != nil || num <= 0 || !p.literal(" 0 obj\n") {
		return object{}, errSyntax
	}
	v, err := p.value(0)
	if err != nil {
		return object{}, err
	}
	if d, ok := v.(dict); ok {
		if s, err := p.streamData(d); err != nil {
			return object{}, err
		} else if s != nil {
			v = *s
		}
	}
	p.skip()
	if !p.literal("endobj\n") {
		return object{}, errSyntax
	}
	return object{ref(num), v}, nil
}

// objects reads one object after the other, up to the cross-reference table.
func (p *parser) objects() ([]object, error) {
	var out []object
	for !p.literal("xref\n") {
		o, err := p.object()
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// trailer finds the trailer behind the cross-reference table in which it stands
// and reads what it refers to.
func (p *parser) trailer() (root, info ref, err error) {
	i := bytes.Index(p.b[p.at:], []byte("trailer\n"))
	if i < 0 {
		return 0, 0, errSyntax
	}
	p.at += i + len("trailer\n")
	v, err := p.value(0)
	if err != nil {
		return 0, 0, err
	}
	d, _ := v.(dict)
	root, hasRoot := d["Root"].(ref)
	info, hasInfo := d["Info"].(ref)
	if !hasRoot || !hasInfo {
		return 0, 0, errSyntax
	}
	return root, info, nil
}

// streamData reads the data that may follow a dictionary; nil if none does.
func (p *parser) streamData(d dict) (*stream, error) {
	from := p.at
	p.skip()
	if !p.literal("stream\n") {
		p.at = from
		return nil, nil
	}
	n, ok := d["Length"].(int)
	if !ok || n < 0 || n > len(p.b)-p.at {
		return nil, errSyntax
	}
	data := p.b[p.at : p.at+n]
	p.at += n
	if !p.literal("\nendstream") {
		return nil, errSyntax
	}
	return &stream{d, data}, nil
}

func (p *parser) value(depth int) (any, error) {
	p.skip()
	p.values++
	if depth > maxDepth || p.values > maxValues || p.at >= len(p.b) {
		return nil, errSyntax
	}
	switch c := p.b[p.at]; {
	case p.literal("<<"):
		return p.dict(depth)
	case c == '[':
		p.at++
		return p.array(depth)
	case c == '<':
		p.at++
		return p.hexString()
	case c == '(':
		p.at++
		return p.string()
	case c == '/':
		p.at++
		return name(p.word()), nil
	}
	return p.scalar()
}

func (p *parser) dict(depth int) (any, error) {
	d := dict{}
	for {
		p.skip()
		if p.literal(">>") {
			return d, nil
		}
		if !p.literal("/") {
			return nil, errSyntax
		}
		k := name(p.word())
		if _, twice := d[k]; twice {
			return nil, errSyntax
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		d[k] = v
	}
}

func (p *parser) array(depth int) (any, error) {
	a := array{}
	for {
		p.skip()
		if p.literal("]") {
			return a, nil
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		a = append(a, v)
	}
}

func (p *parser) hexString() (any, error) {
	end := bytes.IndexByte(p.b[p.at:], '>')
	if end < 0 || end > 2*maxString {
		return nil, errSyntax
	}
	out, err := hex.AppendDecode(nil, p.b[p.at:p.at+end])
	if err != nil {
		return nil, errSyntax
	}
	p.at += end + 1
	return text(out), nil
}

func (p *parser) string() (any, error) {
	var out []byte
	for depth := 1; p.at < len(p.b) && len(out) <= maxString; {
		c := p.b[p.at]
		p.at++
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return text(out), nil
			}
		case '\\':
			if p.at == len(p.b) {
				return nil, errSyntax
			}
			c = p.b[p.at]
			p.at++
			switch {
			case c == 'r':
				c = '\r'
			case c != '(' && c != ')' && c != '\\':
				return nil, errSyntax
			}
		}
		out = append(out, c)
	}
	return nil, errSyntax
}

// scalar reads numbers, references and keywords.
func (p *parser) scalar() (any, error) {
	w := p.word()
	switch w {
	case "null":
		return nil, nil
	case "true", "false":
		return w == "true", nil
	}
	n, err := strconv.Atoi(w)
	if err != nil {
		if _, err := strconv.ParseFloat(w, 64); err != nil || strings.Trim(w, "-0123456789") != "." {
			return nil, errSyntax
		}
		return decimal(w), nil
	}
	if n > 0 && p.literal(" 0 R") {
		return ref(n), nil
	}
	return n, nil
}
