package storage_test

import (
	"bytes"
	cryptorand "crypto/rand"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"time"

	"heyi/assets"
	"heyi/review"
	"heyi/review/bag"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/crash"
	"heyi/review/reviewtest/fakes"
	scripted "heyi/review/reviewtest/script"
	"heyi/review/seal"
	"heyi/storage"
	"heyi/storage/datadir"
)

// builtIn are the packs of the program.
var builtIn = sync.OnceValue(func() *regulation.Library {
	names, err := fs.Glob(assets.Packs, "packs/*.yaml")
	if err != nil {
		panic(err)
	}
	var files [][]byte
	for _, name := range names {
		b, err := assets.Packs.ReadFile(name)
		if err != nil {
			panic(err)
		}
		files = append(files, b)
	}
	lib, err := regulation.Open(files...)
	if err != nil {
		panic(err)
	}
	return lib
})

// issued is a day on which all issuers and packages of these tests hold.
var issued = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// newIssuer makes somebody who issues packages.
func newIssuer(t testing.TB, name string) *seal.Issuer {
	t.Helper()
	i, err := seal.NewIssuer(name, issued)
	must(t, err)
	return i
}

// desk is where packages are taken in: a data directory on the disk, and beside it what
// the user has seen.
type desk struct {
	*meeting.Services
	dir   *datadir.Dir
	store *storage.Store
}

// ways are how a desk may stand between the services and the disk; processes that are
// killed and traced get them by name.
var ways = map[string]func(*meeting.Config){
	asItIs:     func(*meeting.Config) {},
	quietly:    func(c *meeting.Config) { c.Store = quiet{c.Store} },
	entryFirst: func(c *meeting.Config) { c.Store, c.Packages = quiet{c.Store}, late{c.Packages} },
	unsynced:   func(c *meeting.Config) { c.Store, c.Packages = quiet{c.Store}, careless{c.Packages, c.Files.Root()} },
}

const (
	asItIs     = "as-it-is"
	quietly    = "quietly"     // no copies in the background, which only make work
	entryFirst = "entry-first" // wrong: a package gets its name after its entry
	unsynced   = "unsynced"    // wrong: who is trusted is written and not synced
)

// openDesk opens the desk under root.
func openDesk(root string, stand func(*meeting.Config)) (*desk, error) {
	dir, err := datadir.Open(filepath.Join(root, "data"))
	if err != nil {
		return nil, err
	}
	marks, err := datadir.NewMarks(func(string) string { return filepath.Join(root, "seen") })
	if err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	store := storage.Open(dir.Root())
	c := meeting.Config{
		Store: store, Papers: fakes.Papers{}, Files: dir, Packages: dir, Rules: builtIn(), Marks: marks,
		Now: time.Now, Random: cryptorand.Reader, WorkFactor: 1,
	}
	stand(&c)
	return &desk{meeting.New(c), dir, store}, nil
}

// close ends the run.
func (d *desk) close() error {
	d.Close()
	return errors.Join(d.store.Close(), d.dir.Close())
}

// quiet is a store without copies and cards.
type quiet struct{ meeting.Store }

func (quiet) Backup(review.MeetingID) error            { return nil }
func (quiet) SetCard(id review.MeetingID, card []byte) {}

// shelf goes by another name than its method Packages.
type shelf = meeting.Packages

// late gives a package its name only after the entry is on the disk.
type late struct{ shelf }

func (l late) StagePackage(id review.MeetingID, src io.Reader) (meeting.Staged, error) {
	s, err := l.shelf.StagePackage(id, src)
	return &lateStaged{Staged: s}, err
}

type lateStaged struct {
	meeting.Staged
	name review.Digest
}

func (s *lateStaged) Keep(d review.Digest) error { s.name = d; return nil }

func (s *lateStaged) Drop() error {
	if s.name == "" {
		return s.Staged.Drop()
	}
	return s.Staged.Keep(s.name)
}

// careless writes the list of issuers as if nothing could happen.
type careless struct {
	shelf
	root string
}

