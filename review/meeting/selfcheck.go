package meeting

import (
	"crypto/x509"

	"heyi/review"
	"heyi/review/paper"
	"heyi/review/seal"
)

// Check is one thing that was tried on this machine, and what came of it.
type Check struct {
	Key  string // what was tried; the catalogue has "check.<key>"
	Err  error  // nil: it works
	Note string // a fact to show beside it, or the catalogue's key of one; may be empty
}

// rareNames are characters that ordinary systems lose: two outside GB 2312 and
// one above U+FFFF. Who bears such a name must be able to sit on a panel.
const rareNames = "䶮㛃𫖮"

// SelfCheck tries what a meeting needs: fonts, keys and a signature, and that
// every meeting of the data directory passes the checks of a start. It changes no
// meeting.
func (s *Services) SelfCheck() []Check {
	return []Check{s.checkFonts(), s.checkPaper(), s.checkMeetings()}
}

func (s *Services) checkFonts() Check {
	c := Check{Key: "fonts", Note: rareNames}
	if missing := s.papers.Missing(rareNames); len(missing) > 0 {
		c.Err = review.E(review.CodeTextGlyph, "meeting.checkFonts", review.NameRunes(missing), nil)
	}
	return c
}

// checkPaper composes, signs and verifies a paper in memory, with throw-away keys.
func (s *Services) checkPaper() Check {
	c := Check{Key: "paper"}
	at := s.clock()
	fail := func(err error) Check { c.Err = err; return c }
	who, err := seal.NewIdentity()
	if err != nil {
		return fail(err)
	}
	ca, err := seal.NewAuthority("自检", at)
	if err != nil {
		return fail(err)
	}
	key, err := seal.SigningKey(who.Public())
	if err != nil {
		return fail(err)
	}
	der, err := ca.Issue(key, seal.Subject{Name: rareNames, Role: review.RoleSecretary.Name(), Meeting: "自检"}, at)
	if err != nil {
		return fail(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return fail(err)
	}
	root, err := x509.ParseCertificate(ca.Certificate())
	if err != nil {
		return fail(err)
	}
	base, err := s.papers.Compose(&paper.Minutes{
		Head:       paper.Head{Event: "自检", Number: "自检", Check: "0", At: at, Author: rareNames},
		Secretary:  rareNames,
		Paragraphs: []review.Paragraph{{Number: 1, At: at, By: review.FirstSeat, Text: rareNames}},
	})
	if err != nil {
		return fail(err)
	}
	pdf, err := s.papers.Sign(base, review.Signing{
		Field: review.SignatureField, Name: rareNames, Reason: "自检", At: at, Key: who.Signer(), Certificate: cert,
	})
	if err != nil {
		return fail(err)
	}
	if v := s.papers.Verify(pdf, []*x509.Certificate{root}); len(v.Findings) > 0 {
		return fail(review.E(v.Findings[0].Code, "meeting.checkPaper", v.Findings[0].Entry, nil))
	}
	return c
}

func (s *Services) checkMeetings() Check {
	c := Check{Key: "meetings", Note: s.files.Root()}
	ids, err := s.store.List()
	if err != nil {
		c.Err = err
		return c
	}
	for _, id := range ids {
		if _, _, _, err := s.load(id); err != nil && c.Err == nil {
			c.Err = err
		}
	}
	return c
}
