package meeting_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
)

// proposal makes the package's project one under the NDRC's review of proposals, in which
// nothing stands in the way of a passing conclusion but what the panel makes of it.
func proposal(_, project map[string]any) {
	project["scheme"] = "ndrc-2013.proposal_review"
	project["documents"].([]any)[0].(map[string]any)["material"] = "N2-E1"
	project["facts"] = map[string]any{
		"needs_panel_result": "passed", "catalogue_attached": true, "co_build": "none", "builds_dept_private_network": false,
		"catalogue_contents": []any{"shared_fields", "format", "technical_interface", "processing_method", "traceability"},
		"secrecy_level":      "none", "network": "gov_extranet", "trust_service": "gov_extranet",
		"needs_report_protection": []any{"dengji_baohu"}, "construction_plan_protection": []any{"dengji_baohu"},
		"needs_clear_complete": true, "supports_sharing_collaboration": true, "needs_goals_implemented": true, // which the panel has to say
	}
}

// finding gives what somebody sees of a rule before the conclusion.
func finding(t *testing.T, h *hall, seat review.SeatID, id review.ProjectID, rule string) regulation.Finding {
	t.Helper()
	list, err := h.Sessions[seat].Findings(id)
	if err != nil {
		t.Fatalf("%s: %v", seat, err)
	}
	i := slices.IndexFunc(list, func(f regulation.Finding) bool { return f.Rule == rule && !f.After })
	if i < 0 {
		t.Fatalf("%s sees nothing of %s", seat, rule)
	}
	return list[i]
}

// downs answers no to an item, of three experts out of four.
func downs(item string) func(review.SeatID, string) string {
	return func(seat review.SeatID, it string) string {
		if it == item && seat != script.Chair {
			return review.AnswerNo
		}
		return review.AnswerYes
	}
}

// TestPanelsAnswer holds that what the panel votes down is a finding against the text: block,
// with the reason, and no passing conclusion without one on record.
func TestPanelsAnswer(t *testing.T) {
	h := newHall(t)
	const awaits = "待专家组评议"
	h.begin = func(id review.ProjectID) {
		for _, seat := range []review.SeatID{script.Secretary, script.Chair, script.Second, script.Member, script.Observer} {
			if f := finding(t, h, seat, id, "NDRC-G02"); f.Outcome != regulation.OutcomeNeedsDecision || len(f.Missing) != 3 || strings.Count(f.Sentence, awaits) != 3 {
				t.Errorf("before the round %s sees %s", seat, f.Sentence)
			}
		}
	}
	id := h.answered(t, 90, proposal, downs("N2-G3"))
	f := finding(t, h, script.Chair, id, "NDRC-G02")
	if reasons, _ := f.Get("reasons").([]string); f.Outcome != regulation.OutcomeBlock || f.Limit() != regulation.LimitVeto || !slices.Equal(reasons, []string{"supports_sharing_collaboration"}) {
		t.Fatalf("%s %v: %s", f.Outcome, reasons, f.Sentence)
	}
	c, err := h.secretary().Tally(id, 0)
	if err != nil || c.Suggestion.Outcome != "not_passed" || !slices.Equal(c.Suggestion.GatesFailed, []string{"N2-G3"}) {
		t.Errorf("%+v, %v", c.Suggestion, err)
	}
	against := []review.Against{{Rule: "NDRC-G02", Reason: "项目单位已补充信息共享和业务协同的方案"}}
	err = h.concludes(id, review.ConclusionReached{Outcome: "passed", Reason: "专家组合议一致"})
	reviewtest.WantCode(t, err, review.CodeAgainstMissing)
	if review.ItemOf(err) != "NDRC-G02" {
		t.Errorf("against %s", review.ItemOf(err))
	}
	reviewtest.WantCode(t, h.concludes(id, review.ConclusionReached{Outcome: "passed", Reason: "专家组合议一致", Against: []review.Against{{Rule: "NDRC-G02"}}}), review.CodeTextEmpty)
	reviewtest.WantCode(t, h.concludes(id, review.ConclusionReached{Outcome: "not_passed", Against: []review.Against{{Rule: "NDRC-G01", Reason: "无"}}}), review.CodeAgainstUnknown)
	if h.secretary().State().Project(id).Conclusion != nil {
		t.Fatal("a refused conclusion stands")
	}
	if err := h.concludes(id, review.ConclusionReached{Outcome: "passed", Reason: "专家组合议一致", Against: against}); err != nil {
		t.Fatal(err)
	}
	if got := h.secretary().State().Project(id).Conclusion; got.Suggested != "not_passed" || !slices.Equal(got.Against, against) {
		t.Errorf("on record %+v", got)
	}
	if v := h.Verify(h.ID, nil); len(v.Findings) > 0 {
		t.Errorf("the verification finds %v", v.Findings)
	}
}

