package storage_test

import (
	"database/sql"
	"encoding/binary"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
	"heyi/storage"
)

const pageSize = 4096

// rootOf gives the first page of a table.
func rootOf(t *testing.T, path, table string) int {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	var root int
	must(t, db.QueryRow(`SELECT rootpage FROM sqlite_schema WHERE name = ?`, table).Scan(&root))
	must(t, db.Close())
	return root
}

// page makes a b-tree page of one cell, to which count pointers point.
func page(kind byte, count int, right uint32, body []byte) []byte {
	b := make([]byte, pageSize)
	at := pageSize - len(body)
	copy(b[at:], body)
	b[0] = kind
	binary.BigEndian.PutUint16(b[3:], uint16(count))
	binary.BigEndian.PutUint16(b[5:], uint16(at))
	pointers := b[8:]
	if kind == 5 {
		binary.BigEndian.PutUint32(b[8:], right)
		pointers = b[12:]
	}
	for i := range count {
		binary.BigEndian.PutUint16(pointers[2*i:], uint16(at))
	}
	return b
}

// entry is a row of the journal: its length, its idx 0, its values.
func entry(event int) []byte {
	n := uint32(2*event + 12)
	record := []byte{5, 0, byte(0x80 | n>>7), byte(n & 0x7f), 14}
	record = append(append(record, make([]byte, event)...), 's')
	return append([]byte{byte(0x80 | len(record)>>7), byte(len(record) & 0x7f), 0}, record...)
}

// interior is a page that points to a child again and again.
func interior(child int) []byte {
	return page(5, 400, uint32(child), append(binary.BigEndian.AppendUint32(nil, uint32(child)), 0))
}

// bomb gives a database whose table at root has 400^depth rows and more, on a few
// pages.
func bomb(b []byte, root, depth int) []byte {
	add := func(page []byte) int {
		b = append(b, page...)
		return len(b) / pageSize
	}
	child := add(page(13, 1, 0, entry(100)))
	for range depth - 1 {
		child = add(interior(child))
	}
	copy(b[(root-1)*pageSize:], interior(child))
	return counted(b)
}

// chained gives a database whose table at root has a row count times, with so
// many bytes of it in the page and the others in a new one, after which comes next.
func chained(b []byte, root, event, local, count, next int) []byte {
	row := binary.BigEndian.AppendUint32(entry(event)[:3+local], uint32(len(b)/pageSize+1))
	copy(b[(root-1)*pageSize:], page(13, count, 0, row))
	more := binary.BigEndian.AppendUint32(nil, uint32(next))
	return counted(append(append(b, more...), make([]byte, pageSize-4)...))
}

func counted(b []byte) []byte {
	binary.BigEndian.PutUint32(b[28:], uint32(len(b)/pageSize))
	return b
}

// within fails if f does not end soon: a hostile file must not hold the program.
func within(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("it does not end")
	}
}

// Files that are small and would give rows without end are refused before SQLite
// reads them, whatever is asked.
func TestBombs(t *testing.T) {
	for name, harm := range map[string]func(b []byte, root int) []byte{
		"one child": func(b []byte, root int) []byte { return bomb(b, root, 6) },
		"the schema": func(b []byte, _ int) []byte {
			b = bomb(b, 2, 6)
			deep := interior(len(b) / pageSize)
			copy(b[100:], deep[:12]) // 400 pointers, all to the last page
			for i := range 400 {
				binary.BigEndian.PutUint16(b[112+2*i:], pageSize-5)
			}
			copy(b[pageSize-5:pageSize], deep[pageSize-5:])
			return b
		},
		"itself": func(b []byte, root int) []byte {
			copy(b[(root-1)*pageSize:], interior(root))
			return b
		},
		"one cell": func(b []byte, root int) []byte {
			copy(b[(root-1)*pageSize:], page(13, 600, 0, entry(1900)))
			return b
		},
		"one chain": func(b []byte, root int) []byte { return chained(b, root, 6000, 1914, 2, 0) },
		"a chain that never ends": func(b []byte, root int) []byte {
			return chained(b, root, 16000, 3730, 1, len(b)/pageSize+1)
		},
		"pages that are not there": func(b []byte, root int) []byte {
			copy(b[(root-1)*pageSize:], interior(1<<30))
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			_, path := written(t, root, 3)
			b, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(path, harm(b, rootOf(t, path, "journal")), 0o600))
			for _, open := range []func(string, ...string) *storage.Store{storage.OpenReadOnly, storage.Open} {
				within(t, func() {
					s := open(root)
					_, err := s.Load(testID)
					reviewtest.WantCode(t, err, review.CodeStoreDamaged)
					reviewtest.WantCode(t, s.Audit(testID), review.CodeStoreDamaged)
					_, err = s.Blobs(testID)
					reviewtest.WantCode(t, err, review.CodeStoreDamaged)
					must(t, s.Close())
				})
			}
		})
	}
}

// A file of holes takes no room on the disk, but would take time and memory.
func TestTooLarge(t *testing.T) {
	root := t.TempDir()
	_, path := written(t, root, 2)
	const pages = 2<<20 + 1
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	must(t, f.Truncate(pages*pageSize))
	_, err = f.WriteAt(binary.BigEndian.AppendUint32(nil, pages), 28)
	must(t, err)
	must(t, f.Close())
	s := storage.OpenReadOnly(root)
	defer s.Close()
	_, err = s.Load(testID)
	reviewtest.WantCode(t, err, review.CodeStoreDamaged)
}

