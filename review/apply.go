package review

import (
	"bytes"
	"slices"
)

// Apply folds one event into the state. It depends on nothing but its arguments,
// and takes signatures as verified (see Attested). An event that the state does
// not allow is refused and the state is untouched.
// Codes: CodeEventIllegal where no person could have meant it; those of May, of the
// text checks and of the single acts where a person can mend it.
func (s *State) Apply(e Event) error {
	const op = "review.State.Apply"
	if e.Index != s.Size || (s.Size > 0 && e.Meeting != s.Meeting) {
		return E(CodeEventIllegal, op, string(e.Body.Kind()), nil)
	}
	if b, ok := e.Body.(MeetingCreated); ok {
		return s.create(e, b)
	}
	if s.Size == 0 {
		return E(CodeEventIllegal, op, string(e.Body.Kind()), nil)
	}
	a := act{State: s, Event: e}
	if err := a.apply(); err != nil {
		return err
	}
	s.Size++
	s.At = e.At
	return nil
}

// act is one event on its way into the state. The methods named after the events
// look at everything first and change the state only when nothing can fail any more.
type act struct {
	*State
	Event
	project *Project  // the one that the act names, if any
	said    Statement // the statement in it, if any
}

func (a *act) illegal(why string) error {
	return E(CodeEventIllegal, "review.act."+why, string(a.Body.Kind()), nil)
}

// apply checks what holds for all acts, then does the one.
func (a *act) apply() error {
	var author SeatID
	var project ProjectID
	if g := stated(a.Body); g != nil {
		var err error
		if a.said, err = DecodeStatement(g.Statement); err != nil {
			return err
		}
		author, project = a.said.Seat, a.said.Project
		if err := a.belongs(); err != nil {
			return err
		}
	} else {
		project = projectOf(a.Body)
	}
	kind := a.Body.Kind()
	if err := a.May(a.Actor, kind, project, author); err != nil {
		return err
	}
	r := rules[kind]
	if len(r.stages) > 0 {
		a.project = a.State.project(project)
	}
	if r.both {
		if err := a.consent(a.officers()); err != nil {
			return err
		}
	}
	if err := a.do(); err != nil {
		return err
	}
	if r.then != "" {
		a.project.Stage = r.then
	}
	return nil
}

// do dispatches to the act's own conditions and effects.
func (a *act) do() error {
	switch b := a.Body.(type) {
	case SeatAdded:
		return a.addSeat(b)
	case SeatEdited:
		return a.editSeat(b)
	case SeatClaimed:
		return a.claim(b)
	case SeatFreed:
		return a.free(b)
	case SeatEntered:
		return a.enter()
	case SeatReplaced:
		return a.replace(b)
	case CodeTried:
		return a.try(b)
	case SheetPrinted:
		return a.printSheet()
	case PanelConfirmed:
		return a.confirm(b)
	case SeatsCertified:
		return a.certify(b)
	case ChairNamed:
		return a.nameChair(b)
	case AttendanceRecorded:
		return a.attend(b)
	case PromiseGiven:
		return a.promise()
	case ClockMoved:
		return a.moveClock(b)
	case DraftBegun:
		return a.beginDraft(b)
	case DraftDropped:
		return a.dropDraft(b)
	case MinutesRecorded:
		return a.minute(b)
	case PaperIssued:
		return a.issue(b)
	case StatementRefused:
		return a.refuseStatement(b)
	case FilingBegun:
		return a.beginFiling()
	case MeetingSealed:
		return a.seal(b)
	case MeetingRestored:
		return a.restore(b)
	case PackageImported:
		return a.importPackage(b)
	case ProjectAdded:
		return a.addProject(b)
	case ProjectSuspended:
		return a.suspend(b)
	case SchemeSet:
		return a.setScheme(b)
	case DeclarationGiven:
		return a.declare()
	case RecusalDecided:
		return a.recuse(b)
	case QuorumWaived:
		return a.waive(b)
	case FactCorrected:
		return a.correct(b)
	case RoundBegun:
		return a.beginRound(b)
	case BallotSubmitted:
		return a.submit(b)
	case BallotReturned:
		return a.giveBack(b)
	case BallotVoided:
		return a.voidBallot(b)
	case RoundClosed:
		return a.closeRound(b)
	case RoundReopened:
		return a.reopenRound(b)
	case BallotsOpened:
		return a.openBallots(b)
	case OpinionDrafted:
		return a.draftOpinion(b)
	case ItemSettled:
		return a.settle(b)
	case ConclusionReached:
		return a.conclude(b)
	case ConclusionWithdrawn:
		return a.withdraw(b)
	case VoteCast:
		return a.vote()
	case VotesCounted:
		return a.count(b)
	case SigningBegun:
		return a.beginSigning()
	case SignatureGiven:
		return a.sign()
	case SignatureRefused:
		return a.refuseSignature(b)
	case ProjectFinalised:
		return a.finalise()
	case FulfilmentRecorded:
		return a.recordFulfilment(b)
	case PapersCertified:
		return a.certifyPapers(b)
	case PapersSigned:
		return a.signPapers()
	case ScanLinked:
		return a.linkScan(b)
	case PapersArchived:
		return a.archivePapers(b)
	case PapersWithdrawn:
		return a.withdrawPapers(b)
	case DissentVoided:
		return a.voidDissent(b)
	}
	return a.illegal("do")
}

