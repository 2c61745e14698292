package regulation

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"heyi/review"
)

// The bounds of a file, checked before or while it is read.
const (
	MaxFile    = 256 << 10 // bytes
	maxLines   = 10_000
	maxLine    = 4_096 // bytes
	maxDepth   = 32
	maxNodes   = 40_000
	maxEntries = 2_000 // of one mapping or sequence
)

// shape is what a node is.
type shape byte

const (
	scalar shape = iota
	mapping
	sequence
)

// node is a value of a file and where it is.
type node struct {
	shape        shape
	line, column int
	text         string // of a scalar
	quoted       bool   // so that it is a string whatever it looks like
	entries      []entry
	items        []*node
}

type entry struct {
	key          string
	line, column int
	value        *node
}

// get finds the value of a key.
func (n *node) get(key string) *node {
	for _, e := range n.entries {
		if e.key == key {
			return e.value
		}
	}
	return nil
}

// scalars appends the texts in a node and below it.
func (n *node) scalars(to []string) []string {
	if n.shape == scalar {
		return append(to, n.text)
	}
	for _, e := range n.entries {
		to = e.value.scalars(to)
	}
	for _, item := range n.items {
		to = item.scalars(to)
	}
	return to
}

// null tells whether a scalar says that there is nothing.
func (n *node) null() bool {
	return n.shape == scalar && !n.quoted && (n.text == "null" || n.text == "")
}

// line is one line with something on it.
type line struct {
	number int
	indent int    // in bytes, which before the text are all spaces
	text   string // without indent and trailing spaces
}

// yamlReader reads the subset of YAML that doc.go describes. It stops at the first
// mistake, since what follows one cannot be told.
type yamlReader struct {
	lines []line
	at    int
	nodes int
	bad   *Problem
}

// readYAML reads a file.
func readYAML(b []byte) (*node, *Problem) {
	r := &yamlReader{}
	b = bytes.TrimPrefix(b, []byte(byteOrderMark))
	if p := precheck(b); p != nil {
		return nil, p
	}
	r.split(string(b))
	if r.bad == nil && len(r.lines) == 0 {
		r.fail(review.CodePackYAML, 1, 1, "", hint{why: "nothing"})
	}
	if r.bad != nil {
		return nil, r.bad
	}
	n := r.block(r.lines[0].indent, 1)
	if r.bad == nil && r.at < len(r.lines) {
		l := r.lines[r.at]
		r.fail(review.CodePackYAML, l.number, l.indent+1, l.text, misread(l, false))
	}
	if r.bad != nil {
		return nil, r.bad
	}
	return n, nil
}

// byteOrderMark may stand before a file: editors of Windows put it there.
const byteOrderMark = "\ufeff"

// precheck refuses what is not plain UTF-8 text of bearable size.
func precheck(b []byte) *Problem {
	switch {
	case len(b) > MaxFile:
		return &Problem{Code: review.CodePackSize, Line: 1, Column: 1, Why: "file", Want: strconv.Itoa(MaxFile >> 10)}
	case bytes.Count(b, []byte{'\n'}) > maxLines:
		return &Problem{Code: review.CodePackSize, Line: 1, Column: 1, Why: "lines", Want: strconv.Itoa(maxLines)}
	}
	line, column := 1, 1
	for i := 0; i < len(b); {
		c, size := utf8.DecodeRune(b[i:])
		switch {
		case c == '\n':
			line, column = line+1, 0
		case c == '\r' && i+1 < len(b) && b[i+1] == '\n':
		case c == utf8.RuneError && size == 1, c < ' ', c >= 0x7f && !(c >= 0x4e00 && c < 0xa000) && steers(c), c >= 0xfff0 && c <= 0xffff:
			return &Problem{Code: review.CodePackEncoding, Line: line, Column: column, Why: foreignTo(b, c, size)}
		}
		i, column = i+size, column+1
	}
	return nil
}

// foreignTo says what makes a character one that no pack has: how the whole file was saved,
// or the character itself.
func foreignTo(b []byte, c rune, size int) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")), c == 0:
		return "utf16"
	case c == utf8.RuneError && size == 1:
		return "gbk"
	case c == '\t':
		return "tab"
	}
	return "" // nothing that can be seen
}

// steers finds what changes the text around it or never shows: packs come in packages, too,
// and what they say stands on screens before anybody has vouched for it.
func steers(c rune) bool { return review.Legible(string(c)) != string(c) }

