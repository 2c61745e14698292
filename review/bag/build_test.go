package bag

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"heyi/review"
	"heyi/review/reviewtest"
)

func TestTree(t *testing.T) {
	if err := fstest.TestFS(sample(), "package.json", "projects/01/附件/说明.txt", "projects/01"); err != nil {
		t.Error(err)
	}
}

// onDisk writes a source out.
func onDisk(tb testing.TB, source Tree) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, content := range source {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(p, content, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// TestBuildFromDisk: a directory on the disk gives the package that the same files in
// memory give, and what comes back of BuildDir can be read.
func TestBuildFromDisk(t *testing.T) {
	var b bytes.Buffer
	p, err := BuildDir(&b, os.DirFS(onDisk(t, sample())), testIssuer(), testTime)
	if err != nil {
		t.Fatal(err)
	}
	if q := must(opened(b.Bytes(), trusting())); q.Digest() != p.Digest() || p.Size() != int64(b.Len()) {
		t.Errorf("%s of %d bytes, read back %s of %d", p.Digest(), p.Size(), q.Digest(), b.Len())
	}
	if must(opened(built(t, sample()), trusting())).Digest() != p.Digest() {
		t.Error("files in memory give another package")
	}
	if content := must(io.ReadAll(must(p.Document("01", "0001.pdf")))); string(content) != testPDF {
		t.Errorf("%q", content)
	}
}

// TestBuildRefuses: what would not open is not made, and not a byte of it comes out.
func TestBuildRefuses(t *testing.T) {
	const project = "projects/01/project.json"
	s := sample()
	for _, c := range []struct {
		what   string
		source Tree
		want   review.Code
		item   string
	}{
		{"no package.json", s.with("package.json", nil), review.CodePackageSource, "package.json"},
		{"a package without a number", s.replaced(t, "package.json", `XG-2026-014`, ``), review.CodePackageValue, "package.json id"},
		{"an issue of 0", s.replaced(t, "package.json", `"seq":2`, `"seq":0`), review.CodePackageValue, "package.json seq"},
		{"no title", s.replaced(t, "package.json", `,"title":"政务数据共享平台升级改造项目评审包"`, ``), review.CodePackageField, "package.json title"},
		{"an unknown level", s.replaced(t, "package.json", `work_secret`, `内部`), review.CodePackageValue, "package.json secrecy"},
		{"a state secret", s.replaced(t, "package.json", `work_secret`, `mimi`), review.CodePackageSecrecy, "mimi"},
		{"a package of another version", s.replaced(t, "package.json", `"version":1`, `"version":2`), review.CodePackageNewer, "package.json"},
		{"a meeting that is none", s.with("meeting.json", "{"), review.CodePackageJSON, "meeting.json:1:2"},
		{"a secretary on the roster", s.replaced(t, "meeting.json", `"expert"`, `"secretary"`), review.CodePackageValue, "meeting.json roster[0].roles"},
		{"no projects", Tree{"package.json": s["package.json"]}, review.CodePackageSource, "projects"},
		{"a project that cannot be named", s.with("projects/项目/project.json", "{}"), review.CodePackageName, "projects/项目"},
		{"a file among the projects", s.with("projects/x", "x"), review.CodePackageName, "projects/x"},
		{"a project without its file", s.with("projects/02/x.pdf", testPDF), review.CodePackageSource, "projects/02/project.json"},
		{"a document that is not there", s.with("projects/01/附件/说明.txt", nil), review.CodePackageDocument, "projects/01/附件/说明.txt"},
		{"a document that is not listed", s.with("projects/01/遗漏.pdf", testPDF), review.CodePackageDocument, "projects/01/遗漏.pdf"},
		{"a document outside", s.replaced(t, project, `附件/说明.txt`, `../../填写说明.txt`), review.CodePackageDocument, "填写说明.txt"},
		{"a document listed twice", s.replaced(t, project, `"file":"附件/说明.txt","name":"情况说明.txt"`, `"file":"技术方案（送审稿）.pdf","name":"b.pdf"`), review.CodePackageDocument, "技术方案（送审稿）.pdf"},
		{"a document that is not what it says", s.with("projects/01/技术方案（送审稿）.pdf", "x"), review.CodePackageMismatch, "技术方案（送审稿）.pdf"},
		{"a document that is a program", s.with("projects/01/附件/说明.txt", "MZ\x00"), review.CodePackageProgram, "情况说明.txt"},
		{"a member misspelt", s.replaced(t, project, `"quorum"`, `"qourum"`), review.CodePackageField, "projects/01/project.json qourum"},
		{"a line of JSON that is none", s.replaced(t, project, `"quorum":5`, `"quorum":5,,`), review.CodePackageJSON, "projects/01/project.json:1:"},
	} {
		var b bytes.Buffer
		p, err := BuildDir(&b, c.source, testIssuer(), testTime)
		if review.CodeOf(err) != c.want || !strings.Contains(review.ItemOf(err), c.item) {
			t.Errorf("%s: %v, want %q about %q", c.what, err, c.want, c.item)
		}
		if b.Len() > 0 || p != nil {
			t.Errorf("%s: %d bytes came out", c.what, b.Len())
		}
	}
	_, err := BuildDir(io.Discard, s.with("package.json", nil), testIssuer(), testTime)
	reviewtest.WantCode(t, err, review.CodePackageSource)
}

// TestBuildLimit: a document above its limit, of which the disk holds nothing.
func TestBuildLimit(t *testing.T) {
	dir := onDisk(t, sample())
	if err := os.Truncate(filepath.Join(dir, "projects", "01", "附件", "说明.txt"), MaxEntry+1); err != nil {
		t.Fatal(err)
	}
	_, err := BuildDir(io.Discard, os.DirFS(dir), testIssuer(), testTime)
	reviewtest.WantCode(t, err, review.CodePackageLimit)
	if item := review.ItemOf(err); item != "projects/01/附件/说明.txt" {
		t.Errorf("item %q", item)
	}
}

// changing is a source whose first document changes from the n-th opening on.
type changing struct {
	Tree
	opened, from int
}

func (c *changing) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".pdf") {
		if c.opened++; c.opened > c.from {
			return c.Tree.with(name, strings.Replace(testPDF, "Count 0", "Count 9", 1)).Open(name)
		}
	}
	return c.Tree.Open(name)
}

