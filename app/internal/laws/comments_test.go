package laws

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// commentBreaches finds packages and exported names of the program that say
// nothing of themselves. A group of constants or variables may share the
// comment above it.
func commentBreaches(t *tree) []string {
	var out []string
	said := map[string]bool{}
	for _, src := range t.gos {
		if src.test {
			continue
		}
		said[src.dir] = said[src.dir] || src.ast.Doc != nil
		missing := func(id *ast.Ident, docs ...*ast.CommentGroup) {
			if id.IsExported() && !slices.ContainsFunc(docs, func(d *ast.CommentGroup) bool { return strings.TrimSpace(d.Text()) != "" }) {
				out = append(out, fmt.Sprintf("%s: %s has no comment", t.at(id.Pos()), id.Name))
			}
		}
		for _, d := range src.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil || receiver(d).IsExported() {
					missing(d.Name, d.Doc)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						missing(s.Name, d.Doc, s.Doc)
						missingMethods(s, missing)
					case *ast.ValueSpec:
						for _, id := range s.Names {
							missing(id, d.Doc, s.Doc, s.Comment)
						}
					}
				}
			}
		}
	}
	for dir, ok := range said {
		if !ok {
			out = append(out, dir+" has no package comment")
		}
	}
	return out
}

// missingMethods looks at the methods of an exported interface.
func missingMethods(s *ast.TypeSpec, missing func(*ast.Ident, ...*ast.CommentGroup)) {
	i, ok := s.Type.(*ast.InterfaceType)
	if !ok || !s.Name.IsExported() {
		return
	}
	for _, f := range i.Methods.List {
		for _, id := range f.Names {
			missing(id, f.Doc, f.Comment)
		}
	}
}

// receiver gives the name of a method's type.
func receiver(d *ast.FuncDecl) *ast.Ident {
	e := d.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x
		default:
			return ast.NewIdent(token.ILLEGAL.String())
		}
	}
}

func TestComments(t *testing.T) { holds(t, commentBreaches(project(t))) }

func TestCommentsRefuses(t *testing.T) {
	tr := fixture(t, "comments")
	refuses(t, tr, commentBreaches(tr))
}
