package storage_test

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest/fakes"
	scripted "heyi/review/reviewtest/script"
	"heyi/review/reviewtest/storetest"
	"heyi/storage"
	"heyi/storage/datadir"
)

// hall is a data directory on the disk with a meeting held in it.
type hall struct {
	*scripted.Hall
	root  string
	store *storage.Store
}

// openHall opens the services on a data directory; what the user has seen lies in seen.
func openHall(t testing.TB, root, seen string) *hall {
	t.Helper()
	store := storage.Open(root)
	return &hall{scripted.New(servicesOn(store, seen)), root, store}
}

// servicesOn gives services on a store; what the user has seen lies in seen.
func servicesOn(store *storage.Store, seen string) *meeting.Services {
	marks, err := datadir.NewMarks(func(key string) string {
		return map[string]string{"HOME": seen, "XDG_STATE_HOME": seen}[key]
	})
	if err != nil {
		panic(err) // one of the two is set
	}
	return meeting.New(meeting.Config{
		Store: store, Papers: fakes.Papers{}, Files: &fakes.Files{}, Marks: marks,
		Now: time.Now, Random: rand.Reader, WorkFactor: 1,
	})
}

// close ends the run.
func (h *hall) close(t testing.TB) {
	t.Helper()
	h.Leave()
	h.Close()
	must(t, h.store.Close())
}

// again begins another run on the same directory: everybody signs in anew.
func (h *hall) again(t testing.TB, seen string) *hall {
	t.Helper()
	h.close(t)
	next := openHall(t, h.root, seen)
	next.ID, next.Codes = h.ID, h.Codes
	for seat, secret := range h.Codes {
		x, err := next.Enter(h.ID, seat, secret)
		must(t, err)
		next.Sessions[seat] = x
	}
	return next
}

// TestWhole holds a whole meeting on the disk, in a new run after every few acts. At the
// end it verifies, and so do all copies; and no key is left.
func TestWhole(t *testing.T) {
	root, seen := t.TempDir(), t.TempDir()
	h := openHall(t, root, seen)
	acts := scripted.Whole(2)
	for i, a := range acts {
		if i > 0 && i%17 == 0 {
			h = h.again(t, seen)
		}
		if err := a.Do(h.Hall); err != nil {
			t.Fatalf("act %d, %s: %v", i, a.Name, err)
		}
	}
	if found := h.Verify(h.ID, nil).Findings; len(found) != 0 {
		t.Error(found)
	}
	copies, err := h.Backups(h.ID)
	must(t, err)
	if len(copies) != 1 {
		t.Errorf("%d copies after the sealing, which deletes the keys", len(copies))
	}
	h.close(t)
	if places := secretsIn(t, root, map[string][]byte{"a key file": []byte("age-encryption.org/v1\n-> scrypt")}); len(places) > 0 {
		t.Errorf("after the sealing there are keys under codes: %v", places)
	}
}

