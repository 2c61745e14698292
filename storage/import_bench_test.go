package storage_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"testing"
	"time"

	"heyi/review/bag"
)

// BenchmarkImport1MB takes in a package of 10 documents.
func BenchmarkImport1MB(b *testing.B) { benchmarkImport(b, 10, 100_000) }

// BenchmarkImport200MB takes in a package of 100 documents.
func BenchmarkImport200MB(b *testing.B) { benchmarkImport(b, 100, 2_000_000) }

// benchmarkImport takes a package in again and again, each time into a meeting of its own,
// beside one durable copy of the same file on the same disk: written and synced. It
// reports the medians of both, their ratio, and the most memory that importing took.
func benchmarkImport(b *testing.B, documents, size int) {
	root := b.TempDir()
	source, issuer := sourceOf(b, root, documents, size)
	defer source.Close()
	info, err := source.Stat()
	must(b, err)
	d, err := openDesk(root, ways[quietly])
	must(b, err)
	_, err = errand{Does: "trust", Issuer: issuer}.do(d, nil)
	must(b, err)
	var ours, plain []time.Duration
	most := uint64(0)
	for b.Loop() {
		x, err := errand{Does: "create"}.do(d, nil)
		must(b, err)
		peak := watchMemory()
		start := time.Now()
		in, err := x.Import(source, info.Size(), false)
		must(b, err)
		ours = append(ours, time.Since(start))
		most = max(most, peak())

		path := filepath.Join(root, "copy")
		start = time.Now()
		must(b, copyDurably(path, io.NewSectionReader(source, 0, info.Size())))
		plain = append(plain, time.Since(start))
		must(b, errors.Join(os.Remove(path), d.dir.DropPackage(x.Meeting(), in.Package.Package)))
	}
	must(b, d.close())
	median := func(list []time.Duration) float64 { return float64(slices.Sorted(slices.Values(list))[len(list)/2]) }
	b.ReportMetric(median(ours)/1e6, "ms/import")
	b.ReportMetric(median(plain)/1e6, "ms/copy")
	b.ReportMetric(median(ours)/median(plain), "ratio")
	b.ReportMetric(float64(most)/1e6, "MB-peak")
	b.ReportMetric(0, "ns/op")
}

// sourceOf makes the file of a package with so many PDFs of so many bytes each, and gives
// it with its issuer's certificate.
func sourceOf(b *testing.B, dir string, documents, size int) (*os.File, []byte) {
	issuer := newIssuer(b, "乐清市电子政务中心")
	random := rand.NewChaCha8([32]byte{7})
	tree := bag.Tree{"package.json": []byte(`{"version":1,"id":"A-1","seq":1,"secrecy":"none","title":"评审包"}`)}
	var list []any
	for i := range documents {
		name := fmt.Sprintf("%d.pdf", i)
		content := make([]byte, size)
		_, err := random.Read(content)
		must(b, err)
		copy(content, "%PDF-1.7\n")
		copy(content[size-17:], "\nstartxref\n0\n%%EOF")
		tree["projects/gxpt/"+name] = content
		list = append(list, map[string]any{"file": name, "title": "项目技术方案", "material": "Y2-E1"})
	}
	project, err := json.Marshal(map[string]any{
		"version": 1, "title": "政务数据共享平台升级改造项目", "code": "", "scheme": "yueqing-2015.technical_review", "quorum": 3,
		"units": []any{map[string]any{"part": "owner", "name": "乐清市政务服务信息中心"}}, "facts": map[string]any{}, "profile": []any{},
		"documents": list,
	})
	must(b, err)
	tree["projects/gxpt/project.json"] = project
	f, err := os.Create(filepath.Join(dir, "source.rpk"))
	must(b, err)
	_, err = bag.BuildDir(f, tree, issuer, issued)
	must(b, err)
	return f, issuer.Certificate()
}

// copyDurably writes a file and syncs it.
func copyDurably(path string, src io.Reader) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, src)
	return errors.Join(err, f.Sync(), f.Close())
}

// watchMemory looks again and again at what the Go runtime has of the system, until it is
// asked for the most that it had beyond what it has now.
func watchMemory() (peak func() uint64) {
	debug.FreeOSMemory()
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	used := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64() - sample[1].Value.Uint64()
	}
	before := used()
	most, stop, stopped := before, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for tick := time.NewTicker(time.Millisecond); ; {
			select {
			case <-stop:
				return
			case <-tick.C:
				most = max(most, used())
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		return most - before
	}
}
