package present

import (
	"slices"

	"heyi/review"
	"heyi/review/meeting"
)

// Board is what lies open while nobody sits at the machine: who takes part, and how far
// everybody is with every project. Nothing of what anybody thinks. Choosing a person is how
// he comes to the machine.
type Board struct {
	sheet
	board meeting.Board
	err   error
}

// Cell is one place of a table on the screen.
type Cell struct {
	Text string
	Tone Tone
	Bold bool
	// Figure has the text stand at the right.
	Figure bool
}

func newBoard(d *Desk) *Board {
	p := &Board{sheet: newSheet(d, PlaceBoard)}
	p.back = func() { d.Go(PlaceMeetings) }
	p.board, p.err = d.services.Board(d.meeting)
	if p.err != nil {
		d.Log(p.err)
		p.message = Message{ToneError, d.words.Explain(p.err)}
		return p
	}
	if len(p.board.Notices) > 0 {
		n := p.board.Notices[0]
		p.message = Message{ToneDecide, d.words.Sentence(n.Code, n.Entry)}
	}
	return p
}

// Head gives the head of the table: people, where they are, then one column a project.
func (p *Board) Head() []Cell {
	out := []Cell{{Text: p.desk.T("board.people", nil), Bold: true}, {Text: p.desk.T("board.where", nil), Bold: true}}
	for _, x := range p.board.Projects {
		out = append(out, Cell{Text: review.Legible(x.Title), Bold: true})
	}
	return out
}

// Rows gives how many rows there are: the stages of the projects, then everybody who has
// not been replaced.
func (p *Board) Rows() int { return 1 + len(p.seats()) }

func (p *Board) seats() []meeting.BoardSeat {
	var out []meeting.BoardSeat
	for _, s := range p.board.Seats {
		if s.ReplacedBy == "" {
			out = append(out, s)
		}
	}
	return out
}

// Cell gives a place of the table.
func (p *Board) Cell(row, col int) Cell {
	d := p.desk
	if row == 0 {
		switch col {
		case 0:
			return Cell{Text: d.T("board.stage", nil), Bold: true}
		case 1:
			return Cell{}
		}
		x := p.board.Projects[col-2]
		text := d.T("stage."+string(x.Stage), nil)
		if x.Stage == review.StageScoring {
			text = d.T("board.round", map[string]int{"Round": x.Round})
		}
		return Cell{Text: text, Bold: true}
	}
	s := p.seats()[row-1]
	switch col {
	case 0:
		office := ""
		switch {
		case s.ID == p.board.Chair:
			office = d.T("role.chair", nil)
		case !slices.Contains(s.Roles, review.RoleExpert):
			office = s.Roles[0].Name()
		default:
			return Cell{Text: s.Name, Bold: true}
		}
		return Cell{Text: d.T("board.office", map[string]string{"Name": s.Name, "Office": office}), Bold: true}
	case 1:
		if !s.Claimed && s.Presence != review.PresenceAbsent {
			return Cell{Text: d.T("board.unclaimed", nil), Tone: ToneBusy}
		}
		tones := map[review.Presence]Tone{review.PresencePresent: ToneDone, review.PresenceExpected: ToneBusy}
		return Cell{Text: d.T("presence."+string(s.Presence), nil), Tone: tones[s.Presence]}
	}
	for _, c := range p.board.Projects[col-2].Experts {
		if c.Seat == s.ID {
			return Cell{Text: d.T("cell."+string(c.State), nil), Tone: cellTones[c.State]}
		}
	}
	return Cell{Text: d.T("board.nothing", nil)}
}

var cellTones = map[meeting.CellState]Tone{
	meeting.CellUndeclared: ToneBusy, meeting.CellOpen: ToneBusy, meeting.CellReturned: ToneDecide, meeting.CellStale: ToneDecide,
	meeting.CellSubmitted: ToneDone, meeting.CellSigned: ToneDone, meeting.CellPosed: ToneDone,
	meeting.CellUnposed: ToneBusy, meeting.CellUnsigned: ToneBusy, meeting.CellRefused: ToneError, meeting.CellVoid: ToneError,
}

// Choose brings the person of a row to the machine.
func (p *Board) Choose(row, _ int) {
	if row == 0 || p.err != nil {
		return
	}
	p.desk.call(p.seats()[row-1])
}

// call brings a person to the machine: by his code, or to take his seat.
func (d *Desk) call(s meeting.BoardSeat) {
	if s.Claimed {
		d.turn(func() Page { return newUnlock(d, s) })
		return
	}
	d.turn(func() Page { return newCalling(d, s) })
}

// Next says what to do.
func (p *Board) Next() string {
	if p.board.Phase == review.PhaseSealed {
		return p.desk.T("next.board.sealed", nil)
	}
	if s, ok := p.awaited(); ok {
		return p.desk.say("next.board.seat", "Name", s.Name)
	}
	return p.sheet.Next()
}

// Primary brings the secretary.
func (p *Board) Primary() Action {
	if p.err != nil || p.board.Phase == review.PhaseSealed {
		return Action{p.desk.T("action.meetings", nil), func() { p.desk.Go(PlaceMeetings) }}
	}
	if s, ok := p.awaited(); ok {
		return Action{p.desk.say("action.next", "Name", s.Name), func() { p.desk.call(s) }}
	}
	return Action{p.desk.T("action.secretary", nil), func() { p.desk.call(p.board.Seats[0]) }}
}

// awaited gives the next person who has not taken his seat, once the secretary has signed in
// in this run and can let him.
func (p *Board) awaited() (meeting.BoardSeat, bool) {
	if p.err != nil || p.board.Phase == review.PhaseSealed || !p.desk.services.HasQuick(p.desk.meeting, review.FirstSeat) {
		return meeting.BoardSeat{}, false
	}
	for _, s := range p.seats() {
		if !s.Claimed && s.Presence == review.PresenceExpected {
			return s, true
		}
	}
	return meeting.BoardSeat{}, false
}

// Start gives the row to begin at: that of the first person for whom something waits, else
// the secretary's.
func (p *Board) Start() int {
	for i, s := range p.seats() {
		for _, x := range p.board.Projects {
			for _, c := range x.Experts {
				if c.Seat == s.ID && slices.Contains(waitedFor, c.State) {
					return i + 1
				}
			}
		}
	}
	return 1
}

// waitedFor are the states in which a person has something to do.
var waitedFor = []meeting.CellState{meeting.CellOpen, meeting.CellReturned, meeting.CellStale, meeting.CellUndeclared, meeting.CellUnposed, meeting.CellUnsigned}
