package present

import (
	"strconv"
	"strings"

	"heyi/review/regulation"
)

// listed is how many places of a kind are listed before a person asks for all.
const listed = 6

// lookup is the page on which words are looked for in all regulations, while they are typed.
type lookup struct {
	shelf *shelf
	page  *Leaf
	field *Field
	hits  []regulation.Hit
	all   map[regulation.Part]bool // of which kinds all are listed
}

func newLookup(s *shelf) Page {
	x := &lookup{shelf: s, page: s.page(PlaceLookup, s.desk.T("head."+string(PlaceLookup), nil)), field: s.desk.field(FieldLine, "lookup")}
	if s.finder == nil {
		s.finder = s.lib.Finder()
	}
	x.page.read, x.page.look, x.page.finds = false, nil, true
	x.page.typed = func(*Field) { x.search() }
	x.page.content = x.content
	return x.page
}

// search looks for what stands in the field. It does so at once: who goes on from the field
// with Enter is to come to what he has typed.
func (x *lookup) search() {
	x.hits, x.all, x.page.left = x.shelf.finder.Find(x.field.Value), map[regulation.Part]bool{}, Row{}
	x.page.changed()
}

// content gives the field and, kind by kind, what was found.
func (x *lookup) content() []Part {
	s := x.shelf
	parts := []Part{x.field}
	switch {
	case strings.TrimSpace(x.field.Value) == "":
		return append(parts, Text{Look: LookCaption, Text: s.t("lookup.lead")})
	case len(x.hits) == 0:
		return append(parts, Text{Text: s.t("lookup.none")})
	}
	parts = append(parts, Text{Look: LookCaption, Text: s.t("lookup.found", "Count", strconv.Itoa(len(x.hits)))})
	for from := 0; from < len(x.hits); {
		part := x.hits[from].Part
		to := from
		for to < len(x.hits) && x.hits[to].Part == part {
			to++
		}
		parts = append(parts, x.rows(part, x.hits[from:to]))
		from = to
	}
	return append(parts, s.notice())
}

// rows lists what was found of one kind.
func (x *lookup) rows(part regulation.Part, hits []regulation.Hit) Rows {
	s := x.shelf
	rows := Rows{Head: s.t("found."+string(part), "Count", strconv.Itoa(len(hits)))}
	shown := len(hits)
	if shown > listed+1 && !x.all[part] {
		shown = listed
	}
	for _, h := range hits[:shown] {
		rows.Rows = append(rows.Rows, s.inPack(x.page, h.Pack, s.spotRow(x.page, h.Spot, h.Context)))
	}
	if rest := len(hits) - shown; rest > 0 {
		rows.add(s.t("lookup.rest", "Count", strconv.Itoa(rest)), "", func() {
			x.all[part] = true
			x.page.left = Row{}
			x.page.changed()
		})
	}
	return rows
}

// inPack names the regulation before what a row says.
func (s *shelf) inPack(from *Leaf, p *regulation.Pack, r Row) Row {
	if r.Title != p.Short {
		r.Title = p.Short + "　" + r.Title
	}
	do := r.Do
	r.Do = func() {
		do()
		from.left = Row{Title: r.Title, Detail: r.Detail}
	}
	return r
}
