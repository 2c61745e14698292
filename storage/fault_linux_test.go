package storage_test

import (
	"testing"

	"heyi/review/reviewtest/crash"
)

// R3 of the test plan.
func TestSyscallFaults(t *testing.T) {
	x := rehearse(t, 31)
	var fs []crash.Fault
	for _, f := range []crash.Fault{
		{Call: "fsync", Errno: "EIO"},
		{Call: "pwrite64", Errno: "EIO"},
		{Call: "pwrite64", Errno: "ENOSPC"},
		{Call: "write", Errno: "ENOSPC"},
		{Call: "ftruncate", Errno: "EIO"},
		{Call: "mkdirat", Errno: "ENOSPC"},
		{Call: "mkdirat", Errno: "EROFS"},
		{Call: "renameat", Errno: "EIO"},
		{Call: "openat", Errno: "EMFILE"},
		{Call: "open", Errno: "EMFILE"},
		{Call: "unlinkat", Errno: "EIO"},
		{Call: "unlink", Errno: "EIO"},
		{Call: "pread64", Errno: "EIO"},
		{Call: "read", Errno: "EIO"},
	} {
		fs = append(fs, f)
		f.Stays = true
		fs = append(fs, f)
	}
	crash.Faulting{Child: x.child(t), Faults: fs, Judge: func(f crash.Fault, r crash.Remains, failed bool) error {
		t.Log(f, failed, r.Acks[max(0,len(r.Acks)-1):], r.Complaints)
		return x.judge(r)
	}}.Run(t)
}
