package present_test

import (
	"strings"
	"testing"

	"heyi/app/internal/present"
	"heyi/review"
	"heyi/review/reviewtest/script"
)

// wants holds that all of these stand on the page, and none of those.
func (x *table) wants(there []string, not ...string) {
	x.t.Helper()
	got := text(x.leaf().Content())
	for _, s := range there {
		if !strings.Contains(got, s) {
			x.t.Errorf("the page does not say %q:\n%s", s, got)
		}
	}
	for _, s := range not {
		if strings.Contains(got, s) {
			x.t.Errorf("the page says %q:\n%s", s, got)
		}
	}
}

// TestScheme: before anybody marks it can be read by what a project is judged.
func TestScheme(t *testing.T) {
	x := newTable(t)
	x.brought(nil)
	x.opens(script.Third, leaf(present.NewProject))
	x.row(x.leaf().Content(), "评审方案与细则")
	x.wants([]string{
		"依据：乐政办发〔2015〕10号一（二）、三（四）", "方式：加权评分，加权平均分",
		"技术方案与标准安全　权重 35　满分 35，每 0.5 分一档　一（二）4 / 技术方案是否合理可行",
		"编制单位资质（否决项）　三（四）第1款　不符合的：退回重编（系统默认）", "通过评审 / 总分 80.00 分及以上建议这一结论（系统默认）",
		"未通过评审（项目不通过）", "技术方案评审通过（结论以后核对） / 乐政办发〔2015〕10号三（四）第1款、三（五）第1款", "系统默认的口径：",
	}, "另定")
	x.row(x.leaf().Content(), "打印评审细则确认单")
	if len(x.outside.printed) != 1 || !strings.HasSuffix(x.outside.printed[0], "p01-details-01.pdf") {
		t.Errorf("printed %v", x.outside.printed)
	}
	x.says(present.ToneDone, "")
}

// TestSchemeClauses: from there the clauses can be read, of the packs that the project is under,
// and Escape leads back.
func TestSchemeClauses(t *testing.T) {
	x := newTable(t)
	x.brought(nil)
	x.opens(script.Third, leaf(present.NewProject))
	x.row(x.leaf().Content(), "评审方案与细则")
	page := x.leaf()
	x.row(page.Content(), "查看依据的条文和规则")
	x.wants([]string{"乐政办发〔2015〕10号一（二）、三（四）", "投资200万元"})
	x.row(x.leaf().Content(), "规划符合性")
	x.wants([]string{"一、管理范围及原则", "整理文本，以发文机关公布的文本为准"})
	x.Page().Back()
	x.Page().Back()
	if _, _, ok := page.Left(); x.Page() != present.Page(page) || !ok {
		t.Errorf("back on %s, %t", x.Page().Name(), ok)
	}
}

