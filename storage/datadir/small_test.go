package datadir_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/storage/datadir"
)

// trust sets the trust anew and says what came of it.
func trust(root string) {
	d, err := datadir.Open(root)
	if err == nil {
		err = d.SetTrust(parcel)
		d.Close()
	}
	fmt.Println(review.CodeOf(err))
}

// The small files of the root are there whole, or not at all.
func TestSmall(t *testing.T) {
	root := t.TempDir()
	d := opened(t, root)
	for _, x := range []struct {
		name  string
		limit int
		get   func() ([]byte, error)
		set   func([]byte) error
	}{
		{"look.json", 4 << 10, d.Look, d.SetLook},
		{"trust.json", 4 << 20, d.Trust, d.SetTrust},
	} {
		t.Run(x.name, func(t *testing.T) {
			path := filepath.Join(root, x.name)
			if got, err := x.get(); got != nil || err != nil {
				t.Errorf("before the first: %q, %v", got, err)
			}
			largest := bytes.Repeat([]byte("x"), x.limit)
			for _, content := range [][]byte{[]byte("{}"), {}, largest, []byte("{}")} {
				must(t, x.set(content))
				if got, err := x.get(); err != nil || got == nil || !bytes.Equal(got, content) {
					t.Errorf("%d bytes, %v; want %d", len(got), err, len(content))
				}
			}
			reviewtest.WantCode(t, x.set(append(largest, 'x')), review.CodeDirFailed)
			if got := read(t, path); got != "{}" {
				t.Errorf("too much left %d bytes", len(got))
			}
			put(t, path, string(largest)+"x")
			_, err := x.get()
			reviewtest.WantCode(t, err, review.CodeDirFailed)
			must(t, os.Remove(path))
			put(t, filepath.Join(path, "taken"), "x")
			_, err = x.get()
			reviewtest.WantCode(t, err, review.CodeDirFailed)
			reviewtest.WantCode(t, x.set([]byte("{}")), review.CodeDirFailed)
			must(t, os.RemoveAll(path))
		})
	}
	must(t, d.SetTrust([]byte("{}")))
	must(t, d.Close())
	reviewtest.WantCode(t, d.SetTrust([]byte("[]")), review.CodeDirFailed)
	reviewtest.WantCode(t, d.SetLook([]byte("[]")), review.CodeDirFailed)
	if got, err := datadir.TrustOf(root); string(got) != "{}" || err != nil {
		t.Errorf("read without the lock: %q, %v", got, err)
	}
	if got := reviewtest.Tree(t, root); strings.Contains(got, "look") || strings.Contains(got, "part") {
		t.Errorf("left\n%s", got)
	}
	opened(t, root)
}
