package bag

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// largePackage writes a package of 100 documents of 2 MB each, and the documents, to
// the disk. Every second is a PDF, the others are drawings, which no scan reads.
func largePackage(tb testing.TB) (file string, documents []string) {
	tb.Helper()
	dir := tb.TempDir()
	source := filepath.Join(dir, "source", "projects", "01")
	if err := os.MkdirAll(source, 0o700); err != nil {
		tb.Fatal(err)
	}
	var listed []string
	seed := uint64(20261122)
	for i := range 100 {
		content := make([]byte, 2_000_000)
		for j := range content {
			seed ^= seed << 13
			seed ^= seed >> 7
			seed ^= seed << 17
			content[j] = byte(seed)
		}
		name := fmt.Sprintf("%03d.dwg", i)
		copy(content, "AC1027")
		if i%2 == 0 {
			name = fmt.Sprintf("%03d.pdf", i)
			copy(content, testPDF)
			copy(content[len(content)-len(testPDF):], testPDF)
		}
		listed = append(listed, fmt.Sprintf(`{"file":%q,"title":"文件"}`, name))
		documents = append(documents, filepath.Join(source, name))
		if err := os.WriteFile(documents[i], content, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	for name, content := range map[string]string{
		"package.json":             `{"version":1,"id":"L","seq":1,"secrecy":"none","title":"大包"}`,
		"projects/01/project.json": `{"version":1,"title":"大包","scheme":"x","quorum":1,"documents":[` + strings.Join(listed, ",") + `]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, "source", name), []byte(content), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	file = filepath.Join(dir, "large.rpk")
	w := must(os.Create(file))
	if _, err := BuildDir(w, os.DirFS(filepath.Join(dir, "source")), testIssuer(), testTime); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return file, documents
}

// BenchmarkVerify verifies 200 MB in 100 files and lets OpenSSL digest the same files,
// turn by turn; ratio is our time to OpenSSL's.
func BenchmarkVerify(b *testing.B) {
	file, documents := largePackage(b)
	f := must(os.Open(file))
	defer f.Close()
	size := must(f.Stat()).Size()
	args := append([]string{"dgst", "-sha256"}, documents...)
	var ours, theirs []time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := Open(f, size, trusting()); err != nil {
			b.Fatal(err)
		}
		ours = append(ours, time.Since(start))
		start = time.Now()
		if err := exec.Command("openssl", args...).Run(); err != nil {
			b.Fatal(err)
		}
		theirs = append(theirs, time.Since(start))
	}
	median := func(list []time.Duration) float64 {
		return float64(slices.Sorted(slices.Values(list))[len(list)/2])
	}
	b.ReportMetric(median(ours)/1e6, "ms/verify")
	b.ReportMetric(median(theirs)/1e6, "ms/openssl")
	b.ReportMetric(median(ours)/median(theirs), "ratio")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkBuild builds the package of BenchmarkVerify, which reads everything three times.
func BenchmarkBuild(b *testing.B) {
	file, _ := largePackage(b)
	source := os.DirFS(filepath.Join(filepath.Dir(file), "source"))
	for b.Loop() {
		if _, err := BuildDir(io.Discard, source, testIssuer(), testTime); err != nil {
			b.Fatal(err)
		}
	}
}

// TestMemory: opening a package takes some MB, however large it is.
func TestMemory(t *testing.T) {
	source := sample()
	for i := range 8 {
		name := fmt.Sprintf("%d.dwg", i)
		source["projects/02/"+name] = append([]byte("AC1027"), make([]byte, 4<<20)...)
	}
	source["projects/02/project.json"] = []byte(`{"version":1,"title":"大","scheme":"x","quorum":1,"documents":[
		{"file":"0.dwg","title":"x"},{"file":"1.dwg","title":"x"},{"file":"2.dwg","title":"x"},{"file":"3.dwg","title":"x"},
		{"file":"4.dwg","title":"x"},{"file":"5.dwg","title":"x"},{"file":"6.dwg","title":"x"},{"file":"7.dwg","title":"x"}]}`)
	file := built(t, source)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := opened(file, trusting()); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
		t.Errorf("%d kB were allocated for a package of %d MB", used>>10, len(file)>>20)
	}
}
