package view

import (
	"encoding/binary"
	"path"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero/api"
)

// What PDFium sees as files: the fonts, where it looks for them on Unix, and the documents.
// All of it is read only; there is nothing else.
const (
	fontDir     = "/usr/share/fonts"
	documentDir = "/documents"
)

// file is one that PDFium can read.
type file interface {
	length() int64
	// readAt fills b, which lies within the file; false if it cannot.
	readAt(b []byte, at int64) bool
}

// memory is a file that is at hand.
type memory []byte

func (m memory) length() int64 { return int64(len(m)) }

func (m memory) readAt(b []byte, at int64) bool { return copy(b, m[at:]) == len(b) }

// opened is an open file or, without one, directory.
type opened struct {
	path string
	file file
	at   int64 // in a directory: how many names were given
}

// files is the file system of one instance of PDFium.
type files struct {
	fonts map[string][]byte
	names []string               // of fonts, sorted
	named func(name string) file // a document, nil if there is none
	fds   map[int32]*opened
}

// Errors as Emscripten's C library numbers them.
const (
	eBADF   = 8
	eINVAL  = 28
	eIO     = 29
	eISDIR  = 31
	eMFILE  = 33
	eNOENT  = 44
	eNOTDIR = 54
	eNOTTY  = 59
	eROFS   = 69
)

const (
	firstFd   = 3 // after the three standard streams, which lead nowhere
	maxFd     = 64
	direntLen = 280
	statLen   = 96
	maxPath   = 256
)

// look finds what stands under a path: a file, or a directory, or neither.
func (f *files) look(p string) (file, bool) {
	p = path.Clean("/" + p)
	switch dir, name := path.Split(p); {
	case p == fontDir:
		return nil, true
	case dir == fontDir+"/":
		if b, ok := f.fonts[name]; ok {
			return memory(b), false
		}
	case dir == documentDir+"/":
		return f.named(name), false
	}
	return nil, false
}

// path reads a C string.
func (f *files) path(m api.Memory, at uint32) string {
	n := min(maxPath, int64(m.Size())-int64(at))
	if n <= 0 {
		return ""
	}
	b, _ := m.Read(at, uint32(n))
	s, _, ended := strings.Cut(string(b), "\x00")
	if !ended {
		return ""
	}
	return s
}

func (f *files) open(m api.Memory, at, flags uint32) int32 {
	const writes, makes = 3, 0o100
	p := f.path(m, at)
	file, dir := f.look(p)
	switch {
	case flags&(writes|makes) != 0:
		return -eROFS
	case file == nil && !dir:
		return -eNOENT
	}
	for fd := int32(firstFd); fd < maxFd; fd++ {
		if f.fds[fd] == nil {
			f.fds[fd] = &opened{path: p, file: file}
			return fd
		}
	}
	return -eMFILE
}

// stat fills in Emscripten's struct stat.
func (f *files) stat(m api.Memory, file file, dir bool, at uint32) int32 {
	if file == nil && !dir {
		return -eNOENT
	}
	b, ok := m.Read(at, statLen)
	if !ok {
		return -eINVAL
	}
	clear(b)
	mode, size := uint32(0o040555), int64(0)
	if file != nil {
		mode, size = 0o100444, file.length()
	}
	le := binary.LittleEndian
	le.PutUint32(b, 1)
	le.PutUint32(b[4:], mode)
	le.PutUint32(b[8:], 1)
	le.PutUint64(b[24:], uint64(size))
	le.PutUint32(b[32:], 4096)
	le.PutUint32(b[36:], uint32((size+511)/512))
	le.PutUint64(b[88:], 1)
	return 0
}

func (f *files) fstat(m api.Memory, fd int32, at uint32) int32 {
	o := f.fds[fd]
	if o == nil {
		return -eBADF
	}
	return f.stat(m, o.file, o.file == nil, at)
}

// list fills in Emscripten's struct dirent, one a font.
func (f *files) list(m api.Memory, fd int32, at, size uint32) int32 {
	o := f.fds[fd]
	switch {
	case o == nil:
		return -eBADF
	case o.file != nil:
		return -eNOTDIR
	}
	b, ok := m.Read(at, size)
	if !ok {
		return -eINVAL
	}
	n := int32(0)
	for o.at < int64(len(f.names)) && len(b) >= direntLen {
		const regular = 8
		e := b[:direntLen]
		b = b[direntLen:]
		clear(e)
		binary.LittleEndian.PutUint64(e, uint64(o.at)+2)
		binary.LittleEndian.PutUint64(e[8:], uint64(o.at)+1)
		binary.LittleEndian.PutUint16(e[16:], direntLen)
		e[18] = regular
		copy(e[19:direntLen-1], f.names[o.at])
		o.at++
		n += direntLen
	}
	return n
}

