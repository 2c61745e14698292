package view

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// said is a peer that says what it says, whatever it hears, and then nothing more.
type said struct {
	io.Reader
	closed atomic.Int32
}

func (s *said) Write(b []byte) (int, error) { return len(b), nil }

func (s *said) Close() error {
	s.closed.Add(1)
	return nil
}

// frame is a frame as it is sent; its length may be a lie.
func frame(kind byte, length int, body ...[]byte) []byte {
	b := binary.BigEndian.AppendUint32([]byte{kind}, uint32(length))
	return append(b, bytes.Join(body, nil)...)
}

func numbers(n ...uint32) []byte {
	var b []byte
	for _, v := range n {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

var (
	hello    = frame(kindHello, 2, []byte{0, version})
	onePage  = putOpened(0, []Size{{100, 100}})
	didOpen  = frame(kindOpened, len(onePage), onePage)
	nan      = math.Float32bits(float32(math.NaN()))
	hundred  = math.Float32bits(100)
	infinite = math.Float32bits(float32(math.Inf(1)))
)

// ask makes every request of a client whose peer says the parts, up to the first error.
func ask(parts ...[]byte) (*said, error) {
	peer := &said{Reader: bytes.NewReader(bytes.Join(parts, nil))}
	c := NewClient(peer, patience)
	if err := c.Ready(); err != nil {
		return peer, err
	}
	d, err := c.Open(bytes.NewReader(make([]byte, 100_000)), 100_000)
	if err != nil {
		return peer, err
	}
	if _, err := d.Page(0, 16); err != nil {
		return peer, err
	}
	if _, err := d.Find("x"); err != nil {
		return peer, err
	}
	return peer, d.Close()
}

// TestHostileServer: whatever a viewing process says, the client fails at once, takes no
// more memory than an honest one could ask of it, and is of no more use.
func TestHostileServer(t *testing.T) {
	picture16 := frame(kindPicture, 8+4*16*16, numbers(16, 16), make([]byte, 4*16*16))
	nothing := frame(kindFound, 6, numbers(1), []byte{0, 0})
	if _, err := ask(hello, didOpen, picture16, nothing, frame(kindShut, 0)); err != nil {
		t.Fatalf("an honest one: %v", err)
	}
	hit := func(page uint32, boxes byte, rest ...uint32) []byte {
		b := append(numbers(1), 0, 1)
		b = append(b, numbers(page)...)
		b = append(append(b, 0, boxes), numbers(rest...)...)
		return frame(kindFound, len(b), b)
	}
	tests := map[string][][]byte{
		"silence":              {},
		"half a head":          {{kindHello, 0}},
		"another version":      {frame(kindHello, 2, []byte{0, 99})},
		"a long hello":         {frame(kindHello, 3, []byte{0, version, 0})},
		"an unknown kind":      {frame('?', 0)},
		"the largest length":   {frame(kindHello, math.MaxUint32)},
		"a picture unasked":    {frame(kindPicture, 8+4*MaxPixels, make([]byte, 64))},
		"a request":            {hello, frame(kindOpen, 12, make([]byte, 12))},
		"no pages":             {hello, frame(kindOpened, 8, numbers(0, 0))},
		"pages without sizes":  {hello, frame(kindOpened, 8, numbers(0, 5))},
		"too many pages":       {hello, frame(kindOpened, 8, numbers(0, MaxPages+1))},
		"a length that lies":   {hello, frame(kindOpened, 8+8*MaxPages, numbers(0, MaxPages))},
		"a size that is none":  {hello, frame(kindOpened, 16, numbers(0, 1, nan, hundred))},
		"an infinite page":     {hello, frame(kindOpened, 16, numbers(0, 1, hundred, infinite))},
		"no width":             {hello, frame(kindOpened, 16, numbers(0, 1, 0, hundred))},
		"another document":     {hello, frame(kindOpened, 16, numbers(7, 1, hundred, hundred))},
		"a read beyond":        {hello, frame(kindRead, 16, numbers(0, 0, 99_999, 2))},
		"a read far beyond":    {hello, frame(kindRead, 16, numbers(0, math.MaxUint32, math.MaxUint32, 10))},
		"a read of nothing":    {hello, frame(kindRead, 16, numbers(0, 0, 0, 0))},
		"a read of too much":   {hello, frame(kindRead, 16, numbers(0, 0, 0, blockSize+1))},
		"a read of a stranger": {hello, frame(kindRead, 16, numbers(1, 0, 0, 1))},
		"an unknown failure":   {hello, frame(kindFailure, 1, []byte{99})},
		"an empty failure":     {hello, frame(kindFailure, 0)},
		"a wider picture":      {hello, didOpen, frame(kindPicture, 8+4*17*17, numbers(17, 17), make([]byte, 4*17*17))},
		"a turned picture":     {hello, didOpen, frame(kindPicture, 8+4*16*16, numbers(8, 32), make([]byte, 4*16*16))},
		"a huge picture":       {hello, didOpen, frame(kindPicture, 8+4*MaxPixels, numbers(4096, 4096))},
		"half a picture":       {hello, didOpen, picture16[:500]},
		"no way on":            {hello, didOpen, picture16, frame(kindFound, 6, numbers(0), []byte{0, 0})},
		"beyond the end":       {hello, didOpen, picture16, frame(kindFound, 6, numbers(2), []byte{0, 0})},
		"hits that are none":   {hello, didOpen, picture16, frame(kindFound, 6, numbers(1), []byte{0, 9})},
		"too many hits":        {hello, didOpen, picture16, frame(kindFound, 6, numbers(1), []byte{255, 255})},
		"a page that is none":  {hello, didOpen, picture16, hit(1, 1, 0, 0, 0, 0)},
		"a hit without a box":  {hello, didOpen, picture16, hit(0, 0)},
		"boxes that are none":  {hello, didOpen, picture16, hit(0, 2, 0, 0, 0, 0)},
		"a box that is none":   {hello, didOpen, picture16, hit(0, 1, nan, 0, 0, 0)},
		"more than was said":   {hello, didOpen, picture16, hit(0, 1, 0, 0, 0, 0, 0)},
	}
	for name, parts := range tests {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			peer, err := ask(parts...)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, ErrGone) {
				t.Errorf("%v", err)
			}
			if n := peer.closed.Load(); n != 1 {
				t.Errorf("the connection was closed %d times", n)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > 2<<20 {
				t.Errorf("%d bytes allocated", got)
			}
		})
	}
}

