package regulation_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"heyi/review"
	"heyi/review/regulation"
)

// FuzzLoad holds that whatever is taken as a pack can be used: every rule has an answer
// where nothing is known, and every scheme can be frozen.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(wordy))
	for _, id := range built {
		f.Add(packFile(f, id))
	}
	for _, m := range mistakes {
		if len(m.file) < 8_000 {
			f.Add([]byte(m.file))
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := regulation.Load(file)
		if err != nil {
			if list := regulation.Check(file); len(list) == 0 {
				t.Fatalf("refused without a mistake: %v", err)
			}
			return
		}
		l, err := regulation.NewLibrary(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range l.Rules() {
			res, err := l.Eval(r.ID, nil)
			if err != nil || res.Outcome == "" {
				t.Fatalf("%s of nothing: %+v, %v", r.ID, res, err)
			}
			if _, err := json.Marshal(res); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range l.Schemes() {
			c := s.Freeze()
			if err := c.Check(); err != nil {
				t.Fatalf("%s: %v", s.ID, err)
			}
			if _, err := l.Findings(c, regulation.Known{Conclusion: c.Outcomes[0].ID}); err != nil {
				t.Fatal(err)
			}
			if _, err := l.Materials(s.ID, nil, nil); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// FuzzYAML holds that what our reader takes means the same to another one, but for the mark
// of the byte order: YAML 1.2 has it as no part of the text, and the other reader does not.
func FuzzYAML(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(wordy))
	for _, id := range built {
		f.Add(packFile(f, id))
	}
	for _, m := range mistakes {
		if len(m.file) < 8_000 {
			f.Add([]byte(m.file))
		}
	}
	for _, s := range []string{
		"a: b", "a:\n- b\n- c", "a:\n  - b: c\n    d: e\n  - f: g", "- a\n- [b, 'c''d', \"e\\\"f\"]", "a: {b: c, d: [e, {f: 1}]}", "a: x # note\n# note\nb: y#z",
		"a: -b", "a: :b", "a: ?b", "a: b:c", "a: [b:c]", "a: true\nb: null\nc:\nd: 0\ne: -5", "a: 'true'", "a: b  \n", "a: b - c", "yes: no", "a|b: c", "a: 1月2日",
		"a:b: c", "x: {19-1: d}", "x: {a:b: c}", "x: {y: [b:c]}", "19-1: a", "a:b:\n- c", "12-31: a", "a:1: b", "a::b: c", "x: {a: b:c}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := regulation.ReadYAML(file)
		if err != nil {
			return
		}
		var other any
		if err := yaml.Unmarshal(bytes.TrimPrefix(file, []byte("\ufeff")), &other); err != nil {
			t.Fatalf("another reader refuses %q: %v", file, err)
		}
		if want := likeJSON(t, other); !reflect.DeepEqual(likeJSON(t, got), want) {
			t.Fatalf("%q is %v, to another reader %v", file, got, want)
		}
	})
}

// likeJSON takes a value through JSON, so that numbers of all kinds are alike.
func likeJSON(t *testing.T, v any) any {
	t.Helper()
	var out any
	if err := json.Unmarshal([]byte(encode(t, v)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// FuzzExpression holds that an expression that is taken can be evaluated, whatever is
// known of what it asks about.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{
		`amount < yuan("5000.00")`, `kind in ["new", "om"] and not (count > 3 or absent(note))`, `size(which(items, it.done or it.id == "a")) > 0`,
		`count % 3 == 1 ? true : count * 2 - 1 <= 7`, `lacking(["a", "b|c"], names_of) == []`, `size(lacking(kind == "new" ? ["a"] : [], names_of)) > 0`,
		`size(names(amount >= yuan("1.00"), "audit", surely(note != ""), "audit")) != 1`, `rank(kind) >= 1`, `gaps(names_of) == 0`, `-count < -3`, `1 < count < 5`,
	} {
		f.Add(s)
	}
	for _, m := range mistakes {
		if i := strings.Index(m.file, "- when: '"); i >= 0 {
			s, _, _ := strings.Cut(m.file[i+len("- when: '"):], "'\n")
			f.Add(strings.ReplaceAll(s, "''", "'"))
		}
	}
	ins := []map[string]any{
		nil,
		{"amount": "4999.99", "kind": "om", "count": 7, "note": "甲", "names_of": []any{"a", nil}, "items": []any{map[string]any{"id": "a"}}},
		{"amount": "-0.01", "kind": "other", "count": -1_000_000_000, "names_of": []any{}, "items": []any{map[string]any{"id": "b", "done": true}}},
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, "\n\r") {
			return
		}
		file := strings.Replace(condition(s), "    cases:\n", "    cases: []\n    casses:\n", 1)
		for _, p := range regulation.Check([]byte(file)) {
			if p.Code != review.CodePackKey && p.Code != review.CodePackUntested {
				return
			}
		}
		for _, in := range ins {
			if res := regulation.EvalAnyway([]byte(file), "TC-R01", in); res.Outcome == "" {
				t.Fatalf("%s of %v: nothing", s, in)
			}
		}
	})
}
