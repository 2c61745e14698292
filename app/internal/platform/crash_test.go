package platform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

func init() {
	roles["crash"] = func() {
		if _, err := CatchCrashes(os.Getenv("HEYI_PLATFORM_FILE")); err != nil {
			panic(err)
		}
		hung := make(chan struct{})
		go func() { panic("a broken invariant") }()
		<-hung
	}
}

func TestCatchCrashes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crash.txt")
	done, err := CatchCrashes(path)
	if err != nil {
		t.Fatal(err)
	}
	if !PreviousCrash(path) {
		t.Error("nothing would tell of a kill")
	}
	done()
	if PreviousCrash(path) {
		t.Error("a clean end looks like a crash")
	}

	for range 2 { // the second crash finds the traces of the first
		if out, err := playing("crash", "HEYI_PLATFORM_FILE="+path).CombinedOutput(); err == nil {
			t.Fatalf("did not crash: %s", out)
		}
		if !PreviousCrash(path) {
			t.Error("the crash left nothing")
		}
		wantTrace(t, path)
	}
	wantTrace(t, path+".last")

	done, err = CatchCrashes(path)
	if err != nil {
		t.Fatal(err)
	}
	done()
	if PreviousCrash(path) {
		t.Error("the crash is reported for ever")
	}
	wantTrace(t, path+".last")
}

func wantTrace(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(b); strings.Count(s, "panic: a broken invariant") != 1 || !strings.Contains(s, "platform.init") {
		t.Errorf("%s has no one trace:\n%s", filepath.Base(path), s)
	}
}

func TestCatchCrashesCannot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "crash.txt")
	_, err := CatchCrashes(path)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
}
