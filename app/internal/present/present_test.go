package present_test

import (
	"time"

	"heyi/app/internal/present"
	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
)

// queue is the screen's goroutine of a test: jobs wait until the test lets them
// run, timers until it lets them ring.
type queue struct {
	jobs   []func()
	timers []*timer
}

type timer struct {
	due bool
	f   func()
}

func (t *timer) Poke() { t.due = true }
func (t *timer) Stop() { t.due = false }

func (q *queue) Run(work func() error, done func(error)) {
	q.jobs = append(q.jobs, func() { done(work()) })
}

func (q *queue) Delay(_ time.Duration, f func()) present.Delay {
	t := &timer{f: f}
	q.timers = append(q.timers, t)
	return t
}

// ring lets every timer that is due go off.
func (q *queue) ring() {
	for _, t := range q.timers {
		if t.due {
			t.due = false
			t.f()
		}
	}
}

// step lets the oldest job run and tells whether there was one.
func (q *queue) step() bool {
	if len(q.jobs) == 0 {
		return false
	}
	job := q.jobs[0]
	q.jobs = q.jobs[1:]
	job()
	return true
}

// settle lets everything happen that is going to.
func (q *queue) settle() {
	for q.step() || q.due() {
		q.ring()
	}
}

func (q *queue) due() bool {
	for _, t := range q.timers {
		if t.due {
			return true
		}
	}
	return false
}

type looks struct {
	size     int
	contrast bool
}

func (l *looks) TextSize() int      { return l.size }
func (l *looks) SetTextSize(i int)  { l.size = i }
func (l *looks) Contrast() bool     { return l.contrast }
func (l *looks) SetContrast(b bool) { l.contrast = b }

// failing is a store whose disk can be full.
type failing struct {
	meeting.Store
	full bool
}

func (s *failing) Commit(id review.MeetingID, expect int64, b journal.Batch) error {
	if s.full {
		return review.E(review.CodeDirFull, "test", "", nil)
	}
	return s.Store.Commit(id, expect, b)
}
