package regulation_test

import (
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
	"heyi/review/scoring"
)

var seed = flag.Uint64("seed", 20260301, "of the random tests; a failure prints it")

// acceptanceFacts are the facts of a project that can be accepted, but for the panel's
// signature under its change.
var acceptanceFacts = []review.Fact{
	{Key: "changes", Value: `[{"id":"BG-01","approved_on":"2026-05-06","executed_on":"2026-05-11","reported":true,"signed_by_group":null}]`},
	{Key: "city_office_supervised", Value: "true"},
	{Key: "construction_completed", Value: "true"},
	{Key: "equipment_purchased", Value: "true"},
	{Key: "has_supervisor", Value: "true"},
	{Key: "independent", Value: "true"},
	{Key: "investment_cny", Value: "2360000.00"},
	{Key: "lead_certified", Value: "true"},
	{Key: "org_qualified", Value: "true"},
	{Key: "technically_complex", Value: "true"},
	{Key: "test_report", Value: "true"},
	{Key: "tester_qualified", Value: "true"},
	{Key: "trial_run_passed", Value: "true"},
}

// fact gives the facts with one of them changed, or without it for "".
func fact(list []review.Fact, key, value string) []review.Fact {
	list = slices.DeleteFunc(slices.Clone(list), func(f review.Fact) bool { return f.Key == key })
	if value != "" {
		list = append(list, review.Fact{Key: key, Value: value})
	}
	return list
}

func frozen(tb testing.TB, l *regulation.Library, id string) review.Scheme {
	tb.Helper()
	s, ok := l.Scheme(id)
	if !ok {
		tb.Fatalf("no scheme %s", id)
	}
	return s.Freeze()
}

