package regulation

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"heyi/review"
	"heyi/review/scoring"
)

// function is one of the named functions that expressions may call.
type function struct {
	usage string // how it is called, in an example
	// args are the types of its arguments; nil for a form that compiles its own.
	args []*typ
	out  *typ
	max  int64 // of a number that it gives
	// eval gets arguments that are known. What cannot be computed from them is not known,
	// with the fault that it has.
	eval func(a []value) value
	form func(c *compiler, n *ast.CallNode) (compiled, bool)
}

var (
	typeList    = &typ{kind: kindList}
	typeTexts   = &typ{kind: kindList, elem: typeText}
	typeDates   = &typ{kind: kindList, elem: typeDate}
	typeNumbers = &typ{kind: kindList, elem: typeNumber}
	typeInts    = &typ{kind: kindList, elem: typeInt}
	typeMatrix  = &typ{kind: kindList, elem: typeNumbers}
)

// functions are all of them. An unknown argument makes the result unknown but where
// it says otherwise. So do arguments from which nothing can be computed; then the rule is
// needs_decision for ReasonNotComputable.
//
//	yuan("2000000.00")            an amount of money
//	points("80.00")               a figure with two decimals
//	absent(x)                     the input x, or the field it.x, is missing; never unknown
//	surely(b)                     b is known to be true; never unknown
//	size(list)                    how many elements
//	gaps(list)                    how many elements are null
//	lacking(required, provided)   what of the first list is not in the second, in the
//	                              first's order; where the first is written in the
//	                              expression, "a|b" is met by a or by b
//	names(b, "code", …)           the codes whose conditions are true; where none is true
//	                              and one unknown, unknown
//	which(records, b)             the keys of the records for which b is true, b speaking
//	                              of it.field; unknown as names
//	rank(word)                    the place of a word in its list, from 0; nothing for others
//	day(year, month, day)         a calendar date; nothing for one that there is not
//	year_end(day)                 31 December of its year
//	year_ends(from, to)           the years whose 31 December lies from one day to the other,
//	                              both counted
//	months_after(day, n)          CM-01: the corresponding day, or the month's last; n from
//	                              -1200 to 1200
//	workdays_after(day, n, holidays, makeup)
//	                              CM-02: the nth working day after day; makeup days work;
//	                              n from 0 to 1000
//	weighted(weights, scores)     CM-03: review/scoring's weighted total, rounded once;
//	                              nothing where nothing is scored, and for lists that are
//	                              not equally long
var functions map[string]function

func init() {
	functions = map[string]function{
		"yuan":           {usage: `yuan("2000000.00")`, form: literal(typeMoney)},
		"points":         {usage: `points("80.00")`, form: literal(typePoints)},
		"absent":         {usage: `absent(opinion_on)`, form: absentForm},
		"surely":         {usage: `surely(acceptance == "passed")`, form: surelyForm},
		"names":          {usage: `names(absent(plan_on), "plan", absent(budget_on), "budget")`, form: namesForm},
		"which":          {usage: `which(changes, it.executed_on < it.approved_on)`, form: whichForm},
		"rank":           {usage: `rank(security_level)`, form: rankForm},
		"size":           {usage: `size(changes)`, args: []*typ{typeList}, out: typeInt, max: maxList, eval: func(a []value) value { return number(int64(len(a[0].l))) }},
		"gaps":           {usage: `gaps(yearly_costs)`, args: []*typ{typeList}, out: typeInt, max: maxList, eval: gaps},
		"lacking":        {usage: `lacking(["construction_plan", "budget_table"], submitted)`, form: lackingForm},
		"day":            {usage: `day(2026, 1, 31)`, args: []*typ{typeInt, typeInt, typeInt}, out: typeDate, eval: calendarDay},
		"year_end":       {usage: `year_end(accepted_on)`, args: []*typ{typeDate}, out: typeDate, eval: yearEnd},
		"year_ends":      {usage: `year_ends(accepted_on, evaluated_on)`, args: []*typ{typeDate, typeDate}, out: typeInts, eval: yearEnds},
		"months_after":   {usage: `months_after(accepted_on, 12)`, args: []*typ{typeDate, typeInt}, out: typeDate, eval: monthsAfter},
		"workdays_after": {usage: `workdays_after(received_on, 10, holidays, makeup_workdays)`, args: []*typ{typeDate, typeInt, typeDates, typeDates}, out: typeDate, eval: workdaysAfter},
		"weighted":       {usage: `weighted(weights, scores)`, args: []*typ{typeNumbers, typeMatrix}, out: typePoints, max: maxAmount, eval: weighted},
	}
}

