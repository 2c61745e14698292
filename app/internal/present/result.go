package present

import "heyi/review"

func newTally(d *Desk, id review.ProjectID) Page { return d.leaf(PlaceTally) }

func newOpinion(d *Desk, id review.ProjectID) Page { return d.leaf(PlaceOpinion) }

func newConclude(d *Desk, id review.ProjectID) Page { return d.leaf(PlaceConclude) }

func newPosition(d *Desk, id review.ProjectID) Page { return d.leaf(PlacePosition) }

func newBeginSigning(d *Desk, id review.ProjectID) Page { return d.leaf(PlaceSign) }

func newSign(d *Desk, id review.ProjectID) Page { return d.leaf(PlaceSign) }

func newScan(d *Desk, id review.ProjectID) Page { return d.leaf(PlaceSign) }

func newCountVotes(d *Desk, id review.ProjectID) *Leaf { return d.leaf(PlaceAct) }

func newRefuse(d *Desk, id review.ProjectID) *Leaf { return d.leaf(PlaceAct) }

func newCertifyTables(d *Desk, id review.ProjectID) Page { return d.leaf(PlaceSign) }
