package reports

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/paper"
)

// keyNote stands wherever a paper is signed by key (decisions 7).
const keyNote = "以数字证书签名的，证书由本评审组自建，非依法设立的电子认证机构签发；时间为本机时间。具有法律效力的签名以纸质亲笔签名或约定为准。"

// none stands where there is nothing to say, so that nothing can be added by hand.
const none = "无。"

// inkDate is filled in by whoever signs in ink.
const inkDate = "（亲笔签名的填写）　　　　年　　月　　日"

// begin gives a paper of a project with nothing in it. The group signs all but what one
// person alone gives.
func begin(h *paper.Head, title string, group bool) layout.Document {
	d := layout.Document{
		Secrecy: h.Secrecy, Copy: h.Copy, Mark: string(h.Mark), Title: title, Number: h.Number, Check: h.Check,
	}
	if group && h.Mark != paper.MarkDraft {
		d.Hidden = []string{review.SignatureField, review.ArchiveField}
	}
	return d
}

// fact is one label with its value in the table that a paper begins with.
type fact struct {
	label, value string
	wide         bool // it takes the row
	bold         bool
}

// particulars is the table that every paper of a project begins with: what is reviewed,
// and more. Facts that are not wide stand two in a row.
func particulars(h *paper.Head, more ...fact) layout.Table {
	facts := []fact{
		{label: "项目名称", value: h.Project, wide: true},
		{label: "项目编号", value: h.Code}, {label: "建设单位", value: h.Owner},
		{label: "评审类型", value: h.Type}, {label: "评审时间", value: h.Held},
	}
	if h.Convener != "" {
		facts = append(facts, fact{label: "组织单位", value: h.Convener}, fact{label: "评审地点", value: h.Place})
	} else {
		facts = append(facts, fact{label: "评审地点", value: h.Place, wide: true})
	}
	if h.Basis != "" {
		facts = append(facts, fact{label: "评审依据", value: h.Basis, wide: true})
	}
	return factTable(append(facts, more...))
}

// factTable sets facts in two pairs of columns.
func factTable(facts []fact) layout.Table {
	t := layout.Table{
		Columns: []layout.Column{{Align: layout.Centre}, {Align: layout.Left}, {Align: layout.Centre}, {Align: layout.Left}},
		Strike:  true, Small: true,
	}
	for len(facts) > 0 {
		first := facts[0]
		facts = facts[1:]
		row := []layout.Cell{label(first.label), {Text: first.value, Bold: first.bold, Align: layout.Left}}
		if first.wide || len(facts) == 0 || facts[0].wide {
			row[1].Cols = 3
		} else {
			row = append(row, label(facts[0].label), layout.Cell{Text: facts[0].value, Bold: facts[0].bold, Align: layout.Left})
			facts = facts[1:]
		}
		t.Body = append(t.Body, row)
	}
	return t
}

// label is a cell that names what stands beside or below it.
func label(text string) layout.Cell { return layout.Cell{Text: text, Bold: true, Align: layout.Centre} }

// row gives cells of texts.
func row(texts ...string) []layout.Cell {
	cells := make([]layout.Cell, len(texts))
	for i, text := range texts {
		cells[i].Text = text
	}
	return cells
}

// total is a row of one cell below n columns.
func total(n int, text string) []layout.Cell {
	return []layout.Cell{{Text: text, Cols: n, Bold: true, Align: layout.Left}}
}

