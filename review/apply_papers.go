package review

import (
	"regexp"
	"slices"
)

// checkCode is the form of a 校验码; see CheckCode.
var checkCode = regexp.MustCompile(`^([0-9A-F]{4}-){3}[0-9A-F]{4}$`)

// formsFor lists the papers that a set of a purpose may have.
var formsFor = map[Purpose][]Form{
	PurposeTables:     {FormFulfilment, FormChanges},
	PurposeConclusion: {FormOpinion, FormTally, FormPanel},
}

// Why tables that were laid out for signing count no more. Who stood aside or was replaced,
// and why, is for fewer eyes than papers are.
const (
	voidAnew     = "履约情况另有更正"
	voidAside    = "签署人中有人回避"
	voidReplaced = "签署人中有人更换"
)

// recordFulfilment makes tables void that say something else.
func (a *act) recordFulfilment(b FulfilmentRecorded) error {
	const op = "review.act.recordFulfilment"
	p := a.project
	if b.Revision != len(p.Fulfilment)+1 {
		return a.illegal("recordFulfilment")
	}
	if err := b.check(); err != nil {
		return err
	}
	set := p.Standing(PurposeTables)
	stale := set != nil && set.Corrected < len(p.Corrections) // signed before a correction: the same may be signed anew
	if n := len(p.Fulfilment); !stale && n > 0 && slices.Equal(p.Fulfilment[n-1].Terms, b.Terms) && slices.Equal(p.Fulfilment[n-1].Changes, b.Changes) {
		return E(CodeFulfilmentSame, op, string(p.ID), nil)
	}
	if set != nil {
		set.Void = voidAnew
	}
	p.Fulfilment = append(p.Fulfilment, FulfilmentVersion{
		FulfilmentRecorded: b, Digest: b.digest(), At: a.Event.At, By: a.Actor,
	})
	return nil
}

// check tells whether the tables can be made of it.
// Codes: CodeFulfilmentForm (Item: what), those of CheckLine.
func (b FulfilmentRecorded) check() error {
	const op = "review.FulfilmentRecorded.check"
	switch {
	case len(b.Terms) == 0 && len(b.Changes) == 0, len(b.Terms) > MaxTerms:
		return E(CodeFulfilmentForm, op, "terms", nil)
	case len(b.Changes) > MaxChanges:
		return E(CodeFulfilmentForm, op, "changes", nil)
	}
	for _, t := range b.Terms {
		if err := CheckLine("requirement", t.Requirement, MaxReason); err != nil {
			return err
		}
		if err := CheckLine("actual", t.Actual, MaxReason); err != nil {
			return err
		}
		if err := optional("part", t.Part, MaxName); err != nil {
			return err
		}
		if err := optional("proof", t.Evidence, MaxParagraph); err != nil {
			return err
		}
		if t.Met != MetYes && t.Met != MetDeviate && t.Met != MetNo {
			return E(CodeFulfilmentForm, op, t.Requirement, nil)
		}
	}
	numbers := map[string]bool{}
	for _, c := range b.Changes {
		if err := CheckLine("number", c.Number, MaxName); err != nil {
			return err
		}
		if err := CheckLine("content", c.Content, MaxReason); err != nil {
			return err
		}
		if err := optional("approval", c.Approval, MaxParagraph); err != nil {
			return err
		}
		if err := optional("effect", c.Effect, MaxParagraph); err != nil {
			return err
		}
		if numbers[c.Number] {
			return E(CodeFulfilmentForm, op, c.Number, nil)
		}
		numbers[c.Number] = true
	}
	return nil
}

// digest names a version by its body.
func (b FulfilmentRecorded) digest() Digest {
	raw, err := encodeJSON(b)
	if err != nil {
		panic("review: " + err.Error()) // bodies are made of plain values
	}
	return DigestOf(raw)
}

