//go:build unix

package platform

import (
	"fmt"
	"os/exec"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long an opener is watched for failure. xdg-open returns at
// once on a desktop, but runs the viewer itself where there is none.
const patience = 2 * time.Second

// show hands the file to the desktop, in a session of its own so that the
// viewer survives us and our terminal.
func show(path string) error {
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	}
	cmd := exec.Command(opener, path)
	cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer cmd.Process.Release()
	const step = 20 * time.Millisecond
	for range patience / step {
		var status unix.WaitStatus
		pid, err := unix.Wait4(cmd.Process.Pid, &status, unix.WNOHANG, nil)
		switch {
		case err != nil && err != unix.EINTR:
			return err
		case pid == 0 || err != nil:
			time.Sleep(step)
		case status.ExitStatus() != 0:
			return fmt.Errorf("%s ended with %d", opener, status.ExitStatus())
		default:
			return nil
		}
	}
	return nil
}

// printOut hands the file to CUPS; false where there is no lp.
func printOut(path string) (bool, error) {
	lp, err := exec.LookPath("lp")
	if err != nil {
		return false, nil
	}
	said, err := exec.Command(lp, "--", path).CombinedOutput()
	if err != nil {
		return false, fmt.Errorf("%s: %w: %s", lp, err, said)
	}
	return true, nil
}
