package present_test

import (
	"encoding/json"
	"errors"
	"image"
	"io"
	"slices"
	"strings"
	"testing"

	"heyi/app/internal/present"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest/script"
)

// books is a viewer of documents that are lists of pages, one a line.
type books struct {
	open  int
	drawn []int // the pages, in the order in which they were drawn
	err   error // what opening fails with
}

type book struct {
	of    *books
	pages []string
}

func (b *books) Open(src io.ReaderAt, size int64) (present.Shown, error) {
	if b.err != nil {
		return nil, b.err
	}
	text, err := io.ReadAll(io.NewSectionReader(src, 0, size))
	b.open++
	return &book{b, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")}, err
}

func (b *book) Pages() []present.PageSize {
	return slices.Repeat([]present.PageSize{{Width: 595, Height: 842}}, len(b.pages))
}

func (b *book) Page(n, width int) (image.Image, error) {
	b.of.drawn = append(b.of.drawn, n)
	return image.NewGray(image.Rect(0, 0, width, width)), nil
}

func (b *book) Find(text string) ([]present.Hit, error) {
	var out []present.Hit
	for i, t := range b.pages {
		if strings.Contains(t, text) {
			out = append(out, present.Hit{Page: i})
		}
	}
	return out, nil
}

func (b *book) Close() error {
	b.of.open--
	return nil
}

// hall is a room in which a meeting is held.
type hall struct {
	*room
	*script.Hall
	store meeting.Store
	shelf *books
}

// newHall holds the meeting of the script up to the first round of its first project.
func newHall(t *testing.T) *hall {
	t.Helper()
	return newHallOf(t, script.Prepare(3))
}

// newHallOf is a hall that was prepared so.
func newHallOf(t *testing.T, prepared []script.Act) *hall {
	t.Helper()
	r := newRoom(t)
	h := &hall{room: r, Hall: script.New(r.services), store: r.store.Store, shelf: &books{}}
	h.Viewer = h.shelf
	h.hold(prepared...)
	h.hold(script.Score(script.First, 1)[0])
	return h
}

func (h *hall) hold(acts ...script.Act) {
	h.t.Helper()
	if err := h.Hold(acts, nil); err != nil {
		h.t.Fatal(err)
	}
}

// again is the program ended in the middle of what it does and started again.
func (h *hall) again() {
	h.t.Helper()
	h.services.Close()
	h.room = newRun(h.t, h.store)
	h.Hall.Services, h.Viewer = h.services, h.shelf
	h.Sessions = map[review.SeatID]*meeting.Session{}
}

// sit brings a person to the machine.
func (h *hall) sit(seat review.SeatID) {
	h.t.Helper()
	h.Go(present.PlaceMeetings)
	h.settle()
	h.Page().(*present.Meetings).Rows()[0].Do()
	h.settle()
	h.at(present.PlaceBoard)
	b := h.Page().(*present.Board)
	for row := 1; row < b.Rows(); row++ {
		if b.Seat(row) == seat {
			b.Choose(row, 0)
		}
	}
	h.settle()
	h.at(present.PlaceUnlock)
	if h.services.HasQuick(h.ID, seat) {
		h.enter("4711")
	} else {
		h.enter(h.Codes[seat])
		h.press()
	}
	h.settle()
	if h.Page().Place() == present.PlaceDigits {
		h.enter("4711", "4711")
		h.settle()
	}
	h.at(present.PlaceProjects)
}

// enter types into the fields of a leaf.
func (h *hall) enter(values ...string) {
	p := h.Page().(*present.Leaf)
	for _, part := range p.Content() {
		if f, ok := part.(*present.Field); ok && len(values) > 0 {
			p.Type(f, values[0])
			values = values[1:]
		}
	}
}

// score goes to the score sheet of the first project.
func (h *hall) score() *present.Scoring {
	h.t.Helper()
	h.press()
	h.settle()
	h.at(present.PlaceSheet)
	return h.Page().(*present.Scoring)
}

// kept gives the draft of a person's ballot.
func (h *hall) kept(seat review.SeatID, round int) (text string) {
	h.t.Helper()
	x, err := h.services.Enter(h.ID, seat, h.Codes[seat])
	if err == nil {
		text, err = x.Draft(review.ScoreDraft(script.First, round))
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return text
}

// complete fills a sheet in.
func complete(p *present.Scoring, marks ...string) {
	for i, m := range marks {
		p.SetMark(i, m)
	}
	for i := len(marks); i < p.Items(); i++ {
		p.Choose(i, 0)
	}
}

// TestQuick fills a sheet in by marks alone, checks it, submits it and shows the receipt.
func TestQuick(t *testing.T) {
	h := newHall(t)
	h.sit(script.Second)
	p := h.score()
	if got := p.Items(); got != 5 {
		t.Fatalf("%d items", got)
	}
	if forms, at := p.Forms(); len(forms) != 2 || at != 0 {
		t.Errorf("forms %v, %d", forms, at)
	}
	p.SetForm(1)
	if h.kept(script.Second, 1) != "" {
		t.Error("looking at a sheet was kept as a draft")
	}
	complete(p, "8.5", "0", "10")
	h.says(present.ToneBusy, "正在保存")
	h.settle()
	h.says(present.ToneDone, "已保存")
	if s := strings.Join(p.Standing(), "\n"); !strings.Contains(s, "得分合计 18.5，满分合计 30") || !strings.Contains(s, "已评 3 项，共 3 项") {
		t.Errorf("standing %s", s)
	}
	first := p.Opinion()[0].ID
	p.Write(first, "方案总体可行。\n")
	if o := p.Opinion(); len(o) != 2 || o[0].Text != "方案总体可行。" || o[1].Text != "" {
		t.Fatalf("opinion %+v", o)
	}
	if s, _ := p.Focus(); s != (present.Spot{Part: present.SpotParagraph, At: p.Opinion()[1].ID}) {
		t.Errorf("the focus goes to %+v", s)
	}
	p.Propose(1)
	if m := p.Missing(); m.Label != "" {
		t.Errorf("missing: %s", m.Label)
	}
	h.press()
	h.settle()
	h.at(present.PlaceSubmit)
	q := h.Page().(*present.Submit)
	if !q.Complete() || len(q.Paging().Sizes()) == 0 || len(q.Consequence()) == 0 {
		t.Fatalf("complete %v, pages %d, says %q", q.Complete(), len(q.Paging().Sizes()), q.Paging().Say().Text)
	}
	h.press()
	h.settle()
	h.at(present.PlaceReceipt)
	x := h.Sessions[script.Second]
	r, err := x.Receipt(script.First)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(texts(h.Page()), r.Code) {
		t.Errorf("the receipt %v does not say %s", texts(h.Page()), r.Code)
	}
	sheet, _, err := x.OwnSheet(script.First)
	want := []string{"8.5", "0", "10", "yes", "yes"}
	for i, m := range sheet.Marks {
		if m.Value != want[i] {
			t.Errorf("submitted %+v, %v", sheet, err)
		}
	}
	if len(sheet.Opinion) != 1 || sheet.Outcome != "passed_after_revision" {
		t.Errorf("submitted %+v", sheet)
	}
	h.press()
	h.settle()
	h.at(present.PlaceBoard)
	if h.shelf.open != 0 {
		t.Errorf("%d documents are still open", h.shelf.open)
	}
}

// texts gives the texts of a leaf.
func texts(p present.Page) []string {
	var out []string
	for _, part := range p.(*present.Leaf).Content() {
		if x, ok := part.(present.Text); ok {
			out = append(out, x.Text)
		}
	}
	return out
}

// TestWrongMarks holds that a mark that cannot stand is said at once, stays in its field, is
// kept, and keeps the sheet from being submitted.
func TestWrongMarks(t *testing.T) {
	h := newHall(t)
	h.sit(script.Second)
	p := h.score()
	for value, part := range map[string]string{
		"10.5": "超过了满分 10 分", "8.3": "每 0.5 分一档", "": "", "8": "", "8.": "", "08.50": "", "0": "", "8.123": "分档",
	} {
		p.SetMark(0, value)
		x := p.Item(0)
		if x.Value != value || (x.Wrong == "") != (part == "") || !strings.Contains(x.Wrong, part) {
			t.Errorf("%q: in the field %q, said %q", value, x.Value, x.Wrong)
		}
	}
	complete(p, "10.5", "", "3")
	h.press()
	h.settle()
	q := h.Page().(*present.Submit)
	lacks := q.Lacks()
	if q.Complete() || len(lacks) != 2 || !strings.Contains(lacks[0].Title, "超过了满分") || !strings.Contains(lacks[1].Title, "未评") {
		t.Fatalf("lacks %+v", lacks)
	}
	lacks[1].Do()
	h.settle()
	p = h.Page().(*present.Scoring)
	if s, _ := p.Focus(); s != (present.Spot{Part: present.SpotMark, At: 1}) || p.Item(0).Value != "10.5" {
		t.Errorf("focus on %+v, first mark %q", s, p.Item(0).Value)
	}
}

// TestKilled holds that everything typed is there again after the program was ended in the
// middle, where it was.
func TestKilled(t *testing.T) {
	h := newHall(t)
	h.sit(script.Second)
	p := h.score()
	p.SetMark(0, "11")
	p.SetReason(1, "没写完的理由")
	p.Write(p.Opinion()[0].ID, "没写完")
	p.Go(2)
	h.settle() // within 300 ms
	p.SetMark(2, "9")
	h.again() // before it is written
	h.sit(script.Second)
	p = h.score()
	h.says(present.ToneDone, "已恢复")
	if p.Item(0).Value != "11" || p.Item(1).Reason != "没写完的理由" || p.Opinion()[0].Text != "没写完" || p.Step() != 2 || p.Item(2).Value != "" {
		t.Errorf("restored %+v at %d", p.Item(0), p.Step())
	}
	if s, _ := p.Focus(); s != (present.Spot{Part: present.SpotMark, At: 2}) {
		t.Errorf("focus on %+v", s)
	}
	p.SetForm(1)
	h.HandBack() // with the form not written yet
	h.settle()
	h.sit(script.Second)
	if p = h.score(); p.Form() != present.FormQuick {
		t.Errorf("form %s", p.Form())
	}
}

// TestOldDraft holds that a draft in the form of the command line is read, and that what has
// no form is not lost.
func TestOldDraft(t *testing.T) {
	h := newHall(t)
	x := h.Sessions[script.Second]
	sheet := script.Sheet(x.State().Project(script.First).Scheme, 1)
	sheet.Marks = sheet.Marks[2:]
	b, err := json.Marshal(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for draft, first := range map[string]string{string(b): sheet.Opinion[0], "没写\n完": "没写"} {
		if err := x.SaveDraft(review.ScoreDraft(script.First, 1), draft); err != nil {
			t.Fatal(err)
		}
		h.sit(script.Second)
		p := h.score()
		if p.Opinion()[0].Text != first || len(p.Opinion()) != 2 || p.Item(0).Value != "" {
			t.Errorf("opinion %+v", p.Opinion())
		}
		if draft == string(b) && p.Item(2).Value != sheet.Marks[0].Value {
			t.Errorf("mark %q", p.Item(2).Value)
		}
		h.HandBack()
		h.settle()
		if got := h.kept(script.Second, 1); got != draft {
			t.Errorf("only looked at, kept %q", got)
		}
	}
}

// TestUndo holds that a change is taken back whole, and letters of one field together.
func TestUndo(t *testing.T) {
	h := newHall(t)
	h.sit(script.Second)
	p := h.score()
	if p.Undo().Label != "" {
		t.Error("there is something to take back")
	}
	p.SetMark(0, "1")
	p.SetMark(0, "10")
	p.SetMark(1, "7")
	id := p.Opinion()[0].ID
	p.Write(id, "一\n二\n三")
	p.Move(p.Opinion()[2].ID, -1)
	p.Remove(id)
	if o := p.Opinion(); len(o) != 2 || o[0].Text != "三" || o[1].Text != "二" {
		t.Fatalf("opinion %+v", o)
	}
	for _, want := range []string{"一三二", "一二三", ""} {
		p.Undo().Do()
		got := ""
		for _, w := range p.Opinion() {
			got += w.Text
		}
		if got != want {
			t.Errorf("opinion %q, want %q", got, want)
		}
	}
	p.Undo().Do()
	if p.Item(1).Value != "" || p.Item(0).Value != "10" {
		t.Errorf("marks %q %q", p.Item(0).Value, p.Item(1).Value)
	}
	p.Undo().Do()
	h.settle()
	if p.Item(0).Value != "" || p.Undo().Label != "" || h.kept(script.Second, 1) != "" {
		t.Errorf("mark %q, kept %q", p.Item(0).Value, h.kept(script.Second, 1))
	}
}

// TestSecondRound holds that a mark that changes needs a reason, and that the round before
// is shown and can be taken over.
func TestSecondRound(t *testing.T) {
	h := newHall(t)
	h.hold(script.Score(script.First, 1)[1:]...)
	h.hold(script.Open(script.First), script.Score(script.First, 2)[0])
	h.sit(script.Second)
	p := h.score()
	before := h.Sessions[script.Second].State().Project(script.First).Rounds[0]
	ballot, _ := before.Ballot(script.Second)
	if !strings.Contains(p.Item(0).Before, ballot.Sheet.Marks[0].Value+" 分") || !strings.Contains(p.Item(3).Before, "符合") {
		t.Errorf("before: %q, %q", p.Item(0).Before, p.Item(3).Before)
	}
	p.SetMark(0, "1.5")
	p.TakeOver().Do()
	if p.TakeOver().Label != "" || p.Item(0).Value != "1.5" || p.Item(1).Value != ballot.Sheet.Marks[1].Value {
		t.Errorf("taken over %q %q", p.Item(0).Value, p.Item(1).Value)
	}
	if p.Item(0).NeedReason == "" || p.Item(1).NeedReason != "" {
		t.Errorf("reasons: %q, %q", p.Item(0).NeedReason, p.Item(1).NeedReason)
	}
	p.Missing().Do()
	if s, _ := p.Focus(); s != (present.Spot{Part: present.SpotReason, At: 0}) {
		t.Errorf("missing at %+v", s)
	}
	p.SetReason(0, "补充材料没有说明")
	h.press()
	h.settle()
	h.press()
	h.settle()
	h.at(present.PlaceReceipt)
}

// TestReturned holds that a returned ballot says why it came back, begins with what was
// submitted, and is no draft until it is changed.
func TestReturned(t *testing.T) {
	h := newHall(t)
	acts := script.Score(script.First, 1)
	i := slices.IndexFunc(acts, func(a script.Act) bool { return strings.HasPrefix(a.Name, "submit again") })
	h.hold(acts[1:i]...)
	h.sit(script.Third)
	p := h.score()
	if !strings.Contains(p.Returned(), "本人要求修改") || p.Item(0).Value == "" || p.Missing().Label != "" {
		t.Errorf("returned %q, mark %q", p.Returned(), p.Item(0).Value)
	}
	p.Back()
	h.settle()
	if got := h.kept(script.Third, 1); got != "" {
		t.Errorf("kept %q", got)
	}
	h.Page().Back()
	h.settle()
	p = h.score()
	p.SetMark(0, "9")
	h.press()
	h.settle()
	h.press()
	h.settle()
	h.at(present.PlaceReceipt)
	sheet, _, err := h.Sessions[script.Third].OwnSheet(script.First)
	if err != nil || sheet.Marks[0].Value != "9" {
		t.Errorf("submitted %+v, %v", sheet, err)
	}
}

// TestDrawn holds that a signature that is to be drawn must be, and is offered again as long
// as its person is at the machine.
func TestDrawn(t *testing.T) {
	h := newHall(t)
	h.sit(script.Second)
	complete(h.score(), "8", "8", "8")
	h.press()
	h.settle()
	q := h.Page().(*present.Submit)
	q.SetWay(1)
	h.press()
	h.settle()
	h.at(present.PlaceSubmit)
	h.says(present.ToneDecide, "没有提交")
	q.Draw([][]image.Point{{{X: 1, Y: 1}, {X: 9, Y: 9}}}, 300, 100)
	q.Amend().Do()
	h.settle()
	h.press()
	h.settle()
	if q = h.Page().(*present.Submit); !q.Drawn() || len(q.Lines()) != 1 {
		t.Error("the drawn signature was forgotten")
	}
	h.HandBack()
	h.settle()
	h.sit(script.Second)
	h.score()
	h.press()
	h.settle()
	if q = h.Page().(*present.Submit); q.Drawn() || len(q.Lines()) != 0 {
		t.Error("the drawn signature is still there after the machine was given back")
	}
}

// TestFullWhileScoring holds that a sheet that cannot be written is said so, and that a
// submission that fails leaves everything as it was.
func TestFullWhileScoring(t *testing.T) {
	h := newHall(t)
	h.sit(script.Second)
	p := h.score()
	complete(p, "8", "8", "8")
	h.room.store.full = true
	h.press()
	h.settle()
	h.at(present.PlaceSheet)
	h.says(present.ToneError, string(review.CodeDirFull))
	h.room.store.full = false
	h.press()
	h.settle()
	h.at(present.PlaceSubmit)
	h.room.store.full = true
	h.press()
	h.settle()
	h.at(present.PlaceSubmit)
	h.says(present.ToneError, string(review.CodeDirFull))
	h.room.store.full = false
	if h.kept(script.Second, 1) == "" {
		t.Error("the draft is gone")
	}
}

// TestPaging holds that nothing is drawn twice, that what was wanted last comes first, that
// places are found around the end, and that nothing stays open.
func TestPaging(t *testing.T) {
	h := newHall(t)
	pdf := []byte("甲\n乙\n甲乙\n丙")
	show := func() *present.Preview {
		h.ShowPaper("文件", pdf, []string{"空着"})
		h.settle()
		return h.Page().(*present.Preview)
	}
	h.sit(script.Second)
	p := show()
	v, shelf := p.Paging(), h.shelf
	if len(v.Sizes()) != 4 || len(p.Lacks()) != 1 {
		t.Fatalf("%d pages, lacks %+v", len(v.Sizes()), p.Lacks())
	}
	var got []int
	v.OnPicture(func(page, _ int, _ image.Image) { got = append(got, page) })
	for _, page := range []int{0, 1, 2, 1, 0, 9} {
		v.Want(page, 100)
	}
	h.settle()
	v.Want(2, 100)
	if want := []int{0, 1, 2}; !slices.Equal(shelf.drawn, want) || !slices.Equal(got, append(want, 2)) {
		t.Errorf("drawn %v, given %v", shelf.drawn, got)
	}
	v.Turned(1)
	v.Find("甲")
	h.settle()
	if _, at := v.Hits(); at != 1 || v.At() != 2 {
		t.Errorf("hit %d on page %d", at, v.At())
	}
	v.Find("甲")
	if _, at := v.Hits(); at != 0 || v.At() != 0 {
		t.Errorf("hit %d on page %d", at, v.At())
	}
	v.Find("丁")
	h.settle()
	if v.Found() != "没有找到" {
		t.Errorf("found %q", v.Found())
	}
	p.Back()
	h.settle()
	show()
	h.Page().Back() // with nothing opened yet
	h.settle()
	if shelf.open != 0 {
		t.Errorf("%d documents are still open", shelf.open)
	}
	shelf.err = errors.New("broken")
	p = show()
	if p.Paging().Say().Tone != present.ToneError {
		t.Errorf("says %+v", p.Paging().Say())
	}
	shelf.err = nil
	p.Paging().Again().Do()
	h.settle()
	if len(p.Paging().Sizes()) != 4 {
		t.Error("not opened again")
	}
}

// TestReseal holds that a ballot that was sealed to another chair is sealed again as it was,
// on a page of its own.
func TestReseal(t *testing.T) {
	// The chair has printed no recovery sheet.
	h := newHallOf(t, slices.DeleteFunc(script.Prepare(3), func(a script.Act) bool { return a.Name == "sheet" }))
	i := slices.IndexFunc(script.Score(script.First, 1), func(a script.Act) bool { return a.Name == "submit "+string(script.Second) })
	h.hold(script.Score(script.First, 1)[1 : i+1]...)
	before, _, err := h.Sessions[script.Second].OwnSheet(script.First)
	if err != nil {
		t.Fatal(err)
	}
	x := h.Sessions[script.Secretary]
	if err := x.Attend(script.Chair, review.PresenceLeft, "因病离会"); err != nil {
		t.Fatal(err)
	}
	if err := x.NameChair(h.Sessions[script.Third], "", script.Second, "组长因病离会，经专家推选"); err != nil {
		t.Fatal(err)
	}
	h.sit(script.Second)
	h.press()
	h.settle()
	h.at(present.PlaceAct)
	if !strings.Contains(strings.Join(texts(h.Page()), ""), "原样") {
		t.Errorf("says %q", texts(h.Page()))
	}
	h.press()
	h.settle()
	h.at(present.PlaceReceipt)
	after, _, err := h.Sessions[script.Second].OwnSheet(script.First)
	if err != nil || after.Marks[0] != before.Marks[0] || after.Opinion[0] != before.Opinion[0] {
		t.Errorf("sealed again as %+v, %v", after, err)
	}
	h.Page().Back()
	h.settle()
	if got := h.Page().Primary().Label; strings.Contains(got, "密封") {
		t.Errorf("the button still says %q", got)
	}
}
