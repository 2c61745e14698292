package pdf

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"heyi/reports/layout"
	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

func TestSignVerify(t *testing.T) {
	base := testBase(t, "secretary")
	s := testSigner(t, testPanel(), "secretary", "龚𫖮")
	signed := mustSign(t, base, s)
	if !bytes.HasPrefix(signed, base) {
		t.Error("signing changed the bytes before it")
	}
	v := Verify(signed, anchors(t, testPanel()))
	if len(v.Findings) > 0 {
		t.Fatalf("findings %s", codesOf(v))
	}
	want := review.SignatureVerdict{
		Field: "secretary", End: len(signed), Name: "龚𫖮", At: testTime, Reason: "确认会议记录", Fingerprint: review.DigestOf(s.Certificate.Raw),
	}
	if len(v.Signatures) != 1 || !v.Signatures[0].At.Equal(want.At) {
		t.Fatalf("signatures %+v", v.Signatures)
	}
	if v.Signatures[0].At = want.At; v.Signatures[0] != want {
		t.Errorf("got  %+v\nwant %+v", v.Signatures[0], want)
	}
	if _, offset := Verify(signed, nil).Signatures[0].At.Zone(); offset != 8*3600 {
		t.Errorf("the time lost its zone: offset %d", offset)
	}
}

// TestSignInSequence fills three fields in another order than the form's.
func TestSignInSequence(t *testing.T) {
	file := testBase(t, "expert1", "expert2", "secretary")
	for i, field := range []string{"expert2", "secretary", "expert1"} {
		v := Verify(file, anchors(t, testPanel()))
		if len(v.Signatures) != i || len(v.Findings) != 3-i {
			t.Fatalf("after %d: %d signatures, findings %s", i, len(v.Signatures), codesOf(v))
		}
		for _, f := range v.Findings {
			if f.Code != review.CodePDFUnsigned {
				t.Fatalf("after %d: %s", i, codesOf(v))
			}
		}
		file = mustSign(t, file, testSigner(t, testPanel(), field, field))
	}
	if v := Verify(file, anchors(t, testPanel())); len(v.Signatures) != 3 || len(v.Findings) > 0 {
		t.Errorf("%d signatures, findings %s", len(v.Signatures), codesOf(v))
	}
}

func TestSignRefuses(t *testing.T) {
	base := testBase(t, "secretary")
	s := testSigner(t, testPanel(), "secretary", "甲")
	signed := mustSign(t, base, s)
	with := func(change func(*review.Signing)) review.Signing {
		c := s
		change(&c)
		return c
	}
	for _, c := range []struct {
		name string
		file []byte
		s    review.Signing
		want review.Code
	}{
		{"nothing", nil, s, review.CodePDFForm},
		{"text", []byte("评审会议记录"), s, review.CodePDFForm},
		{"bytes behind the end", append(base[:len(base):len(base)], '\n'), s, review.CodePDFForm},
		{"a page changed after signing", appended(t, signed), s, review.CodePDFForm},
		{"no such field", base, with(func(s *review.Signing) { s.Field = "expert1" }), review.CodePDFUnsigned},
		{"a filled field", signed, s, review.CodePDFUnsigned},
		{"before the certificate", base, with(func(s *review.Signing) { s.At = testTime.AddDate(0, 0, -2) }), review.CodePDFTime},
		{"another person's certificate", base, with(func(s *review.Signing) { s.Name = "乙" }), review.CodeCertRole},
		{"another person's key", base, with(func(s *review.Signing) { s.Key = testSigner(t, testPanel(), "", "乙").Key }), review.CodeKeyForm},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := bytes.Clone(c.file)
			_, err := Sign(c.file, c.s, testFonts())
			reviewtest.WantCode(t, err, c.want)
			if !bytes.Equal(before, c.file) {
				t.Error("the refused file was written to")
			}
		})
	}
}

