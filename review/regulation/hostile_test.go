package regulation_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
)

// good is a whole pack of one rule; tests change one thing of it.
const good = `format: 1
id: test-city
title: 某市电子政务项目管理办法
short: 某市办法
number: 某政发〔2026〕1号
date: "2026-01-02"
unknown: 缺少“{missing}”，{cite}（{title}）无法判定。
terms: {audit: 审计}
inputs:
  amount: {type: money, title: 投资}
  kind: {type: word, title: 类别, values: {new: 新建, om: 运行维护}}
  count: {type: int, title: 数目}
  note: {type: text, title: 说明, default: ""}
  items: {type: records, title: 事项, key: id, fields: {id: {type: text, title: 编号}, done: {type: bool, title: 已办}}}
  names_of: {type: list, of: text, title: 名单}
rules:
  - id: TC-R01
    title: 审计
    article: 第一条
    results:
      - when: amount < yuan("5000.00")
        outcome: not_required
        say: 投资{amount}（{cite}）。
      - outcome: required
        give: {required: [audit]}
        say: 按{cite}须办理{required}。
    cases:
      - {in: {amount: "5000.00"}, want: {outcome: required, required: [audit]}}
      - {in: {amount: "4999.99"}, want: {outcome: not_required}}
schemes:
  - id: acceptance
    title: 验收
    basis: 第一条
    mode: weighted
    convener: 建设单位
    reviewers: 专家
    trigger: 竣工后
    document: {title: 验收意见}
    checks:
      - rule: TC-R01
    items:
      - {id: A1-01, title: 内容, question: 是否完成？, article: 第一条, kind: score, weight: 60}
      - {id: A1-02, title: 质量, question: 是否合格？, article: 第一条, kind: score, weight: 40}
      - {id: A1-G1, title: 审计, question: 是否审计？, article: 第一条, kind: gate, rule: TC-R01}
    conclusions:
      - {id: passed, title: 通过}
`

// with changes the good pack in one place.
func with(old, new string) string {
	if strings.Count(good, old) != 1 {
		panic("not once in the pack: " + old)
	}
	return strings.Replace(good, old, new, 1)
}

// condition is the good pack with another condition.
func condition(s string) string {
	return with(`amount < yuan("5000.00")`, "'"+strings.ReplaceAll(s, "'", "''")+"'")
}

