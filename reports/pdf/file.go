package pdf

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
)

// header begins every file: the version, and four bytes above 127 by which
// programs know that the file is not text (ISO 19005-2, 6.1.2).
const header = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"

// file is a PDF in our own form: a base and any number of appended revisions.
// The form is strict. Every byte outside strings and streams follows from the
// values, so no two files say the same thing, nothing hides between objects, and
// all readers see one and the same document.
type file struct {
	root, info ref
	id         [16]byte // of the base
	bytes      []byte
	sum        hash.Hash // SHA-256 of bytes
	revisions  []revision
}

// revision is what one saving added.
type revision struct {
	objects []object
	offsets []int // of the objects
	size    int   // one more than the highest object number so far
	xref    int   // offset of its cross-reference table
	end     int   // offset behind its last byte
}

// newFile makes a file of one revision, the base, from objects 1 to n in order.
func newFile(objects []object, root, info ref) *file {
	f := &file{root: root, info: info, sum: sha256.New()}
	f.append(objects)
	return f
}

// base gives the value of an object as the base has it; nil if it has none.
func (f *file) base(n ref) any {
	if list := f.revisions[0].objects; n >= 1 && int(n) <= len(list) {
		return list[n-1].value
	}
	return nil
}

// last gives the newest revision; none is like one of length 0.
func (f *file) last() revision {
	if len(f.revisions) == 0 {
		return revision{size: 1}
	}
	return f.revisions[len(f.revisions)-1]
}

// append adds a revision.
func (f *file) append(objects []object) {
	b, r := f.encode(objects)
	if len(f.revisions) == 0 {
		f.id = f.newID(b[:r.xref])
	}
	f.bytes = append(f.bytes, b...)
	f.sum.Write(b)
	f.revisions = append(f.revisions, r)
}

// newID gives the second part of a revision's /ID: the digest of all bytes
// before the revision or, for the base, of its header and objects.
func (f *file) newID(base []byte) (id [16]byte) {
	h := f.sum
	if len(f.revisions) == 0 {
		h = sha256.New()
		h.Write(base)
	}
	copy(id[:], h.Sum(nil))
	return id
}

// encode gives the bytes that appending objects, sorted by number, would add.
func (f *file) encode(objects []object) ([]byte, revision) {
	from := len(f.bytes)
	r := revision{objects: objects, size: f.last().size}
	var b []byte
	if from == 0 {
		b = append(b, header...)
	}
	for _, o := range objects {
		r.offsets = append(r.offsets, from+len(b))
		b = fmt.Appendf(b, "%d 0 obj\n", o.num)
		b = appendValue(b, o.value)
		b = append(b, "\nendobj\n"...)
		r.size = max(r.size, int(o.num)+1)
	}
	r.xref = from + len(b)
	id := f.newID(b)
	b = append(b, "xref\n"...)
	if from == 0 {
		b = fmt.Appendf(b, "0 %d\n0000000000 65535 f \n", r.size)
	}
	for i := range objects {
		if from > 0 && (i == 0 || objects[i].num != objects[i-1].num+1) {
			run := 1
			for i+run < len(objects) && objects[i+run].num == objects[i].num+ref(run) {
				run++
			}
			b = fmt.Appendf(b, "%d %d\n", objects[i].num, run)
		}
		b = fmt.Appendf(b, "%010d 00000 n \n", r.offsets[i])
	}
	trailer := dict{"Size": r.size, "Root": f.root, "Info": f.info}
	if from == 0 {
		trailer["ID"] = array{text(id[:]), text(id[:])}
	} else {
		trailer["ID"] = array{text(f.id[:]), text(id[:])}
		trailer["Prev"] = f.last().xref
	}
	b = append(b, "trailer\n"...)
	b = appendValue(b, trailer)
	b = fmt.Appendf(b, "\nstartxref\n%d\n%%%%EOF\n", r.xref)
	r.end = from + len(b)
	return b, r
}

var errForm = errors.New("not the form that this package writes")

// parseFile reads b as far as it consists of revisions in our form. What follows
// them, if anything does, is missing in bytes.
func parseFile(b []byte) (*file, error) {
	p := &parser{b: b}
	if !p.literal(header) {
		return nil, errForm
	}
	objects, err := p.objects()
	if err != nil {
		return nil, err
	}
	for i, o := range objects {
		if o.num != ref(i+1) {
			return nil, errForm
		}
	}
	root, info, err := p.trailer()
	if err != nil {
		return nil, err
	}
	f := newFile(objects, root, info)
	if !bytes.HasPrefix(b, f.bytes) {
		return nil, errForm
	}
	for len(f.bytes) < len(b) {
		p.at = len(f.bytes)
		objects, err := p.objects()
		if err != nil {
			break
		}
		more, _ := f.encode(objects)
		if !bytes.HasPrefix(b[len(f.bytes):], more) {
			break
		}
		f.append(objects)
	}
	return f, nil
}
