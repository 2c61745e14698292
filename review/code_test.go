package review_test

import (
	"errors"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

func TestCodes(t *testing.T) {
	cause := errors.New("cause")
	err := review.E(review.CodeDirFull, "op", "item", cause)
	if !errors.Is(err, cause) || review.CodeOf(err) != review.CodeDirFull || review.ItemOf(err) != "item" {
		t.Errorf("%v", err)
	}
	if got, want := err.Error(), "op: datadir.full (item): cause"; got != want {
		t.Errorf("log form %q, want %q", got, want)
	}
	reviewtest.WantCode(t, cause, review.CodeInternal)
	reviewtest.WantCode(t, error(nil), "")
}
