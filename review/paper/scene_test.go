package paper_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"heyi/assets"
	"heyi/review"
	"heyi/review/paper"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
	"heyi/review/scoring"
)

var (
	update   = flag.Bool("update", false, "write the golden files anew")
	seed     = flag.Uint64("seed", 1, "of the random meetings")
	meetings = flag.Int("meetings", 40, "how many random meetings have their papers made")
)

const (
	secretary = review.FirstSeat
	chair     = review.SeatID("s02")
)

// scene is a meeting on one project under a built-in pack, as people hold it.
type scene struct {
	*reviewtest.Room
	tb  testing.TB
	lib *regulation.Library
	id  review.ProjectID
}

// packs are the built-in packs.
func packs(tb testing.TB) *regulation.Library {
	tb.Helper()
	var files [][]byte
	for _, name := range []string{"common", "yueqing-2015"} {
		b, err := assets.Packs.ReadFile("packs/" + name + ".yaml")
		if err != nil {
			tb.Fatal(err)
		}
		files = append(files, b)
	}
	lib, err := regulation.Open(files...)
	if err != nil {
		tb.Fatal(err)
	}
	return lib
}

// open opens a meeting; its clock stands at nine on 18 March 2026.
func open(tb testing.TB) *scene {
	s := &scene{Room: reviewtest.NewRoom(tb, nil), tb: tb, lib: packs(tb)}
	s.At = time.Date(2026, 3, 18, 9, 0, 0, 0, time.FixedZone("", 8*3600))
	return s
}

// expect gives a person a seat.
func (s *scene) expect(name, unit, title string, role review.Role) review.SeatID {
	id := review.NumberedSeat(len(s.State.Seats) + 1)
	s.Do(secretary, review.SeatAdded{Seat: id, Person: review.Person{Name: name, Unit: unit, Title: title, Roles: []review.Role{role}}})
	return id
}

// seat gives a person a seat, who comes, claims it and, as an expert, promises.
func (s *scene) seat(name, unit, title string, role review.Role) {
	id := s.expect(name, unit, title, role)
	s.Claim(id)
	if role == review.RoleExpert {
		s.Do(id, s.PromiseOf(id))
	}
}

// panel seats five experts, two members of whom one does not come, and an observer.
func (s *scene) panel() *scene {
	s.seat("单㛃", "温州例海大学计算机学院", "教授", review.RoleExpert)
	s.seat("钱𫖮", "温州例湖信息技术研究院", "正高级工程师", review.RoleExpert)
	s.seat("周䶮", "浙江例江信息安全技术中心", "高级工程师", review.RoleExpert)
	s.seat("郑拟", "温州例岭会计师事务所", "高级会计师", review.RoleExpert)
	s.seat("周䶮", "温州例溪设计院", "", review.RoleExpert)
	s.seat("吴式", "乐清市政务服务信息中心", "副主任", review.RoleMember)
	s.expect("王样", "乐清市财政局", "科长", review.RoleMember)
	s.seat("冯鉴", "乐清市人民政府办公室", "科员", review.RoleObserver)
	s.Do(secretary, review.ChairNamed{Seat: chair})
	s.Confirm()
	return s
}

// project brings a project under a scheme of the pack, on which all experts declare.
func (s *scene) project(scheme string, quorum int, facts []review.Fact, documents ...review.Document) *scene {
	s.id = review.NumberedProject(len(s.State.Projects) + 1)
	from := review.DigestOf([]byte("package " + s.id))
	s.Do(secretary, review.PackageImported{
		Package: from, ID: "yq-" + string(s.id), Seq: 1, Title: "评审包", Issuer: "乐清市电子政务中心",
		Cert: review.DigestOf([]byte("issuer")), Secrecy: "none", Size: 1,
	})
	c, ok := s.lib.Scheme(scheme)
	if !ok {
		s.tb.Fatalf("no scheme %s", scheme)
	}
	for i := range documents {
		documents[i].File, documents[i].Type = fmt.Sprintf("%04d.pdf", i+1), "pdf"
		documents[i].Digest = review.DigestOf([]byte(documents[i].Title))
	}
	s.Do(secretary, review.ProjectAdded{
		Project: s.id, Title: "乐清市政务数据共享平台升级改造项目", Package: from, Scheme: c.Freeze(), Quorum: quorum, Facts: facts,
		Units: []review.Unit{{Part: "owner", Name: "乐清市政务服务信息中心"}, {Part: "preparer", Name: "浙江瓯例工程咨询有限公司"}},
		Entry: "project", Record: review.DigestOf([]byte("record " + s.id)), Documents: documents,
	})
	for _, x := range s.State.Seats {
		if x.Has(review.RoleExpert) && x.Claimed() {
			s.Declare(s.id, x.ID, "")
		}
	}
	return s
}

