package shell

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"heyi/app/internal/present"
	"heyi/assets"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
	"heyi/review/reviewtest/storetest"
)

// panel is a screen in a meeting whose first project stands at deliberation.
type panel struct {
	*screen
	hall *script.Hall
}

func newPanel(t *testing.T) *panel {
	t.Helper()
	s := newScreenOn(t, &lookFile{}, ruled(t))
	p := &panel{s, script.New(s.services)}
	for _, acts := range [][]script.Act{script.Prepare(3), script.Score(script.First, 1), {script.Open(script.First)}} {
		if err := p.hall.Hold(acts, nil); err != nil {
			t.Fatal(err)
		}
	}
	s.desk.Go(present.PlaceMeetings)
	s.settle()
	s.page.(*present.Meetings).Rows()[0].Do()
	s.settle()
	return p
}

// ruled gives services with the regulations of the program.
func ruled(t *testing.T) *meeting.Services {
	t.Helper()
	entries, err := assets.Packs.ReadDir("packs")
	if err != nil {
		t.Fatal(err)
	}
	var files [][]byte
	for _, e := range entries {
		b, err := assets.Packs.ReadFile("packs/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b)
	}
	lib, err := regulation.Open(files...)
	if err != nil {
		t.Fatal(err)
	}
	return under(lib)
}

// under gives services with other regulations.
func under(lib *regulation.Library) *meeting.Services {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.FixedZone("", 8*3600))
	var mu sync.Mutex
	return meeting.New(meeting.Config{
		Store: storetest.NewMemory(), Papers: fakes.Papers{}, Files: &fakes.Files{}, Packages: &fakes.Packages{}, Rules: lib, Marks: &fakes.Marks{},
		Random: rand.NewChaCha8([32]byte{1}), WorkFactor: 1,
		Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			at = at.Add(time.Second)
			return at
		},
	})
}

// sits brings a person to the machine by his code, and to the first project.
func (p *panel) sits(seat review.SeatID) {
	p.t.Helper()
	p.desk.HandBack()
	p.settle()
	p.at(present.PlaceBoard)
	x, err := p.services.Enter(p.hall.ID, seat, p.hall.Codes[seat])
	if err != nil {
		p.t.Fatal(err)
	}
	if err := x.SetQuick(quick); err != nil {
		p.t.Fatal(err)
	}
	x.Close()
	board := p.page.(*present.Board)
	for row := range board.Rows() {
		if strings.Contains(board.Cell(row, 0).Text, x.Seat().Name) {
			board.Choose(row, 0)
			break
		}
	}
	p.settle()
	p.typed(quick)
	p.at(present.PlaceProjects)
	p.row(p.hall.Sessions[script.Secretary].State().Project(script.First).Title)
	p.at(present.PlaceProject)
}

// row chooses the row of the page that says something.
func (p *panel) row(says string) {
	p.t.Helper()
	var content []present.Part
	switch page := p.page.(type) {
	case *present.Opinion:
		content = page.Content()
	case *present.Leaf:
		content = page.Content()
	}
	for _, part := range content {
		rows, _ := part.(present.Rows)
		for _, r := range rows.Rows {
			if strings.Contains(r.Title, says) && r.Do != nil {
				r.Do()
				p.settle()
				return
			}
		}
	}
	p.t.Fatalf("on %s: no row says %q", p.page.Place(), says)
}

// each does an act of a person in the meeting, beside the desk.
func (p *panel) each(seat review.SeatID, do func(x *meeting.Session) error) {
	p.t.Helper()
	if err := do(p.hall.Sessions[seat]); err != nil {
		p.t.Fatal(err)
	}
}

