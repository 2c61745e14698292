package regulation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"heyi/review"
)

// kind is what a value is.
type kind byte

const (
	kindBool kind = iota
	kindInt
	kindMoney  // fen
	kindPoints // hundredths
	kindNumber // an exact decimal
	kindDate   // days since 1970-01-01
	kindText
	kindWord // one of a list of codes
	kindList
	kindRecords
)

// kindNames are the types as packs write them.
var kindNames = map[string]kind{
	"bool": kindBool, "int": kindInt, "money": kindMoney, "points": kindPoints, "number": kindNumber,
	"date": kindDate, "text": kindText, "word": kindWord, "list": kindList, "records": kindRecords,
}

// typeNames are the types in the order in which people are told of them.
var typeNames = []string{"money", "points", "number", "int", "bool", "date", "text", "word", "list", "records"}

// codes are the words of the type.
func (t *typ) codes() []string {
	out := make([]string, len(t.words))
	for i, w := range t.words {
		out[i] = w.ID
	}
	return out
}

// name is the type as packs write it.
func (t *typ) name() string {
	i := slices.IndexFunc(typeNames, func(s string) bool { return kindNames[s] == t.kind })
	return typeNames[i]
}

// typ is the type of an expression or input.
type typ struct {
	kind   kind
	words  []Word   // of kindWord, in order; nil for a word of any list
	elem   *typ     // of kindList
	fields []*Input // of kindRecords
	key    int      // of kindRecords: the field that names a record
	least  *int64   // of numbers that are whole in our units: no fact is below it; nil for no bound
}

var (
	typeBool   = &typ{kind: kindBool}
	typeInt    = &typ{kind: kindInt}
	typeMoney  = &typ{kind: kindMoney}
	typePoints = &typ{kind: kindPoints}
	typeNumber = &typ{kind: kindNumber}
	typeDate   = &typ{kind: kindDate}
	typeText   = &typ{kind: kindText}
)

// same tells whether two values can be compared. Words compare with text, since a
// code in an expression is written as text; the loader holds it to the list.
func (t *typ) same(u *typ) bool {
	if t.kind == kindList && u.kind == kindList {
		return t.elem == nil || u.elem == nil || t.elem.same(u.elem)
	}
	if t.textual() && u.textual() {
		return true
	}
	return t.kind == u.kind
}

func (t *typ) textual() bool { return t.kind == kindText || t.kind == kindWord }

// ordered tells whether < and > mean something.
func (t *typ) ordered() bool {
	return t.kind == kindInt || t.kind == kindMoney || t.kind == kindPoints || t.kind == kindDate
}

// value is a value of a type that is known from elsewhere, or unknown: for want of the
// inputs in blame, or for a fault of those that are there.
type value struct {
	known bool
	n     int64    // bool (0 or 1), int, money, points, date
	s     string   // text, word
	r     *big.Rat // number
	l     []value  // list; records, each the list of its fields
	blame uint64   // of an unknown value: the inputs that are missing, by index in the rule
	fault string   // of an unknown value: what is wrong with what is there, for people
	from  uint64   // with fault: the inputs that may be at fault
}

func number(n int64) value  { return value{known: true, n: n} }
func text(s string) value   { return value{known: true, s: s} }
func list(l []value) value  { return value{known: true, l: l} }
func unsure(b uint64) value { return value{blame: b} }

// open is what is unknown because some of these are.
func open(of ...value) value {
	var v value
	for _, x := range of {
		if x.known {
			continue
		}
		v.blame |= x.blame
		v.from |= x.from
		v.fault = cmp.Or(v.fault, x.fault)
	}
	return v
}

func truth(b bool) value {
	if b {
		return number(1)
	}
	return number(0)
}

func (v value) yes() bool { return v.known && v.n == 1 }
func (v value) no() bool  { return v.known && v.n == 0 }

// The bounds of what is given as an input. With those of literals and of arithmetic
// (expr.go) nothing overflows.
const (
	maxInt     = 1_000_000_000
	maxAmount  = 1_000_000_000_000_000 // fen or hundredths: ten trillion yuan
	maxList    = 1_000                 // elements of a list
	maxText    = 2_000                 // characters of a text
	firstYear  = 1900
	lastYear   = 2300
	hundredths = 100
)

var (
	amountForm = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$`)
	numberForm = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?$`)
	intForm    = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,9})$`)
	dateForm   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	wordForm   = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}$`)
)

// amount reads a decimal of at most two places as hundredths.
func amount(s string) (int64, bool) {
	if !amountForm.MatchString(s) {
		return 0, false
	}
	whole, part, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	return n, err == nil && n >= -maxAmount && n <= maxAmount
}

// amountText writes hundredths with two decimals.
func amountText(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/hundredths, n%hundredths)
}

