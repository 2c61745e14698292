package meeting_test

import (
	"bytes"
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/journal"
	"heyi/review/reviewtest"
	"heyi/review/reviewtest/script"
	"heyi/review/seal"
)

// newCode gives a person a new code and lets him claim his seat anew.
func (r *room) newCode(tb testing.TB, by, with, seat review.SeatID, sheet string) {
	tb.Helper()
	g, err := r.Sessions[by].NewCode(r.Sessions[with], seat, "忘记口令", sheet)
	if err != nil {
		tb.Fatal(err)
	}
	r.claim(tb, g)
}

// sheet gives the secret of a person's recovery sheet, which he takes.
func (r *room) sheet(tb testing.TB, seat review.SeatID) string {
	tb.Helper()
	s, err := r.Sessions[seat].RecoverySheet()
	if err != nil {
		tb.Fatal(err)
	}
	return s.Secret
}

// certify gives certificates to those who have none.
func (r *room) certify(tb testing.TB) {
	tb.Helper()
	if err := r.Sessions[script.Secretary].Certify(r.Sessions[r.state().Chair]); err != nil {
		tb.Fatal(err)
	}
}

// begin opens the scoring of a project.
func (r *room) begin(tb testing.TB, project review.ProjectID) {
	tb.Helper()
	if err := r.Sessions[script.Secretary].BeginRound(project); err != nil {
		tb.Fatal(err)
	}
}

// submit lets people submit, each a sheet of his own.
func (r *room) submit(tb testing.TB, project review.ProjectID, seats ...review.SeatID) {
	tb.Helper()
	for _, seat := range seats {
		if _, err := r.Sessions[seat].Submit(project, sheetOf(project, seat), review.Look{}); err != nil {
			tb.Fatalf("%s: %v", seat, err)
		}
	}
}

// sheetOf is what a person thinks of a project: it says whose it is.
func sheetOf(project review.ProjectID, seat review.SeatID) review.Sheet {
	h := script.Sheet(script.Scheme(5), int(seat[2]-'0'))
	h.Opinion = append(h.Opinion, whose(project, seat))
	return h
}

func whose(project review.ProjectID, seat review.SeatID) string {
	return script.Marker + string(project) + string(seat)
}

// voters are those who score the first project of the sample.
var voters = []review.SeatID{script.Chair, script.Second, script.Third, script.Fourth}

