package storage_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/storetest"
	"heyi/storage"
)

var _ meeting.Store = (*storage.Store)(nil)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() meeting.Store {
		// What is special in a URI must not be so in a path.
		root := filepath.Join(t.TempDir(), "数据 ?mode=memory&#%41")
		return func() meeting.Store { return storage.Open(root) }
	})
}

// Each case does to a sound database what some hand or disk might do. Looking at
// it, read-only or not, gives the code and changes nothing.
func TestAltered(t *testing.T) {
	raw := func(f func(b []byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			b, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(path, f(b), 0o600))
		}
	}
	set := func(at int, values ...byte) func(*testing.T, string) {
		return raw(func(b []byte) []byte { copy(b[at:], values); return b })
	}
	sqlite := func(statements ...string) func(*testing.T, string) {
		return func(t *testing.T, path string) { alter(t, path, statements...) }
	}
	const page = 4096
	tests := []struct {
		name string
		harm func(t *testing.T, path string)
		load review.Code // "" if Load cannot see it
		full review.Code // of the full verification
	}{
		{"nothing", func(*testing.T, string) {}, "", ""},
		{"vacuumed", sqlite(`VACUUM`), "", ""},

		{"empty", raw(func([]byte) []byte { return nil }), review.CodeStoreForeign, review.CodeStoreForeign},
		{"text", raw(func([]byte) []byte { return bytes.Repeat([]byte("评审"), 999) }), review.CodeStoreForeign, review.CodeStoreForeign},
		{"other application", sqlite(`PRAGMA application_id = 1`), review.CodeStoreForeign, review.CodeStoreForeign},
		{"newer", sqlite(`PRAGMA user_version = 3`), review.CodeStoreNewer, review.CodeStoreNewer},
		{"an older version's number", sqlite(`PRAGMA user_version = 1`), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"an older version's trigger", sqlite(`CREATE TRIGGER blob_stays BEFORE DELETE ON blob
BEGIN
    SELECT RAISE(ABORT, 'blob: content is never removed');
END`), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"no version", sqlite(`PRAGMA user_version = 0`), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"write-ahead log", sqlite(`PRAGMA journal_mode = WAL`), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"cache size", sqlite(`PRAGMA default_cache_size = 77`), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"header's spare bytes", set(80, 'x'), review.CodeStoreDamaged, review.CodeStoreDamaged},

		{"no file", func(t *testing.T, path string) { must(t, os.Remove(path)) }, review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"a directory", func(t *testing.T, path string) { must(t, errors.Join(os.Remove(path), os.Mkdir(path, 0o700))) },
			review.CodeStoreForeign, review.CodeStoreForeign},
		{"cut short", raw(func(b []byte) []byte { return b[:page] }), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"bytes after the last page", raw(func(b []byte) []byte { return append(b, "secret"...) }), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"a page after the last page", raw(func(b []byte) []byte { return append(b, make([]byte, page)...) }),
			review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"other page size", sqlite(`PRAGMA page_size = 65536`, `VACUUM`), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"a page of the journal", set(page, make([]byte, page)...), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"schema's page", set(100, make([]byte, 64)...), review.CodeStoreDamaged, review.CodeStoreDamaged},

		{"a table more", sqlite(`CREATE TABLE note (text TEXT)`), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"an index more", sqlite(`CREATE INDEX size ON blob (length(body))`), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"a view more", sqlite(`CREATE VIEW v AS SELECT 1`), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"a trigger that lies", sqlite(`CREATE TRIGGER t AFTER INSERT ON draft BEGIN DELETE FROM draft; END`),
			review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"a trigger less", sqlite(`DROP TRIGGER journal_stands`), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"statistics", sqlite(`ANALYZE`), review.CodeStoreDamaged, review.CodeStoreDamaged},

		{"index has gaps", without("journal_stands", `UPDATE journal SET idx = idx + 5 WHERE idx > 1`), "", review.CodeStoreDamaged},
		{"index begins at 1", without("journal_stands", `UPDATE journal SET idx = 100 - idx`, `UPDATE journal SET idx = 101 - idx`),
			"", review.CodeStoreDamaged},
		{"an index below 0", without("journal_stands", `PRAGMA ignore_check_constraints = 1`, `UPDATE journal SET idx = -1 WHERE idx = 0`),
			"", review.CodeStoreDamaged},
		{"an entry less", without("journal_stays", `DELETE FROM journal WHERE idx = 2`), "", review.CodeStoreDamaged},
		{"the last entry less", without("journal_stays", `DELETE FROM journal WHERE idx = 3`), "", ""}, // for the root to find
		{"a value of another type", sqlite(
			`PRAGMA writable_schema = ON`,
			`CREATE TABLE keep AS SELECT sql AS s FROM sqlite_schema WHERE name = 'draft'`,
			`UPDATE sqlite_schema SET sql = replace(sql, 'STRICT, ', '') WHERE name = 'draft'`,
			`PRAGMA writable_schema = RESET`,
			`UPDATE draft SET version = 'one'`,
			`PRAGMA writable_schema = ON`,
			`UPDATE sqlite_schema SET sql = (SELECT s FROM keep) WHERE name = 'draft'`,
			`DROP TABLE keep`,
		), review.CodeStoreDamaged, review.CodeStoreDamaged},
		{"meta: a key more", sqlite(`INSERT INTO meta VALUES ('note', 'x')`), "", review.CodeMetaAltered},
		{"meta: a key less", sqlite(`DELETE FROM meta WHERE key = 'checkpoint'`), "", review.CodeMetaAltered},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			root := t.TempDir()
			_, path := written(t, root, 3)
			x.harm(t, path)
			before := reviewtest.Snapshot(t, root)
			for name, open := range map[string]func(string, ...string) *storage.Store{"read-only": storage.OpenReadOnly, "": storage.Open} {
				s := open(root)
				_, err := s.Load(testID)
				if got := review.CodeOf(err); got != x.load {
					t.Errorf("%s Load: %v, want %q", name, err, x.load)
				}
				if err := s.Audit(testID); review.CodeOf(err) != x.full {
					t.Errorf("%s Audit: %v, want %q", name, err, x.full)
				}
				must(t, s.Close())
			}
			if after := reviewtest.Snapshot(t, root); after != before {
				t.Errorf("looking changed it:\n%s\nwas\n%s", after, before)
			}
		})
	}
}

