package bag

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"heyi/review"
)

// Kind is what a document is. Screens say it by the key "document." and its value.
type Kind string

// The kinds of documents that packages carry.
const (
	KindPDF  Kind = "pdf"
	KindPNG  Kind = "png"
	KindJPEG Kind = "jpeg"
	KindText Kind = "txt" // UTF-8 or GB 18030
	KindCSV  Kind = "csv" // the same
	KindXLSX Kind = "xlsx"
	KindDOCX Kind = "docx"
	KindPPTX Kind = "pptx"
	KindOFD  Kind = "ofd" // GB/T 33190
	KindDOC  Kind = "doc" // from here to dps: compound files, MS-CFB
	KindXLS  Kind = "xls"
	KindPPT  Kind = "ppt"
	KindWPS  Kind = "wps"  // as doc
	KindET   Kind = "et"   // as xls
	KindDPS  Kind = "dps"  // as ppt
	KindDWG  Kind = "dwg"  // AutoCAD R13 and later
	KindTIFF Kind = "tiff" // a scan
)

// kinds lists the kinds with their extensions; the first is the one inside a package.
var kinds = []struct {
	kind       Kind
	extensions []string
}{
	{KindPDF, []string{".pdf"}},
	{KindPNG, []string{".png"}},
	{KindJPEG, []string{".jpg", ".jpeg"}},
	{KindText, []string{".txt"}},
	{KindCSV, []string{".csv"}},
	{KindXLSX, []string{".xlsx"}},
	{KindDOCX, []string{".docx"}},
	{KindPPTX, []string{".pptx"}},
	{KindOFD, []string{".ofd"}},
	{KindDOC, []string{".doc"}},
	{KindXLS, []string{".xls"}},
	{KindPPT, []string{".ppt"}},
	{KindWPS, []string{".wps"}},
	{KindET, []string{".et"}},
	{KindDPS, []string{".dps"}},
	{KindDWG, []string{".dwg"}},
	{KindTIFF, []string{".tif", ".tiff"}},
}

// Shown tells whether this program can show documents of the kind itself. Others are
// carried, and opened outside of it if at all.
func (k Kind) Shown() bool {
	return k == KindPDF || k == KindPNG || k == KindJPEG || k == KindText
}

// extension gives the extension of the kind inside a package.
func (k Kind) extension() string {
	for _, d := range kinds {
		if d.kind == k {
			return d.extensions[0]
		}
	}
	return ""
}

// kindOf gives the kind that a file's name says it is of.
func kindOf(name string) (Kind, bool) {
	e := strings.ToLower(path.Ext(name))
	for _, d := range kinds {
		if slices.Contains(d.extensions, e) {
			return d.kind, true
		}
	}
	return "", false
}

var (
	programs = strings.Fields(".exe .dll .com .scr .pif .cpl .msi .msp .bat .cmd .ps1 .vbs .vbe .js .jse .wsf .wsh .hta .lnk .url .reg .jar .apk .sh .py .pl .so .elf .app .desktop .chm .svg .html .htm .mht")
	archives = strings.Fields(".zip .rpk .rar .7z .gz .tgz .tar .bz2 .xz .zst .cab .iso .img .wim")
)

// refusedKind says why a file of this name is not carried.
func refusedKind(name string) error {
	const op = "bag.refusedKind"
	switch e := strings.ToLower(path.Ext(name)); {
	case slices.Contains(programs, e):
		return review.E(review.CodePackageProgram, op, escape(name), nil)
	case slices.Contains(archives, e):
		return review.E(review.CodePackageNested, op, escape(name), nil)
	}
	return review.E(review.CodePackageKind, op, escape(name), nil)
}

const (
	maxPixels   = 50_000_000
	maxInflated = 256 << 20 // of what is compressed in one document
	maxInflates = 2 << 30   // of what is compressed in all documents of a package
)

// drawing is how a DWG begins.
var drawing = regexp.MustCompile(`^AC10[0-9][0-9]`)

// headSize is how much of a document's beginning is kept.
const headSize = 16

// inspection finds out whether a document is what its name says, and what is active
// in it. look is shown the whole of it once, in order and in pieces of chunk bytes but
// for the last; judge reads again what it needs.
type inspection struct {
	kind   Kind
	head   []byte
	pdf    pdfScan
	text   textScan
	ole    oleScan
	budget *atomic.Int64 // what may yet be inflated, over all documents of a package
}

