package pages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

// tally draws the views of a tally: the table, which has the room to itself, or parts to be
// read.
func tally(p *present.Tally) View {
	official := widget.NewLabel("")
	official.SizeName, official.TextStyle.Bold = theme.SizeNameHeadingText, true
	method := widget.NewLabel("")
	method.SizeName, method.Importance = theme.SizeNameCaptionText, widget.LowImportance
	method.Truncation = fyne.TextTruncateEllipsis
	views := widgets.NewChoice(false, p.SetView)
	views.SetName(p.Name())

	grid := widgets.NewGrid(p.Choose)
	grid.SetName(p.Name())
	grid.Least = 1 // at the largest text size the window has no room for more
	table := container.NewBorder(method, nil, nil, nil, grid)

	box := container.New(layout.NewCustomPaddedVBoxLayout(2))
	parts := &parts{page: p.Leaf, box: box, fields: map[*present.Field]*input{}}
	reading := widgets.NewReading(sheet(box))
	reading.SetName(p.Heading())

	return View{
		Object: container.NewBorder(
			container.New(layout.NewCustomPaddedVBoxLayout(2), container.NewBorder(nil, nil, nil, official, heading(p.Heading())), views),
			nil, nil, nil, container.NewStack(table, reading),
		),
		First: func() fyne.Focusable {
			if p.Tabled() {
				return grid
			}
			return views
		},
		Refresh: func() {
			official.SetText(p.Official())
			method.SetText(p.Method())
			views.Set(options(p.Views()), p.View())
			grid.Set(cells(p.Head()), p.Rows(), cell(p.Cell))
			parts.refresh()
			visible(table, p.Tabled())
			visible(reading, !p.Tabled())
		},
	}
}
