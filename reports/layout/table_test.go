package layout

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// tables is a document with everything that a table can have, a cover and
// contents.
func tables() Document {
	row := func(texts ...string) (cells []Cell) {
		for _, t := range texts {
			cells = append(cells, Cell{Text: t})
		}
		return cells
	}
	wide := Table{
		Title: "表3　评分汇总表", Unit: "单位：分", Stub: 2, Note: "注：各项满分均为一百分。",
		Head: [][]Cell{{{Text: "序号", Rows: 2}, {Text: "评审指标", Rows: 2}, {Text: "专家评分", Cols: 24}}, nil},
		Body: [][]Cell{row("1", "技术方案的完整性和可行性"), row("2", "资金预算的合理性")},
	}
	for i := range 24 {
		wide.Head[1] = append(wide.Head[1], Cell{Text: fmt.Sprintf("专家%d", i+1)})
		for r := range wide.Body {
			wide.Body[r] = append(wide.Body[r], Cell{Text: fmt.Sprintf("%d.%d", 60+i, 5*r)})
		}
	}
	return Document{
		Outline: true, Running: "乐电政样〔2026〕9号",
		Blocks: []Block{
			Cover{Title: "政务数据共享平台升级改造项目技术方案", Subtitle: "送审稿", Rows: []Row{{"建设单位", "示例市数据局"}}, Date: "2026年2月", Note: "样例，不作依据。"},
			Contents{Title: "目　录"},
			Heading{Level: 1, Text: "第一章　概算", Centre: true},
			Heading{Level: 2, Text: "（一）编制说明"},
			Paragraph{Label: "第一条　", Text: "概算见表1。"},
			Table{
				Title: "表1　投资概算", Unit: "单位：元", Columns: []Column{{}, {}, {}, {Align: Right}},
				Head: [][]Cell{row("序号", "分项", "规格与内容", "金额（元）")},
				Body: [][]Cell{
					{{Text: "1"}, {Text: "应用软件", Rows: 2}, {Text: han(60)}, {Text: "1,480,000.00"}},
					{{Text: "2"}, {Text: "按需求说明开发并完成联调"}, {Text: "8.5"}},
					row("10", "服务器"),
					{{Text: "合计", Cols: 3}, {Text: "2,360,000.00"}},
				},
				Note: "注：价格含税。",
			},
			Heading{Level: 1, Text: "第二章　汇总", Centre: true},
			wide,
			Line{Align: Centre, Face: Title, Size: Large, Text: "附件"},
			Closing{Names: []string{"示例市数据局"}, Date: "2026年11月21日"},
		},
	}
}

func TestTablesGolden(t *testing.T) { golden(t, "testdata/tables.txt", tables()) }

// bodyOf gives what of a page is not its footer.
func bodyOf(p Page) []Span {
	sh := upright
	if p.Landscape {
		sh = turned
	}
	return slices.DeleteFunc(slices.Clone(p.Spans), func(s Span) bool { return s.Y > sh.top+sh.areaDepth+1 })
}

// ink is the rectangle of a span.
type ink struct{ x1, y1, x2, y2 float64 }

func (k ink) overlaps(o ink) bool {
	return o.x2 > k.x1+0.1 && o.x1 < k.x2-0.1 && o.y2 > k.y1+0.1 && o.y1 < k.y2-0.1
}

func inkOf(s Span) ink {
	x := s.X
	for _, c := range s.Text {
		code, _ := testFonts().Font(s.Face).Code(c)
		x += float64(testFonts().Font(s.Face).Advance(code))*s.Size/1000 + s.Spacing
	}
	return ink{s.X, s.Y - 0.86*s.Size, x - s.Spacing, s.Y + 0.1*s.Size}
}

