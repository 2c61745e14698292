package regulation

import "slices"

// Part is a kind of what a regulation is made of.
type Part string

// The parts, in the order in which people are told of them.
const (
	PartRegulation Part = "regulation" // the whole: its name, scope, note
	PartArticle    Part = "article"
	PartRule       Part = "rule"
	PartScheme     Part = "scheme"
	PartItem       Part = "item"
	PartMaterial   Part = "material"
	PartConclusion Part = "conclusion"
	PartHeading    Part = "heading" // the title of the opinion, or a heading in it
	PartStep       Part = "step"    // of the lifecycle
	PartGap        Part = "gap"
)

// Parts are all of them, in their order.
var Parts = []Part{
	PartRegulation, PartArticle, PartRule, PartScheme, PartItem, PartMaterial, PartConclusion, PartHeading, PartStep, PartGap,
}

// Spot is one part of a regulation: what cites an article, or what holds words that people
// look for.
type Spot struct {
	Part   Part
	Pack   *Pack
	Rule   *Rule   // of a rule
	Scheme *Scheme // of a scheme, and that in which an item, material, conclusion or heading stands
	At     int     // the place in its list of anything else; the opinion's title is heading −1
}

// heading gives the heading that the spot is.
func (s Spot) heading() Section {
	if s.At < 0 {
		return s.Scheme.Document
	}
	return s.Scheme.Sections[s.At]
}

// Title is what the spot is called.
func (s Spot) Title() string {
	switch s.Part {
	case PartRegulation:
		return s.Pack.Short
	case PartArticle:
		return s.Pack.Articles[s.At].ID
	case PartRule:
		return s.Rule.Title
	case PartScheme:
		return s.Scheme.Title
	case PartItem:
		return s.Scheme.Items[s.At].Title
	case PartMaterial:
		return s.Scheme.Materials[s.At].Title
	case PartConclusion:
		return s.Scheme.Conclusions[s.At].Title
	case PartHeading:
		return s.heading().Title
	case PartStep:
		return s.Pack.Lifecycle[s.At].Title
	case PartGap:
		return s.Pack.Gaps[s.At].Problem
	}
	panic("regulation: a part that there is not")
}

// Citation gives the clauses that the spot cites, as its pack has them; an article's is its
// own id. "" for none.
func (s Spot) Citation() string {
	switch s.Part {
	case PartArticle:
		return s.Pack.Articles[s.At].ID
	case PartRule:
		return s.Rule.Article
	case PartScheme:
		return s.Scheme.Basis
	case PartItem:
		return s.Scheme.Items[s.At].Article
	case PartMaterial:
		return s.Scheme.Materials[s.At].Article
	case PartConclusion:
		return s.Scheme.Conclusions[s.At].Article
	case PartHeading:
		return s.heading().Article
	case PartStep:
		return s.Pack.Lifecycle[s.At].Article
	case PartGap:
		return s.Pack.Gaps[s.At].Article
	}
	return ""
}

// Spots gives everything of the regulation but its articles: the rules, then each scheme
// with what stands in it, then the lifecycle and the gaps.
func (p *Pack) Spots() []Spot {
	var out []Spot
	add := func(s Spot, n int) {
		s.Pack = p
		for i := range n {
			s.At = i
			out = append(out, s)
		}
	}
	for _, r := range p.Rules {
		add(Spot{Part: PartRule, Rule: r}, 1)
	}
	for _, s := range p.Schemes {
		add(Spot{Part: PartScheme, Scheme: s}, 1)
		add(Spot{Part: PartItem, Scheme: s}, len(s.Items))
		add(Spot{Part: PartMaterial, Scheme: s}, len(s.Materials))
		add(Spot{Part: PartConclusion, Scheme: s}, len(s.Conclusions))
		out = append(out, Spot{Part: PartHeading, Pack: p, Scheme: s, At: -1})
		add(Spot{Part: PartHeading, Scheme: s}, len(s.Sections))
	}
	add(Spot{Part: PartStep}, len(p.Lifecycle))
	add(Spot{Part: PartGap}, len(p.Gaps))
	return out
}

// Citing gives what of the regulation cites an article, by its place in Articles, by parts
// in their order. The way back is Cited of a spot's Citation.
func (p *Pack) Citing(article int) []Spot {
	return slices.Clone(p.citing()[article])
}

// citations finds what cites each article, looking at every citation once.
func (p *Pack) citations() [][]Spot {
	out := make([][]Spot, len(p.Articles))
	for _, s := range p.Spots() {
		for _, i := range p.Cited(s.Citation()) {
			out[i] = append(out[i], s)
		}
	}
	for i := range out {
		byParts(out[i], func(s Spot) Part { return s.Part })
	}
	return out
}

// byParts puts a list in the order of parts, and leaves it as it is within each.
func byParts[T any](list []T, part func(T) Part) {
	slices.SortStableFunc(list, func(a, b T) int { return slices.Index(Parts, part(a)) - slices.Index(Parts, part(b)) })
}

// Schemes gives the schemes that the rule is asked in, in the pack's order.
func (r *Rule) Schemes() []*Scheme {
	var out []*Scheme
	for _, s := range r.pack.Schemes {
		for _, c := range s.Checks {
			if c.ID == r.ID {
				out = append(out, s)
				break
			}
		}
	}
	return out
}

// Pack finds a regulation by its id.
func (l *Library) Pack(id string) (*Pack, bool) {
	if i := slices.IndexFunc(l.packs, func(p *Pack) bool { return p.ID == id }); i >= 0 {
		return l.packs[i], true
	}
	return nil, false
}

// Table compares regulations: rows are the stages of review that the common pack names,
// columns the regulations that say something of one of them.
type Table struct {
	Stages []Word
	Packs  []*Pack
}

// Table gives the table of all packs. What a pack says of a stage that the common pack does
// not name stands in no row.
func (l *Library) Table() Table {
	var t Table
	if c, ok := l.Pack(Common); ok {
		t.Stages = c.Stages
	}
	for _, p := range l.packs {
		if len(p.Cross) > 0 {
			t.Packs = append(t.Packs, p)
		}
	}
	return t
}

// Cell gives what the regulation of a column has for the stage of a row, by their indexes;
// false for nothing.
func (t Table) Cell(stage, pack int) (Cell, bool) {
	for _, c := range t.Packs[pack].Cross {
		if c.Stage == t.Stages[stage].ID {
			return c, true
		}
	}
	return Cell{}, false
}
