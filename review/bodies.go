package review

// The kinds of event of version 1.
const (
	KindMeetingCreated     Kind = "meeting.created"
	KindSeatAdded          Kind = "seat.added"
	KindSeatEdited         Kind = "seat.edited"
	KindSeatClaimed        Kind = "seat.claimed"
	KindSeatFreed          Kind = "seat.freed"
	KindSeatEntered        Kind = "seat.entered"
	KindSeatReplaced       Kind = "seat.replaced"
	KindCodeTried          Kind = "code.tried"
	KindSheetPrinted       Kind = "sheet.printed"
	KindPanelConfirmed     Kind = "panel.confirmed"
	KindSeatsCertified     Kind = "seats.certified"
	KindChairNamed         Kind = "chair.named"
	KindAttendanceRecorded Kind = "attendance.recorded"
	KindPromiseGiven       Kind = "promise.given"
	KindClockMoved         Kind = "clock.moved"
	KindDraftBegun         Kind = "draft.begun"
	KindDraftDropped       Kind = "draft.dropped"
	KindMinutesRecorded    Kind = "minutes.recorded"
	KindPaperIssued        Kind = "paper.issued"
	KindStatementRefused   Kind = "statement.refused"
	KindFilingBegun        Kind = "filing.begun"
	KindMeetingSealed      Kind = "meeting.sealed"
	KindMeetingRestored    Kind = "meeting.restored"

	KindPackageImported     Kind = "package.imported"
	KindProjectAdded        Kind = "project.added"
	KindProjectSuspended    Kind = "project.suspended"
	KindDeclarationGiven    Kind = "declaration.given"
	KindRecusalDecided      Kind = "recusal.decided"
	KindQuorumWaived        Kind = "quorum.waived"
	KindFactCorrected       Kind = "fact.corrected"
	KindRoundBegun          Kind = "round.begun"
	KindBallotSubmitted     Kind = "ballot.submitted"
	KindBallotReturned      Kind = "ballot.returned"
	KindBallotVoided        Kind = "ballot.voided"
	KindRoundClosed         Kind = "round.closed"
	KindRoundReopened       Kind = "round.reopened"
	KindBallotsOpened       Kind = "ballots.opened"
	KindOpinionDrafted      Kind = "opinion.drafted"
	KindItemSettled         Kind = "item.settled"
	KindConclusionReached   Kind = "conclusion.reached"
	KindConclusionWithdrawn Kind = "conclusion.withdrawn"
	KindVoteCast            Kind = "vote.cast"
	KindVotesCounted        Kind = "votes.counted"
	KindSigningBegun        Kind = "signing.begun"
	KindSignatureGiven      Kind = "signature.given"
	KindSignatureRefused    Kind = "signature.refused"
	KindProjectFinalised    Kind = "project.finalised"
)

// Consent is the signed statement of the second person in an act of two. It stands
// in the bodies of such acts and is empty where the act needs only one.
type Consent struct {
	Given *Signed `json:"consent,omitempty"`
}

// Consented is a body of an act that may need two persons.
type Consented interface {
	Body
	// Second gives the consent, nil if there is none.
	Second() *Signed
	// With gives the same body with another consent; nil takes it away.
	With(*Signed) Consented
}

// Second gives the consent, nil if there is none.
func (c Consent) Second() *Signed { return c.Given }

// MeetingCreated opens a journal. It is signed with the very key that it names,
// so the journal's first entry binds the secretary.
type MeetingCreated struct {
	Title     string     `json:"title"`     // 会议名称
	Secretary string     `json:"secretary"` // name of the person
	Keys      PublicKeys `json:"keys"`
	KeyFile   Digest     `json:"key_file"`         // blob: the secretary's private keys under the passphrase
	Scheme    string     `json:"scheme,omitempty"` // id of the only scheme that the meeting reviews by; "" for any
	Drill     bool       `json:"drill,omitempty"`  // 演练: not in earnest, which every paper says
}

// Kind is KindMeetingCreated.
func (MeetingCreated) Kind() Kind { return KindMeetingCreated }

// PanelConfirmed is the act 确认专家组: the panel's own CA comes into being and
// gives the seats their certificates.
type PanelConfirmed struct {
	Authority    []byte            `json:"authority"`     // CA certificate, DER
	AuthorityKey Digest            `json:"authority_key"` // blob: the CA's private key sealed to the officers
	Certificates []SeatCertificate `json:"certificates"`  // of all claimed seats, in their order
	Consent                        // of the chair; needed once there is an expert's seat
}

// With is as in Consented.
func (b PanelConfirmed) With(s *Signed) Consented { b.Given = s; return b }

// SeatCertificate is what the panel CA issued to one seat.
type SeatCertificate struct {
	Seat SeatID `json:"seat"`
	DER  []byte `json:"der"`
}

// Kind is KindPanelConfirmed.
func (PanelConfirmed) Kind() Kind { return KindPanelConfirmed }

// MinutesRecorded adds paragraphs to the 会议记录. What is recorded is never
// changed; a later paragraph corrects it.
type MinutesRecorded struct {
	Paragraphs []string `json:"paragraphs"` // each 1 to MaxParagraph characters
}

// Kind is KindMinutesRecorded.
func (MinutesRecorded) Kind() Kind { return KindMinutesRecorded }

// PaperIssued records that a paper left the program: which form, the digest of
// the bytes before any signature and of the bytes as signed. Both are blobs.
type PaperIssued struct {
	Form   Form   `json:"form"`
	Number int    `json:"number"` // of this form in this meeting, from 1
	Base   Digest `json:"base"`
	Signed Digest `json:"signed"`
}

// Kind is KindPaperIssued.
func (PaperIssued) Kind() Kind { return KindPaperIssued }

// Form names a kind of paper.
type Form string

// FormMinutes is the 评审会议记录.
const FormMinutes Form = "minutes"
