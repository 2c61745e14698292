package cli

import (
	"crypto/x509"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/bag"
	"heyi/review/meeting"
	"heyi/review/regulation"
	"heyi/review/seal"
)

// newPackage lays out a source directory to be filled in, with a regulation of its own if one
// is given.
func (a *acting) newPackage() (told, error) {
	if err := a.free(a.file); err != nil {
		return told{}, err
	}
	lib, err := a.Rules()
	if err != nil {
		return told{}, err
	}
	parts, err := a.packFiles(a.all("pack"))
	if err != nil {
		return told{}, err
	}
	schemes := lib.Schemes()
	if len(parts) > 0 {
		own, err := regulation.Load(parts...)
		if err != nil {
			return told{}, err
		}
		if lib, err = meeting.OwnRules(lib, own); err != nil {
			return told{}, err
		}
		schemes = own.Schemes
	}
	id := a.text("scheme")
	if id == "" && len(schemes) > 0 {
		id = schemes[0].ID
	}
	scheme, ok := lib.Scheme(id)
	if !ok {
		return told{}, review.E(review.CodeSchemeUnknown, "cli.acting.newPackage", id, nil)
	}
	var facts []string
	for _, in := range scheme.Inputs() {
		if !slices.Contains(facts, in.Fact) {
			facts = append(facts, in.Fact)
		}
	}
	files := bag.Template(id, facts...)
	for i, part := range parts {
		files[bag.RegulationName(i+1)] = part
	}
	files[a.Words.T("package.new.sheet", nil)+".txt"] = []byte(a.factSheet(scheme))
	for _, name := range slices.Sorted(keysOf(files)) {
		if err := a.Write(filepath.Join(a.file, filepath.FromSlash(name)), files[name]); err != nil {
			_ = a.TakeBack(a.file) // it was not there before
			return told{}, err
		}
	}
	return a.done(said{"path": a.file, "scheme": scheme.ID, "stage": scheme.Title})
}

func keysOf(files bag.Tree) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for name := range files {
			if !yield(name) {
				return
			}
		}
	}
}

// factSheet explains, for who fills in a package, which facts and materials a scheme asks
// for.
func (w *World) factSheet(scheme *regulation.Scheme) string {
	lines := []string{w.sentence("package.sheet.head", said{"title": scheme.Title, "id": scheme.ID, "of": scheme.Pack().Title}), ""}
	seen := map[string]bool{}
	for _, in := range scheme.Inputs() {
		if seen[in.Fact] {
			continue
		}
		seen[in.Fact] = true
		lines = append(lines, w.sentence("package.sheet.fact", said{"key": in.Fact, "title": in.Title, "type": w.Words.T("input."+in.Type, nil)}))
		for _, x := range in.Values {
			lines = append(lines, w.sentence("package.sheet.word", said{"id": x.ID, "title": x.Title}))
		}
	}
	lines = append(lines, "", w.Words.T("package.sheet.materials", nil))
	for _, m := range scheme.Materials {
		lines = append(lines, w.sentence("package.sheet.material", said{"code": m.Code, "title": m.Title, "article": m.Article, "when": m.When}))
	}
	return strings.Join(lines, "\n") + "\n"
}

// buildPackage makes a signed package of a source directory. What the regulations say to
// it is found before the file gets its name.
func (a *acting) buildPackage() (told, error) {
	path := a.text("o")
	if err := a.free(path); err != nil {
		return told{}, err
	}
	lib, err := a.Rules()
	if err != nil {
		return told{}, err
	}
	dir, closer, err := a.Dir(a.file)
	if err != nil {
		return told{}, review.E(review.CodePackageSource, "cli.acting.buildPackage", a.file, err)
	}
	defer closer.Close()
	issuer, err := a.identity("identity")
	if err != nil {
		return told{}, err
	}
	var v meeting.Preview
	err = a.WriteBy(path, func(w io.Writer) error {
		p, err := bag.BuildDir(w, dir, issuer, a.Now())
		if err == nil {
			v, err = meeting.PreviewOf(lib, p)
		}
		return err
	})
	if err != nil {
		return told{}, err
	}
	out, err := a.done(said{
		"path": path, "package": v.Digest(), "id": v.Info().ID, "seq": v.Info().Seq, "fingerprint": v.Fingerprint(),
		"projects": len(v.Projects), "documents": documentsOf(v), "size": words.Size(v.Size()), "regulation": ownView(v.Own),
	})
	out.lines = append(out.lines, a.ownLines("  ", v.Own)...)
	for _, p := range v.Projects {
		out.lines = append(out.lines, a.unasked(p)...)
		for _, m := range p.Materials {
			if m.Due == regulation.DueYes && !m.Present {
				out.lines = append(out.lines, wrap("  "+a.Words.T("material.due", nil)+"　", p.ID+"　"+m.Title+"（"+m.Code+"）")...)
			}
		}
	}
	return out, err
}

