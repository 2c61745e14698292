//go:build window && bench

package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/paper"
	"heyi/review/seal"
)

// benchHead begins the table; a line of it is one run.
const benchHead = `# Measured

One line for each ` + "`make bench`" + `; medians. Nothing here is asserted. *start*: from exec to the first frame of the window, on
a private Xvfb with software OpenGL. *resident*: one second later. *record*: a paragraph signed, stored and synced;
*fsync*: 4 KiB written over and synced on the same disk. *page*: one page composed, finished as PDF/A and signed.

| date | machine | Go | start ms | resident MB | record ms | fsync ms | record/fsync | page ms |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
`

// TestBench measures and adds a line to the table that HEYI_BENCH names.
func TestBench(t *testing.T) {
	table := os.Getenv("HEYI_BENCH")
	if table == "" {
		t.Fatal("HEYI_BENCH names no table; run make bench")
	}
	start, resident := measureWindow(t)
	record, fsync := measureRecord(t), measureFsync(t)
	line := fmt.Sprintf("| %s | %s | %s | %d | %d | %.1f | %.1f | %.1f | %.1f |\n",
		time.Now().Format(time.DateOnly), machine(t), strings.TrimPrefix(runtime.Version(), "go"),
		start.Milliseconds(), resident>>20, ms(record), ms(fsync), ms(record)/ms(fsync), ms(measurePage(t)))

	text, err := os.ReadFile(table)
	if os.IsNotExist(err) {
		text, err = []byte(benchHead), nil
	}
	if err == nil {
		err = os.WriteFile(table, append(text, line...), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Log(line)
}

// measureWindow starts the window a few times and gives the median time to the
// first frame and memory.
func measureWindow(t *testing.T) (start time.Duration, resident int64) {
	d := newDesktop(t, "1366x768")
	data := filepath.Join(d.home, "meetings")
	var starts []time.Duration
	var sizes []int64
	for range 5 {
		began := time.Now()
		cmd := d.daemon(nil, binary(t), "--data", data, "--measure")
		said, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 256)
		n, err := said.Read(buf)
		if err != nil || !strings.HasPrefix(string(buf[:n]), "first-frame ") {
			t.Fatalf("heyi --measure says %q, %v", buf[:n], err)
		}
		starts = append(starts, time.Since(began))
		<-time.After(time.Second)
		sizes = append(sizes, residentOf(t, cmd.Process.Pid))
		cmd.Process.Kill()
		cmd.Wait()
	}
	return median(starts), median(sizes)
}

// residentOf gives a process's resident memory in bytes.
func residentOf(t *testing.T, pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(b)
	if m == nil {
		t.Fatal("no VmRSS")
	}
	kb, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb << 10
}

func measureRecord(t *testing.T) time.Duration {
	h := &house{}
	s, dir, err := h.open(filepath.Join(t.TempDir(), "data"), "")
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	x, err := s.Create(meeting.NewMeeting{Title: "评审会议", Secretary: "张三", Passphrase: "0123456789", Repeated: "0123456789", Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	return repeat(t, 50, func() error { return x.Record(strings.Repeat("评审意见", 40)) })
}

func measureFsync(t *testing.T) time.Duration {
	f, err := os.Create(filepath.Join(t.TempDir(), "page"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	return repeat(t, 50, func() error {
		if _, err := f.WriteAt(page, 0); err != nil {
			return err
		}
		return f.Sync()
	})
}

func measurePage(t *testing.T) time.Duration {
	papers, err := (&house{}).paper()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().Truncate(time.Second)
	who, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	ca, err := seal.NewAuthority("评审会议", at)
	if err != nil {
		t.Fatal(err)
	}
	der, err := ca.Issue(who.Signer().Public(), seal.Subject{Name: "张三", Role: review.RoleSecretary.Name(), Meeting: "评审会议"}, at)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	minutes := &paper.Minutes{
		Head:      paper.Head{Meeting: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Number: "1", Event: "评审会议", Author: "张三", At: at, Check: "0000-0000-0000-0000"},
		Secretary: "张三",
	}
	for n := range 4 {
		minutes.Paragraphs = append(minutes.Paragraphs, review.Paragraph{Number: n + 1, At: at, By: review.FirstSeat, Text: strings.Repeat("专家组审阅了技术方案。", 15)})
	}
	return repeat(t, 20, func() error {
		base, err := papers.Compose(minutes)
		if err != nil {
			return err
		}
		_, err = papers.Sign(base, review.Signing{Field: review.SignatureField, Name: "张三", Reason: "记录属实", At: at, Key: who.Signer(), Certificate: cert})
		return err
	})
}

// repeat gives the median time of n runs, after one that is not counted.
func repeat(t *testing.T, n int, f func() error) time.Duration {
	t.Helper()
	times := make([]time.Duration, n+1)
	for i := range times {
		began := time.Now()
		if err := f(); err != nil {
			t.Fatal(err)
		}
		times[i] = time.Since(began)
	}
	return median(times[1:])
}

func median[T time.Duration | int64](x []T) T {
	slices.Sort(x)
	return x[len(x)/2]
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

// machine names the processor and its cores, never the host.
func machine(t *testing.T) string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Fatal(err)
	}
	model := "unknown processor"
	if m := regexp.MustCompile(`(?m)^model name\s*: (.*)$`).FindSubmatch(b); m != nil {
		model = string(m[1])
	}
	return fmt.Sprintf("%s, %d cores, %s/%s", model, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
}
