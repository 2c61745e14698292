package present_test

import (
	"strings"
	"testing"

	"heyi/app/internal/present"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest/script"
)

// session gives a session of a person beside the desk, for what the test does by another
// road.
func (r *room) session(seat review.SeatID, secret string) *meeting.Session {
	r.t.Helper()
	list, err := r.services.List()
	if err != nil || len(list) != 1 {
		r.t.Fatal(list, err)
	}
	x, err := r.services.Enter(list[0].ID, seat, secret)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(x.Close)
	return x
}

// add arranges a seat by the form, from the panel.
func (r *room) add(name, unit, role string) {
	r.t.Helper()
	r.at(present.PlacePanel)
	r.choose("增加人员")
	r.fill("姓名", name)
	r.fill("工作单位", unit)
	r.pick("在会议上的身份", role)
	r.do("增加")
	r.at(present.PlacePanel)
	r.says(present.ToneDone, name)
}

// shownCode gives the code that the page shows.
func (r *room) shownCode() string {
	r.t.Helper()
	for _, p := range r.leaf().Content() {
		if t, ok := p.(present.Text); ok && t.Look == present.LookLarge {
			return t.Text
		}
	}
	r.t.Fatal("the page shows no code")
	return ""
}

// claim takes a seat from the page that shows the code, and gives it.
func (r *room) claim(name string) string {
	r.t.Helper()
	r.at(present.PlaceSeating)
	if f := r.Frame(); f.Who != "" {
		r.t.Errorf("while %s takes his seat %s is at the machine", name, f.Who)
	}
	for _, p := range r.leaf().Content() {
		if x, ok := p.(present.Text); ok && strings.ContainsAny(x.Text, "0123456789") {
			t := x.Text
			r.t.Errorf("before %s sits there the page shows %q", name, t)
		}
	}
	r.do("我是" + name)
	code := r.shownCode()
	r.Page().Back() // back to the cover, and nothing is lost
	r.settle()
	r.do("我是" + name)
	if again := r.shownCode(); again != code {
		r.t.Errorf("the code was %s and is %s", code, again)
	}
	r.do("我已抄好")
	r.fill("席位码", "2222-2222")
	r.do("领席")
	r.says(present.ToneError, "显示的不一样")
	r.fill("席位码", code)
	r.do("领席")
	r.at(present.PlaceDigits)
	r.fill("四位数字", quick)
	r.fill("再输入", quick)
	r.at(present.PlaceProjects)
	return code
}

// come brings a person to the machine from the board by his digits.
func (r *room) come(name string) {
	r.t.Helper()
	r.at(present.PlaceBoard)
	b := r.Page().(*present.Board)
	for i := range b.Rows() {
		if strings.Contains(b.Cell(i, 0).Text, name) {
			b.Choose(i, 0)
			r.settle()
			r.at(present.PlaceUnlock)
			r.fill("四位数字", quick)
			r.settle()
			r.at(present.PlaceProjects)
			if who := r.Frame().Who; !strings.HasPrefix(who, name) {
				r.t.Fatalf("%s is at the machine, not %s", who, name)
			}
			return
		}
	}
	r.t.Fatalf("the board has no %s", name)
}

// give hands the machine back.
func (r *room) give() {
	r.t.Helper()
	r.HandBack()
	r.settle()
	r.at(present.PlaceBoard)
}

