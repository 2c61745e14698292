package filing

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"heyi/review"
)

// Opened is a folder in which every file is what the lists in it say.
type Opened struct {
	*Catalogue
	fsys fs.FS
	at   map[review.Digest]Item
}

// Open reads the folder at the root of fsys and compares everything in it with its two
// lists: every file is listed once, there, and of its size and digest; nothing else is
// there; the lists agree to the byte. Nothing is said yet about what the files are. The
// folder is nil if something is wrong with it, and then the findings say what, in the order
// of the catalogue; after the first of CodeFilingForm or CodeFilingNewer, and after
// MaxFindings, nothing more is looked for.
// Codes of findings: CodeFilingForm, CodeFilingNewer, CodeFilingMissing, CodeFilingExtra,
// CodeFilingAltered, CodeDirFailed (a file cannot be read; Item: its path).
func Open(fsys fs.FS) (*Opened, []review.Finding) {
	c := checker{fsys: fsys}
	o, err := c.open()
	if err != nil {
		return nil, []review.Finding{{Code: review.CodeOf(err), Entry: review.ItemOf(err)}}
	}
	if len(c.findings) > 0 {
		return nil, c.findings
	}
	return o, nil
}

// MaxFindings is how many findings are given of a folder: more tell nobody more.
const MaxFindings = 100

// checker checks one folder.
type checker struct {
	fsys     fs.FS
	there    map[string]int64 // sizes by path
	findings []review.Finding
	known    map[review.Finding]bool // those found
}

// found notes a finding once, and none above MaxFindings.
func (c *checker) found(code review.Code, entry string) {
	f := review.Finding{Code: code, Entry: entry}
	if c.known[f] || c.full() {
		return
	}
	if c.known == nil {
		c.known = map[review.Finding]bool{}
	}
	c.known[f] = true
	c.findings = append(c.findings, f)
}

// full tells whether nothing more need be looked for.
func (c *checker) full() bool { return len(c.findings) >= MaxFindings }

