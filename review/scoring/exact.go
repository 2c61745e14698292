package scoring

import (
	"math/big"
	"slices"
)

// number reads a decimal that a scheme's or a sheet's check has passed, or that this
// package wrote.
func number(s string) *big.Rat {
	x, ok := new(big.Rat).SetString(s)
	if !ok {
		panic("scoring: not a number: " + s)
	}
	return x
}

// percent gives 100·part÷whole.
func percent(part, whole *big.Rat) *big.Rat {
	x := new(big.Rat).Quo(part, whole)
	return x.Mul(x, big.NewRat(100, 1))
}

// Weighted is CM-03: 100 % of Σ weight·mean ÷ Σ weight over the criteria that anybody
// has scored, exact. scores[i] are the experts' scores of the criterion with weights[i];
// nil is 不适用 and left out of its mean, and a criterion without any score gives its
// weight to the others. ok is false where there is nothing to divide by: no criterion
// is scored, or the weights of those that are sum to nothing; and where weights and
// scores are not equally many. The arguments stay as they are.
func Weighted(weights []*big.Rat, scores [][]*big.Rat) (total *big.Rat, ok bool) {
	if len(weights) != len(scores) {
		return nil, false
	}
	sum, over := new(big.Rat), new(big.Rat)
	for i, w := range weights {
		if mean := Mean(scores[i]); mean != nil {
			sum.Add(sum, mean.Mul(mean, w))
			over.Add(over, w)
		}
	}
	if over.Sign() == 0 {
		return nil, false
	}
	return sum.Quo(sum, over), true
}

// Mean is the arithmetic mean of the numbers that are not nil; nil if none is.
func Mean(of []*big.Rat) *big.Rat {
	sum, n := new(big.Rat), int64(0)
	for _, x := range of {
		if x != nil {
			sum.Add(sum, x)
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return sum.Quo(sum, big.NewRat(n, 1))
}

// Median is the number in the middle of those that are not nil, of an even number the
// mean of the two in the middle; nil if there is none.
func Median(of []*big.Rat) *big.Rat {
	return middle(sorted(of))
}

// Trimmed is the mean of the numbers that are not nil without one highest and one
// lowest, exactly one each however many are equal; nil for fewer than least numbers,
// and for fewer than three.
func Trimmed(of []*big.Rat, least int) *big.Rat {
	s := sorted(of)
	if len(s) < max(least, 3) {
		return nil
	}
	return Mean(s[1 : len(s)-1])
}

// sorted gives the numbers that are not nil, lowest first.
func sorted(of []*big.Rat) []*big.Rat {
	s := slices.DeleteFunc(slices.Clone(of), func(x *big.Rat) bool { return x == nil })
	slices.SortFunc(s, (*big.Rat).Cmp)
	return s
}

// middle is Median of sorted numbers.
func middle(s []*big.Rat) *big.Rat {
	if len(s) == 0 {
		return nil
	}
	return Mean(s[(len(s)-1)/2 : len(s)/2+1])
}

// Round2 writes a number with two decimals, rounded 四舍五入 (half away from zero):
// 83.875 is "83.88".
func Round2(x *big.Rat) string { return x.FloatString(2) }

// Number writes a number for a table: whole if six decimals hold it ("83.875"),
// else with four and a sign that it is rounded ("≈86.6667").
func Number(x *big.Rat) string {
	if n, exact := x.FloatPrec(); exact && n <= maxDecimals {
		return x.FloatString(n)
	}
	return about + x.FloatString(4)
}

const (
	maxDecimals = 6   // how many decimals an exact number may show
	about       = "≈" // before a number that is rounded
)

// root2 writes the square root of x ≥ 0 with two decimals, rounded half up: with
// y = 200·√x this is ⌊(y+1)÷2⌋ hundredths, for which ⌊y⌋ = ⌊√⌊40000·x⌋⌋ will do.
func root2(x *big.Rat) string {
	y := new(big.Int).Mul(x.Num(), big.NewInt(40000))
	y.Sqrt(y.Quo(y, x.Denom()))
	y.Add(y, big.NewInt(1)).Rsh(y, 1)
	return new(big.Rat).SetFrac(y, big.NewInt(100)).FloatString(2)
}

// Place is where a total stands among others.
type Place struct {
	Rank int  // 名次, from 1; 0 for a total that there is not
	Tied bool // 并列: another total stands at the same place
}

// Rank gives the place of each total, the highest first, in the order given. Totals
// that are equal once rounded to two decimals, as they are printed, share a place, and
// the places after it are left free (1, 2, 2, 4). A nil total has none.
func Rank(totals []*big.Rat) []Place {
	type entry struct {
		i int
		x *big.Rat // as rounded
	}
	var order []entry
	for i, t := range totals {
		if t != nil {
			order = append(order, entry{i, number(Round2(t))})
		}
	}
	slices.SortStableFunc(order, func(a, b entry) int { return b.x.Cmp(a.x) })
	places := make([]Place, len(totals))
	for n := 0; n < len(order); {
		end := n + 1
		for end < len(order) && order[end].x.Cmp(order[n].x) == 0 {
			end++
		}
		for _, e := range order[n:end] {
			places[e.i] = Place{Rank: n + 1, Tied: end > n+1}
		}
		n = end
	}
	return places
}
