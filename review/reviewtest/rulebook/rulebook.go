// Package rulebook is three short regulations for tests that show them: common rules with
// stages, one regulation with its whole text, and one without a text, a number and an issuer.
package rulebook

import (
	"embed"
	"testing"

	"heyi/review/regulation"
)

//go:embed *.yaml
var packs embed.FS

// File gives the bytes of one of them, by its name: common, city or county.
func File(tb testing.TB, name string) []byte {
	tb.Helper()
	b, err := packs.ReadFile(name + ".yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// Library gives all three.
func Library(tb testing.TB) *regulation.Library {
	tb.Helper()
	l, err := regulation.Open(File(tb, "city"), File(tb, "common"), File(tb, "county"))
	if err != nil {
		tb.Fatal(err)
	}
	return l
}
