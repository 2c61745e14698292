package shell

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage/repository"
	"fyne.io/fyne/v2/test"

	"heyi/app/internal/present"
	"heyi/app/internal/task"
	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/storetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

const passphrase = "heyi-test-2026"

// screen is a shell with its goroutine in the hands of the test: what comes back
// to it waits in a queue, timers ring when the test lets them.
type screen struct {
	*Shell
	t        *testing.T
	services *meeting.Services
	logged   []error
	mu       sync.Mutex
	queue    []func()
	timers   []func()
	fyne.Canvas
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	return newScreenLike(t, &lookFile{})
}

// newScreenLike is a screen that looks as file says.
func newScreenLike(t *testing.T, file LookFile) *screen {
	t.Helper()
	return newScreenOn(t, file, fakes.Services(storetest.NewMemory(), &fakes.Files{}, &fakes.Marks{}))
}

// newScreenOn is a screen on services.
func newScreenOn(t *testing.T, file LookFile, services *meeting.Services) *screen {
	t.Helper()
	w, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t}
	timer := func(d time.Duration, f func()) func() bool {
		if d > time.Minute {
			return func() bool { return true } // nobody goes away
		}
		s.timers = append(s.timers, f)
		return func() bool { return true }
	}
	runner := task.New(func(f func()) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.queue = append(s.queue, f)
	}, timer)
	s.services = services
	s.Shell = New(Setting{
		App: test.NewTempApp(t), Services: s.services, Words: w, Runner: runner, Look: file, Machine: nowhere{},
		Log: func(err error) { s.logged = append(s.logged, err) },
	})
	s.Canvas = s.Window().Canvas()
	s.Window().Resize(fyne.NewSize(leastWidth, leastHeight))
	s.settle()
	return s
}

// nowhere is a machine without files.
type nowhere struct{}

func (nowhere) Open(path string) (present.File, error) {
	return nil, review.E(review.CodeFileMissing, "test", path, nil)
}

func (nowhere) Read(path string, _ int64) ([]byte, error) {
	return nil, review.E(review.CodeFileMissing, "test", path, nil)
}

func (nowhere) Write(string, []byte) error { return nil }

func (nowhere) Show(string) error { return nil }

func (nowhere) Print(string) (bool, error) { return true, nil }

// settle lets everything happen that is going to.
func (s *screen) settle() {
	for {
		s.runner.Wait()
		s.mu.Lock()
		todo := append(s.queue, s.timers...)
		s.queue, s.timers = nil, nil
		s.mu.Unlock()
		if len(todo) == 0 {
			return
		}
		for _, f := range todo {
			f()
		}
	}
}

// key presses a key without modifiers, as the driver does.
func (s *screen) key(names ...fyne.KeyName) {
	for _, name := range names {
		if f := s.Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: name})
		} else {
			s.OnTypedKey()(&fyne.KeyEvent{Name: name})
		}
		s.settle()
	}
}

// ctrl presses a key with Ctrl.
func (s *screen) ctrl(name fyne.KeyName) {
	shortcut := &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}
	if f, ok := s.Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(shortcut)
	} else {
		s.Canvas.(fyne.Shortcutable).TypedShortcut(shortcut)
	}
	s.settle()
}

func (s *screen) typed(text string) {
	for _, r := range text {
		s.Focused().TypedRune(r)
	}
	s.settle()
}

func (s *screen) at(place present.Place) {
	s.t.Helper()
	if got := s.page.Place(); got != place {
		s.t.Fatalf("on page %s, want %s; message %q", got, place, s.page.Message().Text)
	}
}

// create makes a meeting by the keyboard alone.
func (s *screen) create() {
	s.t.Helper()
	s.ctrl(fyne.KeyReturn)
	s.at(present.PlaceNew)
	s.typed(strings.Repeat("乐清市政务数据共享平台", 8))
	s.key(fyne.KeyReturn)
	s.typed("龚䶮")
	s.key(fyne.KeyReturn)
	s.typed(passphrase)
	s.key(fyne.KeyReturn)
	s.typed(passphrase)
	s.ctrl(fyne.KeyReturn)
	s.at(present.PlaceDigits)
	s.typed(quick)
	s.key(fyne.KeyReturn)
	s.typed(quick)
	s.at(present.PlaceProjects)
}

const quick = "1357"

