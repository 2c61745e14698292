package meeting_test

import (
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
	"heyi/review/seal"
)

// wide writes ASCII as an input method may leave it.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r - '!' + '！'
		}
		return r
	}, s)
}

// TestClaim holds that a person takes his seat by giving back the code that he was
// shown, however he types it, and comes in again by it.
func TestClaim(t *testing.T) {
	r := seated(t)
	for i, typed := range []func(shown string) string{
		func(s string) string { return s },
		strings.ToLower,
		wide,
		func(s string) string { return " " + strings.Join(strings.Split(strings.ToLower(s), ""), "　") + "\n" },
		func(s string) string { return strings.ReplaceAll(s, "-", "——") },
	} {
		seat := review.NumberedSeat(i + 2)
		before := r.state()
		g, err := r.Seating(r.ID, seat)
		if err != nil {
			t.Fatal(err)
		}
		if g.Seat().ID != seat || len(g.Code()) != seal.CodeLength+1 || r.state() != before {
			t.Errorf("seating of %s shows %q", seat, g.Code())
		}
		code := g.Code()
		x, err := g.Claim(typed(code), "")
		if err != nil {
			t.Fatalf("%q for %q: %v", typed(code), code, err)
		}
		if g.Code() != "" {
			t.Error("the code is shown again")
		}
		if s := x.Seat(); !s.Claimed() || s.Presence != review.PresencePresent || s.Claims != 1 {
			t.Errorf("seat %+v", s)
		}
		if _, err := r.Enter(r.ID, seat, typed(code)); err != nil {
			t.Errorf("%q: %v", typed(code), err)
		}
		_, err = g.Claim(code, "")
		reviewtest.WantCode(t, err, review.CodeSeatClaimed)
		_, err = r.Seating(r.ID, seat)
		reviewtest.WantCode(t, err, review.CodeSeatClaimed)
	}
	r.clean(t)
}

// TestClaimRefused holds that a seat stays free until its person has given the code
// back, and that he can try as often as he likes.
func TestClaimRefused(t *testing.T) {
	r := seated(t)
	g, err := r.Seating(r.ID, script.Chair)
	if err != nil {
		t.Fatal(err)
	}
	code := g.Code()
	other := []byte(code)
	other[0] = 'A' + (other[0]-'A'+1)%2 // another letter of the alphabet, whatever it was
	for _, c := range []struct {
		typed string
		want  review.Code
	}{
		{string(other), review.CodeSecretDiffers},
		{code[5:] + code[:4], review.CodeSecretDiffers},
		{"", review.CodeSecretForm},
		{code[1:], review.CodeSecretForm},
		{code + code, review.CodeSecretForm},
		{"0" + code[1:], review.CodeSecretForm},
	} {
		if c.want == review.CodeSecretDiffers && strings.ReplaceAll(c.typed, "-", "") == strings.ReplaceAll(code, "-", "") {
			t.Fatalf("the case does not change %q", code)
		}
		_, err := g.Claim(c.typed, c.typed)
		reviewtest.WantCode(t, err, c.want)
	}
	r.store.full = true
	_, err = g.Claim(code, "")
	reviewtest.WantCode(t, err, review.CodeDirFull)
	r.store.full = false
	if x, _ := r.state().Seat(script.Chair); x.Claimed() || len(r.state().KeyBlobs()) != 1 {
		t.Errorf("seat %+v", x)
	}
	_, err = r.Enter(r.ID, script.Chair, code)
	reviewtest.WantCode(t, err, review.CodeSeatUnclaimed)

	late, err := r.Seating(r.ID, script.Chair)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Claim(code, ""); err != nil {
		t.Fatal(err)
	}
	_, err = late.Claim(late.Code(), "")
	reviewtest.WantCode(t, err, review.CodeSeatClaimed)
	_, err = r.Seating(r.ID, "s99")
	reviewtest.WantCode(t, err, review.CodeSeatUnknown)
	_, err = r.Seating("zzzzzzzzzzzzzzzzzzzzzzzzzz", script.Second)
	reviewtest.WantCode(t, err, review.CodeMeetingMissing)
	r.clean(t)
}

