package scoring

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"heyi/review"
)

// Step is one line of the calculation: the sentence Key of the catalogue, which Args
// fill. Arguments are numbers, sums and texts of the scheme; a number that cannot be
// written as a short decimal stands as a fraction, with a rounded decimal behind ≈.
type Step struct {
	Key  string
	Args map[string]string
}

// Trace gives the calculation step by step, so that a person with pencil and paper
// comes to the same figures: what each item comes to, each expert's total, the three
// figures with their one rounding each, which of them counts, then the answers to yes/no
// items and gates, and who lies far apart. name gives what an expert is called.
func (t Tally) Trace(name func(review.SeatID) string) []Step {
	w := tracer{t: t, name: name}
	if slices.ContainsFunc(t.Items, func(it Item) bool { return it.Figures.N > 0 }) {
		w.add("rule")
	}
	for _, it := range t.Items {
		if it.Kind == review.ItemScore {
			w.item(it)
		}
	}
	if t.Mean != nil {
		w.mean()
		w.totals()
	}
	if t.Scheme.Mode == review.ModeWeighted {
		w.official()
	}
	for _, it := range t.Items {
		if it.Kind != review.ItemScore && len(t.Experts) > 0 {
			w.add("votes", "title", it.Title, "yes", strconv.Itoa(it.Votes.Yes), "no", strconv.Itoa(it.Votes.No),
				"abstain", strconv.Itoa(it.Votes.Abstain), "na", strconv.Itoa(it.Votes.NA))
		}
	}
	w.flags()
	return w.steps
}

// tracer writes the steps of one tally.
type tracer struct {
	t     Tally
	name  func(review.SeatID) string
	steps []Step
}

