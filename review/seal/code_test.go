package seal_test

import (
	"flag"
	"math/rand/v2"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/seal"
)

var seed = flag.Uint64("seed", 20261121, "of the random cases")

// alphabet are the characters of a code, in no order of meaning.
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// TestNewCode holds that codes have every character of the alphabet in every place about
// equally often, none else, and that none comes twice.
func TestNewCode(t *testing.T) {
	const n = 32 * 1000
	var count [seal.CodeLength][256]int
	seen := map[string]bool{}
	for range n {
		code := seal.NewCode()
		if len(code) != seal.CodeLength || seen[code] {
			t.Fatalf("code %q, seen before: %v", code, seen[code])
		}
		seen[code] = true
		for i, c := range []byte(code) {
			count[i][c]++
		}
	}
	// Each is wanted 1000 times, give or take 31; six of these are one case in 10^9.
	for i := range count {
		for c, k := range count[i] {
			if used := strings.IndexByte(alphabet, byte(c)) >= 0; used && (k < 800 || k > 1200) || !used && k > 0 {
				t.Errorf("%q stands in place %d in %d of %d codes", rune(c), i, k, n)
			}
		}
	}
}

// TestReadCode holds that a code is read however a person types it.
func TestReadCode(t *testing.T) {
	t.Logf("go test ./review/seal -run TestReadCode -seed %d", *seed)
	r := rand.New(rand.NewPCG(*seed, 1))
	between := []string{"", "", "", " ", "-", "－", "—", "——", "–", "‐", "　", "\t", " - ", "\u00a0", "\r\n"}
	for range 5000 {
		code := seal.NewCode()
		if got, err := seal.ReadCode(seal.ShowCode(code)); err != nil || got != code {
			t.Fatalf("%s is shown as %s and read as %q, %v", code, seal.ShowCode(code), got, err)
		}
		var typed strings.Builder
		typed.WriteString(between[r.IntN(len(between))])
		for _, c := range code {
			if r.IntN(2) == 0 && c >= 'A' {
				c += 'a' - 'A'
			}
			if r.IntN(2) == 0 {
				c += '！' - '!'
			}
			typed.WriteRune(c)
			typed.WriteString(between[r.IntN(len(between))])
		}
		if got, err := seal.ReadCode(typed.String()); err != nil || got != code {
			t.Fatalf("%q is read as %q, %v, want %s", typed.String(), got, err, code)
		}
	}
}

// TestReadCodeRefused holds what is no code at all, so that it costs nobody a try.
func TestReadCodeRefused(t *testing.T) {
	for _, typed := range []string{
		"", " ", "-", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFG0", "ABCD-EFGO", "ABCD-EFG1", "ABCD-EFGI", "ABCD.EFGH", "ABCD_EFGH",
		"ABCD-EFG\x00", "ABCD-EFG\xff", "龚䶮龚䶮", "ABCDEFGÄ", "ABCD-EFG\u200d", "АBCD-EFGH" /* Cyrillic */, strings.Repeat("A", 1<<20),
	} {
		_, err := seal.ReadCode(typed)
		reviewtest.WantCode(t, err, review.CodeSecretForm)
		if len(typed) > 3 && strings.Contains(err.Error(), typed) {
			t.Errorf("the error quotes what was typed: %v", err)
		}
	}
}

func TestReadQuick(t *testing.T) {
	for typed, want := range map[string]string{"0000": "0000", " 9173\n": "9173", "９１７３": "9173", "　12３4　": "1234"} {
		if got, err := seal.ReadQuick(typed); err != nil || got != want {
			t.Errorf("%q is read as %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "123", "12345", "12 34", "12a4", "+123", "一二三四", "１２３４５", "١٢٣٤"} {
		_, err := seal.ReadQuick(typed)
		reviewtest.WantCode(t, err, review.CodeSecretForm)
	}
}
