package layout

import (
	"slices"
	"testing"
)

func TestLines(t *testing.T) {
	wide := func(r rune) int {
		if r < 0x80 {
			return 1
		}
		return 2
	}
	cases := []struct {
		text    string
		measure int
		want    []string
	}{
		{"", 8, nil},
		{"评审意见", 8, []string{"评审意见"}},
		{"评审意见。", 8, []string{"评审意", "见。"}},
		{"评审（意见）", 6, []string{"评审", "（意", "见）"}},
		{"共 12.50 万元", 6, []string{"共", "12.50", "万元"}},
		{"评审", 1, []string{"评", "审"}},
	}
	for _, c := range cases {
		if got := Lines(c.text, c.measure, wide); !slices.Equal(got, c.want) {
			t.Errorf("%q in %d: %q, want %q", c.text, c.measure, got, c.want)
		}
	}
}
