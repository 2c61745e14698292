package present

import (
	"strconv"
	"time"
	"unicode/utf8"

	"heyi/review"
)

// saveDelay is how long after the last key a draft is written: with the write
// itself it stays within the 300 ms of decisions 6.
const saveDelay = 200 * time.Millisecond

// Minutes is the page of the 会议记录: what is recorded, and a field for what
// comes next. Everything typed is kept as a draft; recording is an act.
//
// Writes go one after another (the disk may be slow, the typist is not): at
// most one is on its way, and the newest wish waits behind it.
type Minutes struct {
	sheet
	text   string // what stands in the field
	saved  string // what the draft on the disk says
	delay  Delay
	flying bool     // a write is on its way
	after  []func() // what waits for it to land
	failed bool     // the last write did not land, and the reader was told
	fresh  bool     // the field must take over text
}

func newMinutes(d *Desk) *Minutes {
	p := &Minutes{sheet: newSheet(d, PlaceMinutes), fresh: true}
	p.delay = d.jobs.Delay(saveDelay, p.save)
	text, err := d.session.Draft()
	if err != nil {
		p.message = Message{ToneError, d.words.Explain(err)}
	} else if text != "" {
		p.message = Message{ToneDone, d.T("minutes.restored", nil)}
	}
	p.text, p.saved = text, text
	return p
}

// Recorded is one recorded paragraph as the page shows it.
type Recorded struct {
	Number string
	Text   string
	At     string
}

// Recorded gives what is recorded, oldest first.
func (p *Minutes) Recorded() []Recorded {
	st := p.desk.session.State()
	out := make([]Recorded, len(st.Minutes))
	for i, m := range st.Minutes {
		out[i] = Recorded{Number: strconv.Itoa(m.Number), Text: m.Text, At: m.At.Format("15:04")}
	}
	return out
}

// Text gives what the field must show, and whether it has to take it over now.
func (p *Minutes) Text() (string, bool) {
	fresh := p.fresh
	p.fresh = false
	return p.text, fresh
}

// Count says how long the text is, and whether a paragraph is over the limit.
func (p *Minutes) Count() (string, bool) {
	over := utf8.RuneCountInString(p.text) > review.MaxText
	for _, par := range review.Paragraphs(p.text) {
		over = over || utf8.RuneCountInString(par) > review.MaxParagraph
	}
	return p.desk.T("minutes.count", map[string]int{
		"Count": utf8.RuneCountInString(p.text), "Limit": review.MaxParagraph,
	}), over
}

// Set takes what stands in the field; it is on the disk 300 ms after the last
// call.
func (p *Minutes) Set(text string) {
	if text == p.text {
		return
	}
	p.text, p.failed = text, false
	p.say(ToneBusy, p.desk.T("minutes.saving", nil))
	p.delay.Poke()
}

// save writes the draft as it now is, after any write that is on its way.
func (p *Minutes) save() { p.write(func() {}) }

// write brings the disk to the present text and then calls then.
func (p *Minutes) write(then func()) {
	p.delay.Stop()
	if p.flying {
		p.after = append(p.after, func() { p.write(then) })
		return
	}
	if p.text == p.saved {
		then()
		return
	}
	text, x := p.text, p.desk.session
	p.fly(func() error { return x.SaveDraft(text) }, func(err error) {
		if p.failed = err != nil; p.failed {
			p.explain(err)
			return
		}
		p.saved = text
		if p.text == text && len(p.after) == 0 {
			p.say(ToneDone, p.desk.T("minutes.saved", nil))
		}
		then()
	})
}

// fly does one write; what was wished for meanwhile comes after it.
func (p *Minutes) fly(work func() error, done func(error)) {
	p.flying = true
	p.desk.jobs.Run(work, func(err error) {
		p.flying = false
		done(err)
		for len(p.after) > 0 && !p.flying {
			next := p.after[0]
			p.after = p.after[1:]
			next()
		}
	})
}

// Primary records the text.
func (p *Minutes) Primary() Action { return Action{p.desk.T("action.record", nil), p.record} }

func (p *Minutes) record() {
	p.delay.Stop()
	if p.flying {
		p.after = append(p.after, p.record)
		return
	}
	text, x := p.text, p.desk.session
	p.say(ToneBusy, p.desk.T("busy.recording", nil))
	p.fly(func() error { return x.Record(text) }, func(err error) {
		if err != nil {
			p.explain(err)
			p.delay.Poke() // the text is still only in the field
			return
		}
		p.saved = ""
		if p.text == text {
			p.text, p.fresh = "", true
		} else {
			p.delay.Poke()
		}
		p.say(ToneDone, p.desk.T("minutes.recorded", nil))
	})
}

// Back stays: the minutes are where Escape leads.
func (p *Minutes) Back() {}

// leave writes what is unsaved first. If the disk refuses, the page stays and
// says so; a second try leaves all the same, so that nobody is locked in.
func (p *Minutes) leave(then func()) {
	if p.failed {
		then()
		return
	}
	p.write(then)
}