// Usages gives an example of a call of each function, in the order of their names.
func Usages() []string {
	names := functionNames()
	for i, name := range names {
		names[i] = functions[name].usage
	}
	return names
}

// functionNames gives their names in order.
func functionNames() []string { return slices.Sorted(maps.Keys(functions)) }

// misuse is the hint that a function is called with what it does not take.
func misuse(name string) hint { return hint{why: "arguments", want: functions[name].usage} }

// call compiles the call of a function.
func (c *compiler) call(n *ast.CallNode) (compiled, bool) {
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return c.refuse(n, review.CodePackExpression, n.String())
	}
	f, ok := functions[id.Value]
	if !ok {
		return c.refuse(n, review.CodePackFunction, id.Value, c.ps.meant(id.Value, functionNames()))
	}
	if f.form != nil {
		return f.form(c, n)
	}
	_, x, ok := c.apply(n, f)
	return x, ok
}

// apply compiles the call of a function of given types. It gives the arguments too.
func (c *compiler) apply(n *ast.CallNode, f function) (args []compiled, x compiled, ok bool) {
	name := n.Callee.String()
	if len(n.Arguments) != len(f.args) {
		x, ok = c.refuse(n, review.CodePackFunction, name, misuse(name))
		return nil, x, ok
	}
	args = make([]compiled, len(f.args))
	for i, a := range n.Arguments {
		if args[i], ok = c.node(a); !ok {
			return nil, args[i], false
		}
		if got := args[i].typ; !got.same(f.args[i]) && !(f.args[i] == typeList && got.kind == kindRecords) {
			x, ok = c.refuse(a, review.CodePackOperands, name, misuse(name))
			return nil, x, ok
		}
	}
	return args, compiled{typ: f.out, max: f.max, eval: func(e *env) value {
		a := make([]value, len(args))
		known := true
		for i, x := range args {
			a[i] = x.eval(e)
			known = known && a[i].known
		}
		if !known {
			return open(a...)
		}
		v := f.eval(a)
		if !v.known {
			v.from = 1<<len(e.inputs) - 1
		}
		return v
	}}, true
}

// literal compiles an amount that is written as text.
func literal(t *typ) func(*compiler, *ast.CallNode) (compiled, bool) {
	return func(c *compiler, n *ast.CallNode) (compiled, bool) {
		if len(n.Arguments) == 1 {
			if s, ok := n.Arguments[0].(*ast.StringNode); ok {
				if v, ok := t.scalar(s.Value); ok {
					return constant(t, v), true
				}
			}
		}
		h := misuse(n.Callee.String())
		if len(n.Arguments) == 1 {
			written := ""
			switch x := n.Arguments[0].(type) {
			case *ast.IntegerNode:
				written = strconv.Itoa(x.Value) + ".00"
			case *ast.FloatNode:
				written = strconv.FormatFloat(x.Value, 'f', 2, 64)
			}
			if _, ok := amount(written); ok {
				h.want = n.Callee.String() + `("` + written + `")`
			}
		}
		return c.refuse(n, review.CodePackFunction, n.Callee.String(), h)
	}
}

// one compiles the only argument of a form.
func (c *compiler) one(n *ast.CallNode) (compiled, bool) {
	if len(n.Arguments) != 1 {
		return c.refuse(n, review.CodePackFunction, n.Callee.String(), misuse(n.Callee.String()))
	}
	return c.node(n.Arguments[0])
}

func absentForm(c *compiler, n *ast.CallNode) (compiled, bool) {
	x, ok := c.one(n)
	if !ok {
		return x, false
	}
	id, isName := n.Arguments[0].(*ast.IdentifierNode)
	if _, isField := n.Arguments[0].(*ast.MemberNode); !isField && (!isName || slices.Contains(c.names, id.Value)) {
		return c.refuse(n, review.CodePackFunction, n.Callee.String(), misuse(n.Callee.String()))
	}
	return compiled{typ: typeBool, eval: func(e *env) value { return truth(!x.eval(e).known) }}, true
}