// TestSignRefusesTexts wants the check of lines for both texts.
func TestSignRefusesTexts(t *testing.T) {
	base := testBase(t, "secretary")
	want := func(bad string, max int) review.Code { return review.CodeOf(review.CheckLine("", bad, max)) }
	for what, bad := range steering {
		t.Run(what, func(t *testing.T) {
			s := testSigner(t, testPanel(), "secretary", "甲")
			s.Reason = bad
			_, err := Sign(base, s, testFonts())
			reviewtest.WantCode(t, err, want(bad, maxReason))
			s.Name, s.Reason = bad, "确认会议记录"
			_, err = Sign(base, s, testFonts())
			reviewtest.WantCode(t, err, want(bad, review.MaxName))
		})
	}
	s := testSigner(t, testPanel(), "secretary", strings.Repeat("甲", review.MaxName+1))
	_, err := Sign(base, s, testFonts())
	reviewtest.WantCode(t, err, review.CodeTextLong)
}

// appended adds a revision in our own form that replaces the first page's
// content: what readers of PDF show as validly signed.
func appended(tb testing.TB, signed []byte) []byte {
	tb.Helper()
	f, err := parseFile(signed)
	if err != nil {
		tb.Fatal(err)
	}
	catalog := f.base(f.root).(dict)
	page := f.base(catalog["Pages"].(ref)).(dict)["Kids"].(array)[0].(ref)
	content := f.base(page).(dict)["Contents"].(ref)
	f.append([]object{{content, newStream(dict{}, nil)}})
	return f.bytes
}

// signedWith signs outside of Sign's checks.
func signedWith(tb testing.TB, base []byte, s review.Signing, change func(*signature)) []byte {
	tb.Helper()
	f, fields, _, err := read(base)
	if err != nil {
		tb.Fatal(err)
	}
	filling := signature{field: fields[0], person: s.Name, reason: s.Reason, at: s.At}
	if change != nil {
		change(&filling)
	}
	if err := f.sign(filling, s.Certificate, s.Key); err != nil {
		tb.Fatal(err)
	}
	return f.bytes
}

// rewritten changes the last revision's signature and keeps our form.
func rewritten(tb testing.TB, signed []byte, change func(*signature)) []byte {
	tb.Helper()
	f, _, filled, err := read(signed)
	if err != nil {
		tb.Fatal(err)
	}
	before, err := parseFile(signed[:f.revisions[len(f.revisions)-2].end])
	if err != nil {
		tb.Fatal(err)
	}
	s := filled[len(filled)-1]
	change(&s)
	before.append(before.filling(s, before.last().size))
	return before.bytes
}

