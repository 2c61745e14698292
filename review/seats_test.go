package review_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"heyi/review"
	"heyi/review/reviewtest"
)

// refusal is an act that is tried and refused.
type refusal struct {
	name string
	try  func(m *reviewtest.Room) error
	code review.Code
	item string
}

func long(n int) string { return strings.Repeat("字", n+1) }

// TestCreated holds what the first entry must be, and that there is one.
func TestCreated(t *testing.T) {
	good := newRoom(t).Events[0]
	body := good.Body.(review.MeetingCreated)
	with := func(f func(*review.MeetingCreated)) review.Event {
		e, b := good, body
		f(&b)
		e.Body = b
		return e
	}
	elsewhere, nobody, later := good, good, good
	elsewhere.Meeting, nobody.Actor, later.Index = "ABC", "s02", 1
	for name, c := range map[string]struct {
		event review.Event
		code  review.Code
	}{
		"good":             {good, ""},
		"no signing key":   {with(func(b *review.MeetingCreated) { b.Keys.Sign = nil }), review.CodeEventIllegal},
		"no sealing key":   {with(func(b *review.MeetingCreated) { b.Keys.Seal = "" }), review.CodeEventIllegal},
		"no key file":      {with(func(b *review.MeetingCreated) { b.KeyFile = "" }), review.CodeEventIllegal},
		"no meeting's id":  {elsewhere, review.CodeEventIllegal},
		"another's seat":   {nobody, review.CodeEventIllegal},
		"not the first":    {later, review.CodeEventIllegal},
		"no title":         {with(func(b *review.MeetingCreated) { b.Title = " " }), review.CodeTextEmpty},
		"title too long":   {with(func(b *review.MeetingCreated) { b.Title = long(review.MaxTitle) }), review.CodeTextLong},
		"name that steers": {with(func(b *review.MeetingCreated) { b.Secretary = "甲\u202e乙" }), review.CodeTextControl},
		"something else":   {review.Event{Meeting: good.Meeting, Actor: secretary, Body: review.MinutesRecorded{}}, review.CodeEventIllegal},
	} {
		t.Run(name, func(t *testing.T) {
			s := &review.State{}
			err := s.Apply(c.event)
			reviewtest.WantCode(t, err, c.code)
			if refused := s.Size == 0 && s.Seats == nil && s.Phase == ""; refused != (err != nil) {
				t.Errorf("state %+v after %v", s, err)
			}
		})
	}
	m := newRoom(t)
	reviewtest.WantCode(t, m.Try(secretary, body), review.CodeEventIllegal)
	for name, e := range map[string]review.Event{
		"skipped":         {Meeting: good.Meeting, Index: 2, Actor: secretary, Body: review.SheetPrinted{}},
		"repeated":        {Meeting: good.Meeting, Index: 0, Actor: secretary, Body: review.SheetPrinted{}},
		"another meeting": {Meeting: "zbcdefghijklmnopqrstuvwxyz", Index: 1, Actor: secretary, Body: review.SheetPrinted{}},
	} {
		t.Run(name, func(t *testing.T) { reviewtest.WantCode(t, m.State.Clone().Apply(e), review.CodeEventIllegal) })
	}
}

