// Package skin is how the program looks: colours, type and measures, as a Fyne
// theme. It is light on every machine, whatever the desktop or the environment
// says, and knows nothing of what it dresses.
package skin

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"heyi/assets"
)

// Scale is one of the text sizes.
type Scale int

// The text sizes: for a desk, for tired eyes, for a projector.
const (
	Normal  Scale = iota // 15 points
	Large                // × 1.25
	Largest              // × 1.6
)

// Colours beside those of Fyne. Every colour that text is set in stands at
// least 7:1 against paper and sheet; a Mark is for shapes only, which have a
// word or a form of their own beside their colour.
const (
	ColorRing  fyne.ThemeColorName = "heyi.ring"  // the focus ring
	ColorSheet fyne.ThemeColorName = "heyi.sheet" // what lies on the paper: panels, fields

	TextMuted  = theme.ColorNamePlaceHolder // what is said in a low voice
	TextGrave  = theme.ColorNameError       // vetoes, 密级, what cannot be undone
	TextDecide = theme.ColorNameWarning     // needs a decision
	TextHolds  = theme.ColorNameSuccess     // holds

	MarkGrave  fyne.ThemeColorName = "heyi.mark.grave"
	MarkDecide fyne.ThemeColorName = "heyi.mark.decide"
	MarkHolds  fyne.ThemeColorName = "heyi.mark.holds"
	Hairline                       = theme.ColorNameSeparator
)

// Sizes beside those of Fyne, in its units.
const (
	SizeControl fyne.ThemeSizeName = "heyi.control" // least height of what is clicked or typed into
	SizeRow     fyne.ThemeSizeName = "heyi.row"     // height of a table's row
	SizeInside  fyne.ThemeSizeName = "heyi.inside"  // inside panels
	SizeBetween fyne.ThemeSizeName = "heyi.between" // between groups
	SizeRing    fyne.ThemeSizeName = "heyi.ring"    // thickness of the focus ring
)

// One resource each for the whole life of the program: Fyne parses a font again
// for every new pointer.
var (
	regular = fyne.NewStaticResource("sans-regular.ttf", assets.SansRegular)
	bold    = fyne.NewStaticResource("sans-bold.ttf", assets.SansBold)
)

// skin is one theme.
type skin struct {
	palette palette
	sizes   map[fyne.ThemeSizeName]float32
}

// New gives the theme of a text size (Normal for one that is out of range), in
// the usual colours or in high contrast.
func New(s Scale, contrast bool) fyne.Theme {
	if s < Normal || s > Largest {
		s = Normal
	}
	t := &skin{palette: paper, sizes: sizes(s)}
	if contrast {
		t.palette = black
	}
	return t
}

// Color gives a colour; the variant is ignored.
func (t *skin) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := t.palette[name]; ok {
		return c
	}
	return theme.DefaultTheme().Color(name, theme.VariantLight)
}

// Font gives the sans face for every style: Chinese knows no italic, and in any
// other monospace face Chinese would be cut at the line height of Latin.
func (t *skin) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Symbol:
		return theme.DefaultSymbolFont()
	case style.Bold:
		return bold
	}
	return regular
}

// Icon gives Fyne's own icons.
func (t *skin) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Size gives a measure, in Fyne's units.
func (t *skin) Size(name fyne.ThemeSizeName) float32 {
	if v, ok := t.sizes[name]; ok {
		return v
	}
	return theme.DefaultTheme().Size(name)
}

// sizes gives the measures of a text size. Text grows by the factor; space grows
// less, so that a page that fits 900×500 at ×1 can fit it at ×1.6.
func sizes(s Scale) map[fyne.ThemeSizeName]float32 {
	text := func(points float32) float32 { return points * [...]float32{1, 1.25, 1.6}[s] }
	step := func(normal, large, largest float32) float32 { return [...]float32{normal, large, largest}[s] }
	return map[fyne.ThemeSizeName]float32{
		theme.SizeNameText:           text(15),
		theme.SizeNameHeadingText:    text(22),
		theme.SizeNameSubHeadingText: text(18),
		theme.SizeNameCaptionText:    text(13),

		theme.SizeNamePadding:            4,
		theme.SizeNameInnerPadding:       step(8, 10, 12), // an entry is a line of text and twice this
		theme.SizeNameLineSpacing:        4,
		theme.SizeNameInlineIcon:         step(20, 24, 32),
		theme.SizeNameScrollBar:          step(12, 16, 20),
		theme.SizeNameScrollBarSmall:     4,
		theme.SizeNameSeparatorThickness: 1,
		theme.SizeNameInputBorder:        step(1, 1, 2), // also the width of the caret
		theme.SizeNameInputRadius:        2,
		theme.SizeNameSelectionRadius:    0,
		theme.SizeNameScrollBarRadius:    2,

		theme.SizeNameWindowButtonHeight:   16,
		theme.SizeNameWindowButtonRadius:   8,
		theme.SizeNameWindowButtonIcon:     14,
		theme.SizeNameWindowTitleBarHeight: 26,

		SizeControl: step(36, 44, 56),
		SizeRow:     step(32, 40, 52),
		SizeInside:  12,
		SizeBetween: 20,
		SizeRing:    2,
	}
}
