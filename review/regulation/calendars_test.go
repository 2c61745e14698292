package regulation_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"heyi/review/regulation"
)

// date is a day of the Gregorian calendar, reckoned here with nothing of the program and
// nothing of package time, so that two reckonings are compared.
type date struct{ year, month, day int }

func (d date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day) }

func dateFrom(s any) (d date) {
	if _, err := fmt.Sscanf(s.(string), "%d-%d-%d", &d.year, &d.month, &d.day); err != nil {
		panic(err)
	}
	return d
}

func daysIn(year, month int) int {
	leap := year%4 == 0 && year%100 != 0 || year%400 == 0
	if month == 2 && leap {
		return 29
	}
	return []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
}

func (d date) next() date {
	if d.day++; d.day > daysIn(d.year, d.month) {
		d.day = 1
		if d.month++; d.month > 12 {
			d.month, d.year = 1, d.year+1
		}
	}
	return d
}

func (d date) before() date {
	if d.day--; d.day == 0 {
		if d.month--; d.month == 0 {
			d.month, d.year = 12, d.year-1
		}
		d.day = daysIn(d.year, d.month)
	}
	return d
}

// weekend tells whether a day is a Saturday or Sunday (Sakamoto's rule).
func (d date) weekend() bool {
	y := d.year
	if d.month < 3 {
		y--
	}
	w := (y + y/4 - y/100 + y/400 + []int{0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4}[d.month-1] + d.day) % 7
	return w == 0 || w == 6
}

// months is CM-01: the corresponding day, or the month's last.
func (d date) months(n int) date {
	for ; n > 0; n-- {
		if d.month++; d.month > 12 {
			d.month, d.year = 1, d.year+1
		}
	}
	for ; n < 0; n++ {
		if d.month--; d.month == 0 {
			d.month, d.year = 12, d.year-1
		}
	}
	d.day = min(d.day, daysIn(d.year, d.month))
	return d
}

// workdays is CM-02.
func (d date) workdays(n int, off, on any) date {
	has := func(list any, d date) bool {
		days, _ := list.([]any)
		return slices.Contains(days, any(d.String()))
	}
	for n > 0 {
		if d = d.next(); has(on, d) || !d.weekend() && !has(off, d) {
			n--
		}
	}
	return d
}

func (d date) after(o date) bool { return d.String() > o.String() }

// whole is a number as tests and cases give it.
func whole(x any) int {
	var n int
	if _, err := fmt.Sscan(fmt.Sprint(x), &n); err != nil {
		panic(err)
	}
	return n
}

// term is what a rule has to compute, by the calendar here.
type term struct {
	starts []string // what it hangs on
	say    func(in map[string]any) map[string]any
}

func due(d date) map[string]any { return map[string]any{"due": d.String()} }

// terms are those of all rules whose results carry days or years.
var terms = map[string]term{
	"CM-01": {[]string{"start", "add_months"}, func(in map[string]any) map[string]any {
		return due(dateFrom(in["start"]).months(whole(in["add_months"])))
	}},
	"CM-02": {[]string{"start", "add_working_days", "holidays", "makeup_workdays"}, func(in map[string]any) map[string]any {
		return due(dateFrom(in["start"]).workdays(whole(in["add_working_days"]), in["holidays"], in["makeup_workdays"]))
	}},
	"YQ-D01": {[]string{"received_on", "holidays", "makeup_workdays"}, func(in map[string]any) map[string]any {
		return due(dateFrom(in["received_on"]).workdays(5, in["holidays"], in["makeup_workdays"]))
	}},
	"YQ-D02": {[]string{"in_use_on"}, func(in map[string]any) map[string]any {
		return map[string]any{"from": dateFrom(in["in_use_on"]).months(12).String()}
	}},
	"MC-D01": {[]string{"plan_year"}, func(in map[string]any) map[string]any { return due(date{whole(in["plan_year"]) - 1, 6, 30}) }},
	"MC-D02": {[]string{"plan_year"}, func(in map[string]any) map[string]any { return due(date{whole(in["plan_year"]) - 1, 8, 15}) }},
	"MC-D03": {[]string{"construction_completed_on"}, func(in map[string]any) map[string]any {
		return due(dateFrom(in["construction_completed_on"]).months(12))
	}},
	"MC-D04": {[]string{"budget_year"}, func(in map[string]any) map[string]any { return due(date{whole(in["budget_year"]), 12, 31}) }},
	"TY-D01": {[]string{"last_evaluated_on", "period_months"}, func(in map[string]any) map[string]any {
		return due(dateFrom(in["last_evaluated_on"]).months(whole(in["period_months"])))
	}},
	"WH-D02": {[]string{"year"}, func(in map[string]any) map[string]any { return due(date{whole(in["year"]), 12, 31}) }},
	"WH-D03": {[]string{"construction_completed_on"}, func(in map[string]any) map[string]any {
		return due(dateFrom(in["construction_completed_on"]).months(6))
	}},
	"WH-D04": {[]string{"in_operation_on"}, func(in map[string]any) map[string]any {
		d := dateFrom(in["in_operation_on"])
		return map[string]any{"from": d.months(12).String(), "to": d.months(24).String()}
	}},
}

