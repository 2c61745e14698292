package scoring

import (
	"math/big"
	"slices"
	"strconv"

	"heyi/review"
)

// Ballot is one expert's opened ballot.
type Ballot struct {
	Seat  review.SeatID
	Sheet review.Sheet
}

// Tally is what the ballots of one project in one round come to. Its numbers are
// exact and shared between fields: nobody changes them.
type Tally struct {
	Scheme  review.Scheme
	Ballots int      // that were counted
	Experts []Expert // by seat, as review.CompareSeats orders them
	Items   []Item   // in the scheme's order

	// Totals describes the experts' totals. Its mean is not the official one of CM-03,
	// which takes the means of items, and differs from it where an answer is 不适用.
	Totals Figures

	// The three ways to one figure, in percent; all nil in a scheme that is not
	// ModeWeighted or where nobody has scored anything.
	Mean    *big.Rat // CM-03
	Trimmed *big.Rat // also nil for fewer totals than Least
	Median  *big.Rat
	Least   int // least number of totals for Trimmed

	Official *big.Rat // the one of the three that the scheme's Method names

	Flags []Flag // 畸高 and 畸低: first by items, then of totals, each by seat
}

// Expert is what one expert's ballot comes to.
type Expert struct {
	Seat  review.SeatID
	Total *big.Rat // CM-03 of his ballot alone, in percent; nil if he has scored nothing or there are no weights
	Apart *big.Rat // Total less the median of all totals; nil without Total
}

// Item is what the answers to one item come to.
type Item struct {
	review.Item
	Marks   []*big.Rat // of ItemScore: out of Full, by Experts; nil for 不适用
	Figures Figures    // of Marks
	Percent *big.Rat   // of ItemScore: 100·mean÷Full; nil if nobody has scored it
	Range   *big.Rat   // of ItemScore: 100·(highest−lowest)÷Full; nil if nobody has scored it
	Votes   Votes      // how the answers divide
}

// Votes counts answers. CM-05 takes Yes, No and Abstain.
type Votes struct {
	Yes     int // 符合
	No      int // 不符合
	Abstain int // 弃权
	NA      int // 不适用, of every kind of item
}

// Figures describe numbers. Without any all but N are nil, and Deviation is "".
type Figures struct {
	N         int
	Mean      *big.Rat
	Median    *big.Rat
	Highest   *big.Rat
	Lowest    *big.Rat
	Range     *big.Rat // 极差
	Deviation string   // 标准差 of all (÷N), rounded to two decimals
}

// Flag marks what lies further from the median of its kind than Bound. It is for
// people to look at; no figure takes it into account.
type Flag struct {
	Seat  review.SeatID
	Item  string   // the item's id; "" for the expert's total
	High  bool     // 畸高, else 畸低
	Apart *big.Rat // from the median, in percent of 满分; below 0 for 畸低
}

// What counts as 畸高 or 畸低 (系统默认): further from the median than Bound percent of
// 满分, where LeastFlagged experts or more have given a mark. It is measured from the
// median and not from the mean, since the mean is drawn along by what is to be found.
const (
	Bound        = 20
	LeastFlagged = 3
)

// Count counts the opened ballots of one round under the project's scheme. Its cost
// is linear in ballots × items, but for sorting.
//
// Codes: those of review.Scheme.Check and review.Sheet.Check; CodeBallotGiven (Item:
// the seat that has two). With these the tally is empty. CodeScoreNone (no ballot, or
// nobody has scored an item of a ModeWeighted scheme) and CodeScoreFew (MethodTrimmed
// with fewer totals than Least; Item: Least) come with a tally that is complete but
// for Official.
func Count(c review.Scheme, ballots []Ballot) (Tally, error) {
	const op = "scoring.Count"
	if err := c.Check(); err != nil {
		return Tally{}, err
	}
	ballots = slices.Clone(ballots)
	slices.SortStableFunc(ballots, func(a, b Ballot) int { return review.CompareSeats(a.Seat, b.Seat) })
	for i, b := range ballots {
		if i > 0 && b.Seat == ballots[i-1].Seat {
			return Tally{}, review.E(review.CodeBallotGiven, op, string(b.Seat), nil)
		}
		if err := b.Sheet.Check(c, nil); err != nil {
			return Tally{}, err
		}
	}
	t := Tally{Scheme: c, Ballots: len(ballots), Experts: make([]Expert, len(ballots)), Items: make([]Item, len(c.Items)), Least: c.Least}
	for e, b := range ballots {
		t.Experts[e].Seat = b.Seat
	}
	if t.Least == 0 {
		t.Least = review.LeastTrimmed
	}
	for i, it := range c.Items {
		t.Items[i] = answers(it, i, ballots)
		if it.Kind == review.ItemScore {
			t.flag(it.ID, number(it.Full), t.Items[i].Marks, t.Items[i].Figures)
		}
	}
	if c.Mode == review.ModeWeighted {
		t.weigh()
	}
	switch {
	case len(ballots) == 0 || c.Mode == review.ModeWeighted && t.Mean == nil:
		return t, review.E(review.CodeScoreNone, op, "", nil)
	case c.Method == review.MethodTrimmed && t.Trimmed == nil:
		return t, review.E(review.CodeScoreFew, op, strconv.Itoa(t.Least), nil)
	}
	return t, nil
}

