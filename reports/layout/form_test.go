package layout

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// form is a document with everything that a paper to be signed can have.
func form() Document {
	return Document{
		Copy: "000012", Secrecy: "工作秘密", Mark: "草稿", Title: "专家个人评审意见表", Hidden: []string{"archive"},
		Blocks: []Block{
			Rows{{"项目名称", "☑政务数据共享平台升级改造项目"}},
			Paragraph{Text: "本人结论：☑同意通过　☐修改完善后通过　☐不同意通过。"},
			Table{
				Title: "签字表", Strike: true, Head: [][]Cell{{{Text: "姓名"}, {Text: "签名"}, {Text: "备注"}}},
				Body: [][]Cell{
					{{Text: "龚𫖮", Bold: true}, {Field: "expert1"}},
					{{Text: "䶮㛃", Align: Right}, {Sign: true}, {Blank: true}},
				},
			},
			Fine{Text: "以数字证书签名的，证书由本评审组自建。"},
			NewPage{},
			Picture{Modules: [][]bool{{true, true, false}, {true, true, true}, {false, false, true}}, Side: 30, Text: "校验码\n1841-67C0"},
		},
	}
}

func TestFormGolden(t *testing.T) { golden(t, "testdata/form.txt", form()) }

// set sets blocks.
func set(t *testing.T, blocks ...Block) []Page {
	t.Helper()
	return setAll(t, Document{Blocks: blocks})
}

// setAll sets a document and checks its pages.
func setAll(t *testing.T, d Document) []Page {
	t.Helper()
	pages, err := testFonts().Set(d)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pages {
		if err := checkPage(p); err != nil {
			t.Fatalf("page %d: %v", i+1, err)
		}
	}
	return pages
}

// pageOf gives the index of the page that has a span of this text.
func pageOf(pages []Page, text string) int {
	return slices.IndexFunc(pages, func(p Page) bool {
		return slices.ContainsFunc(p.Spans, func(s Span) bool { return s.Text == text })
	})
}

// TestSquare compares what is drawn around a tick with the square of the fonts.
func TestSquare(t *testing.T) {
	f := testFonts().Font(Song)
	code, ok := f.Code(square)
	if !ok || f.Advance(code) != 1000 {
		t.Fatal("no square")
	}
	g, err := f.outline(int(f.glyphs[code]))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{boxLeft, boxFoot, boxRight, boxHead} {
		if got := int16(binary.BigEndian.Uint16(g[2+2*i:])); float64(got) != math.Round(want*1000) {
			t.Errorf("edge %d of the square is at %d, that of the box at %.0f", i, got, want*1000)
		}
	}
}

