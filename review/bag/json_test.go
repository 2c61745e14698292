package bag

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

func TestParseJSON(t *testing.T) {
	for _, text := range []string{
		`null`, ` true `, `false`, `0`, `-1`, `9007199254740991`, `-9007199254740991`, `""`, `"中文"`, `"\"\\\/\b\f\n\r\t\u4e2d\ud861\udee4"`,
		`[]`, `[1,[2,{}]]`, `{}`, "{\r\n\t \"a\" : 1 , \"b\" : [ ] }", `{"":0}`, `"\u0000"`,
	} {
		n, err := parseJSON("x", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		same(t, text, n)
	}
	for text, item := range map[string]string{
		``: "x:1:1", `{`: "x:1:2", `[1,]`: "x:1:4", `{"a":1,}`: "x:1:8", `{"a" 1}`: "x:1:6", `[1 2]`: "x:1:4", `nul`: "x:1:1",
		`1.0`: "x:1:2", `1e2`: "x:1:2", `01`: "x:1:1", `-`: "x:1:1", `+1`: "x:1:1", `NaN`: "x:1:1", `9007199254740992`: "x:1:1", "1\n2": "x:2:1",
		"\"a\nb\"": "x:1:3", `"\x"`: "x:1:4", `"\u12"`: "x:1:4", `"\ud800"`: "x:1:8", `"\ud800\u0041"`: "x:1:14", `"a`: "x:1:3", "\uFEFF1": "x:1:1",
		"[1,\n 中]": "x:2:2", `{1:2}`: "x:1:2", `'a'`: "x:1:1", "/**/1": "x:1:1", "\"\xff\"": "x",
	} {
		_, err := parseJSON("x", []byte(text))
		if review.CodeOf(err) != review.CodePackageJSON || review.ItemOf(err) != item {
			t.Errorf("%q: %v, want it at %s", text, err, item)
		}
	}
	for _, text := range []string{`{"a":1,"a":1}`, `{"a":1,"A":1}`, `{"ä":1,"a\u0308":1}`, `{"x":{"a":1,"\u0061":2}}`} {
		_, err := parseJSON("x", []byte(text))
		reviewtest.WantCode(t, err, review.CodePackageField)
	}
}

// same compares a value with what the standard library reads.
func same(tb testing.TB, text string, n node) {
	tb.Helper()
	var want, got any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&want); err != nil {
		tb.Fatalf("%q: the standard library says %v", text, err)
	}
	out, err := json.Marshal(n)
	if err != nil {
		tb.Fatalf("%q: %v", text, err)
	}
	d = json.NewDecoder(strings.NewReader(string(out)))
	d.UseNumber()
	if err := d.Decode(&got); err != nil {
		tb.Fatalf("%q became %q: %v", text, out, err)
	}
	if !reflect.DeepEqual(got, want) {
		tb.Fatalf("%q became %q", text, out)
	}
	again, err := parseJSON("x", out)
	if err != nil || !reflect.DeepEqual(again, n) {
		tb.Fatalf("%q became %q: %v", text, out, err)
	}
}

// TestFacts: what may be a fact, and how it is written.
func TestFacts(t *testing.T) {
	facts := func(s string) ([]review.Fact, error) {
		p, err := decodeProject("p", []byte(`{"version":1,"title":"x","scheme":"x","quorum":1,"facts":`+s+`}`), true)
		return p.facts, err
	}
	for s, want := range map[string]string{
		`{"a":"x"}`: "x", `{"a":"见[1]{2}"}`: "见[1]{2}", `{"a":"〔2025〕27号"}`: "〔2025〕27号", `{"a":["[]"]}`: `["[]"]`, `{"a":true}`: "true", `{"a":false}`: "false", `{"a":-12}`: "-12", `{"a":[]}`: "[]",
		`{"a":[{"b":"<&>","a":1,"n":null},{}]}`: `[{"a":1,"b":"<&>"},{}]`, `{"a":["x",1,true]}`: `["x",1,true]`, `{"a":null,"b":"y"}`: "y",
	} {
		got, err := facts(s)
		if err != nil || len(got) != 1 || got[0].Value != want {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{
		`{"a":""}`, `{"a":{}}`, `{"a":[[]]}`, `{"a":[null]}`, `{"a":[{"b":[]}]}`, `{"a":[{"b":{}}]}`, `{"a b":1}`, `{"":1}`, `[]`, `{"a":["\u0007"]}`, `{"a":"[]"}`, `{"a":"{"}`, `{"a":" []"}`, `{"a":["x "]}`, `{"a":[{"中":1}]}`,
	} {
		_, err := facts(s)
		reviewtest.WantCode(t, err, review.CodePackageValue)
	}
}
