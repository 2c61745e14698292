package layout

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

var (
	update = flag.Bool("update", false, "write testdata anew")
	seed   = flag.Uint64("seed", 1, "of random tables")
	cases  = flag.Int("cases", 400, "how many random tables")
)

// dump writes pages as text: every span with face, size, place and spacing.
func dump(pages []Page) string {
	var b strings.Builder
	for i, p := range pages {
		fmt.Fprintf(&b, "page %d", i+1)
		if p.Landscape {
			b.WriteString(" turned")
		}
		b.WriteString("\n")
		for _, m := range p.Bookmarks {
			fmt.Fprintf(&b, "mark  %d  %6.2f  %s\n", m.Level, m.Y, m.Title)
		}
		for _, s := range p.Spans {
			fmt.Fprintf(&b, "%-5v %5.2f  %6.2f %6.2f %+.3f  %s\n", s.Face, s.Size, s.X, s.Y, s.Spacing, s.Text)
		}
		for _, r := range p.Rules {
			fmt.Fprintf(&b, "rule  %.2f  %6.2f %6.2f  %6.2f %6.2f\n", r.Width, r.X1, r.Y1, r.X2, r.Y2)
		}
		for _, f := range p.Fills {
			fmt.Fprintf(&b, "fill  %6.2f %6.2f  %.2f × %.2f\n", f.X, f.Y, f.W, f.H)
		}
		for _, m := range p.Marks {
			fmt.Fprintf(&b, "across %v %.2f  %6.2f %6.2f  %.0f°  %s\n", m.Face, m.Size, m.X, m.Y, m.Angle, m.Text)
		}
		for _, f := range p.Fields {
			fmt.Fprintf(&b, "field %s  %6.2f %6.2f  %.2f × %.2f\n", f.Name, f.X, f.Y, f.W, f.H)
		}
	}
	return b.String()
}

func sample() Document {
	d := Document{
		Secrecy: "工作秘密", Title: "城东综合管廊工程（一期）初步设计评审意见", Number: "〔K7M2Q3F4〕第1号", Check: "1841-67C0-20C6-5788",
		Blocks: []Block{
			Rows{
				{"会议名称", "城东综合管廊工程（一期）初步设计暨投资概算评审会，并审查地质勘察报告与运营维护费用测算"},
				{"记录人", "龚𫖮"},
			},
			Heading{Level: 1, Text: "一、项目概况"},
			Paragraph{Text: "建设单位汇报《城东综合管廊工程（一期）初步设计》的主要内容：线路全长12.86公里，概算总投资98,765.43万元，设计使用年限100年；汇报材料以PDF/A-2u格式提交，编号为GL-2026-0117（共12册）。"},
			Heading{Level: 2, Text: "（一）专家意见"},
			Heading{Level: 3, Text: "1.关于地质"},
			Paragraph{Number: "（1）", Text: "专家龚𫖮提出：地质勘察报告对䶮㛃片区软弱土层的描述过于简略——仅有3个钻孔，不足以支持“采用明挖法施工”的结论；建议补充不少于8个钻孔，并说明地下水位的季节变化……设计单位表示同意。"},
		},
	}
	for n := range 5 {
		d.Blocks = append(d.Blocks, Paragraph{
			Number: fmt.Sprintf("（%d）", n+2),
			Text:   "The consultant Mr. O'Brien presented the numerical model (PLAXIS 3D, version 2024.1)，并回答了关于竖井及邻近桥墩长期沉降的提问。",
		})
	}
	d.Blocks = append(d.Blocks, Signatures{
		Places: []Place{{"expert1", "组长（签名）", ""}, {"secretary", "记录人（签名）", "2026年11月21日"}},
		Note:   "以数字证书签名的，证书由本评审组自建，非依法设立的电子认证机构签发；时间为本机时间。具有法律效力的签名以纸质亲笔签名或约定为准。",
	})
	return d
}

func TestSampleGolden(t *testing.T) { golden(t, "testdata/sample.txt", sample()) }

// golden compares the pages of a document with those of a file.
func golden(t *testing.T, file string, d Document) {
	t.Helper()
	pages, err := testFonts().Set(d)
	if err != nil {
		t.Fatal(err)
	}
	got := dump(pages)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Fatalf("line %d of %s (go test -update writes it anew):\ngot  %s\nwant %s", i+1, file, g[i], w[i])
			}
		}
		t.Fatalf("%d lines, want %d", len(g), len(w))
	}
}

// han gives n characters of running text.
func han(n int) string {
	return strings.Repeat("评审组经讨论认为该项目可行", n/13+1)[:3*n]
}

