package present

import (
	"strconv"

	"heyi/review"
	"heyi/review/meeting"
)

// matter is a project as one person has it before him. It holds his session and not the
// desk's: a page may still be keeping what he typed when he has given the machine back.
type matter struct {
	desk *Desk
	x    *meeting.Session
	id   review.ProjectID
}

func (d *Desk) matter(id review.ProjectID) matter { return matter{d, d.session, id} }

func (m matter) state() *review.State     { return m.x.State() }
func (m matter) project() *review.Project { return m.state().Project(m.id) }
func (m matter) me() review.SeatID        { return m.x.Seat().ID }

// may tells whether its person may do an act of the project now.
func (m matter) may(k review.Kind) bool {
	return m.state().May(m.me(), k, m.id, m.me()) == nil
}

// sees tells whether its person may see something of the project now.
func (m matter) sees(t review.Thing) bool { return m.state().Look(m.me(), t, m.id).Allowed }

// fill fills a sentence with names and values by turns.
func (m matter) fill(key string, pairs ...string) string {
	data := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	return m.desk.T(key, data)
}

// who is what papers call somebody.
func (m matter) who(id review.SeatID) string { return nameIn(m.state(), id) }

// whom gives several people's names, as in 张三、李四.
func (m matter) whom(ids []review.SeatID) string { return namesIn(m.state(), ids) }

// outcome gives what a conclusion of the scheme is called, "" for one that there is not.
func (m matter) outcome(id string) string {
	o, _ := m.project().Scheme.Outcome(id)
	return o.Title
}

// presides tells whether its person presides over the project.
func (m matter) presides() bool { return m.state().Presiding(m.project()) == m.me() }

// partner is the officer who consents to what its person does as the other one.
func (m matter) partner() review.SeatID { return besideOf(m.state(), m.project(), m.me()) }

// secretOf asks for the secret of an officer.
func (m matter) secretOf(id review.SeatID) *Field {
	return m.desk.secretOf(m.who(id), m.desk.officeOf(id, m.project()))
}

// toProject leads back to where the matter is dealt with.
func (m matter) toProject() { m.desk.toProject(m.id) }

// turn leads to another page.
func (m matter) turn(make func(*Desk, review.ProjectID) Page) func() {
	return func() { m.desk.turn(func() Page { return make(m.desk, m.id) }) }
}

// stay gives what comes back to a page as it was left, with all that is typed on it.
func (m matter) stay(p Page) func() {
	return func() { m.desk.turn(func() Page { return p }) }
}

// opinionParts shows a version of the 专家组意见 to be read: its paragraphs under their
// headings, numbered within each.
func opinionParts(headings []string, paragraphs []review.OpinionParagraph, sources func([]review.SeatID) string) []Part {
	var out []Part
	for _, s := range sectionsOf(headings, paragraphs) {
		if s.title != "" {
			out = append(out, Text{Look: LookHead, Text: s.title})
		}
		for i, x := range s.paragraphs {
			out = append(out, Text{Text: strconv.Itoa(i+1) + ". " + x.Text})
			if sources != nil && len(x.Sources) > 0 {
				out = append(out, Text{Look: LookCaption, Text: sources(x.Sources)})
			}
		}
	}
	return out
}

// section is a heading with what stands under it.
type section struct {
	title      string
	paragraphs []review.OpinionParagraph
}

// sectionsOf puts paragraphs under their headings, those that have none, or one that the
// regulation does not know, first. Headings with nothing under them are left out.
func sectionsOf(headings []string, paragraphs []review.OpinionParagraph) []section {
	known := map[string]bool{}
	for _, h := range headings {
		known[h] = true
	}
	all := append([]string{""}, headings...)
	var out []section
	for _, h := range all {
		s := section{title: h}
		for _, x := range paragraphs {
			if x.Section == h || h == "" && !known[x.Section] {
				s.paragraphs = append(s.paragraphs, x)
			}
		}
		if len(s.paragraphs) > 0 {
			out = append(out, s)
		}
	}
	return out
}
