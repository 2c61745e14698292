package datadir_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/storage/datadir"
)

var (
	_ meeting.Files    = (*datadir.Dir)(nil)
	_ meeting.Packages = (*datadir.Dir)(nil)
)

const testID review.MeetingID = "heyi2storage3test4meeting5"

// The test binary, started with these, is another process at a data directory.
const (
	childRoot = "HEYI_TEST_ROOT"
	childDoes = "HEYI_TEST_DOES"
)

// does has what such a process can be there for.
var does = map[string]func(root string){
	"hold": hold, "export": export, "stage": stage, "keep": keep, "trust": trust, "acts": acts,
}

func TestMain(m *testing.M) {
	if root := os.Getenv(childRoot); root != "" {
		// One thread makes all system calls, so that strace can count them.
		runtime.LockOSThread()
		does[os.Getenv(childDoes)](root)
		return
	}
	os.Exit(m.Run())
}

// another gives the command of such a process.
func another(root, does string, under ...string) *exec.Cmd {
	args := append(under, os.Args[0])
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), childRoot+"="+root, childDoes+"="+does, "GORACE=atexit_sleep_ms=0")
	return cmd
}

// hold has the directory until standard input ends.
func hold(root string) {
	d, err := datadir.Open(root)
	fmt.Println(review.CodeOf(err), os.Getpid())
	if err == nil {
		io.Copy(io.Discard, os.Stdin)
		d.Close()
	}
}

// paper is what the other process exports: more than a block of any disk.
var paper = bytes.Repeat([]byte("评审会议记录"), 1000)

// export exports a paper and says what came of it.
func export(root string) {
	d, err := datadir.Open(root)
	if err != nil {
		fmt.Println(review.CodeOf(err))
		return
	}
	_, err = d.Export(testID, "minutes-01.pdf", paper)
	fmt.Println(review.CodeOf(err))
	d.Close()
}

func opened(t *testing.T, root string) *datadir.Dir {
	t.Helper()
	d, err := datadir.Open(root)
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	return d
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path, content string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, []byte(content), 0o600))
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return string(b)
}

func TestOpenMakes(t *testing.T) {
	root := filepath.Join(t.TempDir(), "数据", "heyi")
	d, err := datadir.Open(root)
	must(t, err)
	if d.Root() != root {
		t.Errorf("root %s", d.Root())
	}
	if got := read(t, filepath.Join(root, "heyi-data")); got != "heyi data directory 1\n" {
		t.Errorf("mark %q", got)
	}
	for _, dir := range []string{filepath.Dir(root), root, d.Temp()} {
		info, err := os.Stat(dir)
		must(t, err)
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v", dir, info.Mode())
		}
	}
	if got := reviewtest.Tree(t, root); got != ".\nheyi-data\nlock\ntemp" {
		t.Errorf("made\n%s", got)
	}
	put(t, filepath.Join(d.Temp(), "plain", "text"), "secret")
	put(t, d.CrashFile(), "goroutine 1 [running]")
	must(t, d.Close())
	must(t, d.Close())
	if got := reviewtest.Tree(t, root); got != ".\ncrash.txt\nheyi-data\nlock" {
		t.Errorf("after Close\n%s", got)
	}
	opened(t, root)
}

// An empty directory is taken, and so is one in which an Open was cut off.
func TestOpenTakesEmpty(t *testing.T) {
	for name, left := range map[string][]string{
		"empty": nil, "lock": {"lock"}, "all but the mark": {"lock", "temp/x", "heyi-data.heyi.part"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for _, f := range left {
				put(t, filepath.Join(root, f), "heyi")
			}
			reviewtest.WantCode(t, datadir.Check(root), review.CodeDirForeign)
			opened(t, root)
			if got := reviewtest.Tree(t, root); got != ".\nheyi-data\nlock\ntemp" {
				t.Errorf("made\n%s", got)
			}
		})
	}
}

