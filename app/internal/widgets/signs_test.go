package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"heyi/app/internal/skin"
)

// Without its colours every tone still looks like no other.
func TestStatusWithoutColour(t *testing.T) {
	seen := map[string]Tone{}
	for _, tone := range []Tone{ToneNone, ToneBusy, ToneDone, ToneError} {
		s := NewStatus()
		shown(t, skin.Normal, false, 400, 100, func() fyne.CanvasObject { return s })
		s.Set(tone, "草稿")
		var figures []string
		for line := range strings.Lines(test.RenderObjectToMarkup(s)) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "<circle") || strings.HasPrefix(line, "<polygon") {
				figures = append(figures, withoutColour(line))
			}
		}
		look := strings.Join(figures, "\n")
		if other, ok := seen[look]; ok {
			t.Errorf("tones %d and %d differ in colour only: %q", tone, other, look)
		}
		seen[look] = tone
	}
}

// withoutColour keeps of a figure's markup its element, place and size, and
// whether it is filled or drawn.
func withoutColour(line string) string {
	var kept []string
	for _, word := range strings.Fields(strings.Trim(line, "</>")) {
		name, _, _ := strings.Cut(word, "=")
		if strings.HasSuffix(name, "Color") {
			word = name
		}
		kept = append(kept, word)
	}
	return strings.Join(kept, " ")
}

func TestStatus(t *testing.T) {
	s, below := NewStatus(), NewLine()
	c := shown(t, skin.Normal, false, 300, 300, column(s, below))
	if s.Visible() || below.Position().Y != 0 {
		t.Errorf("without a message: visible %v, takes %v", s.Visible(), below.Position().Y)
	}
	s.Set(ToneError, strings.Repeat("磁盘已满，没有改动。", 6)+"[datadir.full]")
	c.Content().Refresh()
	c.Content().Refresh() // the words have their width now, and so their height
	if h := s.MinSize().Height; !s.Visible() || h < 4*15 {
		t.Errorf("a long message: visible %v, %v high", s.Visible(), h)
	}
	golden(t, c, "status")
	s.Set(ToneNone, "")
	if s.Visible() {
		t.Error("the message was taken away and stands")
	}
}

func steps(names []string, current int) func() fyne.CanvasObject {
	return func() fyne.CanvasObject { return NewSteps(names, current) }
}

func TestSteps(t *testing.T) {
	names := []string{"筹备", "进行", "归档", "封存"}
	for i, name := range names {
		c := shown(t, skin.Normal, false, 300, 40, steps(names, i))
		m := test.RenderToMarkup(c)
		for j, other := range names {
			if strings.Contains(m, other) != (i == j) {
				t.Errorf("step %d: %s is named, or %s is not:\n%s", i, other, name, m)
			}
		}
		if circles := strings.Count(m, "<circle"); circles != len(names)-1 {
			t.Errorf("step %d: %d circles", i, circles)
		}
	}
	golden(t, shown(t, skin.Normal, false, 300, 40, steps(names, 1)), "steps")
	golden(t, shown(t, skin.Largest, true, 300, 60, steps(names, 3)), "steps-largest-contrast")
}
