package fakes

import (
	"bytes"
	"crypto/x509"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/paper"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

var at = time.Date(2026, 11, 21, 15, 4, 5, 999, time.FixedZone("", 8*3600))

// signer gives what a person of the authority signs a field with.
func signer(t *testing.T, a *seal.Authority, field string) review.Signing {
	t.Helper()
	key, der, err := seal.NewStamp(a, "评审会", at)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return review.Signing{Field: field, Name: "第" + field + "人", Reason: "签署", At: at, Key: key, Certificate: c}
}

func authority(t *testing.T) (*seal.Authority, *x509.Certificate) {
	t.Helper()
	a, err := seal.NewAuthority("评审会", at)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(a.Certificate())
	if err != nil {
		t.Fatal(err)
	}
	return a, c
}

// TestPapers holds that a paper of this package is signed and verified as services rely on it:
// signatures one after another, each over all before it.
func TestPapers(t *testing.T) {
	a, ca := authority(t)
	var p Papers
	pdf, err := p.Compose(&paper.Changes{Head: paper.Head{Event: "评审会"}})
	if err != nil {
		t.Fatal(err)
	}
	if v := p.Verify(pdf, nil); len(v.Findings) != 1 || v.Findings[0].Code != review.CodePDFUnsigned {
		t.Errorf("unsigned: %+v", v)
	}
	var all []review.Signing
	var ends []int
	for _, x := range []struct {
		field string
		means review.Means
	}{{"secretary", review.MeansCertify}, {"expert3", review.MeansApproval}, {"expert2", review.MeansApproval}, {review.ArchiveField, review.MeansArchive}} {
		s := signer(t, a, x.field)
		s.Means = x.means
		if len(all) > 0 {
			again := all[0]
			again.Means = review.MeansApproval
			_, err := p.Sign(pdf, again)
			reviewtest.WantCode(t, err, review.CodePDFUnsigned)
			again.Field, again.Means = "expert9", review.MeansCertify
			_, err = p.Sign(pdf, again)
			reviewtest.WantCode(t, err, review.CodePDFOrder)
		}
		if pdf, err = p.Sign(pdf, s); err != nil {
			t.Fatal(err)
		}
		all, ends = append(all, s), append(ends, len(pdf))
	}
	v := p.Verify(pdf, []*x509.Certificate{ca})
	if len(v.Signatures) != len(all) || len(v.Findings) != 0 {
		t.Fatalf("verdict %+v", v)
	}
	for i, g := range v.Signatures {
		s := all[i]
		if g.Field != s.Field || g.Means != s.Means || g.Name != s.Name || g.Reason != s.Reason || !g.At.Equal(s.At.Truncate(time.Second)) ||
			g.Fingerprint != review.DigestOf(s.Certificate.Raw) || g.End != ends[i] {
			t.Errorf("signature %d: %+v of %+v", i, g, s)
		}
	}
	_, err = p.Sign(pdf, signer(t, a, "expert4"))
	reviewtest.WantCode(t, err, review.CodePDFOrder)
	if v := p.Verify(pdf, nil); len(v.Findings) != len(all) || v.Findings[3] != (review.Finding{Code: review.CodeChain, Entry: review.ArchiveField}) {
		t.Errorf("without an authority: %+v", v.Findings)
	}

	for i := range pdf { // wherever a byte is damaged, the paper does not hold
		bad := bytes.Clone(pdf)
		bad[i] ^= 1
		v := p.Verify(bad, []*x509.Certificate{ca})
		if len(v.Findings) == 0 || v.Findings[0].Code != review.CodePDFAltered && v.Findings[0].Code != review.CodeChain {
			t.Fatalf("byte %d, %q: %+v", i, bad[i], v)
		}
	}
	for _, bad := range [][]byte{append(bytes.Clone(pdf), 'X'), pdf[:len(pdf)-1], nil} {
		if v := p.Verify(bad, []*x509.Certificate{ca}); len(v.Findings) != 1 || v.Findings[0].Code != review.CodePDFAltered {
			t.Errorf("%d bytes: %+v", len(bad), v.Findings)
		}
		_, err := p.Sign(bad, signer(t, a, "expert4"))
		reviewtest.WantCode(t, err, review.CodePDFForm)
	}
}

// TestSign holds what nobody can sign with.
func TestSign(t *testing.T) {
	a, _ := authority(t)
	s := signer(t, a, "expert3")
	other := s
	other.Key = signer(t, a, "expert3").Key
	_, err := Papers{}.Sign([]byte("x\n"), other)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
	s.At = at.AddDate(-1, 0, 0)
	_, err = Papers{}.Sign([]byte("x\n"), s)
	reviewtest.WantCode(t, err, review.CodePDFTime)
}
