package reports

import (
	"fmt"
	"strconv"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/paper"
)

// minutes is the 评审会议记录.
func minutes(m *paper.Minutes) (layout.Document, string) {
	const title = "评审会议记录"
	d := layout.Document{
		Title:  title,
		Number: m.Number,
		Check:  m.Check,
		Mark:   string(m.Mark),
		Blocks: []layout.Block{layout.Rows{
			{Label: "会议名称", Value: m.Event},
			{Label: "记录人", Value: m.Secretary},
			{Label: "出具时间", Value: date(m.At) + clock(m.At)},
		}},
	}
	for _, r := range m.Restored {
		d.Blocks = append(d.Blocks, layout.Paragraph{Text: restored(r)})
	}
	day := ""
	for _, paragraph := range m.Paragraphs {
		if on := date(paragraph.At); on != day {
			day = on
			d.Blocks = append(d.Blocks, layout.Heading{Level: 2, Text: day})
		}
		d.Blocks = append(d.Blocks, layout.Paragraph{
			Number: fmt.Sprintf("%d.（%s）", paragraph.Number, clock(paragraph.At)),
			Text:   paragraph.Text,
		})
	}
	d.Blocks = append(d.Blocks, layout.Signatures{
		Places: []layout.Place{{Field: review.SignatureField, Label: "记录人（签名）", Date: date(m.At)}},
		Note:   keyNote,
	})
	return d, title + "：" + m.Event
}

// restored says on a paper that the record was continued from a copy.
func restored(r review.Restoration) string {
	return "说明：本会议的电子记录曾核验不符，于" + date(r.At) + clock(r.At) + "从备份恢复后继续，确认人见会议日志编号" +
		strconv.FormatInt(r.Index, 10) + "的条目；原记录已另行留存备查。原因：" + r.Reason
}
