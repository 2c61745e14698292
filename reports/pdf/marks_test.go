package pdf

import (
	"bytes"
	"strings"
	"testing"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/reviewtest"
)

// marked composes two pages, the second turned, with marks, black areas, a field that
// shows, one that does not and the archive's.
func marked(tb testing.TB) []byte {
	tb.Helper()
	page := layout.Page{
		Spans: []layout.Span{{Face: layout.Song, Size: 14, X: 100, Y: 100, Text: "页"}},
		Rules: []layout.Rule{{X1: 100, Y1: 110, X2: 200, Y2: 110, Width: 0.5}},
		Fills: []layout.Fill{{X: 100, Y: 200, W: 20, H: 10}, {X: 130, Y: 200, W: 2.15, H: 2.15}},
		Marks: []layout.Mark{
			{Face: layout.Hei, Size: 120, X: 150, Y: 500, Angle: 45, Text: "草稿"},
			{Face: layout.Hei, Size: 60, X: 50, Y: 300, Angle: -20, Text: "演练𫖮"},
		},
	}
	wide := page
	wide.Landscape = true
	wide.Fields = []layout.Field{
		{Name: "expert1", X: 300, Y: 300, W: 100, H: 40}, {Name: "secretary", X: 700, Y: 500}, {Name: review.ArchiveField},
	}
	b, err := Compose([]layout.Page{page, wide}, testFonts(), testMeta)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestMarks(t *testing.T) {
	b := marked(t)
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
	signed := signedBy(t, b, "secretary", "expert1", review.ArchiveField)
	if v := Verify(signed, anchors(t, testPanel())); len(v.Findings) > 0 {
		t.Error(codesOf(v))
	}
	for _, s := range complaints(signed) {
		t.Errorf("signed: %s", s)
	}
	file := keep(t, "marked.pdf", b)
	if out := mustTool(t, "qpdf", "--check", file); strings.Contains(out, "WARNING") {
		t.Error(out)
	}
	if out := mustTool(t, "pdftotext", file, "-"); strings.Count(out, "页") != 2 {
		t.Errorf("text %q", out)
	}
}

// TestMarksUnder holds, in a picture, that marks are pale and under everything else, and
// areas black.
func TestMarksUnder(t *testing.T) {
	page := layout.Page{
		Spans: []layout.Span{{Face: layout.Song, Size: 14, X: 20, Y: 300, Text: "页"}},
		Fills: []layout.Fill{{X: 100, Y: 100, W: 20, H: 10}},
		Marks: []layout.Mark{{Face: layout.Hei, Size: 200, X: 50, Y: 200, Angle: 0, Text: "口"}},
	}
	b, err := Compose([]layout.Page{page}, testFonts(), testMeta)
	if err != nil {
		t.Fatal(err)
	}
	out := mustTool(t, "pdftoppm", "-r", "72", "-gray", keep(t, "a.pdf", b))
	const wide, high = 596, 842
	dots := out[len(out)-wide*high:]
	at := func(x, y int) byte { return dots[y*wide+x] }
	if got := at(110, 105); got != 0 {
		t.Errorf("the area is %d", got)
	}
	seen := map[byte]int{}
	for y := 50; y < 220; y++ {
		for x := 50; x < 250; x++ {
			seen[at(x, y)]++
		}
	}
	if seen[229] < 1000 || seen[0] < 150 || seen[0] > 250 {
		t.Errorf("%d pale dots, %d black ones", seen[229], seen[0])
	}
}

// TestMarksRefused changes what marks, areas and fields without size may be. A holder of
// a key could sign it.
func TestMarksRefused(t *testing.T) {
	good := marked(t)
	content := func(old, new string) func(*file, dict) {
		return func(f *file, c dict) {
			_, n := f.firstPage(c)
			f.rewrite(t, n, func(b []byte) []byte {
				if !bytes.Contains(b, []byte(old)) {
					t.Fatalf("no %q in\n%s", old, b)
				}
				return bytes.Replace(b, []byte(old), []byte(new), 1)
			})
		}
	}
	field := func(which string, change func(f *file, d dict)) func(*file, dict) {
		return func(f *file, _ dict) { f.each("T", text(which), func(_ ref, d dict) { change(f, d) }) }
	}
	mark := "q 0.70711 0.70711 -0.70711 0.70711 0.0 0.0 cm q 0.898 g BT 9 9 Td (ab) Tj ET Q Q "
	for _, c := range []struct {
		name, want string
		change     func(f *file, catalog dict)
	}{
		{"a mark over text", "operator \"q\"", content("200.00 731.89 l", "200.00 731.89 l S "+mark+" 1 1 m 2 2 l")},
		{"a darker mark", "\"g\"", content("0.898 g", "0.500 g")},
		{"a white mark", "\"g\"", content("0.898 g", "1.000 g")},
		{"a mark in colour", "\"rg\"", content("0.898 g", "1 0 0 rg")},
		{"a mark that does not turn", "\"cm\"", content("0.70711 0.70711", "1.00000 0.70711")},
		{"a mark turned over", "\"cm\"", content("0.70711 0.70711 -0.70711 0.70711", "0.70711 0.70711 0.70711 -0.70711")},
		{"a mark of another size", "\"cm\"", content("0.70711 0.70711 -0.70711 0.70711", "1.70711 0.70711 -0.70711 1.70711")},
		{"a mark far away", "\"cm\"", content("0.70711 0.70711 -0.70711 0.70711 ", "0.70711 0.70711 -0.70711 0.70711 9")},
		{"a matrix of five", "\"cm\"", content("0.70711 0.70711 -0.70711 0.70711", "0.70711 0.70711 -0.70711")},
		{"a matrix alone", "\"Q\"", content("q 0.898 g", "Q q 0.898 g")},
		{"a path in a mark", "\"m\"", content("0.898 g BT", "0.898 g 1 1 m BT")},
		{"a font in a mark", "\"Tf\"", content("0.898 g BT", "0.898 g BT /F1 1 Tf")},
		{"an area of lines", "\"S\"", content("re f", "re S")},
		{"a clip", "\"W\"", content("re f", "re W n")},
		{"two areas in one", "\"re\"", content("re f", "re 1 1 1 1 re f")},
		{"an area off the page", "\"re\"", content("20.00 -10.00 re", "2000.00 -10.00 re")},
		{"a white area", "\"g\"", content("100.00 641.89", "1.000 g 100.00 641.89")},
		{"the archive's field without lock", "no /Lock", field("archive", func(_ *file, d dict) { delete(d, "Lock") })},
		{"a lock of some fields", "lock", field("archive", func(f *file, d dict) {
			f.set(d["Lock"].(ref), dict{"Type": name("SigFieldLock"), "Action": name("Include"), "Fields": array{text("archive")}})
		})},
		{"a lock that allows changes", "lock", field("archive", func(f *file, d dict) {
			f.set(d["Lock"].(ref), dict{"Type": name("SigFieldLock"), "Action": name("All"), "P": 3})
		})},
		{"a lock that is no object of its own", "lock", field("archive", func(f *file, d dict) { d["Lock"] = lock })},
		{"a lock of another field", "Lock", field("expert1", func(f *file, d dict) { d["Lock"] = f.set(0, lock) })},
		{"the archive's field shows", "AP", field("archive", func(f *file, d dict) { d["AP"] = dict{"N": ref(1)} })},
		{"the archive's field with a place", "Rect", field("archive", func(f *file, d dict) { d["Rect"] = array{0, 0, 9, 9} })},
		{"a field of no size that shows", "AP", field("secretary", func(f *file, d dict) { d["AP"] = dict{"N": ref(1)} })},
		{"a field without a look", "no /AP", field("secretary", func(f *file, d dict) { d["Rect"] = array{0, 0, 9, 9} })},
		{"permissions in the base", "Perms", func(_ *file, c dict) { c["Perms"] = dict{} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := rebuilt(t, good, c.change)
			wantForm(t, bad, c.want)
		})
	}
}

// TestArchiveShowsNothing refuses pages that give the archive's field a size.
func TestArchiveShowsNothing(t *testing.T) {
	_, err := Compose([]layout.Page{{Fields: []layout.Field{{Name: review.ArchiveField, X: 1, Y: 1, W: 9, H: 9}}}}, testFonts(), testMeta)
	reviewtest.WantCode(t, err, review.CodeInternal)
}