// TestOwnScheme: the secretary sets a scheme for this meeting, item by item; nothing is
// recorded before all of it fits, and what is recorded stands on the page.
func TestOwnScheme(t *testing.T) {
	x := newTable(t)
	x.brought(nil)
	x.opens(script.Second, leaf(present.NewProject))
	if strings.Contains(text(x.leaf().Content()), "另定评审细则") {
		t.Error("an expert is offered to set the scheme")
	}
	x.opens(script.Secretary, leaf(present.NewProject))
	x.row(x.leaf().Content(), "另定评审细则")
	x.wants([]string{"权重合计 100（应当为 100）。", "计分办法：加权平均分", "通过评审 80.00 分，修改后通过 60.00 分"})

	// One item.
	x.row(x.leaf().Content(), "规划符合性")
	x.types(x.field(present.FieldLine, 0), "零")
	x.press()
	x.says(present.ToneError, "scheme.form")
	x.types(x.field(present.FieldLine, 0), "15")
	x.types(x.field(present.FieldLine, 1), "15")
	x.chooses(x.field(present.FieldChoice, 0), "1 分一档")
	x.press()
	x.wants([]string{"规划符合性　权重 15　满分 15，每 1 分一档", "（原权重 10，满分 10，每 0.5 分一档）", "权重合计 105"})
	x.types(x.field(present.FieldLine, 0), "组织单位会议确定")
	x.press()
	x.says(present.ToneError, "105")
	if len(x.project().Settings) > 0 {
		t.Error("recorded what does not fit")
	}

	// Another, the method, the bounds; the reason is still there.
	x.row(x.leaf().Content(), "技术方案与标准安全")
	x.types(x.field(present.FieldLine, 0), "30")
	x.press()
	x.row(x.leaf().Content(), "计分办法")
	x.chooses(x.field(present.FieldChoice, 0), "中位数")
	x.press()
	x.row(x.leaf().Content(), "建议各结论的最低总分")
	x.types(x.field(present.FieldLine, 1), "90")
	x.press()
	x.says(present.ToneError, "scheme.form")
	x.types(x.field(present.FieldLine, 1), "65.5")
	x.press()
	x.wants([]string{"权重合计 100", "计分办法：中位数", "修改后通过 65.50 分"})
	if got := x.field(present.FieldLine, 0).Value; got != "组织单位会议确定" {
		t.Errorf("the reason is %q", got)
	}
	x.press()
	x.says(present.ToneDone, "确认单")
	x.wants([]string{
		"本次会议另定了评审细则，标明“原”的各项已改。理由：组织单位会议确定", "规划符合性　权重 15　满分 15，每 1 分一档　一（二）1（原权重 10，满分 10，每 0.5 分一档）",
		"加权评分，中位数", "修改后通过 / 总分 65.50 分及以上建议这一结论（本次会议另定，原 60.00 分）",
	})
	s := x.project().Settings[0].Settings
	if len(s.Items) != 2 || s.Items[0] != (review.Weigh{Item: "Y2-01", Weight: "15", Full: "15", Step: "1"}) || s.Items[1] != (review.Weigh{Item: "Y2-04", Weight: "30"}) || s.Method != review.MethodMedian {
		t.Errorf("recorded %+v", s)
	}

	// Not scored at all, and back.
	x.opens(script.Secretary, leaf(present.NewOwnScheme))
	x.row(x.leaf().Content(), "改为不评分，只形成意见")
	x.wants([]string{"本次会议不评分，只形成意见。"}, "规划符合性")
	x.row(x.leaf().Content(), "恢复制度评审方案的原样")
	x.wants([]string{"规划符合性　权重 10"})
	x.types(x.field(present.FieldLine, 0), "不再另定")
	x.press()
	if p := x.project(); p.Scheme.Own != nil || len(p.Settings) != 2 {
		t.Errorf("%+v", p.Settings)
	}

	// Once anybody may mark it is not offered.
	x.must(x.hall.Sessions[script.Secretary].BeginRound(x.id))
	x.opens(script.Secretary, leaf(present.NewProject))
	if strings.Contains(text(x.leaf().Content()), "另定评审细则") {
		t.Error("the scheme could be set while people mark")
	}
}

// TestFollows: what follows from a conclusion elsewhere is told apart from the opinion.
func TestFollows(t *testing.T) {
	x := newTable(t)
	x.ruled(nil, nil)
	x.opens(script.Secretary, leaf(present.NewProject))
	if strings.Contains(text(x.leaf().Content()), "后续事项") {
		t.Error("there is nothing to follow before the conclusion")
	}
	x.must(x.hall.Sessions[script.Secretary].DraftOpinion(x.id, []review.OpinionParagraph{{Text: "方案可行。"}}))
	x.must(x.hall.Sessions[script.Chair].Conclude(nil, review.ConclusionReached{Project: x.id, Outcome: "passed"}))
	x.opens(script.Secretary, leaf(present.NewProject))
	x.row(x.leaf().Content(), "后续事项")
	x.wants([]string{"不是专家组意见的组成部分", "（已办）技术方案评审通过 / 本项目已通过技术方案评审", "报送备案：市电子政务中心出具"})
	x.row(x.leaf().Content(), "打印后续事项提示单")
	if len(x.outside.printed) != 1 || !strings.HasSuffix(x.outside.printed[0], "p01-notice-01.pdf") {
		t.Errorf("printed %v", x.outside.printed)
	}
}
