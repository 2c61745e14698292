package regulation

import (
	"math/big"
	"slices"
	"strings"

	"heyi/review"
)

// scheme reads one scheme.
func (l *loader) scheme(n *node) {
	before := l.n
	if !l.object(n, "id", "title", "basis", "mode", "method", "least", "step", "convener", "reviewers", "trigger", "filing",
		"later_use", "concludes", "sets", "document", "skeleton", "items", "materials", "checks", "conclusions", "sections") {
		return
	}
	l.need(n, "id", "title", "basis", "convener", "reviewers", "trigger", "document", "conclusions")
	s := &Scheme{
		ID: l.pack.ID + "." + l.id(n, "id", schemeID), Title: l.text(n, "title", maxTitle), Basis: l.article(n, "basis"),
		Mode:     pick(l, n, "mode", "", review.ModeWeighted, review.ModeCompliance),
		Method:   pick(l, n, "method", "", review.MethodMean, review.MethodTrimmed, review.MethodMedian),
		Convener: l.text(n, "convener", maxTitle), Reviewers: l.text(n, "reviewers", maxTitle), Trigger: l.text(n, "trigger", maxTitle),
		Filing: l.text(n, "filing", maxTitle), LaterUse: l.text(n, "later_use", maxTitle), pack: l.pack,
	}
	if slices.ContainsFunc(l.pack.Schemes, func(o *Scheme) bool { return o.ID == s.ID }) {
		l.add(review.CodePackDuplicate, n.line, n.column, s.ID, hint{why: "id"})
	}
	if v := n.get("least"); v != nil {
		x, ok := typeInt.scalar(v.text)
		if !ok || v.shape != scalar {
			l.add(review.CodePackType, v.line, v.column, v.text, hint{why: "whole"})
		}
		s.Least = int(x.n)
	}
	step := pick(l, n, "step", "0.5", "0.5", "1")
	s.Concludes = l.id(n, "concludes", inputID)
	s.concludes = l.concluded(n, s)
	for _, c := range l.sequence(n.get("checks"), review.MaxItems) {
		l.check(c, s)
	}
	l.settings(n, s)
	for _, x := range l.sequence(n.get("items"), review.MaxItems) {
		l.item(x, s, step)
	}
	for _, x := range l.sequence(n.get("materials"), review.MaxItems) {
		l.material(x, s)
	}
	for _, x := range l.sequence(n.get("conclusions"), review.MaxOutcomes) {
		l.conclusion(x, s)
	}
	if d := n.get("document"); d != nil {
		s.Document, _ = l.section(d)
	}
	l.sections(n, s)
	l.pack.Schemes = append(l.pack.Schemes, s)
	l.weights(n, s)
	l.facts(n, s)
	if l.n > before {
		return
	}
	if err := s.Freeze().Check(); err != nil {
		l.add(review.CodePackType, n.line, n.column, s.ID+" "+review.ItemOf(err), hint{why: s.unfit(err)})
	}
}

// unfit says what of a scheme does not fit together.
func (s *Scheme) unfit(err error) string {
	switch {
	case review.ItemOf(err) == "outcomes":
		return "outcomes"
	case review.ItemOf(err) != "mode":
		return "scheme"
	case s.Method != "" && s.Mode != review.ModeWeighted:
		return "method"
	}
	return "trimmed"
}

// weights holds the weights of a weighted scheme to 100.
func (l *loader) weights(n *node, s *Scheme) {
	if s.Mode != review.ModeWeighted || s == l.doubtful {
		return
	}
	sum := new(big.Rat)
	for _, it := range s.Items {
		if w, ok := new(big.Rat).SetString(it.Weight); ok {
			sum.Add(sum, w)
		}
	}
	if sum.Cmp(big.NewRat(100, 1)) != 0 {
		l.add(review.CodePackWeights, n.line, n.column, s.ID+" "+numberText(sum), hint{want: "100", got: numberText(sum)})
	}
}

// settings reads what the scheme itself answers. Its rules have been read.
func (l *loader) settings(n *node, s *Scheme) {
	at := n.get("sets")
	if at == nil || !l.isMapping(at) {
		return
	}
	if len(at.entries) > maxFields {
		l.add(review.CodePackCount, at.line, at.column, "sets")
		return
	}
	asked := s.inputs()
	for _, e := range at.entries {
		i := slices.IndexFunc(asked, func(in *Input) bool { return in.Fact == e.key })
		if i < 0 {
			var asked []string
			for _, in := range s.inputs() {
				asked = append(asked, in.Fact)
			}
			h := l.meant(e.key, asked)
			if h.why != "near" {
				h = hint{why: "sets"}
			}
			l.add(review.CodePackInput, e.line, e.column, e.key, h)
			continue
		}
		in := asked[i]
		x, used, ok := l.ofFacts(e.value)
		switch {
		case !ok:
		case !x.typ.same(in.typ), x.constant && in.typ.kind == kindWord && !in.typ.allowed(x.eval(nil)):
			l.add(review.CodePackOperands, e.value.line, e.value.column, e.key, hint{why: "sets", want: in.typ.name(), got: x.typ.name()})
		default:
			s.sets = append(s.sets, setting{e.key, x, used})
		}
	}
}

