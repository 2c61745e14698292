// Package present holds what the screens show and what their buttons do,
// without a widget: pages draw it and call it. Everything here runs on the
// screen's goroutine; work that takes time goes through Jobs and comes back.
package present

import (
	"errors"
	"io"
	"strings"
	"time"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/paper"
)

// Place names a page, for the rail and for the help texts.
type Place string

// The places.
const (
	PlaceMeetings Place = "meetings" // 会议列表
	PlaceNew      Place = "new"      // 新建会议
	PlaceCheck    Place = "check"    // 自检
	PlaceDisplay  Place = "display"  // 显示
	PlaceHelp     Place = "help"     // 帮助
	PlaceGuide    Place = "guide"    // 规则文件: how a regulation is added

	PlaceBoard   Place = "board"   // 看板: a meeting while nobody sits at the machine
	PlaceUnlock  Place = "unlock"  // 登录
	PlaceSeating Place = "seating" // 领席
	PlaceDigits  Place = "digits"  // 四位数字

	PlaceProjects Place = "projects" // 评审项目
	PlaceProject  Place = "project"  // one of them
	PlaceImport   Place = "import"   // 导入评审包
	PlacePanel    Place = "panel"    // 专家组
	PlacePerson   Place = "person"   // one of it
	PlaceMinutes  Place = "minutes"  // 会议记录
	PlacePapers   Place = "papers"   // 文件
	PlaceFiling   Place = "filing"   // 归档
	PlaceJournal  Place = "journal"  // 会议日志

	PlaceRules      Place = "rules"      // 制度依据
	PlaceRegulation Place = "regulation" // one of them
	PlaceArticle    Place = "article"    // 条文
	PlaceRule       Place = "rule"       // 规则
	PlaceScheme     Place = "schemes"    // 评审方案
	PlaceCompare    Place = "compare"    // 对照表
	PlaceLookup     Place = "lookup"     // 检索

	PlacePromise  Place = "promise"  // 承诺
	PlaceDeclare  Place = "declare"  // 回避声明
	PlaceReading  Place = "reading"  // 项目材料
	PlaceSheet    Place = "sheet"    // 评分表
	PlaceSubmit   Place = "submit"   // 核对提交
	PlaceReceipt  Place = "receipt"  // 回执
	PlaceOpening  Place = "opening"  // 开封
	PlaceTally    Place = "tally"    // 评分汇总
	PlaceOpinion  Place = "opinion"  // 专家组意见
	PlaceConclude Place = "conclude" // 结论
	PlacePosition Place = "position" // 表态
	PlaceSign     Place = "sign"     // 签署
	PlacePreview  Place = "preview"  // a paper as it would be, or is

	PlaceAct Place = "act" // 办理: an act with its form
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

// File is an open file.
type File interface {
	io.ReaderAt
	io.Closer
	Size() int64 // in bytes
}

// Machine is what the pages need of the machine beyond the services. Its methods take time
// and are not called on the screen's goroutine.
type Machine interface {
	// Open opens a file that a person chose.
	// Codes: CodeFileMissing, CodeFileUnknown, CodeDirFailed.
	Open(path string) (File, error)
	// Read reads a file that a person chose, of at most limit bytes.
	// Codes: those of Open, CodeFileTooLarge.
	Read(path string, limit int64) ([]byte, error)
	// Write writes a file where nothing stands yet, complete and synced or not at all.
	// Codes: CodeFileExists, CodeDirFull, CodeDirReadOnly, CodeDirFailed.
	Write(path string, content []byte) error
	// Show shows a file of the data directory in the system's own viewer.
	// Codes: CodeOpenFailed.
	Show(path string) error
	// Print hands a file of the data directory to the system's printing, or shows it where
	// there is none. It tells whether it was printed.
	// Codes: CodeOpenFailed.
	Print(path string) (printed bool, err error)
}

// Outside is the machine with a person before it.
type Outside interface {
	Machine
	// Pick lets a person choose a file with one of the endings, or a directory where there
	// are none, and calls then with its path on the screen's goroutine; not at all if he
	// chooses none.
	Pick(endings []string, then func(path string))
}

// World is what a desk is set up with.
type World struct {
	Services *meeting.Services
	Words    *words.Catalogue
	Jobs     Jobs
	Prefs    Prefs
	Outside  Outside
	Viewer   Viewer
	Log      func(error) // takes the causes of what goes wrong
}

// Desk is what stands on the screen: one page in one frame, and who sits before
// it.
type Desk struct {
	World
	services *meeting.Services
	words    *words.Catalogue
	jobs     Jobs
	meeting  review.MeetingID // whose pages these are; "" outside any
	session  *meeting.Session // nil while nobody sits at the machine
	page     Page
	onPage   func()
	idle     Delay // hands the machine back for a person who has gone away
	own      ownMemory
	books    *shelf // made when the regulations are first looked at
}

// idleDelay is after how long without a key or a click a person has gone away.
const idleDelay = 10 * time.Minute

// NewDesk sets the desk with the list of meetings on it.
func NewDesk(w World) *Desk {
	d := &Desk{World: w, services: w.Services, words: w.Words, jobs: w.Jobs, onPage: func() {}}
	d.idle = w.Jobs.Delay(idleDelay, func() {
		switch p := d.page.Place(); {
		case d.session != nil:
			d.HandBack()
		case p == PlaceDigits:
			d.page.Back()
		case p == PlaceSeating, p == PlaceUnlock:
			d.Go(PlaceBoard) // what somebody is shown or types before he has signed in
		default:
			return
		}
		d.tell(ToneDecide, d.T("board.idle", nil))
	})
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

// say gives a sentence that one thing fills.
func (d *Desk) say(key, name, value string) string { return d.T(key, map[string]string{name: value}) }

// Page gives the page on the desk.
func (d *Desk) Page() Page { return d.page }

// Dropped is told of files that were dropped on the window. Pages that take none leave
// everything as it is.
func (d *Desk) Dropped(paths []string) {
	if p, ok := d.page.(interface{ Dropped(path string) }); ok && len(paths) > 0 {
		p.Dropped(paths[0])
	}
}

// Action is a button: what stands on it and what it does.
type Action struct {
	Label string
	Do    func()
}

// Page is one task on the screen.
type Page interface {
	// Place names the page.
	Place() Place
	// Name is what the page is called in the window's title.
	Name() string
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
	// leave keeps what is unsaved, then calls then; or it calls stay, because what is
	// unsaved cannot be kept and its person has not been told yet.
	leave(then, stay func())
}

// Tone says how a message, a row or a cell is to be read. Colour never says it alone.
type Tone int

// The tones.
const (
	ToneNone   Tone = iota
	ToneBusy        // under way, or not yet
	ToneDone        // it is done, it holds
	ToneError       // it went wrong, it does not hold
	ToneDecide      // somebody has to decide
)

// Message stands on the page until it is read or overtaken.
type Message struct {
	Tone Tone
	Text string
}

// Row is one entry of a list.
type Row struct {
	Title  string
	Detail string // what more there is to say of it; may be empty
	Tone   Tone   // of the sign beside it
	Do     func() // what choosing it does; nil where it is only read
}

// sheet is what all pages share.
type sheet struct {
	desk    *Desk
	place   Place
	back    func() // where Escape leads; nil for the place where everybody begins
	message Message
	changed func()
	busy    bool
	wish    func() // to be done when what is under way has ended
}

func newSheet(d *Desk, p Place) sheet { return sheet{desk: d, place: p, changed: func() {}} }

// Place names the page.
func (s *sheet) Place() Place { return s.place }

// Name is what the page is called.
func (s *sheet) Name() string { return s.desk.T("place."+string(s.place), nil) }

// Next says what is to be done on the page.
func (s *sheet) Next() string { return s.desk.T("next."+string(s.place), nil) }

// Primary is the page's primary action; none unless the page has one.
func (s *sheet) Primary() Action { return Action{} }

// Message gives what stands on the page for its reader.
func (s *sheet) Message() Message { return s.message }

// OnChange sets what redraws the page.
func (s *sheet) OnChange(f func()) {
	s.changed = func() {
		s.desk.idle.Poke()
		f()
	}
}

// Back goes to where the page was come to from.
func (s *sheet) Back() {
	if s.back != nil {
		s.back()
		return
	}
	s.desk.Go(s.desk.home())
}

// leave waits for what is under way: its outcome would belong nowhere once the
// page is gone.
func (s *sheet) leave(then, _ func()) {
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

// explain says what went wrong, and leaves the cause where maintainers look. A session
// that has ended meanwhile leads back to the board.
func (s *sheet) explain(err error) {
	s.desk.Log(err)
	if review.CodeOf(err) == review.CodeSessionClosed && s.desk.session != nil {
		s.desk.HandBack()
		return
	}
	text := s.desk.words.Explain(err)
	if w, ok := errors.AsType[whose](err); ok && s.desk.session != nil {
		text = s.desk.T("said.of", map[string]string{"Name": s.desk.name(w.seat), "Text": text})
	}
	s.say(ToneError, text)
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
		// What done makes of it is drawn in one go: between the two the page would look empty,
		// and give the focus away.
		s.busy, s.message = false, Message{}
		done(err)
		s.changed()
		if then := s.wish; then != nil {
			s.wish = nil
			then()
		}
	})
}

// home is the place that Escape leads to in the end.
func (d *Desk) home() Place {
	switch {
	case d.session != nil:
		return PlaceProjects
	case d.meeting != "":
		return PlaceBoard
	}
	return PlaceMeetings
}

// Go leaves the present page, keeping what is unsaved there, for another one.
func (d *Desk) Go(p Place) {
	d.leave(func() { d.put(d.make(p)) })
}

// turn leaves the present page for one that next makes.
func (d *Desk) turn(next func() Page) {
	d.leave(func() { d.put(next()) })
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
	}, func() {})
}

