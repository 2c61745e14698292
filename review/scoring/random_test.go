package scoring_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/scoring"
)

var (
	seed   = flag.Uint64("seed", 1, "of the random panels")
	panels = flag.Int("panels", 200, "how many random panels are counted")
)

// eachPanel runs a test on random panels: one to eight items of uneven 满分 and
// weights, some of yes/no kind, one to nine experts who often agree, some answers 不适用.
func eachPanel(t *testing.T, test func(t *testing.T, r *rand.Rand, c review.Scheme, ballots []scoring.Ballot)) {
	for i := range *panels {
		from := *seed + uint64(i)
		t.Run(fmt.Sprint(from), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					name, _, _ := strings.Cut(t.Name(), "/")
					t.Logf("repeat: go test ./review/scoring -run '^%s$' -panels 1 -seed %d", name, from)
				}
			}()
			r := rand.New(rand.NewPCG(from, 4))
			c := randomScheme(r)
			test(t, r, c, randomBallots(r, c))
		})
	}
}

func randomScheme(r *rand.Rand) review.Scheme {
	methods := []review.Method{"", review.MethodMean, review.MethodTrimmed, review.MethodMedian}
	fulls := []string{"100", "100", "10", "20", "15", "7.5", "35"}
	var items []string
	left := 10000 // hundredths of the weights to give
	for n := 1 + r.IntN(8); n > 0; n-- {
		w := left
		if n > 1 {
			w = 1 + r.IntN(2*left/n-1)
			if r.IntN(2) == 0 && w > 100 {
				w -= w % 100
			}
		}
		left -= w
		items = append(items, fulls[r.IntN(len(fulls))]+"/"+big.NewRat(int64(w), 100).FloatString(2))
	}
	c := weighted(methods[r.IntN(len(methods))], 0, items...)
	if c.Method == review.MethodTrimmed {
		c.Least = []int{0, 3, 4}[r.IntN(3)]
	}
	if r.IntN(3) == 0 {
		c.Items = append(c.Items, review.Item{ID: "Q", Title: "材料齐全", Kind: review.ItemYesNo, NA: true})
	}
	return c
}

func randomBallots(r *rand.Rand, c review.Scheme) []scoring.Ballot {
	lines := make([]string, 1+r.IntN(9))
	for e := range lines {
		var words []string
		for _, it := range c.Items {
			words = append(words, randomMark(r, it))
		}
		lines[e] = strings.Join(words, " ")
	}
	return marked(c, lines...)
}

func randomMark(r *rand.Rand, it review.Item) string {
	if it.Kind != review.ItemScore {
		return []string{review.AnswerYes, review.AnswerNo, review.AnswerNA, review.AnswerAbstain}[r.IntN(4)]
	}
	if r.IntN(5) == 0 {
		return review.AnswerNA
	}
	full, _ := new(big.Rat).SetString(it.Full)
	steps := new(big.Rat).Mul(full, big.NewRat(2, 1)).Num().Int64()
	n := steps * 4 / 5
	switch r.IntN(4) {
	case 0:
		n = r.Int64N(steps + 1)
	case 1:
		n -= r.Int64N(3)
	}
	return strings.TrimSuffix(big.NewRat(n, 2).FloatString(1), ".0")
}

// number is a fraction that is never shortened: what the peer of TestPeer counts in.
type number struct{ num, den *big.Int }

func whole(n int64) number { return number{big.NewInt(n), big.NewInt(1)} }

func (a number) plus(b number) number {
	x, y := new(big.Int).Mul(a.num, b.den), new(big.Int).Mul(b.num, a.den)
	return number{x.Add(x, y), new(big.Int).Mul(a.den, b.den)}
}

func (a number) times(b number) number {
	return number{new(big.Int).Mul(a.num, b.num), new(big.Int).Mul(a.den, b.den)}
}

func (a number) over(b number) number { return a.times(number{b.den, b.num}) }

func (a number) less(b number) bool {
	return new(big.Int).Mul(a.num, b.den).Cmp(new(big.Int).Mul(b.num, a.den)) < 0
}

// rounded is 四舍五入 to two decimals in whole numbers.
func (a number) rounded() string {
	n := new(big.Int).Mul(a.num, big.NewInt(200))
	n.Add(n, a.den).Quo(n, new(big.Int).Lsh(a.den, 1))
	s := fmt.Sprintf("%03d", n)
	return s[:len(s)-2] + "." + s[len(s)-2:]
}

