package present

import (
	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/regulation"
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
			rows[i] = Row{
				Title: p.desk.say("meetings.broken", "ID", string(m.ID)), Detail: p.desk.words.Explain(m.Err), Tone: ToneError,
				Do: func() { p.explain(m.Err) },
			}
			continue
		}
		rows[i] = Row{Title: m.Title, Detail: p.desk.about(m), Do: func() { p.desk.enter(m.ID) }}
	}
	return rows
}

// about says of a meeting what stands in the list.
func (d *Desk) about(m meeting.Summary) string {
	return d.T("meetings.detail", map[string]string{"Date": words.DateTime(m.Created), "Phase": d.T("phase."+string(m.Phase), nil)})
}

// enter goes from the list of meetings to one of them. What shows documents is made ready
// meanwhile: the first time that takes seconds.
func (d *Desk) enter(id review.MeetingID) {
	if w, ok := d.Viewer.(interface{ Warm() error }); ok {
		d.jobs.Run(w.Warm, func(err error) {
			if err != nil {
				d.Log(err)
			}
		})
	}
	d.leave(func() {
		d.meeting = id
		d.put(newBoard(d))
	})
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

// newNewMeeting is the form of a new meeting.
func newNewMeeting(d *Desk) *Leaf {
	title, secretary := d.field(FieldLine, "title"), d.field(FieldLine, "secretary")
	passphrase, repeated := d.field(FieldSecret, "passphrase"), d.field(FieldSecret, "repeated")
	drill := d.field(FieldTick, "drill")
	fields := []*Field{title, secretary, passphrase, repeated, drill}
	p := d.leaf(PlaceNew)
	stage := d.newStage(p)
	p.content = func() []Part {
		var out []Part
		for _, f := range fields {
			out = append(out, f)
		}
		return append(append(out, stage.parts()...), paragraphs(LookCaption, d.T("new.warning", nil))...)
	}
	p.typed = stage.typed
	create := func() {
		in := meeting.NewMeeting{
			Title: title.Value, Secretary: secretary.Value, Passphrase: passphrase.Value, Repeated: repeated.Value, Drill: drill.On, Scheme: stage.scheme(),
		}
		var x *meeting.Session
		p.run("busy.creating", func() (err error) {
			x, err = d.services.Create(in)
			return err
		}, func(err error) {
			if err != nil {
				p.explain(err)
				return
			}
			for _, f := range fields {
				f.set("")
			}
			d.arrive(x)
		})
	}
	p.primary = func() Action { return Action{d.T("action.create", nil), create} }
	return p
}

// stageChoice chooses the only stage of a regulation that a meeting is to review by, or none.
type stageChoice struct {
	books      *shelf
	page       *Leaf
	packs      []*regulation.Pack // those with stages
	which, one *Field             // the regulation, and then its stage
}

func (d *Desk) newStage(p *Leaf) *stageChoice {
	c := &stageChoice{page: p, which: d.field(FieldChoice, "regulation"), one: d.field(FieldChoice, "stage")}
	if d.services.Regulations() == nil {
		return c
	}
	c.books = d.shelf()
	c.which.Options = []Row{{Title: d.T("new.any", nil)}}
	for _, x := range c.books.packs() {
		if len(x.Schemes) > 0 {
			c.packs, c.which.Options = append(c.packs, x), append(c.which.Options, Row{Title: x.Short, Detail: x.Number})
		}
	}
	return c
}

// typed gives the stages of the regulation that was chosen.
func (c *stageChoice) typed(f *Field) {
	if f != c.which {
		return
	}
	c.one.At, c.one.Options = 0, nil
	if c.which.At > 0 {
		for _, s := range c.packs[c.which.At-1].Schemes {
			c.one.Options = append(c.one.Options, Row{Title: s.Title, Detail: s.Basis})
		}
	}
}

// chosen is the scheme of the stage; nil for none.
func (c *stageChoice) chosen() *regulation.Scheme {
	if c.which.At <= 0 || c.one.At < 0 {
		return nil
	}
	s, _ := c.books.lib.Scheme(c.packs[c.which.At-1].Schemes[c.one.At].ID)
	return s
}

// scheme is the id of the chosen one, "" for none.
func (c *stageChoice) scheme() string {
	if s := c.chosen(); s != nil {
		return s.ID
	}
	return ""
}

// parts asks for regulation and stage, and leads to what is asked and submitted there.
func (c *stageChoice) parts() []Part {
	if len(c.packs) == 0 {
		return nil
	}
	out := []Part{c.which}
	if s := c.chosen(); s != nil {
		t := c.page.desk.T
		out = append(out, c.one, Rows{Rows: []Row{c.books.link(c.page, t("new.stage", map[string]any{
			"Title": s.Title, "Items": len(s.Items), "Materials": len(s.Materials),
		}), t("new.stage.for", nil), func() Page { return c.books.scheme(s) })}})
	}
	return out
}

// arrive lets a person who has given his code or passphrase choose four digits to come
// back by, once in each run, and then begin.
func (d *Desk) arrive(x *meeting.Session) {
	d.meeting = x.Meeting()
	if d.services.HasQuick(d.meeting, x.Seat().ID) {
		d.sit(x)
		return
	}
	d.put(newDigits(d, x))
}

// newUnlock asks a person for what brings him in.
func newUnlock(d *Desk, seat meeting.BoardSeat) *Leaf {
	quick := d.services.HasQuick(d.meeting, seat.ID)
	secret := &Field{Kind: FieldSecret}
	ask := func() {
		key := "code"
		switch {
		case quick:
			key = "digits"
		case passphrased(seat.Roles):
			key = "own"
		}
		secret.Label, secret.Hint, secret.quick = d.T("ask."+key, nil), d.T("ask."+key+".hint", nil), quick
		secret.set("")
	}
	ask()
	p := d.leaf(PlaceUnlock)
	p.back = func() { d.Go(PlaceBoard) }
	p.next = func() string {
		if quick {
			return d.T("next.unlock.quick", nil)
		}
		return d.T("next.unlock", nil)
	}
	p.content = func() []Part {
		out := []Part{Text{Look: LookLarge, Text: seat.Name}, Text{Look: LookCaption, Text: d.office(seat)}, secret}
		if quick {
			out = append(out, Rows{Rows: []Row{{Title: d.T("unlock.other", nil), Do: func() {
				quick = false
				ask()
				p.changed()
			}}}})
		}
		return out
	}
	enter := func() {
		id, typed, byDigits := d.meeting, secret.Value, quick
		var x *meeting.Session
		p.run("busy.unlocking", func() (err error) {
			if byDigits {
				x, err = d.services.EnterQuick(id, seat.ID, typed)
			} else {
				x, err = d.services.Enter(id, seat.ID, typed)
			}
			return err
		}, func(err error) {
			secret.set("")
			if err != nil {
				if byDigits && review.CodeOf(err) == review.CodeSessionClosed {
					quick = false
					ask()
				}
				p.explainTry(err)
				return
			}
			if byDigits {
				d.sit(x)
				return
			}
			d.arrive(x)
		})
	}
	secret.done = enter
	p.primary = func() Action { return Action{d.T("action.unlock", nil), enter} }
	return p
}

// explainTry says what went wrong with a try to come in: to be sent back to the board would
// say nothing.
func (s *sheet) explainTry(err error) {
	s.desk.Log(err)
	s.say(ToneError, s.desk.words.Explain(err))
}

// passphrased tells whether somebody has a passphrase of his own choice, not a code.
func passphrased(roles []review.Role) bool {
	for _, r := range roles {
		if r == review.RoleSecretary || r == review.RoleObserver {
			return true
		}
	}
	return false
}

// office says who a person is, beside his name.
func (d *Desk) office(s meeting.BoardSeat) string {
	out := ""
	for i, r := range s.Roles {
		if i > 0 {
			out += " · "
		}
		out += r.Name()
	}
	if s.Unit != "" {
		out += " · " + review.Legible(s.Unit)
	}
	return out
}

// newDigits lets a person choose four digits by which he comes back in this run.
func newDigits(d *Desk, x *meeting.Session) *Leaf {
	first, second := d.field(FieldSecret, "digits.new"), d.field(FieldSecret, "digits.again")
	p := d.leaf(PlaceDigits)
	p.head = d.say("digits.head", "Name", x.Seat().Name)
	p.back = func() {
		x.Close()
		d.Go(PlaceBoard)
	}
	p.content = func() []Part {
		out := paragraphs(LookBody, d.T("digits.lead", nil))
		out = append(out, first, second)
		return append(out, Rows{Rows: []Row{{Title: d.T("digits.skip", nil), Detail: d.T("digits.skip.detail", nil), Do: func() { d.sit(x) }}}})
	}
	set := func() {
		if first.Value != second.Value {
			second.set("")
			p.say(ToneError, d.T("digits.differ", nil))
			return
		}
		if err := x.SetQuick(first.Value); err != nil {
			first.set("")
			second.set("")
			p.explain(err)
			return
		}
		d.sit(x)
	}
	p.primary = func() Action { return Action{d.T("action.digits", nil), set} }
	p.typed = func(f *Field) {
		// Complete and the same: it would be hard to see what there is left to press.
		if f == second && len(f.Value) == quickDigits && digits(f.Value) && f.Value == first.Value {
			set()
		}
	}
	return p
}

// newCheck is the page of the 自检.
func newCheck(d *Desk) *Leaf {
	p := d.leaf(PlaceCheck)
	var checks []meeting.Check
	p.content = func() []Part {
		rows := Rows{None: d.T("check.none", nil)}
		for _, c := range checks {
			r := Row{Title: d.T("check."+c.Key, nil), Tone: ToneDone, Detail: c.Note}
			if d.words.Has(c.Note) {
				r.Detail = d.T(c.Note, nil)
			}
			if c.Err != nil {
				d.Log(c.Err)
				r.Tone, r.Detail = ToneError, d.words.Explain(c.Err)
			}
			rows.Rows = append(rows.Rows, r)
		}
		return []Part{rows}
	}
	check := func() {
		p.run("busy.checking", func() error {
			checks = d.services.SelfCheck()
			return nil
		}, func(error) {
			bad := 0
			for _, c := range checks {
				if c.Err != nil {
					bad++
				}
			}
			if bad > 0 {
				p.say(ToneError, d.T("check.bad", nil))
				return
			}
			p.say(ToneDone, d.T("check.good", nil))
		})
	}
	p.primary = func() Action { return Action{d.T("action.check", nil), check} }
	check()
	return p
}
