package crash

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The test binary, started with these, is one of the programs below.
const (
	childDoes = "CRASH_TEST_DOES"
	childRoot = "CRASH_TEST_ROOT"
)

func TestMain(m *testing.M) {
	if does := os.Getenv(childDoes); does != "" {
		runtime.LockOSThread()
		fmt.Println(ready)
		if err := programs[does](os.Getenv(childRoot)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func child(does string) func(root string) *exec.Cmd {
	return func(root string) *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childDoes+"="+does, childRoot+"="+root, "GORACE=atexit_sleep_ms=0")
		return cmd
	}
}

var programs = map[string]func(root string) error{
	"safe":              toy{}.run,
	"for ever":          toy{acts: 1 << 30}.run,
	"safe on NTFS":      toy{noDirSync: true, secondSync: true}.run,
	"no sync":           toy{noSync: true}.run,
	"no directory sync": toy{noDirSync: true}.run,
	"in place":          toy{inPlace: true}.run,
	"too early":         toy{acts: 1 << 30, early: true}.run,
	"careless":          toy{careless: true}.run,
	"everything":        everything,
	"two threads":       twoThreads,
	"mapped":            mapped,
	"another process":   func(root string) error { return exec.Command("true").Run() },
	"a link":            func(root string) error { return os.Symlink("a", filepath.Join(root, "b")) },
	"complains":         func(root string) error { return errors.New("something") },
}

// toy is a store that keeps act n in a file n: written beside, synced, renamed,
// the directory synced. Each field leaves something out.
type toy struct {
	acts                                                    int
	noSync, noDirSync, secondSync, inPlace, early, careless bool
}

var act = strings.Repeat("act ", 500)

func (x toy) run(root string) error {
	if x.acts == 0 {
		x.acts = 5
	}
	there, err := acts(root)
	if len(there) > 0 {
		fmt.Printf("%s%d\n", ack, len(there)-1)
	}
	for n := len(there); n < x.acts && err == nil; n++ {
		if x.early {
			fmt.Printf("%s%d\n", ack, n)
		}
		err = x.act(root, filepath.Join(root, fmt.Sprintf("%06d", n)))
		if x.careless {
			err = nil
		}
		if err == nil && !x.early {
			fmt.Printf("%s%d\n", ack, n)
		}
	}
	return err
}

func (x toy) act(root, name string) error {
	part := filepath.Join(root, "part")
	if x.inPlace {
		part = name
	}
	if err := put(part, act, !x.noSync); err != nil {
		return err
	}
	if err := os.Rename(part, name); err != nil {
		return err
	}
	if x.secondSync {
		if err := syncPath(name); err != nil {
			return err
		}
	}
	if x.noDirSync {
		return nil
	}
	return syncPath(root)
}

func put(name, content string, sync bool) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.WriteString(f, content); err != nil || !sync {
		return err
	}
	return f.Sync()
}

