package regulation_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"heyi/review/regulation"
)

// worked is one worked example of regulations.md.
type worked struct {
	Regulation string         `json:"regulation"`
	Rule       string         `json:"rule_id"`
	Article    string         `json:"article"`
	Input      map[string]any `json:"input"`
	Expect     map[string]any `json:"expect"`
	Note       string         `json:"note"`
}

func examples(tb testing.TB) []worked {
	tb.Helper()
	b, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		tb.Fatal(err)
	}
	var list []worked
	if err := json.Unmarshal(b, &list); err != nil {
		tb.Fatal(err)
	}
	return list
}

func encode(tb testing.TB, v any) string {
	tb.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

// built are the packs that the program brings.
var built = []string{"common", "mofcom", "ndrc-2013", "taiyuan-2013", "wuhan", "yueqing-2015"}

func TestExamples(t *testing.T) {
	l := library(t)
	tried := 0
	for _, c := range examples(t) {
		got, err := l.Eval(c.Rule, c.Input)
		if err != nil {
			t.Errorf("%s %v: %v", c.Rule, c.Input, err)
			continue
		}
		tried++
		if encode(t, got) != encode(t, c.Expect) {
			t.Errorf("%s %v: got %s, want %s", c.Rule, c.Input, encode(t, got), encode(t, c.Expect))
		}
		r, _ := l.Rule(c.Rule)
		if want := fullWidth(c.Article); r.Pack().ID != regulation.Common && r.Article != want {
			t.Errorf("%s stands at %s, not %s", c.Rule, r.Article, want)
		}
	}
	if tried != 211 {
		t.Errorf("%d examples tried", tried)
	}
}

// fullWidth sets the signs of regulations.md as Chinese text has them.
func fullWidth(s string) string {
	return strings.NewReplacer("(", "（", ")", "）", ";", "、", ",", "，", "?", "？").Replace(s)
}

// A sentence is Chinese, ends as one, and cites where it is from.
func TestSentences(t *testing.T) {
	l := library(t)
	for _, c := range examples(t) {
		got, err := l.Eval(c.Rule, c.Input)
		if err != nil {
			continue
		}
		r, _ := l.Rule(c.Rule)
		if s := got.Sentence; !strings.HasSuffix(s, "。") || !strings.Contains(s, r.Cite()) || strings.ContainsAny(s, "{}“”") {
			t.Errorf("%s: %s", c.Rule, s)
		}
		if testing.Verbose() {
			t.Log(c.Rule, got.Outcome, got.Sentence)
		}
	}
}

// What is given as an int, as a number of JSON or as text is the same.
func TestNumbersAsGiven(t *testing.T) {
	l := library(t)
	d := json.NewDecoder(bytes.NewReader([]byte(`{"yes":2,"no":3}`)))
	d.UseNumber()
	var exact map[string]any
	if err := d.Decode(&exact); err != nil {
		t.Fatal(err)
	}
	for _, in := range []map[string]any{exact, {"yes": 2, "no": 3}, {"yes": 2.0, "no": int64(3)}} {
		r, err := l.Eval("CM-05", in)
		if err != nil || r.Outcome != regulation.OutcomeBlock {
			t.Errorf("%v: %+v, %v", in, r, err)
		}
	}
}