// checkPage wants nothing outside the text area, no text on other text, no rule
// through text, and neither in a field.
func checkPage(p Page) error {
	sh := upright
	if p.Landscape {
		sh = turned
	}
	const slack = 0.6 // the frame is that much wider than the text area
	body := bodyOf(p)
	inks := make([]ink, len(body))
	for i, s := range body {
		inks[i] = inkOf(s)
		if k := inks[i]; k.x1 < sh.left-slack || k.x2 > sh.left+sh.areaWidth+slack || k.y1 < sh.top-slack || k.y2 > sh.top+sh.areaDepth+slack {
			return fmt.Errorf("%+v is outside the text area: %+v", s, k)
		}
		for j, k := range inks[:i] {
			if min(inks[i].x2, k.x2)-max(inks[i].x1, k.x1) > 0.1 && min(inks[i].y2, k.y2)-max(inks[i].y1, k.y1) > 0.1 {
				return fmt.Errorf("%+v is on %+v", s, body[j])
			}
		}
	}
	for _, f := range p.Fields {
		if f.W == 0 && f.H == 0 {
			continue
		}
		in := ink{f.X, f.Y, f.X + f.W, f.Y + f.H}
		if in.x1 < sh.left || in.x2 > sh.left+sh.areaWidth || in.y1 < sh.top || in.y2 > sh.top+sh.areaDepth {
			return fmt.Errorf("%+v is outside the text area", f)
		}
		for i, k := range inks {
			if in.overlaps(k) {
				return fmt.Errorf("%+v is on %+v", f, body[i])
			}
		}
		for _, r := range p.Rules {
			if in.overlaps(ink{r.X1, min(r.Y1, r.Y2), r.X2, max(r.Y1, r.Y2)}) {
				return fmt.Errorf("%+v is on %+v", f, r)
			}
		}
	}
	for _, r := range p.Rules {
		r.Y1, r.Y2 = min(r.Y1, r.Y2), max(r.Y1, r.Y2) // those of strokes go up
		if min(r.X1, r.Y1) < 0 || r.X1 < sh.left-slack || r.X2 > sh.left+sh.areaWidth+slack || r.Y1 < sh.top-slack || r.Y2 > sh.top+sh.areaDepth+slack {
			return fmt.Errorf("%+v is outside the text area", r)
		}
		for i, k := range inks {
			if k.overlaps(ink{r.X1, r.Y1, r.X2, r.Y2}) {
				return fmt.Errorf("%+v strikes %+v", r, body[i])
			}
		}
	}
	return nil
}

// randomTable gives a table, the texts that stand on every page of it, and all
// texts that stand in it once. Each row says its number first and last.
func randomTable(r *rand.Rand) (t Table, head, once []string) {
	const width = 4 // more might be too wide for a page
	columns := 1 + r.IntN(width)
	text := func() string {
		switch r.IntN(8) {
		case 0:
			return ""
		case 1:
			return strings.Map(func(c rune) rune { // what tells pages and rows from each other stays out
				if strings.ContainsRune("0123456789R", c) {
					return 'x'
				}
				return c
			}, randomText(r))
		case 2:
			return han(r.IntN(40)) + "\n" + han(r.IntN(40))
		}
		return han(r.IntN(60))
	}
	if r.IntN(2) == 0 {
		t.Title = "表7　" + han(r.IntN(50))
		once = append(once, t.Title)
	}
	if r.IntN(2) == 0 {
		t.Note = "注：" + han(r.IntN(80))
		once = append(once, t.Note)
	}
	for h := range r.IntN(3) {
		var row []Cell
		for c := range columns {
			long := 12
			if r.IntN(20) == 0 {
				long = 1500
			}
			row = append(row, Cell{Text: fmt.Sprintf("H%d%d", h, c) + han(r.IntN(long))})
			head = append(head, row[c].Text)
		}
		t.Head = append(t.Head, row)
	}
	rows := 1 + r.IntN(60)
	covered := make([]int, columns) // rows still covered from above, by column
	for n := range rows {
		var row []Cell
		for c := 0; c < columns; c++ {
			if covered[c] > 0 {
				covered[c]--
				continue
			}
			cell := Cell{Text: text(), Cols: 1, Rows: 1}
			if r.IntN(6) == 0 {
				for c+cell.Cols < columns && covered[c+cell.Cols] == 0 && cell.Cols < 3 {
					cell.Cols++
				}
			}
			if r.IntN(8) == 0 {
				cell.Rows = 1 + r.IntN(12)
			}
			if r.IntN(150) == 0 {
				cell.Text = han(1 + r.IntN(6000))
			}
			for i := range cell.Cols {
				covered[c+i] = cell.Rows - 1
			}
			c += cell.Cols - 1
			if cell.Text != "" {
				cell.Text = fmt.Sprintf("R%d", n) + cell.Text
				once = append(once, cell.Text)
			} else if r.IntN(3) == 0 {
				cell.Field = fmt.Sprintf("F%d.%d", n, c)
			}
			row = append(row, cell)
		}
		if r.IntN(10) == 0 && len(row) > 0 && row[len(row)-1].Text == "" && row[len(row)-1].Field == "" {
			row = row[:len(row)-1] // cells may be missing
		}
		t.Body = append(t.Body, row)
	}
	t.Strike = r.IntN(2) == 0
	return t, head, once
}