// stated gives the statement that a body carries, nil if it carries none.
func stated(b Body) *Signed {
	switch b := b.(type) {
	case SeatClaimed:
		return &b.Claim
	case PromiseGiven:
		return &b.Promise
	case DeclarationGiven:
		return &b.Declaration
	case BallotSubmitted:
		return &b.Ballot
	case VoteCast:
		return &b.Vote
	case SignatureGiven:
		return &b.Signature
	case PapersSigned:
		return &b.Signature
	}
	return nil
}

// statedKind is the kind of statement that each of those bodies must carry.
var statedKind = map[Kind]StatementKind{
	KindSeatClaimed: StatementClaim, KindPromiseGiven: StatementPromise, KindDeclarationGiven: StatementDeclaration,
	KindBallotSubmitted: StatementBallot, KindVoteCast: StatementVote, KindSignatureGiven: StatementSignature,
	KindPapersSigned: StatementPapers,
}

// ProjectOf gives the project that an event's body is about, "" for none.
func ProjectOf(b Body) ProjectID {
	if g := stated(b); g != nil {
		st, err := DecodeStatement(g.Statement)
		if err != nil {
			return ""
		}
		return st.Project
	}
	switch b := b.(type) {
	case ProjectAdded:
		return b.Project
	case ChairNamed:
		return b.Project
	}
	return projectOf(b)
}

// projectOf gives the project that a body without a statement names, where the
// project's stage decides whether the act may be done.
func projectOf(b Body) ProjectID {
	switch b := b.(type) {
	case ProjectSuspended:
		return b.Project
	case SchemeSet:
		return b.Project
	case RecusalDecided:
		return b.Project
	case QuorumWaived:
		return b.Project
	case FactCorrected:
		return b.Project
	case RoundBegun:
		return b.Project
	case BallotReturned:
		return b.Project
	case BallotVoided:
		return b.Project
	case RoundClosed:
		return b.Project
	case RoundReopened:
		return b.Project
	case BallotsOpened:
		return b.Project
	case OpinionDrafted:
		return b.Project
	case ItemSettled:
		return b.Project
	case ConclusionReached:
		return b.Project
	case ConclusionWithdrawn:
		return b.Project
	case VotesCounted:
		return b.Project
	case SigningBegun:
		return b.Project
	case SignatureRefused:
		return b.Project
	case ProjectFinalised:
		return b.Project
	case FulfilmentRecorded:
		return b.Project
	case PapersCertified:
		return b.Project
	case ScanLinked:
		return b.Project
	case PapersArchived:
		return b.Project
	case PapersWithdrawn:
		return b.Project
	case DissentVoided:
		return b.Project
	}
	return ""
}

