package regulation_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/regulation"
)

// written is testdata/rules.md, the part of regulations.md that the packs follow.
func written(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// plain takes from a text how it is set: signs, spaces, and the marks of origin in
// brackets that a pack has in a field of its own.
func plain(s string) string {
	s = regexp.MustCompile(`\[[^]]*\]`).ReplaceAllString(s, "")
	s = fullWidth(strings.ReplaceAll(s, ";", "；"))
	return strings.NewReplacer(" ", "", "、", "", "，", "", "；", "", "。", "", "/", "", "至", "-").Replace(s)
}

// chinese cuts the English gloss off: 规划符合性 (fits plans).
func chinese(s string) string {
	return strings.TrimSpace(regexp.MustCompile(` \([^()]*\)$`).ReplaceAllString(s, ""))
}

// rows gives the cells of the tables in a text.
func rows(s string) [][]string {
	var out [][]string
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| ---") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		out = append(out, cells)
	}
	return out
}

// The schemes have every item, weight, material, rule, conclusion and heading of the
// tables that they are made from, and no more.
func TestSchemesAsWritten(t *testing.T) {
	l := library(t)
	parts := regexp.MustCompile("(?m)^### [MNYWT][1-7] `([^`]*)` — (.*) \\(.*$").FindAllStringSubmatchIndex(written(t), -1)
	if len(parts) != 26 {
		t.Fatalf("%d schemes in the text", len(parts))
	}
	for i, at := range parts {
		text := written(t)
		end := len(text)
		if i+1 < len(parts) {
			end = parts[i+1][0]
		}
		id, title := text[at[2]:at[3]], text[at[4]:at[5]]
		s, ok := l.Scheme(id)
		if !ok {
			t.Errorf("no scheme %s", id)
			continue
		}
		if plain(s.Title) != plain(title) {
			t.Errorf("%s: title %s, written %s", id, s.Title, title)
		}
		section, _, _ := strings.Cut(text[at[0]:end], "\n## C")
		schemeAsWritten(t, s, rows(section))
	}
}

func schemeAsWritten(t *testing.T, s *regulation.Scheme, table [][]string) {
	t.Helper()
	same := func(what, got, want string) {
		t.Helper()
		if plain(got) != plain(want) {
			t.Errorf("%s: %s: %q, written %q", s.ID, what, got, want)
		}
	}
	items, materials := 0, 0
	for _, r := range table {
		switch {
		case strings.HasPrefix(r[0], "basis"):
			remark := regexp.MustCompile(` and principles in | \(only the words [^)]*\)`)
			same("basis", s.Basis, strings.ReplaceAll(remark.ReplaceAllString(r[1], "、"), "第二句群", "（年度绩效考评）"))
		case r[0] == "mode":
			same("mode", string(s.Mode), r[1])
		case strings.HasPrefix(r[0], "computed checks"):
			var ids []string
			for _, c := range s.Checks {
				if !slices.Contains(ids, c.ID) { // one that stands before and after is written once
					ids = append(ids, c.ID)
				}
			}
			same("checks", strings.Join(ids, ", "), r[1])
		case strings.HasPrefix(r[0], "conclusions"):
			conclusionsAsWritten(t, s, r[1])
		case strings.HasPrefix(r[0], "sections"):
			sectionsAsWritten(t, s, r[1])
		case regexp.MustCompile(`^[MNYWT]\d-E\d+$`).MatchString(r[0]):
			m := s.Materials[materials]
			materials++
			title := r[1]
			if _, what, ok := strings.Cut(r[3], "DEFAULT: "); ok { // what it is made up of is ours
				title += "（" + what + "）"
			}
			article, _, _ := strings.Cut(r[2], "“") // and what it says
			same("material", m.Code+m.Title+m.Article, r[0]+title+article)
			if always := strings.HasPrefix(r[3], "always") || strings.HasPrefix(r[3], "DEFAULT"); always == (m.When != "") {
				t.Errorf("%s: %s is due %q, written %q", s.ID, m.Code, m.When, r[3])
			}
		case regexp.MustCompile(`^[MNYWT]\d-[CGT]?\d+$`).MatchString(r[0]):
			it := s.Items[items]
			items++
			r[2] = strings.ReplaceAll(r[2], "在 M4-T1 填写调整建议", "在调整建议中写明") // codes are not for people
			same("item", it.ID+it.Title+it.Question+it.Article+string(it.Kind), r[0]+chinese(r[1])+r[2]+r[3]+r[4])
			same("weight of "+it.ID, it.Weight, strings.Trim(r[5], "–"))
			rule, _, _ := strings.Cut(r[7], ":")
			if _, answers, ok := strings.Cut(rule, "CM-05 -> "); ok && !slices.Contains(s.Checks, review.RuleRef{ID: answers}) {
				t.Errorf("%s does not check %s, which %s answers", s.ID, answers, it.ID)
			}
			if strings.HasPrefix(rule, "CM-05") { // the panel alone judges
				rule = ""
			}
			same("rule of "+it.ID, it.Rule, rule)
			if origin := originOf(r[6]); it.Origin != origin {
				t.Errorf("%s: %s has the origin %s, written %s", s.ID, it.ID, it.Origin, r[6])
			}
		}
	}
	if items != len(s.Items) || materials != len(s.Materials) {
		t.Errorf("%s: %d items and %d materials, written %d and %d", s.ID, len(s.Items), len(s.Materials), items, materials)
	}
}

