package layout

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// bodyMeasure is the width of the text area in running text.
const bodyMeasure = 28005

// brokenLines breaks text as running text is broken.
func brokenLines(tb testing.TB, text string) []string {
	tb.Helper()
	g := textGlyphs(tb, text)
	var out []string
	from := 0
	for _, to := range breakLines(g, indent, bodyMeasure) {
		out = append(out, textOf(g[from:to]))
		from = to
	}
	return out
}

func TestBreakLines(t *testing.T) {
	han := func(n int) string { return strings.Repeat("评", n) }
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"first line indented", han(27), []string{han(26), han(1)}},
		{"second line full", han(26 + 28), []string{han(26), han(28)}},
		{"no comma begins a line", han(26) + "，" + han(3), []string{han(25), han(1) + "，" + han(3)}},
		{"no bracket ends a line", han(25) + "（" + han(3), []string{han(25), "（" + han(3)}},
		{"a closing pair stays with what it closes", han(25) + "》。" + han(1), []string{han(24), han(1) + "》。" + han(1)}},
		{"the dash stays whole", han(25) + "——" + han(1), []string{han(24), han(1) + "——" + han(1)}},
		{"the ellipsis stays whole", han(25) + "……", []string{han(24), han(1) + "……"}},
		{"a number stays whole", han(25) + "2026年", []string{han(25), "2026年"}},
		{"a decimal stays whole", han(24) + "98,765.4321", []string{han(24), "98,765.4321"}},
		{"a number keeps its per cent", han(25) + "95％", []string{han(25), "95％"}},
		{"an address stays whole", han(24) + "https://a.cn/b?c=1", []string{han(24), "https://a.cn/b?c=1"}},
		{"spaces hang", han(26) + "  " + han(1), []string{han(26) + "  ", han(1)}},
		{"a no-break space does not", han(24) + "No.\u00A01", []string{han(24), "No.\u00A01"}},
		{"a word that no line holds is divided", han(20) + strings.Repeat("x", 58),
			[]string{han(20) + strings.Repeat("x", 10), strings.Repeat("x", 48)}},
		{"rules yield where nothing else is left", strings.Repeat("。", 30), []string{strings.Repeat("。", 26), "。。。。"}},
		{"above U+FFFF", strings.Repeat("𫖮", 27), []string{strings.Repeat("𫖮", 26), "𫖮"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := brokenLines(t, c.text)
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestBreakTitle divides titles of 20 characters a line where a person would.
func TestBreakTitle(t *testing.T) {
	for _, want := range []string{
		"评审会议记录",
		"国家发展改革委关于加强和完善|国家电子政务工程建设管理的意见",
		"乐清市人民政府办公室关于加强|电子政务项目管理工作的通知",
		"太原市人民政府办公厅关于印发|太原市电子政务管理办法的通知",
		"关于乐清市政务数据共享平台|升级改造项目的预审意见",
		"2026年度市级电子政务|项目资金预算安排（摘录）",
		"乐清市政务数据共享平台升级改造|项目技术方案专家组评审意见",
		"城东综合管廊工程（一期）初步设计评审意见",
		"Review of the construction |drawings of the tunnel",
	} {
		text := strings.ReplaceAll(want, "|", "")
		g := textGlyphs(t, text)
		var lines []string
		from := 0
		for _, to := range breakTitle(g, 20_100) {
			lines = append(lines, textOf(g[from:to]))
			from = to
		}
		if got := strings.Join(lines, "|"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := breakTitle(textGlyphs(t, strings.Repeat("x", 100)), 20_000); len(got) != 3 || got[2] != 100 {
		t.Errorf("a word that no line holds: %v", got)
	}
}

// randomText gives a paragraph that looks like no person's, but has everything.
func randomText(r *rand.Rand) string {
	pools := []string{
		"评审组认为该项目建设方案总体可行一二三",
		"，。、；：？！）》」』】〕”’…—·％‰℃",
		"（《「『【〔“‘￥",
		"䶮㛃𫖮龚𬭎𬬻①㎡",
		"PDFabcxyz-/.,:;()%$×éαЖ",
		"0123456789.",
		"  \u00A0\u3000",
	}
	weights := []int{40, 10, 5, 5, 15, 15, 5}
	var b strings.Builder
	for size := 1 + r.IntN(1500); b.Len() < size; {
		at := r.IntN(95)
		pool := 0
		for at >= weights[pool] {
			at -= weights[pool]
			pool++
		}
		chars := []rune(pools[pool])
		for range 1 + r.IntN(12) {
			b.WriteRune(chars[r.IntN(len(chars))])
		}
	}
	return b.String()
}

// TestBreakProperties holds on 20,000 paragraphs: not a character is lost, no
// line is wider than its measure with or without justification, and 避头尾 is
// broken only where every other division of the line breaks it, too.
func TestBreakProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(9704, 2012))
	for n := range 20_000 {
		text := randomText(r)
		g := textGlyphs(t, text)
		measure := 1 + r.IntN(bodyMeasure+2000)
		ends := breakLines(g, indent, measure)
		if len(ends) == 0 || ends[len(ends)-1] != len(g) || utf8.RuneCountInString(text) != len(g) {
			t.Fatalf("paragraph %d: %q is not divided whole: %v", n, text, ends)
		}
		from, room := 0, measure-indent
		for i, to := range ends {
			if to <= from {
				t.Fatalf("paragraph %d: line %d of %q is empty", n, i, text)
			}
			line := trimLine(g[from:to])
			natural := width(line)
			if natural > room && len(line) > 1 {
				t.Fatalf("paragraph %d: line %q is %d wide, room %d", n, textOf(line), natural, room)
			}
			spread := float64(natural)
			gap := justify(line, room)
			for j := 1; j < len(line); j++ {
				spread += gap.after(line[j-1].r, line[j].r)
			}
			if len(line) > 1 && spread > float64(room)+0.001 || gap.tight > maxGap+0.001 || gap.space > maxSpaceGap+0.001 {
				t.Fatalf("paragraph %d: %q spread to %f of %d by %+v", n, textOf(line), spread, room, gap)
			}
			if spread > float64(natural) && spread < float64(room)-0.001 {
				t.Fatalf("paragraph %d: %q is spread, but not to the edge", n, textOf(line))
			}
			if to < len(g) && !mayBreakWord(g[to-1].r, g[to].r) {
				for k := from + 1; k <= to; k++ {
					if mayBreakWord(g[k-1].r, g[k].r) {
						t.Fatalf("paragraph %d: %q | %q breaks 避头尾, %q | does not", n, textOf(g[from:to]), string(g[to].r), textOf(g[from:k]))
					}
				}
			}
			from, room = to, measure
		}
	}
}

// TestJustifyWords wants the letters of a word at their natural distance and the
// rest of a line spread over the gaps between Chinese characters.
func TestJustifyWords(t *testing.T) {
	line := textGlyphs(t, "评审PDF/A标准")
	g := justify(line, width(line)+200)
	if g.tight != 50 {
		t.Fatalf("gaps %+v, want 50 at each of 评审 审P A标 标准", g)
	}
	for _, c := range []struct {
		a, b rune
		want float64
	}{{'评', '审', 50}, {'审', 'P', 50}, {'P', 'D', 0}, {'/', 'A', 0}, {'A', '标', 50}, {'—', '—', 0}} {
		if got := g.after(c.a, c.b); got != c.want {
			t.Errorf("%c%c: %f, want %f", c.a, c.b, got, c.want)
		}
	}
	if g := justify(line, width(line)+5000); g != (gaps{}) {
		t.Errorf("a line that lacks five characters is spread by %+v", g)
	}
	words := textGlyphs(t, "the quick brown fox")
	if g := justify(words, width(words)+600); g.space != 200 {
		t.Errorf("between words: %+v", g)
	}
	if g := justify(textGlyphs(t, "word"), 28000); g != (gaps{}) {
		t.Errorf("one word is spread by %+v", g)
	}
}

// BenchmarkBreak sets a paragraph of 2,400 characters in lines.
func BenchmarkBreak(b *testing.B) {
	text := strings.Repeat("评审组听取了建设单位关于《城东综合管廊工程初步设计》的汇报，查阅了资料（共12份），PDF/A-2u 文件按 GB/T 9704—2012 排版。", 32)
	s := &setter{fonts: testFonts()}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.lines(Song, bodySize, area, indented, text)
	}
}
