package laws

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// codeBreaches checks the error codes of review/code.go: each is listed once in
// Codes in the order of declaration, has a sentence, and is provoked by a test;
// no sentence stands without its code.
func codeBreaches(t *tree) []string {
	declared, order, listed := codesOf(t)
	if len(declared) == 0 {
		return []string{"review/code.go declares no code"}
	}
	var out []string
	if !slices.Equal(order, listed) {
		out = append(out, fmt.Sprintf("review.Codes is not the declared codes in their order: %s", difference(order, listed)))
	}
	byValue := map[string]string{}
	for _, name := range order {
		if first, twice := byValue[declared[name]]; twice {
			out = append(out, fmt.Sprintf("%s and %s have the same value", first, name))
		}
		byValue[declared[name]] = name
	}
	var words map[string]string
	if err := json.Unmarshal([]byte(t.files["assets/words/zh.json"]), &words); err != nil {
		return append(out, "assets/words/zh.json: "+err.Error())
	}
	provoked := provokedCodes(t)
	for _, name := range order {
		value := declared[name]
		if strings.TrimSpace(words["error."+value]) == "" {
			out = append(out, fmt.Sprintf("%s has no sentence error.%s", name, value))
		}
		if !provoked[name] && !provoked[value] {
			out = append(out, fmt.Sprintf("%s (%s) is provoked by no test", name, value))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(words)) {
		if value, ok := strings.CutPrefix(key, "error."); ok && byValue[value] == "" {
			out = append(out, fmt.Sprintf("the sentence %s has no code", key))
		}
	}
	return out
}

// codesOf reads the constants of type Code (name to value, and their order) and
// the names in the variable Codes.
func codesOf(t *tree) (declared map[string]string, order, listed []string) {
	declared = map[string]string{}
	for _, src := range t.gos {
		if src.path != "review/code.go" {
			continue
		}
		for _, d := range src.ast.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range g.Specs {
				v, ok := s.(*ast.ValueSpec)
				if !ok {
					continue
				}
				if g.Tok == token.VAR && v.Names[0].Name == "Codes" {
					for _, e := range v.Values[0].(*ast.CompositeLit).Elts {
						listed = append(listed, e.(*ast.Ident).Name)
					}
				}
				if typ, ok := v.Type.(*ast.Ident); g.Tok == token.CONST && ok && typ.Name == "Code" {
					value, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
					if err != nil {
						value = v.Values[0].(*ast.BasicLit).Value
					}
					declared[v.Names[0].Name] = value
					order = append(order, v.Names[0].Name)
				}
			}
		}
	}
	return declared, order, listed
}

// difference names what is in one list and not in the other, or says that the order differs.
func difference(a, b []string) string {
	var out []string
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x+" is missing")
		}
	}
	for i, x := range b {
		if !slices.Contains(a, x) {
			out = append(out, x+" is unknown")
		} else if slices.Index(b, x) != i {
			out = append(out, x+" stands twice")
		}
	}
	if out == nil {
		return "the order differs"
	}
	return strings.Join(out, ", ")
}

// codeInScript finds a code that a script expects in the program's output.
var codeInScript = regexp.MustCompile(`(?m)^\s*(?:stderr|stdout) .*?([a-z]+(?:\\?\.[a-z]+)?)[）"']`)

// provokedCodes gives the constants' names and the values of codes that some
// test demands: a Go test function that calls reviewtest.WantCode and names the
// constant, or a script that expects the value.
func provokedCodes(t *tree) map[string]bool {
	found := map[string]bool{}
	for _, src := range t.gos {
		if !src.test {
			continue
		}
		names := importNames(src.ast)
		for _, d := range src.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			wants, mentioned := false, []string{}
			ast.Inspect(fn, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					switch pkg := member(names, sel); {
					case pkg == "heyi/review/reviewtest" && sel.Sel.Name == "WantCode":
						wants = true
					case pkg == "heyi/review" && strings.HasPrefix(sel.Sel.Name, "Code"):
						mentioned = append(mentioned, sel.Sel.Name)
					}
				}
				return true
			})
			if wants {
				for _, m := range mentioned {
					found[m] = true
				}
			}
		}
	}
	for _, p := range t.paths {
		if ok, _ := path.Match("app/testdata/script/*.txtar", p); ok {
			for _, m := range codeInScript.FindAllStringSubmatch(t.files[p], -1) {
				found[strings.ReplaceAll(m[1], `\`, "")] = true
			}
		}
	}
	return found
}

func TestCodes(t *testing.T) { holds(t, codeBreaches(project(t))) }

func TestCodesRefuses(t *testing.T) {
	tr := fixture(t, "codes")
	refuses(t, tr, codeBreaches(tr))
}
