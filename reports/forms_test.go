package reports

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"regexp"
	"slices"

	"fmt"

	"strconv"
	"strings"
	"sync"
	"testing"
	"text/template"
	"time"

	"heyi/assets"
	"heyi/reports/layout"
	"heyi/reports/pdf"
	"heyi/review"
	"heyi/review/paper"
	"heyi/review/regulation"

	"heyi/review/reviewtest"
	"heyi/review/scoring"
)

var update = flag.Bool("update", false, "write the golden files anew")

// testScheme is a scheme by weights with items of every kind.
var testScheme = review.Scheme{
	ID: "yueqing-2015.technical_review", Title: "技术方案评审", Mode: review.ModeWeighted,
	Items: []review.Item{
		{ID: "Y2-01", Title: "规划符合性", Question: "项目是否符合国家、省和温州市电子政务中长期规划，符合我市电子政务工作基本要求？", Kind: review.ItemScore, Article: "一（二）1", Full: "10", Step: "0.5", Weight: "10"},
		{ID: "Y2-02", Title: "目标与业务需求", Question: "是否适应转变政府职能、提升管理服务水平、提高行政效能的要求，建设目标明确、业务需求充分？", Kind: review.ItemScore, Article: "一（二）2", Full: "15", Step: "0.5", Weight: "15"},
		{ID: "Y2-03", Title: "共享与集约", Question: "是否统筹考虑政务信息资源共享需求，充分利用现有的全市电子政务公共基础设施，整合归并同类项目，避免重复建设？", Kind: review.ItemScore, Article: "一（二）3", Full: "20", Step: "0.5", Weight: "20"},
		{ID: "Y2-04", Title: "技术方案与标准安全", Question: "技术方案是否合理可行，符合国家、省有关电子政务技术标准和信息安全管理要求？", Kind: review.ItemScore, Article: "一（二）4", Full: "35", Step: "0.5", Weight: "35"},
		{ID: "Y2-05", Title: "资金预算", Question: "资金预算编制是否详尽、合理？", Kind: review.ItemScore, Full: "20", Step: "0.5", Weight: "20", NA: true},
		{ID: "Y2-G1", Title: "已经预审并列入预算计划", Question: "项目是否经预审同意并纳入年度财政预算计划？", Kind: review.ItemGate, Article: "三（二）、三（四）第1款"},
		{ID: "Y2-G2", Title: "编制单位资质", Question: "投资100万元（含）以上的，技术方案是否由具备相应工程咨询资质的单位编制？", Kind: review.ItemGate, Article: "三（四）第1款", NA: true},
		{ID: "Y2-C1", Title: "监督", Question: "评审是否有有关部门监督？", Kind: review.ItemYesNo},
	},
	Outcomes: []review.Outcome{{ID: "passed", Title: "通过评审"}, {ID: "passed_after_revision", Title: "修改后通过"}, {ID: "not_passed", Title: "未通过评审", Fails: true}},
}

// testNames are the first of a panel; whoever comes after has a number.
var testNames = []string{"单㛃", "钱𫖮", "周䶮", "郑拟", "欧阳式例"}

func testSeat(e int) review.SeatID { return review.NumberedSeat(e + 2) }

func testName(e int) string {
	if e < len(testNames) {
		return testNames[e]
	}
	return "吴" + chineseNumber(e+1)
}

// testPerson is an expert of a panel.
func testPerson(e int) paper.Person {
	p := paper.Person{
		Seat: testSeat(e), Name: testName(e), Office: "专家",
		Unit:  []string{"温州例海大学计算机学院", "温州例湖信息技术研究院", "浙江例江信息安全技术中心", "温州例岭会计师事务所", "乐清市例溪智慧城市服务中心"}[e%5],
		Title: []string{"教授", "正高级工程师", "高级工程师", "高级会计师", ""}[e%5],
	}
	if e == 0 {
		p.Office = "组长"
	}
	return p
}

func testSigners(n int) []paper.Signer {
	out := make([]paper.Signer, n)
	for e := range out {
		out[e] = paper.Signer{Person: testPerson(e), Field: "expert" + strconv.Itoa(e+2)}
		switch e {
		case 2:
			out[e].Note = "附保留意见"
		case 3:
			out[e].Field, out[e].Blank = "", true
		}
	}
	return out
}

func testHead(number string) paper.Head {
	return paper.Head{
		Meeting: "k7m2q3f4abcdefghijklmnop23", Event: "乐清市政务数据共享平台升级改造项目技术方案专家评审会",
		Number: number, Check: checkOfSample, At: testTime, Author: "评审专家组",
		Project: "乐清市政务数据共享平台升级改造项目", Code: "YQDZ-2026-07", Owner: "乐清市政务服务信息中心",
		Type: "技术方案评审", Basis: "乐政办发〔2015〕10号一（二）、三（四）", Convener: "乐清市电子政务中心",
		Held: "2026年3月18日（星期三）9:00", Place: "乐清市电子政务中心三楼第一会议室",
	}
}

