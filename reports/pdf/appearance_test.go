package pdf

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/reviewtest"
)

// signatureOf is what a hand might draw: waves, a short line and a dot.
func signatureOf() review.Strokes {
	s := review.Strokes{Width: 500, Height: 160}
	var waves []review.Point
	for i := range 200 {
		a := float64(i) / 200 * 6 * math.Pi
		waves = append(waves, review.Point{X: 40 + 2*i + int(20*math.Cos(a)), Y: 80 + int(50*math.Sin(a))})
	}
	s.Lines = [][]review.Point{waves, {{X: 300, Y: 20}, {X: 320, Y: 40}}, {{X: 400, Y: 100}}}
	return s
}

// extent gives the places that operators of an appearance reach, with the width of the
// ink, in points.
func extent(tb testing.TB, operators []byte) (low, high [2]float64) {
	tb.Helper()
	low, high = [2]float64{math.MaxFloat64, math.MaxFloat64}, [2]float64{-math.MaxFloat64, -math.MaxFloat64}
	var m [6]float64
	var pen float64
	p := &parser{b: operators}
	var operands array
	for p.skip(); p.at < len(p.b); p.skip() {
		if b := p.b[p.at]; b < 'A' || b > 'z' {
			v, err := p.value(0)
			if err != nil {
				tb.Fatal(err)
			}
			operands = append(operands, v)
			continue
		}
		switch p.word() {
		case "cm":
			m, _ = matrix(operands)
			pen = 0
		case "w":
			pen = floats(operands)[0] * m[0] / 2
		case "m", "l", "c":
			for i := 0; i < len(operands); i += 2 {
				for k, v := range []float64{m[0]*float64(operands[i].(int)) + m[4], m[3]*float64(operands[i+1].(int)) + m[5]} {
					low[k], high[k] = min(low[k], v-pen), max(high[k], v+pen)
				}
			}
		}
		operands = operands[:0]
	}
	return low, high
}

// TestAppearance holds that every look stays inside its field, keeps to the grammar, and
// comes out the same twice.
func TestAppearance(t *testing.T) {
	corner := review.Strokes{Width: 500, Height: 160, Lines: [][]review.Point{{{X: 1, Y: 1}, {X: 20, Y: 30}, {X: 40, Y: 5}}}}
	dot := review.Strokes{Width: 1, Height: 1, Lines: [][]review.Point{{{X: 0, Y: 1}}}}
	large := review.Strokes{Width: review.MaxPad, Height: review.MaxPad}
	r := rand.New(rand.NewPCG(9, 9))
	for range review.MaxLines {
		var line []review.Point
		for range review.MaxPoints / review.MaxLines {
			line = append(line, review.Point{X: r.IntN(review.MaxPad + 1), Y: r.IntN(review.MaxPad + 1)})
		}
		large.Lines = append(large.Lines, line)
	}
	long := strings.Repeat("阿卜杜热依木·买买提", 4)
	for what, c := range map[string]struct {
		look review.Look
		name string
	}{
		"a name":                 {review.Look{}, "龚𫖮"},
		"one character":          {review.Look{}, "李"},
		"a name of forty":        {review.Look{}, long},
		"a name in letters":      {review.Look{}, "Wolfgang Amadeus Mustermann-Schmidt"},
		"blanks around":          {review.Look{}, " 乙 "},
		"a name and the day":     {review.Look{Caption: "2026年11月21日"}, "欧阳䶮㛃"},
		"a long caption":         {review.Look{Caption: strings.Repeat("长", review.MaxName)}, "乙"},
		"drawn":                  {review.Look{Strokes: signatureOf()}, "乙"},
		"drawn, with the day":    {review.Look{Strokes: signatureOf(), Caption: "2026年11月21日"}, "乙"},
		"drawn in a corner":      {review.Look{Strokes: corner}, "乙"},
		"a dot on a pad of none": {review.Look{Strokes: dot}, "乙"},
		"all that can be drawn":  {review.Look{Strokes: large}, "乙"},
	} {
		t.Run(what, func(t *testing.T) {
			for _, size := range [][2]float64{{170, 44}, {90, 30}, {40, 60}, {12, 9}, {3, 3}, {1, 0.5}, {500, 400}} {
				b, err := appearance(c.look, c.name, size[0], size[1], testFonts())
				if err != nil {
					t.Fatal(err)
				}
				if again, err := appearance(c.look, c.name, size[0], size[1], testFonts()); err != nil || !bytes.Equal(again, b) {
					t.Errorf("%v: twice it differs: %v", size, err)
				}
				if err := (&conformer{}).isLook(b); err != nil || len(b) > maxLook {
					t.Errorf("%v: %d bytes, %v", size, len(b), err)
				}
				if size[1] < 9 {
					continue // no room for a pen
				}
				const slack = 0.1 // letters reach beyond their em
				if low, high := extent(t, b); min(low[0], low[1]) < -slack || high[0] > size[0]+slack || high[1] > size[1]+slack {
					t.Errorf("on %v it reaches from %.1f to %.1f", size, low, high)
				}
			}
		})
	}
}