func TestGood(t *testing.T) {
	p, err := regulation.Load([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if c := p.Schemes[0].Conclusions[0]; c.Origin != regulation.OriginDefault {
		t.Errorf("a conclusion without a clause is %s", c.Origin)
	}
	if p.ID != "test-city" || len(p.Rules) != 1 || len(p.Schemes) != 1 || len(p.Inputs) != 6 {
		t.Errorf("%+v", p)
	}
	if _, err := regulation.Load([]byte(concluding("      - {rule: TC-R01, after: true}\n      - {rule: TC-R02, after: true}\n"))); err != nil {
		t.Errorf("with rules after the conclusion, one of them before it too: %v", err)
	}
	if _, err := regulation.Load([]byte(strings.ReplaceAll(good, "\n", "\r\n"))); err != nil {
		t.Errorf("with the line ends of Windows: %v", err)
	}
}

// mistakes are packs with one mistake each, and where it is to be found.
var mistakes = []struct {
	name  string
	file  string
	code  review.Code
	place string
}{
	// the bytes
	{"larger than the limit", good + strings.Repeat("# 注释\n", regulation.MaxFile/8), review.CodePackSize, "1:1"},
	{"more lines than the limit", good + strings.Repeat("\n", 10_001), review.CodePackSize, "1:1"},
	{"a line longer than the limit", with("title: 验收\n", "title: "+strings.Repeat("长", 2000)+"\n"), review.CodePackSize, "32:4096"},
	{"a byte order mark that is not the first", "\ufeff\ufeff" + good, review.CodePackEncoding, "1:1"},
	{"UTF-16", "f\x00o\x00r\x00m\x00", review.CodePackEncoding, "1:2"},
	{"GBK", "format: 1\ntitle: \xd2\xfd\n", review.CodePackEncoding, "2:8"},
	{"a tab", with("    title: 审计", "\ttitle: 审计"), review.CodePackEncoding, "18:1"},
	{"a character that turns the text", with("title: 内容", "title: 内\u202e容"), review.CodePackEncoding, "42:29"},
	{"a character that keeps text apart", with("title: 内容", "title: 内\u2067容"), review.CodePackEncoding, "42:29"},
	{"a character of nobody's", with("title: 内容", "title: 内\ue000容"), review.CodePackEncoding, "42:29"},
	{"a space without width", with("审计？", "审\u200b计？"), review.CodePackEncoding, "44:45"},
	{"nothing", "", review.CodePackYAML, "1:1"},
	{"comments alone", "# 无\n", review.CodePackYAML, "1:1"},

	// the YAML
	{"an anchor", with("kind: {type", "kind: &a {type"), review.CodePackFeature, "11:9"},
	{"an alias", with("title: 类别", "title: *a"), review.CodePackFeature, "11:29"},
	{"a merge key", with("  count:", "  <<: {a: b}\n  count:"), review.CodePackYAML, "12:3"},
	{"a tag", with("title: 验收\n", "title: !!str 验收\n"), review.CodePackFeature, "32:12"},
	{"a block of text", with("title: 验收\n", "title: |\n      验收\n"), review.CodePackFeature, "32:12"},
	{"a folded text", with("title: 验收\n", "title: >-\n      验收\n"), review.CodePackFeature, "32:12"},
	{"a second document", good + "---\nformat: 1\n", review.CodePackYAML, "47:1"},
	{"a directive", "%YAML 1.1\n" + good, review.CodePackYAML, "1:1"},
	{"a text over two lines", with("title: 验收\n", "title: 验\n      收\n"), review.CodePackYAML, "33:7"},
	{"a bracket that is not closed", with("terms: {audit: 审计}", "terms: {audit: 审计"), review.CodePackYAML, "8:18"},
	{"a quote that is not closed", with(`default: ""`, `default: "`), review.CodePackYAML, "13:42"},
	{"an escape", with(`default: ""`, `default: "\x41"`), review.CodePackYAML, "13:43"},
	{"a time where a text could be", with(`date: "2026-01-02"`, `date: 2026-01-02`), review.CodePackYAML, "6:7"},
	{"a number of another base", with("weight: 60", "weight: 0x3c"), review.CodePackYAML, "42:84"},
	{"a number with an exponent", with("weight: 60", "weight: 6e1"), review.CodePackYAML, "42:84"},
	{"a word that some read as null", with("title: 验收\n", "title: ~\n"), review.CodePackYAML, "32:12"},
	{"a word that some read as true", with("title: 验收\n", "title: TRUE\n"), review.CodePackYAML, "32:12"},
	{"an indent that fits nothing", with("    title: 审计", "     title: 审计"), review.CodePackYAML, "18:6"},
	{"brackets nested deeply", with("terms: {audit: 审计}", "terms: "+strings.Repeat("[", 200)+strings.Repeat("]", 200)), review.CodePackNesting, "8:39"},
	{"blocks nested deeply", "a:\n" + nested(40), review.CodePackNesting, "33:33"},
	{"dashes nested deeply", strings.Repeat("- ", 100) + "a", review.CodePackYAML, "1:3"},
	{"a key twice", with("    title: 审计", "    title: 审计\n    title: 审计"), review.CodePackDuplicate, "19:5"},
	{"a key of letters that look alike", with("    title: 审计", "    tіtle: 审计"), review.CodePackYAML, "18:5"},
	{"too many entries", with("terms: {audit: 审计}", "terms:\n"+numbered("  a%d: 甲\n", 2_001)), review.CodePackCount, "2009:3"},

	// the form
	{"another format", with("format: 1", "format: 2"), review.CodePackFormat, "1:9"},
	{"no format", with("format: 1\n", ""), review.CodePackMissing, "1:1"},
	{"an unknown key", with("short: 某市办法", "short: 某市办法\nshrot: 某市办法"), review.CodePackKey, "5:1"},
	{"an unknown key of a rule", with("    article: 第一条\n", "    article: 第一条\n    severity: 高\n"), review.CodePackKey, "20:5"},
	{"a date that is none", with("2026-01-02", "2026-02-30"), review.CodePackType, "6:7"},
	{"a list for a text", with("title: 验收\n", "title: [验收]\n"), review.CodePackType, "32:12"},
	{"a text for a list", with("terms: {audit: 审计}", "terms: 审计"), review.CodePackType, "8:8"},
	{"a number for a text", with("title: 验收\n", "title: 5\n"), review.CodePackType, "32:12"},
	{"a type that is none", with("type: money", "type: float"), review.CodePackType, "10:18"},
	{"a default of another type", with(`default: ""`, `default: [1]`), review.CodePackType, "13:42"},
	{"a class that is none", with("    article: 第一条\n", "    article: 第一条\n    class: hard\n"), review.CodePackType, "20:12"},
	{"an outcome that is none", with("outcome: not_required\n", "outcome: fine\n"), review.CodePackType, "22:18"},
	{"a flag that is none", with("      - rule: TC-R01", "      - {rule: TC-R01, after: ja}"), review.CodePackType, "40:31"},
	{"a conclusion too many", with("      - {id: passed, title: 通过}", strings.TrimSuffix(numbered("      - {id: p%d, title: 通过}\n", 9), "\n")), review.CodePackCount, "46:7"},
	{"an id that is not of its form", with("- id: TC-R01", "- id: tc-r01"), review.CodePackID, "17:9"},
	{"an id of letters that look alike", with("- id: TC-R01", "- id: ТС-R01"), review.CodePackID, "17:9"},
	{"an input named as a function", with("  amount:", "  names: {type: int, title: 数}\n  amount:"), review.CodePackID, "10:3"},
	{"an input named as a word of expressions", with("  amount:", "  not: {type: int, title: 数}\n  amount:"), review.CodePackID, "10:3"},
	{"a rule twice", with("schemes:", "  - {id: TC-R01, title: 甲, article: 第一条, results: [{outcome: pass, say: 好}], cases: [{in: {}, want: {outcome: pass}}]}\nschemes:"), review.CodePackDuplicate, "30:5"},
	{"an item twice", with("id: A1-02", "id: A1-01"), review.CodePackDuplicate, "43:9"},
	{"no title", with("title: 某市电子政务项目管理办法\n", ""), review.CodePackMissing, "1:1"},
	{"no clause", with("    article: 第一条\n", ""), review.CodePackArticle, "17:5"},
	{"no clause of an item", with("article: 第一条, kind: gate", "kind: gate"), review.CodePackArticle, "44:9"},
	{"no last result", with("      - outcome: required\n", "      - when: amount > yuan(\"1.00\")\n        outcome: required\n"), review.CodePackKey, "24:15"},
	{"no condition", with(`      - when: amount < yuan("5000.00")`+"\n        outcome", "      - outcome"), review.CodePackMissing, "21:9"},
	{"no results", with("    cases:\n", "    results2: []\n    cases:\n"), review.CodePackKey, "27:5"},

	// the meaning
	{"an input that is not declared", condition(`amuont < yuan("5000.00")`), review.CodePackInput, "21:16"},
	{"a field that is not declared", condition(`size(which(items, it.dnoe)) > 0`), review.CodePackInput, "21:37"},
	{"an input of a case that is not declared", with(`{amount: "4999.99"}`, `{amuont: "4999.99"}`), review.CodePackInput, "29:15"},
	{"a function that is none", condition(`today() > 3`), review.CodePackFunction, "21:16"},
	{"a function of expr", condition(`len(names_of) > 3`), review.CodePackFunction, "21:16"},
	{"a function with too few arguments", condition(`size() > 3`), review.CodePackFunction, "21:16"},
	{"an amount that is none", condition(`amount < yuan("5.000,00")`), review.CodePackFunction, "21:25"},
	{"absent of no input", condition(`absent(3)`), review.CodePackFunction, "21:16"},
	{"money and a number", condition(`amount < 5000`), review.CodePackOperands, "21:23"},
	{"a text and a number", condition(`kind == 3`), review.CodePackOperands, "21:21"},
	{"texts joined", condition(`kind + "a" == "b"`), review.CodePackOperands, "21:21"},
	{"texts in order", condition(`kind < "b"`), review.CodePackOperands, "21:21"},
	{"no condition but a number", condition(`count + 1`), review.CodePackOperands, "21:15"},
	{"a remainder by nothing", condition(`count % 0 == 0`), review.CodePackOperands, "21:22"},
	{"which within which", condition(`size(which(items, size(which(items, it.done)) > 0)) > 0`), review.CodePackFunction, "21:39"},
	{"a code that is not in the list", condition(`kind == "upgrade"`), review.CodePackWord, "21:24"},
	{"a code in a list that is not in the list", condition(`kind in ["new", "old"]`), review.CodePackWord, "21:32"},
	{"a slot that stands for nothing", with("{required}。", "{reqiured}。"), review.CodePackSlot, "26:24"},
	{"a slot that is not closed", with("{required}。", "{required。"), review.CodePackSlot, "26:24"},
	{"a slot of another sentence", with("terms: {audit", "uncomputable: 缺{missing}\nterms: {audit"), review.CodePackSlot, "8:16"},
	{"a code without a name", with("{required: [audit]}", "{required: [adit]}"), review.CodePackTerm, "25:27"},
	{"a code of a list without a name", with("give: {required: [audit]}", `give: {required: 'names(amount > yuan("1.00"), "adit")'}`), review.CodePackTerm, "25:55"},
	{"a rule that is not there", with("- rule: TC-R01", "- rule: TC-R02"), review.CodePackReference, "40:15"},
	{"a gate of a rule that is not checked", with("kind: gate, rule: TC-R01", "kind: gate, rule: TC-R09"), review.CodePackReference, "44:81"},
	{"weights that do not make 100", with("weight: 40", "weight: 35"), review.CodePackWeights, "31:5"},
	{"a case that does not come out", with(`{in: {amount: "4999.99"}, want: {outcome: not_required}}`, `{in: {amount: "4999.99"}, want: {outcome: required}}`), review.CodePackCase, "29:9"},
	{"a case with a key too many", with(`{in: {amount: "4999.99"}, want: {outcome: not_required}}`, `{in: {amount: "4999.99"}, want: {outcome: not_required, reason: small}}`), review.CodePackCase, "29:9"},
	{"a result without a case", with(`      - {in: {amount: "4999.99"}, want: {outcome: not_required}}`+"\n", ""), review.CodePackUntested, "21:9"},
	{"an amount without a case beside it", with(`{in: {amount: "4999.99"}`, `{in: {amount: "4000.00"}`), review.CodePackUntested, "21:22"},
	{"a rule that no scheme calls for", with("schemes:", "  - {id: TC-R02, title: 甲, article: 第一条, results: [{outcome: pass, say: 好}], cases: [{in: {}, want: {outcome: pass}}]}\nschemes:"), review.CodePackUnused, "30:5"},

	{"a veto that asks for the conclusion before it", concluding("      - rule: TC-R02\n"), review.CodePackAfter, "49:15"},
	{"the same after it, twice", concluding("      - {rule: TC-R02, after: true}\n      - {rule: TC-R02, after: true}\n"), review.CodePackDuplicate, "50:16"},
	{"a conclusion that no rule suggests", with("{id: passed,", "{id: pased,"), review.CodePackConclusion, "46:14"},
	{"a conclusion among bands", with("      - {id: passed, title: 通过}", "      - {id: liang, title: 良}\n      - {id: passed, title: 通过}"), review.CodePackConclusion, "47:14"},
	{"不通过 that does not fail", with("{id: passed,", "{id: not_passed, fails: false,"), review.CodePackConclusion, "46:33"},
	{"a bound of what is no figure", with("{type: text, title: 说明,", "{type: text, least: 3, title: 说明,"), review.CodePackType, "13:29"},
	{"a default below the bound", with("{type: int, title: 数目}", "{type: int, least: 3, default: 2, title: 数目}"), review.CodePackType, "12:41"},
	{"a heading after one that is not there", with("    checks:\n", "    skeleton: true\n    sections: [{title: 甲, after: 乙}]\n    checks:\n"), review.CodePackReference, "40:34"},
	{"a heading that shows what nothing shows", with("    checks:\n", "    sections: [{title: 甲, shows: scores}]\n    checks:\n"), review.CodePackType, "39:34"},
	{"two headings that show the same", with("    checks:\n", "    sections: [{title: 甲, shows: items}, {title: 乙, shows: items}]\n    checks:\n"), review.CodePackDuplicate, "31:5"},
	{"a line of the skeleton that shows what nothing shows", with("terms: {audit", "skeleton: [甲, {title: 乙, shows: 丙}]\nterms: {audit"), review.CodePackType, "8:33"},
	{"a line of the skeleton without a title", with("terms: {audit", "skeleton: [{shows: items}]\nterms: {audit"), review.CodePackMissing, "8:12"},
	{"a line of the skeleton with a key too many", with("terms: {audit", "skeleton: [{title: 甲, article: 第一条}]\nterms: {audit"), review.CodePackKey, "8:23"},
	{"a document that shows something", with("    document: {", "    document: {shows: items, "), review.CodePackKey, ""},

	// expressions
	{"an expression longer than the limit", condition("count > " + strings.Repeat("1 + ", 600) + "1"), review.CodePackExpression, "21:16"},
	{"an expression nested deeply", condition(strings.Repeat("not ", 400) + "true"), review.CodePackExpression, "21:176"},
	{"comparisons that double", condition(doubled(60)), review.CodePackExpression, ""},
	{"an expression without an end", condition(`amount <`), review.CodePackExpression, "21:23"},
	{"let", condition(`let x = 1; x > 0`), review.CodePackExpression, "21:25"},
	{"a range", condition(`size(1..100000000) > 0`), review.CodePackOperands, "21:22"},
	{"a range in a list", condition(`count in 1..100000000`), review.CodePackOperands, "21:26"},
	{"an exponent", condition(`9 ** 9 ** 9 > 0`), review.CodePackOperands, "21:23"},
	{"a predicate", condition(`any(items, .done)`), review.CodePackFunction, "21:16"},
	{"a predicate in braces", condition(`any(items, {.done})`), review.CodePackExpression, "21:27"},
	{"a pipe", condition(`names_of | len() > 0`), review.CodePackExpression, "21:25"},
	{"a regular expression", condition(`note matches "(a+)+$"`), review.CodePackExpression, "21:30"},
	{"contains", condition(`note contains "a"`), review.CodePackOperands, "21:21"},
	{"an index", condition(`names_of[0] == "a"`), review.CodePackExpression, "21:24"},
	{"a field of no record", condition(`amount.big`), review.CodePackExpression, "21:23"},
	{"a method", condition(`it.done()`), review.CodePackExpression, "21:19"},
	{"a map", condition(`{"a": 1}.a == 1`), review.CodePackExpression, "21:16"},
	{"nil", condition(`amount == nil`), review.CodePackExpression, "21:26"},
	{"a coalescing", condition(`(count ?? 1) > 0`), review.CodePackOperands, "21:23"},
	{"an optional chain", condition(`items?.x == 1`), review.CodePackExpression, ""},
	{"a decimal fraction", condition(`count > 1.5`), review.CodePackExpression, "21:24"},
	{"a number beyond all", condition(`count > 99999999999999999999`), review.CodePackExpression, ""},
	{"a product beyond all", condition(`count * count * count * count > 0`), review.CodePackExpression, "21:30"},
	{"letters that look alike", condition(`аmount > yuan("1.00")`), review.CodePackExpression, "21:16"},
	{"a rule that calls a rule", condition(`TC-R01 == "pass"`), review.CodePackInput, "21:16"},
	{"a value that uses itself", with("    results:\n", "    values: {a: a > 1}\n    results:\n"), review.CodePackInput, "20:17"},
	{"values in a circle", with("    results:\n", "    values: {a: b, b: a}\n    results:\n"), review.CodePackInput, "20:17"},
}

// concluding is the good pack with a veto on the scheme's own conclusion, and with such
// checks beside its own.
func concluding(checks string) string {
	return strings.NewReplacer(
		"schemes:", `  - id: TC-R02
    title: 验收
    article: 第二条
    class: veto
    results: [{when: 'surely(outcome == "passed")', outcome: pass, say: 好}, {outcome: block, say: 坏}]
    cases: [{in: {outcome: passed}, want: {outcome: pass}}, {in: {}, want: {outcome: block}}]
schemes:`,
		"  count:", "  outcome: {type: word, title: 结论, values: {passed: 通过}}\n  count:",
		"      - rule: TC-R01\n", "      - rule: TC-R01\n"+checks,
		"    document:", "    concludes: outcome\n    document:",
	).Replace(good)
}

func nested(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i+1) + "a:\n")
	}
	return b.String()
}

