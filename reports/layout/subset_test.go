package layout

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"heyi/assets"
)

func TestSubset(t *testing.T) {
	for face := range faces {
		f := testFonts().Font(face)
		var codes []uint16
		for _, r := range "评审会议记录ABC，𫖮𬬻评é" {
			code, ok := f.Code(r)
			if !ok {
				t.Fatalf("%v lacks %c", face, r)
			}
			codes = append(codes, code)
		}
		b, err := f.Subset(codes)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 300_000 {
			t.Errorf("%v: subset of %d bytes", face, len(b))
		}
		small, err := ParseFont(b)
		if err != nil {
			t.Fatal(err)
		}
		if small.Name() != f.Name() {
			t.Errorf("name %q", small.Name())
		}
		n := 0
		for c, g := range small.glyphs {
			if g == 0 {
				continue
			}
			n++
			if g != f.glyphs[c] || small.Advance(uint16(c)) != f.Advance(uint16(c)) {
				t.Errorf("%v: code %04X is another glyph", face, c)
			}
			want, _ := f.outline(int(g))
			if got, err := small.outline(int(g)); err != nil || !bytes.HasPrefix(got, want) || len(got) > len(want)+3 {
				t.Errorf("%v: code %04X has another outline, %v", face, c, err)
			}
		}
		if n != len(codes)-1 { // 评 is there twice
			t.Errorf("%v: %d codes in the subset of %d", face, n, len(codes))
		}
	}
}

// TestSubsetEverything keeps all codes; no run of them may lose one.
func TestSubsetEverything(t *testing.T) {
	f := testFonts().Font(Kai)
	var codes []uint16
	for c, g := range f.glyphs {
		if g != 0 {
			codes = append(codes, uint16(c))
		}
	}
	b, err := f.Subset(codes)
	if err != nil {
		t.Fatal(err)
	}
	small, err := ParseFont(b)
	if err != nil {
		t.Fatal(err)
	}
	for c := range f.glyphs {
		if small.glyphs[c] != f.glyphs[c] {
			t.Fatalf("code %04X is glyph %d, was %d", c, small.glyphs[c], f.glyphs[c])
		}
	}
}

func TestComponents(t *testing.T) {
	outline := words(0xFFFF, 0, 0, 0, 0,
		1|8|32, 5, 0, 0, 0, // words, a scale
		64|32, 6, 0, 0, 0, // bytes, two scales
		128|32, 7, 0, 0, 0, 0, 0, // bytes, a matrix
		0, 8, 0)
	var got []int
	if err := components(view(outline), func(g int) { got = append(got, g) }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 || got[0] != 5 || got[1] != 6 || got[2] != 7 || got[3] != 8 {
		t.Errorf("components %v", got)
	}
	if err := components(view(outline[:30]), func(int) {}); err == nil {
		t.Error("a composite outline cut short passes")
	}
	if err := components(view(words(1, 0, 0)), func(g int) { t.Errorf("a plain outline needs %d", g) }); err != nil {
		t.Error(err)
	}
}

// TestSubsetComposite keeps the parts of a composite glyph, also nested ones.
func TestSubsetComposite(t *testing.T) {
	part := func(g int) []byte { return words(0xFFFF, 0, 0, 0, 0, 0, g, 0) }
	plain := words(1, 0, 0, 0, 0, 0)
	b := smallFont(bmpMap(), fullMap())
	f, err := ParseFont(b)
	if err != nil {
		t.Fatal(err)
	}
	f.tables["glyf"] = bytes.Join([][]byte{plain, plain, part(3), part(1)}, nil)
	f.tables["loca"] = words(0, 6, 12, 20, 28)
	for codes, want := range map[uint16][]int{'A': {12, 12, 16, 16}, ' ': {12, 12, 0, 0}} {
		b, err := f.Subset([]uint16{codes})
		if err != nil {
			t.Fatal(err)
		}
		s, err := ParseFont(b)
		if err != nil {
			t.Fatal(err)
		}
		for g, n := range want {
			if o, err := s.outline(g); err != nil || len(o) != n {
				t.Errorf("subset of %c: glyph %d has %d bytes, %v, want %d", codes, g, len(o), err, n)
			}
		}
	}
	f.tables["glyf"] = bytes.Join([][]byte{plain, plain, part(9), plain}, nil)
	if _, err := f.Subset([]uint16{'A'}); err == nil {
		t.Error("a part that no glyph is passes")
	}
	f.tables["loca"] = words(0, 6)
	if _, err := f.Subset([]uint16{'A'}); err == nil {
		t.Error("a loca that is cut short passes")
	}
	f.tables["head"] = f.tables["head"][:53]
	if _, err := f.Subset(nil); err == nil {
		t.Error("a head that is cut short passes")
	}
}

// TestSubsetDamaged changes outlines and their index at random: an error or
// not, but never a panic.
func TestSubsetDamaged(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	b := bytes.Clone(assets.SansRegular)
	at := func(table string) (from, n int) {
		i := bytes.Index(b, []byte(table))
		return int(binary.BigEndian.Uint32(b[i+8:])), int(binary.BigEndian.Uint32(b[i+12:]))
	}
	f, err := ParseFont(b)
	if err != nil {
		t.Fatal(err)
	}
	var codes []uint16
	for c := 0x4E00; c < 0x5000; c++ {
		codes = append(codes, uint16(c))
	}
	for range 100 {
		from, n := at([]string{"loca", "glyf"}[r.IntN(2)])
		for range 2000 {
			b[from+r.IntN(n)] = byte(r.IntN(256))
		}
		if s, err := f.Subset(codes); err == nil {
			if _, err := ParseFont(s); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func BenchmarkSubset(b *testing.B) {
	g := textGlyphs(b, "评审组经讨论认为该项目建设方案总体可行")
	var codes []uint16
	for _, g := range g {
		codes = append(codes, uint16(g.r))
	}
	for b.Loop() {
		if _, err := testFonts().Font(Song).Subset(codes); err != nil {
			b.Fatal(err)
		}
	}
}
