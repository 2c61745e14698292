package storage_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/storage"
)

// withCard gives the paths of a database and its card, "card".
func withCard(t *testing.T, root string) (database, card string) {
	t.Helper()
	_, database = written(t, root, 3)
	s := storage.Open(root)
	s.SetCard(testID, []byte("card"))
	must(t, s.Close())
	return database, filepath.Join(filepath.Dir(database), "card.json")
}

func cardIn(t *testing.T, root string) string {
	t.Helper()
	s := storage.Open(root)
	defer s.Close()
	return string(s.Card(testID))
}

// A card costs no look at the database but at its header: SQLite need not be able
// to open it.
func TestCardOfHeader(t *testing.T) {
	root := t.TempDir()
	database, _ := withCard(t, root)
	b, err := os.ReadFile(database)
	must(t, err)
	info, err := os.Stat(database)
	must(t, err)
	clear(b[100:])
	must(t, os.WriteFile(database, b, 0o600))
	must(t, os.Chtimes(database, info.ModTime(), info.ModTime()))
	if card := cardIn(t, root); card != "card" {
		t.Errorf("card %q", card)
	}
}

// A card of a database that was changed since is none, whoever changed it and by
// whatever number of writes; nor is one of another database.
func TestCardOfChanged(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, path string){
		"another program": func(t *testing.T, path string) { alter(t, path, `UPDATE draft SET version = version + 1`) },
		"a page more": func(t *testing.T, path string) {
			f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
			must(t, err)
			_, err = f.Write(make([]byte, pageSize))
			must(t, err)
			must(t, f.Close())
		},
		"a byte": func(t *testing.T, path string) {
			b, err := os.ReadFile(path)
			must(t, err)
			b[len(b)-1] ^= 1
			must(t, os.WriteFile(path, b, 0o600))
		},
		"another application": func(t *testing.T, path string) { alter(t, path, `PRAGMA application_id = 1`) },
		"no file":             func(t *testing.T, path string) { must(t, os.Remove(path)) },
		"a fifo": func(t *testing.T, path string) {
			must(t, os.Remove(path))
			must(t, syscall.Mkfifo(path, 0o600))
		},
		"another meeting": func(t *testing.T, path string) {
			_, other := written(t, t.TempDir(), 4)
			must(t, os.Rename(other, path))
		},
		"killed": func(t *testing.T, path string) {
			// A program that never closes its databases: what it stored is there.
			root := filepath.Dir(filepath.Dir(filepath.Dir(path)))
			s := storage.Open(root)
			r, err := s.Load(testID)
			must(t, err)
			b := journal.Batch{Checkpoint: after(r.Entries, nil), SaveDrafts: r.Drafts}
			for range 3 {
				b.SaveDrafts[0].Version++
				must(t, s.Commit(testID, int64(len(r.Entries)), b))
				s.SetCard(testID, []byte("newer"))
			}
			t.Cleanup(func() { s.Close() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			database, _ := withCard(t, root)
			change(t, database)
			within(t, func() {
				s := storage.OpenReadOnly(root)
				defer s.Close()
				if card := s.Card(testID); card != nil {
					t.Errorf("card %q", card)
				}
			})
		})
	}
}

// A hostile card is none, is not waited for, and is replaced by the next.
func TestHostileCards(t *testing.T) {
	file := func(content string) func(path string) error {
		return func(path string) error { return os.WriteFile(path, []byte(content), 0o600) }
	}
	edit := func(field string, value any) func(path string) error {
		return func(path string) error {
			b, err := os.ReadFile(path)
			must(t, err)
			var c map[string]any
			must(t, json.Unmarshal(b, &c))
			in := c
			if _, ok := c[field]; !ok {
				in = c["of"].(map[string]any)
			}
			if _, ok := in[field]; !ok {
				t.Fatalf("no field %s in %s", field, b)
			}
			in[field] = value
			b, err = json.Marshal(c)
			must(t, err)
			return os.WriteFile(path, b, 0o600)
		}
	}
	for name, make := range map[string]func(path string) error{
		"empty":        file(""),
		"text":         file("card"),
		"null":         file("null"),
		"list":         file("[]"),
		"cut off":      func(path string) error { return os.Truncate(path, 50) },
		"version":      edit("version", 2),
		"header":       edit("header", "AAAA"),
		"no header":    edit("header", nil),
		"size":         edit("size", 1),
		"time":         edit("modified", 1),
		"no state":     edit("of", nil),
		"kind of size": edit("size", "1"),
		"no card":      edit("card", nil),
		"kind of card": edit("card", 5),
		"large": func(path string) error {
			b, err := os.ReadFile(path)
			must(t, err)
			return os.WriteFile(path, append(bytes.Repeat([]byte(" "), 1<<16), b...), 0o600)
		},
		"endless":     func(path string) error { return os.Truncate(path, 1<<40) },
		"fifo":        func(path string) error { must(t, os.Remove(path)); return syscall.Mkfifo(path, 0o600) },
		"link":        func(path string) error { must(t, os.Remove(path)); return os.Symlink("/dev/zero", path) },
		"linked card": func(path string) error { must(t, os.Rename(path, path+"2")); return os.Symlink(path+"2", path) },
		"directory":   func(path string) error { must(t, os.Remove(path)); return os.Mkdir(path, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			_, path := withCard(t, root)
			must(t, make(path))
			within(t, func() {
				if card := cardIn(t, root); card != "" {
					t.Errorf("card %q", card)
				}
				s := storage.Open(root)
				s.SetCard(testID, []byte("next"))
				must(t, holds(s, 2))
				must(t, s.Close())
			})
			if card := cardIn(t, root); card != "next" && name != "directory" {
				t.Errorf("card %q", card)
			}
		})
	}
}

