package layout

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"heyi/assets"
)

// dejaVu is a font with composite glyphs, of up to eight parts: ours have next to none.
// It lies beside the source of the composer.
func dejaVu(tb testing.TB) []byte {
	tb.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/jung-kurt/gofpdf").Output()
	if err != nil {
		tb.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "font", "DejaVuSansCondensed.ttf"))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestContours compares every outline of our fonts, every eighth of the largest, and of one with many
// composite glyphs, with what another reader makes of it.
func TestContours(t *testing.T) {
	for name, data := range map[string][]byte{
		"SerifRegular": assets.SerifRegular, "SerifBold": assets.SerifBold, "Rare": assets.Rare,
		"SansRegular": assets.SansRegular, "Kai": assets.Kai,
		"DejaVu": dejaVu(t),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := ParseFont(data)
			if err != nil {
				t.Fatal(err)
			}
			other, err := sfnt.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			em := fixed.I(int(other.UnitsPerEm())) // so that a unit of the design is 64 of theirs
			if f.Em() != fine*int(other.UnitsPerEm()) {
				t.Fatalf("em %d", f.Em())
			}
			var b sfnt.Buffer
			seen := map[uint16]bool{}
			for code, glyph := range f.glyphs {
				if glyph == 0 || seen[glyph] || name == "Rare" && glyph%8 != 0 { // it has tens of thousands
					continue
				}
				seen[glyph] = true
				got, err := f.Contours(uint16(code))
				if err != nil {
					t.Fatalf("%U: %v", code, err)
				}
				want, err := other.LoadGlyph(&b, sfnt.GlyphIndex(glyph), em, nil)
				if err != nil {
					t.Fatalf("%U: %v", code, err)
				}
				if !alike(got, want) {
					t.Fatalf("%U, glyph %d:\ngot  %v\nwant %v", code, glyph, got, want)
				}
			}
			if len(seen) < 8000 && name != "Rare" && name != "DejaVu" {
				t.Errorf("%d glyphs only", len(seen))
			}
		})
	}
}

// alike compares contours: theirs are in 64ths of a unit, upside down, of quadratic
// curves, rounded, and may begin elsewhere.
func alike(got []Contour, want sfnt.Segments) bool {
	dot := func(p fixed.Point26_6) Dot { return Dot{divide(int(p.X)*fine, 64), -divide(int(p.Y)*fine, 64)} }
	var theirs []Contour
	var at Dot
	for _, s := range want {
		end := dot(s.Args[0])
		if s.Op == sfnt.SegmentOpMoveTo {
			theirs = append(theirs, Contour{Start: end})
			at = end
			continue
		}
		c := Curve{Straight: true, End: end}
		if s.Op == sfnt.SegmentOpQuadTo {
			c = cubic(at, end, dot(s.Args[1]))
		}
		at = c.End
		last := &theirs[len(theirs)-1]
		last.Curves = append(last.Curves, c)
	}
	theirs = slices.DeleteFunc(theirs, func(c Contour) bool { return len(c.Curves) == 1 }) // a point shows nothing
	return slices.EqualFunc(got, theirs, func(a, b Contour) bool {
		for turn := range a.Curves {
			if slices.EqualFunc(slices.Concat(a.Curves[turn:], a.Curves[:turn]), b.Curves, same) {
				return true
			}
		}
		return false
	})
}

// same tells whether two curves differ by no more than theirs were rounded.
func same(a, b Curve) bool {
	near := func(a, b Dot) bool { return max(a.X-b.X, b.X-a.X, a.Y-b.Y, b.Y-a.Y) <= fine-1 }
	return a.Straight == b.Straight && near(a.A, b.A) && near(a.B, b.B) && near(a.End, b.End)
}

