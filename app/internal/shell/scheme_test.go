package shell

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"heyi/app/internal/present"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest/script"
)

// newWaiting is a screen in a meeting whose first project waits for its first round.
func newWaiting(t *testing.T) *panel {
	t.Helper()
	s := newScreenOn(t, &lookFile{}, ruled(t))
	p := &panel{s, script.New(s.services)}
	if err := p.hall.Hold(script.Prepare(1), nil); err != nil {
		t.Fatal(err)
	}
	b := script.Project(weightedTitle, 4)
	b.Scheme.Mode = review.ModeWeighted
	for i := range 4 {
		it := &b.Scheme.Items[i]
		it.Weight, it.Full, it.Article = "25", "25", "三（四）第1款"
		it.Title, it.Question = "技术方案与标准安全"+fmt.Sprint(i+1), "技术方案是否合理可行，符合国家、省有关电子政务技术标准和信息安全管理要求？"
	}
	p.each(script.Secretary, func(x *meeting.Session) error { _, err := x.AddProject(b); return err })
	s.desk.Go(present.PlaceMeetings)
	s.settle()
	s.page.(*present.Meetings).Rows()[0].Do()
	s.settle()
	return p
}

const weightedTitle = "按权重评分的项目"

// walkScheme goes through the pages on which a scheme is read and set, and calls see at each.
func (p *panel) walkScheme(see func(name string)) {
	p.sits(script.Secretary)
	p.key(fyne.KeyEscape)
	p.row(weightedTitle)
	see("project, waiting")
	p.row("评审方案与细则")
	see("scheme")
	p.key(fyne.KeyEscape)
	p.row("另定评审细则")
	p.at(present.PlaceAct)
	see("own scheme")
	p.row("技术方案与标准安全2")
	see("own scheme, an item")
	p.key(fyne.KeyEscape)
	p.row("计分办法")
	see("own scheme, the method")
	p.key(fyne.KeyEscape)
	p.row("建议各结论的最低总分")
	see("own scheme, the bounds")
	p.key(fyne.KeyEscape)
	p.row("改为不评分")
	see("own scheme, not scored")
	p.key(fyne.KeyEscape)
	p.at(present.PlaceProject)
}

// TestSchemeFits holds of the pages of a scheme what TestFits holds of the others.
func TestSchemeFits(t *testing.T) {
	for size := range 3 {
		t.Run(fmt.Sprint("size ", size), func(t *testing.T) {
			p := newWaiting(t)
			p.prefs.SetTextSize(size)
			p.walkScheme(func(name string) {
				for range 2 {
					p.frame.object.Refresh()
					p.Window().Resize(fyne.NewSize(leastWidth, leastHeight))
				}
				squeezed(t, name, p.frame.object)
			})
		})
	}
}

// TestSchemeFocus holds what Tab walks through on the pages of a scheme.
func TestSchemeFocus(t *testing.T) {
	p := newWaiting(t)
	focusOrder(p.screen, "testdata/focus-scheme.txt", p.walkScheme)
}
