package regulation_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/regulation"
)

// elsewhere are the limits that are held by a property of their own.
var elsewhere = map[string]string{
	"WH-D01": "TestYearsOfReports", // its result is the years themselves
}

// TestLimits holds every limit of every rule of every built-in pack to the pack's own cases:
// at the limit one unit (a fen, a hundredth, one, a day) makes the difference, in the
// direction that the cases have, and anywhere else on the same side nothing does.
func TestLimits(t *testing.T) {
	l := library(t)
	found, tried, skipped := 0, 0, map[string]bool{}
	for _, p := range l.Packs() {
		rules, _ := regulation.AskedIn(p)
		for _, a := range rules {
			found += len(a.Edges)
			open, wrong, n := limits(l, a)
			tried += n
			for _, s := range wrong {
				t.Errorf("%s\n\tgo test ./review/regulation -run TestLimits -seed %d", s, *seed)
			}
			if len(open) > 0 && elsewhere[a.Where] != "" {
				skipped[a.Where] = true
				continue
			}
			for _, s := range open {
				t.Errorf("%s: no two cases of the same kind show what one unit does at %s", a.Where, s)
			}
		}
	}
	if found < 60 || tried < 10_000 {
		t.Errorf("only %d limits found, %d evaluations held to cases", found, tried)
	}
	if len(skipped) != len(elsewhere) {
		t.Errorf("held elsewhere are %v, of %v", skipped, elsewhere)
	}
}

// limits holds the limits of one rule to its cases. open are those of which the cases do not
// show both sides; tried is how many evaluations the cases had something to say of.
func limits(l *regulation.Library, a *regulation.Asked) (open, wrong []string, tried int) {
	r, _ := l.Rule(a.Where)
	g := rand.New(rand.NewPCG(*seed, 3))
	var bases []map[string]any
	says := map[string]string{}
	for _, c := range regulation.CasesOf(r) {
		in := regulation.Stand(r, c.In)
		bases = append(bases, in)
		if before, ok := says[kindOf(a, r, in)]; ok && before != without(c.Want) {
			wrong = append(wrong, fmt.Sprintf("%s: cases on the same side of everything that is found say %s and %s", r.ID, before, without(c.Want)))
		}
		says[kindOf(a, r, in)] = without(c.Want)
	}
	// at evaluates, and tells whether the cases say what it has to be.
	at := func(in map[string]any) (got string, anchored bool) {
		res, err := l.Eval(r.ID, in)
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("%s %v: %v", r.ID, in, err))
			return "", false
		}
		got = without(asJSON(res))
		want, anchored := says[kindOf(a, r, in)]
		if anchored {
			tried++
		}
		if anchored && got != want {
			wrong = append(wrong, fmt.Sprintf("%s %v: %s, by the cases %s", r.ID, in, got, want))
		}
		return got, anchored
	}
	for _, x := range a.Edges {
		decides := false
		for _, base := range bases {
			for _, m := range x.Moves {
				n, ok := m.Units(base)
				if !ok {
					continue
				}
				var last point
				for i, n := range around(x, m, base, n) {
					in := m.Put(base, n)
					p := point{n: n, side: truth(x, in)}
					p.got, p.anchored = at(in)
					decides = decides || i > 0 && p.other(last)
					last = p
				}
				least, most := m.Bounds()
				for range 30 {
					at(m.Put(base, somewhere(g, least, most)))
				}
			}
		}
		if !decides {
			open = append(open, x.Text)
		}
	}
	return open, wrong, tried
}

// point is what a rule says for one value of what is moved.
type point struct {
	n        int64
	side     string // of the limit
	got      string
	anchored bool // by a case
}

// other tells whether between two neighbours the limit makes a difference that cases show.
func (p point) other(last point) bool {
	known := func(side string) bool { return side == "true" || side == "false" }
	return p.n == last.n+1 && p.got != last.got && p.anchored && last.anchored && p.side != last.side && known(p.side) && known(last.side)
}

