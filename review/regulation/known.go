package regulation

import (
	"slices"

	"heyi/review"
	"heyi/review/scoring"
)

// Known is what is known of a project when its rules are asked.
type Known struct {
	Facts []review.Fact
	// Panel is what the experts' answers come to: item id → review.AnswerYes, AnswerNo or
	// AnswerNA; an item that is open is not in it. nil before the opening.
	Panel map[string]string
	// Signed are the records, by their names, that the group has signed in a paper of this
	// review: what a field with signed asks for. nil before.
	Signed []string
	// Conclusion is the id of the conclusion that the panel has reached; "" before it.
	Conclusion string
}

// Panel gives what the experts' answers come to for the items that answer an input of their
// scheme, by CM-05, and where that leaves them open, by what the chair has closed.
// Codes: CodeSchemeUnknown, CodeRuleUnknown (there is no common pack).
func (l *Library) Panel(t scoring.Tally, closed map[string]string) (map[string]string, error) {
	s, ok := l.schemes[t.Scheme.ID]
	if !ok {
		return nil, review.E(review.CodeSchemeUnknown, "regulation.Library.Panel", t.Scheme.ID, nil)
	}
	panel := map[string]string{}
	for _, it := range t.Items {
		if !slices.ContainsFunc(s.Items, func(o Item) bool { return o.ID == it.ID && o.answers != nil }) {
			continue
		}
		answer, _, err := l.answer(it, nil, closed)
		if err != nil {
			return nil, err
		}
		if answer != "" {
			panel[it.ID] = answer
		}
	}
	return panel, nil
}

// asking is one evaluation of rules: what answers their inputs, and what people are told of
// those that nothing answers.
type asking struct {
	get   answers
	names map[string]string   // what codes are called, before the pack's terms
	lacks map[string][]*Input // by fact: what has to be known before the scheme can answer it
	panel map[string]string   // by fact: what is said of one that the panel's answers leave open
}

// asks makes what is known answer the inputs of the scheme's rules, before the conclusion or
// after it. bad is the input of a fact that is not of its type, nil if there is none.
func (s *Scheme) asks(k Known, after bool) (a asking, bad *Input) {
	get := facts(k.Facts, k.Signed)
	a = asking{lacks: map[string][]*Input{}, panel: map[string]string{}}
	settled := map[string]value{}
	for _, x := range s.sets {
		e, bad := fill(x.used, get)
		if bad != nil {
			return asking{}, bad
		}
		v := x.eval(e)
		for i, in := range x.used {
			if v.blame&(1<<i) != 0 {
				a.lacks[x.fact] = append(a.lacks[x.fact], in)
			}
		}
		settled[x.fact] = v
	}
	for _, it := range s.Items {
		if it.answers == nil {
			continue
		}
		answer := k.Panel[it.ID]
		switch settled[it.answers.Fact] = truth(answer == review.AnswerYes); answer {
		case "":
			settled[it.answers.Fact], a.panel[it.answers.Fact] = value{}, "（待专家组评议）"
		case review.AnswerNA:
			settled[it.answers.Fact], a.panel[it.answers.Fact] = value{}, "（专家组答复不适用）"
		}
	}
	if s.concludes != nil {
		settled[s.concludes.Fact] = value{}
		if i := slices.IndexFunc(s.Conclusions, func(c Conclusion) bool { return c.ID == k.Conclusion }); after && i >= 0 {
			settled[s.concludes.Fact], _ = s.concludes.typ.scalar(s.Conclusions[i].Gives) // the loader sees to it
		}
	}
	a.get = func(in *Input, blame uint64) (value, bool) {
		v, ok := settled[in.Fact]
		switch {
		case !ok:
			return get(in, blame)
		case !v.known:
			return unsure(blame), true // what it was for is of another expression's inputs
		}
		return v, true
	}
	return a, nil
}
