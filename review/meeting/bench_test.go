package meeting_test

import (
	"fmt"
	"testing"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
	"heyi/review/reviewtest/storetest"
)

// still is a store that makes no copies, so that a benchmark measures its own work.
type still struct{ meeting.Store }

func (still) Backup(review.MeetingID) error { return nil }

// expert is one of many.
func expert(n int) review.Person {
	return review.Person{Name: fmt.Sprint("专家", n), Unit: fmt.Sprint("单位", n), Roles: []review.Role{review.RoleExpert}}
}

// panel gives a room with so many experts, confirmed, of whom s02 is 组长, and so many
// projects of a scheme of so many items.
func panel(b *testing.B, experts, projects, items int) *room {
	b.Helper()
	r := roomOn(b, still{storetest.NewMemory()})
	r.hold(b, script.Prepare(1)[0])
	x := r.Sessions[script.Secretary]
	for n := range experts {
		seat := r.seat(b, expert(n))
		if err := r.Sessions[seat].Promise("承诺书"); err != nil {
			b.Fatal(err)
		}
	}
	if err := x.NameChair(nil, "", script.Chair, ""); err != nil {
		b.Fatal(err)
	}
	if err := x.ConfirmPanel(r.Sessions[script.Chair]); err != nil {
		b.Fatal(err)
	}
	for n := range projects {
		id, err := x.AddProject(script.Project(fmt.Sprint("项目", n), items))
		if err != nil {
			b.Fatal(err)
		}
		for n := range experts {
			if err := r.Sessions[review.NumberedSeat(n+2)].Declare(id, review.DeclarationBody{}); err != nil {
				b.Fatal(err)
			}
		}
	}
	return r
}

// anew gives the same meeting as it was, with those signed in who are needed.
func (r *room) anew(b *testing.B, seats ...review.SeatID) *room {
	b.Helper()
	one := roomOn(b, still{copied(b, r.store.Store, r.ID)})
	one.ID, one.Codes = r.ID, r.Codes
	one.clock.set(r.clock.now())
	one.enter(b, seats...)
	return one
}

// BenchmarkSubmit is the submission of a ballot of 30 items: signed twice, sealed twice,
// stored.
func BenchmarkSubmit(b *testing.B) {
	r := panel(b, 3, 1, 28)
	r.begin(b, script.First)
	h := script.Sheet(script.Scheme(28), 1)
	for b.Loop() {
		b.StopTimer()
		x := r.anew(b, script.Third).Sessions[script.Third]
		b.StartTimer()
		if _, err := x.Submit(script.First, h, review.Look{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen25 is the opening of one project with 25 ballots of 30 items, with the
// full verification before it.
func BenchmarkOpen25(b *testing.B) {
	r := panel(b, 25, 1, 28)
	r.begin(b, script.First)
	for n := range 25 {
		if _, err := r.Sessions[review.NumberedSeat(n+2)].Submit(script.First, script.Sheet(script.Scheme(28), n), review.Look{}); err != nil {
			b.Fatal(err)
		}
	}
	r.close(b, script.First)
	for b.Loop() {
		b.StopTimer()
		one := r.anew(b, script.Secretary, script.Chair)
		b.StartTimer()
		if err := one.Sessions[script.Secretary].OpenRound(one.Sessions[script.Chair], script.First); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEnter is a person signing in by his code, at the full cost of scrypt.
func BenchmarkEnter(b *testing.B) {
	r := newRoom(b)
	s := meeting.New(meeting.Config{
		Store: still{storetest.NewMemory()}, Papers: fakes.Papers{}, Files: &fakes.Files{}, Marks: &fakes.Marks{}, Now: r.clock.now, Random: zeros{},
	})
	in := valid()
	in.Alone = false
	x, err := s.Create(in)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Enter(x.Meeting(), review.FirstSeat, passphrase); err != nil {
			b.Fatal(err)
		}
	}
	s.Close()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// BenchmarkAppend is one paragraph recorded in a meeting that has 1, 10 and 100 times
// what the sample has: two projects, each scored by four experts in a round. (They are
// not opened: that verifies the whole of it each time, and changes nothing here.)
func BenchmarkAppend(b *testing.B) {
	for _, times := range []int{1, 10, 100} {
		b.Run(fmt.Sprint(times), func(b *testing.B) {
			r := panel(b, 4, 2*times, 5)
			for n := range 2 * times {
				r.score(b, review.NumberedProject(n+1))
			}
			var x *meeting.Session
			for i := 0; b.Loop(); i++ {
				if i%50 == 0 { // what is measured must not be what it made itself
					b.StopTimer()
					x = r.anew(b, script.Secretary).Sessions[script.Secretary]
					b.StartTimer()
				}
				if err := x.Record("专家就数据共享提出问题。"); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(r.state().Size), "entries")
		})
	}
}
