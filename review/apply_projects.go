package review

import (
	"slices"
	"strings"
	"time"
)

// The bounds of what a project brings.
const (
	MaxUnits = 20
	MaxFacts = 500
	maxFact  = 20_000
)

// importPackage lets a package in once, and never an older issue of one that is in,
// nor another under the same number.
func (a *act) importPackage(b PackageImported) error {
	const op = "review.act.importPackage"
	if !b.Package.Valid() || !b.Cert.Valid() || !itemID.MatchString(b.ID) || b.Seq < 1 || b.Size < 1 || !itemID.MatchString(b.Secrecy) {
		return a.illegal("importPackage")
	}
	if err := CheckLine("title", b.Title, MaxTitle); err != nil {
		return err
	}
	if err := CheckLine("issuer", b.Issuer, MaxTitle); err != nil {
		return err
	}
	for _, p := range a.Packages {
		switch {
		case p.Package == b.Package:
			return E(CodePackageKnown, op, b.ID, nil)
		case p.ID != b.ID || p.Cert != b.Cert:
		case b.Seq < p.Seq:
			return E(CodePackageOlder, op, b.ID, nil)
		case b.Seq == p.Seq:
			return E(CodePackageSwapped, op, b.ID, nil)
		}
	}
	a.Packages = append(a.Packages, Package{PackageImported: b, Entry: a.Size})
	return nil
}

// source tells whether what a project says of its package is so: it is on record, and
// has not put the same project before the panel already.
func (a *act) source(b ProjectAdded) error {
	from, known := a.State.Package(b.Package)
	if b.Entry == "" {
		if b.Record != "" || len(b.Documents) > 0 || len(b.Scheme.Packs) > 0 || known {
			return a.illegal("source")
		}
		return nil
	}
	if !known || !itemID.MatchString(b.Entry) || !b.Record.Valid() || len(b.Documents) > MaxDocuments {
		return a.illegal("source")
	}
	for j, d := range b.Documents {
		if err := d.check(); err != nil {
			return err
		}
		if j > 0 && b.Documents[j-1].File >= d.File {
			return E(CodeFactForm, "review.act.source", d.File, nil)
		}
	}
	for _, p := range a.Projects {
		if p.Entry != b.Entry || p.Ended() {
			continue
		}
		if was, _ := a.State.Package(p.Package); was.ID == from.ID && was.Cert == from.Cert {
			return E(CodeProjectExists, "review.act.source", string(p.ID), nil)
		}
	}
	return nil
}

func (a *act) addProject(b ProjectAdded) error {
	const op = "review.act.addProject"
	if b.Project != NumberedProject(len(a.Projects)+1) || !b.Package.Valid() || b.Quorum < 1 {
		return a.illegal("addProject")
	}
	if a.Scheme != "" && b.Scheme.ID != a.Scheme {
		return E(CodeProjectStage, op, b.Scheme.ID, nil)
	}
	if err := CheckLine("title", b.Title, MaxTitle); err != nil {
		return err
	}
	if b.Scheme.Own != nil { // what is set of it, is set in the meeting
		return E(CodeSchemeForm, op, "own", nil)
	}
	if err := b.Scheme.Check(); err != nil {
		return err
	}
	if len(b.Units) > MaxUnits || len(b.Facts) > MaxFacts {
		return E(CodeFactForm, op, b.Title, nil)
	}
	for _, u := range b.Units {
		if err := CheckLine("unit", u.Name, MaxTitle); err != nil {
			return err
		}
		if !slices.Contains(Parts, u.Part) {
			return E(CodeFactForm, op, u.Part, nil)
		}
	}
	for i, f := range b.Facts {
		if !itemID.MatchString(f.Key) || i > 0 && b.Facts[i-1].Key >= f.Key || CheckLine("fact", f.Value, maxFact) != nil {
			return E(CodeFactForm, op, f.Key, nil)
		}
	}
	if err := a.source(b); err != nil {
		return err
	}
	for _, p := range a.Projects {
		if p.Package == b.Package && p.Entry == b.Entry && !p.Ended() {
			return E(CodeProjectExists, op, string(p.ID), nil)
		}
	}
	a.content = append(a.content, b.Scheme.Packs...)
	if b.Record != "" {
		a.content = append(a.content, b.Record)
	}
	a.Projects = append(a.Projects, &Project{
		ID: b.Project, Title: b.Title, Package: b.Package, Scheme: b.Scheme, SchemeDigest: b.Scheme.Digest(),
		Units: b.Units, Facts: slices.Clone(b.Facts), Quorum: b.Quorum, Stage: StageWaiting,
		Entry: b.Entry, Record: b.Record, Documents: b.Documents,
	})
	return nil
}

