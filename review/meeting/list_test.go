package meeting_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest/script"
)

// listed gives the list, and how many databases were read for it.
func (r *room) listed(t *testing.T) ([]meeting.Summary, int64) {
	t.Helper()
	before := r.store.loads.Load()
	list, err := r.List()
	if err != nil {
		t.Fatal(err)
	}
	return list, r.store.loads.Load() - before
}

// TestList holds that the list of meetings reads no database of which there is a card,
// and says the same with it and without.
func TestList(t *testing.T) {
	r := prepared(t)
	r.score(t, script.First)
	r.Close()
	want, n := r.listed(t)
	if n != 0 || len(want) != 1 || want[0].ID != r.ID || want[0].Phase != review.PhaseRunning || want[0].Err != nil ||
		len(want[0].Projects) != 2 || want[0].Projects[0].Stage != review.StageOpening {
		t.Errorf("in use: %+v after reading %d", want, n)
	}
	r.start()
	if list, n := r.listed(t); n != 0 || !reflect.DeepEqual(plain(list), plain(want)) {
		t.Errorf("by the card: %+v after reading %d", list, n)
	}
	// A draft makes the card old, behind the back of who makes cards.
	r.enter(t, script.Third)
	if err := r.Sessions[script.Third].SaveDraft(review.OpinionDraft(script.First), "一"); err != nil {
		t.Fatal(err)
	}
	r.Close()
	if err := r.Sessions[script.Third].SaveDraft(review.OpinionDraft(script.First), "二"); err != nil {
		t.Fatal(err)
	}
	if r.store.Card(r.ID) != nil {
		t.Fatal("the card is not old")
	}
	r.start()
	for i, reads := range []int64{1, 0, 0} {
		if list, n := r.listed(t); n != reads || !reflect.DeepEqual(plain(list), plain(want)) {
			t.Errorf("list %d: %+v after reading %d", i, list, n)
		}
	}
}

// plain gives a list without what two readings of one time may differ in.
func plain(list []meeting.Summary) []string {
	var out []string
	for _, m := range list {
		out = append(out, fmt.Sprint(m.ID, m.Title, m.Created.Unix(), m.Phase, m.Projects, m.Err))
	}
	return out
}

// TestListOrder holds that the newest meeting stands first, and one that cannot be read
// last, with the reason.
func TestListOrder(t *testing.T) {
	r := newRoom(t)
	for i := range 3 {
		in := valid()
		in.Title, in.Alone = fmt.Sprint("会议", i), false
		if _, err := r.Create(in); err != nil {
			t.Fatal(err)
		}
		r.clock.move(1e9)
	}
	r.start()
	list, n := r.listed(t)
	if n != 0 || len(list) != 3 || list[0].Title != "会议2" || list[2].Title != "会议0" {
		t.Errorf("list %+v after reading %d", list, n)
	}
	bad := list[0].ID
	r.store.SetCard(bad, []byte("x"))
	r.store.edit = func(m *journal.Record) { damage(m) }
	list, _ = r.listed(t)
	if last := list[2]; last.ID != bad || review.CodeOf(last.Err) != review.CodeJournalEntry || last.Title != "" {
		t.Errorf("list %+v", list)
	}
}

// TestHostileCard holds that a card is believed only if it could be one, and that the
// database is read instead.
func TestHostileCard(t *testing.T) {
	r := prepared(t)
	r.Close()
	want, _ := r.listed(t)
	good := string(r.store.Card(r.ID))
	var card map[string]any
	if err := json.Unmarshal([]byte(good), &card); err != nil {
		t.Fatal(err)
	}
	edit := func(old, new string) string {
		s := strings.Replace(good, old, new, 1)
		if s == good {
			t.Fatalf("%q is not in %s", old, good)
		}
		return s
	}
	for name, text := range map[string]string{
		"not JSON":              "{",
		"nothing":               "null",
		"an empty one":          "{}",
		"a list":                "[]",
		"of another version":    edit(`"v":1`, `"v":2`),
		"without a title":       edit(card["title"].(string), ""),
		"a title that steers":   edit(card["title"].(string), `会\u202e议`),
		"a title that is long":  edit(card["title"].(string), strings.Repeat("会", review.MaxTitle+1)),
		"no phase":              edit(`"running"`, `"rolling"`),
		"no stage":              edit(`"waiting"`, `"over"`),
		"no time":               edit(`"created":"2026`, `"created":"x`),
		"a project that steers": edit("网上办事大厅项目", `网上\u0007`),
		"an id for a path":      edit(`"p02"`, `"../p02"`),
		"projects out of order": edit(`"p01"`, `"p03"`),
		"deep":                  strings.Repeat("[", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			r.store.SetCard(r.ID, []byte(text))
			r.start()
			list, n := r.listed(t)
			if n != 1 || !reflect.DeepEqual(plain(list), plain(want)) {
				t.Errorf("list %+v after reading %d", list, n)
			}
		})
	}
}
