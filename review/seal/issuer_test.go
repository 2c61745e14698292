package seal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"heyi/review"
	"heyi/review/reviewtest"
)

const testPassphrase = "签发身份的口令 2026"

var testIssuer = sync.OnceValues(func() (*Issuer, error) { return NewIssuer("虚构市大数据发展管理局", testTime) })

// identity gives one identity for all tests: its passphrase costs a tenth of a second.
var identity = sync.OnceValues(func() ([]byte, error) {
	i, err := testIssuer()
	if err != nil {
		return nil, err
	}
	return i.PKCS12(testPassphrase)
})

func TestIssuerCertificate(t *testing.T) {
	i, err := testIssuer()
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(i.Certificate())
	if err != nil {
		t.Fatal(err)
	}
	if i.Name() != "虚构市大数据发展管理局" || c.Subject.CommonName != i.Name() || c.Subject.OrganizationalUnit[0] != IssuerRole {
		t.Errorf("subject %v", c.Subject)
	}
	if c.IsCA || c.KeyUsage != x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment || len(c.ExtKeyUsage) != 1 || len(c.UnknownExtKeyUsage) != 1 {
		t.Errorf("usage %b, CA %v", c.KeyUsage, c.IsCA)
	}
	if !c.NotBefore.Equal(testTime.Add(-24*time.Hour)) || c.NotAfter.Year() != 2056 {
		t.Errorf("valid from %v to %v", c.NotBefore, c.NotAfter)
	}
	if err := CheckIssuer(c); err != nil {
		t.Error(err)
	}
	other, err := NewIssuer(i.Name(), testTime)
	if err != nil {
		t.Fatal(err)
	}
	if other.Fingerprint() == i.Fingerprint() {
		t.Error("two issuers have one fingerprint")
	}
	for _, s := range []string{fmt.Sprint(i), fmt.Sprintf("%+v %#v", i, i)} {
		if strings.Contains(s, "D:") || !strings.Contains(s, "[已隐去]") {
			t.Errorf("prints as %s", s)
		}
	}
	_, err = NewIssuer("", testTime)
	reviewtest.WantCode(t, err, review.CodeTextEmpty)
	if _, err = NewIssuer(strings.Repeat("局", 64), testTime); err != nil {
		t.Error(err)
	}
	_, err = NewIssuer(strings.Repeat("局", 65), testTime)
	reviewtest.WantCode(t, err, review.CodeTextLong)
	_, err = NewIssuer("局\u3000", testTime)
	reviewtest.WantCode(t, err, review.CodeTextControl)
}

func TestIssuerIdentity(t *testing.T) {
	i, err := testIssuer()
	if err != nil {
		t.Fatal(err)
	}
	file, err := identity()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadIssuer(file, testPassphrase)
	if err != nil {
		t.Fatal(err)
	}
	if !again.key.Equal(i.key) || !again.cert.Equal(i.cert) {
		t.Error("another key or certificate came back")
	}
	digest := sha256.Sum256([]byte("清单"))
	value, err := again.Sign(digest)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := ReadCMS(value); err != nil || s.Digest != digest || !s.Certificate.Equal(i.cert) {
		t.Errorf("%+v, %v", s, err)
	}
	_, err = ReadIssuer(file, "另一个口令也有十个字")
	reviewtest.WantCode(t, err, review.CodeSecretWrong)
	_, err = ReadIssuer(file, "口令里有辅助平面的字𫖮")
	reviewtest.WantCode(t, err, review.CodeSecretWrong)
	_, err = ReadIssuer(file[:len(file)-1], testPassphrase)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
	_, err = ReadIssuer(make([]byte, MaxIdentity+1), testPassphrase)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
	_, err = i.PKCS12("九个字的口令不够长")
	reviewtest.WantCode(t, err, review.CodeSecretShort)
	_, err = i.PKCS12("口令里有辅助平面的字𫖮")
	reviewtest.WantCode(t, err, review.CodeTextControl)
}

