package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"heyi/reports/layout"
)

// checker tells where a file breaks PDF/A-2u (ISO 19005-2, level U). It checks
// what our files could get wrong, and reads every file afresh: it shares the
// parser with the program and nothing else. A broken file is no failure of its
// own, but a list of complaints.
type checker struct {
	objects    map[ref]any
	complaints []string
}

func (c *checker) complain(format string, a ...any) {
	c.complaints = append(c.complaints, fmt.Sprintf(format, a...))
}

// deref follows a reference.
func (c *checker) deref(v any) any {
	if n, ok := v.(ref); ok {
		return c.objects[n]
	}
	return v
}

func (c *checker) dict(v any) dict {
	switch v := c.deref(v).(type) {
	case dict:
		return v
	case stream:
		return v.dict
	}
	return nil
}

func (c *checker) array(v any) array {
	a, _ := c.deref(v).(array)
	return a
}

// data gives a stream's data, inflated.
func (c *checker) data(v any) []byte {
	s, ok := c.deref(v).(stream)
	if !ok {
		return nil
	}
	switch s.dict["Filter"] {
	case nil:
		return s.data
	case name("FlateDecode"):
		r, err := zlib.NewReader(bytes.NewReader(s.data))
		if err == nil {
			var out []byte
			if out, err = io.ReadAll(r); err == nil {
				return out
			}
		}
		c.complain("stream: %v", err)
		return nil
	}
	c.complain("filter %v", s.dict["Filter"])
	return nil
}

// complaints checks a file of any number of revisions.
func complaints(b []byte) []string {
	c := &checker{objects: map[ref]any{}}
	if len(b) < 15 || !regexp.MustCompile(`^%PDF-1\.[0-7]\n%`).Match(b) {
		return []string{"no header"}
	}
	for _, x := range b[10:14] {
		if x < 0x80 {
			c.complain("the header's second line has no four bytes above 127")
			break
		}
	}
	if !bytes.HasSuffix(b, []byte("%%EOF\n")) {
		c.complain("something stands behind %%%%EOF")
	}
	p := &parser{b: b, at: 15}
	var trailer dict
	for p.at < len(b) {
		objects, err := p.objects()
		if err != nil {
			c.complain("objects: %v", err)
			break
		}
		for _, o := range objects {
			c.objects[o.num] = o.value
		}
		p.at += bytes.Index(b[p.at:], []byte("trailer\n")) + len("trailer\n")
		v, err := p.value(0)
		if err != nil {
			c.complain("trailer: %v", err)
			break
		}
		trailer = v.(dict)
		p.at += bytes.Index(b[p.at:], []byte("%%EOF\n")) + len("%%EOF\n")
	}
	c.trailer(trailer)
	catalog := c.dict(trailer["Root"])
	c.metadata(catalog, c.dict(trailer["Info"]))
	c.intent(catalog)
	c.outline(catalog)
	for _, kid := range c.array(c.dict(catalog["Pages"])["Kids"]) {
		c.page(c.dict(kid))
	}
	return c.complaints
}

func (c *checker) trailer(d dict) {
	id, _ := d["ID"].(array)
	if len(id) != 2 || id[0] == text("") {
		c.complain("no /ID")
	}
	if d["Encrypt"] != nil {
		c.complain("encrypted")
	}
}

