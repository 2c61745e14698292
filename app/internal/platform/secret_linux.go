package platform

import "golang.org/x/sys/unix"

// How a terminal is asked and told.
const (
	getTermios = unix.TCGETS
	setTermios = unix.TCSETS
)
