package present

import (
	"slices"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/regulation"
)

// office names the office in which somebody consents to an act.
func (d *Desk) officeOf(id review.SeatID, p *review.Project) string {
	st := d.state()
	seat, _ := st.Seat(id)
	switch {
	case seat.Has(review.RoleSecretary):
		return review.RoleSecretary.Name()
	case p != nil && st.Presiding(p) == id, p == nil && st.Chair == id:
		return d.T("role.chair", nil)
	}
	if len(seat.Roles) == 0 {
		return ""
	}
	return seat.Roles[0].Name()
}

// other gives the officer who consents to what the one at the machine does: the presiding
// chair of a project, or of the meeting where p is nil; the secretary where he is that
// himself.
func (d *Desk) other(p *review.Project) review.SeatID { return besideOf(d.state(), p, d.me()) }

// besideOf is other for whoever acts, at the machine or not.
func besideOf(st *review.State, p *review.Project, actor review.SeatID) review.SeatID {
	chair := st.Chair
	if p != nil {
		chair = st.Presiding(p)
	}
	if chair == actor {
		return review.FirstSeat
	}
	return chair
}

// consenter asks for the secret of one of those who can consent; who that is can be chosen
// where there are several.
type consenter struct {
	seats  []review.SeatID
	choice *Field // nil where there is nothing to choose
	secret *Field // nil where nobody is asked
}

func (d *Desk) consenter(p *review.Project, seats ...review.SeatID) consenter {
	c := consenter{seats: seats}
	switch len(seats) {
	case 0:
	case 1:
		c.secret = d.secretOf(d.name(seats[0]), d.officeOf(seats[0], p))
	default:
		c.choice = d.field(FieldChoice, "consenter")
		for _, s := range seats {
			c.choice.Options = append(c.choice.Options, Row{Title: d.name(s)})
		}
		c.secret = d.field(FieldSecret, "consent")
	}
	return c
}

// fields gives what is to be filled in.
func (c consenter) fields() []*Field {
	var out []*Field
	if c.choice != nil {
		out = append(out, c.choice)
	}
	if c.secret != nil {
		out = append(out, c.secret)
	}
	return out
}

// seat gives who consents, and his secret.
func (c consenter) seat() (review.SeatID, string) {
	switch {
	case c.secret == nil:
		return "", ""
	case c.choice != nil:
		return c.seats[c.choice.At], c.secret.Value
	}
	return c.seats[0], c.secret.Value
}

// officers makes the form of an act on a project that another officer consents to.
func (d *Desk) officers(key string, p *review.Project, grave bool, who consenter, fields []*Field, act func(with *meeting.Session) error) *Leaf {
	f := form{key: key, grave: grave, fields: append(fields, who.fields()...)}
	if p != nil {
		f.data = map[string]string{"Title": p.Title}
		f.back = func() { d.toProject(p.ID) }
	} else {
		f.data = map[string]string{"Title": d.state().Title}
	}
	f.act = func() error {
		seat, secret := who.seat()
		return d.beside(seat, secret, act)
	}
	f.done = func() {
		if p != nil {
			d.toProject(p.ID)
		} else {
			d.Go(PlaceProjects)
		}
		d.tell(ToneDone, d.T("act."+key+".done", f.data))
	}
	return d.form(f)
}

// alone is officers for an act that its person does alone.
func (d *Desk) alone(key string, p *review.Project, fields []*Field, act func() error) *Leaf {
	return d.officers(key, p, false, consenter{}, fields, func(*meeting.Session) error { return act() })
}

func beginRound(d *Desk, id review.ProjectID) *Leaf {
	x, p := d.session, d.state().Project(id)
	key := "round"
	if len(p.Rounds) > 0 {
		key = "round.again"
	}
	l := d.alone(key, p, nil, func() error { return x.BeginRound(id) })
	with := l.content
	l.content = func() []Part {
		st := d.state()
		return append(with(), Pairs{[][2]string{
			{d.T("situation.voters", nil), d.names(st.Voters(p))},
			{d.T("situation.presiding", nil), d.name(st.Presiding(p))},
			{d.T("situation.quorum", nil), d.T("situation.people", map[string]int{"Count": p.Quorum})},
		}})
	}
	return l
}

func closeRound(d *Desk, id review.ProjectID) *Leaf {
	x := d.session
	return d.alone("close", d.state().Project(id), nil, func() error { return x.CloseRound(id) })
}

func reopenRound(d *Desk, id review.ProjectID) *Leaf {
	x, p, why := d.session, d.state().Project(id), d.reason()
	return d.officers("reopen", p, false, d.consenter(p, d.other(p)), []*Field{why}, func(with *meeting.Session) error {
		return x.Reopen(with, id, why.Value)
	})
}

// ballots asks whose ballot is meant, of those that are in.
func (d *Desk) ballots(p *review.Project) (*Field, []review.SeatID) {
	f := d.field(FieldChoice, "ballot")
	var seats []review.SeatID
	for _, b := range p.Counted(p.Round()) {
		seats = append(seats, b.Seat)
		f.Options = append(f.Options, Row{Title: d.name(b.Seat)})
	}
	return f, seats
}

