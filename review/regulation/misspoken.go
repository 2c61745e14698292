package regulation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// This file says what people who do not write programs are likely to have meant by an
// expression that cannot be read: it takes nothing, and changes nothing of what is taken.

// signsFor are the signs of Chinese text, and what stands for them in an expression.
var signsFor = map[rune]string{
	'（': "(", '）': ")", '［': "[", '］': "]", '【': "[", '】': "]", '，': ",", '、': ",", '＝': "==", '≠': "!=", '＜': "<", '＞': ">",
	'≤': "<=", '≥': ">=", '＋': "+", '－': "-", '—': "-", '×': "*", '＊': "*", '％': "%", '？': "?", '：': ":", '！': "not", '．': ".", '。': ".", '　': " ",
}

// wordsFor are the words that join conditions in Chinese, the longer ones first.
var wordsFor = []struct{ chinese, word string }{
	{"大于等于", ">="}, {"大于或等于", ">="}, {"小于等于", "<="}, {"小于或等于", "<="}, {"不等于", "!="}, {"不少于", ">="}, {"不小于", ">="}, {"不低于", ">="},
	{"不大于", "<="}, {"不超过", "<="}, {"不高于", "<="}, {"并且", "and"}, {"而且", "and"}, {"以及", "and"}, {"或者", "or"}, {"等于", "=="}, {"大于", ">"}, {"超过", ">"},
	{"小于", "<"}, {"不足", "<"}, {"低于", "<"}, {"属于", "in"}, {"不是", "not"}, {"且", "and"}, {"和", "and"}, {"与", "and"}, {"或", "or"}, {"非", "not"}, {"不", "not"},
	{"真", "true"}, {"假", "false"}, {"是", "true"}, {"否", "false"},
}

// foreignHint says what the character at byte i of an expression should be, which no
// expression has.
func (s *scope) foreignHint(text string, i int) hint {
	if s.ps.full() {
		return hint{}
	}
	rest := text[i:]
	r, _ := utf8.DecodeRuneInString(rest)
	quoted := strings.Count(text[:i], `"`)%2 == 1
	switch {
	case strings.ContainsRune("“”‘’＂＇「」『』'", r):
		return hint{why: "quotes"}
	case quoted && unicode.Is(unicode.Han, r):
		within, _, _ := strings.Cut(text[strings.LastIndexByte(text[:i], '"')+1:], `"`)
		return hint{why: "code", want: s.codeOf(within)}
	case quoted:
		return hint{why: "sign.quoted"}
	case signsFor[r] != "":
		return hint{why: "sign.wide", got: string(r), want: signsFor[r]}
	case r == '&':
		return hint{why: "word", got: "&", want: "and"}
	case r == '|':
		return hint{why: "word", got: "|", want: "or"}
	case r == '/' || r == '÷':
		return hint{why: "divide"}
	case !unicode.Is(unicode.Han, r):
		if unicode.IsLetter(r) {
			return hint{why: "letter", got: string(r)}
		}
		return hint{why: "sign", got: string(r)}
	}
	written := rest
	if end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.Is(unicode.Han, r) }); end > 0 {
		written = rest[:end]
	}
	if strings.HasPrefix(written, "万") || strings.HasPrefix(written, "元") || strings.HasPrefix(written, "亿") {
		return hint{why: "amount"}
	}
	for _, in := range s.all {
		if strings.HasPrefix(written, in.Title) {
			return hint{why: "name", got: in.Title, want: in.Name}
		}
	}
	for _, w := range wordsFor {
		if strings.HasPrefix(written, w.chinese) {
			return hint{why: "word", got: w.chinese, want: w.word}
		}
	}
	if code := s.codeOf(written); code != "" {
		return hint{why: "code", want: code}
	}
	return hint{why: "chinese"}
}

// codeOf gives the code of a word that somebody has written by its title; "" for none.
func (s *scope) codeOf(title string) string {
	for _, in := range s.all {
		for _, w := range slices.Concat(in.typ.words, in.Values) {
			if w.Title == title {
				return `"` + w.ID + `"`
			}
		}
	}
	return ""
}

// Ways of writing that other languages have.
var (
	inQuotes  = regexp.MustCompile(`"[^"]*"`)
	shouted   = regexp.MustCompile(`^(AND|OR|NOT|IN|And|Or|Not|In)\b`)
	inRound   = regexp.MustCompile(`\bin *\(`)
	backwards = regexp.MustCompile(`^(=<|=>|<>)`)
)

// straight is what the signs of backwards should be.
var straight = map[string]string{"=<": "<=", "=>": ">=", "<>": "!="}

