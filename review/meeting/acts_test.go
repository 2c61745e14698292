package meeting_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"testing/iotest"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
	"heyi/review/reviewtest/storetest"
)

// TestGlyphs holds that no text gets on record that could not be printed.
func TestGlyphs(t *testing.T) {
	r := prepared(t)
	x, chair, third := r.Sessions[script.Secretary], r.Sessions[script.Chair], r.Sessions[script.Third]
	const bad = "有𡋤字"
	project := func(change func(*review.ProjectAdded)) error {
		p := script.Project("第三个项目", 2)
		change(&p)
		_, err := x.AddProject(p)
		return err
	}
	for name, act := range map[string]func() error{
		"name": func() error {
			_, err := x.AddSeat(review.Person{Name: bad, Roles: []review.Role{review.RoleExpert}})
			return err
		},
		"unit": func() error {
			_, err := x.AddSeat(review.Person{Name: "甲", Unit: bad, Roles: []review.Role{review.RoleExpert}})
			return err
		},
		"edit":     func() error { return x.EditSeat(script.Third, review.Person{Name: "甲", Title: bad}) },
		"project":  func() error { return project(func(p *review.ProjectAdded) { p.Title = bad }) },
		"scheme":   func() error { return project(func(p *review.ProjectAdded) { p.Scheme.Title = bad }) },
		"item":     func() error { return project(func(p *review.ProjectAdded) { p.Scheme.Items[0].Title = bad }) },
		"article":  func() error { return project(func(p *review.ProjectAdded) { p.Scheme.Items[0].Article = bad }) },
		"outcome":  func() error { return project(func(p *review.ProjectAdded) { p.Scheme.Outcomes[0].Title = bad }) },
		"owner":    func() error { return project(func(p *review.ProjectAdded) { p.Units[0].Name = bad }) },
		"fact":     func() error { return project(func(p *review.ProjectAdded) { p.Facts[0].Value = bad }) },
		"correct":  func() error { return x.Correct(chair, review.FactCorrected{Project: script.First, New: bad}) },
		"settings": func() error { return x.SetScheme(script.First, review.Settings{}, bad) },
		"evidence": func() error { return x.Correct(chair, review.FactCorrected{Project: script.First, Evidence: bad}) },
		"opinion": func() error {
			return x.DraftOpinion(script.First, []review.OpinionParagraph{{Text: "好"}, {Text: bad}})
		},
		"conclusion": func() error { return chair.Conclude(nil, review.ConclusionReached{Project: script.First, Reason: bad}) },
		"against": func() error {
			return chair.Conclude(nil, review.ConclusionReached{Project: script.First, Against: []review.Against{{Reason: bad}}})
		},
		"dissent": func() error { return third.Vote(script.First, review.ChoiceDisagree, bad, review.Look{}) },
		"motion":  func() error { return x.CountVotes(chair, review.VotesCounted{Project: script.First, Motion: bad}) },
		"refusal": func() error { return x.Refuse(r.Sessions[script.Second], script.First, script.Third, bad) },
		"minutes": func() error { return x.Record(bad) },
		"restore": func() error { _, err := r.Continue(r.ID, "", bad, meeting.Officer{}); return err },
	} {
		before := r.state()
		if err := act(); review.CodeOf(err) != review.CodeTextGlyph || review.ItemOf(err) != "𡋤（U+212E4）" {
			t.Errorf("%s: %v", name, err)
		}
		if r.state() != before {
			t.Errorf("%s is on record", name)
		}
	}
}

// TestSeats holds how seats are given before the meeting and in it.
func TestSeats(t *testing.T) {
	r := seated(t)
	x := r.Sessions[script.Secretary]
	expert := []review.Role{review.RoleExpert}
	_, err := x.AddSeat(review.Person{Name: " 龚䶮 ", Unit: "省信息中心", Roles: expert})
	reviewtest.WantCode(t, err, review.CodeSeatTwin)
	_, err = x.AddSeat(review.Person{Name: "龚䶮", Unit: "另一单位", Roles: []review.Role{review.RoleSecretary}})
	reviewtest.WantCode(t, err, review.CodeSeatRoles)
	id, err := x.AddSeat(review.Person{Name: " 龚䶮", Unit: " 另一单位　", Roles: expert})
	if err != nil || id != "s08" {
		t.Fatalf("seat %s, %v", id, err)
	}
	if s, _ := x.State().Seat(id); s.Name != "龚䶮" || s.Unit != "另一单位" {
		t.Errorf("seat %+v", s)
	}
	if err := x.EditSeat(id, review.Person{Name: "范仲淹", Roles: expert}); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, x.EditSeat("s99", review.Person{Name: "范仲淹", Roles: expert}), review.CodeSeatUnknown)
	r.take(t, id)
	reviewtest.WantCode(t, x.EditSeat(id, review.Person{Name: "甲", Roles: expert}), review.CodeSeatClaimed)
	reviewtest.WantCode(t, x.EditSeat(script.Secretary, review.Person{Name: "甲", Roles: expert}), review.CodeSeatClaimed)
	_, err = r.Sessions[id].AddSeat(review.Person{Name: "乙", Roles: expert})
	reviewtest.WantCode(t, err, review.CodeActRole)
	if err := r.Sessions[id].Promise("承诺书"); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, r.Sessions[id].Promise("承诺书"), review.CodeStatementKnown) // in the same second
	r.clock.move(time.Second)
	reviewtest.WantCode(t, r.Sessions[id].Promise("承诺书"), review.CodeStatementFork)
	r.clean(t)
}