// dayOf reads a calendar date.
func dayOf(s string) (int64, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || !dateForm.MatchString(s) || t.Year() < firstYear || t.Year() > lastYear {
		return 0, false
	}
	return daysOf(t), true
}

const secondsPerDay = 24 * 60 * 60

func daysOf(t time.Time) int64 { return (t.Unix() - epoch.Unix()) / secondsPerDay }

// epoch is day 0, so far back that every day we take is above it.
var epoch = time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC)

func dateOf(day int64) time.Time { return epoch.AddDate(0, 0, int(day)) }

// decode reads an input's answer as encoding/json gives it. nil is unknown, and "" for a
// word or a date; blame is the input's own.
func (t *typ) decode(x any, blame uint64) (value, bool) {
	if x == nil {
		return unsure(blame), true
	}
	switch t.kind {
	case kindBool:
		b, ok := x.(bool)
		return truth(b), ok
	case kindList, kindRecords:
		items, ok := x.([]any)
		if !ok || len(items) > maxList {
			return value{}, false
		}
		l := make([]value, len(items))
		for i, item := range items {
			if t.kind == kindList {
				l[i], ok = t.elem.decode(item, blame)
			} else {
				l[i], ok = t.record(item, blame)
			}
			if !ok {
				return value{}, false
			}
		}
		return list(l), true
	}
	s, ok := plainText(x, t.kind)
	if !ok {
		return value{}, false
	}
	if s == "" && (t.kind == kindWord || t.kind == kindDate) {
		return unsure(blame), true
	}
	return t.scalar(s)
}

// record reads one record: an object that has the fields of the type; others are passed
// over. A record says which one it is.
func (t *typ) record(x any, blame uint64) (value, bool) {
	m, ok := x.(map[string]any)
	if !ok {
		return value{}, false
	}
	l := make([]value, len(t.fields))
	for i, f := range t.fields {
		if l[i], ok = f.typ.decode(m[f.Name], blame); !ok {
			return value{}, false
		}
	}
	return list(l), l[t.key].known
}

// plainText gives a scalar as a pack or a fact would write it. What is a number in
// JSON is taken for numbers alone, so that nothing is lost on the way.
func plainText(x any, k kind) (string, bool) {
	numeric := k == kindInt || k == kindNumber || k == kindPoints || k == kindMoney
	switch x := x.(type) {
	case string:
		return x, k != kindInt
	case json.Number:
		return x.String(), numeric
	case int:
		return strconv.Itoa(x), numeric
	case int64:
		return strconv.FormatInt(x, 10), numeric
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), numeric
	}
	return "", false
}

// scalar reads a scalar that is written as text.
func (t *typ) scalar(s string) (value, bool) {
	switch t.kind {
	case kindBool:
		return truth(s == "true"), s == "true" || s == "false"
	case kindInt:
		n, err := strconv.ParseInt(s, 10, 64)
		return number(n), err == nil && intForm.MatchString(s) && n >= -maxInt && n <= maxInt
	case kindMoney, kindPoints:
		n, ok := amount(s)
		return number(n), ok
	case kindNumber:
		if !numberForm.MatchString(s) {
			return value{}, false
		}
		r, ok := new(big.Rat).SetString(s)
		return value{known: true, r: r}, ok
	case kindDate:
		n, ok := dayOf(s)
		return number(n), ok
	case kindText, kindWord:
		return text(s), utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxText
	}
	return value{}, false
}

// fact reads a project's fact: a scalar as it is written, a list or records as JSON. It
// is stricter than decode, so that what is mistyped is found: a word is one of its list,
// a figure is not below its bound, a record has a name of its own, and what else a record
// has is text.
func (t *typ) fact(s string, blame uint64) (value, bool) {
	if t.kind != kindList && t.kind != kindRecords {
		v, ok := t.scalar(s)
		return v, ok && t.allowed(v)
	}
	x, ok := strictJSON(s)
	if !ok {
		return value{}, false
	}
	v, ok := t.decode(x, blame)
	return v, ok && t.allowed(v) && (t.kind != kindRecords || t.plain(x))
}

// strictJSON reads one JSON value, as review/bag or a person writes it into a fact, with
// nothing behind it, no member twice and no text in it that could not stand in a line:
// what two readers could read differently is no fact.
func strictJSON(s string) (any, bool) {
	var compact, again bytes.Buffer
	if json.Compact(&compact, []byte(s)) != nil {
		return nil, false
	}
	d := json.NewDecoder(&compact)
	d.UseNumber()
	length := compact.Len()
	var x any
	if d.Decode(&x) != nil || x == nil || !lines(x) {
		return nil, false
	}
	e := json.NewEncoder(&again)
	e.SetEscapeHTML(false)
	// A member that was there twice is gone now, and an escape that was none too much is
	// shorter; nothing that stands in a line becomes longer.
	if e.Encode(x) != nil || again.Len()-1 != length {
		return nil, false
	}
	return x, true
}