func documentsOf(v meeting.Preview) int {
	n := 0
	for _, p := range v.Projects {
		n += len(p.Documents)
	}
	return n
}

// unasked says which facts of a project nothing asks about: they may be misspelt.
func (w *World) unasked(p meeting.ProjectPreview) []string {
	if len(p.Unasked) == 0 {
		return nil
	}
	return wrap("  ", w.sentence("package.unasked", said{"project": p.ID, "keys": strings.Join(p.Unasked, "、")}))
}

// preview is a package as --json of inspect gives it.
type preview struct {
	Path        string           `json:"path"`
	Package     review.Digest    `json:"package"`
	ID          string           `json:"id"`
	Seq         int              `json:"seq"`
	Title       string           `json:"title"`
	Issuer      string           `json:"issuer"`
	Fingerprint seal.Fingerprint `json:"fingerprint"`
	Secrecy     bag.Secrecy      `json:"secrecy"`
	Date        string           `json:"date"`
	Size        int64            `json:"size"`
	Warnings    []bag.Warning    `json:"warnings"`
	Regulation  *ownRegulation   `json:"regulation"` // that the package brings; null for none
	Meeting     *meetingView     `json:"meeting"`
	Projects    []projectView    `json:"projects"`
}

// ownRegulation is the regulation that a package brings for its own projects.
type ownRegulation struct {
	ID      string            `json:"id"`
	Title   string            `json:"title"`
	Number  string            `json:"number"`
	Schemes []regulation.Word `json:"schemes"`
	Files   []review.Digest   `json:"files"`
}

func ownView(p *regulation.Pack) *ownRegulation {
	if p == nil {
		return nil
	}
	out := &ownRegulation{ID: p.ID, Title: p.Title, Number: p.Number, Schemes: []regulation.Word{}, Files: p.Digests()}
	for _, s := range p.Schemes {
		out.Schemes = append(out.Schemes, regulation.Word{ID: s.ID, Title: s.Title})
	}
	return out
}

// ownLines says that a package brings a regulation, and for what; nothing where it brings
// none.
func (w *World) ownLines(indent string, p *regulation.Pack) []string {
	if p == nil {
		return nil
	}
	return wrap(indent, w.sentence("package.own", said{"title": p.Title, "id": p.ID}))
}

type meetingView struct {
	Title  string          `json:"title"`
	Place  string          `json:"place"`
	Time   string          `json:"time"`
	Roster []review.Person `json:"roster"`
}

type projectView struct {
	ID        string            `json:"id"`
	Title     string            `json:"title"`
	Code      string            `json:"code"`
	Scheme    string            `json:"scheme"`
	Quorum    int               `json:"quorum"`
	Units     []review.Unit     `json:"units"`
	Facts     []review.Fact     `json:"facts"`
	Unasked   []string          `json:"unasked"`
	Profile   []passageView     `json:"profile"`
	Documents []review.Document `json:"documents"`
	Materials []materialView    `json:"materials"`
	Findings  []findingView     `json:"findings"`
}

type passageView struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// inspect shows what a package would bring. Of one whose issuer is not trusted nothing is
// shown.
func (a *acting) inspect() (told, error) {
	f, err := a.OpenFile(a.file)
	if err != nil {
		return told{}, err
	}
	defer f.Close()
	trust, err := a.trust(a.at)
	if err != nil {
		return told{}, err
	}
	p, err := bag.Open(f, f.Size(), trust.Policy(meeting.Ceiling, a.Now()))
	if err != nil {
		return told{}, err
	}
	lib, err := a.Rules()
	if err != nil {
		return told{}, err
	}
	v, err := meeting.PreviewOf(lib, p)
	if err != nil {
		return told{}, err
	}
	return told{lines: a.previewLines(v), object: previewView(a.file, v)}, nil
}

