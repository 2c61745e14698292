package scoring_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"text/template"

	"heyi/assets"
	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/scoring"
)

var update = flag.Bool("update", false, "write the golden files anew")

// weighted makes a scheme of the items given as "满分/权重".
func weighted(m review.Method, least int, items ...string) review.Scheme {
	c := review.Scheme{
		ID: "t.review", Title: "技术方案评审", Mode: review.ModeWeighted, Method: m, Least: least,
		Outcomes: []review.Outcome{{ID: "passed", Title: "通过"}},
	}
	for i, it := range items {
		full, weight, _ := strings.Cut(it, "/")
		c.Items = append(c.Items, review.Item{
			ID: fmt.Sprintf("A%d", i+1), Title: fmt.Sprintf("第%d项", i+1), Kind: review.ItemScore, Full: full, Step: "0.5", Weight: weight, NA: true,
		})
	}
	return c
}

// marked makes ballots of s02, s03, …: one line an expert, one word an item.
func marked(c review.Scheme, lines ...string) []scoring.Ballot {
	var ballots []scoring.Ballot
	for e, line := range lines {
		b := scoring.Ballot{Seat: review.NumberedSeat(e + 2)}
		for i, value := range strings.Fields(line) {
			b.Sheet.Marks = append(b.Sheet.Marks, review.Mark{Item: c.Items[i].ID, Value: value})
		}
		ballots = append(ballots, b)
	}
	return ballots
}

