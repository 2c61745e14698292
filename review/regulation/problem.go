package regulation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"heyi/review"
)

// Problem is one mistake of a pack and where it is.
type Problem struct {
	Code   review.Code
	File   int    // from 0, of the files that were given
	Line   int    // from 1; 0 for the file as a whole
	Column int    // in characters, from 1
	Detail string // what stands there: a key, an id, a figure
	// Why says which mistake of its code it is, where the code has several; "" for none of
	// them. It ends the key of the sentence for people: mistake.CODE.WHY.
	Why string
	// Want is what should or could stand there: the nearest known name, the right way to
	// write it, what a case says. Got is what was found instead, where Detail does not say it.
	Want, Got string
}

// hint is what add may be told beside the place.
type hint struct{ why, want, got string }

// Place gives line:column, before it the number of the file if it is not the first.
func (p Problem) Place() string {
	s := fmt.Sprintf("%d:%d", p.Line, p.Column)
	if p.File > 0 {
		s = fmt.Sprintf("[%d] %s", p.File+1, s)
	}
	return s
}

// Err gives the mistake as an expected failure, with place and detail as its item.
func (p Problem) Err() error {
	item := p.Place()
	if p.Detail != "" {
		item += " " + p.Detail
	}
	return review.E(p.Code, "regulation.Load", item, nil)
}

// maxProblems is how many mistakes are told at once.
const maxProblems = 50

// problems gathers mistakes.
type problems struct {
	list []Problem
	file int
	n    int // how many there are, told or not
}

// full tells whether enough has been found to stop looking.
func (ps *problems) full() bool { return ps.n >= maxProblems }

// add notes a mistake. Of what is empty nothing else is told.
func (ps *problems) add(code review.Code, line, column int, detail string, h ...hint) {
	if slices.ContainsFunc(ps.list, func(p Problem) bool {
		return p.Why == "empty" && p.File == ps.file && p.Line == line && p.Column == column
	}) {
		return
	}
	if ps.n++; ps.n <= maxProblems {
		p := Problem{Code: code, File: ps.file, Line: line, Column: column, Detail: short(detail, maxDetail)}
		for _, x := range h {
			p.Why, p.Want, p.Got = x.why, short(x.want, maxHint), short(x.got, maxHint)
		}
		ps.list = append(ps.list, p)
	}
}

// How much is shown back of what somebody wrote, and of what is held against it, in
// characters.
const (
	maxDetail = 80
	maxHint   = 400
	maxTold   = 24 // names that are told as those that are known
)

// short cuts a text to a number of characters.
func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// alike gives the known name that somebody is likely to have meant; "" for none.
func alike(name string, known []string) string {
	name = strings.ToLower(name)
	best, least := "", 2+min(len(name), 12)/6
	if len(name) < 4 {
		least = 2
	}
	for _, k := range known {
		if d := distance(name, strings.ToLower(k), least); d < least {
			best, least = k, d
		}
	}
	if best != "" || len(name) < 4 {
		return best
	}
	begun := slices.DeleteFunc(slices.Clone(known), func(k string) bool { return !strings.HasPrefix(strings.ToLower(k), name) })
	if len(begun) == 1 { // nothing else begins so
		return begun[0]
	}
	return ""
}

// distance counts the letters to insert, drop, change or swap to make b of a; most is
// enough to know that it is too many.
func distance(a, b string, most int) int {
	if len(a)-len(b) >= most || len(b)-len(a) >= most || len(a) > maxTitle {
		return most
	}
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		now, last, before := rows[i%3], rows[(i+2)%3], rows[(i+1)%3]
		now[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			now[j] = min(last[j]+1, now[j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}

// meant is the hint that a name is unknown: with the nearest of those that are known, or
// else with all of them, if they are few.
func (ps *problems) meant(name string, known []string) hint {
	if ps.full() { // it would not be told
		return hint{}
	}
	if near := alike(name, known); near != "" {
		return hint{why: "near", want: near}
	}
	if len(known) == 0 || len(known) > maxTold {
		return hint{}
	}
	return hint{why: "among", want: strings.Join(known, "、")}
}

// sorted gives the mistakes in the order of the files.
func (ps *problems) sorted() []Problem {
	slices.SortStableFunc(ps.list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return ps.list
}
