package present

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"heyi/review"
	"heyi/review/meeting"
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
	session *meeting.Session
	text    string // what stands in the field
	edition int    // grows when the field must take over text
	saved   string // what the draft on the disk says
	delay   Delay
	flying  bool     // a write is on its way
	after   []func() // what waits for it to land
	warned  bool     // the reader was told that the text is not on the disk
}

func newMinutes(d *Desk) *Minutes {
	p := &Minutes{sheet: newSheet(d, PlaceMinutes), session: d.session}
	p.delay = d.jobs.Delay(saveDelay, func() { p.write(func(error) {}) })
	text, err := p.session.Draft(review.MinutesDraft)
	if err != nil {
		p.explain(err)
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

// Recorded gives what is recorded after the first n paragraphs, oldest first.
// What is recorded never changes, so a page that has drawn n needs no more.
func (p *Minutes) Recorded(n int) []Recorded {
	var out []Recorded
	for _, m := range p.session.State().Minutes[n:] {
		out = append(out, Recorded{Number: strconv.Itoa(m.Number), Text: m.Text, At: m.At.Format("15:04")})
	}
	return out
}

// Text gives what the field must show, and an edition that grows whenever it is
// not the person at the keyboard who changed it.
func (p *Minutes) Text() (string, int) { return p.text, p.edition }

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
	p.text = text
	p.say(ToneBusy, p.desk.T("minutes.saving", nil))
	p.delay.Poke()
}

// write brings the disk to the present text, after any write that is on its way,
// and then calls then with what came of it.
func (p *Minutes) write(then func(error)) {
	p.delay.Stop()
	if p.flying {
		p.after = append(p.after, func() { p.write(then) })
		return
	}
	if p.text == p.saved {
		then(nil)
		return
	}
	text := p.text
	p.fly(func() error { return p.session.SaveDraft(review.MinutesDraft, text) }, func(err error) {
		if p.warned = err != nil; p.warned {
			p.explain(err)
		} else if p.saved = text; p.text == text && p.message.Tone == ToneBusy && len(p.after) == 0 {
			p.say(ToneDone, p.desk.T("minutes.saved", nil))
		}
		then(err)
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
	text := p.text
	p.say(ToneBusy, p.desk.T("busy.recording", nil))
	p.fly(func() error { return p.session.Record(text) }, func(err error) {
		if err != nil {
			p.explain(err)
			p.after = nil  // whoever wished to leave must see this first
			p.delay.Poke() // the text may still be only in the field
			return
		}
		p.saved = ""
		// What was typed meanwhile stands behind what is now recorded.
		if rest, ok := strings.CutPrefix(p.text, text); ok {
			p.text = rest
			p.edition++
		}
		if p.text != "" {
			p.delay.Poke()
		}
		p.say(ToneDone, p.desk.T("minutes.recorded", nil))
	})
}

// Back stays: the minutes are where Escape leads.
func (p *Minutes) Back() {}

// leave writes what is unsaved first. If the disk refuses, the page stays and says
// so; who was told and wishes again leaves all the same, so that nobody is locked
// in.
func (p *Minutes) leave(then func()) {
	warned := p.warned
	p.write(func(err error) {
		if err == nil || warned {
			then()
		}
	})
}
