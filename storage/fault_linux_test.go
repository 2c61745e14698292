package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest/crash"
)

// R3 of the test plan: a system call fails once, or from then on, as it does on a
// dying or full disk. The store says so, with the code that fits, or need not
// care; what it said is stored is stored; and after a single failure it goes on.
func TestSyscallFaults(t *testing.T) {
	x := rehearse(t, 31)
	x.unread = true
	single := []crash.Fault{
		{Call: "fsync", Errno: "EIO"},
		{Call: "ftruncate", Errno: "EIO"},
		{Call: "mkdirat", Errno: "ENOSPC"},
		{Call: "mkdirat", Errno: "EROFS"},
		{Call: "open", Errno: "EMFILE"},
		{Call: "openat", Errno: "EMFILE"},
		{Call: "pread64", Errno: "EIO"},
		{Call: "pwrite64", Errno: "EIO"},
		{Call: "pwrite64", Errno: "ENOSPC"},
		{Call: "read", Errno: "EIO"},
		{Call: "renameat", Errno: "EIO"},
		{Call: "unlink", Errno: "EIO"},
		{Call: "unlinkat", Errno: "EIO"},
		{Call: "write", Errno: "ENOSPC"},
	}
	all := slices.Clone(single)
	for _, f := range single {
		f.Stays = true
		all = append(all, f)
	}
	var mu sync.Mutex
	tried, told := map[string]int{}, map[string]int{} // by call
	crash.Faulting{Child: x.child(t), Faults: all, Judge: func(f crash.Fault, r crash.Remains, failed bool) error {
		mu.Lock()
		if tried[f.Call]++; len(r.Complaints) > 0 {
			told[f.Call]++
		}
		mu.Unlock()
		for _, complaint := range r.Complaints {
			words := strings.Fields(complaint)
			if words[0] != "ERR" {
				continue
			}
			if codes := codesOf(f, words[1]); !slices.Contains(codes, review.Code(words[2])) {
				return fmt.Errorf("told %s, want one of %s", words[2], codes)
			}
		}
		if !f.Stays && (failed || numberOf(r.Acks) != len(x.steps)-1) {
			return errors.New("it did not go on")
		}
		return x.judge(r)
	}}.Run(t)
	t.Logf("tried %v, told %v", tried, told)
	for call, n := range tried {
		if n >= 9 && told[call] == 0 {
			t.Errorf("%d failures of %s, and none was told", n, call)
		}
	}
}

// codesOf gives what the store may say of an act at which a call failed.
func codesOf(f crash.Fault, does string) []review.Code {
	code := review.CodeStoreFailed
	switch f.Errno {
	case "ENOSPC":
		code = review.CodeDirFull
	case "EROFS":
		code = review.CodeDirReadOnly
	}
	codes := []review.Code{code}
	switch f.Call {
	case "open": // SQLite then opens for reading, and cannot write
		codes = append(codes, review.CodeDirReadOnly)
	case "pread64": // what the disk does not give is damage, says SQLite
		codes = append(codes, review.CodeStoreDamaged)
	}
	switch does {
	case "place": // this test's own
		return []review.Code{review.CodeInternal}
	case "backup":
		return append(codes, review.CodeBackupFailed)
	case "aside", "drop", "restore": // which begins with the list of copies
		return append(codes, review.CodeDirFailed)
	}
	return codes
}
