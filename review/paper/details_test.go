package paper_test

import (
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/paper"
	"heyi/review/regulation"
)

// TestOwnDetails: the 评审细则确认单 says what was set and what was before it, is the same
// paper whenever it is printed, and is another once something else is set; what the papers of
// the group say of the 评审细则 is true of what was set.
func TestOwnDetails(t *testing.T) {
	s := open(t).panel().project("yueqing-2015.technical_review", 3, nil)
	details := func() *paper.Details {
		c := s.caseOf()
		p := c.Project
		return c.Details(nil, s.lib.Bounds(p.Came()), s.lib.Bounds(p.Scheme))
	}
	came := details()
	s.Do(secretary, review.SchemeSet{Project: s.id, Reason: "组织单位会议确定", Settings: review.Settings{
		Items:  []review.Weigh{{Item: "Y2-01", Weight: "15", Full: "15"}, {Item: "Y2-04", Weight: "30", Full: "30"}},
		Method: review.MethodTrimmed, Least: 7,
		Bounds: []review.Bound{{Outcome: "passed", From: "85.00"}, {Outcome: "passed_after_revision", From: "60.00"}},
	}})
	x := details()
	if x.Number == came.Number || x.Check == came.Check || x.Digest == came.Digest || !x.Own || x.Least != 7 || x.Method != review.MethodTrimmed || x.WasMethod != "" {
		t.Errorf("%+v", x)
	}
	if d := x.Scored[0]; d.Weight != "15" || d.Was.Weight != "10" || d.Origin != regulation.OriginText {
		t.Errorf("%+v", d)
	}
	if v := x.Conclusions[0]; v.From != "85.00" || v.Was != "80.00" {
		t.Errorf("%+v", v)
	}
	s.At = s.At.AddDate(0, 0, 1)
	if again := details(); again.Check != x.Check || again.Number != x.Number {
		t.Errorf("printed again it is %s %s, was %s %s", again.Number, again.Check, x.Number, x.Check)
	}
	opinion := s.caseOf().Opinion(1)
	if opinion.Result.Own != x.Number || opinion.Result.Detailed || !strings.Contains(opinion.Type, "本次会议另定") {
		t.Errorf("the opinion says %q of %q", opinion.Result.Own, opinion.Type)
	}
	s.Do(secretary, review.SchemeSet{Project: s.id, Reason: "不评分", Settings: review.Settings{Unscored: true}})
	if x := details(); !x.Unscored || x.Mode != review.ModeCompliance || len(x.Scored) > 0 || len(x.Dropped) != 5 || x.Conclusions[0].From+x.Conclusions[0].Was != "" {
		t.Errorf("not scored: %+v", x)
	}
}

// TestFollows: what follows from a conclusion is what is asked after it, and nothing that was
// asked before.
func TestFollows(t *testing.T) {
	list := []regulation.Finding{
		{Title: "前", Result: regulation.Result{Outcome: regulation.OutcomeRequired}},
		{Title: "不涉及", After: true, Result: regulation.Result{Outcome: regulation.OutcomeNotApplicable}},
		{Title: "未办", After: true, Result: regulation.Result{Outcome: regulation.OutcomeMissing}},
		{Title: "建议", After: true, Result: regulation.Result{Outcome: regulation.OutcomeRecommended}},
		{Title: "已办", After: true, Result: regulation.Result{Outcome: regulation.OutcomePass}},
	}
	got := ""
	for _, f := range paper.Follows(list) {
		if got += f.Title; f.Done {
			got += "！"
		}
	}
	if got != "未办建议已办！" {
		t.Errorf("follows %s", got)
	}
}

// TestBrought: a paper says that its regulation came with the package.
func TestBrought(t *testing.T) {
	c := open(t).panel().project("yueqing-2015.technical_review", 3, nil).caseOf()
	if strings.Contains(c.Tally(1).Basis, "自带") {
		t.Error("a regulation of the program came with the package")
	}
	c.About.Brought = true
	if got := c.Tally(1).Basis; !strings.HasSuffix(got, "（规则由评审包自带）") {
		t.Errorf("rests on %s", got)
	}
}