// testSheet is what an expert gives in a round: in the second some marks differ.
func testSheet(e, round int) review.Sheet {
	s := review.Sheet{Outcome: "passed_after_revision", Opinion: []string{
		"总体评价：方案针对现平台目录不准、实时共享能力不足、授权审计不完整等问题提出升级思路，建设目标可量化，总体可行。",
		"存在问题：有条件共享目录378条，占620条的61.0%，未注明依据；空间地理类、专题业务类目录的数源单位未确定。",
		"必须修改：逐条复核有条件共享目录，注明法律、法规或者规章依据；补充核心数据项数源单位表。",
	}}
	for i, it := range testScheme.Items {
		m := review.Mark{Item: it.ID, Value: review.AnswerYes}
		if it.Kind == review.ItemScore {
			full, _ := strconv.Atoi(it.Full)
			halves := full*2 - full*2*(e*7+i*5)%9 - full/5
			if round == 2 && (e+i)%3 == 0 {
				halves++
				m.Reason = "编制单位补充了接口清单和性能测算过程，相应提高评分。"
			}
			m.Value = strings.TrimSuffix(strconv.FormatFloat(float64(max(halves, 0))/2, 'f', 1, 64), ".0")
			if i == 2 && m.Reason == "" {
				m.Reason = "接口清单缺失，复用12个接口的责任单位和调用频次不明。"
			}
			if i == 4 && e == 3 {
				m.Value, m.Reason = review.AnswerNA, "本人不熟悉概算编制，不作评价。"
			}
		} else if it.ID == "Y2-G2" && e == 1 && round == 1 {
			m.Value, m.Reason = review.AnswerAbstain, "资质证明材料有效期待核。"
		} else if it.ID == "Y2-G2" && e == 1 {
			m.Reason = "经核对资质证明原件，符合。"
		}
		s.Marks = append(s.Marks, m)
	}
	return s
}

var sentences = sync.OnceValue(func() map[string]string {
	raw, err := assets.Words.ReadFile("words/zh.json")
	if err != nil {
		panic(err)
	}
	var words map[string]any
	if err := json.Unmarshal(raw, &words); err != nil {
		panic(err)
	}
	out := map[string]string{}
	for key, text := range words {
		if text, ok := text.(string); ok && strings.HasPrefix(key, "trace.") {
			out[key] = text
		}
	}
	return out
})

// testRound opens and counts a round of n experts.
func testRound(scheme review.Scheme, given []review.Sheet, number int) paper.Round {
	r := paper.Round{Number: number, Opened: testTime.Add(time.Duration(number) * time.Hour), Names: map[review.SeatID]string{}}
	var ballots []scoring.Ballot
	for e, sheet := range given {
		ballots = append(ballots, scoring.Ballot{Seat: testSeat(e), Sheet: sheet})
		r.Names[testSeat(e)] = testName(e)
	}
	c, err := scoring.Count(scheme, ballots)
	if err != nil {
		panic(err)
	}
	r.Count = c
	for _, step := range c.Trace(func(id review.SeatID) string { return r.Names[id] }) {
		var b bytes.Buffer
		if err := template.Must(template.New("").Parse(sentences()[step.Key])).Execute(&b, step.Args); err != nil {
			panic(err)
		}
		r.Steps = append(r.Steps, b.String())
	}
	return r
}

// sheets gives those of n experts.
func sheets(n, round int) []review.Sheet {
	out := make([]review.Sheet, n)
	for e := range out {
		out[e] = testSheet(e, round)
	}
	return out
}

func testIndividual(e int) *paper.Individual {
	now, before := testSheet(e, 2), testSheet(e, 1)
	m := &paper.Individual{
		Head: testHead("个人意见〔K7M2Q3F4〕第1-2-" + strconv.Itoa(e+2) + "号"), Expert: testPerson(e), Round: 2,
		Declared: "没有须回避的情形；说明：本人2023年3月、4月曾应邀为乐清市政务服务信息中心授课两次，与本项目无关",
		Weighted: true, Total: "78.90", Opinion: now.Opinion, Outcome: "修改后通过", Field: "expert" + strconv.Itoa(e+2),
	}
	m.Author = m.Expert.Name
	for i, it := range testScheme.Items {
		m.Answers = append(m.Answers, paper.Answer{Item: it, Value: now.Marks[i].Value, Before: before.Marks[i].Value, Reason: now.Marks[i].Reason})
	}
	for _, o := range testScheme.Outcomes {
		m.Outcomes = append(m.Outcomes, o.Title)
	}
	return m
}

func testTally(n int) *paper.Tally {
	m := &paper.Tally{
		Head: testHead("评分汇总〔K7M2Q3F4〕第1号"), Signers: testSigners(n), Secretary: "龚䶮",
		Suggestion: "按通用规则CM-04，得分不低于60分、不足80分，没有未通过的否决项，建议结论为“修改后通过”。",
		Proof: paper.Proof{
			Checkpoint: "v1 412 " + string(review.DigestOf([]byte("checkpoint"))), Authority: fingerprintOf("authority"),
			Lines: []paper.Named{
				{Name: "评审包", Value: string(review.DigestOf([]byte("package")))}, {Name: "评审方案", Value: string(review.DigestOf([]byte("scheme")))},
				{Name: "乐清通知规则文件", Value: string(review.DigestOf([]byte("pack")))}, {Name: "评审结论", Value: string(review.DigestOf([]byte("conclusion")))},
			},
			QR: "heyi:1;meeting=k7m2q3f4abcdefghijklmnop23;paper=tally-1;check=" + checkOfSample + ";checkpoint=v1 412 " + string(review.DigestOf([]byte("checkpoint"))),
		},
	}
	for round := 1; round <= 2; round++ {
		for e := range n {
			d := review.DigestOf(fmt.Appendf(nil, "%d %d", round, e))
			m.Proof.Ballots = append(m.Proof.Ballots, paper.BallotProof{Round: round, Name: testName(e), Receipt: d.Receipt(), Ballot: d, Paper: review.DigestOf([]byte(d))})
			if round == 1 {
				m.Proof.People = append(m.Proof.People, paper.Named{Name: testName(e), Value: fingerprintOf(testName(e))})
			}
		}
		m.Rounds = append(m.Rounds, testRound(testScheme, sheets(n, round), round))
	}
	return m
}