func (d *Desk) put(p Page) {
	d.idle.Poke()
	d.page = p
	d.onPage()
}

// say puts a message on the page that has just been put on the desk.
func (d *Desk) tell(t Tone, text string) {
	if p, ok := d.page.(interface{ say(Tone, string) }); ok {
		p.say(t, text)
	}
}

// make makes the page of a place that needs nothing but who sits there.
func (d *Desk) make(p Place) Page {
	switch p {
	case PlaceNew:
		return newNewMeeting(d)
	case PlaceCheck:
		return newCheck(d)
	case PlaceDisplay:
		return &Display{sheet: newSheet(d, p)}
	case PlaceRules:
		return newRegulations(d)
	case PlaceBoard:
		return newBoard(d)
	case PlaceProjects:
		return newProjects(d)
	case PlacePanel:
		return newPanel(d)
	case PlaceMinutes:
		return newMinutes(d)
	case PlacePapers:
		return newPapers(d)
	case PlaceFiling:
		return newFiling(d)
	case PlaceJournal:
		return newJournal(d)
	}
	d.meeting = ""
	return newMeetings(d)
}

// Help puts the help of the present page over it; Back uncovers the page as it
// was.
func (d *Desk) Help() {
	if _, on := d.page.(*Help); !on {
		d.put(&Help{sheet: newSheet(d, PlaceHelp), under: d.page})
	}
}

