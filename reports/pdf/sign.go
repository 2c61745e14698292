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

	"heyi/reports/layout"
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

// box gives the box of the field's appearance; nil if it shows nothing.
func (f *file) box(fd field) array {
	appearance, ok := fd.widget["AP"].(dict)
	if !ok {
		return nil
	}
	return f.base(appearance["N"].(ref)).(stream).dict["BBox"].(array)
}

// signature is what fills a field.
type signature struct {
	field    field
	means    review.Means
	person   string
	reason   string
	at       time.Time
	look     []byte // Flate data of the appearance; none leaves the base's, which is empty
	covers   array  // /ByteRange: two pairs of offset and length
	contents text   // CMS value, padded with zeros to reserved bytes
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

// transforms is what a signature says of changes after it (ISO 32000-1, 12.8.2): that of
// the certification allows to fill fields and no more, the archive's nothing.
func (f *file) transforms(m review.Means) any {
	of := func(method name, parameters dict) dict {
		parameters["Type"], parameters["V"] = name("TransformParams"), name("1.2")
		return dict{"Type": name("SigRef"), "TransformMethod": method, "TransformParams": parameters}
	}
	if m == review.MeansCertify {
		return array{of("DocMDP", dict{"P": 2})}
	}
	d := of("FieldMDP", dict{"Action": name("All")})
	d["Data"] = f.root
	return array{d}
}

// filling gives the objects that fill a field with s in the revision behind one of a
// size, sorted by number: the widget, now with a value, and the value; its appearance, if
// it shows; of a certification the catalog, which names it.
func (f *file) filling(s signature, size int) []object {
	value := dict{
		"Type": name("Sig"), "Filter": name("Adobe.PPKLite"), "SubFilter": name("ETSI.CAdES.detached"),
		"Name": textString(s.person), "Reason": textString(s.reason), "M": dateString(s.at),
		"ByteRange": s.covers, "Contents": s.contents,
	}
	widget := maps.Clone(s.field.widget)
	widget["V"] = ref(size)
	out := []object{{s.field.num, widget}, {ref(size), value}}
	if s.look != nil {
		d := look(f.box(s.field))
		d["Filter"] = name("FlateDecode")
		widget["AP"] = dict{"N": ref(size + 1)}
		out = append(out, object{ref(size + 1), newStream(d, s.look)})
	}
	if s.means != review.MeansApproval {
		value["Reference"] = f.transforms(s.means)
	}
	if s.means == review.MeansCertify {
		catalog := maps.Clone(f.base(f.root).(dict))
		catalog["Perms"] = dict{"DocMDP": ref(size)}
		out = append(out, object{f.root, catalog})
	}
	slices.SortFunc(out, func(a, b object) int { return int(a.num - b.num) })
	return out
}

// gap tells where the string of /Contents begins and ends in a file whose revision r,
// behind one of a size, is s: the bytes that a signature cannot cover. /ByteRange and
// /Contents are the first keys of their dictionary.
func (s signature) gap(r revision, size int) (from, to int) {
	i := slices.IndexFunc(r.objects, func(o object) bool { return o.num == ref(size) })
	head := fmt.Appendf(nil, "%d 0 obj\n<< /ByteRange ", size)
	head = append(appendValue(head, s.covers), " /Contents "...)
	from = r.offsets[i] + len(head)
	return from, from + len("<>") + 2*len(s.contents)
}

// Sign fills an open field by an appended revision: PAdES B-B, SubFilter
// ETSI.CAdES.detached. The bytes of pdf are the beginning of the result. A field that
// shows gets an appearance: the strokes or, without any, the name in type, and the
// caption.
// Codes: CodeTextEmpty, CodeTextLong, CodeTextControl (of the name, at most
// review.MaxName characters, the reason, at most 100, or the caption, at most
// review.MaxName), CodeStrokes, CodeTextGlyph, CodePDFForm, CodePDFUnsigned (no such open
// field), CodePDFOrder (a certification behind another signature, anything behind the
// archive's, or the archive's in another field), CodeCertRole (a certificate for another
// name), CodePDFTime (s.At is outside the certificate's validity), CodeKeyForm (not the
// certificate's key).
func Sign(pdf []byte, s review.Signing, fonts *layout.Fonts) ([]byte, error) {
	const op = "pdf.Sign"
	filling := signature{means: s.Means, person: s.Name, reason: s.Reason, at: s.At}
	if err := filling.check(); err != nil {
		return nil, err
	}
	if err := checkLook(s.Look); err != nil {
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
	filling.field = fields[at]
	if !ordered(filled, filling) || (s.Means == review.MeansArchive) != (s.Field == review.ArchiveField) {
		return nil, review.E(review.CodePDFOrder, op, s.Field, nil)
	}
	if !names(s.Certificate, s.Name) {
		return nil, review.E(review.CodeCertRole, op, s.Field, nil)
	}
	if !within(s.At, s.Certificate) {
		return nil, review.E(review.CodePDFTime, op, s.Name, nil)
	}
	if filling.look, err = f.draw(s, filling.field, fonts); err != nil {
		return nil, err
	}
	if err := f.sign(filling, s.Certificate, s.Key); err != nil {
		return nil, err
	}
	return f.bytes, nil
}

// ordered tells whether a signature may come behind those that were made before: a
// certification behind none, and nothing behind the archive's.
func ordered(before []signature, s signature) bool {
	closed := slices.ContainsFunc(before, func(b signature) bool { return b.means == review.MeansArchive })
	return !closed && (s.means != review.MeansCertify || len(before) == 0)
}

// checkLook tells whether a look is within its bounds.
// Codes: CodeTextLong, CodeTextControl, CodeTextEmpty, CodeStrokes.
func checkLook(l review.Look) error {
	if l.Caption != "" {
		if err := review.CheckLine("caption", l.Caption, review.MaxName); err != nil {
			return err
		}
	}
	if len(l.Strokes.Lines) > 0 {
		return l.Strokes.Check()
	}
	return nil
}

// draw gives the appearance of a signature as Flate data; none for a field that shows
// nothing.
// Codes: CodeTextGlyph, CodeFont.
func (f *file) draw(s review.Signing, fd field, fonts *layout.Fonts) ([]byte, error) {
	box := floats(f.box(fd))
	if box == nil {
		return nil, nil
	}
	operators, err := appearance(s.Look, s.Name, box[2], box[3], fonts)
	if err != nil {
		return nil, err
	}
	return compressed(dict{}, operators).data, nil
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
	f.append(f.filling(s, size))
	return nil
}

// settle finds the offsets of a signature's /ByteRange. They stand before what
// they measure, so they are counted again until they agree with their own
// width; as they only ever grow, that is soon.
func (f *file) settle(s *signature, size int) (added []byte, from, to int) {
	for {
		added, r := f.encode(f.filling(*s, size))
		from, to := s.gap(r, size)
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
	looks := new(conformer)
	defer looks.release()
	for i := 1; i < len(f.revisions); i++ {
		s, ok := f.readSignature(f.revisions[i], f.revisions[i-1].size, fields)
		if !ok || slices.ContainsFunc(out, func(o signature) bool { return o.field.num == s.field.num }) || !looks.shows(s.look) {
			break
		}
		if err = s.check(); err != nil {
			return nil, nil, nil, err
		}
		out = append(out, s)
	}
	return f, fields, out, nil
}

// shows tells whether Flate data are an appearance that appearance could give.
func (c *conformer) shows(look []byte) bool {
	if look == nil {
		return true
	}
	operators, err := c.inflate(look)
	return err == nil && len(operators) <= maxLook && c.isLook(operators) == nil
}

// readSignature reads the revision that fills a field: it is what filling gives
// for what is found in it.
func (f *file) readSignature(r revision, size int, fields []field) (signature, bool) {
	none := signature{}
	var s signature
	var value dict
	for _, o := range r.objects {
		switch {
		case o.num == ref(size):
			value, _ = o.value.(dict)
		case o.num == ref(size+1):
			drawn, _ := o.value.(stream)
			s.look = drawn.data
		case o.num == f.root:
			s.means = review.MeansCertify
		default:
			at := slices.IndexFunc(fields, func(fd field) bool { return fd.num == o.num })
			if at < 0 {
				return none, false
			}
			s.field = fields[at]
		}
	}
	if s.field.widget == nil || value == nil || s.look != nil && f.box(s.field) == nil {
		return none, false
	}
	if s.field.name == review.ArchiveField {
		s.means = review.MeansArchive
	}
	person, _ := value["Name"].(text)
	reason, _ := value["Reason"].(text)
	m, _ := value["M"].(text)
	when, ok := m.date()
	s.person, s.reason, s.at = person.people(), reason.people(), when
	s.covers, _ = value["ByteRange"].(array)
	s.contents, _ = value["Contents"].(text)
	if !ok || len(s.covers) != 4 || len(s.contents) != reserved {
		return none, false
	}
	return s, slices.EqualFunc(f.filling(s, size), r.objects, func(a, b object) bool {
		return a.num == b.num && bytes.Equal(appendValue(nil, a.value), appendValue(nil, b.value))
	})
}
