package meeting

import (
	"crypto/x509"
	"fmt"
	"slices"

	"heyi/review"
	"heyi/review/journal"
)

// verifyPapers tells whether the papers of a project are what the record says: each a base
// and signatures, one a revision, by whom and when the record has it; and so for individual
// opinions and dissents.
func (s *Services) verifyPapers(id review.MeetingID, state *review.State, p *review.Project, anchors []*x509.Certificate, known map[review.SeatID][]review.Digest) []review.Finding {
	var findings []review.Finding
	for _, set := range p.Sets {
		if set.Void != "" {
			continue // kept as it was taken back, whatever it was
		}
		for _, q := range set.Papers {
			findings = append(findings, s.verifySetPaper(id, state, p, set, q, anchors, known)...)
		}
	}
	one := func(d review.Digest, seat review.SeatID, name string) {
		file, err := s.store.Blob(id, d)
		if err != nil {
			return // found elsewhere
		}
		if err := s.checkOwn(state, seat, file, anchors, known[seat]); err != nil {
			findings = append(findings, review.Finding{Code: review.CodeOf(err), Entry: name})
		}
	}
	for _, r := range p.Rounds {
		for _, b := range r.Ballots {
			if b.Paper != "" {
				one(b.Paper, b.Seat, fmt.Sprintf("%s-individual-%d-%s", p.ID, r.Number, b.Seat))
			}
		}
	}
	for _, v := range p.Votes {
		if v.Paper != "" && v.VoidPaper == "" && p.Conclusion != nil && v.Conclusion == p.Conclusion.Digest {
			one(v.Paper, v.Seat, fmt.Sprintf("%s-dissent-%s", p.ID, v.Seat))
		}
	}
	return findings
}

// verifySetPaper checks one paper of a set.
func (s *Services) verifySetPaper(id review.MeetingID, state *review.State, p *review.Project, set review.PaperSet, q review.SetPaper, anchors []*x509.Certificate, known map[review.SeatID][]review.Digest) []review.Finding {
	name := FileName(p.ID, q.Form, q.Number)
	file, err := s.store.Blob(id, q.Latest())
	base, baseErr := s.store.Blob(id, q.Base)
	if err != nil || baseErr != nil {
		return nil // found elsewhere
	}
	v := s.papers.Verify(file, anchors)
	var findings []review.Finding
	add := func(code review.Code, entry string) {
		findings = append(findings, review.Finding{Code: code, Entry: name + " " + entry})
	}
	for _, f := range v.Findings {
		if f.Code == review.CodePDFUnsigned && set.Archive == nil {
			continue // it is still being signed, or was taken back
		}
		add(f.Code, f.Entry)
	}
	if len(file) < len(base) || review.DigestOf(file[:len(base)]) != q.Base || len(v.Signatures) != len(q.Revisions) {
		add(review.CodePDFAltered, "")
		return findings
	}
	for i, r := range q.Revisions {
		g := v.Signatures[i]
		field, certificates, means := review.ArchiveField, []review.Digest{review.DigestOf(set.Archive)}, review.MeansArchive
		if r.Seat != "" {
			seat, _ := state.Seat(r.Seat)
			field, certificates, means = review.FieldOf(seat), known[r.Seat], review.MeansApproval
		}
		if i == 0 {
			means = review.MeansCertify
		}
		switch {
		case g.End > len(file) || review.DigestOf(file[:g.End]) != r.Signed:
			add(review.CodePDFAltered, field)
		case g.Means != means:
			add(review.CodePDFOrder, field)
		case g.Field != field || !slices.Contains(certificates, g.Fingerprint):
			add(review.CodeCertRole, field)
		case !g.At.Equal(r.At):
			add(review.CodePDFTime, field)
		}
	}
	return findings
}

// checkOwn tells whether a paper is one that the person at a seat alone has signed.
// Codes: the first finding of Papers.Verify, CodeCertRole.
func (s *Services) checkOwn(state *review.State, seat review.SeatID, file []byte, anchors []*x509.Certificate, certificates []review.Digest) error {
	const op = "meeting.Services.checkOwn"
	v := s.papers.Verify(file, anchors)
	if len(v.Findings) > 0 {
		return review.E(v.Findings[0].Code, op, string(seat), nil)
	}
	x, _ := state.Seat(seat)
	if len(v.Signatures) != 1 || v.Signatures[0].Field != review.FieldOf(x) || !slices.Contains(certificates, v.Signatures[0].Fingerprint) {
		return review.E(review.CodeCertRole, op, string(seat), nil)
	}
	return nil
}

// anchorsOf gives the panel's authorities, the present and former ones.
// Codes: CodeCertForm.
func anchorsOf(state *review.State) ([]*x509.Certificate, error) {
	var anchors []*x509.Certificate
	for _, der := range append([][]byte{state.Authority}, state.FormerAuthorities...) {
		ca, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, review.E(review.CodeCertForm, "meeting.anchorsOf", "", err)
		}
		anchors = append(anchors, ca)
	}
	return anchors, nil
}

// recomposed tells whether the standing papers of the group are those that this program makes
// of the record as it then stood: the secretary certified them, but need not have used this
// program. What another version composed has other bytes and is not compared; nor are papers
// of a project whose package is lost. project is "" for all.
// Findings: CodePaperDiffers.
func (s *Services) recomposed(state *review.State, entries []journal.Entry, project review.ProjectID) []review.Finding {
	ours := func(p *review.Project) bool {
		return (project == "" || p.ID == project) && slices.ContainsFunc(p.Sets, func(set review.PaperSet) bool {
			return set.Void == "" && set.Software != "" && set.Software == s.folders.Version
		})
	}
	if !slices.ContainsFunc(state.Projects, ours) {
		return nil
	}
	var findings []review.Finding
	j := &judge{services: s, id: state.Meeting}
	var then review.State
	var tree journal.Tree
	for _, entry := range entries {
		e, err := review.DecodeEvent(entry.Event)
		if err != nil {
			return findings // the record holds: found elsewhere
		}
		if b, ok := e.Body.(review.PapersCertified); ok && ours(state.Project(b.Project)) && state.Project(b.Project).Sets[b.Set-1].Void == "" && b.Software == s.folders.Version {
			for _, q := range s.differing(j, &then, b, tree.Checkpoint().String(), e) {
				findings = append(findings, review.Finding{Code: review.CodePaperDiffers, Entry: FileName(b.Project, q.Form, q.Number)})
			}
		}
		if then.Apply(e) != nil {
			return findings
		}
		tree.Append(entry)
	}
	return findings
}

// differing gives the papers of a certification that are not what the record gives.
func (s *Services) differing(j *judge, then *review.State, b review.PapersCertified, checkpoint string, e review.Event) []review.Certified {
	p := then.Project(b.Project)
	c, err := j.groupCase(then, p, checkpoint, e.At)
	if _, known := j.told.Load(p.ID); err != nil || p.Entry != "" && !known {
		return nil
	}
	c.Ink = map[review.SeatID]bool{}
	for _, g := range b.Signers {
		c.Ink[g.Seat] = g.Ink
	}
	var out []review.Certified
	for _, q := range b.Papers {
		said := of(c, q.Form, q.Number)
		base, err := s.papers.Compose(said)
		if err != nil || said.Top().Check != q.Check || review.DigestOf(base) != q.Base {
			out = append(out, q)
		}
	}
	return out
}
