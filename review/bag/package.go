package bag

import (
	"crypto/x509"
	"io"
	"slices"
	"time"

	"heyi/review"
	"heyi/review/seal"
)

// Limits of a package. What is above one is refused with CodePackageLimit.
const (
	MaxFile      = 2 << 30   // a package, in bytes
	MaxEntries   = 2000      // entries of the archive
	MaxEntry     = 512 << 20 // one entry, in bytes
	MaxPath      = 180       // name of an entry, in bytes
	MaxPart      = 120       // one part of a name, in bytes
	MaxDepth     = 8         // parts of a name
	MaxManifest  = 4 << 20   // a manifest, in bytes
	MaxTag       = 64 << 10  // bagit.txt, bag-info.txt, in bytes
	MaxJSON      = 512 << 10 // a JSON file, in bytes
	MaxJSONs     = 8 << 20   // all JSON files together, in bytes
	MaxRuleFile  = 256 << 10 // one file of a regulation, in bytes, as review/regulation has it
	MaxRuleFiles = 8         // files of a regulation
	MaxNesting   = 32        // depth of a JSON value
	MaxProjects  = 100
	MaxRoster    = 100
	MaxProfile   = 50       // passages of a project's profile
	MaxValue     = 20_000   // a fact, in characters, as review has it
	MaxFacts     = 64 << 10 // the facts of one project together, keys and values, in bytes
	MaxIssue     = 9999     // Info.Seq
)

// Info is what bag-info.txt says.
type Info struct {
	ID      string  // 评审包编号: up to 40 of A-Z a-z 0-9 _ . -; the same for all issues of one package
	Seq     int     // which issue it is, from 1; a later one replaces an earlier one
	Issuer  string  // 签发单位, the same as in the certificate
	Secrecy Secrecy // 密级, as the issuer says
	Title   string
	Octets  int64  // of everything under data
	Streams int    // entries under data
	Date    string // on which it was made, YYYY-MM-DD; a claim
}

// Secrecy is a 密级 (regulations.md D.2).
type Secrecy string

// The levels, in rising order. A machine's ceiling is one of the first two.
const (
	SecrecyNone Secrecy = "none"        // 非涉密
	SecrecyWork Secrecy = "work_secret" // 工作秘密
	SecrecyMi   Secrecy = "mimi"        // 秘密
	SecrecyJi   Secrecy = "jimi"        // 机密
	SecrecyJue  Secrecy = "juemi"       // 绝密
)

// Title gives the level as papers print it; "" for none.
func (s Secrecy) Title() string {
	switch s {
	case SecrecyWork:
		return "工作秘密"
	case SecrecyMi:
		return "秘密"
	case SecrecyJi:
		return "机密"
	case SecrecyJue:
		return "绝密"
	}
	return ""
}

var secrecies = []Secrecy{SecrecyNone, SecrecyWork, SecrecyMi, SecrecyJi, SecrecyJue}

// Meeting is what data/meeting.json says; all of it is a proposal.
type Meeting struct {
	Title  string          // 会议名称
	Place  string          // may be empty
	Time   string          // as people write it; may be empty
	Roster []review.Person // in the order of the file
}

// Project is one project of a package.
type Project struct {
	ID        string // its directory in the package: up to 40 of a-z 0-9 -; the same in every issue
	Title     string
	Code      string // 项目编号 or 统一代码; may be empty
	Scheme    string // id of the scheme that it is to be reviewed by, as in yueqing-2015.technical_review
	Quorum    int    // least number of voting experts, 1 or more
	Units     []review.Unit
	Profile   []Passage
	Documents []review.Document // in the order of Document.File; Type is a Kind, Warnings are Warning
	Record    []byte            // project.json as it stands in the package

	facts []review.Fact
}

// FactList gives what the package says of the project, in the order of keys, as text:
// booleans as "true" and "false", integers in decimal, texts as they are, arrays as
// compact JSON whose objects have their members in order. What is null in the file, and
// so not known, is not there.
func (p *Project) FactList() []review.Fact { return slices.Clone(p.facts) }

// Passage is one labelled text of a project's profile, as in 项目概况.
type Passage struct {
	Label string
	Text  string // paragraphs, separated by \n
}

