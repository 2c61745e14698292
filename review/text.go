package review

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of texts, in characters (Unicode code points).
const (
	MaxTitle     = 100
	MaxName      = 40
	MaxParagraph = 200  // one paragraph in an input field; the measured bound of the field
	MaxReason    = 500  // a reason, evidence or dissent: one paragraph
	MaxText      = 3000 // one field, all paragraphs together
)

// MinPassphrase is the least length of an officer's passphrase, in characters.
const MinPassphrase = 10

// CheckLine tells whether s may stand as one line or paragraph of at most max
// characters: valid UTF-8, not blank, nothing that steers a terminal, a printer
// or the direction of writing.
// Codes: CodeTextEmpty, CodeTextLong, CodeTextControl; field is the item (for
// CodeTextLong the item is max).
func CheckLine(field, s string, max int) error {
	const op = "review.CheckLine"
	switch {
	case !utf8.ValidString(s):
		return E(CodeTextControl, op, field, nil)
	case strings.TrimSpace(s) == "":
		return E(CodeTextEmpty, op, field, nil)
	case strings.ContainsFunc(s, steers):
		return E(CodeTextControl, op, field, nil)
	}
	return CheckLength(s, max)
}

// steers finds what changes the text around it instead of standing in it:
// controls, direction marks, line separators, what never shows, and private-use code
// points.
func steers(r rune) bool {
	return unicode.IsControl(r) ||
		unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// Legible writes text from anywhere so that it cannot pass for something else on a
// screen: what steers or is no character stands as the replacement character.
func Legible(s string) string {
	return strings.Map(func(r rune) rune {
		if steers(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

// Paragraphs splits what a person typed into paragraphs: one a line, blank
// lines and white space around the lines dropped.
func Paragraphs(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimFunc(line, unicode.IsSpace); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// CheckLength tells whether s has at most max characters.
// Codes: CodeTextLong with max as item.
func CheckLength(s string, max int) error {
	if utf8.RuneCountInString(s) > max {
		return E(CodeTextLong, "review.CheckLength", strconv.Itoa(max), nil)
	}
	return nil
}

// NameRunes writes characters so that a person can find them even where no font
// shows them: 𡋤（U+212E4）、…. One that cannot stand in a text, such as a control
// or a private-use character, shows as its number alone.
func NameRunes(rs []rune) string {
	names := make([]string, len(rs))
	for i, r := range rs {
		if steers(r) || unicode.IsSpace(r) {
			names[i] = fmt.Sprintf("%U", r)
		} else {
			names[i] = fmt.Sprintf("%c（%U）", r, r)
		}
	}
	return strings.Join(names, "、")
}
