package view

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// paper is a PDF in the making: objects by their numbers, from 1.
type paper struct{ objects []string }

// add gives the number of a new object.
func (p *paper) add(format string, args ...any) int {
	p.objects = append(p.objects, fmt.Sprintf(format, args...))
	return len(p.objects)
}

func (p *paper) stream(dict, data string) int {
	return p.add("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// bytes writes the file; the catalogue is the object root.
func (p *paper) bytes(root int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var at []int
	for i, o := range p.objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(p.objects)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(p.objects)+1, root, xref)
	return b.Bytes()
}

// sheet is a page: its entries beside the usual ones, and what is drawn on it with the
// fonts /L (Helvetica) and /C (Chinese, not embedded).
type sheet struct{ entries, content string }

// pdf makes a document of pages of 300 by 200 points.
func pdf(sheets ...sheet) []byte {
	p := &paper{}
	latin := p.add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	descriptor := p.add("<</Type/FontDescriptor/FontName/FangSong_GB2312/Flags 4/FontBBox[0 -120 1000 880]" +
		"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 700/StemV 80>>")
	cid := p.add("<</Type/Font/Subtype/CIDFontType2/BaseFont/FangSong_GB2312/CIDSystemInfo"+
		"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor %d 0 R/DW 1000>>", descriptor)
	chinese := p.add("<</Type/Font/Subtype/Type0/BaseFont/FangSong_GB2312/Encoding/GBK-EUC-H/DescendantFonts[%d 0 R]>>", cid)
	tree := len(p.objects) + 1 + 2*len(sheets)
	var kids []string
	for _, s := range sheets {
		content := p.stream("", s.content)
		kids = append(kids, fmt.Sprintf("%d 0 R", p.add("<</Type/Page/Parent %d 0 R/MediaBox[0 0 300 200]/Contents %d 0 R"+
			"/Resources<</Font<</L %d 0 R/C %d 0 R>>>>%s>>", tree, content, latin, chinese, s.entries)))
	}
	if got := p.add("<</Type/Pages/Kids[%s]/Count %d>>", strings.Join(kids, " "), len(kids)); got != tree {
		panic("the tree of pages stands elsewhere")
	}
	return p.bytes(p.add("<</Type/Catalog/Pages %d 0 R>>", tree))
}

// write is a line of text at a place, in points from the bottom left corner.
func write(font string, x, y int, text string) string {
	if font == "L" {
		return fmt.Sprintf("BT /L 20 Tf %d %d Td (%s) Tj ET\n", x, y, text)
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("BT /C 20 Tf %d %d Td <%x> Tj ET\n", x, y, gbk)
}

// thick makes a document of many pages of A4, each full of text and with a photograph.
func thick(tb testing.TB, pages int) []byte {
	tb.Helper()
	photo := image.NewRGBA(image.Rect(0, 0, 1200, 900))
	for y := range 900 {
		for x := range 1200 {
			photo.Set(x, y, color.RGBA{uint8(x * y / 900), uint8(x / 5), uint8(y / 4), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, photo, nil); err != nil {
		tb.Fatal(err)
	}
	p := &paper{}
	latin := p.add("<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>")
	tree := len(p.objects) + 1 + 3*pages
	var kids strings.Builder
	for i := range pages {
		picture := p.stream("/Type/XObject/Subtype/Image/Width 1200/Height 900/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode", b.String())
		var c strings.Builder
		c.WriteString("q 400 0 0 300 90 500 cm /P Do Q BT /L 10 Tf 12 TL 60 480 Td\n")
		for line := range 36 {
			fmt.Fprintf(&c, "(Page %d line %d: the quick brown fox jumps over the lazy dog, again and again.) Tj T*\n", i+1, line+1)
		}
		content := p.stream("", c.String()+"ET")
		fmt.Fprintf(&kids, "%d 0 R ", p.add("<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"+
			"/Resources<</Font<</L %d 0 R>>/XObject<</P %d 0 R>>>>>>", tree, content, latin, picture))
	}
	p.add("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), pages)
	return p.bytes(p.add("<</Type/Catalog/Pages %d 0 R>>", tree))
}
