package bag

import (
	"cmp"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"heyi/review"
)

// OpenDir verifies a package that was unzipped, as Open does but for the container.
// Codes: as Open.
func OpenDir(fsys fs.FS, p Policy) (*Package, error) {
	var tags, data []entry
	files, size, err := regularFiles(fsys)
	if err != nil {
		return nil, err
	}
	for _, e := range files {
		if isData(e.name) {
			data = append(data, e)
		} else {
			tags = append(tags, e)
		}
	}
	slices.SortFunc(tags, func(a, b entry) int {
		return cmp.Compare(slices.Index(tagNames, a.name), slices.Index(tagNames, b.name))
	})
	slices.SortFunc(data, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	entries := slices.Concat(tags, data)
	if err := checkEntries(entries); err != nil {
		return nil, err
	}
	return verify(newStore(entries, func(e entry) io.ReaderAt { return fsFile{fsys, e.name} }), size, p)
}

// regularFiles lists the files of a directory tree and their size together.
// Codes: CodePackageForm (a link or special file), CodePackageLimit, CodePackageRead.
func regularFiles(fsys fs.FS) (files []entry, size int64, err error) {
	const op = "bag.regularFiles"
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return review.E(review.CodePackageRead, op, encoded(name), err)
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return review.E(review.CodePackageForm, op, encoded(name), errors.New("no regular file"))
		}
		i, err := d.Info()
		if err != nil {
			return review.E(review.CodePackageRead, op, encoded(name), err)
		}
		size += i.Size()
		if files = append(files, entry{name: name, size: i.Size()}); len(files) > MaxEntries || size > MaxFile {
			return review.E(review.CodePackageLimit, op, "", fmt.Errorf("%d files, %d bytes", len(files), size))
		}
		return nil
	})
	return files, size, err
}

// bagHashes are the algorithms that bags use.
var bagHashes = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
}

var (
	bagVersion   = regexp.MustCompile(`^(?:0\.9[3-7]|1\.0)$`)
	manifestName = regexp.MustCompile(`^(tag)?manifest-([a-z0-9]+)\.txt$`)
	manifestLine = regexp.MustCompile(`^([0-9A-Fa-f]+)(?:\s+\*?|\s*\t\s*)(.+)$`)
)

// CheckBag tells whether a directory is any bag at all that is complete and valid
// (RFC 8493, 3), of version 0.93 to 1.0, with the published limits of this package and
// two more: names that differ in case or normalisation alone are refused, and what
// fetch.txt names must be there.
// Codes: CodePackageTag, CodePackageManifest, CodePackageName, CodePackageAltered,
// CodePackageForm, CodePackageLimit, CodePackageRead.
func CheckBag(fsys fs.FS) error {
	const op = "bag.CheckBag"
	b := &anyBag{fsys: fsys, there: map[string]bool{}}
	files, _, err := regularFiles(fsys)
	if err != nil {
		return err
	}
	alike := map[string]bool{}
	for _, e := range files {
		if alike[folded(e.name)] {
			return review.E(review.CodePackageName, op, escape(e.name), errors.New("twice but for case"))
		}
		alike[folded(e.name)] = true
		b.there[e.name] = true
	}
	if err := b.declaration(); err != nil {
		return err
	}
	return b.manifests(files)
}

// anyBag is a bag that is being checked.
type anyBag struct {
	fsys    fs.FS
	there   map[string]bool
	version string
	decode  func([]byte) (string, bool)
}

// declaration reads bagit.txt (RFC 8493, 2.1.1).
func (b *anyBag) declaration() error {
	const op = "bag.anyBag.declaration"
	text, err := b.tag(nameBagit, MaxTag)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.ReplaceAll(strings.TrimRight(text, "\r\n"), "\r\n", "\n"), "\n")
	var encoding string
	if len(lines) == 2 {
		b.version, _ = strings.CutPrefix(lines[0], "BagIt-Version: ")
		encoding, _ = strings.CutPrefix(lines[1], "Tag-File-Character-Encoding: ")
	}
	b.decode = map[string]func([]byte) (string, bool){"UTF-8": fromUTF8, "UTF-16": fromUTF16, "ISO-8859-1": fromLatin}[encoding]
	if !bagVersion.MatchString(b.version) || b.decode == nil {
		return review.E(review.CodePackageTag, op, nameBagit, fmt.Errorf("%q", lines))
	}
	return nil
}

// tag reads a tag file as text.
func (b *anyBag) tag(name string, max int64) (string, error) {
	const op = "bag.anyBag.tag"
	if !b.there[name] {
		return "", review.E(review.CodePackageTag, op, name, errors.New("missing"))
	}
	raw, err := readSource(b.fsys, name, max)
	if err != nil {
		return "", err
	}
	decode := b.decode
	if decode == nil {
		decode = fromUTF8
	}
	text, ok := decode(raw)
	if !ok {
		return "", review.E(review.CodePackageTag, op, name, errors.New("encoding"))
	}
	return text, nil
}

