package present_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"heyi/app/internal/present"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/rulebook"
	"heyi/review/reviewtest/storetest"
)

// newReader is a room before any meeting, with regulations to read, on the list of them.
func newReader(t *testing.T, lib *regulation.Library) *room {
	t.Helper()
	store := &failing{Store: storetest.NewMemory()}
	r := newRunOn(t, store, meeting.New(meeting.Config{
		Store: store, Papers: fakes.Papers{}, Files: &fakes.Files{}, Packages: &fakes.Packages{}, Marks: &fakes.Marks{}, Rules: lib,
		Now: func() time.Time { return time.Unix(0, 0) }, Random: rand.NewChaCha8([32]byte{1}), WorkFactor: 1,
	}))
	r.Go(present.PlaceRules)
	r.at(present.PlaceRules)
	return r
}

// seen writes a page as its reader sees it.
func seen(p *present.Leaf) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n", p.Heading())
	for _, part := range p.Content() {
		switch x := part.(type) {
		case present.Text:
			fmt.Fprintln(&out, x.Text)
		case present.Pairs:
			for _, pair := range x.Pairs {
				fmt.Fprintf(&out, "%s: %s\n", pair[0], pair[1])
			}
		case present.Rows:
			if x.Head != "" {
				fmt.Fprintf(&out, "## %s\n", x.Head)
			}
			if len(x.Rows) == 0 {
				fmt.Fprintln(&out, x.None)
			}
			for _, row := range x.Rows {
				mark := "-"
				if row.Do != nil {
					mark = ">"
				}
				fmt.Fprintf(&out, "%s %s\n", mark, row.Title)
				if row.Detail != "" {
					fmt.Fprintf(&out, "  %s\n", strings.ReplaceAll(row.Detail, "\n", "\n  "))
				}
			}
		case *present.Field:
			fmt.Fprintf(&out, "[%s]\n", x.Value)
		}
	}
	return out.String()
}