// metadata checks the XMP packet and that the information dictionary agrees.
func (c *checker) metadata(catalog, info dict) {
	s, ok := c.deref(catalog["Metadata"]).(stream)
	if !ok || s.dict["Type"] != name("Metadata") || s.dict["Subtype"] != name("XML") || s.dict["Filter"] != nil {
		c.complain("no plain metadata stream")
		return
	}
	type list struct {
		Alt []string `xml:"Alt>li"`
		Seq []string `xml:"Seq>li"`
	}
	var x struct {
		Description struct {
			Part        string `xml:"http://www.aiim.org/pdfa/ns/id/ part"`
			Conformance string `xml:"http://www.aiim.org/pdfa/ns/id/ conformance"`
			Title       list   `xml:"http://purl.org/dc/elements/1.1/ title"`
			Creator     list   `xml:"http://purl.org/dc/elements/1.1/ creator"`
			Created     string `xml:"http://ns.adobe.com/xap/1.0/ CreateDate"`
			Modified    string `xml:"http://ns.adobe.com/xap/1.0/ ModifyDate"`
			Tool        string `xml:"http://ns.adobe.com/xap/1.0/ CreatorTool"`
			Producer    string `xml:"http://ns.adobe.com/pdf/1.3/ Producer"`
		} `xml:"RDF>Description"`
	}
	if err := xml.Unmarshal(s.data, &x); err != nil {
		c.complain("XMP: %v", err)
		return
	}
	d := x.Description
	if d.Part != "2" || d.Conformance != "U" {
		c.complain("XMP claims part %q, conformance %q", d.Part, d.Conformance)
	}
	iso := func(k name) string {
		t, _ := info[k].(text)
		at, _ := t.date()
		return at.Format("2006-01-02T15:04:05-07:00")
	}
	of := func(k name) string { t, _ := info[k].(text); return t.people() }
	for _, pair := range [][3]string{
		{"title", strings.Join(d.Title.Alt, "|"), of("Title")}, {"author", strings.Join(d.Creator.Seq, "|"), of("Author")},
		{"creator", d.Tool, of("Creator")}, {"producer", d.Producer, of("Producer")},
		{"creation", d.Created, iso("CreationDate")}, {"modification", d.Modified, iso("ModDate")},
	} {
		if pair[1] != pair[2] || pair[1] == "" {
			c.complain("%s: XMP says %q, Info %q", pair[0], pair[1], pair[2])
		}
	}
}

func (c *checker) intent(catalog dict) {
	intents := c.array(catalog["OutputIntents"])
	if len(intents) != 1 || c.dict(intents[0])["S"] != name("GTS_PDFA1") {
		c.complain("no output intent")
		return
	}
	profile := c.deref(c.dict(intents[0])["DestOutputProfile"])
	icc := c.data(profile)
	if len(icc) < 132 || c.dict(profile)["N"] != 3 || int(binary.BigEndian.Uint32(icc)) != len(icc) ||
		string(icc[36:40]) != "acsp" || string(icc[16:20]) != "RGB " || icc[8] != 2 {
		c.complain("no sRGB profile")
		return
	}
	for i := range int(binary.BigEndian.Uint32(icc[128:])) {
		tag := icc[132+12*i:]
		if end := binary.BigEndian.Uint32(tag[4:]) + binary.BigEndian.Uint32(tag[8:]); int(end) > len(icc) || end%2 != 0 && string(tag[:4]) != "desc" {
			c.complain("profile tag %q", tag[:4])
		}
	}
}

// font is what the checker knows of an embedded font.
type font struct {
	glyphs  []byte // CIDToGIDMap
	widths  map[int]int
	def     int // default width
	unicode map[int]string
	program *program
}

// program is an embedded TrueType font program.
type program struct {
	glyphs   int
	em       int
	advances []byte // hmtx
	metrics  int
	loca     func(glyph int) (offset, next uint32)
}

func parseProgram(b []byte) (*program, bool) {
	be := binary.BigEndian
	tables := map[string][]byte{}
	if len(b) < 12 {
		return nil, false
	}
	for i := range int(be.Uint16(b[4:])) {
		e := b[12+16*i:]
		offset, length := be.Uint32(e[8:]), be.Uint32(e[12:])
		if int(offset)+int(length) > len(b) {
			return nil, false
		}
		tables[string(e[:4])] = b[offset : offset+length]
	}
	for _, t := range []string{"head", "hhea", "hmtx", "maxp", "loca", "glyf"} {
		if tables[t] == nil {
			return nil, false
		}
	}
	p := &program{
		glyphs: int(be.Uint16(tables["maxp"][4:])), em: int(be.Uint16(tables["head"][18:])),
		advances: tables["hmtx"], metrics: int(be.Uint16(tables["hhea"][34:])),
	}
	loca := tables["loca"]
	p.loca = func(g int) (uint32, uint32) {
		if be.Uint16(tables["head"][50:]) == 0 {
			return 2 * uint32(be.Uint16(loca[2*g:])), 2 * uint32(be.Uint16(loca[2*g+2:]))
		}
		return be.Uint32(loca[4*g:]), be.Uint32(loca[4*g+4:])
	}
	return p, true
}

