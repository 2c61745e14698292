package bag

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// sparse is a file of zeros of any size with some pieces in it.
type sparse struct {
	size   int64
	pieces map[int64][]byte
}

func (s *sparse) ReadAt(b []byte, at int64) (int, error) {
	clear(b)
	for from, content := range s.pieces {
		if lo, hi := max(at, from), min(at+int64(len(b)), from+int64(len(content))); lo < hi {
			copy(b[lo-at:hi-at], content[lo-from:])
		}
	}
	if at+int64(len(b)) > s.size {
		return int(max(0, s.size-at)), io.EOF
	}
	return len(b), nil
}

// container gives a file of entries of any size, whose contents are zeros.
func container(names []string, size func(name string) int64) *sparse {
	s := &sparse{pieces: map[int64][]byte{}}
	var entries []entry
	for _, name := range names {
		e := entry{name: name, size: size(name)}
		header := localHeader(e)
		s.pieces[s.size] = header
		e.offset = s.size + int64(len(header))
		s.size = e.offset + e.size
		entries = append(entries, e)
	}
	end := directory(entries, s.size)
	s.pieces[s.size] = end
	s.size += int64(len(end))
	return s
}

// TestContainerLimits: each limit of the container holds at its value and one above.
func TestContainerLimits(t *testing.T) {
	names := append([]string{}, tagNames...)
	const document = "data/projects/01/documents/0001.pdf"
	sized := func(name string, n int64) func(string) int64 {
		return func(s string) int64 {
			if s == name {
				return n
			}
			return 1
		}
	}
	check := func(what string, s *sparse, want review.Code) {
		t.Helper()
		_, err := readContainer(s, s.size)
		if got := review.CodeOf(err); got != want {
			t.Errorf("%s: %v, want %q", what, err, want)
		}
	}
	for name, max := range map[string]int64{
		nameBagit: MaxTag, nameInfo: MaxTag, nameManifest: MaxManifest, nameTagManifest: MaxTag, nameSignature: 64 << 10,
		document: MaxEntry, nameMeeting: MaxJSON, record: MaxJSON,
	} {
		list := names
		if isData(name) {
			list = append(names[:len(names):len(names)], name)
		}
		check(name+" at its limit", container(list, sized(name, max)), "")
		check(name+" above its limit", container(list, sized(name, max+1)), review.CodePackageLimit)
	}

	many := func(n int) []string {
		list := append([]string{}, names...)
		for len(list) < n {
			list = append(list, fmt.Sprintf("data/projects/01/documents/%05d.txt", len(list)))
		}
		return list
	}
	one := func(string) int64 { return 1 }
	check("entries at their limit", container(many(MaxEntries), one), "")
	check("entries above their limit", container(many(MaxEntries+1), one), review.CodePackageLimit)

	// Every project.json at its limit, all together at theirs.
	records := append([]string{}, names...)
	for i := range MaxJSONs / MaxJSON {
		records = append(records, fmt.Sprintf("data/projects/%02d/project.json", i))
	}
	full := func(name string) int64 { return map[bool]int64{true: MaxJSON, false: 1}[isData(name)] }
	check("texts at their limit", container(records, full), "")
	check("texts above their limit", container(append(records, "data/projects/zz/project.json"), full), review.CodePackageLimit)

	// Five entries that fill the file to a byte.
	list := many(len(names) + 5)
	whole := container(list, func(name string) int64 {
		if isData(name) {
			return 400 << 20
		}
		return 1
	})
	rest := MaxFile - whole.size + 400<<20
	last := list[len(list)-1]
	fill := func(n int64) *sparse {
		return container(list, func(name string) int64 {
			switch {
			case name == last:
				return n
			case isData(name):
				return 400 << 20
			}
			return 1
		})
	}
	check("a file at its limit", fill(rest), "")
	check("a file above its limit", fill(rest+1), review.CodePackageLimit)
}

