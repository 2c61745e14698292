package storage_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"heyi/storage"
)

// TestSyscallFaults is a thin R3 of the test plan: one system call of the writer
// fails, as it does on a dying or full disk. The writer is told so, or need not
// care; what it was told is stored is stored; and it can go on.
func TestSyscallFaults(t *testing.T) {
	const batches = 4
	tests := []struct {
		call, fault string
		at          []int
		code        string // of what the writer is told
	}{
		{"fsync", "EIO", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 21, 22}, "store.failed"},
		{"pwrite64", "EIO", []int{2, 9, 25, 32}, "store.failed"},
		{"pwrite64", "ENOSPC", []int{3, 12, 28, 40}, "datadir.full"},
		{"ftruncate", "EIO", []int{2, 3}, "store.failed"},
		{"mkdirat", "ENOSPC", []int{1, 2}, "datadir.full"},
		{"mkdirat", "EROFS", []int{1}, "datadir.readonly"},
		{"renameat", "EIO", []int{1}, "store.failed"},
		{"openat", "EMFILE", []int{8, 9, 10, 11, 12, 13, 14, 15, 16}, "store.failed"},
	}
	for _, x := range tests {
		t.Run(x.call+"="+x.fault, func(t *testing.T) {
			t.Parallel()
			told := 0
			for _, at := range x.at {
				root := t.TempDir()
				inject := fmt.Sprintf("inject=%s:error=%s:when=%d", x.call, x.fault, at)
				cmd := writer(root, testID, batches, "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace="+x.call, "-e", inject)
				var out bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &out
				if err := cmd.Run(); err != nil {
					t.Fatalf("%s: %v\n%s", inject, err, &out)
				}
				acked, failures := said(&out)
				for _, f := range failures {
					told++
					if !strings.HasSuffix(f, " "+x.code) {
						t.Errorf("%s: the writer was told %q, want %s", inject, f, x.code)
					}
				}
				s := storage.OpenReadOnly(root)
				last, err := verify(s, testID)
				// What failed in the very last sync may be there all the same.
				unsure := acked == last-1 && len(failures) > 0
				if err != nil || last != batches-1 || (acked != last && !unsure) {
					t.Errorf("%s: batch %d acknowledged last, %d is there: %v", inject, acked, last, err)
				}
				must(t, s.Close())
			}
			if told == 0 {
				t.Errorf("no fault at %v reached the writer", x.at)
			}
		})
	}
}
