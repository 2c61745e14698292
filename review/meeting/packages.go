package meeting

import (
	"crypto/x509"
	"errors"
	"io"
	"slices"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/regulation"
	"heyi/review/seal"
)

// Ceiling is the highest 密级 that a machine may hold (decisions 4, CM-08).
const Ceiling = bag.SecrecyWork

// Issuers lists whom this data directory trusts to issue packages, and whom no more.
// Codes: CodeTrustForm, CodeTrustNewer, CodeDirFailed.
func (s *Services) Issuers() ([]bag.Issuer, error) {
	t, err := s.trust()
	return t.Issuers, err
}

// TrustIssuer makes packages of a 签发单位 acceptable from now on. fingerprint is what the
// person read on the paper that the unit handed over, as he typed it.
// Codes: CodeFingerprint (it is none), CodeTrustDiffers (it is not this certificate's), CodePackageRole
// (the certificate is not one for signing packages), CodeTrustKnown, CodeCertForm, those of Issuers and
// of Packages.SetTrust.
func (s *Services) TrustIssuer(certificate []byte, fingerprint string) (bag.Issuer, error) {
	const op = "meeting.Services.TrustIssuer"
	typed, err := seal.ReadFingerprint(fingerprint)
	if err != nil {
		return bag.Issuer{}, err
	}
	if typed != seal.FingerprintOf(certificate) {
		return bag.Issuer{}, review.E(review.CodeTrustDiffers, op, typed.String(), nil)
	}
	c, err := x509.ParseCertificate(certificate)
	if err != nil {
		return bag.Issuer{}, review.E(review.CodeCertForm, op, "", err)
	}
	if err := seal.CheckIssuer(c); err != nil {
		return bag.Issuer{}, err
	}
	return s.setTrust(typed, func(t bag.Trust) (bag.Trust, error) {
		return t.Add(typed, c.Subject.Organization[0], s.clock())
	})
}

// RevokeIssuer makes packages of a 签发单位 unacceptable from now on; those that are in
// stay in.
// Codes: CodeFingerprint, CodeTrustUnknown, those of the text checks, of Issuers and of
// Packages.SetTrust.
func (s *Services) RevokeIssuer(fingerprint, reason string) (bag.Issuer, error) {
	typed, err := seal.ReadFingerprint(fingerprint)
	if err != nil {
		return bag.Issuer{}, err
	}
	return s.setTrust(typed, func(t bag.Trust) (bag.Trust, error) { return t.Revoke(typed, reason, s.clock()) })
}

func (s *Services) trust() (bag.Trust, error) {
	b, err := s.packages.Trust()
	if err != nil {
		return bag.Trust{}, err
	}
	return bag.DecodeTrust(b)
}

// setTrust changes what is known of issuers and packages, and gives the issuer of a
// fingerprint as he then stands in the list.
func (s *Services) setTrust(of seal.Fingerprint, change func(bag.Trust) (bag.Trust, error)) (bag.Issuer, error) {
	s.trusting.Lock()
	defer s.trusting.Unlock()
	t, err := s.trust()
	if err != nil {
		return bag.Issuer{}, err
	}
	if t, err = change(t); err != nil {
		return bag.Issuer{}, err
	}
	i := slices.IndexFunc(t.Issuers, func(i bag.Issuer) bool { return i.Fingerprint == of })
	return t.Issuers[i], s.packages.SetTrust(t.Encode())
}

// policy says which packages this data directory takes now.
func (s *Services) policy() (bag.Policy, error) {
	t, err := s.trust()
	return t.Policy(Ceiling, s.clock()), err
}

// Preview is what a package would bring.
type Preview struct {
	*bag.Package
	Own      *regulation.Pack // the regulation that it brings, for its own projects alone; nil for none
	Projects []ProjectPreview // in the order of the package
}

