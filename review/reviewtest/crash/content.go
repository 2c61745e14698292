package crash

import "crypto/sha256"

const (
	blockSize  = 4096
	sectorSize = 512 // what a disk writes whole or not at all
)

// content is the bytes of a file. It is never changed: what changes it gives
// another one, which shares the blocks that stay the same, so that thousands of
// states of a file cost little more than one.
type content struct {
	size   int64
	blocks []*block // nil: zeros; past the end of the file there are zeros
}

type block struct {
	data [blockSize]byte
	sum  [sha256.Size]byte
}

var zeros = &block{sum: sha256.Sum256(make([]byte, blockSize))}

// write gives the content with p written at an offset.
func (c content) write(at int64, p []byte) content {
	c = c.resize(max(c.size, at+int64(len(p))))
	c.blocks = append([]*block(nil), c.blocks...)
	for len(p) > 0 {
		i, from := at/blockSize, at%blockSize
		b := &block{}
		if c.blocks[i] != nil {
			b.data = c.blocks[i].data
		}
		n := copy(b.data[from:], p)
		b.sum = sha256.Sum256(b.data[:])
		c.blocks[i], p, at = b, p[n:], at+int64(n)
	}
	return c
}

// resize gives the content cut off at size, or zeros added up to it.
func (c content) resize(size int64) content {
	n := int((size + blockSize - 1) / blockSize)
	if size < c.size {
		c.blocks = append([]*block(nil), c.blocks[:n]...)
		if keep := size % blockSize; keep != 0 && c.blocks[n-1] != nil {
			b := &block{}
			copy(b.data[:keep], c.blocks[n-1].data[:])
			b.sum = sha256.Sum256(b.data[:])
			c.blocks[n-1] = b
		}
	} else if more := n - len(c.blocks); more > 0 {
		c.blocks = append(c.blocks[:len(c.blocks):len(c.blocks)], make([]*block, more)...)
	}
	c.size = size
	return c
}

// bytes gives the whole content.
func (c content) bytes() []byte {
	out := make([]byte, len(c.blocks)*blockSize)
	for i, b := range c.blocks {
		if b != nil {
			copy(out[i*blockSize:], b.data[:])
		}
	}
	return out[:c.size]
}