func TestVerifyFindings(t *testing.T) {
	other, err := seal.NewAuthority("另一个会", testTime)
	if err != nil {
		t.Fatal(err)
	}
	base, twoFields := testBase(t, "secretary"), testBase(t, "secretary", "expert1")
	s := testSigner(t, testPanel(), "secretary", "甲")
	signed := mustSign(t, base, s)
	both := mustSign(t, mustSign(t, twoFields, s), testSigner(t, testPanel(), "expert1", "乙"))
	noFields := testBase(t)
	ours := anchors(t, testPanel())
	upper := bytes.Clone(signed)
	from := bytes.LastIndex(upper, []byte("/Contents <")) + len("/Contents <")
	copy(upper[from:], bytes.ToUpper(upper[from:from+200]))

	for _, c := range []struct {
		name    string
		file    []byte
		anchors []*x509.Certificate
		want    string
	}{
		{"holds", signed, ours, ""},
		{"two signatures hold", both, ours, ""},
		{"one of two authorities", signed, append(anchors(t, other), ours...), ""},
		{"nothing", nil, ours, "pdf.form "},
		{"a header alone", []byte(header), ours, "pdf.form "},
		{"unsigned", base, ours, "pdf.unsigned secretary"},
		{"no field", noFields, ours, "pdf.unsigned "},
		{"one of two fields open", mustSign(t, twoFields, s), ours, "pdf.unsigned expert1"},
		{"no anchor", signed, nil, "cert.noanchor "},
		{"another authority", signed, anchors(t, other), "cert.chain secretary"},
		{"a stranger's signature", signedWith(t, base, testSigner(t, other, "secretary", "甲"), nil), ours, "cert.chain secretary"},
		{"before the certificate", signedWith(t, base, s, func(s *signature) { s.at = testTime.AddDate(0, 0, -2) }), ours, "pdf.time secretary"},
		{"after the certificate", signedWith(t, base, testSigner(t, ended(t, testPanel()), s.Field, s.Name), func(s *signature) { s.at = testTime.AddDate(40, 0, 0) }), ours, "pdf.time secretary"},
		{"the year one", signedWith(t, base, s, func(s *signature) { s.at = time.Time{} }), ours, "pdf.time secretary"},
		{"cut inside the signature", signed[:len(signed)-9000], ours, "pdf.form "},
		{"cut at the end", signed[:len(signed)-1], ours, "pdf.form "},
		{"cut behind the base", signed[:len(base)], ours, "pdf.unsigned secretary"},
		{"cut behind the first of two", both[:len(mustSign(t, twoFields, s))], ours, "pdf.unsigned expert1"},
		{"a blank behind the end", append(bytes.Clone(signed), ' '), ours, "pdf.appended "},
		{"a page changed by a later revision", appended(t, signed), ours, "pdf.appended "},
		{"the second of two damaged", append(bytes.Clone(both[:len(both)-2]), "G\n"...), ours, "pdf.unsigned expert1, pdf.appended "},
		{"capitals in the value", upper, ours, "pdf.form "},
		{"another reason", rewritten(t, signed, func(s *signature) { s.reason = "反对会议记录" }), ours, "pdf.altered secretary"},
		{"another range", rewritten(t, signed, func(s *signature) { s.covers = array{0, s.covers[1], s.covers[2], s.covers[3].(int) - 1} }), ours, "pdf.range secretary, pdf.altered secretary"},
		{"a range of strings", rewritten(t, signed, func(s *signature) { s.covers = array{text("0"), dict{}, array{}, nil} }), ours, "pdf.range secretary, pdf.altered secretary"},
		{"padding that is not zero", rewritten(t, signed, func(s *signature) { s.contents = s.contents[:reserved-1] + "\x01" }), ours, "cms.form secretary"},
		{"an empty value", rewritten(t, signed, func(s *signature) { s.contents = text(make([]byte, reserved)) }), ours, "cms.form secretary"},
		{"the signature of another file", rewritten(t, signed, func(s *signature) {
			_, _, filled, _ := read(both)
			s.contents = filled[0].contents
		}), ours, "pdf.altered secretary"},
		{"a filled field filled again", refilled(t, signed, s), ours, "pdf.appended "},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := codesOf(Verify(c.file, c.anchors)); got != c.want {
				t.Errorf("findings %q, want %q", got, c.want)
			}
		})
	}
}

// TestVerifyCodes names each finding of a verdict once.
func TestVerifyCodes(t *testing.T) {
	signed := mustSign(t, testBase(t, "secretary"), testSigner(t, testPanel(), "secretary", "甲"))
	ours := anchors(t, testPanel())
	first := func(file []byte, anchors []*x509.Certificate) error {
		return review.E(Verify(file, anchors).Findings[0].Code, "", "", nil)
	}
	reviewtest.WantCode(t, first(signed, nil), review.CodeNoAnchor)
	reviewtest.WantCode(t, first(append(bytes.Clone(signed), 0), ours), review.CodePDFAppended)
	reviewtest.WantCode(t, first(rewritten(t, signed, func(s *signature) { s.person = "乙" }), ours), review.CodePDFAltered)
	reviewtest.WantCode(t, first(rewritten(t, signed, func(s *signature) { s.covers = array{0, 1, 2, 3} }), ours), review.CodePDFRange)
	observer := testSigner(t, testPanel(), "observer", "丙")
	observer.Field = "secretary"
	reviewtest.WantCode(t, first(mustSign(t, testBase(t, "secretary"), observer), ours), review.CodeCertRole)
}

