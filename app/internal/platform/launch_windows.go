package platform

import "golang.org/x/sys/windows"

// show hands the file to the program that the shell has for its ending.
func show(path string) error { return shell("open", path) }

// printOut has that program print the file; false where it has no way to.
func printOut(path string) (bool, error) { return shell("print", path) == nil, nil }

func shell(verb, path string) error {
	file, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, windows.StringToUTF16Ptr(verb), file, nil, nil, windows.SW_SHOWNORMAL)
}
