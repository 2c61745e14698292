package bag

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// unzipped unpacks a package with the archive reader of the standard library.
func unzipped(tb testing.TB, file []byte) Tree {
	tb.Helper()
	return treeOf(tb, must(zip.NewReader(bytes.NewReader(file), int64(len(file)))))
}

func treeOf(tb testing.TB, z *zip.Reader) Tree {
	tb.Helper()
	t := Tree{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			tb.Fatal(err)
		}
		if t[f.Name], err = io.ReadAll(r); err != nil {
			tb.Fatal(err)
		}
	}
	return t
}

// run runs a tool in a directory and gives all that it says.
func run(tb testing.TB, dir, name string, args ...string) (string, error) {
	tb.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	return string(out), err
}

// TestOtherPeoplesTools: an unzipped package is checked by sha256sum and OpenSSL
// alone, and what is changed in it they find too.
func TestOtherPeoplesTools(t *testing.T) {
	dir := onDisk(t, unzipped(t, built(t, sample())).with("../issuer.pem", nil))
	issuer := filepath.Join(t.TempDir(), "issuer.pem")
	if err := os.WriteFile(issuer, testIssuer().PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	check := func() map[string]error {
		got := map[string]error{}
		var out string
		for _, m := range []string{nameManifest, nameTagManifest} {
			out, got[m] = run(t, dir, "sha256sum", "--strict", "-c", m)
			t.Logf("%s%v", out, got[m])
		}
		out, got[nameSignature] = run(t, dir, "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", nameSignature,
			"-content", nameTagManifest, "-CAfile", issuer, "-purpose", "any", "-out", os.DevNull)
		t.Logf("%s%v", out, got[nameSignature])
		return got
	}
	for what, err := range check() {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for changed, found := range map[string]string{record: nameManifest, nameInfo: nameTagManifest, nameTagManifest: nameSignature} {
		p := filepath.Join(dir, filepath.FromSlash(changed))
		content := must(os.ReadFile(p))
		if err := os.WriteFile(p, bytes.Replace(content, []byte("a"), []byte("b"), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		if check()[found] == nil {
			t.Errorf("%s is not found changed", changed)
		}
		if err := os.WriteFile(p, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOpenDir: unzipped, a package verifies as the same; what is changed, missing or
// added is found.
func TestOpenDir(t *testing.T) {
	file := built(t, sample())
	whole := must(opened(file, trusting()))
	bag := unzipped(t, file)
	p, err := OpenDir(os.DirFS(onDisk(t, bag)), trusting())
	if err != nil {
		t.Fatal(err)
	}
	if p.Digest() != whole.Digest() || p.Projects()[0].Documents[0].Digest != whole.Projects()[0].Documents[0].Digest {
		t.Error("another package")
	}
	if content := must(io.ReadAll(must(p.Document("01", "0002.txt")))); !bytes.Equal(content, bag["data/projects/01/documents/0002.txt"]) {
		t.Errorf("%q", content)
	}
	if err := CheckBag(bag); err != nil {
		t.Errorf("as any bag: %v", err)
	}
	for _, c := range []struct {
		what string
		bag  Tree
		want review.Code
	}{
		{"a document changed", bag.with("data/projects/01/documents/0002.txt", strings.Replace(string(bag["data/projects/01/documents/0002.txt"]), "三", "四", 1)), review.CodePackageAltered},
		{"a document missing", bag.with("data/projects/01/documents/0002.txt", nil), review.CodePackageManifest},
		{"a document added", bag.with("data/projects/01/documents/0003.txt", "x"), review.CodePackageManifest},
		{"no signature", bag.with(nameSignature, nil), review.CodePackageUnsigned},
		{"no manifest", bag.with(nameManifest, nil), review.CodePackageTag},
		{"a file beside", bag.with("fetch.txt", "x"), review.CodePackageForm},
		{"a file of the system", bag.with(".DS_Store", "x"), review.CodePackageName},
		{"no bag", Tree{"x": nil}, review.CodePackageForeign},
	} {
		if _, err := OpenDir(c.bag, trusting()); review.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
	dir := onDisk(t, bag)
	if err := os.Symlink(nameBagit, filepath.Join(dir, "data", "link")); err != nil {
		t.Fatal(err)
	}
	_, err = OpenDir(os.DirFS(dir), trusting())
	reviewtest.WantCode(t, err, review.CodePackageForm)
	reviewtest.WantCode(t, CheckBag(os.DirFS(dir)), review.CodePackageForm)
}

// TestBagLimits: what is too much for a package is too much for any bag, and each
// manifest keeps to its own files.
func TestBagLimits(t *testing.T) {
	bag := unzipped(t, built(t, sample()))
	digest := string(review.DigestOf(bag[nameInfo]))
	reviewtest.WantCode(t, CheckBag(bag.with(nameManifest, string(bag[nameManifest])+digest+"  "+nameInfo+"\n", nameTagManifest, nil)), review.CodePackageName)
	for i := range MaxEntries {
		bag[fmt.Sprintf("data/%d", i)] = nil
	}
	reviewtest.WantCode(t, CheckBag(bag), review.CodePackageLimit)
	_, err := OpenDir(bag, trusting())
	reviewtest.WantCode(t, err, review.CodePackageLimit)
}

// TestEveryFileOfABag changes, removes and doubles each file of an unzipped package.
func TestEveryFileOfABag(t *testing.T) {
	bag := unzipped(t, built(t, sample()))
	for name, content := range bag {
		for what, changed := range map[string]Tree{
			"changed": bag.with(name, append(bytes.Clone(content), 'x')), "emptied": bag.with(name, ""), "removed": bag.with(name, nil),
			"doubled": bag.with(path.Join(path.Dir(name), "z"+path.Base(name)), content),
		} {
			if p, err := OpenDir(changed, trusting()); err == nil || p != nil {
				t.Errorf("%s %s: it opens", name, what)
			}
		}
	}
}

// TestConformanceSuite runs the public bags of github.com/LibraryOfCongress/
// bagit-conformance-suite at 9ab48705 (public domain): every valid one holds, every
// invalid one is refused. Of those that are to warn of, the ones of names that some
// systems take for the same are refused, which is a published limit, and one whose
// files are not in the repository.
func TestConformanceSuite(t *testing.T) {
	suite, err := zip.OpenReader("testdata/bagit-conformance-suite.zip")
	if err != nil {
		t.Fatal(err)
	}
	defer suite.Close()
	bags := map[string]Tree{}
	for name, content := range treeOf(t, &suite.Reader) {
		parts := strings.SplitN(name, "/", 4) // version, verdict, bag, file
		if len(parts) == 4 {
			name := path.Join(parts[:3]...)
			if bags[name] == nil {
				bags[name] = Tree{}
			}
			bags[name][parts[3]] = content
		}
	}
	refused := map[string]review.Code{
		"v0.97/warning/duplicate-file-with-different-case":                      review.CodePackageManifest,
		"v0.97/warning/same-filename-listed-twice-with-different-normalization": review.CodePackageManifest,
		"v0.97/warning/special-system-files":                                    review.CodePackageManifest,
	}
	count := map[string]int{}
	for name, b := range bags {
		err := CheckBag(b)
		verdict := strings.Split(name, "/")[1]
		count[verdict]++
		switch code := review.CodeOf(err); verdict {
		case "valid", "warning":
			if code != refused[name] {
				t.Errorf("%s: %v", name, err)
			}
		default: // invalid, linux-only, windows-only
			if code == "" || code == review.CodeInternal || code == review.CodePackageRead {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if count["valid"] != 27 || len(bags) != 60 {
		t.Errorf("%d bags: %v", len(bags), count)
	}
}
