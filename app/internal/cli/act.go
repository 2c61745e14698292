package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"heyi/review"
	"heyi/review/meeting"
)

// act is one thing that can be done in or with a meeting: one call of a service. It
// is found by its words, as in "meeting chair".
type act struct {
	words   string
	door    door
	options string // see option; beside those of the door
	do      func(*acting) (told, error)
}

// door is how an act comes to its meeting.
type door int

const (
	byItself door = iota // the act opens what it needs
	reading              // nothing is written, nobody signs in
	working              // nobody signs in
	one                  // one person signs in
	two                  // one person signs in, and another beside him where he is named
)

// ofDoor are the options that come with a door.
var ofDoor = map[door]string{
	reading: "meeting",
	working: "meeting",
	one:     "meeting as:seat secret:file",
	two:     "meeting as:seat secret:file with:seat with-secret:file",
}

// option is one option of an act. It is written as its name, then what it takes after
// a colon if that is not what its name says (several words with | between them are all
// that it takes), then ! if it must be given, ? if it takes nothing, * if it may stand
// several times. What stands in <> is an argument that is no option, with ? behind it one
// that may be left out, with * the last, of which there may be several.
type option struct {
	name, what       string
	must, bare, many bool
}

func readOption(s string) option {
	o := option{must: strings.HasSuffix(s, "!"), bare: strings.HasSuffix(s, "?"), many: strings.HasSuffix(s, "*")}
	var ok bool
	if o.name, o.what, ok = strings.Cut(strings.TrimRight(s, "!?*"), ":"); !ok {
		o.what = o.name
	}
	return o
}

func (o option) argument() bool { return strings.HasPrefix(o.name, "<") }

// flag writes the option as it stands in a line.
func (o option) flag() string {
	if len(o.name) == 1 {
		return "-" + o.name
	}
	return "--" + o.name
}

// choices are all that the option takes, nil if it takes anything.
func (o option) choices() []string {
	if !strings.Contains(o.what, "|") {
		return nil
	}
	return strings.Split(o.what, "|")
}

// takes tells whether the option takes a value.
func (o option) takes(value string) bool {
	switch o.what {
	case "number":
		_, err := strconv.Atoi(value)
		return err == nil
	case "against":
		return strings.Contains(value, "=")
	}
	return o.choices() == nil || slices.Contains(o.choices(), value)
}

// list is the value of an option that may stand several times.
type list []string

// String is as in flag.Value.
func (l *list) String() string { return strings.Join(*l, " ") }

// Set is as in flag.Value.
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// every gives all options of the act.
func (t act) every() []option {
	var out []option
	for _, s := range strings.Fields(t.options + " " + ofDoor[t.door] + " json?") {
		out = append(out, readOption(s))
	}
	return out
}

// key is the act's place in the catalogue: the sentence when it is done. What it is
// for stands there with ".help".
func (t act) key() string { return strings.ReplaceAll(t.words, " ", ".") }

// begins tells whether the line begins with the act's words, and gives the rest.
func (t act) begins(line []string) (rest []string, ok bool) {
	n := len(strings.Fields(t.words))
	return line[min(n, len(line)):], len(line) >= n && strings.Join(line[:n], " ") == t.words
}

// help explains the acts whose words begin as given, two lines each, and tells whether
// some of them is done in a meeting.
func (w *World) help(words []string) (lines []string, ofMeetings bool) {
	for _, t := range acts {
		if !strings.HasPrefix(t.words+" ", strings.Join(words, " ")+" ") {
			continue
		}
		line := "  heyi " + t.words
		for _, s := range strings.Fields(t.options) {
			line += " " + w.shown(readOption(s))
		}
		lines = append(lines, line, "      "+w.Words.T(t.key()+".help", nil))
		ofMeetings = ofMeetings || slices.ContainsFunc(t.every(), func(o option) bool { return o.name == "meeting" })
	}
	return lines, ofMeetings
}

// shown writes an option as help shows it.
func (w *World) shown(o option) string {
	what := o.what
	if o.choices() == nil && (!o.bare || o.argument()) {
		what = w.Words.T("cli.what."+strings.Trim(o.what, "<>"), nil)
	}
	switch {
	case o.argument() && o.bare:
		return "[" + what + "]"
	case o.argument() && o.many:
		return what + "…"
	case o.argument():
		return what
	case o.bare:
		return "[" + o.flag() + "]"
	case o.must:
		return o.flag() + " " + what
	case o.many:
		return "[" + o.flag() + " " + what + "]…"
	}
	return "[" + o.flag() + " " + what + "]"
}

