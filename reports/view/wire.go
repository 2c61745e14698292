package view

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// version is that of the protocol. The two sides are the same program, so there is only
// one at a time; the number guards against two that were installed one over the other.
const version = 1

// A frame is its kind (1 byte), the length of its body (4 bytes, big-endian), and the body.
// All numbers in bodies are big-endian too. The server says hello once it is ready. From
// then on the client sends one request at a time, and the server answers it with one frame;
// before that it may ask for any number of blocks of a document's source.
const (
	// From the server.
	kindHello   = 'H' // version uint16
	kindRead    = 'R' // document uint32, offset uint64, length uint32
	kindFailure = 'E' // what uint8, cause (text)
	kindOpened  = 'O' // document uint32, pages uint32, then width and height float32 of each
	kindPicture = 'P' // width uint32, height uint32, then the pixels, 4 bytes each: RGBA
	kindFound   = 'F' // next page uint32, hits uint16, then of each: page uint32, boxes uint16, 4 float32 each
	kindShut    = 'S' // nothing

	// From the client.
	kindOpen  = 'o' // document uint32, not one that is open; size uint64
	kindPage  = 'p' // document uint32, page uint32, width uint32
	kindFind  = 'f' // document uint32, first page uint32, most hits uint16, text
	kindShutQ = 's' // document uint32
	kindBlock = 'd' // the bytes asked for
	kindNone  = 'x' // nothing: they cannot be read
)

// What a failure says.
const (
	failForm = 1 + iota
	failLocked
	failOther
)

const (
	headLength = 5
	blockSize  = 64 << 10 // how much of a source is asked for at a time, at most
	maxCause   = 512      // of a failure, in bytes
	maxBoxes   = 64       // of one hit
)

// limitOf gives the longest body that a frame of the kind may have, -1 for kinds that there
// are none of.
func limitOf(kind byte) int {
	switch kind {
	case kindHello:
		return 2
	case kindRead:
		return 16
	case kindFailure:
		return 1 + maxCause
	case kindOpened:
		return 8 + 8*MaxPages
	case kindPicture:
		return 8 + 4*MaxPixels
	case kindFound:
		return 6 + MaxHits*(6+16*maxBoxes)
	case kindShut, kindNone:
		return 0
	case kindOpen:
		return 12
	case kindPage:
		return 12
	case kindFind:
		return 10 + MaxText
	case kindShutQ:
		return 4
	case kindBlock:
		return blockSize
	}
	return -1
}

// errProtocol: the other side said what it may not say.
var errProtocol = errors.New("the protocol was broken")

// readHead reads what stands before a body and gives the body's kind and length, which is
// within the kind's limit.
func readHead(r io.Reader) (kind byte, length int, err error) {
	var head [headLength]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, 0, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if limit := limitOf(head[0]); limit < 0 || uint64(n) > uint64(limit) {
		return 0, 0, fmt.Errorf("%w: kind %q of %d bytes", errProtocol, head[0], n)
	}
	return head[0], int(n), nil
}

