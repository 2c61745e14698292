//go:build window

package main

import (
	"fmt"
	"image"
	"image/color"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"heyi/review"
)

// room is a meeting in one window, passed from one person to the next.
type room struct {
	*program
	data   string
	people []*person // in the order of the board
}

// person is one who takes part.
type person struct {
	name   string
	secret string // his code, or his passphrase
	back   bool   // he comes back by four digits
}

// entry is what somebody types where he consents.
func (p *person) entry() string {
	if p.back {
		return quick
	}
	return p.secret
}

// TestMeeting holds the sample meeting on a technical plan from the package to the filing
// folder: in the real window, by the keyboard alone, on one machine passed round.
func TestMeeting(t *testing.T) {
	d := newDesktop(t, "1366x768")
	bag, issuer, fingerprint := d.sample()
	r := &room{data: filepath.Join(d.home, "meeting")}
	r.program = d.start("--data", r.data)
	for _, name := range []string{"张三", "单㛃", "钱𫖮", "周䶮", "郑拟", "吴式", "王样", "陈备", "卫存", "孔督"} {
		r.people = append(r.people, &person{name: name})
	}
	secretary, chair, experts := r.people[0], r.people[1], r.people[1:7]
	secretary.secret, secretary.back = passphrase, true
	stage := func(name string, f func()) {
		began := time.Now()
		f()
		t.Logf("%s: %.1f s", name, time.Since(began).Seconds())
	}

	stage("import", func() {
		r.found()
		r.bring(bag, issuer, fingerprint)
	})
	stage("seats", func() {
		r.do("专家组")
		r.do("领席")
		for i, who := range r.people[1:] {
			if i > 0 {
				r.call(who)
			}
			r.claim(who)
		}
	})
	stage("panel", func() {
		r.come(secretary)
		r.do("专家组")
		r.do("记下组长")
		r.keep("chair")
		r.do("评审项目")
		r.do("确认专家组")
		r.plain(chair.entry())
		r.keep("confirm")
		r.do("评审项目")
		r.hand()
	})
	stage("declarations", func() {
		for _, who := range experts {
			r.come(who)
			r.do("回避声明")
			r.press("space")
			r.keep("declare")
			r.do("评审项目")
			r.hand()
		}
	})
	stage("begin", func() {
		r.come(secretary)
		r.project()
		r.keep("project")
		r.press("Down", "Down", "Down", "Down", "Down", "Return")
		r.at("决定回避")
		r.press("End", "Tab")
		r.word("huibi")
		r.press("Return")
		r.plain(chair.entry())
		r.keep("recuse")
		r.do("项目")
		r.press("Escape")
		r.at("评审项目")
		r.do("开始评分")
		r.keep("round")
		r.do("项目")
		r.hand()
	})
	stage("score", func() {
		// The first is called away in the middle; the second loses power.
		r.come(experts[0])
		r.sheet()
		r.marks("9", "13", "15")
		r.keep("sheet-away")
		r.hands()
		r.come(experts[0])
		r.do("评分表")
		r.press(padEnter, padEnter, padEnter)
		r.marks("27", "15.5")
		r.votes()
		r.long()
		r.submit("sheet")

		r.come(experts[1])
		r.sheet()
		r.marks("8.5", "12.5", "14")
		r.settled(r.data)
		r.kill()
		r.program = d.start("--data", r.data)
		for _, x := range r.people {
			x.back = false
		}
		r.at("会议列表")
		r.press("Return")
		r.come(experts[1])
		r.do("评分表")
		r.press(padEnter, padEnter, padEnter)
		r.marks("25.5", "15")
		r.votes()
		r.short("tongyi")
		r.submit("sheet-restored")

		for i, marks := range [][]string{{"9", "13", "16", "22", "15.5"}, {"8.5", "12", "15.5", "28", "13"}, {"9", "13.5", "12.5", "28.5", "16.5"}} {
			r.come(experts[2+i])
			r.sheet()
			r.marks(marks...)
			r.votes()
			r.short("kexing")
			r.submit("sheet-short")
		}
	})
	stage("return", func() {
		r.come(secretary)
		r.project()
		r.press("Down", "Down", "Down", "Return")
		r.at("退回评分")
		r.press("Tab")
		r.word("xiugai")
		r.keep("return")
		r.do("项目")
		r.hand()
		r.come(experts[0])
		r.do("评分表")
		r.press(padEnter, padEnter)
		r.marks("14.5")
		r.submit("sheet-returned")
	})
	stage("opening", func() {
		r.come(secretary)
		r.do("结束本轮评分")
		r.do("项目")
		r.do("开封")
		r.plain(secretary.entry())
		r.press("Return")
		r.plain(chair.entry())
		r.keep("opening")
		r.do("评分汇总")
		r.ready()
		r.keep("tally")
		r.press("shift+Tab", "Right")
		r.keep("tally-result")
		r.hands()
	})
	stage("opinion", func() {
		r.come(secretary)
		r.do("专家组意见")
		r.ready()
		r.keep("opinion-empty")
		r.press("Return")
		r.keep("opinion")
		r.primary_()
		r.says(markDone)
		r.keep("opinion-version")
		r.hands()
		r.come(chair)
		r.do("结论")
		r.ready()
		r.press("Tab", "Tab", "Down", "Down") // past what the conclusion rests on
		r.keep("conclude")
		r.primary_()
		r.says(markDone)
		r.keep("concluded")
		r.hands()
	})
	stage("positions", func() {
		for _, who := range r.signers() {
			r.come(who)
			r.do("表态")
			r.ready()
			r.press("Down")
			if who == experts[2] { // he reserves his opinion
				r.press("Down", "Tab")
				r.word("baoliu")
				r.keep("dissent")
			}
			r.primary_()
			r.says(markDone)
			r.keep("position")
			r.hand()
		}
	})
	stage("signing", func() {
		r.come(secretary)
		r.do("定稿交签")
		r.ready()
		r.keep("certify")
		r.do("签署")
		r.do("项目")
		r.hand()
		for _, who := range append(r.signers()[1:], chair) {
			r.come(who)
			r.do("签署")
			if who == experts[1] {
				r.draw()
			}
			r.keep("sign")
			r.primary_()
			r.says(markDone)
			r.hand()
		}
		r.come(secretary)
		r.do("定稿归档")
		r.plain(chair.entry())
		r.do("项目")
		r.hands()
	})
	stage("filing", func() {
		r.come(secretary)
		r.turn(2, "会议记录")
		r.word("pingshenwanbi")
		r.primary_()
		r.says(markDone)
		r.turn(1, "文件")
		r.primary_()
		r.says(markDone)
		r.keep("papers")
		r.turn(1, "归档")
		r.keep("filing-open")
		r.do("转入归档")
		r.plain(chair.entry())
		r.do("评审项目")
		r.do("归档")
		r.plain(d.home)
		r.keep("filing")
		r.primary_()
		r.says(markDone)
		r.keep("filing-written")
	})
	r.press("alt+F4")
	if err := r.gone(); err != nil {
		t.Errorf("heyi ended with %v", err)
	}
	r.check()
}

