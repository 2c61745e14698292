package bag

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"heyi/review"
	"heyi/review/seal"
)

// taggedNames are what tagmanifest-sha256.txt lists, in their order.
var taggedNames = []string{nameInfo, nameBagit, nameManifest}

// Open verifies a package and gives it, or an error that says the first thing that is
// wrong. It goes on only where what it has found holds: the container; the tag files;
// the tag manifest; the signature, its certificate's role, the issuer's fingerprint and
// name; the level; older and swapped issues; the digests of everything; the JSON; the
// documents. Nothing of the file's own text is told before the signature holds, but the
// names of entries: what they have beyond [a-z0-9._/-] stands as %XX. Whom the
// certificate names is told where it is no issuer's, in at most 64 characters.
//
// It reads the file once, on all cores, and what is active in documents again; it holds
// some MB in memory whatever the size. The reader is used by several goroutines; one
// that fails ends the work, with its error as cause.
//
// Codes: all that begin with "package." but CodePackageKnown and CodePackageSource.
func Open(r io.ReaderAt, size int64, p Policy) (*Package, error) {
	s, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	return verify(s, size, p)
}

// Reopen opens a package that Open verified before and whose digest stands in a record:
// whom the machine trusts today does not matter. It does not read the documents;
// Document and Check do.
// Codes: as Open, without those of trust and documents; CodePackageSwapped (another
// package; Item: its 编号).
func Reopen(r io.ReaderAt, size int64, digest review.Digest) (*Package, error) {
	s, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	k, err := readTags(s, size)
	if err != nil {
		return nil, err
	}
	if k.digest != digest {
		return nil, review.E(review.CodePackageSwapped, "bag.Reopen", k.info.ID, nil)
	}
	for i, e := range k.data() {
		if strings.HasSuffix(e.name, ".json") || isRegulation(strings.TrimPrefix(e.name, dirData)) {
			if err := s.check(e, k.digests[i], nil); err != nil {
				return nil, err
			}
		}
	}
	return k.Package, k.readContent()
}

// Check reads everything under data once more and compares it with its digests.
// Codes: CodePackageAltered, CodePackageForm, CodePackageRead.
func (p *Package) Check() error {
	k := tagged{Package: p}
	if err := k.readManifest(); err != nil {
		return err
	}
	return each(k.data(), func(i int) error { return p.store.check(k.data()[i], k.digests[i], nil) })
}

func openArchive(r io.ReaderAt, size int64) (store, error) {
	entries, err := readContainer(r, size)
	if err != nil {
		return store{}, err
	}
	return archive(r, entries), nil
}

// tagged is a package whose tag files and signature hold in themselves.
type tagged struct {
	*Package
	digests []review.Digest // of data, as the manifest says
}

// data gives the entries of the payload.
func (k *tagged) data() []entry { return k.store.entries[len(tagNames):] }

func verify(s store, size int64, p Policy) (*Package, error) {
	k, err := readTags(s, size)
	if err != nil {
		return nil, err
	}
	if err := p.admit(k.Package); err != nil {
		return nil, err
	}
	inspections, err := k.checkData()
	if err != nil {
		return nil, err
	}
	if err := k.readContent(); err != nil {
		return nil, err
	}
	if err := k.judge(inspections); err != nil {
		return nil, err
	}
	k.warnings = p.warnings(k.Package)
	return k.Package, nil
}

// readTags reads the first five entries and verifies them against each other.
func readTags(s store, size int64) (*tagged, error) {
	const op = "bag.readTags"
	declaration, err := s.bytes(nameBagit)
	if err != nil {
		return nil, err
	}
	if string(declaration) != bagDeclaration {
		return nil, review.E(review.CodePackageTag, op, nameBagit, nil)
	}
	k := &tagged{Package: &Package{store: s, size: size}}
	info, err := s.bytes(nameInfo)
	if err != nil {
		return nil, err
	}
	if k.info, err = decodeInfo(info); err != nil {
		return nil, err
	}
	if err := k.readManifest(); err != nil {
		return nil, err
	}
	octets := int64(0)
	for _, e := range k.data() {
		octets += e.size
	}
	if k.info.Octets != octets || k.info.Streams != len(k.data()) {
		return nil, review.E(review.CodePackageManifest, op, nameInfo, fmt.Errorf("payload is %d.%d", octets, len(k.data())))
	}
	return k, k.readSignature()
}

