package laws

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// row says what one package, or with /... a family of packages, may import of
// ours and of third parties.
type row struct {
	pkg   string
	may   string // separated by spaces; a trailing /... means the package and all below it
	tests bool   // only tests may import the package
}

// table is the import table of CONTRIBUTING.md. It is written for the whole
// program, so a package that comes later finds its row here.
var table = []row{
	{pkg: "heyi/review"},
	{pkg: "heyi/review/scoring", may: "heyi/review"},
	{pkg: "heyi/review/regulation", may: "heyi/review heyi/review/scoring github.com/expr-lang/expr/..."},
	{pkg: "heyi/review/paper", may: "heyi/review heyi/review/scoring heyi/review/regulation"},
	{pkg: "heyi/review/filing", may: "heyi/review"},
	{pkg: "heyi/review/seal", may: "heyi/review filippo.io/age software.sslmate.com/src/go-pkcs12 github.com/smallstep/pkcs7"},
	{pkg: "heyi/review/bag", may: "heyi/review heyi/review/seal golang.org/x/text/unicode/norm"},
	{pkg: "heyi/review/journal", may: "heyi/review heyi/review/seal golang.org/x/mod/sumdb/tlog"},
	{pkg: "heyi/review/meeting", may: "heyi/review/..."},
	{pkg: "heyi/review/reviewtest/...", may: "heyi/review/...", tests: true},
	{pkg: "heyi/storage", may: "heyi/review heyi/review/journal modernc.org/sqlite modernc.org/sqlite/lib"},
	{pkg: "heyi/storage/datadir", may: "heyi/review golang.org/x/sys/... github.com/gofrs/flock"},
	{pkg: "heyi/reports", may: "heyi/review heyi/review/paper heyi/review/scoring heyi/review/regulation heyi/reports/layout heyi/reports/pdf"},
	{pkg: "heyi/reports/layout"},
	{pkg: "heyi/reports/pdf", may: "heyi/reports/layout heyi/review heyi/review/seal github.com/jung-kurt/gofpdf rsc.io/qr"},
	{pkg: "heyi/reports/view", may: "github.com/tetratelabs/wazero/..."},
	{pkg: "heyi/reports/sheet", may: "heyi/review github.com/xuri/excelize/v2"},
	{pkg: "heyi/assets"},
	{pkg: "heyi/assets/internal/...", may: "heyi/assets/internal/sources golang.org/x/image/..."}, // generators; no part of the program
	{pkg: "heyi/app/internal/laws"},
	{pkg: "heyi/app/internal/platform/locale"},
	{pkg: "heyi/app/internal/platform", may: "heyi/review fyne.io/fyne/v2 fyne.io/fyne/v2/driver golang.org/x/sys/..."},
	{pkg: "heyi/app/internal/present", may: "heyi/review/... heyi/app/internal/words"},
	{pkg: "heyi/app/internal/cli", may: "heyi/review/... heyi/app/internal/words"},
	{pkg: "heyi/app/internal/words", may: "heyi/review heyi/assets"},
	{pkg: "heyi/app/internal/skin", may: "heyi/assets fyne.io/fyne/v2/..."},
	{pkg: "heyi/app/internal/widgets", may: "heyi/assets heyi/app/internal/skin heyi/reports/layout fyne.io/fyne/v2/..."},
	{pkg: "heyi/app/internal/task", may: "fyne.io/fyne/v2"},
	{pkg: "heyi/app/internal/pages", may: "heyi/app/internal/present heyi/app/internal/widgets heyi/app/internal/words heyi/app/internal/skin fyne.io/fyne/v2/..."},
	{pkg: "heyi/app/internal/shell", may: "heyi/app/internal/pages heyi/app/internal/present heyi/app/internal/widgets heyi/app/internal/task heyi/app/internal/words heyi/app/internal/platform heyi/app/internal/skin heyi/review/meeting fyne.io/fyne/v2/..."},
	{pkg: "heyi/app", may: "heyi/... fyne.io/fyne/v2/..."},
}

