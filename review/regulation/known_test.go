package regulation_test

import (
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
	"heyi/review/scoring"
)

// facts of key and value, one after another.
func facts(pairs ...string) (list []review.Fact) {
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, review.Fact{Key: pairs[i], Value: pairs[i+1]})
	}
	return list
}

// found is the finding of a rule, before the conclusion or after it.
func found(t *testing.T, l *regulation.Library, scheme, rule string, after bool, k regulation.Known) regulation.Finding {
	t.Helper()
	list, err := l.Findings(frozen(t, l, scheme), k)
	if err != nil {
		t.Fatalf("%s: %v", scheme, err)
	}
	i := slices.IndexFunc(list, func(f regulation.Finding) bool { return f.Rule == rule && f.After == after })
	if i < 0 {
		t.Fatalf("%s does not find %s (after: %t)", scheme, rule, after)
	}
	return list[i]
}

func keys(list []*regulation.Input) (out []string) {
	for _, in := range list {
		out = append(out, in.Fact)
	}
	return out
}

// What a scheme itself answers is not asked of a project, and no fact overrides it.
func TestSchemeSettles(t *testing.T) {
	l := library(t)
	for _, c := range []struct{ scheme, rule, fact, otherwise, want string }{
		// Which stage a review is of, the review knows.
		{"ndrc-2013.needs_review", "NDRC-R01", "stage", "design", regulation.OutcomeMissing},
		{"ndrc-2013.proposal_review", "NDRC-R01", "stage", "acceptance", regulation.OutcomeMissing},
		{"ndrc-2013.proposal_review", "NDRC-R03", "stage", "feasibility", regulation.OutcomeMissing},
		{"ndrc-2013.feasibility_review", "NDRC-R01", "stage", "performance", regulation.OutcomeMissing},
		{"mofcom.annual_check", "MC-D04", "checked", "false", regulation.OutcomePending},
	} {
		given := facts("catalogue_attached", "false", "co_build", "central_local", "local_funding_commitment", "false", "in_budget", "true", "budget_year", "2025")
		for _, k := range []regulation.Known{{Facts: given}, {Facts: fact(given, c.fact, c.otherwise)}} {
			if f := found(t, l, c.scheme, c.rule, false, k); f.Outcome != c.want {
				t.Errorf("%s of %s: %s %s", c.rule, c.scheme, f.Outcome, f.Sentence)
			}
		}
		s, _ := l.Scheme(c.scheme)
		if slices.Contains(keys(s.Inputs()), c.fact) || s.Input(c.fact) == nil {
			t.Errorf("%s asks for %s, or does not know it", c.scheme, c.fact)
		}
	}

	// W2: the route follows from what the project is, and what is missing for it is named.
	const approval = "wuhan.approval_review"
	for _, c := range []struct {
		facts   []review.Fact
		outcome string // of WH-R03, after a conclusion that gives the report
		missing []string
	}{
		{facts("synchronous_with_fixed_asset", "false", "investment_cny", "500000.00"), regulation.OutcomePass, nil},
		{facts("synchronous_with_fixed_asset", "false", "investment_cny", "499999.99"), regulation.OutcomeNotRequired, nil},
		{facts("synchronous_with_fixed_asset", "true"), regulation.OutcomeNotRequired, nil},
		{facts("synchronous_with_fixed_asset", "false", "institution", "school"), regulation.OutcomeNotRequired, nil},
		{facts("synchronous_with_fixed_asset", "false"), regulation.OutcomeNeedsDecision, []string{"investment_cny"}},
		{facts("synchronous_with_fixed_asset", "false", "route", "approval"), regulation.OutcomeNeedsDecision, []string{"investment_cny"}},
		{facts("investment_cny", "500000.00"), regulation.OutcomeNeedsDecision, []string{"synchronous_with_fixed_asset"}},
		{facts("investment_cny", "500000.00", "evaluation_report", "false"), regulation.OutcomeNeedsDecision, []string{"synchronous_with_fixed_asset"}},
	} {
		f := found(t, l, approval, "WH-R03", true, regulation.Known{Facts: c.facts, Conclusion: "passed"})
		if f.Outcome != c.outcome {
			t.Errorf("%v: %s %s", c.facts, f.Outcome, f.Sentence)
		}
		if c.missing == nil {
			continue
		}
		s, _ := l.Scheme(approval)
		var titles []string
		for _, key := range c.missing {
			titles = append(titles, s.Input(key).Title)
		}
		if encode(t, f.Get("missing")) != encode(t, c.missing) || !slices.Equal(f.Missing, titles) ||
			!strings.Contains(f.Sentence, strings.Join(titles, "、")) || strings.Contains(f.Sentence, s.Input("route").Title) {
			t.Errorf("%v: %v %v: %s", c.facts, f.Get("missing"), f.Missing, f.Sentence)
		}
	}
	s, _ := l.Scheme(approval)
	if asked := keys(s.Inputs()); slices.Contains(asked, "route") || slices.Contains(asked, "stage") || slices.Contains(asked, "evaluation_report") ||
		!slices.Contains(asked, "investment_cny") || !slices.Contains(asked, "synchronous_with_fixed_asset") || !slices.Contains(asked, "institution") {
		t.Errorf("%s asks for %v", approval, asked)
	}
	_, err := l.Findings(s.Freeze(), regulation.Known{Facts: facts("synchronous_with_fixed_asset", "perhaps")})
	reviewtest.WantCode(t, err, review.CodeFactType)
}

