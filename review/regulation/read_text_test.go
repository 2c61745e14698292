package regulation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
)

// wordy is the good pack with its text, its course and where it leaves room.
var wordy = strings.Replace(good, "inputs:\n", `lifecycle:
  - {title: 立项, article: 第一条, who: 建设单位}
  - {title: 验收, article: 三（四）第1款, schemes: [acceptance]}
cross:
  - {stage: acceptance, says: 三（四）（适时）, schemes: [acceptance], origin: default}
  - {stage: audit, says: 没有规定}
gaps:
  - {article: 第二条, problem: 没有写明时限。, reading: 由人决定。}
  - {problem: 全文没有写明专家人数。, reading: 按系统默认规则。}
text:
  - {id: 第一条, chapter: 第一章 总则, says: 投资达到5000元的，应当审计。}
  - id: 第二条
    says:
      - 第一款。
      - 第二款。
  - {id: 第十条, says: 十。}
  - {id: 第十一条, says: 十一。}
  - {id: 三（一）, chapter: 三、管理, says: 一。}
  - {id: 三（二）, says: 二。}
  - {id: 三（四）, says: 四。}
  - {id: 三（四）补, says: 补。}
  - {id: 四（一）, chapter: 四、附则, says: 一。}
inputs:
`, 1)

// worded is the wordy pack changed in one place.
func worded(old, new string) string {
	if strings.Count(wordy, old) != 1 {
		panic("not once in the pack: " + old)
	}
	return strings.Replace(wordy, old, new, 1)
}

// What a regulation says of itself is read as it stands, in its order.
func TestCourse(t *testing.T) {
	p, err := regulation.Load([]byte(wordy))
	if err != nil {
		t.Fatal(err)
	}
	if want := []regulation.Step{
		{Title: "立项", Article: "第一条", Who: "建设单位"},
		{Title: "验收", Article: "三（四）第1款", Schemes: []string{"test-city.acceptance"}},
	}; encode(t, p.Lifecycle) != encode(t, want) {
		t.Errorf("lifecycle %+v", p.Lifecycle)
	}
	if want := []regulation.Cell{
		{Stage: "acceptance", Says: "三（四）（适时）", Schemes: []string{"test-city.acceptance"}, Origin: regulation.OriginDefault},
		{Stage: "audit", Says: "没有规定", Origin: regulation.OriginText},
	}; encode(t, p.Cross) != encode(t, want) {
		t.Errorf("cross %+v", p.Cross)
	}
	if want := []regulation.Gap{
		{Article: "第二条", Problem: "没有写明时限。", Reading: "由人决定。"}, {Problem: "全文没有写明专家人数。", Reading: "按系统默认规则。"},
	}; encode(t, p.Gaps) != encode(t, want) {
		t.Errorf("gaps %+v", p.Gaps)
	}
	if a := p.Articles; len(a) != 9 || a[0].Chapter != "第一章 总则" || !slices.Equal(a[1].Text, []string{"第一款。", "第二款。"}) || a[1].Chapter != "" ||
		!slices.Equal(a[0].Text, []string{"投资达到5000元的，应当审计。"}) {
		t.Errorf("articles %+v", p.Articles)
	}
	head, rest, _ := strings.Cut(wordy, "cross:\n")
	cross, rest, _ := strings.Cut(rest, "gaps:\n")
	split, err := regulation.Load([]byte(head+"gaps:\n"+rest), []byte("format: 1\nid: test-city\ncross:\n"+cross+"text:\n  - {id: 第二十条, says: 二十。}\n"))
	if err != nil || len(split.Cross) != 2 || len(split.Articles) != 10 || !slices.Equal(split.Cited("第二十条、第十条"), []int{2, 9}) {
		t.Errorf("in two files: %+v, %v", split, err)
	}
}

