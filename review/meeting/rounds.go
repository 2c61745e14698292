package meeting

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"heyi/review"
	"heyi/review/seal"
)

// AddProject puts a project before the panel that came in no package; its id is given by
// the meeting. Its scheme is its own: that of a regulation, the program's or one that a
// package has brought, only a package can call for.
// Codes: those of the text checks, CodeTextGlyph, CodeSchemeForm, CodeFactForm,
// CodeProjectExists, CodeActRole, CodeActPhase, CodeSessionClosed and those of
// Store.Commit.
func (x *Session) AddProject(b review.ProjectAdded) (review.ProjectID, error) {
	s := x.l.services
	if err := s.printable(projectTexts(b)...); err != nil {
		return "", err
	}
	if s.rules != nil {
		if _, ok := s.rules.Scheme(b.Scheme.ID); ok {
			return "", review.E(review.CodeSchemeForm, "meeting.Session.AddProject", b.Scheme.ID, nil)
		}
	}
	if slices.ContainsFunc(x.State().Projects, func(p *review.Project) bool {
		return len(p.Scheme.Packs) > 0 && calls(b.Scheme.ID, p.Scheme.Regulation)
	}) {
		return "", review.E(review.CodeSchemeForm, "meeting.Session.AddProject", b.Scheme.ID, nil)
	}
	b.Project = review.NumberedProject(len(x.State().Projects) + 1)
	return b.Project, x.do(b)
}

// projectTexts lists what of a project will stand on papers.
func projectTexts(b review.ProjectAdded) []string {
	texts := []string{b.Title, b.Scheme.Title}
	for _, u := range b.Units {
		texts = append(texts, u.Name)
	}
	for _, f := range b.Facts {
		texts = append(texts, f.Value)
	}
	for _, it := range b.Scheme.Items {
		texts = append(texts, it.Title, it.Article)
	}
	for _, o := range b.Scheme.Outcomes {
		texts = append(texts, o.Title)
	}
	return texts
}

// Suspend ends a project's review without a conclusion.
// Codes: CodeActConsent, CodeProjectUnknown, CodeActStage, those of the text checks,
// CodeActRole, CodeActPhase, CodeSessionClosed and those of Store.Commit.
func (x *Session) Suspend(with *Session, project review.ProjectID, reason string) error {
	return x.doWith(with, review.ProjectSuspended{Project: project, Reason: reason})
}

// Declare gives the expert's 回避声明 on a project; a later one follows it. A conflict
// takes him out of the project's review; only the officers can take that back.
// Codes: CodePromiseMissing, CodeProjectUnknown, CodeActStage, CodeActRole, those of the
// text checks, CodeSessionClosed and those of Store.Commit.
func (x *Session) Declare(project review.ProjectID, d review.DeclarationBody) error {
	st := review.Statement{Kind: review.StatementDeclaration, Project: project, Revision: 1, Body: d}
	if p := x.State().Project(project); p != nil {
		before, _ := p.Declaration(x.by.seat)
		st.Revision, st.Prev = before.Revision+1, before.Statement
	}
	return x.state(st)
}

// Recuse is the officers deciding that an expert stands aside, or need not.
// Codes: CodeActConsent, CodeSeatUnknown, CodeRecused, CodeProjectUnknown, CodeActStage,
// those of the text checks, CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) Recuse(with *Session, project review.ProjectID, seat review.SeatID, recused bool, reason string) error {
	return x.doWith(with, review.RecusalDecided{Project: project, Seat: seat, Recused: recused, Reason: reason})
}

// WaiveQuorum lets a review go on with fewer experts than the rule asks for.
// Codes: as for Recuse, but for the seat.
func (x *Session) WaiveQuorum(with *Session, project review.ProjectID, reason string) error {
	return x.doWith(with, review.QuorumWaived{Project: project, Reason: reason})
}

// Correct is a 更正单.
// Codes: CodeActConsent, CodeFactType (not what the project's rules can read), CodeFactUnknown, CodeFactOld, CodeProjectUnknown, CodeActStage,
// those of the text checks, CodeTextGlyph, CodeActRole, CodeSessionClosed and those of
// Store.Commit.
func (x *Session) Correct(with *Session, b review.FactCorrected) error {
	if err := x.l.services.printable(b.New, b.Evidence); err != nil {
		return err
	}
	if p := x.State().Project(b.Project); p != nil && len(p.Scheme.Packs) > 0 {
		lib, err := x.l.judge.library(p)
		if err != nil {
			return err
		}
		if _, err := lib.CheckFacts(p.Scheme.ID, []review.Fact{{Key: b.Key, Value: b.New}}); err != nil {
			return err
		}
	}
	return x.doWith(with, b)
}