func (c *checker) open() (*Opened, error) {
	const op = "filing.checker.open"
	if err := c.walk(); err != nil {
		return nil, err
	}
	raw, err := c.list(nameCatalogue)
	if err != nil {
		return nil, err
	}
	if err := countItems(raw); err != nil {
		return nil, err
	}
	o := &Opened{fsys: c.fsys, at: map[review.Digest]Item{}}
	if o.Catalogue, err = decode(raw); err != nil {
		return nil, err
	}
	sums, err := c.list(nameSums)
	if err != nil {
		return nil, err
	}
	if n := bytes.Count(sums, []byte("\n")); n > MaxFiles+1 { // the catalogue's own is one
		return nil, review.E(review.CodeFilingForm, op, nameSums, fmt.Errorf("%d lines", n))
	}
	c.compare(sums, o.sums(review.DigestOf(raw)))
	listed := map[string]bool{nameCatalogue: true, nameSums: true}
	for _, x := range o.Items {
		if c.full() {
			return o, nil
		}
		listed[x.Path] = true
		if _, ok := o.at[x.Digest]; !ok {
			o.at[x.Digest] = x
		}
		size, ok := c.there[x.Path]
		if !ok {
			c.found(review.CodeFilingMissing, x.Path)
			continue
		}
		d, err := digestOf(c.fsys, x.Path)
		if err != nil {
			return nil, review.E(review.CodeDirFailed, op, x.Path, err)
		}
		if size != x.Size || d != x.Digest {
			c.found(review.CodeFilingAltered, x.Path)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(c.there)) {
		if !listed[p] {
			c.found(review.CodeFilingExtra, p)
		}
	}
	return o, nil
}

// walk looks at what is there, by names and sizes alone.
// Codes: CodeFilingForm, CodeDirFailed.
func (c *checker) walk() error {
	const op = "filing.checker.walk"
	c.there = map[string]int64{}
	alike := map[string]bool{}
	dirs := map[string]bool{".": true} // those that have something in them
	total := int64(0)
	var empty []string
	err := fs.WalkDir(c.fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return review.E(review.CodeDirFailed, op, p, err)
		case p == ".":
			return nil
		case !goodPath(p) || alike[fold(p)]:
			return review.E(review.CodeFilingForm, op, shown(p), errors.New("name"))
		}
		alike[fold(p)] = true
		dirs[path.Dir(p)] = true
		if d.IsDir() {
			empty = append(empty, p)
			return nil
		}
		i, err := d.Info()
		switch {
		case err != nil:
			return review.E(review.CodeDirFailed, op, p, err)
		case !i.Mode().IsRegular():
			return review.E(review.CodeFilingForm, op, p, errors.New("no regular file"))
		}
		c.there[p] = i.Size()
		if total += i.Size(); i.Size() > MaxFile || total > MaxFolder || len(alike) > 2*MaxFiles {
			return review.E(review.CodeFilingForm, op, p, fmt.Errorf("%d files, %d bytes", len(alike), total))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range empty {
		if !dirs[p] {
			return review.E(review.CodeFilingForm, op, p, errors.New("empty"))
		}
	}
	return nil
}

// shown is a name that cannot be one, as it can be told.
func shown(p string) string {
	if r := []rune(fmt.Sprintf("%q", p)); len(r) > 2*MaxName {
		return string(r[:2*MaxName]) + "…"
	}
	return fmt.Sprintf("%q", p)
}

// list reads one of the two lists.
// Codes: CodeFilingForm (it is not there, or too large), CodeDirFailed.
func (c *checker) list(name string) ([]byte, error) {
	if _, ok := c.there[name]; !ok {
		return nil, review.E(review.CodeFilingForm, "filing.checker.list", name, fs.ErrNotExist)
	}
	return readFile(c.fsys, name, MaxCatalogue)
}

// countItems refuses a catalogue that lists more than MaxFiles before anything is built of
// it: an item takes twenty times the memory of the bytes that ask for it. What is wrong with
// it otherwise decode says.
// Codes: CodeFilingForm.
func countItems(catalogue []byte) error {
	d := xml.NewDecoder(bytes.NewReader(catalogue))
	for n := 0; ; {
		t, err := d.RawToken()
		if err != nil {
			return nil
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "文件" {
			if n++; n > MaxFiles {
				return review.E(review.CodeFilingForm, "filing.countItems", nameCatalogue, fmt.Errorf("more than %d files", MaxFiles))
			}
		}
	}
}

// compare holds sha256sum.txt against what the catalogue makes of it.
func (c *checker) compare(got, want []byte) {
	if bytes.Equal(got, want) {
		return
	}
	before := len(c.findings)
	a, b := sumsOf(got), sumsOf(want)
	for _, x := range b {
		if i, ok := slices.BinarySearchFunc(a, x, bySumPath); !ok || a[i] != x {
			c.found(review.CodeFilingAltered, x.path)
		}
	}
	for _, x := range a {
		if _, ok := slices.BinarySearchFunc(b, x, bySumPath); !ok {
			c.found(review.CodeFilingExtra, x.path)
		}
	}
	if len(c.findings) == before { // the same lines, otherwise arranged
		c.found(review.CodeFilingAltered, nameSums)
	}
}

// sum is a line of sha256sum.txt.
type sum struct{ digest, path string }

func bySumPath(a, b sum) int { return cmp.Compare(a.path, b.path) }

// sumsOf reads lines, by their paths. What is no line is one without a digest.
func sumsOf(b []byte) []sum {
	var out []sum
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		digest, path, ok := strings.Cut(s.Text(), "  ")
		if !ok {
			digest, path = "", nameSums
		}
		out = append(out, sum{digest, path})
	}
	slices.SortFunc(out, bySumPath)
	return out
}

// digestOf reads a file to its end.
func digestOf(fsys fs.FS, name string) (review.Digest, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	return review.Digest(hex.EncodeToString(h.Sum(nil))), errors.Join(err, f.Close())
}

// readFile reads a small file.
// Codes: CodeFilingForm (it is too large; Item: its path), CodeDirFailed.
func readFile(fsys fs.FS, name string, max int64) ([]byte, error) {
	const op = "filing.readFile"
	f, err := fsys.Open(name)
	if err != nil {
		return nil, review.E(review.CodeDirFailed, op, name, err)
	}
	b, err := io.ReadAll(io.LimitReader(f, max+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, review.E(review.CodeDirFailed, op, name, err)
	}
	if int64(len(b)) > max {
		return nil, review.E(review.CodeFilingForm, op, name, fmt.Errorf("more than %d bytes", max))
	}
	return b, nil
}

// Find gives the file that has a digest; of several the first.
func (o *Opened) Find(d review.Digest) (Item, bool) {
	x, ok := o.at[d]
	return x, ok
}

// Read gives the file that has a digest.
// Codes: CodeFilingMissing (none has; Item: the digest), CodeFilingForm (it is larger than MaxPaper),
// CodeFilingAltered (it is another by now), CodeDirFailed.
func (o *Opened) Read(d review.Digest) ([]byte, error) {
	const op = "filing.Opened.Read"
	x, ok := o.at[d]
	if !ok {
		return nil, review.E(review.CodeFilingMissing, op, string(d), nil)
	}
	return o.read(x, MaxPaper)
}

func (o *Opened) read(x Item, max int64) ([]byte, error) {
	b, err := readFile(o.fsys, x.Path, max)
	if err == nil && review.DigestOf(b) != x.Digest {
		err = review.E(review.CodeFilingAltered, "filing.Opened.read", x.Path, nil)
	}
	return b, err
}

// Journal gives the entries of journal.jsonl.
// Codes: CodeFilingMissing, CodeFilingForm, CodeFilingAltered, CodeDirFailed.
func (o *Opened) Journal() ([]Entry, error) {
	i := slices.IndexFunc(o.Items, func(x Item) bool { return x.Path == nameJournal })
	if i < 0 {
		return nil, review.E(review.CodeFilingMissing, "filing.Opened.Journal", nameJournal, nil)
	}
	b, err := o.read(o.Items[i], MaxJournal)
	if err != nil {
		return nil, err
	}
	return decodeJournal(b)
}

// Packages lists the files of packages.
func (o *Opened) Packages() []Item {
	var out []Item
	for _, x := range o.Items {
		if path.Dir(x.Path) == dirPackages {
			out = append(out, x)
		}
	}
	return out
}

// Part is a file of a folder that is open to be read at places.
type Part struct {
	io.ReaderAt
	io.Closer
	size int64
}

// Size is that of the file, in bytes.
func (p *Part) Size() int64 { return p.size }

// Part opens a file, which may be another by now: who reads it verifies it.
// Codes: CodeDirFailed.
func (o *Opened) Part(x Item) (*Part, error) {
	const op = "filing.Opened.Part"
	f, err := o.fsys.Open(x.Path)
	if err != nil {
		return nil, review.E(review.CodeDirFailed, op, x.Path, err)
	}
	r, ok := f.(io.ReaderAt)
	if !ok {
		return nil, review.E(review.CodeDirFailed, op, x.Path, errors.Join(errors.New("cannot be read at places"), f.Close()))
	}
	return &Part{r, f, x.Size}, nil
}

// Differs compares the folder with the one that its record gives and names the files whose
// content is another, that are not there, or that the record does not give; the catalogue
// where it says something else of the meeting or of a file. want is made for the version of
// the program that the folder says made it, and ours tells whether that is this one.
//
// Another version may have called files otherwise and put otherwise what is made for people to
// read. Nobody has signed which version it was, so that little depends on it: each content of the
// record is there as often as it should be, among the papers, what is void or the rest, as it
// should be. Only the files for people that are not the same are then given as unproven, and
// with them the catalogue where it says something else of a file.
// Codes of findings, of which there are MaxFindings at most: CodeFilingDiffers, CodeFilingMissing,
// CodeFilingExtra.
func (o *Opened) Differs(want *Folder, ours bool) (findings []review.Finding, unproven []string) {
	c := checker{}
	w := want.Catalogue
	if o.Meeting != w.Meeting || o.Title != w.Title || o.Drill != w.Drill || o.Until != w.Until || o.Checkpoint != w.Checkpoint {
		c.found(review.CodeFilingDiffers, nameCatalogue)
	}
	if ours {
		c.same(o.Items, w.Items)
	} else {
		unproven = c.alike(o.Items, w.Items)
	}
	return c.findings, unproven
}

// same compares what two catalogues list.
func (c *checker) same(got, want []Item) {
	c.paths(got, want)
	if len(c.findings) == 0 && !slices.Equal(got, want) { // in another order
		c.found(review.CodeFilingDiffers, nameCatalogue)
	}
}

// alike compares what two catalogues list wherever files may be called otherwise, and lists
// what is for people and not the same.
func (c *checker) alike(got, want []Item) (unproven []string) {
	strange, lost := apart(got, want, func(x Item) string { return x.Path })
	for _, x := range strange {
		if forPeople(x.Path) {
			unproven = append(unproven, x.Path)
		}
	}
	people := func(x Item) bool { return forPeople(x.Path) }
	strange, lost = slices.DeleteFunc(strange, people), slices.DeleteFunc(lost, people)
	c.paths(apart(strange, lost, func(x Item) string { return placeOf(x.Path) }))
	if !slices.EqualFunc(got, want, saysSame) {
		unproven = append(unproven, nameCatalogue)
	}
	return unproven
}

// paths names the files that are in one list only and those that have another content in
// it, and the catalogue where it says something else of one.
func (c *checker) paths(got, want []Item) {
	at := map[string]Item{}
	for _, x := range got {
		at[x.Path] = x
	}
	for _, x := range want {
		y, ok := at[x.Path]
		delete(at, x.Path)
		switch {
		case !ok:
			c.found(review.CodeFilingMissing, x.Path)
		case y.Digest != x.Digest:
			c.found(review.CodeFilingDiffers, x.Path)
		case y != x:
			c.found(review.CodeFilingDiffers, nameCatalogue)
		}
	}
	for _, x := range got {
		if _, ok := at[x.Path]; ok {
			c.found(review.CodeFilingExtra, x.Path)
		}
	}
}

// apart gives what each of two lists has more than the other, where a file is the same that has
// the same content at the same place.
func apart(got, want []Item, place func(Item) string) (strange, lost []Item) {
	type known struct {
		place  string
		digest review.Digest
	}
	due := map[known]int{}
	for _, x := range want {
		due[known{place(x), x.Digest}]++
	}
	for _, x := range got {
		if k := (known{place(x), x.Digest}); due[k] > 0 {
			due[k]--
		} else {
			strange = append(strange, x)
		}
	}
	for _, x := range want {
		if k := (known{place(x), x.Digest}); due[k] > 0 {
			due[k]--
			lost = append(lost, x)
		}
	}
	return strange, lost
}

// saysSame tells whether two lines of a catalogue say the same, of a file for people whatever
// its content.
func saysSame(a, b Item) bool {
	if forPeople(a.Path) {
		a.Size, a.Digest = b.Size, b.Digest
	}
	return a == b
}

// placeOf tells what a file counts as by where it lies: a paper, something void, or the rest.
func placeOf(p string) string {
	for _, dir := range []string{dirPapers, dirVoid} {
		if strings.HasPrefix(p, dir+"/") {
			return dir
		}
	}
	return dirOther
}

// forPeople tells whether a file is made of the record for people to read.
func forPeople(p string) bool {
	return slices.Contains([]string{nameReadme, nameGuide, nameCheckpoint, nameExtract, nameVoid, nameWorkbook}, p)
}