// TestSubmitRefused holds what it takes to submit, and that a refusal costs nothing.
func TestSubmitRefused(t *testing.T) {
	r := prepared(t)
	x := r.Sessions[script.Secretary]
	late := r.seat(t, review.Person{Name: "范仲淹", Roles: []review.Role{review.RoleExpert}})
	sheet := sheetOf(script.First, script.Third)
	submit := func(seat review.SeatID, project review.ProjectID, h review.Sheet) error {
		_, err := r.Sessions[seat].Submit(project, h, review.Look{})
		return err
	}
	reviewtest.WantCode(t, submit(script.Third, script.First, sheet), review.CodeActStage)
	reviewtest.WantCode(t, submit(script.Third, "p09", sheet), review.CodeProjectUnknown)
	r.begin(t, script.First)
	r.begin(t, script.Other)
	for _, c := range []struct {
		seat    review.SeatID
		project review.ProjectID
		change  func(*review.Sheet)
		want    review.Code
	}{
		{script.Third, script.First, func(h *review.Sheet) { h.Marks = h.Marks[1:] }, review.CodeSheetItem},
		{script.Third, script.First, func(h *review.Sheet) { h.Marks[0].Value = "10.5" }, review.CodeSheetMark},
		{script.Third, script.First, func(h *review.Sheet) { h.Outcome = "x" }, review.CodeOutcome},
		{script.Third, script.First, func(h *review.Sheet) { h.Marks[0].Reason = "有𡋤字" }, review.CodeTextGlyph},
		{script.Third, script.First, func(h *review.Sheet) { h.Opinion = []string{"一\n二"} }, review.CodeTextControl},
		{script.Chair, script.Other, func(*review.Sheet) {}, review.CodeRecused},
		{script.Secretary, script.First, func(*review.Sheet) {}, review.CodeActRole},
		{script.Member, script.First, func(*review.Sheet) {}, review.CodeActRole},
		{late, script.First, func(*review.Sheet) {}, review.CodeSeatUnclaimed},
	} {
		h := sheetOf(script.First, script.Third)
		c.change(&h)
		before := r.state()
		if err := submit(c.seat, c.project, h); review.CodeOf(err) != c.want {
			t.Errorf("%s on %s: %v, want %s", c.seat, c.project, err, c.want)
		}
		if r.state() != before {
			t.Error("something is on record")
		}
	}
	r.certify(t)
	reviewtest.WantCode(t, submit(late, script.First, sheet), review.CodePromiseMissing)
	if err := r.Sessions[late].Promise("承诺书"); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, submit(late, script.First, sheet), review.CodeDeclarationMissing)
	if err := x.Attend(script.Third, review.PresenceLeft, "有事"); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, submit(script.Third, script.First, sheet), review.CodeSeatPresence)
	if err := r.Sessions[script.Second].Declare(script.Other, review.DeclarationBody{Conflict: true, Reason: "曾任顾问"}); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, submit(script.Fourth, script.Other, sheetOf(script.Other, script.Fourth)), review.CodeChairMissing)
	reviewtest.WantCode(t, x.OpenRound(nil, script.First), review.CodeActStage)
	r.clean(t)
}

// TestSecondRound holds that in a further round what is changed needs a reason, and that
// the earlier round stays as it was.
func TestSecondRound(t *testing.T) {
	r := prepared(t)
	r.score(t, script.First)
	r.hold(t, script.Open(script.First))
	first := fmt.Sprint(r.state().Project(script.First).Rounds[0])
	r.begin(t, script.First)
	h := sheetOf(script.First, script.Third)
	h.Marks[0].Value, h.Marks[0].Reason = "0.5", ""
	_, err := r.Sessions[script.Third].Submit(script.First, h, review.Look{})
	reviewtest.WantCode(t, err, review.CodeSheetReason)
	h.Marks[0].Reason = "复核后调整"
	if _, err := r.Sessions[script.Third].Submit(script.First, h, review.Look{}); err != nil {
		t.Fatal(err)
	}
	r.submit(t, script.First, script.Chair, script.Second, script.Fourth)
	r.close(t, script.First)
	r.hold(t, script.Open(script.First))
	if got := fmt.Sprint(r.state().Project(script.First).Rounds[0]); got != first {
		t.Errorf("the first round became\n%s, was\n%s", got, first)
	}
	for round := 1; round <= 2; round++ {
		if list, err := r.Sessions[script.Secretary].Ballots(script.First, round); err != nil || len(list) != 4 {
			t.Errorf("%d ballots in round %d, %v", len(list), round, err)
		}
	}
	r.clean(t)
}