// TestSeating holds who may take a seat, beside whom.
func TestSeating(t *testing.T) {
	add := func(p review.Person) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			return m.Try(secretary, review.SeatAdded{Seat: review.NumberedSeat(len(m.State.Seats) + 1), Person: p})
		}
	}
	edit := func(seat review.SeatID, p review.Person) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error { return m.Try(secretary, review.SeatEdited{Seat: seat, Person: p}) }
	}
	as := func(roles ...review.Role) review.Person {
		return review.Person{Name: "丁", Unit: "设计院", Roles: roles}
	}
	person := func(name, unit, title string) review.Person {
		return review.Person{Name: name, Unit: unit, Title: title, Roles: []review.Role{review.RoleExpert}}
	}
	for _, c := range []refusal{
		{"an expert", add(as(review.RoleExpert)), "", ""},
		{"an expert who is a member", add(as(review.RoleExpert, review.RoleMember)), "", ""},
		{"an observer", add(as(review.RoleObserver)), "", ""},
		{"no role", add(as()), review.CodeSeatRoles, ""},
		{"no such role", add(as("guest")), review.CodeSeatRoles, "guest"},
		{"a second secretary", add(as(review.RoleSecretary)), review.CodeSeatRoles, ""},
		{"a secretary who scores", add(as(review.RoleSecretary, review.RoleExpert)), review.CodeSeatRoles, ""},
		{"an observer who scores", add(as(review.RoleExpert, review.RoleObserver)), review.CodeSeatRoles, ""},
		{"roles out of order", add(as(review.RoleMember, review.RoleExpert)), review.CodeSeatRoles, "expert"},
		{"a role twice", add(as(review.RoleExpert, review.RoleExpert)), review.CodeSeatRoles, "expert"},
		{"no name", add(person(" ", "", "")), review.CodeTextEmpty, "name"},
		{"a name too long", add(person(long(review.MaxName), "", "")), review.CodeTextLong, "40"},
		{"a name that steers", add(person("甲\u202e", "", "")), review.CodeTextControl, "name"},
		{"a unit too long", add(person("丁", long(review.MaxTitle), "")), review.CodeTextLong, "100"},
		{"a title too long", add(person("丁", "", long(review.MaxName))), review.CodeTextLong, "40"},
		{"out of order", func(m *reviewtest.Room) error {
			return m.Try(secretary, review.SeatAdded{Seat: "s09", Person: as(review.RoleExpert)})
		}, review.CodeEventIllegal, "seat.added"},
		{"the same name and unit", add(person("第s02人", "设计院", "")), review.CodeSeatTwin, "s02"},
		{"the same name without a unit", add(person("第s02人", "", "")), review.CodeSeatTwin, "s02"},
		{"the same name as one without a unit", add(person("龚䶮", "设计院", "")), review.CodeSeatTwin, "s01"},
		{"the same name of another unit", add(person("第s02人", "规划院", "")), "", ""},

		{"edited", edit("s03", person("戊", "规划院", "教授")), "", ""},
		{"edited, the name stays", edit("s03", person("第s03人", "设计院", "教授")), "", ""},
		{"edited into a twin", edit("s03", person("第s02人", "", "")), review.CodeSeatTwin, "s02"},
		{"edited out of every role", edit("s03", as()), review.CodeSeatRoles, ""},
		{"edited, no such seat", edit("s09", as(review.RoleExpert)), review.CodeSeatUnknown, "s09"},
		{"edited after the claim", edit("s02", as(review.RoleExpert)), review.CodeSeatClaimed, "s02"},
		{"the secretary edited into an expert", edit("s01", as(review.RoleExpert)), review.CodeSeatClaimed, "s01"},
		{"edited after the claim, with the keys out of use", func(m *reviewtest.Room) error {
			m.Do(secretary, review.SeatFreed{Seat: "s02", Reason: "忘记了口令"})
			return edit("s02", as(review.RoleExpert))(m)
		}, review.CodeSeatClaimed, "s02"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t)
			m.Join(review.RoleExpert)
			m.Add(review.RoleExpert)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestClaimed holds what a claim must say, here and brought from another machine.
func TestClaimed(t *testing.T) {
	claim := func(f func(*reviewtest.Room, *review.Statement, *review.ClaimBody)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := m.ClaimOf("s03")
			st, err := review.DecodeStatement(b.Claim.Statement)
			if err != nil {
				return err
			}
			body := st.Body.(review.ClaimBody)
			f(m, &st, &body)
			st.Body = body
			b.Claim = m.Sign(st)
			return m.Try("s03", b)
		}
	}
	same := func(*reviewtest.Room, *review.Statement, *review.ClaimBody) {}
	again := func(f func(*reviewtest.Room) error) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			m.Claim("s03")
			m.Do(secretary, review.SeatFreed{Seat: "s03", Reason: "忘记了口令"})
			return f(m)
		}
	}
	for _, c := range []refusal{
		{"good", claim(same), "", ""},
		{"another name", claim(func(_ *reviewtest.Room, _ *review.Statement, b *review.ClaimBody) { b.Name = "旁人" }), review.CodeStatementSeat, "s03"},
		{"no signing key", claim(func(_ *reviewtest.Room, _ *review.Statement, b *review.ClaimBody) { b.Keys.Sign = nil }), review.CodeStatementSeat, "s03"},
		{"no sealing key", claim(func(_ *reviewtest.Room, _ *review.Statement, b *review.ClaimBody) { b.Keys.Seal = "" }), review.CodeStatementSeat, "s03"},
		{"another's key", claim(func(m *reviewtest.Room, _ *review.Statement, b *review.ClaimBody) {
			b.Keys.Seal = m.State.Seats[1].Keys.Seal
		}), review.CodeStatementSeat, "s02"},
		{"keys that he never had", claim(func(_ *reviewtest.Room, _ *review.Statement, b *review.ClaimBody) { b.Former = []string{"age1"} }), review.CodeStatementSeat, "s03"},
		{"revision 0", claim(func(_ *reviewtest.Room, st *review.Statement, _ *review.ClaimBody) { st.Revision = 0 }), review.CodeStatementForm, "claim"},
		{"revision 2", claim(func(_ *reviewtest.Room, st *review.Statement, _ *review.ClaimBody) { st.Revision = 2 }), review.CodeStatementGap, "s03"},
		{"after what was not there", claim(func(_ *reviewtest.Room, st *review.Statement, _ *review.ClaimBody) { st.Prev = "x" }), review.CodeStatementFork, "s03"},
		{"about a project", claim(func(_ *reviewtest.Room, st *review.Statement, _ *review.ClaimBody) { st.Project = p01 }), review.CodeStatementForm, "claim"},
		{"about a package", claim(func(_ *reviewtest.Room, st *review.Statement, _ *review.ClaimBody) { st.Package = "x" }), review.CodeStatementForm, "claim"},
		{"about a scheme", claim(func(_ *reviewtest.Room, st *review.Statement, _ *review.ClaimBody) { st.Scheme = "x" }), review.CodeStatementForm, "claim"},
		{"about a round", claim(func(_ *reviewtest.Room, st *review.Statement, _ *review.ClaimBody) { st.Round = "x" }), review.CodeStatementForm, "claim"},
		{"of another meeting", claim(func(_ *reviewtest.Room, st *review.Statement, _ *review.ClaimBody) {
			st.Meeting = "zbcdefghijklmnopqrstuvwxyz"
		}), review.CodeStatementMeeting, "zbcdefghijklmnopqrstuvwxyz"},
		{"of no seat", claim(func(_ *reviewtest.Room, st *review.Statement, _ *review.ClaimBody) { st.Seat = "s09" }), review.CodeStatementSeat, "s09"},
		{"no key file", func(m *reviewtest.Room) error {
			b := m.ClaimOf("s03")
			b.KeyFile = ""
			return m.Try("s03", b)
		}, review.CodeEventIllegal, "seat.claimed"},
		{"brought with a key file", func(m *reviewtest.Room) error { return m.Try(secretary, m.ClaimOf("s03")) }, review.CodeEventIllegal, "seat.claimed"},
		{"brought", func(m *reviewtest.Room) error {
			b := m.ClaimOf("s03")
			b.KeyFile = ""
			return m.Try(secretary, b)
		}, "", ""},
		{"brought by another", func(m *reviewtest.Room) error {
			b := m.ClaimOf("s03")
			b.KeyFile = ""
			return m.Try("s02", b)
		}, review.CodeActRole, "s02"},
		{"claimed by another before", func(m *reviewtest.Room) error {
			m.Claim("s03")
			return m.Try("s03", m.ClaimOf("s03"))
		}, review.CodeSeatClaimed, "s03"},
		{"the same claim twice", func(m *reviewtest.Room) error {
			b := m.ClaimOf("s03")
			m.Do("s03", b)
			return m.Try("s03", b)
		}, review.CodeStatementKnown, "s03"},
		{"anew", again(claim(same)), "", ""},
		{"anew with the former keys", again(claim(func(m *reviewtest.Room, _ *review.Statement, b *review.ClaimBody) {
			b.Former = []string{m.State.Seats[2].Former[0].Seal}
		})), "", ""},
		{"anew as the first", again(claim(func(_ *reviewtest.Room, st *review.Statement, _ *review.ClaimBody) { st.Revision = 1 })), review.CodeStatementFork, "s03"},
		{"anew with the claim of before", func(m *reviewtest.Room) error {
			b := m.ClaimOf("s03")
			m.Do("s03", b)
			m.Do(secretary, review.SeatFreed{Seat: "s03", Reason: "忘记了口令"})
			return m.Try("s03", b)
		}, review.CodeStatementKnown, "s03"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t)
			m.Join(review.RoleExpert)
			m.Add(review.RoleExpert)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
			if seat, _ := m.State.Seat("s03"); err == nil && (!seat.Claimed() || seat.Presence != review.PresencePresent || seat.Arrived.IsZero()) {
				t.Errorf("the seat is %+v", seat)
			}
		})
	}
}

