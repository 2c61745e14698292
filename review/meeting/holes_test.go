package meeting_test

import (
	"slices"
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

// TestContinueBeforeTheChair holds that nobody gets rid of a chair by going back to a
// copy from before he was named, whether what is there verifies or not, as long as he can
// be asked.
func TestContinueBeforeTheChair(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(*room)
		lost bool // his key file is gone
	}{
		"what is there verifies": {func(*room) {}, false},
		"its checkpoint does not": {func(r *room) {
			r.store.edit = func(m *journal.Record) { m.Checkpoint = journal.Checkpoint{}.String() }
		}, false},
		"its last entry does not": {func(r *room) {
			r.store.edit = func(m *journal.Record) { m.Entries[len(m.Entries)-1].Event[9] ^= 1 }
		}, false},
		"his keys are gone": {func(r *room) {
			x, _ := r.state().Seat(script.Chair)
			r.store.gone = x.KeyFile
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := seated(t)
			early := r.copies(t)[0]
			r.take(t, script.Chair)
			x := r.Sessions[script.Secretary]
			if err := x.NameChair(nil, "", script.Chair, ""); err != nil {
				t.Fatal(err)
			}
			if _, err := x.AddSeat(review.Person{Name: "范仲淹", Roles: []review.Role{review.RoleMember}}); err != nil {
				t.Fatal(err)
			}
			c.harm(r)
			secretary, chair := r.officers()
			if c.lost {
				if _, err := r.Continue(r.ID, early.Path, "损坏", secretary); err != nil {
					t.Fatal(err)
				}
				return
			}
			_, err := r.Continue(r.ID, early.Path, "损坏", secretary)
			reviewtest.WantCode(t, err, review.CodeActConsent)
			if review.ItemOf(err) != string(script.Chair) {
				t.Errorf("it misses %q", review.ItemOf(err))
			}
			_, err = r.Continue(r.ID, early.Path, "损坏", secretary, meeting.Officer{Seat: script.Chair, Secret: "ABCD-EFGH"})
			reviewtest.WantCode(t, err, review.CodeSecretWrong)
			if r.store.aside != nil {
				t.Fatal("something was set aside")
			}
			if _, err := r.Continue(r.ID, early.Path, "损坏", secretary, *chair); err != nil {
				t.Fatal(err)
			}
			r.enter(t, script.Secretary)
			if s := r.state(); s.Chair != "" || len(s.Restorations) != 1 {
				t.Errorf("chair %q, restorations %v", s.Chair, s.Restorations)
			}
			r.clean(t)
		})
	}
}

// TestContinueTwoCodes holds that a chair who has had a new code since the copy goes back
// to it with both codes and with neither alone.
func TestContinueTwoCodes(t *testing.T) {
	r := prepared(t)
	early := r.copies(t)[0]
	before := meeting.Officer{Seat: script.Chair, Secret: r.Codes[script.Chair]}
	r.newCode(t, script.Secretary, script.Second, script.Chair, "")
	secretary, after := r.officers()
	for _, only := range []meeting.Officer{before, *after} {
		_, err := r.Continue(r.ID, early.Path, "演练", secretary, only)
		reviewtest.WantCode(t, err, review.CodeActConsent)
	}
	if _, err := r.Continue(r.ID, early.Path, "演练", secretary, before, *after); err != nil {
		t.Fatal(err)
	}
	r.clean(t)
}

// TestContinueTries holds that wrong secrets are counted and delayed at the restoring as
// at the door: on record where there is one, else in the user's mark, over a new run; and
// in this run where there is no mark.
func TestContinueTries(t *testing.T) {
	for name, c := range map[string]struct {
		harm     func(*room)
		restarts bool
	}{
		"what is there can be entered": {func(*room) {}, true},
		"it cannot":                    {func(r *room) { r.store.edit = damage }, true},
		"nor is there a mark":          {func(r *room) { r.store.edit, r.unmarked = damage, true; r.start() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := prepared(t)
			early := r.copies(t)[0]
			secretary, chair := r.officers()
			c.harm(r)
			try := func(o meeting.Officer, want review.Code) {
				t.Helper()
				_, err := r.Continue(r.ID, early.Path, "演练", secretary, o)
				reviewtest.WantCode(t, err, want)
			}
			wrong := meeting.Officer{Seat: script.Chair, Secret: "ABCD-EFGH"}
			for range 5 {
				try(wrong, review.CodeSecretWrong)
				if c.restarts {
					r.start()
				}
				r.clock.move(time.Second)
			}
			r.clock.move(20 * time.Second)
			try(*chair, review.CodeSecretWait)
			if _, err := r.Continue(r.ID, early.Path, "演练", secretary, *chair); review.ItemOf(err) != "9" {
				t.Errorf("%v", err)
			}
			r.clock.move(9 * time.Second)
			if _, err := r.Continue(r.ID, early.Path, "演练", secretary, *chair); err != nil {
				t.Fatal(err)
			}
			if text, _ := r.marks.Mark(r.ID); strings.Contains(text, "tries") {
				t.Errorf("the mark still has %q", text)
			}
			r.clean(t)
		})
	}
}

