package meeting

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"io/fs"
	"iter"
	"slices"
	"strconv"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/filing"
	"heyi/review/journal"
)

// FilingVerdict is what can be said of a filing folder.
type FilingVerdict struct {
	Verdict        // of the meeting in it
	Drill   bool   // 演练
	Entries int64  // of the journal
	Files   int    // in the folder
	Version string // of the program that made it
	// Unproven are files for people that another version of the program wrote, or the catalogue
	// where it says of files what this version does not: they are as listed, and nothing tells
	// whether they say what the record says. Nobody has signed which version it was.
	Unproven []string
}

// VerifyFiling verifies a filing folder with nothing but what is in it: that it is whole and as
// its lists say; that every entry of the journal is signed by its actor and gives the checkpoint;
// that every paper, certificate, package, pack and table that the record has is there and is the
// one that it has, and nothing else; that each paper is signed by those by whom the record has
// it signed; that projects and conclusions are what packages and rules give. Of with it uses
// Papers, Rules, Say and Folders, but not Folders.Write.
//
// No findings means that all of it holds. Whether the panel made it only paper can tell: its
// fingerprint and checkpoint are to be compared, or the panel's certificate given as an anchor.
// Codes of findings: those of filing.Open and filing.Opened.Differs, CodeFilingForm (the
// journal), CodeJournalEntry, CodeJournalRoot, CodeEventNewer, CodeChain (no anchor is the
// panel's), and those of Services.Verify on certificates, papers, packages, projects and conclusions.
func VerifyFiling(fsys fs.FS, with Config, anchors []*x509.Certificate) FilingVerdict {
	var v FilingVerdict
	add := func(entry string, err error) {
		f := review.Finding{Code: review.CodeOf(err), Entry: entry}
		if err != nil && !slices.Contains(v.Findings, f) {
			v.Findings = append(v.Findings, f)
		}
	}
	o, findings := filing.Open(fsys)
	if v.Findings = findings; o == nil {
		return v
	}
	v.Title, v.Drill, v.Files, v.Version = o.Title, o.Drill, len(o.Items)+2, o.Software // with the lists
	lines, err := o.Journal()
	if err != nil {
		add(review.ItemOf(err), err)
		return v
	}
	entries := make([]journal.Entry, len(lines))
	for i, e := range lines {
		entries[i] = journal.Entry{Event: e.Event, Signature: e.Signature}
	}
	state, tree, err := journal.Replay(entries)
	if err == nil && tree.Checkpoint().String() != o.Checkpoint {
		err = review.E(review.CodeJournalRoot, "meeting.VerifyFiling", o.Checkpoint, nil)
	}
	if err != nil {
		add(review.ItemOf(err), err)
		return v
	}
	v.Checkpoint, v.Entries = o.Checkpoint, state.Size
	v.Authority = digestOf(state.Authority)
	if len(anchors) > 0 && !slices.ContainsFunc(anchors, func(c *x509.Certificate) bool { return bytes.Equal(c.Raw, state.Authority) }) {
		add(string(state.Meeting), review.E(review.CodeChain, "meeting.VerifyFiling", "", nil))
	}
	s := New(Config{
		Store: shelf{folder: o, state: state}, Packages: parcels{folder: o}, Files: nothing{}, Papers: with.Papers, Rules: with.Rules, Say: with.Say,
		Folders: with.Folders,
	})
	brought, findings := s.verifyFiled(state, entries)
	v.Brought, v.Findings = brought, append(v.Findings, findings...)
	c := collector{services: s, judge: &judge{services: s, id: state.Meeting}, state: state, entries: entries, checkpoint: v.Checkpoint}
	source, lacks := c.source()
	for _, err := range c.failures {
		add(review.ItemOf(err), err)
	}
	// A journal that ends sooner has as good a checkpoint; no folder is made of it.
	const op = "meeting.VerifyFiling"
	if state.Phase != review.PhaseFiling && state.Phase != review.PhaseSealed {
		add(string(state.Phase), review.E(review.CodeFilingEarly, op, string(state.Phase), nil))
	}
	if n := blocking(lacks); n > 0 {
		add("", review.E(review.CodeFilingLack, op, strconv.Itoa(n), nil))
	}
	source.Software = o.Software // which the folder says of itself
	folder, err := filing.Build(source)
	if err != nil {
		add(review.ItemOf(err), err)
		return v
	}
	findings, v.Unproven = o.Differs(folder, o.Software == s.folders.Version)
	v.Findings = append(v.Findings, findings...)
	return v
}

// verifyFiled makes the verifications of Verify that need no database.
func (s *Services) verifyFiled(state *review.State, entries []journal.Entry) ([]Brought, []review.Finding) {
	id := state.Meeting
	findings := verifyCertificates(state, entries)
	issued := fingerprints(entries)
	for _, p := range state.Papers {
		findings = append(findings, s.verifyIssued(id, state, p, issued[p.By])...)
	}
	anchors, err := anchorsOf(state)
	if err != nil && state.Authority != nil {
		return nil, append(findings, review.Finding{Code: review.CodeOf(err), Entry: string(id)})
	}
	for _, p := range state.Projects {
		findings = append(findings, s.verifyPapers(id, state, p, anchors, issued)...)
	}
	findings = append(findings, s.recomposed(state, entries, "")...)
	brought, found := s.verifyBrought(state, entries)
	return brought, append(findings, found...)
}

