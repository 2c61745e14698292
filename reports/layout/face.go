package layout

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Face is a role of type in Chinese official papers.
type Face int

// The faces, in the order in which they stand in for one another.
const (
	Song  Face = iota // 宋体, standing also for 仿宋: running text
	Rare              // 宋体 with every character there is a free glyph for
	Title             // 小标宋: titles
	Hei               // 黑体: headings of the first level, labels
	Kai               // 楷体: headings of the second level
	faces
)

// String gives the face's name, ASCII letters only.
func (f Face) String() string {
	return [...]string{"Song", "Rare", "Title", "Hei", "Kai"}[f]
}

// Fonts is one font for every face. It is safe for concurrent use.
type Fonts struct{ of [faces]*Font }

// NewFonts reads the fonts. The error names the face whose font is unusable.
func NewFonts(data map[Face][]byte) (*Fonts, error) {
	fonts := new(Fonts)
	for face := range faces {
		f, err := ParseFont(data[face])
		if err != nil {
			return nil, fmt.Errorf("face %v: %w", face, err)
		}
		if _, ok := f.Code(' '); !ok {
			return nil, fmt.Errorf("face %v: %w", face, errors.New("no space"))
		}
		fonts.of[face] = f
	}
	return fonts, nil
}

// Font gives the font of a face.
func (f *Fonts) Font(face Face) *Font { return f.of[face] }

// Missing gives the distinct characters of text that cannot be printed, in order
// of appearance: those that no face has, but not check boxes, which are drawn, and
// combining marks, soft hyphens and the like. What is not UTF-8 is missing as
// U+FFFD.
func (f *Fonts) Missing(text string) []rune {
	var missing []rune
	for _, r := range text {
		if _, _, ok := f.find(Song, r); !ok && !slices.Contains(missing, r) {
			missing = append(missing, r)
		}
	}
	return missing
}

// find gives the face that prints r where want is asked for: want itself, else
// the first that can. A check box is as wide as the square of running text.
func (f *Fonts) find(want Face, r rune) (Face, uint16, bool) {
	switch {
	case r < ' ' || r == utf8.RuneError:
		return 0, 0, false
	case r == tickedBox:
		if _, _, ok := f.find(Song, tick); !ok {
			return 0, 0, false
		}
		return f.find(Song, square)
	case r == openBox || r == square:
		want, r = Song, square
	}
	if code, ok := f.of[want].Code(r); ok {
		return want, code, true
	}
	for face, font := range f.of {
		if code, ok := font.Code(r); ok {
			return Face(face), code, true
		}
	}
	return 0, 0, false
}

// MissingError says that a text cannot be printed.
type MissingError struct{ Runes []rune } // distinct, in order of appearance

// Error lists the characters' code points.
func (e *MissingError) Error() string {
	var b strings.Builder
	b.WriteString("no font has")
	for _, r := range e.Runes {
		fmt.Fprintf(&b, " %U", r)
	}
	return b.String()
}
