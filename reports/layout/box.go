package layout

// Check boxes. No font has them: an open one is printed, and comes back as text, as
// the square of geometry; a ticked one as a √ with the outline of that square drawn
// around it.
const (
	openBox   = '☐'
	tickedBox = '☑'
	square    = '□'
	tick      = '√'
)

func isBox(r rune) bool { return r == openBox || r == tickedBox || r == square }

// The square of the 宋体 that the program carries, from the baseline in ems: its
// strokes are those of the script, thin across and thick down.
const (
	boxLeft, boxRight = 0.1, 0.9
	boxFoot, boxHead  = -0.02, 0.78
	boxAcross         = 0.02
	boxDown           = 0.04
)

// The tick in the square, in ems of the text.
const (
	tickSize = 0.7
	tickX    = 0.15
	tickY    = 0.11
)

// tick draws the ticked boxes of a page, which stand in spans of their own until then.
func (f *Fonts) tick(p *Page) {
	for i, s := range p.Spans {
		if s.Text != string(tickedBox) {
			continue
		}
		em := s.Size
		left, top := s.X+boxLeft*em, s.Y-boxHead*em
		width, height := (boxRight-boxLeft)*em, (boxHead-boxFoot)*em
		p.Fills = append(p.Fills,
			Fill{left, top, width, boxAcross * em},
			Fill{left, top + height - boxAcross*em, width, boxAcross * em},
			Fill{left, top, boxDown * em, height},
			Fill{left + width - boxDown*em, top, boxDown * em, height},
		)
		face, _, _ := f.find(Title, tick)
		p.Spans[i] = Span{Face: face, Size: tickSize * em, X: s.X + tickX*em, Y: s.Y - tickY*em, Text: string(tick)}
	}
}