// TestTriesPushOut holds that wrong codes make no copies, which would push out those that
// there are.
func TestTriesPushOut(t *testing.T) {
	r := prepared(t)
	before := r.copies(t)
	for range 2 * journal.RingSize {
		_, err := r.Enter(r.ID, script.Third, "ABCD-EFGH")
		reviewtest.WantCode(t, err, review.CodeSecretWrong)
		r.clock.move(time.Minute)
	}
	r.Close()
	if after, err := r.Backups(r.ID); err != nil || !slices.Equal(after, before) {
		t.Errorf("copies %v, %v, there were %v", after, err, before)
	}
}

// TestContinueClock holds that a clock that was set back locks nobody out of the restoring.
func TestContinueClock(t *testing.T) {
	r := prepared(t)
	early := r.copies(t)[0]
	secretary, chair := r.officers()
	r.store.edit = damage
	for range 5 {
		_, err := r.Continue(r.ID, early.Path, "演练", secretary, meeting.Officer{Seat: script.Chair, Secret: "ABCD-EFGH"})
		reviewtest.WantCode(t, err, review.CodeSecretWrong)
	}
	r.start()
	r.clock.move(-24 * time.Hour)
	_, err := r.Continue(r.ID, early.Path, "演练", secretary, *chair)
	reviewtest.WantCode(t, err, review.CodeSecretWait)
	r.clock.move(30 * time.Second)
	if _, err := r.Continue(r.ID, early.Path, "演练", secretary, *chair); err != nil {
		t.Fatal(err)
	}
}

// TestContinueLate holds that a restoring of which the disk says that it failed, and which
// it has all the same, is done: nobody goes on in what was there.
func TestContinueLate(t *testing.T) {
	r := prepared(t)
	list := r.copies(t)
	secretary, chair := r.officers()
	old := r.Sessions[script.Secretary]
	r.store.late = true
	if path, err := r.Continue(r.ID, list[0].Path, "演练", secretary, *chair); err != nil || path == "" {
		t.Fatalf("%q, %v", path, err)
	}
	r.ended(t, old)
	r.enter(t, script.Secretary)
	if len(r.state().Restorations) != 1 {
		t.Error("it is not on record")
	}
	r.clean(t)
}

