package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/paper"
	"heyi/review/regulation"
)

// details is the 评审细则确认单.
func details(m *paper.Details) (layout.Document, string) {
	const title = "评审细则确认单"
	d := begin(&m.Head, title, false)
	add := func(blocks ...layout.Block) { d.Blocks = append(d.Blocks, blocks...) }
	how := "不评分，只形成意见"
	switch m.Mode {
	case review.ModeWeighted:
		how = "加权评分，" + counting(m.Method, m.Least)
	case review.ModeCompliance:
		how = "逐项核查，不评分"
	}
	switch {
	case m.OwnMethod:
		how += "（本次会议另定，原为" + counting(m.WasMethod, m.WasLeast) + "）"
	case m.Unscored && m.WasMode == review.ModeWeighted:
		how += "（本次会议另定，原为加权评分）"
	}
	add(particulars(&m.Head, fact{label: "评审方式", value: how, wide: true}))
	var n headings
	if len(m.Scored) > 0 {
		add(n.next("评分项"), scoredDetails(m))
	}
	if len(m.Checked) > 0 {
		add(n.next("否决项与符合性核查项"), checkedDetails(m.Checked))
	}
	add(n.next("结论选项"), verdicts(m.Conclusions))
	if len(m.Defaults) > 0 {
		add(n.next("条文没有规定的事项"))
		t := layout.Table{Head: [][]layout.Cell{row("事项", "系统默认的办法")}, Columns: []layout.Column{{Align: layout.Left}, {Align: layout.Left}}, Small: true}
		for _, x := range m.Defaults {
			t.Body = append(t.Body, row(x.Name, x.Value))
		}
		add(t)
	}
	if slices.ContainsFunc(m.Conclusions, func(v paper.Verdict) bool { return v.Was != v.From }) && len(m.Defaults) > 0 {
		add(layout.Fine{Text: "系统默认的办法中的分数线，本次会议另定的，以“结论选项”所列为准。"})
	}
	add(n.next("本次会议另定的事项"))
	switch {
	case m.Unscored:
		add(layout.Paragraph{Text: "本次会议不评分，只形成意见。下列评分项不再评分：" + strings.Join(m.Dropped, "、") + "。理由：" + m.Reason})
	case m.Own:
		add(layout.Paragraph{Text: "标有“原”的各项为本次会议另定，“原”后为另定以前的数。理由：" + m.Reason})
	default:
		add(layout.Paragraph{Text: none})
	}
	confirmed := "本次评审按上列评审细则进行。评分项、核查项和结论选项的文字未作改动；权重、分值、分数线和表决办法条文没有规定，由组织单位确认。"
	if len(m.Scored) == 0 {
		confirmed = "本次评审按上列评审细则进行，不评分。核查项和结论选项的文字未作改动；表决办法条文没有规定，由组织单位确认。"
	}
	add(n.next("组织单位确认"), layout.Table{
		Head:    [][]layout.Cell{{{Text: confirmed, Cols: 4}}},
		Columns: []layout.Column{{}, {}, {}, {}},
		Body: [][]layout.Cell{
			{label("组织单位（盖章）"), {Sign: true}, label("负责人（签名）"), {Sign: true}},
			{label("日期"), {Text: "　　　　年　　月　　日", Cols: 3, Blank: true, Align: layout.Centre}},
		},
		Whole: true,
	}, layout.Fine{Text: "评审方案摘要：" + string(m.Digest) + "。评分汇总表校验页列有同一摘要，用以核对。"})
	return d, titled(title, &m.Head)
}

// sources say where something is from that stands in the text or does not.
var sources = map[regulation.Origin]string{
	regulation.OriginText: "条文", regulation.OriginMixed: "条文，口径为系统默认", regulation.OriginDefault: "系统默认",
}

// counting says how the marks of a weighted scheme make one figure.
func counting(m review.Method, least int) string {
	name := methods[method(review.Scheme{Mode: review.ModeWeighted, Method: m})].name
	if m == review.MethodTrimmed {
		name += fmt.Sprintf("（专家不少于%d人）", least)
	}
	return name
}

