package layout

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"heyi/assets"
)

func TestFontCodes(t *testing.T) {
	for face := range faces {
		f := testFonts().Font(face)
		for _, c := range []struct {
			r     rune
			width int
		}{{'评', 1000}, {'，', 1000}, {'—', 1000}, {'“', 1000}, {'䶮', 1000}, {'㛃', 1000}, {'𫖮', 1000}, {'𬬻', 1000}} {
			code, ok := f.Code(c.r)
			if !ok || f.Advance(code) != c.width {
				t.Errorf("%v: %c has code %04X, %v, width %d", face, c.r, code, ok, f.Advance(code))
			}
			if private := code >= firstPrivate && code <= lastPrivate; private != (c.r > 0xFFFF) || !private && rune(code) != c.r {
				t.Errorf("%v: %c has code %04X", face, c.r, code)
			}
		}
		if code, _ := f.Code('i'); f.Advance(code) < 200 || f.Advance(code) > 400 {
			t.Errorf("%v: i is %d wide", face, f.Advance(code))
		}
		for _, r := range []rune{0xE000, 0xF8FF, 0xFFFF, 0xD800, -1, 0x10FFFF, '𡋤'} {
			if code, ok := f.Code(r); ok {
				t.Errorf("%v: %U has code %04X", face, r, code)
			}
		}
	}
	if got := testFonts().Font(Song).Name(); got != "NotoSerifSC-Regular" {
		t.Errorf("name %q", got)
	}
}

// TestFontCodesDiffer wants no two characters to share a code: copied text would
// have the wrong one.
func TestFontCodesDiffer(t *testing.T) {
	for face := range faces {
		f := testFonts().Font(face)
		seen := map[uint16]rune{}
		for r := rune(0); r <= 0x3FFFF; r++ {
			code, ok := f.Code(r)
			if !ok {
				continue
			}
			if other, twice := seen[code]; twice {
				t.Fatalf("%v: %U and %U are both %04X", face, other, r, code)
			}
			seen[code] = r
		}
		if len(seen) < 8105 {
			t.Errorf("%v: %d characters", face, len(seen))
		}
	}
}

// TestJoiningMissing wants no font to print what has no place of its own.
func TestJoiningMissing(t *testing.T) {
	n := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, unicode.M, unicode.Cf) {
			continue
		}
		n++
		for face := range faces {
			if _, ok := testFonts().Font(face).Code(r); ok {
				t.Errorf("%v: %U has a code", face, r)
			}
		}
	}
	if n < 2000 {
		t.Errorf("only %d such characters", n)
	}
}

// TestTable8105 wants every face to have the national table of characters, so
// that a name never changes face inside.
func TestTable8105(t *testing.T) {
	n := 0
	for _, r := range strings.TrimSpace(assets.Table8105) {
		n++
		for face := range faces {
			if in, _, ok := testFonts().find(face, r); !ok || in != face {
				t.Errorf("%v does not have %c", face, r)
			}
		}
	}
	if n != 8105 {
		t.Errorf("the table has %d characters", n)
	}
}

func TestMissing(t *testing.T) {
	for text, want := range map[string]string{
		"":              "",
		"评审会议记录 PDF/A":  "",
		"䶮㛃𫖮龚":          "",
		"甲𡋤乙𡋤\uE000":    "𡋤\uE000",
		"a\tb\n":        "\t\n",
		"坏\xFF":         "\uFFFD",
		"☑同意☐不同意□":      "",
		"é e\u0301":     "\u0301",
		"国\u20DD\u302A": "\u20DD\u302A",
		"软\u00AD连字符":    "\u00AD",
	} {
		if got := string(testFonts().Missing(text)); got != want {
			t.Errorf("%q misses %q, want %q", text, got, want)
		}
	}
	_, err := testFonts().Set(Document{Title: "会𡋤议", Blocks: []Block{Paragraph{Text: "𡋤\uE001"}}})
	missing, ok := err.(*MissingError)
	if !ok || string(missing.Runes) != "𡋤\uE001" || err.Error() != "no font has U+212E4 U+E001" {
		t.Errorf("error %v", err)
	}
}

