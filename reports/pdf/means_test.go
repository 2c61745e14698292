package pdf

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

// groupBase composes a paper of a group: the secretary's field and the archive's show
// nothing, those of the experts do.
func groupBase(tb testing.TB, experts int) []byte {
	tb.Helper()
	d := layout.Document{Title: "专家组评审意见", Blocks: []layout.Block{layout.Paragraph{Text: testText}}}
	var s layout.Signatures
	for n := range experts {
		s.Places = append(s.Places, layout.Place{Field: fmt.Sprint("expert", n+1), Label: "签名"})
	}
	if experts > 0 {
		d.Blocks = append(d.Blocks, s)
	}
	pages, err := testFonts().Set(d)
	if err != nil {
		tb.Fatal(err)
	}
	last := &pages[len(pages)-1]
	last.Fields = append(last.Fields, layout.Field{Name: "secretary"}, layout.Field{Name: review.ArchiveField})
	b, err := Compose(pages, testFonts(), testMeta)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// signerBy is testSigner with a certificate for each field that is made once.
var signerBy = func() func(field string) review.Signing {
	var m sync.Mutex
	made := map[string]review.Signing{}
	return func(field string) review.Signing {
		m.Lock()
		defer m.Unlock()
		s, ok := made[field]
		if !ok {
			person, known := map[string]string{
				"secretary": "龚𫖮", review.ArchiveField: "归档", "expert1": "欧阳䶮㛃", "expert2": "王五",
			}[field]
			if !known {
				person = field
			}
			s = testSigner(panicking{}, testPanel(), field, person)
			switch field {
			case "secretary":
				s.Means, s.Reason = review.MeansCertify, "定稿"
			case review.ArchiveField:
				s.Means, s.Reason = review.MeansArchive, "归档"
			default:
				s.Reason = "同意评审意见"
			}
			made[field] = s
		}
		return s
	}
}()

// panicking stands for a test where there is none.
type panicking struct{ testing.TB }

func (panicking) Helper()           {}
func (panicking) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// signedBy fills fields in an order, every second with strokes.
func signedBy(tb testing.TB, file []byte, fields ...string) []byte {
	tb.Helper()
	for i, field := range fields {
		s := signerBy(field)
		if i%2 == 0 {
			s.Look = review.Look{Strokes: signatureOf(), Caption: "2026年11月21日"}
		}
		file = mustSign(tb, file, s)
	}
	return file
}

// closedPaper is certified, approved by two and archived.
var closedPaper = sync.OnceValue(func() []byte {
	tb := panicking{}
	return signedBy(tb, groupBase(tb, 2), "secretary", "expert1", "expert2", review.ArchiveField)
})

// TestMeans follows a paper of a group to its end.
func TestMeans(t *testing.T) {
	base := groupBase(t, 6)
	fields := []string{"secretary", "expert3", "expert1", "expert2", "expert5", "expert4", review.ArchiveField}
	files := [][]byte{base}
	for n, field := range fields {
		file := signedBy(t, files[n], field)
		if !bytes.HasPrefix(file, files[n]) {
			t.Fatalf("%s: signing changed the bytes before it", field)
		}
		files = append(files, file)
		v := Verify(file, anchors(t, testPanel()))
		if v.Title != testMeta.Title || len(v.Signatures) != n+1 {
			t.Fatalf("%s: %+v", field, v)
		}
		for i, s := range v.Signatures {
			want := signerBy(fields[i])
			if s.Field != fields[i] || s.Means != want.Means || s.End != len(files[i+1]) || s.Name != want.Name ||
				s.Reason != want.Reason || s.Fingerprint != review.DigestOf(want.Certificate.Raw) {
				t.Errorf("%s, signature %d: %+v", field, i, s)
			}
		}
		if field == review.ArchiveField {
			if len(v.Findings) > 0 || strings.Join(v.Open, " ") != "expert6" {
				t.Errorf("at the end: %s, open %q", codesOf(v), v.Open)
			}
		} else if len(v.Open) > 0 || len(v.Findings) != len(fields)-n || strings.Count(codesOf(v), "pdf.unsigned") != len(v.Findings) {
			t.Errorf("%s: %s, open %q", field, codesOf(v), v.Open)
		}
		for _, s := range complaints(file) {
			t.Errorf("%s: PDF/A: %s", field, s)
		}
	}
}

func TestSignOrder(t *testing.T) {
	base := groupBase(t, 2)
	certified := signedBy(t, base, "secretary")
	with := func(field string, means review.Means) review.Signing {
		s := signerBy(field)
		s.Means = means
		return s
	}
	for _, c := range []struct {
		name string
		file []byte
		s    review.Signing
		want review.Code
	}{
		{"a certification behind an approval", signedBy(t, base, "expert1"), with("secretary", review.MeansCertify), review.CodePDFOrder},
		{"a second certification", certified, with("expert1", review.MeansCertify), review.CodePDFOrder},
		{"an approval behind the archive's", signedBy(t, certified, review.ArchiveField), with("expert1", review.MeansApproval), review.CodePDFOrder},
		{"a certification behind the archive's", signedBy(t, base, review.ArchiveField), with("secretary", review.MeansCertify), review.CodePDFOrder},
		{"the archive's in another field", certified, with("expert1", review.MeansArchive), review.CodePDFOrder},
		{"an approval in the archive's field", certified, with(review.ArchiveField, review.MeansApproval), review.CodePDFOrder},
		{"a certification in the archive's field", base, with(review.ArchiveField, review.MeansCertify), review.CodePDFOrder},
		{"the archive's twice", closedPaper(), with(review.ArchiveField, review.MeansArchive), review.CodePDFUnsigned},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Sign(c.file, c.s, testFonts())
			reviewtest.WantCode(t, err, c.want)
			if review.ItemOf(err) != c.s.Field {
				t.Errorf("item %q", review.ItemOf(err))
			}
		})
	}
	if v := Verify(signedBy(t, base, "expert1", review.ArchiveField), anchors(t, testPanel())); len(v.Findings) > 0 {
		t.Errorf("without a certification: %s", codesOf(v))
	}
}

