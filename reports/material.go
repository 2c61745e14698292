package reports

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"heyi/reports/layout"
	"heyi/reports/pdf"
	"heyi/review"
)

// Material composes a document that is no paper of the meeting: PDF/A-2u without
// signature fields, with bookmarks and page n of m. The same input gives the same
// bytes. The source is lines of text:
//
//	[封面]         a cover: the lines up to the next blank one are
//	               # title, perhaps ## subtitle, any number of
//	               label：value, and perhaps the date
//	# title        once, first, unless there is a cover
//	[目录]         a list of the headings of the first two levels
//	## heading     of the first level; ### of the second, #### of the third
//	| a | b |      rows of a table, the head first; a blank line, or any
//	               other, ends it. A second row of --- (by what is in the
//	               column), :-- (left), :-: (centred) and --: (right)
//	               aligns the body. A cell < is one with the cell to its
//	               left, ^ with the one above. Directly above the table
//	               may stand a title, as 表1　投资概算, and 单位：万元;
//	               directly below, 注：…
//	> text         who gives it and, on the next line, when
//	= text         a title within, as that of an annex
//	< text         flush left: whom it addresses
//
// Every other line is a paragraph. A heading that is a chapter (第一章) is centred;
// the number of an article (第一条) at the beginning of a paragraph is in 黑体.
// Codes: CodeMaterialForm (the item is the line's number), CodeTextGlyph (the item
// names the characters), CodeFont; those of review.CheckLine for what m says.
func (p *Papers) Material(source string, m review.Material) ([]byte, error) {
	const op = "reports.Material"
	for _, part := range []struct {
		field, text string
		max         int
		optional    bool
	}{
		{"title", m.Title, review.MaxTitle, false}, {"author", m.Author, review.MaxName, false},
		{"number", m.Number, review.MaxName, true}, {"note", m.Note, review.MaxReason, true},
	} {
		if part.optional && part.text == "" {
			continue
		}
		if err := review.CheckLine(part.field, part.text, part.max); err != nil {
			return nil, err
		}
	}
	r := &materialReader{m: m, lines: strings.Split(strings.TrimSuffix(source, "\n"), "\n")}
	d, ok := r.document()
	if !ok {
		return nil, review.E(review.CodeMaterialForm, op, strconv.Itoa(min(r.at+1, len(r.lines))), nil)
	}
	return p.compose(op, d, pdf.Meta{Title: m.Title, Author: m.Author, At: m.At})
}

// materialReader reads the source of a document. Its methods give false at the
// line, counted from 0, that is not in the form.
type materialReader struct {
	m      review.Material
	lines  []string
	at     int
	level  int // of the last heading
	listed bool
	layout.Document
}

var (
	chapter = regexp.MustCompile(`^第[一二三四五六七八九十百]+章[\x{3000} ]`)
	article = regexp.MustCompile(`^第[一二三四五六七八九十百]+条[\x{3000} ]`)
	rulers  = regexp.MustCompile(`^:?-{2,}:?$`)
)

// line gives the present line; "" at the end.
func (r *materialReader) line() string {
	if r.at < len(r.lines) {
		return r.lines[r.at]
	}
	return ""
}

func (r *materialReader) document() (layout.Document, bool) {
	r.Running, r.Outline = r.m.Number, true
	if r.Running == "" {
		r.Running = r.m.Title
	}
	for i, line := range r.lines {
		if !utf8.ValidString(line) || strings.TrimFunc(line, unicode.IsSpace) != line {
			r.at = i
			return layout.Document{}, false
		}
	}
	if !r.title() {
		return layout.Document{}, false
	}
	for r.at < len(r.lines) {
		if !r.block() {
			return layout.Document{}, false
		}
	}
	return r.Document, true
}

// title reads the cover, or the title.
func (r *materialReader) title() bool {
	for r.at < len(r.lines) && r.line() == "" {
		r.at++
	}
	if r.line() == "[封面]" {
		return r.cover()
	}
	title, ok := strings.CutPrefix(r.line(), "# ")
	if !ok {
		return false
	}
	r.at++
	r.Title = title
	if r.m.Number != "" {
		r.add(layout.Line{Align: layout.Centre, Text: r.m.Number})
	}
	if r.m.Note != "" {
		r.add(layout.Line{Align: layout.Centre, Face: layout.Kai, Size: layout.Small, Text: r.m.Note})
	}
	return true
}

func (r *materialReader) cover() bool {
	c := layout.Cover{Note: r.m.Note}
	r.at++
	var ok bool
	if c.Title, ok = strings.CutPrefix(r.line(), "# "); !ok {
		return false
	}
	r.at++
	if c.Subtitle, ok = strings.CutPrefix(r.line(), "## "); ok {
		r.at++
	} else {
		c.Subtitle = ""
	}
	for ; r.line() != ""; r.at++ {
		label, value, ok := strings.Cut(r.line(), "：")
		switch {
		case marked(r.line()) || c.Date != "":
			return false
		case ok && value != "":
			c.Rows = append(c.Rows, layout.Row{Label: label, Value: value})
		default:
			c.Date = r.line()
		}
	}
	r.add(c)
	return true
}

