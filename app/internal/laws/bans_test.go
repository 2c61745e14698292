package laws

import (
	"fmt"
	"go/ast"
	"strings"
	"testing"
)

// ban forbids a name. Resolution is by syntax alone: a package's member is
// found through the file's imports, a method or field by its name on anything.
type ban struct {
	pkg    string // import path of the package; "" for a method or field of any value
	names  string // separated by spaces; a trailing * stands for any ending
	in     string // directories that may use it, separated by spaces
	tests  bool   // tests may use it
	reason string
}

const (
	fyneTop = "fyne.io/fyne/v2"
	datadir = "storage/datadir"
)

var bans = []ban{
	// Nothing reaches a network or another program.
	{fyneTop, "LoadResourceFromURLString", "", false, "it fetches over http"},
	{fyneTop + "/canvas", "NewImageFromURI", "", false, "a URI from outside may be an address on a network"},
	{fyneTop + "/widget", "NewRichTextFromMarkdown NewHyperlink* Hyperlink HyperlinkSegment ImageSegment", "", false, "text from outside becomes a link or a picture that is fetched"},
	{"", "ParseMarkdown AppendMarkdown", "", false, "text from outside becomes a link or a picture that is fetched"},
	{fyneTop + "/storage", "Reader* Writer*", "", false, "a URI may lead to a network; files are read and written by path"},
	{"", "OpenURL", "app/internal/platform", false, "it starts another program"},
	{"", "SendNotification", "", false, "on Windows it writes a script and runs PowerShell past its policy"},
	{"", "SetCloudProvider CloudProvider ShowCloudSettings", "", false, "cloud API"},
	{"", "SetSystemTrayMenu SetSystemTrayIcon SetSystemTrayWindow", "", false, "it needs a session bus"},

	// Parts of Fyne that do not serve.
	{fyneTop + "/dialog", "NewFileSave ShowFileSave", "", false, "it truncates the target before anyone agreed, in English"},
	{fyneTop + "/dialog", "NewProgress* ShowProgress*", "", false, "deprecated; long work shows on the page that began it"},
	{fyneTop + "/container", "NewThemeOverride ThemeOverride", "", false, "it parses every font again: 60 MB each"},
	{fyneTop + "/widget", "NewEntry* NewMultiLineEntry NewPasswordEntry NewSelectEntry Entry SelectEntry NewTextGrid* TextGrid", "app/internal/widgets", false, "an input method's keys leak into it; widgets has the safe field"},
	{"", "MultiCell SplitText", "", false, "gofpdf breaks Chinese lines wrongly; reports/layout composes line by line"},

	// One road to the UI thread.
	{fyneTop, "Do DoAndWait", "app/internal/task", false, "task is the one road to the UI thread"},

	// Time, randomness, ids and paths are passed in.
	{"time", "Now Since Until", "app", true, "the clock is passed in"},
	{"time", "Sleep", "app/internal/platform", false, "wait for what is to happen, not for time to pass"},

	// Files are written whole or not at all, in one place.
	// (platform keeps the crash file, which the Go runtime itself writes.)
	{"os", "Create* WriteFile OpenFile Truncate CopyFS", "storage " + datadir + " app/internal/platform assets/internal/* review/reviewtest/crash", true, "storage writes files: whole and synced, or not at all"},
	{"os", "Mkdir* Rename Remove* Link Symlink Chmod", "storage " + datadir + " app/internal/platform assets/internal/* review/reviewtest/crash", true, "storage alone makes, moves and removes directories"},
	{"os", "TempDir UserHomeDir UserConfigDir UserCacheDir Getwd", datadir + " app app/internal/platform", true, "paths are passed in"},
	{"log", "Fatal* Panic*", "assets/internal/*", false, "an expected failure is a value with a code"},
	{"os", "Exit", "app assets/internal/*", true, "main alone ends the program"},
}

// banBreaches finds uses of banned names, go statements where they do not
// belong, and dot imports, which would hide names from this law.
func banBreaches(t *tree) []string {
	var out []string
	for _, src := range t.gos {
		names := importNames(src.ast)
		if p, ok := names["."]; ok {
			out = append(out, fmt.Sprintf("%s: a dot import of %s hides banned names", src.path, p))
		}
		ast.Inspect(src.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				pkg := member(names, n)
				for _, b := range bans {
					if b.hits(pkg, n.Sel.Name) && !(b.tests && src.test) && !dirIn(b.in, src.dir) {
						out = append(out, fmt.Sprintf("%s: %s is banned here: %s", t.at(n.Pos()), n.Sel.Name, b.reason))
					}
				}
			case *ast.GoStmt:
				if !src.test && strings.HasPrefix(src.dir+"/", "app/") && src.dir != "app/internal/task" {
					out = append(out, fmt.Sprintf("%s: a go statement: task alone starts work in app", t.at(n.Pos())))
				}
			}
			return true
		})
	}
	return out
}

func (b ban) hits(pkg, name string) bool {
	if b.pkg != "" && b.pkg != pkg {
		return false
	}
	for _, n := range strings.Fields(b.names) {
		if base, open := strings.CutSuffix(n, "*"); n == name || open && strings.HasPrefix(name, base) {
			return true
		}
	}
	return false
}

// dirIn tells whether dir is one of the directories; a trailing /* stands for
// any directory below.
func dirIn(dirs, dir string) bool {
	for _, d := range strings.Fields(dirs) {
		if base, open := strings.CutSuffix(d, "/*"); d == dir || open && strings.HasPrefix(dir, base+"/") {
			return true
		}
	}
	return false
}

func TestBans(t *testing.T) { holds(t, banBreaches(project(t))) }

func TestBansRefuses(t *testing.T) {
	tr := fixture(t, "bans")
	refuses(t, tr, banBreaches(tr))
}