func TestOutlines(t *testing.T) {
	fonts := testFonts()
	glyphs, err := fonts.Outlines(Kai, "龚𫖮 A")
	if err != nil || len(glyphs) != 4 {
		t.Fatalf("%d glyphs, %v", len(glyphs), err)
	}
	for i, g := range glyphs {
		if g.Em < 6000 || (len(g.Contours) == 0) != (i == 2) || g.Advance < 200 || i < 2 && g.Advance != 1000 {
			t.Errorf("glyph %d: em %d, advance %d, %d contours", i, g.Em, g.Advance, len(g.Contours))
		}
	}
	_, err = fonts.Outlines(Kai, "王𡋤")
	if missing, ok := err.(*MissingError); !ok || !slices.Equal(missing.Runes, []rune{'𡋤'}) {
		t.Errorf("%v", err)
	}
}

// TestContour joins points in the ways that occur seldom.
func TestContour(t *testing.T) {
	on, off := func(x, y int) point { return point{Dot{x, y}, true} }, func(x, y int) point { return point{Dot{x, y}, false} }
	for _, c := range []struct {
		name   string
		points []point
		start  Dot
		ends   []Dot
	}{
		{"straight", []point{on(0, 0), on(60, 0), on(60, 60)}, Dot{0, 0}, []Dot{{60, 0}, {60, 60}, {0, 0}}},
		{"begins with a control point", []point{off(60, 0), on(60, 60), on(0, 0)}, Dot{0, 0}, []Dot{{60, 60}, {0, 0}}},
		{"control points alone", []point{off(0, 0), off(60, 0), off(60, 60), off(0, 60)}, Dot{0, 30}, []Dot{{30, 0}, {60, 30}, {30, 60}, {0, 30}}},
		{"ends with a control point", []point{on(0, 0), on(60, 0), off(60, 60)}, Dot{0, 0}, []Dot{{60, 0}, {0, 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := contour(c.points)
			var ends []Dot
			for _, k := range got.Curves {
				ends = append(ends, k.End)
			}
			if got.Start != c.start || !slices.Equal(ends, c.ends) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestContoursBroken damages every byte of outlines, and gives some that are hostile: an error or some outline, but no panic and none without end.
func TestContoursBroken(t *testing.T) {
	tried := 0
	for _, c := range []struct {
		font []byte
		r    rune
	}{{assets.Kai, '评'}, {dejaVu(t), 'é'}} {
		f, err := ParseFont(slices.Clone(c.font))
		if err != nil {
			t.Fatal(err)
		}
		code, _ := f.Code(c.r)
		b, err := f.outline(int(f.glyphs[code]))
		if err != nil || (c.r == 'é') != (b[0] >= 0x80) {
			t.Fatalf("%c: %d bytes, composed or not, %v", c.r, len(b), err)
		}
		for i := range b {
			old := b[i]
			for _, v := range []byte{0, 0xFF, old ^ 0x80, old + 1} {
				b[i] = v
				f.Contours(code)
				tried++
			}
			b[i] = old
		}
	}
	if tried < 500 {
		t.Errorf("%d changes only", tried)
	}
	for _, c := range []struct {
		name    string
		outline []byte
	}{
		{"itself a part of itself", []byte{0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, partPlaced, 0, 0, 0, 0}},
		{"itself twice", []byte{0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, partPlaced | partMore, 0, 0, 0, 0, 0, partPlaced, 0, 0, 0, 0}},
		{"parts laid point on point", []byte{0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
		{"cut within a part", []byte{0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, partPlaced | partWords, 0, 0}},
		{"contours out of order", []byte{0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 2, 0, 0}},
		{"fewer points than said", []byte{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFE, 0, 0, 1, 0}},
		{"no contours but said", []byte{0x7F, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &Font{
				glyphs: make([]uint16, 1<<16), advances: make([]uint16, 1),
				tables: map[string][]byte{
					"glyf": c.outline, "head": make([]byte, 54),
					"loca": binary.BigEndian.AppendUint16([]byte{0, 0}, uint16(len(c.outline)/2)),
				},
			}
			if got, err := f.Contours('a'); err == nil {
				t.Errorf("%+v", got)
			}
		})
	}
}