// TestTableProperties sets random tables: no text and no field is lost or doubled but
// heads, which stand on every page; nothing covers anything else; fields are large
// enough to sign in.
func TestTableProperties(t *testing.T) {
	count := func(into map[rune]int, text string, n int) {
		for _, c := range text {
			if n > 0 && !isSpace(c) && c != '\u00A0' && c != '\n' {
				into[c] += n
			}
		}
	}
	for n := range *cases {
		seed := *seed + uint64(n)
		repeat := fmt.Sprintf("go test ./reports/layout -run TestTableProperties -seed %d -cases 1", seed)
		r := rand.New(rand.NewPCG(seed, 14))
		table, head, once := randomTable(r)
		before := han(28 * r.IntN(22))
		pages, err := testFonts().Set(Document{Blocks: []Block{Paragraph{Text: before}, table, Paragraph{Text: "完"}}})
		if err != nil {
			t.Fatalf("%s: %v", repeat, err)
		}
		got, want := map[rune]int{}, map[rune]int{}
		count(want, before+"完"+strings.Join(once, ""), 1)
		on, heads, again := 0, 0, 0
		fields := map[string]int{}
		for i, p := range pages {
			if err := checkPage(p); err != nil {
				t.Fatalf("%s: page %d: %v", repeat, i+1, err)
			}
			var all strings.Builder
			for _, s := range bodyOf(p) {
				count(got, s.Text, 1)
				all.WriteString(s.Text)
				if s.Text == "表7（续）" {
					again++
				}
			}
			if len(p.Rules) > 0 {
				on++
			}
			for _, f := range p.Fields {
				fields[f.Name]++
				if f.W < signWidth-2*fieldInset-0.1 || f.H < signLeast-2*fieldInset-0.1 {
					t.Fatalf("%s: page %d: %+v is too small", repeat, i+1, f)
				}
			}
			if len(head) > 0 {
				heads += strings.Count(all.String(), "H00")
			}
		}
		if len(head) > 0 && heads != on && heads != 1 {
			t.Fatalf("%s: %d heads on %d pages", repeat, heads, on)
		}
		if table.Title != "" && again != on-1 {
			t.Fatalf("%s: the table goes on on %d pages and says so on %d", repeat, on-1, again)
		}
		for _, row := range table.Body {
			for _, c := range row {
				if c.Field != "" && fields[c.Field] != 1 {
					t.Fatalf("%s: field %s is there %d times", repeat, c.Field, fields[c.Field])
				}
			}
		}
		count(want, strings.Join(head, ""), max(heads, 1))
		count(want, "表7（续）", again)
		if !maps.Equal(got, want) {
			for c, n := range want {
				if got[c] != n {
					t.Errorf("%c is there %d times, not %d", c, got[c], n)
				}
			}
			t.Fatalf("%s: text lost or doubled", repeat)
		}
	}
}

// TestRowsWhole wants each row of a table on one page, and no page with but one.
func TestRowsWhole(t *testing.T) {
	for before := range 23 {
		table := Table{Head: [][]Cell{{{Text: "H"}, {Text: "内容"}}}}
		for n := range 31 {
			table.Body = append(table.Body, []Cell{{Text: fmt.Sprintf("A%d,", n)}, {Text: han(20+7*n%150) + fmt.Sprintf("。B%d,", n)}})
		}
		pages, err := testFonts().Set(Document{Title: "行", Blocks: []Block{Paragraph{Text: han(28*before + 20)}, table, Paragraph{Text: "完"}}})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range pages {
			var text strings.Builder
			for _, s := range bodyOf(p) {
				text.WriteString(s.Text)
			}
			rows := 0
			for n := range table.Body {
				a, b := strings.Contains(text.String(), fmt.Sprintf("A%d,", n)), strings.Contains(text.String(), fmt.Sprintf("B%d,", n))
				if a != b {
					t.Fatalf("%d lines before: row %d is divided on page %d", before, n, i+1)
				}
				if a {
					rows++
				}
			}
			if len(p.Rules) > 0 && rows < 2 || rows > 0 && !strings.Contains(text.String(), "H") {
				t.Errorf("%d lines before: page %d has %d rows", before, i+1, rows)
			}
		}
	}
}

