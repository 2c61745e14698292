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
	f.take(append(f.bytes, b...), r)
}

// take makes b, which begins with the file's bytes, the file's bytes up to the
// end of revision r.
func (f *file) take(b []byte, r revision) {
	f.sum.Write(b[len(f.bytes):])
	f.bytes = b
	f.revisions = append(f.revisions, r)
}

// newID gives the second part of a revision's /ID: the digest of all bytes
// before the revision or, for the base, of its header and objects, given here.
func (f *file) newID(base []byte) (id [16]byte) {
	h := f.sum
	if len(f.revisions) == 0 {
		h = sha256.New()
		h.Write(base)
	}
	copy(id[:], h.Sum(nil))
	return id
}

// add notes an object that stands at an offset.
func (r *revision) add(o object, offset int) {
	r.objects = append(r.objects, o)
	r.offsets = append(r.offsets, offset)
	r.size = max(r.size, int(o.num)+1)
}

func appendObject(b []byte, o object) []byte {
	b = fmt.Appendf(b, "%d 0 obj\n", o.num)
	b = appendValue(b, o.value)
	return append(b, "\nendobj\n"...)
}

// encode gives the bytes that appending objects, sorted by number, would add.
func (f *file) encode(objects []object) ([]byte, revision) {
	from := len(f.bytes)
	r := revision{size: f.last().size}
	var b []byte
	if from == 0 {
		b = append(b, header...)
	}
	for _, o := range objects {
		r.add(o, from+len(b))
		b = appendObject(b, o)
	}
	r.xref = from + len(b)
	return append(b, f.end(&r, f.newID(b))...), r
}

// end gives what closes revision r, from its cross-reference table on, and notes
// where that ends.
func (f *file) end(r *revision, id [16]byte) []byte {
	var b []byte
	from, objects := len(f.bytes), r.objects
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
	r.end = r.xref + len(b)
	return b
}

var errForm = errors.New("not the form that this package writes")

// parseFile reads b as far as it consists of revisions in our form. What follows
// them, if anything does, is missing in bytes, which are a part of b.
func parseFile(b []byte) (*file, error) {
	p := &parser{b: b}
	f := &file{sum: sha256.New()}
	if !f.accept(p) {
		return nil, errForm
	}
	for len(f.bytes) < len(b) && f.accept(p) {
	}
	return f, nil
}

// accept takes the next revision over from p if it is in our form. Object by
// object is written again and compared, so that what is not ours is found early
// and never stands in memory twice.
func (f *file) accept(p *parser) bool {
	first := len(f.revisions) == 0
	if first && !p.literal(header) {
		return false
	}
	r := revision{size: f.last().size}
	var again []byte
	for !p.literal("xref\n") {
		from := p.at
		o, err := p.object()
		if err != nil || first && o.num != ref(r.size) {
			return false
		}
		if again = appendObject(again[:0], o); !bytes.Equal(again, p.b[from:p.at]) {
			return false
		}
		r.add(o, from)
	}
	r.xref = p.at - len("xref\n")
	id := f.newID(p.b[:r.xref])
	if first {
		root, info, err := p.trailer()
		if err != nil {
			return false
		}
		f.root, f.info, f.id = root, info, id
	}
	if !bytes.HasPrefix(p.b[r.xref:], f.end(&r, id)) {
		return false
	}
	p.at = r.end
	f.take(p.b[:r.end:r.end], r)
	return true
}
