package shell

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
	"heyi/review/reviewtest/rulebook"
	"heyi/review/reviewtest/script"
)

// newShelf is a screen on three short regulations, on the list of meetings.
func newShelf(t *testing.T) *screen {
	t.Helper()
	return newScreenOn(t, &lookFile{}, under(rulebook.Library(t)))
}

// rail goes by the rail alone to a place.
func (s *screen) rail(place present.Place) {
	s.t.Helper()
	stops := s.desk.Frame().Rail
	i := slices.IndexFunc(stops, func(x present.Stop) bool { return x.Place == place })
	from := slices.IndexFunc(stops, func(x present.Stop) bool { return x.Current })
	if i < 0 || from < 0 {
		s.t.Fatalf("no way from %+v to %s", stops, place)
	}
	for range 4 {
		if _, on := s.Focused().(*widgets.Stop); on {
			break
		}
		s.key(fyne.KeyF6)
	}
	for ; from < i; from++ {
		s.key(fyne.KeyDown)
	}
	for ; from > i; from-- {
		s.key(fyne.KeyUp)
	}
	s.key(fyne.KeyReturn)
	s.at(place)
}

// to goes by Tab alone to what is called by a name.
func (s *screen) to(name string) {
	s.t.Helper()
	var seen []string
	for range 60 {
		if s.name() == name {
			return
		}
		seen = append(seen, s.name())
		s.FocusNext()
		s.settle()
	}
	s.t.Fatalf("on %s Tab comes past %q, never %q", s.page.Place(), seen, name)
}

// choose goes by Tab to a row and chooses it.
func (s *screen) choose(name string, want present.Place) {
	s.t.Helper()
	s.to(name)
	s.key(fyne.KeyReturn)
	s.at(want)
}

// walkShelf goes through the regulations by keys alone and calls see at each page, with a
// name.
func walkShelf(s *screen, see func(name string)) {
	s.rail(present.PlaceRules)
	see("rules")
	s.choose("某市办法", present.PlaceRegulation)
	see("regulation")
	s.choose("条文不明之处与系统默认", present.PlaceRegulation)
	see("gaps")
	s.key(fyne.KeyEscape)
	s.choose("规则", present.PlaceRegulation)
	see("rules of it")
	s.choose("预审材料〔原则性〕", present.PlaceRule)
	see("rule")
	s.choose("竣工验收", present.PlaceScheme)
	see("scheme, come to from a rule")
	s.key(fyne.KeyEscape, fyne.KeyEscape, fyne.KeyEscape)
	s.choose("条文", present.PlaceArticle)
	see("text")
	s.choose("→ 第三条：规则、评审项等 12 项", present.PlaceArticle)
	see("article")
	s.ctrl(fyne.KeyReturn)
	see("next article")
	s.key(fyne.KeyEscape, fyne.KeyEscape)
	s.choose("1　评审：项目预审", present.PlaceScheme)
	see("scheme")
	s.key(fyne.KeyEscape, fyne.KeyEscape)
	s.choose("对照表", present.PlaceCompare)
	see("compare")
	s.key(fyne.KeyDown, fyne.KeyDown, fyne.KeyRight, fyne.KeyRight, fyne.KeyReturn)
	see("stage")
	s.key(fyne.KeyEscape, fyne.KeyEscape)
	s.ctrl(fyne.KeyReturn)
	s.at(present.PlaceLookup)
	see("lookup")
	s.typed("没有的词")
	see("lookup, nothing")
	for range 4 {
		s.key(fyne.KeyBackspace)
	}
	s.typed("预审")
	see("lookup, found")
	s.key(fyne.KeyReturn)
	see("lookup, at what was found")
	s.key(fyne.KeyEscape)
	s.at(present.PlaceRules)
}

// TestShelfFocus holds what Tab walks through on the pages of the regulations.
func TestShelfFocus(t *testing.T) {
	s := newShelf(t)
	focusOrder(s, "testdata/focus-shelf.txt", func(see func(string)) { walkShelf(s, see) })
}

// TestShelfFits holds that every page of the regulations has room in the least window.
func TestShelfFits(t *testing.T) {
	for size := range 3 {
		t.Run(fmt.Sprint("size ", size), func(t *testing.T) {
			s := newShelf(t)
			s.prefs.SetTextSize(size)
			walkShelf(s, func(name string) {
				for range 2 {
					s.frame.object.Refresh()
					s.Window().Resize(fyne.NewSize(leastWidth, leastHeight))
				}
				squeezed(t, name, s.frame.object)
			})
		})
	}
}

// TestShelfReturns holds that Escape leads back to the row that was chosen, page by page,
// and that words that were looked for stand there still.
func TestShelfReturns(t *testing.T) {
	s := newShelf(t)
	s.rail(present.PlaceRules)
	s.choose("某市办法", present.PlaceRegulation)
	s.choose("条文", present.PlaceArticle)
	s.choose("→ 第三条：规则、评审项等 12 项", present.PlaceArticle)
	s.choose("可行性（评分，权重 40，满分 40）", present.PlaceScheme)
	if s.name() != "可行性（评分，权重 40，满分 40）" {
		t.Errorf("an item leads to %s", s.name())
	}
	s.key(fyne.KeyReturn)
	s.at(present.PlaceArticle)
	s.ctrl(fyne.KeyF)
	s.at(present.PlaceLookup)
	s.typed("监理　承建")
	s.key(fyne.KeyReturn)
	found := s.name()
	s.key(fyne.KeyReturn)
	s.at(present.PlaceArticle)
	s.key(fyne.KeyEscape)
	s.at(present.PlaceLookup)
	if s.name() != found || found != "某市办法　第四条" {
		t.Errorf("back at %s, was at %s", s.name(), found)
	}
	s.ctrl(fyne.KeyF)
	if s.name() != "几个词用空格隔开" {
		t.Errorf("Ctrl+F leads to %s", s.name())
	}
	for _, want := range []string{"article 某市办法　第二条、第三条", "schemes 可行性（评分，权重 40，满分 40）", "article 可行性（评分，权重 40，满分 40）", "article → 第三条：规则、评审项等 12 项", "regulation 条文", "rules 某市办法", "meetings 新建会议"} {
		s.key(fyne.KeyEscape)
		if got := string(s.page.Place()) + " " + s.name(); got != want {
			t.Errorf("back at %s, want %s", got, want)
		}
	}
}

// TestShelfInMeeting holds that the regulations are there on the board and for everybody in a
// meeting, and that who gives the machine back leaves nothing of them.
func TestShelfInMeeting(t *testing.T) {
	p := newPanel(t)
	p.rail(present.PlaceRules)
	p.key(fyne.KeyEscape)
	p.at(present.PlaceBoard)
	for seat := range p.hall.Codes {
		p.sits(seat)
		p.rail(present.PlaceRules)
		p.key(fyne.KeyReturn)
		p.at(present.PlaceRegulation)
		p.key(fyne.KeyF12)
		p.at(present.PlaceBoard)
	}
	if len(p.hall.Codes) < 4 || p.hall.Codes[script.Chair] == "" {
		t.Errorf("%d people were tried", len(p.hall.Codes))
	}
}
