package assets

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/simplifiedchinese"
)

var cutFonts = map[string][]byte{
	"sans-regular.ttf":  SansRegular,
	"sans-bold.ttf":     SansBold,
	"serif-regular.ttf": SerifRegular,
	"serif-bold.ttf":    SerifBold,
	"kai.ttf":           Kai,
}

func allFonts() map[string][]byte {
	all := map[string][]byte{"rare.ttf": Rare}
	for name, data := range cutFonts {
		all[name] = data
	}
	return all
}

// TestRecorded holds every generated file to its row of SOURCES.tsv, and every
// row to a licence text that lies beside the fonts.
func TestRecorded(t *testing.T) {
	files := allFonts()
	files["8105.txt"] = []byte(Table8105)
	texts := map[string]string{
		"OFL-1.1":          "SIL OPEN FONT LICENSE Version 1.1",
		"Unicode-DFS-2016": "UNICODE, INC. LICENSE AGREEMENT",
	}
	for line := range strings.Lines(read(t, "fonts/SOURCES.tsv")) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(strings.TrimSpace(line), "\t")
		if len(row) != 7 {
			t.Fatalf("%d columns: %q", len(row), row)
		}
		for i, column := range row {
			if column == "" {
				t.Errorf("%s: column %d is empty", row[0], i+1)
			}
		}
		data, ok := files[row[0]]
		if !ok {
			t.Errorf("%s is recorded and not embedded, or recorded twice", row[0])
			continue
		}
		delete(files, row[0])
		if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != row[6] {
			t.Errorf("%s: SHA-256 %s, recorded %s", row[0], got, row[6])
		}
		if len(row[5]) != 64 {
			t.Errorf("%s: source digest %q", row[0], row[5])
		}
		licence := "fonts/OFL-Noto.txt"
		switch {
		case row[0] == "kai.ttf":
			licence = "fonts/OFL-LXGW.txt"
		case row[4] == "Unicode-DFS-2016":
			licence = "fonts/LICENSE-Unicode.txt"
		}
		text := read(t, licence)
		if want := texts[row[4]]; want == "" || !strings.Contains(text, want) {
			t.Errorf("%s: %s is not the licence %s", row[0], licence, row[4])
		}
		if !strings.Contains(text, row[0]) {
			t.Errorf("%s does not name %s", licence, row[0])
		}
	}
	for name := range files {
		t.Errorf("%s is not in SOURCES.tsv", name)
	}
}

// TestViewer holds what shows PDF to its record: the library and the texts of its
// licences are those that were looked at.
func TestViewer(t *testing.T) {
	recorded := map[string]string{}
	for line := range strings.Lines(read(t, "view/SOURCES.tsv")) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(strings.TrimSpace(line), "\t")
		if len(row) != 7 || slices.Contains(row, "") || len(row[5]) != 64 {
			t.Fatalf("not a row: %q", row)
		}
		recorded[row[0]] = row[6]
	}
	entries, err := os.ReadDir("view")
	if err != nil || len(entries) != len(recorded)+1 {
		t.Errorf("%d files, %d of them recorded: %v", len(entries), len(recorded), err)
	}
	for name, want := range recorded {
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(read(t, "view/"+name)))); got != want {
			t.Errorf("%s: SHA-256 %s, recorded %s", name, got, want)
		}
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(PDFium)); got != recorded["pdfium.wasm"] {
		t.Errorf("embedded is SHA-256 %s", got)
	}
	for name, text := range map[string]string{
		"LICENSE-PDFium.txt":    "PDFium Authors",
		"LICENSE-pdfium-js.txt": "Permission is hereby granted, free of charge",
		"NOTICES.txt":           "Independent JPEG Group",
	} {
		if !strings.Contains(read(t, "view/"+name), text) {
			t.Errorf("%s does not say %q", name, text)
		}
	}
}

