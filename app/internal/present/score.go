package present

import "heyi/review"

// score goes to the score sheet of a project.
func (d *Desk) score(id review.ProjectID) { d.turn(func() Page { return d.leaf(PlaceSheet) }) }

// newReading is the page of a project's documents.
func newReading(d *Desk, id review.ProjectID) Page { return d.leaf(PlaceReading) }

// newReseal submits a ballot again as it was, sealed to the present officers.
func newReseal(d *Desk, id review.ProjectID) *Leaf { return d.leaf(PlaceAct) }
