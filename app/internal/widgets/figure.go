package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/skin"
)

// Figure is the field for a mark: digits and one decimal point, in large type, to
// the right. Fyne's field knows neither another size nor another side, so this one
// is our own; it survives input methods as TextField does (see composition), and
// takes what they make of digits and points (８，。，．) for what was meant.
//
// Who comes to it finds the whole marked, so that the next digit replaces it; Left,
// Right, Home, End and a second click set the caret instead. Enter and Down go on
// to the next field, Up goes back: a column of marks is filled in by the number pad
// alone. Ctrl+Z brings back what was there when the focus came. Nothing is not a
// mark, 0 is one.
type Figure struct {
	widget.DisableableWidget
	// OnChanged is called with the text when the user has changed it: digits, and
	// perhaps a point with digits after it, or none while it is being typed. May be
	// nil.
	OnChanged func(string)
	// OnForeign is called when something was typed or pasted that cannot stand in a
	// mark. May be nil.
	OnForeign func()
	// OnMove is called instead of going to the next field (1) or the one before
	// (−1), where the page knows better than the order of the focus. May be nil.
	OnMove func(by int)

	name, placeholder string
	text, before      string // ASCII only; before is what was there when the focus came
	caret             int    // stands before this character
	marked            bool   // the whole is marked, and the caret not shown
	focused           bool
	composition       composition
}

// figureRoom is how many characters a mark may have.
const figureRoom = 9

// NewFigure gives an empty field.
func NewFigure() *Figure {
	f := &Figure{}
	f.ExtendBaseWidget(f)
	return f
}

// Text gives what stands in the field; "" is no mark.
func (f *Figure) Text() string { return f.text }

// SetText puts a text into the field, or "" where it is no mark. It calls nothing.
func (f *Figure) SetText(text string) {
	if !isFigure(text) {
		text = ""
	}
	if f.text != text {
		f.text, f.caret = text, len(text)
		f.marked = f.marked && text != ""
		f.Refresh()
	}
}

// SetPlaceHolder says what an empty field means.
func (f *Figure) SetPlaceHolder(text string) { f.placeholder = text; f.Refresh() }

// Name is what the field is called where it cannot be seen.
func (f *Figure) Name() string { return f.name }

// SetName gives the field its name.
func (f *Figure) SetName(name string) { f.name = name }

// isFigure tells whether a text is a decimal or the beginning of one.
func isFigure(s string) bool {
	whole, part, _ := strings.Cut(s, ".")
	digits := strings.Trim(whole+part, "0123456789") == ""
	return s == "" || digits && whole != "" && len(s) <= figureRoom
}

// take enters a text at the caret, or in place of all that is marked.
func (f *Figure) take(s string) {
	s = strings.Map(func(r rune) rune {
		if r == '。' {
			return '.'
		}
		return narrow(r)
	}, s)
	text, caret := f.text[:f.caret]+s+f.text[f.caret:], f.caret+len(s)
	if f.marked {
		text, caret = s, len(s)
	}
	if !isFigure(text) {
		call(f.OnForeign)
		return
	}
	f.edit(text, caret)
}

// edit is every change by the user.
func (f *Figure) edit(text string, caret int) {
	changed := f.text != text
	f.text, f.caret, f.marked = text, caret, false
	f.Refresh()
	if changed && f.OnChanged != nil {
		f.OnChanged(text)
	}
}

// erase deletes what is marked or, where nothing is, from one place to another.
func (f *Figure) erase(from, to int) {
	if f.marked {
		from, to = 0, len(f.text)
	}
	if from >= 0 && to <= len(f.text) {
		// What is left may begin with the point: no mark, and to be typed on.
		text := f.text[:from] + f.text[to:]
		if !isFigure(text) {
			text = "0" + text
		}
		f.edit(text, from)
	}
}

// place sets the caret.
func (f *Figure) place(at int) {
	f.caret, f.marked = max(0, min(at, len(f.text))), false
	f.Refresh()
}

// move leaves the field.
func (f *Figure) move(by int) {
	c := CanvasOf(f)
	switch {
	case f.OnMove != nil:
		f.OnMove(by)
	case c == nil:
	case by > 0:
		c.FocusNext()
	default:
		c.FocusPrevious()
	}
}

// AcceptsTab keeps Tab from moving the focus while the input method composes.
func (f *Figure) AcceptsTab() bool { return f.composition.active() }

// FocusGained shows the focus and marks the whole.
func (f *Figure) FocusGained() {
	f.composition.end()
	f.focused, f.before = true, f.text
	f.caret, f.marked = len(f.text), f.text != ""
	f.Refresh()
	reveal(f)
}

// FocusLost hides the focus. A point with nothing after it is dropped.
func (f *Figure) FocusLost() {
	f.composition.end()
	f.focused, f.marked = false, false
	f.Refresh()
	if whole, ok := strings.CutSuffix(f.text, "."); ok {
		f.edit(whole, len(whole))
	}
}

// TypedRune enters a character.
func (f *Figure) TypedRune(r rune) {
	f.composition.rune(r)
	if !f.Disabled() {
		f.take(string(r))
	}
}

// TypedKey edits, moves the caret or the focus, or gives the key to the canvas.
func (f *Figure) TypedKey(ev *fyne.KeyEvent) {
	if f.Disabled() {
		passKey(f, ev)
		return
	}
	if f.composition.key(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		f.move(1)
	case fyne.KeyUp:
		f.move(-1)
	case fyne.KeyBackspace:
		f.erase(f.caret-1, f.caret)
	case fyne.KeyDelete:
		f.erase(f.caret, f.caret+1)
	case fyne.KeyLeft:
		f.place(f.caret - 1)
	case fyne.KeyRight:
		f.place(f.caret + 1)
	case fyne.KeyHome:
		f.place(0)
	case fyne.KeyEnd:
		f.place(len(f.text))
	default:
		passKey(f, ev)
	}
}

