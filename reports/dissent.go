package reports

import (
	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/paper"
)

// dissent is the 不同意见书, which one person alone signs.
func dissent(m *paper.Dissent) (layout.Document, string) {
	const title = "不同意见书"
	d := begin(&m.Head, title, false)
	given := "在评审结论文件定稿前提出。"
	if m.Annex {
		given = "在评审结论文件定稿后提出，作为附件归档，不改变已签署的文件。"
	}
	d.Blocks = []layout.Block{
		particulars(&m.Head,
			fact{label: "姓名", value: m.Person.Name}, fact{label: "组内职务", value: m.Person.Office},
			fact{label: "工作单位", value: m.Person.Unit}, fact{label: "职务、职称", value: m.Person.Title},
			fact{label: "针对的结论", value: m.Outcome, wide: true},
			fact{label: "表态", value: boxes("　　", choices[m.Choice], choices[review.ChoiceReserve], choices[review.ChoiceDisagree]), wide: true},
			fact{label: "提出时间", value: given, wide: true},
		),
		layout.Heading{Level: 1, Text: "意见和理由"},
		layout.Paragraph{Text: m.Text},
		own(&m.Head, m.Person.Office, m.Field),
	}
	return d, titled(title, &m.Head)
}

// choices says how positions on a conclusion read on paper.
var choices = map[review.Choice]string{
	review.ChoiceAgree: "同意", review.ChoiceReserve: "同意，附保留意见", review.ChoiceDisagree: "不同意", review.ChoiceAbstain: "弃权",
}