// BeginRound opens a round of scoring.
// Codes: CodeChairMissing, CodeChairUnfit, CodeQuorum, CodeProjectUnknown, CodeActStage,
// CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) BeginRound(project review.ProjectID) error {
	nonce, err := x.l.services.nonce()
	if err != nil {
		return err
	}
	number := 1
	if p := x.State().Project(project); p != nil {
		number = len(p.Rounds) + 1
	}
	return x.do(review.RoundBegun{Project: project, Number: number, Nonce: nonce})
}

// recipients are those to whom a ballot is sealed, as age recipients.
type recipients struct{ chair, secretary, owner string }

func (r recipients) inner() []string { return []string{r.chair, r.owner} }
func (r recipients) outer() []string { return []string{r.secretary, r.owner} }

// recipientsOf gives to whom a ballot on a project is sealed now: the presiding chair
// must be one whom both officers certified.
// Codes: CodeChairMissing.
func recipientsOf(state *review.State, p *review.Project, owner string) (recipients, error) {
	chair, ok := state.Seat(state.Presiding(p))
	if !ok || !chair.Claimed() || chair.Certificate == nil {
		return recipients{}, review.E(review.CodeChairMissing, "meeting.recipientsOf", string(p.ID), nil)
	}
	return recipients{chair.Keys.Seal, state.Seats[0].Keys.Seal, owner}, nil
}

// Receipt is what an expert takes away from a submission.
type Receipt struct {
	Project  review.ProjectID
	Round    int
	Revision int
	At       time.Time
	Digest   review.Digest // of the ballot's statement
	Code     string        // the digest's first 50 bits, in Crockford's base 32: XXXXX-XXXXX
}

func receipt(p *review.Project, b review.Ballot) Receipt {
	return Receipt{
		Project: p.ID, Round: len(p.Rounds), Revision: b.Revision, At: b.At, Digest: b.Statement, Code: b.Statement.Receipt(),
	}
}

// Submit signs and seals the expert's ballot of the present round, and with it his
// individual opinion, composed and signed: look is how the signature looks on it. The
// draft goes in the same transaction. Between the submission and the opening nobody but
// the expert, and both officers together, can read it.
// Codes: those of Sheet.Check, CodeStrokes, CodeTextGlyph, CodeBallotGiven, CodeRecused,
// CodeSeatPresence, CodeSeatUnclaimed, CodePromiseMissing, CodeDeclarationMissing,
// CodeProjectUnknown, CodeActStage, CodeActRole, CodeChairMissing, CodeSessionClosed and
// those of Store.Commit. On failure the draft stays.
func (x *Session) Submit(project review.ProjectID, sheet review.Sheet, look review.Look) (Receipt, error) {
	if err := x.may(review.KindBallotSubmitted, project); err != nil {
		return Receipt{}, err
	}
	p := x.State().Project(project)
	if err := sheet.Check(p.Scheme, x.before(p)); err != nil {
		return Receipt{}, err
	}
	texts := slices.Clone(sheet.Opinion)
	for _, m := range sheet.Marks {
		texts = append(texts, m.Reason)
	}
	if err := x.l.services.printable(texts...); err != nil {
		return Receipt{}, err
	}
	by, err := x.author()
	if err != nil {
		return Receipt{}, err
	}
	at := x.l.moment(x.Seat().Certificate)
	file, err := x.individual(p, sheet, at, false)
	if err != nil {
		return Receipt{}, err
	}
	g := signature{seat: x.Seat(), who: by.who, at: at, look: captioned(look, at)}
	if file, err = g.on(x.l.services, file, review.MeansApproval, "个人评审意见"); err != nil {
		return Receipt{}, err
	}
	return x.submit(p, sheet, file)
}

// before gives what the person submitted in the round before, nil if nothing.
func (x *Session) before(p *review.Project) *review.Sheet {
	if len(p.Rounds) < 2 {
		return nil
	}
	b, _ := p.Rounds[len(p.Rounds)-2].Ballot(x.by.seat)
	return b.Sheet
}

