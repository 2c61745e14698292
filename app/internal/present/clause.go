package present

import (
	"slices"
	"strconv"
	"strings"

	"heyi/review"
	"heyi/review/regulation"
)

// cited leads to the articles that a citation names; nil where there are none to show.
func (s *shelf) cited(p *regulation.Pack, citation string) func() Page {
	list := p.Cited(citation)
	switch len(list) {
	case 0:
		return nil
	case 1:
		return func() Page { return s.article(p, list[0]) }
	}
	return func() Page { return s.articles(p, citation, list) }
}

// text is the whole text of a regulation, by its chapters.
func (s *shelf) text(p *regulation.Pack) *Leaf {
	all := make([]int, len(p.Articles))
	for i := range all {
		all[i] = i
	}
	return s.articles(p, s.t("text"), all)
}

// articles are several articles, one under another; below each a row that leads to what
// cites it.
func (s *shelf) articles(p *regulation.Pack, head string, list []int) *Leaf {
	l := s.page(PlaceArticle, p.Short+"　"+head)
	parts := []Part{s.notice()}
	chapter := ""
	for _, i := range list {
		if c := chapterOf(p, i); c != chapter {
			chapter = c
			parts = append(parts, Text{Look: LookHead, Text: c})
		}
		parts = append(parts, wording(p.Articles[i], p.Articles[i].ID+"　")...)
		if n := len(p.Citing(i)); n > 0 {
			title := s.t("citing", "Article", p.Articles[i].ID, "Count", strconv.Itoa(n))
			parts = append(parts, Rows{Rows: []Row{s.link(l, title, "", func() Page { return s.article(p, i) })}})
		}
	}
	return l.set(parts)
}

// chapterOf gives the title of the chapter that an article stands in; "" for none.
func chapterOf(p *regulation.Pack, article int) string {
	for i := article; i >= 0; i-- {
		if c := p.Articles[i].Chapter; c != "" {
			return c
		}
	}
	return ""
}

// wording gives the paragraphs of an article, the first behind lead.
func wording(a regulation.Article, lead string) []Part {
	var parts []Part
	for i, t := range a.Text {
		if i == 0 {
			t = lead + t
		}
		parts = append(parts, Text{Text: review.Legible(t)})
	}
	return parts
}

// article is one article: its words, and what of the regulation rests on it. Its primary
// action goes on to the next, so that a text can be read through.
func (s *shelf) article(p *regulation.Pack, i int) *Leaf {
	a := p.Articles[i]
	l := s.page(PlaceArticle, p.Short+"　"+a.ID)
	var parts []Part
	if c := chapterOf(p, i); c != "" {
		parts = append(parts, Text{Look: LookHead, Text: c})
	}
	parts = append(parts, wording(a, "")...)
	parts = append(parts, s.notice())
	citing := p.Citing(i)
	for from := 0; from < len(citing); {
		part, to := citing[from].Part, from
		for to < len(citing) && citing[to].Part == part {
			to++
		}
		if part == regulation.PartGap {
			parts = append(parts, Text{Look: LookHead, Text: s.t("gaps")})
			for _, x := range citing[from:to] {
				parts = append(parts, s.gap(p, x.At, false)...)
			}
		} else {
			rows := Rows{Head: s.t("by." + string(part))}
			for _, x := range citing[from:to] {
				rows.Rows = append(rows.Rows, s.spotRow(l, x, ""))
			}
			parts = append(parts, rows)
		}
		from = to
	}
	if len(citing) == 0 {
		parts = append(parts, Text{Look: LookCaption, Text: s.t("uncited")})
	}
	if i+1 < len(p.Articles) {
		l.next = func() string { return s.desk.T("next.article.on", nil) }
		l.primary = func() Action { // Escape leads from there to where this one was come to from
			return Action{s.t("on", "Article", p.Articles[i+1].ID), func() {
				s.desk.turn(func() Page {
					n := s.article(p, i+1)
					n.back = l.back
					return n
				})
			}}
		}
	}
	return l.set(parts)
}

