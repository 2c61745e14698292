package regulation

import (
	"encoding/json"
	"slices"
	"strings"

	"heyi/review"
)

// branch is one result that a rule can have.
type branch struct {
	when    *compiled // nil for the last one, which holds where no other does
	source  string    // of when
	outcome string
	reason  string
	gives   []give
	say     *sentence
	line    int
	column  int
}

// give is one key of a result.
type give struct {
	name string
	compiled
}

// answers gives the answer to an input, with blame where it is unknown; false if what
// was given is not of the input's type.
type answers func(in *Input, blame uint64) (value, bool)

// fill answers the inputs of an evaluation, with defaults for what is missing. A text of
// spaces alone is missing.
func fill(used []*Input, get answers) (*env, *Input) {
	e := &env{inputs: make([]value, len(used))}
	for i, in := range used {
		v, ok := get(in, 1<<i)
		if !ok {
			return nil, in
		}
		if v.known && in.typ.kind == kindText && strings.TrimSpace(v.s) == "" {
			v = unsure(1 << i)
		}
		if !v.known && in.HasDefault {
			v = in.fallback
		}
		e.inputs[i] = v
	}
	return e, nil
}

// eval evaluates the rule. bad is the input that is not of its type, nil if all are; taken
// is the index of the branch that held, -1 if that is not known.
func (r *Rule) eval(a asking) (res Result, taken int, bad *Input) {
	e, bad := fill(r.Inputs, a.get)
	if bad != nil {
		return Result{}, -1, bad
	}
	e.names = a.names
	e.values = make([]value, 0, len(r.values))
	for _, v := range r.values {
		e.values = append(e.values, v.eval(e))
	}
	for i := range r.branches {
		b := &r.branches[i]
		if b.when != nil {
			switch v := b.when.eval(e); {
			case !v.known:
				return r.unsure(a, e, v), -1, nil
			case v.n == 0:
				continue
			}
		}
		res, gap := r.result(b, e)
		if gap != nil {
			return r.unsure(a, e, *gap), -1, nil
		}
		return res, i, nil
	}
	panic("regulation: a rule without a last result") // the loader sees to it
}

// result is what a branch says; gap is the key of it that is unknown, nil if none is.
func (r *Rule) result(b *branch, e *env) (res Result, gap *value) {
	res = Result{Rule: r.ID, Outcome: b.outcome}
	if b.reason != "" {
		res.Keys = append(res.Keys, Key{"reason", b.reason})
	}
	for _, g := range b.gives {
		v := g.eval(e)
		if !v.known {
			return Result{}, &v
		}
		res.Keys = append(res.Keys, Key{g.name, g.typ.json(v)})
	}
	res.Sentence = b.say.say(e)
	return res, nil
}

// unsure is the result for what is unknown: for want of inputs, or, where none is
// missing, for the fault of those that are there. A pack that has no sentence for a fault
// has its inputs told as missing, as all packs had when format 1 landed.
func (r *Rule) unsure(a asking, e *env, v value) Result {
	res := Result{Rule: r.ID, Outcome: OutcomeNeedsDecision}
	say := func(sentence, slot, with string) {
		res.Sentence = strings.NewReplacer(slot, with, "{cite}", r.Cite(), "{title}", r.Title).Replace(sentence)
	}
	blame := v.blame
	if blame == 0 && r.pack.uncomputable != "" {
		res.Keys = []Key{{"reason", ReasonNotComputable}}
		say(r.pack.uncomputable, "{fault}", v.fault)
		return res
	}
	if blame == 0 {
		blame = v.from
	}
	names := []string{}
	for i, in := range r.Inputs {
		if blame&(1<<i) == 0 {
			continue
		}
		title := in.Title + r.gap(in.typ, e.inputs[i])
		title += a.panel[in.Fact]
		lacks := a.lacks[in.Fact]
		if len(lacks) == 0 {
			lacks = []*Input{{Name: in.Name, Title: title}}
		}
		for _, x := range lacks {
			if !slices.Contains(names, x.Name) {
				names, res.Missing = append(names, x.Name), append(res.Missing, x.Title)
			}
		}
	}
	res.Keys = []Key{{"reason", ReasonMissingInput}, {"missing", names}}
	say(r.pack.unknown, "{missing}", strings.Join(res.Missing, "、"))
	return res
}

// gap says in brackets which fields are missing of records that are there.
func (r *Rule) gap(t *typ, v value) string {
	if t.kind != kindRecords || !v.known {
		return ""
	}
	var titles []string
	for i, f := range t.fields {
		if r.fields[t]&(1<<i) != 0 && slices.ContainsFunc(v.l, func(record value) bool { return !record.l[i].known }) {
			titles = append(titles, f.Title)
		}
	}
	return "（" + strings.Join(titles, "、") + "）"
}

// Get finds a key of the result; nil if it has none of that name.
func (r Result) Get(name string) any {
	if i := slices.IndexFunc(r.Keys, func(k Key) bool { return k.Name == name }); i >= 0 {
		return r.Keys[i].Value
	}
	return nil
}

// MarshalJSON writes outcome and keys as one object.
func (r Result) MarshalJSON() ([]byte, error) {
	m := make(map[string]any, len(r.Keys)+1)
	for _, k := range r.Keys {
		m[k.Name] = k.Value
	}
	m["outcome"] = r.Outcome
	return json.Marshal(m)
}

// Answer tells what a result means as the answer to a gate (regulations.md B.0):
// AnswerYes, AnswerNo, AnswerNA, or "" where people must decide.
func (r Result) Answer() string {
	switch r.Outcome {
	case OutcomePass, OutcomeRecommended, OutcomeOnTime, OutcomeEligible:
		return review.AnswerYes
	case OutcomeBlock, OutcomeMissing, OutcomeRequired, OutcomeOverdue:
		return review.AnswerNo
	case OutcomeNotApplicable, OutcomeNotRequired:
		return review.AnswerNA
	}
	return ""
}

// Limit tells what the finding demands before a passing conclusion.
func (f Finding) Limit() Limit {
	switch {
	case f.After:
		return LimitNone
	case f.Outcome == OutcomeNeedsDecision:
		return LimitDecision
	case f.Outcome == OutcomeBlock && f.Class == ClassVeto:
		return LimitVeto
	case f.Outcome == OutcomeBlock && f.Class == ClassPrinciple:
		return LimitBasis
	case f.Outcome == OutcomeBlock, f.Outcome == OutcomeMissing:
		return LimitReason
	}
	return LimitNone
}