// refilled appends a valid signature to a field that has one.
func refilled(tb testing.TB, signed []byte, s review.Signing) []byte {
	tb.Helper()
	f, _, filled, err := read(signed)
	if err != nil {
		tb.Fatal(err)
	}
	again := filled[0]
	if err := f.sign(again, s.Certificate, s.Key); err != nil {
		tb.Fatal(err)
	}
	return f.bytes
}

// TestVerifyEveryChange changes every byte of a signed file but in the signature's value,
// whose every bit seal changes: there it changes some, of the value and its padding. It
// changes some, too, of a paper with text that was certified, approved and archived.
// Nothing passes.
func TestVerifyEveryChange(t *testing.T) {
	page := layout.Page{
		Rules:  []layout.Rule{{X1: 100, Y1: 100, X2: 300, Y2: 100, Width: 1}},
		Fields: []layout.Field{{Name: "secretary", X: 100, Y: 50, W: 200, H: 40}},
	}
	base, err := Compose([]layout.Page{page}, testFonts(), testMeta)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(32000, 1))
	signed := mustSign(t, base, testSigner(t, testPanel(), "secretary", "甲"))
	from := bytes.Index(signed, []byte("/Contents <")) + len("/Contents <")
	to := from + 2*reserved
	var places []int
	for i := range signed {
		if i < from || i >= to || i%29 == 0 {
			places = append(places, i)
		}
	}
	closed := bytes.Clone(closedPaper())
	var some []int
	for range 150 {
		some = append(some, r.IntN(len(closed)))
	}
	ours := anchors(t, testPanel())
	for _, c := range []struct {
		file   []byte
		places []int
	}{{signed, places}, {closed, some}} {
		for _, i := range c.places {
			old := c.file[i]
			c.file[i] ^= byte(1 + r.IntN(255))
			if v := Verify(c.file, ours); len(v.Findings) == 0 {
				t.Errorf("byte %d changed from %q to %q passes", i, old, c.file[i])
			}
			c.file[i] = old
		}
		if v := Verify(c.file, ours); len(v.Findings) > 0 {
			t.Fatalf("unchanged it does not pass: %s", codesOf(v))
		}
		t.Logf("%d changes of %d bytes, all refused", len(c.places), len(c.file))
	}
}

// FuzzVerify wants no panic and no verdict without a reason on anything but a
// signed file.
func FuzzVerify(f *testing.F) {
	base := testBase(f, "secretary")
	signed := mustSign(f, base, testSigner(f, testPanel(), "secretary", "甲"))
	ours := anchors(f, testPanel())
	f.Add(signed)
	f.Add(signed[:4096])
	f.Add([]byte(header + "1 0 obj\n<< /A [1 0 R (x\\)) <00> /N 1.5 null true] >>\nstream\n\nendstream\nendobj\nxref\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v := Verify(b, ours); len(v.Findings) == 0 && hex.EncodeToString(b) != hex.EncodeToString(signed) {
			t.Error("passes")
		}
	})
}

