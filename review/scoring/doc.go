// Package scoring counts what the experts have marked: exact figures, who lies far
// apart, and the calculation as lines that a person can redo with pencil and paper.
// It decides nothing and corrects nothing; what follows from the figures is
// review/regulation's matter. Everything is an exact rational until the one rounding
// at the end (CM-03). The same ballots give the same results in whatever order they come.
package scoring
