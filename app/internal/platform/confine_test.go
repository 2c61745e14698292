//go:build linux

package platform

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func init() {
	roles["confined"] = confined
	roles["denied"] = func() { fmt.Println(NetworkDenied()) }
	roles["confined parent"] = confinedParent
}

// confined prints what a confined process can do, one fact a line.
func confined() {
	fmt.Println("denied before:", NetworkDenied())
	const threads = 4
	ask, answers := make(chan struct{}), make(chan error)
	for range threads { // threads that exist before the filter does
		started := make(chan struct{})
		go func() {
			runtime.LockOSThread()
			close(started)
			<-ask
			_, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
			answers <- err
		}()
		<-started
	}
	c, err := Confine()
	fmt.Println("confine:", c, err)
	fmt.Println("denied after:", NetworkDenied())
	close(ask)
	for range threads {
		fmt.Println("other thread:", <-answers)
	}
	_, err = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	fmt.Println("unix socket:", err)
	_, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	fmt.Println("unix pair:", err)
	_, err = unix.Socketpair(unix.AF_TIPC, unix.SOCK_STREAM, 0)
	fmt.Println("tipc pair:", err)
	_, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, 1, 0, 0)
	fmt.Println("io_uring:", errno)
	_, _, errno = unix.Syscall(x32Bit|unix.SYS_SOCKET, unix.AF_UNIX, unix.SOCK_STREAM, 0)
	fmt.Println("x32 number:", errno)
	dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	fmt.Println("dumpable:", dumpable, err)
	var core unix.Rlimit
	fmt.Println("core:", unix.Getrlimit(unix.RLIMIT_CORE, &core), core)
	out, err := playing("denied").Output()
	fmt.Println("child denied:", strings.TrimSpace(string(out)), err)
}

func TestConfine(t *testing.T) {
	out, err := playing("confined").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := `denied before: false
confine: {true true} <nil>
denied after: true
other thread: operation not permitted
other thread: operation not permitted
other thread: operation not permitted
other thread: operation not permitted
unix socket: <nil>
unix pair: <nil>
tipc pair: operation not permitted
io_uring: function not implemented
x32 number: operation not permitted
dumpable: 0 <nil>
core: <nil> {0 0}
child denied: true <nil>
`
	if string(out) != want {
		t.Errorf("a confined process prints\n%s\nwant\n%s", out, want)
	}
}

// confinedParent starts a launcher, confines itself and has a file opened.
func confinedParent() {
	file := os.Getenv("HEYI_PLATFORM_FILE")
	l, err := StartLauncher(self(), filepath.Dir(file))
	if err != nil {
		panic(err)
	}
	if _, err := Confine(); err != nil {
		panic(err)
	}
	fmt.Println("parent denied:", NetworkDenied())
	if err := l.Open(file); err != nil {
		panic(err)
	}
	if err := l.Close(); err != nil {
		panic(err)
	}
}

// The outside viewer must not inherit our confinement: printing, for one, needs
// more than local sockets.
func TestLauncherIsNotConfined(t *testing.T) {
	file := paper(t, t.TempDir(), "a.pdf")
	result := filepath.Join(t.TempDir(), "result")
	script(t, "xdg-open", fmt.Sprintf("%s=denied exec %s > %s", role, self(), result))
	out, err := playing("confined parent", "HEYI_PLATFORM_FILE="+file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	viewer, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(out) + "viewer denied: " + string(viewer); got != "parent denied: true\nviewer denied: false\n" {
		t.Error(got)
	}
}

// An strace of the confined process shows no socket but local ones, apart from
// the attempts of the self-test.
func TestConfineUnderTrace(t *testing.T) {
	script(t, "xdg-open", "exit 0")
	trace := filepath.Join(t.TempDir(), "trace")
	traced := playing("confined parent", "HEYI_PLATFORM_FILE="+paper(t, t.TempDir(), "a.pdf"))
	cmd := exec.Command("strace", "-f", "-e", "trace=%network,io_uring_setup", "-o", trace, self())
	cmd.Env = traced.Env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for line := range strings.Lines(string(b)) {
		switch {
		case !strings.Contains(line, "socket(") || strings.Contains(line, "socket(AF_UNIX"):
		case strings.Contains(line, "= -1 EPERM"):
			refused++
		default:
			t.Errorf("a socket was made: %s", line)
		}
	}
	if refused != 4 {
		t.Errorf("%d sockets refused, want the 4 of the self-test", refused)
	}
}
