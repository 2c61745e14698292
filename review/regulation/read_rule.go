package regulation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"heyi/review"
)

// outcomes are those that a rule may give (regulations.md 0.3).
var outcomes = []string{
	OutcomePass, OutcomeBlock, OutcomeMissing, OutcomeRequired, OutcomeRecommended, OutcomeNotRequired,
	OutcomeNotApplicable, OutcomeNeedsDecision, OutcomeOnTime, OutcomeOverdue, OutcomePending, OutcomeTooEarly,
	OutcomeEligible, OutcomeInScope, OutcomeOutOfScope, OutcomeComputed,
}

// caseOf is a worked example that a pack brings.
type caseOf struct {
	in      map[string]any
	want    map[string]any
	written *node // want, as it stands in the file
	line    int
	column  int
}

// rule reads one rule and tries its cases.
func (l *loader) rule(n *node) {
	before := l.n
	if !l.object(n, "id", "title", "article", "class", "origin", "reading", "inputs", "values", "results", "cases") {
		return
	}
	l.need(n, "id", "title", "article", "results", "cases")
	r := &Rule{
		ID: l.id(n, "id", ruleID), Title: l.text(n, "title", maxTitle), Article: l.article(n, "article"),
		Class:   pick(l, n, "class", ClassAdvice, ClassVeto, ClassPrinciple, ClassAdvice),
		Origin:  pick(l, n, "origin", OriginText, OriginText, OriginMixed, OriginDefault),
		Reading: l.text(n, "reading", maxProse), pack: l.pack,
	}
	if slices.ContainsFunc(l.pack.Rules, func(o *Rule) bool { return o.ID == r.ID && r.ID != "" }) {
		l.add(review.CodePackDuplicate, n.line, n.column, r.ID, hint{why: "id"})
	}
	own := l.inputs(n.get("inputs"), nil, maxFields, false)
	s := &scope{ps: &l.problems, all: append(own, l.pack.Inputs...)}
	l.values(n.get("values"), s)
	results := l.sequence(n.get("results"), maxResults)
	if at := n.get("results"); at != nil && at.shape == sequence && len(at.items) == 0 {
		l.add(review.CodePackMissing, at.line, at.column, "results")
	}
	for i, b := range results {
		l.branch(b, r, s, i == len(results)-1)
	}
	for _, c := range s.codes {
		if _, ok := l.pack.terms[c.text]; !ok {
			h := l.meant(c.text, slices.Collect(maps.Keys(l.pack.terms)))
			switch {
			case strings.ContainsAny(c.text, "，、；"):
				h = hint{why: "comma"}
			case h.why == "among":
				h = hint{}
			}
			l.add(review.CodePackTerm, c.line, c.column, c.text, h)
		}
	}
	r.Inputs, r.fields, r.values = s.used, s.fields, s.values
	for _, c := range l.sequence(n.get("cases"), maxCases) {
		l.read(c, r, s)
	}
	l.pack.Rules = append(l.pack.Rules, r)
	if l.n == before {
		l.try(r, s)
	}
}

// values reads the named expressions of a rule.
func (l *loader) values(n *node, s *scope) {
	if n == nil || !l.isMapping(n) {
		return
	}
	for _, e := range n.entries {
		_, taken := s.inputs(e.key)
		switch {
		case slices.Contains(reserved, e.key):
			l.add(review.CodePackID, e.line, e.column, e.key, hint{why: "taken"})
		case !inputID.MatchString(e.key):
			l.add(review.CodePackID, e.line, e.column, e.key, hint{why: "input"})
		case taken:
			l.add(review.CodePackDuplicate, e.line, e.column, e.key, hint{why: "value"})
		case len(s.names) >= maxValues:
			l.add(review.CodePackCount, e.line, e.column, e.key)
			return
		}
		if x, ok := s.compile(e.value); ok {
			s.names, s.values = append(s.names, e.key), append(s.values, x)
		} else {
			s.broken = append(s.broken, e.key)
		}
	}
}

// branch reads one result of a rule.
func (l *loader) branch(n *node, r *Rule, s *scope, last bool) {
	if !l.object(n, "when", "outcome", "reason", "give", "say") || !l.need(n, "outcome", "say") {
		return
	}
	b := branch{line: n.line, column: n.column, outcome: pick(l, n, "outcome", "", outcomes...)}
	when := n.get("when")
	switch {
	case when == nil && !last:
		l.add(review.CodePackMissing, n.line, n.column, "when", hint{why: "when"})
	case when != nil && last:
		l.add(review.CodePackKey, when.line, when.column, "when", hint{why: "when"})
	case when != nil:
		x, ok := s.compile(when)
		if ok && x.typ.kind != kindBool {
			l.add(review.CodePackOperands, when.line, when.column, when.text, hint{why: "condition", got: x.typ.name()})
		}
		b.when, b.source = &x, when.text
	}
	b.reason = l.id(n, "reason", wordForm)
	if g := n.get("give"); g != nil && l.isMapping(g) {
		for _, e := range g.entries {
			if x, ok := l.give(e, s); ok {
				b.gives = append(b.gives, give{e.key, x})
			}
		}
	}
	say := n.get("say")
	l.scalar(say, maxProse)
	b.say = l.sentence(say, s.slots(b.gives), s.slotOf(r, b.gives))
	r.branches = append(r.branches, b)
}

