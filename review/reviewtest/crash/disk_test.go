package crash

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The blocks of a content say what a plain slice of bytes would.
func TestContent(t *testing.T) {
	for s := range uint64(50) {
		r := rand.New(rand.NewPCG(s, 0))
		var c content
		var plain []byte
		for range 40 {
			before, was := c, c.bytes()
			at := r.Int64N(3 * blockSize)
			if r.IntN(3) == 0 {
				c = c.resize(at)
				plain = append(plain, make([]byte, max(0, int(at)-len(plain)))...)[:at:at]
			} else {
				p := bytes.Repeat([]byte{byte(r.IntN(256))}, r.IntN(2*blockSize))
				c = c.write(at, p)
				plain = append(plain, make([]byte, max(0, int(at)+len(p)-len(plain)))...)
				copy(plain[at:], p)
			}
			if !bytes.Equal(c.bytes(), plain) {
				t.Fatalf("seed %d: the content went wrong", s)
			}
			if same := (tree{{content: content{}.write(0, plain).resize(int64(len(plain)))}}); (tree{{content: c}}).sum() != same.sum() {
				t.Fatalf("seed %d: equal contents have two sums", s)
			}
			if !bytes.Equal(before.bytes(), was) {
				t.Fatalf("seed %d: a content was changed", s)
			}
		}
	}
}

// show writes a tree on one line, as in "a=text d/ d/b=".
func show(t tree) string {
	var out []string
	for _, e := range t {
		if e.dir {
			out = append(out, e.path+"/")
		} else {
			out = append(out, e.path+"="+strings.Trim(string(e.content.bytes()), "\x00"))
		}
	}
	return strings.Join(out, " ")
}