// TestPanelsAnswerSettled holds that of what the experts leave open what the chair makes of
// it is the panel's answer.
func TestPanelsAnswerSettled(t *testing.T) {
	for answer, outcome := range map[string]string{review.AnswerYes: regulation.OutcomePass, review.AnswerNo: regulation.OutcomeBlock} {
		h := newHall(t)
		id := h.answered(t, 90, proposal, func(seat review.SeatID, item string) string {
			if item == "N2-G4" && seat == script.Third {
				return review.AnswerNo
			}
			return review.AnswerYes
		})
		if f := finding(t, h, script.Chair, id, "NDRC-G02"); f.Outcome != regulation.OutcomeNeedsDecision || len(f.Missing) != 1 {
			t.Errorf("open: %s", f.Sentence)
		}
		reviewtest.WantCode(t, h.concludes(id, review.ConclusionReached{Outcome: "passed"}), review.CodeItemOpen)
		if err := h.Sessions[script.Chair].Settle(id, "N2-G4", answer, "合议后认定"); err != nil {
			t.Fatal(err)
		}
		if f := finding(t, h, script.Chair, id, "NDRC-G02"); f.Outcome != outcome {
			t.Errorf("settled as %s: %s", answer, f.Sentence)
		}
	}
}

// TestPanelsAnswerHidden holds that nobody learns from a finding what the tally hides from him.
func TestPanelsAnswerHidden(t *testing.T) {
	h := newHall(t)
	id := h.answered(t, 90, proposal, downs("N2-G3"))
	sees := func(when string, outcome string, seats ...review.SeatID) {
		t.Helper()
		for _, seat := range seats {
			_, err := h.Sessions[seat].Tally(id, 0)
			hidden := review.CodeOf(err) == review.CodeHidden
			f := finding(t, h, seat, id, "NDRC-G02")
			if f.Outcome != outcome || hidden != (outcome == regulation.OutcomeNeedsDecision) {
				t.Errorf("%s: %s sees %s (the tally is hidden: %t)", when, seat, f.Sentence, hidden)
			}
		}
	}
	sees("in deliberation", regulation.OutcomeBlock, script.Secretary, script.Chair, script.Second, script.Observer)
	sees("in deliberation", regulation.OutcomeNeedsDecision, script.Member)
	if f := finding(t, h, script.Member, id, "NDRC-G02"); len(f.Missing) != 3 || f.Get("reasons") != nil {
		t.Errorf("the member sees %v %s", f.Keys, f.Sentence)
	}
	if err := h.concludes(id, review.ConclusionReached{Outcome: "not_passed"}); err != nil {
		t.Fatal(err)
	}
	sees("with the conclusion", regulation.OutcomeBlock, script.Secretary, script.Chair, script.Second, script.Member, script.Observer)
	if v := h.Verify(h.ID, nil); len(v.Findings) > 0 {
		t.Errorf("the verification finds %v", v.Findings)
	}
}

// accepting makes the package's project one to be accepted, with two changes that the
// package says nothing else of than that they were approved, carried out and reported.
func accepting(_, project map[string]any) {
	project["scheme"] = "yueqing-2015.acceptance"
	project["documents"].([]any)[0].(map[string]any)["material"] = "Y5-E1"
	change := func(id string) any {
		return map[string]any{"id": id, "approved_on": "2026-05-06", "executed_on": "2026-05-11", "reported": true}
	}
	project["facts"] = map[string]any{
		"changes": []any{change("BG-01"), change("BG-02")}, "investment_cny": "2360000.00",
		"construction_completed": true, "trial_run_passed": true, "technically_complex": true, "test_report": true, "tester_qualified": true,
		"has_supervisor": true, "org_qualified": true, "lead_certified": true, "independent": true, "city_office_supervised": true,
	}
}

