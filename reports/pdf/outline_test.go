package pdf

import (
	"fmt"
	"strings"
	"testing"

	"heyi/reports/layout"
)

// outlined composes a file with bookmarks of three levels, upright and turned
// pages, and a signature field.
func outlined(tb testing.TB) []byte {
	tb.Helper()
	wide := layout.Table{Title: "表1　宽表", Head: [][]layout.Cell{nil}, Body: [][]layout.Cell{nil}}
	for i := range 16 {
		wide.Head[0] = append(wide.Head[0], layout.Cell{Text: fmt.Sprintf("专家%02d", i)})
		wide.Body[0] = append(wide.Body[0], layout.Cell{Text: "95.50"})
	}
	d := layout.Document{Title: "评审意见", Outline: true, Number: "〔2026〕1号", Check: "1841-67C0-20C6-5788", Blocks: []layout.Block{
		layout.Heading{Level: 1, Text: "一、概况"},
		layout.Heading{Level: 2, Text: "（一）背景"},
		layout.Heading{Level: 3, Text: "1.龚𫖮的意见 (a)"},
		layout.Paragraph{Text: strings.Repeat(testText, 20)},
		layout.Heading{Level: 3, Text: "2.其他"},
		layout.Heading{Level: 1, Text: "二、汇总"},
		wide,
		layout.Paragraph{Text: testText},
		layout.Heading{Level: 2, Text: "（一）结论"},
		layout.Paragraph{Text: testText},
		layout.Signatures{Places: []layout.Place{{Field: "expert1", Label: "签名"}}},
	}}
	pages, err := testFonts().Set(d)
	if err != nil {
		tb.Fatal(err)
	}
	b, err := Compose(pages, testFonts(), testMeta)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// outline checks that bookmarks are one tree whose links agree and which leads to
// pages that there are (ISO 32000-1, 12.3.3).
func (c *checker) outline(catalog dict) {
	root, ok := catalog["Outlines"].(ref)
	if !ok {
		return
	}
	pages := map[ref]bool{}
	for _, kid := range c.array(c.dict(catalog["Pages"])["Kids"]) {
		pages[kid.(ref)] = true
	}
	seen := map[ref]bool{}
	var visit func(n ref) (shown int)
	visit = func(n ref) int {
		d, shown, before := c.dict(n), 0, ref(0)
		next, _ := d["First"].(ref)
		for ; next != 0; next, _ = c.dict(before)["Next"].(ref) {
			if seen[next] {
				c.complain("bookmark %d is there twice", next)
				break
			}
			seen[next] = true
			kid := c.dict(next)
			dest := c.array(kid["Dest"])
			title, _ := kid["Title"].(text)
			to, _ := append(dest, ref(0))[0].(ref)
			if kid["Parent"] != n || before != 0 && kid["Prev"] != before || before == 0 && kid["Prev"] != nil || !pages[to] || title == "" {
				c.complain("bookmark %d is not in order", next)
			}
			shown++
			if below := visit(next); below > 0 {
				shown += below
			}
			before = next
		}
		if last, _ := d["Last"].(ref); last != before {
			c.complain("bookmark %d ends with %d, not %d", n, last, before)
		}
		count, _ := d["Count"].(int)
		if max(count, -count) != shown && (count >= 0 || shown < -count) {
			c.complain("bookmark %d counts %d, has %d", n, count, shown)
		}
		if count < 0 {
			return 0 // they do not show
		}
		return shown
	}
	if visit(root) == 0 {
		c.complain("an outline without bookmarks")
	}
}

func TestOutline(t *testing.T) {
	b := outlined(t)
	for _, s := range complaints(b) {
		t.Error(s)
	}
	f, err := parseFile(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.conforms(); err != nil {
		t.Errorf("does not conform: %v", err)
	}
	signed := mustSign(t, b, testSigner(t, testPanel(), "expert1", "乙"))
	if v := Verify(signed, anchors(t, testPanel())); len(v.Findings) > 0 {
		t.Errorf("signed: %+v", v.Findings)
	}
	var got []string
	for n := ref(1); f.base(n) != nil; n++ {
		if d, _ := f.base(n).(dict); d["Dest"] != nil {
			got = append(got, fmt.Sprintf("%s %v", d["Title"].(text).people(), d["Count"]))
		}
	}
	want := "一、概况 1|（一）背景 -2|1.龚𫖮的意见 (a) <nil>|2.其他 <nil>|二、汇总 1|（一）结论 <nil>"
	if strings.Join(got, "|") != want {
		t.Errorf("bookmarks %q", got)
	}
	turned := strings.Count(string(b), "/MediaBox [0 0 841.89 595.28]")
	if turned != 1 {
		t.Errorf("%d turned pages", turned)
	}
	if plain := testBase(t, "secretary"); strings.Contains(string(plain), "/Outlines") || strings.Contains(string(plain), "/PageMode") {
		t.Error("a file without bookmarks has an outline")
	}
}

// TestOutlineRefused breaks the outline of a file, in ways that readers forgive;
// a holder of a key could sign it.
func TestOutlineRefused(t *testing.T) {
	good := outlined(t)
	mark := func(nth int, change func(f *file, n ref, d dict)) func(*file, dict) {
		return func(f *file, c dict) {
			n := c["Outlines"].(ref) + ref(nth)
			change(f, n, f.base(n).(dict))
		}
	}
	set := func(nth int, k name, v any) func(*file, dict) {
		return mark(nth, func(_ *file, _ ref, d dict) { d[k] = v })
	}
	for _, c := range []struct {
		name, want string
		checked    bool // the checker of PDF/A complains, too
		change     func(f *file, catalog dict)
	}{
		{"an action", "another form", false, set(1, "A", dict{"S": name("URI")})},
		{"a colour", "another form", false, set(1, "C", array{1, 0, 0})},
		{"another parent", "another form", true, mark(3, func(_ *file, n ref, d dict) { d["Parent"] = n - 3 })},
		{"a parent of its own", "another form", true, mark(2, func(_ *file, n ref, d dict) { d["Parent"] = n })},
		{"a circle", "another form", true, mark(5, func(_ *file, n ref, d dict) { d["Next"] = n })},
		{"a wrong count", "another form", true, set(0, "Count", 3)},
		{"a place that is no page", "another form", true, mark(1, func(_ *file, n ref, d dict) { d["Dest"].(array)[0] = n })},
		{"a page backwards", "another form", false, mark(6, func(f *file, n ref, d dict) {
			d["Dest"].(array)[0] = f.base(n - 5).(dict)["Dest"].(array)[0]
		})},
		{"a title that steers", "another form", false, set(1, "Title", text("x\x1b[31m"))},
		{"a title in another code", "another form", false, set(1, "Title", text("\xFE\xFF\x00x"))},
		{"a long title", "another form", false, set(1, "Title", textString(strings.Repeat("长", maxBookmarkTitle+1)))},
		{"nowhere", "leads nowhere", true, set(1, "Dest", array{})},
		{"no bookmarks", "without bookmarks", true, func(f *file, c dict) {
			c["Outlines"] = f.set(0, dict{"Type": name("Outlines")})
		}},
		{"an object between", "another form", false, func(f *file, c dict) { c["Outlines"] = c["Outlines"].(ref) + 1 }},
		{"bookmarks that do not show", "UseOutlines", false, func(_ *file, c dict) { delete(c, "PageMode") }},
		{"no outline to show", "", false, func(_ *file, c dict) { delete(c, "Outlines") }},
		{"one bookmark more", "belong to nothing", false, func(f *file, _ dict) { f.set(0, dict{"Title": text("x")}) }},
		{"a turned page of another size", "MediaBox", false, func(f *file, _ dict) {
			f.each("Type", name("Page"), func(_ ref, d dict) {
				if d["MediaBox"] != nil {
					d["MediaBox"] = array{0, 0, 900, decimal("595.28")}
				}
			})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := rebuilt(t, good, c.change)
			f, err := parseFile(bad)
			if err != nil {
				t.Fatalf("not even our syntax: %v", err)
			}
			if err := f.conforms(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if c.checked && len(complaints(bad)) == 0 {
				t.Error("the checker sees nothing")
			}
		})
	}
}
