// Package present holds what the screens show and what their buttons do,
// without a widget: pages draw it and call it. Everything here runs on the
// screen's goroutine; work that takes time goes through Jobs and comes back.
package present

import (
	"time"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
)

// Place names a page, for the rail and for the help texts.
type Place string

// The places.
const (
	PlaceMeetings Place = "meetings" // 会议列表
	PlaceNew      Place = "new"      // 新建会议
	PlaceUnlock   Place = "unlock"   // 登录会议
	PlaceMinutes  Place = "minutes"  // 会议记录
	PlacePapers   Place = "papers"   // 文件
	PlaceDisplay  Place = "display"  // 显示
	PlaceHelp     Place = "help"     // 帮助
)

// Jobs is the one road off the screen's goroutine and back.
type Jobs interface {
	// Run does work elsewhere and then done, with its error, on the screen's
	// goroutine.
	Run(work func() error, done func(error))
	// Delay gives a timer that calls f on the screen's goroutine once, d after
	// the last Poke.
	Delay(d time.Duration, f func()) Delay
}

// Delay is a restartable timer.
type Delay interface {
	Poke() // start, or start again
	Stop() // forget a call that has not happened
}

// Prefs keeps how this machine's user likes to see the program.
type Prefs interface {
	TextSize() int    // 0 normal, 1 large, 2 largest
	SetTextSize(int)  // takes effect at once
	Contrast() bool   // high contrast
	SetContrast(bool) // takes effect at once
}

// Desk is what stands on the screen: one page in one frame, and who sits before
// it.
type Desk struct {
	services *meeting.Services
	words    *words.Catalogue
	jobs     Jobs
	prefs    Prefs
	open     func(path string) error
	log      func(error)
	session  *meeting.Session // nil while nobody is signed in
	page     Page
	onPage   func()
}

// NewDesk sets the desk with the list of meetings on it. open shows a file with
// the system's own program; log takes the causes of what goes wrong.
func NewDesk(s *meeting.Services, w *words.Catalogue, j Jobs, p Prefs, open func(path string) error, log func(error)) *Desk {
	d := &Desk{services: s, words: w, jobs: j, prefs: p, open: open, log: log, onPage: func() {}}
	d.Go(PlaceMeetings)
	return d
}

// Notice puts a message on the page that is on the desk; "" leaves it as it is.
func (d *Desk) Notice(text string) {
	if p, ok := d.page.(*Meetings); ok && text != "" {
		p.notice = text
	}
}

// OnPage sets what is called when another page, or another person, is on the
// desk. A page calls its own OnChange for anything smaller.
func (d *Desk) OnPage(f func()) { d.onPage = f }

// T gives a sentence of the catalogue.
func (d *Desk) T(key string, data any) string { return d.words.T(key, data) }

// Page gives the page on the desk.
func (d *Desk) Page() Page { return d.page }

// Action is a button: what stands on it and what it does.
type Action struct {
	Label string
	Do    func()
}

// Page is one task on the screen.
type Page interface {
	// Place names the page.
	Place() Place
	// Next is 下一步, in one sentence.
	Next() string
	// Primary is the one primary action; without label if the page has none.
	Primary() Action
	// Message is what stands on the page until it is read or overtaken.
	Message() Message
	// OnChange has f called when anything that the page shows has changed.
	OnChange(f func())
	// Back is what Escape does; it loses nothing.
	Back()
	// leave keeps what is unsaved, then calls then.
	leave(then func())
}

// Tone says how a message is to be read. Colour never says it alone.
type Tone int

// The tones.
const (
	ToneNone Tone = iota
	ToneBusy
	ToneDone
	ToneError
)

// Message stands on the page until it is read or overtaken.
type Message struct {
	Tone Tone
	Text string
}

// Row is one entry of a list to choose from.
type Row struct {
	Title  string
	Detail string // what more there is to say of it; may be empty
}

// sheet is what all pages share.
type sheet struct {
	desk    *Desk
	place   Place
	message Message
	changed func()
	busy    bool
	wish    func() // to be done when what is under way has ended
}

func newSheet(d *Desk, p Place) sheet { return sheet{desk: d, place: p, changed: func() {}} }

// Place names the page.
func (s *sheet) Place() Place { return s.place }

// Next says what is to be done on the page.
func (s *sheet) Next() string { return s.desk.T("next."+string(s.place), nil) }

// Primary is the page's primary action; none unless the page has one.
func (s *sheet) Primary() Action { return Action{} }

// Message gives what stands on the page for its reader.
func (s *sheet) Message() Message { return s.message }

// OnChange sets what redraws the page.
func (s *sheet) OnChange(f func()) { s.changed = f }

// Back goes to where the page was come to from.
func (s *sheet) Back() { s.desk.Go(s.desk.home()) }

