package pages

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

// submit draws what an expert is about to give beside what it takes to give it.
func submit(d *present.Desk, p *present.Submit) View {
	paper := newPaging(d, p.Paging())
	amend := widgets.NewButton(p.Amend().Label, press(p.Amend))
	if !p.Complete() {
		list := container.New(layout.NewCustomPaddedVBoxLayout(0))
		right := form(bold(p.Heading()), labelled(d.T("submit.lacks", nil), list), container.NewHBox(amend))
		split, place, wide := aside(d.T("submit.divider", nil), paper.object, right)
		object, turn, refresh := turnable(d, split, wide)
		return View{
			Object: object, First: func() fyne.Focusable { return firstRow(list) }, Wide: turn, Find: paper.find,
			Refresh: func() {
				place(false)
				refresh()
				paper.refresh(nil)
				fill(list, p.Lacks(), "")
			},
		}
	}
	consequence := container.New(layout.NewCustomPaddedVBoxLayout(0))
	for i, t := range p.Consequence() {
		status := widgets.NewStatus()
		if i == 0 {
			status.Set(widgets.ToneDecide, t)
			consequence.Add(status)
			continue
		}
		consequence.Add(body(t))
	}
	ways := widgets.NewChoice(false, p.SetWay)
	ways.SetName(d.T("submit.look", nil))
	name := body(p.Signer())
	// The pad stands in no scroll, which would take the drawing for its own.
	var pad *widgets.Pad
	pad = widgets.NewPad(func() { p.Draw(pad.Lines(), widgets.PadWidth, widgets.PadHeight) })
	pad.SetHint(d.T("submit.pad", nil))
	pad.SetName(d.T("submit.pad", nil))
	pad.SetLines(p.Lines())
	wipe := widgets.NewButton(d.T("submit.wipe", nil), func() {
		pad.Clear()
	})
	signing := container.NewBorder(nil, container.NewHBox(wipe), nil, nil, pad)
	right := container.NewBorder(nil, signing, nil, nil, form(
		bold(p.Heading()), labelled(d.T("submit.head", nil), consequence), container.NewHBox(amend), labelled(d.T("submit.look", nil), ways), name,
	))
	split, place, wide := aside(d.T("submit.divider", nil), paper.object, right)
	object, turn, refresh := turnable(d, split, wide)
	return View{
		Object: object, First: first(amend), Wide: turn, Find: paper.find,
		Refresh: func() {
			place(false)
			refresh()
			paper.refresh(nil)
			rows, at := p.Ways()
			ways.Set(options2(rows), at)
			visible(name, !p.Drawn())
			visible(signing, p.Drawn())
		},
	}
}

// turnable stands a button over two sides that says what is on the other, where one has the
// whole page: a person who does not know F8 must find the paper that he signs.
func turnable(d *present.Desk, split *widgets.Split, wide func()) (object fyne.CanvasObject, turn, refresh func()) {
	var button *widgets.Button
	turn = func() {
		wide()
		refresh()
	}
	button = widgets.NewButton("", func() { turn() })
	bar := container.NewHBox(button)
	refresh = func() {
		left, right := split.Shown()
		visible(bar, left != right)
		if left {
			button.SetText(d.T("turn.words", nil))
		} else {
			button.SetText(d.T("turn.paper", nil))
		}
	}
	return container.NewBorder(bar, nil, nil, nil, split), turn, refresh
}

// options2 gives answers as a choice shows them.
func options2(of []present.Option) []widgets.Option {
	out := make([]widgets.Option, len(of))
	for i, o := range of {
		out[i] = widgets.Option(o)
	}
	return out
}
