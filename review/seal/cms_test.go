package seal

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/reviewtest"
)

var testContent = []byte("评审会议记录\n")

func signed(tb testing.TB) (value []byte, cert *x509.Certificate) {
	tb.Helper()
	k := p256(tb)
	cert = issue(tb, panel(), k, "龚𫖮")
	value, err := SignCMS(sha256.Sum256(testContent), cert, k)
	if err != nil {
		tb.Fatal(err)
	}
	return value, cert
}

// rsaSigner is a certificate with an RSA key, as a token of an organiser may have.
func rsaSigner(tb testing.TB, change func(*x509.Certificate)) (*x509.Certificate, crypto.Signer) {
	tb.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	a := panel()
	t := &x509.Certificate{
		Subject:            pkix.Name{CommonName: "组织单位"},
		NotBefore:          testTime.Add(-time.Hour),
		NotAfter:           testTime.Add(time.Hour),
		KeyUsage:           x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage:        []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		UnknownExtKeyUsage: []asn1.ObjectIdentifier{oidDocumentSigning},
	}
	if change != nil {
		change(t)
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, k.Public(), a.key)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return c, k
}

func TestCMSRoundTrip(t *testing.T) {
	value, cert := signed(t)
	s, err := ReadCMS(value)
	if err != nil {
		t.Fatal(err)
	}
	if s.Digest != sha256.Sum256(testContent) || !s.Certificate.Equal(cert) {
		t.Error("another digest or certificate came back")
	}
	if err := s.Chain([]*x509.Certificate{panel().cert}, testTime); err != nil {
		t.Error(err)
	}

	c, k := rsaSigner(t, nil)
	value, err = SignCMS(sha256.Sum256(testContent), c, k)
	if err != nil {
		t.Fatal(err)
	}
	if s, err = ReadCMS(value); err != nil {
		t.Fatal(err)
	}
	if err := s.Chain([]*x509.Certificate{panel().cert}, testTime); err != nil {
		t.Error(err)
	}
}

// TestCMSOpenSSL lets OpenSSL judge: level CAdES, detached, both kinds of key.
func TestCMSOpenSSL(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	content := file("content", testContent)
	ca := file("ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: panel().Certificate()}))
	p256Value, _ := signed(t)
	c, k := rsaSigner(t, nil)
	rsaValue, err := SignCMS(sha256.Sum256(testContent), c, k)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string][]byte{"p256": p256Value, "rsa": rsaValue} {
		run := func(content string) (string, error) {
			out, err := exec.Command("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER",
				"-in", file(name, value), "-content", content, "-CAfile", ca, "-purpose", "smimesign",
				"-attime", strconv.FormatInt(testTime.Unix(), 10), "-out", filepath.Join(dir, "out")).CombinedOutput()
			return string(out), err
		}
		if out, err := run(content); err != nil || !strings.Contains(out, "successful") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		if out, err := run(file("other", []byte("另一份"))); err == nil {
			t.Errorf("%s: OpenSSL accepts other content:\n%s", name, out)
		}
	}
}

// TestCMSEveryBit flips each bit of a value in turn. Neither another form nor
// another content may pass.
func TestCMSEveryBit(t *testing.T) {
	value, _ := signed(t)
	for i := range len(value) * 8 {
		value[i/8] ^= 1 << (i % 8)
		if _, err := ReadCMS(value); review.CodeOf(err) != review.CodeCMSForm {
			t.Errorf("bit %d of byte %d: %v", i%8, i/8, err)
		}
		value[i/8] ^= 1 << (i % 8)
	}
	for n := range value {
		_, err := ReadCMS(value[:n])
		reviewtest.WantCode(t, err, review.CodeCMSForm)
	}
	for _, more := range []int{1, MaxCMS} {
		_, err := ReadCMS(append(value[:len(value):len(value)], make([]byte, more)...))
		reviewtest.WantCode(t, err, review.CodeCMSForm)
	}
}