// TestVerifyOrder gives signatures, made outside of Sign's checks, in another order.
func TestVerifyOrder(t *testing.T) {
	base := groupBase(t, 2)
	ours := anchors(t, testPanel())
	add := func(file []byte, field string, means review.Means) []byte {
		s := signerBy(field)
		return signedIn(t, file, field, s, func(g *signature) { g.means = means })
	}
	for _, c := range []struct {
		name, want string
		file       []byte
	}{
		{"a certification behind an approval", "pdf.order secretary, pdf.unsigned expert2, pdf.unsigned archive", add(signedBy(t, base, "expert1"), "secretary", review.MeansCertify)},
		{"a second certification", "pdf.order expert1, pdf.unsigned expert2, pdf.unsigned archive", add(signedBy(t, base, "secretary"), "expert1", review.MeansCertify)},
		{"an approval behind the archive's", "pdf.order expert2", add(signedBy(t, base, "secretary", "expert1", "archive"), "expert2", review.MeansApproval)},
		{"a certification behind the archive's", "pdf.order secretary", add(signedBy(t, base, "expert1", "archive"), "secretary", review.MeansCertify)},
		{"the archive's in another field", "pdf.unsigned expert1, pdf.unsigned expert2, pdf.unsigned archive, pdf.appended ", add(signedBy(t, base, "secretary"), "expert1", review.MeansArchive)},
		{"an approval in the archive's field", "pdf.form ", add(base, "archive", review.MeansApproval)},
		{"a certification in the archive's field", "pdf.form ", add(base, "archive", review.MeansCertify)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := codesOf(Verify(c.file, ours)); got != c.want {
				t.Errorf("findings %q, want %q", got, c.want)
			}
		})
	}
}

// signedIn fills a field outside of Sign's checks.
func signedIn(tb testing.TB, file []byte, name string, s review.Signing, change func(*signature)) []byte {
	tb.Helper()
	f, fields, _, err := read(file)
	if err != nil {
		tb.Fatal(err)
	}
	filling := signature{means: s.Means, person: s.Name, reason: s.Reason, at: s.At}
	for _, fd := range fields {
		if fd.name == name {
			filling.field = fd
		}
	}
	change(&filling)
	if err := f.sign(filling, s.Certificate, s.Key); err != nil {
		tb.Fatal(err)
	}
	return f.bytes
}

