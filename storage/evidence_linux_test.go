package storage_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/storage"
)

// sumsHold tells whether a set of evidence holds these files and no others, each
// with the digest that is written of it.
func sumsHold(dir string, names ...string) error {
	sums, err := os.ReadFile(filepath.Join(dir, "sha256sum.txt"))
	if err != nil {
		return err
	}
	listed := map[string]string{}
	for line := range strings.Lines(string(sums)) {
		if sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); ok && !strings.HasPrefix(line, "#") {
			listed[name] = sum
		}
	}
	var there []string
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != "sha256sum.txt" {
			there = append(there, e.Name())
		}
	}
	if keys := slices.Sorted(maps.Keys(listed)); err != nil || !slices.Equal(there, names) || !slices.Equal(keys, names) {
		return fmt.Errorf("there is %q, listed %q, want %q: %w", there, keys, names, err)
	}
	for name, sum := range listed {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(review.DigestOf(content)) != sum {
			return fmt.Errorf("%s has another digest: %w", name, err)
		}
	}
	return nil
}

// setAside sets the meeting aside and gives the path and the list of digests.
func setAside(t *testing.T, s *storage.Store, notes map[string][]byte) (dir, sums string) {
	t.Helper()
	dir, digest, err := s.SetAside(testID, notes)
	must(t, err)
	b, err := os.ReadFile(filepath.Join(dir, "sha256sum.txt"))
	must(t, err)
	if review.DigestOf(b) != digest {
		t.Errorf("the digest %s is not of the list", digest)
	}
	return dir, string(b)
}

// A meeting is set aside byte by byte, sound or not, in the form of sha256sum -c.
func TestSetAside(t *testing.T) {
	root := t.TempDir()
	_, path := written(t, root, 3)
	s := storage.Open(root)
	s.SetCard(testID, []byte("card"))
	before, err := os.ReadFile(path)
	must(t, err)
	first, sums := setAside(t, s, map[string][]byte{"findings.txt": []byte("第 2 条不能通过核验\n")})
	if first != filepath.Join(root, "evidence", string(testID)+"-001") {
		t.Errorf("path %s", first)
	}
	must(t, sumsHold(first, "card.json", "findings.txt", "heyi.db", "heyi.db-journal"))
	if strings.Contains(sums, "#") {
		t.Errorf("remarks:\n%s", sums)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the database changed: %v", err)
	}
	c, err := s.OpenCopy(testID, filepath.Join(first, "heyi.db"))
	must(t, err)
	must(t, holds(c, 2))
	must(t, c.Close())

	// In the middle of what was cut off, with what SQLite would not open.
	must(t, s.Close())
	cutOff(t, path)
	dir := filepath.Dir(path)
	must(t, os.Truncate(path, 5000))
	must(t, syscall.Mkfifo(path+"-wal", 0o600))
	must(t, os.Symlink("/dev/zero", path+"-shm"))
	must(t, os.Mkdir(filepath.Join(dir, "odd\nname"), 0o700))
	must(t, os.Remove(filepath.Join(dir, "card.json")))
	must(t, syscall.Mkfifo(filepath.Join(dir, "card.json"), 0o600))
	snapshot := reviewtest.Snapshot(t, dir)
	s = storage.Open(root)
	defer s.Close()
	var second string
	within(t, func() { second, sums = setAside(t, s, map[string][]byte{"findings.txt": []byte("x")}) })
	if second != filepath.Join(root, "evidence", string(testID)+"-002") {
		t.Errorf("path %s", second)
	}
	must(t, sumsHold(second, "findings.txt", "heyi.db", "heyi.db-journal"))
	for _, want := range []string{
		`# "heyi.db-wal": no regular file`, `# "heyi.db-shm": no regular file`, `# "card.json": no regular file`,
		`# "odd\nname": not a file of the meeting`,
	} {
		if !strings.Contains(sums, want) {
			t.Errorf("nothing says %s in\n%s", want, sums)
		}
	}
	if after := reviewtest.Snapshot(t, dir); after != snapshot {
		t.Errorf("it changed:\n%s\nwas\n%s", after, snapshot)
	}
	for _, dir := range []string{first, second} {
		cmd := exec.Command("sha256sum", "--check", "--strict", "--quiet", "sha256sum.txt")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("sha256sum: %v\n%s", err, out)
		}
	}

	// Nothing is left of the database.
	must(t, os.RemoveAll(dir))
	must(t, os.Mkdir(dir, 0o700))
	third, sums := setAside(t, s, nil)
	must(t, sumsHold(third))
	if !strings.Contains(sums, `# "heyi.db": missing`) {
		t.Errorf("sums:\n%s", sums)
	}
}

// What cannot be set aside leaves nothing.
func TestSetAsideRefused(t *testing.T) {
	root := t.TempDir()
	written(t, root, 2)
	s := storage.Open(root)
	defer s.Close()
	before := reviewtest.Tree(t, root)
	for _, name := range []string{"", ".", "..", "../x", "a/b", `a\b`, "A", "heyi.db", "card.json", "sha256sum.txt", ".x", "x.", "a\n", "说明", strings.Repeat("a", 65)} {
		_, _, err := s.SetAside(testID, map[string][]byte{name: nil})
		reviewtest.WantCode(t, err, review.CodeDirFailed)
		if review.ItemOf(err) != name {
			t.Errorf("item %q, want %q", review.ItemOf(err), name)
		}
	}
	if after := reviewtest.Tree(t, root); after != before {
		t.Errorf("left:\n%s", after)
	}
	must(t, os.WriteFile(filepath.Join(root, "evidence"), nil, 0o600))
	_, _, err := s.SetAside(testID, nil)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	must(t, os.Remove(filepath.Join(root, "evidence")))
	_, _, err = storage.OpenReadOnly(root).SetAside(testID, nil)
	reviewtest.WantCode(t, err, review.CodeDirReadOnly)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	must(t, os.Rename(filepath.Join(root, "meetings", string(testID)), elsewhere))
	must(t, os.Symlink(elsewhere, filepath.Join(root, "meetings", string(testID))))
	_, _, err = s.SetAside(testID, nil)
	reviewtest.WantCode(t, err, review.CodeDirFailed)
	if _, err := os.Lstat(filepath.Join(root, "evidence")); !os.IsNotExist(err) {
		t.Errorf("left: %v", err)
	}
}

func TestSetAsideFullDisk(t *testing.T) {
	if !reviewtest.OwnMounts(t) {
		return
	}
	disk := reviewtest.NewTmpfs(t, "size=1m")
	_, path := written(t, disk.Path, 3)
	s := storage.Open(disk.Path)
	defer s.Close()
	info, err := os.Stat(path)
	must(t, err)
	notes := map[string][]byte{"findings.txt": []byte("x")}
	refused := 0
	for free := int64(0); free <= info.Size()+4*4096; free += 4096 {
		disk.Leave(t, free)
		dir, _, err := s.SetAside(testID, notes)
		if err == nil {
			must(t, sumsHold(dir, "findings.txt", "heyi.db", "heyi.db-journal"))
			must(t, os.RemoveAll(dir))
			continue
		}
		refused++
		reviewtest.WantCode(t, err, review.CodeDirFull)
		if left, err := os.ReadDir(filepath.Join(disk.Path, "evidence")); err != nil && !errors.Is(err, os.ErrNotExist) || len(left) > 0 {
			t.Fatalf("%d bytes free: left %v, %v", free, left, err)
		}
	}
	if refused == 0 {
		t.Error("the disk was never full")
	}
	must(t, holds(s, 2))
}
