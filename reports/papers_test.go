package reports

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"heyi/assets"
	"heyi/review"
	"heyi/review/paper"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

var testTime = time.Date(2026, 11, 21, 15, 4, 5, 0, time.FixedZone("", 8*3600))

func testFonts() Fonts {
	return Fonts{
		Song: assets.SerifRegular, Rare: assets.Rare, Title: assets.SerifBold,
		Hei: assets.SansRegular, Kai: assets.Kai,
	}
}

var testPapers = sync.OnceValue(func() *Papers {
	p, err := New(testFonts())
	if err != nil {
		panic(err)
	}
	return p
})

// texts are paragraphs of a 会议记录 with everything that is hard to set: rare
// characters and such above U+FFFF, figures, words, quotes, dashes, an address.
var texts = []string{
	"会议于2026年11月21日9时在市政务中心三楼第二会议室召开，由组长主持，应到专家7人，实到7人，秘书宣布会议纪律和回避要求。",
	"建设单位汇报《城东综合管廊工程（一期）初步设计》的主要内容：线路全长12.86公里，概算总投资98,765.43万元，设计使用年限100年；汇报材料以PDF/A-2u格式提交，编号为GL-2026-0117（共12册）。",
	"专家龚𫖮提出：地质勘察报告对䶮㛃片区软弱土层的描述过于简略——仅有3个钻孔，不足以支持“采用明挖法施工”的结论；建议补充不少于8个钻孔，并说明地下水位的季节变化……设计单位表示同意。",
	"专家㐂𬭎𬬻认为总体可行",
	"The consultant Mr. O'Brien presented the numerical model (PLAXIS 3D, version 2024.1) and answered questions about long-term settlement of the shaft and the adjacent bridge piers.",
	"经讨论，评审组认为该项目建设方案总体可行，但应在下一阶段完善以下内容：一是按GB 50838—2015《城市综合管廊工程技术规范》第4.2.5条复核管线间距；二是细化通风、排水、消防及监控系统的接口；三是补充运营维护费用测算，并说明资金来源。",
	"会议资料见https://intranet.example.cn/review/2026/chengdong/volume-07/appendix-C/boreholes-and-groundwater.html?lang=zh&rev=3，已随评审包导入本机。",
}

// testMinutes gives a paper of n paragraphs.
func testMinutes(n int) *paper.Minutes {
	m := &paper.Minutes{
		Head: paper.Head{
			Meeting: "k7m2q3f4abcdefghijklmnop23", Number: "会议记录〔K7M2Q3F4〕第1号", Check: review.CheckCode("v1 9 5a1e"),
			Event: "城东综合管廊工程（一期）初步设计评审会", Author: "龚𫖮", At: testTime,
		},
		Secretary: "龚𫖮",
	}
	for i := range n {
		m.Paragraphs = append(m.Paragraphs, review.Paragraph{
			Number: i + 1, At: testTime.AddDate(0, 0, i/8).Add(time.Duration(i-200) * time.Minute), By: "s01", Text: texts[i%len(texts)],
		})
	}
	return m
}

func mustMinutes(tb testing.TB, n int) []byte {
	tb.Helper()
	b, err := testPapers().Compose(testMinutes(n))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

var testPanel = sync.OnceValue(func() *seal.Authority {
	a, err := seal.NewAuthority("城东综合管廊工程（一期）初步设计评审会", testTime)
	if err != nil {
		panic(err)
	}
	return a
})

func anchor(tb testing.TB, a *seal.Authority) []*x509.Certificate {
	tb.Helper()
	c, err := x509.ParseCertificate(a.Certificate())
	if err != nil {
		tb.Fatal(err)
	}
	return []*x509.Certificate{c}
}

func testSigning(tb testing.TB) review.Signing {
	tb.Helper()
	s := signingBy(tb, review.SignatureField, "龚𫖮")
	s.Reason = "确认会议记录"
	return s
}

// signingBy lets a person fill a field, with the role that it is for.
func signingBy(tb testing.TB, field, name string) review.Signing {
	tb.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	der, err := testPanel().Issue(k.Public(), seal.Subject{Name: name, Role: review.FieldRole(field).Name(), Meeting: "城东"}, testTime)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return review.Signing{Field: field, Name: name, Reason: "签署", At: testTime, Key: k, Certificate: c}
}

func TestMinutesSigned(t *testing.T) {
	base := mustMinutes(t, 3)
	again := mustMinutes(t, 3)
	if !bytes.Equal(base, again) {
		t.Error("the same minutes twice give different bytes")
	}
	signed, err := testPapers().Sign(base, testSigning(t))
	if err != nil {
		t.Fatal(err)
	}
	v := testPapers().Verify(signed, anchor(t, testPanel()))
	if len(v.Findings) != 0 || len(v.Signatures) != 1 || v.Signatures[0].Name != "龚𫖮" {
		t.Errorf("%+v", v)
	}
	if v := testPapers().Verify(base, anchor(t, testPanel())); len(v.Findings) != 1 || v.Findings[0].Code != review.CodePDFUnsigned {
		t.Errorf("unsigned: %+v", v)
	}
}

// TestMinutesParallel runs under the race detector: one Papers serves all.
func TestMinutesParallel(t *testing.T) {
	want := mustMinutes(t, 4)
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			b, err := testPapers().Compose(testMinutes(4))
			if err != nil || !bytes.Equal(b, want) {
				t.Errorf("composed in parallel it differs: %v", err)
			}
		})
	}
}

