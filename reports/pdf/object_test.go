package pdf

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestValues(t *testing.T) {
	for _, c := range []struct {
		in   string
		want any
		out  string // as written again; empty: as read
	}{
		{"null", nil, ""},
		{"true", true, ""},
		{"false", false, ""},
		{"0", 0, ""},
		{"-17", -17, ""},
		{"+17", 17, "17"},
		{"15.790", decimal("15.790"), ""},
		{"-.5", decimal("-.5"), ""},
		{"/Type", name("Type"), ""},
		{"12 0 R", ref(12), ""},
		{"[]", array{}, ""},
		{"[1 2 0 R 3]", array{1, ref(2), 3}, ""},
		{"[ 1\n2 ]", array{1, 2}, "[1 2]"},
		{"(a\\(b\\)\\\\c)", text("a(b)\\c"), ""},
		{"(a(b)c)", text("a(b)c"), "(a\\(b\\)c)"},
		{"(a\rb)", text("a\rb"), "<610d62>"},
		{"(\\r)", text("\r"), "<0d>"},
		{"<feff9f9a>", text("\xFE\xFF\x9F\x9A"), ""},
		{"<FEFF>", text("\xFE\xFF"), "<feff>"},
		{"<41>", text("A"), "(A)"},
		{"<< >>", dict{}, ""},
		{"<< /A [<< /B (c) >>] /Z 1 0 R >>", dict{"A": array{dict{"B": text("c")}}, "Z": ref(1)}, ""},
		{"<</B 1/A/C>>", dict{"A": name("C"), "B": 1}, "<< /A /C /B 1 >>"},
	} {
		p := &parser{b: []byte(c.in)}
		got, err := p.value(0)
		if err != nil || !reflect.DeepEqual(got, c.want) || p.at != len(c.in) {
			t.Errorf("%q: %#v, %v, %d read", c.in, got, err, p.at)
			continue
		}
		if c.out == "" {
			c.out = c.in
		}
		if out := string(appendValue(nil, got)); out != c.out {
			t.Errorf("%q is written %q, want %q", c.in, out, c.out)
		}
	}
}

func TestValuesRefused(t *testing.T) {
	for _, in := range []string{
		"", " ", "nul", "1.2.3", "1e5", "0x10", "NaN", "--1", ">", "]", ")", "}", "%c\n1",
		"[", "[1", "<<", "<< /A", "<< /A 1", "<< 1 2 >>", "<< /A 1 /A 2 >>", "(a", "(a\\", "(\\n)", "<0", "<0>", "<0 1>", "<zz>",
		"99999999999999999999", strings.Repeat("[", 100) + strings.Repeat("]", 100),
	} {
		p := &parser{b: []byte(in)}
		if v, err := p.value(0); err == nil {
			t.Errorf("%q reads as %#v", in, v)
		}
	}
	for _, in := range []string{
		"", "1 0 obj\n", "0 0 obj\n1\nendobj\n", "-1 0 obj\n1\nendobj\n", "1 1 obj\n1\nendobj\n", "1 0 obj\n1\nendob\n",
		"1 0 obj\n<< >>\nstream\n\nendstream\nendobj\n", "1 0 obj\n<< /Length -1 >>\nstream\n\nendstream\nendobj\n",
		"1 0 obj\n<< /Length 99 >>\nstream\n\nendstream\nendobj\n", "1 0 obj\n<< /Length 2 >>\nstream\nabc\nendstream\nendobj\n",
		"1 0 obj\n<< /Length 2 0 R >>\nstream\nab\nendstream\nendobj\n",
	} {
		p := &parser{b: []byte(in)}
		if v, err := p.object(); err == nil {
			t.Errorf("%q reads as %#v", in, v)
		}
	}
}

func TestTextForPeople(t *testing.T) {
	for in, want := range map[string]string{
		"secretary": "secretary", "龚𫖮": "\xFE\xFF\x9F\x9A\xD8\x6D\xDD\xAE", "": "",
	} {
		got := textString(in)
		if string(got) != want || got.people() != in {
			t.Errorf("%q: %q, back %q", in, got, got.people())
		}
	}
}

func TestDates(t *testing.T) {
	for want, at := range map[text]time.Time{
		"D:20261121150405+08'00'": testTime,
		"D:20261121150405+00'00'": time.Date(2026, 11, 21, 15, 4, 5, 999, time.UTC),
		"D:20261121150405-03'30'": time.Date(2026, 11, 21, 15, 4, 5, 0, time.FixedZone("", -3*3600-1800)),
	} {
		got := dateString(at)
		if got != want {
			t.Errorf("%v: %s, want %s", at, got, want)
		}
		if back, ok := got.date(); !ok || !back.Equal(at.Truncate(time.Second)) {
			t.Errorf("%s reads as %v", got, back)
		}
	}
	for _, bad := range []text{"", "D:", "D:20261121150405", "D:20261121150405Z", "D:20261121150405+0800", "D:20261321150405+08'00'", "D:20261121150405+08'00", "D:2026'1121150405+08'00'"} {
		if at, ok := bad.date(); ok {
			t.Errorf("%q reads as %v", bad, at)
		}
	}
}

// TestFileForm writes a file of two revisions, reads it back and compares; then
// it asks for the one form: other blanks, order or offsets are refused.
func TestFileForm(t *testing.T) {
	f := newFile([]object{
		{1, dict{"Pages": ref(2)}}, {2, dict{"Kids": array{}}}, {3, newStream(dict{}, []byte("endobj\nxref\n"))},
	}, 1, 2)
	base := len(f.bytes)
	f.append([]object{{2, dict{"Kids": array{ref(4)}}}, {4, 1}, {5, 2}})
	if got, want := string(f.bytes[f.last().xref:]), "xref\n2 1\n"; !strings.HasPrefix(got, want) || !strings.Contains(got, "\n4 2\n") {
		t.Errorf("cross-reference table %q", got)
	}
	g, err := parseFile(f.bytes)
	if err != nil || !reflect.DeepEqual(g.revisions, f.revisions) || g.root != 1 || g.info != 2 {
		t.Fatalf("read back: %+v, %v", g, err)
	}
	if s := string(f.bytes); !strings.Contains(s[base:], "/Prev ") || strings.Contains(s[:base], "/Prev ") {
		t.Error("/Prev is not in the second trailer alone")
	}
	whole := string(f.bytes)
	for _, c := range []struct{ name, old, new string }{
		{"a blank more", "<< /Pages", "<<  /Pages"},
		{"another number", "1 0 obj", "7 0 obj"},
		{"a comment between objects", "endobj\n2 0", "endobj\n%hidden\n2 0"},
		{"another offset", "0000000015", "0000000016"},
		{"another size", "/Size 4", "/Size 9"},
		{"another id", "/ID [<", "/ID [<00"},
		{"no root", "/Root 1 0 R ", ""},
		{"a trailer that is none", "trailer\n<<", "trailer\n[<<"},
		{"no trailer", "trailer", "trader"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := []byte(strings.Replace(whole, c.old, c.new, 1))
			if string(b) == whole {
				t.Fatal("the change changes nothing")
			}
			if _, err := parseFile(b); err == nil {
				t.Error("accepted")
			}
		})
	}
	second := strings.Replace(whole[base:], "/Size", "/SiZe", 1)
	if g, err := parseFile([]byte(whole[:base] + second)); err != nil || len(g.revisions) != 1 {
		t.Errorf("a second revision of another form: %v", err)
	}
}
