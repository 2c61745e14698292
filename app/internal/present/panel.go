package present

import (
	"slices"

	"heyi/review"
	"heyi/review/meeting"
)

// newPanel is everybody who takes part, for the secretary.
func newPanel(d *Desk) *Leaf {
	p := d.leaf(PlacePanel)
	p.content = func() []Part {
		st := d.state()
		rows := Rows{}
		for _, s := range st.Seats {
			if s.ReplacedBy != "" {
				continue
			}
			r := Row{Title: d.person(s), Detail: d.standing(s), Tone: ToneDone, Do: func() { d.toPerson(s.ID) }}
			if !s.Claimed() || s.Certificate == nil && st.Phase == review.PhaseRunning {
				r.Tone = ToneDecide
			} else if s.Presence != review.PresencePresent {
				r.Tone = ToneBusy
			}
			rows.Rows = append(rows.Rows, r)
		}
		out := []Part{rows}
		more := Rows{Head: d.T("panel.more", nil)}
		if d.may(review.KindSeatAdded, "") {
			more.add(d.T("act.seat.name", nil), d.T("act.seat.for", nil), func() { d.turn(func() Page { return d.seatForm(review.Seat{}) }) })
		}
		if d.may(review.KindChairNamed, "") && slices.ContainsFunc(st.Seats, func(s review.Seat) bool { return s.Has(review.RoleExpert) }) {
			more.add(d.T("act.chair.name", nil), d.T("act.chair.for", nil), func() { d.turn(func() Page { return d.nameChair("") }) })
		}
		if d.may(review.KindPanelConfirmed, "") {
			more.add(d.T("act.confirm.name", nil), d.T("act.confirm.for", nil), func() { d.turn(func() Page { return d.confirmPanel() }) })
		}
		if len(more.Rows) > 0 {
			out = append(out, more)
		}
		return out
	}
	next := func() (step, bool) {
		st := d.state()
		if !d.may(review.KindSeatClaimed, "") {
			return step{}, false
		}
		for _, s := range st.Seats {
			if !s.Claimed() && s.ReplacedBy == "" && s.Presence == review.PresenceExpected {
				return step{key: "seat.one", data: map[string]string{"Name": s.Name}, do: func() { d.seatNow(s.ID) }}, true
			}
		}
		if s, ok := d.next(); ok && s.key != "panel" && s.key != "seat" && s.do != nil {
			if s.key == "chair" {
				s.do = func() { d.turn(func() Page { return d.nameChair("") }) }
			}
			return s, true
		}
		return step{}, false
	}
	p.next = func() string {
		if s, ok := next(); ok {
			return d.sayStep(s)
		}
		return d.T("next.panel", nil)
	}
	p.primary = func() Action {
		if s, ok := next(); ok {
			return d.action(s)
		}
		return Action{d.T("action.back", nil), p.Back}
	}
	return p
}

// standing says how far somebody is with taking part.
func (d *Desk) standing(s review.Seat) string {
	if !s.Claimed() && s.Presence != review.PresenceAbsent {
		return d.T("board.unclaimed", nil)
	}
	out := d.T("presence."+string(s.Presence), nil)
	if s.Claimed() && s.Certificate == nil {
		out += " · " + d.T("meeting.status.uncertified", nil)
	}
	if s.Promise != "" {
		out += " · " + d.T("meeting.status.promised", nil)
	}
	return out
}

func (d *Desk) toPerson(id review.SeatID) { d.turn(func() Page { return newPerson(d, id) }) }

// newPerson is one of those who take part, and what the secretary can do for him.
func newPerson(d *Desk, id review.SeatID) *Leaf {
	seat := func() review.Seat { s, _ := d.state().Seat(id); return s }
	p := d.leaf(PlacePerson)
	p.head = seat().Name
	p.back = func() { d.Go(PlacePanel) }
	p.content = func() []Part {
		s := seat()
		st := d.state()
		pairs := Pairs{[][2]string{{d.T("person.roles", nil), d.person(s)}, {d.T("person.standing", nil), d.standing(s)}}}
		if s.Title != "" {
			pairs.Pairs = append(pairs.Pairs, [2]string{d.T("person.title", nil), s.Title})
		}
		rows := Rows{Head: d.T("situation.acts", nil), None: d.T("person.none", nil)}
		offer := func(k review.Kind, key string, when bool, do func() Page) {
			if when && d.may(k, "") {
				rows.add(d.T("act."+key+".name", nil), d.T("act."+key+".for", nil), func() { d.turn(do) })
			}
		}
		expert := s.Has(review.RoleExpert)
		offer(review.KindSeatEdited, "edit", !s.Claimed(), func() Page { return d.seatForm(s) })
		if s.Claimed() {
			offer(review.KindAttendanceRecorded, "attend.back", s.Presence == review.PresenceLeft, func() Page { return d.attend(s, review.PresencePresent, "attend.back") })
			offer(review.KindAttendanceRecorded, "attend.left", s.Presence == review.PresencePresent && id != review.FirstSeat, func() Page { return d.attend(s, review.PresenceLeft, "attend.left") })
		} else {
			offer(review.KindAttendanceRecorded, "attend.absent", s.Presence == review.PresenceExpected, func() Page { return d.attend(s, review.PresenceAbsent, "attend.absent") })
		}
		offer(review.KindChairNamed, "chair", expert && st.Chair != id, func() Page { return d.nameChair("") })
		offer(review.KindSeatFreed, "newcode", s.Claimed() && id != d.me(), func() Page { return d.newCode(s) })
		offer(review.KindSeatReplaced, "replace", expert && st.Chair != id, func() Page { return d.replace(s) })
		return []Part{pairs, rows}
	}
	p.primary = func() Action {
		if s := seat(); !s.Claimed() && s.Presence != review.PresenceAbsent {
			st := step{key: "seat.one", data: map[string]string{"Name": s.Name}, do: func() { d.seatNow(id) }}
			return d.action(st)
		}
		return Action{d.T("action.back", nil), p.back}
	}
	p.next = func() string {
		if s := seat(); !s.Claimed() && s.Presence != review.PresenceAbsent {
			return d.sayStep(step{key: "seat.one", data: map[string]string{"Name": s.Name}})
		}
		return d.T("next.person", nil)
	}
	return p
}

