package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// SQLite believes the page numbers in a file. Where many point to one page, a
// small file holds rows without end, and merely to open it may take for ever. So
// the graph of pages is walked here first (SQLite file format, 1.6 and 2.1), each
// page at most once, and SQLite sees no file that gives more than its own bytes.

// maxPages bounds a database: 8 GiB of the usual pages.
const maxPages = 2 << 20

// errForm: the file is not in SQLite's format, or not as this program writes it.
var errForm = errors.New("not the form of a database")

// pages walks a database file.
type pages struct {
	file    io.ReaderAt
	size    int // of a page, in bytes
	claimed []bool
}

// walk reads every page that the schema leads to, and gives the schema's rows in
// the form of readSchema.
func walk(file io.ReaderAt, header [100]byte, length int64) ([]string, error) {
	size := int(binary.BigEndian.Uint16(header[16:]))
	count := int64(binary.BigEndian.Uint32(header[28:]))
	// What SQLite chooses by the sectors of the disk.
	if size != 4096 && size != 8192 {
		return nil, fmt.Errorf("%w: pages of %d bytes", errForm, size)
	}
	if count == 0 || count > maxPages || count*int64(size) != length {
		return nil, fmt.Errorf("%w: %d pages in %d bytes", errForm, count, length)
	}
	p := &pages{file: file, size: size, claimed: make([]bool, count+1)}
	rows, todo, err := p.schema()
	if err != nil {
		return nil, err
	}
	for _, root := range todo {
		if err := p.claim(root); err != nil {
			return nil, err
		}
	}
	page := make([]byte, size)
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if err := p.read(at, page); err != nil {
			return nil, err
		}
		kind, cells, err := p.cells(page, 0)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", at, err)
		}
		for _, c := range cells {
			if err := p.follow(c); err != nil {
				return nil, err
			}
			if kind == indexLeaf || kind == tableLeaf {
				continue
			}
			if err := p.claim(c.child); err != nil {
				return nil, err
			}
			todo = append(todo, c.child)
		}
	}
	return rows, nil
}

// schema gives the rows of sqlite_schema and the first pages of what they name.
// All of them fit page 1; a schema on more pages is not ours.
func (p *pages) schema() (rows []string, roots []uint32, err error) {
	page := make([]byte, p.size)
	if err := errors.Join(p.claim(1), p.read(1, page)); err != nil {
		return nil, nil, err
	}
	kind, cells, err := p.cells(page, 100)
	if err != nil || kind != tableLeaf {
		return nil, nil, errors.Join(fmt.Errorf("%w: schema", errForm), err)
	}
	for _, c := range cells {
		row, root, ok := schemaRow(c.local)
		if !ok || c.overflow != 0 {
			return nil, nil, fmt.Errorf("%w: schema", errForm)
		}
		rows = append(rows, row)
		if root != 0 {
			roots = append(roots, root)
		}
	}
	slices.Sort(rows)
	return rows, roots, nil
}

// claim takes a page for the one place that may point to it.
func (p *pages) claim(at uint32) error {
	if at == 0 || int64(at) >= int64(len(p.claimed)) || p.claimed[at] {
		return fmt.Errorf("%w: page %d is missing or used twice", errForm, at)
	}
	p.claimed[at] = true
	return nil
}

// read fills b from the start of a page.
func (p *pages) read(at uint32, b []byte) error {
	_, err := p.file.ReadAt(b, int64(at-1)*int64(p.size))
	return err
}

// follow claims the pages on which a cell's content goes on.
func (p *pages) follow(c cell) error {
	var next [4]byte
	at := c.overflow
	for left := c.left; left > 0; left -= int64(p.size - 4) {
		if err := p.claim(at); err != nil {
			return err
		}
		if err := p.read(at, next[:]); err != nil {
			return err
		}
		at = binary.BigEndian.Uint32(next[:])
	}
	if at != 0 {
		return fmt.Errorf("%w: page %d follows the last", errForm, at)
	}
	return nil
}

// The kinds of b-tree pages.
const (
	indexInterior = 2
	tableInterior = 5
	indexLeaf     = 10
	tableLeaf     = 13
)

