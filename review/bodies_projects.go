package review

// ProjectAdded puts a project before the panel, with all that its review depends on.
type ProjectAdded struct {
	Project ProjectID `json:"project"` // the next in order
	Title   string    `json:"title"`
	Package Digest    `json:"package"` // of the package it came in, or of what stands for one
	Scheme  Scheme    `json:"scheme"`
	Units   []Unit    `json:"units"`  // whose people must stand aside (CM-07)
	Facts   []Fact    `json:"facts"`  // in the order of their keys; what is not known is not there
	Quorum  int       `json:"quorum"` // least number of voting experts (CM-06), 1 or more

	// Of a project that came in a package on record; else empty.
	Entry     string     `json:"entry,omitempty"`  // its id inside the package
	Record    Digest     `json:"record,omitempty"` // blob: its description as it stands in the package
	Documents []Document `json:"documents,omitempty"`
}

// Kind is KindProjectAdded.
func (ProjectAdded) Kind() Kind { return KindProjectAdded }

// Unit is a body with a part in a project.
type Unit struct {
	Part string `json:"part"` // owner, contractor, preparer, supervisor (regulations.md D.1)
	Name string `json:"name"`
}

// Parts are the parts that a unit may have in a project (CM-07).
var Parts = []string{"owner", "contractor", "preparer", "supervisor"}

// Fact is one thing known of a project, as text: "true" or "false", a number, a date,
// money with two decimals, or compact JSON for lists.
type Fact struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// ProjectSuspended ends a review without a conclusion, 中止: it cannot be finished in
// this meeting.
type ProjectSuspended struct {
	Project ProjectID `json:"project"`
	Reason  string    `json:"reason"`
	Consent
}

// Kind is KindProjectSuspended.
func (ProjectSuspended) Kind() Kind { return KindProjectSuspended }

// With is as in Consented.
func (b ProjectSuspended) With(s *Signed) Consented { b.Given = s; return b }

// DeclarationGiven is an expert's 回避声明 on one project: a StatementDeclaration.
type DeclarationGiven struct {
	Declaration Signed `json:"declaration"`
}

// Kind is KindDeclarationGiven.
func (DeclarationGiven) Kind() Kind { return KindDeclarationGiven }

// RecusalDecided is the officers deciding that an expert stands aside, or that he
// need not after all.
type RecusalDecided struct {
	Project ProjectID `json:"project"`
	Seat    SeatID    `json:"seat"`
	Recused bool      `json:"recused"`
	Reason  string    `json:"reason"`
	Consent
}

// Kind is KindRecusalDecided.
func (RecusalDecided) Kind() Kind { return KindRecusalDecided }

// With is as in Consented.
func (b RecusalDecided) With(s *Signed) Consented { b.Given = s; return b }

// QuorumWaived is the officers going on with fewer experts than the rule asks for.
type QuorumWaived struct {
	Project ProjectID `json:"project"`
	Reason  string    `json:"reason"`
	Consent
}

// Kind is KindQuorumWaived.
func (QuorumWaived) Kind() Kind { return KindQuorumWaived }

// With is as in Consented.
func (b QuorumWaived) With(s *Signed) Consented { b.Given = s; return b }

// FactCorrected is a 更正单: a fact of the project that was found wrong in the room, or
// that was not known; Old is "" then.
type FactCorrected struct {
	Project  ProjectID `json:"project"`
	Key      string    `json:"key"`
	Old      string    `json:"old"`
	New      string    `json:"new"`
	Evidence string    `json:"evidence"`
	Consent
}

// Kind is KindFactCorrected.
func (FactCorrected) Kind() Kind { return KindFactCorrected }

// With is as in Consented.
func (b FactCorrected) With(s *Signed) Consented { b.Given = s; return b }

// RoundBegun opens a round of scoring. Its nonce stands in every statement of the round.
type RoundBegun struct {
	Project ProjectID `json:"project"`
	Number  int       `json:"number"` // from 1
	Nonce   string    `json:"nonce"`  // in the form of a MeetingID
}

// Kind is KindRoundBegun.
func (RoundBegun) Kind() Kind { return KindRoundBegun }

// BallotSubmitted is an expert's sealed ballot: a StatementBallot, given here or
// brought by the secretary. The sealed bytes are a blob.
type BallotSubmitted struct {
	Ballot Signed `json:"ballot"`
}

// Kind is KindBallotSubmitted.
func (BallotSubmitted) Kind() Kind { return KindBallotSubmitted }

// BallotReturned is 退回: the expert may submit a further revision.
type BallotReturned struct {
	Project ProjectID `json:"project"`
	Seat    SeatID    `json:"seat"`
	Reason  string    `json:"reason"`
}

// Kind is KindBallotReturned.
func (BallotReturned) Kind() Kind { return KindBallotReturned }

// BallotVoided is the officers recording that a ballot of the present round cannot
// count. It is kept.
type BallotVoided struct {
	Project ProjectID `json:"project"`
	Seat    SeatID    `json:"seat"`
	Reason  string    `json:"reason"`
	Consent
}

// Kind is KindBallotVoided.
func (BallotVoided) Kind() Kind { return KindBallotVoided }

// With is as in Consented.
func (b BallotVoided) With(s *Signed) Consented { b.Given = s; return b }

// RoundClosed ends the submitting of a round: 开封 comes next.
type RoundClosed struct {
	Project ProjectID `json:"project"`
	Number  int       `json:"number"`
}

// Kind is KindRoundClosed.
func (RoundClosed) Kind() Kind { return KindRoundClosed }

// RoundReopened takes a closed round that nobody has opened back to scoring.
type RoundReopened struct {
	Project ProjectID `json:"project"`
	Reason  string    `json:"reason"`
	Consent
}

