package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// rebuilt parses a base afresh, lets change break it, and writes it again.
func rebuilt(tb testing.TB, base []byte, change func(f *file, catalog dict)) []byte {
	tb.Helper()
	f, err := parseFile(base)
	if err != nil {
		tb.Fatal(err)
	}
	change(f, f.base(f.root).(dict))
	return newFile(f.revisions[0].objects, f.root, f.info).bytes
}

// set replaces object n; 0 adds one.
func (f *file) set(n ref, v any) ref {
	objects := &f.revisions[0].objects
	if n == 0 {
		n = ref(len(*objects) + 1)
		*objects = append(*objects, object{})
	}
	(*objects)[n-1] = object{n, v}
	return n
}

// each calls change for every dictionary, of a stream or not, in which k is v.
func (f *file) each(k name, v any, change func(n ref, d dict)) {
	for _, o := range f.revisions[0].objects {
		d, _ := o.value.(dict)
		if s, ok := o.value.(stream); ok {
			d = s.dict
		}
		if d[k] == v {
			change(o.num, d)
		}
	}
}

// firstPage gives the page and its content.
func (f *file) firstPage(catalog dict) (page dict, content ref) {
	page = f.base(f.base(catalog["Pages"].(ref)).(dict)["Kids"].(array)[0].(ref)).(dict)
	return page, page["Contents"].(ref)
}

// rewrite replaces what a Flate stream holds.
func (f *file) rewrite(tb testing.TB, n ref, change func(data []byte) []byte) {
	tb.Helper()
	c := &conformer{}
	s := f.base(n).(stream)
	data, err := c.inflate(s.data)
	if err != nil {
		tb.Fatal(err)
	}
	f.set(n, compressed(s.dict, change(bytes.Clone(data))))
}

// wantForm wants a file that is refused, as Verify does, because of what its base says.
func wantForm(tb testing.TB, bad []byte, want string) {
	tb.Helper()
	switch _, _, _, err := read(bad); {
	case errors.Is(err, errForm):
		tb.Error("not even our syntax")
	case err == nil || !strings.Contains(err.Error(), want):
		tb.Errorf("%v, want %q", err, want)
	}
}