func (c careless) SetTrust(b []byte) error {
	return os.WriteFile(filepath.Join(c.root, "trust.json"), b, 0o600)
}

// errand is something that a desk is asked to do about packages. Does is create, trust,
// revoke or import.
type errand struct {
	Does   string
	Issuer []byte                 // his certificate
	File   []byte                 // of import
	Brings review.PackageImported // of import
}

func (e errand) fingerprint() seal.Fingerprint { return seal.FingerprintOf(e.Issuer) }

// do does it. x is the secretary's session, nil before there is a meeting; it gives the
// one after it.
func (e errand) do(d *desk, x *meeting.Session) (*meeting.Session, error) {
	var err error
	switch e.Does {
	case "create":
		return d.Create(meeting.NewMeeting{Title: "技术方案评审会", Secretary: "吕蒙正", Passphrase: scripted.Passphrase, Repeated: scripted.Passphrase})
	case "trust":
		_, err = d.TrustIssuer(e.Issuer, e.fingerprint().String())
	case "revoke":
		_, err = d.RevokeIssuer(e.fingerprint().String(), "密钥遗失")
	case "import":
		_, err = x.Import(bytes.NewReader(e.File), int64(len(e.File)), true)
	}
	return x, err
}

// done tells whether it was done.
func (e errand) done(v view) bool {
	switch e.Does {
	case "create":
		return v.state.Meeting != ""
	case "import":
		return v.records(e.Brings.Package)
	}
	return slices.ContainsFunc(v.trust.Issuers, func(i bag.Issuer) bool {
		return i.Fingerprint == e.fingerprint() && (e.Does == "trust" || i.Revoked != "")
	})
}

// noted tells whether the list knows of the package that it brings, or of a later issue.
func (e errand) noted(v view) bool {
	return slices.ContainsFunc(v.trust.Seen, func(s bag.Seen) bool {
		return s.Issuer == e.fingerprint() && s.Package == e.Brings.ID &&
			(s.Seq > e.Brings.Seq || s.Seq == e.Brings.Seq && s.Digest == e.Brings.Package)
	})
}

// view is what a desk has.
type view struct {
	trust bag.Trust
	state *review.State // empty before there is a meeting
	lying []review.Digest
}

// records tells whether a package is on record.
func (v view) records(d review.Digest) bool {
	return slices.ContainsFunc(v.state.Packages, func(p review.Package) bool { return p.Package == d })
}

// view looks at it as a start does.
func (d *desk) view() (v view, err error) {
	v.state = &review.State{}
	b, err := d.dir.Trust()
	if err != nil {
		return v, err
	}
	if v.trust, err = bag.DecodeTrust(b); err != nil {
		return v, err
	}
	list, err := d.List()
	if err != nil || len(list) == 0 {
		return v, err
	}
	if len(list) > 1 || list[0].Err != nil {
		return v, fmt.Errorf("%d meetings: %w", len(list), list[0].Err)
	}
	rec, err := d.store.Load(list[0].ID)
	if err != nil {
		return v, err
	}
	if v.state, _, err = journal.Fold(rec.Entries); err != nil {
		return v, err
	}
	v.lying, err = d.dir.Packages(list[0].ID)
	return v, err
}

// agenda is errands in their order.
type agenda []errand

// held tells how many errands were done, and fails if there is anything but those and what
// may be left of the next one: that its package was noted, and its file.
func (a agenda) held(v view) (n int, err error) {
	for n < len(a) && a[n].done(v) {
		n++
	}
	for k, e := range a {
		switch {
		case k > n && e.done(v):
			return n, fmt.Errorf("errand %d, %s, was done before errand %d", k, e.Does, n)
		case e.Does != "import":
		case k < n && !e.noted(v):
			return n, fmt.Errorf("the package of errand %d is on record, but was not noted", k)
		case k < n && !slices.Contains(v.lying, e.Brings.Package):
			return n, fmt.Errorf("the package of errand %d is on record, but has no file", k)
		case k > n && slices.ContainsFunc(v.trust.Seen, func(s bag.Seen) bool { return s.Digest == e.Brings.Package }):
			return n, fmt.Errorf("the package of errand %d was noted before errand %d", k, n)
		}
	}
	for _, d := range v.lying {
		if !v.records(d) && (n == len(a) || a[n].Brings.Package != d) {
			return n, fmt.Errorf("%d errands were done; there is a file of %s", n, d)
		}
	}
	return n, nil
}

