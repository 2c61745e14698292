package regulation_test

import (
	"fmt"
	"io/fs"
	"slices"
	"testing"

	"heyi/assets"
	"heyi/review"
	"heyi/review/regulation"
)

// BenchmarkLoad reads, compiles and tries all built-in packs.
func BenchmarkLoad(b *testing.B) {
	names, err := fs.Glob(assets.Packs, "packs/*.yaml")
	if err != nil {
		b.Fatal(err)
	}
	var files [][]byte
	size := 0
	for _, n := range names {
		f, err := assets.Packs.ReadFile(n)
		if err != nil {
			b.Fatal(err)
		}
		files, size = append(files, f), size+len(f)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := regulation.Open(files...); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkProject evaluates one project: rules before and after the conclusion, and
// materials.
func BenchmarkProject(b *testing.B) {
	l := library(b)
	b.ReportAllocs()
	for b.Loop() {
		evaluate(b, l, 0)
	}
}

// BenchmarkProjects evaluates many, for cost to be seen to grow with their number.
func BenchmarkProjects(b *testing.B) {
	l := library(b)
	for _, n := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				for i := range n {
					evaluate(b, l, i)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/project")
		})
	}
}

func evaluate(b *testing.B, l *regulation.Library, i int) {
	facts := slices.Clone(acceptanceFacts)
	at := slices.IndexFunc(facts, func(f review.Fact) bool { return f.Key == "investment_cny" })
	facts[at].Value = fmt.Sprintf("%d.00", 1_000_000+i*100)
	s, _ := l.Scheme("yueqing-2015.acceptance")
	if _, err := l.Findings(s.Freeze(), regulation.Known{Facts: facts, Conclusion: "passed"}); err != nil {
		b.Fatal(err)
	}
	if _, err := l.Materials(s.ID, facts, []string{"Y5-E1"}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRefuse refuses each of the large hostile packs.
func BenchmarkRefuse(b *testing.B) {
	for name, file := range large() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := regulation.Load([]byte(file)); err == nil {
					b.Fatal("taken")
				}
			}
		})
	}
}
