package present_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"heyi/app/internal/present"
	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/storetest"
)

// queue is the screen's goroutine of a test: jobs wait until the test lets them
// run, timers until it lets them ring.
type queue struct {
	jobs   []func()
	timers []*timer
	idle   *timer // rings when the test says so: nobody does anything for long
}

type timer struct {
	due bool
	f   func()
}

func (t *timer) Poke() { t.due = true }
func (t *timer) Stop() { t.due = false }

func (q *queue) Run(work func() error, done func(error)) {
	q.jobs = append(q.jobs, func() { done(work()) })
}

func (q *queue) Delay(d time.Duration, f func()) present.Delay {
	t := &timer{f: f}
	if d > time.Minute {
		q.idle = t
		return t
	}
	q.timers = append(q.timers, t)
	return t
}

// ring lets every timer that is due go off.
func (q *queue) ring() {
	for _, t := range q.timers {
		if t.due {
			t.due = false
			t.f()
		}
	}
}

// step lets the oldest job run and tells whether there was one.
func (q *queue) step() bool {
	if len(q.jobs) == 0 {
		return false
	}
	job := q.jobs[0]
	q.jobs = q.jobs[1:]
	job()
	return true
}

// settle lets everything happen that is going to.
func (q *queue) settle() {
	for q.step() || q.due() {
		q.ring()
	}
}

func (q *queue) due() bool {
	for _, t := range q.timers {
		if t.due {
			return true
		}
	}
	return false
}

type looks struct {
	size     int
	contrast bool
}

func (l *looks) TextSize() int      { return l.size }
func (l *looks) SetTextSize(i int)  { l.size = i }
func (l *looks) Contrast() bool     { return l.contrast }
func (l *looks) SetContrast(b bool) { l.contrast = b }

// failing is a store whose disk can be full.
type failing struct {
	meeting.Store
	full bool
}

func (s *failing) Commit(id review.MeetingID, expect int64, b journal.Batch) error {
	if s.full {
		return review.E(review.CodeDirFull, "test", "", nil)
	}
	return s.Store.Commit(id, expect, b)
}

type room struct {
	*queue
	*present.Desk
	t        *testing.T
	store    *failing
	services *meeting.Services
	files    map[string][]byte // what a person can choose
	picked   string            // what he chooses
	shown    []string
	logged   []error
	pages    int
}

// Open is as in present.Outside.
func (r *room) Open(path string) (present.File, error) {
	b, err := r.Read(path, 1<<30)
	return file{bytes.NewReader(b)}, err
}

// Read is as in present.Outside.
func (r *room) Read(path string, _ int64) ([]byte, error) {
	if b, ok := r.files[path]; ok {
		return b, nil
	}
	return nil, review.E(review.CodeFileMissing, "test", path, nil)
}

// Write is as in present.Outside.
func (r *room) Write(path string, content []byte) error {
	r.files[path] = content
	return nil
}

// Show is as in present.Outside.
func (r *room) Show(path string) error {
	r.shown = append(r.shown, path)
	return nil
}

// Print is as in present.Outside.
func (r *room) Print(path string) (bool, error) { return true, r.Show(path) }

// Pick is as in present.Outside.
func (r *room) Pick(_ []string, then func(string)) {
	if r.picked != "" {
		then(r.picked)
	}
}

type file struct{ *bytes.Reader }

func (file) Close() error { return nil }

const passphrase = "heyi-test-2026"

func newRoom(t *testing.T) *room {
	t.Helper()
	return newRun(t, storetest.NewMemory())
}

// newRun is the program started on a data directory that may have been used before.
func newRun(t *testing.T, store meeting.Store) *room {
	t.Helper()
	failing := &failing{Store: store}
	return newRunOn(t, failing, fakes.Services(failing, &fakes.Files{}, &fakes.Marks{}))
}

