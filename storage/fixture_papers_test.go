package storage_test

import (
	"testing"

	"heyi/review"
	scripted "heyi/review/reviewtest/script"
)

// papersFixture is a meeting with the papers of a review: tables that were taken back and
// signed anew, in ink and by key, a conclusion that was certified, signed and archived, and
// dissents; the first that landed. Beside it lie the codes of those who sat there. It opens
// for ever and is never written again.
const (
	papersFixture       = "testdata/meeting-papers-v2.db"
	papersFixtureCodes  = "testdata/meeting-papers-v2.json"
	papersFixtureDigest = "8ac5fee7d132e0e2e665b1ade30fd1e13b71218c5b3f6d545d8f66d7b7abee6d"
)

// TestPapersFixture: the meeting verifies, everybody enters with his code, has the papers that he
// may see, and the meeting goes on to its end.
func TestPapersFixture(t *testing.T) {
	if *update {
		root := t.TempDir()
		h := openHall(t, root, t.TempDir())
		acts := append(scripted.Prepare(2), scripted.Tables(scripted.First)...)
		acts = append(acts, scripted.Score(scripted.First, 1)...)
		acts = append(acts, scripted.Open(scripted.First))
		acts = append(acts, scripted.Conclude(scripted.First)...)
		must(t, h.Hold(acts, nil))
		must(t, h.Sessions[scripted.Third].Vote(scripted.First, review.ChoiceDisagree, "定稿后仍不同意", review.Look{}))
		h.close(t)
		writeCodes(t, h, papersFixture, papersFixtureCodes)
	}
	h := enterFixture(t, papersFixture, papersFixtureCodes, papersFixtureDigest)
	defer h.close(t)
	x := h.Sessions[scripted.Secretary]
	p := x.State().Project(scripted.First)
	if len(p.Sets) != 3 || p.Sets[0].Void == "" || p.Sets[1].Archive == nil || p.Sets[2].Archive == nil || len(p.Sets[1].Scans) != 2 {
		t.Errorf("sets %+v", p.Sets)
	}
	for _, form := range []review.Form{review.FormOpinion, review.FormTally, review.FormPanel, review.FormFulfilment, review.FormChanges} {
		if _, _, err := h.Sessions[scripted.Member].PaperOf(scripted.First, form); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
	if v := p.Votes[len(p.Votes)-1]; !v.Annex || v.Paper == "" {
		t.Errorf("the late dissent is %+v", v)
	}
	must(t, x.Suspend(h.Sessions[scripted.Second], scripted.Other, "改期评审"))
	must(t, h.Hold(scripted.File()[1:], nil))
}