// TestPanel holds how a panel comes together: seats are arranged, everybody takes his own
// while nobody else is on the screen, the chair is named, and both officers confirm.
func TestPanel(t *testing.T) {
	r := newRoom(t)
	r.created()
	r.Go(present.PlacePanel)
	r.add("单㛃", "理工大学", "专家")
	r.add("钱𫖮", "省信息中心", "专家")
	r.add("毕昇", "市财政局", "成员")
	r.choose("毕昇")
	r.at(present.PlacePerson)
	r.choose("更正登记")
	r.fill("工作单位", "市财政局信息中心")
	r.do("保存")
	r.choose("毕昇")
	if c := r.leaf().Content(); !strings.Contains(c[0].(present.Pairs).Pairs[0][1], "信息中心") {
		t.Errorf("after the correction: %+v", c[0])
	}
	r.Page().Back()
	r.do("请单㛃领席")
	code := r.claim("单㛃")
	if code == "" || !strings.Contains(r.Page().Next(), "承诺") {
		t.Errorf("code %q, next %q", code, r.Page().Next())
	}
	r.give()

	// The second is called from the board, by the secretary's digits.
	if a := r.Page().Primary(); a.Label != "请钱𫖮领席" {
		t.Errorf("the board offers %q", a.Label)
	}
	b := r.Page().(*present.Board)
	if got := b.Cell(3, 1).Text; got != "未领席" {
		t.Errorf("the board says %q", got)
	}
	b.Choose(3, 0)
	r.at(present.PlaceAct)
	r.fill("龚䶮", "9999")
	r.do("转给本人")
	r.says(present.ToneError, string(review.CodeSecretWrong))
	r.fill("龚䶮", quick)
	r.do("转给本人")
	r.claim("钱𫖮")
	r.give()

	r.come("龚䶮")
	if n := r.Page().Next(); !strings.Contains(n, "导入") {
		t.Errorf("next %q", n)
	}
	x := r.session(review.FirstSeat, passphrase)
	if _, err := x.AddProject(script.Project("共享平台升级改造", 2)); err != nil {
		t.Fatal(err)
	}
	r.do("安排领席")
	r.at(present.PlacePanel)
	r.choose("毕昇")
	r.choose("登记缺席")
	r.fill("事由", "另有会议")
	r.do("登记缺席")
	r.at(present.PlacePanel)
	r.do("记下组长")
	r.pick("推举哪一位", "单㛃")
	r.do("记下组长")
	r.at(present.PlaceProjects)
	r.do("确认专家组")
	r.fill("单㛃（组长）", "0000")
	r.do("确认专家组")
	r.says(present.ToneError, string(review.CodeSecretWrong))
	if r.field("单㛃").Value != "" {
		t.Error("the wrong digits stay in the field")
	}
	r.fill("单㛃（组长）", quick)
	r.do("确认专家组")
	r.at(present.PlaceProjects)
	r.says(present.ToneDone, "会议开始")
	if f := r.Frame(); f.Steps[f.Current] != "进行" {
		t.Errorf("frame %+v", f)
	}
}

// running is a meeting with two projects, whose panel is confirmed and has declared, with
// everybody's digits set, and the board on the screen.
type running struct {
	*room
	hall *script.Hall
}

func newRunning(t *testing.T, more ...script.Act) *running {
	t.Helper()
	r := &running{newRoom(t), nil}
	r.hall = script.New(r.services)
	for _, a := range append(script.Prepare(2), more...) {
		if err := a.Do(r.hall); err != nil {
			t.Fatalf("%s: %v", a.Name, err)
		}
	}
	for _, x := range r.hall.Sessions {
		if err := x.SetQuick(quick); err != nil {
			t.Fatal(err)
		}
	}
	r.Go(present.PlaceMeetings)
	r.settle()
	r.Page().(*present.Meetings).Rows()[0].Do()
	r.settle()
	r.at(present.PlaceBoard)
	return r
}

const (
	secretary = "吕蒙正"
	chair     = "龚䶮"
	firstOne  = "政务数据共享平台升级改造项目"
)

// project gives the first project as it stands.
func (r *running) project() *review.Project {
	return r.hall.Sessions[script.Secretary].State().Project(script.First)
}

// submit has experts submit, by another road than the desk.
func (r *running) submit(seats ...review.SeatID) {
	r.t.Helper()
	for i, s := range seats {
		if _, err := r.hall.Sessions[s].Submit(script.First, script.Sheet(r.project().Scheme, i), review.Look{}); err != nil {
			r.t.Fatalf("%s: %v", s, err)
		}
	}
}