// verifyBrought holds what is on record of packages, projects and conclusions against the
// packages and the rules, and tells which packages bring rules of their own.
func (s *Services) verifyBrought(state *review.State, entries []journal.Entry) (brought []Brought, findings []review.Finding) {
	add := func(entry string, err error) {
		if err != nil {
			findings = append(findings, review.Finding{Code: review.CodeOf(err), Entry: entry})
		}
	}
	j := &judge{services: s, id: state.Meeting}
	var packages []carrying
	for _, p := range state.Packages {
		add(p.ID, s.checkPackage(j.id, p, func(in *bag.Package) error {
			own, err := OwnOf(in)
			packages = append(packages, carrying{in, own})
			if own != nil {
				brought = append(brought, Brought{Package: p.ID, Issue: p.Seq, ID: own.ID, Title: own.Title})
			}
			return err
		}))
	}
	added := projectsAdded(entries)
	for _, in := range packages {
		var others []review.Digest
		for _, o := range packages {
			if o.Digest() != in.Digest() {
				others = append(others, o.digests()...)
			}
		}
		for _, b := range added {
			if b.Package == in.Digest() {
				add(string(b.Project), j.checkProject(in, others, state.Project(b.Project), b))
			}
		}
	}
	for _, p := range state.Projects {
		add(string(p.ID), j.checkConclusion(state, p))
	}
	return brought, findings
}

// The ports in a folder answer what verification asks; the rest of them is nothing.
type (
	noStore    = Store
	noPackages = Packages
	noFiles    = Files
)

// shelf gives content of the record out of a folder.
type shelf struct {
	noStore
	folder *filing.Opened
	state  *review.State
}

// Blob is as in Store. A paper as it was before a signature is the beginning of what it is in
// the folder.
func (s shelf) Blob(_ review.MeetingID, d review.Digest) ([]byte, error) {
	b, err := s.folder.Read(d)
	if review.CodeOf(err) != review.CodeFilingMissing {
		return b, err
	}
	if last, ok := s.latest(d); ok {
		file, err := s.folder.Read(last)
		if err != nil {
			return nil, err
		}
		if b, ok := beginning(file, d); ok {
			return b, nil
		}
	}
	return nil, review.E(review.CodeBlobMissing, "meeting.shelf.Blob", string(d), nil)
}

// latest gives the last form of the paper that d is an earlier form of.
func (s shelf) latest(d review.Digest) (review.Digest, bool) {
	for _, p := range s.state.Papers {
		if p.Base == d {
			return p.Signed, true
		}
	}
	for _, p := range s.state.Projects {
		for _, set := range p.Sets {
			for _, q := range set.Papers {
				if q.Base == d || slices.ContainsFunc(q.Revisions, func(r review.Revision) bool { return r.Signed == d }) {
					return q.Latest(), true
				}
			}
		}
	}
	return "", false
}

// beginning gives the part of a PDF up to the end of one of its revisions that has a digest.
// The file is read once, however many ends it pretends to have.
func beginning(pdf []byte, d review.Digest) ([]byte, bool) {
	want, err := hex.DecodeString(string(d))
	if err != nil {
		return nil, false // the record has no such digests
	}
	h, done := sha256.New(), 0
	for n := range ends(pdf) {
		h.Write(pdf[done:n]) // a hash takes everything
		if done = n; bytes.Equal(h.Sum(nil), want) {
			return pdf[:n], true
		}
	}
	return nil, false
}

// ends gives where the revisions of a PDF can end: after each end-of-file mark and its line
// end (ISO 32000-1, 7.5.5 and 7.5.6), in ascending order.
func ends(pdf []byte) iter.Seq[int] {
	mark := []byte("%%EOF")
	return func(yield func(int) bool) {
		for at := 0; ; {
			i := bytes.Index(pdf[at:], mark)
			if i < 0 {
				return
			}
			at += i + len(mark)
			for n := at; n <= at+2 && n <= len(pdf); n++ {
				if !yield(n) {
					return
				}
			}
		}
	}
}

// parcels gives the packages of a folder.
type parcels struct {
	noPackages
	folder *filing.Opened
}

// Package is as in Packages.
func (p parcels) Package(_ review.MeetingID, d review.Digest) (Kept, error) {
	for _, x := range p.folder.Packages() {
		part, err := p.folder.Part(x)
		if err != nil {
			return nil, err
		}
		if _, err := bag.Reopen(part, part.Size(), d); err == nil {
			return part, nil
		}
		if err := part.Close(); err != nil {
			return nil, review.E(review.CodeDirFailed, "meeting.parcels.Package", x.Path, err)
		}
	}
	return nil, review.E(review.CodeFileMissing, "meeting.parcels.Package", string(d), nil)
}

// nothing has no exported papers.
type nothing struct{ noFiles }

// Exported is as in Files.
func (nothing) Exported(_ review.MeetingID, name string) ([]byte, error) {
	return nil, review.E(review.CodeFileMissing, "meeting.nothing.Exported", name, nil)
}
