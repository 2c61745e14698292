package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/skin"
)

// Band is a part of a scale: from a limit up to the next band's.
type Band struct {
	Title string
	From  float64
	Limit string // the limit as people read it
}

// Bands shows a scale that is divided into bands, and where a mark stands on it: a
// pointer with the mark's figure, the band it falls into in bold. It decides nothing
// by itself: which band a mark belongs to is told.
type Bands struct {
	widget.BaseWidget
	bands   []Band
	end     float64
	limit   string
	current int
	mark    float64
	figure  string
}

// NewBands gives an empty scale.
func NewBands() *Bands {
	b := &Bands{current: -1}
	b.ExtendBaseWidget(b)
	return b
}

// Set shows bands, in ascending order, and the end of the last one with its limit as
// people read it. There is no mark on the scale then.
func (b *Bands) Set(bands []Band, end float64, limit string) {
	b.bands, b.end, b.limit, b.current, b.figure = slices.Clone(bands), end, limit, -1, ""
	b.Refresh()
}

// SetMark shows a mark: where it stands, its figure as people read it, and the index
// of its band, −1 for none. Beyond the scale it stands at its end. With no figure
// there is no mark.
func (b *Bands) SetMark(at float64, figure string, band int) {
	b.mark, b.figure, b.current = at, figure, band
	b.Refresh()
}

// CreateRenderer is for Fyne.
func (b *Bands) CreateRenderer() fyne.WidgetRenderer {
	r := &bandsRenderer{bands: b}
	r.Refresh()
	return r
}

type bandsRenderer struct {
	bands   *Bands
	objects []fyne.CanvasObject
}

// inset leaves room at either end for half of a limit or figure.
func (r *bandsRenderer) inset() float32 { return 2 * theme.TextSize() }

func (r *bandsRenderer) pointer() float32 { return theme.TextSize() * 0.8 }

func (r *bandsRenderer) lines() (figure, bar, limits float32) {
	caption := fyne.MeasureText("0", theme.Size(theme.SizeNameCaptionText), fyne.TextStyle{}).Height
	text := fyne.MeasureText("合", theme.TextSize(), fyne.TextStyle{Bold: true}).Height
	return text + r.pointer(), text + theme.Padding(), caption
}

func (r *bandsRenderer) MinSize() fyne.Size {
	figure, bar, limits := r.lines()
	return fyne.NewSize(2*r.inset()+float32(max(1, len(r.bands.bands)))*3*theme.TextSize(), figure+bar+limits)
}

func (r *bandsRenderer) Layout(size fyne.Size) {
	b := r.bands
	r.objects = r.objects[:0]
	if len(b.bands) == 0 || b.end <= b.bands[0].From {
		return
	}
	first := b.bands[0].From
	place := func(v float64) float32 {
		part := max(0, min(1, (v-first)/(b.end-first)))
		return r.inset() + float32(part)*(size.Width-2*r.inset())
	}
	figure, bar, _ := r.lines()
	text := func(s string, name fyne.ThemeSizeName, color fyne.ThemeColorName, bold bool, middle, top float32) {
		t := canvas.NewText(s, theme.Color(color))
		t.TextSize, t.TextStyle.Bold = theme.Size(name), bold
		is := t.MinSize()
		t.Resize(is)
		t.Move(fyne.NewPos(max(0, min(middle-is.Width/2, size.Width-is.Width)), top))
		r.objects = append(r.objects, t)
	}
	for i, band := range b.bands {
		to := b.end
		if i+1 < len(b.bands) {
			to = b.bands[i+1].From
		}
		x, wide := place(band.From), place(to)-place(band.From)
		ground := canvas.NewRectangle(theme.Color(skin.ColorSheet))
		if i == b.current {
			ground.FillColor = theme.Color(theme.ColorNameSelection)
		}
		ground.StrokeColor, ground.StrokeWidth = theme.Color(theme.ColorNameInputBorder), 1
		ground.Move(fyne.NewPos(x, figure))
		ground.Resize(fyne.NewSize(wide, bar))
		r.objects = append(r.objects, ground)
		title := newRuler(theme.TextSize(), i == b.current).cut(band.Title, wide)
		text(title, theme.SizeNameText, theme.ColorNameForeground, i == b.current, x+wide/2, figure+theme.Padding()/2)
		text(band.Limit, theme.SizeNameCaptionText, skin.TextMuted, false, x, figure+bar)
	}
	text(b.limit, theme.SizeNameCaptionText, skin.TextMuted, false, place(b.end), figure+bar)
	if b.figure != "" {
		side := r.pointer()
		pointer := canvas.NewPolygon(3, theme.Color(theme.ColorNamePrimary))
		pointer.Angle = 180
		pointer.Resize(fyne.NewSquareSize(side))
		pointer.Move(fyne.NewPos(place(b.mark)-side/2, figure-side))
		r.objects = append(r.objects, pointer)
		text(b.figure, theme.SizeNameText, theme.ColorNamePrimary, true, place(b.mark), 0)
	}
}

func (r *bandsRenderer) Refresh() {
	r.Layout(r.bands.Size())
	canvas.Refresh(r.bands)
}

func (r *bandsRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *bandsRenderer) Destroy() {}
