package review_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// TestScheme holds what a scheme must be.
func TestScheme(t *testing.T) {
	item := func(f func(*review.Item)) func(*review.Scheme) {
		return func(c *review.Scheme) { f(&c.Items[0]) }
	}
	weighted := func(first, second string) func(*review.Scheme) {
		return func(c *review.Scheme) {
			c.Mode, c.Items[0].Weight = review.ModeWeighted, first
			more := c.Items[0]
			more.ID, more.Weight = "A2", second
			c.Items = append(c.Items, more)
		}
	}
	with := func(f func(*review.Scheme)) func(*review.Scheme) {
		return func(c *review.Scheme) {
			weighted("60", "40")(c)
			f(c)
		}
	}
	for _, c := range []struct {
		name   string
		change func(*review.Scheme)
		code   review.Code
		item   string
	}{
		{"good", func(*review.Scheme) {}, "", ""},
		{"nothing to mark", func(c *review.Scheme) { c.Items = nil }, "", ""},
		{"a fraction of 满分", item(func(i *review.Item) { i.Full = "12.25" }), "", ""},
		{"no id", func(c *review.Scheme) { c.ID = "" }, review.CodeSchemeForm, "id"},
		{"no title", func(c *review.Scheme) { c.Title = "" }, review.CodeSchemeForm, "id"},
		{"too many items", func(c *review.Scheme) { c.Items = make([]review.Item, review.MaxItems+1) }, review.CodeSchemeForm, "id"},
		{"an item without a title", item(func(i *review.Item) { i.Title = "" }), review.CodeSchemeForm, "A1"},
		{"an item twice", item(func(i *review.Item) { i.ID = "B1" }), review.CodeSchemeForm, "B1"},
		{"an item of no kind", item(func(i *review.Item) { i.Kind = "text" }), review.CodeSchemeForm, "A1"},
		{"an article too long", item(func(i *review.Item) { i.Article = strings.Repeat("x", 301) }), review.CodeSchemeForm, "A1"},
		{"no 满分", item(func(i *review.Item) { i.Full = "" }), review.CodeSchemeForm, "A1"},
		{"满分 0", item(func(i *review.Item) { i.Full = "0" }), review.CodeSchemeForm, "A1"},
		{"满分 below 0", item(func(i *review.Item) { i.Full = "-1" }), review.CodeSchemeForm, "A1"},
		{"满分 in another writing", item(func(i *review.Item) { i.Full = "1e1" }), review.CodeSchemeForm, "A1"},
		{"满分 as a fraction", item(func(i *review.Item) { i.Full = "10/1" }), review.CodeSchemeForm, "A1"},
		{"no step", item(func(i *review.Item) { i.Step = "" }), review.CodeSchemeForm, "A1"},
		{"another step", item(func(i *review.Item) { i.Step = "0.25" }), review.CodeSchemeForm, "A1"},
		{"yes or no out of 满分", func(c *review.Scheme) { c.Items[1].Full = "10" }, review.CodeSchemeForm, "B1"},
		{"a gate in steps", func(c *review.Scheme) { c.Items[2].Step = "1" }, review.CodeSchemeForm, "C1"},
		{"weights that make 100", weighted("60", "40"), "", ""},
		{"weights with decimals", weighted("33.33", "66.67"), "", ""},
		{"weights below 100", weighted("60", "39.99"), review.CodeSchemeWeights, "99.99"},
		{"weights above 100", weighted("60", "40.01"), review.CodeSchemeWeights, "100.01"},
		{"a weight of nothing", weighted("100", "0"), review.CodeSchemeForm, "A2"},
		{"a weight in another writing", weighted("1e1", "90"), review.CodeSchemeForm, "A1"},
		{"no weights", func(c *review.Scheme) { c.Mode = review.ModeWeighted }, review.CodeSchemeForm, "A1"},
		{"a weight that nothing counts", item(func(i *review.Item) { i.Weight = "100" }), review.CodeSchemeForm, "A1"},
		{"a mode of no kind", func(c *review.Scheme) { c.Mode = "lottery" }, review.CodeSchemeForm, "mode"},
		{"a method of no kind", with(func(c *review.Scheme) { c.Method = "best" }), review.CodeSchemeForm, "mode"},
		{"a method where nothing is weighed", func(c *review.Scheme) { c.Mode, c.Method = review.ModeCompliance, review.MethodMean }, review.CodeSchemeForm, "mode"},
		{"trimmed", with(func(c *review.Scheme) { c.Method, c.Least = review.MethodTrimmed, 3 }), "", ""},
		{"trimmed to nothing", with(func(c *review.Scheme) { c.Method, c.Least = review.MethodTrimmed, 2 }), review.CodeSchemeForm, "mode"},
		{"a least number of what is not trimmed", with(func(c *review.Scheme) { c.Least = 5 }), review.CodeSchemeForm, "mode"},
		{"a computed gate", func(c *review.Scheme) { c.Items[2].Rule = "YQ-G02" }, "", ""},
		{"a rule under marks", item(func(i *review.Item) { i.Rule = "YQ-G02" }), review.CodeSchemeForm, "A1"},
		{"rules", func(c *review.Scheme) { c.Rules = []review.RuleRef{{ID: "YQ-G02"}, {ID: "YQ-G03", After: true}} }, "", ""},
		{"a rule before and after", func(c *review.Scheme) { c.Rules = []review.RuleRef{{ID: "YQ-R07"}, {ID: "YQ-R07", After: true}} }, "", ""},
		{"a rule twice after", func(c *review.Scheme) {
			c.Rules = []review.RuleRef{{ID: "YQ-R07", After: true}, {ID: "YQ-R07", After: true}}
		}, review.CodeSchemeForm, "mode"},
		{"a rule twice", func(c *review.Scheme) { c.Rules = []review.RuleRef{{ID: "YQ-G02"}, {ID: "YQ-G02"}} }, review.CodeSchemeForm, "mode"},
		{"a pack", func(c *review.Scheme) { c.Packs = []review.Digest{review.DigestOf(nil)} }, "", ""},
		{"as many packs as may be", func(c *review.Scheme) {
			c.Packs = slices.Repeat([]review.Digest{review.DigestOf(nil)}, review.MaxPacks)
		}, "", ""},
		{"more packs", func(c *review.Scheme) {
			c.Packs = slices.Repeat([]review.Digest{review.DigestOf(nil)}, review.MaxPacks+1)
		}, review.CodeSchemeForm, "mode"},
		{"a pack of no digest", func(c *review.Scheme) { c.Packs = []review.Digest{"abc"} }, review.CodeSchemeForm, "mode"},
		{"a question", item(func(i *review.Item) { i.Question = "是否符合？" }), "", ""},
		{"a blank question", item(func(i *review.Item) { i.Question = " " }), review.CodeSchemeForm, "A1"},
		{"no conclusions", func(c *review.Scheme) { c.Outcomes = nil }, review.CodeSchemeForm, "outcomes"},
		{"too many conclusions", func(c *review.Scheme) { c.Outcomes = make([]review.Outcome, review.MaxOutcomes+1) }, review.CodeSchemeForm, "outcomes"},
		{"a conclusion twice", func(c *review.Scheme) { c.Outcomes[1].ID = "pass" }, review.CodeSchemeForm, "pass"},
		{"a conclusion with an item's id", func(c *review.Scheme) { c.Outcomes[1].ID = "A1" }, "", ""},
		{"a conclusion without a title", func(c *review.Scheme) { c.Outcomes[1].Title = "" }, review.CodeSchemeForm, "fail"},
	} {
		t.Run(c.name, func(t *testing.T) {
			scheme := reviewtest.RoomScheme()
			c.change(&scheme)
			err := scheme.Check()
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
			if same := scheme.Digest() == reviewtest.RoomScheme().Digest(); same != (c.name == "good") {
				t.Errorf("the digest tells %v", same)
			}
		})
	}
}