// TestRound holds the officers' way through a round: begin, a ballot returned, close, take
// back, close again, open by two entries; and that what the board shows of it is how far
// everybody is and nothing else.
func TestRound(t *testing.T) {
	r := newRunning(t)
	r.come(secretary)
	r.choose(firstOne)
	r.at(present.PlaceProject)
	r.do("开始评分")
	r.do("开始评分")
	r.at(present.PlaceProject)
	if n := r.Page().Next(); !strings.Contains(n, "等龚䶮、欧阳㛃、黄𫖮、章衡提交评分") {
		t.Errorf("next %q", n)
	}
	if a := r.Page().Primary(); !strings.Contains(a.Label, "交还") {
		t.Errorf("with nothing to do the button says %q", a.Label)
	}
	r.give()
	r.submit(script.Chair, script.Second, script.Third, script.Fourth)
	r.come(secretary)
	r.choose(firstOne)
	r.choose("退回评分")
	r.pick("哪一位", "欧阳㛃")
	r.do("退回")
	r.says(present.ToneError, "事由")
	r.fill("事由", "本人要求修改")
	r.do("退回")
	r.at(present.PlaceProject)
	r.says(present.ToneDone, "已退回")
	r.give()
	b := r.Page().(*present.Board)
	for row, want := range map[int]string{2: "已提交", 3: "已退回"} {
		if got := b.Cell(row, 2).Text; got != want {
			t.Errorf("row %d of the board says %q, want %q", row, got, want)
		}
	}
	r.submit(script.Second)
	r.come(secretary)
	r.choose(firstOne)
	r.do("结束评分")
	r.do("结束评分")
	r.choose("恢复评分")
	r.fill("事由", "有人没有交齐")
	r.fill("龚䶮（组长）", quick)
	r.do("恢复评分")
	r.do("结束评分")
	r.do("结束评分")
	r.do("去开封")
	r.at(present.PlaceOpening)
	r.fill("吕蒙正（秘书）", quick)
	r.fill("龚䶮（组长）", "0000")
	r.do("共同开封")
	r.says(present.ToneError, string(review.CodeSecretWrong))
	if p := r.project(); p.Stage != review.StageOpening {
		t.Fatalf("the project is at %s", p.Stage)
	}
	r.fill("吕蒙正（秘书）", quick)
	r.fill("龚䶮（组长）", quick)
	r.do("共同开封")
	r.at(present.PlaceTally)
	if p := r.project(); p.Stage != review.StageDeliberating {
		t.Errorf("the project is at %s", p.Stage)
	}
}

// TestOfficers holds what the officers can do about a person's error: a wrong fact, a conflict
// found late, too few experts, somebody who leaves, comes back or is replaced, a code that was
// forgotten, a review that cannot go on.
func TestOfficers(t *testing.T) {
	r := newRunning(t)
	r.come(secretary)
	r.choose(firstOne)
	r.choose("决定或者解除回避")
	r.pick("哪一位", "黄𫖮")
	r.fill("事由", "参加过本项目的方案编制")
	r.fill(chair, quick)
	r.do("决定")
	if !r.project().Recused(script.Third) {
		t.Error("he does not stand aside")
	}
	r.choose("决定或者解除回避")
	r.pick("哪一位", "黄𫖮")
	r.fill("事由", "查明没有参加")
	r.fill(chair, quick)
	r.do("决定")
	if r.project().Recused(script.Third) {
		t.Error("he still stands aside")
	}

	r.Go(present.PlacePanel)
	r.choose("章衡")
	r.choose("登记离场")
	r.fill("事由", "身体不适")
	r.do("登记离场")
	r.choose("章衡")
	r.choose("登记回到会场")
	r.do("登记到场")
	r.choose("黄𫖮")
	r.choose("更换专家")
	r.pick("由哪一位", "章衡")
	r.fill("事由", "临时有急事")
	r.fill(chair, quick)
	r.do("更换")
	if s, _ := r.hall.Sessions[script.Secretary].State().Seat(script.Third); s.ReplacedBy != script.Fourth {
		t.Errorf("replaced by %q", s.ReplacedBy)
	}

	r.choose("毕昇")
	r.choose("重新领席")
	r.fill("事由", "忘记席位码")
	r.do("转给本人")
	r.claim("毕昇")
	r.give()
	r.come("毕昇")
	r.give()

	r.come(secretary)
	r.Page().(*present.Leaf).Content()
	r.choose(firstOne)
	r.choose("中止评审")
	if !r.leaf().Caution() {
		t.Error("to suspend a review is not asked with caution")
	}
	r.fill("事由", "材料不齐，另行组织")
	r.fill(chair, quick)
	r.do("中止评审")
	if p := r.project(); p.Stage != review.StageSuspended {
		t.Errorf("the project is at %s", p.Stage)
	}
}

// TestChairMakesWay holds that a chair who stands aside is followed by another, whom the
// panel names, for the one project.
func TestChairMakesWay(t *testing.T) {
	r := newRunning(t)
	if err := r.hall.Sessions[script.Chair].Declare(script.First, review.DeclarationBody{Conflict: true, Reason: "在建设单位兼职"}); err != nil {
		t.Fatal(err)
	}
	r.come(secretary)
	r.choose(firstOne)
	r.do("推举组长")
	r.pick("推举哪一位", "欧阳㛃")
	r.do("记下组长")
	r.at(present.PlaceProject)
	if s := r.hall.Sessions[script.Secretary].State(); s.Presiding(s.Project(script.First)) != script.Second {
		t.Errorf("%s presides", s.Presiding(s.Project(script.First)))
	}
}

