package present

import (
	"image"

	"heyi/review"
	"heyi/review/meeting"
)

// Hand is how somebody's signature looks: drawn on a pad, or his name in type. It is a part
// of a leaf. What he has drawn once he is offered again for as long as he sits here: an
// elderly hand draws one signature well and the tenth badly.
type Hand struct {
	Name    string // as it stands in type
	Options []Row  // in type, or drawn
	At      int    // index of what is chosen
	Edition int    // grows when not the person but the program has changed what is drawn

	desk    *Desk
	x       *meeting.Session
	strokes review.Strokes
}

// The ways of a signature.
const (
	handTyped = iota
	handDrawn
)

func (*Hand) part() {}

// drawn is what the person at the machine drew last, for nobody but his own session.
type drawn struct {
	by      *meeting.Session
	strokes review.Strokes
}

// hand gives a hand for the person of a session.
func (d *Desk) hand(x *meeting.Session) *Hand {
	h := &Hand{desk: d, x: x, Name: review.Legible(x.Seat().Name)}
	for _, k := range []string{"typed", "drawn"} {
		h.Options = append(h.Options, Row{Title: d.T("hand."+k, nil)})
	}
	if d.drawn.by == x {
		h.At, h.strokes = handDrawn, d.drawn.strokes
	}
	return h
}

// Choose takes whether the signature is drawn or stands in type.
func (h *Hand) Choose(at int) { h.At = at }

// Drawn tells whether the pad is to be shown.
func (h *Hand) Drawn() bool { return h.At == handDrawn }

// Draw takes what stands on the pad, in units of the pad, which is so wide and so high.
func (h *Hand) Draw(lines [][]image.Point, width, height int) {
	h.strokes = review.Strokes{Width: width, Height: height}
	for _, line := range lines {
		points := make([]review.Point, len(line))
		for i, p := range line {
			points[i] = review.Point{X: min(max(p.X, 0), width), Y: min(max(p.Y, 0), height)}
		}
		h.strokes.Lines = append(h.strokes.Lines, points)
	}
}

// Lines gives what is drawn, for the pad.
func (h *Hand) Lines() [][]image.Point {
	var out [][]image.Point
	for _, line := range h.strokes.Lines {
		points := make([]image.Point, len(line))
		for i, p := range line {
			points[i] = image.Pt(p.X, p.Y)
		}
		out = append(out, points)
	}
	return out
}

// look gives what is to stand on the paper.
// Codes: CodeStrokes (nothing is drawn, or more than a paper takes).
func (h *Hand) look() (review.Look, error) {
	if h.At == handTyped {
		return review.Look{}, nil
	}
	if err := h.strokes.Check(); err != nil {
		return review.Look{}, err
	}
	h.desk.drawn = drawn{h.x, h.strokes}
	return review.Look{Strokes: h.strokes}, nil
}
