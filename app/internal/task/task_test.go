package task

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

// screen is a dispatcher whose goroutine is the test's: what was given to it
// runs when the test says so.
type screen struct {
	mu    sync.Mutex
	queue []func()
}

func (s *screen) do(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, f)
}

func (s *screen) run() {
	for {
		s.mu.Lock()
		queue := s.queue
		s.queue = nil
		s.mu.Unlock()
		if len(queue) == 0 {
			return
		}
		for _, f := range queue {
			f()
		}
	}
}

// clock is a timer whose time the test makes pass.
type clock struct {
	mu    sync.Mutex
	now   time.Duration
	alarm []*alarm
	rang  func() // called after each alarm; may be nil
}

type alarm struct {
	at      time.Duration
	f       func()
	stopped bool
}

func (c *clock) timer(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := &alarm{at: c.now + d, f: f}
	c.alarm = append(c.alarm, a)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		was := !a.stopped
		a.stopped = true
		return was
	}
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	end := c.now + d
	for {
		var next *alarm
		for _, a := range c.alarm {
			if !a.stopped && a.at <= end && (next == nil || a.at < next.at) {
				next = a
			}
		}
		if next == nil {
			break
		}
		c.now, next.stopped = next.at, true
		c.mu.Unlock()
		next.f()
		if c.rang != nil {
			c.rang()
		}
		c.mu.Lock()
	}
	c.now = end
	c.mu.Unlock()
}

func newRunner() (*Runner, *screen, *clock) {
	s, c := new(screen), new(clock)
	return New(s.do, c.timer), s, c
}

func TestRun(t *testing.T) {
	cause := errors.New("disk is full")
	r, s, _ := newRunner()
	var value string
	var got []error
	r.Run(context.Background(), func(context.Context, func(Step)) error {
		value = "from elsewhere"
		return cause
	}, nil, func(err error) { got = append(got, err) })
	r.Wait()
	if len(got) > 0 {
		t.Fatal("done was called off the screen's goroutine")
	}
	s.run()
	if !slices.Equal(got, []error{cause}) || value != "from elsewhere" {
		t.Errorf("done got %v, value %q", got, value)
	}
}

func TestRunCancelled(t *testing.T) {
	r, s, _ := newRunner()
	ctx, cancel := context.WithCancel(context.Background())
	var got error
	r.Run(ctx, func(ctx context.Context, _ func(Step)) error {
		<-ctx.Done()
		return ctx.Err()
	}, nil, func(err error) { got = err })
	cancel()
	r.Wait()
	s.run()
	if got != context.Canceled {
		t.Errorf("done got %v", got)
	}
}

// A job reports 1,000 steps, 7 ms apart; the test has the screen run after every
// one and notes when steps arrive.
func TestProgress(t *testing.T) {
	const steps, apart = 1000, 7 * time.Millisecond
	r, s, c := newRunner()
	c.rang = s.run
	var (
		arrived []time.Duration
		last    Step
		ended   bool
	)
	next, reported := make(chan struct{}), make(chan struct{})
	r.Run(context.Background(), func(_ context.Context, report func(Step)) error {
		for i := range int64(steps) {
			<-next
			report(Step{Done: i + 1, Total: steps})
			reported <- struct{}{}
		}
		return nil
	}, func(step Step) {
		if ended || step.Done <= last.Done || step.Total != steps {
			t.Errorf("step %v after %v, done called: %v", step, last, ended)
		}
		last = step
		arrived = append(arrived, c.now)
	}, func(error) { ended = true })
	for range steps {
		next <- struct{}{}
		<-reported
		s.run()
		c.pass(apart)
	}
	r.Wait()
	s.run()
	c.pass(time.Second)
	s.run()
	if !ended || last.Done != steps {
		t.Errorf("done called: %v, last step %v", ended, last)
	}
	if arrived[0] != 0 {
		t.Errorf("the first step arrived after %v", arrived[0])
	}
	for i := 1; i < len(arrived)-1; i++ { // the last may follow at once
		if gap := arrived[i] - arrived[i-1]; gap < progressEvery || gap > progressEvery+apart {
			t.Errorf("gap of %v before step %d", gap, i)
		}
	}
	if want := int(steps * apart / progressEvery); len(arrived) < want-1 || len(arrived) > want+2 {
		t.Errorf("%d steps arrived in %v", len(arrived), steps*apart)
	}
}