// TestClaimKeepsArrival holds that who claims his seat anew has not arrived anew, and
// has not left.
func TestClaimKeepsArrival(t *testing.T) {
	m := newRoom(t)
	m.Join(review.RoleExpert)
	arrived := m.State.Seats[1].Arrived
	m.Do(secretary, review.AttendanceRecorded{Seat: "s02", Presence: review.PresenceLeft, Reason: "接电话"})
	m.Do(secretary, review.SeatFreed{Seat: "s02", Reason: "忘记了口令"})
	m.Claim("s02")
	x := m.State.Seats[1]
	if !x.Arrived.Equal(arrived) || !x.Left.IsZero() || x.Presence != review.PresencePresent {
		t.Errorf("arrived %v, want %v; left %v; %s", x.Arrived, arrived, x.Left, x.Presence)
	}
}

// TestFreed holds who takes keys out of use, with whom.
func TestFreed(t *testing.T) {
	freed := func(seat review.SeatID) review.SeatFreed {
		return review.SeatFreed{Seat: seat, Reason: "忘记了口令"}
	}
	alone := func(by, seat review.SeatID) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error { return m.Try(by, freed(seat)) }
	}
	with := func(by, other, seat review.SeatID) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error { return m.Try(by, m.With(other, freed(seat))) }
	}
	for _, c := range []refusal{
		{"nothing hangs on it", alone(secretary, "s04"), "", ""},
		{"a consent that nobody asked for", with(secretary, chair, "s04"), review.CodeActConsent, ""},
		{"no reason", func(m *reviewtest.Room) error { return m.Try(secretary, review.SeatFreed{Seat: "s04"}) }, review.CodeTextEmpty, "reason"},
		{"a reason too long", func(m *reviewtest.Room) error {
			return m.Try(secretary, review.SeatFreed{Seat: "s04", Reason: long(review.MaxReason)})
		}, review.CodeTextLong, "500"},
		{"no such seat", alone(secretary, "s09"), review.CodeSeatUnknown, "s09"},
		{"nobody's seat", func(m *reviewtest.Room) error {
			m.Add(review.RoleExpert)
			return m.Try(secretary, freed("s06"))
		}, review.CodeSeatUnclaimed, "s06"},
		{"one's own", alone(secretary, secretary), review.CodeActRole, "s01"},
		{"a ballot hangs on it", alone(secretary, expert), review.CodeActConsent, "s02"},
		{"a ballot hangs on it, with the chair", with(secretary, chair, expert), "", ""},
		{"a ballot hangs on it, with another", with(secretary, "s04", expert), review.CodeActConsent, "s02"},
		{"a draft hangs on it", func(m *reviewtest.Room) error {
			m.Do("s04", review.DraftBegun{Key: review.ScoreDraft(p01, 1)})
			return m.Try(secretary, freed("s04"))
		}, review.CodeActConsent, "s02"},
		{"the chair alone", alone(chair, "s04"), review.CodeActConsent, "s01"},
		{"the chair with the secretary", with(chair, secretary, "s04"), "", ""},
		{"the chair's seat", alone(secretary, chair), review.CodeActConsent, ""},
		{"the chair's seat, with the chair", with(secretary, chair, chair), review.CodeActConsent, ""},
		{"the chair's seat, with oneself", with(secretary, secretary, chair), review.CodeActConsent, ""},
		{"the chair's seat, with a member", with(secretary, "s05", chair), review.CodeActConsent, ""},
		{"the chair's seat, with nobody", with(secretary, "s09", chair), review.CodeActConsent, ""},
		{"the chair's seat, with an expert", with(secretary, "s04", chair), "", ""},
		{"the chair's seat, with an expert who left", func(m *reviewtest.Room) error {
			m.Do(secretary, review.AttendanceRecorded{Seat: "s04", Presence: review.PresenceLeft, Reason: "有急事"})
			return with(secretary, "s04", chair)(m)
		}, review.CodeActConsent, "s03"},
		{"the chair's seat, with what is no statement", func(m *reviewtest.Room) error {
			return m.Try(secretary, freed(chair).With(&review.Signed{Statement: []byte("x")}))
		}, review.CodeStatementForm, ""},
		{"the chair's seat, with a consent to something else", func(m *reviewtest.Room) error {
			return m.Try(secretary, freed(chair).With(m.With("s04", freed(expert)).Second()))
		}, review.CodeActConsent, "s04"},
		{"the secretary's seat, the chair alone", alone(chair, secretary), review.CodeActConsent, ""},
		{"the secretary's seat, with an expert", with(chair, "s04", secretary), "", ""},
		{"the secretary's seat, by an expert", with(expert, "s04", secretary), review.CodeActRole, "s03"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Join(review.RoleMember)
			m.Project(1)
			m.To(p01, review.StageScoring)
			m.Submit(p01, expert)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}

	// Before the panel is confirmed nobody has a certificate, and the chair can forget.
	m := newRoom(t)
	m.Join(review.RoleExpert)
	m.Join(review.RoleExpert)
	m.Do(secretary, review.ChairNamed{Seat: chair})
	m.Do(secretary, m.With(expert, freed(chair)))
	x, _ := m.State.Seat(chair)
	if x.Claimed() || len(x.Former) != 1 || x.Certificate != nil || x.KeyFile != "" {
		t.Errorf("the freed seat is %+v", x)
	}
	m.Claim(chair)
	m.Confirm()
}