// Kind is KindRoundReopened.
func (RoundReopened) Kind() Kind { return KindRoundReopened }

// With is as in Consented.
func (b RoundReopened) With(s *Signed) Consented { b.Given = s; return b }

// BallotsOpened is the secretary and the presiding chair opening a round: what every
// ballot says, as its expert signed it.
type BallotsOpened struct {
	Project ProjectID `json:"project"`
	Number  int       `json:"number"`
	Ballots []Opened  `json:"ballots"` // those of Project.Counted, in the order of seats
	Consent
}

// Opened is one opened ballot.
type Opened struct {
	Seat    SeatID  `json:"seat"`
	Content Content `json:"content"`
}

// Kind is KindBallotsOpened.
func (BallotsOpened) Kind() Kind { return KindBallotsOpened }

// With is as in Consented.
func (b BallotsOpened) With(s *Signed) Consented { b.Given = s; return b }

// OpinionDrafted is a version of the 专家组意见; a later one follows it.
type OpinionDrafted struct {
	Project    ProjectID          `json:"project"`
	Revision   int                `json:"revision"` // from 1
	Paragraphs []OpinionParagraph `json:"paragraphs"`
}

// OpinionParagraph is one paragraph of the 专家组意见, with those whose individual
// opinions it was made from.
type OpinionParagraph struct {
	Text    string   `json:"text"`
	Section string   `json:"section,omitempty"` // the heading that it stands under; "" for none
	Sources []SeatID `json:"sources,omitempty"`
}

// Kind is KindOpinionDrafted.
func (OpinionDrafted) Kind() Kind { return KindOpinionDrafted }

// ItemSettled is the chair recording what the panel makes, after 合议, of a gate or a yes/no
// item that the experts' answers leave open (CM-05). A later one on the same item follows
// it; a new round leaves it behind.
type ItemSettled struct {
	Project ProjectID `json:"project"`
	Item    string    `json:"item"`
	Answer  string    `json:"answer"` // AnswerYes or AnswerNo
	Reason  string    `json:"reason"`
}

// Kind is KindItemSettled.
func (ItemSettled) Kind() Kind { return KindItemSettled }

// ConclusionReached is the chair recording the panel's conclusion.
type ConclusionReached struct {
	Project   ProjectID `json:"project"`
	Outcome   string    `json:"outcome"`   // one of the scheme's
	Opinion   int       `json:"opinion"`   // revision of the 专家组意见 that it rests on
	Suggested string    `json:"suggested"` // what the rules suggest; "" for nothing
	Against   []Against `json:"against"`   // findings that it does not follow, each with the reason
	Reason    string    `json:"reason"`    // required where Outcome is not Suggested
	Consent             // of the secretary; needed with Against, or where Outcome is not Suggested
}

// Against is one finding that a conclusion does not follow: printed as
// 与××条不一致，专家组说明：….
type Against struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

// Kind is KindConclusionReached.
func (ConclusionReached) Kind() Kind { return KindConclusionReached }

// With is as in Consented.
func (b ConclusionReached) With(s *Signed) Consented { b.Given = s; return b }

// ConclusionWithdrawn takes a conclusion back to deliberation, before the review is
// final. All signatures on it are void and kept, and so are its papers.
type ConclusionWithdrawn struct {
	Project ProjectID `json:"project"`
	Reason  string    `json:"reason"`
	Consent
}

// Kind is KindConclusionWithdrawn.
func (ConclusionWithdrawn) Kind() Kind { return KindConclusionWithdrawn }

// With is as in Consented.
func (b ConclusionWithdrawn) With(s *Signed) Consented { b.Given = s; return b }

// VoteCast is a person's position on the conclusion: a StatementVote.
type VoteCast struct {
	Vote Signed `json:"vote"`
}

// Kind is KindVoteCast.
func (VoteCast) Kind() Kind { return KindVoteCast }

// VotesCounted records the count of a vote on paper or by hand.
type VotesCounted struct {
	Project ProjectID `json:"project"`
	Motion  string    `json:"motion"` // 表决事项
	Yes     int       `json:"yes"`
	No      int       `json:"no"`
	Abstain int       `json:"abstain"`
	Consent
}

// Kind is KindVotesCounted.
func (VotesCounted) Kind() Kind { return KindVotesCounted }

// With is as in Consented.
func (b VotesCounted) With(s *Signed) Consented { b.Given = s; return b }

// SigningBegun opens the 签署 of a conclusion.
type SigningBegun struct {
	Project ProjectID `json:"project"`
}

// Kind is KindSigningBegun.
func (SigningBegun) Kind() Kind { return KindSigningBegun }

// SignatureGiven is a person signing a conclusion that has no papers: a StatementSignature.
type SignatureGiven struct {
	Signature Signed `json:"signature"`
}

// Kind is KindSignatureGiven.
func (SignatureGiven) Kind() Kind { return KindSignatureGiven }

// SignatureRefused is 拒签, or a person who cannot sign, recorded with a witness: of the
// papers that are being signed, or of the conclusion where there are none.
type SignatureRefused struct {
	Project ProjectID `json:"project"`
	Seat    SeatID    `json:"seat"`
	Reason  string    `json:"reason"`
	Witness SeatID    `json:"witness"` // another person in the room
	Consent           // of the witness
}

// With is as in Consented.
func (b SignatureRefused) With(s *Signed) Consented { b.Given = s; return b }

// Kind is KindSignatureRefused.
func (SignatureRefused) Kind() Kind { return KindSignatureRefused }

// ProjectFinalised is 定稿: everyone has signed or is on record as not signing.
type ProjectFinalised struct {
	Project ProjectID `json:"project"`
}

// Kind is KindProjectFinalised.
func (ProjectFinalised) Kind() Kind { return KindProjectFinalised }
