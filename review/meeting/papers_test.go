package meeting_test

import (
	"bytes"
	"crypto/x509"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
)

// voted is a room where everybody who signs the first project's conclusion has said where
// he stands.
func voted(tb testing.TB) *room {
	tb.Helper()
	r := prepared(tb)
	r.score(tb, script.First)
	r.hold(tb, script.Open(script.First))
	r.hold(tb, script.Conclude(script.First)[3:11]...)
	return r
}

// sign has people sign what lies before the panel.
func (r *room) sign(tb testing.TB, seats ...review.SeatID) {
	tb.Helper()
	for _, seat := range seats {
		if err := r.Sessions[seat].Sign(script.First, review.Look{}); err != nil {
			tb.Fatalf("%s: %v", seat, err)
		}
	}
}

// TestTables holds that tables are signed ahead of the conclusion, by key and in ink, that
// a change makes signatures void and keeps them, and that what is closed is closed.
func TestTables(t *testing.T) {
	r := prepared(t)
	x := r.Sessions[script.Secretary]
	reviewtest.WantCode(t, x.CertifyTables(script.First), review.CodeFulfilmentMissing)
	reviewtest.WantCode(t, x.WithdrawTables(r.Sessions[script.Chair], script.First, "有误"), review.CodeSetMissing)
	reviewtest.WantCode(t, x.CloseTables(r.Sessions[script.Chair], script.First), review.CodeSetMissing)
	r.hold(t, script.Tables(script.First)...)
	r.clean(t)
	p := r.state().Project(script.First)
	if len(p.Sets) != 2 || p.Sets[0].Void == "" || len(p.Sets[0].Papers[0].Revisions) != 2 {
		t.Fatalf("sets %+v", p.Sets)
	}
	set := p.Standing(review.PurposeTables)
	if set == nil || set.Number != 2 || set.Archive == nil || len(set.Papers) != 2 || len(set.Scans) != 2 {
		t.Fatalf("set %+v", set)
	}
	// The secretary, four by key, the archive; the member signed in ink.
	for _, q := range set.Papers {
		if len(q.Revisions) != 6 || q.Number != 2 {
			t.Errorf("%s number %d has %d revisions", q.Form, q.Number, len(q.Revisions))
		}
		last, file, err := r.Sessions[script.Member].PaperOf(script.First, q.Form)
		if err != nil || review.DigestOf(file) != q.Latest() || last.Check != q.Check {
			t.Errorf("%s: %v", q.Form, err)
		}
	}
	reviewtest.WantCode(t, x.Sign(script.First, review.Look{}), review.CodeSetMissing)
	reviewtest.WantCode(t, x.CloseTables(r.Sessions[script.Chair], script.First), review.CodeSetMissing)
	paths, err := x.ExportPapers(script.First)
	if err != nil || len(paths) != 2 {
		t.Errorf("exported %v, %v", paths, err)
	}
	// What is found later is a new version, signed anew.
	if err := x.RecordFulfilment(script.First, []review.Term{{Requirement: "共享接口", Actual: "41个", Met: review.MetYes}}, nil); err != nil {
		t.Fatal(err)
	}
	if p := r.state().Project(script.First); p.Standing(review.PurposeTables) != nil || p.Sets[1].Void == "" || p.Sets[1].Archive == nil {
		t.Errorf("the tables of an earlier version stand: %+v", p.Sets[1])
	}
	if err := x.CertifyTables(script.First); err != nil {
		t.Fatal(err)
	}
	r.sign(t, script.Third)
	reviewtest.WantCode(t, x.WithdrawTables(nil, script.First, "有误"), review.CodeActConsent)
	if err := x.WithdrawTables(r.Sessions[script.Chair], script.First, "表内有误"); err != nil {
		t.Fatal(err)
	}
	if set := r.state().Project(script.First).Sets[2]; set.Void != "表内有误" || len(set.Papers) != 1 || len(set.Papers[0].Revisions) != 2 {
		t.Errorf("taken back: %+v", set)
	}
	r.restart(t)
	r.clean(t)
}

