package crash

import (
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
)

var (
	states    = flag.Int("states", 10_000, "how many losses of power a recorded process goes through")
	powerSeed = flag.Uint64("powerseed", 1, "of what a loss of power takes")
	state     = flag.String("state", "", "the one loss of power to go through, as a failure names it")
	recording = flag.String("recording", "", "a file with a recording, as a failure names it, instead of a new one")
)

// Survey is what came of many losses of power.
type Survey struct {
	States   int // gone through
	Distinct int // of them, that differ in what is on the disk or what was acknowledged; each was judged
	Losses   []Loss
}

// Loss is a loss of power after which the judge found something wrong.
type Loss struct {
	State string // its name: the number of operations before it, and a number for what was kept
	After string // the last operation before it
	Acks  int    // acts acknowledged before it
	Err   error

	order int
}

// What a loss of power keeps. Any greater number is the work of chance.
const (
	keepNone = iota
	keepAll
	keepSome
)

// Power lets the power fail before and after every operation of a recording, in
// as many ways as the flag -states says, and fails the test with what the judge
// finds wrong.
func (r *Recording) Power(t *testing.T, disk Disk, judge Judge) {
	t.Helper()
	const enough = 5
	s := r.survey(t.TempDir(), disk, *states, *state, enough, judge)
	t.Logf("%v: %d operations, %d acts, %d states, %d distinct, seed %d", disk, len(r.ops), len(r.Acks()), s.States, s.Distinct, *powerSeed)
	if len(s.Losses) == 0 {
		return
	}
	from := *recording
	if from == "" {
		var err error
		if from, err = r.keep(); err != nil {
			t.Errorf("the recording cannot be kept: %v", err)
		}
	}
	for _, l := range s.Losses {
		t.Errorf("%v, state %s, after %q and %d acts acknowledged: %v\n%s", disk, l.State, l.After, l.Acks, l.Err,
			repeat(t, fmt.Sprintf("-recording %s -powerseed %d -state %s", from, *powerSeed, l.State)))
	}
}

// Survey does the same for a number of states and only counts: to show that what
// is not safe is found. One state of each operation is judged at least.
func (r *Recording) Survey(t testing.TB, disk Disk, states int, judge Judge) Survey {
	t.Helper()
	return r.survey(t.TempDir(), disk, states, "", states, judge)
}

// keep writes the recording to a file that outlives the test.
func (r *Recording) keep() (path string, err error) {
	f, err := os.CreateTemp("", "heyi-recording-")
	if err != nil {
		return "", err
	}
	defer f.Close()
	return f.Name(), r.save(f)
}

// lost is a state to be judged.
type lost struct {
	Loss
	tree   tree
	acks   []string
	number uint32
}

// survey goes through states until enough are found wrong. If only is not "", it
// goes through that one alone.
func (r *Recording) survey(scratch string, disk Disk, states int, only string, enough int, judge Judge) Survey {
	var out Survey
	var mu sync.Mutex
	queue := make(chan lost)
	var judges sync.WaitGroup
	for i := range runtime.GOMAXPROCS(0) {
		judges.Go(func() {
			for l := range queue {
				dir := filepath.Join(scratch, strconv.Itoa(i))
				if l.Err = l.tree.materialise(dir); l.Err == nil {
					l.Err = judge(Remains{Dir: dir, Acks: l.acks, Number: l.number})
				}
				if err := os.RemoveAll(dir); l.Err == nil {
					l.Err = err
				}
				if l.Err != nil {
					mu.Lock()
					out.Losses = append(out.Losses, l.Loss)
					mu.Unlock()
				}
			}
		})
	}
	seen := map[[sha256.Size]byte]bool{}
	r.each(disk, states, func(name string, d *disk2, tree func() tree) bool { return false })
	_ = seen
	close(queue)
	judges.Wait()
	_ = rand.Int
	_ = binary.BigEndian
	_ = enough
	return out
}