// ProjectPreview is a project of a package beside what its regulation asks of it.
type ProjectPreview struct {
	bag.Project
	Scheme    review.Scheme
	From      *regulation.Scheme   // the same, as its regulation has it
	Findings  []regulation.Finding // of the rules that are evaluated before the conclusion
	Materials []regulation.MaterialState
	Unasked   []string // keys of facts that nothing in the scheme asks about

	rules *regulation.Library // that the project is under
}

// Preview verifies a package and says what it would bring to a meeting. Nothing is
// written. The preview reads from src.
// Codes: those of bag.Open, of PreviewOf and of Issuers.
func (s *Services) Preview(src io.ReaderAt, size int64) (Preview, error) {
	policy, err := s.policy()
	if err != nil {
		return Preview{}, err
	}
	p, err := bag.Open(src, size, policy)
	if err != nil {
		return Preview{}, err
	}
	return PreviewOf(s.rules, p)
}

// PreviewOf says what a package that was verified would bring, by the rules of the program
// and by those that it brings itself, which nothing but its own projects can call for.
// Codes: CodeSchemeUnknown (a project's scheme is in no pack), CodeFactType; of what it brings itself,
// those of OwnOf and OwnRules.
func PreviewOf(program *regulation.Library, p *bag.Package) (Preview, error) {
	out := Preview{Package: p}
	var err error
	if out.Own, err = OwnOf(p); err != nil {
		return Preview{}, err
	}
	var own *regulation.Library
	if out.Own != nil {
		if own, err = OwnRules(program, out.Own); err != nil {
			return Preview{}, err
		}
	}
	for _, x := range p.Projects() {
		lib := program
		if out.Own != nil && calls(x.Scheme, out.Own.ID) {
			lib = own
		}
		scheme, ok := lib.Scheme(x.Scheme)
		if !ok {
			return Preview{}, review.E(review.CodeSchemeUnknown, "meeting.PreviewOf", x.Scheme, nil)
		}
		y, facts := ProjectPreview{Project: x, Scheme: scheme.Freeze(), From: scheme, rules: lib}, x.FactList()
		if y.Unasked, err = lib.CheckFacts(x.Scheme, facts); err != nil {
			return Preview{}, err
		}
		if y.Findings, err = lib.Findings(y.Scheme, regulation.Known{Facts: facts}); err != nil {
			return Preview{}, err
		}
		if y.Materials, err = lib.Materials(x.Scheme, facts, materials(x.Documents)); err != nil {
			return Preview{}, err
		}
		out.Projects = append(out.Projects, y)
	}
	return out, nil
}

// materials lists which materials of the scheme the documents are.
func materials(documents []review.Document) []string {
	var out []string
	for _, d := range documents {
		if d.Material != "" {
			out = append(out, d.Material)
		}
	}
	return out
}

// Imported is what came in.
type Imported struct {
	Package  review.PackageImported
	Own      *regulation.Pack // the regulation that it brought for its projects; nil for none, and where a file was put back
	Projects []review.ProjectID
	Seats    []review.SeatID // given to people of the roster
}

// Import verifies a package and takes it in: the file is kept as it is, its projects are
// put before the panel and, if roster says so, the people whom it proposes get seats, but
// for those who have one. All of it is done, or nothing: no file, no row.
// Codes: those of Preview and of Packages.StagePackage, CodePackageKnown, CodePackageOlder,
// CodePackageSwapped, CodeProjectExists, CodeProjectStage, CodeTextGlyph, CodeActRole,
// CodeActPhase, CodeSessionClosed and those of AddSeat and Store.Commit.
func (x *Session) Import(src io.ReaderAt, size int64, roster bool) (Imported, error) {
	if err := x.may(review.KindPackageImported, ""); err != nil {
		return Imported{}, err
	}
	by, err := x.author()
	if err != nil {
		return Imported{}, err
	}
	s := x.l.services
	x.l.importing.Lock()
	defer x.l.importing.Unlock()
	policy, err := s.policy()
	if err != nil {
		return Imported{}, err
	}
	if err := x.sweep(); err != nil {
		return Imported{}, err
	}
	staged, err := s.packages.StagePackage(x.l.id, io.NewSectionReader(src, 0, size))
	if err != nil {
		return Imported{}, err
	}
	in, err := x.importStaged(by, staged, policy, roster)
	return in, errors.Join(err, staged.Drop())
}