// TestClaimPassphrase holds that an observer chooses a passphrase.
func TestClaimPassphrase(t *testing.T) {
	r := seated(t)
	g, err := r.Seating(r.ID, script.Observer)
	if err != nil {
		t.Fatal(err)
	}
	if g.Code() != "" {
		t.Errorf("he is shown %q", g.Code())
	}
	_, err = g.Claim("123456789", "123456789")
	reviewtest.WantCode(t, err, review.CodeSecretShort)
	_, err = g.Claim(passphrase, passphrase+"。")
	reviewtest.WantCode(t, err, review.CodeSecretDiffers)
	if _, err = g.Claim(passphrase, passphrase); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Enter(r.ID, script.Observer, passphrase); err != nil {
		t.Error(err)
	}
	_, err = r.Enter(r.ID, script.Observer, passphrase+"。")
	reviewtest.WantCode(t, err, review.CodeSecretWrong)
}

func TestEnterRefuses(t *testing.T) {
	r := seated(t)
	r.take(t, script.Chair)
	for name, c := range map[string]struct {
		id     review.MeetingID
		seat   review.SeatID
		secret string
		want   review.Code
	}{
		"no such meeting":     {"aaaaaaaaaaaaaaaaaaaaaaaaaa", script.Chair, "", review.CodeMeetingMissing},
		"no meeting's name":   {"../x", script.Chair, "", review.CodeMeetingMissing},
		"no such seat":        {r.ID, "s99", passphrase, review.CodeSeatUnknown},
		"the program's":       {r.ID, review.Program, passphrase, review.CodeSeatUnknown},
		"unclaimed":           {r.ID, script.Second, "ABCD-EFGH", review.CodeSeatUnclaimed},
		"wrong passphrase":    {r.ID, script.Secretary, passphrase, review.CodeSecretWrong},
		"no passphrase":       {r.ID, script.Secretary, "", review.CodeSecretWrong},
		"wrong code":          {r.ID, script.Chair, "ABCD-EFGH", review.CodeSecretWrong},
		"another's code":      {r.ID, script.Secretary, r.Codes[script.Chair], review.CodeSecretWrong},
		"no code at all":      {r.ID, script.Chair, "ABCD-EFG", review.CodeSecretForm},
		"characters not used": {r.ID, script.Chair, "O0I1-ABCD", review.CodeSecretForm},
	} {
		t.Run(name, func(t *testing.T) {
			before, _ := r.state().Seat(c.seat)
			_, err := r.Enter(c.id, c.seat, c.secret)
			reviewtest.WantCode(t, err, c.want)
			after, _ := r.state().Seat(c.seat)
			if counted := after.Tries - before.Tries; (counted == 1) != (c.want == review.CodeSecretWrong) {
				t.Errorf("%d tries were counted", counted)
			}
		})
	}
	r.clean(t)
}

// take lets a person claim his seat.
func (r *room) take(tb testing.TB, seat review.SeatID) {
	tb.Helper()
	g, err := r.Seating(r.ID, seat)
	if err != nil {
		tb.Fatal(err)
	}
	r.claim(tb, g)
}

// wrong tries wrong codes.
func (r *room) wrong(t *testing.T, seat review.SeatID, times int) {
	t.Helper()
	for range times {
		_, err := r.Enter(r.ID, seat, "2222-2222")
		reviewtest.WantCode(t, err, review.CodeSecretWrong)
	}
}

// waits demands that the right code is refused for so many seconds.
func (r *room) waits(t *testing.T, seat review.SeatID, seconds string) {
	t.Helper()
	before := r.state().Size
	_, err := r.Enter(r.ID, seat, r.Codes[seat])
	reviewtest.WantCode(t, err, review.CodeSecretWait)
	if got := review.ItemOf(err); got != seconds {
		t.Fatalf("to wait %s seconds, want %s", got, seconds)
	}
	if r.state().Size != before {
		t.Fatal("a try that was not made was counted")
	}
}

