package present

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/paper"
	"heyi/review/regulation"
)

// newScheme is by what a project is judged: items with their weights and articles, gates,
// conclusions, the rules that are asked, and what of it the text does not say.
func newScheme(d *Desk, id review.ProjectID) *Leaf {
	x, p := d.session, d.state().Project(id)
	l := d.leaf(PlaceProject)
	l.name, l.head = d.T("scheme.head", nil), d.T("scheme.head", nil)
	l.read = true
	l.back = func() { d.toProject(id) }
	l.next = func() string { return d.T("next.scheme", nil) }
	l.primary = func() Action { return Action{d.T("action.back", nil), l.back} }
	var lib *regulation.Library
	var from *regulation.Scheme // nil of a scheme that is no regulation's
	if len(p.Scheme.Packs) > 0 {
		var err error
		if lib, err = x.Rules(id); err != nil {
			l.message = Message{ToneError, d.words.Explain(err)}
			d.Log(err)
		} else {
			from, _ = lib.Scheme(p.Scheme.ID)
		}
	}
	came := p.Came()
	parts := []Part{d.schemeHead(p, from)}
	if own := p.Scheme.Own; own != nil {
		key := "scheme.own"
		if own.Unscored {
			key = "scheme.own.unscored"
		}
		parts = append(parts, Text{Tone: ToneDecide, Text: d.say(key, "Reason", p.Settings[len(p.Settings)-1].Reason)})
	}
	parts = append(parts, d.itemRows(p, came, from)...)
	parts = append(parts, d.verdictRows(p))
	if from != nil {
		parts = append(parts, d.checkRows(lib, p.Scheme))
	}
	acts := Rows{Head: d.T("situation.acts", nil)}
	if from != nil { // of the packs that the project is under, which may be others than the program's
		books := &shelf{desk: d, lib: lib}
		acts.Rows = append(acts.Rows, books.link(l, books.t("of.project"), books.t("of.project.for"), func() Page { return books.scheme(from) }))
	}
	acts.add(d.T("scheme.print", nil), d.T("scheme.print.detail", nil), l.print(func() ([]string, error) {
		path, err := x.ExportDetails(id)
		return []string{path}, err
	}))
	parts = append(parts, acts)
	l.content = func() []Part { return parts }
	return l
}

// schemeHead says what a scheme is, on what it rests and how it counts.
func (d *Desk) schemeHead(p *review.Project, from *regulation.Scheme) Pairs {
	t := func(key string) string { return d.T("scheme.label."+key, nil) }
	out := [][2]string{{t("title"), p.Scheme.Title}}
	if from != nil {
		out = append(out, [2]string{t("basis"), from.Cite()}, [2]string{t("convener"), from.Convener}, [2]string{t("reviewers"), from.Reviewers}, [2]string{t("trigger"), from.Trigger})
	}
	how := d.T("scheme.mode."+string(p.Scheme.Mode), nil)
	if p.Scheme.Mode == review.ModeWeighted {
		how += "，" + d.T("method."+string(methodOf(p.Scheme)), nil)
	}
	out = append(out, [2]string{t("mode"), how})
	if from != nil {
		out = append(out, [2]string{t("filing"), from.Filing}, [2]string{t("later"), from.LaterUse}, [2]string{t("document"), from.Document.Title})
	}
	return Pairs{slices.DeleteFunc(out, func(x [2]string) bool { return x[1] == "" })}
}

// methodOf gives how a scheme's marks make one figure.
func methodOf(c review.Scheme) review.Method {
	if c.Method == "" {
		return review.MethodMean
	}
	return c.Method
}

// itemRows lists the items: what is scored, and what is answered.
func (d *Desk) itemRows(p *review.Project, came review.Scheme, from *regulation.Scheme) []Part {
	scored, asked := Rows{Head: d.T("scheme.scored", nil)}, Rows{Head: d.T("scheme.asked", nil)}
	for _, it := range p.Scheme.Items {
		was := it
		if i := slices.IndexFunc(came.Items, func(o review.Item) bool { return o.ID == it.ID }); i >= 0 {
			was = came.Items[i]
		}
		data := map[string]any{
			"Title": it.Title, "Kind": d.T("item."+string(it.Kind), nil), "Weight": it.Weight, "Full": it.Full, "Step": it.Step, "Article": it.Article,
			"Was": "", "Origin": "", "Consequence": "",
		}
		if was.Weight != it.Weight || was.Full != it.Full || was.Step != it.Step {
			data["Was"] = d.T("scheme.was", map[string]string{"Weight": was.Weight, "Full": was.Full, "Step": was.Step})
		}
		if from != nil {
			if i := slices.IndexFunc(from.Items, func(o regulation.Item) bool { return o.ID == it.ID }); i >= 0 {
				data["Consequence"] = from.Items[i].Consequence
				if key := "finding.origin." + string(from.Items[i].Origin); d.words.Has(key) {
					data["Origin"] = d.T(key, nil)
				}
			}
		}
		rows, key := &asked, "scheme.row.asked"
		if it.Kind == review.ItemScore {
			rows, key = &scored, "scheme.row.scored"
		}
		r := Row{Title: d.T(key, data), Detail: it.Question}
		if data["Was"] != "" {
			r.Tone = ToneDecide
		}
		rows.Rows = append(rows.Rows, r)
	}
	var out []Part
	for _, rows := range []Rows{scored, asked} {
		if len(rows.Rows) > 0 {
			out = append(out, rows)
		}
	}
	return out
}

