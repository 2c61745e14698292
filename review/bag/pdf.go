package bag

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"sync/atomic"
)

// pdfScan looks for the names of what is active in a PDF (ISO 32000-2, 12.6). It takes
// a name wherever one stands, also where nothing refers to it any more, and never trusts
// the file's own tables. Names inside of compressed object streams are found by finish.
type pdfScan struct {
	found   pdfNames
	part    []byte  // a name that goes on in the next piece
	open    bool    // part is one
	at      int64   // of the next byte
	objects []int64 // where a dictionary may be that of an object stream
}

// pdfNames says which names were found.
type pdfNames struct{ script, launch, embedded, link, hidden bool }

// The measures of a scan. What is beyond them is not looked into, and said to be hidden.
const (
	maxPDFName    = 64
	maxPDFObjects = 20_000
	pdfBefore     = 2 << 10 // of an object stream's dictionary, before the name
	pdfBehind     = 4 << 10
)

// pdfEnds are the bytes that end a name (ISO 32000-2, 7.2.3).
var pdfEnds = func() (ends [256]bool) {
	for _, c := range []byte("\x00\t\n\f\r ()<>[]{}/%") {
		ends[c] = true
	}
	return
}()

func (s *pdfScan) look(b []byte) {
	i := 0
	if s.open {
		i = s.more(b, 0, s.at-int64(len(s.part)))
	}
	for i < len(b) {
		slash := bytes.IndexByte(b[i:], '/')
		if slash < 0 {
			break
		}
		i += slash + 1
		end := i
		for end < len(b) && end-i <= maxPDFName && !pdfEnds[b[end]] {
			end++
		}
		if end == len(b) {
			s.part, s.open = bytes.Clone(b[i:]), true
			break
		}
		s.name(b[i:end], s.at+int64(i))
		i = end
	}
	s.at += int64(len(b))
}

// more goes on with a name that began in an earlier piece at the place start.
func (s *pdfScan) more(b []byte, i int, start int64) int {
	for i < len(b) && len(s.part) <= maxPDFName && !pdfEnds[b[i]] {
		s.part = append(s.part, b[i])
		i++
	}
	if i < len(b) {
		s.open = false
		s.name(s.part, start)
	}
	return i
}

func (s *pdfScan) name(n []byte, at int64) {
	if bytes.IndexByte(n, '#') >= 0 {
		n = unescapeName(n)
	}
	switch string(n) {
	case "JavaScript", "XFA":
		s.found.script = true
	case "Rendition":
		s.found.script, s.found.embedded = true, true
	case "Launch":
		s.found.launch = true
	case "EmbeddedFile", "EmbeddedFiles", "FileAttachment", "RichMedia", "Movie", "Sound":
		s.found.embedded = true
	case "URI", "GoToR", "GoToE", "SubmitForm", "ImportData":
		s.found.link = true
	case "Encrypt":
		s.found.hidden = true
	case "ObjStm", "First": // /Type may be said elsewhere, /First may not
		if len(s.objects) == maxPDFObjects {
			s.found.hidden = true
			return
		}
		s.objects = append(s.objects, at)
	}
}

// unescapeName gives a name with its #xx replaced.
func unescapeName(n []byte) []byte {
	out := make([]byte, 0, len(n))
	for i := 0; i < len(n); i++ {
		var c [1]byte
		if n[i] == '#' && i+2 < len(n) {
			if _, err := hex.Decode(c[:], n[i+1:i+3]); err == nil {
				out = append(out, c[0])
				i += 2
				continue
			}
		}
		out = append(out, n[i])
	}
	return out
}

// finish looks into the object streams and says what was found.
func (s *pdfScan) finish(r *io.SectionReader, budget *atomic.Int64, found map[Warning]bool) {
	seen := map[int64]bool{}
	left := int64(maxInflated)
	for _, at := range s.objects {
		start, filter := s.stream(r, at)
		if seen[start] || filter == pdfPlain {
			continue
		}
		seen[start] = true
		if filter == pdfOpaque || !s.inflate(io.NewSectionReader(r, start, r.Size()-start), &left, budget) {
			s.found.hidden = true
		}
	}
	found[WarnPDFScript], found[WarnPDFLaunch] = s.found.script, s.found.launch
	found[WarnPDFEmbedded], found[WarnPDFLink] = s.found.embedded, s.found.link
	found[WarnPDFHidden] = s.found.hidden
}

// How the stream of a dictionary is compressed.
type pdfFilter int

const (
	pdfPlain  pdfFilter = iota // no stream, or one that the scan has read as it is
	pdfFlate                   // by deflate alone
	pdfOpaque                  // by something else, or too far from its dictionary's beginning
)

// stream finds the stream whose dictionary has a name at a place.
func (s *pdfScan) stream(r *io.SectionReader, at int64) (start int64, _ pdfFilter) {
	from := max(0, at-pdfBefore)
	b := make([]byte, min(r.Size(), at+pdfBehind)-from)
	if readAt(r, b, from) != nil {
		return 0, pdfOpaque
	}
	name := int(at - from)
	end := bytes.Index(b[name:], []byte("stream"))
	object := bytes.Index(b[name:], []byte("endobj"))
	switch {
	case object >= 0 && (end < 0 || object < end):
		return 0, pdfPlain
	case end < 0:
		return 0, pdfOpaque
	}
	end += name
	dict := b[max(0, bytes.LastIndex(b[:name], []byte("obj"))):end]
	var names []string
	for field := range bytes.SplitSeq(dict, []byte("/")) {
		n := field
		if i := slices.IndexFunc(field, func(c byte) bool { return pdfEnds[c] }); i >= 0 {
			n = field[:i]
		}
		names = append(names, string(unescapeName(n)))
	}
	filter := pdfPlain
	switch has := func(n string) bool { return slices.Contains(names, n) }; {
	case slices.ContainsFunc(names, func(n string) bool {
		return slices.Contains([]string{"LZWDecode", "ASCIIHexDecode", "ASCII85Decode", "RunLengthDecode", "Crypt", "Predictor"}, n)
	}):
		filter = pdfOpaque
	case has("FlateDecode"):
		filter = pdfFlate
	case has("Filter"):
		filter = pdfOpaque
	}
	end += len("stream")
	if bytes.HasPrefix(b[end:], []byte("\r")) {
		end++
	}
	if bytes.HasPrefix(b[end:], []byte("\n")) {
		end++
	}
	return from + int64(end), filter
}

// inflate scans an object stream. It tells whether all of it could be read.
func (s *pdfScan) inflate(r io.Reader, left *int64, budget *atomic.Int64) bool {
	z, err := zlib.NewReader(r)
	if err != nil {
		return false
	}
	inner := pdfScan{}
	buffer := chunks.Get().(*[chunk]byte)
	defer chunks.Put(buffer)
	for {
		n, err := z.Read(buffer[:])
		inner.look(buffer[:n])
		s.found.join(inner.found)
		*left -= int64(n)
		switch {
		case *left < 0 || budget.Add(-int64(n)) < 0:
			return false
		case errors.Is(err, io.EOF):
			inner.look([]byte(" ")) // ends a name that the stream ends with
			s.found.join(inner.found)
			return true
		case err != nil:
			return false
		}
	}
}

func (f *pdfNames) join(g pdfNames) {
	f.script = f.script || g.script
	f.launch = f.launch || g.launch
	f.embedded = f.embedded || g.embedded
	f.link = f.link || g.link
	f.hidden = f.hidden || g.hidden
}