func previewView(path string, v meeting.Preview) preview {
	i := v.Info()
	out := preview{
		Path: path, Package: v.Digest(), ID: i.ID, Seq: i.Seq, Title: i.Title, Issuer: i.Issuer, Fingerprint: v.Fingerprint(),
		Secrecy: i.Secrecy, Date: i.Date, Size: v.Size(), Warnings: append([]bag.Warning{}, v.Warnings()...), Regulation: ownView(v.Own),
		Projects: []projectView{},
	}
	if m := v.Meeting(); m != nil {
		out.Meeting = &meetingView{m.Title, m.Place, m.Time, append([]review.Person{}, m.Roster...)}
	}
	for _, p := range v.Projects {
		x := projectView{
			ID: p.ID, Title: p.Title, Code: p.Code, Scheme: p.Project.Scheme, Quorum: p.Quorum,
			Units: append([]review.Unit{}, p.Units...), Facts: append([]review.Fact{}, p.FactList()...), Unasked: append([]string{}, p.Unasked...),
			Profile: []passageView{}, Documents: append([]review.Document{}, p.Documents...),
			Materials: materialViews(p.Materials), Findings: findingViews(p.Findings),
		}
		for _, g := range p.Profile {
			x.Profile = append(x.Profile, passageView(g))
		}
		out.Projects = append(out.Projects, x)
	}
	return out
}

// packageLines writes what a package is: the head of a preview, and what verify tells.
func (w *World) packageLines(indent string, p *bag.Package) []string {
	i := p.Info()
	var out []string
	for _, r := range []struct{ key, text string }{
		{"id", w.sentence("package.issue", said{"id": i.ID, "seq": i.Seq})},
		{"issuer", i.Issuer},
		{"fingerprint", p.Fingerprint().String()},
		{"secrecy", w.Words.T("secrecy."+string(i.Secrecy), nil)},
		{"date", i.Date},
		{"size", words.Size(p.Size())},
		{"digest", words.ShortDigest(p.Digest())},
	} {
		out = append(out, w.row(indent, w.Words.T("package.label."+r.key, nil), r.text)...)
	}
	for _, x := range p.Warnings() {
		out = append(out, wrap(indent, w.sentence("document.warning", said{"warning": w.Words.T("warning."+string(x), nil)}))...)
	}
	return out
}

func (w *World) previewLines(v meeting.Preview) []string {
	out := append(wrap("", v.Info().Title), w.packageLines("  ", v.Package)...)
	out = append(out, w.ownLines("  ", v.Own)...)
	part := func(key string, lines []string) {
		if len(lines) > 0 {
			out = append(append(out, "", w.Words.T(key, nil)), lines...)
		}
	}
	if m := v.Meeting(); m != nil {
		var lines []string
		for _, r := range []struct{ key, text string }{{"title", m.Title}, {"time", m.Time}, {"place", m.Place}} {
			if r.text != "" {
				lines = append(lines, w.row("  ", w.Words.T("package.meeting."+r.key, nil), r.text)...)
			}
		}
		part("package.meeting", lines)
		part("package.meeting.roster", w.rosterLines(m.Roster))
	}
	for _, p := range v.Projects {
		out = append(append(out, ""), fold(w.sentence("package.project", said{"id": p.ID, "title": p.Title}))...)
		head := []struct{ key, text string }{
			{"code", p.Code},
			{"scheme", p.Scheme.Title + "（" + p.Scheme.ID + "）"},
			{"quorum", w.sentence("package.quorum", said{"quorum": p.Quorum})},
		}
		for _, r := range head {
			if r.text != "" {
				out = append(out, w.row("  ", w.Words.T("package.label."+r.key, nil), r.text)...)
			}
		}
		out = append(out, w.unitLines(p.Units)...)
		for _, g := range p.Profile {
			out = append(append(out, ""), wrap("", g.Label)...)
			for _, text := range strings.Split(g.Text, "\n") {
				out = append(out, wrap("  ", text)...)
			}
		}
		part("project.facts", append(w.factLines(p.From, p.FactList()), w.unasked(p)...))
		part("project.documents", w.documentLines(p.Documents))
		part("materials", w.materialLines(p.Materials))
		if findings := w.findingLines(p.Findings); len(findings) > 0 {
			out = append(append(out, ""), findings...)
		}
	}
	return out
}

// rosterLines writes whom a package proposes.
func (w *World) rosterLines(roster []review.Person) []string {
	var heads [][]string
	for _, p := range roster {
		var roles []string
		for _, r := range p.Roles {
			roles = append(roles, r.Name())
		}
		heads = append(heads, []string{p.Name, strings.Join(roles, "、"), "|"}) // the sign keeps the columns full
	}
	var out []string
	for i, head := range table("  ", heads) {
		out = append(out, wrap(strings.TrimSuffix(head, "|"), strings.TrimSpace(roster[i].Unit+"　"+roster[i].Title))...)
	}
	return out
}

