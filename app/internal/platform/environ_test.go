//go:build linux

package platform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestRedirectFyne(t *testing.T) {
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "DBUS_SESSION_BUS_ADDRESS"} {
		t.Setenv(name, "x") // brought back after the test
	}
	home, dir := os.Getenv("HOME"), t.TempDir()
	if err := RedirectFyne(dir); err != nil {
		t.Fatal(err)
	}
	config, err := os.UserConfigDir()
	if err != nil || !strings.HasPrefix(config, dir) {
		t.Errorf("settings go to %s, %v", config, err)
	}
	cache, err := os.UserCacheDir()
	if err != nil || !strings.HasPrefix(cache, dir) || cache == config {
		t.Errorf("caches go to %s, %v", cache, err)
	}
	if got := os.Getenv("HOME"); got != home {
		t.Errorf("HOME is %s", got)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("made %v, %v", files, err)
	}
}

func TestComplain(t *testing.T) {
	said := filepath.Join(t.TempDir(), "said")
	if err := unix.Mkfifo(said, 0o600); err != nil {
		t.Fatal(err)
	}
	script(t, "zenity", `printf '%s\n' "$@" > `+said)
	stderr := os.Stderr
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stderr = w
	Complain("没有显示器。<b>什么也没有改动。</b>")
	os.Stderr = stderr
	w.Close()
	line := make([]byte, 200)
	n, err := r.Read(line)
	if err != nil || string(line[:n]) != "没有显示器。<b>什么也没有改动。</b>\n" {
		t.Errorf("stderr has %q, %v", line[:n], err)
	}
	box, err := os.ReadFile(said)
	if want := "--error\n--no-markup\n--text=没有显示器。<b>什么也没有改动。</b>\n"; err != nil || string(box) != want {
		t.Errorf("zenity got %q, %v", box, err)
	}
}
