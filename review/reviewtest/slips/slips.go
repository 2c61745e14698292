// Package slips is a table of mistakes that people make who write a regulation for the
// first time. What tells them of a mistake is held to it: review/regulation to what it is
// and where, the command line to the sentence.
package slips

import (
	"strings"
	"testing"
)

// Slip is one mistake, made by putting New for the first Old in the worked example,
// assets/sample/packs/example-2026.yaml.
type Slip struct {
	Name     string
	Old, New string
	// Want is what is to be told of it: line:column code why, with "; " between several.
	// Lines count from that of Old, so that the example can grow.
	Want string
}

// In makes the mistake in a file, and gives the line from which Want counts.
func (s Slip) In(tb testing.TB, file string) (wrong string, line int) {
	tb.Helper()
	before, _, ok := strings.Cut(file, s.Old)
	if !ok {
		tb.Fatalf("%s: the example has no %q", s.Name, s.Old)
	}
	return strings.Replace(file, s.Old, s.New, 1), 1 + strings.Count(before, "\n")
}

// Slips are all of them.
var Slips = []Slip{
	{"a tab before a name", "    title: 适用范围\n", "\ttitle: 适用范围\n", "+0:1 pack.encoding tab"},
	{"a tab after a name", "title: 适用范围\n", "title:\t适用范围\n", "+0:11 pack.encoding tab"},
	{"a full-width colon after a name", "short: 示例办法", "short：示例办法", "+0:1 pack.yaml colon.wide"},
	{"a full-width colon in a rule", "    title: 概算调整", "    title：概算调整", "+0:5 pack.yaml colon.wide"},
	{"no space after a colon", "short: 示例办法", "short:示例办法", "+0:1 pack.yaml colon.after"},
	{"a space before a colon", "short: 示例办法", "short : 示例办法", "+0:1 pack.yaml colon.before"},
	{"a full-width colon in braces", "{type: word, title: 资金来源", "{type: word, title：资金来源", "+0:25 pack.yaml colon.wide"},
	{"a full-width comma in braces", "{type: bool, title: 涉及国家秘密}", "{type: bool，title: 涉及国家秘密}", "+0:32 pack.yaml comma.wide"},
	{"an amount without quotes", `approved_cny: "1000000.00", adjusted_cny: "1100000.00"`, `approved_cny: 1000000.00, adjusted_cny: "1100000.00"`, "+0:29 pack.yaml number"},
	{"an amount in a condition that is no call", `investment_cny < yuan("500000.00")`, "investment_cny < 500000.00", "+0:32 pack.expression decimal"},
	{"whole yuan in a condition", `investment_cny < yuan("500000.00")`, "investment_cny < 500000", "+0:30 pack.operands call"},
	{"an amount without quotes in its call", `yuan("500000.00")`, "yuan(500000.00)", "+0:32 pack.function arguments"},
	{"an amount in 万", `investment_cny < yuan("500000.00")`, "investment_cny < 50万", "+0:34 pack.expression amount"},
	{"weights of 95", "weight: 25", "weight: 20", "-19:5 pack.weights"},
	{"a decimal weight without quotes", `weight: "62.5"`, "weight: 62.5", "+0:92 pack.yaml number"},
	{"an input misspelt", "when: classified", "when: clasified", "+0:15 pack.input near"},
	{"a rule that no scheme uses", "      - rule: EX-C02\n", "", "-214:5 pack.unused"},
	{"no article", "    article: 第二条\n", "", "-2:5 pack.article"},
	{"an article that is not in the text", "    article: 第八条\n", "    article: 第十八条\n", "+0:14 pack.article lost"},
	{"brackets of an article in half width", "E1-E4, title: 原项目的验收意见, article: 第四条第2款", "E1-E4, title: 原项目的验收意见, article: 第四(一)条", "+0:49 pack.article brackets"},
	{"a single equals sign", `funding == "fiscal"`, `funding = "fiscal"`, "+0:23 pack.expression word"},
	{"并且 for and", "room_needed and city_consent", "room_needed 并且 city_consent", "+0:27 pack.expression word"},
	{"AND for and", "room_needed and city_consent", "room_needed AND city_consent", "+0:27 pack.expression word"},
	{"& for and", "room_needed and city_consent", "room_needed & city_consent", "+0:27 pack.expression word"},
	{"a code without quotes", `funding == "fiscal"`, "funding == fiscal", "+0:26 pack.input quotes"},
	{"the title of a word for its code", `funding == "fiscal"`, `funding == "财政性资金"`, "+0:27 pack.expression code"},
	{"the title of a word, without quotes", `funding == "fiscal"`, "funding == 财政性资金", "+0:26 pack.expression code"},
	{"the title of an input for its name", `when: funding == "fiscal"`, `when: 资金来源 == "fiscal"`, "+0:15 pack.expression name"},
	{"full-width brackets in a condition", "size(lacks) > 0", "size（lacks） > 0", "+0:19 pack.expression sign.wide"},
	{"Chinese quotes in a condition", `funding == "fiscal"`, "funding == “fiscal”", "+0:26 pack.expression quotes"},
	{"a sign of Chinese text in a condition", `investment_cny < yuan("500000.00")`, `investment_cny ≤ yuan("500000.00")`, "+0:30 pack.expression sign.wide"},
	{"a comparison the wrong way round", "opinion_on <= due", "opinion_on =< due", "+0:26 pack.expression word"},
	{"a bracket that is not closed in a condition", "size(lacks) > 0", "size(lacks > 0", "+0:28 pack.expression brackets"},
	{"a division", "adjusted_cny * 100 > approved_cny * 110", "adjusted_cny / approved_cny > 110", "+0:28 pack.expression divide"},
	{"a decimal factor", "adjusted_cny * 100 > approved_cny * 110", "adjusted_cny > approved_cny * 1.1", "+0:45 pack.expression divide"},
	{"a boundary without a case beside it", "      - {in: {investment_cny: \"2999999.99\"}, want: {outcome: required, required: [office_review]}}\n", "", "-10:30 pack.untested beside"},
	{"a boundary without a case on it", "      - {in: {investment_cny: \"3000000.00\"}, want: {outcome: required, required: [expert_review]}}\n", "      - {in: {investment_cny: \"3000000.01\"}, want: {outcome: required, required: [expert_review]}}\n", "-11:30 pack.untested edge"},
	{"a result without a case", "      - {in: {classified: false, funding: other}, want: {outcome: out_of_scope, reason: other_funding}}\n", "", "-6:9 pack.untested"},
	{"a case that fails", `{in: {investment_cny: "500000.00"}, want: {outcome: required, required: [office_review]}}`, `{in: {investment_cny: "500000.00"}, want: {outcome: not_required}}`, "+0:9 pack.case"},
	{"a rule's id twice", "  - id: EX-R02\n", "  - id: EX-R03\n", "+37:5 pack.duplicate id; +141:15 pack.reference rule; +145:105 pack.reference gate"},
	{"an item's id twice", "{id: E1-02,", "{id: E1-01,", "+0:9 pack.duplicate id"},
	{"a name twice", "    title: 概算调整\n", "    title: 概算调整\n    title: 概算调整\n", "+1:5 pack.duplicate key"},
	{"a date in Chinese", `date: "2026-01-05"`, `date: "2026年1月5日"`, "+0:7 pack.type date"},
	{"a date that there is not", `date: "2026-01-05"`, `date: "2026-02-30"`, "+0:7 pack.type date"},
	{"a date without quotes", `date: "2026-01-05"`, "date: 2026-01-05", "+0:7 pack.yaml number"},
	{"a date in Chinese quotes", `date: "2026-01-05"`, "date: “2026-01-05”", "+0:7 pack.type quotes.wide"},
	{"yes for true", "after: true}", "after: yes}", "+0:31 pack.type flag"},
	{"是 for true", "after: true}", "after: 是}", "+0:31 pack.type flag"},
	{"True for true", "after: true}", "after: True}", "+0:31 pack.yaml bool"},
	{"yes in a case", "{in: {classified: true, funding: fiscal}", "{in: {classified: yes, funding: fiscal}", "+0:27 pack.type bool"},
	{"是 in a case", "{in: {classified: true, funding: fiscal}", "{in: {classified: 是, funding: fiscal}", "+0:27 pack.type bool"},
	{"true in quotes in a case", "{in: {classified: true, funding: fiscal}", `{in: {classified: "true", funding: fiscal}`, "+0:27 pack.type bool"},
	{"a date of one figure in a case", `received_on: "2026-03-02", opinion_on: "2026-03-16"}`, `received_on: "2026-3-2", opinion_on: "2026-03-16"}`, "+0:28 pack.type date"},
	{"an amount in 万元 in a case", `{in: {investment_cny: "500000.00"}`, `{in: {investment_cny: "50万元"}`, "+0:31 pack.type money"},
	{"a code misspelt", "give: {required: [office_review]}", "give: {required: [ofice_review]}", "+0:27 pack.term near"},
	{"a code without a term", "give: {required: [office_review]}", "give: {required: [inspection]}", "+0:27 pack.term"},
	{"codes with a full-width comma", "give: {from: from, to: to}", "give: {required: [office_review，expert_review]}", "+0:27 pack.term comma"},
	{"a brace that is not closed in a sentence", "{cite}不适用本办法", "{cite不适用本办法", "+0:25 pack.slot open"},
	{"a brace that is not opened in a sentence", "{cite}不适用本办法", "cite}不适用本办法", "+0:29 pack.slot open"},
	{"a brace that is not closed", "funding: {type: word, title: 资金来源, values: {fiscal: 财政性资金, other: 其他资金}}", "funding: {type: word, title: 资金来源, values: {fiscal: 财政性资金, other: 其他资金}", "+0:74 pack.yaml open"},
	{"a brace too many", "other: 其他资金}}", "other: 其他资金}}}", "+0:75 pack.yaml after"},
	{"a full-width brace", "funding: {type: word, title", "funding: ｛type: word, title", "+0:17 pack.yaml bracket.wide"},
	{"a sentence that begins with a brace", "say: 按{cite}，原则上", "say: {cite}规定，原则上", "+0:15 pack.yaml slot.start"},
	{"a name in a sentence misspelt", "本项目使用{funding}，属于", "本项目使用{fund}，属于", "+0:19 pack.slot near"},
	{"a conclusion that nothing suggests", "{id: passed, title: 通过评审}", "{id: agree, title: 通过评审}", "+0:14 pack.conclusion"},
	{"a name misspelt", "short: 示例办法", "shrot: 示例办法", "+0:1 pack.key near"},
	{"a name that there is not", "short: 示例办法", "short: 示例办法\nauthor: 张三", "+1:1 pack.key among"},
	{"a name in Chinese", "    title: 概算调整\n", "    标题: 概算调整\n", "+0:5 pack.yaml key.chinese"},
	{"a name with a capital", "    title: 概算调整\n", "    Title: 概算调整\n", "+0:5 pack.key near"},
	{"an ampersand before a text", "title: 概算调整", "title: &a 概算调整", "+0:13 pack.feature"},
	{"a text over several lines", "say: 本项目涉及国家秘密，按{cite}不适用本办法。", "say: |\n          本项目涉及国家秘密，按{cite}不适用本办法。", "+0:14 pack.feature lines"},
	{"a line one space too deep", "    title: 概算调整\n", "     title: 概算调整\n", "+0:6 pack.yaml indent"},
	{"a line one space too shallow", "    title: 概算调整\n", "   title: 概算调整\n", "+0:4 pack.yaml indent"},
	{"full-width spaces before a name", "    title: 概算调整\n", "\u3000\u3000title: 概算调整\n", "+0:1 pack.yaml space"},
	{"no space after a dash", "      - rule: EX-C02\n", "      -rule: EX-C02\n", "+0:7 pack.yaml dash"},
	{"no dash before a rule", "  - id: EX-C03\n", "    id: EX-C03\n", "+0:5 pack.duplicate key"},
	{"a text that goes on in the next line", "note: 虚构的制度，只用来说明规则文件的写法。", "note: 虚构的制度，\n  只用来说明规则文件的写法。", "+1:3 pack.yaml line"},
	{"a quote that is not closed", `date: "2026-01-05"`, `date: "2026-01-05`, "+0:7 pack.yaml quote.open"},
	{"double quotes in double quotes", "values:\n      lacks: 'lacking(", "values:\n      lacks: \"lacking(", "+1:40 pack.yaml quote.inside"},
	{"a colon within a text", "note: 虚构的制度，", "note: 注意: 虚构的制度，", "+0:9 pack.yaml colon.within"},
	{"a name with nothing behind it", "short: 示例办法", "short:", "+0:7 pack.missing empty"},
	{"an outcome misspelt", "outcome: in_scope\n", "outcome: inscope\n", "+0:18 pack.type choice"},
	{"a class in Chinese", "class: veto", "class: 否决", "+0:12 pack.type choice"},
	{"a kind of item misspelt", "kind: yesno, answers", "kind: yes_no, answers", "+0:86 pack.type choice"},
	{"a type in Chinese", "investment_cny: {type: money", "investment_cny: {type: 金额", "+0:26 pack.type choice"},
	{"a rule's id with one figure", "  - id: EX-C03\n", "  - id: EX-C3\n", "+0:9 pack.id rule; +158:15 pack.reference rule"},
	{"a rule that is not there", "      - rule: EX-C02\n", "      - rule: EX-C20\n", "+0:15 pack.reference rule"},
	{"a gate of another scheme's rule", "kind: gate, rule: EX-G01", "kind: gate, rule: EX-R02", "+0:103 pack.reference gate"},
	{"a scheme misspelt", "schemes: [plan_review]}\n  - {title: 概算", "schemes: [planreview]}\n  - {title: 概算", "+0:64 pack.reference scheme"},
	{"a weight of what has no marks", "kind: yesno, origin: default}", "kind: yesno, origin: default, weight: 5}", "+0:112 pack.key weight"},
	{"no title", "    title: 概算调整\n", "", "-1:5 pack.missing"},
	{"a title of figures", "    title: 概算调整\n", "    title: 2026\n", "+0:12 pack.type quotes"},
	{"a condition of the last result", "      - outcome: pass\n        say: 申报材料符合", "      - when: size(lacks) == 0\n        outcome: pass\n        say: 申报材料符合", "+0:15 pack.key when"},
	{"no condition of another result", "      - when: opinion_on <= due\n        outcome", "      - outcome", "+0:9 pack.missing when"},
	{"a function misspelt", "months_after(accepted_on, 12)", "month_after(accepted_on, 12)", "+0:13 pack.function near"},
	{"a function with too little", "months_after(accepted_on, 12)", "months_after(accepted_on)", "+0:13 pack.function arguments"},
	{"a function with something else", "months_after(accepted_on, 12)", `months_after("2026-01-01", 12)`, "+0:26 pack.operands arguments"},
	{"a date in quotes in a condition", "when: opinion_on <= due", `when: opinion_on <= "2026-03-01"`, "+0:26 pack.operands call"},
	{"a comparison with null", "when: absent(opinion_on)", "when: opinion_on == null", "+0:29 pack.input absent"},
	{"a comparison with nothing", "when: absent(security_level)", `when: security_level == ""`, "+0:33 pack.word absent"},
	{"a comparison with true in quotes", "when: classified", `when: classified == "true"`, "+0:26 pack.operands bool"},
	{"a comparison with yes", "when: classified", "when: classified == yes", "+0:29 pack.input bool"},
	{"an amount for a condition", "when: classified", "when: investment_cny", "+0:15 pack.operands condition"},
	{"words for a condition", "due: new_machine_room", "due: 单独建设机房时", "+0:83 pack.expression name"},
	{"a conclusion that its input does not have", "{id: suspended, title: 暂缓验收,", "{id: delayed, title: 暂缓验收,", "+0:9 pack.word gives"},
	{"beside of a conclusion that is suggested", "{id: not_passed, title: 验收不合格}", "{id: not_passed, title: 验收不合格, beside: true}", "+0:14 pack.conclusion beside"},
	{"a method where nothing is marked", "    mode: compliance\n", "    mode: compliance\n    method: mean\n", "-3:5 pack.type method"},
	{"two answers to one question", "    checks:\n", "    sets: {room_needed: 'true'}\n    checks:\n", "-9:5 pack.duplicate answered"},
	{"a rule twice after the conclusion", "{rule: EX-R03, after: true}", "{rule: EX-R03, after: true}\n      - {rule: EX-R03, after: true}", "+1:16 pack.duplicate check"},
	{"another format", "format: 1", "format: 2", "+0:9 pack.format"},
}
