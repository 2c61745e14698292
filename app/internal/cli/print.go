package cli

import (
	"strings"
	"unicode"

	"heyi/review"
)

// lineWidth is how many columns a line for people takes at most, where it can be
// broken. Terminals of 80 columns show it whole.
const lineWidth = 78

// columns tells how many columns a terminal gives a text: two for what is as wide as it
// is high.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if wide(r) {
			n++
		}
	}
	return n
}

// wide tells whether a character takes two columns (UAX #11, W and F, as far as Chinese
// papers have them). Signs whose width hangs on the surroundings, as ≈ and the quotation
// marks, are taken as narrow.
func wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 ||
		r >= 0xffe0 && r <= 0xffe6 || r >= 0x20000 && r <= 0x3fffd
}

// pad fills a text up to a width with spaces behind it.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-columns(s)))
}

// padLeft fills a text up to a width with spaces before it.
func padLeft(s string, width int) string {
	return strings.Repeat(" ", max(0, width-columns(s))) + s
}

// wrap breaks a text into lines of at most lineWidth columns. The first line begins with
// first, the others with as many spaces. A word or number is not broken, and no
// line begins with a mark that belongs to what is before it. Beside a first that is too
// long the text has no room and stands below it.
func wrap(first, text string) []string {
	if columns(first) > lineWidth*2/3 {
		lead, rest := leading(first)
		return append(wrap(lead, strings.TrimSpace(rest)), wrap(lead+"    ", text)...)
	}
	indent := strings.Repeat(" ", columns(first))
	room := lineWidth - columns(first)
	var out []string
	line, width := "", 0
	begin := first
	flush := func() {
		out = append(out, strings.TrimRight(begin+line, " "))
		begin, line, width = indent, "", 0
	}
	for _, piece := range pieces(review.Legible(text)) {
		n := columns(piece)
		if width > 0 && width+n > room {
			flush()
			piece = strings.TrimLeft(piece, " ")
			n = columns(piece)
		}
		line += piece
		width += n
	}
	flush()
	return out
}

// fold breaks a line that begins with spaces as wrap does, and begins the others with as
// many.
func fold(line string) []string { return wrap(leading(line)) }

// leading splits a line behind the spaces that it begins with.
func leading(line string) (spaces, rest string) {
	rest = strings.TrimLeft(line, " ")
	return line[:len(line)-len(rest)], rest
}

// closing are the marks that no line begins with, opening those that none ends with.
const (
	closing = "，。、；：？！）〕》”’％…—·.,;:?!)"
	opening = "（〔《“‘"
)

// pieces splits a text where a line may end.
func pieces(s string) []string {
	var out []string
	begin, last := 0, ' '
	for i, r := range s {
		joined := strings.ContainsRune(closing, r) || strings.ContainsRune(opening, last) || inWord(last) && inWord(r)
		if i > 0 && !joined {
			out = append(out, s[begin:i])
			begin = i
		}
		last = r
	}
	if s != "" {
		out = append(out, s[begin:])
	}
	return out
}

// inWord tells whether a character holds together with its like.
func inWord(r rune) bool {
	return r > ' ' && r < unicode.MaxASCII || r == '≈'
}

// table lays cells out in columns; the columns named in right are set flush right. Rows
// may be of different lengths.
func table(indent string, rows [][]string, right ...int) []string {
	var widths []int
	for _, row := range rows {
		for i := range row {
			row[i] = review.Legible(row[i])
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(row[i]))
		}
	}
	isRight := map[int]bool{}
	for _, i := range right {
		isRight[i] = true
	}
	var out []string
	for _, row := range rows {
		line := indent
		for i, cell := range row {
			if i > 0 {
				line += "  "
			}
			if isRight[i] {
				line += padLeft(cell, widths[i])
			} else {
				line += pad(cell, widths[i])
			}
		}
		out = append(out, strings.TrimRight(line, " "))
	}
	return out
}
