package regulation_test

import (
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
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
		{"an acceptance", acceptance, acceptanceFacts, "", "YQ-G06 pass\nYQ-R06 pass\nYQ-R05 needs_decision decision\nYQ-R04 pass\nYQ-G04 pass"},
		{
			"an acceptance, concluded", acceptance, acceptanceFacts, "passed",
			"YQ-G06 pass\nYQ-R06 pass\nYQ-R05 needs_decision decision\nYQ-R04 pass\nYQ-R07 missing after\nYQ-G07 pass after\nYQ-R09 needs_decision after\nYQ-G04 pass",
		},
		{
			"an acceptance before the trial run", acceptance, fact(acceptanceFacts, "trial_run_passed", "false"), "",
			"YQ-G06 block veto\nYQ-R06 pass\nYQ-R05 needs_decision decision\nYQ-R04 pass\nYQ-G04 pass",
		},
		{
			"an acceptance of a change made early", acceptance, fact(acceptanceFacts, "changes", `[{"id":"BG-01","approved_on":"2026-05-06","executed_on":"2026-05-05","reported":true,"signed_by_group":true}]`), "",
			"YQ-G06 pass\nYQ-R06 pass\nYQ-R05 pass\nYQ-R04 pass\nYQ-G04 block basis",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := l.Findings(c.scheme, c.facts, c.conclusion)
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
	_, err := l.Findings(technical, plan, "agreed")
	reviewtest.WantCode(t, err, review.CodeOutcome)
	_, err = l.Findings(review.Scheme{ID: "another"}, plan, "")
	reviewtest.WantCode(t, err, review.CodeSchemeUnknown)
	technical.Rules = append(technical.Rules, review.RuleRef{ID: "XX-01"})
	_, err = l.Findings(technical, plan, "")
	reviewtest.WantCode(t, err, review.CodeRuleUnknown)
	_, err = l.Findings(acceptance, fact(acceptanceFacts, "changes", `[{"id":"BG-01","when":"x"}]`), "")
	reviewtest.WantCode(t, err, review.CodeFactType)
}

// What is missing is named, and is never a no.
func TestMissingIsNamed(t *testing.T) {
	l := library(t)
	got, err := l.Findings(frozen(t, l, "yueqing-2015.acceptance"), nil, "")
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
	_, err := l.Eval("MC-R01", nil)
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
		{"changes": []any{map[string]any{"id": "BG-01", "signed": true}}}, {"changes": []any{map[string]any{"id": "BG-01", "approved_on": "2025-02-30"}}},
		{"changes": make([]any, 1_001)},
	} {
		_, err := l.Eval("YQ-G04", in)
		reviewtest.WantCode(t, err, review.CodeRuleInput)
	}
	if _, err := l.Eval("YQ-R03", map[string]any{"investment_cny": "1.00", "colour": 3}); err != nil {
		t.Errorf("a name that the rule does not ask about: %v", err)
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
			findings, err := l.Findings(c.scheme, c.facts, "")
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

// Taking away what is known never turns one answer into another: it leaves it as it was
// or makes it open. Rules that ask whether something is absent, or have a default for
// it, say so themselves and are left out.
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
				in[i.Name] = anything(g, i)
			}
			before, err := l.Eval(r.ID, in)
			if err != nil {
				t.Fatalf("%s %v: %v", r.ID, in, err)
			}
			for name := range in {
				if len(r.Inputs) == 0 || in[name] == nil {
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

func asksForAbsence(r *regulation.Rule) bool {
	for _, in := range r.Inputs {
		if in.HasDefault {
			return true
		}
	}
	return slices.Contains([]string{"CM-07", "CM-08", "CM-09", "YQ-G02", "YQ-G03", "YQ-G05", "YQ-G07", "YQ-R05", "YQ-D02"}, r.ID)
}

// anything is a random answer to an input, or none.
func anything(g *rand.Rand, in *regulation.Input) any {
	if g.IntN(6) == 0 {
		return nil
	}
	word := func() any { return in.Values[g.IntN(len(in.Values))].ID }
	switch in.Type {
	case "money":
		return []any{"999999.99", "1000000.00", "1999999.99", "2000000.00", "0.00", "-0.01"}[g.IntN(6)]
	case "points":
		return []any{"59.99", "60.00", "79.99", "80.00", "89.99", "90.00"}[g.IntN(6)]
	case "int":
		return g.IntN(6)
	case "bool":
		return g.IntN(2) == 0
	case "date":
		return fmt.Sprintf("2025-%02d-%02d", 1+g.IntN(12), 1+g.IntN(28))
	case "text":
		return []any{"", "甲", "乙"}[g.IntN(3)]
	case "word":
		return word()
	case "records":
		list := []any{}
		for i := range g.IntN(3) {
			record := map[string]any{"id": "BG-0" + strconv.Itoa(i+1)}
			for _, f := range []string{"reported", "signed_by_group"} {
				if g.IntN(4) > 0 {
					record[f] = g.IntN(2) == 0
				}
			}
			for _, f := range []string{"approved_on", "executed_on"} {
				if g.IntN(4) > 0 {
					record[f] = fmt.Sprintf("2025-01-%02d", 1+g.IntN(5))
				}
			}
			list = append(list, record)
		}
		return list
	}
	list := []any{}
	for range g.IntN(4) {
		switch {
		case len(in.Values) > 0:
			list = append(list, word())
		case in.Name == "weights":
			list = append(list, 1+g.IntN(100))
		case in.Name == "scores":
			list = append(list, []any{g.IntN(101), g.IntN(101)})
		default:
			list = append(list, []any{"甲", "乙", "丙"}[g.IntN(3)])
		}
	}
	return list
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
	got, err := l.Findings(frozen(t, l, "test-city.acceptance"), facts, "")
	if err != nil || brief(got) != "TC-R01 not_required\nTC-R02 pass" {
		t.Errorf("%s, %v", brief(got), err)
	}
	_, err = regulation.Load([]byte(strings.Replace(both, ", fact: report_parts", "", 1)))
	reviewtest.WantCode(t, err, review.CodePackDuplicate)
}
