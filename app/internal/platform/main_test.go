package platform

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// role is the environment variable by which a test starts this binary again as
// the process that it is about: what platform does cannot be undone.
const role = "HEYI_PLATFORM_TEST"

// roles are those processes. Each prints what the test then compares.
var roles = map[string]func(){}

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == LauncherWord {
		if err := Serve(os.Stdin, os.Stdout, os.Args[2]); err != nil {
			panic(err)
		}
		return
	}
	if play, ok := roles[os.Getenv(role)]; ok {
		play()
		return
	}
	os.Exit(m.Run())
}

// self gives the path of this binary.
func self() string {
	exe, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return exe
}

// playing prepares this binary to run as a role, in a language that Fyne can
// parse: it complains on the standard error otherwise.
func playing(name string, env ...string) *exec.Cmd {
	cmd := exec.Command(self())
	cmd.Env = append(append(os.Environ(), role+"="+name, "LANG=zh_CN.UTF-8"), env...)
	return cmd
}

// script writes an executable shell script under a name into a new directory
// that goes before PATH.
func script(t *testing.T, name, body string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}