// TestNewCode holds that a person who forgot his code gets a new one, that the old one
// brings nobody in and nobody back, and that all of it is on record only when he has
// taken his seat again.
func TestNewCode(t *testing.T) {
	r := prepared(t)
	member, before := r.Sessions[script.Member], r.state()
	was, _ := before.Seat(script.Member)
	if err := member.SetQuick("1234"); err != nil {
		t.Fatal(err)
	}
	g, err := r.Sessions[script.Secretary].NewCode(nil, script.Member, "忘记口令", "")
	if err != nil {
		t.Fatal(err)
	}
	if r.state() != before {
		t.Fatal("it is on record before the person has his code")
	}
	if err := member.Touch(); err != nil {
		t.Errorf("he cannot go on with his old code: %v", err)
	}
	// The secretary hands the laptop over.
	r.Sessions[script.Secretary].Close()
	old := r.Codes[script.Member]
	r.claim(t, g)
	r.ended(t, member)
	_, err = r.Enter(r.ID, script.Member, old)
	reviewtest.WantCode(t, err, review.CodeSecretWrong)
	_, err = r.EnterQuick(r.ID, script.Member, "1234")
	reviewtest.WantCode(t, err, review.CodeSessionClosed)
	r.enter(t, script.Secretary, script.Member)

	x, _ := r.state().Seat(script.Member)
	if x.Claims != 2 || len(x.Former) != 1 || x.Former[0].Seal != was.Keys.Seal || x.Certificate != nil || x.Promise != was.Promise {
		t.Errorf("seat %+v", x)
	}
	r.certify(t)
	x, _ = r.state().Seat(script.Member)
	cert, err := x509.ParseCertificate(x.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	if key, err := seal.SigningKey(x.Keys); err != nil || !key.Equal(cert.PublicKey) {
		t.Errorf("the certificate is of another key: %v", err)
	}
	if len(r.state().FormerAuthorities) != 0 {
		t.Error("there is a new authority")
	}
	r.restart(t)
	r.clean(t)
}

// TestNewCodeRefused holds who must agree to a new code.
func TestNewCodeRefused(t *testing.T) {
	r := prepared(t)
	r.begin(t, script.First)
	if err := r.Sessions[script.Third].SaveDraft(review.ScoreDraft(script.First, 1), "没写完"); err != nil {
		t.Fatal(err)
	}
	r.submit(t, script.First, script.Fourth)
	const (
		secretary, chair, second, third, fourth = script.Secretary, script.Chair, script.Second, script.Third, script.Fourth
		member, observer                        = script.Member, script.Observer
	)
	unclaimed, err := r.Sessions[secretary].AddSeat(review.Person{Name: "范仲淹", Roles: []review.Role{review.RoleExpert}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		by, with, seat review.SeatID
		reason         string
		want           review.Code
	}{
		{secretary, "", third, "忘记口令", review.CodeActConsent},     // has a draft
		{secretary, "", fourth, "忘记口令", review.CodeActConsent},    // has a ballot
		{secretary, second, third, "忘记口令", review.CodeActConsent}, // by who is not the chair
		{secretary, observer, third, "忘记口令", review.CodeActConsent},
		{secretary, secretary, third, "忘记口令", review.CodeActConsent},
		{secretary, "", chair, "忘记口令", review.CodeActConsent}, // the chair's own
		{secretary, chair, chair, "忘记口令", review.CodeActConsent},
		{secretary, member, chair, "忘记口令", review.CodeActConsent},
		{chair, "", member, "忘记口令", review.CodeActConsent},
		{chair, second, member, "忘记口令", review.CodeActConsent},
		{chair, "", secretary, "忘记口令", review.CodeActConsent},
		{chair, observer, secretary, "忘记口令", review.CodeActConsent},
		{secretary, second, secretary, "忘记口令", review.CodeActRole}, // nobody for himself
		{chair, second, chair, "忘记口令", review.CodeActRole},
		{second, chair, secretary, "忘记口令", review.CodeActRole},
		{observer, "", member, "忘记口令", review.CodeActRole},
		{secretary, "", member, " ", review.CodeTextEmpty},
		{secretary, "", member, strings.Repeat("忘", review.MaxReason+1), review.CodeTextLong},
		{secretary, "", "s99", "忘记口令", review.CodeSeatUnknown},
		{secretary, "", unclaimed, "忘记口令", review.CodeSeatUnclaimed},
	} {
		before := r.state()
		_, err := r.Sessions[c.by].NewCode(r.Sessions[c.with], c.seat, c.reason, "")
		if review.CodeOf(err) != c.want {
			t.Errorf("%s with %q for %s: %v, want %s", c.by, c.with, c.seat, err, c.want)
		}
		if r.state() != before {
			t.Error("something is on record")
		}
	}
}

// TestNewCodeDraft holds that the draft of a ballot comes back under the new code,
// whichever of the two officers acts, and that what nobody can open is given up.
func TestNewCodeDraft(t *testing.T) {
	const text = "没写完\nage-encryption.org/v1"
	for _, c := range []struct {
		name     string
		by, with review.SeatID
	}{
		{"by the secretary", script.Secretary, script.Chair},
		{"by the chair", script.Chair, script.Secretary},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := prepared(t)
			r.begin(t, script.First)
			r.begin(t, script.Other)
			x, key := r.Sessions[script.Third], review.ScoreDraft(script.First, 1)
			for _, k := range []string{key, review.OpinionDraft(script.First), review.ScoreDraft(script.Other, 1)} {
				if err := x.SaveDraft(k, text); err != nil {
					t.Fatal(err)
				}
			}
			r.newCode(t, c.by, c.with, script.Third, "")
			r.restart(t)
			x = r.Sessions[script.Third]
			if got, err := x.Draft(key); err != nil || got != text {
				t.Errorf("the draft is %q, %v", got, err)
			}
			// Sealed to its owner alone, and to another chair: nobody here could open them.
			for _, k := range []string{review.OpinionDraft(script.First), review.ScoreDraft(script.Other, 1)} {
				if got, err := x.Draft(k); err != nil || got != "" {
					t.Errorf("%s is %q, %v", k, got, err)
				}
			}
			if s := x.Seat(); !slices.Equal(s.Drafts, []string{key}) {
				t.Errorf("drafts %q", s.Drafts)
			}
			if err := x.SaveDraft(key, text+"二"); err != nil {
				t.Error(err)
			}
			r.clean(t)
		})
	}
}

