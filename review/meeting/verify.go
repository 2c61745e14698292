package meeting

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"slices"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/journal"
	"heyi/review/seal"
)

// Verdict is what can be said of a meeting after its full verification.
type Verdict struct {
	Title      string
	Authority  review.Digest // fingerprint of the panel CA, to be compared with paper; "" before there is one
	Checkpoint string        // of the journal, to be compared with paper
	Brought    []Brought     // regulations that packages bring for their own projects alone
	Findings   []review.Finding
}

// Verify makes the full verification of a meeting: SQLite's own checks, every
// entry, the root, every blob, every draft, every certificate, every issued paper and
// its exported file, every package and what is on record of it, every conclusion against
// the rules. It covers every value of every table. No findings means that all of it
// holds. What it cannot tell is whether whoever made the whole of it was the panel:
// for that the panel CA must be one of anchors, or its fingerprint be compared with
// paper.
func (s *Services) Verify(id review.MeetingID, anchors []*x509.Certificate) Verdict {
	v, _, _ := s.verifyWhole(id, anchors)
	return v
}

// verifyWhole is Verify, with what it has read. The state is nil if the journal does not
// hold.
func (s *Services) verifyWhole(id review.MeetingID, anchors []*x509.Certificate) (Verdict, *review.State, journal.Record) {
	v, state, rec := s.verify(id, anchors)
	if state == nil {
		return v, nil, rec
	}
	if trusted, err := anchorsOf(state); err == nil { // an authority that is none was found
		issued := fingerprints(rec.Entries)
		for _, p := range state.Projects {
			v.Findings = append(v.Findings, s.verifyPapers(id, state, p, trusted, issued)...)
		}
	}
	v.Findings = append(v.Findings, s.recomposed(state, rec.Entries, "")...)
	brought, findings := s.verifyBrought(state, rec.Entries)
	v.Brought, v.Findings = brought, append(v.Findings, findings...)
	return v, state, rec
}

// projectsAdded gives the projects as they were put on record.
func projectsAdded(entries []journal.Entry) []review.ProjectAdded {
	var out []review.ProjectAdded
	for _, entry := range entries {
		if !bytes.Contains(entry.Event, []byte(`"`+string(review.KindProjectAdded)+`"`)) {
			continue // most events are others, and decoding costs
		}
		if e, err := review.DecodeEvent(entry.Event); err == nil {
			if b, ok := e.Body.(review.ProjectAdded); ok && b.Entry != "" {
				out = append(out, b)
			}
		}
	}
	return out
}

// checkPackage tells whether the file of a package that is on record is there and is
// what was imported; then it shows it.
// Codes: CodePackageGone, CodePackageSwapped (another issuer has signed it), those of
// bag.Reopen and bag.Package.Check, and of show.
func (s *Services) checkPackage(id review.MeetingID, p review.Package, show func(*bag.Package) error) error {
	kept, err := s.packages.Package(id, p.Package)
	if review.CodeOf(err) == review.CodeFileMissing {
		return review.E(review.CodePackageGone, "meeting.Services.checkPackage", p.ID, err)
	}
	if err != nil {
		return err
	}
	in, err := reopen(kept, p)
	if err == nil {
		err = in.Check()
	}
	if err == nil {
		err = show(in)
	}
	return errors.Join(err, kept.Close())
}

// checkProject tells whether a project was put on record as its package and its packs
// have it: the record is signed, but whoever signs need not have used this program. Where
// its package brings the regulation of its scheme, the packs on record are the files of that;
// where not, they are none that others among the packages have brought.
// Codes: CodeProjectDiffers.
func (j *judge) checkProject(in carrying, others []review.Digest, p *review.Project, b review.ProjectAdded) error {
	differs := func(cause error) error {
		return review.E(review.CodeProjectDiffers, "meeting.judge.checkProject", string(b.Project), cause)
	}
	lib, err := j.library(p)
	if err != nil {
		return differs(err)
	}
	for _, q := range in.Projects() {
		scheme, ok := lib.Scheme(q.Scheme)
		if q.ID != b.Entry || !ok {
			continue
		}
		if own := in.own != nil && calls(q.Scheme, in.own.ID); own && !slices.Equal(scheme.Pack().Digests(), in.own.Digests()) {
			return differs(nil)
		} else if !own && !j.services.offers(b.Scheme) && slices.ContainsFunc(b.Scheme.Packs, func(d review.Digest) bool { return slices.Contains(others, d) }) {
			return differs(nil)
		}
		want, errWant := json.Marshal(projectOf(b.Project, in.Package, q, scheme.Freeze()))
		got, errGot := json.Marshal(b)
		if err := errors.Join(errWant, errGot); err != nil || !bytes.Equal(want, got) {
			return differs(err)
		}
		return nil
	}
	return differs(nil)
}