// acting is an act under way.
type acting struct {
	*World
	act
	at       place
	line     *flag.FlagSet
	file     string   // the argument that is no option, the first of several
	more     []string // those after it
	services *meeting.Services
	closer   io.Closer
	id       review.MeetingID
	x, with  *meeting.Session // who has signed in; nil if nobody
}

// carryOut carries out an act from its line to what is printed of it.
func (w *World) carryOut(t act, at place, args []string) (int, error) {
	a := &acting{World: w, act: t, at: at, line: newFlags()}
	if err := a.read(args); errors.Is(err, errHelp) {
		return runHelp(w, at, strings.Fields(t.words))
	} else if err != nil {
		return 0, err
	}
	out, err := a.enterAndDo()
	// Copies of the meeting are finished now, and only now is it known whether they
	// could be made.
	if a.closer != nil {
		err = errors.Join(err, a.closer.Close())
	}
	if err != nil {
		return 0, err
	}
	a.warn()
	code := ExitOK
	if out.no {
		code = ExitNo
	}
	if a.on("json") {
		return code, w.printJSON(out.object)
	}
	for _, l := range out.lines {
		fmt.Fprintln(w.Stdout, l)
	}
	return code, nil
}

// read reads the act's line.
func (a *acting) read(args []string) error {
	a.at.flags(a.line)
	var wants []option
	for _, o := range a.every() {
		switch {
		case o.argument():
			wants = append(wants, o)
		case o.bare:
			a.line.Bool(o.name, false, "")
		case o.many:
			a.line.Var(&list{}, o.name, "")
		default:
			a.line.String(o.name, "", "")
		}
	}
	if err := a.arguments(wants, args); err != nil {
		return err
	}
	for _, o := range a.every() {
		if o.must && a.text(o.name) == "" {
			return usage(a.words + " " + o.flag())
		}
		if !a.given(o.name) {
			continue
		}
		values := []string{a.text(o.name)}
		if o.many {
			values = a.all(o.name)
		}
		for _, v := range values {
			if !o.takes(v) {
				return usage(o.flag() + " " + v)
			}
		}
	}
	if a.words == "meeting seat" && !a.given("edit") {
		for _, o := range []string{"name", "role"} {
			if !a.given(o) {
				return usage(a.words + " --" + o)
			}
		}
	}
	return nil
}

// arguments reads the options, and between them the arguments that are none.
func (a *acting) arguments(wants []option, args []string) error {
	var got []string
	for {
		if err := parse(a.line, args); err != nil {
			return err
		}
		if args = a.line.Args(); len(args) == 0 {
			break
		}
		if n := len(wants); n == 0 || len(got) >= n && !wants[n-1].many {
			return usage(args[0])
		}
		got, args = append(got, args[0]), args[1:]
	}
	for i, o := range wants {
		if !o.bare && (i >= len(got) || got[i] == "") {
			return usage(a.words)
		}
	}
	if len(got) > 0 {
		a.file, a.more = got[0], got[1:]
	}
	return nil
}

// text gives what an option was given, "" if it was not.
func (a *acting) text(name string) string { return a.line.Lookup(name).Value.String() }

// on tells whether an option that takes nothing was given.
func (a *acting) on(name string) bool { return a.text(name) == "true" }

// all gives everything that an option was given.
func (a *acting) all(name string) []string { return *a.line.Lookup(name).Value.(*list) }

