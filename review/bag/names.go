package bag

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"heyi/review"
	"heyi/review/seal"
)

// The entries of a package.
const (
	nameBagit       = "bagit.txt"
	nameInfo        = "bag-info.txt"
	nameManifest    = "manifest-sha256.txt"
	nameTagManifest = "tagmanifest-sha256.txt"
	nameSignature   = "signature.p7s"
	nameMeeting     = "data/meeting.json"
	dirProjects     = "data/projects/"
	dirDocuments    = "/documents/"
	nameProject     = "/project.json"
	dirData         = "data/"
)

// tagNames are the entries before the data, in their order.
var tagNames = []string{nameBagit, nameInfo, nameManifest, nameTagManifest, nameSignature}

const (
	maxIssuer   = 64 // as a certificate has it
	maxFileName = 200
)

var (
	packageID = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,40}$`)
	projectID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
)

// reserved tells whether Windows keeps a name for a device, with any extension.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch stem {
	case "con", "prn", "aux", "nul", "clock$", "conin$", "conout$":
		return true
	}
	port := strings.TrimPrefix(strings.TrimPrefix(stem, "com"), "lpt")
	return len(stem) == len(port)+3 && utf8.RuneCountInString(port) == 1 && strings.ContainsAny(port, "0123456789¹²³")
}

func projectName(id string) string { return dirProjects + id + nameProject }

func documentName(project, file string) string { return dirProjects + project + dirDocuments + file }

// RegulationName gives what the n-th file of a regulation is called in a source directory
// and under data, from 1: regulation.yaml, regulation-2.yaml, …
func RegulationName(n int) string {
	if n == 1 {
		return "regulation.yaml"
	}
	return fmt.Sprintf("regulation-%d.yaml", n)
}

// isRegulation tells whether a file beside the projects means to be one of a regulation's.
func isRegulation(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "regulation") && (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml"))
}

// numbered gives the name inside of the n-th document, from 1.
func numbered(n int, extension string) string { return fmt.Sprintf("%04d%s", n, extension) }

// nameAlphabet is what the names of entries are of.
const nameAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789._/-"

// checkName tells whether an entry may have the name.
func checkName(name string) bool {
	if len(name) > MaxPath || strings.Trim(name, nameAlphabet) != "" {
		return false
	}
	parts := strings.Split(name, "/")
	if len(parts) > MaxDepth {
		return false
	}
	for _, p := range parts {
		if p == "" || len(p) > MaxPart || strings.Trim(p[:1], ".-") == "" || p[len(p)-1] == '.' || reserved(p) {
			return false
		}
	}
	return true
}

// checkNames tells whether names, in any order, can stand in one directory tree: none
// twice, none both a file and a directory. It gives the first that cannot.
func checkNames(names []string) (string, bool) {
	files := make(map[string]bool, len(names))
	for _, n := range names {
		if files[n] {
			return n, false
		}
		files[n] = true
	}
	for _, n := range names {
		for d := path.Dir(n); d != "."; d = path.Dir(d) {
			if files[d] {
				return d, false
			}
		}
	}
	return "", true
}

// checkFileName tells whether a file may be called so outside: on Windows and
// elsewhere, and without deceiving the eye.
func checkFileName(name string) bool {
	return checkLine(name, maxFileName) == nil && len(name) <= 255 && !strings.ContainsAny(name, `\/:*?"<>|`) &&
		!strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".") && !reserved(name)
}

// folded gives a name as file systems compare it that know no upper and lower case.
func folded(name string) string { return strings.ToLower(strings.ToUpper(norm.NFC.String(name))) }

// escape writes a name from an archive so that it cannot pass for something else: what
// does not print stands as its number, and no more than 80 characters stand at all.
func escape(name string) string {
	var b strings.Builder
	n := 0
	for i, r := range name {
		if n++; n > 80 {
			b.WriteString("…")
			break
		}
		switch s := string(r); {
		case r == utf8.RuneError && !strings.HasPrefix(name[i:], s):
			fmt.Fprintf(&b, `\x%02x`, name[i])
		case review.Legible(s) != s || !strconv.IsPrint(r):
			b.WriteString(strings.Trim(strconv.QuoteToASCII(s), `"`))
		default:
			b.WriteString(s)
		}
	}
	return b.String()
}

// encoded writes a name from a file of which nothing is known to hold, so that it tells
// nothing: what no entry's name may have stands as %XX, and no more than 80 bytes stand
// at all.
func encoded(name string) string {
	var b strings.Builder
	for i := range min(len(name), 80) {
		if c := name[i : i+1]; strings.Contains(nameAlphabet, c) {
			b.WriteString(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if len(name) > 80 {
		b.WriteString("…")
	}
	return b.String()
}

// isData tells whether an entry is part of the payload.
func isData(name string) bool { return strings.HasPrefix(name, dirData) }

// limitOf gives how large an entry may be, in bytes.
func limitOf(name string) int64 {
	switch {
	case name == nameSignature:
		return seal.MaxCMS
	case name == nameManifest:
		return MaxManifest
	case !isData(name):
		return MaxTag
	case strings.HasSuffix(name, ".json"):
		return MaxJSON
	case isRegulation(strings.TrimPrefix(name, dirData)):
		return MaxRuleFile
	}
	return MaxEntry
}