// split cuts the file into lines with something on them.
func (r *yamlReader) split(s string) {
	for number := 1; s != ""; number++ {
		text, rest, _ := strings.Cut(s, "\n")
		s = rest
		text = strings.TrimRight(strings.TrimSuffix(text, "\r"), " ")
		if len(text) > maxLine {
			r.fail(review.CodePackSize, number, maxLine, "", hint{why: "line", want: strconv.Itoa(maxLine)})
			return
		}
		bare := strings.TrimLeft(text, " ")
		if bare == "" || bare[0] == '#' {
			continue
		}
		r.lines = append(r.lines, line{number, len(text) - len(bare), bare})
	}
}

func (r *yamlReader) fail(code review.Code, line, column int, detail string, h ...hint) {
	if r.bad == nil {
		var one problems
		one.add(code, line, column, detail, h...)
		r.bad = &one.list[0]
	}
}

// node makes a node, counting it.
func (r *yamlReader) node(s shape, line, column, depth int) *node {
	if r.nodes++; r.nodes > maxNodes {
		r.fail(review.CodePackCount, line, column, "")
	}
	if depth > maxDepth {
		r.fail(review.CodePackNesting, line, column, "")
	}
	return &node{shape: s, line: line, column: column}
}

// block reads the mapping or sequence that begins at the current line, whose entries
// all stand at indent.
func (r *yamlReader) block(indent, depth int) *node {
	l := r.lines[r.at]
	if l.text == "-" || strings.HasPrefix(l.text, "- ") {
		return r.blockSequence(indent, depth)
	}
	return r.blockMapping(indent, depth)
}

func (r *yamlReader) blockSequence(indent, depth int) *node {
	n := r.node(sequence, r.lines[r.at].number, indent+1, depth)
	for r.bad == nil && r.at < len(r.lines) && r.lines[r.at].indent == indent {
		l := r.lines[r.at]
		if l.text != "-" && !strings.HasPrefix(l.text, "- ") {
			break
		}
		rest := strings.TrimLeft(l.text[1:], " ")
		column := indent + len(l.text) - len(rest)
		switch {
		case rest == "" || rest[0] == '#':
			r.at++
			n.items = append(n.items, r.nested(l, indent+1, depth+1))
		case keyLength(rest) > 0:
			r.lines[r.at] = line{l.number, column, rest}
			n.items = append(n.items, r.blockMapping(column, depth+1))
		default:
			r.at++
			n.items = append(n.items, r.inline(rest, l.number, column, depth+1))
		}
		if len(n.items) > maxEntries {
			r.fail(review.CodePackCount, l.number, column+1, "")
		}
	}
	r.dedent(indent)
	return n
}

func (r *yamlReader) blockMapping(indent, depth int) *node {
	n := r.node(mapping, r.lines[r.at].number, indent+1, depth)
	seen := map[string]bool{}
	for r.bad == nil && r.at < len(r.lines) && r.lines[r.at].indent == indent {
		l := r.lines[r.at]
		k := keyLength(l.text)
		if k == 0 {
			r.fail(review.CodePackYAML, l.number, indent+1, l.text, misread(l, true))
			break
		}
		e := entry{key: l.text[:k], line: l.number, column: indent + 1}
		r.enter(n, seen, e)
		rest := strings.TrimLeft(l.text[k+1:], " ")
		r.at++
		if rest == "" || rest[0] == '#' {
			least := indent + 1
			if r.at < len(r.lines) && r.lines[r.at].indent == indent && strings.HasPrefix(r.lines[r.at].text, "-") {
				least = indent
			}
			e.value = r.nested(l, least, depth+1)
		} else {
			e.value = r.inline(rest, l.number, indent+len(l.text)-len(rest), depth+1)
		}
		n.entries = append(n.entries, e)
	}
	r.dedent(indent)
	return n
}

// enter notes a key of a mapping that is being read.
func (r *yamlReader) enter(n *node, seen map[string]bool, e entry) {
	if seen[e.key] {
		i := slices.IndexFunc(n.entries, func(o entry) bool { return o.key == e.key })
		r.fail(review.CodePackDuplicate, e.line, e.column, e.key, hint{why: "key", got: strconv.Itoa(n.entries[i].line)})
	}
	seen[e.key] = true
	if len(n.entries) >= maxEntries {
		r.fail(review.CodePackCount, e.line, e.column, "")
	}
}