func numbered(form string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, form, i)
	}
	return b.String()
}

// doubled is an expression whose tree, walked through, has 2^n nodes: expr's parser
// puts the middle of a chain of comparisons into it twice.
func doubled(n int) string {
	s := "true"
	for range n {
		s = "true == (" + s + ") == true"
	}
	return s
}

func TestMistakes(t *testing.T) {
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			_, err := regulation.Load([]byte(m.file))
			reviewtest.WantCode(t, err, m.code)
			if m.place == "" {
				return
			}
			place, _, _ := strings.Cut(review.ItemOf(err), " ")
			if place != m.place {
				t.Errorf("at %s, want %s (%s)", place, m.place, review.ItemOf(err))
			}
		})
	}
}

// Each code is provoked: the law on codes looks for them by name.
func TestEveryCode(t *testing.T) {
	load := func(file string) error {
		_, err := regulation.Load([]byte(file))
		return err
	}
	reviewtest.WantCode(t, load(good+strings.Repeat("\n", 10_001)), review.CodePackSize)
	reviewtest.WantCode(t, load("\ufeff\ufeff"+good), review.CodePackEncoding)
	reviewtest.WantCode(t, load(""), review.CodePackYAML)
	reviewtest.WantCode(t, load(with("title: 验收\n", "title: *a\n")), review.CodePackFeature)
	reviewtest.WantCode(t, load("a:\n"+nested(40)), review.CodePackNesting)
	reviewtest.WantCode(t, load("terms:\n"+numbered("  a%d: 甲\n", 2_001)), review.CodePackCount)
	reviewtest.WantCode(t, load(with("id: A1-02", "id: A1-01")), review.CodePackDuplicate)
	reviewtest.WantCode(t, load(with("format: 1", "format: 2")), review.CodePackFormat)
	reviewtest.WantCode(t, load(with("short:", "shrot: 某\nshort:")), review.CodePackKey)
	reviewtest.WantCode(t, load(with("short: 某市办法\n", "")), review.CodePackMissing)
	reviewtest.WantCode(t, load(with("    article: 第一条\n", "")), review.CodePackArticle)
	reviewtest.WantCode(t, load(with("type: money", "type: float")), review.CodePackType)
	reviewtest.WantCode(t, load(with("- id: TC-R01", "- id: tc")), review.CodePackID)
	reviewtest.WantCode(t, load(condition("amount <")), review.CodePackExpression)
	reviewtest.WantCode(t, load(condition("amount < 5")), review.CodePackOperands)
	reviewtest.WantCode(t, load(condition("amuont")), review.CodePackInput)
	reviewtest.WantCode(t, load(condition("today()")), review.CodePackFunction)
	reviewtest.WantCode(t, load(condition(`kind == "old"`)), review.CodePackWord)
	reviewtest.WantCode(t, load(with("{required}。", "{x}。")), review.CodePackSlot)
	reviewtest.WantCode(t, load(with("[audit]}\n        say", "[adit]}\n        say")), review.CodePackTerm)
	reviewtest.WantCode(t, load(with("- rule: TC-R01", "- rule: TC-R02")), review.CodePackReference)
	reviewtest.WantCode(t, load(with("weight: 40", "weight: 35")), review.CodePackWeights)
	reviewtest.WantCode(t, load(with("want: {outcome: not_required}", "want: {outcome: pass}")), review.CodePackCase)
	reviewtest.WantCode(t, load(with(`"4999.99"`, `"4000.00"`)), review.CodePackUntested)
	reviewtest.WantCode(t, load(strings.Replace(with("    checks:\n      - rule: TC-R01\n", ""), ", kind: gate, rule: TC-R01", ", kind: gate", 1)), review.CodePackUnused)
	reviewtest.WantCode(t, load(concluding("      - rule: TC-R02\n")), review.CodePackAfter)
	reviewtest.WantCode(t, load(with("{id: passed,", "{id: pased,")), review.CodePackConclusion)
	p, err := regulation.Load([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	_, err = regulation.NewLibrary(p, p)
	reviewtest.WantCode(t, err, review.CodePackTwin)
}

// What every mistake of a pack costs in memory stays within bounds, the refusal of
// whatever is as large as may be included.
func TestRefusedCheaply(t *testing.T) {
	const most = 16 << 20
	for name, file := range large() {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := regulation.Load([]byte(file))
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Fatal("taken")
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > most {
				t.Errorf("%d bytes of memory to refuse %d (%v)", used, len(file), err)
			}
		})
	}
}