func TestNameLimits(t *testing.T) {
	for name, want := range map[string]bool{
		"data/" + strings.Repeat("a", MaxPart):                                      true,
		"data/" + strings.Repeat("a", MaxPart+1):                                    false,
		"data/" + strings.Repeat("a", 100) + "/" + strings.Repeat("b", MaxPath-106): true,
		"data/" + strings.Repeat("a", 100) + "/" + strings.Repeat("b", MaxPath-105): false,
		strings.TrimSuffix(strings.Repeat("a/", MaxDepth), "/"):                     true,
		strings.TrimSuffix(strings.Repeat("a/", MaxDepth+1), "/"):                   false,
		"data/projects/a-1/documents/0001.pdf":                                      true,
		"data/-rf":                                                                  false,
		"data/console":                                                              true,
		"data/com":                                                                  true,
		"data/com10":                                                                true,
		"data/conin.txt":                                                            true,
	} {
		if checkName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

func TestJSONLimits(t *testing.T) {
	deep := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	many := func(n int) []byte { return []byte("[" + strings.Repeat("1,", n-2) + "1]") }
	for what, c := range map[string]struct {
		text []byte
		want review.Code
	}{
		"as deep as may be":  {deep(MaxNesting), ""},
		"deeper":             {deep(MaxNesting + 1), review.CodePackageLimit},
		"as many as may be":  {many(maxValues), ""},
		"more":               {many(maxValues + 1), review.CodePackageLimit},
		"as large as may be": {[]byte(strings.Repeat(" ", MaxJSON-1) + "1"), ""},
		"larger":             {[]byte(strings.Repeat(" ", MaxJSON) + "1"), review.CodePackageLimit},
	} {
		_, err := parseJSON("x.json", c.text)
		if got := review.CodeOf(err); got != c.want {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

// TestContentLimits: each list and text of the content at its limit and one above.
func TestContentLimits(t *testing.T) {
	list := func(n int, item string) string {
		return strings.TrimSuffix(strings.Repeat(strings.ReplaceAll(item, "#", "%[1]d")+",", n), ",")
	}
	numbered := func(n int, item string) string {
		items := make([]string, n)
		for i := range items {
			items[i] = strings.ReplaceAll(item, "#", fmt.Sprint(i))
		}
		return strings.Join(items, ",")
	}
	text := func(n int) string { return strings.Repeat("字", n) }
	project := func(member string) error {
		all := map[string]string{"title": `"x"`, "scheme": `"x"`, "quorum": "1"}
		name, value, _ := strings.Cut(member, ":")
		all[name] = value
		b := strings.Builder{}
		b.WriteString(`{"version":1`)
		for k, v := range all {
			fmt.Fprintf(&b, `,%q:%s`, k, v)
		}
		_, err := decodeProject("project.json", []byte(b.String()+"}"), true)
		return err
	}
	for _, c := range []struct {
		member func(n int) string
		max    int
		want   review.Code
	}{
		{func(n int) string { return `title:"` + text(n) + `"` }, review.MaxTitle, review.CodePackageValue},
		{func(n int) string { return `code:"` + text(n) + `"` }, review.MaxTitle, review.CodePackageValue},
		{func(n int) string { return `scheme:"` + strings.Repeat("a", n) + `"` }, 40, review.CodePackageValue},
		{func(n int) string { return fmt.Sprintf("quorum:%d", n) }, MaxRoster, review.CodePackageValue},
		{func(n int) string { return "units:[" + numbered(n, `{"part":"owner","name":"x#"}`) + "]" }, review.MaxUnits, review.CodePackageLimit},
		{func(n int) string { return "profile:[" + list(n, `{"label":"x","text":"y"}`) + "]" }, MaxProfile, review.CodePackageLimit},
		{func(n int) string { return `profile:[{"label":"x","text":"` + text(n) + `"}]` }, review.MaxText, review.CodePackageValue},
		{func(n int) string { return `profile:[{"label":"` + text(n) + `","text":"y"}]` }, review.MaxName, review.CodePackageValue},
		{func(n int) string { return "facts:{" + numbered(n, `"f#":true`) + "}" }, review.MaxFacts, review.CodePackageValue},
		{func(n int) string { return `facts:{"f":"` + text(n) + `"}` }, MaxValue, review.CodePackageValue},
		{func(n int) string { // of n bytes, keys and values
			return `facts:{"a":"` + text(10_000) + `","b":"` + text((n-30_004)/3) + `","c":"` + strings.Repeat("x", (n-30_004)%3+1) + `"}`
		}, MaxFacts, review.CodePackageLimit},
		{func(n int) string { return `facts:{"f":["` + text(n-4) + `"]}` }, MaxValue, review.CodePackageValue},
		{func(n int) string { return "documents:[" + numbered(n, `{"file":"#.pdf","title":"x"}`) + "]" }, review.MaxDocuments, review.CodePackageLimit},
		{func(n int) string { return `documents:[{"file":"` + text(n-4) + `.pdf","title":"x"}]` }, 83 + 4, review.CodePackageName},
	} {
		if err := project(c.member(c.max)); err != nil {
			t.Errorf("%.40s… at its limit of %d: %v", c.member(c.max), c.max, err)
		}
		reviewtest.WantCode(t, project(c.member(c.max+1)), c.want)
	}
	roster := func(n int) error {
		_, err := decodeMeeting("meeting.json", []byte(`{"version":1,"title":"x","roster":[`+numbered(n, `{"name":"n#","roles":["expert"]}`)+`]}`))
		return err
	}
	if err := roster(MaxRoster); err != nil {
		t.Error(err)
	}
	reviewtest.WantCode(t, roster(MaxRoster+1), review.CodePackageLimit)
}

// TestProjectLimits: a package without a project is none, and one with too many too.
func TestProjectLimits(t *testing.T) {
	with := func(n int) Tree {
		s := sample().with("projects/01/project.json", nil, "projects/01/技术方案（送审稿）.pdf", nil, "projects/01/附件/说明.txt", nil, "projects/01/.DS_Store", nil)
		for i := range n {
			s[fmt.Sprintf("projects/p%d/project.json", i)] = []byte(`{"version":1,"title":"x","scheme":"x","quorum":1}`)
		}
		return s
	}
	if p := must(opened(built(t, with(MaxProjects)), trusting())); len(p.Projects()) != MaxProjects {
		t.Error(len(p.Projects()))
	}
	_, err := BuildDir(io.Discard, with(MaxProjects+1), testIssuer(), testTime)
	reviewtest.WantCode(t, err, review.CodePackageLimit)
	_, err = BuildDir(io.Discard, with(0), testIssuer(), testTime)
	reviewtest.WantCode(t, err, review.CodePackageSource)
	f := newForge(t)
	f.data = f.data[:1] // meeting.json
	_, err = opened(f.file(), trusting())
	reviewtest.WantCode(t, err, review.CodePackageDocument)
}

// failing fails from the n-th reading on.
type failing struct {
	io.ReaderAt
	left int
	err  error
}

func (f *failing) ReadAt(b []byte, at int64) (int, error) {
	if f.left--; f.left < 0 {
		return 0, f.err
	}
	return f.ReaderAt.ReadAt(b, at)
}

// TestReadingFails: a medium that fails at any reading, or a reader that somebody
// stops, is said to be one, with the cause.
func TestReadingFails(t *testing.T) {
	file := built(t, sample())
	count := &counting{ReaderAt: bytes.NewReader(file)}
	if _, err := Open(count, int64(len(file)), trusting()); err != nil {
		t.Fatal(err)
	}
	stopped := fmt.Errorf("stopped")
	for n := range int(count.n.Load()) {
		f := &locked{failing: failing{bytes.NewReader(file), n, stopped}}
		_, err := Open(f, int64(len(file)), trusting())
		if review.CodeOf(err) != review.CodePackageRead || !strings.Contains(causes(err), "stopped") {
			t.Errorf("reading %d: %v", n, err)
		}
	}
}
