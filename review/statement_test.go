package review_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// statements gives one statement of every kind.
func statements(tb testing.TB) []review.Statement {
	tb.Helper()
	m := panel(tb, 3, review.StageScoring)
	keys := review.PublicKeys{Sign: []byte{1, 2}, Seal: "age1"}
	var out []review.Statement
	for _, x := range []struct {
		kind    review.StatementKind
		project review.ProjectID
		body    any
	}{
		{review.StatementClaim, "", review.ClaimBody{Name: "龚䶮", Keys: keys, Former: []string{"age0"}}},
		{review.StatementPromise, "", review.PromiseBody{Text: review.DigestOf(nil)}},
		{review.StatementDeclaration, p01, review.DeclarationBody{Conflict: true, Reason: "任职"}},
		{review.StatementScore, p01, reviewtest.RoomSheet()},
		{review.StatementBallot, p01, review.BallotBody{Cipher: "a", Content: "b", Chair: "c", Secretary: "d"}},
		{review.StatementVote, p01, review.VoteBody{Conclusion: review.DigestOf(nil), Choice: review.ChoiceReserve, Text: "投资偏高。", Paper: "p"}},
		{review.StatementSignature, p01, review.SignatureBody{Subject: review.DigestOf(nil)}},
		{review.StatementPapers, p01, review.PapersBody{Set: 1, Subject: review.DigestOf(nil), Papers: []review.SignedPaper{{Before: "a", After: "b"}}}},
		{review.StatementConsent, "", review.ConsentTo(review.FilingBegun{})},
	} {
		out = append(out, m.Statement(expert, x.kind, x.project, x.body))
	}
	return out
}

func write(tb testing.TB, st review.Statement) []byte {
	tb.Helper()
	b, err := st.Encode()
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// TestStatementRoundTrip holds for every kind that what was written is read back, and
// that no two writings say the same.
func TestStatementRoundTrip(t *testing.T) {
	all := statements(t)
	if got, want := len(all), len(constants(t, "StatementKind")); got != want {
		t.Errorf("%d of %d kinds", got, want)
	}
	for _, st := range all {
		b := write(t, st)
		got, err := review.DecodeStatement(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if again := write(t, got); !bytes.Equal(again, b) {
			t.Errorf("%s became %s", b, again)
		}
		at := got.At
		got.At = st.At
		if !at.Equal(st.At) || !reflect.DeepEqual(got, st) {
			t.Errorf("%+v became %+v", st, got)
		}
		changes(t, b, review.DecodeStatement)
	}
}

// TestStatementForm holds that no other bytes pass for a statement.
func TestStatementForm(t *testing.T) {
	s := string(write(t, statements(t)[2]))
	for name, bad := range map[string]string{
		"empty":          "",
		"white space":    s + " ",
		"cut":            s[:len(s)-1],
		"unknown field":  strings.Replace(s, `"seat"`, `"x":1,"seat"`, 1),
		"double field":   strings.Replace(s, `"seat":"s03"`, `"seat":"s04","seat":"s03"`, 1),
		"missing field":  strings.Replace(s, `"seat":"s03",`, ``, 1),
		"letter case":    strings.Replace(s, `"seat"`, `"Seat"`, 1),
		"body field":     strings.Replace(s, `"conflict"`, `"x":1,"conflict"`, 1),
		"another's body": strings.Replace(s, `"kind":"declaration"`, `"kind":"vote"`, 1),
		"no time":        strings.Replace(s, `2026-11-21T`, ``, 1),
		"version 0":      strings.Replace(s, `"v":1`, `"v":0`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			if bad == s {
				t.Fatal("the case changes nothing")
			}
			_, err := review.DecodeStatement([]byte(bad))
			reviewtest.WantCode(t, err, review.CodeStatementForm)
		})
	}
	_, err := review.DecodeStatement([]byte(strings.Replace(s, `"v":1`, `"v":3`, 1)))
	reviewtest.WantCode(t, err, review.CodeStatementNewer)
	wantItem(t, err, "3")
	_, err = review.DecodeStatement([]byte(strings.Replace(s, `"kind":"declaration"`, `"kind":"song"`, 1)))
	reviewtest.WantCode(t, err, review.CodeStatementNewer)
	wantItem(t, err, "song")
}

// TestCarry holds that what an event carries is carried by the right one, and that a
// score and a consent, which stand inside others, are carried by none.
func TestCarry(t *testing.T) {
	m := newRoom(t)
	carriers := 0
	for _, st := range statements(t) {
		g := m.Sign(st)
		body, err := review.Carry(g)
		if st.Kind == review.StatementScore || st.Kind == review.StatementConsent {
			reviewtest.WantCode(t, err, review.CodeStatementForm)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		carriers++
		if got := *carries(t, body); got.Kind != st.Kind || review.ProjectOf(body) != st.Project {
			t.Errorf("%s is carried by %s as %s", st.Kind, body.Kind(), got.Kind)
		}
	}
	if carriers != 7 {
		t.Errorf("%d carriers", carriers)
	}
	_, err := review.Carry(review.Signed{Statement: []byte("x")})
	reviewtest.WantCode(t, err, review.CodeStatementForm)
	_, err = review.Carry(review.Signed{Statement: []byte(`{"v":2}`)})
	reviewtest.WantCode(t, err, review.CodeStatementNewer)
}

// TestProjectOf holds that every event that names a project is found to be about it.
func TestProjectOf(t *testing.T) {
	for _, e := range events(t) {
		named := strings.Contains(string(encode(t, e)), `"p01"`)
		if st := carries(t, e.Body); st != nil {
			named = st.Project == p01
		}
		if got := review.ProjectOf(e.Body); (got == p01) != named || got != p01 && got != "" {
			t.Errorf("%s is about %q", e.Body.Kind(), got)
		}
	}
	if got := review.ProjectOf(review.VoteCast{Vote: review.Signed{Statement: []byte("x")}}); got != "" {
		t.Errorf("nothing is about %q", got)
	}
}

// FuzzDecodeStatement holds that whatever is accepted has exactly one form.
func FuzzDecodeStatement(f *testing.F) {
	for _, s := range []string{
		`{"v":1,"kind":"promise","meeting":"abcdefghijklmnopqrstuvwxyz","package":"","scheme":"","project":"","round":"","seat":"s03","revision":1,"prev":"","at":"2026-11-21T09:00:00+08:00","body":{"text":"x"}}`,
		`{"v":1,"kind":"vote","meeting":"abcdefghijklmnopqrstuvwxyz","package":"a","scheme":"b","project":"p01","round":"","seat":"s03","revision":2,"prev":"c","at":"2026-11-21T09:00:00Z","body":{"conclusion":"d","choice":"agree","text":""}}`,
	} {
		if _, err := review.DecodeStatement([]byte(s)); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		st, err := review.DecodeStatement(b)
		if err != nil {
			return
		}
		if again := write(t, st); !bytes.Equal(again, b) {
			t.Errorf("%q decodes and encodes to %q", b, again)
		}
	})
}
