package present

import "heyi/review"

// ShowPaper puts the page of a paper on the desk.
func (d *Desk) ShowPaper(title string, pdf []byte, lacks []string) {
	d.turn(func() Page {
		return newPreview(d, title, func() { d.Go(PlaceProjects) }, func() ([]byte, []string, error) { return pdf, lacks, nil })
	})
}

// Seat gives who stands in a row of the board.
func (p *Board) Seat(row int) review.SeatID { return p.seats()[row-1].ID }

// ShowReading puts the page of a project's documents on the desk.
func (d *Desk) ShowReading(id review.ProjectID) { d.turn(func() Page { return newReading(d, id) }) }
