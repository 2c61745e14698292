// Package shell is the window: the frame that stands around every page, the keys
// that mean the same everywhere, and the ties between presenters and Fyne.
package shell

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"heyi/app/internal/pages"
	"heyi/app/internal/present"
	"heyi/app/internal/skin"
	"heyi/app/internal/task"
	"heyi/app/internal/widgets"
	"heyi/app/internal/words"
	"heyi/review/meeting"
)

// The window's size at start. Every page fits 900×500, what a 1366×768 screen at
// 150 % has to give.
const (
	startWidth  = 1180
	startHeight = 680
)

// Shell is the program's one window.
type Shell struct {
	app    fyne.App
	window fyne.Window
	desk   *present.Desk
	runner *task.Runner
	prefs  *prefs

	frame frame
	view  pages.View
	page  present.Page

	settled *task.Delay   // reveals what has the focus on a new page
	picking dialog.Dialog // the choice of files that lies over the page; nil for none
	pressed present.Page  // whose primary button was pressed a moment ago; nil for none
	ripe    *task.Delay   // ends the moment
}

// twiceDelay is how long after a press the primary button of another page does nothing: it
// stands where the one that was pressed stood, and many people press everything twice.
const twiceDelay = 500 * time.Millisecond

// Setting is what the window is set up with.
type Setting struct {
	App      fyne.App
	Services *meeting.Services
	Words    *words.Catalogue
	Runner   *task.Runner
	Look     LookFile
	Machine  present.Machine
	Viewer   present.Viewer // nil where documents cannot be shown
	Log      func(error)    // takes the causes of what goes wrong
	Notice   string         // said first; may be empty
}

// New makes the window with the list of meetings in it, not yet shown. It looks as the
// setting's Look says, and as usual if that cannot be read. Everything of the window happens
// on the goroutine that calls New.
func New(s Setting) *Shell {
	a, w := s.App, s.Words
	x := &Shell{app: a, runner: s.Runner}
	x.settled = s.Runner.Delay(settleDelay, x.reveal)
	x.ripe = s.Runner.Delay(twiceDelay, func() { x.pressed = nil })
	x.prefs = newPrefs(x, s.Look, s.Log)
	x.dress()
	x.window = a.NewWindow(w.T("app.title", nil))
	x.window.SetMaster()
	x.window.SetPadded(false)
	x.window.Resize(fyne.NewSize(startWidth, startHeight))
	x.desk = present.NewDesk(present.World{
		Services: s.Services, Words: w, Jobs: jobs{s.Runner}, Prefs: x.prefs, Outside: outside{s.Machine, x}, Viewer: s.Viewer, Log: s.Log,
	})
	x.desk.Notice(s.Notice)
	x.desk.OnPage(x.lay)
	x.window.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { x.dropped(files) })
	widgets.BindKeys(x.window.Canvas(), widgets.Keys{
		Primary: x.primary,
		Back:    x.back,
		Help:    func() { x.desk.Help() },
		Region:  x.region,
		Wide:    x.wide,
		Find:    x.find,
		Give:    func() { x.desk.HandBack() },
	})
	x.window.SetCloseIntercept(func() { x.desk.Close(a.Quit) })
	x.lay()
	return x
}

// Window gives the window.
func (x *Shell) Window() fyne.Window { return x.window }

// lay puts the page that is on the desk into the frame.
func (x *Shell) lay() {
	x.page = x.desk.Page()
	x.window.SetTitle(x.page.Name() + " · " + x.desk.T("app.name", nil))
	x.view = pages.Build(x.desk, x.page)
	x.frame = newFrame(x.desk, x.view.Object, x.primary)
	x.page.OnChange(x.refresh)
	x.window.SetContent(x.frame.object)
	x.window.Canvas().Unfocus()
	x.refresh()
	x.settled.Poke()
}

// settleDelay is how long a new page is given to find its measures.
const settleDelay = 80 * time.Millisecond

// reveal shows what has the focus, once the page has its measures.
func (x *Shell) reveal() {
	c := x.window.Canvas()
	if o, ok := c.Focused().(fyne.CanvasObject); ok && widgets.Holds(c.Content(), o) {
		widgets.Reveal(o)
	}
}

// refresh draws what has changed. A page that had nothing to take the focus when
// it came up, such as a list that was being read, takes it now.
func (x *Shell) refresh() {
	x.view.Refresh()
	if x.frame.refresh(x.page) {
		x.settled.Poke() // the page has another height now
	}
	c := x.window.Canvas()
	if o, ok := c.Focused().(fyne.CanvasObject); ok && !widgets.Holds(c.Content(), o) {
		c.Unfocus() // what had the focus has left the page
	}
	if c.Focused() != nil || x.page.Message().Tone == present.ToneBusy {
		return
	}
	for _, f := range []fyne.Focusable{x.view.First(), x.frame.stops[0]} {
		if f != nil {
			c.Focus(f)
			return
		}
	}
}

// back goes back: from a choice of files to the page, else to where the page was come to from.
func (x *Shell) back() {
	if x.picking != nil {
		x.picking.Hide()
		x.picking = nil
		return
	}
	x.page.Back()
}

func (x *Shell) primary() {
	if x.pressed != nil && x.pressed != x.page {
		return
	}
	x.pressed = x.page
	x.ripe.Poke()
	if a := x.page.Primary(); a.Do != nil {
		a.Do()
	}
}

// region moves the focus on to the next region of the frame that can take it:
// page, primary button, rail, top bar.
func (x *Shell) region() {
	c := x.window.Canvas()
	stops := append([]fyne.Focusable{x.view.First()}, x.frame.stops...)
	at := 0
	for i, s := range stops {
		if s != nil && s == c.Focused() {
			at = i
		}
	}
	for i := 1; i <= len(stops); i++ {
		if s := stops[(at+i)%len(stops)]; s != nil {
			c.Focus(s)
			return
		}
	}
}

// dress puts the theme of the user's choice on.
func (x *Shell) dress() {
	l := x.prefs.look.Load()
	x.app.Settings().SetTheme(skin.New(l.Text, l.Contrast))
}

// redress changes the theme and draws the frame and page anew: what they were
// given of colours and sizes does not follow a theme.
func (x *Shell) redress() {
	x.dress()
	x.lay()
}

// jobs makes the runner into what presenters ask for.
type jobs struct{ runner *task.Runner }

func (j jobs) Run(work func() error, done func(error)) {
	j.runner.Run(context.Background(), func(context.Context, func(task.Step)) error { return work() }, nil, done)
}

func (j jobs) Delay(d time.Duration, f func()) present.Delay { return j.runner.Delay(d, f) }
