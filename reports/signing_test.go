package reports

import (
	"encoding/pem"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"heyi/review"
)

// onAllCores calls do for 0 to n-1, as many at a time as there are cores.
func onAllCores(n int, do func(i int)) {
	var all sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}

// opinions is how many individual opinions the benchmarks have.
const opinions = 300

// testStrokes are what a hand might draw.
func testStrokes() review.Strokes {
	s := review.Strokes{Width: 500, Height: 160, Lines: make([][]review.Point, 3)}
	for i := range 150 {
		a := float64(i) / 8
		s.Lines[i%3] = append(s.Lines[i%3], review.Point{X: 60 + 2*i + int(20*math.Cos(a)), Y: 80 + int(50*math.Sin(a))})
	}
	return s
}

// signedOpinion composes the opinion of an expert and signs it as he does.
func signedOpinion(tb testing.TB, e int, by review.Signing) []byte {
	m := testIndividual(e)
	base, err := testPapers().Compose(m)
	if err != nil {
		tb.Error(err)
	}
	by.Field, by.Look = m.Field, review.Look{Strokes: testStrokes(), Caption: "2026年11月21日"}
	signed, err := testPapers().Sign(base, by)
	if err != nil {
		tb.Error(err)
	}
	return signed
}

// opinionSigners gives 25 experts a key and a certificate each.
func opinionSigners(tb testing.TB) []review.Signing {
	var out []review.Signing
	for e := range 25 {
		out = append(out, signingBy(tb, testIndividual(e).Field, testName(e)))
	}
	return out
}

// BenchmarkOpinions composes, finishes and signs 300 individual opinions on all cores.
func BenchmarkOpinions(b *testing.B) {
	signers := opinionSigners(b)
	for b.Loop() {
		onAllCores(opinions, func(i int) { signedOpinion(b, i%len(signers), signers[i%len(signers)]) })
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*opinions), "ms/opinion")
}

// BenchmarkFurther signs an opinion of the group that the secretary has certified: all
// experts who do not sign in ink, one after the other, with drawn signatures. What is
// reported are the mean and the last.
func BenchmarkFurther(b *testing.B) {
	const experts = 25
	base := mustCompose(b, testOpinion(experts))
	certify := signingBy(b, review.SignatureField, "龚䶮")
	certify.Means = review.MeansCertify
	certified, err := testPapers().Sign(base, certify)
	if err != nil {
		b.Fatal(err)
	}
	signers := opinionSigners(b)[:experts]
	var all, last time.Duration
	made := 0
	for b.Loop() {
		file := certified
		for _, s := range signers {
			s.Look = review.Look{Strokes: testStrokes(), Caption: "2026年11月21日"}
			began := time.Now()
			signed, err := testPapers().Sign(file, s)
			if review.CodeOf(err) == review.CodePDFUnsigned {
				continue // signs in ink
			}
			if err != nil {
				b.Fatal(err)
			}
			file, last = signed, time.Since(began)
			all += last
			made++
		}
	}
	b.ReportMetric(all.Seconds()*1000/float64(made), "ms/signature")
	b.ReportMetric(last.Seconds()*1000, "ms/last")
	b.ReportMetric(float64(made)/float64(b.N), "signatures")
}

// BenchmarkVerifyOpinions verifies 300 signed opinions on all cores, and has pdfsig do it.
func BenchmarkVerifyOpinions(b *testing.B) {
	signers := opinionSigners(b)
	files := make([]string, opinions)
	dir := b.TempDir()
	onAllCores(opinions, func(i int) {
		files[i] = filepath.Join(dir, fmt.Sprint(i, ".pdf"))
		if err := os.WriteFile(files[i], signedOpinion(b, i%len(signers), signers[i%len(signers)]), 0o600); err != nil {
			b.Error(err)
		}
	})
	ca := keep(b, "ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: testPanel().Certificate()}))
	db := "sql:" + b.TempDir()
	run(b, "certutil", "-N", "-d", db, "--empty-password")
	run(b, "certutil", "-A", "-d", db, "-n", "panel", "-t", "CT,C,C", "-a", "-i", ca)
	trust := anchor(b, testPanel())
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			onAllCores(opinions, func(i int) {
				file, err := os.ReadFile(files[i])
				if err != nil {
					b.Error(err)
				}
				if v := testPapers().Verify(file, trust); len(v.Findings) > 0 || len(v.Signatures) != 1 {
					b.Errorf("%+v", v)
				}
			})
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*opinions), "ms/paper")
	})
	b.Run("pdfsig", func(b *testing.B) {
		for b.Loop() {
			onAllCores(opinions, func(i int) {
				if out := run(b, "pdfsig", "-nssdir", db, files[i]); !strings.Contains(out, "Certificate is Trusted.") {
					b.Error(out)
				}
			})
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*opinions), "ms/paper")
	})
}