// running makes a meeting that has begun and stands on its minutes.
func (s *screen) running() {
	s.t.Helper()
	s.create()
	list, err := s.services.List()
	if err != nil || len(list) != 1 {
		s.t.Fatal(list, err)
	}
	x, err := s.services.EnterQuick(list[0].ID, review.FirstSeat, quick)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := x.ConfirmPanel(nil); err != nil {
		s.t.Fatal(err)
	}
	x.Close()
	s.desk.Go(present.PlaceMinutes)
	s.settle()
	s.at(present.PlaceMinutes)
}

func (s *screen) name() string {
	if n, ok := s.Focused().(interface{ Name() string }); ok {
		return n.Name()
	}
	return fmt.Sprint(s.Focused())
}

// walk goes through every page and calls see at each, with a name.
func walk(s *screen, see func(name string)) {
	see("meetings, none")
	s.key(fyne.KeyF1)
	see("help, with more")
	s.FocusNext()
	s.key(fyne.KeyReturn)
	s.at(present.PlaceGuide)
	see("guide")
	s.key(fyne.KeyEscape, fyne.KeyEscape)
	s.ctrl(fyne.KeyReturn)
	see("new")
	s.ctrl(fyne.KeyReturn)
	see("new, refused")
	s.key(fyne.KeyEscape)
	s.running()
	see("minutes, none")
	for range 4 {
		s.typed(strings.Repeat("专家组听取了汇报，", 20))
		s.ctrl(fyne.KeyReturn)
	}
	s.typed("没有记入的一段")
	see("minutes")
	s.key(fyne.KeyF1)
	see("help")
	s.key(fyne.KeyEscape)
	s.desk.Go(present.PlacePapers)
	s.settle()
	see("papers, none")
	s.ctrl(fyne.KeyReturn)
	s.ctrl(fyne.KeyReturn)
	see("papers")
	s.desk.Go(present.PlaceDisplay)
	s.settle()
	see("display")
	for _, p := range []present.Place{present.PlaceProjects, present.PlacePanel, present.PlaceFiling, present.PlaceJournal} {
		s.desk.Go(p)
		s.settle()
		see(string(p))
	}
	s.desk.HandBack()
	s.settle()
	see("board")
	s.ctrl(fyne.KeyReturn)
	see("unlock, quick")
	s.key(fyne.KeyTab)
	s.FocusNext()
	s.key(fyne.KeyReturn)
	see("unlock")
	s.key(fyne.KeyEscape, fyne.KeyEscape)
	see("meetings")
	s.desk.Go(present.PlaceCheck)
	s.settle()
	see("check")
}

// TestFits holds that at every text size every page has room in the least
// window: nothing that does not scroll is squeezed below what it needs.
func TestFits(t *testing.T) {
	for size := range 3 {
		t.Run(fmt.Sprint("size ", size), func(t *testing.T) {
			s := newScreen(t)
			s.prefs.SetTextSize(size)
			walk(s, func(name string) {
				// Wrapped text knows its height when it has been laid out once.
				for range 2 {
					s.frame.object.Refresh()
					s.Window().Resize(fyne.NewSize(leastWidth, leastHeight))
				}
				squeezed(t, name, s.frame.object)
			})
		})
	}
}

// squeezed reports objects that are smaller than they need, but for those that
// scroll.
func squeezed(t *testing.T, name string, o fyne.CanvasObject) {
	t.Helper()
	if !o.Visible() {
		return
	}
	need, has := o.MinSize(), o.Size()
	if has.Width+1 < need.Width || has.Height+1 < need.Height {
		t.Errorf("%s: %T has %v and needs %v", name, o, has, need)
	}
	if c, ok := o.(*fyne.Container); ok {
		for _, child := range c.Objects {
			squeezed(t, name, child)
		}
	}
}

// TestFocusOrder holds what Tab walks through on every page, against testdata.
func TestFocusOrder(t *testing.T) {
	s := newScreen(t)
	focusOrder(s, "testdata/focus.txt", func(see func(string)) { walk(s, see) })
}

