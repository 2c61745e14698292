package regulation_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"heyi/review"
	"heyi/review/regulation"
)

// packFixtures are the packs of format 1 as they first landed. Meetings have them on
// record: they are read for ever, and never written again.
var packFixtures = map[string]review.Digest{
	"common.yaml":       "16a47054e089c6abeebe313ea360e544579b32d32077e11ead16eb7b7d10050f",
	"yueqing-2015.yaml": "fc8499debbcb253bb22b42248f107f4a37127345eaed0d6ff62e2fea55a58603",
}

// TestPackFixture: packs of every format that has landed load, say what the examples say,
// and freeze into the schemes that projects have.
func TestPackFixture(t *testing.T) {
	var files [][]byte
	for name, digest := range packFixtures {
		b, err := os.ReadFile(filepath.Join("testdata", "packs-v1", name))
		if err != nil {
			t.Fatal(err)
		}
		if got := review.DigestOf(b); got != digest {
			t.Errorf("%s is not what landed: %s", name, got)
		}
		files = append(files, b)
	}
	l, err := regulation.Open(files...)
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, c := range examples(t) {
		if _, ok := l.Rule(c.Rule); !ok {
			continue
		}
		tried++
		got, err := l.Eval(c.Rule, c.Input)
		if err != nil || encode(t, got) != encode(t, c.Expect) {
			t.Errorf("%s %v: got %s, %v; want %s", c.Rule, c.Input, encode(t, got), err, encode(t, c.Expect))
		}
	}
	if tried < 66 {
		t.Errorf("%d examples tried", tried)
	}
	for id, digest := range map[string]review.Digest{
		"yueqing-2015.technical_review": "1db43b00469e157833c7d19e02c6ce947a1475cc4c477e71f8752787a37f8163",
		"yueqing-2015.acceptance":       "08f0063f020dba1489bced8f5cc328fc4f51e8597832d495ee409181951d437c",
	} {
		s, ok := l.Scheme(id)
		if !ok {
			t.Fatalf("%s is in no pack", id)
		}
		if slices.ContainsFunc(s.Sections, func(x regulation.Section) bool { return x.Shows != regulation.ShowsNothing }) {
			t.Errorf("%s: its headings show %v", id, s.Sections)
		}
		c := s.Freeze()
		if got := c.Digest(); got != digest {
			t.Errorf("%s is frozen as %s", id, got)
		}
		for _, o := range c.Outcomes {
			again := o.ID == "passed_after_revision" && id == "yueqing-2015.acceptance" // 整改后复验
			if o.Fails != (o.ID == "not_passed" || again) {
				t.Errorf("%s fails by %s: %t", id, o.ID, o.Fails)
			}
		}
		if err := c.Check(); err != nil || len(c.Items) == 0 || len(c.Packs) != len(files) {
			t.Errorf("%s: %d items of %d packs, %v", id, len(c.Items), len(c.Packs), err)
		}
		if list, err := l.Findings(c, regulation.Known{Facts: nil}); err != nil || len(list) == 0 {
			t.Errorf("%s finds %d, %v", id, len(list), err)
		}
		if list, err := l.Materials(id, nil, nil); err != nil || len(list) == 0 {
			t.Errorf("%s asks for %d materials, %v", id, len(list), err)
		}
	}
}
