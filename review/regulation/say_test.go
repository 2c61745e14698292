package regulation_test

import (
	"slices"
	"testing"

	"heyi/review/regulation"
)

// Facts read as people write them; what is not of its type stands as it is.
func TestSay(t *testing.T) {
	l := library(t)
	for _, x := range []struct{ scheme, fact, value, want string }{
		{"technical_review", "investment_cny", "2360000.00", "236万元"},
		{"technical_review", "investment_cny", "999999.99", "999,999.99元"},
		{"technical_review", "investment_cny", "995000.00", "99.5万元"},
		{"technical_review", "investment_cny", "2360050.00", "2,360,050元"},
		{"technical_review", "investment_cny", "950.50", "950.50元"},
		{"technical_review", "investment_cny", "two million", "two million"},
		{"technical_review", "preparer_qualified", "true", "是"},
		{"technical_review", "preparer_qualified", "false", "否"},
		{"technical_review", "preparer_qualified", "perhaps", "perhaps"},
		{"technical_review", "pre_review", "agreed", "同意"},
		{"technical_review", "pre_review", "nobody asked", "nobody asked"},
		{"acceptance", "changes", `[]`, "无"},
		{"acceptance", "changes", `[{"id":"BG-01","reported":true},{"id":"BG-02"}]`, "BG-01（验收时是否如实报告 是）；BG-02"},
		{"acceptance", "changes", `[{"id":"BG-01","pages":3}]`, `[{"id":"BG-01","pages":3}]`},
	} {
		s, ok := l.Scheme("yueqing-2015." + x.scheme)
		if !ok {
			t.Fatal(x.scheme)
		}
		i := slices.IndexFunc(s.Pack().Inputs, func(in *regulation.Input) bool { return in.Fact == x.fact })
		if i < 0 {
			t.Fatalf("nothing asks about %s", x.fact)
		}
		if got := s.Pack().Inputs[i].Say(x.value); got != x.want {
			t.Errorf("%s %s reads %q, want %q", x.fact, x.value, got, x.want)
		}
	}
}
