//go:build linux

package platform

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/reviewtest"
)

// xserver starts an Xvfb of its own and gives its display and how to end it.
func xserver(t *testing.T, args ...string) (display string, stop func()) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-nolisten", "tcp", "-noreset"}, args...)...)
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	stop = func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
	t.Cleanup(stop)
	var number string
	if _, err := fmt.Fscanln(r, &number); err != nil {
		t.Fatal(err)
	}
	return ":" + number, stop
}

func env(display string) func(string) string {
	return func(name string) string {
		return map[string]string{"DISPLAY": display, "WAYLAND_DISPLAY": "wayland-0"}[name]
	}
}

func TestCheckDisplay(t *testing.T) {
	display, stop := xserver(t)
	for _, name := range []string{display, display + ".0", "unix" + display, "unix/" + display} {
		if err := CheckDisplay(env(name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"", display[1:], ":", ":x", ":-1", ":../../x", "otherhost" + display, "localhost" + display} {
		t.Run(name, func(t *testing.T) {
			reviewtest.WantCode(t, CheckDisplay(env(name)), review.CodeNoDisplay)
		})
	}
	stop()
	reviewtest.WantCode(t, CheckDisplay(env(display)), review.CodeNoDisplay)
}

// A server that wants authorisation is there; that it refuses is for ShowWindow.
func TestCheckDisplayThatRefuses(t *testing.T) {
	auth := filepath.Join(t.TempDir(), "auth")
	if out, err := exec.Command("xauth", "-f", auth, "add", ":0", ".", strings.Repeat("ab", 16)).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	display, _ := xserver(t, "-auth", auth)
	if err := CheckDisplay(env(display)); err != nil {
		t.Error(err)
	}
}

func TestCheckDisplayThatIsSilent(t *testing.T) {
	for name, serve := range map[string]func(net.Conn){
		"hangs":  func(net.Conn) {},
		"closes": func(c net.Conn) { c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			listener, display := fakeServer(t)
			go func() {
				for {
					c, err := listener.Accept()
					if err != nil {
						return
					}
					serve(c)
				}
			}()
			if err := greet(display, 50*time.Millisecond); err == nil {
				t.Error("a server that says nothing counts as a display")
			}
		})
	}
}

// fakeServer listens where a display would.
func fakeServer(t *testing.T) (net.Listener, string) {
	t.Helper()
	for n := 60000; n < 60100; n++ {
		if l, err := net.Listen("unix", fmt.Sprintf("@/tmp/.X11-unix/X%d", n)); err == nil {
			t.Cleanup(func() { l.Close() })
			return l, fmt.Sprintf(":%d", n)
		}
	}
	t.Fatal("no free display number")
	return nil, ""
}
