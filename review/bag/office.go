package bag

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"heyi/review"
)

// The measures of an office file, which is a zip of any form.
const (
	maxParts         = 10_000
	maxPartDirectory = 4 << 20
	maxRelations     = 4 << 20 // of one part with relations
)

// part is one file inside an office file.
type part struct {
	name             string
	deflated         bool
	packed, unpacked int64
	offset           int64 // of its content
}

// office looks into a file of OOXML (ISO/IEC 29500) or OFD (GB/T 33190): it unpacks
// every part, and each must come to the size that is said.
// Codes: CodePackageMismatch, CodePackageNested, CodePackageBomb.
func (s *inspection) office(name string, r *io.SectionReader, found map[Warning]bool) error {
	const op = "bag.inspection.office"
	parts, err := listParts(r)
	if err != nil {
		return review.E(review.CodePackageMismatch, op, escape(name), err)
	}
	if !holds(s.kind, parts) {
		return review.E(review.CodePackageNested, op, escape(name), nil)
	}
	packed, unpacked := int64(0), int64(0)
	for _, p := range parts {
		packed += p.packed
		unpacked += p.unpacked
	}
	if packed > r.Size() || unpacked > maxInflated || s.budget.Add(-unpacked) < 0 {
		return review.E(review.CodePackageBomb, op, escape(name), fmt.Errorf("%d bytes of %d", unpacked, packed))
	}
	for _, p := range parts {
		lower := strings.ToLower(p.name)
		switch {
		case strings.HasSuffix(lower, "vbaproject.bin") || strings.Contains(lower, "/macrosheets/"):
			found[WarnMacro] = true
		case strings.Contains(lower, "/embeddings/") || strings.Contains(lower, "/activex/"):
			found[WarnObject] = true
		}
		look := &partScan{relations: strings.HasSuffix(lower, ".rels")}
		look.markup = look.relations || strings.HasSuffix(lower, ".xml")
		if err := unpack(r, p, look); errors.Is(err, errPartSize) {
			return review.E(review.CodePackageBomb, op, escape(name), err)
		} else if err != nil {
			return review.E(review.CodePackageMismatch, op, escape(name), err)
		}
		external, err := look.judge()
		if err != nil {
			return review.E(review.CodePackageMismatch, op, escape(name), err)
		}
		found[WarnExternal] = found[WarnExternal] || external
	}
	return nil
}

// holds tells whether the parts are those of the kind.
func holds(k Kind, parts []part) bool {
	has := func(prefix string) bool {
		for _, p := range parts {
			if strings.HasPrefix(p.name, prefix) {
				return true
			}
		}
		return false
	}
	switch k {
	case KindXLSX:
		return has("[Content_Types].xml") && has("xl/")
	case KindDOCX:
		return has("[Content_Types].xml") && has("word/")
	case KindPPTX:
		return has("[Content_Types].xml") && has("ppt/")
	}
	return has("OFD.xml")
}

// listParts reads the directory of a zip and the header before each part.
func listParts(r *io.SectionReader) ([]part, error) {
	tail := make([]byte, min(r.Size(), endSize+1<<16))
	base := r.Size() - int64(len(tail))
	if err := readAt(r, tail, base); err != nil {
		return nil, err
	}
	at := bytes.LastIndex(tail, binary.LittleEndian.AppendUint32(nil, endSignature))
	if at < 0 || len(tail)-at < endSize {
		return nil, errors.New("no end record")
	}
	end := tail[at:]
	if len(end) != endSize+int(binary.LittleEndian.Uint16(end[20:])) {
		return nil, errors.New("something behind the end record")
	}
	count := int(binary.LittleEndian.Uint16(end[10:]))
	length := int64(binary.LittleEndian.Uint32(end[12:]))
	start := int64(binary.LittleEndian.Uint32(end[16:]))
	if count > maxParts || length > maxPartDirectory || start+length != base+int64(at) {
		return nil, fmt.Errorf("directory of %d entries, %d bytes at %d", count, length, start)
	}
	central := make([]byte, length)
	if err := readAt(r, central, start); err != nil {
		return nil, err
	}
	var parts []part
	seen := map[string]bool{}
	for range count {
		if len(central) < centralSize || binary.LittleEndian.Uint32(central) != centralSignature {
			return nil, errors.New("directory")
		}
		size := func(at int) int { return int(binary.LittleEndian.Uint16(central[at:])) }
		whole := centralSize + size(28) + size(30) + size(32)
		if len(central) < whole {
			return nil, errors.New("directory")
		}
		flags, method := size(8), size(10)
		p := part{
			name:     string(central[centralSize : centralSize+size(28)]),
			deflated: method == 8,
			packed:   int64(binary.LittleEndian.Uint32(central[20:])),
			unpacked: int64(binary.LittleEndian.Uint32(central[24:])),
			offset:   int64(binary.LittleEndian.Uint32(central[42:])),
		}
		if flags&1 != 0 || method != 0 && method != 8 || seen[folded(p.name)] {
			return nil, fmt.Errorf("part %q: flags %#x, method %d, or twice", p.name, flags, method)
		}
		seen[folded(p.name)] = true
		local := make([]byte, localSize+len(p.name))
		if err := readAt(r, local, p.offset); err != nil {
			return nil, err
		}
		if binary.LittleEndian.Uint32(local) != localSignature || int(binary.LittleEndian.Uint16(local[26:])) != len(p.name) || string(local[localSize:]) != p.name {
			return nil, fmt.Errorf("header of part %q", p.name)
		}
		p.offset += int64(len(local)) + int64(binary.LittleEndian.Uint16(local[28:]))
		if p.offset+p.packed > start {
			return nil, fmt.Errorf("part %q reaches into the directory", p.name)
		}
		if !strings.HasSuffix(p.name, "/") {
			parts = append(parts, p)
		}
		central = central[whole:]
	}
	return parts, nil
}