// given tells whether an option stands in the line.
func (a *acting) given(name string) bool {
	found := false
	a.line.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

// number gives what an option was given that takes a whole number.
func (a *acting) number(name string) int {
	n, _ := strconv.Atoi(a.text(name)) // the line has been read
	return n
}

func (a *acting) project() review.ProjectID { return review.ProjectID(a.text("project")) }

func (a *acting) seat(option string) review.SeatID { return review.SeatID(a.text(option)) }

// as gives who signs in.
func (a *acting) as() review.SeatID {
	if s := a.seat("as"); s != "" {
		return s
	}
	return review.FirstSeat
}

// enterAndDo goes through the act's door and does it.
func (a *acting) enterAndDo() (told, error) {
	var err error
	switch a.door {
	case reading:
		err = a.openMeeting(a.OpenReadOnly)
	case working:
		err = a.openMeeting(a.Open)
	case one, two:
		err = a.enter()
	}
	if err != nil {
		return told{}, err
	}
	return a.do(a)
}

// opener is one of the two ways to open a data directory.
type opener func(root, backup string) (*meeting.Services, io.Closer, error)

// openMeeting opens the data directory, which must be there, and finds the meeting: the
// one that was named, or the only one.
func (a *acting) openMeeting(way opener) error {
	const op = "cli.acting.openMeeting"
	root, err := a.DataDir(a.at.data)
	if err != nil {
		return err
	}
	if _, err := a.Stat(root); errors.Is(err, fs.ErrNotExist) {
		return review.E(review.CodeFileMissing, op, root, err)
	}
	if err := a.open(way, root); err != nil {
		return err
	}
	a.id = review.MeetingID(a.text("meeting"))
	if a.id != "" {
		return nil
	}
	list, err := a.services.List()
	switch {
	case err != nil:
		return err
	case len(list) == 0:
		return review.E(review.CodeMeetingMissing, op, "", nil)
	case len(list) > 1:
		return usage(a.Words.T("cli.several", map[string]int{"Count": len(list)}))
	}
	a.id = list[0].ID
	return nil
}

// open opens the data directory, until the act is over.
func (a *acting) open(way opener, root string) (err error) {
	a.services, a.closer, err = way(root, a.at.backup)
	return err
}

// enter opens the meeting and signs in whom the line names. Secrets are asked for
// before the data directory is taken from others.
func (a *acting) enter() error {
	own, err := a.secret("secret", a.as())
	if err != nil {
		return err
	}
	var other string
	if a.door == two {
		if a.text("with") == "" && a.given("with-secret") {
			return usage("--with")
		}
		if a.text("with") != "" {
			if other, err = a.secret("with-secret", a.seat("with")); err != nil {
				return err
			}
		}
	}
	if err := a.openMeeting(a.Open); err != nil {
		return err
	}
	if err := a.codeGoes(); err != nil {
		return err
	}
	if a.x, err = a.services.Enter(a.id, a.as(), own); err != nil {
		return err
	}
	if a.door == two && a.text("with") != "" {
		a.with, err = a.services.Enter(a.id, a.seat("with"), other)
	}
	return err
}

// codeGoes tells, before anybody signs in for it, whether a new code has a file to go
// to. Secretary and observer choose passphrases.
// Codes: CodeUsage.
func (a *acting) codeGoes() error {
	if a.words != "meeting newcode" || a.given("code-out") {
		return nil
	}
	b, err := a.services.Board(a.id)
	if err != nil {
		return err
	}
	for _, x := range b.Seats {
		if x.ID == a.seat("seat") && !slices.Contains(x.Roles, review.RoleSecretary) && !slices.Contains(x.Roles, review.RoleObserver) {
			return usage(a.words + " --code-out")
		}
	}
	return nil
}

// warn says on the standard error what the person is to know though the act is done.
func (a *acting) warn() {
	if a.x == nil {
		return
	}
	for _, n := range a.x.Board().Notices {
		if n.Code != review.CodeRestored && n.Code != review.CodeClockMoved { // status says these
			fmt.Fprintln(a.Stderr, a.Words.Sentence(n.Code, n.Entry))
		}
	}
}

// told is what an act tells: lines for people, one object for programs.
type told struct {
	lines  []string
	object any
	no     bool // what was asked for does not hold
}

// said is what an act has done, by name: it fills the act's sentence, and is its
// object.
type said map[string]any

// done tells that the act is done; for an act with several endings how says which. A
// seat and a project in it get the names that people know them by.
func (a *acting) done(s said, how ...string) (told, error) {
	if a.x != nil {
		state := a.x.State()
		if seat, ok := state.Seat(review.SeatID(fmt.Sprint(s["seat"]))); ok {
			s["name"] = seat.Name
		}
		if p := state.Project(review.ProjectID(fmt.Sprint(s["project"]))); p != nil {
			s["title"] = p.Title
		}
	}
	return told{lines: []string{a.sentence(strings.Join(append([]string{a.key()}, how...), "."), s)}, object: s}, nil
}

// sentence makes a sentence of the catalogue. Whatever stands in it is made legible.
func (w *World) sentence(key string, s said) string {
	texts := map[string]string{}
	for k, v := range s {
		texts[k] = fmt.Sprint(v)
	}
	return w.Words.T(key, texts)
}
