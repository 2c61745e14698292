package bag

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
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
	maxPDFHidden  = 100     // dictionaries that cannot be read, of one file
	pdfBefore     = 4 << 10 // of an object stream's dictionary, before the name
	pdfBehind     = 4 << 10 // and behind it
)

// pdfSpace is white space (ISO 32000-2, 7.2.3).
const pdfSpace = "\x00\t\n\f\r "

// pdfEnds are the bytes that end a name.
var pdfEnds = func() (ends [256]bool) {
	for _, c := range []byte(pdfSpace + "()<>[]{}/%") {
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
	case "Rendition", "RichMediaExecute", "OnInstantiate": // of a 3D view, 13.6.3.2
		s.found.script, s.found.embedded = true, true
	case "Launch":
		s.found.launch = true
	case "EmbeddedFile", "EmbeddedFiles", "FileAttachment", "RichMedia", "U3D", "PRC", "Movie", "Sound":
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
	left := int64(maxInflated)
	var last pdfDictionary
	hidden := 0
	for _, at := range s.objects {
		d := dictionaryAround(r, at)
		if d.begin > 0 && d.begin == last.begin && at < last.end {
			continue
		}
		ok := d.begin > 0 && d.read(at)
		last = d
		if ok && d.stream > 0 {
			content := io.NewSectionReader(r, d.stream, r.Size()-d.stream)
			ok = d.filters > 0 && s.inflate(content, &left, budget) || d.filters == 0 && plainObjects(content)
		}
		if !ok {
			s.found.hidden = true
			if hidden++; hidden == maxPDFHidden {
				break
			}
		}
	}
	found[WarnPDFScript], found[WarnPDFLaunch] = s.found.script, s.found.launch
	found[WarnPDFEmbedded], found[WarnPDFLink] = s.found.embedded, s.found.link
	found[WarnPDFHidden] = s.found.hidden
}

// dictionaryAround finds where the dictionary of the object begins in which a name stands.
func dictionaryAround(r *io.SectionReader, at int64) (d pdfDictionary) {
	d.from = max(0, at-pdfBefore)
	d.b = make([]byte, min(r.Size(), at+pdfBehind)-d.from)
	if readAt(r, d.b, d.from) == nil {
		if d.i = objectBefore(d.b[:at-d.from]); d.i > 0 {
			d.begin = d.from + int64(d.i)
		}
	}
	return d
}

// objectBefore gives the place behind the << of the last object that begins in b; -1 if
// there is none, or it may stand in a comment.
func objectBefore(b []byte) int {
	for end := len(b); ; {
		i := bytes.LastIndex(b[:end], []byte("obj"))
		if i < 1 {
			return -1
		}
		behind := bytes.TrimLeft(b[i+3:], pdfSpace)
		if strings.IndexByte(pdfSpace, b[i-1]) >= 0 && bytes.HasPrefix(behind, []byte("<<")) {
			line := bytes.LastIndexAny(b[:i], "\r\n")
			if line < 0 || bytes.IndexByte(b[line:i], '%') >= 0 {
				return -1
			}
			return len(b) - len(behind) + 2
		}
		end = i
	}
}

// pdfDictionary is the dictionary of an object, read token by token (ISO 32000-2, 7.2):
// what stands in strings and comments is taken for nothing else.
type pdfDictionary struct {
	b        []byte // where it is, and what stands around it
	i        int    // of the next token, in b
	from     int64  // of b, in the file; so are the next
	begin    int64  // 0 if it is not known
	end      int64
	stream   int64 // that belongs to it; 0 if none does
	filtered bool  // it has a filter
	filters  int   // how many of its filters are deflate
	other    bool  // it has other filters, or parameters of one
}

// read reads the dictionary and what stands behind it. It is false if the dictionary
// does not end near by, is not in order, does not hold the name at the place, or names a
// filter that is not looked through.
func (d *pdfDictionary) read(at int64) bool {
	closed := d.close()
	d.end = d.from + int64(d.i)
	if !closed || d.end < at {
		return false
	}
	token := d.token()
	if token != "stream" {
		return token != "" && !strings.HasPrefix(token, "stream")
	}
	for d.i < len(d.b) && (d.b[d.i] == '\r' || d.b[d.i] == '\n') {
		d.i++
	}
	d.stream = d.from + int64(d.i)
	return !d.other && d.filtered == (d.filters > 0)
}

// close goes behind the end of the dictionary, and tells whether there is one.
func (d *pdfDictionary) close() bool {
	var before, last string
	for depth := 1; depth > 0; {
		token := d.token()
		switch name := strings.TrimPrefix(token, "/"); {
		case token == "" || token == "obj" || token == "stream" || token == "endstream" || token == "endobj":
			return false
		case token == "<<":
			depth++
		case token == ">>":
			depth--
		case name == token:
		case name == "Filter":
			d.other, d.filtered = d.other || d.filtered, true
		case name == "FlateDecode" || name == "Fl":
			d.filters++
			d.other = d.other || d.filters > 1 || last != "/Filter" && (last != "[" || before != "/Filter")
		case strings.HasSuffix(name, "Decode") || slices.Contains(pdfFilters, name):
			d.other = true
		}
		before, last = last, token
	}
	return true
}

// pdfFilters are the filters by other names than -Decode, and what goes with them,
// behind which text may stand that this scan does not see.
var pdfFilters = strings.Fields("AHx A85 LZW RL CCF DCT Crypt DecodeParms DP Predictor")

// token gives the next token: a name with its slash and its #xx replaced, a delimiter,
// "(" for a whole string, "<" for one in hexadecimal digits, or what stands between
// delimiters, less the number before a word. It is "" where there is none, or half of one.
func (d *pdfDictionary) token() string {
	rest := bytes.TrimLeft(d.b[d.i:], pdfSpace)
	for len(rest) > 0 && rest[0] == '%' {
		end := bytes.IndexAny(rest, "\r\n")
		if end < 0 {
			end = len(rest)
		}
		rest = bytes.TrimLeft(rest[end:], pdfSpace)
	}
	d.i = len(d.b) - len(rest)
	switch {
	case len(rest) == 0:
		return ""
	case bytes.HasPrefix(rest, []byte("<<")), bytes.HasPrefix(rest, []byte(">>")):
		d.i += 2
		return string(rest[:2])
	case rest[0] == '(' || rest[0] == '<':
		n := stringLength(rest)
		if rest[0] == '<' {
			n = 1 + bytes.IndexByte(rest, '>')
		}
		if n <= 0 {
			return ""
		}
		d.i += n
		return string(rest[:1])
	case rest[0] == '[' || rest[0] == ']' || rest[0] == '{' || rest[0] == '}':
		d.i++
		return string(rest[:1])
	case rest[0] == ')' || rest[0] == '>':
		return ""
	}
	n := 1
	for n < len(rest) && !pdfEnds[rest[n]] {
		n++
	}
	d.i += n
	word := rest[:n]
	if bare := bytes.TrimLeft(word, "+-.0123456789"); len(bare) > 0 {
		word = bare
	}
	if word[0] == '/' && bytes.IndexByte(word, '#') >= 0 {
		word = unescapeName(word)
	}
	return string(word)
}

// stringLength gives the length of a string in parentheses, which may nest
// (ISO 32000-2, 7.3.4.2); 0 if it does not end.
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
	return 0
}

// plain is how an object stream begins: numbers, then an object.
var plain = regexp.MustCompile(`^[0-9\x00\t\n\f\r ]+(?:[<\[(/]|true|false|null|$)`)

// plainObjects tells whether an object stream stands there as it is, so that the scan
// has read it.
func plainObjects(r *io.SectionReader) bool {
	b := make([]byte, min(r.Size(), pdfBefore))
	return readAt(r, b, 0) == nil && plain.Match(b)
}

// inflate scans an object stream that is compressed by deflate. It tells whether all of
// it could be read, and begins as an object stream does.
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
			if !plain.Match(buffer[:n]) {
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
