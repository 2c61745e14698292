package pages_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"heyi/app/internal/pages"
	"heyi/app/internal/present"
	"heyi/app/internal/skin"
	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
	"heyi/review/reviewtest/storetest"
)

func TestMain(m *testing.M) {
	test.NewApp().Settings().SetTheme(skin.New(skin.Normal, false))
	os.Exit(m.Run())
}

// queue is the screen's goroutine of a test.
type queue struct {
	jobs   []func()
	timers []*timer
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
	if d < time.Minute { // nobody stays away so long in a test
		q.timers = append(q.timers, t)
	}
	return t
}

// settle lets everything happen that is going to.
func (q *queue) settle() {
	for again := true; again; {
		again = len(q.jobs) > 0
		if again {
			job := q.jobs[0]
			q.jobs = q.jobs[1:]
			job()
		}
		for _, t := range q.timers {
			if t.due {
				t.due, again = false, true
				t.f()
			}
		}
	}
}

// grey is a viewer in which every document has three grey pages.
type grey struct{}

func (grey) Open(io.ReaderAt, int64) (present.Shown, error) { return grey{}, nil }
func (grey) Pages() []present.PageSize {
	return []present.PageSize{{Width: 595, Height: 842}, {Width: 595, Height: 842}, {Width: 842, Height: 595}}
}
func (grey) Page(n, width int) (image.Image, error) {
	m := image.NewRGBA(image.Rect(0, 0, width, width*842/595))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.Gray{uint8(200 + 10*n)}), image.Point{}, draw.Src)
	return m, nil
}
func (grey) Find(string) ([]present.Hit, error) {
	return []present.Hit{{Page: 1, Boxes: []present.Box{{X: 100, Y: 100, Width: 80, Height: 12}}}, {Page: 1, Boxes: []present.Box{{X: 100, Y: 700, Width: 80, Height: 12}}}}, nil
}
func (grey) Close() error { return nil }

// table is a desk with its pages drawn in a window of the size that a page has in the least
// window of the program.
type table struct {
	*present.Desk
	*queue
	t      *testing.T
	hall   *script.Hall
	window fyne.Window
	view   pages.View
	size   fyne.Size
}

// What a page has in a window of 900×500 at the largest text size, and what it has on a
// screen of 1366×768 at the usual one.
var (
	least = fyne.NewSize(676, 330)
	usual = fyne.NewSize(1200, 560)
)

func newTable(t *testing.T, s skin.Scale, size fyne.Size) *table {
	t.Helper()
	return newTableOf(t, s, size, append(script.Prepare(6), script.Score(script.First, 1)[0]))
}

// packs are the regulations of the program.
func packs(t *testing.T) *regulation.Library {
	t.Helper()
	var files [][]byte
	entries, err := fs.ReadDir(assets.Packs, "packs")
	for _, e := range entries {
		b, failed := fs.ReadFile(assets.Packs, "packs/"+e.Name())
		err = errors.Join(err, failed)
		files = append(files, b)
	}
	lib, failed := regulation.Open(files...)
	if err = errors.Join(err, failed); err != nil {
		t.Fatal(err)
	}
	return lib
}

// newTableOf is a table at a meeting in which so much has happened.
func newTableOf(t *testing.T, s skin.Scale, size fyne.Size, acts []script.Act) *table {
	t.Helper()
	test.ApplyTheme(t, skin.New(s, false))
	w, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	x := &table{t: t, queue: &queue{}, size: size}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	services := meeting.New(meeting.Config{
		Store: storetest.NewMemory(), Papers: fakes.Papers{}, Files: &fakes.Files{}, Packages: &fakes.Packages{}, Rules: packs(t),
		Marks: &fakes.Marks{}, Random: rand.NewChaCha8([32]byte{1}), WorkFactor: 1, Now: func() time.Time {
			now = now.Add(time.Minute)
			return now
		},
	})
	x.hall = script.New(services)
	if err := x.hall.Hold(acts, nil); err != nil {
		t.Fatal(err)
	}
	x.Desk = present.NewDesk(present.World{
		Services: services, Words: w, Jobs: x.queue, Viewer: grey{}, Log: func(err error) { t.Log(err) },
	})
	x.window = test.NewTempWindow(t, container.NewStack())
	x.window.SetPadded(false)
	x.settle()
	x.Page().(*present.Meetings).Rows()[0].Do()
	x.settle()
	x.Page().(*present.Board).Choose(2, 0) // the chair
	x.settle()
	x.enter(x.hall.Codes[script.Chair])
	x.enter("4711", "4711")
	x.OnPage(x.lay)
	return x
}

