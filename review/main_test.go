package review_test

import "flag"

var (
	seed   = flag.Uint64("seed", 1, "of everything random in these tests")
	games  = flag.Int("games", 25, "how many random meetings TestRandom holds")
	update = flag.Bool("update", false, "write the golden files anew")
)
