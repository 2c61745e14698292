package bag

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"runtime"
	"slices"
	"sync"

	"heyi/review"
)

// chunk is how much is read at a time.
const chunk = 256 << 10

var chunks = sync.Pool{New: func() any { return new([chunk]byte) }}

// store is where the entries of a package are: an archive or a directory.
type store struct {
	entries []entry
	index   map[string]int            // of entries, by name
	content func(e entry) io.ReaderAt // of the entry alone
	summed  bool                      // entries have checksums
}

func newStore(entries []entry, content func(e entry) io.ReaderAt) store {
	s := store{entries: entries, index: make(map[string]int, len(entries)), content: content}
	for i, e := range entries {
		s.index[e.name] = i
	}
	return s
}

// archive is a store of the entries of one file.
func archive(r io.ReaderAt, entries []entry) store {
	s := newStore(entries, func(e entry) io.ReaderAt { return io.NewSectionReader(r, e.offset, e.size) })
	s.summed = true
	return s
}

func (s store) find(name string) (entry, bool) {
	i, ok := s.index[name]
	if !ok {
		return entry{}, false
	}
	return s.entries[i], true
}

func (s store) reader(e entry) *io.SectionReader {
	return io.NewSectionReader(s.content(e), 0, e.size)
}

// bytes gives the content of a small entry.
// Codes: CodePackageAltered (not of its checksum), CodePackageRead.
func (s store) bytes(name string) ([]byte, error) {
	e, ok := s.find(name)
	if !ok {
		return nil, review.E(review.CodePackageTag, "bag.store.bytes", name, errors.New("missing"))
	}
	b := make([]byte, e.size)
	if err := readAt(s.content(e), b, 0); err != nil {
		return nil, err
	}
	if s.summed && crc32.ChecksumIEEE(b) != e.crc {
		return nil, review.E(review.CodePackageAltered, "bag.store.bytes", name, errors.New("checksum"))
	}
	return b, nil
}

// check reads an entry once and tells whether it has its digest and checksum. What it
// reads it shows to look, which may be nil.
// Codes: CodePackageAltered, CodePackageForm (right content under a wrong checksum),
// CodePackageRead; the item is the entry.
func (s store) check(e entry, want review.Digest, look func([]byte)) error {
	const op = "bag.store.check"
	buffer := chunks.Get().(*[chunk]byte)
	defer chunks.Put(buffer)
	content := s.content(e)
	digest, sum := sha256.New(), uint32(0)
	for at := int64(0); at < e.size; at += chunk {
		b := buffer[:min(chunk, e.size-at)]
		if err := readAt(content, b, at); err != nil {
			return review.E(review.CodePackageRead, op, e.name, err)
		}
		digest.Write(b)
		if s.summed {
			sum = crc32.Update(sum, crc32.IEEETable, b)
		}
		if look != nil {
			look(b)
		}
	}
	switch {
	case review.Digest(hex.EncodeToString(digest.Sum(nil))) != want:
		return review.E(review.CodePackageAltered, op, e.name, nil)
	case s.summed && sum != e.crc:
		return review.E(review.CodePackageForm, op, e.name, errors.New("checksum"))
	}
	return nil
}

// each does something with every entry, on all cores, the largest first. All of it is
// done even where some fails; the error is that of the first entry in order.
func each(entries []entry, do func(i int) error) error {
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(entries[b].size, entries[a].size) })
	next := make(chan int, len(order))
	for _, i := range order {
		next <- i
	}
	close(next)
	failed := make([]error, len(entries))
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(entries)) {
		wait.Go(func() {
			for i := range next {
				failed[i] = do(i)
			}
		})
	}
	wait.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}