// packed gives a package with one project, whose profile says told, and whose documents
// are a plan that says plan and a drawing of several blocks.
func packed(t testing.TB, by *seal.Issuer, id string, seq int, project, told, plan string) errand {
	t.Helper()
	tree := bag.Tree{
		"projects/" + project + "/plan.txt":    []byte(plan),
		"projects/" + project + "/drawing.dwg": append([]byte("AC1032"), bytes.Repeat([]byte{byte(seq)}, 9000)...),
	}
	for name, v := range map[string]any{
		"package.json": map[string]any{"version": 1, "id": id, "seq": seq, "secrecy": "none", "title": "评审包" + id},
		"meeting.json": map[string]any{"version": 1, "title": "技术方案评审会", "place": "", "time": "", "roster": []any{
			map[string]any{"name": "郭守敬", "unit": "市水利局", "title": "高级工程师", "roles": []any{"expert"}},
		}},
		"projects/" + project + "/project.json": map[string]any{
			"version": 1, "title": "项目" + project, "code": "", "scheme": "yueqing-2015.technical_review", "quorum": 3,
			"units":   []any{map[string]any{"part": "owner", "name": "乐清市政务服务信息中心"}},
			"facts":   map[string]any{"investment_cny": "2360000.00", "pre_review": "agreed"},
			"profile": []any{map[string]any{"label": "项目概况", "text": told}},
			"documents": []any{
				map[string]any{"file": "plan.txt", "title": "项目技术方案", "material": "Y2-E1"},
				map[string]any{"file": "drawing.dwg", "title": "网络拓扑图", "material": ""},
			},
		},
	} {
		b, err := json.Marshal(v)
		must(t, err)
		tree[name] = b
	}
	var file bytes.Buffer
	p, err := bag.BuildDir(&file, tree, by, issued)
	must(t, err)
	return errand{Does: "import", Issuer: by.Certificate(), File: file.Bytes(), Brings: p.Record()}
}

// newAgenda is a meeting that packages of two issuers come into, one of them in a second
// issue, while the issuers are being trusted and one is no more. It is the same one each
// time, so that what failed can be repeated.
func newAgenda(t *testing.T) agenda {
	t.Helper()
	cryptotest.SetGlobalRandom(t, 1)
	a, b := newIssuer(t, "乐清市电子政务中心"), newIssuer(t, "市数据局")
	const told, plan = "升级改造。", "技术方案正文。\n"
	return agenda{
		{Does: "create"},
		{Does: "trust", Issuer: a.Certificate()},
		packed(t, a, "A-1", 1, "gxpt", told, plan),
		{Does: "trust", Issuer: b.Certificate()},
		packed(t, b, "B-1", 1, "bsdt", told, plan),
		packed(t, a, "A-1", 2, "gxpt-2", told, plan),
		{Does: "revoke", Issuer: b.Certificate()},
	}
}

// child gives what makes the command of a process that does the errands.
func (a agenda) child(t *testing.T, way string) func(root string) *exec.Cmd {
	t.Helper()
	path := filepath.Join(t.TempDir(), "agenda")
	f, err := os.Create(path)
	must(t, err)
	must(t, gob.NewEncoder(f).Encode(a))
	must(t, f.Close())
	return func(root string) *exec.Cmd { return childIn(root, "import "+way+" "+path) }
}