// newRunOn is the program started on services.
func newRunOn(t *testing.T, store *failing, services *meeting.Services) *room {
	t.Helper()
	w, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	r := &room{t: t, queue: &queue{}, store: store, services: services, files: map[string][]byte{}}
	r.Desk = present.NewDesk(present.World{
		Services: r.services, Words: w, Jobs: r.queue, Prefs: &looks{}, Outside: r, Log: func(err error) { r.logged = append(r.logged, err) },
	})
	r.OnPage(func() { r.pages++ })
	r.settle()
	return r
}

func (r *room) press() { r.Page().Primary().Do() }

func (r *room) at(want present.Place) {
	r.t.Helper()
	if got := r.Page().Place(); got != want {
		r.t.Fatalf("on page %s, want %s; message %q", got, want, r.Page().Message().Text)
	}
}

func (r *room) says(tone present.Tone, part string) {
	r.t.Helper()
	if m := r.Page().Message(); m.Tone != tone || !strings.Contains(m.Text, part) {
		r.t.Fatalf("message %d %q, want %d %q", m.Tone, m.Text, tone, part)
	}
}

// leaf gives the page that is on the desk, a leaf.
func (r *room) leaf() *present.Leaf {
	r.t.Helper()
	l, ok := r.Page().(*present.Leaf)
	if !ok {
		r.t.Fatalf("on page %s, which is a %T", r.Page().Place(), r.Page())
	}
	return l
}

// field finds a field of the page by a part of its label.
func (r *room) field(label string) *present.Field {
	r.t.Helper()
	var all []string
	for _, p := range r.leaf().Content() {
		if f, ok := p.(*present.Field); ok {
			if strings.Contains(f.Label, label) {
				return f
			}
			all = append(all, f.Label)
		}
	}
	r.t.Fatalf("%s has no field %q but %q", r.Page().Name(), label, all)
	return nil
}

// fill types into a field of the page.
func (r *room) fill(label, text string) {
	r.t.Helper()
	f := r.field(label)
	r.leaf().Type(f, text)
}

// tick ticks a box of the page.
func (r *room) tick(label string) { r.leaf().Tick(r.field(label), true) }

// pick chooses an option of a field by how its title begins.
func (r *room) pick(label, option string) {
	r.t.Helper()
	f := r.field(label)
	for i, o := range f.Options {
		if strings.HasPrefix(o.Title, option) {
			r.leaf().Choose(f, i)
			return
		}
	}
	r.t.Fatalf("%q has no option %q but %+v", label, option, f.Options)
}

// rows gives all rows of a leaf.
func (r *room) rows() []present.Row {
	var out []present.Row
	for _, p := range r.leaf().Content() {
		if x, ok := p.(present.Rows); ok {
			out = append(out, x.Rows...)
		}
	}
	return out
}

// choose chooses a row of the page by a part of its title, and lets happen what happens.
func (r *room) choose(title string) {
	r.t.Helper()
	var all []string
	for _, x := range r.rows() {
		if strings.Contains(x.Title, title) && x.Do != nil {
			x.Do()
			r.settle()
			return
		}
		all = append(all, x.Title)
	}
	r.t.Fatalf("%s has no row %q but %q", r.Page().Name(), title, all)
}

// do presses the primary button, which must say this, and lets happen what happens.
func (r *room) do(label string) {
	r.t.Helper()
	if got := r.Page().Primary().Label; !strings.Contains(got, label) {
		r.t.Fatalf("on %s the button says %q, want %q; next: %s; message: %q", r.Page().Name(), got, label, r.Page().Next(), r.Page().Message().Text)
	}
	r.press()
	r.settle()
}

// created creates a meeting and stands on its projects.
func (r *room) created() {
	r.t.Helper()
	r.Go(present.PlaceNew)
	r.fill("会议名称", "评审会")
	r.fill("秘书姓名", "龚䶮")
	r.leaf().Type(r.field("口令"), passphrase)
	r.fill("再次输入", passphrase)
	r.do("建立会议")
	r.at(present.PlaceDigits)
	r.fill("四位数字", quick)
	r.fill("再输入", quick) // complete, so that nothing is left to press
	r.at(present.PlaceProjects)
}

