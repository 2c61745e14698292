package review

import (
	"slices"
	"strings"
	"time"
)

// roleOrder is the order in which a seat's roles stand.
var roleOrder = []Role{RoleSecretary, RoleExpert, RoleMember, RoleObserver}

// CheckRoles tells whether a seat may hold these roles together: in the order of the
// constants, each once. The secretary has the first seat and no other role; who
// observes takes no part.
// Codes: CodeSeatRoles.
func CheckRoles(roles []Role) error {
	at := -1
	for _, r := range roles {
		i := slices.Index(roleOrder, r)
		if i <= at {
			return E(CodeSeatRoles, "review.CheckRoles", string(r), nil)
		}
		at = i
	}
	if len(roles) == 0 || slices.Contains(roles, RoleSecretary) || len(roles) > 1 && slices.Contains(roles, RoleObserver) {
		return E(CodeSeatRoles, "review.CheckRoles", "", nil)
	}
	return nil
}

// fits tells whether a person may take a seat beside those who have one.
// Codes: CodeSeatRoles, CodeSeatTwin (another seat has the same name, and the units
// do not tell them apart; Item: that seat), and those of the text checks.
func (s *State) fits(id SeatID, p Person) error {
	if err := CheckLine("name", p.Name, MaxName); err != nil {
		return err
	}
	if err := optional("unit", p.Unit, MaxTitle); err != nil {
		return err
	}
	if err := optional("title", p.Title, MaxName); err != nil {
		return err
	}
	if err := CheckRoles(p.Roles); err != nil {
		return err
	}
	for i := range s.Seats {
		x := &s.Seats[i]
		if x.ID != id && sameName(x.Name, p.Name) && (x.Unit == "" || p.Unit == "" || x.Unit == p.Unit) {
			return E(CodeSeatTwin, "review.State.fits", string(x.ID), nil)
		}
	}
	return nil
}

// sameName tells whether two names differ by nothing but white space.
func sameName(a, b string) bool {
	bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
	return bare(a) == bare(b)
}

func (a *act) addSeat(b SeatAdded) error {
	if b.Seat != NumberedSeat(len(a.Seats)+1) {
		return a.illegal("addSeat")
	}
	if err := a.fits(b.Seat, b.Person); err != nil {
		return err
	}
	a.Seats = append(a.Seats, Seat{ID: b.Seat, Person: b.Person, Presence: PresenceExpected})
	return nil
}

func (a *act) editSeat(b SeatEdited) error {
	seat, err := a.someSeat(b.Seat)
	if err != nil {
		return err
	}
	if seat.Claims > 0 || b.Seat == FirstSeat { // the first seat came with its person
		return E(CodeSeatClaimed, "review.act.editSeat", string(b.Seat), nil)
	}
	if err := a.fits(b.Seat, b.Person); err != nil {
		return err
	}
	seat.Person = b.Person
	return nil
}

// someSeat finds the seat that an act is about.
func (a *act) someSeat(id SeatID) (*Seat, error) {
	if seat := a.seat(id); seat != nil {
		return seat, nil
	}
	return nil, E(CodeSeatUnknown, "review.act.someSeat", string(id), nil)
}

func (a *act) claim(b SeatClaimed) error {
	const op = "review.act.claim"
	seat, claim := a.seat(a.said.Seat), a.said.Body.(ClaimBody)
	if seat.Claimed() {
		if seat.Claim == b.Claim.Digest() {
			return E(CodeStatementKnown, op, string(seat.ID), nil)
		}
		return E(CodeSeatClaimed, op, string(seat.ID), nil)
	}
	if err := a.follows(seat.Claim, seat.Claims); err != nil {
		return err
	}
	if claim.Name != seat.Name || len(claim.Keys.Sign) == 0 || claim.Keys.Seal == "" {
		return E(CodeStatementSeat, op, string(seat.ID), nil)
	}
	if (a.Actor == seat.ID) != (b.KeyFile != "") {
		return a.illegal("claim") // keys lie here exactly if they were made here
	}
	for i := range a.Seats {
		if a.Seats[i].Keys.Seal == claim.Keys.Seal {
			return E(CodeStatementSeat, op, string(a.Seats[i].ID), nil)
		}
	}
	for _, f := range claim.Former {
		if !slices.ContainsFunc(seat.Former, func(k PublicKeys) bool { return k.Seal == f }) {
			return E(CodeStatementSeat, op, string(seat.ID), nil)
		}
	}
	seat.Keys, seat.Holds, seat.KeyFile = claim.Keys, claim.Former, b.KeyFile
	seat.Claim, seat.Claims = b.Claim.Digest(), seat.Claims+1
	seat.Tries = 0
	if seat.Arrived.IsZero() {
		seat.Arrived = a.Event.At
	}
	seat.Presence, seat.Left = PresencePresent, time.Time{}
	if b.KeyFile != "" {
		a.keyBlobs = append(a.keyBlobs, b.KeyFile)
	}
	return nil
}

