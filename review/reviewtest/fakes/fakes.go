// Package fakes stands in for papers and files in tests of what is built on
// them: papers in plain text, files in memory.
package fakes

import (
	"bytes"
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

// Papers composes a line of plain text and signs it with the serial number of
// the signer's issuer.
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

// Sign is as in meeting.Papers.
func (Papers) Sign(pdf []byte, s review.Signing) ([]byte, error) {
	return fmt.Appendf(bytes.Clone(pdf), "%s %s %d %s", s.Field, review.DigestOf(s.Certificate.Raw), s.At.Unix(), s.Certificate.Issuer.SerialNumber), nil
}

// Verify is as in meeting.Papers.
func (Papers) Verify(pdf []byte, anchors []*x509.Certificate) review.PaperVerdict {
	issued := func(ca *x509.Certificate) bool { return bytes.HasSuffix(pdf, []byte(ca.Subject.SerialNumber)) }
	if slices.ContainsFunc(anchors, issued) {
		var v review.SignatureVerdict
		var at int64
		_, last, _ := bytes.Cut(pdf, []byte("\n"))
		if _, err := fmt.Sscan(string(last), &v.Field, &v.Fingerprint, &at); err == nil {
			v.At = time.Unix(at, 0)
			return review.PaperVerdict{Signatures: []review.SignatureVerdict{v}}
		}
	}
	return review.PaperVerdict{Findings: []review.Finding{{Code: review.CodeChain}}}
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