// TestPromiseDeclare holds the way of an expert who comes to the machine for the first time.
func TestPromiseDeclare(t *testing.T) {
	r := newRunning(t)
	x := r.hall.Sessions[script.Secretary]
	id, err := x.AddSeat(review.Person{Name: "曾布", Unit: "研究院", Roles: []review.Role{review.RoleExpert}})
	if err != nil {
		t.Fatal(err)
	}
	r.come(secretary)
	r.Go(present.PlacePanel)
	r.choose("曾布")
	r.do("请曾布领席")
	r.claim("曾布")
	r.do("去承诺")
	r.do("作出承诺")
	r.says(present.ToneError, "勾选")
	r.tick("已读完")
	r.do("作出承诺")
	r.at(present.PlaceProjects)
	if n := r.Page().Next(); !strings.Contains(n, "补发证书") {
		t.Errorf("next %q", n)
	}
	r.give()
	r.come(secretary)
	r.do("补发证书")
	r.fill(chair, quick)
	r.do("补发证书")
	if s, _ := x.State().Seat(id); s.Certificate == nil {
		t.Error("no certificate")
	}
	r.give()
	r.come("曾布")
	r.do("去声明")
	r.at(present.PlaceDeclare)
	r.do("声明")
	r.says(present.ToneError, "选择一项")
	r.pick("本人的情况", "没有须回避")
	r.do("声明")
	r.at(present.PlaceDeclare)
	r.pick("本人的情况", "有须回避")
	r.do("声明")
	r.says(present.ToneError, "事由")
	r.fill("说明", "在承建单位任顾问")
	r.do("声明")
	r.at(present.PlaceProjects)
	if !x.State().Project(script.Other).Recused(id) || x.State().Project(script.First).Recused(id) {
		t.Error("the declarations are not on record as they were given")
	}
	if rows := r.rows(); !strings.Contains(rows[1].Detail, "回避") {
		t.Errorf("the project that he stands aside for says %q", rows[1].Detail)
	}
}

// TestFiling holds the end of a meeting: what is open is said, both officers turn to filing,
// a folder is written where the secretary chooses, and the sealing is asked once.
func TestFiling(t *testing.T) {
	r := newRunning(t)
	r.come(secretary)
	r.Go(present.PlaceFiling)
	open := 0
	for _, x := range r.rows() {
		if x.Tone == present.ToneDecide {
			open++
		}
	}
	if open == 0 {
		t.Error("nothing has to be done")
	}
	r.do("转入归档")
	r.fill(chair, quick)
	r.do("转入归档")
	r.says(present.ToneError, string(review.CodeProjectOpen))
	r.give()
	for p, seat := range map[review.ProjectID]review.SeatID{script.First: script.Chair, script.Other: script.Second} {
		with := r.hall.Sessions[seat]
		if err := r.hall.Sessions[script.Secretary].Suspend(with, p, "改期"); err != nil {
			t.Fatal(err)
		}
	}
	r.come(secretary)
	r.do("去归档")
	r.do("转入归档")
	r.fill(chair, quick)
	r.do("转入归档")
	r.at(present.PlaceProjects)
	r.Go(present.PlaceFiling)
	r.choose("封存会议")
	if !r.leaf().Caution() {
		t.Error("the sealing is not asked with caution")
	}
	r.do("封存")
	r.says(present.ToneError, secretary+"：")
	r.fill(secretary, quick)
	r.do("封存")
	r.at(present.PlaceBoard)
	r.says(present.ToneDone, "已封存")
	if a := r.Page().Primary(); !strings.Contains(a.Label, "会议列表") {
		t.Errorf("of a sealed meeting the board offers %q", a.Label)
	}
}

// TestIdleCode holds that a code does not stay on the screen when its person has gone away.
func TestIdleCode(t *testing.T) {
	r := newRoom(t)
	r.created()
	r.Go(present.PlacePanel)
	r.add("单㛃", "理工大学", "专家")
	r.do("请单㛃领席")
	r.at(present.PlaceSeating)
	r.idle.f()
	r.at(present.PlaceBoard)
	r.says(present.ToneDecide, "十分钟")
}