// TestRareStandsIn prints what the cut fonts lack in the one full font.
func TestRareStandsIn(t *testing.T) {
	rare := rune(0)
	for r := rune(0x3400); r < 0x4DB6 && rare == 0; r++ {
		_, inSong := testFonts().Font(Song).Code(r)
		if _, inRare := testFonts().Font(Rare).Code(r); inRare && !inSong {
			rare = r
		}
	}
	if rare == 0 {
		t.Fatal("the full font has no more characters than the cut one")
	}
	for _, face := range []Face{Song, Title, Hei} {
		if in, _, ok := testFonts().find(face, rare); !ok || in != Rare {
			t.Errorf("%c is asked of %v and printed in %v, %v", rare, face, in, ok)
		}
	}
	s := &setter{fonts: testFonts()}
	line := s.lines(Song, 10, area, flushLeft, "甲"+string(rare)+"乙")[0]
	if len(line) != 3 || line[1].Face != Rare || line[1].X != 10 || line[2].X != 20 || line[2].Text != "乙" {
		t.Errorf("spans %+v", line)
	}
}

// smallFont makes a font of a few glyphs from its two character maps.
func smallFont(format4, format12 []byte) []byte {
	be := binary.BigEndian
	cmap := be.AppendUint32([]byte{0, 0, 0, 2, 0, 3, 0, 1}, 20)
	cmap = be.AppendUint32(append(cmap, 0, 3, 0, 10), uint32(20+len(format4)))
	cmap = slices.Concat(cmap, format4, format12)
	head := make([]byte, 54)
	be.PutUint16(head[18:], 2048)
	hhea := make([]byte, 36)
	be.PutUint16(hhea[34:], 2)
	hmtx := []byte{8, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0} // 2048, then 1025 units; further side bearings
	name := []byte{0, 0, 0, 1, 0, 18, 0, 3, 0, 1, 4, 9, 0, 6, 0, 6, 0, 0}
	name = append(name, 0, 'A', 0, '-', 0, 'b')
	tables := []struct {
		tag  string
		data []byte
	}{
		{"OS/2", make([]byte, 78)}, {"cmap", cmap}, {"glyf", make([]byte, 4)}, {"head", head}, {"hhea", hhea},
		{"hmtx", hmtx}, {"loca", make([]byte, 10)}, {"maxp", []byte{0, 1, 0, 0, 0, 4}}, {"name", name}, {"post", make([]byte, 32)},
	}
	b := be.AppendUint16([]byte{0, 1, 0, 0}, uint16(len(tables)))
	b = append(b, make([]byte, 6)...)
	offset := 12 + 16*len(tables)
	var data []byte
	for _, t := range tables {
		b = append(append(b, t.tag...), 0, 0, 0, 0)
		b = be.AppendUint32(b, uint32(offset+len(data)))
		b = be.AppendUint32(b, uint32(len(t.data)))
		data = append(data, t.data...)
	}
	return append(b, data...)
}

// words gives big-endian 16-bit numbers.
func words(v ...int) []byte {
	var b []byte
	for _, x := range v {
		b = binary.BigEndian.AppendUint16(b, uint16(x))
	}
	return b
}

// bmpMap maps space to glyph 1, A B C through an array to 2, 0 and 3, and
// U+E000 to U+E002 to glyphs 2, 3 and 3.
func bmpMap() []byte {
	return words(4, 0x40, 0, 8, 0, 0, 0,
		' ', 'C', 0xE002, 0xFFFF, 0,
		' ', 'A', 0xE000, 0xFFFF,
		1-' ', 1, 0, 1,
		0, 6, 10, 0,
		1, 0, 2,
		2, 3, 3)
}

func fullMap(groups ...[3]int) []byte {
	b := words(12, 0, 0, 16+12*len(groups), 0, 0, 0, len(groups))
	for _, g := range groups {
		for _, v := range g {
			b = binary.BigEndian.AppendUint32(b, uint32(v))
		}
	}
	return b
}

func TestSmallFont(t *testing.T) {
	f, err := ParseFont(smallFont(bmpMap(), fullMap([3]int{'A', 'A', 2}, [3]int{0xFFFF, 0x10001, 1}, [3]int{0x20000, 0x20000, 3}, [3]int{0x20001, 0x20001, 3})))
	if err != nil {
		t.Fatal(err)
	}
	if f.Name() != "A-b" {
		t.Errorf("name %q", f.Name())
	}
	for r, want := range map[rune]int{' ': ' ', 'A': 'A', 'B': 0, 'C': 'C', 'D': 0, 0x10000: 0xE000, 0x10001: 0xE001, 0x20000: 0xE002, 0x20001: 0, 0xFFFF: 0} {
		if code, ok := f.Code(r); int(code) != want && ok || ok != (want != 0) {
			t.Errorf("%U has code %04X, %v, want %04X", r, code, ok, want)
		}
	}
	for code, want := range map[uint16]int{' ': 500, 'A': 500, 'Z': 1000} { // rounded from 500.49; glyph 0
		if got := f.Advance(code); got != want {
			t.Errorf("%04X is %d wide, want %d", code, got, want)
		}
	}
}