func (s *inspection) look(b []byte) {
	if s.head == nil {
		s.head = bytes.Clone(b[:min(len(b), headSize)])
	}
	switch s.kind {
	case KindPDF:
		s.pdf.look(b)
	case KindText, KindCSV:
		s.text.look(b)
	case KindDOC, KindXLS, KindPPT, KindWPS, KindET, KindDPS:
		s.ole.look(b)
	}
}

// judge gives what is to be warned of.
// Codes: CodePackageMismatch, CodePackageProgram, CodePackageNested, CodePackageBomb,
// CodePackageImage, CodePackageRead; name is the item.
func (s *inspection) judge(name string, r *io.SectionReader) ([]string, error) {
	const op = "bag.inspection.judge"
	found := map[Warning]bool{}
	mismatch := review.E(s.foreign(), op, escape(name), nil)
	switch s.kind {
	case KindPDF:
		if !s.isPDF(r) {
			return nil, mismatch
		}
		s.pdf.finish(r, s.budget, found)
	case KindPNG, KindJPEG:
		c, err := s.imageConfig(r)
		if err != nil {
			return nil, mismatch
		}
		if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
			return nil, review.E(review.CodePackageImage, op, escape(name), nil)
		}
	case KindText, KindCSV:
		if !s.text.valid() {
			return nil, mismatch
		}
	case KindXLSX, KindDOCX, KindPPTX, KindOFD:
		if !bytes.HasPrefix(s.head, []byte("PK\x03\x04")) {
			return nil, mismatch
		}
		if err := s.office(name, r, found); err != nil {
			return nil, err
		}
	case KindDOC, KindXLS, KindPPT, KindWPS, KindET, KindDPS:
		if !bytes.HasPrefix(s.head, oleMagic) || !s.ole.holds(s.kind) {
			return nil, mismatch
		}
		found[WarnMacro], found[WarnObject] = s.ole.macro, s.ole.object
	case KindDWG:
		if !drawing.Match(s.head) {
			return nil, mismatch
		}
	case KindTIFF:
		if !bytes.HasPrefix(s.head, []byte("II*\x00")) && !bytes.HasPrefix(s.head, []byte("MM\x00*")) {
			return nil, mismatch
		}
	}
	var out []string
	for _, w := range documentWarnings {
		if found[w] {
			out = append(out, string(w))
		}
	}
	return out, nil
}

var documentWarnings = []Warning{
	WarnPDFScript, WarnPDFLaunch, WarnPDFEmbedded, WarnPDFLink, WarnPDFHidden, WarnMacro, WarnExternal, WarnObject,
}

// foreign gives the code for a document that is not what its name says.
func (s *inspection) foreign() review.Code {
	begins := func(magics ...string) bool {
		return slices.ContainsFunc(magics, func(m string) bool { return bytes.HasPrefix(s.head, []byte(m)) })
	}
	switch {
	// PE, ELF, Mach-O and Java, scripts, Windows shortcuts.
	case begins("MZ", "\x7fELF", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "#!", "L\x00\x00\x00\x01\x14\x02\x00"):
		return review.CodePackageProgram
	case begins("PK\x03\x04", "PK\x05\x06", "Rar!", "7z\xbc\xaf", "\x1f\x8b", "BZh", "\xfd7zXZ", "MSCF"):
		return review.CodePackageNested
	}
	return review.CodePackageMismatch
}

// isPDF tells whether a document begins and ends as a PDF does.
func (s *inspection) isPDF(r *io.SectionReader) bool {
	tail := make([]byte, min(r.Size(), 2048))
	return (bytes.HasPrefix(s.head, []byte("%PDF-1.")) || bytes.HasPrefix(s.head, []byte("%PDF-2."))) &&
		readAt(r, tail, r.Size()-int64(len(tail))) == nil && bytes.Contains(tail, []byte("startxref"))
}

func (s *inspection) imageConfig(r io.Reader) (image.Config, error) {
	if s.kind == KindPNG {
		return png.DecodeConfig(r)
	}
	if len(s.head) < 3 || s.head[2] != 0xff {
		return image.Config{}, errors.New("no marker")
	}
	return jpeg.DecodeConfig(r)
}
