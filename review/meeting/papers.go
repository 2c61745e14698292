package meeting

import (
	"crypto/x509"
	"errors"
	"slices"
	"time"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/paper"
	"heyi/review/seal"
)

// about gives what a project's package says of it; of one that came in no package, or whose
// file is lost or damaged, what the record has. The loss of a file must not keep a panel from
// going on: papers then leave open what they do not know, Missing says it, and the full
// verification finds the loss. A package never changes, so it is read once.
func (j *judge) about(state *review.State, p *review.Project) paper.About {
	if known, ok := j.told.Load(p.ID); ok {
		return known.(paper.About)
	}
	var out paper.About
	from, ok := state.Package(p.Package)
	if p.Entry == "" || !ok {
		return out
	}
	out.Secrecy, out.Convener = bag.Secrecy(from.Secrecy).Title(), from.Issuer
	kept, err := j.services.packages.Package(j.id, p.Package)
	if err != nil {
		return out
	}
	in, err := reopen(kept, from)
	if errors.Join(err, kept.Close()) != nil {
		return out
	}
	if m := in.Meeting(); m != nil { // a package need not say when and where
		out.Place, out.Time = m.Place, m.Time
	}
	out.Brought = slices.ContainsFunc(in.Regulation(), func(file []byte) bool { return slices.Contains(p.Scheme.Packs, review.DigestOf(file)) })
	for _, q := range in.Projects() {
		if q.ID != p.Entry {
			continue
		}
		out.Code = q.Code
		for _, said := range q.Profile {
			out.Profile = append(out.Profile, paper.Named{Name: said.Label, Value: said.Text})
		}
	}
	j.told.Store(p.ID, out)
	return out
}

// caseOf gathers what every paper of a project is made from, as state has it.
// Codes: those of library.
func (j *judge) caseOf(state *review.State, p *review.Project, at time.Time) (paper.Case, error) {
	c := paper.Case{State: state, Project: p, About: j.about(state, p), At: at, Fingerprint: fingerprint}
	if len(p.Scheme.Packs) == 0 {
		return c, nil
	}
	lib, err := j.library(p)
	if err != nil {
		return c, err
	}
	c.Scheme, _ = lib.Scheme(p.Scheme.ID)
	return c, nil
}

// groupCase gathers what the papers of the group are made from besides: what the rules
// find, and what the opened ballots come to.
// Codes: those of caseOf, findings, count and Store.Blob.
func (j *judge) groupCase(state *review.State, p *review.Project, checkpoint string, at time.Time) (paper.Case, error) {
	c, err := j.caseOf(state, p, at)
	if err != nil {
		return c, err
	}
	c.Checkpoint = checkpoint
	if len(p.Scheme.Packs) > 0 {
		lib, err := j.library(p)
		if err != nil {
			return c, err
		}
		if c.Findings, err = j.findings(state, p, sight{panel: latestOpened(p)}); err != nil {
			return c, err
		}
		if c.Materials, err = lib.Materials(p.Scheme.ID, p.Facts, materials(p.Documents)); err != nil {
			return c, err
		}
	}
	for i := range p.Rounds {
		r := &p.Rounds[i]
		if r.Opened.IsZero() {
			continue
		}
		count, err := j.count(state, p, r.Number)
		if err != nil {
			return c, err
		}
		names := map[review.SeatID]string{}
		for _, e := range count.Experts {
			names[e.Seat] = paper.NameOf(state, e.Seat)
		}
		round := paper.Round{Number: r.Number, Opened: r.Opened, Count: count.Tally, Names: names}
		for _, step := range count.Trace(func(seat review.SeatID) string { return names[seat] }) {
			round.Steps = append(round.Steps, j.services.say(step.Key, step.Args))
		}
		c.Rounds, c.Suggestion = append(c.Rounds, round), count.Suggestion
	}
	return c, nil
}

// fingerprint writes a certificate's fingerprint as people compare it.
func fingerprint(certificate []byte) string { return seal.FingerprintOf(certificate).String() }