// leave waits for what is under way: its outcome would belong nowhere once the
// page is gone.
func (s *sheet) leave(then func()) {
	if s.busy {
		s.wish = then
		return
	}
	then()
}

func (s *sheet) say(t Tone, text string) {
	s.message = Message{Tone: t, Text: text}
	s.changed()
}

// explain says what went wrong, and leaves the cause where maintainers look.
func (s *sheet) explain(err error) {
	s.desk.log(err)
	s.say(ToneError, s.desk.words.Explain(err))
}

// Foreign says why a passphrase field does not take what was typed.
func (s *sheet) Foreign() { s.say(ToneError, s.desk.T("secret.foreign", nil)) }

// run does one thing at a time; a second press while it runs does nothing.
func (s *sheet) run(busyKey string, work func() error, done func(error)) {
	if s.busy {
		return
	}
	s.busy = true
	s.say(ToneBusy, s.desk.T(busyKey, nil))
	s.desk.jobs.Run(work, func(err error) {
		s.busy = false
		s.say(ToneNone, "")
		done(err)
		if then := s.wish; then != nil {
			s.wish = nil
			then()
		}
	})
}

// home is the place that Escape leads to in the end.
func (d *Desk) home() Place {
	if d.session != nil {
		return PlaceMinutes
	}
	return PlaceMeetings
}

// Go leaves the present page, keeping what is unsaved there, for another one.
func (d *Desk) Go(p Place) {
	d.leave(func() { d.put(d.make(p)) })
}

// leave has the page on the desk keep what is unsaved, and then calls then, unless
// the desk was cleared meanwhile by an earlier wish.
func (d *Desk) leave(then func()) {
	from := d.page
	if from == nil {
		then()
		return
	}
	from.leave(func() {
		if d.page == from {
			then()
		}
	})
}

func (d *Desk) put(p Page) {
	d.page = p
	d.onPage()
}

func (d *Desk) make(p Place) Page {
	switch p {
	case PlaceNew:
		return &NewMeeting{sheet: newSheet(d, p)}
	case PlaceMinutes:
		return newMinutes(d)
	case PlacePapers:
		return &Papers{sheet: newSheet(d, p)}
	case PlaceDisplay:
		return &Display{sheet: newSheet(d, p)}
	}
	return newMeetings(d)
}

// Help puts the help of the present page over it; Back uncovers the page as it
// was.
func (d *Desk) Help() {
	if _, on := d.page.(*Help); !on {
		d.put(&Help{sheet: newSheet(d, PlaceHelp), under: d.page})
	}
}

// Lock keeps what is unsaved, forgets the person's keys and asks for the
// passphrase. Nothing of the meeting stays on the screen.
func (d *Desk) Lock() {
	d.leave(func() {
		if d.session == nil {
			return
		}
		st := d.session.State()
		d.session.Close()
		d.session = nil
		d.put(newUnlock(d, meeting.Summary{ID: st.Meeting, Title: st.Title, Created: st.Created, Phase: st.Phase}))
	})
}

// Close keeps what is unsaved and then calls then, for the end of the program.
func (d *Desk) Close(then func()) {
	d.leave(func() {
		if d.session != nil {
			d.session.Close()
			d.session = nil
		}
		then()
	})
}

// Frame is what stands around every page.
type Frame struct {
	Title   string   // the meeting's, or the program's
	Steps   []string // the meeting's phases; empty outside a meeting
	Current int      // index of the present phase
	Who     string   // name and role of the person at the machine; "" if nobody
	Rail    []Stop
}

// Stop is one entry of the rail.
type Stop struct {
	Place   Place
	Label   string
	Current bool
}

// Frame gives the frame of the present page.
func (d *Desk) Frame() Frame {
	f := Frame{Title: d.T("app.title", nil)}
	stops := []Place{PlaceMeetings, PlaceNew, PlaceDisplay}
	if d.session != nil {
		st := d.session.State()
		f.Title = st.Title
		for i, p := range review.Phases {
			f.Steps = append(f.Steps, d.T("phase."+string(p), nil))
			if p == st.Phase {
				f.Current = i
			}
		}
		seat := d.session.Seat()
		f.Who = seat.Name
		for _, r := range seat.Roles {
			f.Who += " · " + r.Name()
		}
		stops = []Place{PlaceMinutes, PlacePapers, PlaceDisplay}
	}
	place := d.page.Place()
	if h, on := d.page.(*Help); on {
		place = h.under.Place()
	}
	if place == PlaceUnlock {
		place = PlaceMeetings
	}
	for _, p := range stops {
		f.Rail = append(f.Rail, Stop{Place: p, Label: d.T("place."+string(p), nil), Current: p == place})
	}
	return f
}