// Marks of the experts, in the order of the board and of the sheet, and what the first and the
// third wrote.
var given = [][]string{
	{"9", "13", "14.5", "27", "15.5"}, {"8.5", "12.5", "14", "25.5", "15"}, {"9", "13", "16", "22", "15.5"},
	{"8.5", "12", "15.5", "28", "13"}, {"9", "13.5", "12.5", "28.5", "16.5"},
}

const (
	opinionTyped = "专家组认为技术方案总体可行，目标明确，内容完整。接口清单不够具体，密码应用说明不足，建议补充清单，细化预算，明确责任，重新提交。"
	dissentTyped = "保留"
)

// check looks at what the meeting has left: the record, the papers, the filing folder.
func (r *room) check() {
	t := r.t
	t.Helper()
	m := r.read(r.data)
	p := m.state.Projects[0]
	if m.state.Phase != review.PhaseFiling || p.Stage != review.StageFinal || len(m.drafts) != 0 {
		t.Errorf("phase %s, stage %s, %d drafts", m.state.Phase, p.Stage, len(m.drafts))
	}
	seat := func(i int) review.SeatID { return m.state.Seats[i].ID }
	for i, marks := range given {
		b, _ := p.Round().Ballot(seat(i + 1))
		if b.Sheet == nil {
			t.Errorf("%s has no ballot", r.people[i+1].name)
			continue
		}
		for k, want := range append(slices.Clone(marks), review.AnswerYes, review.AnswerYes) {
			if got := b.Sheet.Marks[k].Value; got != want {
				t.Errorf("item %d of %s: %q, want %q", k+1, r.people[i+1].name, got, want)
			}
		}
		if i == 0 && (len(b.Sheet.Opinion) != 1 || b.Sheet.Opinion[0] != opinionTyped) {
			t.Errorf("opinion %q, want %q", b.Sheet.Opinion, opinionTyped)
		}
	}
	if !p.Recused(seat(6)) || p.Conclusion == nil || p.Conclusion.Outcome != "passed_after_revision" || len(p.Opinion) != 1 {
		t.Errorf("recused %v, conclusion %+v, %d versions of the opinion", p.Recused(seat(6)), p.Conclusion, len(p.Opinion))
	}
	if v, _ := p.Vote(seat(3), p.Conclusion.Digest); v.Choice != review.ChoiceReserve || v.Text != dissentTyped {
		t.Errorf("the third expert's position is %s %q", v.Choice, v.Text)
	}
	if len(m.state.Minutes) != 1 || len(m.state.Papers) != 1 {
		t.Errorf("%d paragraphs and %d papers of minutes", len(m.state.Minutes), len(m.state.Papers))
	}

	folders, err := filepath.Glob(filepath.Join(r.home, "归档-*"))
	if err != nil || len(folders) != 1 {
		t.Fatalf("filing folders %v, %v", folders, err)
	}
	if out, said, code := output(t, r.env, "verify", r.data, folders[0]); code != 0 || said != "" {
		t.Errorf("verify ends with %d and says %s%s", code, out, said)
	}
	var papers []string
	if err := filepath.WalkDir(folders[0], func(path string, e fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".pdf" && strings.Contains(r.must("pdfsig", "-nocert", path), "Signature") {
			papers = append(papers, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// Five individual opinions, a reservation, three papers of the conclusion, the minutes.
	if len(papers) < 10 {
		t.Errorf("the folder has %d signed papers: %v", len(papers), papers)
	}
	for _, path := range papers {
		r.must("qpdf", "--check", path)
		said := r.must("pdfsig", "-nocert", path)
		if !strings.Contains(said, "Signature is Valid.") || strings.Contains(said, "Invalid") {
			t.Errorf("pdfsig of %s:\n%s", path, said)
		}
	}
}

// project goes from somebody's projects to the one that there is.
func (r *room) project() {
	r.t.Helper()
	r.press("Return")
	r.at("项目")
}

// signers are those who say where they stand, and sign: all experts but the one who stands
// aside, and the members.
func (r *room) signers() []*person {
	return append(slices.Clone(r.people[1:6]), r.people[7:9]...)
}

// turn goes to a place so many stops down the rail.
func (r *room) turn(down int, place string) {
	r.t.Helper()
	r.press("F6", "F6")
	for range down {
		r.press("Down")
	}
	r.press("Return")
	r.at(place)
}

// draw has somebody draw his signature with the mouse.
func (r *room) draw() {
	r.t.Helper()
	r.press("Tab", "Tab", "Tab", "Down", "Tab", "Return") // past the three papers
	r.at("签名纸")
	r.waitFor("the page", r.standing())
	for i := range 3 {
		x := 400 + 180*i
		r.must("xdotool", "mousemove", fmt.Sprint(x), "300", "mousedown", "1",
			"mousemove", fmt.Sprint(x+60), "380", "sleep", "0.1", "mousemove", fmt.Sprint(x+20), "450", "sleep", "0.1",
			"mousemove", fmt.Sprint(x+120), "420", "sleep", "0.1", "mouseup", "1", "sleep", "0.1")
	}
	r.keep("draw")
	r.do("签署")
}

// hands hands the machine back from wherever its person is, by way of the top bar.
func (r *room) hands() {
	r.t.Helper()
	r.press("F6", "F6", "F6", "Tab", "Return")
	r.at("会议看板")
}

// sheet goes to the score sheet, all of it on one page.
func (r *room) sheet() {
	r.t.Helper()
	r.do("评分表")
	r.waitFor("the page", r.standing())
	r.press("F6", "shift+Tab", "Right") // to the button, and back to what stands over the sheet
}

// The keys of the number pad, by their codes: by name, xdotool would hold Shift down for them
// instead of turning NumLock on.
var padKeys = map[rune]string{
	'7': "79", '8': "80", '9': "81", '4': "83", '5': "84", '6': "85", '1': "87", '2': "88", '3': "89", '0': "90", '.': "91",
}

const padEnter = "104"

// marks gives marks one after another by the number pad.
func (r *room) marks(marks ...string) {
	r.t.Helper()
	r.press("Num_Lock")
	for _, m := range marks {
		var keys []string
		for _, c := range m {
			keys = append(keys, padKeys[c])
		}
		r.press(keys...)
		r.waitFor("the mark to stand", r.standing())
		r.press(padEnter)
	}
	r.press("Num_Lock")
}

// votes answers the two questions that take no mark, and goes on to the opinion.
func (r *room) votes() {
	r.t.Helper()
	r.press("space", "Return", "space", "Return")
}

// long is an individual opinion of sixty characters, with slips mended in mid-composition.
func (r *room) long() {
	r.t.Helper()
	r.pinyin(true)
	for _, line := range strings.Split(strings.TrimSpace(typedOpinion), "\n") {
		r.hanzi(strings.Fields(line)...)
	}
	r.pinyin(false)
}

// typedOpinion are the keys of an opinion, a piece a line.
const typedOpinion = `
z h u a n j i a z u space
r e n w e i space
j i s h u f a n g a n space
z o n g t i k e x i n g space comma
n i Escape
m u b i a o m i n g q u e space comma
n e i r o n g w a n z h e n n BackSpace g space period
j i e k o u q i n g d a n space
b u g o u j u t i space comma
m i m a y i n g y o n g space
s h u o m i n g b u z u space comma
j i a n y i b u c h o n g space
q i n g d a n Left Right Tab 1 comma
x i h u a y u s u a n space comma
m i n g q u e z e r e n space comma
c h o n g x i n t i j i a o space period
`

// hanzi presses keys of which the input method makes text, until that is on the screen.
func (d *desktop) hanzi(names ...string) {
	d.t.Helper()
	d.must("xdotool", append([]string{"key", "--delay", keyTime}, names...)...)
	d.waitFor("the text to stand", d.standing())
}

// short is an individual opinion of one word.
func (r *room) short(word string) {
	r.t.Helper()
	r.word(word)
}

// word types a word in pinyin and takes the first candidate.
func (d *desktop) word(pinyin string) {
	d.t.Helper()
	d.pinyin(true)
	d.hanzi(append(strings.Split(pinyin, ""), "space")...)
	d.pinyin(false)
}

// submit gives the sheet and hands the machine back.
func (r *room) submit(name string) {
	r.t.Helper()
	r.keep(name)
	r.do("核对提交")
	r.keep(name + "-submit")
	r.do("回执")
	r.keep(name + "-receipt")
	r.hand()
}

// call has the secretary let somebody take his seat, from the board.
func (r *room) call(who *person) {
	r.t.Helper()
	r.choose(who)
	r.at("请" + who.name + "领席")
	r.plain(quick)
	r.do("领席")
}

// choose chooses somebody on the board.
func (r *room) choose(who *person) {
	r.t.Helper()
	r.at("会议看板")
	keys := slices.Repeat([]string{"Down"}, 1+slices.Index(r.people, who)) // the first row is the projects'
	r.press(append(append([]string{"ctrl+Home"}, keys...), "Return")...)
}

// claim has somebody take his seat, promise, and hand the machine back. The observer chooses
// a passphrase; everybody else reads his code off the screen and types it off his card.
func (r *room) claim(who *person) {
	r.t.Helper()
	r.waitFor("the page", r.standing())
	r.picture("seating-cover")
	r.primary_()
	r.waitFor("the page", r.standing())
	if who == r.people[len(r.people)-1] {
		who.secret = "Jian-Du 2026"
		r.plain(who.secret)
		r.press("Return")
	} else {
		who.secret = readCode(r.t, r.look())
		r.picture("seating")
		r.primary_()
		r.waitFor("the page", r.standing())
	}
	r.plain(who.secret)
	r.keep("claim")
	r.do("四位数字")
	r.digits(who)
	if who != r.people[len(r.people)-1] {
		r.do("承诺")
		r.press("space")
		r.keep("promise")
		r.do("评审项目")
	}
	r.hand()
}

// digits has somebody choose the digits by which he comes back.
func (r *room) digits(who *person) {
	r.t.Helper()
	r.plain(quick)
	r.press("Return")
	r.type_(quick) // the last one sets them
	r.at("评审项目")
	who.back = true
}

// come brings somebody from the board to the machine.
func (r *room) come(who *person) {
	r.t.Helper()
	r.choose(who)
	r.at("登录")
	if who.back {
		r.type_(quick) // the last one brings him in
		r.at("评审项目")
		return
	}
	r.plain(who.secret)
	r.do("四位数字")
	r.digits(who)
}

// hand hands the machine back, where there is nothing else to do.
func (r *room) hand() {
	r.t.Helper()
	r.do("会议看板")
}

// keep keeps a picture of the page as soon as it stands.
func (r *room) keep(name string) {
	r.t.Helper()
	r.waitFor("the page", r.standing())
	r.picture(name)
}

// sample has the program hold its sample meeting, and gives of all that comes of it the
// package, the issuer's certificate and its fingerprint as on paper.
func (d *desktop) sample() (bag, issuer, fingerprint string) {
	d.t.Helper()
	out := filepath.Join(d.home, "sample")
	said, errs, code := output(d.t, d.env, "demo", "--out", out)
	if fingerprint = printed.FindString(said); code != 0 || fingerprint == "" {
		d.t.Fatalf("demo: %s%s", said, errs)
	}
	return filepath.Join(out, "y2.rpk"), filepath.Join(out, "issuer.pem"), fingerprint
}

// printed is how a fingerprint is printed.
var printed = regexp.MustCompile(`(\d{4} ){9}\d{4}`)

// Marks beside what the bottom line says: of what is done, and of what went wrong or is refused.
var (
	markDone  = color.RGBA{0x2F, 0x6B, 0x3C, 0xFF}
	markError = color.RGBA{0xA6, 0x1B, 0x1B, 0xFF}
	markFocus = color.RGBA{0xC9, 0x82, 0x2B, 0xFF}
)

// shows tells whether a part of the screen has a spot of a colour.
func (d *desktop) shows(part image.Rectangle, c color.RGBA) bool {
	screen, n := d.look(), 0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			at := screen.RGBAAt(x, y)
			if near(at.R, c.R) && near(at.G, c.G) && near(at.B, c.B) {
				n++
			}
		}
	}
	return n > 20
}

// near tells whether two shares of a colour are the same but for what the edges of shapes do.
func near(a, b uint8) bool { return max(a, b)-min(a, b) <= 32 }

// says waits until the bottom line says that something is done or went wrong, by the mark
// beside the sentence.
func (r *room) says(mark color.RGBA) {
	r.t.Helper()
	r.waitFor("a word of the program", func() bool { return r.shows(image.Rect(10, 600, 40, 768), mark) })
}

// ready waits until something on the page has the keyboard, as it has when the page is there.
func (r *room) ready() {
	r.t.Helper()
	r.waitFor("the page", r.standing()) // the title is another before the page is
	r.waitFor("the page to take the keyboard", func() bool { return r.shows(image.Rect(140, 60, 1366, 700), markFocus) })
}

// The pace of keys that go past the input method.
const (
	quickTime = "30" // ms
)

// press presses keys that bring no text.
func (d *desktop) press(names ...string) {
	d.t.Helper()
	d.must("xdotool", append([]string{"key", "--delay", quickTime}, names...)...)
}

// type_ types letters, digits and signs past the input method, which is off.
func (d *desktop) type_(text string) {
	d.t.Helper()
	d.must("xdotool", "type", "--delay", quickTime, text)
}

// plain is type_ until the text is on the screen.
func (d *desktop) plain(text string) {
	d.t.Helper()
	d.type_(text)
	d.waitFor("the text to stand", d.standing())
}

// standing gives a condition that holds when nothing but a caret has changed on the screen
// from one look to the next two: what was typed is there.
func (d *desktop) standing() func() bool {
	var last *image.RGBA
	same, looked := 0, time.Now()
	return func() bool {
		if time.Since(looked) < lookPause {
			return false
		}
		now := d.look()
		looked = time.Now()
		if last == nil || differing(now, last).Dx() > caretWidth {
			same = -1
		}
		last, same = now, same+1
		return same == 2
	}
}

// differing gives the smallest rectangle around all that two pictures of the screen do not
// share.
func differing(a, b *image.RGBA) image.Rectangle {
	var all image.Rectangle
	for i := 0; i < len(a.Pix); i += 4 {
		if [4]byte(a.Pix[i:]) != [4]byte(b.Pix[i:]) {
			x, y := i%a.Stride/4, i/a.Stride
			all = all.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return all
}

// lookPause is how long a look at the screen is from the next.
const lookPause = 100 * time.Millisecond

// caretWidth is how wide a blinking caret is at most, in pixels.
const caretWidth = 3

// do does the page's primary action, which leads to a place.
func (p *program) do(place string) {
	p.t.Helper()
	p.primary_()
	p.at(place)
	p.pressed = time.Now() // the window may have taken the press late: the hand waits until it has seen
}

// primary_ does the page's primary action, at the pace of a hand: a second press comes too
// soon to be meant for another page.
func (p *program) primary_() {
	p.t.Helper()
	if wait := handPause - time.Since(p.pressed); wait > 0 {
		<-time.After(wait)
	}
	p.press("ctrl+Return")
	p.pressed = time.Now()
}

// handPause is how long a hand takes from one page's primary action to the next one's.
const handPause = 600 * time.Millisecond

// found makes the meeting.
func (r *room) found() {
	r.t.Helper()
	r.at("会议列表")
	r.do("新建会议")
	r.waitFor("the page", r.standing())
	r.word("pingshenhuiyi")
	r.press("Tab")
	r.word("zhangsan")
	r.press("Return")
	r.plain(passphrase)
	r.press("Return")
	r.plain(passphrase)
	r.do("四位数字")
	r.digits(r.people[0])
}

// bring takes the package in: its issuer is not known before his fingerprint was compared.
func (r *room) bring(bag, issuer, fingerprint string) {
	r.t.Helper()
	r.do("导入评审包")
	r.keep("import")
	r.plain(bag)
	r.primary_()
	r.says(markError)
	r.picture("import-unknown")
	r.do("登记签发单位")
	r.plain(issuer)
	r.primary_()
	r.says(markDone)
	r.press("Tab", "Tab")
	r.plain(fingerprint)
	r.picture("trust")
	r.do("导入评审包")
	r.says(markDone)
	r.keep("import-preview")
	r.do("评审项目")
	r.keep("projects-imported")
}
