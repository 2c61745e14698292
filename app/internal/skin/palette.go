package skin

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// palette has a colour for every name.
type palette map[fyne.ThemeColorName]color.NRGBA

// rgb gives an opaque colour written as on the web, faint a transparent layer.
func rgb(hex uint32) color.NRGBA { return faint(hex, 0xff) }

func faint(hex uint32, alpha uint8) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}

// paper is the usual palette. The three text colours are the marks' colours made
// darker until they stand 7:1 against paper.
var paper = palette{
	theme.ColorNameBackground:          rgb(0xF7F5F0),
	ColorSheet:                         rgb(0xFFFFFF),
	theme.ColorNameInputBackground:     rgb(0xFFFFFF),
	theme.ColorNameMenuBackground:      rgb(0xFFFFFF),
	theme.ColorNameOverlayBackground:   rgb(0xFFFFFF),
	theme.ColorNameHeaderBackground:    rgb(0xF7F5F0),
	theme.ColorNameButton:              rgb(0xFFFFFF),
	theme.ColorNameDisabledButton:      rgb(0xF7F5F0),
	theme.ColorNameForeground:          rgb(0x1B2430),
	theme.ColorNamePlaceHolder:         rgb(0x4A5462),
	theme.ColorNameDisabled:            rgb(0x4A5462),
	theme.ColorNamePrimary:             rgb(0x1F4E79),
	theme.ColorNameHyperlink:           rgb(0x1F4E79),
	theme.ColorNameError:               rgb(0xA31A1A),
	theme.ColorNameWarning:             rgb(0x724A00),
	theme.ColorNameSuccess:             rgb(0x295D34),
	theme.ColorNameForegroundOnPrimary: rgb(0xFFFFFF),
	theme.ColorNameForegroundOnError:   rgb(0xFFFFFF),
	theme.ColorNameForegroundOnWarning: rgb(0xFFFFFF),
	theme.ColorNameForegroundOnSuccess: rgb(0xFFFFFF),
	theme.ColorNameSeparator:           rgb(0xD9D4C7),
	theme.ColorNameInputBorder:         rgb(0x857F70), // what is typed into must have an edge of 3:1
	theme.ColorNameScrollBar:           rgb(0x857F70),
	theme.ColorNameScrollBarBackground: rgb(0xEFECE4),
	theme.ColorNameSelection:           rgb(0xC9D6E4),
	theme.ColorNameHover:               faint(0x1F4E79, 0x14),
	theme.ColorNamePressed:             faint(0x1F4E79, 0x28),
	theme.ColorNameFocus:               faint(0xC9822B, 0x40),
	theme.ColorNameShadow:              faint(0x1B2430, 0x33),
	ColorRing:                          rgb(0xC9822B),
	MarkGrave:                          rgb(0xA61B1B),
	MarkDecide:                         rgb(0x8A5A00),
	MarkHolds:                          rgb(0x2F6B3C),
}

// black is the high contrast.
var black = palette{
	theme.ColorNameBackground:          rgb(0x000000),
	ColorSheet:                         rgb(0x000000),
	theme.ColorNameInputBackground:     rgb(0x000000),
	theme.ColorNameMenuBackground:      rgb(0x000000),
	theme.ColorNameOverlayBackground:   rgb(0x000000),
	theme.ColorNameHeaderBackground:    rgb(0x000000),
	theme.ColorNameButton:              rgb(0x000000),
	theme.ColorNameDisabledButton:      rgb(0x000000),
	theme.ColorNameForeground:          rgb(0xFFFFFF),
	theme.ColorNamePlaceHolder:         rgb(0xD0D0D0),
	theme.ColorNameDisabled:            rgb(0xD0D0D0),
	theme.ColorNamePrimary:             rgb(0xFFFFFF),
	theme.ColorNameHyperlink:           rgb(0xFFFFFF),
	theme.ColorNameError:               rgb(0xFF9A9A),
	theme.ColorNameWarning:             rgb(0xFFD166),
	theme.ColorNameSuccess:             rgb(0x7EE08A),
	theme.ColorNameForegroundOnPrimary: rgb(0x000000),
	theme.ColorNameForegroundOnError:   rgb(0x000000),
	theme.ColorNameForegroundOnWarning: rgb(0x000000),
	theme.ColorNameForegroundOnSuccess: rgb(0x000000),
	theme.ColorNameSeparator:           rgb(0x808080),
	theme.ColorNameInputBorder:         rgb(0xFFFFFF),
	theme.ColorNameScrollBar:           rgb(0xFFFFFF),
	theme.ColorNameScrollBarBackground: rgb(0x202020),
	theme.ColorNameSelection:           rgb(0x404040),
	theme.ColorNameHover:               faint(0xFFFFFF, 0x20),
	theme.ColorNamePressed:             faint(0xFFFFFF, 0x40),
	theme.ColorNameFocus:               faint(0xFFFF00, 0x30),
	theme.ColorNameShadow:              faint(0xFFFFFF, 0x40),
	ColorRing:                          rgb(0xFFFF00),
	MarkGrave:                          rgb(0xFF9A9A),
	MarkDecide:                         rgb(0xFFD166),
	MarkHolds:                          rgb(0x7EE08A),
}
