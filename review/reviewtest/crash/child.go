package crash

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"runtime/debug"
	"strings"
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

// repeat gives the command that runs a test again with these flags.
func repeat(t testing.TB, flags string) string {
	pkg, env, build := ".", "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if path, ok := strings.CutPrefix(strings.TrimSuffix(info.Path, ".test"), info.Main.Path); ok {
			pkg = "." + path
		}
		for _, s := range info.Settings {
			switch {
			case s.Key == "CGO_ENABLED" && s.Value == "0":
				env = "CGO_ENABLED=0 "
			case s.Key == "-race" && s.Value == "true":
				build += "-race "
			case s.Key == "-tags":
				build += "-tags " + s.Value + " "
			}
		}
	}
	var run []string
	for name := range strings.SplitSeq(t.Name(), "/") {
		run = append(run, "^"+regexp.QuoteMeta(name)+"$")
	}
	return fmt.Sprintf("repeat: %sgo test %s%s -count=1 -run '%s' %s", env, build, pkg, strings.Join(run, "/"), flags)
}