// seatForm arranges a seat for a person, or corrects who takes one.
func (d *Desk) seatForm(s review.Seat) *Leaf {
	x := d.session
	name, unit, title := d.field(FieldLine, "name"), d.field(FieldLine, "unit"), d.field(FieldLine, "rank")
	name.set(s.Name)
	unit.set(s.Unit)
	title.set(s.Title)
	role := d.field(FieldChoice, "role")
	choices := [][]review.Role{{review.RoleExpert}, {review.RoleMember}, {review.RoleExpert, review.RoleMember}, {review.RoleObserver}}
	for i, c := range choices {
		names := ""
		for j, r := range c {
			if j > 0 {
				names += "、"
			}
			names += r.Name()
		}
		role.Options = append(role.Options, Row{Title: names, Detail: d.T("role."+string(c[len(c)-1]), nil)})
		if slices.Equal(c, s.Roles) {
			role.At = i
		}
	}
	key := "seat"
	if s.ID != "" {
		key = "edit"
	}
	return d.form(form{
		key: key, fields: []*Field{name, unit, title, role}, back: func() { d.Go(PlacePanel) },
		act: func() error {
			who := review.Person{Name: name.Value, Unit: unit.Value, Title: title.Value, Roles: choices[role.At]}
			if s.ID != "" {
				return x.EditSeat(s.ID, who)
			}
			_, err := x.AddSeat(who)
			return err
		},
		done: func() {
			d.Go(PlacePanel)
			d.tell(ToneDone, d.say("act."+key+".done", "Name", name.Value))
		},
	})
}

// attend records where a person is.
func (d *Desk) attend(s review.Seat, p review.Presence, key string) *Leaf {
	x, why := d.session, d.reason()
	fields := []*Field{why}
	if p == review.PresencePresent {
		fields = nil
	}
	return d.ofPerson(key, s, consenter{}, fields, func(*meeting.Session) error { return x.Attend(s.ID, p, why.Value) })
}

// ofPerson is the form of an act on one person.
func (d *Desk) ofPerson(key string, s review.Seat, who consenter, fields []*Field, act func(with *meeting.Session) error) *Leaf {
	data := map[string]string{"Name": s.Name}
	return d.form(form{
		key: key, data: data, fields: append(fields, who.fields()...), back: func() { d.toPerson(s.ID) },
		act: func() error {
			seat, secret := who.seat()
			return d.beside(seat, secret, act)
		},
		done: func() {
			d.Go(PlacePanel)
			d.tell(ToneDone, d.T("act."+key+".done", data))
		},
	})
}

// replace puts another expert in one's place.
func (d *Desk) replace(s review.Seat) *Leaf {
	x, st, why := d.session, d.state(), d.reason()
	by := d.field(FieldChoice, "replace")
	var seats []review.SeatID
	for _, o := range st.Seats {
		if o.ID != s.ID && o.Has(review.RoleExpert) && o.ReplacedBy == "" {
			seats = append(seats, o.ID)
			by.Options = append(by.Options, Row{Title: d.person(o)})
		}
	}
	return d.ofPerson("replace", s, d.consenter(nil, st.Chair), []*Field{by, why}, func(with *meeting.Session) error {
		return x.Replace(with, s.ID, seats[by.At], why.Value)
	})
}

// newCode lets a person who has forgotten his code take his seat anew.
func (d *Desk) newCode(s review.Seat) *Leaf {
	x, st, why := d.session, d.state(), d.reason()
	sheet := d.field(FieldCode, "sheet")
	var who consenter
	switch {
	case s.ID == st.Chair:
		var others []review.SeatID
		for _, o := range st.Seats {
			if o.Has(review.RoleExpert) && o.ID != s.ID && o.Claimed() && o.Presence == review.PresencePresent && o.ReplacedBy == "" {
				others = append(others, o.ID)
			}
		}
		who = d.consenter(nil, others...)
	case st.Stakes(s.ID) && st.Chair != "":
		who = d.consenter(nil, st.Chair)
	}
	var g *meeting.Seating
	data := map[string]string{"Name": s.Name}
	return d.form(form{
		key: "newcode", data: data, fields: append([]*Field{why, sheet}, who.fields()...), back: func() { d.toPerson(s.ID) },
		act: func() error {
			seat, secret := who.seat()
			return d.beside(seat, secret, func(with *meeting.Session) (err error) {
				g, err = x.NewCode(with, s.ID, why.Value, sheet.Value)
				return err
			})
		},
		done: func() { d.giveUp(func() Page { return newSeating(d, g) }) },
	})
}
