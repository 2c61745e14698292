package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/reports/layout"
)

// Prose is running text: a label over as many lines as it takes, divided by the
// rules that paper follows (避头尾), which Fyne does not know. Of widget.Label
// set Importance, SizeName and TextStyle before it is shown.
type Prose struct {
	widget.Label
	text string
}

// NewProse gives running text.
func NewProse(text string) *Prose {
	p := &Prose{text: text}
	p.ExtendBaseWidget(p)
	p.Label.Text = text
	return p
}

// SetText changes the text.
func (p *Prose) SetText(text string) {
	if p.text != text {
		p.text = text
		p.wrap(p.Size().Width)
	}
}

// Resize divides the text anew where the width has changed.
func (p *Prose) Resize(size fyne.Size) {
	if size.Width != p.Size().Width {
		p.wrap(size.Width)
	}
	p.Label.Resize(size)
}

// MinSize is the height of the lines at the present width. Of the width prose
// asks nothing: it takes what there is.
func (p *Prose) MinSize() fyne.Size {
	return fyne.NewSize(0, p.Label.MinSize().Height)
}

// wrap gives the label the lines of a width. Before prose has been given one it
// stands in one line, so that nothing makes room for a column of single
// characters.
func (p *Prose) wrap(width float32) {
	size := theme.TextSize()
	if p.SizeName != "" {
		size = theme.Size(p.SizeName)
	}
	measure := units(width - 2*theme.InnerPadding())
	text := p.text
	if measure > 0 {
		var lines []string
		for paragraph := range strings.SplitSeq(p.text, "\n") {
			lines = append(lines, layout.Lines(paragraph, measure, func(r rune) int {
				return units(fyne.MeasureText(string(r), size, p.TextStyle).Width)
			})...)
		}
		text = strings.Join(lines, "\n")
	}
	if p.Label.Text != text {
		p.Label.SetText(text)
	}
}

// units makes a width a whole number, fine enough that no line is a character
// too long for it.
func units(width float32) int { return int(width * 64) }
