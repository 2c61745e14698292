package meeting_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
)

// own is a regulation that no program has; %s is from where on an audit is asked for, after
// it what is a fen less.
const own = `format: 1
id: lucheng-2026
title: 鹿城区政务信息化项目管理办法
short: 鹿城办法
number: 鹿政办发〔2026〕3号
unknown: 缺少“{missing}”，{cite}（{title}）无法判定。
terms: {not_audited: 没有审计}
inputs:
  investment_cny: {type: money, title: 项目投资}
  audited: {type: bool, title: 已经审计}
rules:
  - id: LC-R01
    title: 审计
    article: 第八条
    class: veto
    results:
      - {when: 'investment_cny < yuan("%[1]s")', outcome: not_required, say: '投资{investment_cny}，不须审计（{cite}）。'}
      - {when: audited, outcome: pass, say: '已经审计（{cite}）。'}
      - {outcome: block, reason: not_audited, say: '没有审计（{cite}）。'}
    cases:
      - {in: {investment_cny: "%[2]s"}, want: {outcome: not_required}}
      - {in: {investment_cny: "%[1]s", audited: true}, want: {outcome: pass}}
      - {in: {investment_cny: "%[1]s", audited: false}, want: {outcome: block, reason: not_audited}}
schemes:
  - id: appraisal
    title: 绩效评审
    basis: 第十二条
    mode: weighted
    convener: 区数据局
    reviewers: 专家
    trigger: 运行一年后
    document: {title: 绩效评审意见}
    skeleton: false
    sections: [{title: 项目概况, shows: profile}, {title: 评审结论, shows: conclusion}]
    checks: [{rule: LC-R01}]
    items:
      - {id: L1-01, title: 目标实现, question: 目标是否实现？, article: 第十二条, kind: score, weight: 70}
      - {id: L1-02, title: 资金使用, question: 资金是否用得其所？, article: 第十二条, kind: score, weight: 30}
      - {id: L1-G1, title: 审计, question: 是否已经审计？, article: 第八条, kind: gate, rule: LC-R01}
    conclusions:
      - {id: passed, title: 通过绩效评审}
      - {id: passed_after_revision, title: 整改后通过}
      - {id: not_passed, title: 不通过, fails: true}
`

// Two regulations under one id: the first asks for an audit of the tests' project, the
// second does not.
var (
	ownStrict = fmt.Sprintf(own, "1000000.00", "999999.99")
	ownMild   = fmt.Sprintf(own, "3000000.00", "2999999.99")
)

// beside gives the files of a regulation as they stand beside the projects.
func beside(parts ...string) bag.Tree {
	t := bag.Tree{}
	for i, p := range parts {
		t[bag.RegulationName(i+1)] = []byte(p)
	}
	return t
}

// appraised makes the project of these tests one under the own regulation.
func appraised(_, project map[string]any) { project["scheme"] = "lucheng-2026.appraisal" }

// numberedAs makes a package another one, with another project.
func numberedAs(id string, then func(head, project map[string]any)) func(head, project map[string]any) {
	return func(head, project map[string]any) {
		head["id"], project["title"] = id, "另一项目"
		then(head, project)
	}
}

// outcomes gives what the rules find in a project, by rule.
func outcomes(t *testing.T, h *hall, id review.ProjectID) map[string]string {
	t.Helper()
	findings, err := h.secretary().Findings(id)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range findings {
		out[f.Rule] = f.Outcome
	}
	return out
}

// sound holds that the record verifies, and which regulations packages have brought.
func sound(t *testing.T, h *hall, want ...meeting.Brought) {
	t.Helper()
	if v := h.Verify(h.ID, nil); len(v.Findings) != 0 || !slices.Equal(v.Brought, want) {
		t.Errorf("the record: %v; brought %+v, want %+v", v.Findings, v.Brought, want)
	}
}

var luchengBrought = meeting.Brought{Package: "YQ-2026-017", Issue: 2, ID: "lucheng-2026", Title: "鹿城区政务信息化项目管理办法"}

