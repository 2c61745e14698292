package crash

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
)

// Remains is what a process left behind.
type Remains struct {
	Dir        string   // its directory, or a copy, which the judge may change
	Acks       []string // the names of the acts that it had acknowledged, in order
	Complaints []string // what else it said
	// Number is the same whenever the same loss is repeated. A judge may look more
	// closely where it is divisible by something.
	Number uint32
}

// Judge says what is wrong with what is left, nil if nothing is. It is called
// from several goroutines.
type Judge func(Remains) error

const (
	ready = "READY"
	ack   = "ACK " // then the act's name
)

// hear adds what a process says, or has said.
func (r *Remains) hear(out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		if name, ok := strings.CutPrefix(line, ack); ok {
			r.Acks = append(r.Acks, name)
		} else if line != ready {
			r.Complaints = append(r.Complaints, line)
		}
	}
}

// build is how the test binary was built.
var build = sync.OnceValue(func() (b struct{ pkg, env, flags string }) {
	b.pkg = "."
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if path, ok := strings.CutPrefix(strings.TrimSuffix(info.Path, ".test"), info.Main.Path); ok {
		b.pkg = "." + path
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "CGO_ENABLED" && s.Value == "0":
			b.env = "CGO_ENABLED=0 "
		case s.Key == "-race" && s.Value == "true":
			b.flags += "-race "
		case s.Key == "-tags":
			b.flags += "-tags " + s.Value + " "
		}
	}
	return b
})

// size is a number of things to try unless a flag says otherwise: a tenth of it
// under the race detector, with which a process takes long to start.
func size(n int) int {
	if strings.Contains(build().flags, "-race") {
		return n / 10
	}
	return n
}

// repeat gives the command that runs a test again with these flags.
func repeat(t testing.TB, flags string) string {
	var run []string
	for name := range strings.SplitSeq(t.Name(), "/") {
		run = append(run, "^"+regexp.QuoteMeta(name)+"$")
	}
	b := build()
	return fmt.Sprintf("repeat: %sgo test %s%s -count=1 -run '%s' %s", b.env, b.flags, b.pkg, strings.Join(run, "/"), flags)
}
