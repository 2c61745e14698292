package datadir_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/storage/datadir"
)

// parcel stands for a package, of more than a block of any disk; digest for what names it.
var (
	parcel = bytes.Repeat([]byte("建设方案与资金预算"), 3000)
	digest = review.DigestOf([]byte("tagmanifest-sha256.txt"))
)

// parcelAt is where a package lies.
func parcelAt(root string) string {
	return filepath.Join(root, "packages", string(testID), string(digest)+".rpk")
}

// stage stages a package and holds it until standard input ends.
func stage(root string) {
	d, err := datadir.Open(root)
	if err == nil {
		_, err = d.StagePackage(testID, bytes.NewReader(parcel))
	}
	fmt.Println(review.CodeOf(err), "staged")
	io.Copy(io.Discard, os.Stdin)
}

// keep stages a package, keeps it and says what came of it.
func keep(root string) {
	d, err := datadir.Open(root)
	if err == nil {
		var s datadir.Staged
		if s, err = d.StagePackage(testID, bytes.NewReader(parcel)); err == nil {
			err = s.Keep(digest)
		}
		d.Close()
	}
	fmt.Println(review.CodeOf(err))
}

// What the process under TestPackagePower does, one act after the other.
const powerActs = 12

// powerAct does act n: packages come and go, and the trust changes.
func powerAct(d *datadir.Dir, n int) error {
	content := bytes.Repeat([]byte{byte('a' + n)}, 5000*n)
	switch n % 3 {
	case 0:
		s, err := d.StagePackage(testID, bytes.NewReader(content))
		if err != nil {
			return err
		}
		return s.Keep(review.DigestOf(content))
	case 1:
		return d.SetTrust(content)
	default:
		return d.DropPackage(testID, review.DigestOf(bytes.Repeat([]byte{byte('a' + n - 2)}, 5000*(n-2))))
	}
}

// acts does them all and says after each one that it is done.
func acts(root string) {
	d, err := datadir.Open(root)
	fmt.Println("READY")
	for n := 0; err == nil && n < powerActs; n++ {
		if err = powerAct(d, n); err == nil {
			fmt.Println("ACK", n)
		}
	}
	if err != nil {
		fmt.Println(err)
	}
}

// staged is a copy of content in a directory.
func staged(t *testing.T, d *datadir.Dir, content []byte) datadir.Staged {
	t.Helper()
	s, err := d.StagePackage(testID, bytes.NewReader(content))
	must(t, err)
	return s
}

// holding fails unless a package has that content.
func holding(t *testing.T, p interface {
	io.ReaderAt
	Size() int64
}, want []byte) {
	t.Helper()
	got, err := io.ReadAll(io.NewSectionReader(p, 0, p.Size()))
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes of %d, %v", len(got), len(want), err)
	}
}

// wantPackages fails unless these packages lie there, and can be opened.
func wantPackages(t *testing.T, root string, want ...review.Digest) {
	t.Helper()
	got, err := datadir.Packages(root, testID)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("packages %v, %v; want %v", got, err, want)
	}
	for _, digest := range got {
		p, err := datadir.Package(root, testID, digest)
		must(t, err)
		must(t, p.Close())
	}
}

// A package is copied, read before it has a name, kept, read again, and dropped; what
// lies there can be had without the lock too.
func TestPackage(t *testing.T) {
	d := opened(t, t.TempDir())
	root := d.Root()
	_, err := d.Package(testID, digest)
	reviewtest.WantCode(t, err, review.CodeFileMissing)
	wantPackages(t, root)

	s := staged(t, d, parcel)
	holding(t, s, parcel)
	wantPackages(t, root)
	_, err = d.Package(testID, digest)
	reviewtest.WantCode(t, err, review.CodeFileMissing)
	must(t, s.Keep(digest))
	must(t, s.Drop())
	if _, err := s.ReadAt(make([]byte, 1), 0); !errors.Is(err, os.ErrClosed) {
		t.Errorf("reading a copy that was kept: %v", err)
	}
	if got := reviewtest.Tree(t, filepath.Join(root, "packages")); got != ".\n"+string(testID)+"\n"+string(testID)+"/"+string(digest)+".rpk" {
		t.Errorf("left\n%s", got)
	}
	if read(t, parcelAt(root)) != string(parcel) {
		t.Error("other content")
	}
	wantPackages(t, root, digest)
	p, err := d.Package(testID, digest)
	must(t, err)
	holding(t, p, parcel)

	// Another copy of the same package takes its place; who reads the first goes on.
	again := append(slices.Clone(parcel), "signed again"...)
	must(t, staged(t, d, again).Keep(digest))
	holding(t, p, parcel)
	must(t, p.Close())
	p, err = datadir.Package(root, testID, digest)
	must(t, err)
	holding(t, p, again)
	must(t, p.Close())

	other := review.DigestOf(nil)
	must(t, staged(t, d, nil).Keep(other))
	got, err := d.Packages(testID)
	if want := []review.Digest{digest, other}; err != nil || !slices.Equal(got, sorted(want)) {
		t.Errorf("packages %v, %v", got, err)
	}
	must(t, d.DropPackage(testID, other))
	wantPackages(t, root, digest)
	must(t, d.DropPackage(testID, digest))
	must(t, d.DropPackage(testID, digest))
	if got := reviewtest.Tree(t, root); got != ".\nheyi-data\nlock\ntemp" {
		t.Errorf("left\n%s", got)
	}
}