// TestOwnRegulation holds that a package's own regulation judges its project from the preview
// to the filing folder, and goes on to whatever the program gets.
func TestOwnRegulation(t *testing.T) {
	o := newOffice(t)
	h := o.hall
	h.beside = beside(ownStrict)
	id := h.scored(t, 90, appraised)
	p := h.secretary().State().Project(id)

	common := slices.DeleteFunc(builtIn().Packs(), func(p *regulation.Pack) bool { return p.ID != regulation.Common })[0]
	if want := append([]review.Digest{review.DigestOf([]byte(ownStrict))}, common.Digests()...); !slices.Equal(p.Scheme.Packs, want) {
		t.Errorf("it rests on %v, want %v", p.Scheme.Packs, want)
	}
	for _, d := range p.Scheme.Packs {
		if _, err := h.store.Blob(h.ID, d); err != nil {
			t.Errorf("%s is not kept: %v", d, err)
		}
	}
	if got := outcomes(t, h, id); got["LC-R01"] != regulation.OutcomeNeedsDecision || got["CM-06"] == "" || len(got) != 2 {
		t.Errorf("the rules find %v", got)
	}
	do(t, "correct", h.secretary().Correct(h.Sessions[script.Chair], review.FactCorrected{
		Project: id, Key: "investment_cny", Old: "2360000.00", New: "1000000.00", Evidence: "概算表",
	}))
	if got := outcomes(t, h, id); got["LC-R01"] != regulation.OutcomeNeedsDecision {
		t.Errorf("at the limit the rules find %v", got)
	}
	do(t, "settle", h.Sessions[script.Chair].Settle(id, "L1-G1", review.AnswerYes, "审计报告在场"))
	c, err := h.secretary().Tally(id, 0)
	if err != nil || c.Suggestion.Outcome != "passed" {
		t.Fatalf("%+v, %v", c.Suggestion, err)
	}
	reviewtest.WantCode(t, h.concludes(id, review.ConclusionReached{Outcome: "passed"}), review.CodeAgainstMissing)
	do(t, "conclude", h.concludes(id, review.ConclusionReached{
		Outcome: "passed", Against: []review.Against{{Rule: "LC-R01", Reason: "审计报告已经送达，尚未录入"}},
	}))
	for _, seat := range []review.SeatID{script.Chair, script.Second, script.Third, script.Fourth, script.Member} {
		do(t, "vote", h.Sessions[seat].Vote(id, review.ChoiceAgree, "", review.Look{}))
	}
	do(t, "signing", h.secretary().BeginSigning(id))
	for _, seat := range []review.SeatID{script.Second, script.Third, script.Fourth, script.Member, script.Chair} {
		do(t, "sign", h.Sessions[seat].Sign(id, review.Look{}))
	}
	do(t, "final", h.secretary().Finalise(h.Sessions[script.Chair], id))
	do(t, "minutes", h.secretary().Record("评审结束。"))
	sound(t, h, luchengBrought)
	o.filing(t)
	if _, err := h.secretary().Filing("out"); err != nil {
		t.Fatal(err)
	}
	tree := o.written["out"]
	file := "其他/规则/规则-" + string(review.DigestOf([]byte(ownStrict))[:12]) + ".yaml"
	if !bytes.Equal(tree[file], []byte(ownStrict)) || !bytes.Contains(tree["文件目录.XML"], []byte("<题名>评审包自带的评审规则数据</题名>")) {
		t.Errorf("the folder has %s as %d bytes", file, len(tree[file]))
	}
	opinion := slices.IndexFunc(slices.Sorted(maps.Keys(tree)), func(name string) bool { return strings.Contains(name, "绩效评审意见") })
	if opinion < 0 {
		t.Errorf("no paper is called as the regulation has it: %v", slices.Sorted(maps.Keys(tree)))
	}

	// A later program: other common rules, and a regulation of the same id with other rules.
	for name, lib := range map[string]*regulation.Library{
		"the same program": h.library,
		"other regulations": packs(t, func(_ string, b []byte) []byte {
			return bytes.ReplaceAll(b, []byte("系统默认"), []byte("程序默认"))
		}),
		"one of its name": func() *regulation.Library {
			p, err := regulation.Load([]byte(ownMild))
			do(t, "load", err)
			lib, err := regulation.NewLibrary(append(builtIn().Packs(), p)...)
			do(t, "library", err)
			return lib
		}(),
		"the very one": func() *regulation.Library {
			p, err := regulation.Load([]byte(ownStrict))
			do(t, "load", err)
			lib, err := regulation.NewLibrary(append(builtIn().Packs(), p)...)
			do(t, "library", err)
			return lib
		}(),
		"the very one and more of it": func() *regulation.Library {
			p, err := regulation.Load([]byte(ownStrict), []byte("format: 1\nid: lucheng-2026\nterms: {more: 更多}\n"))
			do(t, "load", err)
			lib, err := regulation.NewLibrary(append(builtIn().Packs(), p)...)
			do(t, "library", err)
			return lib
		}(),
	} {
		o.library = lib
		o.Close()
		o.Services = meeting.New(o.config())
		h.Sessions = map[review.SeatID]*meeting.Session{}
		h.enter(t, script.Secretary)
		if got := outcomes(t, h, id); got["LC-R01"] != regulation.OutcomeNeedsDecision {
			t.Errorf("%s: the rules find %v", name, got)
		}
		sound(t, h, luchengBrought)
		v := meeting.VerifyFiling(tree, o.config(), nil)
		if len(v.Findings) > 0 || !slices.Equal(v.Brought, []meeting.Brought{luchengBrought}) {
			t.Errorf("%s: of the folder is told %v, %+v", name, v.Findings, v.Brought)
		}
	}
	// The folder's own copy of the pack is held against the record.
	tree[file] = []byte(ownMild)
	if v := meeting.VerifyFiling(tree, o.config(), nil); len(v.Findings) == 0 {
		t.Error("the folder holds with another regulation")
	}
}