// TestIssuerIdentityForeign: PKCS #12 files of others are no identities of issuers.
func TestIssuerIdentityForeign(t *testing.T) {
	i, err := testIssuer()
	if err != nil {
		t.Fatal(err)
	}
	pack := func(key any, cert *x509.Certificate) []byte {
		file, err := pkcs12.Modern2023.Encode(key, cert, nil, testPassphrase)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	k := p256(t)
	_, err = ReadIssuer(pack(k, issue(t, panel(), k, "龚𫖮")), testPassphrase)
	reviewtest.WantCode(t, err, review.CodePackageRole)
	_, err = ReadIssuer(pack(k, i.cert), testPassphrase)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
	c, signer := rsaSigner(t, nil)
	_, err = ReadIssuer(pack(signer, c), testPassphrase)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
}

// TestIssuerIdentityCost: what would take too long to try is refused before it is tried,
// wherever the file says so.
func TestIssuerIdentityCost(t *testing.T) {
	file, err := identity()
	if err != nil {
		t.Fatal(err)
	}
	marshal := func(v any) []byte {
		b, err := asn1.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	explicit := func(b []byte) asn1.RawValue {
		return asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: b}
	}
	type kdf struct {
		Salt   []byte
		Rounds int
	}
	type pbes2 struct{ KDF, Cipher pkix.AlgorithmIdentifier }
	nested := func(rounds int) asn1.RawValue {
		inner := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2}, Parameters: asn1.RawValue{FullBytes: marshal(kdf{[]byte("salt"), rounds})}}
		return asn1.RawValue{FullBytes: marshal(pbes2{inner, inner})}
	}
	plain := func(rounds int) asn1.RawValue { return asn1.RawValue{FullBytes: marshal(kdf{[]byte("salt"), rounds})} }
	// contents gives the identity with something else among the contents of its safe.
	contents := func(change func(list []contentInfo)) []byte {
		var p pfx
		var safe []byte
		var list []contentInfo
		for _, err := range []error{unmarshal(file, &p), unmarshal(p.Safe.Content.Bytes, &safe), unmarshal(safe, &list)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		change(list)
		p.Safe.Content = explicit(marshal(marshal(list)))
		return marshal(p)
	}
	for what, of := range map[string]func(rounds int) []byte{
		"as it is": func(int) []byte { return contents(func([]contentInfo) {}) },
		"the seal": func(rounds int) []byte {
			var p pfx
			if err := unmarshal(file, &p); err != nil {
				t.Fatal(err)
			}
			p.MAC.Rounds = rounds
			return marshal(p)
		},
		"another seal": func(rounds int) []byte { // PBMAC1, RFC 9579
			var p pfx
			if err := unmarshal(file, &p); err != nil {
				t.Fatal(err)
			}
			p.MAC.MAC.Algorithm = pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 14}, Parameters: nested(rounds)}
			return marshal(p)
		},
		"the certificate": func(rounds int) []byte {
			return contents(func(list []contentInfo) {
				var e encryptedData
				if err := unmarshal(list[0].Content.Bytes, &e); err != nil {
					t.Fatal(err)
				}
				e.Content.Algorithm.Parameters = nested(rounds)
				list[0].Content = explicit(marshal(e))
			})
		},
		"the key": func(rounds int) []byte {
			return contents(func(list []contentInfo) {
				key := shroudedKey{Algorithm: pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2}, Parameters: plain(rounds)}}
				list[1].Content = explicit(marshal(marshal([]safeBag{{ID: oidShroudedKey, Value: explicit(marshal(key))}})))
			})
		},
	} {
		if err := checkRounds(of(maxRounds)); err != nil {
			t.Errorf("%s at the limit: %v", what, err)
		}
		if what == "as it is" {
			continue
		}
		if err := checkRounds(of(maxRounds + 1)); err == nil {
			t.Errorf("%s above the limit is tried", what)
		}
		_, err := ReadIssuer(of(1<<40), testPassphrase)
		reviewtest.WantCode(t, err, review.CodeKeyForm)
	}
}

