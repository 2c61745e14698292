// Package assets carries the files that the program is built with: fonts, the
// icon, the message catalogues. It has no code. fonts/SOURCES.tsv names the
// origin, version, licence and digests of every font, view/SOURCES.tsv those of
// PDFium.
//
// Every font is plain TrueType without hints and layout features, with a
// format-4 and a format-12 cmap. — “ ” ‘ ’ are one em wide, as Chinese sets
// them. The characters above U+FFFF have, beside their own, a private-use
// mapping for writers that know 16 bits only: in the order of their code
// points they are U+E000, U+E001, … of that font. No glyph serves two
// characters above U+FFFF, and no other private-use mapping exists.
package assets

import "embed"

//go:generate go run ./internal/fontgen
//go:generate go run ./internal/icongen
//go:generate go run ./internal/scangen
//go:generate go run ./internal/viewgen

// Cut fonts: the 8105 table, GB 2312, every ideograph above U+FFFF that the
// source has, Latin and the usual symbols. The bytes are shared by the whole
// program and must not be written to; gofpdf writes into its argument, so it
// gets a clone.
var (
	// SansRegular is Noto Sans SC Regular, for the screen and 黑体 on paper.
	//go:embed fonts/sans-regular.ttf
	SansRegular []byte
	// SansBold is Noto Sans SC Bold, for the screen and 黑体 on paper.
	//go:embed fonts/sans-bold.ttf
	SansBold []byte
	// SerifRegular is Noto Serif SC Regular, for 宋体 and 仿宋 on paper.
	//go:embed fonts/serif-regular.ttf
	SerifRegular []byte
	// SerifBold is Noto Serif SC Bold, for titles (小标宋) on paper.
	//go:embed fonts/serif-bold.ttf
	SerifBold []byte
	// Kai is Heyi Kai, cut from LXGW WenKai, for 楷体 on paper.
	//go:embed fonts/kai.ttf
	Kai []byte
)

// Rare is Noto Serif SC Regular with every character it has, for single
// characters that the cut fonts lack.
//
//go:embed fonts/rare.ttf
var Rare []byte

// PDFium is the library that shows PDF, compiled to WebAssembly. It imports what
// Emscripten's C library asks of its host, and no file, clock or network by itself.
// reports/view runs it. The bytes must not be written to.
//
//go:embed view/pdfium.wasm
var PDFium []byte

// Table8105 is the 8105 characters of 通用规范汉字表 (2013) in its order, and
// nothing else.
//
//go:embed fonts/8105.txt
var Table8105 string

// The program's icon as PNG with a transparent ground. IconPNG is 512 pixels
// square; IconSmallPNG is 64 and drawn with fewer details.
var (
	//go:embed icons/heyi.png
	IconPNG []byte
	//go:embed icons/heyi-64.png
	IconSmallPNG []byte
)

// Packs holds packs/ID.yaml, the regulations as data: common.yaml, what no regulation
// gives, and one file each regulation. review/regulation reads them; what stands in
// them is checked there by loading and by their own cases.
//
//go:embed packs/*.yaml
var Packs embed.FS

// Words holds words/NAME.json, the catalogues of messages.
//
//go:embed words/*.json
var Words embed.FS

// Sample holds the sample meeting: sample/meeting.json, with which practice
// begins; sample/demo, what is reviewed in the one that demo holds;
// sample/regulations, the plain texts of five regulations as they were found; and
// sample/packs, what somebody begins with who writes another as data.
//
//go:embed sample
var Sample embed.FS