// enter fills in the fields of a leaf and does its primary action.
func (x *table) enter(values ...string) {
	p := x.Page().(*present.Leaf)
	for _, part := range p.Content() {
		if f, ok := part.(*present.Field); ok {
			p.Type(f, values[0])
			values = values[1:]
		}
	}
	if x.settle(); x.Page() == present.Page(p) {
		x.press()
	}
}

func (x *table) press() {
	x.Page().Primary().Do()
	x.settle()
}

// lay draws the page on the desk, and everything that it calls for.
func (x *table) lay() {
	x.view = pages.Build(x.Desk, x.Page())
	x.Page().OnChange(x.refresh)
	x.window.SetContent(x.view.Object)
	x.window.Resize(x.size)
	x.refresh()
	x.settle()
	x.relay()
	if f := x.view.First(); f != nil && x.canvas().Focused() == nil {
		x.canvas().Focus(f)
	}
}

func (x *table) refresh() { x.view.Refresh() }

// relay lays everything out anew, as the driver does where something has another least size.
func (x *table) relay() {
	for range 2 {
		x.window.Resize(x.size.AddWidthHeight(0, 1))
		x.window.Resize(x.size)
	}
	x.refresh()
}

func (x *table) canvas() fyne.Canvas { return x.window.Canvas() }

// sheet goes to the score sheet.
func (x *table) sheet() *present.Scoring {
	x.press()
	return x.Page().(*present.Scoring)
}

// key presses keys where the focus is.
func (x *table) key(names ...fyne.KeyName) {
	for _, n := range names {
		x.canvas().Focused().TypedKey(&fyne.KeyEvent{Name: n})
		x.settle()
	}
}

func (x *table) typed(text string) {
	for _, r := range text {
		x.canvas().Focused().TypedRune(r)
	}
	x.settle()
}

// walk goes once through everything that takes the focus, and gives how much there is: each
// must be seen when it has the focus, and nothing may be wider than the page.
func (x *table) walk(what string) int {
	x.t.Helper()
	c := x.canvas()
	x.relay()
	x.settle()
	x.picture(what)
	if got := x.window.Content().MinSize(); got.Width > x.size.Width || got.Height > x.size.Height {
		x.t.Errorf("%s takes %v", what, got)
	}
	seen := map[fyne.Focusable]bool{}
	for f := c.Focused(); f != nil && !seen[f]; f = c.Focused() {
		seen[f] = true
		o := f.(fyne.CanvasObject)
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		if at.X < -4 || at.Y < -4 || at.X+min(o.Size().Width, 20) > x.size.Width || at.Y+min(o.Size().Height, 20) > x.size.Height {
			x.t.Errorf("%s: %T %q stands at %v, %v large", what, f, nameOf(f), at, o.Size())
		}
		c.FocusNext()
	}
	return len(seen)
}

func nameOf(f fyne.Focusable) string {
	if n, ok := f.(interface{ Name() string }); ok {
		return n.Name()
	}
	return ""
}

// picture keeps a picture for people, where they want some.
func (x *table) picture(what string) {
	dir := os.Getenv("HEYI_PICTURES")
	if dir == "" {
		return
	}
	opaque(x.window.Content())
	var b bytes.Buffer
	if err := png.Encode(&b, x.canvas().Capture()); err != nil {
		x.t.Fatal(err)
	}
	name := fmt.Sprintf("page-%s-%dx%d-%.0f.png", what, int(x.size.Width), int(x.size.Height), fyne.CurrentApp().Settings().Theme().Size("text"))
	if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o666); err != nil {
		x.t.Fatal(err)
	}
}

// opaque gives rectangles without a colour one that cannot be seen: Fyne's painter for tests
// does not do without.
func opaque(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *canvas.Rectangle:
		if o.FillColor == nil {
			o.FillColor = color.Transparent
		}
	case *fyne.Container:
		for _, child := range o.Objects {
			opaque(child)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			opaque(child)
		}
	}
}

// TestSheetFits holds that everything on the score sheet, in both forms, and on the pages
// around it is reached by Tab and then seen, in the least window at the largest text.
func TestSheetFits(t *testing.T) {
	for _, c := range []struct {
		scale skin.Scale
		size  fyne.Size
	}{{skin.Largest, least}, {skin.Normal, usual}} {
		x := newTable(t, c.scale, c.size)
		p := x.sheet()
		p.SetMark(0, "11")
		if n := x.walk("one"); n < 5 {
			t.Errorf("one: %d stops", n)
		}
		p.Go(p.Items())
		x.settle()
		x.walk("last")
		p.SetForm(1)
		x.settle()
		if n := x.walk("quick"); n < p.Items()+4 {
			t.Errorf("quick: %d stops", n)
		}
		x.press()
		x.walk("lacks")
		x.Page().Back()
		x.settle()
		p = x.Page().(*present.Scoring)
		for i := range p.Items() {
			p.SetMark(i, "8")
			p.Choose(i, 0)
		}
		for i := range 6 {
			p.SetMark(i, "8")
		}
		x.press()
		q := x.Page().(*present.Submit)
		x.walk("submit")
		q.SetWay(1)
		x.settle()
		x.walk("pad")
		x.press()
		q.Draw([][]image.Point{{{X: 5, Y: 5}, {X: 500, Y: 200}}}, 900, 300)
		x.press()
		x.walk("receipt")
	}
}