// spotRow leads to a part of a regulation; found is the piece of its text in which something
// was looked for, "" for what is usually said of it.
func (s *shelf) spotRow(from *Leaf, x regulation.Spot, found string) Row {
	p := x.Pack
	switch x.Part {
	case regulation.PartRegulation:
		return s.link(from, p.Short, found, func() Page { return s.regulation(p) })
	case regulation.PartArticle:
		return s.link(from, x.Title(), found, func() Page { return s.article(p, x.At) })
	case regulation.PartRule:
		r := s.ruleRow(from, x.Rule)
		if found != "" {
			r = s.link(from, r.Title, found, func() Page { return s.rule(x.Rule) })
		}
		return r
	case regulation.PartScheme:
		r := s.schemeRow(from, x.Scheme)
		if found != "" {
			r = s.link(from, r.Title, found, func() Page { return s.scheme(x.Scheme) })
		}
		return r
	case regulation.PartStep:
		step := p.Lifecycle[x.At]
		if found == "" {
			found = dotted(s.rests(step.Article, regulation.OriginText), step.Who)
		}
		return s.link(from, step.Title, found, func() Page {
			l := s.regulation(p)
			l.left = s.stepRow(l, p, x.At)
			return l
		})
	case regulation.PartGap:
		g := p.Gaps[x.At]
		title := g.Article
		if title == "" {
			title = s.t("gap.whole")
		}
		if found == "" {
			found = g.Problem
		}
		to := func() Page { return s.gaps(p) }
		if list := p.Cited(g.Article); len(list) == 1 {
			to = func() Page { return s.article(p, list[0]) }
		}
		return s.link(from, title, found, to)
	}
	own := s.within(from, x)
	detail := found
	if detail == "" {
		detail = own.Detail
	}
	return s.link(from, own.Title, dotted(x.Scheme.Title, detail), func() Page {
		l := s.scheme(x.Scheme)
		l.left = s.within(l, x)
		return l
	})
}

// rule is one rule: what it rests on, what it asks, how it can end, and who asks it.
func (s *shelf) rule(r *regulation.Rule) *Leaf {
	l := s.page(PlaceRule, r.Title)
	p := r.Pack()
	parts := []Part{s.labelled("cite", r.Cite(), "class", s.desk.T("rule.effect."+string(r.Class), nil),
		"origin", s.desk.T("origin."+string(r.Origin), nil), "reading", r.Reading, "id", r.ID)}
	if len(r.Inputs) > 0 {
		rows := Rows{Head: s.t("asks")}
		for _, in := range r.Inputs {
			rows.Rows = append(rows.Rows, Row{Title: in.Title, Detail: s.asked(in)})
		}
		parts = append(parts, rows)
	}
	ends := Rows{Head: s.t("ends")}
	for _, w := range r.Ways() {
		detail := w.Says
		if w.When != "" {
			detail += "\n" + s.t("when", "When", w.When)
		}
		ends.Rows = append(ends.Rows, Row{Title: s.desk.T("outcome."+w.Outcome, nil), Detail: detail, Tone: outcomeTones[w.Outcome]})
	}
	if len(r.Inputs) > 0 {
		ends.Rows = append(ends.Rows, Row{Title: s.desk.T("outcome."+regulation.OutcomeNeedsDecision, nil), Detail: s.t("unknown"), Tone: ToneDecide})
	}
	parts = append(parts, ends)
	if list := p.Cited(r.Article); len(list) > 0 {
		rows := Rows{Head: s.t("rests")}
		for _, i := range list {
			rows.Rows = append(rows.Rows, s.link(l, p.Articles[i].ID, opening(p.Articles[i]), func() Page { return s.article(p, i) }))
		}
		parts = append(parts, rows, s.notice())
	}
	users := Rows{Head: s.t("users"), None: s.t("users.none")}
	for _, x := range r.Schemes() {
		users.Rows = append(users.Rows, s.link(l, x.Title, s.asking(x, r), func() Page {
			to := s.scheme(x)
			to.left = s.ruleRow(to, r)
			return to
		}))
	}
	return l.set(append(parts, users))
}

// outcomeTones are how the outcomes of rules are to be read.
var outcomeTones = map[string]Tone{
	regulation.OutcomePass: ToneDone, regulation.OutcomeOnTime: ToneDone, regulation.OutcomeEligible: ToneDone,
	regulation.OutcomeBlock: ToneError, regulation.OutcomeMissing: ToneDecide, regulation.OutcomeOverdue: ToneDecide,
	regulation.OutcomeNeedsDecision: ToneDecide,
}

// asked says what answers an input, and what stands in for an answer.
func (s *shelf) asked(in *regulation.Input) string {
	out := s.desk.T("input."+in.Type, nil)
	if len(in.Values) > 0 {
		titles := make([]string, len(in.Values))
		for i, v := range in.Values {
			titles[i] = v.Title
		}
		out = s.t("one.of", "Type", out, "Values", strings.Join(titles, "、"))
	}
	if in.HasDefault {
		out = dotted(out, s.desk.T("rule.default", map[string]string{"value": in.Say(in.Default)}))
	}
	return out
}

// asking says when a scheme asks a rule, and for which of its gates.
func (s *shelf) asking(x *regulation.Scheme, r *regulation.Rule) string {
	var out []string
	for _, after := range []bool{false, true} {
		if slices.Contains(x.Checks, review.RuleRef{ID: r.ID, After: after}) {
			out = append(out, s.t(map[bool]string{false: "before", true: "after"}[after]))
		}
	}
	for _, it := range x.Items {
		if it.Rule == r.ID {
			out = append(out, s.t("gate.of", "Item", it.Title))
		}
	}
	return dotted(out...)
}

// opening gives how an article begins.
func opening(a regulation.Article) string {
	const most = 60
	text := []rune(strings.Join(a.Text, ""))
	if len(text) > most {
		return string(text[:most]) + "……"
	}
	return string(text)
}
