package paper_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/paper"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
)

// digests are what changes with every word of a pack: digests, receipts and 校验码.
var digests = regexp.MustCompile(`\b([0-9a-f]{64}|[0-9A-Z]{5}-[0-9A-Z]{5}|[0-9A-F]{4}(-[0-9A-F]{4}){3})\b`)

// lines writes what a paper says, a value a line, without what is empty. Of a count of
// ballots the figure alone: scoring has tests of its own.
func lines(p paper.Paper) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", p.Form())
	write(&b, "", reflect.ValueOf(p).Elem())
	for _, l := range paper.Missing(p) {
		fmt.Fprintf(&b, "缺 %s %s\n", l.Key, l.Item)
	}
	return digests.ReplaceAllString(b.String(), "…")
}

func write(b *strings.Builder, at string, v reflect.Value) {
	if x, ok := v.Interface().(time.Time); ok {
		fmt.Fprintf(b, "%s: %s\n", at, x.Format(time.RFC3339))
		return
	}
	if strings.HasSuffix(at, ".Count") {
		official, _ := v.FieldByName("Official").Interface().(*big.Rat)
		fmt.Fprintf(b, "%s: %v\n", at, official)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name := at + "." + v.Type().Field(i).Name
			if v.Type().Field(i).Anonymous {
				name = at
			}
			write(b, name, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			write(b, fmt.Sprintf("%s[%d]", at, i), v.Index(i))
		}
	default:
		if !v.IsZero() {
			fmt.Fprintf(b, "%s: %v\n", at, v)
		}
	}
}

// papers makes all papers of the case that the panel gives together, and two persons' own.
func papers(c *paper.Case) []paper.Paper {
	p := c.Project
	out := []paper.Paper{
		c.Tally(1), c.Opinion(1), c.PanelList(1), c.Fulfilment(1), c.Changes(1),
		c.Dissent("s04", review.ChoiceDisagree, "密码应用方案应当先通过评估。"), c.Details(nil, nil, nil), c.Notice(c.Findings),
	}
	if n := len(p.Rounds); n > 0 && !p.Rounds[n-1].Opened.IsZero() {
		b := p.Counted(&p.Rounds[n-1])[0]
		var before *review.Sheet
		if n > 1 {
			was, _ := p.Rounds[n-2].Ballot(b.Seat)
			before = was.Sheet
		}
		out = append(out, c.Individual(b.Seat, *b.Sheet, before))
	}
	return out
}

// tabled is an 验收 that has found what it finds of the contract.
func tabled(tb testing.TB) *scene {
	s := accepted(tb)
	s.Do(secretary, review.FulfilmentRecorded{Project: s.id, Revision: 1, Terms: []review.Term{
		{Part: "应用软件", Requirement: "共享接口36个", Actual: "上线40个", Evidence: "检测报告第12页", Met: review.MetYes},
		{Requirement: "平均响应时间不超过0.5秒", Actual: "0.43秒", Met: review.MetYes},
	}, Changes: []review.Change{{Number: "BG-01", Content: "取消购置安全隔离与信息交换系统", Approval: "乐电政样〔2026〕21号", Effect: "减少4,500.00元", Reported: true}}})
	return s
}

// plain is a project without package and pack, concluded while nobody has said where he
// stands.
func plain(tb testing.TB) *scene {
	s := open(tb)
	s.Panel(3)
	s.id = s.Project(2)
	s.To(s.id, review.StageConcluded)
	return s
}

