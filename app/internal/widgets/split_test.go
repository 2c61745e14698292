package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"heyi/app/internal/skin"
)

// part is a part of a split, so wide at least.
func part(least float32) *canvas.Rectangle {
	r := canvas.NewRectangle(nil)
	r.SetMinSize(fyne.NewSize(least, 20))
	return r
}

func TestSplitDivider(t *testing.T) {
	left, right := part(100), part(200)
	s := NewSplit(left, right)
	s.SetName("分隔")
	k := keyboard{shown(t, skin.Normal, false, 812, 400, func() fyne.CanvasObject { return s })}
	if left.Size().Width != 400 || right.Size().Width != 400 || right.Position().X != 412 || s.MinSize().Width != 312 {
		t.Fatalf("%v, %v at %v, at least %v", left.Size(), right.Size(), right.Position(), s.MinSize())
	}
	k.FocusNext()
	if n, ok := k.Focused().(interface{ Name() string }); !ok || n.Name() != "分隔" {
		t.Fatalf("focus on %T", k.Focused())
	}
	k.play("Left")
	if left.Size().Width != 400-dividerStep {
		t.Errorf("Left: %v", left.Size())
	}
	k.play("Right Right")
	if left.Size().Width != 400+dividerStep {
		t.Errorf("Right: %v", left.Size())
	}
	k.play(strings.Repeat("Left ", 50))
	if left.Size().Width != 100 {
		t.Errorf("the left part has %v", left.Size())
	}
	k.play(strings.Repeat("Right ", 50))
	if right.Size().Width != 200 {
		t.Errorf("the right part has %v", right.Size())
	}
	s.SetRatio(0.25)
	if left.Size().Width != 200 || s.Ratio() != 0.25 {
		t.Errorf("%v at %v", left.Size(), s.Ratio())
	}
	calls := bound(k.Canvas)
	k.play("Escape F6")
	if len(*calls) != 2 {
		t.Errorf("called %v", *calls)
	}
}

// A divider follows the pointer, and finds it again after the end of its way.
func TestSplitDragged(t *testing.T) {
	left := part(100)
	s := NewSplit(left, part(100))
	k := keyboard{shown(t, skin.Normal, false, 812, 400, func() fyne.CanvasObject { return s })}
	d, at := s.divider, float32(403) // where the pointer is
	drag := func(to float32) {
		ev := &fyne.DragEvent{Dragged: fyne.NewDelta(to-at, 0)}
		ev.Position.X = to - d.Position().X
		at = to
		d.Dragged(ev)
	}
	if drag(453); left.Size().Width != 450 {
		t.Errorf("the left part has %v", left.Size())
	}
	drag(5)
	drag(20)
	if left.Size().Width != 100 {
		t.Errorf("the left part has %v", left.Size())
	}
	drag(303)
	d.DragEnd()
	if left.Size().Width != 300 {
		t.Errorf("the left part has %v", left.Size())
	}
	d.Tapped(&fyne.PointEvent{})
	if k.Focused() != d || d.Cursor() != desktop.HResizeCursor {
		t.Error("a click does not give the focus")
	}
	d.MouseIn(nil)
	d.MouseMoved(nil)
	d.MouseOut()
}

func TestSplitCycle(t *testing.T) {
	a, b := NewLine(), NewLine()
	off := NewLine()
	off.Disable()
	s := NewSplit(container.NewVBox(NewProse("甲"), a), container.NewVScroll(container.NewVBox(off, b)))
	k := keyboard{shown(t, skin.Normal, false, 812, 400, func() fyne.CanvasObject { return s })}
	shows := func(left, right bool) {
		t.Helper()
		if l, r := s.Shown(); l != left || r != right || s.divider.Visible() != (left && right) {
			t.Errorf("shows %v %v", l, r)
		}
		for part, visible := range map[fyne.CanvasObject]bool{s.left: left, s.right: right} {
			if visible && !(left && right) && part.Size().Width != 812 {
				t.Errorf("alone a part has %v", part.Size())
			}
		}
	}
	shows(true, true)
	k.Focus(a)
	s.Cycle()
	shows(false, true)
	if k.Focused() != b {
		t.Errorf("the focus is on %T, which is hidden or cannot have it", k.Focused())
	}
	s.Cycle()
	shows(true, false)
	if k.Focused() != a {
		t.Errorf("the focus is on %T", k.Focused())
	}
	s.Cycle()
	shows(true, true)
	if k.Focused() != a {
		t.Error("the focus has moved though it can be seen")
	}
	k.Focus(s.divider)
	s.Only(true)
	s.Only(true)
	shows(true, false)
	if k.Focused() != a {
		t.Errorf("the focus is on %T", k.Focused())
	}
	s.Both()
	shows(true, true)
}

// Where there is not room enough for both, they share what there is.
func TestSplitTooNarrow(t *testing.T) {
	left, right := part(500), part(500)
	s := NewSplit(left, right)
	s.Resize(fyne.NewSize(612, 100))
	if left.Size().Width != 300 || right.Size().Width != 300 {
		t.Errorf("%v and %v", left.Size(), right.Size())
	}
	s.Only(false)
	if s.MinSize().Width != 500 || right.Size().Width != 612 {
		t.Errorf("alone at least %v, has %v", s.MinSize(), right.Size())
	}
	s.Only(true)
	if s.MinSize().Width != 500 || left.Size().Width != 612 {
		t.Errorf("alone at least %v, has %v", s.MinSize(), left.Size())
	}
}

// What gets the focus in a part is scrolled into view.
func TestRevealInSplit(t *testing.T) {
	box := container.NewVBox()
	for range 30 {
		box.Add(NewLine())
	}
	scroll := container.NewVScroll(box)
	k := keyboard{shown(t, skin.Normal, false, 812, 300, func() fyne.CanvasObject { return NewSplit(NewLine(), scroll) })}
	k.Focus(box.Objects[29].(*TextField))
	if scroll.Offset.Y == 0 {
		t.Error("nothing scrolled")
	}
}

func TestSplitLooks(t *testing.T) {
	for name, contrast := range map[string]bool{"split": false, "split-contrast": true} {
		s := NewSplit(NewProse("材料"), NewProse("评分表"))
		c := shown(t, skin.Normal, contrast, 200, 80, func() fyne.CanvasObject { return s })
		c.Focus(s.divider)
		golden(t, c, name)
	}
}