// TestReadingFits holds the same of the documents, as a page and beside the sheet, for what
// can be shown and what cannot.
func TestReadingFits(t *testing.T) {
	for _, c := range []struct {
		scale skin.Scale
		size  fyne.Size
	}{{skin.Largest, least}, {skin.Normal, usual}} {
		x := newTableOf(t, c.scale, c.size, script.Delivered())
		x.choose("项目材料")
		docs := x.Page().(*present.Reading).Documents()
		if n := x.walk("list"); n < 4 {
			t.Errorf("list: %d stops", n)
		}
		for i, what := range []string{"pdf", "drawing", "text", "picture"} {
			docs.Open(i)
			x.settle()
			x.walk(what)
			docs.List(true)
			x.settle()
		}
		x.key(fyne.KeyEnter) // the first row has the focus
		docs.Paging().Find("文")
		x.settle()
		if docs.Paging().At() != 1 {
			t.Errorf("found on page %d", docs.Paging().At())
		}
		x.walk("found")
		x.press() // to the sheet
		p := x.Page().(*present.Scoring)
		x.walk("regulated")
		p.SetForm(1)
		x.settle()
		x.walk("regulated-quick")
		p.Documents().Open(0)
		x.settle()
		x.view.Wide()
		x.walk("beside-right")
		x.view.Wide()
		x.walk("beside-left")
	}
}

// choose chooses a row of the project's page.
func (x *table) choose(title string) {
	x.t.Helper()
	x.Page().(*present.Leaf).Content()[0].(present.Rows).Rows[0].Do()
	x.settle()
	for _, part := range x.Page().(*present.Leaf).Content() {
		rows, _ := part.(present.Rows)
		for _, r := range rows.Rows {
			if strings.Contains(r.Title, title) && r.Do != nil {
				r.Do()
				x.settle()
				return
			}
		}
	}
	x.t.Fatalf("no row %q on %s", title, x.Page().Name())
}

// TestQuickByKeys fills a sheet in by the number pad alone, down to the opinion.
func TestQuickByKeys(t *testing.T) {
	x := newTable(t, skin.Normal, usual)
	p := x.sheet()
	p.SetForm(1)
	x.settle()
	for range 6 {
		x.typed("8.5")
		x.key(fyne.KeyEnter)
	}
	x.typed("1")
	x.key(fyne.KeyEnter)
	x.typed("2")
	x.key(fyne.KeyEnter)
	x.typed("方案可行。")
	x.key(fyne.KeyEnter)
	x.typed("建议补充。")
	want := []string{"8.5", "8.5", "8.5", "8.5", "8.5", "8.5"}
	for i, m := range want {
		if got := p.Item(i).Value; got != m {
			t.Errorf("mark %d: %q", i, got)
		}
	}
	if p.Item(6).Chosen != 0 || p.Item(7).Chosen != 1 {
		t.Errorf("answers %d, %d", p.Item(6).Chosen, p.Item(7).Chosen)
	}
	if o := p.Opinion(); len(o) != 2 || o[0].Text != "方案可行。" || o[1].Text != "建议补充。" {
		t.Errorf("opinion %+v", o)
	}
	if p.Missing().Label != "" {
		t.Error("something is missing")
	}
}

// TestOneByKeys goes through the items one by one and back.
func TestOneByKeys(t *testing.T) {
	x := newTable(t, skin.Normal, usual)
	p := x.sheet()
	x.typed("7")
	x.key(fyne.KeyEnter)
	if p.Step() != 1 || p.Item(0).Value != "7" {
		t.Fatalf("at %d, mark %q", p.Step(), p.Item(0).Value)
	}
	x.typed("12")
	if p.Item(1).Wrong == "" {
		t.Error("12 of 10 is not said to be wrong")
	}
	x.key(fyne.KeyUp, fyne.KeyDown)
	if p.Step() != 1 || p.Item(0).Value != "7" || p.Item(1).Value != "12" {
		t.Errorf("at %d, marks %q %q", p.Step(), p.Item(0).Value, p.Item(1).Value)
	}
}
