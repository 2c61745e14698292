package regulation_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/scoring"
)

// packFixtures are the packs of format 1 as they first landed. Meetings have them on
// record: they are read for ever, and never written again.
var packFixtures = map[string]review.Digest{
	"common.yaml":       "16a47054e089c6abeebe313ea360e544579b32d32077e11ead16eb7b7d10050f",
	"yueqing-2015.yaml": "fc8499debbcb253bb22b42248f107f4a37127345eaed0d6ff62e2fea55a58603",
}

// courseFixtures are small packs of format 1 with every key that came with the texts and the
// courses of regulations, as those keys first landed. They are read for ever, too.
var courseFixtures = map[string]review.Digest{
	"stages.yaml": "81a945b97a228b3b4ab77cdb4e75e5bf063e9b0692d2fe74771e7f3afb72a413",
	"course.yaml": "594fbc7aff82c84cf351bf0b1a2cc27b82341072f14303912240903bdc50505f",
}

// opened reads packs that landed, as they landed.
func opened(t *testing.T, fixtures map[string]review.Digest) (l *regulation.Library, files int) {
	t.Helper()
	var all [][]byte
	for name, digest := range fixtures {
		b, err := os.ReadFile(filepath.Join("testdata", "packs-v1", name))
		if err != nil {
			t.Fatal(err)
		}
		if got := review.DigestOf(b); got != digest {
			t.Errorf("%s is not what landed: %s", name, got)
		}
		all = append(all, b)
	}
	l, err := regulation.Open(all...)
	if err != nil {
		t.Fatal(err)
	}
	return l, len(all)
}

// TestPackFixture: packs of every format that has landed load, say what the examples say,
// and freeze into the schemes that projects have.
func TestPackFixture(t *testing.T) {
	l, files := opened(t, packFixtures)
	tried := 0
	for _, c := range examples(t) {
		if _, ok := l.Rule(c.Rule); !ok {
			continue
		}
		tried++
		got, err := l.Eval(c.Rule, c.Input)
		if err != nil || encode(t, got) != encode(t, c.Expect) {
			t.Errorf("%s %v: got %s, %v; want %s", c.Rule, c.Input, encode(t, got), err, encode(t, c.Expect))
		}
	}
	if tried < 66 {
		t.Errorf("%d examples tried", tried)
	}
	for id, digest := range map[string]review.Digest{
		"yueqing-2015.technical_review": "1db43b00469e157833c7d19e02c6ce947a1475cc4c477e71f8752787a37f8163",
		"yueqing-2015.acceptance":       "08f0063f020dba1489bced8f5cc328fc4f51e8597832d495ee409181951d437c",
	} {
		s, ok := l.Scheme(id)
		if !ok {
			t.Fatalf("%s is in no pack", id)
		}
		if slices.ContainsFunc(s.Sections, func(x regulation.Section) bool { return x.Shows != regulation.ShowsNothing }) {
			t.Errorf("%s: its headings show %v", id, s.Sections)
		}
		c := s.Freeze()
		if got := c.Digest(); got != digest {
			t.Errorf("%s is frozen as %s", id, got)
		}
		for _, o := range c.Outcomes {
			again := o.ID == "passed_after_revision" && id == "yueqing-2015.acceptance" // 整改后复验
			if o.Fails != (o.ID == "not_passed" || again) {
				t.Errorf("%s fails by %s: %t", id, o.ID, o.Fails)
			}
		}
		if err := c.Check(); err != nil || len(c.Items) == 0 || len(c.Packs) != files {
			t.Errorf("%s: %d items of %d packs, %v", id, len(c.Items), len(c.Packs), err)
		}
		if list, err := l.Findings(c, regulation.Known{Facts: nil}); err != nil || len(list) == 0 {
			t.Errorf("%s finds %d, %v", id, len(list), err)
		}
		if list, err := l.Materials(id, nil, nil); err != nil || len(list) == 0 {
			t.Errorf("%s asks for %d materials, %v", id, len(list), err)
		}
	}
}

