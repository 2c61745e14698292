package present

import (
	"image"
	"slices"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
)

// Submit is the page on which an expert looks at what he is about to give: his individual
// opinion as it will be, what is still missing, how his signature looks.
type Submit struct {
	sheet
	session *meeting.Session
	project review.ProjectID
	title   string
	score   review.Sheet
	lacks   []lack
	drawn   bool           // the signature is drawn, not the name in type
	strokes review.Strokes // as drawn; without lines for none yet
	paging  *Paging
}

// newSubmit makes the page for a sheet as it stands.
func newSubmit(from *Scoring) *Submit {
	d := from.desk
	p := &Submit{
		sheet: newSheet(d, PlaceSubmit), session: from.session, project: from.project, title: from.title,
		score: from.answers.sheet(from.before), lacks: from.lacks(), strokes: d.remember().strokes,
	}
	p.drawn = len(p.strokes.Lines) > 0
	p.paging = newPaging(d, func() { p.changed() })
	p.back = func() { p.to(Spot{}) }
	if len(p.lacks) > 0 {
		p.paging.refuse(ToneDecide, d.T("submit.incomplete", nil))
		return p
	}
	session, id, score := p.session, p.project, p.score
	p.paging.show(func() (source, error) {
		pdf, err := session.PreviewBallot(id, score)
		return pdfOf(pdf), err
	}, 0)
	return p
}

// to goes back to the sheet; Spot{} for where its person was.
func (p *Submit) to(s Spot) {
	d := p.desk
	d.turn(func() Page {
		next := newScoring(d, p.project)
		if s.Part != "" {
			i := slices.Index(p.at(), s)
			next.To(next.again(s, i))
		}
		return next
	})
}

// at gives the spots of what is missing.
func (p *Submit) at() []Spot {
	var out []Spot
	for _, l := range p.lacks {
		out = append(out, l.spot)
	}
	return out
}

// again finds a spot of a sheet that was left, which lack it was of: paragraphs have other
// ids now.
func (p *Scoring) again(s Spot, i int) Spot {
	if lacks := p.lacks(); s.Part == SpotParagraph && i >= 0 && i < len(lacks) {
		return lacks[i].spot
	}
	return s
}

// Heading stands over the page.
func (p *Submit) Heading() string { return review.Legible(p.title) }

// Paging shows the individual opinion as it would be signed.
func (p *Submit) Paging() *Paging { return p.paging }

// Complete tells whether nothing is missing.
func (p *Submit) Complete() bool { return len(p.lacks) == 0 }

// Lacks gives what is missing; choosing one leads to it.
func (p *Submit) Lacks() []Row {
	var out []Row
	for _, l := range p.lacks {
		out = append(out, Row{Title: p.desk.sayLack(l), Tone: ToneDecide, Do: func() { p.to(l.spot) }})
	}
	return out
}

// sayLack says what is missing on a sheet.
func (d *Desk) sayLack(l lack) string {
	if l.err != nil {
		return d.words.Explain(l.err)
	}
	return d.T("sheet.lack."+l.key, l.data)
}

// Consequence says what submitting does that cannot be undone.
func (p *Submit) Consequence() []string {
	return review.Paragraphs(p.desk.T("submit.consequence", nil))
}

// Amend goes back to the sheet. It has the focus when the page comes up.
func (p *Submit) Amend() Action { return Action{p.desk.T("submit.amend", nil), p.Back} }

// Ways names how the signature can look, and gives the index of the present way: the name
// in type, or as drawn.
func (p *Submit) Ways() ([]Option, int) {
	out := []Option{{Title: p.desk.T("submit.type", nil)}, {Title: p.desk.T("submit.drawn", nil)}}
	if p.drawn {
		return out, 1
	}
	return out, 0
}

// SetWay chooses how the signature looks; i is an index of Ways.
func (p *Submit) SetWay(i int) {
	p.drawn = i == 1
	p.changed()
}

// Drawn tells whether the signature is to be drawn.
func (p *Submit) Drawn() bool { return p.drawn }