// TestNewCodeSheet holds that with his recovery sheet a person has everything that was
// sealed to him, and without it what he submitted stands but is no more for him to read.
func TestNewCodeSheet(t *testing.T) {
	for name, with := range map[string]bool{"with the sheet": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			r := prepared(t)
			r.begin(t, script.First)
			sheet := r.sheet(t, script.Third)
			if !with {
				sheet = ""
			}
			r.submit(t, script.First, voters...)
			if err := r.Sessions[script.Third].SaveDraft(review.OpinionDraft(script.First), "意见"); err != nil {
				t.Fatal(err)
			}
			r.newCode(t, script.Secretary, script.Chair, script.Third, " "+sheet+"\n")
			r.certify(t)
			x := r.Sessions[script.Third]
			got, _, err := x.OwnSheet(script.First)
			if with {
				if err != nil || got.Opinion[2] != whose(script.First, script.Third) {
					t.Errorf("sheet %+v, %v", got, err)
				}
			} else {
				reviewtest.WantCode(t, err, review.CodeKeyForm)
			}
			text, err := x.Draft(review.OpinionDraft(script.First))
			if want := map[bool]string{true: "意见"}[with]; err != nil || text != want {
				t.Errorf("draft %q, %v", text, err)
			}
			if _, err := x.Receipt(script.First); err != nil {
				t.Error(err)
			}
			r.restart(t)
			r.hold(t, script.Act{Name: "close", Do: func(h *script.Hall) error { return h.Sessions[script.Secretary].CloseRound(script.First) }}, script.Open(script.First))
			if list, err := r.Sessions[script.Secretary].Ballots(script.First, 1); err != nil || len(list) != 4 {
				t.Errorf("%d ballots, %v", len(list), err)
			}
			r.clean(t)
		})
	}
}

// TestNewCodeTwice holds that keys of earlier claims are kept as long as there is a
// sheet for each.
func TestNewCodeTwice(t *testing.T) {
	r := prepared(t)
	r.begin(t, script.First)
	first := r.sheet(t, script.Third)
	r.submit(t, script.First, script.Third)
	r.newCode(t, script.Secretary, script.Chair, script.Third, first)
	second := r.sheet(t, script.Third)
	_, err := r.Sessions[script.Secretary].NewCode(r.Sessions[script.Chair], script.Third, "忘记口令", first)
	reviewtest.WantCode(t, err, review.CodeSheetForm)
	r.newCode(t, script.Secretary, script.Chair, script.Third, second)
	_, _, err = r.Sessions[script.Third].OwnSheet(script.First)
	reviewtest.WantCode(t, err, review.CodeKeyForm)
	r.clean(t)
}

// TestNewCodeWrongSheet holds that nothing but the person's own present sheet will do.
func TestNewCodeWrongSheet(t *testing.T) {
	r := prepared(t)
	theirs := r.sheet(t, script.Chair)
	own := r.sheet(t, script.Third)
	for _, sheet := range []string{"x", theirs, own[:len(own)-1], own + "Q", strings.ToLower(own) + "q", r.state().Seats[3].Keys.Seal} {
		before := r.state()
		_, err := r.Sessions[script.Secretary].NewCode(nil, script.Third, "忘记口令", sheet)
		reviewtest.WantCode(t, err, review.CodeSheetForm)
		if strings.Contains(err.Error(), "AGE-SECRET") {
			t.Errorf("the error quotes the sheet: %v", err)
		}
		if r.state() != before {
			t.Error("something is on record")
		}
	}
	_, err := r.Sessions[script.Member].RecoverySheet()
	reviewtest.WantCode(t, err, review.CodeActRole)
}

// TestNewCodeOfficers holds that the officers themselves can get new codes, each with
// the other and an expert, and that with the recovery sheet they still open what is
// sealed to their old keys.
func TestNewCodeOfficers(t *testing.T) {
	for _, c := range []struct {
		name           string
		by, with, seat review.SeatID
	}{
		{"the chair", script.Secretary, script.Second, script.Chair},
		{"the secretary", script.Chair, script.Second, script.Secretary},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := prepared(t)
			r.begin(t, script.First)
			sheet := r.sheet(t, c.seat)
			r.submit(t, script.First, voters...)
			if err := r.Sessions[c.seat].SaveDraft(review.MinutesDraft, "记到一半"); err != nil {
				t.Fatal(err)
			}
			if err := r.Sessions[script.Secretary].CloseRound(script.First); err != nil {
				t.Fatal(err)
			}
			r.newCode(t, c.by, c.with, c.seat, sheet)
			if text, err := r.Sessions[c.seat].Draft(review.MinutesDraft); err != nil || text != "记到一半" {
				t.Errorf("draft %q, %v", text, err)
			}
			r.restart(t)
			r.certify(t)
			if len(r.state().FormerAuthorities) != 0 {
				t.Error("the authority's key was lost though there was a sheet")
			}
			r.hold(t, script.Open(script.First))
			r.clean(t)
		})
	}
}

