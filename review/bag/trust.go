package bag

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"heyi/review"
	"heyi/review/seal"
)

// TrustVersion is the version of the trust file.
const TrustVersion = 1

// MaxTrust is the largest trust file, in bytes: some 20,000 issuers or packages.
const MaxTrust = 4 << 20

// Issuer is a 签发单位 whose fingerprint somebody compared with one on paper.
type Issuer struct {
	Fingerprint seal.Fingerprint `json:"fingerprint"`
	Name        string           `json:"name"`              // as the certificate has it
	Added       string           `json:"added"`             // when, RFC 3339
	Revoked     string           `json:"revoked,omitempty"` // when; "" while it is trusted
	Reason      string           `json:"reason,omitempty"`  // why it was revoked
}

// Seen says which issue of a package the machine took last.
type Seen struct {
	Issuer  seal.Fingerprint `json:"issuer"`
	Package string           `json:"package"` // Info.ID
	Seq     int              `json:"seq"`
	Digest  review.Digest    `json:"digest"`
}

// Trust is the machine's list of issuers and of packages seen. It is a value: its
// methods give another and leave the one at hand as it was. It is no secret and not
// signed; who can write the data directory can write it.
type Trust struct {
	Issuers []Issuer // in the order in which they were added
	Seen    []Seen   // in the order of issuer and package
}

// trustFile is Trust as it is stored.
type trustFile struct {
	Version int      `json:"version"`
	Issuers []Issuer `json:"issuers"`
	Seen    []Seen   `json:"seen"`
}

// DecodeTrust reads what Encode wrote; nothing is an empty list. It accepts no bytes
// but those that Encode writes.
// Codes: CodeTrustForm, CodeTrustNewer.
func DecodeTrust(b []byte) (Trust, error) {
	const op = "bag.DecodeTrust"
	if len(b) == 0 {
		return Trust{}, nil
	}
	var f trustFile
	if len(b) > MaxTrust {
		return Trust{}, review.E(review.CodeTrustForm, op, "", nil)
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return Trust{}, review.E(review.CodeTrustForm, op, "", err)
	}
	if f.Version > TrustVersion {
		return Trust{}, review.E(review.CodeTrustNewer, op, "", nil)
	}
	t := Trust{Issuers: f.Issuers, Seen: f.Seen}
	if f.Version != TrustVersion || !t.valid() || !bytes.Equal(t.Encode(), b) {
		return Trust{}, review.E(review.CodeTrustForm, op, "", nil)
	}
	return t, nil
}

// Encode gives the file, which is the same for equal lists.
func (t Trust) Encode() []byte {
	b, err := json.MarshalIndent(trustFile{TrustVersion, slices.Concat([]Issuer{}, t.Issuers), slices.Concat([]Seen{}, t.Seen)}, "", "  ")
	if err != nil {
		panic("bag: " + err.Error()) // strings and numbers always encode
	}
	return append(b, '\n')
}

// Add takes an issuer into the list, trusted from at on. The name is that of the
// certificate.
// Codes: CodeFingerprint, CodeTrustKnown (trusted already, or revoked: that is for
// good; Item: the name in the list), those of review.CheckLine.
func (t Trust) Add(f seal.Fingerprint, name string, at time.Time) (Trust, error) {
	const op = "bag.Trust.Add"
	if !f.Valid() {
		return t, review.E(review.CodeFingerprint, op, "", nil)
	}
	if err := review.CheckLine("issuer", name, maxIssuer); err != nil {
		return t, err
	}
	if i := t.issuer(f); i >= 0 {
		return t, review.E(review.CodeTrustKnown, op, t.Issuers[i].Name, nil)
	}
	t.Issuers = append(slices.Clone(t.Issuers), Issuer{Fingerprint: f, Name: name, Added: stamp(at)})
	return t, nil
}

// Revoke ends the trust in a certificate for good.
// Codes: CodeTrustUnknown (Item: the fingerprint), those of review.CheckLine.
func (t Trust) Revoke(f seal.Fingerprint, reason string, at time.Time) (Trust, error) {
	i := t.issuer(f)
	if i < 0 || t.Issuers[i].Revoked != "" {
		return t, review.E(review.CodeTrustUnknown, "bag.Trust.Revoke", f.String(), nil)
	}
	if err := review.CheckLine("reason", reason, review.MaxReason); err != nil {
		return t, err
	}
	t.Issuers = slices.Clone(t.Issuers)
	t.Issuers[i].Revoked, t.Issuers[i].Reason = stamp(at), reason
	return t, nil
}

// See notes that the machine took a package, so that no older issue of it and no other
// under its number is taken after it.
// Codes: CodePackageOlder, CodePackageSwapped (Item: Info.ID).
func (t Trust) See(p *Package) (Trust, error) {
	s := Seen{Issuer: p.Fingerprint(), Package: p.info.ID, Seq: p.info.Seq, Digest: p.digest}
	i, known := slices.BinarySearchFunc(t.Seen, s, compareSeen)
	t.Seen = slices.Clone(t.Seen)
	if !known {
		t.Seen = slices.Insert(t.Seen, i, s)
		return t, nil
	}
	if err := s.after(t.Seen[i]); err != nil {
		return t, err
	}
	t.Seen[i] = s
	return t, nil
}

// Policy gives what a machine with this list takes at a time, up to a level.
func (t Trust) Policy(ceiling Secrecy, at time.Time) Policy {
	return Policy{Issuers: t.Issuers, Seen: t.Seen, Ceiling: ceiling, At: at}
}

// after tells whether s may come after the issue that was seen before: a later one, or
// the very same.
func (s Seen) after(last Seen) error {
	const op = "bag.Seen.after"
	switch {
	case s.Seq < last.Seq:
		return review.E(review.CodePackageOlder, op, s.Package, nil)
	case s.Seq == last.Seq && s.Digest != last.Digest:
		return review.E(review.CodePackageSwapped, op, s.Package, nil)
	}
	return nil
}

func (t Trust) issuer(f seal.Fingerprint) int {
	return slices.IndexFunc(t.Issuers, func(i Issuer) bool { return i.Fingerprint == f })
}

// valid tells whether a list is one that the methods make.
func (t Trust) valid() bool {
	known := map[seal.Fingerprint]bool{}
	for _, i := range t.Issuers {
		if !i.Fingerprint.Valid() || known[i.Fingerprint] || review.CheckLine("issuer", i.Name, maxIssuer) != nil || !stamped(i.Added) {
			return false
		}
		if (i.Revoked == "") != (i.Reason == "") || i.Revoked != "" && (!stamped(i.Revoked) || review.CheckLine("reason", i.Reason, review.MaxReason) != nil) {
			return false
		}
		known[i.Fingerprint] = true
	}
	for i, s := range t.Seen {
		if !s.Issuer.Valid() || !packageID.MatchString(s.Package) || s.Seq < 1 || s.Seq > MaxIssue || !s.Digest.Valid() {
			return false
		}
		if i > 0 && compareSeen(t.Seen[i-1], s) >= 0 {
			return false
		}
	}
	return true
}

func compareSeen(a, b Seen) int {
	if c := strings.Compare(string(a.Issuer), string(b.Issuer)); c != 0 {
		return c
	}
	return strings.Compare(a.Package, b.Package)
}

func stamp(at time.Time) string { return at.Format(time.RFC3339) }

func stamped(s string) bool {
	at, err := time.Parse(time.RFC3339, s)
	return err == nil && stamp(at) == s
}
