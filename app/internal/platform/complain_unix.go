//go:build unix

package platform

import "os/exec"

// box leaves a zenity box standing, if the system has zenity: nobody waits for
// it, so that a machine without a person at it is not held up.
func box(sentence string) {
	cmd := exec.Command("zenity", "--error", "--no-markup", "--text="+sentence)
	cmd.Env = start
	if cmd.Start() == nil {
		cmd.Process.Release()
	}
}
