//go:build !headless

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"heyi/app/internal/platform"
	"heyi/app/internal/present"
	"heyi/review"
	"heyi/review/reviewtest"
)

// cache is where the tests' viewing processes keep PDFium compiled.
var cache string

// TestMain makes the tests' program what the real one is to its children.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && children[os.Args[1]] != nil {
		main()
		return
	}
	var err error
	if cache, err = os.MkdirTemp("", "heyi-view-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(cache)
	os.Exit(code)
}

func viewerOf(t *testing.T) *viewer {
	t.Helper()
	v := newViewer(self(t), cache)
	t.Cleanup(v.Close)
	if err := v.Warm(); err != nil {
		t.Fatal(err)
	}
	return v
}

func self(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

func fixture(t *testing.T, path string) *bytes.Reader {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b)
}

func show(t *testing.T, v *viewer, path string) present.Shown {
	t.Helper()
	src := fixture(t, path)
	s, err := v.Open(src, src.Size())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	signed     = "../reports/testdata/changes-v1.pdf"
	locked     = "../reports/view/testdata/locked.pdf"
	restricted = "../reports/view/testdata/restricted.pdf"
)

// TestViewer shows a paper in a process of its own, and says what cannot be shown.
func TestViewer(t *testing.T) {
	v := viewerOf(t)
	s := show(t, v, signed)
	if p := s.Pages(); len(p) != 2 || int(p[0].Width) != 595 || int(p[0].Height) != 841 {
		t.Errorf("%v", p)
	}
	img, err := s.Page(1, 620)
	if err != nil || img.Bounds().Dx() != 620 || img.Bounds().Dy() != 877 {
		t.Errorf("%v: %v", img, err)
	}
	hits, err := s.Find("变更认可")
	if err != nil || len(hits) == 0 || hits[0].Page != 0 || len(hits[0].Boxes) != 1 {
		t.Errorf("%v: %v", hits, err)
	}

	_, err = s.Page(2, 620)
	reviewtest.WantCode(t, err, review.CodeViewFailed)
	text := strings.NewReader("no PDF")
	_, err = v.Open(text, text.Size())
	reviewtest.WantCode(t, err, review.CodeViewForm)
	src := fixture(t, locked)
	_, err = v.Open(src, src.Size())
	reviewtest.WantCode(t, err, review.CodeViewLocked)

	if err := s.Close(); err != nil {
		t.Error(err)
	}
	_, err = s.Page(0, 620)
	reviewtest.WantCode(t, err, review.CodeViewFailed)
	_, err = s.Find("变更")
	reviewtest.WantCode(t, err, review.CodeViewFailed)

	other := show(t, v, restricted)
	v.Close()
	_, err = other.Page(0, 100)
	reviewtest.WantCode(t, err, review.CodeViewFailed)
	reviewtest.WantCode(t, v.Warm(), review.CodeViewFailed)
}

// TestViewerDies: a process that is gone is made again, and what was open is opened again.
func TestViewerDies(t *testing.T) {
	v := viewerOf(t)
	a, b := show(t, v, signed), show(t, v, restricted)
	for range 2 * viewStrikes { // more than one document may cost: it is not its fault
		if err := v.client.Close(); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for _, s := range []present.Shown{a, b, a} {
			wg.Go(func() {
				if _, err := s.Page(0, 100); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
}

// TestViewerHangs: a request that takes too long costs its process; the document can be
// tried again, but not for ever, and others are shown as before.
func TestViewerHangs(t *testing.T) {
	v := viewerOf(t)
	bad, good := show(t, v, signed), show(t, v, restricted)
	real := v.start
	var hang bool
	v.start = func() (io.ReadWriteCloser, error) {
		c, err := real()
		if err == nil && hang {
			_, err = io.ReadFull(c, make([]byte, 7)) // what it says first is never heard
		}
		return c, err
	}
	again := func(slow bool) {
		hang, v.limit = slow, viewLimit
		if slow {
			v.limit = 50 * time.Millisecond
		}
		if err := v.client.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for range viewStrikes {
		again(true)
		_, err := bad.Page(0, 100)
		reviewtest.WantCode(t, err, review.CodeViewFailed)
		again(false)
		if _, err := good.Page(0, 100); err != nil {
			t.Fatal(err)
		}
	}
	_, err := bad.Page(0, 100)
	reviewtest.WantCode(t, err, review.CodeViewFailed)
	if err := bad.Close(); err != nil {
		t.Error(err)
	}
}

// TestViewerWithoutProgram: a program that cannot be started is said.
func TestViewerWithoutProgram(t *testing.T) {
	v := newViewer(self(t)+"-gone", cache)
	src := fixture(t, signed)
	_, err := v.Open(src, src.Size())
	reviewtest.WantCode(t, err, review.CodeViewFailed)
	v.Close()
}

// TestViewing: the process is confined, and ends with its input.
func TestViewing(t *testing.T) {
	cmd := exec.Command(self(t), platform.ViewerWord, cache)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 7)); err != nil {
		t.Error(err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil || !strings.Contains(string(status), "Seccomp:\t2\n") {
		t.Errorf("not confined: %v\n%s", err, status)
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// TestViewCache: compiled code is the user's, wherever the data are.
func TestViewCache(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", home)
	if got := viewCache(); !strings.HasPrefix(got, home+string(os.PathSeparator)) {
		t.Errorf("%q", got)
	}
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if got := viewCache(); got != "" {
		t.Errorf("without a home: %q", got)
	}
}