// fingerprintOf is a fingerprint as people compare it: ten groups of four digits.
func fingerprintOf(text string) string {
	var out []string
	for i, d := 0, review.DigestOf([]byte(text)); i < 10; i++ {
		n, _ := strconv.ParseUint(string(d)[4*i:4*i+4], 16, 32)
		out = append(out, fmt.Sprintf("%04d", n%10000))
	}
	return strings.Join(out, " ")
}

func testOpinion(n int) *paper.Opinion {
	last := testTally(n).Rounds[1].Count
	m := &paper.Opinion{
		Head: testHead("专家组意见〔K7M2Q3F4〕第1号"), Title: "技术方案审查意见", Invested: 236_000_000, Panel: paper.Panel{Experts: n, Chair: testName(0)},
		Sections: []paper.Section{
			{Title: "项目概况", Shows: paper.ShowsProfile},
			{Title: "评审组织情况（时间、地点、组织单位、专家组成）", Shows: paper.ShowsOrganisation},
			{Title: "审阅材料清单", Shows: paper.ShowsMaterials},
			{Title: "逐项评审意见", Shows: paper.ShowsItems, Paragraphs: []string{
				"方案利用市政务云和现有12个接口、47个交换任务，不新购应用服务器，集约要求落实较好；目录比对、字段级授权、调用链还原和逐任务切换的设计合理可行，等级保护措施符合第三级要求的方向。",
				"总投资2,360,000.00元，概算分类清楚、合计一致，进度安排总体合理；应用软件工作量和单价的依据需补充。",
			}},
			{Title: "否决项与符合性核查结果", Shows: paper.ShowsChecks},
			{Title: "变更项目及签字认可", Article: "三（四）第3款", Shows: paper.ShowsChanges},
			{Title: "主要问题"},
			{Title: "修改建议", Paragraphs: []string{"1.补充36个接口清单，列明名称、数源单位、用数单位、调用频次、复用或者新建、部门侧改造内容和完成时间。", "2.单独编制密码应用方案，补充密钥全生命周期管理，在采购前通过评估。"}},
			{Title: "评审结论", Shows: paper.ShowsConclusion, Paragraphs: []string{"编制单位应按上述意见修改，经专家组组长复核后，由乐清市电子政务中心出具技术方案审查意见。"}},
			{Title: "专家签名", Shows: paper.ShowsSignatures},
		},
		Profile: []paper.Named{
			{Name: "建设目标", Value: "资源目录由386条增加到不少于620条，目录一致率由71.5%提高到98%以上；共享接口由12个增加到36个，平均响应时间由1.8秒缩短到0.5秒以内。"},
			{Name: "投资与资金来源", Value: "总投资2,360,000.00元，由2026年度市级财政预算资金安排（乐财样〔2026〕18号）。"},
		},
		Materials: []paper.Material{
			{Code: "Y2-E1", Title: "项目技术方案（送审稿1.0版）", File: "1.技术方案（送审稿）.pdf", State: "齐备"},
			{Code: "Y2-E2", Title: "技术方案编制单位工程咨询资质证明材料", File: "2.编制单位资质证明.pdf", State: "齐备"},
			{Code: "Y2-E3", Title: "预审意见", State: "缺"},
		},
		Checks: []paper.Checked{
			{Title: "已经预审并列入预算计划", Cite: "乐政办发〔2015〕10号三（二）、三（四）第1款", Votes: scoring.Votes{Yes: n}, Result: "符合"},
			{Title: "编制单位资质", Cite: "乐政办发〔2015〕10号三（四）第1款", Votes: scoring.Votes{Yes: n - 2, No: 1, Abstain: 1}, Result: "符合", Reason: "资质证明原件已核对", Settled: true},
			{Title: "专家组人数", Result: "待定", Reason: "没有提供专家专业，待组织单位核对。"},
		},
		Changes: testChanges(n).Changes,
		Result: paper.Result{
			Outcome: "修改后通过", Score: "78.90", Suggested: "通过评审", Reason: "密码应用方案尚未单独编制，应修改后再行采购。", Agree: n - 1, Reserve: 1, Experts: paper.Stand{People: n, Agree: n - 1, Reserve: 1}, Detailed: true,
			Against:  []paper.Against{{Title: "专家评审", Cite: "乐政办发〔2015〕10号三（四）第2款", Reason: "投资规模按批准后的概算认定。"}},
			Dissents: []paper.Position{{Name: testName(2), Choice: review.ChoiceReserve, Text: "同意修改后通过。本人认为密码应用方案通过评估应当作为申请政府采购的前提，而不仅是修改内容；未通过评估的，不宜先行采购服务器密码机。"}},
			Counts:   []review.Count{{Number: 1, Motion: "是否将密码应用方案列为必须修改的内容", Yes: n, At: testTime}},
		},
		Signers: testSigners(n),
	}
	for e := range n {
		m.Panel.Names = append(m.Panel.Names, testName(e))
	}
	for _, it := range last.Items {
		if it.Kind == review.ItemScore {
			x := paper.Item{Item: it.Item, Percent: scoring.Round2(it.Percent), Mean: scoring.Round2(it.Figures.Mean)}
			if it.ID != "Y2-01" {
				x.Reasons = []string{"接口清单缺失，复用12个接口的责任单位和调用频次不明。", "编制单位补充了接口清单和性能测算过程，相应提高评分。"}
			}
			m.Items = append(m.Items, x)
		}
	}
	return m
}

