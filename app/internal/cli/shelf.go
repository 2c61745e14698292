package cli

import (
	"slices"
	"strings"
	"time"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/regulation"
)

// packView is what a regulation says of itself as --json gives it.
type packView struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Short  string `json:"short"`
	Number string `json:"number,omitempty"`
	Issuer string `json:"issuer,omitempty"`
	Date   string `json:"date,omitempty"`
	Scope  string `json:"scope,omitempty"`
	Note   string `json:"note,omitempty"`
}

// spotView is a part of a regulation as --json gives it.
type spotView struct {
	Regulation string          `json:"regulation"`
	Part       regulation.Part `json:"part"`
	ID         string          `json:"id,omitempty"`
	Title      string          `json:"title"`
	Scheme     string          `json:"scheme,omitempty"`
	Article    string          `json:"article,omitempty"`
	Context    string          `json:"context,omitempty"`
}

// articleView is an article with what cites it.
type articleView struct {
	ID      string     `json:"id"`
	Chapter string     `json:"chapter,omitempty"`
	Text    []string   `json:"text"`
	CitedBy []spotView `json:"cited_by"`
}

type stepView struct {
	Title   string   `json:"title"`
	Article string   `json:"article,omitempty"`
	Who     string   `json:"who,omitempty"`
	Schemes []string `json:"schemes"`
}

type gapView struct {
	Article string `json:"article,omitempty"`
	Problem string `json:"problem"`
	Reading string `json:"reading"`
}

func viewOfSpot(s regulation.Spot) spotView {
	v := spotView{Regulation: s.Pack.ID, Part: s.Part, Title: s.Title(), Article: s.Citation()}
	if s.Scheme != nil {
		v.Scheme = s.Scheme.ID
	}
	switch s.Part {
	case regulation.PartRegulation:
		v.ID = s.Pack.ID
	case regulation.PartArticle:
		v.ID = v.Article
	case regulation.PartRule:
		v.ID = s.Rule.ID
	case regulation.PartScheme:
		v.ID = s.Scheme.ID
	case regulation.PartItem:
		v.ID = s.Scheme.Items[s.At].ID
	case regulation.PartMaterial:
		v.ID = s.Scheme.Materials[s.At].Code
	case regulation.PartConclusion:
		v.ID = s.Scheme.Conclusions[s.At].ID
	}
	return v
}

// regulationText shows a regulation's text, a project's course under it and where it leaves
// room; or of an article its words and what rests on it.
func (a *acting) regulationText() (told, error) {
	const op = "cli.acting.regulationText"
	lib, err := a.rulesWith(a.all("pack"))
	if err != nil {
		return told{}, err
	}
	p, ok := lib.Pack(a.file)
	if !ok {
		return told{}, review.E(review.CodeRegulationUnknown, op, a.file, nil)
	}
	list, whole := []int{}, len(a.more) == 0 || a.more[0] == ""
	if whole {
		for i := range p.Articles {
			list = append(list, i)
		}
	} else if list = p.Cited(fullWidth.Replace(a.more[0])); len(list) == 0 {
		return told{}, review.E(review.CodeArticleUnknown, op, a.more[0], nil)
	}
	object := map[string]any{
		"regulation": packView{p.ID, p.Title, p.Short, p.Number, p.Issuer, p.Date, p.Scope, p.Note},
		"notice":     a.Words.T("browse.notice", nil),
	}
	lines := []string{a.regulationLine(p)}
	if whole {
		date := p.Date
		if t, err := time.Parse(time.DateOnly, date); err == nil {
			date = words.Date(t)
		}
		for _, x := range []struct{ key, text string }{{"issuer", p.Issuer}, {"date", date}, {"scope", p.Scope}, {"note", p.Note}} {
			lines = append(lines, a.labelled("browse.label."+x.key, x.text)...)
		}
		lines = append(lines, a.courseLines(lib, p, object)...)
	}
	views, chapter := []articleView{}, ""
	for _, i := range list {
		x := p.Articles[i]
		v := articleView{ID: x.ID, Text: x.Text, CitedBy: []spotView{}}
		for j := i; j >= 0 && v.Chapter == ""; j-- {
			v.Chapter = p.Articles[j].Chapter
		}
		if v.Chapter != chapter {
			chapter = v.Chapter
			lines = append(lines, "", chapter)
		}
		lines = append(lines, "")
		for j, text := range x.Text {
			if j == 0 {
				text = x.ID + "　" + text
			}
			lines = append(lines, wrap("  ", text)...)
		}
		citing := p.Citing(i)
		for j, s := range citing {
			v.CitedBy = append(v.CitedBy, viewOfSpot(s))
			if whole {
				continue
			}
			if j == 0 || citing[j-1].Part != s.Part {
				lines = append(lines, "", "  "+a.Words.T("browse.by."+string(s.Part), nil))
			}
			lines = append(lines, a.spotLine(s)...)
		}
		views = append(views, v)
	}
	if len(p.Articles) == 0 {
		lines = append(lines, "", a.Words.T("rules.text.none", nil))
	}
	if whole && len(p.Gaps) > 0 {
		gaps := []gapView{}
		lines = append(lines, "", a.Words.T("browse.gaps", nil))
		for _, g := range p.Gaps {
			gaps = append(gaps, gapView(g))
			head := g.Article
			if head == "" {
				head = a.Words.T("browse.gap.whole", nil)
			}
			lines = append(lines, "  "+head)
			lines = append(lines, wrap("    "+pad(a.Words.T("browse.gap.problem", nil), 10), g.Problem)...)
			lines = append(lines, wrap("    "+pad(a.Words.T("browse.gap.reading", nil), 10), g.Reading)...)
		}
		object["gaps"] = gaps
	}
	object["articles"] = views
	return told{lines: append(lines, "", a.Words.T("browse.notice", nil)), object: object}, nil
}

