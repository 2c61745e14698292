package bag

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"heyi/review"
)

// The measures of zip records (APPNOTE 4.3).
const (
	localSize   = 30
	centralSize = 46
	endSize     = 22

	localSignature   = 0x04034b50
	centralSignature = 0x02014b50
	endSignature     = 0x06054b50

	zipMade   = 20     // by version 2.0, of no system: no attributes of files
	zipNeeded = 10     // stored entries are of version 1.0
	zipDate   = 0x0021 // 1980-01-01, the first date that there is
)

// maxDirectory is the largest central directory that a package can have.
const maxDirectory = MaxEntries * (centralSize + MaxPath)

// entry is one file of a package.
type entry struct {
	name   string
	size   int64
	crc    uint32
	offset int64 // of its content
}

// localHeader gives the bytes before the content of an entry.
func localHeader(e entry) []byte {
	b := make([]byte, 0, localSize+len(e.name))
	b = binary.LittleEndian.AppendUint32(b, localSignature)
	b = append16(b, zipNeeded, 0, 0, 0, zipDate)
	b = appendSizes(b, e)
	return append(b, e.name...)
}

// centralHeader gives an entry's record in the central directory.
func centralHeader(e entry) []byte {
	b := make([]byte, 0, centralSize+len(e.name))
	b = binary.LittleEndian.AppendUint32(b, centralSignature)
	b = append16(b, zipMade, zipNeeded, 0, 0, 0, zipDate)
	b = appendSizes(b, e)
	b = append16(b, 0, 0, 0, 0, 0) // comment, disk, attributes
	b = binary.LittleEndian.AppendUint32(b, uint32(e.offset-localSize-int64(len(e.name))))
	return append(b, e.name...)
}

// endRecord gives the end of an archive whose central directory has the size and place.
func endRecord(entries int, size, offset int64) []byte {
	b := binary.LittleEndian.AppendUint32(nil, endSignature)
	b = append16(b, 0, 0, uint16(entries), uint16(entries))
	b = binary.LittleEndian.AppendUint32(b, uint32(size))
	b = binary.LittleEndian.AppendUint32(b, uint32(offset))
	return append16(b, 0)
}

// appendSizes appends what both headers have in the middle: checksum, sizes and the
// lengths of name and extra field.
func appendSizes(b []byte, e entry) []byte {
	b = binary.LittleEndian.AppendUint32(b, e.crc)
	b = binary.LittleEndian.AppendUint32(b, uint32(e.size))
	b = binary.LittleEndian.AppendUint32(b, uint32(e.size))
	return append16(b, uint16(len(e.name)), 0)
}

func append16(b []byte, values ...uint16) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	return b
}

// directory gives what stands behind the last content: the central directory and its end.
func directory(entries []entry, offset int64) []byte {
	var b []byte
	for _, e := range entries {
		b = append(b, centralHeader(e)...)
	}
	return append(b, endRecord(len(entries), int64(len(b)), offset)...)
}

// readContainer reads the archive's directory and requires that every byte of the file
// but the contents is what the writer would have written for the same names, sizes and
// checksums. The contents it does not look at.
// Codes: CodePackageForeign, CodePackageCut, CodePackageForm, CodePackageLimit,
// CodePackageName, CodePackageRead.
func readContainer(r io.ReaderAt, size int64) ([]entry, error) {
	const op = "bag.readContainer"
	form := func(name string, format string, args ...any) error {
		return review.E(review.CodePackageForm, op, encoded(name), fmt.Errorf(format, args...))
	}
	read := func(n int, at int64) ([]byte, error) {
		b := make([]byte, n)
		return b, readAt(r, b, at)
	}
	switch {
	case size <= 0:
		return nil, review.E(review.CodePackageCut, op, "", errors.New("empty"))
	case size > MaxFile:
		return nil, review.E(review.CodePackageLimit, op, "", fmt.Errorf("%d bytes", size))
	}
	head, err := read(int(min(size, 4)), 0)
	if err != nil {
		return nil, err
	}
	begins := len(head) == 4 && binary.LittleEndian.Uint32(head) == localSignature
	if size < endSize {
		return nil, review.E(foreignUnless(begins), op, "", errors.New("no end record"))
	}
	end, err := read(endSize, size-endSize)
	if err != nil {
		return nil, err
	}
	if binary.LittleEndian.Uint32(end) != endSignature {
		return nil, noEnd(r, size, begins)
	}
	count := int(binary.LittleEndian.Uint16(end[10:]))
	length := int64(binary.LittleEndian.Uint32(end[12:]))
	start := int64(binary.LittleEndian.Uint32(end[16:]))
	switch {
	case count > MaxEntries, length > maxDirectory:
		return nil, review.E(review.CodePackageLimit, op, "", fmt.Errorf("%d entries, directory of %d bytes", count, length))
	case !bytes.Equal(end, endRecord(count, length, start)):
		return nil, form("", "end record")
	case start+length != size-endSize:
		return nil, form("", "directory of %d bytes at %d in a file of %d", length, start, size)
	}
	central, err := read(int(length), start)
	if err != nil {
		return nil, err
	}
	entries, err := parseDirectory(central, count)
	if err != nil {
		return nil, err
	}
	offset := int64(0)
	for i := range entries {
		e := &entries[i]
		e.offset = offset + localSize + int64(len(e.name))
		offset = e.offset + e.size
		if offset > start {
			return nil, form(e.name, "reaches into the directory")
		}
	}
	if offset != start {
		return nil, form("", "%d bytes that belong to no entry", start-offset)
	}
	if !bytes.Equal(directory(entries, start), slices.Concat(central, end)) {
		return nil, form("", "directory")
	}
	for _, e := range entries {
		want := localHeader(e)
		got, err := read(len(want), e.offset-int64(len(want)))
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(got, want) {
			return nil, form(e.name, "header")
		}
	}
	return entries, nil
}