func originOf(s string) regulation.Origin {
	switch {
	case s == "文":
		return regulation.OriginText
	case strings.HasPrefix(s, "DEFAULT"):
		return regulation.OriginDefault
	}
	return regulation.OriginMixed
}

func conclusionsAsWritten(t *testing.T, s *regulation.Scheme, cell string) {
	t.Helper()
	if strings.HasPrefix(cell, "优") {
		_, more, _ := strings.Cut(cell, "; ")
		cell = strings.TrimSuffix("优 [DEFAULT]; 良 [DEFAULT]; 中 [DEFAULT]; 差 [DEFAULT]; "+more, "; ")
	}
	cell = regexp.MustCompile(`\[[^]]*\]`).ReplaceAllStringFunc(cell, func(mark string) string { return strings.ReplaceAll(mark, ";", "") })
	list := strings.Split(cell, "; ")
	if names := strings.Split(cell, "/"); len(list) == 1 && len(names) > 1 { // 验收合格/整改后复验/验收不合格 [DEFAULT]
		for i := range names[1:] {
			names[i] += " [DEFAULT]"
		}
		list = names
	}
	if len(list) != len(s.Conclusions) {
		t.Errorf("%s: %d conclusions, written %d", s.ID, len(s.Conclusions), len(list))
		return
	}
	for i, c := range s.Conclusions {
		if plain(c.Title) != plain(list[i]) || (c.Origin == regulation.OriginDefault) != strings.Contains(list[i], "[DEFAULT") {
			t.Errorf("%s: conclusion %s (%s), written %s", s.ID, c.Title, c.Origin, list[i])
		}
	}
}

func sectionsAsWritten(t *testing.T, s *regulation.Scheme, cell string) {
	t.Helper()
	cell, skeleton := strings.CutSuffix(cell, " + common skeleton [DEFAULT]")
	cell = regexp.MustCompile(`\[[^]]*\]`).ReplaceAllString(cell, "")
	list := strings.Split(cell, "; ")
	got := []string{s.Document.Title}
	for _, x := range s.Sections {
		if !skeleton || x.Origin == regulation.OriginText {
			got = append(got, x.Title)
		}
	}
	if !slices.EqualFunc(got, list, func(a, b string) bool { return plain(a) == plain(b) }) {
		t.Errorf("%s: headings %v, written %v", s.ID, got, list)
	}
	if skeleton && !slices.ContainsFunc(s.Sections, func(x regulation.Section) bool { return x.Title == "专家签名" }) {
		t.Errorf("%s: no skeleton", s.ID)
	}
}

// The rules stand in the packs in the order of the text, each at its clause.
func TestRulesAsWritten(t *testing.T) {
	heads := regexp.MustCompile(`(?m)^\*\*([A-Z]{2,4}-\S+) (.*)\*\* — ([^;.]*)`).FindAllStringSubmatch(written(t), -1)
	l := library(t)
	if len(heads) != 100 || len(l.Rules()) != 100 {
		t.Errorf("%d rules, written %d", len(l.Rules()), len(heads))
	}
	next := map[*regulation.Pack]int{}
	for _, h := range heads {
		r, ok := l.Rule(h[1])
		if !ok {
			t.Errorf("no rule %s", h[1])
			continue
		}
		p := r.Pack()
		if at := next[p]; p.Rules[at] != r {
			t.Errorf("rule %d of %s is %s, written %s", at, p.ID, p.Rules[at].ID, h[1])
		}
		next[p]++
		if r.Cases() < 2 {
			t.Errorf("%s has %d cases", r.ID, r.Cases())
		}
	}
}