// TestPapers: the papers of whole meetings, as they are read.
func TestPapers(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(testing.TB) *paper.Case
	}{
		{"technical", func(tb testing.TB) *paper.Case {
			c := technical(tb).caseOf()
			c.Ink = map[review.SeatID]bool{"s05": true}
			return c
		}},
		{"acceptance", func(tb testing.TB) *paper.Case { return tabled(tb).conclude().caseOf() }},
		{"draft", func(tb testing.TB) *paper.Case {
			c := accepted(tb).caseOf()
			c.Draft, c.About = true, paper.About{}
			return c
		}},
		{"plain", func(tb testing.TB) *paper.Case {
			c := plain(tb).caseOf()
			c.About = paper.About{Time: "2026年3月18日（星期三）9:00"}
			return c
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			for _, p := range papers(c.make(t)) {
				b.WriteString(lines(p) + "\n")
			}
			golden(t, c.name+".txt", b.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, have := strings.Split(string(b), "\n"), strings.Split(got, "\n")
	for i := range min(len(want), len(have)) {
		if want[i] != have[i] {
			t.Fatalf("%s:%d\ngot  %s\nwant %s", file, i+1, have[i], want[i])
		}
	}
	if len(want) != len(have) {
		t.Fatalf("%s has %d lines, want %d", file, len(have), len(want))
	}
}

// TestMarks: a draft has no number, no 校验码 and no field; a drill says so on every paper,
// and a draft of a drill is a draft.
func TestMarks(t *testing.T) {
	s := technical(t)
	for _, c := range []struct {
		draft, drill bool
		want         paper.Mark
	}{
		{false, false, paper.MarkNone}, {false, true, paper.MarkDrill},
		{true, false, paper.MarkDraft}, {true, true, paper.MarkDraft},
	} {
		s.State.Drill = c.drill
		x := s.caseOf()
		x.Draft = c.draft
		for _, p := range papers(x) {
			h, draft := p.Top(), c.draft
			if h.Mark != c.want || (h.Number == "") != draft || (h.Check == "") != draft {
				t.Errorf("%s, draft %t, drill %t: mark %q, number %q, check %q", p.Form(), c.draft, c.drill, h.Mark, h.Number, h.Check)
			}
			byKey := p.Form() != review.FormDetails && p.Form() != review.FormNotice
			if (byKey && !draft) != strings.Contains(lines(p), ".Field: ") {
				t.Errorf("%s, draft %t, has the wrong fields:\n%s", p.Form(), c.draft, lines(p))
			}
		}
	}
}

// TestHeld: the package says when a review was held; else the record does.
func TestHeld(t *testing.T) {
	at := func(s string) time.Time {
		x, err := time.Parse("2006-01-02 15:04 -07", s)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, c := range []struct{ from, to, said, want string }{
		{"2026-03-18 09:00 +08", "2026-03-18 17:00 +08", "", "2026年3月18日"},
		{"2026-03-18 09:00 +08", "2026-03-19 00:00 +08", "", "2026年3月18日至19日"},
		{"2026-03-31 09:00 +08", "2026-04-01 12:00 +08", "", "2026年3月31日至4月1日"},
		{"2026-12-31 09:00 +08", "2027-01-01 12:00 +08", "", "2026年12月31日至2027年1月1日"},
		{"2026-03-18 09:00 +08", "2026-03-18 23:00 +00", "", "2026年3月18日至19日"}, // in the zone in which it began
		{"2026-03-18 09:00 +08", "2026-03-17 09:00 +08", "", "2026年3月18日"},     // the clock was put back
		{"2026-03-18 09:00 +08", "", "", "2026年3月18日"},
		{"", "", "", ""},
		{"2026-03-18 09:00 +08", "2026-03-19 09:00 +08", "3月18日上午", "3月18日上午"},
	} {
		x := plain(t).caseOf()
		p := x.Project
		x.About.Time = c.said
		switch {
		case c.from == "":
			p.Rounds, p.Conclusion, x.Rounds = nil, nil, nil
		case c.to == "":
			p.Rounds[0].Begun, p.Conclusion = at(c.from), nil
		default:
			p.Rounds[0].Begun, p.Conclusion.At = at(c.from), at(c.to)
		}
		if got := x.PanelList(1).Held; got != c.want {
			t.Errorf("%s to %s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

// TestPanelList: who stands aside, was replaced, is absent, left or has not come stands on
// the list with a note, and the last line counts them.
func TestPanelList(t *testing.T) {
	s := open(t).panel().project("yueqing-2015.technical_review", 3, nil)
	s.seat("何替", "温州例湾学院", "副教授", review.RoleExpert)
	s.Certify()
	s.Do(secretary, s.Chaired("", review.SeatReplaced{Seat: "s03", By: "s10", Reason: "突发疾病"}))
	s.Declare(s.id, "s10", "")
	s.Declare(s.id, "s06", "现任职于方案编制单位")
	s.Do(secretary, review.AttendanceRecorded{Seat: "s07", Presence: review.PresenceLeft, Reason: "另有会议"})
	s.Do(secretary, review.AttendanceRecorded{Seat: "s08", Presence: review.PresenceAbsent, Reason: "出差"})
	sheet := s.sheet([]string{"9", "13", "15", "27", "15.5"}, nil, nil, "可行。")
	s.round(sheet, sheet, sheet, sheet)
	s.seat("后来", "温州例湾学院", "讲师", review.RoleMember)
	got := s.caseOf().PanelList(3)
	var list []string
	for _, x := range got.Signers {
		list = append(list, string(x.Seat)+" "+x.Office+" "+x.Field+" "+x.Note)
	}
	want := []string{
		"s02 组长 expert2 ", "s04 专家 expert4 ", "s05 专家 expert5 ", "s07 成员 member7 ", "s10 专家 expert10 ",
		"s03 专家  由何替接替", "s06 专家  回避", "s08 成员  缺席", "s11 成员  未参加签署",
	}
	if !slices.Equal(list, want) {
		t.Errorf("signers\n%s\nwant\n%s", strings.Join(list, "\n"), strings.Join(want, "\n"))
	}
	if got.Due != 7 || got.Present != 6 || got.Signing != 5 {
		t.Errorf("应到%d，实到%d，签字%d", got.Due, got.Present, got.Signing)
	}
	if got.Number != "签字表〔ABCDEFGH〕第3号" {
		t.Errorf("number %s", got.Number)
	}
}

// TestLateDissent: who dissents once the papers are certified changes nothing of them; his
// own paper says that it is an annex.
func TestLateDissent(t *testing.T) {
	s := tabled(t).conclude()
	before := s.caseOf()
	if x := before.Dissent("s04", review.ChoiceReserve, "应当限期整改。"); x.Annex || x.Outcome != "验收通过（合格）" {
		t.Errorf("before the certification: %+v", x)
	}
	opinion, panel := before.Opinion(1), before.PanelList(1)
	if !opinion.Result.Unanimous() {
		t.Errorf("not unanimous: %+v", opinion.Result)
	}
	s.certify()
	s.Do("s04", s.Vote(s.id, "s04", review.ChoiceDisagree, "密码应用方案应当先通过评估。"))
	after := s.caseOf()
	after.At = before.At
	if x := after.Dissent("s04", review.ChoiceDisagree, "再次说明。"); !x.Annex || x.Number != "不同意见书〔ABCDEFGH〕第1-4-2号" {
		t.Errorf("after the certification: %+v", x)
	}
	for _, x := range [][2]paper.Paper{{opinion, after.Opinion(1)}, {panel, after.PanelList(1)}} {
		if !reflect.DeepEqual(x[0], x[1]) {
			t.Errorf("a late dissent changed the paper:\n%s\n%s", lines(x[0]), lines(x[1]))
		}
	}
}

// TestDissentWithoutSigning: a dissent of somebody who does not sign is not passed over, and
// nothing is unanimous against it.
func TestDissentWithoutSigning(t *testing.T) {
	s := tabled(t).conclude()
	s.Do("s07", s.Vote(s.id, "s07", review.ChoiceReserve, "资产应当登记。"))
	x := s.caseOf()
	x.Project.Signers = []review.SeatID{"s02", "s03", "s04", "s05", "s06"}
	r := x.Opinion(1).Result
	if r.Agree != 5 || r.Reserve != 0 || len(r.Dissents) != 1 || r.Dissents[0].Name != "吴式" || r.Unanimous() {
		t.Errorf("result %+v", r)
	}
}

// TestDeclared: an opinion says what its expert has declared.
func TestDeclared(t *testing.T) {
	s := open(t).panel().project("yueqing-2015.technical_review", 3, nil)
	says := func(want string) {
		t.Helper()
		if got := s.caseOf().Individual("s03", review.Sheet{}, nil).Declared; got != want {
			t.Errorf("declared %q, want %q", got, want)
		}
	}
	says("没有须回避的情形")
	s.Do("s03", review.DeclarationGiven{Declaration: s.Say("s03", review.StatementDeclaration, s.id, review.DeclarationBody{Reason: "曾为该单位授课。"})})
	says("没有须回避的情形；说明：曾为该单位授课。")
	s.Declare(s.id, "s03", "曾任该单位顾问")
	s.Do(secretary, s.Chaired(s.id, review.RecusalDecided{Project: s.id, Seat: "s03", Reason: "已满三年"}))
	says("声明须回避：曾任该单位顾问；经组长和秘书决定不回避")
	if got := s.caseOf().Individual("s07", review.Sheet{}, nil).Declared; got != "" {
		t.Errorf("a member declared %q", got)
	}
}

// TestUnfinishedSheet: a preview is made of what is marked so far, without a total.
func TestUnfinishedSheet(t *testing.T) {
	s := open(t).panel().project("yueqing-2015.technical_review", 3, nil)
	c := s.caseOf()
	c.Draft = true
	x := c.Individual("s03", review.Sheet{Marks: []review.Mark{{Item: "Y2-03", Value: "15", Reason: "可行。"}}}, nil)
	if x.Total != "" || len(x.Answers) != len(c.Project.Scheme.Items) || x.Answers[2].Value != "15" || x.Answers[0].Value != "" || x.Answers[2].Reason == "" {
		t.Errorf("%s", lines(x))
	}
	var all []string
	for range c.Project.Scheme.Items {
		all = append(all, review.AnswerNA)
	}
	if got := c.Individual("s03", s.sheet(all[:5], all[5:], nil), nil).Total; got != "" {
		t.Errorf("nothing is scored: total %q", got)
	}
}

// TestOldPack: a pack from before headings said what they show gives the same opinion; one
// that has neither conclusion nor signatures nor the answers to gates and yes/no items among
// its headings gets them.
func TestOldPack(t *testing.T) {
	var files [][]byte
	for _, name := range []string{"common", "yueqing-2015"} {
		b, err := os.ReadFile(filepath.Join("..", "regulation", "testdata", "packs-v1", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b)
	}
	old, err := regulation.Open(files...)
	if err != nil {
		t.Fatal(err)
	}
	c := tabled(t).conclude().caseOf()
	want := c.Opinion(1).Sections
	c.Scheme, _ = old.Scheme(c.Scheme.ID)
	if got := c.Opinion(1).Sections; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	c.Scheme, _ = packs(t).Scheme("yueqing-2015.change_approval")
	got := c.Opinion(1)
	if len(got.Sections) != 4 || got.Title != "变更审批意见" || got.Sections[0].Title != "变更事项清单" || got.Sections[0].Shows != paper.ShowsChanges ||
		got.Sections[1].Shows != paper.ShowsChecks || got.Sections[2].Shows != paper.ShowsConclusion || got.Sections[3].Shows != paper.ShowsSignatures {
		t.Errorf("%+v", got.Sections)
	}
	if text := got.Sections[1].Paragraphs; len(text) != 1 {
		t.Errorf("paragraphs for no heading are lost: %+v", got.Sections)
	}
}

// TestHeadings: what an opinion has beside the headings of its pack, and what it has where
// there is none.
func TestHeadings(t *testing.T) {
	for name, c := range map[string]struct {
		pack  []regulation.Section // nil for no headings
		kinds []review.ItemKind
		want  string
	}{
		"signatures below the conclusion": {
			[]regulation.Section{{Title: "项目功能"}, {Title: "验收结论、专家签名", Shows: regulation.ShowsConclusion}}, []review.ItemKind{review.ItemScore, review.ItemGate},
			"项目功能|否决项与符合性核查结果|验收结论、专家签名",
		},
		"nothing to check": {
			[]regulation.Section{{Title: "运行效率"}, {Title: "评价结论", Shows: regulation.ShowsConclusion}}, []review.ItemKind{review.ItemScore},
			"运行效率|评价结论|专家签名",
		},
		"no conclusion": {
			[]regulation.Section{{Title: "调整的建议"}}, []review.ItemKind{review.ItemYesNo},
			"调整的建议|否决项与符合性核查结果|评审结论|专家签名",
		},
		"no headings, nothing scored": {
			nil, []review.ItemKind{review.ItemYesNo},
			"项目概况|评审组织情况（时间、地点、组织单位、专家组成）|审阅材料清单|否决项与符合性核查结果|主要问题|修改建议|评审结论|专家签名",
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := technical(t).caseOf()
			scheme, project := *x.Scheme, *x.Project
			scheme.Sections, project.Scheme.Items = c.pack, nil
			for _, k := range c.kinds {
				project.Scheme.Items = append(project.Scheme.Items, review.Item{ID: string(k), Title: string(k), Kind: k})
			}
			x.Scheme, x.Project = &scheme, &project
			if got := strings.Join(x.Headings(), "|"); got != c.want {
				t.Errorf("%s", got)
			}
		})
	}
}

// TestChangesOfFacts: before anything is recorded the project's own changes stand.
func TestChangesOfFacts(t *testing.T) {
	c := accepted(t).caseOf()
	set := func(value string) []review.Change {
		for i := range c.Project.Facts {
			if c.Project.Facts[i].Key == "changes" {
				c.Project.Facts[i].Value = value
			}
		}
		return c.Changes(1).Changes
	}
	got := set(`[{"id":"BG-02","approval":"乐电政样〔2026〕21号","approved_on":"2026-07-15","effect":"无","reported":true},{"id":"BG-03","approved_on":null}]`)
	want := []review.Change{{Number: "BG-02", Approval: "乐电政样〔2026〕21号 2026年7月15日批准", Effect: "无", Reported: true}, {Number: "BG-03"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	for _, none := range []string{`[]`, `"BG-01"`, `没有`} {
		if got := set(none); len(got) != 0 {
			t.Errorf("%s gives %+v", none, got)
		}
	}
}

// TestSettled: what the chair settled is said so; a rule that is not fulfilled stands
// whatever was settled, and a check that nobody has answered is open.
func TestSettled(t *testing.T) {
	check := func(c *paper.Case, title string) paper.Checked {
		t.Helper()
		list := c.Opinion(1).Checks
		i := slices.IndexFunc(list, func(x paper.Checked) bool { return x.Title == title })
		if i < 0 {
			t.Fatalf("no check %s in %+v", title, list)
		}
		return list[i]
	}
	s := accepted(t)
	s.Do(chair, review.ItemSettled{Project: s.id, Item: "Y5-G3", Answer: review.AnswerYes, Reason: "已经签字。"})
	if x := check(s.caseOf(), "变更如实报告并签字"); x.Result != "不符合" || x.Settled || !strings.Contains(x.Reason, "BG-01") {
		t.Errorf("%+v", x)
	}
	c := open(t).panel().project("yueqing-2015.technical_review", 3, nil).caseOf()
	if x := check(c, "编制单位资质"); x.Result != "待定" || x.Settled {
		t.Errorf("%+v", x)
	}
	if x := check(technical(t).caseOf(), "编制单位资质"); x.Result != "符合" || !x.Settled || x.Reason != "会上出示了资质证书原件。" {
		t.Errorf("%+v", x)
	}
}

// TestSecrecy: no level is no word about levels.
func TestSecrecy(t *testing.T) {
	c := plain(t).caseOf()
	for said, want := range map[string]string{"": "", "无": "", "工作秘密": "工作秘密"} {
		c.About.Secrecy = said
		if got := c.Tally(1).Secrecy; got != want {
			t.Errorf("%q is printed %q", said, got)
		}
	}
}

// TestQR: one line of ASCII that a person's telephone reads off a page.
func TestQR(t *testing.T) {
	c := technical(t).caseOf()
	c.Checkpoint = "v1 99999 " + strings.Repeat("0f", 32)
	x := c.Tally(12)
	want := "heyi:1;meeting=" + string(reviewtest.RoomMeeting) + ";paper=tally-12;check=" + x.Check + ";checkpoint=" + c.Checkpoint
	if x.Proof.QR != want || len(x.Proof.QR) > 180 || strings.ContainsFunc(x.Proof.QR, func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Errorf("%d characters: %s", len(x.Proof.QR), x.Proof.QR)
	}
	if paper.CheckCode(x) != x.Check {
		t.Error("the 校验码 hangs on the code that names it")
	}
}

// TestCheckCode: there is nothing on a paper that could change and the 校验码 not with it.
func TestCheckCode(t *testing.T) {
	c := technical(t).caseOf()
	d := tabled(t).conclude().caseOf()
	all := append(papers(c), d.Fulfilment(1), d.Changes(1), &paper.Minutes{
		Secretary: "龚䶮", Paragraphs: []review.Paragraph{{Number: 1, Text: "开会。"}}, Restored: []review.Restoration{{Reason: "断电"}},
	})
	seen := map[string]review.Form{}
	for _, p := range all {
		code := paper.CheckCode(p)
		if other, ok := seen[code]; ok {
			t.Errorf("%s and %s have one code", p.Form(), other)
		}
		seen[code] = p.Form()
		n := 0
		disturb(reflect.ValueOf(p).Elem(), string(p.Form()), func(at string) {
			n++
			if got := paper.CheckCode(p); (got == code) != (strings.HasSuffix(at, ".Check") || strings.HasSuffix(at, ".QR")) {
				t.Errorf("%s changed, and the code is %s, was %s", at, got, code)
			}
		})
		if got := paper.CheckCode(p); got != code || n < 15 {
			t.Errorf("%s: %s after %d changes, was %s", p.Form(), got, n, code)
		}
	}
}

// disturb changes every single value in v, one at a time, and puts it back.
func disturb(v reflect.Value, at string, changed func(at string)) {
	set := func(to any) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		v.Set(reflect.ValueOf(to).Convert(v.Type()))
		changed(at)
		v.Set(old)
	}
	switch x := v.Interface().(type) {
	case time.Time:
		set(x.Add(time.Second))
		return
	case *review.Settings:
		set(&review.Settings{Unscored: x == nil})
		return
	case *big.Rat:
		if x == nil {
			set(big.NewRat(1, 3))
		} else {
			set(new(big.Rat).Add(x, big.NewRat(1, 100)))
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		set(v.String() + "一")
	case reflect.Int, reflect.Int64:
		set(v.Int() + 1)
	case reflect.Bool:
		set(!v.Bool())
	case reflect.Struct:
		for i := range v.NumField() {
			disturb(v.Field(i), at+"."+v.Type().Field(i).Name, changed)
		}
	case reflect.Slice:
		if v.Len() > 0 {
			set(v.Slice(0, v.Len()-1).Interface())
		}
		for i := range v.Len() {
			disturb(v.Index(i), fmt.Sprintf("%s[%d]", at, i), changed)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			old := v.MapIndex(key)
			v.SetMapIndex(key, reflect.ValueOf(old.String()+"一"))
			changed(at)
			v.SetMapIndex(key, old)
		}
	default:
		panic("what is a " + v.Kind().String() + " at " + at)
	}
}

// TestRandomMeetings: whatever people mark and vote, the figures on the papers agree with
// one another and with the record, and the same case gives the same bytes.
func TestRandomMeetings(t *testing.T) {
	for i := range *meetings {
		from := *seed + uint64(i)
		t.Run(fmt.Sprint(from), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("repeat: go test ./review/paper -run '^TestRandomMeetings$' -meetings 1 -seed %d", from)
				}
			}()
			r := rand.New(rand.NewPCG(from, 6))
			agree(t, random(t, r))
			same(t, func() *scene { return random(t, rand.New(rand.NewPCG(from, 6))) })
		})
	}
}

// random is a meeting of random marks, answers and positions, certified or not.
func random(tb testing.TB, r *rand.Rand) *scene {
	s := open(tb).panel().project("yueqing-2015.technical_review", 3, nil)
	if r.IntN(2) == 0 {
		s.Declare(s.id, "s06", "现任职于方案编制单位")
	}
	notes := map[string]string{}
	for round := range 1 + r.IntN(2) {
		var sheets []review.Sheet
		for range s.State.Voters(s.now()) {
			var scores, answers []string
			for _, it := range s.now().Scheme.Items {
				score := fmt.Sprint(r.IntN(10))
				if r.IntN(8) == 0 {
					score = review.AnswerNA
				}
				scores = append(scores, score)
				answers = append(answers, []string{"yes", "no", "na", "abstain"}[r.IntN(4)])
				if round > 0 || r.IntN(2) == 0 {
					notes[it.ID] = fmt.Sprintf("理由%d。", r.IntN(3))
				}
			}
			sheets = append(sheets, s.sheet(scores, answers, notes, "可行。"))
		}
		s.round(sheets...)
	}
	s.Do(secretary, review.OpinionDrafted{Project: s.id, Revision: 1, Paragraphs: []review.OpinionParagraph{{Text: "可行。", Section: "修改建议"}}})
	outcomes := s.now().Scheme.Outcomes
	s.Do(chair, s.With(secretary, review.ConclusionReached{
		Project: s.id, Outcome: outcomes[r.IntN(len(outcomes))].ID, Opinion: 1, Reason: "会议讨论一致。",
	}))
	for _, seat := range s.State.Signatories(s.now()) {
		if v := r.IntN(12); v < 4 {
			text := ""
			if v == 1 || v == 2 {
				text = "另有意见。"
			}
			s.Do(seat, s.Vote(s.id, seat, []review.Choice{review.ChoiceAgree, review.ChoiceReserve, review.ChoiceDisagree, review.ChoiceAbstain}[v], text))
		} else if v < 11 {
			s.Do(seat, s.Vote(s.id, seat, review.ChoiceAgree, ""))
		}
	}
	return s
}

// agree holds the papers against one another and against the record.
func agree(t *testing.T, s *scene) {
	t.Helper()
	p := s.now()
	for i := range p.Rounds {
		for j := range p.Rounds[i].Ballots {
			p.Rounds[i].Ballots[j].Paper = review.DigestOf(fmt.Append(nil, "individual ", i, j)) // rooms have no papers
		}
	}
	c := s.caseOf()
	opinion, tally, panel := c.Opinion(1), c.Tally(1), c.PanelList(1)
	r, due := opinion.Result, s.State.Signatories(s.now())
	if r.Agree+r.Reserve+r.Disagree+r.Abstain+r.Silent != len(due) || r.Silent != len(r.Unheard) || r.Reserve+r.Disagree != len(r.Dissents) {
		t.Errorf("%d sign: %+v", len(due), r)
	}
	if r.Unanimous() != (r.Agree == len(due)) {
		t.Errorf("unanimous %t: %+v", r.Unanimous(), r)
	}
	var signers [3][]review.SeatID
	for i, list := range [][]paper.Signer{opinion.Signers, tally.Signers, panel.Signers[:panel.Signing]} {
		for _, x := range list {
			signers[i] = append(signers[i], x.Seat)
			if seat, _ := s.State.Seat(x.Seat); x.Field != review.FieldOf(seat) {
				t.Errorf("%s signs in %s", x.Seat, x.Field)
			}
		}
	}
	last := len(due) - 1
	want := append([]review.SeatID{due[last]}, due[:last]...)
	for _, got := range signers {
		if !slices.Equal(got, want) {
			t.Errorf("%v sign, want %v", got, want)
		}
	}
	if n := len(panel.Signers) - panel.Signing; panel.Due < panel.Present || panel.Present < panel.Signing || n != 7-len(due) {
		t.Errorf("应到%d，实到%d，签字%d of %d", panel.Due, panel.Present, panel.Signing, len(panel.Signers))
	}
	round := c.Rounds[len(c.Rounds)-1]
	if opinion.Panel.Experts != round.Count.Ballots || len(opinion.Panel.Names) != round.Count.Ballots {
		t.Errorf("panel %+v of %d ballots", opinion.Panel, round.Count.Ballots)
	}
	var ballots []paper.BallotProof
	for i := range p.Rounds {
		for _, b := range p.Counted(&p.Rounds[i]) {
			ballots = append(ballots, paper.BallotProof{
				Round: i + 1, Name: c.Rounds[i].Names[b.Seat], Receipt: b.Statement.Receipt(), Ballot: b.Statement, Paper: b.Paper,
			})
		}
	}
	if !slices.Equal(tally.Proof.Ballots, ballots) {
		t.Errorf("proof of %+v, want %+v", tally.Proof.Ballots, ballots)
	}
	named := []string{string(p.Package), string(p.SchemeDigest), string(p.Scheme.Packs[0]), string(p.Scheme.Packs[1]), string(p.Conclusion.Digest)}
	for i, x := range tally.Proof.Lines {
		if len(tally.Proof.Lines) != len(named) || x.Value != named[i] {
			t.Errorf("proof of %+v, want %v", tally.Proof.Lines, named)
		}
	}
	for _, x := range opinion.Checks {
		if v := x.Votes; v.Yes+v.No+v.Abstain+v.NA != 0 && v.Yes+v.No+v.Abstain+v.NA != round.Count.Ballots {
			t.Errorf("check %+v of %d ballots", x, round.Count.Ballots)
		}
	}
	texts := 0
	for _, x := range opinion.Sections {
		texts += len(x.Paragraphs)
	}
	if texts != 1 {
		t.Errorf("%d paragraphs", texts)
	}
}

// same makes the papers of a meeting twice.
func same(t *testing.T, held func() *scene) {
	t.Helper()
	var bytes [2][]byte
	for i := range bytes {
		for _, p := range papers(held().caseOf()) {
			b, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			bytes[i] = append(append(bytes[i], b...), p.Top().Check...)
		}
	}
	if string(bytes[0]) != string(bytes[1]) {
		t.Error("the same meeting gives other papers")
	}
}

// TestLacks: every lack has its sentence, and there is a paper that has it.
func TestLacks(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "assets", "words", "zh.json"))
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(b, &words); err != nil {
		t.Fatal(err)
	}
	begun := open(t).panel().project("yueqing-2015.technical_review", 3, nil).caseOf()
	begun.About = paper.About{}
	set := open(t).panel().project("yueqing-2015.technical_review", 3, nil)
	set.Do(secretary, review.SchemeSet{Project: set.id, Settings: review.Settings{Method: review.MethodMedian}, Reason: "组织单位会议确定"})
	alone := plain(t).caseOf()
	alone.State.Chair = ""
	empty := open(t).caseOfNothing()
	all := slices.Concat(papers(technical(t).caseOf()), papers(tabled(t).conclude().caseOf()), papers(begun), papers(set.caseOf()), papers(alone), papers(empty)[:5], []paper.Paper{
		&paper.Minutes{}, &paper.Dissent{Person: paper.Person{Name: "单㛃"}}, begun.Individual("s07", review.Sheet{}, nil),
		&paper.Changes{Changes: []review.Change{{Number: "BG-01"}}},
	})
	found := map[string]bool{}
	for _, p := range all {
		for _, l := range paper.Missing(p) {
			found[l.Key] = true
			text, ok := words["lack."+l.Key]
			if !ok || strings.Contains(text, "{{.item}}") != (l.Item != "") {
				t.Errorf("%s of %s, item %q: %q", l.Key, p.Form(), l.Item, text)
			}
		}
	}
	for key := range words {
		if of, ok := strings.CutPrefix(key, "lack."); ok && !found[of] {
			t.Errorf("no paper lacks %s", of)
		}
	}
}

// caseOfNothing is a project of a meeting whose panel is not there yet.
func (s *scene) caseOfNothing() *paper.Case {
	s.project("yueqing-2015.technical_review", 3, nil)
	c := s.caseOf()
	c.Project.Units = nil
	return c
}