// dedent refuses a line that stands deeper than what it could belong to.
func (r *yamlReader) dedent(indent int) {
	if r.at < len(r.lines) && r.lines[r.at].indent > indent {
		l := r.lines[r.at]
		r.fail(review.CodePackYAML, l.number, l.indent+1, l.text, misread(l, false))
	}
}

// nested reads what stands under a line that ends in its key or dash, or nothing.
func (r *yamlReader) nested(l line, least, depth int) *node {
	if r.at >= len(r.lines) || r.lines[r.at].indent < least {
		return r.node(scalar, l.number, l.indent+len(l.text)+1, depth)
	}
	next := r.lines[r.at]
	if next.text != "-" && !strings.HasPrefix(next.text, "- ") && keyLength(next.text) == 0 {
		r.fail(review.CodePackYAML, next.number, next.indent+1, next.text, misread(next, true))
		return r.node(scalar, next.number, next.indent+1, depth)
	}
	return r.block(next.indent, depth)
}

// inline reads the value on the rest of a line.
func (r *yamlReader) inline(s string, number, offset, depth int) *node {
	f := &flow{r: r, s: s, line: number, offset: offset}
	n := f.value(depth, false)
	f.space()
	if r.bad == nil && f.i < len(f.s) && !(f.s[f.i] == '#' && f.s[f.i-1] == ' ') {
		why := "after"
		switch {
		case n.quoted:
			why = "quote.inside"
		case f.s[0] == '{' && slotAtStart.MatchString(f.s):
			why = "slot.start"
		}
		f.fail("", hint{why: why})
	}
	return n
}

// keyLength gives the length of the key that a line begins with, 0 if there is none.
func keyLength(s string) int {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ':':
			if i > 0 && (i+1 == len(s) || s[i+1] == ' ') && (s[0] > '9' || figures.MatchString(s[:i])) {
				return i
			}
			if i+1 == len(s) {
				return 0
			}
			if i == 0 || !keyByte(s[i+1], i+1) { // a colon within a key: submission:crypto_plan
				return 0
			}
		case !keyByte(c, i):
			return 0
		}
	}
	return 0
}

// keyByte tells whether c may stand in a key at place i. Keys are ASCII, so that no
// look-alike letter can make a second key of one name.
func keyByte(c byte, i int) bool {
	letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
	return letter || c >= '0' && c <= '9' || i > 0 && (c == '-' || c == '.' || c == '|')
}

// figures is a key that begins with a figure, as 19-1: none that anybody could take for a
// number.
var figures = regexp.MustCompile(`^[0-9]{1,3}-[0-9]{1,3}$`)

// flow reads values on one line.
type flow struct {
	r      *yamlReader
	s      string
	i      int
	line   int
	offset int // bytes of the line before s
	to, is int // how many characters there are up to a place that was asked for before
}

func (f *flow) fail(detail string, h ...hint) { f.failWith(review.CodePackYAML, detail, h...) }

func (f *flow) failWith(code review.Code, detail string, h ...hint) {
	if detail == "" && f.i < len(f.s) {
		detail = f.s[f.i:]
	}
	f.r.fail(code, f.line, f.column(f.i), detail, h...)
}

// column counts in characters, from the last place that was asked for; before s there
// is ASCII only.
func (f *flow) column(i int) int {
	if i < f.to {
		f.to, f.is = 0, 0
	}
	f.is += utf8.RuneCountInString(f.s[f.to:i])
	f.to = i
	return f.offset + f.is + 1
}

func (f *flow) space() {
	for f.i < len(f.s) && f.s[f.i] == ' ' {
		f.i++
	}
}

// value reads one value; within tells whether it stands in brackets.
func (f *flow) value(depth int, within bool) *node {
	f.space()
	n := f.r.node(scalar, f.line, f.column(f.i), depth)
	if f.r.bad != nil {
		return n
	}
	if f.i == len(f.s) {
		f.fail("", hint{why: "open"})
		return n
	}
	switch f.s[f.i] {
	case '[', '{':
		f.collection(n, depth)
	case '\'', '"':
		n.quoted = true
		n.text = f.quoted()
	default:
		n.text = f.plain(within)
	}
	return n
}

