package present_test

import (
	"strings"
	"testing"
	"time"

	"heyi/app/internal/present"
	"heyi/app/internal/words"
	"heyi/assets"
	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/storetest"
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

type room struct {
	*queue
	*present.Desk
	t        *testing.T
	store    *failing
	services *meeting.Services
	viewer   present.Viewer
	logged   []error
	pages    int
}

func newRoom(t *testing.T) *room {
	t.Helper()
	return newRun(t, storetest.NewMemory())
}

// newRun is the program started on a data directory that may have been used before.
func newRun(t *testing.T, store meeting.Store) *room {
	t.Helper()
	w, err := words.Load(assets.Words, "words/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	r := &room{t: t, queue: &queue{}, store: &failing{Store: store}, viewer: &books{}}
	r.services = fakes.Services(r.store, &fakes.Files{}, &fakes.Marks{})
	r.Desk = present.NewDesk(present.World{
		Services: r.services, Words: w, Jobs: r.queue, Prefs: &looks{}, Viewer: r.viewer, Log: func(err error) { r.logged = append(r.logged, err) },
	})
	r.OnPage(func() { r.pages++ })
	r.settle()
	return r
}

func (r *room) press() { r.Page().Primary().Do() }

func (r *room) at(want present.Place) {
	r.t.Helper()
	if got := r.Page().Place(); got != want {
		r.t.Fatalf("on page %s, want %s; message %q", got, want, r.Page().Message().Text)
	}
}

func (r *room) says(tone present.Tone, part string) {
	r.t.Helper()
	if m := r.Page().Message(); m.Tone != tone || !strings.Contains(m.Text, part) {
		r.t.Fatalf("message %d %q, want %d %q", m.Tone, m.Text, tone, part)
	}
}
