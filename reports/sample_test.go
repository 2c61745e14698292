package reports

import (
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"heyi/assets"
	"heyi/review"
)

// TestSampleGlyphs: every character of the sample meeting can be printed.
func TestSampleGlyphs(t *testing.T) {
	papers, files := testPapers(), 0
	err := fs.WalkDir(assets.Sample, "sample/demo", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(assets.Sample, name)
		if err != nil {
			return err
		}
		text := string(b)
		switch path.Ext(name) {
		case ".txt":
		case ".json":
			var v any
			if err := json.Unmarshal(b, &v); err != nil {
				return err
			}
			text = "" // what is written with escapes counts too
			var strs func(any)
			strs = func(v any) {
				switch v := v.(type) {
				case string:
					text += v
				case []any:
					for _, e := range v {
						strs(e)
					}
				case map[string]any:
					for _, e := range v {
						strs(e)
					}
				}
			}
			strs(v)
		default:
			return nil
		}
		files++
		if missing := papers.Missing(strings.ReplaceAll(text, "\n", "")); len(missing) > 0 {
			t.Errorf("%s: no font has %s", name, review.NameRunes(missing))
		}
		return nil
	})
	if err != nil || files < 15 {
		t.Fatalf("%d files: %v", files, err)
	}
}

// TestSampleDocuments: every document of the sample can be composed, and the plan has
// ten pages and more.
func TestSampleDocuments(t *testing.T) {
	names, err := fs.Glob(assets.Sample, "sample/demo/documents/*.txt")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d documents: %v", len(names), err)
	}
	count := regexp.MustCompile(`(?m)^Pages: +([0-9]+)$`)
	for _, name := range names {
		source, err := fs.ReadFile(assets.Sample, name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := testPapers().Material(string(source), review.Material{Title: "样例", Author: "样例", At: testTime})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m := count.FindStringSubmatch(run(t, "pdfinfo", keep(t, path.Base(name)+".pdf", b)))
		if m == nil {
			t.Fatalf("%s: no count of pages", name)
		}
		if n, _ := strconv.Atoi(m[1]); n < 1 || path.Base(name) == "plan.txt" && n < 10 {
			t.Errorf("%s: %d pages", name, n)
		}
	}
}
