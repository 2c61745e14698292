package reviewtest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heyi/review"
)

// Tree lists the paths under dir, one a line: what is there.
func Tree(t testing.TB, dir string) string {
	t.Helper()
	return walk(t, dir, func(string, fs.FileInfo) string { return "" })
}

// Snapshot lists the paths under dir with mode, time of change, size and
// digest: equal before and after if nothing under dir was touched.
func Snapshot(t testing.TB, dir string) string {
	t.Helper()
	return walk(t, dir, func(path string, i fs.FileInfo) string {
		line := fmt.Sprintf(" %v %d", i.Mode(), i.ModTime().UnixNano())
		if i.Mode().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			line += fmt.Sprintf(" %d %s", len(content), review.DigestOf(content))
		}
		return line
	})
}

func walk(t testing.TB, dir string, describe func(path string, i fs.FileInfo) string) string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		i, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		out = append(out, filepath.ToSlash(rel)+describe(path, i))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "\n")
}