// TestWait holds that every five wrong codes cost half a minute, and nobody else's
// time; and that who then has the right code comes in with a clean sheet.
func TestWait(t *testing.T) {
	r := seated(t)
	r.take(t, script.Chair)
	r.take(t, script.Second)
	for range 3 {
		r.wrong(t, script.Chair, 5)
		r.waits(t, script.Chair, "30")
		r.clock.move(29*time.Second + time.Millisecond)
		r.waits(t, script.Chair, "1")
		r.enter(t, script.Second) // whom it does not hold up
		r.clock.move(time.Second)
	}
	r.enter(t, script.Chair)
	r.wrong(t, script.Chair, 4)
	r.enter(t, script.Chair)
	r.wrong(t, script.Chair, 5)
	r.waits(t, script.Chair, "30")
	r.clean(t)
}

// TestWaitClock holds that the delay outlives the run of the program, and that a
// clock that is moved neither lengthens it nor locks anybody out.
func TestWaitClock(t *testing.T) {
	for name, move := range map[string]time.Duration{
		"stands":            0,
		"a day back":        -24 * time.Hour,
		"thirty years back": -30 * 365 * 24 * time.Hour,
	} {
		for where, again := range map[string]bool{"in the same run": false, "in another run": true} {
			t.Run(name+" "+where, func(t *testing.T) {
				r := seated(t)
				r.take(t, script.Chair)
				r.wrong(t, script.Chair, 5)
				r.clock.move(move)
				if again {
					r.start()
					r.enter(t, script.Secretary)
				}
				r.waits(t, script.Chair, "30")
				r.clock.move(10 * time.Second)
				r.waits(t, script.Chair, "20")
				r.clock.move(20 * time.Second)
				r.enter(t, script.Chair)
				r.clean(t)
			})
		}
	}
}

// TestTryCounts holds that a try counts though the program is killed before it knows
// whether the code was right.
func TestTryCounts(t *testing.T) {
	r := seated(t)
	r.take(t, script.Chair)
	r.Sessions = map[review.SeatID]*meeting.Session{}
	kill := func(journal.Batch) { panic("killed") }
	for i := range 5 {
		r.store.after = kill
		func() {
			defer func() {
				if recover() == nil {
					t.Error("nobody was killed")
				}
			}()
			r.Enter(r.ID, script.Chair, r.Codes[script.Chair])
		}()
		r.store.after = nil
		state, _, _ := r.record(t)
		if x, _ := state.Seat(script.Chair); x.Tries != i+1 {
			t.Fatalf("%d tries are on record after %d", x.Tries, i+1)
		}
		r.start()
	}
	r.enter(t, script.Secretary)
	r.waits(t, script.Chair, "30")
	r.clock.move(30 * time.Second)
	r.enter(t, script.Chair)
	r.clean(t)
}