// sweep removes files of packages that no entry names: of an import that was cut off
// between the file and the record.
func (x *Session) sweep() error {
	lying, err := x.l.services.packages.Packages(x.l.id)
	for _, d := range lying {
		_, failed := x.drop(d)
		err = errors.Join(err, failed)
	}
	return err
}

// drop removes the file of a package unless it is on record, and tells whether it is not. A
// store that failed may have stored the entry all the same, and failed again when it was
// asked: what cannot be read keeps its files.
func (x *Session) drop(d review.Digest) (gone bool, err error) {
	if x.has(d) {
		return false, nil
	}
	state, _, _, err := x.l.services.load(x.l.id)
	if err != nil {
		return false, nil
	}
	if _, stored := state.Package(d); stored {
		return false, nil
	}
	return true, x.l.services.packages.DropPackage(x.l.id, d)
}

// unsee gives the list without what an import that came to nothing has put into it: of its
// package, it says again what it said before.
func unsee(t, before bag.Trust, p *bag.Package) bag.Trust {
	same := func(s bag.Seen) bool { return s.Issuer == p.Fingerprint() && s.Package == p.Info().ID }
	i := slices.IndexFunc(t.Seen, same)
	if i < 0 {
		return t
	}
	t.Seen = slices.Clone(t.Seen)
	if j := slices.IndexFunc(before.Seen, same); j >= 0 {
		t.Seen[i] = before.Seen[j]
	} else {
		t.Seen = slices.Delete(t.Seen, i, i+1)
	}
	return t
}

// importStaged takes in the copy that lies on our own disk: what is verified is what is
// kept.
func (x *Session) importStaged(by author, staged Staged, policy bag.Policy, roster bool) (Imported, error) {
	s := x.l.services
	if was, again, err := x.putBack(staged); again {
		return Imported{Package: was}, err
	}
	p, err := bag.Open(staged, staged.Size(), policy)
	if err != nil {
		return Imported{}, err
	}
	preview, err := PreviewOf(s.rules, p)
	if err != nil {
		return Imported{}, err
	}
	in := Imported{Package: p.Record(), Own: preview.Own}
	if in.Own != nil {
		if err := s.printable(in.Own.Texts()...); err != nil {
			return Imported{}, err
		}
	}
	steps := []step{{body: in.Package}}
	state := x.State()
	if roster && p.Meeting() != nil {
		for _, person := range p.Meeting().Roster {
			if slices.ContainsFunc(state.Seats, func(t review.Seat) bool { return t.Name == person.Name && t.Unit == person.Unit }) {
				continue
			}
			if err := s.printable(person.Name, person.Unit, person.Title); err != nil {
				return Imported{}, err
			}
			seat := review.NumberedSeat(len(state.Seats) + len(in.Seats) + 1)
			in.Seats = append(in.Seats, seat)
			steps = append(steps, step{body: review.SeatAdded{Seat: seat, Person: person}})
		}
	}
	for _, y := range preview.Projects {
		b := projectOf(review.NumberedProject(len(state.Projects)+len(in.Projects)+1), p, y.Project, y.Scheme)
		if err := s.printable(projectTexts(b)...); err != nil {
			return Imported{}, err
		}
		in.Projects = append(in.Projects, b.Project)
		steps = append(steps, step{body: b, blobs: append(filesOf(y.rules, y.Scheme), y.Record)})
	}
	before, err := s.trust()
	if err != nil {
		return Imported{}, err
	}
	ready := func() error {
		if _, err := s.setTrust(p.Fingerprint(), func(t bag.Trust) (bag.Trust, error) { return t.See(p) }); err != nil {
			return err
		}
		return staged.Keep(p.Digest())
	}
	if err := x.l.actAfter(by, ready, steps...); err != nil {
		gone, failed := x.drop(p.Digest())
		if gone {
			_, unseen := s.setTrust(p.Fingerprint(), func(t bag.Trust) (bag.Trust, error) { return unsee(t, before, p), nil })
			failed = errors.Join(failed, unseen)
		}
		return Imported{}, errors.Join(err, failed)
	}
	return in, nil
}