// individual composes an expert's individual opinion as it is to be signed, or, with a
// mark, as a preview.
func (x *Session) individual(p *review.Project, sheet review.Sheet, at time.Time, draft bool) ([]byte, error) {
	l := x.l
	c, err := l.judge.caseOf(x.State(), p, at)
	if err != nil {
		return nil, err
	}
	c.Draft = draft
	return l.services.papers.Compose(c.Individual(x.by.seat, sheet, x.before(p)))
}

// PreviewBallot gives the individual opinion's PDF as it would be signed with this sheet,
// marked as a draft.
// Codes: those of Sheet.Check, CodeTextGlyph, CodeProjectUnknown, CodeActStage, CodeActRole,
// CodeSessionClosed.
func (x *Session) PreviewBallot(project review.ProjectID, sheet review.Sheet) ([]byte, error) {
	if err := x.may(review.KindBallotSubmitted, project); err != nil {
		return nil, err
	}
	p := x.State().Project(project)
	if err := sheet.Check(p.Scheme, x.before(p)); err != nil {
		return nil, err
	}
	return x.individual(p, sheet, x.l.services.clock(), true)
}

// signature is how one person signs at one time.
type signature struct {
	seat review.Seat
	who  *seal.Identity
	at   time.Time
	look review.Look
}

// on signs a paper in the person's field.
// Codes: CodeSeatUnclaimed (no certificate), CodeCertForm, those of Papers.Sign.
func (g signature) on(s *Services, file []byte, means review.Means, reason string) ([]byte, error) {
	const op = "meeting.signature.on"
	if g.seat.Certificate == nil {
		return nil, review.E(review.CodeSeatUnclaimed, op, string(g.seat.ID), nil)
	}
	cert, err := x509.ParseCertificate(g.seat.Certificate)
	if err != nil {
		return nil, review.E(review.CodeCertForm, op, string(g.seat.ID), err)
	}
	return s.papers.Sign(file, review.Signing{
		Field: review.FieldOf(g.seat), Means: means, Name: g.seat.Name, Reason: reason, At: g.at,
		Key: g.who.Signer(), Certificate: cert, Look: g.look,
	})
}

// moment gives the time that a signature by a certificate claims: the clock's, but never
// one before the certificate, which no reader would take. A clock that is wrong must not
// keep anybody from signing; that it went back is on record.
func (l *live) moment(certificate []byte) time.Time {
	at := l.services.clock()
	if cert, err := x509.ParseCertificate(certificate); err == nil && at.Before(cert.NotBefore) {
		return cert.NotBefore.In(at.Location())
	}
	return at
}

// captioned fills in what stands under a signature: its day.
func captioned(look review.Look, at time.Time) review.Look {
	if look.Caption == "" {
		look.Caption = at.Format("2006年1月2日")
	}
	return look
}

// RecordFulfilment records a version of what the panel finds of a contract, term by term,
// and of its changes. Signatures on papers of an earlier version are void from here on.
// Codes: CodeFulfilmentForm, CodeFulfilmentSame, those of the text checks, CodeTextGlyph, CodeProjectUnknown,
// CodeActStage, CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) RecordFulfilment(project review.ProjectID, terms []review.Term, changes []review.Change) error {
	b := review.FulfilmentRecorded{Project: project, Revision: 1, Terms: terms, Changes: changes}
	if p := x.State().Project(project); p != nil {
		b.Revision = len(p.Fulfilment) + 1
	}
	var texts []string
	for _, t := range terms {
		texts = append(texts, t.Part, t.Requirement, t.Actual, t.Evidence)
	}
	for _, c := range changes {
		texts = append(texts, c.Number, c.Content, c.Approval, c.Effect)
	}
	if err := x.l.services.printable(texts...); err != nil {
		return err
	}
	return x.do(b)
}

