package pdf

import (
	"bytes"
	"encoding/binary"
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

// TestComposeBrokenFont gives fonts whose metrics hold, but whose outlines or
// names do not: the latter make gofpdf panic.
func TestComposeBrokenFont(t *testing.T) {
	be := binary.BigEndian
	for _, c := range []struct {
		table  string
		damage func(entry, table []byte)
	}{
		{"loca", func(entry, _ []byte) { be.PutUint32(entry[12:], 64) }}, // its length
		{"name", func(_, table []byte) {
			record := func(n int) []byte { return table[6+12*n : 18+12*n] }
			be.PutUint16(record(2)[6:], 99) // no subfamily: the search goes on
			be.PutUint16(record(7)[6:], 4)
			be.PutUint32(record(7)[8:], 0xFFFEFFFF) // length, offset: far beyond the file
		}},
	} {
		broken := slices.Clone(assets.SerifRegular)
		entry := broken[bytes.Index(broken, []byte(c.table)):]
		c.damage(entry, broken[be.Uint32(entry[8:]):])
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
}

func BenchmarkCompose(b *testing.B) {
	for b.Loop() {
		testBase(b, "secretary")
	}
}