// unpack writes a part to w, exactly as many bytes as it is said to have.
func unpack(r *io.SectionReader, p part, w io.Writer) error {
	var in io.Reader = io.NewSectionReader(r, p.offset, p.packed)
	if p.deflated {
		in = flate.NewReader(in)
	}
	n, err := io.Copy(w, io.LimitReader(in, p.unpacked+1))
	if err != nil {
		return fmt.Errorf("part %q: %w", p.name, err)
	}
	if n != p.unpacked {
		return fmt.Errorf("part %q: %w", p.name, errPartSize)
	}
	return nil
}

var errPartSize = errors.New("not of the size that is said")

// partScan looks at one part while it is unpacked.
type partScan struct {
	relations bool
	markup    bool
	text      []byte // of relations
	tail      []byte // of the piece before
	declares  bool   // a document type, which no part may have
}

// declarations begin a document type in UTF-8 and in UTF-16 of both orders.
var declarations = [][]byte{
	[]byte("<!DOCTYPE"),
	[]byte("<\x00!\x00D\x00O\x00C\x00T\x00Y\x00P\x00E\x00"),
	[]byte("\x00<\x00!\x00D\x00O\x00C\x00T\x00Y\x00P\x00E"),
}

// Write looks at a piece.
func (s *partScan) Write(b []byte) (int, error) {
	if s.relations {
		if len(s.text)+len(b) > maxRelations {
			return 0, errors.New("relations are too large")
		}
		s.text = append(s.text, b...)
	}
	if !s.markup {
		return len(b), nil
	}
	const keep = 18 // as long as the longest, less one
	edge := append(s.tail, b[:min(len(b), keep)]...)
	for _, d := range declarations {
		s.declares = s.declares || bytes.Contains(edge, d) || bytes.Contains(b, d)
	}
	if len(b) >= keep {
		s.tail = append(s.tail[:0], b[len(b)-keep:]...)
	} else {
		s.tail = append([]byte(nil), edge[max(0, len(edge)-keep):]...)
	}
	return len(b), nil
}

// judge tells whether a part of relations leads outside, other than by a link that is
// there to be clicked.
func (s *partScan) judge() (external bool, err error) {
	if s.declares {
		return false, errors.New("a document type")
	}
	if !s.relations {
		return false, nil
	}
	var list struct {
		Relationship []struct {
			Type string `xml:",attr"`
			Mode string `xml:"TargetMode,attr"`
		}
	}
	if err := xml.Unmarshal(s.text, &list); err != nil {
		return false, err
	}
	for _, r := range list.Relationship {
		if strings.EqualFold(r.Mode, "External") && path.Base(r.Type) != "hyperlink" {
			return true, nil
		}
	}
	return false, nil
}

// oleMagic begins a compound file (MS-CFB, 2.2).
var oleMagic = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// oleScan finds the names in the directory of a compound file. An entry of it has 128
// bytes and stands at a multiple of that: the name in UTF-16, its length with the zero
// behind it at 64, what it is at 66 (MS-CFB, 2.6.1).
type oleScan struct {
	word, sheet, slides bool
	macro, object       bool
}

const (
	oleEntry  = 128
	oleNames  = 64
	oleStore  = 1
	oleStream = 2
)

func (s *oleScan) look(b []byte) {
	for ; len(b) >= oleEntry; b = b[oleEntry:] {
		n := int(binary.LittleEndian.Uint16(b[oleNames:]))
		if n < 2 || n > oleNames || n%2 != 0 || b[66] != oleStore && b[66] != oleStream || b[n-1] != 0 || b[n-2] != 0 {
			continue
		}
		name := make([]byte, 0, oleNames/2)
		for i := 0; i < n-2; i += 2 {
			if b[i+1] != 0 {
				break
			}
			name = append(name, b[i])
		}
		switch string(name) {
		case "WordDocument":
			s.word = true
		case "Workbook", "Book":
			s.sheet = true
		case "PowerPoint Document":
			s.slides = true
		case "_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA":
			s.macro = true
		case "ObjectPool", "\x01Ole10Native":
			s.object = true
		}
	}
}

// holds tells whether the compound file is of the kind.
func (s *oleScan) holds(k Kind) bool {
	switch k {
	case KindDOC, KindWPS:
		return s.word
	case KindXLS, KindET:
		return s.sheet
	}
	return s.slides
}
