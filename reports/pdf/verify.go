package pdf

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
	"time"

	"heyi/review"
	"heyi/review/seal"
)

// Verify tells who signed a PDF of ours and whether that holds. anchors are the
// panel CAs that the caller trusts.
//
// Readers of PDF call a signature valid as long as the bytes it covers are
// unchanged, also if an appended revision then shows other pages. Here a file
// holds only if it is a base and nothing but signatures, of every field or up to the
// archive's, the last of which covers its last byte. Signatures are in the order in which
// they were made; their times are what machines claimed, and are not compared.
//
// Findings: CodePDFForm (not our form; alone), CodePDFUnsigned (a field is
// open), CodePDFRange, CodeCMSForm, CodePDFAltered, CodeCertRole (see
// review.FieldRole; of another name than the signature says; or that made a signature
// before, for nobody signs for two), CodePDFTime, CodeChain,
// CodePDFOrder (a certification that is not the first, anything behind the archive's) of one
// signature (Entry is its field), CodePDFAppended, CodeNoAnchor (none given).
func Verify(pdf []byte, anchors []*x509.Certificate) review.PaperVerdict {
	var v review.PaperVerdict
	find := func(code review.Code, entry string) {
		v.Findings = append(v.Findings, review.Finding{Code: code, Entry: entry})
	}
	f, fields, signatures, err := read(pdf)
	if err != nil || len(signatures) == 0 && f.revisions[0].end < len(pdf) {
		find(review.CodePDFForm, "")
		return v
	}
	v.Title = f.base(f.info).(dict)["Title"].(text).people()
	for i, s := range signatures {
		said, codes := s.verify(f, i+1, anchors)
		again := said.Fingerprint != "" && slices.ContainsFunc(v.Signatures, func(o review.SignatureVerdict) bool { return o.Fingerprint == said.Fingerprint })
		if again && !slices.Contains(codes, review.CodeCertRole) {
			codes = append(codes, review.CodeCertRole)
		}
		v.Signatures = append(v.Signatures, said)
		if !ordered(signatures[:i], s) {
			codes = append(codes, review.CodePDFOrder)
		}
		for _, code := range codes {
			find(code, s.field.name)
		}
	}
	closed := slices.ContainsFunc(signatures, func(s signature) bool { return s.means == review.MeansArchive })
	for _, fd := range fields {
		switch {
		case slices.ContainsFunc(signatures, func(s signature) bool { return s.field.num == fd.num }):
		case closed:
			v.Open = append(v.Open, fd.name)
		default:
			find(review.CodePDFUnsigned, fd.name)
		}
	}
	if len(fields) == 0 {
		find(review.CodePDFUnsigned, "")
	}
	if f.revisions[len(signatures)].end < len(pdf) {
		find(review.CodePDFAppended, "")
	}
	if len(anchors) == 0 {
		find(review.CodeNoAnchor, "")
	}
	return v
}

// verify checks one signature, which fills revision n of f.
func (s signature) verify(f *file, n int, anchors []*x509.Certificate) (review.SignatureVerdict, []review.Code) {
	r := f.revisions[n]
	v := review.SignatureVerdict{Field: s.field.name, Means: s.means, End: r.end, Name: s.person, At: s.at, Reason: s.reason}
	var codes []review.Code
	from, to := s.gap(r, f.revisions[n-1].size)
	if !slices.Equal(s.covers, array{0, from, to, r.end - to}) {
		codes = append(codes, review.CodePDFRange)
	}
	value, err := cmsOf(s.contents)
	if err != nil {
		return v, append(codes, review.CodeCMSForm)
	}
	signed, err := seal.ReadCMS(value)
	if err != nil {
		return v, append(codes, review.CodeOf(err))
	}
	cert := signed.Certificate
	person := cert.Subject.CommonName
	if review.CheckLine("", person, review.MaxName) != nil {
		return v, append(codes, review.CodeCMSForm) // no certificate for a person, and not to be printed
	}
	v.Name, v.Fingerprint = person, review.DigestOf(cert.Raw)
	h := sha256.New()
	h.Write(f.bytes[:from])
	h.Write(f.bytes[to:r.end])
	if !bytes.Equal(h.Sum(nil), signed.Digest[:]) {
		codes = append(codes, review.CodePDFAltered)
	}
	if ou := cert.Subject.OrganizationalUnit; !names(cert, s.person) || len(ou) != 1 || ou[0] != review.FieldRole(s.field.name).Name() {
		codes = append(codes, review.CodeCertRole)
	}
	at := s.at
	if !within(at, cert) {
		codes = append(codes, review.CodePDFTime)
		at = cert.NotBefore // whose certificate it is can be said all the same
	}
	if len(anchors) > 0 {
		if err := signed.Chain(anchors, at); err != nil {
			codes = append(codes, review.CodeOf(err))
		}
	}
	return v, codes
}

// names tells whether a certificate is a person's, as seal.Authority issues them:
// without blanks around the name, which is too short to be cut.
func names(c *x509.Certificate, person string) bool {
	return c.Subject.CommonName == strings.TrimSpace(person)
}

// within tells whether a certificate is valid at a time.
func within(at time.Time, c *x509.Certificate) bool {
	return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
}

// cmsOf takes the value out of /Contents: exactly one value of DER, and zeros.
func cmsOf(contents text) ([]byte, error) {
	var value asn1.RawValue
	rest, err := asn1.Unmarshal([]byte(contents), &value)
	if err != nil {
		return nil, err
	}
	if len(bytes.Trim(rest, "\x00")) > 0 {
		return nil, errForm
	}
	return value.FullBytes, nil
}