// around gives what lies at a limit, some units to each side: where the distance, which is
// taken for even, becomes nothing, and where the case has it already.
func around(x *regulation.Edge, m regulation.Move, in map[string]any, n int64) []int64 {
	near := map[int64]bool{}
	least, most := m.Bounds()
	put := func(n int64) {
		for d := int64(-2); d <= 2; d++ {
			if n+d >= least && n+d <= most {
				near[n+d] = true
			}
		}
	}
	put(n)
	if n < most {
		d, open := x.Distance(in)
		e, alsoOpen := x.Distance(m.Put(in, n+1))
		if open == "" && alsoOpen == "" && e != d {
			put(n - d/(e-d))
		}
	}
	return slices.Sorted(maps.Keys(near))
}

// somewhere is a random number between bounds, small ones as likely as large ones.
func somewhere(g *rand.Rand, least, most int64) int64 {
	n := least + g.Int64N(most-least+1)
	if g.IntN(2) == 0 {
		n >>= g.IntN(40)
	}
	return min(max(n, least), most)
}

// kindOf says on which side of all of a rule's limits inputs lie, and what is there beside.
func kindOf(a *regulation.Asked, r *regulation.Rule, in map[string]any) string {
	rest := maps.Clone(in)
	var s strings.Builder
	for _, x := range a.Edges {
		s.WriteString(truth(x, in) + " ")
		for _, m := range x.Moves {
			if _, ok := m.Units(in); !ok {
				continue
			}
			rest = m.Put(rest, first(m))
		}
	}
	for name, v := range rest {
		if v == nil || v == "" {
			delete(rest, name)
		}
	}
	return s.String() + asText(rest)
}

func first(m regulation.Move) int64 {
	least, _ := m.Bounds()
	return least
}

// truth is what a comparison comes to, "?" where it is not known, "!" where nothing can be
// computed.
func truth(x *regulation.Edge, in map[string]any) string {
	n, open := x.Distance(in)
	switch open {
	case "missing":
		return "?"
	case "fault":
		return "!"
	}
	return fmt.Sprint(map[string]bool{"<": n < 0, "<=": n <= 0, ">": n > 0, ">=": n >= 0, "==": n == 0, "!=": n != 0}[x.Op])
}

// without is a result without the keys that are computed from what moves: those are held to
// calendars of the tests' own (TestCalendars).
func without(res map[string]any) string {
	res = maps.Clone(res)
	for _, key := range computed {
		delete(res, key)
	}
	return asText(res)
}

// computed are the keys of results that are days, years or figures.
var computed = []string{"due", "from", "to", "total", "required_years", "recommended_years"}