// TestPlainTrueType: gofpdf reads nothing else, and the shaper of the window
// must find nothing that would change a glyph.
func TestPlainTrueType(t *testing.T) {
	for name, data := range allFonts() {
		tables := tablesOf(t, data)
		for _, tag := range []string{"OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"} {
			if tables[tag] == nil {
				t.Errorf("%s: no table %s", name, tag)
			}
			delete(tables, tag)
		}
		for tag := range tables {
			t.Errorf("%s: table %s should be gone", name, tag)
		}
		short, full := cmaps(t, data)
		for r, glyph := range full {
			if r <= 0xFFFF && short[r] != glyph {
				t.Errorf("%s: %U is glyph %d in format 4, %d in format 12", name, r, short[r], glyph)
			}
			delete(short, r)
		}
		if len(short) != 0 {
			t.Errorf("%s: %d characters in format 4 only", name, len(short))
		}
	}
}

func TestTable8105(t *testing.T) {
	table := []rune(Table8105)
	seen := map[rune]bool{}
	for _, r := range table {
		seen[r] = true
	}
	if len(table) != 8105 || len(seen) != 8105 {
		t.Fatalf("%d characters, %d distinct", len(table), len(seen))
	}
	// The ends of its three levels.
	for number, want := range map[int]rune{1: '一', 3500: '矗', 3501: '乂', 6500: '齉', 6501: '亍', 8105: '蠼'} {
		if got := table[number-1]; got != want {
			t.Errorf("number %d is %c, not %c", number, got, want)
		}
	}
}

func TestCoverage(t *testing.T) {
	wanted := Table8105 + gb2312(t) + words(t) +
		"䶮㛃𫖮①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㈠㈡㈢℃‰〇□√×÷±≤≥≠→—…·“”‘’￥¥§㎡㎥№℡Ω\u2009\u202f\u00a0"
	for name, data := range cutFonts {
		_, full := cmaps(t, data)
		missing := ""
		for _, r := range wanted {
			if full[r] == 0 {
				missing += string(r)
			}
		}
		if missing != "" {
			t.Errorf("%s lacks %q", name, missing)
		}
		for r := range full {
			if r == 0xFEFF || 0x200B <= r && r <= 0x200F || 0x2028 <= r && r <= 0x202E || 0x2060 <= r && r <= 0x206F {
				t.Errorf("%s has the invisible %U", name, r)
			}
		}
	}
}

// TestRareHasMore: the full font is there for what the cuts lack.
func TestRareHasMore(t *testing.T) {
	_, rare := cmaps(t, Rare)
	_, serif := cmaps(t, SerifRegular)
	for r := range serif {
		if rare[r] == 0 {
			t.Errorf("rare.ttf lacks %U", r)
		}
	}
	for r := rune(0x3400); r <= 0x9FA5; r++ { // Extension A and the URO of GB 18030
		if r <= 0x4DB5 || r >= 0x4E00 {
			if rare[r] == 0 {
				t.Errorf("rare.ttf lacks %U", r)
			}
		}
	}
}

// TestPrivateUse: character above U+FFFF, private code and glyph determine one
// another, and no other private code exists.
func TestPrivateUse(t *testing.T) {
	for name, data := range allFonts() {
		_, full := cmaps(t, data)
		code := rune(0xE000)
		seen := map[uint16]rune{}
		for r := rune(0x10000); r <= 0x10FFFF; r++ {
			glyph, ok := full[r]
			if !ok {
				continue
			}
			if full[code] != glyph {
				t.Errorf("%s: %U is glyph %d, its code %U glyph %d", name, r, glyph, code, full[code])
			}
			if other, taken := seen[glyph]; taken {
				t.Errorf("%s: %U and %U share glyph %d", name, other, r, glyph)
			}
			seen[glyph] = r
			code++
		}
		if code < 0xE000+400 {
			t.Errorf("%s has only %d characters above U+FFFF", name, code-0xE000)
		}
		for ; code <= 0xF8FF; code++ {
			if glyph, ok := full[code]; ok {
				t.Errorf("%s: stray private code %U for glyph %d", name, code, glyph)
			}
		}
	}
}

