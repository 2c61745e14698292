package pages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

func display(d *present.Desk, p *present.Display) View {
	sizes, contrasts := container.NewVBox(), container.NewVBox()
	return View{
		Object: page(d.T("display.heading", nil), form(
			labelled(d.T("display.size", nil), sizes),
			labelled(d.T("display.contrast", nil), contrasts),
		)),
		First: func() fyne.Focusable {
			for i, r := range p.Sizes() {
				if r.Detail != "" {
					return sizes.Objects[i].(fyne.Focusable)
				}
			}
			return nil
		},
		Refresh: func() {
			fill(sizes, p.Sizes(), "")
			fill(contrasts, p.Contrasts(), "")
		},
	}
}

func help(p *present.Help) View {
	text := container.NewVBox()
	for _, t := range p.Text() {
		text.Add(body(t))
	}
	if rows := p.More(); len(rows) > 0 {
		more := container.NewVBox()
		fill(more, rows, "")
		text.Add(labelled(p.Others(), more))
	}
	reading := widgets.NewReading(sheet(text))
	reading.SetName(p.Heading())
	return View{Object: page(p.Heading(), reading), First: first(reading), Refresh: func() {}}
}
