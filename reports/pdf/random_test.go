package pdf

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"heyi/reports/layout"
	"heyi/review"
)

var seed = flag.Uint64("seed", 4, "of random tests")

// randomStrokes draws something.
func randomStrokes(r *rand.Rand) review.Strokes {
	s := review.Strokes{Width: 1 + r.IntN(review.MaxPad), Height: 1 + r.IntN(review.MaxPad)}
	for range 1 + r.IntN(6) {
		var line []review.Point
		x, y := r.IntN(s.Width+1), r.IntN(s.Height+1)
		for range 1 + r.IntN(60) {
			line = append(line, review.Point{X: x, Y: y})
			x = max(0, min(s.Width, x+r.IntN(s.Width/10+3)-s.Width/20-1))
			y = max(0, min(s.Height, y+r.IntN(s.Height/10+3)-s.Height/20-1))
		}
		s.Lines = append(s.Lines, line)
	}
	return s
}

// TestRandomSigning signs papers in random orders with random looks: each signature
// leaves the bytes before it, and in the end the file says what was signed and what is open,
// and holds if the archive closed it.
func TestRandomSigning(t *testing.T) {
	again := fmt.Sprintf("go test ./reports/pdf -run TestRandomSigning -seed %d", *seed)
	t.Log(again)
	r := rand.New(rand.NewPCG(*seed, 0))
	ours := anchors(t, testPanel())
	var bases [][]byte
	experts := []int{0, 2, 5}
	for _, n := range experts { // without text, for what fonts there are matters to no signature
		page := layout.Page{Fields: []layout.Field{{Name: "secretary"}, {Name: review.ArchiveField}}}
		for e := range n {
			page.Fields = append(page.Fields, layout.Field{Name: fmt.Sprint("expert", e+1), X: 50, Y: 50 * float64(e), W: 30 + r.Float64()*300, H: 9 + r.Float64()*40})
		}
		base, err := Compose([]layout.Page{page}, testFonts(), testMeta)
		if err != nil {
			t.Fatal(err)
		}
		bases = append(bases, base)
	}
	for n := range 200 {
		which := r.IntN(len(bases))
		var order []string
		for e := range experts[which] {
			order = append(order, fmt.Sprint("expert", e+1))
		}
		order = append(order, "secretary")
		r.Shuffle(len(order), func(i, k int) { order[i], order[k] = order[k], order[i] })
		certified := r.IntN(2) == 0
		if certified { // the secretary comes first
			i := slices.Index(order, "secretary")
			order[0], order[i] = order[i], order[0]
		}
		order = order[:r.IntN(len(order)+1)]
		if r.IntN(2) == 0 {
			order = append(order, review.ArchiveField)
		}
		file := bases[which]
		var want []review.SignatureVerdict
		for i, field := range order {
			s := signerBy(field)
			if field == "secretary" && !certified {
				s.Means = review.MeansApproval
			}
			s.At = testTime.Add(time.Duration(r.IntN(1000)-500) * time.Minute)
			if r.IntN(2) == 0 {
				s.Look.Strokes = randomStrokes(r)
			}
			if r.IntN(2) == 0 {
				s.Look.Caption = s.At.Format("2006年1月2日")
			}
			before := file
			file = mustSign(t, before, s)
			if !bytes.HasPrefix(file, before) {
				t.Fatalf("%s: paper %d, signature %d changed the bytes before it", again, n, i)
			}
			want = append(want, review.SignatureVerdict{
				Field: field, Means: s.Means, End: len(file), Name: s.Name, At: s.At, Reason: s.Reason,
				Fingerprint: review.DigestOf(s.Certificate.Raw),
			})
		}
		v := Verify(file, ours)
		if !slices.EqualFunc(v.Signatures, want, func(a, b review.SignatureVerdict) bool {
			same := a.At.Equal(b.At)
			a.At, b.At = time.Time{}, time.Time{}
			return same && a == b
		}) {
			t.Fatalf("%s: paper %d\ngot  %+v\nwant %+v", again, n, v.Signatures, want)
		}
		open, closed := experts[which]+2-len(order), slices.Contains(order, review.ArchiveField)
		unsigned := strings.Count(codesOf(v), string(review.CodePDFUnsigned))
		if closed && (len(v.Findings) > 0 || len(v.Open) != open) || !closed && (len(v.Open) > 0 || len(v.Findings) != open || unsigned != open) {
			t.Fatalf("%s: paper %d, %q: %s, open %q", again, n, order, codesOf(v), v.Open)
		}
	}
}