// read reads a decimal; ok is false for 不适用.
func read(s string) (n number, ok bool) {
	if s == review.AnswerNA {
		return number{}, false
	}
	before, after, _ := strings.Cut(s, ".")
	den := int64(1)
	for range after {
		den *= 10
	}
	i, _ := new(big.Int).SetString(before+after, 10)
	return number{i, big.NewInt(den)}, true
}

// peer counts a panel the way the regulation's default says it (CM-03), without any
// line of this package, in unshortened fractions, and without sorting.
func peer(c review.Scheme, ballots []scoring.Ballot) (mean, trimmed, median string) {
	sum, weights := whole(0), whole(0)
	own, ownWeights := make([]number, len(ballots)), make([]number, len(ballots))
	for e := range ballots {
		own[e], ownWeights[e] = whole(0), whole(0)
	}
	for i, it := range c.Items {
		if it.Kind != review.ItemScore {
			continue
		}
		weight, _ := read(it.Weight)
		full, _ := read(it.Full)
		marks, n := whole(0), int64(0)
		for e, b := range ballots {
			if mark, ok := read(b.Sheet.Marks[i].Value); ok {
				marks, n = marks.plus(mark), n+1
				own[e] = own[e].plus(weight.times(mark).over(full))
				ownWeights[e] = ownWeights[e].plus(weight)
			}
		}
		if n > 0 {
			sum = sum.plus(weight.times(marks.times(whole(100)).over(full.times(whole(n)))))
			weights = weights.plus(weight)
		}
	}
	if weights.num.Sign() > 0 {
		mean = sum.over(weights).rounded()
	}
	var totals []number
	for e := range own {
		if ownWeights[e].num.Sign() > 0 {
			totals = append(totals, own[e].times(whole(100)).over(ownWeights[e]))
		}
	}
	least := c.Least
	if least == 0 {
		least = 5
	}
	// out takes one lowest and one highest away.
	out := func() {
		for _, first := range []func(a, b number) bool{number.less, func(a, b number) bool { return b.less(a) }} {
			at := 0
			for i := range totals {
				if first(totals[i], totals[at]) {
					at = i
				}
			}
			totals = append(totals[:at], totals[at+1:]...)
		}
	}
	trim := len(totals) >= least
	for len(totals) > 2 {
		out()
		if trim {
			kept := whole(0)
			for _, x := range totals {
				kept = kept.plus(x)
			}
			trimmed, trim = kept.over(whole(int64(len(totals)))).rounded(), false
		}
	}
	switch len(totals) {
	case 1:
		median = totals[0].rounded()
	case 2:
		median = totals[0].plus(totals[1]).over(whole(2)).rounded()
	}
	return mean, trimmed, median
}

// TestPeer compares with an independent computation.
func TestPeer(t *testing.T) {
	eachPanel(t, func(t *testing.T, _ *rand.Rand, c review.Scheme, ballots []scoring.Ballot) {
		got, err := scoring.Count(c, ballots)
		mean, trimmed, median := peer(c, ballots)
		for _, x := range []struct {
			what string
			got  *big.Rat
			want string
		}{{"mean", got.Mean, mean}, {"trimmed mean", got.Trimmed, trimmed}, {"median", got.Median, median}} {
			if s := printed(x.got); s != x.want {
				t.Errorf("%s: %q, the peer has %q", x.what, s, x.want)
			}
		}
		official := map[review.Method]string{"": mean, review.MethodMean: mean, review.MethodTrimmed: trimmed, review.MethodMedian: median}[c.Method]
		if s := printed(got.Official); s != official {
			t.Errorf("official: %q, the peer has %q", s, official)
		}
		want := review.Code("")
		if mean == "" {
			want = review.CodeScoreNone
		} else if official == "" {
			want = review.CodeScoreFew
		}
		if review.CodeOf(err) != want {
			t.Errorf("told is %q, want %q", review.CodeOf(err), want)
		}
	})
}

func printed(x *big.Rat) string {
	if x == nil {
		return ""
	}
	return scoring.Round2(x)
}

// whatever counts a panel that may have nothing to count.
func whatever(c review.Scheme, ballots []scoring.Ballot) scoring.Tally {
	t, _ := scoring.Count(c, ballots)
	return t
}