// belongs tells whether the statement was made for this meeting, this project as it
// was imported, and the kind of act that carries it.
// Codes: CodeStatementForm, CodeStatementMeeting, CodeStatementSeat,
// CodeStatementPackage, CodeStatementScheme.
func (a *act) belongs() error {
	const op = "review.act.belongs"
	st := a.said
	if st.Kind != statedKind[a.Body.Kind()] || st.Revision < 1 {
		return E(CodeStatementForm, op, string(st.Kind), nil)
	}
	if st.Meeting != a.State.Meeting {
		return E(CodeStatementMeeting, op, string(st.Meeting), nil)
	}
	seat := a.seat(st.Seat)
	if seat == nil || seat.ReplacedBy != "" {
		return E(CodeStatementSeat, op, string(st.Seat), nil)
	}
	if len(rules[a.Body.Kind()].stages) == 0 {
		if st.Project != "" || st.Package != "" || st.Scheme != "" || st.Round != "" {
			return E(CodeStatementForm, op, string(st.Kind), nil)
		}
		return nil
	}
	p := a.State.project(st.Project)
	switch {
	case p == nil:
		return E(CodeProjectUnknown, op, string(st.Project), nil)
	case st.Package != p.Package:
		return E(CodeStatementPackage, op, string(st.Project), nil)
	case st.Scheme != p.SchemeDigest:
		return E(CodeStatementScheme, op, string(st.Project), nil)
	case st.Kind != StatementBallot && st.Round != "":
		return E(CodeStatementForm, op, string(st.Kind), nil)
	}
	return nil
}

// follows tells whether the statement is the next after the last of its kind, of
// which the digest is "" if there is none.
// Codes: CodeStatementKnown (it is that one), CodeStatementOld (an earlier revision),
// CodeStatementFork (another of the same revision, or one that follows another),
// CodeStatementGap (a revision between is missing).
func (a *act) follows(last Digest, revision int) error {
	const op = "review.act.follows"
	st := a.said
	item := string(st.Seat)
	switch {
	case last != "" && stated(a.Body).Digest() == last:
		return E(CodeStatementKnown, op, item, nil)
	case st.Revision < revision:
		return E(CodeStatementOld, op, item, nil)
	case st.Revision == revision:
		return E(CodeStatementFork, op, item, nil)
	case st.Revision > revision+1:
		return E(CodeStatementGap, op, item, nil)
	case st.Prev != last:
		return E(CodeStatementFork, op, item, nil)
	}
	return nil
}

// officers gives who must consent to an act of two: the one of secretary and
// presiding chair who is not its actor. "" is nobody: a meeting without a chair has
// one officer, as long as no project is meant.
func (a *act) officers() (other SeatID, err error) {
	chair := a.chairOf(a.project)
	switch {
	case chair == "" && a.project == nil:
		return "", nil
	case chair == "":
		return "", E(CodeChairMissing, "review.act.officers", string(a.project.ID), nil)
	case a.Actor == chair:
		return FirstSeat, nil
	}
	return chair, nil
}

// consent tells whether the act carries the consent of the given seat, and of
// nobody if it is "".
// Codes: CodeActConsent (Item: the seat whose consent is missing or another's).
func (a *act) consent(from SeatID, err error) error {
	const op = "review.act.consent"
	if err != nil {
		return err
	}
	body, ok := a.Body.(Consented)
	if !ok {
		return a.illegal("consent")
	}
	given := body.Second()
	if from == "" {
		if given != nil {
			return E(CodeActConsent, op, "", nil)
		}
		return nil
	}
	if given == nil {
		return E(CodeActConsent, op, string(from), nil)
	}
	st, err := DecodeStatement(given.Statement)
	if err != nil {
		return err
	}
	c, ok := st.Body.(ConsentBody)
	if !ok || st.Kind != StatementConsent || st.Meeting != a.State.Meeting || st.Seat != from || c != ConsentTo(body) {
		return E(CodeActConsent, op, string(from), nil)
	}
	return nil
}

