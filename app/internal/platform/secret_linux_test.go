package platform

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"heyi/review"
	"heyi/review/reviewtest"
)

// terminal gives both ends of a pseudo-terminal: a person's, and a program's.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

// TestAskSecret holds that what is typed arrives and is not shown, and that the
// terminal is afterwards as it was.
func TestAskSecret(t *testing.T) {
	for _, c := range []struct{ name, keys, want string }{
		{"a code", "ABCD-2345\r", "ABCD-2345"},
		{"the end of a line as pipes write it", "ABCD\n", "ABCD"},
		{"spaces stay", " a b \r", " a b "},
		{"taken back", "ab口x\x7f\x7f令\r", "ab令"},
		{"taken back beyond the beginning", "\b\x7fab\r", "ab"},
		{"other control keys", "a\x1bb\tc\r", "abc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			person, program := terminal(t)
			before, err := unix.IoctlGetTermios(int(program.Fd()), getTermios)
			if err != nil {
				t.Fatal(err)
			}
			shown := make(chan string)
			go func() {
				// Keys come after the prompt, as from a person.
				seen := bufio.NewReader(person)
				prompt, _ := seen.ReadString(':')
				io.WriteString(person, c.keys)
				rest, _ := seen.ReadString('\n')
				shown <- prompt + rest
			}()
			got, err := AskSecret(program, program, "secret:")
			if err != nil || got != c.want {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
			if out := <-shown; strings.TrimRight(out, "\r\n") != "secret:" {
				t.Errorf("the terminal shows %q", out)
			}
			after, err := unix.IoctlGetTermios(int(program.Fd()), getTermios)
			if err != nil || *after != *before {
				t.Errorf("the terminal is left as %+v, was %+v, %v", after, before, err)
			}
		})
	}
}

// TestAskSecretRefuses holds that nothing is asked where nobody can answer unseen.
func TestAskSecretRefuses(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	var shown bytes.Buffer
	_, err = AskSecret(null, &shown, "secret:")
	reviewtest.WantCode(t, err, review.CodeSecretMissing)
	if shown.Len() > 0 {
		t.Errorf("asked all the same: %q", shown.String())
	}
	for name, keys := range map[string]string{
		"Ctrl+C": "ab\x03", "Ctrl+D": "\x04", "the end": "ab", "without end": strings.Repeat("a", maxSecret+1),
	} {
		if got, err := readSecret(strings.NewReader(keys)); err == nil {
			t.Errorf("%s gives %q", name, got)
		}
	}
}