// TestRelations holds what must not change a result, and in which direction the rest
// may change it.
func TestRelations(t *testing.T) {
	eachPanel(t, func(t *testing.T, r *rand.Rand, c review.Scheme, ballots []scoring.Ballot) {
		was := whatever(c, ballots)

		mixed := append([]scoring.Ballot{}, ballots...)
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if a, b := asText(t, was), asText(t, whatever(c, mixed)); a != b {
			t.Errorf("the order of ballots changes\n%s\ninto\n%s", a, b)
		}

		var twice []scoring.Ballot
		for i := range 2 {
			for e, b := range ballots {
				twice = append(twice, scoring.Ballot{Seat: review.NumberedSeat(2 + e + i*len(ballots)), Sheet: b.Sheet})
			}
		}
		double := whatever(c, twice)
		equal(t, "every ballot twice: mean", double.Mean, was.Mean)
		equal(t, "every ballot twice: median", double.Median, was.Median)
		if was.Totals.Deviation != double.Totals.Deviation {
			t.Errorf("every ballot twice: deviation %s, was %s", double.Totals.Deviation, was.Totals.Deviation)
		}

		if f := was.Totals; f.N > 0 {
			squares := new(big.Rat)
			for _, e := range was.Experts {
				if e.Total != nil {
					d := new(big.Rat).Sub(e.Total, f.Mean)
					squares.Add(squares, d.Mul(d, d))
				}
			}
			squares.Quo(squares, big.NewRat(int64(f.N), 1))
			deviation, _ := new(big.Rat).SetString(f.Deviation)
			for _, half := range []int64{-1, 1} { // within half of the last decimal, the square root is between these
				x := new(big.Rat).Add(deviation, big.NewRat(half, 200))
				if x.Sign() >= 0 && x.Mul(x, x).Cmp(squares) != int(half) && (half > 0 || x.Cmp(squares) != 0) {
					t.Errorf("the deviation %s is not the square root of %s", f.Deviation, squares)
				}
			}
		}

		weights, scores := columns(was)
		factor := big.NewRat(1+r.Int64N(99), 1+r.Int64N(99))
		for i := range weights {
			weights[i] = new(big.Rat).Mul(weights[i], factor)
			if m := scoring.Mean(scores[i]); m != nil {
				scores[i] = append(scores[i], m)
			}
		}
		scaled, _ := scoring.Weighted(weights, scores)
		equal(t, "weights in another unit and an expert who marks the means", scaled, was.Mean)

		if was.Totals.N > 0 {
			for what, x := range map[string]*big.Rat{"median": was.Median, "trimmed mean": was.Trimmed, "mean of totals": was.Totals.Mean} {
				if x != nil && (x.Cmp(was.Totals.Lowest) < 0 || x.Cmp(was.Totals.Highest) > 0) {
					t.Errorf("the %s %s is not between %s and %s", what, x, was.Totals.Lowest, was.Totals.Highest)
				}
			}
		}

		e, i := r.IntN(len(ballots)), r.IntN(len(c.Items))
		if c.Items[i].Kind == review.ItemScore && ballots[e].Sheet.Marks[i].Value != review.AnswerNA {
			ballots[e].Sheet.Marks[i].Value = c.Items[i].Full
			more := whatever(c, ballots)
			for what, x := range map[string][2]*big.Rat{"mean": {was.Mean, more.Mean}, "trimmed mean": {was.Trimmed, more.Trimmed}, "median": {was.Median, more.Median}} {
				if x[0] != nil && x[1].Cmp(x[0]) < 0 {
					t.Errorf("a higher mark lowers the %s from %s to %s", what, x[0], x[1])
				}
			}
		}
	})
}

// columns gives the weights and, by items, the scores in percent.
func columns(t scoring.Tally) (weights []*big.Rat, scores [][]*big.Rat) {
	for _, it := range t.Items {
		if it.Kind != review.ItemScore {
			continue
		}
		w, _ := new(big.Rat).SetString(it.Weight)
		full, _ := new(big.Rat).SetString(it.Full)
		var of []*big.Rat
		for _, mark := range it.Marks {
			if mark != nil {
				x := new(big.Rat).Quo(mark, full)
				mark = x.Mul(x, big.NewRat(100, 1))
			}
			of = append(of, mark)
		}
		weights, scores = append(weights, w), append(scores, of)
	}
	return weights, scores
}