// read is WASI's fd_read: it fills the buffers whose places stand at vec.
func (f *files) read(m api.Memory, fd int32, vec, count, got uint32) int32 {
	o := f.fds[fd]
	switch {
	case o == nil:
		return eBADF
	case o.file == nil:
		return eISDIR
	}
	total := uint32(0)
	for i := range count {
		at, ok1 := m.ReadUint32Le(vec + 8*i)
		n, ok2 := m.ReadUint32Le(vec + 8*i + 4)
		n = uint32(min(int64(n), max(0, o.file.length()-o.at)))
		b, ok := m.Read(at, n)
		if !ok1 || !ok2 || !ok {
			return eINVAL
		}
		if n == 0 {
			continue
		}
		if !o.file.readAt(b, o.at) {
			return eIO
		}
		o.at += int64(n)
		total += n
	}
	if !m.WriteUint32Le(got, total) {
		return eINVAL
	}
	return 0
}

// seek is WASI's fd_seek.
func (f *files) seek(m api.Memory, fd int32, by int64, whence, now uint32) int32 {
	o := f.fds[fd]
	if o == nil {
		return eBADF
	}
	switch whence {
	case 0:
	case 1:
		by += o.at
	case 2:
		if o.file != nil {
			by += o.file.length()
		}
	default:
		return eINVAL
	}
	if by < 0 {
		return eINVAL
	}
	o.at = by
	if !m.WriteUint64Le(now, uint64(by)) {
		return eINVAL
	}
	return 0
}

// drop is WASI's fd_write to the standard streams: it takes everything and keeps nothing.
func (f *files) drop(m api.Memory, fd int32, vec, count, got uint32) int32 {
	if fd >= firstFd {
		return eROFS
	}
	total := uint32(0)
	for i := range count {
		n, ok := m.ReadUint32Le(vec + 8*i + 4)
		if !ok {
			return eINVAL
		}
		total += n
	}
	if !m.WriteUint32Le(got, total) {
		return eINVAL
	}
	return 0
}

func (f *files) close(fd int32) int32 {
	if f.fds[fd] == nil {
		return eBADF
	}
	delete(f.fds, fd)
	return 0
}

// call answers a function that PDFium's C library asks of its host. Those that are not here
// answer 0, and stacks are as WebAssembly has them: arguments in, result out.
func (f *files) call(name string, m api.Memory, stack []uint64) {
	u := func(i int) uint32 { return uint32(stack[i]) }
	i := func(i int) int32 { return int32(uint32(stack[i])) }
	var r int32
	switch name {
	case "__syscall_openat":
		r = f.open(m, u(1), u(2))
	case "__syscall_stat64", "__syscall_lstat64":
		file, dir := f.look(f.path(m, u(0)))
		r = f.stat(m, file, dir, u(1))
	case "__syscall_newfstatat":
		file, dir := f.look(f.path(m, u(1)))
		r = f.stat(m, file, dir, u(2))
	case "__syscall_fstat64":
		r = f.fstat(m, i(0), u(1))
	case "__syscall_getdents64":
		r = f.list(m, i(0), u(1), u(2))
	case "__syscall_ioctl":
		r = -eNOTTY
	case "__syscall_ftruncate64", "__syscall_unlinkat", "__syscall_rmdir":
		r = -eROFS
	case "fd_read":
		r = f.read(m, i(0), u(1), u(2), u(3))
	case "fd_seek":
		r = f.seek(m, i(0), int64(stack[1]), u(2), u(3))
	case "fd_write":
		r = f.drop(m, i(0), u(1), u(2), u(3))
	case "fd_close":
		r = f.close(i(0))
	case "environ_sizes_get":
		if !m.WriteUint32Le(u(0), 0) || !m.WriteUint32Le(u(1), 0) {
			r = eINVAL
		}
	case "_localtime_js", "_gmtime_js":
		// struct tm: the first of January 1900. PDFium asks for what this program never shows.
		if b, ok := m.Read(u(1), 44); ok {
			clear(b)
			b[12] = 1
		}
	}
	if len(stack) > 0 {
		stack[0] = uint64(uint32(r))
	}
}

// newFiles gives a file system with fonts by their file names.
func newFiles(fonts map[string][]byte, named func(name string) file) *files {
	f := &files{fonts: fonts, named: named, fds: map[int32]*opened{}}
	for name := range fonts {
		f.names = append(f.names, name)
	}
	slices.Sort(f.names)
	return f
}