func sorted(list []review.Digest) []review.Digest { slices.Sort(list); return list }

// A copy that is dropped leaves nothing, but for what others lie there.
func TestPackageDropped(t *testing.T) {
	d := opened(t, t.TempDir())
	first, second := staged(t, d, parcel), staged(t, d, parcel)
	must(t, first.Drop())
	must(t, first.Drop())
	reviewtest.WantCode(t, first.Keep(digest), review.CodeDirFailed)
	holding(t, second, parcel)
	must(t, second.Keep(digest))
	reviewtest.WantCode(t, second.Keep(digest), review.CodeDirFailed)
	must(t, staged(t, d, parcel).Drop())
	wantPackages(t, d.Root(), digest)
	must(t, d.DropPackage(testID, digest))
	if got := reviewtest.Tree(t, d.Root()); got != ".\nheyi-data\nlock\ntemp" {
		t.Errorf("left\n%s", got)
	}
}

// A medium that is pulled out in mid-read leaves nothing, and what is told is that.
func TestPackagePulled(t *testing.T) {
	d := opened(t, t.TempDir())
	before := reviewtest.Snapshot(t, d.Root())
	pulled := errors.New("input/output error")
	for _, n := range []int{0, 1, 4096, len(parcel) - 1, len(parcel)} {
		_, err := d.StagePackage(testID, io.MultiReader(bytes.NewReader(parcel[:n]), iotest.ErrReader(pulled)))
		reviewtest.WantCode(t, err, review.CodePackageRead)
		if !errors.Is(err, pulled) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
	if after := reviewtest.Tree(t, d.Root()); after != ".\nheyi-data\nlock\ntemp" {
		t.Errorf("left\n%s\nwas\n%s", after, before)
	}
}

// Names that are none lead nowhere.
func TestPackageNames(t *testing.T) {
	d := opened(t, t.TempDir())
	put(t, filepath.Join(d.Root(), "outside.rpk"), "outside")
	must(t, staged(t, d, parcel).Keep(digest))
	before := reviewtest.Snapshot(t, d.Root())
	for _, id := range []review.MeetingID{"", ".", "..", "../..", testID + "/", testID[:25], testID + "a", "HEYI2STORAGE3TEST4MEETING5"} {
		_, err := d.StagePackage(id, bytes.NewReader(parcel))
		reviewtest.WantCode(t, err, review.CodeDirFailed)
		_, err = d.Package(id, digest)
		reviewtest.WantCode(t, err, review.CodeDirFailed)
		_, err = d.Packages(id)
		reviewtest.WantCode(t, err, review.CodeDirFailed)
		reviewtest.WantCode(t, d.DropPackage(id, digest), review.CodeDirFailed)
	}
	for _, digest := range []review.Digest{"", "../../outside", digest[:63], digest + "0", review.Digest(strings.ToUpper(string(digest))), digest[:63] + "/"} {
		_, err := d.Package(testID, digest)
		reviewtest.WantCode(t, err, review.CodeDirFailed)
		reviewtest.WantCode(t, d.DropPackage(testID, digest), review.CodeDirFailed)
		reviewtest.WantCode(t, staged(t, d, parcel).Keep(digest), review.CodeDirFailed)
	}
	if after := reviewtest.Tree(t, d.Root()); after != treeOf(before) {
		t.Errorf("left\n%s\nwas\n%s", after, before)
	}
}

// treeOf gives the paths of a snapshot.
func treeOf(snapshot string) string {
	lines := strings.Split(snapshot, "\n")
	for i, l := range lines {
		lines[i], _, _ = strings.Cut(l, " ")
	}
	return strings.Join(lines, "\n")
}

// What is no package of ours is not listed and not opened.
func TestPackageImposters(t *testing.T) {
	d := opened(t, t.TempDir())
	must(t, staged(t, d, parcel).Keep(digest))
	dir := filepath.Dir(parcelAt(d.Root()))
	directory, large := review.DigestOf([]byte("directory")), review.DigestOf([]byte("large"))
	must(t, os.Mkdir(filepath.Join(dir, string(directory)+".rpk"), 0o700))
	for _, name := range []string{string(digest), string(digest) + ".rpk.bak", "plan.rpk", strings.ToUpper(string(digest)) + ".RPK"} {
		put(t, filepath.Join(dir, name), "x")
	}
	got, err := d.Packages(testID)
	if err != nil || !slices.Equal(got, []review.Digest{digest}) {
		t.Errorf("packages %v, %v", got, err)
	}
	_, err = d.Package(testID, directory)
	reviewtest.WantCode(t, err, review.CodeFileUnknown)
	must(t, os.WriteFile(filepath.Join(dir, string(large)+".rpk"), nil, 0o600))
	must(t, os.Truncate(filepath.Join(dir, string(large)+".rpk"), 2<<30+1))
	_, err = d.Package(testID, large)
	reviewtest.WantCode(t, err, review.CodeFileTooLarge)
	must(t, os.Truncate(filepath.Join(dir, string(large)+".rpk"), 2<<30))
	p, err := d.Package(testID, large)
	must(t, err)
	if p.Size() != 2<<30 {
		t.Errorf("size %d", p.Size())
	}
	must(t, p.Close())

	// A directory has the package's name: it stays, and the copy goes.
	before := reviewtest.Tree(t, d.Root())
	put(t, filepath.Join(dir, string(directory)+".rpk", "x"), "x")
	reviewtest.WantCode(t, staged(t, d, parcel).Keep(directory), review.CodeDirFailed)
	must(t, os.Remove(filepath.Join(dir, string(directory)+".rpk", "x")))
	if after := reviewtest.Tree(t, d.Root()); after != before {
		t.Errorf("left\n%s\nwas\n%s", after, before)
	}

	// A file has the place of the directory.
	must(t, os.RemoveAll(dir))
	put(t, dir, "x")
	_, err = d.Packages(testID)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	_, err = d.StagePackage(testID, bytes.NewReader(parcel))
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	reviewtest.WantCode(t, d.DropPackage(testID, digest), review.CodeDirFailed)
	if read(t, dir) != "x" {
		t.Error("the file is another")
	}
}

// Once the directory is let go nothing is written in it any more.
func TestPackageClosed(t *testing.T) {
	root := t.TempDir()
	d := opened(t, root)
	must(t, staged(t, d, parcel).Keep(digest))
	first, second := staged(t, d, parcel), staged(t, d, parcel)
	must(t, d.Close())
	_, err := d.StagePackage(testID, bytes.NewReader(parcel))
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	reviewtest.WantCode(t, d.DropPackage(testID, digest), review.CodeDirFailed)

	// Another run has it and stages one of its own.
	d = opened(t, root)
	third := staged(t, d, parcel)
	reviewtest.WantCode(t, first.Keep(review.DigestOf(nil)), review.CodeDirFailed)
	must(t, second.Drop())
	must(t, third.Keep(digest))
	wantPackages(t, root, digest)
}

// A process that is killed before it keeps a copy leaves one without a name, which the
// next start removes.
func TestPackageKilled(t *testing.T) {
	root := t.TempDir()
	cmd := another(root, "stage")
	stdin, err := cmd.StdinPipe()
	must(t, err)
	defer stdin.Close()
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || said != " staged\n" {
		t.Fatalf("the other process said %q, %v", said, err)
	}
	must(t, cmd.Process.Kill())
	cmd.Wait()
	if tree := reviewtest.Tree(t, root); !strings.Contains(tree, ".rpk.heyi.part") {
		t.Fatalf("it left\n%s", tree)
	}
	wantPackages(t, root)
	d := opened(t, root)
	if tree := reviewtest.Tree(t, root); strings.Contains(tree, ".rpk") {
		t.Errorf("left\n%s", tree)
	}
	must(t, staged(t, d, parcel).Keep(digest))
	wantPackages(t, root, digest)
}

func TestPackageConcurrent(t *testing.T) {
	d := opened(t, t.TempDir())
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			content := append([]byte{byte(i)}, parcel...)
			name := review.DigestOf(content)
			s, err := d.StagePackage(testID, bytes.NewReader(content))
			if err != nil {
				t.Error(err)
				return
			}
			if i%2 == 0 {
				err = s.Drop()
			} else if err = s.Keep(name); err == nil && i%4 == 1 {
				err = d.DropPackage(testID, name)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got, err := d.Packages(testID); err != nil || len(got) != 4 {
		t.Errorf("packages %v, %v", got, err)
	}
	if tree := reviewtest.Tree(t, d.Root()); strings.Contains(tree, "part") {
		t.Errorf("left\n%s", tree)
	}
}