// What the panel answers to N2-G2, G3 and G4 is what NDRC-G02 asks; before the opening, and
// while an item is open, the finding says that the panel is still to speak.
func TestPanelAnswers(t *testing.T) {
	l := library(t)
	const scheme = "ndrc-2013.proposal_review"
	no, split := scoring.Votes{No: 3, Yes: 2}, scoring.Votes{No: 2, Yes: 3}
	for _, c := range []struct {
		name    string
		votes   map[string]scoring.Votes
		closed  map[string]string
		panel   string
		outcome string
		reasons []string
		missing []string
	}{
		{"all yes", nil, nil, `{"N2-G2":"yes","N2-G3":"yes","N2-G4":"yes"}`, regulation.OutcomePass, nil, nil},
		{"one voted down", map[string]scoring.Votes{"N2-G3": no}, nil, `{"N2-G2":"yes","N2-G3":"no","N2-G4":"yes"}`,
			regulation.OutcomeBlock, []string{"supports_sharing_collaboration"}, nil},
		{"all voted down", map[string]scoring.Votes{"N2-G2": no, "N2-G3": no, "N2-G4": no}, nil, `{"N2-G2":"no","N2-G3":"no","N2-G4":"no"}`,
			regulation.OutcomeBlock, []string{"needs_clear_complete", "supports_sharing_collaboration", "needs_goals_implemented"}, nil},
		{"one left open", map[string]scoring.Votes{"N2-G4": split}, nil, `{"N2-G2":"yes","N2-G3":"yes"}`,
			regulation.OutcomeNeedsDecision, nil, []string{"是否落实需求分析设定的目标和相关要求（待专家组评议）"}},
		{"one left open, one voted down", map[string]scoring.Votes{"N2-G4": split, "N2-G2": no}, nil, `{"N2-G2":"no","N2-G3":"yes"}`,
			regulation.OutcomeBlock, []string{"needs_clear_complete"}, nil},
		{"one closed well", map[string]scoring.Votes{"N2-G4": split}, map[string]string{"N2-G4": "yes"}, `{"N2-G2":"yes","N2-G3":"yes","N2-G4":"yes"}`, regulation.OutcomePass, nil, nil},
		{"one closed ill", map[string]scoring.Votes{"N2-G4": split}, map[string]string{"N2-G4": "no"}, `{"N2-G2":"yes","N2-G3":"yes","N2-G4":"no"}`,
			regulation.OutcomeBlock, []string{"needs_goals_implemented"}, nil},
		{"not applicable to all", map[string]scoring.Votes{"N2-G3": {NA: 5}}, nil, `{"N2-G2":"yes","N2-G3":"na","N2-G4":"yes"}`,
			regulation.OutcomeNeedsDecision, nil, []string{"是否支持信息共享和业务协同（专家组答复不适用）"}},
		{"an item that answers nothing voted down", map[string]scoring.Votes{"N2-G1": no, "N2-G5": no}, nil, `{"N2-G2":"yes","N2-G3":"yes","N2-G4":"yes"}`, regulation.OutcomePass, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			panel, err := l.Panel(tally(frozen(t, l, scheme), -1, c.votes), c.closed)
			if err != nil || encode(t, panel) != c.panel {
				t.Fatalf("%v, %v", panel, err)
			}
			f := found(t, l, scheme, "NDRC-G02", false, regulation.Known{
				Facts: facts("supports_sharing_collaboration", "true", "needs_goals_implemented", "true", "needs_clear_complete", "true"), // nobody else answers for the panel
				Panel: panel,
			})
			reasons, _ := f.Get("reasons").([]string)
			if f.Outcome != c.outcome || !slices.Equal(reasons, c.reasons) || !slices.Equal(f.Missing, c.missing) {
				t.Errorf("%s %v %v: %s", f.Outcome, reasons, f.Missing, f.Sentence)
			}
			if f.Outcome == regulation.OutcomeBlock && (f.Limit() != regulation.LimitVeto || f.After) {
				t.Errorf("limits by %s", f.Limit())
			}
		})
	}
	before := found(t, l, scheme, "NDRC-G02", false, regulation.Known{Facts: facts("needs_clear_complete", "false")})
	if want := "需求分析是否清晰完整（待专家组评议）、是否支持信息共享和业务协同（待专家组评议）、是否落实需求分析设定的目标和相关要求（待专家组评议）"; strings.Join(before.Missing, "、") != want ||
		!strings.Contains(before.Sentence, want) || before.Outcome != regulation.OutcomeNeedsDecision ||
		encode(t, before.Get("missing")) != `["needs_clear_complete","supports_sharing_collaboration","needs_goals_implemented"]` {
		t.Errorf("before the opening: %s %v: %s", before.Outcome, before.Missing, before.Sentence)
	}
	s, _ := l.Scheme(scheme)
	if asked := keys(s.Inputs()); slices.Contains(asked, "needs_clear_complete") || slices.Contains(asked, "supports_sharing_collaboration") || slices.Contains(asked, "needs_goals_implemented") {
		t.Errorf("a project is asked for what the panel answers: %v", asked)
	}
	for _, id := range []string{"ndrc-2013.feasibility_review", "ndrc-2013.design_review"} {
		panel, err := l.Panel(tally(frozen(t, l, id), -1, nil), nil)
		if err != nil || len(panel) != 3 {
			t.Errorf("%s: %v, %v", id, panel, err)
		}
	}
	if panel, err := l.Panel(tally(frozen(t, l, "yueqing-2015.acceptance"), -1, nil), nil); err != nil || panel == nil || len(panel) != 0 {
		t.Errorf("of a scheme whose items answer nothing: %v, %v", panel, err)
	}
	_, err := l.Panel(scoring.Tally{Scheme: review.Scheme{ID: "another"}}, nil)
	reviewtest.WantCode(t, err, review.CodeSchemeUnknown)
	alone, err := regulation.Load(packFile(t, "ndrc-2013"))
	if err != nil {
		t.Fatal(err)
	}
	library, err := regulation.NewLibrary(alone)
	if err != nil {
		t.Fatal(err)
	}
	_, err = library.Panel(tally(frozen(t, l, scheme), -1, nil), nil)
	reviewtest.WantCode(t, err, review.CodeRuleUnknown)
}

