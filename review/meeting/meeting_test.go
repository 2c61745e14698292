package meeting_test

import (
	"regexp"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
)

func valid() meeting.NewMeeting {
	return meeting.NewMeeting{Title: " 评审会 ", Secretary: "龚䶮", Passphrase: passphrase, Repeated: passphrase, Alone: true}
}

// created gives the meeting of a secretary who confirmed the panel alone: a copy of
// one made for all tests.
func (r *room) created(t *testing.T) *meeting.Session {
	t.Helper()
	h := lonely()
	if err := transfer(r.store.Store, lonelyStore, h.ID); err != nil {
		t.Fatal(err)
	}
	r.clock.set(h.Sessions[review.FirstSeat].State().At)
	r.ID, r.Codes[review.FirstSeat] = h.ID, passphrase
	r.enter(t, review.FirstSeat)
	return r.Sessions[review.FirstSeat]
}

// TestThread is the whole of a thin meeting: created, recorded, closed, opened
// again, its paper issued, everything verified.
func TestThread(t *testing.T) {
	r := newRoom(t)
	x, err := r.Create(valid())
	if err != nil {
		t.Fatal(err)
	}
	if err := x.SaveDraft(review.MinutesDraft, "第一段\n没写完"); err != nil {
		t.Fatal(err)
	}
	if err := x.Record("第一段\n\n　第二段 "); err != nil {
		t.Fatal(err)
	}
	if text, err := x.Draft(review.MinutesDraft); err != nil || text != "" {
		t.Errorf("after recording the draft is %q, %v", text, err)
	}
	if err := x.SaveDraft(review.MinutesDraft, "还没记"); err != nil {
		t.Fatal(err)
	}
	x.Close()

	list, err := r.List()
	if err != nil || len(list) != 1 || list[0].Title != "评审会" || list[0].Phase != review.PhaseRunning {
		t.Fatalf("list %+v, %v", list, err)
	}
	y, err := r.Enter(list[0].ID, review.FirstSeat, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	st := y.State()
	if len(st.Minutes) != 2 || st.Minutes[1].Text != "第二段" || y.Seat().Name != "龚䶮" {
		t.Errorf("state %+v", st)
	}
	if text, err := y.Draft(review.MinutesDraft); err != nil || text != "还没记" {
		t.Errorf("draft %q, %v", text, err)
	}
	paper, path, err := y.IssueMinutes()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := y.Paper(paper)
	if err != nil || r.files.Kept(path) != string(pdf) || !regexp.MustCompile(`^评审会 会议记录〔[A-Z2-7]{8}〕第1号 龚䶮 2段 ([0-9A-F]{4}-){3}[0-9A-F]{4}\n`).Match(pdf) {
		t.Errorf("paper %s is %q, %v", path, pdf, err)
	}
	if found := r.Verify(list[0].ID, nil).Findings; len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}

// TestCreateRefuses holds that a bad form is refused and leaves nothing.
func TestCreateRefuses(t *testing.T) {
	cases := []struct {
		name string
		edit func(*meeting.NewMeeting)
		want review.Code
	}{
		{"no title", func(m *meeting.NewMeeting) { m.Title = "　" }, review.CodeTextEmpty},
		{"no name", func(m *meeting.NewMeeting) { m.Secretary = "" }, review.CodeTextEmpty},
		{"long title", func(m *meeting.NewMeeting) { m.Title = strings.Repeat("会", review.MaxTitle+1) }, review.CodeTextLong},
		{"control", func(m *meeting.NewMeeting) { m.Secretary = "甲\u202e乙" }, review.CodeTextControl},
		{"no glyph", func(m *meeting.NewMeeting) { m.Secretary = "甲𡋤" }, review.CodeTextGlyph},
		{"short", func(m *meeting.NewMeeting) { m.Passphrase, m.Repeated = "123456789", "123456789" }, review.CodeSecretShort},
		{"short and differs", func(m *meeting.NewMeeting) { m.Passphrase, m.Repeated = "1", "2" }, review.CodeSecretShort},
		{"differs", func(m *meeting.NewMeeting) { m.Repeated += "。" }, review.CodeSecretDiffers},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t)
			in := valid()
			c.edit(&in)
			_, err := r.Create(in)
			reviewtest.WantCode(t, err, c.want)
			if list, err := r.List(); err != nil || len(list) != 0 {
				t.Errorf("left behind: %v, %v", list, err)
			}
		})
	}
}

