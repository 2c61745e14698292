package bag

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	"heyi/review"
)

// forge makes packages that BuildDir would not: each step of it can be changed. As it
// comes from newForge it makes a package that opens.
type forge struct {
	data  []forged
	info  Info
	tags  func(tags map[string][]byte)                       // before the tag manifest is made
	sums  func(tagManifest []byte) []byte                    // before it is signed
	sign  func(digest [sha256.Size]byte) (cms []byte)        // nil leaves signature.p7s out
	zip   func(entries []rawEntry) []rawEntry                // before the container is written
	final func(file []byte, directory, end int) (out []byte) // of the file, whose directory and end record stand there
}

type forged struct {
	name    string
	content []byte
}

func newForge(tb testing.TB) *forge {
	tb.Helper()
	b := &builder{info: Info{Issuer: testIssuer().Name(), Date: "2026-11-22"}}
	if err := b.read(sample()); err != nil {
		tb.Fatal(err)
	}
	f := &forge{info: b.info, sign: func(digest [sha256.Size]byte) []byte {
		value, err := testIssuer().Sign(digest)
		if err != nil {
			tb.Fatal(err)
		}
		return value
	}}
	for _, e := range b.files {
		content := make([]byte, e.size)
		if _, err := io.ReadFull(io.NewSectionReader(e.content, 0, e.size), content); err != nil {
			tb.Fatal(err)
		}
		f.data = append(f.data, forged{e.name, content})
	}
	return f
}

// put replaces or adds a file under data; nil removes it.
func (f *forge) put(name string, content []byte) *forge {
	f.data = slices.DeleteFunc(f.data, func(d forged) bool { return d.name == name })
	if content != nil {
		f.data = append(f.data, forged{name, content})
		slices.SortFunc(f.data, func(a, b forged) int { return strings.Compare(a.name, b.name) })
	}
	return f
}

func (f *forge) content(tb testing.TB, name string) []byte {
	for _, d := range f.data {
		if d.name == name {
			return d.content
		}
	}
	tb.Fatalf("no %s", name)
	return nil
}

// replace changes one piece of a file under data.
func (f *forge) replace(tb testing.TB, name, old, new string) *forge {
	tb.Helper()
	c := f.content(tb, name)
	if !bytes.Contains(c, []byte(old)) {
		tb.Fatalf("%s does not have %q:\n%s", name, old, c)
	}
	return f.put(name, bytes.Replace(c, []byte(old), []byte(new), 1))
}

// document puts another first document into the package, under the name of a file.
func (f *forge) document(tb testing.TB, name string, content []byte) *forge {
	tb.Helper()
	kind, known := kindOf(name)
	file := "0001" + kind.extension()
	if !known {
		file = "0001.pdf"
	}
	const record = "data/projects/01/project.json"
	f.put("data/projects/01/documents/0001.pdf", nil).put("data/projects/01/documents/"+file, content)
	return f.replace(tb, record, `"0001.pdf"`, `"`+file+`"`).replace(tb, record, `"技术方案（送审稿）.pdf"`, `"`+name+`"`)
}

// file writes the package out.
func (f *forge) file() []byte {
	names, digests := []string{}, []review.Digest{}
	f.info.Octets, f.info.Streams = 0, len(f.data)
	for _, d := range f.data {
		names, digests = append(names, d.name), append(digests, review.DigestOf(d.content))
		f.info.Octets += int64(len(d.content))
	}
	tags := map[string][]byte{nameBagit: []byte(bagDeclaration), nameInfo: f.info.encode(), nameManifest: encodeManifest(names, digests)}
	if f.tags != nil {
		f.tags(tags)
	}
	var sums []review.Digest
	for _, name := range taggedNames {
		sums = append(sums, review.DigestOf(tags[name]))
	}
	tags[nameTagManifest] = encodeManifest(taggedNames, sums)
	if f.sums != nil {
		tags[nameTagManifest] = f.sums(tags[nameTagManifest])
	}
	if f.sign != nil {
		tags[nameSignature] = f.sign(sha256.Sum256(tags[nameTagManifest]))
	}
	var entries []rawEntry
	for _, name := range tagNames {
		if content, ok := tags[name]; ok {
			entries = append(entries, newRaw(name, content))
		}
	}
	for _, d := range f.data {
		entries = append(entries, newRaw(d.name, d.content))
	}
	if f.zip != nil {
		entries = f.zip(entries)
	}
	file, directory := rawZip(entries)
	if f.final != nil {
		return f.final(file, directory, len(file)-endSize)
	}
	return file
}