// TestSheet holds what answers a scheme.
func TestSheet(t *testing.T) {
	value := func(i int, v string) func(*review.Sheet) {
		return func(s *review.Sheet) { s.Marks[i].Value = v }
	}
	scheme := reviewtest.RoomScheme()
	scheme.Items = append(scheme.Items, review.Item{ID: "A2", Title: "投资", Kind: review.ItemScore, Full: "7.25", Step: "1", NA: true})
	for _, c := range []struct {
		name   string
		change func(*review.Sheet)
		code   review.Code
		item   string
	}{
		{"good", func(*review.Sheet) {}, "", ""},
		{"0", value(0, "0"), "", ""},
		{"0 with a place", value(0, "0.0"), "", ""},
		{"满分", value(0, "10"), "", ""},
		{"a half", value(0, "9.50"), "", ""},
		{"above 满分", value(0, "10.5"), review.CodeSheetMark, "A1"},
		{"below 0", value(0, "-1"), review.CodeSheetMark, "A1"},
		{"between steps", value(0, "8.3"), review.CodeSheetMark, "A1"},
		{"not marked", value(0, ""), review.CodeSheetMark, "A1"},
		{"abstaining from a mark", value(0, review.AnswerAbstain), review.CodeSheetMark, "A1"},
		{"不适用 where it is no answer", value(0, review.AnswerNA), review.CodeSheetMark, "A1"},
		{"不适用 of a mark", value(3, review.AnswerNA), "", ""},
		{"满分 that is no step", value(3, "7.25"), review.CodeSheetMark, "A2"},
		{"no", value(1, review.AnswerNo), "", ""},
		{"abstains", value(1, review.AnswerAbstain), "", ""},
		{"不适用 of yes and no", value(1, review.AnswerNA), review.CodeSheetMark, "B1"},
		{"a mark for yes and no", value(1, "1"), review.CodeSheetMark, "B1"},
		{"a leading zero", value(0, "08"), review.CodeSheetMark, "A1"},
		{"a plus", value(0, "+8"), review.CodeSheetMark, "A1"},
		{"full-width figures", value(0, "８"), review.CodeSheetMark, "A1"},
		{"one answer too few", func(s *review.Sheet) { s.Marks = s.Marks[:3] }, review.CodeSheetItem, "A2"},
		{"one answer too many", func(s *review.Sheet) { s.Marks = append(s.Marks, review.Mark{Item: "X", Value: "1"}) }, review.CodeSheetItem, "X"},
		{"out of order", func(s *review.Sheet) { s.Marks[0], s.Marks[1] = s.Marks[1], s.Marks[0] }, review.CodeSheetItem, "A1"},
		{"a reason too long", func(s *review.Sheet) { s.Marks[0].Reason = long(review.MaxReason) }, review.CodeTextLong, "500"},
		{"a reason that steers", func(s *review.Sheet) { s.Marks[0].Reason = "a\u202eb" }, review.CodeTextControl, "reason"},
		{"no opinion", func(s *review.Sheet) { s.Opinion = nil }, "", ""},
		{"an empty paragraph", func(s *review.Sheet) { s.Opinion = []string{""} }, review.CodeTextEmpty, "opinion"},
		{"a paragraph too long", func(s *review.Sheet) { s.Opinion = []string{long(review.MaxParagraph)} }, review.CodeTextLong, "200"},
		{"too many paragraphs", func(s *review.Sheet) { s.Opinion = make([]string, review.MaxOpinion+1) }, review.CodeTextLong, "30000"},
		{"no conclusion", func(s *review.Sheet) { s.Outcome = "" }, "", ""},
		{"no such conclusion", func(s *review.Sheet) { s.Outcome = "maybe" }, review.CodeOutcome, "maybe"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sheet := reviewtest.RoomSheet()
			sheet.Marks = append(sheet.Marks, review.Mark{Item: "A2", Value: "7"})
			c.change(&sheet)
			err := sheet.Check(scheme, nil)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}

	// In a later round what changed needs a reason, and nothing else does.
	scheme = reviewtest.RoomScheme()
	before, now := reviewtest.RoomSheet(), reviewtest.RoomSheet()
	reviewtest.WantCode(t, now.Check(scheme, &before), "")
	now.Marks[1].Value = review.AnswerNo
	err := now.Check(scheme, &before)
	reviewtest.WantCode(t, err, review.CodeSheetReason)
	wantItem(t, err, "B1")
	now.Marks[1].Reason = "补充材料后仍缺一份"
	reviewtest.WantCode(t, now.Check(scheme, &before), "")

	// Where nothing is marked, the opinion is all there is.
	scheme.Items = nil
	bare := review.Sheet{Outcome: "pass"}
	err = bare.Check(scheme, nil)
	reviewtest.WantCode(t, err, review.CodeTextEmpty)
	wantItem(t, err, "opinion")
	bare.Opinion = []string{"方案可行。"}
	reviewtest.WantCode(t, bare.Check(scheme, nil), "")
}

// TestOutcome holds that a conclusion is found by its id.
func TestOutcome(t *testing.T) {
	if o, ok := reviewtest.RoomScheme().Outcome("fail"); !ok || o.Title != "不通过" {
		t.Errorf("%+v, %v", o, ok)
	}
	if _, ok := reviewtest.RoomScheme().Outcome(""); ok {
		t.Error("a conclusion without an id")
	}
}

// TestContent holds that what is under the seal has one form.
func TestContent(t *testing.T) {
	m := panel(t, 1, review.StageScoring)
	good := review.Content{Version: 1, Score: m.Say(chair, review.StatementScore, p01, reviewtest.RoomSheet()), Paper: review.DigestOf(nil)}
	s := string(good.Encode())
	if got, err := review.DecodeContent([]byte(s)); err != nil || fmt.Sprint(got) != fmt.Sprint(good) {
		t.Fatalf("%v, %v", got, err)
	}
	changes(t, []byte(s), review.DecodeContent)
	for name, bad := range map[string]string{
		"empty":         "",
		"white space":   s + " ",
		"unknown field": strings.Replace(s, `"v":1`, `"v":1,"x":2`, 1),
		"later version": strings.Replace(s, `"v":1`, `"v":2`, 1),
		"empty paper":   strings.Replace(s, string(review.DigestOf(nil)), "", 1),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := review.DecodeContent([]byte(bad))
			reviewtest.WantCode(t, err, review.CodeBallotForm)
		})
	}
}