func (x *Session) submit(p *review.Project, sheet review.Sheet, paper []byte) (Receipt, error) {
	by, err := x.author()
	if err != nil {
		return Receipt{}, err
	}
	to, err := recipientsOf(x.State(), p, by.who.Public().Seal)
	if err != nil {
		return Receipt{}, err
	}
	r := p.Round()
	before, _ := r.Ballot(by.seat)
	st := review.Statement{
		Kind: review.StatementScore, Project: p.ID, Round: r.Nonce, Revision: before.Revision + 1, Prev: before.Statement, Body: sheet,
	}
	content := review.Content{Version: review.ContentVersion}
	if content.Score, err = x.signed(st); err != nil {
		return Receipt{}, err
	}
	if paper != nil {
		content.Paper = review.DigestOf(paper)
	}
	cipher, err := seal.SealTwice(seal.PackBallot(content.Encode(), paper), to.inner(), to.outer())
	if err != nil {
		return Receipt{}, err
	}
	st.Kind, st.Body = review.StatementBallot, review.BallotBody{
		Cipher: review.DigestOf(cipher), Content: review.DigestOf(content.Encode()), Chair: to.chair, Secretary: to.secretary,
	}
	g, err := x.signed(st)
	if err != nil {
		return Receipt{}, err
	}
	if err := x.do(review.BallotSubmitted{Ballot: g}, cipher); err != nil {
		return Receipt{}, err
	}
	p = x.State().Project(p.ID)
	given, _ := p.Round().Ballot(by.seat)
	return receipt(p, given), nil
}

// Receipt gives the receipt of the person's ballot in the present round.
// Codes: CodeProjectUnknown, CodeBallotMissing, CodeSessionClosed.
func (x *Session) Receipt(project review.ProjectID) (Receipt, error) {
	if _, err := x.author(); err != nil {
		return Receipt{}, err
	}
	p, b, err := x.ownBallot(project)
	if err != nil {
		return Receipt{}, err
	}
	return receipt(p, b), nil
}

func (x *Session) ownBallot(project review.ProjectID) (*review.Project, review.Ballot, error) {
	const op = "meeting.Session.ownBallot"
	p := x.State().Project(project)
	if p == nil {
		return nil, review.Ballot{}, review.E(review.CodeProjectUnknown, op, string(project), nil)
	}
	if r := p.Round(); r != nil {
		if b, ok := r.Ballot(x.by.seat); ok {
			return p, b, nil
		}
	}
	return nil, review.Ballot{}, review.E(review.CodeBallotMissing, op, string(x.by.seat), nil)
}

// OwnSheet gives what the person submitted in the present round, from under the seal
// by his own key, and the individual opinion's PDF if there is one.
// Codes: CodeProjectUnknown, CodeBallotMissing, CodeKeyForm (sealed to keys of before a
// new code), CodeBallotForm, CodeSessionClosed and those of Store.Blob.
func (x *Session) OwnSheet(project review.ProjectID) (review.Sheet, []byte, error) {
	by, err := x.author()
	if err != nil {
		return review.Sheet{}, nil, err
	}
	p, b, err := x.ownBallot(project)
	if err != nil {
		return review.Sheet{}, nil, err
	}
	o := by.who.Opener()
	_, sheet, paper, err := x.l.services.unseal(x.State(), p, b, o, o)
	return sheet, paper, err
}

// unseal opens one ballot and makes sure that it is what was submitted.
// Codes: CodeKeyForm, CodeBallotForm, CodeStatementSignature, those of Store.Blob.
func (s *Services) unseal(state *review.State, p *review.Project, b review.Ballot, inner, outer seal.Opener) (c review.Content, sheet review.Sheet, paper []byte, err error) {
	const op = "meeting.Services.unseal"
	cipher, err := s.store.Blob(state.Meeting, b.Cipher)
	if err != nil {
		return c, sheet, nil, err
	}
	packed, err := seal.OpenTwice(cipher, inner, outer)
	if err != nil {
		return c, sheet, nil, err
	}
	raw, paper, err := seal.UnpackBallot(packed)
	if err != nil {
		return c, sheet, nil, review.E(review.CodeBallotForm, op, string(b.Seat), err)
	}
	if review.DigestOf(raw) != b.Content {
		return c, sheet, nil, review.E(review.CodeBallotForm, op, string(b.Seat), errors.New("content"))
	}
	if c, err = review.DecodeContent(raw); err != nil {
		return c, sheet, nil, err
	}
	if c.Paper != "" && review.DigestOf(paper) != c.Paper || c.Paper == "" && paper != nil {
		return c, sheet, nil, review.E(review.CodeBallotForm, op, string(b.Seat), errors.New("paper"))
	}
	if !seal.Verify(b.Keys, review.StatementDomain, c.Score.Statement, c.Score.Signature) {
		return c, sheet, nil, review.E(review.CodeStatementSignature, op, string(b.Seat), nil)
	}
	sheet, err = p.ScoreOf(p.Round(), b, c)
	return c, sheet, paper, err
}