const quick = "1357"

// inMinutes creates a meeting that runs and stands on its minutes.
func (r *room) inMinutes() *present.Minutes {
	r.t.Helper()
	r.created()
	list, err := r.services.List()
	if err != nil || len(list) != 1 {
		r.t.Fatal(list, err)
	}
	x, err := r.services.EnterQuick(list[0].ID, review.FirstSeat, quick)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := x.ConfirmPanel(nil); err != nil {
		r.t.Fatal(err)
	}
	x.Close()
	r.Go(present.PlaceMinutes)
	r.at(present.PlaceMinutes)
	return r.Page().(*present.Minutes)
}

// back signs the secretary in again from the board.
func (r *room) back() {
	r.t.Helper()
	r.at(present.PlaceBoard)
	r.do("秘书登录")
	r.at(present.PlaceUnlock)
	r.fill("四位数字", quick)
	r.settle()
	r.at(present.PlaceProjects)
}

// stored gives the draft as the next start would find it.
func (r *room) stored() string {
	r.t.Helper()
	list, err := r.services.List()
	if err != nil || len(list) != 1 {
		r.t.Fatal(list, err)
	}
	x, err := r.services.Enter(list[0].ID, review.FirstSeat, passphrase)
	if err != nil {
		r.t.Fatal(err)
	}
	text, err := x.Draft(review.MinutesDraft)
	if err != nil {
		r.t.Fatal(err)
	}
	return text
}

func TestEmptyStart(t *testing.T) {
	r := newRoom(t)
	r.at(present.PlaceMeetings)
	if n := len(r.Page().(*present.Meetings).Rows()); n != 0 {
		t.Errorf("%d meetings", n)
	}
	if !strings.Contains(r.Page().Next(), "新建") {
		t.Errorf("next: %s", r.Page().Next())
	}
	if f := r.Frame(); f.Who != "" || len(f.Steps) != 0 || len(f.Rail) != 4 || !f.Rail[0].Current {
		t.Errorf("frame %+v", f)
	}
}

func TestCreate(t *testing.T) {
	r := newRoom(t)
	r.press()
	r.at(present.PlaceNew)
	r.fill("会议名称", "评审会")
	r.fill("秘书姓名", "龚䶮")
	r.leaf().Type(r.field("口令"), passphrase)
	r.fill("再次输入", "x")
	r.press()
	r.says(present.ToneBusy, "")
	r.press() // a second press while it works does nothing
	r.settle()
	r.at(present.PlaceNew)
	r.says(present.ToneError, string(review.CodeSecretDiffers))
	r.fill("再次输入", passphrase)
	r.do("建立会议")
	r.at(present.PlaceDigits)
	r.fill("四位数字", quick)
	r.fill("再输入", "1358")
	r.do("设定")
	r.says(present.ToneError, "不一样")
	r.fill("再输入", quick)
	r.at(present.PlaceProjects)
	f := r.Frame()
	if f.Title != "评审会" || f.Who != "龚䶮 · 秘书" || f.Steps[f.Current] != "筹备" {
		t.Errorf("frame %+v", f)
	}
	list, err := r.services.List()
	if err != nil || len(list) != 1 {
		t.Errorf("%d meetings, %v", len(list), err)
	}
}

