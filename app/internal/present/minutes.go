package present

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"heyi/review"
	"heyi/review/meeting"
)

// Minutes is the page of the 会议记录: what is recorded, and a field for what
// comes next. Everything typed is kept as a draft; recording is an act. Where nothing can be
// recorded any more, or by this person, it is only read.
type Minutes struct {
	sheet
	session *meeting.Session
	text    string // what stands in the field
	edition int    // grows when the field must take over text
	keeper  *keeper
}

func newMinutes(d *Desk) *Minutes {
	p := &Minutes{sheet: newSheet(d, PlaceMinutes), session: d.session}
	p.keeper, p.text = newKeeper(&p.sheet, review.MinutesDraft, func() string { return p.text })
	return p
}

// Recorded is one recorded paragraph as the page shows it.
type Recorded struct {
	Number string
	Text   string
	At     string
}

// Writes tells whether the person may record now.
func (p *Minutes) Writes() bool { return p.desk.may(review.KindMinutesRecorded, "") }

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
func (p *Minutes) Count() (string, bool) { return p.desk.count(p.text, "minutes.count") }

// count says how long a text is, and whether a paragraph of it is over the limit.
func (d *Desk) count(text, key string) (string, bool) {
	over := utf8.RuneCountInString(text) > review.MaxText
	for _, par := range review.Paragraphs(text) {
		over = over || utf8.RuneCountInString(par) > review.MaxParagraph
	}
	return d.T(key, map[string]int{"Count": utf8.RuneCountInString(text), "Limit": review.MaxParagraph}), over
}

// Set takes what stands in the field; it is on the disk 300 ms after the last
// call.
func (p *Minutes) Set(text string) {
	if text == p.text {
		return
	}
	p.text = text
	p.keeper.changed()
}

// Next says what to do.
func (p *Minutes) Next() string {
	if !p.Writes() {
		return p.desk.T("next.minutes.closed", nil)
	}
	return p.sheet.Next()
}

// Primary records the text; where there is nothing to record any more it leads to the
// papers.
func (p *Minutes) Primary() Action {
	if !p.Writes() {
		return Action{p.desk.T("action.papers", nil), func() { p.desk.Go(PlacePapers) }}
	}
	return Action{p.desk.T("action.record", nil), p.record}
}

func (p *Minutes) record() {
	var text string
	p.keeper.act("busy.recording", func() { text = p.text }, func() error { return p.session.Record(text) }, func(err error) {
		if err != nil {
			return
		}
		// What was typed meanwhile stands behind what is now recorded.
		if rest, ok := strings.CutPrefix(p.text, text); ok {
			p.text = rest
			p.edition++
		}
		p.say(ToneDone, p.desk.T("minutes.recorded", nil))
	})
}

func (p *Minutes) leave(then, stay func()) { p.keeper.leave(then, stay) }
