//go:build window

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait for something that is to happen.
const patience = 30 * time.Second

// desktop is a private screen with a window manager and a Chinese input method,
// and nothing of the machine's own session: its home, its bus and its display
// end with the test.
type desktop struct {
	t    testing.TB
	home string
	env  []string
}

// newDesktop starts a screen of the given size, as in "1366x768".
func newDesktop(t testing.TB, size string) *desktop {
	t.Helper()
	d := &desktop{t: t, home: t.TempDir()}
	for _, dir := range []string{"config/fcitx5", "config/openbox", "cache", "data", "run"} {
		if err := os.MkdirAll(filepath.Join(d.home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	// What XIM needs of a locale is UTF-8; which language it names is not to matter.
	d.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + d.home, "LANG=zh_CN.UTF-8", "LC_CTYPE=C.UTF-8",
		"XDG_CONFIG_HOME=" + d.home + "/config", "XDG_CACHE_HOME=" + d.home + "/cache",
		"XDG_DATA_HOME=" + d.home + "/data", "XDG_RUNTIME_DIR=" + d.home + "/run",
		"DBUS_SESSION_BUS_ADDRESS=disabled:", "XMODIFIERS=@im=fcitx",
	}

	number, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer number.Close()
	x := d.daemon(nil, "Xvfb", "-displayfd", "3", "-screen", "0", size+"x24", "-nolisten", "tcp", "-noreset", "-fbdir", d.home)
	x.ExtraFiles = []*os.File{w}
	d.run(x)
	w.Close()
	display := make([]byte, 16)
	number.SetReadDeadline(time.Now().Add(patience))
	n, err := number.Read(display)
	if err != nil {
		t.Fatalf("Xvfb gives no display: %v", err)
	}
	d.env = append(d.env, "DISPLAY=:"+strings.TrimSpace(string(display[:n])))
	d.write("config/openbox/rc.xml", openboxConfig)
	d.run(d.daemon(nil, "openbox"))

	d.write("config/fcitx5/profile", fcitxProfile)
	bus := d.home + "/run/bus"
	d.write("bus.conf", fmt.Sprintf(busConfig, bus))
	d.run(d.daemon(nil, "dbus-daemon", "--config-file="+d.home+"/bus.conf", "--nofork", "--nopidfile"))
	d.waitFor("the bus of the input method", func() bool { _, err := os.Stat(bus); return err == nil })
	d.run(d.daemon([]string{"DBUS_SESSION_BUS_ADDRESS=unix:path=" + bus}, "fcitx5"))
	d.waitFor("the input method", func() bool { return d.fcitx() != "" })
	return d
}

// openboxConfig gives a window the whole screen, as on a small laptop.
const openboxConfig = `<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <keyboard><keybind key="A-F4"><action name="Close"/></keybind></keyboard>
  <applications><application class="*"><decor>no</decor><maximized>yes</maximized></application></applications>
</openbox_config>
`

const fcitxProfile = `[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin

[Groups/0/Items/0]
Name=keyboard-us
Layout=

[Groups/0/Items/1]
Name=pinyin
Layout=

[GroupOrder]
0=Default
`

// busConfig leaves out the machine's own: its services would be started unasked.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// daemon prepares a program that lives as long as the test. It is killed with
// the test process too, however that ends.
func (d *desktop) daemon(env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = append(append([]string{}, d.env...), env...)
	cmd.Dir = d.home
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// run starts a daemon and ends it with the test.
func (d *desktop) run(cmd *exec.Cmd) {
	d.t.Helper()
	if err := cmd.Start(); err != nil {
		d.t.Fatalf("%s (does .ci/setup test install it?): %v", cmd.Path, err)
	}
	d.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

// tool runs a short program on the screen and gives what it printed; failures
// are for the caller to wait out.
func (d *desktop) tool(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = d.env
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// must is tool for what has no reason to fail.
func (d *desktop) must(name string, args ...string) string {
	d.t.Helper()
	out, err := d.tool(name, args...)
	if err != nil {
		d.t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return out
}

func (d *desktop) write(name, content string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.home, name), []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// waitFor looks until ok holds; it ends the test when patience is over.
func (d *desktop) waitFor(what string, ok func() bool) {
	d.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-tick.C {
		if ok() {
			return
		}
	}
	d.picture("failed")
	d.t.Fatalf("waited %v in vain for %s", patience, what)
}

// fcitx asks the input method for its state: "2" while it composes Chinese, "1"
// while it lets keys through, "0" without a field, "" if it does not answer.
func (d *desktop) fcitx() string {
	out, _ := d.daemon([]string{"DBUS_SESSION_BUS_ADDRESS=unix:path=" + d.home + "/run/bus"}, "fcitx5-remote").Output()
	return strings.TrimSpace(string(out))
}

// pinyin switches the input method on or off for the window in front, by its
// key: an order to it by another road would overtake the keys typed before.
func (d *desktop) pinyin(on bool) {
	d.t.Helper()
	want := "1"
	if on {
		want = "2"
	}
	d.waitFor("a field with an input method", func() bool { return d.fcitx() > "0" })
	if d.fcitx() != want {
		d.keys("ctrl+space")
		d.waitFor("the input method to switch", func() bool { return d.fcitx() == want })
	}
}

// The typist's pace: the time for a key, and the pause after a piece of text. A
// key that reaches the program before the text of the one before it counts as
// the input method's, so nobody types as fast as a machine could.
const (
	keyTime   = "50"  // ms
	textPause = "1.5" // s
)

// keys presses keys one after another, named as xdotool names them.
func (d *desktop) keys(names ...string) {
	d.t.Helper()
	d.must("xdotool", append(append([]string{"key", "--delay", keyTime}, names...), "sleep", textPause)...)
}

// compose types pinyin and takes the first candidate of each piece.
func (d *desktop) compose(pieces ...string) {
	d.t.Helper()
	d.pinyin(true)
	for _, p := range pieces {
		d.keys(append(strings.Split(p, ""), "space")...)
	}
}

// latin types letters, digits and signs past the input method.
func (d *desktop) latin(text string) {
	d.t.Helper()
	d.pinyin(false)
	d.must("xdotool", "type", "--delay", keyTime, "--args", "1", text, "sleep", textPause)
}

// picture keeps a picture of the screen for people; nothing is asserted on it.
func (d *desktop) picture(name string) {
	d.t.Helper()
	if _, err := d.tool("import", "-window", "root", filepath.Join(picturesDir(d), name+".png")); err != nil {
		d.t.Logf("no picture %s: %v", name, err)
	}
}

// picturesDir is where pictures are kept: in HEYI_PICTURES, or only as long as
// the test runs.
func picturesDir(d *desktop) string {
	d.t.Helper()
	dir := os.Getenv("HEYI_PICTURES")
	if dir == "" {
		return d.home
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		d.t.Fatal(err)
	}
	return dir
}

// program is one run of heyi on a desktop, without a network and with every
// call to one on record.
type program struct {
	*desktop
	cmd    *exec.Cmd
	pid    int // of heyi itself
	window string
	stderr *os.File
	calls  string // strace's record
	ended  chan error

	pressed time.Time // when a primary action was last done
}

// region moves the focus to another region of the window: one step goes from the
// page to the primary button, two to the rail.
func (p *program) region(steps int) {
	p.t.Helper()
	for range steps {
		p.keys("F6")
	}
}

// primary does the page's primary action.
func (p *program) primary() {
	p.t.Helper()
	p.keys("ctrl+Return")
}

// binary is the program under test.
func binary(t testing.TB) string {
	t.Helper()
	bin := os.Getenv("HEYI_BIN")
	if bin == "" {
		t.Fatal("HEYI_BIN names no program to test; run the tests of the window with make")
	}
	return bin
}

// start runs heyi with the arguments in a network namespace of its own, under
// strace, and waits for its window.
func (d *desktop) start(args ...string) *program {
	d.t.Helper()
	stderr, err := os.CreateTemp(d.home, "stderr-")
	if err != nil {
		d.t.Fatal(err)
	}
	p := &program{desktop: d, stderr: stderr, calls: stderr.Name() + ".strace", ended: make(chan error, 1)}
	line := []string{"-n"}
	if os.Getuid() != 0 {
		line = []string{"-r", "-n"}
	}
	line = append(line, "strace", "-f", "--seccomp-bpf", "-e", "trace=network,io_uring_setup", "-o", p.calls, binary(d.t))
	p.cmd = d.daemon(nil, "unshare", append(line, args...)...)
	p.cmd.Stderr = stderr
	if err := p.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	d.t.Cleanup(func() {
		if p.pid != 0 {
			syscall.Kill(p.pid, syscall.SIGKILL)
		}
		p.cmd.Process.Kill()
		stderr.Close()
	})
	d.waitFor("the window", func() bool {
		p.window, err = d.tool("xdotool", "search", "--onlyvisible", "--name", "合议")
		return err == nil && p.window != ""
	})
	d.waitFor("the window in front", func() bool {
		d.tool("xdotool", "windowactivate", p.window)
		front, err := d.tool("xdotool", "getactivewindow")
		return err == nil && front == p.window
	})
	d.waitFor("the first page, at rest", d.still())
	p.pid, err = strconv.Atoi(d.must("xdotool", "getwindowpid", p.window))
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// still gives a condition that holds when the screen shows something and has not
// changed from one look to the next. A page with a blinking caret never is still.
func (d *desktop) still() func() bool {
	last, looked := "", time.Time{}
	return func() bool {
		if time.Since(looked) < 300*time.Millisecond {
			return false
		}
		looked = time.Now()
		now, err := d.tool("import", "-window", "root", "-depth", "8", "rgb:-")
		same := err == nil && now == last && strings.Trim(now, "\x00") != ""
		last = now
		return same
	}
}

// at waits until the window shows a place, which its title names.
func (p *program) at(place string) {
	p.t.Helper()
	p.waitFor("the page "+place, func() bool { return strings.HasPrefix(p.title(), place+" ") })
}

func (p *program) title() string {
	title, _ := p.tool("xdotool", "getwindowname", p.window)
	return title
}

// kill ends heyi as a power cut would, and waits until all that it started is gone too.
func (p *program) kill() {
	p.t.Helper()
	if err := syscall.Kill(p.pid, syscall.SIGKILL); err != nil {
		p.t.Fatal(err)
	}
	p.gone()
}

// close asks the window to close, as the window manager's key does, and waits
// for the end.
func (p *program) close() {
	p.t.Helper()
	p.keys("alt+F4")
	if err := p.gone(); err != nil {
		p.t.Errorf("heyi ended with %v", err)
	}
}

// gone waits for the end of heyi and of everything that it started, and looks
// through what they left on record.
func (p *program) gone() error {
	p.t.Helper()
	var err error
	select {
	case err = <-p.ended:
	case <-time.After(patience):
		p.t.Fatal("heyi, or something that it started, does not end")
	}
	p.pid = 0
	p.inspect()
	return err
}

var (
	complaint = regexp.MustCompile(`Fyne error|call thread|panic:|runtime error`)
	family    = regexp.MustCompile(`\bA[FP]_[A-Z0-9]+`)
)

// inspect fails the test if heyi complained, or touched any socket other than
// those between programs of this machine.
func (p *program) inspect() {
	p.t.Helper()
	said, err := os.ReadFile(p.stderr.Name())
	if err != nil {
		p.t.Fatal(err)
	}
	if complaint.Match(said) {
		p.t.Errorf("heyi complains:\n%s", said)
	}
	calls, err := os.ReadFile(p.calls)
	if err != nil {
		p.t.Fatal(err)
	}
	seen := map[string]int{}
	for _, f := range family.FindAllString(string(calls), -1) {
		seen[f]++
	}
	if seen["AF_UNIX"] == 0 {
		p.t.Error("strace saw no AF_UNIX socket, so it saw nothing: the display is reached through one")
	}
	delete(seen, "AF_UNIX")
	if len(seen) > 0 {
		p.t.Errorf("heyi used other sockets than AF_UNIX: %v", seen)
	}
	if bytes.Contains(calls, []byte("io_uring_setup")) {
		p.t.Error("heyi called io_uring_setup, which makes sockets unseen")
	}
}

// output runs a command line of heyi and gives what it printed and its exit code.
func output(t testing.TB, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(t), args...)
	cmd.Env = env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return out.String(), errs.String(), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", cmd, err))
	}
	return out.String(), errs.String(), 0
}
