package pages

import (
	"fyne.io/fyne/v2/container"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

// drawing draws a sheet of paper to sign on. It stands in no scroll: the movement of the pen
// is the signature's.
func drawing(d *present.Desk, p *present.Drawing) View {
	var pad *widgets.Pad
	pad = widgets.NewPad(func() { p.Draw(pad.Lines(), widgets.PadWidth, widgets.PadHeight) })
	pad.SetName(p.Heading())
	pad.SetHint(d.T("hand.hint", nil))
	pad.SetLines(p.Lines())
	undo := widgets.NewButton(d.T("hand.undo", nil), pad.Undo)
	clear := widgets.NewButton(d.T("hand.clear", nil), pad.Clear)
	return View{
		Object:  container.NewBorder(container.NewBorder(nil, nil, nil, container.NewHBox(undo, clear), heading(p.Heading())), nil, nil, nil, pad),
		First:   first(pad),
		Refresh: func() {},
	}
}