// verify is Verify without packages, conclusions and the papers of projects: the loss of a
// file, or what was wrong with another project, must not keep a panel from going on.
// The state is nil if the journal does not hold.
func (s *Services) verify(id review.MeetingID, anchors []*x509.Certificate) (Verdict, *review.State, journal.Record) {
	const op = "meeting.Services.verify"
	var v Verdict
	add := func(err error) {
		if err != nil {
			v.Findings = append(v.Findings, review.Finding{Code: review.CodeOf(err), Entry: review.ItemOf(err)})
		}
	}
	mark, marked := s.mark(id)
	rec, state, tree, findings := verifyRecord(s.store, id)
	v.Findings = findings
	if state == nil {
		return v, nil, rec
	}
	v.Title, v.Checkpoint = state.Title, tree.Checkpoint().String()
	if state.Authority != nil {
		v.Authority = review.DigestOf(state.Authority)
	}
	if marked == nil {
		marked = seen(mark, state, tree, rec)
	}
	add(marked)
	if len(anchors) > 0 && !slices.ContainsFunc(anchors, func(c *x509.Certificate) bool { return bytes.Equal(c.Raw, state.Authority) }) {
		add(review.E(review.CodeChain, op, string(id), nil))
	}
	issued := fingerprints(rec.Entries)
	for _, p := range state.Papers {
		v.Findings = append(v.Findings, s.verifyIssued(id, state, p, issued[p.By])...)
	}
	return v, state, rec
}

// verifyCertificates tells whether every certificate that was ever given is of the
// authority, the person and the keys of its time. entries hold, and state is theirs.
func verifyCertificates(state *review.State, entries []journal.Entry) []review.Finding {
	var findings []review.Finding
	var authority []byte
	keys := map[review.SeatID]review.PublicKeys{}
	for _, entry := range entries {
		if !bytes.Contains(entry.Event, []byte(`"certificates":`)) && !bytes.Contains(entry.Event, []byte(`"keys":`)) && !bytes.Contains(entry.Event, []byte(`"claim":`)) {
			continue // most events have none of it, and decoding costs
		}
		e, err := review.DecodeEvent(entry.Event)
		if err != nil {
			continue // found elsewhere
		}
		var list []review.SeatCertificate
		switch b := e.Body.(type) {
		case review.MeetingCreated:
			keys[review.FirstSeat] = b.Keys
		case review.SeatClaimed:
			if st, err := review.DecodeStatement(b.Claim.Statement); err == nil {
				keys[st.Seat] = st.Body.(review.ClaimBody).Keys
			}
		case review.PanelConfirmed:
			authority, list = b.Authority, b.Certificates
		case review.SeatsCertified:
			if list = b.Certificates; b.Authority != nil {
				authority = b.Authority
			}
		}
		for _, c := range list {
			x, _ := state.Seat(c.Seat)
			if err := seal.CheckCertificate(c.DER, authority, keys[c.Seat], x.Name); err != nil {
				findings = append(findings, review.Finding{Code: review.CodeOf(err), Entry: string(c.Seat)})
			}
		}
	}
	return findings
}

// certificates lists all certificates that seats were ever given, in the order of the
// record.
func certificates(entries []journal.Entry) []review.SeatCertificate {
	var out []review.SeatCertificate
	for _, entry := range entries {
		if !bytes.Contains(entry.Event, []byte(`"certificates":`)) { // most events have none, and decoding costs
			continue
		}
		e, err := review.DecodeEvent(entry.Event)
		if err != nil {
			continue // found elsewhere
		}
		switch b := e.Body.(type) {
		case review.PanelConfirmed:
			out = append(out, b.Certificates...)
		case review.SeatsCertified:
			out = append(out, b.Certificates...)
		}
	}
	return out
}

