package bag

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// office gives an office file: a deflated zip of parts, as office programs write it.
func office(parts map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		must(must(z.Create(name)).Write([]byte(parts[name])))
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// pngOf gives the beginning of a PNG that says it has the size.
func pngOf(width, height uint32) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	file := b.Bytes()
	binary.BigEndian.PutUint32(file[16:], width)
	binary.BigEndian.PutUint32(file[20:], height)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

func jpegOf(width, height int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// pdfOf gives a PDF with some more objects.
func pdfOf(objects string) []byte {
	return []byte(strings.Replace(testPDF, "xref\n", objects+"\nxref\n", 1))
}

// objectStream gives an object stream with content; dict is put into its dictionary.
func objectStream(dict, content string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	must(z.Write([]byte(content)))
	if err := z.Close(); err != nil {
		panic(err)
	}
	return fmt.Sprintf("7 0 obj\n<<%s/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\r\n%s\nendstream\nendobj", dict, b.Len(), b.String())
}

// ole gives a compound file whose directory has the names.
func ole(names ...string) []byte {
	file := make([]byte, 512)
	copy(file, oleMagic)
	for _, n := range names {
		e := make([]byte, oleEntry)
		for i := range n {
			e[2*i] = n[i]
		}
		e[oleNames], e[66] = byte(2*len(n)+2), oleStream
		file = append(file, e...)
	}
	return append(file, make([]byte, 512-len(file)%512)...)
}

func rels(relations string) map[string]string {
	return map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", "word/_rels/document.xml.rels": `<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + relations + `</Relationships>`}
}

func plus(parts map[string]string, name, content string) map[string]string {
	out := maps.Clone(parts)
	out[name] = content
	return out
}

var (
	sheetParts = map[string]string{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
	wordParts  = rels("")
	slideParts = map[string]string{"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}
	ofdParts   = map[string]string{"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<ofd:Document/>"}
)

// TestActiveContent: what is active is found however it is written, warned of, and
// does not keep the package out (E10, E11). What is not active is not warned of.
func TestActiveContent(t *testing.T) {
	script := "/S/JavaScript/JS(app.alert(1))"
	hexed := fmt.Sprintf("%x>", "3 0 <<"+script+">>")
	for _, c := range []struct {
		what, name string
		content    []byte
		want       string
	}{
		{"a plain PDF", "a.pdf", []byte(testPDF), ""},
		{"JavaScript", "a.pdf", pdfOf("3 0 obj\n<<" + script + ">>\nendobj"), "pdf_script"},
		{"escaped", "a.pdf", pdfOf("3 0 obj\n<</S/J#61v#61Script/JS(x)>>\nendobj"), "pdf_script"},
		{"escaped whole", "a.pdf", pdfOf("3 0 obj\n<</S/#4a#61#76#61#53#63#72#69#70#74>>\nendobj"), "pdf_script"},
		{"in an object stream", "a.pdf", pdfOf(objectStream("/Type/ObjStm", "3 0 <<"+script+">>")), "pdf_script"},
		{"in an object stream that hides", "a.pdf", pdfOf(objectStream("/Type 9 0 R", "3 0 <<"+script+">>")), "pdf_script"},
		{"in an object stream, escaped", "a.pdf", pdfOf(objectStream("/Type/Obj#53tm", "3 0 <</S/Java#53cript")), "pdf_script"},
		{"in an object stream before", "a.pdf", pdfOf(strings.Replace(objectStream("", "3 0 <<"+script+">>"), "/N 1", "/Type/ObjStm/N 1", 1)), "pdf_script"},
		{"in plain object stream", "a.pdf", pdfOf("7 0 obj\n<</Type/ObjStm/N 1/First 4/Length 40>>\nstream\n3 0 <<" + script + ">>\nendstream\nendobj"), "pdf_script"},
		{"an object stream in another filter", "a.pdf", pdfOf(strings.Replace(objectStream("/Type/ObjStm", "x"), "/FlateDecode", "[/ASCIIHexDecode/FlateDecode]", 1)), "pdf_hidden"},
		{"an object stream that is damaged", "a.pdf", pdfOf(strings.Replace(objectStream("/Type/ObjStm", strings.Repeat("x", 1000)), "\r\n\x78", "\r\n\x00", 1)), "pdf_hidden"},
		{"an object stream far from its dictionary", "a.pdf", pdfOf("7 0 obj\n<</Type/ObjStm/N 1/First 4" + strings.Repeat(" ", pdfBehind) + "/Filter/FlateDecode>>\nstream\n"), "pdf_hidden"},
		{"an object stream behind a false end", "a.pdf", pdfOf(objectStream("/Type/ObjStm/X(endobj \\) (endstream))%stream\n", "3 0 <<"+script+">>")), "pdf_script"},
		{"an object stream with a predictor", "a.pdf", pdfOf(objectStream("/Type/ObjStm/DecodeParms<</Predictor 12>>", "\x023 0 <<"+script+">>")), "pdf_hidden"},
		{"an object stream in hexadecimal digits", "a.pdf", pdfOf("7 0 obj\n<</Type/ObjStm/N 1/First 4/Fi#6cter 9 0 R>>\nstream\n33203020>\nendstream\nendobj"), "pdf_hidden"},
		{"an object stream with a name that ends objects", "a.pdf", pdfOf(objectStream("/Type/ObjStm/endobjx 1/endobj 2/First 4", "3 0 <<"+script+">>")), "pdf_script"},
		{"an object stream with a name that begins streams", "a.pdf", pdfOf(objectStream("/Type/ObjStm/stream 1/First 4", "3 0 <<"+script+">>")), "pdf_script"},
		{"an object stream behind a number", "a.pdf", pdfOf(strings.Replace(objectStream("/Type/ObjStm", "3 0 <<"+script+">>"), ">>\nstream", "/X 5>>0stream", 1)), "pdf_script"},
		{"an object stream that seems to end", "a.pdf", pdfOf(objectStream("/Type/ObjStm/First 4/X<endobj>", "3 0 <<"+script+">>")), "pdf_script"},
		{"an object stream in a word that ends objects", "a.pdf", pdfOf(objectStream("/Type/ObjStm/First 4/X[endobj]", "3 0 <<"+script+">>")), "pdf_hidden"},
		{"an object stream with two comments", "a.pdf", pdfOf(objectStream("/Type/ObjStm/First 4%>>\n%endobj\n", "3 0 <<"+script+">>")), "pdf_script"},
		{"an object stream, filter in an array", "a.pdf", pdfOf(strings.Replace(objectStream("/Type/ObjStm", "3 0 <<"+script+">>"), "/FlateDecode", "[ /Fl ]", 1)), "pdf_script"},
		{"an object stream in digits in deflate", "a.pdf", pdfOf(strings.Replace(objectStream("/Type/ObjStm", hexed), "/FlateDecode", "[/FlateDecode/ASCIIHexDecode]", 1)), "pdf_hidden"},
		{"the same, said elsewhere", "a.pdf", pdfOf(strings.Replace(objectStream("/Type/ObjStm", hexed), "/FlateDecode", " 9 0 R", 1)), "pdf_hidden"},
		{"the same, not said", "a.pdf", pdfOf(objectStream("/Type/ObjStm", hexed)), "pdf_hidden"},
		{"runs in deflate", "a.pdf", pdfOf(strings.Replace(objectStream("/Type/ObjStm", "3 0 <</S/Java\x05Script>>"), "/FlateDecode", "[/Fl/R#4c]", 1)), "pdf_hidden"},
		{"a filter that is said twice", "a.pdf", pdfOf(strings.Replace(objectStream("/Type/ObjStm", "3 0 <<>>"), "/FlateDecode", "/FlateDecode/Filter 9 0 R", 1)), "pdf_hidden"},
		{"an object that seems to begin in a string", "a.pdf", pdfOf(objectStream("/Filter 9 0 R/X(1 0 obj<<)/Type/ObjStm/First 4", hexed)), "pdf_hidden"},
		{"an object that seems to begin in a comment", "a.pdf", pdfOf(objectStream("/Filter 9 0 R % 1 0 obj<<\n/Type/ObjStm/First 4", "3 0 <<>>")), "pdf_hidden"},
		{"an object that seems to hold the next", "a.pdf", pdfOf("3 0 obj\n<</Length 30>>\nstream\n4 0 obj <</First 1/X(\nendstream\nendobj\n" +
			objectStream("/Type/ObjStm", "3 0 <<"+script+">>") + ")>> endobj"), "pdf_script pdf_hidden"},
		{"outlines", "a.pdf", pdfOf("3 0 obj\n<</First 4 0 R/Last 4 0 R/Count 1>>\nendobj"), ""},
		{"over the edge of a piece", "a.pdf", pdfOf(strings.Repeat(" ", chunk-len(testPDF)+60) + "3 0 obj\n<<" + script + ">>\nendobj"), "pdf_script"},
		{"launch", "a.pdf", pdfOf("<</S/Launch/F(cmd.exe)>>"), "pdf_launch"},
		{"embedded", "a.pdf", pdfOf("<</Names<</EmbeddedFiles 4 0 R>>>>"), "pdf_embedded"},
		{"a 3D view with a script", "a.pdf", pdfOf("<</Type/3D/Subtype/U3D/OnInstantiate 4 0 R>>"), "pdf_script pdf_embedded"},
		{"media with a script", "a.pdf", pdfOf("<</S/RichMediaExecute/CMD 4 0 R>>"), "pdf_script pdf_embedded"},
		{"an action at opening", "a.pdf", pdfOf("<</OpenAction<</S/JavaScript/JS 4 0 R>>/AA<</O 5 0 R>>>>"), "pdf_script"},
		{"links", "a.pdf", pdfOf("<</S/URI/URI(http://127.0.0.1)>>"), "pdf_link"},
		{"all", "a.pdf", pdfOf("<</S/GoToR>><</XFA 1 0 R>><</S /Launch>><</Type /EmbeddedFile>><</Encrypt 1 0 R>>"), "pdf_script pdf_launch pdf_embedded pdf_link pdf_hidden"},
		{"names that begin alike", "a.pdf", pdfOf("<</JavaScripts 1/LaunchPad 2/URIs 3>> JavaScript Launch"), ""},

		{"a sheet", "a.xlsx", office(sheetParts), ""},
		{"a sheet with macros", "a.xlsx", office(plus(sheetParts, "xl/vbaProject.bin", "x")), "macro"},
		{"a sheet with old macros", "a.xlsx", office(plus(sheetParts, "xl/macrosheets/sheet1.xml", "<x/>")), "macro"},
		{"a text", "a.docx", office(wordParts), ""},
		{"a text with a link", "a.docx", office(rels(`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="http://127.0.0.1" TargetMode="External"/>`)), ""},
		{"an external template", "a.docx", office(rels(`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://127.0.0.1/x.dotm" TargetMode="External"/>`)), "external"},
		{"an embedded object", "a.docx", office(plus(wordParts, "word/embeddings/oleObject1.bin", "x")), "object"},
		{"slides", "a.pptx", office(slideParts), ""},
		{"OFD", "a.ofd", office(ofdParts), ""},

		{"an old text", "a.doc", ole("Root Entry", "WordDocument", "1Table"), ""},
		{"WPS", "a.wps", ole("Root Entry", "WordDocument"), ""},
		{"ET", "a.et", ole("Root Entry", "Workbook"), ""},
		{"DPS", "a.dps", ole("Root Entry", "PowerPoint Document"), ""},
		{"an old sheet", "a.xls", ole("Root Entry", "Book"), ""},
		{"old slides", "a.ppt", ole("Root Entry", "PowerPoint Document"), ""},
		{"an old text with macros", "a.doc", ole("Root Entry", "WordDocument", "Macros", "_VBA_PROJECT"), "macro"},
		{"an old text with an object", "a.doc", ole("Root Entry", "WordDocument", "ObjectPool"), "object"},

		{"a drawing", "a.dwg", []byte("AC1027\x00\x00"), ""},
		{"a scan", "a.tif", []byte("II*\x00\x08\x00\x00\x00"), ""},
		{"a scan, other order", "a.tiff", []byte("MM\x00*\x00\x00\x00\x08"), ""},
		{"a photograph", "a.jpg", jpegOf(40, 30), ""},
		{"a photograph", "a.JPEG", jpegOf(1, 1), ""},
		{"a picture", "a.png", pngOf(1, 1), ""},
		{"the largest picture", "a.png", pngOf(10_000, 5_000), ""},
		{"text", "a.txt", []byte("文本\n"), ""},
		{"text with a mark", "a.txt", []byte("\uFEFF文本\r\n\t\f"), ""},
		{"text in GB 18030", "a.txt", []byte("\xce\xc4\xb1\xbe\x81\x30\x86\x30\n"), ""},
		{"a table", "a.csv", []byte("名称,金额\n=1+1,2\n"), ""},
	} {
		p, err := opened(newForge(t).document(t, c.name, c.content).file(), trusting())
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		d := p.Projects()[0].Documents[0]
		if got := strings.Join(d.Warnings, " "); got != c.want {
			t.Errorf("%s: warned of %q, want %q", c.what, got, c.want)
		}
		if kind, _ := kindOf(c.name); d.Type != string(kind) {
			t.Errorf("%s: type %s", c.what, d.Type)
		}
	}
}

// TestNotWhatItSays: content that is not what its name says.
func TestNotWhatItSays(t *testing.T) {
	bomb := office(plus(sheetParts, "xl/worksheets/sheet1.xml", strings.Repeat("0", 1<<20)))
	// The directory says that the part is small; what it packs is not.
	lying := bytes.Clone(bomb)
	for _, at := range indexes(lying, "PK\x01\x02") {
		if binary.LittleEndian.Uint32(lying[at+24:]) == 1<<20 {
			binary.LittleEndian.PutUint32(lying[at+24:], 1000)
		}
	}
	// Many parts that are one.
	declared := bytes.Clone(bomb)
	for _, at := range indexes(declared, "PK\x01\x02") {
		binary.LittleEndian.PutUint32(declared[at+24:], 200<<20)
	}
	for _, c := range []struct {
		what, name string
		content    []byte
		want       review.Code
	}{
		{"a sheet that unpacks to more than it says", "a.xlsx", lying, review.CodePackageBomb},
		{"a sheet that says it unpacks to 600 MiB", "a.xlsx", declared, review.CodePackageBomb},
		{"a sheet cut off", "a.xlsx", bomb[:len(bomb)-30], review.CodePackageMismatch},
		{"a sheet with something behind", "a.xlsx", append(bytes.Clone(bomb), 0), review.CodePackageMismatch},
		{"a sheet with something before", "a.xlsx", append([]byte("PK\x03\x04"), bomb...), review.CodePackageMismatch},
		{"a text called sheet", "a.xlsx", office(wordParts), review.CodePackageNested},
		{"a program called sheet", "a.xlsx", []byte("MZ"), review.CodePackageProgram},
		{"a document type in a relation", "a.docx", office(rels(`<!DOCTYPE x>`)), review.CodePackageMismatch},
		{"a document type in UTF-16", "a.docx", office(plus(wordParts, "word/x.xml", "\xff\xfe<\x00!\x00D\x00O\x00C\x00T\x00Y\x00P\x00E\x00")), review.CodePackageMismatch},
		{"a document type over an edge", "a.docx", office(plus(wordParts, "word/x.xml", strings.Repeat(" ", 32<<10-4)+"<!DOCTYPE")), review.CodePackageMismatch},
		{"a relation that is no XML", "a.docx", office(rels(`<x`)), review.CodePackageMismatch},
		{"a picture of 50 000 000 pixels and more", "a.png", pngOf(10_000, 5_001), review.CodePackageImage},
		{"a photograph cut off", "a.jpg", jpegOf(40, 30)[:20], review.CodePackageMismatch},
		{"a photograph that is none", "a.jpg", []byte("\xff\xd8 no"), review.CodePackageMismatch},
		{"a PDF that does not begin", "a.pdf", []byte("x" + testPDF), review.CodePackageMismatch},
		{"a PDF that does not end", "a.pdf", []byte(testPDF)[:100], review.CodePackageMismatch},
		{"text with a control character", "a.txt", []byte("a\x00b"), review.CodePackageMismatch},
		{"text in no encoding", "a.txt", []byte("\xff\xfea"), review.CodePackageMismatch},
		{"text cut inside of a character", "a.txt", []byte("文")[:1], review.CodePackageMismatch},
		{"no text", "a.txt", []byte{}, review.CodePackageMismatch},
		{"no table", "a.csv", []byte("\x1b[2J"), review.CodePackageMismatch},
		{"an installer called doc", "a.doc", ole("Root Entry", "\x40\x48"), review.CodePackageMismatch},
		{"a sheet called doc", "a.doc", ole("Root Entry", "Workbook"), review.CodePackageMismatch},
		{"a PDF called wps", "a.wps", []byte(testPDF), review.CodePackageMismatch},
		{"a drawing that is none", "a.dwg", []byte("ACAD"), review.CodePackageMismatch},
		{"a scan that is none", "a.tif", []byte("II"), review.CodePackageMismatch},
		{"Rar called PDF", "a.pdf", []byte("Rar!\x1a\x07\x01\x00"), review.CodePackageNested},
		{"a script called PDF", "a.pdf", []byte("#!/bin/sh\n"), review.CodePackageProgram},
	} {
		_, err := opened(newForge(t).document(t, c.name, c.content).file(), trusting())
		if review.CodeOf(err) != c.want || review.ItemOf(err) != c.name {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
}

// TestOneOfEach provokes each code that the tables above name by a value.
func TestOneOfEach(t *testing.T) {
	refused := func(f *forge) error {
		_, err := opened(f.file(), trusting())
		return err
	}
	_, err := opened(nil, trusting())
	reviewtest.WantCode(t, err, review.CodePackageCut)
	f := newForge(t)
	f.sign = func([32]byte) []byte { return []byte("no signature") }
	reviewtest.WantCode(t, refused(f), review.CodePackageSignature)
	reviewtest.WantCode(t, refused(newForge(t).document(t, "报告.docm", nil)), review.CodePackageKind)
	reviewtest.WantCode(t, refused(newForge(t).document(t, "附件.zip", []byte("PK"))), review.CodePackageNested)
	reviewtest.WantCode(t, refused(newForge(t).document(t, "现场.png", pngOf(1<<15, 1<<15))), review.CodePackageImage)
	bomb := office(sheetParts)
	for _, at := range indexes(bomb, "PK\x01\x02") {
		binary.LittleEndian.PutUint32(bomb[at+24:], 1<<30)
	}
	reviewtest.WantCode(t, refused(newForge(t).document(t, "概算.xlsx", bomb)), review.CodePackageBomb)
}

// TestOfficeContainer: an office file whose zip is not in order is refused before
// anything of it is unpacked.
func TestOfficeContainer(t *testing.T) {
	parts := func(change func(list []rawEntry) []rawEntry) []byte {
		list := []rawEntry{newRaw("[Content_Types].xml", []byte("<Types/>")), newRaw("xl/workbook.xml", []byte("<workbook/>"))}
		file, _ := rawZip(change(list))
		return file
	}
	same := func(list []rawEntry) []rawEntry { return list }
	many := func(list []rawEntry) []rawEntry {
		for i := range maxParts {
			list = append(list, newRaw(fmt.Sprintf("xl/%d", i), nil))
		}
		return list
	}
	for what, c := range map[string]struct {
		content []byte
		budget  int64
		want    review.Code
	}{
		"in order":                    {parts(same), 100, ""},
		"beyond the whole package":    {parts(same), 10, review.CodePackageBomb},
		"encrypted":                   {parts(func(l []rawEntry) []rawEntry { l[1].flags = 1; return l }), 100, review.CodePackageMismatch},
		"another method":              {parts(func(l []rawEntry) []rawEntry { l[1].method = 12; return l }), 100, review.CodePackageMismatch},
		"a part twice":                {parts(func(l []rawEntry) []rawEntry { return append(l, newRaw("XL/workbook.xml", nil)) }), 100, review.CodePackageMismatch},
		"two names":                   {parts(func(l []rawEntry) []rawEntry { l[1].localName = "xl/Workbook.xml"; return l }), 100, review.CodePackageMismatch},
		"reaching out":                {parts(func(l []rawEntry) []rawEntry { l[1].packed, l[1].unpacked = 5000, 5000; return l }), 10_000, review.CodePackageMismatch},
		"reaching into the directory": {parts(func(l []rawEntry) []rawEntry { l[1].packed, l[1].unpacked = 50, 50; return l }), 10_000, review.CodePackageMismatch},
		"too many":                    {parts(many), 10_000, review.CodePackageMismatch},
	} {
		s := &inspection{kind: KindXLSX, budget: new(atomic.Int64)}
		s.budget.Store(c.budget)
		s.look(c.content)
		_, err := s.judge("概算.xlsx", io.NewSectionReader(bytes.NewReader(c.content), 0, int64(len(c.content))))
		if review.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

func indexes(b []byte, what string) (out []int) {
	for i := range b {
		if bytes.HasPrefix(b[i:], []byte(what)) {
			out = append(out, i)
		}
	}
	return out
}

// TestPieces: what is found does not depend on how content is cut into pieces.
func TestPieces(t *testing.T) {
	pdf := pdfOf("<</S /J#61vaScript>> " + objectStream("/Type/ObjStm", "3 0 /Launch"))
	text := []byte("文本𫖮abc\xef\xbb\xbf")
	gb := []byte("\xce\xc4\x81\x30\x86\x30\x81\x30\x86\x30a")
	for size := 1; size < 40; size++ {
		var p pdfScan
		var u, g textScan
		var part partScan
		part.markup = true
		cut(pdf, size, p.look)
		cut(text, size, u.look)
		cut(gb, size, g.look)
		cut([]byte("   <!DOCTYPE x>"), size, func(b []byte) { must(part.Write(b)) })
		if !p.found.script || len(p.objects) != 2 || bytes.Index(pdf, []byte("ObjStm")) != int(p.objects[0]) || bytes.Index(pdf, []byte("First")) != int(p.objects[1]) {
			t.Errorf("pieces of %d: %+v, objects at %v", size, p.found, p.objects)
		}
		if !u.valid() || u.notUTF8 || !g.valid() || g.notGB || !g.notUTF8 {
			t.Errorf("pieces of %d: %+v, %+v", size, u, g)
		}
		if !part.declares {
			t.Errorf("pieces of %d: no document type", size)
		}
	}
}

func cut(b []byte, size int, look func([]byte)) {
	for piece := range slices.Chunk(b, size) {
		look(piece)
	}
}

// TestWords: every warning, kind and level has its words.
func TestWords(t *testing.T) {
	var words map[string]string
	if err := json.Unmarshal(must(os.ReadFile("../../assets/words/zh.json")), &words); err != nil {
		t.Fatal(err)
	}
	want := []string{}
	for _, w := range append(documentWarnings, WarnFuture, WarnCertificate) {
		want = append(want, "warning."+string(w))
	}
	for _, k := range kinds {
		want = append(want, "document."+string(k.kind))
	}
	for _, s := range secrecies {
		want = append(want, "secrecy."+string(s))
	}
	for _, key := range want {
		if words[key] == "" {
			t.Errorf("no words for %s", key)
		}
	}
	if !KindPDF.Shown() || !KindText.Shown() || KindWPS.Shown() || KindXLSX.Shown() || KindTIFF.Shown() {
		t.Error("what can be shown")
	}
}

// TestObjectStreamsOfQPDF: what another program packs into object streams is found.
func TestObjectStreamsOfQPDF(t *testing.T) {
	dir := onDisk(t, Tree{"in.pdf": pdfOf("3 0 obj\n<</S/JavaScript/JS(app.alert\\(1\\))>>\nendobj\n4 0 obj\n<</S/Launch/F(x)>>\nendobj")})
	source := strings.Replace(string(must(os.ReadFile(dir+"/in.pdf"))), "/Pages 2 0 R>>", "/Pages 2 0 R/OpenAction 3 0 R/AA 4 0 R>>", 1)
	if err := os.WriteFile(dir+"/in.pdf", []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	// qpdf mends the table of the source, says so, and ends with 3.
	out, err := run(t, dir, "qpdf", "--warning-exit-0", "--object-streams=generate", "in.pdf", "out.pdf")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	packed := must(os.ReadFile(dir + "/out.pdf"))
	if bytes.Contains(packed, []byte("JavaScript")) {
		t.Fatal("qpdf left the name in the open")
	}
	p := must(opened(newForge(t).document(t, "a.pdf", packed).file(), trusting()))
	if got := p.Projects()[0].Documents[0].Warnings; !slices.Equal(got, []string{"pdf_script", "pdf_launch"}) {
		t.Errorf("warned of %v", got)
	}
}
