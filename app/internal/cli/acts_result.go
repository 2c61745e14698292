package cli

import (
	"encoding/json"
	"strings"

	"heyi/app/internal/words"
	"heyi/review"
)

// blank writes the file of a ballot to be filled in, and says what may stand in it.
func (a *acting) blank() (told, error) {
	p, err := a.x.Project(a.project())
	if err != nil {
		return told{}, err
	}
	path := a.text("out")
	if err := a.free(path); err != nil {
		return told{}, err
	}
	sheet := struct {
		Marks   []blankMark `json:"marks"`
		Opinion []string    `json:"opinion"`
		Outcome string      `json:"outcome"`
	}{[]blankMark{}, []string{""}, ""}
	answers := said{"yes": review.AnswerYes, "no": review.AnswerNo, "abstain": review.AnswerAbstain, "na": review.AnswerNA}
	var rows [][]string
	for _, it := range p.Scheme.Items {
		sheet.Marks = append(sheet.Marks, blankMark{Item: it.ID})
		takes := a.sentence("meeting.blank.mark", said{"full": it.Full, "step": it.Step})
		if it.Kind != review.ItemScore {
			takes = a.sentence("meeting.blank.answer", answers)
		}
		if it.NA {
			takes += a.sentence("meeting.blank.na", answers)
		}
		rows = append(rows, []string{it.ID, short(it.Title), takes})
	}
	b, err := json.MarshalIndent(sheet, "", "  ")
	if err != nil {
		return told{}, review.E(review.CodeInternal, "cli.acting.blank", "", err)
	}
	if err := a.Write(path, append(b, '\n')); err != nil {
		return told{}, err
	}
	out, err := a.done(said{"project": p.Project, "path": path})
	out.lines = append(out.lines, table("  ", rows)...)
	out.lines = append(out.lines, wrap("  ", a.sentence("meeting.blank.rest", said{"reason": "reason", "opinion": "opinion"}))...)
	var outcomes []string
	for _, o := range p.Scheme.Outcomes {
		outcomes = append(outcomes, o.ID+"（"+o.Title+"）")
	}
	out.lines = append(out.lines, wrap("  ", a.sentence("meeting.blank.outcomes", said{"outcome": "outcome", "outcomes": strings.Join(outcomes, "、")}))...)
	return out, err
}

// blankMark is a review.Mark with every member there, also those that may be left out.
type blankMark struct {
	Item   string `json:"item"`
	Value  string `json:"value"`
	Reason string `json:"reason"`
}

// resultView is what a review came to, as --json gives it.
type resultView struct {
	Project     review.ProjectID `json:"project"`
	Title       string           `json:"title"`
	Stage       review.Stage     `json:"stage"`
	Outcome     string           `json:"outcome"`
	Concluded   string           `json:"concluded"` // the conclusion's title
	Suggested   string           `json:"suggested"`
	Reason      string           `json:"reason"`
	At          string           `json:"at"`
	Against     []review.Against `json:"against"`
	Settled     []settledView    `json:"settled"`
	Corrections []correctionView `json:"corrections"`
	Votes       []voteView       `json:"votes"`
	Counts      []countedView    `json:"counts"`
	Signed      []string         `json:"signed"`
	Refused     []refusedView    `json:"refused"`
}

type settledView struct {
	Round  int    `json:"round"`
	Item   string `json:"item"`
	Answer string `json:"answer"`
	Reason string `json:"reason"`
}

type correctionView struct {
	Number   int    `json:"number"`
	Fact     string `json:"fact"`
	Old      string `json:"old"`
	New      string `json:"new"`
	Evidence string `json:"evidence"`
}

type voteView struct {
	Name   string        `json:"name"`
	Choice review.Choice `json:"choice"`
	Text   string        `json:"text"`
	Annex  bool          `json:"annex"`
}

type countedView struct {
	Motion  string `json:"motion"`
	Yes     int    `json:"yes"`
	No      int    `json:"no"`
	Abstain int    `json:"abstain"`
}

type refusedView struct {
	Name    string `json:"name"`
	Reason  string `json:"reason"`
	Witness string `json:"witness"`
}

