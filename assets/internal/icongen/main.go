// Command icongen draws the program's icon: a sheet in a 藏青 folder under a
// 朱红 seal with the character 合. Everything is drawn here but the character,
// whose outline comes from fonts/serif-bold.ttf.
//
//	cd assets && go generate
//
// It is a developer's tool and no part of the program.
package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"log"
	"os"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// The colours are those of the program's theme.
var (
	navy     = color.RGBA{0x1F, 0x4E, 0x79, 0xFF}
	deepNavy = color.RGBA{0x16, 0x3A, 0x5C, 0xFF}
	red      = color.RGBA{0xA6, 0x1B, 0x1B, 0xFF}
	sheet    = color.RGBA{0xFF, 0xFF, 0xFF, 0xFF}
	hairline = color.RGBA{0xD9, 0xD4, 0xC7, 0xFF}
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("icongen: ")
	data, err := os.ReadFile("fonts/serif-bold.ttf")
	if err != nil {
		log.Fatal(err)
	}
	serif, err := sfnt.Parse(data)
	if err != nil {
		log.Fatal(err)
	}
	for name, c := range map[string]*canvas{
		"icons/heyi.png":    full(serif),
		"icons/heyi-64.png": small(serif),
	} {
		var out bytes.Buffer
		if err := png.Encode(&out, c.img); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(name, out.Bytes(), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// full is the icon as it was meant, 512 pixels square.
func full(serif *sfnt.Font) *canvas {
	c := newCanvas(512)
	c.folder()
	for i, right := range []float32{388, 388, 300} {
		y := 148 + 36*float32(i)
		c.box(124, y, right, y+12, 6, hairline)
	}
	c.box(226, 236, 450, 460, 26, sheet) // a margin that lifts the seal off the folder
	c.box(236, 246, 440, 450, 18, red)
	c.hanzi(serif, '合', 338, 348, 176, sheet)
	return c
}

// small leaves out what would blur at 64 pixels and enlarges the seal.
func small(serif *sfnt.Font) *canvas {
	c := newCanvas(64)
	c.folder()
	c.box(160, 184, 480, 504, 36, sheet)
	c.box(176, 200, 464, 488, 28, red)
	c.hanzi(serif, '合', 320, 344, 264, sheet)
	return c
}

// A canvas draws in units of 1/512 of its side.
type canvas struct {
	img  *image.RGBA
	unit float32 // pixels a unit
}

func newCanvas(side int) *canvas {
	return &canvas{image.NewRGBA(image.Rect(0, 0, side, side)), float32(side) / 512}
}

// folder is the ground of both icons: back and tab, the sheet, the front edge.
func (c *canvas) folder() {
	c.box(40, 36, 232, 140, 24, deepNavy)
	c.box(40, 72, 472, 476, 24, deepNavy)
	c.box(84, 100, 428, 460, 10, sheet)
	c.box(40, 400, 472, 476, 24, navy)
	c.box(40, 400, 472, 440, 0, navy)
}

// box fills a rectangle with rounded corners.
func (c *canvas) box(x0, y0, x1, y1, radius float32, fill color.Color) {
	const k = 0.5523 // of a radius: the handle of the cubic nearest to a quarter circle
	h := radius * (1 - k)
	p := c.path()
	p.move(x0+radius, y0)
	p.line(x1-radius, y0)
	p.cube(x1-h, y0, x1, y0+h, x1, y0+radius)
	p.line(x1, y1-radius)
	p.cube(x1, y1-h, x1-h, y1, x1-radius, y1)
	p.line(x0+radius, y1)
	p.cube(x0+h, y1, x0, y1-h, x0, y1-radius)
	p.line(x0, y0+radius)
	p.cube(x0, y0+h, x0+h, y0, x0+radius, y0)
	p.fill(fill)
}

// hanzi fills a character with the middle of its ink at (x, y).
func (c *canvas) hanzi(f *sfnt.Font, r rune, x, y, size float32, fill color.Color) {
	const ppem = 1024
	var buf sfnt.Buffer
	glyph, err := f.GlyphIndex(&buf, r)
	if err != nil {
		log.Fatal(err)
	}
	ink, _, err := f.GlyphBounds(&buf, glyph, fixed.I(ppem), font.HintingNone)
	if err != nil {
		log.Fatal(err)
	}
	outline, err := f.LoadGlyph(&buf, glyph, fixed.I(ppem), nil)
	if err != nil {
		log.Fatal(err)
	}
	middle := ink.Min.Add(ink.Max).Div(fixed.I(2))
	at := func(p fixed.Point26_6) (float32, float32) {
		d := p.Sub(middle)
		return x + float32(d.X)/64*size/ppem, y + float32(d.Y)/64*size/ppem
	}
	p := c.path()
	for _, s := range outline {
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			p.move(ax, ay)
		case sfnt.SegmentOpLineTo:
			p.line(ax, ay)
		case sfnt.SegmentOpQuadTo:
			p.quad(ax, ay, bx, by)
		}
	}
	p.fill(fill)
}

// A path is one closed shape on a canvas.
type path struct {
	c *canvas
	r *vector.Rasterizer
}

func (c *canvas) path() path {
	side := c.img.Bounds().Dx()
	return path{c, vector.NewRasterizer(side, side)}
}

func (p path) move(x, y float32) {
	p.r.ClosePath()
	p.r.MoveTo(x*p.c.unit, y*p.c.unit)
}

func (p path) line(x, y float32) { p.r.LineTo(x*p.c.unit, y*p.c.unit) }

func (p path) quad(bx, by, cx, cy float32) {
	u := p.c.unit
	p.r.QuadTo(bx*u, by*u, cx*u, cy*u)
}

func (p path) cube(bx, by, cx, cy, dx, dy float32) {
	u := p.c.unit
	p.r.CubeTo(bx*u, by*u, cx*u, cy*u, dx*u, dy*u)
}

func (p path) fill(fill color.Color) {
	p.r.ClosePath()
	p.r.Draw(p.c.img, p.c.img.Bounds(), image.NewUniform(fill), image.Point{})
}