// TestFailures: what a process says of a request is told, and the client stays of use.
func TestFailures(t *testing.T) {
	for what, want := range map[byte]error{failForm: ErrForm, failLocked: ErrLocked, failOther: ErrFailed} {
		peer := &said{Reader: io.MultiReader(bytes.NewReader(hello),
			bytes.NewReader(frame(kindFailure, 4, []byte{what, 'w', 'h', '\n'})), bytes.NewReader(didOpen))}
		c := NewClient(peer, patience)
		if _, err := c.Open(bytes.NewReader([]byte("x")), 1); !errors.Is(err, want) {
			t.Errorf("%d: %v", what, err)
		}
		if _, err := c.Open(bytes.NewReader([]byte("x")), 1); err != nil {
			t.Errorf("after %d: %v", what, err)
		}
	}
}

// TestLate: a process that does not answer is given up, and who waits behind is told that
// his request was not sent.
func TestLate(t *testing.T) {
	for name, heard := range map[string]bool{"it hears": true, "it does not even hear": false} {
		a, b := pair()
		go func() {
			_ = writeFrame(b, kindHello, []byte{0, version}) // the test ends it
			for buf := make([]byte, 100); heard; {
				if _, err := b.Read(buf); err != nil {
					return
				}
			}
		}()
		c := NewClient(a, 50*time.Millisecond)
		if err := c.Ready(); err != nil {
			t.Fatal(err)
		}
		errs := make(chan error)
		for range 2 {
			go func() {
				_, err := c.Open(bytes.NewReader([]byte("x")), 1)
				errs <- err
			}()
		}
		first, second := <-errs, <-errs
		if !errors.Is(first, ErrGone) || !errors.Is(second, ErrClosed) {
			t.Errorf("%s: %v; %v", name, first, second)
		}
		<-c.Gone()
	}
}