// TestDraftGenerations holds that a draft's versions only grow, also when it was given up
// and begun anew; so that no earlier row passes, whatever was recorded since.
func TestDraftGenerations(t *testing.T) {
	r := prepared(t)
	x := r.Sessions[script.Third]
	key := review.OpinionDraft(script.First)
	save := func(texts ...string) journal.Draft {
		t.Helper()
		for _, text := range texts {
			if err := x.SaveDraft(key, text); err != nil {
				t.Fatal(err)
			}
		}
		_, _, rec := r.record(t)
		return rec.Drafts[0]
	}
	first := save("一", "二", "三", "四", "五")
	if err := x.SaveDraft(key, ""); err != nil {
		t.Fatal(err)
	}
	older := save("甲")
	now := save("乙")
	if first.Version >= older.Version || older.Version >= now.Version {
		t.Errorf("versions %d, %d, %d", first.Version, older.Version, now.Version)
	}
	refused := func(name string, d journal.Draft) {
		t.Helper()
		r.start()
		r.store.edit = func(m *journal.Record) { m.Drafts[0] = d }
		_, err := r.Enter(r.ID, script.Third, r.Codes[script.Third])
		if review.CodeOf(err) != review.CodeDraftMissing {
			t.Errorf("%s: %v", name, err)
		}
		r.store.mend()
	}
	refused("of an earlier generation", first)
	refused("an older version", older)

	// An entry that needs nobody's key does not hide it.
	state, tree, _ := r.record(t)
	size := state.Size
	e, err := journal.Note(tree, review.Event{
		Version: review.EventVersion, Meeting: r.ID, Index: size, At: state.At, Actor: review.Program,
		Body: review.CodeTried{Seat: script.Third},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := journal.Admit(state, tree, e); err != nil {
		t.Fatal(err)
	}
	b := journal.Batch{Entries: []journal.Entry{e}, Checkpoint: tree.Checkpoint()}
	if err := r.store.Store.Commit(r.ID, size, b); err != nil {
		t.Fatal(err)
	}
	refused("an older version, and a note", older)
	refused("of an earlier generation, and a note", first)
	r.start()
	r.enter(t, script.Third, script.Secretary)
	if text, err := r.Sessions[script.Third].Draft(key); err != nil || text != "乙" {
		t.Errorf("draft %q, %v", text, err)
	}
}

// TestVerifyCertificates holds that a certificate that is not its seat's is found, and
// that an authority that is none is followed by a new one.
func TestVerifyCertificates(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	ca, err := seal.NewAuthority("会", at)
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.NewAuthority("会", at)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		by        *seal.Authority
		name      string
		stranger  bool
		authority []byte
		der       []byte
		want      review.Code
	}{
		"as it is to be":       {by: ca, want: ""},
		"of another authority": {by: other, want: review.CodeChain},
		"of another's keys":    {by: ca, stranger: true, want: review.CodeCertForm},
		"of another name":      {by: ca, name: "另一人", want: review.CodeCertForm},
		"no certificate":       {by: ca, der: []byte("certificate"), want: review.CodeCertForm},
		"no authority":         {by: ca, authority: []byte("authority"), want: review.CodeCertForm},
	} {
		t.Run(name, func(t *testing.T) {
			in := valid()
			in.Alone = false
			r := newRoom(t)
			x, err := r.Create(in)
			if err != nil {
				t.Fatal(err)
			}
			r.ID, r.Sessions[review.FirstSeat] = x.Meeting(), x
			r.Codes[review.FirstSeat] = in.Passphrase
			who := r.identity(t, review.FirstSeat)
			keys, called := who.Public(), x.Seat().Name
			if c.stranger {
				keys = stranger.Public()
			}
			if c.name != "" {
				called = c.name
			}
			key, err := seal.SigningKey(keys)
			if err != nil {
				t.Fatal(err)
			}
			der, err := c.by.Issue(key, seal.Subject{Name: called, Role: "秘书", Meeting: "会"}, at)
			if err != nil {
				t.Fatal(err)
			}
			if c.der != nil {
				der = c.der
			}
			authority := ca.Certificate()
			if c.authority != nil {
				authority = c.authority
			}
			sealed, err := seal.SealTo(ca.Key(), who.Public().Seal)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.forge(t, review.FirstSeat, who, review.PanelConfirmed{
				Authority: authority, AuthorityKey: review.DigestOf(sealed),
				Certificates: []review.SeatCertificate{{Seat: review.FirstSeat, DER: der}},
			}, sealed); err != nil {
				t.Fatal(err)
			}
			found := r.Verify(r.ID, nil).Findings
			if c.want == "" {
				if len(found) != 0 {
					t.Errorf("findings %v", found)
				}
				return
			}
			if !slices.Equal(found, []review.Finding{{Code: c.want, Entry: string(review.FirstSeat)}}) {
				t.Errorf("findings %v, want %s", found, c.want)
			}
			if c.authority == nil {
				return
			}
			r.start()
			r.enter(t, review.FirstSeat)
			if err := r.Sessions[review.FirstSeat].Certify(nil); err != nil {
				t.Fatal(err)
			}
			if s := r.Sessions[review.FirstSeat].State(); len(s.FormerAuthorities) != 1 {
				t.Error("there is no new authority")
			}
		})
	}
}

// TestClaimLate holds that a claim of which the disk says that it failed, and which it has
// all the same, is a claim: the person has his session and his code.
func TestClaimLate(t *testing.T) {
	r := seated(t)
	g, err := r.Seating(r.ID, script.Chair)
	if err != nil {
		t.Fatal(err)
	}
	code := g.Code()
	r.store.lost = true
	x, err := g.Claim(code, code)
	if err != nil {
		t.Fatal(err)
	}
	r.store.lost = false
	if g.Unsure() {
		t.Error("it is not sure of it")
	}
	if err := x.Promise("承诺书"); err != nil {
		t.Error(err)
	}
	r.Codes[script.Chair] = code
	r.start()
	r.enter(t, script.Chair, script.Secretary)
	r.clean(t)

	// What is full has nothing of it; of what cannot be read, nobody knows.
	for _, c := range []struct {
		harm   func()
		unsure bool
	}{
		{func() { r.store.full = true }, false},
		{func() { r.store.lost, r.store.edit = true, damage }, true},
	} {
		if g, err = r.Seating(r.ID, script.Second); err != nil {
			t.Fatal(err)
		}
		c.harm()
		if _, err = g.Claim(g.Code(), ""); err == nil || g.Unsure() != c.unsure {
			t.Errorf("%v, unsure %v", err, g.Unsure())
		}
		r.store.full, r.store.lost = false, false
		r.store.mend()
	}
}

// TestMarkUnwritten holds that everybody is told when the user's mark cannot be written.
func TestMarkUnwritten(t *testing.T) {
	r := prepared(t)
	x := r.Sessions[script.Secretary]
	r.marks.Err = review.E(review.CodeDirReadOnly, "test", "mark", nil)
	if err := x.Record("一"); err != nil {
		t.Fatal(err)
	}
	if n := x.Board().Notices; !slices.Equal(n, []review.Finding{{Code: review.CodeDirReadOnly, Entry: "mark"}}) {
		t.Errorf("notices %v", n)
	}
	r.marks.Err = nil
	if err := x.Record("二"); err != nil {
		t.Fatal(err)
	}
	if n := x.Board().Notices; len(n) != 0 {
		t.Errorf("notices %v", n)
	}
}

// TestPaperAsked holds that a paper is given by what is on record, to whom the gate lets
// have it, and nothing else by its digest.
func TestPaperAsked(t *testing.T) {
	r := prepared(t)
	x := r.Sessions[script.Secretary]
	if err := x.Record("一"); err != nil {
		t.Fatal(err)
	}
	p, _, err := x.IssueMinutes()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := x.Paper(p)
	if err != nil {
		t.Fatal(err)
	}
	keys, _ := r.state().Seat(script.Third)
	p.Signed = keys.KeyFile
	if again, err := x.Paper(p); err != nil || string(again) != string(signed) {
		t.Errorf("%q, %v", again, err)
	}
	p.Number = 2
	_, err = x.Paper(p)
	reviewtest.WantCode(t, err, review.CodeFileMissing)
	p.Number = 1
	for _, seat := range everyone {
		_, err := r.Sessions[seat].Export(p)
		if shown := r.state().Look(seat, review.ThingMinutes, "").Allowed; shown != (err == nil) || err != nil && review.CodeOf(err) != review.CodeHidden {
			t.Errorf("%s: %v", seat, err)
		}
	}
}

// TestQuickRace holds that digits chosen while the seat gets new keys bring nobody back.
func TestQuickRace(t *testing.T) {
	r := prepared(t)
	g, err := r.Sessions[script.Secretary].NewCode(nil, script.Member, "忘记口令", "")
	if err != nil {
		t.Fatal(err)
	}
	member := r.Sessions[script.Member]
	r.clock.asked = func() { r.claim(t, g) }
	reviewtest.WantCode(t, member.SetQuick("1234"), review.CodeSessionClosed)
	if r.HasQuick(r.ID, script.Member) {
		t.Error("the old keys have digits")
	}
}

// TestReasonGlyphs holds that a reason that cannot be printed is refused, whatever it is
// a reason for, and that nothing is on record.
func TestReasonGlyphs(t *testing.T) {
	const bad = "有𡋤字"
	r := prepared(t)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	second := r.Sessions[script.Second]
	refused := func(acts map[string]func() error) {
		t.Helper()
		for name, do := range acts {
			before := r.state()
			if err := do(); review.CodeOf(err) != review.CodeTextGlyph {
				t.Errorf("%s: %v", name, err)
			}
			if r.state() != before {
				t.Errorf("%s is on record", name)
			}
		}
	}
	refused(map[string]func() error{
		"chair":   func() error { return x.NameChair(r.Sessions[script.Third], "", script.Second, bad) },
		"attend":  func() error { return x.Attend(script.Third, review.PresenceLeft, bad) },
		"suspend": func() error { return x.Suspend(chair, script.First, bad) },
		"declare": func() error {
			return second.Declare(script.First, review.DeclarationBody{Conflict: true, Reason: bad})
		},
		"recuse":  func() error { return x.Recuse(chair, script.First, script.Third, true, bad) },
		"replace": func() error { return x.Replace(chair, script.Third, script.Fourth, bad) },
		"waive":   func() error { return x.WaiveQuorum(chair, script.First, bad) },
		"newcode": func() error { _, err := x.NewCode(nil, script.Member, bad, ""); return err },
	})
	r.begin(t, script.First)
	r.submit(t, script.First, voters...)
	refused(map[string]func() error{
		"return": func() error { return x.Return(script.First, script.Third, bad) },
		"void":   func() error { return x.VoidBallot(chair, script.First, script.Third, bad) },
	})
	r.close(t, script.First)
	refused(map[string]func() error{"reopen": func() error { return x.Reopen(chair, script.First, bad) }})
	r.hold(t, script.Open(script.First))
	r.hold(t, script.Conclude(script.First)[:6]...)
	if r.state().Project(script.First).Conclusion != nil {
		refused(map[string]func() error{"withdraw": func() error { return x.Withdraw(chair, script.First, bad) }})
	} else {
		t.Error("there is no conclusion to withdraw")
	}
}
