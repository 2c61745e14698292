package pages

import (
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

// preview draws a paper beside what it leaves open.
func preview(d *present.Desk, p *present.Preview) View {
	paper := newPaging(d, p.Paging())
	list := container.New(layout.NewCustomPaddedVBoxLayout(0))
	split, place := aside(d.T("submit.divider", nil), paper.object, widgets.NewReading(sheet(container.New(layout.NewCustomPaddedVBoxLayout(8), bold(p.Heading()), labelled(d.T("preview.lacks", nil), list)))))
	split.SetRatio(0.7)
	return View{
		Object: split, First: paper.first, Wide: split.Cycle, Find: paper.find,
		Refresh: func() {
			place(true)
			paper.refresh(nil)
			fill(list, p.Lacks(), p.None())
		},
	}
}
