package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// stand is what widgets share that take the focus as a whole and are no button: a
// name, the focus, and nothing to do with text.
type stand struct {
	widget.BaseWidget
	self    fyne.Widget // what embeds this
	name    string
	focused bool
}

// extend makes the widget known to Fyne and to itself.
func (s *stand) extend(self fyne.Widget) {
	s.self = self
	s.ExtendBaseWidget(self)
}

// Name is what the widget is called where it cannot be seen.
func (s *stand) Name() string { return s.name }

// SetName gives the widget its name.
func (s *stand) SetName(name string) { s.name = name }

// FocusGained shows the focus.
func (s *stand) FocusGained() {
	s.focused = true
	s.Refresh()
	reveal(s.self)
}

// FocusLost hides the focus.
func (s *stand) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune has nothing to do.
func (s *stand) TypedRune(rune) {}

// focus takes the focus.
func (s *stand) focus() {
	if c := CanvasOf(s.self); c != nil {
		c.Focus(s.self.(fyne.Focusable))
	}
}

// shortcutOn gives the canvas a shortcut that o has no use for: Fyne gives
// shortcuts to the canvas only where the focus is on something that takes none.
func shortcutOn(o fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := CanvasOf(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}