// TestOwnPreview holds that what a package brings is told before it comes in.
func TestOwnPreview(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	file := packedWith(t, appraised, beside(ownStrict))
	v, err := h.Preview(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	y := v.Projects[0]
	if v.Own == nil || v.Own.Title != luchengBrought.Title || y.From.Pack() != v.Own || y.Scheme.ID != "lucheng-2026.appraisal" || y.Findings[0].Rule != "LC-R01" {
		t.Errorf("%+v", v)
	}
	if want := []string{"pre_review", "preparer_qualified"}; !slices.Equal(y.Unasked, want) {
		t.Errorf("nothing asks about %v", y.Unasked)
	}
	file = packed(t, asItIs)
	if v, err = h.Preview(bytes.NewReader(file), int64(len(file))); err != nil || v.Own != nil || v.Projects[0].From.Pack().ID != "yueqing-2015" {
		t.Errorf("without one: %+v, %v", v.Own, err)
	}
	// A package with a regulation of its own may call for the program's beside it.
	file = packedWith(t, asItIs, beside(ownStrict))
	if v, err = h.Preview(bytes.NewReader(file), int64(len(file))); err != nil || v.Own == nil || v.Projects[0].From.Pack().ID != "yueqing-2015" {
		t.Errorf("with one that nobody calls for: %+v, %v", v.Own, err)
	}
}

// TestOwnRefused holds that a package whose regulation cannot be has come to nothing, as far
// as the preview can tell before the import.
func TestOwnRefused(t *testing.T) {
	as := func(old, new string) bag.Tree {
		if !strings.Contains(ownStrict, old) {
			t.Fatal(old)
		}
		return beside(strings.ReplaceAll(ownStrict, old, new))
	}
	calling := func(scheme string) func(head, project map[string]any) {
		return func(_, project map[string]any) { project["scheme"] = scheme }
	}
	for _, c := range []struct {
		name   string
		change func(head, project map[string]any)
		beside bag.Tree
		code   review.Code
		item   string
	}{
		{"an id of the program's", calling("yueqing-2015.appraisal"), as("lucheng-2026", "yueqing-2015"), review.CodePackageTwin, "yueqing-2015"},
		{"and nobody calls for it", asItIs, as("lucheng-2026", "yueqing-2015"), review.CodePackageTwin, "yueqing-2015"},
		{"the id of the common rules", calling("common.appraisal"), as("lucheng-2026", "common"), review.CodePackageTwin, "common"},
		{"a rule of the common rules'", appraised, as("LC-R01", "CM-06"), review.CodePackageTwin, "CM-06"},
		{"not in UTF-8", appraised, as("鹿城", "\xc2\xb9\xb3\xc7"), review.CodePackEncoding, "regulation.yaml 3:9"},
		{"text that turns", appraised, as("绩效评审", "绩效\u2067评审"), review.CodePackEncoding, "regulation.yaml 26:14"},
		{"a case that fails", appraised, as("want: {outcome: block, reason: not_audited}", "want: {outcome: block, reason: audited}"), review.CodePackCase, "regulation.yaml 23:"},
		{"a key that means nothing", appraised, as("    basis:", "    base: 第九条\n    basis:"), review.CodePackKey, "regulation.yaml 27:5 base"},
		{"in its second part", appraised, beside(ownStrict, "format: 1\nid: lucheng-2026\nrule: []\n"), review.CodePackKey, "regulation-2.yaml 3:1 rule"},
		{"parts of two regulations", appraised, beside(ownStrict, "format: 1\nid: another-2026\n"), review.CodePackReference, "regulation-2.yaml 1:1 another-2026"},
		{"nothing in it", appraised, beside(""), review.CodePackYAML, "regulation.yaml 1:1"},
		{"a scheme that it does not have", calling("lucheng-2026.lottery"), beside(ownStrict), review.CodeSchemeUnknown, "lucheng-2026.lottery"},
		{"a scheme of another", calling("lucheng-2027.appraisal"), beside(ownStrict), review.CodeSchemeUnknown, "lucheng-2027.appraisal"},
		{"a fact of another type", func(_, project map[string]any) {
			project["scheme"], project["facts"].(map[string]any)["audited"] = "lucheng-2026.appraisal", "是的"
		}, beside(ownStrict), review.CodeFactType, "audited"},
		{"a conclusion that no record takes", appraised, as("整改后通过", strings.Repeat("长", 41)), review.CodePackType, "regulation.yaml 25:5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t)
			h.trusts(t)
			h.early(t)
			file := packedWith(t, c.change, c.beside)
			before, _ := h.packages.Trust()
			_, err := h.Preview(bytes.NewReader(file), int64(len(file)))
			reviewtest.WantCode(t, err, c.code)
			if !strings.HasPrefix(review.ItemOf(err), c.item) {
				t.Errorf("item %q, want %q", review.ItemOf(err), c.item)
			}
			if _, err := h.bring(file); review.CodeOf(err) != c.code {
				t.Errorf("the import: %v", err)
			}
			h.nothing(t)
			if after, _ := h.packages.Trust(); !bytes.Equal(after, before) {
				t.Errorf("the list of issuers became %s", after)
			}
		})
	}
	// What papers could not print is found before it has to be printed, wherever it stands.
	h := newHall(t)
	h.trusts(t)
	h.early(t)
	_, err := h.bring(packedWith(t, asItIs, as("没有审计（", "没有审计"+string(fakes.NoGlyph)+"（")))
	reviewtest.WantCode(t, err, review.CodeTextGlyph)
	h.nothing(t)
}