// TestEntering holds how tries are counted.
func TestEntering(t *testing.T) {
	m := newRoom(t)
	m.Join(review.RoleExpert)
	m.Add(review.RoleExpert)
	err := m.Try("s02", review.SeatEntered{})
	reviewtest.WantCode(t, err, review.CodeEventIllegal)
	for n := 1; n <= 7; n++ {
		m.Do(review.Program, review.CodeTried{Seat: "s02"})
		if x := m.State.Seats[1]; x.Tries != n || !x.LastTry.Equal(m.State.At) {
			t.Errorf("%d tries, want %d; the last at %v", x.Tries, n, x.LastTry)
		}
	}
	m.Do("s02", review.SeatEntered{})
	if n := m.State.Seats[1].Tries; n != 0 {
		t.Errorf("%d tries after the entrance", n)
	}
	err = m.Try(review.Program, review.CodeTried{Seat: "s03"})
	reviewtest.WantCode(t, err, review.CodeSeatUnclaimed)
	wantItem(t, err, "s03")
	err = m.Try(review.Program, review.CodeTried{Seat: "s09"})
	reviewtest.WantCode(t, err, review.CodeSeatUnknown)
	wantItem(t, err, "s09")
	m.Join(review.RoleObserver)
	reviewtest.WantCode(t, m.Try("s04", review.SheetPrinted{}), review.CodeActRole)
	m.Do("s02", review.SheetPrinted{})
	m.Do("s02", review.SheetPrinted{})
	if got := m.State.Seats[1].Sheets; len(got) != 1 || got[0] != m.State.Seats[1].Keys.Seal {
		t.Errorf("sheets of %q", got)
	}

	// Who holds the keys of before as well prints them all.
	seat := m.Join(review.RoleExpert)
	m.Do(secretary, review.SeatFreed{Seat: seat, Reason: "更换席位码"})
	x, _ := m.State.Seat(seat)
	claim := m.ClaimOf(seat)
	st := *carries(t, claim)
	body := st.Body.(review.ClaimBody)
	body.Former = []string{x.Former[0].Seal}
	st.Body = body
	claim.Claim = m.Sign(st)
	m.Do(seat, claim)
	m.Do(seat, review.SheetPrinted{})
	x, _ = m.State.Seat(seat)
	if want := []string{body.Keys.Seal, body.Former[0]}; !slices.Equal(x.Sheets, want) {
		t.Errorf("sheets of %q, want %q", x.Sheets, want)
	}
}