// TestDrill holds that what a meeting is for stands at the top of every page of it, also while
// nobody has signed in.
func TestDrill(t *testing.T) {
	r := newRoom(t)
	r.Go(present.PlaceNew)
	r.fill("会议名称", "评审会")
	r.fill("秘书姓名", "龚䶮")
	r.leaf().Type(r.field("口令"), passphrase)
	r.fill("再次输入", passphrase)
	r.tick("演练")
	r.do("建立会议")
	r.choose("不设定")
	if f := r.Frame(); f.Drill != "演练" {
		t.Errorf("signed in: %+v", f)
	}
	r.HandBack()
	r.settle()
	if f := r.Frame(); f.Drill != "演练" || f.Secrecy != "" {
		t.Errorf("on the board: %+v", f)
	}
}

// TestDraft holds that what is typed is stored by itself, newest last, and comes
// back.
func TestDraft(t *testing.T) {
	r := newRoom(t)
	p := r.inMinutes()
	p.Set("一")
	r.says(present.ToneBusy, "正在保存")
	r.ring()
	p.Set("一二") // while the first is on its way
	r.ring()
	p.Set("一二三")
	r.settle()
	r.says(present.ToneDone, "已保存")
	if got := r.stored(); got != "一二三" {
		t.Errorf("stored %q", got)
	}
	r.HandBack()
	r.at(present.PlaceBoard) // at once
	r.settle()
	if f := r.Frame(); f.Who != "" {
		t.Errorf("after handing back the frame shows %+v", f)
	}
	r.do("秘书登录")
	r.choose("改用席位码或者口令")
	r.fill("口令", "wrong-"+passphrase)
	r.do("登录")
	r.says(present.ToneError, string(review.CodeSecretWrong))
	if r.field("口令").Value != "" {
		t.Error("the wrong passphrase stays in the field")
	}
	r.fill("口令", passphrase)
	r.do("登录")
	r.at(present.PlaceProjects)
	r.Go(present.PlaceMinutes)
	r.says(present.ToneDone, "已恢复")
	if text, _ := r.Page().(*present.Minutes).Text(); text != "一二三" {
		t.Errorf("the field gets %q", text)
	}
}

// TestRecord holds that recording waits for a draft that is on its way, that the
// draft does not come back after it, and that what was typed meanwhile stays.
func TestRecord(t *testing.T) {
	r := newRoom(t)
	p := r.inMinutes()
	p.Set("第一段")
	r.ring() // the draft is on its way
	r.press()
	p.Set("第一段又")
	r.settle()
	if got := p.Recorded(0); len(got) != 1 {
		t.Fatalf("recorded %+v", got)
	}
	if got, want := r.stored(), ""; got != want {
		t.Errorf("stored draft %q, want %q", got, want)
	}
	p.Set("二")
	r.press()
	p.Set("二加") // typed while recording
	r.settle()
	if got := p.Recorded(0); len(got) != 2 || got[1].Text != "二" {
		t.Fatalf("recorded %+v", got)
	}
	// What is recorded must not stand in the field to be recorded again.
	if text, _ := p.Text(); text != "加" || r.stored() != "加" {
		t.Errorf("field %q, stored %q", text, r.stored())
	}
}

// TestRecordRefused holds that a text that cannot be recorded stays in the field
// and on the disk.
func TestRecordRefused(t *testing.T) {
	r := newRoom(t)
	p := r.inMinutes()
	text := "有" + string(fakes.NoGlyph) + "字"
	p.Set(text)
	r.press()
	r.settle()
	r.says(present.ToneError, "U+212E4") // and no word of a saved draft over it
	if len(r.logged) != 1 {
		t.Errorf("logged %v", r.logged)
	}
	if got, _ := p.Text(); got != text || len(p.Recorded(0)) != 0 {
		t.Errorf("field %q, recorded %v", got, p.Recorded(0))
	}
	r.settle()
	if got := r.stored(); got != text {
		t.Errorf("stored %q", got)
	}
}

