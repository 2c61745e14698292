package filing

import (
	"fmt"
	"io"
	"path"
	"time"

	"heyi/review"
)

// Source is what a folder is made of. Build looks at nothing else.
type Source struct {
	Software  string // version of the program
	Data      *Data
	Entries   []Entry  // of the journal
	Log       []string // the same in words, a line for each
	Authority string   // fingerprint of the panel's certificate, as papers print it
	Documents []Document
	Checks    []Check  // 归档前自查表
	Lacks     []string // what is open, a sentence for each
	// Workbook makes 会议数据.xlsx; nil where there is to be none.
	Workbook func([]Table) ([]byte, error)
}

// Place is where a document lies in a folder.
type Place string

// The places.
const (
	PlacePapers       Place = dirPapers
	PlaceVoid         Place = dirVoid
	PlacePackages     Place = dirPackages
	PlaceRules        Place = dirRules
	PlaceCertificates Place = dirCertificates
)

// Document is a file of a folder that stands in the record.
type Document struct {
	Place   Place
	Dir     string // of PlacePapers: the project's folder; "" for none
	Name    string // of the file, without number and extension; what cannot stand in a name is left out
	Ext     string // as in .pdf
	Number  string // 文件编号; may be empty
	Author  string // 责任者; may be empty
	Title   string // 题名
	At      time.Time
	Pages   int    // 0 where there are none to count
	Secrecy string // 密级 as papers print it; "" for none
	Format  string // as in PDF
	Reason  string // of PlaceVoid: why it does not count
	Content Content
}

// Check is one line of the 归档前自查表.
type Check struct {
	Title  string // 检查内容
	Result string // 检查结果
}

// Folder is a folder that is ready to be written.
type Folder struct {
	Catalogue *Catalogue
	files     map[string]Content
	names     []string
}

// Build makes a folder. What it makes, Open and what reads of an Opened take again.
// Codes: CodeFilingForm (more than a limit allows; Item: the file), those of Workbook.
func Build(s Source) (*Folder, error) {
	const op = "filing.Build"
	m := s.Data.Meeting
	b := builder{
		folder: &Folder{files: map[string]Content{}, Catalogue: &Catalogue{
			Software: s.Software, Meeting: m.ID, Title: m.Title, Drill: m.Drill, Until: m.Until.Format(time.RFC3339), Checkpoint: m.Checkpoint,
		}},
		taken: names{}, at: m.Until.Format(dateForm),
	}
	papers, others, void := b.place(s.Documents)
	var made []Item
	add := func(path, title, format string, content []byte) {
		made = append(made, b.made(Item{Path: path, Title: title, Format: format}, content))
	}
	add(nameGuide, "核验说明", "TXT", guide())
	add(nameCheckpoint, "检查点", "TXT", checkpoint(&s))
	add(nameData, "会议数据", "JSON", s.Data.Encode())
	if s.Workbook != nil {
		book, err := s.Workbook(tables(s.Data, append(items(papers), items(void)...)))
		if err != nil {
			return nil, err
		}
		add(nameWorkbook, "会议数据表", "XLSX", book)
	}
	add(nameJournal, "会议日志", "JSONL", encodeJournal(s.Entries))
	add(nameExtract, "会议日志摘录", "TXT", extract(&s))
	if len(void) > 0 {
		add(nameVoid, "作废说明", "TXT", voided(void))
	}

	c := b.folder.Catalogue
	c.Items = []Item{b.made(Item{Path: nameReadme, Title: "说明文件", Format: "TXT"}, about(&s, items(papers), items(void)))}
	for _, list := range [][]Item{items(papers), made, items(others), items(void)} {
		c.Items = append(c.Items, list...)
	}
	total := int64(0)
	for _, x := range c.Items {
		total += x.Size
		if !goodPath(x.Path) || x.Size > most(x.Path) {
			return nil, review.E(review.CodeFilingForm, op, x.Path, nil)
		}
		b.folder.names = append(b.folder.names, x.Path)
	}
	catalogue := Bytes(c.encode())
	if len(c.Items) > MaxFiles || total > MaxFolder || catalogue.Size > MaxCatalogue {
		return nil, review.E(review.CodeFilingForm, op, nameCatalogue, fmt.Errorf("%d files, %d bytes", len(c.Items), total))
	}
	b.folder.files[nameCatalogue], b.folder.files[nameSums] = catalogue, Bytes(c.sums(catalogue.Digest))
	b.folder.names = append(b.folder.names, nameCatalogue, nameSums)
	return b.folder, nil
}

// Names lists the paths of all files, the catalogue and the digests last.
func (f *Folder) Names() []string { return f.names }

// Write gives the content of a file. To ask for one that is not there is a mistake in the
// program.
func (f *Folder) Write(name string, w io.Writer) error { return f.files[name].Write(w) }

// Size is that of all files together, in bytes.
func (f *Folder) Size() int64 {
	n := int64(0)
	for _, c := range f.files {
		n += c.Size
	}
	return n
}

const dateForm = "20060102"

// builder gives files their places.
type builder struct {
	folder *Folder
	taken  names
	at     string // date of what is made of the record
}

// placed is a document with the line that it has in the catalogue.
type placed struct {
	Document
	item Item
}

// place gives every document its path: papers and what is void are numbered in their
// directories.
func (b *builder) place(list []Document) (papers, others, void []placed) {
	count := map[string]int{}
	for _, d := range list {
		count[d.dir()]++
	}
	at := map[string]int{}
	for _, d := range list {
		dir, name := d.dir(), d.Name
		if d.Place == PlacePapers || d.Place == PlaceVoid {
			at[dir]++
			name = fmt.Sprintf("%0*d-%s", max(2, len(fmt.Sprint(count[dir]))), at[dir], name)
		}
		item := Item{
			Path: b.taken.take(dir, name, d.Ext), Number: d.Number, Author: d.Author, Title: d.Title, Pages: d.Pages,
			Secrecy: d.Secrecy, Copies: 1, Format: d.Format, Size: d.Content.Size, Digest: d.Content.Digest,
		}
		if !d.At.IsZero() {
			item.Date = d.At.Format(dateForm)
		}
		b.folder.files[item.Path] = d.Content
		p := placed{d, item}
		switch d.Place {
		case PlacePapers:
			papers = append(papers, p)
		case PlaceVoid:
			void = append(void, p)
		default:
			others = append(others, p)
		}
	}
	return papers, others, void
}

// dir is the directory that a document lies in.
func (d Document) dir() string {
	if d.Dir == "" {
		return string(d.Place)
	}
	return path.Join(string(d.Place), nameOf(d.Dir, ""))
}

// made adds a file that is made of the record.
func (b *builder) made(x Item, content []byte) Item {
	c := Bytes(content)
	b.folder.files[x.Path] = c
	x.Date, x.Copies, x.Size, x.Digest = b.at, 1, c.Size, c.Digest
	return x
}

func items(list []placed) []Item {
	out := make([]Item, len(list))
	for i, p := range list {
		out[i] = p.item
	}
	return out
}
