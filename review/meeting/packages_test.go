package meeting_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
	count "heyi/review/scoring"
	"heyi/review/seal"
)

// packs gives the packs of the program, with a change to what their files say.
func packs(tb testing.TB, change func(name string, file []byte) []byte) *regulation.Library {
	tb.Helper()
	paths, err := filepath.Glob("../../assets/packs/*.yaml")
	if err != nil || len(paths) == 0 {
		tb.Fatalf("%v, %v", paths, err)
	}
	var files [][]byte
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			tb.Fatal(err)
		}
		files = append(files, change(filepath.Base(p), b))
	}
	lib, err := regulation.Open(files...)
	if err != nil {
		tb.Fatal(err)
	}
	return lib
}

var builtIn = sync.OnceValue(func() *regulation.Library {
	return packs(new(testing.T), func(_ string, b []byte) []byte { return b })
})

// issuer is who makes the packages of these tests.
var issuer = sync.OnceValue(func() *seal.Issuer {
	i, err := seal.NewIssuer("乐清市电子政务中心", time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	return i
})

const planText = "技术方案正文。\n"

// facts are what the project of these tests is known by.
func facts() map[string]any {
	return map[string]any{
		"investment_cny": "2360000.00", "preparer_qualified": true, "pre_review": "agreed",
	}
}

// source gives the directory of a package, with a change to it.
func source(tb testing.TB, change func(head, project map[string]any)) bag.Tree {
	tb.Helper()
	head := map[string]any{"version": 1, "id": "YQ-2026-017", "seq": 2, "secrecy": "none", "title": "政务数据共享平台评审包"}
	project := map[string]any{
		"version": 1, "title": "政务数据共享平台升级改造项目", "code": "YQDZ-2026-07", "scheme": "yueqing-2015.technical_review", "quorum": 3,
		"units": []any{
			map[string]any{"part": "owner", "name": "乐清市政务服务信息中心"},
			map[string]any{"part": "preparer", "name": "设计研究院"},
			map[string]any{"part": "contractor", "name": "甲公司"}, map[string]any{"part": "contractor", "name": "市水利局"},
		},
		"facts": facts(), "profile": []any{},
		"documents": []any{map[string]any{"file": "plan.txt", "title": "项目技术方案", "material": "Y2-E1"}},
	}
	change(head, project)
	tree := bag.Tree{"projects/gxpt/plan.txt": []byte(planText)}
	for name, v := range map[string]any{
		"package.json": head, "projects/gxpt/project.json": project,
		"meeting.json": map[string]any{"version": 1, "title": "技术方案评审会", "place": "", "time": "", "roster": []any{
			map[string]any{"name": "毕昇", "unit": "市财政局", "title": "科长", "roles": []any{"member"}}, // has a seat in the script
			map[string]any{"name": "郭守敬", "unit": "市水利局", "title": "高级工程师", "roles": []any{"expert"}},
		}},
	} {
		b, err := json.Marshal(v)
		if err != nil {
			tb.Fatal(err)
		}
		tree[name] = b
	}
	return tree
}

func asItIs(head, project map[string]any) {}

// packed gives a package.
func packed(tb testing.TB, change func(head, project map[string]any)) []byte {
	tb.Helper()
	return packedWith(tb, change, nil)
}

// packedWith gives a package with files beside its projects.
func packedWith(tb testing.TB, change func(head, project map[string]any), beside bag.Tree) []byte {
	tb.Helper()
	tree := source(tb, change)
	maps.Copy(tree, beside)
	var b bytes.Buffer
	if _, err := bag.BuildDir(&b, tree, issuer(), time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// hall is a room whose services take packages.
type hall struct {
	*room
	packages *fakes.Packages
	library  *regulation.Library
	voters   []review.SeatID        // who scores; the others do not come
	begin    func(review.ProjectID) // done before the first round begins; nil for nothing
	beside   bag.Tree               // what is beside the projects of a package that is scored
}

func newHall(tb testing.TB) *hall {
	h := &hall{room: newRoom(tb), packages: &fakes.Packages{}, library: builtIn(), voters: []review.SeatID{script.Chair, script.Second, script.Third, script.Fourth}}
	h.again()
	return h
}

// again begins another run on what the last one left.
func (h *hall) again() {
	h.Close()
	h.runs++
	h.Services = meeting.New(meeting.Config{
		Store: h.store, Papers: h.papers, Files: h.files, Packages: h.packages, Rules: h.library, Marks: h.marks, Now: h.clock.now,
		Random: rand.NewChaCha8([32]byte{h.runs, 2}), WorkFactor: 1,
	})
	h.Sessions = map[review.SeatID]*meeting.Session{}
}

// trusts makes the issuer one whom the hall trusts.
func (h *hall) trusts(tb testing.TB) {
	tb.Helper()
	if _, err := h.TrustIssuer(issuer().Certificate(), issuer().Fingerprint().String()); err != nil {
		tb.Fatal(err)
	}
}

// panel is the script up to the confirmed panel, without its projects.
func (h *hall) panel(tb testing.TB) {
	tb.Helper()
	for _, a := range script.Prepare(1) {
		if !strings.HasPrefix(a.Name, "project ") && !strings.HasPrefix(a.Name, "declare ") && a.Name != "chair of the other" {
			h.hold(tb, a)
		}
	}
}

// early is the script while people are coming in: the secretary and the chair are there.
func (h *hall) early(tb testing.TB) {
	tb.Helper()
	for _, a := range script.Prepare(1) {
		if a.Name == "create" || strings.HasPrefix(a.Name, "seat ") || a.Name == "claim "+string(script.Chair) {
			h.hold(tb, a)
		}
	}
}

func (h *hall) secretary() *meeting.Session { return h.Sessions[script.Secretary] }

func (h *hall) bring(file []byte) (meeting.Imported, error) {
	return h.secretary().Import(bytes.NewReader(file), int64(len(file)), true)
}

// nothing holds that a refused import left nothing.
func (h *hall) nothing(t *testing.T) {
	t.Helper()
	s := h.secretary().State()
	if len(s.Packages) != 0 || len(s.Projects) != 0 {
		t.Errorf("on record: %v %v", s.Packages, s.Projects)
	}
	if lying, err := h.packages.Packages(h.ID); err != nil || len(lying) != 0 {
		t.Errorf("files: %v, %v", lying, err)
	}
}

// TestImport holds what a package brings: its file, its projects, its people, the packs'
// bytes, all in one.
func TestImport(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	h.early(t)
	file := packed(t, asItIs)
	before := h.secretary().State().Size
	preview, err := h.Preview(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if got := preview.Projects; len(got) != 1 || got[0].Scheme.ID != "yueqing-2015.technical_review" || len(got[0].Findings) == 0 {
		t.Fatalf("the preview is %+v", got)
	}
	var lacking []string
	for _, m := range preview.Projects[0].Materials {
		if m.Due == regulation.DueYes && !m.Present {
			lacking = append(lacking, m.Code)
		}
	}
	if want := []string{"Y2-E2", "Y2-E3", "Y2-E4"}; !slices.Equal(lacking, want) {
		t.Errorf("lacking %v, want %v", lacking, want)
	}
	if n := h.secretary().State().Size; n != before {
		t.Errorf("the preview wrote %d entries", n-before)
	}
	in, err := h.bring(file)
	if err != nil {
		t.Fatal(err)
	}
	s := h.secretary().State()
	if n := s.Size - before; n != 3 { // the package, one seat, one project
		t.Errorf("%d entries", n)
	}
	if len(in.Projects) != 1 || len(in.Seats) != 1 || len(s.Packages) != 1 || s.Packages[0].Package != preview.Digest() {
		t.Fatalf("%+v; %+v", in, s.Packages)
	}
	if seat, _ := s.Seat(in.Seats[0]); seat.Name != "郭守敬" || !seat.Has(review.RoleExpert) {
		t.Errorf("the seat is %+v", seat)
	}
	p := s.Project(in.Projects[0])
	if p.Quorum != 3 || len(p.Documents) != 1 || p.Documents[0].Material != "Y2-E1" || len(p.Scheme.Packs) == 0 {
		t.Errorf("the project is %+v", p)
	}
	for _, d := range append([]review.Digest{p.Record}, p.Scheme.Packs...) {
		if _, err := h.store.Blob(h.ID, d); err != nil {
			t.Errorf("%s is not kept: %v", d, err)
		}
	}
	d, err := h.secretary().Document(p.ID, "0001.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if text, err := io.ReadAll(io.NewSectionReader(d, 0, d.Size)); err != nil || string(text) != planText {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := h.secretary().Document(p.ID, "0002.txt"); review.CodeOf(err) != review.CodeFileMissing {
		t.Errorf("a document that is not there: %v", err)
	}
	if v := h.Verify(h.ID, nil); len(v.Findings) != 0 {
		t.Errorf("the record does not hold: %v", v.Findings)
	}
}

// TestImportRefused holds that what is not taken leaves nothing, whatever the reason.
func TestImportRefused(t *testing.T) {
	altered := func(tb testing.TB) []byte {
		b := packed(tb, asItIs)
		b[bytes.Index(b, []byte(planText))]++
		return b
	}
	with := func(change func(head, project map[string]any)) func(testing.TB) []byte {
		return func(tb testing.TB) []byte { return packed(tb, change) }
	}
	good := with(asItIs)
	for _, c := range []struct {
		name string
		file func(testing.TB) []byte
		hall func(*testing.T, *hall)
		code review.Code
	}{
		{"from nobody we trust", good, func(*testing.T, *hall) {}, review.CodePackageIssuer},
		{"from an issuer who was revoked", good, func(t *testing.T, h *hall) {
			h.trusts(t)
			if _, err := h.RevokeIssuer(issuer().Fingerprint().String(), "密钥遗失"); err != nil {
				t.Fatal(err)
			}
		}, review.CodePackageRevoked},
		{"altered", altered, trusting, review.CodePackageAltered},
		{"no package", func(testing.TB) []byte { return []byte("%PDF-1.7\n") }, trusting, review.CodePackageForeign},
		{"a stage that no pack has", with(func(_, project map[string]any) { project["scheme"] = "yueqing-2015.lottery" }), trusting, review.CodeSchemeUnknown},
		{"a fact of another type", with(func(_, project map[string]any) {
			project["facts"].(map[string]any)["investment_cny"] = "二百三十六万元"
		}), trusting, review.CodeFactType},
		{"what cannot be printed", with(func(_, project map[string]any) {
			project["title"] = "平台" + string(fakes.NoGlyph)
		}), trusting, review.CodeTextGlyph},
		{"the disk is full at the file", good, func(t *testing.T, h *hall) {
			h.trusts(t)
			h.packages.Err = review.E(review.CodeDirFull, "test", "", nil)
		}, review.CodeDirFull},
		{"the disk is full at the record", good, func(t *testing.T, h *hall) {
			h.trusts(t)
			h.store.full = true
		}, review.CodeDirFull},
		{"by who may not", good, func(t *testing.T, h *hall) {
			h.trusts(t)
			h.Sessions[script.Secretary], h.Sessions[script.Chair] = h.Sessions[script.Chair], h.Sessions[script.Secretary]
		}, review.CodeActRole},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t)
			h.early(t)
			c.hall(t, h)
			before, _ := h.packages.Trust()
			_, err := h.bring(c.file(t))
			reviewtest.WantCode(t, err, c.code)
			h.nothing(t)
			if after, _ := h.packages.Trust(); !bytes.Equal(after, before) {
				t.Errorf("the list of issuers became %s", after)
			}
		})
	}
}

func trusting(t *testing.T, h *hall) { h.trusts(t) }

// TestImportStoredAllTheSame holds that the file stays where the store failed and has
// stored the entries all the same.
func TestImportStoredAllTheSame(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	h.early(t)
	h.store.lost = true
	_, err := h.bring(packed(t, asItIs))
	reviewtest.WantCode(t, err, review.CodeStoreFailed)
	s := h.secretary().State()
	lying, _ := h.packages.Packages(h.ID)
	if len(s.Packages) != 1 || !slices.Equal(lying, []review.Digest{s.Packages[0].Package}) {
		t.Errorf("on record %v, lying %v", s.Packages, lying)
	}
}

// TestImportAgain holds what may follow a package: its next issue with other projects,
// and nothing older, no other under its number, not the same.
func TestImportAgain(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	h.early(t)
	file := packed(t, asItIs)
	_, err := h.bring(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		file []byte
		code review.Code
	}{
		{"again", file, review.CodePackageKnown},
		{"signed again", packed(t, asItIs), review.CodePackageKnown},
		{"an older issue", packed(t, func(head, _ map[string]any) { head["seq"] = 1 }), review.CodePackageOlder},
		{"another under the same number", packed(t, func(head, _ map[string]any) { head["title"] = "另一个" }), review.CodePackageSwapped},
		{"the same project in the next issue", packed(t, func(head, _ map[string]any) { head["seq"] = 3 }), review.CodeProjectExists},
	} {
		_, err := h.bring(c.file)
		if review.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
		if s := h.secretary().State(); len(s.Packages) != 1 || len(s.Projects) != 1 {
			t.Errorf("%s: %v %v", c.name, s.Packages, s.Projects)
		}
		if lying, _ := h.packages.Packages(h.ID); len(lying) != 1 {
			t.Errorf("%s: %v", c.name, lying)
		}
	}
	// An older issue is not taken by another meeting on this machine, either.
	other, err := h.Create(meeting.NewMeeting{Title: "另一个会议", Secretary: "吕蒙正", Passphrase: passphrase, Repeated: passphrase})
	if err != nil {
		t.Fatal(err)
	}
	old := packed(t, func(head, _ map[string]any) { head["seq"] = 1 })
	_, err = other.Import(bytes.NewReader(old), int64(len(old)), false)
	reviewtest.WantCode(t, err, review.CodePackageOlder)
}

// TestPutBack holds that the file of a package that is on record comes back where it was
// lost or damaged, whoever is trusted now, and costs no entry.
func TestPutBack(t *testing.T) {
	damaged := func(t *testing.T, h *hall, in meeting.Imported, file []byte) {
		bad := bytes.Clone(file)
		bad[bytes.Index(bad, []byte(planText))]++
		h.lay(t, in.Package.Package, bad)
	}
	for _, c := range []struct {
		name   string
		happen func(*testing.T, *hall, meeting.Imported, []byte)
		found  review.Code
	}{
		{"lost", func(t *testing.T, h *hall, in meeting.Imported, _ []byte) {
			if err := h.packages.DropPackage(h.ID, in.Package.Package); err != nil {
				t.Fatal(err)
			}
		}, review.CodePackageGone},
		{"damaged", damaged, review.CodePackageAltered},
		{"cut off", func(t *testing.T, h *hall, in meeting.Imported, file []byte) {
			h.lay(t, in.Package.Package, file[:len(file)-1])
		}, review.CodePackageCut},
		{"signed by another", func(t *testing.T, h *hall, in meeting.Imported, _ []byte) {
			other, err := seal.NewIssuer("乐清市电子政务中心", time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if _, err := bag.BuildDir(&b, source(t, asItIs), other, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)); err != nil {
				t.Fatal(err)
			}
			h.lay(t, in.Package.Package, b.Bytes())
		}, review.CodePackageSwapped},
		{"damaged, by an issuer who was revoked since", func(t *testing.T, h *hall, in meeting.Imported, file []byte) {
			damaged(t, h, in, file)
			if _, err := h.RevokeIssuer(issuer().Fingerprint().String(), "换发"); err != nil {
				t.Fatal(err)
			}
		}, review.CodePackageAltered},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHall(t)
			h.trusts(t)
			h.early(t)
			file := packed(t, asItIs)
			in, err := h.bring(file)
			if err != nil {
				t.Fatal(err)
			}
			size := h.secretary().State().Size
			c.happen(t, h, in, file)
			if v := h.Verify(h.ID, nil); !slices.Equal(v.Findings, []review.Finding{{Code: c.found, Entry: "YQ-2026-017"}}) {
				t.Errorf("the verification finds %v", v.Findings)
			}
			if d, err := h.secretary().Document(in.Projects[0], "0001.txt"); err == nil {
				d.Close()
				t.Error("a document is read out of it")
			}
			if _, err := h.bring(file); err != nil {
				t.Fatalf("the file does not come back: %v", err)
			}
			if v := h.Verify(h.ID, nil); len(v.Findings) != 0 {
				t.Errorf("the verification finds %v", v.Findings)
			}
			if now := h.secretary().State().Size; now != size {
				t.Errorf("%d entries for it", now-size)
			}
			_, err = h.bring(file)
			reviewtest.WantCode(t, err, review.CodePackageKnown)
		})
	}
}