// TestFullDisk holds that a draft that cannot be stored is said so, that leaving
// does not lose it silently, and that nobody is locked in.
func TestFullDisk(t *testing.T) {
	r := newRoom(t)
	p := r.inMinutes()
	r.store.full = true
	p.Set("一")
	r.Go(present.PlacePapers)
	r.settle()
	r.at(present.PlaceMinutes)
	r.says(present.ToneError, string(review.CodeDirFull))
	r.store.full = false
	p.Set("一二")
	r.Go(present.PlacePapers)
	r.settle()
	r.at(present.PlacePapers)
	if got := r.stored(); got != "一二" {
		t.Errorf("stored %q", got)
	}
	// Told that the disk is full, the reader frees some space and goes on: what
	// was typed is written then, without another key.
	r.Go(present.PlaceMinutes)
	r.store.full = true
	r.Page().(*present.Minutes).Set("一二三")
	r.settle()
	r.says(present.ToneError, string(review.CodeDirFull))
	r.store.full = false
	r.Go(present.PlacePapers)
	r.settle()
	if got := r.stored(); got != "一二三" {
		t.Errorf("stored %q", got)
	}
	r.Go(present.PlaceMinutes)
	r.store.full = true
	r.Page().(*present.Minutes).Set("四")
	closed := false
	r.Close(func() { closed = true })
	r.settle()
	if closed {
		t.Error("closed at once, although the draft was not stored")
	}
	r.Close(func() { closed = true })
	r.settle()
	if !closed {
		t.Error("cannot be closed while the disk is full")
	}
}

// TestLeaving holds that of several wishes to leave the first that can be had is
// had and the rest are dropped, and that what is refused is seen before the page
// goes.
func TestLeaving(t *testing.T) {
	r := newRoom(t)
	p := r.inMinutes()
	p.Set("一")
	r.ring() // a draft is being written
	r.Go(present.PlaceJournal)
	r.Go(present.PlacePapers)
	r.Go(present.PlaceDisplay)
	r.settle()
	r.at(present.PlaceJournal)
	r.Go(present.PlaceMinutes)
	p = r.Page().(*present.Minutes)
	p.Set(string(fakes.NoGlyph))
	r.press()
	r.Go(present.PlacePapers)
	r.settle()
	r.at(present.PlaceMinutes)
	r.says(present.ToneError, string(review.CodeTextGlyph))
	p.Set("好")
	r.press()
	r.settle()
	r.Go(present.PlacePapers)
	r.settle()
	r.press() // a paper is being issued
	r.Go(present.PlaceDisplay)
	r.at(present.PlacePapers)
	r.settle()
	r.at(present.PlaceDisplay)
}

// TestHandBack holds that nothing of a person is on the screen once he has given the
// machine back, whatever is under way; that what he typed is kept all the same; and that his
// page comes back only if it cannot be kept.
func TestHandBack(t *testing.T) {
	r := newRoom(t)
	p := r.inMinutes()
	p.Set("一")
	r.ring() // a draft is on its way
	p.Set("一二")
	r.HandBack()
	r.at(present.PlaceBoard)
	if f := r.Frame(); f.Who != "" {
		t.Errorf("the frame names %s", f.Who)
	}
	r.settle()
	if got := r.stored(); got != "一二" {
		t.Errorf("stored %q", got)
	}
	r.back()
	r.Go(present.PlaceMinutes)
	r.settle()
	r.store.full = true
	r.Page().(*present.Minutes).Set("一二三")
	r.HandBack()
	r.at(present.PlaceBoard)
	r.settle()
	r.at(present.PlaceMinutes)
	r.says(present.ToneError, string(review.CodeDirFull))
	if f := r.Frame(); f.Who == "" {
		t.Error("nobody is at the machine")
	}
	r.store.full = false
	r.HandBack()
	r.settle()
	r.at(present.PlaceBoard)
	if got := r.stored(); got != "一二三" {
		t.Errorf("stored %q", got)
	}
	// An act that is refused comes back too: whoever gave it must see that.
	r.back()
	r.Go(present.PlaceMinutes)
	r.settle()
	r.Page().(*present.Minutes).Set(string(fakes.NoGlyph))
	r.press()
	r.HandBack()
	r.at(present.PlaceBoard)
	r.settle()
	r.at(present.PlaceMinutes)
	r.says(present.ToneError, string(review.CodeTextGlyph))
}

