package present

import (
	"heyi/review"
	"heyi/review/regulation"
)

// Display is the page of text size and contrast.
type Display struct{ sheet }

// choices names several things that exclude each other, and the one in force.
func (p *Display) choices(keys []string, current int, set func(int)) []Row {
	out := make([]Row, len(keys))
	for i, k := range keys {
		out[i] = Row{Title: p.desk.T(k, nil), Do: func() { set(i) }}
		if i == current {
			out[i].Detail = p.desk.T("display.current", nil)
		}
	}
	return out
}

// Sizes gives the text sizes.
func (p *Display) Sizes() []Row {
	return p.choices([]string{"display.size.0", "display.size.1", "display.size.2"}, p.desk.Prefs.TextSize(), p.SetSize)
}

// SetSize changes the text size at once; i is an index of Sizes.
func (p *Display) SetSize(i int) {
	p.desk.Prefs.SetTextSize(i)
	p.say(ToneDone, p.desk.T("display.done", nil))
}

// Contrasts gives the palettes.
func (p *Display) Contrasts() []Row {
	current := 0
	if p.desk.Prefs.Contrast() {
		current = 1
	}
	return p.choices([]string{"display.contrast.0", "display.contrast.1"}, current, p.SetContrast)
}

// SetContrast changes the palette at once; i is an index of Contrasts.
func (p *Display) SetContrast(i int) {
	p.desk.Prefs.SetContrast(i == 1)
	p.say(ToneDone, p.desk.T("display.done", nil))
}

// Primary goes back to work.
func (p *Display) Primary() Action { return Action{p.desk.T("action.back", nil), p.Back} }

// Help explains the page that it lies on.
type Help struct {
	sheet
	under Page
}

// Text gives the help, one paragraph a string.
func (p *Help) Text() []string {
	return review.Paragraphs(p.desk.T("help."+string(p.under.Place()), nil))
}

// Heading names the page that is explained.
func (p *Help) Heading() string {
	return p.desk.T("help.heading", map[string]string{"Place": p.under.Name()})
}

// More leads to what is explained at more length, where somebody may want it: before a
// meeting, and where packages come in.
func (p *Help) More() []Row {
	if at := p.under.Place(); at != PlaceMeetings && at != PlaceImport {
		return nil
	}
	return []Row{{
		Title: p.desk.T("help.more.guide", nil), Detail: p.desk.T("help.more.guide.detail", nil),
		Do: func() { p.desk.put(newGuide(p)) },
	}}
}

// Others stands over what More leads to.
func (p *Help) Others() string { return p.desk.T("help.more", nil) }

// newGuide explains how a regulation is added. It lies on the help that led to it.
func newGuide(on *Help) *Leaf {
	d := on.desk
	p := d.leaf(PlaceGuide)
	p.back = func() { d.put(on) }
	p.keep = on.leave
	p.content = func() []Part {
		var out []Part
		for _, c := range d.words.Guide(regulation.Usages()) {
			out = append(out, Text{Look: LookHead, Text: c.Heading})
			for _, t := range c.Text {
				out = append(out, Text{Text: t})
			}
		}
		return out
	}
	p.primary = func() Action { return Action{d.T("action.back", nil), p.back} }
	return p
}

// Primary uncovers the page.
func (p *Help) Primary() Action { return Action{p.desk.T("action.back", nil), p.Back} }

// Back uncovers the page as it was.
func (p *Help) Back() { p.desk.put(p.under) }

func (p *Help) leave(then, stay func()) { p.under.leave(then, stay) }
