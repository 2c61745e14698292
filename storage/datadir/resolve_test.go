package datadir

import (
	"os"
	"path/filepath"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

func TestResolve(t *testing.T) {
	bin, portable := t.TempDir(), t.TempDir()
	must(t, os.WriteFile(filepath.Join(bin, portableName), nil, 0o600)) // a file of that name is no directory
	must(t, os.Mkdir(filepath.Join(portable, portableName), 0o700))
	here, err := os.Getwd()
	must(t, err)
	abs := filepath.Join(here, "x")
	tests := []struct {
		name, system, flag, dir string
		fixed                   bool
		env                     map[string]string
		want, missing           string
	}{
		{"flag", "linux", abs, portable, true, nil, abs, ""},
		{"flag, relative", "linux", "x", portable, true, nil, abs, ""},
		{"beside the binary", "linux", "", portable, true, map[string]string{"HOME": "/h"}, filepath.Join(portable, portableName), ""},
		{"beside the binary, Windows", "windows", "", portable, true, nil, filepath.Join(portable, portableName), ""},
		{"beside the binary on a stick", "linux", "", portable, false, map[string]string{"HOME": "/h"}, "/h/.local/share/heyi", ""},
		{"XDG", "linux", "", bin, true, map[string]string{"HOME": "/h", "XDG_DATA_HOME": abs}, filepath.Join(abs, "heyi"), ""},
		{"XDG, relative", "linux", "", bin, true, map[string]string{"HOME": "/h", "XDG_DATA_HOME": "x"}, "/h/.local/share/heyi", ""},
		{"Linux", "linux", "", bin, true, map[string]string{"HOME": "/h"}, "/h/.local/share/heyi", ""},
		{"Windows", "windows", "", bin, true, map[string]string{"LOCALAPPDATA": "/l", "HOME": "/h"}, "/l/heyi", ""},
		{"macOS", "darwin", "", bin, true, map[string]string{"HOME": "/h", "XDG_DATA_HOME": abs}, "/h/Library/Application Support/heyi", ""},
		{"Linux without home", "linux", "", bin, true, nil, "", "HOME"},
		{"macOS without home", "darwin", "", bin, true, nil, "", "HOME"},
		{"Windows without home", "windows", "", bin, true, map[string]string{"HOME": "/h"}, "", "LOCALAPPDATA"},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			got, err := resolve(x.system, x.flag, filepath.Join(x.dir, "heyi"),
				func(k string) string { return x.env[k] }, func(string) bool { return x.fixed })
			if x.missing != "" {
				reviewtest.WantCode(t, err, review.CodeDirFailed)
				if item := review.ItemOf(err); item != x.missing {
					t.Errorf("item %q, want %q", item, x.missing)
				}
				return
			}
			must(t, err)
			if filepath.ToSlash(got) != filepath.ToSlash(x.want) {
				t.Errorf("got %s, want %s", got, x.want)
			}
		})
	}
	got, err := Resolve("", filepath.Join(bin, "heyi"), func(string) string { return abs })
	must(t, err)
	if filepath.Base(got) != "heyi" {
		t.Errorf("got %s", got)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
