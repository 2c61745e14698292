package sheet

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"heyi/review"
	"heyi/review/reviewtest"
)

var seed = flag.Uint64("seed", 1, "of the random texts")

// budget is a table with a cell of every kind, and with what a spreadsheet might take
// for something else.
func budget() []Table {
	return []Table{
		{
			Name:    "预算明细",
			Columns: []Column{{"项目名称", Text}, {"数量", Integer}, {"金额（元）", Money}},
			Rows: [][]string{
				{"数据交换平台升级改造", "1", "2360000.00"},
				{"=HYPERLINK(\"http://x\",\"点我\")", "-12", "0.07"},
				{"+1", "", "99999999999.99"},
				{"-1", "999999999999999", "-0.01"},
				{"@SUM(A1)", "0", "0.00"},
				{"\tcmd"},
				{"'=1", "7", "9999999999999.99"},
				{},
				{"2360000.00", "3", ""},
				{"䶮、㛃、𫖮 <&>\"' _x0041_ 首行\n次行 ", "4", "1.10"},
				{"00123", "5", "0.10"},
				{"TRUE", "6", "1000.00"},
				{strings.Repeat("长", 300), "8", "1.00"},
			},
		},
		{Name: "空表", Columns: []Column{{"只有表头", Text}}},
		{Name: "O'Brien", Columns: []Column{{"", Text}, {"a", Text}}, Rows: [][]string{{"", "b"}}},
	}
}

// asRead is what reading gives of tables that were written.
func asRead(tables []Table) []Table {
	var out []Table
	for _, t := range tables {
		r := Table{Name: t.Name}
		var head []string
		for _, c := range t.Columns {
			head = append(head, c.Title)
		}
		for _, row := range append([][]string{head}, t.Rows...) {
			for len(row) > 0 && row[len(row)-1] == "" {
				row = row[:len(row)-1]
			}
			if len(row) == 0 {
				row = nil
			}
			r.Rows = append(r.Rows, row)
		}
		out = append(out, r)
	}
	return out
}

func written(tb testing.TB, tables []Table) []byte {
	tb.Helper()
	b, err := Write(tables)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func read(b []byte) ([]Table, error) { return Read(bytes.NewReader(b), int64(len(b)), Usual) }

// TestRoundTrip holds that what is written is read back to the letter, by this package
// and by excelize.
func TestRoundTrip(t *testing.T) {
	tables := append(budget(), Table{Name: "转义", Columns: []Column{{"_x000A_", Text}}, Rows: [][]string{{"_x0041_x0042_"}, {"_x005f_x0041_"}, {"_x004_"}, {"__x0041__"}}})
	b := written(t, tables)
	want := asRead(tables)
	got, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read is\n%+v\nwant\n%+v", got, want)
	}

	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range want {
		rows, err := f.GetRows(x.Name)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			if len(row) > 0 && !reflect.DeepEqual(row, x.Rows[r]) {
				t.Errorf("%s, row %d: excelize reads %q", x.Name, r+1, row)
			}
		}
		if len(rows) != len(x.Rows) {
			t.Errorf("%s: excelize reads %d rows of %d", x.Name, len(rows), len(x.Rows))
		}
	}
}

