package seal

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"software.sslmate.com/src/go-pkcs12"

	"heyi/review"
)

// IssuerRole is the OU of a certificate that signs packages, and of no other.
const IssuerRole = "评审包签发"

// MaxIdentity is the largest PKCS #12 file that is read, in bytes; ours have some 2 kB.
const MaxIdentity = 64 << 10

// identityRounds is the cost of trying a passphrase on an issuer's identity: some 0.1 s.
const identityRounds = 200_000

// Issuer is a 签发单位 that signs packages: its key and a certificate that it gave
// itself. Who trusts it compares the fingerprint with one on paper. It prints as nothing.
type Issuer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// NewIssuer makes a P-256 key and a self-signed certificate of the usages that Issue
// gives, valid for 30 years from a day before at. The name is the 签发单位, at most 64
// characters (RFC 5280 on O and CN).
// Codes: those of review.CheckLine.
func NewIssuer(name string, at time.Time) (*Issuer, error) {
	const op = "seal.NewIssuer"
	if err := review.CheckLine("issuer", name, maxNamePart); err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, name, err)
	}
	serial := make([]byte, 16)
	rand.Read(serial) // never fails: crypto/rand ends the program instead
	serial[0] = serial[0]&0x7F | 0x40
	t := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial),
		Subject: pkix.Name{
			CommonName:         name,
			Organization:       []string{name},
			OrganizationalUnit: []string{IssuerRole},
			SerialNumber:       hex.EncodeToString(serial),
		},
		NotBefore:             at.Add(-slack),
		NotAfter:              at.AddDate(authorityYears, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		UnknownExtKeyUsage:    []asn1.ObjectIdentifier{oidDocumentSigning},
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, name, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, name, err)
	}
	return &Issuer{cert: cert, key: key}, nil
}

// ReadIssuer opens an identity that PKCS12 wrote, or another program from the same.
// Codes: CodeSecretWrong, CodeKeyForm (no PKCS #12 with one key and one certificate),
// those of CheckIssuer.
func ReadIssuer(file []byte, passphrase string) (*Issuer, error) {
	const op = "seal.ReadIssuer"
	if len(file) > MaxIdentity {
		return nil, review.E(review.CodeKeyForm, op, "", errors.New("too large"))
	}
	private, cert, err := pkcs12.Decode(file, passphrase)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword), err != nil && strings.ContainsFunc(passphrase, beyondBMP):
		return nil, review.E(review.CodeSecretWrong, op, "", err)
	case err != nil:
		return nil, review.E(review.CodeKeyForm, op, "", err)
	}
	key, ok := private.(*ecdsa.PrivateKey)
	if !ok || !key.PublicKey.Equal(cert.PublicKey) {
		return nil, review.E(review.CodeKeyForm, op, "", errors.New("not the certificate's P-256 key"))
	}
	if err := CheckIssuer(cert); err != nil {
		return nil, err
	}
	return &Issuer{cert: cert, key: key}, nil
}

// CheckIssuer tells whether a certificate is one that NewIssuer makes: for a P-256 key,
// signed by itself, for signing documents, of the IssuerRole alone, naming one
// organisation. Dates are not looked at: the machine's clock may be wrong, and the
// fingerprint is what is trusted.
// Codes: CodePackageRole (Item: whom the certificate names).
func CheckIssuer(c *x509.Certificate) error {
	const usage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	key, _ := c.PublicKey.(*ecdsa.PublicKey)
	var cause error
	switch {
	case key == nil || key.Curve != elliptic.P256():
		cause = errors.New("not a P-256 key")
	case !slices.Equal(c.Subject.OrganizationalUnit, []string{IssuerRole}) || len(c.Subject.Organization) != 1:
		cause = errors.New("another role")
	case c.IsCA || c.KeyUsage != usage || !slices.ContainsFunc(c.UnknownExtKeyUsage, oidDocumentSigning.Equal):
		cause = errors.New("usage")
	case !bytes.Equal(c.RawIssuer, c.RawSubject):
		cause = errors.New("not its own issuer")
	default:
		cause = c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	}
	if cause != nil {
		return review.E(review.CodePackageRole, "seal.CheckIssuer", review.Legible(c.Subject.CommonName), cause)
	}
	return nil
}

