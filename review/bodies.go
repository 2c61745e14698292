package review

// The kinds of event of version 1.
const (
	KindMeetingCreated  Kind = "meeting.created"
	KindPanelConfirmed  Kind = "panel.confirmed"
	KindMinutesRecorded Kind = "minutes.recorded"
	KindPaperIssued     Kind = "paper.issued"
)

// MeetingCreated opens a journal. It is signed with the very key that it names,
// so the journal's first entry binds the secretary.
type MeetingCreated struct {
	Title     string     `json:"title"`     // 会议名称
	Secretary string     `json:"secretary"` // name of the person
	Keys      PublicKeys `json:"keys"`
	KeyFile   Digest     `json:"key_file"` // blob: the secretary's private keys under the passphrase
}

// Kind is KindMeetingCreated.
func (MeetingCreated) Kind() Kind { return KindMeetingCreated }

// PanelConfirmed is the act 确认专家组: the panel's own CA comes into being and
// gives the seats their certificates.
type PanelConfirmed struct {
	Authority    []byte            `json:"authority"`     // CA certificate, DER
	AuthorityKey Digest            `json:"authority_key"` // blob: the CA's private key sealed to the officers
	Certificates []SeatCertificate `json:"certificates"`
}

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
