package reports

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"heyi/reports/layout"
	"heyi/reports/pdf"
	"heyi/review"
	"heyi/review/paper"
	"heyi/review/scoring"
)

// tally is the 评分汇总表 with its 计算表 and its 校验页. The round that counts comes first.
// Codes: CodeTextLong (the QR code says too much).
func tally(m *paper.Tally) (layout.Document, string, error) {
	const title = "评分汇总表"
	d := begin(&m.Head, title, true)
	d.Outline = true
	add := func(blocks ...layout.Block) { d.Blocks = append(d.Blocks, blocks...) }
	add(particulars(&m.Head, result(m)...))
	var n headings
	what := title
	if last := len(m.Rounds) - 1; last >= 0 && m.Rounds[last].Count.Scheme.Mode == review.ModeWeighted {
		c := m.Rounds[last].Count
		if c.Official != nil {
			what += "，项目得分" + official(c)
		}
		add(n.next("评分结果"), statistics(m.Rounds))
	}
	for i := len(m.Rounds) - 1; i >= 0; i-- {
		r, before := m.Rounds[i], (*paper.Round)(nil)
		made := roundOf(r)
		name := made
		if i > 0 {
			before = &m.Rounds[i-1]
		}
		switch {
		case i < len(m.Rounds)-1:
			name = roundName(r.Number) + made + "（不计入结果，供对照）"
		case i > 0:
			name = roundName(r.Number) + made + "（以本轮为准）"
		}
		add(n.next(name))
		add(marks(r, before)...)
	}
	add(n.next("评审专家签名"), signatures(&m.Head, m.Signers, what), layout.Fine{Text: "计分人：" + m.Secretary + "。本表由计分人以数字证书定稿后交签。"})
	add(layout.NewPage{}, layout.Heading{Level: 1, Text: "计算表", Centre: true})
	for _, r := range slices.Backward(m.Rounds) {
		if len(m.Rounds) > 1 {
			add(layout.Heading{Level: 2, Text: roundName(r.Number)})
		}
		add(filled(stepTable(r.Steps))...)
	}
	proof, err := proofPage(m.Proof)
	add(proof...)
	return d, titled(title, &m.Head), err
}

// roundOf says what was done in a round: under a scheme of answers alone nothing is scored.
func roundOf(r paper.Round) string {
	if len(r.Count.Items) > 0 && !slices.ContainsFunc(r.Count.Items, func(it scoring.Item) bool { return it.Kind == review.ItemScore }) {
		return "核查"
	}
	return "评分"
}

// stepTable is a calculation, line by line.
func stepTable(steps []string) layout.Table {
	t := layout.Table{Head: [][]layout.Cell{row("步骤", "计算")}, Columns: []layout.Column{{}, {Align: layout.Left}}, Small: true}
	for i, step := range steps {
		t.Body = append(t.Body, row(strconv.Itoa(i+1), step))
	}
	return t
}

// result says in front what it all came to.
func result(m *paper.Tally) []fact {
	if len(m.Rounds) == 0 {
		return nil
	}
	last := m.Rounds[len(m.Rounds)-1]
	held := "共一轮"
	if len(m.Rounds) > 1 {
		held = "共" + chineseNumber(len(m.Rounds)) + "轮，以" + roundName(last.Number) + "为准"
	}
	opened := date(last.Opened) + clock(last.Opened)
	facts := []fact{{label: "评审轮次", value: held}, {label: "开封时间", value: opened}}
	if c := last.Count; c.Official != nil {
		facts = append(facts, fact{label: "项目得分", value: official(c), wide: true, bold: true})
	}
	if m.Suggestion != "" {
		facts = append(facts, fact{label: "规则核算", value: m.Suggestion, wide: true})
	}
	return facts
}

// official is the figure that counts, which there must be.
func official(c scoring.Tally) string {
	return scoring.Round2(c.Official) + "分（百分制，" + methods[method(c.Scheme)].name + "）"
}

// marks shows what the experts of a round gave, and where it differs from the round before.
func marks(r paper.Round, before *paper.Round) []layout.Block {
	var scored, checked []int // indexes of items
	for i, it := range r.Count.Items {
		if it.Kind == review.ItemScore {
			scored = append(scored, i)
		} else {
			checked = append(checked, i)
		}
	}
	return append(filled(markTable(r, before, scored)), filled(voteTable(r, before, checked))...)
}

// changedNote explains what stands below the marks of a round.
const changedNote = "“原”后为上一轮的评分，只列有变动的。"