// A citation is found in the text: articles, their paragraphs, ranges, chapters.
func TestCited(t *testing.T) {
	p, err := regulation.Load([]byte(wordy))
	if err != nil {
		t.Fatal(err)
	}
	for citation, want := range map[string][]int{
		"第一条":           {0},
		"第一条第2款":        {0},
		"第二条（文字残缺）":     {1},
		"第十一条、第一条":      {0, 3},
		"第一条、第一条第1款":    {0},
		"第二条至第十一条":      {1, 2, 3},
		"第十条至第十条":       {2},
		"第二条第2款至第十条第1款": {1, 2},
		"三":             {4, 5, 6, 7},
		"三、四":           {4, 5, 6, 7, 8},
		"三至四":           {4, 5, 6, 7, 8},
		"三（一）至（四）":      {4, 5, 6},
		"三（一）至三（二）":     {4, 5},
		"三（四）第3款":       {6},
		"三（四）补":         {7}, // the longest id counts
		"三（四）补第1款":      {7},
		"三（一）1-4、四（一）":  {4, 8},
		"第二条至四（一）":      {1, 2, 3, 4, 5, 6, 7, 8},
		"第一条、第九十九条、第二条": {0}, // what cannot be found is no article, nor is what comes after it
		"":           nil,
		"第":          nil,
		"三（":         nil,
		"第九十九条":      nil,
		"第十一条至第十条":   nil,
		"第十条至":       nil,
		"至第十条":       nil,
		"第一条至（三）":    nil, // of no chapter
		"三（一）至（九）":   nil,
		"三（一）至第九十九条": nil,
		"、":          nil,
		"（一）":        nil,
		"\xff第一条":    nil,
		"第十条至第十一条至第九十九条":   {2, 3}, // what follows an id is its paragraph, whatever it says
		"第一条至第二条、三（一）至（二）": {0, 1, 4, 5},
	} {
		if got := p.Cited(citation); !slices.Equal(got, want) {
			t.Errorf("%q is %v, want %v", citation, got, want)
		}
	}
	bare, err := regulation.Load([]byte(good))
	if err != nil || bare.Cited("第一条") != nil || bare.Cited("三") != nil {
		t.Errorf("without its text: %v, %v", bare.Cited("第一条"), err)
	}
}