// collection reads [a, b] or {a: b}.
func (f *flow) collection(n *node, depth int) {
	closing := byte(']')
	n.shape = sequence
	seen := map[string]bool{}
	if f.s[f.i] == '{' {
		closing, n.shape = '}', mapping
	}
	f.i++
	for first := true; f.r.bad == nil; first = false {
		f.space()
		if f.i < len(f.s) && f.s[f.i] == closing && first {
			f.i++
			return
		}
		if n.shape == mapping {
			k := keyLength(f.s[f.i:])
			if k == 0 || strings.IndexByte(f.s[f.i:f.i+k], ':') >= 0 { // {a:b: c} is a: "b: c" to some
				f.fail("", f.noKey())
				return
			}
			e := entry{key: f.s[f.i : f.i+k], line: f.line, column: f.column(f.i)}
			f.r.enter(n, seen, e)
			f.i += k + 1
			e.value = f.value(depth+1, true)
			n.entries = append(n.entries, e)
		} else {
			n.items = append(n.items, f.value(depth+1, true))
			if len(n.items) > maxEntries {
				f.failWith(review.CodePackCount, "")
			}
		}
		f.space()
		switch {
		case f.r.bad != nil:
		case f.i == len(f.s):
			f.fail(string(closing), hint{why: "open", want: string(closing)})
		case f.s[f.i] == closing:
			f.i++
			return
		case f.s[f.i] == ',':
			f.i++
		default:
			why := "comma"
			if f.s[f.i] == '}' || f.s[f.i] == ']' {
				why = "closing"
			}
			f.fail("", hint{why: why, want: string(closing)})
		}
	}
}

// noKey says what is wrong where a name should stand in {}.
func (f *flow) noKey() hint {
	rest := f.s[f.i:]
	switch {
	case rest == "":
		return hint{why: "open", want: "}"}
	case slotAtStart.MatchString(f.s):
		return hint{why: "slot.start"}
	case rest[0] == '}':
		return hint{why: "comma.last"}
	}
	return misread(line{text: rest}, true)
}

// slotAtStart is a sentence that begins with a slot and has no quotes.
var slotAtStart = regexp.MustCompile(`^\{[a-z_0-9]+\}`)

// quoted reads a quoted scalar.
func (f *flow) quoted() string {
	quote := f.s[f.i]
	var b strings.Builder
	for i := f.i + 1; i < len(f.s); i++ {
		c := f.s[i]
		next := byte(0)
		if i+1 < len(f.s) {
			next = f.s[i+1]
		}
		switch {
		case c == '\'' && quote == '\'' && next == '\'', c == '\\' && quote == '"' && (next == '"' || next == '\\'):
			b.WriteByte(next)
			i++
		case c == quote:
			f.i = i + 1
			return b.String()
		case c == '\\' && quote == '"':
			f.i = i
			f.fail("", hint{why: "escape"})
			return ""
		default:
			b.WriteByte(c)
		}
	}
	f.fail("", hint{why: "quote.open", want: string(quote)})
	return ""
}

var (
	numberLike = regexp.MustCompile(`^[-+.]?[0-9][-+.:0-9a-fA-FxXoO_]*$`)
	wholeForm  = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,14})$`)
	otherWords = regexp.MustCompile(`^(~|[nN][uU][lL][lL]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[-+]?\.[iI][nN][fF]|\.[nN][aA][nN])$`)
)

// plain reads a scalar without quotes. What another reader could take for something
// else than a whole number, true, false, null or text is refused.
func (f *flow) plain(within bool) string {
	start := f.i
	c := f.s[f.i]
	if strings.IndexByte("&*!|>%@`,]}#=<", c) >= 0 || (c == '-' || c == '?' || c == ':') && (f.i+1 == len(f.s) || f.s[f.i+1] == ' ' || within) && !numberLike.MatchString(f.word()) {
		code, why := review.CodePackYAML, "sign"
		switch {
		case strings.IndexByte("|>", c) >= 0:
			code, why = review.CodePackFeature, "lines"
		case strings.IndexByte("&*!<", c) >= 0:
			code, why = review.CodePackFeature, ""
		case within && c == ',', within && c == '}':
			why = "value"
		case within && c == ']':
			why = "comma.last"
		}
		f.failWith(code, "", hint{why: why, want: string(c)})
		return ""
	}
	for ; f.i < len(f.s); f.i++ {
		c := f.s[f.i]
		if within && strings.IndexByte(",[]{}", c) >= 0 || c == '#' && f.i > start && f.s[f.i-1] == ' ' {
			break
		}
		if c == ':' && (within || f.i+1 == len(f.s) || f.s[f.i+1] == ' ') { // {a: [b:c]} is a: [{b: c}] to some
			f.fail("", colonWithin(f.s[start:f.i], within))
			return ""
		}
	}
	text := strings.TrimRight(f.s[start:f.i], " ")
	if twofold(text) {
		f.i = start
		f.fail(text, quoteIt(text))
	}
	return text
}

