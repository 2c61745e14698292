//go:build !headless

package platform

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/test"

	"heyi/review"
	"heyi/review/reviewtest"
)

// nativeWindow is a window that the system has given a handle, or none.
type nativeWindow struct {
	fyne.Window
	context any
}

func (w nativeWindow) RunNative(f func(any)) { f(w.context) }

func TestShowWindow(t *testing.T) {
	made := test.NewApp().NewWindow("合议")
	for name, context := range map[string]any{
		"x11":     driver.X11WindowContext{WindowHandle: 7},
		"wayland": driver.WaylandWindowContext{WaylandSurface: 7},
		"windows": driver.WindowsWindowContext{HWND: 7},
		"mac":     driver.MacWindowContext{NSWindow: 7},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := ShowWindow(func() fyne.Window { return nativeWindow{made, context} })
			if err != nil || WindowHandle(w) != 7 {
				t.Errorf("%v %v", w, err)
			}
		})
	}
	for name, open := range map[string]func() fyne.Window{
		"no handle":  func() fyne.Window { return nativeWindow{made, driver.X11WindowContext{}} },
		"not native": func() fyne.Window { return made },
		"no GLFW":    func() fyne.Window { panic(errors.New("NotInitialized: The GLFW library is not initialized")) },
	} {
		t.Run(name, func(t *testing.T) {
			w, err := ShowWindow(open)
			reviewtest.WantCode(t, err, review.CodeNoDisplay)
			if w != nil {
				t.Error("a window was given")
			}
		})
	}
	t.Run("bug", func(t *testing.T) {
		defer func() {
			if p := recover(); p != "a bug" {
				t.Errorf("panic %v was not passed on", p)
			}
		}()
		ShowWindow(func() fyne.Window { panic("a bug") })
	})
}
