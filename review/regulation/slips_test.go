package regulation_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"heyi/assets"
	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/slips"
)

// sample is a file of the packs that officials begin with.
func sample(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := assets.Sample.ReadFile("sample/packs/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// told writes mistakes as the table of slips has them.
func told(list []regulation.Problem, from int) string {
	var out []string
	for _, p := range list {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%+d:%d %s %s", p.Line-from, p.Column, p.Code, p.Why)))
	}
	return strings.Join(out, "; ")
}

// Each mistake is told as what it is, where it is, and nothing that only follows from it.
func TestSlips(t *testing.T) {
	good := string(sample(t, "example-2026.yaml"))
	for _, s := range slips.Slips {
		t.Run(s.Name, func(t *testing.T) {
			wrong, line := s.In(t, good)
			if got := told(regulation.Check([]byte(wrong)), line); got != s.Want {
				t.Errorf("got %s\nwant %s", got, s.Want)
			}
		})
	}
}

// How an editor saves a file is no mistake as long as it is UTF-8.
func TestSaved(t *testing.T) {
	good := sample(t, "example-2026.yaml")
	windows := bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n"))
	for name, file := range map[string][]byte{"": good, "Windows": windows, "a mark": append([]byte("\ufeff"), good...), "both": append([]byte("\ufeff"), windows...)} {
		if list := regulation.Check(file); len(list) > 0 {
			t.Errorf("%s: %s", name, told(list, 0))
		}
	}
	units := utf16.Encode([]rune(string(good)))
	little, big := []byte("\xff\xfe"), []byte("\xfe\xff")
	for _, u := range units {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"UTF-16":                {little, "+1:1 pack.encoding utf16"},
		"UTF-16, big end":       {big, "+1:1 pack.encoding utf16"},
		"UTF-16, without mark":  {little[2:], "+1:2 pack.encoding utf16"},
		"GBK":                   {[]byte("format: 1\ntitle: \xca\xbe\xc0\xfd\n"), "+2:9 pack.encoding gbk"},
		"a mark in the middle":  {[]byte("format: 1\n\ufefftitle: x\n"), "+2:1 pack.encoding"},
		"line ends of old Macs": {[]byte("format: 1\rid: x\r"), "+1:10 pack.encoding"},
		"nothing":               {[]byte("\ufeff"), "+1:1 pack.yaml nothing"},
	} {
		if got := told(regulation.Check(c.file), 0); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A mistake says what was meant, as far as that can be told.
func TestMeant(t *testing.T) {
	for _, c := range []struct{ old, new, want, got string }{
		{"title: 某市", "titel: 某市", "title", ""},
		{`yuan("5000.00")`, "5000", `yuan("5000.00")`, ""},
		{`yuan("5000.00")`, "5000.5", `yuan("5000.50")`, ""},
		{`amount < yuan("5000.00")`, `kind == "neu"`, "new", ""},
		{`amount < yuan("5000.00")`, `kind == neww`, "", ""},
		{`amount < yuan("5000.00")`, `kind == new`, `"new"`, ""},
		{`amount < yuan("5000.00")`, `'kind == "运行维护"'`, `"om"`, ""},
		{`amount < yuan("5000.00")`, `投资 < yuan("5000.00")`, "amount", "投资"},
		{`amount < yuan("5000.00")`, `amount 小于等于 yuan("5000.00")`, "<=", "小于等于"},
		{`amount < yuan("5000.00")`, `amount => yuan("5000.00")`, ">=", "=>"},
		{`amount < yuan("5000.00")`, `count == "3"`, "3", ""},
		{`amount < yuan("5000.00")`, `yaun("5000.00") > amount`, "yuan", ""},
		{"weight: 40", "weight: 35", "100", "95"},
		{"weight: 40", "weight: 4.5", `"4.5"`, ""},
		{"    title: 审计", "    title: 审计\n    title: 审计", "", "18"},
		{"want: {outcome: not_required}", `want: {outcome: pass, reason: "1.0"}`, `{outcome: pass, reason: "1.0"}`, "{outcome: not_required}"},
		{"want: {outcome: required, required: [audit]}", "want: {outcome: required}", "{outcome: required}", "{outcome: required, required: [audit]}"},
		{`"4999.99"`, `"4000.00"`, `"4999.99"、"5000.01"`, "amount"},
		{`{amount: "5000.00"}`, `{amount: "5001.00"}`, `"5000.00"`, "amount"},
	} {
		list := regulation.Check([]byte(with(c.old, c.new)))
		if len(list) == 0 {
			t.Errorf("%s: nothing told", c.new)
			continue
		}
		if p := list[0]; p.Want != c.want || p.Got != c.got {
			t.Errorf("%s: want %q, got %q; %s", c.new, p.Want, p.Got, told(list, 0))
		}
	}
}

// What is written back is read as what it was.
func TestResultsInLine(t *testing.T) {
	good := string(sample(t, "example-2026.yaml"))
	tried := 0
	for _, l := range strings.Split(good, "\n") {
		at := strings.Index(l, ", want: {outcome: ")
		if at < 0 {
			continue
		}
		list := regulation.Check([]byte(strings.Replace(good, l, l[:at]+", want: {outcome: computed}}", 1)))
		if len(list) == 0 || list[0].Code != review.CodePackCase {
			t.Errorf("%s: %s", l, told(list, 0))
			continue
		}
		again := strings.Replace(good, l, l[:at]+", want: "+list[0].Got+"}", 1)
		if list := regulation.Check([]byte(again)); len(list) > 0 {
			t.Errorf("%s: %s", l, told(list, 0))
		}
		tried++
	}
	if tried < 50 {
		t.Errorf("%d cases tried", tried)
	}
}

// Who begins with the template or the example begins with a regulation that can be used:
// its schemes can be frozen, and all that they ask be evaluated.
func TestSamplePacks(t *testing.T) {
	for name, want := range map[string]struct{ rules, schemes int }{"example-2026.yaml": {10, 3}, "template.yaml": {2, 1}} {
		p, err := regulation.Load(sample(t, name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(p.Rules) != want.rules || len(p.Schemes) != want.schemes {
			t.Errorf("%s: %d rules, %d schemes", name, len(p.Rules), len(p.Schemes))
		}
		l, err := regulation.NewLibrary(append(library(t).Packs(), p)...)
		if err != nil {
			t.Fatal(err)
		}
		for _, own := range p.Schemes {
			s, _ := l.Scheme(own.ID)
			c := s.Freeze()
			if err := c.Check(); err != nil {
				t.Errorf("%s: %v", s.ID, err)
			}
			for _, conclusion := range append([]review.Outcome{{}}, c.Outcomes...) {
				list, err := l.Findings(c, regulation.Known{Conclusion: conclusion.ID})
				if err != nil || len(list) == 0 {
					t.Errorf("%s, %s: %d findings, %v", s.ID, conclusion.ID, len(list), err)
				}
			}
			if list, err := l.Materials(s.ID, nil, nil); err != nil || len(list) == 0 {
				t.Errorf("%s: %d materials, %v", s.ID, len(list), err)
			}
		}
	}
}

// The worked example in a review: what is asked of the project, of the panel and of the
// conclusion comes together.
func TestExampleReviewed(t *testing.T) {
	p, err := regulation.Load(sample(t, "example-2026.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := regulation.NewLibrary(append(library(t).Packs(), p)...)
	if err != nil {
		t.Fatal(err)
	}
	plan := []review.Fact{
		{Key: "classified", Value: "false"}, {Key: "funding", Value: "fiscal"}, {Key: "project_kind", Value: "new"},
		{Key: "submitted", Value: `["application_form","construction_plan","budget_table"]`}, {Key: "investment_cny", Value: "3000000.00"},
		{Key: "security_level", Value: "level2"}, {Key: "new_machine_room", Value: "true"}, {Key: "city_consent", Value: "true"},
		{Key: "received_on", Value: "2026-03-02"},
	}
	accepted := []review.Fact{
		{Key: "approved_cny", Value: "3000000.00"}, {Key: "adjusted_cny", Value: "3300000.01"},
		{Key: "changes", Value: `[{"id":"BG-01","approved_on":"2026-05-06","executed_on":"2026-05-11"}]`},
	}
	const before = "EX-C01 in_scope\nEX-R01 pass\nEX-C02 required\nEX-G01 pass\nEX-G02 "
	for _, c := range []struct {
		name, scheme string
		known        regulation.Known
		want         string
	}{
		{"a plan before the panel", "plan_review", regulation.Known{Facts: plan}, before + "needs_decision decision\nEX-D01 pending"},
		{"the panel agrees to the room", "plan_review", regulation.Known{Facts: plan, Panel: map[string]string{"E1-C2": review.AnswerYes}}, before + "pass\nEX-D01 pending"},
		{"the panel does not", "plan_review", regulation.Known{Facts: plan, Panel: map[string]string{"E1-C2": review.AnswerNo}}, before + "block basis\nEX-D01 pending"},
		{
			"a plan without a level", "plan_review", regulation.Known{Facts: fact(plan, "security_level", "")},
			strings.Replace(before, "G01 pass", "G01 block veto", 1) + "needs_decision decision\nEX-D01 pending",
		},
		{"an acceptance before it is signed", "acceptance", regulation.Known{Facts: accepted}, "EX-C03 required\nEX-R02 needs_decision decision"},
		{"an acceptance, signed", "acceptance", regulation.Known{Facts: accepted, Signed: []string{"BG-01"}}, "EX-C03 required\nEX-R02 pass"},
		{
			"an acceptance, concluded", "acceptance", regulation.Known{Facts: accepted, Signed: []string{"BG-01"}, Conclusion: "passed"},
			"EX-C03 required\nEX-R02 pass\nEX-R03 missing after",
		},
		{
			"an acceptance, put off", "acceptance", regulation.Known{Facts: accepted, Signed: []string{"BG-01"}, Conclusion: "suspended"},
			"EX-C03 required\nEX-R02 pass\nEX-R03 not_applicable after",
		},
	} {
		got, err := l.Findings(frozen(t, l, "example-2026."+c.scheme), c.known)
		if err != nil || brief(got) != c.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", c.name, err, brief(got), c.want)
		}
	}
	_, err = l.Findings(frozen(t, l, "example-2026.acceptance"), regulation.Known{Facts: fact(accepted, "adjusted_cny", "-1.00")})
	reviewtest.WantCode(t, err, review.CodeFactType)
}