// BeginSigning opens the 签署 of a project's conclusion: the papers are composed as the
// record stands, and the secretary certifies each, so that from here on nothing but
// signatures can be added. ink are those who sign in ink; everybody else signs by key.
// Codes: CodePositionMissing (Item: who in the room has not said where he stands), CodeSetStands,
// CodeTextGlyph, CodeSeatUnknown (one of ink does not sign), CodeSeatUnclaimed (the secretary has
// no certificate), CodeChairMissing, CodeSignatureGiven (the conclusion was signed without
// papers), CodeProjectUnknown, CodeActStage, CodeActRole, CodeSessionClosed, those of Papers,
// Store.Blob and Store.Commit.
func (x *Session) BeginSigning(project review.ProjectID, ink ...review.SeatID) error {
	return x.certify(project, review.PurposeConclusion, ink)
}

// CertifyTables lays 履约情况表 and 变更认可表 before those who are to sign them, ahead of
// the conclusion.
// Codes: CodeFulfilmentMissing (nothing is recorded), else as for BeginSigning.
func (x *Session) CertifyTables(project review.ProjectID, ink ...review.SeatID) error {
	return x.certify(project, review.PurposeTables, ink)
}

// formsOf lists the papers of a set in their order.
func formsOf(p *review.Project, purpose review.Purpose) []review.Form {
	if purpose == review.PurposeConclusion {
		return []review.Form{review.FormOpinion, review.FormTally, review.FormPanel}
	}
	var out []review.Form
	if n := len(p.Fulfilment); n > 0 {
		if len(p.Fulfilment[n-1].Terms) > 0 {
			out = append(out, review.FormFulfilment)
		}
		if len(p.Fulfilment[n-1].Changes) > 0 {
			out = append(out, review.FormChanges)
		}
	}
	return out
}

// of composes a paper of a case; number is the paper's among those of its form.
func of(c paper.Case, form review.Form, number int) paper.Paper {
	switch form {
	case review.FormOpinion:
		return c.Opinion(number)
	case review.FormTally:
		return c.Tally(number)
	case review.FormPanel:
		return c.PanelList(number)
	case review.FormFulfilment:
		return c.Fulfilment(number)
	case review.FormChanges:
		return c.Changes(number)
	}
	panic("meeting: no paper of a set is a " + string(form))
}

func (x *Session) certify(project review.ProjectID, purpose review.Purpose, ink []review.SeatID) error {
	by, err := x.author()
	if err != nil {
		return err
	}
	// Papers are composed while others go on; what came in between may bear on them.
	l := x.l
	for {
		l.mu.Lock()
		size, o := l.now.Load().Size, l.outcome()
		l.mu.Unlock()
		if err := x.lay(by, &o, project, purpose, ink); err != nil {
			return err
		}
		l.mu.Lock()
		if l.now.Load().Size == size {
			defer l.mu.Unlock()
			return l.commit(o)
		}
		l.mu.Unlock()
	}
}