// add writes the step trace.key; args are names and values by turns.
func (w *tracer) add(key string, args ...string) {
	m := make(map[string]string, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	w.steps = append(w.steps, Step{Key: "trace." + key, Args: m})
}

// item writes the mean of the marks, in percent, times the weight.
func (w *tracer) item(it Item) {
	f := it.Figures
	switch {
	case f.N == 0 && it.Weight == "":
		w.add("item.none", "title", it.Title)
		return
	case f.N == 0:
		w.add("item.left", "title", it.Title, "weight", it.Weight)
		return
	}
	na := ""
	if it.Votes.NA > 0 {
		na = strconv.Itoa(it.Votes.NA)
	}
	args := []string{"title", it.Title, "full", it.Full, "sum", sum(it.Marks), "n", strconv.Itoa(f.N), "mean", is(f.Mean), "na", na}
	if it.Weight == "" {
		w.add("item.plain", args...)
		return
	}
	args = append(args, "weight", it.Weight, "of", operand(f.Mean),
		"percent", is(it.Percent), "times", operand(it.Percent), "product", is(it.product()))
	if f.Mean.Cmp(it.Percent) == 0 { // 满分 is 100
		w.add("item.hundred", args...)
		return
	}
	w.add("item.percent", args...)
}

// product is the item's mean in percent times its weight.
func (it Item) product() *big.Rat {
	return new(big.Rat).Mul(it.Percent, number(it.Weight))
}

// mean writes CM-03.
func (w *tracer) mean() {
	var products, weights []*big.Rat
	for _, it := range w.t.Items {
		if it.Percent != nil {
			products, weights = append(products, it.product()), append(weights, number(it.Weight))
		}
	}
	total, weight := added(products), added(weights)
	w.add("mean", "products", makes(products), "weights", makes(weights), "weight", exact(weight),
		"of", operand(total), "mean", is(w.t.Mean), "rounded", Round2(w.t.Mean))
}

// totals writes the experts' totals, and what is made of them.
func (w *tracer) totals() {
	for e := range w.t.Experts {
		w.expert(e)
	}
	high := slices.DeleteFunc(slices.Clone(w.t.Experts), func(x Expert) bool { return x.Total == nil })
	slices.SortStableFunc(high, func(a, b Expert) int { return b.Total.Cmp(a.Total) })
	n := len(high)
	of := make([]*big.Rat, n) // highest first
	for i, x := range high {
		of[i] = x.Total
	}
	list := make([]string, n)
	for i, x := range of {
		list[i] = Number(x)
	}
	w.add("totals", "totals", strings.Join(list, "、"))

	if w.t.Trimmed == nil {
		w.add("trimmed.few", "n", strconv.Itoa(n), "least", strconv.Itoa(w.t.Least))
	} else {
		highest, manyHigh := w.at(of[0])
		lowest, manyLow := w.at(of[n-1])
		w.add("trimmed", "highest", Number(of[0]), "highestby", highest, "highesttie", manyHigh,
			"lowest", Number(of[n-1]), "lowestby", lowest, "lowesttie", manyLow,
			"sum", sum(of[1:n-1]), "n", strconv.Itoa(n-2), "mean", is(w.t.Trimmed), "rounded", Round2(w.t.Trimmed))
	}
	args := []string{"first", strconv.Itoa((n + 1) / 2), "second", strconv.Itoa(n/2 + 1), "sum", sum(of[(n-1)/2 : n/2+1]),
		"median", is(w.t.Median), "value", both(w.t.Median), "rounded", Round2(w.t.Median)}
	if n%2 == 0 {
		w.add("median.even", args...)
	} else {
		w.add("median.odd", args...)
	}
}

// expert writes the total of the expert at index e.
func (w *tracer) expert(e int) {
	x := w.t.Experts[e]
	if x.Total == nil {
		w.add("expert.none", "expert", w.name(x.Seat))
		return
	}
	var terms []string
	var parts, weights []*big.Rat
	for _, it := range w.t.Items {
		if it.Kind != review.ItemScore || it.Marks[e] == nil {
			continue
		}
		terms = append(terms, exact(it.Marks[e])+"×"+it.Weight+"÷"+it.Full)
		weight := number(it.Weight)
		part := new(big.Rat).Mul(it.Marks[e], weight)
		parts, weights = append(parts, part.Quo(part, number(it.Full))), append(weights, weight)
	}
	own, weight := added(parts), added(weights)
	args := []string{"expert", w.name(x.Seat), "terms", strings.Join(terms, "＋"), "parts", makes(parts)}
	if own.Cmp(x.Total) == 0 { // his weights make 100
		w.add("expert", args...)
		return
	}
	w.add("expert.part", append(args, "of", operand(own), "weights", makes(weights), "weight", exact(weight), "total", is(x.Total))...)
}

// at names the experts whose total is x, and says how many they are if several.
func (w *tracer) at(x *big.Rat) (names, many string) {
	var at []string
	for _, e := range w.t.Experts {
		if e.Total != nil && e.Total.Cmp(x) == 0 {
			at = append(at, w.name(e.Seat))
		}
	}
	if len(at) > 1 {
		many = strconv.Itoa(len(at))
	}
	return strings.Join(at, "、"), many
}

// official writes which figure counts.
func (w *tracer) official() {
	method := w.t.Scheme.Method
	if method == "" {
		method = review.MethodMean
	}
	if w.t.Official == nil {
		w.add("official.none")
		return
	}
	w.add("official."+string(method), "rounded", Round2(w.t.Official))
}

// flags writes who lies far apart.
func (w *tracer) flags() {
	for _, f := range w.t.Flags {
		e, _ := slices.BinarySearchFunc(w.t.Experts, f.Seat, func(x Expert, s review.SeatID) int { return review.CompareSeats(x.Seat, s) })
		key, args := "total", []string{}
		of, value := w.t.Totals, w.t.Experts[e].Total
		if f.Item != "" {
			i := slices.IndexFunc(w.t.Items, func(it Item) bool { return it.ID == f.Item })
			key, of, value = "item", w.t.Items[i].Figures, w.t.Items[i].Marks[e]
			args = append(args, "title", w.t.Items[i].Title)
		}
		if f.High {
			key += ".high"
		} else {
			key += ".low"
		}
		w.add("flag."+key, append(args, "expert", w.name(f.Seat), "value", Number(value), "median", Number(of.Median),
			"apart", Number(new(big.Rat).Abs(f.Apart)), "bound", strconv.Itoa(Bound))...)
	}
}

// exact writes a number exactly: as a decimal if six decimals hold it, else as a fraction.
func exact(x *big.Rat) string {
	if s := Number(x); !strings.HasPrefix(s, about) {
		return s
	}
	return x.String()
}

// operand is exact for a place where a fraction needs brackets.
func operand(x *big.Rat) string {
	s := exact(x)
	if strings.Contains(s, "/") {
		return "（" + s + "）"
	}
	return s
}

// both is exact, and for a fraction the rounded decimal behind it: 260/3≈86.6667.
func both(x *big.Rat) string {
	if s := Number(x); strings.HasPrefix(s, about) {
		return x.String() + s
	}
	return exact(x)
}

// is writes a result: ＝83.875.
func is(x *big.Rat) string { return "＝" + both(x) }

// sum writes the numbers that are not nil as a sum.
func sum(of []*big.Rat) string {
	var terms []string
	for _, x := range of {
		if x != nil {
			terms = append(terms, exact(x))
		}
	}
	return strings.Join(terms, "＋")
}

// makes writes a sum with its result, or the only number.
func makes(of []*big.Rat) string {
	if len(of) == 1 {
		return both(of[0])
	}
	return sum(of) + is(added(of))
}

// added gives the sum of numbers.
func added(of []*big.Rat) *big.Rat {
	t := new(big.Rat)
	for _, x := range of {
		t.Add(t, x)
	}
	return t
}