// A pack with a limit of which its cases do not show both sides does not slip through.
func TestLimitsAreMissed(t *testing.T) {
	for name, c := range map[string]struct{ values, when, cases string }{
		"days": {when: "until < since", cases: `      - {in: {until: "2026-01-02", since: "2026-01-05"}, want: {outcome: pass}}
      - {in: {until: "2026-01-09", since: "2026-01-05", count: 1}, want: {outcome: block}}
`},
		"days of records": {when: "size(which(items, it.on < since)) > 0", cases: `      - {in: {items: [{id: a, on: "2026-01-02"}], since: "2026-01-05"}, want: {outcome: pass}}
      - {in: {items: []}, want: {outcome: block}}
`},
		"a list's length": {when: "size(names_of) >= 3", cases: `      - {in: {names_of: [a, b, c]}, want: {outcome: pass}}
      - {in: {names_of: [a, b]}, want: {outcome: block}}
`},
		"a product": {when: "count * 3 > 10", cases: `      - {in: {count: 9}, want: {outcome: pass}}
      - {in: {}, want: {outcome: needs_decision, reason: missing_input, missing: [count]}}
      - {in: {count: 0, names_of: []}, want: {outcome: block}}
`},
	} {
		file := strings.NewReplacer(
			"  count:", "  since: {type: date, title: 起}\n  until: {type: date, title: 止}\n  count:",
			"done: {type: bool, title: 已办}", "done: {type: bool, title: 已办}, on: {type: date, title: 日期}",
			"schemes:", "  - id: TC-R02\n    title: 期限\n    article: 第二条\n    results: [{when: '"+c.when+"', outcome: pass, say: 好}, {outcome: block, say: 坏}]\n    cases:\n"+c.cases+"schemes:",
			"      - rule: TC-R01\n", "      - rule: TC-R01\n      - rule: TC-R02\n",
		).Replace(good)
		p, err := regulation.Load([]byte(file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		l, err := regulation.NewLibrary(p)
		if err != nil {
			t.Fatal(err)
		}
		rules, _ := regulation.AskedIn(p)
		if open, wrong, _ := limits(l, rules[0]); len(open)+len(wrong) > 0 || len(rules[0].Edges) != 1 {
			t.Errorf("%s: of the good rule %v, %v", name, open, wrong)
		}
		if open, wrong, _ := limits(l, rules[1]); len(open) != 1 || len(wrong) > 0 {
			t.Errorf("%s: not found: %v, %v", name, open, wrong)
		}
	}
}

// asText is a value as JSON, by which values are compared.
func asText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// asJSON is a result as a case has it.
func asJSON(res regulation.Result) map[string]any {
	var m map[string]any
	if err := json.Unmarshal([]byte(asText(res)), &m); err != nil {
		panic(err)
	}
	return m
}

// fen writes an amount, or a figure in hundredths.
func fen(n int64) string {
	if n < 0 {
		return "-" + fen(-n)
	}
	return fmt.Sprintf("%d.%02d", n/100, n%100)
}

// 15% of a total is met exactly, in fen, whatever the total: one fen more is too much.
func TestShareOfTotal(t *testing.T) {
	l := library(t)
	g := rand.New(rand.NewPCG(*seed, 6))
	for i := range 3_000 {
		total := somewhere(g, 0, 999_999_999_999_99)
		if i%3 == 0 {
			total -= total % 20 // of which 15% is a whole number of fen
		}
		most := new(big.Int).Quo(new(big.Int).Mul(big.NewInt(total), big.NewInt(15)), big.NewInt(100)).Int64()
		for d, want := range map[int64]string{-1: "self_adjust", 0: "self_adjust", 1: "original_approval"} {
			if most+d < 0 {
				continue
			}
			in := map[string]any{
				"adjusted": true, "budget_total_cny": fen(total), "adjusted_total_cny": fen(most + d), "within_budget": true, "goal_changed": false, "reason": "19-1",
			}
			if r, err := l.Eval("WH-C06", in); err != nil || r.Get("route") != want {
				t.Fatalf("%v: %s, %v\n\tgo test ./review/regulation -run TestShareOfTotal -seed %d", in, encode(t, r), err, *seed)
			}
		}
	}
}

// Limits that people set are met wherever they set them: the amounts of MC-R02 and MC-R03, the
// totals of CM-04 and CM-10.
func TestLimitsAsSet(t *testing.T) {
	l := library(t)
	g := rand.New(rand.NewPCG(*seed, 7))
	says := func(rule string, in map[string]any, want string) {
		t.Helper()
		r, err := l.Eval(rule, in)
		got := r.Outcome
		for _, k := range r.Keys {
			got += " " + fmt.Sprint(k.Value)
		}
		if err != nil || got != want {
			t.Fatalf("%s %v: %s, %v, want %s\n\tgo test ./review/regulation -run TestLimitsAsSet -seed %d", rule, in, got, err, want, *seed)
		}
	}
	// three is what is said one below, at, and one above.
	three := func(at int64, below, from string, say func(n int64, want string)) {
		for d, want := range map[int64]string{-1: below, 0: from, 1: from} {
			say(at+d, want)
		}
	}
	for range 500 {
		limit := somewhere(g, 1, 999_999_999_999_99)
		three(limit, "not_required", "required", func(n int64, want string) {
			says("MC-R02", map[string]any{"investment_cny": fen(n), "expert_review_threshold_cny": fen(limit)}, want)
		})
		both := "required [report_informatization_dept finance_ministry_approval]"
		three(limit, "required [report_informatization_dept]", both, func(n int64, want string) {
			says("MC-R03", map[string]any{"procurement_method": "inquiry", "fund_cny": fen(n), "dept_limit_cny": fen(limit)}, want)
		})
		bounds := []int64{2 + g.Int64N(9_998), 2 + g.Int64N(9_998), 2 + g.Int64N(9_998)}
		if slices.Sort(bounds); bounds[1]-bounds[0] < 2 || bounds[2]-bounds[1] < 2 {
			continue // one below the one would be beneath the other
		}
		for i, words := range [][2]string{{"not_passed", "passed_after_revision"}, {"passed_after_revision", "passed"}} {
			three(bounds[i], "computed "+words[0], "computed "+words[1], func(n int64, want string) {
				says("CM-04", map[string]any{
					"total": fen(n), "gates_failed": []any{}, "noncompliant": []any{}, "from_passed_after_revision": fen(bounds[0]), "from_passed": fen(bounds[1]),
				}, want)
			})
		}
		for i, words := range [][2]string{{"cha", "zhong"}, {"zhong", "liang"}, {"liang", "you"}} {
			three(bounds[i], "computed "+words[0], "computed "+words[1], func(n int64, want string) {
				says("CM-10", map[string]any{"total": fen(n), "from_zhong": fen(bounds[0]), "from_liang": fen(bounds[1]), "from_you": fen(bounds[2])}, want)
			})
		}
	}
}

// What a scheme asks for and what it settles itself turns at the fen at which the rules of its
// regulation do, whose cases hold it.
func TestLimitsOfSchemes(t *testing.T) {
	l := library(t)
	g := rand.New(rand.NewPCG(*seed, 8))
	yes := func(keys ...string) (list []review.Fact) {
		for _, key := range keys {
			list = append(list, review.Fact{Key: key, Value: "true"})
		}
		return list
	}
	met := map[string]bool{}
	for _, c := range []struct {
		scheme, at string
		limit      int64
		rule       string // whose result says on which side an amount lies
		after      bool
		below      []string // what it comes to below
		facts      []review.Fact
	}{
		{"yueqing-2015.technical_review", "Y2-E2", 100_000_000, "YQ-R02", false, []string{"not_required"}, yes("preparer_qualified")},
		{"yueqing-2015.acceptance", "Y5-E2", 200_000_000, "YQ-R06", false, []string{"recommended"}, yes("technically_complex", "test_report", "tester_qualified")},
		{"yueqing-2015.acceptance", "Y5-E5", 200_000_000, "YQ-R04", false, []string{"not_required"}, yes("has_supervisor", "org_qualified", "lead_certified", "independent")},
		{"wuhan.approval_review", "sets route", 50_000_000, "WH-R03", true, []string{"not_required"}, []review.Fact{{Key: "synchronous_with_fixed_asset", Value: "false"}}},
	} {
		met[c.scheme+" "+c.at] = true
		amounts := []int64{c.limit - 1, c.limit, c.limit + 1, 0}
		for range 200 {
			amounts = append(amounts, somewhere(g, 0, 999_999_999_999_99))
		}
		for _, n := range amounts {
			facts := fact(c.facts, "investment_cny", fen(n))
			list, err := l.Findings(frozen(t, l, c.scheme), regulation.Known{Facts: facts, Conclusion: "passed"})
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(list, func(f regulation.Finding) bool { return f.Rule == c.rule && f.After == c.after })
			if below := slices.Contains(c.below, list[i].Outcome); below != (n < c.limit) {
				t.Errorf("%s of %s at %s: %s", c.rule, c.scheme, fen(n), list[i].Outcome)
			}
			materials, err := l.Materials(c.scheme, facts, nil)
			if err != nil {
				t.Fatal(err)
			}
			i = slices.IndexFunc(materials, func(m regulation.MaterialState) bool { return m.Code == c.at })
			if want := map[bool]regulation.Due{true: regulation.DueNo, false: regulation.DueYes}[n < c.limit]; i >= 0 && materials[i].Due != want {
				t.Errorf("%s of %s at %s is %s", c.at, c.scheme, fen(n), materials[i].Due)
			}
		}
	}
	for _, p := range l.Packs() {
		_, schemes := regulation.AskedIn(p)
		for _, a := range schemes {
			for _, x := range a.Edges {
				if !met[a.Where] {
					t.Errorf("%s has the limit %s, and nothing holds it", a.Where, x.Text)
				}
			}
		}
	}
}
