package regulation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heyi/review/regulation"
	"heyi/review/reviewtest/rulebook"
)

// called names a spot for a test: what it is, in which scheme, and what it is called.
func called(s regulation.Spot) string {
	out := string(s.Part) + " " + s.Title()
	if s.Scheme != nil && s.Part != regulation.PartScheme {
		out += " of " + s.Scheme.Title
	}
	return out
}

func namesOf[T any](list []T, name func(T) string) string {
	var out []string
	for _, x := range list {
		out = append(out, name(x))
	}
	return strings.Join(out, "\n")
}

// citations gives everything that cites a clause in a pack, found without the index.
func citations(p *regulation.Pack) map[string]string {
	out := map[string]string{}
	add := func(part regulation.Part, in *regulation.Scheme, title, article string) {
		if article == "" {
			return
		}
		name := string(part) + " " + title
		if in != nil {
			name += " of " + in.Title
		}
		out[fmt.Sprintf("%s @%s", name, article)] = name
	}
	for _, r := range p.Rules {
		add(regulation.PartRule, nil, r.Title, r.Article)
	}
	for _, s := range p.Schemes {
		add(regulation.PartScheme, nil, s.Title, s.Basis)
		for _, x := range s.Items {
			add(regulation.PartItem, s, x.Title, x.Article)
		}
		for _, x := range s.Materials {
			add(regulation.PartMaterial, s, x.Title, x.Article)
		}
		for _, x := range s.Conclusions {
			add(regulation.PartConclusion, s, x.Title, x.Article)
		}
		for _, x := range append([]regulation.Section{s.Document}, s.Sections...) {
			add(regulation.PartHeading, s, x.Title, x.Article)
		}
	}
	for _, x := range p.Lifecycle {
		add(regulation.PartStep, nil, x.Title, x.Article)
	}
	for _, x := range p.Gaps {
		add(regulation.PartGap, nil, x.Problem, x.Article)
	}
	return out
}

// TestCitingComplete holds that every citation of a pack that has a text is found back from
// each of its articles, and that nothing stands at an article that does not cite it.
func TestCitingComplete(t *testing.T) {
	found := 0
	for _, p := range append(library(t).Packs(), rulebook.Library(t).Packs()...) {
		if len(p.Articles) == 0 {
			continue
		}
		want := make([]map[string]bool, len(p.Articles))
		for i := range want {
			want[i] = map[string]bool{}
		}
		for at, name := range citations(p) {
			_, article, _ := strings.Cut(at, "@")
			places := p.Cited(article)
			if len(places) == 0 {
				t.Errorf("%s: %s cites no article", p.ID, at)
			}
			for _, i := range places {
				want[i][name] = true
			}
		}
		for i, a := range p.Articles {
			got := map[string]bool{}
			for _, s := range p.Citing(i) {
				found++
				got[called(s)] = true
				if !slices.Contains(p.Cited(s.Citation()), i) {
					t.Errorf("%s: %s does not lead back to %s", p.ID, called(s), a.ID)
				}
			}
			for name := range want[i] {
				if !got[name] {
					t.Errorf("%s %s: %s is not found", p.ID, a.ID, name)
				}
			}
			for name := range got {
				if !want[i][name] {
					t.Errorf("%s %s: %s does not cite it", p.ID, a.ID, name)
				}
			}
		}
	}
	if found < 25 {
		t.Errorf("%d citations were tried", found)
	}
}

func TestCiting(t *testing.T) {
	p, ok := rulebook.Library(t).Pack("test-city")
	if !ok {
		t.Fatal("no pack")
	}
	for id, want := range map[string]string{
		"第一条": "",
		"第二条": "item 可行性 of 项目预审",
		"第三条": "rule 未经预审不予立项\nrule 预审材料\nscheme 项目预审\nitem 必要性 of 项目预审\nitem 可行性 of 项目预审\nmaterial 建设方案 of 项目预审\n" +
			"material 概算表 of 项目预审\nconclusion 同意 of 项目预审\nconclusion 不同意 of 项目预审\nheading 预审意见 of 项目预审\nstep 预审\ngap 预审的期限没有规定。",
		"第六条": "rule 预审材料\nscheme 竣工验收\nitem 交付 of 竣工验收\nconclusion 合格 of 竣工验收\nheading 交付使用意见 of 竣工验收\nstep 验收",
	} {
		i := slices.IndexFunc(p.Articles, func(a regulation.Article) bool { return a.ID == id })
		if got := namesOf(p.Citing(i), called); got != want {
			t.Errorf("%s is cited by\n%s\nwant\n%s", id, got, want)
		}
	}
}

func TestSchemesOfRule(t *testing.T) {
	l := rulebook.Library(t)
	for id, want := range map[string]string{"TC-G01": "项目预审", "TC-R01": "项目预审\n竣工验收", "CM-06": ""} {
		r, ok := l.Rule(id)
		if !ok {
			t.Fatalf("no rule %s", id)
		}
		if got := namesOf(r.Schemes(), func(s *regulation.Scheme) string { return s.Title }); got != want {
			t.Errorf("%s is asked in %q, want %q", id, got, want)
		}
	}
}

