package cli

import (
	"encoding/json"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"heyi/review"
	"heyi/review/regulation"
)

// maxCases is the size of a file of cases that rules eval reads.
const maxCases = 16 << 20

// ruleView is a rule as --json gives it.
type ruleView struct {
	ID         string            `json:"id"`
	Title      string            `json:"title"`
	Regulation string            `json:"regulation"`
	Article    string            `json:"article"`
	Cite       string            `json:"cite"`
	Class      regulation.Class  `json:"class"`
	Origin     regulation.Origin `json:"origin"`
	Reading    string            `json:"reading,omitempty"`
	Cases      int               `json:"cases"`
	Inputs     []inputView       `json:"inputs,omitempty"`
	Ways       []wayView         `json:"ways,omitempty"`
}

type inputView struct {
	Name    string            `json:"name"`
	Fact    string            `json:"fact"`
	Title   string            `json:"title"`
	Type    string            `json:"type"`
	Values  []regulation.Word `json:"values,omitempty"`
	Default *string           `json:"default,omitempty"`
}

type wayView struct {
	When    string `json:"when,omitempty"`
	Outcome string `json:"outcome"`
	Reason  string `json:"reason,omitempty"`
	Says    string `json:"says"`
}

func viewOfRule(r *regulation.Rule) ruleView {
	return ruleView{
		ID: r.ID, Title: r.Title, Regulation: r.Pack().ID, Article: r.Article, Cite: r.Cite(),
		Class: r.Class, Origin: r.Origin, Reading: r.Reading, Cases: r.Cases(),
	}
}

// listRules lists the rules of all regulations.
func (a *acting) listRules() (told, error) {
	lib, err := a.Rules()
	if err != nil {
		return told{}, err
	}
	out := told{}
	views := []ruleView{}
	for _, p := range lib.Packs() {
		out.lines = append(out.lines, a.regulationLine(p))
		for _, r := range p.Rules {
			views = append(views, viewOfRule(r))
			line := pad(r.Title, 28) + r.Article
			if mark := "rule.class." + string(r.Class); a.Words.Has(mark) {
				line += a.Words.T(mark, nil)
			}
			out.lines = append(out.lines, wrap("  "+pad(r.ID, 10), line)...)
		}
	}
	out.object = map[string]any{"rules": views}
	return out, nil
}

// regulationLine names a regulation.
func (w *World) regulationLine(p *regulation.Pack) string {
	return w.sentence("rules.regulation", said{"id": p.ID, "title": p.Title, "number": p.Number})
}

// showRule shows one rule: what it asks for and how it can end.
func (a *acting) showRule() (told, error) {
	lib, err := a.Rules()
	if err != nil {
		return told{}, err
	}
	r, ok := lib.Rule(a.file)
	if !ok {
		return told{}, review.E(review.CodeRuleUnknown, "cli.acting.showRule", a.file, nil)
	}
	v := viewOfRule(r)
	lines := []string{r.ID + "　" + r.Title}
	for _, x := range []struct{ key, text string }{
		{"cite", r.Cite()}, {"class", a.Words.T("rule.effect."+string(r.Class), nil)},
		{"origin", a.Words.T("origin."+string(r.Origin), nil)}, {"reading", r.Reading},
	} {
		lines = append(lines, a.labelled("rule.label."+x.key, x.text)...)
	}
	lines = append(lines, "", a.Words.T("rule.inputs", nil))
	for _, in := range r.Inputs {
		x := inputView{Name: in.Name, Fact: in.Fact, Title: in.Title, Type: in.Type, Values: in.Values}
		lines = append(lines, wrap("  ", strings.TrimSpace(a.sentence("package.sheet.fact", said{"key": in.Name, "title": in.Title, "type": a.Words.T("input."+in.Type, nil)})))...)
		for _, word := range in.Values {
			lines = append(lines, a.sentence("package.sheet.word", said{"id": word.ID, "title": word.Title}))
		}
		if in.HasDefault {
			x.Default = &in.Default
			lines = append(lines, "      "+a.sentence("rule.default", said{"value": in.Say(in.Default)}))
		}
		v.Inputs = append(v.Inputs, x)
	}
	lines = append(lines, "", a.Words.T("rule.ways", nil))
	for i, way := range r.Ways() {
		v.Ways = append(v.Ways, wayView(way))
		when := way.When
		if when == "" {
			when = a.Words.T("rule.otherwise", nil)
		}
		lines = append(lines, wrap("  "+strconv.Itoa(i+1)+"  "+pad(a.Words.T("outcome."+way.Outcome, nil), 10), way.Says)...)
		lines = append(lines, wrap(strings.Repeat(" ", 15), a.sentence("rule.when", said{"when": when}))...)
	}
	lines = append(lines, "", a.sentence("rule.cases", said{"count": r.Cases()}))
	return told{lines: lines, object: v}, nil
}

