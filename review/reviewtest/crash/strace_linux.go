package crash

import (
	"bytes"
	"errors"
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
	if *recording != "" {
		f, err := os.Open(*recording)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r, err := load(f)
		if err != nil {
			t.Fatalf("%s: %v", *recording, err)
		}
		return r
	}
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRecorder(root)
	if err != nil {
		t.Fatal(err)
	}
	// -s: no write is longer. What is read needs no printing, so read is raw.
	log, left := run(t, cmd, "-y", "-xx", "-s", "67108864", "-e", "raw=read", "-e", "trace=?"+strings.ReplaceAll(calls, ",", ",?"))
	if left.err != nil || len(left.Complaints) > 0 {
		t.Fatalf("the process that is recorded: %v\n%s", left.err, strings.Join(left.Complaints, "\n"))
	}
	if err := parseLog(bytes.NewReader(log), r.call); err != nil {
		t.Fatalf("what strace wrote: %v", err)
	}
	if err := r.compare(); err != nil {
		t.Fatalf("after all operations the model is wrong: %v", err)
	}
	return &r.Recording
}

// compare compares the model with what is under root now.
func (r *recorder) compare() error {
	now, err := newRecorder(r.root)
	if err != nil {
		return err
	}
	is, want := now.disk.all(), r.disk.all()
	if is.sum() != want.sum() {
		return fmt.Errorf("there is\n%s\nand should be\n%s", is, want)
	}
	return nil
}

// ended is what came of a process.
type ended struct {
	Remains
	err error
}

// run runs a process under strace with options and gives what strace wrote.
func run(t testing.TB, cmd *exec.Cmd, options ...string) (log []byte, left ended) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "strace")
	args := append([]string{"-f", "-qq", "--seccomp-bpf", "-e", "signal=none", "-o", file}, options...)
	traced := exec.Command("strace", append(append(args, "--", cmd.Path), cmd.Args[1:]...)...)
	traced.Env, traced.Dir, traced.Stdin = cmd.Env, cmd.Dir, cmd.Stdin
	var out, complaints bytes.Buffer
	traced.Stdout, traced.Stderr = &out, &complaints
	traced.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := traced.Start(); err != nil {
		t.Fatal(err)
	}
	hangs := time.AfterFunc(patience, func() { syscall.Kill(-traced.Process.Pid, syscall.SIGKILL) })
	left.err = traced.Wait()
	if !hangs.Stop() {
		left.err = errors.Join(left.err, fmt.Errorf("it did not end in %v", patience))
	}
	left.hear(&out, &complaints)
	log, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return log, left
}
