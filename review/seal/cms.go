package seal

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"slices"
	"time"

	"github.com/smallstep/pkcs7"

	"heyi/review"
)

// MaxCMS is the largest CMS value that is read, in bytes; ours have some 2 kB.
const MaxCMS = 64 << 10

// SignCMS gives a detached CMS SignedData (RFC 5652) of level CAdES B-B (EN 319
// 122) over content with the given SHA-256: one signer, only the signer's
// certificate embedded, no signing time. key is P-256 or RSA (2048 to 4096
// bits) and belongs to cert.
// Codes: CodeKeyForm (another kind of key, or not the certificate's).
func SignCMS(digest [sha256.Size]byte, cert *x509.Certificate, key crypto.Signer) ([]byte, error) {
	const op = "seal.SignCMS"
	alg, err := signatureAlgorithm(key.Public())
	if err != nil {
		return nil, review.E(review.CodeKeyForm, op, "", err)
	}
	if k := key.Public().(interface{ Equal(crypto.PublicKey) bool }); !k.Equal(cert.PublicKey) {
		return nil, review.E(review.CodeKeyForm, op, cert.Subject.CommonName, nil)
	}
	attributes := sha256.Sum256(der(tagSet, signedAttributes(cert, digest)))
	sig, err := key.Sign(rand.Reader, attributes[:], crypto.SHA256)
	if err == nil {
		sig, err = canonicalSignature(cert.PublicKey, sig)
	}
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	return encodeCMS(cert, alg, digest, sig), nil
}

// Signature is a CMS value that holds in itself: the signer's key, whose
// certificate is bound into what is signed, made it over content with Digest.
// Whose key that is, Chain tells; whether the content is the one at hand, the
// caller tells by comparing Digest.
type Signature struct {
	Certificate *x509.Certificate
	Digest      [sha256.Size]byte // of the signed content
}

// ReadCMS reads a value made by SignCMS and verifies it, short of the content
// and the chain. Every byte is accounted for: the value is rebuilt from the
// certificate, digest and signature found in it and must come out the same.
// smallstep/pkcs7 has to agree on the verdict.
// Codes: CodeCMSForm.
func ReadCMS(value []byte) (*Signature, error) {
	const op = "seal.ReadCMS"
	bad := func(cause error) (*Signature, error) { return nil, review.E(review.CodeCMSForm, op, "", cause) }
	if len(value) > MaxCMS {
		return bad(errors.New("too large"))
	}
	cert, digest, sig, err := partsOfCMS(value)
	if err != nil {
		return bad(err)
	}
	alg, err := signatureAlgorithm(cert.PublicKey)
	if err != nil {
		return bad(err)
	}
	canonical, err := canonicalSignature(cert.PublicKey, sig)
	if err != nil {
		return bad(err)
	}
	if !bytes.Equal(encodeCMS(cert, alg, digest, canonical), value) {
		return bad(errors.New("not the form that SignCMS writes"))
	}
	if err := cert.CheckSignature(alg, der(tagSet, signedAttributes(cert, digest)), sig); err != nil {
		return bad(err)
	}
	if err := secondOpinion(value, digest); err != nil {
		return bad(err)
	}
	return &Signature{Certificate: cert, Digest: digest}, nil
}

// Chain tells whether one of the roots issued the signer's certificate for
// signing documents, both being valid at the given time.
// Codes: CodeChain.
func (s *Signature) Chain(roots []*x509.Certificate, at time.Time) error {
	const op = "seal.Signature.Chain"
	bad := func(cause error) error {
		return review.E(review.CodeChain, op, s.Certificate.Subject.CommonName, cause)
	}
	if at.IsZero() {
		return bad(errors.New("no time")) // x509 would take the present
	}
	pool := x509.NewCertPool()
	for _, r := range roots {
		pool.AddCert(r)
	}
	chains, err := s.Certificate.Verify(x509.VerifyOptions{
		Roots:       pool,
		CurrentTime: at,
		KeyUsages:   []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	})
	if err != nil {
		return bad(err)
	}
	const usage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	switch c := s.Certificate; {
	case len(chains[0]) != 2:
		return bad(errors.New("not issued by a root")) // it is itself among the roots
	case c.IsCA || c.KeyUsage&usage != usage:
		return bad(errors.New("key usage"))
	case !slices.ContainsFunc(c.UnknownExtKeyUsage, oidDocumentSigning.Equal):
		return bad(errors.New("extended key usage"))
	}
	return nil
}

// secondOpinion asks smallstep/pkcs7 whether the signature holds.
func secondOpinion(value []byte, digest [sha256.Size]byte) error {
	p, err := pkcs7.Parse(value)
	if err != nil {
		return err
	}
	p.Hasher = knownDigest(digest)
	return p.Verify()
}

// knownDigest answers smallstep's question for the content's digest.
type knownDigest [sha256.Size]byte

func (d knownDigest) Hash(h crypto.Hash, _ io.Reader) ([]byte, error) {
	if h != crypto.SHA256 {
		return nil, errors.New("not SHA-256")
	}
	return d[:], nil
}

var (
	oidData               = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertificate = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47} // ESS v2, RFC 5035
	oidSHA256             = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidRSA                = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidECDSAWithSHA256    = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

// The identifier octets that der writes.
const (
	tagSequence = 0x30
	tagSet      = 0x31
	tagContext0 = 0xA0
	tagContext4 = 0xA4
)