// fullWidth writes a citation as packs do.
var fullWidth = strings.NewReplacer("(", "（", ")", "）", ",", "，", " ", "")

// courseLines tell a project's course under a regulation, and put it into an object.
func (a *acting) courseLines(lib *regulation.Library, p *regulation.Pack, object map[string]any) []string {
	if len(p.Lifecycle) == 0 {
		return nil
	}
	lines, views := []string{"", a.Words.T("browse.course", nil)}, []stepView{}
	for _, x := range p.Lifecycle {
		views = append(views, stepView{x.Title, x.Article, x.Who, append([]string{}, x.Schemes...)})
		line := x.Title
		for _, part := range []string{x.Article, x.Who} {
			if part != "" {
				line += "　" + part
			}
		}
		lines = append(lines, wrap("  ", line)...)
		for _, id := range x.Schemes {
			s, _ := lib.Scheme(id) // the pack was loaded with it
			lines = append(lines, "      "+pad(id, 36)+s.Title)
		}
	}
	object["lifecycle"] = views
	return lines
}

// spotLine names a part of a regulation on one line.
func (a *acting) spotLine(s regulation.Spot) []string {
	v := viewOfSpot(s)
	title := v.Title
	if s.Scheme != nil && s.Part != regulation.PartScheme {
		title = s.Scheme.Title + "　" + title
	}
	if s.Part == regulation.PartGap {
		title += "　" + a.sentence("rules.reading", said{"reading": s.Pack.Gaps[s.At].Reading})
	}
	switch {
	case v.ID == "":
		return wrap("    ", title)
	case s.Part == regulation.PartScheme:
		return wrap("    "+pad(v.ID, 36), title)
	}
	return wrap("    "+pad(v.ID, 10), title)
}

// searchRules looks for words in all regulations.
func (a *acting) searchRules() (told, error) {
	lib, err := a.rulesWith(a.all("pack"))
	if err != nil {
		return told{}, err
	}
	asked := strings.Join(append([]string{a.file}, a.more...), " ")
	hits := lib.Finder().Find(asked)
	out, views := told{}, []spotView{}
	for i, h := range hits {
		if i == 0 || hits[i-1].Part != h.Part {
			n := len(hits[i:])
			if end := slices.IndexFunc(hits[i:], func(x regulation.Hit) bool { return x.Part != h.Part }); end >= 0 {
				n = end
			}
			out.lines = append(out.lines, a.sentence("browse.found."+string(h.Part), said{"Count": n}))
		}
		v := viewOfSpot(h.Spot)
		v.Context = h.Context
		views = append(views, v)
		line := h.Pack.Short
		switch {
		case h.Part == regulation.PartRegulation:
			line = h.Pack.Title
		case h.Part == regulation.PartGap && v.Article != "":
			line += "　" + v.Article
		case h.Part == regulation.PartGap:
			line += "　" + a.Words.T("browse.gap.whole", nil)
		case h.Part == regulation.PartArticle, v.ID == "":
			line += "　" + v.Title
		case h.Scheme != nil && h.Part != regulation.PartScheme:
			line += "　" + v.ID + "　" + h.Scheme.Title + "　" + v.Title
		default:
			line += "　" + v.ID + "　" + v.Title
		}
		out.lines = append(out.lines, wrap("  ", line)...)
		if h.Context != "" {
			out.lines = append(out.lines, wrap("      ", h.Context)...)
		}
	}
	out.object = map[string]any{"words": asked, "hits": views, "notice": a.Words.T("browse.notice", nil)}
	if len(hits) == 0 {
		out.lines = append(out.lines, a.Words.T("browse.lookup.none", nil))
		return out, nil
	}
	out.lines = append(out.lines, "", a.sentence("browse.lookup.found", said{"Count": len(hits)}), a.Words.T("browse.notice", nil))
	return out, nil
}

// cellView is what a regulation has for a stage, as --json gives it.
type cellView struct {
	Regulation string            `json:"regulation"`
	Says       string            `json:"says"`
	Schemes    []string          `json:"schemes"`
	Origin     regulation.Origin `json:"origin"`
}

type stageView struct {
	ID    string     `json:"id"`
	Title string     `json:"title"`
	Cells []cellView `json:"regulations"`
}

// crossRules compares all regulations, stage by stage.
func (a *acting) crossRules() (told, error) {
	lib, err := a.rulesWith(a.all("pack"))
	if err != nil {
		return told{}, err
	}
	table := lib.Table()
	out, views := told{}, []stageView{}
	for i, stage := range table.Stages {
		v := stageView{stage.ID, stage.Title, []cellView{}}
		out.lines = append(out.lines, stage.Title)
		for j, p := range table.Packs {
			c, ok := table.Cell(i, j)
			if !ok {
				continue
			}
			v.Cells = append(v.Cells, cellView{p.ID, c.Says, append([]string{}, c.Schemes...), c.Origin})
			text := c.Says
			for _, id := range c.Schemes {
				s, _ := lib.Scheme(id) // the pack was loaded with it
				text += "　" + s.Title
			}
			out.lines = append(out.lines, wrap("  "+pad(p.Short, 20), text+a.byDefault(c.Origin))...)
		}
		if len(v.Cells) == 0 {
			out.lines = append(out.lines, "  "+a.Words.T("browse.stage.none", nil))
		}
		views = append(views, v)
	}
	out.object = map[string]any{"stages": views}
	return out, nil
}