// fingerprints lists those of all certificates that each seat ever had: a paper was signed
// with the one of its time, of which there may be a later one since.
func fingerprints(entries []journal.Entry) map[review.SeatID][]review.Digest {
	out := map[review.SeatID][]review.Digest{}
	for _, c := range certificates(entries) {
		out[c.Seat] = append(out[c.Seat], review.DigestOf(c.DER))
	}
	return out
}

// verifyRecord makes the full verification of a record: SQLite's own checks, every
// signature of every entry, the root, every blob, every draft, every certificate. The state is nil if
// the journal does not hold. Entries may be added meanwhile; they are not looked at.
func verifyRecord(r journal.Reader, id review.MeetingID) (rec journal.Record, state *review.State, tree *journal.Tree, findings []review.Finding) {
	const op = "meeting.verifyRecord"
	add := func(err error) {
		if err != nil {
			findings = append(findings, review.Finding{Code: review.CodeOf(err), Entry: review.ItemOf(err)})
		}
	}
	// What SQLite calls damaged is not read any further. Blobs are listed before the
	// entries that name them.
	err := r.Audit(id)
	var stored []review.Digest
	if err == nil {
		stored, err = r.Blobs(id)
	}
	if err == nil {
		rec, err = r.Load(id)
	}
	if err != nil {
		add(err)
		return rec, nil, nil, findings
	}
	state, tree, err = journal.Replay(rec.Entries)
	switch {
	case err != nil:
	case tree.Checkpoint().String() != rec.Checkpoint:
		err = review.E(review.CodeJournalRoot, op, rec.Checkpoint, nil)
	case rec.Meeting != id || state.Meeting != id:
		err = review.E(review.CodeMetaAltered, op, "meeting", nil)
	}
	if err != nil {
		add(err)
		return rec, nil, nil, findings
	}
	named := state.Blobs()
	for _, d := range named {
		_, err := r.Blob(id, d)
		add(err)
	}
	for _, d := range stored {
		if _, ok := slices.BinarySearch(named, d); !ok {
			add(review.E(review.CodeBlobUnknown, op, string(d), nil))
		}
	}
	add(checkDrafts(id, state, rec))
	findings = append(findings, verifyCertificates(state, rec.Entries)...)
	return rec, state, tree, findings
}

// verifyIssued tells whether a paper is what its event says: a base and the
// signature of the person who issued it, at that time, by a certificate of that
// seat; and whether the exported file, if there still is one, is this very paper.
func (s *Services) verifyIssued(id review.MeetingID, state *review.State, p review.Paper, certificates []review.Digest) []review.Finding {
	name := p.NumberName()
	base, baseErr := s.store.Blob(id, p.Base)
	signed, err := s.store.Blob(id, p.Signed)
	if baseErr != nil || err != nil {
		return nil // found above
	}
	anchors, err := anchorsOf(state)
	if err != nil {
		return []review.Finding{{Code: review.CodeCertForm, Entry: name}}
	}
	v := s.papers.Verify(signed, anchors)
	for i := range v.Findings {
		v.Findings[i].Entry = name + " " + v.Findings[i].Entry
	}
	add := func(code review.Code) { v.Findings = append(v.Findings, review.Finding{Code: code, Entry: name}) }
	if len(signed) <= len(base) || !bytes.HasPrefix(signed, base) {
		add(review.CodePDFAltered)
	}
	for _, sig := range v.Signatures {
		if !slices.Contains(certificates, sig.Fingerprint) {
			add(review.CodeCertRole)
		}
		if !sig.At.Equal(p.At) {
			add(review.CodePDFTime)
		}
	}
	switch exported, err := s.files.Exported(id, name+".pdf"); {
	case review.CodeOf(err) == review.CodeFileMissing: // taken elsewhere, which is what it is for
	case err != nil:
		v.Findings = append(v.Findings, review.Finding{Code: review.CodeOf(err), Entry: name})
	case !bytes.Equal(exported, signed):
		add(review.CodePDFAltered)
	}
	return v.Findings
}
