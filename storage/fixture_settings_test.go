package storage_test

import (
	"testing"

	"heyi/review"
	scripted "heyi/review/reviewtest/script"
)

// settingsFixture is a meeting in which schemes were set: one of them twice, and it was scored
// by; one not to be scored; one in all that can be set. It is the first that landed. Beside it
// lie the codes of those who sat there. It opens for ever and is never written again.
const (
	settingsFixture       = "testdata/meeting-settings-v2.db"
	settingsFixtureCodes  = "testdata/meeting-settings-v2.json"
	settingsFixtureDigest = "0a06d161440cf391949df15e1d2f2593a01dac127961f7cfd78eeaf9c413f243"
)

// TestSettingsFixture: the meeting verifies, everybody enters with his code, the schemes are
// those that were set, and the reviews go on by them.
func TestSettingsFixture(t *testing.T) {
	const why = "主办单位2026年11月20日来函确认"
	if *update {
		h := openHall(t, t.TempDir(), t.TempDir())
		must(t, h.Hold(scripted.Prepare(2), nil))
		x := h.Sessions[scripted.Secretary]
		must(t, x.SetScheme(scripted.First, review.Settings{Unscored: true}, "先按不评分准备"))
		must(t, x.SetScheme(scripted.First, review.Settings{Items: []review.Weigh{{Item: "i1", Full: "20"}, {Item: "i2", Full: "15"}}}, why))
		must(t, x.SetScheme(scripted.Other, review.Settings{Unscored: true}, why))
		weighted := scripted.Project("城市运行管理平台项目", 2)
		weighted.Scheme.Mode = review.ModeWeighted
		weighted.Scheme.Items[0].Weight, weighted.Scheme.Items[1].Weight = "50", "50"
		id, err := x.AddProject(weighted)
		must(t, err)
		must(t, x.SetScheme(id, review.Settings{
			Items:  []review.Weigh{{Item: "i1", Weight: "40", Step: "1"}, {Item: "i2", Weight: "60", Full: "100"}},
			Method: review.MethodTrimmed, Least: 4,
			Bounds: []review.Bound{{Outcome: "passed", From: "85.00"}, {Outcome: "passed_after_revision", From: "70.00"}},
		}, why))
		must(t, h.Hold(append(scripted.Score(scripted.First, 1), scripted.Open(scripted.First)), nil))
		h.close(t)
		writeCodes(t, h, settingsFixture, settingsFixtureCodes)
	}
	h := enterFixture(t, settingsFixture, settingsFixtureCodes, settingsFixtureDigest)
	defer h.close(t)
	x := h.Sessions[scripted.Secretary]
	for i, want := range []struct {
		times, items       int
		full, weight, step string // of the first item; "" where it is none to score
		method             review.Method
	}{
		{2, 4, "20", "", "0.5", ""},
		{1, 2, "", "", "", ""},
		{1, 4, "10", "40", "1", review.MethodTrimmed},
	} {
		p := x.State().Projects[i]
		it, came := p.Scheme.Items[0], p.Came()
		if len(p.Settings) != want.times || p.Settings[want.times-1].Reason != why || came.Own != nil || came.Items[0].Full != "10" || p.Scheme.Own == nil {
			t.Errorf("%s: the settings are %+v", p.Title, p.Settings)
		}
		if len(p.Scheme.Items) != want.items || it.Full != want.full || it.Weight != want.weight || it.Step != want.step || p.Scheme.Method != want.method {
			t.Errorf("%s: the scheme is %+v", p.Title, p.Scheme)
		}
		if again, err := came.With(*p.Scheme.Own); err != nil || again.Digest() != p.SchemeDigest {
			t.Errorf("%s: set anew the scheme is %+v, %v", p.Title, again, err)
		}
	}
	weighted := x.State().Projects[2].Scheme.Own
	if weighted.Least != 4 || len(weighted.Bounds) != 2 || weighted.Bounds[1].From != "70.00" {
		t.Errorf("the settings are %+v", weighted)
	}
	must(t, h.Hold(scripted.Conclude(scripted.First), nil))
	must(t, h.Hold(append(scripted.Score(scripted.Other, 1), scripted.Open(scripted.Other)), nil))
}