func TestMinutesMissingGlyph(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*paper.Minutes)
		item   string
	}{
		{"title", func(m *paper.Minutes) { m.Event = "𡋤地块评审会" }, "𡋤（U+212E4）"},
		{"secretary", func(m *paper.Minutes) { m.Secretary = "王𡋤" }, "𡋤（U+212E4）"},
		{"several", func(m *paper.Minutes) { m.Paragraphs[1].Text = "𡋤\uE000ⱠⱠ\u200B" }, "𡋤（U+212E4）、U+E000、Ⱡ（U+2C60）、U+200B"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := testMinutes(2)
			c.change(m)
			b, err := testPapers().Compose(m)
			reviewtest.WantCode(t, err, review.CodeTextGlyph)
			if got := review.ItemOf(err); got != c.item || b != nil {
				t.Errorf("item %q, want %q; %d bytes", got, c.item, len(b))
			}
		})
	}
	if got := string(testPapers().Missing("龚𫖮𡋤")); got != "𡋤" {
		t.Errorf("missing %q", got)
	}
}

func TestNewRefusesFonts(t *testing.T) {
	for name, change := range map[string]func(*Fonts){
		"no font":        func(f *Fonts) { f.Kai = nil },
		"no TrueType":    func(f *Fonts) { f.Title = []byte("OTTO and so on") },
		"half of a font": func(f *Fonts) { f.Song = f.Song[:len(f.Song)/2] },
	} {
		t.Run(name, func(t *testing.T) {
			f := testFonts()
			change(&f)
			_, err := New(f)
			reviewtest.WantCode(t, err, review.CodeFont)
		})
	}
}

func TestNumbersAndCodes(t *testing.T) {
	// printf 'v1 9 5a1e' | sha256sum
	if got := review.CheckCode("v1 9 5a1e"); got != checkOfSample {
		t.Errorf("check code %s", got)
	}
	if got := date(testTime.AddDate(0, -9, -12)) + clock(testTime.Add(-6*time.Hour)); got != "2026年2月9日09时04分" {
		t.Errorf("date %s", got)
	}
}

// TestFixture opens a paper that the first landed version signed. It has to
// hold in every later version.
func TestFixture(t *testing.T) {
	read := func(name string) []byte {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	ca, err := x509.ParseCertificate(read("minutes-v1.ca.der"))
	if err != nil {
		t.Fatal(err)
	}
	v := testPapers().Verify(read("minutes-v1.pdf"), []*x509.Certificate{ca})
	if len(v.Findings) != 0 || len(v.Signatures) != 1 {
		t.Fatalf("%+v", v)
	}
	s := v.Signatures[0]
	if got := fmt.Sprint(s.Field, " ", s.Name, " ", s.Reason, " ", s.At.Format(time.RFC3339)); got != "secretary 龚𫖮 确认会议记录 2026-11-21T15:04:05+08:00" {
		t.Errorf("signature %s", got)
	}
}

// TestSetFixture opens a paper of a set that the first landed version certified, had signed by
// seven people, drawn and in type, and archived. It has to hold in every later version.
func TestSetFixture(t *testing.T) {
	file, err := os.ReadFile("testdata/changes-v1.pdf")
	if err != nil {
		t.Fatal(err)
	}
	der, err := os.ReadFile("testdata/changes-v1.ca.der")
	if err != nil {
		t.Fatal(err)
	}
	ca, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	v := testPapers().Verify(file, []*x509.Certificate{ca})
	if len(v.Findings) != 0 || len(v.Open) != 0 || len(v.Signatures) != 9 {
		t.Fatalf("%+v", v)
	}
	var means, names []string
	for _, s := range v.Signatures {
		means, names = append(means, string(s.Means)), append(names, s.Name)
	}
	if got := strings.Join(means, ","); got != "certify,,,,,,,,archive" {
		t.Errorf("means %s", got)
	}
	if got := strings.Join(names, " "); got != "褚录 钱𫖮 周䶮 郑拟 吴式 陈备 卫存 单㛃 评审组归档" {
		t.Errorf("names %s", got)
	}
}

// BenchmarkMinutesSigned is what decisions 6 bounds at 60 ms: one page,
// composed, finished and signed.
func BenchmarkMinutesSigned(b *testing.B) {
	p, m, s := testPapers(), testMinutes(3), testSigning(b)
	for b.Loop() {
		base, err := p.Compose(m)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := p.Sign(base, s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	signed, err := testPapers().Sign(mustMinutes(b, 3), testSigning(b))
	if err != nil {
		b.Fatal(err)
	}
	trust := anchor(b, testPanel())
	b.SetBytes(int64(len(signed)))
	for b.Loop() {
		if v := testPapers().Verify(signed, trust); len(v.Findings) > 0 {
			b.Fatalf("%+v", v)
		}
	}
}