// projectOf gives the entry by which a project of a package is put before the panel.
func projectOf(id review.ProjectID, in *bag.Package, p bag.Project, scheme review.Scheme) review.ProjectAdded {
	return review.ProjectAdded{
		Project: id, Title: p.Title, Package: in.Digest(), Scheme: scheme, Units: p.Units, Facts: p.FactList(), Quorum: p.Quorum,
		Entry: p.ID, Record: review.DigestOf(p.Record), Documents: p.Documents,
	}
}

// reopen opens the file of a package that is on record.
// Codes: those of bag.Reopen, CodePackageSwapped (the same content, signed by another).
func reopen(file Kept, p review.Package) (*bag.Package, error) {
	in, err := bag.Reopen(file, file.Size(), p.Package)
	if err == nil && review.DigestOf(in.Certificate()) != p.Cert {
		return nil, review.E(review.CodePackageSwapped, "meeting.reopen", p.ID, nil)
	}
	return in, err
}

// putBack takes the file of a package that is on record in the place of one that is lost or
// damaged. Whether its issuer is still trusted, and which issues came since, does not
// matter: it is what was imported. False means that it is none of those.
func (x *Session) putBack(staged Staged) (review.PackageImported, bool, error) {
	for _, p := range x.State().Packages {
		in, err := reopen(unclosed{staged}, p)
		if err != nil || in.Check() != nil {
			continue
		}
		lying := x.l.services.checkPackage(x.l.id, p, func(*bag.Package) error { return nil })
		if lying == nil {
			return p.PackageImported, true, review.E(review.CodePackageKnown, "meeting.Session.putBack", p.ID, nil)
		}
		return p.PackageImported, true, staged.Keep(p.Package)
	}
	return review.PackageImported{}, false, nil
}

// unclosed is a staged copy that is read and not closed.
type unclosed struct{ Staged }

// Close does nothing.
func (unclosed) Close() error { return nil }

// has tells whether a package is on record.
func (x *Session) has(d review.Digest) bool {
	_, ok := x.State().Package(d)
	return ok
}

// Document is a document of a project, open to be read.
type Document struct {
	review.Document
	io.ReaderAt
	close func() error
}

// Close lets the package go.
func (d *Document) Close() error { return d.close() }

// Document opens a document of a project, out of the package that it came in, after
// making sure that it is what was imported.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed, CodeFileMissing (no such document,
// or the package's file is gone), those of bag.Reopen and bag.Package.Document.
func (x *Session) Document(project review.ProjectID, file string) (*Document, error) {
	const op = "meeting.Session.Document"
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(p.Documents, func(d review.Document) bool { return d.File == file })
	if i < 0 {
		return nil, review.E(review.CodeFileMissing, op, file, nil)
	}
	kept, err := x.l.services.packages.Package(x.l.id, p.Package)
	if err != nil {
		return nil, err
	}
	in, _ := x.State().Package(p.Package) // it is there: the fold takes no document without it
	r, err := read(kept, in, p.Entry, file)
	if err != nil {
		return nil, errors.Join(err, kept.Close())
	}
	return &Document{p.Documents[i], r, kept.Close}, nil
}

// read gives a document of a project out of the file of its package.
func read(kept Kept, p review.Package, project, file string) (io.ReaderAt, error) {
	in, err := reopen(kept, p)
	if err != nil {
		return nil, err
	}
	return in.Document(project, file)
}