func testPanelList(n int) *paper.PanelList {
	m := &paper.PanelList{Head: testHead("签字表〔K7M2Q3F4〕第1号"), Signers: testSigners(n), Due: n + 1, Present: n, Signing: n}
	m.Signers = append(m.Signers,
		paper.Signer{Person: paper.Person{Name: "王样", Office: "专家", Unit: "浙江瓯例工程咨询有限公司", Title: "高级工程师"}, Note: "回避"},
		paper.Signer{Person: paper.Person{Name: "赵替", Office: "专家"}, Note: "缺席"})
	return m
}

func testFulfilment(n int) *paper.Fulfilment {
	return &paper.Fulfilment{Head: testHead("履约情况表〔K7M2Q3F4〕第1号"), Signers: testSigners(n), Terms: []review.Term{
		{Part: "应用软件", Requirement: "数据资源目录管理子系统：目录不少于620条，目录一致率不低于98%。", Actual: "目录634条，目录一致率98.6%。", Evidence: "样检字〔2026〕第0925号检测报告第4.1节", Met: review.MetYes},
		{Part: "应用软件", Requirement: "共享接口40个（经批准变更后），平均响应时间不超过0.5秒。", Actual: "共享接口40个，平均响应时间0.46秒；纳税数据接口按日更新。", Evidence: "检测报告第4.3节、试运行报告", Met: review.MetDeviate},
		{Part: "硬件与成品软件", Requirement: "服务器密码机2台。", Actual: "到货2台，密钥备份介质未登记。", Met: review.MetNo},
		{Requirement: "培训6期240人次。", Actual: "培训6期252人次。", Evidence: "培训签到表", Met: review.MetYes},
	}}
}

func testChanges(n int) *paper.Changes {
	return &paper.Changes{Head: testHead("变更认可表〔K7M2Q3F4〕第1号"), Signers: testSigners(n), Changes: []review.Change{
		{Number: "BG-01", Content: "取消购置安全隔离与信息交换系统1套，增加4个共享接口。", Approval: "乐电政样〔2026〕21号，2026年7月15日批准", Effect: "建设合同价减少4,500.00元，工期不变", Reported: true},
		{Number: "BG-02", Content: "监测大屏由三楼改到二楼。"},
	}}
}

func testDissent() *paper.Dissent {
	return &paper.Dissent{
		Head: testHead("不同意见书〔K7M2Q3F4〕第1-4-1号"), Person: testPerson(2), Outcome: "修改后通过", Choice: review.ChoiceReserve,
		Text: testOpinion(5).Result.Dissents[0].Text, Annex: true, Field: "expert4",
	}
}

func testDetails() *paper.Details {
	m := &paper.Details{
		Head: testHead("评审细则〔K7M2Q3F4〕第1-1号"), Mode: review.ModeWeighted, Method: review.MethodTrimmed, Least: 7, Digest: review.DigestOf([]byte("scheme")), Own: true, OwnMethod: true,
		Reason:   "组织单位2026年3月10日会议确定，技术方案的权重适当调低。",
		Defaults: []paper.Named{{Name: "否决项表决", Value: "由专家判断的否决项和检查项，答复不符合的超过表决人数一半的，为不符合。"}},
		Conclusions: []paper.Verdict{
			{Outcome: testScheme.Outcomes[0], Origin: regulation.OriginText, From: "85.00", Was: "80.00"},
			{Outcome: testScheme.Outcomes[1], Origin: regulation.OriginDefault, From: "60.00", Was: "60.00"},
			{Outcome: testScheme.Outcomes[2], Origin: regulation.OriginText},
		},
	}
	for _, it := range testScheme.Items {
		d := paper.Detail{Item: it, Was: it, Origin: regulation.OriginText}
		switch {
		case it.ID == "Y2-01":
			d.Weight, d.Full, d.Origin = "15", "15", regulation.OriginMixed
		case it.ID == "Y2-04":
			d.Weight, d.Full = "30", "30"
		case it.Kind == review.ItemGate:
			d.Consequence = "不予安排预算资金（三（二））"
		}
		if it.Kind == review.ItemScore {
			m.Scored = append(m.Scored, d)
		} else {
			m.Checked = append(m.Checked, d)
		}
	}
	return m
}

func testNotice() *paper.Notice {
	return &paper.Notice{
		Head: testHead("提示单〔K7M2Q3F4〕第1-1号"), Outcome: "修改后通过", Filing: "市电子政务中心出具；市发改局、市财政局据以办理立项和拨付", LaterUse: "立项、资金拨付、政府采购",
		Follows: []paper.Follow{
			{Title: "技术方案评审通过", Cite: "乐政办发〔2015〕10号三（四）第1款", Sentence: "本项目技术方案评审的结论为修改后通过，经确认之前，市发改局不予立项。"},
			{Title: "预审同意", Cite: "乐政办发〔2015〕10号三（二）", Sentence: "本项目已经预审同意。", Done: true},
		},
	}
}

// testForms gives every paper of a project with n experts.
func testForms(n int) map[string]paper.Paper {
	return map[string]paper.Paper{
		"individual": testIndividual(1), "tally": testTally(n), "opinion": testOpinion(n), "panel": testPanelList(n),
		"fulfilment": testFulfilment(n), "changes": testChanges(n), "dissent": testDissent(), "details": testDetails(), "notice": testNotice(),
	}
}

