package datadir

import (
	"bytes"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// A package is bounded while it is copied: its source says nothing true of its size.
func TestPackageLimit(t *testing.T) {
	d, err := Open(t.TempDir())
	must(t, err)
	defer d.Close()
	content := bytes.Repeat([]byte("x"), 100_000)
	for _, limit := range []int64{0, 1, 99_999} {
		_, err := d.stage(marked, bytes.NewReader(content), limit)
		reviewtest.WantCode(t, err, review.CodePackageLimit)
		if tree := reviewtest.Tree(t, d.Root()); tree != ".\nheyi-data\nlock\ntemp" {
			t.Errorf("left\n%s", tree)
		}
	}
	s, err := d.stage(marked, bytes.NewReader(content), 100_000)
	must(t, err)
	must(t, s.Drop())
}
