package pdf

import (
	"bytes"
	"slices"
	"testing"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/reviewtest"
)

// placed composes one page with a text, two fields that show and what change adds.
func placed(tb testing.TB, change func(p *layout.Page)) []byte {
	tb.Helper()
	p := layout.Page{
		Spans: []layout.Span{{Face: layout.Song, Size: 16, X: 100, Y: 100, Text: "专家组结论：通过验收。"}},
		Fields: []layout.Field{
			{Name: "expert1", X: 100, Y: 200, W: 100, H: 40}, {Name: "expert2", X: 100, Y: 240, W: 100, H: 40},
			{Name: "secretary"}, {Name: review.ArchiveField},
		},
	}
	change(&p)
	b, err := Compose([]layout.Page{p}, testFonts(), testMeta)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// moved puts the field of expert2 elsewhere.
func moved(x, y, w, h float64) func(*layout.Page) {
	return func(p *layout.Page) {
		f := &p.Fields[1]
		f.X, f.Y, f.W, f.H = x, y, w, h
	}
}

// TestPlacesRefused gives bases in which the look of a later signature could change what
// others signed before: whoever composes one could have 不通过 come of 通过.
func TestPlacesRefused(t *testing.T) {
	span := func(x, y, spacing float64, text string) func(*layout.Page) {
		return func(p *layout.Page) {
			p.Spans = append(p.Spans, layout.Span{Face: layout.Song, Size: 10, X: x, Y: y, Spacing: spacing, Text: text})
		}
	}
	fill := func(x, y, w, h float64) func(*layout.Page) {
		return func(p *layout.Page) { p.Fills = append(p.Fills, layout.Fill{X: x, Y: y, W: w, H: h}) }
	}
	rule := func(x1, y1, x2, y2 float64) func(*layout.Page) {
		return func(p *layout.Page) {
			p.Rules = append(p.Rules, layout.Rule{X1: x1, Y1: y1, X2: x2, Y2: y2, Width: 0.5})
		}
	}
	for _, c := range []struct {
		name, want string
		change     func(*layout.Page)
	}{
		{"a widget over the page", "a place of", moved(1, 1, 593, 839)},
		{"a widget that is too wide", "a place of", moved(100, 240, maxPlaceWidth+1, 40)},
		{"a widget that is too high", "a place of", moved(100, 240, 100, maxPlaceHeight+1)},
		{"a widget over another", "lies in a widget", moved(150, 220, 100, 40)},
		{"a widget inside another", "lies in a widget", moved(120, 210, 20, 20)},
		{"a widget of another's place", "lies in a widget", moved(100, 200, 100, 40)},
		{"a widget over where a text begins", "lies in a widget", moved(90, 80, 40, 40)},
		{"a widget over a text's middle", "lies in a widget", moved(180, 80, 40, 40)},
		{"a widget over a text's last character", "lies in a widget", moved(270, 80, 40, 40)},
		{"a widget over the foot of a text", "lies in a widget", moved(180, 98, 40, 40)},
		{"a text inside", "lies in a widget", span(120, 225, 0, "不")},
		{"a text that runs in", "lies in a widget", span(60, 225, 0, "甲乙丙丁戊")},
		{"a text that is spaced into it", "lies in a widget", span(60, 225, 35, "甲乙")},
		{"a text that runs in backwards", "lies in a widget", span(250, 225, -40, "甲乙丙")},
		{"a text of one blank", "lies in a widget", span(120, 225, 0, " ")},
		{"an area inside", "lies in a widget", fill(120, 210, 10, 10)},
		{"an area that reaches in", "lies in a widget", fill(50, 210, 60, 10)},
		{"an area upside down", "lies in a widget", fill(250, 250, -100, -20)},
		{"a rule inside", "lies in a widget", rule(120, 220, 180, 220)},
		{"a rule across", "lies in a widget", rule(150, 150, 150, 300)},
		{"a slanting rule", "lies in a widget", rule(90, 190, 210, 290)},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := placed(t, c.change)
			wantForm(t, base, c.want)
			if got := codesOf(Verify(base, anchors(t, testPanel()))); got != "pdf.form " {
				t.Errorf("findings %q", got)
			}
			_, err := Sign(base, signerBy("expert2"), testFonts())
			reviewtest.WantCode(t, err, review.CodePDFForm)
		})
	}
}