// markTable has the items down, the experts across.
func markTable(r paper.Round, before *paper.Round, items []int) layout.Table {
	c := r.Count
	t := layout.Table{Head: [][]layout.Cell{row("序号", "评审项", "满分")}, Columns: []layout.Column{{}, {Align: layout.Left}, {}}, Stub: 3, Strike: true}
	weighted := c.Scheme.Mode == review.ModeWeighted
	if slices.ContainsFunc(items, func(at int) bool { return c.Items[at].Weight != c.Items[at].Full }) && weighted {
		t.Head[0], t.Columns, t.Stub = append(t.Head[0], layout.Cell{Text: "权重"}), append(t.Columns, layout.Column{}), 4
	}
	for _, x := range c.Experts {
		t.Head[0], t.Columns = append(t.Head[0], layout.Cell{Text: r.Names[x.Seat]}), append(t.Columns, layout.Column{Align: layout.Centre})
	}
	t.Head[0] = append(t.Head[0], row("平均分", "百分制")...)
	for i, at := range items {
		it := c.Items[at]
		cells := row(strconv.Itoa(i+1), it.Title, it.Full)
		if t.Stub > 3 {
			cells = append(cells, layout.Cell{Text: it.Weight})
		}
		for e, mark := range it.Marks {
			text := markText(mark)
			if was, ok := markBefore(before, c.Experts[e].Seat, at); ok && was != text {
				text += "\n原" + was
				t.Note = changedNote
			}
			cells = append(cells, layout.Cell{Text: text})
		}
		t.Body = append(t.Body, append(cells, row(two(it.Figures.Mean), two(it.Percent))...))
	}
	if weighted && len(items) > 0 {
		totals := []layout.Cell{{Text: "专家总分（百分制）", Cols: t.Stub, Bold: true, Align: layout.Centre}}
		for _, x := range c.Experts {
			totals = append(totals, layout.Cell{Text: two(x.Total), Bold: true})
		}
		t.Body = append(t.Body, append(totals, row(two(c.Totals.Mean), "")...))
	}
	return t
}

// markText writes a mark; nil is 不适用.
func markText(mark *big.Rat) string {
	if mark == nil {
		return answers[review.AnswerNA]
	}
	return scoring.Number(mark)
}

// markBefore gives the mark of a seat in the round before; false if there is none.
func markBefore(r *paper.Round, seat review.SeatID, item int) (string, bool) {
	if r == nil || item >= len(r.Count.Items) {
		return "", false
	}
	e := slices.IndexFunc(r.Count.Experts, func(x scoring.Expert) bool { return x.Seat == seat })
	if e < 0 || e >= len(r.Count.Items[item].Marks) {
		return "", false
	}
	return markText(r.Count.Items[item].Marks[e]), true
}

// voteTable has the answers that are no marks.
func voteTable(r paper.Round, before *paper.Round, items []int) layout.Table {
	t := layout.Table{
		Head:    [][]layout.Cell{row("序号", "类别", "核查项", "符合", "不符合", "弃权", "不适用")},
		Columns: []layout.Column{{}, {}, {Align: layout.Left}},
		Strike:  true,
	}
	for i, at := range items {
		it := r.Count.Items[at]
		cells := row(strconv.Itoa(i+1), kinds[it.Kind], it.Title)
		was := []int(nil)
		if before != nil && at < len(before.Count.Items) {
			was = votes(before.Count.Items[at].Votes)
		}
		for v, n := range votes(it.Votes) {
			text := strconv.Itoa(n)
			if was != nil && was[v] != n {
				text += "\n原" + strconv.Itoa(was[v])
				t.Note = changedNote
			}
			cells = append(cells, layout.Cell{Text: text})
		}
		t.Body = append(t.Body, cells)
	}
	return t
}

// votes gives the counts in the order in which tables have them.
func votes(v scoring.Votes) []int { return []int{v.Yes, v.No, v.Abstain, v.NA} }

// figures are the lines of the statistics.
var figures = []struct {
	name string
	of   func(c scoring.Tally) string
}{
	{"计入的评分（份）", func(c scoring.Tally) string { return strconv.Itoa(c.Ballots) }},
	{"最高总分", func(c scoring.Tally) string { return two(c.Totals.Highest) }},
	{"最低总分", func(c scoring.Tally) string { return two(c.Totals.Lowest) }},
	{"极差", func(c scoring.Tally) string { return two(c.Totals.Range) }},
	{"标准差", func(c scoring.Tally) string { return c.Totals.Deviation }},
	{"总分平均数", func(c scoring.Tally) string { return two(c.Totals.Mean) }},
	{"总分中位数", func(c scoring.Tally) string { return two(c.Median) }},
	{"去高低平均分", func(c scoring.Tally) string { return two(c.Trimmed) }},
	{"加权平均分", func(c scoring.Tally) string { return two(c.Mean) }},
}

// statistics compares the rounds by their figures; the last line is what counts.
func statistics(rounds []paper.Round) layout.Table {
	t := layout.Table{Head: [][]layout.Cell{row("指标")}, Columns: []layout.Column{{Align: layout.Left}}, Strike: true, Small: true}
	last := rounds[len(rounds)-1].Count
	t.Note = "计算规则：" + rule(last)
	if len(rounds) == 1 {
		t.Head[0] = append(t.Head[0], layout.Cell{Text: "数值"})
	} else {
		for _, r := range rounds {
			t.Head[0] = append(t.Head[0], layout.Cell{Text: roundName(r.Number)})
		}
		t.Head[0] = append(t.Head[0], layout.Cell{Text: "末轮较首轮"})
	}
	line := func(name string, of func(c scoring.Tally) string, bold bool) {
		cells := []layout.Cell{{Text: name, Bold: bold}}
		for _, r := range rounds {
			cells = append(cells, layout.Cell{Text: of(r.Count), Bold: bold})
		}
		if len(rounds) > 1 {
			cells = append(cells, layout.Cell{Text: difference(of(rounds[0].Count), of(last)), Bold: bold})
		}
		t.Body = append(t.Body, cells)
	}
	for _, f := range figures {
		line(f.name, f.of, false)
	}
	line("项目得分（"+methods[method(last.Scheme)].name+"）", func(c scoring.Tally) string { return two(c.Official) }, true)
	return t
}