// without runs statements while a trigger is out of their way.
func without(trigger string, statements ...string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		db, err := sql.Open("sqlite", path)
		must(t, err)
		var again string
		must(t, db.QueryRow(`SELECT sql FROM sqlite_schema WHERE name = ?`, trigger).Scan(&again))
		must(t, db.Close())
		alter(t, path, append(append([]string{`DROP TRIGGER ` + trigger}, statements...), again)...)
	}
}

// What a caller may ask for in vain, on the disk as in the contract's suite.
func TestRefused(t *testing.T) {
	root := t.TempDir()
	written(t, root, 2)
	s := storage.Open(root)
	defer s.Close()
	other, err := newScribe(testID)
	must(t, err)
	reviewtest.WantCode(t, store(s, other, 0), review.CodeStoreExists)
	reviewtest.WantCode(t, store(s, other, 1), review.CodeStoreMoved)
	_, err = s.Blob(testID, review.DigestOf([]byte("blob 9")))
	reviewtest.WantCode(t, err, review.CodeBlobMissing)
	_, err = s.Load("another2meeting3for4test55")
	reviewtest.WantCode(t, err, review.CodeMeetingMissing)
	last, err := verify(s, testID)
	must(t, err)
	if last != 1 {
		t.Errorf("last batch %d", last)
	}
}