// TestOwnParts holds that a regulation in as many files as may be comes in, and that the
// package's limits are the regulation's.
func TestOwnParts(t *testing.T) {
	if bag.MaxRuleFile != regulation.MaxFile {
		t.Errorf("%d bytes in a package, %d in a regulation", bag.MaxRuleFile, regulation.MaxFile)
	}
	parts := []string{ownStrict}
	for i := range bag.MaxRuleFiles - 1 {
		parts = append(parts, fmt.Sprintf("format: 1\nid: lucheng-2026\nterms: {more_%d: 更多}\n", i))
	}
	files := make([][]byte, len(parts))
	for i, p := range parts {
		files[i] = []byte(p)
	}
	if _, err := regulation.Load(append(files, []byte("format: 1\nid: lucheng-2026\n"))...); review.CodeOf(err) != review.CodePackSize {
		t.Errorf("a regulation of more files than a package has: %v", err)
	}
	h := newHall(t)
	h.trusts(t)
	h.early(t)
	in, err := h.bring(packedWith(t, appraised, beside(parts...)))
	if err != nil {
		t.Fatal(err)
	}
	p := h.secretary().State().Project(in.Projects[0])
	for i, f := range files {
		if p.Scheme.Packs[i] != review.DigestOf(f) {
			t.Errorf("the %d. file is %s", i+1, p.Scheme.Packs[i])
		}
	}
	h.again()
	h.enter(t, script.Secretary)
	if got := outcomes(t, h, p.ID); got["LC-R01"] == "" {
		t.Errorf("%v", got)
	}
	sound(t, h, luchengBrought)
}

// TestOwnAlone holds that nobody but the projects of its package can call for a regulation.
func TestOwnAlone(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	h.early(t)
	_, err := h.bring(packedWith(t, appraised, beside(ownStrict)))
	do(t, "import", err)
	_, err = h.bring(packed(t, numberedAs("YQ-2026-018", appraised)))
	reviewtest.WantCode(t, err, review.CodeSchemeUnknown)
	if s := h.secretary().State(); len(s.Packages) != 1 || len(s.Projects) != 1 {
		t.Errorf("on record: %v", s.Packages)
	}
	for _, id := range []string{"lucheng-2026.appraisal", "lucheng-2026.lottery"} {
		b := script.Project("手工列入的项目", 1)
		b.Scheme.ID = id
		_, err = h.secretary().AddProject(b)
		reviewtest.WantCode(t, err, review.CodeSchemeForm)
	}
	_, err = h.Create(meeting.NewMeeting{Title: "绩效评审会", Secretary: "吕蒙正", Passphrase: passphrase, Repeated: passphrase, Scheme: "lucheng-2026.appraisal"})
	reviewtest.WantCode(t, err, review.CodeSchemeUnknown)
	_, err = h.secretary().AddProject(script.Project("手工列入的项目", 1))
	do(t, "a project by hand beside it", err)
	sound(t, h, luchengBrought)
}