// FuzzContent wants no panic, and none of the marks that only comments, arrays
// and procedures begin with.
func FuzzContent(f *testing.F) {
	f.Add([]byte("0 J\n0.57 w\nBT /F1 9.00 Tf ET\nBT 1.00 2.00 Td (ab) Tj ET\n1 2 m 3 4 l S"))
	f.Add([]byte("[<< /A <00> >> null"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := &conformer{fonts: map[name]advances{"F1": nil}}
		if err := c.isContent(stream{dict{}, b}); err == nil && bytes.ContainsAny(b, "%[{") && !bytes.ContainsAny(b, "(") {
			t.Error("passes")
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	signed := mustSign(b, testBase(b, "secretary"), testSigner(b, testPanel(), "secretary", "甲"))
	ours := anchors(b, testPanel())
	for b.Loop() {
		if v := Verify(signed, ours); len(v.Findings) > 0 {
			b.Fatal(codesOf(v))
		}
	}
}

func BenchmarkSign(b *testing.B) {
	base := testBase(b, "secretary")
	s := testSigner(b, testPanel(), "secretary", "甲")
	for b.Loop() {
		mustSign(b, base, s)
	}
}

// TestVerifyFields gives bases whose fields are not ours to have.
func TestVerifyFields(t *testing.T) {
	fields := func(n int) (names []string) {
		for i := range n {
			names = append(names, fmt.Sprint("expert", i))
		}
		return names
	}
	for _, c := range []struct {
		name   string
		fields []string
		want   int // findings
		first  review.Code
	}{
		{"two open fields", []string{"a", "b"}, 3, review.CodePDFUnsigned},
		{"two fields of one name", []string{"a", "a"}, 1, review.CodePDFForm},
		{"no name", []string{""}, 1, review.CodePDFForm},
		{"a name that steers", []string{"secretary\x1b[31m\n成立"}, 1, review.CodePDFForm},
		{"as many as there may be", fields(maxFields), maxFields + 1, review.CodePDFUnsigned},
		{"one more", fields(maxFields + 1), 1, review.CodePDFForm},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := Verify(testBase(t, c.fields...), nil)
			if len(v.Findings) != c.want || v.Findings[0].Code != c.first {
				t.Errorf("findings %s", codesOf(v))
			}
		})
	}
	for _, foreign := range []file{
		{root: 1, info: 2},
		{root: 9, info: 9},
	} {
		f := newFile([]object{{1, 1}, {2, dict{}}}, foreign.root, foreign.info)
		if got := codesOf(Verify(f.bytes, nil)); got != "pdf.form " {
			t.Errorf("no catalog: findings %q", got)
		}
	}
}

// steering are texts that would change what stands around them in an output.
var steering = map[string]string{
	"an escape": "甲\x1b[31m", "a new line": "甲\n结论：成立", "a direction": "甲\u202e乙", "nothing": " ", "no UTF-16": "\xff",
}

// TestVerifyTexts signs, outside of Sign's checks, under names and for reasons
// that are not to be printed: nothing of them gets into the verdict.
func TestVerifyTexts(t *testing.T) {
	base, ours := testBase(t, "secretary", "expert1"), anchors(t, testPanel())
	s, s2 := testSigner(t, testPanel(), "secretary", "甲"), testSigner(t, testPanel(), "expert1", "乙")
	texts := maps.Clone(steering)
	delete(texts, "no UTF-16") // textString writes something else
	texts["much"] = strings.Repeat("甲", maxReason+1)
	for what, bad := range texts {
		t.Run(what, func(t *testing.T) {
			for _, change := range []func(*signature){
				func(s *signature) { s.person = bad },
				func(s *signature) { s.reason = bad },
			} {
				if v := Verify(signedWith(t, base, s, change), ours); codesOf(v) != "pdf.form " || len(v.Signatures) > 0 {
					t.Errorf("%+v", v)
				}
				second := rewritten(t, mustSign(t, mustSign(t, base, s), s2), change)
				if v := Verify(second, ours); codesOf(v) != "pdf.form " || len(v.Signatures) > 0 {
					t.Errorf("the second of two: %+v", v)
				}
			}
			if len(bad) > review.MaxName {
				return // no certificate can have it
			}
			named := testSigner(t, testPanel(), "secretary", bad)
			v := Verify(signedWith(t, base, named, func(s *signature) { s.person = "甲" }), ours)
			if codesOf(v) != "cms.form secretary, pdf.unsigned expert1" || v.Signatures[0].Name != "甲" {
				t.Errorf("in the certificate: %+v", v)
			}
		})
	}
	other := signedWith(t, testBase(t, "secretary"), s, func(s *signature) { s.person = "乙" })
	if got := codesOf(Verify(other, ours)); got != "cert.role secretary" {
		t.Errorf("another name than the certificate's: %s", got)
	}
	blanks := mustSign(t, testBase(t, "secretary"), testSigner(t, testPanel(), "secretary", " 甲 "))
	if got := codesOf(Verify(blanks, ours)); got != "" {
		t.Errorf("blanks around the name: %s", got)
	}
}

// TestVerifyMemory gives what takes much more memory than it has bytes. A real
// paper of that size could be held twice.
func TestVerifyMemory(t *testing.T) {
	const size = 16 << 20
	repeated := func(unit string) []byte {
		return []byte(header + "1 0 obj\n[" + strings.Repeat(unit, size/len(unit)) + "]\nendobj\n")
	}
	for what, c := range map[string]struct {
		file  []byte
		bound uint64 // bytes allocated
	}{
		"arrays":        {repeated("[]"), 4 * size},
		"dictionaries":  {repeated("<<>>"), 4 * size},
		"strings":       {repeated("()"), 4 * size},
		"numbers":       {repeated("0 "), 4 * size},
		"one string":    {repeated("(" + strings.Repeat("\x80", size-2) + ")"), size},
		"one name":      {repeated("/" + strings.Repeat("x", size-1)), size},
		"one number":    {repeated(strings.Repeat("1", size)), size},
		"objects":       {[]byte(header + strings.Repeat("1 0 obj\n1\nendobj\n", size/17)), size},
		"a large file":  {newFile([]object{{1, newStream(dict{}, make([]byte, MaxSize))}}, 1, 1).bytes, 1 << 16},
		"blanks inside": {repeated(" "), size},
	} {
		t.Run(what, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			v := Verify(c.file, nil)
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > c.bound {
				t.Errorf("%d bytes, allocated %d", len(c.file), got)
			}
			if codesOf(v) != "pdf.form " {
				t.Errorf("findings %s", codesOf(v))
			}
		})
	}
}

