package reviewtest

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"heyi/review"
)

// Hands are the keys and pens of the people in a Room.
type Hands interface {
	// Keys gives fresh keys to the person at a seat, who signs with them from then on.
	Keys(seat review.SeatID) review.PublicKeys
	// Sign gives the signature of the person at a seat on a statement.
	Sign(seat review.SeatID, statement []byte) []byte
	// Root gives the journal's root before the next event, as a consent has it.
	Root() review.Digest
	// Write takes down an event that was applied.
	Write(e review.Event)
}

// Room holds a meeting for tests: it makes the events of people who know their
// business and applies them. Whoever does something else says so with Try.
type Room struct {
	State  *review.State
	Events []review.Event // all that were applied
	At     time.Time      // of the next event

	tb       testing.TB
	hands    Hands
	contents map[review.Digest]review.Content // of ballots, by their statements
	nonces   int
}

// RoomMeeting is the id of every Room's meeting.
const RoomMeeting review.MeetingID = "abcdefghijklmnopqrstuvwxyz"

// NewRoom opens a meeting whose people sign with hands; nil for signatures that
// nobody will verify.
func NewRoom(tb testing.TB, hands Hands) *Room {
	tb.Helper()
	if hands == nil {
		hands = &stamps{}
	}
	m := &Room{
		State: &review.State{}, At: time.Date(2026, 11, 21, 9, 0, 0, 0, time.FixedZone("", 8*3600)),
		tb: tb, hands: hands, contents: map[review.Digest]review.Content{},
	}
	m.Do(review.FirstSeat, review.MeetingCreated{
		Title: "评审会", Secretary: "龚䶮", Keys: hands.Keys(review.FirstSeat), KeyFile: digest("keys of the secretary"),
	})
	return m
}

// Event makes the next event without applying it.
func (m *Room) Event(by review.SeatID, b review.Body) review.Event {
	return review.Event{Version: review.EventVersion, Meeting: RoomMeeting, Index: m.State.Size, At: m.At, Actor: by, Body: b}
}

// Try applies an act, or gives the error with which it is refused; a refused act
// must leave the state as it was.
func (m *Room) Try(by review.SeatID, b review.Body) error {
	m.tb.Helper()
	e := m.Event(by, b)
	s := m.State.Clone()
	if err := s.Apply(e); err != nil {
		if !reflect.DeepEqual(s, m.State) {
			m.tb.Errorf("%s was refused (%v) and changed the state", b.Kind(), err)
		}
		return err
	}
	m.State, m.Events, m.At = s, append(m.Events, e), m.At.Add(time.Second)
	m.hands.Write(e)
	return nil
}

// Do applies an act that the state must allow. Who has to consent to another chair, or
// to bear witness that somebody does not sign, does so if he did not yet.
func (m *Room) Do(by review.SeatID, b review.Body) {
	m.tb.Helper()
	switch x := b.(type) {
	case review.ChairNamed:
		if others := m.State.ChairConsenters(x.Project, x.Seat); x.Given == nil && len(others) > 0 {
			b = m.With(others[0], x)
		}
	case review.SignatureRefused:
		if w, ok := m.State.Seat(x.Witness); x.Given == nil && ok && w.Claimed() {
			b = m.With(x.Witness, x)
		}
	}
	if err := m.Try(by, b); err != nil {
		m.tb.Fatalf("%s by %s, event %d: %v", b.Kind(), by, m.State.Size, err)
	}
}

// With gives the same body with the consent of a seat.
func (m *Room) With(seat review.SeatID, b review.Consented) review.Consented {
	m.tb.Helper()
	st := m.Statement(seat, review.StatementConsent, "", review.ConsentTo(b))
	st.Prev = m.hands.Root()
	g := m.Sign(st)
	return b.With(&g)
}