// focusOrder compares with a golden what Tab walks through on the pages of a walk.
func focusOrder(s *screen, path string, walk func(see func(name string))) {
	s.t.Helper()
	var out strings.Builder
	walk(func(name string) {
		was := s.Focused()
		fmt.Fprintf(&out, "%s\n  %s\n", name, s.name())
		first := s.Focused()
		for range 30 {
			if s.FocusNext(); s.Focused() == first {
				break
			}
			fmt.Fprintf(&out, "  %s\n", s.name())
		}
		s.Focus(was)
	})
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o666); err != nil {
			s.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if out.String() != string(want) {
		s.t.Errorf("the order of focus differs from %s; -update writes it anew. Now:\n%s", path, out.String())
	}
}

// TestKeys holds what the keys that mean the same everywhere do, whatever has
// the focus.
func TestKeys(t *testing.T) {
	s := newScreen(t)
	s.running()
	field := s.Focused()
	s.typed("一")
	s.key(fyne.KeyF6)
	if s.name() != "记入会议记录" {
		t.Errorf("F6 leads from the page to %s", s.name())
	}
	s.key(fyne.KeyF6)
	if s.name() != "会议记录" {
		t.Errorf("F6 leads from the button to %s", s.name())
	}
	s.key(fyne.KeyDown, fyne.KeyReturn)
	s.at(present.PlacePapers)
	s.key(fyne.KeyEscape)
	s.at(present.PlaceProjects)
	s.desk.Go(present.PlaceMinutes)
	s.settle()
	if s.Focused() == field {
		t.Fatal("the page was not made anew")
	}
	s.key(fyne.KeyF1)
	s.at(present.PlaceHelp)
	s.key(fyne.KeyEscape)
	s.at(present.PlaceMinutes)
	s.ctrl(fyne.KeyReturn)
	if n := len(s.page.(*present.Minutes).Recorded(0)); n != 1 {
		t.Errorf("Ctrl+Enter recorded %d paragraphs", n)
	}
	s.typed("没有记入")
	s.key(fyne.KeyF12)
	s.at(present.PlaceBoard)
	if m := s.desk.Frame(); m.Who != "" {
		t.Errorf("after F12 %s is at the machine", m.Who)
	}
	s.key(fyne.KeyF12) // nobody is there
	s.at(present.PlaceBoard)
	s.ctrl(fyne.KeyReturn)
	s.typed(quick)
	s.desk.Go(present.PlaceMinutes)
	s.settle()
	if s.Window().Title() != "会议记录 · 合议" {
		t.Errorf("title %q", s.Window().Title())
	}
}

// TestPressedTwice holds that the second press of a double one does not do the primary action
// of the page that came up at the first.
func TestPressedTwice(t *testing.T) {
	s := newScreen(t)
	enter := &desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault}
	s.Canvas.(fyne.Shortcutable).TypedShortcut(enter) // from the list of meetings to the form of a new one
	s.frame.primary.Tapped(nil)
	s.runner.Wait()
	if m := s.page.Message(); s.page.Place() != present.PlaceNew || m.Text != "" {
		t.Errorf("on %s, which says %q", s.page.Name(), m.Text)
	}
	s.settle() // the person has seen the page
	s.ctrl(fyne.KeyReturn)
	if m := s.page.Message(); m.Tone != present.ToneError {
		t.Errorf("a press later on does nothing: %q", m.Text)
	}
}

