package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"heyi/app/internal/skin"
)

// pressables makes one of each kind.
func pressables(tapped func()) map[string]fyne.Widget {
	return map[string]fyne.Widget{
		"button":  NewButton("返回", tapped),
		"primary": NewPrimary("记录", tapped),
		"stop":    NewStop("会议记录", true, tapped),
		"row":     NewRow("会议记录第 1 号", "已签名", tapped),
	}
}

func TestPress(t *testing.T) {
	pressed := 0
	for name, w := range pressables(func() { pressed++ }) {
		t.Run(name, func(t *testing.T) {
			pressed = 0
			field := NewLine()
			k := keyboard{shown(t, skin.Normal, false, 400, 300, column(field, w))}
			k.Focus(field)
			k.play("Tab Return KP_Enter Space")
			k.text(" ")
			if pressed != 3 || k.Focused() != w.(fyne.Focusable) {
				t.Errorf("pressed %d times by keyboard, focus on %T", pressed, k.Focused())
			}
			k.Focus(field)
			w.(fyne.Tappable).Tapped(&fyne.PointEvent{})
			if pressed != 4 || k.Focused() != w.(fyne.Focusable) || field.focused {
				t.Errorf("pressed %d times, focus on %T after a click", pressed, k.Focused())
			}
		})
	}
}

// The field has lost the focus, and with it said its last word, before a click
// on a button does anything.
func TestFieldLosesFocusFirst(t *testing.T) {
	field := NewLine()
	var focused bool
	b := NewButton("保存", func() { focused = field.focused })
	c := shown(t, skin.Normal, false, 400, 300, column(field, b))
	c.Focus(field)
	focused = true
	b.Tapped(&fyne.PointEvent{})
	if focused {
		t.Error("the field had the focus while the button worked")
	}
}

// An action may take the button away.
func TestPressLeavesThePage(t *testing.T) {
	var c fyne.Canvas
	b := NewPrimary("下一页", func() { c.SetContent(NewLine()) })
	c = shown(t, skin.Normal, false, 400, 300, func() fyne.CanvasObject { return b })
	k := keyboard{c}
	k.Focus(b)
	k.play("Return")
	if _, ok := c.Content().(*TextField); !ok {
		t.Errorf("content %T", c.Content())
	}
}

func TestWalk(t *testing.T) {
	nothing := func() {}
	a, b := NewStop("会议", true, nothing), NewStop("显示", false, nothing)
	x, y := NewRow("甲", "", nothing), NewRow("乙", "", nothing)
	k := keyboard{shown(t, skin.Normal, false, 400, 300, column(a, b, x, y))}
	var got []fyne.Focusable
	k.Focus(a)
	for _, step := range strings.Fields("Down Down Down Up Up Up") {
		k.play(step)
		got = append(got, k.Focused())
	}
	if want := []fyne.Focusable{b, x, y, x, b, a}; !slices.Equal(got, want) {
		t.Errorf("walked %v", got)
	}
}

// What has the focus can be seen: scrolls around it follow, no farther than they
// must.
func TestReveal(t *testing.T) {
	box := container.NewVBox()
	for i := range 30 {
		box.Add(NewRow(fmt.Sprint("第 ", i, " 项"), "", func() {}))
	}
	field := NewLine()
	box.Add(field)
	scroll := container.NewVScroll(container.NewPadded(box))
	k := keyboard{shown(t, skin.Normal, false, 400, 300, func() fyne.CanvasObject {
		return container.NewBorder(NewLine(), nil, nil, nil, scroll)
	})}
	inView := func(o fyne.CanvasObject) bool {
		top := o.Position().Y + box.Position().Y - scroll.Offset.Y
		return top >= 0 && top+o.Size().Height <= scroll.Size().Height
	}
	walk := func(key string) {
		t.Helper()
		for range box.Objects {
			before := scroll.Offset.Y
			k.play(key)
			o := k.Focused().(fyne.CanvasObject)
			if !slices.Contains(box.Objects, o) {
				return
			}
			if !inView(o) {
				t.Errorf("%s: the focus cannot be seen", key)
			}
			if moved := scroll.Offset.Y - before; moved > 60 || moved < -60 {
				t.Errorf("%s: the list jumped by %v", key, moved)
			}
		}
	}
	k.Focus(box.Objects[0].(*Row))
	walk("Tab")
	k.Focus(box.Objects[29].(*Row))
	if scroll.Offset.Y == 0 {
		t.Error("nothing scrolled")
	}
	k.Focus(field)
	if !inView(field) {
		t.Error("the field cannot be seen")
	}
	k.Focus(box.Objects[29].(*Row))
	walk("Up")
	if scroll.Offset.Y > 8 {
		t.Errorf("at the top the list is scrolled by %v", scroll.Offset.Y)
	}
}

