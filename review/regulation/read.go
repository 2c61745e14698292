package regulation

import (
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"heyi/review"
)

// Format is the version of the pack format that this program reads.
const Format = "1"

// The bounds of a pack.
const (
	maxFiles   = 8
	maxRules   = 200
	maxSchemes = 40
	maxInputs  = 400
	maxTerms   = 1_000
	maxResults = 24 // of a rule
	maxValues  = 16 // of a rule
	maxCases   = 100
	maxWords   = 60
	maxFields  = 20
	maxTitle   = 120   // characters
	maxProse   = 1_000 // characters of a sentence
	// maxWork bounds what the cases of a pack may cost: bytes of a case times nodes of
	// its rule's expressions, over all cases.
	maxWork = 1_500_000
)

var (
	packID   = regexp.MustCompile(`^[a-z][a-z0-9-]{1,24}$`)
	ruleID   = regexp.MustCompile(`^[A-Z]{2,8}-[A-Z]?[0-9]{2}$`)
	schemeID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,30}$`)
	itemID   = regexp.MustCompile(`^[A-Z]{1,3}[0-9]{1,2}-[A-Z]?[0-9]{1,2}$`)
	inputID  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	weightID = regexp.MustCompile(`^(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?$`)
)

// reserved are names that mean something in expressions already.
var reserved = []string{"it", "true", "false", "nil", "null", "and", "or", "not", "in", "let", "if", "else", "matches", "contains", "startsWith", "endsWith", "cite", "title"}

// Load reads one regulation from one file or several.
// Codes: the first of Check's; the item is line:column and what it is about.
func Load(files ...[]byte) (*Pack, error) {
	p, mistakes := read(files)
	if len(mistakes) > 0 {
		return nil, mistakes[0].Err()
	}
	return p, nil
}

// Check tells every mistake of a regulation, at most maxProblems, in the order of the
// files. A file that cannot be read at all has one; what rests on another mistake is
// told when that one is gone.
//
// Codes of problems: CodePackSize, CodePackEncoding, CodePackYAML, CodePackFeature,
// CodePackNesting, CodePackDuplicate, CodePackCount, CodePackFormat, CodePackKey,
// CodePackMissing, CodePackType, CodePackID, CodePackArticle, CodePackExpression,
// CodePackOperands, CodePackInput, CodePackFunction, CodePackWord, CodePackSlot,
// CodePackTerm, CodePackReference, CodePackWeights, CodePackCase, CodePackUntested,
// CodePackUnused, CodePackAfter, CodePackConclusion.
func Check(files ...[]byte) []Problem {
	_, mistakes := read(files)
	return mistakes
}

// read reads the files and then what they say.
func read(files [][]byte) (*Pack, []Problem) {
	if len(files) > maxFiles {
		return nil, []Problem{{Code: review.CodePackSize, Line: 1, Column: 1, Why: "files", Want: strconv.Itoa(maxFiles)}}
	}
	var mistakes []Problem
	roots := make([]*node, len(files))
	for i, f := range files {
		root, bad := readYAML(f)
		if bad != nil {
			bad.File = i
			mistakes = append(mistakes, *bad)
		}
		roots[i] = root
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	return load(files, roots)
}

// loader reads a pack.
type loader struct {
	problems
	pack     *Pack
	work     int       // what its cases cost so far
	lines    []Section // the pack's skeleton
	doubtful *Scheme   // one of whose items something is not known, so that weights are not summed up

	misspelt map[*node][]string // of mappings: names for which others stand
}

// load makes a pack of what is in its files.
func load(files [][]byte, roots []*node) (*Pack, []Problem) {
	l := &loader{pack: &Pack{terms: map[string]string{}, byID: map[string]int{}, files: files}}
	if len(files) == 0 || len(files) > maxFiles {
		l.add(review.CodePackSize, 1, 1, "")
		return nil, l.list
	}
	each := func(do func(root *node)) {
		for i, root := range roots {
			l.file = i
			do(root)
		}
	}
	each(l.head)
	each(l.terms)
	each(l.stages)
	each(l.articles)
	each(func(root *node) { l.pack.Inputs = l.inputs(root.get("inputs"), l.pack.Inputs, maxInputs, false) })
	if l.n > 0 {
		return nil, l.sorted()
	}
	each(func(root *node) {
		for _, n := range l.sequence(root.get("rules"), maxRules) {
			if l.full() {
				break
			}
			l.rule(n)
		}
	})
	each(func(root *node) {
		for _, n := range l.sequence(root.get("schemes"), maxSchemes) {
			if l.full() {
				break
			}
			l.scheme(n)
		}
	})
	each(l.course)
	if l.n == 0 {
		each(l.unused)
	}
	if l.n > 0 {
		return nil, l.sorted()
	}
	l.pack.citing = sync.OnceValue(l.pack.citations)
	return l.pack, nil
}

// head reads what a file says of itself and of the regulation.
func (l *loader) head(root *node) {
	if !l.object(root, "format", "id", "title", "short", "number", "issuer", "date", "scope", "note", "unknown", "uncomputable",
		"skeleton", "terms", "stages", "lifecycle", "cross", "gaps", "text", "inputs", "rules", "schemes") {
		return
	}
	l.need(root, "format", "id")
	if l.file == 0 {
		l.need(root, "title", "short", "unknown")
	}
	if n := root.get("format"); n != nil && (n.shape != scalar || n.text != Format) {
		l.add(review.CodePackFormat, n.line, n.column, n.text, hint{want: Format})
	}
	id := l.id(root, "id", packID)
	if l.file > 0 && id != l.pack.ID {
		l.add(review.CodePackReference, root.line, root.column, id, hint{why: "file", want: l.pack.ID})
	}
	l.pack.ID = id
	once := func(key string, limit int, to *string) {
		n := root.get(key)
		if n == nil {
			return
		}
		if *to != "" {
			l.add(review.CodePackDuplicate, n.line, n.column, key, hint{why: "files"})
		}
		*to = l.text(root, key, limit)
	}
	p := l.pack
	once("title", maxTitle, &p.Title)
	once("short", maxTitle, &p.Short)
	once("number", maxTitle, &p.Number)
	once("issuer", maxTitle, &p.Issuer)
	once("date", maxTitle, &p.Date)
	once("scope", maxProse, &p.Scope)
	once("note", maxProse, &p.Note)
	once("unknown", maxProse, &p.unknown)
	once("uncomputable", maxProse, &p.uncomputable)
	if n := root.get("date"); n != nil {
		if _, ok := dayOf(p.Date); !ok {
			l.add(review.CodePackType, n.line, n.column, n.text, typeDate.hint(n, ""))
		}
	}
	for key, slot := range map[string]string{"unknown": "missing", "uncomputable": "fault"} {
		if n := root.get(key); n != nil {
			known := []string{slot, "cite", "title"}
			l.sentence(n, known, func(name string) (func(*env) string, bool) { return fixed(""), slices.Contains(known, name) })
		}
	}
	for _, n := range l.sequence(root.get("skeleton"), maxFields) {
		s := Section{Origin: OriginDefault}
		if n.shape == mapping {
			if l.object(n, "title", "shows") && l.need(n, "title") {
				s.Title, s.Shows = l.text(n, "title", maxTitle), l.shows(n)
			}
		} else {
			s.Title = l.scalar(n, maxTitle)
		}
		if s.Title != "" {
			l.lines = append(l.lines, s)
		}
	}
}

func (l *loader) terms(root *node) {
	n := root.get("terms")
	if n == nil || !l.isMapping(n) {
		return
	}
	for _, e := range n.entries {
		if l.pack.terms[e.key] != "" {
			l.add(review.CodePackDuplicate, e.line, e.column, e.key, hint{why: "files"})
		}
		l.pack.terms[e.key] = l.scalar(e.value, maxTitle)
	}
	if len(l.pack.terms) > maxTerms {
		l.add(review.CodePackCount, n.line, n.column, "")
	}
}

// inputs reads a mapping of inputs, or of the fields of records, and adds them to list.
func (l *loader) inputs(n *node, list []*Input, limit int, fields bool) []*Input {
	if n == nil || !l.isMapping(n) {
		return list
	}
	for _, e := range n.entries {
		in := &Input{Name: e.key, Fact: e.key}
		switch {
		case slices.Contains(reserved, e.key), functions[e.key].out != nil || functions[e.key].form != nil:
			l.add(review.CodePackID, e.line, e.column, e.key, hint{why: "taken"})
		case !inputID.MatchString(e.key):
			l.add(review.CodePackID, e.line, e.column, e.key, hint{why: "input"})
		case slices.ContainsFunc(list, func(x *Input) bool { return x.Name == e.key }):
			l.add(review.CodePackDuplicate, e.line, e.column, e.key, hint{why: "files"})
		case len(list) >= limit:
			l.add(review.CodePackCount, e.line, e.column, e.key)
			return list
		}
		if l.input(in, e.value) {
			if in.signed && !fields {
				l.add(review.CodePackKey, e.line, e.column, "signed", hint{why: "signed"})
			}
			list = append(list, in)
		}
	}
	return list
}

// input reads one input.
func (l *loader) input(in *Input, n *node) bool {
	if !l.object(n, "type", "title", "values", "of", "fields", "key", "default", "fact", "least", "signed") || !l.need(n, "type", "title") {
		return false
	}
	in.Type, in.Title = l.text(n, "type", maxTitle), l.text(n, "title", maxTitle)
	if n.get("fact") != nil {
		in.Fact = l.id(n, "fact", inputID)
	}
	t, ok := l.typ(n, in.Type)
	if !ok {
		return false
	}
	in.typ, in.signed = t, l.flag(n, "signed", false)
	for _, x := range []*typ{t, t.elem} {
		if x != nil && x.kind == kindWord {
			in.Values = x.words
		}
	}
	if d := n.get("default"); d != nil {
		x := plainValue(d)
		v, ok := t.decode(x, 0)
		if !ok || !v.known || !t.allowed(v) {
			l.add(review.CodePackType, d.line, d.column, d.text, t.hint(d, in.Name))
			return false
		}
		in.HasDefault, in.fallback, in.Default = true, v, d.text
		if d.shape != scalar {
			b, _ := json.Marshal(x) // lists of scalars always encode
			in.Default = string(b)
		}
	}
	return true
}

// hint says how an answer of the type is written to the input of a name, "" for none.
func (t *typ) hint(n *node, name string) hint {
	if written, wide := strings.CutPrefix(n.text, "“"); wide && !n.quoted {
		return hint{why: "quotes.wide", want: `"` + strings.TrimSuffix(written, "”") + `"`}
	}
	return hint{why: t.name(), want: name}
}

// typ reads the type of an input.
func (l *loader) typ(n *node, name string) (*typ, bool) {
	k, ok := kindNames[name]
	if !ok {
		at := n.get("type")
		l.add(review.CodePackType, at.line, at.column, at.text, choice(name, typeNames))
		return nil, false
	}
	t := &typ{kind: k}
	kinds := map[string][]kind{"values": {kindWord, kindList}, "of": {kindList}, "fields": {kindRecords}, "key": {kindRecords}}
	for _, key := range []string{"values", "of", "fields", "key"} {
		if at := n.get(key); at != nil && !slices.Contains(kinds[key], k) {
			l.add(review.CodePackKey, at.line, at.column, key, hint{why: "type", want: name})
			return nil, false
		}
	}
	if at := n.get("least"); at != nil {
		v, ok := t.scalar(at.text)
		if at.shape != scalar || !ok || !t.countable() {
			l.add(review.CodePackType, at.line, at.column, at.text, hint{why: "least"})
			return nil, false
		}
		t.least = &v.n
	}
	switch k {
	case kindWord:
		return t, l.words(n, t)
	case kindList:
		return t, l.elements(n, t)
	case kindRecords:
		if !l.need(n, "fields", "key") {
			return nil, false
		}
		t.fields = l.inputs(n.get("fields"), nil, maxFields, true)
		if slices.ContainsFunc(t.fields, func(f *Input) bool {
			return f.typ.kind == kindRecords || f.typ.kind == kindList || f.HasDefault || f.Fact != f.Name || f.signed && f.typ.kind != kindBool
		}) {
			l.add(review.CodePackType, n.line, n.column, "fields", hint{why: "fields"})
			return nil, false
		}
		key := l.text(n, "key", maxTitle)
		t.key = slices.IndexFunc(t.fields, func(f *Input) bool { return f.Name == key && f.typ.kind == kindText })
		if t.key < 0 {
			l.add(review.CodePackReference, n.line, n.column, key, hint{why: "key"})
			return nil, false
		}
	}
	return t, true
}

// elements reads what a list is of: a scalar type, or numbers in rows.
func (l *loader) elements(n *node, t *typ) bool {
	if !l.need(n, "of") {
		return false
	}
	of := l.text(n, "of", maxTitle)
	if of == "numbers" {
		t.elem = typeNumbers
		return true
	}
	k, ok := kindNames[of]
	if !ok || k == kindList || k == kindRecords || n.get("values") != nil && k != kindWord {
		at := n.get("of")
		l.add(review.CodePackType, at.line, at.column, at.text, choice(of, slices.DeleteFunc(slices.Clone(typeNames), func(s string) bool {
			return kindNames[s] >= kindList
		})))
		return false
	}
	t.elem = &typ{kind: k}
	return k != kindWord || l.words(n, t.elem)
}

// words reads the words that an answer may be.
func (l *loader) words(n *node, t *typ) bool {
	if !l.need(n, "values") {
		return false
	}
	values := n.get("values")
	if !l.isMapping(values) {
		return false
	}
	for _, e := range values.entries {
		if !wordForm.MatchString(e.key) {
			l.add(review.CodePackID, e.line, e.column, e.key, hint{why: "word"})
			return false
		}
		t.words = append(t.words, Word{e.key, l.scalar(e.value, maxTitle)})
	}
	if len(t.words) == 0 || len(t.words) > maxWords {
		l.add(review.CodePackCount, values.line, values.column, "values")
		return false
	}
	return true
}

// object tells whether a node is a mapping, and holds it to these keys.
func (l *loader) object(n *node, keys ...string) bool {
	if !l.isMapping(n) {
		return false
	}
	for _, e := range n.entries {
		if !slices.Contains(keys, e.key) {
			h := l.meant(e.key, keys)
			if h.why == "near" {
				if l.misspelt == nil {
					l.misspelt = map[*node][]string{}
				}
				l.misspelt[n] = append(l.misspelt[n], h.want)
			}
			l.add(review.CodePackKey, e.line, e.column, e.key, h)
		}
	}
	return true
}

func (l *loader) isMapping(n *node) bool {
	if n.shape != mapping {
		l.add(review.CodePackType, n.line, n.column, n.text, hint{why: "mapping"})
	}
	return n.shape == mapping
}

// need tells whether a mapping has all of these keys, with something in them. What is there
// under a name that is misspelt is not told as missing too.
func (l *loader) need(n *node, keys ...string) bool {
	ok := true
	for _, k := range keys {
		if v := n.get(k); v == nil || v.null() {
			code := review.CodePackMissing
			if k == "article" {
				code = review.CodePackArticle
			}
			at, h := n, hint{}
			if v != nil {
				at, h = v, hint{why: "empty"}
			}
			if !slices.Contains(l.misspelt[n], k) {
				l.add(code, at.line, at.column, k, h)
			}
			ok = false
		}
	}
	return ok
}

// sequence gives the elements of a list; none for what is not there.
func (l *loader) sequence(n *node, limit int) []*node {
	switch {
	case n == nil:
		return nil
	case n.shape != sequence:
		l.add(review.CodePackType, n.line, n.column, n.text, hint{why: "sequence"})
		return nil
	case len(n.items) > limit:
		l.add(review.CodePackCount, n.line, n.column, strconv.Itoa(limit))
		return nil
	}
	return n.items
}

// text reads a text; "" for what is not there.
func (l *loader) text(n *node, key string, limit int) string {
	v := n.get(key)
	if v == nil {
		return ""
	}
	return l.scalar(v, limit)
}

// scalar reads a scalar that is text.
func (l *loader) scalar(n *node, limit int) string {
	_, isText := plainValue(n).(string)
	h := hint{}
	switch {
	case n.shape != scalar:
		h.why = "shape"
	case n.text == "":
		h.why = "empty"
	case !isText:
		h = hint{why: "quotes", want: `"` + n.text + `"`}
	case strings.TrimSpace(n.text) != n.text:
		h.why = "spaces"
	case utf8.RuneCountInString(n.text) > limit:
		h = hint{why: "long", want: strconv.Itoa(limit), got: strconv.Itoa(utf8.RuneCountInString(n.text))}
	default:
		return n.text
	}
	l.add(review.CodePackType, n.line, n.column, n.text, h)
	return ""
}

// id reads a text of a form. Forms are ASCII, so that no letter looks like another.
func (l *loader) id(n *node, key string, form *regexp.Regexp) string {
	v := n.get(key)
	if v == nil {
		return ""
	}
	if v.shape != scalar || !form.MatchString(v.text) {
		l.add(review.CodePackID, v.line, v.column, v.text, hint{why: formNames[form]})
		return ""
	}
	return v.text
}

// formNames are the forms of ids as hints have them.
var formNames = map[*regexp.Regexp]string{
	packID: "pack", ruleID: "rule", schemeID: "scheme", itemID: "item", inputID: "input", wordForm: "word",
}

// flag reads true or false; otherwise is what holds if it is not there.
func (l *loader) flag(n *node, key string, otherwise bool) bool {
	v := n.get(key)
	if v == nil {
		return otherwise
	}
	b, ok := plainValue(v).(bool)
	if !ok {
		l.add(review.CodePackType, v.line, v.column, v.text, hint{why: "flag"})
	}
	return b
}

// pick reads one of some words; otherwise is what holds if it is not there.
func pick[T ~string](l *loader, n *node, key string, otherwise T, of ...T) T {
	v := n.get(key)
	if v == nil {
		return otherwise
	}
	if v.shape != scalar || !slices.Contains(of, T(v.text)) {
		known := make([]string, len(of))
		for i, x := range of {
			known[i] = string(x)
		}
		l.add(review.CodePackType, v.line, v.column, v.text, choice(v.text, known))
		return otherwise
	}
	return T(v.text)
}

// choice is the hint that something is none of a few words.
func choice(got string, known []string) hint {
	return hint{why: "choice", want: strings.Join(known, "、"), got: alike(got, known)}
}

// plainValue gives a node as JSON would.
func plainValue(n *node) any {
	switch n.shape {
	case mapping:
		m := make(map[string]any, len(n.entries))
		for _, e := range n.entries {
			m[e.key] = plainValue(e.value)
		}
		return m
	case sequence:
		s := make([]any, len(n.items))
		for i, x := range n.items {
			s[i] = plainValue(x)
		}
		return s
	}
	switch {
	case n.quoted:
	case n.null():
		return nil
	case n.text == "true", n.text == "false":
		return n.text == "true"
	case wholeForm.MatchString(n.text):
		return json.Number(n.text)
	}
	return n.text
}

// size is how many bytes of a file a node holds.
func (n *node) size() int {
	s := len(n.text) + 1
	for _, e := range n.entries {
		s += len(e.key) + e.value.size()
	}
	for _, x := range n.items {
		s += x.size()
	}
	return s
}

// decimal reads a weight or 满分: a whole number, or a quoted decimal.
func (l *loader) decimal(n *node, key string) string {
	v := n.get(key)
	if v == nil {
		return ""
	}
	r, ok := new(big.Rat).SetString(v.text)
	if v.shape != scalar || !weightID.MatchString(v.text) || !ok || r.Sign() <= 0 {
		l.add(review.CodePackType, v.line, v.column, v.text, hint{why: "weight"})
		return ""
	}
	return v.text
}
