// Package review is the domain of closed expert review meetings: its types,
// events, state and codes. It imports the standard library only and touches no
// file, clock or random source; everything else in the program speaks in its
// terms.
package review