// TestDisplay holds that another text size and palette take effect at once and
// lose nothing on the way.
func TestDisplay(t *testing.T) {
	s := newScreen(t)
	s.desk.Go(present.PlaceDisplay)
	s.settle()
	before := s.Focused().(fyne.CanvasObject).Size().Height
	s.key(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if s.name() != "特大" || s.Focused().(fyne.CanvasObject).MinSize().Height <= before {
		t.Errorf("focus on %s, %v high, was %v", s.name(), s.Focused().(fyne.CanvasObject).MinSize().Height, before)
	}
	s.key(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if !s.prefs.Contrast() || !strings.Contains(s.page.Message().Text, "新的设置") {
		t.Errorf("contrast %v, message %q", s.prefs.Contrast(), s.page.Message().Text)
	}
}

// TestClose holds that closing the window stores what was typed a moment ago.
func TestClose(t *testing.T) {
	s := newScreen(t)
	s.running()
	for _, r := range "刚写的" {
		s.Focused().TypedRune(r)
	}
	closed := false
	s.desk.Close(func() { closed = true })
	s.settle()
	if !closed {
		t.Fatal("not closed")
	}
	list, err := s.services.List()
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	x, err := s.services.Enter(list[0].ID, review.FirstSeat, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := x.Draft(review.MinutesDraft); err != nil || text != "刚写的" {
		t.Errorf("stored %q, %v", text, err)
	}
}

// TestHelpKeeps holds that help uncovers a page with everything that was typed on
// it, and that typing goes on.
func TestHelpKeeps(t *testing.T) {
	s := newScreen(t)
	help := func() {
		s.key(fyne.KeyF1)
		s.at(present.PlaceHelp)
		s.key(fyne.KeyEscape)
	}
	s.ctrl(fyne.KeyReturn)
	s.typed("评审会")
	help()
	s.at(present.PlaceNew)
	s.key(fyne.KeyReturn)
	s.typed("龚䶮")
	s.key(fyne.KeyReturn)
	s.typed(passphrase)
	help()
	s.key(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn)
	s.typed(passphrase)
	s.ctrl(fyne.KeyReturn)
	s.at(present.PlaceDigits)
	if f := s.desk.Frame(); f.Title != "评审会" || f.Who != "" {
		t.Errorf("frame %+v", f)
	}
	s.typed(quick)
	help()
	s.key(fyne.KeyReturn)
	s.typed(quick)
	s.at(present.PlaceProjects)
	if f := s.desk.Frame(); !strings.HasPrefix(f.Who, "龚䶮") {
		t.Errorf("frame %+v", f)
	}
}

// TestHelpKeepsDraft holds the same of a text that is kept as a draft.
func TestHelpKeepsDraft(t *testing.T) {
	s := newScreen(t)
	s.running()
	s.typed("一")
	s.key(fyne.KeyF1, fyne.KeyEscape)
	s.typed("二")
	s.ctrl(fyne.KeyReturn)
	if got := s.page.(*present.Minutes).Recorded(0); len(got) != 1 || got[0].Text != "一二" {
		t.Errorf("recorded %v", got)
	}
}

// TestDenyNetwork holds that Fyne's own road to the network is closed.
func TestDenyNetwork(t *testing.T) {
	test.NewTempApp(t) // registers the repositories, as the real application does
	DenyNetwork()
	for _, address := range []string{"http://localhost:1/x.png", "https://localhost:1/x.png"} {
		u, err := repository.ParseURI(address)
		if err != nil {
			t.Fatal(err)
		}
		r, err := repository.ForURI(u)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Reader(u); err != errNetwork {
			t.Errorf("reading %s: %v", address, err)
		}
		if _, err := r.Exists(u); err != errNetwork {
			t.Errorf("looking for %s: %v", address, err)
		}
		if ok, err := r.CanRead(u); ok || err != errNetwork {
			t.Errorf("asking for %s: %v, %v", address, ok, err)
		}
	}
}

// TestSpeakChinese holds that Fyne's own words are ours, all of them.
func TestSpeakChinese(t *testing.T) {
	b, err := assets.Words.ReadFile("words/fyne.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := SpeakChinese(b); err != nil {
		t.Fatal(err)
	}
	for english, want := range map[string]string{"Cancel": "取消", "Yes": "是", "No": "否", "OK": "确定", "Paste": "粘贴", "Select all": "全选"} {
		if got := lang.L(english); got != want {
			t.Errorf("%s is %s, want %s", english, got, want)
		}
	}
}

// TestNewestShows holds that the minutes open at their end.
func TestNewestShows(t *testing.T) {
	s := newScreen(t)
	s.running()
	for range 12 {
		s.typed("专家组听取了汇报，")
		s.ctrl(fyne.KeyReturn)
	}
	s.key(fyne.KeyF1, fyne.KeyEscape)
	s.at(present.PlaceMinutes)
	scroll := firstScroll(s.frame.object)
	if scroll == nil || scroll.Offset.Y <= 0 || scroll.Offset.Y+scroll.Size().Height < scroll.Content.MinSize().Height-1 {
		t.Errorf("the record is shown from %+v", scroll)
	}
}

// firstScroll finds the first scroll below an object.
func firstScroll(o fyne.CanvasObject) *container.Scroll {
	switch o := o.(type) {
	case *container.Scroll:
		return o
	case *fyne.Container:
		for _, child := range o.Objects {
			if s := firstScroll(child); s != nil {
				return s
			}
		}
	}
	return nil
}