// What is not ours, or not ours yet, is refused and not touched.
func TestOpenRefuses(t *testing.T) {
	for _, x := range []struct {
		name, file, content string
		want                review.Code
	}{
		{"somebody's files", "report.doc", "x", review.CodeDirForeign},
		{"a hidden file", ".git", "x", review.CodeDirForeign},
		{"a lock and a file", "lock", "x", review.CodeDirForeign},
		{"an empty mark", "heyi-data", "", review.CodeDirForeign},
		{"another mark", "heyi-data", "heyi data directory one\n", review.CodeDirForeign},
		{"a mark with more behind it", "heyi-data", "heyi data directory 1\n\n", review.CodeDirForeign},
		{"version 0", "heyi-data", "heyi data directory 0\n", review.CodeDirForeign},
		{"a directory as mark", "heyi-data/x", "", review.CodeDirForeign},
		{"version 2", "heyi-data", "heyi data directory 2\n", review.CodeDirNewer},
		{"version 10", "heyi-data", "heyi data directory 10\n", review.CodeDirNewer},
	} {
		t.Run(x.name, func(t *testing.T) {
			root := t.TempDir()
			put(t, filepath.Join(root, x.file), x.content)
			put(t, filepath.Join(root, "papers", "minutes.pdf.heyi.part"), "half")
			before := reviewtest.Snapshot(t, root)
			_, err := datadir.Open(root)
			if review.CodeOf(err) != x.want || (x.want == review.CodeDirForeign && review.ItemOf(err) != root) {
				t.Errorf("Open: %v", err)
			}
			if err := datadir.Check(root); review.CodeOf(err) != x.want {
				t.Errorf("Check: %v", err)
			}
			if after := reviewtest.Snapshot(t, root); after != before {
				t.Errorf("touched:\n%s\nwas\n%s", after, before)
			}
		})
	}

	file := filepath.Join(t.TempDir(), "file")
	put(t, file, "x")
	_, err := datadir.Open(file)
	reviewtest.WantCode(t, err, review.CodeDirForeign)
	_, err = datadir.Open(filepath.Join(file, "below"))
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	must(t, os.Remove(file))
	put(t, filepath.Join(file, "heyi-data"), "heyi data directory 2\n")
	_, err = datadir.Open(file)
	reviewtest.WantCode(t, err, review.CodeDirNewer)
}

// One process has the directory until it ends, in whatever way.
func TestLocked(t *testing.T) {
	root := t.TempDir()
	cmd := another(root, "hold")
	stdin, err := cmd.StdinPipe()
	must(t, err)
	defer stdin.Close()
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	said, err := bufio.NewReader(out).ReadString('\n')
	must(t, err)
	pid := strconv.Itoa(cmd.Process.Pid)
	if strings.TrimSpace(said) != pid {
		t.Fatalf("the other process said %q", said)
	}
	before := reviewtest.Snapshot(t, root)
	for range 3 {
		_, err = datadir.Open(root)
		reviewtest.WantCode(t, err, review.CodeDirLocked)
		if item := review.ItemOf(err); item != pid {
			t.Errorf("Open says %q has it, it is %s", item, pid)
		}
		err = datadir.Check(root)
		reviewtest.WantCode(t, err, review.CodeDirLocked)
		if item := review.ItemOf(err); item != pid {
			t.Errorf("Check says %q has it, it is %s", item, pid)
		}
	}
	if after := reviewtest.Snapshot(t, root); after != before {
		t.Errorf("touched:\n%s\nwas\n%s", after, before)
	}
	must(t, cmd.Process.Kill())
	cmd.Wait()
	must(t, datadir.Check(root))

	d := opened(t, root)
	_, err = datadir.Open(root)
	reviewtest.WantCode(t, err, review.CodeDirLocked)
	if item := review.ItemOf(err); item != strconv.Itoa(os.Getpid()) {
		t.Errorf("%q has it, it is %d", item, os.Getpid())
	}
	must(t, d.Close())
	must(t, os.WriteFile(filepath.Join(root, "lock"), nil, 0o600))
	opened(t, root)
}

