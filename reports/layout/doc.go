// Package layout sets Chinese official papers: it breaks paragraphs into lines,
// gives tables their columns, divides both into pages, and says where every piece
// of text stands. It draws nothing, depends on nothing but the fonts that it is
// given, and the same document always gives the same pages. Measures are those of
// GB/T 9704-2012.
package layout