// certifyPapers lays a set before those who are to sign it.
func (a *act) certifyPapers(b PapersCertified) error {
	const op = "review.act.certifyPapers"
	p := a.project
	if (b.Purpose == PurposeConclusion) != (p.Stage == StageSigning) {
		return E(CodeActStage, op, string(p.Stage), nil)
	}
	if a.Presiding(p) == "" {
		return E(CodeChairMissing, op, string(p.ID), nil)
	}
	if p.Standing(b.Purpose) != nil {
		return E(CodeSetStands, op, string(p.ID), nil)
	}
	subject, err := a.subject(b.Purpose)
	if err != nil {
		return err
	}
	due := a.Signatories(p)
	if b.Purpose == PurposeConclusion {
		if silent := a.silent(due); len(silent) > 0 {
			return E(CodePositionMissing, op, join(silent), nil)
		}
	}
	same := func(x Signer, id SeatID) bool { return x.Seat == id }
	if b.Set != len(p.Sets)+1 || b.Subject != subject || !slices.EqualFunc(b.Signers, due, same) {
		return a.illegal("certifyPapers")
	}
	if err := a.certified(b); err != nil {
		return err
	}
	if err := optional("software", b.Software, MaxName); err != nil {
		return err
	}
	set := PaperSet{
		Number: b.Set, Purpose: b.Purpose, Subject: b.Subject, At: a.Event.At, Signers: b.Signers, Software: b.Software,
		Corrected: len(p.Corrections),
	}
	for _, x := range b.Papers {
		set.Papers = append(set.Papers, SetPaper{
			Form: x.Form, Number: x.Number, Check: x.Check, Base: x.Base,
			Revisions: []Revision{{Seat: a.Actor, Signed: x.Signed, At: a.Event.At}},
		})
		a.content = append(a.content, x.Base, x.Signed)
	}
	p.Sets = append(p.Sets, set)
	return nil
}

// subject gives what papers of a purpose are about as the record stands.
// Codes: CodeFulfilmentMissing; CodeSignatureGiven (the conclusion has signatures that
// are on no paper).
func (a *act) subject(purpose Purpose) (Digest, error) {
	const op = "review.act.subject"
	p := a.project
	if purpose == PurposeConclusion {
		for _, g := range p.Signatures {
			if g.Subject == p.Conclusion.Digest {
				return "", E(CodeSignatureGiven, op, string(g.Seat), nil)
			}
		}
		return p.Conclusion.Digest, nil
	}
	if len(p.Fulfilment) == 0 {
		return "", E(CodeFulfilmentMissing, op, string(p.ID), nil)
	}
	return p.Fulfilment[len(p.Fulfilment)-1].Digest, nil
}

// certified tells whether the papers make a set of their purpose, and each is the next
// of its form.
func (a *act) certified(b PapersCertified) error {
	var forms []Form
	checks := map[string]bool{}
	for _, p := range a.Projects {
		for _, set := range p.Sets {
			for _, x := range set.Papers {
				checks[x.Check] = true
			}
		}
	}
	for _, x := range b.Papers {
		if !slices.Contains(formsFor[b.Purpose], x.Form) || slices.Contains(forms, x.Form) || x.Number != a.Issued(x.Form)+1 ||
			!checkCode.MatchString(x.Check) || checks[x.Check] || !x.Base.Valid() || !x.Signed.Valid() || x.Base == x.Signed {
			return a.illegal("certified")
		}
		forms, checks[x.Check] = append(forms, x.Form), true
	}
	if len(forms) == 0 || b.Purpose == PurposeConclusion && !slices.Contains(forms, FormOpinion) {
		return a.illegal("certified")
	}
	return nil
}

// silent gives those of the seats who are in the room and have not said where they stand
// on the conclusion.
func (a *act) silent(seats []SeatID) []SeatID {
	return slices.DeleteFunc(slices.Clone(seats), func(id SeatID) bool {
		_, voted := a.project.Vote(id, a.project.Conclusion.Digest)
		return voted || a.seat(id).Presence != PresencePresent
	})
}

