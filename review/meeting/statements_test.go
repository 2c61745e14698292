package meeting_test

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/meeting"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/fakes"
	"heyi/review/reviewtest/script"
	"heyi/review/seal"
)

// ballotFile is the form of a 评分件, as anybody can write it.
type ballotFile struct {
	Kind    string        `json:"heyi"`
	Version int           `json:"v"`
	Ballot  review.Signed `json:"ballot"`
	Cipher  []byte        `json:"cipher"`
}

// crafted gives a 评分件 as a person with the keys of who could make it by hand: right in
// everything but for what change does.
func (r *room) crafted(tb testing.TB, who *seal.Identity, p *review.Project, seat review.SeatID, change func(*forgery)) []byte {
	tb.Helper()
	state, _, _ := r.record(tb)
	chair, _ := state.Seat(state.Presiding(p))
	f := forgery{
		ballot: review.Statement{
			Version: review.StatementVersion, Kind: review.StatementBallot, Meeting: r.ID, Package: p.Package, Scheme: p.SchemeDigest,
			Project: p.ID, Round: p.Round().Nonce, Seat: seat, Revision: 1, At: r.clock.now(),
		},
		body: review.BallotBody{Chair: chair.Keys.Seal, Secretary: state.Seats[0].Keys.Seal}, signer: who,
		inner: []string{chair.Keys.Seal, who.Public().Seal}, outer: []string{state.Seats[0].Keys.Seal, who.Public().Seal},
	}
	f.score = f.ballot
	f.score.Kind, f.score.Body = review.StatementScore, sheetOf(p.ID, seat)
	f.scorer = who
	if change != nil {
		change(&f)
	}
	return f.file(tb)
}

// forgery is a ballot in the making.
type forgery struct {
	score, ballot  review.Statement
	body           review.BallotBody
	scorer, signer *seal.Identity
	inner, outer   []string
	packed, cipher func([]byte) []byte // nil for as it is
	paper          []byte              // the individual opinion; nil for none
}

func (f forgery) file(tb testing.TB) []byte {
	tb.Helper()
	score, err := journal.State(f.score, f.scorer)
	if err != nil {
		tb.Fatal(err)
	}
	c := review.Content{Version: review.ContentVersion, Score: score}
	if f.paper != nil {
		c.Paper = review.DigestOf(f.paper)
	}
	content := c.Encode()
	packed := seal.PackBallot(content, f.paper)
	if f.packed != nil {
		packed = f.packed(packed)
	}
	cipher, err := seal.SealTwice(packed, f.inner, f.outer)
	if err != nil {
		tb.Fatal(err)
	}
	if f.cipher != nil {
		cipher = f.cipher(cipher)
	}
	if f.body.Cipher == "" {
		f.body.Cipher = review.DigestOf(cipher)
	}
	if f.body.Content == "" {
		f.body.Content = review.DigestOf(content)
	}
	f.ballot.Body = f.body
	g, err := journal.State(f.ballot, f.signer)
	if err != nil {
		tb.Fatal(err)
	}
	file, err := json.Marshal(ballotFile{"ballot", 1, g, cipher})
	if err != nil {
		tb.Fatal(err)
	}
	return file
}

// scoring gives a prepared room with both projects in their first rounds, and another
// machine with the same.
func scoring(tb testing.TB) (here, there *room) {
	tb.Helper()
	here = prepared(tb)
	here.begin(tb, script.First)
	here.begin(tb, script.Other)
	return here, here.twin(tb)
}

// brought gives the 评分件 of a ballot that a person submits on this machine.
func (r *room) brought(tb testing.TB, project review.ProjectID, seat review.SeatID) []byte {
	tb.Helper()
	r.submit(tb, project, seat)
	file, err := r.Sessions[seat].BallotFile(project)
	if err != nil {
		tb.Fatal(err)
	}
	return file
}