func mustCompose(tb testing.TB, p paper.Paper) []byte {
	tb.Helper()
	b, err := testPapers().Compose(p)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestForms holds what every form says, for people to read, page by page.
func TestForms(t *testing.T) {
	for name, p := range testForms(5) {
		t.Run(name, func(t *testing.T) {
			got := run(t, "pdftotext", "-layout", "-nopgbrk", keep(t, "form.pdf", mustCompose(t, p)), "-")
			file := "testdata/" + name + ".txt"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the paper is not as in %s (go test ./reports -run TestForms -update writes it anew):\n%s", file, got)
			}
		})
	}
}

// unprinted are the fields of papers that are not printed as they stand: ids of the record,
// what is said in other words, and what is for machines.
var unprinted = regexp.MustCompile(`^\.Head\.(Meeting|Event|Author)$|\.(ID|Seat|Code|Kind|Value|Before|Field|Shows|QR|Step|Weight|Answer|Choice|Met|Mode|Method|Origin)$|^\.Items\..*Question$|Count\.`)

// said gathers the texts of a paper, by fields.
func said(v reflect.Value, field string, out map[string]string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			said(v.Elem(), field, out)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				said(v.Field(i), field+"."+f.Name, out)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			said(v.Index(i), field+"."+strconv.Itoa(i), out)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			said(v.MapIndex(k), field+"."+k.String(), out)
		}
	case reflect.String:
		if field == ".Head.Code" || !unprinted.MatchString(field) {
			out[field] = v.String()
		}
	}
}

// footers are what stands at the foot of pages.
var footers = regexp.MustCompile(`— \d+ —|编号 \S+ 校验码 [0-9A-F-]+|第 \d+ 页，共 \d+ 页`)

// TestFormsText holds that what a form is given comes back from it: every text of it.
func TestFormsText(t *testing.T) {
	for name, p := range testForms(5) {
		t.Run(name, func(t *testing.T) {
			got := printed(t, mustCompose(t, p))
			texts := map[string]string{}
			said(reflect.ValueOf(p), "", texts)
			if name != "opinion" {
				delete(texts, ".Head.Number") // it stands in the footer
			}
			delete(texts, ".Head.Check") // this, too
			if len(texts) < 15 {
				t.Errorf("only %d texts", len(texts))
			}
			for field, text := range texts {
				if !strings.Contains(got, bare(text)) {
					t.Errorf("%s: no %q", field, text)
				}
			}
			if t.Failed() {
				t.Log(got)
			}
		})
	}
}

// printed gives the text of a paper as it was written, cell by cell and without white space.
func printed(tb testing.TB, b []byte) string {
	tb.Helper()
	return bare(footers.ReplaceAllString(run(tb, "pdftotext", "-raw", "-nopgbrk", keep(tb, "form.pdf", b), "-"), ""))
}

// TestFormsMachines shows every form to programs that are not ours, and holds what they
// find: it is whole, each page has number and 校验码, and the fields are those that are
// to be filled.
func TestFormsMachines(t *testing.T) {
	group := []string{"archive", "expert2", "expert3", "expert4", "expert6", "secretary"} // expert5 signs in ink
	fields := map[string][]string{
		"individual": {"expert3"}, "dissent": {"expert4"},
		"tally": group, "opinion": group, "panel": group, "fulfilment": group, "changes": group,
	}
	title := map[string]string{
		"individual": "专家个人评审意见（含评分）", "tally": "评分汇总表", "opinion": "技术方案审查意见", "panel": "专家组成员名单及签字表",
		"fulfilment": "履约情况表", "changes": "变更认可表", "dissent": "不同意见书", "details": "评审细则确认单", "notice": "后续事项提示单",
	}
	for name, p := range testForms(5) {
		t.Run(name, func(t *testing.T) {
			b := mustCompose(t, p)
			if again := mustCompose(t, p); !bytes.Equal(b, again) {
				t.Error("the same paper twice gives different bytes")
			}
			file := keep(t, "form.pdf", b)
			if out := run(t, "qpdf", "--check", file); !strings.Contains(out, "No syntax or stream encoding errors") || strings.Contains(out, "WARNING") {
				t.Error(out)
			}
			if got := open(t, file); !slices.Equal(got, fields[name]) {
				t.Errorf("fields %v, want %v", got, fields[name])
			}
			info := run(t, "pdfinfo", file)
			for _, want := range []string{"Title:           " + title[name] + "：" + p.Top().Project, "Author:          " + p.Top().Author} {
				if !strings.Contains(info, want) {
					t.Errorf("no %q in\n%s", want, info)
				}
			}
			pages := strings.Split(strings.TrimSuffix(run(t, "pdftotext", "-raw", file, "-"), "\f"), "\f")
			for i, page := range pages {
				want := fmt.Sprintf("编号 %s 校验码 %s 第 %d 页，共 %d 页", p.Top().Number, p.Top().Check, i+1, len(pages))
				if !strings.Contains(page, want) {
					t.Errorf("no %q on page %d", want, i+1)
				}
			}

			p.Top().Mark, p.Top().Number, p.Top().Check, p.Top().Secrecy, p.Top().Copy = paper.MarkDraft, "", "", "工作秘密", "000012"
			file = keep(t, "draft.pdf", mustCompose(t, p))
			if got := open(t, file); len(got) > 0 {
				t.Errorf("a draft has the fields %v", got)
			}
			text := run(t, "pdftotext", "-raw", file, "-")
			for _, want := range []string{"草稿", "工作秘密", "000012"} {
				if !strings.Contains(text, want) {
					t.Errorf("a draft without %s", want)
				}
			}
			if strings.Contains(text, "校验码 ") {
				t.Error("a draft has a 校验码")
			}
		})
	}
}

