//go:build window

package main

import (
	endian "encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"heyi/assets"
)

// look gives what the screen shows, as the server keeps it: an X window dump.
func (d *desktop) look() *image.RGBA {
	d.t.Helper()
	raw, err := os.ReadFile(filepath.Join(d.home, "Xvfb_screen0"))
	if err != nil {
		d.t.Fatal(err)
	}
	field := func(i int) int { return int(endian.BigEndian.Uint32(raw[4*i:])) }
	const width, height, depth, stride, colours = 4, 5, 11, 12, 19
	if field(depth) != 32 {
		d.t.Fatalf("the screen has %d bits a pixel", field(depth))
	}
	pixels := raw[field(0)+12*field(colours):]
	img := image.NewRGBA(image.Rect(0, 0, field(width), field(height)))
	for y := range field(height) {
		row := pixels[y*field(stride):]
		for x := range field(width) {
			from, to := row[4*x:4*x+4], img.Pix[y*img.Stride+4*x:]
			to[0], to[1], to[2], to[3] = from[2], from[1], from[0], 0xFF
		}
	}
	return img
}

// Where pages stand on a screen of 1366×768, and how codes are set on them.
var pageArea = image.Rect(160, 118, 1345, 695)

const (
	codeSize   = 22 // pixels
	codeHigh   = 17 // from the top of a capital to the line; of some letters a tail hangs below
	codeWidest = 180
	codeLetter = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
)

// readCode reads the code that a picture of the screen shows, as the eye does: it is the one
// short line in large type, and each of its letters is the one that looks most like it.
func readCode(t testing.TB, screen image.Image) string {
	t.Helper()
	f, err := opentype.Parse(assets.SansBold)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: codeSize, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		t.Fatal(err)
	}
	line := codeLine(t, screen)
	ink := func(x, y int) float64 {
		if !image.Pt(x, y).In(screen.Bounds()) {
			return 0
		}
		r, g, b, _ := screen.At(x, y).RGBA()
		return 1 - float64(r+g+b)/(3*0xFFFF)
	}
	code, pen := "", float64(line.Min.X)
	for i := range 9 {
		letters := codeLetter
		if i == 4 {
			letters = "-"
		}
		best, bestLetter, bestPen := math.Inf(1), ' ', 0.0
		for _, c := range letters {
			bounds, _, _ := face.GlyphBounds(c)
			first := 0.0
			if i == 0 { // the line begins where its ink does
				first = -float64(bounds.Min.X) / 64
			}
			for dx := -2.5; dx <= 2.5; dx += 0.25 {
				for dy := -1.5; dy <= 1.5; dy += 0.5 {
					if e := differs(face, c, pen+first+dx, float64(line.Min.Y+codeHigh)+dy, ink); e < best {
						advance, _ := face.GlyphAdvance(c)
						best, bestLetter, bestPen = e, c, pen+first+dx+float64(advance)/64
					}
				}
			}
		}
		code, pen = code+string(bestLetter), bestPen
	}
	return code
}

// differs compares what stands at a place with a letter: 0 for the same, 1 for nothing alike.
func differs(face font.Face, c rune, x, y float64, ink func(x, y int) float64) float64 {
	at := fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}
	where, mask, from, _, ok := face.Glyph(at, c)
	if !ok {
		return 1
	}
	glyph := image.NewAlpha(where)
	draw.Draw(glyph, where, mask, from, draw.Src)
	sum, all := 0.0, 0.0
	for py := where.Min.Y - 1; py <= where.Max.Y; py++ {
		for px := where.Min.X; px < where.Max.X; px++ {
			want := 0.0
			if image.Pt(px, py).In(where) {
				want = float64(glyph.AlphaAt(px, py).A) / 0xFF
			}
			got := ink(px, py)
			sum, all = sum+math.Abs(want-got), all+max(want, got)
		}
	}
	return sum / max(all, 1)
}

// codeLine finds the ink of the line in which the code stands.
func codeLine(t testing.TB, screen image.Image) image.Rectangle {
	t.Helper()
	inked := func(x, y int) bool { return color.GrayModel.Convert(screen.At(x, y)).(color.Gray).Y < 0x90 }
	line := image.Rectangle{}
	for y := pageArea.Min.Y; y < pageArea.Max.Y; y++ {
		row := image.Rectangle{}
		for x := pageArea.Min.X + 8; x < pageArea.Max.X-8; x++ {
			if inked(x, y) {
				row = row.Union(image.Rect(x, y, x+1, y+1))
			}
		}
		if !row.Empty() {
			line = line.Union(row)
			continue
		}
		if line.Dy() >= codeSize/2 && line.Dx() < codeWidest {
			return line
		}
		line = image.Rectangle{}
	}
	t.Fatal("the screen shows no code")
	return line
}
