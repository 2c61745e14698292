package storage_test

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/storage"
)

var (
	kills = flag.Int("kills", 30, "how often TestKilled kills the writer")
	seed  = flag.Int64("seed", 1, "of the times at which TestKilled kills")
)

// The test binary, started with these, is a writer that can be killed.
const (
	childRoot    = "HEYI_TEST_ROOT"
	childID      = "HEYI_TEST_MEETING"
	childBatches = "HEYI_TEST_BATCHES"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if root := os.Getenv(childRoot); root != "" {
		// One thread makes all system calls, so that strace can count them.
		runtime.LockOSThread()
		batches, err := strconv.Atoi(os.Getenv(childBatches))
		if err == nil {
			err = writeBatches(root, review.MeetingID(os.Getenv(childID)), batches, os.Stdout)
		}
		if err != nil {
			fmt.Println("END", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// writer gives the command of a writer of so many batches of a meeting.
func writer(root string, id review.MeetingID, batches int, under ...string) *exec.Cmd {
	args := append(under, os.Args[0])
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), childRoot+"="+root, childID+"="+string(id), childBatches+"="+strconv.Itoa(batches),
		"GORACE=atexit_sleep_ms=0") // the race detector would wait a second at each end
	return cmd
}

// writeBatches stores batches one by one and says ACK n after each. After a
// failure it says ERR n code, loads what is there and goes on from that.
func writeBatches(root string, id review.MeetingID, batches int, out io.Writer) error {
	w, err := newScribe(id)
	if err != nil {
		return err
	}
	s := storage.Open(root)
	fmt.Fprintln(out, "READY")
	for n := 0; n < batches; {
		before := w.tree
		if err := store(s, w, n); err != nil {
			fmt.Fprintln(out, "ERR", n, review.CodeOf(err))
			last := -1
			if last, w.tree, err = stored(s, id); err != nil {
				return fmt.Errorf("after a failure at batch %d: %w", n, err)
			}
			if w.tree.Checkpoint() != before.Checkpoint() && last != n {
				return fmt.Errorf("after a failure at batch %d there are %d", n, last+1)
			}
			n = last + 1
			continue
		}
		if _, err := fmt.Fprintln(out, "ACK", n); err != nil {
			return err // the parent is gone
		}
		n++
	}
	return s.Close()
}

// stored gives the last batch that a meeting holds, -1 for none, and its tree.
func stored(s meeting.Store, id review.MeetingID) (int, journal.Tree, error) {
	r, err := s.Load(id)
	if review.CodeOf(err) == review.CodeMeetingMissing {
		return -1, journal.Tree{}, nil
	}
	if err != nil {
		return 0, journal.Tree{}, err
	}
	_, tree, err := journal.Replay(r.Entries)
	return len(r.Entries) - 2, *tree, err
}

// said reads what a writer said: the last batch acknowledged (-1 for none) and
// the failures.
func said(out io.Reader) (acked int, failures []string) {
	acked = -1
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if n, ok := strings.CutPrefix(lines.Text(), "ACK "); ok {
			acked, _ = strconv.Atoi(n)
		} else if strings.HasPrefix(lines.Text(), "ERR") || strings.HasPrefix(lines.Text(), "END") {
			failures = append(failures, lines.Text())
		}
	}
	return acked, failures
}

// TestKilled is a thin R1 of the test plan: a writer is killed at random times,
// while it creates a meeting or commits to it. Every acknowledged batch is there
// afterwards, at most one more, whole; and nothing else is.
func TestKilled(t *testing.T) {
	root := t.TempDir()
	random := rand.New(rand.NewSource(*seed))
	acks, created := 0, 0
	for i := range *kills {
		id := review.MeetingID(fmt.Sprintf("killed2writer3meeting%s", numeral(i)))
		within := 150 * time.Millisecond
		if i%3 == 0 {
			within = 8 * time.Millisecond // about what creating takes
		}
		after := time.Duration(random.Int63n(int64(within)))
		failed := func(format string, args ...any) {
			t.Helper()
			t.Fatalf("kill %d of seed %d, after %v: %s\nrepeat: go test ./storage -run '^TestKilled$' -seed %[2]d -kills %d",
				i, *seed, after, fmt.Sprintf(format, args...), i+1)
		}
		acked, failures := killed(t, writer(root, id, 1<<30), after)
		if len(failures) != 0 {
			failed("the writer failed: %v", failures)
		}
		s := storage.Open(root)
		list, err := s.List()
		must(t, err)
		last := -1
		if len(list) > created {
			created++
			if last, err = verify(s, id); err != nil {
				failed("%v", err)
			}
		}
		if last < acked || last > acked+1 {
			failed("batch %d was acknowledged last, batch %d is there", acked, last)
		}
		must(t, s.Close())
		entries, err := os.ReadDir(filepath.Join(root, "meetings"))
		must(t, ignoreMissing(err))
		if len(entries) != created {
			failed("%d meetings, but %d entries in their directory", created, len(entries))
		}
		acks += acked + 1
	}
	t.Logf("%d kills, %d meetings, %d batches acknowledged", *kills, created, acks)
	if acks < *kills/2 { // a loaded machine with the race detector gets less far
		t.Errorf("only %d batches in %d runs: too few to tell", acks, *kills)
	}
}

// killed runs a writer, kills it some time after it began, and gives what it said.
func killed(t *testing.T, cmd *exec.Cmd, after time.Duration) (acked int, failures []string) {
	t.Helper()
	pipe, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	out := bufio.NewReader(pipe)
	if line, err := out.ReadString('\n'); line != "READY\n" {
		t.Fatalf("the writer said %q: %v", line, err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	acked, failures = said(out)
	if err := cmd.Wait(); err == nil {
		t.Fatal("the writer ended by itself")
	}
	return acked, failures
}

// numeral gives five base32 digits of a meeting's id.
func numeral(n int) string {
	const digits = "abcdefghijklmnopqrstuvwxyz234567"
	b := []byte("aaaaa")
	for i := len(b) - 1; i >= 0; i, n = i-1, n/32 {
		b[i] = digits[n%32]
	}
	return string(b)
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