// readManifest reads manifest-sha256.txt.
func (k *tagged) readManifest() error {
	names := make([]string, len(k.data()))
	for i, e := range k.data() {
		names[i] = e.name
	}
	b, err := k.store.bytes(nameManifest)
	if err != nil {
		return err
	}
	k.digests, err = decodeManifest(nameManifest, b, names)
	return err
}

// readSignature compares the tag files with the tag manifest, and that with what is signed.
func (k *tagged) readSignature() error {
	const op = "bag.tagged.readSignature"
	b, err := k.store.bytes(nameTagManifest)
	if err != nil {
		return err
	}
	digests, err := decodeManifest(nameTagManifest, b, taggedNames)
	if err != nil {
		return err
	}
	for i, name := range taggedNames {
		e, _ := k.store.find(name)
		if err := k.store.check(e, digests[i], nil); err != nil {
			return err
		}
	}
	k.digest = review.DigestOf(b)
	value, err := k.store.bytes(nameSignature)
	if err != nil {
		return err
	}
	signature, err := seal.ReadCMS(value)
	if err != nil {
		return review.E(review.CodePackageSignature, op, "", err)
	}
	if signature.Digest != sha256.Sum256(b) {
		return review.E(review.CodePackageSignature, op, "", errors.New("over something else"))
	}
	if err := seal.CheckIssuer(signature.Certificate); err != nil {
		return err
	}
	k.cert = signature.Certificate
	return nil
}

// admit tells whether the machine takes packages of this issuer, level and issue.
// Codes: CodePackageIssuer, CodePackageRevoked, CodePackageUnit, CodePackageSecrecy,
// CodePackageOlder, CodePackageSwapped.
func (p Policy) admit(k *Package) error {
	const op = "bag.Policy.admit"
	fingerprint := k.Fingerprint()
	i := slices.IndexFunc(p.Issuers, func(i Issuer) bool { return i.Fingerprint == fingerprint })
	switch {
	case i < 0:
		return review.E(review.CodePackageIssuer, op, fingerprint.String(), nil)
	case p.Issuers[i].Revoked != "":
		return review.E(review.CodePackageRevoked, op, p.Issuers[i].Name, nil)
	case k.cert.Subject.Organization[0] != k.info.Issuer:
		return review.E(review.CodePackageUnit, op, k.info.Issuer, nil)
	case slices.Index(secrecies, k.info.Secrecy) > max(0, slices.Index(secrecies, p.Ceiling)):
		return review.E(review.CodePackageSecrecy, op, string(k.info.Secrecy), nil)
	}
	now := Seen{Issuer: fingerprint, Package: k.info.ID, Seq: k.info.Seq, Digest: k.digest}
	for _, s := range p.Seen {
		if compareSeen(s, now) == 0 {
			return now.after(s)
		}
	}
	return nil
}

// warnings gives what the machine's clock says against the package.
func (p Policy) warnings(k *Package) []Warning {
	if p.At.IsZero() {
		return nil
	}
	var out []Warning
	if made, err := time.ParseInLocation(dayForm, k.info.Date, p.At.Location()); err == nil && made.After(p.At) {
		out = append(out, WarnFuture)
	}
	if p.At.Before(k.cert.NotBefore) || p.At.After(k.cert.NotAfter) {
		out = append(out, WarnCertificate)
	}
	return out
}

// checkData compares everything under data with its digest and looks at documents
// while they are read. It gives what it saw of each entry, nil where it was no document.
func (k *tagged) checkData() ([]*inspection, error) {
	budget := new(atomic.Int64)
	budget.Store(maxInflates)
	inspections := make([]*inspection, len(k.data()))
	for i, e := range k.data() {
		if kind, known := kindOf(e.name); known {
			inspections[i] = &inspection{kind: kind, budget: budget}
		}
	}
	return inspections, each(k.data(), func(i int) error {
		if inspections[i] == nil {
			return k.store.check(k.data()[i], k.digests[i], nil)
		}
		return k.store.check(k.data()[i], k.digests[i], inspections[i].look)
	})
}