// signPapers is a person's signature on every paper of a set at once.
func (a *act) signPapers() error {
	const op = "review.act.signPapers"
	p, id, b := a.project, a.said.Seat, a.said.Body.(PapersBody)
	statement := stated(a.Body).Digest()
	set := p.Signing()
	if set == nil || set.Number != b.Set || set.Subject != b.Subject {
		return E(CodeSetStale, op, string(id), nil)
	}
	if err := a.maySign(set, id, false); err != nil {
		return err
	}
	if a.seat(id).Certificate == nil { // after a new code the officers certify first
		return E(CodeSeatUnclaimed, op, string(id), nil)
	}
	for _, r := range set.Papers[0].Revisions {
		switch {
		case r.Statement == statement:
			return E(CodeStatementKnown, op, string(id), nil)
		case r.Seat == id:
			return E(CodeSignatureGiven, op, string(id), nil)
		}
	}
	if err := a.follows("", 0); err != nil {
		return err
	}
	if err := set.takes(b, id); err != nil {
		return err
	}
	if id == set.Signers[len(set.Signers)-1].Seat { // whom the papers name as 组长
		before := slices.DeleteFunc(a.UnsignedSet(p, set), func(x SeatID) bool { return x == id })
		if len(before) > 0 {
			return E(CodeSignatureOrder, op, join(before), nil)
		}
	}
	for i, x := range b.Papers {
		set.Papers[i].Revisions = append(set.Papers[i].Revisions, Revision{Seat: id, Statement: statement, Signed: x.After, At: a.said.At})
		a.content = append(a.content, x.After)
	}
	if set.Purpose == PurposeConclusion {
		p.Signatures = append(p.Signatures, Signature{Seat: id, Statement: statement, Subject: set.Subject, At: a.Event.At})
	}
	return nil
}

// maySign tells whether a seat may sign a set, in ink or by key.
// Codes: CodeActRole (no signer of it, or replaced since), CodeSignatureWay, CodeRecused.
func (a *act) maySign(set *PaperSet, id SeatID, ink bool) error {
	const op = "review.act.maySign"
	x := set.signer(id)
	switch {
	case x == nil, a.seat(id).ReplacedBy != "":
		return E(CodeActRole, op, string(id), nil)
	case x.Ink != ink:
		return E(CodeSignatureWay, op, string(id), nil)
	case a.project.Recused(id):
		return E(CodeRecused, op, string(id), nil)
	}
	return nil
}

// voidTables makes tables void that lie before a seat to be signed: whoever signs them is
// not who they name any more.
func (p *Project) voidTables(seat SeatID, why string) {
	if set := p.Signing(); set != nil && set.Purpose == PurposeTables && set.signer(seat) != nil {
		set.Void = why
	}
}

// takes tells whether a person's signature follows the last on every paper.
// Codes: CodeStatementForm, CodePaperMoved.
func (s *PaperSet) takes(b PapersBody, id SeatID) error {
	const op = "review.PaperSet.takes"
	if len(b.Papers) != len(s.Papers) {
		return E(CodeStatementForm, op, string(StatementPapers), nil)
	}
	for i, x := range b.Papers {
		switch {
		case x.Before != s.Papers[i].Latest():
			return E(CodePaperMoved, op, string(id), nil)
		case !x.After.Valid() || x.After == x.Before:
			return E(CodeStatementForm, op, string(StatementPapers), nil)
		}
	}
	return nil
}