// TestOwnTwo holds that two packages that bring different regulations under one id do not
// disturb each other.
func TestOwnTwo(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	h.early(t)
	one, err := h.bring(packedWith(t, appraised, beside(ownStrict)))
	do(t, "import", err)
	two, err := h.bring(packedWith(t, numberedAs("YQ-2026-018", appraised), beside(ownMild)))
	do(t, "import", err)
	other := luchengBrought
	other.Package = "YQ-2026-018"
	for range 2 { // as they came in, and read back
		a, b := outcomes(t, h, one.Projects[0]), outcomes(t, h, two.Projects[0])
		if a["LC-R01"] != regulation.OutcomeNeedsDecision || b["LC-R01"] != regulation.OutcomeNotRequired {
			t.Errorf("the rules find %v and %v", a, b)
		}
		sound(t, h, luchengBrought, other)
		h.again()
		h.enter(t, script.Secretary)
	}
}

// TestOwnForged holds that a project on record under other files than its own package brings,
// or under those of another package, is found, though it is signed by the very secretary.
func TestOwnForged(t *testing.T) {
	library := func(file string) *regulation.Library {
		p, err := regulation.Load([]byte(file))
		do(t, "load", err)
		lib, err := meeting.OwnRules(builtIn(), p)
		do(t, "library", err)
		return lib
	}
	for name, c := range map[string]struct {
		first  bag.Tree // what the package before it brings
		beside bag.Tree // what the package brings
		under  string   // what the project is recorded under
		code   review.Code
	}{
		"as it is":                {beside(ownMild), beside(ownStrict), ownStrict, ""},
		"another's":               {beside(ownMild), beside(ownStrict), ownMild, review.CodeProjectDiffers},
		"nobody's":                {nil, beside(ownStrict), ownMild, review.CodeProjectDiffers},
		"another's, without any":  {beside(ownMild), nil, ownMild, review.CodeProjectDiffers},
		"with a regulation apart": {beside(ownMild), beside(strings.ReplaceAll(ownStrict, "lucheng-2026", "longwan-2026")), ownMild, review.CodeProjectDiffers},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			h.trusts(t)
			h.panel(t)
			first := appraised
			if c.first == nil {
				first = asItIs
			}
			_, err := h.bring(packedWith(t, numberedAs("YQ-2026-018", first), c.first))
			do(t, "import", err)
			file := packedWith(t, appraised, c.beside)
			policy := bag.Policy{Issuers: []bag.Issuer{{Fingerprint: issuer().Fingerprint()}}}
			in, err := bag.Open(bytes.NewReader(file), int64(len(file)), policy)
			do(t, "open", err)
			h.lay(t, in.Digest(), file)
			y := in.Projects()[0]
			scheme, _ := library(c.under).Scheme("lucheng-2026.appraisal")
			who := h.identity(t, script.Secretary)
			do(t, "forge", h.forge(t, script.Secretary, who, in.Record()))
			do(t, "forge", h.forge(t, script.Secretary, who, review.ProjectAdded{
				Project: "p02", Title: y.Title, Package: in.Digest(), Scheme: scheme.Freeze(), Units: y.Units, Facts: y.FactList(), Quorum: y.Quorum,
				Entry: y.ID, Record: review.DigestOf(y.Record), Documents: y.Documents,
			}, y.Record, []byte(c.under), scheme.Pack().Files()[0]))
			var want []review.Finding
			if c.code != "" {
				want = []review.Finding{{Code: c.code, Entry: "p02"}}
			}
			if v := h.Verify(h.ID, nil); !slices.Equal(v.Findings, want) {
				t.Errorf("the verification finds %v, want %v", v.Findings, want)
			}
		})
	}
	// A package on record whose regulation cannot be read.
	h := newHall(t)
	h.trusts(t)
	h.panel(t)
	file := packedWith(t, asItIs, beside("format: 2\n"))
	in, err := bag.Open(bytes.NewReader(file), int64(len(file)), bag.Policy{Issuers: []bag.Issuer{{Fingerprint: issuer().Fingerprint()}}})
	do(t, "open", err)
	h.lay(t, in.Digest(), file)
	do(t, "forge", h.forge(t, script.Secretary, h.identity(t, script.Secretary), in.Record()))
	if v := h.Verify(h.ID, nil); len(v.Findings) != 1 || v.Findings[0].Entry != "YQ-2026-017" || !strings.HasPrefix(string(v.Findings[0].Code), "pack.") {
		t.Errorf("the verification finds %v", v.Findings)
	}
}