// TestPapersSigned holds the order of signing, that what is certified only takes
// signatures, and that positions come before it.
func TestPapersSigned(t *testing.T) {
	r := prepared(t)
	r.score(t, script.First)
	r.hold(t, script.Open(script.First))
	r.hold(t, script.Conclude(script.First)[3:7]...) // up to the dissent
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	reviewtest.WantCode(t, x.BeginSigning(script.First), review.CodePositionMissing)
	reviewtest.WantCode(t, chair.BeginSigning(script.First), review.CodeActRole) // the secretary certifies
	reviewtest.WantCode(t, x.BeginSigning(script.First, script.Observer), review.CodeSeatUnknown)
	reviewtest.WantCode(t, x.BeginSigning("p09"), review.CodeProjectUnknown)
	if p := r.state().Project(script.First); p.Stage != review.StageConcluded || len(p.Sets) != 0 {
		t.Fatalf("a refused certification left %s and %d sets", p.Stage, len(p.Sets))
	}
	r.vote(t, script.First)
	_, _, err := r.Sessions[script.Member].PaperOf(script.First, review.FormTally)
	reviewtest.WantCode(t, err, review.CodeHidden)
	if err := x.BeginSigning(script.First); err != nil {
		t.Fatal(err)
	}
	// Who signs sees what he signs.
	for _, form := range []review.Form{review.FormOpinion, review.FormTally, review.FormPanel} {
		if _, _, err := r.Sessions[script.Member].PaperOf(script.First, form); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
	_, _, err = x.PaperOf(script.First, review.FormChanges)
	reviewtest.WantCode(t, err, review.CodeSetMissing)
	reviewtest.WantCode(t, r.Sessions[script.Observer].Sign(script.First, review.Look{}), review.CodeActRole)
	r.sign(t, script.Second, script.Third, script.Fourth)

	// The disk is full in the middle of the fifth signature: nothing has happened, and then
	// it is done.
	before := r.state().Project(script.First).Signing().Papers[0].Latest()
	r.store.full = true
	reviewtest.WantCode(t, r.Sessions[script.Member].Sign(script.First, review.Look{}), review.CodeDirFull)
	r.store.full = false
	if now := r.state().Project(script.First).Signing().Papers[0].Latest(); now != before {
		t.Error("a signature that was not stored counts")
	}
	r.clean(t)
	reviewtest.WantCode(t, x.Finalise(chair, script.First), review.CodeSignatureMissing)
	r.sign(t, script.Member, script.Chair)

	// A late dissent voids nothing.
	fourth := r.Sessions[script.Fourth]
	reviewtest.WantCode(t, fourth.Vote(script.First, review.ChoiceAgree, "", review.Look{}), review.CodeActStage)
	if err := fourth.Vote(script.First, review.ChoiceReserve, "仍建议补充测评", review.Look{}); err != nil {
		t.Fatal(err)
	}
	if _, err := x.DissentOf(script.First, script.Fourth); err != nil {
		t.Error(err)
	}
	_, err = x.DissentOf(script.First, script.Second)
	reviewtest.WantCode(t, err, review.CodeFileMissing)
	reviewtest.WantCode(t, x.Finalise(nil, script.First), review.CodeActConsent)
	reviewtest.WantCode(t, x.Finalise(r.Sessions[script.Second], script.First), review.CodeActConsent)
	if err := x.Finalise(chair, script.First); err != nil {
		t.Fatal(err)
	}
	if p := r.state().Project(script.First); p.Stage != review.StageFinal || p.Standing(review.PurposeConclusion).Archive == nil {
		t.Errorf("stage %s", p.Stage)
	}
	r.restart(t)
	r.clean(t)
}

// TestPapersWithdrawn holds that a conclusion taken back makes its papers void, and that
// the next ones are others.
func TestPapersWithdrawn(t *testing.T) {
	r := voted(t)
	x := r.Sessions[script.Secretary]
	if err := x.BeginSigning(script.First); err != nil {
		t.Fatal(err)
	}
	r.sign(t, script.Second, script.Third)
	if err := x.Withdraw(r.Sessions[script.Chair], script.First, "事实有误"); err != nil {
		t.Fatal(err)
	}
	if p := r.state().Project(script.First); p.Sets[0].Void != "事实有误" || p.Signing() != nil {
		t.Errorf("set %+v", p.Sets[0])
	}
	reviewtest.WantCode(t, r.Sessions[script.Fourth].Sign(script.First, review.Look{}), review.CodeSetMissing)
	r.hold(t, script.Conclude(script.First)[3], script.Conclude(script.First)[5])
	r.vote(t, script.First)
	if err := x.BeginSigning(script.First); err != nil {
		t.Fatal(err)
	}
	p := r.state().Project(script.First)
	if set := p.Signing(); set.Number != 2 || set.Papers[0].Number != 2 || set.Papers[0].Check == p.Sets[0].Papers[0].Check || len(r.state().UnsignedSet(p, set)) != 5 {
		t.Errorf("set %+v", set)
	}
	r.clean(t)
}

// TestScans holds that ink is as good as a key: by the code read off the print, with
// the bytes that were printed.
func TestScans(t *testing.T) {
	r := voted(t)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	reviewtest.WantCode(t, x.LinkScan(chair, script.First, "0", "", nil, script.Member), review.CodeSetMissing)
	all := []review.SeatID{script.Chair, script.Second, script.Third, script.Fourth, script.Member}
	if err := x.BeginSigning(script.First, all...); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, r.Sessions[script.Second].Sign(script.First, review.Look{}), review.CodeSignatureWay)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 300, 400))); err != nil {
		t.Fatal(err)
	}
	wide := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x00\x00\x00\x00") // 65,536 by 65,536
	set := r.state().Project(script.First).Signing()
	check := set.Papers[0].Check
	reviewtest.WantCode(t, x.LinkScan(chair, script.First, "0000-0000-0000-0000", "", picture.Bytes(), all...), review.CodeScanCheck)
	reviewtest.WantCode(t, x.LinkScan(chair, script.First, check, "", []byte("文字"), all...), review.CodeScanForm)
	reviewtest.WantCode(t, x.LinkScan(chair, script.First, check, "", wide, all...), review.CodeScanForm)
	reviewtest.WantCode(t, x.LinkScan(chair, script.First, check, "", append(picture.Bytes(), make([]byte, meeting.MaxScan)...), all...), review.CodeScanForm)
	reviewtest.WantCode(t, x.LinkScan(nil, script.First, check, "", picture.Bytes(), all...), review.CodeActConsent)
	reviewtest.WantCode(t, x.LinkScan(r.Sessions[script.Second], script.First, check, "", picture.Bytes(), all...), review.CodeActConsent)
	for i, q := range set.Papers {
		// As an input method may leave it: full-width, without dashes, in lower case.
		typed := ""
		for _, c := range q.Check {
			switch {
			case c == '-':
				typed += "　"
			case c >= '0' && c <= '9':
				typed += string(c - '0' + '０')
			default:
				typed += string(c - 'A' + 'a')
			}
		}
		scan := append(picture.Bytes(), byte(i))
		if err := x.LinkScan(chair, script.First, typed, "", scan, append(slices.Clone(all[1:]), all[0])...); err != nil {
			t.Fatal(err)
		}
	}
	p := r.state().Project(script.First)
	set = p.Signing()
	if open := r.state().UnsignedSet(p, set); len(open) > 0 {
		t.Errorf("unsigned %v", open)
	}
	for _, scan := range set.Scans {
		if scan.Printed != set.Papers[0].Revisions[0].Signed && scan.Printed != set.Papers[1].Revisions[0].Signed && scan.Printed != set.Papers[2].Revisions[0].Signed {
			t.Errorf("scan of %s", scan.Printed)
		}
	}
	if err := x.Finalise(r.Sessions[script.Chair], script.First); err != nil {
		t.Fatal(err)
	}
	r.clean(t)
}