// lay composes and certifies the papers of a set, on an outcome.
func (x *Session) lay(by author, o *outcome, project review.ProjectID, purpose review.Purpose, ink []review.SeatID) error {
	const op = "meeting.Session.lay"
	l := x.l
	secretary, _ := o.state.Seat(by.seat)
	at := l.moment(secretary.Certificate)
	// Of a meeting that an earlier version left in 签署, the signing has begun.
	if p := o.state.Project(project); purpose == review.PurposeConclusion && (p == nil || p.Stage != review.StageSigning) {
		if err := l.then(o, step{by: by, at: at, body: review.SigningBegun{Project: project}}); err != nil {
			return err
		}
	}
	p := o.state.Project(project)
	if p == nil {
		return review.E(review.CodeProjectUnknown, op, string(project), nil)
	}
	body := review.PapersCertified{Project: project, Set: len(p.Sets) + 1, Purpose: purpose, Software: l.services.folders.Version}
	if purpose == review.PurposeConclusion {
		body.Subject = p.Conclusion.Digest
	} else if n := len(p.Fulfilment); n > 0 {
		body.Subject = p.Fulfilment[n-1].Digest
	} else {
		return review.E(review.CodeFulfilmentMissing, op, string(project), nil)
	}
	due := o.state.Signatories(p)
	for _, seat := range ink {
		if !slices.Contains(due, seat) {
			return review.E(review.CodeSeatUnknown, op, string(seat), nil)
		}
	}
	inked := map[review.SeatID]bool{}
	for _, seat := range due {
		inked[seat] = slices.Contains(ink, seat)
		body.Signers = append(body.Signers, review.Signer{Seat: seat, Ink: inked[seat]})
	}
	if err := o.state.May(by.seat, review.KindPapersCertified, project, by.seat); err != nil {
		return err // before anything is composed
	}
	c, err := l.judge.groupCase(o.state, p, o.tree.Checkpoint().String(), at)
	if err != nil {
		return err
	}
	c.Ink = inked
	g := signature{seat: secretary, who: by.who, at: at}
	var blobs [][]byte
	for _, form := range formsOf(p, purpose) {
		number := o.state.Issued(form) + 1
		said := of(c, form, number)
		base, err := l.services.papers.Compose(said)
		if err != nil {
			return err
		}
		signed, err := g.on(l.services, base, review.MeansCertify, "定稿")
		if err != nil {
			return err
		}
		blobs = append(blobs, base, signed)
		body.Papers = append(body.Papers, review.Certified{
			Form: form, Number: number, Check: said.Top().Check, Base: review.DigestOf(base), Signed: review.DigestOf(signed),
		})
	}
	return l.then(o, step{by: by, at: at, body: body, blobs: blobs})
}

// Sign gives the person's signature on what lies before the panel: the papers of the
// conclusion or, before it, the tables. look is how it looks; without strokes the name
// stands in type.
// Codes: CodeSignatureGiven, CodeSignatureOrder (the chair signs last), CodeSignatureWay (he
// signs in ink), CodeSetMissing (nothing lies there to be signed), CodeRecused, CodeStrokes,
// CodeSeatUnclaimed, CodeProjectUnknown, CodeActStage, CodeActRole, CodeSessionClosed, those of Papers.Sign and Store.Commit.
func (x *Session) Sign(project review.ProjectID, look review.Look) error {
	const op = "meeting.Session.Sign"
	by, err := x.author()
	if err != nil {
		return err
	}
	l := x.l
	l.mu.Lock()
	defer l.mu.Unlock()
	state := l.now.Load()
	p := state.Project(project)
	if p == nil {
		return review.E(review.CodeProjectUnknown, op, string(project), nil)
	}
	set := p.Signing()
	if set == nil {
		return review.E(review.CodeSetMissing, op, string(project), nil)
	}
	// What no signature could mend is said before any is made; the rest is the fold's.
	if err := state.May(by.seat, review.KindPapersSigned, project, by.seat); err != nil {
		return err
	}
	seat, _ := state.Seat(by.seat)
	switch {
	case slices.Contains(set.Signers, review.Signer{Seat: by.seat, Ink: true}):
		return review.E(review.CodeSignatureWay, op, string(by.seat), nil)
	case !slices.Contains(set.Signers, review.Signer{Seat: by.seat}):
		return review.E(review.CodeActRole, op, string(by.seat), nil)
	case set.Signed(by.seat):
		return review.E(review.CodeSignatureGiven, op, string(by.seat), nil)
	}
	at := l.moment(seat.Certificate)
	g := signature{seat: seat, who: by.who, at: at, look: captioned(look, at)}
	body := review.PapersBody{Set: set.Number, Subject: set.Subject}
	blobs, err := l.onEach(set, func(file []byte) ([]byte, error) { return g.on(l.services, file, review.MeansApproval, "签署") })
	if err != nil {
		return err
	}
	for i, signed := range blobs {
		body.Papers = append(body.Papers, review.SignedPaper{Before: set.Papers[i].Latest(), After: review.DigestOf(signed)})
	}
	st, err := x.signed(review.Statement{Kind: review.StatementPapers, Project: project, Revision: 1, At: at, Body: body})
	if err != nil {
		return err
	}
	o := l.outcome()
	if err := l.then(&o, step{by: by, at: at, body: review.PapersSigned{Signature: st}, blobs: blobs}); err != nil {
		return err
	}
	return l.commit(o)
}

