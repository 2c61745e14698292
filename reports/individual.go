package reports

import (
	"strconv"
	"strings"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/paper"
)

// individual is the 专家个人评审意见: one expert's answers, opinion and proposal in one round.
func individual(m *paper.Individual) (layout.Document, string) {
	title := "专家个人评审意见"
	var scored, checked []paper.Answer
	for _, a := range m.Answers {
		if a.Item.Kind == review.ItemScore {
			scored = append(scored, a)
		} else {
			checked = append(checked, a)
		}
	}
	if len(scored) > 0 {
		title += "（含评分）"
	}
	d := begin(&m.Head, title, false)
	d.Outline = true
	add := func(blocks ...layout.Block) { d.Blocks = append(d.Blocks, blocks...) }
	add(particulars(&m.Head,
		fact{label: "专家姓名", value: m.Expert.Name}, fact{label: "组内职务", value: m.Expert.Office},
		fact{label: "工作单位", value: m.Expert.Unit}, fact{label: "职务、职称", value: m.Expert.Title},
		fact{label: "评审轮次", value: roundName(m.Round), wide: true},
	))
	var n headings
	if len(checked) > 0 {
		add(n.next("否决项和符合性核查"), checks(checked))
	}
	if len(scored) > 0 {
		add(n.next("评分"), scores(m, scored))
	}
	add(n.next("评审意见"))
	add(numbered(m.Opinion)...)
	add(n.next("个人结论"), layout.Paragraph{Text: boxes("　　", m.Outcome, m.Outcomes...)})
	if m.Outcome == "" {
		add(layout.Paragraph{Text: "本人未提出结论建议。"})
	}
	add(n.next("声明和签名"), layout.Paragraph{Label: "回避声明：", Text: declared(m.Declared)}, own(&m.Head, "专家", m.Field))
	return d, titled(title, &m.Head)
}

// declared ends what an expert declared as a sentence; until then he has declared nothing.
func declared(text string) string {
	if text == "" {
		return "尚未声明。"
	}
	return strings.TrimSuffix(text, "。") + "。"
}

// kinds says how items that are not scored are called.
var kinds = map[review.ItemKind]string{review.ItemGate: "否决项", review.ItemYesNo: "符合性核查"}

// checks is the table of the answers that are no marks.
func checks(of []paper.Answer) layout.Table {
	t := layout.Table{
		Head:    [][]layout.Cell{row("序号", "类别", "核查内容", "依据条款", "判断", "说明")},
		Columns: []layout.Column{{Align: layout.Centre}, {Align: layout.Centre}, {Align: layout.Left}, {}, {Align: layout.Left}, {Align: layout.Left}},
		Strike:  true,
	}
	for i, a := range of {
		choices := []string{answers[review.AnswerYes], answers[review.AnswerNo]}
		if a.Item.NA {
			choices = append(choices, answers[review.AnswerNA])
		}
		choices = append(choices, answers[review.AnswerAbstain])
		t.Body = append(t.Body, row(strconv.Itoa(i+1), kinds[a.Item.Kind], asked(a.Item), cite(a.Item.Article), boxes("\n", value(a.Value), choices...), reason(a)))
	}
	return t
}

// scores is the table of the marks, with their total.
func scores(m *paper.Individual, of []paper.Answer) layout.Table {
	t := layout.Table{
		Head:    [][]layout.Cell{row("序号", "评审项和评审要点", "依据条款", "满分")},
		Columns: []layout.Column{{Align: layout.Centre}, {Align: layout.Left}, {}, {}},
		Strike:  true,
	}
	weights := weighed(of)
	if weights {
		t.Head[0], t.Columns = append(t.Head[0], layout.Cell{Text: "权重"}), append(t.Columns, layout.Column{})
	}
	t.Head[0] = append(t.Head[0], row("得分", "理由")...)
	t.Columns = append(t.Columns, layout.Column{Align: layout.Centre}, layout.Column{Align: layout.Left, Weight: 2})
	for i, a := range of {
		cells := row(strconv.Itoa(i+1), asked(a.Item), cite(a.Item.Article), a.Item.Full)
		if weights {
			cells = append(cells, layout.Cell{Text: a.Item.Weight})
		}
		t.Body = append(t.Body, append(cells, layout.Cell{Text: value(a.Value), Bold: true}, layout.Cell{Text: reason(a)}))
	}
	if m.Total != "" {
		name := "合计"
		if m.Weighted {
			name = "总分（按权重折合百分制）"
		}
		last := len(t.Head[0]) - 2
		t.Body = append(t.Body, []layout.Cell{{Text: name, Cols: last, Bold: true, Align: layout.Centre}, {Text: m.Total, Bold: true}, {}})
	}
	return t
}

// weighed tells whether weights have to be shown: somewhere they are not 满分.
func weighed(of []paper.Answer) bool {
	for _, a := range of {
		if a.Item.Weight != "" && a.Item.Weight != a.Item.Full {
			return true
		}
	}
	return false
}

// asked is an item with its question.
func asked(it review.Item) string {
	if it.Question == "" || it.Question == it.Title {
		return it.Title
	}
	return it.Title + "\n" + it.Question
}

// reason is what an expert gives as his reason, and from what he has gone away.
func reason(a paper.Answer) string {
	if a.Before == "" || a.Before == a.Value {
		return a.Reason
	}
	return "（上一轮：" + value(a.Before) + "）" + a.Reason
}
