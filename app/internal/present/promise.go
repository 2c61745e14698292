package present

import (
	"heyi/review"
	"heyi/review/meeting"
)

// newPromise has a person read and give the 承诺.
func newPromise(d *Desk) *Leaf {
	x := d.session
	text := d.T("promise.text", nil)
	p := d.leaf(PlacePromise)
	read := d.field(FieldTick, "promise")
	p.content = func() []Part { return append(paragraphs(LookBody, text), read) }
	give := func() {
		if !read.On {
			p.say(ToneError, d.T("promise.unread", nil))
			return
		}
		p.run("busy.act", func() error { return x.Promise(text) }, func(err error) {
			if err != nil {
				p.explain(err)
				return
			}
			d.afterPromise()
		})
	}
	p.primary = func() Action { return Action{d.T("action.promise", nil), give} }
	return p
}

// afterPromise goes on to the first declaration that is due, so that a person who comes to
// the machine for the first time has everything behind him at once.
func (d *Desk) afterPromise() {
	if d.declareNext() {
		return
	}
	d.Go(PlaceProjects)
}

// declareNext goes on to the next declaration that is due, and tells whether there is one.
func (d *Desk) declareNext() bool {
	if seat := d.session.Seat(); !seat.Has(review.RoleExpert) || seat.Certificate == nil {
		return false
	}
	for _, p := range d.state().Projects {
		if _, given := p.Declaration(d.me()); !given && d.may(review.KindDeclarationGiven, p.ID) {
			d.turn(func() Page { return newDeclare(d, p.ID) })
			return true
		}
	}
	return false
}

// newDeclare is an expert's 回避声明 on a project, after he has seen which units have a part
// in it and what the statute lists.
func newDeclare(d *Desk, id review.ProjectID) *Leaf {
	x, st := d.session, d.state()
	project := st.Project(id)
	which := d.field(FieldChoice, "conflict")
	which.At = -1
	which.Options = []Row{
		{Title: d.T("declare.free", nil), Detail: d.T("declare.free.detail", nil)},
		{Title: d.T("declare.conflict", nil), Detail: d.T("declare.conflict.detail", nil)},
	}
	why := d.field(FieldLine, "conflict.why")
	if given, ok := project.Declaration(d.me()); ok {
		which.At = 0
		if given.Conflict {
			which.At = 1
		}
		why.set(given.Reason)
	}
	p := d.leaf(PlaceDeclare)
	p.head = d.say("declare.head", "Title", project.Title)
	p.back = func() { d.Go(PlaceProjects) }
	p.content = func() []Part {
		var units Pairs
		for _, u := range project.Units {
			units.Pairs = append(units.Pairs, [2]string{d.T("part."+u.Part, nil), u.Name})
		}
		out := []Part{Text{Text: d.T("declare.lead", nil)}, units}
		out = append(out, paragraphs(LookCaption, d.T("declare.list", nil))...)
		out = append(out, which)
		if which.At >= 0 {
			out = append(out, why)
		}
		return out
	}
	give := func() {
		if which.At < 0 {
			p.say(ToneError, d.T("declare.unsaid", nil))
			return
		}
		body := review.DeclarationBody{Conflict: which.At == 1, Reason: why.Value}
		p.run("busy.act", func() error { return x.Declare(id, body) }, func(err error) {
			if err != nil {
				p.explain(err)
				return
			}
			if !d.declareNext() {
				d.Go(PlaceProjects)
				d.tell(ToneDone, d.T("declare.done", nil))
			}
		})
	}
	p.primary = func() Action { return Action{d.T("action.declare", nil), give} }
	return p
}

// newOpening is the 开封: secretary and presiding chair, each with his own short entry,
// open what has been under seal. It needs nobody at the machine before.
func newOpening(d *Desk, id review.ProjectID) *Leaf {
	st := d.state()
	project := st.Project(id)
	chair := st.Presiding(project)
	first := d.secretOf(d.name(review.FirstSeat), review.RoleSecretary.Name())
	second := d.secretOf(d.name(chair), d.T("role.chair", nil))
	round := len(project.Rounds)
	data := map[string]string{"Title": project.Title}
	l := d.form(form{
		key: "opening", data: data, grave: true, busy: "busy.opening.round", fields: []*Field{first, second}, back: func() { d.toProject(id) },
		more: func() []Part {
			return []Part{Text{Look: LookLarge, Text: d.T("opening.count", map[string]int{"Round": round, "Count": len(project.Counted(project.Round()))})}}
		},
		act: func() error {
			return d.beside(review.FirstSeat, first.Value, func(secretary *meeting.Session) error {
				return d.beside(chair, second.Value, func(with *meeting.Session) error { return secretary.OpenRound(with, id) })
			})
		},
		done: func() { d.turn(func() Page { return newTally(d, id) }) },
	})
	l.place, l.name, l.caution = PlaceOpening, "", false // the entries themselves are the question
	return l
}