// rawEntry is one entry of a zip with every field free.
type rawEntry struct {
	name, localName       string
	content               []byte
	made, needed          uint16
	flags, method         uint16
	time, date            uint16
	sum                   uint32
	packed, unpacked      uint32
	extra                 []byte
	comment               string
	disk, internal        uint16
	external              uint32
	gap                   []byte // before the local header
	overlap               bool   // no content of its own: the directory points to the entry before
	descriptor            []byte // behind the content
	localPacked           *uint32
	directoryOnly, hidden bool // in the directory alone, or not in it
}

func newRaw(name string, content []byte) rawEntry {
	return rawEntry{
		name: name, localName: name, content: content, made: 20, needed: 10, date: 0x21, sum: crc32.ChecksumIEEE(content),
		packed: uint32(len(content)), unpacked: uint32(len(content)),
	}
}

// rawZip writes a zip without any of the code under test, and says where its directory is.
func rawZip(entries []rawEntry) (file []byte, directory int) {
	le := binary.LittleEndian
	var body, central []byte
	count, last := 0, 0
	for _, e := range entries {
		if !e.overlap && !e.directoryOnly {
			body = append(body, e.gap...)
			last = len(body)
			packed := e.packed
			if e.localPacked != nil {
				packed = *e.localPacked
			}
			body = le.AppendUint32(body, 0x04034b50)
			for _, v := range []uint16{e.needed, e.flags, e.method, e.time, e.date} {
				body = le.AppendUint16(body, v)
			}
			body = le.AppendUint32(body, e.sum)
			body = le.AppendUint32(body, packed)
			body = le.AppendUint32(body, e.unpacked)
			body = le.AppendUint16(body, uint16(len(e.localName)))
			body = le.AppendUint16(body, uint16(len(e.extra)))
			body = append(body, e.localName...)
			body = append(body, e.extra...)
			body = append(body, e.content...)
			body = append(body, e.descriptor...)
		}
		if e.hidden {
			continue
		}
		count++
		central = le.AppendUint32(central, 0x02014b50)
		for _, v := range []uint16{e.made, e.needed, e.flags, e.method, e.time, e.date} {
			central = le.AppendUint16(central, v)
		}
		central = le.AppendUint32(central, e.sum)
		central = le.AppendUint32(central, e.packed)
		central = le.AppendUint32(central, e.unpacked)
		for _, v := range []uint16{uint16(len(e.name)), uint16(len(e.extra)), uint16(len(e.comment)), e.disk, e.internal} {
			central = le.AppendUint16(central, v)
		}
		central = le.AppendUint32(central, e.external)
		central = le.AppendUint32(central, uint32(last))
		central = append(central, e.name...)
		central = append(central, e.extra...)
		central = append(central, e.comment...)
	}
	file = append(body, central...)
	file = le.AppendUint32(file, 0x06054b50)
	for _, v := range []uint16{0, 0, uint16(count), uint16(count)} {
		file = le.AppendUint16(file, v)
	}
	file = le.AppendUint32(file, uint32(len(central)))
	file = le.AppendUint32(file, uint32(len(body)))
	return le.AppendUint16(file, 0), len(body)
}

// TestForge: the forge as it is makes what BuildDir makes, so that what it changes is
// all that is wrong. The zip is written by other code than the container's.
func TestForge(t *testing.T) {
	file := newForge(t).file()
	p, err := opened(file, trusting())
	if err != nil {
		t.Fatal(err)
	}
	q, err := opened(built(t, sample()), trusting())
	if err != nil {
		t.Fatal(err)
	}
	if p.Digest() != q.Digest() {
		t.Error("the forge makes another package than BuildDir")
	}
}
