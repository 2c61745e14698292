package pdf

import (
	"bytes"
	"slices"
	"testing"

	"heyi/assets"
	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/reviewtest"
)

func TestComposeTwice(t *testing.T) {
	fonts := [][]byte{assets.SerifRegular, assets.SerifBold, assets.SansRegular, assets.Kai, assets.Rare}
	var before []review.Digest
	for _, f := range fonts {
		before = append(before, review.DigestOf(f))
	}
	a, b := testBase(t, "secretary"), testBase(t, "secretary")
	if !bytes.Equal(a, b) {
		t.Error("the same paper composed twice differs")
	}
	for i, f := range fonts {
		if review.DigestOf(f) != before[i] {
			t.Errorf("composing wrote into font %d", i)
		}
	}
}

// TestComposeParallel runs under the race detector: composers must not share
// anything that is written.
func TestComposeParallel(t *testing.T) {
	want := testBase(t, "secretary")
	for range 6 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if !bytes.Equal(testBase(t, "secretary"), want) {
				t.Error("composed in parallel it differs")
			}
		})
	}
}

// TestComposeBrokenFont gives a font whose metrics hold, but whose outlines do
// not.
func TestComposeBrokenFont(t *testing.T) {
	broken := slices.Clone(assets.SerifRegular)
	i := bytes.Index(broken, []byte("loca"))
	copy(broken[i+8:], []byte{0, 0, 0, 0, 0, 0, 0, 64}) // offset 0, length 64
	fonts, err := layout.NewFonts(map[layout.Face][]byte{
		layout.Song: broken, layout.Rare: assets.Rare, layout.Title: assets.SerifBold,
		layout.Hei: assets.SansRegular, layout.Kai: assets.Kai,
	})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := fonts.Set(layout.Document{Title: "评审会议记录", Blocks: []layout.Block{layout.Paragraph{Text: "可行"}}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Compose(pages, fonts, testMeta)
	reviewtest.WantCode(t, err, review.CodeFont)
}

func BenchmarkCompose(b *testing.B) {
	for b.Loop() {
		testBase(b, "secretary")
	}
}