// The classes of rules are those of regulations.md 0.3, and what it has after the
// conclusion stands there: what a review's own result entails, there alone, and what is
// filed or booked.
func TestClassesAsWritten(t *testing.T) {
	l := library(t)
	text := written(t)
	class := map[string]regulation.Class{}
	for _, r := range rows(text) {
		for name, c := range map[string]regulation.Class{"hard veto": regulation.ClassVeto, "veto in principle": regulation.ClassPrinciple} {
			if strings.HasPrefix(r[0], name) {
				for _, id := range strings.Split(r[1], ", ") {
					class[id] = c
				}
			}
		}
	}
	if len(class) != 24 {
		t.Fatalf("%d rules in the table of classes", len(class))
	}
	for _, r := range l.Rules() {
		want := class[r.ID]
		if want == "" {
			want = regulation.ClassAdvice
		}
		if r.Class != want {
			t.Errorf("%s is %s, written %s", r.ID, r.Class, want)
		}
	}
	id := func(prefix string) string {
		m := regexp.MustCompile("(?m)^### " + prefix + " `([^`]*)`").FindStringSubmatch(text)
		if m == nil {
			return ""
		}
		return m[1]
	}
	own := 0
	for _, m := range regexp.MustCompile(`([A-Z]+-G\d\d) in ([A-Z]\d)`).FindAllStringSubmatch(text, -1) {
		s, ok := l.Scheme(id(m[2]))
		if !ok {
			continue
		}
		own++
		if !slices.Contains(s.Checks, review.RuleRef{ID: m[1], After: true}) || slices.Contains(s.Checks, review.RuleRef{ID: m[1]}) {
			t.Errorf("%s of %s does not stand after the conclusion alone: %v", m[1], s.ID, s.Checks)
		}
	}
	if own != 5 {
		t.Errorf("%d schemes with a rule on their own result", own)
	}
	filing := regexp.MustCompile(`Filing and booking rules \(([^)]*)\)`).FindStringSubmatch(text)
	for _, named := range strings.Split(filing[1], ", ") {
		rule, part, _ := strings.Cut(named, " ")
		for _, s := range l.Schemes() {
			before := slices.Contains(s.Checks, review.RuleRef{ID: rule})
			after := slices.Contains(s.Checks, review.RuleRef{ID: rule, After: true})
			if (before || after) && (!after || before != (part != "")) {
				t.Errorf("%s of %s: before %t, after %t, written %s", rule, s.ID, before, after, named)
			}
		}
	}
}

// Where a scheme says so a heading stands within the skeleton, and each conclusion says
// whether the project fails by it.
func TestAcceptanceAsPrinted(t *testing.T) {
	s, ok := library(t).Scheme("yueqing-2015.acceptance")
	if !ok {
		t.Fatal("no scheme")
	}
	i := slices.IndexFunc(s.Sections, func(x regulation.Section) bool { return x.Title == "变更项目及签字认可" })
	if i != 5 || s.Sections[4].Title != "否决项与符合性核查结果" || len(s.Sections) != 10 {
		t.Errorf("headings: %v", s.Sections)
	}
	for scheme, want := range map[string]string{
		"acceptance": "passed_after_revision not_passed", "technical_review": "not_passed", "pre_review": "not_passed",
		"tender_review": "not_passed", "change_approval": "not_passed", "performance": "",
	} {
		var fails []string
		for _, o := range frozen(t, library(t), "yueqing-2015."+scheme).Outcomes {
			if o.Fails {
				fails = append(fails, o.ID)
			}
		}
		if strings.Join(fails, " ") != want {
			t.Errorf("%s fails by %v", scheme, fails)
		}
	}
}

// Each heading of the skeleton says what stands under it, and so do those that a scheme has
// instead of one.
func TestHeadingsShow(t *testing.T) {
	for scheme, want := range map[string]string{
		"technical_review": "项目概况=profile 评审组织情况（时间、地点、组织单位、专家组成）=organisation 审阅材料清单=materials 逐项评审意见=items " +
			"否决项与符合性核查结果=checks 主要问题= 修改建议= 评审结论=conclusion 专家签名=signatures",
		"acceptance": "项目概况=profile 评审组织情况（时间、地点、组织单位、专家组成）=organisation 审阅材料清单=materials 逐项评审意见=items " +
			"否决项与符合性核查结果=checks 变更项目及签字认可=changes 主要问题= 修改建议= 评审结论=conclusion 专家签名=signatures",
		"tender_review":   "承建单位资质要求= 设备技术指标内容一致性= 合同付款验收条款= 评标办法和评分细则= 审查结论=conclusion",
		"change_approval": "变更事项清单=changes",
		"performance":     "运行效率= 使用效果= 信息资源共享= 评价结论=conclusion",
	} {
		s, ok := library(t).Scheme("yueqing-2015." + scheme)
		if !ok {
			t.Fatalf("no scheme %s", scheme)
		}
		var got []string
		for _, x := range s.Sections {
			got = append(got, x.Title+"="+string(x.Shows))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s shows %v", scheme, got)
		}
	}
}

// Every scheme can be frozen, and its record says which files it is from.
func TestFreeze(t *testing.T) {
	for _, s := range library(t).Schemes() {
		f := s.Freeze()
		if err := f.Check(); err != nil {
			t.Errorf("%s: %v", s.ID, err)
		}
		want := []review.Digest{review.DigestOf(packFile(t, s.Pack().ID)), review.DigestOf(packFile(t, regulation.Common))}
		if !slices.Equal(f.Packs, want) || f.ID != s.ID || f.Regulation != s.Pack().ID || !slices.Equal(f.Rules, s.Checks) {
			t.Errorf("%s is frozen as %+v", s.ID, f)
		}
		for _, it := range f.Items {
			if it.Kind == regulation.KindText || it.Kind == review.ItemScore && it.Full != it.Weight {
				t.Errorf("%s: item %+v", s.ID, it)
			}
		}
	}
}
