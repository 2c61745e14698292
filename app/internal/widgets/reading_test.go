package widgets

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"heyi/app/internal/skin"
)

// paragraphs is a text of so many lines.
func paragraphs(n int) *Prose {
	var lines []string
	for i := range n {
		lines = append(lines, fmt.Sprintf("第 %d 行", i+1))
	}
	return NewProse(strings.Join(lines, "\n"))
}

func TestReadingKeys(t *testing.T) {
	text := paragraphs(100)
	r := NewReading(text)
	r.SetName("全文")
	k := keyboard{shown(t, skin.Normal, false, 400, 300, func() fyne.CanvasObject { return r })}
	k.FocusNext()
	if k.Focused() != r || r.Name() != "全文" {
		t.Fatalf("focus on %T", k.Focused())
	}
	at := func() float32 { return r.scroll.Offset.Y }
	line, view, end := lineHeight(), r.scroll.Size().Height, text.Size().Height-r.scroll.Size().Height
	for _, step := range []struct {
		keys string
		want float32
	}{
		{"Up", 0},
		{"Down", line},
		{"Down Down Up", 2 * line},
		{"Next", line + view},
		{"Prior", 2 * line},
		{"End", end},
		{"Down Next", end},
		{"Up", end - line},
		{"Home", 0},
		{"Prior", 0},
	} {
		k.play(step.keys)
		if got := at(); got < step.want-1 || got > step.want+1 {
			t.Errorf("after %s at %v, want %v", step.keys, got, step.want)
		}
	}
	k.play("End")
	r.SetContent(paragraphs(2))
	if at() != 0 {
		t.Error("something new is not shown from its beginning")
	}
	k.play("End")
	if at() != 0 {
		t.Errorf("two lines are scrolled by %v", at())
	}
}

// Keys that do not scroll go on, and a click gives it the focus.
func TestReadingPassesKeys(t *testing.T) {
	r := NewReading(paragraphs(3))
	k := keyboard{shown(t, skin.Normal, false, 400, 300, func() fyne.CanvasObject { return r })}
	calls := bound(k.Canvas)
	r.Tapped(&fyne.PointEvent{})
	k.play(everyKey)
	if got := strings.Join(*calls, " "); got != "primary primary back help region" {
		t.Error(got)
	}
}

// What gets the focus inside a reading scrolls into view, also where the reading
// stands in something else.
func TestRevealInReading(t *testing.T) {
	box := container.NewVBox()
	for i := range 30 {
		box.Add(NewRow(fmt.Sprint("第 ", i, " 项"), "", func() {}))
	}
	r := NewReading(box)
	k := keyboard{shown(t, skin.Normal, false, 400, 300, func() fyne.CanvasObject {
		return container.NewBorder(NewLine(), nil, nil, nil, r)
	})}
	last := box.Objects[29].(*Row)
	k.Focus(last)
	if bottom := last.Position().Y + last.Size().Height - r.scroll.Offset.Y; bottom > r.scroll.Size().Height || r.scroll.Offset.Y == 0 {
		t.Errorf("the last row ends at %v of %v", bottom, r.scroll.Size().Height)
	}
	k.Focus(box.Objects[0].(*Row))
	if r.scroll.Offset.Y != 0 {
		t.Errorf("at the first row the reading is scrolled by %v", r.scroll.Offset.Y)
	}
}

func TestReadingLooks(t *testing.T) {
	for name, contrast := range map[string]bool{"reading": false, "reading-contrast": true} {
		r := NewReading(paragraphs(10))
		c := shown(t, skin.Normal, contrast, 240, 120, func() fyne.CanvasObject { return r })
		c.Focus(r)
		golden(t, c, name)
	}
}