// What a pack says wrongly of itself is told with its place.
func TestMistakesOfText(t *testing.T) {
	at := func(file, what string) string { // line:column of the last place where it stands
		i := strings.LastIndex(file, what)
		if i < 0 {
			panic("not in the pack: " + what)
		}
		line := file[strings.LastIndex(file[:i], "\n")+1 : i]
		return fmt.Sprintf("%d:%d", strings.Count(file[:i], "\n")+1, len([]rune(line))+1)
	}
	many := func(n int, form string) string { return strings.TrimSuffix(numbered(form, n), "\n") }
	for _, m := range []struct {
		name, file string
		code       review.Code
		place      string // what stands there; "" for anywhere
		detail     string
	}{
		{"a clause of a rule that is not in the text", worded("    article: 第一条\n    results", "    article: 第三条\n    results"), review.CodePackArticle, "第三条", "第三条"},
		{"of a basis", worded("basis: 第一条", "basis: 第一条、第九条、第二条"), review.CodePackArticle, "第一条、第九条、第二条", "第九条"},
		{"of an item", worded("审计？, article: 第一条", "审计？, article: 第七条"), review.CodePackArticle, "第七条", "第七条"},
		{"of a conclusion", worded("title: 通过}", "title: 通过, article: 第七条}"), review.CodePackArticle, "第七条}", "第七条"},
		{"of a document", worded("{title: 验收意见}", "{title: 验收意见, article: 三（七）}"), review.CodePackArticle, "三（七）", "三（七）"},
		{"of a step", worded("title: 立项, article: 第一条", "title: 立项, article: 五"), review.CodePackArticle, "五, who", "五"},
		{"of a gap", worded("article: 第二条, problem", "article: 第二条至第一条, problem"), review.CodePackArticle, "第二条至第一条", "第二条至第一条"},
		{"nothing between separators", worded("basis: 第一条", "basis: 第一条、、第九条"), review.CodePackArticle, "第一条、、", "第一条、、第九条"},
		{"nothing after one", worded("basis: 第一条", "basis: 第一条、"), review.CodePackArticle, "第一条、", "第一条、"},
		{"a range within no chapter", worded("basis: 第一条", "basis: 第一条至（三）"), review.CodePackArticle, "第一条至（三）", "第一条至（三）"},
		{"a step without a title", worded("{title: 立项, ", "{"), review.CodePackMissing, "{article: 第一条, who", "title"},
		{"a step with a key too many", worded("who: 建设单位", "when: 立项前"), review.CodePackKey, "when: 立项前", "when"},
		{"a step of a scheme that is not there", worded("三（四）第1款, schemes: [acceptance]", "三（四）第1款, schemes: [acceptence]"), review.CodePackReference, "acceptence", "acceptence"},
		{"a step of schemes that are none", worded("三（四）第1款, schemes: [acceptance]", "三（四）第1款, schemes: [[acceptance]]"), review.CodePackReference, "[acceptance]]", ""},
		{"a step of no list", worded("三（四）第1款, schemes: [acceptance]", "三（四）第1款, schemes: acceptance"), review.CodePackType, "acceptance}\ncross", "acceptance"},
		{"a cell without a stage", worded("{stage: audit, ", "{"), review.CodePackMissing, "{says: 没有规定", "stage"},
		{"a cell that says nothing", worded(", says: 没有规定", ""), review.CodePackMissing, "{stage: audit", "says"},
		{"a cell twice", worded("{stage: audit", "{stage: acceptance"), review.CodePackDuplicate, "{stage: acceptance, says: 没有规定", "acceptance"},
		{"a cell of a stage that is no id", worded("{stage: audit", "{stage: 审计"), review.CodePackID, "审计, says", "审计"},
		{"a cell of an origin that is none", worded("origin: default", "origin: ours"), review.CodePackType, "ours", "ours"},
		{"a cell with a key too many", worded("says: 没有规定", "says: 没有规定, article: 第一条"), review.CodePackKey, "article: 第一条}\ngaps", "article"},
		{"a gap that is not read", worded(", reading: 由人决定。", ""), review.CodePackMissing, "{article: 第二条, problem", "reading"},
		{"a gap of no problem", worded("problem: 没有写明时限。, ", ""), review.CodePackMissing, "{article: 第二条, reading", "problem"},
		{"too many steps", worded("lifecycle:\n", "lifecycle:\n"+many(41, "  - {title: 第%d步}\n")+"\n"), review.CodePackCount, "- {title: 第0步}", "40"},
		{"too many cells", worded("cross:\n", "cross:\n"+many(41, "  - {stage: s%d, says: 甲}\n")+"\n"), review.CodePackCount, "- {stage: s0", "40"},
		{"an article twice", worded("{id: 第十一条", "{id: 第十条"), review.CodePackDuplicate, "{id: 第十条, says: 十一", "第十条"},
		{"an article without an id", worded("{id: 第十一条, ", "{"), review.CodePackMissing, "{says: 十一", "id"},
		{"an article that says nothing", worded("{id: 第十一条, says: 十一。}", "{id: 第十一条}"), review.CodePackMissing, "{id: 第十一条}", "says"},
		{"an article that says a number", worded("says: 十一。", "says: 11"), review.CodePackType, "11}", "11"},
		{"a paragraph that is none", worded("      - 第二款。", "      - [第二款]"), review.CodePackType, "[第二款]", ""},
		{"too many paragraphs", worded("      - 第二款。", many(41, "      - 第%d款。\n")), review.CodePackCount, "- 第一款。", "40"},
		{"too many articles", worded("text:\n", "text:\n"+many(200, "  - {id: 第%d条, says: 甲}\n")+"\n"), review.CodePackCount, "- {id: 第0条", "200"},
		{"an article with a key too many", worded("{id: 第十一条, ", "{id: 第十一条, title: 甲, "), review.CodePackKey, "title: 甲", "title"},
		{"stages of a regulation", worded("text:\n", "stages: {audit: 审计}\ntext:\n"), review.CodePackKey, "{audit: 审计}\ntext", "stages"},
		{"stages that are no mapping", worded("text:\n", "stages: [audit]\ntext:\n"), review.CodePackType, "[audit]\ntext", ""},
		{"a stage that is no id", strings.Replace(worded("text:\n", "stages: {Audit: 审计}\ntext:\n"), "id: test-city", "id: common", 1), review.CodePackID, "Audit", "Audit"},
		{"a stage without a title", strings.Replace(worded("text:\n", "stages: {audit: 3}\ntext:\n"), "id: test-city", "id: common", 1), review.CodePackType, "3}\ntext", "3"},
	} {
		t.Run(m.name, func(t *testing.T) {
			list := regulation.Check([]byte(m.file))
			if len(list) == 0 {
				t.Fatal("taken")
			}
			if p := list[0]; p.Code != m.code || p.Place() != at(m.file, m.place) || p.Detail != m.detail {
				t.Errorf("%s %s %q, want %s %s %q", p.Code, p.Place(), p.Detail, m.code, at(m.file, m.place), m.detail)
			}
		})
	}
	two := []byte("format: 1\nid: test-city\ntext:\n" + numbered("  - {id: 第%d条, says: 甲}\n", 195))
	_, err := regulation.Load([]byte(wordy), two)
	reviewtest.WantCode(t, err, review.CodePackCount)
}