// ConsentTo gives what the second person of an act consents to.
func ConsentTo(b Consented) ConsentBody {
	raw, err := encodeJSON(b.With(nil))
	if err != nil {
		panic("review: " + err.Error()) // bodies are made of plain values
	}
	return ConsentBody{Kind: b.Kind(), Body: DigestOf(raw)}
}

// Attest is one signature inside an event besides its actor's.
type Attest struct {
	Signed
	Keys PublicKeys // that must verify it
	Root bool       // its Prev must be the journal's root before the event
}

// Attested lists the signatures inside an event, with the keys that must verify
// them as the state before the event has them.
// Codes: those of DecodeStatement; CodeStatementMeeting, CodeStatementSeat (a seat that
// there is not).
func (s *State) Attested(e Event) ([]Attest, error) {
	var out []Attest
	add := func(g Signed, root bool) error {
		st, err := DecodeStatement(g.Statement)
		if err != nil {
			return err
		}
		if st.Meeting != s.Meeting { // before its keys are looked for, which are others there
			return E(CodeStatementMeeting, "review.State.Attested", string(st.Meeting), nil)
		}
		keys := PublicKeys{}
		if claim, ok := st.Body.(ClaimBody); ok {
			keys = claim.Keys
		} else if seat := s.seat(st.Seat); seat != nil {
			keys = seat.Keys
		} else {
			return E(CodeStatementSeat, "review.State.Attested", string(st.Seat), nil)
		}
		out = append(out, Attest{g, keys, root})
		return nil
	}
	if g := stated(e.Body); g != nil {
		if err := add(*g, false); err != nil {
			return nil, err
		}
	}
	if c, ok := e.Body.(Consented); ok && c.Second() != nil {
		if err := add(*c.Second(), true); err != nil {
			return nil, err
		}
	}
	if b, ok := e.Body.(BallotsOpened); ok {
		p := s.project(b.Project)
		if p == nil || p.Round() == nil {
			return out, nil // Apply refuses it
		}
		for _, o := range b.Ballots {
			// A score was signed with the keys that its author had then.
			if given, ok := p.Round().Ballot(o.Seat); ok {
				out = append(out, Attest{o.Content.Score, given.Keys, false})
			}
		}
	}
	return out, nil
}

// ActorKeys gives the keys that must verify an event's own signature, empty for
// nobody's: Program's entries have none.
func (s *State) ActorKeys(e Event) PublicKeys {
	switch b := e.Body.(type) {
	case MeetingCreated:
		return b.Keys
	case SeatClaimed:
		if st, err := DecodeStatement(b.Claim.Statement); err == nil && st.Seat == e.Actor {
			if claim, ok := st.Body.(ClaimBody); ok {
				return claim.Keys
			}
		}
	}
	if seat := s.seat(e.Actor); seat != nil {
		return seat.Keys
	}
	return PublicKeys{}
}

// reason checks a reason that is required.
func reason(text string) error { return CheckLine("reason", text, MaxReason) }

// optional checks a text that may be empty.
func optional(field, text string, max int) error {
	if text == "" {
		return nil
	}
	return CheckLine(field, text, max)
}

func join(seats []SeatID) string {
	var b bytes.Buffer
	for i, s := range seats {
		if i > 0 {
			b.WriteString("、")
		}
		b.WriteString(string(s))
	}
	return b.String()
}

