package paper

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"time"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/scoring"
)

// Case is all that the papers of one project are made from. Its methods read it and
// change nothing; the same case gives the same papers.
type Case struct {
	State       *review.State
	Project     *review.Project    // of State
	Scheme      *regulation.Scheme // the project's, as it was when it came in; nil where no pack has it
	About       About
	Findings    []regulation.Finding       // before the conclusion
	Materials   []regulation.MaterialState // of the scheme
	Rounds      []Round                    // those that were opened, counted, with Names and Steps
	Suggestion  regulation.Suggestion      // of the last of Rounds
	Checkpoint  string                     // of the journal that State is the fold of
	Fingerprint func(cert []byte) string   // as people compare it, of a certificate in DER
	Ink         map[review.SeatID]bool     // who signs in ink; nobody else does
	Draft       bool                       // only to be looked at; else the mark is the meeting's
	At          time.Time                  // of composing, by the machine's clock
}

// About is what the package says beside the record. All of it may be empty.
type About struct {
	Code     string // 项目编号
	Place    string // 评审地点
	Time     string // 评审时间, as people write it; else the dates of the record stand
	Secrecy  string // 密级 as it is printed; "" for none
	Convener string // 组织单位
	Brought  bool   // the package brought the regulation that the project is under
	Profile  []Named
}

// Individual gives an expert's 专家个人评审意见 of the present round. before is his sheet of
// the round before, nil if there was none. It may also be made from a sheet that is not
// complete yet: what is not marked has no value.
func (c *Case) Individual(seat review.SeatID, sheet review.Sheet, before *review.Sheet) *Individual {
	p := c.Project
	who := c.person(seat)
	x := &Individual{
		Head:   c.head(IndividualNumber(c.State.Meeting, p.ID, len(p.Rounds), seat), who.Name),
		Expert: who, Round: len(p.Rounds), Declared: c.declared(seat),
		Weighted: p.Scheme.Mode == review.ModeWeighted, Total: total(p.Scheme, seat, sheet),
		Opinion: slices.Clone(sheet.Opinion), Field: c.field(seat),
	}
	for _, it := range p.Scheme.Items {
		a := Answer{Item: it}
		if m, ok := markOf(&sheet, it.ID); ok {
			a.Value, a.Reason = m.Value, m.Reason
		}
		if m, ok := markOf(before, it.ID); ok {
			a.Before = m.Value
		}
		x.Answers = append(x.Answers, a)
	}
	for _, o := range p.Scheme.Outcomes {
		x.Outcomes = append(x.Outcomes, o.Title)
	}
	x.Outcome = c.outcome(sheet.Outcome)
	return checked(c, x)
}

// markOf finds the answer to an item.
func markOf(sheet *review.Sheet, item string) (review.Mark, bool) {
	if sheet == nil {
		return review.Mark{}, false
	}
	i := slices.IndexFunc(sheet.Marks, func(m review.Mark) bool { return m.Item == item })
	if i < 0 {
		return review.Mark{}, false
	}
	return sheet.Marks[i], true
}

// total gives what a sheet comes to: its percentage by weights or, where nothing is
// weighted, the sum of its marks; "" where nothing is marked or the sheet is not complete.
func total(scheme review.Scheme, seat review.SeatID, sheet review.Sheet) string {
	t, err := scoring.Count(scheme, []scoring.Ballot{{Seat: seat, Sheet: sheet}})
	if err != nil && len(t.Experts) == 0 {
		return ""
	}
	if scheme.Mode == review.ModeWeighted {
		return rounded(t.Experts[0].Total)
	}
	var sum *big.Rat
	for _, it := range t.Items {
		if it.Figures.N > 0 {
			if sum == nil {
				sum = new(big.Rat)
			}
			sum.Add(sum, it.Marks[0])
		}
	}
	return rounded(sum)
}

// rounded writes a figure with two decimals; "" for none.
func rounded(x *big.Rat) string {
	if x == nil {
		return ""
	}
	return scoring.Round2(x)
}

// declared says what an expert declared of the project; "" for nothing yet.
func (c *Case) declared(seat review.SeatID) string {
	d, ok := c.Project.Declaration(seat)
	switch {
	case !ok:
		return ""
	case d.Conflict:
		return "声明须回避：" + d.Reason + "；经组长和秘书决定不回避"
	case d.Reason != "":
		return "没有须回避的情形；说明：" + d.Reason
	}
	return "没有须回避的情形"
}

// Fulfilment gives the 履约情况表 as it was last recorded. number is the paper's among those
// of its form.
func (c *Case) Fulfilment(number int) *Fulfilment {
	x := &Fulfilment{Head: c.group(review.FormFulfilment, number), Signers: c.Signers(c.Ink)}
	if f, ok := c.fulfilment(); ok {
		x.Terms = f.Terms
	}
	return checked(c, x)
}

// Changes gives the 变更认可表. number is as for Fulfilment.
func (c *Case) Changes(number int) *Changes {
	x := &Changes{Head: c.group(review.FormChanges, number), Changes: c.changes(), Signers: c.Signers(c.Ink)}
	for _, s := range c.sections() {
		if s.Shows == ShowsChanges && s.Article != "" {
			x.Cite = c.cite(s.Article)
		}
	}
	return checked(c, x)
}

