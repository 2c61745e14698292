package present

import (
	"slices"
	"strconv"
	"strings"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/paper"
)

// formsFor lists the papers that a set for a purpose would have, in their order.
func (m matter) formsFor(purpose review.Purpose) []review.Form {
	if purpose == review.PurposeConclusion {
		return []review.Form{review.FormOpinion, review.FormTally, review.FormPanel}
	}
	var out []review.Form
	if f := m.project().Fulfilment; len(f) > 0 {
		last := f[len(f)-1]
		if len(last.Terms) > 0 {
			out = append(out, review.FormFulfilment)
		}
		if len(last.Changes) > 0 {
			out = append(out, review.FormChanges)
		}
	}
	return out
}

// newBeginSigning is where the secretary lays the papers of the conclusion before the panel.
func newBeginSigning(d *Desk, id review.ProjectID) Page {
	return newCertify(d, id, review.PurposeConclusion)
}

// newCertifyTables is where the secretary lays the tables before the panel, ahead of the
// conclusion.
func newCertifyTables(d *Desk, id review.ProjectID) Page {
	return newCertify(d, id, review.PurposeTables)
}

// certify is the certifying of a set: every paper is looked at, and what it leaves open is
// said, before nothing can be changed any more.
type certify struct {
	*Leaf
	matter
	purpose review.Purpose
	forms   []review.Form
	lacks   map[review.Form][]string
	failed  map[review.Form]error
	loaded  bool
	seats   []review.SeatID
	ink     []*Field
}

func newCertify(d *Desk, id review.ProjectID, purpose review.Purpose) *Leaf {
	c := &certify{
		Leaf: d.leaf(PlaceSign), matter: d.matter(id), purpose: purpose,
		lacks: map[review.Form][]string{}, failed: map[review.Form]error{},
	}
	c.forms = c.formsFor(purpose)
	c.Leaf.head = c.fill("certify.head."+string(purpose), "Title", c.project().Title)
	c.Leaf.name = d.T("certify.name", nil)
	c.Leaf.back, c.Leaf.content, c.Leaf.caution = c.toProject, c.parts, true
	c.Leaf.next = func() string { return d.T("next.certify", nil) }
	c.Leaf.primary = func() Action {
		if !c.loaded || !c.may(review.KindPapersCertified) && !c.may(review.KindSigningBegun) {
			return Action{d.T("action.back", nil), c.Back}
		}
		return Action{d.T("action.certify", nil), c.certify}
	}
	for _, s := range c.state().Signatories(c.project()) {
		c.seats = append(c.seats, s)
		c.ink = append(c.ink, &Field{Kind: FieldTick, Label: c.fill("certify.ink", "Name", c.who(s))})
	}
	c.run("busy.papers", c.load, func(err error) {
		if err != nil {
			c.explain(err)
		}
		c.loaded = true
		c.changed()
	})
	return c.Leaf
}

// load composes every paper as it would be; not on the screen's goroutine.
func (c *certify) load() error {
	for _, f := range c.forms {
		_, c.lacks[f], c.failed[f] = c.preview(f)
		if review.CodeOf(c.failed[f]) == review.CodeSessionClosed {
			return c.failed[f]
		}
	}
	return nil
}

// preview composes a paper of the group as it would be now, and says what it leaves open.
func (m matter) preview(f review.Form) ([]byte, []string, error) {
	file, lacks, err := m.x.PreviewPaper(m.id, f)
	return file, m.sayLacks(lacks), err
}

func (m matter) sayLacks(lacks []paper.Lack) []string {
	var out []string
	for _, l := range lacks {
		out = append(out, m.desk.T("lack."+l.Key, map[string]string{"item": l.Item}))
	}
	return out
}

func (c *certify) parts() []Part {
	if !c.loaded {
		return nil
	}
	d := c.desk
	papers := Rows{Head: d.T("certify.papers", nil)}
	for _, f := range c.forms {
		title := d.T("form."+string(f), nil)
		r := Row{Title: title, Tone: ToneDone, Detail: d.T("certify.complete", nil), Do: func() {
			d.turn(func() Page {
				return newPreview(d, title, c.stay(c.Leaf), func() ([]byte, []string, error) { return c.preview(f) })
			})
		}}
		switch lacks := c.lacks[f]; {
		case c.failed[f] != nil:
			r.Tone, r.Detail, r.Do = ToneError, d.words.Explain(c.failed[f]), nil
		case len(lacks) > 0:
			r.Tone, r.Detail = ToneDecide, strings.Join(lacks, "")
		}
		papers.Rows = append(papers.Rows, r)
	}
	out := []Part{papers}
	if due := c.undecided(); len(due) > 0 {
		out = append(out, Text{Tone: ToneDecide, Text: c.fill("certify.undecided", "Names", c.whom(due))})
	}
	out = append(out, Text{Look: LookHead, Text: d.T("certify.way", nil)}, Text{Look: LookCaption, Text: d.T("certify.way.lead", nil)})
	for _, f := range c.ink {
		out = append(out, f)
	}
	return append(out, Text{Tone: ToneError, Text: d.T("certify.consequence", nil)})
}

