package meeting_test

import (
	"crypto/x509"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
)

// officers are those of the sample, with their secrets.
func (r *room) officers() (secretary meeting.Officer, chair *meeting.Officer) {
	return meeting.Officer{Seat: script.Secretary, Secret: r.Codes[script.Secretary]},
		&meeting.Officer{Seat: script.Chair, Secret: strings.ToLower(r.Codes[script.Chair])}
}

// copies makes a copy and waits until there is nothing left to be copied.
func (r *room) copies(tb testing.TB) []journal.Copy {
	tb.Helper()
	r.Close()
	if err := r.Backup(r.ID); err != nil {
		tb.Fatal(err)
	}
	list, err := r.Backups(r.ID)
	if err != nil {
		tb.Fatal(err)
	}
	return list
}

// TestContinue holds that a meeting that does not verify goes on from its newest good
// copy, by both officers, with what was there set aside; and that the record, the board
// and every later paper say so.
func TestContinue(t *testing.T) {
	for name, harm := range map[string]struct {
		do   func(*room)
		want review.Code
	}{
		"an entry was edited": {func(r *room) { r.store.edit = damage }, review.CodeJournalEntry},
		"the tail is gone": {func(r *room) {
			r.store.edit = func(m *journal.Record) { m.Entries = m.Entries[:len(m.Entries)-1] }
		}, review.CodeJournalRoot},
		"put back to an older state": {func(r *room) {
			rec, err := r.store.Store.Load(r.ID)
			if err != nil {
				t.Fatal(err)
			}
			cut := len(rec.Entries) - 3
			tree := &journal.Tree{}
			for _, e := range rec.Entries[:cut] {
				tree.Append(e)
			}
			r.store.edit = func(m *journal.Record) {
				m.Entries, m.Checkpoint, m.Drafts = m.Entries[:cut], tree.Checkpoint().String(), nil
			}
		}, review.CodeJournalRollback},
		"content is gone": {func(r *room) {
			x, _ := r.state().Seat(script.Observer)
			r.store.gone = x.KeyFile
		}, review.CodeBlobMissing},
	} {
		t.Run(name, func(t *testing.T) {
			r := prepared(t)
			if err := r.Sessions[script.Secretary].Record("抄走之前"); err != nil {
				t.Fatal(err)
			}
			good := r.copies(t)[0]
			kept := good.Size
			if err := r.Sessions[script.Secretary].SaveDraft(review.MinutesDraft, "没写完"); err != nil {
				t.Fatal(err)
			}
			if err := r.Sessions[script.Secretary].Record("抄走之后"); err != nil {
				t.Fatal(err)
			}
			r.Close()
			list, err := r.Backups(r.ID)
			if err != nil {
				t.Fatal(err)
			}
			r.store.spoiled = map[string]bool{}
			for _, c := range list {
				if c.Size > kept { // the newest do not verify either
					r.store.spoiled[c.Path] = true
				}
			}
			lost := r.state().Size - kept
			_, tree, _ := r.record(t)
			gone, there := tree.Checkpoint().String(), tree.At(kept).String()
			harm.do(r)
			old := r.Sessions[script.Secretary]

			e, err := r.Evidence(r.ID)
			if err != nil {
				t.Fatal(err)
			}
			if e.Copy.Size != kept || e.Lost != lost || e.Title == "" || e.Seen != gone ||
				!slices.Equal(e.Officers, []review.SeatID{script.Secretary, script.Chair}) {
				t.Errorf("evidence %+v, copy of %d entries wanted, %d lost", e, kept, lost)
			}
			reviewtest.WantCode(t, failure(e.Findings), harm.want)

			secretary, chair := r.officers()
			if harm.want == review.CodeJournalEntry { // once is enough
				wrongly(t, r, secretary, chair)
			}
			path, err := r.Continue(r.ID, "", "数据目录损坏", secretary, *chair)
			gone = r.store.was // tries may have been put on record
			if err != nil || path == "" {
				t.Fatalf("evidence at %q, %v", path, err)
			}
			var notes struct {
				Version  int      `json:"v"`
				Meeting  string   `json:"meeting"`
				Seen     string   `json:"seen"`
				Findings []string `json:"findings"`
			}
			if err := json.Unmarshal(r.store.aside["findings.json"], &notes); err != nil ||
				notes.Version != 1 || notes.Meeting != string(r.ID) || notes.Seen != gone || !strings.HasPrefix(notes.Findings[0], string(harm.want)) {
				t.Errorf("notes %+v, %v", notes, err)
			}
			r.ended(t, old)
			r.Sessions = map[review.SeatID]*meeting.Session{}
			r.enter(t, everyone...)
			s := r.state()
			if len(s.Restorations) != 1 || s.Restorations[0].Index != kept || s.Restorations[0].Seen != gone ||
				s.Restorations[0].Evidence != r.store.sums {
				t.Errorf("on record %+v", s.Restorations)
			}
			if n := len(s.Minutes); n != 1 {
				t.Errorf("%d paragraphs", n)
			}
			reviewtest.WantCode(t, failure(r.Sessions[script.Member].Board().Notices), review.CodeRestored)
			r.clean(t)

			// What was lost is known to be lost, by the checkpoint and by the code on paper.
			if err := r.Compare(r.ID, there); err != nil {
				t.Error(err)
			}
			if err := r.Compare(r.ID, review.CheckCode(there)); err != nil {
				t.Error(err)
			}
			reviewtest.WantCode(t, r.Compare(r.ID, gone), review.CodeRestored)
			reviewtest.WantCode(t, r.Compare(r.ID, review.CheckCode(gone)), review.CodeRestored)
			reviewtest.WantCode(t, r.Compare(r.ID, strings.Replace(there, " ", "  ", 1)), review.CodeEventForm)

			if err := r.Sessions[script.Secretary].Record("继续"); err != nil {
				t.Fatal(err)
			}
			if _, _, err := r.Sessions[script.Secretary].IssueMinutes(); err != nil {
				t.Fatal(err)
			}
			if m := r.papers.last; len(m.Restored) != 1 || m.Restored[0].Reason != "数据目录损坏" {
				t.Errorf("the paper says %+v", m.Restored)
			}
			r.clean(t)

			// The mark goes on from here.
			now, _, before := r.record(t)
			if err := r.Sessions[script.Secretary].Record("再继续"); err != nil {
				t.Fatal(err)
			}
			r.start()
			r.store.edit = func(m *journal.Record) { *m = before }
			_, err = r.Enter(r.ID, script.Secretary, r.Codes[script.Secretary])
			reviewtest.WantCode(t, err, review.CodeJournalRollback)
			r.store.mend()
			r.enter(t, script.Secretary)
			if r.state().Size <= now.Size {
				t.Error("the record did not grow")
			}
			r.clean(t)
		})
	}
}

