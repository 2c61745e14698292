package meeting_test

import (
	"testing"
	"time"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
)

// deeds are everything for which a session needs its person's keys, or that is shown
// to him alone.
var deeds = map[string]func(*meeting.Session) error{
	"AddSeat":       func(x *meeting.Session) error { _, err := x.AddSeat(script.Cast[0]); return err },
	"EditSeat":      func(x *meeting.Session) error { return x.EditSeat(script.Third, script.Cast[0]) },
	"NameChair":     func(x *meeting.Session) error { return x.NameChair(nil, "", script.Second, "改推") },
	"Attend":        func(x *meeting.Session) error { return x.Attend(script.Third, review.PresenceLeft, "有事") },
	"Promise":       func(x *meeting.Session) error { return x.Promise("承诺书") },
	"Replace":       func(x *meeting.Session) error { return x.Replace(nil, script.Third, script.Fourth, "急病") },
	"ConfirmPanel":  func(x *meeting.Session) error { return x.ConfirmPanel(nil) },
	"Certify":       func(x *meeting.Session) error { return x.Certify(nil) },
	"RecoverySheet": func(x *meeting.Session) error { _, err := x.RecoverySheet(); return err },
	"NewCode": func(x *meeting.Session) error {
		_, err := x.NewCode(nil, script.Member, "忘记口令", "")
		return err
	},
	"AddProject":  func(x *meeting.Session) error { _, err := x.AddProject(script.Project("第三个", 1)); return err },
	"Suspend":     func(x *meeting.Session) error { return x.Suspend(nil, script.First, "材料不齐") },
	"Declare":     func(x *meeting.Session) error { return x.Declare(script.First, review.DeclarationBody{}) },
	"Recuse":      func(x *meeting.Session) error { return x.Recuse(nil, script.First, script.Third, true, "有合作") },
	"WaiveQuorum": func(x *meeting.Session) error { return x.WaiveQuorum(nil, script.First, "继续") },
	"Correct":     func(x *meeting.Session) error { return x.Correct(nil, review.FactCorrected{Project: script.First}) },
	"SetScheme": func(x *meeting.Session) error {
		return x.SetScheme(script.First, review.Settings{Unscored: true}, "组织单位确认")
	},
	"Details":    func(x *meeting.Session) error { _, err := x.Details(script.First); return err },
	"Notice":     func(x *meeting.Session) error { _, err := x.Notice(script.First); return err },
	"BeginRound": func(x *meeting.Session) error { return x.BeginRound(script.First) },
	"Submit": func(x *meeting.Session) error {
		_, err := x.Submit(script.First, script.Sheet(script.Scheme(5), 1), review.Look{})
		return err
	},
	"Receipt":      func(x *meeting.Session) error { _, err := x.Receipt(script.First); return err },
	"Paper":        func(x *meeting.Session) error { _, err := x.Paper(review.Paper{}); return err },
	"Export":       func(x *meeting.Session) error { _, err := x.Export(review.Paper{}); return err },
	"OwnSheet":     func(x *meeting.Session) error { _, _, err := x.OwnSheet(script.First); return err },
	"Reseal":       func(x *meeting.Session) error { _, err := x.Reseal(script.First); return err },
	"Return":       func(x *meeting.Session) error { return x.Return(script.First, script.Second, "本人要求") },
	"VoidBallot":   func(x *meeting.Session) error { return x.VoidBallot(nil, script.First, script.Second, "离会") },
	"CloseRound":   func(x *meeting.Session) error { return x.CloseRound(script.First) },
	"OpenRound":    func(x *meeting.Session) error { return x.OpenRound(nil, script.First) },
	"BallotFile":   func(x *meeting.Session) error { _, err := x.BallotFile(script.First); return err },
	"DraftOpinion": func(x *meeting.Session) error { return x.DraftOpinion(script.First, nil) },
	"Conclude":     func(x *meeting.Session) error { return x.Conclude(nil, review.ConclusionReached{}) },
	"Withdraw":     func(x *meeting.Session) error { return x.Withdraw(nil, script.First, "有误") },
	"Vote":         func(x *meeting.Session) error { return x.Vote(script.First, review.ChoiceAgree, "", review.Look{}) },
	"CountVotes":   func(x *meeting.Session) error { return x.CountVotes(nil, review.VotesCounted{}) },
	"BeginSigning": func(x *meeting.Session) error { return x.BeginSigning(script.First) },
	"Sign":         func(x *meeting.Session) error { return x.Sign(script.First, review.Look{}) },
	"Refuse":       func(x *meeting.Session) error { return x.Refuse(nil, script.First, script.Third, "不签") },
	"Finalise":     func(x *meeting.Session) error { return x.Finalise(nil, script.First) },
	"SaveDraft":    func(x *meeting.Session) error { return x.SaveDraft(review.MinutesDraft, "一") },
	"DropDraft":    func(x *meeting.Session) error { return x.SaveDraft(review.MinutesDraft, "") },
	"Draft":        func(x *meeting.Session) error { _, err := x.Draft(review.MinutesDraft); return err },
	"Record":       func(x *meeting.Session) error { return x.Record("一") },
	"IssueMinutes": func(x *meeting.Session) error { _, _, err := x.IssueMinutes(); return err },
	"Project":      func(x *meeting.Session) error { _, err := x.Project(script.First); return err },
	"Ballots":      func(x *meeting.Session) error { _, err := x.Ballots(script.First, 1); return err },
	"Opinion":      func(x *meeting.Session) error { _, err := x.Opinion(script.First); return err },
	"Journal":      func(x *meeting.Session) error { _, err := x.Journal(); return err },
	"Proof":        func(x *meeting.Session) error { _, _, err := x.Proof(0); return err },
	"Touch":        func(x *meeting.Session) error { return x.Touch() },
	"SetQuick":     func(x *meeting.Session) error { return x.SetQuick("1234") },
	"BeginFiling":  func(x *meeting.Session) error { return x.BeginFiling(nil) },
	"Seal":         func(x *meeting.Session) error { return x.Seal() },
}