// open gives the names of the signature fields of a file, sorted.
func open(tb testing.TB, file string) []string {
	tb.Helper()
	var form struct {
		AcroForm struct {
			Fields []struct{ Fullname, Fieldtype string }
		}
	}
	if err := json.Unmarshal([]byte(run(tb, "qpdf", "--json", "--json-key=acroform", file)), &form); err != nil {
		tb.Fatal(err)
	}
	var names []string
	for _, f := range form.AcroForm.Fields {
		if f.Fieldtype != "/Sig" {
			tb.Errorf("field %s is a %s", f.Fullname, f.Fieldtype)
		}
		names = append(names, f.Fullname)
	}
	slices.Sort(names)
	return names
}

// TestFormsBookmarks holds the bookmarks of papers with headings.
func TestFormsBookmarks(t *testing.T) {
	forms := testForms(5)
	for name, want := range map[string]string{
		"individual": "一、否决项和符合性核查|二、评分|三、评审意见|四、个人结论|五、声明和签名",
		"tally":      "一、评分结果|二、第二轮评分（以本轮为准）|三、第一轮评分（不计入结果，供对照）|四、评审专家签名|计算表|第二轮|第一轮|校验页",
		"opinion": "一、项目概况|二、评审组织情况（时间、地点、组织单位、专家组成）|三、审阅材料清单|四、逐项评审意见|五、否决项与符合性核查结果|" +
			"六、变更项目及签字认可|七、主要问题|八、修改建议|九、评审结论|十、专家签名",
		"panel": "",
	} {
		var got []string
		for _, m := range regexp.MustCompile(`(?m)^[-+|]?\t*"(.*)"\t#page=`).FindAllStringSubmatch(run(t, "mutool", "show", keep(t, "form.pdf", mustCompose(t, forms[name])), "outline"), -1) {
			got = append(got, m[1])
		}
		if got := strings.Join(got, "|"); got != want {
			t.Errorf("%s: bookmarks %q, want %q", name, got, want)
		}
	}
}

// TestFormsHard composes what is as hard as it gets.
func TestFormsHard(t *testing.T) {
	long := strings.Repeat("䶮㛃𫖮龚", 10) // 40 characters
	for name, c := range map[string]struct {
		paper paper.Paper
		want  []string
		pages int // at most
	}{
		"names of 40 characters": {func() paper.Paper {
			m := testTally(5)
			for i := range m.Signers {
				m.Signers[i].Name, m.Signers[i].Unit, m.Signers[i].Title, m.Signers[i].Note = long, long, long, long
			}
			for _, r := range m.Rounds {
				for seat := range r.Names {
					r.Names[seat] = long
				}
			}
			m.Secretary, m.Project = long, strings.Repeat("长", review.MaxTitle)
			return m
		}(), []string{long, strings.Repeat("长", review.MaxTitle)}, 24},
		"60 experts": {testTally(60), []string{testName(59), "计入的评分（份）6060"}, 60},
		"1,000 terms": {func() paper.Paper {
			m := testFulfilment(5)
			for len(m.Terms) < 1000 {
				m.Terms = append(m.Terms, review.Term{Part: "其他", Requirement: fmt.Sprintf("第%d条要求", len(m.Terms)+1), Actual: "已完成", Met: review.MetYes})
			}
			return m
		}(), []string{"第500条要求", "第1000条要求", "共1000项，符合998项，偏离1项，不符合1项"}, 200},
		"30,000 characters": {func() paper.Paper {
			m := testIndividual(0)
			m.Opinion = nil
			for i := range review.MaxOpinion {
				text := []rune(fmt.Sprintf("第%d段", i+1) + strings.Repeat("评审意见应当具体、明确、可执行；", 14))
				m.Opinion = append(m.Opinion, string(text[:review.MaxParagraph]))
			}
			return m
		}(), []string{"150．第150段评审意见"}, 70},
		"a name of one rare character": {func() paper.Paper {
			m := testIndividual(0)
			m.Expert.Name = "𫖮"
			return m
		}(), []string{"专家姓名𫖮"}, 3},
		"an opinion on nothing": {&paper.Opinion{Head: testHead("专家组意见〔K7M2Q3F4〕第1号"), Title: "评审意见", Sections: []paper.Section{
			{Title: "概况", Shows: paper.ShowsProfile}, {Title: "材料", Shows: paper.ShowsMaterials}, {Title: "结论", Shows: paper.ShowsConclusion},
		}}, []string{"一、概况无。二、材料无。三、结论无。", "四、专家签名"}, 2},
		"an opinion signed below its conclusion": {&paper.Opinion{Head: testHead("专家组意见〔K7M2Q3F4〕第1号"), Title: "验收报告", Sections: []paper.Section{
			{Title: "验收结论、专家签名", Shows: paper.ShowsConclusion},
		}, Signers: testSigners(3)}, []string{"一、验收结论、专家签名无。各部分的标题为系统默认。验收报告"}, 2},
		"a tally of answers": {&paper.Tally{Head: testHead("评分汇总〔K7M2Q3F4〕第1号"), Rounds: []paper.Round{testRound(review.Scheme{
			ID: "change", Title: "变更审批", Mode: review.ModeCompliance, Outcomes: []review.Outcome{{ID: "passed", Title: "同意变更"}},
			Items: []review.Item{{ID: "C1", Title: "确需变更", Kind: review.ItemYesNo}},
		}, []review.Sheet{{Marks: []review.Mark{{Item: "C1", Value: review.AnswerYes}}}}, 1)}}, []string{"一、核查序号类别核查项"}, 3},
		"a tally of nothing": {&paper.Tally{Head: testHead("评分汇总〔K7M2Q3F4〕第1号")}, []string{"校验页"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			b := mustCompose(t, c.paper)
			got := printed(t, b)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q", want)
				}
			}
			file := keep(t, "hard.pdf", b)
			if out := run(t, "qpdf", "--check", file); strings.Contains(out, "WARNING") {
				t.Error(out)
			}
			m := regexp.MustCompile(`(?m)^Pages: +([0-9]+)$`).FindStringSubmatch(run(t, "pdfinfo", file))
			if m == nil {
				t.Fatal("no count of pages")
			}
			if n, _ := strconv.Atoi(m[1]); n > c.pages {
				t.Errorf("%d pages, more than %d", n, c.pages)
			}
			if m, ok := c.paper.(*paper.Individual); ok {
				for i, text := range m.Opinion {
					if !strings.Contains(got, bare(text)) {
						t.Errorf("paragraph %d is not whole", i+1)
					}
				}
			}
		})
	}
}

