package present

import (
	"slices"
	"strconv"
	"strings"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/regulation"
)

// conclusion is what the presiding chair fills in to record what the panel concluded. What
// has to be filled in follows from what he chooses, by the rules of Session.Conclude: whoever
// is asked for a reason or a secret is asked before the act and not after its refusal.
type conclusion struct {
	*Leaf
	matter
	count    meeting.Count
	findings []regulation.Finding // those that a passing conclusion has to answer
	loaded   bool
	choice   *Field
	against  map[string]*Field // by rule
	reason   *Field
	secret   *Field
}

func newConclude(d *Desk, id review.ProjectID) Page {
	m := d.matter(id)
	if !m.may(review.KindConclusionReached) {
		return newConcluded(d, id, m.toProject)
	}
	c := &conclusion{Leaf: d.leaf(PlaceConclude), matter: m, against: map[string]*Field{}}
	c.Leaf.head, c.Leaf.back = c.fill("conclude.head", "Title", c.project().Title), c.toProject
	c.choice = d.field(FieldChoice, "outcome")
	c.choice.At = -1
	c.reason, c.secret = d.field(FieldLine, "departs"), c.secretOf(review.FirstSeat)
	c.Leaf.content = c.parts
	c.Leaf.next = c.next
	c.Leaf.primary = c.action
	c.run("busy.rules", c.load, func(err error) {
		if err != nil {
			c.explain(err)
			return
		}
		c.build()
		c.loaded = true
		c.changed()
	})
	return c.Leaf
}

// load asks the services; not on the screen's goroutine.
func (c *conclusion) load() (err error) {
	if c.count, err = c.x.Tally(c.id, len(c.project().Rounds)); err != nil {
		return err
	}
	found, err := c.x.Findings(c.id)
	seen := map[string]bool{}
	for _, f := range found {
		if limits(f) && !seen[f.Rule] {
			seen[f.Rule] = true
			c.findings = append(c.findings, f)
		}
	}
	return err
}

// limits tells whether a passing conclusion has to answer a finding. That the panel is even
// was for the secretary to see when the round began.
func limits(f regulation.Finding) bool {
	return f.Limit() != regulation.LimitNone && !(f.Rule == "CM-06" && f.Outcome == regulation.OutcomeNeedsDecision)
}

func (c *conclusion) build() {
	for _, o := range c.project().Scheme.Outcomes {
		r := Row{Title: review.Legible(o.Title)}
		if o.ID == c.suggested() {
			r.Detail = c.desk.T("conclude.suggested", nil)
		}
		c.choice.Options = append(c.choice.Options, r)
	}
	for _, f := range c.findings {
		c.against[f.Rule] = &Field{
			Kind: FieldLine, Label: c.fill("conclude.against", "Title", f.Title, "Rule", f.Rule), Hint: c.desk.T("ask.against.hint", nil),
		}
	}
}

// judged tells whether the rules have anything to say of the conclusion.
func (c *conclusion) judged() bool {
	s := c.project().Scheme
	return s.Mode != "" || len(s.Packs) > 0
}

// suggested is what the rules suggest; "" for nothing.
func (c *conclusion) suggested() string {
	if !c.judged() {
		return ""
	}
	return c.count.Suggestion.Outcome
}

// chosen gives the outcome that is chosen.
func (c *conclusion) chosen() (review.Outcome, bool) {
	if c.choice.At < 0 {
		return review.Outcome{}, false
	}
	return c.project().Scheme.Outcomes[c.choice.At], true
}

// departs tells whether what is chosen is not what the rules suggest.
func (c *conclusion) departs() bool {
	o, ok := c.chosen()
	return ok && c.project().Departs(review.ConclusionReached{Outcome: o.ID, Suggested: c.suggested()})
}

// answers lists the findings that what is chosen has to answer.
func (c *conclusion) answers() []regulation.Finding {
	if o, ok := c.chosen(); !ok || o.Fails || !c.judged() {
		return nil
	}
	return c.findings
}

// shared tells whether the secretary has to consent.
func (c *conclusion) shared() bool { return c.departs() || len(c.answers()) > 0 }

// opinion gives the version of the opinion that the conclusion would rest on.
func (c *conclusion) opinion() (review.OpinionVersion, bool) {
	p := c.project()
	if n := len(p.Opinion); n > 0 && p.Opinion[n-1].Round == len(p.Rounds) {
		return p.Opinion[n-1], true
	}
	return review.OpinionVersion{}, false
}

func (c *conclusion) open() []string { return c.count.Suggestion.Undecided }