// walkResult goes through the pages of a result and calls see at each, with a name.
func (p *panel) walkResult(see func(name string)) {
	p.sits(script.Chair)
	p.row("评分汇总")
	p.at(present.PlaceTally)
	tally := p.page.(*present.Tally)
	for i, v := range tally.Views() {
		tally.SetView(i)
		p.settle()
		see("tally, " + v.Title)
	}
	p.ctrl(fyne.KeyReturn)
	p.at(present.PlaceOpinion)
	see("opinion, empty")
	p.row("汇成初稿")
	see("opinion")
	p.ctrl(fyne.KeyReturn)
	see("opinion, a version")
	p.row("第 1 稿")
	see("opinion, to be read")
	p.key(fyne.KeyEscape)
	p.at(present.PlaceOpinion)
	p.ctrl(fyne.KeyReturn)
	p.at(present.PlaceConclude)
	see("conclude")
	for _, part := range p.page.(*present.Leaf).Content() {
		if f, ok := part.(*present.Field); ok && f.Kind == present.FieldChoice {
			p.page.(*present.Leaf).Choose(f, 0)
		}
	}
	p.ctrl(fyne.KeyReturn)
	p.at(present.PlaceConclude)
	see("conclude, done")
	p.ctrl(fyne.KeyReturn)
	p.at(present.PlacePosition)
	see("position")
	for _, part := range p.page.(*present.Leaf).Content() {
		if f, ok := part.(*present.Field); ok && f.Kind == present.FieldChoice {
			p.page.(*present.Leaf).Choose(f, 2)
			break
		}
	}
	p.settle()
	see("position, dissent")
	for _, seat := range []review.SeatID{script.Chair, script.Second, script.Third, script.Fourth, script.Member} {
		p.each(seat, func(x *meeting.Session) error { return x.Vote(script.First, review.ChoiceAgree, "", review.Look{}) })
	}
	p.sits(script.Secretary)
	p.ctrl(fyne.KeyReturn)
	p.at(present.PlaceSign)
	see("certify")
	p.ctrl(fyne.KeyReturn)
	see("sign, the secretary")
	p.row("记录不签署")
	see("refuse")
	p.sits(script.Second)
	p.ctrl(fyne.KeyReturn)
	p.at(present.PlaceSign)
	see("sign")
	for _, part := range p.page.(*present.Leaf).Content() {
		if f, ok := part.(*present.Field); ok && f.Kind == present.FieldChoice {
			p.page.(*present.Leaf).Choose(f, 1)
		}
	}
	p.row("写签名")
	see("drawing")
}

// TestResultFits holds of the pages of a result what TestFits holds of the others.
func TestResultFits(t *testing.T) {
	for size := range 3 {
		t.Run(fmt.Sprint("size ", size), func(t *testing.T) {
			p := newPanel(t)
			p.prefs.SetTextSize(size)
			p.walkResult(func(name string) {
				for range 2 {
					p.frame.object.Refresh()
					p.Window().Resize(fyne.NewSize(leastWidth, leastHeight))
				}
				squeezed(t, name, p.frame.object)
			})
		})
	}
}

// TestResultFocus holds what Tab walks through on the pages of a result.
func TestResultFocus(t *testing.T) {
	p := newPanel(t)
	focusOrder(p.screen, "testdata/focus-result.txt", p.walkResult)
}

// TestWriting holds that the opinion is written by the keyboard alone: the focus goes where
// one writes on, and stays with a paragraph that moves.
func TestWriting(t *testing.T) {
	p := newPanel(t)
	p.sits(script.Chair)
	p.row("专家组意见")
	p.at(present.PlaceOpinion)
	if p.name() != "由个人意见汇成初稿" {
		t.Errorf("the focus begins at %s", p.name())
	}
	p.key(fyne.KeyReturn)
	p.typed("先看")
	o := p.page.(*present.Opinion)
	var first *present.Written
	for _, s := range o.Sections() {
		if len(s.Paragraphs) > 0 {
			first = s.Paragraphs[0]
			break
		}
	}
	if text, _ := first.Text(); !strings.HasPrefix(text, "先看") {
		t.Fatalf("typed into %q, focus on %s", text, p.name())
	}
	tab := func(n int) {
		for range n {
			p.FocusNext()
		}
	}
	tab(3)
	if p.name() != "下移" {
		t.Fatalf("behind the field stands %s", p.name())
	}
	p.key(fyne.KeyReturn)
	p.typed("再")
	if text, _ := first.Text(); !strings.Contains(text, "再") {
		t.Errorf("the focus did not go with the paragraph: %q", text)
	}
	before := p.Focused()
	tab(4)
	if p.name() != "删去" {
		t.Fatalf("behind the field stands %s", p.name())
	}
	p.key(fyne.KeyReturn)
	if p.Focused() == nil || p.Focused() == before || p.name() == "删去" {
		t.Errorf("after the removal the focus is on %s", p.name())
	}
	p.typed("续")
	p.ctrl(fyne.KeyReturn)
	v := p.hall.Sessions[script.Secretary].State().Project(script.First).Opinion
	if len(v) != 1 || len(v[0].Paragraphs) != 4 {
		t.Fatalf("versions %+v; %q", v, p.page.Message().Text)
	}
	found := false
	for _, x := range v[0].Paragraphs {
		found = found || strings.Contains(x.Text, "续")
	}
	if !found {
		t.Errorf("version %+v", v[0].Paragraphs)
	}
}
