package reports

import (
	"bytes"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"heyi/review"
)

// run runs a tool of Debian and gives what it says.
func run(tb testing.TB, tool string, args ...string) string {
	tb.Helper()
	cmd := exec.Command(tool, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("%s %s: %v\n%s", tool, strings.Join(args, " "), err, out)
	}
	return string(out)
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

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// TestReaders shows a signed paper of several pages to readers that are not
// ours.
func TestReaders(t *testing.T) {
	signed, err := testPapers().Sign(mustMinutes(t, 14), testSigning(t))
	if err != nil {
		t.Fatal(err)
	}
	file := keep(t, "minutes.pdf", signed)
	ca := keep(t, "ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: testPanel().Certificate()}))

	t.Run("qpdf", func(t *testing.T) {
		if out := run(t, "qpdf", "--check", file); !strings.Contains(out, "No syntax or stream encoding errors") || strings.Contains(out, "WARNING") {
			t.Error(out)
		}
	})

	t.Run("pdfsig", func(t *testing.T) {
		db := "sql:" + t.TempDir()
		run(t, "certutil", "-N", "-d", db, "--empty-password")
		run(t, "certutil", "-A", "-d", db, "-n", "panel", "-t", "CT,C,C", "-a", "-i", ca)
		out := run(t, "pdfsig", "-nssdir", db, file)
		for _, want := range []string{
			"Signature #1:", "Signature Field Name: secretary", "Signer Certificate Common Name: 龚𫖮", "Hash Algorithm: SHA-256",
			"Signature Type: ETSI.CAdES.detached", "Total document signed", "Signature is Valid.", "Certificate is Trusted.",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("pdfsig does not say %q:\n%s", want, out)
			}
		}
	})

	t.Run("openssl", func(t *testing.T) {
		m := regexp.MustCompile(`/ByteRange \[0 (\d+) (\d+) (\d+)\] /Contents <([0-9a-f]+)>`).FindSubmatch(signed)
		if m == nil {
			t.Fatal("no signature")
		}
		number := func(i int) int { n, _ := strconv.Atoi(string(m[i])); return n }
		contents := make([]byte, len(m[4])/2)
		if _, err := hex.Decode(contents, m[4]); err != nil {
			t.Fatal(err)
		}
		if number(2)+number(3) != len(signed) {
			t.Error("the signature does not reach the end of the file")
		}
		content := keep(t, "content", append(bytes.Clone(signed[:number(1)]), signed[number(2):]...))
		cms := keep(t, "cms.der", contents)
		out := run(t, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", cms, "-content", content,
			"-CAfile", ca, "-purpose", "smimesign", "-attime", strconv.FormatInt(testTime.Unix(), 10), "-out", filepath.Join(t.TempDir(), "out"))
		if !strings.Contains(out, "successful") {
			t.Error(out)
		}
	})

	t.Run("pdffonts", func(t *testing.T) {
		out := run(t, "pdffonts", file)
		if n := strings.Count(out, "Identity-H       yes yes yes"); n != strings.Count(out, "\n")-2 || n < 4 {
			t.Errorf("not every font is embedded, a subset and readable:\n%s", out)
		}
	})

	t.Run("pdftotext", func(t *testing.T) {
		got := bare(bodyText(t, file))
		for _, p := range testMinutes(14).Paragraphs {
			if want := strconv.Itoa(p.Number) + ".（" + clock(p.At) + "）" + bare(p.Text); !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
		for _, want := range []string{
			"评审会议记录", "会议名称城东综合管廊工程（一期）初步设计评审会", "记录人龚𫖮", "出具时间2026年11月21日15时04分", "2026年11月22日",
			"记录人（签名）", bare(keyNote),
		} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
		footer := bare(run(t, "pdftotext", "-f", "2", "-l", "2", "-x", "0", "-y", "745", "-W", "600", "-H", "60", file, "-"))
		for _, want := range []string{"—2—", "编号会议记录〔K7M2Q3F4〕第1号", "校验码" + checkOfSample, "第2页，共3页"} {
			if !strings.Contains(footer, want) {
				t.Errorf("no %q in footer %q", want, footer)
			}
		}
	})
}

// bodyText copies what stands in the text area of all pages, without footers.
func bodyText(tb testing.TB, file string) string {
	tb.Helper()
	return run(tb, "pdftotext", "-x", "0", "-y", "90", "-W", "600", "-H", "655", file, "-")
}

// checkOfSample is the check code of testMinutes: printf 'v1 9 5a1e' | sha256sum.
const checkOfSample = "B108-3EAC-1E74-7789"

// TestNoSpacesAppear copies justified Chinese text: gaps must not turn into
// spaces, neither in lines that were spread nor around words and figures.
func TestNoSpacesAppear(t *testing.T) {
	m := testMinutes(0)
	for i := range 40 {
		m.Paragraphs = append(m.Paragraphs, review.Paragraph{
			Number: i + 1, At: testTime,
			Text: strings.Repeat("评", i) + "审组按GB50838—2015《规范》第4.2.5条复核，取2.5%～95％；PDF/A-2u文件共12册（含附图），投资98,765.43万元，" + strings.Repeat("可行", i) + "。",
		})
	}
	b, err := testPapers().Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	joined := strings.NewReplacer("\n", "", "\f", "").Replace(bodyText(t, keep(t, "minutes.pdf", b)))
	for _, p := range m.Paragraphs {
		if !strings.Contains(joined, p.Text) {
			t.Errorf("paragraph %d is not in the copied text:\n%s", p.Number, p.Text)
		}
	}
	if t.Failed() {
		t.Log(joined)
	}
}

// TestReadersOverlookAppended is why we verify ourselves: after the last
// signature a revision shows an empty page, and pdfsig still calls it valid.
func TestReadersOverlookAppended(t *testing.T) {
	signed, err := testPapers().Sign(mustMinutes(t, 1), testSigning(t))
	if err != nil {
		t.Fatal(err)
	}
	content := regexp.MustCompile(`/Contents (\d+) 0 R`).FindSubmatch(signed)[1]
	size := regexp.MustCompile(`/Size (\d+)`).FindAllSubmatch(signed, -1)
	root := regexp.MustCompile(`/Root \d+ 0 R`).Find(signed)
	start := regexp.MustCompile(`startxref\n(\d+)\n`).FindAllSubmatch(signed, -1)
	forged := bytes.Clone(signed)
	object := len(forged)
	forged = append(forged, string(content)+" 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n"...)
	xref := strconv.Itoa(len(forged))
	forged = append(forged, "xref\n"+string(content)+" 1\n"+strings.Repeat("0", 10-len(strconv.Itoa(object)))+strconv.Itoa(object)+" 00000 n \ntrailer\n<< /Size "+
		string(size[len(size)-1][1])+" "+string(root)+" /Prev "+string(start[len(start)-1][1])+" >>\nstartxref\n"+xref+"\n%%EOF\n"...)
	file := keep(t, "forged.pdf", forged)
	if out := run(t, "pdftotext", file, "-"); strings.Contains(out, "会议") {
		t.Fatalf("the forgery does not show:\n%s", out)
	}
	if out := run(t, "pdfsig", "-nocert", file); !strings.Contains(out, "Signature is Valid") {
		t.Fatalf("pdfsig has become better:\n%s", out)
	}
	v := testPapers().Verify(forged, anchor(t, testPanel()))
	if len(v.Findings) != 1 || v.Findings[0].Code != review.CodePDFAppended {
		t.Errorf("findings %+v", v.Findings)
	}
}

// TestRestored holds that a paper says when the record was continued from a copy, and
// says nothing of it otherwise.
func TestRestored(t *testing.T) {
	m := testMinutes(2)
	m.Restored = []review.Restoration{{Index: 41, Reason: "硬盘坏道，部分记录无法读出", At: testTime}}
	for _, said := range []bool{true, false} {
		b, err := testPapers().Compose(m)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "minutes.pdf")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		text := bare(run(t, "pdftotext", file, "-"))
		want := "说明：本会议的电子记录曾核验不符，于2026年11月21日15时04分从备份恢复后继续，确认人见会议日志编号41的条目；原记录已另行留存备查。原因：硬盘坏道，部分记录无法读出"
		if strings.Contains(text, want) != said || strings.Contains(text, "恢复") != said {
			t.Errorf("the paper says %s", text)
		}
		m.Restored = nil
	}
}