// linkScan counts as the signatures of those who thereby have signed every paper.
func (a *act) linkScan(b ScanLinked) error {
	const op = "review.act.linkScan"
	p := a.project
	set, err := a.signing(b.Set)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(set.Papers, func(x SetPaper) bool { return x.Check == b.Check })
	if at < 0 || !slices.ContainsFunc(set.Papers[at].Revisions, func(r Revision) bool { return r.Signed == b.Printed }) {
		return E(CodeScanCheck, op, b.Check, nil)
	}
	if !slices.Contains(ScanTypes, b.Type) {
		return E(CodeScanForm, op, b.Check, nil)
	}
	if !b.Scan.Valid() || len(b.Seats) == 0 {
		return a.illegal("linkScan")
	}
	for i, id := range b.Seats {
		if err := a.maySign(set, id, true); err != nil {
			return err
		}
		if i > 0 && CompareSeats(b.Seats[i-1], id) >= 0 {
			return a.illegal("linkScan")
		}
	}
	before := a.inked(set, b.Seats)
	set.Scans = append(set.Scans, Scan{ScanLinked: b, Form: set.Papers[at].Form, Number: set.Papers[at].Number})
	a.content = append(a.content, b.Scan)
	if set.Purpose == PurposeConclusion {
		for _, id := range a.inked(set, b.Seats) {
			if !slices.Contains(before, id) {
				p.Signatures = append(p.Signatures, Signature{Seat: id, Subject: set.Subject, Ink: true, At: a.Event.At})
			}
		}
	}
	return nil
}

// inked gives those of the seats who have signed every paper of a set.
func (a *act) inked(set *PaperSet, seats []SeatID) []SeatID {
	return slices.DeleteFunc(slices.Clone(seats), func(id SeatID) bool { return !set.Signed(id) })
}

// signing gives the set of that number if it can still be signed.
// Codes: CodeSetMissing.
func (a *act) signing(number int) (*PaperSet, error) {
	if set := a.project.Signing(); set != nil && set.Number == number {
		return set, nil
	}
	return nil, E(CodeSetMissing, "review.act.signing", string(a.project.ID), nil)
}

// archivePapers needs the consent of the meeting's chair, whoever presides over the
// project: the authority that the archive's certificate is of is sealed to him.
func (a *act) archivePapers(b PapersArchived) error {
	const op = "review.act.archivePapers"
	p := a.project
	set, err := a.signing(b.Set)
	if err != nil {
		return err
	}
	if a.Chair == "" {
		return E(CodeChairMissing, op, "", nil)
	}
	if open := a.UnsignedSet(p, set); len(open) > 0 {
		return E(CodeSignatureMissing, op, join(open), nil)
	}
	if len(b.Certificate) == 0 || len(b.Papers) != len(set.Papers) {
		return a.illegal("archivePapers")
	}
	for i, d := range b.Papers {
		if !d.Valid() || d == set.Papers[i].Latest() {
			return a.illegal("archivePapers")
		}
	}
	if err := a.consent(a.Chair, nil); err != nil {
		return err
	}
	for i, d := range b.Papers {
		set.Papers[i].Revisions = append(set.Papers[i].Revisions, Revision{Signed: d, At: a.Event.At})
		a.content = append(a.content, d)
	}
	set.Archive, set.Consenter = b.Certificate, a.Chair
	return nil
}

func (a *act) withdrawPapers(b PapersWithdrawn) error {
	if err := reason(b.Reason); err != nil {
		return err
	}
	set, err := a.signing(b.Set)
	if err != nil {
		return err
	}
	set.Void = b.Reason
	return nil
}

// voidDissent takes a 不同意见书 out of count. The position that it was made of stands.
func (a *act) voidDissent(b DissentVoided) error {
	if err := reason(b.Reason); err != nil {
		return err
	}
	votes := a.project.Votes
	i := slices.IndexFunc(votes, func(v Vote) bool { return v.Seat == b.Seat && v.Statement == b.Statement })
	if i < 0 || votes[i].Paper == "" || votes[i].VoidPaper != "" {
		return E(CodeDissentMissing, "review.act.voidDissent", string(b.Seat), nil)
	}
	votes[i].VoidPaper = b.Reason
	return nil
}
