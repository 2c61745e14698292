package crash

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Recording is what a process did to the files under a directory, in order, and
// which acts it acknowledged meanwhile.
type Recording struct {
	before []op // make what was there; all of it was on the disk
	ops    []op
}

// Acks gives the names of all acts that were acknowledged, in order.
func (r *Recording) Acks() []string { return acksOf(r.ops) }

func acksOf(ops []op) []string {
	var acks []string
	for _, o := range ops {
		if o.Kind == opSay {
			acks = append(acks, string(o.Data))
		}
	}
	return acks
}

// Operations gives their number.
func (r *Recording) Operations() int { return len(r.ops) }

// Restore writes the files as the process left them into a new directory.
func (r *Recording) Restore(dir string) error {
	d := r.disk(POSIX)
	for _, o := range r.ops {
		d.apply(o)
	}
	return d.all().materialise(dir)
}

// disk gives a disk as the process found it.
func (r *Recording) disk(promise Disk) *disk {
	d := newDisk(promise)
	for _, o := range r.before {
		d.apply(o)
	}
	for _, n := range d.nodes {
		n.kept, n.late = n.now, nil
	}
	d.keepAllNames()
	return d
}

// saved is the form of a recording in a file.
type saved struct{ Before, Ops []op }

// keep writes the recording to a file that outlives the test.
func (r *Recording) keep() (name string, err error) {
	f, err := os.CreateTemp("", "heyi-recording-")
	if err != nil {
		return "", err
	}
	return f.Name(), errors.Join(gob.NewEncoder(f).Encode(saved{r.before, r.ops}), f.Close())
}

func load(name string) (*Recording, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var s saved
	if err := gob.NewDecoder(f).Decode(&s); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Recording{before: s.Before, ops: s.Ops}, nil
}

// recorder turns the calls of a process into operations on the files under root.
type recorder struct {
	Recording
	root  string
	disk  *disk // as the process sees it
	files map[int64]*file
	began bool   // the process itself was started
	said  string // a line that it has not ended
}

// file is an open file.
type file struct {
	node   int
	at     int64
	append bool
}

// newRecorder looks at what is under root, which has to be a path without
// symbolic links.
func newRecorder(root string) (*recorder, error) {
	r := &recorder{root: root, disk: newDisk(POSIX), files: map[int64]*file{}}
	nodes := map[string]int{".": 0}
	err := fs.WalkDir(os.DirFS(root), ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || p == "." {
			return err
		}
		if !e.IsDir() && !e.Type().IsRegular() {
			return errors.New(p + " is neither a file nor a directory")
		}
		nodes[p] = len(nodes)
		r.before = append(r.before, op{Kind: opMake, Node: nodes[p], IsDir: e.IsDir(), Dir: nodes[path.Dir(p)], Name: path.Base(p)})
		if e.IsDir() {
			return nil
		}
		content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(p)))
		r.before = append(r.before, op{Kind: opWrite, Node: nodes[p], Data: content})
		return err
	})
	r.disk = r.Recording.disk(POSIX)
	return r, err
}

// emit adds an operation.
func (r *recorder) emit(o op) {
	r.disk.apply(o)
	r.ops = append(r.ops, o)
}

// errUnknown: the model would be wrong about what the call does.
var errUnknown = errors.New("a call that the model does not know")

// call takes the next call of the process. What it does not understand of the
// files under root is an error.
func (r *recorder) call(c call) error {
	if c.name == "execve" && !r.began {
		r.began = true
		return nil
	}
	if c.errno != "" && c.result == "-1" || strings.HasPrefix(c.errno, "ERESTART") {
		return nil // it did nothing, or was begun again
	}
	if c.result == "?" {
		if touches, err := r.touches(c); touches || err != nil {
			return errors.Join(errors.New("it never returned"), err)
		}
		return nil
	}
	x := &reading{recorder: r, call: c}
	switch c.name {
	case "open", "creat":
		x.open(x.path(0), x.arg(1))
	case "openat":
		x.open(x.pathAt(0), x.arg(2))
	case "write":
		x.write()
	case "pwrite64":
		if f := x.file(0); f != nil {
			x.store(f, x.number(3), x.text(1))
		}
	case "read":
		// strace -e raw=read prints no path, and a number in hex.
		if f := r.files[x.number(0)]; f != nil {
			f.at += x.returned()
		}
	case "lseek":
		if f := x.file(0); f != nil {
			f.at = x.returned()
		}
	case "ftruncate":
		if f := x.file(0); f != nil {
			x.resize(f.node, x.number(1))
		}
	case "truncate":
		if p := x.path(0); x.under(p) {
			x.resize(x.node(p), x.number(1))
		}
	case "fsync", "fdatasync":
		if f := x.file(0); f != nil {
			r.emit(op{Kind: opSync, Node: f.node})
		}
	case "mkdir":
		x.make(x.path(0), true)
	case "mkdirat":
		x.make(x.pathAt(0), true)
	case "unlink", "rmdir":
		x.remove(x.path(0))
	case "unlinkat":
		x.remove(x.pathAt(0))
	case "rename":
		x.rename(x.path(0), x.path(1))
	case "renameat":
		x.rename(x.pathAt(0), x.pathAt(2))
	case "renameat2":
		if flags := x.arg(4); flags != "0" && flags != "RENAME_NOREPLACE" {
			return errUnknown
		}
		x.rename(x.pathAt(0), x.pathAt(2))
	case "copy_file_range":
		x.copyRange()
	case "mmap":
		if strings.Contains(x.arg(3), "MAP_SHARED") && strings.Contains(x.arg(2), "PROT_WRITE") && x.file(4) != nil {
			return errUnknown
		}
	case "sync_file_range": // it promises nothing
	case "execve", "io_uring_setup", "io_setup", "sync":
		return errUnknown
	default:
		if touches, err := r.touches(c); touches || err != nil {
			return errors.Join(errUnknown, err)
		}
	}
	return x.err
}