// TestPromised holds that a promise is given once, by who has a seat.
func TestPromised(t *testing.T) {
	m := newRoom(t)
	m.Add(review.RoleExpert)
	err := m.Try(secretary, m.PromiseOf("s02"))
	reviewtest.WantCode(t, err, review.CodeSeatUnclaimed)
	m.Claim("s02")
	promise := m.PromiseOf("s02")
	m.Do("s02", promise)
	reviewtest.WantCode(t, m.Try("s02", promise), review.CodeStatementKnown)
	m.At = m.At.Add(time.Hour)
	reviewtest.WantCode(t, m.Try("s02", m.PromiseOf("s02")), review.CodeStatementFork)
	st := m.Statement("s02", review.StatementPromise, "", review.PromiseBody{})
	st.Revision, st.Prev = 2, promise.Promise.Digest()
	err = m.Try("s02", review.PromiseGiven{Promise: m.Sign(st)})
	reviewtest.WantCode(t, err, review.CodeStatementFork)
	wantItem(t, err, "s02")
}

// TestCertificates holds who gets a certificate when.
func TestCertificates(t *testing.T) {
	confirm := func(f func(*review.PanelConfirmed)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := m.Confirmation()
			f(&b)
			return m.Try(secretary, m.Chaired("", b))
		}
	}
	certify := func(f func(*review.SeatsCertified)) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			m.Confirm()
			m.Claim("s04")
			b := m.Certification()
			f(&b)
			return m.Try(secretary, m.Chaired("", b))
		}
	}
	for _, c := range []refusal{
		{"confirmed", confirm(func(*review.PanelConfirmed) {}), "", ""},
		{"no authority", confirm(func(b *review.PanelConfirmed) { b.Authority = nil }), review.CodeEventIllegal, "panel.confirmed"},
		{"no key of the authority", confirm(func(b *review.PanelConfirmed) { b.AuthorityKey = "" }), review.CodeEventIllegal, "panel.confirmed"},
		{"one too few", confirm(func(b *review.PanelConfirmed) { b.Certificates = b.Certificates[:2] }), review.CodeEventIllegal, "panel.confirmed"},
		{"one too many", confirm(func(b *review.PanelConfirmed) {
			b.Certificates = append(b.Certificates, review.SeatCertificate{Seat: "s04", DER: []byte{1}})
		}), review.CodeEventIllegal, "panel.confirmed"},
		{"out of order", confirm(func(b *review.PanelConfirmed) {
			b.Certificates[0], b.Certificates[1] = b.Certificates[1], b.Certificates[0]
		}), review.CodeEventIllegal, "panel.confirmed"},
		{"an empty one", confirm(func(b *review.PanelConfirmed) { b.Certificates[1].DER = nil }), review.CodeEventIllegal, "panel.confirmed"},
		{"no chair", func(m *reviewtest.Room) error {
			n := newRoom(t)
			n.Join(review.RoleExpert)
			return n.Try(secretary, n.Confirmation())
		}, review.CodeChairMissing, ""},
		{"certified", certify(func(*review.SeatsCertified) {}), "", ""},
		{"certified with another key of the authority", certify(func(b *review.SeatsCertified) { b.AuthorityKey = review.DigestOf(nil) }), "", ""},
		{"nobody certified", certify(func(b *review.SeatsCertified) { b.Certificates = nil }), review.CodeEventIllegal, "seats.certified"},
		{"no key", certify(func(b *review.SeatsCertified) { b.AuthorityKey = "" }), review.CodeEventIllegal, "seats.certified"},
		{"who has one", certify(func(b *review.SeatsCertified) { b.Certificates[0].Seat = "s03" }), review.CodeEventIllegal, "seats.certified"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t)
			m.Join(review.RoleExpert)
			m.Join(review.RoleMember)
			m.Add(review.RoleExpert)
			m.Do(secretary, review.ChairNamed{Seat: chair})
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestNewAuthority holds that where the authority's key is lost, there is another and
// everybody gets a certificate of it.
func TestNewAuthority(t *testing.T) {
	m := newRoom(t).Panel(2)
	b := review.SeatsCertified{Authority: []byte("another"), AuthorityKey: review.DigestOf([]byte("another")), Certificates: m.Certificates(review.Seat.Claimed)}
	few := b
	few.Certificates = b.Certificates[:1]
	reviewtest.WantCode(t, m.Try(secretary, m.With(chair, few)), review.CodeEventIllegal)
	m.Do(secretary, m.With(chair, b))
	if string(m.State.Authority) != "another" || len(m.State.FormerAuthorities) != 1 || string(m.State.FormerAuthorities[0]) != "authority" {
		t.Errorf("authority %s, formerly %s", m.State.Authority, m.State.FormerAuthorities)
	}
}

// TestAttendance holds what can be said of where a person is.
func TestAttendance(t *testing.T) {
	record := func(seat review.SeatID, p review.Presence, why string) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			return m.Try(secretary, review.AttendanceRecorded{Seat: seat, Presence: p, Reason: why})
		}
	}
	then := func(first, next func(*reviewtest.Room) error) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			if err := first(m); err != nil {
				return err
			}
			return next(m)
		}
	}
	leave, back := record("s02", review.PresenceLeft, "有急事"), record("s02", review.PresencePresent, "")
	for _, c := range []refusal{
		{"left", leave, "", ""},
		{"left without a reason", record("s02", review.PresenceLeft, ""), review.CodeTextEmpty, "reason"},
		{"left twice", then(leave, leave), review.CodeSeatPresence, "s02"},
		{"back", then(leave, back), "", ""},
		{"back with a reason", then(leave, record("s02", review.PresencePresent, "回到会场")), "", ""},
		{"back with a reason too long", then(leave, record("s02", review.PresencePresent, long(review.MaxReason))), review.CodeTextLong, "500"},
		{"there already", back, review.CodeSeatPresence, "s02"},
		{"absent though he came", record("s02", review.PresenceAbsent, "未到会"), review.CodeSeatPresence, "s02"},
		{"absent", record("s03", review.PresenceAbsent, "未到会"), "", ""},
		{"absent without a reason", record("s03", review.PresenceAbsent, " "), review.CodeTextEmpty, "reason"},
		{"absent twice", then(record("s03", review.PresenceAbsent, "未到会"), record("s03", review.PresenceAbsent, "未到会")), review.CodeSeatPresence, "s03"},
		{"left though he never came", record("s03", review.PresenceLeft, "有急事"), review.CodeSeatPresence, "s03"},
		{"present without a claim", record("s03", review.PresencePresent, ""), review.CodeSeatUnclaimed, "s03"},
		{"nobody", record("s09", review.PresenceLeft, "有急事"), review.CodeSeatUnknown, "s09"},
		{"expected again", record("s02", review.PresenceExpected, "有急事"), review.CodeEventIllegal, "attendance.recorded"},
		{"nowhere", record("s02", "asleep", "有急事"), review.CodeEventIllegal, "attendance.recorded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t)
			m.Join(review.RoleExpert)
			m.Add(review.RoleExpert)
			arrived := m.State.Seats[1].Arrived
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
			x := m.State.Seats[1]
			if !x.Arrived.Equal(arrived) || x.Left.IsZero() != (x.Presence == review.PresencePresent) {
				t.Errorf("arrived %v, left %v, %s", x.Arrived, x.Left, x.Presence)
			}
		})
	}
}

