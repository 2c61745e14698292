package pdf

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"maps"
	"slices"
	"time"

	"heyi/review"
	"heyi/review/seal"
)

// reserved is the room for a CMS value in a signature's /Contents, in bytes.
// What the value leaves free is zero.
const reserved = 8192

// field is a signature field of a file.
type field struct {
	name   string
	num    ref
	widget dict // as the base has it: open
}

// fields lists the signature fields, of a base that conforms, in the order of
// the form. They must have different names.
func (f *file) fields() ([]field, error) {
	form, _ := f.base(f.root).(dict)["AcroForm"].(dict) // there is none without fields
	list, _ := form["Fields"].(array)
	var out []field
	for _, r := range list {
		num := r.(ref)
		widget := f.base(num).(dict)
		fd := field{widget["T"].(text).people(), num, widget}
		if slices.ContainsFunc(out, func(o field) bool { return o.name == fd.name }) {
			return nil, errForm
		}
		out = append(out, fd)
	}
	return out, nil
}

// signature is what fills a field.
type signature struct {
	field    field
	person   string
	reason   string
	at       time.Time
	covers   array // /ByteRange: two pairs of offset and length
	contents text  // CMS value, padded with zeros to reserved bytes
}

// maxReason bounds a reason, in characters.
const maxReason = 100

// check tells whether person and reason may be printed: each stands on a line
// of what is said of a file.
// Codes: CodeTextEmpty, CodeTextLong, CodeTextControl.
func (s signature) check() error {
	if err := review.CheckLine("name", s.person, review.MaxName); err != nil {
		return err
	}
	return review.CheckLine("reason", s.reason, maxReason)
}

// objects gives the objects that fill the field with s in the next revision:
// the widget, now with a value, and the value.
func (s signature) objects(size int) []object {
	widget := maps.Clone(s.field.widget)
	widget["V"] = ref(size)
	return []object{{s.field.num, widget}, {ref(size), dict{
		"Type": name("Sig"), "Filter": name("Adobe.PPKLite"), "SubFilter": name("ETSI.CAdES.detached"),
		"Name": textString(s.person), "Reason": textString(s.reason), "M": dateString(s.at),
		"ByteRange": s.covers, "Contents": s.contents,
	}}}
}

// gap tells where the string of /Contents begins and ends in a file whose
// revision r is s: the bytes that a signature cannot cover. /ByteRange and
// /Contents are the first keys of their dictionary.
func (s signature) gap(r revision) (from, to int) {
	head := fmt.Appendf(nil, "%d 0 obj\n<< /ByteRange ", r.objects[1].num)
	head = append(appendValue(head, s.covers), " /Contents "...)
	from = r.offsets[1] + len(head)
	return from, from + len("<>") + 2*len(s.contents)
}

// Sign fills an open field by an appended revision: PAdES B-B, SubFilter
// ETSI.CAdES.detached. The bytes of pdf are the beginning of the result.
// Codes: CodeTextEmpty, CodeTextLong, CodeTextControl (of the name, at most
// review.MaxName characters, or the reason, at most 100), CodePDFForm,
// CodePDFUnsigned (no such open field), CodeCertRole (a certificate for another
// name), CodePDFTime (s.At is outside the certificate's validity), CodeKeyForm
// (not the certificate's key).
func Sign(pdf []byte, s review.Signing) ([]byte, error) {
	const op = "pdf.Sign"
	filling := signature{person: s.Name, reason: s.Reason, at: s.At}
	if err := filling.check(); err != nil {
		return nil, err
	}
	f, fields, filled, err := read(pdf)
	if err != nil || f.last().end < len(pdf) || len(filled) < len(f.revisions)-1 {
		return nil, review.E(review.CodePDFForm, op, "", err)
	}
	at := slices.IndexFunc(fields, func(fd field) bool { return fd.name == s.Field })
	if at < 0 || slices.ContainsFunc(filled, func(g signature) bool { return g.field.num == fields[at].num }) {
		return nil, review.E(review.CodePDFUnsigned, op, s.Field, nil)
	}
	if !names(s.Certificate, s.Name) {
		return nil, review.E(review.CodeCertRole, op, s.Field, nil)
	}
	if !within(s.At, s.Certificate) {
		return nil, review.E(review.CodePDFTime, op, s.Name, nil)
	}
	filling.field = fields[at]
	if err := f.sign(filling, s.Certificate, s.Key); err != nil {
		return nil, err
	}
	return f.bytes, nil
}

