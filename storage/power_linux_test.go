package storage_test

import (
	"testing"

	"heyi/review/reviewtest/crash"
)

// R2 of the test plan: power fails after each operation.
func TestPower(t *testing.T) {
	x := rehearse(t, 60)
	root := t.TempDir()
	r := crash.Record(t, root, x.child(t)(root))
	r.Power(t, x.judge, crash.POSIX, crash.NTFS)
}