// TestGrid counts what GB/T 9704 wants on a page: 22 lines of 28 characters.
func TestGrid(t *testing.T) {
	pages, err := testFonts().Set(Document{Blocks: []Block{Paragraph{Text: han(28*22*2 + 26)}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) != 3 {
		t.Fatalf("%d pages", len(pages))
	}
	body := slices.DeleteFunc(slices.Clone(pages[1].Spans), func(s Span) bool { return s.Size != bodySize })
	if len(body) != 22 || len([]rune(body[0].Text)) != 28 {
		t.Errorf("%d lines of %d characters", len(body), len([]rune(body[0].Text)))
	}
	for i, s := range body {
		if want := areaTop + (float64(i)+0.5)*pitch + 0.38*bodySize; math.Abs(s.Y-want) > 0.01 || s.X != areaLeft {
			t.Errorf("line %d at %.2f, %.2f, want %.2f", i, s.X, s.Y, want)
		}
	}
	for i, want := range []struct{ page, about string }{
		{"— 1 —", "第 1 页，共 3 页"}, {"— 2 —", "第 2 页，共 3 页"}, {"— 3 —", "第 3 页，共 3 页"},
	} {
		footer := pages[i].Spans[len(pages[i].Spans)-2:]
		right := footer[0].X > PageWidth/2
		if footer[0].Text != want.page || !strings.HasSuffix(footer[1].Text, want.about) || right != (i%2 == 0) {
			t.Errorf("page %d: footer %+v", i+1, footer)
		}
	}
}

// TestSetLosesNothing sets random documents: the text comes back whole and in
// order, and nothing stands outside the text area.
func TestSetLosesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(22, 28))
	squeeze := strings.NewReplacer(" ", "", "\u3000", "")
	for n := range 300 {
		d := Document{Title: "评审会议记录", Secrecy: []string{"", "工作秘密"}[r.IntN(2)]}
		want := d.Secrecy + d.Title
		for range r.IntN(8) {
			text := randomText(r)
			switch r.IntN(4) {
			case 0:
				d.Blocks = append(d.Blocks, Heading{Level: 1 + r.IntN(3), Text: text})
			case 1:
				d.Blocks = append(d.Blocks, Rows{{"会议名称", text}})
				want += "会议名称"
			default:
				d.Blocks = append(d.Blocks, Paragraph{Number: "1.", Text: text})
				want += "1."
			}
			want += text
		}
		d.Blocks = append(d.Blocks, Signatures{Places: []Place{{"a", "记录人（签名）", "2026年11月21日"}}, Note: "附注"})
		want += "记录人（签名）2026年11月21日附注"
		pages, err := testFonts().Set(d)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		fields := 0
		for i, p := range pages {
			body := p.Spans[:slices.IndexFunc(p.Spans, func(s Span) bool { return s.Text == fmt.Sprintf("— %d —", i+1) })]
			for _, s := range body {
				got.WriteString(s.Text)
				end := s.X
				for _, c := range s.Text {
					code, ok := testFonts().Font(s.Face).Code(c)
					if !ok {
						t.Fatalf("document %d: %c is set in %v, which lacks it", n, c, s.Face)
					}
					end += float64(testFonts().Font(s.Face).Advance(code))*s.Size/1000 + s.Spacing
				}
				end -= s.Spacing
				if s.X < areaLeft-0.01 || end > areaLeft+areaWidth+0.01 || s.Y < areaTop || s.Y > areaTop+areaHeight {
					t.Fatalf("document %d: %+v ends at %.2f", n, s, end)
				}
			}
			fields += len(p.Fields)
			for _, f := range p.Fields {
				if f.Y < areaTop || f.Y+f.H > areaTop+areaHeight {
					t.Fatalf("document %d: field %+v", n, f)
				}
			}
		}
		if g := squeeze.Replace(got.String()); g != squeeze.Replace(want) {
			t.Fatalf("document %d:\ngot  %s\nwant %s", n, g, want)
		}
		if fields != 1 {
			t.Fatalf("document %d: %d fields", n, fields)
		}
	}
}

// TestNothingAlone puts a heading and a table of signatures at every height of a
// page: the one never ends a page, the other never stands without text.
func TestNothingAlone(t *testing.T) {
	for lines := range 46 {
		d := Document{Title: "评审会议记录", Blocks: []Block{
			Paragraph{Text: han(26 + 28*lines)},
			Heading{Level: 1, Text: "一、结论"},
			Paragraph{Text: han(50)},
			Signatures{Places: []Place{{"a", "组长", ""}, {"b", "记录人", ""}}, Note: strings.Repeat("附注。", 40)},
		}}
		pages, err := testFonts().Set(d)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range pages {
			heading := slices.IndexFunc(p.Spans, func(s Span) bool { return s.Text == "一、结论" })
			if heading >= 0 && p.Spans[heading+1].Size != bodySize {
				t.Errorf("%d lines: the heading ends page %d", lines, i+1)
			}
			text := 0
			for _, s := range p.Spans {
				if s.Face == Song && s.Size == bodySize {
					text++
				}
			}
			if len(p.Fields) > 0 && (text < 2 || len(p.Fields) != 2 || !strings.Contains(p.Spans[len(p.Spans)-3].Text, "附注")) {
				t.Errorf("%d lines: page %d has %d fields beside %d lines of text", lines, i+1, len(p.Fields), text)
			}
		}
	}
}

// TestLongRow divides a row that no page holds.
func TestLongRow(t *testing.T) {
	pages, err := testFonts().Set(Document{Title: "表", Blocks: []Block{Rows{{"内容", han(2000)}}}})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, p := range pages {
		for _, s := range p.Spans {
			if s.Size == tableSize && s.Face == Song && !strings.HasPrefix(s.Text, "—") {
				got.WriteString(s.Text)
			}
		}
	}
	if len(pages) < 2 || got.String() != han(2000) {
		t.Errorf("%d pages, %d bytes of %d", len(pages), got.Len(), len(han(2000)))
	}
}