// TestBring holds that a ballot from another machine is the same act as one given here.
func TestBring(t *testing.T) {
	r, there := scoring(t)
	key := review.ScoreDraft(script.First, 1)
	if err := r.Sessions[script.Third].SaveDraft(key, "没写完"); err != nil {
		t.Fatal(err)
	}
	file := there.brought(t, script.First, script.Third)
	x := r.Sessions[script.Secretary]
	r.store.full = true
	reviewtest.WantCode(t, x.Bring(file), review.CodeDirFull)
	r.store.full = false
	if err := x.Bring(file); err != nil {
		t.Fatal(err)
	}
	want, err := there.Sessions[script.Third].Receipt(script.First)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Sessions[script.Third].Receipt(script.First)
	if err != nil || got.Digest != want.Digest || got.Code != want.Code {
		t.Errorf("receipt %+v, there %+v, %v", got, want, err)
	}
	if text, err := r.Sessions[script.Third].Draft(key); err != nil || text != "" {
		t.Errorf("the draft is %q, %v", text, err)
	}
	if h, _, err := r.Sessions[script.Third].OwnSheet(script.First); err != nil || h.Opinion[2] != whose(script.First, script.Third) {
		t.Errorf("sheet %+v, %v", h, err)
	}
	if again, err := r.Sessions[script.Third].BallotFile(script.First); err != nil || string(again) != string(file) {
		t.Errorf("the file is another: %v", err)
	}
	// Once more it changes nothing, whoever brings it.
	before := r.state()
	for _, seat := range []review.SeatID{script.Secretary, script.Third} {
		reviewtest.WantCode(t, r.Sessions[seat].Bring(file), review.CodeStatementKnown)
	}
	reviewtest.WantCode(t, r.Sessions[script.Second].Bring(file), review.CodeActRole)
	x.Close()
	reviewtest.WantCode(t, x.Bring(file), review.CodeSessionClosed)
	r.enter(t, script.Secretary)
	if n := r.state().Size - before.Size; n != 2 || len(r.state().Refused) != 0 {
		t.Errorf("%d entries, refused %v", n, r.state().Refused)
	}
	_, err = r.Sessions[script.Second].BallotFile(script.First)
	reviewtest.WantCode(t, err, review.CodeBallotMissing)
	r.submit(t, script.First, script.Chair, script.Second, script.Fourth)
	r.close(t, script.First)
	r.hold(t, script.Open(script.First))
	r.restart(t)
	r.clean(t)
}

// refused demands that a ballot is refused, that it is on record so if it is genuine,
// and that nothing else changed.
func (r *room) refused(t *testing.T, file []byte, want review.Code) {
	t.Helper()
	before := r.state()
	reviewtest.WantCode(t, r.Sessions[script.Secretary].Bring(file), want)
	after := r.state()
	g, _, err := meeting.ReadBallotFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(after.Refused) != len(before.Refused)+1 {
		t.Fatalf("refused %+v", after.Refused)
	}
	last := after.Refused[len(after.Refused)-1]
	if last.Code != want || last.Statement != g.Digest() || last.Seat != script.Third || after.Size != before.Size+1 {
		t.Errorf("on record is %+v", last)
	}
	for i, p := range before.Projects {
		if !reflect.DeepEqual(p, after.Projects[i]) {
			t.Errorf("%s changed", p.ID)
		}
	}
}

// TestFork holds that of two ballots of one revision the first stands, and that the
// expert gets on by a further revision.
func TestFork(t *testing.T) {
	r, there := scoring(t)
	x := r.Sessions[script.Secretary]
	first, other := there.brought(t, script.First, script.Third), r.brought(t, script.First, script.Third)
	given, err := r.Sessions[script.Third].Receipt(script.First)
	if err != nil {
		t.Fatal(err)
	}
	r.refused(t, first, review.CodeStatementFork)
	if now, err := r.Sessions[script.Third].Receipt(script.First); err != nil || now != given {
		t.Errorf("what stands is %+v, %v", now, err)
	}
	reviewtest.WantCode(t, x.Bring(other), review.CodeStatementKnown)
	if err := x.Return(script.First, script.Third, "出现两份第一稿，请本人再交"); err != nil {
		t.Fatal(err)
	}
	r.refused(t, first, review.CodeStatementFork)
	r.submit(t, script.First, script.Third)
	r.refused(t, first, review.CodeStatementOld)
	r.refused(t, other, review.CodeStatementOld)
	r.submit(t, script.First, script.Chair, script.Second, script.Fourth)
	r.close(t, script.First)
	r.hold(t, script.Open(script.First))
	r.clean(t)
}

