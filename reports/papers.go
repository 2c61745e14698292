// Package reports makes the papers of a meeting: what they say and in which
// form. Setting and drawing them is the business of layout and pdf.
package reports

import (
	"crypto/x509"
	"errors"

	"heyi/reports/layout"
	"heyi/reports/pdf"
	"heyi/review"
	"heyi/review/paper"
)

// Fonts are the TrueType fonts of paper. They are read, never written to, and
// must not change.
type Fonts struct {
	Song  []byte // 宋体, standing also for 仿宋: running text
	Rare  []byte // 宋体 with every character there is a free glyph for
	Title []byte // 小标宋: titles
	Hei   []byte // 黑体: headings, labels
	Kai   []byte // 楷体: headings of the second level
}

// Papers composes, signs and verifies papers. It never changes and is safe for
// concurrent use.
type Papers struct{ fonts *layout.Fonts }

// New reads the fonts.
// Codes: CodeFont.
func New(f Fonts) (*Papers, error) {
	fonts, err := layout.NewFonts(map[layout.Face][]byte{
		layout.Song: f.Song, layout.Rare: f.Rare, layout.Title: f.Title, layout.Hei: f.Hei, layout.Kai: f.Kai,
	})
	if err != nil {
		return nil, review.E(review.CodeFont, "reports.New", "", err)
	}
	return &Papers{fonts: fonts}, nil
}

// Compose sets a paper as PDF/A-2u with an open signature field for each that it names;
// papers that the group signs have those of the secretary and of the archive, too, which
// show nothing. A draft has no field. The same paper gives the same bytes.
// Codes: CodeTextGlyph (the item names the characters), CodeTextLong (what a QR code is to
// say), CodeFont, CodeInternal (no such paper).
func (p *Papers) Compose(of paper.Paper) ([]byte, error) {
	d, title, err := document(of)
	if err != nil {
		return nil, err
	}
	top := of.Top()
	return p.compose("reports.Papers.Compose", d, pdf.Meta{Title: title, Author: top.Author, At: top.At})
}

// document gives what a paper says in reading order, and what its file is called: one
// file of this package for each form.
// Codes: CodeTextLong, CodeInternal.
func document(of paper.Paper) (d layout.Document, title string, err error) {
	switch m := of.(type) {
	case *paper.Minutes:
		d, title = minutes(m)
	case *paper.Individual:
		d, title = individual(m)
	case *paper.Tally:
		d, title, err = tally(m)
	case *paper.Opinion:
		d, title = opinion(m)
	case *paper.PanelList:
		d, title = panelList(m)
	case *paper.Fulfilment:
		d, title = fulfilment(m)
	case *paper.Changes:
		d, title = changes(m)
	case *paper.Dissent:
		d, title = dissent(m)
	case *paper.Details:
		d, title = details(m)
	case *paper.Notice:
		d, title = notice(m)
	default:
		err = review.E(review.CodeInternal, "reports.document", string(of.Form()), nil)
	}
	return d, title, err
}

// Missing gives the distinct characters of text that no font has, in order of
// appearance: private-use characters and controls among them. They cannot be
// printed.
func (p *Papers) Missing(text string) []rune { return p.fonts.Missing(text) }

// Sign fills an open signature field by an appended revision; the bytes of file
// are the beginning of the result. A field that shows gets the look of the signature.
// Codes: those of pdf.Sign.
func (p *Papers) Sign(file []byte, s review.Signing) ([]byte, error) {
	return pdf.Sign(file, s, p.fonts)
}

// Verify tells who signed a paper and whether that holds; see pdf.Verify.
func (p *Papers) Verify(file []byte, anchors []*x509.Certificate) review.PaperVerdict {
	return pdf.Verify(file, anchors)
}

// compose sets and draws a document.
// Codes: CodeTextGlyph, CodeFont.
func (p *Papers) compose(op string, d layout.Document, m pdf.Meta) ([]byte, error) {
	pages, err := p.fonts.Set(d)
	if missing, ok := errors.AsType[*layout.MissingError](err); ok {
		return nil, review.E(review.CodeTextGlyph, op, review.NameRunes(missing.Runes), err)
	}
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	return pdf.Compose(pages, p.fonts, m)
}
