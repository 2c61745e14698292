package bag

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"heyi/review"
	"heyi/review/seal"
)

// The files of a source directory.
const (
	sourcePackage  = "package.json"
	sourceMeeting  = "meeting.json"
	sourceProjects = "projects"
	sourceProject  = "project.json"
)

// BuildDir makes a package of a source directory, dated by at, and writes it to w. The
// directory holds
//
//	package.json               {"version":1,"id":"YQ-2026-014","seq":1,"secrecy":"none","title":"…"}
//	meeting.json               optional, as in a package
//	projects/ID/project.json   as in a package, but for the documents
//	projects/ID/…              the documents
//	regulation.yaml            optional, with regulation-2.yaml and so on up to 8, as in a package
//
// A document's "file" is the path of a file beside project.json, of any name; inside
// they are numbered, and "name" is the file's own unless it is said. Every file there
// has to be listed, but for those whose names begin with a dot or "~$". Whatever else stands
// beside projects is not looked at, unless it is called as if it were of a regulation.
//
// The package is opened as Open does before a byte of it is written, so that nothing
// comes out that would not go in. But for the signature and at the result depends on
// the directory alone. The package that it gives back reads from the directory.
//
// Codes: as Open; CodePackageSource (Item: the file; it may have changed while it was
// written out); what w failed with. With any other code w has got nothing.
func BuildDir(w io.Writer, dir fs.FS, by *seal.Issuer, at time.Time) (*Package, error) {
	b := &builder{info: Info{Issuer: by.Name(), Date: at.Format(dayForm)}}
	if err := b.read(dir); err != nil {
		return nil, err
	}
	if err := b.seal(by); err != nil {
		return nil, err
	}
	p, err := Open(b, b.size, Policy{Issuers: []Issuer{{Fingerprint: by.Fingerprint()}}, Ceiling: SecrecyWork})
	if err != nil {
		return nil, err
	}
	if err := b.write(w); err != nil {
		return nil, err
	}
	return p, nil
}

// builder is a package that is being made. As an io.ReaderAt it is the whole file.
type builder struct {
	info   Info
	files  []file // in the order of entries
	pieces []piece
	size   int64
}

// file is one entry and what is to stand in it.
type file struct {
	entry
	content io.ReaderAt
	digest  review.Digest
	source  string // as errors say it
}

// piece is a part of the whole file.
type piece struct {
	at, size int64
	content  io.ReaderAt
	of       *file // whose content it is; nil for headers
}

func (b *builder) add(name string, content []byte) {
	b.files = append(b.files, file{
		entry: entry{name: name, size: int64(len(content)), crc: crc32.ChecksumIEEE(content)}, content: bytes.NewReader(content),
		digest: review.DigestOf(content), source: name,
	})
}

// read takes everything under data from a source directory.
func (b *builder) read(dir fs.FS) error {
	const op = "bag.builder.read"
	if err := b.readPackage(dir); err != nil {
		return err
	}
	if _, err := fs.Stat(dir, sourceMeeting); err == nil {
		text, err := readSource(dir, sourceMeeting, MaxJSON)
		if err != nil {
			return err
		}
		if _, err := decodeMeeting(sourceMeeting, text); err != nil {
			return err
		}
		b.add(nameMeeting, text)
	}
	if err := b.readRegulation(dir); err != nil {
		return err
	}
	projects, err := fs.ReadDir(dir, sourceProjects)
	if err != nil {
		return review.E(review.CodePackageSource, op, sourceProjects, err)
	}
	for _, p := range projects {
		if ignored(p.Name()) {
			continue
		}
		if !projectID.MatchString(p.Name()) || !p.IsDir() {
			return review.E(review.CodePackageName, op, sourceProjects+"/"+escape(p.Name()), nil)
		}
		if err := b.readProject(dir, p.Name()); err != nil {
			return err
		}
	}
	slices.SortFunc(b.files, func(x, y file) int { return strings.Compare(x.name, y.name) })
	return b.measure()
}

func (b *builder) readPackage(dir fs.FS) error {
	text, err := readSource(dir, sourcePackage, MaxJSON)
	if err != nil {
		return err
	}
	f, root, err := openJSON(sourcePackage, text)
	if err != nil {
		return err
	}
	o := f.object(root, "", "version", "id", "seq", "secrecy", "title")
	b.info.ID = f.id(o["id"], "id", packageID, false)
	b.info.Seq = f.number(o["seq"], "seq", MaxIssue)
	b.info.Title = f.line(o["title"], "title", review.MaxTitle, false)
	b.info.Secrecy = Secrecy(o["secrecy"].text)
	if !slices.Contains(secrecies, b.info.Secrecy) {
		f.value("secrecy", "no level")
	}
	if where := b.info.check(); where != "" {
		f.value(where, "not as it has to be") // the issuer's name
	}
	return f.err
}

