// Package platform is the program's dealings with the operating system: what it
// forbids itself, the processes it starts, and whether there is a screen. All
// build tags, system calls and uses of os/exec of app/ stand here.
//
// The order at the start of a window matters, and main keeps it:
//
//	CheckDisplay     Fyne panics or hangs where there is no display
//	StartLauncher    its child must be free of everything below
//	Confine          from here on no socket leaves the machine
//	RedirectFyne     Fyne reads its directories when the application is made
//	ShowWindow       a window without OpenGL is an invisible process
package platform

import "os"

// start is the environment that the program was started with. Children that
// show something to a person get it, untouched by RedirectFyne.
var start = os.Environ()

// Confinement says what is in force for this process and all its threads. The
// zero value is that of systems where nothing of it is available.
type Confinement struct {
	// Network: the kernel refuses every socket that is not local to the machine.
	Network bool
	// Dumps: neither a core file nor another process of the same user can read
	// the memory of this one.
	Dumps bool
}
