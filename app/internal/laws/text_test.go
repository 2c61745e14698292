package laws

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// layout is the whole top level. CONTRIBUTING.md says what each is for.
var layout = []string{
	".ci", ".gitattributes", ".gitignore", ".golangci.yml",
	"CHANGELOG.md", "CONTRIBUTING.md", "FyneApp.toml", "LICENSE", "Makefile", "NOTICE", "README.md",
	"app", "assets", "go.mod", "go.sum", "reports", "review", "storage",
}

// required is the part of the layout that a fresh clone cannot do without.
var required = []string{
	".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "FyneApp.toml", "LICENSE", "Makefile", "NOTICE", "README.md",
	"app", "assets", "go.mod", "go.sum", "reports", "review", "storage",
}

func layoutBreaches(t *tree) []string {
	var out []string
	for _, name := range t.top {
		if !slices.Contains(layout, name) {
			out = append(out, name+" is outside the agreed top level")
		}
	}
	for _, name := range required {
		if !slices.Contains(t.top, name) {
			out = append(out, name+" is missing")
		}
	}
	return out
}

// textBan forbids a piece of text in files of some endings.
type textBan struct {
	text   *regexp.Regexp
	in     string // file name patterns, separated by spaces
	reason string
}

// The expressions are put together from pieces so that they do not meet themselves.
var textBans = []textBan{
	{regexp.MustCompile(`(?:^|[^\w.~-])/(?:wo` + `rk|ro` + `ot|ho` + `me/[a-z]\w*|tm` + `p/[a-z]\w*)\b`), "*", "a path of one machine"},
	{regexp.MustCompile(`proxy\.gol` + `ang\.org|registry\.np` + `mjs|deb\.deb` + `ian\.org|pypi\.o` + `rg`), "*", "the host name of a registry"},
	{regexp.MustCompile(`\b(?:TO` + `DO|FIX` + `ME|XX` + `X)\b`), "*.go *.sh *.py Makefile", "work left open"},
	{regexp.MustCompile(`\.Sk` + `ip(?:f|Now)?\(`), "*_test.go", "a test that skips is not run"},
	{regexp.MustCompile(`^//go:build |^// \+build `), "*.go", "the build is decided in few places"},
	{regexp.MustCompile(`^\s*replace\b`), "go.mod", "a replaced module is another program"},
}

// buildTagDirs may hold build constraints: main chooses the window or the
// command line, platform and datadir differ between systems.
var buildTagDirs = []string{"app", "app/internal/platform", "storage/datadir"}

func textBreaches(t *tree) []string {
	var out []string
	for _, p := range t.paths {
		for _, b := range textBans {
			if !matches(b.in, path.Base(p)) || strings.HasPrefix(p, "app/internal/laws/testdata/") {
				continue
			}
			if strings.HasPrefix(b.reason, "the build") && slices.Contains(buildTagDirs, path.Dir(p)) {
				continue
			}
			n := 0
			for line := range strings.Lines(t.files[p]) {
				n++
				if b.text.MatchString(line) {
					out = append(out, fmt.Sprintf("%s:%d: %s: %s", p, n, b.reason, strings.TrimSpace(line)))
				}
			}
		}
	}
	return out
}

func matches(patterns, name string) bool {
	for _, p := range strings.Fields(patterns) {
		if ok, _ := path.Match(p, name); ok {
			return true
		}
	}
	return false
}

func TestLayout(t *testing.T) { holds(t, layoutBreaches(project(t))) }

func TestLayoutRefuses(t *testing.T) {
	tr := fixture(t, "layout")
	refuses(t, tr, layoutBreaches(tr))
}

func TestText(t *testing.T) { holds(t, textBreaches(project(t))) }

func TestTextRefuses(t *testing.T) {
	tr := fixture(t, "text")
	refuses(t, tr, textBreaches(tr))
}
