package bag

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"errors"
	"io"
	"regexp"
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
	pdfBehind     = 4 << 10 // and behind it
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
		start, is := streamBehind(r, at)
		if start > 0 && !seen[start] {
			seen[start] = true
			is = s.inflate(io.NewSectionReader(r, start, r.Size()-start), &left, budget) || plainObjects(r, at, start)
		}
		s.found.hidden = s.found.hidden || !is
	}
	found[WarnPDFScript], found[WarnPDFLaunch] = s.found.script, s.found.launch
	found[WarnPDFEmbedded], found[WarnPDFLink] = s.found.embedded, s.found.link
	found[WarnPDFHidden] = s.found.hidden
}

// streamBehind finds where the stream begins in whose dictionary a name stands; 0 if
// the dictionary is of no stream. It is not ok if the dictionary does not end soon.
// What stands in strings and comments is not taken for the dictionary's end.
func streamBehind(r *io.SectionReader, at int64) (start int64, ok bool) {
	b := make([]byte, min(pdfBehind, r.Size()-at))
	if readAt(r, b, at) != nil {
		return 0, false
	}
	for i := 0; i < len(b); i++ {
		switch rest := b[i:]; {
		case b[i] == '(':
			i += stringLength(rest) - 1
		case b[i] == '%':
			end := bytes.IndexAny(rest, "\r\n")
			if end < 0 {
				return 0, false
			}
			i += end
		case bytes.HasPrefix(rest, []byte("endstream")): // inside of a stream, or made to look so
			return 0, false
		case bytes.HasPrefix(rest, []byte("endobj")):
			return 0, true
		case bytes.HasPrefix(rest, []byte("stream")):
			i += len("stream")
			for i < len(b) && (b[i] == '\r' || b[i] == '\n') {
				i++
			}
			return at + int64(i), true
		}
	}
	return 0, false
}

// stringLength gives the length of a string in parentheses, which may nest
// (ISO 32000-2, 7.3.4.2).
func stringLength(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(b)
}

// plain is how an object stream begins that is not compressed: numbers, then an object.
var plain = regexp.MustCompile(`^[0-9\t\n\f\r ]+[<\[(/]`)

// plainObjects tells whether an object stream stands there as it is, so that the scan
// has read it: no filter is named near it, and it begins as one does.
func plainObjects(r *io.SectionReader, at, start int64) bool {
	from := max(0, at-pdfBefore)
	b := make([]byte, min(r.Size(), start+pdfBefore)-from)
	if readAt(r, b, from) != nil {
		return false
	}
	for field := range bytes.SplitSeq(b[:start-from], []byte("/")) {
		if i := slices.IndexFunc(field, func(c byte) bool { return pdfEnds[c] }); i >= 0 {
			field = field[:i]
		}
		if string(unescapeName(field)) == "Filter" {
			return false
		}
	}
	return plain.Match(b[start-from:])
}

// inflate scans an object stream that is compressed by deflate. It tells whether all of
// it could be read, and begins as an object stream does: with numbers.
func (s *pdfScan) inflate(r io.Reader, left *int64, budget *atomic.Int64) bool {
	z, err := zlib.NewReader(r)
	if err != nil {
		return false
	}
	inner, first := pdfScan{}, true
	buffer := chunks.Get().(*[chunk]byte)
	defer chunks.Put(buffer)
	for {
		n, err := z.Read(buffer[:])
		if first && n > 0 {
			if len(bytes.Trim(buffer[:min(n, 4)], "0123456789\t\n\f\r ")) > 0 {
				return false
			}
			first = false
		}
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