// advance gives a glyph's width in thousandths of an em.
func (p *program) advance(g int) int {
	return int(binary.BigEndian.Uint16(p.advances[4*min(g, p.metrics-1):])) * 1000 / p.em
}

func (c *checker) font(v any) *font {
	d := c.dict(v)
	base, _ := d["BaseFont"].(name)
	if d["Subtype"] != name("Type0") || d["Encoding"] != name("Identity-H") {
		c.complain("font %s is no composite font with Identity-H", base)
		return nil
	}
	if !regexp.MustCompile(`^[A-Z]{6}\+[A-Za-z0-9-]+$`).MatchString(string(base)) {
		c.complain("font %s has no subset tag", base)
	}
	descendants := c.array(d["DescendantFonts"])
	if len(descendants) != 1 {
		c.complain("font %s has no descendant", base)
		return nil
	}
	cid := c.dict(descendants[0])
	descriptor := c.dict(cid["FontDescriptor"])
	if cid["BaseFont"] != base || descriptor["FontName"] != base {
		c.complain("font %s has several names", base)
	}
	f := &font{glyphs: c.data(cid["CIDToGIDMap"]), widths: map[int]int{}, unicode: map[int]string{}}
	if len(f.glyphs) == 0 {
		c.complain("font %s has no CIDToGIDMap", base)
		return nil
	}
	var ok bool
	if f.program, ok = parseProgram(c.data(descriptor["FontFile2"])); !ok {
		c.complain("font %s is not embedded", base)
		return nil
	}
	f.def, _ = cid["DW"].(int)
	w := c.array(cid["W"])
	for i := 0; i+1 < len(w); {
		first, _ := w[i].(int)
		if list, ok := w[i+1].(array); ok {
			for k, x := range list {
				f.widths[first+k], _ = x.(int)
			}
			i += 2
			continue
		}
		last, _ := w[i+1].(int)
		for code := first; code <= last; code++ {
			f.widths[code], _ = w[i+2].(int)
		}
		i += 3
	}
	c.toUnicode(base, f, string(c.data(d["ToUnicode"])))
	return f
}

// toUnicode reads a ToUnicode CMap and checks what ISO 32000-1, 9.10.3 and ISO
// 19005-2, 6.2.11.7.2 ask of it.
func (c *checker) toUnicode(base name, f *font, cmap string) {
	utf := func(hex string) string {
		var units []uint16
		for ; len(hex) >= 4; hex = hex[4:] {
			u, _ := strconv.ParseUint(hex[:4], 16, 16)
			units = append(units, uint16(u))
		}
		return string(utf16.Decode(units))
	}
	for _, section := range regexp.MustCompile(`(?s)(\d+) begin(bfrange|bfchar)\n(.*?)\nend`).FindAllStringSubmatch(cmap, -1) {
		lines := strings.Split(section[3], "\n")
		if n, _ := strconv.Atoi(section[1]); n != len(lines) || n > 100 {
			c.complain("font %s: %s lines announced, %d there", base, section[1], len(lines))
		}
		for _, line := range lines {
			m := regexp.MustCompile(`[0-9A-F]+`).FindAllString(line, -1)
			from, _ := strconv.ParseInt(m[0], 16, 32)
			to := from
			if section[2] == "bfrange" {
				to, _ = strconv.ParseInt(m[1], 16, 32)
			}
			if from>>8 != to>>8 || to < from {
				c.complain("font %s: range %s crosses a high byte", base, line)
				continue
			}
			target := []rune(utf(m[len(m)-1]))
			for code := from; code <= to; code++ {
				r := target[0] + rune(code-from)
				if len(target) != 1 || r == 0 || r == 0xFFFE || r == 0xFFFD || r >= 0xE000 && r <= 0xF8FF {
					c.complain("font %s: code %04X means %q", base, code, target)
				}
				f.unicode[int(code)] = string(r)
			}
		}
	}
}

