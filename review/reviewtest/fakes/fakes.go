// Package fakes stands in for papers and files in tests of what is built on
// them: papers in plain text, files in memory.
package fakes

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"heyi/review"
	"heyi/review/meeting"
	"heyi/review/paper"
)

// NoGlyph is the one character that Papers cannot print.
const NoGlyph = '𡋤'

// Papers composes a line of plain text, and signs it by a Line for each signature.
type Papers struct{}

var _ meeting.Papers = Papers{}

// Missing is as in meeting.Papers.
func (Papers) Missing(text string) (out []rune) {
	for _, r := range text {
		if r == NoGlyph && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// Compose is as in meeting.Papers.
func (Papers) Compose(p paper.Paper) ([]byte, error) {
	if m, ok := p.(*paper.Minutes); ok {
		return fmt.Appendf(nil, "%s %s %s %d段 %s\n", m.Event, m.Number, m.Secretary, len(m.Paragraphs), m.Check), nil
	}
	b, err := json.Marshal(p)
	return fmt.Appendf(nil, "%s %s\n", p.Form(), b), err
}

// Sign is as in meeting.Papers. It knows of open fields only that none is filled twice.
func (Papers) Sign(pdf []byte, s review.Signing) ([]byte, error) {
	const op = "fakes.Papers.Sign"
	before, ok := read(pdf)
	last := len(before) - 1
	filled := func(l Line) bool { return l.Field == s.Field }
	key, fits := s.Certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	switch {
	case !ok:
		return nil, review.E(review.CodePDFForm, op, "", nil)
	case !fits || !key.Equal(s.Key.Public()):
		return nil, review.E(review.CodeKeyForm, op, s.Field, nil)
	case s.At.Before(s.Certificate.NotBefore) || s.At.After(s.Certificate.NotAfter):
		return nil, review.E(review.CodePDFTime, op, s.Field, nil)
	case last >= 0 && (s.Means == review.MeansCertify || before[last].Means == review.MeansArchive):
		return nil, review.E(review.CodePDFOrder, op, s.Field, nil)
	case slices.ContainsFunc(before, filled):
		return nil, review.E(review.CodePDFUnsigned, op, s.Field, nil)
	}
	return Line{
		Field: s.Field, Means: s.Means, Name: s.Name, Reason: s.Reason, At: s.At.Truncate(time.Second),
		Fingerprint: review.DigestOf(s.Certificate.Raw), Issuer: s.Certificate.Issuer.SerialNumber,
	}.On(pdf), nil
}

// Verify is as in meeting.Papers. It knows of no open fields.
func (Papers) Verify(pdf []byte, anchors []*x509.Certificate) review.PaperVerdict {
	lines, ok := read(pdf)
	var v review.PaperVerdict
	for _, l := range lines {
		v.Signatures = append(v.Signatures, review.SignatureVerdict{
			Field: l.Field, Means: l.Means, End: l.end, Name: l.Name, At: l.At, Reason: l.Reason, Fingerprint: l.Fingerprint,
		})
		if !slices.ContainsFunc(anchors, func(ca *x509.Certificate) bool { return ca.Subject.SerialNumber == l.Issuer }) {
			v.Findings = append(v.Findings, review.Finding{Code: review.CodeChain, Entry: l.Field})
		}
	}
	switch {
	case !ok:
		v.Findings = append(v.Findings, review.Finding{Code: review.CodePDFAltered})
	case len(lines) == 0:
		v.Findings = append(v.Findings, review.Finding{Code: review.CodePDFUnsigned})
	}
	return v
}

// Line is one signature on a paper of Papers: a line that says whose it is, with a digest
// of all that stands before it and of itself.
type Line struct {
	Field       string
	Means       review.Means
	Name        string
	Reason      string
	At          time.Time
	Fingerprint review.Digest
	Issuer      string // serial number in the subject of the authority
	Over        review.Digest

	end int // of the line, in the paper
}

// On gives the paper with the line appended, whoever it is of.
func (l Line) On(pdf []byte) []byte {
	l.Over = ""
	l.Over = review.DigestOf(append(bytes.Clone(pdf), l.text()...))
	return append(bytes.Clone(pdf), l.text()...)
}

func (l Line) text() []byte {
	b, err := json.Marshal(l)
	if err != nil {
		panic("fakes: " + err.Error()) // texts and times always encode
	}
	return append(b, '\n')
}

// read gives the signatures of a paper as far as they hold, and whether nothing else stands
// after its first line.
func read(pdf []byte) (lines []Line, ok bool) {
	end := bytes.IndexByte(pdf, '\n') + 1
	for end > 0 && end < len(pdf) {
		var l Line
		next := end + bytes.IndexByte(pdf[end:], '\n') + 1
		if old, ok := readOld(pdf[end:]); ok {
			l, next = old, len(pdf)
		} else if next == end || json.Unmarshal(pdf[end:next], &l) != nil || !bytes.Equal(l.On(pdf[:end]), pdf[:next]) {
			return lines, false
		}
		l.end, end = next, next
		lines = append(lines, l)
	}
	return lines, end > 0
}

// readOld reads the one signature that papers carry in the fixtures of the versions before
// there was a Line: field, fingerprint, seconds and issuer, and no end of line.
func readOld(text []byte) (l Line, ok bool) {
	var at int64
	if bytes.ContainsAny(text, "{\n") {
		return l, false
	}
	_, err := fmt.Sscan(string(text), &l.Field, &l.Fingerprint, &at, &l.Issuer)
	l.At = time.Unix(at, 0)
	return l, err == nil
}

// Files keeps exported papers in memory.
type Files struct {
	mu   sync.Mutex
	kept map[string]string
	Err  error // what Export fails with; nil if it works
}

var _ meeting.Files = (*Files)(nil)

// Root is as in meeting.Files.
func (*Files) Root() string { return "data" }

// Export is as in meeting.Files.
func (f *Files) Export(id review.MeetingID, name string, content []byte) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Err != nil {
		return "", f.Err
	}
	if f.kept == nil {
		f.kept = map[string]string{}
	}
	path := string(id) + "/" + name
	f.kept[path] = string(content)
	return path, nil
}

// Exported is as in meeting.Files.
func (f *Files) Exported(id review.MeetingID, name string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	content, ok := f.kept[string(id)+"/"+name]
	if !ok {
		return nil, review.E(review.CodeFileMissing, "fakes.Files.Exported", name, nil)
	}
	return []byte(content), nil
}

// Kept gives an exported file, "" if there is none.
func (f *Files) Kept(path string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.kept[path]
}

// Marks keeps marks in memory.
type Marks struct {
	kept sync.Map
	Err  error // what SetMark fails with; nil if it works
}

var _ meeting.Marks = (*Marks)(nil)

// Mark is as in meeting.Marks.
func (m *Marks) Mark(id review.MeetingID) (string, error) {
	mark, _ := m.kept.Load(id)
	s, _ := mark.(string)
	return s, nil
}

// SetMark is as in meeting.Marks.
func (m *Marks) SetMark(id review.MeetingID, checkpoint string) error {
	if m.Err != nil {
		return m.Err
	}
	m.kept.Store(id, checkpoint)
	return nil
}

// Packages keeps packages in memory.
type Packages struct {
	mu    sync.Mutex
	files map[string][]byte
	trust []byte
	Err   error // what Keep fails with; nil if it works
}

var _ meeting.Packages = (*Packages)(nil)

type staged struct {
	*bytes.Reader
	p       *Packages
	id      review.MeetingID
	content []byte
}

// Keep is as in meeting.Staged.
func (s staged) Keep(d review.Digest) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if s.p.Err != nil {
		return s.p.Err
	}
	if s.p.files == nil {
		s.p.files = map[string][]byte{}
	}
	s.p.files[string(s.id)+"/"+string(d)] = s.content
	return nil
}