// undecided lists who is in the room and has not said where he stands; before the conclusion
// nobody has to.
func (c *certify) undecided() []review.SeatID {
	p := c.project()
	if c.purpose != review.PurposeConclusion || p.Conclusion == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.seats), func(s review.SeatID) bool {
		seat, _ := c.state().Seat(s)
		_, given := p.Vote(s, p.Conclusion.Digest)
		return given || seat.Presence != review.PresencePresent
	})
}

func (c *certify) certify() {
	var ink []review.SeatID
	for i, f := range c.ink {
		if f.On {
			ink = append(ink, c.seats[i])
		}
	}
	begin := c.x.BeginSigning
	if c.purpose == review.PurposeTables {
		begin = c.x.CertifyTables
	}
	c.run("busy.certifying", func() error { return begin(c.id, ink...) }, func(err error) {
		if err != nil {
			c.explain(err)
			return
		}
		c.desk.turn(func() Page { return newSign(c.desk, c.id) })
		c.desk.tell(ToneDone, c.desk.T("certify.done", nil))
	})
}

// signing is the round in which a set of papers is signed: who has signed what, the papers
// themselves, and for whoever's turn it is the place where he signs.
type signing struct {
	*Leaf
	matter
	hand *hand
}

func newSign(d *Desk, id review.ProjectID) Page {
	s := &signing{Leaf: d.leaf(PlaceSign), matter: d.matter(id)}
	s.Leaf.head, s.Leaf.back = s.fill("sign.head", "Title", s.project().Title), s.toProject
	s.hand = d.hand(s.x, s.Leaf)
	s.Leaf.content, s.Leaf.next, s.Leaf.primary = s.parts, s.next, s.action
	return s.Leaf
}

// The ways in which a person may stand to a set of papers.
const (
	turnNone = "none" // he does not sign it
	turnNow  = "now"
	turnWait = "wait" // he presides, and the others come first
	turnInk  = "ink"
	turnDone = "done" // he has signed
)

// turnOf tells how the person stands to the set that lies before the panel.
func (s *signing) turnOf(set *review.PaperSet) string {
	due := s.state().UnsignedSet(s.project(), set)
	i := slices.IndexFunc(set.Signers, func(g review.Signer) bool { return g.Seat == s.me() })
	switch {
	case i < 0:
		return turnNone
	case set.Signed(s.me()):
		return turnDone
	case set.Signers[i].Ink:
		return turnInk
	case s.presides() && slices.ContainsFunc(due, func(x review.SeatID) bool { return x != s.me() }):
		return turnWait
	}
	return turnNow
}

func (s *signing) parts() []Part {
	d := s.desk
	set := s.project().Signing()
	if set == nil || set.Purpose == review.PurposeConclusion && !s.sees(review.ThingPapers) {
		return []Part{Text{Text: d.T("sign.nothing", nil)}}
	}
	var out []Part
	turn := s.turnOf(set)
	switch turn {
	case turnNow:
		out = append(out, Text{Text: d.T("sign.lead", map[string]int{"Count": len(set.Papers)})})
	case turnWait:
		due := slices.DeleteFunc(s.state().UnsignedSet(s.project(), set), func(x review.SeatID) bool { return x == s.me() })
		out = append(out, Text{Tone: ToneBusy, Text: s.fill("sign.wait", "Names", s.whom(due))})
	case turnInk:
		out = append(out, Text{Tone: ToneDecide, Text: d.T("sign.ink", nil)})
	case turnDone:
		out = append(out, Text{Tone: ToneDone, Text: d.T("sign.signed", nil)})
	}
	out = append(out, s.setRows(set, s.x.PaperOf, s.stay(s.Leaf)))
	if turn == turnNow {
		out = append(out, s.hand.parts()...)
		out = append(out, Text{Tone: ToneError, Text: d.T("sign.consequence", nil)}, Text{Look: LookCaption, Text: d.T("sign.refusing", nil)})
	}
	return append(out, s.signers(set)...)
}