func TestParseFontRefuses(t *testing.T) {
	good := smallFont(bmpMap(), fullMap())
	if _, err := ParseFont(good); err != nil {
		t.Fatal(err)
	}
	with := func(change func(b []byte)) []byte {
		b := bytes.Clone(good)
		change(b)
		return b
	}
	cmap := func(at int, v ...byte) []byte {
		return with(func(b []byte) { copy(b[bytes.Index(b, bmpMap())+at:], v) })
	}
	table := func(tag string) int { return 8 + bytes.Index(good, []byte(tag)) }
	start := func(tag string) int { return int(binary.BigEndian.Uint32(good[table(tag):])) }
	for name, b := range map[string][]byte{
		"nothing":                       nil,
		"text":                          []byte("评审会议记录"),
		"OpenType with PostScript":      with(func(b []byte) { copy(b, "OTTO") }),
		"a collection":                  with(func(b []byte) { copy(b, "ttcf") }),
		"cut inside the directory":      good[:40],
		"cut inside a table":            good[:len(good)-1],
		"no hmtx":                       with(func(b []byte) { copy(b[table("hmtx")-8:], "xxxx") }),
		"no em":                         with(func(b []byte) { copy(b[start("head")+18:], "\x00\x00") }),
		"metrics of another format":     with(func(b []byte) { b[start("hhea")+33] = 1 }),
		"outlines of another format":    with(func(b []byte) { b[start("head")+53] = 1 }),
		"no glyphs":                     with(func(b []byte) { copy(b[start("maxp")+4:], "\x00\x00") }),
		"more widths than glyphs":       with(func(b []byte) { copy(b[start("hhea")+34:], "\x00\x09") }),
		"more widths than hmtx":         with(func(b []byte) { copy(b[table("hmtx")+4:], "\x00\x00\x00\x04") }),
		"no format 4":                   cmap(0, 0, 6),
		"more segments than bytes":      cmap(6, 0xFF, 0xFE),
		"segments out of order":         cmap(14+8+2, 0, 'D'),
		"a map beyond the table":        with(func(b []byte) { copy(b[start("cmap")+8:], "\x00\x01") }),
		"names of format 1":             with(func(b []byte) { copy(b[start("name"):], "\x00\x01") }),
		"no PostScript name":            with(func(b []byte) { b[start("name")+13] = 4 }),
		"a PostScript name with spaces": with(func(b []byte) { b[start("name")+21] = ' ' }),
		"names beyond the table":        with(func(b []byte) { b[start("name")+15] = 200 }),
		"more groups than bytes":        smallFont(bmpMap(), append(fullMap()[:15], 9)),
		"groups out of order":           smallFont(bmpMap(), fullMap([3]int{0x20000, 0x20001, 1}, [3]int{0x20001, 0x20002, 1})),
		"a group beyond Unicode":        smallFont(bmpMap(), fullMap([3]int{0x20000, 0x110000, 1})),
	} {
		if _, err := ParseFont(b); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := NewFonts(map[Face][]byte{Song: assets.SerifRegular}); err == nil || !strings.Contains(err.Error(), "Rare") {
		t.Errorf("four fonts missing: %v", err)
	}
}

// TestParseFontDamaged changes real fonts at random: an error or not, but never
// a panic, also when the font is then used.
func TestParseFontDamaged(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	cmapAt := bytes.Index(assets.SansBold, []byte("cmap")) + 8
	cmap := int(binary.BigEndian.Uint32(assets.SansBold[cmapAt:]))
	b := bytes.Clone(assets.SansBold)
	for range 300 {
		at := []int{r.IntN(300), cmap + r.IntN(64), r.IntN(len(b))}[r.IntN(3)]
		old := b[at]
		b[at] = byte(r.IntN(256))
		if f, err := ParseFont(b); err == nil {
			for _, c := range "评A𫖮" {
				code, _ := f.Code(c)
				f.Advance(code)
			}
		}
		b[at] = old
	}
}

func FuzzParseFont(f *testing.F) {
	f.Add(smallFont(bmpMap(), fullMap([3]int{0x10000, 0x10001, 1})))
	f.Fuzz(func(t *testing.T, b []byte) {
		font, err := ParseFont(b)
		if err != nil {
			return
		}
		for r := range rune(0x30000) {
			if code, ok := font.Code(r); ok {
				font.Advance(code)
			}
		}
	})
}

func BenchmarkParseFont(b *testing.B) {
	for b.Loop() {
		if _, err := ParseFont(assets.SerifRegular); err != nil {
			b.Fatal(err)
		}
	}
}
