package review_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

func TestCheckLine(t *testing.T) {
	cases := []struct {
		text string
		want review.Code
	}{
		{"䶮㛃𫖮，第 3.2 节（236 万元）", ""},
		{"", review.CodeTextEmpty},
		{" 　\t", review.CodeTextEmpty},
		{strings.Repeat("字", 10), ""},
		{strings.Repeat("字", 11), review.CodeTextLong},
		{"a\x00b", review.CodeTextControl},
		{"a\nb", review.CodeTextControl},
		{"报告\u202efdp", review.CodeTextControl},
		{"a\u200bb", review.CodeTextControl},
		{"葛\ufe00", review.CodeTextControl},
		{"a\u034fb", review.CodeTextControl},
		{"a\u2028b", review.CodeTextControl},
		{"\ue000", review.CodeTextControl},
		{"a\xffb", review.CodeTextControl},
	}
	for _, c := range cases {
		limit := 10
		if c.want == "" {
			limit = 100
		}
		reviewtest.WantCode(t, review.CheckLine("x", c.text, limit), c.want)
	}
}

// TestParagraphs holds that splitting loses nothing but white space between
// paragraphs.
func TestParagraphs(t *testing.T) {
	r := rand.New(rand.NewPCG(*seed, 2))
	alphabet := []rune("评审 \t\n　ab，𫖮\r")
	for range 5000 {
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteRune(alphabet[r.IntN(len(alphabet))])
		}
		text := b.String()
		for _, p := range review.Paragraphs(text) {
			if p == "" || p != strings.TrimSpace(p) || strings.Contains(p, "\n") {
				t.Fatalf("%q gives paragraph %q; repeat: go test ./review -run TestParagraphs -seed %d", text, p, *seed)
			}
		}
		strip := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got, want := strip(strings.Join(review.Paragraphs(text), "")), strip(text); got != want {
			t.Fatalf("%q became %q; repeat: go test ./review -run TestParagraphs -seed %d", want, got, *seed)
		}
	}
}

func TestLegible(t *testing.T) {
	if got, want := review.Legible("甲\n成立\x1b[1A\u202e\xff乙"), "甲\ufffd成立\ufffd[1A\ufffd\ufffd乙"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNameRunes(t *testing.T) {
	if got, want := review.NameRunes([]rune("𡋤\ue000\x07\u202e\u2028")), "𡋤（U+212E4）、U+E000、U+0007、U+202E、U+2028"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