// TestQuick holds that four digits bring a person back in the same run, until five
// wrong ones, a new code or the end of the run.
func TestQuick(t *testing.T) {
	r := seated(t)
	r.take(t, script.Chair)
	r.take(t, script.Second)
	x := r.Sessions[script.Chair]
	for _, bad := range []string{"", "123", "12345", "12a4", "12 34", "-123", "一二三四"} {
		reviewtest.WantCode(t, x.SetQuick(bad), review.CodeSecretForm)
	}
	quick := func(seat review.SeatID, digits string) error {
		_, err := r.EnterQuick(r.ID, seat, digits)
		return err
	}
	reviewtest.WantCode(t, quick(script.Chair, "1234"), review.CodeSessionClosed)
	if r.HasQuick(r.ID, script.Chair) || r.HasQuick("zzzzzzzzzzzzzzzzzzzzzzzzzz", script.Chair) {
		t.Error("digits that nobody chose")
	}
	if err := x.SetQuick(" １２３４"); err != nil {
		t.Fatal(err)
	}
	x.Close()
	if !r.HasQuick(r.ID, script.Chair) || r.HasQuick(r.ID, script.Second) {
		t.Error("digits of the wrong person")
	}
	y, err := r.EnterQuick(r.ID, script.Chair, "1234")
	if err != nil {
		t.Fatal(err)
	}
	if err := y.SaveDraft(review.OpinionDraft(script.First), "他就是他"); err != nil {
		t.Error(err)
	}
	reviewtest.WantCode(t, x.Touch(), review.CodeSessionClosed)
	reviewtest.WantCode(t, x.SetQuick("1234"), review.CodeSessionClosed)
	reviewtest.WantCode(t, quick(script.Second, "1234"), review.CodeSessionClosed)
	reviewtest.WantCode(t, quick(script.Chair, "12345"), review.CodeSecretForm)
	reviewtest.WantCode(t, quick("s99", "1234"), review.CodeSeatUnknown)

	for range 4 {
		reviewtest.WantCode(t, quick(script.Chair, "4321"), review.CodeSecretWrong)
	}
	if err := quick(script.Chair, "1234"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		reviewtest.WantCode(t, quick(script.Chair, "4321"), review.CodeSecretWrong)
	}
	reviewtest.WantCode(t, quick(script.Chair, "1234"), review.CodeSessionClosed)
	r.waits(t, script.Chair, "30")
	r.clock.move(30 * time.Second)
	r.enter(t, script.Chair)
	if r.HasQuick(r.ID, script.Chair) {
		t.Error("the digits came back")
	}
	if err := r.Sessions[script.Chair].SetQuick("1234"); err != nil {
		t.Fatal(err)
	}
	r.start()
	if r.HasQuick(r.ID, script.Chair) {
		t.Error("the digits are there in another run")
	}
	reviewtest.WantCode(t, quick(script.Chair, "1234"), review.CodeSessionClosed)
}

// TestQuickApart holds that the digits of one meeting open no other.
func TestQuickApart(t *testing.T) {
	r := newRoom(t)
	var rooms []review.MeetingID
	for _, digits := range []string{"1111", "2222"} {
		in := valid()
		in.Alone = false
		x, err := r.Create(in)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.SetQuick(digits); err != nil {
			t.Fatal(err)
		}
		rooms = append(rooms, x.Meeting())
	}
	_, err := r.EnterQuick(rooms[0], review.FirstSeat, "2222")
	reviewtest.WantCode(t, err, review.CodeSecretWrong)
	x, err := r.EnterQuick(rooms[1], review.FirstSeat, "2222")
	if err != nil {
		t.Fatal(err)
	}
	if x.Meeting() != rooms[1] {
		t.Error("the digits led into another meeting")
	}
}

// TestElsewhere holds that nobody signs in whose keys are on another machine.
func TestElsewhere(t *testing.T) {
	r := seated(t)
	who, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	claim, err := journal.State(review.Statement{
		Version: review.StatementVersion, Kind: review.StatementClaim, Meeting: r.ID, Seat: script.Chair, Revision: 1,
		At: r.clock.now(), Body: review.ClaimBody{Name: script.Cast[0].Name, Keys: who.Public()},
	}, who)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.forge(t, script.Secretary, r.identity(t, script.Secretary), review.SeatClaimed{Claim: claim}); err != nil {
		t.Fatal(err)
	}
	r.start()
	_, err = r.Enter(r.ID, script.Chair, "ABCD-EFGH")
	reviewtest.WantCode(t, err, review.CodeSeatElsewhere)
	_, err = r.EnterQuick(r.ID, script.Chair, "1234")
	reviewtest.WantCode(t, err, review.CodeSeatElsewhere)
	r.clean(t)
}
