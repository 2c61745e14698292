package layout

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode"
	"unicode/utf16"
)

// Font is what setting text needs to know of a TrueType font: which characters
// it has, under which 16-bit code each is printed and how wide each is. It never
// changes after ParseFont and is safe for concurrent use.
type Font struct {
	tables   map[string][]byte
	name     string
	glyphs   []uint16        // glyph by 16-bit code; 0 if there is none
	high     map[rune]uint16 // code of each character above U+FFFF
	advances []uint16        // by glyph, in thousandths of an em
}

// The private-use codes of the Basic Multilingual Plane.
const (
	firstPrivate = 0xE000
	lastPrivate  = 0xF8FF
)

// requiredTables are those that setting, subsetting and embedding read.
var requiredTables = []string{"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "OS/2", "post"}

// ParseFont reads a TrueType font with a Unicode cmap of format 4 and, for
// characters above U+FFFF, one of format 12. PDF text is printed in 16-bit
// codes: such a character is printable if the font maps a private-use code to
// its glyph, too. data is kept, and must not be changed. The error says what is
// wrong with the font.
func ParseFont(data []byte) (*Font, error) {
	tables, err := parseTables(data)
	if err != nil {
		return nil, err
	}
	f := &Font{tables: tables}
	if f.name, err = postScriptName(view(tables["name"])); err != nil {
		return nil, err
	}
	if f.advances, err = parseAdvances(tables); err != nil {
		return nil, err
	}
	if err := f.parseCmap(view(tables["cmap"])); err != nil {
		return nil, err
	}
	return f, nil
}

// Name gives the font's PostScript name.
func (f *Font) Name() string { return f.name }

// Code gives the code under which r is printed. Private-use characters have
// none: what they look like is not agreed. Neither have combining marks, soft
// hyphens and the like: where they stand is in tables that no printed code reaches.
func (f *Font) Code(r rune) (code uint16, ok bool) {
	switch {
	case r > 0xFFFF:
		code, ok = f.high[r]
		return code, ok
	case r < 0 || r >= firstPrivate && r <= lastPrivate || utf16.IsSurrogate(r):
		return 0, false
	}
	return uint16(r), f.glyphs[r] != 0
}

// Advance gives the width of what is printed under code, in thousandths of an em.
func (f *Font) Advance(code uint16) int { return int(f.advances[f.glyphs[code]]) }

// table is a big-endian view that answers out-of-range reads with zero and
// remembers them.
type table struct {
	b     []byte
	short *bool
}

func view(b []byte) table { return table{b, new(bool)} }

func (t table) u16(at int) int {
	if at < 0 || at+2 > len(t.b) {
		*t.short = true
		return 0
	}
	return int(binary.BigEndian.Uint16(t.b[at:]))
}

func (t table) u32(at int) int {
	if at < 0 || at+4 > len(t.b) {
		*t.short = true
		return 0
	}
	return int(binary.BigEndian.Uint32(t.b[at:]))
}

func parseTables(data []byte) (map[string][]byte, error) {
	dir := view(data)
	if v := dir.u32(0); v != 0x00010000 && v != 0x74727565 { // 1.0 or "true"
		return nil, errors.New("not a plain TrueType font")
	}
	tables := map[string][]byte{}
	for i := range dir.u16(4) {
		at := 12 + 16*i
		offset, length := dir.u32(at+8), dir.u32(at+12)
		if *dir.short || offset+length > len(data) {
			return nil, errors.New("table directory reaches beyond the file")
		}
		tables[string(data[at:at+4])] = data[offset : offset+length : offset+length]
	}
	for _, name := range requiredTables {
		if len(tables[name]) == 0 {
			return nil, fmt.Errorf("no table %q", name)
		}
	}
	return tables, nil
}

// parseAdvances reads the widths of all glyphs, rounded as the widths of a PDF are.
func parseAdvances(tables map[string][]byte) ([]uint16, error) {
	em := view(tables["head"]).u16(18)
	count := view(tables["maxp"]).u16(4)
	metrics := view(tables["hhea"]).u16(34)
	hmtx := view(tables["hmtx"])
	if view(tables["hhea"]).u16(32) != 0 || view(tables["head"]).u16(52) != 0 {
		return nil, errors.New("unknown format of metrics or outlines")
	}
	if em < 16 || em > 16384 || count == 0 || metrics == 0 || metrics > count || 4*metrics > len(hmtx.b) {
		return nil, errors.New("impossible head, hhea, maxp or hmtx table")
	}
	out := make([]uint16, count)
	for g := range out {
		units := hmtx.u16(4 * min(g, metrics-1))
		out[g] = uint16(min(math.Round(float64(units)*1000/float64(em)), math.MaxUint16))
	}
	return out, nil
}

func (f *Font) parseCmap(cmap table) error {
	var bmp, full []byte
	for i := range cmap.u16(2) {
		at := 4 + 8*i
		platform, encoding, offset := cmap.u16(at), cmap.u16(at+2), cmap.u32(at+4)
		if *cmap.short || offset > len(cmap.b) {
			return errors.New("cmap reaches beyond its table")
		}
		if platform != 0 && platform != 3 {
			continue
		}
		sub := view(cmap.b[offset:])
		switch format := sub.u16(0); {
		case format == 4 && (platform == 0 || encoding == 1) && bmp == nil:
			bmp = sub.b
		case format == 12 && full == nil:
			full = sub.b
		}
	}
	if bmp == nil {
		return errors.New("no Unicode cmap of format 4")
	}
	if err := f.parseFormat4(view(bmp)); err != nil {
		return err
	}
	if full == nil {
		return nil
	}
	return f.parseFormat12(view(full))
}

// parseFormat4 fills glyphs.
func (f *Font) parseFormat4(t table) error {
	f.glyphs = make([]uint16, 1<<16)
	length, segments := t.u16(2), t.u16(6)/2
	ends := 14
	starts := ends + 2*segments + 2
	deltas := starts + 2*segments
	offsets := deltas + 2*segments
	last := -1
	for s := range segments {
		start, end := t.u16(starts+2*s), t.u16(ends+2*s)
		delta, offset := t.u16(deltas+2*s), t.u16(offsets+2*s)
		if *t.short {
			return errors.New("cmap of format 4 reaches beyond its table")
		}
		if start <= last || end < start {
			return errors.New("cmap of format 4 is not in order")
		}
		last = end
		for c := start; c <= end; c++ {
			g := c
			if offset != 0 {
				at := offsets + 2*s + offset + 2*(c-start)
				if at+2 > min(length, len(t.b)) {
					break
				}
				if g = t.u16(at); g == 0 {
					continue
				}
			}
			if g = (g + delta) & 0xFFFF; g < len(f.advances) {
				f.glyphs[c] = uint16(g)
			}
		}
	}
	f.glyphs[0xFFFF] = 0 // the end mark of the table, not a character
	for _, joining := range []*unicode.RangeTable{unicode.M, unicode.Cf} {
		for _, span := range joining.R16 {
			for c := int(span.Lo); c <= int(span.Hi); c += int(span.Stride) {
				f.glyphs[c] = 0
			}
		}
	}
	return nil
}

// parseFormat12 fills high. Private-use codes are given in ascending order to
// the characters that share their glyphs, so two characters of one glyph get
// codes of their own.
func (f *Font) parseFormat12(t table) error {
	f.high = map[rune]uint16{}
	spare := map[uint16][]uint16{}
	for c := uint16(firstPrivate); c <= lastPrivate; c++ {
		if g := f.glyphs[c]; g != 0 {
			spare[g] = append(spare[g], c)
		}
	}
	last := 0xFFFF
	for i := range t.u32(12) {
		at := 16 + 12*i
		start, end, glyph := t.u32(at), t.u32(at+4), t.u32(at+8)
		if *t.short {
			return errors.New("cmap of format 12 reaches beyond its table")
		}
		if end <= 0xFFFF {
			continue
		}
		start, glyph = max(start, 0x10000), glyph+max(0, 0x10000-start)
		if start <= last || end > 0x10FFFF {
			return errors.New("cmap of format 12 is not in order")
		}
		last = end
		for c := start; c <= end && glyph < len(f.advances); c, glyph = c+1, glyph+1 {
			if codes := spare[uint16(glyph)]; len(codes) > 0 && glyph != 0 {
				f.high[rune(c)] = codes[0]
				spare[uint16(glyph)] = codes[1:]
			}
		}
	}
	return nil
}

// postScriptName reads name 6 of the Windows platform. The composer understands
// name tables of format 0 only.
func postScriptName(t table) (string, error) {
	if t.u16(0) != 0 {
		return "", errors.New("name table is not of format 0")
	}
	strings := t.u16(4)
	for i := range t.u16(2) {
		at := 6 + 12*i
		length, offset := t.u16(at+8), strings+t.u16(at+10)
		if *t.short || offset+length > len(t.b) {
			break
		}
		if t.u16(at) != 3 || t.u16(at+2) != 1 || t.u16(at+6) != 6 {
			continue
		}
		name := make([]byte, 0, length/2)
		for c := offset; c+2 <= offset+length; c += 2 {
			u := t.u16(c)
			if !nameCharacter(u) {
				return "", errors.New("the PostScript name has other characters than letters, digits and hyphen")
			}
			name = append(name, byte(u))
		}
		if len(name) > 0 && len(name) <= 63 {
			return string(name), nil
		}
	}
	return "", errors.New("no PostScript name")
}

func nameCharacter(u int) bool {
	return u >= 'a' && u <= 'z' || u >= 'A' && u <= 'Z' || u >= '0' && u <= '9' || u == '-'
}
