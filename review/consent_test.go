package review_test

import (
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// second gives the seat whose consent an act of two carries, "" if it carries none.
func second(t *testing.T, b review.Body) review.SeatID {
	t.Helper()
	c, ok := b.(review.Consented)
	if !ok || c.Second() == nil {
		return ""
	}
	st, err := review.DecodeStatement(c.Second().Statement)
	if err != nil {
		t.Fatal(err)
	}
	return st.Seat
}

// TestConsent holds for every act of two that nothing but the right person's consent
// to this very act will do.
func TestConsent(t *testing.T) {
	found := 0
	for k, ready := range due {
		_, body := ready(newRoom(t))
		from := second(t, body)
		if from == "" {
			continue
		}
		found++
		t.Run(string(k), func(t *testing.T) {
			m := newRoom(t)
			by, body := ready(m)
			bare := body.(review.Consented).With(nil)
			other := review.Consented(review.FilingBegun{})
			if k == review.KindFilingBegun {
				other = review.QuorumWaived{Project: p01, Reason: "继续"}
			}
			changed := func(f func(*review.Statement)) review.Body {
				st := m.Statement(from, review.StatementConsent, "", review.ConsentTo(bare))
				f(&st)
				g := m.Sign(st)
				return bare.With(&g)
			}
			third := m.Add(review.RoleObserver)
			for name, c := range map[string]struct {
				body review.Body
				code review.Code
				item string
			}{
				"missing":              {bare, review.CodeActConsent, string(from)},
				"of the actor":         {m.With(by, bare), review.CodeActConsent, string(from)},
				"of a third person":    {m.With(third, bare), review.CodeActConsent, string(from)},
				"of nobody":            {m.With("s99", bare), review.CodeActConsent, string(from)},
				"to another act":       {bare.With(m.With(from, other).Second()), review.CodeActConsent, string(from)},
				"to another body":      {changed(func(st *review.Statement) { c := review.ConsentTo(bare); c.Body = review.DigestOf(nil); st.Body = c }), review.CodeActConsent, string(from)},
				"to another kind":      {changed(func(st *review.Statement) { c := review.ConsentTo(bare); c.Kind = "x"; st.Body = c }), review.CodeActConsent, string(from)},
				"in another meeting":   {changed(func(st *review.Statement) { st.Meeting = "zbcdefghijklmnopqrstuvwxyz" }), review.CodeActConsent, string(from)},
				"not a consent":        {changed(func(st *review.Statement) { st.Kind, st.Body = review.StatementPromise, review.PromiseBody{} }), review.CodeActConsent, string(from)},
				"of a later version":   {changed(func(st *review.Statement) { st.Version++ }), review.CodeStatementNewer, "2"},
				"not even a statement": {bare.With(&review.Signed{Statement: []byte("x")}), review.CodeStatementForm, ""},
			} {
				err := m.Try(by, c.body)
				if review.CodeOf(err) != c.code || review.ItemOf(err) != c.item {
					t.Errorf("%s: %v, want %q (%s)", name, err, c.code, c.item)
				}
			}
			m.Do(by, body)
		})
	}
	if want := 20; found != want {
		t.Errorf("%d acts of two, want %d", found, want)
	}
	// What one person does alone carries nobody's consent.
	m := newRoom(t)
	m.Join(review.RoleExpert)
	err := m.Try(secretary, m.With(chair, m.Confirmation()))
	reviewtest.WantCode(t, err, review.CodeActConsent)
	wantItem(t, err, "")
	err = m.Try(secretary, m.With(chair, review.MeetingRestored{Evidence: review.DigestOf(nil), Reason: "数据目录损坏"}))
	reviewtest.WantCode(t, err, review.CodeActConsent)
	wantItem(t, err, "")
}