func (s *scene) now() *review.Project { return s.State.Project(s.id) }

// sheet answers the scheme: scores in its order, then answers to what is not scored, those
// that are not given 符合; notes are the reasons by items.
func (s *scene) sheet(scores []string, answers []string, notes map[string]string, opinion ...string) review.Sheet {
	h := review.Sheet{Opinion: opinion, Outcome: s.now().Scheme.Outcomes[0].ID}
	for _, it := range s.now().Scheme.Items {
		m := review.Mark{Item: it.ID, Value: review.AnswerYes, Reason: notes[it.ID]}
		switch {
		case it.Kind == review.ItemScore:
			m.Value, scores = scores[0], scores[1:]
		case len(answers) > 0:
			m.Value, answers = answers[0], answers[1:]
		}
		h.Marks = append(h.Marks, m)
	}
	return h
}

// round holds a round of scoring up to its opening, with the ballots in the order of seats.
func (s *scene) round(sheets ...review.Sheet) {
	s.Do(secretary, review.RoundBegun{Project: s.id, Number: len(s.now().Rounds) + 1, Nonce: s.Nonce()})
	for _, seat := range s.State.Voters(s.now()) {
		s.Do(seat, review.BallotSubmitted{Ballot: s.BallotOf(s.id, seat, sheets[0])})
		sheets = sheets[1:]
	}
	s.Do(secretary, review.RoundClosed{Project: s.id, Number: len(s.now().Rounds)})
	s.Do(secretary, s.Chaired(s.id, s.Opened(s.id)))
}

// votes takes the positions of all who are to sign: those given, else 同意.
func (s *scene) votes(given map[review.SeatID]review.VoteBody) {
	for _, seat := range s.State.Signatories(s.now()) {
		v, ok := given[seat]
		if !ok {
			v.Choice = review.ChoiceAgree
		}
		s.Do(seat, s.Vote(s.id, seat, v.Choice, v.Text))
	}
}

// certify begins the signing and lays the papers of the conclusion before the panel.
func (s *scene) certify() {
	s.Do(secretary, review.SigningBegun{Project: s.id})
	b := review.PapersCertified{Project: s.id, Set: len(s.now().Sets) + 1, Purpose: review.PurposeConclusion, Subject: s.now().Conclusion.Digest}
	for _, form := range []review.Form{review.FormOpinion, review.FormTally, review.FormPanel} {
		b.Papers = append(b.Papers, review.Certified{
			Form: form, Number: s.State.Issued(form) + 1, Check: review.CheckCode(string(form)),
			Base: review.DigestOf([]byte("base " + form)), Signed: review.DigestOf([]byte("signed " + form)),
		})
	}
	for _, seat := range s.State.Signatories(s.now()) {
		b.Signers = append(b.Signers, review.Signer{Seat: seat})
	}
	s.Do(secretary, b)
}

// fingerprint stands for the fingerprint of a certificate.
func fingerprint(cert []byte) string { return "fingerprint of " + string(cert) }

