//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package platform

import "golang.org/x/sys/unix"

// How a terminal is asked and told.
const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
)