// touches tells whether an argument of a call names something under root.
func (r *recorder) touches(c call) (bool, error) {
	for _, arg := range c.args {
		var p string
		var err error
		if strings.HasPrefix(arg, `"`) {
			p, err = unescape(strings.Trim(strings.TrimSuffix(arg, "..."), `"`))
		} else if strings.Contains(arg, "<") {
			_, p, _, err = descriptor(arg)
		}
		if err != nil {
			return false, err
		}
		if r.under(p) {
			return true, nil
		}
	}
	return false, nil
}

func (r *recorder) under(p string) bool {
	return p == r.root || strings.HasPrefix(p, strings.TrimSuffix(r.root, "/")+"/")
}

func (r *recorder) relative(p string) string {
	if p == r.root {
		return "."
	}
	return strings.TrimPrefix(p, strings.TrimSuffix(r.root, "/")+"/")
}

// find gives the directory, the name in it and the number of what is at a path,
// -1 if there is nothing.
func (r *recorder) find(p string) (dir int, name string, node int, err error) {
	names := strings.Split(r.relative(p), "/")
	if names[0] == "." {
		return 0, "", 0, nil
	}
	for i, name := range names {
		at, ok := r.disk.nodes[dir].names[name]
		switch {
		case i == len(names)-1 && !ok:
			return dir, name, -1, nil
		case i == len(names)-1:
			return dir, name, at, nil
		case !ok || r.disk.nodes[at].names == nil:
			return 0, "", 0, fmt.Errorf("the model knows no directory %s", path.Dir(r.relative(p)))
		}
		dir = at
	}
	panic("strings.Split gives at least one")
}

// reading is a call whose arguments are being read. The first error stays.
type reading struct {
	*recorder
	call
	err error
}

func (x *reading) fail(err error) {
	if x.err == nil {
		x.err = err
	}
}

func (x *reading) arg(i int) string {
	if i >= len(x.args) {
		x.fail(fmt.Errorf("%d arguments", len(x.args)))
		return ""
	}
	return x.args[i]
}

func (x *reading) number(i int) int64 {
	n, err := number(x.arg(i))
	if err != nil {
		x.fail(err)
	}
	return n
}

func (x *reading) text(i int) string {
	s, err := text(x.arg(i))
	if err != nil {
		x.fail(err)
	}
	return s
}

// returned is the number that the call returned.
func (x *reading) returned() int64 {
	n, _, _, err := descriptor(x.result)
	if err != nil {
		x.fail(err)
	}
	return n
}

// path is argument i, a path that has to be absolute.
func (x *reading) path(i int) string {
	p := x.text(i)
	if !path.IsAbs(p) {
		x.fail(errors.New("a path relative to who knows what"))
	}
	return path.Clean(p)
}

// pathAt is the path that arguments i, a directory, and i+1 name.
func (x *reading) pathAt(i int) string {
	if p := x.text(i + 1); !path.IsAbs(p) {
		return path.Join(x.descriptor(i), p)
	}
	return x.path(i + 1)
}

// descriptor is the path of argument i.
func (x *reading) descriptor(i int) string {
	_, p, _, err := descriptor(x.arg(i))
	if err != nil {
		x.fail(err)
	}
	return p
}

// file is the open file of argument i, nil if it is not under root or unknown.
func (x *reading) file(i int) *file {
	fd, p, deleted, err := descriptor(x.arg(i))
	if err != nil {
		x.fail(err)
		return nil
	}
	if !x.under(p) {
		return nil
	}
	f := x.files[fd]
	if f == nil {
		x.fail(errors.New("a descriptor that was not seen opened"))
		return nil
	}
	if !deleted && x.node(p) != f.node {
		x.fail(errors.New("the model has another file at this path"))
		return nil
	}
	return f
}

