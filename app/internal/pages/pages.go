// Package pages draws the pages: one file a page, each from its presenter to
// Fyne objects. Pages build and bind; they decide nothing and remember nothing
// that the presenter does not know.
package pages

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/present"
	"heyi/app/internal/skin"
	"heyi/app/internal/widgets"
)

// View is a page that is drawn.
type View struct {
	Object  fyne.CanvasObject
	First   func() fyne.Focusable // where the focus goes when the page comes up; nil for nowhere
	Refresh func()                // draws what has changed since
	Wide    func()                // F8: one side of two has the whole width; nil where there are none
	Find    func()                // Ctrl+F: to the field in which a text is looked for; nil where there is none
}

// Build draws a page. It is the list of all pages. To add one: a presenter in
// present, a file here, a case below.
func Build(d *present.Desk, p present.Page) View {
	switch p := p.(type) {
	case *present.Meetings:
		return meetings(d, p)
	case *present.Leaf:
		return leaf(p)
	case *present.Board:
		return board(p)
	case *present.Compare:
		return compare(p)
	case *present.Journal:
		return journal(p)
	case *present.Reading:
		return reading(d, p)
	case *present.Scoring:
		return scoring(d, p)
	case *present.Submit:
		return submit(d, p)
	case *present.Preview:
		return preview(d, p)
	case *present.Tally:
		return tally(p)
	case *present.Opinion:
		return opinion(d, p)
	case *present.Drawing:
		return drawing(d, p)
	case *present.Minutes:
		return minutes(d, p)
	case *present.Display:
		return display(d, p)
	case *present.Help:
		return help(p)
	}
	panic(fmt.Sprintf("pages: no page for %T", p))
}

// heading names the page.
func heading(text string) fyne.CanvasObject {
	l := widget.NewLabel(text)
	l.SizeName = theme.SizeNameHeadingText
	l.TextStyle.Bold = true
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// caption says something small and in a low voice, over as many lines as it takes.
func caption(text string) fyne.CanvasObject {
	p := widgets.NewProse(text)
	p.SizeName = theme.SizeNameCaptionText
	p.Importance = widget.LowImportance
	return p
}

// body is running text.
func body(text string) fyne.CanvasObject { return widgets.NewProse(text) }

// labelled stands a name over a field.
func labelled(name string, field fyne.CanvasObject) fyne.CanvasObject {
	l := widget.NewLabel(name)
	l.TextStyle.Bold = true
	return container.New(layout.NewCustomPaddedVBoxLayout(0), l, field)
}

// sheet lays content on a white sheet with a hairline edge.
func sheet(content fyne.CanvasObject) fyne.CanvasObject {
	ground := canvas.NewRectangle(theme.Color(skin.ColorSheet))
	ground.StrokeColor = theme.Color(skin.Hairline)
	ground.StrokeWidth = 1
	inside := theme.Size(skin.SizeInside)
	return container.NewStack(ground, container.New(layout.NewCustomPaddedLayout(inside, inside, inside, inside), content))
}

// form holds fields one under another, no wider than is good to read, and
// scrolls where the window is low.
func form(objects ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVScroll(sheet(container.New(layout.NewCustomPaddedVBoxLayout(8), objects...)))
}

// page stands a heading over what fills the rest.
func page(head string, rest fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(heading(head), nil, nil, nil, rest)
}

// first gives an object the focus at the start.
func first(f fyne.Focusable) func() fyne.Focusable { return func() fyne.Focusable { return f } }

// fill shows rows, or a sentence where there are none. Rows that stand already are kept,
// and with them the focus.
func fill(box *fyne.Container, rows []present.Row, none string) {
	if len(rows) == 0 {
		box.RemoveAll()
		if none != "" {
			box.Add(body(none))
		}
		return
	}
	for i, r := range rows {
		if i < len(box.Objects) && standing(box.Objects[i], r) {
			continue
		}
		o := fyne.CanvasObject(widgets.NewNote())
		if r.Do != nil {
			o = widgets.NewRow("", "", nil)
		}
		standing(o, r)
		if i < len(box.Objects) {
			box.Objects[i] = o
		} else {
			box.Objects = append(box.Objects, o)
		}
	}
	box.Objects = box.Objects[:len(rows)]
	box.Refresh()
}

// standing has an object show a row, and tells whether it is of the kind for that.
func standing(o fyne.CanvasObject, r present.Row) bool {
	switch o := o.(type) {
	case *widgets.Row:
		o.SetText(r.Title, r.Detail)
		o.SetTone(tones[r.Tone])
		o.OnTapped(r.Do)
		return r.Do != nil
	case *widgets.Note:
		o.Set(tones[r.Tone], r.Title, r.Detail)
		return r.Do == nil
	}
	return false
}