// free needs the chair's consent once the seat has a draft or a ballot; for the
// chair's own seat, and for the secretary's, another expert's in the room.
func (a *act) free(b SeatFreed) error {
	const op = "review.act.free"
	seat, err := a.someSeat(b.Seat)
	if err != nil {
		return err
	}
	if !seat.Claimed() {
		return E(CodeSeatUnclaimed, op, string(b.Seat), nil)
	}
	if err := reason(b.Reason); err != nil {
		return err
	}
	if a.Actor == b.Seat {
		return E(CodeActRole, op, string(b.Seat), nil)
	}
	switch {
	case b.Seat == a.Chair || b.Seat == FirstSeat:
		err = a.consentOfOne(a.panelists(b.Seat, a.Actor))
	case a.Actor != FirstSeat:
		err = a.consent(FirstSeat, nil) // the chair alone frees nobody
	case a.Stakes(b.Seat):
		err = a.consent(a.officers())
	default:
		err = a.consent("", nil)
	}
	if err != nil {
		return err
	}
	seat.Former = append(seat.Former, seat.Keys)
	seat.Keys, seat.Holds, seat.KeyFile, seat.Certificate, seat.Tries = PublicKeys{}, nil, "", nil, 0
	return nil
}

// Stakes tells whether a seat has begun or given what counts: a draft, a ballot, a vote
// or a signature, on one paper of several too. Whoever claims it anew can give none of these before both officers
// have certified him.
func (s *State) Stakes(id SeatID) bool {
	if seat := s.seat(id); seat != nil && len(seat.Drafts) > 0 {
		return true
	}
	return slices.ContainsFunc(s.Projects, func(p *Project) bool {
		return slices.ContainsFunc(p.Rounds, func(r Round) bool { _, ok := r.Ballot(id); return ok }) ||
			slices.ContainsFunc(p.Votes, func(v Vote) bool { return v.Seat == id }) ||
			slices.ContainsFunc(p.Signatures, func(g Signature) bool { return g.Seat == id }) ||
			slices.ContainsFunc(p.Sets, func(set PaperSet) bool { return set.names(id) })
	})
}

// panelists gives the experts in the room who may speak for the panel: with certificates,
// which it takes both officers to give; before there are any, all who have claimed
// their seats.
func (s *State) panelists(except ...SeatID) []SeatID {
	confirmed := slices.ContainsFunc(s.Seats, func(x Seat) bool { return x.Has(RoleExpert) && x.certified })
	var out []SeatID
	for i := range s.Seats {
		x := &s.Seats[i]
		if x.Has(RoleExpert) && x.Claimed() && x.ReplacedBy == "" && x.Presence == PresencePresent &&
			(x.Certificate != nil || !confirmed) && !slices.Contains(except, x.ID) {
			out = append(out, x.ID)
		}
	}
	return out
}

// consentOfOne tells whether one of the seats consents.
func (a *act) consentOfOne(of []SeatID) error {
	whose := ""
	if len(of) == 1 {
		whose = string(of[0])
	}
	missing := E(CodeActConsent, "review.act.consentOfOne", whose, nil)
	body, ok := a.Body.(Consented)
	if !ok || body.Second() == nil {
		return missing
	}
	st, err := DecodeStatement(body.Second().Statement)
	if err != nil {
		return err
	}
	if !slices.Contains(of, st.Seat) {
		return missing
	}
	return a.consent(st.Seat, nil)
}

