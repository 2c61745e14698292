package storage_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"heyi/assets"
	"heyi/review"
	"heyi/review/bag"
	"heyi/review/meeting"
	"heyi/review/regulation"
	scripted "heyi/review/reviewtest/script"
	"heyi/review/scoring"
	"heyi/review/seal"
)

// packageFixture is a meeting with a package: the sample meeting on the technical review
// with its schemes, packs and two rounds up to the final conclusion, the first that landed.
// Beside it lie the package and what is to be found in both. They open for ever and are
// never written again.
const (
	packageFixture       = "testdata/meeting-package-v1.db"
	packageFixtureFile   = "testdata/meeting-package-v1.rpk"
	packageFixtureKnown  = "testdata/meeting-package-v1.json"
	packageFixtureDigest = "9d86f49c27039c210acb6c65cf88295ed89a83baef5fc81d18d217b99fcd75c6"
)

// packageKnown is what is known of the fixture.
type packageKnown struct {
	Meeting   review.MeetingID         `json:"meeting"`
	Package   review.Digest            `json:"package"`
	Issuer    seal.Fingerprint         `json:"issuer"`
	Codes     map[review.SeatID]string `json:"codes"`
	Rounds    []figures                `json:"rounds"`
	Suggested string                   `json:"suggested"`
	Findings  []finding                `json:"findings"`
	Materials []string                 `json:"materials"` // those that are due and there
	Documents map[string]review.Digest `json:"documents"` // by file
}

// figures are what a round comes to, as the sample's author worked it out by hand.
type figures struct {
	Totals  map[string]string `json:"totals"` // by name
	Mean    string            `json:"mean"`
	Trimmed string            `json:"trimmed"`
	Median  string            `json:"median"`
}

type finding struct {
	Rule     string `json:"rule"`
	Outcome  string `json:"outcome"`
	Sentence string `json:"sentence"`
}

// sampleScript is what is taken of the sample's script.
type sampleScript struct {
	Secretary    struct{ Name, Passphrase string }
	Observer     struct{ Passphrase string }
	Chair        string
	Issuer       string
	Promise      []string
	Declarations []struct {
		Person   string
		Conflict bool
		Reason   string
	}
	Rounds []struct {
		Ballots []struct {
			Person string
			Sheet  review.Sheet
		}
		Expect figures
	}
	Opinion []struct {
		Text    string
		Sources []string
	}
	Conclusion struct{ Outcome, Suggested string }
	Votes      []struct {
		Person string
		Choice review.Choice
		Text   string
	}
	Minutes []struct{ Text string }
}

// sampleFile reads a file of the sample on the technical review.
func sampleFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := fs.ReadFile(assets.Sample, "sample/demo/"+name)
	must(t, err)
	return b
}

// samplePackage gives the package of the sample with small documents in the place of
// those that it has, each of another kind.
func samplePackage(t testing.TB, issuer string) errand {
	t.Helper()
	var project map[string]any
	must(t, json.Unmarshal(sampleFile(t, "y2/project.json"), &project))
	var scan bytes.Buffer
	must(t, png.Encode(&scan, image.NewGray(image.Rect(0, 0, 40, 60))))
	tree := bag.Tree{}
	var documents []any
	for _, d := range []struct {
		file, title, material string
		content               []byte
	}{
		{"1.技术方案（送审稿）.pdf", "项目技术方案（送审稿1.0版）", "Y2-E1", onePage("Technical plan")},
		{"1.1项目概算表.csv", "项目概算表", "", []byte("序号,名称,金额\r\n1,应用软件开发,1480000.00\r\n2,硬件与成品软件购置,620000.00\r\n3,其他费用,260000.00\r\n")},
		{"2.编制单位资质证明.pdf", "技术方案编制单位工程咨询资质证明材料", "Y2-E2", onePage("Qualification")},
		{"3.1预审意见签发页（扫描件）.png", "预审意见签发页（扫描件）", "Y2-E3", scan.Bytes()},
		{"4.资金预算安排.txt", "2026年度市级电子政务项目资金预算安排（摘录）", "Y2-E4", sampleFile(t, "documents/funds.txt")},
		{"5.需求调研会议记录.wps", "需求调研会议记录", "", sampleFile(t, "documents/minutes.wps")},
	} {
		tree["projects/gxpt/"+d.file] = d.content
		documents = append(documents, map[string]any{"file": d.file, "title": d.title, "material": d.material})
	}
	project["documents"] = documents
	text, err := json.Marshal(project)
	must(t, err)
	tree["projects/gxpt/project.json"] = text
	tree["package.json"], tree["meeting.json"] = sampleFile(t, "y2/package.json"), sampleFile(t, "y2/meeting.json")
	by := newIssuer(t, issuer)
	var file bytes.Buffer
	p, err := bag.BuildDir(&file, tree, by, issued)
	must(t, err)
	return errand{Does: "import", Issuer: by.Certificate(), File: file.Bytes(), Brings: p.Record()}
}