// changed writes what holds now, and what held before it where that is something else.
func changed(now, was string) string {
	if now == was || was == "" {
		return now
	}
	return now + "\n原" + was
}

func scoredDetails(m *paper.Details) layout.Table {
	weighted := m.Mode == review.ModeWeighted
	t := layout.Table{
		Head:    [][]layout.Cell{row("编号", "评审项", "条款", "权重", "满分", "分档", "来源")},
		Columns: []layout.Column{{}, {Align: layout.Left}, {Align: layout.Left}, {}, {}, {}, {Align: layout.Left}},
		Small:   true,
	}
	for _, x := range m.Scored {
		weight := "—"
		if weighted {
			weight = changed(x.Weight, x.Was.Weight)
		}
		t.Body = append(t.Body, row(x.ID, x.Title+"\n"+x.Question, x.Article, weight, changed(x.Full, x.Was.Full), changed(x.Step, x.Was.Step), sources[x.Origin]))
	}
	if weighted {
		t.Note = "权重合计100，为系统默认或者本次会议另定，条文没有规定。"
	}
	return t
}

func checkedDetails(list []paper.Detail) layout.Table {
	t := layout.Table{
		Head:    [][]layout.Cell{row("编号", "类别", "核查项", "条款", "不符合的后果", "来源")},
		Columns: []layout.Column{{}, {}, {Align: layout.Left}, {Align: layout.Left}, {Align: layout.Left}, {Align: layout.Left}},
		Strike:  true, Small: true,
	}
	for _, x := range list {
		t.Body = append(t.Body, row(x.ID, kinds[x.Kind], x.Title+"\n"+x.Question, x.Article, x.Consequence, sources[x.Origin]))
	}
	return t
}

func verdicts(list []paper.Verdict) layout.Table {
	t := layout.Table{
		Head:    [][]layout.Cell{row("序号", "结论", "建议该结论的最低总分", "是否通过", "来源")},
		Columns: []layout.Column{{}, {Align: layout.Left}, {}, {}, {Align: layout.Left}},
		Strike:  true, Small: true,
	}
	for i, v := range list {
		passes := "是"
		if v.Fails {
			passes = "否"
		}
		t.Body = append(t.Body, row(strconv.Itoa(i+1), v.Title, changed(v.From, v.Was), passes, sources[v.Origin]))
	}
	return t
}

// notice is the 后续事项提示单.
func notice(m *paper.Notice) (layout.Document, string) {
	const title = "后续事项提示单"
	d := begin(&m.Head, title, false)
	d.Blocks = append(d.Blocks, particulars(&m.Head, fact{label: "评审结论", value: m.Outcome, wide: true, bold: true}),
		layout.Fine{Text: "本单供秘书办理后续事项，由程序按条文列出，不是专家组意见的组成部分；是否办理、如何办理由有关单位依法决定。"})
	var n headings
	t := layout.Table{
		Head:    [][]layout.Cell{row("序号", "事项", "情况", "依据")},
		Columns: []layout.Column{{}, {Align: layout.Left}, {Align: layout.Left}, {Align: layout.Left}},
	}
	for i, f := range m.Follows {
		state := f.Sentence
		if f.Done {
			state = "（已办）" + state
		}
		t.Body = append(t.Body, row(strconv.Itoa(i+1), f.Title, state, f.Cite))
	}
	d.Blocks = append(d.Blocks, n.next("后续事项"))
	if len(t.Body) == 0 {
		d.Blocks = append(d.Blocks, layout.Paragraph{Text: none})
	} else {
		d.Blocks = append(d.Blocks, t)
	}
	for _, x := range []struct{ title, text string }{{"报送和备案", m.Filing}, {"结果运用", m.LaterUse}} {
		if x.text != "" {
			d.Blocks = append(d.Blocks, n.next(x.title), layout.Paragraph{Text: strings.TrimSuffix(x.text, "。") + "。"})
		}
	}
	return d, titled(title, &m.Head)
}