// readRegulation takes the files of a regulation as they are. One that is left out because
// of its name would be missed only when somebody asks for its rules.
func (b *builder) readRegulation(dir fs.FS) error {
	const op = "bag.builder.readRegulation"
	beside, err := fs.ReadDir(dir, ".")
	if err != nil {
		return review.E(review.CodePackageSource, op, sourcePackage, err)
	}
	var files []string
	for _, e := range beside {
		if isRegulation(e.Name()) {
			files = append(files, dirData+e.Name())
		}
	}
	if bad, ok := inRow(files); !ok {
		return review.E(review.CodePackageRegulation, op, escape(strings.TrimPrefix(bad, dirData)), nil)
	}
	for i := range files {
		text, err := readSource(dir, RegulationName(i+1), MaxRuleFile)
		if err != nil {
			return err
		}
		b.add(dirData+RegulationName(i+1), text)
	}
	return nil
}

func (b *builder) readProject(dir fs.FS, id string) error {
	const op = "bag.builder.readProject"
	home := path.Join(sourceProjects, id)
	name := path.Join(home, sourceProject)
	text, err := readSource(dir, name, MaxJSON)
	if err != nil {
		return err
	}
	p, err := decodeProject(name, text, true)
	if err != nil {
		return err
	}
	listed := map[string]bool{name: true}
	for i := range p.Documents {
		d := &p.Documents[i]
		source := path.Join(home, d.File)
		if !fs.ValidPath(d.File) || listed[source] {
			return review.E(review.CodePackageDocument, op, source, errors.New("no path, or twice"))
		}
		listed[source] = true
		content := fsFile{dir, source}
		size, err := content.size()
		switch {
		case err != nil:
			return review.E(review.CodePackageDocument, op, source, err)
		case size > MaxEntry:
			return review.E(review.CodePackageLimit, op, source, fmt.Errorf("%d bytes", size))
		}
		d.File = numbered(i+1, Kind(d.Type).extension())
		b.files = append(b.files, file{entry: entry{name: documentName(id, d.File), size: size}, content: content, source: source})
	}
	if err := allListed(dir, home, listed); err != nil {
		return err
	}
	inner, err := packedProject(name, text, p.Documents)
	if err != nil {
		return err
	}
	b.add(projectName(id), inner)
	return nil
}

// allListed requires that no file of a project was forgotten in its list.
func allListed(dir fs.FS, home string, listed map[string]bool) error {
	const op = "bag.allListed"
	return fs.WalkDir(dir, home, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return review.E(review.CodePackageSource, op, name, err)
		case ignored(d.Name()) && d.IsDir():
			return fs.SkipDir
		case !ignored(d.Name()) && !d.IsDir() && !listed[name]:
			return review.E(review.CodePackageDocument, op, name, errors.New("not listed"))
		}
		return nil
	})
}

// ignored tells whether a file is one that systems and office programs leave behind.
func ignored(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") ||
		strings.EqualFold(name, "Thumbs.db") || strings.EqualFold(name, "desktop.ini")
}