// Enders gives who can consent to the end of a project's review without a conclusion, or
// of the meeting where p is nil: the chair if he is in the room, else any expert who
// is. Nobody there, the secretary ends it alone: it opens and concludes nothing.
func (s *State) Enders(p *Project) []SeatID {
	chair := s.chairOf(p)
	if chair == "" {
		chair = s.Chair
	}
	all := s.panelists()
	if x := s.seat(chair); x != nil && x.Claimed() && x.Presence == PresencePresent && x.ReplacedBy == "" {
		return []SeatID{chair}
	}
	return all
}

// consentToEnd tells whether one of those consents who can.
func (a *act) consentToEnd(p *Project) error {
	if enders := a.Enders(p); len(enders) > 0 {
		return a.consentOfOne(enders)
	}
	return a.consent("", nil)
}

func (a *act) enter() error {
	seat := a.seat(a.Actor)
	if seat.Tries == 0 {
		return a.illegal("enter") // nobody signs in without a try
	}
	seat.Tries = 0
	return nil
}

// try counts without an upper bound; the services make people wait.
func (a *act) try(b CodeTried) error {
	seat, err := a.someSeat(b.Seat)
	if err != nil {
		return err
	}
	if !seat.Claimed() {
		return E(CodeSeatUnclaimed, "review.act.try", string(b.Seat), nil)
	}
	seat.Tries++
	seat.LastTry = a.Event.At
	return nil
}

func (a *act) printSheet() error {
	seat := a.seat(a.Actor)
	if !seat.Has(RoleSecretary) && !seat.Has(RoleExpert) {
		return E(CodeActRole, "review.act.printSheet", string(seat.ID), nil)
	}
	for _, r := range append([]string{seat.Keys.Seal}, seat.Holds...) {
		if !slices.Contains(seat.Sheets, r) {
			seat.Sheets = append(seat.Sheets, r)
		}
	}
	return nil
}

// replace puts an expert in another's place. Where the one's ballot counted in a
// round that is open already, a new round must be held; where the round is only
// closed, it is open for submitting again. Tables that he was to sign are void. Of a
// conclusion's papers he is put on record as not signing (SignatureRefused), or it is withdrawn.
func (a *act) replace(b SeatReplaced) error {
	const op = "review.act.replace"
	seat, err := a.someSeat(b.Seat)
	if err != nil {
		return err
	}
	by, err := a.someSeat(b.By)
	if err != nil {
		return err
	}
	if err := reason(b.Reason); err != nil {
		return err
	}
	if b.Seat == a.Chair {
		return E(CodeChairUnfit, op, string(b.Seat), nil) // the panel names another first
	}
	if seat == by || !seat.Has(RoleExpert) || !by.Has(RoleExpert) || seat.ReplacedBy != "" || by.ReplacedBy != "" {
		return E(CodeSeatRoles, op, string(b.Seat), nil)
	}
	for _, p := range a.Projects {
		if p.Chair == b.Seat && !p.Ended() {
			return E(CodeChairUnfit, op, string(b.Seat), nil)
		}
		if p.Conclusion != nil && !p.Ended() && p.counts(b.Seat) {
			return E(CodeActStage, op, string(p.Stage), nil) // the conclusion is withdrawn first
		}
	}
	seat.ReplacedBy = b.By
	for _, p := range a.Projects {
		if p.Ended() {
			continue
		}
		p.voidTables(b.Seat, voidReplaced)
		if !p.counts(b.Seat) {
			continue
		}
		p.void(b.Seat, b.Reason, a)
		if p.Stage == StageOpening {
			p.Stage, p.Round().Closed = StageScoring, time.Time{}
		}
		p.Redo = p.Redo || p.Stage == StageDeliberating
	}
	return nil
}

