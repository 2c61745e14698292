package present

import (
	"strings"

	"heyi/review"
	"heyi/review/meeting"
)

// Leaf is a page of plain parts, one under another: texts, fields to fill in, rows to
// choose from. Most pages are leaves; those that are more have types of their own.
type Leaf struct {
	sheet
	name    string // "" for the place's
	head    string
	content func() []Part // asked each time the page is drawn
	next    func() string // nil for the place's
	primary func() Action // nil for none
	caution bool          // what the page does cannot be undone: the focus goes to going back
	read    bool          // it is read before anything is chosen: the focus goes to the text
	left    Row           // what led away from the page last: the focus comes back to it
	look    func()        // Ctrl+F: to where a text is looked for; nil for nowhere
	finds   bool          // a text is looked for in the page's first field
	dropped func(path string)
	typed   func(*Field)         // told of each change of a field; may be nil
	keep    func(then, s func()) // how what is unsaved is kept; nil where nothing is
	still   bool                 // an act reads the fields on another goroutine
	later   []func()             // what was filled in meanwhile
}

// Part is one part of a leaf: a Text, Rows, Pairs or a *Field.
type Part interface{ part() }

// Look says how a text is set.
type Look int

// The looks.
const (
	LookBody    Look = iota // running text
	LookCaption             // small, in a low voice
	LookHead                // the head of what follows
	LookLarge               // to be read or copied from: a code, a total
)

// Text is a paragraph. Each line is one.
type Text struct {
	Look Look
	Tone Tone
	Text string
}

// Rows is a list to choose from, or what it says where it is empty.
type Rows struct {
	Head string // may be empty
	Rows []Row
	None string // may be empty
}

// Pairs are names with what belongs to each, in two columns.
type Pairs struct{ Pairs [][2]string }

// FieldKind says what a field takes.
type FieldKind int

// The kinds of fields.
const (
	FieldLine   FieldKind = iota // one line
	FieldText                    // paragraphs
	FieldSecret                  // a passphrase, a code or four digits, in dots
	FieldCode                    // a code, to be read while it is typed
	FieldChoice                  // one of Options
	FieldTick                    // yes or no
)

// Field is something to fill in.
type Field struct {
	Kind    FieldKind
	Label   string
	Hint    string
	Options []Row // of a choice
	Value   string
	At      int  // of a choice: the index of what is chosen, -1 for nothing
	On      bool // of a tick
	Edition int  // grows when not the person but the program has changed the value

	done  func() // called when a secret of four digits is complete; nil for nothing
	quick bool
}

func (Text) part()   {}
func (Rows) part()   {}
func (Pairs) part()  {}
func (*Field) part() {}

// set is the program filling in a field.
func (f *Field) set(value string) { f.Value = value; f.Edition++ }

// Name is what the page is called.
func (p *Leaf) Name() string {
	if p.name != "" {
		return p.name
	}
	return p.sheet.Name()
}

// Heading stands over the page.
func (p *Leaf) Heading() string { return p.head }

// Content gives the parts as they are now. A field is the same for as long as the page
// is.
func (p *Leaf) Content() []Part { return p.content() }

// Caution tells whether what the page does cannot be undone.
func (p *Leaf) Caution() bool { return p.caution }

// Read tells whether the page is read before anything is chosen.
func (p *Leaf) Read() bool { return p.read }