// counted counts what must be countable.
func counted(tb testing.TB, c review.Scheme, ballots []scoring.Ballot) scoring.Tally {
	tb.Helper()
	t, err := scoring.Count(c, ballots)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// rat reads an exact number.
func rat(tb testing.TB, s string) *big.Rat {
	tb.Helper()
	x, ok := new(big.Rat).SetString(s)
	if !ok {
		tb.Fatal(s)
	}
	return x
}

// same fails the test unless got is the exact number want; "" is nil.
func same(tb testing.TB, what string, got *big.Rat, want string) {
	tb.Helper()
	if want == "" {
		if got != nil {
			tb.Errorf("%s is %s, want none", what, got)
		}
		return
	}
	if got == nil || got.Cmp(rat(tb, want)) != 0 {
		tb.Errorf("%s is %v, want %s", what, got, want)
	}
}

// TestTrimmedVectors holds the two vectors of peers.md 4.7, which a program in use
// gets wrong (86.67 and 0).
func TestTrimmedVectors(t *testing.T) {
	c := weighted(review.MethodTrimmed, 0, "100/100")
	five := counted(t, c, marked(c, "70", "80", "85", "90", "95"))
	same(t, "the trimmed mean of 70, 80, 85, 90, 95", five.Official, "85")
	if got := scoring.Round2(five.Official); got != "85.00" {
		t.Errorf("it prints as %s", got)
	}

	two, err := scoring.Count(c, marked(c, "80", "90"))
	reviewtest.WantCode(t, err, review.CodeScoreFew)
	if got := review.ItemOf(err); got != "5" {
		t.Errorf("the least number is told as %s", got)
	}
	same(t, "the trimmed mean of two", two.Trimmed, "")
	same(t, "the official figure of two", two.Official, "")
	same(t, "the mean of two", two.Mean, "85")
	same(t, "the median of two", two.Median, "85")
}

// TestWeighted holds the cases of CM-03 in rules/cases.json and what they leave out.
func TestWeighted(t *testing.T) {
	for _, x := range []struct{ weights, scores, want string }{
		{"60 40", "80 90, 70 60", "77.00"},
		{"50 30 20", "81 80 79, 90 90 91, - - -", "83.88"},
		{"50 50", "- 80, 60 -", "70.00"},
		{"100", "0 0", "0.00"},
		{"50 50", "-, -", ""},
		{"50 50", "80", ""},
		{"0", "80", ""},
		{"", "", ""},
	} {
		var weights []*big.Rat
		for w := range strings.FieldsSeq(x.weights) {
			weights = append(weights, rat(t, w))
		}
		var scores [][]*big.Rat
		for line := range strings.SplitSeq(x.scores, ",") {
			var of []*big.Rat
			for s := range strings.FieldsSeq(line) {
				if s == "-" {
					of = append(of, nil)
				} else {
					of = append(of, rat(t, s))
				}
			}
			if of != nil {
				scores = append(scores, of)
			}
		}
		total, ok := scoring.Weighted(weights, scores)
		if ok != (x.want != "") {
			t.Errorf("%s of %s: ok is %v", x.weights, x.scores, ok)
		} else if ok && scoring.Round2(total) != x.want {
			t.Errorf("%s of %s is %s, want %s", x.weights, x.scores, scoring.Round2(total), x.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, x := range []struct{ x, round2, number string }{
		{"0", "0.00", "0"},
		{"83.875", "83.88", "83.875"},
		{"83.874999", "83.87", "83.874999"},
		{"260/3", "86.67", "≈86.6667"},
		{"79.995", "80.00", "79.995"},
		{"79.9949", "79.99", "79.9949"},
		{"1/128", "0.01", "≈0.0078"}, // ends, but beyond six decimals
		{"-1/200", "-0.01", "-0.005"},
		{"1/200", "0.01", "0.005"},
		{"100", "100.00", "100"},
	} {
		if got := scoring.Round2(rat(t, x.x)); got != x.round2 {
			t.Errorf("%s with two decimals is %s, want %s", x.x, got, x.round2)
		}
		if got := scoring.Number(rat(t, x.x)); got != x.number {
			t.Errorf("%s is written %s, want %s", x.x, got, x.number)
		}
	}
}

// TestDescribe checks figures that were worked out by hand.
func TestDescribe(t *testing.T) {
	of := func(s string) (out []*big.Rat) {
		for x := range strings.FieldsSeq(s) {
			if x == "-" {
				out = append(out, nil)
			} else {
				out = append(out, rat(t, x))
			}
		}
		return out
	}
	for _, x := range []struct{ of, mean, median, highest, lowest, spread, deviation string }{
		{"2 4 4 4 5 5 7 9", "5", "9/2", "9", "2", "7", "2.00"},
		{"7 - 1", "4", "4", "7", "1", "6", "3.00"},
		{"1 2 3", "2", "2", "3", "1", "2", "0.82"}, // √(2/3) = 0.8164…
		{"8.5", "8.5", "8.5", "8.5", "8.5", "0", "0.00"},
		{"0 0.01", "1/200", "1/200", "0.01", "0", "0.01", "0.01"}, // exactly half: 0.005
		{"- -", "", "", "", "", "", ""},
	} {
		f := scoring.Describe(of(x.of))
		same(t, x.of+": mean", f.Mean, x.mean)
		same(t, x.of+": median", f.Median, x.median)
		same(t, x.of+": highest", f.Highest, x.highest)
		same(t, x.of+": lowest", f.Lowest, x.lowest)
		same(t, x.of+": range", f.Range, x.spread)
		if f.Deviation != x.deviation {
			t.Errorf("%s: deviation %s, want %s", x.of, f.Deviation, x.deviation)
		}
		same(t, x.of+": Median", scoring.Median(of(x.of)), x.median)
	}
	same(t, "trimmed, all equal", scoring.Trimmed(of("8 8 8 8 8"), 5), "8")
	same(t, "trimmed, ties at both ends", scoring.Trimmed(of("9 9 5 1 1"), 5), "5")
	same(t, "trimmed, one too few", scoring.Trimmed(of("9 9 5 1 -"), 5), "")
	same(t, "trimmed, least below three", scoring.Trimmed(of("9 9"), 0), "")
	same(t, "trimmed, three", scoring.Trimmed(of("9 2 5"), 0), "5")
}

func TestRank(t *testing.T) {
	var totals []*big.Rat
	for x := range strings.FieldsSeq("83.871 90 - 83.869 70 90.004 60") {
		if x == "-" {
			totals = append(totals, nil)
		} else {
			totals = append(totals, rat(t, x))
		}
	}
	want := []scoring.Place{{3, true}, {1, true}, {}, {3, true}, {5, false}, {1, true}, {6, false}}
	if got := scoring.Rank(totals); !reflect.DeepEqual(got, want) {
		t.Errorf("ranks are %v, want %v", got, want)
	}
	if got := scoring.Rank(nil); len(got) != 0 {
		t.Errorf("nothing has the ranks %v", got)
	}
}

// TestVotes holds how the answers of yes/no items and gates are counted, in a scheme
// without weights.
func TestVotes(t *testing.T) {
	c := review.Scheme{
		ID: "t.change", Title: "变更审批", Mode: review.ModeCompliance,
		Items: []review.Item{
			{ID: "Q1", Title: "材料齐全", Kind: review.ItemYesNo, NA: true},
			{ID: "G1", Title: "不新建专网", Kind: review.ItemGate, NA: true},
		},
		Outcomes: []review.Outcome{{ID: "passed", Title: "通过"}},
	}
	got := counted(t, c, marked(c, "yes no", "no no", "abstain yes", "na abstain", "yes na"))
	if want := (scoring.Votes{Yes: 2, No: 1, Abstain: 1, NA: 1}); got.Items[0].Votes != want {
		t.Errorf("Q1 counts %+v", got.Items[0].Votes)
	}
	if want := (scoring.Votes{Yes: 1, No: 2, Abstain: 1, NA: 1}); got.Items[1].Votes != want {
		t.Errorf("G1 counts %+v", got.Items[1].Votes)
	}
	if got.Items[0].Marks != nil || got.Mean != nil || got.Official != nil || got.Flags != nil {
		t.Errorf("answers made figures: %+v", got)
	}
}

// TestFlags holds where 畸高 and 畸低 begin, that two marks have none, and that no
// figure takes them into account.
func TestFlags(t *testing.T) {
	c := weighted(review.MethodMean, 0, "10/60", "100/40")
	got := counted(t, c, marked(c, "8 80", "6 80", "8 59.5", "10 100.0", "8 80"))
	want := []string{"s04 A2 low -20.5"}
	if flags := flagged(got); !reflect.DeepEqual(flags, want) {
		t.Errorf("flags are %v, want %v", flags, want)
	}
	got = counted(t, c, marked(c, "9 80", "6.5 80", "9 80", "na 30", "9 85"))
	want = []string{"s03 A1 low -25", "s05 A2 low -50", "s05  low -56"} // totals 86, 71, 86, 30, 88
	if flags := flagged(got); !reflect.DeepEqual(flags, want) {
		t.Errorf("flags are %v, want %v", flags, want)
	}
	same(t, "the mean", got.Mean, "78.65") // 33.5÷4 of 10 is 83.75 %, ×60; 355÷5=71, ×40
	if two := counted(t, c, marked(c, "10 100", "0 0")); two.Flags != nil {
		t.Errorf("two marks are flagged: %v", flagged(two))
	}
}

func flagged(t scoring.Tally) (out []string) {
	for _, f := range t.Flags {
		way := "low"
		if f.High {
			way = "high"
		}
		out = append(out, fmt.Sprintf("%s %s %s %s", f.Seat, f.Item, way, scoring.Number(f.Apart)))
	}
	return out
}

// TestCountRefuses holds what cannot be counted, and what stands nevertheless.
func TestCountRefuses(t *testing.T) {
	c := weighted(review.MethodMean, 0, "100/60", "10/40")
	good := "80 8"
	twice := append(marked(c, good, good), marked(c, good)...)
	_, err := scoring.Count(c, twice)
	reviewtest.WantCode(t, err, review.CodeBallotGiven)
	if review.ItemOf(err) != "s02" {
		t.Errorf("named is %s", review.ItemOf(err))
	}

	for _, x := range []struct {
		line string
		want review.Code
	}{
		{"80 10.5", review.CodeSheetMark}, {"80 8.25", review.CodeSheetMark}, {"-1 8", review.CodeSheetMark},
		{"yes 8", review.CodeSheetMark}, {"80", review.CodeSheetItem},
	} {
		got, err := scoring.Count(c, marked(c, good, x.line))
		reviewtest.WantCode(t, err, x.want)
		if got.Items != nil {
			t.Errorf("%s: counted all the same", x.line)
		}
	}

	short := weighted(review.MethodMean, 0, "100/60", "10/30")
	_, err = scoring.Count(short, marked(short, good))
	reviewtest.WantCode(t, err, review.CodeSchemeWeights)
	short.Items = append(short.Items, short.Items[0])
	_, err = scoring.Count(short, nil)
	reviewtest.WantCode(t, err, review.CodeSchemeForm)

	none, err := scoring.Count(c, nil)
	reviewtest.WantCode(t, err, review.CodeScoreNone)
	if len(none.Items) != 2 || none.Official != nil {
		t.Errorf("without ballots: %+v", none)
	}
	c.Items = append(c.Items, review.Item{ID: "G", Title: "否决", Kind: review.ItemGate})
	all, err := scoring.Count(c, marked(c, "na na no", "na na yes"))
	reviewtest.WantCode(t, err, review.CodeScoreNone)
	if all.Items[2].Votes != (scoring.Votes{Yes: 1, No: 1}) {
		t.Errorf("the gate counts %+v", all.Items[2].Votes)
	}
}

// panel is a case of testdata/trace.json.
type panel struct {
	Note    string
	Scheme  review.Scheme
	Experts []string // names, by ballots
	Ballots []string // one word an item
}

// TestTrace holds the whole calculation of small panels as the sentences that people
// read. testdata/trace.txt was redone by hand; when it changes, redo it.
func TestTrace(t *testing.T) {
	b, err := os.ReadFile("testdata/trace.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []panel
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	used := map[string]bool{}
	for _, x := range cases {
		tally, err := scoring.Count(x.Scheme, marked(x.Scheme, x.Ballots...))
		if err != nil && review.CodeOf(err) != review.CodeScoreFew && review.CodeOf(err) != review.CodeScoreNone {
			t.Fatal(x.Note, err)
		}
		fmt.Fprintf(&out, "== %s\n", x.Note)
		name := func(s review.SeatID) string {
			for i, n := range x.Experts {
				if review.NumberedSeat(i+2) == s {
					return n
				}
			}
			return string(s)
		}
		for _, s := range tally.Trace(name) {
			used[s.Key] = true
			fmt.Fprintln(&out, say(t, s))
		}
	}
	for key := range sentences() {
		if !used[key] {
			t.Errorf("no case comes to %s", key)
		}
	}
	const golden = "testdata/trace.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("the calculation reads\n%s", out.String())
	}
}

// sentences is the catalogue.
var sentences = sync.OnceValue(func() map[string]*template.Template {
	b, err := assets.Words.ReadFile("words/zh.json")
	if err != nil {
		panic(err)
	}
	var all map[string]string
	if err := json.Unmarshal(b, &all); err != nil {
		panic(err)
	}
	parsed := map[string]*template.Template{}
	for key, text := range all {
		if strings.HasPrefix(key, "trace.") {
			parsed[key] = template.Must(template.New(key).Option("missingkey=error").Parse(text))
		}
	}
	return parsed
})

// say makes the sentence of a step the way app/internal/words does.
func say(t *testing.T, s scoring.Step) string {
	text, ok := sentences()[s.Key]
	if !ok {
		t.Fatalf("no sentence for %s", s.Key)
	}
	var b strings.Builder
	if err := text.Execute(&b, s.Args); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
