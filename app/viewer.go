//go:build !headless

// The static command line has no screen to show a page on; without this file it also
// does without PDFium and what runs it.

package main

import (
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"heyi/app/internal/platform"
	"heyi/app/internal/present"
	"heyi/assets"
	"heyi/reports/view"
	"heyi/review"
)

// viewLimit is how long the viewing process may work on one request. Then it is killed:
// there are documents on which it would work for ever.
const viewLimit = 20 * time.Second

// viewStrikes is how many viewing processes one document may cost.
const viewStrikes = 3

func init() { children[platform.ViewerWord] = viewing }

// viewing is the viewing process. It has no network and nothing of the meeting but what
// it is given to show.
func viewing(cache string) error {
	_, _ = platform.Confine() // a system that cannot is not refused: house.confine
	// PDFium's memory counts as used, so without this the collector would wait for as much
	// again of garbage.
	debug.SetGCPercent(20)
	return view.Serve(os.Stdin, os.Stdout, view.Config{
		PDFium: assets.PDFium,
		// One font: for Chinese that a document does not bring, PDFium does not go by names.
		Fonts: map[string][]byte{"serif-regular.ttf": assets.SerifRegular},
		Cache: cache,
		Idle:  debug.FreeOSMemory,
		Ended: func() { os.Exit(0) }, // the window is gone, however it went
	})
}

// viewCache gives the directory for PDFium as compiled for this machine, "" if there is none.
// It is the user's own and not in the data directory: what lies there is run, and data
// directories come from elsewhere too.
func viewCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "heyi", "view")
}

// viewer shows documents in a process of this program's, which it starts when it is needed
// first, and again when it has ended. It implements present.Viewer.
type viewer struct {
	start func() (io.ReadWriteCloser, error)
	limit time.Duration

	mu     sync.Mutex
	client *view.Client
	closed bool
}

var _ present.Viewer = (*viewer)(nil)

// newViewer gives a viewer whose process is exe, the running program's own file, with its
// cache in a directory. Nothing is started yet.
func newViewer(exe, cache string) *viewer {
	return &viewer{limit: viewLimit, start: func() (io.ReadWriteCloser, error) {
		c, err := platform.StartChild(exe, platform.ViewerWord, cache)
		if err != nil {
			return nil, err
		}
		return killed{c}, nil
	}}
}

// killed is a child that is killed rather than asked to end: it holds nothing that could
// be lost.
type killed struct{ *platform.Child }

// Close is called once, by view.Client.
func (k killed) Close() error {
	k.Kill()
	return nil
}

// Warm starts the process and waits until it is ready, so that the first document need not.
// It takes a tenth of a second, and some seconds the first time on a machine; not to be
// called on the screen's goroutine.
// Codes: CodeViewFailed.
func (v *viewer) Warm() error {
	c, err := v.current()
	if err == nil {
		err = c.Ready()
	}
	return viewError("main.viewer.Warm", err)
}

// Close ends the process, at once; later calls fail with CodeViewFailed.
func (v *viewer) Close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	if v.client != nil {
		_ = v.client.Close() // killed.Close never fails
	}
}

// current gives a client of a process that runs as far as is known.
func (v *viewer) current() (*view.Client, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return nil, errors.New("the window is closed")
	}
	if v.client != nil {
		select {
		case <-v.client.Gone():
		default:
			return v.client, nil
		}
	}
	conn, err := v.start()
	if err != nil {
		return nil, err
	}
	v.client = view.NewClient(conn, v.limit)
	return v.client, nil
}

// Open is as in present.Viewer.
func (v *viewer) Open(src io.ReaderAt, size int64) (present.Shown, error) {
	s := &shown{v: v, src: src, size: size}
	if err := s.with("main.viewer.Open", func(*view.Document) error { return nil }); err != nil {
		return nil, err
	}
	return s, nil
}

// viewError gives an error of the viewing process its code.
func viewError(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, view.ErrForm):
		return review.E(review.CodeViewForm, op, "", err)
	case errors.Is(err, view.ErrLocked):
		return review.E(review.CodeViewLocked, op, "", err)
	}
	return review.E(review.CodeViewFailed, op, "", err)
}

// shown is an open document. It implements present.Shown.
type shown struct {
	v    *viewer
	src  io.ReaderAt
	size int64

	mu      sync.Mutex
	client  *view.Client   // of the process that has it open
	doc     *view.Document // nil before the first
	pages   []view.Size
	strikes int // how many processes it cost
	closed  bool
}

// document gives the document as the present process has it, which opens it if it is a new
// one.
func (s *shown) document() (*view.Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, errors.New("the document is closed")
	case s.strikes >= viewStrikes:
		return nil, errors.New("the document has cost too many processes")
	}
	c, err := s.v.current()
	if err != nil {
		return nil, err
	}
	if c == s.client {
		return s.doc, nil
	}
	doc, err := c.Open(s.src, s.size)
	if err != nil {
		if errors.Is(err, view.ErrGone) {
			s.strikes++
		}
		return nil, err
	}
	if s.pages != nil && !slices.Equal(s.pages, doc.Pages()) {
		return nil, errors.Join(errors.New("the document is another one now"), doc.Close())
	}
	s.client, s.doc, s.pages = c, doc, doc.Pages()
	return doc, nil
}

// with has f ask the document. Who finds the process gone without having asked it anything
// asks a new one.
func (s *shown) with(op string, f func(*view.Document) error) error {
	var err error
	for range viewStrikes {
		var doc *view.Document
		if doc, err = s.document(); err == nil {
			if err = f(doc); errors.Is(err, view.ErrGone) {
				s.mu.Lock()
				s.strikes++
				s.mu.Unlock()
			}
		}
		if !errors.Is(err, view.ErrClosed) {
			break
		}
	}
	return viewError(op, err)
}

// Pages is as in present.Shown.
func (s *shown) Pages() []present.PageSize {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]present.PageSize, len(s.pages))
	for i, p := range s.pages {
		out[i] = present.PageSize(p)
	}
	return out
}

// Page is as in present.Shown.
func (s *shown) Page(n, width int) (image.Image, error) {
	var img image.Image
	err := s.with("main.shown.Page", func(d *view.Document) error {
		drawn, err := d.Page(n, max(width, view.MinWidth))
		if err == nil {
			img = drawn
		}
		return err
	})
	return img, err
}

// Find is as in present.Shown.
func (s *shown) Find(text string) ([]present.Hit, error) {
	var out []present.Hit
	err := s.with("main.shown.Find", func(d *view.Document) error {
		hits, err := d.Find(text)
		for _, h := range hits {
			p := present.Hit{Page: h.Page}
			for _, b := range h.Boxes {
				p.Boxes = append(p.Boxes, present.Box(b))
			}
			out = append(out, p)
		}
		return err
	})
	return out, err
}

// Close is as in present.Shown. It waits for requests under way; then the source is read no
// more.
func (s *shown) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.doc != nil {
		_ = s.doc.Close() // where the process is gone, so is the document
	}
	return nil
}
