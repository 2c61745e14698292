package laws

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// latinAllowed are the Latin words that a Chinese official writes too: forms of
// files and keys of the keyboard. Beside them stand our commands, options, and
// names of files and folders, and {{`…`}}, what is to be typed as it stands; everything
// else is said in Chinese.
var latinAllowed = strings.Fields("PDF CA JSON Ctrl Esc Tab F F1 F6 F12 F8")

var (
	placeholder = regexp.MustCompile("\\{\\{(?:`[^`]*`|[^}`])*\\}\\}")
	command     = regexp.MustCompile(`--[a-z-]+|\bheyi(?: [a-z]+)*|\b[a-z]+\.pem\b|\b[a-z]+ 文件夹`)
	latinWord   = regexp.MustCompile(`[A-Za-z][A-Za-z0-9]*`)
)

// wordBreaches checks the catalogues: English names no text that Chinese lacks
// and takes the same data; a Chinese sentence holds no English.
func wordBreaches(t *tree) []string {
	var out []string
	read := func(p string) map[string]string {
		var m map[string]string
		if err := json.Unmarshal([]byte(t.files[p]), &m); err != nil {
			out = append(out, p+": "+err.Error())
		}
		return m
	}
	zh, en := read("assets/words/zh.json"), read("assets/words/en.json")
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, ok := zh[key]; !ok {
			out = append(out, fmt.Sprintf("en.json: %s is not in zh.json", key))
		} else if a, b := holes(zh[key]), holes(en[key]); !slices.Equal(a, b) {
			out = append(out, fmt.Sprintf("en.json: %s takes %v, in Chinese %v", key, b, a))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(zh)) {
		if strings.TrimSpace(zh[key]) == "" {
			out = append(out, fmt.Sprintf("zh.json: %s is empty", key))
		}
		plain := command.ReplaceAllString(placeholder.ReplaceAllString(zh[key], ""), "")
		for _, w := range latinWord.FindAllString(plain, -1) {
			if !slices.Contains(latinAllowed, w) {
				out = append(out, fmt.Sprintf("zh.json: %s has the Latin word %s", key, w))
			}
		}
	}
	for _, p := range []string{"assets/words/zh.json", "assets/words/en.json"} {
		out = append(out, twice(p, t.files[p])...)
	}
	return out
}

// holes gives the distinct places for data in a text, sorted.
func holes(s string) []string {
	return slices.Compact(slices.Sorted(slices.Values(placeholder.FindAllString(s, -1))))
}

// twice finds keys that stand more than once: a JSON decoder keeps the last and says nothing.
func twice(p, text string) []string {
	var out []string
	seen := map[string]bool{}
	d := json.NewDecoder(strings.NewReader(text))
	for key := true; ; {
		tok, err := d.Token()
		if err != nil {
			return out
		}
		s, ok := tok.(string)
		if !ok {
			continue
		}
		if key && seen[s] {
			out = append(out, fmt.Sprintf("%s: %s stands twice", p, s))
		}
		if key {
			seen[s] = true
		}
		key = !key
	}
}

// versionBreaches compares what FyneApp.toml says of the program with the
// constants in app/version.go: files at the root cannot be embedded from app.
func versionBreaches(t *tree) []string {
	consts := map[string]string{}
	for _, src := range t.gos {
		if src.path != "app/version.go" {
			continue
		}
		ast.Inspect(src.ast, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == len(v.Names) {
				for i, id := range v.Names {
					if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
						consts[id.Name], _ = strconv.Unquote(lit.Value)
					}
				}
			}
			return true
		})
	}
	var out []string
	for key, name := range map[string]string{"ID": "AppID", "Version": "Version"} {
		m := regexp.MustCompile(`(?m)^\s*` + key + ` = "([^"]*)"$`).FindStringSubmatch(t.files["FyneApp.toml"])
		switch {
		case m == nil:
			out = append(out, "FyneApp.toml: no "+key)
		case consts[name] == "":
			out = append(out, "app/version.go: no constant "+name)
		case m[1] != consts[name]:
			out = append(out, fmt.Sprintf("FyneApp.toml: %s is %q, in app/version.go %q", key, m[1], consts[name]))
		}
	}
	return out
}

func TestWords(t *testing.T) { holds(t, wordBreaches(project(t))) }

func TestWordsRefuses(t *testing.T) {
	tr := fixture(t, "words")
	refuses(t, tr, wordBreaches(tr))
}

func TestVersion(t *testing.T) { holds(t, versionBreaches(project(t))) }

func TestVersionRefuses(t *testing.T) {
	tr := fixture(t, "version")
	refuses(t, tr, versionBreaches(tr))
}
