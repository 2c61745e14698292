package regulation

import (
	"cmp"
	"fmt"
	"slices"

	"heyi/review"
)

// Problem is one mistake of a pack and where it is.
type Problem struct {
	Code   review.Code
	File   int    // from 0, of the files that were given
	Line   int    // from 1; 0 for the file as a whole
	Column int    // in characters, from 1
	Detail string // what it is about: a key, an id, a figure
}

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

func (ps *problems) add(code review.Code, line, column int, detail string) {
	if ps.n++; ps.n <= maxProblems {
		if r := []rune(detail); len(r) > maxDetail {
			detail = string(r[:maxDetail]) + "…"
		}
		ps.list = append(ps.list, Problem{Code: code, File: ps.file, Line: line, Column: column, Detail: detail})
	}
}

// maxDetail is how much of what somebody wrote is shown back, in characters.
const maxDetail = 80

// sorted gives the mistakes in the order of the files.
func (ps *problems) sorted() []Problem {
	slices.SortStableFunc(ps.list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return ps.list
}