// Of many that open a directory that is not there yet, one gets it.
func TestOpenRace(t *testing.T) {
	for range 20 {
		root := filepath.Join(t.TempDir(), "a", "b")
		var wg sync.WaitGroup
		dirs, errs := make([]*datadir.Dir, 8), make([]error, 8)
		for i := range dirs {
			wg.Go(func() { dirs[i], errs[i] = datadir.Open(root) })
		}
		wg.Wait()
		got := 0
		for i, d := range dirs {
			if errs[i] == nil {
				got++
				must(t, d.Close())
			} else {
				reviewtest.WantCode(t, errs[i], review.CodeDirLocked)
			}
		}
		if got != 1 {
			t.Fatalf("%d have it", got)
		}
	}
}

func TestCheck(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	reviewtest.WantCode(t, datadir.Check(missing), review.CodeFileMissing)
	root := t.TempDir()
	d, err := datadir.Open(root)
	must(t, err)
	must(t, d.Close())
	before := reviewtest.Snapshot(t, root)
	must(t, datadir.Check(root))
	if after := reviewtest.Snapshot(t, root); after != before {
		t.Errorf("touched:\n%s\nwas\n%s", after, before)
	}
	must(t, os.Remove(filepath.Join(root, "lock")))
	must(t, datadir.Check(root))
}

// Open removes what an earlier run left half done, and nothing else.
func TestSweep(t *testing.T) {
	root := t.TempDir()
	must(t, opened(t, root).Close())
	for _, f := range []string{
		"temp/plain.pdf", "papers/a/minutes-01.pdf.heyi.part", "heyi-data.heyi.part",
		"papers/a/minutes-01.pdf", "papers/a/theirs.part", "meetings/m/x.heyi.part", "papers/d.heyi.part/kept",
	} {
		put(t, filepath.Join(root, f), "x")
	}
	opened(t, root)
	want := []string{
		".", "heyi-data", "lock", "meetings", "meetings/m", "meetings/m/x.heyi.part", "papers", "papers/a",
		"papers/a/minutes-01.pdf", "papers/a/theirs.part", "papers/d.heyi.part", "papers/d.heyi.part/kept", "temp",
	}
	if got := reviewtest.Tree(t, root); got != strings.Join(want, "\n") {
		t.Errorf("left\n%s", got)
	}
}

func TestExport(t *testing.T) {
	d := opened(t, t.TempDir())
	path, err := d.Export(testID, "minutes-01.pdf", paper)
	must(t, err)
	if want := filepath.Join(d.Root(), "papers", string(testID), "minutes-01.pdf"); path != want {
		t.Errorf("path %s, want %s", path, want)
	}
	if read(t, path) != string(paper) {
		t.Error("other content")
	}
	before := reviewtest.Snapshot(t, d.Root())
	_, err = d.Export(testID, "minutes-01.pdf", paper)
	must(t, err)
	if after := reviewtest.Snapshot(t, d.Root()); after != before {
		t.Errorf("the same content was written again:\n%s\nwas\n%s", after, before)
	}
	for _, content := range []string{"", "shorter", strings.Repeat("x", len(paper))} {
		_, err = d.Export(testID, "minutes-01.pdf", []byte(content))
		must(t, err)
		if got := read(t, path); got != content {
			t.Errorf("replaced by %q", got)
		}
	}
	_, err = d.Export(testID, "a", []byte("x"))
	must(t, err)
	if got, want := strings.Count(reviewtest.Tree(t, filepath.Join(d.Root(), "papers")), "\n"), 3; got != want {
		t.Errorf("%d paths, want %d", got, want)
	}
}