func (s *State) create(e Event, b MeetingCreated) error {
	if s.Size != 0 || !e.Meeting.Valid() || e.Actor != FirstSeat || len(b.Keys.Sign) == 0 || b.Keys.Seal == "" || b.KeyFile == "" {
		return E(CodeEventIllegal, "review.State.create", string(b.Kind()), nil)
	}
	if err := CheckLine("title", b.Title, MaxTitle); err != nil {
		return err
	}
	if err := CheckLine("name", b.Secretary, MaxName); err != nil {
		return err
	}
	if b.Scheme != "" && !itemID.MatchString(b.Scheme) {
		return E(CodeEventIllegal, "review.State.create", string(b.Kind()), nil)
	}
	*s = State{
		Meeting: e.Meeting, Title: b.Title, Scheme: b.Scheme, Drill: b.Drill, Created: e.At, At: e.At, Phase: PhasePreparing, Size: 1,
		Seats: []Seat{{
			ID: FirstSeat, Person: Person{Name: b.Secretary, Roles: []Role{RoleSecretary}},
			Keys: b.Keys, KeyFile: b.KeyFile, Presence: PresencePresent, Arrived: e.At,
		}},
		keyBlobs: []Digest{b.KeyFile},
	}
	return nil
}

// confirm is 确认专家组.
func (a *act) confirm(b PanelConfirmed) error {
	if len(b.Authority) == 0 || b.AuthorityKey == "" {
		return a.illegal("confirm")
	}
	if err := a.chaired(); err != nil {
		return err
	}
	if err := a.fitting(b.Certificates, func(x *Seat) bool { return x.Claimed() }); err != nil {
		return err
	}
	a.issueTo(b.Certificates)
	a.Authority, a.AuthorityKey, a.Phase = b.Authority, b.AuthorityKey, PhaseRunning
	a.keyBlobs = append(a.keyBlobs, b.AuthorityKey)
	return nil
}

// chaired tells whether there is a chair, as soon as an expert has a seat.
func (a *act) chaired() error {
	if a.Chair == "" && slices.ContainsFunc(a.Seats, func(x Seat) bool { return x.Has(RoleExpert) }) {
		return E(CodeChairMissing, "review.act.chaired", "", nil)
	}
	return nil
}

func (a *act) certify(b SeatsCertified) error {
	if len(b.Certificates) == 0 || b.AuthorityKey == "" {
		return a.illegal("certify")
	}
	if err := a.chaired(); err != nil {
		return err
	}
	if err := a.fitting(b.Certificates, func(x *Seat) bool { return x.Claimed() && (b.Authority != nil || x.Certificate == nil) }); err != nil {
		return err
	}
	a.issueTo(b.Certificates)
	if !slices.Contains(a.keyBlobs, b.AuthorityKey) {
		a.keyBlobs = append(a.keyBlobs, b.AuthorityKey)
	}
	a.AuthorityKey = b.AuthorityKey
	if b.Authority != nil {
		a.FormerAuthorities = append(a.FormerAuthorities, a.Authority)
		a.Authority = b.Authority
	}
	return nil
}

// fitting tells whether the certificates are for all seats that want one, in order.
func (a *act) fitting(certificates []SeatCertificate, wants func(*Seat) bool) error {
	n := 0
	for i := range a.Seats {
		if !wants(&a.Seats[i]) {
			continue
		}
		if n == len(certificates) || certificates[n].Seat != a.Seats[i].ID || len(certificates[n].DER) == 0 {
			return a.illegal("fitting")
		}
		n++
	}
	if n != len(certificates) {
		return a.illegal("fitting")
	}
	return nil
}

func (a *act) issueTo(certificates []SeatCertificate) {
	for _, c := range certificates {
		x := a.seat(c.Seat)
		x.Certificate, x.certified = c.DER, true
	}
}

func (a *act) moveClock(b ClockMoved) error {
	if !b.From.Equal(a.State.At) || !b.To.Before(b.From.Add(-ClockSlack)) || !b.To.Equal(a.Event.At) {
		return a.illegal("moveClock")
	}
	a.ClockMoves = append(a.ClockMoves, ClockMove{Index: a.Index, From: b.From, To: b.To})
	return nil
}

