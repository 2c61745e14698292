// Package sheet is the only reader and writer of XLSX workbooks. It writes tables for
// people to go on with, of which the same tables always give the same bytes, and
// reads the values of workbooks from anywhere, strictly and within limits.
//
// excelize writes. It does not read: its reader panics at a shared string numbered -1,
// takes a sheet that is cut off for a shorter one (TestPeerReader shows both), and puts
// large parts into the system's directory for temporary files.
package sheet

// Table is one sheet of a workbook.
type Table struct {
	Name string // 1 to 31 characters without \ / ? * [ ] : and without ' at either end; unlike the others' in whatever case
	// Columns are what Write makes the bold head row and the columns' forms of. Read
	// gives none: what it finds in a head row is a row like the others.
	Columns []Column
	Rows    [][]string // "" is an empty cell; a row may be shorter than the widest
	// Formulas counts, of Read, the cells that a formula fills. What stands in Rows is the
	// result that the file says it has; nothing has worked it out.
	Formulas int
}

// Column says what stands in a column that Write writes.
type Column struct {
	Title string
	Kind  Kind
}

// Kind is the form of a column's cells.
type Kind int

// The kinds of columns.
const (
	Text    Kind = iota // never taken for a number or a formula, whatever it begins with
	Integer             // at most 15 digits, since spreadsheets hold no more
	Money               // with two decimals, at most 15 digits; shown as 2,360,000.00
)

// Limits bound what Read takes and Write makes.
type Limits struct {
	Size     int64 // of the file, in bytes
	Inflated int64 // of all parts together, in bytes
	Parts    int   // in the file
	Tables   int
	Rows     int // of a table
	Columns  int // of a table
	Cells    int // of all tables together, empty ones up to each row's last included; and of texts
}

// Usual are the limits for a workbook of a project: a budget, a list, a register.
var Usual = Limits{
	Size: 16 << 20, Inflated: 32 << 20, Parts: 1000, Tables: 100, Rows: 100_000, Columns: 500, Cells: 500_000,
}
