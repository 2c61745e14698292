package present_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"heyi/app/internal/present"
	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/review"
	"heyi/review/bag"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
	"heyi/review/reviewtest/storetest"
	"heyi/review/seal"
)

// table is a meeting at which the panel comes to a result, and the desk that its people sit
// down at one after another.
type table struct {
	*queue
	*present.Desk
	t       *testing.T
	hall    *script.Hall
	store   *failing
	files   *fakes.Files
	marks   *fakes.Marks
	bags    *fakes.Packages
	outside outside
	logged  []error
	runs    byte
	id      review.ProjectID
	at      time.Time
}

// outside is a machine on which nothing is chosen but what a test says.
type outside struct {
	picked  string
	printed []string
	content map[string][]byte
}

func (o *outside) Open(path string) (present.File, error) {
	b, err := o.Read(path, 0)
	return file{bytes.NewReader(b)}, err
}

func (o *outside) Read(path string, _ int64) ([]byte, error) {
	if b, ok := o.content[path]; ok {
		return b, nil
	}
	return nil, review.E(review.CodeFileMissing, "test", path, nil)
}

func (o *outside) Write(string, []byte) error { return errors.New("nothing is written") }
func (o *outside) Show(string) error          { return nil }
func (o *outside) Print(path string) (bool, error) {
	o.printed = append(o.printed, path)
	return true, nil
}

func (o *outside) Pick(_ []string, then func(string)) { then(o.picked) }
func (o *outside) Choose(path string, content []byte) {
	o.picked, o.content = path, map[string][]byte{path: content}
}

// library are the packs of the program.
var library = sync.OnceValue(func() *regulation.Library {
	entries, err := assets.Packs.ReadDir("packs")
	if err != nil {
		panic(err)
	}
	var files [][]byte
	for _, e := range entries {
		b, err := assets.Packs.ReadFile("packs/" + e.Name())
		if err != nil {
			panic(err)
		}
		files = append(files, b)
	}
	lib, err := regulation.Open(files...)
	if err != nil {
		panic(err)
	}
	return lib
})

