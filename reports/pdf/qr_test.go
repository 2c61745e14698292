package pdf

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"heyi/review"
	"heyi/review/reviewtest"
)

// TestQR lets a reader of QR codes that is not ours read what was written.
func TestQR(t *testing.T) {
	for _, text := range []string{
		"1", "K7M2-Q3F4", "v1 412 " + strings.Repeat("5a1e", 16), "专家组意见〔K7M2Q3F4〕第1号 䶮㛃𫖮", strings.Repeat("a", 2331),
	} {
		rows, err := QR(text)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "qr.pgm")
		if err := os.WriteFile(file, picture(rows), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("zbarimg", "-q", "--raw", "--nodbus", "-S*.disable", "-Sqrcode.enable", file).Output()
		if err != nil || strings.TrimSuffix(string(out), "\n") != text {
			t.Errorf("%.40q is read as %.40q: %v", text, out, err)
		}
	}
	rows, err := QR(strings.Repeat("a", 2332))
	reviewtest.WantCode(t, err, review.CodeTextLong)
	if rows != nil {
		t.Error("there is half a code")
	}
}

// picture draws a code as a PGM file, with its quiet zone of four modules.
func picture(rows [][]bool) []byte {
	const zone, side = 4, 6 // modules, pixels
	n := (len(rows) + 2*zone) * side
	var b bytes.Buffer
	fmt.Fprintf(&b, "P5 %d %d 255\n", n, n)
	for y := range n {
		for x := range n {
			r, c := y/side-zone, x/side-zone
			if r >= 0 && r < len(rows) && c >= 0 && c < len(rows) && rows[r][c] {
				b.WriteByte(0)
			} else {
				b.WriteByte(255)
			}
		}
	}
	return b.Bytes()
}
