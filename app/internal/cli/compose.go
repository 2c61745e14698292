package cli

import (
	"fmt"
	"maps"
	"math/big"
	"path"
	"slices"
	"strings"
	"time"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/scoring"
)

// story is one written project of a regulation, from which the samples of its stages are
// composed (assets/sample/README.md).
type story struct {
	Version   int              `json:"version"`
	Title     string           `json:"title"`
	Code      string           `json:"code"`
	Secretary sampleSecretary  `json:"secretary"`
	Observer  sampleObserver   `json:"observer"`
	Chair     string           `json:"chair"`
	Roster    []storyPerson    `json:"roster"`
	Units     []storyUnit      `json:"units"`
	Facts     map[string]any   `json:"facts"`
	Profile   []storyPassage   `json:"profile"`
	Stages    map[string]stage `json:"stages"`
}

type storyPerson struct {
	Name  string   `json:"name"`
	Unit  string   `json:"unit"`
	Title string   `json:"title"`
	Roles []string `json:"roles"`
	Field string   `json:"field,omitempty"` // of an expert: what he looks at
}

type storyUnit struct {
	Part string `json:"part"`
	Name string `json:"name"`
}

type storyPassage struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// stage is what one stage has beside its project and its scheme.
type stage struct {
	Scheme     string               `json:"scheme"` // without the regulation's id
	Issuer     string               `json:"issuer"`
	Meeting    string               `json:"meeting"` // title
	Place      string               `json:"place"`
	Time       string               `json:"time"`
	Parts      []string             `json:"parts"` // of units that are known by now; the owner is always
	Facts      map[string]any       `json:"facts"` // over those of the project; null takes one away
	Profile    []storyPassage       `json:"profile"`
	Documents  []stageDocument      `json:"documents"`
	Level      int64                `json:"level"` // about where the marks lie, in percent of 满分
	Items      map[string]stageItem `json:"items"`
	Doubts     []stageDoubt         `json:"doubts"`
	Problems   []stageWord          `json:"problems"`
	Advice     []stageWord          `json:"advice"`
	Sections   map[string][]string  `json:"sections"` // by headings of the scheme
	Words      string               `json:"words"`    // for what the scheme asks as a text
	Talked     string               `json:"talked"`   // what the panel talked over after the opening
	Outcome    string               `json:"outcome"`
	Reason     string               `json:"reason"`
	Against    []review.Against     `json:"against"`
	Reserve    stageWord            `json:"reserve"`
	Fulfilment sampleFulfilment     `json:"fulfilment"`
}

// stageDocument is a document of the project, in the form of reports.Papers.Material.
type stageDocument struct {
	For    string   `json:"for"` // code of the material that it is; "" for none
	Title  string   `json:"title"`
	Number string   `json:"number"`
	Author string   `json:"author"`
	Date   string   `json:"date"`
	Text   []string `json:"text"`
}

// stageItem is what the panel found of a scored item.
type stageItem struct {
	By    string `json:"by"`
	Says  string `json:"says"`
	Level int64  `json:"level"` // where its marks lie elsewhere than the stage's
}

// stageDoubt is one expert's 不符合, and how the chair settled the item after 合议.
type stageDoubt struct {
	Item   string `json:"item"`
	By     string `json:"by"`
	Reason string `json:"reason"`
	Answer string `json:"answer"`
	Why    string `json:"why"`
}

// stageWord is something that one expert brought in; of a problem, Item is what he marked
// lower for it.
type stageWord struct {
	By   string `json:"by"`
	Item string `json:"item"`
	Text string `json:"text"`
}

// phrases are what is said in every composed meeting.
type phrases struct {
	Version  int      `json:"version"`
	Note     string   `json:"note"` // on every document
	Promise  []string `json:"promise"`
	Overall  []string `json:"overall"` // one for each expert
	Found    string   `json:"found"`
	Problem  string   `json:"problem"`
	Advice   string   `json:"advice"`
	Problems string   `json:"problems"` // where the scheme has no heading for them
	Advices  string   `json:"advices"`
	Opening  []string `json:"opening"`
	Opened   []string `json:"opened"`
	Closing  []string `json:"closing"`
}

// storiesOf is where the sample keeps the projects by their regulations.
const storiesOf = stagesOf + "/stages"

// The headings for what is wrong and what is to be done, and the one that every opinion
// has for its conclusion.
const (
	headingProblems   = "主要问题"
	headingAdvice     = "修改建议"
	headingConclusion = "评审结论"
)

// ordinals number the paragraphs of an opinion.
var ordinals = []rune("一二三四五六七八九十")

