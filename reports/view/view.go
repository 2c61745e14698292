// Package view shows PDF: it runs PDFium, compiled to WebAssembly, inside a process that
// does nothing else, and speaks with it over a stream. Serve is that process's side,
// Client the other; whoever uses them brings the two together. Nothing is started, no
// file is opened and no clock is asked here, except that the cache of compiled code is
// kept in a directory that Serve is told.
//
// What is shown comes from strangers. PDFium is confined three times: by WebAssembly (it
// sees its own memory, the fonts and the document, read only), by its process, which can
// be killed whatever it is doing, and by the bounds of the protocol, which neither side
// trusts the other to keep.
//
// The process never has more of a document than it asks for: while it works on a request
// it asks for blocks of the source, and the client gives them.
package view

import "errors"

// Errors of documents and requests. Each may be wrapped with its cause.
var (
	// ErrForm: the bytes are no PDF that can be shown.
	ErrForm = errors.New("view: not a document that can be shown")
	// ErrLocked: the document can be read with a password only.
	ErrLocked = errors.New("view: a password is needed")
	// ErrFailed: this request could not be carried out; others can.
	ErrFailed = errors.New("view: the request failed")
	// ErrGone: the other side ended, did not answer in time or broke the protocol while it
	// worked on this request. The client is of no more use, nor are its documents.
	ErrGone = errors.New("view: the viewing process is gone")
	// ErrClosed: the client was of no more use before this request was sent, or the document
	// is closed. The request may be made again, of another client.
	ErrClosed = errors.New("view: closed")
)

// Bounds.
const (
	// MaxDocument is the largest document, in bytes.
	MaxDocument = 512 << 20
	// MaxPages is how many pages a document may have.
	MaxPages = 20_000
	// MaxPixels is how many pixels a picture has at most.
	MaxPixels = 16 << 20
	// MinWidth is the smallest width of a picture that can be asked for, in pixels.
	MinWidth = 16
	// MaxHits is how many places Find gives at most.
	MaxHits = 1000
	// MaxText is the longest text that can be looked for, in bytes.
	MaxText = 1024
)

// Size is a page's width and height as it is seen, in points.
type Size struct{ Width, Height float64 }

// Box is a rectangle on a page as it is seen, in points from its top left corner.
type Box struct{ X, Y, Width, Height float64 }

// Hit is a place where a text was found: boxes, one a line that it stands on.
type Hit struct {
	Page  int   // from 0
	Boxes []Box // at least one
}