// TestBoxes sets check boxes in all places and all faces: they come back as text, a
// tick stands in the middle of its box, and both boxes are of one size.
func TestBoxes(t *testing.T) {
	const text = "☑同意☐不同意"
	if missing := testFonts().Missing(text); missing != nil {
		t.Errorf("missing %q", missing)
	}
	blocks := []Block{
		Cover{Title: text, Subtitle: text, Rows: []Row{{text, text}}, Date: text, Note: text}, Contents{Title: text},
		Heading{Level: 1, Text: text}, Heading{Level: 2, Text: text}, Paragraph{Number: text, Label: text, Text: text}, Line{Text: text},
		Table{Title: text, Unit: text, Note: text, Head: [][]Cell{{{Text: text}}}, Body: [][]Cell{{{Text: text}}}},
		Fine{Text: text}, Picture{Text: text}, Closing{Names: []string{text}, Date: text},
		Signatures{Places: []Place{{"a", text, text}}, Note: text},
	}
	const want = 6 + 3 + 2 + 3 + 1 + 5 + 2 + 2 + 3
	pages, err := testFonts().Set(Document{Title: text, Blocks: blocks, Running: text})
	if err != nil {
		t.Fatal(err)
	}
	ticks, squares := 0, 0
	for i, p := range pages {
		if i > 0 {
			ticks-- // of the footer
			squares--
		}
		if len(p.Fills)%4 != 0 {
			t.Fatalf("page %d: %d sides", i+1, len(p.Fills))
		}
		sides := p.Fills
		for at, s := range p.Spans {
			if strings.ContainsAny(s.Text, "☑☐") {
				t.Fatalf("%+v", s)
			}
			squares += strings.Count(s.Text, string(square))
			if s.Text != string(tick) {
				continue
			}
			ticks++
			left, right := sides[2], sides[3]
			sides = sides[4:]
			em := s.Size / tickSize
			x1, x2, y1, y2 := left.X, right.X+right.W, left.Y, left.Y+left.H
			if math.Abs(x2-x1-0.8*em) > 0.01 || math.Abs(y2-y1-0.8*em) > 0.01 {
				t.Errorf("a box of %.2f × %.2f around %+v", x2-x1, y2-y1, s)
			}
			f := testFonts().Font(s.Face)
			code, _ := f.Code(tick)
			g, err := f.outline(int(f.glyphs[code]))
			if err != nil {
				t.Fatal(err)
			}
			edge := func(i int) float64 { return float64(int16(binary.BigEndian.Uint16(g[2+2*i:]))) * s.Size / 1000 }
			free := []float64{s.X + edge(0) - x1, s.Y - edge(3) - y1, x2 - s.X - edge(2), y2 - s.Y + edge(1)}
			for i, d := range free {
				if d < boxDown*em || math.Abs(d-free[(i+2)%4]) > 0.02*em {
					t.Errorf("the tick is %.2f from its box, in type of %.2f", free, em)
				}
			}
			if next := p.Spans[at+1]; !strings.HasPrefix(next.Text, "同") || next.X < x2 || next.X > x2+0.3*em {
				t.Errorf("%+v follows the tick that ends at %.2f", next, x2)
			}
		}
	}
	if ticks != want || squares != want {
		t.Errorf("%d ticks and %d squares, want %d", ticks, squares, want)
	}
}

