package datadir_test

import (
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/crash"
	"heyi/storage/datadir"
)

// holdings gives what lies in a directory, by name, each as the digest of its content.
func holdings(d *datadir.Dir) (map[string]review.Digest, error) {
	out := map[string]review.Digest{}
	list, err := d.Packages(testID)
	if err != nil {
		return nil, err
	}
	for _, digest := range list {
		p, err := d.Package(testID, digest)
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(io.NewSectionReader(p, 0, p.Size()))
		p.Close()
		if err != nil {
			return nil, err
		}
		out[string(digest)] = review.DigestOf(content)
	}
	trust, err := d.Trust()
	out["trust"] = review.DigestOf(trust)
	return out, err
}

// Power fails before and after every operation on the disk. What was acknowledged is
// there, whole, and at most one act more; of a copy without a name nothing is left.
func TestPackagePower(t *testing.T) {
	var after []map[string]review.Digest // so many acts
	d := opened(t, t.TempDir())
	for n := range powerActs + 1 {
		now, err := holdings(d)
		must(t, err)
		after = append(after, now)
		if n < powerActs {
			must(t, powerAct(d, n))
		}
	}
	judge := func(r crash.Remains) error {
		d, err := datadir.Open(r.Dir)
		if err != nil {
			return err
		}
		defer d.Close()
		now, err := holdings(d)
		if err != nil {
			return err
		}
		done := len(r.Acks)
		if tree := reviewtest.Tree(t, r.Dir); strings.Contains(tree, "part") || len(r.Complaints) > 0 {
			return fmt.Errorf("left %q, said %q", tree, r.Complaints)
		}
		if !maps.Equal(now, after[done]) && !maps.Equal(now, after[min(done+1, powerActs)]) {
			return fmt.Errorf("after %d acts %v", done, now)
		}
		return nil
	}
	root := t.TempDir()
	recording := crash.Record(t, root, another(root, "acts"))
	if got := len(recording.Acks()); got != powerActs {
		t.Fatalf("%d acts", got)
	}
	s := recording.Survey(t, crash.POSIX, 3000, judge)
	t.Logf("%d operations, %d states, %d distinct", recording.Operations(), s.States, s.Distinct)
	recording.Report(t, s)
}