// cell is what one cell of a b-tree page says.
type cell struct {
	child    uint32 // of an interior page
	local    []byte // the content in this page
	overflow uint32 // the page on which it goes on; 0: none
	left     int64  // bytes that are not in this page
}

// cells gives the cells of a b-tree page whose header begins at head. They fill
// no more than the page: none is given twice.
func (p *pages) cells(page []byte, head int) (kind byte, out []cell, err error) {
	r := reader{b: page[head:]}
	kind = r.take(1)[0]
	r.take(2)
	count := int(binary.BigEndian.Uint16(r.take(2)))
	r.take(3)
	switch kind {
	case indexInterior, tableInterior:
		out = append(out, cell{child: r.uint32()})
	case indexLeaf, tableLeaf:
	default:
		return 0, nil, fmt.Errorf("%w: page of kind %d", errForm, kind)
	}
	pointers := reader{b: r.take(2 * count)}
	used := p.size - len(r.b)
	for i := 0; i < count && !r.bad; i++ {
		at := int(binary.BigEndian.Uint16(pointers.take(2)))
		if at >= p.size {
			return 0, nil, fmt.Errorf("%w: a cell at %d", errForm, at)
		}
		body := reader{b: page[at:]}
		out = append(out, p.cell(kind, &body))
		used += p.size - at - len(body.b)
		if body.bad || used > p.size {
			return 0, nil, fmt.Errorf("%w: cells of more than the page", errForm)
		}
	}
	if r.bad {
		return 0, nil, fmt.Errorf("%w: %d cells", errForm, count)
	}
	return kind, out, nil
}

func (p *pages) cell(kind byte, r *reader) cell {
	var c cell
	if kind == indexInterior || kind == tableInterior {
		c.child = r.uint32()
	}
	if kind == tableInterior {
		r.varint()
		return c
	}
	length := r.varint()
	if kind == tableLeaf {
		r.varint()
	}
	if length > uint64(len(p.claimed)*p.size) {
		r.bad = true
		return c
	}
	local := p.local(kind, int(length))
	c.local, c.left = r.take(local), int64(length)-int64(local)
	if c.left > 0 {
		c.overflow = r.uint32()
	}
	return c
}

// local gives how many bytes of content a cell keeps in its page.
func (p *pages) local(kind byte, length int) int {
	most := (p.size-12)*64/255 - 23
	if kind == tableLeaf {
		most = p.size - 35
	}
	if length <= most {
		return length
	}
	least := (p.size-12)*32/255 - 23
	if k := least + (length-least)%(p.size-4); k <= most {
		return k
	}
	return least
}

// schemaRow reads a row of sqlite_schema: type, name, tbl_name, rootpage, sql.
func schemaRow(record []byte) (row string, root uint32, ok bool) {
	body := reader{b: record}
	length := body.varint()
	header := reader{b: body.take(int(min(length, 64)) - (len(record) - len(body.b)))}
	for i := range 5 {
		serial := header.varint()
		if i > 0 && i != 3 {
			row += "|"
		}
		switch {
		case i == 3 && serial <= 4:
			for _, b := range body.take(int(serial)) {
				root = root<<8 | uint32(b)
			}
		case i == 3 && serial == 8: // the number 0
		case i == 4 && serial == 0: // NULL
		case i != 3 && serial >= 13 && serial%2 == 1 && serial < 1<<20:
			row += string(body.take(int(serial-13) / 2))
		default:
			return "", 0, false
		}
	}
	return row, root, !body.bad && !header.bad && len(body.b) == 0 && len(header.b) == 0
}

// reader takes bytes from the front of b. Past the end it is bad and gives zeros.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.bad = true
		return make([]byte, max(n, 0))
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) uint32() uint32 { return binary.BigEndian.Uint32(r.take(4)) }

// varint takes an integer of SQLite's: seven bits a byte, highest first, and all
// eight of a ninth byte.
func (r *reader) varint() (v uint64) {
	for range 8 {
		b := r.take(1)[0]
		v = v<<7 | uint64(b&0x7f)
		if b < 0x80 {
			return v
		}
	}
	return v<<8 | uint64(r.take(1)[0])
}