func (c *conclusion) parts() []Part {
	if !c.loaded {
		return nil
	}
	d := c.desk
	read := Rows{Head: d.T("conclude.rests", nil)}
	if v, ok := c.opinion(); ok {
		read.Rows = append(read.Rows, Row{
			Title: c.version(v), Detail: d.T("conclude.read", map[string]int{"Count": len(v.Paragraphs)}), Tone: ToneDone,
			Do: func() { d.turn(func() Page { return newVersion(d, c.id, v.Revision, c.stay(c.Leaf)) }) },
		})
	} else {
		read.Rows = append(read.Rows, Row{Title: d.T("conclude.unwritten", nil), Tone: ToneDecide, Do: c.turn(newOpinion)})
	}
	read.Rows = append(read.Rows, Row{Title: d.T("conclude.tally", nil), Do: func() {
		d.turn(func() Page {
			t := newTallyOf(d, c.id, 0)
			t.Leaf.back = c.stay(c.Leaf)
			return t
		})
	}})
	out := []Part{read}
	if s := c.count.Suggestion; c.judged() && s.Sentence != "" {
		out = append(out, Text{Look: LookHead, Text: d.T("meeting.tally.suggestion", nil)}, Text{Text: review.Legible(s.Sentence)})
	}
	if open := c.open(); len(open) > 0 {
		rows := Rows{Head: d.T("conclude.open", nil)}
		for _, it := range c.project().Scheme.Items {
			if slices.Contains(open, it.ID) {
				rows.Rows = append(rows.Rows, Row{
					Title: review.Legible(it.Title), Detail: d.T("conclude.settle", nil), Tone: ToneDecide,
					Do: func() { d.turn(func() Page { return newSettle(d, c.id, it, c.again) }) },
				})
			}
		}
		return append(out, rows)
	}
	out = append(out, c.choice)
	if answers := c.answers(); len(answers) > 0 {
		out = append(out, Text{Look: LookHead, Text: d.T("conclude.limits", map[string]int{"Count": len(answers)})})
		for _, f := range answers {
			said := d.T("outcome."+f.Outcome, nil)
			if f.Sentence != "" {
				said += "：" + review.Legible(f.Sentence)
			}
			out = append(out, Text{Tone: ToneDecide, Text: said}, c.against[f.Rule])
		}
	}
	if c.departs() {
		out = append(out, c.reason)
	}
	if _, ok := c.chosen(); ok {
		if c.shared() {
			out = append(out, Text{Text: c.fill("conclude.shared", "Name", c.who(review.FirstSeat))}, c.secret)
		}
		out = append(out, Text{Tone: ToneError, Text: d.T("conclude.consequence", nil)})
	}
	return out
}

// again comes back to the page, to begin with what is on record now.
func (c *conclusion) again() { c.turn(newConclude)() }

func (c *conclusion) next() string {
	switch _, written := c.opinion(); {
	case c.loaded && !written:
		return c.desk.T("next.conclude.unwritten", nil)
	case len(c.open()) > 0:
		return c.desk.T("next.conclude.open", nil)
	}
	return c.sheet.Next()
}

func (c *conclusion) action() Action {
	switch _, written := c.opinion(); {
	case !c.loaded:
		return Action{c.desk.T("action.back", nil), c.Back}
	case !written:
		return Action{c.desk.T("action.opinion", nil), c.turn(newOpinion)}
	case len(c.open()) > 0:
		i := slices.IndexFunc(c.project().Scheme.Items, func(it review.Item) bool { return it.ID == c.open()[0] })
		it := c.project().Scheme.Items[i]
		return Action{c.desk.T("action.settle", nil), func() { c.desk.turn(func() Page { return newSettle(c.desk, c.id, it, c.again) }) }}
	}
	return Action{c.desk.T("action.conclude", nil), c.conclude}
}

func (c *conclusion) conclude() {
	o, ok := c.chosen()
	if !ok {
		c.Leaf.say(ToneError, c.desk.T("conclude.unchosen", nil))
		return
	}
	b := review.ConclusionReached{Project: c.id, Outcome: o.ID, Against: []review.Against{}}
	for _, f := range c.answers() {
		reason := strings.TrimSpace(c.against[f.Rule].Value)
		if reason == "" {
			c.Leaf.say(ToneError, c.fill("conclude.unanswered", "Title", f.Title))
			return
		}
		b.Against = append(b.Against, review.Against{Rule: f.Rule, Reason: reason})
	}
	if c.departs() {
		if b.Reason = strings.TrimSpace(c.reason.Value); b.Reason == "" {
			c.Leaf.say(ToneError, c.desk.T("conclude.unreasoned", nil))
			return
		}
	}
	with, secret := review.SeatID(""), c.secret.Value
	if c.shared() {
		with = review.FirstSeat
	}
	c.run("busy.concluding", func() error {
		return c.desk.beside(with, secret, func(with *meeting.Session) error { return c.x.Conclude(with, b) })
	}, func(err error) {
		c.secret.set("")
		if err != nil {
			c.explain(err)
			return
		}
		c.desk.turn(func() Page { return newConcluded(c.desk, c.id, c.toProject) })
		c.desk.tell(ToneDone, c.desk.T("conclude.done", nil))
	})
}