// importing is such a process.
func importing(root, how string) error {
	way, path, _ := strings.Cut(how, " ")
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var a agenda
	if err := gob.NewDecoder(f).Decode(&a); err != nil {
		return err
	}
	builtIn()
	fmt.Println("READY")
	for range 3 {
		if err = a.run(root, way); err == nil {
			break
		}
		fmt.Println("ERR", "run", review.CodeOf(err), err)
	}
	return err
}

// run does what of the errands was not done yet, and says ACK after each. After a failure
// it says ERR, the errand and the code, looks at what is there and goes on from that.
func (a agenda) run(root, way string) (err error) {
	d, err := openDesk(root, ways[way])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	n, v, err := d.progress(a)
	if err != nil {
		return err
	}
	var x *meeting.Session
	if n > 0 {
		if x, err = d.Enter(v.state.Meeting, scripted.Secretary, scripted.Passphrase); err != nil {
			return err
		}
		if err := a.acknowledge(n - 1); err != nil {
			return err
		}
	}
	for failures := 0; n < len(a); n++ {
		if x, err = a[n].do(d, x); err == nil {
			if err := a.acknowledge(n); err != nil {
				return err // nobody hears it
			}
			continue
		}
		fmt.Println("ERR", a[n].Does, review.CodeOf(err), err)
		if failures++; failures > 2 {
			return fmt.Errorf("errand %d: %w", n, err)
		}
		now, _, err := d.progress(a)
		if err != nil {
			return fmt.Errorf("after a failure at errand %d: %w", n, err)
		}
		if now == n {
			n-- // once more
		} else if err := a.acknowledge(n); err != nil {
			return err
		}
	}
	return nil
}

func (a agenda) acknowledge(n int) error {
	_, err := fmt.Println("ACK", n, a[n].Does)
	return err
}

// progress tells how many errands of an agenda were done, by what is there, and fails if
// any of it does not hold.
func (d *desk) progress(a agenda) (int, view, error) {
	v, err := d.view()
	if err != nil {
		return 0, v, err
	}
	for _, digest := range v.lying {
		path := filepath.Join(d.dir.Root(), "packages", string(v.state.Meeting), string(digest)+".rpk")
		content, err := os.ReadFile(path)
		if err != nil || !slices.ContainsFunc(a, func(e errand) bool {
			return e.Brings.Package == digest && bytes.Equal(e.File, content)
		}) {
			return 0, v, fmt.Errorf("%s of %d bytes is no package that came in: %v", path, len(content), err)
		}
	}
	n, err := a.held(v)
	return n, v, err
}

// judge looks at what such a process left: everything acknowledged is there, whole, and at
// most one errand more; and now and then that the next run goes on from there, and that
// nothing is left of what was cut off.
func (a agenda) judge(r crash.Remains) error { return a.judgeBut(r) }

// judgeBut is judge, but that the last errands may be lost if they are of these kinds.
func (a agenda) judgeBut(r crash.Remains, lost ...string) (err error) {
	d, err := openDesk(r.Dir, ways[quietly])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	n, _, err := d.progress(a)
	if err != nil {
		return err
	}
	last := numberOf(r.Acks)
	least := last + 1
	for least > 0 && slices.Contains(lost, a[least-1].Does) {
		least--
	}
	if n < least || n > last+2 {
		return fmt.Errorf("errand %d was acknowledged last, and %d are done", last, n)
	}
	if parts, err := partsIn(d.dir.Root()); err != nil || len(parts) > 0 {
		return fmt.Errorf("half written after the start: %q, %v", parts, err)
	}
	if r.Number%16 != 0 {
		return nil
	}
	// What goes on is another import where there is one, for it takes away what is left.
	next := n + slices.IndexFunc(a[n:], func(e errand) bool { return e.Does == "import" }) + 1
	if err := d.goOn(a[:max(next, n)]); err != nil {
		return fmt.Errorf("going on after %d errands: %w", n, err)
	}
	return nil
}

