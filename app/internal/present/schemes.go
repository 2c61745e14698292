package present

import (
	"slices"
	"strings"

	"heyi/review"
	"heyi/review/regulation"
)

// scheme is one 评审方案: on what it rests, who holds it, what is asked, what is to be there,
// and what it can come to.
func (s *shelf) scheme(x *regulation.Scheme) *Leaf {
	p := x.Pack()
	l := s.page(PlaceScheme, p.Short+"　"+x.Title)
	parts := []Part{s.labelled("title", x.Title, "cite", x.Cite(), "mode", s.desk.T("scheme.mode."+string(x.Mode), nil),
		"convener", x.Convener, "reviewers", x.Reviewers, "trigger", x.Trigger, "filing", x.Filing, "later", x.LaterUse)}
	if to := s.cited(p, x.Basis); to != nil {
		parts = append(parts, Rows{Rows: []Row{s.link(l, s.t("basis"), x.Basis, to)}})
	}
	list := func(key string, part regulation.Part, from, to int) {
		rows := Rows{Head: s.t("part." + key)}
		for i := from; i < to; i++ {
			rows.Rows = append(rows.Rows, s.within(l, regulation.Spot{Part: part, Pack: p, Scheme: x, At: i}))
		}
		if len(rows.Rows) > 0 {
			parts = append(parts, rows)
		}
	}
	list("items", regulation.PartItem, 0, len(x.Items))
	list("materials", regulation.PartMaterial, 0, len(x.Materials))
	for _, after := range []bool{false, true} {
		rows := Rows{Head: s.t(map[bool]string{false: "part.before", true: "part.after"}[after])}
		for _, c := range x.Checks {
			if r, ok := s.lib.Rule(c.ID); ok && c.After == after {
				rows.Rows = append(rows.Rows, s.ruleRow(l, r))
			}
		}
		if len(rows.Rows) > 0 {
			parts = append(parts, rows)
		}
	}
	list("conclusions", regulation.PartConclusion, 0, len(x.Conclusions))
	list("headings", regulation.PartHeading, -1, len(x.Sections))
	if len(p.Articles) > 0 { // items and materials are worded after it
		parts = append(parts, s.notice())
	}
	return l.set(parts)
}

// within is the row of an item, material, conclusion or heading on the page of its scheme. It
// leads to the articles.
func (s *shelf) within(from *Leaf, x regulation.Spot) Row {
	title, detail, citation := x.Title(), "", x.Citation()
	var origin regulation.Origin
	switch x.Part {
	case regulation.PartItem:
		it := x.Scheme.Items[x.At]
		kind := "item." + string(it.Kind)
		if it.Kind == regulation.KindText {
			kind = "scheme.item.text"
		}
		title = s.t("item", "Title", title, "Kind", s.desk.T(kind, nil), "Weight", it.Weight, "Full", it.Full)
		detail, origin = it.Question, it.Origin
		if it.Rule != "" {
			rule := it.Rule
			if r, ok := s.lib.Rule(it.Rule); ok {
				rule = r.Title
			}
			detail += s.t("gate", "Rule", rule)
		}
		if it.Consequence != "" {
			detail += s.t("consequence", "Text", it.Consequence)
		}
	case regulation.PartMaterial:
		m := x.Scheme.Materials[x.At]
		detail, origin = m.When, m.Origin
		if m.Optional {
			detail = dotted(detail, s.t("optional"))
		}
	case regulation.PartConclusion:
		c := x.Scheme.Conclusions[x.At]
		origin = c.Origin
		if c.Fails {
			detail = s.t("fails")
		}
	case regulation.PartHeading:
		h := x.Scheme.Document
		if x.At >= 0 {
			h = x.Scheme.Sections[x.At]
		} else {
			detail = s.t("document")
		}
		origin = h.Origin
	}
	return s.link(from, title, dotted(detail, s.rests(citation, origin)), s.cited(x.Pack, citation))
}