// HandBack is a person giving the machine back: nothing of his is on the screen from this
// moment on. What he typed is kept meanwhile; only if that cannot be done his page comes
// back, with the reason, and he is still at the machine.
func (d *Desk) HandBack() {
	x, from := d.session, d.page
	if x == nil {
		return
	}
	d.session, d.own = nil, ownMemory{}
	board := newBoard(d)
	d.put(board)
	from.leave(x.Close, func() {
		if d.page != Page(board) || d.session != nil {
			return // somebody else has sat down meanwhile; the draft as last kept stays
		}
		d.session = x
		d.put(from)
	})
}

// sit lets a person who has signed in begin.
func (d *Desk) sit(x *meeting.Session) {
	if d.session != nil && d.session != x {
		d.session.Close()
	}
	d.session, d.meeting = x, x.Meeting()
	d.put(newProjects(d))
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

// state gives the meeting's state, of a person at the machine.
func (d *Desk) state() *review.State { return d.session.State() }

// me gives the seat of the person at the machine.
func (d *Desk) me() review.SeatID { return d.session.Seat().ID }

// name is what papers call somebody.
func (d *Desk) name(id review.SeatID) string { return nameIn(d.state(), id) }

// names gives several people's names, as in 张三、李四.
func (d *Desk) names(ids []review.SeatID) string { return namesIn(d.state(), ids) }

// nameIn is what papers call somebody of a meeting, in letters that can be shown, or the
// seat's id if there is no such person.
func nameIn(st *review.State, id review.SeatID) string {
	if _, ok := st.Seat(id); !ok {
		return string(id)
	}
	return review.Legible(paper.NameOf(st, id))
}

func namesIn(st *review.State, ids []review.SeatID) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = nameIn(st, id)
	}
	return strings.Join(out, "、")
}

// may tells whether the person at the machine may do an act now.
func (d *Desk) may(k review.Kind, p review.ProjectID) bool {
	return d.state().May(d.me(), k, p, d.me()) == nil
}
