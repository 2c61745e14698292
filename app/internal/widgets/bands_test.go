package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"heyi/app/internal/skin"
)

var grades = []Band{{"差", 0, "0"}, {"中", 60, "60"}, {"良", 75, "75"}, {"优", 90, "90"}}

// A mark stands where it belongs, at the ends at most, and nothing leaves the
// widget.
func TestBands(t *testing.T) {
	b := NewBands()
	for _, s := range []skin.Scale{skin.Normal, skin.Largest} {
		shown(t, s, false, 500, 120, column(b))
		b.Set(grades, 100, "100")
		if m := test.RenderObjectToMarkup(b); strings.Contains(m, "<polygon") || strings.Contains(m, "selection") {
			t.Errorf("a mark though there is none:\n%s", m)
		}
		var last float32 = -1
		for _, mark := range []float64{-5, 30, 60, 82.5, 100, 130} {
			b.SetMark(mark, "82.5", 2)
			for _, o := range test.WidgetRenderer(b).Objects() {
				if at, is := o.Position(), o.Size(); at.X < 0 || at.X+is.Width > b.Size().Width || at.Y < 0 || at.Y+is.Height > b.Size().Height+1 {
					t.Errorf("scale %d, mark %v: %T from %v of %v", s, mark, o, at, is)
				}
				if p, ok := o.(*canvas.Polygon); ok {
					if p.Position().X < last {
						t.Errorf("mark %v stands at %v", mark, p.Position())
					}
					last = p.Position().X
				}
			}
			if mark == 130 {
				last = -1
			}
		}
	}
}

func TestBandsOfNothing(t *testing.T) {
	b := NewBands()
	shown(t, skin.Normal, false, 500, 120, column(b))
	b.SetMark(5, "5", 0)
	b.Set([]Band{{"差", 60, "60"}}, 60, "60")
	if n := len(test.WidgetRenderer(b).Objects()); n != 0 {
		t.Errorf("%d objects", n)
	}
}

func TestBandsLooks(t *testing.T) {
	for name, contrast := range map[string]bool{"bands": false, "bands-contrast": true} {
		b := NewBands()
		c := shown(t, skin.Normal, contrast, 400, 80, func() fyne.CanvasObject { return b })
		b.Set(grades, 100, "100")
		b.SetMark(82.5, "82.50", 2)
		golden(t, c, name)
	}
}