// misspoken says why an expression of our characters cannot be parsed; from is where the
// parser gave up.
func misspoken(text string, from int) hint {
	if strings.Count(text, `"`)%2 == 1 {
		return hint{why: "quote.open"}
	}
	plain := inQuotes.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat("x", len(s)) })
	for i := range plain {
		rest := plain[i:]
		if m := backwards.FindString(rest); m != "" {
			return hint{why: "word", got: m, want: straight[m]}
		}
		if rest[0] == '=' && !strings.HasPrefix(rest, "==") && (i == 0 || strings.IndexByte("=<>!", plain[i-1]) < 0) {
			return hint{why: "word", got: "=", want: "=="}
		}
		if strings.HasPrefix(rest, "===") {
			return hint{why: "word", got: "===", want: "=="}
		}
		if m := shouted.FindString(rest); m != "" && (i == 0 || plain[i-1] == ' ') {
			return hint{why: "word", got: m, want: strings.ToLower(m)}
		}
	}
	open := strings.Count(plain, "(") - strings.Count(plain, ")")
	brackets := strings.Count(plain, "[") - strings.Count(plain, "]")
	switch {
	case inRound.MatchString(plain):
		return hint{why: "in"}
	case open != 0 || brackets != 0:
		return hint{why: "brackets"}
	case strings.TrimSpace(text[from:]) == "":
		return hint{why: "end"}
	}
	return hint{}
}

// unknown says what somebody may have meant by a name that is none.
func (s *scope) unknown(name string) hint {
	if s.ps.full() {
		return hint{}
	}
	lower := strings.ToLower(name)
	switch {
	case lower == "null" || lower == "none":
		return hint{why: "absent"}
	case lower == "yes" || lower == "true":
		return hint{why: "bool", want: "true"}
	case lower == "no" || lower == "false":
		return hint{why: "bool", want: "false"}
	case functions[name].usage != "":
		return hint{why: "function", want: functions[name].usage}
	}
	for _, in := range s.all {
		words := in.Values
		if slices.ContainsFunc(words, func(w Word) bool { return w.ID == name }) {
			return hint{why: "quotes", want: `"` + name + `"`}
		}
	}
	if near := alike(name, s.known()); near != "" {
		return hint{why: "near", want: near}
	}
	return hint{}
}

// unlike says how two sides that cannot be compared or counted together should be written.
func unlike(n *ast.BinaryNode, x, y compiled) hint {
	for _, side := range []struct{ of, other compiled }{{x, y}, {y, x}} {
		if h, ok := asOther(n.Operator, side.of, side.other); ok {
			return h
		}
	}
	switch n.Operator {
	case "and", "&&", "or", "||":
		got := x.typ
		if got.kind == kindBool {
			got = y.typ
		}
		return hint{why: "condition", got: got.name()}
	case "<", "<=", ">", ">=":
		if x.typ.same(y.typ) {
			return hint{why: "order", got: x.typ.name()}
		}
	case "+", "-", "*", "%":
		return hint{why: "figures", want: x.typ.name(), got: y.typ.name()}
	case "==", "!=":
		if x.typ.kind == y.typ.kind {
			return hint{why: "list"}
		}
	}
	return hint{why: "types", want: x.typ.name(), got: y.typ.name()}
}

// asOther says how a constant is to be written that is held against something of another
// type: 5000 against money is yuan("5000.00").
func asOther(operator string, of, other compiled) (hint, bool) {
	if !of.constant || strings.Contains("and or && || + - %", operator) && other.typ.kind == kindBool {
		return hint{}, false
	}
	v := of.eval(nil)
	written := v.s
	if of.typ.kind == kindInt {
		written = fmt.Sprint(v.n)
	}
	if of.typ.kind != kindInt && of.typ.kind != kindText {
		return hint{}, false
	}
	if other.typ.kind == kindMoney || other.typ.kind == kindPoints {
		if operator == "*" {
			return hint{}, false
		}
		name := map[kind]string{kindMoney: "yuan", kindPoints: "points"}[other.typ.kind]
		if n, ok := amount(written); ok {
			return hint{why: "call", want: name + `("` + amountText(n) + `")`}, true
		}
		return hint{why: "call", want: functions[name].usage}, true
	}
	switch other.typ.kind {
	case kindDate:
		if n, ok := dayOf(written); ok {
			d := dateOf(n)
			return hint{why: "call", want: fmt.Sprintf("day(%d, %d, %d)", d.Year(), d.Month(), d.Day())}, true
		}
		return hint{why: "call", want: functions["day"].usage}, true
	case kindInt:
		if _, ok := typeInt.scalar(written); ok {
			return hint{why: "unquoted", want: written}, true
		}
	case kindBool:
		return hint{why: "bool"}, true
	}
	return hint{}, false
}