func (c *checker) page(page dict) {
	fonts := map[string]*font{}
	for k, v := range c.dict(c.dict(page["Resources"])["Font"]) {
		fonts[string(k)] = c.font(v)
	}
	c.content(fonts, c.data(page["Contents"]))
	for _, a := range c.array(page["Annots"]) {
		w := c.dict(a)
		if w["Subtype"] != name("Widget") {
			c.complain("annotation %v", w["Subtype"])
			continue
		}
		rect := c.array(w["Rect"])
		if w["AP"] == nil && len(rect) == 4 && rect[0] == rect[2] && rect[1] == rect[3] {
			continue // of no size: it needs none (ISO 19005-2, 6.3.3)
		}
		appearance := c.dict(c.dict(w["AP"])["N"])
		box := c.array(appearance["BBox"])
		c.paths(w["T"], appearance, c.data(c.dict(w["AP"])["N"]))
		if appearance["Subtype"] != name("Form") || len(rect) != 4 || len(box) != 4 {
			c.complain("widget %v: no appearance", w["T"])
			continue
		}
		number := func(v any) float64 { x, _ := strconv.ParseFloat(string(appendValue(nil, v)), 64); return x }
		if d := number(rect[2]) - number(rect[0]) - number(box[2]); d > 0.02 || d < -0.02 {
			c.complain("widget %v: appearance of another size", w["T"])
		}
	}
}

// paths checks that an appearance needs nothing that PDF/A asks to be embedded: it has
// no resources, and paints paths in the colour there is.
func (c *checker) paths(field any, appearance dict, b []byte) {
	if len(c.dict(appearance["Resources"])) > 0 || appearance["Group"] != nil {
		c.complain("widget %v: an appearance with resources", field)
	}
	for _, word := range regexp.MustCompile(`[A-Za-z]+`).FindAllString(string(b), -1) {
		if !strings.Contains(" q Q cm w J j m l c h f S ", " "+word+" ") {
			c.complain("widget %v: operator %s", field, word)
		}
	}
}

// content checks every character that is shown.
func (c *checker) content(fonts map[string]*font, b []byte) {
	var f *font
	p := &parser{b: b}
	var operands []any
	for {
		p.skip()
		if p.at >= len(b) {
			return
		}
		from := p.at
		if v, err := p.value(0); err == nil {
			operands = append(operands, v)
			continue
		}
		p.at = from
		switch op := p.word(); op {
		case "Tf":
			k, _ := operands[0].(name)
			if f = fonts[string(k)]; f == nil {
				c.complain("font %s is not in the resources", k)
				return
			}
		case "Tj":
			c.show(f, operands[0].(text))
		case "":
			c.complain("content: no operator at %d", from)
			return
		}
		operands = nil
	}
}

func (c *checker) show(f *font, s text) {
	for i := 0; i+1 < len(s); i += 2 {
		code := int(s[i])<<8 | int(s[i+1])
		if f.unicode[code] == "" {
			c.complain("code %04X has no meaning", code)
		}
		if 2*code+1 >= len(f.glyphs) {
			c.complain("code %04X has no glyph", code)
			continue
		}
		glyph := int(f.glyphs[2*code])<<8 | int(f.glyphs[2*code+1])
		if glyph == 0 || glyph >= f.program.glyphs {
			c.complain("code %04X (%s) shows glyph %d", code, f.unicode[code], glyph)
			continue
		}
		if from, to := f.program.loca(glyph); from == to && strings.TrimSpace(f.unicode[code]) != "" {
			c.complain("code %04X (%s) shows an empty glyph", code, f.unicode[code])
		}
		width, ok := f.widths[code]
		if !ok {
			width = f.def
		}
		if want := f.program.advance(glyph); width != want {
			c.complain("code %04X (%s) is %d wide, its glyph %d", code, f.unicode[code], width, want)
		}
	}
}

