package regulation

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// Case is a worked example that a pack brings.
type Case struct{ In, Want map[string]any }

// Cases of a rule, as the pack has them.
func CasesOf(r *Rule) []Case {
	list := make([]Case, len(r.cases))
	for i, c := range r.cases {
		list[i] = Case{c.in, c.want}
	}
	return list
}

// Edge is a comparison of amounts, figures, counts, days or ranks, where what people
// give can move. That a list is empty or not is none.
type Edge struct {
	Text     string
	Op       string
	Moves    []Move
	distance func(in map[string]any) value
}

// Move is an input by which a limit can be reached: the input itself, or a field of the
// first of its records.
type Move struct{ Input, Field *Input }

// Distance is how far the left side is above the right one, in the units of their type;
// open says why it is not known: missing, or fault.
func (l *Edge) Distance(in map[string]any) (n int64, open string) {
	switch v := l.distance(in); {
	case v.known:
		return v.n, ""
	case v.fault != "":
		return 0, "fault"
	}
	return 0, "missing"
}

// Asked is what stands in the expressions of one place of a pack.
type Asked struct {
	Where string // a rule, or a scheme and its material or what it sets
	Edges []*Edge
	Calls []string // functions
	Gives []string // keys of results that are days or years
}

// AskedIn gives what stands in a pack's expressions, read once more from its files.
func AskedIn(p *Pack) (rules, schemes []*Asked) {
	for _, f := range p.files {
		root, bad := readYAML(f)
		if bad != nil {
			panic(bad)
		}
		if n := root.get("rules"); n != nil {
			for _, n := range n.items {
				rules = append(rules, askedByRule(p, n))
			}
		}
		if n := root.get("schemes"); n != nil {
			for _, n := range n.items {
				schemes = append(schemes, askedByScheme(p, n)...)
			}
		}
	}
	return rules, schemes
}

func askedByRule(p *Pack, n *node) *Asked {
	r := p.Rules[slices.IndexFunc(p.Rules, func(r *Rule) bool { return r.ID == n.get("id").text })]
	w := newAsking(r.ID, r.Inputs)
	if values := n.get("values"); values != nil {
		for _, e := range values.entries {
			w.walkText(e.value)
			x, ok := w.compile(e.value)
			if !ok {
				panic(w.ps.list)
			}
			w.names, w.values = append(w.names, e.key), append(w.values, x)
			w.means[e.key] = parse(e.value)
		}
	}
	for _, b := range n.get("results").items {
		if when := b.get("when"); when != nil {
			w.walkText(when)
		}
		give := b.get("give")
		if give == nil {
			continue
		}
		for _, e := range give.entries {
			if e.value.shape == sequence {
				continue
			}
			w.walkText(e.value)
			x, ok := w.compile(e.value)
			t := x.typ
			if ok && t.kind == kindList && t.elem != nil {
				t = t.elem
			}
			if ok && !x.constant && (t.kind == kindDate || t.kind == kindInt || t.kind == kindPoints) && !slices.Contains(w.Gives, e.key) {
				w.Gives = append(w.Gives, e.key)
			}
		}
	}
	return w.Asked
}

func askedByScheme(p *Pack, n *node) []*Asked {
	var list []*Asked
	add := func(where string, at *node) {
		w := newAsking(p.ID+"."+n.get("id").text+" "+where, p.Inputs)
		w.walkText(at)
		list = append(list, w.Asked)
	}
	if sets := n.get("sets"); sets != nil {
		for _, e := range sets.entries {
			add("sets "+e.key, e.value)
		}
	}
	if materials := n.get("materials"); materials != nil {
		for _, m := range materials.items {
			if due := m.get("due"); due != nil {
				add(m.get("code").text, due)
			}
		}
	}
	return list
}

// walker looks through the expressions of one place.
type walker struct {
	*scope
	*Asked
	means map[string]ast.Node // what the names of values stand for
}

func newAsking(where string, inputs []*Input) *walker {
	return &walker{scope: &scope{ps: &problems{}, all: inputs}, Asked: &Asked{Where: where}, means: map[string]ast.Node{}}
}

func parse(at *node) ast.Node {
	tree, err := parser.Parse(at.text)
	if err != nil {
		panic(err)
	}
	return tree.Node
}

func (w *walker) walkText(at *node) { w.walk(parse(at), at, nil) }

// walk looks at a node; of is the list of records that which() looks through.
func (w *walker) walk(n ast.Node, at *node, of ast.Node) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		w.walk(n.Node, at, of)
	case *ast.BinaryNode:
		w.walk(n.Left, at, of)
		w.walk(n.Right, at, of)
		w.limit(n.Operator, n.Left, n.Right, at, of)
		if list, ok := n.Right.(*ast.ArrayNode); ok && n.Operator == "in" {
			for _, e := range list.Nodes {
				w.limit("==", n.Left, e, at, of)
			}
		}
	case *ast.ConditionalNode:
		w.walk(n.Cond, at, of)
		w.walk(n.Exp1, at, of)
		w.walk(n.Exp2, at, of)
	case *ast.ArrayNode:
		for _, e := range n.Nodes {
			w.walk(e, at, of)
		}
	case *ast.CallNode:
		name := n.Callee.String()
		if !slices.Contains(w.Calls, name) {
			w.Calls = append(w.Calls, name)
		}
		for i, a := range n.Arguments {
			if name == "which" && i == 1 {
				of = n.Arguments[0]
			}
			w.walk(a, at, of)
		}
	}
}

