package present

import (
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"heyi/review"
	"heyi/review/scoring"
)

// answers is a score sheet as far as it is filled in, right or wrong: what the draft of a
// ballot keeps. A draft that says no version is a review.Sheet, as the command line keeps
// it; what is no JSON at all is taken for the text of the opinion. Nothing that somebody
// has written is dropped because it is not in its form.
type answers struct {
	Version int           `json:"v"`     // 1
	Marks   []review.Mark `json:"marks"` // one for each item, in the scheme's order, as typed; "" for 未评
	Opinion []string      `json:"opinion"`
	Outcome string        `json:"outcome"`

	Form Form   `json:"form,omitempty"`
	Step int    `json:"step,omitempty"` // where the person was: as Scoring.Step
	File string `json:"file,omitempty"` // the document that was open
	Page int    `json:"page,omitempty"` // and its page
}

// answersVersion is the version of answers that this program writes.
const answersVersion = 1

// noAnswers gives a sheet on which nothing is filled in.
func noAnswers(c review.Scheme) answers {
	a := answers{Version: answersVersion}
	for _, it := range c.Items {
		a.Marks = append(a.Marks, review.Mark{Item: it.ID})
	}
	return a
}

// readAnswers reads a draft.
func readAnswers(c review.Scheme, draft string) answers {
	a := noAnswers(c)
	var kept answers
	if json.Unmarshal([]byte(draft), &kept) != nil {
		a.Opinion = review.Paragraphs(draft)
		return a
	}
	for _, m := range kept.Marks {
		if i := slices.IndexFunc(a.Marks, func(x review.Mark) bool { return x.Item == m.Item }); i >= 0 {
			a.Marks[i] = m
		}
	}
	a.Opinion, a.Outcome = kept.Opinion, kept.Outcome
	a.Form, a.Step, a.File, a.Page = kept.Form, kept.Step, kept.File, kept.Page
	return a
}

// answersOf gives a sheet that was submitted, to be changed.
func answersOf(c review.Scheme, h review.Sheet) answers {
	a := noAnswers(c)
	copy(a.Marks, h.Marks)
	a.Opinion, a.Outcome = slices.Clone(h.Opinion), h.Outcome
	return a
}

// blank tells whether nothing is filled in.
func (a answers) blank() bool {
	marked := slices.ContainsFunc(a.Marks, func(m review.Mark) bool { return m.Value != "" || m.Reason != "" })
	written := slices.ContainsFunc(a.Opinion, func(t string) bool { return t != "" })
	return !marked && !written && a.Outcome == ""
}

// draft gives what is kept of the sheet: "" where nothing is filled in, so that looking at
// a sheet leaves no trace in the record.
func (a answers) draft() string {
	if a.blank() {
		return ""
	}
	b, err := json.Marshal(a)
	if err != nil {
		panic("present: " + err.Error()) // strings and numbers always encode
	}
	return string(b)
}

