package layout

// Document is what a paper says, in reading order.
type Document struct {
	Secrecy string // 密级, top left of the first page; may be empty
	Title   string
	Number  string // 文件编号, in every footer
	Check   string // 校验码, in every footer
	Blocks  []Block
}

// Block is a part of a document: Heading, Paragraph, Rows or Signatures.
type Block interface {
	set(s *setter)
}

// Heading begins a part. It never ends a page.
type Heading struct {
	Level int // 1 (黑体), 2 (楷体) or 3 (as running text)
	Text  string
}

// Paragraph is running text, its first line indented by two characters.
type Paragraph struct {
	Number string // set before the text, as in "1．"; may be empty
	Text   string
}

// Rows is a ruled table of labels and values.
type Rows []Row

// Row is one label with its value.
type Row struct{ Label, Value string }

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
	Spans  []Span
	Rules  []Rule
	Fields []Field
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

// Field is the place of a signature field.
type Field struct {
	Name       string
	X, Y, W, H float64
}