// suspend needs the consent of one of Enders. Papers that are being signed are void.
func (a *act) suspend(b ProjectSuspended) error {
	if err := reason(b.Reason); err != nil {
		return err
	}
	if err := a.consentToEnd(a.project); err != nil {
		return err
	}
	if set := a.project.Signing(); set != nil {
		set.Void = b.Reason
	}
	a.project.Suspended = b.Reason
	return nil
}

func (a *act) declare() error {
	const op = "review.act.declare"
	seat, d := a.seat(a.said.Seat), a.said.Body.(DeclarationBody)
	if !seat.Has(RoleExpert) {
		return E(CodeActRole, op, string(seat.ID), nil)
	}
	if !seat.Claimed() || a.Phase != PhasePreparing && seat.Certificate == nil {
		return E(CodeSeatUnclaimed, op, string(seat.ID), nil)
	}
	if seat.Promise == "" {
		return E(CodePromiseMissing, op, string(seat.ID), nil)
	}
	before, _ := a.project.Declaration(seat.ID)
	if err := a.follows(before.Statement, before.Revision); err != nil {
		return err
	}
	if err := optional("reason", d.Reason, MaxReason); err != nil {
		return err
	}
	if d.Conflict && d.Reason == "" {
		return E(CodeTextEmpty, op, "reason", nil)
	}
	a.project.Declared = append(a.project.Declared, Declaration{
		Seat: seat.ID, Revision: a.said.Revision, Statement: stated(a.Body).Digest(),
		Conflict: d.Conflict, Reason: d.Reason, At: a.Event.At,
	})
	if d.Conflict {
		a.standAside(seat.ID, d.Reason, true)
	}
	return nil
}

// standAside takes a seat out of a project's review. Tables that it was to sign are void.
func (a *act) standAside(seat SeatID, why string, own bool) {
	p := a.project
	if p.Recused(seat) {
		return
	}
	// Who has seen all scores must not choose by leaving what the conclusion rests on.
	p.Redo = p.Redo || p.Stage == StageDeliberating && p.counts(seat)
	p.void(seat, why, a)
	p.voidTables(seat, voidAside)
	p.Recusals = append(p.Recusals, Recusal{Seat: seat, Own: own, Reason: why, At: a.Event.At})
	if p.Chair == seat {
		p.Chair = ""
	}
}

func (a *act) recuse(b RecusalDecided) error {
	const op = "review.act.recuse"
	seat, err := a.someSeat(b.Seat)
	if err != nil {
		return err
	}
	if err := reason(b.Reason); err != nil {
		return err
	}
	if !seat.Has(RoleExpert) {
		return E(CodeActRole, op, string(b.Seat), nil)
	}
	if a.project.Recused(b.Seat) == b.Recused {
		return E(CodeRecused, op, string(b.Seat), nil)
	}
	if b.Recused {
		a.standAside(b.Seat, b.Reason, false)
		return nil
	}
	// A ballot that was made void by standing aside stays void: he scores anew.
	if r := a.project.Round(); r != nil && a.project.Stage == StageScoring {
		r.giveBack(b.Seat, b.Reason)
	}
	a.project.Recusals = slices.DeleteFunc(a.project.Recusals, func(r Recusal) bool { return r.Seat == b.Seat })
	return nil
}

func (a *act) waive(b QuorumWaived) error {
	if err := reason(b.Reason); err != nil {
		return err
	}
	a.project.Waived = b.Reason
	return nil
}

