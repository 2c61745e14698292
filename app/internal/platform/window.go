//go:build !headless

package platform

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"

	"heyi/review"
)

// WindowHandle gives the native handle of a window that was shown, and 0 if
// there is no such window: in Fyne 2.7.1 that a window could not be had is only
// logged, and the event loop then runs without one for ever.
func WindowHandle(w fyne.Window) uintptr {
	var handle uintptr
	if native, ok := w.(driver.NativeWindow); ok {
		native.RunNative(func(context any) {
			switch c := context.(type) {
			case driver.X11WindowContext:
				handle = c.WindowHandle
			case driver.WaylandWindowContext:
				handle = c.WaylandSurface
			case driver.WindowsWindowContext:
				handle = c.HWND
			case driver.MacWindowContext:
				handle = c.NSWindow
			}
		})
	}
	return handle
}

// ShowWindow makes a window by open and shows it. A failure leaves nothing on
// the screen; the process can only end then, Fyne cannot be started twice.
// Codes: CodeNoDisplay (no display, no permission, no OpenGL).
func ShowWindow(open func() fyne.Window) (w fyne.Window, err error) {
	const op = "platform.ShowWindow"
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		// Fyne 2.7.1 goes on after GLFW could not connect to the display, and
		// the binding panics with this at the next call.
		if cause, ok := p.(error); ok && strings.HasPrefix(cause.Error(), "NotInitialized:") {
			w, err = nil, review.E(review.CodeNoDisplay, op, "", cause)
			return
		}
		panic(p)
	}()
	w = open()
	w.Show()
	if WindowHandle(w) == 0 {
		return nil, review.E(review.CodeNoDisplay, op, "", nil)
	}
	return w, nil
}