// outcomes gives every tree that a loss of power can leave after operations.
func outcomes(promise Disk, ops []op) []string {
	d := newDisk(promise)
	for _, o := range ops {
		d.apply(o)
	}
	found := map[string]bool{show(d.none()): true, show(d.all()): true}
	for s := range uint64(1000) {
		found[show(d.some(rand.New(rand.NewPCG(s, 0))))] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func TestOutcomes(t *testing.T) {
	const top = 0
	file := func(dir int, name string, node int) op { return op{Kind: opMake, Dir: dir, Name: name, Node: node} }
	dir := func(dir int, name string, node int) op {
		return op{Kind: opMake, IsDir: true, Dir: dir, Name: name, Node: node}
	}
	write := func(node int, s string) op { return op{Kind: opWrite, Node: node, Data: []byte(s)} }
	resize := func(node int, size int64) op { return op{Kind: opResize, Node: node, At: size} }
	sync := func(node int) op { return op{Kind: opSync, Node: node} }
	remove := func(dir int, name string) op { return op{Kind: opRemove, Dir: dir, Name: name} }
	move := func(node, dir int, name string, to int, toName string) op {
		return op{Kind: opRename, Node: node, Dir: dir, Name: name, ToDir: to, ToName: toName}
	}
	tests := []struct {
		name string
		disk Disk
		ops  []op
		want []string
	}{
		{"nothing", POSIX, nil, []string{""}},
		{"a name without content, content without a name", POSIX, []op{file(top, "a", 1), write(1, "x")}, []string{"", "a=", "a=x"}},
		{"content is synced, its name is not", POSIX, []op{file(top, "a", 1), write(1, "x"), sync(1)}, []string{"", "a=x"}},
		{"a name is synced, its content is not", POSIX, []op{file(top, "a", 1), write(1, "x"), sync(top)}, []string{"a=", "a=x"}},
		{"both are synced", POSIX, []op{file(top, "a", 1), write(1, "x"), sync(1), sync(top)}, []string{"a=x"}},
		{"writes are lost one by one", POSIX, []op{file(top, "a", 1), sync(top), write(1, "xy"), write(1, "z"), resize(1, 1)},
			[]string{"a=", "a=x", "a=xy", "a=z", "a=zy"}},
		{"names are lost from the last", POSIX, []op{file(top, "a", 1), file(top, "b", 2), remove(top, "a")},
			[]string{"", "a=", "a= b=", "b="}},
		{"each directory by itself", POSIX, []op{dir(top, "d", 1), sync(top), file(1, "a", 2), file(top, "b", 3)},
			[]string{"b= d/", "b= d/ d/a=", "d/", "d/ d/a="}},
		{"a directory that has no name", POSIX, []op{dir(top, "d", 1), file(1, "a", 2), sync(1)}, []string{"", "d/ d/a="}},
		{"one takes the place of another", POSIX,
			[]op{file(top, "a", 1), write(1, "old"), sync(1), file(top, "b", 2), sync(top), write(2, "new"), sync(2), move(2, top, "b", top, "a")},
			[]string{"a=new", "a=old b=new"}},
		{"a move between directories loses nothing", POSIX,
			[]op{dir(top, "d", 1), dir(top, "e", 2), file(1, "a", 3), sync(1), sync(top), move(3, 1, "a", 2, "b")},
			[]string{"d/ d/a= e/", "d/ e/ e/b="}},
		{"a move is synced by either directory, and what came before it", POSIX,
			[]op{dir(top, "d", 1), dir(top, "e", 2), sync(top), file(1, "a", 3), file(2, "c", 4), file(1, "z", 5), move(3, 1, "a", 2, "b"), file(1, "y", 6), sync(2)},
			[]string{"d/ d/y= d/z= e/ e/b= e/c=", "d/ d/z= e/ e/b= e/c="}},
		{"no sync of directories", NTFS, []op{file(top, "a", 1), sync(top)}, []string{"", "a="}},
		{"the sync of a file keeps all names", NTFS, []op{file(top, "a", 1), dir(top, "d", 2), file(2, "b", 3), write(3, "x"), sync(1)},
			[]string{"a= d/ d/b=", "a= d/ d/b=x"}},
		{"names are lost from the last, wherever they are", NTFS, []op{dir(top, "d", 1), file(1, "a", 2), file(top, "b", 3)},
			[]string{"", "b= d/ d/a=", "d/", "d/ d/a="}},
		{"a sync that comes later", Lying, []op{file(top, "a", 1), sync(top), write(1, "x"), sync(1), write(1, "y"), sync(1)},
			[]string{"a=x", "a=y"}},
		{"never before it was asked", Lying, []op{file(top, "a", 1), sync(top), write(1, "x"), sync(1)}, []string{"a=", "a=x"}},
	}
	for _, x := range tests {
		if got := outcomes(x.disk, x.ops); !slices.Equal(got, x.want) {
			t.Errorf("%s:\n%q, want\n%q", x.name, got, x.want)
		}
	}
}

// The last write that is kept may reach whole sectors of the disk only, and one
// that is lost may leave its length.
func TestTorn(t *testing.T) {
	ops := []op{{Kind: opMake, Name: "a", Node: 1}, {Kind: opSync}, {Kind: opWrite, Node: 1, At: 100, Data: bytes.Repeat([]byte("x"), 1400)}}
	d := newDisk(POSIX)
	for _, o := range ops {
		d.apply(o)
	}
	found := map[string]bool{}
	for s := range uint64(1000) {
		c := d.some(rand.New(rand.NewPCG(s, 0)))[0].content
		found[fmt.Sprintf("%d of %d", bytes.Count(c.bytes(), []byte("x")), c.size)] = true
	}
	want := []string{"0 of 0", "0 of 1500", "1400 of 1500", "412 of 512", "924 of 1024"}
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestMaterialise(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789"), 1000)
	want := tree{{path: "a", content: content{}.write(0, long)}, {path: "d", dir: true}, {path: "d/b"}, {path: "d/e", dir: true}}
	dir := filepath.Join(t.TempDir(), "state")
	if err := want.materialise(dir); err != nil {
		t.Fatal(err)
	}
	r, err := newRecorder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.disk.all(); got.sum() != want.sum() {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := r.disk.none(); got.sum() != want.sum() || r.disk.pending() {
		t.Errorf("what was there is not on the disk: %s", got)
	}
	if err := os.Symlink("a", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := newRecorder(dir); err == nil {
		t.Error("a symbolic link was taken")
	}
}
