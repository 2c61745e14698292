package regulation_test

import (
	"io/fs"
	"testing"

	"heyi/assets"
	"heyi/review/regulation"
)

// packFile is the bytes of a built-in pack.
func packFile(tb testing.TB, id string) []byte {
	tb.Helper()
	b, err := assets.Packs.ReadFile("packs/" + id + ".yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// library is the built-in packs.
func library(tb testing.TB) *regulation.Library {
	tb.Helper()
	names, err := fs.Glob(assets.Packs, "packs/*.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	var packs []*regulation.Pack
	for _, name := range names {
		b, err := assets.Packs.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		p, err := regulation.Load(b)
		if err != nil {
			tb.Fatalf("%s: %v", name, err)
		}
		packs = append(packs, p)
	}
	l, err := regulation.NewLibrary(packs...)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}
