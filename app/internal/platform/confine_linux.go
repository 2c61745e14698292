package platform

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"

	"heyi/review"
)

// Confine takes from this process, for good and for all threads and children,
// what it never needs: sockets other than AF_UNIX, io_uring (which can make
// sockets past any filter of system calls), core files, and being read by other
// processes of the same user. A socket that is open already stays open.
//
// On processors without an audit constant below, Network stays false and there
// is no error.
// Codes: CodeInternal, if the kernel refuses; the result says what is in force.
func Confine() (Confinement, error) {
	const op = "platform.Confine"
	var c Confinement
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return c, review.E(review.CodeInternal, op, "", err)
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return c, review.E(review.CodeInternal, op, "", err)
	}
	c.Dumps = true
	arch, ok := auditArch[runtime.GOARCH]
	if !ok {
		return c, nil
	}
	if err := install(socketFilter(arch)); err != nil {
		return c, review.E(review.CodeInternal, op, "", err)
	}
	c.Network = true
	return c, nil
}

// auditArch is what the kernel calls the processors that the filter knows. All
// of them are little-endian, which the filter's offsets rely on.
var auditArch = map[string]uint32{
	"amd64":   unix.AUDIT_ARCH_X86_64,
	"arm64":   unix.AUDIT_ARCH_AARCH64,
	"loong64": unix.AUDIT_ARCH_LOONGARCH64,
}

// Offsets in the kernel's struct seccomp_data.
const (
	offNumber = 0
	offArch   = 4
	offArg0   = 16 // lower half: the kernel takes the family as an int
)

// x32Bit marks the system calls of amd64's 32-bit-pointer ABI: they have the
// same audit architecture and other numbers. No other architecture uses the bit.
const x32Bit = 0x40000000

// socketFilter gives the program that the kernel runs before every system call.
func socketFilter(arch uint32) []unix.SockFilter {
	load := func(off uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: off}
	}
	// jump compares the loaded word with k and skips yes or no instructions.
	jump := func(test uint16, k uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_K | test, Jt: yes, Jf: no, K: k}
	}
	give := func(k uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k}
	}
	return []unix.SockFilter{
		load(offArch),
		jump(unix.BPF_JEQ, arch, 0, 8), // a foreign architecture has other numbers: refuse
		load(offNumber),
		jump(unix.BPF_JGE, x32Bit, 6, 0),
		jump(unix.BPF_JEQ, unix.SYS_IO_URING_SETUP, 6, 0),
		jump(unix.BPF_JEQ, unix.SYS_SOCKET, 1, 0),
		jump(unix.BPF_JEQ, unix.SYS_SOCKETPAIR, 0, 2),
		load(offArg0),
		jump(unix.BPF_JEQ, unix.AF_UNIX, 0, 1),
		give(unix.SECCOMP_RET_ALLOW),
		give(unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)),
		give(unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)),
	}
}

// install puts the filter on every thread of the process.
func install(filter []unix.SockFilter) error {
	// NO_NEW_PRIVS belongs to the thread; the kernel passes it to the others
	// together with the filter.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	thread, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return errno
	}
	if thread != 0 { // a thread that has a filter of its own; none has it now
		return unix.EBUSY
	}
	return nil
}

// NetworkDenied tries to make sockets of the families that reach beyond the
// machine or into the kernel's networking, and tells whether every one was
// refused for want of permission. Nothing is sent. Under strace the attempts
// are seen.
func NetworkDenied() bool {
	for _, family := range []int{unix.AF_INET, unix.AF_INET6, unix.AF_NETLINK, unix.AF_PACKET} {
		fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		if err == nil {
			unix.Close(fd)
		}
		if err != unix.EPERM {
			return false
		}
	}
	return true
}
