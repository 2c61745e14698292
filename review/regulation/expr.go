package regulation

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"heyi/review"
)

// The bounds of an expression.
const (
	maxExpression = 2 << 10 // bytes
	maxVisits     = 1_000   // nodes of all trees of a rule, and slots of its sentences
	maxTreeDepth  = 40
	maxUsed       = 64 // inputs that one rule may ask about
	maxMagnitude  = math.MaxInt64 / 4
)

// compiled is an expression that can be evaluated.
type compiled struct {
	typ      *typ
	eval     func(*env) value
	max      int64 // of numbers: no value is further from 0
	constant bool  // the same for all inputs
}

// env is what an expression is evaluated on.
type env struct {
	inputs []value
	values []value
	record []value           // of which()
	names  map[string]string // what codes are called here, before the pack's terms
}

// scope is what names mean to the expressions of one rule, or of one material.
type scope struct {
	ps     *problems
	all    []*Input // what may be asked about; of two of one name the first
	used   []*Input // in the order in which they are first asked about
	names  []string // values
	values []compiled
	broken []string        // values that could not be compiled, of which no more is told
	codes  []code          // that results can carry
	edges  []boundary      // amounts and counts that an input is compared with
	fields map[*typ]uint64 // of records: those that which() has looked at
	visits int             // what all its expressions and sentences cost
}

// code is a code that a result can carry, and where it stands.
type code struct {
	text         string
	line, column int
}

// boundary is a constant that an input is compared with: cases must stand on both of
// its sides.
type boundary struct {
	input        *Input
	at           int64
	line, column int
}

// inputs finds an input.
func (s *scope) inputs(name string) (*Input, bool) {
	i := slices.IndexFunc(s.all, func(in *Input) bool { return in.Name == name })
	if i < 0 {
		return nil, false
	}
	return s.all[i], true
}

// known are the names of all inputs and values.
func (s *scope) known() []string {
	names := slices.Clone(s.names)
	for _, in := range s.all {
		names = append(names, in.Name)
	}
	return names
}

// slot gives the place of an input among those used.
func (s *scope) slot(in *Input) (int, bool) {
	if i := slices.Index(s.used, in); i >= 0 {
		return i, true
	}
	if len(s.used) == maxUsed {
		return 0, false
	}
	s.used = append(s.used, in)
	return len(s.used) - 1, true
}

// compiler compiles one expression.
type compiler struct {
	*scope
	at     *node // the scalar that holds the expression
	record *typ  // within which(): what a record is
	depth  int
	failed bool
}

// compile compiles the expression in a scalar. ok is false if there are mistakes, which
// are in the scope's problems.
func (s *scope) compile(at *node) (compiled, bool) {
	c := &compiler{scope: s, at: at}
	if at.shape != scalar || at.null() {
		s.ps.add(review.CodePackType, at.line, at.column, "", hint{why: "expression"})
		return compiled{}, false
	}
	if len(at.text) > maxExpression {
		c.fail(review.CodePackExpression, 0, "", hint{why: "long"})
		return compiled{}, false
	}
	if i := foreign(at.text); i >= 0 {
		c.fail(review.CodePackExpression, i, at.text[i:], s.foreignHint(at.text, i))
		return compiled{}, false
	}
	tree, err := parser.Parse(at.text)
	if err != nil {
		from := 0
		if e, ok := err.(*file.Error); ok {
			from = e.From
		}
		from = min(from, len(at.text))
		c.fail(review.CodePackExpression, from, at.text[from:], misspoken(at.text, from))
		return compiled{}, false
	}
	x, ok := c.node(tree.Node)
	return x, ok && !c.failed
}

// foreign finds the first byte that no expression of ours has, -1 if there is none.
// What is not let through here cannot bring the parser to anything unexpected.
func foreign(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"':
			quoted = !quoted
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("_ .,-:", c) >= 0:
		case quoted && c == '|', !quoted && strings.IndexByte("()[]<>=!+*%?", c) >= 0:
		default:
			return i
		}
	}
	return -1
}