// String hides the key from logs and formats.
func (*Issuer) String() string { return "[已隐去]" }

// GoString hides the key from %#v.
func (*Issuer) GoString() string { return "[已隐去]" }

// Name gives the 签发单位.
func (i *Issuer) Name() string { return i.cert.Subject.Organization[0] }

// Certificate gives the certificate, DER.
func (i *Issuer) Certificate() []byte { return i.cert.Raw }

// PEM gives the certificate as other programs read it, such as openssl cms -CAfile.
func (i *Issuer) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.cert.Raw})
}

// Fingerprint gives the certificate's fingerprint.
func (i *Issuer) Fingerprint() Fingerprint { return FingerprintOf(i.cert.Raw) }

// Sign gives a CMS signature as SignCMS does.
func (i *Issuer) Sign(digest [sha256.Size]byte) ([]byte, error) {
	return SignCMS(digest, i.cert, i.key)
}

// PKCS12 gives key and certificate as a PKCS #12 file under a passphrase: PBES2 with
// PBKDF2-HMAC-SHA-256 and AES-256-CBC, HMAC-SHA-256 over all, which OpenSSL 1.1.1 and
// Windows Server 2019 and later read.
// Codes: CodeSecretShort (Item: the minimum), CodeTextControl (a character outside the
// Basic Multilingual Plane, which the format does not have).
func (i *Issuer) PKCS12(passphrase string) ([]byte, error) {
	const op = "seal.Issuer.PKCS12"
	if utf8.RuneCountInString(passphrase) < review.MinPassphrase {
		return nil, review.E(review.CodeSecretShort, op, strconv.Itoa(review.MinPassphrase), nil)
	}
	if strings.ContainsFunc(passphrase, beyondBMP) {
		return nil, review.E(review.CodeTextControl, op, "passphrase", nil)
	}
	file, err := pkcs12.Modern2023.WithIterations(identityRounds).Encode(i.key, i.cert, nil, passphrase)
	if err != nil {
		return nil, review.E(review.CodeInternal, op, "", err)
	}
	return file, nil
}

// beyondBMP finds characters that a passphrase of PKCS #12 cannot have (RFC 7292, B.1).
func beyondBMP(r rune) bool { return r > 0xFFFF || r == utf8.RuneError }

// Fingerprint names a certificate so that people can compare it: 40 decimal digits, the
// SHA-256 of the certificate as a number modulo 10^40.
type Fingerprint string

// fingerprintGroups is how many groups of four digits a fingerprint is shown as.
const fingerprintGroups = 10

var fingerprintRange = new(big.Int).Exp(big.NewInt(10), big.NewInt(4*fingerprintGroups), nil)

// FingerprintOf gives the fingerprint of a certificate, DER.
func FingerprintOf(certificate []byte) Fingerprint {
	h := sha256.Sum256(certificate)
	n := new(big.Int).SetBytes(h[:])
	return Fingerprint(fmt.Sprintf("%0*d", 4*fingerprintGroups, n.Mod(n, fingerprintRange)))
}

// ReadFingerprint reads a fingerprint as a person types it: with white space and dashes
// of any kind, in full-width digits as an input method may leave them.
// Codes: CodeFingerprint.
func ReadFingerprint(typed string) (Fingerprint, error) {
	f := Fingerprint(strings.Map(func(r rune) rune {
		r = narrow(r)
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, typed))
	if !f.Valid() {
		return "", review.E(review.CodeFingerprint, "seal.ReadFingerprint", "", nil)
	}
	return f, nil
}

// Valid tells whether f is a fingerprint at all.
func (f Fingerprint) Valid() bool {
	return len(f) == 4*fingerprintGroups && strings.Trim(string(f), "0123456789") == ""
}

// String writes a fingerprint as it stands on paper: ten groups of four digits.
func (f Fingerprint) String() string {
	if !f.Valid() {
		return string(f)
	}
	groups := make([]string, fingerprintGroups)
	for i := range groups {
		groups[i] = string(f[4*i : 4*i+4])
	}
	return strings.Join(groups, " ")
}
