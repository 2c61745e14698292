package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Note is an entry of a list that is only read: as a Row that nobody can press, with a text
// of as many lines as it takes.
type Note struct {
	widget.BaseWidget
	title  *Status
	detail *Prose
}

// NewNote gives a note that says nothing yet.
func NewNote() *Note {
	n := &Note{title: NewStatus(), detail: NewProse("")}
	n.detail.Importance, n.detail.SizeName = widget.LowImportance, theme.SizeNameCaptionText
	n.ExtendBaseWidget(n)
	return n
}

// Set changes what the note says; detail may be "".
func (n *Note) Set(t Tone, title, detail string) {
	n.title.Set(t, title)
	n.detail.Hidden = detail == ""
	n.detail.SetText(detail)
	n.Refresh()
}

// CreateRenderer is for Fyne.
func (n *Note) CreateRenderer() fyne.WidgetRenderer { return &noteRenderer{n} }

type noteRenderer struct{ note *Note }

func (r *noteRenderer) MinSize() fyne.Size {
	size := r.note.title.MinSize()
	if !r.note.detail.Hidden {
		size.Height += r.note.detail.MinSize().Height - overlap()
	}
	return size
}

func (r *noteRenderer) Layout(size fyne.Size) {
	in := shapeSize() + theme.InnerPadding()
	r.note.title.Resize(fyne.NewSize(size.Width, r.note.title.MinSize().Height))
	title := r.note.title.MinSize().Height // wrapped to its width now
	r.note.title.Resize(fyne.NewSize(size.Width, title))
	r.note.detail.Resize(fyne.NewSize(size.Width-in, max(0, size.Height-title+overlap())))
	r.note.detail.Move(fyne.NewPos(in, title-overlap()))
}

func (r *noteRenderer) Refresh() {
	r.note.title.Refresh()
	r.note.detail.Refresh()
	r.Layout(r.note.Size())
}

func (r *noteRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.note.title, r.note.detail}
}

func (r *noteRenderer) Destroy() {}