// TestRecordRefuses holds that what cannot be recorded stays as a draft, with
// nothing added to the journal.
func TestRecordRefuses(t *testing.T) {
	r := newRoom(t)
	x := r.created(t)
	for text, want := range map[string]review.Code{
		" \n　": review.CodeTextEmpty,
		"好\n" + strings.Repeat("字", review.MaxParagraph+1): review.CodeTextLong,
		"第一段\n有𡋤字":                                         review.CodeTextGlyph,
		"a\u200fb":                                         review.CodeTextControl,
	} {
		if err := x.SaveDraft(review.MinutesDraft, text); err != nil {
			t.Fatal(err)
		}
		reviewtest.WantCode(t, x.Record(text), want)
		if got, err := x.Draft(review.MinutesDraft); err != nil || got != text {
			t.Errorf("the draft became %q, %v", got, err)
		}
		if n := len(x.State().Minutes); n != 0 {
			t.Errorf("%d paragraphs were recorded", n)
		}
	}
	reviewtest.WantCode(t, x.SaveDraft(review.MinutesDraft, strings.Repeat("字", review.MaxText+1)), review.CodeTextLong)
	_, _, err := x.IssueMinutes()
	reviewtest.WantCode(t, err, review.CodeTextEmpty)
	if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}

// TestStoreFails holds that an act that the store refuses changes nothing in
// the session, so that it can be tried again.
func TestStoreFails(t *testing.T) {
	r := newRoom(t)
	x := r.created(t)
	r.store.full = true
	reviewtest.WantCode(t, x.Record("一"), review.CodeDirFull)
	reviewtest.WantCode(t, x.SaveDraft(review.MinutesDraft, "一"), review.CodeDirFull)
	if len(x.State().Minutes) != 0 {
		t.Error("the session believes what was not stored")
	}
	r.store.full = false
	if err := x.Record("一"); err != nil {
		t.Fatal(err)
	}
	r.files.Err = review.E(review.CodeDirFull, "test", "", nil)
	paper, _, err := x.IssueMinutes()
	reviewtest.WantCode(t, err, review.CodeDirFull)
	r.files.Err = nil
	if path, err := x.Export(paper); err != nil || r.files.Kept(path) == "" {
		t.Errorf("the recorded paper cannot be exported later: %v", err)
	}
	if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}

// TestStoreUncertain holds that a session goes on with what is on the disk where
// the store could not say.
func TestStoreUncertain(t *testing.T) {
	r := newRoom(t)
	x := r.created(t)
	r.store.lost = true
	reviewtest.WantCode(t, x.Record("一"), review.CodeStoreFailed)
	reviewtest.WantCode(t, x.SaveDraft(review.MinutesDraft, "二"), review.CodeStoreFailed)
	r.store.lost = false
	if n := len(x.State().Minutes); n != 1 {
		t.Errorf("the session knows %d paragraphs, the disk has 1", n)
	}
	if text, err := x.Draft(review.MinutesDraft); err != nil || text != "二" {
		t.Errorf("the session knows draft %q, %v", text, err)
	}
	if err := x.Record("三"); err != nil {
		t.Errorf("the next act: %v", err)
	}
}

// TestMoved holds that an act is refused where another run of the program has been at
// the meeting, and that the session then knows what is there.
func TestMoved(t *testing.T) {
	r := newRoom(t)
	x := r.created(t)
	r.start()
	r.enter(t, review.FirstSeat)
	if err := x.Record("一"); review.CodeOf(err) != review.CodeStoreMoved {
		t.Fatalf("the run of before: %v", err)
	}
	y := r.Sessions[review.FirstSeat]
	if err := y.Record("二"); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, x.Record("三"), review.CodeStoreMoved)
	if err := x.Record("四"); err != nil {
		t.Errorf("once it has seen what is there: %v", err)
	}
	if n := len(x.State().Minutes); n != 2 {
		t.Errorf("%d paragraphs", n)
	}
	r.start()
	if found := r.Verify(x.Meeting(), nil).Findings; len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}

func TestSelfCheck(t *testing.T) {
	r := newRoom(t)
	r.created(t)
	for _, c := range r.SelfCheck() {
		if c.Err != nil {
			t.Errorf("%s: %v", c.Key, c.Err)
		}
	}
}