// packedProject gives project.json as it stands in a package: the source's, with the
// names inside and outside of each document.
func packedProject(name string, text []byte, documents []review.Document) ([]byte, error) {
	root, err := parseJSON(name, text)
	if err != nil {
		return nil, err
	}
	for i, m := range root.members {
		if m.name != "documents" {
			continue
		}
		for j, d := range documents {
			members := slices.DeleteFunc(m.value.list[j].members, func(m member) bool { return m.name == "file" || m.name == "name" })
			root.members[i].value.list[j].members = append([]member{
				{"file", node{kind: isString, text: d.File}}, {"name", node{kind: isString, text: d.Name}},
			}, members...)
		}
	}
	compact, err := json.Marshal(root)
	if err != nil {
		return nil, review.E(review.CodeInternal, "bag.packedProject", name, err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, compact, "", "  "); err != nil {
		return nil, review.E(review.CodeInternal, "bag.packedProject", name, err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// MarshalJSON writes a value as it was read, but for white space and escapes.
func (n node) MarshalJSON() ([]byte, error) {
	switch n.kind {
	case isNull:
		return []byte("null"), nil
	case isBool:
		return json.Marshal(n.yes)
	case isInteger:
		return []byte(n.text), nil
	case isString:
		return json.Marshal(n.text)
	case isArray:
		return json.Marshal(append([]node{}, n.list...))
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range n.members {
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := m.value.MarshalJSON()
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// measure finds digests and checksums of the documents, on all cores.
func (b *builder) measure() error {
	entries := make([]entry, len(b.files))
	for i, f := range b.files {
		entries[i] = f.entry
	}
	return each(entries, func(i int) error {
		f := &b.files[i]
		if f.digest != "" {
			return nil
		}
		digest, sum := sha256.New(), crc32.NewIEEE()
		if _, err := io.Copy(io.MultiWriter(digest, sum), io.NewSectionReader(f.content, 0, f.size)); err != nil {
			return review.E(review.CodePackageSource, "bag.builder.measure", f.source, err)
		}
		f.digest, f.crc = review.Digest(hex.EncodeToString(digest.Sum(nil))), sum.Sum32()
		return nil
	})
}

// seal makes the tag files, signs, and lays out the file.
func (b *builder) seal(by *seal.Issuer) error {
	data := b.files
	names, digests := make([]string, len(data)), make([]review.Digest, len(data))
	for i, f := range data {
		names[i], digests[i] = f.name, f.digest
		b.info.Octets += f.size
	}
	b.info.Streams = len(data)
	tags := map[string][]byte{
		nameBagit: []byte(bagDeclaration), nameInfo: b.info.encode(), nameManifest: encodeManifest(names, digests),
	}
	digests = digests[:0]
	for _, name := range taggedNames {
		digests = append(digests, review.DigestOf(tags[name]))
	}
	tags[nameTagManifest] = encodeManifest(taggedNames, digests)
	signature, err := by.Sign(sha256.Sum256(tags[nameTagManifest]))
	if err != nil {
		return err
	}
	tags[nameSignature] = signature
	b.files = nil
	for _, name := range tagNames {
		b.add(name, tags[name])
	}
	b.files = append(b.files, data...)
	b.layOut()
	return nil
}

// layOut gives every file its place.
func (b *builder) layOut() {
	b.pieces, b.size = nil, 0
	put := func(size int64, content io.ReaderAt, of *file) {
		b.pieces = append(b.pieces, piece{b.size, size, content, of})
		b.size += size
	}
	entries := make([]entry, len(b.files))
	for i := range b.files {
		f := &b.files[i]
		f.offset = b.size + localSize + int64(len(f.name))
		entries[i] = f.entry
		header := localHeader(f.entry)
		put(int64(len(header)), bytes.NewReader(header), nil)
		put(f.size, f.content, f)
	}
	end := directory(entries, b.size)
	put(int64(len(end)), bytes.NewReader(end), nil)
}

// ReadAt is as io.ReaderAt has it.
func (b *builder) ReadAt(p []byte, at int64) (int, error) {
	n := 0
	i, _ := slices.BinarySearchFunc(b.pieces, at, func(s piece, at int64) int {
		if s.at+s.size <= at {
			return -1
		}
		return 1
	})
	for ; n < len(p) && i < len(b.pieces); i++ {
		s := b.pieces[i]
		from := at + int64(n) - s.at
		part := p[n:min(int64(len(p)), int64(n)+s.size-from)]
		m, err := s.content.ReadAt(part, from)
		if n += m; m < len(part) {
			return n, err
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// write writes the file out and requires that no document has changed since it was
// verified.
// Codes: CodePackageSource; or what w failed with.
func (b *builder) write(w io.Writer) error {
	const op = "bag.builder.write"
	out := &target{Writer: w}
	for _, s := range b.pieces {
		digest := sha256.New()
		_, err := io.Copy(io.MultiWriter(out, digest), io.NewSectionReader(s.content, 0, s.size))
		switch {
		case out.err != nil:
			return out.err
		case s.of == nil:
			continue
		case err != nil || review.Digest(hex.EncodeToString(digest.Sum(nil))) != s.of.digest:
			return review.E(review.CodePackageSource, op, s.of.source, err)
		}
	}
	return nil
}

// target tells what a writer failed with from what a reader did.
type target struct {
	io.Writer
	err error
}

func (t *target) Write(b []byte) (int, error) {
	var n int
	n, t.err = t.Writer.Write(b)
	return n, t.err
}
