package present

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/regulation"
)

// shelf is the regulations of the program as people look at them. They hold nothing secret,
// so the same pages are there before any meeting and in it, for everybody. Each leads back to
// where it was come to from, and to the row that was chosen there.
type shelf struct {
	desk   *Desk
	lib    *regulation.Library
	finder *regulation.Finder // nil until something is looked for
}

// shelf gives the regulations of the program.
func (d *Desk) shelf() *shelf {
	if d.books == nil {
		d.books = &shelf{desk: d, lib: d.services.Regulations()}
	}
	return d.books
}

// t gives a sentence of the catalogue about regulations, filled with names and values by
// turns.
func (s *shelf) t(key string, pairs ...string) string {
	data := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	return s.desk.T("browse."+key, data)
}

// page begins a page of a place: to be read first, and left for where it was come to from.
func (s *shelf) page(p Place, head string) *Leaf {
	l := &Leaf{sheet: newSheet(s.desk, p), head: review.Legible(head), read: true}
	l.look = func() { s.open(l, func() Page { return newLookup(s) }) }
	l.primary = func() Action { return Action{s.desk.T("action.back", nil), l.Back} }
	return l
}

// set gives a page its parts.
func (p *Leaf) set(parts []Part) *Leaf {
	p.content = func() []Part { return parts }
	return p
}

// open leads from a page to another, from which Escape leads back to it.
func (s *shelf) open(from Page, to func() Page) {
	s.desk.turn(func() Page {
		p := to()
		p.(interface{ returns(func()) }).returns(func() { s.desk.turn(func() Page { return from }) })
		return p
	})
}

// returns says where Escape leads.
func (s *sheet) returns(back func()) { s.back = back }

// link is a row that leads from a page to another. With nil it is only read.
func (s *shelf) link(from *Leaf, title, detail string, to func() Page) Row {
	r := Row{Title: review.Legible(title), Detail: review.Legible(detail)}
	if to != nil {
		r.Do = func() {
			from.left = Row{Title: r.Title, Detail: r.Detail}
			s.open(from, to)
		}
	}
	return r
}

// notice says what the texts are.
func (s *shelf) notice() Part { return Text{Look: LookCaption, Text: s.t("notice")} }

// mark says of what does not stand in the text that it does not; "" for what does.
func (s *shelf) mark(o regulation.Origin) string {
	if key := "finding.origin." + string(o); s.desk.words.Has(key) {
		return s.desk.T(key, nil)
	}
	return ""
}

// packs gives the regulations, and the common rules behind them.
func (s *shelf) packs() []*regulation.Pack {
	list := s.lib.Packs()
	slices.SortStableFunc(list, func(a, b *regulation.Pack) int {
		switch {
		case a.ID == regulation.Common && b.ID != regulation.Common:
			return 1
		case b.ID == regulation.Common && a.ID != regulation.Common:
			return -1
		}
		return 0
	})
	return list
}

// newRegulations is the list of all regulations, with the ways to look at them together.
func newRegulations(d *Desk) *Leaf {
	s := d.shelf()
	l := s.page(PlaceRules, d.T("head."+string(PlaceRules), nil))
	l.read, l.back = false, nil
	list := Rows{}
	for _, p := range s.packs() {
		about := []string{p.Number, p.Issuer}
		if n := len(p.Schemes); n > 0 {
			about = append(about, s.t("schemes", "Count", strconv.Itoa(n)))
		}
		about = append(about, s.t("rules", "Count", strconv.Itoa(len(p.Rules))))
		list.Rows = append(list.Rows, s.link(l, p.Short, dotted(about...), func() Page { return s.regulation(p) }))
	}
	more := Rows{Head: s.t("more"), Rows: []Row{
		s.link(l, s.t("compare"), s.t("compare.for"), func() Page { return newCompare(s) }),
		s.link(l, s.t("lookup"), s.t("lookup.for"), func() Page { return newLookup(s) }),
	}}
	l.primary = func() Action { return Action{s.t("lookup"), more.Rows[1].Do} }
	return l.set([]Part{list, more, s.notice()})
}

// dotted stands what there is beside one another, with dots between.
func dotted(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(t string) bool { return t == "" }), " · ")
}

// labelled gives those pairs of names and texts in which there is a text, each name by its
// key.
func (s *shelf) labelled(pairs ...string) Pairs {
	var out Pairs
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out.Pairs = append(out.Pairs, [2]string{s.t("label." + pairs[i]), review.Legible(pairs[i+1])})
		}
	}
	return out
}

