package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// listing gives kTGH lines for the numbers 1 to n, among lines of other kinds.
func listing(n int) string {
	var b strings.Builder
	b.WriteString("# comment\nU+4E00\tkBigFive\tA440\n")
	for i := n; i >= 1; i-- {
		fmt.Fprintf(&b, "U+%X\tkTGH\t2013:%d\n", 0x4E00+i, i)
	}
	return b.String()
}

func TestReadTable(t *testing.T) {
	got, err := readTable(strings.NewReader(listing(8105)))
	if err != nil {
		t.Fatal(err)
	}
	if r := []rune(got); len(r) != 8105 || r[0] != 0x4E01 || r[8104] != 0x4E00+8105 {
		t.Errorf("%d characters from %U to %U", len(r), r[0], r[len(r)-1])
	}
	for name, text := range map[string]string{
		"number missing":   listing(8104),
		"number too large": listing(8106),
		"number taken":     listing(8105) + "U+3400\tkTGH\t2013:7\n",
		"no number":        listing(8105) + "U+3400\tkTGH\tseven\n",
		"no code point":    listing(8105) + "U+X\tkTGH\t2013:7\n",
		"empty":            "",
	} {
		if got, err := readTable(strings.NewReader(text)); err == nil {
			t.Errorf("%s: %d characters", name, len([]rune(got)))
		}
	}
}

// TestNoRecord: without a sound record nothing is made and nothing written.
func TestNoRecord(t *testing.T) {
	for name, text := range map[string]string{"missing": "", "short row": "kai.ttf\tfont\n"} {
		dir := t.TempDir()
		want := 0
		if text != "" {
			want = 1
			if err := os.WriteFile(filepath.Join(dir, "SOURCES.tsv"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := run(dir, false); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != want {
			t.Errorf("%s: %d files, want %d: %v", name, len(entries), want, err)
		}
	}
}