// ofFacts compiles an expression of the pack's inputs.
func (l *loader) ofFacts(n *node) (compiled, []*Input, bool) {
	c := &scope{ps: &l.problems, all: l.pack.Inputs}
	x, ok := c.compile(n)
	return x, c.used, ok
}

// facts holds what a scheme's rules ask about to one meaning for each fact.
func (l *loader) facts(n *node, s *Scheme) {
	seen := map[string]*Input{}
	for _, in := range s.inputs() {
		if o := seen[in.Fact]; o != nil && o != in {
			l.add(review.CodePackDuplicate, n.line, n.column, s.ID+" "+in.Fact, hint{why: "fact", want: in.Fact})
		}
		seen[in.Fact] = in
	}
	answered := map[string]bool{}
	for _, fact := range s.answered() {
		if answered[fact] {
			l.add(review.CodePackDuplicate, n.line, n.column, s.ID+" "+fact, hint{why: "answered", want: fact})
		}
		answered[fact] = true
	}
	// Nothing else may answer what the review answers itself: no default, and no fact by way of
	// what the scheme says.
	for _, in := range slices.Concat(s.inputs(), l.pack.Inputs) {
		if answered[in.Fact] && in.HasDefault {
			l.add(review.CodePackDuplicate, n.line, n.column, s.ID+" "+in.Fact, hint{why: "answered", want: in.Fact})
			break
		}
	}
	for _, x := range s.sets {
		for _, in := range x.used {
			if answered[in.Fact] {
				l.add(review.CodePackDuplicate, n.line, n.column, s.ID+" "+in.Fact, hint{why: "answered", want: in.Fact})
			}
		}
	}
}

// check reads a rule that the scheme calls for.
func (l *loader) check(n *node, s *Scheme) {
	if !l.object(n, "rule", "after") || !l.need(n, "rule") {
		return
	}
	ref := review.RuleRef{ID: l.id(n, "rule", ruleID), After: l.flag(n, "after", false)}
	v := n.get("rule")
	i := slices.IndexFunc(l.pack.Rules, func(r *Rule) bool { return r.ID == ref.ID })
	switch {
	case ref.ID == "":
	case i < 0:
		l.add(review.CodePackReference, v.line, v.column, ref.ID, hint{why: "rule", want: alike(ref.ID, l.ruleIDs())})
	case slices.Contains(s.Checks, ref):
		l.add(review.CodePackDuplicate, v.line, v.column, ref.ID, hint{why: "check"})
	case !ref.After && l.pack.Rules[i].Class != ClassAdvice && slices.ContainsFunc(l.pack.Rules[i].Inputs, func(in *Input) bool { return in.Name == s.Concludes }):
		l.add(review.CodePackAfter, v.line, v.column, ref.ID)
	default:
		s.Checks = append(s.Checks, ref)
	}
}

// ruleIDs are the ids of the rules that have been read.
func (l *loader) ruleIDs() []string {
	ids := make([]string, len(l.pack.Rules))
	for i, r := range l.pack.Rules {
		ids[i] = r.ID
	}
	return ids
}

