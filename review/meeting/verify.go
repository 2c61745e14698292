package meeting

import (
	"crypto/x509"
	"slices"

	"heyi/review"
)

// Verify makes the full verification of a meeting: SQLite's own checks, every
// entry, the root, every blob, every draft, every issued paper. It covers every
// value of every table. No findings means that all of it holds.
func (s *Services) Verify(id review.MeetingID) []review.Finding {
	var found []review.Finding
	add := func(err error) {
		if err != nil {
			found = append(found, review.Finding{Code: review.CodeOf(err), Entry: review.ItemOf(err)})
		}
	}
	add(s.store.Audit(id))
	state, _, rec, err := s.load(id)
	if err != nil {
		add(err)
		return found
	}
	stored, err := s.store.Blobs(id)
	if err != nil {
		add(err)
		return found
	}
	named := state.Blobs()
	for _, d := range named {
		_, err := s.store.Blob(id, d)
		add(err)
	}
	for _, d := range stored {
		if !slices.Contains(named, d) {
			add(review.E(review.CodeBlobUnknown, "meeting.Services.Verify", string(d), nil))
		}
	}
	for _, d := range rec.Drafts {
		add(verifyDraft(id, state, d))
	}
	for _, p := range state.Papers {
		found = append(found, s.verifyIssued(id, state, p)...)
	}
	return found
}

func (s *Services) verifyIssued(id review.MeetingID, state *review.State, p review.Paper) []review.Finding {
	pdf, err := s.store.Blob(id, p.Signed)
	if err != nil {
		return nil // found above
	}
	ca, err := x509.ParseCertificate(state.Authority)
	if err != nil {
		return []review.Finding{{Code: review.CodeCertForm, Entry: string(id)}}
	}
	v := s.papers.Verify(pdf, []*x509.Certificate{ca})
	for i := range v.Findings {
		v.Findings[i].Entry = p.NumberName() + " " + v.Findings[i].Entry
	}
	return v.Findings
}
