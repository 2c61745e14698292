package meeting

import (
	"slices"

	"heyi/review"
)

// DraftOpinion records a version of the 专家组意见.
// Codes: those of the text checks, CodeTextGlyph, CodeSeatUnknown (a source that gave no
// ballot), CodeProjectUnknown, CodeActStage, CodeActRole, CodeSessionClosed and those of
// Store.Commit.
func (x *Session) DraftOpinion(project review.ProjectID, paragraphs []review.OpinionParagraph) error {
	b := review.OpinionDrafted{Project: project, Revision: 1, Paragraphs: paragraphs}
	if p := x.State().Project(project); p != nil {
		b.Revision = len(p.Opinion) + 1
	}
	for _, p := range paragraphs {
		if err := x.l.services.printable(p.Text); err != nil {
			return err
		}
	}
	return x.do(b)
}

// Conclude records the panel's conclusion, by the presiding chair, on the last version
// of the 专家组意见. What the rules suggest is filled in under a scheme that has a mode
// or rules; under any other it is what b says. Where the conclusion departs from what the
// rules suggest or find, with is the secretary, who consents; else nobody is asked.
// Codes: CodeAgainstMissing, CodeAgainstUnknown, CodeActConsent, CodeRoundNeeded, CodeOutcome, CodeOpinionMissing,
// CodeTextGlyph, those of the text checks, CodeProjectUnknown, CodeActStage,
// CodeChairMissing, CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) Conclude(with *Session, b review.ConclusionReached) error {
	texts := []string{b.Reason}
	for _, a := range b.Against {
		texts = append(texts, a.Reason)
	}
	if err := x.l.services.printable(texts...); err != nil {
		return err
	}
	if err := x.may(review.KindConclusionReached, b.Project); err != nil {
		return err
	}
	p := x.State().Project(b.Project)
	if b.Opinion == 0 {
		b.Opinion = len(p.Opinion)
	}
	if judged(p) {
		var err error
		if b.Suggested, err = x.l.judge.weigh(x.State(), p, b); err != nil {
			return err
		}
	}
	if b.Outcome == b.Suggested && len(b.Against) == 0 {
		with = nil
	}
	return x.doWith(with, b)
}

// Withdraw takes a conclusion back to deliberation; signatures on it are void and kept.
// Codes: CodeActConsent, those of the text checks, CodeProjectUnknown, CodeActStage,
// CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) Withdraw(with *Session, project review.ProjectID, reason string) error {
	return x.doWith(with, review.ConclusionWithdrawn{Project: project, Reason: reason})
}

// Vote gives the person's position on the present conclusion; a later one follows it. A
// reservation or dissent is also set and signed as a 不同意见书; look is how the signature
// looks on it. Once the papers of the conclusion are certified only these can be added;
// they are annexes and void nothing.
// Codes: CodeRecused, CodeStrokes, CodeSeatUnclaimed, CodeVoteConclusion, CodeTextGlyph, those of the text checks,
// CodeProjectUnknown, CodeActStage, CodeActRole, CodeSessionClosed and those of
// Store.Commit.
func (x *Session) Vote(project review.ProjectID, choice review.Choice, text string, look review.Look) error {
	if err := x.l.services.printable(text); err != nil {
		return err
	}
	by, err := x.author()
	if err != nil {
		return err
	}
	state := x.State()
	if err := state.May(by.seat, review.KindVoteCast, project, by.seat); err != nil {
		return err
	}
	p, at := state.Project(project), x.l.moment(x.Seat().Certificate)
	v := review.VoteBody{Conclusion: p.Conclusion.Digest, Choice: choice, Text: text}
	before, _ := p.Vote(by.seat, v.Conclusion)
	var blobs [][]byte
	if dissents := choice == review.ChoiceReserve || choice == review.ChoiceDisagree; dissents && text != "" {
		file, err := x.dissent(p, v, signature{seat: x.Seat(), who: by.who, at: at, look: captioned(look, at)})
		if err != nil {
			return err
		}
		v.Paper, blobs = review.DigestOf(file), append(blobs, file)
	}
	g, err := x.signed(review.Statement{
		Kind: review.StatementVote, Project: project, Revision: before.Revision + 1, Prev: before.Statement, At: at, Body: v,
	})
	if err != nil {
		return err
	}
	return x.do(review.VoteCast{Vote: g}, blobs...)
}