func TestArchivable(t *testing.T) {
	base := testBase(t, "expert1", "secretary")
	for _, s := range complaints(base) {
		t.Errorf("base: %s", s)
	}
	signed := mustSign(t, base, testSigner(t, testPanel(), "secretary", "甲"))
	signed = mustSign(t, signed, testSigner(t, testPanel(), "expert1", "乙"))
	for _, s := range complaints(signed) {
		t.Errorf("signed: %s", s)
	}
}

// TestArchivableControls breaks a file in one way at a time; the checker has to
// see each.
func TestArchivableControls(t *testing.T) {
	good := testBase(t, "secretary")
	rebuild := func(change func(f *file, catalog dict)) []byte { return rebuilt(t, good, change) }
	type0 := func(change func(f *file, d dict)) []byte {
		return rebuild(func(f *file, _ dict) {
			f.each("Subtype", name("Type0"), func(_ ref, d dict) { change(f, d) })
		})
	}
	cmap := func(body string) []byte {
		return type0(func(f *file, d dict) { f.set(d["ToUnicode"].(ref), newStream(dict{}, []byte(body))) })
	}
	xmpWith := func(old, new string) []byte {
		return rebuild(func(f *file, c dict) {
			n := c["Metadata"].(ref)
			s := f.base(n).(stream)
			s.data = bytes.ReplaceAll(s.data, []byte(old), []byte(new))
			f.revisions[0].objects[n-1].value = newStream(s.dict, s.data)
		})
	}
	for _, v := range []struct {
		name, complaint string
		file            []byte
	}{
		{"header in plain text", "above 127", bytes.Replace(good, []byte("%\xE2\xE3\xCF\xD3"), []byte("%abcd"), 1)},
		{"no header", "no header", good[1:]},
		{"bytes behind the end", "behind %%EOF", append(bytes.Clone(good), 'x')},
		{"no id", "no /ID", regexp.MustCompile(`/ID \[<.*?> <.*?>\]`).ReplaceAll(good, nil)},
		{"encrypted", "encrypted", bytes.Replace(good, []byte("trailer\n<<"), []byte("trailer\n<< /Encrypt 1 0 R"), 1)},
		{"no metadata", "metadata", rebuild(func(_ *file, c dict) { delete(c, "Metadata") })},
		{"compressed metadata", "metadata", rebuild(func(f *file, c dict) { f.base(c["Metadata"].(ref)).(stream).dict["Filter"] = name("FlateDecode") })},
		{"another part", "part", xmpWith("part>2<", "part>1<")},
		{"another level", "conformance", xmpWith("conformance>U<", "conformance>A<")},
		{"another title", "title", xmpWith("评审会议记录", "评审会议纪要")},
		{"another date", "creation", xmpWith("CreateDate>2026", "CreateDate>2025")},
		{"no intent", "output intent", rebuild(func(_ *file, c dict) { delete(c, "OutputIntents") })},
		{"a profile cut short", "profile", rebuild(func(f *file, c dict) {
			f.set(c["OutputIntents"].(array)[0].(dict)["DestOutputProfile"].(ref), newStream(dict{}, srgb()[:400]))
		})},
		{"a font that is not embedded", "not embedded", rebuild(func(f *file, _ dict) {
			f.each("Type", name("FontDescriptor"), func(_ ref, d dict) { delete(d, "FontFile2") })
		})},
		{"no subset tag", "subset tag", type0(func(_ *file, d dict) { d["BaseFont"] = d["BaseFont"].(name)[7:] })},
		{"two names of one font", "several names", rebuild(func(f *file, _ dict) {
			f.each("Type", name("FontDescriptor"), func(_ ref, d dict) { d["FontName"] = name("ABCDEF+Other") })
		})},
		{"the composer's own ToUnicode", "crosses a high byte", cmap("1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\n")},
		{"too many mappings at once", "announced", cmap("101 beginbfchar\n" + strings.Repeat("<0041> <0041>\n", 101) + "endbfchar\n")},
		{"a character of no meaning", "has no meaning", cmap("1 beginbfchar\n<0041> <0041>\nendbfchar\n")},
		{"a private meaning", "means", cmap("1 beginbfchar\n<0041> <E000>\nendbfchar\n")},
		{"a character without glyph", "shows glyph 0", rebuild(func(f *file, _ dict) {
			f.each("Subtype", name("CIDFontType2"), func(_ ref, d dict) { f.set(d["CIDToGIDMap"].(ref), newStream(dict{}, make([]byte, 1<<17))) })
		})},
		{"another glyph's width", "wide", rebuild(func(f *file, _ dict) {
			f.each("Subtype", name("CIDFontType2"), func(_ ref, d dict) { d["W"], d["DW"] = array{}, 999 })
		})},
		{"an appearance with fonts", "with resources", rebuild(func(f *file, _ dict) {
			f.each("Subtype", name("Form"), func(_ ref, d dict) { d["Resources"] = dict{"Font": dict{}} })
		})},
		{"an appearance with text", "operator BT", rebuild(func(f *file, _ dict) {
			f.each("Subtype", name("Form"), func(n ref, d dict) { f.set(n, newStream(d, []byte("BT ET"))) })
		})},
		{"a field without appearance", "no appearance", rebuild(func(f *file, _ dict) {
			f.each("FT", name("Sig"), func(_ ref, d dict) { delete(d, "AP") })
		})},
	} {
		t.Run(v.name, func(t *testing.T) {
			if got := strings.Join(complaints(v.file), "\n"); !strings.Contains(got, v.complaint) {
				t.Errorf("complaints %q, want %q", got, v.complaint)
			}
		})
	}
	if got := complaints(rebuild(func(*file, dict) {})); len(got) > 0 {
		t.Errorf("unbroken: %q", got)
	}
}

