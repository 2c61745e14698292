package layout

import (
	"sync"
	"testing"

	"heyi/assets"
)

// testFonts are the fonts of the program, read once.
var testFonts = sync.OnceValue(func() *Fonts {
	f, err := NewFonts(testData())
	if err != nil {
		panic(err)
	}
	return f
})

func testData() map[Face][]byte {
	return map[Face][]byte{
		Song: assets.SerifRegular, Rare: assets.Rare, Title: assets.SerifBold,
		Hei: assets.SansBold, Kai: assets.Kai,
	}
}

// textGlyphs gives the glyphs of text in the face of running text.
func textGlyphs(tb testing.TB, text string) []glyph {
	tb.Helper()
	s := &setter{fonts: testFonts()}
	g := s.glyphs(Song, text)
	if len(s.missing) > 0 {
		tb.Fatalf("no font has %q", string(s.missing))
	}
	return g
}

// textOf joins the characters of glyphs.
func textOf(g []glyph) string {
	r := make([]rune, len(g))
	for i, g := range g {
		r[i] = g.r
	}
	return string(r)
}
