package present

import (
	"image"

	"heyi/review"
	"heyi/review/meeting"
)

// hand is how somebody's signature looks on a paper: his name in type, or as he drew it on a
// page of its own. What he has drawn once he is offered again for as long as he sits here:
// an elderly hand draws one signature well and the tenth badly.
type hand struct {
	desk    *Desk
	x       *meeting.Session
	page    *Leaf // that it is a part of
	way     *Field
	strokes review.Strokes
}

// The ways of a signature.
const (
	handTyped = iota
	handDrawn
)

// hand gives the hand of the person of a session, as parts of a page.
func (d *Desk) hand(x *meeting.Session, page *Leaf) *hand {
	h := &hand{desk: d, x: x, page: page, way: d.field(FieldChoice, "hand")}
	h.way.Options = []Row{
		{Title: d.T("hand.typed", nil), Detail: review.Legible(x.Seat().Name)},
		{Title: d.T("hand.drawn", nil), Detail: d.T("hand.drawn.detail", nil)},
	}
	if drawn := d.remember().strokes; len(drawn.Lines) > 0 {
		h.way.At, h.strokes = handDrawn, drawn
	}
	return h
}

func (h *hand) parts() []Part {
	out := []Part{h.way}
	if h.way.At != handDrawn {
		return out
	}
	r := Row{Title: h.desk.T("hand.draw", nil), Tone: ToneDecide, Do: h.draw}
	if len(h.strokes.Lines) > 0 {
		r = Row{Title: h.desk.T("hand.again", nil), Detail: h.desk.T("hand.there", nil), Tone: ToneDone, Do: h.draw}
	}
	return append(out, Rows{Rows: []Row{r}})
}

// draw goes to the sheet of paper to sign on.
func (h *hand) draw() {
	h.desk.turn(func() Page {
		p := &Drawing{sheet: newSheet(h.desk, PlaceSign), hand: h}
		p.back = func() { h.desk.turn(func() Page { return h.page }) }
		return p
	})
}

// look gives what is to stand on the paper.
// Codes: CodeStrokes (nothing is drawn, or more than a paper takes).
func (h *hand) look() (review.Look, error) {
	if h.way.At != handDrawn {
		return review.Look{}, nil
	}
	if err := h.strokes.Check(); err != nil {
		return review.Look{}, err
	}
	h.desk.remember().strokes = h.strokes
	return review.Look{Strokes: h.strokes}, nil
}

// Drawing is the sheet of paper on which a person draws his signature. Nothing is signed
// here: he comes back to the page that he signs on.
type Drawing struct {
	sheet
	hand *hand
}

// Name is what the page is called.
func (p *Drawing) Name() string { return p.desk.T("hand.name", nil) }

// Heading says whose signature it is.
func (p *Drawing) Heading() string { return p.desk.say("hand.head", "Name", p.hand.x.Seat().Name) }

// Lines gives what is drawn, for the pad.
func (p *Drawing) Lines() [][]image.Point { return linesOf(p.hand.strokes) }

// Draw takes what stands on the pad, in units of the pad, which is so wide and so high.
func (p *Drawing) Draw(lines [][]image.Point, width, height int) {
	p.hand.strokes = strokesOf(lines, width, height)
	p.changed()
}

// linesOf gives a signature as a pad shows it.
func linesOf(s review.Strokes) [][]image.Point {
	var out [][]image.Point
	for _, line := range s.Lines {
		points := make([]image.Point, len(line))
		for i, at := range line {
			points[i] = image.Pt(at.X, at.Y)
		}
		out = append(out, points)
	}
	return out
}

// strokesOf gives what stands on a pad so wide and so high as a signature; an empty one where
// nothing does.
func strokesOf(lines [][]image.Point, width, height int) review.Strokes {
	if len(lines) == 0 {
		return review.Strokes{}
	}
	s := review.Strokes{Width: width, Height: height}
	for _, line := range lines {
		points := make([]review.Point, len(line))
		for i, at := range line {
			points[i] = review.Point{X: min(max(at.X, 0), width), Y: min(max(at.Y, 0), height)}
		}
		s.Lines = append(s.Lines, points)
	}
	return s
}

// Next says what to do.
func (p *Drawing) Next() string { return p.desk.T("next.hand", nil) }

// Primary goes back to the page that is signed on, with what is drawn.
func (p *Drawing) Primary() Action { return Action{p.desk.T("action.hand", nil), p.use} }

func (p *Drawing) use() {
	if err := p.hand.strokes.Check(); err != nil {
		p.explain(err)
		return
	}
	p.desk.remember().strokes = p.hand.strokes
	p.hand.page.say(ToneNone, "")
	p.Back()
}