// TestAppearanceProportions holds that ink is centred and keeps its proportions.
func TestAppearanceProportions(t *testing.T) {
	s := review.Strokes{Width: 1000, Height: 1000, Lines: [][]review.Point{{{X: 100, Y: 300}, {X: 900, Y: 300}}, {{X: 100, Y: 700}, {X: 900, Y: 700}}}}
	for _, size := range [][2]float64{{200, 50}, {50, 200}} {
		b, err := appearance(review.Look{Strokes: s}, "乙", size[0], size[1], testFonts())
		if err != nil {
			t.Fatal(err)
		}
		low, high := extent(t, b)
		w, h := high[0]-low[0]-lookPen, high[1]-low[1]-lookPen
		if math.Abs(w/h-2) > 0.01 {
			t.Errorf("%v: %.2f wide, %.2f high", size, w, h)
		}
		if x, y := low[0]+high[0]-size[0], low[1]+high[1]-size[1]; math.Abs(x) > 0.01 || math.Abs(y) > 0.01 {
			t.Errorf("%v: off the middle by %.3f, %.3f", size, x/2, y/2)
		}
		if fill := max(w/(size[0]-2*lookInset-lookPen), h/(size[1]-2*lookInset-lookPen)); math.Abs(fill-1) > 0.01 {
			t.Errorf("%v: fills %.2f of the field", size, fill)
		}
	}
}

// TestSmooth holds that the curve goes through all points that are not too close.
func TestSmooth(t *testing.T) {
	s := review.Strokes{Width: 100, Height: 100, Lines: [][]review.Point{
		{{X: 10, Y: 10}, {X: 20, Y: 30}, {X: 40, Y: 30}, {X: 50, Y: 0}},
		{{X: 1, Y: 1}, {X: 1, Y: 1}, {X: 1, Y: 1}},
		{{X: 5, Y: 5}, {X: 9, Y: 9}},
	}}
	got := fmt.Sprint(smooth(s))
	want := fmt.Sprint([]ink{
		{layout.Dot{X: 60, Y: 540}, []layout.Curve{
			{A: layout.Dot{X: 70, Y: 520}, B: layout.Dot{X: 90, Y: 440}, End: layout.Dot{X: 120, Y: 420}},
			{A: layout.Dot{X: 150, Y: 400}, B: layout.Dot{X: 210, Y: 390}, End: layout.Dot{X: 240, Y: 420}},
			{A: layout.Dot{X: 270, Y: 450}, B: layout.Dot{X: 290, Y: 570}, End: layout.Dot{X: 300, Y: 600}},
		}},
		{layout.Dot{X: 6, Y: 594}, []layout.Curve{{Straight: true, End: layout.Dot{X: 6, Y: 594}}}},
		{layout.Dot{X: 30, Y: 570}, []layout.Curve{{Straight: true, End: layout.Dot{X: 54, Y: 546}}}},
	})
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	even := thin([]review.Point{{X: 0}, {X: 1}, {X: 4}, {X: 8}, {X: 9}}, 3)
	if fmt.Sprint(even) != "[{0 0} {4 0} {8 0} {9 0}]" {
		t.Errorf("thinned %v", even)
	}
}

