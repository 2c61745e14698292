package seal

import (
	"crypto/rand"
	"strings"
	"unicode"

	"heyi/review"
)

// CodeLength is the length of a seat's code, in characters.
const CodeLength = 8

// codeAlphabet has 32 characters, five bits each; none of 0 O 1 I, which a hand
// confuses.
const codeAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// NewCode makes a seat's code: CodeLength characters, 40 bits.
func NewCode() string {
	var raw [CodeLength]byte
	rand.Read(raw[:]) // never fails: crypto/rand ends the program instead
	for i, b := range raw {
		raw[i] = codeAlphabet[b%32]
	}
	return string(raw[:])
}

// ShowCode writes a code as it is shown and copied: two groups of four.
func ShowCode(code string) string { return code[:CodeLength/2] + "-" + code[CodeLength/2:] }

// ReadCode reads a code as a person types it: in either case, with white space and
// dashes of any kind, in full-width characters as an input method may leave them.
// Codes: CodeSecretForm (no code at all).
func ReadCode(typed string) (string, error) {
	code := strings.Map(func(r rune) rune {
		r = narrow(r)
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Pd, r):
			return -1
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, typed)
	if len(code) != CodeLength || strings.ContainsFunc(code, func(r rune) bool { return !strings.ContainsRune(codeAlphabet, r) }) {
		return "", review.E(review.CodeSecretForm, "seal.ReadCode", "", nil)
	}
	return code, nil
}

// QuickLength is the number of digits that bring a person back in the same run.
const QuickLength = 4

// ReadQuick reads the four digits.
// Codes: CodeSecretForm.
func ReadQuick(typed string) (string, error) {
	digits := strings.Map(narrow, strings.TrimSpace(typed))
	if len(digits) != QuickLength || strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return "", review.E(review.CodeSecretForm, "seal.ReadQuick", "", nil)
	}
	return digits, nil
}

// narrow gives the ASCII character of a full-width one.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	if r == '　' {
		return ' '
	}
	return r
}