// goOn does what of the errands was not done yet.
func (d *desk) goOn(a agenda) error {
	v, err := d.view()
	if err != nil {
		return err
	}
	var x *meeting.Session
	if v.state.Meeting != "" {
		if x, err = d.Enter(v.state.Meeting, scripted.Secretary, scripted.Passphrase); err != nil {
			return err
		}
	}
	for _, e := range a {
		if e.done(v) {
			continue
		}
		if x, err = e.do(d, x); err != nil {
			return fmt.Errorf("%s: %w", e.Does, err)
		}
	}
	n, v, err := d.progress(a)
	if err != nil || n != len(a) || len(v.lying) != len(v.state.Packages) {
		return fmt.Errorf("%d of %d errands are done, with %d files of %d packages: %w", n, len(a), len(v.lying), len(v.state.Packages), err)
	}
	if found := d.Verify(v.state.Meeting, nil).Findings; len(found) > 0 {
		return fmt.Errorf("the verification finds %v", found)
	}
	for _, p := range v.state.Projects {
		for _, f := range p.Documents {
			r, err := x.Document(p.ID, f.File)
			if err != nil {
				return err
			}
			if err := r.Close(); err != nil {
				return err
			}
		}
	}
	return nil
}

// partsIn lists what is half written below a directory.
func partsIn(root string) (parts []string, err error) {
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".heyi.part") {
			parts = append(parts, path)
		}
		return err
	})
	return parts, err
}

// R1 of the test plan, for what comes in: whoever takes packages in is killed at random
// times, the next goes on where he was, and is killed too.
func TestKilledImporting(t *testing.T) {
	a := newAgenda(t)
	acks := crash.Killing{
		Child: a.child(t, asItIs),
		After: func(r *rand.Rand) time.Duration {
			within := 80 * time.Millisecond
			if r.IntN(4) == 0 {
				within = 400 * time.Millisecond // about what all of it takes a slow disk
			}
			return time.Duration(r.Int64N(int64(within)))
		},
		Lives: 4,
		Judge: a.judge,
	}.Run(t)
	if acks == 0 {
		t.Error("nothing was acknowledged: that tells nothing")
	}
}

// dying is a store that stores once more, says that it could not, and then gives nothing
// until it is revived.
type dying struct {
	meeting.Store
	armed, dead bool
}

func (s *dying) Commit(id review.MeetingID, expect int64, b journal.Batch) error {
	err := s.Store.Commit(id, expect, b)
	if err == nil && s.armed {
		s.armed, s.dead = false, true
		err = review.E(review.CodeStoreFailed, "dying.Commit", string(id), nil)
	}
	return err
}

func (s *dying) Load(id review.MeetingID) (journal.Record, error) {
	if s.dead {
		return journal.Record{}, review.E(review.CodeStoreFailed, "dying.Load", string(id), nil)
	}
	return s.Store.Load(id)
}

// TestImportStoredUnseen: the disk stores an import, says that it failed, and cannot be
// read. The file of the package stays, whatever is done before it can be read again.
func TestImportStoredUnseen(t *testing.T) {
	a := newAgenda(t)
	root := t.TempDir()
	var s *dying
	d, err := openDesk(root, func(c *meeting.Config) { s = &dying{Store: quiet{c.Store}}; c.Store = s })
	must(t, err)
	var x *meeting.Session
	for _, e := range a[:2] {
		x, err = e.do(d, x)
		must(t, err)
	}
	s.armed = true
	_, err = a[2].do(d, x)
	reviewtest.WantCode(t, err, review.CodeStoreFailed)
	if _, err := a[2].do(d, x); err == nil {
		t.Error("it was taken in once more by a store that gives nothing")
	}
	s.dead = false
	for _, e := range a[3:] {
		if _, err := e.do(d, x); err != nil { // the session may have to learn first what was stored
			_, err = e.do(d, x)
			must(t, err)
		}
	}
	must(t, d.close())
	d, err = openDesk(root, ways[quietly])
	must(t, err)
	must(t, errors.Join(d.goOn(a), d.close()))
}

