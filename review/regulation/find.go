package regulation

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Finder finds words in what the regulations say. It is read-only and safe for concurrent
// use.
type Finder struct{ entries []findable }

// findable is one spot with its text. folded is the same text as it is compared, with as many
// characters; lines are compared each for itself, the first is what the spot is called.
type findable struct {
	spot   Spot
	lines  [][]rune
	folded []string
}

// Hit is a spot that holds all the words.
type Hit struct {
	Spot
	Context string // a piece of its text with as many of the words as possible; "" where they stand in its title alone
}

// Finder makes ready for looking for words in texts, rules with their readings, schemes,
// items, materials and gaps of all packs. (Headings and conclusions are the same nearly
// everywhere and are found with their scheme.)
func (l *Library) Finder() *Finder {
	f := &Finder{}
	for _, p := range l.packs {
		f.add(Spot{Part: PartRegulation, Pack: p}, p.Short, p.Title, p.Number, p.Issuer, p.Scope, p.Note, p.ID)
		chapter := ""
		for i, a := range p.Articles {
			if a.Chapter != "" {
				chapter = a.Chapter
			}
			f.add(Spot{Part: PartArticle, Pack: p, At: i}, a.ID, append(slices.Clone(a.Text), chapter)...)
		}
		for _, s := range p.Spots() {
			switch s.Part {
			case PartRule:
				f.addRule(s)
			case PartScheme:
				x := s.Scheme
				f.add(s, x.Title, x.Trigger, x.Convener, x.Reviewers, x.Filing, x.LaterUse, x.Basis, x.ID)
			case PartItem:
				x := s.Scheme.Items[s.At]
				f.add(s, x.Title, x.Question, x.Consequence, x.Article, x.ID)
			case PartMaterial:
				x := s.Scheme.Materials[s.At]
				f.add(s, x.Title, x.When, x.Article, x.Code)
			case PartStep:
				x := p.Lifecycle[s.At]
				f.add(s, x.Title, x.Who, x.Article)
			case PartGap:
				x := p.Gaps[s.At]
				f.add(s, x.Article, x.Problem, x.Reading)
			}
		}
	}
	byParts(f.entries, func(e findable) Part { return e.spot.Part })
	return f
}

func (f *Finder) addRule(s Spot) {
	r := s.Rule
	lines := []string{r.Reading}
	for _, w := range r.Ways() {
		lines = append(lines, strings.ReplaceAll(w.Says, r.Cite(), r.Article)) // not with each rule the 文号
	}
	for _, in := range r.Inputs {
		lines = append(lines, in.Title)
	}
	f.add(s, r.Title, append(lines, r.Article, r.ID)...)
}

func (f *Finder) add(s Spot, title string, lines ...string) {
	e := findable{spot: s}
	for i, line := range append([]string{title}, lines...) {
		if line != "" || i == 0 {
			e.lines, e.folded = append(e.lines, []rune(line)), append(e.folded, fold(line))
		}
	}
	f.entries = append(f.entries, e)
}

// Find gives what holds every one of the words, which are divided by spaces, by parts in
// their order and within a part by packs. Full-width and half-width forms are equal, and so
// are capital and small letters and the usual kinds of brackets and quotation marks. None
// for no words.
func (f *Finder) Find(words string) []Hit {
	want := strings.Fields(fold(words))
	if len(want) == 0 {
		return nil
	}
	var out []Hit
	for _, e := range f.entries {
		if context, ok := e.find(want); ok {
			out = append(out, Hit{e.spot, context})
		}
	}
	return out
}

// find tells whether the entry has all words, and gives the piece of text around those of
// the line that has most of them, the title aside.
func (e findable) find(words []string) (context string, ok bool) {
	for _, w := range words {
		if !slices.ContainsFunc(e.folded, func(line string) bool { return strings.Contains(line, w) }) {
			return "", false
		}
	}
	best, most := -1, 0
	for i, line := range e.folded {
		n := 0
		for _, w := range words {
			if strings.Contains(line, w) {
				n++
			}
		}
		if i > 0 && n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		return "", true
	}
	return e.excerpt(best, words), true
}

// How much of a line a piece of text shows, in characters: in all, and before what was found.
const (
	excerptLength = 72
	excerptBefore = 16
)

// excerpt cuts from a line the piece that has most of the words.
func (e findable) excerpt(line int, words []string) string {
	folded, text := e.folded[line], e.lines[line]
	best, most := 0, -1
	for _, w := range words {
		for from := 0; ; {
			i := strings.Index(folded[from:], w)
			if i < 0 {
				break
			}
			at := from + i
			from = at + len(w)
			begin := max(0, utf8.RuneCountInString(folded[:at])-excerptBefore)
			n, piece := 0, piece(folded, begin)
			for _, other := range words {
				if strings.Contains(piece, other) {
					n++
				}
			}
			if n > most || n == most && begin < best {
				best, most = begin, n
			}
		}
	}
	end := min(len(text), best+excerptLength)
	if end == len(text) {
		best = max(0, end-excerptLength)
	}
	out := string(text[best:end])
	if best > 0 {
		out = "……" + out
	}
	if end < len(text) {
		out += "……"
	}
	return out
}

// piece gives what an excerpt from a character on would show.
func piece(s string, begin int) string {
	r := []rune(s)
	return string(r[begin:min(len(r), begin+excerptLength)])
}

// fold gives a text as it is compared, character by character.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～': // the full-width forms of ASCII
			r -= '！' - '!'
		case r == '　', r == '\u00a0', r == '\n', r == '\t':
			r = ' '
		case strings.ContainsRune("〔【", r):
			r = '['
		case strings.ContainsRune("〕】", r):
			r = ']'
		case r == '“' || r == '”':
			r = '"'
		case r == '‘' || r == '’':
			r = '\''
		}
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}