// composed composes the sample meeting of a stage, by its name, as in Y1, or by the
// scheme's id within the regulation.
// Codes: CodeSchemeUnknown.
func (w *World) composed(regulation, name string) (sample, error) {
	const op = "cli.World.composed"
	var s story
	if err := w.sampleJSON(path.Join(storiesOf, regulation+".json"), &s); err != nil {
		if review.CodeOf(err) == review.CodeFileMissing {
			return sample{}, review.E(review.CodeSchemeUnknown, op, regulation+"."+name, nil)
		}
		return sample{}, err
	}
	var common phrases
	if err := w.sampleJSON(path.Join(storiesOf, "phrases.json"), &common); err != nil {
		return sample{}, err
	}
	lib, err := w.Rules()
	if err != nil {
		return sample{}, err
	}
	for id, at := range s.Stages {
		scheme, ok := lib.Scheme(regulation + "." + at.Scheme)
		if !ok || !strings.EqualFold(id, name) && at.Scheme != name {
			continue
		}
		c := composer{of: s, say: common, at: at, scheme: scheme, frozen: scheme.Freeze()}
		for _, p := range s.Roster {
			if slices.Contains(p.Roles, string(review.RoleExpert)) {
				c.experts = append(c.experts, p)
			}
		}
		out, err := c.compose(lib)
		if err != nil {
			return sample{}, review.E(review.CodeInternal, op, id, err)
		}
		out.name = strings.ToLower(id)
		return out, nil
	}
	return sample{}, review.E(review.CodeSchemeUnknown, op, regulation+"."+name, nil)
}

// composer puts a project, one of its stages and the stage's scheme together.
type composer struct {
	of      story
	say     phrases
	at      stage
	scheme  *regulation.Scheme
	frozen  review.Scheme
	experts []storyPerson
	facts   map[string]any
}

func (c *composer) compose(lib *regulation.Library) (sample, error) {
	c.facts = maps.Clone(c.of.Facts)
	for key, v := range c.at.Facts {
		if c.facts[key] = v; v == nil {
			delete(c.facts, key)
		}
	}
	facts := asFacts(c.facts)
	documents, sources, err := c.documents(lib, facts)
	if err != nil {
		return sample{}, err
	}
	outcome, ok := c.frozen.Outcome(c.at.Outcome)
	if !ok {
		return sample{}, review.E(review.CodeOutcome, "cli.composer.compose", c.at.Outcome, nil)
	}
	findings, err := lib.Findings(c.frozen, regulation.Known{Facts: facts})
	if err != nil {
		return sample{}, err
	}
	out := sample{
		Version: 1, Drill: true, Secretary: c.of.Secretary, Observer: c.of.Observer, Chair: c.of.Chair, Issuer: c.at.Issuer, Sources: sources,
		Promise: c.say.Promise, Fulfilment: c.at.Fulfilment,
		Conclusion: sampleConclusion{Outcome: c.at.Outcome, Reason: c.at.Reason, Against: c.at.Against},
		files: map[string][]byte{
			"package.json": []byte(asJSON(map[string]any{
				"version": 1, "id": c.of.Code, "seq": 1, "secrecy": "none", "title": c.of.Title + c.scheme.Title + "材料",
			})),
			"meeting.json": []byte(asJSON(map[string]any{
				"version": 1, "title": c.at.Meeting, "place": c.at.Place, "time": c.at.Time, "roster": people(c.of.Roster),
			})),
			"project.json": []byte(asJSON(map[string]any{
				"version": 1, "title": c.of.Title, "code": c.of.Code, "scheme": c.scheme.ID, "quorum": len(c.experts), "units": c.units(),
				"facts": c.facts, "profile": slices.Concat(c.of.Profile, c.at.Profile), "documents": documents,
			})),
		},
	}
	round := sampleRound{Number: 1}
	for i, p := range c.experts {
		out.Declarations = append(out.Declarations, sampleDeclaration{Person: p.Name})
		round.Ballots = append(round.Ballots, sampleBallot{Person: p.Name, Sheet: review.Sheet{
			Marks: c.marks(i, findings), Opinion: c.individual(i, outcome), Outcome: outcome.ID,
		}})
	}
	out.Rounds = []sampleRound{round}
	for _, d := range c.at.Doubts {
		out.Settle = append(out.Settle, sampleSettlement{Item: d.Item, Answer: d.Answer, Reason: d.Why})
	}
	out.Opinion = c.opinion()
	members := 0
	for _, p := range c.of.Roster {
		if slices.Contains(p.Roles, string(review.RoleObserver)) {
			continue
		}
		v := sampleVote{Person: p.Name, Choice: review.ChoiceAgree}
		if p.Name == c.at.Reserve.By {
			v.Choice, v.Text = review.ChoiceReserve, c.at.Reserve.Text
		}
		out.Votes = append(out.Votes, v)
		if slices.Contains(p.Roles, string(review.RoleMember)) {
			members++
		}
	}
	fill := strings.NewReplacer(
		"{issuer}", c.at.Issuer, "{secretary}", c.of.Secretary.Name, "{chair}", c.of.Chair, "{scheme}", c.scheme.Title, "{outcome}", outcome.Title,
		"{experts}", fmt.Sprint(len(c.experts)), "{members}", fmt.Sprint(members), "{talked}", c.at.Talked,
	)
	for _, m := range []struct {
		when  string
		texts []string
	}{{"opening", c.say.Opening}, {"round_1", c.say.Opened}, {"conclusion", c.say.Closing}} {
		for _, text := range m.texts {
			out.Minutes = append(out.Minutes, sampleMinute{When: m.when, Text: fill.Replace(text)})
		}
	}
	return out, nil
}

