package cli

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"heyi/app/internal/words"
	"heyi/review"
	"heyi/review/bag"
	"heyi/review/filing"
	"heyi/review/meeting"
)

// Limits of what verify reads into memory.
const (
	maxPDF  = 64 << 20
	maxCert = 64 << 10
)

// Kinds of things that verify knows, stable.
const (
	kindPaper   = "paper"
	kindBallot  = "ballot"
	kindPackage = "package"
	kindBag     = "bag"
	kindFiling  = "filing"
	kindData    = "data"
	kindUnknown = "unknown"
)

// result is one verified path; the JSON form is stable (decisions 5).
type result struct {
	Path     string    `json:"path"`
	Kind     string    `json:"kind"`
	Valid    bool      `json:"valid"`
	Findings []finding `json:"findings"`
	lines    []string  // what holds, for people
}

type finding struct {
	Code    review.Code `json:"code"`
	Entry   string      `json:"entry"`
	Message string      `json:"message"`
}

// verifying is how a line asks for things to be verified.
type verifying struct {
	at           place
	ca           *x509.Certificate // of a panel; nil if none is named
	caPath       string
	issuer       *x509.Certificate // of a package; nil if none is named
	bag, lenient bool
}

func runVerify(w *World, at place, args []string) (int, error) {
	f := newFlags()
	v := verifying{at: at}
	v.at.flags(f)
	asJSON := f.Bool("json", false, "")
	issuer := f.String("issuer", "", "")
	f.StringVar(&v.caPath, "ca", "", "")
	f.BoolVar(&v.bag, "bag", false, "")
	f.BoolVar(&v.lenient, "lenient", false, "")
	if err := parse(f, args); err != nil {
		return 0, err
	}
	if f.NArg() == 0 {
		return 0, usage("verify")
	}
	if v.lenient && !v.bag {
		return 0, usage("--lenient")
	}
	var unread error // why a certificate could not be read: then nothing holds
	if v.caPath != "" {
		v.ca, unread = w.certificate(v.caPath)
	}
	if *issuer != "" && unread == nil {
		v.issuer, unread = w.certificate(*issuer)
	}
	if unread != nil && !*asJSON {
		return 0, unread
	}
	out := struct {
		Results []result `json:"results"`
	}{}
	code := ExitOK
	for _, path := range f.Args() {
		r := result{Path: path, Kind: kindUnknown, Findings: []finding{}}
		if unread != nil {
			r = w.found(r, unread)
		} else {
			r = w.verify(r, v)
		}
		r.Valid = len(r.Findings) == 0
		if !r.Valid {
			code = ExitNo
		}
		out.Results = append(out.Results, r)
	}
	if *asJSON {
		return code, w.printJSON(out)
	}
	for _, r := range out.Results {
		w.show(r)
	}
	return code, nil
}

func (w *World) show(r result) {
	verdict := "verify.no"
	if r.Valid {
		verdict = "verify.yes"
	}
	w.say(verdict, map[string]string{"Path": r.Path, "Kind": w.Words.T("kind."+r.Kind, nil)})
	for _, l := range r.lines {
		fmt.Fprintln(w.Stdout, "  "+l)
	}
	for _, x := range r.Findings {
		fmt.Fprintln(w.Stdout, "  "+x.Message)
	}
}

func (w *World) verify(r result, v verifying) result {
	path := r.Path
	info, err := w.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return w.found(r, review.E(review.CodeFileMissing, "cli.verify", path, err))
	case err != nil:
		return w.found(r, review.E(review.CodeDirFailed, "cli.verify", path, err))
	case v.bag:
		return w.verifyBag(r, info, v)
	case info.IsDir():
		return w.verifyDir(r, v.ca)
	}
	f, err := w.packageAt(path)
	if err != nil {
		return w.found(r, err)
	}
	if f != nil {
		defer f.Close()
		r.Kind = kindPackage
		return w.verifyPackage(r, v.at, v.issuer, func(p bag.Policy) (*bag.Package, error) { return bag.Open(f, f.Size(), p) })
	}
	b, err := w.Read(path, maxPDF)
	if err != nil {
		return w.found(r, err)
	}
	if isBallot(path, b) {
		return w.verifyBallot(r, b)
	}
	if !bytes.HasPrefix(b, []byte("%PDF-")) {
		r.lines = append(r.lines, w.Words.T("verify.kinds", nil))
		return w.found(r, review.E(review.CodeFileUnknown, "cli.verify", path, nil))
	}
	r.Kind = kindPaper
	if v.ca == nil {
		v.ca, v.caPath = w.anchorNear(path)
	}
	return w.verifyPaper(r, b, v.ca, v.caPath)
}