// Statement gives what a person would state next: in its place after the last of
// its kind.
func (m *Room) Statement(seat review.SeatID, kind review.StatementKind, project review.ProjectID, body any) review.Statement {
	st := review.Statement{
		Version: review.StatementVersion, Kind: kind, Meeting: RoomMeeting, Project: project, Seat: seat, Revision: 1, At: m.At, Body: body,
	}
	x, _ := m.State.Seat(seat)
	p := m.State.Project(project)
	if p != nil {
		st.Package, st.Scheme = p.Package, p.SchemeDigest
	}
	switch {
	case kind == review.StatementClaim:
		st.Revision, st.Prev = x.Claims+1, x.Claim
	case p == nil:
	case kind == review.StatementDeclaration:
		last, _ := p.Declaration(seat)
		st.Revision, st.Prev = last.Revision+1, last.Statement
	case kind == review.StatementBallot || kind == review.StatementScore:
		if r := p.Round(); r != nil {
			last, _ := r.Ballot(seat)
			st.Round, st.Revision, st.Prev = r.Nonce, last.Revision+1, last.Statement
		}
	case kind == review.StatementVote:
		last, _ := p.Vote(seat, body.(review.VoteBody).Conclusion)
		st.Revision, st.Prev = last.Revision+1, last.Statement
	}
	return st
}

// Sign signs a statement with the keys of its seat.
func (m *Room) Sign(st review.Statement) review.Signed {
	m.tb.Helper()
	b, err := st.Encode()
	if err != nil {
		m.tb.Fatal(err)
	}
	return review.Signed{Statement: b, Signature: m.hands.Sign(st.Seat, b)}
}

// Say is Statement, signed.
func (m *Room) Say(seat review.SeatID, kind review.StatementKind, project review.ProjectID, body any) review.Signed {
	m.tb.Helper()
	return m.Sign(m.Statement(seat, kind, project, body))
}

// Join gives the next person a seat, who claims it and, as an expert, promises. In a
// meeting under way the officers give him a certificate.
func (m *Room) Join(roles ...review.Role) review.SeatID {
	m.tb.Helper()
	seat := m.Add(roles...)
	m.Claim(seat)
	if slices.Contains(roles, review.RoleExpert) {
		m.Do(seat, m.PromiseOf(seat))
	}
	if m.State.Phase == review.PhaseRunning {
		m.Certify()
	}
	return seat
}

// Add gives the next person a seat, who has not come yet.
func (m *Room) Add(roles ...review.Role) review.SeatID {
	m.tb.Helper()
	seat := review.NumberedSeat(len(m.State.Seats) + 1)
	m.Do(review.FirstSeat, review.SeatAdded{Seat: seat, Person: review.Person{Name: "第" + string(seat) + "人", Unit: "设计院", Roles: roles}})
	return seat
}

// Claim lets a person take his seat, or take it anew, on this machine.
func (m *Room) Claim(seat review.SeatID) {
	m.tb.Helper()
	m.Do(seat, m.ClaimOf(seat))
}

// ClaimOf makes new keys for a person on this machine.
func (m *Room) ClaimOf(seat review.SeatID) review.SeatClaimed {
	m.tb.Helper()
	x, _ := m.State.Seat(seat)
	keys := m.hands.Keys(seat)
	return review.SeatClaimed{
		Claim:   m.Say(seat, review.StatementClaim, "", review.ClaimBody{Name: x.Name, Keys: keys}),
		KeyFile: digest("keys of " + keys.Seal),
	}
}

// PromiseOf gives a person's 承诺.
func (m *Room) PromiseOf(seat review.SeatID) review.PromiseGiven {
	m.tb.Helper()
	return review.PromiseGiven{Promise: m.Say(seat, review.StatementPromise, "", review.PromiseBody{Text: digest("承诺书")})}
}

// Confirm is 确认专家组.
func (m *Room) Confirm() {
	m.tb.Helper()
	m.Do(review.FirstSeat, m.Chaired("", m.Confirmation()))
}

// Confirmation gives 确认专家组 without the consent.
func (m *Room) Confirmation() review.PanelConfirmed {
	return review.PanelConfirmed{
		Authority: []byte("authority"), AuthorityKey: digest("authority"), Certificates: m.Certificates(review.Seat.Claimed),
	}
}

// Certify gives certificates to those who have none.
func (m *Room) Certify() {
	m.tb.Helper()
	m.Do(review.FirstSeat, m.Chaired("", m.Certification()))
}

// Certification gives the act of Certify without the consent.
func (m *Room) Certification() review.SeatsCertified {
	return review.SeatsCertified{
		Certificates: m.Certificates(func(x review.Seat) bool { return x.Claimed() && x.Certificate == nil }),
		AuthorityKey: digest("authority"),
	}
}

