package regulation

import (
	"slices"
	"strings"

	"heyi/review"
)

// The bounds of a regulation's text.
const (
	maxArticles   = 200
	maxParagraphs = 40
	maxParagraph  = 3_000 // characters
	maxSteps      = 40
)

// stages reads the stages of review by which regulations are compared.
func (l *loader) stages(root *node) {
	n := root.get("stages")
	if n == nil || !l.isMapping(n) {
		return
	}
	if l.pack.ID != Common || len(n.entries) > maxSteps {
		l.add(review.CodePackKey, n.line, n.column, "stages")
		return
	}
	for _, e := range n.entries {
		if !inputID.MatchString(e.key) {
			l.add(review.CodePackID, e.line, e.column, e.key)
		}
		l.pack.Stages = append(l.pack.Stages, Word{e.key, l.scalar(e.value, maxTitle)})
	}
}

// articles reads the text.
func (l *loader) articles(root *node) {
	for _, n := range l.sequence(root.get("text"), maxArticles) {
		if !l.object(n, "id", "chapter", "says") || !l.need(n, "id", "says") {
			continue
		}
		a := Article{ID: l.text(n, "id", maxTitle), Chapter: l.text(n, "chapter", maxTitle)}
		if slices.ContainsFunc(l.pack.Articles, func(o Article) bool { return o.ID == a.ID }) {
			l.add(review.CodePackDuplicate, n.line, n.column, a.ID)
		}
		if says := n.get("says"); says.shape == sequence {
			for _, p := range l.sequence(says, maxParagraphs) {
				a.Text = append(a.Text, l.scalar(p, maxParagraph))
			}
		} else {
			a.Text = []string{l.scalar(says, maxParagraph)}
		}
		l.pack.Articles = append(l.pack.Articles, a)
	}
	if len(l.pack.Articles) > maxArticles {
		l.add(review.CodePackCount, root.line, root.column, "text")
	}
}

// course reads what the regulation says of a project's lifecycle, its column of the table
// of stages, and where its text leaves room. Schemes have been read before.
func (l *loader) course(root *node) {
	for _, n := range l.sequence(root.get("lifecycle"), maxSteps) {
		if l.object(n, "title", "article", "who", "schemes") && l.need(n, "title") {
			l.pack.Lifecycle = append(l.pack.Lifecycle, Step{
				Title: l.text(n, "title", maxTitle), Article: l.article(n, "article"), Who: l.text(n, "who", maxTitle), Schemes: l.schemes(n),
			})
		}
	}
	for _, n := range l.sequence(root.get("cross"), maxSteps) {
		if !l.object(n, "stage", "says", "schemes", "origin") || !l.need(n, "stage", "says") {
			continue
		}
		c := Cell{
			Stage: l.id(n, "stage", inputID), Says: l.text(n, "says", maxTitle), Schemes: l.schemes(n),
			Origin: pick(l, n, "origin", OriginText, OriginText, OriginDefault),
		}
		if slices.ContainsFunc(l.pack.Cross, func(o Cell) bool { return o.Stage == c.Stage }) {
			l.add(review.CodePackDuplicate, n.line, n.column, c.Stage)
		}
		l.pack.Cross = append(l.pack.Cross, c)
	}
	for _, n := range l.sequence(root.get("gaps"), maxArticles) {
		if l.object(n, "article", "problem", "reading") && l.need(n, "problem", "reading") {
			l.pack.Gaps = append(l.pack.Gaps, Gap{l.article(n, "article"), l.text(n, "problem", maxProse), l.text(n, "reading", maxProse)})
		}
	}
}

// schemes reads a list of the pack's own schemes.
func (l *loader) schemes(n *node) []string {
	var ids []string
	for _, x := range l.sequence(n.get("schemes"), maxSchemes) {
		id := l.pack.ID + "." + x.text
		if x.shape != scalar || !slices.ContainsFunc(l.pack.Schemes, func(s *Scheme) bool { return s.ID == id }) {
			l.add(review.CodePackReference, x.line, x.column, x.text)
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

// article reads a citation of the regulation's own clauses. Where the pack brings its text,
// every clause that is cited stands in it.
func (l *loader) article(n *node, key string) string {
	s := l.text(n, key, maxTitle)
	if s == "" || len(l.pack.Articles) == 0 {
		return s
	}
	if _, lost := l.pack.cited(s); lost != "" {
		v := n.get(key)
		l.add(review.CodePackArticle, v.line, v.column, lost)
	}
	return s
}

// Cited gives the articles that a citation names, by their places in Articles, in the order
// of the text: 第九条、第十一条 two of them, 第七条至第九条 three, 三（四）第1款 the one that the
// paragraph is in, 三 all of that chapter. None where the pack brings no text.
func (p *Pack) Cited(citation string) []int {
	list, _ := p.cited(citation)
	return list
}

// cited gives also the first part of a citation that no article has.
func (p *Pack) cited(citation string) (list []int, lost string) {
	for _, part := range strings.Split(citation, "、") {
		from, to, isRange := strings.Cut(part, "至")
		first, last := p.place(from)
		if first < 0 {
			return list, part
		}
		if isRange {
			if strings.HasPrefix(to, "（") { // 四（一）至（三）: of the same chapter
				to = from[:strings.Index(from, "（")] + to
			}
			if _, last = p.place(to); last < first {
				return list, part
			}
		}
		for i := first; i <= last; i++ {
			list = append(list, i)
		}
	}
	slices.Sort(list)
	return slices.Compact(list), ""
}

// place finds the articles that one citation is of: that of which it is the id or a part,
// else those whose chapter it is; -1 for none.
func (p *Pack) place(clause string) (first, last int) {
	first, last = -1, -1
	if clause == "" {
		return first, last
	}
	longest := 0
	for i, a := range p.Articles {
		if strings.HasPrefix(clause, a.ID) && len(a.ID) > longest {
			first, last, longest = i, i, len(a.ID)
		}
	}
	if first >= 0 {
		return first, last
	}
	for i, a := range p.Articles {
		if rest, ok := strings.CutPrefix(a.ID, clause); ok && strings.HasPrefix(rest, "（") {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}
