package cli

import (
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/review/regulation"
	"heyi/review/reviewtest/slips"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What somebody reads of each mistake that is likely to be made. The golden file is read like
// a text for people: what is wrong, and what to write instead.
func TestMistakesInWords(t *testing.T) {
	c, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	good, err := assets.Sample.ReadFile("sample/packs/example-2026.yaml")
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Words: c}
	var out strings.Builder
	for _, s := range slips.Slips {
		wrong, from := s.In(t, string(good))
		found := regulation.Check([]byte(wrong))
		for i := range found {
			found[i].Line -= from // of the example, which may grow
			if why := found[i].Why; why != "" && !c.Has("mistake."+string(found[i].Code)+"."+why) {
				t.Errorf("%s: no sentence for %s %s", s.Name, found[i].Code, why)
			}
		}
		_, lines := w.mistakes([]string{"…"}, found)
		out.WriteString("# " + s.Name + "\n" + strings.Join(lines, "\n") + "\n")
	}
	const golden = "testdata/mistakes.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != string(want) {
		t.Errorf("not as in %s:\n%s", golden, got)
	}
}

// A mistake without a sentence of its own gets that of its code.
func TestMistakeWithoutItsOwnSentence(t *testing.T) {
	c, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Words: c}
	p := regulation.Check([]byte("a: &b c"))[0]
	want := w.mistakeOf(p)
	p.Why = "nothing that there is"
	if got := w.mistakeOf(p); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// The guide names everything that a pack can be written with: what is not in it cannot be
// found by who does not read programs.
func TestGuideIsWhole(t *testing.T) {
	c, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, x := range c.Guide(regulation.Usages()) {
		b.WriteString(x.Heading + "\n" + strings.Join(x.Text, "\n") + "\n")
	}
	named := regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`).FindAllString(b.String(), -1)
	must := func(what string, list ...string) {
		for _, name := range list {
			if !slices.Contains(named, name) {
				t.Errorf("the guide does not name the %s %s", what, name)
			}
		}
	}
	good, err := assets.Sample.ReadFile("sample/packs/example-2026.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"format: 1\n", "format: 1\nzzz: 1\n"}, {"  - id: EX-C01\n", "  - zzz: 1\n    id: EX-C01\n"}, {"{in: {", "{zzz: 1, in: {"},
		{"type: money", "type: none"}, {"class: veto", "class: none"},
		{"outcome: in_scope", "outcome: none"}, {"kind: yesno, answers", "kind: none, answers"}, {"mode: weighted", "mode: none"},
		{"method: trimmed", "method: none"}, {"shows: profile", "shows: none"}, {"origin: mixed", "origin: none"},
		{"title: 竣工验收\n    basis", "zzz: 1\n    title: 竣工验收\n    basis"}, {"{id: E1-01,", "{zzz: 1, id: E1-01,"}, {"{code: E1-E1,", "{zzz: 1, code: E1-E1,"},
		{"{id: suspended,", "{zzz: 1, id: suspended,"}, {"{title: 变更及签字确认,", "{zzz: 1, title: 变更及签字确认,"}, {"{stage: design,", "{zzz: 1, stage: design,"},
		{"{title: 项目申报,", "{zzz: 1, title: 项目申报,"}, {"{article: 第七条, problem", "{zzz: 1, article: 第七条, problem"}, {"funding: {", "funding: {zzz: 1, "},
		{"      - when: classified\n", "      - zzz: 1\n        when: classified\n"}, {"- {rule: EX-R03,", "- {zzz: 1, rule: EX-R03,"}, {"  - id: 第三条\n", "  - zzz: 1\n    id: 第三条\n"},
	} {
		if strings.Count(string(good), change[0]) == 0 {
			t.Fatalf("the example has no %q", change[0])
		}
		told := false
		for _, p := range regulation.Check([]byte(strings.Replace(string(good), change[0], change[1], 1))) {
			if p.Why == "choice" || p.Why == "among" {
				told = true
				must(change[1], slices.DeleteFunc(strings.Split(p.Want, "、"), func(s string) bool {
					return s == "stages" || s == "advice" // the common pack's alone, and what is not written
				})...)
			}
		}
		if !told {
			t.Errorf("%s: what is known is not told", change[1])
		}
	}
	raw, err := assets.Packs.ReadFile("packs/common.yaml")
	if err != nil {
		t.Fatal(err)
	}
	common, err := regulation.Load(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range common.Stages {
		must("stage", s.ID)
	}
}