// TestConclude holds that a conclusion against what the rules suggest needs the
// secretary, that it can be taken back, and that signatures on the one are none on the next.
func TestConclude(t *testing.T) {
	r := prepared(t)
	r.score(t, script.First)
	r.hold(t, script.Open(script.First))
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	c := review.ConclusionReached{Project: script.First, Outcome: "passed"}
	reviewtest.WantCode(t, chair.Conclude(nil, c), review.CodeOpinionMissing)
	r.hold(t, script.Conclude(script.First)[3])
	departs := c
	departs.Suggested, departs.Reason = "not_passed", "问题可在实施中解决"
	reviewtest.WantCode(t, chair.Conclude(nil, departs), review.CodeActConsent)
	reviewtest.WantCode(t, chair.Conclude(x, c), review.CodeActConsent) // it needs nobody
	reviewtest.WantCode(t, x.Conclude(nil, c), review.CodeActRole)
	if err := chair.Conclude(x, departs); err != nil {
		t.Fatal(err)
	}
	third := r.Sessions[script.Third]
	reviewtest.WantCode(t, third.Vote(script.First, review.ChoiceReserve, "", review.Look{}), review.CodeTextEmpty)
	for _, choice := range []review.Choice{review.ChoiceAgree, review.ChoiceAbstain} {
		if err := third.Vote(script.First, choice, "", review.Look{}); err != nil {
			t.Fatal(err)
		}
	}
	r.vote(t, script.First)
	if err := x.BeginSigning(script.First); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, chair.Sign(script.First, review.Look{}), review.CodeSignatureOrder)
	if err := third.Sign(script.First, review.Look{}); err != nil {
		t.Fatal(err)
	}
	r.clock.move(time.Second)
	reviewtest.WantCode(t, third.Sign(script.First, review.Look{}), review.CodeSignatureGiven)
	reviewtest.WantCode(t, r.Sessions[script.Observer].Sign(script.First, review.Look{}), review.CodeActRole)
	reviewtest.WantCode(t, x.Finalise(chair, script.First), review.CodeSignatureMissing)
	reviewtest.WantCode(t, x.Withdraw(nil, script.First, "事实有误"), review.CodeActConsent)
	if err := x.Withdraw(chair, script.First, "事实有误"); err != nil {
		t.Fatal(err)
	}
	r.hold(t, script.Conclude(script.First)[3])
	if err := chair.Conclude(x, departs); err != nil {
		t.Fatal(err)
	}
	r.vote(t, script.First)
	if err := x.BeginSigning(script.First); err != nil {
		t.Fatal(err)
	}
	if p := r.state().Project(script.First); len(r.state().Unsigned(p)) != 5 || len(p.Signatures) != 1 {
		t.Errorf("%d signatures, due %v", len(p.Signatures), r.state().Unsigned(p))
	}
	reviewtest.WantCode(t, x.Refuse(r.Sessions[script.Third], script.First, script.Third, "拒签"), review.CodeSignatureWitness)
	r.clean(t)
}

// TestCreateFails holds that what goes wrong at the creation is told and leaves nothing.
func TestCreateFails(t *testing.T) {
	store := storetest.NewMemory()
	random := meeting.Config{
		Store: store, Papers: fakes.Papers{}, Files: &fakes.Files{}, Now: (&clock{}).now, WorkFactor: 1,
		Random: iotest.ErrReader(errors.New("no entropy")),
	}
	in := valid()
	in.Alone = false
	_, err := meeting.New(random).Create(in)
	reviewtest.WantCode(t, err, review.CodeInternal)
	if list, err := store.List(); err != nil || len(list) != 0 {
		t.Errorf("left behind: %v, %v", list, err)
	}
	r := newRoom(t)
	x, err := r.Create(in)
	if err != nil {
		t.Fatal(err)
	}
	r.runs-- // the same ids again
	r.start()
	_, err = r.Create(in)
	reviewtest.WantCode(t, err, review.CodeStoreExists)
	r.ID, r.Codes[review.FirstSeat] = x.Meeting(), passphrase
	r.enter(t, review.FirstSeat)
	r.clean(t)
	err = r.Sessions[review.FirstSeat].BeginRound("p01")
	reviewtest.WantCode(t, err, review.CodeActPhase)
}