// Reseal submits the person's ballot again as it was, sealed to the present officers,
// after one of them has changed.
// Codes: those of OwnSheet and Submit.
func (x *Session) Reseal(project review.ProjectID) (Receipt, error) {
	sheet, paper, err := x.OwnSheet(project)
	if err != nil {
		return Receipt{}, err
	}
	return x.submit(x.State().Project(project), sheet, paper)
}

// Return is 退回: the expert may submit again.
// Codes: CodeBallotMissing, CodeProjectUnknown, CodeActStage, those of the text checks,
// CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) Return(project review.ProjectID, seat review.SeatID, reason string) error {
	return x.do(review.BallotReturned{Project: project, Seat: seat, Reason: reason})
}

// VoidBallot records that a ballot of the present round cannot count.
// Codes: as for Return, and CodeActConsent.
func (x *Session) VoidBallot(with *Session, project review.ProjectID, seat review.SeatID, reason string) error {
	return x.doWith(with, review.BallotVoided{Project: project, Seat: seat, Reason: reason})
}

// CloseRound ends the submitting.
// Codes: CodeBallotMissing (Item: who is waited for), CodeBallotStale, CodeQuorum,
// CodeProjectUnknown, CodeActStage, CodeActRole, CodeSessionClosed and those of
// Store.Commit.
func (x *Session) CloseRound(project review.ProjectID) error {
	b := review.RoundClosed{Project: project}
	if p := x.State().Project(project); p != nil {
		b.Number = len(p.Rounds)
	}
	return x.do(b)
}

// Reopen takes a closed round back to scoring before anybody has opened it.
// Codes: CodeActConsent, CodeProjectUnknown, CodeActStage, those of the text checks,
// CodeChairMissing, CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) Reopen(with *Session, project review.ProjectID, reason string) error {
	return x.doWith(with, review.RoundReopened{Project: project, Reason: reason})
}

// OpenRound opens all ballots of a closed round that count, by the secretary with the
// presiding chair. The whole record is verified first; one finding, and nothing is
// opened. sheets are recovery sheets of officers to whom ballots were sealed and who
// are not here. Nothing of another project is opened.
// An individual opinion that is not its expert's alone opens nothing; the officers may
// declare such a ballot void.
// Codes: the findings of Verify; CodeActConsent, CodeChairMissing, CodeSheetNeeded,
// CodeSheetForm, CodeBallotForm, CodeQuorum, CodeProjectUnknown, CodeActStage,
// CodeActRole, CodeSessionClosed and those of Store.Blob and Store.Commit.
func (x *Session) OpenRound(with *Session, project review.ProjectID, sheets ...string) error {
	const op = "meeting.Session.OpenRound"
	if err := x.may(review.KindBallotsOpened, project); err != nil {
		return err
	}
	chair := x.State().Presiding(x.State().Project(project))
	if chair == "" {
		return review.E(review.CodeChairMissing, op, string(project), nil)
	}
	if err := with.is(chair); err != nil {
		return err
	}
	outer, inner, err := x.openers(with, sheets)
	if err != nil {
		return err
	}
	s := x.l.services
	v, _, rec := s.verify(x.l.id, nil)
	if len(v.Findings) > 0 {
		return review.E(v.Findings[0].Code, op, v.Findings[0].Entry, nil)
	}
	state := x.State()
	anchors, err := anchorsOf(state)
	if err != nil {
		return err
	}
	known := fingerprints(rec.Entries)
	p := state.Project(project)
	body := review.BallotsOpened{Project: project, Number: len(p.Rounds)}
	var papers [][]byte
	for _, b := range p.Counted(p.Round()) {
		c, _, paper, err := s.unseal(state, p, b, inner, outer)
		if review.CodeOf(err) == review.CodeKeyForm {
			code := review.CodeSheetNeeded
			if slices.Contains(inner.Recipients(), b.Chair) && slices.Contains(outer.Recipients(), b.Secretary) {
				code = review.CodeBallotForm // no sheet would help: it is not sealed as it says
			}
			return review.E(code, op, string(b.Seat), err)
		}
		if err != nil {
			return err
		}
		body.Ballots = append(body.Ballots, review.Opened{Seat: b.Seat, Content: c})
		if paper != nil {
			if err := s.checkOwn(state, b.Seat, paper, anchors, known[b.Seat]); err != nil {
				return review.E(review.CodeBallotForm, op, string(b.Seat), err)
			}
			papers = append(papers, paper)
		}
	}
	return x.doWith(with, body, papers...)
}

