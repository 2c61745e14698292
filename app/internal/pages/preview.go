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
	split, place, wide := aside(d.T("submit.divider", nil), paper.object, widgets.NewReading(sheet(container.New(layout.NewCustomPaddedVBoxLayout(8), bold(p.Heading()), labelled(d.T("preview.lacks", nil), list)))))
	split.SetRatio(0.7)
	object, turn, refresh := turnable(d, split, wide)
	return View{
		Object: object, First: paper.first, Wide: turn, Find: paper.find,
		Refresh: func() {
			place(true)
			refresh()
			paper.refresh(nil)
			fill(list, p.Lacks(), p.None())
		},
	}
}
