package journal_test

import (
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
)

func TestParseCheckpoint(t *testing.T) {
	entries, _ := meeting(t, 7)
	_, tree, err := journal.Replay(entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []journal.Checkpoint{tree.Checkpoint(), {}} {
		if got, err := journal.ParseCheckpoint(c.String()); err != nil || got != c {
			t.Errorf("%v became %v, %v", c, got, err)
		}
	}
	s := tree.Checkpoint().String()
	for name, bad := range map[string]string{
		"empty":         "",
		"cut":           s[:len(s)-1],
		"longer":        s + "0",
		"upper case":    strings.ToUpper(s),
		"two spaces":    strings.Replace(s, " ", "  ", 1),
		"plus sign":     strings.Replace(s, "v1 7", "v1 +7", 1),
		"leading zero":  strings.Replace(s, "v1 7", "v1 07", 1),
		"negative":      strings.Replace(s, "v1 7", "v1 -7", 1),
		"not hex":       s[:len(s)-1] + "g",
		"other version": strings.Replace(s, "v1", "v2", 1),
	} {
		t.Run(name, func(t *testing.T) {
			if bad == s {
				t.Fatal("the case changes nothing")
			}
			_, err := journal.ParseCheckpoint(bad)
			reviewtest.WantCode(t, err, review.CodeEventForm)
		})
	}
}

// TestExtends holds that a journal extends every checkpoint that was taken of
// it, and none of another, a longer or a rewritten one.
func TestExtends(t *testing.T) {
	entries, _ := meeting(t, 9)
	others, _ := meeting(t, 9)
	var taken []journal.Checkpoint
	for n := range len(entries) + 1 {
		_, tree, err := journal.Replay(entries[:n])
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, tree.Checkpoint())
		for _, c := range taken {
			if err := tree.Extends(c); err != nil {
				t.Errorf("%d entries do not extend their first %d: %v", n, c.Size, err)
			}
		}
		_, other, err := journal.Replay(others[:n])
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			reviewtest.WantCode(t, other.Extends(tree.Checkpoint()), review.CodeJournalRollback)
		}
	}
	_, short, err := journal.Replay(entries[:4])
	if err != nil {
		t.Fatal(err)
	}
	err = short.Extends(taken[9])
	reviewtest.WantCode(t, err, review.CodeJournalRollback)
	if review.ItemOf(err) != "9" {
		t.Errorf("item %q, want 9", review.ItemOf(err))
	}
}

// TestProof holds that each entry is proved in its place, and no other entry in
// any place.
func TestProof(t *testing.T) {
	entries, _ := meeting(t, 9)
	_, tree, err := journal.Replay(entries)
	if err != nil {
		t.Fatal(err)
	}
	at := tree.Checkpoint()
	for i := range entries {
		p := tree.Prove(int64(i))
		for j, e := range entries {
			err := p.Holds(at, e)
			if i == j && err != nil {
				t.Errorf("entry %d is not proved: %v", i, err)
			} else if i != j {
				reviewtest.WantCode(t, err, review.CodeJournalEntry)
			}
		}
		moved := journal.Proof{Index: p.Index + 1, Path: p.Path}
		reviewtest.WantCode(t, moved.Holds(at, entries[i]), review.CodeJournalEntry)
		if len(p.Path) > 0 {
			p.Path[0][0] ^= 1
			reviewtest.WantCode(t, p.Holds(at, entries[i]), review.CodeJournalEntry)
		}
	}
}