func (c *compiler) fail(code review.Code, from int, detail string, h ...hint) {
	quote := 0
	if c.at.quoted {
		quote = 1
	}
	if !c.failed {
		c.ps.add(code, c.at.line, c.at.column+quote+from, detail, h...)
	}
	c.failed = true
}

func (c *compiler) refuse(n ast.Node, code review.Code, detail string, h ...hint) (compiled, bool) {
	c.fail(code, n.Location().From, detail, h...)
	return compiled{}, false
}

// node compiles one node of expr's tree.
func (c *compiler) node(n ast.Node) (compiled, bool) {
	c.depth++
	defer func() { c.depth-- }()
	if c.visits++; c.visits > maxVisits || c.depth > maxTreeDepth {
		return c.refuse(n, review.CodePackExpression, "", hint{why: "long"})
	}
	switch n := n.(type) {
	case *ast.BoolNode:
		return constant(typeBool, truth(n.Value)), true
	case *ast.IntegerNode:
		if n.Value > maxInt {
			return c.refuse(n, review.CodePackExpression, "", hint{why: "large"})
		}
		return constant(typeInt, number(int64(n.Value))), true
	case *ast.StringNode:
		return constant(typeText, text(n.Value)), true
	case *ast.IdentifierNode:
		return c.name(n)
	case *ast.MemberNode:
		return c.field(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.ArrayNode:
		x, ok := c.array(n)
		if ok {
			c.carry(n)
		}
		return x, ok
	case *ast.CallNode:
		return c.call(n)
	case *ast.BuiltinNode:
		return c.refuse(n, review.CodePackFunction, n.Name, c.ps.meant(n.Name, functionNames()))
	case *ast.FloatNode:
		written := strconv.FormatFloat(n.Value, 'f', 2, 64)
		return c.refuse(n, review.CodePackExpression, written, hint{why: "decimal", want: `yuan("` + written + `")`})
	case *ast.NilNode:
		return c.refuse(n, review.CodePackExpression, "nil", hint{why: "absent"})
	}
	return c.refuse(n, review.CodePackExpression, n.String())
}

// constant is an expression without inputs.
func constant(t *typ, v value) compiled {
	return compiled{typ: t, eval: func(*env) value { return v }, max: max(v.n, -v.n), constant: true}
}

// name compiles the name of a value or an input.
func (c *compiler) name(n *ast.IdentifierNode) (compiled, bool) {
	if i := slices.Index(c.names, n.Value); i >= 0 {
		v := c.values[i]
		return compiled{typ: v.typ, eval: func(e *env) value { return e.values[i] }, max: v.max}, true
	}
	if slices.Contains(c.broken, n.Value) {
		c.failed = true
		return compiled{}, false
	}
	in, ok := c.inputs(n.Value)
	if !ok {
		return c.refuse(n, review.CodePackInput, n.Value, c.unknown(n.Value))
	}
	i, ok := c.slot(in)
	if !ok {
		return c.refuse(n, review.CodePackCount, n.Value)
	}
	return compiled{typ: in.typ, eval: func(e *env) value { return e.inputs[i] }, max: in.typ.magnitude()}, true
}

// magnitude bounds the numbers of a type.
func (t *typ) magnitude() int64 {
	if t.kind == kindInt {
		return maxInt
	}
	return maxAmount
}

// field compiles it.NAME, a field of the record that which() looks at.
func (c *compiler) field(n *ast.MemberNode) (compiled, bool) {
	it, ok := n.Node.(*ast.IdentifierNode)
	name, isName := n.Property.(*ast.StringNode)
	if !ok || it.Value != "it" || !isName || n.Optional || n.Method || c.record == nil {
		return c.refuse(n, review.CodePackExpression, n.String(), hint{why: "it"})
	}
	i := slices.IndexFunc(c.record.fields, func(f *Input) bool { return f.Name == name.Value })
	if i < 0 {
		fields := make([]string, len(c.record.fields))
		for i, f := range c.record.fields {
			fields[i] = f.Name
		}
		return c.refuse(n, review.CodePackInput, "it."+name.Value, c.ps.meant(name.Value, fields))
	}
	if c.fields == nil {
		c.fields = map[*typ]uint64{}
	}
	c.fields[c.record] |= 1 << i
	t := c.record.fields[i].typ
	return compiled{typ: t, eval: func(e *env) value { return e.record[i] }, max: t.magnitude()}, true
}

func (c *compiler) unary(n *ast.UnaryNode) (compiled, bool) {
	x, ok := c.node(n.Node)
	if !ok {
		return x, false
	}
	switch {
	case (n.Operator == "not" || n.Operator == "!") && x.typ.kind == kindBool:
		return compiled{typ: typeBool, eval: func(e *env) value {
			v := x.eval(e)
			if v.known {
				v.n = 1 - v.n
			}
			return v
		}, constant: x.constant}, true
	case n.Operator == "-" && x.typ.countable():
		return compiled{typ: x.typ, eval: func(e *env) value {
			v := x.eval(e)
			v.n = -v.n
			return v
		}, max: x.max, constant: x.constant}, true
	}
	why := "condition"
	if n.Operator == "-" {
		why = "figures"
	}
	return c.refuse(n, review.CodePackOperands, n.Operator, hint{why: why, got: x.typ.name()})
}

// countable tells whether + and - mean something.
func (t *typ) countable() bool {
	return t.kind == kindInt || t.kind == kindMoney || t.kind == kindPoints
}

func (c *compiler) binary(n *ast.BinaryNode) (compiled, bool) {
	for _, side := range []ast.Node{n.Left, n.Right} {
		if _, fraction := side.(*ast.FloatNode); fraction && n.Operator == "*" {
			return c.refuse(side, review.CodePackExpression, side.String(), hint{why: "divide"})
		}
	}
	x, ok := c.node(n.Left)
	if !ok {
		return x, false
	}
	if list, isList := n.Right.(*ast.ArrayNode); isList && n.Operator == "in" {
		y, ok := c.array(list)
		if !ok {
			return y, false
		}
		return c.in(n, x, y)
	}
	y, ok := c.node(n.Right)
	if !ok {
		return y, false
	}
	switch n.Operator {
	case "and", "&&", "or", "||":
		if x.typ.kind != kindBool || y.typ.kind != kindBool {
			break
		}
		return compiled{typ: typeBool, eval: kleene(x, y, n.Operator == "or" || n.Operator == "||")}, true
	case "in":
		return c.in(n, x, y)
	case "==", "!=":
		if !x.typ.same(y.typ) || x.typ.kind > kindWord || x.typ.kind == kindNumber {
			break
		}
		return c.compare(n, x, y)
	case "<", "<=", ">", ">=":
		if !x.typ.same(y.typ) || !x.typ.ordered() {
			break
		}
		return c.compare(n, x, y)
	case "+", "-", "*", "%":
		return c.arithmetic(n, x, y)
	}
	return c.refuse(n, review.CodePackOperands, n.Operator, unlike(n, x, y))
}

// kleene gives and, or: what one side settles does not wait for the other, and is not
// blamed for it.
func kleene(x, y compiled, or bool) func(*env) value {
	settles := int64(0)
	if or {
		settles = 1
	}
	return func(e *env) value {
		a := x.eval(e)
		if a.known && a.n == settles {
			return a
		}
		b := y.eval(e)
		switch {
		case b.known && b.n == settles:
			return b
		case a.known && b.known:
			return b
		}
		return open(a, b)
	}
}

// compare compiles a comparison, and notes the amount that an input is compared with.
func (c *compiler) compare(n *ast.BinaryNode, x, y compiled) (compiled, bool) {
	if !c.word(n.Left, x, y) || !c.word(n.Right, y, x) {
		return compiled{}, false
	}
	c.boundary(n.Left, n, n.Right, y)
	c.boundary(n.Right, n, n.Left, x)
	textual := x.typ.textual()
	op := n.Operator
	return compiled{typ: typeBool, eval: func(e *env) value {
		a, b := x.eval(e), y.eval(e)
		if !a.known || !b.known {
			return open(a, b)
		}
		if textual {
			return truth((a.s == b.s) == (op == "=="))
		}
		switch op {
		case "==":
			return truth(a.n == b.n)
		case "!=":
			return truth(a.n != b.n)
		case "<":
			return truth(a.n < b.n)
		case "<=":
			return truth(a.n <= b.n)
		case ">":
			return truth(a.n > b.n)
		}
		return truth(a.n >= b.n)
	}, constant: x.constant && y.constant}, true
}

// word holds a code in an expression to the list of the words it is compared with.
func (c *compiler) word(n ast.Node, x, y compiled) bool {
	if !x.constant || x.typ.kind != kindText || y.typ.kind != kindWord || y.typ.words == nil {
		return true
	}
	if code := x.eval(nil).s; !slices.ContainsFunc(y.typ.words, func(w Word) bool { return w.ID == code }) {
		h := c.ps.meant(code, y.typ.codes())
		if code == "" {
			h = hint{why: "absent"}
		}
		c.refuse(n, review.CodePackWord, code, h)
		return false
	}
	return true
}

// boundary notes what an input is compared with: a constant, or what stands in for another
// input.
func (c *compiler) boundary(n, at, o ast.Node, other compiled) {
	in := c.input(n)
	if in == nil || !other.typ.countable() {
		return
	}
	by, ok := value{}, other.constant
	if ok {
		by = other.eval(nil)
	} else if d := c.input(o); d != nil && d.HasDefault {
		by, ok = d.fallback, true
	}
	if ok {
		c.edges = append(c.edges, boundary{in, by.n, c.at.line, c.at.column + at.Location().From})
	}
}

// input gives the input that a node names, nil if it names none.
func (c *compiler) input(n ast.Node) *Input {
	id, ok := n.(*ast.IdentifierNode)
	if !ok || slices.Contains(c.names, id.Value) {
		return nil
	}
	in, _ := c.inputs(id.Value)
	return in
}

// in compiles membership of a list.
func (c *compiler) in(n *ast.BinaryNode, x, y compiled) (compiled, bool) {
	if y.typ.kind != kindList || y.typ.elem != nil && !x.typ.same(y.typ.elem) || x.typ.kind > kindWord || x.typ.kind == kindNumber {
		return c.refuse(n, review.CodePackOperands, n.Operator, hint{why: "in", want: x.typ.name(), got: y.typ.name()})
	}
	if a, ok := n.Right.(*ast.ArrayNode); ok {
		for _, e := range a.Nodes {
			if s, ok := e.(*ast.StringNode); ok && !c.word(s, constant(typeText, text(s.Value)), x) {
				return compiled{}, false
			}
		}
	}
	if y.typ.elem != nil && !c.word(n.Left, x, compiled{typ: y.typ.elem}) {
		return compiled{}, false
	}
	return compiled{typ: typeBool, eval: func(e *env) value {
		a, l := x.eval(e), y.eval(e)
		if !a.known || !l.known {
			return open(a, l)
		}
		gap := false
		for _, b := range l.l {
			if b.known && b.n == a.n && b.s == a.s {
				return truth(true)
			}
			gap = gap || !b.known
		}
		if gap {
			return open(l.l...)
		}
		return truth(false)
	}}, true
}

// arithmetic compiles + - * and the remainder by a constant. Bounds are carried along, so that no result can overflow.
func (c *compiler) arithmetic(n *ast.BinaryNode, x, y compiled) (compiled, bool) {
	t, top := x.typ, 0.0
	switch {
	case (n.Operator == "+" || n.Operator == "-") && x.typ.countable() && x.typ.kind == y.typ.kind:
		top = float64(x.max) + float64(y.max)
	case n.Operator == "*" && x.typ.kind == kindInt && y.typ.countable():
		t, top = y.typ, float64(x.max)*float64(y.max)
	case n.Operator == "*" && y.typ.kind == kindInt && x.typ.countable():
		top = float64(x.max) * float64(y.max)
	case n.Operator == "%" && x.typ.kind == kindInt && y.typ.kind == kindInt && y.constant && y.eval(nil).n > 0:
		top = float64(y.max)
	default:
		return c.refuse(n, review.CodePackOperands, n.Operator, unlike(n, x, y))
	}
	if top > maxMagnitude {
		return c.refuse(n, review.CodePackExpression, n.Operator, hint{why: "large"})
	}
	op := n.Operator
	return compiled{typ: t, eval: func(e *env) value {
		a, b := x.eval(e), y.eval(e)
		if !a.known || !b.known {
			return open(a, b)
		}
		switch op {
		case "+":
			return number(a.n + b.n)
		case "-":
			return number(a.n - b.n)
		case "%":
			return number(a.n % b.n)
		}
		return number(a.n * b.n)
	}, max: int64(top), constant: x.constant && y.constant}, true
}

func (c *compiler) conditional(n *ast.ConditionalNode) (compiled, bool) {
	if !n.Ternary {
		return c.refuse(n, review.CodePackExpression, n.String())
	}
	cond, ok := c.node(n.Cond)
	if !ok {
		return cond, false
	}
	x, ok := c.node(n.Exp1)
	if !ok {
		return x, false
	}
	y, ok := c.node(n.Exp2)
	if !ok {
		return y, false
	}
	if cond.typ.kind != kindBool || !x.typ.same(y.typ) {
		h := hint{why: "types", want: x.typ.name(), got: y.typ.name()}
		if cond.typ.kind != kindBool {
			h = hint{why: "condition", got: cond.typ.name()}
		}
		return c.refuse(n.Cond, review.CodePackOperands, "?:", h)
	}
	t := x.typ
	if t.kind == kindList && t.elem == nil {
		t = y.typ
	}
	return compiled{typ: t, eval: func(e *env) value {
		switch v := cond.eval(e); {
		case !v.known:
			return v
		case v.n == 1:
			return x.eval(e)
		}
		return y.eval(e)
	}, max: max(x.max, y.max)}, true
}

// array compiles a list of values of one type.
func (c *compiler) array(n *ast.ArrayNode) (compiled, bool) {
	items := make([]compiled, len(n.Nodes))
	t := &typ{kind: kindList}
	fixed := true
	for i, e := range n.Nodes {
		x, ok := c.node(e)
		if !ok {
			return x, false
		}
		if t.elem == nil {
			t.elem = x.typ
		}
		if !x.typ.same(t.elem) || x.typ.kind > kindWord {
			return c.refuse(e, review.CodePackOperands, "[]", hint{why: "types", want: t.elem.name(), got: x.typ.name()})
		}
		items[i], fixed = x, fixed && x.constant
	}
	eval := func(e *env) value {
		l := make([]value, len(items))
		for i, x := range items {
			if l[i] = x.eval(e); !l[i].known {
				return l[i]
			}
		}
		return list(l)
	}
	if fixed {
		v := eval(nil)
		eval = func(*env) value { return v }
	}
	return compiled{typ: t, eval: eval, constant: fixed}, true
}

// carry notes the codes that stand in an expression whose value a result may carry.
func (c *compiler) carry(n ast.Node) {
	switch n := n.(type) {
	case *ast.StringNode:
		c.codes = append(c.codes, code{n.Value, c.at.line, c.at.column + n.Location().From})
	case *ast.ArrayNode:
		for _, e := range n.Nodes {
			if s, ok := e.(*ast.StringNode); ok {
				c.carry(s)
			}
		}
	}
}