// encodeCMS is the one encoder: what SignCMS returns and what ReadCMS compares.
func encodeCMS(cert *x509.Certificate, alg x509.SignatureAlgorithm, digest [sha256.Size]byte, sig []byte) []byte {
	digestAlg := marshal(pkix.AlgorithmIdentifier{Algorithm: oidSHA256})
	sigAlg := pkix.AlgorithmIdentifier{Algorithm: oidECDSAWithSHA256}
	if alg == x509.SHA256WithRSA {
		sigAlg = pkix.AlgorithmIdentifier{Algorithm: oidRSA, Parameters: asn1.NullRawValue}
	}
	signer := der(tagSequence,
		marshal(1),
		der(tagSequence, cert.RawIssuer, marshal(cert.SerialNumber)),
		digestAlg,
		der(tagContext0, signedAttributes(cert, digest)),
		marshal(sigAlg),
		marshal(sig),
	)
	signed := der(tagSequence,
		marshal(1),
		der(tagSet, digestAlg),
		der(tagSequence, marshal(oidData)),
		der(tagContext0, cert.Raw),
		der(tagSet, signer),
	)
	return der(tagSequence, marshal(oidSignedData), der(tagContext0, signed))
}

// signedAttributes gives the attributes in the order of a DER SET OF, without
// the outer tag: it is SET where they are signed and [0] where they are stored.
func signedAttributes(cert *x509.Certificate, digest [sha256.Size]byte) []byte {
	attribute := func(t asn1.ObjectIdentifier, value []byte) []byte {
		return der(tagSequence, marshal(t), der(tagSet, value))
	}
	hash := sha256.Sum256(cert.Raw)
	issuer := der(tagSequence, der(tagSequence, der(tagContext4, cert.RawIssuer)), marshal(cert.SerialNumber))
	// ESSCertIDv2 without its hash algorithm: SHA-256 is the default and DER omits it.
	certID := der(tagSequence, marshal(hash[:]), issuer)
	list := [][]byte{
		attribute(oidContentType, marshal(oidData)),
		attribute(oidMessageDigest, marshal(digest[:])),
		attribute(oidSigningCertificate, der(tagSequence, der(tagSequence, certID))),
	}
	slices.SortFunc(list, bytes.Compare)
	return bytes.Join(list, nil)
}

// partsOfCMS finds the certificate, the content's digest and the signature. It
// looks only where encodeCMS puts them and leaves all judgement to the caller.
func partsOfCMS(value []byte) (cert *x509.Certificate, digest [sha256.Size]byte, sig []byte, err error) {
	type attribute struct {
		Type  asn1.ObjectIdentifier
		Value []asn1.RawValue `asn1:"set"`
	}
	type signerInfo struct {
		Version    int
		ID         asn1.RawValue
		DigestAlg  asn1.RawValue
		Attributes []attribute `asn1:"set,tag:0"`
		SigAlg     asn1.RawValue
		Signature  []byte
	}
	var info struct {
		Type    asn1.ObjectIdentifier
		Content struct {
			Version      int
			DigestAlgs   asn1.RawValue
			Encapsulated asn1.RawValue
			Certificates struct{ Only asn1.RawValue } `asn1:"tag:0"`
			Signers      []signerInfo                 `asn1:"set"`
		} `asn1:"explicit,tag:0"`
	}
	if _, err = asn1.Unmarshal(value, &info); err != nil {
		return
	}
	content := info.Content
	if len(content.Signers) != 1 {
		return nil, digest, nil, errors.New("not one signer")
	}
	if cert, err = x509.ParseCertificate(content.Certificates.Only.FullBytes); err != nil {
		return
	}
	for _, a := range content.Signers[0].Attributes {
		if a.Type.Equal(oidMessageDigest) && len(a.Value) == 1 {
			copy(digest[:], a.Value[0].Bytes)
		}
	}
	return cert, digest, content.Signers[0].Signature, nil
}

// signatureAlgorithm gives the one algorithm used with a key of this kind.
func signatureAlgorithm(pub crypto.PublicKey) (x509.SignatureAlgorithm, error) {
	switch k := pub.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return x509.ECDSAWithSHA256, nil
		}
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n >= 2048 && n <= 4096 {
			return x509.SHA256WithRSA, nil
		}
	}
	return 0, errors.New("neither P-256 nor RSA of 2048 to 4096 bits")
}

// canonicalSignature gives the one form of a signature. For every ECDSA
// signature (r, s) there is a second, (r, n-s), that anybody can compute; the
// one with the smaller s stands.
func canonicalSignature(pub crypto.PublicKey, sig []byte) ([]byte, error) {
	if _, ok := pub.(*ecdsa.PublicKey); !ok {
		return sig, nil
	}
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(sig, &rs); err != nil {
		return nil, err
	}
	n := elliptic.P256().Params().N
	if other := new(big.Int).Sub(n, rs.S); other.Cmp(rs.S) < 0 {
		rs.S = other
	}
	return marshal(rs), nil
}

// der writes one constructed value.
func der(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	out := []byte{tag}
	switch n := len(body); {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	case n < 0x10000:
		out = append(out, 0x82, byte(n>>8), byte(n))
	default:
		out = append(out, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, body...)
}

// marshal encodes a value of a type that always encodes.
func marshal(v any) []byte {
	b, err := asn1.Marshal(v)
	if err != nil {
		panic("seal: " + err.Error())
	}
	return b
}