// node is what the model has at a path.
func (x *reading) node(p string) int {
	_, _, at, err := x.find(p)
	if err == nil && at < 0 {
		err = errors.New("the model has nothing at this path")
	}
	if err != nil {
		x.fail(err)
	}
	return at
}

func (x *reading) open(p, flags string) {
	if x.name == "creat" {
		flags = "O_WRONLY|O_CREAT|O_TRUNC"
	}
	fd := x.returned()
	delete(x.files, fd)
	if x.err != nil || !x.under(p) {
		return
	}
	has := map[string]bool{}
	for flag := range strings.SplitSeq(flags, "|") {
		has[flag] = true
	}
	if has["O_SYNC"] || has["O_DSYNC"] || has["O_DIRECT"] || has["O_TMPFILE"] {
		x.fail(errUnknown)
		return
	}
	_, _, at, err := x.find(p)
	switch {
	case err != nil:
		x.fail(err)
		return
	case at < 0 && has["O_CREAT"]:
		x.make(p, false)
		at = len(x.disk.nodes) - 1
	case at < 0:
		x.fail(errors.New("the model has nothing at this path"))
		return
	case has["O_TRUNC"]:
		x.resize(at, 0)
	}
	x.files[fd] = &file{node: at, append: has["O_APPEND"]}
}

func (x *reading) write() {
	if fd, _, _, err := descriptor(x.arg(0)); err == nil && fd == 1 {
		x.say(x.text(1))
		return
	}
	f := x.file(0)
	if f == nil {
		return
	}
	if f.append {
		f.at = x.disk.nodes[f.node].now.size
	}
	x.store(f, f.at, x.text(1))
	f.at += x.returned()
}

// store writes as much of data as the call says.
func (x *reading) store(f *file, at int64, data string) {
	n := x.returned()
	if x.err == nil && n > 0 {
		x.emit(op{Kind: opWrite, Node: f.node, At: at, Data: []byte(data[:n])})
	}
}

// resize changes a file's length.
func (x *reading) resize(node int, size int64) {
	if x.err == nil && x.disk.nodes[node].now.size != size {
		x.emit(op{Kind: opResize, Node: node, At: size})
	}
}

// copyRange is a write of what another file under root has.
func (x *reading) copyRange() {
	from, to := x.file(0), x.file(2)
	if from == nil && to == nil {
		return
	}
	if from == nil || to == nil || x.arg(1) != "NULL" || x.arg(3) != "NULL" || to.append {
		x.fail(errUnknown)
		return
	}
	n := x.returned()
	if have := x.disk.nodes[from.node].now.bytes(); x.err == nil && n > 0 && from.at+n <= int64(len(have)) {
		x.emit(op{Kind: opWrite, Node: to.node, At: to.at, Data: have[from.at : from.at+n]})
	} else if n > 0 {
		x.fail(errors.New("the model has less in the file that is copied"))
	}
	from.at, to.at = from.at+n, to.at+n
}

func (x *reading) make(p string, isDir bool) {
	if x.err != nil || !x.under(p) {
		return
	}
	dir, name, at, err := x.find(p)
	if err == nil && at >= 0 {
		err = errors.New("the model has something at this path")
	}
	if err != nil {
		x.fail(err)
		return
	}
	x.emit(op{Kind: opMake, Node: len(x.disk.nodes), IsDir: isDir, Dir: dir, Name: name})
}

func (x *reading) remove(p string) {
	if x.err != nil || !x.under(p) {
		return
	}
	x.node(p)
	if dir, name, _, _ := x.find(p); x.err == nil {
		x.emit(op{Kind: opRemove, Dir: dir, Name: name})
	}
}

func (x *reading) rename(from, to string) {
	if x.err != nil || !x.under(from) && !x.under(to) {
		return
	}
	if !x.under(from) || !x.under(to) {
		x.fail(errUnknown)
		return
	}
	at := x.node(from)
	dir, name, _, _ := x.find(from)
	toDir, toName, _, err := x.find(to)
	if err != nil {
		x.fail(err)
	}
	if x.err == nil {
		x.emit(op{Kind: opRename, Node: at, Dir: dir, Name: name, ToDir: toDir, ToName: toName})
	}
}

// say takes what the process writes to its standard output.
func (x *reading) say(s string) {
	x.said += s
	for {
		line, rest, ok := strings.Cut(x.said, "\n")
		if !ok {
			return
		}
		x.said = rest
		if name, ok := strings.CutPrefix(line, ack); ok {
			x.emit(op{Kind: opSay, Data: []byte(name)})
		}
	}
}
