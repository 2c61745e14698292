package widgets

import (
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

var conclusions = []Option{
	{"通过", "符合任务书的要求"},
	{"有条件通过", "整改后由组长确认"},
	{"不通过", ""},
}

func TestChoiceKeys(t *testing.T) {
	for _, vertical := range []bool{true, false} {
		var got []int
		c := NewChoice(vertical, func(i int) { got = append(got, i) })
		after := NewLine()
		k := keyboard{shown(t, skin.Normal, false, 600, 400, column(c, after))}
		for _, step := range []struct {
			from int
			keys string
			want []int
		}{
			{-1, "Down Down Down Down", []int{0, 1, 2}},
			{-1, "Right Left", []int{0}},
			{-1, "Up Up", []int{2, 1}},
			{-1, "Space Space", []int{0}},
			{0, "Up", nil},
			{2, "Down Right", nil},
			{0, "Right Left", []int{1, 0}},
			{0, "End Home", []int{2, 0}},
			{0, `"3" "1" "9" "0"`, []int{2, 0}},
			{0, "=２", []int{1}},
			{0, "pad2", nil}, // without NumLock it brings no character
		} {
			c.Set(conclusions, step.from)
			got = nil
			k.Focus(c)
			k.play(step.keys)
			if !slices.Equal(got, step.want) {
				t.Errorf("from %d, %s: chose %v, want %v", step.from, step.keys, got, step.want)
			}
			if len(got) > 0 && c.Current() != got[len(got)-1] {
				t.Errorf("from %d, %s: %d is current", step.from, step.keys, c.Current())
			}
		}
		k.play("Return")
		if k.Focused() != after {
			t.Errorf("Enter led to %T", k.Focused())
		}
	}
}

func TestChoiceOfNothing(t *testing.T) {
	c := NewChoice(true, func(int) { t.Error("chosen") })
	c.SetName("结论")
	k := keyboard{shown(t, skin.Normal, false, 600, 400, column(c))}
	k.Focus(c)
	k.play(`Down Up Home End Space "1"`)
	c.Tapped(&fyne.PointEvent{})
	c.Set(conclusions, 7)
	if c.Current() != -1 || c.Name() != "结论" {
		t.Errorf("%s: %d", c.Name(), c.Current())
	}
}

func TestChoiceClick(t *testing.T) {
	for _, vertical := range []bool{true, false} {
		var got []int
		c := NewChoice(vertical, func(i int) { got = append(got, i) })
		c.Set(conclusions, -1)
		k := keyboard{shown(t, skin.Normal, false, 600, 400, column(c))}
		for _, it := range c.items {
			at := it.ground.Position().AddXY(it.ground.Size().Width/2, it.ground.Size().Height/2)
			c.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}})
			test.TapAt(c, at)
		}
		c.MouseOut()
		first := c.items[0].ground
		test.TapAt(c, first.Position().AddXY(first.Size().Components())) // just beyond its corner
		if !slices.Equal(got, []int{0, 1, 2}) || k.Focused() != c {
			t.Errorf("clicks chose %v, focus on %T", got, k.Focused())
		}
	}
}

// Long texts take lines; nothing overlaps, and every target is high enough and
// apart from the next.
func TestChoiceWraps(t *testing.T) {
	for _, s := range []skin.Scale{skin.Normal, skin.Large, skin.Largest} {
		c := NewChoice(true, func(int) {})
		long := strings.Repeat("按整改意见完成整改，由组长确认后生效。", 4)
		on := shown(t, s, false, 320, 900, column(c))
		c.Set([]Option{{"通过", ""}, {long, ""}, {"不通过", long}, {long, long}}, 1)
		on.Content().Refresh()
		on.Content().Refresh()
		var end float32
		for i, it := range c.items {
			top, size := it.ground.Position().Y, it.ground.Size()
			if i > 0 && top-end < 8 {
				t.Errorf("scale %d: option %d begins %v after the one before", s, i, top-end)
			}
			if end = top + size.Height; size.Height < theme.Size(skin.SizeControl) {
				t.Errorf("scale %d: option %d is %v high", s, i, size.Height)
			}
			for _, text := range []fyne.CanvasObject{it.title, it.detail} {
				if text.Visible() && text.Position().Y+text.MinSize().Height > end+theme.InnerPadding() {
					t.Errorf("scale %d: text of option %d ends at %v of %v", s, i, text.Position().Y+text.MinSize().Height, end)
				}
			}
		}
		if c.MinSize().Height != end || c.MinSize().Width > 320 {
			t.Errorf("scale %d: asks for %v, ends at %v", s, c.MinSize(), end)
		}
	}
}

// In a column that does not fit, what is chosen is scrolled into view.
func TestChoiceReveals(t *testing.T) {
	c := NewChoice(true, func(int) {})
	c.Set(slices.Repeat(conclusions, 3), -1)
	for i := range c.options {
		c.options[i].Detail = strings.Repeat("甲", i)
	}
	scroll := container.NewVScroll(container.NewPadded(c))
	k := keyboard{shown(t, skin.Normal, false, 300, 150, func() fyne.CanvasObject { return scroll })}
	k.Focus(c)
	for range c.options {
		k.play("Down")
		g := c.items[c.current].ground
		top := g.Position().Y + c.Position().Y - scroll.Offset.Y
		if top < 0 || top+g.Size().Height > 150 {
			t.Errorf("option %d stands at %v", c.current, top)
		}
	}
}

func TestTick(t *testing.T) {
	var got []bool
	tick, after := NewTick("同意公开", func(on bool) { got = append(got, on) }), NewLine()
	k := keyboard{shown(t, skin.Normal, false, 400, 300, column(tick, after))}
	k.Focus(tick)
	k.play("Space Space")
	tick.Tapped(&fyne.PointEvent{})
	tick.Tapped(&fyne.PointEvent{})
	if !slices.Equal(got, []bool{true, false, true, false}) || tick.On() || tick.Name() != "同意公开" {
		t.Errorf("%s: %v", tick.Name(), got)
	}
	// Enter goes through fields, and must tick nothing on its way.
	for _, enter := range []string{"Return", "KP_Enter"} {
		k.Focus(tick)
		k.play(enter)
		if k.Focused() != fyne.Focusable(after) || len(got) != 4 {
			t.Errorf("%s leads to %v, ticked %v", enter, k.Focused(), got)
		}
	}
	tick.Set(true)
	tick.SetText("不同意公开")
	if len(got) != 4 || !tick.On() || !strings.Contains(test.RenderToMarkup(k.Canvas), "不同意公开") {
		t.Errorf("set: %v", got)
	}
}

// What is chosen and what is ticked differ from the rest by more than colour.
func TestChoiceLooks(t *testing.T) {
	for name, contrast := range map[string]bool{"choices": false, "choices-contrast": true} {
		nothing := func(int) {}
		down, across, tick := NewChoice(true, nothing), NewChoice(false, nothing), NewTick("知悉", func(bool) {})
		c := shown(t, skin.Normal, contrast, 300, 400, column(down, across, tick, NewTick("同意", func(bool) {})))
		down.Set(conclusions, 1)
		across.Set([]Option{{"是", ""}, {"否", ""}, {"待定", ""}}, -1)
		tick.Set(true)
		c.Focus(down)
		if contrast {
			c.Focus(across)
		}
		c.Content().Refresh()
		golden(t, c, name)
		if m := test.RenderToMarkup(c); strings.Count(m, "<line") != 2 {
			t.Errorf("not one tick:\n%s", m)
		}
	}
}
