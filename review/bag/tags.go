package bag

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heyi/review"
)

// bagDeclaration is bagit.txt (RFC 8493, 2.1.1).
const bagDeclaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

// Kind and version that bag-info.txt says.
const (
	packageKind   = "review-package"
	FormatVersion = 1 // of the whole package
)

const dayForm = "2006-01-02"

// encode gives bag-info.txt.
func (i Info) encode() []byte {
	var b bytes.Buffer
	for _, l := range [][2]string{
		{"Kind", packageKind},
		{"Format-Version", strconv.Itoa(FormatVersion)},
		{"Package-Id", i.ID},
		{"Seq", strconv.Itoa(i.Seq)},
		{"Issuer", i.Issuer},
		{"Secrecy-Level", string(i.Secrecy)},
		{"Title", i.Title},
		{"Payload-Oxum", fmt.Sprintf("%d.%d", i.Octets, i.Streams)},
		{"Bagging-Date", i.Date},
	} {
		fmt.Fprintf(&b, "%s: %s\n", l[0], l[1])
	}
	return b.Bytes()
}

// check tells which part of an Info cannot be; "" if all can.
func (i Info) check() string {
	switch day, err := time.Parse(dayForm, i.Date); {
	case !packageID.MatchString(i.ID):
		return "Package-Id"
	case i.Seq < 1 || i.Seq > MaxIssue:
		return "Seq"
	case checkLine(i.Issuer, maxIssuer) != nil:
		return "Issuer"
	case !slices.Contains(secrecies, i.Secrecy):
		return "Secrecy-Level"
	case checkLine(i.Title, review.MaxTitle) != nil:
		return "Title"
	case err != nil || day.Format(dayForm) != i.Date:
		return "Bagging-Date"
	}
	return ""
}

// decodeInfo reads bag-info.txt, in the one form that encode writes.
// Codes: CodePackageTag, CodePackageForeign (another kind), CodePackageNewer,
// CodePackageValue.
func decodeInfo(b []byte) (Info, error) {
	const op = "bag.decodeInfo"
	values := map[string]string{}
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		values[name] = value
	}
	version, err := strconv.Atoi(values["Format-Version"])
	switch {
	case values["Kind"] == "" || err != nil || version < FormatVersion:
		return Info{}, review.E(review.CodePackageTag, op, nameInfo, errors.New("no kind or version"))
	case strings.TrimSpace(values["Kind"]) != packageKind:
		return Info{}, review.E(review.CodePackageForeign, op, "", errors.New("another kind"))
	case version > FormatVersion:
		return Info{}, review.E(review.CodePackageNewer, op, nameInfo, nil)
	}
	i := Info{
		ID: values["Package-Id"], Issuer: values["Issuer"], Secrecy: Secrecy(values["Secrecy-Level"]),
		Title: values["Title"], Date: values["Bagging-Date"],
	}
	octets, streams, _ := strings.Cut(values["Payload-Oxum"], ".")
	i.Seq, _ = strconv.Atoi(values["Seq"])
	i.Octets, _ = strconv.ParseInt(octets, 10, 64)
	i.Streams, _ = strconv.Atoi(streams)
	if where := i.check(); where != "" {
		return Info{}, review.E(review.CodePackageValue, op, nameInfo+" "+where, nil)
	}
	if !bytes.Equal(i.encode(), b) {
		return Info{}, review.E(review.CodePackageTag, op, nameInfo, errors.New("not in the one form"))
	}
	return i, nil
}

// encodeManifest gives a manifest (RFC 8493, 2.1.3), which sha256sum -c reads.
func encodeManifest(names []string, digests []review.Digest) []byte {
	var b bytes.Buffer
	for i, n := range names {
		fmt.Fprintf(&b, "%s  %s\n", digests[i], n)
	}
	return b.Bytes()
}

// decodeManifest reads a manifest that lists exactly the names, in their order.
// Codes: CodePackageManifest (Item: the first name that is not as listed, or the manifest).
func decodeManifest(manifest string, b []byte, names []string) ([]review.Digest, error) {
	const op = "bag.decodeManifest"
	digests := make([]review.Digest, 0, len(names))
	rest := string(b)
	for _, name := range names {
		line, after, whole := strings.Cut(rest, "\n")
		d, found := strings.CutSuffix(line, "  "+name)
		if !whole || !found || !isDigest(d) {
			return nil, review.E(review.CodePackageManifest, op, name, fmt.Errorf("%s: line %d", manifest, len(digests)+1))
		}
		digests = append(digests, review.Digest(d))
		rest = after
	}
	if rest != "" {
		return nil, review.E(review.CodePackageManifest, op, manifest, errors.New("more lines than entries"))
	}
	return digests, nil
}

// isDigest tells whether s is a SHA-256 in lower-case hexadecimal.
func isDigest(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 32 && strings.ToLower(s) == s
}
