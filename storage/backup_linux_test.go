package storage_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
	"heyi/storage"
)

// names lists what lies in a meeting's ring in a place.
func names(t *testing.T, place string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(place, string(testID)))
	if !errors.Is(err, os.ErrNotExist) {
		must(t, err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// nameOf gives what the copy of a number is to be called.
func nameOf(number int, c journal.Checkpoint) string {
	return fmt.Sprintf("%06d-%08d-%x.db", number, c.Size, c.Root[:6])
}

// Each place has a ring; one that fails does not keep the others from theirs, and
// is not made where a disk ought to be. Copies of one number are the same.
func TestBackupPlaces(t *testing.T) {
	root, here, away := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "stick")
	w, _ := written(t, root, 3)
	first := nameOf(1, w.tree.Checkpoint())
	s := storage.Open(root, away, here)
	defer s.Close()
	err := s.Backup(testID)
	reviewtest.WantCode(t, err, review.CodeBackupFailed)
	if review.ItemOf(err) != away {
		t.Errorf("item %q, want %q", review.ItemOf(err), away)
	}
	if _, err := os.Lstat(away); !os.IsNotExist(err) {
		t.Errorf("the place was made: %v", err)
	}
	must(t, os.Mkdir(away, 0o700))
	must(t, store(s, w, 3))
	second := nameOf(2, w.tree.Checkpoint())
	must(t, s.Backup(testID))
	own := filepath.Join(root, "backups")
	for place, want := range map[string][]string{own: {first, second}, here: {first, second}, away: {second}} {
		if got := names(t, place); !slices.Equal(got, want) {
			t.Errorf("%s holds %q, want %q", place, got, want)
		}
	}
	copies, err := s.Backups(testID)
	must(t, err)
	var paths []string
	for _, c := range copies {
		paths = append(paths, c.Path)
		r, err := s.OpenCopy(testID, c.Path)
		must(t, err)
		must(t, holds(r, int(c.Number)+1))
		must(t, r.Close())
	}
	reviewtest.WantCode(t, s.Backup("another2meeting3for4test55"), review.CodeMeetingMissing)
	for _, place := range []string{own, here, away} {
		if entries, err := os.ReadDir(place); err != nil || len(entries) != 1 {
			t.Errorf("%s holds %v, %v", place, entries, err)
		}
	}
	in := func(place, name string) string { return filepath.Join(place, string(testID), name) }
	if want := []string{in(own, second), in(away, second), in(here, second), in(own, first), in(here, first)}; !slices.Equal(paths, want) {
		t.Errorf("copies %q, want %q", paths, want)
	}

	// The own place fails: a further one gets its copy all the same, and those that
	// can be read are listed.
	must(t, os.RemoveAll(own))
	must(t, os.WriteFile(own, nil, 0o600))
	_, err = storage.OpenReadOnly(root).Backups(testID)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	copies, err = s.Backups(testID)
	must(t, err)
	if len(copies) != 3 {
		t.Errorf("copies %+v", copies)
	}
	err = s.Backup(testID)
	reviewtest.WantCode(t, err, review.CodeBackupFailed)
	if review.ItemOf(err) != own {
		t.Errorf("item %q, want %q", review.ItemOf(err), own)
	}
	third := nameOf(3, w.tree.Checkpoint())
	for place, want := range map[string][]string{here: {first, second, third}, away: {second, third}} {
		if got := names(t, place); !slices.Equal(got, want) {
			t.Errorf("%s holds %q, want %q", place, got, want)
		}
	}

	// What cannot be cleared is said.
	must(t, os.Remove(own))
	must(t, os.Rename(away, away+"-pulled-out"))
	err = s.DropBackups(testID)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	if review.ItemOf(err) != away {
		t.Errorf("item %q, want %q", review.ItemOf(err), away)
	}
	if got := names(t, here); !slices.Equal(got, []string{third}) {
		t.Errorf("%s holds %q", here, got)
	}
}

// A ring may hold what is none of ours. It is passed over and stays; what was cut
// off goes.
func TestRingPassesOver(t *testing.T) {
	root := t.TempDir()
	_, path := written(t, root, 2)
	ring := filepath.Join(root, "backups", string(testID))
	must(t, os.MkdirAll(filepath.Join(ring, "000009-00000003-0123456789ab.db"), 0o700))
	must(t, os.Symlink(path, filepath.Join(ring, "000008-00000003-0123456789ab.db")))
	must(t, syscall.Mkfifo(filepath.Join(ring, "000007-00000003-0123456789ab.db"), 0o600))
	strange := []string{"000007-00000003-0123456789ab.db", "000008-00000003-0123456789ab.db", "000009-00000003-0123456789ab.db"}
	for _, name := range []string{"1-3-0123456789ab.db", "000001-00000003-0123456789AB.db", "000001-00000003-0123456789ab.db.old", "notes.txt"} {
		must(t, os.WriteFile(filepath.Join(ring, name), []byte("x"), 0o600))
		strange = append(strange, name)
	}
	for _, name := range []string{".new-heyi.db", ".new-heyi.db-journal"} {
		must(t, os.WriteFile(filepath.Join(ring, name), []byte("half a copy"), 0o600))
	}
	s := storage.Open(root)
	defer s.Close()
	within(t, func() { must(t, s.Backup(testID)) })
	copies, err := s.Backups(testID)
	must(t, err)
	if len(copies) != 1 || copies[0].Number != 1 {
		t.Errorf("copies %+v", copies)
	}
	must(t, s.DropBackups(testID))
	want := append(strange, filepath.Base(copies[0].Path))
	slices.Sort(want)
	if got := names(t, filepath.Dir(ring)); !slices.Equal(got, want) {
		t.Errorf("the ring holds %q, want %q", got, want)
	}
}

// A database that does not hold gives no copy that could push out a good one.
func TestBackupOfAltered(t *testing.T) {
	digest := string(review.DigestOf([]byte("blob 1")))
	raw := func(at int, content []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			b, err := os.ReadFile(path)
			must(t, err)
			copy(b[at:], content)
			must(t, os.WriteFile(path, b, 0o600))
		}
	}
	for name, x := range map[string]struct {
		harm func(*testing.T, string)
		code review.Code
	}{
		"a blob":   {without("blob_stands", `UPDATE blob SET body = x'00' WHERE digest = '`+digest+`'`), review.CodeBackupFailed},
		"an entry": {without("journal_stands", `UPDATE journal SET signature = x'00' WHERE idx = 1`), review.CodeBackupFailed},
		"the id": {func(t *testing.T, path string) {
			alter(t, path, `UPDATE meta SET value = 'another2meeting3for4test55' WHERE key = 'meeting'`)
		}, review.CodeBackupFailed},
		"a row more":   {func(t *testing.T, path string) { alter(t, path, `INSERT INTO meta VALUES ('note', 'x')`) }, review.CodeBackupFailed},
		"a page":       {raw(pageSize, make([]byte, pageSize)), review.CodeStoreDamaged},
		"a table more": {func(t *testing.T, path string) { alter(t, path, `CREATE TABLE note (text TEXT)`) }, review.CodeStoreDamaged},
		"no file":      {func(t *testing.T, path string) { must(t, os.Remove(path)) }, review.CodeStoreDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			root, place := t.TempDir(), t.TempDir()
			w, path := written(t, root, 3)
			s := storage.Open(root, place)
			must(t, s.Backup(testID))
			must(t, s.Close())
			x.harm(t, path)
			s = storage.Open(root, place)
			defer s.Close()
			if err := s.Backup(testID); review.CodeOf(err) != x.code {
				t.Errorf("%v, want %s", err, x.code)
			}
			for _, place := range []string{filepath.Join(root, "backups"), place} {
				if got, want := names(t, place), []string{nameOf(1, w.tree.Checkpoint())}; !slices.Equal(got, want) {
					t.Errorf("%s holds %q, want %q", place, got, want)
				}
			}
		})
	}
}