// TestCourseFixture: what the keys that came later say is read as it first was.
func TestCourseFixture(t *testing.T) {
	l, files := opened(t, courseFixtures)
	const id = "course-2026.acceptance"
	s, ok := l.Scheme(id)
	if !ok {
		t.Fatal("no scheme")
	}
	p := s.Pack()
	for what, x := range map[string]struct{ got, want any }{
		"lifecycle": {p.Lifecycle, []regulation.Step{
			{Title: "申报", Article: "第一条", Who: "项目单位"}, {Title: "验收", Article: "第二条至第三条", Schemes: []string{id}},
		}},
		"cross": {p.Cross, []regulation.Cell{
			{Stage: "proposal", Says: "第一条（不组织评审）", Origin: regulation.OriginText},
			{Stage: "acceptance", Says: "第二条、三（一）", Schemes: []string{id}, Origin: regulation.OriginDefault},
		}},
		"gaps": {p.Gaps, []regulation.Gap{
			{Article: "第三条", Problem: "第（二）项缺失。", Reading: "由人决定。"}, {Problem: "没有写明专家人数。", Reading: "按系统默认规则。"},
		}},
		"text": {p.Articles, []regulation.Article{
			{ID: "第一条", Chapter: "第一章 总则", Text: []string{"计划年度的上一年6月30日前申报。"}},
			{ID: "第二条", Text: []string{"变更项目应当如实报告，并由验收组签字认可。", "调整不超过15%的，可以自行调整。"}},
			{ID: "第三条", Chapter: "第二章 附则", Text: []string{"每年年底形成报告。"}}, {ID: "三（一）", Text: []string{"一。"}}, {ID: "三（二）", Text: []string{"二。"}},
		}},
		"cited":    {[][]int{p.Cited("第二条至第三条"), p.Cited("三"), p.Cited("第二条第1款、三（二）")}, [][]int{{1, 2}, {3, 4}, {1, 4}}},
		"terms":    {[]string{p.Term("file:plan"), p.Term("19-1")}, []string{"方案", "第一种情形"}},
		"headings": {s.Sections, []regulation.Section{{Title: "主要问题", Origin: regulation.OriginDefault}, {Title: "变更", Article: "第二条第1款", Origin: regulation.OriginText, Shows: regulation.ShowsChanges}, {Title: "评审结论", Origin: regulation.OriginDefault, Shows: regulation.ShowsConclusion}}},
		"asked":    {keys(s.Inputs()), []string{"plan_year", "filed_on", "started_on", "total", "reason", "have", "changes"}},
	} {
		if encode(t, x.got) != encode(t, x.want) {
			t.Errorf("%s: %s", what, encode(t, x.got))
		}
	}
	for _, p := range l.Packs() {
		if p.ID == regulation.Common && encode(t, p.Stages) != `[{"id":"proposal","title":"项目建议书评估"},{"id":"acceptance","title":"竣工验收"}]` {
			t.Errorf("stages: %s", encode(t, p.Stages))
		}
	}
	c := s.Freeze()
	if got := c.Digest(); got != "f4a1a438e624e0f7cfe268f4cd566f8508f37d67080e1d55e29d67e4b4d2ff33" || len(c.Packs) != files {
		t.Errorf("frozen as %s", got)
	}
	panel, err := l.Panel(tally(c, -1, map[string]scoring.Votes{"C1-G1": {No: 3, Yes: 2}}), nil)
	if err != nil || encode(t, panel) != `{"C1-G1":"no"}` {
		t.Errorf("the panel says %v, %v", panel, err)
	}
	list := facts("plan_year", "2026", "filed_on", "2025-06-30", "started_on", "2024-05-01", "total", "100.00", "reason", "19-2", "have", `["file:plan"]`,
		"changes", `[{"id":"BG-01"}]`, "stage", "proposal", "accepted", "true", "sound", "true", "adjusted", "1.00")
	for conclusion, want := range map[string]string{
		"":          "CR-D01 on_time\nCR-D02 computed\nCR-C01 block reason\nCR-R01 missing reason\nCR-G01 block veto\nCR-R02 pass",
		"passed":    "CR-D01 on_time\nCR-D02 computed\nCR-C01 block reason\nCR-R01 missing reason\nCR-G01 block veto\nCR-R02 pass\nCR-R03 required after",
		"postponed": "CR-D01 on_time\nCR-D02 computed\nCR-C01 block reason\nCR-R01 missing reason\nCR-G01 block veto\nCR-R02 pass\nCR-R03 not_applicable after",
	} {
		found, err := l.Findings(c, regulation.Known{Facts: list, Panel: panel, Signed: []string{"BG-01"}, Conclusion: conclusion})
		if err != nil || brief(found) != want {
			t.Errorf("%q: %s, %v", conclusion, brief(found), err)
		}
	}
	found, err := l.Findings(c, regulation.Known{Facts: fact(list, "total", "")})
	if err != nil || brief(found) != "CR-D01 on_time\nCR-D02 computed\nCR-C01 needs_decision decision\nCR-R01 missing reason\nCR-G01 needs_decision decision\nCR-R02 needs_decision decision" ||
		found[4].Sentence != "没有提供：是否清晰（待专家组评议），无法判定清晰（某政发〔2026〕1号三）。" {
		t.Errorf("before the opening: %s %v, %v", brief(found), found[4].Sentence, err)
	}
	if got, err := l.Suggest(tally(c, -1, map[string]scoring.Votes{"C1-G1": {No: 3, Yes: 2}}), found, nil); err != nil || got.Outcome != "not_passed" {
		t.Errorf("suggests %+v, %v", got, err)
	}
	due, err := l.Materials(id, list, nil)
	if err != nil || len(due) != 1 || due[0].Due != regulation.DueYes {
		t.Errorf("asks for %+v, %v", due, err)
	}
}