// people gives a roster as packages have it.
func people(roster []storyPerson) []storyPerson {
	out := slices.Clone(roster)
	for i := range out {
		out[i].Field = ""
	}
	return out
}

// units are those that have a part in the project by now.
func (c *composer) units() []storyUnit {
	return slices.DeleteFunc(slices.Clone(c.of.Units), func(u storyUnit) bool {
		return u.Part != "owner" && !slices.Contains(c.at.Parts, u.Part)
	})
}

// asFacts gives facts as a package gives them.
func asFacts(in map[string]any) []review.Fact {
	var out []review.Fact
	for _, key := range slices.Sorted(maps.Keys(in)) {
		text, ok := in[key].(string)
		if !ok {
			text = asJSON(in[key])
		}
		out = append(out, review.Fact{Key: key, Value: text})
	}
	return out
}

// documents makes the list of the project's documents, and says what each is made of: all
// that are materials of the scheme which are due, and the regulation's own text.
func (c *composer) documents(lib *regulation.Library, facts []review.Fact) (list []map[string]string, sources []sampleSource, err error) {
	states, err := lib.Materials(c.scheme.ID, facts, nil)
	if err != nil {
		return nil, nil, err
	}
	add := func(name, title, material string, from sampleSource) {
		from.File = fmt.Sprintf("%04d.pdf", len(list)+1)
		d := map[string]string{"file": from.File, "name": name + title + ".pdf", "title": title}
		if material != "" {
			d["material"] = material
		}
		list, sources = append(list, d), append(sources, from)
	}
	for i, m := range states {
		n := len(list)
		for _, d := range c.at.Documents {
			if d.For == m.Code && m.Due != regulation.DueNo {
				add(fmt.Sprintf("%d.", i+1), d.Title, d.For, c.source(d))
			}
		}
		if len(list) == n && m.Due == regulation.DueYes {
			return nil, nil, review.E(review.CodeInternal, "cli.composer.documents", m.Code, nil)
		}
	}
	for _, d := range c.at.Documents {
		if d.For == "" {
			add(fmt.Sprintf("%d.", len(list)+1), d.Title, "", c.source(d))
		}
	}
	pack := c.scheme.Pack()
	add("参考.", pack.Title+"（整理文本）", "", sampleSource{From: regulationsOf + pack.ID + ".txt"})
	return list, sources, nil
}

// source says what a document is made of.
func (c *composer) source(d stageDocument) sampleSource {
	lines := append([]string{"# " + d.Title, ""}, d.Text...)
	return sampleSource{
		text:  strings.Join(append(lines, "", "> "+d.Author, "> "+dated(d.Date)), "\n") + "\n",
		Title: d.Title, Number: d.Number, Author: d.Author, Date: d.Date, Note: c.say.Note,
	}
}

// dated writes a date as papers have it.
func dated(date string) string {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date // TestStages sees to it
	}
	return words.Date(at)
}

// Experts differ: lean is how each marks as a whole, sway how he marks item by item, in
// percent of 满分; whoever finds a problem with an item takes off for it.
var (
	lean = []int64{2, -3, -1, 3, 0}
	sway = []int64{5, -3, 0, -6, 3}
)

const deduction = 8

