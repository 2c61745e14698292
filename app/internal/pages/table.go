package pages

import (
	"heyi/app/internal/present"
	"heyi/app/internal/widgets"
)

func board(p *present.Board) View {
	grid := widgets.NewGrid(p.Choose)
	grid.SetName(p.Name())
	grid.Scale = 1.25 // read from three metres
	placed := false
	return View{Object: sheet(grid), First: first(grid), Refresh: func() {
		grid.Set(cells(p.Head()), p.Rows(), cell(p.Cell))
		if !placed {
			placed = true
			grid.GoTo(p.Start(), 0)
		}
	}}
}

func journal(p *present.Journal) View {
	grid := widgets.NewGrid(nil)
	grid.SetName(p.Name())
	grid.Bound = 30
	return View{Object: sheet(grid), First: first(grid), Refresh: func() { grid.Set(cells(p.Head()), p.Rows(), cell(p.Cell)) }}
}

// compare draws the table of all regulations. The stage stays where it is while the
// regulations pass by; a cell has the clauses and, below them, the reviews. It has no heading:
// at the largest text size the table would have no room left.
func compare(p *present.Compare) View {
	grid := widgets.NewGrid(p.Choose)
	grid.SetName(p.Name())
	grid.Lines, grid.Bound = 2, 16
	placed := false
	return View{Object: sheet(grid), First: first(grid), Find: p.Look, Refresh: func() {
		grid.Set(cells(p.Head()), p.Rows(), cell(p.Cell))
		if !placed {
			placed = true
			grid.GoTo(p.Start())
		}
	}}
}

// cells gives a head as a table shows it.
func cells(row []present.Cell) []widgets.GridCell {
	out := make([]widgets.GridCell, len(row))
	for i, c := range row {
		out[i] = gridCell(c)
	}
	return out
}

// cell gives the places of a table as it shows them.
func cell(of func(row, col int) present.Cell) func(row, col int) widgets.GridCell {
	return func(row, col int) widgets.GridCell { return gridCell(of(row, col)) }
}

func gridCell(c present.Cell) widgets.GridCell {
	out := widgets.GridCell{Text: c.Text, Tone: tones[c.Tone], Bold: c.Bold}
	if c.Figure {
		out.Align = widgets.AlignDecimal
	}
	return out
}
