package meeting_test

import (
	"slices"
	"testing"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
)

// lacks gives those with a key.
func lacks(tb testing.TB, x *meeting.Session, key string) []meeting.Lack {
	tb.Helper()
	list, err := x.Missing()
	if err != nil {
		tb.Fatal(err)
	}
	return slices.DeleteFunc(list, func(l meeting.Lack) bool { return l.Key != key })
}

// TestMissing holds what is told to be open on the way to the filing, and what of it blocks.
func TestMissing(t *testing.T) {
	o := newOffice(t)
	id := o.scored(t, 80, asItIs)
	sec, chair := o.secretary(), o.Sessions[script.Chair]
	want := func(key string, list ...meeting.Lack) {
		t.Helper()
		if got := lacks(t, sec, key); !slices.Equal(got, list) {
			t.Errorf("%s: %v, want %v", key, got, list)
		}
	}
	title := sec.State().Project(id).Title
	of := func(key, item string, blocks bool) meeting.Lack {
		return meeting.Lack{Key: key, Item: item, Project: id, Blocks: blocks}
	}
	want("filing.lack.open", of("filing.lack.open", title, true))
	want("filing.lack.time", of("filing.lack.time", "", false))
	want("filing.lack.minutes", meeting.Lack{Key: "filing.lack.minutes"})
	want("lack.detailed", of("lack.detailed", "", false))
	want("lack.conclusion", of("lack.conclusion", "", false))
	want("lack.place", of("lack.place", "", false))
	want("filing.lack.tables")
	if list := lacks(t, chair, "lack.material"); len(list) != 3 || !slices.Contains(list, of("lack.material", "预审意见", false)) {
		t.Errorf("materials: %v", list)
	}
	_, err := o.Sessions[script.Second].Missing()
	reviewtest.WantCode(t, err, review.CodeActRole)

	do(t, "fulfilment", sec.RecordFulfilment(id, []review.Term{{Requirement: "接口", Actual: "40个", Met: review.MetYes}}, nil))
	want("filing.lack.tables", of("filing.lack.tables", title, true))
	do(t, "tables", sec.CertifyTables(id, script.Member))
	do(t, "sign", o.Sessions[script.Second].Sign(id, review.Look{}))
	want("filing.lack.tables", of("filing.lack.tables", title, true))
	var names []meeting.Lack
	for _, seat := range []review.SeatID{script.Third, script.Fourth, script.Chair} {
		x, _ := sec.State().Seat(seat)
		names = append(names, of("filing.lack.signature", x.Name, true))
	}
	want("filing.lack.signature", names...)
	member, _ := sec.State().Seat(script.Member)
	want("filing.lack.scan", of("filing.lack.scan", member.Name, true))
	third, _ := sec.State().Seat(script.Third)
	do(t, "refuse", sec.Refuse(o.Sessions[script.Fourth], id, script.Third, "对数量有异议"))
	want("filing.lack.signature", names[1:]...)
	want("filing.lack.refused", of("filing.lack.refused", third.Name, false))

	do(t, "minutes", sec.Record("专家提出问题。"))
	want("filing.lack.minutes.unsigned", meeting.Lack{Key: "filing.lack.minutes.unsigned", Blocks: true})
	if _, _, err := sec.IssueMinutes(); err != nil {
		t.Fatal(err)
	}
	want("filing.lack.minutes.unsigned")
	o.clock.move(60e9)
	do(t, "minutes", sec.Record("项目单位作了答复。"))
	want("filing.lack.minutes.later", meeting.Lack{Key: "filing.lack.minutes.later", Blocks: true})

	do(t, "suspend", sec.Suspend(chair, id, "停电"))
	want("filing.lack.open")
	want("filing.lack.scan")
	want("lack.conclusion")
}

// TestMissingNothing holds what a meeting without a project is told.
func TestMissingNothing(t *testing.T) {
	o := newOffice(t)
	o.panel(t)
	want := []meeting.Lack{{Key: "filing.lack.projects"}, {Key: "filing.lack.minutes"}}
	if got, err := o.secretary().Missing(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}