// give reads a key of a result: a list of codes, or an expression.
func (l *loader) give(e entry, s *scope) (compiled, bool) {
	if !inputID.MatchString(e.key) || e.key == "outcome" || e.key == "reason" {
		l.add(review.CodePackID, e.line, e.column, e.key, hint{why: "input"})
		return compiled{}, false
	}
	if e.value.shape != sequence {
		x, ok := s.compile(e.value)
		if ok && x.constant && x.typ.kind == kindText {
			s.codes = append(s.codes, code{x.eval(nil).s, e.value.line, e.value.column})
		}
		if ok && x.typ.kind == kindRecords {
			l.add(review.CodePackOperands, e.value.line, e.value.column, e.key, hint{why: "records"})
			ok = false
		}
		return x, ok
	}
	items := make([]value, 0, len(e.value.items))
	for _, x := range l.sequence(e.value, maxFields) {
		id := l.scalar(x, maxTitle)
		s.codes = append(s.codes, code{id, x.line, x.column})
		items = append(items, text(id))
	}
	return constant(typeTexts, list(items)), true
}

// read reads a case.
func (l *loader) read(n *node, r *Rule, s *scope) {
	if !l.object(n, "in", "want", "note") || !l.need(n, "in", "want") {
		return
	}
	in, want := n.get("in"), n.get("want")
	if !l.isMapping(in) || !l.isMapping(want) {
		return
	}
	for _, e := range in.entries {
		x, ok := s.inputs(e.key)
		if !ok {
			l.add(review.CodePackInput, e.line, e.column, e.key, l.meant(e.key, s.known()))
		} else if _, ok := x.typ.decode(plainValue(e.value), 0); !ok {
			l.add(review.CodePackType, e.value.line, e.value.column, e.value.text, x.typ.hint(e.value, x.Name))
		}
	}
	l.work += in.size() * (s.visits + 1)
	c := caseOf{line: n.line, column: n.column, written: want}
	c.in, _ = plainValue(in).(map[string]any)
	c.want, _ = plainValue(want).(map[string]any)
	r.cases = append(r.cases, c)
}

// try evaluates a rule's cases, and tells what they leave untried: a result that none
// comes to, and an amount without cases on both of its sides.
func (l *loader) try(r *Rule, s *scope) {
	if l.work > maxWork {
		l.add(review.CodePackCount, r.branches[0].line, r.branches[0].column, r.ID)
		return
	}
	reached := make([]bool, len(r.branches))
	for _, c := range r.cases {
		if l.full() {
			return
		}
		res, taken, bad := r.eval(asking{get: given(c.in)})
		if bad != nil {
			l.add(review.CodePackType, c.line, c.column, bad.Name, hint{why: bad.typ.name(), want: bad.Name})
			continue
		}
		if taken >= 0 {
			reached[taken] = true
		}
		if !r.matches(res, c.want) {
			l.add(review.CodePackCase, c.line, c.column, r.ID, hint{want: c.written.inLine(), got: res.inLine()})
		}
	}
	for i, ok := range reached {
		if !ok {
			l.add(review.CodePackUntested, r.branches[i].line, r.branches[i].column, r.ID+" "+r.branches[i].outcome, hint{want: r.branches[i].outcome})
		}
	}
	for _, b := range s.edges {
		on, beside := false, false
		for _, c := range r.cases {
			v, ok := b.input.typ.decode(c.in[b.input.Name], 0)
			on = on || ok && v.known && v.n == b.at
			beside = beside || ok && v.known && (v.n == b.at-1 || v.n == b.at+1)
		}
		if !on || !beside {
			t := b.input.typ
			figure := func(n int64) string { return scalarInLine(t.json(number(n))) }
			h := hint{why: "edge", want: figure(b.at), got: b.input.Name}
			if on {
				h.want, h.why = figure(b.at-1)+"、"+figure(b.at+1), "beside"
			}
			l.add(review.CodePackUntested, b.line, b.column, r.ID+" "+b.input.Name+" "+t.say(number(b.at), l.pack.Term), h)
		}
	}
}

// matches tells whether a result is exactly what is wanted.
func (r *Rule) matches(res Result, want map[string]any) bool {
	a, err := json.Marshal(res)
	if err != nil {
		return false
	}
	b, err := json.Marshal(want)
	return err == nil && bytes.Equal(a, b)
}

// inLine writes a result as a pack has it, so that it can be held against what a case says
// and put in its place.
func (r Result) inLine() string {
	parts := []string{"outcome: " + r.Outcome}
	for _, k := range r.Keys {
		parts = append(parts, k.Name+": "+valueInLine(k.Value))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func valueInLine(v any) string {
	var parts []string
	switch v := v.(type) {
	case []string:
		for _, x := range v {
			parts = append(parts, scalarInLine(x))
		}
	case []int64:
		for _, x := range v {
			parts = append(parts, scalarInLine(x))
		}
	case []any:
		for _, x := range v {
			parts = append(parts, scalarInLine(x))
		}
	default:
		return scalarInLine(v)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// scalarInLine writes a scalar, in quotes where a pack would need them.
func scalarInLine(v any) string {
	s, isText := v.(string)
	if !isText {
		return fmt.Sprint(v)
	}
	if s == "" || !bareWord.MatchString(s) || s == "true" || s == "false" || s == "null" || twofold(s) || wholeForm.MatchString(s) {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	return s
}

// bareWord is what needs no quotes wherever it stands.
var bareWord = regexp.MustCompile(`^[\p{Han}A-Za-z0-9_][\p{Han}A-Za-z0-9_|.-]*$`)

// inLine writes a node as it stands in {}.
func (n *node) inLine() string {
	var parts []string
	switch n.shape {
	case mapping:
		for _, e := range n.entries {
			parts = append(parts, e.key+": "+e.value.inLine())
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case sequence:
		for _, x := range n.items {
			parts = append(parts, x.inLine())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	if !n.quoted {
		return n.text
	}
	return scalarInLine(n.text)
}