// TestOldKey holds that a key that is out of use signs nothing any more.
func TestOldKey(t *testing.T) {
	r := prepared(t)
	r.begin(t, script.First)
	old := r.identity(t, script.Third)
	secretary := r.identity(t, script.Secretary)
	p := r.state().Project(script.First)
	ballot := func(who *seal.Identity) []byte { return r.crafted(t, who, p, script.Third, nil) }
	file := ballot(old)
	r.newCode(t, script.Secretary, "", script.Third, "")
	r.certify(t)
	reviewtest.WantCode(t, r.Sessions[script.Secretary].Bring(file), review.CodeStatementSignature)

	_, tree, _ := r.record(t)
	consent := func(who *seal.Identity) review.Consented {
		b := review.QuorumWaived{Project: script.First, Reason: "继续"}
		g, err := journal.State(review.Statement{
			Version: review.StatementVersion, Kind: review.StatementConsent, Meeting: r.ID, Seat: script.Chair, Revision: 1,
			Prev: tree.RootDigest(), At: r.clock.now(), Body: review.ConsentTo(b),
		}, who)
		if err != nil {
			t.Fatal(err)
		}
		return b.With(&g)
	}
	reviewtest.WantCode(t, r.forge(t, script.Third, old, review.DraftBegun{Key: review.OpinionDraft(script.First)}), review.CodeJournalEntry)
	reviewtest.WantCode(t, r.forge(t, script.Third, secretary, review.DraftBegun{Key: review.OpinionDraft(script.First)}), review.CodeJournalEntry)
	reviewtest.WantCode(t, r.forge(t, script.Secretary, secretary, consent(old)), review.CodeStatementSignature)
	reviewtest.WantCode(t, r.forge(t, script.Secretary, secretary, consent(secretary)), review.CodeStatementSignature)

	if err := r.Sessions[script.Secretary].Bring(ballot(r.identity(t, script.Third))); err != nil {
		t.Errorf("signed with the new key: %v", err)
	}
	if err := r.forge(t, script.Secretary, secretary, consent(r.identity(t, script.Chair))); err == nil {
		t.Error("a consent to an earlier root was admitted")
	}
	r.clean(t)
}

// TestCertify holds what it takes to certify.
func TestCertify(t *testing.T) {
	r := prepared(t)
	x, chair := r.Sessions[script.Secretary], r.Sessions[script.Chair]
	reviewtest.WantCode(t, x.Certify(chair), review.CodeEventIllegal) // nobody waits
	late := r.seat(t, review.Person{Name: "范仲淹", Roles: []review.Role{review.RoleExpert}})
	_, err := r.Sessions[late].Submit(script.First, sheetOf(script.First, late), review.Look{})
	reviewtest.WantCode(t, err, review.CodeActStage)
	reviewtest.WantCode(t, chair.Certify(x), review.CodeActRole)
	reviewtest.WantCode(t, x.Certify(nil), review.CodeActConsent)
	reviewtest.WantCode(t, x.Certify(r.Sessions[script.Second]), review.CodeActConsent)
	reviewtest.WantCode(t, x.Certify(chair, "no sheet"), review.CodeSheetForm)
	if s, _ := r.state().Seat(late); s.Certificate != nil || len(r.state().FormerAuthorities) != 0 {
		t.Error("a refusal changed something")
	}
	r.certify(t)
	if s, _ := r.state().Seat(late); s.Certificate == nil || len(r.state().FormerAuthorities) != 0 {
		t.Error("no certificate")
	}
	r.clean(t)
}

