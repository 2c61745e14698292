package filing

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"

	"heyi/review"
)

// Content is what a file holds, without holding it.
type Content struct {
	Size   int64
	Digest review.Digest
	// Write gives the content, which has that size and digest.
	Write func(io.Writer) error
}

// Bytes is content in memory.
func Bytes(b []byte) Content {
	return Content{int64(len(b)), review.DigestOf(b), func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}}
}

// Blob is content that is small enough to be got whole, each time anew, and whose digest is
// known: a value of the record. b is what get gives.
func Blob(b []byte, get func() ([]byte, error)) Content {
	return Content{int64(len(b)), review.DigestOf(b), func(w io.Writer) error {
		b, err := get()
		if err == nil {
			_, err = io.Copy(w, bytes.NewReader(b))
		}
		return err
	}}
}

// Stream is content of any size, which copy gives each time it is asked. It is read once to
// know it.
func Stream(copy func(io.Writer) error) (Content, error) {
	h := &counted{Hash: sha256.New()}
	if err := copy(h); err != nil {
		return Content{}, err
	}
	return Content{h.n, review.Digest(hex.EncodeToString(h.Sum(nil))), copy}, nil
}

// counted counts what it takes.
type counted struct {
	hash.Hash
	n int64
}

// Write is as in io.Writer.
func (c *counted) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return c.Hash.Write(p)
}