// TestCanary is R9 of the test plan: up to the opening, with runs that end and begin
// again, nothing secret is in any file that the meeting leaves, in any writing.
func TestCanary(t *testing.T) {
	root, seen := t.TempDir(), t.TempDir()
	h := openHall(t, root, seen)
	// A mark that is nowhere else.
	const mark = "7351.5"
	odd := scripted.Scheme(1)
	odd.Items[0].Full = "9999"
	acts := scripted.Prepare(1)
	acts = append(acts, scripted.Act{Name: "odd project", Do: func(h *scripted.Hall) error {
		p := scripted.Project("单列项目", 1)
		p.Scheme = odd
		_, err := h.Sessions[scripted.Secretary].AddProject(p)
		return err
	}})
	const odds review.ProjectID = "p03"
	for _, seat := range []review.SeatID{scripted.Chair, scripted.Second, scripted.Third} {
		acts = append(acts, scripted.Act{Name: "declare", Do: func(h *scripted.Hall) error {
			return h.Sessions[seat].Declare(odds, review.DeclarationBody{})
		}})
	}
	acts = append(acts, scripted.Act{Name: "begin", Do: func(h *scripted.Hall) error { return h.Sessions[scripted.Secretary].BeginRound(odds) }})
	submit := func(seat review.SeatID) scripted.Act {
		return scripted.Act{Name: "submit odd", Do: func(h *scripted.Hall) error {
			sheet := scripted.Sheet(odd, 1)
			sheet.Marks[0].Value = mark
			_, err := h.Sessions[seat].Submit(odds, sheet, review.Look{})
			return err
		}}
	}
	acts = append(acts, submit(scripted.Chair), submit(scripted.Second))
	acts = append(acts, scripted.Score(scripted.First, 1)...)
	acts = append(acts, scripted.Score(scripted.Other, 1)...)

	secrets := map[string][]byte{"a private key": pkcs8, "an age key": []byte("AGE-SECRET-KEY-")}
	for i, a := range acts {
		if i > 0 && i%29 == 0 {
			h = h.again(t, seen)
		}
		if err := a.Do(h.Hall); err != nil {
			t.Fatalf("act %d, %s: %v", i, a.Name, err)
		}
	}
	sheet, err := h.Sessions[scripted.Chair].RecoverySheet()
	must(t, err)
	must(t, h.Sessions[scripted.Chair].SetQuick("4719"))
	if _, err := h.EnterQuick(h.ID, scripted.Chair, "4719"); err != nil {
		t.Fatal(err)
	}
	secrets["the key of a recovery sheet"] = []byte(sheet.Secret)
	secrets["a mark"], secrets["a text"], secrets["the passphrase"] = []byte(`"value":"`+mark+`"`), []byte(scripted.Marker), []byte(scripted.Passphrase)
	for seat, code := range h.Codes {
		secrets["the code of "+string(seat)] = []byte(code)
		secrets["the code of "+string(seat)+" without the hyphen"] = []byte(strings.ReplaceAll(code, "-", ""))
	}
	h.Close() // copies are done
	for _, dir := range []string{root, seen} {
		if places := secretsIn(t, dir, secrets); len(places) > 0 {
			t.Errorf("before the opening: %v", places)
		}
	}
	// What is looked for is found where it is.
	must(t, scripted.Open(scripted.First).Do(h.Hall))
	h.close(t)
	if places := secretsIn(t, root, map[string][]byte{"a text": []byte(scripted.Marker)}); len(places) == 0 {
		t.Error("after the opening the text is found nowhere: the search is blind")
	}
	planted := t.TempDir()
	for i, w := range writings(t, []byte(scripted.Marker)) {
		must(t, os.WriteFile(filepath.Join(planted, fmt.Sprint(i)), slices.Concat([]byte("xy"), w, []byte("z")), 0o600))
		if places := secretsIn(t, planted, map[string][]byte{"a text": []byte(scripted.Marker)}); len(places) != i+1 {
			t.Errorf("writing %d is not found: %v", i, places)
		}
	}
}

// pkcs8 begins every private P-256 key that is not under a seal.
var pkcs8 = []byte{
	0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
	0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20,
}

// secretsIn searches every file under dir for secrets, in every writing.
func secretsIn(t testing.TB, dir string, secrets map[string][]byte) (places []string) {
	t.Helper()
	all := map[string][][]byte{}
	for name, s := range secrets {
		all[name] = writings(t, s)
	}
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for name, list := range all {
			for i, w := range list {
				if bytes.Contains(content, w) {
					places = append(places, fmt.Sprintf("%s in %s (writing %d)", name, filepath.Base(path), i))
				}
			}
		}
		return err
	}))
	return places
}

// writings gives a secret as UTF-8, UTF-16 of both orders, GB 18030, hex, and base64 at
// each alignment.
func writings(t testing.TB, s []byte) [][]byte {
	t.Helper()
	out := [][]byte{s, []byte(hex.EncodeToString(s))}
	for shift := range 3 {
		coded := base64.StdEncoding.EncodeToString(slices.Concat(make([]byte, shift), s))
		// The first and last characters depend on what stands beside.
		if inner := coded[4 : len(coded)-4]; len(inner) >= 8 { // less is found by chance
			out = append(out, []byte(inner))
		}
	}
	if utf8.Valid(s) && bytes.ContainsFunc(s, func(r rune) bool { return r > 127 }) {
		for _, code := range []string{"UTF-16LE", "UTF-16BE", "GB18030"} {
			cmd := exec.Command("iconv", "-f", "UTF-8", "-t", code)
			cmd.Stdin = bytes.NewReader(s)
			w, err := cmd.Output()
			must(t, err)
			out = append(out, w)
		}
	} else if bytes.IndexByte(s, 0) < 0 {
		wide := make([]byte, 0, 2*len(s))
		for _, b := range s {
			wide = append(wide, b, 0)
		}
		out = append(out, wide)
	}
	return out
}

