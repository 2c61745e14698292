package platform

import "golang.org/x/sys/windows"

// box waits until the person has read it.
func box(sentence string) {
	text, err := windows.UTF16PtrFromString(sentence)
	if err != nil {
		return
	}
	windows.MessageBox(0, text, nil, windows.MB_OK|windows.MB_ICONERROR)
}