// TestHostileClient: the server leaves at the first word that breaks the protocol, and tells
// nothing of what it was not asked.
func TestHostileClient(t *testing.T) {
	lib, err := newPDFium(config, func(string) file { return nil })
	if err != nil {
		t.Fatal(err)
	}
	find := func(most byte) []byte { return append(numbers(0, 0), 0, most, 'x') }
	for name, in := range map[string][]byte{
		"an unknown kind":        frame('?', 0),
		"too long":               frame(kindFind, 11+MaxText, make([]byte, 11+MaxText)),
		"cut":                    frame(kindOpen, 12, make([]byte, 3)),
		"an answer":              frame(kindPicture, 8, make([]byte, 8)),
		"a block unasked":        frame(kindBlock, 8, make([]byte, 8)),
		"a document of nothing":  frame(kindOpen, 12, make([]byte, 12)),
		"a document too long":    frame(kindOpen, 12, numbers(0, 0, MaxDocument+1)),
		"a document far too":     frame(kindOpen, 12, numbers(0, math.MaxUint32, math.MaxUint32)),
		"another's page":         frame(kindPage, 12, numbers(0, 0, 100)),
		"another's text":         frame(kindFind, 11, find(1)),
		"another closed":         frame(kindShutQ, 4, numbers(0)),
		"a wrong block":          append(frame(kindOpen, 12, numbers(0, 0, 100)), frame(kindBlock, 99, make([]byte, 99))...),
		"a request for a block":  append(frame(kindOpen, 12, numbers(0, 0, 100)), frame(kindShutQ, 4, numbers(0))...),
		"the end, under way":     frame(kindOpen, 12, numbers(0, 0, 100)),
		"half a block":           append(frame(kindOpen, 12, numbers(0, 0, 100)), frame(kindBlock, 100, make([]byte, 50))...),
		"the end, inside a head": {kindOpen, 0, 0},
	} {
		var out bytes.Buffer
		s := newServer(bytes.NewReader(in), &out, nil)
		s.lib, lib.named = lib, s.file
		if err := s.serve(); err == nil {
			t.Errorf("%s: served", name)
		}
		if b := out.Bytes(); len(b) > 0 && b[0] != kindRead {
			t.Errorf("%s: answered %q", name, b)
		}
	}
	if err := newServer(bytes.NewReader(nil), io.Discard, nil).serve(); err != nil {
		t.Errorf("the end: %v", err)
	}
}

// FuzzServer is a viewing process gone mad: the client fails or is served, and does not hang.
func FuzzServer(f *testing.F) {
	f.Add([]byte{})
	f.Add(append(bytes.Clone(hello), didOpen...))
	f.Add(bytes.Join([][]byte{hello, frame(kindRead, 16, numbers(0, 0, 0, 10)), didOpen,
		frame(kindPicture, 8+4*16*16, numbers(16, 16), make([]byte, 4*16*16)),
		frame(kindFound, 6+6+16, numbers(1), []byte{0, 1}, numbers(0), []byte{0, 1}, numbers(0, 0, hundred, hundred)), frame(kindShut, 0)}, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		switch _, err := ask(b); {
		case err == nil, errors.Is(err, ErrGone), errors.Is(err, ErrForm), errors.Is(err, ErrLocked), errors.Is(err, ErrFailed):
		default:
			t.Errorf("%v", err)
		}
	})
}

// FuzzFound and the like: what is read is written the same.
func FuzzFound(f *testing.F) {
	f.Add(putFound(3, []Hit{{1, []Box{{1, 2, 3, 4}}}, {2, []Box{{5, 6, 7, 8}, {0, 0, 0, 0}}}}))
	f.Add(onePage)
	f.Fuzz(func(t *testing.T, b []byte) {
		if next, hits, err := getFound(b, 0, MaxPages, MaxHits); err == nil && !bytes.Equal(putFound(next, hits), b) {
			t.Errorf("%x is written %x", b, putFound(next, hits))
		}
		if doc, pages, err := getOpened(b); err == nil && !bytes.Equal(putOpened(doc, pages), b) {
			t.Errorf("%x is written %x", b, putOpened(doc, pages))
		}
	})
}

// FuzzClient is a client gone mad, after it has opened a document: the server answers or
// leaves.
func FuzzClient(f *testing.F) {
	doc := pdf(sheet{"", write("L", 40, 100, "Word")})
	f.Add(frame(kindPage, 12, numbers(0, 0, 16)))
	f.Add(append(frame(kindFind, 11, append(numbers(0, 0), 0, 9, 'w')), frame(kindShutQ, 4, numbers(0))...))
	f.Add(frame(kindOpen, 12, numbers(1, 0, 9), frame(kindBlock, 9, make([]byte, 9))))
	lib, err := newPDFium(config, func(string) file { return nil })
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in := io.MultiReader(bytes.NewReader(frame(kindOpen, 12, numbers(0, 0, uint32(len(doc))), frame(kindBlock, len(doc), doc))), bytes.NewReader(b))
		s := newServer(in, io.Discard, nil)
		s.lib, lib.named = lib, s.file
		if err := s.serve(); err == nil && len(b) > 0 && len(b) < headLength {
			t.Error("half a request was carried out")
		}
		for _, d := range s.docs {
			s.unload(d)
		}
		if lib.err != nil {
			t.Fatal(lib.err)
		}
	})
}