// marked finds lines that are no paragraphs.
func marked(line string) bool { return line != "" && strings.ContainsRune("#|[<>=^", rune(line[0])) }

func (r *materialReader) add(b layout.Block) { r.Blocks = append(r.Blocks, b) }

// block reads what stands at the present line.
func (r *materialReader) block() bool {
	line := r.line()
	mark, text, _ := strings.Cut(line, " ")
	switch {
	case line == "":
	case r.beforeTable():
		return r.table()
	case line == "[目录]" && !r.listed:
		r.listed = true
		r.add(layout.Contents{Title: "目　录"})
	case !marked(line):
		label := article.FindString(line)
		r.add(layout.Paragraph{Label: label, Text: line[len(label):]})
	case text == "":
		return false
	case mark == "##", mark == "###", mark == "####":
		level := len(mark) - 1
		if level > r.level+1 || utf8.RuneCountInString(text) > review.MaxParagraph {
			return false
		}
		r.level = level
		r.add(layout.Heading{Level: level, Text: text, Centre: chapter.MatchString(text)})
	case mark == ">":
		r.closing()
	case mark == "=":
		r.add(layout.Line{Align: layout.Centre, Face: layout.Title, Size: layout.Large, Text: text})
	case mark == "<":
		r.add(layout.Line{Align: layout.Left, Text: text})
	default:
		return false
	}
	r.at++
	return true
}

// closing reads names and, last, the date.
func (r *materialReader) closing() {
	var c layout.Closing
	for {
		c.Names = append(c.Names, r.line()[2:])
		if r.at+1 == len(r.lines) || !strings.HasPrefix(r.lines[r.at+1], "> ") {
			break
		}
		r.at++
	}
	if last := len(c.Names) - 1; unicode.IsDigit(rune(c.Names[last][0])) {
		c.Names, c.Date = c.Names[:last], c.Names[last]
	}
	r.add(c)
}

// beforeTable tells whether a table begins at the present line, with its title,
// its unit or its first row.
func (r *materialReader) beforeTable() bool {
	i := r.at
	for _, head := range []string{"表", "单位："} {
		if i < len(r.lines) && strings.HasPrefix(r.lines[i], head) {
			i++
		}
	}
	return i < len(r.lines) && strings.HasPrefix(r.lines[i], "|")
}

func (r *materialReader) table() bool {
	var t layout.Table
	if strings.HasPrefix(r.line(), "表") {
		t.Title = r.line()
		r.at++
	}
	if strings.HasPrefix(r.line(), "单位：") {
		t.Unit = r.line()
		r.at++
	}
	var rows [][]string
	for ; strings.HasPrefix(r.line(), "|"); r.at++ {
		cells, ok := rowCells(r.line())
		if !ok || len(rows) > 0 && len(cells) != len(rows[0]) {
			return false
		}
		if len(rows) == 1 && t.Columns == nil && !slices.ContainsFunc(cells, func(c string) bool { return !rulers.MatchString(c) }) {
			for _, c := range cells {
				t.Columns = append(t.Columns, layout.Column{Align: alignment(c)})
			}
			continue
		}
		for i, c := range cells {
			if c == "<" && i == 0 || c == "^" && len(rows) < 2 {
				return false
			}
		}
		rows = append(rows, cells)
	}
	if strings.HasPrefix(r.line(), "注：") {
		t.Note = r.line()
		r.at++
	}
	t.Head, t.Body, t.Stub = spanned(rows[:1]), spanned(rows[1:]), 1
	if rows[0][0] == "序号" {
		t.Stub = 2
	}
	r.add(t)
	return true
}

// rowCells gives what stands between the strokes of a row.
func rowCells(line string) ([]string, bool) {
	inner, ok := strings.CutSuffix(strings.TrimPrefix(line, "|"), "|")
	if !ok || len(line) < 2 {
		return nil, false
	}
	cells := strings.Split(inner, "|")
	for i := range cells {
		cells[i] = strings.Trim(cells[i], " ")
	}
	return cells, true
}

func alignment(ruler string) layout.Align {
	switch left, right := ruler[0] == ':', ruler[len(ruler)-1] == ':'; {
	case left && right:
		return layout.Centre
	case left:
		return layout.Left
	case right:
		return layout.Right
	}
	return layout.Auto
}

// spanned makes cells of rows: < is part of the cell to its left, ^ of the one
// above.
func spanned(rows [][]string) [][]layout.Cell {
	out := make([][]layout.Cell, len(rows))
	for r, cells := range rows {
		for c := 0; c < len(cells); c++ {
			if cells[c] == "^" {
				continue
			}
			cell := layout.Cell{Text: cells[c], Cols: 1, Rows: 1}
			for c+cell.Cols < len(cells) && cells[c+cell.Cols] == "<" {
				cell.Cols++
			}
			for r+cell.Rows < len(rows) && !slices.ContainsFunc(rows[r+cell.Rows][c:c+cell.Cols], func(s string) bool { return s != "^" }) {
				cell.Rows++
			}
			c += cell.Cols - 1
			out[r] = append(out[r], cell)
		}
	}
	return out
}
