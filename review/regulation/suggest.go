package regulation

import (
	"slices"

	"heyi/review"
	"heyi/review/scoring"
)

// The common rules by which answers become a suggestion.
const (
	ruleWeighted   = "CM-04"
	ruleVote       = "CM-05"
	ruleCompliance = "CM-09"
	ruleBands      = "CM-10"
)

// The conclusions that the common rules know: those of a review, notPassed being what
// nothing can better any more, and those of a scheme that concludes in bands.
const notPassed = "not_passed"

var (
	verdicts = []string{"passed", "passed_after_revision", notPassed}
	bands    = []string{"you", "liang", "zhong", "cha"}
)

// Suggest applies CM-04, CM-09 or CM-10 to a tally and the findings, with CM-05 for
// gates and yes/no items. closed is how the chair has closed items after 合议: item id →
// AnswerYes or AnswerNo; nil for none.
//
// A gate fails where its rule or the panel says so. The suggestion is open while an
// item waits for the chair, unless it is 不通过 already, and where nothing is scored. The
// sentence calls items and conclusions by the titles that they have in the scheme.
// Codes: CodeRuleUnknown (there is no common pack).
func (l *Library) Suggest(t scoring.Tally, findings []Finding, closed map[string]string) (Suggestion, error) {
	s := Suggestion{Rule: ruleWeighted, GatesFailed: []string{}, Noncompliant: []string{}, Undecided: []string{}}
	answers, gates, against := []any{}, []any{}, []any{}
	waits := "" // what is said of the first item that waits
	for _, it := range t.Items {
		if it.Kind == review.ItemScore {
			continue
		}
		answer, sentence, err := l.answer(it, findings, closed)
		if err != nil {
			return Suggestion{}, err
		}
		switch {
		case answer == "":
			s.Undecided = append(s.Undecided, it.ID)
			if waits == "" {
				waits = it.Title + "：" + sentence
			}
			answers = append(answers, nil)
			continue
		case answer == review.AnswerNo && it.Kind == review.ItemGate:
			s.GatesFailed, gates = append(s.GatesFailed, it.ID), append(gates, it.Title)
		case answer == review.AnswerNo:
			s.Noncompliant, against = append(s.Noncompliant, it.ID), append(against, it.Title)
		}
		answers = append(answers, answer)
	}
	var total any
	if t.Official != nil {
		s.Total = scoring.Round2(t.Official)
		total = s.Total
	}
	in := map[string]any{"total": total, "gates_failed": gates, "noncompliant": against}
	if own := t.Scheme.Own; own != nil && len(own.Bounds) > 0 {
		from := own.Bounds[0].From // what the scheme does not have follows the better one
		for _, outcome := range append(slices.Clone(verdicts), bands...) {
			if i := slices.IndexFunc(own.Bounds, func(b review.Bound) bool { return b.Outcome == outcome }); i >= 0 {
				from = own.Bounds[i].From
			}
			in[boundInput+outcome] = from
		}
	}
	key := "suggested"
	switch {
	case t.Scheme.Mode == "":
		s.Rule = ""
		return s, nil
	case t.Scheme.Mode == review.ModeCompliance:
		s.Rule, in = ruleCompliance, map[string]any{"answers": answers}
	case t.Scheme.Banded():
		s.Rule, key = ruleBands, "band"
	}
	names := map[string]string{}
	for _, known := range [][]string{verdicts, bands} {
		for _, id := range known {
			if o, ok := nearest(t.Scheme, known, id); ok {
				names[id] = o.Title
			}
		}
	}
	r, err := l.find("regulation.Library.Suggest", s.Rule, in, names)
	if err != nil {
		return Suggestion{}, err
	}
	s.Sentence = r.Sentence
	outcome, _ := r.Get(key).(string)
	for _, known := range [][]string{verdicts, bands} {
		if o, ok := nearest(t.Scheme, known, outcome); ok {
			outcome = o.ID
		}
	}
	if _, ok := t.Scheme.Outcome(outcome); !ok {
		return s, nil
	}
	if len(s.Undecided) > 0 && outcome != notPassed {
		s.Sentence = waits
		return s, nil
	}
	s.Outcome = outcome
	return s, nil
}

// nearest gives the conclusion of a scheme that one of the known conclusions stands for: itself,
// or where the scheme does not have it the next worse one. No scheme is given a better
// conclusion than was suggested.
func nearest(c review.Scheme, known []string, id string) (review.Outcome, bool) {
	i := slices.Index(known, id)
	for ; i >= 0 && i < len(known); i++ {
		if o, ok := c.Outcome(known[i]); ok {
			return o, true
		}
	}
	return review.Outcome{}, false
}

// answer is what a gate or yes/no item comes to, "" while it waits for the chair, and
// what is to be said of it then.
func (l *Library) answer(it scoring.Item, findings []Finding, closed map[string]string) (answer, sentence string, err error) {
	vote, err := l.Eval(ruleVote, map[string]any{"yes": it.Votes.Yes, "no": it.Votes.No, "abstain": it.Votes.Abstain})
	if err != nil {
		return "", "", err
	}
	answer, sentence = vote.Answer(), vote.Sentence
	if it.Votes.NA > 0 && it.Votes.Yes+it.Votes.No == 0 {
		answer = review.AnswerNA
	}
	i := slices.IndexFunc(findings, func(f Finding) bool { return it.Rule != "" && f.Rule == it.Rule && !f.After })
	if i >= 0 {
		switch computed := findings[i].Answer(); {
		case computed == review.AnswerNo:
			return computed, "", nil
		case computed == "" && answer != review.AnswerNo:
			answer, sentence = "", findings[i].Sentence
		}
	}
	if answer == "" {
		answer = closed[it.ID]
	}
	return answer, sentence, nil
}

// boundInput and the id of a conclusion name the input of the common rules that says from
// which total on it is suggested.
const boundInput = "from_"

// Bounds gives from which totals on a scheme's conclusions are suggested, from the best: as
// the scheme has set them, else as the common rules have them. None where no total is
// counted, and where the common rules are of before they took bounds.
func (l *Library) Bounds(c review.Scheme) []review.Bound {
	if c.Own != nil && len(c.Own.Bounds) > 0 {
		return slices.Clone(c.Own.Bounds)
	}
	var out []review.Bound
	for _, outcome := range c.Suggested() {
		for _, id := range []string{ruleWeighted, ruleBands} {
			r, ok := l.rules[id]
			if !ok {
				continue
			}
			if i := slices.IndexFunc(r.Inputs, func(in *Input) bool { return in.Name == boundInput+outcome && in.HasDefault }); i >= 0 {
				out = append(out, review.Bound{Outcome: outcome, From: r.Inputs[i].Default})
			}
		}
	}
	return out
}
