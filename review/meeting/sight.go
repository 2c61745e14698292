package meeting

import (
	"slices"
	"strconv"
	"time"

	"heyi/review"
	"heyi/review/bag"
	"heyi/review/journal"
)

// Board is what everybody may see of a meeting at any time, signed in or not: who
// sits here and how far each project is. Nothing of what anybody thinks.
type Board struct {
	ID       review.MeetingID
	Title    string
	Phase    review.Phase
	Chair    review.SeatID
	Seats    []BoardSeat
	Projects []BoardProject
	Drill    bool             // 演练
	Secrecy  string           // the highest 密级 of what came in, as on paper; "" for none
	Notices  []review.Finding // what everybody is to know of the record itself
}

// BoardSeat is one person on the board.
type BoardSeat struct {
	ID         review.SeatID
	Name       string
	Unit       string
	Roles      []review.Role
	Presence   review.Presence
	Claimed    bool
	Certified  bool
	Promised   bool
	ReplacedBy review.SeatID
}

// BoardProject is one project on the board.
type BoardProject struct {
	ID      review.ProjectID
	Title   string
	Stage   review.Stage
	Round   int           // the latest; 0 if none has begun
	Chair   review.SeatID // who presides; "" if nobody
	Quorum  int           // least number of voting experts
	Voters  int           // experts who are to score now
	Experts []BoardCell   // one for each expert's seat, in order
}

// BoardCell is one expert's state in one project.
type BoardCell struct {
	Seat  review.SeatID
	State CellState
}

// CellState is how far an expert is with a project.
type CellState string

// The states of an expert in a project.
const (
	CellReplaced   CellState = "replaced"   // 已更换
	CellRecused    CellState = "recused"    // 回避
	CellAbsent     CellState = "absent"     // 不在场
	CellUndeclared CellState = "undeclared" // 未作回避声明
	CellIdle       CellState = "idle"       // 尚未开始评分, or between rounds
	CellOpen       CellState = "open"       // 未提交
	CellReturned   CellState = "returned"   // 已退回
	CellStale      CellState = "stale"      // 须重新密封
	CellSubmitted  CellState = "submitted"  // 已提交
	CellVoid       CellState = "void"       // 作废留存
	CellUnposed    CellState = "unposed"    // 未表态: a conclusion is reached
	CellPosed      CellState = "posed"      // 已表态; never which
	CellUnsigned   CellState = "unsigned"   // 未签署
	CellSigned     CellState = "signed"     // 已签署
	CellRefused    CellState = "refused"    // 拒签
)

// Board gives the board of a meeting.
// Codes: those of Enter's start.
func (s *Services) Board(id review.MeetingID) (Board, error) {
	l, err := s.live(id)
	if err != nil {
		return Board{}, err
	}
	return l.board(), nil
}

// Board gives the board of the meeting.
func (x *Session) Board() Board { return x.l.board() }

func (l *live) board() Board {
	state := l.now.Load()
	b := Board{ID: state.Meeting, Title: state.Title, Phase: state.Phase, Chair: state.Chair, Drill: state.Drill, Notices: l.notices(state)}
	for _, p := range state.Packages {
		if t := bag.Secrecy(p.Secrecy).Title(); t != "" {
			b.Secrecy = t // there is one that a machine may hold: see Ceiling
		}
	}
	for _, x := range state.Seats {
		b.Seats = append(b.Seats, BoardSeat{
			ID: x.ID, Name: x.Name, Unit: x.Unit, Roles: x.Roles, Presence: x.Presence,
			Claimed: x.Claimed(), Certified: x.Certificate != nil, Promised: x.Promise != "", ReplacedBy: x.ReplacedBy,
		})
	}
	for _, p := range state.Projects {
		row := BoardProject{
			ID: p.ID, Title: p.Title, Stage: p.Stage, Round: len(p.Rounds), Chair: state.Presiding(p),
			Quorum: p.Quorum, Voters: len(state.Voters(p)),
		}
		for _, x := range state.Seats {
			if x.Has(review.RoleExpert) {
				row.Experts = append(row.Experts, BoardCell{x.ID, cell(state, p, x)})
			}
		}
		b.Projects = append(b.Projects, row)
	}
	return b
}

