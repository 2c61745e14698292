package shell

import (
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

// railWidth is the width of the rail at the normal text size; it grows with the
// text but stays under the 200 of look.md.
const railWidth = 132

// frame is what stands around the page: top bar, rail, message and bottom line.
type frame struct {
	object  fyne.CanvasObject
	stops   []fyne.Focusable // primary button, rail, top bar: nil where there is none
	message *widgets.Status
	next    *widgets.Prose
	primary *widgets.Button
}

func newFrame(d *present.Desk, page fyne.CanvasObject, primary func()) frame {
	f := frame{message: widgets.NewStatus(), next: widgets.NewProse(""), primary: widgets.NewPrimary("", primary)}
	what := d.Frame()
	top, first := topBar(d, what)
	rail, stop := rail(d, what)
	f.stops = []fyne.Focusable{f.primary, stop, first}
	if d.Page().Primary().Label == "" {
		f.primary.Hide()
		f.stops[0] = nil
	}
	label := widget.NewLabel(d.T("next.label", nil))
	label.TextStyle.Bold = true
	bottom := bar(container.NewVBox(
		f.message,
		container.NewBorder(nil, nil, centred(label), centred(f.primary), centredTall(f.next)),
	), edgeTop)
	inside := theme.Size(skin.SizeInside)
	middle := container.New(layout.NewCustomPaddedLayout(0, 8, inside, inside), page)
	ground := canvas.NewRectangle(theme.Color(theme.ColorNameBackground))
	// The order is the order of Tab: the page, what it leads to, then the rest.
	f.object = container.New(window{}, ground, container.New(layout.NewBorderLayout(top, bottom, rail, nil), middle, bottom, rail, top))
	return f
}

// window is the layout of a window's content: everything takes all the room
// there is. Text that wraps does not know its height before it knows its width,
// and a window that has grown for it once would stay so; so the least size is
// fixed, and tests hold that every page fits it.
type window struct{}

// The size that every page fits, at every text size (look.md).
const (
	leastWidth  = 900
	leastHeight = 500
)

// Layout gives every object the whole size.
func (window) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

// MinSize is the same for all content.
func (window) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(leastWidth, leastHeight) }

// refresh shows what the page says now, and tells whether that has taken height from the
// page or given it back.
func (f *frame) refresh(p present.Page) (moved bool) {
	f.next.SetText(p.Next())
	f.primary.SetText(p.Primary().Label)
	m := p.Message()
	high := f.message.Visible()
	f.message.Set(tones[m.Tone], m.Text)
	return f.message.Visible() != high
}

var tones = map[present.Tone]widgets.Tone{
	present.ToneNone:   widgets.ToneNone,
	present.ToneBusy:   widgets.ToneBusy,
	present.ToneDone:   widgets.ToneDone,
	present.ToneError:  widgets.ToneError,
	present.ToneDecide: widgets.ToneDecide,
}

func topBar(d *present.Desk, what present.Frame) (fyne.CanvasObject, fyne.Focusable) {
	title := widget.NewLabel(what.Title)
	title.TextStyle.Bold = true
	title.Truncation = fyne.TextTruncateEllipsis
	helping := widgets.NewButton(d.T("action.help", nil), d.Help)
	left := container.NewHBox()
	for _, mark := range []string{what.Secrecy, what.Drill} {
		if mark != "" {
			l := widget.NewLabel(mark)
			l.TextStyle.Bold, l.Importance = true, widget.DangerImportance
			left.Add(centred(l))
		}
	}
	right := container.NewHBox()
	if len(what.Steps) > 0 {
		right.Add(centred(widgets.NewSteps(what.Steps, what.Current)))
	}
	if what.Who != "" {
		right.Add(centred(widget.NewLabel(what.Who)))
	}
	right.Add(centred(helping))
	if what.Who != "" {
		right.Add(centred(widgets.NewButton(d.T("action.lock", nil), d.HandBack)))
	}
	return bar(container.NewBorder(nil, nil, left, right, centredTall(title)), edgeBottom), helping
}

func rail(d *present.Desk, what present.Frame) (fyne.CanvasObject, fyne.Focusable) {
	list := container.New(layout.NewCustomPaddedVBoxLayout(4))
	var first fyne.Focusable
	for _, s := range what.Rail {
		b := widgets.NewStop(s.Label, s.Current, func() { d.Go(s.Place) })
		if s.Current {
			first = b
		}
		list.Add(b)
	}
	wide := canvas.NewRectangle(nil)
	wide.SetMinSize(fyne.NewSize(min(railWidth*theme.TextSize()/15, 196), 0))
	edge := canvas.NewRectangle(theme.Color(skin.Hairline))
	edge.SetMinSize(fyne.NewSize(1, 0))
	// At large text sizes all places of an officer are higher than the least window.
	return container.NewBorder(nil, nil, nil, edge, container.NewStack(wide, container.NewVScroll(container.NewPadded(list)))), first
}

type edge bool

const (
	edgeTop    edge = true
	edgeBottom edge = false
)

// bar is a band of the sheet's colour with a hairline towards the page.
func bar(content fyne.CanvasObject, e edge) fyne.CanvasObject {
	ground := canvas.NewRectangle(theme.Color(skin.ColorSheet))
	line := canvas.NewRectangle(theme.Color(skin.Hairline))
	line.SetMinSize(fyne.NewSize(0, 1))
	inside := theme.Size(skin.SizeInside)
	padded := container.New(layout.NewCustomPaddedLayout(6, 6, inside, inside), content)
	if e == edgeTop {
		return container.NewStack(ground, container.NewBorder(line, nil, nil, nil, padded))
	}
	return container.NewStack(ground, container.NewBorder(nil, line, nil, nil, padded))
}

// centred keeps an object at its own size in the middle of a higher line.
func centred(o fyne.CanvasObject) fyne.CanvasObject { return container.NewCenter(o) }

// centredTall does the same with an object that takes the line's whole width.
func centredTall(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedVBoxLayout(0), layout.NewSpacer(), o, layout.NewSpacer())
}