// large are hostile packs of about the largest size that is read at all.
func large() map[string]string {
	const n = regulation.MaxFile - 1_000
	fill := func(unit string) string { return strings.Repeat(unit, n/len(unit)) }
	rules := func(size int, rule func(i int) string) string {
		var b strings.Builder
		b.WriteString(with("schemes:", "@@@"))
		head, tail, _ := strings.Cut(b.String(), "@@@")
		b.Reset()
		b.WriteString(head)
		for i := 2; b.Len()+len(tail)+size < n; i++ {
			b.WriteString(rule(i))
		}
		return b.String() + "schemes:" + tail
	}
	long := "count > " + strings.Repeat("1+", 900) + "1"
	deep := strings.Repeat("not ", 38) + "true"
	lists := "size(lacking(names_of, names_of)) > 0" + strings.Repeat(" or size(lacking(names_of, names_of)) > 0", 30)
	big := "[" + strings.TrimSuffix(strings.Repeat("a,", 990), ",") + "]"
	var cases strings.Builder
	for range 38 { // more nodes are refused before any case is tried
		fmt.Fprintf(&cases, "      - {in: {names_of: %s}, want: {outcome: pass}}\n", big)
	}
	// A text in which nothing stands that is cited, and one in which everything does but the
	// last: with all that a citation may name, as often as fits.
	articles := numbered("  - {id: 第%d条, says: 甲}\n", 100) + numbered("  - {id: 三（%d）, says: 甲}\n", 100)
	whole := strings.Repeat("第0条至三（99）、", 11)
	parts := strings.Repeat("三、", 57)
	cited := func(citation string) string {
		steps := strings.Repeat("  - {problem: 甲, reading: 乙, article: "+citation+"}\n", 199)
		head := "format: 1\nid: test-city\ntitle: 甲\nshort: 甲\nunknown: 甲\ntext:\n" + articles + "gaps:\n" + steps + "schemes:\n"
		scheme := "  - {id: s%d, title: 甲, basis: " + citation + ", convener: 甲, reviewers: 甲, trigger: 甲, document: {title: 甲}, conclusions: [{id: a, title: 甲}], sections: ["
		section := "{title: 甲, article: " + citation + "}, "
		scheme += strings.TrimSuffix(strings.Repeat(section, 3_000/len(section)), ", ") + "]}\n"
		return head + numbered(scheme, min(40, (n-len(head))/len(scheme)))
	}
	settings := func() string {
		var b strings.Builder
		b.WriteString("format: 1\nid: test-city\ntitle: 甲\nshort: 甲\nunknown: 甲\ninputs:\n" + numbered("  a%d: {type: int, title: 甲}\n", 400) + "rules:\n")
		checks := ""
		for i := range 40 {
			fmt.Fprintf(&b, "  - {id: TC-R%d, title: 甲, article: 第一条, cases: [{in: {}, want: {outcome: pass}}], results: [{outcome: pass, say: '", 10+i)
			for j := range 64 {
				fmt.Fprintf(&b, "{a%d}", (i*9+j)%400)
			}
			b.WriteString("'}]}\n")
			checks += fmt.Sprintf("{rule: TC-R%d}, ", 10+i)
		}
		b.WriteString("schemes:\n")
		sets := numbered("      b%d: 'a'\n", 1_500)
		for i := range 5 {
			fmt.Fprintf(&b, "  - id: s%d\n    title: 甲\n    checks: [%s]\n    sets:\n%s", i, strings.TrimSuffix(checks, ", "), sets)
		}
		return b.String()
	}
	return map[string]string{
		"text":           wordedWith("text:\n", "  - id: 第%d条\n    says:\n      - "+strings.Repeat("长", 1_300)+"\n", 60),
		"paragraphs":     wordedWith("text:\n", "  - {id: 第%d条, says: ["+strings.TrimSuffix(strings.Repeat("甲, ", 40), ", ")+"]}\n", 190),
		"long ids":       wordedWith("text:\n", "  - {id: %03d"+strings.Repeat("（", 110)+", says: 甲}\n", 190),
		"all cited":      cited(whole + "第九十条"),
		"chapters cited": cited(parts + "第九十条"),
		"nothing cited":  cited(strings.Repeat("第、", 57) + "第"),
		"long clauses":   cited("三" + strings.Repeat("四", 118)),
		"cells":          wordedWith("cross:\n", "  - {stage: s%d, says: 甲}\n", 1_999),
		"steps":          wordedWith("lifecycle:\n", "  - {title: 第%d步, schemes: [acceptance]}\n", 1_999),
		"cells at once":  wordedWith("cross:\n", "  - {stage: s%d, says: 甲, schemes: ["+strings.TrimSuffix(strings.Repeat("acceptance, ", 40), ", ")+"]}\n", 38),
		"gaps":           wordedWith("gaps:\n", "  - {problem: 甲%d, reading: 乙}\n", 1_999),
		"stages":         strings.Replace(worded("text:\n", "stages:\n"+numbered("  s%d: 甲\n", 1_999)+"text:\n"), "id: test-city", "id: common", 1),
		"settings":       settings(),
		"brackets":       fill("["),
		"braces":         fill("{a: "),
		"commas":         "a: [" + fill(","),
		"dashes":         fill("- "),
		"dashed lines":   fill("-\n"),
		"keys":           fill("a: b\n"),
		"many keys":      numbered("k%d: v\n", 20_000),
		"short lines":    fill("a:\n"),
		"items":          "terms: \n" + fill("  - a\n"),
		"flow items":     fill("a: [" + strings.Repeat("b,", 2_000) + "b]\n"),
		"quotes":         fill("a: \"" + strings.Repeat("\\\"", 2_000) + "\"\n"),
		"comments":       fill("# 注释\n") + "x",
		"characters":     fill("䶮"),
		"deep blocks":    "a:\n" + nested(700),
		"expressions":    rules(2_200, func(i int) string { return ruleWith(i, long) }),
		"deep ones":      rules(800, func(i int) string { return ruleWith(i, deep) }),
		"doubled ones":   rules(2_200, func(i int) string { return ruleWith(i, doubled(110)) }),
		"lists in cases": with("    cases:\n", "    cases:\n"+cases.String()),
		"work in cases":  strings.Replace(with(`amount < yuan("5000.00")`, "'"+lists+"'"), "    cases:\n", "    cases:\n"+cases.String(), 1),
		"slots in cases": strings.Replace(with("say: 投资{amount}", "say: 投资"+strings.Repeat("{names_of}", 95)), "    cases:\n", "    cases:\n"+cases.String(), 1),
	}
}