// limit notes a comparison, if it is one of what can be moved.
func (w *walker) limit(op string, left, right ast.Node, at *node, of ast.Node) {
	if !slices.Contains([]string{"<", "<=", ">", ">=", "==", "!="}, op) || emptiness(left, right) || emptiness(right, left) {
		return
	}
	w.visits = 0
	c := &compiler{scope: w.scope, at: at}
	records := compiled{}
	if of != nil {
		records, _ = c.node(of)
		c.record = records.typ
	}
	x, _ := c.node(left)
	y, _ := c.node(right)
	if !x.typ.ordered() || x.constant && y.constant {
		return
	}
	l := &Edge{Text: left.String() + " " + op + " " + right.String(), Op: op}
	for _, side := range []ast.Node{left, right} {
		w.moves(l, side, records)
	}
	l.distance = func(in map[string]any) value {
		e, bad := fill(w.used, given(in))
		if bad != nil {
			panic(bad.Name)
		}
		for _, v := range w.values {
			e.values = append(e.values, v.eval(e))
		}
		if of != nil {
			list := records.eval(e)
			if !list.known || len(list.l) == 0 {
				return unsure(1)
			}
			e.record = list.l[0].l
		}
		a, b := x.eval(e), y.eval(e)
		if !a.known || !b.known {
			return open(a, b)
		}
		return number(a.n - b.n)
	}
	w.Edges = append(w.Edges, l)
}

// emptiness tells whether a comparison asks whether a list is empty.
func emptiness(n, o ast.Node) bool {
	call, ok := n.(*ast.CallNode)
	i, isInt := o.(*ast.IntegerNode)
	return ok && call.Callee.String() == "size" && isInt && i.Value == 0
}

// moves finds the inputs that a side hangs on, those of named values included.
func (w *walker) moves(l *Edge, n ast.Node, records compiled) {
	add := func(m Move) {
		if !slices.Contains(l.Moves, m) {
			l.Moves = append(l.Moves, m)
		}
	}
	switch n := n.(type) {
	case *ast.IdentifierNode:
		if meant := w.means[n.Value]; meant != nil {
			w.moves(l, meant, records)
			return
		}
		if in, ok := w.inputs(n.Value); ok && (in.typ.ordered() || in.typ.kind == kindWord && in.typ.words != nil) {
			add(Move{Input: in})
		}
	case *ast.MemberNode:
		name := n.Property.(*ast.StringNode).Value
		i := slices.IndexFunc(records.typ.fields, func(f *Input) bool { return f.Name == name })
		in := w.used[slices.IndexFunc(w.used, func(in *Input) bool { return in.typ == records.typ })]
		add(Move{in, records.typ.fields[i]})
	case *ast.UnaryNode:
		w.moves(l, n.Node, records)
	case *ast.BinaryNode:
		w.moves(l, n.Left, records)
		w.moves(l, n.Right, records)
	case *ast.ConditionalNode:
		w.moves(l, n.Cond, records)
		w.moves(l, n.Exp1, records)
		w.moves(l, n.Exp2, records)
	case *ast.CallNode:
		for _, a := range n.Arguments {
			w.moves(l, a, records)
		}
	}
}

// Units gives what people give for the move in the units of its type, or nothing.
func (m Move) Units(in map[string]any) (n int64, ok bool) {
	x := in[m.Input.Name]
	t := m.Input.typ
	if m.Field != nil {
		list, _ := x.([]any)
		if len(list) == 0 {
			return 0, false
		}
		x, t = list[0].(map[string]any)[m.Field.Name], m.Field.typ
	}
	v, ok := t.decode(x, 0)
	if ok && v.known && t.kind == kindWord {
		i := slices.IndexFunc(t.words, func(w Word) bool { return w.ID == v.s })
		return int64(i), i >= 0
	}
	return v.n, ok && v.known
}

// Bounds are between which values of the move may lie.
func (m Move) Bounds() (least, most int64) {
	t := m.Input.typ
	if m.Field != nil {
		t = m.Field.typ
	}
	switch t.kind {
	case kindDate:
		from, _ := dayOf("1900-01-01")
		to, _ := dayOf("2300-12-31")
		return from, to
	case kindWord:
		return 0, int64(len(t.words)) - 1
	case kindInt:
		least, most = -maxInt, maxInt
	default:
		least, most = -maxAmount+1, maxAmount-1
	}
	if t.least != nil {
		least = *t.least
	}
	return least, most
}

// Put gives the inputs with the move at so many units.
func (m Move) Put(in map[string]any, n int64) map[string]any {
	out := make(map[string]any, len(in))
	for k, v := range in {
		out[k] = v
	}
	if m.Field == nil {
		out[m.Input.Name] = m.Input.typ.unit(n)
		return out
	}
	list := slices.Clone(in[m.Input.Name].([]any))
	record := map[string]any{}
	for k, v := range list[0].(map[string]any) {
		record[k] = v
	}
	record[m.Field.Name] = m.Field.typ.unit(n)
	list[0] = record
	out[m.Input.Name] = list
	return out
}

func (t *typ) unit(n int64) any {
	if t.kind == kindWord {
		return t.words[n].ID
	}
	return t.json(number(n))
}

// Stand gives the inputs with their defaults written out.
func Stand(r *Rule, in map[string]any) map[string]any {
	out := make(map[string]any, len(in))
	for k, v := range in {
		out[k] = v
	}
	for _, i := range r.Inputs {
		if v, ok := i.typ.decode(in[i.Name], 0); i.HasDefault && (!ok || !v.known) && i.typ.kind != kindRecords {
			out[i.Name] = i.typ.given(i.fallback)
		}
	}
	return out
}

// given is a value as JSON gives it.
func (t *typ) given(v value) any {
	if t.kind != kindList {
		return t.json(v)
	}
	list := make([]any, len(v.l))
	for i, e := range v.l {
		list[i] = t.elem.given(e)
	}
	return list
}