// TestSourceChanges: a document that changes while the package is made keeps it from
// being made, whenever it changes.
func TestSourceChanges(t *testing.T) {
	whole := &changing{Tree: sample(), from: 1 << 30}
	if _, err := BuildDir(io.Discard, whole, testIssuer(), testTime); err != nil {
		t.Fatal(err)
	}
	for from := 2; from < whole.opened; from++ { // the first two are of its size
		_, err := BuildDir(io.Discard, &changing{Tree: sample(), from: from}, testIssuer(), testTime)
		if code := review.CodeOf(err); code != review.CodePackageAltered && code != review.CodePackageSource {
			t.Errorf("after %d openings of %d: %v", from, whole.opened, err)
		}
	}
}

var errNoSpace = errors.New("no space")

type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errNoSpace
	}
	return len(b), nil
}

func TestWriterFails(t *testing.T) {
	p, err := BuildDir(&full{left: 3000}, sample(), testIssuer(), testTime)
	if !errors.Is(err, errNoSpace) || p != nil {
		t.Errorf("%v, %v", p, err)
	}
}

// TestTemplate: what it says of itself is so: it does not build empty, and does when it
// is filled in.
func TestTemplate(t *testing.T) {
	source := Template("yueqing-2015.technical_review", "preparer_qualified", "investment_cny")
	_, err := BuildDir(io.Discard, source, testIssuer(), testTime)
	reviewtest.WantCode(t, err, review.CodePackageValue)
	if len(Template("x")["projects/01/project.json"]) == 0 {
		t.Error("no project without facts")
	}
	fill := func(name string, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			source = source.replaced(t, name, pairs[i], pairs[i+1])
		}
	}
	fill("package.json", `"id": ""`, `"id": "A-1"`, `"secrecy": ""`, `"secrecy": "none"`, `"title": ""`, `"title": "评审包"`)
	fill("meeting.json", `"title": ""`, `"title": "评审会"`, `"name": ""`, `"name": "孟㛃"`)
	fill("projects/01/project.json", `"title": ""`, `"title": "项目"`, `"name": ""`, `"name": "单位"`, `"text": ""`, `"text": "概况"`,
		`"file": "", "title": ""`, `"file": "方案.pdf", "title": "方案"`, `"preparer_qualified": null`, `"preparer_qualified": true`)
	source = source.with("projects/01/方案.pdf", testPDF)
	p := must(opened(built(t, source), trusting()))
	if want := []review.Fact{{Key: "preparer_qualified", Value: "true"}}; !slices.Equal(p.Projects()[0].FactList(), want) {
		t.Errorf("facts %+v", p.Projects()[0].FactList())
	}
	if p.Projects()[0].Scheme != "yueqing-2015.technical_review" {
		t.Error(p.Projects()[0].Scheme)
	}
}