// TestShadow has the field of expert2 lie over all of a paper, whose bytes it changes
// nothing of: signed by all, the look would say the contrary of what expert1 signed.
func TestShadow(t *testing.T) {
	paper := layout.Document{Title: "专家组评审意见", Blocks: []layout.Block{
		layout.Paragraph{Text: "专家组结论：　　通过验收。"},
		layout.Signatures{Places: []layout.Place{{Field: "expert1", Label: "签名"}, {Field: "expert2", Label: "签名"}}},
	}}
	compose := func(change func(f *layout.Field)) []byte {
		pages, err := testFonts().Set(paper)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(pages[0].Fields, func(f layout.Field) bool { return f.Name == "expert2" })
		change(&pages[0].Fields[i])
		b, err := Compose(pages, testFonts(), testMeta)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	ours := anchors(t, testPanel())
	if got := codesOf(Verify(compose(func(*layout.Field) {}), ours)); got != "pdf.unsigned expert1, pdf.unsigned expert2" {
		t.Errorf("as it is: %q", got)
	}
	shadow := compose(func(f *layout.Field) { f.X, f.Y, f.W, f.H = 1, 1, 593, 839 })
	if got := codesOf(Verify(shadow, ours)); got != "pdf.form " {
		t.Errorf("findings %q", got)
	}
	for _, field := range []string{"expert1", "expert2"} {
		_, err := Sign(shadow, signerBy(field), testFonts())
		reviewtest.WantCode(t, err, review.CodePDFForm)
	}
}

// TestPlacesHold gives what lies as near to a widget as it may.
func TestPlacesHold(t *testing.T) {
	for name, change := range map[string]func(*layout.Page){
		"widgets side by side": func(*layout.Page) {},
		"the largest":          moved(100, 240, maxPlaceWidth, maxPlaceHeight),
		"a frame": func(p *layout.Page) {
			for _, x := range []float64{100, 200} {
				p.Rules = append(p.Rules, layout.Rule{X1: x, Y1: 200, X2: x, Y2: 280, Width: 0.5})
			}
			for _, y := range []float64{200, 240, 280} {
				p.Rules = append(p.Rules, layout.Rule{X1: 100, Y1: y, X2: 200, Y2: y, Width: 0.5})
			}
		},
		"text and areas all around": func(p *layout.Page) {
			for _, s := range []struct{ x, y float64 }{{60, 225}, {200, 225}, {120, 198}, {120, 289}} {
				p.Spans = append(p.Spans, layout.Span{Face: layout.Song, Size: 10, X: s.x, Y: s.y, Text: "甲乙丙丁"})
			}
			p.Fills = append(p.Fills, layout.Fill{X: 90, Y: 200, W: 10, H: 10}, layout.Fill{X: 200, Y: 200, W: 10, H: 10})
		},
		"a mark under it": func(p *layout.Page) {
			p.Marks = append(p.Marks, layout.Mark{Face: layout.Hei, Size: 150, X: 80, Y: 280, Angle: 20, Text: "演练"})
		},
		"a turned page": func(p *layout.Page) {
			p.Landscape = true
			moved(700, 500, 100, 40)(p)
		},
		"sides between hundredths": moved(100.004, 240.006, 99.997, 39.994),
	} {
		t.Run(name, func(t *testing.T) {
			file := signedBy(t, placed(t, change), "secretary", "expert1", "expert2", review.ArchiveField)
			if v := Verify(file, anchors(t, testPanel())); len(v.Findings) > 0 {
				t.Error(codesOf(v))
			}
		})
	}
}

// TestAppearanceBox changes the box of an appearance, or the place it is for.
func TestAppearanceBox(t *testing.T) {
	good := placed(t, func(*layout.Page) {})
	widget := func(change func(f *file, d dict)) func(*file, dict) {
		return func(f *file, _ dict) { f.each("T", text("expert1"), func(_ ref, d dict) { change(f, d) }) }
	}
	box := func(b array) func(*file, dict) {
		return widget(func(f *file, d dict) { f.base(d["AP"].(dict)["N"].(ref)).(stream).dict["BBox"] = b })
	}
	for _, c := range []struct {
		name, want string
		change     func(*file, dict)
	}{
		{"smaller", "an appearance of", box(array{0, 0, point(50), point(20)})},
		{"wider", "an appearance of", box(array{0, 0, point(100.02), point(40)})},
		{"higher", "an appearance of", box(array{0, 0, point(100), point(41)})},
		{"empty", "an appearance of", box(array{0, 0, 0, 0})},
		{"a place turned over", "a place of", widget(func(_ *file, d dict) {
			r := d["Rect"].(array)
			d["Rect"] = array{r[2], r[1], r[0], r[3]}
		})},
		{"a place without height", "a place of", widget(func(_ *file, d dict) {
			r := d["Rect"].(array)
			d["Rect"] = array{r[0], r[1], r[2], r[1]}
		})},
	} {
		t.Run(c.name, func(t *testing.T) { wantForm(t, rebuilt(t, good, c.change), c.want) })
	}
	whole := rebuilt(t, good, box(array{0, 0, 100, 40})) // as good as 100.00 and 40.00
	signed := signedBy(t, whole, "expert1", review.ArchiveField)
	if v := Verify(signed, anchors(t, testPanel())); len(v.Findings) > 0 {
		t.Error(codesOf(v))
	}
}

// TestAdvances reads the widths of a font, of which no code has two.
func TestAdvances(t *testing.T) {
	p := &parser{b: []byte("[3 [500 250.5] 7 9 100 65535 [1]]")}
	w, err := p.value(0)
	if err != nil {
		t.Fatal(err)
	}
	a, err := readAdvances(w)
	if err != nil {
		t.Fatal(err)
	}
	a = append(a, advance{first: noCode, last: noCode, same: 1000})
	for code, want := range map[int]float64{0: 1000, 2: 1000, 3: 500, 4: 250.5, 5: 1000, 6: 1000, 7: 100, 9: 100, 10: 1000, 65534: 1000, 65535: 1} {
		if got := a.of(code); got != want {
			t.Errorf("code %d: %v, want %v", code, got, want)
		}
	}
	for _, bad := range []string{
		"1", "[1]", "[1 2]", "[1 2 /x]", "[1 []]", "[1 [/x]]", "[-1 [1]]", "[1.5 [1]]", "[65535 [1 1]]", "[9 7 1]", "[1 65536 1]",
		"[1 [1 1] 2 [1]]", "[5 [1] 3 [1]]", "[1 [10001]]", "[1 2 -10001]", "[1 [1] 2]",
	} {
		v, err := (&parser{b: []byte(bad)}).value(0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readAdvances(v); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

// TestOneStringAtAPlace refuses text that goes on from where another ended.
func TestOneStringAtAPlace(t *testing.T) {
	good := placed(t, func(*layout.Page) {})
	for old, now := range map[string]string{" Tj": " Tj (ab) Tj", " Td": " Td 1 1 Td"} {
		bad := rebuilt(t, good, func(f *file, c dict) {
			_, n := f.firstPage(c)
			f.rewrite(t, n, func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(now), 1) })
		})
		if bytes.Equal(bad, good) {
			t.Fatalf("no %q in the content", old)
		}
		wantForm(t, bad, "operator")
	}
}