// A card is a line of a list: what is larger is not kept, and the one before is
// still that of the database.
func TestLargeCard(t *testing.T) {
	root := t.TempDir()
	withCard(t, root)
	s := storage.Open(root)
	s.SetCard(testID, make([]byte, 1<<20))
	must(t, s.Close())
	if card := cardIn(t, root); card != "card" {
		t.Errorf("card of %d bytes", len(card))
	}
}

// More meetings are used than databases stay open; cards set meanwhile are kept.
func TestManyMeetings(t *testing.T) {
	root := t.TempDir()
	s := storage.Open(root)
	const many = 30
	ids := manyMeetings(t, s, many)
	open := func() (n int) {
		fds, err := os.ReadDir("/proc/self/fd")
		must(t, err)
		for _, fd := range fds {
			target, _ := os.Readlink(filepath.Join("/proc/self/fd", fd.Name()))
			if strings.HasPrefix(target, root) && strings.HasSuffix(target, "/heyi.db") {
				n++
			}
		}
		return n
	}
	for i, id := range ids {
		_, err := s.Load(id)
		must(t, err)
		s.SetCard(id, fmt.Appendf(nil, "card %d", i))
	}
	if n := open(); n == 0 || n > 8 {
		t.Errorf("%d databases are open", n)
	}
	must(t, s.Close())
	if n := open(); n != 0 {
		t.Errorf("%d databases are open after Close", n)
	}
	s = storage.Open(root)
	defer s.Close()
	for i, id := range ids {
		if card := s.Card(id); string(card) != fmt.Sprintf("card %d", i) {
			t.Errorf("card of %d: %q", i, card)
		}
	}
	if n := open(); n != 0 {
		t.Errorf("%d databases are open for their cards", n)
	}
}

// manyMeetings creates meetings and gives their ids in order.
func manyMeetings(t testing.TB, s *storage.Store, many int) []review.MeetingID {
	t.Helper()
	var ids []review.MeetingID
	for i := range many {
		letter := func(digit rune) rune { return digit - '0' + 'a' }
		id := review.MeetingID("many2storage3meetings" + strings.Map(letter, fmt.Sprintf("%05d", i)))
		w, err := newScribe(id)
		must(t, err)
		must(t, store(s, w, 0))
		ids = append(ids, id)
	}
	return ids
}

// BenchmarkCards1000 lists a thousand meetings with their cards.
func BenchmarkCards1000(b *testing.B) {
	root := b.TempDir()
	s := storage.Open(root)
	for _, id := range manyMeetings(b, s, 1000) {
		s.SetCard(id, bytes.Repeat([]byte("card "), 60))
	}
	must(b, s.Close())
	for b.Loop() {
		s := storage.Open(root)
		list, err := s.List()
		must(b, err)
		for _, id := range list {
			if s.Card(id) == nil {
				b.Fatal("no card")
			}
		}
		must(b, s.Close())
	}
}

// BenchmarkLoads1000 is what the same list would cost without cards.
func BenchmarkLoads1000(b *testing.B) {
	root := b.TempDir()
	s := storage.Open(root)
	manyMeetings(b, s, 1000)
	must(b, s.Close())
	for b.Loop() {
		s := storage.Open(root)
		list, err := s.List()
		must(b, err)
		for _, id := range list {
			_, err := s.Load(id)
			must(b, err)
		}
		must(b, s.Close())
	}
}