// Signer is what stands in type where nothing is drawn.
func (p *Submit) Signer() string { return p.session.Seat().Name }

// Lines gives the signature as it was drawn last, for the pad.
func (p *Submit) Lines() [][]image.Point { return linesOf(p.strokes) }

// Draw takes what stands on the pad, in units of the pad, which is so wide and so high;
// without lines the signature is wiped off.
func (p *Submit) Draw(lines [][]image.Point, width, height int) {
	p.strokes = strokesOf(lines, width, height)
	p.desk.remember().strokes = p.strokes
	p.changed()
}

// Next says what to do.
func (p *Submit) Next() string {
	switch {
	case !p.Complete():
		return p.desk.T("next.submit.open", map[string]int{"Count": len(p.lacks)})
	case p.drawn && len(p.strokes.Lines) == 0:
		return p.desk.T("next.submit.draw", nil)
	}
	return p.sheet.Next()
}

// Primary submits, or leads to the first thing that is missing.
func (p *Submit) Primary() Action {
	if !p.Complete() {
		return Action{p.desk.T("submit.fill", nil), func() { p.to(p.lacks[0].spot) }}
	}
	return Action{p.desk.T("submit.do", nil), p.submit}
}

func (p *Submit) submit() {
	var look review.Look
	if p.drawn {
		if len(p.strokes.Lines) == 0 {
			p.say(ToneDecide, p.desk.T("submit.undrawn", nil))
			return
		}
		look.Strokes = p.strokes
	}
	var r meeting.Receipt
	p.run("busy.submitting", func() (err error) {
		r, err = p.session.Submit(p.project, p.score, look)
		return err
	}, func(err error) {
		if err != nil {
			p.explain(err)
			return
		}
		d := p.desk
		d.turn(func() Page { return newReceipt(d, p.project, r) })
	})
}

func (p *Submit) leave(then, stay func()) {
	p.sheet.leave(func() {
		p.paging.close()
		then()
	}, stay)
}

// newReceipt is what an expert takes away from a submission.
func newReceipt(d *Desk, id review.ProjectID, r meeting.Receipt) *Leaf {
	p := d.leaf(PlaceReceipt)
	p.back = func() { d.toProject(id) }
	session := d.session
	title := ""
	if x := session.State().Project(id); x != nil {
		title = review.Legible(x.Title)
	}
	p.content = func() []Part {
		out := []Part{Text{Tone: ToneDone, Text: d.T("receipt.done", nil)}, Text{Look: LookLarge, Text: r.Code}}
		out = append(out, paragraphs(LookBody, d.T("receipt.lead", nil))...)
		out = append(out, Pairs{[][2]string{
			{d.T("receipt.project", nil), title},
			{d.T("receipt.round", nil), d.T("receipt.revision", map[string]int{"Round": r.Round, "Revision": r.Revision})},
			{d.T("receipt.at", nil), words.DateTime(r.At)},
		}})
		st := session.State()
		if x := st.Project(id); x != nil && x.Stage == review.StageScoring {
			wait := "receipt.all"
			if len(st.Waiting(x)) > 0 {
				wait = "receipt.wait"
			}
			out = append(out, Text{Text: d.T(wait, map[string]int{"Count": len(st.Waiting(x))})})
		}
		return out
	}
	p.primary = func() Action { return Action{d.T("receipt.handback", nil), d.HandBack} }
	return p
}

// newReseal submits a ballot again as it was, sealed to the present officers.
func newReseal(d *Desk, id review.ProjectID) *Leaf {
	session := d.session
	title := ""
	if x := session.State().Project(id); x != nil {
		title = review.Legible(x.Title)
	}
	var r meeting.Receipt
	return d.form(form{
		key: "reseal", data: map[string]string{"Title": title}, busy: "busy.submitting", back: func() { d.toProject(id) },
		act: func() (err error) {
			r, err = session.Reseal(id)
			return err
		},
		done: func() { d.turn(func() Page { return newReceipt(d, id, r) }) },
	})
}