// typed is a decimal as people type it: 8, 8.5, 08, 8.
var typed = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{0,9})?$`)

// number reads a mark as typed; nil if it is none.
func number(value string) *big.Rat {
	if !typed.MatchString(value) {
		return nil
	}
	x, _ := new(big.Rat).SetString(strings.TrimSuffix(value, "."))
	return x
}

// plain writes a mark in its one form, 08.50 as 8.5; what is no number stays as it is.
func plain(value string) string {
	x := number(value)
	if x == nil {
		return value
	}
	n, _ := x.FloatPrec()
	return x.FloatString(n)
}

// wrong says by its key under "score.wrong." why a value cannot stand for an item; "" if it
// can, or if there is none.
func wrong(it review.Item, value string) string {
	if value == "" || value == review.AnswerNA && it.NA {
		return ""
	}
	if it.Kind != review.ItemScore {
		if value == review.AnswerYes || value == review.AnswerNo || value == review.AnswerAbstain {
			return ""
		}
		return "answer"
	}
	x, full, step := number(value), number(it.Full), number(it.Step)
	switch {
	case x == nil || full == nil || step == nil || step.Sign() == 0:
		return "number"
	case x.Cmp(full) > 0:
		return "full"
	case !new(big.Rat).Quo(x, step).IsInt():
		return "step"
	}
	return ""
}

// differs tells whether the answer to an item is another than in the round before, and so
// needs a reason.
func (a answers) differs(i int, before *review.Sheet) bool {
	return before != nil && i < len(before.Marks) && a.Marks[i].Value != "" && plain(a.Marks[i].Value) != plain(before.Marks[i].Value)
}

// sheet gives the sheet as it is submitted: marks in their one form, empty paragraphs left
// out.
func (a answers) sheet(before *review.Sheet) review.Sheet {
	h := review.Sheet{Outcome: a.Outcome}
	for i, m := range a.Marks {
		m.Value, m.Reason = plain(m.Value), strings.TrimSpace(m.Reason)
		if before != nil && i < len(before.Marks) && !a.differs(i, before) && m.Value != "" {
			m.Value = before.Marks[i].Value // as it was written then
		}
		h.Marks = append(h.Marks, m)
	}
	for _, t := range a.Opinion {
		h.Opinion = append(h.Opinion, review.Paragraphs(t)...)
	}
	return h
}

// lack is something that keeps a sheet from being submitted.
type lack struct {
	key  string // "sheet.lack.KEY" says it
	data map[string]any
	err  error // says it instead, where there is one
	spot Spot
}

// lacks gives what keeps the sheet from being submitted, in its order. paragraphs are the
// ids of Opinion.
func (a answers) lacks(c review.Scheme, before *review.Sheet, paragraphs []int) []lack {
	var out []lack
	for i, it := range c.Items {
		about := map[string]any{"Number": i + 1, "Title": it.Title, "Full": it.Full, "Step": it.Step, "Limit": review.MaxReason}
		add := func(key string, part SpotPart) { out = append(out, lack{key: key, data: about, spot: Spot{part, i}}) }
		m := a.Marks[i]
		reason := strings.TrimSpace(m.Reason)
		switch why := wrong(it, m.Value); {
		case m.Value == "":
			add("mark", SpotMark)
		case why != "":
			add(why, SpotMark)
		case a.differs(i, before) && reason == "":
			add("reason", SpotReason)
		}
		if err := review.CheckLine("reason", reason, review.MaxReason); reason != "" && err != nil {
			if review.CodeOf(err) == review.CodeTextLong {
				add("reason.long", SpotReason)
			} else {
				out = append(out, lack{err: err, spot: Spot{SpotReason, i}})
			}
		}
	}
	written := 0
	for i, t := range a.Opinion {
		for _, line := range review.Paragraphs(t) {
			written++
			if err := review.CheckLine("opinion", line, review.MaxParagraph); err != nil {
				x := lack{err: err, spot: Spot{SpotParagraph, paragraphs[i]}}
				if review.CodeOf(err) == review.CodeTextLong {
					x.key, x.err = "paragraph.long", nil
					x.data = map[string]any{"Number": i + 1, "Count": utf8.RuneCountInString(line), "Limit": review.MaxParagraph}
				}
				out = append(out, x)
			}
		}
	}
	first := Spot{Part: SpotParagraph}
	if len(paragraphs) > 0 {
		first.At = paragraphs[0]
	}
	switch {
	case written == 0 && len(c.Items) == 0:
		out = append(out, lack{key: "opinion", spot: first})
	case written > review.MaxOpinion:
		out = append(out, lack{key: "opinion.long", data: map[string]any{"Limit": review.MaxOpinion}, spot: first})
	}
	return out
}

// total gives what the marks come to by now, as the tally counts one expert (CM-03 of his
// ballot alone, in percent); nil where the scheme does not count or nothing counts yet.
func (a answers) total(c review.Scheme) *big.Rat {
	if c.Mode != review.ModeWeighted {
		return nil
	}
	var weights []*big.Rat
	var scores [][]*big.Rat
	for i, it := range c.Items {
		if it.Kind != review.ItemScore {
			continue
		}
		var percent *big.Rat
		if x := number(a.Marks[i].Value); x != nil && wrong(it, a.Marks[i].Value) == "" {
			percent = x.Mul(x.Quo(x, number(it.Full)), big.NewRat(100, 1))
		}
		weights, scores = append(weights, number(it.Weight)), append(scores, []*big.Rat{percent})
	}
	total, _ := scoring.Weighted(weights, scores)
	return total
}

// group is what the answers to the items of one kind come to.
type group struct {
	kind       review.ItemKind
	done, all  int
	sum, outOf *big.Rat // of marks, without what is 不适用
}

// groups gives the kinds of items of the scheme, each with what was answered.
func (a answers) groups(c review.Scheme) []group {
	var out []group
	for i, it := range c.Items {
		at := slices.IndexFunc(out, func(g group) bool { return g.kind == it.Kind })
		if at < 0 {
			at = len(out)
			out = append(out, group{kind: it.Kind, sum: new(big.Rat), outOf: new(big.Rat)})
		}
		g, value := &out[at], a.Marks[i].Value
		g.all++
		if value != review.AnswerNA && it.Kind == review.ItemScore {
			g.outOf.Add(g.outOf, number(it.Full))
		}
		if value == "" || wrong(it, value) != "" {
			continue
		}
		g.done++
		if x := number(value); x != nil {
			g.sum.Add(g.sum, x)
		}
	}
	return out
}