// midway gives a data directory with a meeting in which one project was opened and the
// other is being scored, closed; and what the user has seen.
func midway(t testing.TB) (h *hall, root, seen string) {
	t.Helper()
	root, seen = t.TempDir(), t.TempDir()
	h = openHall(t, root, seen)
	acts := scripted.Prepare(1)
	acts = append(acts, scripted.Score(scripted.First, 1)...)
	acts = append(acts, scripted.Open(scripted.First))
	score := scripted.Score(scripted.Other, 1)
	acts = append(acts, score[:len(score)-2]...) // a draft is left
	if err := h.Hold(acts, nil); err != nil {
		t.Fatal(err)
	}
	must(t, h.Sessions[scripted.Secretary].SaveDraft(review.MinutesDraft, "会议记录的草稿"))
	if _, _, err := h.Sessions[scripted.Secretary].IssueMinutes(); review.CodeOf(err) != review.CodeTextEmpty {
		t.Fatal(err)
	}
	must(t, h.Sessions[scripted.Secretary].Record("一段会议记录"))
	must(t, h.Sessions[scripted.Secretary].SaveDraft(review.MinutesDraft, "又一段草稿"))
	if _, _, err := h.Sessions[scripted.Secretary].IssueMinutes(); err != nil {
		t.Fatal(err)
	}
	h.close(t)
	return h, root, seen
}

// forger changes a copy of a database behind the program's back, as one who knows
// SQLite can: the triggers are put back as they were.
type forger struct {
	path     string
	pristine []byte
	triggers []string
	names    []string
}

func newForger(t testing.TB, path string) *forger {
	t.Helper()
	pristine, err := os.ReadFile(path)
	must(t, err)
	f := &forger{path: path, pristine: pristine}
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	rows, err := db.Query(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var name, text string
		must(t, rows.Scan(&name, &text))
		f.names, f.triggers = append(f.names, name), append(f.triggers, text)
	}
	must(t, rows.Err())
	return f
}

// forge puts the pristine database back and changes it. It tells whether SQLite took
// the change.
func (f *forger) forge(t testing.TB, query string, args ...any) bool {
	t.Helper()
	must(t, os.WriteFile(f.path, f.pristine, 0o600))
	db, err := sql.Open("sqlite", f.path)
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	tx, err := db.Begin()
	must(t, err)
	defer tx.Rollback()
	for _, name := range f.names {
		_, err := tx.Exec(`DROP TRIGGER ` + name)
		must(t, err)
	}
	for _, q := range strings.Split(query, ";") {
		n := strings.Count(q, "?")
		result, err := tx.Exec(q, args[:n]...)
		if err != nil {
			return false
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			t.Fatalf("%s changes nothing: %v", q, err)
		}
		args = args[n:]
	}
	for _, text := range f.triggers {
		_, err := tx.Exec(text)
		must(t, err)
	}
	must(t, tx.Commit())
	return true
}

// findings verifies the meeting as it lies there, with what the user has seen.
func findings(t testing.TB, h *hall, root, seen string) []review.Finding {
	t.Helper()
	x := openHall(t, root, seen)
	defer x.close(t)
	return x.Verify(h.ID, nil).Findings
}

