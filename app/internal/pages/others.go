package pages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"heyi/app/internal/present"
)

func papers(d *present.Desk, p *present.Papers) View {
	list := container.NewVBox()
	return View{
		Object:  page(d.T("papers.heading", nil), container.NewVScroll(sheet(list))),
		First:   firstOf(list),
		Refresh: func() { fill(list, p.Issued(), p.Open, d.T("papers.none", nil)) },
	}
}

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
			fill(sizes, p.Sizes(), p.SetSize, "")
			fill(contrasts, p.Contrasts(), p.SetContrast, "")
		},
	}
}

func help(p *present.Help) View {
	text := container.NewVBox()
	for _, t := range p.Text() {
		text.Add(body(t))
	}
	return View{Object: page(p.Heading(), container.NewVScroll(sheet(text))), First: first(nil), Refresh: func() {}}
}