var issuer = sync.OnceValue(func() *seal.Issuer {
	i, err := seal.NewIssuer("乐清市电子政务中心", time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	return i
})

// catalogue gives the program's words.
func catalogue(t *testing.T) *words.Catalogue {
	t.Helper()
	w, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func newTable(t *testing.T) *table {
	t.Helper()
	x := &table{
		queue: &queue{}, t: t, store: &failing{Store: storetest.NewMemory()}, files: &fakes.Files{}, marks: &fakes.Marks{}, bags: &fakes.Packages{},
		at: time.Date(2026, 11, 21, 9, 0, 0, 0, time.FixedZone("", 8*3600)), hall: script.New(nil),
	}
	x.again()
	return x
}

// again is the program started anew on what the last run left.
func (x *table) again() {
	var mu sync.Mutex
	x.runs++
	x.hall.Services = meeting.New(meeting.Config{
		Store: x.store, Papers: fakes.Papers{}, Files: x.files, Packages: x.bags, Rules: library(), Marks: x.marks,
		Random: rand.NewChaCha8([32]byte{x.runs}), WorkFactor: 1,
		Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			x.at = x.at.Add(time.Minute)
			return x.at
		},
	})
	x.hall.Sessions = map[review.SeatID]*meeting.Session{}
	x.queue = &queue{}
	x.Desk = present.NewDesk(present.World{
		Services: x.hall.Services, Words: catalogue(x.t), Jobs: x, Prefs: &looks{}, Outside: &x.outside,
		Log: func(err error) { x.logged = append(x.logged, err) },
	})
	x.settle()
}

// killed is the program ended without a word and started anew.
func (x *table) killed() {
	x.hall.Services.Close()
	x.again()
}

func (x *table) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// hold does acts of the script.
func (x *table) hold(acts ...script.Act) {
	x.t.Helper()
	x.must(x.hall.Hold(acts, nil))
}

// plain is the script's first project, opened, without rules.
func (x *table) plain() {
	x.t.Helper()
	x.id = script.First
	x.hold(script.Prepare(2)...)
	x.hold(script.Score(x.id, 1)...)
	x.hold(script.Open(x.id))
}

// bag is a package with one project, whose facts are as usual but for those given.
func (x *table) bag(facts map[string]any) []byte {
	x.t.Helper()
	return x.bagWith(facts, "yueqing-2015.technical_review", nil)
}

// bagWith gives a package whose project is to be reviewed by a scheme, with files beside it.
func (x *table) bagWith(facts map[string]any, scheme string, beside bag.Tree) []byte {
	x.t.Helper()
	known := map[string]any{"investment_cny": "2360000.00", "preparer_qualified": true, "pre_review": "agreed"}
	maps.Copy(known, facts)
	tree := bag.Tree{"projects/gxpt/plan.txt": []byte("技术方案正文。\n")}
	maps.Copy(tree, beside)
	for name, v := range map[string]any{
		"package.json": map[string]any{"version": 1, "id": "YQ-2026-017", "seq": 1, "secrecy": "none", "title": "评审包"},
		"projects/gxpt/project.json": map[string]any{
			"version": 1, "title": "政务数据共享平台升级改造项目", "code": "YQDZ-2026-07", "scheme": scheme, "quorum": 3,
			"units": []any{map[string]any{"part": "owner", "name": "乐清市政务服务信息中心"}, map[string]any{"part": "preparer", "name": "甲设计院"}},
			"facts": known, "profile": []any{}, "documents": []any{map[string]any{"file": "plan.txt", "title": "项目技术方案", "material": "Y2-E1"}},
		},
		"meeting.json": map[string]any{"version": 1, "title": "技术方案评审会", "place": "", "time": "", "roster": []any{}},
	} {
		b, err := json.Marshal(v)
		x.must(err)
		tree[name] = b
	}
	var file bytes.Buffer
	_, err := bag.BuildDir(&file, tree, issuer(), time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	x.must(err)
	return file.Bytes()
}

// brought is a project out of a package, under a regulation, before its first round. It gives
// who scores.
func (x *table) brought(facts map[string]any) []review.SeatID {
	x.t.Helper()
	_, err := x.hall.TrustIssuer(issuer().Certificate(), issuer().Fingerprint().String())
	x.must(err)
	for _, a := range script.Prepare(1) {
		if !strings.HasPrefix(a.Name, "project ") && !strings.HasPrefix(a.Name, "declare ") && a.Name != "chair of the other" {
			x.hold(a)
		}
	}
	content := x.bag(facts)
	secretary := x.hall.Sessions[script.Secretary]
	in, err := secretary.Import(bytes.NewReader(content), int64(len(content)), false)
	x.must(err)
	x.id = in.Projects[0]
	voters := []review.SeatID{script.Chair, script.Second, script.Third, script.Fourth}
	for _, seat := range voters {
		x.must(x.hall.Sessions[seat].Declare(x.id, review.DeclarationBody{}))
	}
	return voters
}

// ruled is a project out of a package, under a regulation, scored and opened. mark gives
// what a seat answers to an item, "" for the usual.
func (x *table) ruled(facts map[string]any, mark func(review.SeatID, review.Item) string) {
	x.t.Helper()
	voters := x.brought(facts)
	secretary := x.hall.Sessions[script.Secretary]
	x.must(secretary.BeginRound(x.id))
	for _, seat := range voters {
		sheet := review.Sheet{Outcome: "passed", Opinion: []string{"总体可行。", string(seat) + "：共享目录应补充。"}}
		for _, it := range secretary.State().Project(x.id).Scheme.Items {
			value := review.AnswerYes
			if it.Kind == review.ItemScore {
				full, err := strconv.Atoi(it.Full)
				x.must(err)
				value = strconv.Itoa(full * 8 / 10)
			}
			if mark != nil {
				if v := mark(seat, it); v != "" {
					value = v
				}
			}
			sheet.Marks = append(sheet.Marks, review.Mark{Item: it.ID, Value: value, Reason: string(seat) + "的理由"})
		}
		_, err := x.hall.Sessions[seat].Submit(x.id, sheet, review.Look{})
		x.must(err)
	}
	x.must(secretary.CloseRound(x.id))
	x.must(secretary.OpenRound(x.hall.Sessions[script.Chair], x.id))
}

// sits brings a person to the machine.
func (x *table) sits(seat review.SeatID) {
	x.t.Helper()
	s, err := x.hall.Enter(x.hall.ID, seat, x.hall.Codes[seat])
	x.must(err)
	x.Seat(s)
}

// opens puts a page on the desk.
func (x *table) opens(seat review.SeatID, page func(*present.Desk, review.ProjectID) present.Page) {
	x.t.Helper()
	x.sits(seat)
	x.Turn(func() present.Page { return page(x.Desk, x.id) })
	x.settle()
}

func leaf(f func(*present.Desk, review.ProjectID) *present.Leaf) func(*present.Desk, review.ProjectID) present.Page {
	return func(d *present.Desk, id review.ProjectID) present.Page { return f(d, id) }
}

func (x *table) press() {
	x.t.Helper()
	a := x.Page().Primary()
	if a.Do == nil {
		x.t.Fatalf("%s has no primary action", x.Page().Place())
	}
	a.Do()
	x.settle()
}

func (x *table) says(tone present.Tone, part string) {
	x.t.Helper()
	if m := x.Page().Message(); m.Tone != tone || !strings.Contains(m.Text, part) {
		x.t.Fatalf("on %s: message %d %q, want %d %q", x.Page().Place(), m.Tone, m.Text, tone, part)
	}
}

func (x *table) on(want present.Place) {
	x.t.Helper()
	if got := x.Page().Place(); got != want {
		x.t.Fatalf("on page %s, want %s; message %q", got, want, x.Page().Message().Text)
	}
}

func (x *table) leaf() *present.Leaf {
	x.t.Helper()
	l, ok := x.Page().(*present.Leaf)
	if !ok {
		x.t.Fatalf("%T is no leaf", x.Page())
	}
	return l
}

// field finds the n-th field of a kind on the page.
func (x *table) field(kind present.FieldKind, n int) *present.Field {
	x.t.Helper()
	for _, part := range x.leaf().Content() {
		if f, ok := part.(*present.Field); ok && f.Kind == kind {
			if n--; n < 0 {
				return f
			}
		}
	}
	x.t.Fatalf("no such field of kind %d: %s", kind, text(x.leaf().Content()))
	return nil
}

// row finds the row that says something and chooses it.
func (x *table) row(content []present.Part, says string) {
	x.t.Helper()
	for _, part := range content {
		rows, _ := part.(present.Rows)
		for _, r := range rows.Rows {
			if strings.Contains(r.Title, says) && r.Do != nil {
				r.Do()
				x.settle()
				return
			}
		}
	}
	x.t.Fatalf("no row says %q: %s", says, text(content))
}

func (x *table) types(f *present.Field, s string) { x.leaf().Type(f, s); x.settle() }

func (x *table) chooses(f *present.Field, part string) {
	x.t.Helper()
	i := slices.IndexFunc(f.Options, func(r present.Row) bool { return strings.Contains(r.Title, part) })
	if i < 0 {
		x.t.Fatalf("no option %q in %+v", part, f.Options)
	}
	x.leaf().Choose(f, i)
	x.settle()
}

// text is all that parts say.
func text(parts []present.Part) string {
	var out []string
	for _, p := range parts {
		switch p := p.(type) {
		case present.Text:
			out = append(out, p.Text)
		case present.Rows:
			out = append(out, p.Head)
			for _, r := range p.Rows {
				out = append(out, r.Title+" / "+r.Detail)
			}
		case present.Pairs:
			for _, q := range p.Pairs {
				out = append(out, q[0]+"："+q[1])
			}
		case *present.Field:
			out = append(out, "["+p.Label+"]")
		}
	}
	return strings.Join(out, "\n")
}

func (x *table) project() *review.Project {
	x.t.Helper()
	s, err := x.hall.Enter(x.hall.ID, script.Secretary, script.Passphrase)
	x.must(err)
	return s.State().Project(x.id)
}

// handback is what stands on the button by which a person gives the machine back.
const handback = "交还电脑"

// TestTally holds that the table says what papers say, to each what he may see.
func TestTally(t *testing.T) {
	x := newTable(t)
	x.ruled(nil, func(seat review.SeatID, it review.Item) string {
		if it.Kind != review.ItemScore || seat != script.Fourth {
			return ""
		}
		return "1"
	})
	x.opens(script.Chair, present.NewTally)
	p := x.Page().(*present.Tally)
	head, scored := p.Head(), 0
	fourth := slices.IndexFunc(head, func(c present.Cell) bool { return c.Text == "章衡" })
	if fourth < 4 || head[fourth-3].Text != "龚䶮" {
		t.Fatalf("head %+v", head)
	}
	for row := range p.Rows() {
		for col := range head {
			if c := p.Cell(row, col); col >= 3 && c.Figure && c.Text != "" && regexp.MustCompile(`^\d+\.\d\d$`).MatchString(c.Text) {
				scored++
			}
		}
	}
	last := p.Cell(p.Rows()-1, fourth)
	if scored == 0 || !strings.Contains(last.Text, "畸低") || last.Tone != present.ToneDecide {
		t.Errorf("%d figures, last total %+v", scored, last)
	}
	if !regexp.MustCompile(`^\d+\.\d\d 分$`).MatchString(p.Official()) || !strings.Contains(p.Method(), "加权平均分") {
		t.Errorf("official %q, %q", p.Official(), p.Method())
	}
	var views []string
	for _, v := range p.Views() {
		views = append(views, v.Title)
	}
	if got := strings.Join(views, ""); got != "评分表结果计算意见审查" {
		t.Errorf("views %s", got)
	}
	for i, want := range []string{"", "去高低平均分", "加权平均分：各项之和", "共享目录应补充", "系统默认"} {
		p.SetView(i)
		if said := text(p.Content()); i > 0 && !strings.Contains(said, want) {
			t.Errorf("view %d does not say %q: %s", i, want, said)
		}
	}
	p.SetView(0)
	p.Choose(0, fourth)
	if said := text(p.Content()); p.Tabled() || !strings.Contains(said, "s05的理由") || strings.Contains(said, "共享目录") {
		t.Errorf("an item says %s", said)
	}

	// An expert sees what it all comes to and his own, and nothing of any other's.
	x.opens(script.Second, present.NewTally)
	p = x.Page().(*present.Tally)
	if h := p.Head(); h[len(h)-2].Text != "本人" || p.Official() == "" {
		t.Errorf("head %+v, official %q", h, p.Official())
	}
	for i := range p.Views() {
		p.SetView(i)
		if said := text(p.Content()); strings.Contains(said, "章衡") || strings.Contains(said, "s05") {
			t.Errorf("an expert reads %s", said)
		}
	}
	// A member sees nothing yet.
	x.opens(script.Member, present.NewTally)
	x.says(present.ToneError, string(review.CodeHidden))
}

// TestTallyPlain holds that a scheme that is not weighted has counts and no figure.
func TestTallyPlain(t *testing.T) {
	x := newTable(t)
	x.plain()
	x.opens(script.Secretary, present.NewTally)
	p := x.Page().(*present.Tally)
	if p.Official() != "" || !strings.Contains(p.Method(), "不计总分") {
		t.Errorf("official %q, %q", p.Official(), p.Method())
	}
	found := false
	for row := range p.Rows() {
		for col := range p.Head() {
			found = found || strings.Contains(p.Cell(row, col).Text, "符合 4")
		}
	}
	if !found {
		t.Error("answers are not counted")
	}
	x.press()
	x.on(present.PlaceOpinion)
}

// open is a gate that the experts answer two and two.
func open(seat review.SeatID, it review.Item) string {
	if it.Kind != review.ItemScore && (seat == script.Chair || seat == script.Second) {
		return review.AnswerNo
	}
	return ""
}

// TestSettle holds that the chair settles what the experts leave open before he concludes.
func TestSettle(t *testing.T) {
	x := newTable(t)
	x.ruled(nil, open)
	x.opens(script.Chair, present.NewOpinion)
	x.row(x.Page().(*present.Opinion).Content(), "汇成初稿")
	x.press()
	x.opens(script.Chair, present.NewConclude)
	if said := text(x.leaf().Content()); !strings.Contains(said, "须先由组长认定") {
		t.Fatalf("nothing is open: %s", said)
	}
	for range 5 {
		if x.Page().Primary().Label != "逐项认定" {
			break
		}
		x.press()
		x.on(present.PlaceAct)
		x.press()
		x.says(present.ToneError, string(review.CodeTextEmpty))
		x.chooses(x.field(present.FieldChoice, 0), "符合")
		x.types(x.field(present.FieldLine, 0), "经合议认为符合。")
		x.press()
		x.on(present.PlaceConclude)
	}
	if len(x.project().Settled) == 0 || x.Page().Primary().Label != "作出结论" {
		t.Errorf("settled %+v, then %q", x.project().Settled, x.Page().Primary().Label)
	}
	x.opens(script.Chair, present.NewTally)
	p := x.Page().(*present.Tally)
	p.SetView(1)
	if said := text(p.Content()); !strings.Contains(said, "组长认定为符合") {
		t.Errorf("the tally says %s", said)
	}
}

// takes uses what somebody wrote.
func (x *table) takes(content []present.Part, says string) {
	x.t.Helper()
	for i, part := range content {
		if p, ok := part.(present.Text); ok && strings.Contains(p.Text, says) {
			content[i+1].(present.Rows).Rows[0].Do()
			x.settle()
			return
		}
	}
	x.t.Fatalf("nobody wrote %q: %s", says, text(content))
}

// TestOpinion holds that the text is kept through a kill, that each version is kept, that
// sources stay with their paragraphs, and that who may not write only reads.
func TestOpinion(t *testing.T) {
	x := newTable(t)
	x.ruled(nil, nil)
	x.opens(script.Secretary, present.NewOpinion)
	p := x.Page().(*present.Opinion)
	x.row(p.Content(), "汇成初稿")
	all := func() (out []*present.Written) {
		for _, s := range p.Sections() {
			out = append(out, s.Paragraphs...)
		}
		return out
	}
	if n := len(all()); n != 5 { // what all four wrote alike stands once
		t.Fatalf("%d paragraphs", n)
	}
	if c := p.Credit(all()[0]); !strings.Contains(c, "龚䶮、欧阳㛃") {
		t.Errorf("sources %q", c)
	}
	p.Set(all()[0], "方案总体可行，")
	x.settle()
	p.Set(all()[0], "方案总体可行，建议通过。")
	x.settle()
	x.killed()
	x.opens(script.Secretary, present.NewOpinion)
	x.says(present.ToneDone, catalogue(t).T("draft.restored", nil))
	p = x.Page().(*present.Opinion)
	if got, _ := all()[0].Text(); got != "方案总体可行，建议通过。" || len(all()) != 5 {
		t.Fatalf("after a kill %q of %d", got, len(all()))
	}
	// Over a heading a paragraph goes to the next one.
	first, titles := all()[0], p.Sections()
	for range 5 {
		p.Down(first)
	}
	now := p.Sections()
	for i := range now {
		if slices.Contains(now[i].Paragraphs, first) && titles[i].Title != now[i].Title || slices.Contains(titles[i].Paragraphs, first) && slices.Contains(now[i].Paragraphs, first) {
			t.Errorf("the paragraph stayed under %q", now[i].Title)
		}
	}
	p.Set(all()[0], strings.Repeat("字", review.MaxParagraph+1))
	if _, over := p.Count(all()[0]); !over {
		t.Error("too long a paragraph is not told")
	}
	x.press()
	x.says(present.ToneError, string(review.CodeTextLong))
	p.Set(all()[0], "第一段。\n第二段。")
	x.press()
	x.says(present.ToneDone, "第 1 稿")
	v := x.project().Opinion[0].Paragraphs
	if len(v) != 6 || v[0].Text != "第一段。" || v[1].Text != "第二段。" || len(v[1].Sources) == 0 || v[1].Section == "" {
		t.Errorf("version %+v", v)
	}
	if label := p.Primary().Label; label == "形成一稿" {
		t.Error("the same text makes another version")
	}
	// A source is taken as a paragraph of its own, or as one more source.
	p.Touch(all()[0])
	p.Choose(p.Content()[0].(*present.Field), 1)
	before := len(all())
	x.takes(p.Content(), "s05：共享")
	if len(all()) != before || !strings.Contains(p.Credit(all()[0]), "章衡") {
		t.Errorf("%d paragraphs, sources %q", len(all()), p.Credit(all()[0]))
	}
	p.Choose(p.Content()[0].(*present.Field), 0)
	x.takes(p.Content(), "s05：共享")
	if len(all()) != before+1 {
		t.Errorf("%d paragraphs", len(all()))
	}
	p.Remove(all()[before])
	x.press()
	if n := len(x.project().Opinion); n != 2 {
		t.Errorf("%d versions", n)
	}
	x.row(p.Content(), "第 1 稿")
	if said := text(x.leaf().Content()); !strings.Contains(said, "第一段。") || !strings.Contains(said, "第 1 稿") {
		t.Errorf("version 1 says %s", said)
	}
	x.opens(script.Second, present.NewOpinion)
	if said := text(x.leaf().Content()); !strings.Contains(said, "第二段。") || strings.Contains(said, "出自") {
		t.Errorf("an expert reads %s", said)
	}
}

// TestOpinionOvertaken holds that a draft is not put over what the other officer wrote since.
func TestOpinionOvertaken(t *testing.T) {
	x := newTable(t)
	x.plain()
	x.opens(script.Chair, present.NewOpinion)
	p := x.Page().(*present.Opinion)
	p.Add(p.Sections()[0].Title)
	p.Set(p.Sections()[0].Paragraphs[0], "组长的草稿。")
	x.settle()
	x.must(x.hall.Sessions[script.Secretary].DraftOpinion(x.id, []review.OpinionParagraph{{Text: "秘书的一稿。"}}))
	x.HandBack()
	x.settle()
	x.opens(script.Chair, present.NewOpinion)
	x.says(present.ToneDecide, "已有第 1 稿")
	p = x.Page().(*present.Opinion)
	if got, _ := p.Sections()[0].Paragraphs[0].Text(); got != "组长的草稿。" {
		t.Errorf("the draft is %q", got)
	}
}

// TestConclude holds that what a conclusion has to answer is asked for, that the secretary
// consents to what departs, and that a wrong secret records nothing.
func TestConclude(t *testing.T) {
	x := newTable(t)
	x.ruled(map[string]any{"preparer_qualified": false}, nil)
	x.opens(script.Chair, present.NewConclude)
	if x.Page().Primary().Label != "写专家组意见" {
		t.Errorf("without an opinion: %q", x.Page().Primary().Label)
	}
	x.must(x.hall.Sessions[script.Secretary].DraftOpinion(x.id, []review.OpinionParagraph{{Text: "同意。"}}))
	x.opens(script.Chair, present.NewConclude)
	x.press()
	x.says(present.ToneError, "请先选定")
	x.chooses(x.field(present.FieldChoice, 0), "未通过")
	if said := text(x.leaf().Content()); strings.Contains(said, "逐条说明理由") || strings.Contains(said, "ask.second") {
		t.Errorf("what is suggested asks for more: %s", said)
	}
	x.chooses(x.field(present.FieldChoice, 0), "通过评审")
	x.press()
	x.says(present.ToneError, "请写明不按")
	x.types(x.field(present.FieldLine, 0), "编制单位已补交资质证明。")
	for row, place := range map[string]present.Place{"第 1 稿": present.PlaceOpinion, "评分汇总": present.PlaceTally} {
		x.row(x.leaf().Content(), row) // what is typed is there when he comes back from reading
		x.on(place)
		x.Page().Back()
		x.settle()
		x.on(present.PlaceConclude)
	}
	x.press()
	x.says(present.ToneError, "与规则提示不一致")
	x.types(x.field(present.FieldLine, 1), "资质已核实。")
	x.types(x.field(present.FieldSecret, 0), "wrong-"+script.Passphrase)
	x.press()
	x.says(present.ToneError, string(review.CodeSecretWrong))
	if x.project().Conclusion != nil || x.field(present.FieldSecret, 0).Value != "" || x.field(present.FieldLine, 0).Value == "" {
		t.Error("a wrong secret recorded something, or stays, or took the reasons away")
	}
	x.types(x.field(present.FieldSecret, 0), script.Passphrase)
	x.press()
	x.says(present.ToneDone, "已记录")
	c := x.project().Conclusion
	if c == nil || c.Outcome != "passed" || len(c.Against) != 1 || c.Against[0].Rule != "YQ-R02" || c.Suggested != "not_passed" {
		t.Fatalf("conclusion %+v", c)
	}
	if said := text(x.leaf().Content()); !strings.Contains(said, "编制单位已补交资质证明") || x.Page().Primary().Label != "表态" {
		t.Errorf("concluded: %s, then %q", said, x.Page().Primary().Label)
	}
	// Who does not preside reads it.
	x.opens(script.Second, present.NewConclude)
	if said := text(x.leaf().Content()); !strings.Contains(said, "资质已核实") {
		t.Errorf("an expert reads %s", said)
	}
}

// TestCountVotes holds that votes are counted by both officers and sum to those who vote.
func TestCountVotes(t *testing.T) {
	x := newTable(t)
	x.plain()
	x.opens(script.Secretary, leaf(present.NewCountVotes))
	for i, v := range []string{"是否同意专家组意见", "３", "", "0"} {
		x.types(x.field(present.FieldLine, i), v)
	}
	x.types(x.field(present.FieldSecret, 0), x.hall.Codes[script.Chair])
	x.press()
	x.says(present.ToneError, string(review.CodeVoteCount))
	x.types(x.field(present.FieldLine, 2), "一")
	x.types(x.field(present.FieldSecret, 0), x.hall.Codes[script.Chair])
	x.press()
	x.says(present.ToneError, string(review.CodeVoteCount))
	x.types(x.field(present.FieldLine, 2), "１")
	x.types(x.field(present.FieldSecret, 0), x.hall.Codes[script.Chair])
	x.press()
	if c := x.project().Counts; len(c) != 1 || c[0].Yes != 3 || c[0].No != 1 {
		t.Errorf("counts %+v; %q", c, x.Page().Message().Text)
	}
}

// concluded is a plain project with its conclusion.
func (x *table) concluded() {
	x.t.Helper()
	x.plain()
	x.must(x.hall.Sessions[script.Secretary].DraftOpinion(x.id, []review.OpinionParagraph{{Text: "方案可行。"}}))
	x.must(x.hall.Sessions[script.Chair].Conclude(nil, review.ConclusionReached{Project: x.id, Outcome: "passed", Against: []review.Against{}}))
}

// TestPosition holds that a dissent is kept through a kill, is signed as drawn, and may be
// taken anew.
func TestPosition(t *testing.T) {
	x := newTable(t)
	x.concluded()
	x.opens(script.Third, present.NewPosition)
	x.press()
	x.says(present.ToneError, "请先选定")
	x.chooses(x.field(present.FieldChoice, 0), "不同意")
	x.press()
	x.says(present.ToneError, "请写明")
	x.types(x.field(present.FieldText, 0), "安全投入不足，\n应重新论证。")
	x.killed()
	x.opens(script.Third, present.NewPosition)
	x.says(present.ToneDone, catalogue(t).T("draft.restored", nil))
	if f := x.field(present.FieldText, 0); f.Value != "安全投入不足，\n应重新论证。" || x.field(present.FieldChoice, 0).At != 2 {
		t.Fatalf("after a kill %q", f.Value)
	}
	x.chooses(x.way(), "手写")
	x.press()
	x.says(present.ToneError, string(review.CodeStrokes))
	x.draws()
	x.press()
	x.says(present.ToneDone, "请交还")
	p := x.project()
	v, ok := p.Vote(script.Third, p.Conclusion.Digest)
	if !ok || v.Choice != review.ChoiceDisagree || v.Text != "安全投入不足，应重新论证。" || v.Paper == "" {
		t.Fatalf("vote %+v", v)
	}
	if x.Page().Primary().Label != handback {
		t.Errorf("then %q", x.Page().Primary().Label)
	}
	x.row(x.leaf().Content(), "重新表态")
	x.chooses(x.field(present.FieldChoice, 0), "保留")
	if x.way().At != 1 {
		t.Error("what was drawn once is not offered again")
	}
	x.chooses(x.field(present.FieldChoice, 0), "弃权")
	x.press()
	p = x.project()
	if v, _ := p.Vote(script.Third, p.Conclusion.Digest); v.Choice != review.ChoiceAbstain || v.Text != "" {
		t.Errorf("vote %+v", v)
	}
	// The next one at the machine is not offered another's signature.
	x.press()
	x.on(present.PlaceBoard)
	x.opens(script.Second, present.NewPosition)
	x.chooses(x.field(present.FieldChoice, 0), "不同意")
	if x.way().At == 1 {
		t.Error("somebody else's signature is offered")
	}
}

// way finds where the look of a signature is chosen.
func (x *table) way() *present.Field {
	x.t.Helper()
	for _, part := range x.leaf().Content() {
		if f, ok := part.(*present.Field); ok && f.Label == "签名的样式" {
			return f
		}
	}
	x.t.Fatalf("nowhere to sign: %s", text(x.leaf().Content()))
	return nil
}

// draws draws a signature on the paper that the page leads to.
func (x *table) draws() {
	x.t.Helper()
	x.chooses(x.way(), "手写")
	x.row(x.leaf().Content(), "签名")
	p := x.Page().(*present.Drawing)
	x.press()
	x.says(present.ToneError, string(review.CodeStrokes))
	p.Draw([][]image.Point{{{X: -1, Y: 1}, {X: 30, Y: 20}}}, 100, 50)
	if l := p.Lines(); len(l) != 1 || len(l[0]) != 2 || l[0][0].X != 0 {
		x.t.Errorf("drawn %v", l)
	}
	x.press()
}

// agree has everybody but some agree with the conclusion.
func (x *table) agree() {
	x.t.Helper()
	for _, seat := range []review.SeatID{script.Chair, script.Second, script.Third, script.Fourth, script.Member} {
		x.must(x.hall.Sessions[seat].Vote(x.id, review.ChoiceAgree, "", review.Look{}))
	}
}

// TestSigning is a round of signatures: what is missing is told before, ink is no key, the
// chair signs last, who does not sign has a witness.
func TestSigning(t *testing.T) {
	x := newTable(t)
	x.concluded()
	x.opens(script.Secretary, present.NewBeginSigning)
	if said := text(x.leaf().Content()); !strings.Contains(said, "在场而没有表态") || !strings.Contains(said, "没有评审依据的文号和条款") {
		t.Errorf("before the certification: %s", said)
	}
	if !x.leaf().Caution() {
		t.Error("what cannot be undone takes the focus")
	}
	x.press()
	x.says(present.ToneError, string(review.CodePositionMissing))
	x.agree()
	ink := x.field(present.FieldTick, 3) // the member, before the chair
	if !strings.Contains(ink.Label, "毕昇") {
		t.Fatalf("tick %q", ink.Label)
	}
	x.leaf().Tick(ink, true)
	x.press()
	x.says(present.ToneDone, "已经定稿")
	if said := text(x.leaf().Content()); !strings.Contains(said, "校验码") || !strings.Contains(said, "扫描件还没有齐") {
		t.Errorf("the round says %s", said)
	}

	x.opens(script.Chair, present.NewSign)
	if said := text(x.leaf().Content()); !strings.Contains(said, "还在等") || strings.Contains(said, "签名的样式") || x.Page().Primary().Label != handback {
		t.Errorf("the chair before the others: %s", said)
	}
	x.opens(script.Member, present.NewSign)
	if said := text(x.leaf().Content()); !strings.Contains(said, "在纸上亲笔签名") || strings.Contains(said, "签名的样式") {
		t.Errorf("who signs in ink: %s", said)
	}

	x.opens(script.Second, present.NewSign)
	x.press()
	x.says(present.ToneDone, "签署完毕")
	if x.Page().Primary().Label != handback {
		t.Errorf("after signing %q", x.Page().Primary().Label)
	}
	x.press()
	x.on(present.PlaceBoard)

	// The secretary records who does not sign.
	x.opens(script.Secretary, present.NewSign)
	x.row(x.leaf().Content(), "记录不签署的情况")
	x.press()
	x.says(present.ToneError, "没有签署的人")
	x.chooses(x.field(present.FieldChoice, 0), "黄𫖮")
	x.types(x.field(present.FieldLine, 0), "对结论有不同意见。")
	witness := x.field(present.FieldChoice, 1)
	for _, o := range witness.Options {
		if strings.Contains(o.Title, "黄𫖮") || strings.Contains(o.Title, "吕蒙正") {
			t.Errorf("%s can witness", o.Title)
		}
	}
	x.chooses(witness, "章衡")
	x.types(x.field(present.FieldSecret, 0), x.hall.Codes[script.Second])
	x.press()
	x.says(present.ToneError, string(review.CodeSecretWrong))
	x.types(x.field(present.FieldSecret, 0), x.hall.Codes[script.Fourth])
	x.press()
	x.says(present.ToneDone, "已记录")

	// The scan of each paper comes back by its 校验码.
	x.row(x.leaf().Content(), "扫描件")
	x.press()
	x.says(present.ToneError, "请先选择扫描件")
	for i, q := range x.project().Signing().Papers {
		x.row(x.leaf().Content(), "打印"+catalogue(t).T("form."+string(q.Form), nil))
		x.says(present.ToneDone, "已送打印")
		if n := len(x.outside.printed); n == 0 || !strings.HasSuffix(x.outside.printed[n-1], "-certified.pdf") {
			t.Errorf("printed %v", x.outside.printed)
		}
		path := "/media/" + q.Check + ".pdf"
		x.outside.Choose(path, []byte("%PDF-1.4 "+q.Check))
		if i == 0 { // by the keyboard
			x.types(x.field(present.FieldLine, 0), "scan.pdf")
			x.types(x.field(present.FieldLine, 1), q.Check)
			x.press()
			x.says(present.ToneError, "完整的路径")
			x.types(x.field(present.FieldLine, 0), ` "`+path+`"`)
		} else {
			x.row(x.leaf().Content(), "选择扫描件")
		}
		x.types(x.field(present.FieldLine, 1), "0000")
		x.types(x.field(present.FieldSecret, 0), x.hall.Codes[script.Chair])
		x.press()
		x.says(present.ToneError, string(review.CodeScanCheck))
		x.types(x.field(present.FieldLine, 1), strings.ToLower(q.Check))
		x.types(x.field(present.FieldSecret, 0), x.hall.Codes[script.Chair])
		x.press()
		x.says(present.ToneDone, "扫描件已记录")
	}
	if said := text(x.leaf().Content()); !strings.Contains(said, "扫描件已记录") {
		t.Errorf("after the scans: %s", said)
	}
	x.opens(script.Fourth, present.NewSign)
	x.press()
	x.opens(script.Chair, present.NewSign)
	x.draws()
	x.press()
	x.says(present.ToneDone, "签署完毕")
	s, err := x.hall.Enter(x.hall.ID, script.Secretary, script.Passphrase)
	x.must(err)
	if left := s.State().UnsignedSet(s.State().Project(x.id), s.State().Project(x.id).Signing()); len(left) > 0 {
		t.Errorf("unsigned %v", left)
	}
}

// TestTables holds that tables are laid before the panel ahead of the conclusion.
func TestTables(t *testing.T) {
	x := newTable(t)
	x.plain()
	x.must(x.hall.Sessions[script.Secretary].RecordFulfilment(x.id,
		[]review.Term{{Requirement: "共享接口不少于40个", Actual: "40个", Met: review.MetYes}}, nil))
	x.opens(script.Secretary, present.NewCertifyTables)
	if said := text(x.leaf().Content()); !strings.Contains(said, "履约情况表") || strings.Contains(said, "变更认可表") || strings.Contains(said, "在场而没有表态") {
		t.Errorf("tables: %s", said)
	}
	x.press()
	x.on(present.PlaceSign)
	x.opens(script.Second, present.NewSign)
	x.press()
	x.says(present.ToneDone, "签署完毕")
}

// TestTallyRounds holds that earlier rounds can be looked at, and that what is shown is said.
func TestTallyRounds(t *testing.T) {
	x := newTable(t)
	x.plain()
	x.hold(script.Score(x.id, 2)...)
	x.hold(script.Open(x.id))
	x.opens(script.Secretary, present.NewTally)
	p := x.Page().(*present.Tally)
	if !strings.Contains(p.Heading(), "第 2 轮") {
		t.Errorf("heading %q", p.Heading())
	}
	second := p.Cell(0, len(p.Head())-2).Text
	p.SetView(1)
	x.row(p.Content(), "第 1 轮")
	p = x.Page().(*present.Tally)
	if first := p.Cell(0, len(p.Head())-2).Text; !strings.Contains(p.Heading(), "第 1 轮") || first == second {
		t.Errorf("heading %q, marks %s and %s", p.Heading(), first, second)
	}
}

// TestAnnex holds that a dissent can still be added when the papers are certified, and
// nothing else.
func TestAnnex(t *testing.T) {
	x := newTable(t)
	x.concluded()
	x.agree()
	x.must(x.hall.Sessions[script.Secretary].BeginSigning(x.id))
	x.opens(script.Third, present.NewPosition)
	x.row(x.leaf().Content(), "重新表态")
	if o := x.field(present.FieldChoice, 0).Options; len(o) != 2 {
		t.Errorf("options %+v", o)
	}
	x.chooses(x.field(present.FieldChoice, 0), "保留")
	x.types(x.field(present.FieldText, 0), strings.Repeat("长", review.MaxReason+1))
	if said := text(x.leaf().Content()); !strings.Contains(said, "501 / 500") {
		t.Errorf("too long a text is not told: %s", said)
	}
	x.press()
	x.says(present.ToneError, string(review.CodeTextLong))
	x.types(x.field(present.FieldText, 0), "工期偏紧。")
	x.press()
	x.says(present.ToneDone, "请交还")
	p := x.project()
	if v, _ := p.Vote(script.Third, p.Conclusion.Digest); !v.Annex || v.Paper == "" {
		t.Errorf("vote %+v", v)
	}
}

// TestChangedBack holds that a text that was changed and changed back is not said to be on
// its way for ever.
func TestChangedBack(t *testing.T) {
	x := newTable(t)
	x.concluded()
	x.opens(script.Third, present.NewPosition)
	x.chooses(x.field(present.FieldChoice, 0), "同意")
	if m := x.Page().Message(); m.Text != "" {
		t.Errorf("message %+v", m)
	}
}

// TestNewerDrafts holds that what a later version of the program kept is not lost by looking
// at it with this one.
func TestNewerDrafts(t *testing.T) {
	const newer = `{"v":2,"text":"更新的程序写的"}`
	x := newTable(t)
	look := func(seat review.SeatID, key string, page func(*present.Desk, review.ProjectID) present.Page) {
		t.Helper()
		x.must(x.hall.Sessions[seat].SaveDraft(key, newer))
		x.opens(seat, page)
		if m := x.Page().Message(); m.Text != "" {
			t.Errorf("%s says %q", key, m.Text)
		}
		x.Page().Back()
		x.settle()
		if kept, err := x.hall.Sessions[seat].Draft(key); err != nil || kept != newer {
			t.Errorf("%s: %q, %v", key, kept, err)
		}
	}
	x.plain()
	look(script.Chair, review.OpinionDraft(x.id), present.NewOpinion)
	x.must(x.hall.Sessions[script.Secretary].DraftOpinion(x.id, []review.OpinionParagraph{{Text: "方案可行。"}}))
	x.must(x.hall.Sessions[script.Chair].Conclude(nil, review.ConclusionReached{Project: x.id, Outcome: "passed", Against: []review.Against{}}))
	look(script.Third, review.VoteDraft(x.id), present.NewPosition)
}

// TestImport holds that a package comes in by the keyboard alone: where it lies is typed, its
// issuer is registered by certificate and fingerprint, and what was looked at is imported.
func TestImport(t *testing.T) {
	x := newTable(t)
	s, err := x.hall.Create(meeting.NewMeeting{Title: "评审会", Secretary: "龚䶮", Passphrase: passphrase, Repeated: passphrase})
	x.must(err)
	x.Seat(s)
	x.outside.content = map[string][]byte{"/media/p.rpk": x.bag(nil), "/media/issuer.cer": issuer().Certificate()}
	x.Go(present.PlaceProjects)
	x.settle()
	x.press()
	x.on(present.PlaceImport)

	place := x.field(present.FieldLine, 0)
	x.types(place, "p.rpk")
	x.press()
	x.says(present.ToneError, "完整的路径")
	x.types(place, "/media/q.rpk")
	x.press()
	x.says(present.ToneError, string(review.CodeFileMissing))
	x.types(place, "/media/p.rpk")
	x.press()
	x.says(present.ToneError, string(review.CodePackageIssuer))
	x.press()
	x.on(present.PlaceAct)
	x.types(x.field(present.FieldLine, 0), "/media/issuer.cer")
	x.press()
	x.says(present.ToneDone, "乐清市电子政务中心")
	x.types(x.field(present.FieldLine, 1), "1234")
	x.press()
	if m := x.Page().Message(); m.Tone != present.ToneError {
		t.Errorf("of a wrong fingerprint it says %+v", m)
	}
	x.types(x.field(present.FieldLine, 1), issuer().Fingerprint().String())
	x.press()
	x.on(present.PlaceImport)
	x.says(present.ToneDone, "核验通过")
	x.press()
	x.on(present.PlaceProjects)
	if n := len(s.State().Projects); n != 1 {
		t.Errorf("%d projects", n)
	}
}

// TestImportOwn holds that of a package that brings a regulation it is said, before it comes
// in, that it does and for whom; and that one that cannot be is told with its place.
func TestImportOwn(t *testing.T) {
	pack, err := assets.Packs.ReadFile("packs/yueqing-2015.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		id   string
		says string
		tone present.Tone
	}{
		"its own":       {"lucheng-2026", "核验通过", present.ToneDone},
		"the program's": {"yueqing-2015", "yueqing-2015", present.ToneError},
		"of no form":    {"LUCHENG", "regulation.yaml 4:5", present.ToneError},
	} {
		t.Run(name, func(t *testing.T) {
			x := newTable(t)
			s, err := x.hall.Create(meeting.NewMeeting{Title: "评审会", Secretary: "龚䶮", Passphrase: passphrase, Repeated: passphrase})
			x.must(err)
			_, err = x.hall.TrustIssuer(issuer().Certificate(), issuer().Fingerprint().String())
			x.must(err)
			x.Seat(s)
			brought := strings.NewReplacer("yueqing-2015", c.id, "乐清", "鹿城", "乐政办发〔2015〕10号", "鹿政办发〔2026〕3号", "YQ-", "LC-").Replace(string(pack))
			own := bag.Tree{"regulation.yaml": []byte(brought)}
			x.outside.content = map[string][]byte{"/media/p.rpk": x.bagWith(nil, c.id+".technical_review", own)}
			x.Go(present.PlaceProjects)
			x.settle()
			x.press()
			x.on(present.PlaceImport)
			x.types(x.field(present.FieldLine, 0), "/media/p.rpk")
			x.press()
			x.says(c.tone, c.says)
			told := ""
			for _, part := range x.Page().(*present.Leaf).Content() {
				if p, ok := part.(present.Text); ok {
					told += p.Text + "\n"
				}
			}
			brings := strings.Contains(told, "本评审包自带制度规则“") && strings.Contains(told, "（lucheng-2026），只用于本评审包的项目")
			if brings != (c.tone == present.ToneDone) {
				t.Errorf("it tells %s", told)
			}
		})
	}
}

// TestDrawnOnce holds that a page is drawn with what its work gave, and not between: else the
// focus would go to the button, where there is nothing else yet.
func TestDrawnOnce(t *testing.T) {
	x := newTable(t)
	x.plain()
	x.sits(script.Secretary)
	x.Turn(func() present.Page { return present.NewOpinion(x.Desk, x.id) })
	p := x.Page().(*present.Opinion)
	x.Page().OnChange(func() {
		if x.Page().Message().Tone != present.ToneBusy && len(p.Content()) == 0 {
			t.Error("it is drawn as done, with nothing on it")
		}
	})
	x.settle()
	if len(p.Content()) == 0 {
		t.Error("there is nothing on it")
	}
}
