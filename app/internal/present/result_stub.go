package present

import (
	"heyi/review"
	"heyi/review/regulation"
)

func (d *Desk) toProject(id review.ProjectID) { d.Go(PlaceProjects) }

func (d *Desk) findingRows(findings []regulation.Finding) Rows {
	rows := Rows{Head: d.T("about.findings", nil), None: d.T("findings.none", nil)}
	for _, first := range []bool{true, false} {
		for _, f := range findings {
			if (f.Limit() != regulation.LimitNone) != first {
				continue
			}
			r := Row{Title: d.T("outcome."+f.Outcome, nil) + "　" + f.Title, Detail: f.Sentence}
			if first {
				r.Tone = ToneDecide
			}
			rows.Rows = append(rows.Rows, r)
		}
	}
	return rows
}
