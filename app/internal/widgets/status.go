package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/skin"
)

// Tone says how a message is meant.
type Tone int

// The tones, each with a figure of its own: none, a ring, a disc, a diamond.
const (
	ToneNone Tone = iota
	ToneBusy
	ToneDone
	ToneError
)

// Status is a message that stands where it is put until another takes its place:
// saving, saved, or what went wrong. It takes as many lines as it needs, and no
// room without a text.
type Status struct {
	widget.BaseWidget
	tone Tone
	text string
}

// NewStatus gives a status without a message.
func NewStatus() *Status {
	s := &Status{}
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

// Set shows a message; "" takes it away.
func (s *Status) Set(tone Tone, text string) {
	if s.tone == tone && s.text == text {
		return
	}
	s.tone, s.text = tone, text
	s.Hidden = text == ""
	s.Refresh()
}

// looks gives the figure, its colour and the importance of the words.
func (t Tone) looks() (shape, fyne.ThemeColorName, widget.Importance) {
	switch t {
	case ToneBusy:
		return ring, skin.TextMuted, widget.MediumImportance
	case ToneDone:
		return disc, skin.MarkHolds, widget.MediumImportance
	case ToneError:
		return diamond, skin.MarkGrave, widget.DangerImportance
	}
	return noShape, skin.TextMuted, widget.MediumImportance
}

// CreateRenderer is for Fyne.
func (s *Status) CreateRenderer() fyne.WidgetRenderer {
	r := &statusRenderer{status: s, label: NewProse("")}
	r.Refresh()
	return r
}

type statusRenderer struct {
	status *Status
	mark   fyne.CanvasObject
	label  *Prose
}

// indent gives the width of the figure with the space before it.
func (r *statusRenderer) indent() float32 { return shapeSize() + theme.InnerPadding() }

func (r *statusRenderer) MinSize() fyne.Size {
	return r.label.MinSize().AddWidthHeight(r.indent(), 0)
}

func (r *statusRenderer) Layout(size fyne.Size) {
	side, line := shapeSize(), fyne.MeasureText("合", theme.TextSize(), fyne.TextStyle{}).Height
	r.mark.Resize(fyne.NewSquareSize(side))
	r.mark.Move(fyne.NewPos(theme.InnerPadding(), theme.InnerPadding()+(line-side)/2))
	r.label.Resize(size.SubtractWidthHeight(r.indent(), 0))
	r.label.Move(fyne.NewPos(r.indent(), 0))
}

func (r *statusRenderer) Refresh() {
	shape, name, importance := r.status.tone.looks()
	r.mark = newShape(shape, name)
	r.label.Importance = importance
	r.label.SetText(r.status.text)
	r.label.Refresh()
	r.Layout(r.status.Size())
}

func (r *statusRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.mark, r.label}
}

func (r *statusRenderer) Destroy() {}