// One finding each, with its item.
func TestAlteredCodes(t *testing.T) {
	root := t.TempDir()
	_, path := written(t, root, 2)
	load := func() error {
		s := storage.Open(root)
		defer s.Close()
		_, err := s.Load(testID)
		return err
	}
	digest := review.DigestOf([]byte("blob 1"))
	without("blob_stands", `UPDATE blob SET body = CAST('blob 2' AS BLOB) WHERE digest = '`+string(digest)+`'`)(t, path)
	s := storage.Open(root)
	_, err := s.Blob(testID, digest)
	reviewtest.WantCode(t, err, review.CodeBlobAltered)
	must(t, s.Close())

	alter(t, path, `INSERT INTO meta VALUES ('note', 'x')`)
	s = storage.Open(root)
	err = s.Audit(testID)
	reviewtest.WantCode(t, err, review.CodeMetaAltered)
	if item := review.ItemOf(err); item != "note" {
		t.Errorf("item %q", item)
	}
	must(t, s.Close())

	alter(t, path, `CREATE TABLE note (text TEXT)`)
	reviewtest.WantCode(t, load(), review.CodeStoreDamaged)
	alter(t, path, `PRAGMA user_version = 3`)
	reviewtest.WantCode(t, load(), review.CodeStoreNewer)
	alter(t, path, `PRAGMA application_id = 0`)
	reviewtest.WantCode(t, load(), review.CodeStoreForeign)
}

// A database that another program holds is not read half-changed.
func TestHeldElsewhere(t *testing.T) {
	root := t.TempDir()
	w, _ := written(t, root, 2)
	holder, other := storage.Open(root), storage.OpenReadOnly(root)
	defer holder.Close()
	defer other.Close()
	must(t, store(holder, w, 2))
	_, err := other.Load(testID)
	reviewtest.WantCode(t, err, review.CodeStoreFailed)
	must(t, holder.Close())
	_, err = verify(other, testID)
	must(t, err)
}

func TestOpenReadOnly(t *testing.T) {
	root := t.TempDir()
	w, _ := written(t, root, 3)
	must(t, os.Mkdir(filepath.Join(root, "meetings", ".new-"+string(testID)), 0o700))
	before := reviewtest.Snapshot(t, root)
	s := storage.OpenReadOnly(root)
	list, err := s.List()
	must(t, err)
	if len(list) != 1 || list[0] != testID {
		t.Fatalf("list %q", list)
	}
	last, err := verify(s, testID)
	must(t, err)
	if last != 2 {
		t.Fatalf("last batch %d", last)
	}
	reviewtest.WantCode(t, store(s, w, 3), review.CodeDirReadOnly)
	fresh, err := newScribe("another2meeting3for4test55")
	must(t, err)
	reviewtest.WantCode(t, store(s, fresh, 0), review.CodeDirReadOnly)
	last, err = verify(s, testID)
	must(t, err)
	if last != 2 {
		t.Fatalf("last batch %d", last)
	}
	must(t, s.Close())
	if after := reviewtest.Snapshot(t, root); after != before {
		t.Errorf("reading changed it:\n%s\nwas\n%s", after, before)
	}
}

// cutOff leaves the database as a loss of power in the middle of a transaction
// does: pages of it written, the journal that takes them back beside it.
func cutOff(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`PRAGMA cache_size = 1; BEGIN IMMEDIATE;
		INSERT INTO blob VALUES (printf('%064d', 7), zeroblob(1000000));
		UPDATE meta SET value = 'v1 9 ' || value`)
	must(t, err)
	var torn [2][]byte
	for i, name := range []string{path, path + "-journal"} {
		torn[i], err = os.ReadFile(name)
		must(t, err)
	}
	_, err = db.Exec(`ROLLBACK`)
	must(t, err)
	must(t, db.Close())
	must(t, os.WriteFile(path, torn[0], 0o600))
	must(t, os.WriteFile(path+"-journal", torn[1], 0o600))
}

