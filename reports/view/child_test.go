package view

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// child is the viewing process, with what main sets in its own.
func child() error {
	debug.SetGCPercent(20)
	config.Idle = debug.FreeOSMemory
	return Serve(os.Stdin, os.Stdout, config)
}

// running is a viewing process and its streams.
type running struct {
	io.Reader
	io.WriteCloser
	cmd *exec.Cmd
}

// Close ends the process's input, and so the process.
func (r running) Close() error {
	_ = r.WriteCloser.Close() // it may be closed already
	return r.cmd.Wait()
}

// start gives a client of a real process, whose code lies compiled: the test's own program
// or, to be measured, the one that HEYI_BIN names.
func start(tb testing.TB) (*Client, running) {
	tb.Helper()
	shared() // fills the cache
	if err := shared().Ready(); err != nil {
		tb.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	r := running{cmd: exec.Command(exe)}
	if real := os.Getenv("HEYI_BIN"); real != "" {
		r.cmd = exec.Command(real, "--viewer", config.Cache)
	}
	r.cmd.Env = append(os.Environ(), childVariable+"="+config.Cache)
	r.cmd.Stderr = os.Stderr
	if r.WriteCloser, err = r.cmd.StdinPipe(); err != nil {
		tb.Fatal(err)
	}
	if r.Reader, err = r.cmd.StdoutPipe(); err != nil {
		tb.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	return NewClient(r, patience), r
}

// resident gives what a process holds and held at most, in MB.
func resident(tb testing.TB, pid int) (now, most float64) {
	tb.Helper()
	for line := range strings.Lines(string(read(tb, fmt.Sprintf("/proc/%d/status", pid)))) {
		f := strings.Fields(line)
		if len(f) == 3 && (f[0] == "VmRSS:" || f[0] == "VmHWM:") {
			kb, err := strconv.ParseFloat(f[1], 64)
			if err != nil {
				tb.Fatal(err)
			}
			if f[0] == "VmRSS:" {
				now = kb / 1024
			} else {
				most = kb / 1024
			}
		}
	}
	return now, most
}

// TestProcess: a real process serves, and ends when its input does.
func TestProcess(t *testing.T) {
	c, r := start(t)
	d := open(t, c, pdf(sheet{"", write("L", 40, 100, "Word")}))
	page(t, d, 0, 300)
	if err := c.Close(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if !r.cmd.ProcessState.Exited() {
		t.Error("it goes on")
	}
	if _, err := d.Page(0, 300); err == nil {
		t.Error("it answers")
	}
}

const dpi150 = 1240 // pixels, of the width of A4

// BenchmarkPage draws pages of a signed paper at 150 dpi, and of text with photographs.
func BenchmarkPage(b *testing.B) {
	for name, data := range map[string][]byte{"paper": read(b, "../testdata/changes-v1.pdf"), "photographs": thick(b, 30)} {
		b.Run(name, func(b *testing.B) {
			d := open(b, shared(), data)
			n := 0
			for b.Loop() {
				page(b, d, n%len(d.Pages()), dpi150)
				n++
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

// BenchmarkFirst opens a document and draws its first page, in a process that is ready.
func BenchmarkFirst(b *testing.B) {
	data := read(b, "../testdata/changes-v1.pdf")
	for b.Loop() {
		d, err := shared().Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			b.Fatal(err)
		}
		page(b, d, 0, dpi150)
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStart starts a process whose code lies compiled, until it is ready.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		c, _ := start(b)
		if err := c.Ready(); err != nil {
			b.Fatal(err)
		}
		_ = c.Close()
	}
}

// BenchmarkThick goes through 300 pages with photographs, looks for a text in all of them, and
// says what the process holds.
func BenchmarkThick(b *testing.B) {
	data := thick(b, 300)
	for b.Loop() {
		c, r := start(b)
		if err := c.Ready(); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		d := open(b, c, data)
		page(b, d, 0, dpi150)
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms-first")
		for n := range d.Pages() {
			page(b, d, n, dpi150)
		}
		began = time.Now()
		if hits, err := d.Find("no such text"); err != nil || len(hits) != 0 {
			b.Fatal(hits, err)
		}
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms-find")
		now, most := resident(b, r.cmd.Process.Pid)
		b.ReportMetric(now, "MB-resident")
		b.ReportMetric(most, "MB-most")
		page(b, d, 0, MaxPixels)
		page(b, d, 0, dpi150)
		now, most = resident(b, r.cmd.Process.Pid)
		b.ReportMetric(most, "MB-most-16Mpx")
		b.ReportMetric(now, "MB-after-16Mpx")
		_ = c.Close()
	}
}
