package meeting_test

import (
	"testing"
	"time"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
)

// TestClockMoved holds that a clock that was set back is on record and on the board, once
// each time, and that nothing else comes of it.
func TestClockMoved(t *testing.T) {
	for name, c := range map[string]struct {
		by    time.Duration
		moved bool
	}{
		"a little back": {-review.ClockSlack, false},
		"back":          {-review.ClockSlack - time.Second, true},
		"a day back":    {-24 * time.Hour, true},
		"an hour on":    {time.Hour, false},
		"ten years on":  {10 * 365 * 24 * time.Hour, false},
		"to 1970":       {time.Unix(0, 0).Sub(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)), true},
		"another zone":  {0, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := prepared(t)
			x := r.Sessions[script.Secretary]
			if name == "another zone" {
				r.clock.at = r.clock.at.UTC()
			}
			size, from := r.state().Size, r.state().At
			r.clock.move(c.by)
			for range 2 {
				if err := x.Record("一"); err != nil {
					t.Fatal(err)
				}
			}
			s := r.state()
			notices := x.Board().Notices
			if !c.moved {
				if s.Size != size+2 || len(s.ClockMoves) != 0 || len(notices) != 0 {
					t.Errorf("%d entries, %v, notices %v", s.Size-size, s.ClockMoves, notices)
				}
			} else {
				if s.Size != size+3 || len(s.ClockMoves) != 1 || s.ClockMoves[0].Index != size || !s.ClockMoves[0].From.Equal(from) {
					t.Errorf("%d entries, %+v", s.Size-size, s.ClockMoves)
				}
				reviewtest.WantCode(t, failure(notices), review.CodeClockMoved)
			}
			// Everybody comes in, everything can be done, and the order stands.
			r.restart(t)
			r.score(t, script.First)
			r.hold(t, script.Open(script.First))
			r.hold(t, script.Conclude(script.First)...)
			if _, _, err := r.Sessions[script.Secretary].IssueMinutes(); err != nil {
				t.Error(err)
			}
			r.clock.move(-c.by)
			if err := r.Sessions[script.Secretary].Record("钟拨回来了"); err != nil {
				t.Fatal(err)
			}
			r.clean(t)
		})
	}
}

// TestClockTwice holds that an act of several entries says once that the clock was moved.
func TestClockTwice(t *testing.T) {
	r := prepared(t)
	if err := r.Sessions[script.Third].SaveDraft(review.OpinionDraft(script.First), "一"); err != nil {
		t.Fatal(err)
	}
	g, err := r.Sessions[script.Secretary].NewCode(r.Sessions[script.Chair], script.Third, "忘记口令", "")
	if err != nil {
		t.Fatal(err)
	}
	size := r.state().Size
	r.clock.move(-time.Hour)
	r.claim(t, g)
	want := []review.Kind{review.KindClockMoved, review.KindSeatFreed, review.KindSeatClaimed, review.KindDraftDropped}
	if got := r.kindsSince(t, size); len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
		t.Errorf("entries %s", got)
	}
	r.clean(t)
}

// TestClockFraction holds that entries carry whole seconds, whatever the clock shows.
func TestClockFraction(t *testing.T) {
	r := prepared(t)
	r.clock.move(123 * time.Millisecond)
	if err := r.Sessions[script.Secretary].Record("一"); err != nil {
		t.Fatal(err)
	}
	if at := r.state().At; at.Nanosecond() != 0 {
		t.Errorf("at %v", at)
	}
	r.restart(t)
	r.clean(t)
}
