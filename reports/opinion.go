package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/paper"
	"heyi/review/scoring"
)

// byDefault stands where no clause gives what the paper says.
const byDefault = "系统默认"

// opinion is the 专家组评审意见, or what its scheme calls it.
func opinion(m *paper.Opinion) (layout.Document, string) {
	d := begin(&m.Head, m.Title, true)
	d.Outline = true
	add := func(blocks ...layout.Block) { d.Blocks = append(d.Blocks, blocks...) }
	if m.Number != "" {
		add(layout.Line{Align: layout.Centre, Size: layout.Small, Text: m.Number})
	}
	add(particulars(&m.Head, invested(m)...), layout.Paragraph{Text: lead(m)})
	var n headings
	signed := false
	for _, s := range m.Sections {
		if s.Shows == paper.ShowsSignatures {
			signed = true
			add(origins(m.Sections)...)
		}
		add(n.next(s.Title))
		shown := shows(m, s.Shows)
		add(shown...)
		for _, text := range s.Paragraphs {
			add(layout.Paragraph{Text: text})
		}
		if s.Shows == paper.ShowsConclusion {
			add(dissents(m.Result.Dissents)...)
		}
		if len(shown) == 0 && len(s.Paragraphs) == 0 {
			add(layout.Paragraph{Text: none})
		}
	}
	if !signed {
		add(origins(m.Sections)...)
		if last := len(m.Sections) - 1; last < 0 || !strings.Contains(m.Sections[last].Title, signHere) {
			add(n.next(signHere))
		}
		add(signing(m))
	}
	return d, titled(m.Title, &m.Head)
}

// signHere is the heading of signatures, or the end of one that has them below something
// else: 验收结论、专家签名.
const signHere = "专家签名"

// lead says who came together, where and when, and for what.
func lead(m *paper.Opinion) string {
	return around("", m.Held, "，") + m.Convener + around("在", m.Place, "") + "组织会议，对" + around("", m.Owner, "的") +
		"“" + m.Project + "”" + around("（项目编号：", m.Code, "）") + "进行" + m.Type + "。" +
		composed(m.Panel) + "（名单见签字表）。专家组审阅材料、独立评审，形成如下意见："
}

// composed says who the panel is.
func composed(p paper.Panel) string {
	return fmt.Sprintf("专家组由%d名专家组成", p.Experts) + around("，", p.Chair, "任组长")
}

// shows gives what a section has beside the panel's paragraphs.
func shows(m *paper.Opinion, what string) []layout.Block {
	switch what {
	case paper.ShowsProfile:
		return labelled(m.Profile)
	case paper.ShowsOrganisation:
		return labelled([]paper.Named{
			{Name: "评审时间", Value: m.Held}, {Name: "评审地点", Value: m.Place}, {Name: "组织单位", Value: m.Convener},
			{Name: "专家组成", Value: composed(m.Panel) + "。专家：" + strings.Join(m.Panel.Names, "、") + "。"},
		})
	case paper.ShowsMaterials:
		return filled(materialTable(m.Materials))
	case paper.ShowsItems:
		return filled(itemTable(m.Items))
	case paper.ShowsChecks:
		return filled(checkTable(m.Checks))
	case paper.ShowsChanges:
		return filled(changeTable(m.Changes))
	case paper.ShowsConclusion:
		return conclusion(m.Result)
	case paper.ShowsSignatures:
		return []layout.Block{signing(m)}
	}
	return nil
}

// signing is the table in which the panel signs.
func signing(m *paper.Opinion) layout.Table {
	what := m.Title
	if m.Result.Outcome != "" {
		what += "，结论为“" + m.Result.Outcome + "”"
	}
	return signatures(&m.Head, m.Signers, what)
}

// filled gives a table that has rows.
func filled(t layout.Table) []layout.Block {
	if len(t.Body) == 0 {
		return nil
	}
	return []layout.Block{t}
}

// labelled gives paragraphs with what they are of; empty ones are left out.
func labelled(of []paper.Named) []layout.Block {
	var out []layout.Block
	for _, x := range of {
		if x.Value != "" {
			out = append(out, layout.Paragraph{Label: x.Name + "：", Text: x.Value})
		}
	}
	return out
}

func materialTable(of []paper.Material) layout.Table {
	t := layout.Table{
		Head:    [][]layout.Cell{row("序号", "材料名称", "送审文件", "情况")},
		Columns: []layout.Column{{}, {Align: layout.Left}, {Align: layout.Left}, {}},
		Strike:  true,
	}
	for i, x := range of {
		t.Body = append(t.Body, row(strconv.Itoa(i+1), x.Title, x.File, x.State))
	}
	return t
}

func itemTable(of []paper.Item) layout.Table {
	scored := slices.ContainsFunc(of, func(it paper.Item) bool { return it.Percent != "" })
	t := layout.Table{
		Head:    [][]layout.Cell{row("序号", "评审项", "依据条款")},
		Columns: []layout.Column{{}, {Align: layout.Left}, {}},
		Strike:  true,
	}
	if scored {
		t.Head[0] = append(t.Head[0], row("满分", "平均分", "百分制")...)
		t.Columns = append(t.Columns, layout.Column{}, layout.Column{}, layout.Column{})
	}
	t.Head[0], t.Columns = append(t.Head[0], layout.Cell{Text: "专家说明"}), append(t.Columns, layout.Column{Align: layout.Left, Weight: 2})
	for i, it := range of {
		cells := row(strconv.Itoa(i+1), it.Title, cite(it.Article))
		if scored {
			cells = append(cells, row(it.Full, it.Mean, it.Percent)...)
		}
		t.Body = append(t.Body, append(cells, layout.Cell{Text: strings.Join(it.Reasons, "\n")}))
	}
	return t
}