// Under YQ-R05 the group's signatures are asked of the papers of this review.
func TestSignedByGroup(t *testing.T) {
	l := library(t)
	two := `[{"id":"BG-01","reported":true},{"id":"BG-02","reported":true}]`
	for _, c := range []struct {
		name, changes string
		signed        []string
		outcome       string
		reasons       string
	}{
		{"not yet", two, nil, regulation.OutcomeNeedsDecision, "null"},
		{"one of two", two, []string{"BG-01"}, regulation.OutcomeNeedsDecision, "null"},
		{"both", two, []string{"BG-02", "BG-01"}, regulation.OutcomePass, "null"},
		{"and one that is not there", two, []string{"BG-01", "BG-02", "BG-03"}, regulation.OutcomePass, "null"},
		{"others", two, []string{"BG-1", "bg-02", ""}, regulation.OutcomeNeedsDecision, "null"},
		{"what the package denies, signed here", `[{"id":"BG-01","reported":true,"signed_by_group":false}]`, []string{"BG-01"}, regulation.OutcomePass, "null"},
		{"what the package denies", `[{"id":"BG-01","reported":true,"signed_by_group":false}]`, nil, regulation.OutcomeBlock, `["BG-01"]`},
		{"signed, but not reported", `[{"id":"BG-01","reported":false}]`, []string{"BG-01"}, regulation.OutcomeBlock, `["BG-01"]`},
		{"signed, but not said whether reported", `[{"id":"BG-01"}]`, []string{"BG-01"}, regulation.OutcomeNeedsDecision, "null"},
	} {
		list := fact(acceptanceFacts, "changes", c.changes)
		f := found(t, l, "yueqing-2015.acceptance", "YQ-R05", false, regulation.Known{Facts: list, Signed: c.signed})
		if f.Outcome != c.outcome || encode(t, f.Get("reasons")) != c.reasons {
			t.Errorf("%s: %s %s", c.name, f.Outcome, f.Sentence)
		}
		// What is signed answers nothing else: YQ-G04 asks whether changes were approved.
		g := found(t, l, "yueqing-2015.acceptance", "YQ-G04", false, regulation.Known{Facts: list, Signed: c.signed})
		if g.Outcome != regulation.OutcomeBlock {
			t.Errorf("%s: YQ-G04 %s", c.name, g.Outcome)
		}
	}
	for file, code := range map[string]review.Code{
		with("{type: bool, title: 已办}", "{type: bool, title: 已办, signed: true}"):              "",
		with("{type: bool, title: 已办}", "{type: date, title: 已办, signed: true}"):              review.CodePackType,
		with("{type: bool, title: 已办}", "{type: bool, title: 已办, signed: ja}"):                review.CodePackType,
		with("count: {type: int, title: 数目}", "count: {type: bool, title: 数目, signed: true}"): review.CodePackKey,
	} {
		if _, err := regulation.Load([]byte(file)); review.CodeOf(err) != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
}

// A conclusion that answers yes or no: the acceptance of W5 is what WH-R05 asks after it.
func TestConcludesYesOrNo(t *testing.T) {
	l := library(t)
	const scheme = "wuhan.acceptance"
	list := facts("accepted", "true", "filed_with", `["approval_department"]`, "assets_booked", "false")
	for conclusion, want := range map[string]string{"passed": regulation.OutcomeMissing, "passed_after_revision": regulation.OutcomeNotApplicable, "not_passed": regulation.OutcomeNotApplicable} {
		for _, claimed := range []string{"", "true", "false"} { // what a fact says of it counts for nothing
			f := found(t, l, scheme, "WH-R05", true, regulation.Known{Facts: fact(list, "accepted", claimed), Conclusion: conclusion})
			if f.Outcome != want || f.Limit() != regulation.LimitNone {
				t.Errorf("%s, claimed %q: %s", conclusion, claimed, f.Sentence)
			}
		}
	}
	s, _ := l.Scheme(scheme)
	if slices.Contains(keys(s.Inputs()), "accepted") {
		t.Error("a project is asked whether it was accepted")
	}
	concluded := func(gives string) string {
		return strings.NewReplacer(
			"  count:", "  fine: {type: bool, title: 合格}\n  count:",
			"    document:", "    concludes: fine\n    document:",
			"{id: passed, title: 通过}", "{id: passed, title: 通过"+gives+"}",
		).Replace(good)
	}
	for gives, code := range map[string]review.Code{`, gives: "true"`: "", `, gives: "false"`: "", "": review.CodePackWord, ", gives: ja": review.CodePackWord, ", gives: true": ""} {
		if _, err := regulation.Load([]byte(concluded(gives))); review.CodeOf(err) != code {
			t.Errorf("%q: %v, want %s", gives, err, code)
		}
	}
	_, err := regulation.Load([]byte(strings.Replace(concluded(`, gives: "true"`), "concludes: fine", "concludes: count", 1)))
	reviewtest.WantCode(t, err, review.CodePackInput)
}

// Beside what the common rules suggest a scheme may have a conclusion of its own: nothing
// suggests it, and the panel may choose it.
func TestBeside(t *testing.T) {
	l := library(t)
	seen := 0
	for _, s := range l.Schemes() {
		for _, c := range s.Conclusions {
			if slices.Contains([]string{"passed", "passed_after_revision", "not_passed", "you", "liang", "zhong", "cha"}, c.ID) {
				continue
			}
			seen++
			f := s.Freeze()
			if _, ok := f.Outcome(c.ID); !ok {
				t.Errorf("%s is frozen without %s", s.ID, c.ID)
			}
			if _, err := l.Findings(f, regulation.Known{Conclusion: c.ID}); err != nil {
				t.Errorf("%s, %s: %v", s.ID, c.ID, err)
			}
			for _, percent := range []int64{-1, 0, 5999, 6000, 7999, 8000, 10000} {
				if got, err := l.Suggest(tally(f, percent, nil), nil, nil); err != nil || got.Outcome == c.ID {
					t.Errorf("%s suggests %s at %d, %v", s.ID, got.Outcome, percent, err)
				}
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d such conclusions", seen)
	}
	for conclusions, code := range map[string]review.Code{
		"{id: stop, title: 停止, beside: true}":                                       "",
		"{id: stop, title: 停止, beside: true, fails: true}":                          "",
		"{id: stop, title: 停止}":                                                     review.CodePackConclusion,
		"{id: passed_after_revision, title: 修改后通过, beside: ja}":                     review.CodePackType,
		"{id: not_passed, title: 不通过, beside: true}":                                review.CodePackConclusion,
		"{id: you, title: 优, beside: true}":                                         review.CodePackConclusion,
		"{id: not_passed, title: 不通过}\n      - {id: stop, title: 停止, beside: true}": "",
	} {
		_, err := regulation.Load([]byte(good + "      - " + conclusions + "\n"))
		if review.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", conclusions, err, code)
		}
	}
}

// Where a scheme does not have the conclusion that is suggested, it is the next worse one,
// never a better one, and the sentence calls it as the scheme does.
func TestSuggestsNearest(t *testing.T) {
	l := library(t)
	no, split := scoring.Votes{No: 5}, scoring.Votes{No: 2, Yes: 3}
	for _, c := range []struct {
		scheme  string
		percent int64
		votes   map[string]scoring.Votes
		want    string
		says    string
	}{
		{"ndrc-2013.performance", 8000, nil, "passed", "实现效能目标并达到预期效果"},
		{"ndrc-2013.performance", 7999, nil, "not_passed", "限期整改"}, // it has nothing between
		{"ndrc-2013.performance", 6000, nil, "not_passed", "限期整改"},
		{"ndrc-2013.performance", 5999, nil, "not_passed", "限期整改"},
		{"ndrc-2013.performance", 9000, map[string]scoring.Votes{"N6-G1": no}, "not_passed", "限期整改"},
		{"ndrc-2013.performance", 9000, map[string]scoring.Votes{"N6-G1": split}, "", "合议"},
		{"ndrc-2013.performance", 7000, map[string]scoring.Votes{"N6-G1": split}, "not_passed", "限期整改"}, // whatever comes of it
		{"mofcom.annual_check", -1, nil, "passed", "继续执行"},
		{"mofcom.annual_check", -1, map[string]scoring.Votes{"M4-C2": no}, "not_passed", "建议调整"},
		{"mofcom.annual_check", -1, map[string]scoring.Votes{"M4-C2": split}, "", "没有结果"},
		{"mofcom.annual_check", -1, map[string]scoring.Votes{"M4-C1": no, "M4-C2": split}, "not_passed", "建议调整"},
		{"mofcom.annual_check", -1, map[string]scoring.Votes{"M4-C1": {NA: 5}, "M4-C2": {NA: 5}, "M4-C3": {NA: 5}}, "passed", "继续执行"},
	} {
		s, err := l.Suggest(tally(frozen(t, l, c.scheme), c.percent, c.votes), nil, nil)
		if err != nil || s.Outcome != c.want || !strings.Contains(s.Sentence, c.says) {
			t.Errorf("%s at %d %v: %s %s, %v", c.scheme, c.percent, c.votes, s.Outcome, s.Sentence, err)
		}
	}
	// Of whatever conclusions a scheme has, none better is suggested than the rule says.
	order := []string{"passed", "passed_after_revision", "not_passed"}
	for has := 1; has < 8; has++ {
		c := frozen(t, l, "ndrc-2013.performance")
		c.Outcomes = nil
		for i, id := range order {
			if has&(1<<i) != 0 {
				c.Outcomes = append(c.Outcomes, review.Outcome{ID: id, Title: id, Fails: id == "not_passed"})
			}
		}
		for i, percent := range []int64{9000, 7000, 5000} {
			s, err := l.Suggest(tally(c, percent, nil), nil, nil)
			want := ""
			for j := i; j < 3 && want == ""; j++ {
				if has&(1<<j) != 0 {
					want = order[j]
				}
			}
			if err != nil || s.Outcome != want {
				t.Errorf("of %v at %d: %q, want %q, %v", c.Outcomes, percent, s.Outcome, want, err)
			}
		}
	}
}

// What a scheme says of its own rules wrongly is told with its place.
func TestMistakesOfSettling(t *testing.T) {
	sets := func(s string) string { return with("    checks:\n", "    sets: {"+s+"}\n    checks:\n") }
	for _, m := range []struct {
		name, file string
		code       review.Code
		place      string
	}{
		{"a fact of no rule", sets(`count: '3'`), review.CodePackInput, "39:12"},
		{"an amount of no amount", sets(`amount: '3'`), review.CodePackOperands, "39:20"},
		{"an expression of what is not there", sets(`amount: 'amuont'`), review.CodePackInput, "39:21"},
		{"an expression that is none", sets(`amount: 'amount <'`), review.CodePackExpression, "39:28"},
		{"a list", with("    checks:\n", "    sets: [amount]\n    checks:\n"), review.CodePackType, "39:11"},
		{"too many", with("    checks:\n", "    sets: {"+strings.TrimSuffix(numbered("a%d: '1', ", 21), ", ")+"}\n    checks:\n"), review.CodePackCount, "39:11"},
		{"a word that is none of its list", strings.Replace(strings.Replace(sets(`kind: '"old"'`), "when: amount < ", `when: kind == "new" and amount < `, 1), `{in: {amount: "4999.99"}`, `{in: {kind: new, amount: "4999.99"}`, 1), review.CodePackOperands, "39:18"},
		{"an answer to what is not declared", with("article: 第一条, kind: gate, rule: TC-R01", "article: 第一条, kind: gate, answers: done"), review.CodePackInput, "44:84"},
		{"an answer to what is no yes or no", with("article: 第一条, kind: gate, rule: TC-R01", "article: 第一条, kind: gate, answers: count"), review.CodePackInput, "44:84"},
		{"an answer of a scored item", with("weight: 40}", "weight: 40, answers: count}"), review.CodePackKey, "43:97"},
		{"an answer beside a rule", with("rule: TC-R01}", "rule: TC-R01, answers: count}"), review.CodePackKey, "44:98"},
	} {
		t.Run(m.name, func(t *testing.T) {
			list := regulation.Check([]byte(m.file))
			if len(list) == 0 || list[0].Code != m.code || list[0].Place() != m.place {
				t.Errorf("%v, want %s %s", list, m.code, m.place)
			}
		})
	}
}