// TestWholeTakesHeading puts a table that is not to be divided below a heading, below a short
// one that cannot be, below one that is as high as it likes: wherever tables go, their
// headings go with them.
func TestWholeTakesHeading(t *testing.T) {
	rows := func(name string, n int) (out [][]Cell) {
		for i := range n {
			out = append(out, []Cell{{Text: fmt.Sprintf("%s%d", name, i+1)}})
		}
		return out
	}
	for before := 2; before < 40; before++ {
		blocks := []Block{
			Table{Body: rows("前", before)}, Heading{Level: 1, Text: "核查"}, Table{Body: rows("行", 3)}, Heading{Level: 1, Text: "评审人"}, Table{Body: rows("签", 6), Whole: true},
		}
		for i, p := range set(t, blocks...) {
			var text strings.Builder
			for _, s := range p.Spans {
				text.WriteString(s.Text)
			}
			for _, together := range [][2]string{{"核查", "行1"}, {"评审人", "签1"}, {"签1", "签6"}} {
				if strings.Contains(text.String(), together[0]) != strings.Contains(text.String(), together[1]) {
					t.Errorf("%d rows before: %v are not together on page %d", before, together, i+1)
				}
			}
		}
	}
}

// TestTitleStays puts a titled table behind a heading at every height of a page:
// heading, title, unit, head and two rows stay together, and so do the last rows
// and the note.
func TestTitleStays(t *testing.T) {
	for lines := range 46 {
		table := Table{Title: "表1　测试", Unit: "单位：元", Head: [][]Cell{{{Text: "项目"}}}, Note: "注：说明。"}
		for n := range 20 {
			table.Body = append(table.Body, []Cell{{Text: fmt.Sprintf("第%d行", n+1)}})
		}
		pages, err := testFonts().Set(Document{Title: "表", Blocks: []Block{Paragraph{Text: han(26 + 28*lines)}, Heading{Level: 1, Text: "一、表"}, table}})
		if err != nil {
			t.Fatal(err)
		}
		on := func(text string) int {
			return slices.IndexFunc(pages, func(p Page) bool {
				return slices.ContainsFunc(p.Spans, func(s Span) bool { return s.Text == text })
			})
		}
		for _, group := range [][]string{{"一、表", "表1　测试", "单位：元", "项目", "第1行", "第2行"}, {"第19行", "第20行", "注：说明。"}} {
			for _, text := range group[1:] {
				if on(text) != on(group[0]) || on(text) < 0 {
					t.Errorf("%d lines: %s is on page %d, %s on page %d", lines, text, on(text)+1, group[0], on(group[0])+1)
				}
			}
		}
	}
}

// TestFiguresAligned wants decimal points under one another.
func TestFiguresAligned(t *testing.T) {
	for _, align := range []Align{Auto, Right} {
		table := Table{Columns: []Column{{}, {Align: align}}, Head: [][]Cell{{{Text: "项目"}, {Text: "金额"}}}}
		figures := []string{"1,480,000.00", "8.5", "-120", "12.5％", "—", "", "30台", "≥99.95"}
		for _, f := range figures {
			table.Body = append(table.Body, []Cell{{Text: "某项"}, {Text: f}})
		}
		pages, err := testFonts().Set(Document{Blocks: []Block{table}})
		if err != nil {
			t.Fatal(err)
		}
		var points []float64
		for _, s := range pages[0].Spans {
			if !slices.Contains(figures, s.Text) || strings.ContainsAny(s.Text, "—") {
				continue
			}
			whole := s
			whole.Text = s.Text[:len(strings.TrimRight(strings.SplitN(s.Text, ".", 2)[0], "台"))]
			points = append(points, inkOf(whole).x2)
		}
		if len(points) != 6 || slices.Max(points)-slices.Min(points) > 0.01 {
			t.Errorf("align %d: points at %.2f", align, points)
		}
	}
}