// setRows lists the papers of a set, each to be looked at as get gives it.
func (m matter) setRows(set *review.PaperSet, get func(review.ProjectID, review.Form) (review.SetPaper, []byte, error), back func()) Rows {
	d := m.desk
	rows := Rows{Head: d.T("sign.papers", nil)}
	for _, q := range set.Papers {
		title := d.T("form."+string(q.Form), nil)
		rows.Rows = append(rows.Rows, Row{
			Title: title, Detail: m.fill("sign.paper", "Number", paper.Number(q.Form, m.x.Meeting(), q.Number), "Check", q.Check),
			Do: func() {
				d.turn(func() Page {
					return newPreview(d, title, back, func() ([]byte, []string, error) {
						_, file, err := get(m.id, q.Form)
						return file, nil, err
					})
				})
			},
		})
	}
	return rows
}

// signers says of everybody whether he has signed, and how.
func (s *signing) signers(set *review.PaperSet) []Part {
	d, p := s.desk, s.project()
	due := s.state().UnsignedSet(p, set)
	rows := Rows{Head: d.T("sign.people", nil)}
	for _, g := range set.Signers {
		r := Row{Title: s.who(g.Seat)}
		key := "key"
		if g.Ink {
			key = "ink"
		}
		switch {
		case set.Signed(g.Seat):
			r.Tone, r.Detail = ToneDone, d.T("sign.by."+key, nil)
		case slices.Contains(due, g.Seat):
			r.Tone, r.Detail = ToneBusy, d.T("sign.due."+key, nil)
		default:
			r.Tone, r.Detail = ToneError, d.T("sign.refused", nil)
		}
		rows.Rows = append(rows.Rows, r)
	}
	out := []Part{rows}
	more := Rows{Head: d.T("sign.more", nil)}
	add := func(key string, make func(*Desk, review.ProjectID) Page) {
		more.Rows = append(more.Rows, Row{Title: d.T("sign.more."+key, nil), Detail: d.T("sign.more."+key+".detail", nil), Do: s.turn(make)})
	}
	if len(due) > 0 && s.may(review.KindScanLinked) {
		add("scan", newScan)
	}
	if len(due) > 0 && s.may(review.KindSignatureRefused) {
		add("refuse", func(d *Desk, id review.ProjectID) Page { return newRefuse(d, id) })
	}
	if len(more.Rows) > 0 {
		out = append(out, more)
	}
	return out
}

func (s *signing) next() string {
	set := s.project().Signing()
	if set == nil {
		return s.desk.T("next.sign.none", nil)
	}
	return s.desk.T("next.sign."+s.turnOf(set), nil)
}

func (s *signing) action() Action {
	if set := s.project().Signing(); set != nil {
		switch s.turnOf(set) {
		case turnNow:
			return Action{s.desk.T("action.sign", nil), s.sign}
		case turnNone:
		default:
			return Action{s.desk.T("action.handback", nil), s.desk.HandBack}
		}
	}
	return Action{s.desk.T("action.back", nil), s.Back}
}

func (s *signing) sign() {
	look, err := s.hand.look()
	if err != nil {
		s.explain(err)
		return
	}
	s.run("busy.signing", func() error { return s.x.Sign(s.id, look) }, func(err error) {
		if err != nil {
			s.explain(err)
			return
		}
		s.Leaf.say(ToneDone, s.desk.T("sign.done", nil))
	})
}

// newRefuse is the form by which the secretary records that somebody does not sign, with a
// witness who consents.
func newRefuse(d *Desk, id review.ProjectID) *Leaf {
	m := d.matter(id)
	whom, witness := d.field(FieldChoice, "refuser"), d.field(FieldChoice, "witness")
	why, secret := d.reason(), d.field(FieldSecret, "witness.secret")
	whom.At, witness.At = -1, -1
	var seats, witnesses []review.SeatID
	if set := m.project().Signing(); set != nil {
		seats = m.state().UnsignedSet(m.project(), set)
	}
	for _, s := range seats {
		whom.Options = append(whom.Options, Row{Title: m.who(s)})
	}
	// Whoever is to witness must be in the room and able to say so; whom it is about cannot.
	list := func() {
		witnesses, witness.Options, witness.At = nil, nil, -1
		for _, s := range m.state().Seats {
			self := whom.At >= 0 && seats[whom.At] == s.ID
			if self || s.ID == m.me() || s.Presence != review.PresencePresent || s.Certificate == nil || s.ReplacedBy != "" {
				continue
			}
			witnesses = append(witnesses, s.ID)
			witness.Options = append(witness.Options, Row{Title: m.who(s.ID)})
		}
	}
	list()
	missing := func(field string) error { return review.E(review.CodeTextEmpty, "present.newRefuse", field, nil) }
	p := d.form(form{
		key: "refuse", data: map[string]string{"Title": m.project().Title}, grave: true,
		fields: []*Field{whom, why, witness, secret}, back: m.toProject,
		act: func() error {
			if whom.At < 0 {
				return missing("refuser")
			}
			if witness.At < 0 {
				return missing("witness")
			}
			return d.beside(witnesses[witness.At], secret.Value, func(with *meeting.Session) error {
				return m.x.Refuse(with, id, seats[whom.At], strings.TrimSpace(why.Value))
			})
		},
		done: func() {
			d.turn(func() Page { return newSign(d, id) })
			d.tell(ToneDone, d.T("act.refuse.done", nil))
		},
	})
	p.typed = func(f *Field) {
		if f == whom {
			list()
		}
	}
	return p
}

