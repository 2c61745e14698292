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

// maxRounds is the highest cost of a passphrase that is tried: some seconds.
const maxRounds = 10_000_000

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
// characters (RFC 5280 on O and CN), without white space around it.
// Codes: those of review.CheckLine.
func NewIssuer(name string, at time.Time) (*Issuer, error) {
	const op = "seal.NewIssuer"
	if err := checkIssuerName(name); err != nil {
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

// checkIssuerName tells whether a 签发单位 may be called so.
// Codes: those of review.CheckLine; CodeTextControl (white space around it).
func checkIssuerName(name string) error {
	if strings.TrimSpace(name) != name && strings.TrimSpace(name) != "" {
		return review.E(review.CodeTextControl, "seal.checkIssuerName", "issuer", errors.New("white space around it"))
	}
	return review.CheckLine("issuer", name, maxNamePart)
}

// ReadIssuer opens an identity that PKCS12 wrote, or another program from the same. It
// tries no passphrase whose cost is above ten million rounds.
// Codes: CodeSecretWrong, CodeKeyForm (no PKCS #12 with one key and one certificate, or
// of a higher cost), those of CheckIssuer.
func ReadIssuer(file []byte, passphrase string) (*Issuer, error) {
	const op = "seal.ReadIssuer"
	if len(file) > MaxIdentity {
		return nil, review.E(review.CodeKeyForm, op, "", errors.New("too large"))
	}
	if err := checkRounds(file); err != nil {
		return nil, review.E(review.CodeKeyForm, op, "", err)
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
// organisation, twice and in text that may stand on a line, with nothing critical that is
// not known. What its dates say of today is not looked at: the machine's clock may be
// wrong, and the fingerprint is what is trusted.
// Codes: CodePackageRole (Item: whom the certificate names, in at most 64 characters).
func CheckIssuer(c *x509.Certificate) error {
	const usage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	key, _ := c.PublicKey.(*ecdsa.PublicKey)
	var cause error
	switch {
	case key == nil || key.Curve != elliptic.P256():
		cause = errors.New("not a P-256 key")
	case !slices.Equal(c.Subject.OrganizationalUnit, []string{IssuerRole}) || len(c.Subject.Organization) != 1:
		cause = errors.New("another role")
	case c.Subject.CommonName != c.Subject.Organization[0] || checkIssuerName(c.Subject.CommonName) != nil:
		cause = errors.New("two names, or none that can be shown")
	case c.IsCA || c.KeyUsage != usage || !slices.ContainsFunc(c.UnknownExtKeyUsage, oidDocumentSigning.Equal):
		cause = errors.New("usage")
	case len(c.UnhandledCriticalExtensions) > 0 || !c.NotAfter.After(c.NotBefore):
		cause = errors.New("unknown and critical, or no time at which it is valid")
	case !bytes.Equal(c.RawIssuer, c.RawSubject):
		cause = errors.New("not its own issuer")
	default:
		cause = c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	}
	if cause != nil {
		return review.E(review.CodePackageRole, "seal.CheckIssuer", review.Legible(namePart(c.Subject.CommonName)), cause)
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

// The parts of a PKCS #12 file that say what trying a passphrase costs (RFC 7292).
type (
	pfx struct {
		Version int
		Safe    contentInfo
		MAC     struct {
			MAC struct {
				Algorithm pkix.AlgorithmIdentifier
				Digest    []byte
			}
			Salt   []byte
			Rounds int `asn1:"optional,default:1"`
		} `asn1:"optional"`
	}
	contentInfo struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"tag:0,explicit,optional"`
	}
	encryptedData struct {
		Version int
		Content struct {
			Type      asn1.ObjectIdentifier
			Algorithm pkix.AlgorithmIdentifier
			Data      []byte `asn1:"tag:0,optional"`
		}
	}
	safeBag struct {
		ID         asn1.ObjectIdentifier
		Value      asn1.RawValue   `asn1:"tag:0,explicit"`
		Attributes []asn1.RawValue `asn1:"set,optional"`
	}
	shroudedKey struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
)

// oidShroudedKey is pkcs-12-pkcs-8ShroudedKeyBag.
var oidShroudedKey = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2}

// checkRounds requires that no passphrase of a PKCS #12 file costs more than maxRounds.
// It reads what can be read without the passphrase; who knows it could yet hide a key
// of a higher cost among the encrypted certificates.
func checkRounds(file []byte) error {
	var p pfx
	var safe []byte
	var contents []contentInfo
	if err := errors.Join(unmarshal(file, &p), unmarshal(p.Safe.Content.Bytes, &safe), unmarshal(safe, &contents)); err != nil {
		return err
	}
	algorithms := []pkix.AlgorithmIdentifier{p.MAC.MAC.Algorithm}
	for _, c := range contents {
		var encrypted encryptedData
		var data []byte
		if unmarshal(c.Content.Bytes, &encrypted) == nil {
			algorithms = append(algorithms, encrypted.Content.Algorithm)
			continue
		}
		var bags []safeBag
		if err := errors.Join(unmarshal(c.Content.Bytes, &data), unmarshal(data, &bags)); err != nil {
			return err
		}
		for _, b := range bags {
			var key shroudedKey
			if !b.ID.Equal(oidShroudedKey) {
				continue
			}
			if err := unmarshal(b.Value.Bytes, &key); err != nil {
				return err
			}
			algorithms = append(algorithms, key.Algorithm)
		}
	}
	for _, a := range algorithms {
		if n := max(roundsOf(a), p.MAC.Rounds); n > maxRounds {
			return fmt.Errorf("%d rounds", n)
		}
	}
	return nil
}

// roundsOf gives the rounds that the parameters of an algorithm name: {salt, rounds, …},
// or those of the algorithm that they begin with, as those of PBES2 and PBMAC1 do.
func roundsOf(a pkix.AlgorithmIdentifier) int {
	var own struct {
		Salt   asn1.RawValue
		Rounds int
	}
	var outer struct{ KDF pkix.AlgorithmIdentifier }
	switch {
	case unmarshal(a.Parameters.FullBytes, &own) == nil:
		return own.Rounds
	case unmarshal(a.Parameters.FullBytes, &outer) == nil:
		return roundsOf(outer.KDF)
	}
	return 0
}

// unmarshal reads DER with nothing behind it.
func unmarshal(b []byte, v any) error {
	rest, err := asn1.Unmarshal(b, v)
	if err == nil && len(rest) > 0 {
		return errors.New("something behind the end")
	}
	return err
}

// beyondBMP finds characters that a passphrase of PKCS #12 cannot have (RFC 7292, B.1).
func beyondBMP(r rune) bool { return r > 0xFFFF || r == utf8.RuneError }

// Fingerprint names a certificate so that people can compare it: 40 decimal digits, the
// SHA-256 of the certificate as a number modulo 10^40.
type Fingerprint string

// fingerprintGroups is how many groups of four digits a fingerprint is shown as.
const fingerprintGroups = 10

// FingerprintOf gives the fingerprint of a certificate, DER.
func FingerprintOf(certificate []byte) Fingerprint {
	return Fingerprint(review.DigestOf(certificate).Decimal())
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
