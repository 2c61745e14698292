package sheet

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"heyi/review"
)

// Bounds of what spreadsheets hold.
const (
	maxName = 31    // characters of a sheet's name, in UTF-16
	maxText = 32767 // characters of a cell, in UTF-16
)

// Widths of columns, in Latin letters; a Chinese character takes two.
const (
	minWidth = 8
	maxWidth = 60
)

var (
	integer = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})$`)
	money   = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,12})\.[0-9]{2}$`)
)

// Write makes a workbook. Numbers stand in it exactly as given, texts as texts; it has
// no formulas, and says neither who made it nor when, so that equal tables give equal
// bytes. Columns are as wide as their contents, within bounds.
//
// Codes: CodeXLSXCell (a value is not of its column's kind, or cannot stand in a
// workbook; Item: the sheet's name and the cell, or the name that cannot be one),
// CodeXLSXLarge (no table, or beyond Usual; Item: which limit).
func Write(tables []Table) ([]byte, error) {
	const op = "sheet.Write"
	if err := fits(tables); err != nil {
		return nil, err
	}
	f := excelize.NewFile()
	w := writer{f: f}
	var err error
	for _, x := range []struct {
		to    *int
		style excelize.Style
	}{
		{&w.head, excelize.Style{Font: &excelize.Font{Bold: true}}},
		{&w.styles[Integer], excelize.Style{NumFmt: 1}}, // 0
		{&w.styles[Money], excelize.Style{NumFmt: 4}},   // #,##0.00
	} {
		if *x.to, err = f.NewStyle(&x.style); err != nil {
			return nil, review.E(review.CodeInternal, op, "", err)
		}
	}
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err == nil {
			err = w.table(t)
		}
		if err != nil {
			return nil, review.E(review.CodeInternal, op, t.Name, err)
		}
	}
	w.anonymous()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	return b.Bytes(), nil
}

// writer writes one workbook.
type writer struct {
	f      *excelize.File
	head   int
	styles [3]int // by Kind
}

func (w *writer) table(t Table) error {
	for c, column := range t.Columns {
		name, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		width := wide(column.Title)
		if err := w.f.SetCellStr(t.Name, name+"1", escape(column.Title)); err != nil {
			return err
		}
		if err := w.f.SetCellStyle(t.Name, name+"1", name+"1", w.head); err != nil {
			return err
		}
		for r, row := range t.Rows {
			if c >= len(row) || row[c] == "" {
				continue
			}
			cell := name + strconv.Itoa(r+2)
			if column.Kind == Text {
				err = w.f.SetCellStr(t.Name, cell, escape(row[c]))
			} else if err = w.f.SetCellDefault(t.Name, cell, row[c]); err == nil {
				err = w.f.SetCellStyle(t.Name, cell, cell, w.styles[column.Kind])
			}
			if err != nil {
				return err
			}
			width = max(width, wide(row[c]))
		}
		if err := w.f.SetColWidth(t.Name, name, name, float64(min(max(width, minWidth), maxWidth))); err != nil {
			return err
		}
	}
	return nil
}

// anonymous takes out the parts that name a program, a person and a time.
func (w *writer) anonymous() {
	w.f.Pkg.Delete("docProps/core.xml")
	w.f.Pkg.Delete("docProps/app.xml")
	w.f.Relationships.Delete("_rels/.rels")
	w.f.Pkg.Store("_rels/.rels", []byte(`<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
		`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>`+
		`</Relationships>`))
	kept := w.f.ContentTypes.Overrides[:0]
	for _, o := range w.f.ContentTypes.Overrides {
		if !strings.HasPrefix(o.PartName, "/docProps/") {
			kept = append(kept, o)
		}
	}
	w.f.ContentTypes.Overrides = kept
}

// escape writes what a reader would take for a character by its number (_x0041_) so that
// it is taken for what it is; excelize does not.
func escape(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r == '_' && len(s) >= i+7 && escaped.MatchString(s[i:i+7]) {
			b.WriteString("_x005F")
		}
		b.WriteRune(r)
	}
	return b.String()
}

// wide tells how much room the longest line of a text takes, with some for the edges;
// of money, with its separators.
func wide(s string) int {
	longest := 0
	for line := range strings.SplitSeq(s, "\n") {
		n := 0
		for _, r := range line {
			n++
			if r >= 0x1100 { // from here on scripts are mostly as wide as they are high
				n++
			}
		}
		longest = max(longest, n+n/6)
	}
	return longest + 2
}

// fits tells whether a workbook can hold the tables.
func fits(tables []Table) error {
	const op = "sheet.fits"
	large := func(what string) error { return review.E(review.CodeXLSXLarge, op, what, nil) }
	if len(tables) == 0 || len(tables) > Usual.Tables {
		return large("tables")
	}
	names, cells := map[string]bool{}, 0
	for _, t := range tables {
		folded := strings.ToLower(t.Name)
		if t.Name == "" || !writable(t.Name, maxName) || strings.ContainsAny(t.Name, "\\/?*[]:\n\t") ||
			strings.HasPrefix(t.Name, "'") || strings.HasSuffix(t.Name, "'") || names[folded] {
			return review.E(review.CodeXLSXCell, op, t.Name, nil)
		}
		names[folded] = true
		if len(t.Columns) > Usual.Columns {
			return large("columns")
		}
		if len(t.Rows) >= Usual.Rows {
			return large("rows")
		}
		if cells += len(t.Columns) * (len(t.Rows) + 1); cells > Usual.Cells {
			return large("cells")
		}
		for c, column := range t.Columns {
			if !writable(column.Title, maxText) {
				return unfit(t, c, 0)
			}
		}
		for r, row := range t.Rows {
			if len(row) > len(t.Columns) {
				return unfit(t, len(t.Columns), r+1)
			}
			for c, value := range row {
				if !t.Columns[c].Kind.holds(value) {
					return unfit(t, c, r+1)
				}
			}
		}
	}
	return nil
}

// unfit names the cell at column c and row r, from 0 at the head.
func unfit(t Table, c, r int) error {
	name, err := excelize.CoordinatesToCellName(c+1, r+1)
	return review.E(review.CodeXLSXCell, "sheet.fits", t.Name+"!"+name, err)
}

// holds tells whether a value may stand in a column of the kind.
func (k Kind) holds(value string) bool {
	switch {
	case value == "":
		return true
	case k == Integer:
		return integer.MatchString(value)
	case k == Money:
		return money.MatchString(value)
	}
	return k == Text && writable(value, maxText)
}

// writable tells whether XML can hold the text and a spreadsheet takes it whole.
func writable(s string, max int) bool {
	return utf8.ValidString(s) && len(utf16.Encode([]rune(s))) <= max && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF
	})
}
