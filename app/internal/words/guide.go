package words

import (
	"strings"

	"heyi/review"
)

// Chapter is a part of the guide.
type Chapter struct {
	Heading string
	Text    []string // paragraphs
}

// chapters are the parts of the guide, in their order.
var chapters = []string{
	"what", "begin", "write", "head", "text", "inputs", "rules", "results", "expressions", chapterFunctions, "cases", "schemes", "check", "package",
}

// chapterFunctions is the one to which the functions belong.
const chapterFunctions = "functions"

// Guide explains how a regulation is written and brought into a meeting. usages are calls
// of the functions that rules may use, one of each; each must have a key function.NAME.
func (c *Catalogue) Guide(usages []string) []Chapter {
	out := make([]Chapter, len(chapters))
	for i, key := range chapters {
		text := review.Paragraphs(c.T("guide."+key, nil))
		out[i] = Chapter{text[0], text[1:]}
		if key != chapterFunctions {
			continue
		}
		for _, usage := range usages {
			name, _, _ := strings.Cut(usage, "(")
			out[i].Text = append(out[i].Text, usage+"　"+c.T("function."+name, nil))
		}
	}
	return out
}
