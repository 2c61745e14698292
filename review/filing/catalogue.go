package filing

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"
	"strings"

	"heyi/review"
)

// Version is the version of the folder's form that this program writes.
const Version = 1

// Catalogue is what 文件目录.XML says.
type Catalogue struct {
	Software   string // version of the program that made the folder
	Meeting    review.MeetingID
	Title      string // 会议名称
	Drill      bool   // 演练
	Until      string // of the last entry of the journal, RFC 3339
	Checkpoint string // of the journal
	Items      []Item // every file but the catalogue itself and sha256sum.txt, in their order
}

// Item is one line of the 卷内目录.
type Item struct {
	Path    string // slashes between the parts
	Number  string // 文件编号; may be empty
	Author  string // 责任者; may be empty
	Title   string // 题名
	Date    string // YYYYMMDD; may be empty
	Pages   int    // 0 where there are none to count
	Secrecy string // 密级 as papers print it; "" for none
	Copies  int    // 份数
	Format  string // as in PDF
	Size    int64  // in bytes
	Digest  review.Digest
}

const root = "文件目录"

// encode gives the canonical bytes of the catalogue.
func (c *Catalogue) encode() []byte {
	var b bytes.Buffer
	text := func(indent, name, value string) {
		b.WriteString(indent + "<" + name + ">")
		xml.EscapeText(&b, []byte(value)) // a buffer takes everything
		b.WriteString("</" + name + ">\n")
	}
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<" + root + ` 版本="` + strconv.Itoa(Version) + `">` + "\n  <会议>\n")
	for _, x := range [][2]string{
		{"软件版本", c.Software}, {"会议编号", string(c.Meeting)}, {"会议名称", c.Title}, {"演练", yes(c.Drill)},
		{"日志截止", c.Until}, {"检查点", c.Checkpoint},
	} {
		text("    ", x[0], x[1])
	}
	b.WriteString("  </会议>\n  <卷内目录>\n")
	for i, x := range c.Items {
		b.WriteString("    <文件>\n")
		for _, y := range [][2]string{
			{"序号", strconv.Itoa(i + 1)}, {"文件编号", x.Number}, {"责任者", x.Author}, {"题名", x.Title}, {"日期", x.Date},
			{"页数", pages(x.Pages)}, {"密级", x.Secrecy}, {"份数", strconv.Itoa(x.Copies)}, {"文件名", x.Path},
			{"格式", x.Format}, {"大小", strconv.FormatInt(x.Size, 10)}, {"SHA-256", string(x.Digest)},
		} {
			text("      ", y[0], y[1])
		}
		b.WriteString("    </文件>\n")
	}
	b.WriteString("  </卷内目录>\n</" + root + ">\n")
	return b.Bytes()
}

func yes(is bool) string {
	if is {
		return "是"
	}
	return "否"
}

func pages(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// decode reads a catalogue. What would not encode to the very same bytes is refused.
// Codes: CodeFilingForm, CodeFilingNewer.
func decode(b []byte) (*Catalogue, error) {
	const op = "filing.decode"
	bad := func(err error) error { return review.E(review.CodeFilingForm, op, nameCatalogue, err) }
	version, err := versionOf(b)
	if err != nil {
		return nil, bad(err)
	}
	if version > Version {
		return nil, review.E(review.CodeFilingNewer, op, strconv.Itoa(version), nil)
	}
	var w struct {
		Meeting struct {
			Software   string `xml:"软件版本"`
			ID         string `xml:"会议编号"`
			Title      string `xml:"会议名称"`
			Drill      string `xml:"演练"`
			Until      string `xml:"日志截止"`
			Checkpoint string `xml:"检查点"`
		} `xml:"会议"`
		Items []struct {
			Number  string `xml:"文件编号"`
			Author  string `xml:"责任者"`
			Title   string `xml:"题名"`
			Date    string `xml:"日期"`
			Pages   string `xml:"页数"`
			Secrecy string `xml:"密级"`
			Copies  string `xml:"份数"`
			Path    string `xml:"文件名"`
			Format  string `xml:"格式"`
			Size    string `xml:"大小"`
			Digest  string `xml:"SHA-256"`
		} `xml:"卷内目录>文件"`
	}
	if err := xml.Unmarshal(b, &w); err != nil {
		return nil, bad(err)
	}
	m := w.Meeting
	c := &Catalogue{
		Software: m.Software, Meeting: review.MeetingID(m.ID), Title: m.Title, Drill: m.Drill == yes(true), Until: m.Until, Checkpoint: m.Checkpoint,
	}
	for _, x := range w.Items {
		// A number that is none becomes one that does not encode to the same.
		pages, _ := strconv.Atoi(x.Pages)
		copies, _ := strconv.Atoi(x.Copies)
		size, _ := strconv.ParseInt(x.Size, 10, 64)
		c.Items = append(c.Items, Item{
			Path: x.Path, Number: x.Number, Author: x.Author, Title: x.Title, Date: x.Date, Pages: pages, Secrecy: x.Secrecy, Copies: copies,
			Format: x.Format, Size: size, Digest: review.Digest(x.Digest),
		})
	}
	if !bytes.Equal(c.encode(), b) {
		return nil, bad(nil)
	}
	seen := names{fold(nameCatalogue): true, fold(nameSums): true}
	for _, x := range c.Items {
		if !goodPath(x.Path) || seen[fold(x.Path)] || x.Size < 0 || x.Size > most(x.Path) || !x.Digest.Valid() {
			return nil, review.E(review.CodeFilingForm, op, x.Path, nil)
		}
		seen[fold(x.Path)] = true
	}
	if !c.Meeting.Valid() || len(c.Items) > MaxFiles {
		return nil, bad(nil)
	}
	return c, nil
}

// versionOf reads the version at the root of a catalogue of any version.
func versionOf(b []byte) (int, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		t, err := d.Token()
		if err != nil {
			return 0, err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if e.Name.Local != root || len(e.Attr) == 0 || e.Attr[0].Name.Local != "版本" {
			return 0, io.ErrUnexpectedEOF
		}
		return strconv.Atoi(e.Attr[0].Value)
	}
}

// sums gives sha256sum.txt: the catalogue first, whose digest is of, then what it lists.
func (c *Catalogue) sums(of review.Digest) []byte {
	var b strings.Builder
	line := func(d review.Digest, path string) { b.WriteString(string(d) + "  " + path + "\n") }
	line(of, nameCatalogue)
	for _, x := range c.Items {
		line(x.Digest, x.Path)
	}
	return []byte(b.String())
}