// TestImportTogether: packages that come in at the same moment do not take each other's
// files away.
func TestImportTogether(t *testing.T) {
	a := newAgenda(t)[:2]
	issuer := newIssuer(t, "省数据局")
	a = append(a, errand{Does: "trust", Issuer: issuer.Certificate()})
	for i := range 12 {
		a = append(a, packed(t, issuer, fmt.Sprintf("C-%d", i), 1, fmt.Sprintf("c%d", i), "升级改造。", "技术方案正文。\n"))
	}
	d, err := openDesk(t.TempDir(), ways[quietly])
	must(t, err)
	var x *meeting.Session
	for _, e := range a[:3] {
		x, err = e.do(d, x)
		must(t, err)
	}
	var all sync.WaitGroup
	for _, e := range a[3:] {
		all.Go(func() {
			if _, err := e.do(d, x); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	must(t, errors.Join(d.goOn(a), d.close()))
}

// TestImportCanary: what is in a package is found where it belongs and nowhere else: its
// documents in its file alone, what is told of its projects in the record, too. What was
// only looked at, refused or cut off is found nowhere.
func TestImportCanary(t *testing.T) {
	const told, plan = "暗礁灯塔七号", "潮汐锚链九号"
	root, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	d, err := openDesk(root, ways[asItIs])
	must(t, err)
	found := func(secret string) (names []string) {
		d.Close() // copies are done
		for _, dir := range []string{root, temp} {
			for _, place := range secretsIn(t, dir, map[string][]byte{"it": []byte(secret)}) {
				name, _, _ := strings.Cut(strings.TrimPrefix(place, "it in "), " (")
				names = append(names, name)
			}
		}
		return names
	}
	nowhere := func(when string) {
		t.Helper()
		if places := append(found(told), found(plan)...); len(places) > 0 {
			t.Errorf("%s: %v", when, places)
		}
	}
	issuer, stranger := newIssuer(t, "乐清市电子政务中心"), newIssuer(t, "冒名的中心")
	in := packed(t, issuer, "A-1", 1, "gxpt", told, plan+"正文")
	x, err := errand{Does: "create"}.do(d, nil)
	must(t, err)
	_, err = errand{Does: "trust", Issuer: issuer.Certificate()}.do(d, x)
	must(t, err)

	_, err = d.Preview(bytes.NewReader(in.File), int64(len(in.File)))
	must(t, err)
	nowhere("after the preview")
	altered := bytes.Clone(in.File)
	altered[bytes.Index(altered, []byte(plan))+len(plan)]++
	for code, file := range map[review.Code][]byte{
		review.CodePackageIssuer:  packed(t, stranger, "X-1", 1, "gxpt", told, plan).File,
		review.CodePackageAltered: altered,
	} {
		_, err := x.Import(bytes.NewReader(file), int64(len(file)), true)
		reviewtest.WantCode(t, err, code)
		nowhere("refused for " + string(code))
	}
	_, err = d.dir.StagePackage(x.Meeting(), bytes.NewReader(in.File))
	must(t, err)
	if len(found(plan)) == 0 {
		t.Error("the copy that is being verified is found nowhere: the search is blind")
	}
	must(t, d.close()) // as if it were killed: nobody ended the copy
	d, err = openDesk(root, ways[asItIs])
	must(t, err)
	nowhere("after what was cut off")

	x, err = d.Enter(x.Meeting(), scripted.Secretary, scripted.Passphrase)
	must(t, err)
	_, err = in.do(d, x)
	must(t, err)
	f, err := x.Document("p01", "0001.txt")
	must(t, err)
	must(t, errors.Join(f.Close(), d.close()))
	file := string(in.Brings.Package) + ".rpk"
	if places := found(plan); !slices.Equal(places, []string{file}) {
		t.Errorf("a document: %v", places)
	}
	record := 0
	for _, name := range found(told) {
		if strings.HasSuffix(name, ".db") { // the database and its copies
			record++
		} else if name != file {
			t.Errorf("what is told of a project: %s", name)
		}
	}
	if record < 2 {
		t.Errorf("what is told of a project is in %d of the record and its copies", record)
	}
}
