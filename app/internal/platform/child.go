package platform

import (
	"io"
	"os/exec"

	"heyi/review"
)

// ViewerWord is the first argument that makes main show PDF to the process that
// started it, over its standard streams; the second is the directory of its cache. It
// is no command of the command line.
const ViewerWord = "--viewer"

// Child is another process of this program, spoken to over its standard streams.
type Child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out io.ReadCloser
}

// StartChild starts exe, the running program's own file, with arguments. What it says on
// the standard error is dropped.
// Codes: CodeOpenFailed.
func StartChild(exe string, args ...string) (*Child, error) {
	fail := func(err error) (*Child, error) {
		return nil, review.E(review.CodeOpenFailed, "platform.StartChild", exe, err)
	}
	c := &Child{cmd: exec.Command(exe, args...)}
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return fail(err)
	}
	if c.out, err = c.cmd.StdoutPipe(); err != nil {
		return fail(err)
	}
	if err := c.cmd.Start(); err != nil {
		return fail(err)
	}
	return c, nil
}

// Write gives the child something to read.
func (c *Child) Write(b []byte) (int, error) { return c.in.Write(b) }

// Read reads what the child says; io.EOF once it has ended.
func (c *Child) Read(b []byte) (int, error) { return c.out.Read(b) }

// Kill ends the child at once, in whatever it is doing, and returns when it is gone.
func (c *Child) Kill() {
	_ = c.cmd.Process.Kill() // it may have ended by itself
	_ = c.cmd.Wait()         // says that it was killed
}
