package crash

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// parsed gives the calls in a log, one a line.
func parsed(t *testing.T, log string) []string {
	t.Helper()
	var out []string
	err := parseLog(strings.NewReader(log), func(c call) error {
		line := fmt.Sprintf("%s %s(%s) %s %s", c.thread, c.name, strings.Join(c.args, " | "), c.result, c.errno)
		if c.injected {
			line += " injected"
		}
		out = append(out, strings.TrimSpace(line))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestParseLog(t *testing.T) {
	got := parsed(t, `11    openat(AT_FDCWD<\x2f>, "\x2f\x64", O_RDWR|O_CREAT, 0600) = 3<\x2f\x64>
11    fsync(3<\x2f\x64> <unfinished ...>
12    write(1<\x70\x69\x70\x65\x3a\x5b\x37\x5d>, "\x41,)>\x0a", 2 <unfinished ...>
11    --- SIGURG {si_signo=SIGURG, si_code=SI_TKILL} ---
11    <... fsync resumed>)              = 0
13    read(0x0, 0xc0001, 0x10 <unfinished ...>
12    <... write resumed>)              = 2
11    mkdirat(AT_FDCWD<\x2f>, "\x64", 0700) = -1 ENOSPC (No space left on device) (INJECTED)
11    openat(AT_FDCWD<\x2f>, "\x64", O_RDONLY) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
11    sync()                            = 0
14    syscall_0xffffffffffffffda(0x1, 0 <detached ...>
11    +++ exited with 0 +++
`)
	want := []string{
		`11 openat(AT_FDCWD<\x2f> | "\x2f\x64" | O_RDWR|O_CREAT | 0600) 3<\x2f\x64>`,
		`11 fsync(3<\x2f\x64>) 0`,
		`12 write(1<\x70\x69\x70\x65\x3a\x5b\x37\x5d> | "\x41,)>\x0a" | 2) 2`,
		`11 mkdirat(AT_FDCWD<\x2f> | "\x64" | 0700) -1 ENOSPC injected`,
		`11 openat(AT_FDCWD<\x2f> | "\x64" | O_RDONLY) ? ERESTARTSYS`,
		`11 sync() 0`,
		`14 syscall_0xffffffffffffffda(0x1 | 0) ?`,
		`13 read(0x0 | 0xc0001 | 0x10) ?`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, log := range []string{"11 fsync", "11 fsync(3", "11 fsync(3)", "11 <... fsync resumed>) = 0", `11 write(3, "a) = 1`} {
		if err := parseLog(strings.NewReader(log), func(call) error { return nil }); err == nil {
			t.Errorf("accepted: %s", log)
		}
	}
}

func TestArguments(t *testing.T) {
	if s, err := text(`"\x41\x00b"`); s != "A\x00b" || err != nil {
		t.Errorf("%q, %v", s, err)
	}
	for _, arg := range []string{`"\x41"...`, `"\x4`, `"\n"`, `"\xzz"`, `NULL`} {
		if s, err := text(arg); err == nil {
			t.Errorf("%s is %q", arg, s)
		}
	}
	for _, x := range []struct {
		arg     string
		fd      int64
		path    string
		deleted bool
	}{
		{`3<\x2f\x61>`, 3, "/a", false}, {`3<\x2f\x61>(deleted)`, 3, "/a", true}, {`7`, 7, "", false}, {`AT_FDCWD<\x2f>`, -100, "/", false}, {`0x1f`, 31, "", false},
	} {
		if fd, path, deleted, err := descriptor(x.arg); fd != x.fd || path != x.path || deleted != x.deleted || err != nil {
			t.Errorf("%s: %d %q %v %v", x.arg, fd, path, deleted, err)
		}
	}
}

// replay gives a recorder that has read a log of one process on an empty
// directory /d. Lines lack the thread and the final result 0.
func replay(log string) (*recorder, error) {
	r := &recorder{root: "/d", disk: newDisk(POSIX), files: map[int64]*file{}}
	var lines []string
	for line := range strings.Lines(log) {
		if line = strings.TrimSpace(line); !strings.Contains(line, " = ") {
			line += " = 0"
		}
		lines = append(lines, "1 "+line)
	}
	return r, parseLog(strings.NewReader(strings.Join(lines, "\n")), r.call)
}

// said describes what a recorder recorded.
func said(r *recorder) []string {
	d := newDisk(POSIX)
	var out []string
	for _, o := range r.ops {
		out = append(out, d.describe(o))
		d.apply(o)
	}
	return out
}

func TestRecorder(t *testing.T) {
	tests := []struct {
		name, log string
		ops       []string
	}{
		{"elsewhere", `
			openat(AT_FDCWD</>, "/e", O_RDWR|O_CREAT, 0600) = 3</e>
			write(3</e>, "x", 1) = 1
			fsync(3</e>)
			rename("/e", "/f")
			mkdir("/dd", 0700)
			pwritev(3</e>, [{iov_base="x", iov_len=1}], 1, 0) = 1
			writev(2<pipe:[7]>, [{iov_base="x", iov_len=1}], 1) = 1`, nil},
		{"failed", `
			openat(AT_FDCWD</>, "/d/a", O_RDWR) = -1 ENOENT (No such file or directory)
			mkdir("/d", 0700) = -1 EEXIST (File exists)
			fallocate(3</d/a>, 0, 0, 9) = -1 EOPNOTSUPP (Operation not supported)`, nil},
		{"open", `
			open("/d/a", O_RDWR|O_CREAT|O_LARGEFILE, 0600) = 3</d/a>
			openat(AT_FDCWD</d>, "a", O_RDWR|O_CREAT, 0600) = 4</d/a>
			pwrite64(4</d/a>, "xy", 2, 0) = 2
			open("/d/a", O_WRONLY|O_TRUNC) = 5</d/a>
			creat("/d/b", 0600) = 6</d/b>
			openat(AT_FDCWD</>, "/d/a", O_WRONLY|O_TRUNC) = 5</d/a>`,
			[]string{"make /a", "write /a at 0, 2 bytes", "resize /a to 0", "make /b"}},
		{"offsets", `
			openat(AT_FDCWD</>, "/d/a", O_RDWR|O_CREAT, 0600) = 3</d/a>
			write(3</d/a>, "hello", 5) = 3
			write(3</d/a>, "lo", 2) = 2
			lseek(3</d/a>, 1, SEEK_SET) = 1
			read(0x3, 0xc000, 0x2) = 0x2
			write(3</d/a>, "p", 1) = 1
			ftruncate(3</d/a>, 9)
			ftruncate(3</d/a>, 9)
			openat(AT_FDCWD</>, "/d/a", O_WRONLY|O_APPEND) = 4</d/a>
			write(4</d/a>, "x", 1) = 1
			write(4</d/a>, "", 0) = 0
			truncate("/d/a", 2)`,
			[]string{"make /a", "write /a at 0, 3 bytes", "write /a at 3, 2 bytes", "write /a at 3, 1 bytes",
				"resize /a to 9", "write /a at 9, 1 bytes", "resize /a to 2"}},
		{"names", `
			mkdirat(AT_FDCWD</>, "/d/x", 0700)
			openat(AT_FDCWD</>, "/d/x/a", O_WRONLY|O_CREAT|O_EXCL, 0600) = 3</d/x/a>
			rename("/d/x", "/d/y")
			write(3</d/y/a>, "1", 1) = 1
			openat(AT_FDCWD</>, "/d/y", O_RDONLY) = 4</d/y>
			fsync(4</d/y>)
			openat(AT_FDCWD</>, "/d", O_RDONLY) = 5</d>
			fdatasync(5</d>)
			renameat(4</d/y>, "a", 5</d>, "b")
			unlinkat(AT_FDCWD</>, "/d/b", 0)
			write(3</d/b>(deleted), "2", 1) = 1
			unlinkat(5</d>, "y", AT_REMOVEDIR)`,
			[]string{"make /x", "make /x/a", "rename /x to /y", "write /y/a at 0, 1 bytes", "sync /y", "sync /",
				"rename /y/a to /b", "remove /b", "write a file without a name at 1, 1 bytes", "remove /y"}},
		{"copied", `
			openat(AT_FDCWD</>, "/d/a", O_RDWR|O_CREAT, 0600) = 3</d/a>
			write(3</d/a>, "hello", 5) = 5
			lseek(3</d/a>, 1, SEEK_SET) = 1
			openat(AT_FDCWD</>, "/d/b", O_RDWR|O_CREAT, 0600) = 4</d/b>
			copy_file_range(3</d/a>, NULL, 4</d/b>, NULL, 99, 0) = 4
			copy_file_range(3</d/a>, NULL, 4</d/b>, NULL, 95, 0) = 0`,
			[]string{"make /a", "write /a at 0, 5 bytes", "make /b", "write /b at 0, 4 bytes"}},
		{"acknowledged", `
			write(1<pipe:[7]>, "REA", 3) = 3
			write(1<pipe:[7]>, "DY\x0aACK create\x0aAC", 15) = 15
			write(1<pipe:[7]>, "K 2\x0aERR\x0a", 8) = 8`,
			[]string{"say ACK create", "say ACK 2"}},
	}
	for _, x := range tests {
		r, err := replay(strings.TrimSpace(x.log))
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
		} else if got := said(r); !slices.Equal(got, x.ops) {
			t.Errorf("%s:\n%s\nwant\n%s", x.name, strings.Join(got, "\n"), strings.Join(x.ops, "\n"))
		}
	}
}

// What the model would get wrong is refused.
func TestRecorderRefuses(t *testing.T) {
	for _, line := range []string{
		`pwritev(3</d/a>, [{iov_base="x", iov_len=1}], 1, 0) = 1`,
		`writev(3</d/a>, [{iov_base="x", iov_len=1}], 1) = 1`,
		`fallocate(3</d/a>, 0, 0, 9)`,
		`sendfile(3</d/a>, 9</e>, NULL, 9) = 9`,
		`splice(9<pipe:[7]>, NULL, 3</d/a>, NULL, 9, 0) = 9`,
		`copy_file_range(9</e>, NULL, 3</d/a>, NULL, 9, 0) = 9`,
		`copy_file_range(3</d/a>, [0], 3</d/a>, NULL, 9, 0) = 9`,
		`copy_file_range(3</d/a>, NULL, 3</d/a>, NULL, 9, 0) = 9`,
		`mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3</d/a>, 0) = 0x7f00`,
		`link("/d/a", "/e")`,
		`linkat(AT_FDCWD</>, "/e", AT_FDCWD</>, "/d/b", 0)`,
		`symlink("/e", "/d/b")`,
		`mknod("/d/b", S_IFIFO|0600)`,
		`dup(3</d/a>) = 4</d/a>`,
		`fsync(4</d/a>)`,
		`pwrite64(3</d/b>, "x", 1, 0) = 1`,
		`pwrite64(3</d/a>, "x"..., 100, 0) = 100`,
		`openat(AT_FDCWD</>, "/d/a", O_RDWR|O_SYNC) = 4</d/a>`,
		`openat(AT_FDCWD</>, "/d", O_RDWR|O_DIRECTORY|O_TMPFILE, 0600) = 4</d/7>(deleted)`,
		`openat(AT_FDCWD</>, "/d/b", O_RDWR) = 4</d/b>`,
		`openat2(AT_FDCWD</>, "/d/b", {flags=O_RDWR|O_CREAT, mode=0600}, 24) = 4</d/b>`,
		`open("b", O_RDWR|O_CREAT, 0600) = 4</d/b>`,
		`rename("/d/a", "/e")`,
		`rename("/e", "/d/b")`,
		`rename("/d/b", "/d/c")`,
		`renameat2(AT_FDCWD</>, "/d/a", AT_FDCWD</>, "/d/b", RENAME_EXCHANGE)`,
		`mkdir("/d/x/y", 0700)`,
		`mkdir("/d/a", 0700)`,
		`unlink("/d/b")`,
		`syncfs(3</d/a>)`,
		`sync()`,
		`io_uring_setup(8, {}) = 9<anon_inode:[io_uring]>`,
		`execve("/bin/true", ["true"], 0x7ff0)`,
		`fsync(3</d/a>) = ?`,
	} {
		r, err := replay(`openat(AT_FDCWD</>, "/d/a", O_RDWR|O_CREAT, 0600) = 3</d/a>`)
		if err != nil {
			t.Fatal(err)
		}
		r.began = true
		c, err := parseCall(line)
		if !strings.Contains(line, " = ") {
			c, err = parseCall(line + " = 0")
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := r.call(c); err == nil || len(r.ops) != 1 {
			t.Errorf("accepted: %s", line)
		}
	}
}