func returnBallot(d *Desk, id review.ProjectID) *Leaf {
	x, p, why := d.session, d.state().Project(id), d.reason()
	whose, seats := d.ballots(p)
	return d.alone("return", p, []*Field{whose, why}, func() error { return x.Return(id, seats[whose.At], why.Value) })
}

func voidBallot(d *Desk, id review.ProjectID) *Leaf {
	x, p, why := d.session, d.state().Project(id), d.reason()
	whose, seats := d.ballots(p)
	return d.officers("void", p, true, d.consenter(p, d.other(p)), []*Field{whose, why}, func(with *meeting.Session) error {
		return x.VoidBallot(with, id, seats[whose.At], why.Value)
	})
}

// recuse has the officers decide that an expert stands aside, or need not.
func recuse(d *Desk, id review.ProjectID) *Leaf {
	x, st, why := d.session, d.state(), d.reason()
	p := st.Project(id)
	whose := d.field(FieldChoice, "recuse")
	var seats []review.SeatID
	for _, s := range st.Seats {
		if s.Has(review.RoleExpert) && s.ReplacedBy == "" {
			seats = append(seats, s.ID)
			row := Row{Title: s.Name, Detail: d.T("recuse.aside", nil)}
			if p.Recused(s.ID) {
				row.Detail = d.T("recuse.back", nil)
			}
			whose.Options = append(whose.Options, row)
		}
	}
	return d.officers("recuse", p, false, d.consenter(p, d.other(p)), []*Field{whose, why}, func(with *meeting.Session) error {
		seat := seats[whose.At]
		return x.Recuse(with, id, seat, !p.Recused(seat), why.Value)
	})
}

func waiveQuorum(d *Desk, id review.ProjectID) *Leaf {
	x, p, why := d.session, d.state().Project(id), d.reason()
	return d.officers("waive", p, false, d.consenter(p, d.other(p)), []*Field{why}, func(with *meeting.Session) error {
		return x.WaiveQuorum(with, id, why.Value)
	})
}

// suspend ends a review without a conclusion.
func suspend(d *Desk, id review.ProjectID) *Leaf {
	x, p, why := d.session, d.state().Project(id), d.reason()
	return d.officers("suspend", p, true, d.consenter(p, d.state().Enders(p)...), []*Field{why}, func(with *meeting.Session) error {
		return x.Suspend(with, id, why.Value)
	})
}

func withdraw(d *Desk, id review.ProjectID) *Leaf {
	x, p, why := d.session, d.state().Project(id), d.reason()
	return d.officers("withdraw", p, true, d.consenter(p, d.other(p)), []*Field{why}, func(with *meeting.Session) error {
		return x.Withdraw(with, id, why.Value)
	})
}

func withdrawTables(d *Desk, id review.ProjectID) *Leaf {
	x, p, why := d.session, d.state().Project(id), d.reason()
	return d.officers("withdraw.tables", p, true, d.consenter(p, d.other(p)), []*Field{why}, func(with *meeting.Session) error {
		return x.WithdrawTables(with, id, why.Value)
	})
}

func finalise(d *Desk, id review.ProjectID) *Leaf {
	x, p := d.session, d.state().Project(id)
	return d.officers("finalise", p, true, d.consenter(p, d.state().Chair), nil, func(with *meeting.Session) error {
		return x.Finalise(with, id)
	})
}

func closeTables(d *Desk, id review.ProjectID) *Leaf {
	x, p := d.session, d.state().Project(id)
	return d.officers("tables", p, true, d.consenter(p, d.state().Chair), nil, func(with *meeting.Session) error {
		return x.CloseTables(with, id)
	})
}

// correct is a 更正单: what stands, what is right, and on what evidence.
func correct(d *Desk, id review.ProjectID) *Leaf {
	x, p := d.session, d.state().Project(id)
	which, value, evidence := d.field(FieldChoice, "fact"), d.field(FieldLine, "fact.new"), d.field(FieldText, "evidence")
	facts := d.facts(p)
	for _, f := range facts {
		which.Options = append(which.Options, Row{Title: f.title, Detail: f.said})
	}
	which.At = -1
	l := d.officers("correct", p, false, d.consenter(p, d.other(p)), []*Field{which, value, evidence}, func(with *meeting.Session) error {
		f := facts[which.At]
		return x.Correct(with, review.FactCorrected{
			Project: id, Key: f.key, Old: f.value, New: typedFact(f.in, value.Value), Evidence: evidence.Value,
		})
	})
	do := l.primary
	l.primary = func() Action {
		a := do()
		if which.At < 0 {
			return Action{a.Label, func() { l.say(ToneError, d.T("correct.which", nil)) }}
		}
		return a
	}
	l.typed = func(f *Field) {
		if f == which {
			value.Hint = d.say("correct.hint", "Type", d.T("fact."+facts[which.At].kind(), nil))
		}
	}
	return l
}

