package crash

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Disk is what a disk, with its file system, promises.
type Disk int

const (
	// POSIX keeps what POSIX says and no more: fsync of a file keeps its content,
	// but no name; fsync of a directory keeps the names in it, but no content. What
	// was not synced is lost or kept at the disk's pleasure: of a file any of the
	// writes, of a directory those changes of its names that came first.
	POSIX Disk = iota
	// NTFS has no sync of directories. Names are kept in a log in the order of all
	// changes, and the sync of any file keeps the log up to then.
	NTFS
	// Lying says of a file that it is synced, and keeps what it was told to keep the
	// time before. No program can be safe on it: it shows that losses are found.
	Lying
)

// String gives the name in tests.
func (d Disk) String() string { return [...]string{"POSIX", "NTFS", "Lying"}[d] }

// kind is what an operation does.
type kind uint8

const (
	opMake   kind = iota // Node, a directory if IsDir, appears in Dir as Name
	opWrite              // Data at At of file Node
	opResize             // file Node gets the length At
	opSync               // Node, file or directory
	opRemove             // Name from Dir
	opRename             // Node, in Dir as Name, moves to ToDir as ToName
	opSay                // the process said Data, a line
)

// op is one operation. Files and directories are numbered in the order in which
// they were made; 0 is the directory that is watched.
type op struct {
	Kind   kind
	Node   int
	IsDir  bool
	Dir    int
	Name   string
	ToDir  int
	ToName string
	At     int64
	Data   []byte
}

// end is where a write ends.
func (o op) end() int64 { return o.At + int64(len(o.Data)) }

// dirs gives the directories whose names an operation changes.
func (o op) dirs() []int {
	if o.Kind == opRename && o.ToDir != o.Dir {
		return []int{o.Dir, o.ToDir}
	}
	return []int{o.Dir}
}

// changeNames makes the change to directories.
func (o op) changeNames(names func(dir int) map[string]int) {
	if o.Kind == opMake {
		names(o.Dir)[o.Name] = o.Node
		return
	}
	delete(names(o.Dir), o.Name)
	if o.Kind == opRename {
		names(o.ToDir)[o.ToName] = o.Node
	}
}

// disk is a model of a disk: what is on it for sure, and what the process sees.
type disk struct {
	promise Disk
	nodes   []*node
	late    []op // changes of names that are not on the disk for sure, in order
}

// node is a file or, if names is not nil, a directory.
type node struct {
	kept, now        content
	keptNames, names map[string]int
	late             []op // writes and resizes that lie between kept and now, in order
	asked            int  // Lying: how many of late it was told to keep
}

func newDir() *node { return &node{keptNames: map[string]int{}, names: map[string]int{}} }

func newDisk(promise Disk) *disk { return &disk{promise: promise, nodes: []*node{newDir()}} }

// apply makes an operation.
func (d *disk) apply(o op) {
	switch o.Kind {
	case opMake:
		n := &node{}
		if o.IsDir {
			n = newDir()
		}
		d.nodes = append(d.nodes, n)
		d.rename(o)
	case opRemove, opRename:
		d.rename(o)
	case opWrite, opResize:
		n := d.nodes[o.Node]
		n.now = o.change(n.now)
		n.late = append(n.late, o)
	case opSync:
		d.sync(o.Node)
	}
}

// change makes a write or resize.
func (o op) change(c content) content {
	if o.Kind == opResize {
		return c.resize(o.At)
	}
	return c.write(o.At, o.Data)
}

func (d *disk) rename(o op) {
	o.changeNames(func(dir int) map[string]int { return d.nodes[dir].names })
	d.late = append(d.late, o)
}

func (d *disk) sync(at int) {
	n := d.nodes[at]
	switch {
	case n.names != nil && d.promise != NTFS:
		d.syncNames(at)
	case n.names != nil:
	case d.promise == Lying:
		for _, o := range n.late[:n.asked] {
			n.kept = o.change(n.kept)
		}
		n.late = n.late[n.asked:]
		n.asked = len(n.late)
	default:
		n.kept, n.late = n.now, nil
		if d.promise == NTFS {
			d.keepAllNames()
		}
	}
}