// A copy that SQLite writes is laid out as the program writes databases itself,
// and a database can be as large as it likes: BenchmarkBackup says in what time.
func TestBackupOfLarge(t *testing.T) {
	root := t.TempDir()
	large(t, root, 100, 20_000)
	s := storage.Open(root, t.TempDir())
	defer s.Close()
	must(t, s.Backup(testID))
	copies, err := s.Backups(testID)
	must(t, err)
	var content [2][]byte
	for i, c := range copies {
		content[i], err = os.ReadFile(c.Path)
		must(t, err)
	}
	if len(copies) != 2 || !bytes.Equal(content[0], content[1]) || len(content[0]) < 2_000_000 {
		t.Errorf("%d copies of %d and %d bytes", len(copies), len(content[0]), len(content[1]))
	}
}

// The meeting goes on while it is copied; each copy is the meeting as it was once.
func TestBackupMeanwhile(t *testing.T) {
	root := t.TempDir()
	w, _ := written(t, root, 2)
	s := storage.Open(root, t.TempDir())
	defer s.Close()
	var writer sync.WaitGroup
	stop := make(chan struct{})
	writer.Go(func() {
		for n := 2; ; n++ {
			select {
			case <-stop:
				return
			default:
				if err := store(s, w, n); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	for range 5 {
		if err := s.Backup(testID); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	writer.Wait()
	copies, err := s.Backups(testID)
	must(t, err)
	if len(copies) != 10 {
		t.Errorf("%d copies", len(copies))
	}
	for _, c := range copies {
		r, err := s.OpenCopy(testID, c.Path)
		must(t, err)
		must(t, holds(r, int(c.Size)-2))
		must(t, r.Close())
	}
}

// On a full disk there is no new copy, and those before stay.
func TestBackupFullDisk(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	root := t.TempDir()
	w, path := written(t, root, 3)
	info, err := os.Stat(path)
	must(t, err)
	disk := reviewtest.NewTmpfs(t, "size=1m")
	s := storage.Open(root, disk.Path)
	defer s.Close()
	must(t, s.Backup(testID))
	first := nameOf(1, w.tree.Checkpoint())
	refused := 0
	for free := int64(0); free <= info.Size()+4096; free += 4096 {
		must(t, os.RemoveAll(filepath.Join(root, "backups"))) // so that SQLite writes there first
		must(t, os.WriteFile(filepath.Join(root, "backups"), nil, 0o600))
		disk.Leave(t, free)
		err := s.Backup(testID)
		reviewtest.WantCode(t, err, review.CodeBackupFailed) // of the own place, at least
		got := names(t, disk.Path)
		if strings.Contains(review.ItemOf(err), disk.Path) {
			refused++
			if !slices.Equal(got, []string{first}) {
				t.Fatalf("%d bytes free: the ring holds %q", free, got)
			}
		} else if !slices.Equal(got, []string{first, nameOf(2, w.tree.Checkpoint())}) {
			t.Fatalf("%d bytes free: the ring holds %q", free, got)
		}
		must(t, os.Remove(filepath.Join(root, "backups")))
	}
	if refused < 3 {
		t.Errorf("the disk was full %d times", refused)
	}
	must(t, holds(s, 2))
}

// OpenCopy looks at a file as it looks at a database of its own, and changes
// nothing.
func TestOpenCopyRefused(t *testing.T) {
	root := t.TempDir()
	_, path := written(t, root, 3)
	s := storage.Open(root)
	defer s.Close()
	_, err := s.OpenCopy(testID, path) // its own, in use or not
	reviewtest.WantCode(t, err, review.CodeStoreFailed)
	_, err = s.Load(testID)
	must(t, err)
	dir := t.TempDir()
	sound, err := os.ReadFile(path)
	must(t, err)
	put := func(name string, content []byte) string {
		must(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
		return filepath.Join(dir, name)
	}
	newer := slices.Clone(sound)
	binary.BigEndian.PutUint32(newer[60:], 3)
	unfinished := put("unfinished", sound)
	cutOff(t, unfinished)
	fifo := filepath.Join(dir, "fifo")
	must(t, syscall.Mkfifo(fifo, 0o600))
	for path, code := range map[string]review.Code{
		put("text", []byte("no database")): review.CodeStoreForeign,
		put("newer", newer):                review.CodeStoreNewer,
		put("short", sound[:len(sound)-1]): review.CodeStoreDamaged,
		put("empty", nil):                  review.CodeStoreForeign,
		unfinished:                         review.CodeStoreUnfinished,
		fifo:                               review.CodeStoreForeign,
		dir:                                review.CodeStoreForeign,
		filepath.Join(dir, "none"):         review.CodeFileMissing,
		filepath.Join(dir, "no", "none"):   review.CodeFileMissing,
		path:                               review.CodeStoreFailed, // in use
	} {
		before := reviewtest.Snapshot(t, dir)
		within(t, func() {
			if _, err := s.OpenCopy(testID, path); review.CodeOf(err) != code {
				t.Errorf("%s: %v, want %s", filepath.Base(path), err, code)
			}
			if err := s.Restore(testID, path, 4, journal.Batch{Checkpoint: journal.Checkpoint{Size: 4}}); review.CodeOf(err) != code {
				t.Errorf("%s: %v, want %s", filepath.Base(path), err, code)
			}
		})
		if after := reviewtest.Snapshot(t, dir); after != before {
			t.Errorf("%s: looking changed it", filepath.Base(path))
		}
	}
	must(t, holds(s, 2))
	_, err = s.OpenCopy("another2meeting3for4test55", put("theirs", sound))
	reviewtest.WantCode(t, err, review.CodeBackupForeign)
	linked := filepath.Join(t.TempDir(), "linked")
	must(t, os.Symlink(dir, linked)) // a place may be one
	put("sound", sound)
	c, err := s.OpenCopy(testID, filepath.Join(linked, "sound"))
	must(t, err)
	must(t, holds(c, 2))
	must(t, c.Close())
}

// What only reads writes nothing, whatever it is asked.
func TestReadOnlyStore(t *testing.T) {
	root, place := t.TempDir(), t.TempDir()
	w, _ := written(t, root, 3)
	s := storage.Open(root, place)
	must(t, s.Backup(testID))
	s.SetCard(testID, []byte("card"))
	must(t, s.Close())
	before := reviewtest.Snapshot(t, root) + reviewtest.Snapshot(t, place)
	s = storage.OpenReadOnly(root, place)
	s.SetCard(testID, []byte("another"))
	if card := s.Card(testID); string(card) != "card" {
		t.Errorf("card %q", card)
	}
	copies, err := s.Backups(testID)
	must(t, err)
	if len(copies) != 2 {
		t.Errorf("copies %+v", copies)
	}
	c, err := s.OpenCopy(testID, copies[1].Path)
	must(t, err)
	must(t, holds(c, 2))
	must(t, c.Close())
	reviewtest.WantCode(t, s.Backup(testID), review.CodeDirReadOnly)
	reviewtest.WantCode(t, s.DropBackups(testID), review.CodeDirReadOnly)
	_, _, err = s.SetAside(testID, nil)
	reviewtest.WantCode(t, err, review.CodeDirReadOnly)
	b := journal.Batch{Checkpoint: w.tree.Checkpoint()}
	reviewtest.WantCode(t, s.Restore(testID, copies[0].Path, w.size(), b), review.CodeDirReadOnly)
	must(t, holds(s, 2))
	s.SetCard(testID, []byte("another"))
	must(t, s.Close())
	if after := reviewtest.Snapshot(t, root) + reviewtest.Snapshot(t, place); after != before {
		t.Errorf("it changed:\n%s\nwas\n%s", after, before)
	}
}

// Nobody else can read what stands beside a meeting, whatever the umask.
func TestModesBeside(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	root, place := t.TempDir(), t.TempDir()
	written(t, root, 2)
	s := storage.Open(root, place)
	must(t, s.Backup(testID))
	s.SetCard(testID, []byte("card"))
	_, _, err := s.SetAside(testID, map[string][]byte{"findings.txt": nil})
	must(t, err)
	copies, err := s.Backups(testID)
	must(t, err)
	must(t, s.Restore(testID, copies[0].Path, 3, journal.Batch{Checkpoint: checkpointOf(t, s)}))
	must(t, s.Close())
	for _, dir := range []string{filepath.Join(root, "backups"), filepath.Join(root, "evidence"), filepath.Join(root, "meetings"), filepath.Join(place, string(testID))} {
		must(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
			want := os.FileMode(0o600)
			if err == nil && info.IsDir() {
				want = 0o700
			}
			if err == nil && info.Mode().Perm() != want {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
			return err
		}))
	}
}

func checkpointOf(t *testing.T, r journal.Reader) journal.Checkpoint {
	t.Helper()
	rec, err := r.Load(testID)
	must(t, err)
	return after(rec.Entries, nil)
}