// A bomb does not come in by way of a write to be taken back either: what is
// looked at is the file after that.
func TestBombInJournal(t *testing.T) {
	root := t.TempDir()
	_, path := written(t, root, 3)
	sound, err := os.ReadFile(path)
	must(t, err)
	armed := bomb(append([]byte(nil), sound...), rootOf(t, path, "journal"), 6)
	// SQLite file format, 3.
	j := make([]byte, 512)
	copy(j, []byte{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7})
	for i, v := range []int{len(armed) / pageSize, 0, len(sound) / pageSize, 512, pageSize} {
		binary.BigEndian.PutUint32(j[8+4*i:], uint32(v))
	}
	binary.BigEndian.PutUint32(j[16:], uint32(len(armed)/pageSize))
	for n := 0; n < len(armed); n += pageSize {
		content, sum := armed[n:n+pageSize], uint32(0)
		for at := pageSize - 200; at > 0; at -= 200 {
			sum += uint32(content[at])
		}
		j = binary.BigEndian.AppendUint32(j, uint32(n/pageSize+1))
		j = binary.BigEndian.AppendUint32(append(j, content...), sum)
	}
	must(t, os.WriteFile(path+"-journal", j, 0o600))
	within(t, func() {
		s := storage.OpenReadOnly(root)
		_, err := s.Load(testID)
		reviewtest.WantCode(t, err, review.CodeStoreUnfinished)
		must(t, s.Close())
		s = storage.Open(root)
		_, err = s.Load(testID)
		reviewtest.WantCode(t, err, review.CodeStoreDamaged)
		must(t, s.Close())
	})
	if b, err := os.ReadFile(path); err != nil || len(b) != len(armed) {
		t.Errorf("the journal was not taken back: %d bytes, %v", len(b), err)
	}
}

// What SQLite would open is a file of its own in its own place, or not opened.
func TestImposters(t *testing.T) {
	fifo := func(path string) error { return syscall.Mkfifo(path, 0o600) }
	link := func(path string) error { return os.Symlink("/dev/zero", path) }
	victim := filepath.Join(t.TempDir(), "victim")
	must(t, os.WriteFile(victim, []byte("no database"), 0o600))
	for _, x := range []struct {
		name, file string
		make       func(path string) error
	}{
		{"fifo", "heyi.db", fifo},
		{"link", "heyi.db", link},
		{"fifo", "heyi.db-journal", fifo},
		{"link", "heyi.db-journal", link},
		{"a journal that names a file", "heyi.db-journal", func(path string) error {
			j := append(make([]byte, 512), victim...)
			j = binary.BigEndian.AppendUint32(j, uint32(len(victim)))
			return os.WriteFile(path, append(j, 0, 0, 0, 0, 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7), 0o600)
		}},
		{"a log", "heyi.db-wal", func(path string) error { return os.WriteFile(path, make([]byte, 5000), 0o600) }},
		{"fifo", "heyi.db-wal", fifo},
		{"fifo", "heyi.db-shm", fifo},
		{"link", "", func(path string) error { return os.Symlink(filepath.Dir(victim), path) }},
	} {
		t.Run(x.file+" "+x.name, func(t *testing.T) {
			root := t.TempDir()
			_, path := written(t, root, 2)
			path = filepath.Join(filepath.Dir(path), x.file)
			must(t, os.RemoveAll(path))
			must(t, x.make(path))
			before := reviewtest.Snapshot(t, root)
			within(t, func() {
				for _, open := range []func(string, ...string) *storage.Store{storage.OpenReadOnly, storage.Open} {
					s := open(root)
					_, err := s.Load(testID)
					reviewtest.WantCode(t, err, review.CodeStoreForeign)
					if review.ItemOf(err) != path {
						t.Errorf("item %q, want %q", review.ItemOf(err), path)
					}
					must(t, s.Close())
				}
			})
			if after := reviewtest.Snapshot(t, root); after != before {
				t.Errorf("touched:\n%s\nwas\n%s", after, before)
			}
		})
	}
}

// Nobody else can read a meeting, whatever the umask.
func TestModes(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	root := filepath.Join(t.TempDir(), "data")
	_, path := written(t, root, 2)
	for path, want := range map[string]os.FileMode{
		path: 0o600, path + "-journal": 0o600, filepath.Dir(path): 0o700, filepath.Dir(filepath.Dir(path)): 0o700, root: 0o700,
	} {
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
	}
}

// A database of many pages, with overflow and interior pages of tables and
// indexes, is walked to its end; BenchmarkOpen says in what time.
func TestLargeOpens(t *testing.T) {
	root := t.TempDir()
	size := large(t, root, 400, 20_000)
	s := storage.Open(root)
	defer s.Close()
	list, err := s.Blobs(testID)
	must(t, err)
	if len(list) < 400 || size < 8_000_000 {
		t.Errorf("%d blobs in %d bytes", len(list), size)
	}
	must(t, s.Audit(testID))
}

// large makes a meeting with n blobs of about so many bytes each, and gives the
// size of its database.
func large(t testing.TB, root string, n, bytes int) int64 {
	w, path := written(t, root, 3)
	s := storage.Open(root)
	b := journal.Batch{Checkpoint: w.tree.Checkpoint()}
	for i := range n {
		body := make([]byte, bytes+i)
		body[0], body[1] = byte(i), byte(i>>8)
		b.Blobs = append(b.Blobs, body)
	}
	must(t, s.Commit(testID, w.size(), b))
	must(t, s.Close())
	info, err := os.Stat(path)
	must(t, err)
	return info.Size()
}

// BenchmarkOpen opens a database of 50 MB and asks for little.
func BenchmarkOpen(b *testing.B) {
	root := b.TempDir()
	size := large(b, root, 2500, 20_000)
	for b.Loop() {
		s := storage.OpenReadOnly(root)
		_, err := s.Load(testID)
		must(b, err)
		must(b, s.Close())
	}
	b.ReportMetric(float64(size)/1e6, "MB")
}