// Without a pause between the last report and the end, the last step still
// arrives, and before done.
func TestProgressLast(t *testing.T) {
	r, s, c := newRunner()
	var got []int64
	r.Run(context.Background(), func(_ context.Context, report func(Step)) error {
		for i := range int64(5) {
			report(Step{Done: i})
		}
		return nil
	}, func(step Step) { got = append(got, step.Done) }, func(error) { got = append(got, -1) })
	r.Wait()
	c.pass(time.Second)
	s.run()
	if !slices.Equal(got, []int64{0, 4, -1}) {
		t.Errorf("got %v", got)
	}
}

func TestJobsRunTogether(t *testing.T) {
	r, s, _ := newRunner()
	meet := make(chan struct{})
	var done int
	both := func(send bool) func(context.Context, func(Step)) error {
		return func(context.Context, func(Step)) error {
			if send {
				meet <- struct{}{}
			} else {
				<-meet
			}
			return nil
		}
	}
	r.Run(context.Background(), both(true), nil, func(error) { done++ })
	r.Run(context.Background(), both(false), nil, func(error) { done++ })
	r.Wait()
	s.run()
	if done != 2 {
		t.Errorf("%d jobs ended", done)
	}
}

func TestDelay(t *testing.T) {
	const ms = time.Millisecond
	r, s, c := newRunner()
	c.rang = s.run
	var calls []time.Duration
	d := r.Delay(300*ms, func() { calls = append(calls, c.now) })

	c.pass(time.Second)
	d.Flush()
	if len(calls) > 0 {
		t.Fatal("called without a poke")
	}
	for range 5 { // keys, 100 ms apart, the last at 1.4 s
		d.Poke()
		c.pass(100 * ms)
	}
	c.pass(time.Second)
	if !slices.Equal(calls, []time.Duration{1700 * ms}) {
		t.Errorf("calls at %v, want once, 300 ms after the last key", calls)
	}

	calls = nil
	d.Poke()
	d.Flush()
	d.Flush()
	c.pass(time.Second)
	if len(calls) != 1 {
		t.Errorf("%d calls after a flush", len(calls))
	}

	calls = nil
	d.Poke()
	d.Stop()
	d.Flush()
	c.pass(time.Second)
	if len(calls) > 0 {
		t.Error("called after Stop")
	}
}

// A call that is already with the dispatcher when a key comes must wait for the
// key's own time; so must one that is stopped then.
func TestDelayOvertaken(t *testing.T) {
	r, s, c := newRunner()
	var calls int
	d := r.Delay(time.Second, func() { calls++ })
	d.Poke()
	c.pass(time.Second)
	d.Poke()
	s.run()
	if calls != 0 {
		t.Fatal("the overtaken call was made")
	}
	c.pass(time.Second)
	s.run()
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
	d.Poke()
	c.pass(time.Second)
	d.Stop()
	s.run()
	if calls != 1 {
		t.Error("called after Stop")
	}
}

func TestDelayPokesItself(t *testing.T) {
	r, s, c := newRunner()
	var calls int
	var d *Delay
	d = r.Delay(time.Second, func() {
		if calls++; calls < 3 {
			d.Poke()
		}
	})
	d.Poke()
	for range 5 {
		c.pass(time.Second)
		s.run()
	}
	if calls != 3 {
		t.Errorf("%d calls", calls)
	}
}

// Clock is what the program runs with: it must call once, on another goroutine.
func TestClock(t *testing.T) {
	called := make(chan struct{})
	Clock(0, func() { close(called) })
	<-called
	if stop := Clock(time.Hour, func() { t.Error("called") }); !stop() {
		t.Error("not stopped")
	}
}