// TestForms holds how cells look and what they are: texts are texts, whatever they
// begin with; money is a number that shows its separators; the head is bold.
func TestForms(t *testing.T) {
	tables := budget()
	b := written(t, tables)
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for r, row := range tables[0].Rows {
		for c, value := range row {
			if value == "" {
				continue
			}
			ref := name(c+1, r+2)
			formula, err := f.GetCellFormula("预算明细", ref)
			if err != nil || formula != "" {
				t.Errorf("%s is the formula %s (%v)", ref, formula, err)
			}
			kind, err := f.GetCellType("预算明细", ref)
			want := excelize.CellTypeUnset // a number
			if c == 0 {
				want = excelize.CellTypeSharedString
			}
			if err != nil || kind != want {
				t.Errorf("%s is of type %d, want %d (%v)", ref, kind, want, err)
			}
		}
	}
	for ref, want := range map[string]string{"C2": "2,360,000.00", "C3": "0.07", "C4": "99,999,999,999.99", "B5": "999999999999999", "C8": "9,999,999,999,999.99"} {
		if got, err := f.GetCellValue("预算明细", ref); err != nil || got != want {
			t.Errorf("%s shows %s, want %s (%v)", ref, got, want, err)
		}
	}
	id, err := f.GetCellStyle("预算明细", "A1")
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil || style.Font == nil || !style.Font.Bold {
		t.Errorf("the head is not bold: %+v (%v)", style, err)
	}
	for column, want := range map[string]float64{"A": maxWidth, "B": 19, "C": 20} { // 15 and 16 characters, room and edges
		if got, err := f.GetColWidth("预算明细", column); err != nil || got != want {
			t.Errorf("column %s is %g wide, want %g (%v)", column, got, want, err)
		}
	}
	if xml := inner(t, b, "xl/worksheets/sheet1.xml"); !strings.Contains(xml, "<v>2360000.00</v>") || !strings.Contains(xml, "<v>0.07</v>") {
		t.Error("money does not stand in the file as it was given")
	}
}

