package pages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

func meetings(d *present.Desk, p *present.Meetings) View {
	box := container.NewVBox()
	reading := widgets.NewReading(sheet(box))
	reading.SetName(p.Name())
	var list drawn
	return View{
		Object: page(d.T("meetings.heading", nil), reading),
		First: func() fyne.Focusable {
			if f := firstRow(box); f != nil {
				return f
			}
			return nil
		},
		Refresh: func() {
			rows := present.Rows{Rows: p.Rows(), None: d.T("meetings.none", nil)}
			if p.Message().Tone == present.ToneBusy {
				rows.None = "" // whether there are any is being found out
			}
			if list.update == nil || !list.update(rows) {
				list = drawRows(rows)
				list.update(rows)
				box.Objects = []fyne.CanvasObject{list.object}
				box.Refresh()
			}
		},
	}
}