// fact is what is known of a project under one heading.
type fact struct {
	key, title, value, said string
	in                      *regulation.Input // nil where no rule asks for it
}

// kind names the type of a fact's value.
func (f fact) kind() string {
	if f.in == nil {
		return "text"
	}
	return f.in.Type
}

// facts gives what is known of a project, and then what its scheme asks for and nobody has
// said.
func (d *Desk) facts(p *review.Project) []fact {
	var scheme *regulation.Scheme // nil of a scheme that is no regulation's: nothing asks for facts
	if len(p.Scheme.Packs) > 0 {
		lib, err := d.session.Rules(p.ID)
		if err != nil {
			d.Log(err)
		} else if s, ok := lib.Scheme(p.Scheme.ID); ok {
			scheme = s
		}
	}
	var out []fact
	for _, f := range p.Facts {
		x := fact{key: f.Key, title: f.Key, value: f.Value, said: f.Value, in: scheme.Input(f.Key)}
		if x.in != nil {
			x.title, x.said = x.in.Title, x.in.Say(f.Value)
		}
		out = append(out, x)
	}
	if scheme == nil {
		return out
	}
	for _, in := range scheme.Inputs() {
		if !slices.ContainsFunc(p.Facts, func(f review.Fact) bool { return f.Key == in.Fact }) {
			out = append(out, fact{key: in.Fact, title: in.Title, said: d.T("fact.unknown", nil), in: in})
		}
	}
	return out
}

// typedFact gives what a person typed as a fact's value: 是 and 否, and dates as they are
// written.
func typedFact(in *regulation.Input, typed string) string {
	if in == nil {
		return typed
	}
	switch in.Type {
	case "bool":
		switch typed {
		case "是", "有":
			return "true"
		case "否", "无":
			return "false"
		}
	case "word":
		for _, w := range in.Values {
			if w.Title == typed {
				return w.ID
			}
		}
	}
	return typed
}

// confirmPanel is 确认专家组.
func (d *Desk) confirmPanel() *Leaf {
	x, st := d.session, d.state()
	var with []review.SeatID
	if st.Chair != "" {
		with = append(with, st.Chair)
	}
	l := d.officers("confirm", nil, true, d.consenter(nil, with...), nil, x.ConfirmPanel)
	content := l.content
	l.content = func() []Part {
		rows := Rows{Head: d.T("confirm.people", nil)}
		for _, s := range d.state().Seats {
			r := Row{Title: d.person(s), Tone: ToneDone}
			switch {
			case s.Presence == review.PresenceAbsent:
				r.Tone, r.Detail = ToneNone, d.T("presence.absent", nil)
			case !s.Claimed():
				r.Tone, r.Detail = ToneBusy, d.T("confirm.late", nil)
			}
			rows.Rows = append(rows.Rows, r)
		}
		return append(content(), rows)
	}
	return l
}

// certify gives certificates to those who came later.
func (d *Desk) certify() *Leaf {
	x, st := d.session, d.state()
	var with []review.SeatID
	if st.Chair != "" {
		with = append(with, st.Chair)
	}
	return d.officers("certify", nil, false, d.consenter(nil, with...), nil, func(with *meeting.Session) error { return x.Certify(with) })
}

// person says who somebody is, in one line.
func (d *Desk) person(s review.Seat) string {
	out := s.Name
	for _, r := range s.Roles {
		out += " · " + r.Name()
	}
	if s.ID == d.state().Chair {
		out += " · " + d.T("role.chair", nil)
	}
	if s.Unit != "" {
		out += " · " + s.Unit
	}
	return out
}

// nameChairOf names who presides over one project.
func nameChairOf(d *Desk, id review.ProjectID) *Leaf {
	return d.nameChair(id)
}

// nameChair records whom the panel has made 组长, of the meeting or of a project.
func (d *Desk) nameChair(id review.ProjectID) *Leaf {
	x, st := d.session, d.state()
	p := st.Project(id)
	before := st.Chair
	if p != nil {
		before = st.Presiding(p)
	}
	whom := d.field(FieldChoice, "chair")
	var seats []review.SeatID
	for _, s := range st.Seats {
		if s.Has(review.RoleExpert) && s.ReplacedBy == "" && s.ID != before && (p == nil || !p.Recused(s.ID)) {
			seats = append(seats, s.ID)
			whom.Options = append(whom.Options, Row{Title: d.person(s)})
		}
	}
	fields := []*Field{whom}
	why := d.reason()
	var who consenter
	if before != "" {
		fields = append(fields, why)
		if len(seats) > 0 { // whom it may be depends on who is named; the service says
			who = d.consenter(p, st.ChairConsenters(id, "")...)
		}
	}
	key := "chair"
	if p != nil {
		key = "chair.project"
	}
	return d.officers(key, p, false, who, fields, func(with *meeting.Session) error {
		if len(seats) == 0 {
			return review.E(review.CodeChairUnfit, "present.nameChair", "", nil)
		}
		return x.NameChair(with, id, seats[whom.At], why.Value)
	})
}