// caseOf gathers what papers are made from, as the services do.
func (s *scene) caseOf() *paper.Case {
	s.tb.Helper()
	p := s.now()
	c := &paper.Case{
		State: s.State, Project: p, Checkpoint: "v1 61 5f3c9b", Fingerprint: fingerprint, At: s.At,
		About: paper.About{
			Code: "YQDZ-2026-07", Place: "乐清市电子政务中心三楼第一会议室", Secrecy: "工作秘密", Convener: "乐清市电子政务中心",
			Profile: []paper.Named{{Name: "项目概况", Value: "对2018年投入使用的平台实施升级改造。"}},
		},
	}
	must := func(err error) {
		if code := review.CodeOf(err); err != nil && code != review.CodeScoreNone && code != review.CodeScoreFew {
			s.tb.Helper()
			s.tb.Fatal(err)
		}
	}
	var err error
	if len(p.Scheme.Packs) > 0 {
		c.Scheme, _ = s.lib.Scheme(p.Scheme.ID)
		c.Findings, err = s.lib.Findings(p.Scheme, regulation.Known{Facts: p.Facts})
		must(err)
		var present []string
		for _, d := range p.Documents {
			present = append(present, d.Material)
		}
		c.Materials, err = s.lib.Materials(p.Scheme.ID, p.Facts, present)
		must(err)
	}
	for i := range p.Rounds {
		r := &p.Rounds[i]
		if r.Opened.IsZero() {
			continue
		}
		var ballots []scoring.Ballot
		names := map[review.SeatID]string{}
		for _, b := range p.Counted(r) {
			ballots, names[b.Seat] = append(ballots, scoring.Ballot{Seat: b.Seat, Sheet: *b.Sheet}), paper.NameOf(s.State, b.Seat)
		}
		t, err := scoring.Count(p.Scheme, ballots)
		must(err)
		settled := map[string]string{}
		if r.Number == len(p.Rounds) {
			settled = p.Settlements()
		}
		c.Suggestion, err = s.lib.Suggest(t, c.Findings, settled)
		must(err)
		round := paper.Round{Number: r.Number, Opened: r.Opened, Count: t, Names: names}
		for _, step := range t.Trace(func(id review.SeatID) string { return names[id] }) {
			round.Steps = append(round.Steps, step.Key)
		}
		c.Rounds = append(c.Rounds, round)
	}
	return c
}

// technical is a 技术方案评审 of two rounds with most of what a review may have: somebody
// stands aside, a material is missing, a gate is settled by the chair, the conclusion
// departs from a finding, people dissent, before and after the papers are certified.
func technical(tb testing.TB) *scene {
	s := open(tb).panel()
	s.project("yueqing-2015.technical_review", 4, []review.Fact{
		{Key: "funding", Value: "fiscal"}, {Key: "in_government_investment_plan", Value: "false"}, {Key: "investment_cny", Value: "2360000.00"},
		{Key: "pre_review", Value: "agreed"}, {Key: "project_kind", Value: "upgrade"},
	},
		review.Document{Name: "1.技术方案（送审稿）.pdf", Title: "项目技术方案（送审稿1.0版）", Material: "Y2-E1", Size: 9},
		review.Document{Name: "3.预审意见.pdf", Title: "关于项目的预审意见", Material: "Y2-E3", Size: 9},
		review.Document{Name: "3.1签发页.png", Title: "预审意见签发页（扫描件）", Material: "Y2-E3", Size: 9},
		review.Document{Name: "1.1概算表.xlsx", Title: "项目概算表", Size: 9},
	)
	s.Declare(s.id, "s06", "现任职于方案编制单位")
	s.Do("s03", s.Room.DeclarationOf(s.id, "s03", ""))
	first := map[string]string{"Y2-04": "接口清单缺失。"}
	s.round(
		s.sheet([]string{"9", "13", "15", "27", "15.5"}, nil, first, "总体可行。"),
		s.sheet([]string{"8.5", "12.5", "14", "25.5", "15"}, nil, first, "分层架构清楚。"),
		s.sheet([]string{"9", "13", "16", "22", "15.5"}, []string{"yes", "no"}, nil, "密码应用部分深度不足。"),
		s.sheet([]string{"8.5", "12", "15.5", "28", "13"}, []string{"yes", "abstain"}, nil, "单价没有测算依据。"),
	)
	s.At = s.At.Add(23 * time.Hour)
	changed := map[string]string{"Y2-01": "经讨论调整。", "Y2-02": "经讨论调整。", "Y2-03": "经讨论调整。", "Y2-04": "补充接口清单后可行。", "Y2-05": "经讨论调整。"}
	s.round(
		s.sheet([]string{"9", "13", "15", "28", "15.5"}, []string{"yes", "yes"}, changed, "总体可行。"),
		s.sheet([]string{"8.5", "12.5", "14", "27", "na"}, []string{"yes", "no"}, changed, "分层架构清楚。"),
		s.sheet([]string{"9", "13", "16", "25", "15.5"}, []string{"yes", "yes"}, changed, "密码应用部分深度不足。"),
		s.sheet([]string{"8.5", "12", "15.5", "28", "14"}, []string{"yes", "abstain"}, changed, "单价没有测算依据。"),
	)
	s.Do(chair, review.ItemSettled{Project: s.id, Item: "Y2-G2", Answer: review.AnswerYes, Reason: "会上出示了资质证书原件。"})
	s.Do(secretary, review.OpinionDrafted{Project: s.id, Revision: 1, Paragraphs: []review.OpinionParagraph{
		{Text: "方案目标明确，技术路线合理。"},
		{Text: "有条件共享目录占比偏高，未逐条注明依据。", Section: "主要问题", Sources: []review.SeatID{chair}},
		{Text: "逐条复核有条件共享目录。", Section: "修改建议"},
		{Text: "单独编制密码应用方案。", Section: "修改建议"},
		{Text: "这一段的标题在评审方案中没有。", Section: "其他"},
	}})
	s.Do(secretary, s.Chaired(s.id, review.VotesCounted{Project: s.id, Motion: "是否同意修改后通过", Yes: 3, No: 1}))
	s.Do(chair, s.With(secretary, review.ConclusionReached{
		Project: s.id, Outcome: "passed", Opinion: 1, Suggested: "passed_after_revision", Reason: "所列问题不影响立项，可在实施方案中落实。",
		Against: []review.Against{{Rule: "YQ-R02", Reason: "会上已核对资质证书原件。"}},
	}))
	s.votes(map[review.SeatID]review.VoteBody{
		"s03": {Choice: review.ChoiceReserve, Text: "恢复点目标应当提高到1小时以内。"},
		"s04": {Choice: review.ChoiceDisagree, Text: "密码应用方案应当先通过评估。"},
		"s07": {Choice: review.ChoiceAbstain},
	})
	return s
}

