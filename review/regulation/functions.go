package regulation

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"heyi/review"
	"heyi/review/scoring"
)

// function is one of the named functions that expressions may call.
type function struct {
	// args are the types of its arguments; nil for a form that compiles its own.
	args []*typ
	out  *typ
	max  int64 // of a number that it gives
	// eval gets arguments that are known. What cannot be said is not known; then the
	// blame is that of all arguments.
	eval func(a []value) value
	form func(c *compiler, n *ast.CallNode) (compiled, bool)
}

var (
	typeList    = &typ{kind: kindList}
	typeTexts   = &typ{kind: kindList, elem: typeText}
	typeDates   = &typ{kind: kindList, elem: typeDate}
	typeNumbers = &typ{kind: kindList, elem: typeNumber}
	typeMatrix  = &typ{kind: kindList, elem: typeNumbers}
)

// functions are all of them. An unknown argument makes the result unknown but where
// it says otherwise.
//
//	yuan("2000000.00")            an amount of money
//	points("80.00")               a figure with two decimals
//	absent(x)                     the input x, or the field it.x, is missing; never unknown
//	surely(b)                     b is known to be true; never unknown
//	size(list)                    how many elements
//	gaps(list)                    how many elements are null
//	lacking(required, provided)   what of the first list is not in the second, in the
//	                              first's order; "a|b" is met by a or by b
//	names(b, "code", …)           the codes whose conditions are true; where none is true
//	                              and one unknown, unknown
//	which(records, b)             the keys of the records for which b is true, b speaking
//	                              of it.field; unknown as names
//	rank(word)                    the place of a word in its list, from 0; unknown for others
//	months_after(day, n)          CM-01: the corresponding day, or the month's last
//	workdays_after(day, n, holidays, makeup)
//	                              CM-02: the nth working day after day; makeup days work
//	weighted(weights, scores)     CM-03: review/scoring's weighted total, rounded once;
//	                              unknown where nothing is scored
var functions map[string]function

func init() {
	functions = map[string]function{
		"yuan":           {form: literal(typeMoney)},
		"points":         {form: literal(typePoints)},
		"absent":         {form: absentForm},
		"surely":         {form: surelyForm},
		"names":          {form: namesForm},
		"which":          {form: whichForm},
		"rank":           {form: rankForm},
		"size":           {args: []*typ{typeList}, out: typeInt, max: maxList, eval: func(a []value) value { return number(int64(len(a[0].l))) }},
		"gaps":           {args: []*typ{typeList}, out: typeInt, max: maxList, eval: gaps},
		"lacking":        {args: []*typ{typeTexts, typeTexts}, out: typeTexts, eval: lacking},
		"months_after":   {args: []*typ{typeDate, typeInt}, out: typeDate, eval: monthsAfter},
		"workdays_after": {args: []*typ{typeDate, typeInt, typeDates, typeDates}, out: typeDate, eval: workdaysAfter},
		"weighted":       {args: []*typ{typeNumbers, typeMatrix}, out: typePoints, max: maxAmount, eval: weighted},
	}
}

// call compiles the call of a function.
func (c *compiler) call(n *ast.CallNode) (compiled, bool) {
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return c.refuse(n, review.CodePackExpression, "")
	}
	f, ok := functions[id.Value]
	if !ok {
		return c.refuse(n, review.CodePackFunction, id.Value)
	}
	if f.form != nil {
		return f.form(c, n)
	}
	if len(n.Arguments) != len(f.args) {
		return c.refuse(n, review.CodePackFunction, id.Value)
	}
	args := make([]compiled, len(f.args))
	for i, a := range n.Arguments {
		if args[i], ok = c.node(a); !ok {
			return args[i], false
		}
		if got := args[i].typ; !got.same(f.args[i]) && !(f.args[i] == typeList && got.kind == kindRecords) {
			return c.refuse(a, review.CodePackOperands, id.Value)
		}
	}
	return compiled{typ: f.out, max: f.max, eval: func(e *env) value {
		a := make([]value, len(args))
		var blame, all uint64
		known := true
		for i, x := range args {
			a[i] = x.eval(e)
			known = known && a[i].known
			blame |= a[i].blame
		}
		if !known {
			return unsure(blame)
		}
		v := f.eval(a)
		if !v.known {
			for i := range e.inputs {
				all |= 1 << i
			}
			v.blame = all
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
		return c.refuse(n, review.CodePackFunction, n.Callee.String())
	}
}

// one compiles the only argument of a form.
func (c *compiler) one(n *ast.CallNode) (compiled, bool) {
	if len(n.Arguments) != 1 {
		return c.refuse(n, review.CodePackFunction, n.Callee.String())
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
		return c.refuse(n, review.CodePackFunction, n.Callee.String())
	}
	return compiled{typ: typeBool, eval: func(e *env) value { return truth(!x.eval(e).known) }}, true
}

func surelyForm(c *compiler, n *ast.CallNode) (compiled, bool) {
	x, ok := c.one(n)
	if !ok {
		return x, false
	}
	if x.typ.kind != kindBool {
		return c.refuse(n, review.CodePackOperands, n.Callee.String())
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
		return c.refuse(n, review.CodePackOperands, n.Callee.String())
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
			return unsure(1 << i)
		}
		return number(int64(place))
	}}, true
}