// labelled writes a text behind its label; nothing for no text.
func (w *World) labelled(key, text string) []string {
	if text == "" {
		return nil
	}
	return wrap("  "+pad(w.Words.T(key, nil), 14), text)
}

// caseOfRule is one worked example in a file.
type caseOfRule struct {
	Rule   string         `json:"rule_id"`
	Input  map[string]any `json:"input"`
	Expect map[string]any `json:"expect"`
}

// failedCase is an example that did not come out as it says.
type failedCase struct {
	Rule   string         `json:"rule_id"`
	Input  map[string]any `json:"input"`
	Expect map[string]any `json:"expect"`
	Got    any            `json:"got"`
}

// unknownRule is a rule that no regulation here has, and how many examples ask for it.
type unknownRule struct {
	Rule  string `json:"rule_id"`
	Cases int    `json:"cases"`
}

// evalRules evaluates a file of examples and tells which do not come out as they say.
func (a *acting) evalRules() (told, error) {
	lib, err := a.rulesWith(a.all("pack"))
	if err != nil {
		return told{}, err
	}
	b, err := a.Read(a.file, maxCases)
	if err != nil {
		return told{}, err
	}
	var cases []caseOfRule
	if err := json.Unmarshal(b, &cases); err != nil {
		return told{}, review.E(review.CodeFileForm, "cli.acting.evalRules", a.file, err)
	}
	passed, failed, unknown := 0, []failedCase{}, []unknownRule{}
	for _, c := range cases {
		got, err := lib.Eval(c.Rule, c.Input)
		switch {
		case review.CodeOf(err) == review.CodeRuleUnknown:
			i := slices.IndexFunc(unknown, func(u unknownRule) bool { return u.Rule == c.Rule })
			if i < 0 {
				i, unknown = len(unknown), append(unknown, unknownRule{Rule: c.Rule})
			}
			unknown[i].Cases++
		case err != nil:
			failed = append(failed, failedCase{c.Rule, c.Input, c.Expect, map[string]any{"error": review.CodeOf(err), "message": a.Words.Explain(err)}})
		case !sameJSON(got, c.Expect):
			failed = append(failed, failedCase{c.Rule, c.Input, c.Expect, got})
		default:
			passed++
		}
	}
	out := told{
		no:     len(failed)+len(unknown) > 0,
		object: map[string]any{"cases": len(cases), "passed": passed, "failed": failed, "unknown": unknown},
	}
	for _, f := range failed {
		out.lines = append(out.lines, a.sentence("rules.eval.failed", said{"rule": f.Rule, "input": asJSON(f.Input), "expect": asJSON(f.Expect), "got": asJSON(f.Got)}))
	}
	for _, u := range unknown {
		out.lines = append(out.lines, a.sentence("rules.eval.unknown", said{"rule": u.Rule, "cases": u.Cases}))
	}
	out.lines = append(out.lines, a.sentence("rules.eval", said{"cases": len(cases), "passed": passed, "failed": len(failed), "unknown": len(cases) - passed - len(failed)}))
	return out, nil
}