// bringPackage takes a package in.
func (a *acting) bringPackage(f meeting.Kept) (told, error) {
	if a.given("digest") {
		v, err := a.services.Preview(f, f.Size())
		if err != nil {
			return told{}, err
		}
		if !names(a.text("digest"), v.Digest()) {
			return told{}, review.E(review.CodePackageSwapped, "cli.acting.bringPackage", v.Info().ID, nil)
		}
	}
	in, err := a.x.Import(f, f.Size(), a.on("roster"))
	if err != nil {
		return told{}, err
	}
	state := a.x.State()
	how := "package"
	if len(in.Projects) == 0 {
		how = "again"
	}
	k := in.Package
	out, err := a.done(said{
		"package": k.Package, "id": k.ID, "seq": k.Seq, "of": k.Title, "issuer": k.Issuer, "secrecy": k.Secrecy,
		"projects": in.Projects, "seats": append([]review.SeatID{}, in.Seats...), "regulation": ownView(in.Own),
	}, how)
	out.lines = append(out.lines, a.ownLines("  ", in.Own)...)
	for _, id := range in.Projects {
		p := state.Project(id)
		out.lines = append(out.lines, fold(a.sentence("meeting.import.project", said{
			"project": id, "title": p.Title, "scheme": p.Scheme.Title, "documents": len(p.Documents),
		}))...)
	}
	for _, id := range in.Seats {
		s, _ := state.Seat(id)
		out.lines = append(out.lines, fold(a.sentence("meeting.import.seat", said{"seat": id, "name": s.Name, "unit": s.Unit}))...)
	}
	return out, err
}

// names tells whether somebody who typed a 内容摘要 or 内容校验码 meant a digest: whole, or as
// it is shown.
func names(typed string, d review.Digest) bool {
	typed = strings.ToUpper(strings.Join(strings.Fields(typed), ""))
	shown := strings.ReplaceAll(words.ShortDigest(d), " ", "")
	return typed == d.Receipt() || len(typed) >= len(shown) && strings.HasPrefix(strings.ToUpper(string(d)), typed)
}

// document writes a document of a project to a new file.
func (a *acting) document() (told, error) {
	path := a.text("out")
	if err := a.free(path); err != nil {
		return told{}, err
	}
	d, err := a.x.Document(a.project(), a.text("file"))
	if err != nil {
		return told{}, err
	}
	defer d.Close()
	if err := a.WriteBy(path, func(w io.Writer) error {
		_, err := io.Copy(w, io.NewSectionReader(d, 0, d.Size))
		return err
	}); err != nil {
		return told{}, err
	}
	out, err := a.done(said{"project": a.project(), "file": d.File, "document": d.Document.Title, "name": d.Document.Name, "path": path})
	for _, x := range d.Warnings {
		out.lines = append(out.lines, wrap("  ", a.sentence("document.warning", said{"warning": a.Words.T("warning."+x, nil)}))...)
	}
	return out, err
}

// trust gives the list of issuers of a data directory, which may be in use or not be there.
// Codes: those of World.DataDir, World.Trust and bag.DecodeTrust.
func (w *World) trust(at place) (bag.Trust, error) {
	root, err := w.DataDir(at.data)
	if err != nil {
		return bag.Trust{}, err
	}
	b, err := w.Trust(root)
	if err != nil {
		return bag.Trust{}, err
	}
	return bag.DecodeTrust(b)
}

// policy says whom to trust in verifying a package: the certificate that was given and
// nobody else, or whom the data directory trusts. That a later issue has been seen makes
// an earlier one no less what it is.
// Codes: those of trust.
func (w *World) policy(at place, issuer *x509.Certificate) (bag.Policy, error) {
	if issuer != nil {
		own := []bag.Issuer{{Fingerprint: seal.FingerprintOf(issuer.Raw), Name: issuer.Subject.CommonName}}
		return bag.Policy{Issuers: own, Ceiling: meeting.Ceiling, At: w.Now()}, nil
	}
	t, err := w.trust(at)
	t.Seen = nil
	return t.Policy(meeting.Ceiling, w.Now()), err
}

// verifyPackage verifies a package with the reader of its form.
func (w *World) verifyPackage(r result, at place, issuer *x509.Certificate, open func(bag.Policy) (*bag.Package, error)) result {
	policy, err := w.policy(at, issuer)
	if err != nil {
		return w.found(r, err)
	}
	p, err := open(policy)
	if err != nil {
		return w.found(r, err)
	}
	own, err := meeting.OwnOf(p)
	if err != nil {
		return w.found(r, err)
	}
	r.lines = append(r.lines, w.row("", w.Words.T("package.label.title", nil), p.Info().Title)...)
	r.lines = append(r.lines, w.packageLines("", p)...)
	r.lines = append(append(r.lines, w.ownLines("", own)...), w.Words.T("verify.package.claim", nil))
	return r
}