// TestChangesAcknowledged holds that YQ-R05 is answered by the group's own signatures: once
// the tables are closed, not before, for what they have as reported, and for as long as they
// stand.
func TestChangesAcknowledged(t *testing.T) {
	h := newHall(t)
	id := h.answered(t, 90, accepting, func(review.SeatID, string) string { return review.AnswerYes })
	wants := func(when, outcome string) {
		t.Helper()
		if f := finding(t, h, script.Chair, id, "YQ-R05"); f.Outcome != outcome {
			t.Errorf("%s: %s %s", when, f.Outcome, f.Sentence)
		}
	}
	terms := func(actual string) []review.Term {
		return []review.Term{{Requirement: "共享接口", Actual: actual, Met: review.MetYes}}
	}
	changes := func(reported bool) []review.Change {
		return []review.Change{
			{Number: "BG-01", Content: "增加接口", Reported: true}, {Number: "BG-02", Content: "取消一项采购", Reported: reported},
		}
	}
	record := func(actual string, reported bool) {
		t.Helper()
		if err := h.secretary().RecordFulfilment(id, terms(actual), changes(reported)); err != nil {
			t.Fatal(err)
		}
	}
	signed := func(when string) {
		t.Helper()
		if err := h.secretary().CertifyTables(id); err != nil {
			t.Fatal(err)
		}
		wants(when+", certified", regulation.OutcomeNeedsDecision)
		for _, g := range h.secretary().State().Project(id).Signing().Signers {
			if err := h.Sessions[g.Seat].Sign(id, review.Look{}); err != nil {
				t.Fatalf("%s: %v", g.Seat, err)
			}
			wants(when+", signed by "+string(g.Seat), regulation.OutcomeNeedsDecision)
		}
		if err := h.secretary().CloseTables(h.Sessions[script.Chair], id); err != nil {
			t.Fatal(err)
		}
	}
	correct := func(executed, corrected string) {
		t.Helper()
		facts := h.secretary().State().Project(id).Facts
		old := facts[slices.IndexFunc(facts, func(f review.Fact) bool { return f.Key == "changes" })].Value
		if err := h.secretary().Correct(h.Sessions[script.Chair], review.FactCorrected{
			Project: id, Key: "changes", Old: old, New: strings.Replace(old, executed, corrected, 1), Evidence: "变更项目报告",
		}); err != nil {
			t.Fatal(err)
		}
	}
	wants("opened", regulation.OutcomeNeedsDecision)
	correct("2026-05-11", "2026-05-10") // at the same second, perhaps, as what is signed after it
	reviewtest.WantCode(t, h.concludes(id, review.ConclusionReached{Outcome: "passed"}), review.CodeItemOpen)
	record("38个", false)
	signed("one not reported")
	if got := h.secretary().State().Project(id).Acknowledged(); !slices.Equal(got, []string{"BG-01"}) {
		t.Errorf("acknowledged are %v", got)
	}
	wants("with one that the table does not acknowledge", regulation.OutcomeNeedsDecision)
	record("40个", true)
	wants("with another version", regulation.OutcomeNeedsDecision)
	signed("both reported")
	wants("closed", regulation.OutcomePass)
	seats := slices.Sorted(maps.Keys(h.Sessions))
	h.again()
	h.enter(t, seats...)
	wants("after a restart", regulation.OutcomePass)
	reviewtest.WantCode(t, h.secretary().RecordFulfilment(id, terms("40个"), changes(true)), review.CodeFulfilmentSame)
	correct("2026-05-10", "2026-05-09")
	wants("with a change that is not what was signed", regulation.OutcomeNeedsDecision)
	if got := h.secretary().State().Project(id).Acknowledged(); !slices.Equal(got, []string{"BG-02"}) {
		t.Errorf("with one of two corrected, acknowledged are %v", got)
	}
	record("40个", true)
	signed("the same after a correction")
	wants("the same after a correction, closed", regulation.OutcomePass)
	record("41个", true)
	wants("with a version that nobody signed", regulation.OutcomeNeedsDecision)
	signed("the last")
	if err := h.concludes(id, review.ConclusionReached{Outcome: "passed"}); err != nil {
		t.Fatal(err)
	}
	wants("concluded", regulation.OutcomePass)
	if v := h.Verify(h.ID, nil); len(v.Findings) > 0 {
		t.Errorf("the verification finds %v", v.Findings)
	}
}