// VoidDissent records that the 不同意见书 of a person's last position on the present conclusion
// cannot count, as when its file is no paper: the position stands, and the file is kept.
// Codes: CodeDissentMissing, CodeActConsent, those of the text checks, CodeTextGlyph,
// CodeProjectUnknown, CodeActStage, CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) VoidDissent(with *Session, project review.ProjectID, seat review.SeatID, reason string) error {
	b := review.DissentVoided{Project: project, Seat: seat, Reason: reason}
	if p := x.State().Project(project); p != nil && p.Conclusion != nil {
		v, _ := p.Vote(seat, p.Conclusion.Digest)
		b.Statement = v.Statement
	}
	return x.doWith(with, b)
}

// dissent composes and signs a person's 不同意见书.
func (x *Session) dissent(p *review.Project, v review.VoteBody, g signature) ([]byte, error) {
	if err := review.CheckLine("dissent", v.Text, review.MaxReason); err != nil {
		return nil, err
	}
	state, s := x.State(), x.l.services
	c, err := x.l.judge.caseOf(state, p, g.at)
	if err != nil {
		return nil, err
	}
	base, err := s.papers.Compose(c.Dissent(g.seat.ID, v.Choice, v.Text))
	if err != nil {
		return nil, err
	}
	return g.on(s, base, review.MeansApproval, "不同意见")
}

// CountVotes records the count of a vote on paper or by hand.
// Codes: CodeActConsent, CodeVoteCount, those of the text checks, CodeProjectUnknown,
// CodeActStage, CodeActRole, CodeSessionClosed and those of Store.Commit.
func (x *Session) CountVotes(with *Session, b review.VotesCounted) error {
	if err := x.l.services.printable(b.Motion); err != nil {
		return err
	}
	return x.doWith(with, b)
}

// Refuse records that a person does not sign; with is the witness, who consents.
// Codes: CodeActConsent, CodeSeatUnknown, CodeSignatureGiven, CodeSignatureWitness, those of the text
// checks, CodeTextGlyph, CodeProjectUnknown, CodeActStage, CodeActRole, CodeSessionClosed
// and those of Store.Commit.
func (x *Session) Refuse(with *Session, project review.ProjectID, seat review.SeatID, reason string) error {
	if err := x.l.services.printable(reason); err != nil {
		return err
	}
	var witness review.SeatID
	if with != nil {
		witness = with.by.seat
	}
	return x.doWith(with, review.SignatureRefused{Project: project, Seat: seat, Reason: reason, Witness: witness})
}

// filable gives the findings that stand in the way of filing. That a paper which everybody
// signed is not what the record gives cannot be mended any more; every verification says it.
func filable(findings []review.Finding) []review.Finding {
	return slices.DeleteFunc(findings, func(f review.Finding) bool { return f.Code == review.CodePaperDiffers })
}

// BeginFiling ends the meeting in the room, by secretary and chair together.
// Codes: CodeActConsent, CodeProjectOpen, CodeActPhase, CodeActRole, CodeSessionClosed,
// the findings of Verify, and those of Store.Commit.
func (x *Session) BeginFiling(with *Session) error {
	if err := x.may(review.KindFilingBegun, ""); err != nil {
		return err
	}
	if err := with.is(x.State().Chair); err != nil {
		return err
	}
	if found := filable(x.l.services.Verify(x.l.id, nil).Findings); len(found) > 0 {
		return review.E(found[0].Code, "meeting.Session.BeginFiling", found[0].Entry, nil)
	}
	return x.doWith(with, review.FilingBegun{})
}

// Seal ends the meeting for good: the private keys of the authority and of every seat
// are deleted from the database in the same transaction, and then the copies that
// still have them. Nobody can sign in any more. A failure to remove copies is told
// beside the act, which stands.
// Codes: CodeActPhase, CodeActRole, CodeSessionClosed, those of Store.Commit,
// Store.Backup and Store.DropBackups.
func (x *Session) Seal() error {
	by, err := x.author()
	if err != nil {
		return err
	}
	l := x.l
	keys := x.State().KeyBlobs()
	if err := l.act(by, step{body: review.MeetingSealed{Deleted: keys}, drop: keys}); err != nil {
		return err
	}
	l.doors.Lock()
	clear(l.quick)
	l.doors.Unlock()
	x.Close()
	l.keeper.work.Wait() // a copy under way may still have the keys
	return l.services.Backup(l.id)
}
