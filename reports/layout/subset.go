package layout

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// keptTables are copied into a subset as they are.
var keptTables = []string{"OS/2", "cvt ", "fpgm", "hhea", "hmtx", "maxp", "name", "post", "prep"}

// Subset gives a font with the outlines of nothing but what is printed under
// codes. Glyphs keep their numbers; checksums are left zero, for whoever embeds
// the font numbers its glyphs and writes it anew. The cost is that of the
// subset, not of the font. The error says how the outlines contradict each other.
func (f *Font) Subset(codes []uint16) ([]byte, error) {
	codes = slices.Compact(slices.Sorted(slices.Values(codes)))
	glyf, loca, err := f.outlines(codes)
	if err != nil {
		return nil, err
	}
	head := slices.Clone(f.tables["head"])
	if len(head) < 54 {
		return nil, errors.New("head table is cut short")
	}
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets in loca
	tables := map[string][]byte{"cmap": f.cmapOf(codes), "glyf": glyf, "head": head, "loca": loca}
	for _, name := range keptTables {
		if t, ok := f.tables[name]; ok {
			tables[name] = t
		}
	}
	be := binary.BigEndian
	out := be.AppendUint16([]byte{0, 1, 0, 0}, uint16(len(tables)))
	out = append(out, make([]byte, 6)...) // aids to binary search, which nobody needs
	offset := len(out) + 16*len(tables)
	names := slices.Sorted(maps.Keys(tables))
	for _, name := range names {
		out = append(append(out, name...), 0, 0, 0, 0)
		out = be.AppendUint32(out, uint32(offset))
		out = be.AppendUint32(out, uint32(len(tables[name])))
		offset += (len(tables[name]) + 3) &^ 3
	}
	for _, name := range names {
		out = append(out, tables[name]...)
		out = append(out, make([]byte, -len(tables[name])&3)...)
	}
	return out, nil
}

// cmapOf maps codes to their glyphs: format 4, a segment for each run in which
// both grow by one. Its length field is too narrow for many segments and is
// left zero, as readers go by the number of segments.
func (f *Font) cmapOf(codes []uint16) []byte {
	var starts, ends, deltas, offsets []byte
	be := binary.BigEndian
	segment := func(first, last, delta uint16) {
		starts, ends = be.AppendUint16(starts, first), be.AppendUint16(ends, last)
		deltas, offsets = be.AppendUint16(deltas, delta), append(offsets, 0, 0)
	}
	for i := 0; i < len(codes); {
		first := i
		delta := f.glyphs[codes[i]] - codes[i]
		for i++; i < len(codes) && codes[i] == codes[i-1]+1 && f.glyphs[codes[i]]-codes[i] == delta; i++ {
		}
		segment(codes[first], codes[i-1], delta)
	}
	segment(0xFFFF, 0xFFFF, 1)
	table := []byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12, 0, 4, 0, 0, 0, 0}
	table = be.AppendUint16(table, uint16(len(starts)))
	return slices.Concat(table, make([]byte, 6), ends, []byte{0, 0}, starts, deltas, offsets)
}

// outlines copies the outlines of what is printed under codes, of what those are
// composed of, and of glyph 0; all others become empty.
func (f *Font) outlines(codes []uint16) (glyf, loca []byte, err error) {
	keep := map[int]bool{0: true}
	queue := []int{0}
	need := func(g int) {
		if !keep[g] {
			keep[g] = true
			queue = append(queue, g)
		}
	}
	for _, c := range codes {
		need(int(f.glyphs[c]))
	}
	for i := 0; i < len(queue); i++ {
		outline, err := f.outline(queue[i])
		if err != nil {
			return nil, nil, err
		}
		if err := components(view(outline), need); err != nil {
			return nil, nil, err
		}
	}
	loca = make([]byte, 0, 4*len(f.advances)+4)
	for g := range f.advances {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if keep[g] {
			outline, _ := f.outline(g) // it was found above
			glyf = append(glyf, outline...)
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	return glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf))), nil
}

// outline gives a glyph's description; none is an empty glyph's.
func (f *Font) outline(g int) ([]byte, error) {
	loca := view(f.tables["loca"])
	from, to := 2*loca.u16(2*g), 2*loca.u16(2*g+2)
	if view(f.tables["head"]).u16(50) != 0 {
		*loca.short = false
		from, to = loca.u32(4*g), loca.u32(4*g+4)
	}
	if glyf := f.tables["glyf"]; !*loca.short && g < len(f.advances) && from <= to && to <= len(glyf) {
		return glyf[from:to], nil
	}
	return nil, errors.New("an outline is not where loca says")
}

// components calls need for every glyph of which a glyph is composed.
func components(outline table, need func(glyph int)) error {
	if len(outline.b) == 0 || outline.u16(0) < 0x8000 { // number of contours; negative: composite
		return nil
	}
	const (
		wordArguments = 1 << 0
		scale         = 1 << 3
		more          = 1 << 5
		twoScales     = 1 << 6
		matrix        = 1 << 7
	)
	for at, flags := 10, more; flags&more != 0; {
		flags = outline.u16(at)
		glyph := outline.u16(at + 2)
		if *outline.short {
			return errors.New("a composite outline is cut short")
		}
		need(glyph)
		at += 6
		if flags&wordArguments != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&twoScales != 0:
			at += 4
		case flags&matrix != 0:
			at += 8
		}
	}
	return nil
}