// onEach signs the latest revision of each paper of a set.
// Codes: those of Store.Blob and of sign.
func (l *live) onEach(set *review.PaperSet, sign func(file []byte) ([]byte, error)) ([][]byte, error) {
	var out [][]byte
	for i := range set.Papers {
		file, err := l.services.store.Blob(l.id, set.Papers[i].Latest())
		if err != nil {
			return nil, err
		}
		signed, err := sign(file)
		if err != nil {
			return nil, err
		}
		out = append(out, signed)
	}
	return out, nil
}

// MaxScan bounds a scan, in bytes.
const MaxScan = 32 << 20

// LinkScan puts the scan of a paper that people have signed in ink on record, by secretary
// and presiding chair together, with the very bytes that were printed: printed is their
// digest, "" for the paper as certified. check is the 校验码 read off the scan; it names the
// paper. A later scan of it takes the place of earlier ones for those whom it names.
// Codes: CodeSetMissing (nothing lies there to be signed), CodeScanCheck (no paper that is to be
// signed has it, or it was never in the form that was printed), CodeScanForm (neither PDF nor
// JPEG nor PNG, or larger than MaxScan), CodeSignatureWay (Item: who signs by key),
// CodeActConsent, CodeChairMissing, CodeRecused, CodeProjectUnknown, CodeActStage,
// CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) LinkScan(with *Session, project review.ProjectID, check string, printed review.Digest, scan []byte, seats ...review.SeatID) error {
	const op = "meeting.Session.LinkScan"
	p := x.State().Project(project)
	if p == nil {
		return review.E(review.CodeProjectUnknown, op, string(project), nil)
	}
	set := p.Signing()
	if set == nil {
		return review.E(review.CodeSetMissing, op, string(project), nil)
	}
	check = readCheck(check)
	i := slices.IndexFunc(set.Papers, func(q review.SetPaper) bool { return q.Check == check })
	if i < 0 {
		return review.E(review.CodeScanCheck, op, check, nil)
	}
	kind, ok := scanType(scan)
	if !ok || len(scan) > MaxScan {
		return review.E(review.CodeScanForm, op, set.Papers[i].Check, nil)
	}
	if printed == "" {
		printed = set.Papers[i].Revisions[0].Signed
	}
	seats = slices.Clone(seats)
	slices.SortFunc(seats, review.CompareSeats)
	return x.doWith(with, review.ScanLinked{
		Project: project, Set: set.Number, Check: check, Printed: printed,
		Scan: review.DigestOf(scan), Type: kind, Seats: slices.Compact(seats),
	}, scan)
}

// CloseTables closes the tables that everybody has signed, by secretary and chair
// together: the archive's signature makes them final. sheets are recovery sheets of
// officers who are not here.
// Codes: CodeSignatureMissing (Item: whose), CodePaperDiffers (a paper is not what the record
// gives; it has to be withdrawn), CodeSetMissing, CodeChairMissing, CodeActConsent, CodeSheetForm,
// CodeSheetNeeded, CodeProjectUnknown, CodeActStage, CodeActRole, CodeSessionClosed, those of
// Papers.Sign and Store.Commit.
func (x *Session) CloseTables(with *Session, project review.ProjectID, sheets ...string) error {
	return x.archive(with, project, review.PurposeTables, sheets)
}

