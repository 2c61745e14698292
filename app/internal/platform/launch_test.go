//go:build unix

package platform

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"heyi/review"
	"heyi/review/reviewtest"
)

// paper makes a file below dir.
func paper(t *testing.T, dir, name string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func launcher(t *testing.T, root string) *Launcher {
	t.Helper()
	l, err := StartLauncher(self(), root)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLauncherOpens(t *testing.T) {
	opened := filepath.Join(t.TempDir(), "opened")
	script(t, "xdg-open", `printf '%s\n' "$#" "$1" >> `+opened)
	root := t.TempDir()
	first, second := paper(t, root, "meetings/m/会议记录 1.pdf"), paper(t, root, "-x.PDF")
	l := launcher(t, root)
	for _, path := range []string{first, second} {
		if err := l.Open(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Errorf("the launcher ended with %v", err)
	}
	got, err := os.ReadFile(opened)
	if err != nil {
		t.Fatal(err)
	}
	if want := "1\n" + first + "\n1\n" + second + "\n"; string(got) != want {
		t.Errorf("xdg-open got %q, want %q", got, want)
	}
}

// TestLauncherPrints holds that a file goes to lp by its full name, or to the viewer where
// there is no lp, and that what lp says of a failure is kept.
func TestLauncherPrints(t *testing.T) {
	did := filepath.Join(t.TempDir(), "did")
	script(t, "xdg-open", `printf 'open %s\n' "$1" >> `+did)
	root := t.TempDir()
	file := paper(t, root, "papers/m/a.pdf")
	l := launcher(t, root)
	if printed, err := l.Print(file); printed || err != nil {
		t.Errorf("without lp: %v, %v", printed, err)
	}
	script(t, "lp", `printf '%s|' lp "$@" >> `+did)
	l.Close()
	l = launcher(t, root)
	if printed, err := l.Print(file); !printed || err != nil {
		t.Errorf("with lp: %v, %v", printed, err)
	}
	if got, err := os.ReadFile(did); err != nil || string(got) != "open "+file+"\nlp|--|"+file+"|" {
		t.Errorf("did %q, %v", got, err)
	}
	script(t, "lp", "echo no printer; exit 1")
	l.Close()
	l = launcher(t, root)
	defer l.Close()
	printed, err := l.Print(file)
	if reviewtest.WantCode(t, err, review.CodeOpenFailed); printed || !strings.Contains(err.Error(), "no printer") {
		t.Errorf("%v, %v", printed, err)
	}
}

func TestLauncherRefuses(t *testing.T) {
	opened := filepath.Join(t.TempDir(), "opened")
	script(t, "xdg-open", "touch "+opened)
	root, outside := t.TempDir(), t.TempDir()
	inside := paper(t, root, "a.pdf")
	link := filepath.Join(root, "link.pdf")
	if err := os.Symlink(paper(t, outside, "b.pdf"), link); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(root, "d.pdf"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(filepath.Join(root, "f.pdf"), 0o600); err != nil {
		t.Fatal(err)
	}
	l := launcher(t, root)
	for name, path := range map[string]string{
		"relative":         "a.pdf",
		"empty":            "",
		"missing":          filepath.Join(root, "none.pdf"),
		"outside":          filepath.Join(outside, "b.pdf"),
		"outside by dots":  root + "/../" + filepath.Base(outside) + "/b.pdf",
		"outside by link":  link,
		"directory":        filepath.Join(root, "d.pdf"),
		"pipe":             filepath.Join(root, "f.pdf"),
		"the root itself":  root,
		"program":          paper(t, root, "run.sh"),
		"desktop entry":    paper(t, root, "x.pdf.desktop"),
		"address":          "https://a.invalid/a.pdf",
		"file address":     "file://" + inside,
		"longer than line": "/" + strings.Repeat("a", maxRequest),
	} {
		t.Run(name, func(t *testing.T) {
			err := l.Open(path)
			reviewtest.WantCode(t, err, review.CodeOpenFailed)
		})
	}
	l.Close()
	if _, err := os.Stat(opened); err == nil {
		t.Error("xdg-open was started")
	}
}

func TestLauncherViewerFails(t *testing.T) {
	root := t.TempDir()
	file := paper(t, root, "a.pdf")
	t.Run("opener fails", func(t *testing.T) {
		script(t, "xdg-open", "exit 3")
		l := launcher(t, root)
		defer l.Close()
		err := l.Open(file)
		reviewtest.WantCode(t, err, review.CodeOpenFailed)
		if review.ItemOf(err) != "a.pdf" {
			t.Errorf("item %q", review.ItemOf(err))
		}
	})
	t.Run("no opener", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		l := launcher(t, root)
		defer l.Close()
		reviewtest.WantCode(t, l.Open(file), review.CodeOpenFailed)
	})
	t.Run("launcher gone", func(t *testing.T) {
		l := launcher(t, root)
		l.Close()
		reviewtest.WantCode(t, l.Open(file), review.CodeOpenFailed)
	})
	t.Run("no launcher", func(t *testing.T) {
		_, err := StartLauncher(filepath.Join(root, "none"), root)
		reviewtest.WantCode(t, err, review.CodeOpenFailed)
	})
}

// A viewer that xdg-open runs in the foreground is open while it runs, and
// outlives the launcher.
func TestLauncherViewerStays(t *testing.T) {
	root, dir := t.TempDir(), t.TempDir()
	hold := filepath.Join(dir, "hold")
	if err := unix.Mkfifo(hold, 0o600); err != nil {
		t.Fatal(err)
	}
	done := filepath.Join(dir, "done")
	if err := unix.Mkfifo(done, 0o600); err != nil {
		t.Fatal(err)
	}
	script(t, "xdg-open", "read line < "+hold+"; echo $line > "+done)
	l := launcher(t, root)
	if err := l.Open(paper(t, root, "a.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(hold, []byte("closed by its reader\n"), 0); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(done)
	if err != nil || string(got) != "closed by its reader\n" {
		t.Errorf("viewer said %q, %v", got, err)
	}
}

func TestServe(t *testing.T) {
	root := t.TempDir()
	file := paper(t, root, "a.pdf")
	in := `{"open":"` + file + "\"}\nnonsense\n{}\n"
	var out bytes.Buffer
	var shown []string
	err := serve(strings.NewReader(in), &out, root, func(path string) error {
		shown = append(shown, path)
		return errors.New("no viewer")
	}, func(string) (bool, error) { panic("nobody asked for it") })
	if err != nil {
		t.Fatal(err)
	}
	replies := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(replies) != 3 || replies[0] != `{"error":"no viewer"}` || replies[2] != `{"error":"path is not absolute"}` {
		t.Errorf("replies %q", replies)
	}
	if len(shown) != 1 || shown[0] != file {
		t.Errorf("shown %q", shown)
	}
}