// stdOnly names packages of the standard library that only some of ours may
// import; packages for tests may import what they like.
var stdOnly = []struct {
	pkgs   string
	in     string
	reason string
}{
	{"net net/http net/rpc net/smtp net/textproto plugin", "", "the program opens no socket and loads no code"},
	{"os/exec", "heyi/app/internal/platform heyi/assets/internal/...", "starting other programs has one place"},
	{"database/sql database/sql/driver", "heyi/storage", "SQL has one place"},
	{"embed", "heyi/assets heyi/assets/internal/... heyi/storage", "what the program carries has one place; storage carries its schema"},
	{"syscall", "heyi/app/internal/platform heyi/storage heyi/storage/datadir", "what differs between systems has one place"},
	{"math/rand math/rand/v2", "", "ids and nonces come from crypto/rand; everything else is the same each time"},
	{"crypto/rand", "heyi/app heyi/review/seal", "randomness is passed in, except inside cryptography"},
	{"testing testing/quick testing/fstest", "", "test helpers stay out of the program"},
	{"C", "", "no cgo outside the libraries"},
	{"unsafe", "heyi/app/internal/platform", "system calls alone need raw memory"},
}

// build is one way in which the program is built.
type build struct {
	name string
	env  []string
	tags string
}

var builds = []build{
	{"the window on Linux", []string{"GOOS=linux", "CGO_ENABLED=1"}, ""},
	{"the window on Windows", []string{"GOOS=windows", "CGO_ENABLED=1"}, ""},
	{"the command line", []string{"GOOS=linux", "CGO_ENABLED=0"}, "headless"},
}

// listed is what the go command says of a package. Imports leaves tests out.
type listed struct {
	ImportPath string
	Imports    []string
}

// list asks the go command for the packages of the module in dir.
func list(dir string, b build) ([]listed, error) {
	cmd := exec.Command("go", "list", "-e", "-tags", b.tags, "-json=ImportPath,Imports", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), b.env...)
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

// importBreaches checks packages against the table.
func importBreaches(pkgs []listed) []string {
	var out []string
	for _, p := range pkgs {
		r, ok := rowOf(p.ImportPath)
		if !ok {
			out = append(out, p.ImportPath+" has no row in the import table")
			continue
		}
		for _, imp := range p.Imports {
			if !strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") && !strings.HasPrefix(imp, "heyi") {
				for _, s := range stdOnly {
					if covers(s.pkgs, imp) && !covers(s.in, p.ImportPath) && !r.tests {
						out = append(out, fmt.Sprintf("%s imports %s: %s", p.ImportPath, imp, s.reason))
					}
				}
				continue
			}
			if to, ok := rowOf(imp); ok && to.tests && !r.tests {
				out = append(out, fmt.Sprintf("%s imports %s, which is for tests", p.ImportPath, imp))
			} else if !covers(r.may, imp) {
				out = append(out, fmt.Sprintf("%s imports %s, which its row does not allow", p.ImportPath, imp))
			} else if imp == "fyne.io/fyne/v2/app" && p.ImportPath != "heyi/app" {
				out = append(out, fmt.Sprintf("%s imports %s: only main may, because it needs cgo and a display", p.ImportPath, imp))
			}
		}
	}
	return out
}

// rowOf finds a package's row.
func rowOf(pkg string) (row, bool) {
	i := slices.IndexFunc(table, func(r row) bool { return covers(r.pkg, pkg) })
	if i < 0 {
		return row{}, false
	}
	return table[i], true
}

// covers tells whether one of the patterns names the package.
func covers(patterns, pkg string) bool {
	for _, p := range strings.Fields(patterns) {
		if base, all := strings.CutSuffix(p, "/..."); pkg == base || all && strings.HasPrefix(pkg, base+"/") {
			return true
		}
	}
	return false
}

func TestImports(t *testing.T) {
	for _, b := range builds {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			pkgs, err := list(top, b)
			if err != nil {
				t.Fatal(err)
			}
			if len(pkgs) < 10 {
				t.Fatalf("the go command lists %d packages only", len(pkgs))
			}
			holds(t, importBreaches(pkgs))
		})
	}
}

func TestImportsRefuses(t *testing.T) {
	dir := t.TempDir()
	fsys, err := txtar.FS(archive(t, "imports"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, fsys); err != nil {
		t.Fatal(err)
	}
	pkgs, err := list(dir, builds[0])
	if err != nil {
		t.Fatal(err)
	}
	refuses(t, fixture(t, "imports"), importBreaches(pkgs))
}
