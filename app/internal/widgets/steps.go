package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/skin"
)

// Steps shows how far something is: a disc for every step that is done, the name
// of the current one in a frame, a ring for every one to come.
type Steps struct {
	widget.BaseWidget
	names   []string
	current int
}

// NewSteps gives the steps; current is the index of the current one.
func NewSteps(names []string, current int) *Steps {
	s := &Steps{names: names, current: current}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is for Fyne.
func (s *Steps) CreateRenderer() fyne.WidgetRenderer {
	r := &stepsRenderer{steps: s, name: canvas.NewText(s.names[s.current], nil), frame: canvas.NewRectangle(nil)}
	r.name.TextStyle.Bold, r.name.Alignment = true, fyne.TextAlignCenter
	r.Refresh()
	return r
}

type stepsRenderer struct {
	steps   *Steps
	figures []fyne.CanvasObject // one a step, the frame among them
	frame   *canvas.Rectangle
	name    *canvas.Text
}

// framed gives the size of the frame around the current name.
func (r *stepsRenderer) framed() fyne.Size {
	return r.name.MinSize().AddWidthHeight(2*theme.InnerPadding(), theme.Padding())
}

func (r *stepsRenderer) MinSize() fyne.Size {
	others := float32(len(r.figures) - 1)
	return r.framed().AddWidthHeight(others*(shapeSize()+theme.InnerPadding()), theme.Padding())
}

func (r *stepsRenderer) Layout(size fyne.Size) {
	var x float32
	for _, o := range r.figures {
		is := fyne.NewSquareSize(shapeSize())
		if o == r.frame {
			is = r.framed()
		}
		o.Resize(is)
		o.Move(fyne.NewPos(x, (size.Height-is.Height)/2))
		x += is.Width + theme.InnerPadding()
	}
	r.name.Resize(r.frame.Size())
	r.name.Move(r.frame.Position())
}

func (r *stepsRenderer) Refresh() {
	r.frame.FillColor, r.frame.StrokeColor, r.frame.StrokeWidth = theme.Color(skin.ColorSheet), theme.Color(theme.ColorNamePrimary), 2
	r.frame.CornerRadius = theme.Size(theme.SizeNameInputRadius)
	r.name.Color, r.name.TextSize = theme.Color(theme.ColorNamePrimary), theme.TextSize()
	r.figures = r.figures[:0]
	for i := range r.steps.names {
		switch {
		case i < r.steps.current:
			r.figures = append(r.figures, newShape(disc, theme.ColorNamePrimary))
		case i == r.steps.current:
			r.figures = append(r.figures, r.frame)
		default:
			r.figures = append(r.figures, newShape(ring, theme.ColorNamePrimary))
		}
	}
	r.Layout(r.steps.Size())
	canvas.Refresh(r.steps)
}

func (r *stepsRenderer) Objects() []fyne.CanvasObject {
	return append(r.figures[:len(r.figures):len(r.figures)], r.name)
}

func (r *stepsRenderer) Destroy() {}
