package review_test

import (
	"reflect"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// weighted is a scheme with two scored items, a yes/no item and a gate.
func weighted(outcomes ...string) review.Scheme {
	c := review.Scheme{
		ID: "city.acceptance", Title: "项目验收", Mode: review.ModeWeighted,
		Items: []review.Item{
			{ID: "A1", Title: "建设内容", Kind: review.ItemScore, Full: "60", Step: "0.5", Weight: "60"},
			{ID: "B1", Title: "监督", Kind: review.ItemYesNo},
			{ID: "A2", Title: "安全", Kind: review.ItemScore, Full: "40", Step: "0.5", Weight: "40"},
			{ID: "C1", Title: "试运行", Kind: review.ItemGate, Rule: "CITY-G01"},
		},
	}
	for _, id := range outcomes {
		c.Outcomes = append(c.Outcomes, review.Outcome{ID: id, Title: "结论" + id})
	}
	return c
}

// TestSettings holds what may be set of a scheme, and what stays as it is.
func TestSettings(t *testing.T) {
	verdicts, bands := weighted("passed", "passed_after_revision", "not_passed"), weighted("you", "liang", "zhong", "cha")
	compliance := review.Scheme{
		ID: "city.change", Title: "变更审批", Mode: review.ModeCompliance,
		Items:    []review.Item{{ID: "B1", Title: "确有必要", Kind: review.ItemYesNo}},
		Outcomes: []review.Outcome{{ID: "passed", Title: "同意"}},
	}
	weights := func(a, b string) []review.Weigh {
		return []review.Weigh{{Item: "A1", Weight: a}, {Item: "A2", Weight: b}}
	}
	for _, c := range []struct {
		name   string
		scheme review.Scheme
		set    review.Settings
		code   review.Code
		item   string
	}{
		{"nothing", verdicts, review.Settings{}, "", ""},
		{"weights", verdicts, review.Settings{Items: weights("70", "30")}, "", ""},
		{"weights with decimals", verdicts, review.Settings{Items: weights("66.67", "33.33")}, "", ""},
		{"weights that make less", verdicts, review.Settings{Items: weights("70", "29.99")}, review.CodeSchemeWeights, "99.99"},
		{"one weight alone", verdicts, review.Settings{Items: []review.Weigh{{Item: "A1", Weight: "70"}}}, review.CodeSchemeWeights, "110.00"},
		{"no weight", verdicts, review.Settings{Items: weights("100", "0")}, review.CodeSchemeForm, "A2"},
		{"in another order", verdicts, review.Settings{Items: []review.Weigh{{Item: "A2", Weight: "30"}, {Item: "A1", Weight: "70"}}}, review.CodeSchemeForm, "A1"},
		{"twice", verdicts, review.Settings{Items: []review.Weigh{{Item: "A1", Weight: "60"}, {Item: "A1", Weight: "60"}}}, review.CodeSchemeForm, "A1"},
		{"of a gate", verdicts, review.Settings{Items: []review.Weigh{{Item: "C1", Weight: "60"}}}, review.CodeSchemeForm, "C1"},
		{"of no item", verdicts, review.Settings{Items: []review.Weigh{{Item: "Z9", Full: "60"}}}, review.CodeSchemeForm, "Z9"},
		{"nothing of an item", verdicts, review.Settings{Items: []review.Weigh{{Item: "A1"}}}, review.CodeSchemeForm, "A1"},
		{"full marks and steps", verdicts, review.Settings{Items: []review.Weigh{{Item: "A1", Full: "100", Step: "1"}}}, "", ""},
		{"a step that there is not", verdicts, review.Settings{Items: []review.Weigh{{Item: "A1", Step: "0.1"}}}, review.CodeSchemeForm, "A1"},
		{"no full marks", verdicts, review.Settings{Items: []review.Weigh{{Item: "A1", Full: "0"}}}, review.CodeSchemeForm, "A1"},
		{"trimmed", verdicts, review.Settings{Method: review.MethodTrimmed, Least: 7}, "", ""},
		{"the median", verdicts, review.Settings{Method: review.MethodMedian}, "", ""},
		{"the median of seven", verdicts, review.Settings{Method: review.MethodMedian, Least: 7}, review.CodeSchemeForm, "least"},
		{"more experts than there can be", verdicts, review.Settings{Method: review.MethodTrimmed, Least: 51}, review.CodeSchemeForm, "least"},
		{"full marks that no step reaches", verdicts, review.Settings{Items: []review.Weigh{{Item: "A1", Full: "0.25"}}}, review.CodeSchemeForm, "A1"},
		{"full marks between steps", verdicts, review.Settings{Items: []review.Weigh{{Item: "A1", Full: "10.5", Step: "1"}}}, review.CodeSchemeForm, "A1"},
		{"full marks of half steps", verdicts, review.Settings{Items: []review.Weigh{{Item: "A1", Full: "10.5"}}}, "", ""},
		{"a bound of a scheme without the other conclusion", weighted("passed", "not_passed"), review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "55.00"}}}, "", ""},
		{"a bound of a conclusion that the scheme does not have", weighted("passed", "not_passed"), review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "55.00"}, {Outcome: "passed_after_revision", From: "50.00"}}}, review.CodeSchemeForm, "bounds"},
		{"bands without the best", weighted("liang", "zhong", "cha"), review.Settings{Bounds: []review.Bound{{Outcome: "liang", From: "85.00"}, {Outcome: "zhong", From: "60.00"}}}, "", ""},
		{"a least alone", verdicts, review.Settings{Least: 7}, review.CodeSchemeForm, "least"},
		{"no such method", verdicts, review.Settings{Method: "best"}, review.CodeSchemeForm, "mode"},
		{"bounds", verdicts, review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "75.00"}, {Outcome: "passed_after_revision", From: "60.00"}}}, "", ""},
		{"bounds of a hundred", verdicts, review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "100.00"}, {Outcome: "passed_after_revision", From: "0.01"}}}, "", ""},
		{"bounds above it", verdicts, review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "100.01"}, {Outcome: "passed_after_revision", From: "60.00"}}}, review.CodeSchemeForm, "bounds"},
		{"bounds at nothing", verdicts, review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "80.00"}, {Outcome: "passed_after_revision", From: "0.00"}}}, review.CodeSchemeForm, "bounds"},
		{"bounds that meet", verdicts, review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "80.00"}, {Outcome: "passed_after_revision", From: "80.00"}}}, review.CodeSchemeForm, "bounds"},
		{"bounds without decimals", verdicts, review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "80"}, {Outcome: "passed_after_revision", From: "60"}}}, review.CodeSchemeForm, "bounds"},
		{"one bound of two", verdicts, review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "75.00"}}}, review.CodeSchemeForm, "bounds"},
		{"bounds of bands", verdicts, review.Settings{Bounds: []review.Bound{{Outcome: "you", From: "95.00"}, {Outcome: "liang", From: "85.00"}, {Outcome: "zhong", From: "60.00"}}}, review.CodeSchemeForm, "bounds"},
		{"bands", bands, review.Settings{Bounds: []review.Bound{{Outcome: "you", From: "95.00"}, {Outcome: "liang", From: "85.00"}, {Outcome: "zhong", From: "60.00"}}}, "", ""},
		{"not scored", verdicts, review.Settings{Unscored: true}, "", ""},
		{"not scored, with weights", verdicts, review.Settings{Unscored: true, Items: weights("70", "30")}, review.CodeSchemeForm, "unscored"},
		{"not scored what never was", compliance, review.Settings{Unscored: true}, review.CodeSchemeForm, "unscored"},
		{"bounds of what is not scored", compliance, review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "75.00"}, {Outcome: "passed_after_revision", From: "60.00"}}}, review.CodeSchemeForm, "bounds"},
		{"weights of what is not scored", compliance, review.Settings{Items: []review.Weigh{{Item: "B1", Weight: "100"}}}, review.CodeSchemeForm, "B1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := c.scheme.Digest()
			got, err := c.scheme.With(c.set)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
			if c.scheme.Digest() != before {
				t.Error("the scheme that was given has changed")
			}
			if err != nil {
				return
			}
			if (got.Own == nil) != c.set.Empty() || (got.Digest() == before) != c.set.Empty() {
				t.Errorf("%+v", got)
			}
			if got.Own != nil && !reflect.DeepEqual(*got.Own, c.set) {
				t.Errorf("set %+v", got.Own)
			}
			// Nothing of the words is another's.
			for i, it := range got.Items {
				was := c.scheme.Items[i]
				if c.set.Unscored {
					was = []review.Item{c.scheme.Items[1], c.scheme.Items[3]}[i]
				}
				it.Weight, it.Full, it.Step, was.Weight, was.Full, was.Step = "", "", "", "", "", ""
				if it != was {
					t.Errorf("%+v, was %+v", it, was)
				}
			}
		})
	}
}