// sign appends the revision that fills s.field. On failure f is as it was.
func (f *file) sign(s signature, cert *x509.Certificate, key crypto.Signer) error {
	size := f.last().size
	s.covers, s.contents = array{0, 0, 0, 0}, text(make([]byte, reserved))
	added, from, to := f.settle(&s, size)
	h := sha256.New()
	h.Write(f.bytes)
	h.Write(added[:from-len(f.bytes)])
	h.Write(added[to-len(f.bytes):])
	value, err := seal.SignCMS([sha256.Size]byte(h.Sum(nil)), cert, key)
	if err != nil {
		return err
	}
	if len(value) > reserved {
		return review.E(review.CodeInternal, "pdf.file.sign", "no room for the signature value", nil)
	}
	s.contents = text(slices.Concat(value, make([]byte, reserved-len(value))))
	f.append(s.objects(size))
	return nil
}

// settle finds the offsets of a signature's /ByteRange. They stand before what
// they measure, so they are counted again until they agree with their own
// width; as they only ever grow, that is soon.
func (f *file) settle(s *signature, size int) (added []byte, from, to int) {
	for {
		added, r := f.encode(s.objects(size))
		from, to := s.gap(r)
		covers := array{0, from, to, r.end - to}
		if slices.Equal(covers, s.covers) {
			return added, from, to
		}
		s.covers = covers
	}
}

// MaxSize is the size of the largest file that is read, in bytes.
const MaxSize = 64 << 20

// read parses a file, its fields and what fills them: out[i] in revision i+1. It
// stops at the first revision that does more, or something else, than fill one
// open field.
func read(pdf []byte) (f *file, fields []field, out []signature, err error) {
	if len(pdf) > MaxSize {
		return nil, nil, nil, errForm
	}
	if f, err = parseFile(pdf); err != nil {
		return nil, nil, nil, err
	}
	if err = f.conforms(); err != nil {
		return nil, nil, nil, err
	}
	if fields, err = f.fields(); err != nil {
		return nil, nil, nil, err
	}
	for i := 1; i < len(f.revisions); i++ {
		s, ok := readSignature(f.revisions[i], f.revisions[i-1].size, fields)
		if !ok || slices.ContainsFunc(out, func(o signature) bool { return o.field.num == s.field.num }) {
			break
		}
		if err = s.check(); err != nil {
			return nil, nil, nil, err
		}
		out = append(out, s)
	}
	return f, fields, out, nil
}

// readSignature reads the revision that fills a field: it is what objects gives
// for what is found in it.
func readSignature(r revision, size int, fields []field) (signature, bool) {
	if len(r.objects) != 2 {
		return signature{}, false
	}
	at := slices.IndexFunc(fields, func(fd field) bool { return fd.num == r.objects[0].num })
	d, ok := r.objects[1].value.(dict)
	if at < 0 || !ok {
		return signature{}, false
	}
	person, _ := d["Name"].(text)
	reason, _ := d["Reason"].(text)
	m, _ := d["M"].(text)
	when, ok := m.date()
	s := signature{field: fields[at], person: person.people(), reason: reason.people(), at: when}
	s.covers, _ = d["ByteRange"].(array)
	s.contents, _ = d["Contents"].(text)
	if !ok || len(s.covers) != 4 || len(s.contents) != reserved {
		return signature{}, false
	}
	for i, o := range s.objects(size) {
		if o.num != r.objects[i].num || !bytes.Equal(appendValue(nil, o.value), appendValue(nil, r.objects[i].value)) {
			return signature{}, false
		}
	}
	return s, true
}
