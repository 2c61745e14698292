package filing

import (
	"bytes"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"heyi/review"
	"heyi/review/reviewtest"
)

// edited is a sample folder in which one file says something else.
func edited(tb testing.TB, name string, data []byte) fstest.MapFS {
	f := content(tb, build(tb, sample()))
	f[name] = &fstest.MapFile{Data: data, Mode: 0o600}
	return f
}

// openRefused wants one finding, and no folder.
func openRefused(t *testing.T, f fs.FS, code review.Code, entry string) {
	t.Helper()
	o, findings := Open(f)
	if o != nil || len(findings) != 1 || findings[0].Entry != entry {
		t.Fatalf("%v, %d findings", o != nil, len(findings))
	}
	reviewtest.WantCode(t, review.E(findings[0].Code, "filing.Open", entry, nil), code)
}

// TestOpenLong opens lists as long as they may be in bytes: one after the other is
// compared with those before it, or built, in no time that a test has.
func TestOpenLong(t *testing.T) {
	var lines bytes.Buffer
	for n := 0; lines.Len() < MaxCatalogue-100; n++ {
		fmt.Fprintf(&lines, "%s  x%d\n", review.DigestOf(nil), n)
	}
	openRefused(t, edited(t, nameSums, lines.Bytes()), review.CodeFilingForm, nameSums)
	openRefused(t, edited(t, nameSums, bytes.Repeat([]byte("\n"), MaxCatalogue)), review.CodeFilingForm, nameSums)

	good := string(build(t, sample()).Catalogue.encode())
	for _, item := range []string{"<文件/>", "<文件></文件>", `<a:文件 b="c"/>`} {
		const end = "  </卷内目录>"
		many := strings.Repeat(item, (MaxCatalogue-len(good))/len(item))
		f := edited(t, nameCatalogue, []byte(strings.Replace(good, end, many+end, 1)))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		openRefused(t, f, review.CodeFilingForm, nameCatalogue)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 16*MaxCatalogue {
			t.Errorf("%s: allocated %d bytes", item, got)
		}
	}
}

// TestCountItems counts to the most that there may be.
func TestCountItems(t *testing.T) {
	c := build(t, sample()).Catalogue
	for len(c.Items) < MaxFiles {
		c.Items = append(c.Items, Item{})
	}
	if err := countItems(c.encode()); err != nil {
		t.Error(err)
	}
	c.Items = append(c.Items, Item{})
	reviewtest.WantCode(t, countItems(c.encode()), review.CodeFilingForm)
}

// TestMaxFindings gives folders that have much wrong with them.
func TestMaxFindings(t *testing.T) {
	good := content(t, build(t, sample()))
	var lines bytes.Buffer
	lines.Write(good[nameSums].Data)
	for n := range MaxFiles - bytes.Count(good[nameSums].Data, []byte("\n")) {
		fmt.Fprintf(&lines, "%s  x%05d\n", review.DigestOf(nil), n)
	}
	more := content(t, build(t, sample()))
	for n := range MaxFiles {
		more[fmt.Sprintf("其他/多/%05d.txt", n)] = &fstest.MapFile{Mode: 0o600}
	}
	for _, c := range []struct {
		name string
		fsys fs.FS
		last string
	}{
		{"lines more", edited(t, nameSums, lines.Bytes()), "x00099"},
		{"files more", more, "其他/多/00099.txt"},
	} {
		o, findings := Open(c.fsys)
		if o != nil || len(findings) != MaxFindings {
			t.Fatalf("%s: %d findings", c.name, len(findings))
		}
		if want := (review.Finding{Code: review.CodeFilingExtra, Entry: c.last}); findings[MaxFindings-1] != want {
			t.Errorf("%s: the last is %v, want %v", c.name, findings[MaxFindings-1], want)
		}
	}

	var twice checker
	for range 3 {
		twice.found(review.CodeFilingExtra, "a")
		twice.found(review.CodeFilingMissing, "a")
	}
	if len(twice.findings) != 2 {
		t.Errorf("found %v", twice.findings)
	}
}
