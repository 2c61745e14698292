package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/crash"
	scripted "heyi/review/reviewtest/script"
)

// begun gives a directory in which the first errand was done.
func (a agenda) begun(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	d, err := openDesk(root, ways[quietly])
	must(t, err)
	must(t, errors.Join(d.goOn(a[:1]), d.close()))
	return root
}

// R2 of the test plan, for what comes in: power fails before and after every operation on
// the disk.
func TestPowerImporting(t *testing.T) {
	a := newAgenda(t)
	root := a.begun(t)
	recording := crash.Record(t, root, a.child(t, quietly)(root))
	recording.Power(t, a.judge, crash.POSIX)
	// A new name is on such a disk with the next sync of any file. On Windows replacing
	// writes through; what was recorded here cannot, so that what comes last may be lost,
	// but for an import, which ends with the database.
	s := recording.Survey(t, crash.NTFS, 1000, func(r crash.Remains) error { return a.judgeBut(r, "trust", "revoke") })
	t.Logf("NTFS: %d states, %d distinct", s.States, s.Distinct)
	recording.Report(t, s)
}

// What is done in the wrong order, or not synced, is found.
func TestPowerImportingWrong(t *testing.T) {
	for _, way := range []string{entryFirst, unsynced} {
		t.Run(way, func(t *testing.T) {
			a := newAgenda(t)
			root := a.begun(t)
			s := crash.Record(t, root, a.child(t, way)(root)).Survey(t, crash.POSIX, 400, a.judge)
			t.Logf("%d states, %d distinct, %d lost", s.States, s.Distinct, len(s.Losses))
			if len(s.Losses) == 0 {
				t.Error("nothing was found")
			} else {
				t.Log(s.Losses[0])
			}
		})
	}
}

// R3 of the test plan, for what comes in: a system call fails once, or from then on.
func TestSyscallFaultsImporting(t *testing.T) {
	a := newAgenda(t)
	a = append(a[:3:3], a[5]) // a package and its next issue
	faults := []crash.Fault{
		{Call: "fsync", Errno: "EIO"},
		{Call: "fsync", Errno: "EIO", Stays: true},
		{Call: "mkdirat", Errno: "ENOSPC"},
		{Call: "openat", Errno: "EMFILE"},
		{Call: "renameat", Errno: "EIO"},
		{Call: "unlinkat", Errno: "EIO"},
	}
	var mu sync.Mutex
	tried, told := map[string]int{}, map[string]int{} // by call
	crash.Faulting{Child: a.child(t, quietly), Faults: faults, Judge: func(f crash.Fault, r crash.Remains, failed bool) error {
		mu.Lock()
		if tried[f.Call]++; len(r.Complaints) > 0 {
			told[f.Call]++
		}
		mu.Unlock()
		code := review.CodeDirFailed
		if f.Errno == "ENOSPC" {
			code = review.CodeDirFull
		}
		for _, complaint := range r.Complaints {
			said, isErr := strings.CutPrefix(complaint, "ERR ")
			words := strings.Fields(said)
			if isErr && words[0] != "run" && review.Code(words[1]) != code && review.Code(words[1]) != review.CodeStoreFailed {
				return fmt.Errorf("told %s, want %s", words[1], code)
			}
		}
		if !f.Stays && (failed || numberOf(r.Acks) != len(a)-1) {
			return errors.New("it did not go on")
		}
		return a.judge(r)
	}}.Run(t)
	t.Logf("tried %v, told %v", tried, told)
	for call, n := range tried {
		if n >= 9 && told[call] == 0 {
			t.Errorf("%d failures of %s, and none was told", n, call)
		}
	}
}

// However full the disk is, a package comes in whole or leaves nothing, and what came in
// before stays. With room made the same package comes in.
func TestFullDiskImport(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	disk := reviewtest.NewTmpfs(t, "size=1m")
	a := newAgenda(t)
	d, err := openDesk(disk.Path, ways[quietly])
	must(t, err)
	must(t, d.goOn(a[:5]))
	v, err := d.view()
	must(t, err)
	x, err := d.Enter(v.state.Meeting, scripted.Secretary, scripted.Passphrase)
	must(t, err)
	refused, free := 0, int64(0)
	for ; ; free += 4 << 10 {
		disk.Leave(t, free)
		if _, err = a[5].do(d, x); err == nil {
			break
		}
		reviewtest.WantCode(t, err, review.CodeDirFull)
		refused++
		n, v, err := d.progress(a)
		if err != nil || n != 5 || len(v.lying) != len(v.state.Packages) {
			t.Fatalf("%d bytes free: %d errands are done, with %d files of %d packages: %v", free, n, len(v.lying), len(v.state.Packages), err)
		}
		if parts, err := partsIn(d.dir.Root()); err != nil || len(parts) > 0 {
			t.Fatalf("%d bytes free: half written: %q, %v", free, parts, err)
		}
	}
	t.Logf("refused %d times, taken in with %d bytes free", refused, free)
	if refused < 4 {
		t.Errorf("refused only %d times", refused)
	}
	disk.Leave(t, 256<<10)
	must(t, errors.Join(d.goOn(a), d.close()))
}