// cell tells how far an expert is with a project.
func cell(state *review.State, p *review.Project, x review.Seat) CellState {
	_, declared := p.Declaration(x.ID)
	switch {
	case x.ReplacedBy != "":
		return CellReplaced
	case p.Recused(x.ID):
		return CellRecused
	}
	if p.Stage == review.StageSigning || p.Stage == review.StageFinal {
		is := func(seat review.SeatID, subject review.Digest) bool {
			return seat == x.ID && subject == p.Conclusion.Digest
		}
		switch {
		case slices.ContainsFunc(p.Signatures, func(g review.Signature) bool { return is(g.Seat, g.Subject) }):
			return CellSigned
		case slices.ContainsFunc(p.Refusals, func(r review.Refusal) bool { return is(r.Seat, r.Subject) }):
			return CellRefused
		case slices.Contains(state.Unsigned(p), x.ID):
			return CellUnsigned
		}
	}
	if p.Stage == review.StageConcluded && slices.Contains(state.Signatories(p), x.ID) {
		if _, given := p.Vote(x.ID, p.Conclusion.Digest); given {
			return CellPosed
		}
		return CellUnposed
	}
	if r := p.Round(); r != nil {
		b, given := r.Ballot(x.ID)
		_, void := p.Void(r.Number, x.ID)
		switch {
		case void:
			return CellVoid
		case given && b.Returned != "":
			return CellReturned
		case given && p.Stage == review.StageScoring && !state.Openable(p, b):
			return CellStale
		case given:
			return CellSubmitted
		}
	}
	switch {
	case x.Presence != review.PresencePresent:
		return CellAbsent
	case !declared:
		return CellUndeclared
	case p.Stage == review.StageScoring:
		return CellOpen
	}
	return CellIdle
}

// notices lists what everybody is to know of the record itself: that it was continued
// from a copy, that the clock was moved, that copies cannot be made, that this machine's
// user has no mark of the last act.
func (l *live) notices(state *review.State) []review.Finding {
	var out []review.Finding
	for _, r := range state.Restorations {
		out = append(out, review.Finding{Code: review.CodeRestored, Entry: strconv.FormatInt(r.Index, 10)})
	}
	for _, m := range state.ClockMoves {
		out = append(out, review.Finding{Code: review.CodeClockMoved, Entry: strconv.FormatInt(m.Index, 10)})
	}
	l.doors.Lock()
	defer l.doors.Unlock()
	for _, err := range []error{l.keeper.err, l.unmarked} {
		if err != nil {
			out = append(out, review.Finding{Code: review.CodeOf(err), Entry: review.ItemOf(err)})
		}
	}
	return out
}

// look asks the gate for the person signed in.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed.
func (x *Session) look(t review.Thing, project review.ProjectID, round int) (*review.Project, error) {
	const op = "meeting.Session.look"
	if _, err := x.author(); err != nil {
		return nil, err
	}
	state := x.State()
	p := state.Project(project)
	if p == nil {
		return nil, review.E(review.CodeProjectUnknown, op, string(project), nil)
	}
	if sight := state.LookRound(x.by.seat, t, project, round); !sight.Allowed {
		return nil, review.E(review.CodeHidden, op, string(sight.Why), nil)
	}
	return p, nil
}

// Project gives what a person may know of a project before it is scored: its facts,
// units and scheme.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed.
func (x *Session) Project(project review.ProjectID) (review.ProjectAdded, error) {
	p, err := x.look(review.ThingMaterials, project, 0)
	if err != nil {
		return review.ProjectAdded{}, err
	}
	return review.ProjectAdded{
		Project: p.ID, Title: p.Title, Package: p.Package, Scheme: p.Scheme, Units: p.Units, Facts: p.Facts, Quorum: p.Quorum,
		Entry: p.Entry, Record: p.Record, Documents: p.Documents,
	}, nil
}

