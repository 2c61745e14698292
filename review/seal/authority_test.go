package seal

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"heyi/review"
	"heyi/review/reviewtest"
)

var testTime = time.Date(2026, 11, 21, 15, 4, 5, 0, time.FixedZone("", 8*3600))

// panel gives one authority for all tests: an RSA-3072 key costs a third of a second.
var panel = sync.OnceValue(func() *Authority {
	a, err := NewAuthority("城东综合管廊方案评审会", testTime)
	if err != nil {
		panic(err)
	}
	return a
})

func p256(tb testing.TB) *ecdsa.PrivateKey {
	tb.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

func issue(tb testing.TB, a *Authority, k *ecdsa.PrivateKey, name string) *x509.Certificate {
	tb.Helper()
	der, err := a.Issue(k.Public(), Subject{Name: name, Role: "秘书", Meeting: "城东综合管廊方案评审会"}, testTime)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestAuthorityIssues(t *testing.T) {
	a := panel()
	c := issue(t, a, p256(t), "龚𫖮")
	if c.Subject.CommonName != "龚𫖮" || c.Subject.OrganizationalUnit[0] != "秘书" {
		t.Errorf("subject %v", c.Subject)
	}
	if !bytes.Contains(c.RawSubject, append([]byte{0x0C, byte(len("龚𫖮"))}, "龚𫖮"...)) {
		t.Error("the name is not a UTF8String")
	}
	if c.IsCA || c.KeyUsage != x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment {
		t.Errorf("usage %b, CA %v", c.KeyUsage, c.IsCA)
	}
	if len(c.ExtKeyUsage) != 1 || c.ExtKeyUsage[0] != x509.ExtKeyUsageEmailProtection ||
		len(c.UnknownExtKeyUsage) != 1 || !c.UnknownExtKeyUsage[0].Equal(oidDocumentSigning) {
		t.Errorf("extended usage %v %v", c.ExtKeyUsage, c.UnknownExtKeyUsage)
	}
	if want := testTime.Add(-24 * time.Hour); !c.NotBefore.Equal(want) {
		t.Errorf("valid from %v, want %v", c.NotBefore, want)
	}
	ca, err := x509.ParseCertificate(a.Certificate())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CheckSignatureFrom(ca); err != nil {
		t.Error(err)
	}
	if ca.PublicKey.(interface{ Size() int }).Size() != 3072/8 || ca.NotAfter.Year() != 9999 || !c.NotAfter.Equal(ca.NotAfter) {
		t.Errorf("authority until %v, certificate until %v", ca.NotAfter, c.NotAfter)
	}
}

// TestStamp holds that an archive's key is a new one each time, certified for the panel in no
// person's name and in no role that a person can have.
func TestStamp(t *testing.T) {
	a := panel()
	ca, err := x509.ParseCertificate(a.Certificate())
	if err != nil {
		t.Fatal(err)
	}
	var keys []crypto.PublicKey
	for range 2 {
		key, der, err := NewStamp(a, "城东综合管廊方案评审会", testTime)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		pub, ok := key.Public().(*ecdsa.PublicKey)
		if !ok || pub.Curve != elliptic.P256() || !pub.Equal(c.PublicKey) {
			t.Errorf("the key is %T, the certificate's %T", key.Public(), c.PublicKey)
		}
		if c.Subject.CommonName != "评审组归档" || c.Subject.OrganizationalUnit[0] != "归档专用" || c.Subject.Organization[0] != "城东综合管廊方案评审会" {
			t.Errorf("subject %v", c.Subject)
		}
		if err := c.CheckSignatureFrom(ca); err != nil {
			t.Error(err)
		}
		keys = append(keys, pub)
	}
	if keys[0].(*ecdsa.PublicKey).Equal(keys[1]) {
		t.Error("two papers' archives have one key")
	}
	reviewtest.WantCode(t, review.CheckRoles([]review.Role{review.ArchiveRole}), review.CodeSeatRoles)
}

// TestAuthorityClockBack issues after the clock was set back: the certificate
// must not begin before its authority.
func TestAuthorityClockBack(t *testing.T) {
	a := panel()
	der, err := a.Issue(p256(t).Public(), Subject{Name: "甲"}, testTime.AddDate(0, -1, 0))
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if !c.NotBefore.Equal(a.cert.NotBefore) {
		t.Errorf("begins %v, authority begins %v", c.NotBefore, a.cert.NotBefore)
	}
}

func TestAuthoritiesDiffer(t *testing.T) {
	b, err := NewAuthority("城东综合管廊方案评审会", testTime)
	if err != nil {
		t.Fatal(err)
	}
	a := panel()
	if bytes.Equal(a.cert.RawSubject, b.cert.RawSubject) || a.cert.SerialNumber.Cmp(b.cert.SerialNumber) == 0 {
		t.Error("two authorities of one meeting share a name or a serial number")
	}
}

func TestAuthorityLongNames(t *testing.T) {
	long := strings.Repeat("评", review.MaxTitle)
	der, err := panel().Issue(p256(t).Public(), Subject{Name: long, Role: long, Meeting: long}, testTime)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{c.Subject.CommonName, c.Subject.Organization[0], c.Subject.OrganizationalUnit[0]} {
		if utf8.RuneCountInString(s) != 64 {
			t.Errorf("%d characters in a name part", utf8.RuneCountInString(s))
		}
	}
}

func TestAuthorityRestores(t *testing.T) {
	a := panel()
	b, err := ParseAuthority(a.Certificate(), a.Key())
	if err != nil {
		t.Fatal(err)
	}
	if c := issue(t, b, p256(t), "甲"); c.CheckSignatureFrom(a.cert) != nil {
		t.Error("the restored authority does not issue for the first one")
	}
	if s := fmt.Sprintf("%v %+v %#v", a, a, a); strings.Trim(s, " []已隐去") != "" {
		t.Errorf("prints %q", s)
	}

	leaf := p256(t)
	leafKey, err := x509.MarshalPKCS8PrivateKey(leaf)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewAuthority("另一个会", testTime)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		cert, key []byte
		want      review.Code
	}{
		{"no certificate", nil, a.Key(), review.CodeCertForm},
		{"not an authority", issue(t, a, leaf, "甲").Raw, leafKey, review.CodeCertForm},
		{"no key", a.Certificate(), nil, review.CodeKeyForm},
		{"key of another kind", a.Certificate(), leafKey, review.CodeKeyForm},
		{"key of another authority", a.Certificate(), other.Key(), review.CodeKeyForm},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseAuthority(c.cert, c.key)
			reviewtest.WantCode(t, err, c.want)
		})
	}
}

func TestAuthorityRefusesOtherKeys(t *testing.T) {
	k, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, pub := range []any{k.Public(), panel().key.Public(), nil} {
		_, err := panel().Issue(pub, Subject{Name: "甲"}, testTime)
		reviewtest.WantCode(t, err, review.CodeKeyForm)
	}
}