// counts tells whether the seat has a ballot that counts in the latest round.
func (p *Project) counts(seat SeatID) bool {
	r := p.Round()
	return r != nil && slices.ContainsFunc(p.Counted(r), func(b Ballot) bool { return b.Seat == seat })
}

// void takes a seat's ballot of the latest round out of count, if there is one.
func (p *Project) void(seat SeatID, why string, a *act) {
	if p.counts(seat) {
		given, _ := p.Round().Ballot(seat)
		p.Voids = append(p.Voids, Void{
			Round: p.Round().Number, Seat: seat, Revision: given.Revision, Reason: why, At: a.Event.At,
		})
	}
}

func (a *act) nameChair(b ChairNamed) error {
	const op = "review.act.nameChair"
	if _, err := a.someSeat(b.Seat); err != nil {
		return err
	}
	unfit := !slices.Contains(a.panelists(), b.Seat)
	before := a.Chair
	var p *Project
	if b.Project != "" {
		if p = a.State.project(b.Project); p == nil {
			return E(CodeProjectUnknown, op, string(b.Project), nil)
		}
		if p.Ended() {
			return E(CodeActStage, op, string(p.Stage), nil)
		}
		unfit = unfit || p.Recused(b.Seat)
		before = a.Presiding(p)
	}
	if unfit {
		return E(CodeChairUnfit, op, string(b.Seat), nil)
	}
	var err error
	if before == "" {
		err = optional("reason", b.Reason, MaxReason)
	} else {
		err = reason(b.Reason)
	}
	if err == nil {
		err = a.consentToChair(b)
	}
	switch {
	case err != nil:
		return err
	case p != nil:
		p.Chair = b.Seat
	default:
		a.Chair = b.Seat
	}
	return nil
}

// ChairConsenters gives who can consent to a seat being named chair, of a project or of
// the meeting (""): once there is a chair, an expert in the room who is neither the one
// nor the other. Ballots are sealed to the chair, so the secretary alone must not choose
// him. Nobody where none is needed, or none is there.
func (s *State) ChairConsenters(project ProjectID, seat SeatID) []SeatID {
	before := s.chairOf(s.project(project))
	if before == "" || s.Phase != PhaseRunning {
		return nil
	}
	return s.panelists(before, seat)
}

func (a *act) consentToChair(b ChairNamed) error {
	if others := a.ChairConsenters(b.Project, b.Seat); len(others) > 0 {
		return a.consentOfOne(others)
	}
	return a.consent("", nil)
}

func (a *act) attend(b AttendanceRecorded) error {
	const op = "review.act.attend"
	seat, err := a.someSeat(b.Seat)
	if err != nil {
		return err
	}
	switch b.Presence {
	case PresencePresent:
		if !seat.Claimed() {
			return E(CodeSeatUnclaimed, op, string(b.Seat), nil)
		}
		if err := optional("reason", b.Reason, MaxReason); err != nil {
			return err
		}
	case PresenceLeft, PresenceAbsent:
		if err := reason(b.Reason); err != nil {
			return err
		}
		// Who never came cannot leave; who came was not absent.
		if seat.Arrived.IsZero() != (b.Presence == PresenceAbsent) {
			return E(CodeSeatPresence, op, string(b.Seat), nil)
		}
	default:
		return a.illegal("attend")
	}
	if seat.Presence == b.Presence {
		return E(CodeSeatPresence, op, string(b.Seat), nil)
	}
	seat.Presence = b.Presence
	switch b.Presence {
	case PresencePresent:
		seat.Left = time.Time{}
	case PresenceLeft:
		seat.Left = a.Event.At
	}
	return nil
}

func (a *act) promise() error {
	seat := a.seat(a.said.Seat)
	if !seat.Claimed() {
		return E(CodeSeatUnclaimed, "review.act.promise", string(seat.ID), nil)
	}
	revision := 0
	if seat.Promise != "" {
		revision = 1
	}
	if err := a.follows(seat.Promise, revision); err != nil {
		return err
	}
	if revision == 1 {
		return E(CodeStatementFork, "review.act.promise", string(seat.ID), nil) // a promise is given once
	}
	seat.Promise = stated(a.Body).Digest()
	return nil
}