// onePage gives a PDF with a line on its one page.
func onePage(line string) []byte {
	text := "BT /F1 24 Tf 72 720 Td (" + line + ") Tj ET"
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	fmt.Fprintf(&b, "%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, b.Len())
	return b.Bytes()
}

// writePackageFixture holds the sample meeting anew.
func writePackageFixture(t *testing.T) {
	var in sampleScript
	must(t, json.Unmarshal(sampleFile(t, "y2/script.json"), &in))
	parcel := samplePackage(t, in.Issuer)
	root := t.TempDir()
	d, err := openDesk(root, ways[quietly])
	must(t, err)
	_, err = errand{Does: "trust", Issuer: parcel.Issuer}.do(d, nil)
	must(t, err)
	secretary, err := d.Create(meeting.NewMeeting{
		Title: "乐清市政务数据共享平台升级改造项目技术方案专家评审会", Scheme: "yueqing-2015.technical_review",
		Secretary: in.Secretary.Name, Passphrase: in.Secretary.Passphrase, Repeated: in.Secretary.Passphrase,
	})
	must(t, err)
	_, err = parcel.do(d, secretary)
	must(t, err)
	const project = review.ProjectID("p01")
	known := packageKnown{
		Meeting: secretary.Meeting(), Package: parcel.Brings.Package, Issuer: parcel.fingerprint(), Suggested: in.Conclusion.Suggested,
		Codes: map[review.SeatID]string{review.FirstSeat: in.Secretary.Passphrase}, Documents: map[string]review.Digest{},
	}
	sessions := map[review.SeatID]*meeting.Session{}
	seats := map[string]review.SeatID{} // by name
	for _, seat := range secretary.State().Seats[1:] {
		g, err := d.Seating(known.Meeting, seat.ID)
		must(t, err)
		code := g.Code()
		if code == "" {
			code = in.Observer.Passphrase
		}
		sessions[seat.ID], err = g.Claim(code, code)
		must(t, err)
		seats[seat.Name], known.Codes[seat.ID] = seat.ID, code
	}
	person := func(name string) *meeting.Session { return sessions[seats[name]] }
	chair := person(in.Chair)
	must(t, secretary.NameChair(nil, "", seats[in.Chair], ""))
	must(t, secretary.ConfirmPanel(chair))
	for _, seat := range secretary.State().Seats[1:] {
		if !seat.Has(review.RoleObserver) {
			must(t, sessions[seat.ID].Promise(strings.Join(in.Promise, "\n")))
		}
	}
	for _, s := range in.Declarations {
		must(t, person(s.Person).Declare(project, review.DeclarationBody{Conflict: s.Conflict, Reason: s.Reason}))
	}
	for _, m := range in.Minutes {
		must(t, secretary.Record(m.Text))
	}
	for _, r := range in.Rounds {
		must(t, secretary.BeginRound(project))
		for _, b := range r.Ballots {
			_, err := person(b.Person).Submit(project, b.Sheet, review.Look{})
			must(t, err)
		}
		must(t, errors.Join(secretary.CloseRound(project), secretary.OpenRound(chair, project)))
		known.Rounds = append(known.Rounds, r.Expect)
	}
	var opinion []review.OpinionParagraph
	for _, p := range in.Opinion {
		q := review.OpinionParagraph{Text: p.Text}
		for _, name := range p.Sources {
			q.Sources = append(q.Sources, seats[name])
		}
		opinion = append(opinion, q)
	}
	must(t, secretary.DraftOpinion(project, opinion))
	must(t, chair.Conclude(secretary, review.ConclusionReached{Project: project, Outcome: in.Conclusion.Outcome}))
	for _, v := range in.Votes {
		must(t, person(v.Person).Vote(project, v.Choice, v.Text, review.Look{}))
	}
	must(t, secretary.BeginSigning(project))
	signers := slices.DeleteFunc(slices.Clone(secretary.State().Project(project).Signers), func(s review.SeatID) bool { return s == seats[in.Chair] })
	for _, seat := range append(signers, seats[in.Chair]) {
		must(t, sessions[seat].Sign(project, review.Look{}))
	}
	must(t, secretary.Finalise(chair, project))
	must(t, secretary.SaveDraft(review.MinutesDraft, fixtureDraft))

	known.Findings, known.Materials = advised(t, secretary)
	for _, f := range secretary.State().Project(project).Documents {
		known.Documents[f.File] = f.Digest
	}
	must(t, d.close())
	database, err := os.ReadFile(filepath.Join(root, "data", "meetings", string(known.Meeting), "heyi.db"))
	must(t, err)
	text, err := json.MarshalIndent(known, "", "  ")
	must(t, err)
	must(t, os.WriteFile(packageFixture, database, 0o644))
	must(t, os.WriteFile(packageFixtureFile, parcel.File, 0o644))
	must(t, os.WriteFile(packageFixtureKnown, append(text, '\n'), 0o644))
}

// advised gives what the rules of the project's scheme find, and which of the materials
// that are due are there. What the program asks of every project is not among it.
func advised(t testing.TB, x *meeting.Session) (findings []finding, materials []string) {
	t.Helper()
	list, err := x.Findings("p01")
	must(t, err)
	rules := x.State().Project("p01").Scheme.Rules
	for _, f := range list {
		if slices.ContainsFunc(rules, func(r review.RuleRef) bool { return r.ID == f.Rule }) {
			findings = append(findings, finding{f.Rule, f.Outcome, f.Sentence})
		}
	}
	states, err := x.Materials("p01")
	must(t, err)
	for _, m := range states {
		if m.Due == regulation.DueYes && m.Present {
			materials = append(materials, m.Code)
		}
	}
	return findings, materials
}

// TestPackageFixture: a program that has no packs any more verifies the meeting, counts
// both rounds to the same figures, finds by the packs stored in it what was found then,
// shows the documents out of the package, and brings the meeting to its end.
func TestPackageFixture(t *testing.T) {
	if *update {
		writePackageFixture(t)
	}
	var all []byte
	contents := map[string][]byte{}
	for _, path := range []string{packageFixture, packageFixtureFile, packageFixtureKnown} {
		b, err := os.ReadFile(path)
		must(t, err)
		contents[path], all = b, append(all, review.DigestOf(b)...)
	}
	if got := review.DigestOf(all); got != packageFixtureDigest {
		t.Errorf("the fixture is not what landed: %s", got)
	}
	var known packageKnown
	must(t, json.Unmarshal(contents[packageFixtureKnown], &known))
	file := contents[packageFixtureFile]
	in, err := bag.Open(bytes.NewReader(file), int64(len(file)), bag.Policy{Issuers: []bag.Issuer{{Fingerprint: known.Issuer}}})
	if err != nil || in.Digest() != known.Package || in.Meeting() == nil {
		t.Errorf("%s: %v", packageFixtureFile, err)
	}
	none, err := regulation.NewLibrary()
	must(t, err)
	d, err := openDesk(t.TempDir(), func(c *meeting.Config) { c.Rules = none })
	must(t, err)
	for name, content := range map[string][]byte{
		filepath.Join("meetings", string(known.Meeting), "heyi.db"):                    contents[packageFixture],
		filepath.Join("packages", string(known.Meeting), string(known.Package)+".rpk"): contents[packageFixtureFile],
	} {
		path := filepath.Join(d.dir.Root(), name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, content, 0o600))
	}
	if found := d.Verify(known.Meeting, nil).Findings; len(found) != 0 {
		t.Fatal(found)
	}
	h := scripted.New(d.Services)
	h.ID = known.Meeting
	for seat, code := range known.Codes {
		h.Sessions[seat], err = d.Enter(known.Meeting, seat, code)
		must(t, err)
	}
	x := h.Sessions[scripted.Secretary]
	if text, err := x.Draft(review.MinutesDraft); err != nil || text != fixtureDraft {
		t.Errorf("the draft is %q, %v", text, err)
	}
	for i, want := range known.Rounds {
		c, err := x.Tally("p01", i+1)
		must(t, errors.Join(err, c.Err))
		got := figures{Totals: map[string]string{}, Mean: scoring.Round2(c.Official), Trimmed: scoring.Round2(c.Trimmed), Median: scoring.Round2(c.Median)}
		for _, e := range c.Experts {
			seat, _ := x.State().Seat(e.Seat)
			got.Totals[seat.Name] = scoring.Round2(e.Total)
		}
		if !maps.Equal(got.Totals, want.Totals) || got.Mean != want.Mean || got.Trimmed != want.Trimmed || got.Median != want.Median {
			t.Errorf("round %d: %+v, want %+v", i+1, got, want)
		}
		if c.Suggestion.Outcome != known.Suggested {
			t.Errorf("round %d suggests %q", i+1, c.Suggestion.Outcome)
		}
	}
	findings, materials := advised(t, x)
	if !slices.Equal(findings, known.Findings) || len(findings) == 0 {
		t.Errorf("the rules find %q, and found %q", findings, known.Findings)
	}
	if !slices.Equal(materials, known.Materials) || len(materials) == 0 {
		t.Errorf("materials %q, and there were %q", materials, known.Materials)
	}
	p := x.State().Project("p01")
	if p.Stage != review.StageFinal || p.Conclusion.Outcome != "passed_after_revision" || len(p.Documents) != len(known.Documents) {
		t.Errorf("the project is %+v", p)
	}
	for _, doc := range p.Documents {
		r, err := h.Sessions[scripted.Second].Document("p01", doc.File)
		must(t, err)
		content, err := io.ReadAll(io.NewSectionReader(r, 0, r.Size))
		must(t, errors.Join(err, r.Close()))
		if got := review.DigestOf(content); got != known.Documents[doc.File] || doc.Name == doc.File {
			t.Errorf("%s, which is %s, has digest %s", doc.File, doc.Name, got)
		}
	}
	must(t, h.Hold(scripted.File(), nil))
	if found := d.Verify(known.Meeting, nil).Findings; len(found) != 0 {
		t.Error(found)
	}
	must(t, d.close())
}