func (a *act) correct(b FactCorrected) error {
	const op = "review.act.correct"
	p := a.project
	i, known := slices.BinarySearchFunc(p.Facts, b.Key, func(f Fact, key string) int { return strings.Compare(f.Key, key) })
	switch {
	case !known && (b.Old != "" || !itemID.MatchString(b.Key) || len(p.Facts) == MaxFacts):
		return E(CodeFactUnknown, op, b.Key, nil)
	case known && (p.Facts[i].Value != b.Old || b.New == b.Old):
		return E(CodeFactOld, op, b.Key, nil)
	}
	if err := CheckLine("fact", b.New, maxFact); err != nil {
		return err
	}
	if err := CheckLine("evidence", b.Evidence, MaxReason); err != nil {
		return err
	}
	other, err := a.officers()
	if err != nil {
		return err
	}
	if known {
		p.Facts[i].Value = b.New
	} else {
		p.Facts = slices.Insert(p.Facts, i, Fact{b.Key, b.New})
	}
	p.Corrections = append(p.Corrections, Correction{
		Number: len(p.Corrections) + 1, Key: b.Key, Old: b.Old, New: b.New, Evidence: b.Evidence,
		At: a.Event.At, Officer: a.Actor, Consenter: other,
	})
	return nil
}

// beginRound asks for what scoring cannot do without: a presiding chair to whom
// ballots can be sealed, and enough experts.
func (a *act) beginRound(b RoundBegun) error {
	const op = "review.act.beginRound"
	p := a.project
	if b.Number != len(p.Rounds)+1 || !MeetingID(b.Nonce).Valid() || a.nonceUsed(b.Nonce) {
		return a.illegal("beginRound")
	}
	chair, voters := a.Presiding(p), a.Voters(p)
	if chair == "" {
		return E(CodeChairMissing, op, string(p.ID), nil)
	}
	if !slices.Contains(voters, chair) {
		return E(CodeChairUnfit, op, string(chair), nil)
	}
	if !p.quorate(len(voters)) {
		return E(CodeQuorum, op, string(p.ID), nil)
	}
	p.Rounds = append(p.Rounds, Round{Number: b.Number, Nonce: b.Nonce, Begun: a.Event.At})
	p.Redo = false
	return nil
}

func (s *State) nonceUsed(nonce string) bool {
	return slices.ContainsFunc(s.Projects, func(p *Project) bool {
		return slices.ContainsFunc(p.Rounds, func(r Round) bool { return r.Nonce == nonce })
	})
}

func (a *act) submit(b BallotSubmitted) error {
	const op = "review.act.submit"
	p, r, st := a.project, a.project.Round(), a.said
	if st.Round != r.Nonce {
		return E(CodeStatementRound, op, string(st.Seat), nil)
	}
	if err := a.mayScore(st.Seat); err != nil {
		return err
	}
	before, given := r.Ballot(st.Seat)
	if err := a.follows(before.Statement, before.Revision); err != nil {
		return err
	}
	_, void := p.Void(r.Number, st.Seat)
	body := st.Body.(BallotBody)
	chair := a.seat(a.Presiding(p))
	// To seal the same anew to officers who have changed needs nobody's leave.
	anew := body.Chair != before.Chair || body.Secretary != before.Secretary
	if given && !void && before.Returned == "" && a.Openable(p, before) && !anew {
		return E(CodeBallotGiven, op, string(st.Seat), nil)
	}
	if chair != nil && chair.Certificate == nil {
		return E(CodeChairUnfit, op, string(chair.ID), nil)
	}
	if body.Chair == "" || body.Secretary == "" || chair == nil || body.Chair != chair.Keys.Seal || body.Secretary != a.Seats[0].Keys.Seal {
		return E(CodeBallotSeal, op, string(st.Seat), nil)
	}
	if len(body.Cipher) != len(DigestOf(nil)) || len(body.Content) != len(DigestOf(nil)) {
		return E(CodeStatementForm, op, string(st.Seat), nil)
	}
	r.Ballots = append(r.Ballots, Ballot{
		Seat: st.Seat, Revision: st.Revision, At: a.Event.At, Statement: b.Ballot.Digest(),
		BallotBody: body, Keys: a.seat(st.Seat).Keys,
	})
	a.content = append(a.content, body.Cipher)
	a.endDraft(st.Seat, ScoreDraft(p.ID, r.Number))
	return nil
}

// mayScore tells whether a seat may score the project now.
// Codes: CodeActRole (no expert), CodeRecused, CodeSeatPresence, CodeSeatUnclaimed (no
// certificate yet), CodePromiseMissing, CodeDeclarationMissing.
func (a *act) mayScore(id SeatID) error {
	const op = "review.act.mayScore"
	seat := a.seat(id)
	_, declared := a.project.Declaration(id)
	switch {
	case !seat.Has(RoleExpert):
		return E(CodeActRole, op, string(id), nil)
	case a.project.Recused(id):
		return E(CodeRecused, op, string(id), nil)
	case !seat.votes():
		return E(CodeSeatUnclaimed, op, string(id), nil)
	case seat.Presence != PresencePresent:
		return E(CodeSeatPresence, op, string(id), nil)
	case seat.Promise == "":
		return E(CodePromiseMissing, op, string(id), nil)
	case !declared:
		return E(CodeDeclarationMissing, op, string(id), nil)
	}
	return nil
}

