package regulation

import (
	"slices"

	"heyi/review"
)

// Library is the packs that a program has, compiled. It is safe for concurrent use
// and never changes.
type Library struct {
	packs   []*Pack
	rules   map[string]*Rule
	schemes map[string]*Scheme
}

// Outcomes of rules (regulations.md 0.3).
const (
	OutcomePass          = "pass"
	OutcomeBlock         = "block"
	OutcomeMissing       = "missing"
	OutcomeRequired      = "required"
	OutcomeRecommended   = "recommended"
	OutcomeNotRequired   = "not_required"
	OutcomeNotApplicable = "not_applicable"
	OutcomeNeedsDecision = "needs_decision"
	OutcomeOnTime        = "on_time"
	OutcomeOverdue       = "overdue"
	OutcomePending       = "pending"
	OutcomeTooEarly      = "too_early"
	OutcomeEligible      = "eligible"
	OutcomeInScope       = "in_scope"
	OutcomeOutOfScope    = "out_of_scope"
	OutcomeComputed      = "computed"
)

// The reasons of a needs_decision that come from nothing that the rule says.
const (
	ReasonMissingInput  = "missing_input"  // from an input that is missing
	ReasonNotComputable = "not_computable" // nothing is missing, but nothing can be computed from what is there
)

// Result is what a rule says of inputs. As JSON it is one object: outcome and the keys
// that the rule gives, no more and no less.
type Result struct {
	Rule     string
	Outcome  string
	Keys     []Key    // in the rule's order
	Sentence string   // as a paper prints it, with 文号 and clause
	Missing  []string // titles of the inputs for want of which the rule could not be decided
}

// Key is one key of a result beside its outcome. Value is a string, a bool, an int64, a
// []string or a []int64.
type Key struct {
	Name  string
	Value any
}

// Finding is the result of one rule for one project.
type Finding struct {
	Result
	Title   string
	Article string // 条款 alone
	Cite    string // 文号 and clause
	Class   Class
	Origin  Origin
	After   bool // evaluated after the conclusion: limits nothing, feeds the opinion and the filing list
}

// Limit is what a finding demands before a passing conclusion is chosen
// (regulations.md 0.3). The panel may always decide otherwise, on the record.
type Limit string

// The limits, from none to the strictest.
const (
	LimitNone     Limit = ""         // nothing
	LimitDecision Limit = "decision" // people must decide: the reason goes with a passing conclusion
	LimitReason   Limit = "reason"   // the chair's recorded reason
	LimitBasis    Limit = "basis"    // a recorded basis: the text says 原则上
	LimitVeto     Limit = "veto"     // a passing conclusion is against the text
)

// Due tells whether a material must be there.
type Due string

// The states of a material.
const (
	DueYes    Due = "due"
	DueNo     Due = "not_due"
	DueIfAny  Due = "if_any"  // where it exists
	DueUnsure Due = "unknown" // a fact is missing that decides it
)

// MaterialState is one material of a scheme for one project.
type MaterialState struct {
	Material
	Due     Due
	Present bool     // a document says that it is this material
	Missing []string // with DueUnsure: titles of the facts that are missing
}

// Suggestion is what the experts' answers and the findings suggest. It binds nobody.
type Suggestion struct {
	Outcome      string   // id of a conclusion of the scheme; "" while it is open
	Total        string   // two decimals; "" where nothing is weighted
	Rule         string   // the common rule that it comes from: CM-04, CM-09 or CM-10
	GatesFailed  []string // ids of items
	Noncompliant []string // ids of yes/no items answered 不符合
	Undecided    []string // ids of items that the chair has to close after 合议, with a reason
	Sentence     string
}

// NewLibrary puts packs together. Schemes that it gives carry the digests of their own
// pack's files and of the common pack's.
// Codes: CodePackTwin (a pack, a rule or a scheme is there twice. Item: its id).
func NewLibrary(packs ...*Pack) (*Library, error) {
	const op = "regulation.NewLibrary"
	l := &Library{packs: slices.Clone(packs), rules: map[string]*Rule{}, schemes: map[string]*Scheme{}}
	var common []review.Digest
	seen := map[string]bool{}
	for _, p := range packs {
		if seen[p.ID] {
			return nil, review.E(review.CodePackTwin, op, p.ID, nil)
		}
		seen[p.ID] = true
		if p.ID == Common {
			common = p.Digests()
		}
		for _, r := range p.Rules {
			if l.rules[r.ID] != nil {
				return nil, review.E(review.CodePackTwin, op, r.ID, nil)
			}
			l.rules[r.ID] = r
		}
	}
	for _, p := range packs {
		for _, s := range p.Schemes {
			own := *s
			own.packs = p.Digests()
			if p.ID != Common {
				own.packs = append(own.packs, common...)
			}
			l.schemes[s.ID] = &own // its id begins with its pack's
		}
	}
	return l, nil
}

// Packs gives the packs, in the order given.
func (l *Library) Packs() []*Pack { return slices.Clone(l.packs) }