// TestFormsRefused gives every form a text that cannot be printed.
func TestFormsRefused(t *testing.T) {
	for what, text := range map[string]string{
		"emoji": "通过👍", "right to left": "通过\u202E", "zero width": "通\u200B过", "private": "通过\uE000", "control": "通\a过", "combining": "通o\u0301过", "not UTF-8": "通\xff过",
	} {
		for name, p := range testForms(5) {
			t.Run(what+"/"+name, func(t *testing.T) {
				switch m := p.(type) {
				case *paper.Individual:
					m.Opinion[1] = text
				case *paper.Tally:
					m.Rounds[1].Steps[3] = text
				case *paper.Opinion:
					m.Sections[3].Paragraphs[0] = text
				case *paper.PanelList:
					m.Signers[2].Note = text
				case *paper.Fulfilment:
					m.Terms[1].Evidence = text
				case *paper.Changes:
					m.Changes[0].Effect = text
				case *paper.Dissent:
					m.Text = text
				case *paper.Details:
					m.Reason = text
				case *paper.Notice:
					m.Follows[1].Sentence = text
				}
				b, err := testPapers().Compose(p)
				reviewtest.WantCode(t, err, review.CodeTextGlyph)
				if b != nil {
					t.Error("there is half a paper")
				}
			})
		}
	}
	m := testTally(5)
	m.Proof.QR = strings.Repeat("a", 2332)
	_, err := testPapers().Compose(m)
	reviewtest.WantCode(t, err, review.CodeTextLong)
	_, err = testPapers().Compose(unknown{&m.Head})
	reviewtest.WantCode(t, err, review.CodeInternal)
}

// unknown is a paper that no form is for.
type unknown struct{ *paper.Head }

func (unknown) Form() review.Form { return "unknown" }

// TestUnanimous holds that 一致同意 is printed only when it is true.
func TestUnanimous(t *testing.T) {
	for name, c := range map[string]struct {
		r    paper.Result
		want string
	}{
		"all agree":          {paper.Result{Agree: 5}, "专家组一致同意，结论为“通过评审”。"},
		"one with a reserve": {paper.Result{Agree: 6, Reserve: 1, Experts: paper.Stand{People: 5, Agree: 4, Reserve: 1}, Members: paper.Stand{People: 2, Agree: 2}}, "专家5人，同意4人、同意并附保留意见1人；成员2人，同意2人。"},
		"one silent":         {paper.Result{Agree: 4, Silent: 1, Experts: paper.Stand{People: 5, Agree: 4, Silent: 1}}, "同意4人、未表态1人。"},
		"nobody":             {paper.Result{}, "专家组结论为“通过评审”。"},
	} {
		t.Run(name, func(t *testing.T) {
			m := testOpinion(5)
			m.Result = c.r
			m.Result.Outcome = "通过评审"
			got := printed(t, mustCompose(t, m))
			if !strings.Contains(got, c.want) || strings.Contains(got, "一致同意") != (c.r.Agree == 5) {
				t.Errorf("no %q in %s", c.want, got)
			}
			if strings.Contains(got, "评审细则") {
				t.Error("it cites a 评审细则 that nobody confirmed")
			}
		})
	}
}

