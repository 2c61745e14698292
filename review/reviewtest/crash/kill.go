package crash

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	kills = flag.Int("kills", size(200), "how often a process is killed")
	seed  = flag.Uint64("seed", 1, "of the times at which a process is killed")
	kill  = flag.Int("kill", -1, "the one kill to repeat, with those before it in the same directory")
)

// Killing kills a process at random times.
type Killing struct {
	// Child makes the command of the process, which works on the files under root.
	// It may end by itself. If it finds what another left, it acknowledges the last
	// act there before it goes on.
	Child func(root string) *exec.Cmd
	// After gives a time at which to kill, counted from READY.
	After func(*rand.Rand) time.Duration
	// Lives is how many processes follow each other in one directory, each killed
	// in its turn; at least 1.
	Lives int
	// Judge looks at a copy of the directory after each kill. The acts acknowledged
	// are those of all processes there.
	Judge Judge
}

// Run kills as often as the flag -kills says and fails the test with what the
// judge finds wrong, or what a process complains of. It gives the number of acts
// acknowledged: too few prove nothing.
func (k Killing) Run(t *testing.T) (acks int) {
	t.Helper()
	first, last := 0, *kills-1
	if *kill >= 0 {
		first, last = *kill-*kill%k.Lives, *kill
	}
	acks, wrong := k.run(t.TempDir(), first, last)
	for _, w := range wrong {
		t.Errorf("kill %d after %v, %d acts acknowledged: %v\n%s", w.kill, w.after, w.acks, w.err,
			repeat(t, fmt.Sprintf("-seed %d -kill %d", *seed, w.kill)))
		// The same time need not meet the same moment again.
		if kept, err := os.MkdirTemp("", "heyi-killed-"); err != nil {
			t.Error(err)
		} else if err := os.CopyFS(kept, os.DirFS(w.root)); err != nil {
			t.Error(err)
		} else {
			t.Errorf("what it left is kept in %s", kept)
		}
	}
	t.Logf("%d kills, %d acts acknowledged, seed %d", last-first+1, acks, *seed)
	return acks
}

// killed is what was found wrong after a kill.
type killed struct {
	kill  int
	after time.Duration
	root  string
	acks  int // in root, of all processes there
	err   error
}

// run makes the kills from first to last, in several directories at a time, and
// begins no other after one that went wrong.
func (k Killing) run(scratch string, first, last int) (acks int, wrong []killed) {
	var mu sync.Mutex
	next := first
	take := func() (n int, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		n, next = next, next+k.Lives
		return n, n <= last && len(wrong) == 0
	}
	var lanes sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		lanes.Go(func() {
			for n, ok := take(); ok; n, ok = take() {
				done := k.directory(filepath.Join(scratch, strconv.Itoa(n)), n, min(last, n+k.Lives-1))
				mu.Lock()
				if acks += done.acks; done.err != nil {
					wrong = append(wrong, done)
				}
				mu.Unlock()
			}
		})
	}
	lanes.Wait()
	return acks, wrong
}

// directory makes the kills from first to last in one directory. It gives the
// last of them, with what was wrong.
func (k Killing) directory(dir string, first, last int) (done killed) {
	root, copied := filepath.Join(dir, "root"), filepath.Join(dir, "copy")
	done.kill, done.root = first, root
	if done.err = os.MkdirAll(root, 0o700); done.err != nil {
		return done
	}
	left := Remains{Dir: copied}
	for n := first; n <= last; n++ {
		r := rand.New(rand.NewPCG(*seed, uint64(n)))
		done.kill, done.after = n, k.After(r)
		done.err = left.live(k.Child(root), done.after)
		if done.acks = len(left.Acks); done.err != nil {
			return done
		}
		if done.err = os.CopyFS(copied, os.DirFS(root)); done.err != nil {
			return done
		}
		left.Number = r.Uint32()
		if done.err = k.Judge(left); done.err != nil {
			return done
		}
		if done.err = os.RemoveAll(copied); done.err != nil {
			return done
		}
	}
	done.err = os.RemoveAll(dir)
	return done
}

// live lets a process live for some time.
func (r *Remains) live(cmd *exec.Cmd, after time.Duration) error {
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		return err
	}
	out := bufio.NewReader(pipe)
	line, err := out.ReadString('\n')
	if line != ready+"\n" {
		cmd.Process.Kill()
		cmd.Wait()
		return fmt.Errorf("the process said %q first: %v\n%s", line, err, &complaints)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	r.hear(out)
	err = cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() < 0 {
		err = nil // killed
	}
	if r.hear(&complaints); err != nil || len(r.Complaints) > 0 {
		return fmt.Errorf("the process failed: %v\n%s", err, strings.Join(r.Complaints, "\n"))
	}
	return nil
}
