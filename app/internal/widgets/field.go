package widgets

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"heyi/app/internal/skin"
)

// TextField is the program's only text field. It survives input methods (see
// composition). In a field of one line Enter goes to the next field; Tab always
// does; keys and shortcuts that edit nothing go to the canvas, so that nothing
// is ever submitted from inside a text. Pasted text loses what cannot be seen.
//
// Of widget.Entry use Text, SetText, OnChanged, SetPlaceHolder, Enable and
// Disable.
type TextField struct {
	widget.Entry
	// OnForeign is called in a secret field when something was typed that it
	// does not take: most likely an input method is on. May be nil.
	OnForeign func()
	// OnFocus is called when the field gets the focus. May be nil.
	OnFocus func()

	room        int // characters that one paste may bring
	secret      bool
	focused     bool
	placed      bool // the caret stands where its user put it
	composition composition
	ring        *canvas.Rectangle
}

// How much one paste may bring, in characters: somewhat more than any field of ours
// takes, so that the limits are still seen to be passed, and little enough that
// Fyne's field, whose time grows with the square of a line, does not stand still.
const (
	lineRoom = 250
	textRoom = 3200
)

// NewLine gives a field of one line.
func NewLine() *TextField {
	f := &TextField{room: lineRoom}
	f.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	f.ExtendBaseWidget(f)
	return f
}

// NewText gives a field of many lines that shows at least so many at a time. The
// measured bound of Fyne's field is a paragraph of 200 characters; the time for
// a key grows with the square of it.
func NewText(rows int) *TextField {
	f := &TextField{room: textRoom}
	f.MultiLine = true
	f.Wrapping = fyne.TextWrapBreak // breaking at words would tear Chinese at its few spaces
	f.ExtendBaseWidget(f)
	f.SetMinRowsVisible(rows)
	return f
}

// NewSecret gives a field of one line for a passphrase. It shows dots, and takes
// printable ASCII only: what an input method makes of the same keys depends on
// its dictionary and its mood, cannot be seen here, and would lock its owner out.
func NewSecret() *TextField {
	f := NewLine()
	f.Password = true
	f.secret = true
	return f
}

// NewCode gives a field for a code that is read off a card while it is typed: what it takes
// is what a secret field takes, but it can be seen.
func NewCode() *TextField {
	f := NewLine()
	f.secret = true
	return f
}

// Name is what the field is called where it cannot be seen.
func (f *TextField) Name() string { return f.PlaceHolder }

// AcceptsTab keeps Tab from moving the focus while the input method composes.
func (f *TextField) AcceptsTab() bool { return f.composition.active() }

// MouseDown takes the focus, with the caret where the mouse is.
func (f *TextField) MouseDown(ev *desktop.MouseEvent) {
	f.placed = true
	f.Entry.MouseDown(ev)
}

// SetText gives the field another text.
func (f *TextField) SetText(text string) {
	f.placed = false
	f.Entry.SetText(text)
}

// FocusGained shows the focus. Who first comes to a line by the keyboard goes on behind what
// stands there: what is typed before it would make another figure of it.
func (f *TextField) FocusGained() {
	f.composition.end()
	f.focused = true
	f.Entry.FocusGained()
	if !f.MultiLine && !f.placed {
		f.placed = true
		f.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	}
	reveal(f)
	call(f.OnFocus)
}

// FocusLost hides the focus. A composition that is going on is given up: its
// text will go where the focus is then.
func (f *TextField) FocusLost() {
	f.composition.end()
	f.focused = false
	f.Entry.FocusLost()
}

// TypedRune enters a character.
func (f *TextField) TypedRune(r rune) {
	f.composition.rune(r)
	if f.secret && !plain(r) {
		call(f.OnForeign)
		return
	}
	f.Entry.TypedRune(r)
}

// TypedKey edits, moves the caret or the focus, or gives the key to the canvas.
func (f *TextField) TypedKey(ev *fyne.KeyEvent) {
	if f.composition.key(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if f.MultiLine {
			f.Entry.TypedKey(ev)
		} else if c := CanvasOf(f); c != nil {
			c.FocusNext()
		}
	case fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown,
		fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageDown:
		f.Entry.TypedKey(ev)
	default:
		passKey(f, ev)
	}
}

// KeyUp is for Fyne.
func (f *TextField) KeyUp(ev *fyne.KeyEvent) {
	f.composition.release()
	f.Entry.KeyUp(ev)
}

// TypedShortcut edits, or gives the shortcut to the canvas. While the input
// method composes it does nothing.
func (f *TextField) TypedShortcut(s fyne.Shortcut) {
	// Of what an input method composes a secret field takes nothing, so nothing can be lost
	// there by going on; a key whose character never came must not hold its owner up.
	if f.composition.shortcut(s) && !f.secret {
		return
	}
	switch s := s.(type) {
	case *fyne.ShortcutPaste:
		f.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: pasted{s.Clipboard, f}})
		return
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutUndo, *fyne.ShortcutRedo, *fyne.ShortcutSelectAll:
		f.Entry.TypedShortcut(s)
		return
	case *desktop.CustomShortcut:
		switch s.KeyName {
		case fyne.KeyLeft, fyne.KeyRight, fyne.KeyBackspace, fyne.KeyDelete: // by words
			f.Entry.TypedShortcut(s)
			return
		}
	}
	shortcutOn(f, s)
}

// plain tells whether a secret field takes the character.
func plain(r rune) bool { return r >= ' ' && r <= '~' }

// pasted is a clipboard as a field sees it.
type pasted struct {
	fyne.Clipboard
	field *TextField
}

// Content gives the clipboard's text with ends of lines as we have them and
// without controls, invisible and private characters, which review.CheckLine
// would refuse and nobody could find.
func (p pasted) Content() string {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ").Replace(p.Clipboard.Content())
	foreign := false
	text = strings.Map(func(r rune) rune {
		switch {
		case p.field.secret && !plain(r):
			foreign = foreign || r != '\n'
			return -1
		case r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > p.field.room {
		text = string(runes[:p.field.room])
	}
	if foreign {
		call(p.field.OnForeign)
	}
	return text
}

// CreateRenderer is for Fyne.
func (f *TextField) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	f.ring = newRing()
	return &fieldRenderer{f.Entry.CreateRenderer(), f}
}

// fieldRenderer draws the focus ring over an Entry.
type fieldRenderer struct {
	fyne.WidgetRenderer
	field *TextField
}

func (r *fieldRenderer) MinSize() fyne.Size {
	size := r.WidgetRenderer.MinSize()
	size.Height = max(size.Height, theme.Size(skin.SizeControl))
	return size
}

func (r *fieldRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	layoutRing(r.field.ring, size)
}

func (r *fieldRenderer) Refresh() {
	refreshRing(r.field.ring, r.field.focused)
	r.WidgetRenderer.Refresh()
}

func (r *fieldRenderer) Objects() []fyne.CanvasObject {
	inner := r.WidgetRenderer.Objects()
	return append(inner[:len(inner):len(inner)], r.field.ring)
}