func namesForm(c *compiler, n *ast.CallNode) (compiled, bool) {
	if len(n.Arguments) == 0 || len(n.Arguments)%2 != 0 {
		return c.refuse(n, review.CodePackFunction, n.Callee.String())
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
			return c.refuse(n.Arguments[i+1], review.CodePackOperands, n.Callee.String())
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
		return c.refuse(n, review.CodePackFunction, n.Callee.String())
	}
	records, ok := c.node(n.Arguments[0])
	if !ok {
		return records, false
	}
	if records.typ.kind != kindRecords {
		return c.refuse(n, review.CodePackOperands, n.Callee.String())
	}
	c.record = records.typ
	condition, ok := c.node(n.Arguments[1])
	c.record = nil
	if !ok {
		return condition, false
	}
	if condition.typ.kind != kindBool {
		return c.refuse(n.Arguments[1], review.CodePackOperands, n.Callee.String())
	}
	key := records.typ.key
	return compiled{typ: typeTexts, eval: func(e *env) value {
		l := records.eval(e)
		if !l.known {
			return unsure(l.blame)
		}
		return chosen(len(l.l), func(i int) value {
			return condition.eval(&env{inputs: e.inputs, values: e.values, record: l.l[i].l})
		}, func(i int) value { return l.l[i].l[key] })
	}}, true
}

// chosen lists what of n things is true. If nothing is and of something it is not
// known, nothing is known.
func chosen(n int, holds, what func(int) value) value {
	l := []value{}
	var blame uint64
	gap := false
	for i := range n {
		switch v := holds(i); {
		case v.yes():
			l = append(l, what(i))
		case !v.known:
			gap = true
			blame |= v.blame
		}
	}
	if len(l) == 0 && gap {
		return unsure(blame)
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

func lacking(a []value) value {
	has := map[string]bool{}
	for _, e := range a[1].l {
		if e.known {
			has[e.s] = true
		}
	}
	l := []value{}
	for _, e := range a[0].l {
		if !slices.ContainsFunc(strings.Split(e.s, "|"), func(s string) bool { return has[s] }) {
			l = append(l, e)
		}
	}
	return list(l)
}

// The bounds of periods.
const (
	maxMonths      = 1_200
	maxWorkingDays = 1_000
)

func monthsAfter(a []value) value {
	n := a[1].n
	if n < -maxMonths || n > maxMonths {
		return value{}
	}
	start := dateOf(a[0].n)
	first := time.Date(start.Year(), start.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return number(daysOf(first.AddDate(0, 0, min(start.Day(), last)-1)))
}

func workdaysAfter(a []value) value {
	n := a[1].n
	if n < 0 || n > maxWorkingDays {
		return value{}
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
			return value{}
		}
	}
	scores := make([][]*big.Rat, len(a[1].l))
	for i, row := range a[1].l {
		for _, s := range row.l {
			scores[i] = append(scores[i], s.r)
		}
	}
	total, ok := scoring.Weighted(weights, scores)
	if !ok {
		return value{}
	}
	n, ok := amount(scoring.Round2(total))
	if !ok {
		return value{}
	}
	return number(n)
}
