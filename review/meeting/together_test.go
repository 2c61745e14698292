package meeting_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
)

// TestTogether holds that drafts and records of one session may come from
// several goroutines.
func TestTogether(t *testing.T) {
	r := newRoom(t)
	x := r.created(t)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := x.SaveDraft(review.MinutesDraft, fmt.Sprint("草稿", i)); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := x.Record(fmt.Sprint("第", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(x.State().Minutes); n != 20 {
		t.Errorf("%d paragraphs", n)
	}
	r.clean(t)
}

// TestSessionsTogether holds that everybody can act at once, and that who only looks
// sees a whole meeting at any time.
func TestSessionsTogether(t *testing.T) {
	r := prepared(t)
	r.begin(t, script.First)
	const turns = 5
	var wg sync.WaitGroup
	for _, seat := range voters {
		x := r.Sessions[seat]
		wg.Go(func() {
			for i := range turns {
				text := fmt.Sprint(seat, "第", i, "稿")
				if err := x.SaveDraft(review.ScoreDraft(script.First, 1), text); err != nil {
					t.Error(err)
				}
				if got, err := x.Draft(review.ScoreDraft(script.First, 1)); err != nil || got != text {
					t.Errorf("draft %q, %v", got, err)
				}
			}
			if _, err := x.Submit(script.First, sheetOf(script.First, seat), review.Look{}); err != nil {
				t.Error(err)
			}
		})
	}
	for _, look := range []func() error{
		func() error { return r.Sessions[script.Secretary].Record("一") },
		func() error {
			if b := r.Sessions[script.Member].Board(); len(b.Seats) != len(everyone) || len(b.Projects) != 2 {
				return fmt.Errorf("board %+v", b)
			}
			return nil
		},
		func() error {
			list, err := r.Sessions[script.Observer].Journal()
			for i, e := range list {
				if e.Index != int64(i) || e.Event == nil {
					return fmt.Errorf("entry %d: %+v", i, e)
				}
			}
			return err
		},
		func() error {
			s := r.Sessions[script.Third].State()
			list, err := r.Journal(r.ID)
			if err != nil || int64(len(list)) < s.Size {
				return fmt.Errorf("%d entries of %d, %v", len(list), s.Size, err)
			}
			c, p, err := r.Sessions[script.Third].Proof(s.Size - 1)
			if err != nil || c.Size < s.Size || p.Index != s.Size-1 {
				return fmt.Errorf("proof %+v of %+v, %v", p, c, err)
			}
			return nil
		},
		func() error {
			list, err := r.List()
			if err != nil || len(list) != 1 || list[0].Err != nil {
				return fmt.Errorf("list %+v, %v", list, err)
			}
			return nil
		},
		func() error { return r.Backup(r.ID) },
	} {
		wg.Go(func() {
			for range turns {
				if err := look(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	r.close(t, script.First)
	r.hold(t, script.Open(script.First))
	if n := len(r.state().Minutes); n != turns {
		t.Errorf("%d paragraphs", n)
	}
	r.restart(t)
	r.clean(t)
}

// TestTriesTogether holds that five wrong codes cost half a minute, too, if they come at
// once, and that several right ones all lead in.
func TestTriesTogether(t *testing.T) {
	r := seated(t)
	r.take(t, script.Chair)
	at := func(secret string) (wrong, waiting, in int64) {
		var w, s, i atomic.Int64
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				switch _, err := r.Enter(r.ID, script.Chair, secret); review.CodeOf(err) {
				case "":
					i.Add(1)
				case review.CodeSecretWrong:
					w.Add(1)
				case review.CodeSecretWait:
					s.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		return w.Load(), s.Load(), i.Load()
	}
	if wrong, waiting, in := at("2222-2222"); wrong != 5 || waiting != 15 || in != 0 {
		t.Errorf("%d wrong, %d waiting, %d in", wrong, waiting, in)
	}
	r.clock.move(30 * time.Second)
	if wrong, waiting, in := at(r.Codes[script.Chair]); wrong != 0 || waiting != 0 || in != 20 {
		t.Errorf("%d wrong, %d waiting, %d in", wrong, waiting, in)
	}
	r.clean(t)
}

// TestOpenTogether holds that an opening is not disturbed by what others do meanwhile.
func TestOpenTogether(t *testing.T) {
	r := prepared(t)
	r.score(t, script.First)
	r.begin(t, script.Other)
	var wg sync.WaitGroup
	for _, seat := range []review.SeatID{script.Second, script.Third, script.Fourth} {
		x := r.Sessions[seat]
		wg.Go(func() {
			for i := range 10 {
				if err := x.SaveDraft(review.ScoreDraft(script.Other, 1), fmt.Sprint("第", i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		if err := r.Sessions[script.Secretary].OpenRound(r.Sessions[script.Chair], script.First); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	if p := r.state().Project(script.First); p.Stage != review.StageDeliberating {
		t.Errorf("the project is at %s", p.Stage)
	}
	r.restart(t)
	r.clean(t)
}

// TestCloseTogether holds that an act is done or not when its session is handed back
// meanwhile, and nothing after it.
func TestCloseTogether(t *testing.T) {
	r := prepared(t)
	x := r.Sessions[script.Secretary]
	var wg sync.WaitGroup
	var done atomic.Int64
	for range 10 {
		wg.Go(func() {
			for range 5 {
				switch err := x.Record("一"); review.CodeOf(err) {
				case "":
					done.Add(1)
				case review.CodeSessionClosed:
				default:
					t.Error(err)
				}
			}
		})
	}
	wg.Go(x.Close)
	wg.Wait()
	reviewtest.WantCode(t, x.Record("一"), review.CodeSessionClosed)
	if n := int64(len(x.State().Minutes)); n != done.Load() {
		t.Errorf("%d paragraphs of %d", n, done.Load())
	}
	r.enter(t, script.Secretary)
	r.clean(t)
}

// TestContinueTogether holds that nothing that is under way gets into the record that
// takes the place of the one before.
func TestContinueTogether(t *testing.T) {
	r := prepared(t)
	secretary, chair := r.officers()
	for round := range 5 {
		list := r.copies(t)
		var wg sync.WaitGroup
		for _, seat := range []review.SeatID{script.Secretary, script.Third} {
			x := r.Sessions[seat]
			wg.Go(func() {
				for i := range 20 { // one entry each; more would rotate the copy away
					err := x.SaveDraft(review.OpinionDraft(script.First), fmt.Sprint(i))
					if code := review.CodeOf(err); code != "" && code != review.CodeSessionClosed {
						t.Error(err)
					}
				}
			})
		}
		wg.Go(func() {
			if _, err := r.Continue(r.ID, list[0].Path, "演练", secretary, *chair); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		reviewtest.WantCode(t, r.Sessions[script.Secretary].Touch(), review.CodeSessionClosed)
		r.Sessions = map[review.SeatID]*meeting.Session{}
		r.enter(t, everyone...)
		if n := len(r.state().Restorations); n != round+1 {
			t.Fatalf("%d restorations after %d", n, round+1)
		}
		r.clean(t)
	}
}

// TestSealTogether holds that the sealing of one meeting waits for its own copies, and
// not for those of others, which come and go.
func TestSealTogether(t *testing.T) {
	r := filed(t)
	in := valid()
	in.Alone = false
	other, err := r.Create(in)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 25 {
				if err := other.SaveDraft(review.MinutesDraft, []string{"一", ""}[i%2]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		if err := r.Sessions[script.Secretary].Seal(); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	r.clean(t)
}

// TestCopyNotice holds that everybody is told while copies of the record cannot be made.
func TestCopyNotice(t *testing.T) {
	r := prepared(t)
	x := r.Sessions[script.Secretary]
	for _, failing := range []bool{false, true, true, false} {
		r.Close()
		r.store.uncopied = failing
		if err := x.Record("一"); err != nil {
			t.Fatal(err)
		}
		r.Close()
		notices := x.Board().Notices
		if !failing && len(notices) == 0 {
			continue
		}
		reviewtest.WantCode(t, failure(notices), review.CodeBackupFailed)
		if !failing || len(notices) != 1 || notices[0].Entry != "places" {
			t.Errorf("notices %+v", notices)
		}
	}
	r.clean(t)
}
