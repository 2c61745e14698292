package crash

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

var (
	faults = flag.Int("faults", size(300), "how many system calls are made to fail; 0: all")
	fault  = flag.String("fault", "", "the one fault to repeat, as in fsync:EIO:12")
)

// Fault is a system call that fails.
type Fault struct {
	Call  string // as strace names it
	Errno string // why, as in "ENOSPC"
	At    int    // the number of the call in its thread, from 1; 0 in Faulting: each in turn
	Stays bool   // so do all such calls after it
}

// String gives the form that the flag -fault takes.
func (f Fault) String() string {
	s := f.Call + ":" + f.Errno + ":" + strconv.Itoa(f.At)
	if f.Stays {
		s += "+"
	}
	return s
}

// Faulting makes the system calls of a process fail, one in each run.
type Faulting struct {
	// Child makes the command of the process, which works on the files under root
	// and ends by itself. It makes its system calls on one thread
	// (runtime.LockOSThread), or they cannot be counted.
	Child func(root string) *exec.Cmd
	// Faults are to be tried at every call that concerns the files under root.
	Faults []Fault
	// Judge looks at what is left. Acts were acknowledged and complaints made in
	// spite of the fault; failed says that the process ended with another status
	// than 0.
	Judge func(f Fault, r Remains, failed bool) error
}

// Run tries the faults, as many of each kind if they are more than the flag
// -faults says, and fails the test with what the judge finds wrong, and with a
// process that does not end or that met no fault.
func (x Faulting) Run(t *testing.T) {
	t.Helper()
	all, err := x.all(t.TempDir())
	if err != nil {
		t.Fatalf("without a fault: %v", err)
	}
	try := all
	if *fault != "" {
		try = slices.DeleteFunc(slices.Clone(all), func(f Fault) bool { return f.String() != *fault })
		if len(try) == 0 {
			t.Fatalf("there is no fault %s", *fault)
		}
	} else if *faults > 0 {
		try = spread(all, *faults)
	}
	wrong := x.run(t.TempDir(), try)
	for _, f := range try {
		if err := wrong[f]; err != nil {
			t.Errorf("fault %v: %v\n%s", f, err, repeat(t, "-fault "+f.String()))
		}
	}
	t.Logf("%d of %d faults", len(try), len(all))
}

// spread chooses n faults: as many of each kind as there are or as its share
// allows, from the first call to the last.
func spread(all []Fault, n int) []Fault {
	kinds := map[Fault][]Fault{}
	for _, f := range all {
		kind := f
		kind.At = 0
		kinds[kind] = append(kinds[kind], f)
	}
	rarest := slices.SortedFunc(maps.Values(kinds), func(a, b []Fault) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a[0].String(), b[0].String()))
	})
	var out []Fault
	for i, kind := range rarest {
		share := min(len(kind), (n-len(out))/(len(rarest)-i))
		for k := range share {
			out = append(out, kind[k*len(kind)/share])
		}
	}
	return out
}

// run tries some faults, several at a time, and gives what was wrong.
func (x Faulting) run(scratch string, try []Fault) map[Fault]error {
	wrong := map[Fault]error{}
	var mu sync.Mutex
	var next atomic.Int64
	var lanes sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		lanes.Go(func() {
			for n := next.Add(1) - 1; n < int64(len(try)); n = next.Add(1) - 1 {
				if err := x.one(scratch, try[n]); err != nil {
					mu.Lock()
					wrong[try[n]] = err
					mu.Unlock()
				}
			}
		})
	}
	lanes.Wait()
	return wrong
}

// all finds the calls at which each fault can be tried, in a run without any.
func (x Faulting) all(scratch string) ([]Fault, error) {
	var names []string
	for _, f := range x.Faults {
		names = append(names, "?"+f.Call)
	}
	type counter struct{ thread, call string }
	count := map[counter]int{}
	at := map[string][]int{} // by call
	left, err := x.trace(scratch, "trace="+strings.Join(names, ","), "", func(c call, touches bool) {
		n := counter{c.thread, c.name}
		if count[n]++; touches {
			at[c.name] = append(at[c.name], count[n])
		}
	})
	if err != nil || len(left.Complaints) > 0 {
		return nil, fmt.Errorf("%v\n%s", err, strings.Join(left.Complaints, "\n"))
	}
	var out []Fault
	for _, f := range x.Faults {
		if len(at[f.Call]) == 0 {
			return nil, fmt.Errorf("the process makes no call of %s", f.Call)
		}
		slices.Sort(at[f.Call])
		for _, f.At = range slices.Compact(at[f.Call]) {
			out = append(out, f)
		}
	}
	return out, os.RemoveAll(left.Dir)
}

// tries is how often a fault is tried until a call meets it: calls are counted by thread, and
// which thread does what is the scheduler's business.
const tries = 5

// one tries one fault.
func (x Faulting) one(scratch string, f Fault) error {
	when := strconv.Itoa(f.At)
	if f.Stays {
		when += "+"
	}
	var left Remains
	met, failed := false, false
	for range tries {
		var err error
		left, err = x.trace(scratch, "trace="+f.Call, "inject="+f.Call+":error="+f.Errno+":when="+when, func(c call, touches bool) {
			met = met || touches && c.injected
		})
		_, failed = errors.AsType[*exec.ExitError](err)
		if err != nil && !failed {
			return err
		}
		if met {
			break
		}
		if err := os.RemoveAll(left.Dir); err != nil {
			return err
		}
	}
	if !met {
		return errors.New("no call of the process met it")
	}
	left.Number = uint32(f.At)
	if err := x.Judge(f, left, failed); err != nil {
		return fmt.Errorf("%w\n%d acts acknowledged; complaints: %s", err, len(left.Acks), strings.Join(left.Complaints, "; "))
	}
	return os.RemoveAll(left.Dir)
}

// trace runs the process in a directory of its own and gives each call that
// strace writes of, and whether it concerns the files there.
func (x Faulting) trace(scratch, trace, inject string, each func(c call, touches bool)) (left Remains, err error) {
	scratch, err = filepath.EvalSymlinks(scratch)
	if err != nil {
		return left, err
	}
	root, err := os.MkdirTemp(scratch, "root-")
	if err != nil {
		return left, err
	}
	options := []string{"-y", "-xx", "-e", trace}
	if inject != "" {
		options = append(options, "-e", inject)
	}
	log, left, ended := run(scratch, x.Child(root), options...)
	left.Dir = root
	r := &recorder{root: root}
	err = parseLog(bytes.NewReader(log), func(c call) error {
		touches, err := r.touches(c)
		each(c, touches)
		return err
	})
	if err != nil {
		return left, fmt.Errorf("what strace wrote: %w", err)
	}
	return left, ended
}