func (l *loader) item(n *node, s *Scheme, step string) {
	if !l.object(n, "id", "title", "question", "article", "kind", "weight", "full", "step", "na", "origin", "rule", "consequence", "answers") ||
		!l.need(n, "id", "title", "question", "article", "kind") {
		return
	}
	known := []review.ItemKind{review.ItemScore, review.ItemYesNo, review.ItemGate, KindText}
	if v := n.get("kind"); !slices.Contains(known, review.ItemKind(v.text)) {
		pick(l, n, "kind", KindText, known...)
		l.doubtful = s // what else it has cannot be judged
		return
	}
	it := Item{Item: review.Item{
		ID: l.id(n, "id", itemID), Title: l.text(n, "title", maxTitle), Question: l.text(n, "question", maxTitle*2),
		Article: l.article(n, "article"),
		Kind:    review.ItemKind(n.get("kind").text),
		NA:      l.flag(n, "na", true), Rule: l.id(n, "rule", ruleID),
	}, Origin: pick(l, n, "origin", OriginText, OriginText, OriginMixed, OriginDefault), Consequence: l.text(n, "consequence", maxTitle)}
	if slices.ContainsFunc(s.Items, func(o Item) bool { return o.ID == it.ID && it.ID != "" }) {
		l.add(review.CodePackDuplicate, n.line, n.column, it.ID, hint{why: "id"})
	}
	score := it.Kind == review.ItemScore
	for key, fits := range map[string]bool{
		"weight": score && s.Mode == review.ModeWeighted, "full": score, "step": score,
		"rule": it.Kind == review.ItemGate, "consequence": it.Kind == review.ItemGate,
		"answers": it.Rule == "" && (it.Kind == review.ItemGate || it.Kind == review.ItemYesNo),
	} {
		if v := n.get(key); v != nil && !fits {
			l.add(review.CodePackKey, v.line, v.column, key, hint{why: key})
		}
	}
	if score {
		if s.Mode == review.ModeWeighted {
			l.need(n, "weight")
		} else {
			l.need(n, "full")
		}
		it.Weight, it.Full = l.decimal(n, "weight"), l.decimal(n, "full")
		if it.Full == "" {
			it.Full = it.Weight
		}
		it.Step = pick(l, n, "step", step, "0.5", "1")
	}
	if name := l.id(n, "answers", inputID); name != "" {
		i := slices.IndexFunc(l.pack.Inputs, func(in *Input) bool { return in.Name == name && in.typ.kind == kindBool })
		if i < 0 {
			v := n.get("answers")
			l.add(review.CodePackInput, v.line, v.column, name, l.inputHint(name, "answers", kindBool))
		} else {
			it.answers = l.pack.Inputs[i]
		}
	}
	if v := n.get("rule"); it.Rule != "" && !slices.Contains(s.Checks, review.RuleRef{ID: it.Rule}) {
		l.add(review.CodePackReference, v.line, v.column, it.Rule, hint{why: "gate"})
	}
	s.Items = append(s.Items, it)
}

func (l *loader) material(n *node, s *Scheme) {
	if !l.object(n, "code", "title", "article", "origin", "when", "due", "optional") || !l.need(n, "code", "title", "article") {
		return
	}
	m := Material{
		Code: l.id(n, "code", itemID), Title: l.text(n, "title", maxTitle), Article: l.article(n, "article"),
		Origin: pick(l, n, "origin", OriginText, OriginText, OriginMixed, OriginDefault),
		When:   l.text(n, "when", maxTitle), Optional: l.flag(n, "optional", false),
	}
	if slices.ContainsFunc(s.Materials, func(o Material) bool { return o.Code == m.Code && m.Code != "" }) {
		l.add(review.CodePackDuplicate, n.line, n.column, m.Code, hint{why: "id"})
	}
	if due := n.get("due"); due != nil {
		l.need(n, "when")
		x, used, ok := l.ofFacts(due)
		if ok && x.typ.kind != kindBool {
			l.add(review.CodePackOperands, due.line, due.column, due.text, hint{why: "condition", got: x.typ.name()})
		}
		m.due, m.used = &x, used
	}
	s.Materials = append(s.Materials, m)
}

// inputHint says what is wrong with the name of an input that must be of some kinds.
func (l *loader) inputHint(name, why string, kinds ...kind) hint {
	var fit []string
	for _, in := range l.pack.Inputs {
		if slices.Contains(kinds, in.typ.kind) {
			fit = append(fit, in.Name)
		}
	}
	if h := l.meant(name, fit); h.why == "near" {
		return h
	}
	return hint{why: why}
}

// concluded finds the input that the scheme's conclusion answers.
func (l *loader) concluded(n *node, s *Scheme) *Input {
	if s.Concludes == "" {
		return nil
	}
	i := slices.IndexFunc(l.pack.Inputs, func(in *Input) bool {
		return in.Name == s.Concludes && (in.typ.kind == kindWord || in.typ.kind == kindBool)
	})
	if i < 0 {
		v := n.get("concludes")
		l.add(review.CodePackInput, v.line, v.column, s.Concludes, l.inputHint(s.Concludes, "concludes", kindWord, kindBool))
		return nil
	}
	return l.pack.Inputs[i]
}