// newConcluded is the conclusion to be read, with what bears on it.
func newConcluded(d *Desk, id review.ProjectID, back func()) *Leaf {
	m := d.matter(id)
	l := d.leaf(PlaceConclude)
	l.head, l.back = m.fill("conclude.head", "Title", m.project().Title), back
	due := func() bool { return m.may(review.KindVoteCast) && !m.positioned() }
	l.next = func() string {
		if due() {
			return d.T("next.conclude.position", nil)
		}
		return d.T("next.conclude.read", nil)
	}
	l.primary = func() Action {
		if due() {
			return Action{d.T("action.position", nil), m.turn(newPosition)}
		}
		return Action{d.T("action.back", nil), back}
	}
	l.content = func() []Part {
		p := m.project()
		if p.Conclusion == nil || !m.sees(review.ThingConclusion) {
			return []Part{Text{Text: d.T("meeting.result.open", nil)}}
		}
		return append(m.concluded(p), m.counts(p)...)
	}
	return l
}

// positioned tells whether its person has said where he stands on the conclusion, or need not.
func (m matter) positioned() bool {
	p := m.project()
	return p.Conclusion == nil || !slices.Contains(m.state().Signatories(p), m.me()) || positioned(p, m.me())
}

// concluded says what was concluded, by whom and why.
func (m matter) concluded(p *review.Project) []Part {
	c, t := p.Conclusion, m.desk.T
	out := []Part{
		Text{Look: LookLarge, Text: m.outcome(c.Outcome)},
		Text{Look: LookCaption, Text: m.fill("conclude.by", "By", m.who(c.By), "At", words.DateTime(c.At), "Revision", strconv.Itoa(c.Opinion))},
	}
	if c.Suggested != "" && c.Suggested != c.Outcome {
		out = append(out, Text{Text: t("meeting.result.suggested", map[string]string{"outcome": m.outcome(c.Suggested)})})
	}
	if c.Reason != "" {
		out = append(out, Text{Text: t("meeting.result.reason", map[string]string{"reason": c.Reason})})
	}
	for _, a := range c.Against {
		out = append(out, Text{Text: t("meeting.result.against", map[string]string{"rule": a.Rule, "reason": a.Reason})})
	}
	return out
}

// counts says how votes on paper came out.
func (m matter) counts(p *review.Project) []Part {
	var out []Part
	for _, c := range p.Counts {
		out = append(out, Text{Text: m.desk.T("meeting.result.count", map[string]string{
			"motion": c.Motion, "yes": strconv.Itoa(c.Yes), "no": strconv.Itoa(c.No), "abstain": strconv.Itoa(c.Abstain),
		})})
	}
	return out
}

// newCountVotes is the form by which both officers record the count of a vote on paper or by
// hand.
func newCountVotes(d *Desk, id review.ProjectID) *Leaf {
	m := d.matter(id)
	motion := d.field(FieldLine, "motion")
	var counts [3]*Field
	for i, k := range []string{"votes.yes", "votes.no", "votes.abstain"} {
		counts[i] = d.field(FieldLine, k)
	}
	other := m.partner()
	secret := m.secretOf(other)
	voters := len(m.state().Voters(m.project()))
	return d.form(form{
		key: "count", data: map[string]string{"Title": m.project().Title, "Voters": strconv.Itoa(voters)},
		fields: []*Field{motion, counts[0], counts[1], counts[2], secret}, back: m.toProject,
		act: func() error {
			b := review.VotesCounted{Project: id, Motion: strings.TrimSpace(motion.Value)}
			for i, n := range []*int{&b.Yes, &b.No, &b.Abstain} {
				if figures := narrowDigits(counts[i].Value); figures != "" {
					var err error
					if *n, err = strconv.Atoi(figures); err != nil {
						return review.E(review.CodeVoteCount, "present.newCountVotes", string(id), err)
					}
				}
			}
			return d.beside(other, secret.Value, func(with *meeting.Session) error { return m.x.CountVotes(with, b) })
		},
		done: func() {
			m.toProject()
			d.tell(ToneDone, d.T("act.count.done", nil))
		},
	})
}

// narrowDigits reads a number as an input method may leave it, in full-width figures and
// with blanks around it.
func narrowDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == ' ' || r == '　':
			return -1
		}
		return r
	}, s)
}
