package regulation

import (
	"cmp"
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
		l.add(review.CodePackKey, n.line, n.column, "stages", hint{why: "stages"})
		return
	}
	for _, e := range n.entries {
		if !inputID.MatchString(e.key) {
			l.add(review.CodePackID, e.line, e.column, e.key, hint{why: "input"})
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
		if _, twice := l.pack.byID[a.ID]; twice {
			l.add(review.CodePackDuplicate, n.line, n.column, a.ID, hint{why: "id"})
		}
		l.pack.byID[a.ID] = len(l.pack.Articles)
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
	l.pack.byChapter = chapters(l.pack.Articles)
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
			l.add(review.CodePackDuplicate, n.line, n.column, c.Stage, hint{why: "id"})
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
			var own []string
			for _, s := range l.pack.Schemes {
				own = append(own, strings.TrimPrefix(s.ID, l.pack.ID+"."))
			}
			l.add(review.CodePackReference, x.line, x.column, x.text, hint{why: "scheme", want: strings.Join(own, "、")})
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
	if _, lost, ok := l.pack.cited(s); !ok {
		v := n.get(key)
		h := hint{why: "lost"}
		if strings.ContainsAny(lost, "()") {
			h = hint{why: "brackets", want: strings.NewReplacer("(", "（", ")", "）").Replace(s)}
		}
		l.add(review.CodePackArticle, v.line, v.column, cmp.Or(lost, s), h)
	}
	return s
}

// Cited gives the articles that a citation names, by their places in Articles, in the order
// of the text: 第九条、第十一条 two of them, 第七条至第九条 three, 三（四）第1款 the one that the
// paragraph is in, 三 all of that chapter. None where the pack brings no text.
func (p *Pack) Cited(citation string) []int {
	list, _, _ := p.cited(citation)
	return list
}

// cited gives also the first part of a citation that no article has; ok where all have one.
func (p *Pack) cited(citation string) (list []int, lost string, ok bool) {
	named := make([]bool, len(p.Articles))
	ok = true
	for part := range strings.SplitSeq(citation, "、") {
		from, to, isRange := strings.Cut(part, "至")
		at, found := p.place(from)
		if found && isRange {
			if chapter, _, inChapter := strings.Cut(from, "（"); inChapter && strings.HasPrefix(to, "（") {
				to = chapter + to // 四（一）至（三）: of the same chapter
			}
			end, also := p.place(to)
			at.last, found = end.last, also && end.last >= at.first
		}
		if !found {
			lost, ok = part, false
			break
		}
		for i := at.first; i <= at.last; i++ {
			named[i] = true
		}
	}
	for i, is := range named {
		if is {
			list = append(list, i)
		}
	}
	return list, lost, ok
}

// span is some articles on end, by their places in Pack.Articles.
type span struct{ first, last int }

// chapters finds the articles of which a clause is the chapter: those of 三（一） to 三（八） for 三.
func chapters(articles []Article) map[string]span {
	found := map[string]span{}
	for i, a := range articles {
		for end := range a.ID {
			if clause := a.ID[:end]; clause != "" && strings.HasPrefix(a.ID[end:], "（") {
				at, ok := found[clause]
				if !ok {
					at.first = i
				}
				found[clause] = span{at.first, i}
			}
		}
	}
	return found
}

// place finds the articles that one clause is of: that of which it is the id or a part, else
// those whose chapter it is.
func (p *Pack) place(clause string) (span, bool) {
	for end := len(clause); end > 0; end-- {
		if i, ok := p.byID[clause[:end]]; ok {
			return span{i, i}, true
		}
	}
	at, ok := p.byChapter[clause]
	return at, ok
}
