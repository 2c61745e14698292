package regulation_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
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

// BenchmarkProject evaluates one project under each scheme: all its rules, before and after
// the conclusion, and materials, with every fact that is asked for.
func BenchmarkProject(b *testing.B) {
	l := library(b)
	for _, s := range l.Schemes() {
		b.Run(s.ID, func(b *testing.B) {
			x := known(b, l, s)
			b.ReportAllocs()
			for b.Loop() {
				x.evaluate(b, l)
			}
			b.ReportMetric(float64(len(s.Checks)), "rules")
		})
	}
}

// BenchmarkProjects evaluates many, of all schemes in turn, for cost to be seen to grow with
// their number.
func BenchmarkProjects(b *testing.B) {
	l := library(b)
	var all []project
	for _, s := range l.Schemes() {
		all = append(all, known(b, l, s))
	}
	for _, n := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				for i := range n {
					all[i%len(all)].evaluate(b, l)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/project")
		})
	}
}

// project is one to be evaluated, all that is asked of it being known.
type project struct {
	scheme  review.Scheme
	known   regulation.Known
	present []string
}

// known makes a project under a scheme, with what facts say, the panel and the conclusion.
func known(tb testing.TB, l *regulation.Library, s *regulation.Scheme) project {
	tb.Helper()
	g := rand.New(rand.NewPCG(*seed, 9))
	x := project{scheme: s.Freeze(), known: regulation.Known{Panel: map[string]string{}, Signed: []string{"BG-01"}, Conclusion: s.Conclusions[0].ID}}
	for _, in := range s.Inputs() {
		x.known.Facts = append(x.known.Facts, review.Fact{Key: in.Fact, Value: regulation.FactOf(g, in)})
	}
	for _, it := range s.Items {
		x.known.Panel[it.ID] = review.AnswerYes
	}
	for _, m := range s.Materials {
		x.present = append(x.present, m.Code)
	}
	if unknown, err := l.CheckFacts(s.ID, x.known.Facts); err != nil || len(unknown) > 0 {
		tb.Fatalf("%s: %v, %v", s.ID, unknown, err)
	}
	return x
}

// evaluate gives how much there is to say of the project.
func (x project) evaluate(tb testing.TB, l *regulation.Library) int {
	tb.Helper()
	found, err := l.Findings(x.scheme, x.known)
	if err != nil {
		tb.Fatal(err)
	}
	due, err := l.Materials(x.scheme.ID, x.known.Facts, x.present)
	if err != nil {
		tb.Fatal(err)
	}
	return len(found) + len(due)
}

// What is measured is whole: every rule of every scheme is asked, and nothing is missing.
func TestMeasured(t *testing.T) {
	l := library(t)
	for _, s := range l.Schemes() {
		x := known(t, l, s)
		if got := x.evaluate(t, l); got != len(s.Checks)+len(s.Materials) {
			t.Errorf("%s: %d of %d rules and %d materials", s.ID, got, len(s.Checks), len(s.Materials))
		}
		list, err := l.Findings(x.scheme, x.known)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			if f.Get("reason") == regulation.ReasonMissingInput && (f.After || s.Concludes == "") {
				t.Errorf("%s: %s lacks %v", s.ID, f.Rule, f.Missing)
			}
		}
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