// result shows what a review came to: the conclusion with its reasons, what the chair has
// settled, what was corrected, how everybody voted and who signed.
// Codes: CodeHidden, CodeProjectUnknown, CodeOutcome (nothing is concluded yet).
func (a *acting) result() (told, error) {
	const op = "cli.acting.result"
	state := a.x.State()
	p := state.Project(a.project())
	if p == nil {
		return told{}, review.E(review.CodeProjectUnknown, op, string(a.project()), nil)
	}
	for _, t := range []review.Thing{review.ThingConclusion, review.ThingVotes} {
		if sight := state.Look(a.as(), t, p.ID); !sight.Allowed {
			return told{}, review.E(review.CodeHidden, op, string(sight.Why), nil)
		}
	}
	v := resultView{
		Project: p.ID, Title: p.Title, Stage: p.Stage, Against: []review.Against{}, Settled: []settledView{},
		Corrections: []correctionView{}, Votes: []voteView{}, Counts: []countedView{}, Signed: []string{}, Refused: []refusedView{},
	}
	for _, s := range p.Settled {
		v.Settled = append(v.Settled, settledView{s.Round, s.Item, s.Answer, s.Reason})
	}
	for _, c := range p.Corrections {
		v.Corrections = append(v.Corrections, correctionView{c.Number, c.Key, c.Old, c.New, c.Evidence})
	}
	for _, c := range p.Counts {
		v.Counts = append(v.Counts, countedView{c.Motion, c.Yes, c.No, c.Abstain})
	}
	if c := p.Conclusion; c != nil {
		o, _ := p.Scheme.Outcome(c.Outcome)
		v.Outcome, v.Concluded, v.Suggested, v.Reason, v.At = c.Outcome, o.Title, c.Suggested, c.Reason, rfc3339(c.At)
		v.Against = append(v.Against, c.Against...)
		for _, seat := range state.Seats {
			if vote, ok := p.Vote(seat.ID, c.Digest); ok {
				v.Votes = append(v.Votes, voteView{seat.Name, vote.Choice, vote.Text, vote.Annex})
			}
		}
		for _, g := range p.Signatures {
			if g.Subject == c.Digest {
				v.Signed = append(v.Signed, a.nameOf(g.Seat))
			}
		}
		for _, r := range p.Refusals {
			if r.Subject == c.Digest {
				v.Refused = append(v.Refused, refusedView{a.nameOf(r.Seat), r.Reason, a.nameOf(r.Witness)})
			}
		}
	}
	return told{lines: a.resultLines(p, v), object: v}, nil
}

func (a *acting) resultLines(p *review.Project, v resultView) []string {
	out := []string{a.sentence("meeting.result", said{"title": v.Title, "project": v.Project, "stage": a.name("stage", string(v.Stage))})}
	say := func(key string, s said) { out = append(out, wrap("  ", a.sentence("meeting.result."+key, s))...) }
	if p.Conclusion == nil {
		say("open", nil)
	} else {
		say("outcome", said{"outcome": v.Concluded, "by": a.nameOf(p.Conclusion.By), "at": words.DateTime(p.Conclusion.At)})
		if o, ok := p.Scheme.Outcome(v.Suggested); ok {
			say("suggested", said{"outcome": o.Title})
		}
		if v.Reason != "" {
			say("reason", said{"reason": v.Reason})
		}
	}
	for _, x := range v.Against {
		say("against", said{"rule": x.Rule, "reason": x.Reason})
	}
	for _, s := range v.Settled {
		title := s.Item
		for _, it := range p.Scheme.Items {
			if it.ID == s.Item {
				title = it.Title
			}
		}
		say("settled", said{"round": s.Round, "item": title, "answer": a.name("answer", s.Answer), "reason": s.Reason})
	}
	for _, c := range v.Corrections {
		say("corrected", said{"number": c.Number, "fact": c.Fact, "evidence": c.Evidence})
	}
	for _, c := range v.Counts {
		say("count", said{"motion": c.Motion, "yes": c.Yes, "no": c.No, "abstain": c.Abstain})
	}
	for _, x := range v.Votes {
		say("vote", said{"name": x.Name, "choice": a.name("choice", string(x.Choice)), "text": x.Text})
	}
	if len(v.Signed) > 0 {
		say("signed", said{"names": strings.Join(v.Signed, "、")})
	}
	for _, r := range v.Refused {
		say("refused", said{"name": r.Name, "reason": r.Reason, "witness": r.Witness})
	}
	return out
}