// TestWideTable turns a page for a table that is too wide, and divides one that
// is too wide for that, too.
func TestWideTable(t *testing.T) {
	for _, c := range []struct{ columns, pages, turned, parts int }{{8, 1, 0, 1}, {16, 3, 1, 1}, {60, 4, 2, 5}} {
		table := Table{Stub: 1, Title: "表1　宽表", Head: [][]Cell{nil}, Body: [][]Cell{nil}}
		for i := range c.columns {
			table.Head[0] = append(table.Head[0], Cell{Text: fmt.Sprintf("专家%02d", i)})
			table.Body[0] = append(table.Body[0], Cell{Text: fmt.Sprintf("N%02d", i)})
		}
		pages, err := testFonts().Set(Document{Title: "表", Blocks: []Block{Paragraph{Text: "前"}, Heading{Level: 1, Text: "一、汇总"}, table, Paragraph{Text: "后"}}})
		if err != nil {
			t.Fatal(err)
		}
		count, sideways := map[string]int{}, 0
		for i, p := range pages {
			if err := checkPage(p); err != nil {
				t.Fatalf("%d columns: page %d: %v", c.columns, i+1, err)
			}
			for _, s := range p.Spans {
				count[s.Text]++
			}
			if p.Landscape {
				sideways++
			}
		}
		if len(pages) != c.pages || sideways != c.turned {
			t.Errorf("%d columns: %d pages, %d of them turned", c.columns, len(pages), sideways)
		}
		for i := range c.columns {
			want := 1
			if i == 0 {
				want = c.parts // the stub
			}
			if n := count[fmt.Sprintf("N%02d", i)]; n != want {
				t.Errorf("%d columns: column %d is there %d times, want %d", c.columns, i, n, want)
			}
		}
		heading := slices.IndexFunc(pages, func(p Page) bool {
			return slices.ContainsFunc(p.Spans, func(s Span) bool { return s.Text == "一、汇总" })
		})
		if len(pages[heading].Rules) == 0 {
			t.Errorf("%d columns: the heading stays behind", c.columns)
		}
	}
}

// TestAllot gives random demands: the room is used up, and who gets less than
// asked for gets so with all others.
func TestAllot(t *testing.T) {
	r := rand.New(rand.NewPCG(*seed, 15))
	for range 5000 {
		demands := make([]demand, 1+r.IntN(12))
		for i := range demands {
			least := r.Float64() * 5000
			demands[i] = demand{least: least, most: least + r.Float64()*20000, claim: r.Float64() * 1000}
		}
		room := r.Float64() * 60000
		least := sum(demands, func(d demand) float64 { return d.least })
		most := sum(demands, func(d demand) float64 { return d.most })
		total := 0.0
		for i, w := range allot(room, demands) {
			total += w
			d := demands[i]
			if room > least && w < d.least-0.01 || room < most && w > d.most+0.01 {
				t.Fatalf("seed %d: room %f, column %d of %+v is %f wide", *seed, room, i, demands, w)
			}
		}
		if math.Abs(total-room) > 0.01 {
			t.Fatalf("seed %d: %f of %f given to %+v", *seed, total, room, demands)
		}
	}
}