// Rule finds a rule.
func (l *Library) Rule(id string) (*Rule, bool) { r, ok := l.rules[id]; return r, ok }

// Scheme finds a scheme by its full id, yueqing-2015.technical_review.
func (l *Library) Scheme(id string) (*Scheme, bool) { s, ok := l.schemes[id]; return s, ok }

// Rules gives all rules, by packs and in their order.
func (l *Library) Rules() []*Rule {
	var all []*Rule
	for _, p := range l.packs {
		all = append(all, p.Rules...)
	}
	return all
}

// Schemes gives all schemes, by packs and in their order.
func (l *Library) Schemes() []*Scheme {
	var all []*Scheme
	for _, p := range l.packs {
		for _, s := range p.Schemes {
			all = append(all, l.schemes[s.ID])
		}
	}
	return all
}

// Eval evaluates one rule. in holds what is known by the names of inputs; null, a name
// that is not there, "" for a word or date, and a text of spaces are the same; names that
// the rule does not ask about, and of records fields that they do not have, are passed
// over; a word that is not in its list is none of those in it. Values are as encoding/json
// gives them, with or without UseNumber; ints are taken too.
// Codes: CodeRuleUnknown (Item: the id), CodeRuleInput (a value is not of the input's
// type. Item: the rule and the input's name).
func (l *Library) Eval(rule string, in map[string]any) (Result, error) {
	f, err := l.find("regulation.Library.Eval", rule, in, nil)
	return f.Result, err
}

// Find evaluates one rule as Eval does and says where it is from: for rules that a service
// asks with inputs of its own.
// Codes: those of Eval.
func (l *Library) Find(rule string, in map[string]any) (Finding, error) {
	return l.find("regulation.Library.Find", rule, in, nil)
}

// find evaluates one rule; names is what codes are called in its sentence.
func (l *Library) find(op, rule string, in map[string]any, names map[string]string) (Finding, error) {
	r, ok := l.rules[rule]
	if !ok {
		return Finding{}, review.E(review.CodeRuleUnknown, op, rule, nil)
	}
	res, _, bad := r.eval(asking{get: given(in), names: names})
	if bad != nil {
		return Finding{}, review.E(review.CodeRuleInput, op, rule+" "+bad.Name, nil)
	}
	return r.finding(res), nil
}

// finding says where a result is from.
func (r *Rule) finding(res Result) Finding {
	return Finding{Result: res, Title: r.Title, Article: r.Article, Cite: r.Cite(), Class: r.Class, Origin: r.Origin}
}

// given answers inputs from what JSON gives.
func given(in map[string]any) answers {
	return func(i *Input, blame uint64) (value, bool) { return i.typ.decode(in[i.Name], blame) }
}

// facts answers inputs from the facts of a project, and from what its group has signed.
func facts(list []review.Fact, signed []string) answers {
	known := make(map[string]string, len(list))
	for _, f := range list {
		known[f.Key] = f.Value
	}
	return func(in *Input, blame uint64) (value, bool) {
		s, ok := known[in.Fact]
		if !ok {
			return unsure(blame), true
		}
		v, ok := in.typ.fact(s, blame)
		if ok && v.known && in.typ.kind == kindRecords {
			in.typ.sign(v, signed)
		}
		return v, ok
	}
}

// sign answers, of the records that the group has signed, the fields that ask for that.
func (t *typ) sign(records value, signed []string) {
	for _, r := range records.l {
		if !slices.Contains(signed, r.l[t.key].s) {
			continue
		}
		for i, f := range t.fields {
			if f.signed {
				r.l[i] = truth(true)
			}
		}
	}
}

// CheckFacts tells whether the facts of a project can be read by the scheme's rules
// and materials, and which of their keys nothing in the scheme's regulation asks about.
// It is stricter than Eval, so that what is mistyped is found: words are of their lists,
// figures not below their bounds, records named and each differently, and what a record
// has beside its fields is text.
// Codes: CodeSchemeUnknown, CodeFactType (a fact's value is not of its input's type.
// Item: the key).
func (l *Library) CheckFacts(scheme string, list []review.Fact) (unknown []string, err error) {
	const op = "regulation.Library.CheckFacts"
	s, ok := l.schemes[scheme]
	if !ok {
		return nil, review.E(review.CodeSchemeUnknown, op, scheme, nil)
	}
	asked := map[string]*Input{}
	for _, in := range slices.Concat(s.inputs(), s.pack.Inputs) {
		if asked[in.Fact] == nil {
			asked[in.Fact] = in
		}
	}
	for _, f := range list {
		in := asked[f.Key]
		if in == nil {
			unknown = append(unknown, f.Key)
			continue
		}
		if _, ok := in.typ.fact(f.Value, 0); !ok {
			return nil, review.E(review.CodeFactType, op, f.Key, nil)
		}
	}
	return unknown, nil
}