// TestCMSOtherECDSAForm refuses the signature that anybody can compute from
// one: (r, n-s) verifies, too.
func TestCMSOtherECDSAForm(t *testing.T) {
	value, cert := signed(t)
	_, digest, sig, err := partsOfCMS(value)
	if err != nil {
		t.Fatal(err)
	}
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(sig, &rs); err != nil {
		t.Fatal(err)
	}
	rs.S.Sub(p256(t).Params().N, rs.S)
	other := marshal(rs)
	if err := cert.CheckSignature(x509.ECDSAWithSHA256, der(tagSet, signedAttributes(cert, digest)), other); err != nil {
		t.Fatalf("the other form should be a valid signature: %v", err)
	}
	_, err = ReadCMS(encodeCMS(cert, x509.ECDSAWithSHA256, digest, other))
	reviewtest.WantCode(t, err, review.CodeCMSForm)
}

func TestCMSWrongKey(t *testing.T) {
	cert := issue(t, panel(), p256(t), "甲")
	_, err := SignCMS(sha256.Sum256(testContent), cert, p256(t))
	reviewtest.WantCode(t, err, review.CodeKeyForm)

	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	_, err = SignCMS(sha256.Sum256(testContent), cert, weak)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
}

func TestCMSChain(t *testing.T) {
	other, err := NewAuthority("另一个会", testTime)
	if err != nil {
		t.Fatal(err)
	}
	value, cert := signed(t)
	s, err := ReadCMS(value)
	if err != nil {
		t.Fatal(err)
	}
	ours := []*x509.Certificate{panel().cert}
	for _, c := range []struct {
		name  string
		roots []*x509.Certificate
		at    time.Time
	}{
		{"no root", nil, testTime},
		{"another authority", []*x509.Certificate{other.cert}, testTime},
		{"the certificate itself as root", []*x509.Certificate{cert}, testTime},
		{"before its time", ours, testTime.AddDate(0, 0, -2)},
		{"after its time", ours, forever.AddDate(1, 0, 0)},
		{"no time", ours, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			reviewtest.WantCode(t, s.Chain(c.roots, c.at), review.CodeChain)
		})
	}
	if err := s.Chain([]*x509.Certificate{other.cert, panel().cert}, testTime); err != nil {
		t.Errorf("one root of two: %v", err)
	}

	for _, c := range []struct {
		name   string
		change func(*x509.Certificate)
	}{
		{"no e-mail protection", func(c *x509.Certificate) { c.ExtKeyUsage = nil }},
		{"no document signing", func(c *x509.Certificate) { c.UnknownExtKeyUsage = nil }},
		{"no content commitment", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }},
		{"an authority", func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }},
	} {
		t.Run(c.name, func(t *testing.T) {
			cert, _ := rsaSigner(t, c.change)
			s := &Signature{Certificate: cert}
			reviewtest.WantCode(t, s.Chain(ours, testTime), review.CodeChain)
		})
	}
}

// FuzzReadCMS wants no panic, and nothing accepted but what the encoder writes.
func FuzzReadCMS(f *testing.F) {
	value, _ := signed(f)
	f.Add(value)
	f.Add(value[:len(value)/2])
	f.Add([]byte{0x30, 0x80})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadCMS(b)
		if err == nil && s.Digest != sha256.Sum256(testContent) {
			t.Errorf("accepted another content in %x", b)
		}
		if err != nil {
			reviewtest.WantCode(t, err, review.CodeCMSForm)
		}
	})
}

func BenchmarkSignCMS(b *testing.B) {
	k := p256(b)
	cert := issue(b, panel(), k, "甲")
	for b.Loop() {
		if _, err := SignCMS(sha256.Sum256(testContent), cert, k); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadCMS(b *testing.B) {
	value, _ := signed(b)
	for b.Loop() {
		if _, err := ReadCMS(value); err != nil {
			b.Fatal(err)
		}
	}
}