// TestLongName holds where a name in several lines is broken.
func TestLongName(t *testing.T) {
	r, err := outlines(testFonts(), layout.Kai, "甲乙·丙丁·戊")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		width float64
		want  string
	}{{9, "甲乙·丙丁·戊"}, {2, "甲|乙·|丙丁|·戊"}, {0.1, "甲|乙|·|丙|丁|·|戊"}} {
		var lines []string
		for _, l := range r.lines(c.width) {
			s := ""
			for _, g := range l {
				s += string(g.Rune)
			}
			lines = append(lines, s)
		}
		if got := strings.Join(lines, "|"); strings.ReplaceAll(got, "|", "") != "甲乙·丙丁·戊" || c.width != 2 && got != c.want {
			t.Errorf("%v: %s", c.width, got)
		}
	}
}

// TestLookRefused gives appearances beyond the grammar.
func TestLookRefused(t *testing.T) {
	name, err := appearance(review.Look{}, "乙", 100, 40, testFonts())
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := appearance(review.Look{Strokes: signatureOf()}, "乙", 100, 40, testFonts())
	if err != nil {
		t.Fatal(err)
	}
	swap := func(in []byte, old, new string) []byte {
		if !bytes.Contains(in, []byte(old)) {
			t.Fatalf("no %q in %.200s", old, in)
		}
		return bytes.Replace(in, []byte(old), []byte(new), 1)
	}
	for what, b := range map[string][]byte{
		"nothing":           nil,
		"white":             swap(name, "cm\n", "cm 1 g\n"),
		"a colour":          swap(name, "cm\n", "cm 1 0 0 rg\n"),
		"text":              swap(name, "f\n", "f BT ET\n"),
		"another form":      swap(name, "f\n", "f /X Do\n"),
		"a transparency":    swap(name, "cm\n", "cm /G gs\n"),
		"a layer":           append([]byte("/OC /x BDC "), name...),
		"a picture":         swap(name, "f\n", "f BI ID EI\n"),
		"a clip":            swap(name, "f\n", "W f\n"),
		"nothing painted":   swap(name, "f\n", ""),
		"painted twice":     swap(name, "f\n", "f f\n"),
		"turned":            swap(name, " 0 0 ", " 0.1 -0.1 "),
		"upside down":       swap(name, "q ", "q -"),
		"of no size":        []byte("q 0.0 0 0 0.0 0 0 cm 0 0 m 1 0 l h f Q"),
		"enlarged":          []byte("q 2.0 0 0 2.0 0 0 cm 0 0 m 1 0 l h f Q"),
		"far away":          []byte("q 1.0 0 0 1.0 9999.0 0 cm 0 0 m 1 0 l h f Q"),
		"a place far away":  []byte("q 1.0 0 0 1.0 0 0 cm 0 0 m 300001 0 l h f Q"),
		"a place in parts":  []byte("q 1.0 0 0 1.0 0 0 cm 0 0 m 1.5 0 l h f Q"),
		"a wide pen":        []byte("q 1.0 0 0 1.0 0 0 cm 300001 w 1 J 1 j 0 0 m 1 0 l S Q"),
		"a square pen":      swap(drawn, "1 J", "2 J"),
		"dashes":            swap(drawn, "1 j", "1 j [1] 0 d"),
		"no end":            name[:len(name)-3],
		"an operand alone":  append(bytes.Clone(name), "1"...),
		"a comment":         append([]byte("%x\n"), name...),
		"a matrix of five":  []byte("q 1 0 0 1 0 cm 0 0 m 1 0 l h f Q"),
		"a matrix of names": []byte("q /a 0 0 /a 0 0 cm 0 0 m 1 0 l h f Q"),
	} {
		t.Run(what, func(t *testing.T) {
			if err := (&conformer{}).isLook(b); err == nil {
				t.Errorf("%.300s", b)
			}
		})
	}
}