// accepted is an 验收 by everybody's consent, with what was found of the contract.
func accepted(tb testing.TB) *scene {
	s := open(tb).panel()
	s.project("yueqing-2015.acceptance", 5, []review.Fact{
		{Key: "changes", Value: `[{"id":"BG-01","approved_on":"2026-07-15","executed_on":"2026-07-20","reported":true,"signed_by_group":false,"content":"取消购置安全隔离与信息交换系统。"}]`},
		{Key: "city_office_supervised", Value: "true"}, {Key: "construction_completed", Value: "true"}, {Key: "has_supervisor", Value: "true"},
		{Key: "independent", Value: "true"}, {Key: "investment_cny", Value: "2360000.00"}, {Key: "lead_certified", Value: "true"},
		{Key: "org_qualified", Value: "true"}, {Key: "technically_complex", Value: "true"}, {Key: "test_report", Value: "true"},
		{Key: "tester_qualified", Value: "true"}, {Key: "trial_run_passed", Value: "true"},
	}, review.Document{Name: "1.试运行报告.pdf", Title: "试运行报告", Material: "Y5-E1", Size: 9})
	sheet := s.sheet([]string{"28", "14", "14", "13", "13", "9"}, nil, nil, "同意通过验收。")
	s.round(sheet, sheet, sheet, sheet, sheet)
	s.Do(secretary, review.OpinionDrafted{Project: s.id, Revision: 1, Paragraphs: []review.OpinionParagraph{{Text: "完成了合同约定的建设内容。"}}})
	return s
}

// conclude brings an 验收 to its conclusion, and everybody agrees.
func (s *scene) conclude() *scene {
	s.Do(chair, s.With(secretary, review.ConclusionReached{
		Project: s.id, Outcome: "passed", Opinion: 1, Suggested: "passed",
		Against: []review.Against{{Rule: "YQ-R05", Reason: "变更认可表已经签署。"}},
	}))
	s.votes(nil)
	return s
}
