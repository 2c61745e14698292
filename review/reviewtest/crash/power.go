package crash

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

var (
	states    = flag.Int("states", size(10_000), "how many losses of power a recorded process goes through")
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
	Acks  int    // acts acknowledged before it
	After string // the last operation before it
	Err   error  // what the judge said

	point, kind int
}

// State is the name that the flag -state takes: the number of operations before
// the loss, and a number for what was kept.
func (l Loss) State() string { return fmt.Sprintf("%d.%d", l.point, l.kind) }

// Power lets the power fail before and after every operation of a recording, in
// as many ways as the flag -states says, an equal part of them on each disk, and
// fails the test with what the judge finds wrong.
func (r *Recording) Power(t *testing.T, judge Judge, disks ...Disk) {
	t.Helper()
	for _, disk := range disks {
		t.Run(disk.String(), func(t *testing.T) {
			s := r.survey(t, disk, *states/len(disks), enough, judge)
			t.Logf("%d operations, %d acts, %d states, %d distinct, seed %d", len(r.ops), len(r.Acks()), s.States, s.Distinct, *powerSeed)
			r.Report(t, s)
		})
	}
}

// Survey goes through a number of states on one disk and leaves it to the test
// what to make of it: Report, or to see that what is not safe is found. For each
// operation there should be two or more. The flag -state holds here too.
func (r *Recording) Survey(t testing.TB, disk Disk, states int, judge Judge) Survey {
	t.Helper()
	return r.survey(t, disk, states, math.MaxInt, judge)
}

// enough losses tell what is wrong; the test need not look for more.
const enough = 5

// Report fails the test with the first losses of a survey of r and the commands
// that repeat them, for which it keeps the recording.
func (r *Recording) Report(t testing.TB, s Survey) {
	t.Helper()
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
	for _, l := range s.Losses[:min(enough, len(s.Losses))] {
		t.Errorf("state %s, after %q, %d acts acknowledged: %v\n%s", l.State(), l.After, l.Acks, l.Err,
			repeat(t, fmt.Sprintf("-recording %s -powerseed %d -state %s", from, *powerSeed, l.State())))
	}
}

func (r *Recording) survey(t testing.TB, disk Disk, states, enough int, judge Judge) Survey {
	t.Helper()
	plan, err := r.plan(disk, states), error(nil)
	if *state != "" {
		plan, err = r.one(*state)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r.judge(inMemory(t), disk, plan, enough, judge)
}

// inMemory makes a directory for states, which are many and need no disk, on a
// file system in memory if there is one.
func inMemory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "heyi-states-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// play gives the disk and what was acknowledged before the first operation and
// after each, until it is told to stop.
func (r *Recording) play(promise Disk, at func(point int, d *disk, acks []string) bool) {
	d := r.disk(promise)
	var acks []string
	for point := 0; at(point, d, acks) && point < len(r.ops); point++ {
		o := r.ops[point]
		if d.apply(o); o.Kind == opSay {
			acks = append(acks, string(o.Data))
		}
	}
}

// What a loss of power keeps of what was late. From keepSome on it is chance.
const (
	keepNone = iota
	keepAll
	keepSome
)

// kept is what a loss of power leaves at a point.
func (d *disk) kept(point, kind int) tree {
	switch kind {
	case keepNone:
		return d.none()
	case keepAll:
		return d.all()
	}
	return d.some(rand.New(rand.NewPCG(*powerSeed, uint64(point)<<32|uint64(kind))))
}

// kinds is a range of what a loss of power keeps.
type kinds struct{ from, to int }

// plan shares out a number of states among the points of a recording: at each
// none and all is kept of what is late, and where anything is, as many chances are
// taken as make up the number. If there are too few for that, points here and
// there, as the seed has it, get one of each.
func (r *Recording) plan(promise Disk, states int) []kinds {
	plan := make([]kinds, len(r.ops)+1)
	rest := states - keepSome*len(plan)
	if rest < 0 {
		parts := states / (keepSome + 1)
		chance := rand.New(rand.NewPCG(*powerSeed, 0))
		for i := range parts {
			from, to := i*len(plan)/parts, (i+1)*len(plan)/parts
			plan[from+chance.IntN(to-from)].to = keepSome + 1
		}
		return plan
	}
	var loose []int
	r.play(promise, func(point int, d *disk, _ []string) bool {
		plan[point].to = keepSome
		if d.pending() {
			loose = append(loose, point)
		}
		return true
	})
	for i, point := range loose {
		plan[point].to += (rest + i) / len(loose)
	}
	return plan
}

// one is the plan of one state, by its name.
func (r *Recording) one(name string) ([]kinds, error) {
	p, k, _ := strings.Cut(name, ".")
	point, err1 := strconv.Atoi(p)
	kind, err2 := strconv.Atoi(k)
	plan := make([]kinds, len(r.ops)+1)
	if err1 != nil || err2 != nil || point < 0 || point >= len(plan) || kind < 0 {
		return nil, fmt.Errorf("no state %q among those of %d operations", name, len(r.ops))
	}
	plan[point] = kinds{kind, kind + 1}
	return plan, nil
}

// judge goes through the states of a plan until enough are found wrong.
func (r *Recording) judge(scratch string, promise Disk, plan []kinds, enough int, judge Judge) Survey {
	type lost struct {
		Loss
		tree    tree
		remains Remains
	}
	var out Survey
	var mu sync.Mutex
	queue := make(chan lost)
	var judges sync.WaitGroup
	for i := range runtime.GOMAXPROCS(0) {
		judges.Go(func() {
			for l := range queue {
				l.remains.Dir = filepath.Join(scratch, strconv.Itoa(i))
				if l.Err = l.tree.materialise(l.remains.Dir); l.Err == nil {
					l.Err = judge(l.remains)
				}
				if l.Err = errors.Join(l.Err, os.RemoveAll(l.remains.Dir)); l.Err != nil {
					mu.Lock()
					out.Losses = append(out.Losses, l.Loss)
					mu.Unlock()
				}
			}
		})
	}
	goOn := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(out.Losses) < enough
	}
	seen := map[[sha256.Size]byte]bool{}
	r.play(promise, func(point int, d *disk, acks []string) bool {
		for kind := plan[point].from; kind < plan[point].to && goOn(); kind++ {
			out.States++
			l := lost{Loss: Loss{point: point, kind: kind, Acks: len(acks)}, tree: d.kept(point, kind)}
			sum := l.tree.sum()
			key := sha256.Sum256(binary.AppendUvarint(sum[:], uint64(len(acks))))
			if !seen[key] {
				seen[key] = true
				l.remains = Remains{Acks: slices.Clone(acks), Number: binary.BigEndian.Uint32(sum[:])}
				queue <- l
			}
		}
		return goOn()
	})
	close(queue)
	judges.Wait()
	out.Distinct = len(seen)
	slices.SortFunc(out.Losses, func(a, b Loss) int {
		return cmp.Or(cmp.Compare(a.point, b.point), cmp.Compare(a.kind, b.kind))
	})
	r.describe(promise, out.Losses)
	return out
}

// describe adds to losses the last operation before them.
func (r *Recording) describe(promise Disk, losses []Loss) {
	next, last := 0, "the start"
	r.play(promise, func(point int, d *disk, _ []string) bool {
		for ; next < len(losses) && losses[next].point == point; next++ {
			losses[next].After = last
		}
		if point < len(r.ops) {
			last = d.describe(r.ops[point])
		}
		return next < len(losses)
	})
}
