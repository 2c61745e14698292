// Package reviewtest holds what tests of several packages share. Nothing but
// tests imports it.
package reviewtest

import (
	"testing"

	"heyi/review"
)

// WantCode fails the test unless err carries exactly the code. The law that
// every code is provoked by a test looks for calls of this function.
func WantCode(tb testing.TB, err error, want review.Code) {
	tb.Helper()
	if got := review.CodeOf(err); got != want {
		tb.Fatalf("code %q, want %q (error: %v)", got, want, err)
	}
}
