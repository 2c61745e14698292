// Package pdf makes PDF files of the program's papers, signs and verifies them.
//
// A paper is composed once, from pages that layout has set, into a base: an
// archivable file (PDF/A-2u, ISO 19005-2) with open signature fields. Each
// signature is then one appended revision (PAdES B-B, EN 319 142), which leaves
// all bytes before it as they are. Every file has one strict form, and nothing
// else verifies.
package pdf

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"

	"heyi/reports/layout"
	"heyi/review"
)

// Meta is what a file says of itself.
type Meta struct {
	Title  string
	Author string
	At     time.Time // of composing
}

// Compose draws pages and gives the base of a file. The same pages, fonts and
// meta give the same bytes. It is safe for concurrent use.
// Codes: CodeFont (the composer cannot use a font that layout can).
func Compose(pages []layout.Page, fonts *layout.Fonts, m Meta) ([]byte, error) {
	const op = "pdf.Compose"
	used := usages(pages, fonts)
	draft, err := draw(pages, fonts, used, m.At)
	if err != nil {
		return nil, review.E(review.CodeFont, op, "", err)
	}
	base, err := finish(draft, pages, fonts, used, m)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	return base, nil
}

// usage says which character each printed code of a face stands for.
type usage map[uint16]rune

// usages finds what is printed in every face.
func usages(pages []layout.Page, fonts *layout.Fonts) map[layout.Face]usage {
	used := map[layout.Face]usage{}
	note := func(face layout.Face, text string) {
		if used[face] == nil {
			used[face] = usage{}
		}
		for _, r := range text {
			code, _ := fonts.Font(face).Code(r)
			used[face][code] = r
		}
	}
	for _, p := range pages {
		for _, s := range p.Spans {
			note(s.Face, s.Text)
		}
		for _, m := range p.Marks {
			note(m.Face, m.Text)
		}
	}
	return used
}

// draw lets gofpdf draw the pages and embed the fonts. gofpdf reads fonts whole,
// writes into them, and panics where their tables contradict each other: it gets
// a subset of its own.
func draw(pages []layout.Page, fonts *layout.Fonts, used map[layout.Face]usage, at time.Time) (draft []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("gofpdf: %v", r)
		}
	}()
	f := gofpdf.New("P", "pt", "A4", "")
	f.SetCatalogSort(true)
	f.SetCreationDate(at)
	f.SetModificationDate(at)
	f.SetAutoPageBreak(false, 0)
	for _, face := range slices.Sorted(maps.Keys(used)) {
		subset, err := fonts.Font(face).Subset(slices.Collect(maps.Keys(used[face])))
		if err != nil {
			return nil, fmt.Errorf("face %v: %w", face, err)
		}
		f.AddUTF8FontFromBytes(family(face), "", subset)
	}
	for _, p := range pages {
		orientation := "P"
		if p.Landscape {
			orientation = "L"
		}
		f.AddPageFormat(orientation, f.GetPageSizeStr("A4"))
		for _, m := range p.Marks {
			mark(f, m, codes(fonts.Font(m.Face), m.Text))
		}
		spacing := 0.0
		for _, s := range p.Spans {
			if s.Spacing != spacing {
				f.RawWriteStr(fmt.Sprintf("%.4f Tc", s.Spacing))
				spacing = s.Spacing
			}
			f.SetFont(family(s.Face), "", s.Size)
			f.Text(s.X, s.Y, codes(fonts.Font(s.Face), s.Text))
		}
		for _, r := range p.Rules {
			f.SetLineWidth(r.Width)
			f.Line(r.X1, r.Y1, r.X2, r.Y2)
		}
		for _, a := range p.Fills {
			f.Rect(a.X, a.Y, a.W, a.H, "F")
		}
	}
	var out bytes.Buffer
	err = f.Output(&out)
	return out.Bytes(), err
}

// The grey of marks: plain, for PDF/A has no need of transparency then. The composer
// takes 255ths and writes thousandths.
const (
	markPale         = 229
	markGrey decimal = "0.898"
)

// mark draws a mark.
func mark(f *gofpdf.Fpdf, m layout.Mark, codes string) {
	f.SetFont(family(m.Face), "", m.Size)
	f.TransformBegin()
	f.TransformRotate(m.Angle, m.X, m.Y)
	f.SetTextColor(markPale, markPale, markPale)
	f.Text(m.X, m.Y, codes)
	f.SetTextColor(0, 0, 0)
	f.TransformEnd()
}

// family is the name under which gofpdf knows a face.
func family(f layout.Face) string { return strings.ToLower(f.String()) }

// codes gives text as the characters whose numbers are the codes to print.
func codes(f *layout.Font, s string) string {
	return strings.Map(func(r rune) rune {
		code, _ := f.Code(r)
		return rune(code)
	}, s)
}
