package review

// PackageImported records a 评审包 that was verified and taken in: what it was, and
// whose. The package is kept as one file beside the database, under its digest; what
// it brought stands in the entries that follow it.
type PackageImported struct {
	Package Digest `json:"package"` // of its tag manifest, which names all that is in it
	ID      string `json:"id"`      // 评审包编号, the same for all issues of one package
	Seq     int    `json:"seq"`     // which issue of it, from 1
	Title   string `json:"title"`
	Issuer  string `json:"issuer"`      // 签发单位
	Cert    Digest `json:"certificate"` // fingerprint of the issuer's certificate
	Secrecy string `json:"secrecy"`     // 密级 (regulations.md D.2)
	Size    int64  `json:"size"`        // of the file, in bytes
}

// Kind is KindPackageImported.
func (PackageImported) Kind() Kind { return KindPackageImported }

// Package is a package that was imported.
type Package struct {
	PackageImported
	Entry int64 // of the journal
}

// Document is one file that a package brings for a project.
type Document struct {
	File     string   `json:"file"`               // in the package, as in 0001.pdf
	Name     string   `json:"name"`               // the file's own name before it was packed
	Title    string   `json:"title"`              // 材料名称
	Material string   `json:"material,omitempty"` // code of the material in the scheme, as in Y2-E1; "" for others
	Type     string   `json:"type"`               // what it is by its content, as in pdf
	Size     int64    `json:"size"`               // in bytes
	Digest   Digest   `json:"digest"`
	Warnings []string `json:"warnings,omitempty"` // what is active in it, by the codes of package bag
}

// MaxDocuments is the number of documents of one project.
const MaxDocuments = 500

// check tells whether the document can stand in a record.
// Codes: CodeFactForm (Item: the file), those of CheckLine.
func (d Document) check() error {
	if !itemID.MatchString(d.File) || d.Material != "" && !itemID.MatchString(d.Material) || !itemID.MatchString(d.Type) ||
		d.Size < 0 || !d.Digest.Valid() || len(d.Warnings) > MaxOutcomes {
		return E(CodeFactForm, "review.Document.check", d.File, nil)
	}
	for _, w := range d.Warnings {
		if !itemID.MatchString(w) {
			return E(CodeFactForm, "review.Document.check", d.File, nil)
		}
	}
	if err := CheckLine("name", d.Name, maxFileName); err != nil {
		return err
	}
	return CheckLine("title", d.Title, MaxTitle)
}

// maxFileName is the longest name of a file before it was packed, in characters.
const maxFileName = 200