// signatures is the table in which people sign, in the order given. What they sign stands
// above on each of its pages; where somebody signs in ink there is room for the day.
func signatures(h *paper.Head, signers []paper.Signer, what string) layout.Table {
	columns := row("组内职务", "姓名", "工作单位", "职务、职称", "签名")
	noted := slices.ContainsFunc(signers, func(s paper.Signer) bool { return s.Note != "" })
	t := layout.Table{
		Columns: []layout.Column{{Align: layout.Centre}, {Align: layout.Centre}, {Align: layout.Left}, {Align: layout.Left}, {}},
		Strike:  true,
		Whole:   true,
		Note:    keyNote,
	}
	if noted {
		columns = append(columns, layout.Cell{Text: "备注"})
	}
	t.Head = [][]layout.Cell{{{Text: what, Cols: len(columns)}}, columns}
	for _, s := range signers {
		cells := append(row(s.Office, s.Name, s.Unit, s.Title), place(h, s))
		if noted {
			cells = append(cells, layout.Cell{Text: s.Note, Align: layout.Left})
		}
		t.Body = append(t.Body, cells)
	}
	if slices.ContainsFunc(signers, func(s paper.Signer) bool { return s.Blank }) {
		t.Body = append(t.Body, []layout.Cell{label("日期"), {Text: inkDate, Cols: len(columns) - 1, Blank: true, Align: layout.Centre}})
	}
	return t
}

// place is the cell in which somebody signs; it is struck through for who does not. A
// draft has no field, only room, whoever signs.
func place(h *paper.Head, s paper.Signer) layout.Cell {
	if h.Mark == paper.MarkDraft {
		return layout.Cell{Sign: true}
	}
	return layout.Cell{Field: s.Field, Sign: s.Blank}
}

// own is the place in which one person alone signs, with the day.
func own(h *paper.Head, name, field string) layout.Table {
	return layout.Table{
		Body: [][]layout.Cell{{
			label(name + "（签名）"), place(h, paper.Signer{Field: field, Blank: true}), label("日期"), {Text: date(h.At), Align: layout.Centre},
		}},
		Whole: true,
		Note:  keyNote,
	}
}

// numbered gives paragraphs with their numbers, or says that there are none.
func numbered(texts []string) []layout.Block {
	if len(texts) == 0 {
		return []layout.Block{layout.Paragraph{Text: none}}
	}
	out := make([]layout.Block, len(texts))
	for i, text := range texts {
		out[i] = layout.Paragraph{Number: strconv.Itoa(i+1) + "．", Text: text}
	}
	return out
}

// headings counts headings of the first level.
type headings int

// next gives a heading with its number.
func (n *headings) next(title string) layout.Heading {
	*n++
	return layout.Heading{Level: 1, Text: chineseNumber(int(*n)) + "、" + title}
}

// around puts words around a text, none if it is empty.
func around(before, text, after string) string {
	if text == "" {
		return ""
	}
	return before + text + after
}

// box is a check box.
func box(checked bool) string {
	if checked {
		return "☑"
	}
	return "☐"
}

// boxes are check boxes with what they stand for, side by side; chosen is checked.
func boxes(between string, chosen string, of ...string) string {
	out := make([]string, len(of))
	for i, text := range of {
		out[i] = box(text == chosen) + text
	}
	return strings.Join(out, between)
}

// answers says how answers that are no marks read on paper.
var answers = map[string]string{
	review.AnswerYes: "符合", review.AnswerNo: "不符合", review.AnswerNA: "不适用", review.AnswerAbstain: "弃权",
}

// value writes an answer to an item.
func value(answer string) string {
	if text, ok := answers[answer]; ok {
		return text
	}
	return answer
}

// roundName gives the name of the n-th round.
func roundName(n int) string { return "第" + chineseNumber(n) + "轮" }

// chineseNumber writes 1 to 99; others in figures.
func chineseNumber(n int) string {
	if n < 1 || n > 99 {
		return strconv.Itoa(n)
	}
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch tens, ones := n/10, digits[n%10]; tens {
	case 0:
		return ones
	case 1:
		return "十" + ones
	default:
		return digits[tens] + "十" + ones
	}
}

// date gives a date as Chinese papers write it (GB/T 9704-2012, 7.3.5).
func date(t time.Time) string { return t.Format("2006年1月2日") }

// clock gives the time of day.
func clock(t time.Time) string { return t.Format("15时04分") }

// titled is what the file of a paper is called.
func titled(title string, h *paper.Head) string { return title + "：" + h.Project }