// TestAcknowledged holds that only reported changes are acknowledged.
func TestAcknowledged(t *testing.T) {
	yes, no := review.Change{Number: "BG-01", Reported: true}, review.Change{Number: "BG-02"}
	for _, c := range []struct {
		changes []review.Change
		want    string
	}{
		{nil, "没有变更项目。"},
		{[]review.Change{yes}, "上列变更项目共1项，均已如实报告。依据乐政办发〔2015〕10号三（四）第3款，签名人员对上列变更项目签字认可。"},
		{[]review.Change{no}, "上列变更项目共1项，均未如实报告，签名人员不予认可。"},
		{[]review.Change{yes, no}, "上列变更项目共2项，其中1项已如实报告。依据乐政办发〔2015〕10号三（四）第3款，签名人员对已如实报告的变更项目签字认可；未如实报告的（BG-02）不予认可。"},
	} {
		m := &paper.Changes{Cite: "乐政办发〔2015〕10号三（四）第3款", Changes: c.changes}
		if got := acknowledged(m); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// TestMethods holds what the tally says of each way to the official figure.
func TestMethods(t *testing.T) {
	for method, want := range map[review.Method]string{
		"":                   "81.83分（百分制，加权平均分）",
		review.MethodMean:    "81.83分（百分制，加权平均分）",
		review.MethodTrimmed: "81.46分（百分制，去高低平均分）",
		review.MethodMedian:  "82.00分（百分制，总分中位数）",
	} {
		scheme := testScheme
		scheme.Method = method
		m := testTally(5)
		m.Rounds = []paper.Round{testRound(scheme, sheets(5, 2), 1)}
		got := printed(t, mustCompose(t, m))
		if !strings.Contains(got, "项目得分"+want) || strings.Contains(got, "第二轮评分") {
			t.Errorf("%q: no %q in %s", method, want, got)
		}
	}
	// Where nothing is weighted there is no figure, and what is said of one is not said.
	scheme := testScheme
	scheme.Mode, scheme.Items = review.ModeCompliance, slices.Clone(scheme.Items[5:])
	some := sheets(5, 2)
	for i := range some {
		some[i].Marks = some[i].Marks[5:]
	}
	m := testTally(5)
	m.Rounds, m.Suggestion = []paper.Round{testRound(scheme, some, 1)}, ""
	got := printed(t, mustCompose(t, m))
	if strings.Contains(got, "项目得分") || strings.Contains(got, "百分制") || !strings.Contains(got, "1否决项已经预审并列入预算计划5000") {
		t.Errorf("a tally of votes: %s", got)
	}
}

func TestChineseNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 1: "一", 9: "九", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 99: "九十九", 100: "100"} {
		if got := chineseNumber(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// benchTally is a tally of 25 experts and 20 items in one round.
func benchTally() *paper.Tally {
	scheme := review.Scheme{ID: "bench", Title: "技术方案评审", Mode: review.ModeWeighted, Outcomes: testScheme.Outcomes}
	for i := range 20 {
		scheme.Items = append(scheme.Items, review.Item{ID: fmt.Sprintf("B-%02d", i+1), Title: "第" + chineseNumber(i+1) + "项指标", Kind: review.ItemScore, Full: "5", Step: "0.5", Weight: "5"})
	}
	all := make([]review.Sheet, 25)
	for e := range all {
		for i, it := range scheme.Items {
			all[e].Marks = append(all[e].Marks, review.Mark{Item: it.ID, Value: strconv.Itoa((e+i)%5 + 1)})
		}
	}
	m := testTally(25)
	m.Rounds = []paper.Round{testRound(scheme, all, 1)}
	return m
}

// BenchmarkTally composes a whole tally of 25 experts × 20 items, with its calculation and
// 校验页; the table alone is what other programs set faster or slower.
func BenchmarkTally(b *testing.B) {
	m := benchTally()
	b.Run("whole", func(b *testing.B) {
		for b.Loop() {
			mustCompose(b, m)
		}
	})
	b.Run("table", func(b *testing.B) {
		d := layout.Document{Title: "评分汇总表", Blocks: marks(m.Rounds[0], nil)}
		for b.Loop() {
			if _, err := testPapers().compose("", d, pdf.Meta{Title: d.Title, At: testTime}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkIndividual composes an individual opinion.
func BenchmarkIndividual(b *testing.B) {
	m := testIndividual(0)
	for b.Loop() {
		mustCompose(b, m)
	}
}

// TestFormsSigned lets the group sign each of its papers: certified by the secretary, then
// signed by the experts, the chair last, and closed by the archive.
func TestFormsSigned(t *testing.T) {
	steps := []review.Signing{signingBy(t, review.SignatureField, "龚䶮")}
	steps[0].Means = review.MeansCertify
	for _, e := range []int{1, 2, 4, 0} { // 3 signs in ink
		steps = append(steps, signingBy(t, "expert"+strconv.Itoa(e+2), testName(e)))
	}
	archive := signingBy(t, review.ArchiveField, "评审组归档")
	archive.Means = review.MeansArchive
	steps = append(steps, archive)
	for _, name := range []string{"tally", "opinion", "panel", "fulfilment", "changes"} {
		file := mustCompose(t, testForms(5)[name])
		for _, s := range steps {
			signed, err := testPapers().Sign(file, s)
			if err != nil {
				t.Fatalf("%s, %s: %v", name, s.Field, err)
			}
			file = signed
		}
		v := testPapers().Verify(file, anchor(t, testPanel()))
		if len(v.Findings) != 0 || len(v.Signatures) != len(steps) || len(v.Open) != 0 {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// TestPlace holds where there is room to sign.
func TestPlace(t *testing.T) {
	final, draft := &paper.Head{}, &paper.Head{Mark: paper.MarkDraft}
	for _, c := range []struct {
		head   *paper.Head
		signer paper.Signer
		want   layout.Cell
	}{
		{final, paper.Signer{Field: "expert2"}, layout.Cell{Field: "expert2"}},
		{final, paper.Signer{Blank: true}, layout.Cell{Sign: true}},
		{final, paper.Signer{Note: "回避"}, layout.Cell{}},
		{&paper.Head{Mark: paper.MarkDrill}, paper.Signer{Field: "expert2"}, layout.Cell{Field: "expert2"}},
		{draft, paper.Signer{Field: "expert2"}, layout.Cell{Sign: true}},
		{draft, paper.Signer{}, layout.Cell{Sign: true}},
	} {
		if got := place(c.head, c.signer); got != c.want {
			t.Errorf("%+v: %+v, want %+v", c.signer, got, c.want)
		}
	}
}