func (a *act) giveBack(b BallotReturned) error {
	const op = "review.act.giveBack"
	if err := reason(b.Reason); err != nil {
		return err
	}
	r := a.project.Round()
	if !a.project.counts(b.Seat) {
		return E(CodeBallotMissing, op, string(b.Seat), nil)
	}
	r.giveBack(b.Seat, b.Reason)
	return nil
}

// giveBack returns a seat's last ballot, if there is one.
func (r *Round) giveBack(seat SeatID, why string) {
	for i := len(r.Ballots) - 1; i >= 0; i-- {
		if r.Ballots[i].Seat == seat {
			r.Ballots[i].Returned = why
			return
		}
	}
}

func (a *act) voidBallot(b BallotVoided) error {
	if err := reason(b.Reason); err != nil {
		return err
	}
	p, r := a.project, a.project.Round()
	given, ok := r.Ballot(b.Seat)
	if _, void := p.Void(r.Number, b.Seat); !ok || void {
		return E(CodeBallotMissing, "review.act.voidBallot", string(b.Seat), nil)
	}
	p.Voids = append(p.Voids, Void{Round: r.Number, Seat: b.Seat, Revision: given.Revision, Reason: b.Reason, At: a.Event.At})
	return nil
}

func (a *act) closeRound(b RoundClosed) error {
	const op = "review.act.closeRound"
	p, r := a.project, a.project.Round()
	if b.Number != r.Number {
		return a.illegal("closeRound")
	}
	if waiting := a.Waiting(p); len(waiting) > 0 {
		return E(CodeBallotMissing, op, join(waiting), nil)
	}
	counted := p.Counted(r)
	for _, x := range counted {
		if !a.Openable(p, x) {
			return E(CodeBallotStale, op, string(x.Seat), nil)
		}
	}
	if len(counted) == 0 || !p.quorate(len(counted)) {
		return E(CodeQuorum, op, string(p.ID), nil)
	}
	r.Closed = a.Event.At
	return nil
}

// reopenRound lets ballots be given again before anybody has seen one: as when the
// chair can no longer open them, and another was named.
func (a *act) reopenRound(b RoundReopened) error {
	if err := reason(b.Reason); err != nil {
		return err
	}
	a.project.Round().Closed = time.Time{}
	return nil
}

func (a *act) openBallots(b BallotsOpened) error {
	const op = "review.act.openBallots"
	p, r := a.project, a.project.Round()
	counted := p.Counted(r)
	if len(counted) == 0 || !p.quorate(len(counted)) {
		return E(CodeQuorum, op, string(p.ID), nil)
	}
	if b.Number != r.Number || len(b.Ballots) != len(counted) {
		return a.illegal("openBallots")
	}
	sheets := make([]Sheet, len(counted))
	for i, o := range b.Ballots {
		given := counted[i]
		paper := o.Content.Paper
		if o.Seat != given.Seat || o.Content.Version != ContentVersion || DigestOf(o.Content.Encode()) != given.Content ||
			paper != "" && len(paper) != len(DigestOf(nil)) {
			return E(CodeBallotForm, op, string(given.Seat), nil)
		}
		sheet, err := p.ScoreOf(r, given, o.Content)
		if err != nil {
			return err
		}
		if st, err := DecodeStatement(o.Content.Score.Statement); err != nil || st.Meeting != a.State.Meeting {
			return E(CodeBallotForm, op, string(given.Seat), err)
		}
		sheets[i] = sheet
	}
	for i, given := range counted {
		for j := range r.Ballots {
			if r.Ballots[j].Statement == given.Statement {
				r.Ballots[j].Sheet, r.Ballots[j].Paper = &sheets[i], b.Ballots[i].Content.Paper
			}
		}
		if paper := b.Ballots[i].Content.Paper; paper != "" {
			a.content = append(a.content, paper)
		}
	}
	r.Opened = a.Event.At
	return nil
}

