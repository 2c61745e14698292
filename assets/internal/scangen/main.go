// Command scangen draws the scanned page of the sample meeting: the issue slip of the
// 预审意见, as an office scanner gives it at 100 dpi: a little turned, grey at one edge,
// speckled, with a plain round stamp that is nobody's seal. The hand is 楷体 of the
// program's own fonts. The same fonts give the same bytes.
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
	"math"
	"os"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// A4 at 100 dpi.
const (
	dpi    = 100
	width  = 827
	height = 1169
	turn   = 0.7 * math.Pi / 180 // clockwise
	seed   = 20251020            // of the speckles
)

// The levels of the picture's palette: paper and ink in greys, the stamp in reds.
const (
	greys = 24
	reds  = 8
)

var (
	paper = color.RGBA{0xF6, 0xF6, 0xF6, 0xFF}
	ink   = color.RGBA{0x24, 0x24, 0x24, 0xFF}
	pen   = color.RGBA{0x40, 0x40, 0x40, 0xFF}
	stamp = color.RGBA{0xC8, 0x3A, 0x34, 0xFF}
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("scangen: ")
	p := &page{RGBA: image.NewRGBA(image.Rect(0, 0, width, height))}
	draw.Draw(p, p.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	p.slip()
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, scanned(p.RGBA)); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("sample/demo/scan.png", out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// slip is what stands on the page, from the top.
func (p *page) slip() {
	title, label, hand := face("serif-bold", 22), face("serif-regular", 13), face("kai", 15)
	p.text(title, ink, width/2, 120, 0.5, "乐清市电子政务中心发文稿纸")
	p.text(label, ink, 86, 172, 0, "发文字号：乐电政样〔2025〕27号")
	p.text(label, ink, width-86, 172, 1, "缓急：平件　　密级：无")
	rows := []struct {
		height int
		cells  []cell
	}{
		{96, []cell{{"签发", "同意。请项目单位抓紧编制技术方案。", "卫存", "10月20日"}}},
		{84, []cell{{"会签", "无意见。", "孔督", "10月17日"}}},
		{84, []cell{{"核稿", "已核。", "何校", "10月16日"}, {"拟稿", "", "龚䶮", "10月15日"}}},
		{60, []cell{{"标题", "关于乐清市政务数据共享平台升级改造项目的预审意见", "", ""}}},
		{60, []cell{{"主送", "乐清市政务服务信息中心", "", ""}}},
		{60, []cell{{"抄送", "乐清市财政局、乐清市发展和改革局", "", ""}}},
	}
	y := 190
	for _, r := range rows {
		const all = width - 2*86
		for i, c := range r.cells {
			from, to := all*i/len(r.cells), all*(i+1)/len(r.cells)
			p.cell(label, hand, 86+from, y, to-from, r.height, c)
		}
		y += r.height
	}
	for i, line := range []string{
		"预审结论：同意该项目通过预审，列入2026年度电子政务项目申报计划。",
		"总投资控制在2,360,000.00元以内。",
		"项目投资超过200万元，应当委托具备相应工程咨询资质的单位编制技术",
		"方案，报我中心组织专家评审。",
		"原有12个接口应当继续使用，不得重复开发。",
	} {
		indent := 36.0 // two characters of 13 points, in pixels, but for what continues a line
		if i == 3 {
			indent = 0
		}
		p.text(label, ink, 86+indent, float64(y+62+i*34), 0, line)
	}
	p.text(label, ink, width-150, float64(y+270), 0.5, "乐清市电子政务中心")
	p.text(label, ink, width-150, float64(y+304), 0.5, "2025年10月20日")
	p.round(width-190, float32(y)+280, 76)
	p.text(face("kai", 10), pen, 86, height-70, 0, "（演示样例：印章为样章，单位、人员和数据均属虚构）")
}

// cell is one box of the slip: what it is for, what is written in it by hand, by whom
// and when.
type cell struct{ label, text, name, date string }

// page is drawn on in pixels from the top left.
type page struct{ *image.RGBA }

// face gives a cut font of the program in a size in points.
func face(name string, points float64) font.Face {
	data, err := os.ReadFile("fonts/" + name + ".ttf")
	if err != nil {
		log.Fatal(err)
	}
	f, err := opentype.Parse(data)
	if err != nil {
		log.Fatal(err)
	}
	out, err := opentype.NewFace(f, &opentype.FaceOptions{Size: points, DPI: dpi, Hinting: font.HintingNone})
	if err != nil {
		log.Fatal(err)
	}
	return out
}

// text writes a line whose baseline is at y. x is its left end with align 0, its middle
// with 0.5, its right end with 1.
func (p *page) text(f font.Face, c color.Color, x, y, align float64, s string) {
	wide := float64(font.MeasureString(f, s)) / 64
	d := font.Drawer{Dst: p, Src: image.NewUniform(c), Face: f,
		Dot: fixed.Point26_6{X: fixed.Int26_6((x - align*wide) * 64), Y: fixed.Int26_6(y * 64)}}
	d.DrawString(s)
}

func (p *page) cell(label, hand font.Face, x, y, w, h int, c cell) {
	const rule, head = 1, 66
	for _, r := range []image.Rectangle{
		image.Rect(x, y, x+w, y+rule), image.Rect(x, y+h, x+w, y+h+rule), image.Rect(x, y, x+rule, y+h),
		image.Rect(x+w, y, x+w+rule, y+h+rule), image.Rect(x+head, y, x+head+rule, y+h),
	} {
		draw.Draw(p, r, image.NewUniform(ink), image.Point{}, draw.Src)
	}
	middle := float64(y) + float64(h)/2
	p.text(label, ink, float64(x)+head/2, middle+6, 0.5, c.label)
	if c.name == "" {
		p.text(label, ink, float64(x+head)+12, middle+6, 0, c.text)
		return
	}
	p.text(hand, pen, float64(x+head)+14, middle-8, 0, c.text)
	p.text(hand, pen, float64(x+w)-118, float64(y+h)-14, 1, c.name)
	p.text(hand, pen, float64(x+w)-14, float64(y+h)-14, 1, c.date)
}

// round draws the stamp: a ring with 样章 in it, as ink lies on print.
func (p *page) round(x, y, radius float32) {
	mask := image.NewAlpha(p.Bounds())
	r := vector.NewRasterizer(width, height)
	circle(r, x, y, radius, false)
	circle(r, x, y, radius-5, true)
	r.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	(&font.Drawer{Dst: mask, Src: image.Opaque, Face: face("serif-bold", 30),
		Dot: fixed.P(int(x)-42, int(y)+15)}).DrawString("样章")
	for i, a := range mask.Pix {
		mask.Pix[i] = uint8(int(a) * 3 / 4) // print shows through
	}
	draw.DrawMask(p, p.Bounds(), image.NewUniform(stamp), image.Point{}, mask, image.Point{}, draw.Over)
}

// circle adds a closed circle to a path; two that go round in opposite ways leave a ring.
func circle(r *vector.Rasterizer, x, y, radius float32, back bool) {
	const k = 0.5523 // of a radius: the handle of the cubic nearest to a quarter circle
	way := float32(1)
	if back {
		way = -1
	}
	at := func(a, b float32) (float32, float32) { return x + a*radius, y + way*b*radius }
	r.MoveTo(at(1, 0))
	for _, q := range [][6]float32{{1, k, k, 1, 0, 1}, {-k, 1, -1, k, -1, 0}, {-1, -k, -k, -1, 0, -1}, {k, -1, 1, -k, 1, 0}} {
		bx, by := at(q[0], q[1])
		cx, cy := at(q[2], q[3])
		dx, dy := at(q[4], q[5])
		r.CubeTo(bx, by, cx, cy, dx, dy)
	}
	r.ClosePath()
}

// scanned gives the page as it comes from the glass.
func scanned(page *image.RGBA) image.Image {
	turned := image.NewRGBA(page.Bounds())
	draw.Draw(turned, turned.Bounds(), image.NewUniform(color.Gray{0xD8}), image.Point{}, draw.Src)
	sin, cos := math.Sincos(turn)
	const cx, cy = width / 2.0, height / 2.0
	draw.BiLinear.Transform(turned, f64.Aff3{cos, -sin, cx - cos*cx + sin*cy, sin, cos, cy - sin*cx - cos*cy}, page, page.Bounds(), draw.Src, nil)
	speckle := noise(seed)
	for range 420 {
		x, y, size := speckle.below(width), speckle.below(height), 1+speckle.below(2)
		grey := color.Gray{uint8(0x60 + speckle.below(0x70))}
		draw.Draw(turned, image.Rect(x, y, x+size, y+size), image.NewUniform(grey), image.Point{}, draw.Src)
	}
	for y := range height { // the lid does not lie flat along the spine
		for x := range 36 {
			c := turned.RGBAAt(x, y)
			dark := uint8(36-x) * 2
			turned.SetRGBA(x, y, color.RGBA{c.R - min(c.R, dark), c.G - min(c.G, dark), c.B - min(c.B, dark), 0xFF})
		}
	}
	out := image.NewPaletted(turned.Bounds(), palette())
	draw.Draw(out, out.Bounds(), turned, image.Point{}, draw.Src)
	return out
}

// noise is the sequence of G. Marsaglia, Xorshift RNGs (2003): the same for ever, and
// nothing to rely on.
type noise uint32

// below gives the next number, from 0 to limit-1.
func (n *noise) below(limit int) int {
	*n ^= *n << 13
	*n ^= *n >> 17
	*n ^= *n << 5
	return int(*n>>8) % limit
}

// palette has greys from black to the paper, and reds from the stamp to the paper.
func palette() color.Palette {
	var p color.Palette
	for i := range greys {
		v := uint8(int(paper.R) * i / (greys - 1))
		p = append(p, color.RGBA{v, v, v, 0xFF})
	}
	mix := func(from, to uint8, i int) uint8 { return uint8(int(from) + (int(to)-int(from))*i/reds) }
	for i := range reds {
		p = append(p, color.RGBA{mix(stamp.R, paper.R, i), mix(stamp.G, paper.G, i), mix(stamp.B, paper.B, i), 0xFF})
	}
	return p
}