func TestToUnicode(t *testing.T) {
	u := usage{0xE000: '𫖮', 0xE001: '𬬻', 'A': 'A', 'B': 'B', 'D': 'D', 0x4DFF: 0x4DFF, 0x4E00: 0x4E00}
	for i := range 250 {
		u[uint16(0x5000+2*i)] = rune(0x5000 + 2*i)
	}
	cmap := string(toUnicode(u))
	for _, want := range []string{
		"100 beginbfrange\n<0041> <0042> <0041>\n<0044> <0044> <0044>\n<4DFF> <4DFF> <4DFF>\n<4E00> <4E00> <4E00>\n",
		"54 beginbfrange\n", "2 beginbfchar\n<E000> <D86DDDAE>\n<E001> <D872DF3B>\nendbfchar\n",
	} {
		if !strings.Contains(cmap, want) {
			t.Errorf("no %q in\n%s", want, cmap)
		}
	}
}

func TestXMPInUTC(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{testTime, "2026-11-21T15:04:05+08:00<"},
		{testTime.UTC(), "2026-11-21T07:04:05+00:00<"},
	} {
		if x := string(xmp(Meta{Title: "a", Author: "b", At: c.at})); strings.Count(x, c.want) != 2 {
			t.Errorf("no %q in %s", c.want, x)
		}
	}
}

// TestFieldOnItsPage wants each widget where layout put its place.
func TestFieldOnItsPage(t *testing.T) {
	var pages []layout.Page
	for n := range 3 {
		pages = append(pages, layout.Page{
			Spans:  []layout.Span{{Face: layout.Song, Size: 14, X: 100, Y: 110, Text: "页"}},
			Fields: []layout.Field{{Name: fmt.Sprint("f", n), X: 100, Y: 50, W: 200, H: 40}},
		})
	}
	b, err := Compose(pages, testFonts(), testMeta)
	if err != nil {
		t.Fatal(err)
	}
	f, fields, _, err := read(b)
	if err != nil || len(fields) != 3 {
		t.Fatalf("%d fields, %v", len(fields), err)
	}
	kids := f.base(f.base(f.root).(dict)["Pages"].(ref)).(dict)["Kids"].(array)
	for n, fd := range fields {
		if fd.name != fmt.Sprint("f", n) || fd.widget["P"] != kids[n] {
			t.Errorf("field %d: %s on %v, page is %v", n, fd.name, fd.widget["P"], kids[n])
		}
		if got := string(appendValue(nil, fd.widget["Rect"])); got != "[100.00 751.89 300.00 791.89]" {
			t.Errorf("field %d at %s", n, got)
		}
	}
}