// inputs gives what the scheme's rules and materials ask about, each once.
func (s *Scheme) inputs() []*Input {
	var all []*Input
	seen := map[*Input]bool{}
	add := func(list []*Input) {
		for _, in := range list {
			if !seen[in] {
				all, seen[in] = append(all, in), true
			}
		}
	}
	for _, ref := range s.Checks {
		if i := slices.IndexFunc(s.pack.Rules, func(r *Rule) bool { return r.ID == ref.ID }); i >= 0 {
			add(s.pack.Rules[i].Inputs)
		}
	}
	for _, m := range s.Materials {
		add(m.used)
	}
	return all
}

// Inputs gives the facts that the scheme asks of a project, in the order in which its
// rules and materials ask, without what its own conclusion, its items or the scheme itself
// answers.
func (s *Scheme) Inputs() []*Input {
	all, own := s.inputs(), s.answered()
	for _, x := range s.sets {
		for _, in := range x.used {
			if !slices.Contains(all, in) {
				all = append(all, in)
			}
		}
	}
	return slices.DeleteFunc(all, func(in *Input) bool { return slices.Contains(own, in.Fact) })
}

// answered gives the facts that the review answers itself: by its conclusion, its items, or
// because the scheme says so.
func (s *Scheme) answered() []string {
	var own []string
	if s.concludes != nil {
		own = append(own, s.concludes.Fact)
	}
	for _, it := range s.Items {
		if it.answers != nil {
			own = append(own, it.answers.Fact)
		}
	}
	for _, x := range s.sets {
		own = append(own, x.fact)
	}
	return own
}

// Input gives what a project's fact answers: of what the scheme asks, else of what its
// regulation knows; nil for nothing, and of no scheme.
func (s *Scheme) Input(fact string) *Input {
	if s == nil {
		return nil
	}
	for _, list := range [][]*Input{s.Inputs(), s.pack.Inputs} {
		if i := slices.IndexFunc(list, func(in *Input) bool { return in.Fact == fact }); i >= 0 {
			return list[i]
		}
	}
	return nil
}

// Findings evaluates the rules that a frozen scheme names, in its order. The rules for
// after the conclusion are given only once there is one, with the input that the scheme
// concludes answered by it. For the rules before it nothing answers that input, whatever
// the facts say of it; nor do facts answer what the scheme itself or the panel answers.
// Codes: CodeSchemeUnknown, CodeRuleUnknown, CodeFactType, CodeOutcome (the scheme has
// no such conclusion).
func (l *Library) Findings(c review.Scheme, k Known) ([]Finding, error) {
	const op = "regulation.Library.Findings"
	s, ok := l.schemes[c.ID]
	if !ok {
		return nil, review.E(review.CodeSchemeUnknown, op, c.ID, nil)
	}
	if k.Conclusion != "" && !slices.ContainsFunc(s.Conclusions, func(o Conclusion) bool { return o.ID == k.Conclusion }) {
		return nil, review.E(review.CodeOutcome, op, k.Conclusion, nil)
	}
	before, bad := s.asks(k, false)
	if bad != nil {
		return nil, review.E(review.CodeFactType, op, bad.Fact, nil)
	}
	after, _ := s.asks(k, true)
	out := []Finding{}
	for _, ref := range c.Rules {
		r, ok := l.rules[ref.ID]
		if !ok {
			return nil, review.E(review.CodeRuleUnknown, op, ref.ID, nil)
		}
		ask := before
		if ref.After {
			if k.Conclusion == "" {
				continue
			}
			ask = after
		}
		res, _, bad := r.eval(ask)
		if bad != nil {
			return nil, review.E(review.CodeFactType, op, bad.Fact, nil)
		}
		f := r.finding(res)
		f.After = ref.After
		out = append(out, f)
	}
	return out, nil
}

// Materials tells which materials of a scheme are due for a project, and which are
// there; present are the material codes that its documents carry.
// Codes: CodeSchemeUnknown, CodeFactType.
func (l *Library) Materials(scheme string, list []review.Fact, present []string) ([]MaterialState, error) {
	const op = "regulation.Library.Materials"
	s, ok := l.schemes[scheme]
	if !ok {
		return nil, review.E(review.CodeSchemeUnknown, op, scheme, nil)
	}
	ask, bad := s.asks(Known{Facts: list}, false)
	if bad != nil {
		return nil, review.E(review.CodeFactType, op, bad.Fact, nil)
	}
	out := make([]MaterialState, len(s.Materials))
	for i, m := range s.Materials {
		out[i] = MaterialState{Material: m, Due: DueYes, Present: slices.Contains(present, m.Code)}
		if m.Optional {
			out[i].Due = DueIfAny
		}
		if m.due == nil {
			continue
		}
		e, bad := fill(m.used, ask.get)
		if bad != nil {
			return nil, review.E(review.CodeFactType, op, bad.Fact, nil)
		}
		switch v := m.due.eval(e); {
		case v.no():
			out[i].Due = DueNo
		case !v.known:
			out[i].Due = DueUnsure
			for j, in := range m.used {
				if v.blame&(1<<j) != 0 {
					out[i].Missing = append(out[i].Missing, in.Title)
				}
			}
		}
	}
	return out, nil
}
