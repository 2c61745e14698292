// Package widgets is what pages are built of where Fyne's own will not do: text
// fields that survive an input method, buttons and rows that work from the
// keyboard, steps and messages that do not rely on colour. None of them decides
// anything.
//
// A widget that has the focus and no use for a key gives it to the canvas, which
// otherwise hears keys only while nothing has the focus; so BindKeys binds keys
// once for a whole window. A widget that gets the focus scrolls into view.
package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"heyi/app/internal/skin"
)

// Keys are the keys that mean the same on every page. None but Wide and Find may be nil.
type Keys struct {
	Primary func() // Ctrl+Enter: the primary action
	Back    func() // Escape
	Help    func() // F1
	Region  func() // F6: on to the next region of the window
	Wide    func() // F8: gives the other part of a divided page its width; see Split
	Find    func() // Ctrl+F: to the field in which a text is looked for
	Give    func() // F12: hands the machine back
}

// BindKeys binds the keys of a window, in place of what was bound before.
func BindKeys(c fyne.Canvas, k Keys) {
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) {
		switch ev.Name {
		case fyne.KeyEscape:
			k.Back()
		case fyne.KeyF1:
			k.Help()
		case fyne.KeyF6:
			k.Region()
		case fyne.KeyF12:
			call(k.Give)
		case fyne.KeyF8:
			call(k.Wide)
		}
	})
	for _, enter := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter} { // the second is the number pad's
		c.AddShortcut(&desktop.CustomShortcut{KeyName: enter, Modifier: fyne.KeyModifierShortcutDefault},
			func(fyne.Shortcut) { k.Primary() })
	}
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF, Modifier: fyne.KeyModifierShortcutDefault},
		func(fyne.Shortcut) { call(k.Find) })
}

// call calls f unless it is nil.
func call(f func()) {
	if f != nil {
		f()
	}
}

// CanvasOf gives the canvas that an object stands on, or will: Fyne 2.7.1 knows it only once
// the object was painted, and what has just been put on a page is to take the focus and keys at
// once. The program has one window.
func CanvasOf(o fyne.CanvasObject) fyne.Canvas {
	d := fyne.CurrentApp().Driver()
	if c := d.CanvasForObject(o); c != nil {
		return c
	}
	if all := d.AllWindows(); len(all) > 0 {
		return all[0].Canvas()
	}
	return nil
}

// passKey gives the canvas a key that o has no use for.
func passKey(o fyne.CanvasObject, ev *fyne.KeyEvent) {
	if c := CanvasOf(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(ev)
	}
}

// Reveal scrolls every scroll around an object until it can be seen: what wraps its text
// knows its height only after it has been laid out once.
func Reveal(o fyne.CanvasObject) { reveal(o) }

// reveal scrolls every scroll around o until o can be seen in it.
func reveal(o fyne.CanvasObject) {
	if c := CanvasOf(o); c != nil && c.Content() != nil {
		revealIn(c.Content(), o)
	}
}

// holder is a widget of ours that shows what pages put into it. Fyne tells nobody
// outside what a widget is made of.
type holder interface {
	held() []fyne.CanvasObject
}

// childrenOf gives what an object holds of what pages put into it.
func childrenOf(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case holder:
		return o.held()
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	}
	return nil
}

// revealIn looks for o below a container and tells whether it is there, and how
// far from the container's top left corner.
func revealIn(in, o fyne.CanvasObject) (at fyne.Position, found bool) {
	if in == o {
		return at, true
	}
	if scroll, ok := in.(*container.Scroll); ok {
		p, found := revealIn(scroll.Content, o)
		if found {
			offset := scroll.Offset
			offset.X = show(offset.X, scroll.Size().Width, p.X, o.Size().Width)
			offset.Y = show(offset.Y, scroll.Size().Height, p.Y, o.Size().Height)
			scroll.ScrollToOffset(offset)
		}
		return p.Subtract(scroll.Offset), found
	}
	for _, child := range childrenOf(in) {
		if p, ok := revealIn(child, o); ok {
			return p.Add(child.Position()), true
		}
	}
	return at, false
}

// Holds tells whether an object stands somewhere below another and can be seen.
func Holds(in, o fyne.CanvasObject) bool {
	if in == nil || !in.Visible() {
		return false
	}
	if in == o {
		return true
	}
	if scroll, ok := in.(*container.Scroll); ok {
		return Holds(scroll.Content, o)
	}
	return slices.ContainsFunc(childrenOf(in), func(child fyne.CanvasObject) bool { return Holds(child, o) })
}

// scrollAround looks for o below a container and gives the innermost scroll around
// it, or nil.
func scrollAround(in, o fyne.CanvasObject) (around *container.Scroll, found bool) {
	if in == o {
		return nil, true
	}
	for _, child := range childrenOf(in) {
		if around, ok := scrollAround(child, o); ok {
			if scroll, ok := in.(*container.Scroll); ok && around == nil {
				around = scroll
			}
			return around, true
		}
	}
	return nil, false
}

// show gives the least changed offset of a view so long that a thing so long is
// seen; of one longer than the view, its beginning.
func show(offset, view, at, long float32) float32 {
	return min(max(offset, at+long-view), at)
}

// newRing gives the rectangle that shows where the focus is. It is drawn last,
// over the widget's own edge.
func newRing() *canvas.Rectangle { return canvas.NewRectangle(nil) }

// refreshRing gives the ring its colour and shows it if the widget has the focus.
func refreshRing(ring *canvas.Rectangle, focused bool) {
	ring.StrokeColor = theme.Color(skin.ColorRing)
	ring.StrokeWidth = theme.Size(skin.SizeRing)
	ring.CornerRadius = theme.Size(theme.SizeNameInputRadius)
	ring.Hidden = !focused
	ring.Refresh()
}

// layoutRing keeps the whole stroke inside the widget, half of which would lie
// outside: a scroll would cut it off.
func layoutRing(ring *canvas.Rectangle, size fyne.Size) {
	w := theme.Size(skin.SizeRing)
	ring.Move(fyne.NewSquareOffsetPos(w / 2))
	ring.Resize(size.SubtractWidthHeight(w, w))
}

// shape is a small figure that says without colour what colour says too.
type shape int

const (
	noShape  shape = iota
	ring           // open: under way, or not yet
	disc           // full: done
	diamond        // stop
	triangle       // decide
)

// newShape draws a figure, to be given a square of shapeSize.
func newShape(s shape, name fyne.ThemeColorName) fyne.CanvasObject {
	c := theme.Color(name)
	switch s {
	case ring:
		o := canvas.NewCircle(nil)
		o.StrokeColor, o.StrokeWidth = c, 2
		return o
	case disc:
		return canvas.NewCircle(c)
	case diamond:
		return canvas.NewPolygon(4, c)
	case triangle:
		return canvas.NewPolygon(3, c)
	}
	return canvas.NewRectangle(nil)
}

// shapeSize gives the side of a figure beside text of the usual size.
func shapeSize() float32 { return theme.TextSize() * 0.7 }