// readBody reads a body of a length that readHead gave. A long one is believed only as far
// as it comes.
func readBody(r io.Reader, length int) ([]byte, error) {
	const step = 256 << 10
	body := make([]byte, 0, min(length, step))
	for len(body) < length {
		n := min(length-len(body), step)
		body = append(body, make([]byte, n)...)
		if _, err := io.ReadFull(r, body[len(body)-n:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	return body, nil
}

// writeFrame sends a frame whose body is the parts one after another.
func writeFrame(w io.Writer, kind byte, parts ...[]byte) error {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if n > limitOf(kind) {
		return fmt.Errorf("%w: kind %q of %d bytes", errProtocol, kind, n)
	}
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(n))
	if len(parts) > 0 {
		head = append(head, parts[0]...) // short ones go in one piece
		parts = parts[1:]
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// fields reads the numbers of a body one after another. Beyond the end they are 0
// and the body is bad.
type fields struct {
	left []byte
	bad  bool
}

func (f *fields) take(n int) []byte {
	if len(f.left) < n {
		f.left, f.bad = nil, true
		return make([]byte, n)
	}
	b := f.left[:n]
	f.left = f.left[n:]
	return b
}

func (f *fields) uint16() int    { return int(binary.BigEndian.Uint16(f.take(2))) }
func (f *fields) uint32() uint32 { return binary.BigEndian.Uint32(f.take(4)) }
func (f *fields) uint64() uint64 { return binary.BigEndian.Uint64(f.take(8)) }

// float gives a number between least and most; another one spoils the body.
func (f *fields) float(least, most float64) float64 {
	v := float64(math.Float32frombits(f.uint32()))
	if !(v >= least && v <= most) { // not a number is neither
		f.bad = true
		return least
	}
	return v
}

// ended tells whether all was read and nothing is left over.
func (f *fields) ended() bool { return !f.bad && len(f.left) == 0 }

func putFloat(b []byte, v float64) []byte {
	return binary.BigEndian.AppendUint32(b, math.Float32bits(float32(v)))
}

// Pages are at least this long and at most this long on either side, in points; what a
// document says beyond is cut. (200 inches is the limit of the format's older versions;
// drawings are larger.)
const (
	minSide = 1
	maxSide = 100_000
)

func putOpened(doc uint32, pages []Size) []byte {
	b := binary.BigEndian.AppendUint32(nil, doc)
	b = binary.BigEndian.AppendUint32(b, uint32(len(pages)))
	for _, p := range pages {
		b = putFloat(putFloat(b, p.Width), p.Height)
	}
	return b
}

func getOpened(body []byte) (doc uint32, pages []Size, err error) {
	f := &fields{left: body}
	doc = f.uint32()
	n := f.uint32()
	if n < 1 || n > MaxPages || uint64(len(f.left)) != 8*uint64(n) {
		return 0, nil, fmt.Errorf("%w: %d pages", errProtocol, n)
	}
	pages = make([]Size, n)
	for i := range pages {
		pages[i] = Size{Width: f.float(minSide, maxSide), Height: f.float(minSide, maxSide)}
	}
	if !f.ended() {
		return 0, nil, fmt.Errorf("%w: sizes of pages", errProtocol)
	}
	return doc, pages, nil
}

func putFound(next int, hits []Hit) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(next))
	b = binary.BigEndian.AppendUint16(b, uint16(len(hits)))
	for _, h := range hits {
		b = binary.BigEndian.AppendUint32(b, uint32(h.Page))
		b = binary.BigEndian.AppendUint16(b, uint16(len(h.Boxes)))
		for _, x := range h.Boxes {
			b = putFloat(putFloat(putFloat(putFloat(b, x.X), x.Y), x.Width), x.Height)
		}
	}
	return b
}

// getFound gives the hits, of which there may be most, all on pages from first to before
// next, and next, which is after first and at most pages.
func getFound(body []byte, first, pages, most int) (next int, hits []Hit, err error) {
	broken := fmt.Errorf("%w: what was found", errProtocol)
	f := &fields{left: body}
	n := f.uint32()
	count := f.uint16()
	if f.bad || n <= uint32(first) || n > uint32(pages) || count > most {
		return 0, nil, broken
	}
	next = int(n)
	for range count {
		page, boxes := f.uint32(), f.uint16()
		if f.bad || page < uint32(first) || page >= n || boxes < 1 || boxes > maxBoxes || len(f.left) < 16*boxes {
			return 0, nil, broken
		}
		h := Hit{Page: int(page), Boxes: make([]Box, boxes)}
		for i := range h.Boxes {
			h.Boxes[i] = Box{X: f.float(-maxSide, maxSide), Y: f.float(-maxSide, maxSide),
				Width: f.float(0, 2*maxSide), Height: f.float(0, 2*maxSide)}
		}
		hits = append(hits, h)
	}
	if !f.ended() {
		return 0, nil, broken
	}
	return next, hits, nil
}

// putFailure says what an error is.
func putFailure(err error) []byte {
	what := byte(failOther)
	switch {
	case errors.Is(err, ErrForm):
		what = failForm
	case errors.Is(err, ErrLocked):
		what = failLocked
	}
	cause := err.Error()
	return append([]byte{what}, cause[:min(len(cause), maxCause)]...)
}

// getFailure gives the error that a failure says. Its text is the other side's and is
// quoted.
func getFailure(body []byte) error {
	if len(body) == 0 {
		return fmt.Errorf("%w: an empty failure", errProtocol)
	}
	var is error
	switch body[0] {
	case failForm:
		is = ErrForm
	case failLocked:
		is = ErrLocked
	case failOther:
		is = ErrFailed
	default:
		return fmt.Errorf("%w: failure %d", errProtocol, body[0])
	}
	return fmt.Errorf("%w: %q", is, body[1:])
}