func equal(t *testing.T, what string, got, want *big.Rat) {
	t.Helper()
	if (got == nil) != (want == nil) || got != nil && got.Cmp(want) != 0 {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// asText writes all of a tally.
func asText(t *testing.T, x scoring.Tally) string {
	b, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	formula = regexp.MustCompile(`[0-9.＋×÷（）/]*(?:＝[0-9.＋×÷（）/]+)+(?:≈[0-9.]+)?`)
	final   = regexp.MustCompile(`([0-9./]+)(?:≈[0-9.]+)?，四舍五入到小数点后两位为 ([0-9.]+) 分`)
)

// TestRedo redoes every calculation that the trace shows, sentence by sentence: both
// sides of each ＝ are the same number, what stands behind ≈ is it rounded, every
// figure is rounded from the number before it, and the last one is the official one.
func TestRedo(t *testing.T) {
	eachPanel(t, func(t *testing.T, _ *rand.Rand, c review.Scheme, ballots []scoring.Ballot) {
		x := whatever(c, ballots)
		redone, last := 0, ""
		for _, s := range x.Trace(func(s review.SeatID) string { return string(s) }) {
			sentence := say(t, s)
			for _, f := range formula.FindAllString(sentence, -1) {
				redo(t, f)
				redone++
			}
			for _, m := range final.FindAllStringSubmatch(sentence, -1) {
				v, ok := new(big.Rat).SetString(m[1])
				if !ok || scoring.Round2(v) != m[2] {
					t.Errorf("%s is not %s rounded", m[2], m[1])
				}
			}
			if strings.HasPrefix(s.Key, "trace.official.") {
				last = s.Args["rounded"]
			}
		}
		if last != printed(x.Official) {
			t.Errorf("the trace ends with %q, the official figure is %q", last, printed(x.Official))
		}
		if x.Mean != nil && redone < 3 {
			t.Errorf("only %d formulas found", redone)
		}
	})
}

// redo works out a chain like （80＋85）÷2＝165/2≈82.5.
func redo(t *testing.T, f string) {
	t.Helper()
	chain, rounded, _ := strings.Cut(f, "≈")
	var v *big.Rat
	for part := range strings.SplitSeq(chain, "＝") {
		p := &parser{[]rune(part)}
		x := p.sum()
		if len(p.rest) > 0 || x == nil {
			t.Errorf("%s cannot be read at %s", f, string(p.rest))
			return
		}
		if v != nil && v.Cmp(x) != 0 {
			t.Errorf("%s does not hold", f)
		}
		v = x
	}
	if rounded != "" && v.FloatString(4) != rounded {
		t.Errorf("%s is rounded wrongly", f)
	}
}

// parser works out sums of products of numbers and brackets.
type parser struct{ rest []rune }

func (p *parser) takes(r rune) bool {
	if len(p.rest) == 0 || p.rest[0] != r {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *parser) sum() *big.Rat {
	x := p.product()
	for x != nil && p.takes('＋') {
		y := p.product()
		if y == nil {
			return nil
		}
		x.Add(x, y)
	}
	return x
}

func (p *parser) product() *big.Rat {
	x := p.factor()
	for x != nil {
		switch {
		case p.takes('×'):
			y := p.factor()
			if y == nil {
				return nil
			}
			x.Mul(x, y)
		case p.takes('÷'), p.takes('/'):
			y := p.factor()
			if y == nil || y.Sign() == 0 {
				return nil
			}
			x.Quo(x, y)
		default:
			return x
		}
	}
	return nil
}

func (p *parser) factor() *big.Rat {
	if p.takes('（') {
		x := p.sum()
		if !p.takes('）') {
			return nil
		}
		return x
	}
	n := 0
	for n < len(p.rest) && (p.rest[n] >= '0' && p.rest[n] <= '9' || p.rest[n] == '.') {
		n++
	}
	x, ok := new(big.Rat).SetString(string(p.rest[:n]))
	if !ok {
		return nil
	}
	p.rest = p.rest[n:]
	return x
}

// BenchmarkCount counts the sample (5 experts, 8 items, one project), and ten and a
// hundred times as many projects, experts and, as far as a scheme takes them, items.
func BenchmarkCount(b *testing.B) {
	for _, x := range []struct {
		name                     string
		projects, experts, items int
	}{
		{"sample", 1, 5, 8},
		{"projects10", 10, 5, 8}, {"projects100", 100, 5, 8},
		{"experts10", 1, 50, 8}, {"experts100", 1, 500, 8},
		{"items10", 1, 5, 80}, {"items25", 1, 5, review.MaxItems},
	} {
		b.Run(x.name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(*seed, 5))
			var items []string
			for range x.items {
				items = append(items, "100/"+big.NewRat(100, int64(x.items)).FloatString(2))
			}
			c := weighted(review.MethodTrimmed, 0, items...)
			var lines []string
			for range x.experts {
				var words []string
				for _, it := range c.Items {
					words = append(words, randomMark(r, it))
				}
				lines = append(lines, strings.Join(words, " "))
			}
			ballots := marked(c, lines...)
			for b.Loop() {
				for range x.projects {
					counted(b, c, ballots)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*x.projects*x.experts*x.items), "ns/mark")
		})
	}
}
