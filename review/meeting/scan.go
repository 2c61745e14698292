package meeting

import (
	"bytes"
	"image"
	_ "image/jpeg" // what scanners write
	_ "image/png"  // and what screens give
	"strings"
	"unicode"
)

// readCheck reads a 校验码 as a person types it: in either case, with or without dashes and
// white space, in full-width characters as an input method may leave them.
func readCheck(typed string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // the full-width forms of ASCII
			r -= '！' - '!'
		}
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, typed)
	var groups []string
	for len(digits) > 4 {
		groups, digits = append(groups, digits[:4]), digits[4:]
	}
	return strings.Join(append(groups, digits), "-")
}

// maxScanSide bounds the width and the height of a scan, in pixels: A3 at 1,200 dots to
// the inch.
const maxScanSide = 20_000

// scanType tells what a scan is: pdf, jpeg or png. Of a picture no more than its head is
// read.
func scanType(scan []byte) (string, bool) {
	if bytes.HasPrefix(scan, []byte("%PDF-")) {
		return "pdf", true
	}
	c, kind, err := image.DecodeConfig(bytes.NewReader(scan))
	ok := err == nil && c.Width >= 1 && c.Height >= 1 && c.Width <= maxScanSide && c.Height <= maxScanSide
	return kind, ok
}