// TestGap holds that revisions are accepted in their order alone.
func TestGap(t *testing.T) {
	r, there := scoring(t)
	first := there.brought(t, script.First, script.Third)
	if err := there.Sessions[script.Secretary].Return(script.First, script.Third, "本人要求修改"); err != nil {
		t.Fatal(err)
	}
	second := there.brought(t, script.First, script.Third)
	r.refused(t, second, review.CodeStatementGap)
	x := r.Sessions[script.Secretary]
	if err := x.Bring(first); err != nil {
		t.Fatal(err)
	}
	r.refused(t, second, review.CodeBallotGiven)
	if err := x.Return(script.First, script.Third, "本人要求修改"); err != nil {
		t.Fatal(err)
	}
	if err := x.Bring(second); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, x.Bring(second), review.CodeStatementKnown)
	r.refused(t, first, review.CodeStatementOld)
	r.clean(t)
}

// TestBringLate holds that a ballot of an earlier round, or on a project that is not
// being scored, is none of this one.
func TestBringLate(t *testing.T) {
	r, there := scoring(t)
	file := there.brought(t, script.First, script.Third)
	r.submit(t, script.First, script.Chair, script.Second)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	for _, seat := range []review.SeatID{script.Third, script.Fourth} {
		if err := x.Attend(seat, review.PresenceLeft, "临时有事"); err != nil {
			t.Fatal(err)
		}
	}
	r.refused(t, file, review.CodeSeatPresence)
	if err := x.WaiveQuorum(chair, script.First, "到会专家同意继续"); err != nil {
		t.Fatal(err)
	}
	r.close(t, script.First)
	reviewtest.WantCode(t, x.Bring(file), review.CodeActStage)
	r.hold(t, script.Open(script.First))
	reviewtest.WantCode(t, x.Bring(file), review.CodeActStage)
	r.begin(t, script.First)
	r.refused(t, file, review.CodeStatementRound)
	if err := x.Recuse(chair, script.First, script.Third, true, "与项目单位有合作"); err != nil {
		t.Fatal(err)
	}
	r.refused(t, file, review.CodeStatementRound)
	late := there.brought(t, script.Other, script.Third)
	if err := x.Recuse(r.Sessions[script.Second], script.Other, script.Third, true, "与项目单位有合作"); err != nil {
		t.Fatal(err)
	}
	r.refused(t, late, review.CodeRecused)
	r.clean(t)
}

