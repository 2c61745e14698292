package present

import (
	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
)

// Meetings is the list of meetings in the data directory.
type Meetings struct {
	sheet
	list   []meeting.Summary
	notice string // said when the list has been read
}

func newMeetings(d *Desk) *Meetings {
	p := &Meetings{sheet: newSheet(d, PlaceMeetings)}
	p.run("busy.reading", func() (err error) {
		p.list, err = d.services.List()
		return err
	}, func(err error) {
		if err != nil {
			p.explain(err)
			return
		}
		p.say(ToneNone, p.notice)
	})
	return p
}

// Rows gives the list; empty while it is being read or if there is none.
func (p *Meetings) Rows() []Row {
	if p.busy {
		return nil
	}
	rows := make([]Row, len(p.list))
	for i, m := range p.list {
		if m.Err != nil {
			rows[i] = Row{Title: p.desk.T("meetings.broken", map[string]string{"ID": string(m.ID)}), Detail: p.desk.words.Explain(m.Err)}
			continue
		}
		rows[i] = Row{Title: m.Title, Detail: p.desk.T("meetings.detail", map[string]string{
			"Date": words.DateTime(m.Created), "Phase": p.desk.T("phase."+string(m.Phase), nil),
		})}
	}
	return rows
}

// Choose goes on to sign in to meeting i of Rows. A meeting that cannot be opened
// stays where it is and says why.
func (p *Meetings) Choose(i int) {
	if m := p.list[i]; m.Err != nil {
		p.explain(m.Err)
	} else {
		p.desk.put(newUnlock(p.desk, m))
	}
}

// Next says what to do with the list.
func (p *Meetings) Next() string {
	if len(p.Rows()) == 0 {
		return p.desk.T("next.meetings.none", nil)
	}
	return p.sheet.Next()
}

// Primary starts a new meeting.
func (p *Meetings) Primary() Action {
	return Action{p.desk.T("action.new", nil), func() { p.desk.Go(PlaceNew) }}
}

// NewMeeting is the form of a new meeting.
type NewMeeting struct {
	sheet
	in meeting.NewMeeting
}

// Fields gives what the fields must show when the page is drawn.
func (p *NewMeeting) Fields() (title, secretary, passphrase, repeated string) {
	return p.in.Title, p.in.Secretary, p.in.Passphrase, p.in.Repeated
}

// Set takes what stands in the fields.
func (p *NewMeeting) Set(title, secretary, passphrase, repeated string) {
	p.in = meeting.NewMeeting{Title: title, Secretary: secretary, Passphrase: passphrase, Repeated: repeated, Alone: true}
}

// Primary creates the meeting and signs the secretary in.
func (p *NewMeeting) Primary() Action {
	return Action{p.desk.T("action.create", nil), func() {
		in, d := p.in, p.desk
		var x *meeting.Session
		p.run("busy.creating", func() (err error) {
			x, err = d.services.Create(in)
			return err
		}, func(err error) {
			if err != nil {
				p.explain(err)
				return
			}
			p.in = meeting.NewMeeting{}
			d.session = x
			d.put(newMinutes(d))
		})
	}}
}

// Unlock asks for the passphrase of a meeting.
type Unlock struct {
	sheet
	meeting    meeting.Summary
	passphrase string
}

func newUnlock(d *Desk, m meeting.Summary) *Unlock {
	return &Unlock{sheet: newSheet(d, PlaceUnlock), meeting: m}
}

// Title gives the meeting's title.
func (p *Unlock) Title() string { return p.meeting.Title }

// Detail says when the meeting was created.
func (p *Unlock) Detail() string {
	return p.desk.T("meetings.detail", map[string]string{
		"Date": words.DateTime(p.meeting.Created), "Phase": p.desk.T("phase."+string(p.meeting.Phase), nil),
	})
}

// Passphrase gives what the field must show: what was typed, or nothing after it
// turned out wrong.
func (p *Unlock) Passphrase() string { return p.passphrase }

// Set takes what stands in the field.
func (p *Unlock) Set(passphrase string) { p.passphrase = passphrase }

// Primary opens the meeting.
func (p *Unlock) Primary() Action {
	return Action{p.desk.T("action.unlock", nil), func() {
		d, id, passphrase := p.desk, p.meeting.ID, p.passphrase
		var x *meeting.Session
		p.run("busy.unlocking", func() (err error) {
			x, err = d.services.Enter(id, review.FirstSeat, passphrase)
			return err
		}, func(err error) {
			p.passphrase = ""
			if err != nil {
				p.explain(err)
				return
			}
			d.session = x
			d.put(newMinutes(d))
		})
	}}
}
