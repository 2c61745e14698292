package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

// TestProse holds that prose takes the width it is given, puts no closing mark
// at the head of a line, loses nothing, and grows downwards.
func TestProse(t *testing.T) {
	text := "专家组听取了汇报，审阅了方案、概算表和可行性分析；同意通过。"
	p := NewProse(text)
	one := p.MinSize().Height
	for _, width := range []float32{90, 120, 150, 200, 333, 1000} {
		p.Resize(fyne.NewSize(width, 1000))
		lines := strings.Split(p.Label.Text, "\n")
		if got := strings.Join(lines, ""); got != text {
			t.Fatalf("width %v: %q", width, got)
		}
		for _, l := range lines {
			if strings.ContainsAny(l[:3], "，、；。") {
				t.Errorf("width %v: a line begins with %q", width, l)
			}
			if w := fyne.MeasureText(l, 15, fyne.TextStyle{}).Width; w > width {
				t.Errorf("width %v: a line is %v wide", width, w)
			}
		}
		if got := p.MinSize(); got.Width != 0 || (len(lines) > 1) != (got.Height > one) {
			t.Errorf("width %v: %d lines ask for %v", width, len(lines), got)
		}
	}
	p.SetText("短")
	if p.MinSize().Height != one {
		t.Errorf("one line asks for %v, want %v", p.MinSize().Height, one)
	}
}
