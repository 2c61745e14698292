package platform

import (
	"os"
	"runtime/debug"

	"heyi/review"
)

// PreviousCrash tells whether the run before this one began to catch crashes at
// path and did not end by itself: it crashed, was killed, or lost power.
func PreviousCrash(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// CatchCrashes makes the Go runtime write the traces of a crash to path as well
// as to the standard error. The file exists while the program runs; done, at a
// clean end, removes it. What an earlier crash left there is kept as path with
// ".last" appended, in place of an older one.
// Codes: CodeDirFailed; crashes are then not caught.
func CatchCrashes(path string) (done func(), err error) {
	const op = "platform.CatchCrashes"
	if st, err := os.Stat(path); err == nil && st.Size() > 0 {
		if err := os.Rename(path, path+".last"); err != nil {
			return nil, review.E(review.CodeDirFailed, op, path, err)
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, review.E(review.CodeDirFailed, op, path, err)
	}
	defer f.Close() // the runtime keeps a descriptor of its own
	if err := debug.SetCrashOutput(f, debug.CrashOptions{}); err != nil {
		os.Remove(path)
		return nil, review.E(review.CodeDirFailed, op, path, err)
	}
	return func() {
		debug.SetCrashOutput(nil, debug.CrashOptions{})
		os.Remove(path)
	}, nil
}
