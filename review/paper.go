package review

import (
	"crypto"
	"crypto/x509"
	"strings"
	"time"
)

// MinutesPaper is what the 评审会议记录 says.
type MinutesPaper struct {
	Meeting    MeetingID
	Number     int       // of this paper in the meeting, from 1
	Title      string    // 会议名称
	Secretary  string    // 记录人
	At         time.Time // of issue, by the machine's clock
	Paragraphs []Paragraph
	Checkpoint string        // of the journal that the paper was made from
	Restored   []Restoration // each is said on the paper; empty as a rule
}

// Material is what a document says of itself that is no paper of the meeting, such
// as a plan that is reviewed.
type Material struct {
	Title  string    // at most MaxTitle characters; in the file's properties and, without a number, in every footer
	Number string    // 文号 or 编号, in every footer and under the title; at most MaxName characters; may be empty
	Author string    // who gives it, in the file's properties; at most MaxName characters
	At     time.Time // when it was made
	Note   string    // small print on the first page; at most MaxReason characters; may be empty
}

// CheckCode shortens the checkpoint of a journal to what papers show and a person can
// compare by eye: 64 bits of its digest, in groups.
func CheckCode(checkpoint string) string {
	d := strings.ToUpper(string(DigestOf([]byte(checkpoint))))
	return d[0:4] + "-" + d[4:8] + "-" + d[8:12] + "-" + d[12:16]
}

// SignatureField is the name of the secretary's signature field on a paper.
const SignatureField = string(RoleSecretary)

// FieldRole gives the role whose certificate must fill a signature field: a field
// is named after it, with a number where several of a role sign, as in "expert3".
func FieldRole(field string) Role { return Role(strings.TrimRight(field, "0123456789")) }

// Signing says who signs which field.
type Signing struct {
	Field       string    // name of an open signature field
	Name        string    // the person's name
	Reason      string    // what the signature means, in Chinese
	At          time.Time // claimed time of signing
	Key         crypto.Signer
	Certificate *x509.Certificate
}

// PaperVerdict is what can be said of a signed PDF.
type PaperVerdict struct {
	Signatures []SignatureVerdict
	Findings   []Finding // why the file as a whole does not hold; empty if it holds
}

// SignatureVerdict is what can be said of one signature.
type SignatureVerdict struct {
	Field       string
	Name        string // of the certificate's subject
	At          time.Time
	Reason      string
	Fingerprint Digest // of the signer's certificate
}

// Finding is one reason why something does not hold, or one thing to know.
type Finding struct {
	Code  Code
	Entry string // where: an index, a field, a digest; may be empty
}