// colonWithin says what is wrong with a text before which a colon stands already, and after
// which another.
func colonWithin(text string, within bool) hint {
	switch {
	case within && strings.Contains(text, "，"):
		return hint{why: "comma.wide"}
	case strings.HasPrefix(text, "｛"), strings.HasPrefix(text, "［"), strings.HasPrefix(text, "【"):
		return hint{why: "bracket.wide"}
	case within && lastWord.MatchString(text):
		return hint{why: "comma", want: "}"}
	}
	return hint{why: "colon.within"}
}

// lastWord is a text that ends in what could be a name.
var lastWord = regexp.MustCompile(` [a-z_]+$`)

// quoteIt says how a scalar is to be written that one reader could take for something else
// than another does.
func quoteIt(text string) hint {
	switch lower := strings.ToLower(text); {
	case lower == "true" || lower == "false":
		return hint{why: "bool", want: lower}
	case lower == "null" || text == "~":
		return hint{why: "null", want: "null"}
	case text == "---" || text == "...":
		return hint{why: "divider"}
	}
	return hint{why: "number", want: `"` + text + `"`}
}

// The mistakes that are made in the beginning of a line.
var (
	keyThen    = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_]*)( *)(:|：)(.?)`)
	keyAlone   = regexp.MustCompile(`^([a-z][a-z0-9_]*)( +[^ :=<>+].*)?$`)
	quotedKey  = regexp.MustCompile(`^(["'“‘])([A-Za-z0-9_.|-]+)["'”’] *[:：]`)
	chineseKey = regexp.MustCompile(`^-? *(\p{Han}{1,12}) *[:：]`)
)

// misread says what is wrong with a line that has no name of an entry where one should
// stand. Of one that has, its place is wrong; here tells that its place is right.
func misread(l line, here bool) hint {
	s := l.text
	switch m := keyThen.FindStringSubmatch(s); {
	case !here && (keyLength(s) > 0 || strings.HasPrefix(s, "- ") || s == "-"):
		return hint{why: "indent", got: strconv.Itoa(l.indent)}
	case m != nil && m[3] == "：":
		return hint{why: "colon.wide", want: m[1] + ": "}
	case m != nil && m[2] != "":
		return hint{why: "colon.before", want: m[1] + ": "}
	case m != nil && m[4] != "" && m[4] != " ":
		return hint{why: "colon.after", want: m[1] + ": "}
	case strings.HasPrefix(s, "\u3000"), strings.HasPrefix(s, "\u00a0"):
		return hint{why: "space"}
	case s == "---", s == "...", strings.HasPrefix(s, "%"):
		return hint{why: "divider"}
	case strings.HasPrefix(s, "- "), s == "-":
		return hint{why: "dash.among"}
	case s[0] == '-':
		return hint{why: "dash", want: "- " + strings.TrimLeft(s, "-")}
	case strings.HasPrefix(s, "—"), strings.HasPrefix(s, "－"), strings.HasPrefix(s, "–"):
		return hint{why: "dash.wide"}
	case quotedKey.MatchString(s):
		return hint{why: "key.quoted", want: quotedKey.FindStringSubmatch(s)[2] + ": "}
	case chineseKey.MatchString(s):
		return hint{why: "key.chinese", got: chineseKey.FindStringSubmatch(s)[1]}
	case strings.HasPrefix(s, "}"), strings.HasPrefix(s, "]"):
		return hint{why: "open", want: s[:1]}
	case strings.HasPrefix(s, "{"), strings.HasPrefix(s, "["):
		return hint{why: "bracket"}
	case keyAlone.MatchString(s):
		return hint{why: "colon", want: keyAlone.FindStringSubmatch(s)[1] + ": "}
	case strings.HasPrefix(s, "<<"):
		return hint{}
	}
	return hint{why: "line"}
}

// twofold tells whether one reader could take a plain scalar for something else than
// another does.
func twofold(s string) bool {
	switch {
	case strings.IndexByte("~nNtTfF+-.0123456789", s[0]) < 0, s == "null", s == "true", s == "false":
		return false
	}
	return otherWords.MatchString(s) || numberLike.MatchString(s) && !wholeForm.MatchString(s) || s == "---" || s == "..."
}

// word is the text up to the next separator.
func (f *flow) word() string {
	rest := f.s[f.i:]
	if i := strings.IndexAny(rest, " ,[]{}"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}
