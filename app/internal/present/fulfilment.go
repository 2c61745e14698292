package present

import (
	"slices"

	"heyi/review"
	"heyi/review/meeting"
)

// fulfilment is what the panel finds of a contract, term by term, and of its changes, for the
// secretary to put on record.
type fulfilment struct {
	desk    *Desk
	id      review.ProjectID
	terms   []review.Term
	changes []review.Change
	x       *meeting.Session
}

// newFulfilment begins with what is on record.
func newFulfilment(d *Desk, id review.ProjectID) Page {
	f := &fulfilment{desk: d, id: id, x: d.session}
	if all := d.state().Project(id).Fulfilment; len(all) > 0 {
		last := all[len(all)-1]
		f.terms, f.changes = slices.Clone(last.Terms), slices.Clone(last.Changes)
	}
	return f.page()
}

// page lists what was found so far. What is not on record yet lives as long as one goes
// between this page and those of its entries.
func (f *fulfilment) page() *Leaf {
	d := f.desk
	l := d.form(form{
		key: "fulfilment", data: map[string]string{"Title": d.state().Project(f.id).Title}, back: func() { d.toProject(f.id) },
		more: func() []Part {
			terms := Rows{Head: d.T("fulfilment.terms", nil), None: d.T("fulfilment.terms.none", nil)}
			for i, t := range f.terms {
				tone := ToneDone
				if t.Met != review.MetYes {
					tone = ToneDecide
				}
				terms.Rows = append(terms.Rows, Row{Title: t.Requirement, Detail: d.T("met."+string(t.Met), nil) + " · " + t.Actual, Tone: tone, Do: func() { d.turn(func() Page { return f.term(i) }) }})
			}
			terms.add(d.T("fulfilment.terms.add", nil), "", func() { d.turn(func() Page { return f.term(len(f.terms)) }) })
			changes := Rows{Head: d.T("fulfilment.changes", nil)}
			for i, c := range f.changes {
				changes.Rows = append(changes.Rows, Row{Title: c.Number + "　" + c.Content, Detail: c.Approval, Do: func() { d.turn(func() Page { return f.change(i) }) }})
			}
			changes.add(d.T("fulfilment.changes.add", nil), "", func() { d.turn(func() Page { return f.change(len(f.changes)) }) })
			return []Part{terms, changes}
		},
		act: func() error { return f.x.RecordFulfilment(f.id, f.terms, f.changes) },
		done: func() {
			d.toProject(f.id)
			d.tell(ToneDone, d.T("act.fulfilment.done", nil))
		},
	})
	return l
}

func (f *fulfilment) again() { f.desk.turn(func() Page { return f.page() }) }

// entry is the page of one entry; drop takes it out of the list.
func (f *fulfilment) entry(key string, fields []*Field, known bool, keep, drop func()) *Leaf {
	d := f.desk
	l := d.form(form{key: key, fields: fields, back: f.again, act: func() error { return nil }, done: func() { keep(); f.again() }})
	if known {
		content := l.content
		l.content = func() []Part {
			rows := Rows{}
			rows.add(d.T("fulfilment.drop", nil), "", func() { drop(); f.again() })
			return append(content(), rows)
		}
	}
	return l
}

func (f *fulfilment) term(i int) *Leaf {
	d := f.desk
	part, requirement, actual, evidence := d.field(FieldLine, "term.part"), d.field(FieldLine, "term.requirement"), d.field(FieldLine, "term.actual"), d.field(FieldLine, "term.evidence")
	met := d.field(FieldChoice, "term.met")
	all := []review.Met{review.MetYes, review.MetDeviate, review.MetNo}
	for _, m := range all {
		met.Options = append(met.Options, Row{Title: d.T("met."+string(m), nil)})
	}
	known := i < len(f.terms)
	if known {
		t := f.terms[i]
		part.set(t.Part)
		requirement.set(t.Requirement)
		actual.set(t.Actual)
		evidence.set(t.Evidence)
		met.At = slices.Index(all, t.Met)
	}
	return f.entry("term", []*Field{part, requirement, actual, evidence, met}, known, func() {
		t := review.Term{Part: part.Value, Requirement: requirement.Value, Actual: actual.Value, Evidence: evidence.Value, Met: all[met.At]}
		if known {
			f.terms[i] = t
			return
		}
		f.terms = append(f.terms, t)
	}, func() { f.terms = slices.Delete(f.terms, i, i+1) })
}

func (f *fulfilment) change(i int) *Leaf {
	d := f.desk
	number, content, approval, effect := d.field(FieldLine, "change.number"), d.field(FieldLine, "change.content"), d.field(FieldLine, "change.approval"), d.field(FieldLine, "change.effect")
	reported := d.field(FieldTick, "change.reported")
	known := i < len(f.changes)
	if known {
		c := f.changes[i]
		number.set(c.Number)
		content.set(c.Content)
		approval.set(c.Approval)
		effect.set(c.Effect)
		reported.On = c.Reported
	}
	return f.entry("change", []*Field{number, content, approval, effect, reported}, known, func() {
		c := review.Change{Number: number.Value, Content: content.Value, Approval: approval.Value, Effect: effect.Value, Reported: reported.On}
		if known {
			f.changes[i] = c
			return
		}
		f.changes = append(f.changes, c)
	}, func() { f.changes = slices.Delete(f.changes, i, i+1) })
}