// marks gives the answers of the i-th expert.
func (c *composer) marks(i int, findings []regulation.Finding) []review.Mark {
	name := c.experts[i].Name
	var out []review.Mark
	for n, it := range c.frozen.Items {
		m := review.Mark{Item: it.ID, Value: review.AnswerYes}
		if it.Kind == review.ItemScore {
			level := c.at.Level
			if own := c.at.Items[it.ID].Level; own > 0 {
				level = own
			}
			level += lean[i%len(lean)] + sway[(2*i+3*n)%len(sway)]
			for _, p := range c.at.Problems {
				if p.Item == it.ID && p.By == name {
					level, m.Reason = level-deduction, p.Text
				}
			}
			m.Value = inSteps(it, level)
		}
		k := slices.IndexFunc(findings, func(f regulation.Finding) bool { return f.Rule == it.Rule && !f.After })
		if it.Rule != "" && k >= 0 && findings[k].Answer() == review.AnswerNA && it.NA {
			m.Value = review.AnswerNA
		}
		for _, d := range c.at.Doubts {
			if d.Item == it.ID && d.By == name {
				m.Value, m.Reason = review.AnswerNo, d.Reason
			}
		}
		out = append(out, m)
	}
	return out
}

// inSteps gives a share of an item's 满分, in percent, as a mark.
func inSteps(it review.Item, percent int64) string {
	full, _ := new(big.Rat).SetString(it.Full) // a pack's figures are decimals
	step, _ := new(big.Rat).SetString(it.Step)
	steps := full.Mul(full, big.NewRat(min(percent, 100), 100))
	steps.Quo(steps, step).Add(steps, big.NewRat(1, 2))
	whole := new(big.Int).Div(steps.Num(), steps.Denom())
	return scoring.Number(step.Mul(step, new(big.Rat).SetInt(whole)))
}

// individual gives what the i-th expert writes.
func (c *composer) individual(i int, outcome review.Outcome) []string {
	p := c.experts[i]
	out := []string{strings.NewReplacer("{field}", p.Field, "{outcome}", outcome.Title).Replace(c.say.Overall[i%len(c.say.Overall)])}
	for _, it := range c.scheme.Items {
		if found := c.at.Items[it.ID]; found.By == p.Name {
			out = append(out, c.say.Found+found.Says)
		}
	}
	for _, of := range []struct {
		before string
		list   []stageWord
	}{{c.say.Problem, c.at.Problems}, {c.say.Advice, c.at.Advice}} {
		for _, x := range of.list {
			if x.By == p.Name {
				out = append(out, of.before+x.Text)
			}
		}
	}
	return out
}

// opinion writes the panel's paragraphs below the headings of the scheme: below the one that
// shows the items, and those that are called as an item, what was found of it; below the
// others what the stage says. What has no heading of its own stands with the conclusion.
func (c *composer) opinion() []sampleParagraph {
	var out []sampleParagraph
	add := func(section, text string, by ...string) {
		out = append(out, sampleParagraph{Section: section, Text: text, Sources: slices.DeleteFunc(by, func(s string) bool { return s == "" })})
	}
	concluding := headingConclusion
	bare := len(c.scheme.Sections) == 0 // then the opinion has the common headings
	has := map[string]bool{headingProblems: bare, headingAdvice: bare}
	for _, s := range c.scheme.Sections {
		has[s.Title] = true
		if s.Shows == regulation.ShowsConclusion {
			concluding = s.Title
		}
	}
	put := func(heading, instead string, list []stageWord) {
		at := heading
		if !has[heading] {
			at = concluding
		}
		for i, x := range list {
			number := ""
			if len(list) > 1 {
				number = fmt.Sprintf("（%c）", ordinals[i])
			}
			if at != heading && i == 0 {
				number = instead + number
			}
			add(at, number+x.Text, x.By)
		}
	}
	for _, s := range c.scheme.Sections {
		n := 0
		for _, it := range c.scheme.Items {
			found := c.at.Items[it.ID]
			switch {
			case found.Says == "":
			case s.Shows == regulation.ShowsItems:
				add(s.Title, fmt.Sprintf("（%c）%s。%s", ordinals[n], it.Title, found.Says), found.By)
				n++
			case it.Title == s.Title:
				add(s.Title, found.Says, found.By)
			}
		}
		for _, text := range c.at.Sections[s.Title] {
			add(s.Title, text)
		}
		switch s.Title {
		case headingProblems:
			put(s.Title, "", c.at.Problems)
		case headingAdvice:
			put(s.Title, "", c.at.Advice)
		}
	}
	if bare || !has[headingProblems] {
		put(headingProblems, c.say.Problems, c.at.Problems)
	}
	if bare || !has[headingAdvice] {
		put(headingAdvice, c.say.Advices, c.at.Advice)
	}
	if c.at.Words != "" {
		add(concluding, c.at.Words)
	}
	return out
}