// ballotFile is the form of a 评分件 (.rbal), version 1: a sealed, signed ballot on its
// way from another machine. One JSON object, canonical.
type ballotFile struct {
	Kind    string        `json:"heyi"` // "ballot"
	Version int           `json:"v"`
	Ballot  review.Signed `json:"ballot"`
	Cipher  []byte        `json:"cipher"`
}

// MaxBallotFile bounds a 评分件, in bytes.
const MaxBallotFile = 16 << 20

// BallotFile gives the person's ballot of the present round as a 评分件.
// Codes: CodeProjectUnknown, CodeBallotMissing, CodeSessionClosed and those of Store.Load
// and Store.Blob.
func (x *Session) BallotFile(project review.ProjectID) ([]byte, error) {
	if _, err := x.author(); err != nil {
		return nil, err
	}
	_, b, err := x.ownBallot(project)
	if err != nil {
		return nil, err
	}
	rec, err := x.l.services.store.Load(x.l.id)
	if err != nil {
		return nil, err
	}
	cipher, err := x.l.services.store.Blob(x.l.id, b.Cipher)
	if err != nil {
		return nil, err
	}
	for _, entry := range slices.Backward(rec.Entries) {
		e, err := review.DecodeEvent(entry.Event)
		if err != nil {
			return nil, err
		}
		if g, ok := e.Body.(review.BallotSubmitted); ok && g.Ballot.Digest() == b.Statement {
			return json.Marshal(ballotFile{"ballot", 1, g.Ballot, cipher})
		}
	}
	return nil, review.E(review.CodeBallotMissing, "meeting.Session.BallotFile", string(x.by.seat), nil)
}

// ReadBallotFile reads a 评分件 and gives the signed statement and the sealed bytes that
// it names. Whether it belongs to a meeting, the meeting says.
// Codes: CodeBallotForm, CodeStatementForm, CodeStatementNewer.
func ReadBallotFile(file []byte) (review.Signed, []byte, error) {
	const op = "meeting.ReadBallotFile"
	var f ballotFile
	if len(file) > MaxBallotFile || json.Unmarshal(file, &f) != nil || f.Kind != "ballot" || f.Version != 1 {
		return review.Signed{}, nil, review.E(review.CodeBallotForm, op, "", nil)
	}
	if again, err := json.Marshal(f); err != nil || !bytes.Equal(again, file) {
		return review.Signed{}, nil, review.E(review.CodeBallotForm, op, "", err)
	}
	st, err := review.DecodeStatement(f.Ballot.Statement)
	if err != nil {
		return review.Signed{}, nil, err
	}
	if body, ok := st.Body.(review.BallotBody); !ok || body.Cipher != review.DigestOf(f.Cipher) {
		return review.Signed{}, nil, review.E(review.CodeBallotForm, op, string(st.Seat), nil)
	}
	return f.Ballot, f.Cipher, nil
}

// Bring puts a ballot from another machine on record: the same act, with the same
// bytes, as if it had been submitted here. One that is genuine and cannot be accepted
// all the same, such as a second one of the same revision, is put on record as
// refused; what is there stays. The expert then submits a further revision, after
// 退回.
// Codes: those of ReadBallotFile; CodeStatementSignature, CodeStatementMeeting,
// CodeStatementSeat, CodeStatementPackage, CodeStatementScheme, CodeStatementRound,
// CodeStatementKnown, CodeStatementOld, CodeStatementGap, CodeStatementFork and those of
// Submit but for the sheet, which is under seal.
func (x *Session) Bring(file []byte) error {
	g, cipher, err := ReadBallotFile(file)
	if err != nil {
		return err
	}
	refused := x.do(review.BallotSubmitted{Ballot: g}, cipher)
	switch review.CodeOf(refused) {
	case review.CodeStatementFork, review.CodeStatementOld, review.CodeStatementGap, review.CodeStatementRound,
		review.CodeStatementPackage, review.CodeStatementScheme, review.CodeBallotGiven, review.CodeBallotSeal,
		review.CodeRecused, review.CodeSeatPresence:
		st, err := review.DecodeStatement(g.Statement)
		if err != nil {
			return err
		}
		return errors.Join(refused, x.do(review.StatementRefused{Statement: g.Digest(), Seat: st.Seat, Code: review.CodeOf(refused)}))
	}
	return refused
}