// TestImportCutOff holds that the file of an import that was cut off before its entry does
// not stay for ever, and that an altered file is found.
func TestImportCutOff(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	h.early(t)
	h.lay(t, review.DigestOf([]byte("cut off")), []byte("cut off"))
	file := packed(t, asItIs)
	in, err := h.bring(file)
	if err != nil {
		t.Fatal(err)
	}
	if lying, _ := h.packages.Packages(h.ID); !slices.Equal(lying, []review.Digest{in.Package.Package}) {
		t.Errorf("lying: %v", lying)
	}
	file[bytes.Index(file, []byte(planText))]++
	h.lay(t, in.Package.Package, file)
	if v := h.Verify(h.ID, nil); len(v.Findings) != 1 || v.Findings[0].Code != review.CodePackageAltered {
		t.Errorf("the verification finds %v", v.Findings)
	}
	_, err = h.secretary().Document(in.Projects[0], "0001.txt")
	reviewtest.WantCode(t, err, review.CodePackageAltered)
}

// lay puts a file among the meeting's packages.
func (h *hall) lay(t *testing.T, d review.Digest, content []byte) {
	t.Helper()
	s, err := h.packages.StagePackage(h.ID, bytes.NewReader(content))
	if err == nil {
		err = s.Keep(d)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestMeetingForOneStage holds that a meeting that reviews by one scheme does not take a
// package for another.
func TestMeetingForOneStage(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	x, err := h.Create(meeting.NewMeeting{
		Title: "验收会", Secretary: "吕蒙正", Passphrase: passphrase, Repeated: passphrase, Scheme: "yueqing-2015.acceptance",
	})
	if err != nil {
		t.Fatal(err)
	}
	h.ID, h.Sessions[script.Secretary] = x.Meeting(), x
	_, err = h.bring(packed(t, asItIs))
	reviewtest.WantCode(t, err, review.CodeProjectStage)
	h.nothing(t)
	_, err = h.Create(meeting.NewMeeting{
		Title: "验收会", Secretary: "吕蒙正", Passphrase: passphrase, Repeated: passphrase, Scheme: "yueqing-2015.lottery",
	})
	reviewtest.WantCode(t, err, review.CodeSchemeUnknown)
}

// TestTrust holds that a fingerprint is compared before anybody is trusted.
func TestTrust(t *testing.T) {
	h := newHall(t)
	other, err := seal.NewIssuer("冒名的中心", time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	expert, err := seal.NewAuthority("验收会", time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	is := func(what, of []byte) func() error {
		return func() error {
			_, err := h.TrustIssuer(what, seal.FingerprintOf(of).String())
			return err
		}
	}
	for _, c := range []struct {
		name string
		do   func() error
		code review.Code
	}{
		{"another's fingerprint", is(other.Certificate(), issuer().Certificate()), review.CodeTrustDiffers},
		{"no fingerprint", func() error { _, err := h.TrustIssuer(issuer().Certificate(), "1234"); return err }, review.CodeFingerprint},
		{"no certificate", is([]byte("x"), []byte("x")), review.CodeCertForm},
		{"a panel's authority", is(expert.Certificate(), expert.Certificate()), review.CodePackageRole},
		{"good", is(issuer().Certificate(), issuer().Certificate()), ""},
		{"again", is(issuer().Certificate(), issuer().Certificate()), review.CodeTrustKnown},
		{"revoked though never trusted", func() error { _, err := h.RevokeIssuer(other.Fingerprint().String(), "冒名"); return err }, review.CodeTrustUnknown},
		{"revoked by no fingerprint", func() error { _, err := h.RevokeIssuer("乐清", "冒名"); return err }, review.CodeFingerprint},
		{"revoked", func() error { _, err := h.RevokeIssuer(issuer().Fingerprint().String(), "密钥遗失"); return err }, ""},
		{"trusted again", is(issuer().Certificate(), issuer().Certificate()), review.CodeTrustKnown},
	} {
		t.Run(c.name, func(t *testing.T) { reviewtest.WantCode(t, c.do(), c.code) })
	}
	list, err := h.Issuers()
	if err != nil || len(list) != 1 || list[0].Name != "乐清市电子政务中心" || list[0].Reason != "密钥遗失" {
		t.Errorf("%+v, %v", list, err)
	}
	if err := h.packages.SetTrust([]byte("{}")); err != nil {
		t.Fatal(err)
	}
	_, err = h.Issuers()
	reviewtest.WantCode(t, err, review.CodeTrustForm)
}

// scored is a project out of a package with an opened round, by the marks of each item in
// percent of its full marks.
func (h *hall) scored(t *testing.T, percent int, change func(head, project map[string]any)) review.ProjectID {
	t.Helper()
	return h.answered(t, percent, change, func(review.SeatID, string) string { return review.AnswerYes })
}

// answered is scored with answers to gates by seat and item.
func (h *hall) answered(t *testing.T, percent int, change func(head, project map[string]any), answer func(review.SeatID, string) string) review.ProjectID {
	t.Helper()
	h.trusts(t)
	h.panel(t)
	file := packedWith(t, change, h.beside)
	in, err := h.secretary().Import(bytes.NewReader(file), int64(len(file)), false)
	if err != nil {
		t.Fatal(err)
	}
	id := in.Projects[0]
	voters := h.voters
	for _, seat := range voters {
		if err := h.Sessions[seat].Declare(id, review.DeclarationBody{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, seat := range []review.SeatID{script.Third, script.Fourth} {
		if !slices.Contains(voters, seat) {
			if err := h.secretary().Attend(seat, review.PresenceLeft, "临时有公务"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if h.begin != nil {
		h.begin(id)
	}
	if err := h.secretary().BeginRound(id); err != nil {
		t.Fatal(err)
	}
	for _, seat := range voters {
		sheet := review.Sheet{Opinion: []string{"方案可行。"}}
		for _, it := range h.secretary().State().Project(id).Scheme.Items {
			m := review.Mark{Item: it.ID, Value: answer(seat, it.ID)}
			if it.Kind == review.ItemScore {
				var full int
				if _, err := fmt.Sscan(it.Full, &full); err != nil {
					t.Fatal(err)
				}
				m.Value = strings.TrimSuffix(fmt.Sprintf("%.1f", float64(full*percent/50)/2), ".0")
			}
			sheet.Marks = append(sheet.Marks, m)
		}
		if _, err := h.Sessions[seat].Submit(id, sheet, review.Look{}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.secretary().Tally(id, 0)
	reviewtest.WantCode(t, err, review.CodeHidden)
	if err := h.secretary().CloseRound(id); err != nil {
		t.Fatal(err)
	}
	_, err = h.secretary().Tally(id, 1)
	reviewtest.WantCode(t, err, review.CodeHidden)
	if err := h.secretary().OpenRound(h.Sessions[script.Chair], id); err != nil {
		t.Fatal(err)
	}
	if err := h.secretary().DraftOpinion(id, []review.OpinionParagraph{{Text: "同意。"}}); err != nil {
		t.Fatal(err)
	}
	return id
}

func (h *hall) concludes(id review.ProjectID, c review.ConclusionReached) error {
	c.Project = id
	return h.Sessions[script.Chair].Conclude(h.secretary(), c)
}

// TestTally holds that opened ballots are counted, that nobody sees it before, and that the
// suggestion on record is the rules', whatever was said.
func TestTally(t *testing.T) {
	h := newHall(t)
	id := h.scored(t, 80, asItIs)
	c, err := h.secretary().Tally(id, 0)
	if err != nil || c.Err != nil {
		t.Fatal(err, c.Err)
	}
	if count.Round2(c.Official) != "80.00" || len(c.Experts) != 4 || c.Suggestion.Outcome != "passed" {
		t.Errorf("%s of %d, suggested %+v", count.Round2(c.Official), len(c.Experts), c.Suggestion)
	}
	// Who may not see the others' ballots sees what they come to, and nothing of any one.
	mine, err := h.Sessions[script.Second].Tally(id, 0)
	if err != nil || count.Round2(mine.Official) != "80.00" || mine.Ballots != 4 || mine.Suggestion.Outcome != "passed" {
		t.Errorf("an expert's: %+v, %v", mine, err)
	}
	if mine.Experts != nil || mine.Flags != nil || mine.Items[0].Marks != nil || c.Items[0].Marks == nil {
		t.Errorf("an expert sees whose is what: %+v", mine)
	}
	if err := h.concludes(id, review.ConclusionReached{Outcome: "passed", Suggested: "not_passed"}); err != nil {
		t.Fatal(err)
	}
	if got := h.secretary().State().Project(id).Conclusion; got.Suggested != "passed" {
		t.Errorf("on record the rules suggest %q", got.Suggested)
	}
}

// TestAgainst holds that a passing conclusion gives its reason for every finding in its
// way, and that a conclusion other than the suggested one gives one, too.
func TestAgainst(t *testing.T) {
	h := newHall(t)
	id := h.scored(t, 90, func(_, project map[string]any) { project["facts"].(map[string]any)["preparer_qualified"] = false })
	findings, err := h.secretary().Findings(id)
	if err != nil {
		t.Fatal(err)
	}
	var limiting []string
	for _, f := range findings {
		if f.Limit() != regulation.LimitNone {
			limiting = append(limiting, f.Rule)
		}
	}
	// An even panel is for the secretary to see, and needs no word in the conclusion.
	if !slices.Equal(limiting, []string{"YQ-R02", "CM-06"}) {
		t.Fatalf("findings that limit: %v", limiting)
	}
	c, err := h.secretary().Tally(id, 0)
	if err != nil || c.Suggestion.Outcome != "not_passed" || !slices.Contains(c.Suggestion.GatesFailed, "Y2-G2") {
		t.Fatalf("%+v, %v", c.Suggestion, err)
	}
	r02 := []review.Against{{Rule: "YQ-R02", Reason: "编制单位已补交资质证明"}}
	for _, x := range []struct {
		name string
		c    review.ConclusionReached
		code review.Code
	}{
		{"without a word", review.ConclusionReached{Outcome: "passed", Reason: "同意"}, review.CodeAgainstMissing},
		{"about another finding", review.ConclusionReached{Outcome: "passed", Reason: "同意", Against: []review.Against{{Rule: "YQ-R03", Reason: "无"}}}, review.CodeAgainstUnknown},
		{"with another, too", review.ConclusionReached{Outcome: "passed", Reason: "同意", Against: append(slices.Clone(r02), review.Against{Rule: "YQ-R02", Reason: "再说一遍"})}, review.CodeAgainstUnknown},
		{"without a reason of its own", review.ConclusionReached{Outcome: "passed", Against: r02}, review.CodeTextEmpty},
		{"not passed", review.ConclusionReached{Outcome: "not_passed"}, ""},
	} {
		t.Run(x.name, func(t *testing.T) { reviewtest.WantCode(t, h.concludes(id, x.c), x.code) })
	}
	// A correction in the room takes the finding away.
	if err := h.secretary().Withdraw(h.Sessions[script.Chair], id, "更正后再议"); err != nil {
		t.Fatal(err)
	}
	if err := h.secretary().Correct(h.Sessions[script.Chair], review.FactCorrected{
		Project: id, Key: "preparer_qualified", Old: "false", New: "true", Evidence: "资信证书原件",
	}); err != nil {
		t.Fatal(err)
	}
	if err := h.concludes(id, review.ConclusionReached{Outcome: "passed"}); err != nil {
		t.Error(err)
	}
}

// TestForgedConclusion holds that a conclusion that no service would have made is found,
// though it is signed by the very chair.
func TestForgedConclusion(t *testing.T) {
	h := newHall(t)
	id := h.scored(t, 50, asItIs)
	err := h.forge(t, script.Chair, h.identity(t, script.Chair), review.ConclusionReached{Project: id, Outcome: "passed", Suggested: "passed", Opinion: 1})
	if err != nil {
		t.Fatal(err)
	}
	if v := h.Verify(h.ID, nil); !slices.Equal(v.Findings, []review.Finding{{Code: review.CodeConclusionDiffers, Entry: string(id)}}) {
		t.Errorf("the verification finds %v", v.Findings)
	}
	reviewtest.WantCode(t, h.secretary().BeginFiling(h.Sessions[script.Chair]), review.CodeConclusionDiffers)
}

// TestForgedProject holds that a project that is on record otherwise than its package has it
// is found, though it is signed by the very secretary.
func TestForgedProject(t *testing.T) {
	scheme, _ := builtIn().Scheme("yueqing-2015.technical_review")
	for name, forge := range map[string]func(*review.ProjectAdded){
		"as it is":        func(*review.ProjectAdded) {},
		"another fact":    func(b *review.ProjectAdded) { b.Facts = slices.Clone(b.Facts); b.Facts[0].Value = "1.00" },
		"no units":        func(b *review.ProjectAdded) { b.Units = nil },
		"a smaller panel": func(b *review.ProjectAdded) { b.Quorum = 1 },
		"no rules":        func(b *review.ProjectAdded) { b.Scheme.Rules = nil },
		"another document": func(b *review.ProjectAdded) {
			b.Documents = slices.Clone(b.Documents)
			b.Documents[0].Title = "另一份"
		},
		"another in the package": func(b *review.ProjectAdded) { b.Entry = "yjzh" },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			h.trusts(t)
			h.panel(t)
			file := packed(t, asItIs)
			in, err := h.Preview(bytes.NewReader(file), int64(len(file)))
			if err != nil {
				t.Fatal(err)
			}
			h.lay(t, in.Digest(), file)
			y := in.Projects[0]
			b := review.ProjectAdded{
				Project: "p01", Title: y.Title, Package: in.Digest(), Scheme: scheme.Freeze(), Units: y.Units, Facts: y.FactList(),
				Quorum: y.Quorum, Entry: y.ID, Record: review.DigestOf(y.Record), Documents: y.Documents,
			}
			forge(&b)
			blobs := [][]byte{y.Record}
			for _, p := range builtIn().Packs() {
				for i, d := range p.Digests() {
					if slices.Contains(b.Scheme.Packs, d) {
						blobs = append(blobs, p.Files()[i])
					}
				}
			}
			who := h.identity(t, script.Secretary)
			if err := h.forge(t, script.Secretary, who, in.Record()); err != nil {
				t.Fatal(err)
			}
			if err := h.forge(t, script.Secretary, who, b, blobs...); err != nil {
				t.Fatal(err)
			}
			var want []review.Finding
			if name != "as it is" {
				want = []review.Finding{{Code: review.CodeProjectDiffers, Entry: "p01"}}
				reviewtest.WantCode(t, h.secretary().BeginFiling(h.Sessions[script.Chair]), review.CodeProjectDiffers)
			}
			if v := h.Verify(h.ID, nil); !slices.Equal(v.Findings, want) {
				t.Errorf("the verification finds %v, want %v", v.Findings, want)
			}
		})
	}
}

// TestProjectByHand holds that what came in a package, or is a regulation's, cannot come
// in by hand beside it.
func TestProjectByHand(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	h.early(t)
	in, err := h.bring(packed(t, asItIs))
	if err != nil {
		t.Fatal(err)
	}
	p := h.secretary().State().Project(in.Projects[0])
	b := script.Project("另一项目", 1)
	b.Scheme.ID = p.Scheme.ID
	_, err = h.secretary().AddProject(b)
	reviewtest.WantCode(t, err, review.CodeSchemeForm)
	b = script.Project("另一项目", 1)
	b.Package = p.Package
	_, err = h.secretary().AddProject(b)
	reviewtest.WantCode(t, err, review.CodeEventIllegal)
}

// TestPanelSize holds that a panel of fewer than three (CM-06) passes a project only with a
// reason.
func TestPanelSize(t *testing.T) {
	h := newHall(t)
	h.voters = h.voters[:2]
	id := h.scored(t, 90, func(_, project map[string]any) { project["quorum"] = 1 })
	passed := review.ConclusionReached{Outcome: "passed"}
	reviewtest.WantCode(t, h.concludes(id, passed), review.CodeAgainstMissing)
	passed.Against = []review.Against{{Rule: "CM-06", Reason: "两名专家临时缺席，组织单位同意继续"}}
	if err := h.concludes(id, passed); err != nil {
		t.Error(err)
	}
}

// TestSettle holds that an item on which the experts differ is closed by the chair, with a
// reason, before there is a conclusion; and that nothing else is his to close.
func TestSettle(t *testing.T) {
	h := newHall(t)
	id := h.answered(t, 90, asItIs, func(seat review.SeatID, item string) string {
		if seat == script.Second && item == "Y2-G1" {
			return review.AnswerNo
		}
		return review.AnswerYes
	})
	passed := review.ConclusionReached{Outcome: "passed"}
	reviewtest.WantCode(t, h.concludes(id, passed), review.CodeItemOpen)
	settle := func(by review.SeatID, item, answer, reason string) error {
		return h.Sessions[by].Settle(id, item, answer, reason)
	}
	for _, c := range []struct {
		name string
		err  error
		code review.Code
	}{
		{"by the secretary", settle(script.Secretary, "Y2-G1", review.AnswerYes, "经合议，批复原件在场"), review.CodeActRole},
		{"what is closed", settle(script.Chair, "Y2-G2", review.AnswerNo, "经合议"), review.CodeItemClosed},
		{"marks", settle(script.Chair, "Y2-01", review.AnswerYes, "经合议"), review.CodeSheetItem},
		{"no item", settle(script.Chair, "Y2-99", review.AnswerYes, "经合议"), review.CodeSheetItem},
		{"by no answer", settle(script.Chair, "Y2-G1", review.AnswerAbstain, "经合议"), review.CodeSheetItem},
		{"without a reason", settle(script.Chair, "Y2-G1", review.AnswerYes, ""), review.CodeTextEmpty},
		{"in what cannot be printed", settle(script.Chair, "Y2-G1", review.AnswerYes, string(fakes.NoGlyph)), review.CodeTextGlyph},
		{"closed", settle(script.Chair, "Y2-G1", review.AnswerNo, "经合议，批复原件不在场"), ""},
		{"closed anew", settle(script.Chair, "Y2-G1", review.AnswerYes, "批复原件已送到"), ""},
	} {
		t.Run(c.name, func(t *testing.T) { reviewtest.WantCode(t, c.err, c.code) })
	}
	if c, err := h.secretary().Tally(id, 0); err != nil || c.Suggestion.Outcome != "passed" || len(c.Suggestion.Undecided) != 0 {
		t.Errorf("%+v, %v", c.Suggestion, err)
	}
	if err := h.concludes(id, passed); err != nil {
		t.Error(err)
	}
	if got := h.secretary().State().Project(id).Settled; len(got) != 2 || got[0].Answer != review.AnswerNo || got[1].Reason != "批复原件已送到" {
		t.Errorf("%+v", got)
	}
}

// TestCorrectType holds that a correction is of the type that the rules ask for.
func TestCorrectType(t *testing.T) {
	h := newHall(t)
	id := h.scored(t, 90, asItIs)
	err := h.secretary().Correct(h.Sessions[script.Chair], review.FactCorrected{
		Project: id, Key: "investment_cny", Old: "2360000.00", New: "236万", Evidence: "概算表",
	})
	reviewtest.WantCode(t, err, review.CodeFactType)
}

// TestConflicts holds that CM-07 is asked for every expert.
func TestConflicts(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	h.panel(t)
	in, err := h.bring(packed(t, asItIs))
	if err != nil {
		t.Fatal(err)
	}
	conflicts, err := h.secretary().Conflicts(in.Projects[0])
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, c := range conflicts {
		seat, _ := h.secretary().State().Seat(c.Seat)
		found[seat.Name] = c.Parts
	}
	// 章衡 is of 设计研究院, 郭守敬 of 市水利局, the second of two contractors.
	if !slices.Equal(found["章衡"], []string{"preparer"}) || !slices.Equal(found["郭守敬"], []string{"contractor"}) || len(found["龚䶮"]) != 0 {
		t.Errorf("%v", found)
	}
	if err := h.Sessions[script.Chair].Declare(in.Projects[0], review.DeclarationBody{}); err != nil {
		t.Fatal(err)
	}
	conflicts, err = h.secretary().Conflicts(in.Projects[0])
	if err != nil || slices.ContainsFunc(conflicts, func(c meeting.Conflict) bool { return c.Seat == script.Chair }) {
		t.Errorf("%+v, %v", conflicts, err)
	}
}

// TestPacksOfTheTime holds that a project stays under the packs that it came in with, also
// when the program has later ones.
func TestPacksOfTheTime(t *testing.T) {
	h := newHall(t)
	id := h.scored(t, 90, asItIs)
	before, err := h.secretary().Findings(id)
	if err != nil {
		t.Fatal(err)
	}
	h.library = packs(t, func(_ string, b []byte) []byte {
		return bytes.ReplaceAll(b, []byte("编制单位"), []byte("编写单位"))
	})
	h.again()
	h.enter(t, script.Secretary)
	after, err := h.secretary().Findings(id)
	if err != nil || len(after) != len(before) {
		t.Fatalf("%v, %v", after, err)
	}
	for i := range after {
		if after[i].Sentence != before[i].Sentence || after[i].Title != before[i].Title {
			t.Errorf("%q became %q", before[i].Sentence, after[i].Sentence)
		}
	}
	if c, err := h.secretary().Tally(id, 0); err != nil || c.Suggestion.Outcome != "passed" {
		t.Errorf("%+v, %v", c.Suggestion, err)
	}
}

// TestSourcePulled holds that a medium that fails in mid-copy leaves nothing.
func TestSourcePulled(t *testing.T) {
	h := newHall(t)
	h.trusts(t)
	h.early(t)
	_, err := h.secretary().Import(failing{}, 100, false)
	if !errors.Is(err, errPulled) || review.CodeOf(err) != review.CodePackageRead {
		t.Errorf("%v", err)
	}
	h.nothing(t)
}

var errPulled = errors.New("the stick was pulled")

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errPulled }
