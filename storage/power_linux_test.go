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
	for _, disk := range []crash.Disk{crash.NTFS} {
		t.Run(disk.String(), func(t *testing.T) { r.Power(t, disk, x.judge) })
	}
	s := r.Survey(t, crash.Lying, 5000, x.judge)
	t.Log("lying", s.States, s.Distinct, len(s.Losses), s.Losses[0], s.Losses[len(s.Losses)-1])
}