// Unnamed gives what the ballots come to without anything that belongs to one of them: no
// experts, no marks, no flags. It is for those who may not see who gave what; it has
// no trace.
func (t Tally) Unnamed() Tally {
	t.Experts, t.Flags = nil, nil
	t.Items = slices.Clone(t.Items)
	for i := range t.Items {
		t.Items[i].Marks = nil
	}
	return t
}

// answers gathers the answers to the item at index i.
func answers(it review.Item, i int, ballots []Ballot) Item {
	x := Item{Item: it}
	for _, b := range ballots {
		var mark *big.Rat
		switch value := b.Sheet.Marks[i].Value; value {
		case review.AnswerYes:
			x.Votes.Yes++
		case review.AnswerNo:
			x.Votes.No++
		case review.AnswerAbstain:
			x.Votes.Abstain++
		case review.AnswerNA:
			x.Votes.NA++
		default:
			mark = number(value)
		}
		if it.Kind == review.ItemScore {
			x.Marks = append(x.Marks, mark)
		}
	}
	x.Figures = Describe(x.Marks)
	if x.Figures.N > 0 {
		full := number(it.Full)
		x.Percent, x.Range = percent(x.Figures.Mean, full), percent(x.Figures.Range, full)
	}
	return x
}

// weigh fills in what rests on weights: the experts' totals and the three figures.
func (t *Tally) weigh() {
	var weights []*big.Rat
	var scores [][]*big.Rat // by items, then by experts, in percent
	for _, it := range t.Items {
		if it.Kind != review.ItemScore {
			continue
		}
		full, of := number(it.Full), make([]*big.Rat, len(it.Marks))
		for e, mark := range it.Marks {
			if mark != nil {
				of[e] = percent(mark, full)
			}
		}
		weights, scores = append(weights, number(it.Weight)), append(scores, of)
	}
	totals := make([]*big.Rat, len(t.Experts))
	own := make([][]*big.Rat, len(scores))
	for e := range t.Experts {
		for i := range scores {
			own[i] = scores[i][e : e+1]
		}
		totals[e], _ = Weighted(weights, own)
	}
	t.Totals = Describe(totals)
	t.Mean, _ = Weighted(weights, scores)
	t.Trimmed, t.Median = Trimmed(totals, t.Least), t.Totals.Median
	switch t.Scheme.Method {
	case review.MethodTrimmed:
		t.Official = t.Trimmed
	case review.MethodMedian:
		t.Official = t.Median
	default:
		t.Official = t.Mean
	}
	for e, total := range totals {
		if total != nil {
			t.Experts[e].Total, t.Experts[e].Apart = total, new(big.Rat).Sub(total, t.Median)
		}
	}
	t.flag("", big.NewRat(100, 1), totals, t.Totals)
}

// flag notes what lies further from the median than Bound. of are numbers by experts,
// out of full; f describes them.
func (t *Tally) flag(item string, full *big.Rat, of []*big.Rat, f Figures) {
	if f.N < LeastFlagged {
		return
	}
	bound := big.NewRat(Bound, 1)
	for e, x := range of {
		if x == nil {
			continue
		}
		apart := percent(new(big.Rat).Sub(x, f.Median), full)
		if new(big.Rat).Abs(apart).Cmp(bound) > 0 {
			t.Flags = append(t.Flags, Flag{Seat: t.Experts[e].Seat, Item: item, High: apart.Sign() > 0, Apart: apart})
		}
	}
}

// Describe gives the figures of the numbers that are not nil.
func Describe(of []*big.Rat) Figures {
	s := sorted(of)
	if len(s) == 0 {
		return Figures{}
	}
	f := Figures{N: len(s), Mean: Mean(s), Median: middle(s), Highest: s[len(s)-1], Lowest: s[0]}
	f.Range = new(big.Rat).Sub(f.Highest, f.Lowest)
	squares := new(big.Rat)
	for _, x := range s {
		d := new(big.Rat).Sub(x, f.Mean)
		squares.Add(squares, d.Mul(d, d))
	}
	f.Deviation = root2(squares.Quo(squares, big.NewRat(int64(f.N), 1)))
	return f
}