func checkTable(of []paper.Checked) layout.Table {
	t := layout.Table{
		Head:    [][]layout.Cell{row("序号", "核查项", "依据条款", "专家判断", "核查结果", "说明")},
		Columns: []layout.Column{{}, {Align: layout.Left}, {}, {Align: layout.Left}, {Align: layout.Left}, {Align: layout.Left}},
		Strike:  true,
	}
	for i, c := range of {
		reason := c.Reason
		if c.Settled {
			reason = "经合议，由组长认定。" + reason
		}
		t.Body = append(t.Body, row(strconv.Itoa(i+1), c.Title, cite(c.Cite), voted(c.Votes), boxes("\n", c.Result, "符合", "不符合", "不适用", "待定"), reason))
	}
	return t
}

// voted counts the answers that were given.
func voted(v scoring.Votes) string {
	var out []string
	for i, n := range votes(v) {
		if n > 0 {
			out = append(out, []string{"符合", "不符合", "弃权", "不适用"}[i]+strconv.Itoa(n)+"人")
		}
	}
	return strings.Join(out, "\n")
}

func cite(article string) string {
	if article == "" {
		return byDefault
	}
	return article
}

// positions says how what somebody adds to his position is headed.
var positions = map[review.Choice]string{
	review.ChoiceAgree: "说明", review.ChoiceReserve: "保留意见", review.ChoiceDisagree: "不同意见", review.ChoiceAbstain: "弃权说明",
}

// conclusion says what was concluded, who agreed, and what it departs from.
func conclusion(r paper.Result) []layout.Block {
	if r.Outcome == "" {
		return nil
	}
	var out []layout.Block
	say := func(label, text string) { out = append(out, layout.Paragraph{Label: label, Text: text}) }
	if r.Unanimous() {
		say("评审结论：", "专家组一致同意，结论为“"+r.Outcome+"”。")
	} else {
		say("评审结论：", "专家组结论为“"+r.Outcome+"”。")
		text := stands(r.Experts)
		if r.Members.People > 0 {
			text = fmt.Sprintf("专家%d人，", r.Experts.People) + text + fmt.Sprintf("；成员%d人，", r.Members.People) + stands(r.Members)
		}
		if text != "" {
			say("表态情况：", text+"。")
		}
	}
	for _, c := range r.Counts {
		say("表决情况：", fmt.Sprintf("%s：赞成%d票，反对%d票，弃权%d票。", c.Motion, c.Yes, c.No, c.Abstain))
	}
	if r.Score != "" {
		say("评审得分：", r.Score+"分（百分制）。")
	}
	switch r.Suggested {
	case "":
	case r.Outcome:
		say("规则核算：", "按评审规则核算的建议为“"+r.Suggested+"”，结论与其一致。")
	default:
		say("规则核算：", "按评审规则核算的建议为“"+r.Suggested+"”，结论与其不一致，专家组说明："+r.Reason)
	}
	for _, a := range r.Against {
		against := "“" + a.Title + "”"
		if a.Cite != "" {
			against = a.Cite + "（" + a.Title + "）"
		}
		say("", "与"+against+"不一致，专家组说明："+a.Reason)
	}
	switch {
	case r.Own != "" && r.Unscored:
		say("", "本次会议另定为不评分，见评审细则确认单（"+r.Own+"）。")
	case r.Own != "":
		say("", "权重、满分、计分办法和分数线中由本次会议另定的，见评审细则确认单（"+r.Own+"）。")
	case r.Detailed:
		say("", "评审项、权重和计分办法依据组织单位确认的《评审细则》。")
	}
	return out
}

// stands says where people stand; what nobody chose is left out.
func stands(s paper.Stand) string {
	var out []string
	for _, x := range []struct {
		what string
		n    int
	}{{"同意", s.Agree}, {"同意并附保留意见", s.Reserve}, {"不同意", s.Disagree}, {"弃权", s.Abstain}, {"未表态", s.Silent}} {
		if x.n > 0 {
			out = append(out, fmt.Sprintf("%s%d人", x.what, x.n))
		}
	}
	return strings.Join(out, "、")
}

// dissents gives in full what people add to their positions.
func dissents(of []paper.Position) []layout.Block {
	var out []layout.Block
	for _, x := range of {
		out = append(out, layout.Paragraph{Label: x.Name + "的" + positions[x.Choice] + "：", Text: x.Text})
	}
	return out
}

// origins says where headings are from.
func origins(of []paper.Section) []layout.Block {
	var cited []string
	for _, s := range of {
		if s.Article != "" {
			cited = append(cited, "“"+s.Title+"”依据"+s.Article)
		}
	}
	text := strings.Join(cited, "，")
	switch {
	case len(cited) == 0:
		text = "为系统默认"
	case len(cited) < len(of):
		text = "，" + text + "，其余为系统默认"
	default:
		text = "，" + text
	}
	return []layout.Block{layout.Fine{Text: "各部分的标题" + text + "。"}}
}

// invested is the 项目投资, in figures and in capitals, where it is known.
func invested(m *paper.Opinion) []fact {
	if m.Invested == 0 {
		return nil
	}
	return []fact{{label: "项目投资", value: amount(m.Invested) + "元（" + layout.Capital(m.Invested) + "）", wide: true}}
}

// amount writes an amount of fen in yuan, as 2,360,000.00.
func amount(fen int64) string {
	yuan := strconv.FormatInt(fen/100, 10)
	for i := len(yuan) - 3; i > 0; i -= 3 {
		yuan = yuan[:i] + "," + yuan[i:]
	}
	return fmt.Sprintf("%s.%02d", yuan, fen%100)
}