func TestUnfinished(t *testing.T) {
	root := t.TempDir()
	w, path := written(t, root, 3)
	cutOff(t, path)
	before := reviewtest.Snapshot(t, root)
	reader := storage.OpenReadOnly(root)
	_, err := reader.Load(testID)
	reviewtest.WantCode(t, err, review.CodeStoreUnfinished)
	must(t, reader.Close())
	if after := reviewtest.Snapshot(t, root); after != before {
		t.Errorf("reading changed it:\n%s\nwas\n%s", after, before)
	}

	s := storage.Open(root)
	last, err := verify(s, testID)
	must(t, err)
	if last != 2 {
		t.Fatalf("last batch %d", last)
	}
	must(t, store(s, w, 3))
	must(t, s.Close())
	reader = storage.OpenReadOnly(root)
	defer reader.Close()
	last, err = verify(reader, testID)
	must(t, err)
	if last != 3 {
		t.Fatalf("last batch %d", last)
	}
}

// Read-only, List passes over nothing that it does not know.
func TestListRefuses(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"notes":                      func(path string) error { return os.Mkdir(path, 0o700) },
		"UPPER2STORAGE3TEST4MEETIN5": func(path string) error { return os.Mkdir(path, 0o700) },
		"file2storage3test4meeting5": func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"link2storage3test4meeting5": func(path string) error { return os.Symlink(string(testID), path) },
		".new-file":                  func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		root := t.TempDir()
		_, path := written(t, root, 1)
		stranger := filepath.Join(filepath.Dir(filepath.Dir(path)), name)
		must(t, make(stranger))
		s := storage.OpenReadOnly(root)
		_, err := s.List()
		reviewtest.WantCode(t, err, review.CodeStoreForeign)
		if review.ItemOf(err) != stranger {
			t.Errorf("%s: item %q", name, review.ItemOf(err))
		}
		must(t, s.Close())
	}

	root := t.TempDir()
	must(t, os.WriteFile(filepath.Join(root, "meetings"), nil, 0o600))
	s := storage.OpenReadOnly(root)
	_, err := s.List()
	reviewtest.WantCode(t, err, review.CodeStoreForeign)
	must(t, os.Remove(filepath.Join(root, "meetings")))
	list, err := s.List()
	must(t, err)
	if len(list) != 0 {
		t.Errorf("no directory lists %q", list)
	}
	must(t, s.Close())
}

// List removes what a Create that was cut off left, and nothing else.
func TestListSweeps(t *testing.T) {
	root := t.TempDir()
	_, path := written(t, root, 1)
	meetings := filepath.Dir(filepath.Dir(path))
	for _, name := range []string{".new-" + string(testID), ".new-other", "notes", "UPPER2STORAGE3TEST4MEETIN5"} {
		must(t, os.Mkdir(filepath.Join(meetings, name), 0o700))
		must(t, os.WriteFile(filepath.Join(meetings, name, "heyi.db"), []byte("half"), 0o600))
	}
	must(t, os.WriteFile(filepath.Join(meetings, "file2storage3test4meeting5"), nil, 0o600))
	s := storage.Open(root)
	defer s.Close()
	list, err := s.List()
	must(t, err)
	if len(list) != 1 || list[0] != testID {
		t.Errorf("list %q", list)
	}
	want := []string{
		".", ".new-other", ".new-other/heyi.db", "UPPER2STORAGE3TEST4MEETIN5", "UPPER2STORAGE3TEST4MEETIN5/heyi.db",
		"file2storage3test4meeting5", string(testID), string(testID) + "/heyi.db", string(testID) + "/heyi.db-journal",
		"notes", "notes/heyi.db",
	}
	if got := reviewtest.Tree(t, meetings); got != strings.Join(want, "\n") {
		t.Errorf("left:\n%s", got)
	}
}

// Our own statements cannot change or remove what stands, nor put it elsewhere.
func TestTriggers(t *testing.T) {
	_, path := written(t, t.TempDir(), 2)
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	for _, s := range []string{
		`UPDATE journal SET event = x'00' WHERE idx = 0`,
		`DELETE FROM journal WHERE idx = 2`,
		`INSERT INTO journal VALUES (9, x'00', x'00')`,
		`INSERT OR REPLACE INTO journal VALUES (0, x'00', x'00')`,
		`UPDATE blob SET body = x'00'`,
	} {
		if _, err := db.Exec(s); err == nil {
			t.Errorf("%s went through", s)
		}
	}
}