// rests says on which clauses something rests, and whether it is 系统默认.
func (s *shelf) rests(citation string, o regulation.Origin) string {
	if citation == "" {
		return strings.Trim(s.mark(o), "（）")
	}
	return s.t("rests.on", "Article", citation) + s.mark(o)
}

// Compare is the table of all regulations: a row for each stage of review, a column for each
// regulation.
type Compare struct {
	sheet
	shelf *shelf
	table regulation.Table
	row   int // the cell from which it was left
	col   int
}

func newCompare(s *shelf) *Compare {
	return &Compare{sheet: newSheet(s.desk, PlaceCompare), shelf: s, table: s.lib.Table()}
}

// Head gives the head of the table: the stage, then one column a regulation.
func (p *Compare) Head() []Cell {
	out := []Cell{{Text: p.shelf.t("stage"), Bold: true}}
	for _, x := range p.table.Packs {
		out = append(out, Cell{Text: x.Short, Bold: true})
	}
	return out
}

// Rows gives how many stages there are.
func (p *Compare) Rows() int { return len(p.table.Stages) }

// Cell gives a place of the table: the clauses, and below them the schemes.
func (p *Compare) Cell(row, col int) Cell {
	if col == 0 {
		return Cell{Text: p.table.Stages[row].Title, Bold: true}
	}
	c, ok := p.table.Cell(row, col-1)
	if !ok {
		return Cell{Text: p.shelf.t("none")}
	}
	text := c.Says
	if names := p.shelf.titles(c); names != "" {
		if c.Origin == regulation.OriginDefault {
			names = p.shelf.t("compare.default", "Titles", names)
		}
		text += "\n" + names
	}
	return Cell{Text: text}
}

// titles names the schemes of a cell.
func (s *shelf) titles(c regulation.Cell) string {
	out := ""
	for _, id := range c.Schemes {
		if x, ok := s.lib.Scheme(id); ok {
			if out != "" {
				out += "、"
			}
			out += x.Title
		}
	}
	return out
}

// Choose leads to what the regulations have for the stage of a row, that of the column first
// in sight.
func (p *Compare) Choose(row, col int) {
	if row < 0 || row >= p.Rows() {
		return
	}
	p.row, p.col = row, col
	p.shelf.open(p, func() Page { return p.shelf.stage(p.table, row, col-1) })
}

// Start gives the cell at which the table is taken up again.
func (p *Compare) Start() (row, col int) { return p.row, p.col }

// Look goes to where a text is looked for.
func (p *Compare) Look() { p.shelf.open(p, func() Page { return newLookup(p.shelf) }) }

// Primary goes back.
func (p *Compare) Primary() Action { return Action{p.desk.T("action.back", nil), p.Back} }

// stage is a row of the table: what each regulation has for one stage of review. The focus
// goes to the regulation of the column pack, -1 for none.
func (s *shelf) stage(t regulation.Table, stage, pack int) *Leaf {
	l := s.page(PlaceCompare, t.Stages[stage].Title)
	l.next = func() string { return s.desk.T("next.regulation", nil) }
	var parts []Part
	for j, p := range t.Packs {
		rows := Rows{Head: p.Short, None: s.t("stage.none")}
		c, ok := t.Cell(stage, j)
		if !ok {
			parts = append(parts, rows)
			continue
		}
		rows.Rows = append(rows.Rows, s.link(l, review.Legible(c.Says), s.t("stage.text"), s.cited(p, c.Says)))
		for _, id := range c.Schemes {
			if x, ok := s.lib.Scheme(id); ok {
				rows.Rows = append(rows.Rows, s.link(l, x.Title+s.mark(c.Origin), x.Trigger, func() Page { return s.scheme(x) }))
			}
		}
		if i := slices.IndexFunc(rows.Rows, func(r Row) bool { return r.Do != nil }); j == pack && i >= 0 {
			l.left = rows.Rows[i]
		}
		parts = append(parts, rows)
	}
	return l.set(parts)
}