// lines tells whether every text in a value could stand in a line.
func lines(x any) bool {
	switch x := x.(type) {
	case string:
		return x == "" || review.CheckLine("fact", x, review.MaxReason) == nil
	case []any:
		return !slices.ContainsFunc(x, func(e any) bool { return !lines(e) })
	case map[string]any:
		for name, e := range x {
			if !lines(name) || !lines(e) {
				return false
			}
		}
	}
	return true
}

// allowed tells whether a fact may have a value: words are of their lists, figures not
// below their bounds, and no two records have one name.
func (t *typ) allowed(v value) bool {
	switch {
	case !v.known:
		return true
	case t.kind == kindWord:
		return t.words == nil || slices.ContainsFunc(t.words, func(w Word) bool { return w.ID == v.s })
	case t.kind == kindList:
		return !slices.ContainsFunc(v.l, func(e value) bool { return !t.elem.allowed(e) })
	case t.kind == kindRecords:
		return t.apart(v.l)
	}
	return t.least == nil || v.n >= *t.least
}

// answered reads what a conclusion gives for an input: a word of its list, true or false.
func (t *typ) answered(s string) bool {
	v, ok := t.scalar(s)
	return ok && t.allowed(v)
}

// apart tells whether each record has a name that no other has, and fields that are
// allowed.
func (t *typ) apart(records []value) bool {
	seen := map[string]bool{}
	for _, r := range records {
		name := strings.TrimSpace(r.l[t.key].s)
		if name == "" || seen[name] {
			return false
		}
		seen[name] = true
		for i, f := range t.fields {
			if !f.typ.allowed(r.l[i]) {
				return false
			}
		}
	}
	return true
}

// plain tells whether what records have beside their fields is text. x has been decoded.
func (t *typ) plain(x any) bool {
	for _, r := range x.([]any) {
		for name, field := range r.(map[string]any) {
			_, isText := field.(string)
			if !isText && !slices.ContainsFunc(t.fields, func(f *Input) bool { return f.Name == name }) {
				return false
			}
		}
	}
	return true
}

// json gives a known value as a result carries it.
func (t *typ) json(v value) any {
	switch t.kind {
	case kindBool:
		return v.n == 1
	case kindInt:
		return v.n
	case kindMoney, kindPoints:
		return amountText(v.n)
	case kindNumber:
		return numberText(v.r)
	case kindDate:
		return dateOf(v.n).Format(time.DateOnly)
	case kindList:
		return t.elem.slice(v.l)
	}
	return v.s
}

// slice gives the known ones of values as a result carries them: as []int64 or []string
// where that is what they are.
func (t *typ) slice(l []value) any {
	var ints []int64
	texts := []string{}
	others := []any{}
	for _, e := range l {
		if !e.known {
			continue
		}
		switch x := t.json(e).(type) {
		case int64:
			ints = append(ints, x)
		case string:
			texts = append(texts, x)
		default:
			others = append(others, x)
		}
	}
	switch {
	case ints != nil:
		return ints
	case len(others) > 0:
		return others
	}
	return texts
}

// say gives a value as people read it.
func (t *typ) say(v value, term func(string) string) string {
	if !v.known {
		return "（未提供）"
	}
	switch t.kind {
	case kindBool:
		if v.n == 1 {
			return "是"
		}
		return "否"
	case kindMoney:
		return yuanText(v.n)
	case kindDate:
		return dateOf(v.n).Format("2006年1月2日")
	case kindWord:
		for _, w := range t.words {
			if w.ID == v.s {
				return w.Title
			}
		}
		return term(v.s)
	case kindText:
		return term(v.s)
	case kindList:
		parts := make([]string, len(v.l))
		for i, e := range v.l {
			parts[i] = t.elem.say(e, term)
		}
		return strings.Join(parts, "、")
	case kindRecords:
		parts := make([]string, len(v.l))
		for i, e := range v.l {
			parts[i] = t.fields[t.key].typ.say(e.l[t.key], term)
		}
		return strings.Join(parts, "、")
	}
	return fmt.Sprint(t.json(v))
}

// numberText writes a decimal of at most six places.
func numberText(r *big.Rat) string {
	return strings.TrimRight(strings.TrimRight(r.FloatString(6), "0"), ".")
}

// yuanText writes fen as officials do, always exact: in 万元 where two decimals of it are
// enough, else in yuan with commas: 236万元, 99.5万元, 999,999.99元.
func yuanText(fen int64) string {
	const wan = 10_000 * hundredths
	if fen%(wan/100) == 0 && (fen <= -wan || fen >= wan) {
		return numberText(big.NewRat(fen, wan)) + "万元"
	}
	whole, cents, _ := strings.Cut(amountText(fen), ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if cents == "00" {
		return whole + "元"
	}
	return whole + "." + cents + "元"
}
