package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"heyi/review"
)

// workbook is a file whose parts' names and stated sizes are in order, and of which
// nothing reaches outside.
type workbook struct {
	l         Limits
	left      int64 // of Limits.Inflated
	cells     int   // so far
	parts     map[string]*zip.File
	relations map[string][]relation // by the part that they begin at
}

// relation leads from one part to another.
type relation struct {
	id     string
	kind   string // the last word of its type
	target string // a part's name
}

// directory is how each entry of a zip's directory begins.
var directory = []byte("PK\x01\x02")

// open looks at a workbook's parts and relations, not yet at what it says.
func open(b []byte, l Limits) (*workbook, error) {
	if bytes.Count(b, directory) > l.Parts { // before anything is made of them
		return nil, large("parts")
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, form("", err)
	}
	w := &workbook{l: l, left: l.Inflated, parts: map[string]*zip.File{}, relations: map[string][]relation{}}
	stated := uint64(0)
	for _, f := range z.File {
		name := fold(f.Name)
		bare := "/" + strings.TrimSuffix(name, "/")
		if path.Clean(bare) != bare || bare == "/" || strings.ContainsAny(name, "\\\x00") || w.parts[name] != nil ||
			f.Flags&1 != 0 || f.Method != zip.Store && f.Method != zip.Deflate {
			return nil, form(f.Name, nil)
		}
		w.parts[name] = f
		if f.UncompressedSize64 > uint64(l.Inflated) || stated+f.UncompressedSize64 > uint64(l.Inflated) {
			return nil, large("inflated")
		}
		stated += f.UncompressedSize64
	}
	if err := w.types(); err != nil {
		return nil, err
	}
	for _, f := range z.File {
		if dir, base := path.Split(fold(f.Name)); path.Base(dir) == "_rels" && strings.HasSuffix(base, ".rels") {
			if err := w.relate(f.Name, path.Dir(path.Clean(dir)), strings.TrimSuffix(base, ".rels")); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

// fold makes part names comparable: they are the same in whatever case (ISO 29500-2).
func fold(name string) string { return strings.ToLower(name) }

// types refuses workbooks that say that they carry programs.
func (w *workbook) types() error {
	const name = "[Content_Types].xml"
	return w.read(name, "Types", func(p *part, e xml.StartElement) error {
		kind, err := p.attr(e, "ContentType")
		if err != nil {
			return err
		}
		if strings.Contains(kind, "macroEnabled") || strings.Contains(kind, "vbaProject") {
			return review.E(review.CodeXLSXActive, "sheet.Read", name, nil)
		}
		return p.skip()
	})
}

// outside are the kinds of relations that lead to programs, to objects of other
// programs, and to data from elsewhere.
var outside = []string{
	"vbaProject", "xlMacrosheet", "xlIntlMacrosheet", "dialogsheet", "control", "activeXControlBinary", "oleObject", "package",
	"externalLink", "externalLinkPath", "connections", "queryTable", "attachedToolbars", "extensibility", "webextension", "webextensiontaskpanes",
}

// relate reads the relations of the part dir/base.
func (w *workbook) relate(name, dir, base string) error {
	return w.read(name, "Relationships", func(p *part, e xml.StartElement) error {
		var values [4]string
		for i, attr := range []string{"Id", "Type", "Target", "TargetMode"} {
			var err error
			if values[i], err = p.attr(e, attr); err != nil {
				return err
			}
		}
		r := relation{id: values[0], kind: path.Base(values[1]), target: values[2]}
		if values[3] != "" && values[3] != "Internal" || slices.Contains(outside, r.kind) {
			return review.E(review.CodeXLSXActive, "sheet.Read", name, nil)
		}
		if !strings.HasPrefix(r.target, "/") {
			r.target = path.Join("/", dir, r.target)
		}
		r.target = strings.TrimPrefix(r.target, "/")
		from := strings.TrimPrefix(path.Join("/", dir, base), "/")
		w.relations[from] = append(w.relations[from], r)
		return p.skip()
	})
}

// related gives the part that a relation of a kind leads to, "" if there is none.
func (w *workbook) related(from, kind string) string {
	for _, r := range w.relations[fold(from)] {
		if r.kind == kind {
			return r.target
		}
	}
	return ""
}

// part is the XML of a part that is being read.
type part struct {
	name  string
	d     *xml.Decoder
	in    *counter
	depth int
}

// Bounds of XML that no spreadsheet program comes near.
const (
	maxDepth = 32      // elements in one another
	maxToken = 1 << 20 // bytes of one text, or of an element with its attributes
)

// read reads a part to its end. Its outermost element is root; child is called with
// each element in it and reads that element to its end.
func (w *workbook) read(name, root string, child func(*part, xml.StartElement) error) error {
	f := w.parts[fold(name)]
	if f == nil {
		return form(name, nil)
	}
	r, err := f.Open()
	if err != nil {
		return form(name, err)
	}
	in := &counter{r: r, left: &w.left}
	p := &part{name: name, d: xml.NewDecoder(in), in: in}
	for begun := false; ; {
		token, err := p.next()
		if err == io.EOF && begun {
			return nil
		} else if err != nil {
			return p.form(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if begun || e.Name.Local != root {
			return p.form(nil)
		}
		begun = true
		if err := p.each(child); err != nil {
			return err
		}
	}
}

// form says that the part does not have the form it must.
func (p *part) form(cause error) error {
	switch {
	case p.in.over:
		return large("inflated")
	case review.CodeOf(cause) != "" && review.CodeOf(cause) != review.CodeInternal:
		return cause
	}
	return form(p.name, cause)
}

// next gives the next token. There are no declarations of types or entities.
func (p *part) next() (xml.Token, error) {
	p.in.token = maxToken
	token, err := p.d.Token()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.StartElement:
		if p.depth++; p.depth > maxDepth {
			return nil, errors.New("too deep")
		}
	case xml.EndElement:
		p.depth--
	case xml.Directive:
		return nil, errors.New("a declaration")
	}
	return token, nil
}

// each calls child with each element in the present one, and reads to its end.
func (p *part) each(child func(*part, xml.StartElement) error) error {
	for {
		token, err := p.next()
		if err != nil {
			return p.form(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if err := child(p, e); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skip reads to the end of the present element.
func (p *part) skip() error {
	return p.each(func(p *part, _ xml.StartElement) error { return p.skip() })
}

// text reads the present element to its end and gives the text in it.
func (p *part) text() (string, error) {
	var b strings.Builder
	for {
		token, err := p.next()
		if err != nil {
			return "", p.form(err)
		}
		switch e := token.(type) {
		case xml.CharData:
			b.Write(e)
		case xml.StartElement:
			if err := p.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return b.String(), nil
		}
	}
}

// attr gives an attribute, "" if it is not there; there must not be two.
func (p *part) attr(e xml.StartElement, name string) (string, error) {
	found := -1
	for i, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space != "xmlns" {
			if found >= 0 {
				return "", p.form(nil)
			}
			found = i
		}
	}
	if found < 0 {
		return "", nil
	}
	return e.Attr[found].Value, nil
}

// main are the namespaces of the elements that hold a workbook's contents: of the usual
// form of the standard, and of its strict one.
var main = []string{"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"}

// is tells whether the element is one of a workbook's own with this name.
func is(e xml.StartElement, name string) bool {
	return e.Name.Local == name && slices.Contains(main, e.Name.Space)
}

// counter reads no more than is left.
type counter struct {
	r     io.Reader
	left  *int64 // of the file
	token int64  // for the next token
	over  bool   // nothing was left of the file
}

// Read counts what is read.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.left -= int64(n)
	c.token -= int64(n)
	if c.over = *c.left < 0; c.over || c.token < 0 {
		return 0, errors.New("too large")
	}
	return n, err
}
