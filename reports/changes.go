package reports

import (
	"fmt"
	"strings"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/paper"
)

// changes is the 变更认可表.
func changes(m *paper.Changes) (layout.Document, string) {
	const title = "变更认可表"
	d := begin(&m.Head, title, true)
	d.Blocks = []layout.Block{particulars(&m.Head), changeTable(m.Changes), signatures(&m.Head, m.Signers, acknowledged(m))}
	return d, titled(title, &m.Head)
}

// changeTable has one change a row.
func changeTable(of []review.Change) layout.Table {
	t := layout.Table{
		Head:    [][]layout.Cell{row("编号", "变更内容", "批准文件和日期", "对投资、工期的影响", "如实报告")},
		Columns: []layout.Column{{}, {Align: layout.Left}, {Align: layout.Left}, {Align: layout.Left}, {}},
		Strike:  true,
	}
	for _, c := range of {
		t.Body = append(t.Body, row(c.Number, c.Content, c.Approval, c.Effect, box(c.Reported)+"是\n"+box(!c.Reported)+"否"))
	}
	return t
}

// acknowledged is what those who sign say. Only what was reported can be acknowledged.
func acknowledged(m *paper.Changes) string {
	var not []string
	for _, c := range m.Changes {
		if !c.Reported {
			not = append(not, c.Number)
		}
	}
	by := around("依据", m.Cite, "，")
	n := len(m.Changes)
	switch {
	case n == 0:
		return "没有变更项目。"
	case len(not) == 0:
		return fmt.Sprintf("上列变更项目共%d项，均已如实报告。%s签名人员对上列变更项目签字认可。", n, by)
	case len(not) == n:
		return fmt.Sprintf("上列变更项目共%d项，均未如实报告，签名人员不予认可。", n)
	}
	return fmt.Sprintf("上列变更项目共%d项，其中%d项已如实报告。%s签名人员对已如实报告的变更项目签字认可；未如实报告的（%s）不予认可。", n, n-len(not), by, strings.Join(not, "、"))
}
