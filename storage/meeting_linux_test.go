package storage_test

import (
	"testing"

	"heyi/review/reviewtest/crash"
)

// R2 of the test plan, with all that a whole meeting stores.
func TestPowerMeeting(t *testing.T) {
	x := wholeMeeting(t)
	root := t.TempDir()
	crash.Record(t, root, x.child(t)(root)).Power(t, x.judge, crash.POSIX)
}