// ScoreOf gives the sheet in a ballot's content, after making sure that it was made
// for this round by this seat and answers the scheme. Its signature is for others to
// verify.
// Codes: CodeBallotForm (Item: the seat; it wraps what is wrong).
func (p *Project) ScoreOf(r *Round, given Ballot, c Content) (Sheet, error) {
	const op = "review.Project.ScoreOf"
	st, err := DecodeStatement(c.Score.Statement)
	sheet, ok := st.Body.(Sheet)
	if !ok || st.Kind != StatementScore || st.Package != p.Package || st.Scheme != p.SchemeDigest || st.Project != p.ID ||
		st.Round != r.Nonce || st.Seat != given.Seat || st.Revision != given.Revision {
		return Sheet{}, E(CodeBallotForm, op, string(given.Seat), err)
	}
	if err := sheet.Check(p.Scheme, nil); err != nil {
		return Sheet{}, E(CodeBallotForm, op, string(given.Seat), err)
	}
	return sheet, nil
}

func (a *act) draftOpinion(b OpinionDrafted) error {
	p := a.project
	if b.Revision != len(p.Opinion)+1 {
		return a.illegal("draftOpinion")
	}
	texts := make([]string, len(b.Paragraphs))
	for i, x := range b.Paragraphs {
		texts[i] = x.Text
		if err := optional("section", x.Section, MaxTitle); err != nil {
			return err
		}
		for _, id := range x.Sources {
			if _, ok := p.Round().Ballot(id); !ok {
				return E(CodeSeatUnknown, "review.act.draftOpinion", string(id), nil)
			}
		}
	}
	if len(texts) == 0 {
		return E(CodeTextEmpty, "review.act.draftOpinion", "opinion", nil)
	}
	if err := checkParagraphs("opinion", texts); err != nil {
		return err
	}
	p.Opinion = append(p.Opinion, OpinionVersion{Revision: b.Revision, Round: len(p.Rounds), By: a.Actor, At: a.Event.At, Paragraphs: b.Paragraphs})
	a.endDraft(a.Actor, OpinionDraft(p.ID))
	return nil
}

// settle closes an item that the experts judge. Whether it was open at all, only the rules
// can tell.
func (a *act) settle(b ItemSettled) error {
	p := a.project
	i := slices.IndexFunc(p.Scheme.Items, func(it Item) bool { return it.ID == b.Item })
	if i < 0 || p.Scheme.Items[i].Kind == ItemScore || b.Answer != AnswerYes && b.Answer != AnswerNo {
		return E(CodeSheetItem, "review.act.settle", b.Item, nil)
	}
	if err := reason(b.Reason); err != nil {
		return err
	}
	p.Settled = append(p.Settled, Settlement{
		Round: len(p.Rounds), Item: b.Item, Answer: b.Answer, Reason: b.Reason, At: a.Event.At, By: a.Actor,
	})
	return nil
}

// conclude needs the secretary's consent where the conclusion does not follow what
// the rules found or suggest.
func (a *act) conclude(b ConclusionReached) error {
	const op = "review.act.conclude"
	p := a.project
	// Whatever took a ballot out of count since the opening has made a new round due.
	if p.Redo {
		return E(CodeRoundNeeded, op, string(p.ID), nil)
	}
	if p.Signing() != nil { // tables are signed before the panel concludes, or taken back
		return E(CodePapersOpen, op, string(p.ID), nil)
	}
	if _, ok := p.Scheme.Outcome(b.Outcome); !ok {
		return E(CodeOutcome, op, b.Outcome, nil)
	}
	if _, ok := p.Scheme.Outcome(b.Suggested); b.Suggested != "" && !ok {
		return E(CodeOutcome, op, b.Suggested, nil)
	}
	if b.Opinion == 0 || b.Opinion != len(p.Opinion) || p.Opinion[b.Opinion-1].Round != len(p.Rounds) {
		return E(CodeOpinionMissing, op, string(p.ID), nil)
	}
	departs := p.Departs(b)
	for _, x := range b.Against {
		if !itemID.MatchString(x.Rule) {
			return a.illegal("conclude")
		}
		if err := reason(x.Reason); err != nil {
			return err
		}
	}
	if departs {
		if err := reason(b.Reason); err != nil {
			return err
		}
	} else if err := optional("reason", b.Reason, MaxReason); err != nil {
		return err
	}
	from := SeatID("")
	if departs || len(b.Against) > 0 {
		from = FirstSeat
	}
	if err := a.consent(from, nil); err != nil {
		return err
	}
	p.Conclusion = &Conclusion{ConclusionReached: b, Digest: p.named(b), At: a.Event.At, By: a.Actor}
	return nil
}