// TestSignRefusesLooks gives looks beyond their bounds, and texts that cannot be drawn.
func TestSignRefusesLooks(t *testing.T) {
	base := testBase(t, "secretary")
	s := testSigner(t, testPanel(), "secretary", "甲")
	for what, c := range map[string]struct {
		look review.Look
		want review.Code
	}{
		"strokes beside the pad": {review.Look{Strokes: review.Strokes{Width: 1, Height: 1, Lines: [][]review.Point{{{X: 2}}}}}, review.CodeStrokes},
		"a caption that steers":  {review.Look{Caption: "乙\x1b[31m"}, review.CodeTextControl},
		"a blank caption":        {review.Look{Caption: " "}, review.CodeTextEmpty},
		"a long caption":         {review.Look{Caption: strings.Repeat("长", review.MaxName+1)}, review.CodeTextLong},
		"a caption of no glyph":  {review.Look{Caption: "𡋤"}, review.CodeTextGlyph},
	} {
		t.Run(what, func(t *testing.T) {
			s.Look = c.look
			_, err := Sign(base, s, testFonts())
			reviewtest.WantCode(t, err, c.want)
		})
	}
	_, err := Sign(base, testSigner(t, testPanel(), "secretary", "王𡋤"), testFonts())
	reviewtest.WantCode(t, err, review.CodeTextGlyph)
}

// TestNameInOutlines has a reader draw the same name twice: as text of the embedded font,
// and as the outlines of a signature. The pictures are the same but for the edges.
func TestNameInOutlines(t *testing.T) {
	const name, size = "龚𫖮永国", lookName
	place := layout.Field{Name: "secretary", X: 100, Y: 50, W: 200, H: 40}
	draw := func(page layout.Page, sign bool) []byte {
		b, err := Compose([]layout.Page{page}, testFonts(), testMeta)
		if err != nil {
			t.Fatal(err)
		}
		if sign {
			b = mustSign(t, b, testSigner(t, testPanel(), "secretary", name))
		}
		file := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("pdftoppm", "-r", "144", "-gray", "-png", "-singlefile", "-x", "200", "-y", "100", "-W", "400", "-H", "80", file, file).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		f, err := os.Open(file + ".png")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		im, err := png.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		var out []byte
		for y := range 80 {
			for x := range 400 {
				v, _, _, _ := im.At(x, y).RGBA()
				out = append(out, byte(v>>8))
			}
		}
		return out
	}
	b, err := appearance(review.Look{}, name, place.W, place.H, testFonts())
	if err != nil {
		t.Fatal(err)
	}
	p := &parser{b: b}
	p.word()
	var m array
	for range 6 {
		v, err := p.value(0)
		if err != nil {
			t.Fatal(err)
		}
		m = append(m, v)
	}
	other := layout.Span{Face: layout.Song, Size: 9, X: 100, Y: 500, Text: "页"}
	outlined := draw(layout.Page{Spans: []layout.Span{other}, Fields: []layout.Field{place}}, true)
	set := draw(layout.Page{Spans: []layout.Span{other, {
		Face: layout.Kai, Size: size, Text: name,
		X: place.X + floats(m)[4], Y: place.Y + place.H - floats(m)[5],
	}}}, false)
	dark, differ := 0, 0
	for i := range set {
		if set[i] < 128 {
			dark++
		}
		if d := int(set[i]) - int(outlined[i]); d > 128 || d < -128 {
			differ++
		}
	}
	if dark < 1000 || differ > dark/10 {
		t.Errorf("%d dark dots, %d differ", dark, differ)
	}
}