// Certificates makes certificates for the seats that want one.
func (m *Room) Certificates(wants func(review.Seat) bool) []review.SeatCertificate {
	var out []review.SeatCertificate
	for _, x := range m.State.Seats {
		if wants(x) {
			out = append(out, review.SeatCertificate{Seat: x.ID, DER: []byte("certificate of " + x.Keys.Seal)})
		}
	}
	return out
}

// Panel seats experts, of whom the first is 组长, and confirms them.
func (m *Room) Panel(experts int) *Room {
	m.tb.Helper()
	for range experts {
		m.Join(review.RoleExpert)
	}
	m.Do(review.FirstSeat, review.ChairNamed{Seat: "s02"})
	m.Confirm()
	return m
}

// RoomScheme is the scheme of a Room's projects: one item of each kind.
func RoomScheme() review.Scheme {
	return review.Scheme{
		ID: "room.review", Title: "技术方案评审",
		Items: []review.Item{
			{ID: "A1", Title: "技术路线", Kind: review.ItemScore, Full: "10", Step: "0.5"},
			{ID: "B1", Title: "材料齐全", Kind: review.ItemYesNo},
			{ID: "C1", Title: "不新建专网", Kind: review.ItemGate, Article: "五（二）", NA: true},
		},
		Outcomes: []review.Outcome{{ID: "pass", Title: "通过"}, {ID: "fail", Title: "不通过"}},
	}
}

// RoomSheet answers RoomScheme.
func RoomSheet() review.Sheet {
	return review.Sheet{
		Marks:   []review.Mark{{Item: "A1", Value: "8.5"}, {Item: "B1", Value: review.AnswerYes}, {Item: "C1", Value: review.AnswerNA}},
		Opinion: []string{"方案可行。"}, Outcome: "pass",
	}
}

// Project puts a project before the panel, on which every expert who has promised
// declares that he need not stand aside.
func (m *Room) Project(quorum int) review.ProjectID {
	m.tb.Helper()
	id := review.NumberedProject(len(m.State.Projects) + 1)
	m.Do(review.FirstSeat, review.ProjectAdded{
		Project: id, Title: "项目" + string(id), Package: digest("package " + string(id)), Scheme: RoomScheme(), Quorum: quorum,
		Units: []review.Unit{{Part: "owner", Name: "市数据局"}},
		Facts: []review.Fact{{Key: "budget", Value: "236"}, {Key: "months", Value: "12"}},
	})
	for _, x := range m.State.Seats {
		if x.Has(review.RoleExpert) && x.Promise != "" && x.ReplacedBy == "" {
			m.Declare(id, x.ID, "")
		}
	}
	return id
}

// Declare is a person's 回避声明; conflict is the reason to stand aside, "" for none.
func (m *Room) Declare(p review.ProjectID, seat review.SeatID, conflict string) {
	m.tb.Helper()
	m.Do(seat, m.DeclarationOf(p, seat, conflict))
}

// DeclarationOf gives the act of Declare.
func (m *Room) DeclarationOf(p review.ProjectID, seat review.SeatID, conflict string) review.DeclarationGiven {
	m.tb.Helper()
	body := review.DeclarationBody{Conflict: conflict != "", Reason: conflict}
	return review.DeclarationGiven{Declaration: m.Say(seat, review.StatementDeclaration, p, body)}
}

// BallotOf seals a sheet to the present officers.
func (m *Room) BallotOf(p review.ProjectID, seat review.SeatID, sheet review.Sheet) review.Signed {
	m.tb.Helper()
	c := review.Content{Version: review.ContentVersion, Score: m.Say(seat, review.StatementScore, p, sheet)}
	body := review.BallotBody{Cipher: digest("sealed " + string(c.Encode())), Content: review.DigestOf(c.Encode())}
	if chair, ok := m.State.Seat(m.State.Presiding(m.State.Project(p))); ok {
		body.Chair = chair.Keys.Seal
	}
	body.Secretary = m.State.Seats[0].Keys.Seal
	g := m.Say(seat, review.StatementBallot, p, body)
	m.contents[g.Digest()] = c
	return g
}

// Submit submits a person's ballot.
func (m *Room) Submit(p review.ProjectID, seat review.SeatID) {
	m.tb.Helper()
	m.Do(seat, review.BallotSubmitted{Ballot: m.BallotOf(p, seat, RoomSheet())})
}