// TestReplayed holds that a ballot that was made for another place, or by another, is
// of no use here.
func TestReplayed(t *testing.T) {
	r, _ := scoring(t)
	third, second := r.identity(t, script.Third), r.identity(t, script.Second)
	stranger, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	p := r.state().Project(script.First)
	other := r.state().Project(script.Other)
	for name, c := range map[string]struct {
		change  func(*forgery)
		want    review.Code
		genuine bool // on record as refused
	}{
		"of another meeting":        {func(f *forgery) { f.ballot.Meeting = "aaaaaaaaaaaaaaaaaaaaaaaaaa" }, review.CodeStatementMeeting, false},
		"of another package":        {func(f *forgery) { f.ballot.Package = other.Package }, review.CodeStatementPackage, true},
		"of another scheme":         {func(f *forgery) { f.ballot.Scheme = review.DigestOf(nil) }, review.CodeStatementScheme, true},
		"of another round":          {func(f *forgery) { f.ballot.Round = other.Round().Nonce }, review.CodeStatementRound, true},
		"on another project":        {func(f *forgery) { f.ballot.Project = other.ID }, review.CodeStatementPackage, true},
		"on no project":             {func(f *forgery) { f.ballot.Project = "p09" }, review.CodeProjectUnknown, false},
		"of no revision":            {func(f *forgery) { f.ballot.Revision = 0 }, review.CodeStatementForm, false},
		"of a later revision":       {func(f *forgery) { f.ballot.Revision = 3 }, review.CodeStatementGap, true},
		"after another":             {func(f *forgery) { f.ballot.Prev = review.DigestOf(nil) }, review.CodeStatementFork, true},
		"of another seat":           {func(f *forgery) { f.ballot.Seat = script.Second }, review.CodeStatementSignature, false},
		"of no seat":                {func(f *forgery) { f.ballot.Seat = "s99" }, review.CodeStatementSeat, false},
		"of a member":               {func(f *forgery) { f.ballot.Seat = script.Member }, review.CodeStatementSignature, false},
		"signed by another":         {func(f *forgery) { f.signer = second }, review.CodeStatementSignature, false},
		"signed by a stranger":      {func(f *forgery) { f.signer = stranger }, review.CodeStatementSignature, false},
		"sealed to another chair":   {func(f *forgery) { f.body.Chair = second.Public().Seal }, review.CodeBallotSeal, true},
		"sealed to nobody":          {func(f *forgery) { f.body.Secretary = "" }, review.CodeBallotSeal, true},
		"of another cipher":         {func(f *forgery) { f.body.Cipher = review.DigestOf(nil) }, review.CodeBallotForm, false},
		"of no content":             {func(f *forgery) { f.body.Content = "x" }, review.CodeStatementForm, false},
		"no ballot but its content": {func(f *forgery) { f.ballot.Kind = review.StatementScore }, review.CodeStatementForm, false},
	} {
		t.Run(name, func(t *testing.T) {
			file := r.crafted(t, third, p, script.Third, c.change)
			if c.genuine {
				r.refused(t, file, c.want)
				return
			}
			before := r.state()
			reviewtest.WantCode(t, r.Sessions[script.Secretary].Bring(file), c.want)
			if r.state() != before {
				t.Error("something is on record")
			}
		})
	}
	if _, given := r.state().Project(script.First).Round().Ballot(script.Third); given {
		t.Fatal("a forgery was accepted")
	}
	if err := r.Sessions[script.Secretary].Bring(r.crafted(t, third, p, script.Third, nil)); err != nil {
		t.Errorf("with nothing changed: %v", err)
	}
	r.clean(t)
}

// TestBallotFileBytes holds that whatever byte of a 评分件 is changed, cut off or added,
// it is refused, or means the very same.
func TestBallotFileBytes(t *testing.T) {
	r, there := scoring(t)
	file := there.brought(t, script.First, script.Third)
	want, wantCipher, err := meeting.ReadBallotFile(file)
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	try := func(what string, file []byte) {
		g, cipher, err := meeting.ReadBallotFile(file)
		if err != nil {
			if code := review.CodeOf(err); code != review.CodeBallotForm && code != review.CodeStatementForm && code != review.CodeStatementNewer {
				t.Errorf("%s: %v", what, err)
			}
			return
		}
		read++
		before := r.state()
		err = r.Sessions[script.Secretary].Bring(file)
		switch code := review.CodeOf(err); {
		case err == nil:
			t.Fatalf("%s: accepted", what)
		case code != review.CodeStatementSignature && code != review.CodeStatementSeat && code != review.CodeStatementMeeting:
			t.Errorf("%s: %v", what, err)
		case r.state() != before:
			t.Errorf("%s: on record", what)
		case string(g.Statement) == string(want.Statement) && string(g.Signature) == string(want.Signature):
			t.Errorf("%s: two files say the same", what)
		case string(g.Statement) == string(want.Statement) && string(cipher) != string(wantCipher):
			t.Errorf("%s: another cipher under one statement", what)
		}
	}
	signed := bytes.Index(file, []byte(`"cipher"`)) // up to here
	for i := range file {
		for _, flip := range []byte{1, 0x20} {
			if flip != 1 && i > signed {
				continue // one is enough where a digest stands over it
			}
			bad := bytes.Clone(file)
			bad[i] ^= flip
			try(fmt.Sprintf("byte %d with %#x", i, flip), bad)
		}
		if i%41 == 0 || i > len(file)-41 {
			try(fmt.Sprintf("cut at %d", i), file[:i])
		}
	}
	for what, bad := range map[string][]byte{
		"a line at the end":   append(bytes.Clone(file), '\n'),
		"a space in front":    append([]byte(" "), file...),
		"twice":               append(bytes.Clone(file), file...),
		"a field more":        bytes.Replace(file, []byte(`{"heyi"`), []byte(`{"x":1,"heyi"`), 1),
		"a field twice":       bytes.Replace(file, []byte(`{"heyi"`), []byte(`{"heyi":"ballot","heyi"`), 1),
		"another case":        bytes.Replace(file, []byte(`"cipher"`), []byte(`"Cipher"`), 1),
		"another kind":        bytes.Replace(file, []byte(`"ballot","v"`), []byte(`"vote","v"`), 1),
		"another version":     bytes.Replace(file, []byte(`"v":1`), []byte(`"v":2`), 1),
		"escaped":             bytes.Replace(file, []byte(`"ballot","v"`), []byte(`"\u0062allot","v"`), 1),
		"no object":           []byte("null"),
		"an empty one":        []byte("{}"),
		"too large":           make([]byte, meeting.MaxBallotFile+1),
		"deep":                bytes.Repeat([]byte("["), 100_000),
		"no statement":        []byte(`{"heyi":"ballot","v":1,"ballot":{"statement":"","signature":""},"cipher":""}`),
		"no statement at all": []byte(`{"heyi":"ballot","v":1,"ballot":{"statement":null,"signature":null},"cipher":null}`),
	} {
		if _, _, err := meeting.ReadBallotFile(bad); err == nil {
			t.Errorf("%s: read", what)
		}
		try(what, bad)
	}
	if read == 0 {
		t.Error("no change came as far as the signature")
	}
	_, _, err = meeting.ReadBallotFile([]byte("{}"))
	reviewtest.WantCode(t, err, review.CodeBallotForm)
	if err := r.Sessions[script.Secretary].Bring(file); err != nil {
		t.Fatal(err)
	}
	r.clean(t)
}

