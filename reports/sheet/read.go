package sheet

import (
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"heyi/review"
)

// Read gives the values of a workbook's sheets, in the workbook's order, sheets that are
// hidden included. A number is plain decimal text: as it stands if it has at most 15
// digits, else rounded to 15, which is what spreadsheets hold and show; so 0.07 is
// "0.07" even where it is stored as 7.0000000000000007E-2. A date is the number that it
// is stored as; true and false are "TRUE" and "FALSE"; formulas see Table. Texts are as
// somebody wrote them: what shows them makes them legible first.
//
// Nothing is written anywhere, and memory is bounded by the limits.
//
// Codes: CodeXLSXForm (damaged, cut off, or nothing that a spreadsheet program would
// write; Item: the part, or the sheet's name and the cell), CodeXLSXLarge (Item: which limit),
// CodeXLSXActive (programs, embedded objects, links to anything outside; Item: the part).
func Read(r io.ReaderAt, size int64, l Limits) ([]Table, error) {
	if size > l.Size {
		return nil, large("size")
	}
	b := make([]byte, max(size, 0))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), b); err != nil {
		return nil, form("", err)
	}
	w, err := open(b, l)
	if err != nil {
		return nil, err
	}
	return w.tables()
}

func large(what string) error { return review.E(review.CodeXLSXLarge, "sheet.Read", what, nil) }

func form(where string, cause error) error {
	return review.E(review.CodeXLSXForm, "sheet.Read", where, cause)
}

// tables reads what the workbook says.
func (w *workbook) tables() ([]Table, error) {
	book := w.related("", "officeDocument")
	var tables []Table
	var parts []string // by tables
	names := map[string]bool{}
	err := w.read(book, "workbook", func(p *part, e xml.StartElement) error {
		if !is(e, "sheets") {
			return p.skip()
		}
		return p.each(func(p *part, e xml.StartElement) error {
			name, err := p.attr(e, "name")
			if err != nil {
				return err
			}
			id, err := p.attr(e, "id")
			if err != nil {
				return err
			}
			var to relation
			for _, r := range w.relations[fold(book)] {
				if r.id == id {
					to = r
				}
			}
			if name == "" || names[fold(name)] || to.kind != "worksheet" && to.kind != "chartsheet" {
				return p.form(nil)
			}
			names[fold(name)] = true
			if to.kind == "worksheet" {
				if len(tables) == w.l.Tables {
					return large("tables")
				}
				tables, parts = append(tables, Table{Name: name}), append(parts, to.target)
			}
			return p.skip()
		})
	})
	if err != nil {
		return nil, err
	}
	texts, err := w.texts(w.related(book, "sharedStrings"))
	if err != nil {
		return nil, err
	}
	for i := range tables {
		if err := w.table(&tables[i], parts[i], texts); err != nil {
			return nil, err
		}
	}
	return tables, nil
}

// texts reads the texts that cells share; name may be "".
func (w *workbook) texts(name string) (texts []string, err error) {
	if name == "" {
		return nil, nil
	}
	err = w.read(name, "sst", func(p *part, e xml.StartElement) error {
		if !is(e, "si") {
			return p.skip()
		}
		if len(texts) == w.l.Cells {
			return large("cells")
		}
		s, err := p.rich()
		texts = append(texts, s)
		return err
	})
	return texts, err
}

// rich reads a text of one or more runs, without its reading aids.
func (p *part) rich() (string, error) {
	var b strings.Builder
	err := p.each(func(p *part, e xml.StartElement) error {
		switch {
		case is(e, "t"):
			s, err := p.text()
			b.WriteString(unescape(s))
			return err
		case is(e, "r"):
			s, err := p.rich()
			b.WriteString(s)
			return err
		}
		return p.skip()
	})
	return b.String(), err
}

// escaped is how a text writes a character that XML does not hold.
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

func unescape(s string) string {
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		n, err := strconv.ParseUint(e[2:6], 16, 16)
		if err != nil {
			return e
		}
		return string(rune(n))
	})
}