// TestChairNamed holds whom a panel can make 组长.
func TestChairNamed(t *testing.T) {
	name := func(p review.ProjectID, seat review.SeatID, why string) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			b := review.ChairNamed{Project: p, Seat: seat, Reason: why}
			if others := m.State.ChairConsenters(p, seat); len(others) > 0 {
				return m.Try(secretary, m.With(others[0], b))
			}
			return m.Try(secretary, b)
		}
	}
	agreedBy := func(other review.SeatID) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			return m.Try(secretary, m.With(other, review.ChairNamed{Seat: expert, Reason: "原组长离会"}))
		}
	}
	for _, c := range []refusal{
		{"another", name("", expert, "原组长离会"), "", ""},
		{"another, by the secretary alone", func(m *reviewtest.Room) error {
			return m.Try(secretary, review.ChairNamed{Seat: expert, Reason: "原组长离会"})
		}, review.CodeActConsent, "s04"},
		{"another, agreed by himself", agreedBy(expert), review.CodeActConsent, "s04"},
		{"another, agreed by a member", agreedBy("s05"), review.CodeActConsent, "s04"},
		{"one whom the officers have not certified", func(m *reviewtest.Room) error {
			m.Claim(m.Add(review.RoleExpert))
			return m.Try(secretary, m.With(expert, review.ChairNamed{Seat: "s06", Reason: "原组长离会"}))
		}, review.CodeChairUnfit, "s06"},
		{"agreed by one whom the officers have not certified", func(m *reviewtest.Room) error {
			m.Claim(m.Add(review.RoleExpert))
			return agreedBy("s06")(m)
		}, review.CodeActConsent, "s04"},
		{"another without a reason", name("", expert, ""), review.CodeTextEmpty, "reason"},
		{"of a project", name(p01, expert, "原组长回避"), "", ""},
		{"of a project without a reason", name(p01, expert, ""), review.CodeTextEmpty, "reason"},
		{"of a project where there is none", func(m *reviewtest.Room) error {
			m.Declare(p01, chair, "曾任职于项目单位")
			return name(p01, expert, "")(m)
		}, "", ""},
		{"of no project", name("p09", expert, "原组长离会"), review.CodeProjectUnknown, "p09"},
		{"of a project that has ended", func(m *reviewtest.Room) error {
			m.To(p01, review.StageFinal)
			return name(p01, expert, "原组长离会")(m)
		}, review.CodeActStage, "final"},
		{"nobody", name("", "s09", "原组长离会"), review.CodeSeatUnknown, "s09"},
		{"a member", name("", "s05", "原组长离会"), review.CodeChairUnfit, "s05"},
		{"the secretary", name("", secretary, "原组长离会"), review.CodeChairUnfit, "s01"},
		{"who has not come", func(m *reviewtest.Room) error {
			m.Add(review.RoleExpert)
			return name("", "s06", "原组长离会")(m)
		}, review.CodeChairUnfit, "s06"},
		{"who has left", func(m *reviewtest.Room) error {
			m.Do(secretary, review.AttendanceRecorded{Seat: expert, Presence: review.PresenceLeft, Reason: "有急事"})
			return name("", expert, "原组长离会")(m)
		}, review.CodeChairUnfit, "s03"},
		{"who stands aside", func(m *reviewtest.Room) error {
			m.Declare(p01, expert, "曾任职于项目单位")
			return name(p01, expert, "原组长离会")(m)
		}, review.CodeChairUnfit, "s03"},
		{"who stands aside, of the meeting", func(m *reviewtest.Room) error {
			m.Declare(p01, expert, "曾任职于项目单位")
			return name("", expert, "原组长离会")(m)
		}, "", ""},
		{"who was replaced", func(m *reviewtest.Room) error {
			m.Do(secretary, m.With(chair, review.SeatReplaced{Seat: expert, By: "s04", Reason: "突发疾病"}))
			return name("", expert, "原组长离会")(m)
		}, review.CodeChairUnfit, "s03"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Join(review.RoleMember)
			m.Project(1)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestReplaced holds who can take whose place; what becomes of ballots is in
// TestReplacement.
func TestReplaced(t *testing.T) {
	replace := func(seat, by review.SeatID, why string) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			return m.Try(secretary, m.With(chair, review.SeatReplaced{Seat: seat, By: by, Reason: why}))
		}
	}
	for _, c := range []refusal{
		{"good", replace(expert, "s04", "突发疾病"), "", ""},
		{"no reason", replace(expert, "s04", ""), review.CodeTextEmpty, "reason"},
		{"nobody", replace("s09", "s04", "突发疾病"), review.CodeSeatUnknown, "s09"},
		{"by nobody", replace(expert, "s09", "突发疾病"), review.CodeSeatUnknown, "s09"},
		{"by himself", replace(expert, expert, "突发疾病"), review.CodeSeatRoles, "s03"},
		{"a member", replace("s05", "s04", "突发疾病"), review.CodeSeatRoles, "s05"},
		{"by a member", replace(expert, "s05", "突发疾病"), review.CodeSeatRoles, "s03"},
		{"the chair", replace(chair, "s04", "突发疾病"), review.CodeChairUnfit, "s02"},
		{"the chair of a project", func(m *reviewtest.Room) error {
			m.Do(secretary, review.ChairNamed{Project: p01, Seat: expert, Reason: "原组长回避"})
			return replace(expert, "s04", "突发疾病")(m)
		}, review.CodeChairUnfit, "s03"},
		{"twice", func(m *reviewtest.Room) error {
			m.Do(secretary, m.With(chair, review.SeatReplaced{Seat: expert, By: "s04", Reason: "突发疾病"}))
			return replace(expert, "s04", "突发疾病")(m)
		}, review.CodeSeatRoles, "s03"},
		{"by who was replaced", func(m *reviewtest.Room) error {
			m.Do(secretary, m.With(chair, review.SeatReplaced{Seat: expert, By: "s04", Reason: "突发疾病"}))
			return replace("s04", expert, "突发疾病")(m)
		}, review.CodeSeatRoles, "s04"},
		{"who counts in a conclusion", func(m *reviewtest.Room) error {
			m.To(p01, review.StageConcluded)
			return replace(expert, "s04", "突发疾病")(m)
		}, review.CodeActStage, "concluded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(3)
			m.Join(review.RoleMember)
			m.Project(1)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}

// TestRecord holds the bounds of what the secretary and the program put on record.
func TestRecord(t *testing.T) {
	digest := review.DigestOf(nil)
	by := func(seat review.SeatID, b review.Body) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error { return m.Try(seat, b) }
	}
	agreed := func(b review.Consented) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error { return m.Try(secretary, m.With(chair, b)) }
	}
	moved := func(from, to, at time.Duration) func(*reviewtest.Room) error {
		return func(m *reviewtest.Room) error {
			last := m.State.At
			m.At = last.Add(at)
			return m.Try(review.Program, review.ClockMoved{From: last.Add(from), To: last.Add(to)})
		}
	}
	hour := time.Hour
	for _, c := range []refusal{
		{"no paragraph", by(secretary, review.MinutesRecorded{}), review.CodeEventIllegal, "minutes.recorded"},
		{"an empty paragraph", by(secretary, review.MinutesRecorded{Paragraphs: []string{"一", ""}}), review.CodeTextEmpty, "minutes"},
		{"a paragraph too long", by(secretary, review.MinutesRecorded{Paragraphs: []string{"一", long(review.MaxParagraph)}}), review.CodeTextLong, "200"},
		{"paper out of number", by(secretary, review.PaperIssued{Form: review.FormMinutes, Number: 2, Base: "b", Signed: "c"}), review.CodeEventIllegal, "paper.issued"},
		{"paper of no form", by(secretary, review.PaperIssued{Form: "x", Number: 1, Base: "b", Signed: "c"}), review.CodeEventIllegal, "paper.issued"},
		{"paper without its bytes", by(secretary, review.PaperIssued{Form: review.FormMinutes, Number: 1, Signed: "c"}), review.CodeEventIllegal, "paper.issued"},
		{"paper without its signed bytes", by(secretary, review.PaperIssued{Form: review.FormMinutes, Number: 1, Base: "b"}), review.CodeEventIllegal, "paper.issued"},
		{"refused for no reason", by(secretary, review.StatementRefused{Statement: digest, Seat: expert, Code: "bored"}), review.CodeEventIllegal, "statement.refused"},
		{"refused: nothing", by(secretary, review.StatementRefused{Statement: "x", Seat: expert, Code: review.CodeStatementOld}), review.CodeEventIllegal, "statement.refused"},
		{"restored without a reason", agreed(review.MeetingRestored{Evidence: digest}), review.CodeTextEmpty, "reason"},
		{"restored without evidence", agreed(review.MeetingRestored{Evidence: "x", Reason: "数据目录损坏"}), review.CodeEventIllegal, "meeting.restored"},
		{"a draft", by(expert, review.DraftBegun{Key: review.ScoreDraft(p01, 1)}), "", ""},
		{"a draft of nothing", by(expert, review.DraftBegun{Key: "../minutes"}), review.CodeEventIllegal, "draft.begun"},
		{"a draft twice", func(m *reviewtest.Room) error {
			m.Do(expert, review.DraftBegun{Key: review.VoteDraft(p01)})
			return m.Try(expert, review.DraftBegun{Key: review.VoteDraft(p01)})
		}, review.CodeEventIllegal, "draft.begun"},
		{"a draft dropped that is not", by(expert, review.DraftDropped{Key: review.OpinionDraft(p01)}), review.CodeEventIllegal, "draft.dropped"},
		{"clock back", moved(0, -hour, -hour), "", ""},
		{"clock back by so little", moved(0, -review.ClockSlack, -review.ClockSlack), review.CodeEventIllegal, "clock.moved"},
		{"clock forward", moved(0, hour, hour), review.CodeEventIllegal, "clock.moved"},
		{"clock back from another time", moved(time.Minute, -hour, -hour), review.CodeEventIllegal, "clock.moved"},
		{"clock back to another time", moved(0, -hour, 0), review.CodeEventIllegal, "clock.moved"},
		{"filed with an open project", agreed(review.FilingBegun{}), review.CodeProjectOpen, "p01"},
		{"sealed with a key left", func(m *reviewtest.Room) error {
			m.To(p01, review.StageSuspended)
			m.Do(secretary, m.With(chair, review.FilingBegun{}))
			return m.Try(secretary, review.MeetingSealed{Deleted: m.State.KeyBlobs()[1:]})
		}, review.CodeEventIllegal, "meeting.sealed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newRoom(t).Panel(2)
			m.Project(1)
			err := c.try(m)
			reviewtest.WantCode(t, err, c.code)
			wantItem(t, err, c.item)
		})
	}
}