// Warning is something that does not keep a package from being imported but should
// be known: what is active in a document, or a date that cannot be. Screens say it by
// the key "warning." and its value.
type Warning string

// What documents are warned of. None of it is ever run by this program; it may be
// when a document is opened outside of it.
const (
	WarnPDFScript   Warning = "pdf_script"   // JavaScript
	WarnPDFLaunch   Warning = "pdf_launch"   // starts a program
	WarnPDFEmbedded Warning = "pdf_embedded" // files or media inside
	WarnPDFLink     Warning = "pdf_link"     // addresses, other files, forms that are sent
	WarnPDFHidden   Warning = "pdf_hidden"   // encrypted, or otherwise not to be looked into
	WarnMacro       Warning = "macro"        // an office file with macros
	WarnExternal    Warning = "external"     // an office file that fetches a template or other parts from elsewhere
	WarnObject      Warning = "object"       // an office file with files or controls inside
)

// What packages are warned of.
const (
	WarnFuture      Warning = "date_future"      // made after the machine's clock: one of the two is wrong
	WarnCertificate Warning = "date_certificate" // the machine's clock is outside the certificate's dates
)

// Package is a package that was verified. It reads documents from where it was opened,
// and may be used by several goroutines at once.
type Package struct {
	store    store
	info     Info
	digest   review.Digest
	cert     *x509.Certificate
	size     int64
	meeting  *Meeting
	projects []Project
	rules    [][]byte
	warnings []Warning
}

// Info gives what bag-info.txt says.
func (p *Package) Info() Info { return p.info }

// Digest gives the digest of tagmanifest-sha256.txt, which stands for all that the
// package holds.
func (p *Package) Digest() review.Digest { return p.digest }

// Size gives the size of the file in bytes; of an unzipped package, of all its files.
func (p *Package) Size() int64 { return p.size }

// Certificate gives the issuer's certificate, DER.
func (p *Package) Certificate() []byte { return p.cert.Raw }

// Fingerprint gives the fingerprint of the issuer's certificate, as printed on paper.
func (p *Package) Fingerprint() seal.Fingerprint { return seal.FingerprintOf(p.cert.Raw) }

// Meeting gives what the package proposes for the meeting; nil if nothing.
func (p *Package) Meeting() *Meeting { return p.meeting }

// Projects gives the projects in the order of their ids. The caller does not change them.
func (p *Package) Projects() []Project { return p.projects }

// Regulation gives the files of the regulation that the package brings for its own
// projects, in the order in which they are read; nil if it brings none. Nobody has looked
// at what they say. The caller does not change them.
func (p *Package) Regulation() [][]byte { return p.rules }

// Warnings gives what is to be known of the package as a whole.
func (p *Package) Warnings() []Warning { return p.warnings }

// Record gives what a journal says of the package.
func (p *Package) Record() review.PackageImported {
	return review.PackageImported{
		Package: p.digest, ID: p.info.ID, Seq: p.info.Seq, Title: p.info.Title, Issuer: p.info.Issuer,
		Cert: review.DigestOf(p.cert.Raw), Secrecy: string(p.info.Secrecy), Size: p.size,
	}
}

// Policy says which packages a machine takes.
type Policy struct {
	Issuers []Issuer  // whom it trusts, and whom no more
	Ceiling Secrecy   // the highest level that it may hold; "" is SecrecyNone
	Seen    []Seen    // the latest issue of each package that it has taken
	At      time.Time // the machine's clock: it only gives warnings; zero gives none
}

// Document gives a document of a project to be read, after its bytes were compared
// with its digest once more. file is its review.Document.File.
// Codes: CodeFileMissing (no such project or document), CodePackageAltered (it is no
// longer what was verified), CodePackageRead.
func (p *Package) Document(project, file string) (*io.SectionReader, error) {
	const op = "bag.Package.Document"
	name := documentName(project, file)
	e, ok := p.store.find(name)
	if !ok {
		return nil, review.E(review.CodeFileMissing, op, file, nil)
	}
	for _, q := range p.projects {
		for _, d := range q.Documents {
			if q.ID == project && d.File == file {
				if err := p.store.check(e, d.Digest, nil); err != nil {
					return nil, err
				}
				return p.store.reader(e), nil
			}
		}
	}
	return nil, review.E(review.CodeFileMissing, op, file, nil)
}