func surelyForm(c *compiler, n *ast.CallNode) (compiled, bool) {
	x, ok := c.one(n)
	if !ok {
		return x, false
	}
	if x.typ.kind != kindBool {
		return c.refuse(n, review.CodePackOperands, n.Callee.String(), misuse(n.Callee.String()))
	}
	return compiled{typ: typeBool, eval: func(e *env) value { return truth(x.eval(e).yes()) }}, true
}

func rankForm(c *compiler, n *ast.CallNode) (compiled, bool) {
	x, ok := c.one(n)
	if !ok {
		return x, false
	}
	id, isName := n.Arguments[0].(*ast.IdentifierNode)
	if x.typ.kind != kindWord || x.typ.words == nil || !isName {
		return c.refuse(n, review.CodePackOperands, n.Callee.String(), misuse(n.Callee.String()))
	}
	in, _ := c.inputs(id.Value)
	i, ok := c.slot(in)
	if !ok {
		return c.refuse(n, review.CodePackCount, id.Value)
	}
	return compiled{typ: typeInt, max: int64(len(x.typ.words)), eval: func(e *env) value {
		v := x.eval(e)
		if !v.known {
			return v
		}
		place := slices.IndexFunc(x.typ.words, func(w Word) bool { return w.ID == v.s })
		if place < 0 {
			return value{fault: fmt.Sprintf("%s“%s”不在规定的各项之内", in.Title, v.s), from: 1 << i}
		}
		return number(int64(place))
	}}, true
}

func namesForm(c *compiler, n *ast.CallNode) (compiled, bool) {
	if len(n.Arguments) == 0 || len(n.Arguments)%2 != 0 {
		return c.refuse(n, review.CodePackFunction, n.Callee.String(), misuse(n.Callee.String()))
	}
	conditions := make([]compiled, 0, len(n.Arguments)/2)
	codes := make([]value, 0, len(n.Arguments)/2)
	for i := 0; i < len(n.Arguments); i += 2 {
		x, ok := c.node(n.Arguments[i])
		if !ok {
			return x, false
		}
		s, ok := n.Arguments[i+1].(*ast.StringNode)
		if !ok || x.typ.kind != kindBool {
			return c.refuse(n.Arguments[i+1], review.CodePackOperands, n.Callee.String(), misuse(n.Callee.String()))
		}
		c.carry(s)
		conditions, codes = append(conditions, x), append(codes, text(s.Value))
	}
	return compiled{typ: typeTexts, eval: func(e *env) value {
		return chosen(len(codes), func(i int) value { return conditions[i].eval(e) }, func(i int) value { return codes[i] })
	}}, true
}

func whichForm(c *compiler, n *ast.CallNode) (compiled, bool) {
	if len(n.Arguments) != 2 || c.record != nil {
		return c.refuse(n, review.CodePackFunction, n.Callee.String(), misuse(n.Callee.String()))
	}
	records, ok := c.node(n.Arguments[0])
	if !ok {
		return records, false
	}
	if records.typ.kind != kindRecords {
		return c.refuse(n, review.CodePackOperands, n.Callee.String(), misuse(n.Callee.String()))
	}
	c.record = records.typ
	condition, ok := c.node(n.Arguments[1])
	c.record = nil
	if !ok {
		return condition, false
	}
	if condition.typ.kind != kindBool {
		return c.refuse(n.Arguments[1], review.CodePackOperands, n.Callee.String(), misuse(n.Callee.String()))
	}
	key := records.typ.key
	return compiled{typ: typeTexts, eval: func(e *env) value {
		l := records.eval(e)
		if !l.known {
			return l
		}
		return chosen(len(l.l), func(i int) value {
			return condition.eval(&env{inputs: e.inputs, values: e.values, record: l.l[i].l})
		}, func(i int) value { return l.l[i].l[key] })
	}}, true
}

// chosen lists what of n things is true. If nothing is and of something it is not
// known, nothing is known.
func chosen(n int, holds, what func(int) value) value {
	l, gaps := []value{}, []value{}
	for i := range n {
		switch v := holds(i); {
		case v.yes():
			l = append(l, what(i))
		case !v.known:
			gaps = append(gaps, v)
		}
	}
	if len(l) == 0 && len(gaps) > 0 {
		return open(gaps...)
	}
	return list(l)
}

