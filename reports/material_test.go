package reports

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"heyi/assets"
	"heyi/review"
	"heyi/review/reviewtest"
)

var seed = flag.Uint64("seed", 1, "of random sources")

// materialSource has everything that the source of a document can have.
var materialSource = `[封面]
# 政务数据共享平台升级改造项目
## 技术方案
项目编号：SJ-2026-018
建设单位：示例市数据局
2026年9月

[目录]

## 第一章　项目概况
### （一）项目背景
` + texts[1] + `
` + texts[2] + `
表1　投资概算
单位：元
| 序号 | 分项 | 规格与内容 | 金额（元） |
|---|---|:--|--:|
| 1 | 应用软件 | ` + texts[5] + ` | 1,480,000.00 |
| 2 | ^ | 龚𫖮、䶮㛃片区的接口 | 880,000.00 |
| 3 | | | — |
| 合计 | < | < | 2,360,000.00 |
注：价格含税。

#### 1．说明
第一条　本方案由建设单位负责解释。
` + wideRows() + `
= 附件
< 各有关单位：
特此说明。
> 示例市数据局
> 示例市财政局
> 2026年9月18日
`

// wideRows are rows of a table that is turned.
func wideRows() string {
	var b strings.Builder
	for r := range 3 {
		for c := range 16 {
			fmt.Fprintf(&b, "| 第%c%c栏 ", 'A'+r, 'A'+c)
		}
		b.WriteString("|\n")
	}
	return b.String()
}

var testMaterial = review.Material{Title: "政务数据共享平台升级改造项目技术方案", Number: "SJ-2026-018", Author: "示例市数据局", At: testTime, Note: "样例，不作依据。"}