// TestLostAuthority holds that a panel whose authority nobody can use any more gets a
// new one, and that what was signed under the old one stands.
func TestLostAuthority(t *testing.T) {
	r := prepared(t)
	x := r.Sessions[script.Secretary]
	issue := func() review.Paper {
		t.Helper()
		if err := r.Sessions[script.Secretary].Record("一"); err != nil {
			t.Fatal(err)
		}
		p, _, err := r.Sessions[script.Secretary].IssueMinutes()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	before := issue()
	old := r.state().Authority
	r.newCode(t, script.Secretary, script.Second, script.Chair, "")
	r.clean(t)
	r.certify(t)
	if s := r.state(); bytes.Equal(s.Authority, old) || len(s.FormerAuthorities) != 1 || !bytes.Equal(s.FormerAuthorities[0], old) {
		t.Fatal("there is no new authority")
	}
	ca, err := x509.ParseCertificate(r.state().Authority)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.state().Seats {
		cert, err := x509.ParseCertificate(s.Certificate)
		if err != nil {
			t.Fatalf("%s: %v", s.ID, err)
		}
		if err := cert.CheckSignatureFrom(ca); err != nil {
			t.Errorf("%s: %v", s.ID, err)
		}
	}
	r.clean(t)
	after := issue()
	r.clean(t)
	if v := r.Verify(r.ID, []*x509.Certificate{ca}); len(v.Findings) != 0 || v.Authority != review.DigestOf(ca.Raw) {
		t.Errorf("verdict %+v", v)
	}
	for _, p := range []review.Paper{before, after} {
		if _, err := x.Paper(p); err != nil {
			t.Error(err)
		}
	}
	// The secretary gets a new code as well: papers of her earlier keys stand.
	r.newCode(t, script.Chair, script.Second, script.Secretary, "")
	r.clean(t)
	_, _, err = r.Sessions[script.Secretary].IssueMinutes()
	reviewtest.WantCode(t, err, review.CodeSeatUnclaimed)
	r.certify(t)
	if len(r.state().FormerAuthorities) != 2 {
		t.Errorf("%d former authorities", len(r.state().FormerAuthorities))
	}
	issue()
	r.restart(t)
	r.clean(t)
}

// TestAlone holds that one who confirmed the panel alone certifies the experts who come
// later together with the chair whom they make.
func TestAlone(t *testing.T) {
	r := newRoom(t)
	x := r.created(t)
	chair := r.seat(t, script.Cast[1])
	if err := x.NameChair(nil, "", chair, ""); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, x.ConfirmPanel(r.Sessions[chair]), review.CodeActPhase)
	reviewtest.WantCode(t, x.Certify(nil), review.CodeActConsent)
	if err := x.Certify(r.Sessions[chair]); err != nil {
		t.Fatal(err)
	}
	if len(x.State().FormerAuthorities) != 0 {
		t.Error("there is a new authority")
	}
	// From here on the authority's key takes both.
	key, err := r.store.Blob(r.ID, x.State().AuthorityKey)
	if err != nil {
		t.Fatal(err)
	}
	one, other := r.identity(t, review.FirstSeat).Opener(), r.identity(t, chair).Opener()
	if _, err := seal.OpenTwice(key, other, one); err != nil {
		t.Error(err)
	}
	for _, o := range []struct{ inner, outer seal.Opener }{{one, one}, {other, other}, {one, other}} {
		_, err := seal.OpenTwice(key, o.inner, o.outer)
		reviewtest.WantCode(t, err, review.CodeKeyForm)
	}
	if found := r.Verify(r.ID, nil).Findings; len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}

// TestConfirm holds what it takes to confirm a panel.
func TestConfirm(t *testing.T) {
	r := seated(t)
	x := r.Sessions[script.Secretary]
	r.take(t, script.Chair)
	reviewtest.WantCode(t, x.ConfirmPanel(nil), review.CodeChairMissing)
	if err := x.NameChair(nil, "", script.Chair, ""); err != nil {
		t.Fatal(err)
	}
	reviewtest.WantCode(t, x.ConfirmPanel(nil), review.CodeActConsent)
	reviewtest.WantCode(t, r.Sessions[script.Chair].ConfirmPanel(x), review.CodeActRole)
	with := r.Sessions[script.Chair]
	r.store.full = true
	reviewtest.WantCode(t, x.ConfirmPanel(with), review.CodeDirFull)
	r.store.full = false
	if s := x.State(); s.Phase != review.PhasePreparing || s.Authority != nil {
		t.Error("a failure changed the meeting")
	}
	if err := x.ConfirmPanel(with); err != nil {
		t.Fatal(err)
	}
	r.clean(t)
}
