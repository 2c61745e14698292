package regulation

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"heyi/review"
)

// sentence is a Chinese sentence of a pack with slots for values, {name}. There is
// nothing else in it that means anything.
type sentence struct{ parts []part }

// part is text, or after it what a slot says.
type part struct {
	text string
	name string // of the slot
	slot func(*env) string
}

// say writes the sentence for the values of an evaluation.
func (s *sentence) say(e *env) string {
	var b strings.Builder
	for _, p := range s.parts {
		b.WriteString(p.text)
		if p.slot != nil {
			b.WriteString(p.slot(e))
		}
	}
	return b.String()
}

// fixed is a slot that is the same for every evaluation.
func fixed(s string) func(*env) string { return func(*env) string { return s } }

// sentence compiles a sentence. find gives what a slot's name stands for; known are the
// names that it knows.
func (ps *problems) sentence(at *node, known []string, find func(name string) (func(*env) string, bool)) *sentence {
	s := &sentence{}
	rest, column := at.text, at.column
	if at.quoted {
		column++
	}
	for rest != "" {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			s.parts = append(s.parts, part{text: rest})
			break
		}
		place := column + utf8.RuneCountInString(at.text[:len(at.text)-len(rest)+i])
		name, after, closed := strings.Cut(rest[i+1:], "}")
		if rest[i] == '}' || !closed || strings.Contains(name, "{") {
			ps.add(review.CodePackSlot, at.line, place, rest[i:], hint{why: "open"})
			return s
		}
		slot, ok := find(name)
		if !ok {
			ps.add(review.CodePackSlot, at.line, place, "{"+name+"}", ps.meant(name, known))
			return s
		}
		s.parts = append(s.parts, part{rest[:i], name, slot})
		rest = after
	}
	return s
}

// slots are the names that the sentences of a rule know.
func (s *scope) slots(gives []give) []string {
	names := append([]string{"cite", "title"}, s.known()...)
	for _, g := range gives {
		names = append(names, g.name)
	}
	return names
}

// slotOf finds what a slot stands for in the sentences of a rule: cite, title, a key
// that the result gives, a value, an input.
func (s *scope) slotOf(r *Rule, gives []give) func(string) (func(*env) string, bool) {
	return func(name string) (func(*env) string, bool) {
		if s.visits++; s.visits > maxVisits {
			return nil, false
		}
		switch name {
		case "cite":
			return func(*env) string { return r.Cite() }, true
		case "title":
			return fixed(r.Title), true
		}
		term := func(e *env) func(string) string {
			return func(code string) string { return cmp.Or(e.names[code], r.pack.Term(code)) }
		}
		if i := slices.IndexFunc(gives, func(g give) bool { return g.name == name }); i >= 0 {
			x := gives[i].compiled
			return func(e *env) string { return x.typ.say(x.eval(e), term(e)) }, true
		}
		if i := slices.Index(s.names, name); i >= 0 {
			t := s.values[i].typ
			return func(e *env) string { return t.say(e.values[i], term(e)) }, true
		}
		if slices.Contains(s.broken, name) {
			return fixed(""), true
		}
		in, ok := s.inputs(name)
		if !ok {
			return nil, false
		}
		i, ok := s.slot(in)
		return func(e *env) string { return in.typ.say(e.inputs[i], term(e)) }, ok
	}
}

// foretell writes what a branch of the rule says, before anything is known: see Way.
func (r *Rule) foretell(b branch) string {
	var out strings.Builder
	for _, p := range b.say.parts {
		out.WriteString(p.text)
		if p.slot != nil {
			name := r.called(p.name, b.gives)
			if title, ok := strings.CutPrefix(name, "〔"); ok && strings.HasSuffix(p.text+"〕", title) {
				name = "……" // 项目投资……，不足100万元
			}
			out.WriteString(name)
		}
	}
	return out.String()
}

// called is what stands for a slot in what foretell writes.
func (r *Rule) called(slot string, gives []give) string {
	switch slot {
	case "cite":
		return r.Cite()
	case "title":
		return r.Title
	}
	if i := slices.IndexFunc(gives, func(g give) bool { return g.name == slot }); i >= 0 {
		if g := gives[i]; g.constant {
			return g.typ.say(g.eval(nil), r.pack.Term)
		}
		return "……"
	}
	if i := slices.IndexFunc(r.Inputs, func(in *Input) bool { return in.Name == slot }); i >= 0 {
		return "〔" + r.Inputs[i].Title + "〕"
	}
	return "……"
}
