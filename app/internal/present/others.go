package present

import (
	"path/filepath"
	"strconv"

	"heyi/app/internal/words"
	"heyi/review"
)

// Papers is the page of the papers that were issued.
type Papers struct{ sheet }

// Issued gives the papers, newest first.
func (p *Papers) Issued() []Row {
	st := p.desk.session.State()
	var out []Row
	for i := len(st.Papers) - 1; i >= 0; i-- {
		x := st.Papers[i]
		out = append(out, Row{
			Title: p.desk.T("form."+string(x.Form), map[string]string{"Number": strconv.Itoa(x.Number)}),
			Detail: p.desk.T("papers.detail", map[string]string{
				"Date": words.DateTime(x.At), "Digest": words.ShortDigest(x.Signed),
			}),
		})
	}
	return out
}

// Open shows paper i of Issued in the system's own viewer.
func (p *Papers) Open(i int) {
	x := p.desk.session
	all := x.State().Papers
	paper := all[len(all)-1-i]
	var path string
	p.run("busy.opening", func() (err error) {
		if path, err = x.Export(paper); err == nil {
			err = p.desk.open(path)
		}
		return err
	}, func(err error) { p.tell("papers.opened", path, err) })
}

// Primary issues the 会议记录 as a signed PDF.
func (p *Papers) Primary() Action {
	return Action{p.desk.T("action.issue", nil), func() {
		var paper review.Paper
		var path string
		p.run("busy.issuing", func() (err error) {
			paper, path, err = p.desk.session.IssueMinutes()
			return err
		}, func(err error) {
			if err != nil && paper.Number > 0 {
				p.desk.log(err)
				p.say(ToneError, p.desk.T("papers.unwritten", nil))
				return
			}
			p.tell("papers.issued", path, err)
		})
	}}
}

// tell says what came of a paper.
func (p *Papers) tell(done, path string, err error) {
	if err != nil {
		p.explain(err)
		return
	}
	p.say(ToneDone, p.desk.T(done, map[string]string{"Name": filepath.Base(path)}))
}

// Display is the page of text size and contrast.
type Display struct{ sheet }

// choices names several things that exclude each other, and the one in force.
func (p *Display) choices(keys []string, current int) []Row {
	out := make([]Row, len(keys))
	for i, k := range keys {
		out[i].Title = p.desk.T(k, nil)
		if i == current {
			out[i].Detail = p.desk.T("display.current", nil)
		}
	}
	return out
}

// Sizes gives the text sizes.
func (p *Display) Sizes() []Row {
	return p.choices([]string{"display.size.0", "display.size.1", "display.size.2"}, p.desk.prefs.TextSize())
}

// SetSize changes the text size at once; i is an index of Sizes.
func (p *Display) SetSize(i int) {
	p.desk.prefs.SetTextSize(i)
	p.say(ToneDone, p.desk.T("display.done", nil))
}

// Contrasts gives the palettes.
func (p *Display) Contrasts() []Row {
	current := 0
	if p.desk.prefs.Contrast() {
		current = 1
	}
	return p.choices([]string{"display.contrast.0", "display.contrast.1"}, current)
}

// SetContrast changes the palette at once; i is an index of Contrasts.
func (p *Display) SetContrast(i int) {
	p.desk.prefs.SetContrast(i == 1)
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
	return p.desk.T("help.heading", map[string]string{"Place": p.desk.T("place."+string(p.under.Place()), nil)})
}

// Primary uncovers the page.
func (p *Help) Primary() Action { return Action{p.desk.T("action.back", nil), p.Back} }

// Back uncovers the page as it was.
func (p *Help) Back() { p.desk.put(p.under) }

func (p *Help) leave(then func()) { p.under.leave(then) }
