package reports

import (
	"fmt"
	"strconv"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/paper"
)

// met says how it reads on paper whether a term was met.
var met = map[review.Met]string{review.MetYes: "符合", review.MetDeviate: "偏离", review.MetNo: "不符合"}

// fulfilment is the 履约情况表.
func fulfilment(m *paper.Fulfilment) (layout.Document, string) {
	const title = "履约情况表"
	d := begin(&m.Head, title, true)
	t := layout.Table{
		Head:    [][]layout.Cell{row("序号", "类别", "合同（标书）要求", "实际情况", "证明材料", "核对结果")},
		Columns: []layout.Column{{}, {}, {Align: layout.Left}, {Align: layout.Left}, {Align: layout.Left}, {Align: layout.Left}},
		Strike:  true,
	}
	count := map[review.Met]int{}
	for i, x := range m.Terms {
		count[x.Met]++
		t.Body = append(t.Body, row(strconv.Itoa(i+1), x.Part, x.Requirement, x.Actual, x.Evidence,
			boxes("\n", met[x.Met], met[review.MetYes], met[review.MetDeviate], met[review.MetNo])))
	}
	sum := fmt.Sprintf("共%d项，符合%d项，偏离%d项，不符合%d项", len(m.Terms), count[review.MetYes], count[review.MetDeviate], count[review.MetNo])
	t.Body = append(t.Body, total(6, "合计："+sum))
	d.Blocks = []layout.Block{particulars(&m.Head), t, signatures(&m.Head, m.Signers, "履约情况核对结果："+sum)}
	return d, titled(title, &m.Head)
}
