package view

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"
	"time"
)

// Client asks a viewing process. It is safe for use by several goroutines; their requests
// are carried out one after another.
type Client struct {
	conn  io.ReadWriteCloser
	limit time.Duration

	mu    sync.Mutex // held for the length of a request
	ready bool
	docs  map[uint32]*Document

	end  sync.Once
	gone chan struct{} // closed once the client is of no more use
}

// NewClient gives a client of the process at the other end of conn. A request that takes
// longer than limit breaks the client; becoming ready may take three times as long. Whatever
// breaks it closes conn, once; conn.Close has to make a Read or Write under way return.
func NewClient(conn io.ReadWriteCloser, limit time.Duration) *Client {
	return &Client{conn: conn, limit: limit, docs: map[uint32]*Document{}, gone: make(chan struct{})}
}

// Close lets go of the process: requests under way fail with ErrGone, later ones with
// ErrClosed. It does not wait for them.
func (c *Client) Close() error {
	var err error
	c.end.Do(func() {
		close(c.gone)
		err = c.conn.Close()
	})
	return err
}

// Gone is closed when the client is of no more use.
func (c *Client) Gone() <-chan struct{} { return c.gone }

// Ready waits until the process is ready, which takes longer the first time, when PDFium is
// compiled. Other requests wait by themselves.
// Errors: ErrFailed (it cannot be made ready), ErrGone, ErrClosed.
func (c *Client) Ready() error {
	return c.do(func() error { return nil })
}

// do carries out one request: everything that it says and hears. What do returns of broken
// connections and protocols is ErrGone.
func (c *Client) do(request func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.gone:
		return ErrClosed
	default:
	}
	err := c.within(startLimits*c.limit, c.greet)
	if err == nil {
		err = c.within(c.limit, request)
	}
	if err == nil || errors.Is(err, ErrForm) || errors.Is(err, ErrLocked) || errors.Is(err, ErrFailed) && c.ready {
		return err
	}
	_ = c.Close() // the connection's own error says nothing more
	if errors.Is(err, ErrFailed) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrGone, err)
}

// startLimits is how many times a request's time a process may take to become ready: PDFium
// is compiled on a machine that may be busy starting.
const startLimits = 3

// within breaks the client if f takes longer than limit.
func (c *Client) within(limit time.Duration, f func() error) error {
	late := time.AfterFunc(limit, func() { _ = c.Close() }) // f fails, which tells
	defer late.Stop()
	return f()
}

// greet waits for the process's first word.
func (c *Client) greet() error {
	if c.ready {
		return nil
	}
	body, err := c.answer(kindHello)
	if err != nil {
		return err
	}
	if f := (&fields{left: body}); f.uint16() != version || !f.ended() {
		return fmt.Errorf("%w: version %x", errProtocol, body)
	}
	c.ready = true
	return nil
}

// head reads up to the body of the answer to a request and gives its length. Until then it
// gives the process what it asks for of the sources. An answer that is a failure is an error.
func (c *Client) head(want byte) (int, error) {
	for {
		kind, length, err := readHead(c.conn)
		if err != nil {
			return 0, err
		}
		switch kind {
		case want:
			return length, nil
		case kindFailure, kindRead:
			body, err := readBody(c.conn, length)
			if err != nil {
				return 0, err
			}
			if kind == kindFailure {
				return 0, getFailure(body)
			}
			if err := c.give(body); err != nil {
				return 0, err
			}
		default:
			return 0, fmt.Errorf("%w: kind %q for %q", errProtocol, kind, want)
		}
	}
}

func (c *Client) answer(want byte) ([]byte, error) {
	length, err := c.head(want)
	if err != nil {
		return nil, err
	}
	return readBody(c.conn, length)
}

// give sends a block of a source.
func (c *Client) give(body []byte) error {
	f := &fields{left: body}
	id, at, n := f.uint32(), f.uint64(), f.uint32()
	d := c.docs[id]
	if !f.ended() || d == nil || n < 1 || n > blockSize || at >= uint64(d.size) || uint64(n) > uint64(d.size)-at {
		return fmt.Errorf("%w: %d bytes at %d of document %d", errProtocol, n, at, id)
	}
	block := make([]byte, n)
	if got, err := d.src.ReadAt(block, int64(at)); got < len(block) {
		_ = err // the process says that the document cannot be read
		return writeFrame(c.conn, kindNone)
	}
	return writeFrame(c.conn, kindBlock, block)
}

// Document is an open document. It is as safe for several goroutines as its client.
type Document struct {
	c      *Client
	id     uint32
	src    io.ReaderAt
	size   int64
	pages  []Size
	closed bool // under c.mu
}

