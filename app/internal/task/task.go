// Package task is the one road off the screen's goroutine and back: the only
// place in app/ with go statements and fyne.Do. Fyne, our pages and presenters
// live on one goroutine; what takes time is done elsewhere and reports back.
package task

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// Dispatcher has f called on the screen's goroutine. Calls are made in the
// order in which they were given; the dispatcher need not wait for them.
type Dispatcher func(f func())

// UI is the dispatcher of the running Fyne application.
var UI Dispatcher = fyne.Do

// Timer has f called once on any goroutine after d. stop prevents a call that
// has not begun.
type Timer func(d time.Duration, f func()) (stop func() bool)

// Clock is the timer of the machine.
func Clock(d time.Duration, f func()) (stop func() bool) { return time.AfterFunc(d, f).Stop }

// progressEvery is the least time between two reports of progress of one job.
const progressEvery = 100 * time.Millisecond

// Step says how far a job is.
type Step struct {
	Done, Total int64  // in units of the job's choice; Total 0 if not known
	Item        string // what is being worked on
}

// Runner runs jobs. Its methods are for the screen's goroutine, and call back
// on it.
type Runner struct {
	ui      Dispatcher
	timer   Timer
	running sync.WaitGroup
}

// New gives a runner; in the program New(UI, Clock).
func New(ui Dispatcher, timer Timer) *Runner { return &Runner{ui: ui, timer: timer} }

// Run does work on a goroutine of its own and then calls done once with its
// error. work may call report as often as it likes, on its own goroutine:
// progress gets at most ten steps a second, always the last one, and none after
// done. To cancel is to cancel ctx, which work must heed; done is called all
// the same. progress may be nil.
//
// What work writes into variables that it shares with done, done sees.
func (r *Runner) Run(ctx context.Context, work func(ctx context.Context, report func(Step)) error, progress func(Step), done func(error)) {
	t := throttle{runner: r, progress: progress}
	r.running.Add(1)
	go func() {
		defer r.running.Done()
		err := work(ctx, t.report)
		t.finish(func() { done(err) })
	}()
}

// Wait returns when the work of every job has ended and its done is with the
// dispatcher. It is for the end of the program, after the last Run.
func (r *Runner) Wait() { r.running.Wait() }

// throttle thins the steps of one job.
type throttle struct {
	runner   *Runner
	progress func(Step)

	mu    sync.Mutex // held while dispatching: steps must not overtake each other
	last  Step
	fresh bool        // last was not dispatched yet
	stop  func() bool // the timer that ends the present interval; nil if none runs
	over  bool
}

func (t *throttle) report(s Step) {
	if t.progress == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last, t.fresh = s, true
	if t.stop == nil {
		t.send()
	}
}

// send dispatches the last step and begins an interval. t.mu is held.
func (t *throttle) send() {
	s := t.last
	t.fresh = false
	t.runner.ui(func() { t.progress(s) })
	t.stop = t.runner.timer(progressEvery, t.interval)
}

// interval ends an interval.
func (t *throttle) interval() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop = nil
	if t.fresh && !t.over {
		t.send()
	}
}

// finish dispatches what is left, and done after it.
func (t *throttle) finish(done func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	if t.stop != nil {
		t.stop()
	}
	if s := t.last; t.fresh {
		t.runner.ui(func() { t.progress(s) })
	}
	t.runner.ui(done)
}

// Delay calls a function some time after the last of many events, such as keys.
// It is for the screen's goroutine only, and the function is called there.
type Delay struct {
	runner *Runner
	d      time.Duration
	f      func()
	round  int         // tells a call that was overtaken from the one that counts
	stop   func() bool // nil if no call is due
}

// Delay gives a delay that calls f, d after the last Poke.
func (r *Runner) Delay(d time.Duration, f func()) *Delay { return &Delay{runner: r, d: d, f: f} }

// Poke begins to wait, or begins again.
func (d *Delay) Poke() {
	d.Stop()
	round := d.round
	d.stop = d.runner.timer(d.d, func() {
		d.runner.ui(func() {
			if d.round == round {
				d.Flush()
			}
		})
	})
}

// Flush makes a call that is due now; without one it does nothing.
func (d *Delay) Flush() {
	if d.stop != nil {
		d.Stop()
		d.f()
	}
}

// Stop forgets a call that is due.
func (d *Delay) Stop() {
	if d.stop != nil {
		d.stop()
		d.stop = nil
	}
	d.round++
}