// manifests checks every manifest against the files and the payload against the
// manifests: each lists all of it from version 1.0 on, before that all together do.
func (b *anyBag) manifests(files []entry) error {
	const op = "bag.anyBag.manifests"
	payload := map[string]bool{}
	for _, e := range files {
		if isData(e.name) {
			payload[e.name] = true
		}
	}
	listed, found := map[string]bool{}, false
	for _, e := range files {
		m := manifestName.FindStringSubmatch(e.name)
		if m == nil {
			continue
		}
		names, err := b.manifest(e.name, m[2], m[1] == "")
		if err != nil {
			return err
		}
		if m[1] != "" {
			continue
		}
		found = true
		maps.Copy(listed, names)
		if b.version == "1.0" {
			if err := complete(payload, names); err != nil {
				return err
			}
		}
	}
	if !found {
		return review.E(review.CodePackageTag, op, "manifest", errors.New("missing"))
	}
	if b.there["fetch.txt"] {
		if err := b.fetch(payload); err != nil {
			return err
		}
	}
	return complete(payload, listed)
}

func complete(payload, listed map[string]bool) error {
	for _, name := range slices.Sorted(maps.Keys(payload)) {
		if !listed[name] {
			return review.E(review.CodePackageManifest, "bag.complete", escape(name), errors.New("not listed"))
		}
	}
	return nil
}

// manifest checks the files that one manifest lists, and gives their names.
func (b *anyBag) manifest(name, algorithm string, payload bool) (map[string]bool, error) {
	const op = "bag.anyBag.manifest"
	text, err := b.tag(name, MaxManifest)
	if err != nil {
		return nil, err
	}
	newHash := bagHashes[algorithm]
	if newHash == nil {
		return nil, review.E(review.CodePackageTag, op, name, errors.New("unknown algorithm"))
	}
	digests := map[string]string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			continue
		}
		m := manifestLine.FindStringSubmatch(line)
		if m == nil {
			return nil, review.E(review.CodePackageManifest, op, name, fmt.Errorf("%q", line))
		}
		file, err := b.listed(m[2], payload)
		if err != nil {
			return nil, err
		}
		digest := strings.ToLower(m[1])
		if was, twice := digests[file]; twice && (b.version == "1.0" || was != digest) {
			return nil, review.E(review.CodePackageManifest, op, escape(file), errors.New("twice"))
		}
		digests[file] = digest
	}
	names := map[string]bool{}
	for _, file := range slices.Sorted(maps.Keys(digests)) {
		h := newHash()
		if err := readAll(b.fsys, file, h); err != nil {
			return nil, err
		}
		if hex.EncodeToString(h.Sum(nil)) != digests[file] {
			return nil, review.E(review.CodePackageAltered, op, escape(file), nil)
		}
		names[file] = true
	}
	return names, nil
}

// listed gives the file that a path in a manifest or fetch.txt names.
func (b *anyBag) listed(p string, payload bool) (string, error) {
	const op = "bag.anyBag.listed"
	p = strings.TrimPrefix(p, "./")
	if !fs.ValidPath(p) || path.Clean(p) != p || payload != isData(p) {
		return "", review.E(review.CodePackageName, op, escape(p), errors.New("out of scope"))
	}
	for _, name := range []string{p, strings.NewReplacer("%0A", "\n", "%0a", "\n", "%0D", "\r", "%0d", "\r", "%25", "%").Replace(p)} {
		if b.there[name] {
			return name, nil
		}
	}
	return "", review.E(review.CodePackageManifest, op, escape(p), errors.New("not there"))
}

// fetch requires that what fetch.txt would have brought is there.
func (b *anyBag) fetch(payload map[string]bool) error {
	const op = "bag.anyBag.fetch"
	text, err := b.tag("fetch.txt", MaxManifest)
	if err != nil {
		return err
	}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 3 {
			return review.E(review.CodePackageTag, op, "fetch.txt", nil)
		}
		if _, err := b.listed(strings.Join(fields[2:], " "), true); err != nil {
			return err
		}
	}
	return nil
}

func readAll(fsys fs.FS, name string, w io.Writer) error {
	f, err := fsys.Open(name)
	if err != nil {
		return review.E(review.CodePackageRead, "bag.readAll", escape(name), err)
	}
	defer f.Close()
	if _, err := io.Copy(w, f); err != nil {
		return review.E(review.CodePackageRead, "bag.readAll", escape(name), err)
	}
	return nil
}

func fromUTF8(b []byte) (string, bool) {
	return string(b), utf8.Valid(b) && !strings.HasPrefix(string(b), "\uFEFF")
}

func fromUTF16(b []byte) (string, bool) {
	if len(b) < 2 || len(b)%2 != 0 {
		return "", len(b) == 0
	}
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case b[0] == 0xff && b[1] == 0xfe:
		order, b = binary.LittleEndian, b[2:]
	case b[0] == 0xfe && b[1] == 0xff:
		b = b[2:]
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units)), true
}

func fromLatin(b []byte) (string, bool) {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes), true
}