func (a *act) beginDraft(b DraftBegun) error {
	seat := a.seat(a.Actor)
	if !draftKey.MatchString(b.Key) || slices.Contains(seat.Drafts, b.Key) {
		return a.illegal("beginDraft")
	}
	seat.Drafts = append(seat.Drafts, b.Key)
	slices.Sort(seat.Drafts)
	seat.drafted = true
	return nil
}

func (a *act) dropDraft(b DraftDropped) error {
	if !slices.Contains(a.seat(a.Actor).Drafts, b.Key) {
		return a.illegal("dropDraft")
	}
	a.endDraft(a.Actor, b.Key)
	return nil
}

// endDraft ends the draft that an act was for, if there is one.
func (s *State) endDraft(id SeatID, key string) {
	seat := s.seat(id)
	seat.Drafts = slices.DeleteFunc(seat.Drafts, func(k string) bool { return k == key })
}

// Ends gives the key of the draft that an act of this body ends, "" for none.
func (s *State) Ends(b Body) string {
	switch b := b.(type) {
	case MinutesRecorded:
		return MinutesDraft
	case OpinionDrafted:
		return OpinionDraft(b.Project)
	case DraftDropped:
		return b.Key
	case BallotSubmitted, VoteCast:
		st, err := DecodeStatement(stated(b).Statement)
		if p := s.project(st.Project); err == nil && p != nil {
			if st.Kind == StatementVote {
				return VoteDraft(p.ID)
			}
			return ScoreDraft(p.ID, len(p.Rounds))
		}
	}
	return ""
}

func (a *act) minute(b MinutesRecorded) error {
	if len(b.Paragraphs) == 0 {
		return a.illegal("minute")
	}
	for _, p := range b.Paragraphs {
		if err := CheckLine("minutes", p, MaxParagraph); err != nil {
			return err
		}
	}
	for _, p := range b.Paragraphs {
		a.Minutes = append(a.Minutes, Paragraph{Number: len(a.Minutes) + 1, At: a.Event.At, By: a.Actor, Text: p})
	}
	a.endDraft(a.Actor, MinutesDraft)
	return nil
}

func (a *act) issue(b PaperIssued) error {
	if b.Form != FormMinutes || b.Number != a.Issued(b.Form)+1 || b.Base == "" || b.Signed == "" {
		return a.illegal("issue")
	}
	a.Papers = append(a.Papers, Paper{Form: b.Form, Number: b.Number, At: a.Event.At, By: a.Actor, Base: b.Base, Signed: b.Signed})
	a.content = append(a.content, b.Base, b.Signed)
	return nil
}

func (a *act) refuseStatement(b StatementRefused) error {
	if len(b.Statement) != len(DigestOf(nil)) || !slices.Contains(Codes, b.Code) || a.seat(b.Seat) == nil {
		return a.illegal("refuseStatement")
	}
	a.Refused = append(a.Refused, Refused{Statement: b.Statement, Seat: b.Seat, Code: b.Code, At: a.Event.At})
	return nil
}

func (a *act) beginFiling() error {
	if err := a.consentToEnd(nil); err != nil {
		return err
	}
	for _, p := range a.Projects {
		if !p.Ended() {
			return E(CodeProjectOpen, "review.act.beginFiling", string(p.ID), nil)
		}
	}
	a.Phase = PhaseFiling
	return nil
}

func (a *act) seal(b MeetingSealed) error {
	if !slices.Equal(b.Deleted, a.KeyBlobs()) {
		return a.illegal("seal")
	}
	a.keyBlobs = nil
	a.Phase = PhaseSealed
	return nil
}

func (a *act) restore(b MeetingRestored) error {
	if err := reason(b.Reason); err != nil {
		return err
	}
	if len(b.Evidence) != len(DigestOf(nil)) {
		return a.illegal("restore")
	}
	a.Restorations = append(a.Restorations, Restoration{
		Index: a.Index, Seen: b.Seen, Evidence: b.Evidence, Reason: b.Reason, At: a.Event.At,
	})
	return nil
}
