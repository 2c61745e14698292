package present

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/scoring"
)

// Opinion is where the 专家组意见 is written: at the left, as the parts of a leaf, what the
// experts wrote; at the right the text, each paragraph in a field of its own under its
// heading and with those whose opinions it was made from. What is typed is kept as a draft
// until a version is made of it.
type Opinion struct {
	*Leaf
	matter
	headings   []string
	ballots    []meeting.OpenedBallot
	count      meeting.Count
	loaded     bool
	paragraphs []*Written
	under      string   // the heading under which the next paragraph comes
	at         *Written // the paragraph that was last touched; nil for none
	wish       *Written // the paragraph that is to have the keyboard; nil for none
	wishes     int      // grows with each wish
	mode       *Field   // what choosing a source does
	base       string   // what the text is where nobody has changed anything
	based      int      // the version that the text was made from; 0 for none
	keeper     *keeper
}

// Written is a paragraph of the opinion while it is written.
type Written struct {
	section string
	text    string
	sources []review.SeatID
	edition int
}

// Text gives what the field must show, and an edition that grows whenever it is not the
// person at the keyboard who changed it.
func (w *Written) Text() (string, int) { return w.text, w.edition }

// OpinionSection is a heading with what stands under it.
type OpinionSection struct {
	Title      string // "" for what stands under none
	Paragraphs []*Written
}

// newOpinion is where an officer writes the opinion; for everybody else it is only read.
func newOpinion(d *Desk, id review.ProjectID) Page {
	m := d.matter(id)
	if !m.may(review.KindOpinionDrafted) || !m.sees(review.ThingOtherBallot) {
		return newVersion(d, id, 0, m.toProject)
	}
	p := &Opinion{Leaf: d.leaf(PlaceOpinion), matter: m}
	p.Leaf.head = m.fill("opinion.head", "Title", m.project().Title)
	p.Leaf.back = p.toProject
	p.Leaf.content = p.sources
	p.mode = d.field(FieldChoice, "source")
	for _, k := range []string{"opinion.mode.new", "opinion.mode.join"} {
		p.mode.Options = append(p.mode.Options, Row{Title: d.T(k, nil)})
	}
	var kept string
	p.keeper, kept = newKeeper(&p.Leaf.sheet, review.OpinionDraft(id), p.draft)
	p.Leaf.keep = p.keeper.leave
	restored := p.Leaf.message
	p.run("busy.opinion", p.load, func(err error) {
		if err != nil {
			p.explain(err)
			return
		}
		p.fillIn(kept)
		p.loaded = true // from here on draft says what is to be kept
		if p.draft() != "" {
			p.Leaf.message = restored
		}
		if n := len(p.project().Opinion); p.draft() != "" && p.based != n {
			p.Leaf.message = Message{ToneDecide, d.T("opinion.overtaken", map[string]int{"Based": p.based, "Last": n})}
		}
		p.changed()
	})
	return p
}

// load asks the services; not on the screen's goroutine.
func (p *Opinion) load() (err error) {
	if p.headings, err = p.x.Headings(p.id); err != nil {
		return err
	}
	round := len(p.project().Rounds)
	if p.ballots, err = p.x.Ballots(p.id, round); err != nil {
		return err
	}
	p.count, err = p.x.Tally(p.id, round)
	return err
}

// keptOpinion is the draft of an opinion on the disk.
type keptOpinion struct {
	Version    int                       `json:"v"` // 1
	Based      int                       `json:"based"`
	Paragraphs []review.OpinionParagraph `json:"paragraphs"`
}

// fillIn begins with the draft, else with the last version.
func (p *Opinion) fillIn(draft string) {
	versions := p.project().Opinion
	p.paragraphs, p.based, p.under = nil, len(versions), suitable(p.headings)
	if len(versions) > 0 {
		p.put(versions[len(versions)-1].Paragraphs)
	}
	p.base = p.encoded(p.based)
	if draft == "" {
		return
	}
	var k keptOpinion
	if err := json.Unmarshal([]byte(draft), &k); err != nil || k.Version != 1 {
		// Only a later version of the program writes another form. What it wrote stays on the
		// disk until something else is typed here.
		p.keeper.saved = ""
		return
	}
	p.paragraphs, p.based = nil, k.Based
	p.put(k.Paragraphs)
}

