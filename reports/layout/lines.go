package layout

// Lines divides a paragraph into lines no wider than measure, by the rules of
// paper, for whoever draws text elsewhere. width gives a character's width in
// the unit of measure. Spaces at the ends of lines are dropped; nothing else is.
func Lines(text string, measure int, width func(r rune) int) []string {
	var glyphs []glyph
	for _, r := range text {
		glyphs = append(glyphs, glyph{r: r, width: width(r)})
	}
	var lines []string
	from := 0
	for _, to := range breakLines(glyphs, 0, measure) {
		var line []rune
		for _, g := range trimLine(glyphs[from:to]) {
			line = append(line, g.r)
		}
		lines = append(lines, string(line))
		from = to
	}
	return lines
}
