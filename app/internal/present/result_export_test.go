package present

import "heyi/review/meeting"

// The pages of a result, for tests that stand on them without the way there.
var (
	NewTally         = newTally
	NewOpinion       = newOpinion
	NewConclude      = newConclude
	NewCountVotes    = newCountVotes
	NewPosition      = newPosition
	NewBeginSigning  = newBeginSigning
	NewCertifyTables = newCertifyTables
	NewSign          = newSign
	NewRefuse        = newRefuse
	NewScan          = newScan
	NewScheme        = newScheme
	NewOwnScheme     = newOwnScheme
	NewFollows       = newFollows
	NewAbout         = newAbout
	NewProject       = newProject
)

// Seat lets a person sit at the machine.
func (d *Desk) Seat(x *meeting.Session) { d.session, d.meeting = x, x.Meeting() }

// Turn leaves the present page for another.
func (d *Desk) Turn(make func() Page) { d.turn(make) }