// TestPapersForged holds that the full verification finds every paper that is not what the
// record says.
func TestPapersForged(t *testing.T) {
	r := voted(t)
	x := r.Sessions[script.Secretary]
	if err := x.BeginSigning(script.First); err != nil {
		t.Fatal(err)
	}
	r.sign(t, script.Second, script.Third)
	second, _ := r.state().Seat(script.Second)
	third, _ := r.state().Seat(script.Third)
	set := r.state().Project(script.First).Signing()
	q := set.Papers[0]
	blob := func(d review.Digest) []byte {
		b, err := r.store.Store.Blob(r.ID, d)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	signed := func(file []byte, by, as review.Seat, at time.Time) []byte {
		cert, err := x509.ParseCertificate(by.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		out, err := fakes.Papers{}.Sign(file, review.Signing{
			Field: review.FieldOf(as), Name: as.Name, At: at, Key: r.identity(t, by.ID).Signer(), Certificate: cert,
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	before, at := blob(q.Revisions[1].Signed), q.Revisions[2].At
	ballot := r.state().Project(script.First).Rounds[0].Ballots[0]
	vote, _ := r.state().Project(script.First).Vote(script.Third, set.Subject)
	for name, c := range map[string]struct {
		of   review.Digest
		with []byte
		want review.Code
	}{
		"another base":                 {q.Base, []byte("另一份\n"), review.CodePDFAltered},
		"a signature less":             {q.Latest(), before, review.CodePDFAltered},
		"one more":                     {q.Latest(), signed(blob(q.Latest()), r.Sessions[script.Fourth].Seat(), r.Sessions[script.Fourth].Seat(), at), review.CodePDFAltered},
		"a byte":                       {q.Latest(), bytes.Replace(blob(q.Latest()), []byte("签署"), []byte("同意"), 1), review.CodePDFAltered},
		"another's key":                {q.Latest(), signed(before, second, third, at), review.CodePDFAltered},
		"another time":                 {q.Latest(), signed(before, third, third, at.Add(time.Hour)), review.CodePDFAltered},
		"another's individual paper":   {ballot.Paper, blob(r.state().Project(script.First).Rounds[0].Ballots[1].Paper), review.CodeCertRole},
		"an individual paper unsigned": {ballot.Paper, []byte("individual\n"), review.CodePDFUnsigned},
		"a dissent by another":         {vote.Paper, blob(ballot.Paper), review.CodeCertRole},
	} {
		t.Run(name, func(t *testing.T) {
			r.store.mend()
			r.clean(t)
			r.store.swap = map[review.Digest][]byte{c.of: c.with}
			defer r.store.mend()
			found := r.Verify(r.ID, nil).Findings
			if !slices.ContainsFunc(found, func(f review.Finding) bool { return f.Code == c.want }) {
				t.Errorf("found %v, want %s", found, c.want)
			}
		})
	}
}

// TestForeignIndividual holds that a round does not open while a ballot brings an individual
// opinion that is not its expert's alone, and that the officers have a way on.
func TestForeignIndividual(t *testing.T) {
	r := prepared(t)
	r.begin(t, script.First)
	r.submit(t, script.First, script.Chair, script.Second, script.Fourth)
	_, other, err := r.Sessions[script.Second].OwnSheet(script.First)
	if err != nil {
		t.Fatal(err)
	}
	p := r.state().Project(script.First)
	file := r.crafted(t, r.identity(t, script.Third), p, script.Third, func(f *forgery) { f.paper = other })
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	if err := x.Bring(file); err != nil {
		t.Fatal(err)
	}
	r.close(t, script.First)
	reviewtest.WantCode(t, x.OpenRound(chair, script.First), review.CodeBallotForm)
	if err := x.VoidBallot(chair, script.First, script.Third, "个人意见不是本人签名"); err != nil {
		t.Fatal(err)
	}
	if err := x.OpenRound(chair, script.First); err != nil {
		t.Fatal(err)
	}
	r.clean(t)
}

// TestPreviews holds who may look at what is not certified yet.
func TestPreviews(t *testing.T) {
	r := prepared(t)
	x, second := r.Sessions[script.Secretary], r.Sessions[script.Second]
	_, _, err := x.PreviewPaper(script.First, review.FormTally)
	reviewtest.WantCode(t, err, review.CodeHidden)
	_, _, err = x.PreviewPaper(script.First, review.FormChanges)
	reviewtest.WantCode(t, err, review.CodeFulfilmentMissing)
	_, lacks, err := x.PreviewPaper(script.First, review.FormPanel)
	if err != nil || len(lacks) == 0 {
		t.Errorf("lacks %v, %v", lacks, err)
	}
	r.begin(t, script.First)
	h := sheetOf(script.First, script.Second)
	if b, err := second.PreviewBallot(script.First, h); err != nil || !bytes.Contains(b, []byte("草稿")) {
		t.Errorf("%s, %v", b, err)
	}
	_, err = second.PreviewBallot(script.First, review.Sheet{})
	reviewtest.WantCode(t, err, review.CodeSheetItem)
	r.submit(t, script.First, script.Chair, script.Second, script.Third, script.Fourth)
	_, err = x.IndividualOf(script.First, 1, script.Second)
	reviewtest.WantCode(t, err, review.CodeHidden)
	r.close(t, script.First)
	r.hold(t, script.Open(script.First))
	if _, err := x.IndividualOf(script.First, 0, script.Second); err != nil {
		t.Error(err)
	}
	if _, err := second.IndividualOf(script.First, 1, script.Second); err != nil {
		t.Error(err)
	}
	_, err = second.IndividualOf(script.First, 1, script.Third)
	reviewtest.WantCode(t, err, review.CodeHidden)
	_, err = x.IndividualOf(script.First, 1, script.Member)
	reviewtest.WantCode(t, err, review.CodeFileMissing)
	_, _, err = second.PreviewPaper(script.First, review.FormTally)
	reviewtest.WantCode(t, err, review.CodeHidden)
	if _, _, err := x.PreviewPaper(script.First, review.FormOpinion); err != nil {
		t.Error(err)
	}
}

// TestThinksBetter holds that who is on record as not signing may sign all the same.
func TestThinksBetter(t *testing.T) {
	r := voted(t)
	x := r.Sessions[script.Secretary]
	if err := x.BeginSigning(script.First); err != nil {
		t.Fatal(err)
	}
	if err := x.Refuse(r.Sessions[script.Fourth], script.First, script.Third, "不同意结论"); err != nil {
		t.Fatal(err)
	}
	r.sign(t, script.Third, script.Second, script.Fourth, script.Member, script.Chair)
	if err := x.Finalise(r.Sessions[script.Chair], script.First); err != nil {
		t.Fatal(err)
	}
	r.clean(t)
}

// TestPreviewsHide holds that a preview tells nobody what the gate hides: before the signing
// members and experts do not see who holds what.
func TestPreviewsHide(t *testing.T) {
	r := voted(t)
	for _, form := range []review.Form{review.FormOpinion, review.FormPanel} {
		for _, seat := range []review.SeatID{script.Member, script.Second} {
			_, _, err := r.Sessions[seat].PreviewPaper(script.First, form)
			reviewtest.WantCode(t, err, review.CodeHidden)
		}
		for _, seat := range []review.SeatID{script.Secretary, script.Chair, script.Observer} {
			if _, _, err := r.Sessions[seat].PreviewPaper(script.First, form); err != nil {
				t.Errorf("%s of %s: %v", form, seat, err)
			}
		}
	}
	x := r.Sessions[script.Secretary]
	if err := x.BeginSigning(script.First); err != nil {
		t.Fatal(err)
	}
	if sets, err := r.Sessions[script.Member].Sets(script.First); err != nil || len(sets) != 1 {
		t.Errorf("%d sets, %v", len(sets), err)
	}
	q, file, err := x.CertifiedOf(script.First, review.FormOpinion)
	if err != nil || review.DigestOf(file) != q.Revisions[0].Signed {
		t.Errorf("certified: %v", err)
	}
	path, err := x.ExportCertified(script.First, review.FormOpinion)
	if err != nil || !strings.HasSuffix(path, "p01-opinion-01-certified.pdf") || r.files.Kept(path) != string(file) {
		t.Errorf("exported to %q: %v", path, err)
	}
	_, err = x.ExportCertified(script.First, review.FormChanges)
	reviewtest.WantCode(t, err, review.CodeSetMissing)
	_, _, err = x.CertifiedOf(script.First, review.FormChanges)
	reviewtest.WantCode(t, err, review.CodeSetMissing)
}

// TestOtherProjectGoesOn holds that a paper that does not hold, of one project, keeps nobody
// from opening another; the full verification finds it.
func TestOtherProjectGoesOn(t *testing.T) {
	r := prepared(t)
	r.score(t, script.First)
	r.score(t, script.Other)
	r.hold(t, script.Open(script.First))
	r.hold(t, script.Conclude(script.First)[3:6]...)
	state, _, _ := r.record(t)
	p := state.Project(script.First)
	who := r.identity(t, script.Third)
	bad := []byte("不是文件")
	st := review.Statement{
		Version: review.StatementVersion, Kind: review.StatementVote, Meeting: r.ID, Package: p.Package, Scheme: p.SchemeDigest, Project: p.ID,
		Seat: script.Third, Revision: 1, At: state.At,
		Body: review.VoteBody{Conclusion: p.Conclusion.Digest, Choice: review.ChoiceDisagree, Text: "不同意", Paper: review.DigestOf(bad)},
	}
	g, err := journal.State(st, who)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.forge(t, script.Third, who, review.VoteCast{Vote: g}, bad); err != nil {
		t.Fatal(err)
	}
	r.restart(t)
	if found := r.Verify(r.ID, nil).Findings; len(found) == 0 {
		t.Error("the paper holds")
	}
	r.hold(t, script.Open(script.Other))

	// The officers have a way on.
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	reviewtest.WantCode(t, x.VoidDissent(nil, script.First, script.Third, "文件已损坏"), review.CodeActConsent)
	if err := x.VoidDissent(chair, script.First, script.Third, "文件已损坏"); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, x.VoidDissent(chair, script.First, script.Third, "文件已损坏"), review.CodeDissentMissing)
	r.clean(t)
}

// TestLeftSigning holds that a meeting that an earlier version left in 签署 goes on.
func TestLeftSigning(t *testing.T) {
	r := voted(t)
	if err := r.forge(t, script.Secretary, r.identity(t, script.Secretary), review.SigningBegun{Project: script.First}); err != nil {
		t.Fatal(err)
	}
	r.restart(t)
	if err := r.Sessions[script.Secretary].BeginSigning(script.First); err != nil {
		t.Fatal(err)
	}
	r.sign(t, script.Second)
	r.clean(t)
}

// TestPaperDiffers holds that a paper which says something else than the record is not
// archived, and, where an archive was made all the same, found by every verification, which
// keeps nobody from filing.
func TestPaperDiffers(t *testing.T) {
	r := voted(t)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	r.papers.lie = true
	if err := x.BeginSigning(script.First); err != nil {
		t.Fatal(err)
	}
	r.sign(t, script.Second, script.Third, script.Fourth, script.Member, script.Chair)
	r.papers.lie = false
	reviewtest.WantCode(t, x.Finalise(chair, script.First), review.CodePaperDiffers)
	found := r.Verify(r.ID, nil).Findings
	if len(found) != 1 || found[0].Code != review.CodePaperDiffers || found[0].Entry != "p01-opinion-01.pdf" {
		t.Errorf("found %v", found)
	}
	r.papers.lie = true
	if err := x.Finalise(chair, script.First); err != nil {
		t.Fatal(err)
	}
	if err := x.Suspend(r.Sessions[script.Second], script.Other, "材料不全"); err != nil {
		t.Fatal(err)
	}
	r.papers.lie = false
	if err := x.BeginFiling(chair); err != nil {
		t.Error(err)
	}
	if found := r.Verify(r.ID, nil).Findings; len(found) != 1 || found[0].Code != review.CodePaperDiffers {
		t.Errorf("found %v", found)
	}
}
