package regulation_test

import (
	"fmt"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
)

// computing is a pack whose one rule gives what an expression comes to.
func computing(expression string) []byte {
	return []byte(`format: 1
id: test-city
title: 某市办法
short: 某市办法
unknown: 缺少“{missing}”。
uncomputable: 不能计算：{fault}。
inputs:
  y: {type: int, title: 年}
  m: {type: int, title: 月}
  d: {type: int, title: 日}
  from: {type: date, title: 起}
  to: {type: date, title: 止}
rules:
  - id: TC-R01
    title: 计算
    article: 第一条
    results:
      - outcome: computed
        give: {out: '` + expression + `'}
        say: 结果是{out}（{cite}）。
    cases: []
`)
}

// The functions of the calendar give days and years that there are, and say what is wrong
// where there is none.
func TestCalendarFunctions(t *testing.T) {
	type in = map[string]any
	for _, c := range []struct {
		expression string
		in         in
		want       any // nil where it cannot be computed
		says       string
	}{
		{"day(y, m, d)", in{"y": 2024, "m": 2, "d": 29}, "2024-02-29", "2024年2月29日"},
		{"day(y, m, d)", in{"y": 2023, "m": 2, "d": 29}, nil, "没有2023年2月29日"},
		{"day(y, m, d)", in{"y": 1900, "m": 2, "d": 29}, nil, "没有1900年2月29日"},
		{"day(y, m, d)", in{"y": 2000, "m": 2, "d": 29}, "2000-02-29", ""},
		{"day(y, m, d)", in{"y": 2025, "m": 4, "d": 31}, nil, "没有2025年4月31日"},
		{"day(y, m, d)", in{"y": 2025, "m": 13, "d": 1}, nil, "13月"},
		{"day(y, m, d)", in{"y": 2025, "m": 0, "d": 1}, nil, "0月"},
		{"day(y, m, d)", in{"y": 2025, "m": 1, "d": 0}, nil, "0日"},
		{"day(y, m, d)", in{"y": 2025, "m": -1, "d": 1}, nil, "-1月"},
		{"day(y, m, d)", in{"y": 1900, "m": 1, "d": 1}, "1900-01-01", ""},
		{"day(y, m, d)", in{"y": 1899, "m": 12, "d": 31}, nil, "1900年至2300年"},
		{"day(y, m, d)", in{"y": 2300, "m": 12, "d": 31}, "2300-12-31", ""},
		{"day(y, m, d)", in{"y": 2301, "m": 1, "d": 1}, nil, "1900年至2300年"},
		{"day(y, m, d)", in{"y": 12025, "m": 1, "d": 1}, nil, "没有12025年"},
		{"day(y, m, d)", in{"y": -5, "m": 1, "d": 1}, nil, "没有-5年"},
		{"day(y, m, d)", in{"y": 24, "m": 1, "d": 1}, nil, "没有24年"},
		{"day(y, m, d)", in{"y": 1_000_000_000, "m": 1_000_000_000, "d": -1_000_000_000}, nil, "没有"},
		{"day(y - 1, 6, 30)", in{"y": 1_000_000_000}, nil, "没有999999999年"},
		{"year_end(from)", in{"from": "2024-01-01"}, "2024-12-31", ""},
		{"year_end(from)", in{"from": "2024-12-31"}, "2024-12-31", ""},
		{"year_end(from)", in{"from": "1900-01-01"}, "1900-12-31", ""},
		{"year_end(from)", in{"from": "2300-12-31"}, "2300-12-31", ""},
		{"year_end(months_after(from, 1200))", in{"from": "2300-12-31"}, "2400-12-31", ""},
		{"year_end(months_after(from, -1200))", in{"from": "1900-01-01"}, "1800-12-31", ""},
		{"months_after(from, -12)", in{"from": "2024-02-29"}, "2023-02-28", ""},
		{"year_ends(from, to)", in{"from": "2023-05-01", "to": "2025-12-31"}, []int64{2023, 2024, 2025}, "2023、2024、2025"},
		{"year_ends(from, to)", in{"from": "2023-05-01", "to": "2025-12-30"}, []int64{2023, 2024}, ""},
		{"year_ends(from, to)", in{"from": "2023-12-31", "to": "2023-12-31"}, []int64{2023}, ""},
		{"year_ends(from, to)", in{"from": "2024-01-01", "to": "2024-12-30"}, []string{}, ""},
		{"year_ends(from, to)", in{"from": "2024-01-01", "to": "2023-12-31"}, []string{}, ""},
		{"year_ends(from, to)", in{"from": "2300-12-31", "to": "1900-01-01"}, []string{}, ""},
		{"size(year_ends(from, to))", in{"from": "1900-01-01", "to": "2300-12-31"}, int64(401), "401"},
		{"size(year_ends(months_after(from, -1200), months_after(to, 1200)))", in{"from": "1900-01-01", "to": "2300-12-31"}, int64(601), ""},
		{"2024 in year_ends(from, to)", in{"from": "2024-06-01", "to": "2024-12-31"}, true, "是"},
	} {
		t.Run(c.expression+" "+fmt.Sprint(c.in), func(t *testing.T) {
			r := regulation.EvalAnyway(computing(c.expression), "TC-R01", c.in)
			if c.want == nil {
				if encode(t, r) != `{"outcome":"needs_decision","reason":"not_computable"}` || !strings.Contains(r.Sentence, c.says) || len(r.Missing) > 0 {
					t.Errorf("%s %s", encode(t, r), r.Sentence)
				}
				return
			}
			if encode(t, r.Get("out")) != encode(t, c.want) || !strings.Contains(r.Sentence, c.says) {
				t.Errorf("%s %s, want %v", encode(t, r), r.Sentence, c.want)
			}
		})
	}
	// What is missing is named, and a fault of what is there does not hide it.
	for expression, missing := range map[string][]string{
		"day(y, m, d)":                    {"y", "m"},
		"year_end(from)":                  {"from"},
		"year_ends(from, to)":             {"from", "to"},
		"year_ends(day(2025, 13, 1), to)": {"to"},
	} {
		r := regulation.EvalAnyway(computing(expression), "TC-R01", map[string]any{"d": 40})
		if got := encode(t, r.Get("missing")); got != encode(t, missing) || r.Get("reason") != regulation.ReasonMissingInput {
			t.Errorf("%s: %s", expression, encode(t, r))
		}
	}
	for expression, code := range map[string]review.Code{
		"day(y, m)":                   review.CodePackFunction,
		"day(y, m, d, 1)":             review.CodePackFunction,
		"day(from, m, d)":             review.CodePackOperands,
		`day("2025", 1, 1)`:           review.CodePackOperands,
		"year_end(y)":                 review.CodePackOperands,
		"year_end(from, to)":          review.CodePackFunction,
		"year_ends(from)":             review.CodePackFunction,
		"year_ends(from, y)":          review.CodePackOperands,
		"year_ends(from, to) == y":    review.CodePackOperands,
		"from in year_ends(from, to)": review.CodePackOperands,
		"year_end(from) + 1":          review.CodePackOperands,
		"day(y, m, d) < y":            review.CodePackOperands,
	} {
		list := regulation.Check(computing(expression))
		if len(list) == 0 || list[0].Code != code {
			t.Errorf("%s: %v, want %s", expression, list, code)
		}
	}
	_, err := regulation.Load([]byte(with("  amount: {", "  year_ends: {")))
	reviewtest.WantCode(t, err, review.CodePackID)
}
