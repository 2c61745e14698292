package meeting_test

import (
	"testing"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
)

// cells gives how far each expert is with the first project, in the order of seats.
func (r *room) cells(t *testing.T, project review.ProjectID) map[review.SeatID]meeting.CellState {
	t.Helper()
	b, err := r.Board(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	out := map[review.SeatID]meeting.CellState{}
	for _, p := range b.Projects {
		if p.ID != project {
			continue
		}
		last := review.SeatID("")
		for _, c := range p.Experts {
			if c.Seat <= last {
				t.Errorf("%s stands after %s", c.Seat, last)
			}
			last = c.Seat
			out[c.Seat] = c.State
		}
	}
	return out
}

// TestBoard holds what everybody may see: how far each expert is, and never what he
// thinks.
func TestBoard(t *testing.T) {
	const chair, second, third, fourth = script.Chair, script.Second, script.Third, script.Fourth
	const first = script.First
	r := prepared(t)
	x := r.Sessions[script.Secretary]
	want := func(when string, project review.ProjectID, cells map[review.SeatID]meeting.CellState) {
		t.Helper()
		got := r.cells(t, project)
		for seat, c := range cells {
			if got[seat] != c {
				t.Errorf("%s: %s is %s, want %s", when, seat, got[seat], c)
			}
		}
	}
	type cells = map[review.SeatID]meeting.CellState
	unclaimed, err := x.AddSeat(review.Person{Name: "范仲淹", Roles: []review.Role{review.RoleExpert}})
	if err != nil {
		t.Fatal(err)
	}
	late := r.seat(t, review.Person{Name: "欧阳修", Roles: []review.Role{review.RoleExpert}})
	want("before", first, cells{
		chair: meeting.CellIdle, second: meeting.CellIdle, unclaimed: meeting.CellAbsent, late: meeting.CellUndeclared, script.Member: "",
	})
	want("before", script.Other, cells{chair: meeting.CellRecused})
	r.begin(t, first)
	r.submit(t, first, chair, second, third)
	if err := x.Return(first, third, "本人要求修改"); err != nil {
		t.Fatal(err)
	}
	want("scoring", first, cells{chair: meeting.CellSubmitted, second: meeting.CellSubmitted, third: meeting.CellReturned, fourth: meeting.CellOpen})
	r.submit(t, first, third, fourth)
	if err := x.VoidBallot(r.Sessions[chair], first, fourth, "误交"); err != nil {
		t.Fatal(err)
	}
	if err := x.Attend(fourth, review.PresenceLeft, "有事"); err != nil {
		t.Fatal(err)
	}
	want("left", first, cells{third: meeting.CellSubmitted, fourth: meeting.CellVoid})
	want("left", script.Other, cells{fourth: meeting.CellAbsent})
	r.certify(t)
	if err := r.Sessions[late].Promise("承诺书"); err != nil {
		t.Fatal(err)
	}
	if err := x.Replace(r.Sessions[chair], fourth, late, "急病"); err != nil {
		t.Fatal(err)
	}
	want("replaced", first, cells{fourth: meeting.CellReplaced})
	if b := x.Board(); b.Seats[4].ReplacedBy != late || b.Projects[0].Voters != 4 || b.Projects[0].Chair != chair || b.Projects[0].Quorum != 3 {
		t.Errorf("board %+v", b)
	}
	// Who is expected is waited for until he is on record as absent.
	err = x.CloseRound(first)
	reviewtest.WantCode(t, err, review.CodeBallotMissing)
	if review.ItemOf(err) != string(unclaimed+"、"+late) {
		t.Errorf("waiting for %s", review.ItemOf(err))
	}
	if err := x.Attend(unclaimed, review.PresenceAbsent, "未到会"); err != nil {
		t.Fatal(err)
	}
	err = x.CloseRound(first)
	reviewtest.WantCode(t, err, review.CodeBallotMissing)
	if review.ItemOf(err) != string(late) {
		t.Errorf("waiting for %s", review.ItemOf(err))
	}
	if err := r.Sessions[late].Declare(first, review.DeclarationBody{}); err != nil {
		t.Fatal(err)
	}
	r.submit(t, first, late)
	r.close(t, first)
	want("closed", first, cells{third: meeting.CellSubmitted})
	r.hold(t, script.Open(first))
	want("opened", first, cells{third: meeting.CellSubmitted})
	r.hold(t, script.Conclude(first)[3:7]...) // up to the first dissent
	want("concluded", first, cells{chair: meeting.CellUnposed, second: meeting.CellUnposed, third: meeting.CellPosed, late: meeting.CellUnposed})
	r.vote(t, first)
	want("voted", first, cells{chair: meeting.CellPosed, second: meeting.CellPosed, third: meeting.CellPosed, late: meeting.CellPosed})
	if err := x.BeginSigning(first); err != nil {
		t.Fatal(err)
	}
	if err := r.Sessions[second].Sign(first, review.Look{}); err != nil {
		t.Fatal(err)
	}
	if err := x.Refuse(r.Sessions[second], first, third, "不同意结论"); err != nil {
		t.Fatal(err)
	}
	want("signing", first, cells{chair: meeting.CellUnsigned, second: meeting.CellSigned, third: meeting.CellRefused, late: meeting.CellUnsigned})
	_, err = r.Board("zzzzzzzzzzzzzzzzzzzzzzzzzz")
	reviewtest.WantCode(t, err, review.CodeMeetingMissing)
	r.clean(t)
}

// TestJournalShown holds that officers and the observer read the entries, all but those
// on projects of which they stand aside, and that others see that there are some.
func TestJournalShown(t *testing.T) {
	r := prepared(t)
	r.score(t, script.Other)
	if err := r.Sessions[script.Secretary].OpenRound(r.Sessions[script.Second], script.Other); err != nil {
		t.Fatal(err)
	}
	for _, seat := range everyone {
		list, err := r.Sessions[seat].Journal()
		if err != nil || int64(len(list)) != r.state().Size {
			t.Fatalf("%d entries, %v", len(list), err)
		}
		for _, e := range list {
			whole := seat == script.Secretary || seat == script.Observer || seat == script.Chair
			if e.Event != nil {
				d, err := review.DecodeEvent(e.Event)
				if err != nil || d.Index != e.Index || d.Actor != e.Actor || !d.At.Equal(e.At) || d.Body.Kind() != e.Kind {
					t.Errorf("entry %+v says %+v, %v", e, d, err)
				}
				if seat == script.Chair && review.ProjectOf(d.Body) == script.Other {
					t.Errorf("who stands aside reads entry %d, %s", e.Index, e.Kind)
				}
			}
			if whole != (e.Event != nil) && seat != script.Chair && seat != script.Second || !whole && e.Event != nil && seat != script.Second {
				t.Errorf("%s sees entry %d, %s: %v", seat, e.Index, e.Kind, e.Event != nil)
			}
		}
	}
	list, err := r.Journal(r.ID)
	if err != nil || int64(len(list)) != r.state().Size {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	for _, e := range list {
		if e.Event != nil || e.Kind == "" || e.Actor == "" {
			t.Errorf("everybody sees %+v", e)
		}
	}
	_, err = r.Journal("zzzzzzzzzzzzzzzzzzzzzzzzzz")
	reviewtest.WantCode(t, err, review.CodeMeetingMissing)
}

// TestProof holds that anybody can be shown that an entry is on record.
func TestProof(t *testing.T) {
	r := prepared(t)
	_, _, rec := r.record(t)
	for _, i := range []int64{0, 1, 17, int64(len(rec.Entries)) - 1} {
		c, p, err := r.Sessions[script.Third].Proof(i)
		if err != nil || c.String() != rec.Checkpoint {
			t.Fatalf("%v, %v", c, err)
		}
		if err := p.Holds(c, rec.Entries[i]); err != nil {
			t.Error(err)
		}
		reviewtest.WantCode(t, p.Holds(c, rec.Entries[2]), review.CodeJournalEntry)
	}
	for _, i := range []int64{-1, int64(len(rec.Entries))} {
		_, _, err := r.Sessions[script.Third].Proof(i)
		reviewtest.WantCode(t, err, review.CodeJournalEntry)
	}
}
