package cli

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/review"
	"heyi/review/regulation"
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
	for _, l := range wrap("  "+strings.Repeat("名", 60)+"  ", strings.Repeat("字", 99)) {
		if columns(l) > lineWidth {
			t.Errorf("%d columns: %s", columns(l), l)
		}
	}
}

// A text is broken in one pass: by copying what is before each character, these would
// take hours.
func TestWrapLong(t *testing.T) {
	for _, c := range []struct {
		text string
		want int // lines
	}{
		{strings.Repeat("x", 2<<20), 1},
		{strings.Repeat("，", 2<<20), 1},
		{strings.Repeat("评", 39*10_000), 10_000},
	} {
		if got := wrap("", c.text); len(got) != c.want || strings.Join(got, "") != c.text {
			t.Errorf("%.6s…: %d lines, want %d", c.text, len(got), c.want)
		}
	}
}

// However long the texts of a package are, a terminal shows what is said of them whole.
func TestLinesFit(t *testing.T) {
	c, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Words: c}
	long := strings.Repeat("长", 200)
	for what, lines := range map[string][]string{
		"roster":    w.rosterLines([]review.Person{{Name: "甲", Unit: long, Title: long, Roles: []review.Role{review.RoleExpert}}, {Name: "乙"}}),
		"units":     w.unitLines([]review.Unit{{Part: "owner", Name: long}, {Part: long, Name: "乙"}}),
		"facts":     w.factLines(nil, []review.Fact{{Key: long, Value: long}, {Key: "投资", Value: long}}),
		"documents": w.documentLines([]review.Document{{File: "0001.pdf", Name: long, Title: long, Type: "pdf", Warnings: []string{"macro"}}}),
		"findings":  w.findingLines([]regulation.Finding{{Title: long, Result: regulation.Result{Rule: "YQ-R01", Outcome: regulation.OutcomeBlock, Sentence: long}}}),
		"materials": w.materialLines([]regulation.MaterialState{{Material: regulation.Material{Code: "Y2-E1", Title: long, When: long}, Due: regulation.DueYes}}),
		"items":     w.itemLines(review.Scheme{Items: []review.Item{{ID: "Y2-01", Title: long, Question: long, Article: long, Kind: review.ItemScore}}}),
		"outcomes":  w.outcomeLines(review.Scheme{Outcomes: []review.Outcome{{ID: "passed", Title: long}}}),
	} {
		if len(lines) < 3 {
			t.Errorf("%s: %d lines", what, len(lines))
		}
		for _, l := range lines {
			if columns(l) > lineWidth+1 { // a mark may hang
				t.Errorf("%s: %d columns: %s", what, columns(l), l)
			}
		}
	}
}

// All answers of a large panel are shown, in lines that fit.
func TestAnswerTable(t *testing.T) {
	c, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	v := tallyView{Items: []countView{{Title: strings.Repeat("长", 99), Full: "100", Weight: "100"}}}
	for i := range 21 {
		v.Experts = append(v.Experts, expertView{Name: fmt.Sprintf("专家%02d", i), Total: "100"})
		v.Items[0].Answers = append(v.Items[0].Answers, fmt.Sprintf("%d.25", 10+i))
	}
	lines := (&acting{World: &World{Words: c}}).answerTable(v)
	all := strings.Join(lines, "\n")
	for i := range v.Experts {
		if strings.Count(all, v.Experts[i].Name) != 1 || strings.Count(all, v.Items[0].Answers[i]) != 1 {
			t.Errorf("%s: not once in\n%s", v.Experts[i].Name, all)
		}
	}
	for _, l := range lines {
		if columns(l) > lineWidth {
			t.Errorf("%d columns: %s", columns(l), l)
		}
	}
}

// Of a package's digest its first part is enough if it is as long as what is shown.
func TestNames(t *testing.T) {
	d := review.DigestOf([]byte("package"))
	shown := words.ShortDigest(d)
	for typed, want := range map[string]bool{
		string(d): true, shown: true, strings.ToLower(shown): true, " " + d.Receipt() + "\n": true,
		"": false, shown[:9]: false, shown[:len(shown)-1] + "x": false, string(d) + "0": false, "0000 0000 0000 0000": false,
	} {
		if got := names(typed, d); got != want {
			t.Errorf("%q: %v", typed, got)
		}
	}
}