// keepAllNames puts all changes of names on the disk.
func (d *disk) keepAllNames() {
	for _, o := range d.late {
		o.changeNames(d.keptNames)
	}
	d.late = nil
}

// syncNames puts the changes of a directory's names on the disk. A move between
// two directories is one change of both, so what came before it in the other is
// kept too.
func (d *disk) syncNames(dir int) {
	reached := map[int]bool{dir: true}
	var kept, late []op
	for _, o := range slices.Backward(d.late) {
		if slices.ContainsFunc(o.dirs(), func(dir int) bool { return reached[dir] }) {
			for _, dir := range o.dirs() {
				reached[dir] = true
			}
			kept = append(kept, o)
		} else {
			late = append(late, o)
		}
	}
	slices.Reverse(late)
	for _, o := range slices.Backward(kept) {
		o.changeNames(d.keptNames)
	}
	d.late = late
}

func (d *disk) keptNames(dir int) map[string]int { return d.nodes[dir].keptNames }

// pending tells whether a loss of power now has more than one outcome.
func (d *disk) pending() bool {
	return len(d.late) > 0 || slices.ContainsFunc(d.nodes, func(n *node) bool { return len(n.late) > 0 })
}

// none is what a loss of power leaves if nothing was kept that need not be.
func (d *disk) none() tree {
	return d.tree(d.keptNames, func(n int) content { return d.nodes[n].kept })
}

// all is what it leaves if everything was kept: what the process sees.
func (d *disk) all() tree {
	return d.tree(func(dir int) map[string]int { return d.nodes[dir].names }, func(n int) content { return d.nodes[n].now })
}

// some is what it leaves if some of it was kept, as chance will have it.
func (d *disk) some(r *rand.Rand) tree {
	names := d.someNames(r)
	changed := map[int]content{}
	for i, n := range d.nodes {
		if len(n.late) > 0 {
			changed[i] = n.some(r)
		}
	}
	return d.tree(names, func(n int) content {
		if c, ok := changed[n]; ok {
			return c
		}
		return d.nodes[n].kept
	})
}

// some keeps some of a file's late operations. The last write kept is torn at a
// sector half of the time, and a write that is lost may have left its length.
func (n *node) some(r *rand.Rand) content {
	likely := [...]float64{0.1, 0.5, 0.9}[r.IntN(3)]
	keep := make([]bool, len(n.late))
	last := -1
	for i := range keep {
		if keep[i] = r.Float64() < likely; keep[i] {
			last = i
		}
	}
	c := n.kept
	for i, o := range n.late {
		switch {
		case !keep[i] && o.Kind == opWrite && o.end() > c.size && r.IntN(4) == 0:
			c = c.resize(o.end())
		case keep[i] && i == last && o.Kind == opWrite && r.IntN(2) == 0:
			c = o.torn(r).change(c)
		case keep[i]:
			c = o.change(c)
		}
	}
	return c
}

// torn gives a write that reached only some sectors. What lies within one is
// written whole.
func (o op) torn(r *rand.Rand) op {
	first := (o.At/sectorSize + 1) * sectorSize
	if sectors := (o.end() - first + sectorSize - 1) / sectorSize; sectors > 0 {
		o.Data = o.Data[:first+sectorSize*r.Int64N(sectors)-o.At]
	}
	return o
}