// scanEndings are the endings of files that scanners write.
var scanEndings = []string{".pdf", ".jpg", ".jpeg", ".png"}

// newScan is where the secretary puts the scan of a paper that was signed in ink on record,
// beside the chair: by the 校验码 in its footer, and for those who have signed on it.
func newScan(d *Desk, id review.ProjectID) Page {
	m := d.matter(id)
	l := d.leaf(PlaceSign)
	l.name, l.head, l.back = d.T("scan.name", nil), m.fill("scan.head", "Title", m.project().Title), m.turn(newSign)
	l.next = func() string { return d.T("next.scan", nil) }
	check := d.field(FieldLine, "check")
	chair := m.partner()
	secret := m.secretOf(chair)
	var seats []review.SeatID
	var ticks []*Field
	set := m.project().Signing()
	if set != nil {
		for _, g := range set.Signers {
			if g.Ink {
				seats = append(seats, g.Seat)
				ticks = append(ticks, &Field{Kind: FieldTick, Label: m.fill("scan.signed", "Name", m.who(g.Seat)), On: !set.Signed(g.Seat)})
			}
		}
	}
	place := d.locate(l, "scan", scanEndings, func(string) { l.say(ToneNone, "") })
	l.dropped = place.drop
	certified := func(form review.Form) func() {
		return l.print(func() ([]string, error) {
			path, err := m.x.ExportCertified(id, form)
			return []string{path}, err
		})
	}
	l.content = func() []Part {
		if set == nil || len(seats) == 0 {
			return []Part{Text{Text: d.T("scan.nobody", nil)}}
		}
		out := paragraphs(LookBody, d.T("scan.lead", nil))
		papers := Rows{Head: d.T("scan.papers", nil)}
		for _, q := range set.Papers {
			name := d.T("form."+string(q.Form), nil)
			papers.Rows = append(papers.Rows, Row{
				Title: m.fill("scan.print", "Name", name), Detail: m.fill("scan.print.detail", "Check", q.Check), Do: certified(q.Form),
			})
		}
		out = append(append(out, papers), place.parts()...)
		out = append(out, check)
		for _, f := range ticks {
			out = append(out, f)
		}
		return append(out, secret, Text{Look: LookCaption, Text: d.T("scan.consequence", nil)})
	}
	link := func() {
		var who []review.SeatID
		for i, f := range ticks {
			if f.On {
				who = append(who, seats[i])
			}
		}
		for _, bad := range []struct {
			is  bool
			key string
		}{{place.typed() == "", "scan.nofile"}, {strings.TrimSpace(check.Value) == "", "scan.nocheck"}, {len(who) == 0, "scan.nosigner"}} {
			if bad.is {
				l.say(ToneError, d.T(bad.key, nil))
				return
			}
		}
		if !place.whole() {
			return
		}
		typed, code, from := secret.Value, check.Value, place.typed()
		l.run("busy.scan", func() error {
			scan, err := d.Outside.Read(from, meeting.MaxScan)
			if err != nil {
				return err
			}
			return d.beside(chair, typed, func(with *meeting.Session) error { return m.x.LinkScan(with, id, code, "", scan, who...) })
		}, func(err error) {
			secret.set("")
			if err != nil {
				l.explain(err)
				return
			}
			// The next paper of the set is scanned by the same people.
			place.field.set("")
			check.set("")
			set = m.project().Signing()
			left := m.unscanned(set)
			if left == 0 {
				d.turn(func() Page { return newSign(d, id) })
			}
			d.tell(ToneDone, d.T("scan.done", map[string]string{"Left": strconv.Itoa(left)}))
		})
	}
	l.primary = func() Action {
		if set == nil || len(seats) == 0 {
			return Action{d.T("action.back", nil), l.Back}
		}
		return Action{d.T("action.scan", nil), link}
	}
	return l
}

// unscanned counts the papers that wait for the scan of somebody who signs in ink.
func (m matter) unscanned(set *review.PaperSet) int {
	n := 0
	for _, q := range set.Papers {
		for _, g := range set.Signers {
			scanned := slices.ContainsFunc(set.Scans, func(s review.Scan) bool { return s.Check == q.Check && slices.Contains(s.Seats, g.Seat) })
			refused := !slices.Contains(m.state().UnsignedSet(m.project(), set), g.Seat)
			if g.Ink && !scanned && !refused {
				n++
				break
			}
		}
	}
	return n
}