func TestShow(t *testing.T) {
	for _, c := range []struct{ offset, view, at, long, want float32 }{
		{0, 100, 0, 30, 0},
		{0, 100, 70, 30, 0},
		{0, 100, 80, 30, 10},
		{50, 100, 20, 30, 20},
		{50, 100, 60, 30, 50},
		{0, 100, 200, 300, 200}, // longer than the view: its beginning
		{400, 100, 200, 300, 200},
	} {
		if got := show(c.offset, c.view, c.at, c.long); got != c.want {
			t.Errorf("show(%v, %v, %v, %v) = %v, want %v", c.offset, c.view, c.at, c.long, got, c.want)
		}
	}
}

func TestPressableHeights(t *testing.T) {
	for _, s := range []skin.Scale{skin.Normal, skin.Large, skin.Largest} {
		shown(t, s, false, 400, 300, func() fyne.CanvasObject {
			want := theme.Size(skin.SizeControl)
			for name, w := range pressables(func() {}) {
				if h := w.MinSize().Height; h < want || name != "row" && h > want+6 {
					t.Errorf("scale %d: %s is %v high, want %v or little more", s, name, h, want)
				}
			}
			return NewLine()
		})
	}
}

// A row takes as many lines as its title and its detail need.
func TestRowWraps(t *testing.T) {
	text := strings.Repeat("数据库损坏，没有改动。", 10)
	short, long, head := NewRow("甲", "短", func() {}), NewRow("甲", text, func() {}), NewRow(text, "短", func() {})
	shown(t, skin.Normal, false, 300, 400, column(short, long, head))
	if s, l, h := short.MinSize().Height, long.MinSize().Height, head.MinSize().Height; l < s+3*15 || h < s+3*15 {
		t.Errorf("%v high, with a long detail %v, with a long title %v", s, l, h)
	}
	if w := long.MinSize().Width; w > 100 {
		t.Errorf("at least %v wide", w)
	}
}

func TestPressableLooks(t *testing.T) {
	nothing := func() {}
	for name, contrast := range map[string]bool{"pressables": false, "pressables-contrast": true} {
		var hovered, focused, primary *Button
		c := shown(t, skin.Normal, contrast, 400, 420, func() fyne.CanvasObject {
			hovered, focused = NewButton("锁定", nothing), NewButton("帮助", nothing)
			primary = NewPrimary("", nothing)
			primary.SetText("记录")
			row := NewRow("", "", nothing)
			row.SetText("设备采购验收评审会", "2026-11-21 09:00　进行")
			return container.NewVBox(
				NewButton("返回", nothing), hovered, focused, primary,
				NewStop("会议记录", true, nothing), NewStop("文件", false, nothing),
				row, NewRow("只有标题", "", nothing))
		})
		hovered.MouseIn(&desktop.MouseEvent{})
		hovered.MouseMoved(&desktop.MouseEvent{})
		c.Focus(focused)
		if contrast {
			c.Focus(primary)
		}
		golden(t, c, name)
		hovered.MouseOut()
		if m := test.RenderToMarkup(c); strings.Contains(m, `"hover"`) {
			t.Errorf("the pointer has gone but shows:\n%s", m)
		}
	}
}
