package present

import (
	"image"
	"io"
)

// Viewer opens PDF documents to be looked at inside the program. It is safe for use by
// several goroutines; nothing of it is to be called on the screen's.
type Viewer interface {
	// Open reads a document of size bytes. src must stay readable until Close.
	// Codes: CodeViewForm (no PDF that can be shown), CodeViewLocked (under a password),
	// CodeViewFailed (the viewing process cannot be had).
	Open(src io.ReaderAt, size int64) (Shown, error)
}

// Shown is an open document. Its pages are counted from 0.
type Shown interface {
	// Pages gives the sizes of the pages as they are seen, in points (1/72 inch).
	Pages() []PageSize
	// Page draws a page on white, so many pixels wide; the height follows. width is at least
	// 16, and is cut so that a picture has at most 16 million pixels.
	// Codes: CodeViewFailed (it could not be drawn).
	Page(n, width int) (image.Image, error)
	// Find gives where a text stands, in order of appearance, at most 1,000 places.
	// Upper and lower case count the same.
	// Codes: CodeViewFailed.
	Find(text string) ([]Hit, error)
	// Close lets the document go. Later calls fail with CodeViewFailed.
	Close() error
}

// PageSize is a page's width and height, in points.
type PageSize struct{ Width, Height float64 }

// Hit is a place of a found text: boxes in points from the page's top left corner, one a
// line that it stands on.
type Hit struct {
	Page  int
	Boxes []Box
}

// Box is a rectangle on a page, in points from its top left corner.
type Box struct{ X, Y, Width, Height float64 }