// Left gives the row that led away from the page last, by its part and its place there;
// false where none did or it is gone.
func (p *Leaf) Left() (part, row int, ok bool) {
	if p.left.Title == "" {
		return 0, 0, false
	}
	for i, c := range p.content() {
		rows, _ := c.(Rows)
		for j, r := range rows.Rows {
			if r.Title == p.left.Title && r.Detail == p.left.Detail && r.Do != nil {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// Look goes to where a text is looked for, and tells whether that is the first field here.
func (p *Leaf) Look() (here bool) {
	if p.look != nil {
		p.look()
	}
	return p.finds
}

// Next says what is to be done on the page.
func (p *Leaf) Next() string {
	if p.next != nil {
		return p.next()
	}
	return p.sheet.Next()
}

// Primary is the page's primary action.
func (p *Leaf) Primary() Action {
	if p.primary == nil {
		return Action{}
	}
	return p.primary()
}

// stir takes what was filled in while an act was under way.
func (p *Leaf) stir() {
	p.still = false
	for _, f := range p.later {
		f()
	}
	p.later = nil
}

// Type takes what stands in a field of lines, text or secrets.
func (p *Leaf) Type(f *Field, value string) {
	if p.still {
		p.later = append(p.later, func() { p.Type(f, value) })
		return
	}
	if f.Value == value {
		return
	}
	f.Value = value
	p.desk.idle.Poke()
	if p.typed != nil {
		p.typed(f)
	}
	if f.quick && len(value) == quickDigits && digits(value) && f.done != nil {
		f.done()
	}
}

// Choose takes what was chosen in a field of options.
func (p *Leaf) Choose(f *Field, at int) {
	if p.still {
		p.later = append(p.later, func() { p.Choose(f, at) })
		return
	}
	f.At = at
	if p.typed != nil {
		p.typed(f)
	}
	p.changed()
}

// Tick takes whether a field was ticked.
func (p *Leaf) Tick(f *Field, on bool) {
	if p.still {
		p.later = append(p.later, func() { p.Tick(f, on) })
		return
	}
	f.On = on
	if p.typed != nil {
		p.typed(f)
	}
	p.changed()
}

// Dropped takes a file that was dropped on the page.
func (p *Leaf) Dropped(path string) {
	if p.dropped != nil {
		p.dropped(path)
	}
}

func (p *Leaf) leave(then, stay func()) {
	p.sheet.leave(func() {
		if p.keep != nil {
			p.keep(then, stay)
			return
		}
		then()
	}, stay)
}

// leaf begins a leaf of a place. The heading is the catalogue's, under "head.".
func (d *Desk) leaf(p Place) *Leaf {
	return &Leaf{sheet: newSheet(d, p), head: d.T("head."+string(p), nil)}
}

// paragraphs makes texts of the paragraphs of a sentence.
func paragraphs(look Look, text string) []Part {
	var out []Part
	for _, t := range review.Paragraphs(text) {
		out = append(out, Text{Look: look, Text: t})
	}
	return out
}

// quickDigits is how many digits bring a person back.
const quickDigits = 4

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// form is a leaf whose primary action is an act: what is asked stands in fields.
type form struct {
	key    string // of "act.KEY.head", ".lead", ".next", ".do": what it is called, says and does
	data   map[string]string
	grave  bool // it cannot be undone
	fields []*Field
	more   func() []Part // between the lead and the fields; may be nil
	back   func()
	busy   string       // the sentence while it is done; "" for the usual one
	act    func() error // not on the screen's goroutine; the fields stay as they are meanwhile
	done   func()       // where it leads
}

// form makes the page of an act.
func (d *Desk) form(f form) *Leaf {
	t := func(part string) string { return d.T("act."+f.key+"."+part, f.data) }
	p := d.leaf(PlaceAct)
	p.head, p.name, p.back, p.caution = t("head"), t("head"), f.back, f.grave
	p.next = func() string { return t("next") }
	p.content = func() []Part {
		var out []Part
		lead := Text{Text: t("lead")}
		if f.grave {
			lead.Tone = ToneError
		}
		for _, line := range review.Paragraphs(lead.Text) {
			out = append(out, Text{Tone: lead.Tone, Text: line})
			lead.Tone = ToneNone
		}
		if f.more != nil {
			out = append(out, f.more()...)
		}
		for _, x := range f.fields {
			out = append(out, x)
		}
		return out
	}
	busy := f.busy
	if busy == "" {
		busy = "busy.act"
	}
	do := func() {
		if p.busy {
			return
		}
		p.still = true
		p.run(busy, f.act, func(err error) {
			defer p.stir()
			for _, x := range f.fields {
				if x.Kind == FieldSecret {
					x.set("")
				}
			}
			if err != nil {
				p.explain(err)
				return
			}
			f.done()
		})
	}
	p.primary = func() Action { return Action{t("do"), do} }
	return p
}

// field gives a field by its key in the catalogue: "ask.KEY" and, where there is a hint,
// "ask.KEY.hint".
func (d *Desk) field(kind FieldKind, key string) *Field {
	f := &Field{Kind: kind, Label: d.T("ask."+key, nil)}
	if hint := "ask." + key + ".hint"; d.words.Has(hint) {
		f.Hint = d.T(hint, nil)
	} else if kind == FieldChoice {
		f.Hint = d.T("ask.choice.hint", nil)
	}
	return f
}

// reason asks for a reason in one paragraph.
func (d *Desk) reason() *Field { return d.field(FieldLine, "reason") }

// secretOf asks for the secret of a person who acts beside the one at the machine.
func (d *Desk) secretOf(name, office string) *Field {
	return &Field{
		Kind: FieldSecret, Label: d.T("ask.second", map[string]string{"Name": name, "Office": office}), Hint: d.T("ask.second.hint", nil),
	}
}

// second signs another person in beside the one at the machine, for one act. Codes: those
// of Enter and EnterQuick.
func (d *Desk) second(seat review.SeatID, secret string) (*meeting.Session, error) {
	if len(secret) == quickDigits && d.services.HasQuick(d.meeting, seat) {
		return d.services.EnterQuick(d.meeting, seat, secret)
	}
	return d.services.Enter(d.meeting, seat, secret)
}

// whose is why a person who acts beside the one at the machine could not be let in.
type whose struct {
	seat review.SeatID
	error
}

// Unwrap gives why.
func (w whose) Unwrap() error { return w.error }

// beside does an act for which another person is there with his secret; seat "" for one
// that its person does alone.
func (d *Desk) beside(seat review.SeatID, secret string, act func(with *meeting.Session) error) error {
	if seat == "" {
		return act(nil)
	}
	with, err := d.second(seat, secret)
	if err != nil {
		return whose{seat, err}
	}
	defer with.Close()
	return act(with)
}