// Departs tells whether a conclusion is another than was suggested, or one where the scheme
// would suggest one and does not: such a one has a reason, and the secretary's consent. Where
// a scheme suggests nothing at all there is nothing to depart from.
func (p *Project) Departs(b ConclusionReached) bool {
	return b.Outcome != b.Suggested && (b.Suggested != "" || p.Scheme.Mode != "")
}

// named gives the digest of a conclusion: of the body without the consent, followed by
// the conclusion that was withdrawn before it. So what was signed of that one is never
// a signature on this one, even if the panel comes to the same conclusion again.
func (p *Project) named(b ConclusionReached) Digest {
	d := ConsentTo(b).Body
	if n := len(p.Withdrawn); n > 0 {
		d = DigestOf([]byte(d + p.Withdrawn[n-1].Digest))
	}
	return d
}

func (a *act) withdraw(b ConclusionWithdrawn) error {
	if err := reason(b.Reason); err != nil {
		return err
	}
	if set := a.project.Standing(PurposeConclusion); set != nil {
		set.Void = b.Reason
	}
	a.project.Withdrawn = append(a.project.Withdrawn, *a.project.Conclusion)
	a.project.Conclusion, a.project.Signers = nil, nil
	return nil
}

// vote takes a position on the conclusion. Once the papers are certified, or the review
// is final, only a dissent may still be added; it is an annex and voids nothing.
func (a *act) vote() error {
	const op = "review.act.vote"
	p, v := a.project, a.said.Body.(VoteBody)
	seat := a.seat(a.said.Seat)
	switch {
	case !seat.Has(RoleExpert) && !seat.Has(RoleMember):
		return E(CodeActRole, op, string(seat.ID), nil)
	case seat.Certificate == nil:
		return E(CodeSeatUnclaimed, op, string(seat.ID), nil)
	case p.Recused(seat.ID):
		return E(CodeRecused, op, string(seat.ID), nil)
	case v.Conclusion != p.Conclusion.Digest:
		return E(CodeVoteConclusion, op, string(seat.ID), nil)
	}
	before, _ := p.Vote(seat.ID, v.Conclusion)
	if err := a.follows(before.Statement, before.Revision); err != nil {
		return err
	}
	dissents := v.Choice == ChoiceReserve || v.Choice == ChoiceDisagree
	if !dissents && v.Choice != ChoiceAgree && v.Choice != ChoiceAbstain {
		return a.illegal("vote")
	}
	if dissents {
		if err := CheckLine("dissent", v.Text, MaxReason); err != nil {
			return err
		}
	} else if v.Text != "" || v.Paper != "" {
		return a.illegal("vote")
	}
	if v.Paper != "" && !v.Paper.Valid() {
		return E(CodeStatementForm, op, string(StatementVote), nil)
	}
	annex := p.Stage == StageFinal || p.Standing(PurposeConclusion) != nil
	if annex && !dissents {
		return E(CodeActStage, op, string(p.Stage), nil)
	}
	p.Votes = append(p.Votes, Vote{
		Seat: seat.ID, Revision: a.said.Revision, Statement: stated(a.Body).Digest(), VoteBody: v,
		Annex: annex, At: a.Event.At,
	})
	if v.Paper != "" {
		a.content = append(a.content, v.Paper)
	}
	a.endDraft(seat.ID, VoteDraft(p.ID))
	return nil
}

// count records a vote on paper or by hand: everybody who may vote is in one of
// the three.
func (a *act) count(b VotesCounted) error {
	if err := CheckLine("motion", b.Motion, MaxParagraph); err != nil {
		return err
	}
	if b.Yes < 0 || b.No < 0 || b.Abstain < 0 || b.Yes+b.No+b.Abstain != len(a.Voters(a.project)) {
		return E(CodeVoteCount, "review.act.count", string(a.project.ID), nil)
	}
	a.project.Counts = append(a.project.Counts, Count{
		Number: len(a.project.Counts) + 1, Motion: b.Motion, Yes: b.Yes, No: b.No, Abstain: b.Abstain, At: a.Event.At,
	})
	return nil
}

// beginSigning settles who signs.
func (a *act) beginSigning() error {
	a.project.Signers = a.Signatories(a.project)
	return nil
}

