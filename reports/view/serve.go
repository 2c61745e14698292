package view

import (
	"container/list"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// Config is what the viewing process is made of. Its bytes are not written to.
type Config struct {
	// PDFium is the library as WebAssembly.
	PDFium []byte
	// Fonts are TrueType files by their names. What a document does not bring itself is
	// drawn with them.
	Fonts map[string][]byte
	// Cache is a directory for compiled code, which is made if it is not there; "" for none.
	// What lies there is run: whoever can write to it has this process.
	Cache string
	// Idle, if there is one, is called when PDFium has let go of much memory.
	Idle func()
	// Ended, if there is one, is called on a goroutine of its own as soon as the input ends,
	// even while a request is being worked on, which may take for ever.
	Ended func()
}

// Bounds of the server.
const (
	maxOpen   = 64 // documents that may be open
	maxLoaded = 6  // of them, how many PDFium holds at a time
	maxBlocks = 8 << 20 / blockSize
	findPages = 16 // that one request looks at
)

// Serve is the viewing process: it answers requests until in ends, which is no error, or
// the other side breaks the protocol. It is to have its process for itself.
func Serve(in io.Reader, out io.Writer, c Config) error {
	if c.Ended != nil {
		r, w := io.Pipe()
		go func(in io.Reader) {
			_, err := io.Copy(w, in)
			_ = w.CloseWithError(err) // never fails
			c.Ended()
		}(in)
		in = r
	}
	s := newServer(in, out, c.Idle)
	var err error
	if s.lib, err = newPDFium(c, s.file); err != nil {
		return errors.Join(err, writeFrame(out, kindFailure, putFailure(err)))
	}
	if s.idle != nil {
		s.idle() // compiling takes much
	}
	if err := writeFrame(out, kindHello, binary.BigEndian.AppendUint16(nil, version)); err != nil {
		return err
	}
	return s.serve()
}

// server is what the process knows between two requests.
type server struct {
	in   io.Reader
	out  io.Writer
	idle func()
	lib  *pdfium
	docs map[uint32]*document
	now  int // counts requests

	// Blocks of sources, those used last in front.
	order  *list.List // of *block
	blocks map[place]*list.Element

	// Of the request under way.
	broken error // the connection
	unread bool  // a source could not be read
}

// document is one that the client has open. PDFium may hold it or not.
type document struct {
	s      *server
	id     uint32
	size   int64
	pages  []Size
	handle handle
	loaded int // the instance that holds it, 0 for none
	used   int // when it was used last
}

func newServer(in io.Reader, out io.Writer, idle func()) *server {
	return &server{in: in, out: out, idle: idle, docs: map[uint32]*document{}, order: list.New(), blocks: map[place]*list.Element{}}
}

// serve answers requests.
func (s *server) serve() error {
	for {
		kind, length, err := readHead(s.in)
		if err == io.EOF {
			return nil
		}
		var body []byte
		if err == nil {
			body, err = readBody(s.in, length)
		}
		if err == nil {
			err = s.answer(kind, body)
		}
		if err != nil {
			return err
		}
	}
}

type place struct {
	doc uint32
	at  int64
}

type block struct {
	place
	bytes []byte
}

// file finds a document for PDFium.
func (s *server) file(name string) file {
	n, err := strconv.ParseUint(name, 10, 32)
	if d := s.docs[uint32(n)]; err == nil && d != nil {
		return d
	}
	return nil
}

func (d *document) length() int64 { return d.size }

// readAt asks the client for what is not at hand.
func (d *document) readAt(b []byte, at int64) bool {
	for len(b) > 0 {
		start := at - at%blockSize
		from := d.s.block(d, start)
		if from == nil {
			return false
		}
		n := copy(b, from[at-start:])
		b, at = b[n:], at+int64(n)
	}
	return true
}

func (s *server) block(d *document, at int64) []byte {
	key := place{d.id, at}
	if e := s.blocks[key]; e != nil {
		s.order.MoveToFront(e)
		return e.Value.(*block).bytes
	}
	if s.broken != nil {
		return nil
	}
	b, err := s.fetch(d, at)
	if err != nil {
		s.broken = err
		return nil
	}
	if b == nil {
		s.unread = true
		return nil
	}
	s.blocks[key] = s.order.PushFront(&block{key, b})
	if s.order.Len() > maxBlocks {
		last := s.order.Back()
		delete(s.blocks, last.Value.(*block).place)
		s.order.Remove(last)
	}
	return b
}

// fetch asks the client for a block; nil if it cannot be read.
func (s *server) fetch(d *document, at int64) ([]byte, error) {
	n := min(blockSize, d.size-at)
	q := binary.BigEndian.AppendUint32(nil, d.id)
	q = binary.BigEndian.AppendUint64(q, uint64(at))
	q = binary.BigEndian.AppendUint32(q, uint32(n))
	if err := writeFrame(s.out, kindRead, q); err != nil {
		return nil, err
	}
	kind, length, err := readHead(s.in)
	if err != nil {
		return nil, fmt.Errorf("a block: %w", err)
	}
	switch {
	case kind == kindNone:
		return nil, nil
	case kind != kindBlock || int64(length) != n:
		return nil, fmt.Errorf("%w: kind %q of %d bytes for a block of %d", errProtocol, kind, length, n)
	}
	return readBody(s.in, length)
}

// answer carries out a request. Its error is that of the connection or the protocol.
func (s *server) answer(kind byte, body []byte) error {
	s.now++
	s.unread = false
	f := &fields{left: body}
	var err error
	switch kind {
	case kindOpen:
		id, size := f.uint32(), f.uint64()
		if !f.ended() || size < 1 || size > MaxDocument || s.docs[id] != nil {
			return fmt.Errorf("%w: document %d of %d bytes", errProtocol, id, size)
		}
		err = s.open(id, int64(size))
	case kindPage:
		id, page, width := f.uint32(), f.uint32(), f.uint32()
		d := s.docs[id]
		if !f.ended() || d == nil || uint64(page) >= uint64(len(d.pages)) || width < MinWidth || width > MaxPixels {
			return fmt.Errorf("%w: page %d of document %d, %d wide", errProtocol, page, id, width)
		}
		err = s.page(d, int(page), int(width))
	case kindFind:
		id, first, most := f.uint32(), f.uint32(), f.uint16()
		d := s.docs[id]
		if f.bad || d == nil || uint64(first) >= uint64(len(d.pages)) || most < 1 || most > MaxHits {
			return fmt.Errorf("%w: from page %d of document %d, %d hits", errProtocol, first, id, most)
		}
		err = s.find(d, int(first), most, string(f.left))
	case kindShutQ:
		d := s.docs[f.uint32()]
		if !f.ended() || d == nil {
			return fmt.Errorf("%w: an unknown document closed", errProtocol)
		}
		s.forget(d)
		err = writeFrame(s.out, kindShut)
	default:
		return fmt.Errorf("%w: kind %q as a request", errProtocol, kind)
	}
	if s.broken != nil {
		return s.broken
	}
	if err != nil {
		if s.unread {
			err = fmt.Errorf("%w: the source cannot be read: %w", ErrFailed, strip(err))
		}
		if err := writeFrame(s.out, kindFailure, putFailure(err)); err != nil {
			return err
		}
	}
	return s.rest()
}

// strip takes from an error what it is, so that it can be something else.
func strip(err error) error { return errors.New(err.Error()) }

// rest brings PDFium into order after a request.
func (s *server) rest() error {
	if s.lib.err == nil && !s.lib.grown() {
		return nil
	}
	err := s.lib.start()
	if s.idle != nil {
		s.idle()
	}
	return err
}

// load has PDFium hold a document.
func (s *server) load(d *document) error {
	d.used = s.now
	if d.loaded == s.lib.generation {
		return nil
	}
	var oldest *document
	n := 0
	for _, o := range s.docs {
		if o.loaded == s.lib.generation {
			n++
			if oldest == nil || o.used < oldest.used {
				oldest = o
			}
		}
	}
	if n >= maxLoaded {
		s.unload(oldest)
	}
	h, err := s.lib.open(strconv.FormatUint(uint64(d.id), 10))
	if err != nil {
		return err
	}
	d.handle, d.loaded = h, s.lib.generation
	return nil
}

func (s *server) unload(d *document) {
	if d.loaded == s.lib.generation {
		s.lib.close(d.handle)
	}
	d.loaded = 0
}

// forget drops a document and what is known of it.
func (s *server) forget(d *document) {
	s.unload(d)
	delete(s.docs, d.id)
	for e := s.order.Front(); e != nil; {
		next := e.Next()
		if b := e.Value.(*block); b.doc == d.id {
			delete(s.blocks, b.place)
			s.order.Remove(e)
		}
		e = next
	}
}

func (s *server) open(id uint32, size int64) error {
	if len(s.docs) >= maxOpen {
		return fmt.Errorf("%w: %d documents are open", ErrFailed, len(s.docs))
	}
	d := &document{s: s, id: id, size: size}
	s.docs[id] = d
	err := s.load(d)
	if err == nil {
		d.pages, err = s.lib.sizes(d.handle)
	}
	if err != nil {
		s.forget(d)
		return err
	}
	// What the client is told is what is counted on: both sides reckon a picture's size from it.
	body := putOpened(id, d.pages)
	if _, d.pages, err = getOpened(body); err != nil {
		s.forget(d)
		return fmt.Errorf("%w: %w", ErrForm, err)
	}
	return s.told(writeFrame(s.out, kindOpened, body))
}

// told keeps an error of the connection apart from those of requests.
func (s *server) told(err error) error {
	if err != nil && s.broken == nil {
		s.broken = err
	}
	return err
}

func (s *server) page(d *document, n, width int) error {
	if err := s.load(d); err != nil {
		return err
	}
	w, h := picture(d.pages[n], width)
	sent := false
	err := s.lib.draw(d.handle, n, w, h, func(pixels []byte) error {
		if s.unread || s.broken != nil {
			return fmt.Errorf("%w: page %d", ErrFailed, n)
		}
		sent = true
		var size []byte
		size = binary.BigEndian.AppendUint32(size, uint32(w))
		size = binary.BigEndian.AppendUint32(size, uint32(h))
		return s.told(writeFrame(s.out, kindPicture, size, pixels))
	})
	if sent {
		return nil // what went wrong afterwards is mended before the next request
	}
	return err
}

func (s *server) find(d *document, first, most int, text string) error {
	if err := s.load(d); err != nil {
		return err
	}
	var hits []Hit
	want := needle(text)
	next := first
	for ; next < min(first+findPages, len(d.pages)); next++ {
		found, err := s.lib.find(d.handle, next, d.pages[next], want, most-len(hits))
		switch {
		case s.lib.err != nil || s.unread || s.broken != nil:
			return fmt.Errorf("%w: page %d: %v", ErrFailed, next, err)
		case err == nil: // a page that cannot be loaded has no text
			hits = append(hits, found...)
		}
		if len(hits) >= most {
			next = len(d.pages)
			break
		}
	}
	return s.told(writeFrame(s.out, kindFound, putFound(next, hits)))
}

// picture gives the size of a picture of a page.
func picture(page Size, width int) (w, h int) {
	ratio := page.Height / page.Width
	if most := MaxPixels / float64(width); float64(width)*ratio > most {
		// w·w·ratio = MaxPixels
		width = max(1, int(math.Sqrt(MaxPixels/ratio)))
	}
	h = max(1, int(float64(width)*ratio+0.5))
	for width > 1 && width*h > MaxPixels {
		width--
		h = max(1, int(float64(width)*ratio+0.5))
	}
	return width, h
}
