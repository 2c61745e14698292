package layout

// Document is what a paper says, in reading order. Every text of it may have check
// boxes, ☐ and ☑, which come back from the paper as □ and √.
type Document struct {
	Secrecy string // 密级, top left of the first page, also of a cover; may be empty
	Copy    string // 份号, above the 密级 (GB/T 9704-2012, 7.2.1); may be empty
	Mark    string // stands across every page in pale grey and in every footer, as 草稿; may be empty
	Title   string
	Number  string   // 文件编号, in every footer; may be empty
	Check   string   // 校验码, in every footer; may be empty
	Running string   // what else every footer says, in front; may be empty
	Outline bool     // headings become bookmarks
	Hidden  []string // names of signature fields that show nothing, on the first page
	Blocks  []Block
}

// Block is a part of a document: Heading, Paragraph, Line, Closing, Rows, Table,
// Cover, Contents, Signatures, Picture, Fine or NewPage.
type Block interface {
	set(s *setter)
}

// Heading begins a part. It never ends a page.
type Heading struct {
	Level  int // 1 (黑体), 2 (楷体) or 3 (as running text)
	Text   string
	Centre bool // as chapters of regulations stand
}

// Paragraph is running text, its first line indented by two characters.
type Paragraph struct {
	Number string // set before the text, as in "1．"; may be empty
	Label  string // set before the text in 黑体, as 第一条; may be empty
	Text   string
}

// Line is text that stands by itself: whom a paper addresses (flush left), its
// 文号 or a title within it (centred).
type Line struct {
	Align Align // Left or Centre
	Face  Face
	Size  Size
	Text  string
}

// Size is a size of type.
type Size int

// The sizes of a Line.
const (
	Body  Size = iota // 三号
	Large             // 二号; the line is kept with what follows
	Small             // 小四
)

// Closing ends a paper: who gives it and when, to the right and as GB/T
// 9704-2012, 7.3.5.2, has it for papers without a printed seal. It never stands
// on a page without text.
type Closing struct {
	Names []string
	Date  string // may be empty
}

// Align says how text stands between two edges.
type Align int

// Auto leaves it to what stands in the column: figures with their points under
// one another, short words centred, all else flush left.
const (
	Auto Align = iota
	Left
	Centre
	Right // figures with their points under one another, too
)

// Cover is a first page of its own, without a footer. It takes the place of the
// document's title.
type Cover struct {
	Title    string
	Subtitle string // may be empty
	Rows     []Row  // as 建设单位; may be empty
	Date     string // may be empty
	Note     string // small print at the foot; may be empty
}

// Contents lists the headings of level 1 and 2 with their pages, on pages of its
// own. A document has at most one.
type Contents struct{ Title string }

// Table is a ruled table as wide as the text area. Its columns are as wide as
// their text asks for; where that is more than a page holds, type gets smaller,
// then the page is turned, with the headings and Rows right before the table and
// what belongs to a form right behind it; then the table is divided by columns. The
// head stands again on every page. A row moves to the next page whole unless it is
// higher than half a page, a row to be signed unless it is higher than a page. Empty
// cells, given or missing, are ruled.
type Table struct {
	Title   string   // as 表1　投资概算, above the table; may be empty
	Unit    string   // as 单位：元, above it to the right; may be empty
	Columns []Column // of the body; those that are missing are as the zero Column
	Head    [][]Cell // may be empty
	Body    [][]Cell
	Stub    int    // columns at the left that every part repeats if the table is divided by columns
	Note    string // small print below; may be empty
	Strike  bool   // empty cells of the body are struck through, so that nothing can be added by hand
	Small   bool   // no larger than 五号, as for digests
	Whole   bool   // not divided if a page holds it, and never on a page without the text before it, as where people sign
}

// Column is a column of a table's body.
type Column struct {
	Align  Align
	Weight float64 // its claim to width, against that of others; 0 is 1
}

// Cell is one cell of a table, or several made one.
type Cell struct {
	Text string // paragraphs, one a line
	Cols int    // columns it covers; 0 is 1
	Rows int    // rows it covers; 0 is 1. A head's cells end with the head

	// Of cells of the body.
	Field string // name of the signature field that fills the cell, which is at least 30 mm wide and 13 mm high
	Sign  bool   // to be signed in ink: as wide and high
	Blank bool   // to be filled in by hand: not struck through
	Align Align  // in place of the column's
	Bold  bool   // in 黑体
}

// Rows is a ruled table of labels and values; on a turned page, short ones stand side
// by side.
type Rows []Row

// Row is one label with its value.
type Row struct{ Label, Value string }

// Picture is a square picture of dark and light modules, such as a QR code, beside text.
type Picture struct {
	Modules [][]bool // by row, at least 11 of them; true is dark. The quiet zone is added
	Side    float64  // of the modules together, in millimetres, up to 100
	Text    string   // paragraphs beside it, one a line, small; may be empty
}

// Fine is a paragraph of small print, without indent.
type Fine struct{ Text string }

// NewPage begins a page, upright unless a table turns it.
type NewPage struct{}

// Signatures is a ruled table of places to sign, by pen or by key. It never
// stands on a page without text.
type Signatures struct {
	Places []Place
	Note   string // small print under the table; may be empty
}

// Place is where one person signs.
type Place struct {
	Field string // name of the signature field
	Label string // as in 记录人（签名）
	Date  string // printed beside; may be empty
}

// Page is one page of A4. Lengths are in points, from its top left corner.
type Page struct {
	Landscape bool // PageHeight wide and PageWidth high
	Spans     []Span
	Rules     []Rule
	Fills     []Fill
	Fields    []Field
	Marks     []Mark // drawn before everything else
	Bookmarks []Bookmark
}

// Span is a piece of text set in one go. Every character is in Face.
type Span struct {
	Face    Face
	Size    float64
	X, Y    float64 // where the baseline begins
	Spacing float64 // added after each character
	Text    string
}

// Rule is a straight black line.
type Rule struct {
	X1, Y1, X2, Y2 float64
	Width          float64
}

// Fill is a black rectangle.
type Fill struct{ X, Y, W, H float64 }

// Mark is text across a page, in pale grey.
type Mark struct {
	Face  Face
	Size  float64
	X, Y  float64 // where the baseline begins
	Angle float64 // of the baseline, in degrees counter-clockwise
	Text  string
}

// Field is the place of a signature field. One of no size shows nothing.
type Field struct {
	Name       string
	X, Y, W, H float64
}

// Bookmark is a place that a reader of the document can go to.
type Bookmark struct {
	Level int // from 1; it belongs to the last one of a lower level before it
	Title string
	Y     float64
}