// verdictRows lists the conclusions, and from which totals on they are suggested.
func (d *Desk) verdictRows(p *review.Project) Rows {
	rows := Rows{Head: d.T("scheme.conclusions", nil)}
	came, set, err := d.session.Bounds(p.ID)
	if err != nil {
		d.Log(err)
	}
	from := func(bounds []review.Bound, outcome string) string {
		for _, b := range bounds {
			if b.Outcome == outcome {
				return b.From
			}
		}
		return ""
	}
	for _, o := range p.Scheme.Outcomes {
		r := Row{Title: o.Title}
		now, was := from(set, o.ID), from(came, o.ID)
		switch {
		case now != was && was != "" && now != "":
			r.Detail, r.Tone = d.T("scheme.from.was", map[string]string{"From": now, "Was": was}), ToneDecide
		case now != "":
			r.Detail = d.say("scheme.from", "From", now)
		}
		if o.Fails {
			r.Title += d.T("scheme.fails", nil)
		}
		rows.Rows = append(rows.Rows, r)
	}
	return rows
}

// checkRows lists the rules that the scheme asks.
func (d *Desk) checkRows(lib *regulation.Library, c review.Scheme) Rows {
	rows := Rows{Head: d.T("scheme.checks", nil)}
	for _, ref := range c.Rules {
		if r, ok := lib.Rule(ref.ID); ok {
			title := r.Title
			if ref.After {
				title += d.T("scheme.after", nil)
			}
			detail := r.Cite()
			if r.Reading != "" {
				detail += "　" + d.say("scheme.reading", "Reading", r.Reading)
			}
			rows.Rows = append(rows.Rows, Row{Title: title, Detail: detail})
		}
	}
	return rows
}

// deadlines lists what has a day by which it is to be done or from which on it may be, with
// how it stands.
func (d *Desk) deadlines(findings []regulation.Finding) Rows {
	rows := Rows{Head: d.T("about.deadlines", nil)}
	for _, f := range findings {
		day := func(key string) string {
			s, _ := f.Get(key).(string)
			t, err := time.Parse(time.DateOnly, s)
			if err != nil {
				return ""
			}
			return words.Date(t)
		}
		data := map[string]string{"Due": day("due"), "From": day("from"), "To": day("to")}
		if data["Due"]+data["From"]+data["To"] == "" {
			continue
		}
		r := Row{Title: d.T("outcome."+f.Outcome, nil) + "　" + f.Title + "　" + d.T("about.deadline", data), Detail: f.Sentence}
		switch f.Outcome {
		case regulation.OutcomeOverdue, regulation.OutcomeTooEarly:
			r.Tone = ToneDecide
		case regulation.OutcomePending:
			r.Tone = ToneBusy
		default:
			r.Tone = ToneDone
		}
		rows.Rows = append(rows.Rows, r)
	}
	return rows
}

// ownScheme is what is being set of a scheme for this meeting, before it is recorded.
type ownScheme struct {
	d      *Desk
	id     review.ProjectID
	set    review.Settings
	bounds []review.Bound // as the scheme came
	why    *Field
}

func newOwnScheme(d *Desk, id review.ProjectID) *Leaf {
	came, now, err := d.session.Bounds(id)
	if err != nil {
		d.Log(err)
	}
	o := &ownScheme{d: d, id: id, set: d.state().Project(id).Scheme.Set(now), bounds: came, why: d.reason()}
	o.why.Label, o.why.Hint = d.T("ask.scheme.reason", nil), d.T("ask.scheme.reason.hint", nil)
	return o.page()
}

func (o *ownScheme) came() review.Scheme { return o.d.state().Project(o.id).Came() }

