package cli

import (
	"encoding/json"
	"io/fs"
	"math/big"
	"slices"
	"strings"
	"testing"

	"heyi/assets"
	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/scoring"
)

// builtIn gives the packs that the program has.
func builtIn(t *testing.T) *regulation.Library {
	t.Helper()
	names, err := fs.Glob(assets.Packs, "packs/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var files [][]byte
	for _, name := range names {
		b, err := fs.ReadFile(assets.Packs, name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b)
	}
	lib, err := regulation.Open(files...)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// TestCompose: every scheme of every regulation has a sample meeting, by the name of its
// stage and by its id, and what happens in it is what the scheme, the facts and the common
// rules ask for.
func TestCompose(t *testing.T) {
	lib := builtIn(t)
	w := &World{Sample: assets.Sample, Rules: func() (*regulation.Library, error) { return lib, nil }}
	for _, scheme := range lib.Schemes() {
		t.Run(scheme.ID, func(t *testing.T) {
			of, id, _ := strings.Cut(scheme.ID, ".")
			in, err := w.readSample(of, id)
			if err != nil {
				t.Fatal(err)
			}
			stage, _, _ := strings.Cut(scheme.Items[0].ID, "-")
			if byName, err := w.readSample(of, stage); err != nil || byName.name != in.name || in.name != strings.ToLower(stage) {
				t.Errorf("%q is called %q: %v", stage, in.name, err)
			}
			checkSample(t, lib, scheme, in)
		})
	}
}

// checkSample tells what is wrong with a sample meeting.
func checkSample(t *testing.T, lib *regulation.Library, scheme *regulation.Scheme, in sample) {
	var project struct {
		Facts     map[string]any
		Documents []struct{ File, Material string }
	}
	var about struct {
		Roster []storyPerson
	}
	for name, v := range map[string]any{"project.json": &project, "meeting.json": &about} {
		if err := json.Unmarshal(in.files[name], v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	facts, frozen := asFacts(project.Facts), scheme.Freeze()
	if unknown, err := lib.CheckFacts(scheme.ID, facts); err != nil || len(unknown) > 0 {
		t.Errorf("facts %v: %v", unknown, err)
	}
	var present []string
	for i, d := range project.Documents {
		if present = append(present, d.Material); d.File != in.Sources[i].File {
			t.Errorf("%s is made of %s", d.File, in.Sources[i].File)
		}
	}
	materials, err := lib.Materials(scheme.ID, facts, present)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range materials {
		if (m.Due == regulation.DueYes || m.Due == regulation.DueNo) && m.Present != (m.Due == regulation.DueYes) {
			t.Errorf("%s is %s", m.Code, m.Due)
		}
	}
	line := func(field, text string) {
		if err := review.CheckLine(field, text, review.MaxParagraph); err != nil {
			t.Errorf("%s: %v: %s", field, err, text)
		}
		if strings.ContainsAny(text, "{}") {
			t.Errorf("%s is not filled in: %s", field, text)
		}
	}

	var experts, signing []string
	for _, p := range about.Roster {
		if slices.Contains(p.Roles, "expert") {
			experts = append(experts, p.Name)
		}
		if !slices.Contains(p.Roles, "observer") {
			signing = append(signing, p.Name)
		}
	}
	last := in.Rounds[len(in.Rounds)-1]
	var ballots []scoring.Ballot
	for i, b := range last.Ballots {
		if err := b.Sheet.Check(frozen, nil); err != nil || !slices.Contains(experts, b.Person) {
			t.Errorf("the sheet of %s: %v", b.Person, err)
		}
		for _, p := range b.Sheet.Opinion {
			line("opinion", p)
		}
		ballots = append(ballots, scoring.Ballot{Seat: review.NumberedSeat(i + 2), Sheet: b.Sheet})
	}
	for _, v := range in.Votes {
		signing = slices.DeleteFunc(signing, func(name string) bool { return name == v.Person })
	}
	for _, d := range in.Declarations {
		if d.Conflict {
			signing = slices.DeleteFunc(signing, func(name string) bool { return name == d.Person })
		}
	}
	for _, r := range in.Recusals {
		signing = slices.DeleteFunc(signing, func(name string) bool { return name == r.Person })
	}
	if len(ballots) != 5 || len(signing) != 0 {
		t.Errorf("%d ballots; no vote of %v", len(ballots), signing)
	}

	tally, err := scoring.Count(frozen, ballots)
	if err != nil && review.CodeOf(err) != review.CodeScoreNone {
		t.Fatal(err)
	}
	if frozen.Mode == review.ModeWeighted && slices.MaxFunc(tally.Experts, byTotal).Total.Cmp(slices.MinFunc(tally.Experts, byTotal).Total) == 0 {
		t.Error("all experts come to the same")
	}
	checkConclusion(t, lib, frozen, in, facts, tally)
	checkOpinion(t, scheme, in, experts, line)
	for _, m := range in.Minutes {
		line("minutes", m.Text)
	}
}

func byTotal(a, b scoring.Expert) int { return a.Total.Cmp(b.Total) }

// checkConclusion holds the conclusion to what the rules suggest and find.
func checkConclusion(t *testing.T, lib *regulation.Library, frozen review.Scheme, in sample, facts []review.Fact, tally scoring.Tally) {
	closed := map[string]string{}
	for _, s := range in.Settle {
		closed[s.Item] = s.Answer
	}
	known := regulation.Known{Facts: facts}
	for _, c := range in.Fulfilment.Changes {
		known.Signed = append(known.Signed, c.Number)
	}
	var err error
	if known.Panel, err = lib.Panel(tally, closed); err != nil {
		t.Fatal(err)
	}
	findings, err := lib.Findings(frozen, known)
	if err != nil {
		t.Fatal(err)
	}
	open, err := lib.Suggest(tally, findings, nil)
	if err != nil || len(open.Undecided) != len(in.Settle) {
		t.Errorf("%v are open, %v are settled: %v", open.Undecided, in.Settle, err)
	}
	suggested, err := lib.Suggest(tally, findings, closed)
	if err != nil || len(suggested.Undecided) > 0 || (suggested.Outcome == in.Conclusion.Outcome) != (in.Conclusion.Reason == "") {
		t.Errorf("%q is suggested (%s), %q concluded: %v", suggested.Outcome, suggested.Total, in.Conclusion.Outcome, err)
	}
	if o, ok := frozen.Outcome(in.Conclusion.Outcome); !ok || o.Fails {
		t.Errorf("the meeting ends in %q", in.Conclusion.Outcome)
	}
	var limits, against []string
	for _, f := range findings {
		if f.Limit() != regulation.LimitNone {
			limits = append(limits, f.Rule)
		}
	}
	for _, a := range in.Conclusion.Against {
		against = append(against, a.Rule)
	}
	if len(in.Corrections) == 0 && !slices.Equal(limits, against) {
		t.Errorf("the rules find %v, the panel answers %v", limits, against)
	}
}

// checkOpinion wants a paragraph below every heading that shows nothing by itself, and none
// below what is no heading.
func checkOpinion(t *testing.T, scheme *regulation.Scheme, in sample, experts []string, line func(field, text string)) {
	headings := []string{headingConclusion}
	if len(scheme.Sections) == 0 {
		headings = append(headings, headingProblems, headingAdvice)
	}
	below := map[string]int{}
	for _, p := range in.Opinion {
		below[p.Section]++
		line("paragraph", p.Text)
		for _, s := range p.Sources {
			if !slices.Contains(experts, s) {
				t.Errorf("%s is a source", s)
			}
		}
	}
	for _, s := range scheme.Sections {
		headings = append(headings, s.Title)
		if s.Shows == regulation.ShowsNothing && below[s.Title] == 0 {
			t.Errorf("nothing is said below %s", s.Title)
		}
	}
	for heading := range below {
		if !slices.Contains(headings, heading) {
			t.Errorf("no heading %q", heading)
		}
	}
}

// TestStories: what is written of the projects holds together: who speaks is an expert, no
// document is from after its meeting, and nothing is written for what is not asked.
func TestStories(t *testing.T) {
	w := &World{Sample: assets.Sample}
	names, err := fs.Glob(assets.Sample, storiesOf+"/*.json")
	if err != nil || len(names) < 2 {
		t.Fatalf("%v: %v", names, err)
	}
	lib := builtIn(t)
	for _, name := range names {
		var s story
		if strings.HasSuffix(name, "/phrases.json") {
			continue
		}
		if err := w.sampleJSON(name, &s); err != nil {
			t.Fatal(err)
		}
		of := strings.TrimSuffix(name[len(storiesOf)+1:], ".json")
		expert := func(who string) bool {
			return slices.ContainsFunc(s.Roster, func(p storyPerson) bool { return p.Name == who && p.Field != "" })
		}
		for id, at := range s.Stages {
			for _, x := range slices.Concat(at.Problems, at.Advice) {
				if !expert(x.By) {
					t.Errorf("%s: %q is no expert", id, x.By)
				}
			}
			for _, d := range at.Doubts {
				if !expert(d.By) || d.Why == "" {
					t.Errorf("%s: %q doubts %s", id, d.By, d.Item)
				}
			}
			year, rest, _ := strings.Cut(at.Time, "年")
			month, rest, _ := strings.Cut(rest, "月")
			day, _, _ := strings.Cut(rest, "日")
			for _, d := range at.Documents {
				checkSums(t, id+", "+d.Title, d.Text)
				if dated(d.Date) == d.Date || d.Author == "" || later(d.Date, year, month, day) {
					t.Errorf("%s: %s of %s", id, d.Title, d.Date)
				}
			}
			scheme, ok := lib.Scheme(of + "." + at.Scheme)
			if !ok {
				continue // a regulation that is not built in
			}
			for item := range at.Items {
				if !slices.ContainsFunc(scheme.Items, func(it regulation.Item) bool { return it.ID == item && it.Kind == review.ItemScore }) {
					t.Errorf("%s: no item %s", id, item)
				}
			}
			for _, p := range at.Problems {
				if _, ok := at.Items[p.Item]; !ok {
					t.Errorf("%s: a problem with %q", id, p.Item)
				}
			}
		}
	}
}

// checkSums adds up the amounts at the ends of a document's rows.
func checkSums(t *testing.T, where string, text []string) {
	sum := new(big.Rat)
	for _, line := range text {
		cells := strings.Split(strings.Trim(line, "| "), "|")
		amount, ok := new(big.Rat).SetString(strings.ReplaceAll(strings.TrimSpace(cells[len(cells)-1]), ",", ""))
		switch {
		case len(cells) < 2 || !ok:
		case strings.TrimSpace(cells[0]) == "合计":
			if sum.Cmp(amount) != 0 {
				t.Errorf("%s: the sum is %s", where, sum.FloatString(2))
			}
		default:
			sum.Add(sum, amount)
		}
	}
}

// later tells whether a date is after a day as people write it.
func later(date, year, month, day string) bool {
	pad := func(s string) string { return strings.Repeat("0", 2-min(len(s), 2)) + s }
	return date > year+"-"+pad(month)+"-"+pad(day)
}
