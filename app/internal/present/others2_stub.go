package present

import "heyi/review"

func newProjects(d *Desk) Page                       { return d.leaf(PlaceProjects) }
func newImport(d *Desk) Page                         { return d.leaf(PlaceImport) }
func newPanel(d *Desk) Page                          { return d.leaf(PlacePanel) }
func newPapers(d *Desk) Page                         { return d.leaf(PlacePapers) }
func newFiling(d *Desk) Page                         { return d.leaf(PlaceFiling) }
func newJournal(d *Desk) Page                        { return d.leaf(PlaceJournal) }
func newPromise(d *Desk) Page                        { return d.leaf(PlacePromise) }
func newOpening(d *Desk, id review.ProjectID) Page   { return d.leaf(PlaceOpening) }
func newDeclare(d *Desk, id review.ProjectID) *Leaf  { return d.leaf(PlaceDeclare) }
func (d *Desk) confirmPanel() *Leaf                  { return d.leaf(PlaceAct) }
func (d *Desk) certify() *Leaf                       { return d.leaf(PlaceAct) }
func closeTables(d *Desk, id review.ProjectID) *Leaf { return d.leaf(PlaceAct) }
func finalise(d *Desk, id review.ProjectID) *Leaf    { return d.leaf(PlaceAct) }
func nameChairOf(d *Desk, id review.ProjectID) *Leaf { return d.leaf(PlaceAct) }
func beginRound(d *Desk, id review.ProjectID) *Leaf  { return d.leaf(PlaceAct) }
func closeRound(d *Desk, id review.ProjectID) *Leaf  { return d.leaf(PlaceAct) }