// TestTable holds that a stage that the common pack does not name is no row.
func TestTable(t *testing.T) {
	table := rulebook.Library(t).Table()
	var got []string
	for i, s := range table.Stages {
		line := s.Title
		for j, p := range table.Packs {
			line += " | " + p.Short
			if c, ok := table.Cell(i, j); ok {
				line += fmt.Sprint(" ", c.Says, c.Schemes, c.Origin)
			}
		}
		got = append(got, line)
	}
	want := `初审、预审、审核 | 某市办法 第三条[test-city.pre_review]default | 某县规定
初步设计、技术方案评审 | 某市办法 | 某县规定
竣工验收 | 某市办法 第五条、第六条[test-city.acceptance]text | 某县规定 第二条[test-county.acceptance]default
审计 | 某市办法 第六条（适时）[]text | 某县规定`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	alone, err := regulation.Open(rulebook.File(t, "city"))
	if err != nil {
		t.Fatal(err)
	}
	if table := alone.Table(); len(table.Stages) != 0 || len(table.Packs) != 1 {
		t.Errorf("without common rules there are %d rows and %d columns", len(table.Stages), len(table.Packs))
	}
}

func TestFindWords(t *testing.T) {
	f := rulebook.Library(t).Finder()
	for _, c := range []struct{ words, want string }{
		{"", ""},
		{"　 ", ""},
		{"没有这样的词", ""},
		{"涉密", "regulation 某市办法: 使用市级财政资金的电子政务项目；涉密项目不适用。\narticle 第二条: 涉密项目不适用本办法。"},
		// Both words, wherever they stand in it; the piece shows the line that has both.
		{"监理 同一", "article 第四条: 项目实行监理制，承建单位和监理单位不得为同一单位。"},
		{"监理　同一", "article 第四条: 项目实行监理制，承建单位和监理单位不得为同一单位。"},
		{"监理 没有的", ""},
		// Full and half width, capital and small, brackets.
		{"pdf格式", "article 第三条: 投资100万元（含）以上的项目，须经市电子政务主管部门预审；未经预审同意的，不予立项。预审须提交建设方案和概算表（ＰＤＦ格式）。"},
		{"(ＰDF", "article 第三条: 投资100万元（含）以上的项目，须经市电子政务主管部门预审；未经预审同意的，不予立项。预审须提交建设方案和概算表（ＰＤＦ格式）。"},
		{"[2020]1号", "regulation 某市办法: 某政发〔2020〕1号"},
		{"tc-r02", "rule 项目监理: TC-R02"},
		// Readings, what a rule asks about, gaps.
		{"并入建设方案", "rule 预审材料: 概算表可以并入建设方案。"},
		{"是否实行监理", "rule 项目监理: 是否实行监理"},
		{"罚则", "gap 罚则没有规定。: 罚则没有规定。"},
		{"由人决定 期限", "gap 预审的期限没有规定。: 预审的期限没有规定。"},
		// What a rule says in the end, with what the project answers in its place.
		{"按第三条 不予立项", "rule 未经预审不予立项: 项目投资……，预审没有同意，按第三条，不予立项。"},
		{"必要", "item 必要性 of 项目预审: 项目是否必要？"},
		{"竣工报告", "material 竣工报告 of 竣工验收: "},
	} {
		got := namesOf(f.Find(c.words), func(h regulation.Hit) string { return called(h.Spot) + ": " + h.Context })
		if got != c.want {
			t.Errorf("%q finds\n%s\nwant\n%s", c.words, got, c.want)
		}
	}
}

// TestFindContext holds that a piece of a long text begins shortly before what was found,
// and says that it is a piece.
func TestFindWordsContext(t *testing.T) {
	long := strings.Repeat("甲", 100) + "（Ａ）乙" + strings.Repeat("丙", 100) + "乙丁" + strings.Repeat("戊", 100)
	p, err := regulation.Load([]byte("format: 1\nid: long\ntitle: 长\nshort: 长\nunknown: 无。\ntext:\n  - {id: 第一条, says: " + long + "}\n"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := regulation.NewLibrary(p)
	if err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]string{
		"a":       "……" + strings.Repeat("甲", 15) + "（Ａ）乙" + strings.Repeat("丙", 53) + "……",
		"乙 丁":     "……" + strings.Repeat("丙", 16) + "乙丁" + strings.Repeat("戊", 54) + "……",
		"甲":       strings.Repeat("甲", 72) + "……",
		"戊 第一条 丁": "……" + strings.Repeat("丙", 15) + "乙丁" + strings.Repeat("戊", 55) + "……",
	} {
		hits := l.Finder().Find(words)
		if len(hits) != 1 || hits[0].Context != want {
			t.Errorf("%q: %+v, want %s", words, hits, want)
		}
	}
}

// TestWaysSay holds that what a rule can end in is said before anything is known: with the
// names of what the project answers, and with what does not hang on it.
func TestWaysSay(t *testing.T) {
	l := rulebook.Library(t)
	r, _ := l.Rule("TC-G01")
	want := []string{
		"项目投资……，某政发〔2020〕1号第三条没有要求预审。", "预审已经同意，符合某政发〔2020〕1号第三条。",
		"项目投资……，预审没有同意，按某政发〔2020〕1号第三条，不予立项。",
	}
	r2, _ := l.Rule("TC-R01")
	want = append(want, "材料齐全，符合某政发〔2020〕1号第三条、第五条至第六条。", "缺少……，不符合某政发〔2020〕1号第三条、第五条至第六条。")
	var got []string
	for _, w := range append(r.Ways(), r2.Ways()...) {
		got = append(got, w.Says)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	for _, r := range library(t).Rules() {
		for _, w := range r.Ways() {
			if w.Says == "" || strings.ContainsAny(w.Says, "{}") {
				t.Errorf("%s says %q", r.ID, w.Says)
			}
		}
	}
}