// TestConformsRefuses gives bases in our syntax that say one thing more, or
// another, than Compose says. A holder of a key could sign them.
func TestConformsRefuses(t *testing.T) {
	var fields []string
	for n := range 20 {
		fields = append(fields, fmt.Sprint("expert", n))
	}
	good := testBase(t, fields...) // of several pages
	catalog := func(k name, v any) func(*file, dict) {
		return func(_ *file, c dict) { c[k] = v }
	}
	// within changes the dictionaries of a type or subtype.
	within := func(k, v name, change func(f *file, d dict)) func(*file, dict) {
		return func(f *file, _ dict) { f.each(k, v, func(_ ref, d dict) { change(f, d) }) }
	}
	entry := func(k, v, key name, value any) func(*file, dict) {
		return within(k, v, func(_ *file, d dict) { d[key] = value })
	}
	page := func(change func(f *file, page dict)) func(*file, dict) {
		return func(f *file, c dict) {
			p, _ := f.firstPage(c)
			change(f, p)
		}
	}
	content := func(old, new string) func(*file, dict) {
		return func(f *file, c dict) {
			_, n := f.firstPage(c)
			f.rewrite(t, n, func(b []byte) []byte {
				if !bytes.Contains(b, []byte(old)) {
					t.Fatalf("no %q in the content", old)
				}
				return bytes.Replace(b, []byte(old), []byte(new), 1)
			})
		}
	}
	script := dict{"S": name("JavaScript"), "JS": text("app.alert(1)")}

	for _, c := range []struct {
		name, want string
		change     func(f *file, catalog dict)
	}{
		{"a script at opening", "OpenAction", catalog("OpenAction", script)},
		{"further actions", "AA", catalog("AA", dict{"WC": script})},
		{"scripts by name", "Names", catalog("Names", dict{"JavaScript": dict{}})},
		{"files", "Names", catalog("Names", dict{"EmbeddedFiles": dict{}})},
		{"optional content", "OCProperties", catalog("OCProperties", dict{})},
		{"an escaped key", "Open#41ction", catalog("Open#41ction", script)},
		{"a key of no meaning", "Extra", catalog("Extra", 1)},
		{"another language", "Lang", catalog("Lang", text("en"))},
		{"no metadata", "no /Metadata", func(_ *file, c dict) { delete(c, "Metadata") }},
		{"compressed metadata", "Filter", entry("Type", "Metadata", "Filter", name("FlateDecode"))},
		{"metadata of another title", "other data", func(f *file, _ dict) { f.base(f.info).(dict)["Title"] = text("x") }},
		{"a title that steers", "Title", func(f *file, _ dict) { f.base(f.info).(dict)["Title"] = text("x\x1b[31m") }},
		{"a title in another code", "Title", func(f *file, _ dict) { f.base(f.info).(dict)["Title"] = text("\xFE\xFF\x00x") }},
		{"another producer", "Producer", func(f *file, _ dict) { f.base(f.info).(dict)["Producer"] = text("x") }},
		{"two dates", "2026", func(f *file, _ dict) { f.base(f.info).(dict)["ModDate"] = text("D:20261121150406+08'00'") }},
		{"no date", "no date", func(f *file, _ dict) { f.base(f.info).(dict)["ModDate"] = text("2026") }},
		{"another profile", "other data", func(f *file, c dict) {
			f.rewrite(t, c["OutputIntents"].(array)[0].(dict)["DestOutputProfile"].(ref), func(b []byte) []byte { return b[:400] })
		}},
		{"two intents", "OutputIntents", func(_ *file, c dict) { c["OutputIntents"] = append(c["OutputIntents"].(array), dict{}) }},
		{"appearances left to the reader", "NeedAppearances", func(_ *file, c dict) { c["AcroForm"].(dict)["NeedAppearances"] = true }},
		{"a form that is none", "AcroForm", catalog("AcroForm", 1)},
		{"no form", "and /AcroForm", func(_ *file, c dict) { delete(c, "AcroForm") }},
		{"no fields", "/Fields", func(_ *file, c dict) { c["AcroForm"].(dict)["Fields"] = array{} }},
		{"fields that are none", "/Fields", func(_ *file, c dict) { c["AcroForm"].(dict)["Fields"] = array{1, 2} }},
		{"one field twice", "/Fields", func(_ *file, c dict) {
			fields := c["AcroForm"].(dict)["Fields"].(array)
			fields[1] = fields[0]
		}},
		{"an object beside", "belong to nothing", func(f *file, _ dict) { f.set(0, stream{dict{"Length": 4}, []byte("evil")}) }},
		{"an object that is not there", "no metadata", catalog("Metadata", ref(999))},
		{"a page twice", "elsewhere", func(f *file, c dict) {
			d := f.base(c["Pages"].(ref)).(dict)
			d["Kids"] = append(d["Kids"].(array), d["Kids"].(array)[0])
		}},
		{"another count of pages", "pages 1: not", entry("Type", "Pages", "Count", 9)},
		{"another size of pages", "MediaBox", entry("Type", "Pages", "MediaBox", array{0, 0, 100, 100})},
		{"a page of another size", "MediaBox", page(func(_ *file, p dict) { p["MediaBox"] = array{0, 0, 10, 10} })},
		{"a page turned", "Rotate", page(func(_ *file, p dict) { p["Rotate"] = 90 })},
		{"an action of a page", "AA", page(func(_ *file, p dict) { p["AA"] = dict{"O": script} })},
		{"resources of one page", "different resources", page(func(f *file, p dict) {
			p["Resources"] = f.set(0, f.base(p["Resources"].(ref)))
		})},
		{"a link", "no widget", page(func(_ *file, p dict) { p["Annots"] = array{dict{"Subtype": name("Link"), "A": script}} })},
		{"a note", "widget", page(func(f *file, p dict) {
			p["Annots"] = array{f.set(0, dict{"Type": name("Annot"), "Subtype": name("Text"), "Contents": text("x")})}
		})},
		{"a field with an action", "\"A\"", entry("FT", "Sig", "A", script)},
		{"a text field", "FT", entry("FT", "Sig", "FT", name("Tx"))},
		{"a field without name", "no /T", within("FT", "Sig", func(_ *file, d dict) { delete(d, "T") })},
		{"a field filled in the base", "\"V\"", entry("FT", "Sig", "V", text("x"))},
		{"a field that steers", "not of the form", entry("FT", "Sig", "T", text("secretary\x1b[31m"))},
		{"a field of two lines", "not of the form", entry("FT", "Sig", "T", text("secretary\n"))},
		{"a field of a long number", "not of the form", entry("FT", "Sig", "T", text("expert1000"))},
		{"a hidden field", "\"F\"", entry("FT", "Sig", "F", 2)},
		{"a field off the page", "Rect", entry("FT", "Sig", "Rect", array{0, 0, 9999, 1})},
		{"a field of another page", "\"P\"", entry("FT", "Sig", "P", ref(1))},
		{"a field without appearance", "no /AP", within("FT", "Sig", func(_ *file, d dict) { delete(d, "AP") })},
		{"an appearance that shows", "other data", within("FT", "Sig", func(f *file, d dict) {
			n := d["AP"].(dict)["N"].(ref)
			f.set(n, newStream(f.base(n).(stream).dict, []byte("0 0 9 9 re f")))
		})},
		{"an appearance for a pressed button", "\"D\"", within("FT", "Sig", func(_ *file, d dict) { d["AP"].(dict)["D"] = d["AP"].(dict)["N"] })},
		{"a font that is not embedded", "no /FontFile2", within("Type", "FontDescriptor", func(_ *file, d dict) { delete(d, "FontFile2") })},
		{"a standard font", "no /DescendantFonts", func(f *file, _ dict) {
			f.each("Subtype", name("Type0"), func(n ref, _ dict) {
				f.set(n, dict{"Type": name("Font"), "Subtype": name("Type1"), "BaseFont": name("Helvetica")})
			})
		}},
		{"a font program that is none", "TrueType", func(f *file, _ dict) {
			f.each("Type", name("FontDescriptor"), func(_ ref, d dict) {
				f.rewrite(t, d["FontFile2"].(ref), func(b []byte) []byte { return make([]byte, len(b)) })
			})
		}},
		{"a font program of another length", "Length1", func(f *file, _ dict) {
			f.each("Type", name("FontDescriptor"), func(_ ref, d dict) { f.base(d["FontFile2"].(ref)).(stream).dict["Length1"] = text("9") })
		}},
		{"two names of one font", "FontName", entry("Type", "FontDescriptor", "FontName", name("ABCDEF+Other"))},
		{"no subset tag", "not of the form", within("Subtype", "Type0", func(_ *file, d dict) { d["BaseFont"] = d["BaseFont"].(name)[7:] })},
		{"another encoding", "Encoding", entry("Subtype", "Type0", "Encoding", name("UniGB-UCS2-H"))},
		{"a standard map of glyphs", "no glyphs", entry("Subtype", "CIDFontType2", "CIDToGIDMap", name("Identity"))},
		{"another CMap", "another CMap", within("Subtype", "Type0", func(f *file, d dict) {
			f.rewrite(t, d["ToUnicode"].(ref), func(b []byte) []byte { return append(b, "/x usecmap\n"...) })
		})},
		{"an external stream", "\"F\"", page(func(f *file, p dict) { f.base(p["Contents"].(ref)).(stream).dict["F"] = text("/etc/passwd") })},
		{"LZW", "Filter", page(func(f *file, p dict) { f.base(p["Contents"].(ref)).(stream).dict["Filter"] = name("LZWDecode") })},
		{"a stream of something else", "zlib", page(func(f *file, p dict) {
			n := p["Contents"].(ref)
			f.set(n, newStream(f.base(n).(stream).dict, []byte("BT ET")))
		})},
		{"bytes behind a stream's end", "more data", page(func(f *file, p dict) {
			s := f.base(p["Contents"].(ref)).(stream)
			f.set(p["Contents"].(ref), newStream(s.dict, append(bytes.Clone(s.data), "evil"...)))
		})},
		{"two streams of a page", "no content", page(func(_ *file, p dict) { p["Contents"] = array{p["Contents"]} })},
		{"marked content", "BDC", content("0 J", "/OC /x BDC EMC 0 J")},
		{"an image", "BI", content("0 J", "BI")},
		{"a form", "Do", content("0 J", "/x Do 0 J")},
		{"white text", "\"g\"", content("0.000 g", "1.000 g")},
		{"invisible text", "Tr", content("BT", "BT 3 Tr")},
		{"a clip", "W", content("S\n", "W n\n")},
		{"another matrix", "cm", content("0 J", "1 0 cm 0 J")},
		{"many operands", "too many", content("0 J", "1 0 0 1 0 0 0 cm 0 J")},
		{"text off the page", "Td", content("BT ", "BT -500 0 Td ")},
		{"a font of no size", "Tf", content("14.00 Tf", "0.00 Tf")},
		{"a font that is not there", "not in the resources", content("BT /F", "BT /Fa 9 Tf /F")},
		{"half a code", "Tj", content(" Tj", " Tj (a) Tj")},
		{"text outside of text", "Td", content("0 J", "0 0 Td 0 J")},
		{"a comment", "syntax", content("0 J", "%hidden\n0 J")},
		{"an operand alone", "in the middle", func(f *file, c dict) {
			_, n := f.firstPage(c)
			f.rewrite(t, n, func(b []byte) []byte { return append(b, "1"...) })
		}},
		{"text without end", "in the middle", func(f *file, c dict) {
			_, n := f.firstPage(c)
			f.rewrite(t, n, func(b []byte) []byte { return append(b, "BT"...) })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := rebuilt(t, good, c.change)
			wantForm(t, bad, c.want)
		})
	}
	if same := rebuilt(t, good, func(*file, dict) {}); !bytes.Equal(same, good) {
		t.Error("rebuilt without a change it differs")
	}
	if f, err := parseFile(good); err != nil || f.conforms() != nil {
		t.Errorf("unchanged: %v, %v", err, f.conforms())
	}
}

// TestInflateBound holds that the streams of a file together grow to what they may, and no
// further, and that what is read then is no more than that.
func TestInflateBound(t *testing.T) {
	const room = 1000
	for _, c := range []struct {
		size int
		good bool
	}{{room, true}, {room + 1, false}, {1 << 20, false}} {
		of := conformer{inflated: maxInflated - room}
		data, err := of.inflate(compressed(dict{}, make([]byte, c.size)).data)
		if (err == nil) != c.good || c.good && len(data) != c.size {
			t.Errorf("%d bytes where there is room for %d: %d, %v", c.size, room, len(data), err)
		}
		if got := of.inflater.data.Len(); got > room+1 {
			t.Errorf("%d bytes were read", got)
		}
	}
}