// TestOldForm holds that a field that shows may be left as it was in the base: the first
// version signed like that.
func TestOldForm(t *testing.T) {
	signed := signedWith(t, testBase(t, "secretary"), testSigner(t, testPanel(), "secretary", "甲"), nil)
	f, _, filled, err := read(signed)
	if err != nil || len(filled) != 1 || filled[0].look != nil || len(f.revisions[1].objects) != 2 {
		t.Fatalf("%+v, %v", filled, err)
	}
	if v := Verify(signed, anchors(t, testPanel())); len(v.Findings) > 0 {
		t.Error(codesOf(v))
	}
}

// tool runs a tool of Debian; some say what they think with their exit code.
func tool(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func mustTool(tb testing.TB, name string, args ...string) string {
	tb.Helper()
	out, err := tool(name, args...)
	if err != nil {
		tb.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

// keep writes a file into a directory of the test.
func keep(tb testing.TB, name string, b []byte) string {
	tb.Helper()
	p := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(p, b, 0o600); err != nil {
		tb.Fatal(err)
	}
	return p
}

// nss makes a certificate store that trusts the authority in a PEM file.
func nss(tb testing.TB, ca string) string {
	tb.Helper()
	db := "sql:" + tb.TempDir()
	mustTool(tb, "certutil", "-N", "-d", db, "--empty-password")
	mustTool(tb, "certutil", "-A", "-d", db, "-n", "panel", "-t", "CT,C,C", "-a", "-i", ca)
	return db
}

// TestReaders shows a paper with a certification, five approvals and the archive's
// signature to readers that are not ours.
func TestReaders(t *testing.T) {
	fields := []string{"secretary", "expert2", "expert1", "expert4", "expert3", "expert5", review.ArchiveField}
	signed := signedBy(t, groupBase(t, 5), fields...)
	file := keep(t, "opinion.pdf", signed)
	ca := keep(t, "ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: testPanel().Certificate()}))

	t.Run("qpdf", func(t *testing.T) {
		if out := mustTool(t, "qpdf", "--check", file); !strings.Contains(out, "No syntax or stream encoding errors") || strings.Contains(out, "WARNING") {
			t.Error(out)
		}
	})

	t.Run("pdfsig", func(t *testing.T) {
		out := mustTool(t, "pdfsig", "-nssdir", nss(t, ca), file)
		for want, n := range map[string]int{
			"Signature is Valid.": 7, "Certificate is Trusted.": 7, "ETSI.CAdES.detached": 7, "Hash Algorithm: SHA-256": 7,
			"Signature #": 7, "Total document signed": 1,
		} {
			if strings.Count(out, want) != n {
				t.Errorf("pdfsig says %q not %d times:\n%s", want, n, out)
			}
		}
		for _, field := range fields {
			if !strings.Contains(out, "Signature Field Name: "+field) || !strings.Contains(out, "Common Name: "+signerBy(field).Name) {
				t.Errorf("pdfsig does not name %s:\n%s", field, out)
			}
		}
	})

	t.Run("mutool", func(t *testing.T) {
		out, _ := tool("mutool", "sign", "-v", file) // it knows no authority but Adobe's
		intact := strings.Count(out, "The signature is valid but there have been edits since signing.")
		if intact != 6 || strings.Count(out, "The document is unchanged since signing.") != 1 || strings.Count(out, "Verifying signature") != 7 {
			t.Error(out)
		}
	})

	t.Run("openssl and smallstep", func(t *testing.T) {
		pool := x509.NewCertPool()
		pool.AddCert(anchors(t, testPanel())[0])
		all := regexp.MustCompile(`/ByteRange \[0 (\d+) (\d+) (\d+)\] /Contents <([0-9a-f]+)>`).FindAllSubmatch(signed, -1)
		if len(all) != len(fields) {
			t.Fatalf("%d signatures", len(all))
		}
		for i, m := range all {
			number := func(i int) int { n, _ := strconv.Atoi(string(m[i])); return n }
			contents, err := hex.DecodeString(string(m[4]))
			if err != nil {
				t.Fatal(err)
			}
			content := append(bytes.Clone(signed[:number(1)]), signed[number(2):number(2)+number(3)]...)
			out := mustTool(t, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER",
				"-in", keep(t, "cms.der", contents), "-content", keep(t, "content", content), "-CAfile", ca, "-purpose", "smimesign",
				"-attime", strconv.FormatInt(testTime.Unix(), 10), "-out", filepath.Join(t.TempDir(), "out"))
			if !strings.Contains(out, "successful") {
				t.Errorf("%s: openssl: %s", fields[i], out)
			}
			value, err := cmsOf(text(contents))
			if err != nil {
				t.Fatal(err)
			}
			p, err := pkcs7.Parse(value)
			if err != nil {
				t.Fatal(err)
			}
			p.Content = content
			if err := p.VerifyWithChainAtTime(pool, testTime); err != nil {
				t.Errorf("%s: smallstep: %v", fields[i], err)
			}
		}
	})

	t.Run("pdftotext", func(t *testing.T) {
		out := mustTool(t, "pdftotext", file, "-")
		if !strings.Contains(out, "专家组评审意见") || strings.Contains(out, "欧阳") {
			t.Errorf("looks of signatures are no text, and all else is: %s", out)
		}
	})
}

// TestVerifyCertificates gives certificates that are not those of the field.
func TestVerifyCertificates(t *testing.T) {
	base := groupBase(t, 1)
	ours := anchors(t, testPanel())
	foreign, err := seal.NewAuthority("另一个会", testTime)
	if err != nil {
		t.Fatal(err)
	}
	of := func(a *seal.Authority, role, field string) review.Signing {
		s := testSigner(t, a, role, "丙")
		s.Field = field
		return s
	}
	late := of(ended(t, testPanel()), "expert", "expert1")
	late.At = testTime.AddDate(31, 0, 0)
	archive := of(testPanel(), "secretary", review.ArchiveField)
	archive.Means = review.MeansArchive
	for _, c := range []struct {
		name, want string
		s          review.Signing
	}{
		{"an expert", "", of(testPanel(), "expert", "expert1")},
		{"a member in an expert's field", "cert.role expert1", of(testPanel(), "member", "expert1")},
		{"the archive in an expert's field", "cert.role expert1", of(testPanel(), review.ArchiveField, "expert1")},
		{"the secretary in the archive's field", "cert.role archive", archive},
		{"another meeting's expert", "cert.chain expert1", of(foreign, "expert", "expert1")},
		{"a certificate that has expired", "pdf.time expert1", late},
	} {
		t.Run(c.name, func(t *testing.T) {
			signed := signedIn(t, base, c.s.Field, c.s, func(*signature) {})
			got, _, _ := strings.Cut(codesOf(Verify(signed, ours)), "pdf.unsigned")
			if got = strings.TrimSuffix(got, ", "); got != c.want {
				t.Errorf("findings %q, want %q", got, c.want)
			}
		})
	}
}

// TestVerifyTwice has one person fill two fields, with one certificate.
func TestVerifyTwice(t *testing.T) {
	two := signerBy("expert2")
	file := mustSign(t, signedBy(t, groupBase(t, 2), "secretary"), two)
	two.Field = "expert1"
	file = signedBy(t, mustSign(t, file, two), review.ArchiveField)
	if got := codesOf(Verify(file, anchors(t, testPanel()))); got != "cert.role expert1" {
		t.Errorf("findings %q", got)
	}
	one := signerBy("secretary") // of another role, too: that is said once
	one.Field, one.Means = "expert1", review.MeansApproval
	file = mustSign(t, signedBy(t, groupBase(t, 1), "secretary"), one)
	if got := codesOf(Verify(file, anchors(t, testPanel()))); got != "cert.role expert1, pdf.unsigned archive" {
		t.Errorf("findings %q", got)
	}
}

// TestVerifyClocks holds that times may run backwards: the order is that of the bytes.
func TestVerifyClocks(t *testing.T) {
	file := groupBase(t, 2)
	for i, field := range []string{"expert2", "expert1", review.ArchiveField} {
		s := signerBy(field)
		s.At = testTime.Add(-time.Duration(i) * time.Hour)
		file = mustSign(t, file, s)
	}
	v := Verify(file, anchors(t, testPanel()))
	if len(v.Findings) > 0 || v.Signatures[0].Field != "expert2" || !v.Signatures[0].At.After(v.Signatures[2].At) {
		t.Errorf("%+v", v)
	}
}
