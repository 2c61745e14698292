package pdf

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"strings"
	"sync"
	"testing"
	"time"

	"heyi/assets"
	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/seal"
)

var testTime = time.Date(2026, 11, 21, 15, 4, 5, 0, time.FixedZone("", 8*3600))

var testFonts = sync.OnceValue(func() *layout.Fonts {
	f, err := layout.NewFonts(map[layout.Face][]byte{
		layout.Song: assets.SerifRegular, layout.Rare: assets.Rare, layout.Title: assets.SerifBold,
		layout.Hei: assets.SansRegular, layout.Kai: assets.Kai,
	})
	if err != nil {
		panic(err)
	}
	return f
})

// testText has characters above U+FFFF, rare ones and everything that a PDF
// string must escape.
const testText = `专家龚𫖮（䶮㛃𬭎𬬻）提出：按 GB/T 9704—2012 与 PDF/A-2u，(a\b) 取 95％，“可行”……`

// testBase composes a paper with a signature field for each name.
func testBase(tb testing.TB, fields ...string) []byte {
	tb.Helper()
	d := layout.Document{
		Secrecy: "工作秘密", Title: "评审会议记录", Number: "〔K7M2Q3F4〕第1号", Check: "1841-67C0-20C6-5788",
		Blocks: []layout.Block{
			layout.Rows{{Label: "会议名称", Value: "城东综合管廊方案评审会"}},
			layout.Heading{Level: 1, Text: "一、会议内容"},
			layout.Heading{Level: 2, Text: "2026年11月21日"},
			layout.Paragraph{Number: "1.", Text: strings.Repeat(testText, 6)},
		},
	}
	var s layout.Signatures
	for _, f := range fields {
		s.Places = append(s.Places, layout.Place{Field: f, Label: "签名", Date: "2026年11月21日"})
	}
	d.Blocks = append(d.Blocks, s)
	pages, err := testFonts().Set(d)
	if err != nil {
		tb.Fatal(err)
	}
	b, err := Compose(pages, testFonts(), testMeta)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

var testMeta = Meta{Title: "评审会议记录：<城东> & 𫖮", Author: "龚𫖮", At: testTime}

// testPanel is one authority for all tests: its key takes a third of a second.
var testPanel = sync.OnceValue(func() *seal.Authority {
	a, err := seal.NewAuthority("城东综合管廊方案评审会", testTime)
	if err != nil {
		panic(err)
	}
	return a
})

func anchors(tb testing.TB, as ...*seal.Authority) []*x509.Certificate {
	tb.Helper()
	var out []*x509.Certificate
	for _, a := range as {
		c, err := x509.ParseCertificate(a.Certificate())
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

// testSigner gives a person's key and certificate of an authority.
func testSigner(tb testing.TB, a *seal.Authority, field, person string) review.Signing {
	tb.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	der, err := a.Issue(k.Public(), seal.Subject{Name: person, Role: review.FieldRole(field).Name(), Meeting: "城东"}, testTime)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return review.Signing{Field: field, Name: person, Reason: "确认会议记录", At: testTime, Key: k, Certificate: c}
}

// ended gives an authority's twin whose certificates end after 30 years, as those of earlier
// versions do: the same name and key.
func ended(tb testing.TB, a *seal.Authority) *seal.Authority {
	tb.Helper()
	key, err := x509.ParsePKCS8PrivateKey(a.Key())
	if err != nil {
		tb.Fatal(err)
	}
	t := *anchors(tb, a)[0]
	t.NotAfter = testTime.AddDate(30, 0, 0)
	der, err := x509.CreateCertificate(rand.Reader, &t, &t, key.(crypto.Signer).Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	twin, err := seal.ParseAuthority(der, a.Key())
	if err != nil {
		tb.Fatal(err)
	}
	return twin
}

func mustSign(tb testing.TB, b []byte, s review.Signing) []byte {
	tb.Helper()
	out, err := Sign(b, s, testFonts())
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// codesOf lists the codes of a verdict's findings.
func codesOf(v review.PaperVerdict) string {
	var s []string
	for _, f := range v.Findings {
		s = append(s, string(f.Code)+" "+f.Entry)
	}
	return strings.Join(s, ", ")
}
