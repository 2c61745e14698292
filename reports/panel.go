package reports

import (
	"fmt"
	"slices"
	"strconv"

	"heyi/reports/layout"
	"heyi/review/paper"
)

// panelList is the 专家组成员名单及签字表.
func panelList(m *paper.PanelList) (layout.Document, string) {
	const title = "专家组成员名单及签字表"
	d := begin(&m.Head, title, true)
	t := layout.Table{
		Head:    [][]layout.Cell{row("序号", "组内职务", "姓名", "工作单位", "职务、职称", "签名", "备注")},
		Columns: []layout.Column{{}, {Align: layout.Centre}, {Align: layout.Centre}, {Align: layout.Left}, {Align: layout.Left}, {}, {Align: layout.Left}},
		Strike:  true,
		Note:    keyNote,
	}
	for i, s := range m.Signers {
		t.Body = append(t.Body, append(row(strconv.Itoa(i+1), s.Office, s.Name, s.Unit, s.Title), place(&m.Head, s), layout.Cell{Text: s.Note}))
	}
	t.Body = append(t.Body, total(7, fmt.Sprintf("应到%d人，实到%d人，应签字%d人", m.Due, m.Present, m.Signing)))
	if slices.ContainsFunc(m.Signers, func(s paper.Signer) bool { return s.Blank }) {
		t.Body = append(t.Body, []layout.Cell{{Text: "日期", Cols: 2, Bold: true, Align: layout.Centre}, {Text: inkDate, Cols: 5, Blank: true, Align: layout.Centre}})
	}
	d.Blocks = []layout.Block{particulars(&m.Head), t}
	return d, titled(title, &m.Head)
}