// rulesWith gives the regulations with those that files make beside them, or in the place of
// those that have their ids.
func (a *acting) rulesWith(paths []string) (*regulation.Library, error) {
	lib, err := a.Rules()
	if err != nil || len(paths) == 0 {
		return lib, err
	}
	files, err := a.packFiles(paths)
	if err != nil {
		return nil, err
	}
	own, err := regulation.Open(files...)
	if err != nil {
		return nil, err
	}
	packs := slices.DeleteFunc(lib.Packs(), func(p *regulation.Pack) bool {
		_, replaced := own.Pack(p.ID)
		return replaced
	})
	return regulation.NewLibrary(append(packs, own.Packs()...)...)
}

// packFiles reads the files of a regulation. One byte above the limit is read, so that
// the regulation's own reader says that a file is too long.
func (a *acting) packFiles(paths []string) ([][]byte, error) {
	files := make([][]byte, len(paths))
	for i, path := range paths {
		var err error
		if files[i], err = a.Read(path, 2*regulation.MaxFile); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// sameJSON tells whether two values are the same as JSON.
func sameJSON(a, b any) bool {
	var x, y any
	return json.Unmarshal([]byte(asJSON(a)), &x) == nil && json.Unmarshal([]byte(asJSON(b)), &y) == nil && reflect.DeepEqual(x, y)
}

// asJSON writes a value that came from JSON, or a result.
func asJSON(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("cli: " + err.Error()) // what came from JSON always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// schemeView is a scheme as --json gives it.
type schemeView struct {
	ID         string           `json:"id"`
	Title      string           `json:"title"`
	Regulation string           `json:"regulation"`
	Basis      string           `json:"basis"`
	Mode       review.Mode      `json:"mode"`
	Convener   string           `json:"convener"`
	Reviewers  string           `json:"reviewers"`
	Trigger    string           `json:"trigger"`
	Filing     string           `json:"filing"`
	LaterUse   string           `json:"later_use"`
	Items      []itemView       `json:"items,omitempty"`
	Materials  []askedView      `json:"materials,omitempty"`
	Checks     []review.RuleRef `json:"checks,omitempty"`
	Outcomes   []outcomeView    `json:"conclusions,omitempty"`
	Document   *headingView     `json:"document,omitempty"`
	Sections   []headingView    `json:"sections,omitempty"`
	Digests    []review.Digest  `json:"packs,omitempty"`
}

type itemView struct {
	review.Item
	Origin      regulation.Origin `json:"origin"`
	Consequence string            `json:"consequence,omitempty"`
}

type outcomeView struct {
	review.Outcome
	Article string            `json:"article,omitempty"`
	Origin  regulation.Origin `json:"origin"`
}

// headingView is the title of a paper, or one of its headings.
type headingView struct {
	Title   string            `json:"title"`
	Article string            `json:"article,omitempty"`
	Origin  regulation.Origin `json:"origin"`
}

type askedView struct {
	Code    string            `json:"code"`
	Title   string            `json:"title"`
	Article string            `json:"article"`
	When    string            `json:"when,omitempty"`
	Origin  regulation.Origin `json:"origin"`
}

func viewOfScheme(s *regulation.Scheme) schemeView {
	return schemeView{
		ID: s.ID, Title: s.Title, Regulation: s.Pack().ID, Basis: s.Basis, Mode: s.Mode, Convener: s.Convener,
		Reviewers: s.Reviewers, Trigger: s.Trigger, Filing: s.Filing, LaterUse: s.LaterUse,
	}
}

// listSchemes lists the schemes of all regulations.
func (a *acting) listSchemes() (told, error) {
	lib, err := a.Rules()
	if err != nil {
		return told{}, err
	}
	out := told{}
	views := []schemeView{}
	for _, p := range lib.Packs() {
		if len(p.Schemes) > 0 {
			out.lines = append(out.lines, a.regulationLine(p))
		}
		for _, s := range p.Schemes {
			views = append(views, viewOfScheme(s))
			out.lines = append(out.lines, "  "+pad(s.ID, 34)+pad(s.Title, 24)+s.Basis)
		}
	}
	out.object = map[string]any{"schemes": views}
	return out, nil
}

// showScheme shows one scheme.
func (a *acting) showScheme() (told, error) {
	lib, err := a.Rules()
	if err != nil {
		return told{}, err
	}
	s, ok := lib.Scheme(a.file)
	if !ok {
		return told{}, review.E(review.CodeSchemeUnknown, "cli.acting.showScheme", a.file, nil)
	}
	v := viewOfScheme(s)
	v.Checks, v.Digests = s.Checks, s.Freeze().Packs
	v.Document = &headingView{s.Document.Title, s.Document.Article, s.Document.Origin}
	lines := []string{s.Title + "　" + s.ID}
	for _, r := range []struct{ key, text string }{
		{"basis", s.Cite()}, {"mode", a.Words.T("scheme.mode."+string(s.Mode), nil)}, {"convener", s.Convener}, {"reviewers", s.Reviewers},
		{"trigger", s.Trigger}, {"filing", s.Filing}, {"later", s.LaterUse}, {"document", s.Document.Title + a.byDefault(s.Document.Origin)},
	} {
		lines = append(lines, a.labelled("scheme.label."+r.key, r.text)...)
	}
	part := func(key string) { lines = append(lines, "", a.Words.T("scheme.part."+key, nil)) }
	part("items")
	for _, it := range s.Items {
		v.Items = append(v.Items, itemView{it.Item, it.Origin, it.Consequence})
		kind := "item." + string(it.Kind)
		if it.Kind == regulation.KindText {
			kind = "scheme.item.text"
		}
		head := a.sentence("scheme.item", said{"kind": a.Words.T(kind, nil), "title": it.Title, "weight": it.Weight, "full": it.Full, "article": it.Article})
		lines = append(lines, wrap("  "+pad(it.ID, 8), head+a.byDefault(it.Origin))...)
		lines = append(lines, wrap(strings.Repeat(" ", 10), it.Question)...)
		if it.Rule != "" {
			lines = append(lines, wrap(strings.Repeat(" ", 10), a.sentence("scheme.gate", said{"rule": it.Rule, "consequence": it.Consequence}))...)
		}
	}
	part("materials")
	for _, m := range s.Materials {
		v.Materials = append(v.Materials, askedView{m.Code, m.Title, m.Article, m.When, m.Origin})
		lines = append(lines, wrap("  ", strings.TrimSpace(a.sentence("package.sheet.material", said{"code": m.Code, "title": m.Title, "article": m.Article, "when": m.When})))...)
	}
	for _, after := range []bool{false, true} {
		when := slices.DeleteFunc(slices.Clone(s.Checks), func(ref review.RuleRef) bool { return ref.After != after })
		if len(when) > 0 {
			part(map[bool]string{false: "checks", true: "after"}[after])
		}
		for _, ref := range when {
			r, _ := lib.Rule(ref.ID) // the pack was loaded with it
			lines = append(lines, wrap("  "+pad(r.ID, 10), pad(r.Title, 28)+r.Article)...)
		}
	}
	part("conclusions")
	for _, c := range s.Conclusions {
		v.Outcomes = append(v.Outcomes, outcomeView{c.Outcome, c.Article, c.Origin})
		lines = append(lines, "  "+pad(c.ID, 24)+c.Title+a.byDefault(c.Origin))
	}
	part("sections")
	for _, x := range s.Sections {
		v.Sections = append(v.Sections, headingView{x.Title, x.Article, x.Origin})
		lines = append(lines, "  "+x.Title+a.byDefault(x.Origin))
	}
	return told{lines: lines, object: v}, nil
}

// byDefault marks what no text says.
func (w *World) byDefault(o regulation.Origin) string {
	if o == regulation.OriginText {
		return ""
	}
	return w.Words.T("scheme."+string(o), nil)
}

// packsOf is where the sample keeps the files that somebody begins with who adds a
// regulation.
const packsOf = "sample/packs"

// newScheme writes the file of a regulation to be changed into another: the template, or
// the worked example.
func (a *acting) newScheme() (told, error) {
	if err := a.free(a.file); err != nil {
		return told{}, err
	}
	name := "template"
	if a.on("example") {
		name = "example-2026"
	}
	b, err := fs.ReadFile(a.Sample, path.Join(packsOf, name+".yaml"))
	if err != nil {
		return told{}, review.E(review.CodeInternal, "cli.acting.newScheme", name, err)
	}
	if err := a.Write(a.file, b); err != nil {
		return told{}, err
	}
	return a.done(said{"path": a.file, "of": name})
}

// mistake is one mistake of a regulation's file as --json gives it.
type mistake struct {
	Code    review.Code `json:"code"`
	Why     string      `json:"why,omitempty"`
	File    string      `json:"file"`
	Line    int         `json:"line"`
	Column  int         `json:"column"`
	Detail  string      `json:"detail"`
	Want    string      `json:"want,omitempty"`
	Got     string      `json:"got,omitempty"`
	Message string      `json:"message"`
}

// mistakeOf says what is wrong and what to write instead.
func (w *World) mistakeOf(p regulation.Problem) string {
	key := "mistake." + string(p.Code)
	if p.Why != "" && w.Words.Has(key+"."+p.Why) {
		key += "." + p.Why
	}
	named := func(of, id string) string {
		if w.Words.Has(of + id) {
			return w.Words.T(of+id, nil)
		}
		return id
	}
	return w.sentence(key, said{
		"detail": p.Detail, "want": p.Want, "got": p.Got,
		"name": named("pack.key.", p.Detail), "wants": named("pack.type.", p.Want), "gots": named("pack.type.", p.Got),
	})
}

// mistakes tells what is wrong with the files of a regulation.
func (w *World) mistakes(paths []string, found []regulation.Problem) (list []mistake, lines []string) {
	list = []mistake{}
	for _, p := range found {
		m := mistake{p.Code, p.Why, paths[p.File], p.Line, p.Column, p.Detail, p.Want, p.Got, w.mistakeOf(p)}
		list = append(list, m)
		lines = append(lines, w.sentence("scheme.mistake", said{
			"file": m.File, "line": m.Line, "column": m.Column, "detail": m.Detail, "message": m.Message, "code": m.Code,
		}))
	}
	return list, lines
}

// checkScheme tells every mistake of a regulation's file, or that there is none.
func (a *acting) checkScheme() (told, error) {
	paths := append([]string{a.file}, a.all("part")...)
	files, err := a.packFiles(paths)
	if err != nil {
		return told{}, err
	}
	out := told{}
	list, lines := a.mistakes(paths, regulation.Check(files...))
	out.lines = lines
	object := map[string]any{"valid": len(list) == 0, "mistakes": list}
	if len(list) > 0 {
		out.no, out.object = true, object
		out.lines = append(out.lines, a.sentence("scheme.check.no", said{"count": len(list)}))
		return out, nil
	}
	p, err := regulation.Load(files...)
	if err != nil {
		return told{}, err
	}
	cases := 0
	for _, r := range p.Rules {
		cases += r.Cases()
	}
	object["id"], object["rules"], object["schemes"], object["cases"] = p.ID, len(p.Rules), len(p.Schemes), cases
	out.object = object
	out.lines = append(out.lines, a.sentence("scheme.check", said{"title": p.Title, "id": p.ID, "rules": len(p.Rules), "schemes": len(p.Schemes), "cases": cases}))
	return out, nil
}