// Open reads a document of size bytes. src is read while requests of this document are
// carried out, until Close.
// Errors: ErrForm, ErrLocked, ErrFailed (it could not be read, or too many are open), ErrGone,
// ErrClosed.
func (c *Client) Open(src io.ReaderAt, size int64) (*Document, error) {
	if size < 1 || size > MaxDocument {
		return nil, fmt.Errorf("%w: %d bytes", ErrForm, size)
	}
	d := &Document{c: c, src: src, size: size}
	err := c.do(func() error {
		for c.docs[d.id] != nil {
			d.id++
		}
		c.docs[d.id] = d
		err := writeFrame(c.conn, kindOpen, binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(nil, d.id), uint64(size)))
		var body []byte
		if err == nil {
			body, err = c.answer(kindOpened)
		}
		var id uint32
		if err == nil {
			id, d.pages, err = getOpened(body)
		}
		if err == nil && id != d.id {
			err = fmt.Errorf("%w: document %d for %d", errProtocol, id, d.id)
		}
		if err != nil {
			delete(c.docs, d.id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Pages gives the sizes of the pages. The slice is not to be written to.
func (d *Document) Pages() []Size { return d.pages }

// do is the client's, for a document that is open.
func (d *Document) do(request func() error) error {
	return d.c.do(func() error {
		if d.closed {
			return fmt.Errorf("%w: the document is closed", ErrFailed)
		}
		return request()
	})
}

// Page draws page n, counted from 0, on white, with annotations and what stands in fields.
// The picture is width pixels wide, less where it would have more than MaxPixels; width is at
// least MinWidth.
// Errors: ErrFailed (it cannot be drawn, or there is none), ErrGone, ErrClosed.
func (d *Document) Page(n, width int) (*image.RGBA, error) {
	if n < 0 || n >= len(d.pages) || width < MinWidth {
		return nil, fmt.Errorf("%w: page %d, %d wide", ErrFailed, n, width)
	}
	width = min(width, MaxPixels)
	var img *image.RGBA
	err := d.do(func() error {
		q := binary.BigEndian.AppendUint32(nil, d.id)
		q = binary.BigEndian.AppendUint32(q, uint32(n))
		q = binary.BigEndian.AppendUint32(q, uint32(width))
		if err := writeFrame(d.c.conn, kindPage, q); err != nil {
			return err
		}
		length, err := d.c.head(kindPicture)
		if err != nil {
			return err
		}
		var size [8]byte
		w, h := picture(d.pages[n], width)
		if length != len(size)+4*w*h {
			return fmt.Errorf("%w: a picture of %d bytes", errProtocol, length)
		}
		if _, err := io.ReadFull(d.c.conn, size[:]); err != nil {
			return err
		}
		if f := (&fields{left: size[:]}); f.uint32() != uint32(w) || f.uint32() != uint32(h) {
			return fmt.Errorf("%w: a picture of another size", errProtocol)
		}
		pixels := make([]byte, 4*w*h)
		if _, err := io.ReadFull(d.c.conn, pixels); err != nil {
			return err
		}
		img = &image.RGBA{Pix: pixels, Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return img, nil
}

// Find gives where a text stands, in the order of pages and of their text, at most MaxHits
// places. Upper and lower case count the same; so do one space and several. Between Chinese
// characters spaces do not count, so that a text is found across the end of a line, or where
// it is set wide. Other requests are carried out in between.
// Errors: ErrFailed, ErrGone, ErrClosed.
func (d *Document) Find(text string) ([]Hit, error) {
	if len(text) > MaxText {
		return nil, fmt.Errorf("%w: a text of %d bytes", ErrFailed, len(text))
	}
	if len(needle(text)) == 0 {
		return nil, nil
	}
	var all []Hit
	for first := 0; first < len(d.pages) && len(all) < MaxHits; {
		err := d.do(func() error {
			q := binary.BigEndian.AppendUint32(nil, d.id)
			q = binary.BigEndian.AppendUint32(q, uint32(first))
			q = binary.BigEndian.AppendUint16(q, uint16(MaxHits-len(all)))
			if err := writeFrame(d.c.conn, kindFind, append(q, text...)); err != nil {
				return err
			}
			body, err := d.c.answer(kindFound)
			if err != nil {
				return err
			}
			next, hits, err := getFound(body, first, len(d.pages), MaxHits-len(all))
			first, all = next, append(all, hits...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Close lets the document go. Closing it again does nothing.
// Errors: ErrGone, ErrClosed; the document is let go all the same.
func (d *Document) Close() error {
	return d.c.do(func() error {
		if d.closed {
			return nil
		}
		d.closed = true
		delete(d.c.docs, d.id)
		if err := writeFrame(d.c.conn, kindShutQ, binary.BigEndian.AppendUint32(nil, d.id)); err != nil {
			return err
		}
		_, err := d.c.answer(kindShut)
		return err
	})
}
