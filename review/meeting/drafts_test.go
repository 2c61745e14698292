package meeting_test

import (
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
	"heyi/review/seal"
)

// kindsSince lists the kinds of the entries that were written since.
func (r *room) kindsSince(tb testing.TB, size int64) []review.Kind {
	tb.Helper()
	_, _, rec := r.record(tb)
	var out []review.Kind
	for _, entry := range rec.Entries[size:] {
		e, err := review.DecodeEvent(entry.Event)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, e.Body.Kind())
	}
	return out
}

// TestDraft holds that a draft is there until it is dropped or used, over any number of
// runs; that the journal says when there is one; and that it is its owner's alone.
func TestDraft(t *testing.T) {
	r := prepared(t)
	r.begin(t, script.First)
	for _, key := range []string{
		review.MinutesDraft, review.OpinionDraft(script.First), review.VoteDraft(script.First), review.ScoreDraft(script.First, 1),
		review.ScoreDraft(script.Other, 1), // its round has not begun
		review.ScoreDraft("p09", 3),        // there is no such project
	} {
		t.Run(key, func(t *testing.T) {
			size := r.state().Size
			var want []review.Kind
			saved := func(text string, kinds ...review.Kind) {
				t.Helper()
				if err := r.Sessions[script.Third].SaveDraft(key, text); err != nil {
					t.Fatal(err)
				}
				want = append(want, kinds...)
				if got := r.kindsSince(t, size); !slices.Equal(got, want) {
					t.Errorf("entries %s, want %s", got, want)
				}
			}
			there := func(text string) {
				t.Helper()
				if got, err := r.Sessions[script.Third].Draft(key); err != nil || got != text {
					t.Errorf("the draft is %q, %v, want %q", got, err, text)
				}
				if got, err := r.Sessions[script.Second].Draft(key); err != nil || got != "" {
					t.Errorf("another reads %q, %v", got, err)
				}
			}
			there("")
			saved("")
			version := int64(0)
			for range 2 {
				saved("一", review.KindDraftBegun)
				saved("一\n二")
				saved("age-encryption.org/v1\n-> X25519 ")
				there("age-encryption.org/v1\n-> X25519 ")
				_, _, rec := r.record(t)
				i := slices.IndexFunc(rec.Drafts, func(d journal.Draft) bool { return d.Key == key })
				if d := rec.Drafts[i]; d.Version < version+3 || d.Owner != script.Third {
					t.Errorf("version %d of %s after %d", d.Version, d.Owner, version)
				}
				version = rec.Drafts[i].Version
				r.clean(t)
				saved("", review.KindDraftDropped)
				there("")
				saved("")
			}
			saved("一", review.KindDraftBegun)
			r.restart(t)
			size, want = r.state().Size, nil
			there("一")
			saved("三")
			there("三")
			saved("", review.KindDraftDropped)
			r.clean(t)
		})
	}
}