// TestWeight gives one of two like columns three times the weight.
func TestWeight(t *testing.T) {
	table := Table{Columns: []Column{{Weight: 3}}, Body: [][]Cell{{{Text: han(400)}, {Text: han(400)}}}}
	pages, err := testFonts().Set(Document{Blocks: []Block{table}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range pages[0].Rules {
		if r.X1 == r.X2 && r.Width == hairline && math.Abs(r.X1-areaLeft-0.75*areaWidth) > 0.1 {
			t.Errorf("the columns meet at %.2f of %.2f", r.X1-areaLeft, areaWidth)
		}
	}
}

// TestContents compares the pages that the contents give with those where the
// headings are.
func TestContents(t *testing.T) {
	names := []rune("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕")
	d := Document{Outline: true, Blocks: []Block{Cover{Title: "方案"}, Contents{Title: "目　录"}}}
	for n, name := range names {
		d.Blocks = append(d.Blocks, Heading{Level: 1 + n%3, Text: "标题" + string(name) + strings.Repeat("长", 2*n)}, Paragraph{Text: han(60 * n)})
	}
	pages, err := testFonts().Set(d)
	if err != nil {
		t.Fatal(err)
	}
	if len(bodyOf(pages[0])) != len(pages[0].Spans) {
		t.Error("the cover has a footer")
	}
	type line struct{ name, page string }
	var said []line // in the contents
	is := map[string]string{}
	for i, p := range pages {
		contents := len(is) == 0 && len(p.Bookmarks) == 0
		for _, s := range bodyOf(p) {
			title, ok := strings.CutPrefix(s.Text, "标题")
			switch {
			case ok && contents:
				said = append(said, line{name: string([]rune(title)[:1])})
			case ok:
				is[string([]rune(title)[:1])] = fmt.Sprint(i + 1)
			}
		}
	}
	n := 0 // the numbers come after all texts of their page, in the order of the entries
	for _, p := range pages {
		for _, s := range bodyOf(p) {
			if strings.Trim(s.Text, "0123456789") == "" && n < len(said) {
				said[n].page = s.Text
				n++
			}
		}
	}
	if len(said) != 20 {
		t.Errorf("%d entries", len(said))
	}
	for _, l := range said {
		if is[l.name] != l.page || l.page == "" {
			t.Errorf("heading %s is on page %q, the contents say %q", l.name, is[l.name], l.page)
		}
	}
	var marks []Bookmark
	for _, p := range pages {
		marks = append(marks, p.Bookmarks...)
	}
	if len(marks) != len(names) || marks[4].Level != 2 || !strings.HasPrefix(marks[4].Title, "标题宇长") {
		t.Errorf("%d bookmarks", len(marks))
	}
}

// TestClosing compares with GB/T 9704-2012, 7.3.5.2: the name two characters from
// the edge, the date two characters further in; a longer date the other way.
func TestClosing(t *testing.T) {
	for _, c := range []struct {
		name       string
		nameX, end float64 // in characters from the left edge; where the date ends from the right
	}{
		{"乐清市人民政府办公室", 16, 0}, {"市府", 0, 2},
	} {
		pages, err := testFonts().Set(Document{Title: "通知", Blocks: []Block{Paragraph{Text: "特此通知。"}, Closing{Names: []string{c.name}, Date: "2015年3月2日"}}})
		if err != nil {
			t.Fatal(err)
		}
		at := func(text string) Span {
			for _, s := range pages[0].Spans {
				if s.Text == text {
					return s
				}
			}
			t.Fatalf("no %s", text)
			return Span{}
		}
		name, date := at(c.name), at("2015年3月2日")
		if math.Abs(date.X-name.X-2*bodySize) > 0.02 {
			t.Errorf("%s: the date is %.2f further in", c.name, date.X-name.X)
		}
		right := areaLeft + areaWidth
		if c.nameX > 0 && math.Abs(right-inkOf(name).x2-2*bodySize) > 0.05 {
			t.Errorf("%s ends %.2f from the edge", c.name, right-inkOf(name).x2)
		}
		if c.end > 0 && math.Abs(right-inkOf(date).x2-c.end*bodySize) > 0.05 {
			t.Errorf("the date ends %.2f from the edge", right-inkOf(date).x2)
		}
	}
}

// BenchmarkTable sets tables of eight columns; the time for a row does not grow.
func BenchmarkTable(b *testing.B) {
	for _, rows := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			table := Table{Title: "表1　清单", Head: [][]Cell{nil}}
			for c := range 8 {
				table.Head[0] = append(table.Head[0], Cell{Text: fmt.Sprintf("第%d列", c+1)})
			}
			for n := range rows {
				var row []Cell
				for c := range 8 {
					row = append(row, Cell{Text: []string{fmt.Sprint(n), han(4 + c), han(30), "12,345.67"}[c%4]})
				}
				table.Body = append(table.Body, row)
			}
			for b.Loop() {
				if _, err := testFonts().Set(Document{Blocks: []Block{table}}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
		})
	}
}
