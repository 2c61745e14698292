package paper

import (
	"cmp"
	"slices"

	"heyi/review"
	"heyi/review/regulation"
)

// Details is the 评审细则确认单: by what the panel judges, for the organiser to confirm in ink
// before anybody marks. What no text gives, and what was set for this meeting, is told apart.
type Details struct {
	Head
	Digest      review.Digest // of the scheme, as the tally and the ballots name it
	Mode        review.Mode
	Method      review.Method // of review.ModeWeighted
	Least       int           // of trimming: least number of experts
	WasMode     review.Mode   // as the scheme came, and so the next two
	WasMethod   review.Method
	WasLeast    int
	Dropped     []string // titles of scored items that are not asked here
	Scored      []Detail
	Checked     []Detail
	Conclusions []Verdict
	Defaults    []Named // the rules of 系统默认 by which answers become a suggestion: title and reading
	Own         bool    // something was set for this meeting
	OwnMethod   bool    // of what was set: how the marks make one figure
	Unscored    bool    // of what was set: nothing is scored
	Reason      string  // why it was set; "" where nothing was
}

// Detail is one item as it is asked here, and as it came.
type Detail struct {
	review.Item
	Was         review.Item
	Origin      regulation.Origin // "" where no pack has the item
	Consequence string            // of a gate; may be empty
}

// Verdict is one conclusion that the panel may reach.
type Verdict struct {
	review.Outcome
	Origin regulation.Origin // "" where no pack has it
	From   string            // the total from which on it is suggested; "" for none
	Was    string            // the same, as it came
}

// Details gives the 评审细则确认单. defaults are the rules of the common pack that it tells of;
// was and now are from which totals on conclusions are suggested, as the scheme came and now.
func (c *Case) Details(defaults []*regulation.Rule, was, now []review.Bound) *Details {
	p := c.Project
	came := p.Came()
	x := &Details{
		Head:   c.head(DetailsNumber(c.State.Meeting, p.ID, len(p.Settings)+1), c.name(review.FirstSeat)),
		Digest: p.SchemeDigest, Mode: p.Scheme.Mode, Method: p.Scheme.Method, Least: cmp.Or(p.Scheme.Least, review.LeastTrimmed),
		WasMode: came.Mode, WasMethod: came.Method, WasLeast: cmp.Or(came.Least, review.LeastTrimmed),
	}
	if n := len(p.Settings); n > 0 { // the same sheet again is the same paper
		x.At = p.Settings[n-1].At
	} else {
		x.At = c.State.Created
	}
	for _, it := range came.Items {
		if !slices.ContainsFunc(p.Scheme.Items, func(o review.Item) bool { return o.ID == it.ID }) {
			x.Dropped = append(x.Dropped, it.Title)
		}
	}
	if own := p.Scheme.Own; own != nil {
		x.Own, x.Reason = true, p.Settings[len(p.Settings)-1].Reason
		x.OwnMethod, x.Unscored = own.Method != "", own.Unscored
	}
	for _, it := range p.Scheme.Items {
		d := Detail{Item: it, Was: it}
		if i := slices.IndexFunc(came.Items, func(o review.Item) bool { return o.ID == it.ID }); i >= 0 {
			d.Was = came.Items[i]
		}
		if c.Scheme != nil {
			if i := slices.IndexFunc(c.Scheme.Items, func(o regulation.Item) bool { return o.ID == it.ID }); i >= 0 {
				d.Origin, d.Consequence = c.Scheme.Items[i].Origin, c.Scheme.Items[i].Consequence
			}
		}
		if it.Kind == review.ItemScore {
			x.Scored = append(x.Scored, d)
		} else {
			x.Checked = append(x.Checked, d)
		}
	}
	from := func(bounds []review.Bound, outcome string) string {
		for _, b := range bounds {
			if b.Outcome == outcome {
				return b.From
			}
		}
		return ""
	}
	for _, o := range p.Scheme.Outcomes {
		v := Verdict{Outcome: o, From: from(now, o.ID), Was: from(was, o.ID)}
		if v.From == "" {
			v.Was = ""
		}
		if c.Scheme != nil {
			if i := slices.IndexFunc(c.Scheme.Conclusions, func(k regulation.Conclusion) bool { return k.ID == o.ID }); i >= 0 {
				v.Origin = c.Scheme.Conclusions[i].Origin
			}
		}
		x.Conclusions = append(x.Conclusions, v)
	}
	for _, r := range defaults {
		x.Defaults = append(x.Defaults, Named{r.Title, r.Reading})
	}
	return checked(c, x)
}

// Notice is the 后续事项提示单: what follows from a conclusion at the authorities that act on
// it, for the secretary. It is no part of the panel's opinion.
type Notice struct {
	Head
	Outcome  string // title of the conclusion
	Follows  []Follow
	Filing   string // 报送、备案; may be empty
	LaterUse string // 结果运用; may be empty
}

// Follow is one thing that follows.
type Follow struct {
	Title    string
	Cite     string // 文号 and clause
	Sentence string
	Done     bool // it is fulfilled already
}

// Follows gives what of findings follows from the conclusion: of the rules that are asked after
// it, those that concern the project.
func Follows(findings []regulation.Finding) []Follow {
	var out []Follow
	for _, f := range findings {
		if !f.After || f.Outcome == regulation.OutcomeNotApplicable || f.Outcome == regulation.OutcomeNotRequired {
			continue
		}
		done := slices.Contains([]string{regulation.OutcomePass, regulation.OutcomeOnTime, regulation.OutcomeEligible}, f.Outcome)
		out = append(out, Follow{Title: f.Title, Cite: f.Cite, Sentence: f.Sentence, Done: done})
	}
	return out
}

// Notice gives the 后续事项提示单 of the present conclusion. findings are those with that
// conclusion in sight.
func (c *Case) Notice(findings []regulation.Finding) *Notice {
	p := c.Project
	x := &Notice{Head: c.head(NoticeNumber(c.State.Meeting, p.ID, len(p.Withdrawn)+1), c.name(review.FirstSeat))}
	if p.Conclusion != nil {
		x.Outcome = c.outcome(p.Conclusion.Outcome)
	}
	if c.Scheme != nil {
		x.Filing, x.LaterUse = c.Scheme.Filing, c.Scheme.LaterUse
	}
	x.Follows = Follows(findings)
	return checked(c, x)
}

// Form is as in Paper.
func (*Details) Form() review.Form { return review.FormDetails }

// Form is as in Paper.
func (*Notice) Form() review.Form { return review.FormNotice }