// shows compares the page with what its reader is to see.
func (r *room) shows(want string) {
	r.t.Helper()
	if got := seen(r.leaf()); got != strings.TrimPrefix(want, "\n") {
		r.t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const notice = "整理文本，以发文机关公布的文本为准；现行有效性由组织单位核对。"

// TestShelfEverywhere goes to every page that can be come to, of the short regulations and of
// those of the program, and holds of each that it can be left for where it was come to from,
// at the row that was chosen, and that wherever words of an article stand it is said what the
// text is. Every rule and scheme is come to, and every article that something cites.
func TestShelfEverywhere(t *testing.T) {
	for _, lib := range []*regulation.Library{rulebook.Library(t), library()} {
		w := &wanderer{room: newReader(t, lib), been: map[string]bool{}}
		for _, p := range lib.Packs() {
			for _, a := range p.Articles {
				for _, text := range a.Text {
					if utf8.RuneCountInString(text) > 12 { // what is shorter may be a title too
						w.words = append(w.words, text)
					}
				}
			}
		}
		w.visit()
		for _, p := range lib.Packs() {
			for _, x := range p.Rules {
				w.wants("# "+x.Title, "编号: "+x.ID)
			}
			for _, x := range p.Schemes {
				w.wants("# "+p.Short+"　"+x.Title, "")
			}
			for i, a := range p.Articles {
				if len(p.Citing(i)) > 0 {
					w.wants("# "+p.Short+"　"+a.ID, "")
				}
			}
		}
	}
}

// wanderer goes through all pages that lead to one another.
type wanderer struct {
	*room
	words []string // of all articles
	been  map[string]bool
}

// wants holds that there was a page with a first line and another.
func (w *wanderer) wants(head, line string) {
	w.t.Helper()
	for text := range w.been {
		if strings.HasPrefix(text, head+"\n") && strings.Contains(text, line) {
			return
		}
	}
	w.t.Errorf("nothing leads to %s %s", head, line)
}

// visit goes through what the page on the desk leads to, unless it was there before.
func (w *wanderer) visit() {
	w.t.Helper()
	if table, ok := w.Page().(*present.Compare); ok {
		for row := range table.Rows() {
			table.Choose(row, 1)
			w.visit()
			w.Page().Back()
			if at, _ := table.Start(); w.Page() != present.Page(table) || at != row {
				w.t.Fatalf("from row %d back on %s at %d", row, w.Page().Name(), at)
			}
		}
		return
	}
	page := w.leaf()
	text := seen(page)
	if w.been[text] {
		return
	}
	w.been[text] = true
	if page.Next() == "" || page.Primary().Do == nil {
		w.t.Errorf("next %q, primary %q on\n%s", page.Next(), page.Primary().Label, text)
	}
	if slices.ContainsFunc(w.words, func(s string) bool { return strings.Contains(text, s) }) && !strings.Contains(text, notice) {
		w.t.Errorf("without the notice:\n%s", text)
	}
	for _, row := range w.rows() {
		if row.Title == "" {
			w.t.Errorf("a row without words on\n%s", text)
		}
		if row.Do == nil {
			continue
		}
		row.Do()
		if w.Page() == present.Page(page) {
			w.t.Fatalf("%s leads nowhere", row.Title)
		}
		w.visit()
		w.Page().Back()
		at, in, ok := page.Left()
		if w.Page() != present.Page(page) || !ok {
			w.t.Fatalf("from %s back on %s, %t", row.Title, w.Page().Name(), ok)
		}
		if got := page.Content()[at].(present.Rows).Rows[in]; got.Title != row.Title || got.Detail != row.Detail {
			w.t.Fatalf("from %s back at %s", row.Title, got.Title)
		}
	}
}

func TestShelfList(t *testing.T) {
	r := newReader(t, rulebook.Library(t))
	r.shows(`
# 制度依据
> 某市办法
  某政发〔2020〕1号 · 某市人民政府 · 评审方案 2 个 · 规则 3 条
> 某县规定
  评审方案 1 个 · 规则 1 条
> 系统默认规则
  规则 1 条
## 查阅
> 对照表
  按评审环节比较各部制度
> 检索
  在全部制度的条文、规则、评审项和判断口径里找词
` + notice + "\n")
	if f := r.Frame(); !slices.ContainsFunc(f.Rail, func(s present.Stop) bool { return s.Place == present.PlaceRules && s.Current }) {
		t.Errorf("rail %+v", f.Rail)
	}
	r.choose("某县规定")
	r.shows(`
# 某县规定
名称: 某县信息化项目验收规定
` + notice + `
## 查看
> 规则
  依据条文判断的规则 1 条
## 评审方案
> 项目验收
  依据：第二条 · 项目完工
`)
}

func TestShelfRegulation(t *testing.T) {
	r := newReader(t, rulebook.Library(t))
	r.choose("某市办法")
	r.shows(`
# 某市办法
名称: 某市电子政务项目管理办法
文号: 某政发〔2020〕1号
发文机关: 某市人民政府
发文日期: 2020年1月2日
适用范围: 使用市级财政资金的电子政务项目；涉密项目不适用。
说明: 施行日期没有写明。
` + notice + `
## 查看
> 条文
  全文 8 条，按章排列
> 规则
  依据条文判断的规则 3 条
> 条文不明之处与系统默认
  2 处
## 项目全过程
> 1. 预审
  依据：第三条 · 市电子政务主管部门
> 1　评审：项目预审
  投资100万元（含）以上
> 2. 施工、监理
  依据：第四条
> 3. 验收
  依据：第五条至第六条 · 项目单位
> 3　评审：竣工验收
  项目竣工
> 3　评审：项目预审
  投资100万元（含）以上
- 4. 移交
`)
	r.choose("3. 验收")
	r.shows(`
# 某市办法　第五条至第六条
` + notice + `
第三章 验收
第五条　项目竣工后，由项目单位组织验收。
> → 第五条：规则、评审项等 4 项
第六条　验收合格的项目方可交付使用，并适时接受审计。
> → 第六条：规则、评审项等 6 项
`)
	r.Page().Back()
	r.choose("条文不明")
	r.shows(`
# 某市办法　条文不明之处与系统默认
条文残缺、没有规定或者可以作不同理解的地方，程序按下列口径处理；这些口径是系统默认，非条文规定。
` + notice + `
第三条
不明之处: 预审的期限没有规定。
系统默认: 由组织单位设定；没有设定的，由人决定并记录理由。
全文
不明之处: 罚则没有规定。
系统默认: 不作判断。
`)
}

func TestShelfArticle(t *testing.T) {
	r := newReader(t, rulebook.Library(t))
	r.choose("某市办法")
	r.choose("条文")
	r.choose("第二条")
	if got := r.Page().Primary().Label; got != "下一条：第三条" {
		t.Errorf("goes on to %s", got)
	}
	r.press()
	r.shows(`
# 某市办法　第三条
第二章 立项
投资100万元（含）以上的项目，须经市电子政务主管部门预审；未经预审同意的，不予立项。预审须提交建设方案和概算表（ＰＤＦ格式）。
` + notice + `
## 据此判断的规则
> 未经预审不予立项〔禁止性〕
  依据：第三条 · TC-G01
> 预审材料〔原则性〕
  依据：第三条、第五条至第六条（判断口径为系统默认） · TC-R01
## 据此组织的评审
> 项目预审
  依据：第三条 · 投资100万元（含）以上
## 据此设置的评审项
> 必要性（评分，权重 60，满分 60）
  项目预审 · 项目是否必要？ · 依据：第三条（判断口径为系统默认）
> 可行性（评分，权重 40，满分 40）
  项目预审 · 方案是否可行？ · 依据：第二条、第三条（系统默认）
## 据此要求的材料
> 建设方案
  项目预审 · 依据：第三条
> 概算表
  项目预审 · 投资100万元（含）以上 · 依据：第三条（系统默认）
## 据此作出的结论
> 同意
  项目预审 · 依据：第三条
> 不同意
  项目预审 · 不作为通过 · 依据：第三条
## 据此设置的文书标题
> 预审意见
  项目预审 · 文书的名称 · 依据：第三条
## 项目全过程中的环节
> 预审
  依据：第三条 · 市电子政务主管部门
条文不明之处与系统默认
不明之处: 预审的期限没有规定。
系统默认: 由组织单位设定；没有设定的，由人决定并记录理由。
`)
	r.Page().Back() // not to the second article, but to the text, where the reading began
	if got := r.leaf().Heading(); got != "某市办法　条文" {
		t.Errorf("back on %s", got)
	}
	r.choose("第六条")
	r.press()
	r.press()
	if got := seen(r.leaf()); !strings.Contains(got, "没有依据这一条的规则") {
		t.Errorf("an article that nothing cites says\n%s", got)
	}
	if got := r.Page().Primary().Label; got != "返回" {
		t.Errorf("behind the last article: %s", got)
	}
}

func TestShelfRule(t *testing.T) {
	r := newReader(t, rulebook.Library(t))
	r.choose("某市办法")
	r.choose("规则")
	r.choose("未经预审")
	r.shows(`
# 未经预审不予立项
依据: 某政发〔2020〕1号第三条
效力: 条文作禁止性规定；不符合的，作通过结论即与条文不一致
来源: 条文规定
编号: TC-G01
## 需要的数据
- 项目投资
  金额，以元为单位，两位小数
- 预审是否同意
  是或否
## 可能的结果，依次判断，以先成立的为准
- 不要求
  项目投资……，某政发〔2020〕1号第三条没有要求预审。
  规则文件中的条件：investment_cny < yuan("1000000.00")
- 符合
  预审已经同意，符合某政发〔2020〕1号第三条。
  规则文件中的条件：agreed
- 不符合
  项目投资……，预审没有同意，按某政发〔2020〕1号第三条，不予立项。
- 待认定
  缺少所需的数据，不能判断的，由人认定。
## 依据的条文
> 第三条
  投资100万元（含）以上的项目，须经市电子政务主管部门预审；未经预审同意的，不予立项。预审须提交建设方案和概算表（ＰＤＦ……
` + notice + `
## 采用这条规则的评审方案
> 项目预审
  结论以后判断
`)
	r.Page().Back()
	r.choose("预审材料")
	if got := seen(r.leaf()); !strings.Contains(got, "判断口径（系统默认）: 概算表可以并入建设方案。\n") || !strings.Contains(got, "可以有多项：建设方案、概算表") {
		t.Errorf("got\n%s", got)
	}
	r.Page().Back()
	r.choose("项目监理")
	if got := seen(r.leaf()); !strings.Contains(got, "> 竣工验收\n  结论以前判断 · 否决项：监理\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestShelfScheme(t *testing.T) {
	r := newReader(t, rulebook.Library(t))
	r.choose("某市办法")
	r.choose("评审：竣工验收")
	r.shows(`
# 某市办法　竣工验收
名称: 竣工验收
依据: 某政发〔2020〕1号第五条、第六条
方式: 符合性审查，不评分
组织单位: 项目单位
评审者: 项目验收组
适用情形: 项目竣工
> 依据的条文
  第五条、第六条
## 评审项（权重、满分为系统默认）
> 监理（否决项）
  项目是否实行了监理？　先按“项目监理”计算　不符合的：不得交付使用 · 依据：第四条
> 交付（符合性检查）
  是否可以交付使用？ · 依据：第六条
## 送审材料
> 竣工报告
  有此材料的应当提交 · 依据：第五条
## 结论以前判断的规则
> 项目监理
  依据：第四条 · TC-R02
> 预审材料〔原则性〕
  依据：第三条、第五条至第六条（判断口径为系统默认） · TC-R01
## 结论
> 合格
  依据：第六条
- 不合格
  不作为通过 · 系统默认
## 文书和标题
- 验收意见
  文书的名称 · 系统默认
> 交付使用意见
  依据：第六条
- 项目概况
  系统默认
- 评审结论
  系统默认
` + notice + "\n")
}

func TestShelfCompare(t *testing.T) {
	r := newReader(t, rulebook.Library(t))
	r.choose("对照表")
	table := r.Page().(*present.Compare)
	var got []string
	for row := -1; row < table.Rows(); row++ {
		var line []string
		for col, c := range table.Head() {
			if row >= 0 {
				c = table.Cell(row, col)
			}
			line = append(line, strings.ReplaceAll(c.Text, "\n", " / "))
		}
		got = append(got, strings.Join(line, " | "))
	}
	want := `评审环节 | 某市办法 | 某县规定
初审、预审、审核 | 第三条 / 系统默认：项目预审 | —
初步设计、技术方案评审 | — | —
竣工验收 | 第五条、第六条 / 竣工验收 | 第二条 / 系统默认：项目验收
审计 | 第六条（适时） | —`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	table.Choose(2, 2)
	r.shows(`
# 竣工验收
## 某市办法
> 第五条、第六条
  条文
> 竣工验收
  项目竣工
## 某县规定
- 第二条
  条文
> 项目验收（系统默认）
  项目完工
`)
	if part, row, ok := r.leaf().Left(); part != 1 || row != 1 || !ok {
		t.Errorf("the focus is at %d %d %t", part, row, ok)
	}
	r.Page().Back()
	table.Look()
	r.at(present.PlaceLookup)
	r.Page().Back()
	r.at(present.PlaceCompare)
	r.Page().Back()
	r.at(present.PlaceRules)
}

func TestShelfLookup(t *testing.T) {
	r := newReader(t, rulebook.Library(t))
	r.do("检索")
	if !strings.Contains(seen(r.leaf()), "同时有这些词的才列出") {
		t.Errorf("got\n%s", seen(r.leaf()))
	}
	r.fill("要找的词", "没有的词")
	if !strings.Contains(seen(r.leaf()), "没有找到") {
		t.Errorf("got\n%s", seen(r.leaf()))
	}
	r.fill("要找的词", "监理　承建")
	r.shows(`
# 检索
[监理　承建]
找到 1 处。
## 条文（1）
> 某市办法　第四条
  项目实行监理制，承建单位和监理单位不得为同一单位。
` + notice + "\n")
	r.fill("要找的词", "项目")
	before := len(r.rows())
	r.choose("列出其余")
	if after := len(r.rows()); after <= before || strings.Count(seen(r.leaf()), "列出其余") != 0 {
		t.Errorf("%d rows, then\n%s", before, seen(r.leaf()))
	}
	r.choose("某市办法　必要性")
	r.at(present.PlaceScheme)
	if part, row, ok := r.leaf().Left(); !ok || r.leaf().Content()[part].(present.Rows).Rows[row].Title != "必要性（评分，权重 60，满分 60）" {
		t.Errorf("the focus is at %d %d %t", part, row, ok)
	}
	r.Page().Back()
	if f := r.field("要找的词"); f.Value != "项目" || strings.Count(seen(r.leaf()), "列出其余") != 0 {
		t.Errorf("back on\n%s", seen(r.leaf()))
	}
	r.fill("要找的词", "　")
	if len(r.rows()) != 0 {
		t.Errorf("without words\n%s", seen(r.leaf()))
	}
}

// TestShelfNone holds that without regulations nothing leads to them.
func TestShelfNone(t *testing.T) {
	r := newRoom(t)
	for _, s := range r.Frame().Rail {
		if s.Place == present.PlaceRules {
			t.Errorf("rail %+v", r.Frame().Rail)
		}
	}
}

// TestMeetingForOneStage: whoever creates a meeting may name the regulation and the stage, and
// sees first what is asked there.
func TestMeetingForOneStage(t *testing.T) {
	r := newReader(t, library())
	r.Go(present.PlaceNew)
	for label, text := range map[string]string{"会议名称": "验收会", "秘书姓名": "龚䶮", "再次输入": passphrase} {
		r.fill(label, text)
	}
	r.leaf().Type(r.field("口令"), passphrase)
	if len(r.rows()) > 0 {
		t.Errorf("rows before anything is chosen: %+v", r.rows())
	}
	r.pick("评审制度", "武汉办法")
	r.pick("评审阶段", "项目验收")
	r.choose("项目验收：评审项 13 项，送审材料 8 种")
	r.at(present.PlaceScheme)
	r.Page().Back()
	r.settle()
	r.at(present.PlaceNew)
	if got := r.field("会议名称").Value; got != "验收会" {
		t.Errorf("the title is %q", got)
	}
	r.pick("评审制度", "太原办法") // another regulation has other stages
	r.pick("评审阶段", "竣工验收")
	r.do("建立会议")
	r.at(present.PlaceDigits)
	list, err := r.services.List()
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	state := r.session(review.FirstSeat, passphrase).State()
	if state.Scheme != "taiyuan-2013.acceptance" {
		t.Errorf("the meeting is for %q", state.Scheme)
	}
}