// page shows all that may be set, each to be chosen, and records it.
func (o *ownScheme) page() *Leaf {
	d, x := o.d, o.d.session
	p := d.state().Project(o.id)
	l := d.form(form{
		key: "scheme", data: map[string]string{"Title": p.Title}, back: func() { d.toProject(o.id) }, fields: []*Field{o.why}, more: o.rows,
		act: func() error { return x.SetScheme(o.id, o.set.Apart(o.came(), o.bounds), o.why.Value) },
		done: func() {
			d.turn(func() Page { return newScheme(d, o.id) })
			d.tell(ToneDone, d.T("act.scheme.done", nil))
		},
	})
	return l
}

// rows lists what may be set.
func (o *ownScheme) rows() []Part {
	d, came := o.d, o.came()
	turn := func(to func() *Leaf) func() { return func() { d.turn(func() Page { return to() }) } }
	var out []Part
	more := Rows{Head: d.T("scheme.more", nil)}
	if !o.set.Unscored {
		scored := Rows{Head: d.T("scheme.scored", nil)}
		sum := new(big.Rat)
		for i, w := range o.set.Items {
			it := itemOf(came, w.Item)
			if r, ok := new(big.Rat).SetString(w.Weight); ok {
				sum.Add(sum, r)
			}
			row := Row{
				Title: d.T("scheme.row.scored", map[string]any{"Title": it.Title, "Weight": w.Weight, "Full": w.Full, "Step": w.Step, "Article": it.Article, "Origin": "", "Was": ""}),
				Do:    turn(func() *Leaf { return o.item(i) }),
			}
			if was := (review.Weigh{Item: it.ID, Weight: it.Weight, Full: it.Full, Step: it.Step}); was != w {
				row.Detail, row.Tone = d.T("scheme.was", map[string]string{"Weight": it.Weight, "Full": it.Full, "Step": it.Step}), ToneDecide
			}
			scored.Rows = append(scored.Rows, row)
		}
		out = append(out, scored)
		if came.Mode == review.ModeWeighted {
			tone := ToneDone
			if sum.Cmp(big.NewRat(100, 1)) != 0 {
				tone = ToneError
			}
			out = append(out, Text{Tone: tone, Text: d.say("scheme.sum", "Sum", trimmed(sum))})
			more.add(d.T("scheme.method", map[string]string{"Name": d.T("method."+string(o.set.Method), nil)}), d.T("scheme.method.detail", nil), turn(o.method))
			more.add(d.T("scheme.bounds", nil), o.sayBounds(), turn(o.limits))
		}
		more.add(d.T("scheme.unscored", nil), d.T("scheme.unscored.detail", nil), func() {
			o.set = review.Settings{Unscored: true}
			d.turn(func() Page { return o.page() })
		})
	} else {
		out = append(out, Text{Tone: ToneDecide, Text: d.T("scheme.unscored.now", nil)})
	}
	more.add(d.T("scheme.came", nil), d.T("scheme.came.detail", nil), func() {
		o.set = came.Set(o.bounds)
		d.turn(func() Page { return o.page() })
	})
	return append(out, more)
}

// trimmed writes a sum of weights without needless zeros.
func trimmed(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return r.FloatString(2)
}

func itemOf(c review.Scheme, id string) review.Item {
	i := slices.IndexFunc(c.Items, func(it review.Item) bool { return it.ID == id })
	return c.Items[i]
}

// sayBounds says from which totals on conclusions are suggested.
func (o *ownScheme) sayBounds() string {
	var said []string
	for _, b := range o.set.Bounds {
		if c, ok := o.came().Outcome(b.Outcome); ok {
			said = append(said, o.d.T("scheme.bound", map[string]string{"Title": c.Title, "From": b.From}))
		}
	}
	return strings.Join(said, "，")
}

// part is a page on which one thing is set and from which it goes back to the others. take
// reads the fields; what it refuses stays where it is.
func (o *ownScheme) part(head string, fields []*Field, take func() error) *Leaf {
	d := o.d
	l := d.leaf(PlaceAct)
	l.name, l.head = head, head
	l.back = func() { d.turn(func() Page { return o.page() }) }
	l.next = func() string { return d.T("act.scheme.part.next", nil) }
	l.content = func() []Part {
		var out []Part
		for _, f := range fields {
			out = append(out, f)
		}
		return out
	}
	l.primary = func() Action {
		return Action{d.T("act.scheme.part.do", nil), func() {
			if err := take(); err != nil {
				l.explain(err)
				return
			}
			l.back()
		}}
	}
	return l
}

// line is a field with what stands in it.
func (o *ownScheme) line(key, value string) *Field {
	f := o.d.field(FieldLine, key)
	f.Value = value
	return f
}

