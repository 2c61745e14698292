package cli

import (
	"slices"
	"strings"
	"testing"
)

func TestColumns(t *testing.T) {
	for s, want := range map[string]int{"": 0, "ab1": 3, "评审": 4, "p01 评审（䶮𫖮）": 16, "＝": 2, "≈": 1} {
		if got := columns(s); got != want {
			t.Errorf("%q takes %d columns, want %d", s, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	got := table("  ", [][]string{{"评审项", "平均"}, {"a", "7.5", "x\u202ey"}, {}}, 1)
	if want := []string{"  评审项  平均", "  a        7.5  x\ufffdy", ""}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Nothing is lost by breaking lines, no line is too wide, and none begins with a mark or
// in the middle of a number.
func TestWrap(t *testing.T) {
	text := strings.Repeat("平均分（85＋90＋80）÷3＝85.00；折合百分制，乘以权重，", 9) + "为 1234567890 分。"
	lines := wrap("  1. ", text)
	if len(lines) < 3 {
		t.Fatalf("%d lines", len(lines))
	}
	joined := ""
	for i, l := range lines {
		if columns(l) > lineWidth+1 { // a mark may hang
			t.Errorf("%d columns: %s", columns(l), l)
		}
		start := "     "
		if i == 0 {
			start = "  1. "
		}
		rest, ok := strings.CutPrefix(l, start)
		if !ok || strings.ContainsRune(closing+" ", []rune(rest)[0]) {
			t.Errorf("line %d begins %q", i, l)
		}
		joined += rest
	}
	if strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(text, " ", "") {
		t.Errorf("came back as %q", joined)
	}
	if got := wrap("· ", ""); !slices.Equal(got, []string{"·"}) {
		t.Errorf("%q", got)
	}
}