// verifyBag verifies an unzipped package; if that is asked for, whatever bag it is.
func (w *World) verifyBag(r result, info fs.FileInfo, v verifying) result {
	if !info.IsDir() {
		return w.found(r, review.E(review.CodeFileUnknown, "cli.verifyBag", r.Path, nil))
	}
	r.Kind = kindBag
	dir, closer, err := w.Dir(r.Path)
	if err != nil {
		return w.found(r, review.E(review.CodeDirFailed, "cli.verifyBag", r.Path, err))
	}
	defer closer.Close()
	if !v.lenient {
		return w.verifyPackage(r, v.at, v.issuer, func(p bag.Policy) (*bag.Package, error) { return bag.OpenDir(dir, p) })
	}
	if err := bag.CheckBag(dir); err != nil {
		return w.found(r, err)
	}
	r.lines = append(r.lines, w.Words.T("verify.bag.claim", nil))
	return r
}

// anchorNear finds the panel CA that was handed over with a paper: ca.pem beside
// it or one directory up. Whoever hands over both could have made both, so the
// fingerprint is shown to be compared with the ink-signed sign-in sheet.
func (w *World) anchorNear(path string) (*x509.Certificate, string) {
	dir := filepath.Dir(path)
	for _, p := range []string{filepath.Join(dir, "ca.pem"), filepath.Join(filepath.Dir(dir), "ca.pem")} {
		if c, err := w.certificate(p); err == nil {
			return c, p
		}
	}
	return nil, ""
}

func (w *World) certificate(path string) (*x509.Certificate, error) {
	b, err := w.Read(path, maxCert)
	if err != nil {
		return nil, err
	}
	block, rest := pem.Decode(b)
	if block == nil || block.Type != "CERTIFICATE" || len(bytes.TrimSpace(rest)) > 0 {
		return nil, review.E(review.CodeCertForm, "cli.certificate", path, nil)
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, review.E(review.CodeCertForm, "cli.certificate", path, err)
	}
	return c, nil
}

func (w *World) verifyPaper(r result, pdf []byte, ca *x509.Certificate, caPath string) result {
	var anchors []*x509.Certificate
	if ca != nil {
		anchors = append(anchors, ca)
		r.lines = append(r.lines, w.Words.T("verify.anchor", map[string]string{
			"Path": caPath, "Fingerprint": words.Fingerprint(review.DigestOf(ca.Raw)),
		}))
	}
	v, err := w.VerifyPaper(pdf, anchors)
	if err != nil {
		return w.found(r, err)
	}
	for _, x := range v.Findings {
		r.Findings = append(r.Findings, w.finding(x))
	}
	if len(v.Findings) == 0 {
		r.lines = append(r.lines, w.sentence("verify.title", said{"Title": v.Title}))
		for _, sig := range v.Signatures {
			r.lines = append(r.lines, w.Words.T("verify.signature", map[string]string{
				"Name": sig.Name, "Reason": sig.Reason, "At": words.DateTime(sig.At),
				"Fingerprint": words.Fingerprint(sig.Fingerprint),
			}))
		}
		for _, field := range v.Open {
			role := review.FieldRole(field)
			r.lines = append(r.lines, w.sentence("verify.open", said{"Role": role.Name(), "Seat": "s" + fmt.Sprintf("%02s", strings.TrimPrefix(field, string(role)))}))
		}
		if v.Signatures[0].Means == review.MeansCertify {
			r.lines = append(r.lines, w.Words.T("verify.certified", nil))
		}
		r.lines = append(r.lines, w.Words.T("verify.claim", nil))
	}
	return r
}

// isBallot tells whether a file is, or means to be, a 评分件.
func isBallot(path string, content []byte) bool {
	return strings.HasSuffix(path, ".rbal") || bytes.HasPrefix(content, []byte(`{"heyi":"ballot"`))
}

// verifyBallot tells whether a 评分件 is whole, and what it is. Whose signature it has
// only its meeting can tell.
func (w *World) verifyBallot(r result, file []byte) result {
	r.Kind = kindBallot
	g, _, err := meeting.ReadBallotFile(file)
	if err != nil {
		return w.found(r, err)
	}
	st, err := review.DecodeStatement(g.Statement)
	if err != nil {
		return w.found(r, err)
	}
	r.lines = append(r.lines, w.sentence("verify.ballot", said{
		"meeting": st.Meeting, "project": st.Project, "seat": st.Seat, "revision": st.Revision,
		"at": words.DateTime(st.At), "receipt": g.Digest().Receipt(),
	}), w.Words.T("verify.ballot.claim", nil))
	return r
}

// verifyDir verifies a filing folder or a data directory.
func (w *World) verifyDir(r result, ca *x509.Certificate) result {
	dir, closer, err := w.Dir(r.Path)
	if err != nil {
		return w.found(r, review.E(review.CodeDirFailed, "cli.verifyDir", r.Path, err))
	}
	defer closer.Close()
	if !filing.Is(dir) {
		return w.verifyData(r, r.Path, ca)
	}
	r.Kind = kindFiling
	var anchors []*x509.Certificate
	if ca != nil {
		anchors = append(anchors, ca)
	}
	v, err := w.VerifyFiling(dir, anchors)
	if err != nil {
		return w.found(r, err)
	}
	for _, x := range v.Findings {
		r.Findings = append(r.Findings, w.finding(x))
	}
	for _, name := range v.Unproven {
		r.Findings = append(r.Findings, w.finding(review.Finding{Code: review.CodeFilingUnproven, Entry: name}))
	}
	if len(v.Findings) > 0 {
		return r
	}
	whole := "verify.filing"
	if len(v.Unproven) > 0 {
		whole = "verify.filing.other"
	}
	r.lines = append(r.lines, w.sentence(whole, said{"Title": v.Title, "Files": v.Files, "Entries": v.Entries, "Version": v.Version}))
	if v.Drill {
		r.lines = append(r.lines, w.Words.T("verify.drill", nil))
	}
	r.lines = append(r.lines, w.broughtLines(v.Verdict)...)
	r.lines = append(r.lines,
		w.sentence("verify.authority", said{"Fingerprint": words.Fingerprint(v.Authority)}),
		w.sentence("verify.checkpoint", said{"Checkpoint": v.Checkpoint}))
	r.lines = append(r.lines, w.Words.T("verify.claim", nil))
	return r
}