// Opened gives what the officers find in the ballots that count.
func (m *Room) Opened(p review.ProjectID) review.BallotsOpened {
	x := m.State.Project(p)
	b := review.BallotsOpened{Project: p, Number: len(x.Rounds)}
	for _, given := range x.Counted(x.Round()) {
		b.Ballots = append(b.Ballots, review.Opened{Seat: given.Seat, Content: m.contents[given.Statement]})
	}
	return b
}

// Vote takes a position on a project's conclusion.
func (m *Room) Vote(p review.ProjectID, seat review.SeatID, c review.Choice, text string) review.VoteCast {
	m.tb.Helper()
	body := review.VoteBody{Choice: c, Text: text}
	if x := m.State.Project(p); x.Conclusion != nil {
		body.Conclusion = x.Conclusion.Digest
	}
	return review.VoteCast{Vote: m.Say(seat, review.StatementVote, p, body)}
}

// Signature signs a project's conclusion.
func (m *Room) Signature(p review.ProjectID, seat review.SeatID) review.SignatureGiven {
	m.tb.Helper()
	var body review.SignatureBody
	if x := m.State.Project(p); x.Conclusion != nil {
		body.Subject = x.Conclusion.Digest
	}
	return review.SignatureGiven{Signature: m.Say(seat, review.StatementSignature, p, body)}
}

// Fulfilment gives the next version of what is found of a project's contract: one term and
// one change.
func (m *Room) Fulfilment(p review.ProjectID) review.FulfilmentRecorded {
	n := len(m.State.Project(p).Fulfilment) + 1
	return review.FulfilmentRecorded{
		Project: p, Revision: n,
		Terms:   []review.Term{{Part: "应用软件", Requirement: "统一身份认证", Actual: "已建成，第" + strconv.Itoa(n) + "次核对", Evidence: "测试报告", Met: review.MetYes}},
		Changes: []review.Change{{Number: "BG-01", Content: "服务器由四台改为三台", Approval: "市数据局同意函", Reported: true}},
	}
}

// Set gives the papers of a purpose as the record stands, certified; ink are those who
// sign in ink.
func (m *Room) Set(p review.ProjectID, purpose review.Purpose, ink ...review.SeatID) review.PapersCertified {
	x := m.State.Project(p)
	b := review.PapersCertified{Project: p, Set: len(x.Sets) + 1, Purpose: purpose}
	forms := []review.Form{review.FormFulfilment, review.FormChanges}
	if purpose == review.PurposeConclusion {
		forms = []review.Form{review.FormOpinion, review.FormTally, review.FormPanel}
		if x.Conclusion != nil {
			b.Subject = x.Conclusion.Digest
		}
	} else if n := len(x.Fulfilment); n > 0 {
		b.Subject = x.Fulfilment[n-1].Digest
	}
	for _, form := range forms {
		name := string(p) + " " + string(form) + " " + strconv.Itoa(b.Set)
		b.Papers = append(b.Papers, review.Certified{
			Form: form, Number: m.State.Issued(form) + 1, Check: review.CheckCode(name), Base: digest(name), Signed: digest(name + " s01"),
		})
	}
	for _, seat := range m.State.Signatories(x) {
		b.Signers = append(b.Signers, review.Signer{Seat: seat, Ink: slices.Contains(ink, seat)})
	}
	return b
}

// Lay lays the papers of a purpose before those who are to sign them, after everybody
// has said where he stands on the conclusion, or after a version of the tables was recorded.
func (m *Room) Lay(p review.ProjectID, purpose review.Purpose, ink ...review.SeatID) {
	m.tb.Helper()
	if purpose == review.PurposeTables {
		m.Do(review.FirstSeat, m.Fulfilment(p))
	} else {
		m.To(p, review.StageConcluded)
		for _, seat := range m.State.Signatories(m.State.Project(p)) {
			if x, _ := m.State.Seat(seat); x.Presence == review.PresencePresent {
				m.Do(seat, m.Vote(p, seat, review.ChoiceAgree, ""))
			}
		}
		m.To(p, review.StageSigning)
	}
	m.Do(review.FirstSeat, m.Set(p, purpose, ink...))
}

// Signed gives a person's signature by key on the papers that lie before the panel.
func (m *Room) Signed(p review.ProjectID, seat review.SeatID) review.PapersSigned {
	m.tb.Helper()
	var body review.PapersBody
	if set := m.State.Project(p).Signing(); set != nil {
		body.Set, body.Subject = set.Number, set.Subject
		for _, x := range set.Papers {
			body.Papers = append(body.Papers, review.SignedPaper{Before: x.Latest(), After: digest(x.Latest() + review.Digest(seat))})
		}
	}
	return review.PapersSigned{Signature: m.Say(seat, review.StatementPapers, p, body)}
}