func (l *loader) conclusion(n *node, s *Scheme) {
	if !l.object(n, "id", "title", "origin", "article", "gives", "fails", "beside") || !l.need(n, "id", "title") {
		return
	}
	id := l.id(n, "id", wordForm)
	c := Conclusion{
		Outcome: review.Outcome{ID: id, Title: l.text(n, "title", maxTitle), Fails: l.flag(n, "fails", id == notPassed)},
		Gives:   l.id(n, "gives", wordForm),
	}
	c.Article, c.Origin = l.stands(n)
	if c.Gives == "" {
		c.Gives = c.ID
	}
	if s.concludes != nil && !s.concludes.typ.answered(c.Gives) {
		h := hint{why: "gives", got: s.Concludes}
		if s.concludes.typ.kind == kindBool {
			h.want = "true、false"
		} else {
			h.want = strings.Join(s.concludes.typ.codes(), "、")
		}
		l.add(review.CodePackWord, n.line, n.column, c.Gives, h)
	}
	if slices.ContainsFunc(s.Conclusions, func(o Conclusion) bool { return o.ID == c.ID && c.ID != "" }) {
		l.add(review.CodePackDuplicate, n.line, n.column, c.ID, hint{why: "id"})
	}
	s.Conclusions = append(s.Conclusions, c)
	suggested := verdicts
	if slices.Contains(bands, s.Conclusions[0].ID) {
		suggested = bands
	}
	known := slices.Contains(verdicts, c.ID) || slices.Contains(bands, c.ID)
	beside := l.flag(n, "beside", false)
	if v := n.get("id"); s.Mode != "" && c.ID != "" && (beside && known || !beside && !slices.Contains(suggested, c.ID)) {
		h := hint{want: strings.Join(suggested, "、")}
		if beside {
			h.why = "beside"
		}
		l.add(review.CodePackConclusion, v.line, v.column, c.ID, h)
	}
	if v := n.get("fails"); c.ID == notPassed && !c.Fails {
		l.add(review.CodePackConclusion, v.line, v.column, c.ID, hint{why: "fails"})
	}
}

// sections reads the headings of a scheme: its own before the skeleton, or after the one
// of the skeleton that they name. No two show the same.
func (l *loader) sections(n *node, s *Scheme) {
	var skeleton []Section
	if l.flag(n, "skeleton", false) {
		skeleton = slices.Clone(l.lines)
	}
	for _, x := range l.sequence(n.get("sections"), review.MaxItems) {
		own, after := l.section(x, "shows")
		if after == "" {
			s.Sections = append(s.Sections, own)
			continue
		}
		i := slices.IndexFunc(skeleton, func(t Section) bool { return t.Title == after })
		if i < 0 {
			v := x.get("after")
			titles := make([]string, len(skeleton))
			for i, t := range skeleton {
				titles[i] = t.Title
			}
			l.add(review.CodePackReference, v.line, v.column, after, hint{why: "after", want: strings.Join(titles, "、")})
			continue
		}
		skeleton = slices.Insert(skeleton, i+1, own)
	}
	s.Sections = append(s.Sections, skeleton...)
	shown := map[Shows]bool{}
	for _, x := range s.Sections {
		if shown[x.Shows] {
			l.add(review.CodePackDuplicate, n.line, n.column, s.ID+" "+string(x.Shows), hint{why: "shows", want: string(x.Shows)})
		}
		shown[x.Shows] = x.Shows != ShowsNothing
	}
}

// section reads a heading, and the one that it comes after; more are the keys that it has
// beside those of a document's title.
func (l *loader) section(n *node, more ...string) (s Section, after string) {
	if !l.object(n, append(more, "title", "article", "origin", "after")...) || !l.need(n, "title") {
		return Section{}, ""
	}
	s.Title, s.Shows = l.text(n, "title", maxTitle), l.shows(n)
	s.Article, s.Origin = l.stands(n)
	return s, l.text(n, "after", maxTitle)
}

// shows reads what a heading shows.
func (l *loader) shows(n *node) Shows {
	return pick(l, n, "shows", ShowsNothing, ShowsProfile, ShowsOrganisation, ShowsMaterials, ShowsItems, ShowsChecks, ShowsChanges, ShowsConclusion, ShowsSignatures)
}

// stands reads where a heading or a conclusion is from: without a clause it is our default.
func (l *loader) stands(n *node) (article string, origin Origin) {
	article, origin = l.article(n, "article"), OriginDefault
	if article != "" {
		origin = OriginText
	}
	return article, pick(l, n, "origin", origin, OriginText, OriginMixed, OriginDefault)
}

// unused tells which rules of a regulation with schemes no scheme calls for.
func (l *loader) unused(root *node) {
	if len(l.pack.Schemes) == 0 {
		return
	}
	for _, n := range l.sequence(root.get("rules"), maxRules) {
		id := n.get("id").text
		if !slices.ContainsFunc(l.pack.Schemes, func(s *Scheme) bool {
			return slices.ContainsFunc(s.Checks, func(r review.RuleRef) bool { return r.ID == id })
		}) {
			l.add(review.CodePackUnused, n.line, n.column, id)
		}
	}
}