// wordedWith is the wordy pack with more in one of its lists, and with a citation of nothing
// in the end, so that what is read is refused.
func wordedWith(list, form string, n int) string {
	return strings.Replace(worded(list, list+numbered(form, n)), "title: 通过}", "title: 通过, article: 第九十条}", 1)
}

func ruleWith(i int, when string) string {
	return fmt.Sprintf("  - id: TC-R%02d\n    title: 甲\n    article: 第一条\n    results:\n      - {when: '%s', outcome: pass, say: 好}\n      - {outcome: block, say: 坏}\n    cases: [{in: {}, want: {outcome: pass}}]\n", i, when)
}

// Several mistakes are told at once, in the order of the file.
func TestCheckTellsAll(t *testing.T) {
	file := strings.NewReplacer(
		`amount < yuan("5000.00")`, `amuont < yuan("5000.00")`,
		"outcome: required\n", "outcome: needed\n",
		"{required}。", "{reqiured}。",
		"weight: 40", "weight: 35",
		"article: 第一条, kind: gate", "kind: gate",
	).Replace(good)
	var got []string
	for _, p := range regulation.Check([]byte(file)) {
		got = append(got, p.Place()+" "+string(p.Code))
	}
	want := []string{"21:15 pack.input", "24:18 pack.type", "26:24 pack.slot", "31:5 pack.weights", "44:9 pack.article"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if list := regulation.Check([]byte(good)); len(list) > 0 {
		t.Errorf("the good pack: %v", list)
	}
}

// A regulation in several files is read as one.
func TestSplit(t *testing.T) {
	head, rest, _ := strings.Cut(good, "rules:\n")
	rules, schemes, _ := strings.Cut(rest, "schemes:\n")
	const same = "format: 1\nid: test-city\n"
	files := [][]byte{[]byte(head), []byte(same + "rules:\n" + rules), []byte(same + "schemes:\n" + schemes)}
	p, err := regulation.Load(files...)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Rules) != 1 || len(p.Schemes) != 1 || len(p.Digests()) != 3 || p.Digests()[2] != review.DigestOf(files[2]) {
		t.Errorf("%+v", p)
	}
	for _, c := range []struct {
		file string
		code review.Code
		item string
	}{
		{"format: 1\nid: other-city\n", review.CodePackReference, "[2] 1:1 other-city"},
		{same + "title: 又一个\n", review.CodePackDuplicate, "[2] 3:8 title"},
		{same + "terms: {audit: 又审计}\n", review.CodePackDuplicate, "[2] 3:9 audit"},
		{same + "inputs: {amount: {type: int, title: 数}}\n", review.CodePackDuplicate, "[2] 3:10 amount"},
		{"x", review.CodePackYAML, "[2] 1:1 x"},
	} {
		_, err := regulation.Load([]byte(good), []byte(c.file))
		reviewtest.WantCode(t, err, c.code)
		if review.ItemOf(err) != c.item {
			t.Errorf("%q: %s, want %s", c.file, review.ItemOf(err), c.item)
		}
	}
	var many [][]byte
	for range 9 {
		many = append(many, []byte(good))
	}
	_, err = regulation.Load(many...)
	reviewtest.WantCode(t, err, review.CodePackSize)
	_, err = regulation.Load()
	reviewtest.WantCode(t, err, review.CodePackSize)
}