// someNames keeps of each directory's changes those before a random one.
func (d *disk) someNames(r *rand.Rand) func(dir int) map[string]int {
	names := map[int]map[string]int{}
	get := func(dir int) map[string]int {
		if names[dir] == nil {
			names[dir] = maps.Clone(d.nodes[dir].keptNames)
		}
		return names[dir]
	}
	late := d.late
	if d.promise == NTFS {
		late = late[:r.IntN(len(late)+1)]
	}
	left := map[int]int{} // how many more changes of a directory are kept
	for _, o := range late {
		for _, dir := range o.dirs() {
			left[dir]++
		}
	}
	if d.promise != NTFS {
		for _, dir := range slices.Sorted(maps.Keys(left)) {
			left[dir] = r.IntN(left[dir] + 1)
		}
	}
	for _, o := range late {
		if slices.ContainsFunc(o.dirs(), func(dir int) bool { return left[dir] == 0 }) {
			for _, dir := range o.dirs() {
				left[dir] = 0
			}
			continue
		}
		for _, dir := range o.dirs() {
			left[dir]--
		}
		o.changeNames(get)
	}
	return func(dir int) map[string]int {
		if names[dir] != nil {
			return names[dir]
		}
		return d.nodes[dir].keptNames
	}
}

// describe says what an operation does that comes next.
func (d *disk) describe(o op) string {
	paths := map[int]string{}
	var walk func(dir int)
	walk = func(dir int) {
		for name, at := range d.nodes[dir].names {
			if paths[at] = paths[dir] + "/" + name; d.nodes[at].names != nil {
				walk(at)
			}
		}
	}
	walk(0)
	path := func(node int) string {
		if p, ok := paths[node]; ok || node == 0 {
			return cmp.Or(p, "/")
		}
		return "a file without a name"
	}
	switch o.Kind {
	case opMake:
		return "make " + paths[o.Dir] + "/" + o.Name
	case opWrite:
		return fmt.Sprintf("write %s at %d, %d bytes", path(o.Node), o.At, len(o.Data))
	case opResize:
		return fmt.Sprintf("resize %s to %d", path(o.Node), o.At)
	case opSync:
		return "sync " + path(o.Node)
	case opRemove:
		return "remove " + paths[o.Dir] + "/" + o.Name
	case opRename:
		return "rename " + path(o.Node) + " to " + paths[o.ToDir] + "/" + o.ToName
	}
	return "say " + ack + string(o.Data)
}

// tree is files and directories by path, each directory before what is in it.
type tree []entry

type entry struct {
	path    string // slash-separated, relative
	dir     bool
	content content
}

func (d *disk) tree(names func(dir int) map[string]int, bytes func(file int) content) tree {
	var out tree
	var walk func(dir int, path string)
	walk = func(dir int, path string) {
		in := names(dir)
		for _, name := range slices.Sorted(maps.Keys(in)) {
			at := in[name]
			if d.nodes[at].names != nil {
				out = append(out, entry{path: path + name, dir: true})
				walk(at, path+name+"/")
			} else {
				out = append(out, entry{path: path + name, content: bytes(at)})
			}
		}
	}
	walk(0, "")
	return out
}

// String lists the tree for people.
func (t tree) String() string {
	var out []string
	for _, e := range t {
		line := e.path + "/"
		if !e.dir {
			line = fmt.Sprintf("%s %d %.8x", e.path, e.content.size, sha256.Sum256(e.content.bytes()))
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// sum tells trees apart.
func (t tree) sum() [sha256.Size]byte {
	var b []byte
	for _, e := range t {
		b = binary.AppendUvarint(b, uint64(len(e.path)))
		b = append(b, e.path...)
		if e.dir {
			b = append(b, 1)
			continue
		}
		b = append(b, 0)
		b = binary.AppendVarint(b, e.content.size)
		for _, k := range e.content.blocks {
			if k == nil {
				k = zeros
			}
			b = append(b, k.sum[:]...)
		}
	}
	return sha256.Sum256(b)
}

// materialise writes the tree into a directory, which it makes. Modes, owners
// and times are not modelled: everything is this user's alone.
func (t tree) materialise(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, e := range t {
		path := filepath.Join(dir, filepath.FromSlash(e.path))
		var err error
		if e.dir {
			err = os.Mkdir(path, 0o700)
		} else {
			err = os.WriteFile(path, e.content.bytes(), 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