// readContent reads the JSON files and those of a regulation, and requires that what they
// name is what there is.
// Codes: those of decodeMeeting and decodeProject; CodePackageDocument,
// CodePackageRegulation, CodePackageLimit.
func (k *tagged) readContent() error {
	const op = "bag.tagged.readContent"
	named := map[string]bool{}
	for i, e := range k.data() {
		id, isProject := strings.CutSuffix(strings.TrimPrefix(e.name, dirProjects), nameProject)
		switch {
		case e.name == nameMeeting:
			b, err := k.store.bytes(e.name)
			if err != nil {
				return err
			}
			if k.meeting, err = decodeMeeting(e.name, b); err != nil {
				return err
			}
		case isProject && projectID.MatchString(id):
			b, err := k.store.bytes(e.name)
			if err != nil {
				return err
			}
			p, err := decodeProject(e.name, b, false)
			if err != nil {
				return err
			}
			p.ID = id
			if err := k.documents(&p, named); err != nil {
				return err
			}
			k.projects = append(k.projects, p)
		default:
			continue
		}
		named[k.data()[i].name] = true
	}
	switch n := len(k.projects); {
	case n == 0:
		return review.E(review.CodePackageDocument, op, dirProjects, errors.New("no project"))
	case n > MaxProjects:
		return review.E(review.CodePackageLimit, op, dirProjects, fmt.Errorf("%d projects", n))
	}
	if err := k.readRegulation(named); err != nil {
		return err
	}
	for _, e := range k.data() {
		if !named[e.name] {
			return review.E(review.CodePackageDocument, op, e.name, errors.New("named nowhere"))
		}
	}
	return nil
}

// readRegulation reads the files of a regulation, which stand in one row, and notes them as
// named.
func (k *tagged) readRegulation(named map[string]bool) error {
	const op = "bag.tagged.readRegulation"
	var files []string
	for _, e := range k.data() {
		if isRegulation(strings.TrimPrefix(e.name, dirData)) {
			files = append(files, e.name)
		}
	}
	if bad, ok := inRow(files); !ok {
		return review.E(review.CodePackageRegulation, op, bad, nil)
	}
	for i, name := range files {
		named[name] = true
		b, err := k.store.bytes(dirData + RegulationName(i+1))
		if err != nil {
			return err
		}
		k.rules = append(k.rules, b)
	}
	return nil
}

// inRow tells whether the names of a regulation's files are those of its first so many, in
// whatever order, and else gives one that does not belong there or is missing.
func inRow(files []string) (string, bool) {
	var row []string
	for i := range MaxRuleFiles {
		row = append(row, dirData+RegulationName(i+1))
	}
	for _, name := range files {
		if !slices.Contains(row, name) {
			return name, false
		}
	}
	for i := range files {
		if !slices.Contains(files, row[i]) {
			return row[i], false
		}
	}
	return "", true
}

// documents finds the documents of a project and notes them as named.
func (k *tagged) documents(p *Project, named map[string]bool) error {
	for i := range p.Documents {
		d := &p.Documents[i]
		name := documentName(p.ID, d.File)
		at, ok := k.store.index[name]
		if !ok {
			return review.E(review.CodePackageDocument, "bag.tagged.documents", name, errors.New("not there"))
		}
		d.Size, d.Digest = k.store.entries[at].size, k.digests[at-len(tagNames)]
		named[name] = true
	}
	return nil
}

// judge notes what is active in the documents.
// Codes: those of inspection.judge.
func (k *tagged) judge(inspections []*inspection) error {
	type place struct{ project, document int }
	var places []place
	var entries []entry
	for i, p := range k.projects {
		for j, d := range p.Documents {
			e, _ := k.store.find(documentName(p.ID, d.File))
			places, entries = append(places, place{i, j}), append(entries, e)
		}
	}
	return each(entries, func(i int) error {
		d := &k.projects[places[i].project].Documents[places[i].document]
		at := k.store.index[entries[i].name] - len(tagNames)
		r := &watched{ReaderAt: k.store.content(entries[i])}
		var err error
		d.Warnings, err = inspections[at].judge(d.Name, io.NewSectionReader(r, 0, entries[i].size))
		if r.err != nil { // whatever was made of it
			return review.E(review.CodePackageRead, "bag.tagged.judge", entries[i].name, r.err)
		}
		return err
	})
}

// watched notes that a reading failed.
type watched struct {
	io.ReaderAt
	err error
}

func (w *watched) ReadAt(b []byte, at int64) (int, error) {
	n, err := w.ReaderAt.ReadAt(b, at)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}