// Drop is as in meeting.Staged.
func (s staged) Drop() error { return nil }

type kept struct{ *bytes.Reader }

// Close is as in io.Closer.
func (kept) Close() error { return nil }

// StagePackage is as in meeting.Packages.
func (p *Packages) StagePackage(id review.MeetingID, src io.Reader) (meeting.Staged, error) {
	b, err := io.ReadAll(src)
	if err != nil {
		return nil, review.E(review.CodePackageRead, "fakes.Packages.StagePackage", "", err)
	}
	return staged{bytes.NewReader(b), p, id, b}, nil
}

// Package is as in meeting.Packages.
func (p *Packages) Package(id review.MeetingID, d review.Digest) (meeting.Kept, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b, ok := p.files[string(id)+"/"+string(d)]
	if !ok {
		return nil, review.E(review.CodeFileMissing, "fakes.Packages.Package", string(d), nil)
	}
	return kept{bytes.NewReader(b)}, nil
}

// Packages is as in meeting.Packages.
func (p *Packages) Packages(id review.MeetingID) ([]review.Digest, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []review.Digest
	for path := range p.files {
		if d, ok := strings.CutPrefix(path, string(id)+"/"); ok {
			out = append(out, review.Digest(d))
		}
	}
	slices.Sort(out)
	return out, nil
}

// DropPackage is as in meeting.Packages.
func (p *Packages) DropPackage(id review.MeetingID, d review.Digest) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.files, string(id)+"/"+string(d))
	return nil
}

// Trust is as in meeting.Packages.
func (p *Packages) Trust() ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.trust, nil
}

// SetTrust is as in meeting.Packages.
func (p *Packages) SetTrust(b []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trust = bytes.Clone(b)
	return nil
}

// Services gives services on the store, with fakes for the rest: a clock that
// goes on by a minute at each look, and ids that repeat from run to run.
func Services(store meeting.Store, files *Files, marks meeting.Marks) *meeting.Services {
	var mu sync.Mutex
	now := time.Date(2026, 11, 21, 9, 0, 0, 999, time.FixedZone("", 8*3600))
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Minute)
		return now
	}
	return meeting.New(meeting.Config{
		Store: store, Papers: Papers{}, Files: files, Packages: &Packages{}, Marks: marks, Now: clock,
		Random: rand.NewChaCha8([32]byte{1}), WorkFactor: 1,
	})
}
