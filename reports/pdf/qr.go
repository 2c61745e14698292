package pdf

import (
	"rsc.io/qr"

	"heyi/review"
)

// QR gives text as a QR code (ISO/IEC 18004) of error correction level M, for
// layout.Picture: by row, true for a dark module, without the quiet zone. Any text
// that is UTF-8 can be had, up to 2331 bytes.
// Codes: CodeTextLong.
func QR(text string) ([][]bool, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, review.E(review.CodeTextLong, "pdf.QR", "2331", err)
	}
	rows := make([][]bool, code.Size)
	for y := range rows {
		rows[y] = make([]bool, code.Size)
		for x := range rows[y] {
			rows[y][x] = code.Black(x, y)
		}
	}
	return rows, nil
}