// TestForged is R10 of the test plan: every value of every table edited in turn, every
// row deleted, swapped with the next and doubled, the tail cut off, an old database put
// back. All is found, and of the journal the first bad entry is named.
func TestForged(t *testing.T) {
	h, root, seen := midway(t)
	path := filepath.Join(root, "meetings", string(h.ID), "heyi.db")
	f := newForger(t, path)
	if got := findings(t, h, root, seen); len(got) != 0 {
		t.Fatal(got)
	}
	tried, refused := 0, 0
	found := func(what string, index int, query string, args ...any) {
		t.Helper()
		tried++
		if !f.forge(t, query, args...) {
			refused++
			return
		}
		got := findings(t, h, root, seen)
		if len(got) == 0 {
			t.Errorf("%s: nothing was found", what)
			return
		}
		if index >= 0 && (got[0].Code != review.CodeJournalEntry || got[0].Entry != fmt.Sprint(index)) {
			t.Errorf("%s: found %v, but entry %d is the first bad one", what, got[0], index)
		}
	}
	for _, table := range []table{
		{"journal", []string{"idx"}, []string{"event", "signature"}},
		{"blob", []string{"digest"}, []string{"body"}},
		{"draft", []string{"key", "owner"}, []string{"version", "cipher", "signature"}},
		{"meta", []string{"key"}, []string{"value"}},
	} {
		rows := f.rows(t, table)
		if len(rows) < 2 {
			t.Fatalf("%s has %d rows: too few to try", table.name, len(rows))
		}
		where := " WHERE " + strings.Join(table.key, " = ? AND ") + " = ?"
		n := len(table.key)
		for i, row := range rows {
			what := fmt.Sprint(table.name, " ", row[:n])
			at := -1
			if table.name == "journal" {
				at = i
			}
			for c, name := range slices.Concat(table.key, table.values) {
				place := at
				if c < n {
					place = -1 // the database itself is no longer sound
				}
				args := slices.Concat([]any{altered(row[c])}, row[:n])
				found(what+" "+name, place, "UPDATE "+table.name+" SET "+name+" = ?"+where, args...)
			}
			found(what+" deleted", -1, "DELETE FROM "+table.name+where, row[:n]...)
			if i+1 < len(rows) {
				next := rows[i+1]
				set := "UPDATE " + table.name + " SET " + strings.Join(table.values, " = ?, ") + " = ?" + where
				found(what+" swapped with the next", at, set+";"+set, slices.Concat(next[n:], row[:n], row[n:], next[:n])...)
			}
		}
	}
	found("a foreign blob", -1, `INSERT INTO blob (digest, body) VALUES (?, ?)`, string(review.DigestOf([]byte("x"))), []byte("x"))
	found("a foreign meta row", -1, `INSERT INTO meta (key, value) VALUES ('x', 'y')`)
	found("a foreign draft", -1, `INSERT INTO draft SELECT 'opinion/p01', owner, version, cipher, signature FROM draft LIMIT 1`)
	found("an entry twice at the end", -1, `INSERT INTO journal SELECT (SELECT max(idx) + 1 FROM journal), event, signature FROM journal WHERE idx = 5`)
	t.Logf("%d changes, %d of them refused by SQLite's own constraints", tried, refused)
	if refused > tried/4 {
		t.Errorf("SQLite refused %d of %d changes: too few were tried", refused, tried)
	}

	// A tail cut off so that everything in the database agrees again: only who has seen
	// the meeting finds it.
	must(t, os.WriteFile(path, f.pristine, 0o600))
	entries := record(t, root, h.ID).Entries
	for size := len(entries) - 1; size > 0; size -= 7 {
		_, tree, err := journal.Replay(entries[:size])
		must(t, err)
		if !f.forge(t, `DELETE FROM journal WHERE idx >= ?;UPDATE meta SET value = ? WHERE key = 'checkpoint';DELETE FROM draft`, size, tree.Checkpoint().String()) {
			t.Fatal("refused")
		}
		got := findings(t, h, root, seen)
		if !slices.ContainsFunc(got, func(x review.Finding) bool {
			return x.Code == review.CodeJournalRollback && x.Entry == fmt.Sprint(len(entries))
		}) {
			t.Errorf("cut to %d entries: %v", size, got)
		}
	}
}

// table is a table with the columns that name a row and those that hold its values.
type table struct {
	name        string
	key, values []string
}

// rows gives all rows of a table, by key.
func (f *forger) rows(t testing.TB, table table) (out [][]any) {
	t.Helper()
	must(t, os.WriteFile(f.path, f.pristine, 0o600))
	db, err := sql.Open("sqlite", f.path)
	must(t, err)
	defer db.Close()
	columns := slices.Concat(table.key, table.values)
	rows, err := db.Query("SELECT " + strings.Join(columns, ", ") + " FROM " + table.name + " ORDER BY " + strings.Join(table.key, ", "))
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		must(t, rows.Scan(into...))
		out = append(out, row)
	}
	must(t, rows.Err())
	return out
}

// altered gives another value of the same type: one bit, one character or one unit off.
func altered(v any) any {
	switch v := v.(type) {
	case int64:
		return v + 1000
	case string:
		return v[:len(v)-1] + string(v[len(v)-1]^1)
	case []byte:
		w := bytes.Clone(v)
		w[len(w)/2] ^= 1
		return w
	}
	panic(fmt.Sprintf("a value of type %T", v))
}