func TestExportRefuses(t *testing.T) {
	d := opened(t, t.TempDir())
	before := reviewtest.Snapshot(t, d.Root())
	for _, x := range [][2]string{
		{string(testID), ""}, {string(testID), "."}, {string(testID), ".."}, {string(testID), "../x.pdf"}, {string(testID), "a/b"},
		{string(testID), `a\b`}, {string(testID), "/x"}, {string(testID), "A.pdf"}, {string(testID), "会议记录.pdf"}, {string(testID), "a b"},
		{string(testID), "a\x00"}, {string(testID), "a\n"}, {string(testID), "a."}, {string(testID), ".a"}, {string(testID), "-a"},
		{string(testID), "c:a"}, {string(testID), strings.Repeat("a", 101)},
		{"", "a.pdf"}, {"..", "a.pdf"}, {"../..", "a.pdf"},
	} {
		_, err := d.Export(review.MeetingID(x[0]), x[1], paper)
		reviewtest.WantCode(t, err, review.CodeDirFailed)
	}
	if after := reviewtest.Snapshot(t, d.Root()); after != before {
		t.Errorf("left\n%s\nwas\n%s", after, before)
	}

	// A directory has the name: the file does not replace it and leaves nothing.
	must(t, os.MkdirAll(filepath.Join(d.Root(), "papers", string(testID), "taken.pdf", "x"), 0o700))
	before = reviewtest.Tree(t, d.Root())
	_, err := d.Export(testID, "taken.pdf", paper)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	if after := reviewtest.Tree(t, d.Root()); after != before {
		t.Errorf("left\n%s\nwas\n%s", after, before)
	}

	must(t, d.Close())
	_, err = d.Export(testID, "late.pdf", paper)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
}

func TestExportConcurrent(t *testing.T) {
	d := opened(t, t.TempDir())
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			content := append([]byte{byte(i)}, paper...)
			path, err := d.Export(testID, fmt.Sprintf("minutes-%02d.pdf", i%4), content)
			if err != nil {
				t.Error(err)
				return
			}
			if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b[1:], paper) {
				t.Errorf("%s: %d bytes, %v", path, len(b), err)
			}
		})
	}
	wg.Wait()
	if got := strings.Count(reviewtest.Tree(t, filepath.Join(d.Root(), "papers")), ".pdf"); got != 4 {
		t.Errorf("%d papers", got)
	}
}

func TestWriteOut(t *testing.T) {
	out := t.TempDir()
	path := filepath.Join(out, "样本", "deep", "ca.pem")
	must(t, datadir.WriteOut(path, []byte("one")))
	must(t, datadir.WriteOut(path, []byte("two")))
	if got := read(t, path); got != "two" {
		t.Errorf("content %q", got)
	}
	if got := reviewtest.Tree(t, out); got != ".\n样本\n样本/deep\n样本/deep/ca.pem" {
		t.Errorf("made\n%s", got)
	}
	before := reviewtest.Tree(t, out)
	for _, bad := range []string{filepath.Join(out, "样本", "deep"), filepath.Join(path, "below", "x"), filepath.Join(out, "new", strings.Repeat("x", 300))} {
		reviewtest.WantCode(t, datadir.WriteOut(bad, []byte("x")), review.CodeDirFailed)
	}
	if after := reviewtest.Tree(t, out); after != before {
		t.Errorf("left\n%s\nwas\n%s", after, before)
	}
}

// A file that is written piece by piece is there whole or not at all, and what its
// writer failed with comes through.
func TestWriteOutBy(t *testing.T) {
	out := t.TempDir()
	path := filepath.Join(out, "deep", "f.rpk")
	broken := review.E(review.CodePackageSource, "test", "x.pdf", nil)
	pieces := func(end error) func(io.Writer) error {
		return func(w io.Writer) error {
			for range 3 {
				if _, err := w.Write([]byte("piece")); err != nil {
					return err
				}
			}
			return end
		}
	}
	if err := datadir.WriteOutBy(path, pieces(broken)); err != broken {
		t.Errorf("told %v", err)
	}
	if got := reviewtest.Tree(t, out); got != "." {
		t.Errorf("left\n%s", got)
	}
	must(t, datadir.WriteOutBy(path, pieces(nil)))
	if err := datadir.WriteOutBy(path, pieces(broken)); err != broken {
		t.Errorf("told %v", err)
	}
	if got := read(t, path); got != "piecepiecepiece" {
		t.Errorf("content %q", got)
	}
	if got := reviewtest.Tree(t, out); got != ".\ndeep\ndeep/f.rpk" {
		t.Errorf("left\n%s", got)
	}
	reviewtest.WantCode(t, datadir.WriteOutBy(filepath.Join(out, "deep"), pieces(nil)), review.CodeDirFailed)
}
