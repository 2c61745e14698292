package present

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"heyi/review"
)

// position is what a person fills in to say where he stands on the conclusion. What he
// writes is kept as a draft, with what he chose.
type position struct {
	*Leaf
	matter
	choices  []review.Choice
	choice   *Field
	text     *Field
	hand     *hand
	headings []string
	opinion  []review.OpinionParagraph
	keeper   *keeper
	given    bool // on record, and nothing to be filled in
}

// newPosition asks a person where he stands, or shows where he stood.
func newPosition(d *Desk, id review.ProjectID) Page {
	p := &position{Leaf: d.leaf(PlacePosition), matter: d.matter(id)}
	p.Leaf.head, p.Leaf.back = p.fill("position.head", "Title", p.project().Title), p.toProject
	p.Leaf.content = p.parts
	p.Leaf.next = p.next
	p.Leaf.primary = p.action
	p.choice, p.text = d.field(FieldChoice, "choice"), d.field(FieldText, "dissent")
	p.choice.At = -1
	p.hand = d.hand(p.x, p.Leaf)
	p.choices = []review.Choice{review.ChoiceAgree, review.ChoiceReserve, review.ChoiceDisagree, review.ChoiceAbstain}
	if p.annex() {
		p.choices = []review.Choice{review.ChoiceReserve, review.ChoiceDisagree}
	}
	for _, c := range p.choices {
		p.choice.Options = append(p.choice.Options, Row{Title: d.T("choice."+string(c), nil), Detail: d.T("position."+string(c), nil)})
	}
	_, p.given = p.vote()
	var kept string
	p.keeper, kept = newKeeper(&p.Leaf.sheet, review.VoteDraft(id), p.draft)
	p.Leaf.keep = p.keeper.leave
	p.restore(kept)
	restored := p.Leaf.message
	p.Leaf.typed = func(*Field) { p.keeper.changed() }
	p.run("busy.opinion", p.load, func(err error) {
		if err != nil {
			p.explain(err)
			return
		}
		p.Leaf.message = restored
		p.changed()
	})
	return p.Leaf
}

// load asks the services; not on the screen's goroutine.
func (p *position) load() (err error) {
	if p.headings, err = p.x.Headings(p.id); err != nil {
		return err
	}
	v, err := p.x.Opinion(p.id)
	p.opinion = v.Paragraphs
	return err
}

// annex tells whether nothing but a dissent can be added any more.
func (p *position) annex() bool {
	x := p.project()
	return x.Stage == review.StageFinal || x.Standing(review.PurposeConclusion) != nil
}

// vote gives where the person stands on the present conclusion.
func (p *position) vote() (review.Vote, bool) {
	x := p.project()
	if x.Conclusion == nil {
		return review.Vote{}, false
	}
	return x.Vote(p.me(), x.Conclusion.Digest)
}

// keptPosition is the draft of a position on the disk.
type keptPosition struct {
	Version int           `json:"v"` // 1
	Choice  review.Choice `json:"choice"`
	Text    string        `json:"text"`
}

// draft is what is to be kept: a choice alone is made again in a moment.
func (p *position) draft() string {
	if strings.TrimSpace(p.text.Value) == "" {
		return ""
	}
	b, err := json.Marshal(keptPosition{Version: 1, Choice: p.chosen(), Text: p.text.Value})
	if err != nil {
		panic("present: " + err.Error()) // strings always encode
	}
	return string(b)
}

func (p *position) restore(draft string) {
	var k keptPosition
	if draft == "" {
		return
	}
	if json.Unmarshal([]byte(draft), &k) != nil || k.Version != 1 {
		// Only a later version of the program writes another form; it stays on the disk until
		// something else is typed here.
		p.keeper.saved, p.Leaf.message = "", Message{}
		return
	}
	p.text.set(k.Text)
	p.choice.At = slices.Index(p.choices, k.Choice)
	p.given = false
}

func (p *position) chosen() review.Choice {
	if p.choice.At < 0 {
		return ""
	}
	return p.choices[p.choice.At]
}

// dissents tells whether what is chosen has to be written out and signed.
func (p *position) dissents() bool {
	c := p.chosen()
	return c == review.ChoiceReserve || c == review.ChoiceDisagree
}

func (p *position) parts() []Part {
	d, x := p.desk, p.project()
	if x.Conclusion == nil || !p.sees(review.ThingConclusion) {
		return []Part{Text{Text: d.T("meeting.result.open", nil)}}
	}
	out := p.concluded(x)
	if v, ok := p.vote(); ok {
		out = append(out, Text{Tone: ToneDone, Text: p.fill("position.given", "Choice", d.T("choice."+string(v.Choice), nil), "Text", v.Text)})
	}
	if p.given {
		if p.may(review.KindVoteCast) {
			out = append(out, Rows{Rows: []Row{{Title: d.T("position.again", nil), Detail: d.T("position.again.detail", nil), Do: func() {
				p.given = false
				p.changed()
			}}}})
		}
		return out
	}
	out = append(out, p.choice)
	if p.annex() {
		out = append(out, Text{Text: d.T("position.annex", nil)})
	}
	if p.dissents() {
		n := utf8.RuneCountInString(p.said())
		count := Text{Look: LookCaption, Text: d.T("position.count", map[string]int{"Count": n, "Limit": review.MaxReason})}
		if n > review.MaxReason {
			count.Look, count.Tone = LookBody, ToneError
		}
		out = append(append(out, p.text, count), p.hand.parts()...)
		out = append(out, Text{Tone: ToneError, Text: d.T("position.consequence.dissent", nil)})
	} else if p.chosen() != "" {
		out = append(out, Text{Text: d.T("position.consequence", nil)})
	}
	if len(p.opinion) > 0 {
		out = append(out, Text{Look: LookHead, Text: d.T("position.opinion", nil)})
		out = append(out, opinionParts(p.headings, p.opinion, nil)...)
	}
	return out
}

// said is what was written, in the one paragraph that a paper has room for.
func (p *position) said() string { return strings.Join(review.Paragraphs(p.text.Value), "") }

func (p *position) next() string {
	if p.given {
		return p.desk.T("next.position.given", nil)
	}
	return p.sheet.Next()
}

func (p *position) action() Action {
	switch {
	case p.given:
		return Action{p.desk.T("action.handback", nil), p.desk.HandBack}
	case !p.may(review.KindVoteCast):
		return Action{p.desk.T("action.back", nil), p.Back}
	}
	return Action{p.desk.T("action.position", nil), p.cast}
}

func (p *position) cast() {
	if p.chosen() == "" {
		p.Leaf.say(ToneError, p.desk.T("position.unchosen", nil))
		return
	}
	var look review.Look
	if p.dissents() {
		if p.said() == "" {
			p.Leaf.say(ToneError, p.desk.T("position.unwritten", nil))
			return
		}
		var err error
		if look, err = p.hand.look(); err != nil {
			p.explain(err)
			return
		}
	}
	var choice review.Choice
	var text, field string
	begin := func() {
		field = p.text.Value
		if choice = p.chosen(); p.dissents() {
			text = p.said()
		}
	}
	p.keeper.act("busy.position", begin, func() error { return p.x.Vote(p.id, choice, text, look) }, func(err error) {
		if err != nil {
			return
		}
		if p.text.Value == field { // what was typed meanwhile stays, as a draft
			p.text.set("")
		}
		p.choice.At, p.given = -1, true
		p.Leaf.say(ToneDone, p.desk.T("position.done", nil))
	})
}