func (a *act) sign() error {
	const op = "review.act.sign"
	p, id := a.project, a.said.Seat
	if a.said.Body.(SignatureBody).Subject != p.Conclusion.Digest {
		return E(CodeVoteConclusion, op, string(id), nil)
	}
	if p.Standing(PurposeConclusion) != nil {
		return E(CodeSetDue, op, string(id), nil)
	}
	due := a.Signatories(p)
	if !slices.Contains(due, id) {
		return E(CodeActRole, op, string(id), nil)
	}
	if a.seat(id).Certificate == nil { // after a new code the officers certify first
		return E(CodeSeatUnclaimed, op, string(id), nil)
	}
	for _, g := range p.Signatures {
		if g.Seat == id && g.Statement == stated(a.Body).Digest() {
			return E(CodeStatementKnown, op, string(id), nil)
		}
	}
	if p.signature(id) { // who was on record as not signing may think better of it
		return E(CodeSignatureGiven, op, string(id), nil)
	}
	if err := a.follows("", 0); err != nil {
		return err
	}
	if id == a.Presiding(p) {
		if open := p.unsigned(due[:len(due)-1]); len(open) > 0 {
			return E(CodeSignatureOrder, op, join(open), nil)
		}
	}
	p.Signatures = append(p.Signatures, Signature{Seat: id, Statement: stated(a.Body).Digest(), Subject: p.Conclusion.Digest, At: a.Event.At})
	return nil
}

// unsigned gives those of the seats who have neither signed nor are on record as not
// signing.
func (p *Project) unsigned(seats []SeatID) []SeatID {
	return slices.DeleteFunc(slices.Clone(seats), p.signed)
}

// Unsigned gives the seats whose signature on the conclusion is due: on its papers, if
// there are any.
func (s *State) Unsigned(p *Project) []SeatID {
	if p.Conclusion == nil {
		return nil
	}
	if set := p.Standing(PurposeConclusion); set != nil {
		return s.UnsignedSet(p, set)
	}
	return p.unsigned(s.Signatories(p))
}

// UnsignedSet gives those who have neither signed every paper of a set, by key or in
// ink, nor are on record as not signing what it is about, in the set's order.
func (s *State) UnsignedSet(p *Project, set *PaperSet) []SeatID {
	var out []SeatID
	for _, x := range set.Signers {
		if !set.Signed(x.Seat) && !p.refused(x.Seat, set.Subject) {
			out = append(out, x.Seat)
		}
	}
	return out
}

// refuseSignature is about the papers that lie before the panel, or about the conclusion
// where there are none.
func (a *act) refuseSignature(b SignatureRefused) error {
	const op = "review.act.refuseSignature"
	p := a.project
	if err := reason(b.Reason); err != nil {
		return err
	}
	var subject Digest
	var due, open []SeatID
	if set := p.Signing(); set != nil {
		subject, open = set.Subject, a.UnsignedSet(p, set)
		for _, x := range set.Signers {
			due = append(due, x.Seat)
		}
	} else if p.Stage == StageSigning {
		subject, due, open = p.Conclusion.Digest, a.Signatories(p), a.Unsigned(p)
	} else {
		return E(CodeActStage, op, string(p.Stage), nil)
	}
	if !slices.Contains(due, b.Seat) {
		return E(CodeActRole, op, string(b.Seat), nil)
	}
	if !slices.Contains(open, b.Seat) {
		return E(CodeSignatureGiven, op, string(b.Seat), nil)
	}
	witness, err := a.someSeat(b.Witness)
	if err != nil {
		return err
	}
	if b.Witness == b.Seat || b.Witness == a.Actor || witness.Presence != PresencePresent || witness.Certificate == nil {
		return E(CodeSignatureWitness, op, string(b.Witness), nil)
	}
	if err := a.consent(b.Witness, nil); err != nil {
		return err
	}
	p.Refusals = append(p.Refusals, Refusal{
		Seat: b.Seat, Reason: b.Reason, Witness: b.Witness, Subject: subject, At: a.Event.At,
	})
	return nil
}

func (a *act) finalise() error {
	const op = "review.act.finalise"
	if open := a.Unsigned(a.project); len(open) > 0 {
		return E(CodeSignatureMissing, op, join(open), nil)
	}
	if a.project.Signing() != nil {
		return E(CodePapersOpen, op, string(a.project.ID), nil)
	}
	return nil
}
