package seal

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"strings"
	"time"

	"heyi/review"
)

// The measures of the panel's certificates (decisions 3).
const (
	authorityBits  = 3072
	authorityYears = 30
	// slack lets a paper that is signed in the minute of the certificate's
	// issue, or after the clock was set back a little, stay inside its validity.
	slack = 24 * time.Hour
	// maxNamePart is the bound of RFC 5280 on CN, O and OU, in characters.
	maxNamePart = 64
)

// oidDocumentSigning is id-kp-documentSigning of RFC 9336.
var oidDocumentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}

// Authority is the panel's own certificate authority. It exists for one
// meeting; its key is sealed to the officers and destroyed at filing.
type Authority struct {
	cert *x509.Certificate
	key  *rsa.PrivateKey
}

// forever is the NotAfter of certificates without a known end (RFC 5280, 4.1.2.5): the clock
// of a machine that was wrong when a panel was confirmed must not end its papers, nor keep
// anybody from signing once it is set right.
var forever = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// NewAuthority makes an RSA-3072 key and a self-signed certificate valid from a day before
// at, without an end. The subject names the meeting and carries the
// random serial, so two panels never share a name: certificate stores confuse
// authorities of equal name and serial.
func NewAuthority(meeting string, at time.Time) (*Authority, error) {
	const op = "seal.NewAuthority"
	key, err := rsa.GenerateKey(rand.Reader, authorityBits)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	serial := make([]byte, 16)
	rand.Read(serial) // never fails: crypto/rand ends the program instead
	serial[0] = serial[0]&0x7F | 0x40
	t := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial),
		Subject: pkix.Name{
			CommonName:         "评审组自建证书",
			Organization:       []string{namePart(meeting)},
			OrganizationalUnit: []string{"合议"},
			SerialNumber:       hex.EncodeToString(serial),
		},
		NotBefore:             at.Add(-slack),
		NotAfter:              forever,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	return &Authority{cert: cert, key: key}, nil
}

// ParseAuthority restores an authority from its certificate (DER) and from its
// key as given by Key.
// Codes: CodeKeyForm (no such key, or not the certificate's), CodeCertForm.
func ParseAuthority(certificate, key []byte) (*Authority, error) {
	const op = "seal.ParseAuthority"
	cert, err := x509.ParseCertificate(certificate)
	if err != nil || !cert.IsCA {
		return nil, review.E(review.CodeCertForm, op, "", err)
	}
	k, err := x509.ParsePKCS8PrivateKey(key)
	if err != nil {
		return nil, review.E(review.CodeKeyForm, op, "", err)
	}
	private, ok := k.(*rsa.PrivateKey)
	if !ok || !private.PublicKey.Equal(cert.PublicKey) {
		return nil, review.E(review.CodeKeyForm, op, "", nil)
	}
	return &Authority{cert: cert, key: private}, nil
}

// String hides the key from logs and formats.
func (*Authority) String() string { return "[已隐去]" }

// GoString hides the key from %#v.
func (*Authority) GoString() string { return "[已隐去]" }

// Certificate gives the authority's certificate, DER.
func (a *Authority) Certificate() []byte { return a.cert.Raw }

// Key gives the private key as PKCS #8, to be sealed and then forgotten.
func (a *Authority) Key() []byte {
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		panic("seal: " + err.Error()) // an RSA key always marshals
	}
	return der
}

// Subject is whom a certificate names.
type Subject struct {
	Name    string // of the person
	Role    string // 秘书, 专家 …
	Meeting string // 会议名称
}

// Issue gives pub, which must be a P-256 key, a certificate for signing
// documents: key usage digitalSignature and contentCommitment, extended usage
// emailProtection and documentSigning (readers trust no other mix, pdf.md 2.3),
// valid from a day before at for as long as the authority.
// Codes: CodeKeyForm.
func (a *Authority) Issue(pub crypto.PublicKey, to Subject, at time.Time) ([]byte, error) {
	const op = "seal.Authority.Issue"
	if k, ok := pub.(*ecdsa.PublicKey); !ok || k.Curve != elliptic.P256() {
		return nil, review.E(review.CodeKeyForm, op, to.Name, nil)
	}
	from := at.Add(-slack)
	if from.Before(a.cert.NotBefore) {
		from = a.cert.NotBefore
	}
	t := &x509.Certificate{
		Subject: pkix.Name{
			CommonName:         namePart(to.Name),
			Organization:       []string{namePart(to.Meeting)},
			OrganizationalUnit: []string{namePart(to.Role)},
		},
		NotBefore:             from,
		NotAfter:              a.cert.NotAfter,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		UnknownExtKeyUsage:    []asn1.ObjectIdentifier{oidDocumentSigning},
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, pub, a.key)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, to.Name, err)
	}
	return der, nil
}

// NewStamp makes the key of an archive's signature and its certificate (DER), as Issue does, in
// the name of the panel of a meeting and of no person. The caller signs the papers of one set
// with it and forgets it: the key is not to be kept.
func NewStamp(a *Authority, meeting string, at time.Time) (key crypto.Signer, certificate []byte, err error) {
	stamp, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, review.E(review.CodeInternal, "seal.NewStamp", "", err)
	}
	certificate, err = a.Issue(stamp.Public(), Subject{Name: "评审组归档", Role: review.ArchiveRole.Name(), Meeting: meeting}, at)
	if err != nil {
		return nil, nil, err
	}
	return stamp, certificate, nil
}

// CheckCertificate tells whether der is a certificate that the authority (DER) issued to
// the holder of keys under a name, as Issue does.
// Codes: CodeCertForm (no certificate, or one of another key or name; or no authority),
// CodeChain (not of this authority).
func CheckCertificate(der, authority []byte, keys review.PublicKeys, name string) error {
	const op = "seal.CheckCertificate"
	ca, err := x509.ParseCertificate(authority)
	if err != nil || !ca.IsCA {
		return review.E(review.CodeCertForm, op, name, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return review.E(review.CodeCertForm, op, name, err)
	}
	key, err := SigningKey(keys)
	if err != nil || !key.Equal(cert.PublicKey) || cert.Subject.CommonName != namePart(name) {
		return review.E(review.CodeCertForm, op, name, err)
	}
	if err := cert.CheckSignatureFrom(ca); err != nil || !bytes.Equal(cert.RawIssuer, ca.RawSubject) {
		return review.E(review.CodeChain, op, name, err)
	}
	return nil
}

// namePart cuts s to what one part of a distinguished name may hold.
func namePart(s string) string {
	r := []rune(strings.TrimSpace(s))
	return string(r[:min(len(r), maxNamePart)])
}