// TestCorrect holds that what is known of a project is told by its names, that a wrong fact is
// corrected by both officers, and that the rules find something else from then on.
func TestCorrect(t *testing.T) {
	h := newDelivery(t)
	h.sit(script.Secretary)
	r := h.room
	r.choose("政务数据共享平台升级改造项目")
	r.choose("项目情况、审查发现")
	said := func() (facts, findings string) {
		for _, p := range r.leaf().Content() {
			switch p := p.(type) {
			case present.Pairs:
				for _, x := range p.Pairs {
					facts += x[0] + "：" + x[1] + "\n"
				}
			case present.Rows:
				for _, x := range p.Rows {
					findings += x.Title + "　" + x.Detail + "\n"
				}
			case present.Text:
				facts += p.Text + "\n"
			}
		}
		return facts, findings
	}
	facts, before := said()
	if !strings.Contains(facts, "项目投资：236万元") || !strings.Contains(facts, "还没有写明") || !strings.Contains(before, "236万元") {
		t.Errorf("facts:\n%sfindings:\n%s", facts, before)
	}
	r.Page().Back()
	r.settle()
	r.choose("更正项目情况")
	r.do("更正")
	r.says(present.ToneError, "请先选")
	r.pick("更正哪一项", "项目投资")
	if hint := r.field("更正为").Hint; !strings.Contains(hint, "两位小数") {
		t.Errorf("hint %q", hint)
	}
	r.fill("更正为", "一百九十万")
	r.fill("依据", "会上核对的概算表")
	r.fill("龚䶮", h.Codes[script.Chair])
	r.do("更正")
	r.says(present.ToneError, string(review.CodeFactType))
	r.fill("更正为", "1960000.00")
	r.fill("龚䶮", h.Codes[script.Chair])
	r.do("更正")
	r.at(present.PlaceProject)
	r.choose("项目情况、审查发现")
	facts, after := said()
	if !strings.Contains(facts, "项目投资：196万元") || !strings.Contains(facts, "第 1 张更正单：项目投资由“236万元”更正为“196万元”") || after == before {
		t.Errorf("facts:\n%sfindings:\n%s", facts, after)
	}
}

// TestRecoverySheet holds that an officer gets his sheet once he asks for it.
func TestRecoverySheet(t *testing.T) {
	r := newRunning(t)
	r.come(secretary)
	r.choose("取本人的恢复单")
	r.do("取恢复码")
	if code := r.shownCode(); len(code) < 20 {
		t.Errorf("code %q", code)
	}
	r.do("我已抄好")
	r.at(present.PlaceProjects)
}

// TestJournal holds that what happened is told in words, the newest first.
func TestJournal(t *testing.T) {
	r := newRunning(t)
	r.come(secretary)
	r.Go(present.PlaceJournal)
	r.settle()
	j := r.Page().(*present.Journal)
	if got := j.Cell(0, 3).Text; got != "登录" {
		t.Errorf("the newest entry is %q", got)
	}
	if got := j.Cell(j.Rows()-1, 3).Text; got != "建立会议" {
		t.Errorf("the oldest entry is %q", got)
	}
	r.do("核验全部记录")
	r.says(present.ToneDone, "核验无误")
}

// TestStill holds that what is typed while an act is under way neither changes the act nor
// is lost.
func TestStill(t *testing.T) {
	r := newRunning(t)
	r.come(secretary)
	r.Go(present.PlacePanel)
	r.choose("章衡")
	r.choose("登记离场")
	r.fill("事由", "身体不适")
	why := r.field("事由")
	l := r.leaf()
	r.press()
	l.Type(why, "身体不适，已就医")
	if why.Value != "身体不适" {
		t.Errorf("during the act the reason is %q", why.Value)
	}
	r.settle()
	if why.Value != "身体不适，已就医" {
		t.Errorf("after the act the reason is %q", why.Value)
	}
}

// TestFulfilment holds that what the panel finds of a contract is put on record entry by
// entry.
func TestFulfilment(t *testing.T) {
	r := newRunning(t)
	r.come(secretary)
	r.choose(firstOne)
	r.choose("履约情况和变更")
	r.choose("增加一项要求")
	r.fill("合同、标书要求", "共享接口不少于 40 个")
	r.fill("实际情况", "41 个")
	r.do("保存")
	r.choose("增加一项变更")
	r.fill("编号", "变更一")
	r.fill("变更内容", "增加接口")
	r.tick("如实报告")
	r.do("保存")
	r.choose("共享接口")
	r.pick("核对结果", "偏离")
	r.do("保存")
	r.do("记录")
	r.at(present.PlaceProject)
	p := r.project()
	if len(p.Fulfilment) != 1 || p.Fulfilment[0].Terms[0].Met != review.MetDeviate || !p.Fulfilment[0].Changes[0].Reported {
		t.Errorf("on record: %+v", p.Fulfilment)
	}
}