// put makes fields of paragraphs.
func (p *Opinion) put(of []review.OpinionParagraph) {
	for _, s := range sectionsOf(p.headings, of) {
		for _, x := range s.paragraphs {
			p.paragraphs = append(p.paragraphs, &Written{section: s.title, text: x.Text, sources: slices.Clone(x.Sources)})
		}
	}
}

// suitable guesses under which heading the experts' own sentences belong first: one of the
// regulation's that speaks of opinions or problems. A wrong guess costs a move.
func suitable(headings []string) string {
	for _, word := range []string{"意见", "问题", "建议", "要求", "情况"} {
		for _, h := range headings {
			if strings.Contains(h, word) && !strings.Contains(h, "（") {
				return h
			}
		}
	}
	if len(headings) == 0 {
		return ""
	}
	return headings[0]
}

// encoded writes the text as it stands in the fields, as made from a version.
func (p *Opinion) encoded(based int) string {
	k := keptOpinion{Version: 1, Based: based, Paragraphs: []review.OpinionParagraph{}}
	for _, w := range p.paragraphs {
		k.Paragraphs = append(k.Paragraphs, review.OpinionParagraph{Text: w.text, Section: w.section, Sources: w.sources})
	}
	b, err := json.Marshal(k)
	if err != nil {
		panic("present: " + err.Error()) // strings and numbers always encode
	}
	return string(b)
}

// draft is what is to be kept: nothing where it is the last version unchanged.
func (p *Opinion) draft() string {
	if !p.loaded {
		return p.keeper.saved
	}
	if now := p.encoded(p.based); now != p.base {
		return now
	}
	return ""
}

// touched is told of each change of the text.
func (p *Opinion) touched() { p.keeper.changed() }