func (w *World) verifyData(r result, root string, ca *x509.Certificate) result {
	r.Kind = kindData
	s, closer, err := w.OpenReadOnly(root, "")
	if err != nil {
		return w.found(r, err)
	}
	defer closer.Close()
	list, err := s.List()
	if err != nil {
		return w.found(r, err)
	}
	if len(list) == 0 {
		return w.found(r, review.E(review.CodeMeetingMissing, "cli.verifyData", "", nil))
	}
	var anchors []*x509.Certificate
	if ca != nil {
		anchors = append(anchors, ca)
	}
	for _, m := range list {
		v := s.Verify(m.ID, anchors)
		for _, x := range v.Findings {
			y := w.finding(x)
			y.Entry = strings.TrimSpace(string(m.ID) + " " + y.Entry)
			y.Message = w.sentence("verify.of", said{"Title": v.Title, "ID": m.ID}) + y.Message
			r.Findings = append(r.Findings, y)
		}
		if len(v.Findings) == 0 {
			r.lines = append(r.lines, w.holds(m.ID, v)...)
		}
	}
	return r
}

// holds says of a meeting that all of it holds, and what to compare with paper.
func (w *World) holds(id review.MeetingID, v meeting.Verdict) []string {
	out := []string{w.sentence("verify.meeting", said{"Title": v.Title, "ID": id})}
	if v.Authority != "" {
		out = append(out, w.sentence("verify.authority", said{"Fingerprint": words.Fingerprint(v.Authority)}))
	}
	return append(append(out, w.broughtLines(v)...), w.sentence("verify.checkpoint", said{"Checkpoint": v.Checkpoint}))
}

// broughtLines says which packages bring regulations of their own.
func (w *World) broughtLines(v meeting.Verdict) []string {
	var out []string
	for _, b := range v.Brought {
		out = append(out, w.sentence("verify.own", said{"package": b.Package, "seq": b.Issue, "title": b.Title, "id": b.ID}))
	}
	return out
}

func (w *World) finding(x review.Finding) finding {
	return finding{Code: x.Code, Entry: x.Entry, Message: w.Words.Sentence(x.Code, x.Entry)}
}

func (w *World) found(r result, err error) result {
	r.Findings = append(r.Findings, w.finding(review.Finding{Code: review.CodeOf(err), Entry: review.ItemOf(err)}))
	return r
}

// runSelfCheck tries the machine and the data directory, which is made if there is
// none: whether it can be written is one of the things to know.
func runSelfCheck(w *World, at place, args []string) (int, error) {
	f := newFlags()
	at.flags(f)
	asJSON := f.Bool("json", false, "")
	if err := parse(f, args); err != nil {
		return 0, err
	}
	if f.NArg() > 0 {
		return 0, usage(f.Arg(0))
	}
	checks := w.Machine()
	if root, err := w.DataDir(at.data); err != nil {
		checks = append(checks, meeting.Check{Key: "data", Err: err})
	} else if s, closer, err := w.Open(root, at.backup); err != nil {
		checks = append(checks, meeting.Check{Key: "data", Err: err, Note: root})
	} else {
		defer closer.Close()
		checks = append(checks, meeting.Check{Key: "data", Note: root})
		checks = append(checks, s.SelfCheck()...)
	}
	type line struct {
		Check   string      `json:"check"`
		OK      bool        `json:"ok"`
		Code    review.Code `json:"code,omitempty"`
		Message string      `json:"message"`
	}
	out := struct {
		Checks []line `json:"checks"`
	}{}
	code := ExitOK
	for _, c := range checks {
		l := line{Check: c.Key, OK: c.Err == nil, Code: review.CodeOf(c.Err), Message: w.Words.T("check."+c.Key, c)}
		if c.Err != nil {
			code = ExitNo
			l.Message += w.Words.T("check.no", nil) + w.Words.Explain(c.Err)
		} else {
			note := c.Note
			if w.Words.Has(note) {
				note = w.Words.T(note, nil)
			}
			l.Message += w.Words.T("check.yes", nil) + note
		}
		out.Checks = append(out.Checks, l)
	}
	if *asJSON {
		return code, w.printJSON(out)
	}
	for _, l := range out.Checks {
		fmt.Fprintln(w.Stdout, l.Message)
	}
	return code, nil
}