// item sets one item. Whether all weights make 100 is asked when they are recorded.
func (o *ownScheme) item(i int) *Leaf {
	d, came := o.d, o.came()
	w := o.set.Items[i]
	it := itemOf(came, w.Item)
	weight, full, step := o.line("weight", w.Weight), o.line("full", w.Full), d.field(FieldChoice, "step")
	steps := []string{"0.5", "1"}
	for _, s := range steps {
		step.Options = append(step.Options, Row{Title: d.say("scheme.step", "Step", s)})
	}
	step.At = slices.Index(steps, w.Step)
	fields := []*Field{full, step}
	if came.Mode == review.ModeWeighted {
		fields = append([]*Field{weight}, fields...)
	}
	return o.part(it.Title, fields, func() error {
		now := review.Weigh{Item: it.ID, Weight: weight.Value, Full: full.Value, Step: steps[step.At]}
		_, err := came.With(review.Settings{Items: []review.Weigh{now}})
		if code := review.CodeOf(err); err != nil && code != review.CodeSchemeWeights {
			return err
		}
		o.set.Items = slices.Clone(o.set.Items)
		o.set.Items[i] = now
		return nil
	})
}

// method sets how the marks make one figure.
func (o *ownScheme) method() *Leaf {
	d := o.d
	which := d.field(FieldChoice, "method")
	methods := []review.Method{review.MethodMean, review.MethodTrimmed, review.MethodMedian}
	for _, m := range methods {
		which.Options = append(which.Options, Row{Title: d.T("method."+string(m), nil), Detail: d.T("scheme.method."+string(m), nil)})
	}
	which.At = slices.Index(methods, o.set.Method)
	return o.part(d.T("scheme.method.head", nil), []*Field{which}, func() error {
		if m := methods[which.At]; m != o.set.Method {
			o.set.Method, o.set.Least = m, 0
		}
		return nil
	})
}

// limits sets from which totals on conclusions are suggested.
func (o *ownScheme) limits() *Leaf {
	d, came := o.d, o.came()
	var fields []*Field
	var of []int // which bound a field is of; a conclusion that the scheme does not have has none
	for i, b := range o.set.Bounds {
		if c, ok := came.Outcome(b.Outcome); ok {
			fields = append(fields, &Field{Kind: FieldLine, Label: d.say("ask.bound", "Title", c.Title), Hint: d.T("ask.bound.hint", nil), Value: b.From})
			of = append(of, i)
		}
	}
	return o.part(d.T("scheme.bounds", nil), fields, func() error {
		bounds := slices.Clone(o.set.Bounds)
		for i, f := range fields {
			whole, part, _ := strings.Cut(f.Value, ".")
			bounds[of[i]].From = whole + "." + (part + "00")[:max(2, len(part))]
		}
		if _, err := came.With(review.Settings{Bounds: bounds}); err != nil {
			return err
		}
		o.set.Bounds = bounds
		return nil
	})
}

// newFollows is what follows from a conclusion elsewhere, for the secretary to act on.
func newFollows(d *Desk, id review.ProjectID) *Leaf {
	x, p := d.session, d.state().Project(id)
	l := d.leaf(PlaceProject)
	l.name, l.head = d.T("follows.head", nil), d.T("follows.head", nil)
	l.back = func() { d.toProject(id) }
	l.next = func() string { return d.T("next.follows", nil) }
	l.primary = func() Action { return Action{d.T("action.back", nil), l.back} }
	findings, err := x.Findings(id)
	if err != nil {
		l.message = Message{ToneError, d.words.Explain(err)}
		d.Log(err)
	}
	rows := Rows{None: d.T("follows.none", nil)}
	for _, f := range paper.Follows(findings) {
		r := Row{Title: f.Title, Detail: f.Sentence, Tone: ToneDecide}
		if f.Done {
			r.Title, r.Tone = d.say("follows.done", "Title", f.Title), ToneDone
		}
		rows.Rows = append(rows.Rows, r)
	}
	parts := []Part{Text{Look: LookCaption, Text: d.T("follows.lead", nil)}, rows}
	if len(p.Scheme.Packs) > 0 {
		if lib, err := x.Rules(id); err != nil {
			d.Log(err)
		} else if from, ok := lib.Scheme(p.Scheme.ID); ok {
			pairs := slices.DeleteFunc([][2]string{{d.T("scheme.label.filing", nil), from.Filing}, {d.T("scheme.label.later", nil), from.LaterUse}}, func(x [2]string) bool { return x[1] == "" })
			parts = append(parts, Pairs{pairs})
		}
	}
	acts := Rows{Head: d.T("situation.acts", nil)}
	acts.add(d.T("follows.print", nil), d.T("follows.print.detail", nil), l.print(func() ([]string, error) {
		path, err := x.ExportNotice(id)
		return []string{path}, err
	}))
	parts = append(parts, acts)
	l.content = func() []Part { return parts }
	return l
}
