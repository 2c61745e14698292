package crash

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is what a process under strace has to end, so that one that hangs
// shows itself and not only the end of all tests.
const patience = 5 * time.Minute

// calls are what Record looks at: what changes files, and what would change them
// behind the model's back.
const calls = "open,openat,openat2,creat,write,pwrite64,writev,pwritev,pwritev2,read,lseek,truncate,ftruncate,fallocate," +
	"copy_file_range,sendfile,splice,tee,vmsplice,mmap,dup,dup2,dup3," +
	"fsync,fdatasync,sync,syncfs,sync_file_range," +
	"rename,renameat,renameat2,mkdir,mkdirat,rmdir,unlink,unlinkat,link,linkat,symlink,symlinkat,mknod,mknodat," +
	"execve,execveat,io_setup,io_uring_setup"

// Record runs a process to its end under strace and gives what it did to the
// files under root, which has to exist. If the flag -recording names a file, it
// gives what is in there instead and runs nothing: what the test makes of it may
// depend on the recording alone.
//
// The test fails if the process fails or complains, if it does anything to the
// files that the model does not know (mapped or asynchronous writes, links,
// O_SYNC, other processes …), and if what is under root in the end is not what
// the model says.
func Record(t testing.TB, root string, cmd *exec.Cmd) *Recording {
	t.Helper()
	var r *Recording
	var err error
	if *recording != "" {
		r, err = load(*recording)
	} else {
		r, err = record(t.TempDir(), root, cmd)
	}
	if err != nil {
		t.Fatalf("recording: %v", err)
	}
	return r
}

func record(scratch, root string, cmd *exec.Cmd) (*Recording, error) {
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	r, err := newRecorder(root)
	if err != nil {
		return nil, err
	}
	// -s: no write is longer. What is read needs no printing, so read is raw.
	log, left, err := run(scratch, cmd, "-y", "-xx", "-s", "67108864", "-e", "raw=read", "-e", "trace=?"+strings.ReplaceAll(calls, ",", ",?"))
	if err != nil || len(left.Complaints) > 0 {
		return nil, fmt.Errorf("the process: %v\n%s", err, strings.Join(left.Complaints, "\n"))
	}
	if err := parseLog(bytes.NewReader(log), r.call); err != nil {
		return nil, fmt.Errorf("what strace wrote: %w", err)
	}
	now, err := newRecorder(root)
	if err != nil {
		return nil, err
	}
	if is, should := now.disk.all(), r.disk.all(); is.sum() != should.sum() {
		return nil, fmt.Errorf("the model went wrong; there is\n%s\nand should be\n%s", is, should)
	}
	return &r.Recording, nil
}

// run runs a process under strace with options and gives what strace wrote. The
// error is an *exec.ExitError if the process ended with another status than 0.
func run(scratch string, cmd *exec.Cmd, options ...string) (log []byte, left Remains, err error) {
	file, err := os.CreateTemp(scratch, "strace-")
	if err != nil {
		return nil, left, err
	}
	file.Close()
	defer os.Remove(file.Name())
	args := append([]string{"-f", "-qq", "--seccomp-bpf", "-e", "signal=none", "-o", file.Name()}, options...)
	traced := exec.Command("strace", append(append(args, "--", cmd.Path), cmd.Args[1:]...)...)
	traced.Env, traced.Dir, traced.Stdin = cmd.Env, cmd.Dir, cmd.Stdin
	var out, complaints bytes.Buffer
	traced.Stdout, traced.Stderr = &out, &complaints
	traced.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := traced.Start(); err != nil {
		return nil, left, err
	}
	hangs := time.AfterFunc(patience, func() { syscall.Kill(-traced.Process.Pid, syscall.SIGKILL) })
	ended := traced.Wait()
	if !hangs.Stop() {
		ended = fmt.Errorf("the process did not end in %v", patience)
	}
	left.hear(&out)
	left.hear(&complaints)
	if log, err = os.ReadFile(file.Name()); err != nil {
		return nil, left, err
	}
	return log, left, ended
}
