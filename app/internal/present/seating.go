package present

import (
	"heyi/review"
	"heyi/review/meeting"
)

// newCalling asks the secretary to let a person take his seat: it is she who looks him in
// the face. If she sits at the machine already she gives it up for him.
func newCalling(d *Desk, s meeting.BoardSeat) *Leaf {
	b, _ := d.services.Board(d.meeting)
	secretary := b.Seats[0]
	secret := d.secretOf(secretary.Name, review.RoleSecretary.Name())
	id := d.meeting
	var g *meeting.Seating
	p := d.form(form{
		key: "call", data: map[string]string{"Name": s.Name}, fields: []*Field{secret}, back: func() { d.Go(PlaceBoard) },
		act: func() error {
			return d.beside(secretary.ID, secret.Value, func(*meeting.Session) (err error) {
				g, err = d.services.Seating(id, s.ID)
				return err
			})
		},
		done: func() { d.turn(func() Page { return newSeating(d, g) }) },
	})
	return p
}

// seatNow lets a person take his seat who was called by the secretary at the machine.
func (d *Desk) seatNow(s review.SeatID) {
	g, err := d.services.Seating(d.meeting, s)
	if err != nil {
		d.tell(ToneError, d.words.Explain(err))
		return
	}
	d.giveUp(func() Page { return newSeating(d, g) })
}

// giveUp has the person at the machine make way for another, who begins on the page that
// next makes.
func (d *Desk) giveUp(next func() Page) {
	d.leave(func() {
		if d.session != nil {
			d.session.Close()
			d.session = nil
		}
		d.put(next())
	})
}

// newSeating covers what follows until the person himself sits before the machine: the
// secretary still has it in her hands.
func newSeating(d *Desk, g *meeting.Seating) *Leaf {
	p := d.leaf(PlaceSeating)
	p.back = func() { d.Go(PlaceBoard) }
	p.next = func() string { return d.T("next.seating.cover", nil) }
	p.content = func() []Part {
		out := []Part{Text{Look: LookLarge, Text: d.say("seating.cover", "Name", g.Seat().Name)}}
		return append(out, paragraphs(LookBody, d.T("seating.cover.lead", nil))...)
	}
	p.primary = func() Action {
		return Action{d.say("action.seating", "Name", g.Seat().Name), func() { d.turn(func() Page { return newShownCode(d, g) }) }}
	}
	return p
}

// newShownCode shows a person his code, or asks him for a passphrase of his own.
func newShownCode(d *Desk, g *meeting.Seating) *Leaf {
	if g.Code() == "" {
		return newClaim(d, g)
	}
	p := d.leaf(PlaceSeating)
	p.back = func() { d.turn(func() Page { return newSeating(d, g) }) }
	p.content = func() []Part {
		out := []Part{Text{Look: LookHead, Text: d.say("seating.for", "Name", g.Seat().Name)}}
		out = append(out, paragraphs(LookBody, d.T("seating.lead", nil))...)
		out = append(out, Text{Look: LookLarge, Text: g.Code()})
		return append(out, paragraphs(LookCaption, d.T("seating.warning", nil))...)
	}
	p.primary = func() Action {
		return Action{d.T("action.copied", nil), func() { d.turn(func() Page { return newClaim(d, g) }) }}
	}
	return p
}

// newClaim has the person type his code off his card, or choose his passphrase.
func newClaim(d *Desk, g *meeting.Seating) *Leaf {
	var first, second *Field
	fields := []*Field{}
	key := "code"
	if g.Code() == "" {
		key = "own"
		first, second = d.field(FieldSecret, "passphrase"), d.field(FieldSecret, "repeated")
		fields = append(fields, first, second)
	} else {
		first = d.field(FieldCode, "card")
		fields = append(fields, first)
	}
	p := d.leaf(PlaceSeating)
	p.back = func() { d.turn(func() Page { return newSeating(d, g) }) }
	if second == nil {
		p.back = func() { d.turn(func() Page { return newShownCode(d, g) }) }
	}
	p.next = func() string { return d.T("next.seating."+key, nil) }
	p.content = func() []Part {
		out := []Part{Text{Look: LookHead, Text: d.say("seating.for", "Name", g.Seat().Name)}}
		out = append(out, paragraphs(LookBody, d.T("seating."+key, nil))...)
		for _, f := range fields {
			out = append(out, f)
		}
		return out
	}
	claim := func() {
		a, b := first.Value, first.Value
		if second != nil {
			b = second.Value
		}
		var x *meeting.Session
		p.run("busy.claiming", func() (err error) {
			x, err = g.Claim(a, b)
			return err
		}, func(err error) {
			if err != nil {
				if g.Unsure() {
					d.Log(err)
					p.say(ToneDecide, d.T("seating.unsure", nil))
					return
				}
				if second == nil && review.CodeOf(err) == review.CodeSecretDiffers {
					d.Log(err)
					p.say(ToneError, d.T("seating.wrong", nil))
					return
				}
				p.explainTry(err)
				return
			}
			d.arrive(x)
		})
	}
	p.primary = func() Action { return Action{d.T("action.claim", nil), claim} }
	return p
}