// figures are the rules whose results carry figures that are no term, and what holds them.
var figures = map[string]string{
	"CM-03":  "TestWeighted and TestPeer of review/scoring",
	"WH-D01": "TestYearsOfReports",
}

// turns are what a judged day may come to the day before a term, on its day, and the day
// after. Within a term the last day counts, and so does the first from which something may be.
var turns = map[string][]string{
	"due":  {"on_time on_time overdue", "pending pending overdue"},
	"to":   {"on_time on_time overdue", "pending pending overdue"},
	"from": {"too_early on_time on_time", "too_early eligible eligible"},
}

// TestCalendars holds every term of every built-in pack to the calendar of this test: for the
// starts of the cases and for random ones, leap days and ends of months among them, results
// turn where they have to, to the day.
func TestCalendars(t *testing.T) {
	l := library(t)
	for _, p := range l.Packs() {
		rules, _ := regulation.AskedIn(p)
		for _, a := range rules {
			term, ok := terms[a.Where]
			switch calls := slices.ContainsFunc(a.Calls, func(f string) bool {
				return slices.Contains([]string{"day", "year_end", "year_ends", "months_after", "workdays_after"}, f)
			}); {
			case !ok && figures[a.Where] != "":
			case !ok && (calls || len(a.Gives) > 0):
				t.Errorf("%s computes %v with %v, and no calendar holds it", a.Where, a.Gives, a.Calls)
			case ok:
				t.Run(a.Where, func(t *testing.T) { calendar(t, l, a, term) })
			}
			for _, key := range a.Gives {
				if !slices.Contains(computed, key) {
					t.Errorf("%s gives %s, which TestLimits takes for fixed", a.Where, key)
				}
			}
		}
	}
}

// calendar holds one rule.
func calendar(t *testing.T, l *regulation.Library, a *regulation.Asked, term term) {
	r, _ := l.Rule(a.Where)
	g := rand.New(rand.NewPCG(*seed, 4))
	eval := func(in map[string]any) map[string]any {
		t.Helper()
		res, err := l.Eval(r.ID, in)
		if err != nil {
			t.Fatalf("%v: %v\n\tgo test ./review/regulation -run TestCalendars -seed %d", in, err, *seed)
		}
		m := asJSON(res)
		for _, key := range []string{"due", "from", "to"} {
			if got := m[key]; got != nil && got != term.say(in)[key] {
				t.Errorf("%v: %s is %s, by the calendar %s\n\tgo test ./review/regulation -run TestCalendars -seed %d", in, key, got, term.say(in)[key], *seed)
			}
		}
		return m
	}
	// turn is what a judged day comes to around the term.
	turn := func(in map[string]any, judged, key string) string {
		var out []string
		day := dateFrom(term.say(in)[key])
		for _, d := range []date{day.before(), day, day.next()} {
			in := maps.Clone(in)
			in[judged] = d.String()
			out = append(out, fmt.Sprint(eval(in)["outcome"]))
		}
		return strings.Join(out, " ")
	}
	seen, told := map[string]bool{}, map[string]bool{}
	for _, c := range regulation.CasesOf(r) {
		base := regulation.Stand(r, c.In)
		for _, key := range []string{"due", "from", "to"} {
			if c.Want[key] == nil {
				continue
			}
			eval(base)
			told[key] = true
			for _, in := range r.Inputs {
				if in.Type != "date" || slices.Contains(term.starts, in.Name) || base[in.Name] == nil || base[in.Name] == "" {
					continue
				}
				has := turn(base, in.Name, key)
				if steady(has) {
					continue // where another day is there, this one is not judged
				}
				if !slices.Contains(turns[key], has) {
					t.Errorf("%v: %s around %s: %s", base, in.Name, key, has)
				}
				seen[key+" "+in.Name] = true
				for range 60 {
					some := maps.Clone(base)
					start(g, some, term.starts)
					if got := turn(some, in.Name, key); got != has {
						t.Errorf("%v: %s around %s %s: %s, in the case %s\n\tgo test ./review/regulation -run TestCalendars -seed %d",
							some, in.Name, key, term.say(some)[key], got, has, *seed)
					}
				}
			}
		}
	}
	for range 400 {
		some := maps.Clone(regulation.Stand(r, regulation.CasesOf(r)[0].In))
		start(g, some, term.starts)
		eval(some)
	}
	for _, e := range a.Edges { // each comparison of a day with a term has been met
		for _, m := range e.Moves {
			if m.Input.Type == "date" && !slices.Contains(term.starts, m.Input.Name) &&
				!slices.ContainsFunc([]string{"due", "from", "to"}, func(key string) bool { return seen[key+" "+m.Input.Name] }) {
				t.Errorf("nothing turned at %s", e.Text)
			}
		}
	}
	for _, key := range a.Gives {
		if !told[key] {
			t.Errorf("no case has %s", key)
		}
	}
}

