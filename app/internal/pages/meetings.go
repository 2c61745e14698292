package pages

import (
	"fyne.io/fyne/v2/container"

	"heyi/app/internal/present"
)

func meetings(d *present.Desk, p *present.Meetings) View {
	list := container.NewVBox()
	return View{
		Object: page(d.T("meetings.heading", nil), container.NewVScroll(sheet(list))),
		First:  firstOf(list),
		Refresh: func() {
			none := d.T("meetings.none", nil)
			if p.Message().Tone == present.ToneBusy {
				none = "" // whether there are any is being found out
			}
			fill(list, p.Rows(), none)
		},
	}
}