// WithdrawTables takes back tables that are being signed: all signatures on them are void
// and kept.
// Codes: CodeSetMissing, CodeActConsent, those of the text checks, CodeProjectUnknown,
// CodeActStage, CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) WithdrawTables(with *Session, project review.ProjectID, reason string) error {
	p := x.State().Project(project)
	if p == nil {
		return review.E(review.CodeProjectUnknown, "meeting.Session.WithdrawTables", string(project), nil)
	}
	set := p.Standing(review.PurposeTables)
	if set == nil {
		return review.E(review.CodeSetMissing, "meeting.Session.WithdrawTables", string(project), nil)
	}
	return x.doWith(with, review.PapersWithdrawn{Project: project, Set: set.Number, Reason: reason})
}

// Finalise is 定稿: what everybody has signed gets the archive's signature, by secretary and
// chair together, and the review is final. A conclusion that was signed before there were
// papers is made final by one officer alone.
// Codes: as for CloseTables.
func (x *Session) Finalise(with *Session, project review.ProjectID, sheets ...string) error {
	p := x.State().Project(project)
	if p != nil && p.Standing(review.PurposeConclusion) == nil {
		return x.do(review.ProjectFinalised{Project: project})
	}
	return x.archive(with, project, review.PurposeConclusion, sheets)
}

// archive closes a set.
func (x *Session) archive(with *Session, project review.ProjectID, purpose review.Purpose, sheets []string) error {
	const op = "meeting.Session.archive"
	by, err := x.author()
	if err != nil {
		return err
	}
	l := x.l
	l.mu.Lock()
	defer l.mu.Unlock()
	state := l.now.Load()
	p := state.Project(project)
	if p == nil {
		return review.E(review.CodeProjectUnknown, op, string(project), nil)
	}
	set := p.Standing(purpose)
	if set == nil || set.Archive != nil {
		return review.E(review.CodeSetMissing, op, string(project), nil)
	}
	if err := state.May(by.seat, review.KindPapersArchived, project, by.seat); err != nil {
		return err
	}
	if open := state.UnsignedSet(p, set); len(open) > 0 {
		return review.E(review.CodeSignatureMissing, op, string(open[0]), nil)
	}
	if state.Chair == "" {
		return review.E(review.CodeChairMissing, op, string(project), nil)
	}
	if err := with.is(state.Chair); err != nil {
		return err
	}
	outer, inner, err := x.openers(with, sheets)
	if err != nil {
		return err
	}
	other, err := with.author()
	if err != nil {
		return err
	}
	ca, err := l.services.openAuthority(state, inner, outer)
	if review.CodeOf(err) == review.CodeKeyForm {
		return review.E(review.CodeSheetNeeded, op, string(state.Chair), err)
	}
	if err != nil {
		return err
	}
	rec, err := l.services.store.Load(l.id)
	if err != nil {
		return err
	}
	if found := l.services.recomposed(state, rec.Entries, project); len(found) > 0 {
		return review.E(review.CodePaperDiffers, op, found[0].Entry, nil)
	}
	at := l.moment(state.Authority)
	key, der, err := seal.NewStamp(ca, state.Title, at)
	if err != nil {
		return err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return review.E(review.CodeCertForm, op, "", err)
	}
	body := review.PapersArchived{Project: project, Set: set.Number, Certificate: der}
	blobs, err := l.onEach(set, func(file []byte) ([]byte, error) {
		return l.services.papers.Sign(file, review.Signing{
			Field: review.ArchiveField, Means: review.MeansArchive, Name: cert.Subject.CommonName, Reason: "归档", At: at,
			Key: key, Certificate: cert,
		})
	})
	if err != nil {
		return err
	}
	for _, signed := range blobs {
		body.Papers = append(body.Papers, review.DigestOf(signed))
	}
	o := l.outcome()
	if err := l.then(&o, step{by: by, with: other, at: at, body: body, blobs: blobs}); err != nil {
		return err
	}
	if purpose == review.PurposeConclusion {
		if err := l.then(&o, step{by: by, at: at, body: review.ProjectFinalised{Project: project}}); err != nil {
			return err
		}
	}
	return l.commit(o)
}