// What the built-in packs say of themselves fits together: stages are those of the common
// pack, each scheme stands in the course and in the table, each clause in the text.
func TestCourseOfPacks(t *testing.T) {
	l := library(t)
	stages := map[string]bool{}
	var laws []*regulation.Pack
	for _, p := range l.Packs() {
		if p.ID != regulation.Common {
			laws = append(laws, p)
			continue
		}
		for _, s := range p.Stages {
			stages[s.ID] = true
		}
		if len(p.Lifecycle)+len(p.Cross)+len(p.Gaps)+len(p.Articles) > 0 {
			t.Error("the common rules have a course")
		}
	}
	used := map[string]bool{}
	for _, p := range laws {
		if len(p.Stages) > 0 || len(p.Lifecycle) == 0 || len(p.Gaps) == 0 || len(p.Articles) == 0 {
			t.Errorf("%s: %d steps, %d gaps, %d articles", p.ID, len(p.Lifecycle), len(p.Gaps), len(p.Articles))
		}
		inTable, inCourse := map[string]bool{}, map[string]bool{}
		for _, c := range p.Cross {
			if !stages[c.Stage] {
				t.Errorf("%s: no stage %s", p.ID, c.Stage)
			}
			used[c.Stage] = true
			for _, s := range c.Schemes {
				inTable[s] = true
			}
		}
		for _, x := range p.Lifecycle {
			for _, s := range x.Schemes {
				inCourse[s] = true
			}
		}
		for _, s := range p.Schemes {
			if !inTable[s.ID] || !inCourse[s.ID] {
				t.Errorf("%s: in the table %t, in the course %t", s.ID, inTable[s.ID], inCourse[s.ID])
			}
			if len(p.Cited(s.Basis)) == 0 {
				t.Errorf("%s rests on %s, which is nowhere", s.ID, s.Basis)
			}
		}
		for _, r := range p.Rules {
			if len(p.Cited(r.Article)) == 0 {
				t.Errorf("%s stands at %s, which is nowhere", r.ID, r.Article)
			}
		}
	}
	for s := range stages {
		if !used[s] {
			t.Errorf("no regulation has the stage %s", s)
		}
	}
}

// Keys with a colon in them, and such as 19-1, are keys to every reader.
func TestKeys(t *testing.T) {
	for in, want := range map[string]string{
		"a:b: c":                    `{"a:b":"c"}`,
		"submission:crypto_plan: 甲": `{"submission:crypto_plan":"甲"}`,
		`x: ["a:b", c]`:             `{"x":["a:b","c"]}`,
		"a:b:\n  c: d":              `{"a:b":{"c":"d"}}`,
		"a:b:\n- c":                 `{"a:b":["c"]}`,
		"- a:b: c":                  `[{"a:b":"c"}]`,
		"19-1: 甲":                   `{"19-1":"甲"}`,
		"x: {19-1: 甲, 19-2: 乙}":     `{"x":{"19-1":"甲","19-2":"乙"}}`,
		"- 19-1: 甲":                 `[{"19-1":"甲"}]`,
		"a:19-1: b":                 `{"a:19-1":"b"}`,
	} {
		got, err := regulation.ReadYAML([]byte(in))
		if err != nil || encode(t, got) != want {
			t.Errorf("%q: %s, %v", in, encode(t, got), err)
		}
	}
	for _, in := range []string{
		":a: b", "a:: b", "a:b", "a: b: c", "1: a", "19: a", "1.5: a", "0x1f: a", "2026-01-02: a", "2026-01: a", "12:30: a", "12:30:15: a",
		"1-2-3: a", "1e5: a", "-1: a", "1-: a", "19-1:a: b", "{19: a}", "x: {a:b}", "x: {a:}", "x: {19: a}", "1_000: a", "1234-1: a",
		"x: {a:b: c}", "x: {y: [a:b]}", // which some read as a: "b: c", and as a: b
	} {
		_, err := regulation.ReadYAML([]byte(in))
		reviewtest.WantCode(t, err, review.CodePackYAML)
	}
}
