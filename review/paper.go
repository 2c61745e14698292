package review

import (
	"crypto"
	"crypto/x509"
	"strings"
	"time"
)

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

// ArchiveField is the name of the field that the archive's signature fills. It shows
// nothing.
const ArchiveField = "archive"

// ArchiveRole stands in the certificate of an archive's key in the place of a role: no
// person has it.
const ArchiveRole Role = ArchiveField

// FieldOf gives the name of the signature field of a seat: its first role, and for all
// but the secretary the number of the seat, as in "expert3" for s03. So a field, a
// person and a certificate belong together without a list.
func FieldOf(s Seat) string {
	if s.Has(RoleSecretary) {
		return SignatureField
	}
	return string(s.Roles[0]) + strings.TrimLeft(string(s.ID), "s0")
}

// FieldRole gives the role whose certificate must fill a signature field.
func FieldRole(field string) Role { return Role(strings.TrimRight(field, "0123456789")) }

// Signing says who signs which field, and how it looks.
type Signing struct {
	Field       string // name of an open signature field
	Means       Means
	Name        string    // the person's name
	Reason      string    // what the signature means, in Chinese
	At          time.Time // claimed time of signing
	Key         crypto.Signer
	Certificate *x509.Certificate
	Look        Look // of a visible field
}

// Means is what a signature does to the file.
type Means string

// What signatures do.
const (
	MeansApproval Means = ""        // 签署
	MeansCertify  Means = "certify" // 定稿: the first; from here on only fields may be filled (DocMDP, P=2)
	MeansArchive  Means = "archive" // 归档: the last; no field can be filled any more (FieldMDP, all)
)

// Look is what a visible signature shows, in black lines and outlines.
type Look struct {
	Strokes Strokes // as drawn; empty for the name in type
	Caption string  // small, under it, as the day; at most MaxName characters; may be empty
}

// Strokes are a signature as a hand drew it.
type Strokes struct {
	Width  int       `json:"width"` // of the pad, in its own units, 1 to MaxPad
	Height int       `json:"height"`
	Lines  [][]Point `json:"lines"` // each from pen down to pen up
}

// Point is a place on the pad, from its top left corner.
type Point struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// The bounds of a drawn signature.
const (
	MaxPad    = 10_000
	MaxLines  = 200
	MaxPoints = 5_000 // of all lines together
)

// PaperVerdict is what can be said of a signed PDF.
type PaperVerdict struct {
	Title      string             // of the file, as it says itself
	Signatures []SignatureVerdict // in the order in which they were made
	Open       []string           // fields that nobody filled, of a file that the archive has closed
	Findings   []Finding          // why the file as a whole does not hold; empty if it holds
}

// SignatureVerdict is what can be said of one signature.
type SignatureVerdict struct {
	Field       string
	Means       Means
	End         int    // the signature and all before it are the first End bytes of the file
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