// OpenedBallot is one ballot after the opening.
type OpenedBallot struct {
	Seat   review.SeatID
	Name   string
	At     time.Time
	Sheet  review.Sheet
	Paper  review.Digest
	Counts bool
	Why    string // why it does not count
}

// Ballots gives the opened ballots of a round, in the order of seats.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed.
func (x *Session) Ballots(project review.ProjectID, round int) ([]OpenedBallot, error) {
	p, err := x.look(review.ThingOtherBallot, project, round)
	if err != nil {
		return nil, err
	}
	var out []OpenedBallot
	for _, b := range p.Rounds[round-1].Ballots {
		if b.Sheet == nil {
			continue
		}
		seat, _ := x.State().Seat(b.Seat)
		o := OpenedBallot{Seat: b.Seat, Name: seat.Name, At: b.At, Sheet: *b.Sheet, Paper: b.Paper, Counts: true}
		if v, void := p.Void(round, b.Seat); void && v.Revision == b.Revision {
			o.Counts, o.Why = false, v.Reason
		}
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b OpenedBallot) int { return review.CompareSeats(a.Seat, b.Seat) })
	return out, nil
}

// Opinion gives the last version of the 专家组意见; nothing if there is none.
// Codes: CodeHidden, CodeProjectUnknown, CodeSessionClosed.
func (x *Session) Opinion(project review.ProjectID) (review.OpinionVersion, error) {
	p, err := x.look(review.ThingOpinion, project, 0)
	if err != nil || len(p.Opinion) == 0 {
		return review.OpinionVersion{}, err
	}
	return p.Opinion[len(p.Opinion)-1], nil
}

// Entry is one entry of the journal for people.
type Entry struct {
	Index int64
	At    time.Time
	Actor review.SeatID
	Kind  review.Kind
	Event []byte // canonical bytes; nil where the viewer may see only that it is there
}

// Journal lists the entries of the meeting as the person may see them.
// Codes: CodeSessionClosed and those of Store.Load.
func (x *Session) Journal() ([]Entry, error) {
	if _, err := x.author(); err != nil {
		return nil, err
	}
	state := x.State()
	return x.l.services.entries(x.l.id, func(p review.ProjectID) bool {
		return state.Look(x.by.seat, review.ThingJournal, p).Allowed
	})
}

// Journal lists the entries of a meeting as everybody may see them: that they are
// there.
// Codes: those of Store.Load, CodeEventForm, CodeEventNewer.
func (s *Services) Journal(id review.MeetingID) ([]Entry, error) {
	return s.entries(id, func(review.ProjectID) bool { return false })
}

func (s *Services) entries(id review.MeetingID, shown func(review.ProjectID) bool) ([]Entry, error) {
	rec, err := s.store.Load(id)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, len(rec.Entries))
	for i, raw := range rec.Entries {
		e, err := review.DecodeEvent(raw.Event)
		if err != nil {
			return nil, err
		}
		out[i] = Entry{Index: e.Index, At: e.At, Actor: e.Actor, Kind: e.Body.Kind()}
		if shown(review.ProjectOf(e.Body)) {
			out[i].Event = raw.Event
		}
	}
	return out, nil
}

// Proof shows a person that one entry stands in the journal of the present checkpoint.
// Codes: CodeJournalEntry (there is no such entry), CodeSessionClosed.
func (x *Session) Proof(index int64) (journal.Checkpoint, journal.Proof, error) {
	if _, err := x.author(); err != nil {
		return journal.Checkpoint{}, journal.Proof{}, err
	}
	x.l.mu.Lock()
	defer x.l.mu.Unlock()
	c := x.l.tree.Checkpoint()
	if index < 0 || index >= c.Size {
		return c, journal.Proof{}, review.E(review.CodeJournalEntry, "meeting.Session.Proof", strconv.FormatInt(index, 10), nil)
	}
	return c, x.l.tree.Prove(index), nil
}