// wrongly tries to continue a meeting as it must not be, and demands that nothing is
// changed by it.
func wrongly(t *testing.T, r *room, secretary meeting.Officer, chair *meeting.Officer) {
	t.Helper()
	rec, err := r.store.Load(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	as := func(seat review.SeatID, secret string) meeting.Officer {
		return meeting.Officer{Seat: seat, Secret: secret}
	}
	other := as(script.Second, r.Codes[script.Second])
	for name, c := range map[string]struct {
		path, reason string
		secretary    meeting.Officer
		chair        *meeting.Officer
		want         review.Code
	}{
		"no reason":              {"", " ", secretary, chair, review.CodeTextEmpty},
		"no such copy":           {"nowhere", "损坏", secretary, chair, review.CodeFileMissing},
		"alone":                  {"", "损坏", secretary, nil, review.CodeActConsent},
		"with another expert":    {"", "损坏", secretary, &other, review.CodeActConsent},
		"by another expert":      {"", "损坏", other, chair, review.CodeActRole},
		"by the chair":           {"", "损坏", *chair, &secretary, review.CodeActRole},
		"by nobody":              {"", "损坏", as("s99", "ABCDEFGH"), chair, review.CodeSeatUnknown},
		"with nobody":            {"", "损坏", secretary, &meeting.Officer{Seat: "s99"}, review.CodeActConsent},
		"her passphrase wrong":   {"", "损坏", as(script.Secretary, passphrase), chair, review.CodeSecretWrong},
		"his code wrong":         {"", "损坏", secretary, &meeting.Officer{Seat: script.Chair, Secret: "ABCD-EFGH"}, review.CodeSecretWrong},
		"his code no code":       {"", "损坏", secretary, &meeting.Officer{Seat: script.Chair, Secret: "ABCD"}, review.CodeSecretForm},
		"a character not in use": {"", "损坏\x00", secretary, chair, review.CodeTextControl},
	} {
		var others []meeting.Officer
		if c.chair != nil {
			others = append(others, *c.chair)
		}
		path, err := r.Continue(r.ID, c.path, c.reason, c.secretary, others...)
		if review.CodeOf(err) != c.want || path != "" {
			t.Errorf("%s: %q, %v, want %s", name, path, err, c.want)
		}
	}
	now, err := r.store.Load(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if now.Checkpoint != rec.Checkpoint || len(now.Entries) != len(rec.Entries) || r.store.aside != nil {
		t.Error("something was changed or set aside")
	}
}

// TestNoCopy holds that without a copy that verifies there is nothing to go on from.
func TestNoCopy(t *testing.T) {
	r := prepared(t)
	secretary, chair := r.officers()
	var all []journal.Copy
	if err := r.Sessions[script.Secretary].Record("一"); err != nil {
		t.Fatal(err)
	}
	all = r.copies(t)
	r.store.spoiled = map[string]bool{}
	for _, c := range all {
		r.store.spoiled[c.Path] = true
	}
	r.store.edit = damage
	e, err := r.Evidence(r.ID)
	if err != nil || e.Copy.Path != "" || e.Title != "" || e.Lost != 0 || len(e.Findings) == 0 {
		t.Errorf("evidence %+v, %v", e, err)
	}
	_, err = r.Continue(r.ID, "", "损坏", secretary, *chair)
	reviewtest.WantCode(t, err, review.CodeNoCopy)
	_, err = r.Continue(r.ID, all[0].Path, "损坏", secretary, *chair)
	reviewtest.WantCode(t, err, review.CodeJournalEntry)
	_, err = r.Evidence("zzzzzzzzzzzzzzzzzzzzzzzzzz")
	reviewtest.WantCode(t, err, review.CodeMeetingMissing)
	if r.store.aside != nil {
		t.Error("something was set aside")
	}
}

// TestContinueAlone holds that a meeting without a chair goes on by its secretary.
func TestContinueAlone(t *testing.T) {
	r := newRoom(t)
	r.created(t)
	if err := r.Sessions[review.FirstSeat].Record("一"); err != nil {
		t.Fatal(err)
	}
	r.copies(t)
	r.start()
	r.store.edit = damage
	e, err := r.Evidence(r.ID)
	if err != nil || !slices.Equal(e.Officers, []review.SeatID{review.FirstSeat}) {
		t.Errorf("evidence %+v, %v", e, err)
	}
	secretary := meeting.Officer{Seat: review.FirstSeat, Secret: passphrase}
	if _, err := r.Continue(r.ID, "", "损坏", secretary); err != nil {
		t.Fatal(err)
	}
	r.enter(t, review.FirstSeat)
	if n := len(r.state().Minutes); n != 1 {
		t.Errorf("%d paragraphs", n)
	}
	r.clean(t)
	// The copy that is made of it says so, too.
	r.Close()
	list, err := r.Backups(r.ID)
	if err != nil || list[0].Size != r.state().Size {
		t.Errorf("copies %+v, %v", list, err)
	}
}

// TestContinueRefused holds that a meeting that cannot be set aside or replaced stays as
// it is, with whoever is in it.
func TestContinueRefused(t *testing.T) {
	r := prepared(t)
	r.copies(t)
	secretary, chair := r.officers()
	r.store.full = true
	path, err := r.Continue(r.ID, "", "损坏", secretary, *chair)
	reviewtest.WantCode(t, err, review.CodeDirFull)
	if path != "" {
		t.Errorf("evidence at %q", path)
	}
	r.store.full, r.store.stuck = false, true
	path, err = r.Continue(r.ID, "", "损坏", secretary, *chair)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	if path == "" {
		t.Error("what was set aside is not told")
	}
	r.store.stuck = false
	if err := r.Sessions[script.Secretary].Record("一"); err != nil {
		t.Error(err)
	}
	r.clean(t)
}

// TestEvidenceSound holds that evidence of a meeting that verifies says so.
func TestEvidenceSound(t *testing.T) {
	r := prepared(t)
	list := r.copies(t)
	e, err := r.Evidence(r.ID)
	if err != nil || len(e.Findings) != 0 || e.Copy != list[0] || e.Lost != 0 {
		t.Errorf("evidence %+v, %v", e, err)
	}
	elsewhere := r.twin(t)
	if e, err := elsewhere.Evidence(r.ID); err != nil || e.Meeting != r.ID {
		t.Errorf("evidence %+v, %v", e, err)
	}
}

// filed leads a meeting to its filing, with one project left out of it.
func filed(t *testing.T) *room {
	t.Helper()
	r := prepared(t)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	reviewtest.WantCode(t, x.BeginFiling(chair), review.CodeProjectOpen)
	for _, c := range []struct {
		p    review.ProjectID
		with *meeting.Session
	}{{script.First, chair}, {script.Other, r.Sessions[script.Second]}} {
		reviewtest.WantCode(t, x.Suspend(nil, c.p, "材料不齐"), review.CodeActConsent)
		if err := x.Suspend(c.with, c.p, "材料不齐"); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Record("一"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.IssueMinutes(); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, x.Seal(), review.CodeActPhase)
	reviewtest.WantCode(t, x.BeginFiling(nil), review.CodeActConsent)
	reviewtest.WantCode(t, x.BeginFiling(r.Sessions[script.Second]), review.CodeActConsent)
	reviewtest.WantCode(t, chair.BeginFiling(x), review.CodeActRole)
	member, _ := r.state().Seat(script.Member)
	r.store.gone = member.KeyFile
	reviewtest.WantCode(t, x.BeginFiling(chair), review.CodeBlobMissing)
	r.store.mend()
	if err := chair.SaveDraft(review.OpinionDraft(script.First), "没写完"); err != nil {
		t.Fatal(err)
	}
	if err := x.BeginFiling(chair); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSeal holds that at its sealing a meeting loses the private keys for good, in the
// database and in every copy; that nobody can do anything to it afterwards; and that it
// and its papers still verify.
func TestSeal(t *testing.T) {
	r := filed(t)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	reviewtest.WantCode(t, x.Record("二"), review.CodeActPhase)
	reviewtest.WantCode(t, chair.SaveDraft(review.OpinionDraft(script.Other), "一"), review.CodeActPhase)
	if err := chair.SaveDraft(review.OpinionDraft(script.First), "还是没写完"); err != nil {
		t.Error(err)
	}
	if _, _, err := x.IssueMinutes(); err != nil {
		t.Error(err)
	}
	if err := r.Sessions[script.Member].SetQuick("1234"); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, chair.Seal(), review.CodeActRole)
	keys := r.state().KeyBlobs()
	if len(keys) < len(everyone)+2 { // and two forms of the authority's
		t.Errorf("%d key blobs", len(keys))
	}
	if err := x.Seal(); err != nil {
		t.Fatal(err)
	}
	noKeys := func(where string, reader journal.Reader) {
		t.Helper()
		stored, err := reader.Blobs(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if slices.Contains(stored, k) {
				t.Errorf("%s has the key %s", where, k)
			}
		}
	}
	noKeys("the database", r.store)
	r.Close()
	list, err := r.Backups(r.ID)
	if err != nil || len(list) == 0 {
		t.Fatalf("copies %v, %v", list, err)
	}
	for _, c := range list {
		reader, err := r.store.OpenCopy(r.ID, c.Path)
		if err != nil {
			t.Fatal(err)
		}
		noKeys(c.Path, reader)
	}
	for _, seat := range everyone {
		r.ended(t, r.Sessions[seat])
	}
	for range 2 {
		for _, seat := range everyone {
			_, err := r.Enter(r.ID, seat, r.Codes[seat])
			reviewtest.WantCode(t, err, review.CodeActPhase)
			_, err = r.EnterQuick(r.ID, seat, "1234")
			reviewtest.WantCode(t, err, review.CodeActPhase)
			_, err = r.Seating(r.ID, seat)
			reviewtest.WantCode(t, err, review.CodeActPhase)
			if r.HasQuick(r.ID, seat) {
				t.Errorf("%s has his digits", seat)
			}
		}
		ca, err := x509.ParseCertificate(x.State().Authority)
		if err != nil {
			t.Fatal(err)
		}
		if v := r.Verify(r.ID, []*x509.Certificate{ca}); len(v.Findings) != 0 || v.Title == "" {
			t.Errorf("verdict %+v", v)
		}
		if b, err := r.Board(r.ID); err != nil || b.Phase != review.PhaseSealed || len(b.Notices) != 0 {
			t.Errorf("board %+v, %v", b, err)
		}
		r.start()
	}
	for _, p := range x.State().Papers {
		if signed := r.files.Kept(string(r.ID) + "/" + p.NumberName() + ".pdf"); !strings.Contains(signed, "secretary") {
			t.Errorf("%s is %q", p.NumberName(), signed)
		}
	}
	// Nor does a copy bring it back.
	secretary, chairman := r.officers()
	_, err = r.Continue(r.ID, "", "损坏", secretary, *chairman)
	reviewtest.WantCode(t, err, review.CodeActPhase)
}

// TestSealStuck holds that a copy that cannot be removed is told, and that the meeting is
// sealed all the same.
func TestSealStuck(t *testing.T) {
	r := filed(t)
	x := r.Sessions[script.Secretary]
	r.store.full = true
	reviewtest.WantCode(t, x.Seal(), review.CodeDirFull)
	if err := x.Touch(); err != nil {
		t.Errorf("a sealing that failed ended the session: %v", err)
	}
	r.store.full = false
	r.store.stuck = true
	reviewtest.WantCode(t, x.Seal(), review.CodeDirFailed)
	if s := x.State(); s.Phase != review.PhaseSealed {
		t.Errorf("the meeting is %s", s.Phase)
	}
	r.clean(t)
}