func brief(list []regulation.Finding) string {
	var out []string
	for _, f := range list {
		s := f.Rule + " " + f.Outcome
		if f.After {
			s += " after"
		}
		if l := f.Limit(); l != regulation.LimitNone {
			s += " " + string(l)
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func TestFindings(t *testing.T) {
	l := library(t)
	acceptance := frozen(t, l, "yueqing-2015.acceptance")
	technical := frozen(t, l, "yueqing-2015.technical_review")
	plan := []review.Fact{{Key: "investment_cny", Value: "2360000.00"}, {Key: "pre_review", Value: "agreed"}, {Key: "preparer_qualified", Value: "true"}}
	for _, c := range []struct {
		name       string
		scheme     review.Scheme
		facts      []review.Fact
		conclusion string
		want       string
	}{
		{"a plan", technical, plan, "", "YQ-R02 pass\nYQ-R03 required\nYQ-G02 pass"},
		{"a plan, concluded", technical, plan, "passed", "YQ-R02 pass\nYQ-R03 required\nYQ-G02 pass\nYQ-G03 pass after"},
		{"a plan, to be revised", technical, plan, "passed_after_revision", "YQ-R02 pass\nYQ-R03 required\nYQ-G02 pass\nYQ-G03 block after"},
		{"a plan without consent", technical, fact(plan, "pre_review", ""), "", "YQ-R02 pass\nYQ-R03 required\nYQ-G02 block veto"},
		{"a plan by who may not", technical, fact(plan, "preparer_qualified", "false"), "", "YQ-R02 block reason\nYQ-R03 required\nYQ-G02 pass"},
		{"a plan whose cost nobody says", technical, fact(plan, "investment_cny", ""), "", "YQ-R02 needs_decision decision\nYQ-R03 needs_decision decision\nYQ-G02 pass"},
		{"a small plan", technical, fact(plan, "investment_cny", "999999.99"), "", "YQ-R02 not_required\nYQ-R03 not_required\nYQ-G02 pass"},
		// What the fact says of the review's own result counts for nothing: the conclusion does.
		{"a plan that claims to have passed", technical, fact(plan, "technical_review", "passed"), "not_passed", "YQ-R02 pass\nYQ-R03 required\nYQ-G02 pass\nYQ-G03 block after"},
		{"an acceptance", acceptance, acceptanceFacts, "", "YQ-G06 pass\nYQ-R06 pass\nYQ-R05 needs_decision decision\nYQ-R04 pass\nYQ-R07 pass\nYQ-G04 pass"},
		{
			"an acceptance, concluded", acceptance, acceptanceFacts, "passed",
			"YQ-G06 pass\nYQ-R06 pass\nYQ-R05 needs_decision decision\nYQ-R04 pass\nYQ-R07 pass\nYQ-R07 missing after\nYQ-G07 pass after\nYQ-R09 needs_decision after\nYQ-G04 pass",
		},
		{
			"an acceptance before the trial run", acceptance, fact(acceptanceFacts, "trial_run_passed", "false"), "",
			"YQ-G06 block veto\nYQ-R06 pass\nYQ-R05 needs_decision decision\nYQ-R04 pass\nYQ-R07 pass\nYQ-G04 pass",
		},
		{
			"an acceptance of a change made early", acceptance, fact(acceptanceFacts, "changes", `[{"id":"BG-01","approved_on":"2026-05-06","executed_on":"2026-05-05","reported":true,"signed_by_group":true}]`), "",
			"YQ-G06 pass\nYQ-R06 pass\nYQ-R05 pass\nYQ-R04 pass\nYQ-R07 pass\nYQ-G04 block basis",
		},
		{
			"an acceptance that nobody supervised", acceptance, fact(acceptanceFacts, "city_office_supervised", "false"), "",
			"YQ-G06 pass\nYQ-R06 pass\nYQ-R05 needs_decision decision\nYQ-R04 pass\nYQ-R07 missing reason\nYQ-G04 pass",
		},
		// The filing is due once the acceptance has passed, and only then.
		{
			"an acceptance to be done again", acceptance, acceptanceFacts, "passed_after_revision",
			"YQ-G06 pass\nYQ-R06 pass\nYQ-R05 needs_decision decision\nYQ-R04 pass\nYQ-R07 pass\nYQ-R07 pass after\nYQ-G07 block after\nYQ-R09 needs_decision after\nYQ-G04 pass",
		},
		// Before the conclusion nothing that is said of it counts.
		{
			"an acceptance that claims to have passed", acceptance, fact(acceptanceFacts, "acceptance", "passed"), "",
			"YQ-G06 pass\nYQ-R06 pass\nYQ-R05 needs_decision decision\nYQ-R04 pass\nYQ-R07 pass\nYQ-G04 pass",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := l.Findings(c.scheme, regulation.Known{Facts: c.facts, Conclusion: c.conclusion})
			if err != nil {
				t.Fatal(err)
			}
			if brief(got) != c.want {
				t.Errorf("got\n%s\nwant\n%s", brief(got), c.want)
			}
			for _, f := range got {
				if f.Title == "" || !strings.Contains(f.Sentence, f.Cite) || !strings.HasSuffix(f.Cite, f.Article) {
					t.Errorf("%+v", f)
				}
			}
		})
	}
	_, err := l.Findings(technical, regulation.Known{Facts: plan, Conclusion: "agreed"})
	reviewtest.WantCode(t, err, review.CodeOutcome)
	_, err = l.Findings(review.Scheme{ID: "another"}, regulation.Known{Facts: plan})
	reviewtest.WantCode(t, err, review.CodeSchemeUnknown)
	technical.Rules = append(technical.Rules, review.RuleRef{ID: "XX-01"})
	_, err = l.Findings(technical, regulation.Known{Facts: plan})
	reviewtest.WantCode(t, err, review.CodeRuleUnknown)
	for _, twisted := range []string{
		`[{"id":"BG-01","reported":false,"reported":true}]`, `[{"id":"BG-01"}]]]}}`, `[{"id":"BG-01"}] [`, "[{\"id\":\"BG\u202e01\"}]",
		`[{"id":"BG\u000a01"}]`, `[{"id":"BG\u002d01"}]`, `[{"id":"BG-01","备注\u0000":"x"}]`, `[`,
	} {
		if _, err := l.Findings(acceptance, regulation.Known{Facts: fact(acceptanceFacts, "changes", twisted)}); review.CodeOf(err) != review.CodeFactType {
			t.Errorf("%q: %v", twisted, err)
		}
	}
	_, err = l.Findings(acceptance, regulation.Known{Facts: fact(acceptanceFacts, "changes", `[{"id":"BG-01","reported":"x"}]`)})
	reviewtest.WantCode(t, err, review.CodeFactType)
}

// What a paper prints of a scheme's own result is true of the result.
func TestSentencesOfConclusions(t *testing.T) {
	l := library(t)
	for _, c := range []struct {
		scheme, conclusion, rule string
		after                    bool
		want                     string
	}{
		{"technical_review", "passed", "YQ-G03", true, "本项目已通过技术方案评审（乐政办发〔2015〕10号三（四）第1款、三（五）第1款）。"},
		{"technical_review", "passed_after_revision", "YQ-G03", true, "本项目技术方案评审的结论为修改后通过。申报单位按专家组意见修改技术方案并经市电子政务中心确认之前，本项目尚不属于通过评审的项目；按乐政办发〔2015〕10号三（四）第1款、三（五）第1款，此前市发改局不予立项、市财政局不予拨付资金、不得进入政府采购。"},
		{"technical_review", "not_passed", "YQ-G03", true, "本项目未通过技术方案评审，按乐政办发〔2015〕10号三（四）第1款、三（五）第1款，市发改局不予立项、市财政局不予拨付资金、不得进入政府采购。"},
		{"acceptance", "passed_after_revision", "YQ-G07", true, "本项目的验收结论为整改后复验。整改完成并经复验合格之前，本项目尚未通过竣工验收；按乐政办发〔2015〕10号三（七）第2款，此前不得交付使用、市财政局不予拨付项目建设资金。"},
		{"acceptance", "not_passed", "YQ-G07", true, "本项目竣工验收不合格，按乐政办发〔2015〕10号三（七）第2款，不得交付使用、市财政局不予拨付项目建设资金。"},
		{"acceptance", "not_passed", "YQ-R07", false, "本项目验收有市府办会同有关部门监督，符合乐政办发〔2015〕10号三（七）第2款；尚未形成验收结论，不涉及验收材料备案。"},
		{"acceptance", "not_passed", "YQ-R07", true, "本项目验收有市府办会同有关部门监督，符合乐政办发〔2015〕10号三（七）第2款；验收结论为竣工验收不合格，不涉及验收材料备案。"},
		{"acceptance", "passed_after_revision", "YQ-R07", true, "本项目验收有市府办会同有关部门监督，符合乐政办发〔2015〕10号三（七）第2款；验收结论为整改后复验，不涉及验收材料备案。"},
		{"acceptance", "passed", "YQ-R07", true, "本项目验收通过，项目建设单位尚未将验收材料报市电子政务中心备案；按乐政办发〔2015〕10号三（七）第2款，应当报送备案。"},
	} {
		list, err := l.Findings(frozen(t, l, "yueqing-2015."+c.scheme), regulation.Known{Facts: acceptanceFacts, Conclusion: c.conclusion})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(list, func(f regulation.Finding) bool { return f.Rule == c.rule && f.After == c.after })
		if i < 0 || list[i].Sentence != c.want {
			t.Errorf("%s of %s, %s: %+v", c.rule, c.scheme, c.conclusion, list)
		}
	}
}

// Nothing missing, but nothing to be computed: the sentence says what is wrong with what
// is there.
func TestNotComputable(t *testing.T) {
	l := library(t)
	row := func(list ...any) []any { return list }
	for _, c := range []struct {
		rule string
		in   map[string]any
		says string
	}{
		{"CM-01", map[string]any{"start": "2025-01-01", "add_months": 1_201}, "月数为1201"},
		{"CM-02", map[string]any{"start": "2025-01-01", "add_working_days": -1}, "工作日数为-1"},
		{"CM-02", map[string]any{"start": "2025-01-01", "add_working_days": 1_001}, "工作日数为1001"},
		{"CM-03", map[string]any{"weights": row(60, 40), "scores": row(row(nil, nil), row(nil, nil))}, "没有评分"},
		{"CM-03", map[string]any{"weights": row(60, 40), "scores": row(row(80))}, "权重有2项，评分有1项"},
		{"CM-03", map[string]any{"weights": row(60, nil), "scores": row(row(80), row(70))}, "第2项没有权重"},
		{"CM-03", map[string]any{"weights": row(100), "scores": row(row(999_999_999), row())[:1]}, ""},
		{"CM-08", map[string]any{"package_level": "secret"}, "评审包密级“secret”不在规定的各项之内"},
	} {
		r, err := l.Eval(c.rule, c.in)
		if err != nil {
			t.Fatal(err)
		}
		if c.says == "" {
			if r.Outcome != regulation.OutcomeComputed {
				t.Errorf("%s %v: %s", c.rule, c.in, encode(t, r))
			}
			continue
		}
		if encode(t, r) != `{"outcome":"needs_decision","reason":"not_computable"}` || len(r.Missing) > 0 || !strings.Contains(r.Sentence, c.says) || strings.Contains(r.Sentence, "没有提供") {
			t.Errorf("%s %v: %s %s", c.rule, c.in, encode(t, r), r.Sentence)
		}
	}
}

// Find says where a rule is from, whoever asks it.
func TestFind(t *testing.T) {
	l := library(t)
	f, err := l.Find("CM-06", map[string]any{"voting_experts": 2})
	if err != nil || f.Rule != "CM-06" || f.Outcome != regulation.OutcomeBlock || f.Title != "专家组人数" || f.Article != "第6项" || f.Cite != "系统默认规则第6项" ||
		f.Class != regulation.ClassAdvice || f.Origin != regulation.OriginDefault || f.After {
		t.Errorf("%+v, %v", f, err)
	}
	_, err = l.Find("CM-99", nil)
	reviewtest.WantCode(t, err, review.CodeRuleUnknown)
	_, err = l.Find("CM-06", map[string]any{"voting_experts": "two"})
	reviewtest.WantCode(t, err, review.CodeRuleInput)
}

// What is missing is named, and is never a no.
func TestMissingIsNamed(t *testing.T) {
	l := library(t)
	got, err := l.Findings(frozen(t, l, "yueqing-2015.acceptance"), regulation.Known{Facts: nil})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range got {
		if f.Outcome != regulation.OutcomeNeedsDecision || len(f.Missing) == 0 || f.Answer() != "" {
			t.Errorf("%s without any fact: %+v", f.Rule, f)
		}
		for _, m := range f.Missing {
			if !strings.Contains(f.Sentence, m) {
				t.Errorf("%s does not say that %s is missing: %s", f.Rule, m, f.Sentence)
			}
		}
	}
}

// Of records that are there the fields that are missing are named, those alone that the
// rule asks about.
func TestMissingFieldIsNamed(t *testing.T) {
	r, err := library(t).Eval("YQ-R05", map[string]any{"changes": []any{map[string]any{"id": "BG-01", "reported": true}}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"技术方案变更（项目验收组是否签字认可）"}; !slices.Equal(r.Missing, want) || encode(t, r) != `{"missing":["changes"],"outcome":"needs_decision","reason":"missing_input"}` {
		t.Errorf("%v: %s", r.Missing, encode(t, r))
	}
}

func TestEvalRefuses(t *testing.T) {
	l := library(t)
	_, err := l.Eval("XX-R01", nil)
	reviewtest.WantCode(t, err, review.CodeRuleUnknown)
	for _, in := range []map[string]any{
		{"investment_cny": "2,000,000.00"}, {"investment_cny": "2e6"}, {"investment_cny": "1.005"}, {"investment_cny": true},
		{"investment_cny": "10000000000000.01"}, {"investment_cny": []any{}}, {"investment_cny": ""}, {"investment_cny": "０.00"},
	} {
		_, err := l.Eval("YQ-R03", in)
		reviewtest.WantCode(t, err, review.CodeRuleInput)
		if review.ItemOf(err) != "YQ-R03 investment_cny" {
			t.Errorf("%v: %s", in, review.ItemOf(err))
		}
	}
	for _, in := range []map[string]any{
		{"changes": "BG-01"}, {"changes": []any{"BG-01"}}, {"changes": []any{map[string]any{}}},
		{"changes": []any{map[string]any{"id": "BG-01", "approved_on": "2025-02-30"}}},
		{"changes": make([]any, 1_001)},
	} {
		_, err := l.Eval("YQ-G04", in)
		reviewtest.WantCode(t, err, review.CodeRuleInput)
	}
	for _, in := range []map[string]any{
		{"changes": []any{}, "colour": 3},
		{"changes": []any{map[string]any{"id": "BG-01", "approved_on": "2025-02-01", "signed": true, "pages": []any{1}}}},
	} {
		if r, err := l.Eval("YQ-G04", in); err != nil || r.Outcome != regulation.OutcomePass {
			t.Errorf("with a name that the rule does not ask about: %+v, %v", r, err)
		}
	}
}

func TestCheckFacts(t *testing.T) {
	l := library(t)
	const id = "yueqing-2015.acceptance"
	unknown, err := l.CheckFacts(id, append(slices.Clone(acceptanceFacts), review.Fact{Key: "investmnt_cny", Value: "1"}, review.Fact{Key: "received_on", Value: "2026-03-01"}))
	if err != nil || !slices.Equal(unknown, []string{"investmnt_cny"}) {
		t.Errorf("%v, %v", unknown, err)
	}
	for key, value := range map[string]string{
		"investment_cny": "236万", "test_report": "yes", "changes": "BG-01", "filed_with": `["egov"]`, "acceptance": "ok",
		"in_use_on": "2026/03/01", "approved_items": `["a"] x`, "requested_items": `null`,
	} {
		_, err := l.CheckFacts(id, []review.Fact{{Key: key, Value: value}})
		reviewtest.WantCode(t, err, review.CodeFactType)
		if review.ItemOf(err) != key {
			t.Errorf("%s: %s", key, review.ItemOf(err))
		}
	}
	for _, f := range []struct {
		key, value string
		ok         bool
	}{
		{"investment_cny", "0.00", true}, {"investment_cny", "-0.01", false}, {"investment_cny", "0", true},
		{"changes", `[]`, true}, {"changes", `[{"id":"BG-01"},{"id":"BG-02"}]`, true}, {"changes", `[{"id":"BG-01","subject":"增加接口"}]`, true},
		{"changes", `[{"id":"BG-01"},{"id":"BG-01"}]`, false}, {"changes", `[{"id":"BG-01"},{"id":"BG-01 "}]`, false},
		{"changes", `[{"id":""}]`, false}, {"changes", `[{"id":" "}]`, false}, {"changes", `[{"id":null}]`, false},
		{"changes", `[{"id":"BG-01","pages":3}]`, false}, {"changes", `[{"id":"BG-01","parts":["a"]}]`, false},
		{"filed_with", `["egov_center",""]`, true}, {"acceptance", "", false},
	} {
		_, err := l.CheckFacts(id, []review.Fact{{Key: f.key, Value: f.value}})
		if code := map[bool]review.Code{false: review.CodeFactType}[f.ok]; review.CodeOf(err) != code {
			t.Errorf("%s %s: %v", f.key, f.value, err)
		}
	}
	_, err = l.CheckFacts("yueqing-2015.none", nil)
	reviewtest.WantCode(t, err, review.CodeSchemeUnknown)
}

func TestMaterials(t *testing.T) {
	l := library(t)
	state := func(scheme string, facts []review.Fact, present ...string) string {
		t.Helper()
		list, err := l.Materials(scheme, facts, present)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, m := range list {
			s := m.Code + " " + string(m.Due)
			if m.Present {
				s += " here"
			}
			if len(m.Missing) > 0 {
				s += " (" + strings.Join(m.Missing, "、") + ")"
			}
			out = append(out, s)
		}
		return strings.Join(out, ", ")
	}
	for _, c := range []struct{ got, want string }{
		{
			state("yueqing-2015.technical_review", []review.Fact{{Key: "investment_cny", Value: "1000000.00"}}, "Y2-E1", "Y2-E3"),
			"Y2-E1 due here, Y2-E2 due, Y2-E3 due here, Y2-E4 due",
		},
		{
			state("yueqing-2015.technical_review", []review.Fact{{Key: "investment_cny", Value: "999999.99"}}),
			"Y2-E1 due, Y2-E2 not_due, Y2-E3 due, Y2-E4 due",
		},
		{
			state("yueqing-2015.technical_review", nil),
			"Y2-E1 due, Y2-E2 unknown (项目投资), Y2-E3 due, Y2-E4 due",
		},
		{
			state("yueqing-2015.pre_review", []review.Fact{{Key: "project_kind", Value: "om"}}, "Y1-E4"),
			"Y1-E1 due, Y1-E2 not_due, Y1-E3 due, Y1-E4 if_any here",
		},
		{
			state("yueqing-2015.acceptance", fact(acceptanceFacts, "equipment_purchased", "")),
			"Y5-E1 due, Y5-E2 due, Y5-E3 due, Y5-E4 due, Y5-E5 due, Y5-E6 due, Y5-E7 unknown (是否采购了设备)",
		},
	} {
		if c.got != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
	_, err := l.Materials("none", nil, nil)
	reviewtest.WantCode(t, err, review.CodeSchemeUnknown)
	_, err = l.Materials("yueqing-2015.technical_review", []review.Fact{{Key: "investment_cny", Value: "much"}}, nil)
	reviewtest.WantCode(t, err, review.CodeFactType)
}

// tally counts as if all scored items had the same percentage, and each gate and yes/no
// item the given votes; for those not named it is five times yes.
func tally(c review.Scheme, percent int64, votes map[string]scoring.Votes) scoring.Tally {
	t := scoring.Tally{Scheme: c}
	if percent >= 0 {
		t.Official = big.NewRat(percent, 100)
	}
	for _, it := range c.Items {
		v, ok := votes[it.ID]
		if !ok {
			v = scoring.Votes{Yes: 5}
		}
		t.Items = append(t.Items, scoring.Item{Item: it, Votes: v})
	}
	return t
}

func TestSuggest(t *testing.T) {
	l := library(t)
	acceptance := frozen(t, l, "yueqing-2015.acceptance")
	change := frozen(t, l, "yueqing-2015.change_approval")
	bands := frozen(t, l, "yueqing-2015.performance")
	signed := fact(acceptanceFacts, "changes", `[{"id":"BG-01","approved_on":"2026-05-06","executed_on":"2026-05-11","reported":true,"signed_by_group":true}]`)
	no := func(n int) scoring.Votes { return scoring.Votes{Yes: 5 - n, No: n} }
	for _, c := range []struct {
		name    string
		scheme  review.Scheme
		facts   []review.Fact
		percent int64 // hundredths; below 0 for none
		votes   map[string]scoring.Votes
		closed  map[string]string
		want    string
	}{
		{"well", acceptance, signed, 8000, nil, nil, "passed CM-04"},
		{"not quite", acceptance, signed, 7999, nil, nil, "passed_after_revision CM-04"},
		{"just", acceptance, signed, 6000, nil, nil, "passed_after_revision CM-04"},
		{"not", acceptance, signed, 5999, nil, nil, "not_passed CM-04"},
		{"a gate voted down", acceptance, signed, 9000, map[string]scoring.Votes{"Y5-G4": no(3)}, nil, "not_passed CM-04 failed Y5-G4"},
		{"a gate half voted down", acceptance, signed, 9000, map[string]scoring.Votes{"Y5-G4": no(2)}, nil, " CM-04 open Y5-G4"},
		{"the same, closed well", acceptance, signed, 9000, map[string]scoring.Votes{"Y5-G4": no(2)}, map[string]string{"Y5-G4": "yes"}, "passed CM-04"},
		{"the same, closed ill", acceptance, signed, 9000, map[string]scoring.Votes{"Y5-G4": no(2)}, map[string]string{"Y5-G4": "no"}, "not_passed CM-04 failed Y5-G4"},
		{"a gate that its rule refuses, whatever was voted", acceptance, fact(signed, "independent", "false"), 9000, nil, map[string]string{"Y5-G4": "yes"}, "not_passed CM-04 failed Y5-G4"},
		{"a gate that its rule cannot decide", acceptance, acceptanceFacts, 9000, nil, nil, " CM-04 open Y5-G3"},
		{"the same below the mark", acceptance, acceptanceFacts, 5000, nil, nil, "not_passed CM-04 open Y5-G3"},
		{"the same, closed", acceptance, acceptanceFacts, 9000, nil, map[string]string{"Y5-G3": "yes"}, "passed CM-04"},
		{"the same, voted down", acceptance, acceptanceFacts, 9000, map[string]scoring.Votes{"Y5-G3": no(4)}, nil, "not_passed CM-04 failed Y5-G3"},
		{"a yes/no item voted down", acceptance, signed, 9000, map[string]scoring.Votes{"Y5-C1": no(5)}, nil, "passed_after_revision CM-04 against Y5-C1"},
		{"not applicable", acceptance, signed, 9000, map[string]scoring.Votes{"Y5-C1": {NA: 5}, "Y5-G2": {NA: 3, Abstain: 2}}, nil, "passed CM-04"},
		{"nobody answered", acceptance, signed, 9000, map[string]scoring.Votes{"Y5-C1": {Abstain: 5}}, nil, " CM-04 open Y5-C1"},
		{"two gates and a yes/no item", acceptance, signed, 7000, map[string]scoring.Votes{"Y5-C1": no(5), "Y5-G1": no(3), "Y5-G4": no(3)}, nil, "not_passed CM-04 failed Y5-G1,Y5-G4 against Y5-C1"},
		{"nothing scored", acceptance, signed, -1, nil, nil, " CM-04"},
		{"nothing scored, a gate voted down", acceptance, signed, -1, map[string]scoring.Votes{"Y5-G1": no(5)}, nil, "not_passed CM-04 failed Y5-G1"},
		{"a change", change, nil, -1, nil, nil, "passed CM-09"},
		{"a change that need not be", change, nil, -1, map[string]scoring.Votes{"Y4-C1": no(3)}, nil, "not_passed CM-09 against Y4-C1"},
		{"a change on which they differ", change, nil, -1, map[string]scoring.Votes{"Y4-C1": no(1)}, nil, " CM-09 open Y4-C1"},
		{"very good", bands, nil, 9000, nil, nil, "you CM-10"},
		{"good", bands, nil, 8999, nil, nil, "liang CM-10"},
		{"middling", bands, nil, 6000, nil, nil, "zhong CM-10"},
		{"bad", bands, nil, 5999, nil, nil, "cha CM-10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			findings, err := l.Findings(c.scheme, regulation.Known{Facts: c.facts})
			if err != nil {
				t.Fatal(err)
			}
			s, err := l.Suggest(tally(c.scheme, c.percent, c.votes), findings, c.closed)
			if err != nil {
				t.Fatal(err)
			}
			got := s.Outcome + " " + s.Rule
			for _, x := range []struct {
				name string
				ids  []string
			}{{"failed", s.GatesFailed}, {"against", s.Noncompliant}, {"open", s.Undecided}} {
				if len(x.ids) > 0 {
					got += " " + x.name + " " + strings.Join(x.ids, ",")
				}
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if !strings.HasSuffix(s.Sentence, "。") {
				t.Errorf("says %q", s.Sentence)
			}
		})
	}
	none := frozen(t, l, "yueqing-2015.performance")
	none.Mode, none.Items = "", nil
	if s, err := l.Suggest(tally(none, -1, nil), nil, nil); err != nil || s.Outcome != "" || s.Rule != "" {
		t.Errorf("where nothing is counted: %+v, %v", s, err)
	}
	own, err := regulation.Load([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	alone, err := regulation.NewLibrary(own)
	if err != nil {
		t.Fatal(err)
	}
	_, err = alone.Suggest(tally(acceptance, 9000, nil), nil, nil)
	reviewtest.WantCode(t, err, review.CodeRuleUnknown)
}

// What is suggested is said in the words of the scheme: titles of items and conclusions.
func TestSuggestSays(t *testing.T) {
	l := library(t)
	acceptance := frozen(t, l, "yueqing-2015.acceptance")
	no := scoring.Votes{No: 5}
	for _, c := range []struct {
		scheme  string
		percent int64
		votes   map[string]scoring.Votes
		want    string
	}{
		{"acceptance", 7900, nil, "总分79.00分，在60.00分及以上、不足80.00分，建议结论为整改后复验（系统默认规则第4项）。"},
		{"acceptance", 5000, nil, "总分50.00分，不足60.00分，建议结论为竣工验收不合格（系统默认规则第4项）。"},
		{"acceptance", 9000, nil, "总分90.00分，在80.00分及以上，建议结论为验收通过（合格）（系统默认规则第4项）。"},
		{"acceptance", 9000, map[string]scoring.Votes{"Y5-C1": no}, "总分90.00分，但有检查项不符合（监督），建议结论为整改后复验（系统默认规则第4项）。"},
		{"acceptance", 9000, map[string]scoring.Votes{"Y5-G1": no, "Y5-G4": no}, "有否决项未满足（竣工并试运行合格、监理合规），建议结论为竣工验收不合格（系统默认规则第4项）。"},
		{"acceptance", 9000, map[string]scoring.Votes{"Y5-C1": {Yes: 3, No: 2}}, "监督：答复不符合的2人、符合的3人，不符合未超过一半，须经合议后由专家组组长记录结果和理由（系统默认规则第5项）。"},
		{"technical_review", 7900, nil, "总分79.00分，在60.00分及以上、不足80.00分，建议结论为修改后通过（系统默认规则第4项）。"},
		{"change_approval", -1, map[string]scoring.Votes{"Y4-C1": no}, "有检查项或者否决项不符合，建议结论为不同意变更（系统默认规则第9项）。"},
		{"performance", 9000, nil, "总分90.00分，等级为优（系统默认规则第10项）。"},
	} {
		scheme := frozen(t, l, "yueqing-2015."+c.scheme)
		s, err := l.Suggest(tally(scheme, c.percent, c.votes), nil, nil)
		if err != nil || s.Sentence != c.want {
			t.Errorf("%s: %q, %v, want %q", c.scheme, s.Sentence, err, c.want)
		}
	}
	findings, err := l.Findings(acceptance, regulation.Known{Facts: acceptanceFacts})
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Suggest(tally(acceptance, 9000, nil), findings, nil)
	if want := "变更如实报告并签字：没有提供：技术方案变更（项目验收组是否签字认可），无法判定是否符合乐政办发〔2015〕10号三（四）第3款（变更如实报告并签字认可）。"; err != nil || s.Sentence != want {
		t.Errorf("%q, %v, want %q", s.Sentence, err, want)
	}
}

// Taking away what is known never turns one answer into another: it leaves it as it was
// or makes it open. Rules that ask whether something is absent say so themselves and are
// left out, as is what has a default.
func TestLessIsNeverNo(t *testing.T) {
	l := library(t)
	g := rand.New(rand.NewPCG(*seed, 1))
	tried := 0
	for _, r := range l.Rules() {
		if asksForAbsence(r) {
			continue
		}
		for range 400 {
			in := map[string]any{}
			for _, i := range r.Inputs {
				in[i.Name] = regulation.Anything(g, i)
			}
			before, err := l.Eval(r.ID, in)
			if err != nil {
				t.Fatalf("%s %v: %v", r.ID, in, err)
			}
			for name := range in {
				if in[name] == nil || slices.ContainsFunc(r.Inputs, func(i *regulation.Input) bool { return i.Name == name && i.HasDefault }) {
					continue
				}
				less := map[string]any{}
				for k, v := range in {
					if k != name {
						less[k] = v
					}
				}
				after, err := l.Eval(r.ID, less)
				if err != nil {
					t.Fatal(err)
				}
				tried++
				missing, _ := after.Get("missing").([]string)
				open := after.Get("reason") == regulation.ReasonMissingInput && slices.Contains(missing, name)
				if !open && encode(t, after) != encode(t, before) && !narrower(after, before) {
					t.Errorf("%s %v without %s: %s, before %s\n\tgo test ./review/regulation -run TestLessIsNeverNo -seed %d",
						r.ID, in, name, encode(t, after), encode(t, before), *seed)
				}
			}
		}
	}
	if tried < 10_000 {
		t.Errorf("only %d tried", tried)
	}
}

// narrower tells whether a result is the other with fewer faults in its list: what is
// not known any more is not told.
func narrower(a, b regulation.Result) bool {
	if a.Outcome != b.Outcome || len(a.Keys) != len(b.Keys) {
		return false
	}
	for i, k := range a.Keys {
		x, ok := k.Value.([]string)
		y, _ := b.Keys[i].Value.([]string)
		if !ok || slices.ContainsFunc(x, func(s string) bool { return !slices.Contains(y, s) }) {
			return false
		}
	}
	return true
}

// asksForAbsence tells whether a rule says itself what absence means.
func asksForAbsence(r *regulation.Rule) bool {
	for _, file := range r.Pack().Files() {
		_, rule, _ := strings.Cut(string(file), "\n  - id: "+r.ID+"\n")
		rule, _, _ = strings.Cut(rule, "\n  - id: ")
		if rule, _, _ = strings.Cut(rule, "\n    cases:"); strings.Contains(rule, "absent(") || strings.Contains(rule, "surely(") {
			return true
		}
	}
	return false
}

// At every amount that a rule names, one fen makes the difference.
func TestThresholds(t *testing.T) {
	l := library(t)
	for _, c := range []struct {
		rule  string
		rest  map[string]any
		fen   int64
		below string
	}{
		{"YQ-R02", map[string]any{"preparer_qualified": true}, 100_000_000, regulation.OutcomeNotRequired},
		{"YQ-R03", nil, 200_000_000, regulation.OutcomeNotRequired},
		{"YQ-R04", map[string]any{"has_supervisor": true, "org_qualified": true, "lead_certified": true, "independent": true}, 200_000_000, regulation.OutcomeNotRequired},
		{"YQ-R06", map[string]any{"technically_complex": false, "test_report": true, "tester_qualified": true}, 200_000_000, regulation.OutcomeNotRequired},
	} {
		for _, d := range []int64{-200_000, -100, -1, 0, 1, 100, 200_000} {
			in := map[string]any{"investment_cny": fmt.Sprintf("%d.%02d", (c.fen+d)/100, (c.fen+d)%100)}
			for k, v := range c.rest {
				in[k] = v
			}
			r, err := l.Eval(c.rule, in)
			if err != nil {
				t.Fatal(err)
			}
			if (r.Outcome == c.below) != (d < 0) {
				t.Errorf("%s at %s: %s", c.rule, in["investment_cny"], r.Outcome)
			}
		}
	}
}

// Working days are counted as a person does it with a calendar, day by day; months as
// the calendar has them.
func TestPeriods(t *testing.T) {
	l := library(t)
	g := rand.New(rand.NewPCG(*seed, 2))
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 2_000 {
		from := start.AddDate(0, 0, g.IntN(1200))
		n := g.IntN(15)
		marked := map[string]string{}
		var off, on []any
		for range g.IntN(8) {
			day := from.AddDate(0, 0, g.IntN(20)).Format(time.DateOnly)
			if marked[day] = "off"; g.IntN(2) == 0 {
				marked[day] = "on"
			}
		}
		for day, how := range marked {
			if how == "on" {
				on = append(on, day)
			} else {
				off = append(off, day)
			}
		}
		day := from
		for left := n; left > 0; {
			day = day.AddDate(0, 0, 1)
			weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
			if how := marked[day.Format(time.DateOnly)]; how == "on" || how == "" && !weekend {
				left--
			}
		}
		in := map[string]any{"start": from.Format(time.DateOnly), "add_working_days": n, "holidays": append([]any{}, off...), "makeup_workdays": append([]any{}, on...)}
		r, err := l.Eval("CM-02", in)
		if err != nil || r.Get("due") != day.Format(time.DateOnly) {
			t.Fatalf("%v: %v, want %s (%v)\n\tgo test ./review/regulation -run TestPeriods -seed %d", in, r.Get("due"), day.Format(time.DateOnly), err, *seed)
		}
		months := g.IntN(40)
		r, err = l.Eval("CM-01", map[string]any{"start": from.Format(time.DateOnly), "add_months": months})
		if err != nil {
			t.Fatal(err)
		}
		due, err := time.Parse(time.DateOnly, r.Get("due").(string))
		if err != nil {
			t.Fatal(err)
		}
		passed := (due.Year()-from.Year())*12 + int(due.Month()) - int(from.Month())
		last := due.AddDate(0, 0, 1).Day() == 1
		if passed != months || due.Day() > from.Day() || due.Day() < from.Day() && !last {
			t.Errorf("%s and %d months: %s", from.Format(time.DateOnly), months, r.Get("due"))
		}
	}
}

// A library gives the same answers to everybody at once.
func TestConcurrent(t *testing.T) {
	l := library(t)
	list := examples(t)
	want := make([]regulation.Result, len(list))
	for i, c := range list {
		want[i], _ = l.Eval(c.Rule, c.Input)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, c := range list {
				got, _ := l.Eval(c.Rule, c.Input)
				if !reflect.DeepEqual(got, want[i]) {
					t.Errorf("%s: %+v, alone %+v", c.Rule, got, want[i])
				}
			}
		})
	}
	wg.Wait()
}

// Two inputs of one name in two rules have each a type and a fact of their own.
func TestInputsOfARule(t *testing.T) {
	file := with("    results:\n      - when: amount", "    inputs: {report: {type: bool, title: 有无报告}}\n    results:\n      - {when: not report, outcome: missing, give: {missing: [audit]}, say: 缺}\n      - when: amount")
	file = strings.Replace(file, `{in: {amount: "5000.00"}`, `{in: {report: true, amount: "5000.00"}`, 1)
	file = strings.Replace(file, `{in: {amount: "4999.99"}`, `{in: {report: true, amount: "4999.99"}`, 1)
	file = strings.Replace(file, "    cases:\n", "    cases:\n      - {in: {report: false}, want: {outcome: missing, missing: [audit]}}\n", 1)
	second := `  - id: TC-R02
    title: 报告内容
    article: 第二条
    inputs: {report: {type: list, of: text, title: 报告内容, fact: report_parts}}
    results:
      - {when: '"audit" in report', outcome: pass, say: 好}
      - {outcome: block, say: 坏}
    cases:
      - {in: {report: [audit]}, want: {outcome: pass}}
      - {in: {report: []}, want: {outcome: block}}
schemes:
`
	file = strings.Replace(file, "schemes:\n", second, 1)
	both := strings.Replace(file, "      - rule: TC-R01\n", "      - rule: TC-R01\n      - rule: TC-R02\n", 1)
	p, err := regulation.Load([]byte(both))
	if err != nil {
		t.Fatal(err)
	}
	l, err := regulation.NewLibrary(p)
	if err != nil {
		t.Fatal(err)
	}
	facts := []review.Fact{{Key: "amount", Value: "1.00"}, {Key: "report", Value: "true"}, {Key: "report_parts", Value: `["audit"]`}}
	if unknown, err := l.CheckFacts("test-city.acceptance", facts); err != nil || len(unknown) > 0 {
		t.Errorf("%v, %v", unknown, err)
	}
	got, err := l.Findings(frozen(t, l, "test-city.acceptance"), regulation.Known{Facts: facts})
	if err != nil || brief(got) != "TC-R01 not_required\nTC-R02 pass" {
		t.Errorf("%s, %v", brief(got), err)
	}
	_, err = regulation.Load([]byte(strings.Replace(both, ", fact: report_parts", "", 1)))
	reviewtest.WantCode(t, err, review.CodePackDuplicate)
}