// inner gives a part of a workbook.
func inner(t *testing.T, b []byte, part string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(part)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestSameBytes holds that equal tables give equal bytes, in which there is neither a
// time nor a name.
func TestSameBytes(t *testing.T) {
	first := written(t, budget())
	for range 20 {
		if !bytes.Equal(first, written(t, budget())) {
			t.Fatal("the bytes differ")
		}
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if f.ModifiedDate != 0 || f.ModifiedTime != 0 || len(f.Extra) > 0 {
			t.Errorf("%s carries a time", f.Name)
		}
		if strings.HasPrefix(f.Name, "docProps") || strings.Contains(inner(t, first, f.Name), "docProps") || strings.Contains(inner(t, first, f.Name), "xuri") {
			t.Errorf("%s carries a name", f.Name)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	one := func(k Kind, value string) []Table {
		return []Table{{Name: "表", Columns: []Column{{"甲", Text}, {"乙", k}}, Rows: [][]string{{"x", value}}}}
	}
	for value, k := range map[string]Kind{
		"1.0": Integer, "01": Integer, "1000000000000000": Integer, "１": Integer, " 1": Integer, "=1": Integer,
		"1": Money, "1.5": Money, "1,000.00": Money, "1e3": Money, "10000000000000.00": Money, "NaN": Money, "-": Money,
		"a\x00b": Text, "a\rb": Text, "\xff": Text, "\uffff": Text, strings.Repeat("长", maxText+1): Text, "ok": Kind(7),
	} {
		_, err := Write(one(k, value))
		reviewtest.WantCode(t, err, review.CodeXLSXCell)
		if review.ItemOf(err) != "表!B2" {
			t.Errorf("%.20q: named is %s", value, review.ItemOf(err))
		}
	}
	for _, name := range []string{"", strings.Repeat("长", 32), "a/b", "a:b", "[a]", "'a", "a'", "a\nb"} {
		_, err := Write([]Table{{Name: name}})
		reviewtest.WantCode(t, err, review.CodeXLSXCell)
	}
	_, err := Write([]Table{{Name: "Ab"}, {Name: "aB"}})
	reviewtest.WantCode(t, err, review.CodeXLSXCell)
	_, err = Write([]Table{{Name: "a", Columns: []Column{{"甲", Text}}, Rows: [][]string{{"1", "2"}}}})
	reviewtest.WantCode(t, err, review.CodeXLSXCell)
	_, err = Write([]Table{{Name: "a", Columns: []Column{{"\x01", Text}}}})
	reviewtest.WantCode(t, err, review.CodeXLSXCell)

	for what, tables := range map[string][]Table{
		"tables":  nil,
		"columns": {{Name: "a", Columns: make([]Column, Usual.Columns+1)}},
		"rows":    {{Name: "a", Columns: make([]Column, 1), Rows: make([][]string, Usual.Rows)}},
		"cells":   {{Name: "a", Columns: make([]Column, 500), Rows: make([][]string, 2000)}},
	} {
		_, err := Write(tables)
		reviewtest.WantCode(t, err, review.CodeXLSXLarge)
		if review.ItemOf(err) != what {
			t.Errorf("named is %s, want %s", review.ItemOf(err), what)
		}
	}
}

// The parts of a small workbook, as spreadsheet programs write them.
const (
	typesXML = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`
	relsXML  = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookXML  = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="表一" sheetId="1" r:id="rId1"/></sheets></workbook>`
	linksXML = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`
	textsXML = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>甲</t></si><si><r><rPr><b/></rPr><t>重</t></r><r><t xml:space="preserve"> 庆_x000A_</t></r><rPh sb="0" eb="1"><t>chóng</t></rPh></si></sst>`
	mainNS   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
)

// rows makes a sheet of rows.
func rows(s string) string {
	return `<worksheet ` + mainNS + `><sheetData>` + s + `</sheetData></worksheet>`
}

// parts of a workbook, by their names in the file.
type parts map[string]string

// small is a workbook with one cell, and with parts changed, added or, by "-", left out.
func small(changes parts) []byte {
	order := []string{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"}
	all := parts{order[0]: typesXML, order[1]: relsXML, order[2]: bookXML, order[3]: linksXML, order[4]: textsXML, order[5]: rows(`<row r="1"><c r="A1"><v>1</v></c></row>`)}
	for name, text := range changes {
		if _, known := all[name]; !known {
			order = append(order, name)
		}
		all[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range order {
		if all[name] == "-" {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, all[name])
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// sheetOf is small with the rows.
func sheetOf(s string) []byte { return small(parts{"xl/worksheets/sheet1.xml": rows(s)}) }

// TestRead holds what values come out of cells of every type.
func TestRead(t *testing.T) {
	got, err := read(sheetOf(`
		<row><c t="s"><v>0</v></c><c t="s"><v> 1 </v></c><c t="inlineStr"><is><t>行内</t></is></c><c t="str"><f>A1</f><v>算_x0009_出</v></c></row>
		<row r="4" hidden="1"><c r="B4" s="3"/><c r="C4" t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="d"><v>2026-11-21</v></c></row>
		<row r="5"><c r="A5" s="1"/></row>
		<row><c><v>2360000.00</v></c><c><v>7.0000000000000007E-2</v></c><c><v>0.30000000000000004</v></c><c><v>99999999999.99</v></c><c t="n"><v>-1.5e3</v></c><c><v>123456789012345678</v></c><c><v>0.1</v></c><c><v>1E-7</v></c><c/><c><f>SUM(A1)</f><v>3</v></c></row>
		<row r="7"/>`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Table{{Name: "表一", Formulas: 3, Rows: [][]string{
		{"甲", "重 庆\n", "行内", "算\t出"}, nil, nil,
		{"", "", "TRUE", "FALSE", "#DIV/0!", "2026-11-21"}, nil,
		{"2360000.00", "0.07", "0.3", "99999999999.99", "-1500", "123456789012346000", "0.1", "0.0000001", "", "3"},
	}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read is\n%+v\nwant\n%+v", got, want)
	}
}

// TestReadForms holds that what spreadsheet programs write differently is read the same.
// testdata/libreoffice.xlsx is what Write makes of budget(), opened and saved again by
// LibreOffice 7.4.7.
func TestReadForms(t *testing.T) {
	b, err := os.ReadFile("testdata/libreoffice.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	tables := asRead(budget())
	for i := range tables {
		for r, row := range tables[i].Rows {
			for c, value := range row {
				if c > 0 && r > 0 && i == 0 && strings.Contains(value, ".") { // LibreOffice drops noughts at the end
					tables[i].Rows[r][c] = strings.TrimSuffix(strings.TrimRight(value, "0"), ".")
				}
			}
		}
	}
	if !reflect.DeepEqual(got, tables) {
		t.Errorf("of LibreOffice's file is read\n%+v\nwant\n%+v", got, tables)
	}

	strict := strings.NewReplacer("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
		"http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")
	for what, x := range map[string][]byte{
		"strict form": small(parts{
			"_rels/.rels": strict.Replace(relsXML), "xl/workbook.xml": strict.Replace(bookXML), "xl/_rels/workbook.xml.rels": strict.Replace(linksXML),
			"xl/sharedStrings.xml": strict.Replace(textsXML), "xl/worksheets/sheet1.xml": strict.Replace(rows(`<row><c><v>1</v></c></row>`)),
		}),
		"prefixed names": small(parts{"xl/worksheets/sheet1.xml": `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`}),
		"other parts and folders": small(parts{"xl/": "", "xl/media/image1.png": "\x89PNG", "package/services/metadata/core-properties/1.psmdcp": "<x/>",
			"xl/worksheets/_rels/sheet1.xml.rels": strings.ReplaceAll(relsXML, "officeDocument\"", "drawing\"")}),
		"no shared texts": small(parts{"xl/sharedStrings.xml": "-", "xl/_rels/workbook.xml.rels": strings.Replace(linksXML, "sharedStrings\"", "theme\"", 1)}),
		"a chart sheet": small(parts{
			"xl/workbook.xml":            strings.Replace(bookXML, "</sheets>", `<sheet name="图" sheetId="2" r:id="rId9"/></sheets>`, 1),
			"xl/_rels/workbook.xml.rels": strings.Replace(linksXML, "</R", `<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet" Target="chartsheets/sheet1.xml"/></R`, 1),
		}),
		"unknown elements": sheetOf(`<y:row xmlns:y="urn:y"><y:c><y:v>9</y:v></y:c></y:row><row><c><extLst/><v>1</v></c></row>`),
	} {
		got, err := read(x)
		if want := []Table{{Name: "表一", Rows: [][]string{{"1"}}}}; err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read is %+v (%v)", what, got, err)
		}
	}
}

// TestReadRefuses holds that hostile and damaged workbooks are refused.
func TestReadRefuses(t *testing.T) {
	relation := func(kind, target, mode string) string {
		return strings.Replace(linksXML, "</R", `<Relationship Id="rId7" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/`+kind+`" Target="`+target+`"`+mode+`/></R`, 1)
	}
	good := small(nil)
	type hostile struct {
		what string
		b    []byte
		code review.Code
		item string
	}
	all := []hostile{
		{"nothing", nil, review.CodeXLSXForm, ""},
		{"no zip", []byte("PK\x03\x04 and no more"), review.CodeXLSXForm, ""},
		{"an old workbook", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)), review.CodeXLSXForm, ""},
		{"cut off", good[:len(good)-30], review.CodeXLSXForm, ""},
		{"a part altered", altered(good, "<sheetData>"), review.CodeXLSXForm, "xl/worksheets/sheet1.xml"},
		{"encrypted", flagged(good, 1), review.CodeXLSXForm, "[Content_Types].xml"},
		{"another compression", method(good, 12), review.CodeXLSXForm, "[Content_Types].xml"},
		{"a part twice", twice("xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"), review.CodeXLSXForm, "xl/worksheets/sheet1.xml"},
		{"a part twice but for case", twice("xl/worksheets/sheet1.xml", "xl/Worksheets/Sheet1.XML"), review.CodeXLSXForm, "xl/Worksheets/Sheet1.XML"},
		{"a name upwards", small(parts{"../x.xml": ""}), review.CodeXLSXForm, "../x.xml"},
		{"a name from the root", small(parts{"/x.xml": ""}), review.CodeXLSXForm, "/x.xml"},
		{"a name with backslashes", small(parts{`xl\worksheets\sheet2.xml`: ""}), review.CodeXLSXForm, `xl\worksheets\sheet2.xml`},

		{"too many parts", crowd(Usual.Parts), review.CodeXLSXLarge, "parts"},
		{"a bomb", small(parts{"xl/worksheets/sheet1.xml": strings.Repeat(" ", int(Usual.Inflated)+1)}), review.CodeXLSXLarge, "inflated"},
		{"a bomb of several parts", small(parts{"a": strings.Repeat(" ", int(Usual.Inflated/2)+1), "b": strings.Repeat(" ", int(Usual.Inflated/2)+1)}), review.CodeXLSXLarge, "inflated"},
		{"a bomb that lies", lies(), review.CodeXLSXForm, "xl/worksheets/sheet1.xml"},
		{"one sheet many times", small(parts{
			"xl/workbook.xml":          strings.Replace(bookXML, "</sheets>", many(90, `<sheet name="%d" r:id="rId1"/>`)+"</sheets>", 1),
			"xl/worksheets/sheet1.xml": rows(strings.Repeat("<!--"+strings.Repeat(" ", 1000)+"-->", 1000)),
		}), review.CodeXLSXLarge, "inflated"},
		{"too many sheets", small(parts{"xl/workbook.xml": strings.Replace(bookXML, "</sheets>", many(Usual.Tables, `<sheet name="%d" r:id="rId1"/>`)+"</sheets>", 1)}), review.CodeXLSXLarge, "tables"},
		{"a million rows", sheetOf(strings.Repeat("<row/>", 1_000_000)), review.CodeXLSXLarge, "rows"},
		{"a row far down", sheetOf(`<row r="1048576"><c><v>1</v></c></row>`), review.CodeXLSXLarge, "rows"},
		{"a million columns", sheetOf("<row>" + strings.Repeat("<c/>", 1_000_000) + "</row>"), review.CodeXLSXLarge, "columns"},
		{"a column far right", sheetOf(`<row><c r="XFD1"><v>1</v></c></row>`), review.CodeXLSXLarge, "columns"},
		{"wide empty rows", sheetOf(many(2100, `<row r="%[1]d"><c r="SF%[1]d"><v>1</v></c></row>`)), review.CodeXLSXLarge, "cells"},
		{"too many texts", small(parts{"xl/sharedStrings.xml": "<sst " + mainNS + ">" + strings.Repeat("<si/>", Usual.Cells+1) + "</sst>"}), review.CodeXLSXLarge, "cells"},

		{"a type declared", small(parts{"xl/sharedStrings.xml": `<!DOCTYPE sst [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + strings.Replace(textsXML, "甲", "&b;", 1)}), review.CodeXLSXForm, "xl/sharedStrings.xml"},
		{"an entity", small(parts{"xl/sharedStrings.xml": strings.Replace(textsXML, "甲", "&b;", 1)}), review.CodeXLSXForm, "xl/sharedStrings.xml"},
		{"an outer entity", small(parts{"xl/workbook.xml": `<!DOCTYPE x SYSTEM "file:///etc/passwd">` + bookXML}), review.CodeXLSXForm, "xl/workbook.xml"},
		{"another encoding", small(parts{"xl/workbook.xml": `<?xml version="1.0" encoding="GB18030"?>` + bookXML}), review.CodeXLSXForm, "xl/workbook.xml"},
		{"a deep nest", sheetOf(strings.Repeat("<a>", maxDepth) + strings.Repeat("</a>", maxDepth)), review.CodeXLSXForm, "xl/worksheets/sheet1.xml"},
		{"a long text", small(parts{"xl/sharedStrings.xml": strings.Replace(textsXML, "甲", strings.Repeat("长", maxToken/3+9000), 1)}), review.CodeXLSXForm, "xl/sharedStrings.xml"},
		{"a million attributes", sheetOf("<row " + strings.Repeat(`a="" `, 1_000_000) + "/>"), review.CodeXLSXForm, "xl/worksheets/sheet1.xml"},
		{"a part cut off", small(parts{"xl/worksheets/sheet1.xml": `<worksheet ` + mainNS + `><sheetData><row><c><v>1</v></c></row>`}), review.CodeXLSXForm, "xl/worksheets/sheet1.xml"},
		{"two roots", small(parts{"xl/workbook.xml": bookXML + bookXML}), review.CodeXLSXForm, "xl/workbook.xml"},
		{"another root", small(parts{"xl/workbook.xml": linksXML}), review.CodeXLSXForm, "xl/workbook.xml"},

		{"no types", small(parts{"[Content_Types].xml": "-"}), review.CodeXLSXForm, "[Content_Types].xml"},
		{"no relations", small(parts{"_rels/.rels": "-"}), review.CodeXLSXForm, ""},
		{"no sheet", small(parts{"xl/worksheets/sheet1.xml": "-"}), review.CodeXLSXForm, "xl/worksheets/sheet1.xml"},
		{"a sheet without a part", small(parts{"xl/workbook.xml": strings.Replace(bookXML, "rId1", "rId5", 1)}), review.CodeXLSXForm, "xl/workbook.xml"},
		{"a sheet that is texts", small(parts{"xl/workbook.xml": strings.Replace(bookXML, "rId1", "rId2", 1)}), review.CodeXLSXForm, "xl/workbook.xml"},
		{"a sheet without a name", small(parts{"xl/workbook.xml": strings.Replace(bookXML, "表一", "", 1)}), review.CodeXLSXForm, "xl/workbook.xml"},
		{"two sheets of one name", small(parts{"xl/workbook.xml": strings.Replace(bookXML, "</sheets>", `<sheet name="表一" r:id="rId1"/></sheets>`, 1)}), review.CodeXLSXForm, "xl/workbook.xml"},

		{"macros by type", small(parts{"[Content_Types].xml": strings.Replace(typesXML, "sheet.main", "sheet.macroEnabled.main", 1)}), review.CodeXLSXActive, "[Content_Types].xml"},
		{"macros by relation", small(parts{"xl/_rels/workbook.xml.rels": relation("vbaProject", "x.bin", "")}), review.CodeXLSXActive, "xl/_rels/workbook.xml.rels"},
		{"a link outside", small(parts{"xl/_rels/workbook.xml.rels": relation("image", "http://x/y.png", ` TargetMode="External"`)}), review.CodeXLSXActive, "xl/_rels/workbook.xml.rels"},
		{"another workbook", small(parts{"xl/_rels/workbook.xml.rels": relation("externalLink", "externalLinks/externalLink1.xml", "")}), review.CodeXLSXActive, "xl/_rels/workbook.xml.rels"},
		{"an object in a sheet", small(parts{"xl/worksheets/_rels/sheet1.xml.rels": relation("oleObject", "../embeddings/o.bin", "")}), review.CodeXLSXActive, "xl/worksheets/_rels/sheet1.xml.rels"},
	}
	for what, s := range map[string]string{
		"a text numbered -1":    `<c r="A1" t="s"><v>-1</v></c>`,
		"a text that is not":    `<c r="A1" t="s"><v>2</v></c>`,
		"a text without number": `<c r="A1" t="s"/>`,
		"no number":             `<c r="A1"><v>1,000</v></c>`,
		"a number too large":    `<c r="A1"><v>1e999</v></c>`,
		"no truth":              `<c r="A1" t="b"><v>2</v></c>`,
		"an unknown type":       `<c r="A1" t="z"><v>1</v></c>`,
		"a cell of another row": `<c r="A2"><v>1</v></c>`,
		"no cell":               `<c r="$A$1"><v>1</v></c>`,
	} {
		item := "表一!A1"
		if _, ref, ok := strings.Cut(s, `r="`); ok && !strings.HasPrefix(ref, "A1") {
			item = "表一!" + ref[:strings.Index(ref, `"`)]
		}
		all = append(all, hostile{what, sheetOf("<row>" + s + "</row>"), review.CodeXLSXForm, item})
	}
	all = append(all,
		hostile{"a cell twice", sheetOf(`<row><c r="A1"/><c r="A1"/></row>`), review.CodeXLSXForm, "表一!A1"},
		hostile{"a row twice", sheetOf(`<row r="2"/><row r="2"/>`), review.CodeXLSXForm, "表一!2"},
		hostile{"no row", sheetOf(`<row r="x"/>`), review.CodeXLSXForm, "表一!x"},
		hostile{"an attribute twice", sheetOf(`<row r="1" r="2"/>`), review.CodeXLSXForm, "xl/worksheets/sheet1.xml"},
	)
	for _, x := range all {
		t.Run(x.what, func(t *testing.T) {
			got, err := read(x.b)
			reviewtest.WantCode(t, err, x.code)
			if got != nil {
				t.Errorf("given all the same: %+v", got)
			}
			if review.ItemOf(err) != x.item {
				t.Errorf("named is %q, want %q", review.ItemOf(err), x.item)
			}
		})
	}

	l := Usual
	l.Size = int64(len(good)) - 1
	_, err := Read(bytes.NewReader(good), int64(len(good)), l)
	reviewtest.WantCode(t, err, review.CodeXLSXLarge)
	_, err = Read(bytes.NewReader(good), int64(len(good))+1, Usual)
	reviewtest.WantCode(t, err, review.CodeXLSXForm)
}

// many repeats a format for 1 to n.
func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i+1)
	}
	return b.String()
}

// crowd is a zip of n+1 empty parts.
func crowd(n int) []byte {
	all := parts{}
	for i := range n {
		all[fmt.Sprintf("x%d", i)] = ""
	}
	return small(all)
}

// twice is small with a second part of that name.
func twice(first, second string) []byte {
	b := small(parts{"xl/worksheets/sheet9.xml": "<x/>"})
	if first == second || strings.EqualFold(first, second) {
		b = bytes.ReplaceAll(b, []byte("xl/worksheets/sheet9.xml"), []byte(second))
	}
	return b
}

// flagged sets a flag of the first entry, method its compression, in the directory.
func flagged(b []byte, flag byte) []byte { return directoryByte(b, 8, flag) }

func method(b []byte, m byte) []byte { return directoryByte(b, 10, m) }

func directoryByte(b []byte, at int, to byte) []byte {
	b = bytes.Clone(b)
	b[bytes.Index(b, directory)+at] = to
	return b
}

// altered stores the parts and changes a letter of the first text like it.
func altered(b []byte, text string) []byte {
	b = stored(b)
	b[bytes.Index(b, []byte(text))+1] ^= 0x20
	return b
}

// stored writes a zip again without compression.
func stored(b []byte) []byte {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		panic(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		from, err := f.Open()
		if err != nil {
			panic(err)
		}
		text, err := io.ReadAll(from)
		if err != nil {
			panic(err)
		}
		to, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		if err == nil {
			_, err = to.Write(text)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// lies is a workbook whose sheet says that it is small and inflates to far more.
func lies() []byte {
	b := small(parts{"xl/worksheets/sheet1.xml": rows(strings.Repeat(" ", 1<<20))})
	last := bytes.LastIndex(b, directory)
	copy(b[last+24:], []byte{100, 0, 0, 0}) // the size when inflated
	return b
}

// TestPeerReader shows why excelize does not read here. When this fails, its reader has
// become better.
func TestPeerReader(t *testing.T) {
	rowsOf := func(b []byte) (rows [][]string, crash any) {
		defer func() { crash = recover() }()
		f, err := excelize.OpenReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		rows, err = f.GetRows("表一")
		if err != nil {
			t.Fatal(err)
		}
		return rows, nil
	}
	if _, crash := rowsOf(sheetOf(`<row r="1"><c r="A1" t="s"><v>-1</v></c></row>`)); crash == nil {
		t.Error("it reads a text numbered -1")
	}
	cut := small(parts{"xl/worksheets/sheet1.xml": `<worksheet ` + mainNS + `><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2`})
	if rows, crash := rowsOf(cut); crash != nil || len(rows) == 0 {
		t.Errorf("it refuses a sheet that is cut off: %q, %v", rows, crash)
	}
}

// TestTexts holds that random texts of what is hard to write come back.
func TestTexts(t *testing.T) {
	hard := []string{"_", "x", "x0041_", "_x000D_", "_x005F_", "<", "&amp;", "]]>", "\"", "'", " ", "\n", "\t", "=", "长", "𫖮", "\u0085", "\ufeff", "0", "."}
	r := rand.New(rand.NewPCG(*seed, 6))
	x := Table{Name: "难写的字", Columns: []Column{{"甲", Text}}}
	for range 1000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(hard[r.IntN(len(hard))])
		}
		x.Rows = append(x.Rows, []string{b.String()})
	}
	got, err := read(written(t, []Table{x}))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range x.Rows {
		if got[0].Rows[i+1][0] != row[0] {
			t.Errorf("%q is read as %q; repeat: go test ./reports/sheet -run '^TestTexts$' -seed %d", row[0], got[0].Rows[i+1][0], *seed)
		}
	}
}

// FuzzRead holds that no file makes the reader crash or fail without a code of its own.
func FuzzRead(f *testing.F) {
	f.Add(written(f, budget()))
	f.Add(stored(small(nil)))
	f.Fuzz(reads)
}

// FuzzSheet holds the same of every sheet and every list of texts in a sound file.
func FuzzSheet(f *testing.F) {
	f.Add(rows(`<row r="4"><c r="B4" t="b"><v>1</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row><row><c t="s"><v>1</v></c></row>`), textsXML)
	f.Add(rows(`<row><c><v>7.0000000000000007E-2</v></c><c t="inlineStr"><is><t>a_x0041_</t></is></c><c t="d"><v>2026</v></c></row>`), textsXML)
	f.Fuzz(func(t *testing.T, sheet, texts string) {
		reads(t, small(parts{"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": texts}))
	})
}

// reads reads a file from anywhere. What is taken of it has no empty ends.
func reads(t *testing.T, b []byte) {
	tables, err := read(b)
	if c := review.CodeOf(err); err != nil && c != review.CodeXLSXForm && c != review.CodeXLSXLarge && c != review.CodeXLSXActive {
		t.Fatal(err)
	}
	for _, x := range tables {
		if n := len(x.Rows); n > 0 && x.Rows[n-1] == nil {
			t.Errorf("%s ends with empty rows", x.Name)
		}
		for _, row := range x.Rows {
			if n := len(row); n > Usual.Columns || n > 0 && row[n-1] == "" {
				t.Errorf("%s has the row %q", x.Name, row)
			}
		}
	}
}

// BenchmarkSheet writes and reads a budget of a thousand lines and ten times as many.
func BenchmarkSheet(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		table := Table{Name: "预算", Columns: []Column{{"名称", Text}, {"数量", Integer}, {"金额", Money}}}
		for i := range n {
			table.Rows = append(table.Rows, []string{fmt.Sprintf("设备%d", i), "2", "2360000.00"})
		}
		file := written(b, []Table{table})
		b.Run(fmt.Sprintf("write%d", n), func(b *testing.B) {
			for b.Loop() {
				written(b, []Table{table})
			}
		})
		b.Run(fmt.Sprintf("read%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := read(file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
