package bag

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// regulated is the sample with a regulation in so many files.
func regulated(files int) Tree {
	s := sample()
	for n := range files {
		s = s.with(RegulationName(n+1), fmt.Sprintf("id: part-%d\n", n+1))
	}
	return s
}

// TestRegulation: a package carries the files of its own regulation as they are, one to
// eight of them, in the order of their numbers, which is not that of their names.
func TestRegulation(t *testing.T) {
	if p := must(opened(built(t, sample()), trusting())); p.Regulation() != nil {
		t.Errorf("a package without one brings %q", p.Regulation())
	}
	for _, n := range []int{1, 2, MaxRuleFiles} {
		file := built(t, regulated(n))
		p := must(opened(file, trusting()))
		again := must(Reopen(bytes.NewReader(file), int64(len(file)), p.Digest()))
		for _, got := range [][][]byte{p.Regulation(), again.Regulation()} {
			if len(got) != n {
				t.Fatalf("%d files: %q", n, got)
			}
			for i, b := range got {
				if want := fmt.Sprintf("id: part-%d\n", i+1); string(b) != want {
					t.Errorf("%d files: the %d. is %q", n, i+1, b)
				}
			}
		}
		if err := p.Check(); err != nil {
			t.Error(err)
		}
	}
	// As large as may be.
	large := strings.Repeat("x", MaxRuleFile)
	if p := must(opened(built(t, sample().with("regulation.yaml", large)), trusting())); len(p.Regulation()[0]) != MaxRuleFile {
		t.Error(len(p.Regulation()[0]))
	}
}

// TestRegulationSource: what is called as if it were of a regulation comes in, or nothing
// does: a file that is passed over in silence would be missed too late.
func TestRegulationSource(t *testing.T) {
	for _, c := range []struct {
		what   string
		source Tree
		want   review.Code
		item   string
	}{
		{"a part missing", regulated(3).with("regulation-2.yaml", nil), review.CodePackageRegulation, "regulation-2.yaml"},
		{"the first missing", regulated(2).with("regulation.yaml", nil), review.CodePackageRegulation, "regulation.yaml"},
		{"nine", regulated(9), review.CodePackageRegulation, "regulation-9.yaml"},
		{"one that is numbered from 1", regulated(0).with("regulation-1.yaml", "x"), review.CodePackageRegulation, "regulation-1.yaml"},
		{"a number of two digits", regulated(1).with("regulation-02.yaml", "x"), review.CodePackageRegulation, "regulation-02.yaml"},
		{"a copy", regulated(1).with("regulation（副本）.yaml", "x"), review.CodePackageRegulation, "regulation（副本）.yaml"},
		{"another ending", regulated(0).with("regulation.yml", "x"), review.CodePackageRegulation, "regulation.yml"},
		{"capitals", regulated(0).with("Regulation.YAML", "x"), review.CodePackageRegulation, "Regulation.YAML"},
		{"a directory", regulated(0).with("regulation.yaml/x", "x"), review.CodePackageSource, "regulation.yaml"},
		{"a byte too many", regulated(1).with("regulation.yaml", strings.Repeat("x", MaxRuleFile+1)), review.CodePackageLimit, "regulation.yaml"},
	} {
		var b bytes.Buffer
		_, err := BuildDir(&b, c.source, testIssuer(), testTime)
		if review.CodeOf(err) != c.want || review.ItemOf(err) != c.item || b.Len() > 0 {
			t.Errorf("%s: %v, want %q about %q; %d bytes came out", c.what, err, c.want, c.item, b.Len())
		}
	}
	// What is called otherwise is no matter of the package.
	if p := must(BuildDir(io.Discard, sample().with("我的regulation.yaml", "x"), testIssuer(), testTime)); p.Regulation() != nil {
		t.Errorf("%q", p.Regulation())
	}
}

// TestRegulationHostile: packages that BuildDir would not make, signed by the very issuer.
func TestRegulationHostile(t *testing.T) {
	put := func(names ...string) func(f *forge) {
		return func(f *forge) {
			for _, name := range names {
				f.put("data/"+name, []byte("x"))
			}
		}
	}
	row := func(n int) (names []string) {
		for i := range n {
			names = append(names, RegulationName(i+1))
		}
		return names
	}
	for _, c := range []struct {
		what  string
		forge func(f *forge)
		want  review.Code
		item  string
	}{
		{"one", put(row(1)...), "", ""},
		{"eight", put(row(8)...), "", ""},
		{"nine", put(row(9)...), review.CodePackageRegulation, "data/regulation-9.yaml"},
		{"a part missing", put("regulation.yaml", "regulation-3.yaml"), review.CodePackageRegulation, "data/regulation-2.yaml"},
		{"the first missing", put("regulation-2.yaml"), review.CodePackageRegulation, "data/regulation.yaml"},
		{"in a directory", put("regulation/x.yaml"), review.CodePackageRegulation, "data/regulation/x.yaml"},
		{"of a project", put("projects/01/regulation.yaml"), review.CodePackageDocument, "data/projects/01/regulation.yaml"},
		{"too long", func(f *forge) { f.put("data/regulation.yaml", make([]byte, MaxRuleFile+1)) }, review.CodePackageLimit, "data/regulation.yaml"},
		{"of another digest", func(f *forge) {
			f.put("data/regulation.yaml", []byte("x")).zip = func(list []rawEntry) []rawEntry {
				i := slices.IndexFunc(list, func(e rawEntry) bool { return e.name == "data/regulation.yaml" })
				list[i] = newRaw(list[i].name, []byte("y"))
				return list
			}
		}, review.CodePackageAltered, "data/regulation.yaml"},
	} {
		f := newForge(t)
		c.forge(f)
		file := f.file()
		p, err := opened(file, trusting())
		if review.CodeOf(err) != c.want || review.ItemOf(err) != c.item {
			t.Errorf("%s: %v, want %q about %q", c.what, err, c.want, c.item)
		}
		if c.want == "" && !bytes.Equal(p.Regulation()[0], []byte("x")) {
			t.Errorf("%s: %q", c.what, p.Regulation())
		}
	}
	// What changes in a file that lies with a meeting is found where its rules are read.
	file := built(t, regulated(2))
	p := must(opened(file, trusting()))
	at := bytes.Index(file, []byte("part-2"))
	file[at] = 'q'
	_, err := Reopen(bytes.NewReader(file), int64(len(file)), p.Digest())
	reviewtest.WantCode(t, err, review.CodePackageAltered)
	reviewtest.WantCode(t, p.Check(), review.CodePackageAltered)
}