// KeyDown is for Fyne.
func (f *Figure) KeyDown(*fyne.KeyEvent) {}

// KeyUp is for Fyne.
func (f *Figure) KeyUp(*fyne.KeyEvent) { f.composition.release() }

// TypedShortcut edits, or gives the shortcut to the canvas; while the input method
// composes it does nothing, as in TextField.
func (f *Figure) TypedShortcut(s fyne.Shortcut) {
	if f.composition.shortcut(s) {
		return
	}
	switch s := s.(type) {
	case *fyne.ShortcutPaste:
		if text := strings.TrimSpace(s.Clipboard.Content()); text != "" && !f.Disabled() {
			f.take(text)
		}
	case *fyne.ShortcutCopy:
		s.Clipboard.SetContent(f.text)
	case *fyne.ShortcutCut:
		s.Clipboard.SetContent(f.text)
		if !f.Disabled() {
			f.edit("", 0)
		}
	case *fyne.ShortcutUndo:
		if !f.Disabled() {
			f.edit(f.before, len(f.before))
		}
	case *fyne.ShortcutSelectAll:
		f.marked = f.text != ""
		f.Refresh()
	default:
		shortcutOn(f, s)
	}
}

// Tapped takes the focus, or sets the caret where the focus is here already.
func (f *Figure) Tapped(ev *fyne.PointEvent) {
	c := CanvasOf(f)
	if c == nil || f.Disabled() {
		return
	}
	if c.Focused() != f {
		c.Focus(f)
		return
	}
	f.composition.end()
	at, right := len(f.text), f.Size().Width-theme.InnerPadding()
	for at > 0 && right-(f.width(f.text[at:])+f.width(f.text[at-1:]))/2 > ev.Position.X {
		at--
	}
	f.place(at)
}

// Cursor is the one of text.
func (f *Figure) Cursor() desktop.Cursor { return desktop.TextCursor }

// figureStyle is how a mark is set.
var figureStyle = fyne.TextStyle{Bold: true}

func figureSize() float32 { return theme.Size(theme.SizeNameSubHeadingText) }

func (f *Figure) width(s string) float32 { return fyne.MeasureText(s, figureSize(), figureStyle).Width }

// CreateRenderer is for Fyne.
func (f *Figure) CreateRenderer() fyne.WidgetRenderer {
	r := &figureRenderer{
		figure: f, box: canvas.NewRectangle(nil), mark: canvas.NewRectangle(nil), caret: canvas.NewRectangle(nil),
		text: canvas.NewText("", nil), ring: newRing(),
	}
	r.text.Alignment = fyne.TextAlignTrailing
	r.Refresh()
	return r
}

type figureRenderer struct {
	figure                 *Figure
	box, mark, caret, ring *canvas.Rectangle
	text                   *canvas.Text
}

// MinSize has room for 100.00 and some air.
func (r *figureRenderer) MinSize() fyne.Size {
	text := fyne.MeasureText("0000.00", figureSize(), figureStyle)
	empty := fyne.MeasureText(r.figure.placeholder, theme.TextSize(), fyne.TextStyle{}).Width
	pad := theme.InnerPadding()
	return fyne.NewSize(max(text.Width, empty)+2*pad, max(text.Height+pad, theme.Size(skin.SizeControl)))
}

func (r *figureRenderer) Layout(size fyne.Size) {
	f, pad := r.figure, theme.InnerPadding()
	r.box.Move(fyne.NewSquareOffsetPos(0.5))
	r.box.Resize(size.SubtractWidthHeight(1, 1))
	r.text.Resize(size.SubtractWidthHeight(2*pad, 0))
	r.text.Move(fyne.NewPos(pad, 0))
	high := fyne.MeasureText("0", figureSize(), figureStyle).Height
	top, wide := (size.Height-high)/2, f.width(f.text)
	r.mark.Resize(fyne.NewSize(wide, high))
	r.mark.Move(fyne.NewPos(size.Width-pad-wide, top))
	r.caret.Resize(fyne.NewSize(2, high))
	r.caret.Move(fyne.NewPos(size.Width-pad-f.width(f.text[f.caret:])-1, top))
	layoutRing(r.ring, size)
}

func (r *figureRenderer) Refresh() {
	f := r.figure
	ground, edge, ink := theme.ColorNameInputBackground, theme.ColorNameInputBorder, theme.ColorNameForeground
	if f.Disabled() {
		ground, edge, ink = theme.ColorNameDisabledButton, skin.Hairline, theme.ColorNameDisabled
	}
	r.box.FillColor, r.box.StrokeColor, r.box.StrokeWidth = theme.Color(ground), theme.Color(edge), 1
	r.box.CornerRadius = theme.Size(theme.SizeNameInputRadius)
	r.mark.FillColor, r.mark.Hidden = theme.Color(theme.ColorNameSelection), !f.focused || !f.marked
	r.caret.FillColor, r.caret.Hidden = theme.Color(theme.ColorNamePrimary), !f.focused || f.marked
	r.text.Text, r.text.Color, r.text.TextSize, r.text.TextStyle = f.text, theme.Color(ink), figureSize(), figureStyle
	if f.text == "" {
		r.text.Text, r.text.Color, r.text.TextSize, r.text.TextStyle = f.placeholder, theme.Color(skin.TextMuted), theme.TextSize(), fyne.TextStyle{}
	}
	r.Layout(f.Size())
	refreshRing(r.ring, f.focused)
	canvas.Refresh(f)
}

func (r *figureRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.mark, r.text, r.caret, r.ring}
}

func (r *figureRenderer) Destroy() {}