// TestIdle holds that the machine is handed back for a person who has gone away, and that
// his draft is kept.
func TestIdle(t *testing.T) {
	r := newRoom(t)
	p := r.inMinutes()
	p.Set("一")
	if !r.idle.due {
		t.Fatal("nobody waits for the person to go away")
	}
	r.idle.f()
	r.at(present.PlaceBoard)
	r.says(present.ToneDecide, "十分钟")
	r.settle()
	if got := r.stored(); got != "一" {
		t.Errorf("stored %q", got)
	}
	r.idle.f() // nobody is at the machine
	r.at(present.PlaceBoard)
}

func TestCount(t *testing.T) {
	r := newRoom(t)
	p := r.inMinutes()
	long := strings.Repeat("字", review.MaxParagraph)
	for text, want := range map[string]bool{"": false, long: false, long + "字": true, long + "\n" + long: false} {
		p.Set(text)
		if _, over := p.Count(); over != want {
			t.Errorf("%d characters: over is %v", len([]rune(text)), over)
		}
	}
}

func TestPapers(t *testing.T) {
	r := newRoom(t)
	r.inMinutes()
	r.Go(present.PlacePapers)
	r.do("出具会议记录")
	r.says(present.ToneError, "会议记录还没有填写")
	r.Go(present.PlaceMinutes)
	r.Page().(*present.Minutes).Set("一")
	r.do("记入会议记录")
	r.Go(present.PlacePapers)
	r.do("出具会议记录")
	r.says(present.ToneDone, "minutes-01.pdf")
	if got := r.rows(); len(got) != 2 || !strings.Contains(got[0].Title, "第 1 份") {
		t.Fatalf("issued %+v", got)
	}
	r.choose("打印最近一份")
	r.says(present.ToneDone, "已送打印")
	if len(r.shown) != 1 || !strings.HasSuffix(r.shown[0], "minutes-01.pdf") {
		t.Errorf("printed %v", r.shown)
	}
}

// TestMinutesClosed holds that nothing can be recorded after the turn to filing, and that
// what was begun and not recorded can still be read.
func TestMinutesClosed(t *testing.T) {
	r := newRoom(t)
	p := r.inMinutes()
	p.Set("一")
	r.do("记入会议记录")
	p.Set("没记")
	r.settle()
	r.Go(present.PlaceFiling)
	r.do("转入归档")
	r.do("转入归档")
	r.at(present.PlaceProjects)
	r.Go(present.PlaceMinutes)
	p = r.Page().(*present.Minutes)
	if text, _ := p.Text(); p.Writes() || text != "没记" || len(p.Recorded(0)) != 1 {
		t.Errorf("writes %v, text %q, %d recorded", p.Writes(), text, len(p.Recorded(0)))
	}
	r.do("查看文件")
	r.at(present.PlacePapers)
}

// TestHelp holds that help lies over a page and uncovers it as it was.
func TestHelp(t *testing.T) {
	r := newRoom(t)
	p := r.inMinutes()
	p.Set("没写完")
	for range 2 {
		r.Help()
		r.at(present.PlaceHelp)
	}
	h := r.Page().(*present.Help)
	if !strings.Contains(h.Heading(), "会议记录") || len(h.Text()) < 2 {
		t.Errorf("help %q %q", h.Heading(), h.Text())
	}
	if f := r.Frame(); f.Rail[2].Place != present.PlaceMinutes || !f.Rail[2].Current {
		t.Errorf("rail %+v", f.Rail)
	}
	h.Back()
	if r.Page() != present.Page(p) {
		t.Error("another page came back")
	}
	r.Help()
	r.HandBack()
	r.settle()
	r.at(present.PlaceBoard)
	if got := r.stored(); got != "没写完" {
		t.Errorf("handed back from the help page, stored %q", got)
	}
}