// table reads the rows of a sheet.
func (w *workbook) table(t *Table, name string, texts []string) error {
	r := 0
	return w.read(name, "worksheet", func(p *part, e xml.StartElement) error {
		if !is(e, "sheetData") {
			return p.skip()
		}
		return p.each(func(p *part, e xml.StartElement) error {
			if !is(e, "row") {
				return p.skip()
			}
			at, err := p.attr(e, "r")
			if err != nil {
				return err
			}
			r++
			if at != "" {
				n, err := strconv.ParseUint(at, 10, 31)
				if err != nil || int(n) < r {
					return form(t.Name+"!"+at, err)
				}
				r = int(n)
			}
			if r > w.l.Rows {
				return large("rows")
			}
			row, err := w.row(p, t, r, texts)
			if err != nil || row == nil {
				return err
			}
			w.cells += len(row) + r - len(t.Rows) // rows that are left out take room as well
			if w.cells > w.l.Cells {
				return large("cells")
			}
			for len(t.Rows) < r-1 {
				t.Rows = append(t.Rows, nil)
			}
			t.Rows = append(t.Rows, row)
			return nil
		})
	})
}

// row reads the row with number r, to its last cell that has a value.
func (w *workbook) row(p *part, t *Table, r int, texts []string) (row []string, err error) {
	c := 0
	err = p.each(func(p *part, e xml.StartElement) error {
		if !is(e, "c") {
			return p.skip()
		}
		at, err := p.attr(e, "r")
		if err != nil {
			return err
		}
		c++
		if at != "" {
			n, ok := columnOf(at, r)
			if !ok || n < c {
				return form(t.Name+"!"+at, nil)
			}
			c = n
		}
		if c > w.l.Columns {
			return large("columns")
		}
		kind, err := p.attr(e, "t")
		if err != nil {
			return err
		}
		x, err := p.cell()
		if err != nil {
			return err
		}
		value, ok := x.value(kind, texts)
		if !ok {
			return form(t.Name+"!"+name(c, r), nil)
		}
		if x.formula {
			t.Formulas++
		}
		if value != "" {
			for len(row) < c-1 {
				row = append(row, "")
			}
			row = append(row, value)
		}
		return nil
	})
	return row, err
}

// reference is how a cell is named: column and row.
var reference = regexp.MustCompile(`^([A-Z]{1,3})([1-9][0-9]{0,9})$`)

// columnOf gives the column of a cell in row r, from 1.
func columnOf(ref string, r int) (c int, ok bool) {
	m := reference.FindStringSubmatch(ref)
	if m == nil || m[2] != strconv.Itoa(r) {
		return 0, false
	}
	for _, letter := range m[1] {
		c = c*26 + int(letter-'A') + 1
	}
	return c, true
}

// name is the inverse of columnOf.
func name(c, r int) string {
	s := ""
	for ; c > 0; c = (c - 1) / 26 {
		s = string(rune('A'+(c-1)%26)) + s
	}
	return s + strconv.Itoa(r)
}

// cell is what stands in a cell's element.
type cell struct {
	v, is   string
	formula bool
}

// cell reads a cell's element to its end.
func (p *part) cell() (x cell, err error) {
	err = p.each(func(p *part, e xml.StartElement) error {
		var err error
		switch {
		case is(e, "v"):
			x.v, err = p.text()
		case is(e, "is"):
			x.is, err = p.rich()
		default:
			x.formula = x.formula || is(e, "f")
			err = p.skip()
		}
		return err
	})
	return x, err
}

// value gives the value of a cell of the kind that its attribute t says.
func (x cell) value(kind string, texts []string) (value string, ok bool) {
	switch kind {
	case "", "n":
		return decimal(strings.TrimSpace(x.v))
	case "s":
		i, err := strconv.ParseUint(strings.TrimSpace(x.v), 10, 31)
		if err != nil || int(i) >= len(texts) {
			return "", false
		}
		return texts[i], true
	case "inlineStr":
		return x.is, true
	case "str":
		return unescape(x.v), true
	case "b":
		switch x.v {
		case "0", "false":
			return "FALSE", true
		case "1", "true":
			return "TRUE", true
		}
		return "", false
	case "e", "d": // an error such as #N/A; a date written out
		return x.v, true
	}
	return "", false
}

// Numbers as files have them, and those that stay as they are.
var (
	number = regexp.MustCompile(`^-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?$`)
	plain  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)
)

// significant is how many digits spreadsheets hold and show.
const significant = 15

// decimal writes a number the way Read promises.
func decimal(s string) (string, bool) {
	if s == "" {
		return "", true
	}
	if !number.MatchString(s) {
		return "", false
	}
	digits := strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(s), "0")
	if plain.MatchString(s) && len(digits) <= significant {
		return s, true
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(x, 0) {
		return "", false
	}
	x, err = strconv.ParseFloat(strconv.FormatFloat(x, 'e', significant-1, 64), 64)
	return strconv.FormatFloat(x, 'f', -1, 64), err == nil
}
