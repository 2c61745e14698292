package datadir_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/storage/datadir"
)

func init() { does["folder"], does["folders"] = folder, folders }

// leaves are the files of the folder that these tests write; one is of more than a block
// of any disk.
var leaves = map[string][]byte{
	"sha256sum.txt":         []byte("0 说明文件.TXT\n"),
	"电子档案/p01/01-审查意见.pdf":  bytes.Repeat([]byte("专家组意见"), 5000),
	"电子档案/p01-甲/01-汇总表.pdf": []byte("%PDF-1.7\n"),
	"其他/空.txt":              nil,
}

// leafNames are their names in the order in which they are written.
var leafNames = []string{"电子档案/p01/01-审查意见.pdf", "电子档案/p01-甲/01-汇总表.pdf", "其他/空.txt", "sha256sum.txt"}

func leaf(name string, w io.Writer) error {
	for piece := leaves[name]; len(piece) > 0; {
		n := min(len(piece), 4000)
		if _, err := w.Write(piece[:n]); err != nil {
			return err
		}
		piece = piece[n:]
	}
	return nil
}

// folderAt is where the folder is to be, two directories below the root.
func folderAt(root string) string { return filepath.Join(root, "移交", "归档文件夹") }

// folder writes the folder and says what came of it.
func folder(root string) {
	fmt.Println(review.CodeOf(datadir.WriteFolder(folderAt(root), leafNames, leaf)))
}

// folders writes it and says so as package crash wants to hear it.
func folders(root string) {
	fmt.Println("READY")
	if err := datadir.WriteFolder(folderAt(root), leafNames, leaf); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("ACK folder")
}

// wholeFolder says what is wrong with the folder, nil if all of it and nothing else is there.
func wholeFolder(at string) error {
	found := 0
	err := filepath.WalkDir(at, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(at, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if want, ok := leaves[filepath.ToSlash(name)]; err == nil && (!ok || !bytes.Equal(content, want)) {
			return fmt.Errorf("%s has %d bytes, %v", name, len(content), ok)
		}
		found++
		return err
	})
	if err == nil && found != len(leaves) {
		err = fmt.Errorf("%d files", found)
	}
	return err
}

func TestWriteFolder(t *testing.T) {
	root := t.TempDir()
	at := folderAt(root)
	// What a call that was cut off has left.
	put(t, at+".heyi.part/电子档案/x.pdf", "cut")
	must(t, datadir.WriteFolder(at, leafNames, leaf))
	must(t, wholeFolder(at))
	info, err := os.Stat(filepath.Join(at, "其他"))
	must(t, err)
	if mode := info.Mode().Perm(); mode != 0o700 {
		t.Errorf("mode %v", mode)
	}
	if tree := reviewtest.Tree(t, root); strings.Contains(tree, "part") {
		t.Errorf("left\n%s", tree)
	}
	before := reviewtest.Snapshot(t, root)
	err = datadir.WriteFolder(at, leafNames, leaf)
	reviewtest.WantCode(t, err, review.CodeFileExists)
	if review.ItemOf(err) != at {
		t.Errorf("item %q", review.ItemOf(err))
	}
	if after := reviewtest.Snapshot(t, root); after != before {
		t.Errorf("touched\n%s\nwas\n%s", after, before)
	}
}

// What stands at the path is not touched, whatever it is.
func TestWriteFolderTaken(t *testing.T) {
	for name, stand := range map[string]func(at string) error{
		"file":         func(at string) error { return os.WriteFile(at, []byte("x"), 0o600) },
		"empty":        func(at string) error { return os.Mkdir(at, 0o700) },
		"broken link":  func(at string) error { return os.Symlink("nowhere", at) },
		"came between": nil,
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			at := filepath.Join(root, "out")
			write := leaf
			if stand != nil {
				must(t, stand(at))
			} else {
				write = func(name string, w io.Writer) error {
					if name == "sha256sum.txt" {
						must(t, os.Mkdir(at, 0o700))
					}
					return leaf(name, w)
				}
			}
			err := datadir.WriteFolder(at, leafNames, write)
			reviewtest.WantCode(t, err, review.CodeFileExists)
			if tree := reviewtest.Tree(t, root); tree != ".\nout" {
				t.Errorf("left\n%s", tree)
			}
		})
	}
}

func TestWriteFolderNames(t *testing.T) {
	for _, name := range []string{"../x", "/x", "a/../x", "", ".", "a//x", "a\x00b"} {
		root := t.TempDir()
		err := datadir.WriteFolder(filepath.Join(root, "a", "out"), []string{"ok", name}, func(string, io.Writer) error { return nil })
		reviewtest.WantCode(t, err, review.CodeDirFailed)
		if tree := reviewtest.Tree(t, root); tree != "." {
			t.Errorf("%q left\n%s", name, tree)
		}
	}
}

// What the content fails with is what is told, and nothing is left.
func TestWriteFolderContent(t *testing.T) {
	root := t.TempDir()
	broken := errors.New("the package cannot be read")
	err := datadir.WriteFolder(folderAt(root), leafNames, func(name string, w io.Writer) error {
		if name == "其他/空.txt" {
			return broken
		}
		return leaf(name, w)
	})
	if !errors.Is(err, broken) || review.CodeOf(err) != review.CodeInternal {
		t.Errorf("told %v", err)
	}
	if tree := reviewtest.Tree(t, root); tree != "." {
		t.Errorf("left\n%s", tree)
	}
}