// TestGuide holds that the help before a meeting leads to how a regulation is added, and
// back, and that nobody is led there from a page where it is of no use.
func TestGuide(t *testing.T) {
	r := newRoom(t)
	r.settle()
	r.Help()
	h := r.Page().(*present.Help)
	rows := h.More()
	if len(rows) != 1 {
		t.Fatalf("%d ways on from the help", len(rows))
	}
	rows[0].Do()
	r.at(present.PlaceGuide)
	p := r.Page().(*present.Leaf)
	heads := 0
	for _, part := range p.Content() {
		if x, ok := part.(present.Text); ok && x.Look == present.LookHead {
			heads++
		}
	}
	if heads != 14 || p.Heading() == "" {
		t.Errorf("%s: %d chapters", p.Heading(), heads)
	}
	p.Back()
	if r.Page() != present.Page(h) {
		t.Error("the help has changed")
	}
	h.Back()
	r.at(present.PlaceMeetings)
	m := r.inMinutes()
	m.Set("没写完")
	r.Help()
	if rows := r.Page().(*present.Help).More(); len(rows) > 0 {
		t.Errorf("from the minutes: %+v", rows)
	}
}

// TestBack walks back from everywhere.
func TestBack(t *testing.T) {
	r := newRoom(t)
	for _, c := range []struct{ from, to present.Place }{
		{present.PlaceNew, present.PlaceMeetings}, {present.PlaceDisplay, present.PlaceMeetings}, {present.PlaceCheck, present.PlaceMeetings},
	} {
		r.Go(c.from)
		r.settle()
		r.at(c.from)
		r.Page().Back()
		r.settle()
		r.at(c.to)
	}
	r.inMinutes()
	for _, from := range []present.Place{
		present.PlacePapers, present.PlaceDisplay, present.PlaceMinutes, present.PlacePanel, present.PlaceFiling, present.PlaceJournal, present.PlaceProjects,
	} {
		r.Go(from)
		r.settle()
		r.at(from)
		r.Page().Back()
		r.settle()
		r.at(present.PlaceProjects)
	}
}

func TestDisplay(t *testing.T) {
	r := newRoom(t)
	r.Go(present.PlaceDisplay)
	p := r.Page().(*present.Display)
	p.SetSize(2)
	p.SetContrast(1)
	if s, c := p.Sizes(), p.Contrasts(); s[2].Detail == "" || s[0].Detail != "" || c[1].Detail == "" || c[0].Detail != "" {
		t.Errorf("sizes %+v, contrasts %+v", s, c)
	}
}

// TestBroken holds that a meeting that cannot be opened is listed with its
// reason and harms no other.
func TestBroken(t *testing.T) {
	r := newRoom(t)
	r.inMinutes()
	r.services.Close()
	r = newRun(t, spoiled{r.store.Store})
	r.Go(present.PlaceMeetings)
	r.settle()
	rows := r.Page().(*present.Meetings).Rows()
	if len(rows) != 1 || !strings.Contains(rows[0].Detail, string(review.CodeJournalRoot)) {
		t.Fatalf("rows %+v", rows)
	}
	r.Page().(*present.Meetings).Rows()[0].Do()
	r.at(present.PlaceMeetings)
	r.says(present.ToneError, string(review.CodeJournalRoot))
}

// spoiled is a store whose journals lost their last entry.
type spoiled struct{ meeting.Store }

// Card gives none: the database is not what it was.
func (spoiled) Card(review.MeetingID) []byte { return nil }

func (s spoiled) Load(id review.MeetingID) (journal.Record, error) {
	rec, err := s.Store.Load(id)
	rec.Entries = rec.Entries[:len(rec.Entries)-1]
	return rec, err
}
