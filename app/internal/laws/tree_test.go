package laws

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"
)

// tree is a source tree as the laws see it.
type tree struct {
	fset  *token.FileSet
	files map[string]string // every text file by its slash-separated path
	paths []string          // the keys of files, sorted
	top   []string          // names at the top level that are not ignored, sorted
	gos   []source
}

// source is one Go file of the program, its tests included.
type source struct {
	path string
	dir  string
	test bool
	ast  *ast.File
}

// at names a place in the tree for people.
func (t *tree) at(p token.Pos) string {
	q := t.fset.Position(p)
	return fmt.Sprintf("%s:%d", q.Filename, q.Line)
}

// readTree reads what belongs to the project: neither what .gitignore names at
// the top level nor files that are not text.
func readTree(fsys fs.FS) (*tree, error) {
	t := &tree{fset: token.NewFileSet(), files: map[string]string{}}
	ignored := []string{".git"}
	if b, err := fs.ReadFile(fsys, ".gitignore"); err == nil {
		for line := range strings.Lines(string(b)) {
			ignored = append(ignored, strings.Trim(line, "/\n"))
		}
	}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == "." {
			return err
		}
		if !strings.Contains(p, "/") {
			if slices.Contains(ignored, p) {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			t.top = append(t.top, p)
		}
		if d.IsDir() || !d.Type().IsRegular() {
			return nil
		}
		b, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		if slices.Contains(b[:min(len(b), 8000)], 0) {
			return nil
		}
		t.files[p] = string(b)
		t.paths = append(t.paths, p)
		if path.Ext(p) != ".go" || strings.Contains(p, "testdata/") {
			return nil
		}
		f, err := parser.ParseFile(t.fset, p, b, parser.ParseComments)
		if err != nil {
			return err
		}
		t.gos = append(t.gos, source{path: p, dir: path.Dir(p), test: strings.HasSuffix(p, "_test.go"), ast: f})
		return nil
	})
	slices.Sort(t.top)
	slices.Sort(t.paths)
	return t, err
}

// top is the directory of go.mod, seen from this package.
var top = filepath.Join("..", "..", "..")

var ours = sync.OnceValues(func() (*tree, error) { return readTree(os.DirFS(top)) })

// project gives the tree of this project.
func project(t *testing.T) *tree {
	t.Helper()
	tr, err := ours()
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// fixture gives the tree in testdata/name.txtar.
func fixture(t *testing.T, name string) *tree {
	t.Helper()
	fsys, err := txtar.FS(archive(t, name))
	if err != nil {
		t.Fatal(err)
	}
	tr, err := readTree(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func archive(t *testing.T, name string) *txtar.Archive {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// holds fails the test with every breach of the law.
func holds(t *testing.T, breaches []string) {
	t.Helper()
	for _, b := range breaches {
		t.Error(b)
	}
}

// refuses asserts that the law finds in a fixture exactly what the fixture says
// it breaks: the lines of its file "want", each contained in one breach.
func refuses(t *testing.T, tr *tree, breaches []string) {
	t.Helper()
	want := strings.Split(strings.TrimSpace(tr.files["want"]), "\n")
	for _, w := range want {
		if !slices.ContainsFunc(breaches, func(b string) bool { return strings.Contains(b, w) }) {
			t.Errorf("the law does not see: %s", w)
		}
	}
	for _, b := range breaches {
		if !slices.ContainsFunc(want, func(w string) bool { return strings.Contains(b, w) }) {
			t.Errorf("the law sees what is not broken: %s", b)
		}
	}
}

// importNames gives the names under which a file uses the packages it imports.
func importNames(f *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range f.Imports {
		p := strings.Trim(spec.Path.Value, `"`)
		name := path.Base(p)
		if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
			name = path.Base(path.Dir(p)) // fyne.io/fyne/v2 is package fyne
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = p
	}
	return names
}

// member resolves x.Name to the import path of x, or "" where x is no package.
func member(names map[string]string, sel *ast.SelectorExpr) string {
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return names[id.Name]
}