// changes gives the changes as they were last recorded, else those that the project says
// of itself.
func (c *Case) changes() []review.Change {
	if f, ok := c.fulfilment(); ok {
		return f.Changes
	}
	i := slices.IndexFunc(c.Project.Facts, func(f review.Fact) bool { return f.Key == "changes" })
	if i < 0 {
		return nil
	}
	var facts []struct {
		ID         string `json:"id"`
		Content    string `json:"content"`
		Approval   string `json:"approval"`
		ApprovedOn string `json:"approved_on"`
		Effect     string `json:"effect"`
		Reported   bool   `json:"reported"`
	}
	if json.Unmarshal([]byte(c.Project.Facts[i].Value), &facts) != nil {
		return nil // not the fact that packs ask about
	}
	var out []review.Change
	for _, f := range facts {
		if at, err := time.Parse(time.DateOnly, f.ApprovedOn); err == nil {
			f.Approval = strings.TrimSpace(f.Approval + " " + day(at) + "批准")
		}
		out = append(out, review.Change{Number: f.ID, Content: f.Content, Approval: f.Approval, Effect: f.Effect, Reported: f.Reported})
	}
	return out
}

// Dissent gives the 不同意见书 of a person on the present conclusion, as he is about to give
// it: with ChoiceReserve or ChoiceDisagree.
func (c *Case) Dissent(seat review.SeatID, choice review.Choice, text string) *Dissent {
	p := c.Project
	who := c.person(seat)
	given := 0
	for _, v := range p.Votes {
		if v.Seat == seat && v.Text != "" {
			given++
		}
	}
	x := &Dissent{
		Head:   c.head(DissentNumber(c.State.Meeting, p.ID, seat, given+1), who.Name),
		Person: who, Choice: choice, Text: text, Annex: p.Stage == review.StageFinal || p.Standing(review.PurposeConclusion) != nil,
		Field: c.field(seat),
	}
	if p.Conclusion != nil {
		x.Outcome = c.outcome(p.Conclusion.Outcome)
	}
	return checked(c, x)
}

// group is the head of a paper that is the whole panel's.
func (c *Case) group(form review.Form, number int) Head {
	return c.head(Number(form, c.State.Meeting, number), PanelAuthor)
}

// PanelAuthor is the 责任者 of what the panel gives together.
const PanelAuthor = "评审专家组"

// head gives what every paper of the project begins and ends with.
func (c *Case) head(number, author string) Head {
	h := Head{
		Meeting: c.State.Meeting, Event: c.State.Title, Number: number, Mark: c.mark(), Secrecy: secrecy(c.About.Secrecy), At: c.At, Author: author,
		Project: c.Project.Title, Code: c.About.Code, Owner: c.units("owner"), Type: c.Project.Scheme.Title,
		Convener: c.About.Convener, Held: c.held(), Place: c.About.Place,
	}
	if c.Project.Scheme.Own != nil {
		h.Type += ownMark
	}
	if c.Scheme != nil {
		h.Basis = c.Scheme.Cite()
		if c.About.Brought {
			h.Basis += broughtMark
		}
	}
	if c.Draft {
		h.Number = ""
	}
	return h
}

// broughtMark stands behind the 评审依据 of a project whose package brought its regulation.
const broughtMark = "（规则由评审包自带）"

// ownMark stands on every paper of a project whose scheme was set for the meeting.
const ownMark = "（按本次会议另定的评审细则）"

// checked gives a paper its 校验码, unless it is a draft.
func checked[P Paper](c *Case, p P) P {
	if !c.Draft {
		p.Top().Check = CheckCode(p)
	}
	return p
}

func (c *Case) mark() Mark {
	if c.Draft {
		return MarkDraft
	}
	return MarkOf(c.State)
}

// secrecy gives a 密级 as it is printed. Where there is none, nothing is printed: a paper
// without a level says nothing about levels.
func secrecy(s string) string {
	if s == "无" {
		return ""
	}
	return s
}

// units names those with a part in the project.
func (c *Case) units(part string) string {
	var names []string
	for _, u := range c.Project.Units {
		if u.Part == part {
			names = append(names, u.Name)
		}
	}
	return strings.Join(names, "、")
}

// held says when the review was: as the package has it, else from its first round to its
// conclusion.
func (c *Case) held() string {
	p := c.Project
	switch {
	case c.About.Time != "":
		return c.About.Time
	case len(p.Rounds) == 0:
		return ""
	case p.Conclusion == nil:
		return day(p.Rounds[0].Begun)
	}
	return days(p.Rounds[0].Begun, p.Conclusion.At)
}

// day writes a date as papers have it.
func day(t time.Time) string { return t.Format("2006年1月2日") }

// days writes a time from one day to another, without what they share.
func days(from, to time.Time) string {
	to = to.In(from.Location())
	switch {
	case day(from) == day(to) || to.Before(from):
		return day(from)
	case from.Year() != to.Year():
		return day(from) + "至" + day(to)
	case from.Month() != to.Month():
		return day(from) + "至" + to.Format("1月2日")
	}
	return day(from) + "至" + to.Format("2日")
}

// outcome gives the title of a conclusion, "" for none.
func (c *Case) outcome(id string) string {
	o, _ := c.Project.Scheme.Outcome(id)
	return o.Title
}

// last gives the round that counts, nil if none was opened.
func (c *Case) last() *Round {
	if len(c.Rounds) == 0 {
		return nil
	}
	return &c.Rounds[len(c.Rounds)-1]
}

// fulfilment gives what was last recorded of the contract.
func (c *Case) fulfilment() (review.FulfilmentVersion, bool) {
	list := c.Project.Fulfilment
	if len(list) == 0 {
		return review.FulfilmentVersion{}, false
	}
	return list[len(list)-1], true
}