// TestForged holds that no statement of a person is admitted that he did not sign for
// this very place, whoever puts it into the journal.
func TestForged(t *testing.T) {
	r := prepared(t)
	r.score(t, script.First)
	r.hold(t, script.Open(script.First))
	r.hold(t, script.Conclude(script.First)[3:12]...)
	r.begin(t, script.Other)
	secretary, second, third := r.identity(t, script.Secretary), r.identity(t, script.Second), r.identity(t, script.Third)
	state, _, _ := r.record(t)
	p := state.Project(script.First)
	if p.Stage != review.StageSigning {
		t.Fatalf("the first project is at %s", p.Stage)
	}
	conclusion := p.Conclusion.Digest
	before, _ := p.Vote(script.Third, conclusion)
	say := func(kind review.StatementKind, project review.ProjectID, revision int, prev review.Digest, body any, by *seal.Identity, change func(*review.Statement)) review.Body {
		st := review.Statement{
			Version: review.StatementVersion, Kind: kind, Meeting: r.ID, Project: project, Seat: script.Third,
			Revision: revision, Prev: prev, At: state.At, Body: body,
		}
		if p := state.Project(project); p != nil {
			st.Package, st.Scheme = p.Package, p.SchemeDigest
		}
		if change != nil {
			change(&st)
		}
		g, err := journal.State(st, by)
		if err != nil {
			t.Fatal(err)
		}
		b, err := review.Carry(g)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	declared, _ := state.Project(script.Other).Declaration(script.Third)
	// The papers as the third would sign them.
	seat, _ := state.Seat(script.Third)
	cert, err := x509.ParseCertificate(seat.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	set := p.Signing()
	signing := review.PapersBody{Set: set.Number, Subject: set.Subject}
	var signed [][]byte
	for _, q := range set.Papers {
		before, err := r.store.Blob(r.ID, q.Latest())
		if err != nil {
			t.Fatal(err)
		}
		after, err := fakes.Papers{}.Sign(before, review.Signing{
			Field: review.FieldOf(seat), Name: seat.Name, Reason: "签署", At: state.At, Key: third.Signer(), Certificate: cert,
		})
		if err != nil {
			t.Fatal(err)
		}
		signing.Papers = append(signing.Papers, review.SignedPaper{Before: q.Latest(), After: review.DigestOf(after)})
		signed = append(signed, after)
	}
	type maker func(by *seal.Identity, change func(*review.Statement)) review.Body
	kinds := map[string]maker{
		"declaration": func(by *seal.Identity, change func(*review.Statement)) review.Body {
			return say(review.StatementDeclaration, script.Other, declared.Revision+1, declared.Statement, review.DeclarationBody{}, by, change)
		},
		"vote": func(by *seal.Identity, change func(*review.Statement)) review.Body {
			return say(review.StatementVote, script.First, before.Revision+1, before.Statement, review.VoteBody{Conclusion: conclusion, Choice: review.ChoiceDisagree, Text: "仍有不同意见"}, by, change)
		},
		"signature": func(by *seal.Identity, change func(*review.Statement)) review.Body {
			return say(review.StatementPapers, script.First, 1, "", signing, by, change)
		},
	}
	blobs := map[string][][]byte{"signature": signed}
	for name, make := range kinds {
		t.Run(name, func(t *testing.T) {
			try := func(body review.Body, want review.Code) {
				t.Helper()
				reviewtest.WantCode(t, r.forge(t, script.Secretary, secretary, body), want)
			}
			try(make(second, nil), review.CodeStatementSignature)
			try(make(secretary, nil), review.CodeStatementSignature)
			try(make(third, func(st *review.Statement) { st.Seat = script.Second }), review.CodeStatementSignature)
			try(make(third, func(st *review.Statement) { st.Meeting = "aaaaaaaaaaaaaaaaaaaaaaaaaa" }), review.CodeStatementMeeting)
			try(make(third, func(st *review.Statement) { st.Package = review.DigestOf(nil) }), review.CodeStatementPackage)
			try(make(third, func(st *review.Statement) { st.Scheme = review.DigestOf(nil) }), review.CodeStatementScheme)
			try(make(third, func(st *review.Statement) { st.Project = "p09" }), review.CodeProjectUnknown)
			body := make(third, nil)
			reviewtest.WantCode(t, r.forge(t, script.Second, second, body), review.CodeActRole) // brought by who is no officer
			reviewtest.WantCode(t, r.forge(t, script.Third, secretary, body), review.CodeJournalEntry)
			if err := r.forge(t, script.Secretary, secretary, body, blobs[name]...); err != nil {
				t.Fatalf("as it should be: %v", err)
			}
			try(body, review.CodeStatementKnown)
		})
	}
	r.start()
	r.clean(t)
}

// TestConsentReplayed holds that a consent is to one act at one place in the journal.
func TestConsentReplayed(t *testing.T) {
	r := prepared(t)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	if err := x.WaiveQuorum(chair, script.First, "继续"); err != nil {
		t.Fatal(err)
	}
	_, _, rec := r.record(t)
	last := rec.Entries[len(rec.Entries)-1]
	e, err := review.DecodeEvent(last.Event)
	if err != nil {
		t.Fatal(err)
	}
	given := e.Body.(review.QuorumWaived)
	who := r.identity(t, script.Secretary)
	reviewtest.WantCode(t, r.forge(t, script.Secretary, who, given), review.CodeStatementSignature)
	moved := given
	moved.Project = script.Other
	reviewtest.WantCode(t, r.forge(t, script.Secretary, who, moved), review.CodeStatementSignature)

	// The same, freshly given to one act and put on another at the very same place.
	state, tree, _ := r.record(t)
	fresh := func(b review.Consented, seat review.SeatID) *review.Signed {
		g, err := journal.State(review.Statement{
			Version: review.StatementVersion, Kind: review.StatementConsent, Meeting: r.ID, Seat: seat, Revision: 1,
			Prev: tree.RootDigest(), At: state.At, Body: review.ConsentTo(b),
		}, r.identity(t, seat))
		if err != nil {
			t.Fatal(err)
		}
		return &g
	}
	waive := review.QuorumWaived{Project: script.First, Reason: "继续"}
	other := review.QuorumWaived{Project: script.First, Reason: "另一理由"}
	for name, b := range map[string]review.Body{
		"to another act":     other.With(fresh(waive, script.Chair)),
		"of another person":  waive.With(fresh(waive, script.Second)),
		"of the one himself": waive.With(fresh(waive, script.Secretary)),
		"of nobody":          waive,
	} {
		if err := r.forge(t, script.Secretary, who, b); review.CodeOf(err) != review.CodeActConsent {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := r.forge(t, script.Secretary, who, waive.With(fresh(waive, script.Chair))); err != nil {
		t.Errorf("as it should be: %v", err)
	}
	r.start()
	r.clean(t)
}