// Scan gives the scan of a paper that people have signed in ink, without the consent.
func (m *Room) Scan(p review.ProjectID, form review.Form, seats ...review.SeatID) review.ScanLinked {
	b := review.ScanLinked{Project: p, Type: "pdf", Seats: seats}
	if set := m.State.Project(p).Signing(); set != nil && set.Paper(form) != nil {
		x := set.Paper(form)
		b.Set, b.Check, b.Printed = set.Number, x.Check, x.Revisions[0].Signed
		b.Scan = digest("scan " + x.Check + strconv.Itoa(len(set.Scans)))
	}
	return b
}

// Archive gives the act that closes the papers that lie before the panel, without the
// consent.
func (m *Room) Archive(p review.ProjectID) review.PapersArchived {
	b := review.PapersArchived{Project: p, Certificate: []byte("archive")}
	if set := m.State.Project(p).Signing(); set != nil {
		b.Set = set.Number
		for _, x := range set.Papers {
			b.Papers = append(b.Papers, digest(x.Latest()+"archive"))
		}
	}
	return b
}

// nextOf gives the act that leads a set of papers on to the archive: whoever cannot sign
// any more is put on record as not signing.
func (m *Room) nextOf(p *review.Project, set *review.PaperSet) (review.SeatID, review.Body) {
	m.tb.Helper()
	open := m.State.UnsignedSet(p, set)
	if len(open) == 0 {
		return review.FirstSeat, m.With(m.State.Chair, m.Archive(p.ID))
	}
	id := open[0]
	seat, _ := m.State.Seat(id)
	gone := seat.ReplacedBy != "" || p.Recused(id)
	if !gone && slices.Contains(set.Signers, review.Signer{Seat: id, Ink: true}) {
		for _, x := range set.Papers {
			named := func(s review.Scan) bool { return s.Check == x.Check && slices.Contains(s.Seats, id) }
			if !slices.ContainsFunc(set.Scans, named) {
				return review.FirstSeat, m.Chaired(p.ID, m.Scan(p.ID, x.Form, id))
			}
		}
	}
	if !gone && seat.Certificate != nil {
		return id, m.Signed(p.ID, id)
	}
	b := review.SignatureRefused{Project: p.ID, Seat: id, Reason: "不能签署"}
	for _, x := range m.State.Seats {
		if x.ID != id && x.ID != review.FirstSeat && x.Certificate != nil && x.Presence == review.PresencePresent {
			b.Witness = x.ID
			return review.FirstSeat, m.With(x.ID, b)
		}
	}
	return review.FirstSeat, b
}

// Nonce gives the nonce of a new round.
func (m *Room) Nonce() string {
	m.nonces++
	letters := strings.Map(func(r rune) rune { return r - '0' + 'a' }, strconv.Itoa(m.nonces))
	return strings.Repeat("n", 26-len(letters)) + letters
}

// Next gives the act that leads a review on when all goes well, and who does it;
// nobody if it has come to its end.
func (m *Room) Next(id review.ProjectID) (review.SeatID, review.Body) {
	m.tb.Helper()
	const s01 = review.FirstSeat
	s, p := m.State, m.State.Project(id)
	round := review.RoundBegun{Project: id, Number: len(p.Rounds) + 1, Nonce: m.Nonce()}
	switch p.Stage {
	case review.StageWaiting:
		return s01, round
	case review.StageScoring:
		if w := s.Waiting(p); len(w) > 0 {
			if x, _ := s.Seat(w[0]); !x.Claimed() || x.Certificate == nil { // nobody waits for him any more
				gone := review.AttendanceRecorded{Seat: w[0], Presence: review.PresenceLeft, Reason: "未再到会"}
				if x.Arrived.IsZero() {
					gone.Presence = review.PresenceAbsent
				}
				return s01, gone
			}
			return w[0], review.BallotSubmitted{Ballot: m.BallotOf(id, w[0], RoomSheet())}
		}
		return s01, review.RoundClosed{Project: id, Number: len(p.Rounds)}
	case review.StageOpening:
		return s01, m.Chaired(id, m.Opened(id))
	case review.StageDeliberating:
		switch {
		case p.Redo:
			return s01, round
		case p.Signing() != nil:
			return m.nextOf(p, p.Signing())
		case len(p.Opinion) == len(p.Withdrawn) || p.Opinion[len(p.Opinion)-1].Round != len(p.Rounds):
			return s01, review.OpinionDrafted{Project: id, Revision: len(p.Opinion) + 1, Paragraphs: []review.OpinionParagraph{{Text: "专家组认为方案可行。"}}}
		}
		return s.Presiding(p), review.ConclusionReached{Project: id, Outcome: "pass", Opinion: len(p.Opinion)}
	case review.StageConcluded:
		return s01, review.SigningBegun{Project: id}
	case review.StageSigning:
		if set := p.Signing(); set != nil {
			return m.nextOf(p, set)
		}
		if u := s.Unsigned(p); len(u) > 0 {
			return u[0], m.Signature(id, u[0])
		}
		return s01, review.ProjectFinalised{Project: id}
	}
	return "", nil
}