// TestCheckIssuer changes one thing at a time of a certificate that would do.
func TestCheckIssuer(t *testing.T) {
	make := func(change func(c *x509.Certificate), parent *x509.Certificate, key any) *x509.Certificate {
		own := p256(t)
		c := &x509.Certificate{
			SerialNumber:          big.NewInt(1),
			Subject:               pkix.Name{CommonName: "单位", Organization: []string{"单位"}, OrganizationalUnit: []string{IssuerRole}},
			NotBefore:             testTime,
			NotAfter:              testTime.AddDate(1, 0, 0),
			KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
			ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
			UnknownExtKeyUsage:    []asn1.ObjectIdentifier{oidDocumentSigning},
			BasicConstraintsValid: true,
		}
		if change != nil {
			change(c)
		}
		if parent == nil {
			parent, key = c, own
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, own.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return cert
	}
	if err := CheckIssuer(make(nil, nil, nil)); err != nil {
		t.Fatal(err)
	}
	a := panel()
	own := *a.cert
	own.RawSubject = nil
	own.Subject = pkix.Name{CommonName: "单位", Organization: []string{"单位"}, OrganizationalUnit: []string{IssuerRole}}
	for what, c := range map[string]*x509.Certificate{
		"another role":    make(func(c *x509.Certificate) { c.Subject.OrganizationalUnit = []string{"专家"} }, nil, nil),
		"two roles":       make(func(c *x509.Certificate) { c.Subject.OrganizationalUnit = []string{IssuerRole, "专家"} }, nil, nil),
		"no role":         make(func(c *x509.Certificate) { c.Subject.OrganizationalUnit = nil }, nil, nil),
		"no organisation": make(func(c *x509.Certificate) { c.Subject.Organization = nil }, nil, nil),
		"another name":    make(func(c *x509.Certificate) { c.Subject.CommonName = "别的单位" }, nil, nil),
		"white space around its name": make(func(c *x509.Certificate) {
			c.Subject.CommonName, c.Subject.Organization = "单位 ", []string{"单位 "}
		}, nil, nil),
		"a name that steers": make(func(c *x509.Certificate) {
			c.Subject.CommonName, c.Subject.Organization = "单\u202e位", []string{"单\u202e位"}
		}, nil, nil),
		"an endless name": make(func(c *x509.Certificate) {
			c.Subject.CommonName, c.Subject.Organization = strings.Repeat("局", 65), []string{strings.Repeat("局", 65)}
		}, nil, nil),
		"never valid": make(func(c *x509.Certificate) { c.NotAfter = c.NotBefore }, nil, nil),
		"something critical": make(func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}}}
		}, nil, nil),
		"an authority":                  make(func(c *x509.Certificate) { c.IsCA = true }, nil, nil),
		"more usage":                    make(func(c *x509.Certificate) { c.KeyUsage |= x509.KeyUsageKeyEncipherment }, nil, nil),
		"less usage":                    make(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }, nil, nil),
		"no documents":                  make(func(c *x509.Certificate) { c.UnknownExtKeyUsage = nil }, nil, nil),
		"issued":                        make(nil, a.cert, a.key),
		"issued by one of its own name": make(nil, &own, a.key),
		"RSA": func() *x509.Certificate {
			c, _ := rsaSigner(t, func(c *x509.Certificate) { c.Subject.OrganizationalUnit = []string{IssuerRole} })
			return c
		}(),
	} {
		if err := CheckIssuer(c); review.CodeOf(err) != review.CodePackageRole || review.ItemOf(err) != review.Legible(namePart(c.Subject.CommonName)) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestIssuerOpenSSL: OpenSSL opens the identity and gives the same key and certificate,
// and reads what was written anew by it from there.
func TestIssuerOpenSSL(t *testing.T) {
	i, err := testIssuer()
	if err != nil {
		t.Fatal(err)
	}
	file, err := identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	secret := "file:" + write("secret", []byte(testPassphrase+"\n"))
	p12 := write("issuer.p12", file)
	out, err := exec.Command("openssl", "pkcs12", "-in", p12, "-passin", secret, "-nodes").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	blocks := map[string][]byte{}
	for rest := out; ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			break
		}
		blocks[b.Type] = b.Bytes
	}
	if !bytes.Equal(blocks["CERTIFICATE"], i.Certificate()) {
		t.Error("another certificate")
	}
	if k, err := x509.ParsePKCS8PrivateKey(blocks["PRIVATE KEY"]); err != nil || !i.key.Equal(k) {
		t.Errorf("another key: %v", err)
	}
	if out, err := exec.Command("openssl", "pkcs12", "-in", p12, "-passin", "pass:falsch", "-nodes").CombinedOutput(); err == nil {
		t.Errorf("OpenSSL opens it with any passphrase:\n%s", out)
	}
	both := write("both.pem", out)
	again := filepath.Join(dir, "again.p12")
	if out, err := exec.Command("openssl", "pkcs12", "-export", "-in", both, "-out", again, "-passout", secret).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	theirs, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	if j, err := ReadIssuer(theirs, testPassphrase); err != nil || !j.key.Equal(i.key) {
		t.Errorf("of OpenSSL: %v", err)
	}
}

func TestFingerprint(t *testing.T) {
	// SHA-256 of nothing, e3b0c442…7852b855, modulo 10^40.
	const want = "9799900648198034993379397001115665086549"
	f := FingerprintOf(nil)
	if f != want {
		t.Errorf("%q, want %q", f, want)
	}
	shown := f.String()
	if len(strings.Fields(shown)) != 10 || strings.ReplaceAll(shown, " ", "") != string(f) {
		t.Errorf("shown as %q", shown)
	}
	wide := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '０'
		}
		return r
	}, shown)
	for _, typed := range []string{string(f), shown, " " + strings.ReplaceAll(shown, " ", "-") + "\n", wide, strings.ReplaceAll(wide, " ", "　")} {
		if got, err := ReadFingerprint(typed); err != nil || got != f {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", shown[1:], shown + "1", strings.Replace(shown, shown[:1], "O", 1)} {
		_, err := ReadFingerprint(typed)
		reviewtest.WantCode(t, err, review.CodeFingerprint)
	}
	if Fingerprint("x").String() != "x" {
		t.Error("what is no fingerprint is shown as it is")
	}
}
