//go:build linux || freebsd || netbsd || openbsd

package platform

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"heyi/review"
)

// answerWithin is how long an X server may take to greet us.
const answerWithin = 5 * time.Second

// CheckDisplay tells, before Fyne is touched, whether there is an X server that
// answers: Fyne panics where none listens and hangs where one does not answer.
// Wayland desktops are reached through their X server (XWayland). A display on
// another machine does not count: Confine leaves no way there. Whether the
// server lets us in, and has OpenGL, is for ShowWindow to find out.
// getenv is os.Getenv.
// Codes: CodeNoDisplay.
func CheckDisplay(getenv func(string) string) error {
	name := getenv("DISPLAY")
	err := greet(name, answerWithin)
	if err != nil {
		return review.E(review.CodeNoDisplay, "platform.CheckDisplay", name, err)
	}
	return nil
}

// greet connects to a display and waits for the first byte of its answer.
func greet(display string, within time.Duration) error {
	host, rest, ok := strings.Cut(display, ":")
	if !ok {
		return errors.New("DISPLAY names no display")
	}
	if host = strings.TrimSuffix(host, "/"); host != "" && host != "unix" {
		return errors.New("DISPLAY is on another machine")
	}
	number, _, _ := strings.Cut(rest, ".")
	if _, err := strconv.ParseUint(number, 10, 16); err != nil {
		return err
	}
	path := "/tmp/.X11-unix/X" + number
	fd, err := connect("@" + path) // Linux: the abstract name, which no clean-up of /tmp removes
	if err != nil {
		fd, err = connect(path)
	}
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	limit := unix.NsecToTimeval(within.Nanoseconds())
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &limit); err != nil {
		return err
	}
	// Connection setup: little-endian, protocol 11.0, no authorisation. A server
	// that wants one says so, and that is an answer too.
	if _, err := unix.Write(fd, []byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	var first [1]byte
	if n, err := unix.Read(fd, first[:]); err != nil {
		return err
	} else if n == 0 {
		return errors.New("display closed the connection")
	}
	return nil
}

func connect(path string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: path}); err != nil {
		unix.Close(fd)
		return -1, err
	}
	unix.CloseOnExec(fd)
	return fd, nil
}