func gaps(a []value) value {
	n := int64(0)
	for _, e := range a[0].l {
		if !e.known {
			n++
		}
	}
	return number(n)
}

// lackingForm compiles lacking. What stands in the expression is the pack's, where "|"
// means or; what people write means itself.
func lackingForm(c *compiler, n *ast.CallNode) (compiled, bool) {
	either := func(s string) []string { return []string{s} }
	args, x, ok := c.apply(n, function{args: []*typ{typeTexts, typeTexts}, out: typeTexts, eval: func(a []value) value {
		return lacking(a[0].l, a[1].l, either)
	}})
	if ok && args[0].constant {
		either = func(s string) []string { return strings.Split(s, "|") }
	}
	return x, ok
}

func lacking(required, provided []value, either func(string) []string) value {
	has := map[string]bool{}
	for _, e := range provided {
		if e.known {
			has[e.s] = true
		}
	}
	l := []value{}
	for _, e := range required {
		if !e.known || !slices.ContainsFunc(either(e.s), func(s string) bool { return has[s] }) {
			l = append(l, e)
		}
	}
	return list(l)
}

// fault is what cannot be computed, and why.
func fault(form string, of ...any) value { return value{fault: fmt.Sprintf(form, of...)} }

// The bounds of periods.
const (
	maxMonths      = 1_200
	maxWorkingDays = 1_000
)

func monthsAfter(a []value) value {
	n := a[1].n
	if n < -maxMonths || n > maxMonths {
		return fault("月数为%d，应当在%d至%d之间", n, -maxMonths, maxMonths)
	}
	start := dateOf(a[0].n)
	first := time.Date(start.Year(), start.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return number(daysOf(first.AddDate(0, 0, min(start.Day(), last)-1)))
}

func calendarDay(a []value) value {
	s := fmt.Sprintf("%04d-%02d-%02d", a[0].n, a[1].n, a[2].n)
	if n, ok := dayOf(s); ok {
		return number(n)
	}
	return fault("没有%d年%d月%d日这一天，或者不在%d年至%d年之间", a[0].n, a[1].n, a[2].n, firstYear, lastYear)
}

func yearEnd(a []value) value { return number(lastDay(dateOf(a[0].n).Year())) }

// lastDay is 31 December of a year.
func lastDay(year int) int64 { return daysOf(time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC)) }

func yearEnds(a []value) value {
	years := []value{}
	for y := dateOf(a[0].n).Year(); lastDay(y) <= a[1].n; y++ {
		years = append(years, number(int64(y)))
	}
	return list(years)
}

func workdaysAfter(a []value) value {
	n := a[1].n
	if n < 0 || n > maxWorkingDays {
		return fault("工作日数为%d，应当在0至%d之间", n, maxWorkingDays)
	}
	off, on := daySet(a[2].l), daySet(a[3].l)
	day := a[0].n
	for n > 0 {
		day++
		switch dateOf(day).Weekday() {
		case time.Saturday, time.Sunday:
			if on[day] {
				n--
			}
		default:
			if on[day] || !off[day] {
				n--
			}
		}
	}
	return number(day)
}

func daySet(l []value) map[int64]bool {
	set := make(map[int64]bool, len(l))
	for _, e := range l {
		set[e.n] = e.known
	}
	return set
}

func weighted(a []value) value {
	weights := make([]*big.Rat, len(a[0].l))
	for i, w := range a[0].l {
		if weights[i] = w.r; !w.known {
			return fault("第%d项没有权重", i+1)
		}
	}
	if w, s := len(a[0].l), len(a[1].l); w != s {
		return fault("权重有%d项，评分有%d项，项数不一致", w, s)
	}
	scores := make([][]*big.Rat, len(a[1].l))
	for i, row := range a[1].l {
		for _, s := range row.l {
			scores[i] = append(scores[i], s.r)
		}
	}
	total, ok := scoring.Weighted(weights, scores)
	if !ok {
		return fault("没有评分，或者有评分的各项权重合计为零")
	}
	n, ok := amount(scoring.Round2(total))
	if !ok {
		return fault("总分超出可以计算的范围")
	}
	return number(n)
}