// difference gives what one printed figure has above another; "" if one is missing.
func difference(from, to string) string {
	a, ok := new(big.Rat).SetString(from)
	b, also := new(big.Rat).SetString(to)
	if !ok || !also {
		return ""
	}
	_, decimals, _ := strings.Cut(to, ".")
	d := b.Sub(b, a)
	sign := ""
	if d.Sign() > 0 {
		sign = "+"
	}
	return sign + d.FloatString(len(decimals))
}

// two writes a figure with two decimals; nil is nothing.
func two(x *big.Rat) string {
	if x == nil {
		return ""
	}
	return scoring.Round2(x)
}

// methods are the ways to the official figure: CM-03, and what a scheme may name in its
// place.
var methods = map[review.Method]struct{ name, rule string }{
	review.MethodMean:    {"加权平均分", "各评审项先求各位专家评分的平均数，折合百分制后按权重加权平均"},
	review.MethodTrimmed: {"去高低平均分", "各位专家的总分去掉一个最高分和一个最低分后，求其余总分的平均数"},
	review.MethodMedian:  {"总分中位数", "各位专家的总分从高到低排列，取居中的一个；总分为双数的，取居中两个的平均数"},
}

// method gives the method of a scheme.
func method(c review.Scheme) review.Method {
	if c.Method == "" {
		return review.MethodMean
	}
	return c.Method
}

// rule says how the official figure comes about.
func rule(c scoring.Tally) string {
	text := methods[method(c.Scheme)].rule
	if c.Scheme.Method == review.MethodTrimmed {
		text += "，总分不足" + strconv.Itoa(c.Least) + "个的不计算"
	}
	return text + "；保留两位小数，四舍五入。"
}

// proofPage is the 校验页. A draft has no QR code.
// Codes: CodeTextLong (the QR code says too much).
func proofPage(p paper.Proof) ([]layout.Block, error) {
	named := func(title, head string, of []paper.Named) layout.Table {
		t := layout.Table{Title: title, Head: [][]layout.Cell{row(head, "数值")}, Columns: []layout.Column{{Align: layout.Left}, {Align: layout.Left, Weight: 3}}, Small: true, Strike: true}
		for _, x := range of {
			t.Body = append(t.Body, row(x.Name, halved(x.Value)))
		}
		return t
	}
	record := []paper.Named{{Name: "会议日志检查点", Value: p.Checkpoint}, {Name: "评审组证书指纹", Value: p.Authority}}
	out := []layout.Block{
		layout.NewPage{}, layout.Heading{Level: 1, Text: "校验页", Centre: true},
	}
	if p.QR != "" {
		modules, err := pdf.QR(p.QR)
		if err != nil {
			return nil, err
		}
		out = append(out, layout.Picture{Modules: modules, Side: 36, Text: compare})
	}
	out = append(out, named("会议记录", "名称", append(record, p.Lines...)))
	if len(p.People) > 0 {
		out = append(out, named("签名证书指纹", "姓名", p.People))
	}
	if len(p.Ballots) > 0 {
		out = append(out, ballotTable(p.Ballots))
	}
	return out, nil
}

// compare says how to use the 校验页.
const compare = "核对方法：重新核验会议日志，所得检查点应与本页逐字相符；个人评审意见、规则文件的摘要是文件的SHA-256，评审包的是包内标签清单（tagmanifest-sha256.txt）的，评审方案、结论、评分件的是会议日志所记内容的。有一处不符，即与评审当时的记录不一致。\n左侧二维码载有会议代号、本件校验码和会议日志检查点，扫描所得应与本件所印相同。"

// halved divides a digest at the end of a value into two lines that can be compared by eye.
func halved(value string) string {
	const half = 32
	at := len(value) - half
	if at < half || !review.Digest(value[at-half:]).Valid() {
		return value
	}
	return value[:at] + "\n" + value[at:]
}

// ballotTable names the ballots that counted.
func ballotTable(of []paper.BallotProof) layout.Table {
	t := layout.Table{
		Title:   "计入的评分",
		Head:    [][]layout.Cell{row("轮次", "专家", "收据码", "文件", "摘要")},
		Columns: []layout.Column{{}, {}, {}, {}, {Align: layout.Centre}},
		Small:   true, Strike: true,
	}
	for _, b := range of {
		first := row(roundName(b.Round), b.Name, b.Receipt, "评分件", halved(string(b.Ballot)))
		for i := range first[:3] {
			first[i].Rows = 2
		}
		t.Body = append(t.Body, first, row("个人评审意见", halved(string(b.Paper))))
	}
	return t
}