// TestChoices breaks lines with check boxes: a box stays with its words, and a choice
// of a few words stays whole wherever it can.
func TestChoices(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{han(24) + "☑同意", han(24) + "|☑同意"},
		{han(23) + "☑ 同意", han(23) + "|☑ 同意"},
		{han(21) + "□不同意通过", han(21) + "|□不同意通过"},
		{han(20) + "□不同意通过", han(20) + "□不同意通过"},
		{han(20) + "☐同意　☐不同意　☐弃权", han(20) + "☐同意　|☐不同意　☐弃权"},
		{han(22) + "☐不同意，" + han(3), han(22) + "|☐不同意，" + han(3)},
		{han(20) + "☐" + han(30), han(20) + "☐" + han(5) + "|" + (han(30) + han(5))[15:90]},
		{strings.Repeat("□", 30), strings.Repeat("□", 26) + "|□□□□"},
	} {
		if got := strings.Join(brokenLines(t, c.text), "|"); got != strings.NewReplacer("☐", "□").Replace(c.want) {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	r := rand.New(rand.NewPCG(*seed, 9745))
	for n := range 5000 {
		var b strings.Builder
		for b.Len() < 600 {
			b.WriteString([]string{"☑", "☐", "☑ ", " ", "　", "，", "（", "同意", "评审组", "x1"}[r.IntN(10)])
		}
		g := textGlyphs(t, b.String())
		from := 0
		for _, to := range breakLines(g, 0, 6000+r.IntN(20_000)) {
			line := trimLine(g[from:to])
			if to < len(g) && len(line) > 0 && isBox(line[len(line)-1].r) {
				for k := from + 1; k < to; k++ {
					if mayEnd(g, k, mayBreak) {
						t.Fatalf("seed %d, paragraph %d: %s | %s", *seed, n, textOf(g[from:to]), textOf(g[to:]))
					}
				}
			}
			from = to
		}
	}
}

// TestSignatureCells signs in a table of long names and offices: each field is in a
// cell of its own that is large enough, on the page of its row.
func TestSignatureCells(t *testing.T) {
	for _, n := range []int{1, 3, 7, 30} {
		for before := range 22 {
			table := Table{Title: "签字表", Strike: true, Head: [][]Cell{{{Text: "序号"}, {Text: "姓名"}, {Text: "工作单位"}, {Text: "职务/职称"}, {Text: "签名"}, {Text: "备注"}}}}
			for i := range n {
				name := "龚𫖮"
				if i%3 == 1 {
					name = han(40)
				}
				table.Body = append(table.Body, []Cell{
					{Text: fmt.Sprintf("A%d,", i)}, {Text: name}, {Text: han(16)}, {Text: han(8)}, {Field: fmt.Sprintf("F%d,", i)}, {Text: fmt.Sprintf("B%d,", i)},
				})
			}
			pages := set(t, Paragraph{Text: han(28*before + 20)}, table, Fine{Text: "附注"})
			seen := 0
			for i, p := range pages {
				var text strings.Builder
				for _, s := range p.Spans {
					text.WriteString(s.Text)
				}
				for _, f := range p.Fields {
					seen++
					if f.W < signWidth-2*fieldInset-0.1 || f.H < signLeast-2*fieldInset-0.1 {
						t.Errorf("%d lines before: %+v is too small", before, f)
					}
					if a := strings.Replace(f.Name, "F", "A", 1); !strings.Contains(text.String(), a) {
						t.Errorf("%d lines before: %s is on page %d, its row is not", before, f.Name, i+1)
					}
				}
			}
			if seen != n {
				t.Errorf("%d lines before: %d fields of %d", before, seen, n)
			}
		}
	}
}

// TestSignedRowsWhole sets random tables with cells to be signed, some beside several
// rows, at all heights of a page: such rows stay on one page wherever a page can hold
// them, and else the field is at their end.
func TestSignedRowsWhole(t *testing.T) {
	whole, divided := 0, 0
	for n := range 2 * *cases {
		seed := *seed + uint64(n)
		repeat := fmt.Sprintf("go test ./reports/layout -run TestSignedRowsWhole -seed %d -cases 1", seed)
		r := rand.New(rand.NewPCG(seed, 13))
		table := Table{Head: [][]Cell{{{Text: "意见"}, {Text: "本人"}, {Text: "组长"}}}}
		var covered [3]int
		for i := range 1 + r.IntN(8) {
			var row []Cell
			for at := range covered {
				if covered[at]--; covered[at] >= 0 {
					continue
				}
				covered[at] = 0
				switch {
				case at == 0 && r.IntN(3) == 0:
					row = append(row, Cell{Text: han(r.IntN(1200))})
				case at > 0 && r.IntN(2) == 0:
					span := 1 + r.IntN(4)
					covered[at] = span - 1
					row = append(row, Cell{Field: fmt.Sprintf("%d.%d", i, at), Rows: span})
				default:
					row = append(row, Cell{Text: han(r.IntN(30))})
				}
			}
			table.Body = append(table.Body, row)
		}
		var blocks []Block
		for range r.IntN(20) {
			blocks = append(blocks, Paragraph{Text: "前"})
		}
		for range r.IntN(4) {
			blocks = append(blocks, Fine{Text: "前"})
		}
		s := &setter{fonts: testFonts()}
		s.prepare([]Block{table})
		g := s.grids[0][0]
		g.set()
		high := map[string]float64{}
		for _, f := range setAll(t, Document{Blocks: append(blocks, table, Paragraph{Text: "后"})}) {
			for _, f := range f.Fields {
				high[f.Name] += f.H + 2*fieldInset
			}
		}
		for row, places := range g.places {
			for at, c := range places {
				if c.row != row || c.col != at || !c.signs() {
					continue
				}
				first, last := row, row // of all that are signed together
				for grown := true; grown; {
					grown = false
					for i, places := range g.places {
						for _, o := range places {
							if o.signs() && o.row <= last && o.lastRow() >= first && (i < first || i > last) {
								first, last, grown = min(first, i), max(last, i), true
							}
						}
					}
				}
				name, want := c.given.Field, g.total(c.row, c.lastRow())
				if g.total(first, last) <= g.whole() {
					whole++
					if math.Abs(high[name]-want) > 0.01 {
						t.Fatalf("%s: field %s is %.1f high, its rows are %.1f", repeat, name, high[name], want)
					}
				} else if divided++; high[name] < signLeast-0.01 {
					t.Fatalf("%s: field %s is %.1f high", repeat, name, high[name])
				}
			}
		}
	}
	if *cases > 100 && (whole < 500 || divided < 20) {
		t.Errorf("%d fields in rows that a page holds, %d in others", whole, divided)
	}
}

// TestStrike strikes the empty cells of a body, from the lower left to the upper right
// corner, and no others.
func TestStrike(t *testing.T) {
	body := [][]Cell{
		{{Text: "甲"}, {Text: ""}, {Text: " 　"}},
		{{Field: "f"}, {Sign: true}, {Blank: true}},
		{{Text: "", Cols: 2, Rows: 2}, {Text: "乙"}},
		{{Text: "丙"}},
		{{Text: "丁"}}, // two are missing
	}
	for _, c := range []struct {
		strike bool
		want   int
	}{{true, 5}, {false, 0}} {
		pages := set(t, Table{Strike: c.strike, Head: [][]Cell{{{}, {Text: "乙"}}}, Body: body})
		n := 0
		for _, r := range pages[0].Rules {
			if r.X1 == r.X2 || r.Y1 == r.Y2 {
				continue
			}
			n++
			if r.X1 >= r.X2 || r.Y1 <= r.Y2 || r.Width != hairline {
				t.Errorf("%+v", r)
			}
			for _, edge := range []float64{r.Y1, r.Y2} {
				if !slices.ContainsFunc(pages[0].Rules, func(o Rule) bool { return o.Y1 == o.Y2 && o.Y1 == edge }) {
					t.Errorf("%+v does not end at a rule", r)
				}
			}
		}
		if n != c.want {
			t.Errorf("%d strokes, want %d", n, c.want)
		}
	}
}

// TestCellStyle aligns single cells, and sets them in 黑体.
func TestCellStyle(t *testing.T) {
	pages := set(t, Table{Columns: []Column{{Weight: 1}, {Align: Centre}}, Body: [][]Cell{
		{{Text: "左", Align: Left}, {Text: han(30)}},
		{{Text: "中", Align: Centre}, {Text: "右", Align: Right}},
		{{Text: "粗", Bold: true, Align: Right}, {Text: "九", Align: Left}},
	}})
	at := map[string]Span{}
	for _, s := range pages[0].Spans {
		at[s.Text] = s
	}
	if !(at["左"].X < at["中"].X && at["中"].X < at["粗"].X && at["九"].X < at["右"].X) {
		t.Errorf("左 %.1f 中 %.1f 粗 %.1f, 九 %.1f 右 %.1f", at["左"].X, at["中"].X, at["粗"].X, at["九"].X, at["右"].X)
	}
	points := map[float64]bool{}
	for _, s := range set(t, Table{Body: [][]Cell{{{Text: "8.25"}}, {{Text: "120.5"}}, {{Text: "小计", Align: Left}}}})[0].Spans {
		if before, _, ok := strings.Cut(s.Text, "."); ok {
			points[math.Round(10*inkOf(Span{Face: s.Face, Size: s.Size, X: s.X, Text: before}).x2)] = true
		}
	}
	if len(points) != 1 {
		t.Errorf("the decimal points stand at %v tenths", points)
	}
	if at["粗"].Face != Hei || at["左"].Face != Song {
		t.Errorf("faces %v and %v", at["粗"].Face, at["左"].Face)
	}
}

// TestSmallTable sets a small table beside one that is not.
func TestSmallTable(t *testing.T) {
	table := Table{Body: [][]Cell{{{Text: "甲"}, {Text: "乙"}}}}
	small := Table{Small: true, Body: [][]Cell{{{Text: "丙"}, {Text: "丁"}}}}
	for _, s := range bodyOf(set(t, small, table)[0]) {
		if want := map[string]float64{"甲": 12, "乙": 12, "丙": fineSize, "丁": fineSize}[s.Text]; s.Size != want {
			t.Errorf("%s is set in %.1f", s.Text, s.Size)
		}
	}
}

// TestDivided divides a table by columns of which several are to be signed: each
// field is there once, the stub on every part, and every part says what it is part of.
func TestDivided(t *testing.T) {
	for _, title := range []string{"表1　签收", "签收表", ""} {
		table := Table{Title: title, Stub: 2, Strike: true, Head: [][]Cell{{{Text: "姓名"}, {Text: "本人签名"}}}}
		body := []Cell{{Text: "龚𫖮"}, {Field: "stub"}}
		for i := range 30 {
			table.Head[0] = append(table.Head[0], Cell{Text: fmt.Sprintf("材料%d", i+1)})
			body = append(body, Cell{Field: fmt.Sprint(i)})
		}
		table.Body = [][]Cell{body}
		seen := map[string]int{}
		stubs, again := 0, 0
		for _, p := range set(t, table) {
			if !p.Landscape {
				t.Error("a page is upright")
			}
			for _, f := range p.Fields {
				seen[f.Name]++
				if f.W < signWidth-2*fieldInset-0.1 {
					t.Errorf("%+v is too narrow", f)
				}
			}
			for _, r := range p.Rules {
				if r.X1 != r.X2 && r.Y1 != r.Y2 {
					t.Errorf("%+v strikes a cell that is signed elsewhere", r)
				}
			}
			for _, s := range p.Spans {
				switch s.Text {
				case "龚𫖮":
					stubs++
				case "表1（续）", "签收表（续）":
					again++
				}
			}
		}
		if len(seen) != 31 || slices.Max(slices.Collect(mapValues(seen))) != 1 {
			t.Errorf("%s: fields %v", title, seen)
		}
		if want := min(stubs-1, stubs*len(title)); stubs < 2 || again != want {
			t.Errorf("%s: %d parts, %d of them marked", title, stubs, again)
		}
	}
}

func mapValues(m map[string]int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// TestManyColumns sets 60 columns under headings of 10 to 16 characters: the type
// stays legible, nothing overlaps, and the pages are not too many.
func TestManyColumns(t *testing.T) {
	table := Table{Title: "表1　打分明细", Stub: 1, Head: [][]Cell{{{Text: "专家"}}}}
	for i := range 59 {
		table.Head[0] = append(table.Head[0], Cell{Text: han(10 + i%7)})
	}
	for range 10 {
		row := []Cell{{Text: "欧阳静远"}}
		for i := range 59 {
			row = append(row, Cell{Text: fmt.Sprintf("%d.5", i)})
		}
		table.Body = append(table.Body, row)
	}
	pages := set(t, table)
	if len(pages) > 6 {
		t.Errorf("%d pages", len(pages))
	}
	for i, p := range pages {
		for _, s := range bodyOf(p) {
			if s.Size < fineSize {
				t.Fatalf("page %d: %+v", i+1, s)
			}
		}
	}
}

// TestTurnedForm sets a wide table between what belongs to it: they share its pages,
// and what follows is upright again.
func TestTurnedForm(t *testing.T) {
	wide := Table{Title: "表1　汇总", Head: [][]Cell{nil}, Body: [][]Cell{nil}}
	for i := range 14 {
		wide.Head[0] = append(wide.Head[0], Cell{Text: fmt.Sprintf("专家%d", i)})
		wide.Body[0] = append(wide.Body[0], Cell{Text: "100.00"})
	}
	pages := setAll(t, Document{Copy: "000001", Secrecy: "工作秘密", Title: "评分汇总表", Blocks: []Block{
		Rows{{"项目名称", han(30)}, {"项目编号", "一号"}, {"评审地点", "会议室"}}, Heading{Level: 1, Text: "一、汇总", Centre: true}, wide,
		Table{Title: "签字", Body: [][]Cell{{{Text: "组长"}, {Field: "chair"}}}}, Fine{Text: "附注"},
		NewPage{}, Paragraph{Text: "正文"},
	}})
	if len(pages) < 2 || len(pages) > 3 || pages[len(pages)-1].Landscape {
		t.Fatalf("%d pages", len(pages))
	}
	for i, p := range pages[:len(pages)-1] {
		if !p.Landscape {
			t.Errorf("page %d is upright", i+1)
		}
	}
	if pageOf(pages, "正文") != len(pages)-1 || pageOf(pages, "附注") == len(pages)-1 || pageOf(pages, "000001") != 0 {
		t.Error("text is on a wrong page")
	}
	find := func(text string) Span {
		for _, s := range pages[0].Spans {
			if s.Text == text {
				return s
			}
		}
		t.Fatalf("no %s", text)
		return Span{}
	}
	if a, b := find("一号"), find("会议室"); a.Y != b.Y {
		t.Errorf("short rows stand at %.1f and %.1f", a.Y, b.Y)
	}
	for _, text := range []string{"评分汇总表", "一、汇总"} {
		if k := inkOf(find(text)); math.Abs((k.x1+k.x2)/2-turned.left-turned.areaWidth/2) > 0.1 {
			t.Errorf("%s is not centred", text)
		}
	}
}

// TestTop puts 份号 above 密级 at the top of the first page (GB/T 9704-2012, 7.2.1 and
// 7.2.2), of a cover too.
func TestTop(t *testing.T) {
	for _, first := range []Block{Paragraph{Text: "正文"}, Cover{Title: "方案"}} {
		pages := setAll(t, Document{Copy: "000012", Secrecy: "秘密★1年", Title: "评审意见", Blocks: []Block{first, Paragraph{Text: "后"}}})
		number, level := pages[0].Spans[0], pages[0].Spans[1]
		if number.Text != "000012" || level.Text != "秘密★1年" || number.X != areaLeft || level.X != areaLeft || math.Abs(level.Y-number.Y-pitch) > 0.01 || number.Y > areaTop+pitch {
			t.Errorf("%T: %+v, %+v", first, number, level)
		}
		_, cover := first.(Cover)
		if want := 1; cover {
			want = 2
			if len(pages) != want || pageOf(pages, "评审意见") >= 0 {
				t.Errorf("%d pages with a cover", len(pages))
			}
		} else if len(pages) != want {
			t.Errorf("%d pages", len(pages))
		}
	}
}

// TestNewPage begins pages, but none that stays empty.
func TestNewPage(t *testing.T) {
	pages := set(t, NewPage{}, Paragraph{Text: "一"}, NewPage{}, NewPage{}, Heading{Level: 1, Text: "二"}, NewPage{}, Fine{Text: "三"}, NewPage{})
	if len(pages) != 3 || pageOf(pages, "一") != 0 || pageOf(pages, "二") != 1 || pageOf(pages, "三") != 2 {
		t.Errorf("%d pages", len(pages))
	}
}

// TestEmptyBlocks sets blocks that say nothing.
func TestEmptyBlocks(t *testing.T) {
	for _, b := range []Block{
		Heading{Centre: true}, Paragraph{}, Line{}, Line{Size: Large}, Line{Size: Small}, Closing{}, Rows{}, Rows{{}}, Table{},
		Table{Small: true, Strike: true, Body: [][]Cell{nil, {{}}}}, Table{Head: [][]Cell{{{Text: "甲"}}}},
		Cover{}, Contents{}, Signatures{}, Picture{}, Fine{}, NewPage{},
	} {
		if pages := set(t, b, b, Paragraph{Text: "完"}, b); pageOf(pages, "完") < 0 {
			t.Errorf("%T: text is lost on %d pages", b, len(pages))
		}
	}
}

// TestHidden has fields that show nothing on the first page, of an empty document too.
func TestHidden(t *testing.T) {
	for _, blocks := range [][]Block{nil, {Signatures{Places: []Place{{"a", "组长", ""}}}, NewPage{}, Paragraph{Text: "后"}}} {
		pages := setAll(t, Document{Hidden: []string{"secretary", "archive"}, Blocks: blocks})
		var names []string
		for _, f := range pages[0].Fields {
			if f.W == 0 && f.H == 0 {
				names = append(names, f.Name)
			}
		}
		if !slices.Equal(names, []string{"secretary", "archive"}) {
			t.Errorf("%v", names)
		}
	}
}

// TestMark wants marks of 2 to 8 characters whole on the page and in its middle, and
// their word in every footer.
func TestMark(t *testing.T) {
	wide := Table{Head: [][]Cell{nil}}
	for range 16 {
		wide.Head[0] = append(wide.Head[0], Cell{Text: "专家评分"})
	}
	for _, mark := range []string{"草稿", "演练", "非正式", "内部资料仅供评审", "龚𫖮"} {
		pages := setAll(t, Document{Mark: mark, Blocks: []Block{Cover{Title: "封面"}, Paragraph{Text: "正文"}, wide}})
		if len(pages) != 3 {
			t.Fatalf("%d pages", len(pages))
		}
		for i, p := range pages {
			var text strings.Builder
			var xs, ys []float64
			for _, m := range p.Marks {
				text.WriteString(m.Text)
				sin, cos := math.Sincos(m.Angle * math.Pi / 180)
				long := inkOf(Span{Face: m.Face, Size: m.Size, Text: m.Text}).x2
				for _, c := range [][2]float64{{0, -0.12 * m.Size}, {0, 0.88 * m.Size}, {long, -0.12 * m.Size}, {long, 0.88 * m.Size}} {
					xs, ys = append(xs, m.X+c[0]*cos-c[1]*sin), append(ys, m.Y-c[0]*sin-c[1]*cos)
				}
				if m.Size < 60 || m.Angle <= 0 || p.Landscape && m.Angle >= 45 {
					t.Errorf("%+v", m)
				}
			}
			if text.String() != mark {
				t.Fatalf("page %d has the mark %q", i+1, text.String())
			}
			x1, x2, y1, y2 := slices.Min(xs), slices.Max(xs), slices.Min(ys), slices.Max(ys)
			if x1 < 10*mm || y1 < 10*mm || math.Abs(x1+x2-p.width()) > 1 || math.Abs(y1+y2-p.height()) > 1 {
				t.Errorf("page %d: %s from %.0f, %.0f to %.0f, %.0f", i+1, mark, x1, y1, x2, y2)
			}
			if i > 0 && !slices.ContainsFunc(p.Spans, func(s Span) bool { return s.Y > p.height()-30*mm && strings.HasPrefix(s.Text, mark[:3]) }) {
				t.Errorf("page %d: no footer says %s", i+1, mark)
			}
		}
	}
	for _, p := range setAll(t, Document{Blocks: []Block{Paragraph{Text: "正文"}}}) {
		if p.Marks != nil {
			t.Errorf("%+v", p.Marks)
		}
	}
}

// TestFooter gives footers much to say, on pages of one to four digits: they stay on
// the paper, between its edges, and off the page number.
func TestFooter(t *testing.T) {
	for _, long := range []int{0, 20, 60, 200, 400} {
		for _, landscape := range []bool{false, true} {
			for _, n := range []int{1, 2, 99, 100, 1000, 9998, 9999} {
				d := Document{Mark: "草稿", Running: han(long), Number: "专家组意见〔K7M2Q3F4〕第" + strings.Repeat("1", 1+long/40) + "号", Check: "1841-67C0-20C6-5788"}
				s := &setter{fonts: testFonts()}
				p := Page{Landscape: landscape}
				s.footer(&p, d, n, 9999)
				var text strings.Builder
				for i, sp := range p.Spans {
					k := inkOf(sp)
					if k.x1 < 20*mm || k.x2 > p.width()-20*mm || k.y2 > p.height()-3*mm || k.y1 < p.height()-36*mm {
						t.Fatalf("%d characters, page %d: %+v is off the paper", long, n, sp)
					}
					for _, o := range p.Spans[:i] {
						if o := inkOf(o); min(o.x2, k.x2) > max(o.x1, k.x1)+0.1 && min(o.y2, k.y2) > max(o.y1, k.y1)+0.1 {
							t.Fatalf("%d characters, page %d: %+v is on other text", long, n, sp)
						}
					}
					text.WriteString(sp.Text)
				}
				squeeze := strings.NewReplacer("　", "", " ", "")
				want := squeeze.Replace(fmt.Sprintf("—%d—草稿%s编号%s校验码%s第%d页，共9999页", n, d.Running, d.Number, d.Check, n))
				if got := squeeze.Replace(text.String()); got != want {
					t.Fatalf("got  %s\nwant %s", got, want)
				}
			}
		}
	}
}

// TestPicture draws modules: every one is dark or light as given, none is drawn twice,
// with four modules of white around and the text beside or below.
func TestPicture(t *testing.T) {
	r := rand.New(rand.NewPCG(*seed, 18004))
	for n := range 60 {
		if n > 0 && n < 11 { // no code is that small
			continue
		}
		modules := make([][]bool, n)
		for y := range modules {
			modules[y] = make([]bool, n)
			for x := range modules[y] {
				modules[y][x] = r.IntN(2) == 0
			}
		}
		text := han(r.IntN(1500)) + "\n完"
		pages := set(t, Picture{Modules: modules, Side: 40, Text: text}, Paragraph{Text: "后"})
		module := 40 * mm / float64(n)
		left, top := areaLeft+quietZone*module, areaTop+quietZone*module
		drawn := make([][]int, n)
		for y := range drawn {
			drawn[y] = make([]int, n)
		}
		for _, f := range pages[0].Fills {
			x, y := (f.X-left)/module, (f.Y-top)/module
			for dy := range int(math.Round(f.H / module)) {
				for dx := range int(math.Round(f.W / module)) {
					drawn[int(math.Round(y))+dy][int(math.Round(x))+dx]++
				}
			}
		}
		for y := range n {
			for x := range n {
				if want := map[bool]int{true: 1}[modules[y][x]]; drawn[y][x] != want {
					t.Fatalf("seed %d: %d modules: that at %d, %d is drawn %d times, not %d", *seed, n, x, y, drawn[y][x], want)
				}
			}
		}
		var got strings.Builder
		for _, p := range pages {
			for _, s := range bodyOf(p) {
				got.WriteString(s.Text)
				k := inkOf(s)
				if s.Size == fineSize && n > 0 && k.x1 < left+40*mm+quietZone*module-0.01 {
					t.Fatalf("%d modules: %+v is in the white around", n, s)
				}
			}
		}
		if want := strings.ReplaceAll(text, "\n", "") + "后"; got.String() != want {
			t.Fatalf("%d modules:\ngot  %s\nwant %s", n, got.String(), want)
		}
	}
}

// TestLongCell sets an opinion of 30,000 characters in one cell beside a field.
func TestLongCell(t *testing.T) {
	pages := set(t, Table{Strike: true, Head: [][]Cell{{{Text: "姓名"}, {Text: "意见"}, {Text: "签名"}}}, Body: [][]Cell{
		{{Text: "甲"}, {Text: han(30_000)}, {Field: "f"}}, {{Text: "乙"}, {Text: "无"}, {Field: "g"}},
	}})
	total, fields := 0, 0
	for i, p := range pages {
		for _, s := range bodyOf(p) {
			total += len([]rune(s.Text))
		}
		fields += len(p.Fields)
		if i < len(pages)-1 && len(p.Fields) > 0 {
			t.Errorf("a field on page %d of %d", i+1, len(pages))
		}
	}
	if want := 30_000 + 6*len(pages) + 3; total != want || fields != 2 {
		t.Errorf("%d characters, want %d; %d fields", total, want, fields)
	}
}

// BenchmarkTally sets 评分汇总表 of so many rows; the time for a row does not grow.
func BenchmarkTally(b *testing.B) {
	for _, rows := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			table := Table{Title: "表1　评分汇总", Stub: 2, Strike: true, Head: [][]Cell{
				{{Text: "序号", Rows: 2}, {Text: "专家", Rows: 2}, {Text: "技术方案（60分）", Cols: 5}, {Text: "投资与进度（40分）", Cols: 4}, {Text: "合计", Rows: 2}, {Text: "签名", Rows: 2}}, nil,
			}}
			for i := range 9 {
				table.Head[1] = append(table.Head[1], Cell{Text: han(4 + i)})
			}
			for n := range rows {
				row := []Cell{{Text: fmt.Sprint(n + 1)}, {Text: "欧阳静远"}}
				for i := range 10 {
					row = append(row, Cell{Text: fmt.Sprintf("%d.50", (n+i)%20)})
				}
				table.Body = append(table.Body, append(row, Cell{Field: fmt.Sprint(n)}))
			}
			for b.Loop() {
				if _, err := testFonts().Set(Document{Title: "评分汇总表", Blocks: []Block{table}}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
		})
	}
}
