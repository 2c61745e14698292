package meeting_test

import (
	"regexp"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
	count "heyi/review/scoring"
)

// TestOwnScheme holds that what is set of a scheme before anybody marks is what is counted by
// and suggested by, that every paper says so, and that it stands from the first round on.
func TestOwnScheme(t *testing.T) {
	h := newHall(t)
	own := review.Settings{
		Items:  []review.Weigh{{Item: "Y2-01", Weight: "15", Full: "15"}, {Item: "Y2-04", Weight: "30", Full: "30"}},
		Bounds: []review.Bound{{Outcome: "passed", From: "90.00"}, {Outcome: "passed_after_revision", From: "70.00"}},
	}
	var came review.Scheme
	h.begin = func(id review.ProjectID) {
		came = h.secretary().State().Project(id).Scheme
		reviewtest.WantCode(t, h.Sessions[script.Chair].SetScheme(id, own, "组织单位确认的评审细则"), review.CodeActRole)
		reviewtest.WantCode(t, h.secretary().SetScheme(id, own, "写\u0001"), review.CodeTextControl)
		wrong := own
		wrong.Items = own.Items[:1]
		reviewtest.WantCode(t, h.secretary().SetScheme(id, wrong, "组织单位确认的评审细则"), review.CodeSchemeWeights)
		if err := h.secretary().SetScheme(id, own, "组织单位确认的评审细则"); err != nil {
			t.Fatal(err)
		}
	}
	id := h.scored(t, 80, asItIs)
	reviewtest.WantCode(t, h.secretary().SetScheme(id, own, "再改"), review.CodeActStage)
	p := h.secretary().State().Project(id)
	if p.Scheme.Items[0].Weight != "15" || p.Came().Digest() != came.Digest() || p.Scheme.Digest() != p.SchemeDigest || p.Scheme.Own == nil {
		t.Errorf("the scheme is %+v", p.Scheme)
	}
	c, err := h.secretary().Tally(id, 0)
	if err != nil || count.Round2(c.Official) != "80.00" || c.Suggestion.Outcome != "passed_after_revision" || !strings.Contains(c.Suggestion.Sentence, "不足90.00分") {
		t.Errorf("%s: %+v, %v", count.Round2(c.Official), c.Suggestion, err)
	}
	if err := h.concludes(id, review.ConclusionReached{Outcome: "passed_after_revision"}); err != nil {
		t.Fatal(err)
	}
	for name, compose := range map[string]func() ([]byte, error){
		"opinion": func() ([]byte, error) { b, _, err := h.secretary().PreviewPaper(id, review.FormOpinion); return b, err },
		"tally":   func() ([]byte, error) { b, _, err := h.secretary().PreviewPaper(id, review.FormTally); return b, err },
		"details": func() ([]byte, error) { return h.secretary().Details(id) },
		"notice":  func() ([]byte, error) { return h.secretary().Notice(id) },
	} {
		b, err := compose()
		if err != nil || !strings.Contains(string(b), "本次会议另定") {
			t.Errorf("%s: %v: %s", name, err, b)
		}
	}
	if v := h.Verify(h.ID, nil); len(v.Findings) > 0 {
		t.Errorf("the verification finds %v", v.Findings)
	}
}

// TestUnscored holds that a panel may come to an opinion without a mark.
func TestUnscored(t *testing.T) {
	h := newHall(t)
	h.begin = func(id review.ProjectID) {
		if err := h.secretary().SetScheme(id, review.Settings{Unscored: true}, "组织单位决定不评分"); err != nil {
			t.Fatal(err)
		}
	}
	id := h.scored(t, 0, asItIs)
	c, err := h.secretary().Tally(id, 0)
	if err != nil || c.Official != nil || c.Suggestion.Outcome != "passed" || c.Suggestion.Rule != "CM-09" {
		t.Errorf("%+v, %v", c, err)
	}
	if err := h.Sessions[script.Chair].Conclude(nil, review.ConclusionReached{Project: id, Outcome: "passed"}); err != nil {
		t.Fatal(err)
	}
	if v := h.Verify(h.ID, nil); len(v.Findings) > 0 {
		t.Errorf("the verification finds %v", v.Findings)
	}
}

// TestUnscoredGate holds that a gate that the panel votes down stands in the way of passing
// also where nothing is scored.
func TestUnscoredGate(t *testing.T) {
	h := newHall(t)
	h.begin = func(id review.ProjectID) {
		if err := h.secretary().SetScheme(id, review.Settings{Unscored: true}, "组织单位决定不评分"); err != nil {
			t.Fatal(err)
		}
	}
	id := h.answered(t, 0, asItIs, func(_ review.SeatID, item string) string {
		if item == "Y2-G1" {
			return review.AnswerNo
		}
		return review.AnswerYes
	})
	c, err := h.secretary().Tally(id, 0)
	if err != nil || c.Suggestion.Outcome != "not_passed" {
		t.Errorf("%+v, %v", c, err)
	}
	reviewtest.WantCode(t, h.Sessions[script.Chair].Conclude(nil, review.ConclusionReached{Project: id, Outcome: "passed"}), review.CodeTextEmpty)
}

// TestOldBounds holds that bounds cannot be set of a project whose packs would not heed them.
func TestOldBounds(t *testing.T) {
	h := newHall(t)
	h.library = packs(t, func(name string, file []byte) []byte {
		if name != "common.yaml" {
			return file
		}
		s := string(file)
		s = regexp.MustCompile(`.*(in: {[^}]*from_[a-z_]+: ).*\n`).ReplaceAllString(s, "")
		for id, from := range map[string]string{"from_passed": "80.00", "from_passed_after_revision": "60.00", "from_you": "90.00", "from_liang": "80.00", "from_zhong": "60.00"} {
			s = strings.ReplaceAll(s, "total < "+id+"\n", `total < points("`+from+"\")\n")
			s = strings.ReplaceAll(s, "total >= "+id+"\n", `total >= points("`+from+"\")\n")
			s = strings.ReplaceAll(s, "{"+id+"}", from)
		}
		return []byte(s)
	})
	h.again()
	h.begin = func(id review.ProjectID) {
		err := h.secretary().SetScheme(id, review.Settings{Bounds: []review.Bound{{Outcome: "passed", From: "90.00"}, {Outcome: "passed_after_revision", From: "70.00"}}}, "组织单位确认")
		reviewtest.WantCode(t, err, review.CodeSchemeForm)
	}
	h.scored(t, 80, asItIs)
}