// ended demands that a session can do nothing any more, and that nothing is written by
// trying.
func (r *room) ended(t *testing.T, x *meeting.Session) {
	t.Helper()
	_, _, before := r.record(t)
	for name, deed := range deeds {
		if err := deed(x); review.CodeOf(err) != review.CodeSessionClosed {
			t.Errorf("%s: %v", name, err)
		}
	}
	reviewtest.WantCode(t, x.Touch(), review.CodeSessionClosed)
	if _, _, after := r.record(t); after.Checkpoint != before.Checkpoint || len(after.Drafts) != len(before.Drafts) {
		t.Errorf("the record went from %s to %s", before.Checkpoint, after.Checkpoint)
	}
}

// TestClosed holds that a seat that was handed back does nothing, also as the second
// person of an act of two, while others go on.
func TestClosed(t *testing.T) {
	r := prepared(t)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	r.hold(t, script.Score(script.First, 1)[0])
	if err := x.SaveDraft(review.MinutesDraft, "没写完"); err != nil {
		t.Fatal(err)
	}
	chair.Close()
	r.ended(t, chair)
	reviewtest.WantCode(t, x.WaiveQuorum(chair, script.First, "继续"), review.CodeSessionClosed)
	_, err := x.NewCode(chair, script.Member, "忘记口令", "")
	reviewtest.WantCode(t, err, review.CodeSessionClosed)
	reviewtest.WantCode(t, x.Certify(chair), review.CodeSessionClosed)
	r.enter(t, script.Chair)
	if err := x.WaiveQuorum(r.Sessions[script.Chair], script.First, "继续"); err != nil {
		t.Error(err)
	}
	x.Close()
	x.Close()
	r.ended(t, x)
	if x.Seat().ID != script.Secretary || x.Board().Title == "" {
		t.Error("what everybody may see is gone")
	}
	r.enter(t, script.Secretary)
	if text, err := r.Sessions[script.Secretary].Draft(review.MinutesDraft); err != nil || text != "没写完" {
		t.Errorf("draft %q, %v", text, err)
	}
	r.clean(t)
}

// TestIdle holds that a session ends when nothing was done for a while, and only then;
// and that a clock that is moved does not keep it open.
func TestIdle(t *testing.T) {
	r := seated(t)
	r.idle = 5 * time.Minute
	r.take(t, script.Chair)
	r.restart(t)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	for range 3 {
		r.clock.move(4 * time.Minute)
		if err := x.Touch(); err != nil {
			t.Fatal(err)
		}
		if err := chair.SaveDraft(review.OpinionDraft(script.First), "还在写"); err != nil {
			t.Fatal(err)
		}
	}
	r.clock.move(5 * time.Minute)
	if err := x.Touch(); err != nil {
		t.Fatal(err)
	}
	r.clock.move(time.Millisecond)
	r.ended(t, chair)
	r.clock.move(-time.Hour)
	reviewtest.WantCode(t, chair.Touch(), review.CodeSessionClosed)
	if err := x.Touch(); err != nil {
		t.Error(err)
	}
	r.enter(t, script.Chair)
	r.clean(t)
}