// Ending gives the body with the consent of one who can consent to an end, if there is
// anybody.
func (m *Room) Ending(p *review.Project, b review.Consented) review.Consented {
	m.tb.Helper()
	if enders := m.State.Enders(p); len(enders) > 0 {
		return m.With(enders[0], b)
	}
	return b
}

// Chaired gives the body with the consent of who presides over a project, "" for
// the meeting, if anybody does.
func (m *Room) Chaired(project review.ProjectID, b review.Consented) review.Consented {
	m.tb.Helper()
	chair := m.State.Chair
	if p := m.State.Project(project); p != nil {
		chair = m.State.Presiding(p)
	}
	if chair == "" {
		return b
	}
	return m.With(chair, b)
}

// To leads a review on to a stage.
func (m *Room) To(p review.ProjectID, stage review.Stage) {
	m.tb.Helper()
	if stage == review.StageSuspended {
		m.Do(review.FirstSeat, m.Chaired(p, review.ProjectSuspended{Project: p, Reason: "材料不齐"}))
	}
	for m.State.Project(p).Stage != stage {
		by, body := m.Next(p)
		if body == nil {
			m.tb.Fatalf("%s has come to its end without %s", p, stage)
		}
		m.Do(by, body)
	}
}

// File leads every review to its end, begins the filing and seals the meeting.
func (m *Room) File() {
	m.tb.Helper()
	for _, p := range m.State.Projects {
		if !p.Ended() {
			m.To(p.ID, review.StageFinal)
		}
	}
	m.Do(review.FirstSeat, m.Chaired("", review.FilingBegun{}))
	m.Do(review.FirstSeat, review.MeetingSealed{Deleted: m.State.KeyBlobs()})
}

// WindUp is the way out that a running meeting always has, whatever happened and
// whoever is gone: the secretary suspends with whom there is what cannot be finished.
func (m *Room) WindUp() {
	m.tb.Helper()
	const s01 = review.FirstSeat
	if !m.State.Seats[0].Claimed() {
		m.Claim(s01)
	}
	for _, p := range m.State.Projects {
		if !p.Ended() {
			m.Do(s01, m.Ending(p, review.ProjectSuspended{Project: p.ID, Reason: "本次会议不能完成评审"}))
		}
	}
	m.Do(s01, m.Ending(nil, review.FilingBegun{}))
	m.Do(s01, review.MeetingSealed{Deleted: m.State.KeyBlobs()})
}

// Fork gives a room that goes on from here on its own. Its hands stay the same.
func (m *Room) Fork() *Room {
	c := *m
	c.State, c.Events = m.State.Clone(), slices.Clip(m.Events)
	return &c
}

func digest[T ~string](s T) review.Digest { return review.DigestOf([]byte(s)) }

// stamps are hands whose signatures nobody verifies.
type stamps struct{ made int }

func (h *stamps) Keys(seat review.SeatID) review.PublicKeys {
	h.made++
	n := strconv.Itoa(h.made)
	return review.PublicKeys{Sign: []byte(n), Seal: "age1" + string(seat) + "x" + n}
}

func (*stamps) Sign(review.SeatID, []byte) []byte { return []byte("signed") }
func (*stamps) Root() review.Digest               { return digest("root") }
func (*stamps) Write(review.Event)                {}