// TestVerifyForeignRevision appends revisions that are almost a signature.
func TestVerifyForeignRevision(t *testing.T) {
	base := testBase(t, "secretary", "expert1")
	s := testSigner(t, testPanel(), "secretary", "甲")
	for _, c := range []struct {
		name   string
		change func([]object) []object
	}{
		{"nothing", func([]object) []object { return nil }},
		{"the widget alone", func(o []object) []object { return o[:1] }},
		{"one object more", func(o []object) []object { return append(o, object{o[1].num + 1, 1}) }},
		{"the widget elsewhere", func(o []object) []object {
			o[0].value.(dict)["Rect"] = array{0, 0, 1, 1}
			return o
		}},
		{"another object than a widget", func(o []object) []object { return []object{{1, o[0].value}, o[1]} }},
		{"a value that is none", func(o []object) []object { return []object{o[0], {o[1].num, 1}} }},
		{"a key more", func(o []object) []object {
			o[1].value.(dict)["Reference"] = array{}
			return o
		}},
		{"another filter", func(o []object) []object {
			o[1].value.(dict)["SubFilter"] = name("adbe.pkcs7.detached")
			return o
		}},
		{"no time", func(o []object) []object {
			delete(o[1].value.(dict), "M")
			return o
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, fields, _, err := read(base)
			if err != nil {
				t.Fatal(err)
			}
			filling := signature{field: fields[0], at: testTime, covers: array{0, 1, 2, 3}, contents: text(make([]byte, reserved))}
			f.append(c.change(f.filling(filling, f.last().size)))
			if got := codesOf(Verify(f.bytes, nil)); got != "pdf.form " {
				t.Errorf("findings %q", got)
			}
			_, err = Sign(f.bytes, s, testFonts())
			reviewtest.WantCode(t, err, review.CodePDFForm)
		})
	}
}
