package platform

import (
	"os"

	"golang.org/x/sys/windows"
)

// hideTyping makes a console hand over each key at once and show none, until
// restore. What is no console gives an error.
func hideTyping(console *os.File) (restore func(), err error) {
	h := windows.Handle(console.Fd())
	var before uint32
	if err := windows.GetConsoleMode(h, &before); err != nil {
		return nil, err
	}
	hidden := before &^ (windows.ENABLE_ECHO_INPUT | windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT)
	if err := windows.SetConsoleMode(h, hidden); err != nil {
		return nil, err
	}
	return func() { windows.SetConsoleMode(h, before) }, nil
}