func syncPath(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// acts lists the acts that a toy has, and what looks like one.
func acts(root string) ([]string, error) {
	entries, err := os.ReadDir(root)
	var names []string
	for _, e := range entries {
		if e.Name() != "part" {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// toyJudge looks at what a toy left.
func toyJudge(r Remains) error {
	all, err := acts(r.Dir)
	if err != nil {
		return err
	}
	for i, name := range all {
		content, err := os.ReadFile(filepath.Join(r.Dir, name))
		if n, _ := strconv.Atoi(name); n != i || string(content) != act {
			return fmt.Errorf("half an act: %s: %v", name, err)
		}
	}
	acked := 0
	if len(r.Acks) > 0 {
		n, _ := strconv.Atoi(r.Acks[len(r.Acks)-1])
		acked = n + 1
	}
	if len(all) < acked || len(all) > acked+1 {
		return fmt.Errorf("%d acts acknowledged, %d are there", acked, len(all))
	}
	return nil
}

// everything uses what the standard library has for files.
func everything(root string) error {
	name := func(n string) string { return filepath.Join(root, n) }
	f, err := os.OpenFile(name("log"), os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	io.WriteString(f, "one\n")
	f.Seek(0, io.SeekStart)
	io.WriteString(f, "two\n")
	f.WriteAt([]byte("x"), 1) // refused: the file is open for appending
	os.Rename(name("log"), name("old"))
	io.WriteString(f, "three\n")
	f.Truncate(9)
	os.Mkdir(name("d"), 0o700)
	g, err := os.CreateTemp(name("d"), "copy-")
	if err != nil {
		return err
	}
	f.Seek(2, io.SeekStart)
	io.Copy(g, f)
	buf := make([]byte, 3)
	g.ReadAt(buf, 1)
	g.WriteAt(buf, 20)
	g.Seek(-2, io.SeekEnd)
	g.Read(buf[:1])
	io.WriteString(g, "end")
	os.Remove(g.Name())
	io.WriteString(g, "nowhere")
	errs := errors.Join(f.Sync(), f.Close(), g.Close())
	os.MkdirAll(name("e/f/g"), 0o700)
	os.WriteFile(name("e/f/g/a"), []byte("a"), 0o600)
	os.WriteFile(name("e/f/b"), []byte(act), 0o600)
	os.WriteFile(name("e/f/b"), []byte("shorter"), 0o600)
	os.Rename(name("e/f"), name("d/f"))
	os.RemoveAll(name("d/f/g"))
	os.WriteFile(name("before"), []byte("after"), 0o600)
	fmt.Println(ack + "all")
	return errs
}

// twoThreads writes to its own file on each of some threads.
func twoThreads(root string) error {
	var threads sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		threads.Go(func() {
			runtime.LockOSThread()
			for n := range 50 {
				errs[i] = errors.Join(errs[i], put(filepath.Join(root, strconv.Itoa(i)), strings.Repeat(act, n), true))
			}
		})
	}
	threads.Wait()
	return errors.Join(errs...)
}

func mapped(root string) error {
	f, err := os.Create(filepath.Join(root, "a"))
	if err != nil {
		return err
	}
	f.Truncate(4096)
	b, err := syscall.Mmap(int(f.Fd()), 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	copy(b, "x")
	return err
}

// The model ends with what really is there, or says so.
func TestRecord(t *testing.T) {
	for _, does := range []string{"everything", "two threads"} {
		root := t.TempDir()
		if err := os.WriteFile(filepath.Join(root, "before"), []byte("it began"), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := record(t.TempDir(), root, child(does)(root))
		if err != nil {
			t.Fatalf("%s: %v", does, err)
		}
		name, err := r.keep()
		if err != nil {
			t.Fatal(err)
		}
		defer os.Remove(name)
		again, err := load(name)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "restored")
		if err := again.Restore(dir); err != nil {
			t.Fatal(err)
		}
		is, err := newRecorder(dir)
		if err != nil {
			t.Fatal(err)
		}
		should, err := newRecorder(root)
		if err != nil {
			t.Fatal(err)
		}
		if is.disk.all().sum() != should.disk.all().sum() {
			t.Errorf("%s: restored\n%s\nwant\n%s", does, is.disk.all(), should.disk.all())
		}
	}
	for _, does := range []string{"mapped", "another process", "a link", "complains"} {
		root := t.TempDir()
		if _, err := record(t.TempDir(), root, child(does)(root)); err == nil {
			t.Errorf("%s: recorded", does)
		}
	}
}

// What is safe is found safe, and what is not is not.
func TestSurvey(t *testing.T) {
	for _, x := range []struct {
		does               string
		posix, ntfs, lying bool // safe on
	}{
		{"safe", true, false, false},
		{"safe on NTFS", false, true, false},
		{"no sync", false, false, false},
		{"no directory sync", false, false, false},
		{"in place", false, false, false},
	} {
		root := t.TempDir()
		r, err := record(t.TempDir(), root, child(x.does)(root))
		if err != nil {
			t.Fatal(err)
		}
		for disk, safe := range map[Disk]bool{POSIX: x.posix, NTFS: x.ntfs, Lying: x.lying} {
			s := r.Survey(t, disk, 500, toyJudge)
			if (len(s.Losses) == 0) != safe || s.States < 500 || s.Distinct < 10 {
				t.Errorf("%s on %v: %d of %d states lost, %d distinct", x.does, disk, len(s.Losses), s.States, s.Distinct)
			}
			for _, l := range s.Losses[:min(len(s.Losses), 20)] {
				again, err := r.one(l.State())
				if err != nil {
					t.Fatal(err)
				}
				same := r.judge(t.TempDir(), disk, again, 2, toyJudge)
				if same.States != 1 || len(same.Losses) != 1 || same.Losses[0].Err.Error() != l.Err.Error() || same.Losses[0].After != l.After {
					t.Errorf("%s on %v: state %s was %v, and is %v", x.does, disk, l.State(), l, same)
				}
			}
		}
		if _, err := r.one("9999.0"); err == nil {
			t.Error("a state that is not there")
		}
	}
}

func TestKilling(t *testing.T) {
	k := Killing{
		After: func(r *rand.Rand) time.Duration { return time.Duration(r.IntN(20)) * time.Millisecond },
		Lives: 3, Judge: toyJudge,
	}
	for does, safe := range map[string]bool{"for ever": true, "safe": true, "no sync": true, "too early": false, "complains": false} {
		k.Child = child(does)
		acks, wrong := k.run(t.TempDir(), 0, 19)
		if (len(wrong) == 0) != safe || acks == 0 && does != "complains" {
			t.Errorf("%s: %d acts, %v", does, acks, wrong)
		}
	}
}

func TestFaulting(t *testing.T) {
	for does, safe := range map[string]bool{"safe": true, "careless": false} {
		x := Faulting{
			Child:  child(does),
			Faults: []Fault{{Call: "fsync", Errno: "EIO"}, {Call: "write", Errno: "ENOSPC"}, {Call: "renameat", Errno: "EIO", Stays: true}},
			Judge: func(f Fault, r Remains, failed bool) error {
				if !failed {
					return errors.New("the process did not notice")
				}
				return toyJudge(r)
			},
		}
		all, err := x.all(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 10+5+5 {
			t.Errorf("%d faults: %v", len(all), all)
		}
		wrong := x.run(t.TempDir(), all)
		if len(wrong) != 0 == safe {
			t.Errorf("%s: %v", does, wrong)
		}
	}
}

func TestSpread(t *testing.T) {
	var all []Fault
	for i := range 100 {
		all = append(all, Fault{Call: "often", At: i})
	}
	for i := range 3 {
		all = append(all, Fault{Call: "rarely", At: i})
	}
	for n, want := range map[int][2]int{2: {1, 1}, 10: {7, 3}, 50: {47, 3}, 103: {100, 3}, 1000: {100, 3}} {
		some := spread(all, n)
		var got [2]int
		seen := map[Fault]bool{}
		for _, f := range some {
			got[strings.Index("or", f.Call[:1])]++
			seen[f] = true
		}
		if got != want || len(seen) != len(some) {
			t.Errorf("%d: %v, want %v", n, got, want)
		}
	}
}

// A plan has as many states as were asked for, and gives every operation its own
// where that is possible.
func TestPlan(t *testing.T) {
	r := &Recording{ops: []op{
		{Kind: opMake, Name: "a", Node: 1}, {Kind: opWrite, Node: 1, Data: []byte("x")}, {Kind: opSync, Node: 1}, {Kind: opSync}, {Kind: opSay},
	}}
	for states, want := range map[int][]int{
		12: {2, 2, 2, 2, 2, 2}, 13: {2, 2, 2, 3, 2, 2}, 42: {2, 12, 12, 12, 2, 2},
	} {
		var got []int
		for _, k := range r.plan(POSIX, states) {
			got = append(got, k.to-k.from)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d states: %v, want %v", states, got, want)
		}
	}
	r.ops = slices.Repeat(r.ops[4:], 100)
	for states := range 202 {
		total := 0
		for _, k := range r.plan(POSIX, states) {
			total += k.to - k.from
		}
		if total != states-states%3 {
			t.Errorf("%d states: %d", states, total)
		}
	}
}

func TestRepeat(t *testing.T) {
	t.Run("a b(c)", func(t *testing.T) {
		got := repeat(t, "-seed 7")
		if !strings.Contains(got, " ./review/reviewtest/crash -count=1 -run '^TestRepeat$/^a_b\\(c\\)$' -seed 7") {
			t.Error(got)
		}
	})
}