func mustMaterial(tb testing.TB, source string, m review.Material) []byte {
	tb.Helper()
	b, err := testPapers().Material(source, m)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// checkMaterial shows a document to readers that are not ours: it is whole, and
// every line and every cell of its source comes back.
func checkMaterial(t *testing.T, source string, b []byte) {
	t.Helper()
	file := keep(t, "material.pdf", b)
	if out := run(t, "qpdf", "--check", file); !strings.Contains(out, "No syntax or stream encoding errors") || strings.Contains(out, "WARNING") {
		t.Error(out)
	}
	if v := testPapers().Verify(b, anchor(t, testPanel())); len(v.Findings) != 1 || v.Findings[0].Code != review.CodePDFUnsigned {
		t.Errorf("findings %+v", v.Findings)
	}
	if bytes.Contains(b, []byte("/AcroForm")) {
		t.Error("it has a form")
	}
	got := bare(run(t, "pdftotext", "-raw", "-x", "0", "-y", "60", "-W", "900", "-H", "685", file, "-"))
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		parts := []string{regexp.MustCompile(`^(#+|[<>=]) `).ReplaceAllString(line, "")}
		switch {
		case strings.HasPrefix(line, "["), strings.HasPrefix(line, "|--"), strings.HasPrefix(line, "| --"), strings.HasPrefix(line, "|:-"):
			continue
		case strings.HasPrefix(line, "|"):
			parts = strings.Split(line, "|")
		case strings.Contains(line, "：") && strings.HasPrefix(source, "[封面]"):
			label, value, _ := strings.Cut(line, "：")
			if strings.Index(source, line) < strings.Index(source, "\n\n") {
				parts = []string{label, value}
			}
		}
		for _, part := range parts {
			part = bare(part)
			if part != "<" && part != "^" && !strings.Contains(got, part) {
				t.Errorf("no %q", part)
			}
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestMaterial(t *testing.T) {
	b := mustMaterial(t, materialSource, testMaterial)
	if again := mustMaterial(t, materialSource, testMaterial); !bytes.Equal(b, again) {
		t.Error("the same source twice gives different bytes")
	}
	checkMaterial(t, materialSource, b)
	file := keep(t, "material.pdf", b)
	var outline []string
	for _, m := range regexp.MustCompile(`(?m)^[-+|]?\t*"(.*)"\t#page=([0-9]+)`).FindAllStringSubmatch(run(t, "mutool", "show", file, "outline"), -1) {
		outline = append(outline, m[1]+" "+m[2])
	}
	if got := strings.Join(outline, "|"); got != "第一章　项目概况 3|（一）项目背景 3|1．说明 4" {
		t.Errorf("bookmarks %q", got)
	}
	info := run(t, "pdfinfo", "-f", "1", "-l", "9", file)
	for _, want := range []string{"Title:           " + testMaterial.Title, "Author:          " + testMaterial.Author, "Pages:           6", "Form:            none", "Page    5 size:  841.89 x 595.28 pts"} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in\n%s", want, info)
		}
	}
	footers := bare(run(t, "pdftotext", "-x", "0", "-y", "745", "-W", "600", "-H", "90", file, "-"))
	for _, want := range []string{"—2—", "—6—", "SJ-2026-018第2页，共6页", "SJ-2026-018第6页，共6页"} {
		if !strings.Contains(footers, want) {
			t.Errorf("no %q in footers %q", want, footers)
		}
	}
	if strings.Contains(footers, "第1页") {
		t.Error("the cover has a footer")
	}
	contents := bare(run(t, "pdftotext", "-layout", "-f", "2", "-l", "2", file, "-"))
	if !regexp.MustCompile(`第一章项目概况…+3（一）项目背景…+3`).MatchString(contents) {
		t.Errorf("contents %q", contents)
	}
}

// TestMaterialPlain begins with a title: the number stands under it, and the note.
func TestMaterialPlain(t *testing.T) {
	b := mustMaterial(t, "# 预审意见\n你单位报来的材料收悉。\n", testMaterial)
	got := bare(run(t, "pdftotext", "-raw", keep(t, "m.pdf", b), "-"))
	if want := "预审意见SJ-2026-018样例，不作依据。你单位报来的材料收悉。—1—SJ-2026-018第1页，共1页"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	m := testMaterial
	m.Number, m.Note = "", ""
	got = bare(run(t, "pdftotext", "-raw", keep(t, "m.pdf", mustMaterial(t, "# 预审意见\n同意。\n", m)), "-"))
	if want := "预审意见同意。—1—" + m.Title + "第1页，共1页"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestMaterialRefused gives sources that are not in the form; the item of the
// error is the line.
func TestMaterialRefused(t *testing.T) {
	const title = "# 题\n"
	for _, c := range []struct {
		name, source string
		line         int
	}{
		{"nothing", "", 1},
		{"no title", "正文\n", 1},
		{"no title, after blank lines", "\n\n正文\n", 3},
		{"two titles", title + "正文\n# 又题\n", 3},
		{"a title without text", "#\n", 1},
		{"a heading without a blank", title + "##一、\n", 2},
		{"a heading without text", title + "##\n", 2},
		{"a level too deep", title + "## 一\n### 二\n##### 三\n", 4},
		{"a level left out", title + "## 一\n\n#### 三\n", 4},
		{"a level left out at first", title + "### 二\n", 2},
		{"a very long heading", title + "## " + strings.Repeat("长", review.MaxParagraph+1) + "\n", 2},
		{"blanks at an end", title + "正文 \n", 2},
		{"an indent", title + "　　正文\n", 2},
		{"another end of line", "# 题\r\n正文\r\n", 1},
		{"not UTF-8", title + "正文\n\xff\n", 3},
		{"an unknown mark", title + "[图]\n", 2},
		{"contents twice", title + "[目录]\n[目录]\n", 3},
		{"a cover too late", title + "[封面]\n# 题\n", 2},
		{"a cover without title", "[封面]\n建设单位：某\n", 2},
		{"a cover that goes on after its date", "[封面]\n# 题\n2026年\n建设单位：某\n", 4},
		{"a cover with a table", "[封面]\n# 题\n| a |\n", 3},
		{"an open row", title + "| a | b\n", 2},
		{"a stroke", title + "|\n", 2},
		{"a row too short", title + "表1　甲\n| a | b |\n| 1 | 2 |\n| 1 |\n", 5},
		{"a row too long", title + "| a | b |\n| 1 | 2 | 3 |\n", 3},
		{"nothing to the left", title + "| a | b |\n| < | 2 |\n", 3},
		{"nothing above", title + "| a | b |\n|---|---|\n| ^ | 2 |\n", 4},
		{"above is the head", title + "| a | b |\n| ^ | 2 |\n", 3},
		{"a mark alone", title + ">\n", 2},
		{"a mark without a blank", title + ">某局\n", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := testPapers().Material(c.source, testMaterial)
			reviewtest.WantCode(t, err, review.CodeMaterialForm)
			if e, _ := errors.AsType[*review.Error](err); e.Item != fmt.Sprint(c.line) || b != nil {
				t.Errorf("line %s, want %d", e.Item, c.line)
			}
		})
	}
	_, err := testPapers().Material(title+"罕见字𡋤\n", testMaterial)
	reviewtest.WantCode(t, err, review.CodeTextGlyph)
	for _, c := range []struct {
		change func(m *review.Material)
		want   review.Code
	}{
		{func(m *review.Material) { m.Title = "" }, review.CodeTextEmpty},
		{func(m *review.Material) { m.Author = " " }, review.CodeTextEmpty},
		{func(m *review.Material) { m.Number = strings.Repeat("号", review.MaxName+1) }, review.CodeTextLong},
		{func(m *review.Material) { m.Note = "甲\n乙" }, review.CodeTextControl},
	} {
		m := testMaterial
		c.change(&m)
		_, err := testPapers().Material(title, m)
		reviewtest.WantCode(t, err, c.want)
	}
}

// TestMaterialAnything gives sources of random lines: each is refused or set.
func TestMaterialAnything(t *testing.T) {
	lines := []string{
		"", "# 题", "## 一、", "### （一）", "#### 1.", "[封面]", "[目录]", "建设单位：某局", "2026年9月", "表1　甲", "单位：元", "注：乙", "| a | b |",
		"| < | < |", "| ^ | ^ |", "|---|--:|", "| 12.5 |  |", "|", "| 乙 |", "> 某局", "= 附件", "< 各局：", "第一条　" + texts[1], texts[6], ">", "^",
	}
	set := 0
	for n := range 150 {
		r := rand.New(rand.NewPCG(*seed, uint64(n)))
		source := []string{"# 题", "[封面]\n# 题\n\n"}[r.IntN(2)]
		for range r.IntN(9) {
			source += "\n" + lines[r.IntN(len(lines))]
		}
		if _, err := testPapers().Material(source, testMaterial); err == nil {
			set++
		} else if code := review.CodeOf(err); code != review.CodeMaterialForm {
			t.Fatalf("go test ./reports -run TestMaterialAnything -seed %d: %v of %q", *seed, err, source)
		}
	}
	if set < 15 {
		t.Errorf("%d of 150 were set", set)
	}
}

// TestRegulations sets the texts that the program carries: every word is there,
// and on the first page what they are.
func TestRegulations(t *testing.T) {
	dir, err := fs.Sub(assets.Sample, "sample/regulations")
	if err != nil {
		t.Fatal(err)
	}
	list, err := Regulations(dir, testTime)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := fs.Glob(dir, "*.txt")
	if err != nil || len(list) != len(texts) || len(list) != 5 {
		t.Fatalf("%d regulations of %d texts, %v", len(list), len(texts), err)
	}
	words := regexp.MustCompile(`[^\p{Han}0-9A-Za-z]`)
	for _, r := range list {
		t.Run(r.File, func(t *testing.T) {
			b := mustMaterial(t, r.Source, r.Material)
			checkMaterial(t, r.Source, b)
			file := keep(t, "regulation.pdf", b)
			first := bare(run(t, "pdftotext", "-raw", "-f", "1", "-l", "1", file, "-"))
			if want := r.Material.Title + r.Material.Number + "整理文本，以发文机关公布的文本为准；现行有效性由组织单位核对。"; !strings.HasPrefix(first, want) {
				t.Errorf("the first page begins %.120q, want %q", first, want)
			}
			if strings.ContainsAny(r.Source, ",;:()'") {
				t.Error("ASCII punctuation is left")
			}
			// Every word of the plain text from its first paragraph on, in its order.
			plain, err := fs.ReadFile(dir, r.File)
			if err != nil {
				t.Fatal(err)
			}
			_, after, _ := strings.Cut(r.Source, "\n")
			got, want := words.ReplaceAllString(after, ""), words.ReplaceAllString(string(plain), "")
			if r.File == "ndrc-2013.txt" { // its list marks are lost
				for n := 1; n <= 7; n++ {
					got = strings.Replace(got, words.ReplaceAllString(headingOf(t, r.Source, n), ""), words.ReplaceAllString(headingOf(t, r.Source, n)[len("一、"):], ""), 1)
				}
			}
			if r.File == "taiyuan-2013.txt" {
				want = strings.Replace(want, words.ReplaceAllString(r.Material.Number, ""), "", 2)
			}
			if !strings.HasSuffix(want, got) {
				t.Errorf("other words:\ngot  %s\nwant %s", got, want)
			}
			if dropped := strings.TrimSuffix(want, got); len(dropped) > 3*130 {
				t.Errorf("dropped %s", dropped)
			}
		})
	}
}

// headingOf gives the n-th heading of the first level.
func headingOf(t *testing.T, source string, n int) string {
	t.Helper()
	all := regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(source, -1)
	if len(all) < n {
		t.Fatalf("%d headings", len(all))
	}
	return all[n-1][1]
}

// TestRegulationsDamaged gives directories that are not in order.
func TestRegulationsDamaged(t *testing.T) {
	for name, dir := range map[string]fs.FS{
		"nothing": fstest.MapFS{},
		"no list": fstest.MapFS{"list.json": {Data: []byte("{")}},
		"no text": fstest.MapFS{"list.json": {Data: []byte(`[{"file":"a.txt","title":"甲","issuer":"乙"}]`)}},
	} {
		_, err := Regulations(dir, testTime)
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		reviewtest.WantCode(t, err, review.CodeInternal)
	}
}

// BenchmarkMaterial composes the plan of the sample.
func BenchmarkMaterial(b *testing.B) {
	source, err := fs.ReadFile(assets.Sample, "sample/demo/documents/plan.txt")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		mustMaterial(b, string(source), testMaterial)
	}
}
