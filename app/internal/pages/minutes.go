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

// minutesRows is how many lines of the field show at least.
const minutesRows = 2

// share gives the lower of two objects what it needs, and a third of the height
// where there is plenty.
type share struct{}

// Layout puts the second object under the first.
func (share) Layout(o []fyne.CanvasObject, size fyne.Size) {
	low := max(o[1].MinSize().Height, size.Height/3)
	o[0].Resize(fyne.NewSize(size.Width, size.Height-low))
	o[1].Resize(fyne.NewSize(size.Width, low))
	o[1].Move(fyne.NewPos(0, size.Height-low))
}

// MinSize is that of the two, one over the other.
func (share) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height)
}

func minutes(d *present.Desk, p *present.Minutes) View {
	list := container.New(layout.NewCustomPaddedVBoxLayout(0))
	if !p.Writes() {
		return recorded(d, p, list)
	}
	scroll := container.NewVScroll(sheet(list))

	field := widgets.NewText(minutesRows)
	field.SetPlaceHolder(d.T("minutes.hint", nil))
	count := widget.NewLabel("")
	count.SizeName = theme.SizeNameCaptionText

	v := View{
		// No heading: at the largest text size the record would have no room left,
		// and the rail says where one is.
		Object: container.New(share{}, scroll,
			container.NewBorder(container.NewBorder(nil, nil, nil, count, caption(d.T("minutes.field", nil))), nil, nil, nil, field),
		),
		First: first(field),
	}
	shown, edition, settled := 0, -1, false
	v.Refresh = func() {
		if text, now := p.Text(); now != edition {
			edition = now
			field.OnChanged = nil
			field.SetText(text)
			field.CursorRow, field.CursorColumn = end(text)
			field.OnChanged = p.Set
		}
		text, over := p.Count()
		count.Importance = widget.LowImportance
		if over {
			count.Importance = widget.DangerImportance
		}
		count.SetText(text)
		recorded := p.Recorded(shown)
		if shown == 0 {
			list.RemoveAll()
		}
		for _, r := range recorded {
			list.Add(paragraph(r))
		}
		if shown += len(recorded); shown == 0 {
			list.Add(body(d.T("minutes.none", nil)))
		}
		// The newest is what one looks for: when the page comes up, as soon as it has
		// a size, and whenever something was added.
		if room := scroll.Size().Height; room > 0 && (!settled || len(recorded) > 0) {
			settled = true
			if list.MinSize().Height > room {
				scroll.ScrollToBottom()
			}
		}
	}
	v.Refresh()
	return v
}

// recorded shows what is recorded where nothing can be added: by a person who may only read
// it, or when it is closed. A text that was begun and not recorded stands below it.
func recorded(d *present.Desk, p *present.Minutes, list *fyne.Container) View {
	for _, r := range p.Recorded(0) {
		list.Add(paragraph(r))
	}
	if len(list.Objects) == 0 {
		list.Add(body(d.T("minutes.nothing", nil)))
	}
	if text, _ := p.Text(); text != "" {
		list.Add(caption(d.T("minutes.left", nil)))
		list.Add(body(text))
	}
	reading := widgets.NewReading(sheet(list))
	reading.SetName(p.Name())
	return View{Object: reading, First: first(reading), Refresh: func() {}}
}

// paragraph is a recorded paragraph: number, text, time.
func paragraph(r present.Recorded) fyne.CanvasObject {
	number := widget.NewLabel(r.Number + ".")
	number.TextStyle.Bold = true
	at := widget.NewLabel(r.At)
	at.Importance = widget.LowImportance
	return container.NewBorder(nil, nil, container.NewVBox(number), container.NewVBox(at), body(r.Text))
}

// end gives the place behind the last character, as row and column of a field
// that is laid out again afterwards.
func end(text string) (row, column int) {
	for _, r := range text {
		column++
		if r == '\n' {
			row, column = row+1, 0
		}
	}
	return row, column
}