// parseDirectory takes names, sizes and checksums out of a central directory and judges
// names and limits; whether the records are in the one form, the caller finds out.
func parseDirectory(central []byte, count int) ([]entry, error) {
	const op = "bag.parseDirectory"
	entries := make([]entry, 0, count)
	for len(central) > 0 {
		if len(central) < centralSize || binary.LittleEndian.Uint32(central) != centralSignature || len(entries) == count {
			return nil, review.E(review.CodePackageForm, op, "", errors.New("directory"))
		}
		n := int(binary.LittleEndian.Uint16(central[28:]))
		if len(central) < centralSize+n {
			return nil, review.E(review.CodePackageForm, op, "", errors.New("directory"))
		}
		e := entry{
			name: string(central[centralSize : centralSize+n]),
			size: int64(binary.LittleEndian.Uint32(central[24:])),
			crc:  binary.LittleEndian.Uint32(central[16:]),
		}
		entries = append(entries, e)
		central = central[centralSize+n:]
	}
	if len(entries) != count {
		return nil, review.E(review.CodePackageForm, op, "", errors.New("directory"))
	}
	return entries, checkEntries(entries)
}

// checkEntries tells whether the entries have names and sizes that they may have, and
// stand in the one order, each once.
// Codes: CodePackageForeign (no bagit.txt), CodePackageName (one that may not be,
// stands twice, or is a file and a directory), CodePackageLimit, CodePackageTag and
// CodePackageUnsigned (one of the first five is missing), CodePackageForm (order).
func checkEntries(entries []entry) error {
	const op = "bag.checkEntries"
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.name
	}
	if !slices.Contains(names, nameBagit) {
		return review.E(review.CodePackageForeign, op, "", errors.New("no "+nameBagit))
	}
	texts := int64(0)
	for _, e := range entries {
		if strings.HasSuffix(e.name, ".json") {
			texts += e.size
		}
		switch {
		case !checkName(e.name):
			return review.E(review.CodePackageName, op, encoded(e.name), nil)
		case e.size > limitOf(e.name), texts > MaxJSONs:
			return review.E(review.CodePackageLimit, op, e.name, fmt.Errorf("%d bytes", e.size))
		}
	}
	if bad, ok := checkNames(names); !ok {
		return review.E(review.CodePackageName, op, bad, errors.New("twice"))
	}
	for _, want := range tagNames {
		if slices.Contains(names, want) {
			continue
		}
		if want == nameSignature {
			return review.E(review.CodePackageUnsigned, op, "", nil)
		}
		return review.E(review.CodePackageTag, op, want, errors.New("missing"))
	}
	for i, name := range names {
		ordered := i < len(tagNames) && name == tagNames[i] || i >= len(tagNames) && isData(name) && (i == len(tagNames) || names[i-1] < name)
		if !ordered {
			return review.E(review.CodePackageForm, op, name, errors.New("order"))
		}
	}
	return nil
}

// noEnd says why a file has no end record at its end.
func noEnd(r io.ReaderAt, size int64, begins bool) error {
	const op = "bag.noEnd"
	tail := make([]byte, min(size, endSize+1<<16))
	if err := readAt(r, tail, size-int64(len(tail))); err != nil {
		return err
	}
	end := bytes.LastIndex(tail, binary.LittleEndian.AppendUint32(nil, endSignature))
	if end >= 0 && len(tail)-end >= endSize {
		return review.E(review.CodePackageForm, op, "", errors.New("something behind the end record"))
	}
	return review.E(foreignUnless(begins), op, "", errors.New("no end record"))
}

func foreignUnless(begins bool) review.Code {
	if begins {
		return review.CodePackageCut
	}
	return review.CodePackageForeign
}

// readAt fills b from r.
// Codes: CodePackageRead.
func readAt(r io.ReaderAt, b []byte, at int64) error {
	if n, err := r.ReadAt(b, at); n < len(b) {
		return review.E(review.CodePackageRead, "bag.readAt", "", err)
	}
	return nil
}