// TestDraftRefused holds what is no draft.
func TestDraftRefused(t *testing.T) {
	r := prepared(t)
	x := r.Sessions[script.Third]
	for key, want := range map[string]review.Code{
		"":                               review.CodeEventIllegal,
		"minutes2":                       review.CodeEventIllegal,
		"score/p01":                      review.CodeEventIllegal,
		"score/p01/0":                    review.CodeEventIllegal,
		"score/p01/1\ndraft minutes s01": review.CodeEventIllegal,
		"opinion/s01":                    review.CodeEventIllegal,
	} {
		reviewtest.WantCode(t, x.SaveDraft(key, "一"), want)
		if err := x.SaveDraft(key, ""); err != nil {
			t.Errorf("what is not there is dropped: %v", err)
		}
	}
	long := strings.Repeat("字", review.MaxText)
	if err := x.SaveDraft(review.MinutesDraft, long); err != nil {
		t.Error(err)
	}
	reviewtest.WantCode(t, x.SaveDraft(review.MinutesDraft, long+"字"), review.CodeTextLong)
	if text, err := x.Draft(review.MinutesDraft); err != nil || text != long {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	limit := 256 << 10
	if err := x.SaveDraft(review.OpinionDraft(script.First), strings.Repeat("x", limit)); err != nil {
		t.Error(err)
	}
	reviewtest.WantCode(t, x.SaveDraft(review.OpinionDraft(script.First), strings.Repeat("x", limit+1)), review.CodeTextLong)

	// While nobody presides, a ballot's draft is kept for its owner alone.
	r.begin(t, script.First)
	if err := r.Sessions[script.Chair].Declare(script.First, review.DeclarationBody{Conflict: true, Reason: "曾任顾问"}); err != nil {
		t.Fatal(err)
	}
	if err := x.SaveDraft(review.ScoreDraft(script.First, 1), "一"); err != nil {
		t.Error(err)
	}
	if text, err := x.Draft(review.ScoreDraft(script.First, 1)); err != nil || text != "一" {
		t.Errorf("the draft is %q, %v", text, err)
	}
	r.clean(t)
}

// TestDraftUsed holds that a draft goes in the transaction of the act that it was for,
// and stays if that fails.
func TestDraftUsed(t *testing.T) {
	r := prepared(t)
	r.begin(t, script.First)
	x, third := r.Sessions[script.Secretary], r.Sessions[script.Third]
	key := review.ScoreDraft(script.First, 1)
	if err := third.SaveDraft(key, "没写完"); err != nil {
		t.Fatal(err)
	}
	kept := func() {
		t.Helper()
		if text, err := third.Draft(key); err != nil || text != "没写完" {
			t.Errorf("draft %q, %v", text, err)
		}
	}
	_, err := third.Submit(script.First, review.Sheet{}, review.Look{})
	reviewtest.WantCode(t, err, review.CodeSheetItem)
	kept()
	bad := sheetOf(script.First, script.Third)
	bad.Opinion[0] = "有𡋤字"
	_, err = third.Submit(script.First, bad, review.Look{})
	reviewtest.WantCode(t, err, review.CodeTextGlyph)
	kept()
	r.store.full = true
	_, err = third.Submit(script.First, sheetOf(script.First, script.Third), review.Look{})
	reviewtest.WantCode(t, err, review.CodeDirFull)
	r.store.full = false
	kept()
	r.submit(t, script.First, voters...)
	if _, _, rec := r.record(t); len(rec.Drafts) != 0 || len(third.Seat().Drafts) != 0 {
		t.Errorf("drafts %v", rec.Drafts)
	}
	r.close(t, script.First)
	r.hold(t, script.Open(script.First))
	if err := x.SaveDraft(review.OpinionDraft(script.First), "专家组认为"); err != nil {
		t.Fatal(err)
	}
	if err := third.SaveDraft(review.VoteDraft(script.First), "不同意"); err != nil {
		t.Fatal(err)
	}
	// What another records is another's draft.
	if err := r.Sessions[script.Chair].SaveDraft(review.OpinionDraft(script.First), "组长的草稿"); err != nil {
		t.Fatal(err)
	}
	r.hold(t, script.Conclude(script.First)[3:7]...)
	_, _, rec := r.record(t)
	if len(rec.Drafts) != 1 || rec.Drafts[0].Owner != script.Chair {
		t.Errorf("drafts %v", rec.Drafts)
	}
	r.clean(t)
}

// TestDraftRows holds that whatever is done to the rows of drafts is found at the next
// start: by the journal, by their owners' signatures, or by the user's mark.
func TestDraftRows(t *testing.T) {
	r := prepared(t)
	x, second := r.Sessions[script.Third], r.Sessions[script.Second]
	key, other := review.OpinionDraft(script.First), review.OpinionDraft(script.Other)
	for _, text := range []string{"一", "二"} {
		if err := x.SaveDraft(key, text); err != nil {
			t.Fatal(err)
		}
	}
	_, _, old := r.record(t)
	if err := x.SaveDraft(key, "三"); err != nil {
		t.Fatal(err)
	}
	if err := second.SaveDraft(key, "另一人的"); err != nil {
		t.Fatal(err)
	}
	mine, theirs := 1, 0 // as they stand in the rows
	_, _, rec := r.record(t)
	if len(rec.Drafts) != 2 || rec.Drafts[mine].Owner != script.Third {
		t.Fatalf("drafts %v", rec.Drafts)
	}
	for name, c := range map[string]struct {
		harm func(*journal.Record)
		want review.Code
	}{
		"deleted":          {func(m *journal.Record) { m.Drafts = m.Drafts[:1] }, review.CodeDraftMissing},
		"all deleted":      {func(m *journal.Record) { m.Drafts = nil }, review.CodeDraftMissing},
		"another's text":   {func(m *journal.Record) { m.Drafts[mine].Cipher = m.Drafts[theirs].Cipher }, review.CodeDraftAltered},
		"another's row":    {func(m *journal.Record) { m.Drafts[mine] = m.Drafts[theirs]; m.Drafts[mine].Owner = script.Third }, review.CodeDraftAltered},
		"another key":      {func(m *journal.Record) { m.Drafts[mine].Key = other }, review.CodeDraftAltered},
		"another version":  {func(m *journal.Record) { m.Drafts[mine].Version = 4 }, review.CodeDraftAltered},
		"no such seat":     {func(m *journal.Record) { m.Drafts[mine].Owner = "s99" }, review.CodeDraftAltered},
		"no signature":     {func(m *journal.Record) { m.Drafts[mine].Signature = nil }, review.CodeDraftAltered},
		"edited":           {func(m *journal.Record) { m.Drafts[mine].Cipher[40] ^= 1 }, review.CodeDraftAltered},
		"an older version": {func(m *journal.Record) { m.Drafts[mine] = old.Drafts[0] }, review.CodeDraftMissing},
	} {
		t.Run(name, func(t *testing.T) {
			r.start()
			r.store.edit = c.harm
			_, err := r.Enter(r.ID, script.Third, r.Codes[script.Third])
			reviewtest.WantCode(t, err, c.want)
			reviewtest.WantCode(t, failure(r.Verify(r.ID, nil).Findings), c.want)
			_, err = r.Board(r.ID)
			reviewtest.WantCode(t, err, c.want)
			r.store.mend()
		})
	}
	// A draft that was signed by its owner, but never begun.
	who := r.identity(t, script.Third)
	cipher, err := seal.SealTo([]byte("四"), who.Public().Seal)
	if err != nil {
		t.Fatal(err)
	}
	never := journal.Draft{Key: other, Owner: script.Third, Version: 1, Cipher: cipher}
	if never.Signature, err = who.Sign(journal.DraftDomain, never.Message(r.ID)); err != nil {
		t.Fatal(err)
	}
	r.store.edit = func(m *journal.Record) { m.Drafts = append(m.Drafts, never) }
	_, err = r.Enter(r.ID, script.Third, r.Codes[script.Third])
	reviewtest.WantCode(t, err, review.CodeDraftAltered)
	r.store.mend()
	r.enter(t, script.Third)
	if text, err := r.Sessions[script.Third].Draft(key); err != nil || text != "三" {
		t.Errorf("draft %q, %v", text, err)
	}
}

// TestDraftOfTheFirstForm holds that a record whose drafts were never begun, as the first
// version wrote it, opens: the draft can be read, saved, used and dropped.
func TestDraftOfTheFirstForm(t *testing.T) {
	old := func(t *testing.T) *room {
		r := newRoom(t)
		r.created(t)
		who := r.identity(t, review.FirstSeat)
		cipher, err := seal.SealTo([]byte("旧草稿"), who.Public().Seal)
		if err != nil {
			t.Fatal(err)
		}
		d := journal.Draft{Key: review.MinutesDraft, Owner: review.FirstSeat, Version: 7, Cipher: cipher}
		if d.Signature, err = who.Sign(journal.DraftDomain, d.Message(r.ID)); err != nil {
			t.Fatal(err)
		}
		_, tree, _ := r.record(t)
		c := tree.Checkpoint()
		if err := r.store.Store.Commit(r.ID, c.Size, journal.Batch{SaveDrafts: []journal.Draft{d}, Checkpoint: c}); err != nil {
			t.Fatal(err)
		}
		r.start()
		r.clean(t)
		r.enter(t, review.FirstSeat)
		if text, err := r.Sessions[review.FirstSeat].Draft(review.MinutesDraft); err != nil || text != "旧草稿" {
			t.Fatalf("draft %q, %v", text, err)
		}
		return r
	}
	first := old(t)
	for name, c := range map[string]struct {
		do    func(*room) error
		kinds []review.Kind
		left  string
	}{
		"used":    {func(r *room) error { return r.Sessions[review.FirstSeat].Record("一") }, []review.Kind{review.KindMinutesRecorded}, ""},
		"dropped": {func(r *room) error { return r.Sessions[review.FirstSeat].SaveDraft(review.MinutesDraft, "") }, nil, ""},
		"saved":   {func(r *room) error { return r.Sessions[review.FirstSeat].SaveDraft(review.MinutesDraft, "新") }, []review.Kind{review.KindDraftBegun}, "新"},
	} {
		t.Run(name, func(t *testing.T) {
			r := first.twin(t)
			size := r.Sessions[review.FirstSeat].State().Size
			if err := c.do(r); err != nil {
				t.Fatal(err)
			}
			if got := r.kindsSince(t, size); !slices.Equal(got, c.kinds) {
				t.Errorf("entries %s", got)
			}
			r.restart(t)
			if text, err := r.Sessions[review.FirstSeat].Draft(review.MinutesDraft); err != nil || text != c.left {
				t.Errorf("draft %q, %v", text, err)
			}
			r.clean(t)
		})
	}
	r := first.twin(t)
	for name, harm := range map[string]func(*journal.Draft){
		"edited":      func(d *journal.Draft) { d.Cipher[30] ^= 1 },
		"of a ballot": func(d *journal.Draft) { d.Key = review.ScoreDraft("p01", 1) },
	} {
		r.start()
		r.store.edit = func(m *journal.Record) { harm(&m.Drafts[0]) }
		if _, err := r.Enter(r.ID, review.FirstSeat, passphrase); review.CodeOf(err) != review.CodeDraftAltered {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMinutesText holds that text comes back as it was, whatever it looks like.
func TestMinutesText(t *testing.T) {
	r := newRoom(t)
	x := r.created(t)
	for _, text := range []string{
		"age-encryption.org/v1", "age-encryption.org/v1\n-> scrypt x 30\n", "\n", " ", "\x00", "\xff\xfe", "{{.}}", "龚䶮𫖮", "minutes",
	} {
		if err := x.SaveDraft(review.MinutesDraft, text); err != nil {
			t.Fatal(err)
		}
		if got, err := x.Draft(review.MinutesDraft); err != nil || got != text {
			t.Errorf("%q came back as %q, %v", text, got, err)
		}
	}
}