// regulation is one regulation: what it is, its text and rules, and a project's course under
// it.
func (s *shelf) regulation(p *regulation.Pack) *Leaf {
	l := s.page(PlaceRegulation, p.Short)
	date := p.Date
	if t, err := time.Parse(time.DateOnly, p.Date); err == nil {
		date = words.Date(t)
	}
	parts := []Part{
		s.labelled("title", p.Title, "number", p.Number, "issuer", p.Issuer, "date", date, "scope", p.Scope, "note", p.Note),
		s.notice(),
	}
	look := Rows{Head: s.t("look")}
	count := func(key string, n int, to func() Page) {
		if n > 0 {
			look.Rows = append(look.Rows, s.link(l, s.t(key), s.t(key+".count", "Count", strconv.Itoa(n)), to))
		}
	}
	count("text", len(p.Articles), func() Page { return s.text(p) })
	count("ruling", len(p.Rules), func() Page { return s.rules(p) })
	count("gaps", len(p.Gaps), func() Page { return s.gaps(p) })
	parts = append(parts, look)
	course, shown := s.course(l, p)
	if len(course.Rows) > 0 {
		parts = append(parts, course)
	}
	rest := Rows{Head: s.t("schemes.head")}
	if len(course.Rows) > 0 {
		rest.Head = s.t("schemes.others")
	}
	for _, x := range p.Schemes {
		if !slices.Contains(shown, x.ID) {
			rest.Rows = append(rest.Rows, s.schemeRow(l, x))
		}
	}
	if len(rest.Rows) > 0 {
		parts = append(parts, rest)
	}
	return l.set(parts)
}

// schemeRow leads to a scheme.
func (s *shelf) schemeRow(from *Leaf, x *regulation.Scheme) Row {
	return s.link(from, x.Title, dotted(s.rests(x.Basis, regulation.OriginText), x.Trigger), func() Page { return s.scheme(x) })
}

// course gives a project's course: each step, and below it the reviews that are held in it;
// and the schemes that are named.
func (s *shelf) course(from *Leaf, p *regulation.Pack) (rows Rows, named []string) {
	rows.Head = s.t("course")
	for i, step := range p.Lifecycle {
		rows.Rows = append(rows.Rows, s.stepRow(from, p, i))
		for _, id := range step.Schemes {
			x, ok := s.lib.Scheme(id)
			if !ok {
				continue
			}
			named = append(named, id)
			rows.Rows = append(rows.Rows, s.link(from, s.t("course.review", "Number", strconv.Itoa(i+1), "Title", x.Title), x.Trigger, func() Page { return s.scheme(x) }))
		}
	}
	return rows, named
}

// stepRow leads to the articles of a step.
func (s *shelf) stepRow(from *Leaf, p *regulation.Pack, i int) Row {
	step := p.Lifecycle[i]
	return s.link(from, strconv.Itoa(i+1)+". "+step.Title, dotted(s.rests(step.Article, regulation.OriginText), step.Who), s.cited(p, step.Article))
}

// rules lists the rules of a regulation.
func (s *shelf) rules(p *regulation.Pack) *Leaf {
	l := s.page(PlaceRegulation, s.t("ruling.of", "Regulation", p.Short))
	l.read, l.next = false, func() string { return s.desk.T("next.regulation.rules", nil) }
	var rows Rows
	for _, r := range p.Rules {
		rows.Rows = append(rows.Rows, s.ruleRow(l, r))
	}
	return l.set([]Part{rows})
}

// ruleRow leads to a rule.
func (s *shelf) ruleRow(from *Leaf, r *regulation.Rule) Row {
	title := r.Title
	if key := "rule.class." + string(r.Class); s.desk.words.Has(key) {
		title += strings.TrimLeft(s.desk.T(key, nil), "　")
	}
	return s.link(from, title, dotted(s.rests(r.Article, r.Origin), r.ID), func() Page { return s.rule(r) })
}

// gaps lists where the text of a regulation leaves room, and what is made of it.
func (s *shelf) gaps(p *regulation.Pack) *Leaf {
	l := s.page(PlaceRegulation, s.t("gaps.of", "Regulation", p.Short))
	parts := []Part{Text{Look: LookCaption, Text: s.t("gaps.lead")}, s.notice()}
	for i := range p.Gaps {
		parts = append(parts, s.gap(p, i, true)...)
	}
	return l.set(parts)
}

// gap says one of them, with its article if that does not stand above it already.
func (s *shelf) gap(p *regulation.Pack, i int, whole bool) []Part {
	g := p.Gaps[i]
	var parts []Part
	if head := g.Article; whole {
		if head == "" {
			head = s.t("gap.whole")
		}
		parts = append(parts, Text{Look: LookHead, Text: head})
	}
	return append(parts, Pairs{[][2]string{{s.t("gap.problem"), g.Problem}, {s.t("gap.reading"), g.Reading}}})
}