func record(t testing.TB, root string, id review.MeetingID) journal.Record {
	t.Helper()
	s := storage.OpenReadOnly(root)
	rec, err := s.Load(id)
	must(t, errors.Join(err, s.Close()))
	return rec
}

// TestPutBack holds that an old database, an old data directory or an old copy in the
// place of the database is found by who has seen the meeting, and by a checkpoint on
// paper.
func TestPutBack(t *testing.T) {
	root, seen := t.TempDir(), t.TempDir()
	h := openHall(t, root, seen)
	must(t, h.Hold(scripted.Prepare(1), nil))
	h.close(t)
	path := filepath.Join(root, "meetings", string(h.ID), "heyi.db")
	old, err := os.ReadFile(path)
	must(t, err)
	h = openHall(t, root, seen).with(h)
	x, err := h.Enter(h.ID, scripted.Secretary, scripted.Passphrase)
	must(t, err)
	must(t, x.Record("一段记录"))
	paper, _, err := x.IssueMinutes()
	must(t, err)
	pdf, err := x.Paper(paper)
	must(t, err)
	h.close(t)
	must(t, os.WriteFile(path, old, 0o600))
	for _, home := range []string{seen, t.TempDir()} {
		h = openHall(t, root, home).with(h)
		_, err := h.Enter(h.ID, scripted.Secretary, scripted.Passphrase)
		if home == seen && review.CodeOf(err) != review.CodeJournalRollback {
			t.Errorf("with what was seen: %v", err)
		}
		if home != seen {
			must(t, err) // nothing here can tell
			checkpoint := strings.Fields(string(pdf))[4]
			if err := h.Compare(h.ID, checkpoint); review.CodeOf(err) != review.CodeJournalRollback {
				t.Errorf("held against the paper's %s: %v", checkpoint, err)
			}
		}
		h.close(t)
	}
}

// with gives a hall that knows the meeting and the codes of another.
func (h *hall) with(before *hall) *hall {
	h.ID, h.Codes = before.ID, before.Codes
	return h
}

// scribbler is a store that writes down what it is asked to store.
type scribbler struct {
	meeting.Store
	mu    sync.Mutex
	steps []step
}

func (s *scribbler) note(does string, expect int64, b journal.Batch, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.steps = append(s.steps, step{Does: does, Expect: expect, Batch: b})
	}
	return err
}

// Create creates.
func (s *scribbler) Create(id review.MeetingID, b journal.Batch) error {
	return s.note("create", 0, b, s.Store.Create(id, b))
}

// Commit commits.
func (s *scribbler) Commit(id review.MeetingID, expect int64, b journal.Batch) error {
	return s.note("commit", expect, b, s.Store.Commit(id, expect, b))
}

// Backup makes a copy.
func (s *scribbler) Backup(id review.MeetingID) error {
	return s.note("backup", 0, journal.Batch{}, s.Store.Backup(id))
}

// DropBackups removes copies.
func (s *scribbler) DropBackups(id review.MeetingID) error {
	return s.note("drop", 0, journal.Batch{}, s.Store.DropBackups(id))
}

// wholeMeeting is all that a whole meeting stores, from its creation to the sealing,
// a copy after every few acts.
func wholeMeeting(t *testing.T) script {
	t.Helper()
	id, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(string(testID)))
	must(t, err)
	s := &scribbler{Store: storetest.NewMemory()}
	services := meeting.New(meeting.Config{
		Store: s, Papers: fakes.Papers{}, Files: &fakes.Files{}, Now: time.Now,
		Random: io.MultiReader(bytes.NewReader(id), rand.Reader), WorkFactor: 1,
	})
	h := scripted.New(services)
	must(t, h.Hold(scripted.Whole(1), nil))
	services.Close()
	if h.ID != testID {
		t.Fatalf("the meeting is %s", h.ID)
	}
	// Copies come when the machine finds time for them; here, at the same places each time.
	steps := []step{{Does: "place"}}
	for i, a := range slices.DeleteFunc(s.steps, func(a step) bool { return a.Does == "backup" }) {
		if a.Does == "drop" {
			steps = append(steps, step{Does: "backup"})
		}
		steps = append(steps, a)
		if i%25 == 24 {
			steps = append(steps, step{Does: "backup"}, step{Does: "reopen"})
		}
	}
	x, err := newScript(steps)
	must(t, err)
	return x
}