// TestUnscoredKeepsGates holds that gates and yes/no items have their effect where nothing is
// scored.
func TestUnscoredKeepsGates(t *testing.T) {
	for _, c := range []struct {
		scheme review.Scheme
		mode   review.Mode
	}{
		{weighted("passed", "not_passed"), review.ModeCompliance},
		{weighted("you", "liang", "zhong", "cha"), ""}, // bands rest on a total alone
	} {
		got, err := c.scheme.With(review.Settings{Unscored: true})
		if err != nil || got.Mode != c.mode || len(got.Items) != 2 || got.Items[1].Rule != "CITY-G01" {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

// TestSchemeSet holds when a scheme may be set, and what becomes of the project.
func TestSchemeSet(t *testing.T) {
	set := func(m *reviewtest.Room, full, why string) error {
		return m.Try(secretary, review.SchemeSet{Project: p01, Settings: review.Settings{Items: []review.Weigh{{Item: "A1", Full: full}}}, Reason: why})
	}
	reviewtest.WantCode(t, set(panel(t, 3, review.StageScoring), "20", "组织单位确认"), review.CodeActStage)
	m := panel(t, 3, review.StageWaiting)
	reviewtest.WantCode(t, set(m, "20", ""), review.CodeTextEmpty)
	reviewtest.WantCode(t, set(m, "x", "组织单位确认"), review.CodeSchemeForm)
	reviewtest.WantCode(t, m.Try(chair, review.SchemeSet{Project: p01, Reason: "组织单位确认"}), review.CodeActRole)
	came := m.State.Project(p01).Scheme
	for _, full := range []string{"20", "30"} {
		if err := set(m, full, "组织单位确认"); err != nil {
			t.Fatal(err)
		}
		p := m.State.Project(p01)
		if p.Scheme.Items[0].Full != full || p.SchemeDigest != p.Scheme.Digest() || p.SchemeDigest == came.Digest() || !reflect.DeepEqual(p.Came(), came) {
			t.Errorf("%+v", p.Scheme)
		}
	}
	err := set(m, "30", "组织单位再次确认")
	reviewtest.WantCode(t, err, review.CodeSchemeForm)
	wantItem(t, err, "same")
	m.Do(secretary, review.SchemeSet{Project: p01, Reason: "不再另定"})
	if p := m.State.Project(p01); !reflect.DeepEqual(p.Scheme, came) || p.SchemeDigest != came.Digest() || len(p.Settings) != 3 {
		t.Errorf("put back: %+v", p.Scheme)
	}
	own := came
	own.Own = &review.Settings{Unscored: true}
	err = m.Try(secretary, review.ProjectAdded{Project: "p02", Title: "平台二期", Package: review.DigestOf([]byte("q")), Scheme: own, Quorum: 3})
	reviewtest.WantCode(t, err, review.CodeSchemeForm)
	wantItem(t, err, "own")
}