// Sections gives the headings in the regulation's order, each with its paragraphs.
func (p *Opinion) Sections() []OpinionSection {
	var out []OpinionSection
	if !p.loaded {
		return nil
	}
	for _, h := range append([]string{""}, p.headings...) {
		s := OpinionSection{Title: h}
		for _, w := range p.paragraphs {
			if w.section == h {
				s.Paragraphs = append(s.Paragraphs, w)
			}
		}
		if h != "" || len(s.Paragraphs) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// Set takes what stands in the field of a paragraph.
func (p *Opinion) Set(w *Written, text string) {
	if w.text == text {
		return
	}
	w.text, p.at, p.under = text, w, w.section
	p.touched()
}

// Touch is told which paragraph has the keyboard.
func (p *Opinion) Touch(w *Written) {
	if p.at != w {
		p.at, p.under = w, w.section
		p.changed()
	}
}

// Add puts an empty paragraph under a heading and gives it the keyboard.
func (p *Opinion) Add(section string) {
	w := &Written{section: section}
	if p.add(w) {
		p.wished(w)
		p.touched()
	}
}

// wished is told which paragraph is to have the keyboard, nil for none.
func (p *Opinion) wished(w *Written) {
	p.wish = w
	p.wishes++
}

// add puts a paragraph under its heading and tells whether there was room for it.
func (p *Opinion) add(w *Written) bool {
	if len(p.paragraphs) >= review.MaxOpinion {
		p.Leaf.say(ToneError, p.desk.T("opinion.full", map[string]int{"Limit": review.MaxOpinion}))
		return false
	}
	p.paragraphs = slices.Insert(p.paragraphs, p.after(w.section), w)
	p.at, p.under = w, w.section
	return true
}

// after gives the index behind the last paragraph that stands under a heading or before it.
func (p *Opinion) after(section string) int {
	to := 0
	for i, w := range p.paragraphs {
		if p.rank(w.section) <= p.rank(section) {
			to = i + 1
		}
	}
	return to
}

// rank is the place of a heading.
func (p *Opinion) rank(section string) int { return slices.Index(p.headings, section) }

// Remove takes a paragraph away; the keyboard goes to its neighbour.
func (p *Opinion) Remove(w *Written) {
	i := slices.Index(p.paragraphs, w)
	if i < 0 {
		return
	}
	p.paragraphs = slices.Delete(p.paragraphs, i, i+1)
	p.at = nil
	if len(p.paragraphs) > 0 {
		p.at = p.paragraphs[min(i, len(p.paragraphs)-1)]
	}
	p.wished(p.at)
	p.touched()
}

// Up moves a paragraph up: before the one above it, or to the end of the heading above.
func (p *Opinion) Up(w *Written) { p.move(w, -1) }

// Down moves a paragraph down: behind the one below it, or to the top of the heading below.
func (p *Opinion) Down(w *Written) { p.move(w, 1) }

func (p *Opinion) move(w *Written, by int) {
	i := slices.Index(p.paragraphs, w)
	j := i + by
	switch {
	case i < 0:
		return
	case j >= 0 && j < len(p.paragraphs) && p.paragraphs[j].section == w.section:
		p.paragraphs[i], p.paragraphs[j] = p.paragraphs[j], p.paragraphs[i]
	default:
		to := p.rank(w.section) + by
		if to < 0 || to >= len(p.headings) {
			return
		}
		w.section = p.headings[to]
	}
	p.at, p.under = w, w.section
	p.wished(w)
	p.touched()
}

// Current tells whether a paragraph is the one that was last touched.
func (p *Opinion) Current(w *Written) bool { return p.at == w }

// Focus gives the paragraph that is to have the keyboard, and a number that grows with each
// such wish.
func (p *Opinion) Focus() (*Written, int) { return p.wish, p.wishes }

// Count says how long a paragraph is, and whether it is over the limit.
func (p *Opinion) Count(w *Written) (text string, over bool) {
	for _, par := range review.Paragraphs(w.text) {
		over = over || utf8.RuneCountInString(par) > review.MaxParagraph
	}
	return p.desk.T("opinion.count", map[string]int{"Count": utf8.RuneCountInString(w.text), "Limit": review.MaxParagraph}), over
}

// Credit says whose opinions a paragraph was made from; "" for nobody's.
func (p *Opinion) Credit(w *Written) string {
	if len(w.sources) == 0 {
		return ""
	}
	return p.credit(w.sources)
}

func (p *Opinion) credit(of []review.SeatID) string {
	return p.fill("opinion.sources", "Names", p.whom(of))
}

// DropSources forgets whose opinions a paragraph was made from.
func (p *Opinion) DropSources(w *Written) {
	w.sources = nil
	p.touched()
}

// sources are the parts at the left: what to begin with, what the experts wrote, what they
// answered differently, and the versions that there are.
func (p *Opinion) sources() []Part {
	if !p.loaded {
		return nil
	}
	t := func(key string) string { return p.desk.T(key, nil) }
	var out []Part
	if len(p.paragraphs) == 0 && p.written() {
		out = append(out, Rows{Rows: []Row{{Title: t("opinion.gather"), Detail: t("opinion.gather.detail"), Tone: ToneDecide, Do: p.gather}}})
	}
	out = append(out, p.mode)
	for _, b := range p.ballots {
		if !b.Counts {
			continue
		}
		head := p.who(b.Seat)
		if o := p.outcome(b.Sheet.Outcome); o != "" {
			head = p.fill("opinion.proposes", "Name", head, "Outcome", o)
		}
		out = append(out, Text{Look: LookHead, Text: head})
		for _, par := range b.Sheet.Opinion {
			out = append(out, p.source(b.Seat, par)...)
		}
		if len(b.Sheet.Opinion) == 0 {
			out = append(out, Text{Look: LookCaption, Text: t("opinion.silent")})
		}
	}
	out = append(out, p.differences()...)
	if versions := p.project().Opinion; len(versions) > 0 {
		rows := Rows{Head: t("opinion.versions")}
		for _, v := range slices.Backward(versions) {
			rows.Rows = append(rows.Rows, Row{
				Title: p.version(v), Do: func() { p.desk.turn(func() Page { return newVersion(p.desk, p.id, v.Revision, p.stay(p)) }) },
			})
		}
		out = append(out, rows)
	}
	return out
}

// version says which version it is, by whom and when.
func (m matter) version(v review.OpinionVersion) string {
	return m.fill("opinion.version", "Revision", strconv.Itoa(v.Revision), "By", m.who(v.By), "At", words.DateTime(v.At))
}

// written tells whether any expert wrote anything.
func (p *Opinion) written() bool {
	return slices.ContainsFunc(p.ballots, func(b meeting.OpenedBallot) bool { return b.Counts && len(b.Sheet.Opinion) > 0 })
}

// source is what somebody wrote, in full, with what uses it below.
func (p *Opinion) source(seat review.SeatID, text string) []Part {
	use := Row{Title: p.desk.T("opinion.use", nil), Do: func() { p.take(seat, text) }}
	if p.mode.At == 1 {
		use.Title = p.desk.T("opinion.credit", nil)
	}
	if p.taken(seat, text) {
		use.Tone, use.Detail = ToneDone, p.desk.T("opinion.taken", nil)
	}
	return []Part{Text{Text: text}, Rows{Rows: []Row{use}}}
}

// taken tells whether what somebody wrote stands in a paragraph that is his, too.
func (p *Opinion) taken(seat review.SeatID, text string) bool {
	return slices.ContainsFunc(p.paragraphs, func(w *Written) bool { return slices.Contains(w.sources, seat) && strings.Contains(w.text, text) })
}

// Side is another text whenever something else is to stand at the left: so a page need not
// draw that anew at every key.
func (p *Opinion) Side() string {
	side := fmt.Sprint(p.loaded, len(p.paragraphs) == 0, p.mode.At, len(p.project().Opinion), " ")
	for _, b := range p.ballots {
		for _, text := range b.Sheet.Opinion {
			side += strconv.FormatBool(p.taken(b.Seat, text))[:1]
		}
		for _, m := range b.Sheet.Marks {
			if m.Reason != "" {
				side += strconv.FormatBool(p.taken(b.Seat, m.Reason))[:1]
			}
		}
	}
	return side
}

// differences lists the items that were not answered alike, with the reasons given.
func (p *Opinion) differences() []Part {
	var out []Part
	for i, it := range p.count.Items {
		flagged := slices.ContainsFunc(p.count.Flags, func(f scoring.Flag) bool { return f.Item == it.ID })
		split := it.Kind != review.ItemScore && it.Votes.No > 0 && it.Votes.Yes > 0
		if !flagged && !split {
			continue
		}
		out = append(out, Text{Look: LookHead, Text: p.fill("opinion.differ", "Title", it.Title)})
		for _, b := range p.ballots {
			if !b.Counts {
				continue
			}
			m := b.Sheet.Marks[i]
			value := m.Value
			if p.desk.words.Has("answer." + value) {
				value = p.desk.T("answer."+value, nil)
			}
			out = append(out, Text{Look: LookCaption, Text: p.who(b.Seat) + "　" + value})
			if m.Reason != "" {
				out = append(out, p.source(b.Seat, m.Reason)...)
			}
		}
	}
	return out
}

// take uses what somebody wrote: as a new paragraph under the heading at hand, or as one
// more source of the paragraph at hand.
func (p *Opinion) take(seat review.SeatID, text string) {
	if p.mode.At == 1 {
		if p.at == nil {
			p.Leaf.say(ToneDecide, p.desk.T("opinion.nowhere", nil))
			return
		}
		if !slices.Contains(p.at.sources, seat) {
			p.at.sources = append(p.at.sources, seat)
			slices.SortFunc(p.at.sources, review.CompareSeats)
			p.touched()
		}
		return
	}
	if len(p.headings) > 0 && p.rank(p.under) < 0 {
		p.under = suitable(p.headings)
	}
	// The keyboard stays among the sources: one seldom takes a single one.
	if p.add(&Written{section: p.under, text: text, sources: []review.SeatID{seat}}) {
		p.touched()
	}
}

// gather begins with all that the experts wrote, under the first heading that suits; what
// several wrote in the same words stands once.
func (p *Opinion) gather() {
	for _, b := range p.ballots {
		if !b.Counts {
			continue
		}
		for _, text := range b.Sheet.Opinion {
			i := slices.IndexFunc(p.paragraphs, func(w *Written) bool { return w.text == text })
			switch {
			case i >= 0 && !slices.Contains(p.paragraphs[i].sources, b.Seat):
				p.paragraphs[i].sources = append(p.paragraphs[i].sources, b.Seat)
			case i < 0 && len(p.paragraphs) < review.MaxOpinion:
				p.paragraphs = append(p.paragraphs, &Written{section: suitable(p.headings), text: text, sources: []review.SeatID{b.Seat}})
			}
		}
	}
	if len(p.paragraphs) > 0 {
		p.at = p.paragraphs[0]
		p.wished(p.at)
	}
	p.touched()
}

// Next says what to do.
func (p *Opinion) Next() string {
	if p.loaded && len(p.paragraphs) == 0 {
		return p.desk.T("next.opinion.empty", nil)
	}
	return p.sheet.Next()
}

// Primary makes a version of the text; where there is nothing new in it, it leads on to the
// conclusion or back.
func (p *Opinion) Primary() Action {
	switch {
	case !p.loaded || len(p.paragraphs) == 0:
		return Action{p.desk.T("action.back", nil), p.Back}
	case p.draft() != "" || p.outdated():
		return Action{p.desk.T("action.version", nil), p.form}
	case p.may(review.KindConclusionReached):
		return Action{p.desk.T("action.toconclude", nil), p.turn(newConclude)}
	}
	return Action{p.desk.T("action.back", nil), p.Back}
}

// outdated tells whether the last version is of an earlier round, so that no conclusion can
// rest on it.
func (p *Opinion) outdated() bool {
	v := p.project().Opinion
	return len(v) == 0 || v[len(v)-1].Round != len(p.project().Rounds)
}

// form makes a version. A field may hold several paragraphs: each line is one.
func (p *Opinion) form() {
	var paragraphs []review.OpinionParagraph
	var base string
	next := len(p.project().Opinion) + 1
	begin := func() {
		paragraphs, base = nil, p.encoded(next)
		for _, w := range p.paragraphs {
			for _, text := range review.Paragraphs(w.text) {
				paragraphs = append(paragraphs, review.OpinionParagraph{Text: text, Section: w.section, Sources: slices.Clone(w.sources)})
			}
		}
	}
	p.keeper.act("busy.version", begin, func() error { return p.x.DraftOpinion(p.id, paragraphs) }, func(err error) {
		if err != nil {
			return
		}
		// What was typed meanwhile is not in it, and is kept as the draft of the next.
		p.based, p.base = next, base
		p.Leaf.say(ToneDone, p.version(p.project().Opinion[next-1]))
	})
}

// newVersion is the opinion to be read; revision 0 is the last version.
func newVersion(d *Desk, id review.ProjectID, revision int, back func()) *Leaf {
	m := d.matter(id)
	l := d.leaf(PlaceOpinion)
	l.head, l.back = m.fill("opinion.head", "Title", m.project().Title), back
	l.next = func() string { return d.T("next.opinion.read", nil) }
	var v review.OpinionVersion
	var headings []string
	l.content = func() []Part {
		if v.Revision == 0 {
			if l.busy {
				return nil
			}
			return []Part{Text{Text: d.T("opinion.none", nil)}}
		}
		out := []Part{Text{Look: LookCaption, Text: m.version(v)}}
		var sources func([]review.SeatID) string
		if m.sees(review.ThingOtherBallot) {
			sources = func(of []review.SeatID) string { return m.fill("opinion.sources", "Names", m.whom(of)) }
		}
		return append(out, opinionParts(headings, v.Paragraphs, sources)...)
	}
	l.primary = func() Action { return Action{d.T("action.back", nil), back} }
	l.run("busy.opinion", func() (err error) {
		if v, err = m.x.Opinion(id); err != nil {
			return err
		}
		if versions := m.project().Opinion; revision > 0 && revision <= len(versions) {
			v = versions[revision-1]
		}
		headings, err = m.x.Headings(id)
		return err
	}, func(err error) {
		if err != nil {
			l.explain(err)
		}
		l.changed()
	})
	return l
}
