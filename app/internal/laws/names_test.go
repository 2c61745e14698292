package laws

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// named lists the words of the domain that people read: constants of review by their
// type or, where it has none, by the beginning of their names, and under which keys
// their Chinese stands. (A Role says its own name; codes have a law of their own.)
var named = []struct{ typ, begins, key string }{
	{"Kind", "", "event."},
	{"StatementKind", "", "statement."},
	{"Phase", "", "phase."},
	{"Stage", "", "stage."},
	{"Presence", "", "presence."},
	{"Choice", "", "choice."},
	{"ItemKind", "", "item."},
	{"Form", "", "form."},
	{"Purpose", "", "purpose."},
	{"Met", "", "met."},
	{"Thing", "", "thing."},
	{"Why", "", "why."},
	{"", "Answer", "answer."},
}

// nameBreaches finds values of the domain that have no Chinese name, and names of no value.
func nameBreaches(t *tree) []string {
	var words map[string]string
	if err := json.Unmarshal([]byte(t.files["assets/words/zh.json"]), &words); err != nil {
		return []string{"assets/words/zh.json: " + err.Error()}
	}
	var out []string
	wanted, found := map[string]string{}, map[string]bool{}
	for _, src := range t.gos {
		if src.test || path.Dir(src.path) != "review" {
			continue
		}
		for _, d := range src.ast.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				typ, _ := v.Type.(*ast.Ident)
				for i, id := range v.Names {
					for _, n := range named {
						if (typ == nil) != (n.typ == "") || typ != nil && typ.Name != n.typ || !strings.HasPrefix(id.Name, n.begins) || i >= len(v.Values) {
							continue
						}
						if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
							value, _ := strconv.Unquote(lit.Value)
							wanted[n.key+value], found[n.key] = id.Name, true
						}
					}
				}
			}
		}
	}
	for _, n := range named {
		if !found[n.key] {
			out = append(out, fmt.Sprintf("review declares no value for %s", n.key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		if words[key] == "" {
			out = append(out, fmt.Sprintf("%s has no name %s", wanted[key], key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(words)) {
		of := key[:strings.Index(key, ".")+1]
		if found[of] && wanted[key] == "" {
			out = append(out, fmt.Sprintf("the name %s is of no value", key))
		}
	}
	return out
}

func TestNames(t *testing.T) { holds(t, nameBreaches(project(t))) }

func TestNamesRefuses(t *testing.T) {
	tr := fixture(t, "names")
	refuses(t, tr, nameBreaches(tr))
}