// TestWorkFactor holds that keys are locked at the full cost where nothing else is said.
func TestWorkFactor(t *testing.T) {
	store := storetest.NewMemory()
	r := newRoom(t)
	s := meeting.New(meeting.Config{
		Store: store, Papers: fakes.Papers{}, Files: &fakes.Files{}, Now: r.clock.now, Random: bytes.NewReader(make([]byte, 64)),
	})
	defer s.Close()
	in := valid()
	in.Alone = false
	x, err := s.Create(in)
	if err != nil {
		t.Fatal(err)
	}
	file, err := store.Blob(x.Meeting(), x.Seat().KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	var kind, salt string
	var factor int
	if _, err := fmt.Sscanf(string(file), "age-encryption.org/v1\n-> %s %s %d", &kind, &salt, &factor); err != nil || kind != "scrypt" || factor != 16 {
		t.Errorf("locked with %s at %d, %v", kind, factor, err)
	}
}

// lostMarks are marks of which the disk does not tell.
type lostMarks struct{ fakes.Marks }

func (*lostMarks) Mark(review.MeetingID) (string, error) {
	return "", review.E(review.CodeDirFailed, "test", "marks", nil)
}

func (*lostMarks) SetMark(review.MeetingID, string) error {
	return review.E(review.CodeDirFull, "test", "marks", nil)
}

// TestMarksFail holds that a mark that cannot be set stops nobody, and that one that
// cannot be read is told, since it could have found something.
func TestMarksFail(t *testing.T) {
	r := prepared(t)
	s := fakes.Services(r.store, r.files, &lostMarks{})
	defer s.Close()
	_, err := s.Enter(r.ID, script.Third, r.Codes[script.Third])
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	reviewtest.WantCode(t, failure(s.Verify(r.ID, nil).Findings), review.CodeDirFailed)
	in := valid()
	in.Alone = false
	x, err := fakes.Services(storetest.NewMemory(), r.files, &lostMarks{}).Create(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.SaveDraft(review.MinutesDraft, "一"); err != nil {
		t.Error(err)
	}
}

// TestCompare holds that a checkpoint and its short form hold as long as the record is
// the one that they were taken of.
func TestCompare(t *testing.T) {
	r := prepared(t)
	_, tree, _ := r.record(t)
	now := tree.Checkpoint().String()
	if err := r.Sessions[script.Secretary].Record("一"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{now, review.CheckCode(now), "0000-0000-0000-0000", tree.At(0).String(), "v1 99999 " + now[len(now)-64:]} {
		err := r.Compare(r.ID, c)
		if c == "0000-0000-0000-0000" || c[:4] == "v1 9" {
			reviewtest.WantCode(t, err, review.CodeJournalRollback)
		} else if err != nil {
			t.Errorf("%s: %v", c, err)
		}
	}
	for _, c := range []string{"", "x", "0000-0000-0000", now + " "} {
		reviewtest.WantCode(t, r.Compare(r.ID, c), review.CodeEventForm)
	}
	reviewtest.WantCode(t, r.Compare("zzzzzzzzzzzzzzzzzzzzzzzzzz", now), review.CodeMeetingMissing)
	r.store.edit = damage
	reviewtest.WantCode(t, r.Compare(r.ID, now), review.CodeJournalEntry)
}

// TestSelfCheckFinds holds that the self check tells what does not work.
func TestSelfCheckFinds(t *testing.T) {
	r := prepared(t)
	r.start()
	r.store.edit = damage
	for _, c := range r.SelfCheck() {
		if want := map[string]review.Code{"meetings": review.CodeJournalEntry}[c.Key]; review.CodeOf(c.Err) != want {
			t.Errorf("%s: %v, want %q", c.Key, c.Err, want)
		}
	}
}

// TestEnterFails holds that who cannot be put on record as signed in is not in, and that
// his try counts.
func TestEnterFails(t *testing.T) {
	r := seated(t)
	r.take(t, script.Chair)
	r.store.full = true
	_, err := r.Enter(r.ID, script.Chair, r.Codes[script.Chair])
	reviewtest.WantCode(t, err, review.CodeDirFull)
	r.store.full = false
	tried := func() int {
		x, _ := r.state().Seat(script.Chair)
		return x.Tries
	}
	if tried() != 0 {
		t.Errorf("%d tries", tried())
	}
	r.store.after = func(journal.Batch) { r.store.full = true }
	_, err = r.Enter(r.ID, script.Chair, r.Codes[script.Chair])
	reviewtest.WantCode(t, err, review.CodeDirFull)
	r.store.after, r.store.full = nil, false
	if tried() != 1 {
		t.Errorf("%d tries", tried())
	}
	r.enter(t, script.Chair)
	r.clean(t)
}