// TestChineseWidths: punctuation stands in a full em by itself, for writers
// that know no layout features, and two dashes join.
func TestChineseWidths(t *testing.T) {
	const em = 1000
	for name, data := range allFonts() {
		f, err := sfnt.Parse(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var buf sfnt.Buffer
		box := func(r rune) (left, right, advance int) {
			glyph, err := f.GlyphIndex(&buf, r)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			bounds, width, err := f.GlyphBounds(&buf, glyph, fixed.I(em), font.HintingNone)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return bounds.Min.X.Round(), bounds.Max.X.Round(), width.Round()
		}
		for _, r := range "—“”‘’，。、；：！？…（）《》①" {
			if _, _, advance := box(r); advance != em {
				t.Errorf("%s: %c is %d wide", name, r, advance)
			}
		}
		for _, r := range "“‘（《" {
			if left, _, _ := box(r); left < em/2 {
				t.Errorf("%s: the ink of %c begins at %d", name, r, left)
			}
		}
		for _, r := range "”’，。、）》" {
			if _, right, _ := box(r); right > em/2 {
				t.Errorf("%s: the ink of %c ends at %d", name, r, right)
			}
		}
		if left, right, _ := box('—'); left > 5 || right < em-5 {
			t.Errorf("%s: the dash goes from %d to %d", name, left, right)
		}
		for _, r := range "\u2009\u202f" {
			if left, right, advance := box(r); advance != em/5 || left != right {
				t.Errorf("%s: %U is %d wide, ink %d to %d", name, r, advance, left, right)
			}
		}
	}
}

// TestNames: the records that the licences demand are there, and the modified
// WenKai does not bear a reserved name.
func TestNames(t *testing.T) {
	family := map[string]string{"sans-regular.ttf": "Noto Sans SC", "sans-bold.ttf": "Noto Sans SC",
		"serif-regular.ttf": "Noto Serif SC", "serif-bold.ttf": "Noto Serif SC", "rare.ttf": "Noto Serif SC",
		"kai.ttf": "Heyi Kai"}
	for name, data := range allFonts() {
		f, err := sfnt.Parse(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		record := func(id sfnt.NameID) string {
			s, err := f.Name(nil, id)
			if err != nil {
				t.Errorf("%s: name %d: %v", name, id, err)
			}
			return s
		}
		if got := record(sfnt.NameIDFamily); got != family[name] {
			t.Errorf("%s: family %q", name, got)
		}
		if got := record(sfnt.NameIDCopyright); !strings.Contains(got, "Adobe") && !strings.Contains(got, "LXGW") {
			t.Errorf("%s: copyright %q", name, got)
		}
		if got := record(sfnt.NameIDLicense); !strings.Contains(got, "SIL Open Font License") {
			t.Errorf("%s: licence %q", name, got)
		}
		for _, id := range []sfnt.NameID{sfnt.NameIDFamily, sfnt.NameIDUniqueIdentifier, sfnt.NameIDFull, sfnt.NameIDPostScript} {
			for _, reserved := range []string{"LXGW", "霞鹜", "Source"} {
				if got := record(id); strings.Contains(got, reserved) {
					t.Errorf("%s: name %d is %q", name, id, got)
				}
			}
		}
	}
}

// TestSize keeps the assets within decisions: 45 MB.
func TestSize(t *testing.T) {
	const limit = 45 << 20
	var total int64
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	if err != nil || total < int64(len(Rare)) || total > limit {
		t.Fatalf("%d bytes of at most %d: %v", total, int64(limit), err)
	}
}

func TestIcon(t *testing.T) {
	for size, data := range map[int][]byte{512: IconPNG, 64: IconSmallPNG} {
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != image.Rect(0, 0, size, size) {
			t.Errorf("bounds %v, not %d", img.Bounds(), size)
		}
		if _, _, _, alpha := img.At(0, 0).RGBA(); alpha != 0 {
			t.Errorf("%d: the corner is not transparent", size)
		}
		if _, _, _, alpha := img.At(size/2, size/2).RGBA(); alpha != 0xFFFF {
			t.Errorf("%d: the middle is not opaque", size)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// words gives every string of every catalogue.
func words(t *testing.T) string {
	t.Helper()
	names, err := fs.Glob(Words, "words/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d catalogues: %v", len(names), err)
	}
	var all strings.Builder
	for _, name := range names {
		data, err := fs.ReadFile(Words, name)
		if err != nil {
			t.Fatal(err)
		}
		for tokens := json.NewDecoder(bytes.NewReader(data)); ; {
			token, err := tokens.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if s, ok := token.(string); ok {
				all.WriteString(strings.ReplaceAll(s, "\n", ""))
			}
		}
	}
	return all.String()
}

// gb2312 gives the 6763 hanzi of GB 2312-80, its rows 16 to 87, and the
// punctuation and full-width forms of rows 1 and 3.
func gb2312(t *testing.T) string {
	t.Helper()
	var codes []byte
	for row := byte(0xA1); row <= 0xF7; row++ {
		for cell := byte(0xA1); cell <= 0xFE; cell++ {
			hanzi := row >= 0xB0 && (row != 0xD7 || cell <= 0xF9)
			if hanzi || row == 0xA1 || row == 0xA3 {
				codes = append(codes, row, cell)
			}
		}
	}
	text, err := simplifiedchinese.GBK.NewDecoder().Bytes(codes)
	if n := len([]rune(string(text))); err != nil || n != 6763+2*94 {
		t.Fatalf("%d characters: %v", n, err)
	}
	return string(text)
}

// tablesOf gives the tables of a plain TrueType font.
func tablesOf(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	if !bytes.HasPrefix(data, []byte{0, 1, 0, 0}) {
		t.Fatalf("not plain TrueType: % x", data[:4])
	}
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		entry := data[12+16*i:]
		offset, length := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		tables[string(entry[:4])] = data[offset : offset+length]
	}
	return tables
}

// cmaps reads the two subtables that a font must have, in this order and no
// other: format 4 for Windows BMP, format 12 for Windows full Unicode.
func cmaps(t *testing.T, data []byte) (short, full map[rune]uint16) {
	t.Helper()
	table := tablesOf(t, data)["cmap"]
	u16 := func(b []byte, i int) int { return int(binary.BigEndian.Uint16(b[i:])) }
	u32 := func(b []byte, i int) int { return int(binary.BigEndian.Uint32(b[i:])) }
	if u16(table, 2) != 2 || u32(table, 4) != 3<<16|1 || u32(table, 12) != 3<<16|10 {
		t.Fatalf("encodings % x", table[:20])
	}
	four, twelve := table[u32(table, 8):], table[u32(table, 16):]
	if u16(four, 0) != 4 || u16(twelve, 0) != 12 {
		t.Fatalf("formats %d and %d", u16(four, 0), u16(twelve, 0))
	}

	short, full = map[rune]uint16{}, map[rune]uint16{}
	double := u16(four, 6) // twice the number of segments
	for i := 14; i < 14+double; i += 2 {
		start, delta, offset := i+double+2, i+2*double+2, i+3*double+2
		for c := u16(four, start); c <= u16(four, i); c++ {
			glyph := c
			if o := u16(four, offset); o != 0 {
				if glyph = u16(four, offset+o+2*(c-u16(four, start))); glyph == 0 {
					continue
				}
			}
			if glyph = (glyph + u16(four, delta)) & 0xFFFF; glyph != 0 {
				short[rune(c)] = uint16(glyph)
			}
		}
	}
	for i := range u32(twelve, 12) {
		group := twelve[16+12*i:]
		for c := u32(group, 0); c <= u32(group, 4); c++ {
			full[rune(c)] = uint16(u32(group, 8) + c - u32(group, 0))
		}
	}
	return short, full
}