func steady(turn string) bool {
	words := strings.Fields(turn)
	return words[0] == words[1] && words[1] == words[2]
}

// start gives random answers to what a term hangs on: ordinary days, ends of months, leap
// days, the turn of a year.
func start(g *rand.Rand, in map[string]any, names []string) {
	var first date
	for _, name := range names {
		switch name {
		case "plan_year", "budget_year", "year":
			in[name] = 1902 + g.IntN(390)
		case "add_months", "period_months":
			in[name] = g.IntN(60)
		case "add_working_days":
			in[name] = g.IntN(40)
		case "holidays", "makeup_workdays":
			days, d := []any{}, first
			for range 25 {
				if d = d.next(); g.IntN(4) == 0 && (name == "holidays" || d.weekend()) {
					days = append(days, d.String())
				}
			}
			in[name] = days
		default:
			first = someDay(g)
			in[name] = first.String()
		}
	}
}

func someDay(g *rand.Rand) date {
	d := date{1901 + g.IntN(390), 1 + g.IntN(12), 1}
	switch d.day = 1 + g.IntN(daysIn(d.year, d.month)); g.IntN(4) {
	case 0:
		d.day = daysIn(d.year, d.month)
	case 1:
		d = date{1904 + 4*g.IntN(96), 2, 0}
		d.day = daysIn(d.year, 2)
	case 2:
		d.month, d.day = 12, 28+g.IntN(4)
	}
	return d
}

// The years of WH-D01 are those whose last day is within the construction period, up to the
// year in which somebody looks; that of the completion, if it is not over by then, is
// recommended.
func TestYearsOfReports(t *testing.T) {
	l := library(t)
	g := rand.New(rand.NewPCG(*seed, 5))
	for i := range 3_000 {
		started := someDay(g)
		asOf := started
		for range g.IntN(2_200) {
			asOf = asOf.next()
		}
		completed := started
		for range g.IntN(2_200) {
			completed = completed.next()
		}
		if i%3 == 0 {
			completed = date{completed.year, 12, 29 + g.IntN(3)}
		}
		if i%5 == 0 {
			asOf = completed
		}
		in := map[string]any{"construction_started_on": started.String(), "construction_completed_on": completed.String(), "as_of": asOf.String()}
		building := i%7 == 0
		if building {
			in["construction_completed_on"] = nil
		}
		required, recommended := []string{}, []string{}
		for y := started.year; y <= asOf.year; y++ {
			end := date{y, 12, 31}
			switch {
			case building || !end.after(completed):
				required = append(required, fmt.Sprint(y))
			case y == completed.year:
				recommended = append(recommended, fmt.Sprint(y))
			}
		}
		r, err := l.Eval("WH-D01", in)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(r.Outcome, r.Get("required_years"), r.Get("recommended_years"))
		if want := fmt.Sprint("computed", required, recommended); got != want {
			t.Fatalf("%v: %s, by the calendar %s\n\tgo test ./review/regulation -run TestYearsOfReports -seed %d", in, got, want, *seed)
		}
	}
}
